//! Chains: co-linear blocks of one pair of texts, joined across small gaps.
//!
//! **Idea.** As in minimap2: blocks are sorted by their place in the first text; each looks back over a bounded number
//! of predecessors and takes the one that pays most: what it adds in equal tokens, less half a token for each token of
//! the gap. The best chain is traced back, its blocks are taken, and the next best follows, so moved paragraphs are
//! chains of their own. A chain that pays nothing to go on begins anew, so a long unlike stretch separates two chains.
//!
//! **Cost.** O(blocks · [`LOOK_BACK`]).
//!
//! **Source.** Li, *Minimap2: pairwise alignment for nucleotide sequences*, Bioinformatics 2018, section 2.1.
//!
//! **Gives up.** A predecessor more than LOOK_BACK blocks away, and a chain over a gap of more than [`WIDEST_GAP`]
//! tokens.

use std::ops::Range;

use crate::alignment::Block;

/// Blocks that each block looks back over.
const LOOK_BACK: usize = 64;
/// Widest gap, in tokens, that a chain goes across.
pub(crate) const WIDEST_GAP: u32 = 40;

/// Blocks in ascending order on both sides that belong together.
pub(crate) type Chain = Vec<Block>;

/// Joins blocks into chains, best first. Blocks may overlap; those of a chain do not.
pub(crate) fn join_blocks(mut blocks: Vec<Block>) -> Vec<Chain> {
    blocks.sort_unstable();
    let mut scores: Vec<i64> = Vec::with_capacity(blocks.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.iter().enumerate() {
        let mut best = (i64::from(block.length), None);
        for previous in (at.saturating_sub(LOOK_BACK)..at).rev() {
            let Some(gain) = gain_of(&blocks[previous], block) else { continue };
            let score = scores[previous] + gain;
            if score > best.0 {
                best = (score, Some(previous));
            }
        }
        scores.push(best.0);
        before.push(best.1);
    }
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| (-scores[*at], *at));
    let mut taken = vec![false; blocks.len()];
    let mut chains = Vec::new();
    for end in order {
        if taken[end] {
            continue;
        }
        let mut chain = Vec::new();
        let mut at = Some(end);
        while let Some(index) = at.filter(|index| !taken[*index]) {
            taken[index] = true;
            chain.push(blocks[index]);
            at = before[index];
        }
        chain.reverse();
        trim_overlaps(&mut chain);
        chains.push(chain);
    }
    chains
}

/// What `block` adds after `previous`: its equal tokens that are new on both sides, less the gap between.
fn gain_of(previous: &Block, block: &Block) -> Option<i64> {
    if previous.a >= block.a || previous.b >= block.b {
        return None;
    }
    let overlap = previous.a_end().saturating_sub(block.a).max(previous.b_end().saturating_sub(block.b));
    // The gap that is left when the overlap has been cut from both sides of the block.
    let gap = (block.a + overlap - previous.a_end()).max(block.b + overlap - previous.b_end());
    if overlap >= block.length || gap > WIDEST_GAP {
        return None;
    }
    Some(i64::from(block.length - overlap) - gap_cost(gap))
}

/// Half a token for each token of the longer side of a gap: a gap is worth crossing for half as many equal words.
fn gap_cost(gap: u32) -> i64 {
    i64::from(gap.div_ceil(2))
}

/// Cuts from each block what its predecessor already covers on either side.
fn trim_overlaps(chain: &mut Chain) {
    for at in 1..chain.len() {
        let previous = chain[at - 1];
        let block = &mut chain[at];
        let overlap = previous.a_end().saturating_sub(block.a).max(previous.b_end().saturating_sub(block.b));
        let cut = overlap.min(block.length);
        block.a += cut;
        block.b += cut;
        block.length -= cut;
    }
    chain.retain(|block| block.length > 0);
}

