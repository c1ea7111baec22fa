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
//! The lines are looked at once and kept (see [`lines`]); a survey measures the groups of two lines and more, then the
//! blocks are cut. Each pass is linear; besides the lines and
//! the [signs](super::signs), 12 bytes for a group are kept.

use super::lines::{Line, Look, TextLine, columns, count_columns, is_blank, lines};
use super::signs::Signs;
use super::tailoring::ends_with_stop;
use super::tokens::lacks_spaces;

/// Columns that the widest line of a hard-wrapped group has.
const WRAPPED: std::ops::RangeInclusive<u32> = 40..=120;

/// Words of more columns (addresses of pages) stand on lines of their own, and tell nothing.
const LONGEST_WORD: u32 = 30;

/// The widest line may overhang by one part in so many: wire copy is not wrapped to the column.
const OVERHANG: u32 = 16;

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
    /// Its first line, and how many it has.
    first_line: usize,
    pub(super) lines: usize,
    /// Whether a blank line, or the text's edge, stands before and behind it.
    pub(super) stands_alone: bool,
}

/// The lines of a text and what they tell of it. Keeps its memory from one text to the next.
#[derive(Debug, Default)]
pub(super) struct Survey {
    lines: Vec<Line>,
    signs: Signs,
    /// The groups of two lines and more, in order.
    groups: Vec<Group>,
    /// The widest group of lines that is hard-wrapped by its own evidence.
    width: Option<u32>,
    /// Behind the last line that could close a block of code opened with a backtick or a tilde.
    last_fence: [usize; 2],
}

/// Lines of text in a row.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Its first line.
    first: u32,
    /// The columns of its widest line.
    width: u32,
    /// Whether it is hard-wrapped by its own evidence.
    is_wrapped: bool,
}

fn fence_index(mark: char) -> usize {
    usize::from(mark == '~')
}

impl Survey {
    /// The blocks of a text, in order. Linear.
    pub(super) fn blocks<'t>(&'t mut self, text: &'t str) -> Blocks<'t> {
        self.take(text);
        Blocks {
            text,
            survey: self,
            at: 0,
            group_end: 0,
            next_group: 0,
            width: None,
            is_wrapped: false,
            fence: None,
            after_blank: true,
        }
    }

