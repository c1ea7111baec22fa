//! Candidates for documents as wholes: pairs that may cover each other, proposed without looking at all pairs.
//!
//! **Shingles** are runs of [`SHINGLE`] tokens of the story (furniture left out), across unit borders. A shorter document is
//! one shingle as a whole.
//!
//! **Bands** propose resemblance. The MinHash signature of a document has [`ROWS`] values; [`ROWS_A_BAND`] neighbouring ones
//! make a band; equal bands meet with probability 1 − (1 − J⁴)¹⁶: 99.98 % at J = 0.8, 64 % at 0.5.
//!
//! **Sampled shingles** propose containment and low resemblance. A document keeps the shingles whose hash is below 2⁶⁴ / [`RATE`]
//! (the same ones wherever they stand), and at least its [`FLOOR`] smallest; for the floor of a short document to meet a
//! long one, all documents are asked for floor shingles in a second pass. Two documents that share [`SHARED_SAMPLES`] of
//! them are a candidate pair.
//!
//! Both are [postings](crate::postings): a frequent key shows its earliest and nearest documents only, so thousands
//! of reprints cost as much as they are long.
//!
//! **Source.** Broder 1997; Indyk, Motwani 1998 (LSH); Irber et al. 2022 (FracMinHash).
//!
//! **Gives up.** Pairs of low resemblance whose few shared shingles were not sampled: at containment C of 5-token
//! shingles, a pair with 16 samples is proposed with probability 1 − (1 − C)¹⁶ − 16 C (1 − C)¹⁵: 98 % at 0.3, 86 % at 0.2.

use ahash::AHashSet;
use rayon::prelude::*;

use crate::census::Census;
use crate::hash::{Purpose, hash_run, hash_sequence, permute, row_seed};
use crate::postings::{Postings, Record};
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
/// Candidates with the most shared samples that a document keeps.
const MOST_CANDIDATES: usize = 64;

/// The sorted set of shingle hashes of a token sequence.
pub(crate) fn shingle_set(tokens: &[u32]) -> Vec<u64> {
    let mut shingles: Vec<u64> = if tokens.len() < SHINGLE {
        if tokens.is_empty() { Vec::new() } else { vec![hash_sequence(tokens, Purpose::Shingle) as u64] }
    } else {
        tokens.windows(SHINGLE).map(|run| hash_run(run, Purpose::Shingle)).collect()
    };
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// The hash of each band of a document's signature.
fn band_keys(shingles: &[u64]) -> impl Iterator<Item = u64> + '_ {
    (0..ROWS / ROWS_A_BAND).map(move |band| {
        (0..ROWS_A_BAND).fold(band as u64, |key, row| {
            let seed = row_seed(64 + band * ROWS_A_BAND + row);
            let least = shingles.iter().map(|shingle| permute(*shingle, seed)).min().unwrap_or(0);
            permute(key ^ least, seed)
        })
    })
}

/// For each document, the earlier documents it may repeat, most promising first.
#[derive(Debug)]
pub(crate) struct Candidates {
    of: Vec<Vec<u32>>,
}

impl Candidates {
    /// Proposes pairs for all documents.
    pub(crate) fn propose(layouts: &[Layout], census: &Census) -> Self {
        let documents = layouts.len();
        let shingles_of = |document: usize| shingle_set(&census.story_tokens(document, &layouts[document]));
        let is_sampled = |hash: u64| hash < u64::MAX / RATE;
        let drafts: Vec<(Vec<u64>, Vec<u64>, Vec<u64>)> = (0..documents)
            .into_par_iter()
            .map(|document| {
                let shingles = shingles_of(document);
                let sampled = shingles.partition_point(|hash| is_sampled(*hash));
                let floor = shingles[sampled..shingles.len().min(sampled.max(FLOOR))].to_vec();
                let bands = if shingles.is_empty() { Vec::new() } else { band_keys(&shingles).collect() };
                (bands, shingles[..sampled].to_vec(), floor)
            })
            .collect();
        let mut bands = Vec::new();
        let mut samples = Vec::new();
        let mut asked: AHashSet<u64> = AHashSet::new();
        for (document, (keys, sampled, floor)) in drafts.into_iter().enumerate() {
            let record = |key: u64| Record { key, document: document as u32, position: 0 };
            bands.extend(keys.into_iter().map(record));
            samples.extend(sampled.into_iter().map(record));
            asked.extend(floor);
        }
        let answers: Vec<Vec<Record>> = (0..documents)
            .into_par_iter()
            .map(|document| {
                if asked.is_empty() {
                    return Vec::new();
                }
                let shingles = shingles_of(document);
                let unsampled = shingles.partition_point(|hash| is_sampled(*hash));
                shingles[unsampled..]
                    .iter()
                    .filter(|hash| asked.contains(*hash))
                    .map(|hash| Record { key: *hash, document: document as u32, position: 0 })
                    .collect()
            })
            .collect();
        drop(asked);
        samples.extend(answers.into_iter().flatten());
        let (bands, samples) = (Postings::build(bands, documents), Postings::build(samples, documents));
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
    votes.sort_unstable_by_key(|(count, partner)| (std::cmp::Reverse(*count), *partner));
    let mut seen = AHashSet::new();
    votes.retain(|(_, partner)| seen.insert(*partner));
    votes.truncate(MOST_CANDIDATES);
    votes.into_iter().map(|(_, partner)| partner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_documents_are_one_shingle() {
        assert_eq!(shingle_set(&[]).len(), 0);
        assert_eq!(shingle_set(&[7]).len(), 1);
        assert_ne!(shingle_set(&[7]), shingle_set(&[7, 8]));
        assert_eq!(shingle_set(&[1, 2, 3, 4, 5]).len(), 1);
        assert_eq!(shingle_set(&[1, 1, 1, 1, 1, 1, 1]).len(), 1);
    }

    #[test]
    fn bands_meet_as_often_as_computed() {
        // 400 pairs of sets with J = 0.8 (160 shared of 200): at 1 − (1 − 0.41)^16 all but one in 5,000 meet.
        let met = (0..400u64)
            .filter(|pair| {
                let value = |index: u64| permute(index, permute(*pair, 1));
                let mut one: Vec<u64> = (0..180).map(value).collect();
                let mut other: Vec<u64> = (20..200).map(value).collect();
                one.sort_unstable();
                other.sort_unstable();
                band_keys(&one).zip(band_keys(&other)).any(|(a, b)| a == b)
            })
            .count();
        assert!(met >= 398, "{met} of 400");
    }
}
