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
//! **Cost.** [`WIDTH`] cells for each token walked, eight times that where a word is equal, and about DROP tokens where nothing follows. Memory for
//! [`STRIDE`] tokens at a time.
//!
//! **Source.** Smith, Waterman 1981 (local alignment); Zhang, Schwartz, Wagner, Miller 2000 (the drop).
//!
//! **Gives up.** An order that changes by more than BAND / 2 tokens.

use std::ops::Range;

use rayon::prelude::*;

use crate::alignment::Block;
use crate::families::Families;
use crate::lanes::{Lanes, Task, run};
use crate::text::Layout;
use crate::units::{UnitId, Units};

/// What an equal telling word gains; an equal common word gains one, an unequal, inserted or deleted one costs one.
const TELLING: i16 = 4;
/// Loss since the best point at which a walk ends.
const DROP: i16 = 32;
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
        Self::count_of(layouts, units, |unit| families.leader(unit) == unit)
    }

    /// Does the same, and counts near-equal sentences too.
    pub(crate) fn count_distinct(layouts: &[Layout], units: &Units) -> Self {
        Self::count_of(layouts, units, |_| true)
    }

    fn count_of(layouts: &[Layout], units: &Units, is_counted: impl Fn(UnitId) -> bool + Sync) -> Self {
        let counts = (0..units.distinct() as UnitId)
            .into_par_iter()
            .filter(|unit| is_counted(*unit))
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

    /// Of a corpus that is full of some tokens.
    #[cfg(test)]
    pub(crate) fn with_common(tokens: &[u32]) -> Self {
        let mut weights = Self::without_common();
        tokens.iter().for_each(|token| weights.common[place(*token)] = true);
        weights
    }

    /// Whether the corpus is full of this token.
    pub(crate) fn is_common(&self, token: u32) -> bool {
        self.common[place(token)]
    }

    /// What it gains that this token is equal.
    fn of(&self, token: u32) -> i16 {
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

/// Columns of a row, room at both ends included: machines take many at once.
const WIDTH: usize = 80;
/// Where the first column stands in a row. What stands before it and behind the last one is [`UNREACHED`].
const FIRST: usize = 1;
/// Where the column of the diagonal stands.
const DIAGONAL: usize = FIRST + BAND / 2;
/// Of cells that a walk does not reach.
const UNREACHED: i16 = i16::MIN / 2;

/// The best scores of the cells of a row: at place p of row i that of the cell (i, i + p − [`DIAGONAL`]).
type Row = [i16; WIDTH];

/// A walk's working memory.
#[derive(Default)]
struct Walk {
    rows: Vec<Row>,
    /// The tokens of `b`, with room at both ends.
    others: Vec<u32>,
    /// Equal tokens of the best walk, last first.
    path: Vec<(u32, u32)>,
}

impl Walk {
    /// Walks once, over at most a [`STRIDE`]; gives the tokens passed on both sides up to the best point.
    fn go(&mut self, a: &[u32], b: &[u32], weights: &Weights) -> (usize, usize) {
        let Walk { rows, others, .. } = self;
        others.clear();
        others.resize(DIAGONAL, 0);
        others.extend_from_slice(b);
        others.resize(others.len() + a.len() + WIDTH, 0);
        let best = run(Filling { a, b: b.len(), others, weights, rows });
        self.trace(a, weights, best);
        best
    }

    /// Follows the best walk to a cell back to its beginning. Of equal ways the one over both tokens is taken, then
    /// the one over the token of `a`.
    fn trace(&mut self, a: &[u32], weights: &Weights, (mut i, mut j): (usize, usize)) {
        self.path.clear();
        while i > 0 {
            let (place, token) = (j + DIAGONAL - i, a[i - 1]);
            let above = &self.rows[i - 1];
            let is_equal = self.others[i - 1 + place] == token;
            let both = above[place] + if is_equal { weights.of(token) } else { -1 };
            let deleted = above[place + 1] - 1;
            if self.rows[i][place] > both.max(deleted) {
                j -= 1;
            } else if deleted > both {
                i -= 1;
            } else {
                (i, j) = (i - 1, j - 1);
                if is_equal {
                    self.path.push((i as u32, j as u32));
                }
            }
        }
    }
}

/// The rows of a walk, to be filled up to where it ends.
struct Filling<'w> {
    a: &'w [u32],
    /// How many tokens `b` has.
    b: usize,
    others: &'w [u32],
    weights: &'w Weights,
    rows: &'w mut Vec<Row>,
}

impl Task for Filling<'_> {
    /// The best cell.
    type Answer = (usize, usize);

    #[inline(always)]
    fn run<L: Lanes>(self) -> Self::Answer {
        let Filling { a, b, others, weights, rows } = self;
        let mut row = [UNREACHED; WIDTH];
        for passed in 0..=b.min(BAND / 2) {
            row[DIAGONAL + passed] = -(passed as i16);
        }
        rows.clear();
        rows.push(row);
        let mut best = (0, 0, 0);
        for (before, token) in a.iter().enumerate() {
            let i = before + 1;
            let facing = others[before..].first_chunk().unwrap_or(&[0; WIDTH]);
            // The cells of which the text has tokens.
            let last = (DIAGONAL + b).saturating_sub(i);
            let reached = FIRST.max(DIAGONAL.saturating_sub(i))..(FIRST + BAND).min(last + 1);
            row = next_row(&row, facing, *token, weights.of(*token), reached);
            rows.push(row);
            let best_of_row = row.into_iter().max().unwrap_or(UNREACHED);
            if best_of_row > best.0 {
                let place = row.iter().position(|score| *score == best_of_row).unwrap_or(DIAGONAL);
                best = (best_of_row, i, i + place - DIAGONAL);
            }
            if best_of_row < best.0 - DROP {
                break;
            }
        }
        (best.1, best.2)
    }
}

