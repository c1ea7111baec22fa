//! The layout of a document: its units and tokens, and how to get from them to bytes.

use std::ops::Range;

use super::blocks::{Block, Shape, Survey};
use super::folding::{count_words, is_character};
use super::lines::{is_blank, trim_end, trim_start};
use super::sentences::sentences;
use super::signs::Signs;
use super::tailoring::ends_with_stop;
use super::tokens::{Part, Tokens, count_before, end_of_first};
use crate::finding::Span;

/// The most tokens that a unit holds. A longer sentence is cut, behind a clause if one ends near.
pub const LONGEST_UNIT: usize = 256;

/// How many of the last tokens a long sentence may be cut before.
const CLAUSE: usize = 64;

/// The most words that a line without a full stop has when it is a line of its own.
const SHORT_LINE: u32 = 14;

/// A document cut into units and tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// First byte of each token.
    pub starts: Vec<u32>,
    /// What each token is compared by: see [`fingerprint`](super::fingerprint()).
    pub fingerprints: Vec<u32>,
    /// The units in text order. They are disjoint, and each token lies in one.
    pub units: Vec<Unit>,
}

/// A sentence, a heading or a line of its own; it holds one token at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// First byte: no white space, but the sentence's own opening marks.
    pub start: u32,
    /// One past the last byte, closing marks and full stop included.
    pub end: u32,
    /// Its first token.
    pub first_token: u32,
    /// What it is.
    pub kind: UnitKind,
    /// Whether it is the first of its paragraph (heading, list item, row).
    pub opens_block: bool,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum UnitKind {
    /// A sentence of a paragraph.
    Sentence,
    /// A line that Markdown marks as a heading, or that looks like the title of the paragraph behind it.
    Heading,
    /// A short line that no full stop ends, a row of a table, a line of code.
    Line,
}

impl UnitKind {
    /// The name used in listings.
    pub fn name(self) -> &'static str {
        match self {
            UnitKind::Sentence => "sentence",
            UnitKind::Heading => "heading",
            UnitKind::Line => "line",
        }
    }
}

/// Cuts a text into units and tokens. Linear in the text, which must have less than 4 GiB.
///
/// Who lays out many texts should keep a [`Cutter`].
pub fn lay_out(text: &str) -> Layout {
    let mut cutter = Cutter::default();
    cutter.lay_out(text);
    let mut layout = cutter.layout;
    layout.starts.shrink_to_fit();
    layout.fingerprints.shrink_to_fit();
    layout.units.shrink_to_fit();
    layout
}

/// Lays out one text after the other, and keeps its memory from one to the next.
#[derive(Debug, Default)]
pub struct Cutter {
    survey: Survey,
    tokens: Tokens,
    /// The block at hand as one line, if it has several.
    flat: String,
    layout: Layout,
}

impl Cutter {
    /// Cuts a text into units and tokens, as [`lay_out`] does. Whoever wants to keep the layout clones it: the clone
    /// takes no more memory than it needs.
    pub fn lay_out(&mut self, text: &str) -> &Layout {
        self.cut(text, true)
    }

    /// The fingerprints of a text's tokens, in order, those of its layout.
    pub(crate) fn tokens(&mut self, text: &str) -> &[u32] {
        &self.cut(text, false).fingerprints
    }

    /// Cuts a text; into units too, if they are wanted.
    fn cut(&mut self, text: &str, wants_units: bool) -> &Layout {
        let Cutter { survey, tokens, flat, layout } = self;
        layout.starts.clear();
        layout.fingerprints.clear();
        layout.units.clear();
        // News has about so many tokens: the buffers of a long text should not be doubled for its last ones.
        layout.starts.reserve_exact(text.len() / 6);
        layout.fingerprints.reserve_exact(text.len() / 6);
        tokens.begin();
        let mut builder = Builder { text, layout, title: None };
        let mut blocks = survey.blocks(text);
        while let Some(block) = blocks.next() {
            let (survey, part) = (blocks.survey(), block.start..block.end);
            let may_be_broken = block.lines > 1 && survey.has_broken_words(text, &block);
            let found = tokens.part(text, part.clone(), may_be_broken);
            if !wants_units {
                builder.layout.fingerprints.extend_from_slice(found.fingerprints);
            } else if block.lines == 1 {
                builder.add(&block, &text[part], survey.signs(), found);
            } else {
                survey.flatten(text, &block, flat);
                builder.add(&block, flat, survey.signs(), found);
            }
        }
        &self.layout
    }
}

