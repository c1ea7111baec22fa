//! Direction: of two documents that say the same, which one had it from the other.
//!
//! **Idea.** The evidence is weighed in a fixed order, the surest first, and the first that tells decides:
//!
//! 1. what is shared is nothing but quotations: both may have it from who said it;
//! 2. a credit line: the one that credits the other, as agency or as publisher, is the copy; where both credit one
//!    third agency, both are copies of its text;
//! 3. dates: the one whose date certainly lies before the other's is the original ([`PublicationDate`]); a date without
//!    a time, beside one with a time, is taken for a day in any zone of the world;
//! 4. datelines, whose days mostly lack the year: that of a document which has none of its own, as near to the other's
//!    date as possible;
//! 5. marks of an update;
//! 6. what holds what: a text that breaks off where the other goes on is a copy, a text that holds several others whole
//!    is made of them. That one of two merely holds the other proves nothing: it was cut, or the other was filled up.
//!
//! Nothing of that, and direction is undecided, unless the user named the sources. So is it, without sources named, where a
//! dozen words are all that two documents share.
//!
//! **Dates that are not believed**: one date that lies more than a year after all others of a corpus of [`FEW`] dates
//! and more (a slip of the year), and what is later than [`LATEST`].
//!
//! **Gives up.** Retouched dates, false credits. A reprint that keeps its dateline and has no other date looks as old as
//! the dispatch.

use std::collections::BTreeMap;

use ahash::{AHashMap, AHashSet};
use rayon::prelude::*;

use super::candidates::Common;
use super::stories::Stories;
use crate::date::PublicationDate;
use crate::document::Corpus;
use crate::finding::{Role, Span};
use crate::imprint::{self, Agencies, Agency, CreditKind, Day};
use crate::repeats::Repeats;
use crate::text::Layout;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// A day begins so much earlier in the east, and ends so much later in the west, than in Greenwich.
const EAST: i64 = 14 * HOUR;
const WEST: i64 = 12 * HOUR;
/// A dateline without a year belongs to a date that lies at most so far away.
const NEAR: i64 = 60 * DAY;
/// Dates of a corpus at least before one of them is doubted.
const FEW: usize = 4;
/// How far behind all others a date lies that is doubted.
const APART: i64 = 366 * DAY;
/// Dates from 2100 on are none of publication.
const LATEST: i64 = 4_102_444_800;
/// Share, in thousandths, of what is shared that stands in quotation marks, where nothing else is shared.
const QUOTED: u64 = 800;
/// Tokens outside quotation marks that show that more was taken than a quotation.
const UNQUOTED: u32 = 20;
/// Share of a story, in thousandths, from which it stands whole in another.
const WHOLE: u64 = 900;

/// Why a document is a copy of another, or the original, or why nothing tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The target credits the source.
    CreditsSource,
    /// The source credits the target.
    CreditedBySource,
    /// Both credit one agency.
    BothCredit,
    /// One of them credits an agency that the other is not.
    CreditsAnother,
    /// The target's date is certainly later.
    Later,
    /// The target's date is certainly earlier.
    Earlier,
    /// The target's dateline is later.
    LaterDateline,
    /// The target's dateline is earlier.
    EarlierDateline,
    /// The target is marked as an update.
    Update,
    /// The source is marked as an update.
    UpdatedBySource,
    /// The target breaks off where the source goes on.
    BreaksOff,
    /// The source breaks off where the target goes on.
    SourceBreaksOff,
    /// The target holds several documents whole.
    RoundUp,
    /// The source holds several documents whole.
    InRoundUp,
    /// The user named the sources.
    Named,
    /// Only quotations are shared.
    Quotation,
    /// Too few words are shared.
    Brief,
    /// One of the two has no date.
    NoDate,
    /// No date is certainly earlier.
    SameDate,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 19] = [
        Reason::CreditsSource,
        Reason::CreditedBySource,
        Reason::BothCredit,
        Reason::CreditsAnother,
        Reason::Later,
        Reason::Earlier,
        Reason::LaterDateline,
        Reason::EarlierDateline,
        Reason::Update,
        Reason::UpdatedBySource,
        Reason::BreaksOff,
        Reason::SourceBreaksOff,
        Reason::RoundUp,
        Reason::InRoundUp,
        Reason::Named,
        Reason::Quotation,
        Reason::Brief,
        Reason::NoDate,
        Reason::SameDate,
    ];

    /// The words used in reports, said of the target.
    pub fn text(self) -> &'static str {
        match self {
            Reason::CreditsSource => "credits the source",
            Reason::CreditedBySource => "the other credits it",
            Reason::BothCredit => "both credit one agency: shared source possible",
            Reason::CreditsAnother => "another agency is credited: shared source possible",
            Reason::Later => "dated later",
            Reason::Earlier => "dated earlier",
            Reason::LaterDateline => "later dateline",
            Reason::EarlierDateline => "earlier dateline",
            Reason::Update => "marked as an update",
            Reason::UpdatedBySource => "the other is marked as an update",
            Reason::BreaksOff => "breaks off where the source goes on",
            Reason::SourceBreaksOff => "the other breaks off where it goes on",
            Reason::RoundUp => "holds several documents whole",
            Reason::InRoundUp => "the other holds several documents whole",
            Reason::Named => "named as a source",
            Reason::Quotation => "only quotations: shared source possible",
            Reason::Brief => "a few words only",
            Reason::NoDate => "no date",
            Reason::SameDate => "no date is certainly earlier",
        }
    }
}

