//! The hash of a token: XXH3-64 with a fixed seed, written out for the short texts that words are.
//!
//! **Idea.** Nine words in ten have at most 16 bytes. XXH3 treats those by their length: one to three bytes, four to
//! eight, nine to sixteen; of each it reads the first and the last bytes, which overlap. With the seed known, all that
//! the specification derives from it and from its secret is a constant. Letters of ASCII are made small in the machine
//! word that is hashed.
//!
//! Which length comes next no processor can foretell, and to guess wrong costs as much as to hash a word. So the words
//! of a text are hashed many together, as if each had one to eight bytes (nine in ten have): both ways of doing so are
//! steps of the same kind with other numbers, of which each word chooses its own. That is free of branches, and the
//! compiler makes four words one vector. Words that are longer or not ASCII come second, one after the other; those of
//! more than 16 bytes go to the library, against which the tests hold every length.
//!
//! **What was tried.** To sort the words by length first, for three loops without a branch, takes twice as many
//! instructions; so does a table of the words met lately, which knows two in three.
//!
//! **Source.** Collet, *XXH3 specification* (xxHash 0.8), sections *Small inputs*.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::hash::hash_9_to_16;
use crate::lanes::{Lanes, Task, run};

/// Seed of all token fingerprints. Part of the format of whatever is written: never changed.
pub(super) const SEED: u64 = 0x6469_7474_6f67_7261;

/// The hash of any text.
#[inline]
pub(super) fn hash(text: &[u8]) -> u64 {
    match text.len() {
        1..=3 => hash_to_3(ends_to_3(text), text.len()),
        4..=8 => hash_4_to_8(ends_4_to_8(text), text.len()),
        9..=16 => {
            let (first, last) = ends_9_to_16(text);
            hash_9_to_16(first, last, text.len(), SEED)
        }
        _ => xxh3_64_with_seed(text, SEED),
    }
}

/// Hashes the words of a text, by their first bytes and by the bytes behind them, in small letters; notes the numbers of
/// those that are longer than eight bytes or not ASCII, and have to be hashed in another way. Tells how many these are.
pub(super) fn hash_short(text: &str, starts: &[u32], ends: &[u32], hashes: &mut [u32], others: &mut [u32]) -> usize {
    run(ShortWords { text: text.as_bytes(), starts, ends, hashes, others })
}

/// The words of a text, to be hashed as short ones.
struct ShortWords<'t> {
    text: &'t [u8],
    starts: &'t [u32],
    ends: &'t [u32],
    hashes: &'t mut [u32],
    others: &'t mut [u32],
}

/// How many words are hashed at once.
const BATCH: usize = 64;

/// The longest words that are.
const SHORT: u64 = 8;

impl Task for ShortWords<'_> {
    type Answer = usize;

    #[inline(always)]
    fn run<L: Lanes>(self) -> usize {
        let ShortWords { text, starts, ends, hashes, others } = self;
        let mut count = 0;
        let mut batch = Batch { words: [0; BATCH], lengths: [1; BATCH], hashes: [0; BATCH], are_others: [0; BATCH] };
        let batches = starts.chunks(BATCH).zip(ends.chunks(BATCH)).zip(hashes.chunks_mut(BATCH));
        for (first, ((starts, ends), hashes)) in (0..).step_by(BATCH).zip(batches) {
            let places = starts.iter().zip(ends);
            for ((word, length), (start, end)) in batch.words.iter_mut().zip(&mut batch.lengths).zip(places) {
                // At the end of the text, where eight bytes are not to be had, a word is one of the others.
                let eight = text[*start as usize..].first_chunk();
                *word = eight.map_or(!0, |eight| u64::from_le_bytes(*eight));
                *length = u64::from(end - start);
            }
            batch.hash();
            hashes.copy_from_slice(&batch.hashes[..hashes.len()]);
            for (number, is_other) in batch.are_others[..hashes.len()].iter().enumerate() {
                others[count] = first + number as u32;
                count += *is_other as usize;
            }
        }
        count
    }
}

