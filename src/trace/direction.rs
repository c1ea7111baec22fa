//! Direction: of two documents that say the same, which one had it from the other.
//!
//! **Idea.** The evidence is weighed in a fixed order, the surest first, and the first that tells decides:
//!
//! 1. what is shared is nothing but quotations: both may have it from who said it;
//! 2. a credit line: the one that credits the other, as agency or as publisher, is the copy, unless the other came days
//!    later;
//! 3. both credit one agency that neither is: both may have it from there;
//! 4. dates: the one whose date certainly lies before the other's is the original ([`PublicationDate`]). A day, or a time
//!    without a zone, beside a time with one, may be meant in any zone of the world. A document that has no date of its own
//!    is as old as its dateline, whose day is taken of the year that puts it nearest to the other's date. The later one is no
//!    copy if it credits an agency that the other, a known publisher, is not: it has its text from there;
//! 5. marks of an update, of two texts of one publisher;
//! 6. what holds what: a text that breaks off where the other goes on is a copy, a text that holds several others whole
//!    is made of them. That one of two merely holds the other proves nothing: it was cut, or the other was filled up.
//!
//! Nothing of that, and direction is undecided, unless the user named the source as one. So is it, without a credit or sources
//! named, where two documents share no more than twice the words of the shortest passage.
//!
//! The same evidence gives the same verdict from both sides.
//!
//! **Cost.** The tokens that two documents have in common, for each pair.
//!
//! **Gives up.** Retouched dates, false credits. A reprint that keeps its dateline and has no other date looks as old as
//! the dispatch.

use std::collections::BTreeMap;

use ahash::{AHashMap, AHashSet};
use rayon::prelude::*;

use super::candidates::Common;
use super::witness::{Witness, Witnesses};
use crate::date::PublicationDate;
use crate::document::{Corpus, Side};
use crate::finding::{Role, Span};
use crate::text::Layout;

const HOUR: i64 = 3600;
/// A day begins so much earlier in the east, and ends so much later in the west, than in Greenwich.
const EAST: i64 = 14 * HOUR;
const WEST: i64 = 12 * HOUR;
/// How much later than a text that credits it a dispatch may be.
const VERSIONS: i64 = 72 * HOUR;
/// Share, in thousandths, of what is shared that stands in quotation marks, where nothing else is shared.
const QUOTED: u64 = 800;
/// Tokens outside quotation marks that show that more was taken than a quotation.
const UNQUOTED: u32 = 20;
/// Share of a story, in thousandths, from which it stands whole in another.
const WHOLE: u64 = 900;
/// Share of a story, in thousandths, that stands in another where it breaks off.
const MOST: u64 = 600;
/// Tokens behind the last one that is shared, where a text breaks off: a word or two, *Read more*.
const END: u32 = 8;

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
    /// The target is later, by the dateline of one of them.
    LaterDateline,
    /// The target is earlier, by the dateline of one of them.
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
    /// One of the two has a date that is not believed.
    DoubtedDate,
    /// One of the two has no date.
    NoDate,
    /// No date is certainly earlier.
    SameDate,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 20] = [
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
        Reason::DoubtedDate,
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
            Reason::LaterDateline => "later by a dateline",
            Reason::EarlierDateline => "earlier by a dateline",
            Reason::Update => "marked as an update",
            Reason::UpdatedBySource => "the other is marked as an update",
            Reason::BreaksOff => "breaks off where the source goes on",
            Reason::SourceBreaksOff => "the other breaks off where it goes on",
            Reason::RoundUp => "holds several documents whole",
            Reason::InRoundUp => "the other holds several documents whole",
            Reason::Named => "named as a source",
            Reason::Quotation => "only quotations: shared source possible",
            Reason::Brief => "a few words only",
            Reason::DoubtedDate => "a date years after all others",
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

/// Weighs the evidence.
pub(super) struct Judge<'a> {
    corpus: &'a Corpus,
    witnesses: &'a Witnesses,
    /// By target, what it has in common with which other document.
    overlaps: AHashMap<u32, BTreeMap<u32, Overlap>>,
    /// Targets that hold several others whole.
    round_ups: AHashSet<u32>,
    has_sources: bool,
    /// Tokens that are too few to tell a copy by.
    few: u32,
}

