//! The hash functions that decide anything: XXH3 with fixed seeds, and a fixed mixer for permutations.
//!
//! Values are the same on every machine, in every run and for every thread count; `ahash` serves in-memory maps only.
//! A change here changes finding ids, so the values are pinned by tests.

use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

/// What a hash is for; runs of the same tokens get unrelated keys for unrelated purposes.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Purpose {
    /// Shingles of whole documents.
    Shingle = 0x5348_494e_474c_4531,
    /// Winnowed k-grams.
    Gram = 0x4b47_5241_4d53_3131,
    /// Shingles of units.
    Feature = 0x4645_4154_5552_4531,
    /// Whole units.
    Unit = 0x554e_4954_554e_4954,
    /// Texts in files.
    Text = 0x5445_5854_5445_5854,
    /// Forms of words.
    Word = 0x574f_5244_574f_5244,
    /// Ids of findings and clusters.
    Finding = 0x4649_4e44_494e_4731,
}

/// Hash of a short run of token fingerprints (at most 8).
pub(crate) fn hash_run(run: &[u32], purpose: Purpose) -> u64 {
    debug_assert!(run.len() <= 8);
    let mut bytes = [0u8; 32];
    for (slot, token) in bytes.chunks_exact_mut(4).zip(run) {
        slot.copy_from_slice(&token.to_le_bytes());
    }
    xxh3_64_with_seed(&bytes[..run.len() * 4], purpose as u64)
}

/// The same of four tokens.
#[inline]
pub(crate) fn hash_gram(run: &[u32; 4]) -> u64 {
    let [first, second, third, fourth] = run.map(u64::from);
    hash_9_to_16(first | second << 32, third | fourth << 32, 16, Purpose::Gram as u64)
}

/// XXH3-64 of nine to sixteen bytes, of which the first and the last eight are given, as little-endian numbers.
#[inline(always)]
pub(crate) fn hash_9_to_16(first: u64, last: u64, length: usize, seed: u64) -> u64 {
    const FLIP_FIRST: u64 = 0x1f67_b3b7_a4a4_4072 ^ 0x78e5_c0cc_4ee6_79cb;
    const FLIP_LAST: u64 = 0x2172_ffcc_7dd0_5a82 ^ 0x8e24_43f7_7446_08b8;
    let (first, last) = (first ^ FLIP_FIRST.wrapping_add(seed), last ^ FLIP_LAST.wrapping_sub(seed));
    let product = u128::from(first) * u128::from(last);
    let folded = product as u64 ^ (product >> 64) as u64;
    let sum = (length as u64).wrapping_add(first.swap_bytes()).wrapping_add(last).wrapping_add(folded);
    let hash = (sum ^ sum >> 37).wrapping_mul(0x1656_6791_9e37_79f9);
    hash ^ hash >> 32
}

/// Hash of a piece of text.
pub(crate) fn hash_text(text: &str, purpose: Purpose) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), purpose as u64)
}

/// Hash of some bytes.
pub(crate) fn hash_bytes(bytes: &[u8], purpose: Purpose) -> u64 {
    xxh3_64_with_seed(bytes, purpose as u64)
}

/// 128-bit hash of any number of token fingerprints: equal sequences are taken for equal on its word.
pub(crate) fn hash_sequence(tokens: &[u32], purpose: Purpose) -> u128 {
    let mut bytes = Vec::with_capacity(tokens.len() * 4);
    for token in tokens {
        bytes.extend_from_slice(&token.to_le_bytes());
    }
    xxh3_128_with_seed(&bytes, purpose as u64)
}

/// A fixed bijection of the 64-bit integers (the finaliser of SplitMix64; Steele, Lea, Flood 2014): with different
/// `seed`s it serves as a family of permutations for MinHash.
pub(crate) const fn permute(value: u64, seed: u64) -> u64 {
    let mut z = value ^ seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The seed of the `row`-th permutation.
pub(crate) const fn row_seed(row: usize) -> u64 {
    permute((row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_pinned() {
        assert_ne!(hash_run(&[1, 2, 3], Purpose::Shingle), hash_run(&[1, 2, 3], Purpose::Gram));
        let golden = (
            hash_run(&[1, 2, 3, 4, 5], Purpose::Shingle),
            hash_run(&[1, 2, 3, 4], Purpose::Gram),
            hash_sequence(&[1, 2, 3, 4, 5, 6, 7], Purpose::Unit),
            permute(1, row_seed(0)),
        );
        assert_eq!(hash_gram(&[1, 2, 3, 4]), golden.1);
        let large = [u32::MAX, 0x8000_0001, 7 << 24, 1 << 31];
        assert_eq!(hash_gram(&large), hash_run(&large, Purpose::Gram));
        assert_eq!(golden, GOLDEN, "finding ids and decisions would change");
    }

    const GOLDEN: (u64, u64, u128, u64) =
        (3552683151892742623, 14975875691134362601, 286476959537249230027095723009213973267, 11385487063155714807);
}
