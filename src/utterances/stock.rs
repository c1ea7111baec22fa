//! Stock: phrases that everybody uses.
//!
//! **Idea.** *At the end of the day* stands in many quotations that have nothing else in common, and long runs of such
//! phrases make up eight equal words. What was said once and printed by a thousand outlets stands in as many texts. What
//! tells the two apart is what stands around: a run of words that is part of one thing said has the same words three
//! places before and behind it wherever it is printed, but for a cut or a change; a phrase that everybody uses has other
//! ones each time. A run that [`CONTEXTS`] surroundings were seen of is *stock*; its words are nobody's own, and prove
//! nothing, also where two such phrases meet.
//!
//! **Cost.** 16 bytes for each run of a quotation and for each place without marks that has it; one sort.
//!
//! **Gives up.** A saying of few words that everybody quotes in sentences of their own becomes a stock phrase.

use rayon::prelude::*;

use crate::alignment::Block;
use crate::anchors::GRAM;
use crate::hash::{Purpose, hash_gram, hash_run};

/// Surroundings from which on a run of words is everybody's.
const CONTEXTS: usize = 6;
/// How far before and behind a run its surroundings are, in words.
const APART: usize = 3;

/// A run of words by its hash, and what stands around it.
type Place = (u64, u64);

/// The runs of words that everybody uses.
#[derive(Debug, Default)]
pub(crate) struct Stock {
    runs: Vec<u64>,
}

impl Stock {
    /// Finds them among all places that matter.
    pub(crate) fn of(mut places: Vec<Place>) -> Self {
        places.par_sort_unstable();
        places.dedup();
        let of_runs = places.chunk_by(|one, other| one.0 == other.0);
        Stock { runs: of_runs.filter(|places| places.len() >= CONTEXTS).map(|places| places[0].0).collect() }
    }

    /// How many of some equal words stand in no run that is everybody's. `blocks` are runs of `tokens`, by `b`.
    pub(crate) fn count_own(&self, tokens: &[u32], blocks: &[Block]) -> u32 {
        let mut own = 0;
        for block in blocks {
            let run = &tokens[block.b as usize..block.b_end() as usize];
            let mut reached = 0;
            // Fewer words than a run are chance.
            own += if run.len() < GRAM { 0 } else { run.len() };
            for (at, gram) in run.windows(GRAM).filter_map(|gram| gram.first_chunk()).enumerate() {
                if self.runs.binary_search(&hash_gram(gram)).is_ok() {
                    own -= at + GRAM - reached.max(at);
                    reached = at + GRAM;
                }
            }
        }
        own as u32
    }
}

/// The places of all runs of a text.
pub(crate) fn read_places(tokens: &[u32]) -> impl Iterator<Item = Place> {
    tokens.windows(GRAM).enumerate().filter_map(move |(at, gram)| {
        let around = [at.checked_sub(APART), Some(at + GRAM - 1 + APART)];
        // No word is 0: that is what stands beyond the end.
        let around = around.map(|place| place.and_then(|place| tokens.get(place)).copied().unwrap_or(0));
        Some((hash_gram(gram.first_chunk()?), hash_run(&around, Purpose::Gram)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// The word before a run and the one behind it.
    type Around = (Option<u32>, Option<u32>);

    /// The runs of many surroundings.
    fn read_naively(texts: &[Vec<u32>]) -> BTreeSet<Vec<u32>> {
        let mut surroundings: BTreeMap<Vec<u32>, BTreeSet<Around>> = BTreeMap::new();
        for text in texts {
            for start in 0..text.len().saturating_sub(GRAM - 1) {
                let before = if start >= APART { Some(text[start - APART]) } else { None };
                let after = text.get(start + GRAM + APART - 1).copied();
                surroundings.entry(text[start..start + GRAM].to_vec()).or_default().insert((before, after));
            }
        }
        surroundings.retain(|_, around| around.len() >= CONTEXTS);
        surroundings.into_keys().collect()
    }

    fn read(texts: &[Vec<u32>]) -> Stock {
        Stock::of(texts.iter().flat_map(|text| read_places(text)).collect())
    }

    fn count_own(stock: &Stock, tokens: &[u32]) -> u32 {
        stock.count_own(tokens, &[Block { a: 0, b: 0, length: tokens.len() as u32 }])
    }

    #[test]
    fn a_phrase_is_stock_where_its_surroundings_differ() {
        // The phrase has the words 1 to 5; each sentence has its own ones around it.
        let sentence = |own: u32| vec![own, own, own, 1, 2, 3, 4, 5, own, own, own];
        let sentences: Vec<Vec<u32>> = (100..105).map(sentence).collect();
        assert_eq!(count_own(&read(&sentences), &sentences[0]), 11, "five are too few");
        let sentences: Vec<Vec<u32>> = (100..106).map(sentence).collect();
        assert_eq!(count_own(&read(&sentences), &sentences[0]), 6);
        // Printed often, it is still one thing said.
        assert_eq!(count_own(&read(&vec![sentence(100); 50]), &sentence(100)), 11);
        // One word of it is changed: no run of four is left of that.
        assert_eq!(count_own(&read(&sentences), &[100, 1, 2, 9, 4, 5, 100]), 7);
        // Two phrases that meet prove nothing.
        let others = (200..206).map(|own| vec![own, own, own, 6, 7, 8, 9, own, own, own]);
        let all: Vec<Vec<u32>> = sentences.iter().cloned().chain(others).collect();
        assert_eq!(count_own(&read(&all), &[1, 2, 3, 4, 5, 6, 7, 8, 9]), 0);
        // Less than four words are nobody's.
        assert_eq!(count_own(&Stock::default(), &[1, 2, 3]), 0);
    }

    proptest! {
        #[test]
        fn it_equals_the_naive_reading(
            texts in prop::collection::vec(prop::collection::vec(1u32..4, 0..24), 0..30),
            tokens in prop::collection::vec(1u32..4, 0..24),
            lengths in prop::collection::vec((0usize..3, 1usize..10), 0..4),
        ) {
            let (stock, naive) = (read(&texts), read_naively(&texts));
            let (mut blocks, mut at, mut own) = (Vec::new(), 0, 0);
            for (gap, length) in lengths {
                at += gap;
                let end = (at + length).min(tokens.len());
                let Some(run) = tokens.get(at..end).filter(|run| !run.is_empty()) else { break };
                blocks.push(Block { a: 0, b: at as u32, length: run.len() as u32 });
                let holds = |word: &usize, start: &usize| (*start..*start + GRAM).contains(word);
                let known: Vec<usize> =
                    (0..run.len()).filter(|start| run.get(*start..*start + GRAM).is_some_and(|gram| naive.contains(gram))).collect();
                if run.len() >= GRAM {
                    own += (0..run.len()).filter(|word| !known.iter().any(|start| holds(word, start))).count();
                }
                at = end;
            }
            prop_assert_eq!(stock.count_own(&tokens, &blocks), own as u32);
        }
    }
}
