//! Clusters: whole documents that cover each other, or lie inside a longer one.
//!
//! **Verdicts**, on the tokens of the story (furniture left out; a document of nothing but furniture is compared
//! whole). With *coverage* as in [`coverage`](crate::coverage) and the setting c (0.70):
//!
//! - `near-duplicate`: both documents are covered ≥ c, a [fact](crate::facts) that differs in step counting for one
//!   word and a half (or, under `--similarity s`, their resemblance is ≥ s);
//! - `contained`: one document of at least `min_words` words is covered ≥ c in the same way, the other is not.
//!
//! Under `--similarity`, two documents that cover each other but resemble too little are neither.
//!
//! **Joining.** Verified pairs are taken strongest first. Two clusters join by such a pair if every member of the one
//! that loses its representative still reaches [`LEAST_TO_REPRESENTATIVE`] with the representative that remains, the
//! earliest document. So one chance pair does not chain strangers together, and versions of a story that grew apart
//! step by step are not split needlessly.
//!
//! **Contained.** A contained document goes to the longest verified document that holds it (the earliest of equals).
//!
//! **Cost.** At most 64 candidates a document, and most are settled by an upper bound; a document that has found
//! [`ENOUGH`] partners stops looking. The full evidence is made once a member.
//!
//! **Gives up.** Pairs beyond ENOUGH partners are not looked at; their documents meet through the partners found.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::census::Census;
use crate::coverage::{Grams, coverage, tile};
use crate::document::Document;
use crate::facts::{count_in_step, find_facts};
use crate::families::resemblance;
use crate::finding::{Ratio, Rule};
use crate::progress::Progress;
use crate::resemblance::{Candidates, shingle_set};
use crate::settings::Settings;
use crate::text::{Layout, count_words};

/// Least coverage, both ways, between a member and its cluster's representative, in thousandths.
const LEAST_TO_REPRESENTATIVE: u32 = 500;
/// Partners after which a document stops looking.
const ENOUGH: usize = 2;

/// Documents that belong together, by rank; `representative` is one of them.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) rule: Rule,
    pub(crate) representative: u32,
    pub(crate) members: Vec<Evidence>,
}

/// A member's exact evidence against the representative.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) document: u32,
    pub(crate) coverage: [Ratio; 2],
    pub(crate) resemblance: Ratio,
}

/// All groups, and how many pairs were verified.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    pub(crate) groups: Vec<Group>,
    pub(crate) verified: u64,
}

/// A verified pair of documents, `one < other` by rank.
#[derive(Debug, Clone, Copy)]
struct Edge {
    one: u32,
    other: u32,
    kind: EdgeKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EdgeKind {
    /// Near-duplicates, with their strength in thousandths.
    Alike(u32),
    /// The first is contained in the second.
    InOther,
    /// The second is contained in the first.
    InOne,
}

/// Verifies candidates and joins them into clusters.
pub(crate) fn join(
    candidates: &Candidates,
    documents: &[Document],
    layouts: &[Layout],
    census: &Census,
    settings: &Settings,
    progress: &dyn Progress,
) -> Groups {
    let joining = Joining { documents, layouts, census, settings };
    let edges: Vec<Edge> = (0..layouts.len())
        .into_par_iter()
        .flat_map_iter(|document| {
            let edges = joining.verify(document as u32, candidates.of(document));
            progress.advance(1);
            edges
        })
        .collect();
    let mut groups = Vec::new();
    if settings.wants(Rule::NearDuplicate) {
        groups.extend(joining.join_alike(&edges));
    }
    if settings.wants(Rule::Contained) {
        groups.extend(joining.gather_contained(&edges));
    }
    groups.sort_by_key(|group: &Group| (Reverse(group.members.len()), group.rule, group.representative));
    Groups { groups, verified: edges.len() as u64 }
}

struct Joining<'a> {
    documents: &'a [Document],
    layouts: &'a [Layout],
    census: &'a Census,
    settings: &'a Settings,
}

