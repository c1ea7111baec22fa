//! Furniture gathered: the lines that the census judged, put together as they stand on the pages.
//!
//! **Idea.** A header of five lines on a hundred pages is one thing with a hundred occurrences, not five things. Two
//! families of furniture belong together when one follows the other in four fifths of the places of either; the chains
//! of such successions are the blocks, and each unbroken stretch of a block on a page is an occurrence. Its longest
//! stretch represents it. Lines told by wording stand alone; so does what varies in a frame, equal stretches together.
//!
//! **Cost.** O(furniture units).

use std::cmp::Reverse;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::alignment::Alignment;
use crate::census::{Census, Verdict};
use crate::families::Families;
use crate::finding::Confidence;
use crate::hash::{Purpose, hash_sequence};
use crate::matches::Place;
use crate::passages::{Occurrence, Passage};
use crate::text::Layout;
use crate::units::{UnitId, Units};

/// All furniture as passages, each with how sure the verdict is.
pub(crate) fn gather(
    layouts: &[Layout],
    units: &Units,
    families: &Families,
    census: &Census,
) -> Vec<(Passage, Confidence)> {
    let successor = find_successors(layouts.len(), units, families, census);
    let block_of = name_blocks(&successor);
    let mut repeated: Vec<(UnitId, Place)> = Vec::new();
    let mut worded: Vec<(UnitId, Place)> = Vec::new();
    let mut slots: Vec<Place> = Vec::new();
    for (document, layout) in layouts.iter().enumerate() {
        let ids = units.of(document);
        let mut open: Option<(UnitId, Place)> = None;
        let mut slot: Option<Place> = None;
        for (unit, verdict) in census.of(document).iter().enumerate() {
            let tokens = layout.unit_tokens(unit);
            let place = Place { document: document as u32, start: tokens.start as u32, end: tokens.end as u32 };
            let family = families.leader(ids[unit]);
            let goes_on =
                open.filter(|(last, _)| *verdict == Verdict::Repeated && successor.get(last) == Some(&family));
            if goes_on.is_none() {
                repeated.extend(open.take().map(|(last, place)| (block_of(last), place)));
            }
            if *verdict != Verdict::Framed {
                slots.extend(slot.take());
            }
            match verdict {
                Verdict::Framed => slot = Some(slot.map_or(place, |begun| Place { end: place.end, ..begun })),
                Verdict::Repeated => {
                    open = Some((family, goes_on.map_or(place, |(_, begun)| Place { end: place.end, ..begun })))
                }
                Verdict::Worded => worded.push((ids[unit], place)),
                Verdict::Story => {}
            }
        }
        repeated.extend(open.map(|(last, place)| (block_of(last), place)));
        slots.extend(slot);
    }
    let name = |place: &Place| {
        let tokens = &layouts[place.document as usize].fingerprints[place.tokens()];
        hash_sequence(tokens, Purpose::Unit)
    };
    let slots: Vec<(u128, Place)> = slots.into_par_iter().map(|place| (name(&place), place)).collect();
    let mut passages = assemble(repeated, Confidence::High, layouts);
    passages.extend(assemble(worded, Confidence::Low, layouts));
    passages.extend(assemble(slots, Confidence::Low, layouts));
    passages
}

/// For each family of furniture, the family that follows it nearly always and that it nearly always precedes.
fn find_successors(documents: usize, units: &Units, families: &Families, census: &Census) -> AHashMap<UnitId, UnitId> {
    let mut places: AHashMap<UnitId, u32> = AHashMap::new();
    let mut pairs: Vec<(UnitId, UnitId)> = Vec::new();
    for document in 0..documents {
        let mut last = None;
        for (unit, verdict) in units.of(document).iter().zip(census.of(document)) {
            let family = families.leader(*unit);
            let is_repeated = *verdict == Verdict::Repeated;
            if is_repeated {
                *places.entry(family).or_default() += 1;
                pairs.extend(last.map(|last| (last, family)));
            }
            last = is_repeated.then_some(family);
        }
    }
    pairs.par_sort_unstable();
    pairs
        .chunk_by(|one, other| one == other)
        .filter(|same| {
            let (one, other) = same[0];
            let most = places[&one].max(places[&other]);
            one != other && same.len() as u64 * 5 >= u64::from(most) * 4
        })
        .map(|same| same[0])
        .collect()
}

/// The name of the block that a family belongs to: the last family of its chain of successions.
fn name_blocks(successor: &AHashMap<UnitId, UnitId>) -> impl Fn(UnitId) -> UnitId + '_ {
    |family| {
        let mut last = family;
        // Four fifths leave one successor at most, but a ring is possible; its smallest family names it.
        let mut least = family;
        while let Some(next) = successor.get(&last) {
            if *next == family {
                return least;
            }
            last = *next;
            least = least.min(last);
        }
        last
    }
}

fn assemble<Name: Ord + Send + Sync>(
    mut named: Vec<(Name, Place)>,
    confidence: Confidence,
    layouts: &[Layout],
) -> Vec<(Passage, Confidence)> {
    named.par_sort_unstable();
    let groups: Vec<&[(Name, Place)]> = named.chunk_by(|one, other| one.0 == other.0).collect();
    groups
        .into_par_iter()
        .filter_map(|group| {
            let longest = |at: &usize| (group[*at].1.length(), Reverse(*at));
            let representative = (0..group.len()).max_by_key(longest)?;
            let tokens = |place: &Place| &layouts[place.document as usize].fingerprints[place.tokens()];
            let text = tokens(&group[representative].1);
            let occurrences = group
                .par_iter()
                .map(|(_, place)| {
                    let own = tokens(place);
                    let alignment = (own != text).then(|| Alignment::between(text, own));
                    Occurrence { place: *place, count: 1, alignment, group: 0, doubling: 0 }
                })
                .collect();
            Some((Passage { representative, occurrences }, confidence))
        })
        .collect()
}
