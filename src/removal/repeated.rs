//! What of a repeated place may go: whole sentences, headings and lines that the kept place says in the same words.
//!
//! A passage may end in the middle of a sentence, and its places differ from each other in some words. Half a sentence
//! taken away leaves a broken one, and a changed word taken away is lost. So a unit goes if at least nine tokens of ten
//! stand in the kept place, in runs of three and more (one to one: see [`coverage`](crate::coverage)), and none of the
//! others holds a digit. A unit of fewer than ten tokens has to stand there whole.
//!
//! Signs are no tokens, but *€ 50* is not *$ 50*, nor `a > b` what `a < b` is: the currency and other symbols, operators and
//! brackets of a unit have to stand, in the same order, in one unit of the kept place.
//!
//! A heading, a label or a refrain that comes again belongs to its document: what goes in a row has to hold one unit of
//! [`Policy::least_words`](super::Policy) words.
//!
//! Of doubled text go whole lines, or long rows of sentences: one sentence that comes again in the midst of another
//! paragraph was written there, and the paragraph would be broken without it.
//!
//! With the last unit of a line goes what else is in the line (the mark of a list, say), and of the white space before
//! and after what goes, the one that separates less: two paragraphs stay two paragraphs.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::coverage::tile;
use crate::finding::Span;
use crate::text::{Layout, Unit, is_symbol};

/// Of so many tokens of a unit one may be another.
const TOKENS_FOR_A_CHANGE: usize = 10;

/// The units that lie wholly within some tokens.
pub(super) fn units_within(layout: &Layout, tokens: &Range<usize>) -> Range<usize> {
    let ends = |unit: usize| layout.unit_tokens(unit).end;
    let first = layout.units.partition_point(|unit| (unit.first_token as usize) < tokens.start);
    let mut end = first;
    while end < layout.units.len() && ends(end) <= tokens.end {
        end += 1;
    }
    first..end
}

/// The tokens that begin in a span.
pub(super) fn tokens_within(layout: &Layout, span: Span) -> Range<usize> {
    let at = |byte: u32| layout.starts.partition_point(|start| *start < byte);
    at(span.start)..at(span.end)
}

/// A unit that may go, with how many of its tokens stand in the kept place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeated {
    pub(super) unit: usize,
    pub(super) covered: u32,
}

/// Those of the units within a place that a kept place says as well, given its tokens.
pub(super) fn find_repeated(
    text: &str,
    layout: &Layout,
    place: &Range<usize>,
    (kept, kept_signs): (&[u32], &BTreeSet<String>),
) -> Vec<Repeated> {
    let tiling = tile(&layout.fingerprints[place.clone()], kept);
    let judge = |unit: usize| {
        let tokens = layout.unit_tokens(unit);
        let is_covered = |token: &usize| tiling.in_a[token - place.start];
        let covered = tokens.clone().filter(is_covered).count();
        let others = tokens.len() - covered;
        let says_a_figure = |token: usize| {
            let span = layout.token_span(text, token);
            text[span.start as usize..span.end as usize].contains(|c: char| c.is_numeric())
        };
        let signs = signs(text, layout, unit);
        let goes = others * TOKENS_FOR_A_CHANGE <= tokens.len()
            && (signs.is_empty() || kept_signs.contains(&signs))
            && !tokens.filter(|token| !is_covered(token)).any(says_a_figure);
        goes.then_some(Repeated { unit, covered: covered as u32 })
    };
    units_within(layout, place).filter_map(judge).collect()
}

/// The signs of a unit that mean something: symbols, operators and brackets, and a minus before a figure.
pub(super) fn signs(text: &str, layout: &Layout, unit: usize) -> String {
    let Unit { start, end, .. } = layout.units[unit];
    let text = &text[start as usize..end as usize];
    let mut last = ' ';
    let mut signs = String::new();
    for (at, sign) in text.char_indices() {
        let next = || text[at + sign.len_utf8()..].chars().next();
        let means = match sign {
            '-' | '−' => !last.is_alphanumeric() && next().is_some_and(char::is_numeric),
            '(' | ')' | '[' | ']' | '{' | '}' | '#' | '%' | '&' | '*' | '/' | '@' | '\\' => true,
            '`' | '´' | '¨' => false,
            _ if sign.is_alphanumeric() || sign.is_whitespace() => false,
            _ => is_symbol(sign),
        };
        if means {
            signs.push(sign);
        }
        last = sign;
    }
    signs
}

