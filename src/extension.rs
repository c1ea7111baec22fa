//! Extension: how far two texts go on corresponding beyond the equal runs that anchors found.
//!
//! **Idea.** Rewriting leaves few runs of words in place, but it leaves words. From the end of a chain both texts are
//! followed on, token by token, as in the extension of a seed in sequence search: equal words gain, everything else
//! costs, and the walk stops when it has lost [`DROP`] since its best point. What was walked up to the best point
//! belongs to the chain. Words that every text is full of say little: an equal *common* word gains one, an equal
//! *telling* word [`TELLING`]. Unrelated texts share common words and hardly a telling one, and lose; a rewritten
//! sentence keeps telling words, and gains.
//!
//! **Common words** are those that make up at least 1 / [`COMMON`] of the corpus, near-equal sentences counted once.
//! They are counted in a table of [`PLACES`] sums, so one rare word in a hundred shares a common one's place and is
//! taken for it.
//!
//! **Cost.** At most [`BAND`] cells for each token walked, and about DROP tokens where nothing follows. Memory for
//! [`STRIDE`] tokens at a time.
//!
//! **Source.** Smith, Waterman 1981 (local alignment); Zhang, Schwartz, Wagner, Miller 2000 (the drop).
//!
//! **Gives up.** An order that changes by more than BAND / 2 tokens.

use rayon::prelude::*;

use crate::alignment::Block;
use crate::families::Families;
use crate::text::Layout;
use crate::units::{UnitId, Units};

/// What an equal telling word gains; an equal common word gains one, an unequal, inserted or deleted one costs one.
const TELLING: i32 = 4;
/// Loss since the best point at which a walk ends.
const DROP: i32 = 32;
/// Width of the band around the diagonal, in tokens.
const BAND: usize = 65;
/// Tokens walked at a time.
const STRIDE: usize = 128;
/// A token that makes up a share of 1 / COMMON of the corpus is common.
const COMMON: u64 = 500;
/// Times that a common token occurs at least, in a small corpus.
const LEAST_COMMON: u64 = 8;
/// Times that each stride of a document is walked at most: a template holds everywhere, and would be walked to its end
/// from each of its places.
const WALKS: u8 = 32;
/// Size of the table of counts.
const PLACES: usize = 1 << 16;

/// Which tokens are common.
pub(crate) struct Weights {
    common: Vec<bool>,
}

impl Weights {
    /// Counts the tokens of all sentences that differ from each other, so that a text that is printed often does not
    /// make its own words common.
    pub(crate) fn count(layouts: &[Layout], units: &Units, families: &Families) -> Self {
        let counts = (0..units.distinct() as UnitId)
            .into_par_iter()
            .filter(|unit| families.leader(*unit) == *unit)
            .fold(
                || vec![0u64; PLACES],
                |mut counts, unit| {
                    let (document, unit) = units.first(unit);
                    let layout = &layouts[document];
                    for token in &layout.fingerprints[layout.unit_tokens(unit)] {
                        counts[place(*token)] += 1;
                    }
                    counts
                },
            )
            .reduce(
                || vec![0u64; PLACES],
                |mut one, other| {
                    one.iter_mut().zip(other).for_each(|(sum, count)| *sum += count);
                    one
                },
            );
        let least = (counts.iter().sum::<u64>() / COMMON).max(LEAST_COMMON);
        Weights { common: counts.into_iter().map(|count| count >= least).collect() }
    }

    /// Of a corpus in which every word is telling.
    #[cfg(test)]
    pub(crate) fn without_common() -> Self {
        Weights { common: vec![false; PLACES] }
    }

    /// Whether the corpus is full of this token.
    pub(crate) fn is_common(&self, token: u32) -> bool {
        self.common[place(token)]
    }

    /// What it gains that this token is equal.
    fn of(&self, token: u32) -> i32 {
        if self.is_common(token) { 1 } else { TELLING }
    }
}

/// The lowest bit of a fingerprint is a flag: the next ones tell more.
fn place(token: u32) -> usize {
    (token >> 1) as usize % PLACES
}

/// How often the strides of a document may still be walked.
pub(crate) struct Budget(Vec<u8>);

impl Budget {
    /// For a document of so many tokens.
    pub(crate) fn of(tokens: usize) -> Self {
        Budget(vec![WALKS; tokens / STRIDE + 1])
    }

    /// Whether the stride of a token may be walked once more.
    pub(crate) fn spend(&mut self, token: usize) -> bool {
        let left = &mut self.0[token / STRIDE];
        let may_go = *left > 0;
        *left = left.saturating_sub(1);
        may_go
    }
}

