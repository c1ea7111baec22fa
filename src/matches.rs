//! Matches: for each document, the stretches that it shares with earlier documents and with itself.
//!
//! **Links to blocks.** Two anchors of one key link two places. Equal words around a link are gathered into one maximal
//! equal run, a [`Block`]; further links inside the block say nothing new. A link between two sentences of a family
//! gives the equal runs of their alignment.
//!
//! **Partners.** A document may share anchors with thousands. It keeps a few that explain it: each link votes for its
//! partner, the partner with most votes is chained, the votes of the places that the equal words of its matches cover
//! are taken off, and the next best follows as long as votes are left. A partner without a run of [`LEAST_RUN`] tokens
//! that is new in part is passed over. A chain in the gap of another one of its partner is a text that was moved, if it is a
//! sentence or so, hardly altered; else it is chance. Of equal partners the earliest in the corpus order wins, so the copies of a
//! story all meet at its first copy, and the number of matches stays linear in the text. All shared anchors of a chosen
//! pair are used, so chains do not fragment.
//!
//! **Chains, completed.** A chain is [continued](crate::extension) at both ends and its gaps are aligned; what is not
//! [one text](crate::likeness) is cut at its widest gaps, parts that follow each other are joined if they are one text
//! together, and what is altered and short gets the borders of sentences.
//!
//! **A document with itself.** Each anchor links to the *previous* place of its key only. The copies of a doubled body
//! lie on one diagonal all the same, n equal lines need n links, and the diagonal nearest to the middle is the smallest
//! period. A chain that overlaps itself is cut at that period into disjoint copies; more than [`LONG_RUN`] adjacent
//! equal copies are one [`Run`].
//!
//! **Cost.** O(links log links) for a document, and for each partner that is chained the lengths of the runs compared
//! and the rectangles of the gaps.
//!
//! **Source.** Schleimer et al. 2003 (anchors), Li 2018 (chains), the greedy cover of Chvátal 1979 (partners).
//!
//! **Gives up.** A partner that only frequent keys show and that is neither among a key's earliest nor its nearest
//! documents (see [`postings`](crate::postings)); what both share then shows against a document that both saw.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use rayon::prelude::*;

use crate::alignment::{Alignment, Block};
use crate::anchors::{GRAM, SURE, UNIT_FLAG};
use crate::census::Segments;
use crate::chains::{Chain, Extent, WIDEST_GAP, extent_of, join_blocks, says, spans, trim_ends};
use crate::document::Document;
use crate::extension::{Budget, extend_backward, extend_forward};
use crate::likeness::{Count, Likeness};
use crate::moulds::Moulds;
use crate::postings::Postings;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::text::{Layout, count_words, fold, is_character};

/// A stretch of a document, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) document: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Place {
    pub(crate) fn length(&self) -> u32 {
        self.end - self.start
    }

    /// The tokens in `usize`, for slicing.
    pub(crate) fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Two places that correspond; `a` is in the earlier document, or earlier in the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) a: Place,
    pub(crate) b: Place,
    /// What of both is equal.
    pub(crate) alignment: Alignment,
}

/// Many adjacent equal copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run {
    /// The first copy.
    pub(crate) first: Place,
    /// Number of whole copies.
    pub(crate) count: u32,
}

impl Run {
    /// All copies.
    pub(crate) fn whole(&self) -> Place {
        Place { end: self.first.start + self.first.length() * self.count, ..self.first }
    }
}

/// More adjacent copies than this are one run with a count.
pub(crate) const LONG_RUN: u32 = 8;
/// Equal tokens in a row that a further partner must bring, or as many new ones in shorter runs.
const LEAST_RUN: u32 = SURE as u32;
/// Equal tokens, in `min_words`, of a text that was moved into the gap of another.
const MOVED: u32 = 2;
/// New tokens of such a run: more than the one or two words of an edit.
const LEAST_NEW: u32 = 3;

/// Everything that documents share, before it is grouped into passages.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    pub(crate) matches: Vec<Match>,
    pub(crate) runs: Vec<Run>,
    pub(crate) links: u64,
    pub(crate) links_thinned: u64,
    pub(crate) pairs: u64,
}

/// What the search reads.
pub(crate) struct Search<'a> {
    pub(crate) documents: &'a [Document],
    pub(crate) layouts: &'a [Layout],
    pub(crate) segments: &'a Segments,
    pub(crate) anchors: &'a Postings,
    pub(crate) moulds: &'a Moulds<'a>,
    pub(crate) likeness: Likeness,
    pub(crate) settings: &'a Settings,
    /// So many documents, the first, may be partners of others.
    pub(crate) sources: usize,
}

