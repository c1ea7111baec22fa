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
//! **Where to look.** Repetition is asked of pages on which something stands word for word on [`FREQUENT`] others of its
//! source. Where no source is known, on [`FREQUENT_ANYWHERE`] others, and with a frequency and places that furniture
//! may have, since in many documents some short lines are frequent by chance. Wording and shape are asked of each page
//! by itself.
//!
//! **Cost.** O(units · log units): 8 bytes a unit for counting; of pages that repeat something the units' tokens, and
//! families of them.
//!
//! **Gives up.** Furniture that varies beyond a family's resemblance from page to page, and furniture of a source with
//! fewer than three pages, unless its wording tells.

use std::borrow::Cow;
use std::ops::Range;

use ahash::{AHashMap, AHashSet};
use rayon::prelude::*;

use crate::document::Document;
use crate::families::{Families, UnitTokens};
use crate::frame::{Line, find_ends};
use crate::reading::Reading;
use crate::selection::append_selected;
use crate::shape;
use crate::storage::Storage;
use crate::survey::{LENGTH, Survey, name_unit};
use crate::text::{Layout, UnitKind};
use crate::units::UnitId;
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

/// The verdicts on all units: those of pages that repeat something are kept, the others made when they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Census {
    verdicts: Vec<Verdict>,
    /// By rank, the verdicts on the units of a document that are kept.
    kept: Vec<Range<u32>>,
    /// By rank, whether something is furniture on a page that is judged by itself: no other tells of its source.
    is_alone: Vec<bool>,
    /// Units judged to be furniture on pages that repeat something.
    repeated: u64,
    /// Distinct units of the corpus.
    pub(crate) distinct: u64,
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
    #[inline(never)] // counted by itself
    pub(crate) fn take(reading: &Reading, storage: &Storage, survey: &mut Survey) -> Self {
        let (sources, sizes) = number_sources(reading.documents);
        let (distinct, frequent) = count_frequent(survey, storage, &sources);
        let is_small = |source: u32| source == UNKNOWN || (sizes[source as usize] as usize) < FREQUENT;
        let is_alone: Vec<bool> =
            sources.iter().zip(&survey.alone).map(|(source, alone)| *alone > 0 && is_small(*source)).collect();
        let mut census = Census { kept: vec![0..0; sources.len()], is_alone, distinct, ..Census::default() };
        let is_page = survey.visit_units(|pages: &mut Vec<u32>, rank, units| {
            let repeats = units.iter().any(|unit| frequent.contains(&(sources[rank as usize], *unit)));
            // Of a source known by name the survey left this open.
            if repeats || (census.is_alone[rank as usize] && sources[rank as usize] != UNKNOWN) {
                pages.push(rank);
            }
        });
        drop(frequent);
        survey.forget_units();
        let pages = Pages::read(reading, is_page.concat());
        let families = Families::group(&pages);
        census.judge_pages(&pages, &families, &sources, &sizes);
        census
    }

    /// Judges the pages that repeat something.
    fn judge_pages(&mut self, pages: &Pages, families: &Families, sources: &[u32], sizes: &[u32]) {
        let residents: Vec<Vec<Resident>> = pages
            .all
            .par_iter()
            .map(|page| {
                let source = sources[page.rank as usize];
                let mut residents: Vec<Resident> =
                    pages.units(page).iter().map(|unit| (source, families.leader(unit.id))).collect();
                residents.sort_unstable();
                residents.dedup();
                residents
            })
            .collect();
        let frequent = count_residents(residents);
        let copies = pages.count_copies();
        let sightings: Vec<Vec<Sighting>> = pages
            .all
            .par_iter()
            .map(|page| look_around(pages.units(page), sources[page.rank as usize], families, &frequent, &copies))
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
        let verdicts: Vec<Vec<Verdict>> = pages
            .all
            .par_iter()
            .map(|page| {
                let (units, source) = (pages.units(page), sources[page.rank as usize]);
                let places: Vec<Option<Reach>> = units
                    .iter()
                    .map(|unit| {
                        let family = families.leader(unit.id);
                        let tally = tallies.get(&(source, family))?;
                        let leader = pages.first(family);
                        let is_prose = leader.kind == UnitKind::Sentence && leader.length as usize >= PROSE;
                        tally.find_reach(source, sizes, leader.length as usize, is_prose)
                    })
                    .collect();
                let repeats: Vec<bool> = places.iter().map(Option::is_some).collect();
                let (head, tail) = if repeats.contains(&true) {
                    find_ends(&describe(units, source, families, &frequent, &repeats))
                } else {
                    (0, units.len())
                };
                let is_heading = find_heading(units, families, head);
                let is_alone = self.is_alone[page.rank as usize];
                let shaped = page.shaped.as_ref().filter(|_| is_alone);
                let verdict = |(at, unit): (usize, &PageUnit)| {
                    let is_at_end = (at < head && !is_heading[at]) || at >= tail;
                    if places[at] == Some(Reach::Anywhere) || (repeats[at] && is_at_end) {
                        Verdict::Repeated
                    } else if is_at_end || shaped.is_some_and(|shaped| shaped[at]) {
                        Verdict::Framed
                    } else if unit.wording == Wording::Furniture
                        && (is_alone || frequent.contains_key(&(source, families.leader(unit.id))))
                    {
                        Verdict::Worded
                    } else {
                        Verdict::Story
                    }
                };
                units.iter().enumerate().map(verdict).collect()
            })
            .collect();
        for (page, verdicts) in pages.all.iter().zip(verdicts) {
            let start = self.verdicts.len() as u32;
            self.repeated += verdicts.iter().filter(|verdict| **verdict != Verdict::Story).count() as u64;
            self.verdicts.extend(verdicts);
            self.kept[page.rank as usize] = start..self.verdicts.len() as u32;
        }
    }

    /// Keeps the verdicts on every document, so that they can be asked for without the text.
    pub(crate) fn keep_all(&mut self, reading: &Reading) {
        let census = &*self;
        let judged = reading.visit(
            |rank| census.kept[rank as usize].is_empty(),
            |made: &mut Vec<(u32, Vec<Verdict>)>, rank, text, layout| {
                made.push((rank, census.judge(rank, text, layout).into_owned()));
            },
        );
        for (rank, verdicts) in judged.into_iter().flatten() {
            let start = self.verdicts.len() as u32;
            self.verdicts.extend(verdicts);
            self.kept[rank as usize] = start..self.verdicts.len() as u32;
        }
    }

    /// The verdicts on the units of a document, in text order. They must have been kept.
    pub(crate) fn of(&self, document: usize) -> &[Verdict] {
        let Range { start, end } = self.kept[document];
        &self.verdicts[start as usize..end as usize]
    }

    /// The verdicts on the units of any document.
    pub(crate) fn judge(&self, rank: u32, text: &str, layout: &Layout) -> Cow<'_, [Verdict]> {
        let kept = self.of(rank as usize);
        if !kept.is_empty() {
            return Cow::Borrowed(kept);
        }
        let alone = if self.is_alone[rank as usize] { judge_alone(text, layout) } else { None };
        Cow::Owned(alone.unwrap_or_else(|| vec![Verdict::Story; layout.units.len()]))
    }

    /// Whether nothing of a document is furniture.
    pub(crate) fn is_all_story(&self, rank: u32) -> bool {
        !self.is_alone[rank as usize] && !self.has_furniture(rank)
    }

    /// Whether something on a page repeats, and some of it is furniture.
    pub(crate) fn has_furniture(&self, rank: u32) -> bool {
        self.of(rank as usize).iter().any(|verdict| *verdict != Verdict::Story)
    }

    /// Units judged to be furniture.
    pub(crate) fn count_furniture(&self, survey: &Survey) -> u64 {
        let alone = (0..self.kept.len()).filter(|rank| self.is_alone[*rank] && self.of(*rank).is_empty());
        alone.map(|rank| u64::from(survey.alone[rank])).sum::<u64>() + self.repeated
    }

    /// What is no furniture in all documents. Their verdicts must have been kept.
    pub(crate) fn segments(&self, layouts: &[Layout]) -> Segments {
        let mut segments = Segments { all: Vec::new(), offsets: vec![0] };
        for (document, layout) in layouts.iter().enumerate() {
            segments.all.extend(story_segments(self.of(document), layout));
            segments.offsets.push(segments.all.len());
        }
        segments
    }
}

