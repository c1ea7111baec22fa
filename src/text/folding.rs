//! Folding: what two tokens have in common when a reader would call them the same word, and the number that stands for
//! it.
//!
//! A token is folded by NFKC (UAX #15), lower case, and a few characters more: apostrophes become `'`, dashes `-`,
//! Hebrew quotation marks `"`; what is never seen is left out (soft hyphen, joiners, direction marks, variation
//! selectors). `ß` becomes `ss` and final sigma becomes sigma, as in full case folding; other differences between lower
//! case and case folding touch no script in daily use. Accents stay: *résumé* is not *resume*.
//!
//! Zero-width joiners and non-joiners go too, though Persian, Urdu and the scripts of India spell with them: there they
//! are the sign that writers leave out most often, and a pair of words told apart by nothing else is rarer than one
//! word written both ways.
//!
//! The fingerprint of a folded token is XXH3-64 with a fixed seed, cut to 32 bits, the lowest of which tells a
//! character of a script written without spaces from a word. Two different words share a fingerprint once in 2³¹ pairs;
//! evidence is made of runs of tokens, where that does not show. Folding is linear in the token, and a token of any
//! length is hashed in pieces: marks are normalised in the stream-safe way of UAX #15, at most 30 in one run.

use std::borrow::Cow;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use xxhash_rust::xxh3::Xxh3;

use super::hashing::{SEED, hash, hash_short, hash_small};
use super::properties::Properties;
use super::words::Places;

/// Tokens up to this length (bytes) are folded whole before they are hashed.
const FOLDED_WHOLE: usize = 4096;

/// What a token is compared by: NFKC, lower case, one kind of apostrophe and dash, nothing invisible.
pub fn fold(token: &str) -> Cow<'_, str> {
    if token.is_ascii() {
        if token.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(token.to_ascii_lowercase())
        } else {
            Cow::Borrowed(token)
        }
    } else {
        let mut folded = String::with_capacity(token.len());
        fold_into(token, &mut folded);
        if folded == token { Cow::Borrowed(token) } else { Cow::Owned(folded) }
    }
}

/// Adds a word in small letters.
pub(crate) fn push_small(word: &str, small: &mut String) {
    if word.is_ascii() {
        let from = small.len();
        small.push_str(word);
        if let Some(added) = small.get_mut(from..) {
            added.make_ascii_lowercase();
        }
    } else {
        small.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The number that stands for a folded token: XXH3-64, fixed seed, cut to 32 bits; the lowest bit is set for a token
/// that is one character of a script written without spaces.
pub fn fingerprint(folded: &str, is_character: bool) -> u32 {
    mark(hash(folded.as_bytes()), is_character)
}

/// Whether a fingerprint is that of a character of a script written without spaces.
pub fn is_character(fingerprint: u32) -> bool {
    fingerprint & 1 == 1
}

/// Length of a run of tokens in words: two characters of a script written without spaces make a word, an odd one
/// counts.
pub fn count_words(fingerprints: &[u32]) -> u32 {
    let characters = fingerprints.iter().filter(|&&fingerprint| is_character(fingerprint)).count();
    (fingerprints.len() - characters + characters.div_ceil(2)) as u32
}

#[inline]
fn mark(hash: u64, is_character: bool) -> u32 {
    (hash as u32 & !1) | u32::from(is_character)
}

/// Gives the words of a text that are short and ASCII their fingerprints, and tells the numbers of the others.
pub(super) fn fingerprint_short<'n>(
    text: &str,
    words: &Places,
    fingerprints: &mut Vec<u32>,
    others: &'n mut Vec<u32>,
) -> &'n [u32] {
    let count = words.starts.len();
    fingerprints.resize(count, 0);
    others.resize(others.len().max(count), 0);
    let others_count = hash_short(text, &words.starts, &words.ends, fingerprints, others);
    fingerprints.iter_mut().for_each(|fingerprint| *fingerprint &= !1);
    &others[..others_count]
}

/// Fingerprint of a word, if it is ASCII and not long.
#[inline]
pub(super) fn fingerprint_ascii(word: &[u8]) -> Option<u32> {
    hash_small(word).map(|hash| mark(hash, false))
}

/// Fingerprint of a token that is not folded yet: equals `fingerprint(&fold(token), ..)`, mostly without allocation.
pub(super) fn fingerprint_token(token: &str, is_character: bool, scratch: &mut String) -> u32 {
    let mut simply = SimplyFolded::default();
    if simply.fold(token).is_some() {
        simply.fingerprint(is_character)
    } else if token.len() <= FOLDED_WHOLE {
        scratch.clear();
        fold_into(token, scratch);
        fingerprint(scratch, is_character)
    } else {
        let mut hasher = Xxh3::with_seed(SEED);
        let mut bytes = [0; 4];
        scratch.clear();
        for character in folded_characters(token) {
            scratch.push_str(character.encode_utf8(&mut bytes));
            if scratch.len() >= FOLDED_WHOLE {
                hasher.update(scratch.as_bytes());
                scratch.clear();
            }
        }
        hasher.update(scratch.as_bytes());
        mark(hasher.digest(), is_character)
    }
}

