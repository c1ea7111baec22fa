//! The census: which units are furniture, the text that belongs to the pages of a source and not to a story.
//!
//! **Idea.** Furniture is frequent *and changes company*: in most of its documents a good part of the other tokens
//! belongs to much rarer units. A story printed by a thousand outlets is as frequent, but its sentences travel
//! together, so it stays. Frequency is counted in families, so that light edits in each reprint do not make its
//! sentences look rare, and within one source where sources are known: a wire sentence stands once in each of many
//! outlets, a footer on many pages of one. Documents of no known source are counted as one source, and asked for more.
//!
//! **Place.** A page wears its furniture at its ends, in a [frame](crate::frame) with slots that vary. Text in the
//! middle of pages is furniture only when it is far more frequent, and no short line, since stories share headings.
//!
//! **The verdict**, for a unit of L tokens that stands in D of the n documents of a source, in the frame of E of them,
//! with company that is at least a quarter (half) rare in Q (H) of them, where *rare* means in at most D / 2 documents:
//!
//! - known source: D ≥ max(3, n/10), Q ≥ 0.8 D and E ≥ 0.5 D; or D ≥ max(10, n/3), H ≥ 0.8 D and L ≥ [`WORDY`];
//! - no known source: D ≥ 5, Q ≥ 0.8 D and E ≥ 0.8 D; or D ≥ 20, H ≥ 0.8 D and L ≥ WORDY; and in a quarter of the D it
//!   stands word for word as in others, since the lines of templated stories are alike but never equal.
//!
//! What is furniture at the ends only is none in the midst of another page, nor is the heading of a page that its head
//! says twice.
//!
//! Prose, sentences of [`PROSE`] tokens and more, is asked for more, since stories quote and repeat sentences too: with
//! a known source D ≥ max(5, n/10) at the ends; with none D ≥ 20 at the ends and D ≥ max(100, n/20) anywhere.
//!
//! A unit that repetition cannot tell (a single page is all there is) is judged by its [`wording`] and by the [`shape`]
//! of its page, with low confidence; where a source has several pages, only if several of them have it.
//!
//! **Cost.** O(units · log units); one byte a unit, and 12 bytes for each distinct unit of a document while counting.
//!
//! **Gives up.** Furniture that varies beyond a family's resemblance from page to page, and furniture of a source with
//! fewer than three pages, unless its wording tells.

use std::borrow::Cow;
use std::ops::Range;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::document::Document;
use crate::families::Families;
use crate::frame::{Line, find_ends};
use crate::shape;
use crate::text::{Layout, UnitKind};
use crate::units::{UnitId, Units};
use crate::wording::{self, Wording};

/// What the census says of one unit in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Verdict {
    /// Part of a story.
    Story,
    /// Furniture, told by repetition.
    Repeated,
    /// Furniture, told by its place: in the frame of a source's pages, or outside of the story of a single one.
    Framed,
    /// Furniture, told by wording.
    Worded,
}

/// The verdict for every unit of every document.
#[derive(Debug, Default)]
pub(crate) struct Census {
    verdicts: Vec<Verdict>,
    offsets: Vec<usize>,
    /// Distinct units judged to be furniture in at least one place.
    pub(crate) furniture: u64,
}

/// A family within a source.
type Resident = (u32, UnitId);

/// What one document says of one of its families.
struct Sighting {
    resident: Resident,
    quarter: bool,
    half: bool,
    at_end: bool,
    is_copied: bool,
}

/// Where on its pages a family is furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In their frames: what is a label there is matter in the midst of another page.
    Ends,
    Anywhere,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    documents: u32,
    quarter: u32,
    half: u32,
    at_end: u32,
    copied: u32,
}

