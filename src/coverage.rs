//! Coverage: how much of a document stands in another one, exactly.
//!
//! **Idea.** Greedy string tiling: the longest common run of tokens that is still free on both sides becomes a tile,
//! then the next longest, down to [`SHORTEST_TILE`] tokens. Tiles are one to one, so a phrase that one side has once
//! covers one place of the other, and order is free, so moved paragraphs still count. A document's coverage is the
//! share of its tokens in tiles. The common head and tail of the two texts are taken first; two copies of one story are
//! mostly that.
//!
//! **Cost.** O(n + m + r log r) for r maximal common runs. A 3-gram that stands in more than [`PLACES`] places of a
//! side is followed at its first PLACES only, so r is at most PLACES · n. A cheap upper bound (tokens inside shared
//! 3-grams) comes first and settles most unrelated pairs.
//!
//! **Source.** Wise, *String similarity via greedy string tiling and running Karp-Rabin matching*, 1993; used on news
//! reuse by the METER project (Clough, Gaizauskas, Piao, Wilks, ACL 2002).
//!
//! **Gives up.** In texts that say one 3-gram more than PLACES times, some tiles through its later places, unless a
//! longer run through another 3-gram finds them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ahash::{AHashMap, AHashSet};

use crate::finding::Ratio;
use crate::hash::{Purpose, hash_run};

/// Shortest run that counts, in tokens.
pub(crate) const SHORTEST_TILE: usize = 3;
/// Places of one 3-gram that are followed.
const PLACES: usize = 16;

/// What of two texts lies in tiles; the same number of tokens on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tiling {
    pub(crate) in_a: Vec<bool>,
    pub(crate) in_b: Vec<bool>,
}

impl Tiling {
    /// Tokens in tiles.
    pub(crate) fn count(&self) -> u32 {
        self.in_a.iter().filter(|tiled| **tiled).count() as u32
    }
}

/// Lays tiles on two texts.
pub(crate) fn tile(a: &[u32], b: &[u32]) -> Tiling {
    let head = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    let head = if head >= SHORTEST_TILE || head == a.len().min(b.len()) { head } else { 0 };
    let (rest_a, rest_b) = (&a[head..], &b[head..]);
    let tail = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(one, other)| one == other).count();
    let tail = if tail >= SHORTEST_TILE || tail == rest_a.len().min(rest_b.len()) { tail } else { 0 };
    let (middle_a, middle_b) = (&rest_a[..rest_a.len() - tail], &rest_b[..rest_b.len() - tail]);
    let middle = tile_middle(middle_a, middle_b);
    let whole = |middle: &[bool]| [&vec![true; head], middle, &vec![true; tail]].concat();
    Tiling { in_a: whole(&middle.in_a), in_b: whole(&middle.in_b) }
}

/// Coverage of `a` by `b` and of `b` by `a`.
pub(crate) fn coverage(a: &[u32], b: &[u32]) -> [Ratio; 2] {
    let tiled = u64::from(tile(a, b).count());
    [Ratio::new(tiled, a.len() as u64), Ratio::new(tiled, b.len() as u64)]
}

fn tile_middle(a: &[u32], b: &[u32]) -> Tiling {
    let mut tiling = Tiling { in_a: vec![false; a.len()], in_b: vec![false; b.len()] };
    if a.len() < SHORTEST_TILE || b.len() < SHORTEST_TILE {
        return tiling;
    }
    let mut places: AHashMap<u64, [u32; 2]> = AHashMap::with_capacity(b.len());
    // A linked list of places for each 3-gram, in order: first place by map, next place by `following`.
    let mut following = vec![u32::MAX; b.len()];
    for (place, gram) in b.windows(SHORTEST_TILE).enumerate() {
        let place = place as u32;
        places
            .entry(hash_run(gram, Purpose::Gram))
            .and_modify(|[_, last]| {
                following[*last as usize] = place;
                *last = place;
            })
            .or_insert([place, place]);
    }
    // Maximal runs: (length, a, b), each begun where it can't be extended to the left.
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (i, gram) in a.windows(SHORTEST_TILE).enumerate() {
        let Some([first, _]) = places.get(&hash_run(gram, Purpose::Gram)) else { continue };
        let mut at = *first;
        for _ in 0..PLACES {
            let j = at as usize;
            let begins = i == 0 || j == 0 || a[i - 1] != b[j - 1];
            if begins {
                let length = a[i..].iter().zip(&b[j..]).take_while(|(one, other)| one == other).count();
                if length >= SHORTEST_TILE {
                    runs.push((length as u32, i as u32, j as u32));
                }
            }
            at = following[j];
            if at == u32::MAX {
                break;
            }
        }
    }
    let (taken_a, taken_b) = (&mut tiling.in_a, &mut tiling.in_b);
    // Longest first; a run that is partly taken goes back with its longest free part.
    let mut heap: BinaryHeap<(u32, Reverse<(u32, u32)>)> =
        runs.into_iter().map(|(length, i, j)| (length, Reverse((i, j)))).collect();
    while let Some((length, Reverse((i, j)))) = heap.pop() {
        let mut free: Vec<(u32, u32)> = Vec::new();
        let mut start = None;
        for step in 0..=length {
            let is_free = step < length && !taken_a[(i + step) as usize] && !taken_b[(j + step) as usize];
            match (is_free, start) {
                (true, None) => start = Some(step),
                (false, Some(from)) => {
                    free.push((from, step - from));
                    start = None;
                }
                _ => {}
            }
        }
        if free == [(0, length)] {
            taken_a[i as usize..(i + length) as usize].fill(true);
            taken_b[j as usize..(j + length) as usize].fill(true);
            continue;
        }
        let parts = free.into_iter().filter(|(_, part)| *part as usize >= SHORTEST_TILE);
        heap.extend(parts.map(|(from, part)| (part, Reverse((i + from, j + from)))));
    }
    tiling
}

