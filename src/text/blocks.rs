//! Blocks: paragraphs, headings, list items, rows of a table, lines of code.
//!
//! A blank line ends a block. A line end does so too, unless the text is *hard-wrapped*: broken at a column by the
//! program that made it, as wire copy, mail and Markdown often are. Wrapping shows: the first word of the next line
//! would not have fitted on this one. So a group of lines is held to be wrapped when
//! - its widest line has 40 to 120 columns,
//! - in at least two joints of five the next word would not have fitted, and
//! - the lines behind such joints speak for it: one in three begins in lower case, or (in scripts without case) two
//!   and more follow a line that no full stop ends.
//!
//! Lines of a list, captions and paragraphs of one line each fail the second test or the first. A group that is too
//! short to tell goes by the width of the groups that did. In a wrapped group a line goes on in the next one when the
//! next word would not have fitted, or when it ends without a full stop and the next one begins in lower case (and it
//! fills half of a width that was told by others); never before list items, deeper indentation, another depth of `>`, a
//! line equal to it, or a word as long as addresses are.
//!
//! Three passes over the lines (survey, measure, cut), each linear; the memory is constant.

use std::borrow::Cow;

use super::lines::{Line, Look, TextLine, columns, is_blank, line_at, look};
use super::tailoring::ends_with_stop;
use super::tokens::lacks_spaces;

/// Columns that the widest line of a hard-wrapped group has.
const WRAPPED: std::ops::RangeInclusive<usize> = 40..=120;

/// Words of more columns (addresses of pages) stand on lines of their own, and tell nothing.
const LONGEST_WORD: usize = 30;

/// The widest line may overhang by one part in so many: wire copy is not wrapped to the column.
const OVERHANG: usize = 16;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A paragraph, a list item or a line of its own: to be cut into sentences.
    Prose,
    /// Marked as a heading.
    Heading,
    /// A row of a table, a line of code: one unit.
    Row,
}

/// A piece of text that no sentence leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shape: Shape,
    /// How many lines it has.
    pub(super) lines: usize,
    /// Whether a blank line, or the text's edge, stands before and behind it.
    pub(super) stands_alone: bool,
}

impl Block {
    /// The text of the block as one line: line ends, and quote marks behind them, are blanks. Byte for byte in place.
    pub(super) fn as_line<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let content = &text[self.start..self.end];
        if self.lines == 1 {
            return Cow::Borrowed(content);
        }
        let mut flat = String::with_capacity(content.len());
        let mut at = 0;
        while let Some(line) = line_at(content, at) {
            let mut opening = line.start;
            if line.start > 0 {
                let body = content[line.start..line.end].trim_start_matches(|c| c == '>' || is_blank(c));
                opening = line.end - body.len();
            }
            flat.extend(std::iter::repeat_n(' ', opening - line.start));
            flat.push_str(&content[opening..line.end]);
            flat.extend(std::iter::repeat_n(' ', line.next - line.end));
            at = line.next;
        }
        Cow::Owned(flat)
    }
}

/// The blocks of a text, in order. Linear.
pub(super) fn blocks(text: &str) -> Blocks<'_> {
    Blocks {
        text,
        at: 0,
        group_end: 0,
        width: None,
        is_wrapped: false,
        survey: survey(text),
        fence: None,
        after_blank: true,
    }
}

/// What one pass over the text tells of it.
#[derive(Debug, Clone, Copy, Default)]
struct Survey {
    /// The widest group of lines that is hard-wrapped by its own evidence.
    width: Option<usize>,
    /// Behind the last line that could close a block of code opened with a backtick or a tilde.
    last_fence: [usize; 2],
}

fn fence_index(mark: char) -> usize {
    usize::from(mark == '~')
}

fn survey(text: &str) -> Survey {
    let mut survey = Survey::default();
    let mut at = 0;
    while let Some(line) = line_at(text, at) {
        at = line.next;
        match look(text, line) {
            Look::Fence { mark, is_bare: true } => survey.last_fence[fence_index(mark)] = line.next,
            Look::Text(_) => {
                let group = measure(text, line.start);
                if group.is_wrapped {
                    survey.width = survey.width.max(Some(group.width));
                }
                at = group.end;
            }
            _ => {}
        }
    }
    survey
}

