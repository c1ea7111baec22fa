//! Properties: what the cutting of a text asks of a character, in one table.
//!
//! **Idea.** The properties come from `icu_properties` and `unicode-normalization`, which have them in tries and hashed
//! tables for one property each. Cutting text asks for several of every character, so they are put side by side in one
//! word of four bytes: what UAX #29 says of it, whether it is plain to [`words`](super::words), whether its script is
//! written with spaces, and what it is folded to where that is one character that nothing beside it can change.
//!
//! **Cost.** Three reads a character. A page of 256 characters is filled when the first of them is asked for: a text
//! touches a handful of the 4,352 pages, and pays for no others.
//!
//! **Memory.** 70 KB for the places of the pages, 1 KB a page.
//!
//! The tests compare every character with `unicode-segmentation`, by behaviour.

use std::sync::OnceLock;

use icu_properties::props::{Alphabetic, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup};
use icu_properties::props::{SentenceBreak, WordBreak};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use super::folding::fold_simply;
use super::tokens::lacks_spaces;

/// `Word_Break` of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Word {
    Other,
    /// CR, LF and the other line ends.
    LineEnd,
    /// Extend and Format: belongs to what stands before it.
    Extend,
    /// The zero-width joiner: the same, and joins emoji.
    Joiner,
    Letter,
    Hebrew,
    Digit,
    Katakana,
    /// Underscore and its like.
    Connector,
    MidLetter,
    MidDigit,
    /// Between letters and between digits.
    MidBoth,
    SingleQuote,
    DoubleQuote,
    /// One half of a flag.
    Regional,
    Space,
}

/// `Sentence_Break` of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Sentence {
    Other,
    Extend,
    LineEnd,
    Space,
    Lower,
    Upper,
    OtherLetter,
    Digit,
    /// A full stop, which may end a sentence or an abbreviation.
    Stop,
    /// What ends a sentence for certain.
    End,
    Close,
    Continue,
}

/// What the short way through the words of a text makes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Plain {
    /// Not plain: the rules have to be asked.
    Not,
    Letter,
    Digit,
    /// Neither part of a word nor joining any.
    Nothing,
    /// May join what stands before it to what stands behind it.
    Mark,
    /// Is part of the letter or digit before it.
    Extender,
}

/// The properties of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Properties(u32);

/// Where each property begins.
const SENTENCE: u32 = 4;
const PLAIN: u32 = 8;
const FOLDED: u32 = 16;

const ALPHANUMERIC: u32 = 1 << 11;
const PICTOGRAPHIC: u32 = 1 << 12;
const SPACELESS: u32 = 1 << 13;
const BEGINS_TOKEN: u32 = 1 << 14;
const COMBINING: u32 = 1 << 15;

/// A character that stands for what is folded in no simple way: it is none that text may hold.
const INTRICATE: u32 = 0xffff;

const PLAINS: [Plain; 8] = [
    Plain::Not,
    Plain::Letter,
    Plain::Digit,
    Plain::Nothing,
    Plain::Mark,
    Plain::Extender,
    // No code has these.
    Plain::Not,
    Plain::Not,
];

const WORDS: [Word; 16] = [
    Word::Other,
    Word::LineEnd,
    Word::Extend,
    Word::Joiner,
    Word::Letter,
    Word::Hebrew,
    Word::Digit,
    Word::Katakana,
    Word::Connector,
    Word::MidLetter,
    Word::MidDigit,
    Word::MidBoth,
    Word::SingleQuote,
    Word::DoubleQuote,
    Word::Regional,
    Word::Space,
];

const SENTENCES: [Sentence; 16] = [
    Sentence::Other,
    Sentence::Extend,
    Sentence::LineEnd,
    Sentence::Space,
    Sentence::Lower,
    Sentence::Upper,
    Sentence::OtherLetter,
    Sentence::Digit,
    Sentence::Stop,
    Sentence::End,
    Sentence::Close,
    Sentence::Continue,
    // No code has these.
    Sentence::Other,
    Sentence::Other,
    Sentence::Other,
    Sentence::Other,
];

impl Properties {
    /// Of a character.
    #[inline]
    pub(super) fn of(character: char) -> Self {
        let code = character as usize;
        PAGES[code / PAGE].get_or_init(|| fill(code / PAGE))[code % PAGE]
    }

    #[inline]
    pub(super) fn word(self) -> Word {
        WORDS[(self.0 & 15) as usize]
    }

    #[inline]
    pub(super) fn sentence(self) -> Sentence {
        SENTENCES[(self.0 >> SENTENCE & 15) as usize]
    }

    #[inline]
    pub(super) fn plain(self) -> Plain {
        PLAINS[(self.0 >> PLAIN & 7) as usize]
    }

    /// Alphabetic or a number.
    #[inline]
    pub(super) fn is_alphanumeric(self) -> bool {
        self.0 & ALPHANUMERIC != 0
    }

    /// Whether a joiner before it makes one emoji of two.
    #[inline]
    pub(super) fn is_pictographic(self) -> bool {
        self.0 & PICTOGRAPHIC != 0
    }

