//! Sketches: what is kept of a document to find others like it, a few hundred bytes whatever its length.
//!
//! **Shingles** are runs of [`SHINGLE`] tokens, across unit borders. A shorter document is one shingle as a whole. A
//! shingle is hashed by a polynomial over its tokens, which rolls on from one to the next, and the bijection behind it.
//!
//! **Signature.** [`ROWS`] values, each that of a shingle chosen as MinHash does; [`ROWS_A_BAND`] neighbouring ones are
//! hashed to the key of a band. They are made by Fast Similarity Sketching: in each round every shingle falls into one
//! of the values by its hash, and the smallest wins; rounds go on until every value has a shingle, and what an earlier
//! round chose stays. A document of 300 shingles and more mostly needs one round, where a permutation for each value
//! needs ROWS.
//!
//! **Samples.** The shingles whose hash is below 2⁶⁴ / [`RATE`] (the same ones wherever they stand), and of a document
//! (or a window of a long one) that has few of those its [`FLOOR`] smallest.
//!
//! **Cost.** O(shingles); a buffer of [`WINDOW`] shingles: signatures of parts merge by their least values.
//!
//! **Source.** Broder 1997; Karp, Rabin 1987 (rolling hashes); Dahlgaard, Knudsen, Thorup, *Fast Similarity Sketching*,
//! FOCS 2017; Irber et al. 2022 (FracMinHash).

use crate::hash::{Purpose, permute, row_seed};
use crate::selection::append_selected;

/// Tokens of a shingle.
pub(crate) const SHINGLE: usize = 5;
/// Values of a signature.
pub(crate) const ROWS: usize = 64;
/// Values hashed together.
const ROWS_A_BAND: usize = 4;
/// Bands of a signature.
pub(crate) const BANDS: usize = ROWS / ROWS_A_BAND;
/// One of so many shingles is sampled.
const RATE: u64 = 16;
/// Least number of sampled shingles of a document that has so many.
const FLOOR: usize = 32;

/// Shingles of a long document that are drawn from at once.
const WINDOW: usize = 1 << 14;

/// Values by which documents are compared.
pub(crate) type Signature = [u64; ROWS];

/// The keys of the bands of a signature. That of an empty document equals no other one's, but for empty ones.
pub(crate) fn band_keys(signature: &Signature) -> [u32; BANDS] {
    std::array::from_fn(|band| {
        let rows = &signature[band * ROWS_A_BAND..][..ROWS_A_BAND];
        rows.iter().fold(band as u64, |key, least| permute(key ^ least, Purpose::Shingle as u64)) as u32
    })
}

/// What the polynomial is evaluated at: odd, without a pattern.
const BASE: u64 = 0x9e6c_63d0_876a_3f35;
const BASE_TO_LAST: u64 = BASE.wrapping_mul(BASE).wrapping_mul(BASE).wrapping_mul(BASE);

/// Appends the hash of every shingle, in text order.
fn append_shingles(tokens: &[u32], shingles: &mut Vec<u64>) {
    let add = |sum: u64, token: &u32| sum.wrapping_mul(BASE).wrapping_add(u64::from(*token));
    if tokens.len() < SHINGLE {
        let whole = tokens.iter().fold(tokens.len() as u64, add);
        shingles.extend((!tokens.is_empty()).then(|| permute(whole, Purpose::Shingle as u64)));
        return;
    }
    let (head, rest) = tokens.split_at(SHINGLE - 1);
    let mut sum = head.iter().fold(0, add);
    shingles.extend(rest.iter().zip(tokens).map(|(token, first)| {
        let whole = add(sum, token);
        sum = whole.wrapping_sub(u64::from(*first).wrapping_mul(BASE_TO_LAST));
        permute(whole, Purpose::Shingle as u64)
    }));
}

/// The sorted set of shingle hashes of a token sequence.
pub(crate) fn shingle_set(tokens: &[u32]) -> Vec<u64> {
    let mut shingles = Vec::new();
    append_shingles(tokens, &mut shingles);
    sort_hashes(&mut shingles);
    shingles.dedup();
    shingles
}

