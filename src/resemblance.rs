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

use rayon::prelude::*;

use crate::postings::{Postings, Record};
use crate::sketches::BANDS;
use crate::survey::{Samples, Survey};

/// A candidate pair shares one in so many of the samples that one of its documents has.
const SHARE: u32 = 10;
/// Candidates with the most shared samples that a document keeps; beyond them only those that it may contain.
const MOST_CANDIDATES: usize = 64;

/// Key ranges of samples that are sorted one by one.
const RANGES: u64 = 4;

/// For each document, the earlier documents it may repeat, most promising first.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// Of all documents, one after the other.
    all: Vec<u32>,
    /// Where those of each document begin; one more entry than documents.
    offsets: Vec<usize>,
}

impl Candidates {
    /// Proposes pairs for all documents.
    pub(crate) fn propose(survey: &mut Survey) -> Self {
        let documents = survey.tokens.len();
        let counts = count_samples(&survey.samples, documents);
        let sampled = in_parts(RANGES, |range, keys| {
            let is_in = |key: u32| u64::from(key) * RANGES >> 32 == range;
            for samples in &survey.samples {
                samples.each(|key, document| {
                    if is_in(key) {
                        keys.push(u64::from(key) << 32 | u64::from(document));
                    }
                });
            }
        });
        survey.samples = Vec::new();
        let banded = in_parts(BANDS as u64, |band, keys| {
            let all = survey.tokens.iter().zip(&survey.bands).enumerate().filter(|(_, (tokens, _))| **tokens > 0);
            keys.extend(all.map(|(rank, (_, bands))| u64::from(bands[band as usize]) << 32 | rank as u64));
        });
        survey.bands = Vec::new();
        let (bands, samples) = (Postings::build(banded, documents), Postings::build(sampled, documents));
        let parts: Vec<(Vec<u32>, Vec<u32>)> = (0..documents)
            .into_par_iter()
            .step_by(STRETCH)
            .map(|start| {
                let (mut all, mut ends, mut merge) = (Vec::new(), Vec::new(), Merge::default());
                for document in start..(start + STRETCH).min(documents) {
                    merge.propose(document, &bands, &samples, &counts, &mut all);
                    ends.push(all.len() as u32);
                }
                (all, ends)
            })
            .collect();
        let mut candidates = Candidates { all: Vec::new(), offsets: Vec::with_capacity(documents + 1) };
        candidates.offsets.push(0);
        for (all, ends) in parts {
            let start = candidates.all.len();
            candidates.offsets.extend(ends.into_iter().map(|end| start + end as usize));
            candidates.all.extend(all);
        }
        candidates
    }

    /// The earlier documents that a document may repeat, most promising first.
    pub(crate) fn of(&self, document: u32) -> &[u32] {
        let document = document as usize;
        &self.all[self.offsets[document]..self.offsets[document + 1]]
    }

    /// Pairs proposed.
    pub(crate) fn count(&self) -> u64 {
        self.all.len() as u64
    }

    /// Every document with its candidates.
    fn iter(&self) -> impl Iterator<Item = (u32, &[u32])> {
        (0..self.offsets.len() as u32 - 1).map(|document| (document, self.of(document)))
    }

    /// Documents that candidate pairs connect, by rank; each group has two at least.
    pub(crate) fn connected(&self) -> Vec<Vec<u32>> {
        let mut first: Vec<u32> = (0..self.offsets.len() as u32 - 1).collect();
        let mut is_paired = vec![false; first.len()];
        let find = |first: &mut Vec<u32>, mut document: u32| {
            while first[document as usize] != document {
                // Every other step is shortened on the way.
                let next = first[first[document as usize] as usize];
                first[document as usize] = next;
                document = next;
            }
            document
        };
        for (document, candidates) in self.iter() {
            for candidate in candidates {
                let (one, other) = (find(&mut first, document), find(&mut first, *candidate));
                first[one.max(other) as usize] = one.min(other);
                is_paired[*candidate as usize] = true;
                is_paired[document as usize] = true;
            }
        }
        let paired = (0..is_paired.len() as u32).filter(|document| is_paired[*document as usize]);
        let mut pairs: Vec<(u32, u32)> = paired.map(|document| (find(&mut first, document), document)).collect();
        pairs.sort_unstable();
        let groups = pairs.chunk_by(|one, other| one.0 == other.0);
        groups.map(|group| group.iter().map(|(_, document)| *document).collect()).collect()
    }
}

