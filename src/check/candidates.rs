//! Candidates: findings that may be a problem, in the gate's terms, and how often their texts stand in the corpus.
//!
//! A finding and a cluster are the same here: places, some of which count. Its **subjects** are the texts that have to be
//! known for it to be known: the one that stands for all copies, or each document that lies inside another.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::copies::{Copies, Ties};
use super::excuses::{Excuse, Excuses};
use super::judge::Policy;
use super::runs::Sample;
use crate::document::{Corpus, Side};
use crate::finding::{Role, Rule, Scan, Span};
use crate::text::Cutter;

/// Words that repeat by nature if they are fewer: a headline, a phrase of a manual, a page that only leads on.
const SHORT: u32 = 20;

/// A place of a candidate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) document: u32,
    pub(super) span: Span,
    pub(super) count: u32,
    pub(super) role: Role,
}

/// A text that has to be known.
pub(super) struct Subject {
    pub(super) spot: Spot,
    pub(super) sample: Sample,
    /// How often it stands in each document that has it.
    found: BTreeMap<u32, u64>,
}

/// A finding, or a cluster, that may be a problem.
pub(super) struct Candidate {
    pub(super) id: u64,
    pub(super) rule: Rule,
    pub(super) words: u32,
    /// Whose words stand for all.
    pub(super) representative: Spot,
    /// Places that count, by document and place.
    pub(super) places: Vec<Spot>,
    /// Its documents, also those that are excused.
    pub(super) documents: BTreeSet<u32>,
    /// Whether it is short.
    pub(super) is_echo: bool,
    pub(super) subjects: Vec<Subject>,
}

/// What was found, sorted.
#[derive(Default)]
pub(super) struct Selection {
    /// Whole documents first.
    pub(super) candidates: Vec<Candidate>,
    /// With what excuses it.
    pub(super) excused: Vec<(Candidate, Excuse)>,
    /// What excused any place.
    pub(super) used: BTreeSet<Excuse>,
    /// Places whose repetition is nobody's concern.
    pub(super) dismissed: Vec<Spot>,
    /// Of these, what is not even counted as a copy, by document.
    aside: BTreeMap<u32, Vec<Span>>,
}

/// Which documents are whose.
pub(super) struct Sides<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) policy: &'a Policy,
}

impl<'a> Sides<'a> {
    /// Whether a document is checked: what is also there to be compared with is not.
    pub(super) fn is_own(&self, rank: u32) -> bool {
        self.corpus.documents.get(rank as usize).is_some_and(|document| document.origin.side == Side::Subject)
    }

    pub(super) fn path(&self, rank: u32) -> &'a str {
        self.corpus.documents.get(rank as usize).map_or("", |document| &document.origin.path)
    }

    pub(super) fn whole(&self, rank: u32) -> &'a str {
        self.corpus.documents.get(rank as usize).map_or("", |document| &document.text)
    }

    pub(super) fn text(&self, spot: Spot) -> &'a str {
        self.whole(spot.document).get(spot.span.start as usize..spot.span.end as usize).unwrap_or_default()
    }

    fn has_known_text(&self, rank: u32) -> bool {
        self.policy.known_text.contains(self.path(rank))
    }

    fn groups(&self, rank: u32) -> &'a [u32] {
        self.policy.groups.get(self.path(rank)).map_or(&[], Vec::as_slice)
    }

    fn are_of_one_group(&self, documents: &BTreeSet<u32>) -> bool {
        let mut documents = documents.iter();
        let Some(first) = documents.next() else { return false };
        self.groups(*first).iter().any(|group| documents.clone().all(|other| self.groups(*other).contains(group)))
    }

    /// Documents of one group, tied: a version more of a page is no copy more.
    pub(super) fn ties(&self) -> Ties {
        let all = 0..self.corpus.documents.len() as u32;
        let mut ties = Ties::new(all.len(), all.filter(|rank| !self.is_own(*rank)));
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for rank in 0..self.corpus.documents.len() as u32 {
            self.groups(rank).iter().for_each(|group| groups.entry(*group).or_default().push(rank));
        }
        groups.into_values().for_each(|documents| ties.tie(documents, 0));
        ties
    }

    /// Whether a finding is anybody's concern: some place of it is checked, its wording is not allowed, and its documents
    /// are of more than one group.
    fn concerns(&self, candidate: &Candidate) -> bool {
        let documents = &candidate.documents;
        // A document is not to blame for others that lie inside it.
        let holder = candidate.holder();
        let is_checked = documents.iter().any(|document| self.is_own(*document) && Some(*document) != holder);
        let is_known = documents.iter().any(|document| self.has_known_text(*document));
        is_checked && !is_known && !(documents.len() > 1 && self.are_of_one_group(documents))
    }
}