impl Search<'_> {
    /// Finds the matches of all documents.
    #[inline(never)] // counted by itself
    pub(crate) fn run(&self, progress: &dyn Progress) -> Matches {
        let found: Vec<Matches> = (0..self.layouts.len())
            .into_par_iter()
            .map(|document| {
                let mut found = Matches::default();
                if !self.anchors.of(document).is_empty() {
                    let segments = self.segments.of(document);
                    self.match_within(document as u32, segments, &mut found);
                    self.match_earlier(document as u32, segments, &mut found);
                }
                progress.advance(1);
                found
            })
            .collect();
        let mut all = Matches::default();
        for found in found {
            all.matches.extend(found.matches);
            all.runs.extend_from_slice(&found.runs);
            all.links += found.links;
            all.links_thinned += found.links_thinned;
            all.pairs += found.pairs;
        }
        all
    }

    fn tokens(&self, document: u32) -> &[u32] {
        &self.layouts[document as usize].fingerprints
    }

    /// Matches of a document with itself.
    fn match_within(&self, document: u32, segments: &[Range<usize>], found: &mut Matches) {
        let links: Vec<(u32, u32)> = self
            .anchors
            .of(document as usize)
            .iter()
            .filter_map(|number| {
                let later = self.anchors.record(*number).position;
                self.anchors.previous_in_document(*number).map(|earlier| (earlier.position, later))
            })
            .collect();
        if links.is_empty() {
            return;
        }
        found.links += links.len() as u64;
        found.pairs += 1;
        let mut blocks = self.gather_blocks((document, segments), (document, segments), links);
        blocks.retain(|block| {
            let period = block.b - block.a;
            let count = (block.length + period) / period;
            let is_run = count > LONG_RUN;
            if is_run {
                let first = Place { document, start: block.a, end: block.a + period };
                found.runs.push(Run { first, count });
            }
            !is_run
        });
        let mut budget = Budget::of(self.tokens(document).len());
        for chain in join_blocks(blocks) {
            for piece in cut_at_period(chain) {
                for part in self.complete((document, segments), (document, segments), &piece, &mut budget) {
                    found.matches.extend(self.settle(document, document, &part));
                }
            }
        }
    }

    /// Matches of a document with earlier ones.
    fn match_earlier(&self, document: u32, segments: &[Range<usize>], found: &mut Matches) {
        let mut links: Vec<(u32, u32, u32)> = Vec::new();
        for number in self.anchors.of(document as usize) {
            let later = self.anchors.record(*number).position;
            let (first, last) = self.anchors.earlier(*number);
            let partners = first.iter().chain(last).filter(|earlier| (earlier.document as usize) < self.sources);
            links.extend(partners.map(|earlier| (earlier.document, earlier.position, later)));
            found.links_thinned += self.anchors.hidden(*number);
        }
        found.links += links.len() as u64;
        links.sort_unstable();
        let mut covered = vec![false; self.tokens(document).len()];
        let mut budget = Budget::of(self.tokens(document).len());
        let partners: Vec<Partner> = links
            .chunk_by(|one, other| one.0 == other.0)
            .map(|links| Partner { document: links[0].0, links })
            .collect();
        let mut queue: BinaryHeap<(u32, Reverse<u32>, usize)> = partners
            .iter()
            .enumerate()
            .map(|(index, partner)| (partner.links.len() as u32, Reverse(partner.document), index))
            .collect();
        // Lazy greedy cover: votes only ever shrink, so the top is final once its fresh count is still the largest.
        while let Some((votes, order, index)) = queue.pop() {
            let partner = &partners[index];
            let fresh = count_open(partner.links, &covered);
            if fresh == 0 {
                continue;
            }
            if fresh < votes {
                queue.push((fresh, order, index));
                continue;
            }
            let their_segments = self.segments.of(partner.document as usize);
            let pairs = partner.links.iter().map(|link| (link.1, link.2)).collect();
            let blocks = self.gather_blocks((partner.document, their_segments), (document, segments), pairs);
            if !bring_news(&blocks, &covered) {
                continue;
            }
            found.pairs += 1;
            let mut parts: Vec<Chain> = Vec::new();
            for chain in join_blocks(blocks) {
                let lies_within =
                    |block: &Block| parts.iter().filter_map(|part| extent_of(part)).any(|extent| spans(&extent, block));
                if chain.iter().all(lies_within) {
                    let moved = self.find_moved(partner.document, document, &chain, &parts);
                    parts.extend(moved);
                } else {
                    let (theirs, own) = ((partner.document, their_segments), (document, segments));
                    parts.extend(self.complete(theirs, own, &chain, &mut budget));
                }
            }
            for part in self.join_near(partner.document, document, parts) {
                let settled = self.settle(partner.document, document, &part);
                if settled.is_empty() {
                    continue;
                }
                found.matches.extend(settled);
                // Equal runs only: what this document put between them may have come from another partner.
                for block in part.into_iter().filter(|block| block.length as usize >= GRAM) {
                    covered[block.b as usize..block.b_end() as usize].fill(true);
                }
            }
        }
    }

    /// A chain in the gap of another one, if it is a sentence or more that was moved there, hardly altered.
    fn find_moved(&self, a: u32, b: u32, chain: &[Block], parts: &[Chain]) -> Option<Chain> {
        if chain.iter().all(|block| parts.iter().any(|part| says(part, block))) {
            return None;
        }
        let mut moved = Vec::new();
        chain.iter().for_each(|block| self.bridge(a, b, &mut moved, *block));
        let count = Count::of(&moved, &extent_of(&moved)?);
        let is_moved = count.equal >= u64::from(MOVED * self.settings.min_words) && Likeness::is_all_but_equal(&count);
        is_moved.then_some(moved)
    }

    /// Turns links `(position in a, position in b)` into maximal equal runs, none within another on its diagonal.
    fn gather_blocks(
        &self,
        (a, a_segments): (u32, &[Range<usize>]),
        (b, b_segments): (u32, &[Range<usize>]),
        mut links: Vec<(u32, u32)>,
    ) -> Vec<Block> {
        let (a_tokens, b_tokens) = (self.tokens(a), self.tokens(b));
        let mut blocks = Vec::new();
        links.sort_unstable_by_key(|link| {
            let (in_a, in_b) = (link.0 & !UNIT_FLAG, link.1 & !UNIT_FLAG);
            (i64::from(in_b) - i64::from(in_a), in_a, link.0 & UNIT_FLAG)
        });
        let mut last: Option<Block> = None;
        for (in_a, in_b) in links {
            let is_unit = in_a & UNIT_FLAG != 0;
            let (in_a, in_b) = (in_a & !UNIT_FLAG, in_b & !UNIT_FLAG);
            // Near-equal sentences may begin with an equal run: only what anchors of single runs say is known by it.
            if is_unit {
                self.align_units((a, in_a), (b, in_b), &mut blocks);
                continue;
            }
            // Links come by diagonal, then by place: a block that has passed this one says it all.
            let is_known = |block: Block| {
                i64::from(block.b) - i64::from(block.a) == i64::from(in_b) - i64::from(in_a) && in_a < block.a_end()
            };
            if last.is_some_and(is_known) {
                continue;
            }
            let (Some(a_bounds), Some(b_bounds)) = (segment_of(a_segments, in_a), segment_of(b_segments, in_b)) else {
                continue;
            };
            let block = extend_equal(a_tokens, b_tokens, in_a, in_b, a_bounds, b_bounds);
            if block.length > 0 {
                blocks.push(block);
                last = Some(block);
            }
        }
        merge_on_diagonals(&mut blocks);
        blocks
    }

    /// The equal runs of two near-equal units.
    fn align_units(&self, (a, in_a): (u32, u32), (b, in_b): (u32, u32), blocks: &mut Vec<Block>) {
        let (a_layout, b_layout) = (&self.layouts[a as usize], &self.layouts[b as usize]);
        let a_range = a_layout.unit_tokens(a_layout.unit_at(in_a as usize));
        let b_range = b_layout.unit_tokens(b_layout.unit_at(in_b as usize));
        let (a_start, b_start) = (a_range.start as u32, b_range.start as u32);
        let alignment = Alignment::between(&a_layout.fingerprints[a_range], &b_layout.fingerprints[b_range]);
        blocks.extend(alignment.blocks.iter().map(|block| Block {
            a: a_start + block.a,
            b: b_start + block.b,
            length: block.length,
        }));
    }

    /// A chain with the equal words between its blocks and beyond its ends, cut into parts that correspond.
    fn complete(
        &self,
        (a, a_segments): (u32, &[Range<usize>]),
        (b, b_segments): (u32, &[Range<usize>]),
        chain: &[Block],
        budget: &mut Budget,
    ) -> Vec<Chain> {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return Vec::new() };
        let limits = |segments: &[Range<usize>], start: u32, end: u32| {
            let head = segment_of(segments, start).map_or(start as usize, |segment| segment.start);
            let tail = segment_of(segments, end - 1).map_or(end as usize, |segment| segment.end);
            (head, tail)
        };
        let (head_a, mut tail_a) = limits(a_segments, first.a, last.a_end());
        let (mut head_b, tail_b) = limits(b_segments, first.b, last.b_end());
        // Two places of one document may not grow into each other.
        if a == b {
            tail_a = tail_a.min(first.b as usize);
        }
        let (a_tokens, b_tokens) = (self.tokens(a), self.tokens(b));
        let after = (last.a_end() as usize..tail_a, last.b_end() as usize..tail_b);
        let mut beyond =
            extend_forward(&a_tokens[after.0.clone()], &b_tokens[after.1.clone()], &self.moulds.weights, |place| {
                budget.spend(after.1.start + place)
            });
        shift(&mut beyond, after.0.start, after.1.start);
        if a == b {
            head_b = head_b.max(tail_a);
        }
        let before = (head_a..first.a as usize, head_b..first.b as usize);
        let mut complete = extend_backward(&a_tokens[before.0], &b_tokens[before.1], &self.moulds.weights, |place| {
            budget.spend(head_b + place)
        });
        shift(&mut complete, head_a, head_b);
        for block in chain {
            self.bridge(a, b, &mut complete, *block);
        }
        complete.append(&mut beyond);
        self.cut(complete, a == b)
    }

    /// Appends a block to a chain, with the equal words of the gap before it.
    fn bridge(&self, a: u32, b: u32, chain: &mut Chain, block: Block) {
        if let Some(last) = chain.last() {
            let (from_a, from_b) = (last.a_end() as usize, last.b_end() as usize);
            let gap_a = &self.tokens(a)[from_a..block.a as usize];
            let gap_b = &self.tokens(b)[from_b..block.b as usize];
            let mut between = Alignment::between(gap_a, gap_b).blocks;
            shift(&mut between, from_a, from_b);
            chain.append(&mut between);
        }
        chain.push(block);
    }

    /// Cuts a chain whose sides do not correspond well enough at its widest gaps (those wider than half of the widest),
    /// and its parts in the same way: widths halve, so few rounds suffice however long the chain.
    fn cut(&self, chain: Chain, within: bool) -> Vec<Chain> {
        let gap = |pair: &[Block]| (pair[1].a - pair[0].a_end()).max(pair[1].b - pair[0].b_end());
        let mut kept = Vec::new();
        let mut parts = vec![chain];
        while let Some(part) = parts.pop() {
            let Some(extent) = extent_of(&part) else { continue };
            let count = Count::of(&part, &extent);
            let is_short = !self.likeness.is_long(count.equal);
            let dense = if is_short { trim_ends(&part) } else { &part };
            if dense.len() < part.len() {
                let inside = extent_of(dense).unwrap_or_default();
                // What is cut off may be long enough to stand for itself.
                let is_kept = |block: &&Block| !inside.0.contains(&block.a) && block.length >= self.settings.min_words;
                let apart: Vec<Chain> = part.iter().filter(is_kept).map(|block| vec![*block]).collect();
                parts.push(dense.to_vec());
                parts.extend(apart);
            } else if self.likeness.holds(&count, within) {
                kept.push(part);
            } else {
                let widest = part.windows(2).map(gap).max().unwrap_or(0);
                let pieces = part.chunk_by(|one, other| gap(&[*one, *other]) * 2 <= widest);
                parts.extend(pieces.map(<[Block]>::to_vec));
            }
        }
        kept
    }

    /// Joins parts that follow each other on both sides across at most [`WIDEST_GAP`] tokens: each of them is evidence
    /// that the text between is the same text rewritten, if all of it together still corresponds.
    fn join_near(&self, a: u32, b: u32, mut parts: Vec<Chain>) -> Vec<Chain> {
        parts.sort_by_key(|part| part.first().copied());
        let mut joined: Vec<Chain> = Vec::new();
        for at in 0..parts.len() {
            let mut chain = std::mem::take(&mut parts[at]);
            for next in &mut parts[at + 1..] {
                // Parts that were joined to another are empty.
                let (Some(last), Some(first)) = (chain.last().copied(), next.first().copied()) else { continue };
                if first.a > last.a_end() + WIDEST_GAP {
                    break;
                }
                if first.a < last.a_end() || first.b < last.b_end() || first.b > last.b_end() + WIDEST_GAP {
                    continue;
                }
                let before = chain.len();
                next.iter().for_each(|block| self.bridge(a, b, &mut chain, *block));
                let is_like = |extent| self.likeness.holds(&Count::of(&chain, &extent), false);
                if extent_of(&chain).is_some_and(is_like) {
                    next.clear();
                } else {
                    chain.truncate(before);
                }
            }
            if !chain.is_empty() {
                joined.push(chain);
            }
        }
        joined
    }

    /// The matches that a chain makes, if they are worth reporting.
    ///
    /// What is much altered and short, or altered and in one document, has the borders of units, so that no half of a
    /// sentence or row is taken for another's; across documents those of one side suffice. Failing that, its equal runs
    /// must do: within a document by themselves, across documents the longest as the core of the rest.
    fn settle(&self, a: u32, b: u32, chain: &[Block]) -> Vec<Match> {
        let Some(tight) = extent_of(chain) else { return Vec::new() };
        let snapped = self.snap(a, b, &tight);
        let overlaps = a == b && snapped.0.end > snapped.1.start;
        let is_like = self.likeness.holds(&Count::of(chain, &snapped), a == b);
        let kept = if !overlaps && is_like { snapped } else { tight };
        let count = Count::of(chain, &kept);
        if Likeness::is_all_but_equal(&count) || (a != b && self.likeness.is_long(count.equal)) {
            return self.make_match(a, b, &kept, chain).into_iter().collect();
        }
        let whole = (self.round_to_units(a, &kept.0), self.round_to_units(b, &kept.1));
        // Where one text cuts sentences that the other does not, the borders of one side must do for both.
        let of_a = (whole.0.clone(), move_borders(&kept.1, &kept.0, &whole.0, self.tokens(b).len()));
        let of_b = (move_borders(&kept.0, &kept.1, &whole.1, self.tokens(a).len()), whole.1.clone());
        let candidates = if a == b { vec![whole] } else { vec![whole, of_a, of_b] };
        let Some(core) = chain.iter().max_by_key(|block| (block.length, Reverse(block.a))) else { return Vec::new() };
        let make_run = |block: &Block| {
            self.make_match(a, b, &(block.a..block.a_end(), block.b..block.b_end()), std::slice::from_ref(block))
        };
        // A run that would be worth reporting by itself is not left out for the sake of borders.
        let stands_alone = make_run(core).is_some();
        let holds_core = |extent: &Extent| !stands_alone || spans(extent, core);
        let is_apart =
            |(in_a, in_b): &Extent| !in_a.is_empty() && !in_b.is_empty() && (a != b || in_a.end <= in_b.start);
        let mut settled: Vec<(u32, Match)> = Vec::new();
        for extent in candidates.into_iter().filter(|extent| is_apart(extent) && holds_core(extent)) {
            let tokens =
                |document: u32, range: &Range<u32>| &self.tokens(document)[range.start as usize..range.end as usize];
            // Anew, since the chain was cut at its loose ends.
            let alignment = Alignment::between(tokens(a, &extent.0), tokens(b, &extent.1));
            let mut blocks = alignment.blocks;
            shift(&mut blocks, extent.0.start as usize, extent.1.start as usize);
            let Some(tight) = extent_of(&blocks) else { continue };
            let extent = (self.trim_to(a, &extent.0, &tight.0), self.trim_to(b, &extent.1, &tight.1));
            if self.likeness.holds(&Count::of(&blocks, &extent), a == b) {
                let found = self.make_match(a, b, &extent, &blocks);
                settled.extend(found.map(|found| (found.alignment.same(), found)));
            }
        }
        // Of equals the first: the borders of both sides before those of one.
        if let Some((_, best)) = settled.into_iter().rev().max_by_key(|(same, _)| *same) {
            return vec![best];
        }
        if a == b {
            return chain.iter().filter_map(make_run).collect();
        }
        if stands_alone { self.make_match(a, b, &kept, chain).into_iter().collect() } else { Vec::new() }
    }

    fn make_match(&self, a: u32, b: u32, extent: &Extent, chain: &[Block]) -> Option<Match> {
        let place = |document: u32, tokens: &Range<u32>| Place { document, start: tokens.start, end: tokens.end };
        let (a, b) = (place(a, &extent.0), place(b, &extent.1));
        self.is_worth_reporting(&a, &b, chain).then(|| {
            let mut blocks = chain.to_vec();
            for block in &mut blocks {
                (block.a, block.b) = (block.a - a.start, block.b - b.start);
            }
            Match { a, b, alignment: Alignment::of(blocks, a.length(), b.length()) }
        })
    }

    /// A stretch that ends where units do, or else with what is equal.
    fn trim_to(&self, document: u32, tokens: &Range<u32>, equal: &Range<u32>) -> Range<u32> {
        let layout = &self.layouts[document as usize];
        let opens = layout.unit_tokens(layout.unit_at(tokens.start as usize)).start == tokens.start as usize;
        let closes = layout.unit_tokens(layout.unit_at(tokens.end as usize - 1)).end == tokens.end as usize;
        (if opens { tokens.start } else { equal.start })..(if closes { tokens.end } else { equal.end })
    }

    /// A stretch with the borders of units: one that is covered by half or more is taken whole, another is left out.
    fn round_to_units(&self, document: u32, tokens: &Range<u32>) -> Range<u32> {
        let layout = &self.layouts[document as usize];
        let (start, end) = (tokens.start as usize, tokens.end as usize);
        let first = layout.unit_tokens(layout.unit_at(start));
        let last = layout.unit_tokens(layout.unit_at(end - 1));
        let takes_first = (first.end.min(end) - start) * 2 >= first.len();
        let takes_last = (end - last.start.max(start)) * 2 >= last.len();
        let start = if takes_first { first.start } else { first.end };
        let end = if takes_last { last.end } else { last.start };
        start as u32..end.max(start) as u32
    }

    /// Takes in the few tokens that are missing to the borders of the units at both ends.
    fn snap(&self, a: u32, b: u32, (in_a, in_b): &Extent) -> Extent {
        let (a, b) = (&self.layouts[a as usize], &self.layouts[b as usize]);
        let (mut in_a, mut in_b) = (in_a.clone(), in_b.clone());
        let few = |missing: usize, inside: usize| {
            (missing <= LONGEST_SNAP && missing * 3 <= inside).then_some(missing as u32)
        };
        let before = |layout: &Layout, tokens: &Range<u32>| {
            let unit = layout.unit_tokens(layout.unit_at(tokens.start as usize));
            let inside = unit.end.min(tokens.end as usize) - tokens.start as usize;
            few(tokens.start as usize - unit.start, inside)
        };
        if let (Some(more_a), Some(more_b)) = (before(a, &in_a), before(b, &in_b)) {
            in_a.start -= more_a;
            in_b.start -= more_b;
        }
        let after = |layout: &Layout, tokens: &Range<u32>| {
            let unit = layout.unit_tokens(layout.unit_at(tokens.end as usize - 1));
            let inside = tokens.end as usize - unit.start.max(tokens.start as usize);
            few(unit.end - tokens.end as usize, inside)
        };
        if let (Some(more_a), Some(more_b)) = (after(a, &in_a), after(b, &in_b)) {
            in_a.end += more_a;
            in_b.end += more_b;
        }
        (in_a, in_b)
    }

    /// Across documents: `min_words` *equal* words in runs of [`COHERENT`] and more, so that a title with a few chance
    /// words around it is no passage, and no mere [mould](crate::moulds). Within one document `min_words` equal words,
    /// or whole units of two tokens and more, word for word. In both cases more than the parts of two units that meet.
    fn is_worth_reporting(&self, a: &Place, b: &Place, blocks: &[Block]) -> bool {
        // Equal tokens have equal shares of characters and words on both sides; count them on the first.
        let tokens = self.tokens(a.document);
        let same: u32 = blocks.iter().map(|block| block.length).sum();
        let coherent: u32 = blocks.iter().map(|block| block.length).filter(|length| *length >= COHERENT).sum();
        let words = count_words(&tokens[a.tokens()]);
        if u64::from(coherent) * u64::from(words) >= u64::from(self.settings.min_words) * u64::from(a.length()) {
            return (self.holds_together(a) || self.holds_together(b))
                && (a.document == b.document || !self.moulds.is_mould(a, b, blocks));
        }
        let is_whole = |place: &Place| {
            let layout = &self.layouts[place.document as usize];
            let first = layout.unit_tokens(layout.unit_at(place.start as usize));
            let last = layout.unit_tokens(layout.unit_at(place.end as usize - 1));
            first.start == place.start as usize && last.end == place.end as usize
        };
        let is_equal = same == a.length() && same == b.length();
        a.document == b.document
            && is_equal
            && is_whole(a)
            && is_whole(b)
            && self.count_plain_words(a) >= LEAST_PLAIN
            && self.spell(a) == self.spell(b)
    }

    /// Whether a whole unit lies in a place, or `min_words` words of one. The end of one sentence and the beginning of
    /// the next are no text of their own: rows and records of one form meet like that.
    fn holds_together(&self, place: &Place) -> bool {
        let layout = &self.layouts[place.document as usize];
        let (start, end) = (place.start as usize, place.end as usize);
        (layout.unit_at(start)..=layout.unit_at(end - 1)).any(|unit| {
            let tokens = layout.unit_tokens(unit);
            let inside = tokens.start.max(start)..tokens.end.min(end);
            inside == tokens || count_words(&layout.fingerprints[inside]) >= self.settings.min_words
        })
    }

    /// The text of a place with its signs (*C* is not *C++*), but for spaces, quotation marks and the marks of
    /// sentences.
    fn spell(&self, place: &Place) -> String {
        let text = &self.documents[place.document as usize].text;
        let span = self.layouts[place.document as usize].span(text, place.tokens());
        let is_free = |letter: char| letter.is_whitespace() || ".,:;!?'\"“”‘’„«»".contains(letter);
        fold(&text[span.start as usize..span.end as usize]).chars().filter(|letter| !is_free(*letter)).collect()
    }

    /// Words of a stretch that are more than a mark, a number or an initial: characters of scripts without spaces, and
    /// tokens of three letters and no digits. Cells of tables ("V:0, I:0") have none.
    fn count_plain_words(&self, place: &Place) -> usize {
        let (layout, text) = (&self.layouts[place.document as usize], &self.documents[place.document as usize].text);
        let is_plain = |token: usize| {
            let span = layout.token_span(text, token);
            let word = &text[span.start as usize..span.end as usize];
            is_character(layout.fingerprints[token])
                || (word.chars().filter(|letter| letter.is_alphabetic()).count() >= 3
                    && !word.contains(char::is_numeric))
        };
        place.tokens().filter(|token| is_plain(*token)).count()
    }
}