/// The 3-grams of one text, to bound from above what another may share with it.
pub(crate) struct Grams(AHashSet<u64>);

impl Grams {
    /// The 3-grams of a text.
    pub(crate) fn of(tokens: &[u32]) -> Self {
        Grams(tokens.windows(SHORTEST_TILE).map(|gram| hash_run(gram, Purpose::Gram)).collect())
    }

    /// No more tokens than this can lie in tiles with `other`: its tokens inside a shared 3-gram. Texts too short for a
    /// 3-gram are bounded by their length.
    pub(crate) fn most_tiled(&self, other: &[u32]) -> u32 {
        if self.0.is_empty() || other.len() < SHORTEST_TILE {
            return other.len() as u32;
        }
        let mut most = 0;
        let mut end = 0;
        for (place, gram) in other.windows(SHORTEST_TILE).enumerate() {
            if self.0.contains(&hash_run(gram, Purpose::Gram)) {
                most += place + SHORTEST_TILE - place.max(end);
                end = place + SHORTEST_TILE;
            }
        }
        most as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Wise's algorithm as written: look for the longest free common run, again and again.
    fn tile_naively(a: &[u32], b: &[u32]) -> u32 {
        let (mut taken_a, mut taken_b) = (vec![false; a.len()], vec![false; b.len()]);
        let mut tiled = 0;
        loop {
            let mut best = (0, 0, 0);
            for i in 0..a.len() {
                for j in 0..b.len() {
                    let mut length = 0;
                    while i + length < a.len()
                        && j + length < b.len()
                        && a[i + length] == b[j + length]
                        && !taken_a[i + length]
                        && !taken_b[j + length]
                    {
                        length += 1;
                    }
                    if length > best.0 {
                        best = (length, i, j);
                    }
                }
            }
            if best.0 < SHORTEST_TILE {
                return tiled;
            }
            taken_a[best.1..best.1 + best.0].fill(true);
            taken_b[best.2..best.2 + best.0].fill(true);
            tiled += best.0 as u32;
        }
    }

    proptest! {
        #[test]
        fn tiling_equals_the_naive_one(a in prop::collection::vec(0u32..30, 0..50), b in prop::collection::vec(0u32..30, 0..50)) {
            prop_assert_eq!(tile_middle(&a, &b).count(), tile_naively(&a, &b));
        }

        #[test]
        fn the_bound_holds(a in prop::collection::vec(0u32..8, 0..60), b in prop::collection::vec(0u32..8, 0..60)) {
            let bound = Grams::of(&a).most_tiled(&b);
            prop_assert!(tile_middle(&a, &b).count() <= bound);
            prop_assert!(tile(&a, &b).count() <= bound, "{} over {bound}", tile(&a, &b).count());
        }
    }

    #[test]
    fn moved_paragraphs_are_covered_and_repeats_count_once() {
        let (one, two): (Vec<u32>, Vec<u32>) = ((0..20).collect(), (100..120).collect());
        let swapped = [two.clone(), one.clone()].concat();
        let straight = [one.clone(), two].concat();
        assert_eq!(coverage(&straight, &swapped), [Ratio::new(40, 40), Ratio::new(40, 40)]);
        let doubled = [one.clone(), one.clone()].concat();
        assert_eq!(coverage(&one, &doubled), [Ratio::new(20, 20), Ratio::new(20, 40)]);
    }
}