/// What a target and a source have in common, in all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Overlap {
    /// Tokens of the target that the source says, and of the source that the target says.
    pub(super) same: [u32; 2],
    /// Of the target's those that are quotations on both sides.
    quoted: u32,
    /// Where in both it begins and ends.
    extents: [(u32, u32); 2],
    /// Tokens of both documents.
    tokens: [u32; 2],
}

/// A line that tells something, and whether it is the target's.
type Line = (bool, Span);

impl<'a> Judge<'a> {
    /// Measures what each target has in common with each other document.
    pub(super) fn new(
        corpus: &'a Corpus,
        layouts: &[Layout],
        witnesses: &'a Witnesses,
        common: &[Common],
        has_sources: bool,
        few: u32,
    ) -> Self {
        let mut judge =
            Judge { corpus, witnesses, overlaps: AHashMap::new(), round_ups: AHashSet::new(), has_sources, few };
        let of_targets: Vec<&[Common]> =
            common.chunk_by(|one, other| one.target.document == other.target.document).collect();
        let measured: Vec<(u32, BTreeMap<u32, Overlap>)> = of_targets
            .into_par_iter()
            .map(|of_target| (of_target[0].target.document, judge.measure_target(layouts, of_target)))
            .collect();
        judge.round_ups =
            measured.iter().filter(|(_, overlaps)| judge.holds_several(overlaps)).map(|(target, _)| *target).collect();
        judge.overlaps = measured.into_iter().collect();
        judge
    }

    /// What a target and a source have in common.
    pub(super) fn overlap(&self, target: u32, source: u32) -> Overlap {
        self.overlaps.get(&target).and_then(|of_target| of_target.get(&source)).copied().unwrap_or_default()
    }

    /// The token of a document from which only credit lines follow.
    pub(super) fn end_of_story(&self, document: u32) -> Option<u32> {
        self.witnesses.of(document).sign_off
    }

    /// The verdict on a target and each document that it has something in common with.
    pub(super) fn judge_target(&self, target: u32) -> BTreeMap<u32, Verdict> {
        let overlaps = self.overlaps.get(&target).into_iter().flatten();
        overlaps.map(|(source, overlap)| (*source, self.judge(target, *source, overlap))).collect()
    }

    /// Whether what two places have in common is a quotation, and the documents share nothing else.
    pub(super) fn is_quotation(&self, common: &Common, verdict: &Verdict) -> bool {
        let same = common.alignment.same();
        let quoted = pairs(common).filter(|(own, their)| self.is_quoted(common, *own, *their)).count() as u64;
        !verdict.shares_text && same > 0 && quoted * 1000 >= u64::from(same) * QUOTED
    }

    /// An order of documents by age. Those are equal of which none ends before the earliest of them has ended; documents
    /// without a date come last.
    pub(super) fn rank_by_age(&self, documents: impl Iterator<Item = u32>) -> BTreeMap<u32, u32> {
        let mut dated: Vec<(Option<PublicationDate>, u32)> =
            documents.map(|document| (self.witnesses.of(document).date, document)).collect();
        dated
            .sort_by_key(|(date, document)| (date.is_none(), date.map(|date| (date.latest, date.earliest)), *document));
        let mut ages = BTreeMap::new();
        let (mut age, mut border) = (0, None);
        for (date, document) in dated {
            let goes_on = match (date, border) {
                (Some(date), Some(Some(border))) => !is_surely_before(&border, &date),
                (None, Some(None)) => true,
                _ => false,
            };
            if !goes_on {
                age += 1;
                border = Some(date);
            }
            ages.insert(document, age);
        }
        ages
    }

