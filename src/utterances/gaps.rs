//! Gaps: what lies between the equal runs of two texts, where it belongs, and what it weighs.
//!
//! **Idea.** An aligner that counts words only has three habits that a reader of quotations has not. It puts a gap where
//! it comes first, though words may be equal on both its sides: *it was [good. It was] late* is *[It was good.] It was
//! late*; so gaps are slid to a sign, or to where sentences begin ([`settle`]). It takes a word or two behind a gap for
//! chance, though they end both texts ([`trim_ends`]). And it weighs a sentence left out like a sentence put otherwise,
//! though the first is one thing done and the second many: what is missing on one side costs no more than
//! [`LEFT_OUT`] words, and nothing where a sign admits it ([`count_columns`]). This is the affine cost of gaps of sequence
//! alignment (Gotoh 1982), with a bound as in minimap2's two-piece cost (Li 2018).
//!
//! **Cost.** Linear in the words.

use std::cmp::Reverse;

use super::pairs::Text;
use super::words::Looks;
use crate::alignment::Block;

/// What a gap costs at most, in words, that is empty on one side.
const LEFT_OUT: u32 = 3;
/// Words in a row on both sides of such a gap: fewer are chance.
const RUN: u32 = 3;

/// The gap between two blocks: words missing from the second text and from the first.
fn between(one: &Block, next: &Block) -> (u32, u32) {
    (next.a - one.a_end(), next.b - one.b_end())
}

/// Whether a sign stands in a gap, on either side.
fn has_sign(one: Text, other: Text, (before, after): (&Block, &Block)) -> bool {
    let is_signed =
        |text: Text, words: std::ops::RangeInclusive<u32>| words.into_iter().any(|at| text.is(at, Looks::SIGN));
    is_signed(one, before.a_end()..=after.a) || is_signed(other, before.b_end()..=after.b)
}

/// Slides gaps that are empty on one side over equal words, to where a writer would have made them.
pub(super) fn settle(one: Text, other: Text, blocks: &mut Vec<Block>) {
    for at in 1..blocks.len() {
        let (before, after) = (blocks[at - 1], blocks[at]);
        let (long, gap, empty, place) = match between(&before, &after) {
            (0, 0) => continue,
            (_, 0) => (one, (before.a_end(), after.a), other, after.b),
            (0, _) => (other, (before.b_end(), after.b), one, after.a),
            _ => continue,
        };
        let left = (1..=before.length)
            .take_while(|by| long.tokens[(gap.0 - by) as usize] == long.tokens[(gap.1 - by) as usize]);
        let right =
            (0..after.length).take_while(|by| long.tokens[(gap.0 + by) as usize] == long.tokens[(gap.1 + by) as usize]);
        let slides = left.map(|by| -i64::from(by)).chain(right.map(|by| i64::from(by) + 1));
        let worth = |slide: i64| {
            let shift = |word: u32| (i64::from(word) + slide) as u32;
            let opens = |word: u32| word == long.count() || long.is(word, Looks::OPENS);
            if empty.is(shift(place), Looks::SIGN) {
                3
            } else if -slide == i64::from(before.length) || slide == i64::from(after.length) {
                2
            } else {
                i64::from(opens(shift(gap.0)) && opens(shift(gap.1)))
            }
        };
        let (_, Reverse(_), slide) = slides
            .chain([0])
            .map(|slide| (worth(slide), Reverse(slide.abs()), slide))
            .max()
            .unwrap_or((0, Reverse(0), 0));
        let grown = |length: u32, by: i64| (i64::from(length) + by) as u32;
        blocks[at - 1].length = grown(before.length, slide);
        blocks[at] = Block { a: grown(after.a, slide), b: grown(after.b, slide), length: grown(after.length, -slide) };
    }
    blocks.retain(|block| block.length > 0);
}

/// The blocks without those at the ends that are single words, or shorter than the gap that sets them off: these are
/// chance, unless they begin or end both texts, or a sign says that something stood between.
pub(super) fn trim_ends<'b>(one: Text, other: Text, mut blocks: &'b [Block]) -> &'b [Block] {
    let is_loose = |block: &Block, pair: (&Block, &Block), is_end: bool| {
        let gap = between(pair.0, pair.1);
        let is_empty = gap.0.min(gap.1) == 0;
        let is_chance = block.length < gap.0.max(gap.1).max(2);
        let is_expected = is_end && gap.0.min(gap.1) <= block.length;
        let is_admitted = is_empty && block.length > 1 && has_sign(one, other, pair);
        is_chance && !is_expected && !is_admitted
    };
    while let [first, second, ..] = blocks
        && is_loose(first, (first, second), first.a == 0 && first.b == 0)
    {
        blocks = &blocks[1..];
    }
    while let [.., second, last] = blocks
        && is_loose(last, (second, last), last.a_end() == one.count() && last.b_end() == other.count())
    {
        blocks = &blocks[..blocks.len() - 1];
    }
    blocks
}

/// The columns that an alignment is judged by, from its first to its last block.
pub(super) fn count_columns(one: Text, other: Text, blocks: &[Block]) -> u64 {
    let equal: u64 = blocks.iter().map(|block| u64::from(block.length)).sum();
    let gaps = blocks.windows(2).map(|pair| {
        let (before, after) = (&pair[0], &pair[1]);
        let (missing, added) = between(before, after);
        let (opposite, alone) = (missing.min(added), missing.abs_diff(added));
        let is_between_runs = before.length >= RUN && after.length >= RUN;
        let alone = match opposite {
            0 if has_sign(one, other, (before, after)) => 0,
            _ if is_between_runs => alone.min(LEFT_OUT),
            _ => alone,
        };
        u64::from(opposite + alone)
    });
    equal + gaps.sum::<u64>()
}