impl Census {
    /// Takes the census of all units.
    pub(crate) fn take(documents: &[Document], layouts: &[Layout], units: &Units, families: &Families) -> Self {
        let (sources, sizes) = number_sources(documents);
        let residents: Vec<Vec<Resident>> = (0..documents.len())
            .into_par_iter()
            .map(|document| {
                let mut residents: Vec<Resident> =
                    units.of(document).iter().map(|unit| (sources[document], families.leader(*unit))).collect();
                residents.sort_unstable();
                residents.dedup();
                residents
            })
            .collect();
        let frequent = count_frequent(residents);

        let wording: Vec<Wording> = (0..units.distinct() as UnitId)
            .into_par_iter()
            .map(|unit| {
                let (document, place) = units.first(unit);
                let unit = &layouts[document].units[place];
                let text = &documents[document].text[unit.start as usize..unit.end as usize];
                wording::tell(text, unit.kind)
            })
            .collect();

        let copies = count_copies(documents.len(), units);
        let sightings: Vec<Vec<Sighting>> = (0..documents.len())
            .into_par_iter()
            .map(|document| {
                let layout = &layouts[document];
                look_around(layout, units.of(document), sources[document], families, &frequent, &wording, &copies)
            })
            .collect();
        let mut tallies: AHashMap<Resident, Tally> = AHashMap::new();
        for sighting in sightings.into_iter().flatten() {
            let tally = tallies.entry(sighting.resident).or_default();
            tally.documents += 1;
            tally.quarter += u32::from(sighting.quarter);
            tally.half += u32::from(sighting.half);
            tally.at_end += u32::from(sighting.at_end);
            tally.copied += u32::from(sighting.is_copied);
        }
        let describe_family = |family: UnitId| {
            let (document, place) = units.first(family);
            let layout = &layouts[document];
            let length = layout.unit_tokens(place).len();
            (length, layout.units[place].kind == UnitKind::Sentence && length >= PROSE)
        };
        let mut census = Census { offsets: vec![0], ..Census::default() };
        census.verdicts.reserve_exact(units.total());
        let mut judged = vec![false; units.distinct()];
        for (document, source) in sources.iter().enumerate() {
            let (layout, ids) = (&layouts[document], units.of(document));
            let places: Vec<Option<Reach>> = ids
                .iter()
                .map(|unit| {
                    let family = families.leader(*unit);
                    let (length, is_prose) = describe_family(family);
                    tallies.get(&(*source, family))?.find_reach(*source, &sizes, length, is_prose)
                })
                .collect();
            let repeats: Vec<bool> = places.iter().map(Option::is_some).collect();
            let (head, tail) = if repeats.contains(&true) {
                find_ends(&describe(layout, ids, *source, families, &frequent, &wording, &repeats))
            } else {
                (0, ids.len())
            };
            let is_heading = find_heading(ids, families, head);
            let is_alone = *source == UNKNOWN || (sizes[*source as usize] as usize) < FREQUENT;
            let of_page: Vec<Wording> = ids.iter().map(|unit| wording[*unit as usize]).collect();
            let shaped = if is_alone { shape::find_furniture(layout, &of_page) } else { None };
            for (at, unit) in ids.iter().enumerate() {
                let is_at_end = (at < head && !is_heading[at]) || at >= tail;
                let verdict = if places[at] == Some(Reach::Anywhere) || (repeats[at] && is_at_end) {
                    Verdict::Repeated
                } else if is_at_end || shaped.as_ref().is_some_and(|shaped| shaped[at]) {
                    Verdict::Framed
                } else if of_page[at] == Wording::Furniture
                    && (is_alone || frequent.contains_key(&(*source, families.leader(*unit))))
                {
                    Verdict::Worded
                } else {
                    Verdict::Story
                };
                if verdict != Verdict::Story && !std::mem::replace(&mut judged[*unit as usize], true) {
                    census.furniture += 1;
                }
                census.verdicts.push(verdict);
            }
            census.offsets.push(census.verdicts.len());
        }
        census
    }

    /// The verdicts on the units of a document, in text order.
    pub(crate) fn of(&self, document: usize) -> &[Verdict] {
        &self.verdicts[self.offsets[document]..self.offsets[document + 1]]
    }

    /// Token ranges of a document that are no furniture, neighbouring units joined.
    pub(crate) fn story_segments(&self, document: usize, layout: &Layout) -> Vec<Range<usize>> {
        let mut segments: Vec<Range<usize>> = Vec::new();
        for (unit, verdict) in self.of(document).iter().enumerate() {
            if *verdict != Verdict::Story {
                continue;
            }
            let tokens = layout.unit_tokens(unit);
            match segments.last_mut() {
                Some(last) if last.end == tokens.start => last.end = tokens.end,
                _ => segments.push(tokens),
            }
        }
        segments
    }

    /// The tokens of a document that are no furniture; all of them where nothing else is left.
    pub(crate) fn story_tokens<'a>(&self, document: usize, layout: &'a Layout) -> Cow<'a, [u32]> {
        let segments = self.story_segments(document, layout);
        match segments.as_slice() {
            [] => Cow::Borrowed(&layout.fingerprints),
            [only] => Cow::Borrowed(&layout.fingerprints[only.clone()]),
            _ => {
                Cow::Owned(segments.iter().flat_map(|segment| &layout.fingerprints[segment.clone()]).copied().collect())
            }
        }
    }
}

