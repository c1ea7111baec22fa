//! Units interned: every distinct sentence, heading or line gets one integer, however often it stands in the corpus.
//!
//! **Idea.** Two units are the same when their folded tokens are: a 128-bit XXH3 of the token fingerprints is the key.
//! Exact repeats, doubled lines and most furniture are answered by counting here, with no pair ever formed, and all
//! later work on sentences is done once per *distinct* unit.
//!
//! **Order.** Ids are given in the order of first occurrence (document rank, then place), so they do not depend on
//! threads or on hash values. Keys are computed in parallel; the map is filled in one pass.
//!
//! **Cost.** O(tokens) hashing; 4 bytes an occurrence and some 40 bytes a distinct unit.
//!
//! **Gives up.** Nothing that can be seen: two different units share a key with probability 2⁻¹²⁸ (two different words
//! share a *fingerprint* with probability 2⁻³¹).

use ahash::AHashMap;
use rayon::prelude::*;

use crate::families::UnitTokens;
use crate::hash::{Purpose, hash_sequence};
use crate::text::Layout;

/// A distinct unit: its rank in the order of first occurrence.
pub(crate) type UnitId = u32;

/// All distinct units and where they stand.
#[derive(Debug, Default)]
pub(crate) struct Units {
    /// Unit ids of all documents, one after the other.
    ids: Vec<UnitId>,
    /// Where each document's units begin in `ids`; one more entry than documents.
    offsets: Vec<usize>,
    /// First occurrence of each distinct unit: document rank and unit number.
    first: Vec<(u32, u32)>,
}

impl Units {
    /// Interns the units of all documents.
    pub(crate) fn intern(layouts: &[Layout]) -> Self {
        let mut units = Units { offsets: Vec::with_capacity(layouts.len() + 1), ..Units::default() };
        units.ids.reserve_exact(layouts.iter().map(|layout| layout.units.len()).sum());
        units.offsets.push(0);
        let mut map: AHashMap<u128, UnitId> = AHashMap::new();
        // Keys of one batch of documents at a time, so that they never stand beside the whole corpus.
        for (batch, chunk) in layouts.chunks(BATCH).enumerate() {
            let keys: Vec<Vec<u128>> = chunk
                .par_iter()
                .map(|layout| {
                    (0..layout.units.len())
                        .map(|unit| hash_sequence(&layout.fingerprints[layout.unit_tokens(unit)], Purpose::Unit))
                        .collect()
                })
                .collect();
            for (place, keys) in keys.iter().enumerate() {
                let document = (batch * BATCH + place) as u32;
                for (unit, key) in keys.iter().enumerate() {
                    let next = units.first.len() as UnitId;
                    let id = *map.entry(*key).or_insert(next);
                    if id == next {
                        units.first.push((document, unit as u32));
                    }
                    units.ids.push(id);
                }
                units.offsets.push(units.ids.len());
            }
        }
        units.first.shrink_to_fit();
        units
    }

    /// Number of distinct units.
    pub(crate) fn distinct(&self) -> usize {
        self.first.len()
    }

    /// The unit ids of a document, in text order.
    pub(crate) fn of(&self, document: usize) -> &[UnitId] {
        &self.ids[self.offsets[document]..self.offsets[document + 1]]
    }

    /// First occurrence of a distinct unit: document rank and unit number.
    pub(crate) fn first(&self, unit: UnitId) -> (usize, usize) {
        let (document, place) = self.first[unit as usize];
        (document as usize, place as usize)
    }
}

/// Distinct units with the layouts that hold their tokens.
pub(crate) struct UnitsInLayouts<'a>(pub(crate) &'a Units, pub(crate) &'a [Layout]);

impl UnitTokens for UnitsInLayouts<'_> {
    fn distinct(&self) -> usize {
        self.0.distinct()
    }

    fn tokens(&self, unit: UnitId) -> &[u32] {
        let (document, place) = self.0.first(unit);
        let layout = &self.1[document];
        &layout.fingerprints[layout.unit_tokens(place)]
    }
}

/// Documents whose unit keys are held at a time.
const BATCH: usize = 4096;