/// The equal runs of the best walk from the beginnings of both texts, ascending. Each stride is walked only if
/// `may_go` says so of its first place in `b`.
pub(crate) fn extend_forward(
    a: &[u32],
    b: &[u32],
    weights: &Weights,
    mut may_go: impl FnMut(usize) -> bool,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut walk = Walk::default();
    let (mut i, mut j) = (0, 0);
    loop {
        if i == a.len() || j == b.len() || !may_go(j) {
            return blocks;
        }
        let reach = |rest: usize, more: usize| rest.min(STRIDE + more);
        let one = &a[i..i + reach(a.len() - i, 0)];
        let other = &b[j..j + reach(b.len() - j, BAND / 2)];
        let (in_one, in_other) = walk.go(one, other, weights);
        if in_one == 0 {
            return blocks;
        }
        for block in walk.path.iter().rev() {
            push(&mut blocks, Block { a: i as u32 + block.0, b: j as u32 + block.1, length: 1 });
        }
        (i, j) = (i + in_one, j + in_other);
    }
}

/// The same from the ends of both texts towards their beginnings.
pub(crate) fn extend_backward(
    a: &[u32],
    b: &[u32],
    weights: &Weights,
    mut may_go: impl FnMut(usize) -> bool,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut walk = Walk::default();
    let (mut i, mut j) = (a.len(), b.len());
    let (mut one, mut other) = (Vec::new(), Vec::new());
    loop {
        if i == 0 || j == 0 || !may_go(j - 1) {
            break;
        }
        one.clear();
        one.extend(a[..i].iter().rev().take(STRIDE));
        other.clear();
        other.extend(b[..j].iter().rev().take(STRIDE + BAND / 2));
        let (in_one, in_other) = walk.go(&one, &other, weights);
        if in_one == 0 {
            break;
        }
        for step in walk.path.iter().rev() {
            blocks.push(Block { a: i as u32 - 1 - step.0, b: j as u32 - 1 - step.1, length: 1 });
        }
        (i, j) = (i - in_one, j - in_other);
    }
    let mut joined: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks.into_iter().rev() {
        push(&mut joined, block);
    }
    joined
}

/// Appends a block, joined with the last one where it goes on.
fn push(blocks: &mut Vec<Block>, block: Block) {
    match blocks.last_mut() {
        Some(last) if last.a_end() == block.a && last.b_end() == block.b => last.length += block.length,
        _ => blocks.push(block),
    }
}

/// Where the best way into a cell comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
enum Step {
    #[default]
    None,
    Equal,
    Changed,
    Deleted,
    Inserted,
}

/// A walk's working memory.
#[derive(Default)]
struct Walk {
    steps: Vec<Step>,
    scores: Vec<i32>,
    next: Vec<i32>,
    /// Equal tokens of the best walk, last first.
    path: Vec<(u32, u32)>,
}

/// Of cells that a walk does not reach.
const UNREACHED: i32 = i32::MIN / 2;