/// The row behind one: where its token faces some, and the cells behind so many tokens of both texts are reached.
/// Without a branch in any loop, for the compiler to take many cells at once.
#[inline(always)]
fn next_row(above: &Row, facing: &[u32; WIDTH], token: u32, gain: i16, reached: Range<usize>) -> Row {
    let mut row = [UNREACHED; WIDTH];
    let mut equal = 0;
    for place in 0..WIDTH - 1 {
        let is_equal = i16::from(facing[place] == token);
        equal |= is_equal;
        row[place] = (above[place] - 1 + is_equal * (gain + 1)).max(above[place + 1] - 1);
    }
    row[..reached.start].fill(UNREACHED);
    row[reached.end..].fill(UNREACHED);
    // A cell may be reached over tokens of `b` from any one before it in its row, at one a token. If that is no better
    // anywhere in the row above, nor is it here, but behind an equal token.
    if equal != 0 {
        spread(&mut row);
        row[..reached.start].fill(UNREACHED);
        row[reached.end..].fill(UNREACHED);
    }
    row
}

/// How far apart two cells of a row are at most.
const MOST_STEP: usize = BAND - 1;

/// A row's sums, with room before them.
type Sums = [i16; MOST_STEP + WIDTH];

/// Gives each cell the best of those before it, less one for each place between.
#[inline(always)]
fn spread(row: &mut Row) {
    // With the place added, such a way costs nothing, and what is sought is the greatest so far: of two cells, of four,
    // and so on.
    let (mut sums, mut others) = ([UNREACHED; MOST_STEP + WIDTH], [UNREACHED; MOST_STEP + WIDTH]);
    for place in 0..WIDTH {
        sums[MOST_STEP + place] = row[place] + place as i16;
    }
    take_greater::<1>(&sums, &mut others);
    take_greater::<2>(&others, &mut sums);
    take_greater::<4>(&sums, &mut others);
    take_greater::<8>(&others, &mut sums);
    take_greater::<16>(&sums, &mut others);
    take_greater::<32>(&others, &mut sums);
    take_greater::<MOST_STEP>(&sums, &mut others);
    for place in 0..WIDTH {
        row[place] = others[MOST_STEP + place] - place as i16;
    }
}

/// Of each cell and the one so many places before it the greater.
#[inline(always)]
fn take_greater<const STEP: usize>(sums: &Sums, greater: &mut Sums) {
    for place in MOST_STEP..MOST_STEP + WIDTH {
        greater[place] = sums[place].max(sums[place - STEP]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::UnitsInLayouts;
    use proptest::prelude::*;

    mod plain {
        use super::super::{BAND, DROP, Weights};

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

        /// The plain twin of a walk: cell by cell, with every step noted.
        #[derive(Default)]
        pub(super) struct PlainWalk {
            steps: Vec<Step>,
            scores: Vec<i32>,
            next: Vec<i32>,
            /// Equal tokens of the best walk, last first.
            pub(super) path: Vec<(u32, u32)>,
        }

        /// Of cells that a walk does not reach.
        const UNREACHED: i32 = i32::MIN / 2;

        impl PlainWalk {
            /// Walks once, over at most a [`STRIDE`]; gives the tokens passed on both sides up to the best point.
            ///
            /// Column c of row i is the cell (i, i + c − BAND / 2).
            pub(super) fn go(&mut self, a: &[u32], b: &[u32], weights: &Weights) -> (usize, usize) {
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
                    let gain = i32::from(weights.of(a[i - 1]));
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
                    if best_of_row < best.0 - i32::from(DROP) {
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
    }

    /// The best score of any walk, over all cells: no band, no drop, no strides.
    fn best_naively(a: &[u32], b: &[u32], weights: &Weights) -> i32 {
        let mut best = 0;
        let mut row: Vec<i32> = (0..=b.len() as i32).map(|length| -length).collect();
        for one in a {
            let mut diagonal = row[0];
            row[0] -= 1;
            for (j, other) in b.iter().enumerate() {
                let above = row[j + 1];
                let both = diagonal + if one == other { i32::from(weights.of(*one)) } else { -1 };
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
            score += a[block.a as usize..block.a_end() as usize]
                .iter()
                .map(|token| i32::from(weights.of(*token)))
                .sum::<i32>();
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

    /// Tokens of a text and of another one made of it: some dropped, some changed, some put in.
    fn texts() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
        let edits = prop::collection::vec((0usize..200, 0u32..40, 0u8..3), 0..40);
        (prop::collection::vec(0u32..40, 0..200), edits, 0usize..60).prop_map(|(a, edits, moved)| {
            let mut b = a.clone();
            for (at, token, kind) in edits.into_iter().filter(|edit| edit.0 < a.len()) {
                let at = at.min(b.len());
                match kind {
                    0 => b.insert(at, token),
                    1 if at < b.len() => b[at] = token,
                    _ if at < b.len() => drop(b.remove(at)),
                    _ => {}
                }
            }
            let moved = moved.min(b.len());
            b.rotate_left(moved);
            (a, b)
        })
    }

    proptest! {
        #[test]
        fn walks_are_those_of_the_plain_twin((a, b) in texts(), common in prop::collection::vec(any::<bool>(), 40)) {
            let mut weights = Weights::without_common();
            for (token, is_common) in common.into_iter().enumerate() {
                weights.common[place(token as u32)] |= is_common;
            }
            let (mut walk, mut plain) = (Walk::default(), plain::PlainWalk::default());
            let one = &a[..a.len().min(STRIDE)];
            prop_assert_eq!(walk.go(one, &b, &weights), plain.go(one, &b, &weights));
            prop_assert_eq!(walk.path, plain.path);
        }

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
