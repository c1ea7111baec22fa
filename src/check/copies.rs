//! Copies: how often a text stands in a corpus, in whatever way that is told.
//!
//! **Idea.** The same words can be found doubled in one document, shared by two, in a copy of a whole page, or within a
//! longer one, and which of it is found depends on all the rest. A gate asks one thing of all of them: do these words
//! stand here more often than we know of? So copies are counted in the documents themselves: a document has a text as
//! often as half of the text's [runs](super::runs) stand in it. That asks neither for the rule by which something was
//! found nor for the order of the documents, and takes an edited copy for a copy.
//!
//! Documents may be **tied**: such as are not compared among themselves, and such as a whole copy holds together, of which
//! it was told already. Tied documents count as one, or as so many copies as are known of them.
//!
//! **Cost.** Every run of the corpus is looked up once. A text is compared with the documents that have one of the rarer
//! half of its runs; memory is linear in the places of the runs that are asked for.
//!
//! **Gives up.** A document of which the text takes half from one place and half from another has a copy.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ahash::AHashMap;
use rayon::prelude::*;

use super::runs::{self, Sample};
use crate::text::Cutter;

/// Where runs stand, of those that are asked for.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// The runs, ascending.
    runs: Vec<u32>,
    /// Where the places of each begin, and at last where they end.
    starts: Vec<usize>,
    /// Documents with how often the run stands in each, ascending.
    places: Vec<(u32, u32)>,
}

impl Copies {
    /// Counts some runs in texts, each of a document.
    pub(super) fn count(runs: impl IntoIterator<Item = u32>, texts: &[(u32, &str)]) -> Self {
        let mut runs: Vec<u32> = runs.into_iter().collect();
        runs.sort_unstable();
        runs.dedup();
        if runs.is_empty() {
            return Copies { starts: vec![0], ..Copies::default() };
        }
        let ranks: AHashMap<u32, u32> = runs.iter().copied().zip(0..).collect();
        let of_text = |cutter: &mut Cutter, (document, text): &(u32, &str)| -> Vec<(u32, u32)> {
            let found = runs::hashes(cutter.tokens(text)).filter_map(|hash| ranks.get(&hash));
            found.map(|rank| (*rank, *document)).collect()
        };
        let mut found: Vec<(u32, u32)> = texts.par_iter().map_init(Cutter::default, of_text).flatten_iter().collect();
        found.par_sort_unstable();
        let mut copies = Copies { starts: Vec::with_capacity(runs.len() + 1), places: Vec::new(), runs };
        for same in found.chunk_by(|one, other| one == other) {
            let (rank, document) = same[0];
            while copies.starts.len() <= rank as usize {
                copies.starts.push(copies.places.len());
            }
            copies.places.push((document, same.len() as u32));
        }
        copies.starts.resize(copies.runs.len() + 1, copies.places.len());
        copies
    }

    fn places(&self, run: u32) -> &[(u32, u32)] {
        let Ok(rank) = self.runs.binary_search(&run) else { return &[] };
        &self.places[self.starts[rank]..self.starts[rank + 1]]
    }

    /// How often a text stands in documents that have it.
    pub(super) fn of(&self, sample: &Sample) -> BTreeMap<u32, u64> {
        let mut runs: Vec<&[(u32, u32)]> = sample.hashes.iter().map(|run| self.places(*run)).collect();
        if runs.is_empty() {
            return BTreeMap::new();
        }
        runs.sort_by_key(|places| places.len());
        let half = runs.len().div_ceil(2);
        // Whatever has half of the runs has one of any half and one more.
        let rarer = runs.iter().take(runs.len() - half + 1).flat_map(|places| places.iter());
        let mut times: AHashMap<u32, Vec<u32>> = AHashMap::new();
        for (document, count) in rarer {
            times.entry(*document).or_default().push(*count);
        }
        let more = runs.get(runs.len() - half + 1..).unwrap_or_default();
        let copies = times.into_iter().filter_map(|(document, mut times)| {
            for (done, places) in more.iter().enumerate() {
                if times.len() + more.len() - done < half {
                    return None;
                }
                let found = places.binary_search_by_key(&document, |(document, _)| *document);
                times.extend(found.ok().and_then(|at| places.get(at)).map(|(_, count)| *count));
            }
            // The least that half of the runs reach.
            times.sort_unstable_by(|one, other| other.cmp(one));
            Some((document, u64::from(*times.get(half - 1)?)))
        });
        copies.collect()
    }
}

/// Which documents count as one.
#[derive(Debug, Default)]
pub(super) struct Ties {
    /// Of each document another one that it is tied to, up to one that is tied to itself.
    parents: Vec<u32>,
    /// Of that one, how many copies count of those that are tied.
    allowances: BTreeMap<u32, u64>,
    /// Of that one, how many documents are tied, where they are several.
    sizes: BTreeMap<u32, u32>,
    /// Documents that are only compared with.
    references: BTreeSet<u32>,
}

