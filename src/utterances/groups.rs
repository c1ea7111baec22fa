//! Groups: which texts are variants of one thing said.
//!
//! **Idea.** Texts that say the same in part need not be one utterance: *A B* and *B C* overlap, and so do *B C* and
//! *C D*, which have nothing in common with the first. So there is no transitive joining: an utterance has one reference
//! text, and each variant is aligned with that. The reference is chosen greedily: the text that has most words in common
//! with texts that no utterance has yet; of equals the first in the corpus. Then the earliest of those variants that say
//! all that the reference says takes its place, so that the edits tell what later ones changed.
//!
//! A pair that no utterance holds, because both texts went to others, makes one of its own: no pair is lost whose texts
//! share no utterance.
//!
//! **Cost.** O(pairs log pairs).
//!
//! **Source.** The greedy cover of Chvátal 1979, as for partners of documents.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::pairs::{Pair, TextId};

/// An utterance: its reference text and all texts that are aligned with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// The text that the others are told against.
    pub(crate) reference: TextId,
    /// The other texts, ascending.
    pub(crate) others: Vec<TextId>,
}

/// Groups `count` texts by their pairs; texts without a pair are in no group.
pub(crate) fn join(pairs: &[Pair], count: usize) -> Vec<Group> {
    let mut neighbours: Vec<Vec<(TextId, u32)>> = vec![Vec::new(); count];
    for pair in pairs {
        neighbours[pair.a as usize].push((pair.b, pair.equal));
        neighbours[pair.b as usize].push((pair.a, pair.equal));
    }
    let mut home: Vec<Option<TextId>> = vec![None; count];
    let gain = |text: TextId, home: &[Option<TextId>]| -> u64 {
        let open = neighbours[text as usize].iter().filter(|(other, _)| home[*other as usize].is_none());
        open.map(|(_, equal)| u64::from(*equal)).sum()
    };
    let mut queue: BinaryHeap<(u64, Reverse<TextId>)> = (0..count as TextId)
        .filter(|text| !neighbours[*text as usize].is_empty())
        .map(|text| (gain(text, &home), Reverse(text)))
        .collect();
    let mut groups = Vec::new();
    // Gains only ever shrink, so the top is final once its fresh gain is still the largest.
    while let Some((known, Reverse(text))) = queue.pop() {
        if home[text as usize].is_some() {
            continue;
        }
        let fresh = gain(text, &home);
        if fresh < known {
            queue.push((fresh, Reverse(text)));
            continue;
        }
        home[text as usize] = Some(text);
        let mut others: Vec<TextId> = Vec::new();
        for (other, _) in &neighbours[text as usize] {
            // All its neighbours have a home: it is told against them once more.
            if fresh == 0 || home[*other as usize].is_none() {
                home[*other as usize].get_or_insert(text);
                others.push(*other);
            }
        }
        others.sort_unstable();
        groups.push(Group { reference: text, others });
    }
    groups.sort_unstable_by_key(|group| {
        group.others.first().map_or(group.reference, |first| group.reference.min(*first))
    });
    groups
}