impl Layout {
    /// The tokens of a unit.
    pub fn unit_tokens(&self, unit: usize) -> Range<usize> {
        let end = self.units.get(unit + 1).map_or(self.starts.len(), |next| next.first_token as usize);
        self.units[unit].first_token as usize..end
    }

    /// The unit that holds a token.
    pub fn unit_at(&self, token: usize) -> usize {
        self.units.partition_point(|unit| unit.first_token as usize <= token).saturating_sub(1)
    }

    /// The bytes of one token. `text` is the text that was laid out.
    pub fn token_span(&self, text: &str, token: usize) -> Span {
        let start = self.starts[token];
        // The next token may begin another block, where no broken word goes on.
        let next = self.starts.get(token + 1).map_or(text.len(), |next| *next as usize);
        Span { start, end: start + end_of_first(&text[start as usize..next]) as u32 }
    }

    /// The bytes from the first to the last of some tokens (one at least). Where they begin (end) with the first (last)
    /// token of a unit, the unit's opening (closing) marks are taken in.
    pub fn span(&self, text: &str, tokens: Range<usize>) -> Span {
        let last = tokens.end - 1;
        let opening = self.units[self.unit_at(tokens.start)];
        let closing = self.unit_at(last);
        let start =
            if opening.first_token as usize == tokens.start { opening.start } else { self.starts[tokens.start] };
        let end = if self.unit_tokens(closing).end == tokens.end {
            self.units[closing].end
        } else {
            self.token_span(text, last).end
        };
        Span { start, end }
    }
}

/// Puts a layout together, block by block.
struct Builder<'t> {
    text: &'t str,
    layout: &'t mut Layout,
    /// The last unit, if it is a line that would be the heading of a paragraph.
    title: Option<usize>,
}