/// What is held of a target and one other document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) role: Role,
    pub(super) reason: Reason,
    /// The line that tells: document and place.
    pub(super) evidence: Option<(u32, Span)>,
    /// Whether more than quotations is shared.
    shares_text: bool,
}

/// What a document says of where and when it comes from.
#[derive(Debug, Default)]
struct Witness {
    /// When it was published, as far as that is believed.
    date: Option<PublicationDate>,
    /// Day of its dateline.
    day: Option<Day>,
    /// Line of its dateline.
    dateline: Option<Span>,
    /// The agency that it is from.
    agency: Option<Agency>,
    /// Who published it, in letters and digits alone.
    publisher: Option<String>,
    /// Agencies that it credits.
    credited: Vec<(Agency, Span)>,
    /// Publishers that it says it was taken from.
    republished: Vec<(String, Span)>,
    /// That it is an update, and which.
    update: Option<(Span, Option<u32>)>,
    is_cut_off: bool,
    /// Which tokens stand between quotation marks.
    quoted: Vec<bool>,
    /// Tokens that are no furniture.
    story: u32,
}

/// Weighs the evidence.
pub(super) struct Judge {
    witnesses: AHashMap<u32, Witness>,
    /// By target, what it has in common with which other document.
    overlaps: AHashMap<u32, BTreeMap<u32, Overlap>>,
    /// Targets that hold several others whole.
    round_ups: AHashSet<u32>,
    has_sources: bool,
    /// Tokens that are too few to tell a copy by.
    few: u32,
}

/// What two documents have in common, in all.
#[derive(Debug, Clone, Copy, Default)]
struct Overlap {
    /// Tokens of the target that the source says, and of the source that the target says.
    same: [u32; 2],
    /// Of the target's those that are quotations on both sides.
    quoted: u32,
    /// Where in the target it begins and ends.
    extent: (u32, u32),
}

impl Judge {
    /// Reads what the documents that have something in common say of themselves.
    pub(super) fn new(
        corpus: &Corpus,
        repeats: &Repeats,
        stories: &Stories,
        agencies: &Agencies,
        common: &[Common],
        has_sources: bool,
        few: u32,
    ) -> Self {
        let mut involved: Vec<u32> =
            common.iter().flat_map(|common| [common.target.document, common.source.document]).collect();
        involved.par_sort_unstable();
        involved.dedup();
        let doubted = find_doubted(corpus);
        let witnesses: Vec<(u32, Witness)> = involved
            .into_par_iter()
            .map(|document| {
                let layout = &repeats.layouts[document as usize];
                let mut witness = Witness::read(corpus, document, layout, agencies, doubted);
                witness.story = stories.of(document).tokens.len() as u32;
                (document, witness)
            })
            .collect();
        let mut judge = Judge {
            witnesses: witnesses.into_iter().collect(),
            overlaps: AHashMap::new(),
            round_ups: AHashSet::new(),
            has_sources,
            few,
        };
        let of_targets: Vec<&[Common]> =
            common.chunk_by(|one, other| one.target.document == other.target.document).collect();
        let measured: Vec<(u32, BTreeMap<u32, Overlap>)> = of_targets
            .into_par_iter()
            .map(|of_target| (of_target[0].target.document, judge.measure_target(repeats, of_target)))
            .collect();
        judge.round_ups =
            measured.iter().filter(|(_, overlaps)| judge.holds_several(overlaps)).map(|(target, _)| *target).collect();
        judge.overlaps = measured.into_iter().collect();
        judge
    }