    /// Whether it is a letter of a script that is written without spaces between words.
    #[inline]
    pub(super) fn lacks_spaces(self) -> bool {
        self.0 & SPACELESS != 0
    }

    /// Whether it is a letter or a digit, and no mark upon one.
    #[inline]
    pub(super) fn begins_token(self) -> bool {
        self.0 & BEGINS_TOKEN != 0
    }

    /// Whether it has a place in the canonical order of marks, before or after it is folded.
    #[inline]
    pub(super) fn is_combining(self) -> bool {
        self.0 & COMBINING != 0
    }

    /// The code of what it is folded to, if that is simple; zero if it is left out.
    #[inline]
    pub(super) fn folded(self) -> Option<u16> {
        let code = self.0 >> FOLDED;
        (code != INTRICATE).then_some(code as u16)
    }
}

/// How many characters stand in one page of the table.
const PAGE: usize = 256;

type Page = [Properties; PAGE];

/// The pages of the table that were asked for.
static PAGES: [OnceLock<Box<Page>>; (char::MAX as usize + 1) / PAGE] =
    [const { OnceLock::new() }; (char::MAX as usize + 1) / PAGE];

#[cold]
fn fill(page: usize) -> Box<Page> {
    // Surrogates are no characters, and nobody asks for them.
    let of = |place: usize| look_up(char::from_u32((page * PAGE + place) as u32).unwrap_or('\0'));
    Box::new(std::array::from_fn(of))
}

fn look_up(character: char) -> Properties {
    let word = match CodePointMapData::<WordBreak>::new().get(character) {
        WordBreak::CR | WordBreak::LF | WordBreak::Newline => Word::LineEnd,
        WordBreak::Extend | WordBreak::Format => Word::Extend,
        WordBreak::ZWJ => Word::Joiner,
        WordBreak::ALetter => Word::Letter,
        WordBreak::HebrewLetter => Word::Hebrew,
        WordBreak::Numeric => Word::Digit,
        WordBreak::Katakana => Word::Katakana,
        WordBreak::ExtendNumLet => Word::Connector,
        WordBreak::MidLetter => Word::MidLetter,
        WordBreak::MidNum => Word::MidDigit,
        WordBreak::MidNumLet => Word::MidBoth,
        WordBreak::SingleQuote => Word::SingleQuote,
        WordBreak::DoubleQuote => Word::DoubleQuote,
        WordBreak::RegionalIndicator => Word::Regional,
        WordBreak::WSegSpace => Word::Space,
        _ => Word::Other,
    };
    let sentence = match CodePointMapData::<SentenceBreak>::new().get(character) {
        SentenceBreak::CR | SentenceBreak::LF | SentenceBreak::Sep => Sentence::LineEnd,
        SentenceBreak::Extend | SentenceBreak::Format => Sentence::Extend,
        SentenceBreak::Sp => Sentence::Space,
        SentenceBreak::Lower => Sentence::Lower,
        SentenceBreak::Upper => Sentence::Upper,
        SentenceBreak::OLetter => Sentence::OtherLetter,
        SentenceBreak::Numeric => Sentence::Digit,
        SentenceBreak::ATerm => Sentence::Stop,
        SentenceBreak::STerm => Sentence::End,
        SentenceBreak::Close => Sentence::Close,
        SentenceBreak::SContinue => Sentence::Continue,
        _ => Sentence::Other,
    };
    let is_number = GeneralCategoryGroup::Number.contains(CodePointMapData::<GeneralCategory>::new().get(character));
    let is_alphanumeric = is_number || CodePointSetData::new::<Alphabetic>().contains(character);
    let is_pictographic = CodePointSetData::new::<ExtendedPictographic>().contains(character);
    let spaceless = lacks_spaces(character);
    let plain = match (word, is_alphanumeric) {
        _ if spaceless => Plain::Not,
        (Word::Letter, true) => Plain::Letter,
        (Word::Digit, true) => Plain::Digit,
        (Word::Other | Word::LineEnd | Word::Space, false) => Plain::Nothing,
        (Word::MidLetter | Word::MidDigit | Word::MidBoth, false) => Plain::Mark,
        (Word::Extend, _) => Plain::Extender,
        _ => Plain::Not,
    };
    let (folded, is_combining) = match fold_simply(character) {
        Some(None) => (0, false),
        // NUL, which is folded to itself, would be taken for nothing.
        Some(Some(one @ '\u{1}'..'\u{ffff}')) => (one as u32, canonical_combining_class(one) != 0),
        _ => (INTRICATE, false),
    };
    let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
    Properties(
        word as u32
            | (sentence as u32) << SENTENCE
            | (plain as u32) << PLAIN
            | flag(is_alphanumeric, ALPHANUMERIC)
            | flag(is_pictographic, PICTOGRAPHIC)
            | flag(spaceless, SPACELESS)
            | flag(character.is_alphanumeric() && !is_combining_mark(character), BEGINS_TOKEN)
            | flag(is_combining, COMBINING)
            | folded << FOLDED,
    )
}

/// Whether a character is a symbol: of money, of mathematics, or another.
pub(crate) fn is_symbol(character: char) -> bool {
    GeneralCategoryGroup::Symbol.contains(CodePointMapData::<GeneralCategory>::new().get(character))
}