    /// What a target has in common with each other document.
    fn measure_target(&self, layouts: &[Layout], common: &[Common]) -> BTreeMap<u32, Overlap> {
        let mut of_source: BTreeMap<u32, Vec<&Common>> = BTreeMap::new();
        for one in common {
            of_source.entry(one.source.document).or_default().push(one);
        }
        of_source.into_iter().map(|(source, common)| (source, self.measure(layouts, &common))).collect()
    }

    /// What a target and a source have in common. Passages may lie in one another: each token counts once.
    fn measure(&self, layouts: &[Layout], common: &[&Common]) -> Overlap {
        let Some(first) = common.first() else { return Overlap::default() };
        let mut quoted: Vec<u32> = Vec::new();
        let mut sides: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
        for one in common {
            for (own, their) in pairs(one) {
                sides[0].push(own);
                sides[1].push(their);
                if self.is_quoted(one, own, their) {
                    quoted.push(own);
                }
            }
        }
        let settle = |tokens: &mut Vec<u32>| {
            tokens.sort_unstable();
            tokens.dedup();
            tokens.len() as u32
        };
        let extent = |tokens: &[u32]| (tokens.first().copied().unwrap_or(0), tokens.last().map_or(0, |last| last + 1));
        let same = [settle(&mut sides[0]), settle(&mut sides[1])];
        let tokens = [first.target.document, first.source.document];
        Overlap {
            same,
            quoted: settle(&mut quoted),
            extents: [extent(&sides[0]), extent(&sides[1])],
            tokens: tokens.map(|document| layouts[document as usize].starts.len() as u32),
        }
    }

    fn is_quoted(&self, common: &Common, own: u32, their: u32) -> bool {
        let is_quoted =
            |document: u32, token: u32| self.witnesses.of(document).quoted.get(token as usize) == Some(&true);
        is_quoted(common.target.document, own) && is_quoted(common.source.document, their)
    }

    /// Whether a target holds two other documents whole, in places of their own.
    fn holds_several(&self, overlaps: &BTreeMap<u32, Overlap>) -> bool {
        let held =
            || overlaps.iter().filter(|(source, overlap)| self.is_held(overlap.same[1], self.witnesses.of(**source)));
        let first_end = held().map(|(_, overlap)| overlap.extents[0].1).min().unwrap_or(u32::MAX);
        held().any(|(_, overlap)| overlap.extents[0].0 >= first_end)
    }

    /// Whether a document, of which so many tokens stand in another, stands there whole.
    fn is_held(&self, same: u32, witness: &Witness) -> bool {
        witness.story > self.few && u64::from(same) * 1000 >= u64::from(witness.story) * WHOLE
    }

    fn judge(&self, target: u32, source: u32, overlap: &Overlap) -> Verdict {
        let (ours, theirs) = (self.witnesses.of(target), self.witnesses.of(source));
        let same = overlap.same[0];
        let unquoted = same - overlap.quoted;
        let shares_text = unquoted >= UNQUOTED || u64::from(overlap.quoted) * 1000 < u64::from(same) * QUOTED;
        if !shares_text {
            return Verdict { role: Role::Undecided, reason: Reason::Quotation, evidence: None, shares_text };
        }
        // Where both are sources and targets, naming them tells nothing; nor does it make what came before a copy.
        let side = |document: u32| self.corpus.documents[document as usize].origin.side;
        let is_earlier = matches!((ours.date, theirs.date), (Some(own), Some(their)) if is_surely_before(&own, &their));
        let is_named = self.has_sources && !is_earlier && (side(target), side(source)) != (Side::Both, Side::Both);
        let made_of = [target, source].map(|document| self.round_ups.contains(&document));
        let by_credit = weigh_credits(ours, theirs);
        let is_brief = same.min(overlap.same[1]) < self.few && !is_named;
        let decided = |(role, ..): &(Role, Reason, Option<Line>)| *role != Role::Undecided;
        let (role, reason, line) = by_credit
            // What both credit says nothing of one that was named as a source.
            .filter(|told| decided(told) || !is_named)
            .or_else(|| self.weigh_dates(ours, theirs))
            .or_else(|| weigh_updates(ours, theirs))
            .or_else(|| self.weigh_extents(ours, theirs, overlap, made_of))
            .filter(|told| by_credit == Some(*told) || !is_brief)
            .filter(|told| decided(told) || !is_named)
            .unwrap_or_else(|| match (is_named, is_brief) {
                (true, _) => (Role::Copy, Reason::Named, None),
                (_, true) => (Role::Undecided, Reason::Brief, None),
                _ => (Role::Undecided, explain_ignorance(ours, theirs), None),
            });
        let place = |(is_ours, span): Line| (if is_ours { target } else { source }, span);
        Verdict { role, reason, evidence: line.map(place), shares_text }
    }

