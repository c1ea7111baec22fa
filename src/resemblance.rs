//! Candidates for documents as wholes: pairs that may cover each other, proposed without looking at all pairs.
//!
//! **Bands** of the signatures propose resemblance: equal bands meet with probability 1 − (1 − J⁴)¹⁶: 99.98 % at J =
//! 0.8, 64 % at 0.5.
//!
//! **Samples** propose containment and low resemblance: two documents are a candidate pair if they share a tenth
//! ([`SHARE`]) of the samples that the one with fewer has. See [`sketches`](crate::sketches) for both.
//!
//! Keys are sorted, one band at a time; what stands once can propose nothing and goes. The rest are
//! [postings](crate::postings): a frequent key shows its earliest and nearest documents only, so thousands of reprints
//! cost as much as they are long.
//!
//! **Source.** Broder 1997; Indyk, Motwani 1998 (LSH).
//!
//! **Gives up.** Pairs of low resemblance whose few shared shingles were not sampled; `docs/algorithm.md` has the
//! chances. Of two documents that are covered to 0.70, two fifths of the shingles are left where single words are
//! changed here and there, and more where they are not.

use std::cmp::Reverse;
use std::ops::Range;

use ahash::AHashSet;
use rayon::prelude::*;

use crate::postings::{Postings, Record, SeenAgain};
use crate::sketches::BANDS;
use crate::survey::{Samples, Survey};

/// A candidate pair shares one in so many of the samples that one of its documents has.
const SHARE: u32 = 10;
/// Candidates with the most shared samples that a document keeps; beyond them only those that it may contain.
const MOST_CANDIDATES: usize = 64;

/// For each document, the earlier documents it may repeat, most promising first.
#[derive(Debug)]
pub(crate) struct Candidates {
    of: Vec<Vec<u32>>,
}

impl Candidates {
    /// Proposes pairs for all documents.
    pub(crate) fn propose(survey: &mut Survey) -> Self {
        let documents = survey.tokens.len();
        let counts = count_samples(&survey.samples, documents);
        let count = survey.samples.iter().map(Samples::len).sum();
        let mut sampled = Vec::new();
        keep_repeated(&survey.samples, count, Samples::each, |key, document| {
            sampled.push(Record { key: u64::from(key), document, position: 0 });
        });
        survey.samples = Vec::new();
        let stretches: Vec<Range<usize>> =
            (0..documents).step_by(STRETCH).map(|start| start..(start + STRETCH).min(documents)).collect();
        let mut banded = Vec::new();
        for band in 0..BANDS {
            let each = |stretch: &Range<usize>, look: &mut dyn FnMut(u32, u32)| {
                for document in stretch.clone().filter(|document| survey.tokens[*document] > 0) {
                    look(survey.bands[document][band], document as u32);
                }
            };
            keep_repeated(&stretches, documents, each, |key, document| {
                banded.push(Record { key: (band as u64) << 32 | u64::from(key), document, position: 0 });
            });
        }
        survey.bands = Vec::new();
        let (bands, samples) = (Postings::build(banded, documents), Postings::build(sampled, documents));
        let of = (0..documents)
            .into_par_iter()
            .with_min_len(1024)
            .map(|document| merge_proposals(document, &bands, &samples, &counts))
            .collect();
        Candidates { of }
    }

    /// The earlier documents that a document may repeat, most promising first.
    pub(crate) fn of(&self, document: u32) -> &[u32] {
        &self.of[document as usize]
    }

    /// Pairs proposed.
    pub(crate) fn count(&self) -> u64 {
        self.of.iter().map(|candidates| candidates.len() as u64).sum()
    }

