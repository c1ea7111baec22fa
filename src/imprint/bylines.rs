//! Bylines and last words: agencies named on a line of their own, behind an author's name, or at the end of the text.
//!
//! **Idea.** A line such as `By Jane Doe, Associated Press` falls into parts, each of which is an agency, a person, a
//! date, or something else; in a byline nothing else is left. A last paragraph may end with the mark of its agency,
//! behind its last sentence: `(ANI)`, `—AFP`.
//!
//! **Cost.** Linear in the line; only short lines are looked at as bylines.
//!
//! **Gives up.** `Jane Doe/AP` and `Jane Doe | AP` mostly stand below photos and are not taken.

use std::ops::Range;

use super::agencies::Agencies;
use super::day::{read_day, time_length};
use super::marks::{Named, parts, read_mark, read_part};
use super::phrases::{self, Meaning, is_desk, is_of_picture, is_particle};
use super::words::{
    closing_bracket, is_capitalised, is_caseless, is_dash, is_in_capitals, is_markup, next_word, words,
};
use super::{Line, floor};

/// Bytes of a byline at most.
const LONGEST: usize = 140;
/// Words of names at most beside the agency.
const WORDS_OF_NAMES: usize = 8;
/// Lines from the end within which a paragraph may end with a mark.
const LAST_LINES: usize = 6;
/// Lines from the start within which names with an agency may be a byline without *by*.
const FIRST_LINES: usize = 12;
/// Bytes of a mark at the end of a paragraph at most.
const LONGEST_MARK: usize = 60;
/// Bytes of a paragraph at least that ends with a mark but with no full stop before it.
const LONG: usize = 60;
/// Letters at most of the signs of editors behind the mark: *PTI ABC XY*.
const LONGEST_SIGN: usize = 4;

/// What a part of a byline is.
enum Part {
    Agency(Named),
    /// A person and an agency: *JANE DOE Associated Press*.
    PersonOf(Named, usize),
    /// Words with capital letters.
    Names(usize),
    Date,
    Nothing,
    Other,
}

/// The agency that a line names as its author, and the place of the byline.
pub(super) fn read_byline(line: &Line, agencies: &Agencies) -> Option<(Range<usize>, Named)> {
    let text = line.text;
    let is_looked_at = text.len() <= LONGEST && line.has_start && line.has_end;
    if !is_looked_at || words(text).any(|word| is_of_picture(text.get(word).unwrap_or_default())) {
        return None;
    }
    let is_around = |sign: char| {
        is_markup(sign)
            || is_dash(sign)
            || matches!(sign, '(' | ')' | '[' | ']' | '/' | '|' | '【' | '】' | '（' | '）')
    };
    let start = text.len() - text.trim_start_matches(is_around).len();
    let end = text.trim_end_matches(|sign| is_around(sign) || matches!(sign, '.' | ':')).len();
    let inner = text.get(start..end)?;
    let is_enclosed = text.get(..start)?.contains(|sign: char| !is_markup(sign));
    let by = next_word(inner, 0).filter(|word| word.start == 0).and_then(|_| {
        let (_, length) = phrases::read(inner, |phrase| phrase.meaning == Meaning::Byline)?;
        // *Di* and *Par* are names too: something has to follow that may be one.
        next_word(inner, length).map(|next| next.start)
    });
    let from = by.unwrap_or(0);
    let content = inner.get(from..)?;
    let (named, names, has_slash) = read_parts(content, agencies)?;
    let begins = start + from;
    let is_mark = agencies.read(content.get(named.1.clone())?).is_some_and(|mention| mention.is_mark);
    let is_certain = by.is_some() || is_enclosed || !is_mark;
    // A line that a paragraph was broken into begins with small letters: *from AA*, *agency KUNA*.
    let is_broken = inner.starts_with(char::is_lowercase) && named.1.start + from > 0;
    let is_first = line.number.is_some_and(|number| number < FIRST_LINES);
    let is_certain = is_certain && (!is_broken || (by.is_some() && !is_mark && is_first));
    let is_plain = names == 0;
    let is_author = by.is_some() || (content.contains([',', '(']) && is_first);
    let is_byline = is_certain && (is_plain || (is_author && !has_slash && names <= WORDS_OF_NAMES));
    is_byline.then(|| {
        let name = begins + named.1.start..begins + named.1.end;
        let first = if is_enclosed { 0 } else { start };
        (first..if is_enclosed { text.len() } else { end }, (named.0, name))
    })
}

