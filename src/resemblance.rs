//! Candidates for documents as wholes: pairs that may cover each other, proposed without looking at all pairs.
//!
//! **Bands** of the signatures propose resemblance: equal bands meet with probability 1 − (1 − J⁴)¹⁶: 99.98 % at J =
//! 0.8, 64 % at 0.5.
//!
//! **Samples** propose containment and low resemblance: two documents are a candidate pair if they share a tenth
//! ([`SHARE`]) of the samples that the one with fewer has. See [`sketches`](crate::sketches) for both.
//!
//! Keys are sorted, one band and one range of samples at a time; what stands once can propose nothing and goes. From the
//! rest each document is shown the earlier ones of its keys, of a frequent key the earliest and the nearest only, so
//! thousands of reprints cost as much as they are long and all meet in the same few. What is shown is sorted and
//! counted, a range of documents at a time.
//!
//! **Source.** Broder 1997; Indyk, Motwani 1998 (LSH).
//!
//! **Gives up.** Pairs of low resemblance whose few shared shingles were not sampled; `docs/algorithm.md` has the
//! chances. Of two documents that are covered to 0.70, two fifths of the shingles are left where single words are
//! changed here and there, and more where they are not.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::connected::Connected;
use crate::selection::append_selected;
use crate::sketches::BANDS;
use crate::storage::{Sequence, Storage};
use crate::survey::Survey;

/// A candidate pair shares one in so many of the samples that one of its documents has.
const SHARE: u32 = 10;
/// Candidates with the most shared samples that a document keeps; beyond them only those that it may contain.
const MOST_CANDIDATES: usize = 64;

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
    #[inline(never)] // counted by itself
    pub(crate) fn propose(survey: &mut Survey, storage: &Storage) -> Self {
        let documents = survey.tokens.len();
        let banded = Groups::find(storage, documents, BANDS as u64, documents, |band, keys| {
            survey.each_band(band as usize, |key, document| {
                keys.push(u64::from(key) << 32 | u64::from(document));
            });
        });
        survey.forget_bands();
        let (samples, all) = (survey.count_samples(), survey.count_all_samples());
        let ranges = storage.ranges(8 * all);
        let sampled = Groups::find(storage, documents, ranges, (all / ranges) as usize, |range, keys| {
            survey.each_document(|document, samples| {
                let is_in_range = |key: u32| (u64::from(key) * ranges) >> 32 == range;
                append_selected(keys, samples, is_in_range, |key| u64::from(key) << 32 | u64::from(document));
            });
        });
        survey.forget_sketches();
        let mut candidates = Candidates { all: Vec::new(), offsets: vec![0] };
        let votes = |block: usize| sampled.votes[block] + banded.votes[block];
        let most = storage.votes((0..sampled.votes.len()).map(votes).sum());
        let mut start = 0;
        while start * BLOCK < documents {
            let mut sum = votes(start);
            let more = (start + 1..).take_while(|next| {
                sum += sampled.votes.get(*next).copied().unwrap_or(0) + banded.votes.get(*next).copied().unwrap_or(0);
                next * BLOCK < documents && sum <= most
            });
            let end = start + 1 + more.count();
            let range = start * BLOCK..(end * BLOCK).min(documents);
            let (sampled_votes, banded_votes) = (sampled.vote(&range), banded.vote(&range));
            let ends: Vec<usize> = range.clone().step_by(MERGED).chain([range.end]).collect();
            let merged: Vec<Merge> = ends
                .par_windows(2)
                .map(|ends| {
                    let mut merge = Merge::default();
                    for document in ends[0]..ends[1] {
                        let of_document = |votes| of_document(votes, document as u32);
                        let (sampled_votes, banded_votes) = (of_document(&sampled_votes), of_document(&banded_votes));
                        merge.propose(document, banded_votes, sampled_votes, &samples, &sampled.counts);
                    }
                    merge
                })
                .collect();
            for merge in merged {
                let before = candidates.all.len();
                candidates.offsets.extend(merge.ends.into_iter().map(|end| before + end));
                candidates.all.extend(merge.candidates);
            }
            start = end;
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
        let mut connected = Connected::new(self.offsets.len() - 1);
        let mut is_paired = vec![false; self.offsets.len() - 1];
        for (document, candidates) in self.iter() {
            for candidate in candidates {
                connected.join(document as usize, *candidate as usize);
                is_paired[*candidate as usize] = true;
                is_paired[document as usize] = true;
            }
        }
        connected.settle();
        let paired = (0..is_paired.len()).filter(|document| is_paired[*document]);
        let mut pairs: Vec<(u32, u32)> =
            paired.map(|document| (connected.first(document) as u32, document as u32)).collect();
        pairs.sort_unstable();
        let groups = pairs.chunk_by(|one, other| one.0 == other.0);
        groups.map(|group| group.iter().map(|(_, document)| *document).collect()).collect()
    }
}

/// Documents that are counted together.
const BLOCK: usize = 256;
/// Documents whose proposals are merged one after the other.
const MERGED: usize = 256;
/// Earliest documents of a key that every later one sees.
const FIRST: usize = 16;
/// Documents just before its own that one of a frequent key sees.
const LAST: usize = 16;

/// The keys that several documents have.
struct Groups {
    /// For each key its documents, ascending, behind their number.
    all: Sequence<u32>,
    /// Where the groups of each range of keys end.
    ends: Vec<usize>,
    /// In how many groups each document is.
    counts: Vec<u32>,
    /// How many earlier documents those of each block see.
    votes: Vec<u64>,
}

