//! Groups: which texts are variants of one thing said.
//!
//! **Idea.** Texts that say the same in part need not be one utterance: *A B* and *B C* overlap, and so do *B C* and
//! *C D*, which have nothing in common with the first. So there is no transitive joining: an utterance has one reference
//! text, and each variant is aligned with that. The reference is chosen greedily: the text that has most words in common
//! with texts that no utterance has yet; of equals the first in the corpus. Then the earliest of those variants that say
//! all that the reference says takes its place, so that the edits tell what later ones changed. Of two texts that nobody
//! else says the longer is the reference if the other is but a piece of it.
//!
//! Where all partners of a text went to others, it makes an utterance of its own, and they are told once more, against
//! it. So no text is lost: each that has a partner stands beside one at least. Pairs may be: the texts of one that no
//! utterance holds went to two different references.
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn pair(a: TextId, b: TextId, equal: u32) -> Pair {
        Pair { a, b, equal }
    }

    fn group(reference: TextId, others: &[TextId]) -> Group {
        Group { reference, others: others.to_vec() }
    }

    #[test]
    fn there_is_no_joining_over_others() {
        // A B, B C, C D: the middle two have as much in common with others, and the first of them is taken.
        let pairs = [pair(0, 1, 10), pair(1, 2, 10), pair(2, 3, 10)];
        assert_eq!(join(&pairs, 4), [group(1, &[0, 2]), group(3, &[2])]);
        // Of equals the first.
        assert_eq!(join(&[pair(0, 1, 7)], 3), [group(0, &[1])]);
        assert_eq!(join(&[], 3), []);
    }

    #[test]
    fn a_pair_is_lost_whose_texts_went_to_others() {
        // 0 has 1 and 2, 3 has 4 and 5; 2 and 4 have less in common with each other.
        let pairs = [pair(0, 1, 10), pair(0, 2, 10), pair(3, 4, 10), pair(3, 5, 10), pair(2, 4, 5)];
        assert_eq!(join(&pairs, 6), [group(0, &[1, 2]), group(3, &[4, 5])]);
        // So is that of a reference and a text that another one has.
        let pairs = [pair(0, 1, 10), pair(0, 2, 10), pair(2, 3, 5), pair(3, 4, 10)];
        assert_eq!(join(&pairs, 5), [group(0, &[1, 2]), group(3, &[4])]);
    }

    /// The same step by step, all texts looked at in each.
    fn join_naively(pairs: &[Pair], count: u32) -> Vec<Group> {
        let common = |one: TextId, other: TextId| {
            let is_theirs = |pair: &&Pair| (pair.a, pair.b) == (one.min(other), one.max(other));
            pairs.iter().find(is_theirs).map_or(0, |pair| pair.equal)
        };
        let mut at_home: BTreeSet<TextId> = BTreeSet::new();
        let mut groups = Vec::new();
        loop {
            let partners = |text: TextId| (0..count).filter(move |other| *other != text && common(text, *other) > 0);
            let open = |text: TextId| partners(text).filter(|other| !at_home.contains(other));
            let gain = |text: TextId| open(text).map(|other| common(text, other)).sum::<u32>();
            let homeless = (0..count).filter(|text| !at_home.contains(text) && partners(*text).next().is_some());
            let Some(reference) = homeless.max_by_key(|text| (gain(*text), Reverse(*text))) else { break };
            let others: Vec<TextId> =
                if gain(reference) > 0 { open(reference).collect() } else { partners(reference).collect() };
            at_home.insert(reference);
            at_home.extend(&others);
            groups.push(Group { reference, others });
        }
        groups
    }

    proptest! {
        #[test]
        fn groups_are_what_the_greedy_choice_gives(
            raw in prop::collection::btree_map((0u32..12, 0u32..12), 5u32..9, 0..30),
            order in any::<u64>(),
        ) {
            let mut pairs: Vec<Pair> = Vec::new();
            for ((a, b), equal) in raw.into_iter().filter(|((a, b), _)| a < b) {
                pairs.push(pair(a, b, equal));
            }
            let groups = join(&pairs, 12);
            let by_reference = |mut groups: Vec<Group>| {
                groups.sort_by_key(|group| group.reference);
                groups
            };
            prop_assert_eq!(by_reference(groups.clone()), by_reference(join_naively(&pairs, 12)));
            prop_assert!(groups.is_sorted_by_key(|group| group.others.iter().copied().chain([group.reference]).min()));
            // The order of the pairs is no matter.
            pairs.sort_by_key(|pair| crate::hash::permute(u64::from(pair.a * 12 + pair.b), order));
            prop_assert_eq!(&join(&pairs, 12), &groups);

            let is_pair = |one: TextId, other: TextId| {
                pairs.iter().any(|pair| (pair.a, pair.b) == (one.min(other), one.max(other)))
            };
            // In the order of the choice each group takes texts that have no home, or tells again those that all have one.
            let mut home: BTreeMap<TextId, TextId> = BTreeMap::new();
            let mut told_again: BTreeSet<TextId> = BTreeSet::new();
            for group in join_naively(&pairs, 12) {
                prop_assert!(!group.others.is_empty() && group.others.is_sorted());
                prop_assert!(group.others.iter().all(|other| is_pair(group.reference, *other)));
                prop_assert!(home.insert(group.reference, group.reference).is_none());
                let new = group.others.iter().filter(|other| !home.contains_key(other)).count();
                prop_assert!(new == group.others.len() || new == 0);
                if new == 0 {
                    told_again.insert(group.reference);
                } else {
                    home.extend(group.others.iter().map(|other| (*other, group.reference)));
                }
            }
            let holds = |group: &Group, text: TextId| group.reference == text || group.others.contains(&text);
            for pair in &pairs {
                let (one, other) = (home.get(&pair.a), home.get(&pair.b));
                prop_assert!(one.is_some() && other.is_some(), "no text is lost");
                let is_held = groups.iter().any(|group| holds(group, pair.a) && holds(group, pair.b));
                // A lost pair has two homes, and each of its texts has another partner there.
                let is_excused = one != other && !told_again.contains(&pair.a) && !told_again.contains(&pair.b);
                prop_assert!(is_held || is_excused);
            }
        }
    }
}