/// A short token folded one character at a time.
///
/// That is the whole of folding where no character meets another one: each is in normal form by itself, so is what it
/// becomes, and no two marks follow each other, whose order could matter.
#[derive(Debug)]
pub(super) struct SimplyFolded {
    bytes: [u8; SimplyFolded::LONGEST],
    length: usize,
    /// Whether it is one character of a script that is written without spaces.
    is_character: bool,
}

impl Default for SimplyFolded {
    fn default() -> Self {
        SimplyFolded { bytes: [0; Self::LONGEST], length: 0, is_character: false }
    }
}

impl SimplyFolded {
    /// The longest folded token, in bytes, and four to write a character at once.
    const LONGEST: usize = 64;

    /// Folds a word in place of the one before, and gives its fingerprint, if it is that simple and one token.
    #[inline]
    pub(super) fn fingerprint_word(&mut self, word: &str) -> Option<u32> {
        let lacks_spaces = self.fold(word)?;
        let is_one = !lacks_spaces || self.is_character;
        is_one.then(|| self.fingerprint(lacks_spaces))
    }

    /// Folds a token in place of the one before, if it is that simple. Tells whether a character of it is of a script
    /// that is written without spaces.
    #[inline]
    fn fold(&mut self, token: &str) -> Option<bool> {
        self.length = 0;
        let (mut lacks_spaces, mut is_mark_before, mut count) = (false, false, 0);
        for character in token.chars() {
            count += 1;
            let place: &mut [u8; 4] = self.bytes.get_mut(self.length..)?.first_chunk_mut()?;
            if character.is_ascii() {
                place[0] = (character as u8).to_ascii_lowercase();
                self.length += 1;
                is_mark_before = false;
                continue;
            }
            let properties = Properties::of(character);
            lacks_spaces |= properties.lacks_spaces();
            if is_mark_before && properties.is_combining() {
                return None;
            }
            let code = u32::from(properties.folded()?);
            // UTF-8 of two bytes, three, one, or of nothing at all.
            let (bytes, length) = match code {
                0x80..0x800 => (0x80c0 | code >> 6 | (code & 0x3f) << 8, 2),
                0x800.. => (0x0080_80e0 | code >> 12 | (code >> 6 & 0x3f) << 8 | (code & 0x3f) << 16, 3),
                1.. => (code, 1),
                0 => continue,
            };
            *place = bytes.to_le_bytes();
            self.length += length;
            is_mark_before = properties.is_combining();
        }
        self.is_character = lacks_spaces && count == 1;
        Some(lacks_spaces)
    }

    /// The fingerprint of what was folded last.
    #[inline]
    fn fingerprint(&self, is_character: bool) -> u32 {
        mark(hash(&self.bytes[..self.length]), is_character)
    }
}

/// What a character is folded to wherever it stands: one, or none. Nothing is said of a character that may become
/// several, or that its neighbours may change.
pub(super) fn fold_simply(character: char) -> Option<Option<char>> {
    let is_normal = |character: char| is_nfkc_quick(std::iter::once(character)) == IsNormalized::Yes;
    let mut folded = Folded::of(character);
    let (one, more) = (folded.next(), folded.next());
    let is_simple = is_normal(character)
        && more.is_none()
        && one.is_none_or(is_normal)
        && canonical_combining_class(character) == one.map_or(0, canonical_combining_class);
    is_simple.then_some(one)
}

/// Appends the folded token: the steps of [`folded_characters`], those left out that would change nothing.
fn fold_into(token: &str, folded: &mut String) {
    if is_nfkc_quick(token.chars()) == IsNormalized::Yes {
        folded.extend(token.chars().flat_map(Folded::of));
    } else {
        folded.extend(token.chars().stream_safe().nfkc().flat_map(Folded::of));
    }
    if is_nfkc_quick(folded.chars()) != IsNormalized::Yes {
        *folded = folded.chars().stream_safe().nfkc().flat_map(Folded::of).collect();
    }
}

/// The folded token, one character after the other, in constant memory.
fn folded_characters(token: &str) -> impl Iterator<Item = char> {
    // Lower case and what is left out can leave text that composes: normalised a second time. Grapheme joiners, which
    // the stream-safe way puts in, are left out again with all else that is not seen.
    token.chars().stream_safe().nfkc().flat_map(Folded::of).stream_safe().nfkc().flat_map(Folded::of)
}

/// What becomes of one character: none to three.
enum Folded {
    None,
    One(char),
    Twice(char),
    Lower(std::char::ToLowercase),
}

