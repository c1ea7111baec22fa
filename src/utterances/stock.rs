//! Stock: phrases that everybody uses.
//!
//! **Idea.** *At the end of the day* stands in many quotations that have nothing else in common, and long runs of such
//! phrases make up eight equal words. What was said once and printed by a thousand outlets stands in as many texts. What
//! tells the two apart is what stands around: a run of words that is part of one thing said has the same words three
//! places before and behind it wherever it is printed, but for a cut or a change; a phrase that everybody uses has other
//! ones each time. A run that [`CONTEXTS`] surroundings were seen of is *stock*; its words are nobody's own, and prove nothing, also where two
//! such phrases meet.
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