impl Joining<'_> {
    fn story(&self, document: u32) -> Cow<'_, [u32]> {
        self.census.story_tokens(document as usize, &self.layouts[document as usize])
    }

    /// The verified pairs of a document with its candidates.
    fn verify(&self, document: u32, candidates: &[u32]) -> Vec<Edge> {
        let mut edges = Vec::new();
        if candidates.is_empty() {
            return edges;
        }
        let story = self.story(document);
        let grams = Grams::of(&story);
        let shingles = self.settings.similarity.map(|_| shingle_set(&story));
        let mut partners = 0;
        for candidate in candidates {
            let other = self.story(*candidate);
            let Some(kind) = self.judge((*candidate, &other), (document, &story), &grams, shingles.as_deref()) else {
                continue;
            };
            // A long document may hold any number of short ones; copies of itself it need not know all.
            partners += usize::from(kind != EdgeKind::InOther);
            edges.push(Edge { one: *candidate, other: document, kind });
            if partners >= ENOUGH {
                break;
            }
        }
        edges
    }

    fn judge(
        &self,
        (one_document, one): (u32, &[u32]),
        (other_document, other): (u32, &[u32]),
        other_grams: &Grams,
        other_shingles: Option<&[u64]>,
    ) -> Option<EdgeKind> {
        let shorter = one.len().min(other.len()) as u64;
        let least = u64::from(self.settings.coverage);
        if let (Some(similarity), Some(other_shingles)) = (self.settings.similarity, other_shingles) {
            let strength = resemblance(&shingle_set(one), other_shingles).thousandths();
            if strength >= similarity {
                return Some(EdgeKind::Alike(strength));
            }
        }
        if u64::from(other_grams.most_tiled(one)) * 1000 < least * shorter {
            return None;
        }
        let tiling = tile(one, other);
        let tiled = u64::from(tiling.count());
        if tiled * 1000 < least * shorter {
            return None;
        }
        let in_step = count_in_step(&self.facts(one_document), &tiling.in_a, &self.facts(other_document), &tiling.in_b);
        // Twice the words, so that half a word stays an integer.
        let weight = |tokens: &[u32]| 2 * tokens.len() as u64 + u64::from(in_step);
        let covered = |tokens: &[u32]| Ratio::new(2 * tiled, weight(tokens)).thousandths();
        let is_covered = |tokens: &[u32]| covered(tokens) >= self.settings.coverage;
        let is_long = |tokens: &[u32]| count_words(tokens) >= self.settings.min_words;
        match (is_covered(one), is_covered(other)) {
            (true, true) if self.settings.similarity.is_none() => {
                Some(EdgeKind::Alike(covered(one).min(covered(other))))
            }
            (true, false) if is_long(one) => Some(EdgeKind::InOther),
            (false, true) if is_long(other) => Some(EdgeKind::InOne),
            _ => None,
        }
    }

    fn facts(&self, document: u32) -> Vec<bool> {
        let layout = &self.layouts[document as usize];
        let mut stretches = self.census.story_segments(document as usize, layout);
        if stretches.is_empty() {
            stretches.push(0..layout.starts.len());
        }
        find_facts(&self.documents[document as usize].text, layout, &stretches)
    }

    /// Whether two documents reach the lower bound between a member and its representative.
    fn is_near(&self, one: u32, other: u32) -> bool {
        coverage(&self.story(one), &self.story(other))
            .iter()
            .all(|share| share.thousandths() >= LEAST_TO_REPRESENTATIVE)
    }

    fn join_alike(&self, edges: &[Edge]) -> Vec<Group> {
        let mut alike: Vec<(u32, u32, u32)> = edges
            .iter()
            .filter_map(|edge| match edge.kind {
                EdgeKind::Alike(strength) => Some((strength, edge.one, edge.other)),
                _ => None,
            })
            .collect();
        alike.sort_unstable_by_key(|(strength, one, other)| (Reverse(*strength), *one, *other));
        let mut representative: Vec<u32> = (0..self.layouts.len() as u32).collect();
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (_, first, second) in alike {
            let (one, other) = (representative[first as usize], representative[second as usize]);
            let (stays, goes) = (one.min(other), one.max(other));
            if stays == goes {
                continue;
            }
            let going = members.remove(&goes).unwrap_or_else(|| vec![goes]);
            // A pair that was verified with the representative itself needs no second look.
            let is_verified =
                (stays, going.as_slice()) == (first, [second].as_slice()) && self.settings.similarity.is_none();
            if is_verified || going.par_iter().all(|member| self.is_near(stays, *member)) {
                for member in &going {
                    representative[*member as usize] = stays;
                }
                members.entry(stays).or_insert_with(|| vec![stays]).extend(going);
            } else if going.len() > 1 {
                members.insert(goes, going);
            }
        }
        members
            .into_iter()
            .map(|(representative, members)| self.describe(Rule::NearDuplicate, representative, members))
            .collect()
    }

    fn gather_contained(&self, edges: &[Edge]) -> Vec<Group> {
        let mut holders: BTreeMap<u32, u32> = BTreeMap::new();
        let length = |document: u32| self.layouts[document as usize].fingerprints.len();
        for edge in edges {
            let (inner, outer) = match edge.kind {
                EdgeKind::InOther => (edge.one, edge.other),
                EdgeKind::InOne => (edge.other, edge.one),
                EdgeKind::Alike(_) => continue,
            };
            let holder = holders.entry(inner).or_insert(outer);
            if (length(outer), Reverse(outer)) > (length(*holder), Reverse(*holder)) {
                *holder = outer;
            }
        }
        let mut held: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (inner, outer) in holders {
            held.entry(outer).or_insert_with(|| vec![outer]).push(inner);
        }
        held.into_iter().map(|(outer, members)| self.describe(Rule::Contained, outer, members)).collect()
    }

    /// Makes the evidence of all members against the representative.
    fn describe(&self, rule: Rule, representative: u32, mut members: Vec<u32>) -> Group {
        members.sort_unstable();
        let story = self.story(representative);
        let shingles = shingle_set(&story);
        let members = members
            .par_iter()
            .map(|member| {
                if *member == representative {
                    return Evidence { document: *member, coverage: [Ratio::ONE; 2], resemblance: Ratio::ONE };
                }
                let own = self.story(*member);
                Evidence {
                    document: *member,
                    coverage: coverage(&own, &story),
                    resemblance: resemblance(&shingle_set(&own), &shingles),
                }
            })
            .collect();
        Group { rule, representative, members }
    }
}
