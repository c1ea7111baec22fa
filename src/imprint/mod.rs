//! Imprint: what a text itself says of where it comes from.
//!
//! **Idea.** A wire story carries marks of its origin, and prints of it mostly keep them: a [dateline](Dateline) with
//! the agency's name, a byline, a credit in the last lines (*The Associated Press contributed to this report*), a word
//! that it was printed before, by whom, and that it is a later version. All of them are set forms. They are listed as
//! data: [agencies] with their names in many languages, phrases, labels and names of months.
//!
//! A mention in running text (*he told Reuters*) says nothing of the text's origin, nor does the credit of a photo; so a
//! name counts only in its place: between brackets behind a dateline's town, behind a set phrase, alone on a line, or
//! as the last word.
//!
//! **Cost.** The [first lines](HEAD_LINES) and the [last lines](TAIL_LINES) are looked at, a few kilobytes in all,
//! whatever the text is like; besides, white space at both ends is passed over.
//!
//! **Gives up.** Marks in the middle of a text, texts of one line that begin with a byline, and names that a text spells
//! in a way that is not listed. What is said is not checked: a text may lie about itself.

mod agencies;
mod bylines;
mod credits;
mod dateline;
mod day;
mod marks;
mod phrases;
#[cfg(test)]
mod tests;
mod updates;
mod words;

use crate::finding::Span;
pub use agencies::AgencyError;
pub(crate) use agencies::{Agencies, Agency};
pub(crate) use day::Day;

/// Lines at the start that are looked at, without empty ones.
const HEAD_LINES: usize = 40;
/// Bytes at the start that are looked at.
const HEAD_BYTES: usize = 8 << 10;
/// Lines at the end that are looked at, without empty ones.
const TAIL_LINES: usize = 15;
/// Bytes at the end that are looked at.
const TAIL_BYTES: usize = 4 << 10;
/// Lines at the start of which one may begin with the dateline.
const DATELINE_LINES: usize = 14;

/// Place, day and agency before the first sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dateline {
    /// All of it, with the dash or full stop that closes it.
    pub(crate) span: Span,
    /// The day, if it is written.
    pub(crate) day: Option<Day>,
    /// The agency, if it is one that is known.
    pub(crate) agency: Option<Agency>,
}

/// What a credit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CreditKind {
    /// The text, or part of it, is somebody's: a dateline with an agency, a byline, *Reporting by …*, *© 2021 AFP*, an
    /// agency's name as the last word.
    Written,
    /// Part of the material is: *contributed to this report*, *with inputs from*, *mit Material der dpa*.
    Contributed,
    /// It was taken from a publisher, who is named: *originally published by*, *first appeared in*, *Source:*.
    Republished,
}

/// A place where the text says whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Credit {
    /// The credit as it is written.
    pub(crate) span: Span,
    /// What it says.
    pub(crate) kind: CreditKind,
    /// The agency, if one that is known is named; for a list of reporters and editors the one that the text names
    /// elsewhere.
    pub(crate) agency: Option<Agency>,
    /// The name as it is written: of an agency, an outlet or a reporter. *Published from a syndicated feed* names
    /// nobody.
    pub(crate) name: Option<Span>,
}

/// Where the text says that it is not the first version of its story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Update {
    /// What says so.
    pub(crate) span: Span,
    /// The number of *UPDATE 2*.
    pub(crate) number: Option<u32>,
}

/// A full date that the head gives as the page's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PrintedDate {
    /// The date, with the time if one is written.
    pub(crate) span: Span,
    /// The day.
    pub(crate) day: Day,
    /// Whether it is the date of a later version.
    pub(crate) is_update: bool,
}

/// What a text says of where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Imprint {
    /// The dateline, if there is one.
    pub(crate) dateline: Option<Dateline>,
    /// Credits in the order of the text; a dateline that names an agency is among them.
    pub(crate) credits: Vec<Credit>,
    /// The first sign of a later version.
    pub(crate) update: Option<Update>,
    /// Dates of the page, in the order of the text.
    pub(crate) dates: Vec<PrintedDate>,
    /// Whether the text breaks off: it ends with *…*, *Read more* or the like.
    pub(crate) is_cut_off: bool,
}