/// Documents in which a family stands at least before its frequency tells anything.
const FREQUENT: usize = 3;

/// Tokens from which a sentence is prose rather than a label.
const PROSE: usize = 12;

/// Tokens that a unit in the midst of pages has at least to be furniture: shorter ones ("Note", "Description:") are the
/// headings that stories share.
const WORDY: usize = 6;

/// Units of a page's heading at most: "Chapter 5." and its title are two.
const HEADING: usize = 2;

/// The source of documents that name none.
const UNKNOWN: u32 = 0;

/// Sources as integers, in the order of first document, and the number of documents of each.
fn number_sources(documents: &[Document]) -> (Vec<u32>, Vec<u32>) {
    let mut names: AHashMap<&str, u32> = AHashMap::new();
    let mut sizes = vec![0];
    let sources = documents
        .iter()
        .map(|document| {
            let source = match &document.source {
                None => UNKNOWN,
                Some(name) => {
                    let next = names.len() as u32 + 1;
                    *names.entry(name).or_insert(next)
                }
            };
            if source as usize == sizes.len() {
                sizes.push(0);
            }
            sizes[source as usize] += 1;
            source
        })
        .collect();
    (sources, sizes)
}

/// In how many documents each distinct unit stands, word for word.
fn count_copies(documents: usize, units: &Units) -> Vec<u32> {
    let mut copies = vec![0; units.distinct()];
    let mut last = vec![u32::MAX; units.distinct()];
    for document in 0..documents {
        for unit in units.of(document) {
            if std::mem::replace(&mut last[*unit as usize], document as u32) != document as u32 {
                copies[*unit as usize] += 1;
            }
        }
    }
    copies
}

/// In how many documents of its source a family stands; only those with three or more are kept.
fn count_frequent(residents: Vec<Vec<Resident>>) -> AHashMap<Resident, u32> {
    let mut all: Vec<Resident> = residents.into_iter().flatten().collect();
    all.par_sort_unstable();
    all.chunk_by(|one, other| one == other)
        .filter(|same| same.len() >= FREQUENT)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}

/// A page names itself in its head, and the heading of its text says so again: the units of a head that repeat what
/// stands just before them, of at most [`HEADING`] units.
fn find_heading(ids: &[UnitId], families: &Families, head: usize) -> Vec<bool> {
    let leaders: Vec<UnitId> = ids[..head].iter().map(|unit| families.leader(*unit)).collect();
    let mut is_heading = vec![false; ids.len()];
    for length in 1..=HEADING {
        for at in length..(head + 1).saturating_sub(length) {
            if leaders[at - length..at] == leaders[at..at + length] {
                is_heading[at..at + length].fill(true);
            }
        }
    }
    is_heading
}

/// Judges the company and the place of each frequent family of one document.
fn look_around(
    layout: &Layout,
    ids: &[UnitId],
    source: u32,
    families: &Families,
    frequent: &AHashMap<Resident, u32>,
    wording: &[Wording],
    copies: &[u32],
) -> Vec<Sighting> {
    let frequency: Vec<u32> =
        ids.iter().map(|unit| frequent.get(&(source, families.leader(*unit))).copied().unwrap_or(1)).collect();
    if frequency.iter().all(|count| (*count as usize) < FREQUENT) {
        return Vec::new();
    }
    let lengths: Vec<u64> = (0..ids.len()).map(|unit| layout.unit_tokens(unit).len() as u64).collect();
    // Tokens in units of at most so many documents: sorted frequencies with running sums.
    let mut by_frequency: Vec<(u32, u64)> = frequency.iter().copied().zip(lengths.iter().copied()).collect();
    by_frequency.sort_unstable();
    let mut sum = 0;
    for entry in &mut by_frequency {
        sum += entry.1;
        entry.1 = sum;
    }
    let total = sum;
    let tokens_up_to = |limit: u32| {
        let end = by_frequency.partition_point(|entry| entry.0 <= limit);
        if end == 0 { 0 } else { by_frequency[end - 1].1 }
    };
    let mut own: AHashMap<UnitId, u64> = AHashMap::new();
    for (unit, length) in ids.iter().zip(&lengths) {
        *own.entry(families.leader(*unit)).or_default() += length;
    }
    let rare_share = |unit: usize| {
        let others = total - own[&families.leader(ids[unit])];
        (tokens_up_to(frequency[unit] / 2), others)
    };
    let changes_company = |unit: usize| {
        let (rare, others) = rare_share(unit);
        frequency[unit] as usize >= FREQUENT && others > 0 && rare * 4 >= others
    };
    let repeats: Vec<bool> = (0..ids.len()).map(changes_company).collect();
    let (head, tail) = find_ends(&describe(layout, ids, source, families, frequent, wording, &repeats));

    let mut sightings: Vec<Sighting> = (0..ids.len())
        .filter(|unit| frequency[*unit] as usize >= FREQUENT)
        .map(|unit| {
            let (rare, others) = rare_share(unit);
            Sighting {
                resident: (source, families.leader(ids[unit])),
                is_copied: copies[ids[unit] as usize] as usize >= FREQUENT,
                quarter: changes_company(unit),
                half: others > 0 && rare * 2 >= others,
                at_end: unit < head || unit >= tail,
            }
        })
        .collect();
    // One sighting a family and document; at an end if one of its places is.
    sightings.sort_by_key(|sighting| (sighting.resident, !sighting.at_end));
    sightings.dedup_by(|next, kept| {
        let same = next.resident == kept.resident;
        kept.is_copied |= same && next.is_copied;
        same
    });
    sightings
}