    /// What dates and datelines tell.
    fn weigh_dates(&self, ours: &Witness, theirs: &Witness) -> Option<(Role, Reason, Option<Line>)> {
        let of_lines = ours.date.is_none() || theirs.date.is_none();
        // One dateline on both is the dispatch's, and says nothing of who printed it first.
        let days = [ours, theirs].map(|witness| witness.day.map(|(day, _)| day));
        if of_lines && days[0].is_some() && days[0] == days[1] {
            return None;
        }
        let (own, their) = (ours.date_near(theirs)?, theirs.date_near(ours)?);
        let line = |witness: &Witness| match witness.date {
            Some(_) => witness.date_line,
            None => witness.day.map(|(_, line)| line),
        };
        let line = line(ours).map(|span| (true, span)).or(line(theirs).map(|span| (false, span)));
        let (role, reason) = match (is_surely_before(&their, &own), is_surely_before(&own, &their)) {
            (true, _) => (Role::Copy, if of_lines { Reason::LaterDateline } else { Reason::Later }),
            (_, true) => (Role::Original, if of_lines { Reason::EarlierDateline } else { Reason::Earlier }),
            _ => return None,
        };
        // What credits an agency has it from there, and not from an outlet that printed it before.
        let is_known = |witness: &Witness| witness.agency.is_some() || witness.publisher.is_some();
        let (later, earlier, is_ours) = if role == Role::Copy { (ours, theirs, true) } else { (theirs, ours, false) };
        match later.credited.first() {
            Some((_, span)) if later.agency.is_none() && is_known(earlier) => {
                Some((Role::Undecided, Reason::CreditsAnother, Some((is_ours, *span))))
            }
            _ => Some((role, reason, line)),
        }
    }

    /// What it tells that one of two texts breaks off, or is made of several.
    fn weigh_extents(
        &self,
        ours: &Witness,
        theirs: &Witness,
        overlap: &Overlap,
        made_of: [bool; 2],
    ) -> Option<(Role, Reason, Option<Line>)> {
        let breaks_off = |side: usize, witness: &Witness, other: &Witness| {
            witness.is_cut_off
                && !other.is_cut_off
                && other.story > witness.story
                && overlap.extents[side].1 + END >= overlap.tokens[side]
                && overlap.extents[1 - side].1 + END < overlap.tokens[1 - side]
                && u64::from(overlap.same[side]) * 1000 >= u64::from(witness.story) * MOST
        };
        let is_held = [self.is_held(overlap.same[0], ours), self.is_held(overlap.same[1], theirs)];
        if breaks_off(0, ours, theirs) {
            Some((Role::Copy, Reason::BreaksOff, None))
        } else if breaks_off(1, theirs, ours) {
            Some((Role::Original, Reason::SourceBreaksOff, None))
        } else if made_of[0] && is_held == [false, true] {
            Some((Role::Copy, Reason::RoundUp, None))
        } else if made_of[1] && is_held == [true, false] {
            Some((Role::Original, Reason::InRoundUp, None))
        } else {
            None
        }
    }
}