/// Lines of text in a row.
struct Group {
    end: usize,
    width: usize,
    is_wrapped: bool,
}

/// The text lines in a row that begin at `start`, and whether they are hard-wrapped by their own evidence.
fn measure(text: &str, start: usize) -> Group {
    let mut width = 0;
    let mut end = start;
    while let Some((line, found)) = text_line_at(text, end) {
        width = width.max(found.width);
        end = line.next;
    }
    let (mut joints, mut full, mut lower, mut caseless) = (0usize, 0usize, 0usize, 0usize);
    if WRAPPED.contains(&width) {
        let mut at = start;
        let mut before: Option<(Line, TextLine)> = None;
        let mut item = None;
        while at < end {
            let Some(next) = text_line_at(text, at) else { break };
            at = next.0.next;
            let Some(last) = before.replace(next) else {
                item = next.1.item;
                continue;
            };
            let joint = joint(text, last, next, width, item);
            if joint == Joint::Border {
                item = next.1.item;
            }
            joints += usize::from(joint != Joint::Border);
            if joint == Joint::Full {
                full += 1;
                match opening_case(&text[next.1.start..next.0.end]) {
                    Case::Lower => lower += 1,
                    Case::None => caseless += usize::from(!ends_with_stop(&text[last.1.start..last.0.end])),
                    Case::Other => {}
                }
            }
        }
    }
    let speaks_for_it = if lower > 0 { 3 * (lower + caseless) >= full } else { caseless >= 2 && 3 * caseless >= full };
    Group { end, width, is_wrapped: full > 0 && 5 * full >= 2 * joints && speaks_for_it }
}

fn text_line_at(text: &str, at: usize) -> Option<(Line, TextLine)> {
    let line = line_at(text, at)?;
    match look(text, line) {
        Look::Text(found) => Some((line, found)),
        _ => None,
    }
}

/// What stands between two lines of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// The next line begins something of its own, whatever its length.
    Border,
    /// The first word of the next line would have fitted on the line before.
    Loose,
    /// It would not.
    Full,
}

/// What stands between two lines; `item` is the column where the text of the list item begins that the first is part
/// of.
fn joint(text: &str, last: (Line, TextLine), next: (Line, TextLine), width: usize, item: Option<usize>) -> Joint {
    let ((last_line, last), (next_line, next)) = (last, next);
    let hangs = item.is_some_and(|column| next.indent <= column);
    let content = &text[next.start..next_line.end];
    if next.item.is_some()
        || next.quoted != last.quoted
        || (next.indent > last.indent && !hangs)
        || content == &text[last.start..last_line.end]
    {
        return Joint::Border;
    }
    let mut word = 1;
    for character in content.chars().take_while(|character| !is_blank(*character)) {
        if lacks_spaces(character) || ('\u{3040}'..='\u{30ff}').contains(&character) {
            // Such scripts break anywhere, but not before a full stop or behind a bracket: up to three characters of
            // play.
            word += 5;
            break;
        }
        word += columns(character);
        if word > LONGEST_WORD + 1 {
            return Joint::Border;
        }
    }
    if last.width + word <= width - width / OVERHANG { Joint::Loose } else { Joint::Full }
}

/// How the first word of a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// In small letters throughout (`iPhone` is not).
    Lower,
    /// In a script without case.
    None,
    /// Anything else: a capital, a number.
    Other,
}

fn opening_case(line: &str) -> Case {
    let word = line.trim_start_matches(|character: char| !character.is_alphanumeric());
    let mut letters = word.chars().take_while(|character| character.is_alphanumeric()).take(LONGEST_WORD);
    match letters.next() {
        Some(first) if first.is_lowercase() && !letters.any(char::is_uppercase) => Case::Lower,
        Some(first) if first.is_alphabetic() && !first.is_uppercase() && !first.is_lowercase() => Case::None,
        _ => Case::Other,
    }
}