/// Plain words of a short text that a document repeats.
const LEAST_PLAIN: usize = 2;

/// Equal tokens in a row that count for the length of a passage.
const COHERENT: u32 = 3;

/// Tokens that a match may grow by at an end to reach the border of a unit.
const LONGEST_SNAP: usize = 4;

/// A stretch whose borders move as far as those of its counterpart, within a document of so many tokens.
fn move_borders(own: &Range<u32>, theirs: &Range<u32>, moved: &Range<u32>, tokens: usize) -> Range<u32> {
    let start = (own.start + moved.start).saturating_sub(theirs.start).min(tokens as u32);
    let end = (own.end + moved.end).saturating_sub(theirs.end).min(tokens as u32);
    start..end.max(start)
}

fn shift(blocks: &mut [Block], by_a: usize, by_b: usize) {
    for block in blocks {
        block.a += by_a as u32;
        block.b += by_b as u32;
    }
}

/// The segment that holds a token.
fn segment_of(segments: &[Range<usize>], token: u32) -> Option<&Range<usize>> {
    let next = segments.partition_point(|segment| segment.end <= token as usize);
    segments.get(next).filter(|segment| segment.contains(&(token as usize)))
}

/// The maximal equal run through a link, within the segments.
fn extend_equal(a: &[u32], b: &[u32], in_a: u32, in_b: u32, a_bounds: &Range<usize>, b_bounds: &Range<usize>) -> Block {
    let (i, j) = (in_a as usize, in_b as usize);
    let after = a[i..a_bounds.end].iter().zip(&b[j..b_bounds.end]).take_while(|(one, other)| one == other).count();
    if after == 0 {
        return Block { a: in_a, b: in_b, length: 0 };
    }
    let before = a[a_bounds.start..i]
        .iter()
        .rev()
        .zip(b[b_bounds.start..j].iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    Block { a: in_a - before as u32, b: in_b - before as u32, length: (before + after) as u32 }
}

/// Joins blocks that overlap or touch on one diagonal; single tokens within reach of nothing stay what they are.
fn merge_on_diagonals(blocks: &mut Vec<Block>) {
    blocks.sort_unstable_by_key(|block| (i64::from(block.b) - i64::from(block.a), block.a, Reverse(block.length)));
    blocks.dedup_by(|next, kept| {
        let same_diagonal = kept.b.wrapping_sub(kept.a) == next.b.wrapping_sub(next.a);
        let joins = same_diagonal && next.a <= kept.a_end();
        if joins {
            kept.length = kept.a_end().max(next.a_end()) - kept.a;
        }
        joins
    });
}

/// An earlier document and the links to it: `(document, position in it, position in the later document)`.
struct Partner<'a> {
    document: u32,
    links: &'a [(u32, u32, u32)],
}