/// Token ranges of all documents that are no furniture, neighbouring units joined.
pub(crate) struct Segments {
    all: Vec<Range<usize>>,
    /// Where those of each document begin; one more entry than documents.
    offsets: Vec<usize>,
}

impl Segments {
    /// Those of one document.
    pub(crate) fn of(&self, document: usize) -> &[Range<usize>] {
        &self.all[self.offsets[document]..self.offsets[document + 1]]
    }
}

/// What wording and shape say of a page by itself; nothing if all of it is story.
pub(crate) fn judge_alone(text: &str, layout: &Layout) -> Option<Vec<Verdict>> {
    let wording = wording::tell_all(text, layout)?;
    let shaped = shape::find_furniture(layout, &wording);
    let is_shaped = |at: usize| shaped.as_ref().is_some_and(|shaped| shaped[at]);
    let verdicts: Vec<Verdict> = wording
        .iter()
        .enumerate()
        .map(|(at, wording)| match wording {
            _ if is_shaped(at) => Verdict::Framed,
            Wording::Furniture => Verdict::Worded,
            _ => Verdict::Story,
        })
        .collect();
    verdicts.iter().any(|verdict| *verdict != Verdict::Story).then_some(verdicts)
}

/// Token ranges that are no furniture, neighbouring units joined.
pub(crate) fn story_segments(verdicts: &[Verdict], layout: &Layout) -> Vec<Range<usize>> {
    let mut segments: Vec<Range<usize>> = Vec::new();
    // A text that is not what it was has other units; what is made of it is thrown away.
    for (unit, verdict) in verdicts.iter().take(layout.units.len()).enumerate() {
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

/// The tokens that are no furniture; all of them where nothing else is left.
pub(crate) fn story_tokens<'a>(verdicts: &[Verdict], layout: &'a Layout) -> Cow<'a, [u32]> {
    let segments = story_segments(verdicts, layout);
    match segments.as_slice() {
        [] => Cow::Borrowed(&layout.fingerprints),
        [only] => Cow::Borrowed(&layout.fingerprints[only.clone()]),
        _ => Cow::Owned(segments.iter().flat_map(|segment| &layout.fingerprints[segment.clone()]).copied().collect()),
    }
}

