//! Lines of a text, and what a line shows by its look alone: Markdown's marks, list items, tables, fences.
//!
//! Line ends are those of the Unicode newline guidelines: LF, CR, CR LF, vertical tab, form feed, NEL, U+2028, U+2029.
//!
//! **Idea.** Every line is looked at once, and what it shows is kept: whether a text is hard-wrapped is only known when
//! all lines are, and only then can it be cut. Line ends are found in 64 bytes at once (see [`lanes`](super::lanes)),
//! and with them the [signs](super::signs) that are asked for later. Most lines begin with a letter and end with one or
//! with a full stop; of those there is nothing more to see. Their columns are counted later, and only where a line has
//! neighbours.
//!
//! **Cost.** Linear in the text, each line in itself. 32 bytes a line; blank lines in a row count as one.

use super::signs::Signs;
use crate::lanes::{LANES, Lanes, Task, run};

/// One line: `[start, end)` without its line end, and what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) look: Look,
}

/// Appends the lines of a text; of blank lines in a row only the first. Notes its signs on the way.
pub(super) fn lines(text: &str, found: &mut Vec<Line>, signs: &mut Signs) {
    signs.clear(text.len());
    run(Search { text, found, signs });
}

/// The search for lines.
struct Search<'t, 'f> {
    text: &'t str,
    found: &'f mut Vec<Line>,
    signs: &'f mut Signs,
}

impl Task for Search<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn run<L: Lanes>(self) {
        let Search { text, found, signs } = self;
        let bytes = text.as_bytes();
        let mut start = 0;
        for block in (0..bytes.len()).step_by(LANES) {
            let lanes = L::at(bytes, block);
            let mut ends = lanes.within(b'\n', b'\r');
            let last_bytes = signs.note(lanes, ends);
            if last_bytes != 0 {
                ends |= lanes.any_of([0x85, 0xa8, 0xa9]) & last_bytes;
            }
            while ends != 0 {
                let last = block + ends.trailing_zeros() as usize;
                ends &= ends - 1;
                let length = match (bytes[last], &bytes[start..last]) {
                    (0x85, [.., 0xc2]) => 2,
                    (0xa8 | 0xa9, [.., 0xe2, 0x80]) => 3,
                    (0x80.., _) => continue,
                    _ => 1,
                };
                let is_second_of_pair = bytes[last] == b'\n' && last == start && bytes[..last].ends_with(b"\r");
                if !is_second_of_pair {
                    add(text, start, last + 1 - length, found);
                }
                start = last + 1;
            }
        }
        if start < bytes.len() {
            add(text, start, bytes.len(), found);
        }
    }
}

/// Appends a line.
fn add(text: &str, start: usize, end: usize, found: &mut Vec<Line>) {
    let look = look(&text[start..end], start);
    if look != Look::Blank || found.last().is_none_or(|line| line.look != Look::Blank) {
        found.push(Line { start: start as u32, end: end as u32, look });
    }
}

/// Whether a character is seen as nothing but room: white space (the no-break kinds too), zero-width space, byte order
/// mark.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// What a line is by its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing on it.
    Blank,
    /// Neither letter nor digit: a rule, an underline, the second row of a table. Holds the one character that it is
    /// made of, where it is made of one.
    Rule(Option<char>),
    /// Opens or closes a fenced block of code; whether it could close one.
    Fence { mark: char, is_bare: bool },
    /// `# Heading`; where its text begins and ends.
    Heading { start: u32, end: u32 },
    /// `| a | b |`
    Row,
    /// Anything else.
    Text(TextLine),
}

/// A line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextLine {
    /// Where its text begins, behind quote marks, blanks and bullet.
    pub(super) start: u32,
    /// How many `>` stand before it.
    pub(super) quoted: u32,
    /// Columns before its first character (before its bullet or number, if it is a list item).
    pub(super) indent: u32,
    /// The column where the text of a list item begins.
    pub(super) item: Option<u32>,
}

/// Columns that a character takes in a fixed-width font, near enough: from U+3000 on they are wide.
pub(super) fn columns(character: char) -> u32 {
    if character >= '\u{3000}' { 2 } else { 1 }
}

