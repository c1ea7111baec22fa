//! Token alignment: which words of two passages correspond.
//!
//! **Idea.** An alignment is a co-linear list of equal runs ([`Block`]); whatever lies between two blocks was changed
//! (text on both sides), inserted or deleted (on one). Common ends are taken first. A small rectangle is solved
//! exactly: of all alignments the one with the most equal columns less unequal ones (Needleman and Wunsch 1970), so
//! that a few function words in common do not tear apart what stands opposite each other. A large one is first cut at
//! the 3-grams that stand once on each side (the *patience* idea of Bram Cohen, with runs for lines), in their longest
//! increasing order, and the pieces are solved the same way.
//!
//! **Cost.** O(n) for equal texts, O(n log n) plus small rectangles of at most [`CELLS`] cells for alike ones. The
//! naive twin in the tests is the plain quadratic recursion.
//!
//! **Gives up.** A large rectangle without a common unique 3-gram counts as changed throughout.

use ahash::AHashMap;

use crate::finding::Ratio;
use crate::hash::{Purpose, hash_run};
use crate::likeness::Count;

/// An equal run: `a[a..a + length] == b[b..b + length]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Block {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) length: u32,
}

impl Block {
    pub(crate) fn a_end(&self) -> u32 {
        self.a + self.length
    }

    pub(crate) fn b_end(&self) -> u32 {
        self.b + self.length
    }
}

/// Largest rectangle that is solved exactly, in cells.
const CELLS: usize = 1 << 16;

/// How two token sequences correspond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alignment {
    /// Equal runs, ascending on both sides.
    pub(crate) blocks: Vec<Block>,
    a_length: u32,
    b_length: u32,
}

impl Alignment {
    /// Aligns all of `a` with all of `b`.
    pub(crate) fn between(a: &[u32], b: &[u32]) -> Self {
        let mut blocks = Vec::new();
        align(a, b, 0, 0, &mut blocks);
        join_adjacent(&mut blocks);
        Alignment { blocks, a_length: a.len() as u32, b_length: b.len() as u32 }
    }

    /// Of blocks found otherwise, ascending on both sides.
    pub(crate) fn of(mut blocks: Vec<Block>, a_length: u32, b_length: u32) -> Self {
        join_adjacent(&mut blocks);
        Alignment { blocks, a_length, b_length }
    }

    /// Equal tokens.
    pub(crate) fn same(&self) -> u32 {
        self.blocks.iter().map(|block| block.length).sum()
    }

    /// The unequal stretches in order, as `(a range, b range)`; one of the two may be empty.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = (std::ops::Range<u32>, std::ops::Range<u32>)> + '_ {
        let end = Block { a: self.a_length, b: self.b_length, length: 0 };
        let mut at = (0, 0);
        self.blocks.iter().copied().chain(std::iter::once(end)).filter_map(move |block| {
            let gap = (at.0..block.a, at.1..block.b);
            at = (block.a_end(), block.b_end());
            (!gap.0.is_empty() || !gap.1.is_empty()).then_some(gap)
        })
    }

    /// Equal tokens / columns, where a gap counts as many columns as its longer side.
    pub(crate) fn identity(&self) -> Ratio {
        let count = self.count();
        Ratio::new(count.equal, count.columns)
    }

    /// What it comes to.
    pub(crate) fn count(&self) -> Count {
        Count::of(&self.blocks, &(0..self.a_length, 0..self.b_length))
    }

    /// Where a token of `a` falls in `b`: its equal, or the place that its distance from the next block tells.
    pub(crate) fn project(&self, token: u32) -> u32 {
        place_opposite(token, &self.blocks, |block| (block.a, block.b)).min(self.b_length)
    }

    /// Where a token of `b` falls in `a`, in the same way.
    pub(crate) fn project_back(&self, token: u32) -> u32 {
        place_opposite(token, &self.blocks, |block| (block.b, block.a)).min(self.a_length)
    }
}

/// Where a token of one side falls on the other; `sides` gives where a block begins on both.
fn place_opposite(token: u32, blocks: &[Block], sides: impl Fn(&Block) -> (u32, u32)) -> u32 {
    let next = blocks.partition_point(|block| sides(block).0 + block.length <= token);
    let Some((own, opposite)) = blocks.get(next).or(blocks.last()).map(sides) else { return 0 };
    if own <= token { opposite + (token - own) } else { opposite.saturating_sub(own - token) }
}

