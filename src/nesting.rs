//! Nesting: which passages lie inside which, and what longer ones say of the occurrences of shorter ones.
//!
//! **Idea.** All occurrences of all passages in one sorted list, with the furthest end so far: those around a place are
//! found going back from it until none reaches so far. If two occurrences of a passage lie in corresponding places of two
//! occurrences of a longer one, that *links* them: it says that their documents have this in common. That one document
//! holds a text twice is said only by a longer text which that document holds twice, so such links are counted apart.
//!
//! **Cost.** O(n log n) for n occurrences; of each at most [`PROJECTED`] around it are looked at.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::connected::Connected;
use crate::matches::Place;
use crate::passages::{PROJECTED, Passage};

/// All occurrences by place, to find those that lie around a given one.
pub(crate) struct Containers {
    /// (place, passage, occurrence), by document, start, then longest first.
    sorted: Vec<(Place, u32, u32)>,
    /// For each entry, the furthest end among the entries of its document up to and with it.
    furthest: Vec<u32>,
}

impl Containers {
    pub(crate) fn build(passages: &[Passage]) -> Self {
        let mut sorted: Vec<(Place, u32, u32)> = Vec::new();
        for (number, passage) in passages.iter().enumerate() {
            for (at, occurrence) in passage.occurrences.iter().enumerate() {
                sorted.push((occurrence.place, number as u32, at as u32));
            }
        }
        sorted.par_sort_unstable_by_key(|(place, passage, at)| {
            // Of equal places the passage with most occurrences holds the others.
            let occurrences = passages[*passage as usize].occurrences.len();
            (place.document, place.start, Reverse(place.end), Reverse(occurrences), *passage, *at)
        });
        let mut furthest = Vec::with_capacity(sorted.len());
        let mut document = u32::MAX;
        let mut end = 0;
        for (place, _, _) in &sorted {
            if place.document != document {
                document = place.document;
                end = 0;
            }
            end = end.max(place.end);
            furthest.push(end);
        }
        Containers { sorted, furthest }
    }

    /// Occurrences of other passages that hold the place, nearest start first.
    pub(crate) fn around<'a>(&'a self, place: &'a Place, passage: usize) -> impl Iterator<Item = (usize, usize)> + 'a {
        let end =
            self.sorted.partition_point(|entry| (entry.0.document, entry.0.start) <= (place.document, place.start));
        (0..end)
            .rev()
            .take_while(|at| self.sorted[*at].0.document == place.document && self.furthest[*at] >= place.end)
            .take(PROJECTED)
            .filter(move |at| self.sorted[*at].0.end >= place.end && self.sorted[*at].1 as usize != passage)
            .map(|at| (self.sorted[at].1 as usize, self.sorted[at].2 as usize))
    }
}

/// An occurrence of a passage that lies in one of a longer passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nesting {
    outer: usize,
    /// Where it falls in the outer representative.
    start: u32,
    inner_occurrence: u32,
    outer_occurrence: usize,
}

/// Group and doubling of each occurrence of a passage, as longer passages link them. `repeats` tells of each occurrence
/// of each passage whether it is one text with the likest of the same passage in its document.
pub(crate) fn link(passages: &[Passage], number: usize, index: &Containers, repeats: &[Vec<bool>]) -> Vec<(u32, u32)> {
    let rank = |number: usize| (passages[number].length(), passages[number].occurrences.len(), Reverse(number));
    let passage = &passages[number];
    let mut nestings: Vec<Nesting> = Vec::new();
    for (inner_occurrence, occurrence) in (0..).zip(&passage.occurrences) {
        // A run says of all its parts that they are repeated, though its copies be shorter.
        let holders = index
            .around(&occurrence.place, number)
            .filter(|(outer, holder)| rank(*outer) > rank(number) || passages[*outer].occurrences[*holder].count > 1);
        nestings.extend(holders.map(|(outer, outer_occurrence)| {
            let start = passages[outer].occurrences[outer_occurrence].locate(occurrence.place.start);
            Nesting { outer, start, inner_occurrence, outer_occurrence }
        }));
    }
    nestings.sort_unstable();
    let mut groups = Connected::new(passage.occurrences.len());
    let mut doublings = Connected::new(passage.occurrences.len());
    let document = |occurrence: u32| passage.occurrences[occurrence as usize].place.document;
    let is_alone = |at: u32| {
        let neighbours = [at.checked_sub(1), Some(at + 1).filter(|next| (*next as usize) < passage.occurrences.len())];
        neighbours.into_iter().flatten().all(|next| document(next) != document(at))
    };
    for of_outer in nestings.chunk_by(|one, other| one.outer == other.outer) {
        for corresponding in of_outer.chunk_by(|one, other| other.start - one.start < passage.length()) {
            let mut corresponding = corresponding.to_vec();
            corresponding.sort_unstable_by_key(|nesting| nesting.inner_occurrence);
            for pair in corresponding.windows(2) {
                groups.join(pair[0].inner_occurrence as usize, pair[1].inner_occurrence as usize);
            }
            link_doubled(passages, &corresponding, repeats, |one, other| {
                if document(one) == document(other) {
                    doublings.join(one as usize, other as usize);
                }
            });
        }
        // Two documents that share a longer text, and this once each, share this wherever in that it stands.
        let alone: Vec<u32> =
            of_outer.iter().map(|nesting| nesting.inner_occurrence).filter(|at| is_alone(*at)).collect();
        alone.windows(2).for_each(|pair| groups.join(pair[0] as usize, pair[1] as usize));
    }
    (0..passage.occurrences.len()).map(|at| (groups.first(at) as u32, doublings.first(at) as u32)).collect()
}

/// Tells of occurrences, in corresponding places of one longer passage and in order, which follow each other in places of
/// that which are one text. Of what stands twice in one place of it, the second time as an insertion, it says nothing.
fn link_doubled(
    passages: &[Passage],
    corresponding: &[Nesting],
    repeats: &[Vec<bool>],
    mut join: impl FnMut(u32, u32),
) {
    let holder = |nesting: &Nesting| &passages[nesting.outer].occurrences[nesting.outer_occurrence];
    let mut last: Option<&Nesting> = None;
    for next in corresponding.iter().filter(|next| repeats[next.outer][next.outer_occurrence]) {
        if let Some(last) = last {
            if last.outer_occurrence == next.outer_occurrence && holder(next).count == 1 {
                continue;
            }
            join(last.inner_occurrence, next.inner_occurrence);
        }
        last = Some(next);
    }
}