    /// Looks at all lines, and at all groups of them.
    fn take(&mut self, text: &str) {
        self.lines.clear();
        self.groups.clear();
        (self.width, self.last_fence) = (None, [0; 2]);
        lines(text, &mut self.lines, &mut self.signs);
        let mut at = 0;
        while let Some(line) = self.lines.get(at) {
            match line.look {
                Look::Fence { mark, is_bare: true } => self.last_fence[fence_index(mark)] = at + 1,
                Look::Text(_) => {
                    let rest = &self.lines[at..];
                    let group = &rest[..rest.iter().take_while(|line| matches!(line.look, Look::Text(_))).count()];
                    if group.len() > 1 {
                        let (width, is_wrapped) = measure(text, group);
                        self.groups.push(Group { first: at as u32, width, is_wrapped });
                        if is_wrapped {
                            self.width = self.width.max(Some(width));
                        }
                    }
                    at += group.len();
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Where full stops and quotation marks may stand in the text.
    pub(super) fn signs(&self) -> &Signs {
        &self.signs
    }

    /// Writes the text of a block as one line: line ends, and quote marks behind them, are blanks. Byte for byte in
    /// place.
    pub(super) fn flatten(&self, text: &str, block: &Block, flat: &mut String) {
        flat.clear();
        let mut at = block.start;
        for line in &self.lines[block.first_line..block.first_line + block.lines] {
            let Look::Text(found) = line.look else { continue };
            let start = block.start.max(found.start as usize);
            flat.extend(std::iter::repeat_n(' ', start - at));
            at = line.end as usize;
            flat.push_str(&text[start..at]);
        }
    }

    /// Whether a hyphen stands at the end of a line of a block, the last one left out.
    pub(super) fn has_broken_words(&self, text: &str, block: &Block) -> bool {
        let lines = &self.lines[block.first_line..block.first_line + block.lines - 1];
        lines.iter().any(|line| {
            let line = text[line.start as usize..line.end as usize].trim_end_matches([' ', '\t']);
            line.ends_with(['-', '\u{2010}'])
        })
    }
}

/// The widest line of a group, and whether the group is hard-wrapped by its own evidence.
fn measure(text: &str, group: &[Line]) -> (u32, bool) {
    let columns = |line: &Line| count_columns(&text[line.start as usize..line.end as usize]);
    let width = group.iter().map(columns).max().unwrap_or(0);
    let (mut joints, mut full, mut lower, mut caseless) = (0usize, 0usize, 0usize, 0usize);
    if WRAPPED.contains(&width) {
        let mut texts = group.iter().filter_map(|line| Joined::of(text, line));
        let Some(mut last) = texts.next() else { return (width, false) };
        let mut item = last.found.item;
        for next in texts {
            let joint = joint(last, next, width, item);
            if joint == Joint::Border {
                item = next.found.item;
            }
            joints += usize::from(joint != Joint::Border);
            if joint == Joint::Full {
                full += 1;
                match opening_case(next.content) {
                    Case::Lower => lower += 1,
                    Case::None => caseless += usize::from(!ends_with_stop(last.content)),
                    Case::Other => {}
                }
            }
            last = next;
        }
    }
    let speaks_for_it = if lower > 0 { 3 * (lower + caseless) >= full } else { caseless >= 2 && 3 * caseless >= full };
    (width, full > 0 && 5 * full >= 2 * joints && speaks_for_it)
}

/// A line of text, as its neighbours see it.
#[derive(Debug, Clone, Copy)]
struct Joined<'t> {
    found: TextLine,
    /// From where its text begins.
    content: &'t str,
    /// Columns up to its last visible character.
    width: u32,
}

impl<'t> Joined<'t> {
    fn of(text: &'t str, line: &Line) -> Option<Self> {
        match line.look {
            Look::Text(found) => Some(Joined {
                found,
                content: &text[found.start as usize..line.end as usize],
                width: count_columns(&text[line.start as usize..line.end as usize]),
            }),
            _ => None,
        }
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
fn joint(last: Joined, next: Joined, width: u32, item: Option<u32>) -> Joint {
    let hangs = item.is_some_and(|column| next.found.indent <= column);
    if next.found.item.is_some()
        || next.found.quoted != last.found.quoted
        || (next.found.indent > last.found.indent && !hangs)
        || next.content == last.content
    {
        return Joint::Border;
    }
    let mut word = 1;
    for character in next.content.chars().take_while(|character| !is_blank(*character)) {
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
    let mut letters = word.chars().take_while(|character| character.is_alphanumeric()).take(LONGEST_WORD as usize);
    match letters.next() {
        Some(first) if first.is_lowercase() && !letters.any(char::is_uppercase) => Case::Lower,
        Some(first) if first.is_alphabetic() && !first.is_uppercase() && !first.is_lowercase() => Case::None,
        _ => Case::Other,
    }
}

/// Iterator of [`Survey::blocks`].
pub(super) struct Blocks<'t> {
    text: &'t str,
    survey: &'t Survey,
    /// The next line.
    at: usize,
    /// Behind the group of lines that was entered last.
    group_end: usize,
    /// The next group.
    next_group: usize,
    /// The width at which that group is wrapped, if it is.
    width: Option<u32>,
    /// Whether it is wrapped by its own evidence.
    is_wrapped: bool,
    /// The mark of the block of code that the place is in.
    fence: Option<char>,
    after_blank: bool,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let line = *self.survey.lines.get(self.at)?;
            self.at += 1;
            let whole = (line.start, line.end);
            if let Some(mark) = self.fence {
                if line.look == (Look::Fence { mark, is_bare: true }) {
                    self.fence = None;
                } else if line.look != Look::Blank {
                    return Some(self.block(whole, Shape::Row, 1));
                }
                continue;
            }
            match line.look {
                Look::Blank => self.after_blank = true,
                Look::Rule(_) => self.after_blank = false,
                Look::Fence { mark, .. } => {
                    if self.survey.last_fence[fence_index(mark)] > self.at {
                        self.fence = Some(mark);
                    }
                    return Some(self.block(whole, Shape::Row, 1));
                }
                Look::Heading { start, end } => return Some(self.block((start, end), Shape::Heading, 1)),
                Look::Row => return Some(self.block(whole, Shape::Row, 1)),
                Look::Text(found) => return Some(self.prose(line, found)),
            }
        }
    }
}

impl<'t> Blocks<'t> {
    /// The survey of the text that the blocks are of.
    pub(super) fn survey(&self) -> &'t Survey {
        self.survey
    }

    /// The block of text lines that begins with this one.
    fn prose(&mut self, first: Line, found: TextLine) -> Block {
        if self.survey.width.is_some() && self.at > self.group_end {
            self.enter_group();
        }
        let mut last = first;
        let mut lines = 1;
        if let Some(width) = self.width {
            while let Some(&next) = self.survey.lines.get(self.at)
                && self.continues(last, next, width, found.item)
            {
                last = next;
                lines += 1;
                self.at += 1;
            }
        }
        let mut shape = Shape::Prose;
        if lines == 1
            && let Some(below) = self.survey.lines.get(self.at)
            && matches!(below.look, Look::Rule(Some('=' | '-')))
            && below.end - below.start >= 2
            && !ends_with_stop(&self.text[first.start as usize..first.end as usize])
        {
            shape = Shape::Heading;
        }
        self.block((found.start, last.end), shape, lines)
    }

    /// Tells how the group is wrapped whose first line was just passed.
    fn enter_group(&mut self) {
        let (survey, first) = (self.survey, self.at - 1);
        self.next_group +=
            survey.groups[self.next_group..].iter().take_while(|group| (group.first as usize) < first).count();
        let group = survey.groups.get(self.next_group).filter(|group| group.first as usize == first);
        self.is_wrapped = group.is_some_and(|group| group.is_wrapped);
        self.width = group.and_then(|group| {
            if group.is_wrapped { Some(group.width) } else { survey.width.filter(|&width| group.width <= width) }
        });
        let rest = &survey.lines[first..];
        self.group_end = first + rest.iter().take_while(|line| matches!(line.look, Look::Text(_))).count();
    }

    /// Whether a line of a wrapped group goes on in the next one.
    fn continues(&self, last: Line, next: Line, width: u32, item: Option<u32>) -> bool {
        let (Some(last), Some(next)) = (Joined::of(self.text, &last), Joined::of(self.text, &next)) else {
            return false;
        };
        match joint(last, next, width, item) {
            Joint::Border => false,
            Joint::Full => true,
            Joint::Loose => {
                (self.is_wrapped || 2 * last.width >= width)
                    && opening_case(next.content) == Case::Lower
                    && !ends_with_stop(last.content)
            }
        }
    }

    /// A block of lines of which the last was just passed.
    fn block(&mut self, (start, end): (u32, u32), shape: Shape, lines: usize) -> Block {
        let before_blank = self.survey.lines.get(self.at).is_none_or(|line| line.look == Look::Blank);
        let stands_alone = self.after_blank && before_blank;
        self.after_blank = false;
        Block { start: start as usize, end: end as usize, shape, first_line: self.at - lines, lines, stands_alone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let mut survey = Survey::default();
        let found: Vec<Block> = survey.blocks(text).collect();
        let mut line = String::new();
        let mut as_line = |block: &Block| {
            survey.flatten(text, block, &mut line);
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        found
            .iter()
            .map(|block| if block.lines > 1 { as_line(block) } else { text[block.start..block.end].to_owned() })
            .collect()
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
        let found: Vec<_> =
            Survey::default().blocks(text).map(|block| (&text[block.start..block.end], block.shape)).collect();
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
        let found: Vec<_> = Survey::default().blocks("~~~\na b.\n```").map(|block| block.shape).collect();
        assert_eq!(found, [Shape::Row, Shape::Prose, Shape::Row]);
    }

    #[test]
    fn quote_marks_and_line_ends_become_blanks_in_place() {
        let text = "> the first line of a quoted mail that is wrapped at sixty\r\n> columns by the program that sent it to everybody on the\r\n> list";
        let mut survey = Survey::default();
        let found: Vec<_> = survey.blocks(text).collect();
        assert_eq!(found.len(), 1);
        let mut flat = String::new();
        survey.flatten(text, &found[0], &mut flat);
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
