//! Witnesses: what each document says of where and when it comes from.
//!
//! A witness is made of the fields of a document and of its [imprint](crate::imprint): when it was published, as far as
//! that is believed; who published it, and whether that is an agency; whom it credits; whether it is an update, or breaks
//! off; which of its words stand between quotation marks.
//!
//! **Dates that are not believed**: those that lie years after all others ([`APART`]), if they are but one, or one in
//! twenty, of [`FEW`] dates and more: slips of the year. What is later than [`LATEST`]. And the beginning of 1970.
//!
//! **Cost.** The first and last lines of each document, and its quotation marks. A bit more than a byte a token.

use std::ops::Range;

use ahash::AHashMap;
use rayon::prelude::*;

use super::stories::Stories;
use crate::date::PublicationDate;
use crate::document::Corpus;
use crate::finding::Span;
use crate::imprint::{self, Agencies, Agency, CreditKind, Day};
use crate::marks;
use crate::text::Layout;

const DAY: i64 = 24 * 3600;
/// A dateline without a year belongs to a date that lies at most so far away.
const NEAR: i64 = 60 * DAY;
/// Dates of a corpus at least before one of them is doubted.
const FEW: usize = 4;
/// Of so many dates one is doubted at most.
const MANY: usize = 20;
/// How far behind all others a date lies that is doubted: eight years.
const APART: i64 = 8 * 366 * DAY;
/// Dates from 2100 on are none of publication.
const LATEST: i64 = 4_102_444_800;

/// What one document says of itself.
#[derive(Debug, Default)]
pub(super) struct Witness {
    /// When it was published, as far as that is believed.
    pub(super) date: Option<PublicationDate>,
    /// The line that the date was read from, if it is no field.
    pub(super) date_line: Option<Span>,
    /// Whether it has a date that is not believed.
    pub(super) is_date_doubted: bool,
    /// Day of its dateline, and the line.
    pub(super) day: Option<(Day, Span)>,
    /// The agency that its dateline names.
    dispatched_by: Option<Agency>,
    /// The agency that it is from.
    pub(super) agency: Option<Agency>,
    /// Who published it, in letters and digits alone.
    pub(super) publisher: Option<String>,
    /// Agencies that it credits.
    pub(super) credited: Vec<(Agency, Span)>,
    /// Publishers that it says it was taken from.
    pub(super) republished: Vec<(String, Span)>,
    /// That it is an update, and which.
    pub(super) update: Option<(Span, u32)>,
    pub(super) is_cut_off: bool,
    /// The token from which only credit lines follow.
    pub(super) sign_off: Option<u32>,
    /// Which tokens stand between quotation marks.
    pub(super) quoted: Vec<bool>,
    /// Tokens that are no furniture.
    pub(super) story: u32,
}

/// The witnesses of some documents.
pub(super) struct Witnesses(AHashMap<u32, Witness>);

impl Witnesses {
    /// Reads documents. `are_sources`: references are what others took from, so that one which nobody is known to have
    /// published is the dispatch of the agency in its dateline.
    pub(super) fn read(
        corpus: &Corpus,
        layouts: &[Layout],
        stories: &Stories,
        agencies: &Agencies,
        documents: Vec<u32>,
        are_sources: bool,
    ) -> Self {
        let doubted = find_doubted(corpus);
        let read = |document: u32| {
            let mut witness = Witness::read(corpus, document, &layouts[document as usize], agencies, doubted);
            witness.story = stories.of(document).count_all();
            let is_source = are_sources && corpus.documents[document as usize].origin.side.is_reference();
            if is_source && witness.agency.is_none() && witness.publisher.is_none() {
                witness.agency = witness.dispatched_by;
                let agency = witness.agency;
                witness.credited.retain(|(named, _)| Some(*named) != agency);
            }
            (document, witness)
        };
        let witnesses: Vec<(u32, Witness)> = documents.into_par_iter().map(read).collect();
        Witnesses(witnesses.into_iter().collect())
    }

    /// What a document says of itself; nothing, if it was not read.
    pub(super) fn of(&self, document: u32) -> &Witness {
        static NOBODY: Witness = Witness {
            date: None,
            date_line: None,
            is_date_doubted: false,
            day: None,
            dispatched_by: None,
            agency: None,
            publisher: None,
            credited: Vec::new(),
            republished: Vec::new(),
            update: None,
            is_cut_off: false,
            sign_off: None,
            quoted: Vec::new(),
            story: 0,
        };
        self.0.get(&document).unwrap_or(&NOBODY)
    }
}