/// The pages that repeat something, with what is to be known of their units.
#[derive(Debug, Default)]
struct Pages<'a> {
    /// By rank.
    all: Vec<Page>,
    units: Vec<PageUnit>,
    /// Where each distinct unit stands first.
    first: Vec<First>,
    /// The layouts of all documents, if they are kept.
    kept: Option<&'a [Layout]>,
    /// Tokens of pages that were read together, if they are not.
    tokens: Vec<Vec<u32>>,
}

/// A distinct unit where it stands first.
#[derive(Debug, Clone, Copy)]
struct First {
    /// The rank of its document, or the number of the tokens that it is in.
    place: u32,
    /// Its number among the units of all pages.
    unit: u32,
    /// Its first token there, and how many it has.
    token: u32,
    length: u32,
}

#[derive(Debug)]
struct Page {
    rank: u32,
    units: Range<usize>,
    /// What its shape says of each unit, if it has the shape of a page.
    shaped: Option<Vec<bool>>,
}

/// A unit of a page.
#[derive(Debug, Clone, Copy)]
struct PageUnit {
    id: UnitId,
    /// In tokens.
    length: u32,
    kind: UnitKind,
    wording: Wording,
}

/// What is read of some pages.
#[derive(Default)]
struct PagePart {
    /// Ranks, with the number of units, and what their shape says.
    pages: Vec<(u32, usize, Option<Vec<bool>>)>,
    /// Units that have no id yet, with their keys and their first tokens.
    units: Vec<(u64, u32, PageUnit)>,
    tokens: Vec<u32>,
}

