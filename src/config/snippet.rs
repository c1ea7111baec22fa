//! The line of a file that a fault stands in, with carets under what is wrong.
//!
//! What is shown is what a terminal shows: tabs are four spaces, characters that would drive it are escaped, and carets
//! are counted in columns, so that they stand right under Chinese too. Of a long line a window is shown around the
//! fault, with `…` where it was cut.
//!
//! **Cost.** Linear in the line, for each fault that is shown. **Gives up:** of a fault over several lines only what
//! stands in the first is marked.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::report::escape;

/// Columns of a line that are shown, and how many of them stand before the fault if there are as many.
const WINDOW: usize = 100;
const BEFORE: usize = 40;

/// Bytes from which one cluster, a letter under a heap of marks, is shown as a sign of replacement.
const HEAP: usize = 64;

/// A place in a text: line and column from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// Where a byte of the text stands. Bytes behind its end count as the end, bytes inside a character as its first.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..floor(text, offset)).unwrap_or_default();
    let start = line_start(before);
    let column = before.get(start..).unwrap_or_default().chars().count() as u64 + 1;
    Position { line: memchr::memchr_iter(b'\n', before.as_bytes()).count() as u64 + 1, column }
}

/// The line that a range begins in, and carets under the range: three lines of text.
pub(super) fn snippet(text: &str, range: &Range<usize>) -> String {
    let start = floor(text, range.start);
    let first = line_start(text.get(..start).unwrap_or_default());
    let line = text.get(first..).unwrap_or_default();
    let line = line.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (shown, carets) = mark(line, start - first..range.end.saturating_sub(first));
    let number = position(text, start).line.to_string();
    let gutter = " ".repeat(number.len());
    let lines = [format!("{gutter} |"), format!("{number} | {shown}"), format!("{gutter} | {carets}")];
    lines.each_ref().map(|line| line.trim_end()).join("\n")
}

fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn line_start(before: &str) -> usize {
    before.rfind('\n').map_or(0, |at| at + 1)
}

/// One grapheme cluster as it is shown.
struct Piece<'a> {
    shown: Cow<'a, str>,
    columns: usize,
    is_marked: bool,
}

/// A line as it is shown, and carets under a range of it, one at least.
fn mark(line: &str, range: Range<usize>) -> (String, String) {
    let pieces: Vec<Piece<'_>> = line
        .grapheme_indices(true)
        .map(|(at, grapheme)| {
            let shown = match grapheme {
                "\t" => Cow::Borrowed("    "),
                heap if heap.len() > HEAP => Cow::Borrowed("\u{fffd}"),
                other => escape::visible(other),
            };
            let columns = shown.width();
            Piece { shown, columns, is_marked: at < range.end && at + grapheme.len() > range.start }
        })
        .collect();
    let marked = pieces.iter().position(|piece| piece.is_marked).unwrap_or(pieces.len());
    let all: usize = pieces.iter().map(|piece| piece.columns).sum();
    // The first piece that is shown: the line's, or one not far before the fault.
    let mut from = 0;
    if all > WINDOW {
        from = marked;
        let mut before = 0;
        while let Some(piece) = from.checked_sub(1).and_then(|at| pieces.get(at)) {
            before += piece.columns;
            if before > BEFORE {
                break;
            }
            from -= 1;
        }
    }
    let (mut shown, mut carets) = (String::new(), String::new());
    if from > 0 {
        shown.push('…');
        carets.push(' ');
    }
    let mut used = 0;
    for piece in pieces.iter().skip(from) {
        used += piece.columns;
        if used > WINDOW {
            shown.push('…');
            break;
        }
        shown.push_str(&piece.shown);
        let sign = if piece.is_marked { "^" } else { " " };
        carets.push_str(&sign.repeat(piece.columns));
    }
    // Behind the end of the line, or under what takes no column.
    if !carets.contains('^') {
        let before = pieces.iter().take(marked).skip(from).map(|piece| piece.columns).sum::<usize>();
        carets = " ".repeat(before + usize::from(from > 0)) + "^";
    }
    (shown, carets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn under(text: &str, part: &str) -> String {
        let start = text.find(part).unwrap();
        snippet(text, &(start..start + part.len()))
    }

    #[test]
    fn carets_stand_under_what_is_meant() {
        assert_eq!(under("a = 1\nmin-word = 8\n", "min-word"), "  |\n2 | min-word = 8\n  | ^^^^^^^^");
        assert_eq!(under("\tabc = \t1", "abc"), "  |\n1 |     abc =     1\n  |     ^^^");
        assert_eq!(under("x = \"新聞\" # 注", "新聞"), "  |\n1 | x = \"新聞\" # 注\n  |      ^^^^");
        assert_eq!(under("x = \"e\u{301}\u{1b}y\"\r\n", "y"), "  |\n1 | x = \"e\u{301}\\u{1b}y\"\n  |             ^");
        assert_eq!(snippet("a\nb\n", &(4..4)), "  |\n3 |\n  | ^", "the end of the text");
        assert_eq!(snippet("a = [\n1", &(4..7)), "  |\n1 | a = [\n  |     ^", "the first of two lines");
        assert_eq!(snippet("", &(9..12)), "  |\n1 |\n  | ^");
        assert_eq!(snippet(&"\n".repeat(99), &(99..99)), "    |\n100 |\n    | ^");
    }

    #[test]
    fn of_a_long_line_a_window_is_shown() {
        let text = format!("{} wrong {}", "a".repeat(300), "b".repeat(300));
        let shown = under(&text, "wrong");
        let expected = format!("  |\n1 | …{} wrong {}…\n  | {}^^^^^", "a".repeat(39), "b".repeat(54), " ".repeat(41));
        assert_eq!(shown, expected);
        let text = "新".repeat(500);
        assert_eq!(under(&text, &"新".repeat(400)).lines().last().unwrap(), format!("  | {}", "^".repeat(100)));
    }

    #[test]
    fn positions_count_characters() {
        let text = "é = 1\n\u{1f469} x";
        assert_eq!(position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(position(text, text.find('x').unwrap()), Position { line: 2, column: 3 });
        assert_eq!(position(text, 1), Position { line: 1, column: 1 }, "inside a character");
        assert_eq!(position(text, 99), Position { line: 2, column: 4 });
    }

    proptest! {
        #[test]
        fn every_place_of_every_text_can_be_shown(text in "(\\PC|[\\t\\n\\r\\x1b]){0,160}", start in 0usize..300, length in 0usize..300) {
            let shown = snippet(&text, &(start..start + length));
            let lines: Vec<&str> = shown.split('\n').collect();
            prop_assert_eq!(lines.len(), 3, "{}", shown);
            prop_assert!(lines[2].ends_with('^') && lines.iter().all(|line| line.width() <= WINDOW + 10));
        }
    }
}