impl Ties {
    /// No ties among so many documents, of which some are only compared with.
    pub(super) fn new(documents: usize, references: impl IntoIterator<Item = u32>) -> Self {
        let references = references.into_iter().collect();
        Ties {
            parents: (0..documents as u32).collect(),
            allowances: BTreeMap::new(),
            sizes: BTreeMap::new(),
            references,
        }
    }

    fn parent(&self, document: u32) -> u32 {
        self.parents.get(document as usize).copied().unwrap_or(document)
    }

    fn root(&self, mut document: u32) -> u32 {
        while self.parent(document) != document {
            document = self.parent(document);
        }
        document
    }

    /// Ties documents: of all that they have in common one copy counts, or `allowance`.
    pub(super) fn tie(&mut self, documents: impl IntoIterator<Item = u32>, allowance: u64) {
        let documents: Vec<u32> = documents.into_iter().collect();
        let roots: Vec<u32> = documents.iter().map(|document| self.root(*document)).collect();
        // The root of most documents stays one, so that no way to a root is long.
        let largest = |root: &u32| (self.sizes.get(root).copied().unwrap_or(1), Reverse(*root));
        let Some(first) = roots.iter().copied().max_by_key(largest) else { return };
        let distinct: BTreeSet<u32> = roots.iter().copied().collect();
        let size = distinct.iter().map(|root| self.sizes.remove(root).unwrap_or(1)).sum();
        self.sizes.insert(first, size);
        let more = roots.iter().filter_map(|root| self.allowances.remove(root)).max().unwrap_or(0);
        self.allowances.insert(first, allowance.max(more));
        if documents.iter().chain(&roots).any(|document| self.references.contains(document)) {
            self.references.insert(first);
        }
        for document in roots.into_iter().chain(documents) {
            if let Some(parent) = self.parents.get_mut(document as usize) {
                *parent = first;
            }
        }
    }

    /// Copies in documents, given those in each. Of a text that stands in a reference too no copy counts in what is tied
    /// to one.
    pub(super) fn sum(&self, copies: impl IntoIterator<Item = (u32, u64)>, has_reference: bool) -> u64 {
        // Of those that are tied: the sum, and the most of one.
        let mut tied: BTreeMap<u32, BTreeMap<u32, u64>> = BTreeMap::new();
        for (document, count) in copies {
            *tied.entry(self.root(document)).or_default().entry(document).or_default() += count;
        }
        let count = |(root, documents): (&u32, &BTreeMap<u32, u64>)| {
            let allowed = self.allowances.get(root).copied().unwrap_or(0);
            let is_of_reference = has_reference && self.references.contains(root);
            let most = documents.values().copied().max().filter(|_| !is_of_reference).unwrap_or(0);
            documents.values().sum::<u64>().min(most.max(allowed))
        };
        tied.iter().map(count).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The twin: each document is asked for each run.
    fn naive(sample: &Sample, texts: &[(u32, &str)]) -> BTreeMap<u32, u64> {
        let mut cutter = Cutter::default();
        let copies = texts.iter().filter_map(|(document, text)| {
            let all: Vec<u32> = runs::hashes(cutter.tokens(text)).collect();
            let times = sample.hashes.iter().map(|run| all.iter().filter(|other| *other == run).count() as u64);
            let mut times: Vec<u64> = times.collect();
            times.sort_unstable_by(|one, other| other.cmp(one));
            let half = times.len().div_ceil(2);
            times.get(half.wrapping_sub(1)).filter(|times| **times > 0).map(|times| (*document, *times))
        });
        copies.collect()
    }

    #[test]
    fn tied_documents_count_once() {
        let mut ties = Ties::new(6, [5]);
        let all = || (0..6).map(|document| (document, 1));
        assert_eq!(ties.sum(all(), false), 6);
        ties.tie([1, 3], 0);
        assert_eq!(ties.sum(all(), false), 5);
        assert_eq!(ties.sum([(1, 1), (3, 2)], false), 2);
        assert_eq!(ties.sum([(1, 1), (1, 1), (3, 1)], false), 2, "two places of one document");
        ties.tie([3, 4], 2);
        assert_eq!(ties.sum(all(), false), 5, "of three documents two copies are known");
        ties.tie([0, 2, 4], 1);
        assert_eq!(ties.sum(all(), false), 3);
        assert_eq!(ties.sum([(2, 1)], true), 1);
        ties.tie([], 1);
        let mut ties = Ties::new(6, [5]);
        ties.tie([4, 5], 0);
        assert_eq!([false, true].map(|has_reference| ties.sum([(4, 1), (3, 1)], has_reference)), [2, 1]);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_the_twin(texts in prop::collection::vec("([a-e] ){0,30}", 0..12), asked in "([a-e] ){0,12}") {
            let texts: Vec<(u32, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
            let sample = Sample::of([asked.as_str()], &mut Cutter::default());
            let other = Sample::of(["a b c d"], &mut Cutter::default());
            let copies = Copies::count(other.hashes.iter().chain(&sample.hashes).copied(), &texts);
            prop_assert_eq!(copies.of(&sample), naive(&sample, &texts));
            prop_assert_eq!(copies.of(&other), naive(&other, &texts));
        }
    }
}