/// Iterator of [`blocks`].
pub(super) struct Blocks<'t> {
    text: &'t str,
    at: usize,
    /// Behind the group of lines that was measured last.
    group_end: usize,
    /// The width at which that group is wrapped, if it is.
    width: Option<usize>,
    /// Whether it is wrapped by its own evidence.
    is_wrapped: bool,
    survey: Survey,
    /// The mark of the block of code that the place is in.
    fence: Option<char>,
    after_blank: bool,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let line = line_at(self.text, self.at)?;
            self.at = line.next;
            let look = look(self.text, line);
            if let Some(mark) = self.fence {
                if look == (Look::Fence { mark, is_bare: true }) {
                    self.fence = None;
                } else if look != Look::Blank {
                    return Some(self.block(line, line.start, line.end, Shape::Row, 1));
                }
                continue;
            }
            match look {
                Look::Blank => self.after_blank = true,
                Look::Rule(_) => self.after_blank = false,
                Look::Fence { mark, .. } => {
                    if self.survey.last_fence[fence_index(mark)] > line.next {
                        self.fence = Some(mark);
                    }
                    return Some(self.block(line, line.start, line.end, Shape::Row, 1));
                }
                Look::Heading { start, end } => return Some(self.block(line, start, end, Shape::Heading, 1)),
                Look::Row => return Some(self.block(line, line.start, line.end, Shape::Row, 1)),
                Look::Text(found) => return Some(self.prose(line, found)),
            }
        }
    }
}