/// The columns up to the last visible character of a line: of each character its first byte counts, and once more from
/// U+3000 on.
pub(super) fn count_columns(line: &str) -> u32 {
    let line = trim_end(line);
    if line.is_ascii() {
        return line.len() as u32;
    }
    let columns = |byte: &u8| u32::from(byte & 0xc0 != 0x80) + u32::from(*byte >= 0xe3);
    line.as_bytes().iter().map(columns).sum()
}

/// What a line is by its look; its start in the text is given.
fn look(content: &str, line_start: usize) -> Look {
    let trimmed = trim_end(content);
    let Some(&first) = trimmed.as_bytes().first() else { return Look::Blank };
    if first.is_ascii_alphabetic() {
        // Nothing that is looked for begins so.
        return Look::Text(TextLine { start: line_start as u32, quoted: 0, indent: 0, item: None });
    }
    let Opening { start, quoted, indent } = opening(trimmed);
    let body = &trimmed[start..];
    let at = line_start + start;
    if let Some(mark @ ('`' | '~')) = body.chars().next() {
        let info = body.trim_start_matches(mark);
        // An info string never holds the mark: that is code within a line.
        if body.len() - info.len() >= 3 && !info.contains(mark) {
            return Look::Fence { mark, is_bare: info.is_empty() };
        }
    }
    if !body.contains(char::is_alphanumeric) {
        let mut characters = body.chars().filter(|character| !is_blank(*character));
        let first = characters.next();
        return Look::Rule(first.filter(|&first| characters.all(|character| character == first)));
    }
    let hashes = body.len() - body.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && body[hashes..].starts_with([' ', '\t']) {
        let title = body[hashes..].trim_start_matches(is_blank);
        let start = at + body.len() - title.len();
        let title = title.trim_end_matches('#').trim_end_matches(is_blank);
        return Look::Heading { start: start as u32, end: (start + title.len()) as u32 };
    }
    if body.starts_with('|') && body.matches('|').nth(1).is_some() {
        return Look::Row;
    }
    let (start, item) = match marker(body) {
        Some(Marker { width, skip }) => (at + skip, Some(indent.saturating_add(width))),
        None => (at, None),
    };
    Look::Text(TextLine { start: start as u32, quoted, indent, item })
}

/// A text without the blanks at its end.
pub(super) fn trim_end(text: &str) -> &str {
    match text.as_bytes() {
        // Most texts end so.
        [.., 0x21..=0x7e] => text,
        [.., 0x21..=0x7e, b' '] => &text[..text.len() - 1],
        _ => text.trim_end_matches(is_blank),
    }
}

/// A text without the blanks at its beginning.
pub(super) fn trim_start(text: &str) -> &str {
    match text.as_bytes() {
        [0x21..=0x7e, ..] => text,
        _ => text.trim_start_matches(is_blank),
    }
}

struct Opening {
    start: usize,
    quoted: u32,
    indent: u32,
}

/// Blanks and `>` before the text of a line.
fn opening(line: &str) -> Opening {
    let mut quoted = 0;
    let mut indent: u32 = 0;
    for (start, character) in line.char_indices() {
        match character {
            '>' => {
                quoted += 1;
                indent = indent.saturating_add(1);
            }
            '\t' => indent = indent.saturating_add(8 - indent % 8),
            _ if is_blank(character) => indent = indent.saturating_add(columns(character)),
            _ => return Opening { start, quoted, indent },
        }
    }
    // Nothing but quote marks.
    Opening { start: line.len(), quoted, indent }
}

struct Marker {
    /// Columns to the text behind it.
    width: u32,
    /// Bytes of it that are not part of the text: bullets are not, numbers are.
    skip: usize,
}