/// Some words, each the first eight bytes of what stands in the text, and what comes of them.
struct Batch {
    words: [u64; BATCH],
    lengths: [u64; BATCH],
    /// The lower halves of the hashes of words in small letters, if they are short.
    hashes: [u32; BATCH],
    /// One where a word is long or not ASCII, else zero.
    are_others: [u32; BATCH],
}

impl Batch {
    /// Hashes the words. Without a branch, for the compiler to make a few of them one vector.
    #[inline(always)]
    fn hash(&mut self) {
        for number in 0..BATCH {
            let (bytes, length) = (self.words[number], self.lengths[number]);
            let bytes = bytes & !0 >> (64u64.wrapping_sub(8 * length) & 63);
            self.are_others[number] = u32::from(length > SHORT) | u32::from(bytes & HIGHEST != 0);
            let word = to_lower(bytes);
            let byte = |place: u64| word >> ((8 * place) & 63) & 0xff;
            let ends_to_3 = byte(0) << 16 | byte(length / 2) << 24 | byte(length.wrapping_sub(1)) | length << 8;
            let ends_to_8 = word >> ((8 * length).wrapping_sub(32) & 63) & 0xffff_ffff | word << 32;
            let is_to_3 = 0u64.wrapping_sub(u64::from(length < 4));
            let choose = |to_3: u64, to_8: u64| to_8 ^ (to_3 ^ to_8) & is_to_3;
            let mut hash = choose(ends_to_3 ^ to_3::FLIP, ends_to_8 ^ to_8::FLIP);
            hash ^= choose(hash >> 33, hash.rotate_left(49) ^ hash.rotate_left(24));
            hash = hash.wrapping_mul(choose(to_3::FIRST_FACTOR, to_8::FACTOR));
            hash ^= choose(hash >> 29, (hash >> 35).wrapping_add(length));
            hash = hash.wrapping_mul(choose(to_3::SECOND_FACTOR, to_8::FACTOR));
            self.hashes[number] = (hash ^ choose(hash >> 32, hash >> 28)) as u32;
        }
    }
}

/// The hash of a text in small letters, if it is ASCII and has one to sixteen bytes.
#[inline]
pub(super) fn hash_small(text: &[u8]) -> Option<u64> {
    let length = text.len();
    let is_ascii = |ends: u64| ends & HIGHEST == 0;
    match length {
        9..=16 => {
            let (first, last) = ends_9_to_16(text);
            is_ascii(first | last).then(|| hash_9_to_16(to_lower(first), to_lower(last), length, SEED))
        }
        1..=3 => {
            let ends = ends_to_3(text);
            is_ascii(ends).then(|| hash_to_3(to_lower(ends), length))
        }
        4..=8 => {
            let ends = ends_4_to_8(text);
            is_ascii(ends).then(|| hash_4_to_8(to_lower(ends), length))
        }
        _ => None,
    }
}

/// In each byte the highest bit.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

/// Eight bytes of ASCII in small letters.
#[inline(always)]
fn to_lower(bytes: u64) -> u64 {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let low = bytes & !HIGHEST;
    let is_capital = (low + all(0x80 - b'A')) & !(low + all(0x80 - b'Z' - 1)) & HIGHEST;
    bytes | is_capital >> 2
}

/// What is hashed of one to three bytes: the first, the middle and the last one.
#[inline(always)]
fn ends_to_3(text: &[u8]) -> u64 {
    let byte = |place: usize| u64::from(text[place]);
    byte(0) << 16 | byte(text.len() / 2) << 24 | byte(text.len() - 1)
}

/// What is hashed of four to eight bytes: the last four and the first four.
#[inline(always)]
fn ends_4_to_8(text: &[u8]) -> u64 {
    let four = |bytes: Option<&[u8; 4]>| u64::from(bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes)));
    four(text.last_chunk()) | four(text.first_chunk()) << 32
}