impl Builder<'_> {
    /// Adds the units and tokens of a block, of which the text is given as one line.
    fn add(&mut self, block: &Block, line: &str, signs: &Signs, tokens: Part) {
        let first_unit = self.layout.units.len();
        let title = self.title.take();
        let base = self.layout.starts.len();
        self.layout.starts.extend_from_slice(tokens.starts);
        self.layout.fingerprints.extend_from_slice(tokens.fingerprints);
        let mut borders = (block.shape == Shape::Prose).then(|| sentences(line, block.start, signs));
        let mut next_border = || borders.as_mut().and_then(Iterator::next).unwrap_or(line.len());
        let mut next = 0;
        let mut start = 0;
        while start < line.len() {
            let first = next;
            let mut end = next_border();
            loop {
                if end == line.len() {
                    next = tokens.starts.len();
                    break;
                }
                let place = block.start + end;
                next += count_before(&tokens.starts[next..], place);
                if next == first || tokens.ends[next - 1] as usize <= place {
                    break;
                }
                // No sentence ends within a token.
                end = next_border();
            }
            let first_token = base + first;
            let sentence = trim_end(&line[start..end]);
            let sentence_end = block.start + start + sentence.len();
            if next > first {
                let opens_block = self.layout.units.len() == first_unit;
                // Marks without a word before the block's first sentence are part of it.
                let from = if opens_block { 0 } else { start };
                let from = end - trim_start(&line[from..end]).len();
                self.push(block.start + from..sentence_end, first_token..base + next, opens_block);
            } else if !sentence.is_empty()
                && self.layout.units.len() > first_unit
                && let Some(unit) = self.layout.units.last_mut()
            {
                // Marks without a word belong to the sentence before.
                unit.end = unit.end.max(sentence_end as u32);
            }
            start = end;
        }
        self.name(block, first_unit, title);
    }

    /// Adds a sentence, of which the bytes and the tokens are given, as one unit, or several if it is long.
    fn push(&mut self, bytes: Range<usize>, tokens: Range<usize>, opens_block: bool) {
        let (mut start, mut first, mut opens_block) = (bytes.start, tokens.start, opens_block);
        while tokens.end - first > LONGEST_UNIT {
            let (next, cut) = self.cut(first);
            let piece = trim_end(&self.text[start..cut]);
            self.push_unit(start, start + piece.len(), first, opens_block);
            let rest = &self.text[cut..bytes.end];
            start = bytes.end - rest.trim_start_matches(is_blank).len();
            (first, opens_block) = (next, false);
        }
        self.push_unit(start, bytes.end, first, opens_block);
    }

    fn push_unit(&mut self, start: usize, end: usize, first_token: usize, opens_block: bool) {
        self.layout.units.push(Unit {
            start: start as u32,
            end: end as u32,
            first_token: first_token as u32,
            kind: UnitKind::Sentence,
            opens_block,
        });
    }

    /// Where to cut a long sentence whose first token is given: the token that begins the rest, and the byte.
    fn cut(&self, first: usize) -> (usize, usize) {
        let furthest = first + LONGEST_UNIT;
        let found = (furthest - CLAUSE..=furthest).rev().find(|&next| {
            let gap = self.gap(next);
            let ends_clause =
                |c| matches!(c, ',' | ';' | ':' | '،' | '؛' | '、' | '，' | '；' | '：' | '—' | '–' | '､') || c == '…';
            let is_spaced = is_character(self.layout.fingerprints[next - 1]) && gap.1.contains(is_blank);
            gap.1.contains(ends_clause) || is_spaced
        });
        let next = found.unwrap_or(furthest);
        let (at, gap) = self.gap(next);
        let opens = |c: char| is_blank(c) || matches!(c, '(' | '[' | '“' | '‘' | '«' | '（' | '「' | '『' | '《');
        (next, at + gap.find(opens).unwrap_or(gap.len()))
    }

    /// What stands before a token, from the end of the token before it.
    fn gap(&self, token: usize) -> (usize, &str) {
        let end = self.layout.token_span(self.text, token - 1).end as usize;
        (end, &self.text[end..self.layout.starts[token] as usize])
    }

    /// Tells what the units of a block are, from `first_unit` on.
    fn name(&mut self, block: &Block, first_unit: usize, title: Option<usize>) {
        let Some(units) = self.layout.units.get_mut(first_unit..).filter(|units| !units.is_empty()) else {
            self.title = title;
            return;
        };
        match block.shape {
            Shape::Heading => units.iter_mut().for_each(|unit| unit.kind = UnitKind::Heading),
            Shape::Row => units.iter_mut().for_each(|unit| unit.kind = UnitKind::Line),
            Shape::Prose => {
                let content = &self.text[block.start..block.end];
                let is_line = block.lines == 1 && units.len() == 1 && !ends_with_stop(content);
                let tokens = &self.layout.fingerprints[units[0].first_token as usize..];
                let words = if is_line { count_words(tokens) } else { u32::MAX };
                if words <= SHORT_LINE {
                    units[0].kind = UnitKind::Line;
                    let is_named = !content.starts_with(['—', '–', '-', '(']) && !content.ends_with([':', '：']);
                    if words > 1 && is_named && (block.stands_alone || is_title_case(content)) {
                        self.title = Some(first_unit);
                    }
                } else if let Some(heading) = title.and_then(|title| self.layout.units.get_mut(title)) {
                    heading.kind = UnitKind::Heading;
                }
            }
        }
    }
}

/// Whether most of the longer words begin with a capital.
fn is_title_case(line: &str) -> bool {
    let (mut words, mut capitals) = (0, 0);
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().nth(3).is_some()) {
        words += 1;
        capitals += usize::from(word.starts_with(char::is_uppercase));
    }
    words >= 2 && 4 * capitals >= 3 * words
}