impl Witness {
    fn read(corpus: &Corpus, rank: u32, layout: &Layout, agencies: &Agencies, doubted: i64) -> Self {
        let document = &corpus.documents[rank as usize];
        let text: &str = &document.text;
        let imprint = imprint::read(text, agencies);
        let cut = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
        // The first instant of 1970 is what a date is that was never set.
        let believed = document.date.filter(|date| date.earliest < doubted.min(LATEST) && date.earliest != 0);
        let printed = |is_update: bool| {
            let dates = imprint.dates.iter().filter(move |date| date.is_update == is_update);
            let read = |date: &imprint::PrintedDate| {
                // Names of months in other languages are known to the imprint alone.
                let read = PublicationDate::parse(cut(date.span)).or_else(|| resolve(date.day, 0))?;
                Some((read, Some(date.span)))
            };
            dates.filter_map(read).find(|(date, _)| date.earliest < LATEST)
        };
        // What was updated then may have been there long before.
        let updated = || printed(true).map(|(date, line)| (PublicationDate { earliest: i64::MIN, ..date }, line));
        let day = imprint.dateline.as_ref().and_then(|dateline| Some((dateline.day?, dateline.span)));
        let with_year = || {
            let (day, span) = day.filter(|(day, _)| day.year.is_some())?;
            Some((resolve(day, 0)?, Some(span)))
        };
        let dated = match document.date {
            // A document whose own date is not believed is not dated by its text either.
            Some(_) => believed.map(|date| (date, None)),
            None => printed(false).or_else(with_year).or_else(updated),
        };
        let source = document.source.as_deref();
        let agency = source
            .and_then(|name| agencies.of_source(name))
            .or_else(|| document.url().and_then(|address| agencies.of_address(address)));
        let mut credited: Vec<(Agency, Span)> = Vec::new();
        let mut republished = Vec::new();
        for credit in &imprint.credits {
            credited.extend(credit.agency.map(|agency| (agency, credit.span)));
            let name = credit.name.filter(|_| credit.kind == CreditKind::Republished && credit.agency.is_none());
            republished.extend(name.map(|name| (plain(cut(name)), credit.span)));
        }
        // A credit in the second half stands at the end: what follows is more of the kind.
        let signs =
            imprint.credits.iter().map(|credit| credit.span.start).filter(|start| *start as usize * 2 > text.len());
        let sign_off = signs.min().map(|start| layout.starts.partition_point(|token| *token < start) as u32);
        // Its own name is no credit.
        credited.retain(|(named, _)| Some(*named) != agency);
        Witness {
            date: dated.map(|(date, _)| date),
            date_line: dated.and_then(|(_, line)| line),
            is_date_doubted: document.date.is_some() && believed.is_none(),
            day,
            dispatched_by: imprint.dateline.as_ref().and_then(|dateline| dateline.agency),
            agency,
            publisher: source.map(plain).filter(|name| !name.is_empty()),
            credited,
            republished,
            update: imprint.update.as_ref().map(|update| (update.span, update.number.unwrap_or(1))),
            is_cut_off: imprint.is_cut_off,
            sign_off,
            quoted: mark_quotations(text, layout),
            story: 0,
        }
    }

    /// The line in which one credits the other.
    pub(super) fn credits(&self, other: &Witness) -> Option<Span> {
        let by_agency =
            || self.credited.iter().find(|(agency, _)| Some(*agency) == other.agency).map(|credit| credit.1);
        let by_name = || {
            let publisher = other.publisher.as_deref()?;
            let names = |name: &str| {
                name == publisher
                    || name.strip_prefix("the") == Some(publisher)
                    || publisher.strip_prefix("the") == Some(name)
            };
            self.republished.iter().find(|(name, _)| names(name)).map(|credit| credit.1)
        };
        by_agency().or_else(by_name)
    }

    /// When it was published; by its dateline, if nothing else tells, and then as near to another date as possible.
    pub(super) fn date_near(&self, other: &Witness) -> Option<PublicationDate> {
        let (day, _) = match self.date {
            Some(date) => return Some(date),
            None => self.day?,
        };
        let near = match (other.date, other.day) {
            (Some(date), _) => {
                if date.earliest == i64::MIN {
                    date.latest
                } else {
                    date.earliest
                }
            }
            // Both years are unknown: any will do, if it is the same.
            (None, Some((other, _))) => {
                instant(other, other.year.unwrap_or(2000))?.min(instant(day, day.year.unwrap_or(2000))?)
            }
            (None, None) => return None,
        };
        resolve(day, near)
    }
}

fn instant(day: Day, year: i16) -> Option<i64> {
    let written = format!("{year:04}-{:02}-{:02}", day.month, day.day);
    PublicationDate::parse(&written).map(|date| date.earliest)
}

/// The day of a dateline as a date, of the year that puts it nearest to an instant.
fn resolve(day: Day, near: i64) -> Option<PublicationDate> {
    let start = match day.year {
        Some(year) => instant(day, year)?,
        None => {
            let year = i16::try_from(1970 + near.div_euclid(31_556_952)).ok()?;
            let starts = (year - 1..=year + 1).filter_map(|year| instant(day, year));
            starts.min_by_key(|start| start.abs_diff(near)).filter(|start| start.abs_diff(near) <= NEAR as u64)?
        }
    };
    Some(PublicationDate { earliest: start, latest: start + DAY, has_zone: false })
}

/// From which instant on dates are not believed.
fn find_doubted(corpus: &Corpus) -> i64 {
    let mut dates: Vec<PublicationDate> = corpus.documents.iter().filter_map(|document| document.date).collect();
    if dates.len() < FEW {
        return LATEST;
    }
    dates.sort_unstable();
    let most = (dates.len() / MANY).max(1);
    let border = dates.len() - most;
    let apart = (border..dates.len()).find(|at| dates[*at].earliest > dates[at - 1].latest.saturating_add(APART));
    apart.map_or(LATEST, |at| dates[at].earliest)
}

/// Letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    let name = name.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Which tokens stand between quotation marks.
fn mark_quotations(text: &str, layout: &Layout) -> Vec<bool> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for unit in &layout.units {
        match blocks.last_mut().filter(|_| !unit.opens_block) {
            Some(block) => block.end = unit.end as usize,
            None => blocks.push(unit.start as usize..unit.end as usize),
        }
    }
    let mut quoted = vec![false; layout.starts.len()];
    for marked in marks::find(text, &blocks).iter().filter(|marked| marked.depth == 0) {
        let first = layout.starts.partition_point(|start| *start < marked.inside.start);
        let last = layout.starts.partition_point(|start| *start < marked.inside.end).max(first);
        quoted[first..last].fill(true);
    }
    quoted
}
