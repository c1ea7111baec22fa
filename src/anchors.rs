//! Anchors: the places where two texts may correspond. Two ways to make a key, one way to use it.
//!
//! **Winnowed k-grams** give equal runs of words one key, wherever sentence borders fall: of every [`WINDOW`]
//! consecutive [`GRAM`]-grams the one with the smallest hash is kept (the rightmost of equal ones). Any shared run of
//! GRAM + WINDOW − 1 = 6 tokens therefore shares an anchor, *for certain*; about half of all places are kept.
//!
//! **Units** give near-equal sentences one key: the leader of their family, at the sentence's first token. A short line
//! (fewer than [`SURE`] tokens) that its document repeats has its own id as key, since no 6-token run may lie in it.
//!
//! Furniture has no anchors, and no run crosses it. Of many equal units in a row only the first two have
//! anchors: chaining extends from there, and a million equal lines cost as much as two.
//!
//! **Memory.** Most keys stand once in a corpus and can link nothing. They are dropped before they are stored: a first
//! pass marks each key, a second keeps those [seen again](SeenAgain).
//!
//! **Source.** Schleimer, Wilkerson, Aiken, *Winnowing: local algorithms for document fingerprinting*, SIGMOD 2003.
//!
//! **Gives up.** Shared runs of 4 and 5 tokens among unrelated words share an anchor 37 and 73 times in 100 only.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use crate::census::{Census, Verdict};
use crate::families::Families;
use crate::hash::{Purpose, hash_gram, permute};
use crate::postings::{Postings, Record, SeenAgain};
use crate::text::Layout;
use crate::units::Units;

/// Tokens of a k-gram.
pub(crate) const GRAM: usize = 4;
/// Consecutive k-grams of which one is kept.
pub(crate) const WINDOW: usize = 3;
/// Any shared run of this many tokens shares an anchor.
pub(crate) const SURE: usize = GRAM + WINDOW - 1;

/// Set in a position whose anchor is a whole unit; positions stay below, since a token takes two bytes of a text under
/// 4 GiB.
pub(crate) const UNIT_FLAG: u32 = 1 << 31;

/// Collects the anchors of all documents that could link anything.
#[inline(never)] // counted by itself
pub(crate) fn collect(layouts: &[Layout], units: &Units, families: &Families, census: &Census) -> Postings {
    let tokens: usize = layouts.iter().map(|layout| layout.fingerprints.len()).sum();
    let seen = SeenAgain::with_capacity(tokens);
    (0..layouts.len()).into_par_iter().for_each(|document| {
        each_anchor(document, &layouts[document], units, families, census, |record| seen.mark(record.key));
    });
    let mut records = Vec::new();
    let documents: Vec<usize> = (0..layouts.len()).collect();
    // Batches, so that the parts never stand beside the whole.
    for batch in documents.chunks(1024) {
        let parts: Vec<Vec<Record>> = batch
            .par_iter()
            .map(|document| {
                let mut part = Vec::new();
                each_anchor(*document, &layouts[*document], units, families, census, |record| {
                    if seen.again(record.key) {
                        part.push(record);
                    }
                });
                part
            })
            .collect();
        for part in parts {
            records.extend_from_slice(&part);
        }
    }
    drop(seen);
    Postings::build(records, layouts.len())
}

/// Calls `keep` for every anchor of a document.
fn each_anchor(
    document: usize,
    layout: &Layout,
    units: &Units,
    families: &Families,
    census: &Census,
    mut keep: impl FnMut(Record),
) {
    let ids = units.of(document);
    let verdicts = census.of(document);
    let in_run = |unit: usize| unit >= 2 && ids[unit] == ids[unit - 1] && ids[unit] == ids[unit - 2];
    let anchoring: Vec<usize> =
        (0..ids.len()).filter(|unit| verdicts[*unit] == Verdict::Story && !in_run(*unit)).collect();
    let mut segment: Range<usize> = 0..0;
    let mut winnow = Winnow::default();
    let mut flush = |segment: &Range<usize>| {
        winnow.each(&layout.fingerprints[segment.clone()], |place, key| {
            keep(Record { key, document: document as u32, position: (segment.start + place) as u32 });
        });
    };
    for unit in &anchoring {
        let tokens = layout.unit_tokens(*unit);
        if segment.end == tokens.start && !segment.is_empty() {
            segment.end = tokens.end;
        } else {
            flush(&segment);
            segment = tokens;
        }
    }
    flush(&segment);
    let mut short: Vec<(u32, usize)> = Vec::new();
    for unit in anchoring {
        let tokens = layout.unit_tokens(unit);
        if families.has_kin(ids[unit]) {
            let key = permute(u64::from(families.leader(ids[unit])), Purpose::Unit as u64);
            keep(Record { key, document: document as u32, position: tokens.start as u32 | UNIT_FLAG });
        } else if tokens.len() < SURE {
            short.push((ids[unit], tokens.start));
        }
    }
    short.sort_unstable();
    for same in short.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
        // The document is part of the key: a short line links within its document only.
        let key = permute(permute(u64::from(same[0].0), Purpose::Unit as u64), document as u64 + 1);
        for (_, start) in same {
            keep(Record { key, document: document as u32, position: *start as u32 | UNIT_FLAG });
        }
    }
}