impl Folded {
    fn of(character: char) -> Folded {
        match character {
            '\0'..='\u{7f}' => Folded::One(character.to_ascii_lowercase()),
            // Soft hyphen, grapheme joiner, Arabic letter mark, Mongolian selectors, joiners and direction marks,
            // word joiner and invisible operators, variation selectors, byte order mark.
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}' => Folded::None,
            // Modifier apostrophe and turned comma, curly and prime forms, Hebrew geresh, saltillo.
            '\u{2bb}'
            | '\u{2bc}'
            | '\u{2bd}'
            | '\u{2018}'..='\u{201b}'
            | '\u{2032}'
            | '\u{5f3}'
            | '\u{a78b}'
            | '\u{a78c}' => Folded::One('\''),
            '\u{5f4}' => Folded::One('"'),
            '\u{58a}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Folded::One('-'),
            'ß' | 'ẞ' => Folded::Twice('s'),
            'ς' => Folded::One('σ'),
            _ => Folded::Lower(character.to_lowercase()),
        }
    }
}

impl Iterator for Folded {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match *self {
            Folded::None => None,
            Folded::One(character) => {
                *self = Folded::None;
                Some(character)
            }
            Folded::Twice(character) => {
                *self = Folded::One(character);
                Some(character)
            }
            Folded::Lower(ref mut lower) => lower.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_what_a_reader_calls_the_same() {
        for (one, other) in [
            ("Pakistan’s", "pakistan's"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("co\u{ad}operate", "cooperate"),
            ("e\u{301}te\u{301}", "ÉTÉ"),
            ("ﬁnance", "Finance"),
            ("ＡＢＣ１", "abc1"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("e\u{200d}\u{301}", "é"),
            ("葛\u{e0100}", "葛"),
            ("צה״ל", "צה\"ל"),
            ("ｺﾝﾋﾟｭｰﾀ", "コンピュータ"),
            ("МОСКВА", "москва"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold("résumé"), fold("resume"));
    }

    proptest! {
        #[test]
        fn small_letters_are_those_of_each_character(word in "[a-zA-ZéÉİΣß0-9]{0,9}") {
            let mut small = String::from("A");
            push_small(&word, &mut small);
            let expected: String = word.chars().flat_map(char::to_lowercase).collect();
            prop_assert_eq!(small, format!("A{expected}"));
        }
    }

    /// Every character alone, among letters, before a mark, and beside its like.
    #[test]
    fn every_character_is_folded_as_in_the_naive_way() {
        let mut scratch = String::new();
        for character in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let among_letters = format!("A{character}b{character}\u{300}");
            for token in [format!("{character}"), among_letters, format!("{character}{character}")] {
                let naive: String = folded_characters(&token).collect();
                assert_eq!(fingerprint_token(&token, false, &mut scratch), fingerprint(&naive, false), "{token:?}");
            }
        }
    }

    #[test]
    fn borrows_what_is_folded_already() {
        for token in ["peace", "2018", "мир", "和", "d'accord"] {
            assert!(matches!(fold(token), Cow::Borrowed(_)), "{token}");
        }
    }

    #[test]
    fn fingerprints_never_change() {
        let golden: Vec<u32> = ["the", "pakistan's", "u.s", "2018", "мир", "خان", "コンピュータ"]
            .iter()
            .map(|token| fingerprint(token, false))
            .chain(["和", "ก"].iter().map(|token| fingerprint(token, true)))
            .collect();
        assert_eq!(
            golden,
            [
                672_194_802,
                149_406_394,
                2_762_657_394,
                3_489_670_462,
                1_897_778_994,
                4_114_070_178,
                1_492_197_826,
                2_184_546_429,
                355_039_117
            ]
        );
    }

    #[test]
    fn two_characters_make_a_word() {
        let word = fingerprint("a", false);
        let character = fingerprint("和", true);
        assert_eq!(count_words(&[]), 0);
        assert_eq!(count_words(&[word, word]), 2);
        assert_eq!(count_words(&[character]), 1);
        assert_eq!(count_words(&[character, word, character, character]), 3);
    }

    #[test]
    fn a_token_of_any_length_is_hashed() {
        for pattern in ["Ab", "É", "e\u{301}", "\u{301}", "ﷺ", "ß"] {
            let token = format!("x{}", pattern.repeat(100_000));
            let mut scratch = String::new();
            assert_eq!(fingerprint_token(&token, false, &mut scratch), fingerprint(&fold(&token), false));
            assert!(scratch.capacity() < 20_000);
        }
    }

    proptest! {
        #[test]
        fn short_cuts_equal_the_naive_way(token in "\\PC{0,12}") {
            let naive: String = folded_characters(&token).collect();
            let fast = fold(&token);
            prop_assert_eq!(fast.as_ref(), naive.as_str());
            prop_assert_eq!(fingerprint_token(&token, true, &mut String::new()), fingerprint(&naive, true));
        }

        #[test]
        fn short_cuts_equal_the_naive_way_with_marks(token in "[A-Zaéßς’\u{301}\u{323}\u{34f}\u{ad}\u{200d}İǅ가\u{11a8}が\u{3099}ﬁ]{0,60}") {
            let naive: String = folded_characters(&token).collect();
            let fast = fold(&token);
            prop_assert_eq!(fast.as_ref(), naive.as_str());
        }

        #[test]
        fn composed_and_decomposed_fold_alike(token in "\\PC{0,12}") {
            let composed: String = token.nfc().collect();
            let decomposed: String = token.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }
    }
}
