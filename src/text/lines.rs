//! Lines of a text, and what a line shows by its look alone: Markdown's marks, list items, tables, fences.
//!
//! Line ends are those of the Unicode newline guidelines: LF, CR, CR LF, vertical tab, form feed, NEL, U+2028, U+2029.
//! Everything is read off one line in time linear in it.

/// One line: `[start, end)` without its line end, and where the next begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) next: usize,
}

/// The line that begins at `start`, or nothing at the end of the text.
pub(super) fn line_at(text: &str, start: usize) -> Option<Line> {
    let bytes = text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
    let mut at = 0;
    loop {
        // Lines without such bytes are passed over many bytes at a time.
        let may_end = |byte: &u8| matches!(byte, 0x0a..=0x0d | 0xc2 | 0xe2);
        let (chunks, _) = bytes[at..].as_chunks::<32>();
        at += 32 * chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, byte| any | may_end(byte))).count();
        let Some(found) = bytes[at..].iter().position(may_end) else {
            return Some(Line { start, end: text.len(), next: text.len() });
        };
        at += found;
        let length = match bytes[at..] {
            [b'\r', b'\n', ..] => 2,
            [0x0a..=0x0d, ..] => 1,
            [0xc2, 0x85, ..] => 2,
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
            _ => 0,
        };
        if length > 0 {
            return Some(Line { start, end: start + at, next: start + at + length });
        }
        at += 1;
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
    Heading { start: usize, end: usize },
    /// `| a | b |`
    Row,
    /// Anything else.
    Text(TextLine),
}

/// A line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextLine {
    /// Where its text begins, behind quote marks, blanks and bullet.
    pub(super) start: usize,
    /// How many `>` stand before it.
    pub(super) quoted: usize,
    /// Columns before its first character (before its bullet or number, if it is a list item).
    pub(super) indent: usize,
    /// The column where the text of a list item begins.
    pub(super) item: Option<usize>,
    /// Columns up to its last visible character.
    pub(super) width: usize,
}

/// Columns that a character takes in a fixed-width font, near enough: from U+3000 on they are wide.
pub(super) fn columns(character: char) -> usize {
    if character >= '\u{3000}' { 2 } else { 1 }
}

/// The columns of all characters of a text: of each its first byte counts, and once more from U+3000 on.
fn count_columns(text: &str) -> usize {
    let columns = |byte: &u8| usize::from(byte & 0xc0 != 0x80) + usize::from(*byte >= 0xe3);
    text.as_bytes().iter().map(columns).sum()
}

/// What a line of `text` is by its look.
pub(super) fn look(text: &str, line: Line) -> Look {
    let content = &text[line.start..line.end];
    let trimmed = content.trim_end_matches(is_blank);
    if trimmed.is_empty() {
        return Look::Blank;
    }
    let Opening { start, quoted, indent } = opening(trimmed);
    let body = &trimmed[start..];
    let at = line.start + start;
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
        return Look::Heading { start, end: start + title.len() };
    }
    if body.starts_with('|') && body.matches('|').nth(1).is_some() {
        return Look::Row;
    }
    let width = count_columns(trimmed);
    let (start, item) = match marker(body) {
        Some(Marker { width, skip }) => (at + skip, Some(indent + width)),
        None => (at, None),
    };
    Look::Text(TextLine { start, quoted, indent, item, width })
}

struct Opening {
    start: usize,
    quoted: usize,
    indent: usize,
}

/// Blanks and `>` before the text of a line.
fn opening(line: &str) -> Opening {
    let mut quoted = 0;
    let mut indent = 0;
    for (start, character) in line.char_indices() {
        match character {
            '>' => {
                quoted += 1;
                indent += 1;
            }
            '\t' => indent += 8 - indent % 8,
            _ if is_blank(character) => indent += columns(character),
            _ => return Opening { start, quoted, indent },
        }
    }
    // Nothing but quote marks.
    Opening { start: line.len(), quoted, indent }
}

struct Marker {
    /// Columns to the text behind it.
    width: usize,
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
    let width = body[..marked].chars().count();
    Some(Marker { width, skip: if digits == 0 { marked } else { 0 } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(line) = line_at(text, at) {
            found.push(&text[line.start..line.end]);
            at = line.next;
        }
        found
    }

    fn look_at(text: &str) -> Look {
        look(text, line_at(text, 0).unwrap())
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
            lines("a\nb\r\nc\rd\u{2028}e\u{2029}f\u{85}g\u{b}h\u{c}i"),
            ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        );
        assert_eq!(lines("’\u{2019}é\n\n"), ["’’é", ""]);
        assert_eq!(lines(""), [""; 0]);
    }

    #[test]
    fn columns_are_counted_by_bytes() {
        let text: String = ['a', 'é', '\u{2fff}', '\u{3000}', '中', '\u{ffff}', '😀'].repeat(3).into_iter().collect();
        assert_eq!(count_columns(&text), text.chars().map(columns).sum::<usize>());
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
        assert_eq!(text_line("- item"), TextLine { start: 2, quoted: 0, indent: 0, item: Some(2), width: 6 });
        assert_eq!(text_line("  12. item"), TextLine { start: 2, quoted: 0, indent: 2, item: Some(6), width: 10 });
        assert_eq!(text_line("> > text  "), TextLine { start: 4, quoted: 2, indent: 4, item: None, width: 8 });
        assert_eq!(text_line("1984. It was").item, None);
        assert_eq!(text_line("-5 degrees").item, None);
        assert_eq!(text_line("• точка").start, 4);
    }
}