    /// The verdict on a target and each document that it has something in common with.
    pub(super) fn judge_target(&self, target: u32) -> BTreeMap<u32, Verdict> {
        let overlaps = self.overlaps.get(&target).into_iter().flatten();
        overlaps.map(|(source, overlap)| (*source, self.judge(target, *source, overlap))).collect()
    }

    /// What a target has in common with each other document.
    fn measure_target(&self, repeats: &Repeats, common: &[Common]) -> BTreeMap<u32, Overlap> {
        let mut of_source: BTreeMap<u32, Vec<&Common>> = BTreeMap::new();
        for one in common {
            of_source.entry(one.source.document).or_default().push(one);
        }
        of_source.into_iter().map(|(source, common)| (source, self.measure(repeats, &common))).collect()
    }

    /// Whether what two places have in common is a quotation, and the documents share nothing else.
    pub(super) fn is_quotation(&self, common: &Common, verdict: &Verdict) -> bool {
        let (quoted, same) = self.count_quoted(common);
        !verdict.shares_text && same > 0 && u64::from(quoted) * 1000 >= u64::from(same) * QUOTED
    }

    /// An order of documents by age: equal where none is certainly earlier; those without a date come last.
    pub(super) fn rank_by_age(&self, documents: impl Iterator<Item = u32>) -> BTreeMap<u32, u32> {
        let mut dated: Vec<(Option<PublicationDate>, u32)> =
            documents.map(|document| (self.witnesses[&document].date, document)).collect();
        dated
            .sort_by_key(|(date, document)| (date.is_none(), date.map(|date| (date.latest, date.earliest)), *document));
        let mut ages = BTreeMap::new();
        let (mut age, mut border) = (0, None);
        for (date, document) in dated {
            let latest = date.map(|date| date.latest);
            let goes_on = match (date, border) {
                (Some(date), Some(Some(border))) => date.earliest < border,
                (None, Some(None)) => true,
                _ => false,
            };
            if !goes_on {
                age += 1;
                border = Some(latest);
            }
            ages.insert(document, age);
        }
        ages
    }

    fn count_quoted(&self, common: &Common) -> (u32, u32) {
        let quoted = |document: u32| &self.witnesses[&document].quoted;
        let (ours, theirs) = (quoted(common.target.document), quoted(common.source.document));
        let is_quoted = |flags: &[bool], token: u32| flags.get(token as usize).copied().unwrap_or(false);
        let tokens = common.alignment.blocks.iter().flat_map(|block| (0..block.length).map(move |at| (block, at)));
        let count = tokens
            .filter(|(block, at)| {
                is_quoted(ours, common.target.start + block.b + at)
                    && is_quoted(theirs, common.source.start + block.a + at)
            })
            .count();
        (count as u32, common.alignment.same())
    }