/// A line of the head or the tail.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    /// Its first byte in the text.
    start: usize,
    text: &'a str,
    /// Whether all of it was looked at, from where it begins; a long line is cut.
    has_start: bool,
    has_end: bool,
    /// Lines before it, as far as it is known to stand in the head.
    number: Option<usize>,
    /// Lines behind it, as far as it is known to stand in the tail.
    number_from_end: Option<usize>,
}

impl Line<'_> {
    /// The span of a range of the line.
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let place = |place: usize| u32::try_from(self.start + place).unwrap_or(u32::MAX);
        Span { start: place(range.start), end: place(range.end) }
    }
}

/// Reads what a text says of where it comes from.
pub(crate) fn read(text: &str, agencies: &Agencies) -> Imprint {
    let lines = lines_of(text);
    let head = || lines.iter().filter(|line| line.number.is_some());
    let first = head().take(DATELINE_LINES).map(|line| line.text);
    let found = dateline::find(first, agencies);
    let found = found.and_then(|(number, found)| Some((lines.get(number)?, found)));
    let mut credits = Vec::new();
    let mut dateline = None;
    if let Some((line, found)) = &found {
        let agency = found.agency.as_ref().map(|(agency, _)| *agency);
        let span = line.span(found.start..found.end);
        dateline = Some(Dateline { span, day: found.day, agency });
        if let Some((agency, name)) = &found.agency {
            let name = Some(line.span(name.clone()));
            credits.push(Credit { span, kind: CreditKind::Written, agency: Some(*agency), name });
        }
    }
    credits::read(&lines, agencies, dateline.map(|dateline| dateline.span), &mut credits);
    Imprint {
        dateline,
        credits,
        update: head().find_map(updates::read_update),
        dates: head().flat_map(updates::read_dates).collect(),
        is_cut_off: lines.last().is_some_and(|line| updates::is_cut_off(line.text)),
    }
}

/// The lines of the head and the tail, in order and each once, without empty ones and without space around them.
fn lines_of(text: &str) -> Vec<Line<'_>> {
    let trimmed = text.trim();
    let begin = text.len() - text.trim_start().len();
    let mut lines = Vec::new();
    let head_end = floor(trimmed, HEAD_BYTES);
    let mut read_to = 0;
    let head = trimmed.get(..head_end).unwrap_or_default();
    for piece in head.split_inclusive('\n') {
        let is_whole = piece.ends_with('\n') || read_to + piece.len() == trimmed.len();
        if lines.len() == HEAD_LINES {
            break;
        }
        push_line(&mut lines, begin + read_to, piece, (true, is_whole));
        read_to += piece.len();
    }
    for (number, line) in lines.iter_mut().enumerate() {
        line.number = Some(number);
    }
    let tail_start = floor(trimmed, trimmed.len().saturating_sub(TAIL_BYTES));
    let mut tail = Vec::new();
    let mut end = trimmed.len();
    for piece in trimmed.get(tail_start..).unwrap_or_default().split('\n').rev() {
        if tail.len() == TAIL_LINES {
            break;
        }
        let start = end - piece.len();
        let has_start = start == 0 || trimmed.as_bytes().get(start - 1) == Some(&b'\n');
        push_line(&mut tail, begin + start, piece, (has_start, true));
        end = start.saturating_sub(1);
    }
    for (number, line) in tail.iter().enumerate().rev() {
        match lines.iter_mut().find(|known| known.start == line.start && known.has_end) {
            Some(known) => known.number_from_end = Some(number),
            // A long line may stand in the head and in the tail, each time cut: only the rest of it is new.
            None => lines.push(Line { number_from_end: Some(number), ..*line }),
        }
    }
    lines
}

fn push_line<'a>(lines: &mut Vec<Line<'a>>, start: usize, piece: &'a str, (has_start, has_end): (bool, bool)) {
    let text = piece.trim();
    if !text.is_empty() {
        let start = start + (piece.len() - piece.trim_start().len());
        lines.push(Line { start, text, has_start, has_end, number: None, number_from_end: None });
    }
}

/// The last place of a text, at most so many bytes in, where a character begins.
fn floor(text: &str, most: usize) -> usize {
    let mut place = text.len().min(most);
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}
