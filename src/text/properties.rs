//! Properties: what UAX #29 asks of a character, in one table.
//!
//! The properties come from `icu_properties`, which has them in tries for one property each. Cutting text asks for
//! several of every character, so the first call puts those of the basic plane side by side, two bytes a character;
//! others are looked up where they stand. Tests compare every character with `unicode-segmentation`, by behaviour.

use std::sync::LazyLock;

use icu_properties::props::{Alphabetic, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup};
use icu_properties::props::{SentenceBreak, WordBreak};
use icu_properties::{CodePointMapData, CodePointSetData};

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

/// The properties of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Properties(u16);

const SENTENCE: u32 = 5;
const ALPHANUMERIC: u16 = 1 << 9;
const PICTOGRAPHIC: u16 = 1 << 10;

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
        TABLE.get(character as usize).copied().unwrap_or_else(|| look_up(character))
    }

    #[inline]
    pub(super) fn word(self) -> Word {
        WORDS[usize::from(self.0 & 15)]
    }

    #[inline]
    pub(super) fn sentence(self) -> Sentence {
        SENTENCES[usize::from(self.0 >> SENTENCE & 15)]
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
}

/// The properties of the basic plane.
static TABLE: LazyLock<Vec<Properties>> = LazyLock::new(|| {
    // Surrogates are no characters, and nobody asks for them.
    (0..=0xffff).map(|code| look_up(char::from_u32(code).unwrap_or('\0'))).collect()
});

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
    let flag = |holds: bool, flag: u16| if holds { flag } else { 0 };
    Properties(
        word as u16
            | (sentence as u16) << SENTENCE
            | flag(is_alphanumeric, ALPHANUMERIC)
            | flag(is_pictographic, PICTOGRAPHIC),
    )
}