    /// What a target and a source have in common. Passages may lie in one another: each token counts once.
    fn measure(&self, repeats: &Repeats, common: &[&Common]) -> Overlap {
        let Some((target, source)) = common.first().map(|one| (one.target.document, one.source.document)) else {
            return Overlap::default();
        };
        let length = |document: u32| repeats.layouts[document as usize].fingerprints.len();
        let (mut ours, mut theirs) = (vec![false; length(target)], vec![false; length(source)]);
        let mut quotes = vec![false; ours.len()];
        let quoted = [target, source].map(|document| &self.witnesses[&document].quoted);
        for one in common {
            for block in &one.alignment.blocks {
                for at in 0..block.length {
                    let own = (one.target.start + block.b + at) as usize;
                    let their = (one.source.start + block.a + at) as usize;
                    (ours[own], theirs[their]) = (true, true);
                    quotes[own] |= quoted[0].get(own) == Some(&true) && quoted[1].get(their) == Some(&true);
                }
            }
        }
        let count = |flags: &[bool]| flags.iter().filter(|flag| **flag).count() as u32;
        let first = ours.iter().position(|flag| *flag).unwrap_or(0) as u32;
        let last = ours.iter().rposition(|flag| *flag).map_or(0, |last| last as u32 + 1);
        Overlap { same: [count(&ours), count(&theirs)], quoted: count(&quotes), extent: (first, last) }
    }

    /// Whether a target holds two other documents whole, in places of their own.
    fn holds_several(&self, overlaps: &BTreeMap<u32, Overlap>) -> bool {
        let mut held: Vec<(u32, u32)> = overlaps
            .iter()
            .filter(|(source, overlap)| {
                let story = self.witnesses[*source].story;
                story > self.few && u64::from(overlap.same[1]) * 1000 >= u64::from(story) * WHOLE
            })
            .map(|(_, overlap)| (overlap.extent.1, overlap.extent.0))
            .collect();
        held.sort_unstable();
        let Some((first, _)) = held.first() else { return false };
        held.iter().any(|(_, start)| start >= first)
    }

    fn judge(&self, target: u32, source: u32, overlap: &Overlap) -> Verdict {
        let (ours, theirs) = (&self.witnesses[&target], &self.witnesses[&source]);
        let same = overlap.same[0];
        let unquoted = same - overlap.quoted;
        let shares_text = unquoted >= UNQUOTED || u64::from(overlap.quoted) * 1000 < u64::from(same) * QUOTED;
        let verdict = |role, reason, evidence| Verdict { role, reason, evidence, shares_text };
        if !shares_text {
            return verdict(Role::Undecided, Reason::Quotation, None);
        }
        let made_of = [target, source].map(|document| self.round_ups.contains(&document));
        let told = self.told(ours, theirs, overlap, made_of);
        let (role, reason, side) = told.unwrap_or((Role::Undecided, self.ignorance(ours, theirs), None));
        let is_brief = same.min(overlap.same[1]) < self.few
            && role != Role::Undecided
            && !matches!(reason, Reason::CreditsSource | Reason::CreditedBySource);
        let (role, reason, side) = match role {
            // The agency that both credit is the source's, since it is named as one.
            Role::Undecided if self.has_sources && reason == Reason::BothCredit => {
                (Role::Copy, Reason::CreditsSource, side)
            }
            Role::Undecided if self.has_sources => (Role::Copy, Reason::Named, None),
            _ if is_brief && !self.has_sources => (Role::Undecided, Reason::Brief, None),
            _ => (role, reason, side),
        };
        let place = |(is_ours, span): (bool, Span)| (if is_ours { target } else { source }, span);
        verdict(role, reason, side.map(place))
    }

    /// Why nothing tells.
    fn ignorance(&self, ours: &Witness, theirs: &Witness) -> Reason {
        if ours.date.is_some() && theirs.date.is_some() { Reason::SameDate } else { Reason::NoDate }
    }