impl Blocks<'_> {
    /// The block of text lines that begins with this one.
    fn prose(&mut self, first: Line, first_found: TextLine) -> Block {
        if first.start >= self.group_end && self.survey.width.is_some() {
            let group = measure(self.text, first.start);
            self.group_end = group.end;
            self.is_wrapped = group.is_wrapped;
            self.width = if group.is_wrapped {
                Some(group.width)
            } else {
                self.survey.width.filter(|&width| group.width <= width)
            };
        }
        let (mut last, mut lines) = ((first, first_found), 1);
        while let Some(width) = self.width
            && let Some(next) = text_line_at(self.text, self.at)
            && self.continues(last, next, width, first_found.item)
        {
            last = next;
            lines += 1;
            self.at = next.0.next;
        }
        let mut shape = Shape::Prose;
        if lines == 1
            && let Some(below) = line_at(self.text, self.at)
            && matches!(look(self.text, below), Look::Rule(Some('=' | '-')))
            && below.end - below.start >= 2
            && !ends_with_stop(&self.text[first.start..first.end])
        {
            shape = Shape::Heading;
        }
        self.block(last.0, first_found.start, last.0.end, shape, lines)
    }

    /// Whether a line of a wrapped group goes on in the next one.
    fn continues(&self, last: (Line, TextLine), next: (Line, TextLine), width: usize, item: Option<usize>) -> bool {
        match joint(self.text, last, next, width, item) {
            Joint::Border => false,
            Joint::Full => true,
            Joint::Loose => {
                (self.is_wrapped || 2 * last.1.width >= width)
                    && opening_case(&self.text[next.1.start..next.0.end]) == Case::Lower
                    && !ends_with_stop(&self.text[last.1.start..last.0.end])
            }
        }
    }

    /// A block whose last line is given.
    fn block(&mut self, last: Line, start: usize, end: usize, shape: Shape, lines: usize) -> Block {
        let before_blank =
            line_at(self.text, last.next).is_none_or(|line| self.text[line.start..line.end].chars().all(is_blank));
        let stands_alone = self.after_blank && before_blank;
        self.after_blank = false;
        Block { start, end, shape, lines, stands_alone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        blocks(text).map(|block| block.as_line(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn wire_copy_of_seventy_columns() {
        let text = "    Computer Terminal Systems Inc said it has completed the sale of\n\
            200,000 shares of its common stock, and warrants to acquire an\n\
            additional one mln shares, to Sedio N.V. of Lugano, Switzerland.\n    \
            The company said the warrants are exercisable for five years at\n\
            a purchase price of .125 dlrs per share.\n    \
            Computer Terminal said Sedio also has the right to buy\n\
            additional shares and increase its total holdings.\n";
        let found = cut(text);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].ends_with("Switzerland."));
        assert!(found[2].ends_with("holdings."));
    }

    #[test]
    fn paragraphs_of_one_line_and_lists_stay_apart() {
        let text = "Skip to main content\nLatest news\nThumbnail\n";
        assert_eq!(cut(text).len(), 3);
        let text = "By Charlotte Greenfield\nISLAMABAD (Reuters) – Russia’s foreign minister met his counterpart.\nPakistan denies that.\n";
        assert_eq!(cut(text).len(), 3);
        let text = "Russia, Pakistan share fears over Daesh in Afghanistan\nPakistani minister in Moscow with Lavrov\n";
        assert_eq!(cut(text).len(), 2);
    }

    #[test]
    fn equal_lines_stay_apart() {
        let line = "the same line stands here again and again, a million times\n";
        assert_eq!(cut(&line.repeat(5)).len(), 5);
    }

    #[test]
    fn a_short_group_goes_by_the_width_of_the_others() {
        let wrapped = "The two ministers also discussed economic relations, energy and\n\
            counter-terrorism cooperation, and progress on a major gas pipeline\n\
            project in the north of the country.\n";
        let text = format!(
            "{wrapped}\nThe talks in the capital were attended by the Foreign Minister,\nShah Mahmood Qureshi.\n"
        );
        assert_eq!(cut(&text).len(), 2);
    }

    #[test]
    fn markdown() {
        let text = "# Title #\n\nSetext\n------\nText of one line.\n\n- one\n- two goes on and on until the line is as full as the\n  others are in this list\n1. first\n\n> quoted\n> more\n\n| a | b |\n|---|---|\n| c | d |\n\n```\nlet x;\n\n# no heading\n```\n***\nend";
        let found: Vec<_> = blocks(text).map(|block| (&text[block.start..block.end], block.shape)).collect();
        assert_eq!(
            found,
            [
                ("Title", Shape::Heading),
                ("Setext", Shape::Heading),
                ("Text of one line.", Shape::Prose),
                ("one", Shape::Prose),
                ("two goes on and on until the line is as full as the\n  others are in this list", Shape::Prose),
                ("1. first", Shape::Prose),
                ("quoted", Shape::Prose),
                ("more", Shape::Prose),
                ("| a | b |", Shape::Row),
                ("| c | d |", Shape::Row),
                ("```", Shape::Row),
                ("let x;", Shape::Row),
                ("# no heading", Shape::Row),
                ("end", Shape::Prose),
            ]
        );
    }

    #[test]
    fn a_fence_that_nothing_closes_is_a_line() {
        let found: Vec<_> = blocks("~~~\na b.\n```").map(|block| block.shape).collect();
        assert_eq!(found, [Shape::Row, Shape::Prose, Shape::Row]);
    }

    #[test]
    fn quote_marks_and_line_ends_become_blanks_in_place() {
        let text = "> the first line of a quoted mail that is wrapped at sixty\r\n> columns by the program that sent it to everybody on the\r\n> list";
        let found: Vec<_> = blocks(text).collect();
        assert_eq!(found.len(), 1);
        let flat = found[0].as_line(text);
        assert_eq!(flat.len(), text.len() - 2);
        assert!(!flat.contains(['>', '\n', '\r']));
        assert_eq!(flat, text[2..].replace("\r\n> ", "    "));
    }

    #[test]
    fn wrapped_chinese() {
        let line = "俄罗斯外交部长拉夫罗夫星期三在伊斯兰堡会见了巴基斯坦外交部长，";
        let next = "双方讨论了阿富汗和平进程以及两国之间的经济合作问题和能源安全";
        let text = format!("{line}\n{next}\n{line}双\n方讨论了阿富汗和平进程。");
        assert_eq!(cut(&text).len(), 1, "{:#?}", cut(&text));
    }
}