impl Walk {
    /// Walks once, over at most a [`STRIDE`]; gives the tokens passed on both sides up to the best point.
    ///
    /// Column c of row i is the cell (i, i + c − BAND / 2).
    fn go(&mut self, a: &[u32], b: &[u32], weights: &Weights) -> (usize, usize) {
        const HALF: usize = BAND / 2;
        self.path.clear();
        self.steps.clear();
        self.steps.resize((a.len() + 1) * BAND, Step::None);
        self.scores.clear();
        self.scores.resize(BAND, UNREACHED);
        for column in HALF..BAND.min(HALF + b.len() + 1) {
            self.scores[column] = -((column - HALF) as i32);
            self.steps[column] = Step::Inserted;
        }
        self.steps[HALF] = Step::None;
        let mut best = (0, 0, 0);
        for i in 1..=a.len() {
            self.next.clear();
            self.next.resize(BAND, UNREACHED);
            let mut best_of_row = UNREACHED;
            let gain = weights.of(a[i - 1]);
            for column in 0..BAND {
                let Some(j) = (i + column).checked_sub(HALF).filter(|j| *j <= b.len()) else { continue };
                let (mut score, mut step) = (UNREACHED, Step::None);
                if j > 0 {
                    let is_equal = a[i - 1] == b[j - 1];
                    score = self.scores[column] + if is_equal { gain } else { -1 };
                    step = if is_equal { Step::Equal } else { Step::Changed };
                }
                if column + 1 < BAND && self.scores[column + 1] - 1 > score {
                    (score, step) = (self.scores[column + 1] - 1, Step::Deleted);
                }
                if column > 0 && self.next[column - 1] - 1 > score {
                    (score, step) = (self.next[column - 1] - 1, Step::Inserted);
                }
                self.next[column] = score;
                self.steps[i * BAND + column] = step;
                best_of_row = best_of_row.max(score);
                if score > best.0 {
                    best = (score, i, j);
                }
            }
            std::mem::swap(&mut self.scores, &mut self.next);
            if best_of_row < best.0 - DROP {
                break;
            }
        }
        let (_, end_a, end_b) = best;
        let (mut i, mut j) = (end_a, end_b);
        while i > 0 || j > 0 {
            match self.steps[i * BAND + j + HALF - i] {
                Step::Equal => {
                    (i, j) = (i - 1, j - 1);
                    self.path.push((i as u32, j as u32));
                }
                Step::Changed => (i, j) = (i - 1, j - 1),
                Step::Deleted => i -= 1,
                Step::Inserted => j -= 1,
                Step::None => break,
            }
        }
        (end_a, end_b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::UnitsInLayouts;
    use proptest::prelude::*;

    /// The best score of any walk, over all cells: no band, no drop, no strides.
    fn best_naively(a: &[u32], b: &[u32], weights: &Weights) -> i32 {
        let mut best = 0;
        let mut row: Vec<i32> = (0..=b.len() as i32).map(|length| -length).collect();
        for one in a {
            let mut diagonal = row[0];
            row[0] -= 1;
            for (j, other) in b.iter().enumerate() {
                let above = row[j + 1];
                let both = diagonal + if one == other { weights.of(*one) } else { -1 };
                row[j + 1] = both.max(above - 1).max(row[j] - 1);
                diagonal = above;
                best = best.max(row[j + 1]);
            }
        }
        best
    }

    fn score(blocks: &[Block], weights: &Weights, a: &[u32]) -> i32 {
        let (mut at, mut score) = ((0, 0), 0);
        for block in blocks {
            score -= (block.a - at.0).max(block.b - at.1) as i32;
            score += a[block.a as usize..block.a_end() as usize].iter().map(|token| weights.of(*token)).sum::<i32>();
            at = (block.a_end(), block.b_end());
        }
        score
    }

    fn assert_valid(a: &[u32], b: &[u32], blocks: &[Block]) {
        let mut at = (0, 0);
        for block in blocks {
            assert!(block.length > 0 && block.a >= at.0 && block.b >= at.1);
            assert_eq!(a[block.a as usize..block.a_end() as usize], b[block.b as usize..block.b_end() as usize]);
            at = (block.a_end(), block.b_end());
        }
    }

    proptest! {
        #[test]
        fn short_walks_are_the_best(a in prop::collection::vec(0u32..12, 0..24), b in prop::collection::vec(0u32..12, 0..24)) {
            let weights = Weights::without_common();
            let (a, b): (Vec<u32>, Vec<u32>) = (a.iter().map(|token| token * 2).collect(), b.iter().map(|token| token * 2).collect());
            let forward = extend_forward(&a, &b, &weights, |_| true);
            assert_valid(&a, &b, &forward);
            prop_assert_eq!(score(&forward, &weights, &a), best_naively(&a, &b, &weights));
        }

        #[test]
        fn backward_is_forward_in_the_mirror(a in prop::collection::vec(0u32..40, 0..400), b in prop::collection::vec(0u32..40, 0..400)) {
            let weights = Weights::without_common();
            let backward = extend_backward(&a, &b, &weights, |_| true);
            assert_valid(&a, &b, &backward);
            let mirror = |tokens: &[u32]| tokens.iter().rev().copied().collect::<Vec<u32>>();
            let mut mirrored: Vec<Block> = extend_forward(&mirror(&a), &mirror(&b), &weights, |_| true)
                .iter()
                .map(|block| Block { a: a.len() as u32 - block.a_end(), b: b.len() as u32 - block.b_end(), ..*block })
                .collect();
            mirrored.reverse();
            prop_assert_eq!(backward, mirrored);
        }
    }

    #[test]
    fn a_long_rewritten_text_is_followed_to_its_end_and_no_further() {
        // Every third word is another one; behind that nothing is in common.
        let a: Vec<u32> = (0..1500).map(|word| word * 2).collect();
        let b: Vec<u32> =
            (0..1500).map(|word| if word % 3 == 1 || word > 1200 { word * 2 + 100_000 } else { word * 2 }).collect();
        let blocks = extend_forward(&a, &b, &Weights::without_common(), |_| true);
        assert_eq!(blocks.last().map(Block::a_end), Some(1201));
    }

    #[test]
    fn words_that_every_text_is_full_of_are_common() {
        let mut text = "All of this very sentence is printed again. ".repeat(20);
        for word in ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] {
            text += &format!("The {word}. ");
        }
        let layouts = [crate::text::lay_out(&text)];
        let units = Units::intern(&layouts);
        let weights = Weights::count(&layouts, &units, &Families::group(&UnitsInLayouts(&units, &layouts)));
        let of = |word: &str| weights.of(crate::text::lay_out(word).fingerprints[0]);
        assert_eq!((of("the"), of("sentence"), of("unheard")), (1, TELLING, TELLING));
    }
}