/// A document's units as its frame is found from. Documents of no known source share no frame: only what repeats
/// counts.
fn describe(
    layout: &Layout,
    ids: &[UnitId],
    source: u32,
    families: &Families,
    frequent: &AHashMap<Resident, u32>,
    wording: &[Wording],
    repeats: &[bool],
) -> Vec<Line> {
    let mut leaders: Vec<UnitId> = ids.iter().map(|unit| families.leader(*unit)).collect();
    leaders.sort_unstable();
    (0..ids.len())
        .map(|unit| {
            let length = layout.unit_tokens(unit).len();
            let family = families.leader(ids[unit]);
            let first = leaders.partition_point(|other| *other < family);
            let stands_again = leaders.get(first + 1) == Some(&family);
            Line {
                length: length as u32,
                repeats: repeats[unit],
                is_label: source != UNKNOWN && (layout.units[unit].kind != UnitKind::Sentence || length < PROSE),
                is_echo: stands_again || frequent.contains_key(&(source, family)),
                is_telling: wording[ids[unit] as usize] == Wording::Furniture,
            }
        })
        .collect()
}

impl Tally {
    /// The verdict of the module's essay.
    fn find_reach(&self, source: u32, sizes: &[u32], length: usize, is_prose: bool) -> Option<Reach> {
        let all = self.documents;
        let of_source = sizes[source as usize];
        let most = |count: u32| u64::from(count) * 10 >= u64::from(all) * 8;
        // Lines of templated stories vary in their facts: some of what is furniture is equal word for word.
        if source == UNKNOWN && self.copied * 4 < all {
            return None;
        }
        let at_ends = if source == UNKNOWN {
            all >= if is_prose { 20 } else { 5 } && most(self.at_end)
        } else {
            all >= (of_source / 10).max(if is_prose { 5 } else { 3 }) && self.at_end * 2 >= all
        };
        let anywhere = length >= WORDY
            && all
                >= match (source == UNKNOWN, is_prose) {
                    (true, false) => 20,
                    (true, true) => 100.max(of_source / 20),
                    (false, _) => 10.max(of_source / 3),
                };
        if anywhere && most(self.half) {
            Some(Reach::Anywhere)
        } else {
            (at_ends && most(self.quarter)).then_some(Reach::Ends)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_source_vouches_for_is_a_quarter_word_for_word() {
        let is_furniture = |source, copied| {
            let tally = Tally { documents: 8, quarter: 8, half: 8, at_end: 8, copied };
            tally.find_reach(source, &[8, 8], 5, false).is_some()
        };
        assert!(is_furniture(UNKNOWN, 2) && !is_furniture(UNKNOWN, 1) && is_furniture(UNKNOWN + 1, 0));
    }

    #[test]
    fn a_short_line_in_the_middle_is_no_furniture() {
        let is_furniture = |length| {
            let tally = Tally { documents: 12, quarter: 12, half: 12, at_end: 0, copied: 12 };
            tally.find_reach(UNKNOWN + 1, &[0, 12], length, false) == Some(Reach::Anywhere)
        };
        assert!(is_furniture(WORDY) && !is_furniture(WORDY - 1));
    }

    #[test]
    fn what_stands_in_frames_is_furniture_there_alone() {
        let reach = |at_end| {
            let tally = Tally { documents: 8, quarter: 8, half: 8, at_end, copied: 8 };
            tally.find_reach(UNKNOWN + 1, &[0, 8], 8, false)
        };
        assert_eq!((reach(8), reach(3)), (Some(Reach::Ends), None));
    }
}