/// Links whose place in the later document is not wholly covered yet: the first or the last token of the k-gram is
/// open.
fn count_open(links: &[(u32, u32, u32)], covered: &[bool]) -> u32 {
    let is_open = |place: usize| covered.get(place).is_some_and(|covered| !covered);
    let place = |link: &(u32, u32, u32)| (link.2 & !UNIT_FLAG) as usize;
    links.iter().filter(|link| is_open(place(link)) || is_open(place(link) + GRAM - 1)).count() as u32
}

/// Whether the blocks of a partner explain enough that no partner before did: a long run that is new in part (by more
/// than the one or two words of an edit), or as much in shorter runs.
fn bring_news(blocks: &[Block], covered: &[bool]) -> bool {
    let count_new = |block: &Block| {
        let own = &covered[block.b as usize..block.b_end() as usize];
        own.iter().filter(|covered| !**covered).count() as u32
    };
    blocks.iter().any(|block| block.length >= LEAST_RUN && count_new(block) >= LEAST_NEW)
        || blocks.iter().map(count_new).sum::<u32>() >= LEAST_RUN
}

/// Cuts a chain of a document with itself into pieces whose two sides are disjoint. Linear, however many copies there
/// are.
fn cut_at_period(chain: Chain) -> Vec<Chain> {
    let mut pieces: Vec<Chain> = Vec::new();
    let mut cut = 0;
    for mut block in chain {
        while block.length > 0 {
            if block.a >= cut {
                // The second side of this piece begins here, and its first side must end here.
                cut = block.b;
                pieces.push(Chain::new());
            }
            let kept = block.length.min(cut - block.a);
            if let Some(piece) = pieces.last_mut() {
                piece.push(Block { length: kept, ..block });
            }
            block = Block { a: block.a + kept, b: block.b + kept, length: block.length - kept };
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Blocks of `(a, b, length)`.
    fn chain(blocks: &[(u32, u32, u32)]) -> Chain {
        blocks.iter().map(|&(a, b, length)| Block { a, b, length }).collect()
    }

    #[test]
    fn loose_ends_are_trimmed() {
        let trimmed = |blocks: &[(u32, u32, u32)]| trim_ends(&chain(blocks)).to_vec();
        let tight = [(0, 0, 5), (6, 6, 2), (10, 9, 4)];
        assert_eq!(trimmed(&tight), chain(&tight));
        // A single word, though next to the rest, and blocks shorter than the gap that sets them off.
        assert_eq!(trimmed(&[(0, 0, 1), (2, 2, 5)]), chain(&[(2, 2, 5)]));
        assert_eq!(trimmed(&[(0, 0, 3), (4, 9, 5), (10, 15, 9)]), chain(&[(4, 9, 5), (10, 15, 9)]));
        assert_eq!(trimmed(&[(0, 0, 9), (10, 10, 3), (17, 14, 3)]), chain(&[(0, 0, 9), (10, 10, 3)]));
        assert_eq!(trimmed(&[(7, 7, 1)]), chain(&[(7, 7, 1)]), "what is alone has no loose end");
    }

    #[test]
    fn borders_move_as_far_as_those_of_the_counterpart() {
        assert_eq!(move_borders(&(100..120), &(10..30), &(8..33), 200), 98..123);
        assert_eq!(move_borders(&(1..20), &(10..30), &(8..33), 21), 0..21, "no further than the document");
        assert!(move_borders(&(5..7), &(10..40), &(15..30), 50).is_empty());
    }

    proptest! {
        #[test]
        fn pieces_of_a_period_are_disjoint_and_lose_nothing(
            period in 1u32..30,
            steps in prop::collection::vec((0u32..5, 1u32..20), 1..30),
        ) {
            let mut chain = Chain::new();
            let mut at = 0;
            for (gap, length) in steps {
                at += gap;
                chain.push(Block { a: at, b: at + period, length });
                at += length;
            }
            let pieces = cut_at_period(chain.clone());
            for piece in &pieces {
                prop_assert!(piece.last().unwrap().a_end() <= piece[0].b);
            }
            let tokens = |blocks: &[Block]| blocks.iter().map(|block| block.length).sum::<u32>();
            prop_assert_eq!(pieces.iter().map(|piece| tokens(piece)).sum::<u32>(), tokens(&chain));
        }
    }
}
