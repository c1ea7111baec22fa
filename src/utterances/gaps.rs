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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::alignment::Alignment;

    fn block(a: u32, b: u32, length: u32) -> Block {
        Block { a, b, length }
    }

    /// Words as letters. A sentence begins with one behind a full stop, a sign stands before one behind an asterisk.
    fn spell(letters: &str) -> (Vec<u32>, Vec<u8>) {
        let (mut tokens, mut looks, mut next) = (Vec::new(), Vec::new(), Looks::OPENS);
        for letter in letters.chars() {
            match letter {
                '.' => next |= Looks::OPENS,
                '*' => next |= Looks::SIGN,
                ' ' => {}
                letter => {
                    tokens.push(letter as u32);
                    looks.push(std::mem::take(&mut next));
                }
            }
        }
        (tokens, looks)
    }

    fn text((tokens, looks): &(Vec<u32>, Vec<u8>)) -> Text<'_> {
        Text { tokens, looks }
    }

    /// The words of a text, those between brackets that no block holds.
    fn show(tokens: &[u32], is_equal: impl Fn(u32) -> bool) -> String {
        let mut shown = String::new();
        let mut was_equal = true;
        for (at, token) in (0u32..).zip(tokens) {
            match (was_equal, is_equal(at)) {
                (true, false) => shown.push('['),
                (false, true) => shown.push(']'),
                _ => {}
            }
            was_equal = is_equal(at);
            shown.extend(char::from_u32(*token));
        }
        shown + if was_equal { "" } else { "]" }
    }

    #[test]
    fn gaps_are_slid_to_where_a_writer_would_have_made_them() {
        let cases = [
            // *it was [good. It was] late* is *[It was good.] It was late*: the first block is gone.
            ("iwg.iwl", "iwl", vec![block(0, 0, 2), block(5, 2, 1)], "[iwg]iwl"),
            // A whole sentence in the middle.
            ("xy.iwg.iwl", "xy.iwl", vec![block(0, 0, 4), block(7, 4, 1)], "xy[iwg]iwl"),
            ("xy.iwg.iwl", "xy.iwl", vec![block(0, 0, 2), block(5, 2, 3)], "xy[iwg]iwl"),
            // Nothing tells where: it stays.
            ("xyiwgiwlz", "xyiwlz", vec![block(0, 0, 4), block(7, 4, 2)], "xyiw[giw]lz"),
            // A sign, on the side that lacks the words, outweighs sentences.
            ("xy.iwg.iwlz", "xyi*wlz", vec![block(0, 0, 4), block(7, 4, 2)], "xyi[wgi]wlz"),
            // To the right.
            ("xabyabz.vq", "xab*z.vq", vec![block(0, 0, 1), block(4, 1, 5)], "xab[yab]zvq"),
            // Of two that are as good the nearer one.
            ("aaaab", "a*a*ab", vec![block(0, 0, 3), block(4, 3, 1)], "aa[a]ab"),
            // What stands opposite something else stays.
            ("xabyz", "xabwz", vec![block(0, 0, 3), block(4, 4, 1)], "xab[y]z"),
        ];
        for (one, other, mut blocks, expected) in cases {
            let (one, other) = (spell(one), spell(other));
            let mut swapped: Vec<Block> = blocks.iter().map(|own| block(own.b, own.a, own.length)).collect();
            settle(text(&one), text(&other), &mut blocks);
            let holds = |start: u32, length: u32, at: u32| (start..start + length).contains(&at);
            assert_eq!(show(&one.0, |at| blocks.iter().any(|own| holds(own.a, own.length, at))), expected);
            // What is put in is slid alike.
            settle(text(&other), text(&one), &mut swapped);
            assert_eq!(show(&one.0, |at| swapped.iter().any(|own| holds(own.b, own.length, at))), expected);
        }
    }

    #[test]
    fn ends_that_are_chance_are_trimmed() {
        let long = "abcdefghijklmnopqrst";
        let cases = [
            // (the second text, blocks, those that stay)
            // A word alone at an end, but where both texts end with it, and not much was put in between.
            (long, vec![block(2, 2, 1), block(4, 4, 8)], 1..2),
            (long, vec![block(0, 0, 1), block(2, 2, 8)], 0..2),
            (long, vec![block(0, 0, 1), block(3, 3, 8)], 1..2),
            (long, vec![block(0, 0, 1), block(9, 2, 8)], 0..2),
            (long, vec![block(2, 2, 8), block(12, 12, 1)], 0..1),
            (long, vec![block(2, 2, 16), block(19, 19, 1)], 0..2),
            (long, vec![block(2, 2, 15), block(19, 19, 1)], 0..1),
            // Words in a row that are as many as those missing before them.
            (long, vec![block(2, 2, 2), block(6, 6, 8)], 0..2),
            (long, vec![block(2, 2, 2), block(7, 4, 8)], 1..2),
            // Not where dots say that some are missing.
            ("abcd*efghijklmnopqrst", vec![block(2, 2, 2), block(7, 4, 8)], 0..2),
            ("abcd*efghijklmnopqrst", vec![block(3, 3, 1), block(7, 4, 8)], 1..2),
            // One by one, but never the last that is left.
            (long, vec![block(2, 2, 1), block(4, 4, 1), block(6, 6, 1)], 2..3),
            (long, vec![block(3, 3, 1)], 0..1),
            (long, vec![], 0..0),
        ];
        for (other, blocks, kept) in cases {
            let (one, other) = (spell(long), spell(other));
            assert_eq!(trim_ends(text(&one), text(&other), &blocks), &blocks[kept], "{blocks:?}");
        }
    }

    #[test]
    fn columns() {
        let cases = [
            // Equal words, and the longer side of each gap.
            ("abcdefgh", vec![block(0, 0, 8)], 8),
            ("abcdefgh", vec![block(0, 0, 3), block(4, 4, 4)], 8),
            ("abcdefgh", vec![block(0, 0, 2), block(2, 5, 2)], 7),
            ("abcdefgh", vec![block(0, 0, 2), block(3, 6, 2)], 8),
            // Between runs what one side has more counts as three words at most.
            ("abcdefghijklm", vec![block(0, 0, 3), block(3, 10, 3)], 9),
            ("abcdefghijklm", vec![block(0, 0, 3), block(5, 10, 3)], 11),
            ("abcdefghijklm", vec![block(0, 0, 2), block(2, 10, 3)], 13),
            // And nothing where a sign admits it, unless something stands there instead.
            ("abc*defghijklm", vec![block(0, 0, 3), block(3, 10, 3)], 6),
            ("ab*cdefghijklm", vec![block(0, 0, 2), block(2, 10, 2)], 4),
            ("abc*defghijklm", vec![block(0, 0, 3), block(5, 10, 3)], 11),
            ("abc*defghijklm", vec![block(0, 0, 3), block(4, 4, 4)], 8),
            ("", vec![], 0),
        ];
        for (letters, blocks, expected) in cases {
            let (one, plain) = (spell(letters), spell(&letters.replace('*', "")));
            assert_eq!(count_columns(text(&one), text(&plain), &blocks), expected, "{letters} {blocks:?}");
            let swapped: Vec<Block> = blocks.iter().map(|own| block(own.b, own.a, own.length)).collect();
            assert_eq!(count_columns(text(&plain), text(&one), &swapped), expected, "{letters} {blocks:?}");
        }
    }

    /// Where each gap belongs, every place tried.
    fn settle_naively(one: Text, other: Text, blocks: &mut Vec<Block>) {
        for at in 1..blocks.len() {
            let (before, after) = (blocks[at - 1], blocks[at]);
            let (missing, added) = between(&before, &after);
            if (missing == 0) == (added == 0) {
                continue;
            }
            let (long, empty) = if added == 0 { (one, other) } else { (other, one) };
            let slid = |slide: i64| {
                let move_by = |word: u32| (i64::from(word) + slide) as u32;
                let length = (i64::from(after.length) - slide) as u32;
                [
                    Block { length: move_by(before.length), ..before },
                    Block { a: move_by(after.a), b: move_by(after.b), length },
                ]
            };
            let is_valid = |slide: i64| slid(slide).iter().all(|block| is_equal(one, other, block));
            let worth = |slide: i64| {
                let [before, after] = slid(slide);
                let (gap, place) =
                    if added == 0 { (before.a_end()..after.a, after.b) } else { (before.b_end()..after.b, after.a) };
                let opens = |word: u32| word == long.count() || long.is(word, Looks::OPENS);
                match () {
                    () if empty.is(place, Looks::SIGN) => 3,
                    () if before.length == 0 || after.length == 0 => 2,
                    () => i32::from(opens(gap.start) && opens(gap.end)),
                }
            };
            let places = -i64::from(before.length)..=i64::from(after.length);
            let best =
                places.filter(|slide| is_valid(*slide)).max_by_key(|slide| (worth(*slide), -slide.abs(), *slide));
            let [before, after] = slid(best.unwrap());
            (blocks[at - 1], blocks[at]) = (before, after);
        }
        blocks.retain(|block| block.length > 0);
    }

    fn is_equal(one: Text, other: Text, block: &Block) -> bool {
        one.tokens[block.a as usize..block.a_end() as usize] == other.tokens[block.b as usize..block.b_end() as usize]
    }

    fn some_text() -> impl Strategy<Value = (Vec<u32>, Vec<u8>)> {
        prop::collection::vec((0u32..3, 0u8..8), 0..16).prop_map(|words| words.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn settling_finds_the_best_places(one in some_text(), other in some_text()) {
            let mut blocks = Alignment::between(&one.0, &other.0).blocks;
            let mut naive = blocks.clone();
            let equal = |blocks: &[Block]| blocks.iter().map(|block| block.length).sum::<u32>();
            let before = equal(&blocks);
            settle(text(&one), text(&other), &mut blocks);
            settle_naively(text(&one), text(&other), &mut naive);
            prop_assert_eq!(&blocks, &naive);
            prop_assert_eq!(equal(&blocks), before);
            prop_assert!(blocks.iter().all(|block| block.length > 0 && is_equal(text(&one), text(&other), block)));
            prop_assert!(blocks.windows(2).all(|pair| pair[0].a_end() <= pair[1].a && pair[0].b_end() <= pair[1].b));
            let kept = trim_ends(text(&one), text(&other), &blocks);
            prop_assert!(blocks.windows(kept.len().max(1)).any(|run| run == kept) || blocks.is_empty());
            prop_assert_eq!(kept.is_empty(), blocks.is_empty());
            // Columns are at most all words of both sides between the ends, and the equal words at least.
            let columns = count_columns(text(&one), text(&other), kept);
            let widths = kept.windows(2).map(|pair| between(&pair[0], &pair[1])).map(|gap| u64::from(gap.0.max(gap.1)));
            prop_assert!(u64::from(equal(kept)) <= columns && columns <= u64::from(equal(kept)) + widths.sum::<u64>());
        }
    }
}