/// Sorts hashes. They are spread evenly, so each is put about where it belongs, and few steps are left for each.
fn sort_hashes(hashes: &mut Vec<u64>) {
    let count = hashes.len();
    let place = |hash: u64| ((u128::from(hash) * count as u128) >> 64) as usize;
    let mut ends = vec![0u32; count + 1];
    hashes.iter().for_each(|hash| ends[place(*hash) + 1] += 1);
    for at in 0..count {
        ends[at + 1] += ends[at];
    }
    let mut sorted = vec![0; count];
    for hash in hashes.iter() {
        let next = &mut ends[place(*hash)];
        sorted[*next as usize] = *hash;
        *next += 1;
    }
    let mut start = 0;
    for end in ends[..count].iter().map(|end| *end as usize) {
        let same = &mut sorted[start..end];
        match same {
            [] | [_] => {}
            [one, other] => {
                if one > other {
                    std::mem::swap(one, other);
                }
            }
            // Where many hashes are equal, or somebody made them fall into one place, this is a sort like any other.
            many => many.sort_unstable(),
        }
        start = end;
    }
    *hashes = sorted;
}

/// The shingles of a document, or of a window of a long one, and what is drawn from them.
#[derive(Default)]
pub(crate) struct Shingles {
    hashes: Vec<u64>,
    /// Room for the sampled ones.
    smallest: Vec<u64>,
}

impl Shingles {
    /// Calls `draw` with all shingles of a document; with those of one window of [`WINDOW`] tokens after the other, if
    /// it is longer. Buffers serve one document after the other.
    pub(crate) fn cut(&mut self, tokens: &[u32], mut draw: impl FnMut(&mut Shingles)) {
        let mut start = 0;
        loop {
            let end = (start + WINDOW + SHINGLE - 1).min(tokens.len());
            self.hashes.clear();
            append_shingles(&tokens[start..end], &mut self.hashes);
            draw(self);
            if end == tokens.len() {
                break;
            }
            start += WINDOW;
        }
    }

    /// The signature; that of all windows together is the least of theirs in each row.
    pub(crate) fn sign(&self) -> Signature {
        sign(&self.hashes)
    }

    /// Calls `keep` with each sampled shingle, ascending, and whether it is sampled wherever it stands.
    pub(crate) fn each_sample(&mut self, mut keep: impl FnMut(u64, bool)) {
        let is_common = |shingle: u64| shingle < u64::MAX / RATE;
        let least = FLOOR.min(self.hashes.len());
        // The last of the smallest lies about here, mostly below.
        let most = (u64::MAX / self.hashes.len().max(1) as u64).saturating_mul((least + least / 4) as u64);
        let mut limit = most.max(u64::MAX / RATE - 1);
        self.take_smallest(limit);
        // A text that repeats itself may have fewer than that in all.
        while self.smallest.len() < least && limit < u64::MAX {
            limit = limit.saturating_mul(2);
            self.take_smallest(limit);
        }
        let common = self.smallest.partition_point(|shingle| is_common(*shingle));
        self.smallest.truncate(common.max(least));
        self.smallest.iter().for_each(|shingle| keep(*shingle, is_common(*shingle)));
    }

    /// Takes the set of hashes that are no greater than a limit, sorted.
    fn take_smallest(&mut self, limit: u64) {
        self.smallest.clear();
        append_selected(&mut self.smallest, &self.hashes, |hash| hash <= limit, |hash| hash);
        self.smallest.sort_unstable();
        self.smallest.dedup();
    }

    /// Every shingle, in any order.
    pub(crate) fn all(&self) -> &[u64] {
        &self.hashes
    }
}

/// A signature: in each row the least value of any hash, the round before the rest of it. All rows are empty, and
/// equal, if there are no hashes.
pub(crate) fn sign<const ROWS: usize>(hashes: &[u64]) -> [u64; ROWS] {
    let mut signature = [EMPTY; ROWS];
    let mut round = 0;
    while !hashes.is_empty() && (round == 0 || signature.contains(&EMPTY)) {
        let seed = row_seed(round) | 1;
        for hash in hashes {
            let (row, value) = fall::<ROWS>(*hash, round, seed);
            // Without a branch: for the first few of a row it could not be told.
            signature[row] = value.min(signature[row]);
        }
        round += 1;
    }
    signature
}

/// A row into which nothing has fallen.
const EMPTY: u64 = u64::MAX;

/// Into which row a hash falls in a round, and its value there. The first round takes hashes as they are, the lowest
/// bits before the highest, which decide about samples; for others a multiplication will do, since it is the high bits
/// of the product that count.
#[inline]
fn fall<const ROWS: usize>(hash: u64, round: usize, seed: u64) -> (usize, u64) {
    let hash = if round == 0 { hash.rotate_left(32) } else { hash.wrapping_mul(seed) };
    let bits = ROWS.trailing_zeros();
    // After as many rounds as there are rows, each fills one that is empty still.
    let row = if round < ROWS { hash >> (64 - bits) } else { (round - ROWS) as u64 };
    (row as usize, (round as u64) << ROUND | hash << bits >> (64 - ROUND))
}

