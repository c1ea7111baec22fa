//! Glossary: the words beyond ASCII that were met lately, as they are written, and their fingerprints.
//!
//! **Idea.** Text repeats its words: three in four were met a short while ago. To fold a word beyond ASCII, one
//! character after the other, and to hash it takes a hundred instructions and more; to look up whether it is one of the
//! words that were folded before takes twenty. The table has one place for each word, where the next one of that place
//! follows it. (Words of ASCII are hashed as fast as they could be looked up.)
//!
//! **Cost.** O(words). What is known changes the time and never the answer.
//!
//! **Memory.** 128 KB, where a text has such words.

/// How many places the table has, as a power of two.
const PLACES: u32 = 12;

/// The longest word that is kept, in bytes.
const LONGEST: usize = 24;

/// A word and its fingerprint.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    word: Key,
    length: u32,
    fingerprint: u32,
}

/// What a word of a known length has at its beginning, behind that, and at its end; these may overlap.
type Key = [u64; 3];

/// The fingerprints of words.
#[derive(Debug, Default)]
pub(super) struct Glossary {
    entries: Vec<Entry>,
}

impl Glossary {
    /// The fingerprint of a word, which is found out if it is not known.
    #[inline]
    pub(super) fn look_up(&mut self, word: &[u8], find: impl FnOnce() -> Option<u32>) -> Option<u32> {
        let length = word.len() as u32;
        let Some(word) = key(word) else { return find() };
        if self.entries.is_empty() {
            self.entries.resize(1 << PLACES, Entry::default());
        }
        let mixed = (word[0] ^ word[1].rotate_left(21) ^ word[2].rotate_left(42)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let entry = &mut self.entries[(mixed >> (64 - PLACES)) as usize];
        // As one sum: what was just put together number by number is slow to be read as a whole.
        let difference = (0..3).fold(u64::from(entry.length ^ length), |sum, part| sum | entry.word[part] ^ word[part]);
        if difference == 0 {
            return Some(entry.fingerprint);
        }
        let fingerprint = find()?;
        *entry = Entry { word, length, fingerprint };
        Some(fingerprint)
    }
}

/// What a word is known by, together with its length.
#[inline]
fn key(word: &[u8]) -> Option<Key> {
    let byte = |place: usize| u64::from(word[place]);
    let four = |place: usize| word[place..].first_chunk().map(|bytes| u64::from(u32::from_le_bytes(*bytes)));
    let eight = |place: usize| word[place..].first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    let length = word.len();
    match length {
        1..=3 => Some([byte(0) | byte(length / 2) << 8 | byte(length - 1) << 16, 0, 0]),
        4..=7 => Some([four(0)?, 0, four(length - 4)?]),
        8..=LONGEST => Some([eight(0)?, eight((length - 8) / 2)?, eight(length - 8)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_known_by_all_of_their_bytes(word in prop::collection::vec(any::<u8>(), 1..30), place: usize, flip in 1..=255u8) {
            let mut other = word.clone();
            other[place % word.len()] ^= flip;
            prop_assert_eq!(key(&word).is_some(), word.len() <= LONGEST);
            prop_assert!(key(&word).is_none() || key(&word) != key(&other));
        }

        #[test]
        fn what_is_known_is_what_was_found(words in prop::collection::vec("[aé中]{1,12}", 0..300)) {
            let mut glossary = Glossary::default();
            for word in &words {
                let found = word.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
                prop_assert_eq!(glossary.look_up(word.as_bytes(), || Some(found)), Some(found));
            }
        }
    }

    #[test]
    fn what_was_not_found_is_asked_again() {
        let mut glossary = Glossary::default();
        assert_eq!(glossary.look_up("é".as_bytes(), || None), None);
        assert_eq!(glossary.look_up("é".as_bytes(), || Some(2)), Some(2));
        assert_eq!(glossary.look_up("é".as_bytes(), || None), Some(2));
    }
}