/// The agency among the parts of a byline, how many words the names have, and whether a slash stands between parts;
/// nothing if a part is something else, or if names follow the agency.
fn read_parts(content: &str, agencies: &Agencies) -> Option<(Named, usize, bool)> {
    let mut named: Option<Named> = None;
    let mut names = 0;
    let mut has_slash = false;
    // A date may have a comma in it, so it is looked for in front of a part, up to where it ends.
    let mut read_to = 0;
    for range in parts_with_brackets(content) {
        if range.start < read_to {
            continue;
        }
        has_slash |= range.start > 0 && content.get(..range.start).is_some_and(|before| before.ends_with('/'));
        let shift = range.start;
        let moved = |(agency, name): Named| (agency, shift + name.start..shift + name.end);
        let rest = content.get(range.start..)?;
        let spaces = rest.len() - rest.trim_start().len();
        if let Some((_, length)) = read_day(rest.trim_start()) {
            let end = range.start + spaces + length;
            read_to = end + time_length(content.get(end..)?);
            continue;
        }
        match read_kind(content.get(range)?, agencies) {
            Part::Agency(found) => named = named.or(Some(moved(found))),
            Part::PersonOf(found, count) if named.is_none() => {
                named = Some(moved(found));
                names += count;
            }
            Part::Names(count) if named.is_none() => names += count,
            Part::Date | Part::Nothing => {}
            Part::Names(_) | Part::PersonOf(..) | Part::Other => return None,
        }
    }
    Some((named?, names, has_slash))
}

/// Parts between commas, bars, brackets and the word *and*.
fn parts_with_brackets(content: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    parts(content).flat_map(move |part| {
        let text = content.get(part.clone()).unwrap_or_default();
        let mut from = part.start;
        let mut pieces = Vec::new();
        let is_split = |place: usize, sign: char| {
            matches!(sign, '(' | ')' | '（' | '）') || (sign == ' ' && starts_with_and(text.get(place..).unwrap_or("")))
        };
        for (place, sign) in text.char_indices().filter(|(place, sign)| is_split(*place, *sign)) {
            pieces.push(from..part.start + place);
            from = part.start + place + sign.len_utf8();
        }
        pieces.push(from..part.end);
        pieces
    })
}

fn starts_with_and(text: &str) -> bool {
    [" and ", " und ", " et ", " y ", " e ", " и ", " en ", " with ", " of ", " for "]
        .iter()
        .any(|and| text.starts_with(and))
}

fn read_kind(part: &str, agencies: &Agencies) -> Part {
    let trimmed = part.trim();
    let trimmed = ["and ", "und ", "et ", "y ", "e ", "и ", "with ", "of ", "for ", "the ", "The "]
        .iter()
        .find_map(|word| trimmed.strip_prefix(word))
        .unwrap_or(trimmed);
    let shift = part.len() - part.trim_start().len() + (part.trim().len() - trimmed.len());
    if trimmed.is_empty() {
        return Part::Nothing;
    }
    let word_at = |word: Range<usize>| trimmed.get(word).unwrap_or_default();
    if let Some((agency, name)) = read_part(trimmed, agencies) {
        let mut behind = words(trimmed).filter(|word| word.start >= name.end);
        let is_sign = |word: &str| word.chars().count() <= LONGEST_SIGN && is_in_capitals(word);
        let is_plain = behind.all(|word| is_desk(word_at(word.clone())) || is_sign(word_at(word)));
        let has_break = trimmed.get(name.end..).is_some_and(|rest| rest.contains([':', '.', '?', '!', '"', '“']));
        if is_plain && !has_break {
            return Part::Agency((agency, shift + name.start..shift + name.end));
        }
    }
    if let Some((_, length)) = read_day(trimmed)
        && length + trimmed.get(length..).map_or(0, time_length) == trimmed.len()
    {
        return Part::Date;
    }
    if trimmed.contains([':', '?', '!', '"', '“', '»']) {
        return Part::Other;
    }
    let mut count = 0;
    for word in words(trimmed) {
        if count > 0
            && let Some(mention) = trimmed.get(word.start..).and_then(|rest| agencies.read(rest))
            && !mention.is_mark
            && words(trimmed).all(|other| other.start < word.start + mention.end || is_desk(word_at(other)))
        {
            let name = shift + word.start..shift + word.start + mention.end;
            return Part::PersonOf((mention.agency, name), count);
        }
        let text = word_at(word);
        if !(is_capitalised(text) || is_particle(text) || is_desk(text)) || text.contains(char::is_numeric) {
            return Part::Other;
        }
        count += 1;
    }
    if count == 0 { Part::Nothing } else { Part::Names(count) }
}