    /// What the evidence tells, with the line that tells it (and whether that is the target's).
    fn told(
        &self,
        ours: &Witness,
        theirs: &Witness,
        overlap: &Overlap,
        made_of: [bool; 2],
    ) -> Option<(Role, Reason, Option<(bool, Span)>)> {
        if let Some(span) = ours.credits(theirs) {
            return Some((Role::Copy, Reason::CreditsSource, Some((true, span))));
        }
        if let Some(span) = theirs.credits(ours) {
            return Some((Role::Original, Reason::CreditedBySource, Some((false, span))));
        }
        let of_one = |one: &Witness, other: &Witness| {
            one.credited.iter().find(|(agency, _)| other.credited.iter().any(|(named, _)| named == agency)).copied()
        };
        if let Some((_, span)) = of_one(ours, theirs) {
            return Some((Role::Undecided, Reason::BothCredit, Some((true, span))));
        }
        let is_known = |witness: &Witness| witness.agency.is_some() || witness.publisher.is_some();
        let told_by_date = compare_dates(ours, theirs);
        // What credits an agency has it from there, and not from an outlet that printed it before.
        let blocks = |role, witness: &Witness, other: &Witness| {
            let decides = told_by_date.is_some_and(|(told, ..)| told == role) && is_known(other);
            witness.credited.first().filter(|_| decides && witness.agency.is_none()).map(|credit| credit.1)
        };
        if let Some(span) = blocks(Role::Copy, ours, theirs) {
            return Some((Role::Undecided, Reason::CreditsAnother, Some((true, span))));
        }
        if let Some(span) = blocks(Role::Original, theirs, ours) {
            return Some((Role::Undecided, Reason::CreditsAnother, Some((false, span))));
        }
        if let Some(told) = told_by_date {
            return Some(told);
        }
        // Of one publisher: a reprint may have lost the mark.
        let same_publisher = ours.publisher.is_some() && ours.publisher == theirs.publisher
            || ours.agency.is_some() && ours.agency == theirs.agency;
        let number = |witness: &Witness| witness.update.map(|(_, number)| number.unwrap_or(1));
        if same_publisher && number(ours) != number(theirs) {
            return Some(if number(ours) > number(theirs) {
                (Role::Copy, Reason::Update, ours.update.map(|(span, _)| (true, span)))
            } else {
                (Role::Original, Reason::UpdatedBySource, theirs.update.map(|(span, _)| (false, span)))
            });
        }
        let is_held = |same: u32, witness: &Witness| {
            u64::from(same) * 1000 >= u64::from(witness.story) * WHOLE && witness.story > self.few
        };
        if ours.is_cut_off && !theirs.is_cut_off && theirs.story > ours.story {
            return Some((Role::Copy, Reason::BreaksOff, None));
        }
        if theirs.is_cut_off && !ours.is_cut_off && ours.story > theirs.story {
            return Some((Role::Original, Reason::SourceBreaksOff, None));
        }
        let holds_other = [is_held(overlap.same[1], theirs), is_held(overlap.same[0], ours)];
        match (made_of, holds_other) {
            ([true, _], [true, false]) => return Some((Role::Copy, Reason::RoundUp, None)),
            ([_, true], [false, true]) => return Some((Role::Original, Reason::InRoundUp, None)),
            _ => {}
        }
        None
    }
}

/// What dates and datelines tell.
fn compare_dates(ours: &Witness, theirs: &Witness) -> Option<(Role, Reason, Option<(bool, Span)>)> {
    if let (Some(own), Some(their)) = (ours.date, theirs.date) {
        if is_surely_before(&their, &own) {
            return Some((Role::Copy, Reason::Later, None));
        }
        if is_surely_before(&own, &their) {
            return Some((Role::Original, Reason::Earlier, None));
        }
    }
    // One dateline on both is the dispatch's, and says nothing of who printed it first.
    if ours.day.is_some() && ours.day == theirs.day {
        return None;
    }
    let (own, their) = match (ours.day, theirs.day) {
        (Some(own), Some(their)) => {
            let near = ours.date.or(theirs.date);
            let own = resolve(own, near.map_or_else(|| middle_of(their), |date| date.earliest))?;
            (own, resolve(their, own.earliest)?)
        }
        (Some(own), None) => (resolve(own, theirs.date?.earliest)?, theirs.date?),
        (None, Some(their)) => (ours.date?, resolve(their, ours.date?.earliest)?),
        (None, None) => return None,
    };
    let line = ours.dateline.map(|span| (true, span)).or(theirs.dateline.map(|span| (false, span)));
    if is_surely_before(&their, &own) {
        Some((Role::Copy, Reason::LaterDateline, line))
    } else if is_surely_before(&own, &their) {
        Some((Role::Original, Reason::EarlierDateline, line))
    } else {
        None
    }
}

