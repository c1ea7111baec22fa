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

use crate::finding::Ratio;
use crate::hash::permute;

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
    let places = Places::of(b);
    // Maximal runs: (length, a, b), each begun where it can't be extended to the left.
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (i, gram) in a.windows(SHORTEST_TILE).enumerate() {
        for j in places.followed_by(gram).take(PLACES) {
            let begins = i == 0 || j == 0 || a[i - 1] != b[j - 1];
            if begins {
                let length = a[i..].iter().zip(&b[j..]).take_while(|(one, other)| one == other).count();
                runs.push((length as u32, i as u32, j as u32));
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

/// Where the 3-grams of a text stand: a table with open addressing, of a list of places for each gram.
struct Places<'t> {
    text: &'t [u32],
    /// First and last place of a gram; the slots of a gram are tried one after the other from that of its hash.
    slots: Vec<Option<(u32, u32)>>,
    /// The next place of the same gram; itself for the last one.
    following: Vec<u32>,
}

impl<'t> Places<'t> {
    fn of(text: &'t [u32]) -> Self {
        let mut places = Places {
            text,
            slots: vec![None; (2 * text.len()).next_power_of_two()],
            following: (0..text.len() as u32).collect(),
        };
        for (place, gram) in text.windows(SHORTEST_TILE).enumerate() {
            let slot = places.find(gram);
            match &mut places.slots[slot] {
                Some((_, last)) => {
                    places.following[*last as usize] = place as u32;
                    *last = place as u32;
                }
                free => *free = Some((place as u32, place as u32)),
            }
        }
        places
    }

    /// The slot of a gram, or the free one where it would be. There are twice as many slots as grams.
    fn find(&self, gram: &[u32]) -> usize {
        let last = self.slots.len() - 1;
        let mut slot = hash_gram(gram) as usize & last;
        while let Some((first, _)) = self.slots[slot]
            && &self.text[first as usize..][..SHORTEST_TILE] != gram
        {
            slot = (slot + 1) & last;
        }
        slot
    }

    /// The places of a gram, ascending.
    fn followed_by(&self, gram: &[u32]) -> impl Iterator<Item = usize> {
        let first = self.slots[self.find(gram)].map(|(first, _)| first);
        std::iter::successors(first, |place| {
            let next = self.following[*place as usize];
            (next != *place).then_some(next)
        })
        .map(|place| place as usize)
    }
}

/// A hash of a 3-gram: a bijection of its first two tokens, the third put in before the last step.
fn hash_gram(gram: &[u32]) -> u64 {
    let [one, two, three] = [gram[0], gram[1], gram[2]].map(u64::from);
    let mixed = (one | two << 32).wrapping_mul(BASE);
    permute(mixed ^ mixed >> 32 ^ three << 16, 0)
}

/// An odd number without a pattern.
const BASE: u64 = 0x9e6c_63d0_876a_3f35;

/// The 3-grams of one text, to bound from above what another may share with it.
pub(crate) struct Grams {
    /// A bit for each of the remainders of their hashes, eight for each gram.
    bits: Vec<u64>,
    are_none: bool,
}

impl Grams {
    /// The 3-grams of a text.
    pub(crate) fn of(tokens: &[u32]) -> Self {
        let mut grams =
            Grams { bits: vec![0; (tokens.len() / 8 + 1).next_power_of_two()], are_none: tokens.len() < SHORTEST_TILE };
        for gram in tokens.windows(SHORTEST_TILE) {
            let (word, bit) = grams.place(gram);
            grams.bits[word] |= bit;
        }
        grams
    }

    fn place(&self, gram: &[u32]) -> (usize, u64) {
        let hash = hash_gram(gram);
        ((hash >> 6) as usize & (self.bits.len() - 1), 1 << (hash & 63))
    }

    /// No more tokens than this can lie in tiles with `other`: its tokens inside a 3-gram that may be shared. Texts too
    /// short for a 3-gram are bounded by their length.
    pub(crate) fn most_tiled(&self, other: &[u32]) -> u32 {
        if self.are_none || other.len() < SHORTEST_TILE {
            return other.len() as u32;
        }
        let mut most = 0;
        let mut end = 0;
        for (place, gram) in other.windows(SHORTEST_TILE).enumerate() {
            let (word, bit) = self.place(gram);
            if self.bits[word] & bit != 0 {
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