/// The mark at the end of a paragraph near the end of the text: `… he said. (ANI)`, `… on Friday. —AFP`.
pub(super) fn read_last_word(line: &Line, agencies: &Agencies) -> Option<(Range<usize>, Named)> {
    if line.number == Some(0) || !line.has_end || line.number_from_end.is_none_or(|number| number >= LAST_LINES) {
        return None;
    }
    let text = line.text.trim_end_matches(is_markup);
    let last = text.chars().next_back()?;
    let from = floor(text, text.len().saturating_sub(LONGEST_MARK));
    let tail = text.get(from..)?;
    let is_last = line.number_from_end == Some(0);
    let open = tail.char_indices().rev().find(|(place, sign)| {
        let closes = closing_bracket(*sign).is_some_and(|close| close == last);
        closes || (last == '/' && *sign == '/' && place + 1 < tail.len())
    });
    if let Some((place, sign)) = open {
        let start = from + place;
        let inside = start + sign.len_utf8()..text.len() - last.len_utf8();
        let before = text.get(..start)?;
        let is_end = ends_sentence(before) || (is_last && before.len() >= LONG && !before.trim().is_empty());
        let named = read_mark(text, inside, agencies)?;
        return is_end.then_some((start..text.len(), named));
    }
    // `—AFP`, `- Reuters`
    let dash = tail.char_indices().rev().find(|(_, sign)| is_dash(*sign));
    if let Some((place, sign)) = dash {
        let start = from + place;
        let name = start + sign.len_utf8()..text.trim_end_matches('.').len();
        let before = text.get(..start)?.trim_end_matches(is_dash);
        if let Some(named) = read_whole(text, name, agencies)
            && ends_sentence(before)
        {
            return Some((before.trim_end().len()..text.len(), named));
        }
    }
    // `… he said. PTI ABC`, `… he said. AFP`
    let stop = tail.char_indices().rev().find(|(place, sign)| {
        is_end_of_sentence(*sign)
            && tail.get(place + sign.len_utf8()..).is_some_and(|rest| rest.starts_with([' ', '\u{a0}']))
    });
    let (place, sign) = stop?;
    let start = from + place + sign.len_utf8();
    let named = read_whole(text, start..text.len(), agencies)?;
    let is_mark = agencies.read(text.get(named.1.clone())?).is_none_or(|mention| mention.is_mark);
    (is_last && !is_mark && place > 0).then_some((named.1.start..text.len(), named))
}

/// The agency that a range of a text names, with nothing besides but the signs of editors.
fn read_whole(text: &str, range: Range<usize>, agencies: &Agencies) -> Option<Named> {
    let part = text.get(range.clone())?;
    match read_kind(part, agencies) {
        Part::Agency((agency, name)) => Some((agency, range.start + name.start..range.start + name.end)),
        // `—AFP/Reuters`
        _ => match parts(part).map(|place| read_kind(part.get(place).unwrap_or_default(), agencies)).next()? {
            Part::Agency((agency, name)) if parts(part).count() > 1 && read_parts(part, agencies)?.1 == 0 => {
                Some((agency, range.start + name.start..range.start + name.end))
            }
            _ => None,
        },
    }
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|sign: char| is_markup(sign) || is_dash(sign));
    let last = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', '“', '」', '』']).chars().next_back();
    last.is_some_and(|last| is_end_of_sentence(last) || (is_caseless(last) && text.len() >= LONG))
}

fn is_end_of_sentence(sign: char) -> bool {
    matches!(sign, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '۔' | '؟')
}