impl<'a> Pages<'a> {
    /// Reads some documents.
    fn read(reading: &'a Reading, wanted: Vec<u32>) -> Self {
        let kept = reading.layouts();
        let is_page = {
            let mut is_page = vec![false; reading.documents.len()];
            wanted.iter().for_each(|rank| is_page[*rank as usize] = true);
            is_page
        };
        let mut parts = reading.visit(
            |rank| is_page[rank as usize],
            |part: &mut PagePart, rank, text, layout| {
                let wording = wording::tell_all(text, layout);
                for (at, unit) in layout.units.iter().enumerate() {
                    let tokens = &layout.fingerprints[layout.unit_tokens(at)];
                    let mut token = unit.first_token;
                    if kept.is_none() {
                        token = part.tokens.len() as u32;
                        part.tokens.extend(tokens);
                    }
                    let wording = wording.as_ref().map_or(Wording::Free, |wording| wording[at]);
                    let length = tokens.len() as u32;
                    part.units.push((name_unit(tokens), token, PageUnit { id: 0, length, kind: unit.kind, wording }));
                }
                let shaped = wording.and_then(|wording| shape::find_furniture(layout, &wording));
                part.pages.push((rank, layout.units.len(), shaped));
            },
        );
        let mut order: Vec<(usize, Page)> = Vec::with_capacity(wanted.len());
        for (number, part) in parts.iter_mut().enumerate() {
            let mut start = 0;
            for (rank, count, shaped) in part.pages.drain(..) {
                order.push((number, Page { rank, units: start..start + count, shaped }));
                start += count;
            }
        }
        order.sort_unstable_by_key(|(_, page)| page.rank);
        let mut pages = Pages { kept, ..Pages::default() };
        // Ids in the order of first occurrence, by rank.
        let mut ids: AHashMap<u64, UnitId> = AHashMap::new();
        for (number, Page { rank, units, shaped }) in order {
            let start = pages.units.len();
            for (key, token, unit) in &parts[number].units[units] {
                let next = pages.first.len() as UnitId;
                let id = *ids.entry(*key).or_insert(next);
                if id == next {
                    let place = if kept.is_some() { rank } else { number as u32 };
                    let (unit, token, length) = (pages.units.len() as u32, *token, unit.length);
                    pages.first.push(First { place, unit, token, length });
                }
                pages.units.push(PageUnit { id, ..*unit });
            }
            pages.all.push(Page { rank, units: start..pages.units.len(), shaped });
        }
        pages.tokens = parts.into_iter().map(|part| part.tokens).collect();
        pages
    }

    fn units(&self, page: &Page) -> &[PageUnit] {
        &self.units[page.units.clone()]
    }

    /// A distinct unit where it stands first.
    fn first(&self, unit: UnitId) -> &PageUnit {
        &self.units[self.first[unit as usize].unit as usize]
    }

    /// On how many pages each distinct unit stands, word for word.
    fn count_copies(&self) -> Vec<u32> {
        let mut copies = vec![0; self.first.len()];
        let mut last = vec![u32::MAX; self.first.len()];
        for page in &self.all {
            for unit in self.units(page) {
                if std::mem::replace(&mut last[unit.id as usize], page.rank) != page.rank {
                    copies[unit.id as usize] += 1;
                }
            }
        }
        copies
    }
}