/// The bytes that go with units in a row, chosen so that what stays is set apart as it was.
pub(super) fn extent(text: &str, layout: &Layout, units: Range<usize>) -> Span {
    let bytes = text.as_bytes();
    let before = units.start.checked_sub(1).map_or(0, |unit| layout.units[unit].end as usize);
    let after = layout.units.get(units.end).map_or(text.len(), |unit| unit.start as usize);
    let start = layout.units[units.start].start as usize;
    let end = layout.units[units.end - 1].end as usize;
    // With the first (last) unit of a line goes all that the line has before (behind) it.
    let line_start = memchr::memrchr(b'\n', &bytes[before..start]).map(|at| before + at + 1);
    let line_start = line_start.or_else(|| (units.start == 0).then_some(0));
    let line_end = memchr::memchr(b'\n', &bytes[end..after]).map(|at| end + at);
    let line_end = line_end.map(|at| if bytes[end..at].ends_with(b"\r") { at - 1 } else { at });
    let line_end = line_end.or_else(|| (units.end == layout.units.len()).then_some(text.len()));
    let (start, end) = match (line_start, line_end) {
        // Whole lines: one of the two gaps goes with them, the one with fewer line breaks.
        (Some(line_start), Some(line_end)) => {
            let breaks = |range: Range<usize>| memchr::memchr_iter(b'\n', &bytes[range]).count();
            let next = next_line(text, line_end, after);
            let last = last_line_end(text, before, line_start);
            if units.end == layout.units.len() && units.start > 0 {
                // At the end of the text the break that ends it stays.
                (last, line_end)
            } else if units.start == 0 || breaks(before..line_start) >= breaks(line_end..after) {
                (line_start, next)
            } else {
                (last, line_end)
            }
        }
        // At the end of a line, what stood before it in the line stays.
        (None, Some(line_end)) => (before, line_end),
        // Before something else in its line, and behind something that it touched: the gap stays.
        (None, None) if before == start => (start, end),
        (_, None) => (start, after),
    };
    Span { start: start as u32, end: end as u32 }
}

/// Where the next line with something in it begins.
fn next_line(text: &str, from: usize, to: usize) -> usize {
    let gap = &text[from..to];
    let blank = gap.len() - gap.trim_start().len();
    match memchr::memrchr(b'\n', &gap.as_bytes()[..blank]) {
        Some(at) => from + at + 1,
        None => from,
    }
}

/// Where the last line with something in it ends.
fn last_line_end(text: &str, from: usize, to: usize) -> usize {
    from + text[from..to].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lay_out;

    /// The text without the units that hold one of some words.
    fn without(text: &str, words: &[&str]) -> String {
        let layout = lay_out(text);
        let goes = |unit: usize| {
            let unit = layout.units[unit];
            words.iter().any(|word| text[unit.start as usize..unit.end as usize].contains(word))
        };
        let mut rest = text.to_owned();
        let mut end = layout.units.len();
        while end > 0 {
            if !goes(end - 1) {
                end -= 1;
                continue;
            }
            let start = (0..end).rev().take_while(|unit| goes(*unit)).last().unwrap();
            let span = extent(text, &layout, start..end);
            rest.replace_range(span.start as usize..span.end as usize, "");
            end = start;
        }
        rest
    }

    #[test]
    fn what_stays_is_set_apart_as_it_was() {
        for (text, words, expected) in [
            ("One is here. Two is there. Three is gone.\n", &["Two"] as &[_], "One is here. Three is gone.\n"),
            ("One is here. Two is there. Three is gone.\n", &["Three"], "One is here. Two is there.\n"),
            ("One is here. Two is there. Three is gone.\n", &["One"], "Two is there. Three is gone.\n"),
            ("One is here.\n\nTwo is there.\n\nThree is gone.\n", &["Two"], "One is here.\n\nThree is gone.\n"),
            ("One is here.\n\nTwo is there.\n\nThree is gone.\n", &["One"], "Two is there.\n\nThree is gone.\n"),
            ("One is here.\n\nTwo is there.\n\nThree is gone.\n", &["Three"], "One is here.\n\nTwo is there.\n"),
            ("One is here.\n\nTwo is there.\n\nThree is gone.\n", &["Two", "Three"], "One is here.\n"),
            ("One is here.\nTwo is there.\n\nThree is gone.", &["Two"], "One is here.\n\nThree is gone."),
            ("One is here.\n\nTwo is there.\nThree is gone.", &["Two"], "One is here.\n\nThree is gone."),
            (
                "One is here.\r\n\r\nTwo is there.\r\n\r\nThree is gone.\r\n",
                &["Two"],
                "One is here.\r\n\r\nThree is gone.\r\n",
            ),
            (
                "A list of things:\n\n* One is here.\n* Two is there.\n* Three is gone.\n",
                &["Two"],
                "A list of things:\n\n* One is here.\n* Three is gone.\n",
            ),
            ("* One is here. Two is there.\n* Three is gone.\n", &["One"], "* Two is there.\n* Three is gone.\n"),
            ("* One is here. Two is there.\n* Three is gone.\n", &["Two"], "* One is here.\n* Three is gone.\n"),
            ("A call f(0..*, 2..*)\n\nTwo is there. Three is gone.", &["2", "Two"], "A call f(0..* Three is gone."),
            ("One is here. Two is there.", &["One", "Two"], ""),
            ("  One is here.  \n", &["One"], ""),
        ] {
            assert_eq!(without(text, words), expected, "{text:?} without {words:?}");
        }
    }

    #[test]
    fn changed_figures_and_half_sentences_stay() {
        let kept = "The committee met on 12 May in the old town hall to talk about the new bridge. Nobody came.";
        let other = "The committee met on 13 May in the old town hall to talk about the new bridge. Nobody came. \
                     The committee met on 12 May in the old town hall to talk about the new school.";
        let (one, two) = (lay_out(kept), lay_out(other));
        let repeated = find_repeated(other, &two, &(0..two.starts.len()), (&one.fingerprints, &BTreeSet::new()));
        let units: Vec<usize> = repeated.iter().map(|repeated| repeated.unit).collect();
        // The first has another figure. Of the third too much was the first's, which is used up.
        assert_eq!(units, [1]);
        assert_eq!(units_within(&one, &(0..one.starts.len() - 1)), 0..1);
        assert_eq!(units_within(&one, &(1..one.starts.len())), 1..2);
    }
}