/// A bullet or a number that opens a list item.
fn marker(body: &str) -> Option<Marker> {
    let after = body.trim_start_matches(|character: char| character.is_ascii_digit());
    let digits = body.len() - after.len();
    let length = match after.chars().next()? {
        '-' | '*' | '+' if digits == 0 => 1,
        bullet @ ('•' | '‣' | '◦' | '▪' | '●' | '·' | '■' | '►') if digits == 0 => bullet.len_utf8(),
        '.' | ')' if (1..=2).contains(&digits) => 1,
        _ => return None,
    };
    let text = after[length..].trim_start_matches(is_blank);
    let marked = body.len() - text.len();
    if marked == digits + length || text.is_empty() {
        return None;
    }
    let width = body[..marked].chars().count() as u32;
    Some(Marker { width, skip: if digits == 0 { marked } else { 0 } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<Line> {
        let mut found = Vec::new();
        lines(text, &mut found, &mut Signs::default());
        found
    }

    fn cut(text: &str) -> Vec<&str> {
        all(text).iter().map(|line| &text[line.start as usize..line.end as usize]).collect()
    }

    fn look_at(text: &str) -> Look {
        all(text)[0].look
    }

    fn text_line(line: &str) -> TextLine {
        match look_at(line) {
            Look::Text(found) => found,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_line_ends() {
        assert_eq!(
            cut("a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i"),
            ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        );
        assert_eq!(cut("’\u{2019}é\n\n"), ["’’é", ""]);
        assert_eq!(cut(""), [""; 0]);
    }

    /// The plain twin: lines and their columns, one character after the other.
    fn naive(text: &str) -> Vec<(&str, u32)> {
        let mut found = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let is_end = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
            let end = rest.find(is_end).unwrap_or(rest.len());
            let (line, behind) = rest.split_at(end);
            let trimmed = line.trim_end_matches(is_blank);
            found.push((line, trimmed.chars().map(columns).sum()));
            let length = if behind.starts_with("\r\n") { 2 } else { behind.chars().next().map_or(0, char::len_utf8) };
            rest = &behind[length..];
        }
        found.dedup_by_key(
            |(line, _)| if line.trim_matches(is_blank).is_empty() { usize::MAX } else { line.as_ptr() as usize },
        );
        found
    }

    fn assert_equal(text: &str) {
        let expected = naive(text);
        assert_eq!(cut(text), expected.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{text:?}");
        for (line, columns) in expected {
            assert_eq!(count_columns(line), columns, "{line:?}");
        }
    }

    #[test]
    fn line_ends_straddle_blocks_at_every_byte() {
        for end in ["\n", "\r", "\r\n", "\u{b}", "\u{85}", "\u{2028}", "\u{2029}", "中\n", "é\r\n", "\u{feff}\n"] {
            for lead in 0..=2 * LANES {
                let text = format!("{}{end}b{end}{end}c", "a".repeat(lead));
                assert_equal(&text);
                assert_equal(&text.replacen('a', "中", lead));
            }
        }
    }

    proptest! {
        #[test]
        fn lines_equal_the_plain_twin(text in "([a-cé中😀]{0,40}[ \u{a0}\u{3000}\u{80}’…\t>]{0,3}[\n\r\u{b}\u{c}\u{85}\u{2028}\u{2029}]{0,2}){0,20}") {
            assert_equal(&text);
        }

        #[test]
        fn lines_of_any_text_equal_the_plain_twin(text in any::<String>()) {
            assert_equal(&text);
        }
    }

    #[test]
    fn looks() {
        assert_eq!(look_at(" \u{a0}\u{feff}"), Look::Blank);
        assert_eq!(look_at("====="), Look::Rule(Some('=')));
        assert_eq!(look_at("* * *"), Look::Rule(Some('*')));
        assert_eq!(look_at("|---|:--|"), Look::Rule(None));
        assert_eq!(look_at("## Title ##"), Look::Heading { start: 3, end: 8 });
        assert!(matches!(look_at("#hashtag news"), Look::Text(_)));
        assert_eq!(look_at("| a | b |"), Look::Row);
        assert_eq!(look_at("```rust"), Look::Fence { mark: '`', is_bare: false });
        assert_eq!(look_at("~~~~"), Look::Fence { mark: '~', is_bare: true });
        assert!(matches!(look_at("```x``` is code"), Look::Text(_)));
    }

    #[test]
    fn list_items_and_quotations() {
        assert_eq!(text_line("- item"), TextLine { start: 2, quoted: 0, indent: 0, item: Some(2) });
        assert_eq!(text_line("  12. item"), TextLine { start: 2, quoted: 0, indent: 2, item: Some(6) });
        assert_eq!(text_line("> > text  "), TextLine { start: 4, quoted: 2, indent: 4, item: None });
        assert_eq!(text_line("1984. It was").item, None);
        assert_eq!(text_line("-5 degrees").item, None);
        assert_eq!(text_line("• точка").start, 4);
    }
}
