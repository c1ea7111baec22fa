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
//! that has few of those its [`FLOOR`] smallest.
//!
//! **Cost.** O(shingles); the buffer of one document's shingles.
//!
//! **Source.** Broder 1997; Karp, Rabin 1987 (rolling hashes); Dahlgaard, Knudsen, Thorup, *Fast Similarity Sketching*,
//! FOCS 2017; Irber et al. 2022 (FracMinHash).

use crate::hash::{Purpose, permute, row_seed};

/// Tokens of a shingle.
pub(crate) const SHINGLE: usize = 5;
/// Values of a signature.
pub(crate) const ROWS: usize = 64;
/// Values hashed together.
pub(crate) const ROWS_A_BAND: usize = 4;
/// Bands of a signature.
pub(crate) const BANDS: usize = ROWS / ROWS_A_BAND;
/// One of so many shingles is sampled.
const RATE: u64 = 16;
/// Least number of sampled shingles of a document that has so many.
const FLOOR: usize = 32;

/// What the polynomial is evaluated at: odd, without a pattern.
const BASE: u64 = 0x9e6c_63d0_876a_3f35;
const BASE_TO_LAST: u64 = BASE.wrapping_mul(BASE).wrapping_mul(BASE).wrapping_mul(BASE);

/// Calls `keep` with the hash of every shingle, in text order.
fn each_shingle(tokens: &[u32], mut keep: impl FnMut(u64)) {
    let add = |sum: u64, token: &u32| sum.wrapping_mul(BASE).wrapping_add(u64::from(*token));
    if tokens.len() < SHINGLE {
        if !tokens.is_empty() {
            keep(permute(tokens.iter().fold(tokens.len() as u64, add), Purpose::Shingle as u64));
        }
        return;
    }
    let (head, rest) = tokens.split_at(SHINGLE - 1);
    let mut sum = head.iter().fold(0, add);
    for (token, first) in rest.iter().zip(tokens) {
        sum = add(sum, token);
        keep(permute(sum, Purpose::Shingle as u64));
        sum = sum.wrapping_sub(u64::from(*first).wrapping_mul(BASE_TO_LAST));
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

/// A document's shingles, and what is drawn from them.
#[derive(Default)]
pub(crate) struct Shingles {
    hashes: Vec<u64>,
}

impl Shingles {
    /// The shingles of a document, in the buffer of the last one.
    pub(crate) fn cut(&mut self, tokens: &[u32]) {
        self.hashes.clear();
        self.hashes.reserve(tokens.len());
        each_shingle(tokens, |shingle| self.hashes.push(shingle));
    }

    /// The keys of the bands. An empty document has none that equals another's.
    pub(crate) fn band_keys(&self) -> [u32; BANDS] {
        let signature = self.sign();
        std::array::from_fn(|band| {
            let rows = &signature[band * ROWS_A_BAND..][..ROWS_A_BAND];
            rows.iter().fold(band as u64, |key, least| permute(key ^ least, Purpose::Shingle as u64)) as u32
        })
    }

    /// The signature: in each row the least value of any shingle, the round before the hash.
    fn sign(&self) -> [u64; ROWS] {
        const EMPTY: u64 = u64::MAX;
        let mut signature = [EMPTY; ROWS];
        let mut empty = if self.hashes.is_empty() { 0 } else { ROWS };
        let mut round = 0;
        while empty > 0 {
            for shingle in &self.hashes {
                let hash = in_round(*shingle, round);
                let row = row_of(hash, round);
                let value = value_of(hash, round);
                if value < signature[row] {
                    empty -= usize::from(signature[row] == EMPTY);
                    signature[row] = value;
                }
            }
            round += 1;
        }
        signature
    }

    /// Calls `keep` with the sampled shingles, and whether they are sampled wherever they stand; some may come twice.
    pub(crate) fn each_sample(&mut self, mut keep: impl FnMut(u64, bool)) {
        let is_common = |shingle: u64| shingle < u64::MAX / RATE;
        let common = self.hashes.iter().filter(|shingle| is_common(**shingle)).count();
        let least = FLOOR.min(self.hashes.len());
        if common < least && least < self.hashes.len() {
            self.hashes.select_nth_unstable(least);
        }
        let sampled = if common < least { &self.hashes[..least] } else { &self.hashes };
        for shingle in sampled.iter().filter(|shingle| common < least || is_common(**shingle)) {
            keep(*shingle, is_common(*shingle));
        }
    }

    /// Every shingle, in any order.
    pub(crate) fn all(&self) -> &[u64] {
        &self.hashes
    }
}

/// The hash of a shingle in a round. The first takes it as it is.
fn in_round(shingle: u64, round: usize) -> u64 {
    // Other permutations than those of units.
    if round == 0 { shingle } else { permute(shingle, row_seed(ROWS + round)) }
}

/// After as many rounds as there are rows, each round fills one that is empty still.
fn row_of(hash: u64, round: usize) -> usize {
    if round < ROWS { hash as usize % ROWS } else { round - ROWS }
}

fn value_of(hash: u64, round: usize) -> u64 {
    (round as u64) << ROUND | hash >> (64 - ROUND)
}

/// Bits of a value that are the hash's; those above are the round's, and fewer than two rounds a row are ever made.
const ROUND: u32 = 56;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::{Random, tell};

    fn shingles(tokens: &[u32]) -> Shingles {
        let mut shingles = Shingles::default();
        shingles.cut(tokens);
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

    /// The definition: all rounds of all shingles, the smallest value of each row.
    fn sign_naively(shingles: &Shingles) -> [u64; ROWS] {
        let mut signature = [u64::MAX; ROWS];
        for round in 0..2 * ROWS {
            for shingle in &shingles.hashes {
                let hash = in_round(*shingle, round);
                let row = row_of(hash, round);
                signature[row] = signature[row].min(value_of(hash, round));
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
                let shingles = shingles(&tokens);
                assert_eq!(shingles.sign(), sign_naively(&shingles), "{} tokens", tokens.len());
            }
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
    fn samples_have_a_floor_and_a_rate() {
        let mut random = Random(9);
        for length in [0, 4, 20, 100, 5000] {
            let tokens = numbers(&mut random, length);
            let mut sampled = Vec::new();
            shingles(&tokens).each_sample(|shingle, _| sampled.push(shingle));
            sampled.sort_unstable();
            let all = shingle_set(&tokens);
            let below = all.partition_point(|shingle| *shingle < u64::MAX / RATE);
            assert_eq!(sampled, all[..below.max(FLOOR.min(all.len()))], "{length} tokens");
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
                        [&tokens[..length], &tokens[SHINGLES - shared..]].map(|part| shingles(part).band_keys());
                    one.iter().zip(other).any(|(a, b)| *a == b)
                })
                .count();
            let computed = 1.0 - (1.0 - resemblance.powi(ROWS_A_BAND as i32)).powi(BANDS as i32);
            tell(&format!("{resemblance}"), Some(computed), met, PAIRS);
        }
    }
}