/// What is hashed of nine to sixteen bytes: the first eight and the last eight.
#[inline(always)]
fn ends_9_to_16(text: &[u8]) -> (u64, u64) {
    let eight = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    (eight(text.first_chunk()), eight(text.last_chunk()))
}

/// The part of the secret that short texts are hashed with.
const SECRET: [u64; 3] = [0xbe4b_a423_396c_feb8, 0x1cad_21f7_2c81_017c, 0xdb97_9083_e96d_d4de];

/// What one to three bytes are hashed with.
mod to_3 {
    pub(super) const FLIP: u64 = ((super::SECRET[0] ^ super::SECRET[0] >> 32) & 0xffff_ffff).wrapping_add(super::SEED);
    pub(super) const FIRST_FACTOR: u64 = 0xc2b2_ae3d_27d4_eb4f;
    pub(super) const SECOND_FACTOR: u64 = 0x1656_67b1_9e37_79f9;
}

#[inline(always)]
fn hash_to_3(ends: u64, length: usize) -> u64 {
    let mut hash = (ends | (length as u64) << 8) ^ to_3::FLIP;
    hash = (hash ^ hash >> 33).wrapping_mul(to_3::FIRST_FACTOR);
    hash = (hash ^ hash >> 29).wrapping_mul(to_3::SECOND_FACTOR);
    hash ^ hash >> 32
}

/// What four to eight bytes are hashed with.
mod to_8 {
    const KEY: u64 = super::SEED ^ ((super::SEED as u32).swap_bytes() as u64) << 32;
    pub(super) const FLIP: u64 = (super::SECRET[1] ^ super::SECRET[2]).wrapping_sub(KEY);
    pub(super) const FACTOR: u64 = 0x9fb2_1c65_1e98_df25;
}

#[inline(always)]
fn hash_4_to_8(ends: u64, length: usize) -> u64 {
    let mut hash = ends ^ to_8::FLIP;
    hash = (hash ^ hash.rotate_left(49) ^ hash.rotate_left(24)).wrapping_mul(to_8::FACTOR);
    hash = (hash ^ (hash >> 35).wrapping_add(length as u64)).wrapping_mul(to_8::FACTOR);
    hash ^ hash >> 28
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
        fn words_of_a_text_are_hashed_in_small_letters(text in "([a-zA-Z0-9@\\[`{é\\x7f]{1,9} |[a-z]{1,20} ){0,200}[a-z]?") {
            let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
            let start = |word: &str| (word.as_ptr() as usize - text.as_ptr() as usize) as u32;
            let starts: Vec<u32> = words.iter().map(|word| start(word)).collect();
            let ends: Vec<u32> = words.iter().map(|word| start(word) + word.len() as u32).collect();
            let (mut hashes, mut others) = (vec![0; words.len()], vec![0; words.len()]);
            let count = hash_short(&text, &starts, &ends, &mut hashes, &mut others);
            prop_assert!(others[..count].is_sorted_by(|one, next| one < next));
            for (number, word) in words.iter().enumerate() {
                let is_other = others[..count].binary_search(&(number as u32)).is_ok();
                // At the end of the text every word may be one of the others.
                let is_short = word.is_ascii() && word.len() <= 8;
                prop_assert!(is_other != is_short || starts[number] as usize + 8 > text.len());
                let lower = word.to_ascii_lowercase();
                prop_assert!(is_other || hashes[number] == xxh3_64_with_seed(lower.as_bytes(), SEED) as u32);
            }
        }

        #[test]
        fn words_are_hashed_in_small_letters(bytes in prop::collection::vec(0..=0x7fu8, 20), other in 0..20usize) {
            for length in 0..=bytes.len() {
                let mut word = bytes[..length].to_vec();
                let lower = xxh3_64_with_seed(&word.to_ascii_lowercase(), SEED);
                prop_assert_eq!(hash_small(&word), (1..=16).contains(&length).then_some(lower));
                if let Some(byte) = word.get_mut(other) {
                    *byte |= 0x80;
                    prop_assert_eq!(hash_small(&word), None);
                }
            }
        }
    }
}