/// A chain without the blocks at its ends that are single words, or shorter than the gap that sets them off: in a short
/// chain they are chance.
pub(crate) fn trim_ends(mut chain: &[Block]) -> &[Block] {
    let gap = |one: &Block, next: &Block| (next.a - one.a_end()).max(next.b - one.b_end());
    let is_loose = |block: &Block, gap: u32| block.length < gap.max(2);
    while let [first, second, ..] = chain
        && is_loose(first, gap(first, second))
    {
        chain = &chain[1..];
    }
    while let [.., second, last] = chain
        && is_loose(last, gap(second, last))
    {
        chain = &chain[..chain.len() - 1];
    }
    chain
}

/// The tokens of both sides from the first to the last block of a chain.
pub(crate) type Extent = (Range<u32>, Range<u32>);

pub(crate) fn extent_of(chain: &[Block]) -> Option<Extent> {
    let (first, last) = (chain.first()?, chain.last()?);
    Some((first.a..last.a_end(), first.b..last.b_end()))
}

/// Whether a block lies within an extent, on both sides.
pub(crate) fn spans((a, b): &Extent, block: &Block) -> bool {
    a.start <= block.a && block.a_end() <= a.end && b.start <= block.b && block.b_end() <= b.end
}

/// Whether a chain says in equal runs what a block says of the second text, most of it.
pub(crate) fn says(chain: &[Block], block: &Block) -> bool {
    let first = chain.partition_point(|own| own.b_end() <= block.b);
    let own = chain[first..].iter().take_while(|own| own.b < block.b_end());
    let said: u32 = own.map(|own| own.b_end().min(block.b_end()) - own.b.max(block.b)).sum();
    said * 2 >= block.length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(a: u32, b: u32, length: u32) -> Block {
        Block { a, b, length }
    }

    /// Best score over all co-linear selections, every predecessor tried.
    fn best_score_naively(blocks: &[Block]) -> i64 {
        let mut sorted = blocks.to_vec();
        sorted.sort_unstable();
        let mut scores: Vec<i64> = Vec::new();
        for (at, block) in sorted.iter().enumerate() {
            let mut best = i64::from(block.length);
            for previous in 0..at {
                if let Some(gain) = gain_of(&sorted[previous], block) {
                    best = best.max(scores[previous] + gain);
                }
            }
            scores.push(best);
        }
        scores.into_iter().max().unwrap_or(0)
    }

    #[test]
    fn small_gaps_are_bridged_and_wide_ones_are_not() {
        let chains = join_blocks(vec![block(0, 100, 10), block(12, 112, 10), block(400, 122, 10)]);
        assert_eq!(chains, [vec![block(0, 100, 10), block(12, 112, 10)], vec![block(400, 122, 10)]]);
    }

    #[test]
    fn moved_paragraphs_are_chains_of_their_own() {
        let chains = join_blocks(vec![block(0, 50, 50), block(50, 0, 50)]);
        assert_eq!(chains.len(), 2);
    }

    proptest! {
        #[test]
        fn the_first_chain_has_the_best_score(raw in prop::collection::vec((0u32..80, 0u32..80, 1u32..12), 0..50)) {
            let blocks: Vec<Block> = raw.into_iter().map(|(a, b, length)| block(a, b, length)).collect();
            let chains = join_blocks(blocks.clone());
            let score = chains.first().map_or(0, |chain| {
                let mut score = i64::from(chain[0].length);
                for pair in chain.windows(2) {
                    let gap = (pair[1].a - pair[0].a_end()).max(pair[1].b - pair[0].b_end());
                    score += i64::from(pair[1].length) - gap_cost(gap);
                }
                score
            });
            prop_assert_eq!(score, best_score_naively(&blocks));
            for chain in &chains {
                for pair in chain.windows(2) {
                    prop_assert!(pair[0].a_end() <= pair[1].a && pair[0].b_end() <= pair[1].b);
                }
            }
        }
    }
}
