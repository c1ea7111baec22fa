//! Pages and what they say: cases as data, and random ones against a naive twin.

mod charsets;
mod hostile;
mod metadata;
mod pages;
mod soup;

use super::text::is_space;
use super::*;

/// What a reference, or text without tags, means; by the tokenizer's own way of putting tokens together.
fn decoded(written: &str) -> String {
    let mut text = String::new();
    for Ok(token) in Tokenizer::new(written) {
        if let html5gum::Token::String(piece) = token {
            text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
    text
}

/// Reads a page, and holds each character of its text against the bytes that write it.
fn read(page: &str) -> Page {
    let read = extract(page);
    assert_eq!(read.spelling.len(), read.text.len(), "{page}");
    let mut last = 0..0;
    for (at, character) in read.text.char_indices() {
        let located = read.spelling.locate(std::slice::from_ref(&(at..at + character.len_utf8())));
        let place = match located.as_slice() {
            // A line break between blocks, or the second character of a short reference.
            [] if character == '\n' => continue,
            [] => last.clone(),
            [place] => place.clone(),
            several => panic!("{page}\n{character:?} is written at {several:?}"),
        };
        assert!(place.start >= last.end || place == last, "{page}\n{character:?} is written at {place:?}");
        let written = &page[place.clone()];
        let is_exact = match character {
            // The standard's own way with NUL where there are no tags.
            '\u{fffd}' if written == "\0" => true,
            ' ' | '\n' if decoded(written).bytes().all(is_space) => true,
            _ if written.starts_with('&') && written.len() > 1 => decoded(written).contains(character),
            _ => written.chars().eq([character]),
        };
        assert!(is_exact, "{page}\n{character:?} is written as {written:?}");
        last = place;
    }
    let every = 0..read.text.len();
    let located = read.spelling.locate(std::slice::from_ref(&every));
    assert!(located.is_sorted_by(|a, b| a.end < b.start), "{page}");
    assert_eq!(read.text.trim_matches(|c: char| c.is_ascii() && is_space(c as u8)), read.text, "{page}");
    read
}

#[test]
fn a_word_in_parts_is_located_in_parts() {
    let page = read("<p>o<b>n</b>e &amp; t&#119;o</p>");
    assert_eq!(page.text, "one & two");
    assert_eq!(page.spelling.locate(&[0..3, 4..9]), [3..4, 7..8, 12..13, 14..28]);
}

#[test]
fn no_reference_to_one_character_is_as_long_as_it() {
    // Else its run would be taken for a literal one, see `Text::write_reference`. Longer ones cannot be: a character
    // has at most four bytes.
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
    let mut names = Vec::new();
    for first in &letters {
        for second in &letters {
            names.push(format!("&{first}{second}"));
            names.push(format!("&{first}{second};"));
            names.extend(letters.iter().map(|third| format!("&{first}{second}{third}")));
        }
    }
    for chunk in names.chunks(1000) {
        let mut page = String::new();
        let mut places = Vec::new();
        for name in chunk {
            page.push_str(" |");
            places.push(page.len()..page.len() + name.len());
            page.push_str(name);
        }
        for name in chunk {
            let decoded = decoded(name);
            assert!(decoded == *name || decoded.chars().count() > 1 || decoded.len() < name.len(), "{name}");
        }
        let text = extract(&page).text;
        let expected: Vec<String> = chunk.iter().map(|name| format!("|{}", decoded(name))).collect();
        assert_eq!(text, expected.join(" "));
    }
}
