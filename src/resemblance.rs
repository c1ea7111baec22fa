//! Candidates for documents as wholes: pairs that may cover each other, proposed without looking at all pairs.
//!
//! **Shingles** are runs of [`SHINGLE`] tokens of the story (furniture left out), across unit borders. A shorter
//! document is one shingle as a whole.
//!
//! **Bands** propose resemblance. The signature of a document has [`ROWS`] values, each that of a shingle chosen as
//! MinHash does; [`ROWS_A_BAND`] neighbouring ones make a band; equal bands meet with probability 1 − (1 − J⁴)¹⁶: 99.98 % at J = 0.8, 64 % at 0.5.
//!
//! **Sampled shingles** propose containment and low resemblance. A document keeps the shingles whose hash is below 2⁶⁴
//! / [`RATE`] (the same ones wherever they stand), and at least its [`FLOOR`] smallest; only shingles that stand
//! elsewhere too count, so no sample is wasted. For the floor of a short document to meet a long one, all documents are
//! asked for floor shingles in a second pass. Two documents that share [`SHARED_SAMPLES`] of them are a candidate pair.
//!
//! Both are [postings](crate::postings): a frequent key shows its earliest and nearest documents only, so thousands
//! of reprints cost as much as they are long.
//!
//! **Signatures** are made by Fast Similarity Sketching: in each round every shingle falls into one of the values by its
//! hash, and the smallest wins; rounds go on until every value has a shingle, and what an earlier round chose stays.
//! A document of 300 shingles and more mostly needs one round, where a permutation for each value needs [`ROWS`].
//!
//! **Source.** Broder 1997; Indyk, Motwani 1998 (LSH); Dahlgaard, Knudsen, Thorup, *Fast Similarity Sketching*, FOCS
//! 2017; Irber et al. 2022 (FracMinHash).
//!
//! **Gives up.** Pairs of low resemblance whose few shared shingles were not sampled: at containment C of 5-token
//! shingles, a pair with 16 samples is proposed with probability 1 − (1 − C)¹⁶ − 16 C (1 − C)¹⁵: 97 % at 0.3, 86 % at
//! 0.2.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ahash::AHashSet;
use rayon::prelude::*;

use crate::census::Census;
use crate::hash::{Purpose, hash_run, permute, row_seed};
use crate::postings::{Postings, Record, SeenAgain};
use crate::text::Layout;

/// Tokens of a shingle.
pub(crate) const SHINGLE: usize = 5;
/// Values of a signature.
const ROWS: usize = 64;
/// Values hashed together.
const ROWS_A_BAND: usize = 4;
/// One of so many shingles is sampled.
const RATE: u64 = 16;
/// Least number of sampled shingles of a document.
const FLOOR: usize = 16;
/// Samples that a candidate pair shares.
const SHARED_SAMPLES: u32 = 2;
/// Candidates with the most shared samples that a document keeps; beyond them only those that it may contain.
const MOST_CANDIDATES: usize = 64;

/// Calls `keep` with the hash of every shingle, in text order.
fn each_shingle(tokens: &[u32], mut keep: impl FnMut(u64)) {
    if tokens.len() >= SHINGLE {
        tokens.windows(SHINGLE).for_each(|run| keep(hash_run(run, Purpose::Shingle)));
    } else if !tokens.is_empty() {
        keep(hash_run(tokens, Purpose::Shingle));
    }
}