impl Candidate {
    /// The document that holds the others.
    pub(super) fn holder(&self) -> Option<u32> {
        (self.rule == Rule::Contained).then_some(self.representative.document)
    }

    /// How many copies are no repetition: one, but none of what others have that it is compared with. Of what is wrong in
    /// itself every copy counts.
    pub(super) fn least(&self, sides: &Sides) -> u64 {
        let is_wrong_alone = matches!(self.rule, Rule::AlteredQuote | Rule::Boilerplate);
        u64::from(!is_wrong_alone && !self.has_reference(sides))
    }

    fn has_reference(&self, sides: &Sides) -> bool {
        self.places.iter().any(|spot| !sides.is_own(spot.document))
    }

    /// Whether its documents share it because they are tied: what they share is no repetition between them, however often
    /// one of them says it.
    pub(super) fn is_inside(&self, ties: &Ties, sides: &Sides) -> bool {
        let is_of_parts = matches!(self.rule, Rule::SharedPassage | Rule::ReusedQuote);
        let own = self.places.iter().map(|spot| spot.document).filter(|document| sides.is_own(*document));
        let documents: BTreeSet<u32> = own.collect();
        let apart = ties.sum(documents.into_iter().map(|document| (document, 1)), self.has_reference(sides));
        is_of_parts && apart <= self.least(sides)
    }

    /// How often a subject's text stands in documents that are checked, those that are tied counted as the ties say.
    pub(super) fn copies(&self, subject: &Subject, ties: &Ties, sides: &Sides) -> u64 {
        // Of what lies inside another it is those two; what else lies there has other words.
        let holder = self.holder();
        let counts = |spot: &&Spot| {
            let is_of_subject = |holder| spot.document == holder || spot.document == subject.spot.document;
            sides.is_own(spot.document) && holder.is_none_or(is_of_subject)
        };
        let own = self.places.iter().filter(counts).map(|spot| (spot.document, u64::from(spot.count)));
        let has_reference = self.has_reference(sides);
        let in_places = ties.sum(own, has_reference);
        // Of what was altered the words that were not say nothing.
        if self.rule == Rule::AlteredQuote {
            return in_places;
        }
        in_places.max(ties.sum(subject.found.iter().map(|(document, count)| (*document, *count)), has_reference))
    }
}

/// Sorts what was found.
pub(super) fn select(sides: &Sides, scan: &Scan, excuses: &Excuses) -> Selection {
    let mut selection = Selection::default();
    for mut candidate in clusters(sides, scan).chain(findings(scan)) {
        candidate.places.sort_by_key(|spot| (spot.document, spot.span));
        if !excuses.places.is_empty() && !leave_comments_out(&mut candidate, &excuses.places) {
            continue;
        }
        candidate.documents = candidate.places.iter().map(|spot| spot.document).collect();
        if !sides.concerns(&candidate) {
            selection.dismissed.append(&mut candidate.places);
            continue;
        }
        let all = candidate.places.clone();
        let mut by_comment = None;
        candidate.places.retain(|spot| {
            let Some(excuse) = excuses.of_place(candidate.rule, candidate.id, spot.document, spot.span) else {
                return true;
            };
            selection.used.insert(excuse);
            selection.dismissed.push(*spot);
            selection.aside.entry(spot.document).or_default().push(spot.span);
            by_comment.get_or_insert(excuse);
            false
        });
        let copies: u64 = candidate.places.iter().map(|spot| u64::from(spot.count)).sum();
        let is_alone = copies < 2 && candidate.rule != Rule::Boilerplate;
        let has_own = candidate.places.iter().any(|spot| sides.is_own(spot.document));
        let by_id = excuses.of_id(candidate.id);
        selection.used.extend(by_id);
        match by_comment.filter(|_| is_alone || !has_own).or(by_id) {
            Some(excuse) => {
                selection.dismissed.append(&mut candidate.places);
                candidate.places = all;
                selection.excused.push((candidate, excuse));
            }
            None => selection.candidates.push(candidate),
        }
    }
    selection
}

fn clusters<'s>(sides: &'s Sides, scan: &'s Scan) -> impl Iterator<Item = Candidate> + 's {
    scan.clusters.iter().map(|cluster| {
        let spot = |document: u32, role: Role| {
            let end = sides.whole(document).len() as u32;
            Spot { document, span: Span { start: 0, end }, count: 1, role }
        };
        let words = scan.ledgers.get(cluster.representative as usize).map_or(0, |ledger| ledger.tokens);
        Candidate {
            id: cluster.id,
            rule: cluster.rule,
            words,
            representative: spot(cluster.representative, Role::Undecided),
            places: cluster.members.iter().map(|member| spot(member.document, member.role)).collect(),
            documents: BTreeSet::new(),
            is_echo: words < SHORT,
            subjects: Vec::new(),
        }
    })
}

