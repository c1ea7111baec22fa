//! Glossary: the words met lately, as they are written, and their fingerprints.
//!
//! **Idea.** Text repeats its words: of those that have at most eight bytes (four words in five of news), nearly all
//! were met a short while ago. Such a word is one machine word, and to look it up takes a multiplication and a
//! comparison, where to fold and to hash it takes four times as much. The table has one place for each word, where the
//! next one of that place follows it. No branch is taken: the words that are not known, or longer, are noted by their
//! numbers, and come second, one after the other.
//!
//! **Cost.** O(words). What is known changes the time and never the answer.
//!
//! **Memory.** 64 KB.

use super::words::Places;

/// How many places the table has, as a power of two.
const PLACES: u32 = 12;

/// The longest word that is kept, in bytes.
const LONGEST: usize = 8;

/// A word and its fingerprint.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Its bytes, the first one lowest, and zeros: a word may begin with one, but does not end so.
    word: u64,
    fingerprint: u32,
}

/// The fingerprints of short words.
#[derive(Debug)]
pub(super) struct Glossary {
    entries: Box<[Entry; 1 << PLACES]>,
}

impl Default for Glossary {
    fn default() -> Self {
        // No text has these bytes.
        Glossary { entries: Box::new([Entry { word: !0, fingerprint: 0 }; 1 << PLACES]) }
    }
}

impl Glossary {
    /// Gives the words of a text that are known their fingerprints, and tells the numbers of the others.
    pub(super) fn look_up<'n>(
        &self,
        text: &[u8],
        words: &Places,
        fingerprints: &mut Vec<u32>,
        others: &'n mut Vec<u32>,
    ) -> &'n [u32] {
        fingerprints.resize(words.starts.len(), 0);
        if others.len() < words.starts.len() {
            others.resize(words.starts.len(), 0);
        }
        let mut count = 0;
        for (number, ((start, end), fingerprint)) in words.starts.iter().zip(&words.ends).zip(fingerprints).enumerate() {
            let length = (end - start) as usize;
            let bytes = text[*start as usize..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
            let behind = 64usize.wrapping_sub(8 * length) & 63;
            let word = bytes << behind >> behind;
            let entry = &self.entries[place(word)];
            *fingerprint = entry.fingerprint;
            others[count] = number as u32;
            count += usize::from(length > LONGEST || entry.word != word);
        }
        &others[..count]
    }

    /// Keeps a word, if it is short.
    #[inline]
    pub(super) fn keep(&mut self, word: &[u8], fingerprint: u32) {
        if let Some(word) = as_number(word) {
            self.entries[place(word)] = Entry { word, fingerprint };
        }
    }
}

/// A word of one to eight bytes as a number, of which the first byte is the lowest.
#[inline]
fn as_number(word: &[u8]) -> Option<u64> {
    let last = word.len().wrapping_sub(1);
    let byte = |place: usize| u64::from(word[place]) << (8 * place);
    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    match word.len() {
        1..=3 => Some(byte(0) | byte(last / 2) | byte(last)),
        4..=LONGEST => Some(four(word.first_chunk()?) | four(word.last_chunk()?) << (8 * (word.len() - 4))),
        _ => None,
    }
}

/// Where a word stands.
#[inline]
fn place(word: u64) -> usize {
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PLACES)) as usize
}