/// The sorted set of shingle hashes of a token sequence.
pub(crate) fn shingle_set(tokens: &[u32]) -> Vec<u64> {
    let mut shingles = Vec::with_capacity(tokens.len());
    each_shingle(tokens, |shingle| shingles.push(shingle));
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// Bands of a signature.
const BANDS: usize = ROWS / ROWS_A_BAND;

/// The hash of each band of a document's signature. An empty document has none that equals another's.
fn band_keys(tokens: &[u32]) -> [u64; BANDS] {
    let signature = sketch(tokens);
    std::array::from_fn(|band| {
        let rows = &signature[band * ROWS_A_BAND..][..ROWS_A_BAND];
        rows.iter().fold(band as u64, |key, least| permute(key ^ least, Purpose::Shingle as u64))
    })
}

/// The signature of a document: in each row the least value of any shingle, the round before the hash.
fn sketch(tokens: &[u32]) -> [u64; ROWS] {
    const EMPTY: u64 = u64::MAX;
    let mut signature = [EMPTY; ROWS];
    let mut empty = if tokens.is_empty() { 0 } else { ROWS };
    let mut round = 0;
    while empty > 0 {
        // Other permutations than those of units.
        let seed = row_seed(64 + round);
        each_shingle(tokens, |shingle| {
            let hash = permute(shingle, seed);
            // After as many rounds as there are rows, each round fills one that is empty still.
            let row = if round < ROWS { hash as usize % ROWS } else { round - ROWS };
            let value = (round as u64) << ROUND | hash >> (64 - ROUND);
            if value < signature[row] {
                empty -= usize::from(signature[row] == EMPTY);
                signature[row] = value;
            }
        });
        round += 1;
    }
    signature
}

/// Bits of a value that are the hash's; those above are the round's, and fewer than two rounds a row are ever made.
const ROUND: u32 = 56;

/// For each document, the earlier documents it may repeat, most promising first.
#[derive(Debug)]
pub(crate) struct Candidates {
    of: Vec<Vec<u32>>,
}

impl Candidates {
    /// Proposes pairs for all documents.
    pub(crate) fn propose(layouts: &[Layout], census: &Census) -> Self {
        let documents = layouts.len();
        let story = |document: usize| census.story_tokens(document, &layouts[document]);
        let tokens: usize = layouts.iter().map(|layout| layout.fingerprints.len()).sum();

        // First pass: which keys stand more than once. The rest can propose nothing and is not stored.
        let (shingles_seen, bands_seen) =
            (SeenAgain::with_capacity(tokens), SeenAgain::with_capacity(documents * BANDS));
        let bands: Vec<[u64; BANDS]> = (0..documents)
            .into_par_iter()
            .map(|document| {
                let tokens = story(document);
                each_shingle(&tokens, |shingle| shingles_seen.mark(shingle));
                let keys = band_keys(&tokens);
                if !tokens.is_empty() {
                    keys.iter().for_each(|key| bands_seen.mark(*key));
                }
                keys
            })
            .collect();
        let banded: Vec<Record> = bands
            .iter()
            .enumerate()
            .filter(|(document, _)| !layouts[*document].fingerprints.is_empty())
            .flat_map(|(document, keys)| keys.map(|key| Record { key, document: document as u32, position: 0 }))
            .filter(|record| bands_seen.again(record.key))
            .collect();
        drop((bands, bands_seen));

        // Second pass: samples. Third pass: who else has the floor shingles of documents with few samples.
        let drafts: Vec<(Vec<u64>, Vec<u64>)> =
            (0..documents).into_par_iter().map(|document| draw_samples(&story(document), &shingles_seen)).collect();
        let mut samples = Vec::new();
        let mut asked: AHashSet<u64> = AHashSet::new();
        for (document, (sampled, floor)) in drafts.into_iter().enumerate() {
            samples.extend(sampled.into_iter().map(|key| Record { key, document: document as u32, position: 0 }));
            asked.extend(floor);
        }
        if !asked.is_empty() {
            let answers: Vec<Vec<u64>> = (0..documents)
                .into_par_iter()
                .map(|document| {
                    let mut answers = DistinctKeys::default();
                    each_shingle(&story(document), |shingle| {
                        if shingles_seen.again(shingle) && asked.contains(&shingle) {
                            answers.push(shingle);
                        }
                    });
                    answers.into_sorted()
                })
                .collect();
            for (document, answers) in answers.into_iter().enumerate() {
                samples.extend(answers.into_iter().map(|key| Record { key, document: document as u32, position: 0 }));
            }
        }
        drop((asked, shingles_seen));
        let (bands, samples) = (Postings::build(banded, documents), Postings::build(samples, documents));
        let of = (0..documents).into_par_iter().map(|document| merge_proposals(document, &bands, &samples)).collect();
        Candidates { of }
    }

    /// The earlier documents that a document may repeat, most promising first.
    pub(crate) fn of(&self, document: usize) -> &[u32] {
        &self.of[document]
    }

    /// Pairs proposed.
    pub(crate) fn count(&self) -> u64 {
        self.of.iter().map(|candidates| candidates.len() as u64).sum()
    }
}

/// Of a document's shingles that stand elsewhere too: the sampled ones, and as many of the smallest others as are
/// missing to [`FLOOR`].
fn draw_samples(tokens: &[u32], seen: &SeenAgain) -> (Vec<u64>, Vec<u64>) {
    let mut sampled = DistinctKeys::default();
    let mut smallest: BinaryHeap<u64> = BinaryHeap::new();
    each_shingle(tokens, |shingle| {
        if !seen.again(shingle) {
            return;
        }
        if shingle < u64::MAX / RATE {
            sampled.push(shingle);
        } else if (smallest.len() < FLOOR || smallest.peek().is_some_and(|largest| shingle < *largest))
            && !smallest.iter().any(|known| *known == shingle)
        {
            smallest.push(shingle);
            if smallest.len() > FLOOR {
                smallest.pop();
            }
        }
    });
    let sampled = sampled.into_sorted();
    let mut floor = smallest.into_sorted_vec();
    floor.truncate(FLOOR.saturating_sub(sampled.len()));
    (sampled, floor)
}

/// A set of keys that grows with its distinct members only, however often each is pushed.
#[derive(Default)]
struct DistinctKeys {
    keys: Vec<u64>,
    /// Distinct keys at the last clearing.
    settled: usize,
}

impl DistinctKeys {
    fn push(&mut self, key: u64) {
        if self.keys.len() >= 1024.max(2 * self.settled) {
            self.clear_repeats();
        }
        self.keys.push(key);
    }

    fn clear_repeats(&mut self) {
        self.keys.sort_unstable();
        self.keys.dedup();
        self.settled = self.keys.len();
    }

    fn into_sorted(mut self) -> Vec<u64> {
        self.clear_repeats();
        self.keys
    }
}

fn merge_proposals(document: usize, bands: &Postings, samples: &Postings) -> Vec<u32> {
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
    let own = samples.of(document).len() as u32;
    // A document with few samples cannot share many.
    let enough = SHARED_SAMPLES.min(own.max(1));
    let sampled = partners_in(samples);
    let mut votes: Vec<(u32, u32)> = sampled
        .chunk_by(|one, other| one == other)
        .map(|same| (same.len() as u32, same[0]))
        .filter(|(count, partner)| *count >= enough.min(samples.of(*partner as usize).len() as u32))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::{Random, tell};

    /// The definition: all rounds of all shingles, the smallest value of each row.
    fn sketch_naively(tokens: &[u32]) -> [u64; ROWS] {
        let mut signature = [u64::MAX; ROWS];
        for round in 0..2 * ROWS {
            each_shingle(tokens, |shingle| {
                let hash = permute(shingle, row_seed(64 + round));
                let row = if round < ROWS { hash as usize % ROWS } else { round - ROWS };
                signature[row] = signature[row].min((round as u64) << ROUND | hash >> (64 - ROUND));
            });
        }
        signature
    }

    #[test]
    fn sketches_of_few_rounds_equal_those_of_all() {
        let mut random = Random(7);
        for length in [0, 1, 3, 5, 6, 9, 20, 64, 100, 300, 1000] {
            let tokens: Vec<u32> = (0..length).map(|_| random.below(1 << 31) as u32).collect();
            assert_eq!(sketch(&tokens), sketch_naively(&tokens), "{length} tokens");
            let repeats = tokens.repeat(2);
            assert_eq!(sketch(&repeats), sketch_naively(&repeats), "{length} tokens twice");
        }
    }

    #[test]
    fn short_documents_are_one_shingle() {
        assert_eq!(shingle_set(&[]).len(), 0);
        assert_eq!(shingle_set(&[7]).len(), 1);
        assert_ne!(shingle_set(&[7]), shingle_set(&[7, 8]));
        assert_eq!(shingle_set(&[1, 2, 3, 4, 5]).len(), 1);
        assert_eq!(shingle_set(&[1, 1, 1, 1, 1, 1, 1]).len(), 1);
    }

    #[test]
    fn recall_of_bands() {
        const PAIRS: usize = 2000;
        const SHINGLES: usize = 200;
        let mut random = Random(6);
        for tenths in 3..=9 {
            let resemblance = f64::from(tenths) / 10.0;
            let shared = (2.0 * SHINGLES as f64 * resemblance / (1.0 + resemblance)).round() as usize;
            let met = (0..PAIRS)
                .filter(|_| {
                    let length = SHINGLES + SHINGLE - 1;
                    let tokens: Vec<u32> =
                        (0..length + SHINGLES - shared).map(|_| random.below(1 << 31) as u32).collect();
                    let (one, other) = (&tokens[..length], &tokens[SHINGLES - shared..]);
                    band_keys(one).iter().zip(band_keys(other)).any(|(a, b)| *a == b)
                })
                .count();
            let computed = 1.0 - (1.0 - resemblance.powi(ROWS_A_BAND as i32)).powi(BANDS as i32);
            tell(&format!("{resemblance}"), Some(computed), met, PAIRS);
        }
    }
}