/// Documents whose proposals are merged one after the other.
const STRETCH: usize = 1024;

/// Records of the keys that several documents have, sorted by key and document. `list` lists the keys of one part of
/// so many, each above its document.
fn in_parts(parts: u64, list: impl Fn(u64, &mut Vec<u64>) + Sync) -> Vec<Record> {
    let repeated: Vec<Vec<u64>> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let mut keys = Vec::new();
            list(part, &mut keys);
            keys.sort_unstable();
            keys.dedup();
            let groups = keys.chunk_by(|one, other| one >> 32 == other >> 32);
            groups.filter(|group| group.len() > 1).flatten().copied().collect()
        })
        .collect();
    let mut records = Vec::with_capacity(repeated.iter().map(Vec::len).sum());
    for (part, keys) in repeated.into_iter().enumerate() {
        let record = |key: u64| Record { key: (part as u64) << 32 | key >> 32, document: key as u32, position: 0 };
        records.extend(keys.into_iter().map(record));
    }
    records
}

/// How many samples each document has, shared or not.
fn count_samples(parts: &[Samples], documents: usize) -> Vec<u32> {
    let mut counts = vec![0; documents];
    for (document, count) in parts.iter().flat_map(|part| &part.documents) {
        counts[*document as usize] += count;
    }
    counts
}

/// Merges what is proposed for a document; buffers serve one document after the other.
#[derive(Default)]
struct Merge {
    banded: Vec<u32>,
    sampled: Vec<u32>,
    /// Partners with the samples that they share, more if they share a band.
    votes: Vec<(u32, u32)>,
}

impl Merge {
    /// Appends the candidates of a document; `counts` tells how many samples each document has, shared or not.
    fn propose(
        &mut self,
        document: usize,
        bands: &Postings,
        samples: &Postings,
        counts: &[u32],
        candidates: &mut Vec<u32>,
    ) {
        let Merge { banded, sampled, votes } = self;
        list_partners(bands, document, banded);
        list_partners(samples, document, sampled);
        let own = counts[document];
        let enough = |partner: u32| {
            let fewer = own.min(counts[partner as usize]);
            (fewer / SHARE).max(1)
        };
        let count = |same: &[u32]| (same.len() as u32, same[0]);
        votes.clear();
        votes.extend(banded.chunk_by(|one, other| one == other).map(count).map(|(count, partner)| (own + count, partner)));
        votes.extend(
            sampled
                .chunk_by(|one, other| one == other)
                .map(count)
                .filter(|(count, partner)| *count >= enough(*partner) && banded.binary_search(partner).is_err()),
        );
        votes.sort_unstable_by_key(|(count, partner)| (Reverse(*count), *partner));
        // A long document may hold any number of short ones: those that show half of their samples here are always
        // looked at.
        let is_kept = |(place, (count, partner)): &(usize, &(u32, u32))| {
            *place < MOST_CANDIDATES || *count * 2 >= samples.of(*partner as usize).len() as u32
        };
        candidates.extend(votes.iter().enumerate().filter(is_kept).map(|(_, (_, partner))| *partner));
    }
}

/// The documents whose records a document sees, ascending, each as often as it is seen.
fn list_partners(postings: &Postings, document: usize, partners: &mut Vec<u32>) {
    partners.clear();
    for number in postings.of(document) {
        let (first, last) = postings.earlier(*number);
        partners.extend(first.iter().chain(last).map(|record| record.document));
    }
    partners.sort_unstable();
}