    /// Documents that candidate pairs connect, by rank; each group has two at least.
    pub(crate) fn connected(&self) -> Vec<Vec<u32>> {
        let mut first: Vec<u32> = (0..self.of.len() as u32).collect();
        let find = |first: &mut Vec<u32>, mut document: u32| {
            while first[document as usize] != document {
                // Every other step is shortened on the way.
                let next = first[first[document as usize] as usize];
                first[document as usize] = next;
                document = next;
            }
            document
        };
        for (document, candidates) in self.of.iter().enumerate() {
            for candidate in candidates {
                let (one, other) = (find(&mut first, document as u32), find(&mut first, *candidate));
                first[one.max(other) as usize] = one.min(other);
            }
        }
        let mut is_paired = vec![false; self.of.len()];
        for (document, candidates) in self.of.iter().enumerate().filter(|(_, candidates)| !candidates.is_empty()) {
            is_paired[document] = true;
            candidates.iter().for_each(|candidate| is_paired[*candidate as usize] = true);
        }
        let paired = (0..self.of.len() as u32).filter(|document| is_paired[*document as usize]);
        let mut pairs: Vec<(u32, u32)> = paired.map(|document| (find(&mut first, document), document)).collect();
        pairs.sort_unstable();
        let groups = pairs.chunk_by(|one, other| one.0 == other.0);
        groups.map(|group| group.iter().map(|(_, document)| *document).collect()).collect()
    }
}

/// Documents whose keys are looked at together.
const STRETCH: usize = 4096;

/// Hands on the keys that several documents have, sorted by key and document. `each` shows the keys of a part, each with
/// its document; there are about `count`.
fn keep_repeated<P: Sync>(
    parts: &[P],
    count: usize,
    each: impl Fn(&P, &mut dyn FnMut(u32, u32)) + Sync,
    mut keep: impl FnMut(u32, u32),
) {
    let seen = SeenAgain::with_capacity(count);
    parts.par_iter().for_each(|part| each(part, &mut |key, _| seen.mark(u64::from(key))));
    let repeated: Vec<Vec<u64>> = parts
        .par_iter()
        .map(|part| {
            let mut repeated = Vec::new();
            each(part, &mut |key, document| {
                if seen.again(u64::from(key)) {
                    repeated.push(u64::from(key) << 32 | u64::from(document));
                }
            });
            repeated
        })
        .collect();
    drop(seen);
    let mut keys = repeated.concat();
    drop(repeated);
    keys.par_sort_unstable();
    keys.dedup();
    for same in keys.chunk_by(|one, other| one >> 32 == other >> 32).filter(|same| same.len() > 1) {
        same.iter().for_each(|key| keep((key >> 32) as u32, *key as u32));
    }
}

/// How many samples each document has, shared or not.
fn count_samples(parts: &[Samples], documents: usize) -> Vec<u32> {
    let mut counts = vec![0; documents];
    for (document, count) in parts.iter().flat_map(|part| &part.documents) {
        counts[*document as usize] += count;
    }
    counts
}

/// The candidates of a document; `counts` tells how many samples each document has, shared or not.
fn merge_proposals(document: usize, bands: &Postings, samples: &Postings, counts: &[u32]) -> Vec<u32> {
    let partners_in = |postings: &Postings| {
        let mut partners: Vec<u32> = postings
            .of(document)
            .iter()
            .flat_map(|number| {
                let (first, last) = postings.earlier(*number);
                first.iter().chain(last).map(|record| record.document)
            })
            .collect();
        partners.sort_unstable();
        partners
    };
    let own = counts[document];
    let enough = |partner: u32| {
        let fewer = own.min(counts[partner as usize]);
        (fewer / SHARE).max(1)
    };
    let sampled = partners_in(samples);
    let mut votes: Vec<(u32, u32)> = sampled
        .chunk_by(|one, other| one == other)
        .map(|same| (same.len() as u32, same[0]))
        .filter(|(count, partner)| *count >= enough(*partner))
        .collect();
    let banded = partners_in(bands);
    votes.extend(banded.chunk_by(|one, other| one == other).map(|same| (own + same.len() as u32, same[0])));
    votes.sort_unstable_by_key(|(count, partner)| (Reverse(*count), *partner));
    let mut seen = AHashSet::new();
    votes.retain(|(_, partner)| seen.insert(*partner));
    // A long document may hold any number of short ones: those that show half of their samples here are always looked
    // at.
    let mut kept = 0;
    votes.retain(|(count, partner)| {
        kept += 1;
        kept <= MOST_CANDIDATES || *count * 2 >= samples.of(*partner as usize).len() as u32
    });
    votes.into_iter().map(|(_, partner)| partner).collect()
}
