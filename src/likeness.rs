//! Likeness: when two stretches that were aligned are one text.
//!
//! An alignment has *equal* columns, and *changed* ones: a gap has as many as its longer side. The *opposite* tokens
//! are the equal ones and the shorter side of each gap. Two stretches are one text if
//!
//! - opposite ≥ [`ALIKE`] · the longer stretch: both say about as much; and
//! - equal ≥ s · columns, with s = [`REWORDED`], since a few words of a trade follow each other in any two texts about
//!   one thing; or s = [`REWRITTEN`], if [`LONG`] times `min_words` and more are equal, since that many in one order
//!   are no chance; or, within one document, s = [`REPEATED`] if [`BODY`] times `min_words` are equal, and all of it if
//!   fewer are, since one author says like things in like words, sentence against sentence (*Similarly, to set the
//!   group ID …*), and means no copy.
//!
//! The preset `strict` asks for [`VERBATIM`] throughout.
//!
//! The shares were chosen on real texts: see `docs/accuracy.md`.

use std::ops::Range;

use crate::alignment::{Alignment, Block};
use crate::settings::{Preset, Settings};

/// Share, in thousandths, of both stretches that must stand opposite each other.
pub(crate) const ALIKE: u32 = 800;
/// Least share of equal columns, in thousandths.
const REWORDED: u32 = 600;
/// The same of a long stretch.
const REWRITTEN: u32 = 400;
/// The same within one document.
const REPEATED: u32 = 750;
/// The same under the preset `strict`.
const VERBATIM: u32 = 900;
/// Least share of equal columns, in thousandths, of stretches that are equal but for a word or two.
const ALL_BUT_EQUAL: u32 = 850;
/// A stretch is long if so many times `min_words` of its tokens are equal.
const LONG: u32 = 3;
/// Within one document it is a body of text, and no single sentence, if so many times `min_words` are equal.
const BODY: u32 = 6;

/// What an alignment comes to, in tokens.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) equal: u64,
    pub(crate) columns: u64,
    pub(crate) opposite: u64,
    pub(crate) longer: u64,
}

impl Count {
    /// What equal runs come to in these stretches of both texts, which they lie in, ascending.
    pub(crate) fn of(blocks: &[Block], (a, b): &(Range<u32>, Range<u32>)) -> Self {
        let mut count = Count { longer: a.len().max(b.len()) as u64, ..Count::default() };
        let mut at = (a.start, b.start);
        let end = Block { a: a.end, b: b.end, length: 0 };
        for block in blocks.iter().chain(std::iter::once(&end)) {
            let (gap_a, gap_b) = (u64::from(block.a - at.0), u64::from(block.b - at.1));
            count.equal += u64::from(block.length);
            count.columns += u64::from(block.length) + gap_a.max(gap_b);
            count.opposite += u64::from(block.length) + gap_a.min(gap_b);
            at = (block.a_end(), block.b_end());
        }
        count
    }
}

/// The inequalities under given settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Likeness {
    strict: bool,
    min_words: u32,
}

impl Likeness {
    /// As the settings ask.
    pub(crate) fn of(settings: &Settings) -> Self {
        Likeness { strict: settings.preset == Preset::Strict, min_words: settings.min_words }
    }

    /// Whether two stretches are one text; `within` one document or not.
    pub(crate) fn holds(&self, count: &Count, within: bool) -> bool {
        if within && count.equal < u64::from(BODY * self.min_words) {
            return count.equal == count.columns;
        }
        let least = match (self.strict, within) {
            (true, _) => VERBATIM,
            (false, true) => REPEATED,
            (false, false) if self.is_long(count.equal) => REWRITTEN,
            (false, false) => REWORDED,
        };
        count.opposite * 1000 >= count.longer * u64::from(ALIKE)
            && count.equal * 1000 >= count.columns * u64::from(least)
    }

    /// Whether two stretches are one text with a word or two changed.
    pub(crate) fn is_all_but_equal(count: &Count) -> bool {
        count.equal * 1000 >= count.columns * u64::from(ALL_BUT_EQUAL)
    }

    /// Whether so many equal tokens in one order are no chance.
    pub(crate) fn is_long(&self, equal: u64) -> bool {
        equal >= u64::from(LONG * self.min_words)
    }

    /// The same of a whole alignment.
    pub(crate) fn holds_for(&self, alignment: &Alignment, within: bool) -> bool {
        self.holds(&alignment.count(), within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(equal: u64, columns: u64, within: bool) -> bool {
        let count = Count { equal, columns, opposite: columns, longer: columns };
        Likeness::of(&Settings::default()).holds(&count, within)
    }

    #[test]
    fn long_stretches_may_be_rewritten_and_short_ones_reworded() {
        assert!(holds(24, 60, false) && !holds(23, 58, false) && !holds(24, 61, false));
        assert!(holds(12, 20, false) && !holds(11, 20, false));
        assert!(holds(48, 64, true) && !holds(48, 65, true));
        assert!(holds(47, 47, true) && !holds(47, 48, true));
    }

    #[test]
    fn gaps_count_by_their_longer_and_shorter_side() {
        let blocks = [Block { a: 2, b: 2, length: 4 }, Block { a: 8, b: 11, length: 3 }];
        let count = Count::of(&blocks, &(0..12, 1..20));
        // Gaps 2 and 1 before, 2 and 5 between, 1 and 6 behind.
        assert_eq!((count.equal, count.columns, count.opposite, count.longer), (7, 7 + 2 + 5 + 6, 7 + 1 + 2 + 1, 19));
    }

    #[test]
    fn both_sides_say_about_as_much() {
        let count = Count { equal: 30, columns: 40, opposite: 31, longer: 40 };
        assert!(!Likeness::of(&Settings::default()).holds(&count, false));
    }
}