impl UnitTokens for Pages<'_> {
    fn distinct(&self) -> usize {
        self.first.len()
    }

    fn tokens(&self, unit: UnitId) -> &[u32] {
        let First { place, token, length, .. } = self.first[unit as usize];
        let all =
            self.kept.map_or_else(|| &self.tokens[place as usize], |layouts| &layouts[place as usize].fingerprints);
        &all[token as usize..(token + length) as usize]
    }
}

/// Documents in which a family stands at least before its frequency tells anything.
const FREQUENT: usize = 3;

/// The same for documents of no known source.
const FREQUENT_ANYWHERE: usize = 5;

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

/// How many distinct units there are, and those that stand in many documents of one source, word for word.
fn count_frequent(survey: &Survey, storage: &Storage, sources: &[u32]) -> (u64, AHashSet<(u32, u64)>) {
    let (distinct, common) = find_common(survey, storage);
    let found: Vec<Vec<(u32, u64)>> = survey.visit_units(|found: &mut Vec<(u32, u64)>, rank, units| {
        let source = sources[rank as usize];
        let start = found.len();
        found.extend(units.iter().filter(|unit| common.contains(*unit)).map(|unit| (source, *unit)));
        found[start..].sort_unstable();
        let distinct = found.split_off(start);
        found.extend(distinct.chunk_by(|one, other| one == other).map(|same| same[0]));
    });
    let mut found: Vec<(u32, u64)> = found.into_iter().flatten().collect();
    found.par_sort_unstable();
    let least = |source: u32| if source == UNKNOWN { FREQUENT_ANYWHERE } else { FREQUENT };
    let frequent = found.chunk_by(|one, other| one == other).filter(|same| same.len() >= least(same[0].0));
    let mut frequent: AHashMap<(u32, u64), u32> = frequent.map(|same| (same[0], same.len() as u32)).collect();
    let at_ends = count_at_ends(survey, sources, &frequent);
    frequent.retain(|(source, unit), count| {
        let at_end = at_ends.get(unit).copied().unwrap_or(0);
        let is_wordy = unit & LENGTH >= WORDY as u64;
        *source != UNKNOWN || at_end * 2 >= *count || (is_wordy && *count >= 20)
    });
    (distinct, frequent.into_keys().collect())
}

/// How many distinct units there are, and those that stand in [`FREQUENT`] places: one range of keys after the other.
fn find_common(survey: &Survey, storage: &Storage) -> (u64, AHashSet<u64>) {
    let units = survey.count_units();
    let ranges = storage.ranges(8 * units);
    let found: Vec<(u64, Vec<u64>)> = (0..ranges)
        .into_par_iter()
        .map(|range| {
            let mut keys = Vec::with_capacity((units / ranges + units / ranges / 16) as usize);
            let is_in_range = |unit: u64| ((u128::from(unit) * u128::from(ranges)) >> 64) as u64 == range;
            survey.each_unit(|units| append_selected(&mut keys, units, is_in_range, |unit| unit));
            keys.sort_unstable();
            let mut distinct = 0;
            let mut common = Vec::new();
            for same in keys.chunk_by(|one, other| one == other) {
                distinct += 1;
                if same.len() >= FREQUENT {
                    common.push(same[0]);
                }
            }
            (distinct, common)
        })
        .collect();
    let distinct = found.iter().map(|(distinct, _)| distinct).sum();
    (distinct, found.into_iter().flat_map(|(_, common)| common).collect())
}