/// Bits of a value that are the hash's; those above are the round's, and fewer than two rounds a row are ever made.
const ROUND: u32 = 56;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::{Random, tell};

    fn shingles(tokens: &[u32]) -> Shingles {
        let mut shingles = Shingles::default();
        shingles.cut(tokens, |_| {});
        shingles
    }

    fn numbers(random: &mut Random, count: usize) -> Vec<u32> {
        (0..count).map(|_| random.below(1 << 31) as u32).collect()
    }

    #[test]
    fn hashes_roll_on() {
        let tokens = numbers(&mut Random(3), 40);
        let polynomial =
            |run: &[u32]| run.iter().fold(0, |sum: u64, token| sum.wrapping_mul(BASE).wrapping_add(u64::from(*token)));
        let naive = tokens.windows(SHINGLE).map(|run| permute(polynomial(run), Purpose::Shingle as u64));
        assert_eq!(shingles(&tokens).hashes, naive.collect::<Vec<_>>());
    }

    /// The definition: all rounds of all hashes, the smallest value of each row.
    fn sign_naively<const ROWS: usize>(hashes: &[u64]) -> [u64; ROWS] {
        let mut signature = [EMPTY; ROWS];
        for round in 0..2 * ROWS {
            for hash in hashes {
                let (row, value) = fall::<ROWS>(*hash, round, row_seed(round) | 1);
                signature[row] = signature[row].min(value);
            }
        }
        signature
    }

    #[test]
    fn signatures_of_few_rounds_equal_those_of_all() {
        let mut random = Random(7);
        for length in [0, 1, 3, 5, 6, 9, 20, 64, 100, 300, 1000] {
            let tokens = numbers(&mut random, length);
            for tokens in [tokens.repeat(2), tokens] {
                let hashes = shingles(&tokens).hashes;
                assert_eq!(sign::<ROWS>(&hashes), sign_naively(&hashes), "{} tokens", tokens.len());
                assert_eq!(sign::<32>(&hashes), sign_naively(&hashes), "{} tokens", tokens.len());
            }
        }
    }

    #[test]
    fn windows_merge_to_the_whole() {
        let tokens = numbers(&mut Random(8), 2 * WINDOW + 77);
        let mut whole = Vec::new();
        append_shingles(&tokens, &mut whole);
        let (mut merged, mut all) = ([EMPTY; ROWS], Vec::new());
        Shingles::default().cut(&tokens, |window| {
            merged.iter_mut().zip(window.sign()).for_each(|(least, value)| *least = value.min(*least));
            all.extend(window.all());
        });
        assert_eq!((all, merged), (whole.clone(), sign::<ROWS>(&whole)));
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
    fn hashes_are_sorted() {
        let mut random = Random(5);
        for length in [0, 1, 2, 50, 1000] {
            let mut hashes: Vec<u64> = (0..length).map(|_| permute(random.below(length) as u64, 3)).collect();
            hashes.extend([0, u64::MAX, u64::MAX - 1, 1]);
            let mut expected = hashes.clone();
            expected.sort_unstable();
            sort_hashes(&mut hashes);
            assert_eq!(hashes, expected);
        }
    }

    #[test]
    fn samples_have_a_floor_and_a_rate() {
        let mut random = Random(9);
        for length in [0, 4, 20, 100, 5000] {
            let tokens = numbers(&mut random, length);
            for tokens in [tokens.repeat(50), tokens] {
                let mut sampled = Vec::new();
                shingles(&tokens[..tokens.len().min(WINDOW)]).each_sample(|shingle, _| sampled.push(shingle));
                let all = shingle_set(&tokens[..tokens.len().min(WINDOW)]);
                let below = all.partition_point(|shingle| *shingle < u64::MAX / RATE);
                assert_eq!(sampled, all[..below.max(FLOOR.min(all.len()))], "{length} of {} tokens", tokens.len());
            }
        }
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
                    let tokens = numbers(&mut random, length + SHINGLES - shared);
                    let [one, other] =
                        [&tokens[..length], &tokens[SHINGLES - shared..]].map(|part| band_keys(&shingles(part).sign()));
                    one.iter().zip(other).any(|(a, b)| *a == b)
                })
                .count();
            let computed = 1.0 - (1.0 - resemblance.powi(ROWS_A_BAND as i32)).powi(BANDS as i32);
            tell(&format!("{resemblance}"), Some(computed), met, PAIRS);
        }
    }
}