impl Groups {
    /// Finds groups. `list` lists the keys of one range of so many, about `count`, each above its document.
    fn find(
        storage: &Storage,
        documents: usize,
        ranges: u64,
        count: usize,
        list: impl Fn(u64, &mut Vec<u64>) + Sync,
    ) -> Self {
        let counts: Vec<AtomicU32> = (0..documents).map(|_| AtomicU32::new(0)).collect();
        let votes: Vec<AtomicU64> = (0..documents.div_ceil(BLOCK)).map(|_| AtomicU64::new(0)).collect();
        let find = |range: u64| {
            let mut keys = Vec::with_capacity(count + count / 16);
            list(range, &mut keys);
            keys.sort_unstable();
            keys.dedup();
            let mut groups: Vec<u32> = Vec::new();
            for group in keys.chunk_by(|one, other| one >> 32 == other >> 32).filter(|group| group.len() > 1) {
                groups.push(group.len() as u32);
                groups.extend(group.iter().map(|key| *key as u32));
                for (place, key) in group.iter().enumerate() {
                    let document = *key as u32 as usize;
                    // Sums depend on no order.
                    counts[document].fetch_add(1, Ordering::Relaxed);
                    votes[document / BLOCK].fetch_add(place.min(FIRST + LAST) as u64, Ordering::Relaxed);
                }
            }
            groups
        };
        let (mut all, mut ends) = (storage.sequence(), Vec::new());
        let at_once = storage.at_once(8 * count as u64);
        for start in (0..ranges).step_by(at_once as usize) {
            let found: Vec<Vec<u32>> = (start..(start + at_once).min(ranges)).into_par_iter().map(find).collect();
            for groups in found {
                all.push(&groups);
                ends.push(all.len());
            }
        }
        Groups {
            all,
            ends,
            counts: counts.into_iter().map(AtomicU32::into_inner).collect(),
            votes: votes.into_iter().map(AtomicU64::into_inner).collect(),
        }
    }

    /// What documents of a range see: each below the one that sees it, sorted, as often as it is seen.
    fn vote(&self, range: &Range<usize>) -> Vec<u64> {
        let votes: Vec<Vec<u64>> = (0..self.ends.len())
            .into_par_iter()
            .map(|number| {
                let (mut votes, mut buffer) = (Vec::new(), Vec::new());
                let start = if number == 0 { 0 } else { self.ends[number - 1] };
                let mut rest = self.all.read(start..self.ends[number], &mut buffer);
                while let Some((count, others)) = rest.split_first() {
                    // What could not be read again is zeros.
                    let (group, others) = others.split_at((*count as usize).min(others.len()));
                    rest = others;
                    let from = group.partition_point(|document| (*document as usize) < range.start);
                    for (place, document) in group.iter().enumerate().skip(from) {
                        if *document as usize >= range.end {
                            break;
                        }
                        let first = &group[..place.min(FIRST)];
                        let last = &group[first.len().max(place.saturating_sub(LAST))..place];
                        let seen = first.iter().chain(last);
                        votes.extend(seen.map(|seen| u64::from(*document) << 32 | u64::from(*seen)));
                    }
                }
                votes
            })
            .collect();
        let mut votes = votes.concat();
        votes.par_sort_unstable();
        votes
    }
}

/// What one document sees, of sorted votes.
fn of_document(votes: &[u64], document: u32) -> &[u64] {
    let start = votes.partition_point(|vote| vote >> 32 < u64::from(document));
    let count = votes[start..].iter().take_while(|vote| *vote >> 32 == u64::from(document)).count();
    &votes[start..start + count]
}

/// Merges what is proposed for some documents.
#[derive(Default)]
struct Merge {
    candidates: Vec<u32>,
    /// Where those of each document end.
    ends: Vec<usize>,
    /// Partners of the document at hand with the samples that they share, more if they share a band.
    partners: Vec<(u32, u32)>,
}

impl Merge {
    /// Adds the candidates of a document from what it sees. `samples` tells how many samples each document has, `shared`
    /// how many of them others have too.
    fn propose(&mut self, document: usize, banded: &[u64], sampled: &[u64], samples: &[u32], shared: &[u32]) {
        let Merge { candidates, ends, partners } = self;
        let own = samples[document];
        let enough = |partner: u32| {
            let fewer = own.min(samples[partner as usize]);
            (fewer / SHARE).max(1)
        };
        let count = |same: &[u64]| (same.len() as u32, same[0] as u32);
        let in_band = banded.chunk_by(|one, other| one == other).map(count);
        partners.clear();
        partners.extend(in_band.map(|(count, partner)| (own + count, partner)));
        let alike = sampled.chunk_by(|one, other| one == other).map(count);
        let alike = alike.filter(|(count, partner)| *count >= enough(*partner));
        let is_banded = |partner: u32| banded.binary_search_by_key(&partner, |vote| *vote as u32).is_ok();
        partners.extend(alike.filter(|(_, partner)| !is_banded(*partner)));
        partners.sort_unstable_by_key(|(count, partner)| (Reverse(*count), *partner));
        // A long document may hold any number of short ones: those that show half of their samples here are always
        // looked at.
        let is_kept = |(place, (count, partner)): &(usize, &(u32, u32))| {
            *place < MOST_CANDIDATES || *count * 2 >= shared[*partner as usize]
        };
        candidates.extend(partners.iter().enumerate().filter(is_kept).map(|(_, (_, partner))| *partner));
        ends.push(candidates.len());
    }
}