/// Windows that are looked at together. (Tests should meet many.)
const WINDOWS: usize = if cfg!(test) { 8 } else { 4096 };

/// What winnowing needs, and does not keep.
#[derive(Default)]
struct Winnow {
    hashes: Vec<u64>,
    places: Vec<u32>,
}

impl Winnow {
    /// Calls `keep` with the place and hash of every k-gram that winnowing keeps.
    fn each(&mut self, tokens: &[u32], mut keep: impl FnMut(usize, u64)) {
        let Winnow { hashes, places } = self;
        places.resize(WINDOWS, 0);
        let grams = (tokens.len() + 1).saturating_sub(GRAM);
        let mut last = usize::MAX;
        for start in (0..(grams + 1).saturating_sub(WINDOW)).step_by(WINDOWS) {
            let end = (start + WINDOWS + WINDOW - 1).min(grams);
            hashes.clear();
            let runs = tokens[start..end + GRAM - 1].windows(GRAM);
            hashes.extend(runs.filter_map(|run| run.first_chunk()).map(hash_gram));
            // Which one is the least nobody can foretell: each is written, and written over if the next is the same.
            let mut count = 0;
            for (window, hashes) in hashes.windows(WINDOW).enumerate() {
                let [first, second, third] = [hashes[0], hashes[1], hashes[2]];
                let (least, place) = if second <= first { (second, 1) } else { (first, 0) };
                let place = window + if third <= least { 2 } else { place };
                places[count] = place as u32;
                count += usize::from(start + place != last);
                last = start + place;
            }
            places[..count].iter().for_each(|place| keep(start + *place as usize, hashes[*place as usize]));
        }
        if grams < WINDOW {
            let hash = |place: usize| tokens[place..].first_chunk().map_or(0, hash_gram);
            let least = (0..grams).min_by_key(|place| (hash(*place), Reverse(*place)));
            least.into_iter().for_each(|place| keep(place, hash(place)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hash_run;
    use proptest::prelude::*;

    fn winnowed(tokens: &[u32]) -> Vec<(usize, u64)> {
        let mut kept = Vec::new();
        Winnow::default().each(tokens, |place, key| kept.push((place, key)));
        kept
    }

    /// The definition, window by window.
    fn winnowed_naively(tokens: &[u32]) -> Vec<(usize, u64)> {
        let grams: Vec<(u64, usize)> =
            tokens.windows(GRAM).enumerate().map(|(place, gram)| (hash_run(gram, Purpose::Gram), place)).collect();
        let width = WINDOW.min(grams.len().max(1));
        let mut kept: Vec<(usize, u64)> = grams
            .windows(width)
            .map(|window| {
                let least = window.iter().map(|gram| gram.0).min().unwrap();
                let place = window.iter().filter(|gram| gram.0 == least).map(|gram| gram.1).max().unwrap();
                (place, least)
            })
            .collect();
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    proptest! {
        #[test]
        fn winnowing_equals_its_definition(tokens in prop::collection::vec(0u32..5, 0..60)) {
            prop_assert_eq!(winnowed(&tokens), winnowed_naively(&tokens));
        }

        #[test]
        fn a_shared_run_of_six_tokens_shares_an_anchor(
            before in prop::collection::vec(0u32..50, 0..20),
            run in prop::collection::vec(0u32..50, SURE),
            after in prop::collection::vec(0u32..50, 0..20),
            other_before in prop::collection::vec(0u32..50, 0..20),
            other_after in prop::collection::vec(0u32..50, 0..20),
        ) {
            let one = winnowed(&[before.clone(), run.clone(), after].concat());
            let other = winnowed(&[other_before.clone(), run.clone(), other_after].concat());
            let inside = |kept: &[(usize, u64)], start: usize| -> Vec<u64> {
                kept.iter().filter(|gram| gram.0 >= start && gram.0 + GRAM <= start + SURE).map(|gram| gram.1).collect()
            };
            let (one, other) = (inside(&one, before.len()), inside(&other, other_before.len()));
            prop_assert!(one.iter().any(|key| other.contains(key)));
        }
    }
}