/// Appends the blocks of `a` against `b`, whose first tokens have the given positions.
fn align(a: &[u32], b: &[u32], a_start: u32, b_start: u32, blocks: &mut Vec<Block>) {
    let head = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    if head > 0 {
        blocks.push(Block { a: a_start, b: b_start, length: head as u32 });
    }
    let (a, b) = (&a[head..], &b[head..]);
    let (a_start, b_start) = (a_start + head as u32, b_start + head as u32);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(one, other)| one == other).count();
    let (a_middle, b_middle) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    if !a_middle.is_empty() && !b_middle.is_empty() {
        if a_middle.len().saturating_mul(b_middle.len()) <= CELLS {
            align_exactly(a_middle, b_middle, a_start, b_start, blocks);
        } else {
            align_at_unique_grams(a_middle, b_middle, a_start, b_start, blocks);
        }
    }
    if tail > 0 {
        blocks.push(Block {
            a: a_start + a_middle.len() as u32,
            b: b_start + b_middle.len() as u32,
            length: tail as u32,
        });
    }
}

/// The best alignment by dynamic programming: an equal column gains one, any other costs one.
fn align_exactly(a: &[u32], b: &[u32], a_start: u32, b_start: u32, blocks: &mut Vec<Block>) {
    #[derive(Clone, Copy)]
    enum Step {
        Both,
        OnlyA,
        OnlyB,
    }
    // next[j], row[j]: the best score of a[i + 1..], a[i..] against b[j..]; steps[i][j]: its first column.
    let mut next: Vec<i32> = (0..=b.len() as i32).rev().map(|left| -left).collect();
    let mut row = next.clone();
    let mut steps = vec![Step::Both; a.len() * b.len()];
    for (i, one) in a.iter().enumerate().rev() {
        row[b.len()] = -((a.len() - i) as i32);
        for (j, other) in b.iter().enumerate().rev() {
            let both = next[j + 1] + if one == other { 1 } else { -1 };
            let (only_a, only_b) = (next[j] - 1, row[j + 1] - 1);
            row[j] = both.max(only_a).max(only_b);
            steps[i * b.len() + j] = match row[j] {
                score if score == both => Step::Both,
                score if score == only_a => Step::OnlyA,
                _ => Step::OnlyB,
            };
        }
        std::mem::swap(&mut row, &mut next);
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match steps[i * b.len() + j] {
            Step::Both => {
                if a[i] == b[j] {
                    blocks.push(Block { a: a_start + i as u32, b: b_start + j as u32, length: 1 });
                }
                (i, j) = (i + 1, j + 1);
            }
            Step::OnlyA => i += 1,
            Step::OnlyB => j += 1,
        }
    }
}

/// Tokens of the runs that cut a large rectangle.
const CUT: usize = 3;

/// Cuts a large rectangle at the runs that are unique on both sides.
fn align_at_unique_grams(a: &[u32], b: &[u32], a_start: u32, b_start: u32, blocks: &mut Vec<Block>) {
    const REPEATED: u32 = u32::MAX;
    let mut places: AHashMap<u64, (u32, u32)> = AHashMap::with_capacity(a.len());
    for (place, gram) in a.windows(CUT).enumerate() {
        let entry = places.entry(hash_run(gram, Purpose::Gram)).or_insert((place as u32, REPEATED));
        if entry.0 != place as u32 {
            entry.0 = REPEATED;
        }
    }
    let mut seen: Vec<u64> = Vec::new();
    for (place, gram) in b.windows(CUT).enumerate() {
        let key = hash_run(gram, Purpose::Gram);
        if let Some(entry) = places.get_mut(&key).filter(|entry| entry.0 != REPEATED) {
            if entry.1 == REPEATED {
                entry.1 = place as u32;
                seen.push(key);
            } else {
                entry.0 = REPEATED;
            }
        }
    }
    let mut pairs: Vec<(u32, u32)> = seen
        .iter()
        .map(|key| places[key])
        .filter(|(in_a, in_b)| *in_a != REPEATED && a[*in_a as usize..][..CUT] == b[*in_b as usize..][..CUT])
        .collect();
    pairs.sort_unstable();
    let mut at = (0, 0);
    for (in_a, in_b) in longest_increasing(&pairs) {
        let (i, j) = (in_a as usize, in_b as usize);
        if i < at.0 || j < at.1 {
            continue;
        }
        let length = a[i..].iter().zip(&b[j..]).take_while(|(one, other)| one == other).count();
        align_piece(&a[at.0..i], &b[at.1..j], a_start + at.0 as u32, b_start + at.1 as u32, blocks);
        blocks.push(Block { a: a_start + in_a, b: b_start + in_b, length: length as u32 });
        at = (i + length, j + length);
    }
    align_piece(&a[at.0..], &b[at.1..], a_start + at.0 as u32, b_start + at.1 as u32, blocks);
}