/// Some instant of a day, in any year if none is written.
fn middle_of(day: Day) -> i64 {
    instant(day, day.year.unwrap_or(2000)).map_or(0, |start| start + DAY / 2)
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
            let year = 1970 + near.div_euclid(31_556_952) as i16;
            let starts = (year - 1..=year + 1).filter_map(|year| instant(day, year));
            starts.min_by_key(|start| (start - near).abs()).filter(|start| (start - near).abs() <= NEAR)?
        }
    };
    Some(PublicationDate { earliest: start, latest: start + DAY })
}

/// Whether one date lies before another, in whatever zone a day without a time was meant.
fn is_surely_before(one: &PublicationDate, other: &PublicationDate) -> bool {
    let is_day = |date: &PublicationDate| date.latest.saturating_sub(date.earliest) >= DAY;
    let slack = match (is_day(one), is_day(other)) {
        (true, false) => WEST,
        (false, true) => EAST,
        _ => 0,
    };
    one.latest.saturating_add(slack) <= other.earliest
}

/// The date that is not believed: from it on all are doubted.
fn find_doubted(corpus: &Corpus) -> i64 {
    let mut dates: Vec<PublicationDate> = corpus.documents.iter().filter_map(|document| document.date).collect();
    dates.sort_unstable();
    match dates.as_slice() {
        [.., before, last] if dates.len() >= FEW && last.earliest > before.latest.saturating_add(APART) => {
            last.earliest
        }
        _ => LATEST,
    }
}

/// Letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    let name = name.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Witness {
    fn read(corpus: &Corpus, rank: u32, layout: &Layout, agencies: &Agencies, doubted: i64) -> Self {
        let document = &corpus.documents[rank as usize];
        let text: &str = &document.text;
        let imprint = imprint::read(text, agencies);
        let cut = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let believed = document.date.filter(|date| date.earliest < doubted.min(LATEST));
        let printed = |is_update: bool| {
            let dates = imprint.dates.iter().filter(move |date| date.is_update == is_update);
            let written = |date: &imprint::PrintedDate| {
                // Names of months in other languages are known to the imprint alone.
                PublicationDate::parse(cut(date.span)).or_else(|| resolve(date.day, 0))
            };
            dates.filter_map(written).find(|date| date.earliest < LATEST)
        };
        // What was updated then may have been there long before.
        let updated = || printed(true).map(|date| PublicationDate { earliest: i64::MIN, ..date });
        let day = imprint.dateline.as_ref().and_then(|dateline| dateline.day);
        let with_year = || day.filter(|day| day.year.is_some()).and_then(|day| resolve(day, 0));
        let date = match document.date {
            // A document whose own date is not believed is not dated by its text either.
            Some(_) => believed,
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
        if let Some(dateline) = &imprint.dateline {
            credited.extend(dateline.agency.map(|agency| (agency, dateline.span)));
        }
        // Its own name is no credit.
        credited.retain(|(named, _)| Some(*named) != agency);
        Witness {
            date,
            day,
            dateline: imprint.dateline.as_ref().map(|dateline| dateline.span),
            agency,
            publisher: source.map(plain).filter(|name| !name.is_empty()),
            credited,
            republished,
            update: imprint.update.as_ref().map(|update| (update.span, update.number)),
            is_cut_off: imprint.is_cut_off,
            quoted: mark_quotations(text, layout),
            story: 0,
        }
    }

    /// The line in which one credits the other.
    fn credits(&self, other: &Witness) -> Option<Span> {
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
}

/// Which tokens stand between quotation marks.
fn mark_quotations(text: &str, layout: &Layout) -> Vec<bool> {
    let mut blocks: Vec<std::ops::Range<usize>> = Vec::new();
    for unit in &layout.units {
        match blocks.last_mut().filter(|_| !unit.opens_block) {
            Some(block) => block.end = unit.end as usize,
            None => blocks.push(unit.start as usize..unit.end as usize),
        }
    }
    let mut quoted = vec![false; layout.starts.len()];
    for marked in crate::marks::find(text, &blocks).iter().filter(|marked| marked.depth == 0) {
        let first = layout.starts.partition_point(|start| *start < marked.inside.start);
        let last = layout.starts.partition_point(|start| *start < marked.inside.end).max(first);
        quoted[first..last].fill(true);
    }
    quoted
}
