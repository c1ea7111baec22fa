//! The hash of a token: XXH3-64 with a fixed seed, written out for the short texts that words are.
//!
//! **Idea.** Nine words in ten have at most 16 bytes. XXH3 treats those by their length: one to three bytes, four to
//! eight, nine to sixteen. Here the first 16 bytes stand in two machine words, what lies behind the token included, so
//! that no byte is copied and no loop is run. With the seed known, all that the specification derives from it and from
//! its secret is a constant. Longer tokens go to the library, against which the tests hold every length.
//!
//! **What was tried.** Which length comes next no processor can foretell. To hash as three bytes and as eight, and to
//! choose then, is no faster than to guess wrong in every third word.
//!
//! **Source.** Collet, *XXH3 specification* (xxHash 0.8), sections *Small inputs*.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Seed of all token fingerprints. Part of the format of whatever is written: never changed.
pub(super) const SEED: u64 = 0x6469_7474_6f67_7261;

/// The longest text that is hashed here, in bytes.
pub(super) const SHORT: usize = 16;

/// The hash of any text.
pub(super) fn hash(text: &[u8]) -> u64 {
    if (1..=SHORT).contains(&text.len()) {
        let mut window = [0; SHORT];
        window[..text.len()].copy_from_slice(text);
        hash_short(Window::of(&window), text.len())
    } else {
        xxh3_64_with_seed(text, SEED)
    }
}

/// The first 16 bytes of a token, and maybe of what follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    low: u64,
    high: u64,
}

/// In each byte the highest bit.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

impl Window {
    #[inline]
    pub(super) fn of(bytes: &[u8; SHORT]) -> Self {
        let both = u128::from_le_bytes(*bytes);
        Window { low: both as u64, high: (both >> 64) as u64 }
    }

    /// Whether the first bytes, 1 to 16, are ASCII.
    #[inline]
    pub(super) fn is_ascii(self, length: usize) -> bool {
        let [low, high] = HIGHEST_OF[length];
        self.low & low | self.high & high == 0
    }
}

/// The highest bit of each of the first bytes, by how many they are.
const HIGHEST_OF: [[u64; 2]; SHORT + 1] = {
    let mut table = [[0; 2]; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        let bits = (HIGHEST as u128 | (HIGHEST as u128) << 64) & u128::MAX >> (128 - 8 * length);
        table[length] = [bits as u64, (bits >> 64) as u64];
        length += 1;
    }
    table
};

/// The part of the secret that short texts are hashed with.
const SECRET: [u64; 7] = [
    0xbe4b_a423_396c_feb8,
    0x1cad_21f7_2c81_017c,
    0xdb97_9083_e96d_d4de,
    0x1f67_b3b7_a4a4_4072,
    0x78e5_c0cc_4ee6_79cb,
    0x2172_ffcc_7dd0_5a82,
    0x8e24_43f7_7446_08b8,
];

/// The hash of the first bytes of a window, 1 to 16.
#[inline]
pub(super) fn hash_short(window: Window, length: usize) -> u64 {
    match length {
        0..4 => hash_to_3(window.low, length),
        4..9 => hash_4_to_8(window.low, length),
        _ => {
            let shift = 8 * length - 64;
            // The last eight bytes; the window's upper half where that is all of it.
            let last = if shift == 64 { window.high } else { window.low >> shift | window.high << (64 - shift) };
            hash_9_to_16(window.low, last, length)
        }
    }
}

#[inline]
fn hash_to_3(bytes: u64, length: usize) -> u64 {
    const FLIP: u64 = ((SECRET[0] ^ SECRET[0] >> 32) & 0xffff_ffff).wrapping_add(SEED);
    let byte = |place: usize| bytes >> ((8 * place) & 63) & 0xff;
    let combined = byte(0) << 16 | byte(length / 2) << 24 | byte(length.wrapping_sub(1)) | (length as u64) << 8;
    let mut hash = combined ^ FLIP;
    hash = (hash ^ hash >> 33).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    hash = (hash ^ hash >> 29).wrapping_mul(0x1656_67b1_9e37_79f9);
    hash ^ hash >> 32
}

#[inline]
fn hash_4_to_8(bytes: u64, length: usize) -> u64 {
    const KEY: u64 = SEED ^ ((SEED as u32).swap_bytes() as u64) << 32;
    const FLIP: u64 = (SECRET[1] ^ SECRET[2]).wrapping_sub(KEY);
    const FACTOR: u64 = 0x9fb2_1c65_1e98_df25;
    let last = bytes >> ((8 * length).wrapping_sub(32) & 63) & 0xffff_ffff;
    let mut hash = (last | bytes << 32) ^ FLIP;
    hash = (hash ^ hash.rotate_left(49) ^ hash.rotate_left(24)).wrapping_mul(FACTOR);
    hash = (hash ^ (hash >> 35).wrapping_add(length as u64)).wrapping_mul(FACTOR);
    hash ^ hash >> 28
}

#[inline]
fn hash_9_to_16(first: u64, last: u64, length: usize) -> u64 {
    const FIRST: u64 = (SECRET[3] ^ SECRET[4]).wrapping_add(SEED);
    const LAST: u64 = (SECRET[5] ^ SECRET[6]).wrapping_sub(SEED);
    let (first, last) = (first ^ FIRST, last ^ LAST);
    let product = u128::from(first) * u128::from(last);
    let folded = product as u64 ^ (product >> 64) as u64;
    let sum = (length as u64).wrapping_add(first.swap_bytes()).wrapping_add(last).wrapping_add(folded);
    let hash = (sum ^ sum >> 37).wrapping_mul(0x1656_6791_9e37_79f9);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_length_is_as_in_the_library(bytes in prop::collection::vec(any::<u8>(), 300)) {
            for length in 0..bytes.len() {
                prop_assert_eq!(hash(&bytes[..length]), xxh3_64_with_seed(&bytes[..length], SEED));
            }
        }

        #[test]
        fn what_follows_a_token_does_not_matter(bytes: [u8; SHORT], behind: u8) {
            for length in 1..=SHORT {
                let mut window = bytes;
                window[length..].fill(behind);
                let window = Window::of(&window);
                prop_assert_eq!(window.is_ascii(length), bytes[..length].is_ascii());
                prop_assert_eq!(hash_short(window, length), xxh3_64_with_seed(&bytes[..length], SEED));
            }
        }
    }
}