/// A piece between two cuts: exactly if it is small, else only its common ends (it holds no unique run any more).
fn align_piece(a: &[u32], b: &[u32], a_start: u32, b_start: u32, blocks: &mut Vec<Block>) {
    if a.len().saturating_mul(b.len()) <= CELLS {
        align(a, b, a_start, b_start, blocks);
        return;
    }
    let head = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    if head > 0 {
        blocks.push(Block { a: a_start, b: b_start, length: head as u32 });
    }
    let (rest_a, rest_b) = (&a[head..], &b[head..]);
    let tail = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(one, other)| one == other).count();
    if tail > 0 {
        blocks.push(Block {
            a: a_start + (a.len() - tail) as u32,
            b: b_start + (b.len() - tail) as u32,
            length: tail as u32,
        });
    }
}

/// The longest subsequence that ascends in its second component, of pairs that ascend in the first (patience sorting).
fn longest_increasing(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].1 < pair.1);
        before.push(pile.checked_sub(1).map(|left| piles[left]));
        if pile == piles.len() {
            piles.push(index);
        } else {
            piles[pile] = index;
        }
    }
    let mut chain = Vec::with_capacity(piles.len());
    let mut at = piles.last().copied();
    while let Some(index) = at {
        chain.push(pairs[index]);
        at = before[index];
    }
    chain.reverse();
    chain
}

/// Joins blocks that touch on both sides.
fn join_adjacent(blocks: &mut Vec<Block>) {
    blocks.dedup_by(|next, kept| {
        let touches = kept.a_end() == next.a && kept.b_end() == next.b;
        if touches {
            kept.length += next.length;
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best score by the plain recursion over rows.
    fn naive_score(a: &[u32], b: &[u32]) -> i64 {
        let mut row: Vec<i64> = (0..=b.len() as i64).map(|length| -length).collect();
        for one in a {
            let mut diagonal = row[0];
            row[0] -= 1;
            for (j, other) in b.iter().enumerate() {
                let above = row[j + 1];
                let both = diagonal + if one == other { 1 } else { -1 };
                row[j + 1] = both.max(above - 1).max(row[j] - 1);
                diagonal = above;
            }
        }
        row[b.len()]
    }

    fn score(alignment: &Alignment) -> i64 {
        let count = alignment.count();
        2 * count.equal as i64 - count.columns as i64
    }

    fn assert_valid(a: &[u32], b: &[u32], alignment: &Alignment) {
        let mut at = (0, 0);
        for block in &alignment.blocks {
            assert!(block.length > 0 && block.a >= at.0 && block.b >= at.1);
            assert_eq!(a[block.a as usize..block.a_end() as usize], b[block.b as usize..block.b_end() as usize]);
            at = (block.a_end(), block.b_end());
        }
        assert!(at.0 <= a.len() as u32 && at.1 <= b.len() as u32);
    }

    proptest! {
        #[test]
        fn small_alignments_are_the_best(a in prop::collection::vec(0u32..6, 0..60), b in prop::collection::vec(0u32..6, 0..60)) {
            let alignment = Alignment::between(&a, &b);
            assert_valid(&a, &b, &alignment);
            prop_assert_eq!(score(&alignment), naive_score(&a, &b));
        }

        #[test]
        fn large_alignments_are_valid_and_near_the_best(
            base in prop::collection::vec(0u32..5000, 600..900),
            edits in prop::collection::vec((0usize..600, 0u32..5000), 0..40),
        ) {
            let mut other = base.clone();
            for (place, token) in edits {
                let place = place.min(other.len() - 1);
                match token % 3 {
                    0 => other[place] = token,
                    1 => other.insert(place, token),
                    _ => { other.remove(place); }
                }
            }
            let alignment = Alignment::between(&base, &other);
            assert_valid(&base, &other, &alignment);
            let best = naive_score(&base, &other);
            prop_assert!(score(&alignment) <= best);
            prop_assert!(score(&alignment) * 100 >= best * 98, "{} of {best}", score(&alignment));
        }
    }

    #[test]
    fn gaps_are_named_by_side() {
        let alignment = Alignment::between(&[1, 2, 3, 4, 5], &[1, 9, 3, 5, 6]);
        let gaps: Vec<_> = alignment.gaps().collect();
        assert_eq!(gaps, [(1..2, 1..2), (3..4, 3..3), (5..5, 4..5)]);
        assert_eq!(alignment.identity(), Ratio::new(3, 6));
        assert_eq!((alignment.count().opposite, alignment.count().longer), (4, 5));
    }
}