fn findings(scan: &Scan) -> impl Iterator<Item = Candidate> + '_ {
    scan.findings.iter().filter_map(|finding| {
        let spots = finding.occurrences.iter().map(|occurrence| Spot {
            document: occurrence.document,
            span: occurrence.span,
            count: occurrence.count,
            role: occurrence.role,
        });
        let places: Vec<Spot> = spots.collect();
        let may_echo = matches!(finding.rule, Rule::DoubledText | Rule::SharedPassage);
        Some(Candidate {
            id: finding.id,
            rule: finding.rule,
            words: finding.words,
            representative: *places.get(finding.representative as usize)?,
            places,
            documents: BTreeSet::new(),
            is_echo: may_echo && finding.words < SHORT,
            subjects: Vec::new(),
        })
    })
}

/// Takes out the places that are for the most part comments for this program. Whether the rest is a candidate.
fn leave_comments_out(candidate: &mut Candidate, comments: &BTreeMap<u32, Vec<Range<usize>>>) -> bool {
    if candidate.rule.is_of_documents() {
        return true;
    }
    let is_text = |spot: &Spot| {
        let (start, end) = (spot.span.start as usize, spot.span.end as usize);
        let of_document = comments.get(&spot.document).into_iter().flatten();
        let common = of_document.map(|place| place.end.min(end).saturating_sub(place.start.max(start)));
        2 * common.sum::<usize>() <= end - start
    };
    let before = candidate.places.len();
    candidate.places.retain(is_text);
    if let Some(first) = candidate.places.first().filter(|_| !is_text(&candidate.representative)) {
        candidate.representative = *first;
    }
    let copies: u64 = candidate.places.iter().map(|spot| u64::from(spot.count)).sum();
    candidate.places.len() == before || copies > 1
}

impl Selection {
    /// Samples the subjects of all candidates, and counts their copies and those of other samples.
    pub(super) fn count<'s>(
        &mut self,
        sides: &Sides,
        excuses: &Excuses,
        more: impl IntoIterator<Item = &'s Sample>,
    ) -> Copies {
        let excused = self.excused.iter_mut().map(|(candidate, _)| candidate);
        let mut all: Vec<&mut Candidate> = self.candidates.iter_mut().chain(excused).collect();
        all.par_iter_mut().for_each_init(Cutter::default, |cutter, candidate| {
            let holder = candidate.holder();
            let of_representative = std::slice::from_ref(&candidate.representative);
            let spots = if holder.is_some() { candidate.places.as_slice() } else { of_representative };
            let inside =
                |spot: &&Spot| holder != Some(spot.document) && (holder.is_none() || sides.is_own(spot.document));
            let subject = |spot: &Spot| Subject {
                spot: *spot,
                sample: Sample::of([sides.text(*spot)], cutter),
                found: BTreeMap::new(),
            };
            candidate.subjects = spots.iter().filter(inside).map(subject).collect();
        });
        let subjects = all.iter().flat_map(|candidate| &candidate.subjects);
        let runs = subjects.flat_map(|subject| &subject.sample.hashes);
        let more = more.into_iter().flat_map(|sample| &sample.hashes);
        let copies = Copies::count(runs.chain(more).copied(), &counted_texts(sides, excuses, &self.aside));
        all.par_iter_mut().flat_map_iter(|candidate| candidate.subjects.iter_mut()).for_each(|subject| {
            subject.found = copies.of(&subject.sample);
        });
        copies
    }
}

/// The texts in which copies are counted: those that are checked, without what is excused and without our comments.
fn counted_texts<'a>(sides: &Sides<'a>, excuses: &Excuses, aside: &BTreeMap<u32, Vec<Span>>) -> Vec<(u32, &'a str)> {
    let mut texts = Vec::with_capacity(sides.corpus.documents.len());
    for rank in 0..sides.corpus.documents.len() as u32 {
        if !sides.is_own(rank) || sides.has_known_text(rank) {
            continue;
        }
        let text = sides.whole(rank);
        let excused = aside.get(&rank).into_iter().flatten().map(|span| span.start as usize..span.end as usize);
        let comments = excuses.places.get(&rank).into_iter().flatten().cloned();
        let mut left_out: Vec<Range<usize>> = excused.chain(comments).collect();
        left_out.sort_by_key(|range| range.start);
        let mut from = 0;
        for range in left_out {
            texts.extend(text.get(from..range.start).map(|part| (rank, part)));
            from = from.max(range.end);
        }
        texts.extend(text.get(from..).map(|part| (rank, part)));
    }
    texts
}