/// In how many documents without a source each frequent unit stands at an end, with nothing but others behind it.
fn count_at_ends(survey: &Survey, sources: &[u32], frequent: &AHashMap<(u32, u64), u32>) -> AHashMap<u64, u32> {
    let mut at_ends: AHashMap<u64, u32> = AHashMap::new();
    if !frequent.keys().any(|(source, _)| *source == UNKNOWN) {
        return at_ends;
    }
    let is_frequent = |unit: &&u64| frequent.contains_key(&(UNKNOWN, **unit));
    let found = survey.visit_units(|found: &mut Vec<u64>, rank, units| {
        if sources[rank as usize] == UNKNOWN {
            let head = units.iter().take_while(is_frequent).count();
            let tail = units[head..].iter().rev().take_while(is_frequent).count();
            let mut ends: Vec<u64> = [&units[..head], &units[units.len() - tail..]].concat();
            ends.sort_unstable();
            ends.dedup();
            found.extend(ends);
        }
    });
    found.into_iter().flatten().for_each(|unit| *at_ends.entry(unit).or_default() += 1);
    at_ends
}

/// In how many documents of its source a family stands; only those with three or more are kept.
fn count_residents(residents: Vec<Vec<Resident>>) -> AHashMap<Resident, u32> {
    let mut all: Vec<Resident> = residents.into_iter().flatten().collect();
    all.par_sort_unstable();
    all.chunk_by(|one, other| one == other)
        .filter(|same| same.len() >= FREQUENT)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}

/// A page names itself in its head, and the heading of its text says so again: the units of a head that repeat what
/// stands just before them, of at most [`HEADING`] units.
fn find_heading(units: &[PageUnit], families: &Families, head: usize) -> Vec<bool> {
    let leaders: Vec<UnitId> = units[..head].iter().map(|unit| families.leader(unit.id)).collect();
    let mut is_heading = vec![false; units.len()];
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
    units: &[PageUnit],
    source: u32,
    families: &Families,
    frequent: &AHashMap<Resident, u32>,
    copies: &[u32],
) -> Vec<Sighting> {
    let frequency: Vec<u32> =
        units.iter().map(|unit| frequent.get(&(source, families.leader(unit.id))).copied().unwrap_or(1)).collect();
    if frequency.iter().all(|count| (*count as usize) < FREQUENT) {
        return Vec::new();
    }
    let lengths: Vec<u64> = units.iter().map(|unit| u64::from(unit.length)).collect();
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
    for unit in units {
        *own.entry(families.leader(unit.id)).or_default() += u64::from(unit.length);
    }
    let rare_share = |unit: usize| {
        let others = total - own[&families.leader(units[unit].id)];
        (tokens_up_to(frequency[unit] / 2), others)
    };
    let changes_company = |unit: usize| {
        let (rare, others) = rare_share(unit);
        frequency[unit] as usize >= FREQUENT && others > 0 && rare * 4 >= others
    };
    let repeats: Vec<bool> = (0..units.len()).map(changes_company).collect();
    let (head, tail) = find_ends(&describe(units, source, families, frequent, &repeats));

    let mut sightings: Vec<Sighting> = (0..units.len())
        .filter(|unit| frequency[*unit] as usize >= FREQUENT)
        .map(|unit| {
            let (rare, others) = rare_share(unit);
            Sighting {
                resident: (source, families.leader(units[unit].id)),
                is_copied: copies[units[unit].id as usize] as usize >= FREQUENT,
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
    units: &[PageUnit],
    source: u32,
    families: &Families,
    frequent: &AHashMap<Resident, u32>,
    repeats: &[bool],
) -> Vec<Line> {
    let mut leaders: Vec<UnitId> = units.iter().map(|unit| families.leader(unit.id)).collect();
    leaders.sort_unstable();
    units
        .iter()
        .zip(repeats)
        .map(|(unit, repeats)| {
            let family = families.leader(unit.id);
            let first = leaders.partition_point(|other| *other < family);
            let stands_again = leaders.get(first + 1) == Some(&family);
            Line {
                length: unit.length,
                repeats: *repeats,
                is_label: source != UNKNOWN && (unit.kind != UnitKind::Sentence || (unit.length as usize) < PROSE),
                is_echo: stands_again || frequent.contains_key(&(source, family)),
                is_telling: unit.wording == Wording::Furniture,
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