/// The equal tokens of a target's place and a source's, in their documents.
fn pairs(common: &Common) -> impl Iterator<Item = (u32, u32)> + '_ {
    let (own, their) = (common.target.start, common.source.start);
    let blocks = common.alignment.blocks.iter();
    blocks.flat_map(move |block| (0..block.length).map(move |at| (own + block.b + at, their + block.a + at)))
}

/// What credit lines tell.
fn weigh_credits(ours: &Witness, theirs: &Witness) -> Option<(Role, Reason, Option<Line>)> {
    // The dispatch that is there may be a later version of the one that was printed, but not by days.
    let is_long_before = |one: &Witness, other: &Witness| match (one.date, other.date) {
        (Some(one), Some(other)) => one.latest.saturating_add(VERSIONS) <= other.earliest,
        _ => false,
    };
    let credits = |one: &Witness, other: &Witness| one.credits(other).filter(|_| !is_long_before(one, other));
    match (credits(ours, theirs), credits(theirs, ours)) {
        // Each has something from the other: this need not be it.
        (Some(_), Some(_)) => return None,
        (Some(span), None) => return Some((Role::Copy, Reason::CreditsSource, Some((true, span)))),
        (None, Some(span)) => return Some((Role::Original, Reason::CreditedBySource, Some((false, span)))),
        (None, None) => {}
    }
    let both = ours.credited.iter().find(|(agency, _)| theirs.credited.iter().any(|(named, _)| named == agency))?;
    Some((Role::Undecided, Reason::BothCredit, Some((true, both.1))))
}

/// What marks of updates tell: of one publisher, since a reprint may have lost the mark.
fn weigh_updates(ours: &Witness, theirs: &Witness) -> Option<(Role, Reason, Option<Line>)> {
    let same_publisher = ours.publisher.is_some() && ours.publisher == theirs.publisher
        || ours.agency.is_some() && ours.agency == theirs.agency;
    let number = |witness: &Witness| witness.update.map(|(_, number)| number);
    if !same_publisher || number(ours) == number(theirs) {
        None
    } else if number(ours) > number(theirs) {
        Some((Role::Copy, Reason::Update, ours.update.map(|(span, _)| (true, span))))
    } else {
        Some((Role::Original, Reason::UpdatedBySource, theirs.update.map(|(span, _)| (false, span))))
    }
}

/// Why nothing tells.
fn explain_ignorance(ours: &Witness, theirs: &Witness) -> Reason {
    if ours.is_date_doubted || theirs.is_date_doubted {
        Reason::DoubtedDate
    } else if ours.date.is_some() && theirs.date.is_some() {
        Reason::SameDate
    } else {
        Reason::NoDate
    }
}

/// Whether one date lies before another, in whatever zone one was meant of which only the other tells.
fn is_surely_before(one: &PublicationDate, other: &PublicationDate) -> bool {
    let slack = match (one.has_zone, other.has_zone) {
        (false, true) => WEST,
        (true, false) => EAST,
        _ => 0,
    };
    one.latest.saturating_add(slack) <= other.earliest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_a_time_without_a_zone_may_be_meant_anywhere() {
        let date = |text: &str| PublicationDate::parse(text).unwrap();
        let before = |one: &str, other: &str| is_surely_before(&date(one), &date(other));
        assert!(before("2021-04-07", "2021-04-08"));
        assert!(!before("2021-04-07", "2021-04-08T11:59:00Z") && before("2021-04-07", "2021-04-08T12:00:00Z"));
        assert!(!before("2021-04-07T10:01:00Z", "2021-04-08") && before("2021-04-07T09:59:59Z", "2021-04-08"));
        assert!(!before("2021-04-07 20:00", "2021-04-08T07:00:00Z") && before("2021-04-07 20:00", "2021-04-07 20:01"));
        assert!(before("2021-04-07T20:00:00+08:00", "2021-04-07T13:00:00Z"));
    }
}
