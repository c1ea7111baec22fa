//! Words: what the lists of names and phrases are compared by.
//!
//! **Idea.** A word is a run of letters, figures and the marks that belong to them. Words of a name or a phrase follow
//! each other with little between them: a space, a hyphen, an apostrophe, or a full stop as in *tass.com*. A
//! [`Cursor`] reads a line piece by piece.
//!
//! **Cost.** Linear in what is read.
//!
//! **Gives up.** Scripts without spaces make one word of a sentence: names in them are looked for by their letters.

use std::ops::Range;

/// Characters at most between two words of one name.
const WIDEST_GAP: usize = 2;
/// Bytes at most between a sign and the word that it belongs to.
const NEAR: usize = 4;

/// Whether a character is part of a word. Vowel signs of Indian scripts and combining accents are.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// The place of the next word of a text, from a byte on.
pub(super) fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from + rest.find(is_word_character)?;
    Some(start..word_end(text, start))
}

/// The place of the next word, if it begins at most [`NEAR`] bytes on.
pub(super) fn near_word(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let near = rest.char_indices().take_while(|(place, _)| *place <= NEAR);
    let start = from + near.into_iter().find(|(_, sign)| is_word_character(*sign))?.0;
    Some(start..word_end(text, start))
}

/// Where the word that begins at a byte ends.
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.find(|character| !is_word_character(character)).unwrap_or(rest.len())
}

/// The places of all words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let word = next_word(text, from)?;
        from = word.end;
        Some(word)
    })
}

/// The word after one that ends at `from`, if little enough stands between them that both may be of one name.
pub(super) fn joined_word(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let gap = rest.char_indices().take(WIDEST_GAP + 1).find(|(_, next)| is_word_character(*next))?.0;
    let between = rest.get(..gap)?;
    let joins = |character: char| {
        character.is_whitespace() && character != '\n' || matches!(character, '-' | '‐' | '‑' | '\'' | '’' | ',')
    };
    let is_joined = between == "." || (gap > 0 && between.chars().all(joins));
    is_joined.then(|| from + gap..word_end(text, from + gap))
}

/// Whether a character has no case: a letter of a script that knows no capitals.
pub(super) fn is_caseless(character: char) -> bool {
    character.is_alphabetic() && !character.is_lowercase() && !character.is_uppercase()
}

/// Whether a word begins as names do: with a capital letter, or with a letter that has no case.
pub(super) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(|first| first.is_uppercase() || is_caseless(first))
}

/// Whether all letters of a word are capitals.
pub(super) fn is_in_capitals(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_uppercase() || !letter.is_alphabetic())
}

/// Signs that set a word off without being part of a text: emphasis, headings, quotations, bullets.
pub(super) fn is_markup(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '*' | '_' | '#' | '>' | '`' | '•' | '■' | '▪' | '\u{feff}' | '\u{200b}'..='\u{200f}')
}

/// Hyphens, dashes and what stands for them.
pub(super) fn is_dash(character: char) -> bool {
    matches!(character, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－')
}

/// The bracket that closes an opening one.
pub(super) fn closing_bracket(open: char) -> Option<char> {
    [('(', ')'), ('[', ']'), ('（', '）'), ('［', '］'), ('【', '】'), ('〔', '〕')]
        .into_iter()
        .find_map(|(opening, closing)| (opening == open).then_some(closing))
}

/// What stands between a bracket (or a slash) at a byte and the one that closes it, at most so many bytes on.
pub(super) fn enclosed(text: &str, at: usize, most: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let open = rest.chars().next()?;
    let close = if open == '/' { '/' } else { closing_bracket(open)? };
    let start = at + open.len_utf8();
    let inside = text.get(start..)?;
    let length = inside.char_indices().take_while(|(place, _)| *place <= most).find(|(_, sign)| *sign == close)?.0;
    Some(start..start + length)
}

/// Reads a text piece by piece.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Cursor { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over all characters that are of a kind.
    pub(super) fn skip(&mut self, is_passed: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !is_passed(character)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Passes over the next character if it is of a kind.
    pub(super) fn eat(&mut self, is_passed: impl Fn(char) -> bool) -> bool {
        let next = self.peek().filter(|next| is_passed(*next));
        self.at += next.map_or(0, char::len_utf8);
        next.is_some()
    }

    /// Passes over letters, and gives them.
    pub(super) fn letters(&mut self) -> &'a str {
        self.skip(|character| is_word_character(character) && !character.is_numeric())
    }

    /// Passes over one of some words, in any case, which no further letter may follow.
    pub(super) fn eat_word(&mut self, list: &[&str]) -> bool {
        let before = self.at;
        let word = self.letters().to_lowercase();
        let found = list.contains(&word.as_str());
        if !found {
            self.at = before;
        }
        found
    }

    /// Passes over figures, at most `most` of them and no more there, and gives the number.
    pub(super) fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let before = self.at;
        let figures = self.skip(|character| figure(character).is_some());
        let count = figures.chars().count();
        if count == 0 || count > most {
            self.at = before;
            return None;
        }
        let number = figures
            .chars()
            .filter_map(figure)
            .fold(0_u32, |number, figure| number.saturating_mul(10).saturating_add(figure));
        Some((number, count))
    }
}

/// The value of a figure: of ASCII, full width, Arabic, Persian or Devanagari.
fn figure(character: char) -> Option<u32> {
    let zero = match character {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return None,
    };
    Some(u32::from(character) - u32::from(zero))
}
