//! Joining: the pieces that a target has from one source, put together as a careful reader would.
//!
//! **Idea.** Matching is strict: each piece is one text by itself, word against word. A passage that was rewritten in the
//! middle, into which a sentence was put, or of which two paragraphs were swapped, comes in several pieces. Those that
//! lie [near](is_near) each other in the target and in the source are one passage. Pieces that follow each other in both
//! are one [`Part`], with the words between aligned; a swapped one is a part of its own.
//!
//! Each word of the target stands in one piece: the one with most equal words comes first, others keep what it leaves. A
//! paragraph that was moved into the middle of another piece parts it in two.
//!
//! So there are *pieces* (in tokens, in one order), *parts* (the same, told in bytes), and *passages* of one or several.
//!
//! **Cost.** O(equal runs log equal runs), and the alignment of the gaps.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::candidates::Common;
use super::changes;
use super::{Counts, Part, Passage};
use crate::alignment::{Alignment, Block};
use crate::document::Corpus;
use crate::edits;
use crate::finding::Span;
use crate::matches::Place;
use crate::sense::Wording;
use crate::text::Layout;

/// Tokens between two pieces, on each side, that are near: a sentence or so.
const NEAR: u32 = 32;
/// Tokens between two pieces on one side that go on without a break.
const CLOSE: u32 = 8;
/// Tokens that were put in, or cut, between two pieces that go on on the other side: a paragraph or so.
const PARAGRAPH: u32 = 120;

/// Pieces that each one looks back over.
const LOOK_BACK: usize = 8;
/// Equal tokens in a row that a piece keeps of what a better one leaves.
const RUN: u32 = 3;
/// And in all.
const LEAST: u32 = 8;

/// A passage with the tokens that it is made of.
pub(super) struct Joined {
    pub(super) passage: Passage,
    pub(super) pieces: Vec<Piece>,
    /// The place of its best piece among all that were joined.
    pub(super) order: usize,
}

/// Stretches of a target and a source that correspond in one order.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) target: Range<u32>,
    pub(super) source: Range<u32>,
    /// Equal runs: `a` in the source, `b` in the target, in tokens of the documents.
    pub(super) blocks: Vec<Block>,
    order: usize,
    is_quotation: bool,
    pub(super) is_moved: bool,
}

/// Joins what one target has in common with others. In reading order.
pub(super) fn join<'c>(
    corpus: &Corpus,
    layouts: &[Layout],
    (target, wording): (u32, Wording),
    common: impl Iterator<Item = &'c Common>,
    is_quotation: impl Fn(&Common) -> bool,
) -> Vec<Joined> {
    let mut of_source: BTreeMap<u32, Vec<Piece>> = BTreeMap::new();
    for (order, common) in common.enumerate() {
        let in_documents = |block: &Block| Block {
            a: common.source.start + block.a,
            b: common.target.start + block.b,
            length: block.length,
        };
        let mut piece = Piece {
            target: common.target.start..common.target.end,
            source: common.source.start..common.source.end,
            blocks: common.alignment.blocks.iter().map(in_documents).collect(),
            order,
            is_quotation: is_quotation(common),
            is_moved: false,
        };
        trim(&mut piece);
        of_source.entry(common.source.document).or_default().push(piece);
    }
    let teller = Teller { corpus, layouts, target, wording };
    let mut joined: Vec<Joined> = Vec::new();
    for (source, pieces) in of_source {
        let (ours, theirs) = (tokens(layouts, target), tokens(layouts, source));
        let parts = link(part(pieces), theirs, ours);
        joined.extend(parts.into_iter().map(|pieces| teller.tell(source, pieces)));
    }
    joined.sort_by_key(|joined| (joined.passage.target_span, joined.passage.source, joined.passage.source_span));
    joined
}

fn tokens(layouts: &[Layout], document: u32) -> &[u32] {
    &layouts[document as usize].fingerprints
}

/// Leaves out what only one side has at either end: nothing tells that it belongs to the passage.
fn trim(piece: &mut Piece) {
    let (Some(first), Some(last)) = (piece.blocks.first(), piece.blocks.last()) else { return };
    if first.a == piece.source.start || first.b == piece.target.start {
        (piece.source.start, piece.target.start) = (first.a, first.b);
    }
    if last.a_end() == piece.source.end || last.b_end() == piece.target.end {
        (piece.source.end, piece.target.end) = (last.a_end(), last.b_end());
    }
}

/// Makes pieces disjoint in the target, in its order.
fn part(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let same = |piece: &Piece| piece.blocks.iter().map(|block| block.length).sum::<u32>();
    // Where several pieces meet, single words far from the others of their piece are chance, and belong to the other.
    if pieces.len() > 1 {
        pieces.iter_mut().for_each(drop_loose);
    }
    pieces.sort_by_key(|piece| (Reverse(same(piece)), piece.target.start, piece.source.start));
    // The equal runs that are taken, by their start in the target, and those of all pieces with their piece.
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut runs: Vec<(Block, usize)> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let left: Vec<Block> = piece.blocks.iter().flat_map(|block| cut_out(&taken, *block)).collect();
        let is_whole = left.iter().map(|block| block.length).sum::<u32>() == same(piece);
        // Single words between the words of another piece are chance.
        let is_apart = taken.range(..piece.target.end).next_back().is_none_or(|(_, end)| *end <= piece.target.start);
        let kept = left.into_iter().filter(|block| is_apart || block.length >= RUN);
        let kept: Vec<Block> = kept.collect();
        if (is_whole && is_apart) || kept.iter().map(|block| block.length).sum::<u32>() >= LEAST {
            taken.extend(kept.iter().map(|block| (block.b, block.b_end())));
            runs.extend(kept.into_iter().map(|block| (block, number)));
        }
    }
    // What is left out between two runs, and stands elsewhere in the target, is not left out: it was moved.
    let mut of_source: Vec<Block> = runs.iter().map(|(block, _)| *block).collect();
    of_source.sort_unstable_by_key(|block| block.a);
    let was_moved = |gap: Range<u32>| {
        let first = of_source.partition_point(|block| block.a < gap.start);
        let inside = of_source[first..].iter().take_while(|block| block.a_end() <= gap.end);
        gap.len() as u32 >= LEAST && inside.map(|block| block.length).sum::<u32>() * 2 >= gap.len() as u32
    };
    runs.sort_unstable_by_key(|(block, _)| block.b);
    let mut parted: Vec<Piece> = Vec::new();
    let goes_on = |one: &(Block, usize), next: &(Block, usize)| one.1 == next.1 && !was_moved(one.0.a_end()..next.0.a);
    for of_piece in runs.chunk_by(goes_on) {
        let blocks: Vec<Block> = of_piece.iter().map(|(block, _)| *block).collect();
        let (Some(first), Some(last)) = (blocks.first().copied(), blocks.last().copied()) else { continue };
        let piece = &pieces[of_piece[0].1];
        // The ends of a piece that is whole may hold changed words.
        let opens = piece.blocks.first() == Some(&first);
        let closes = piece.blocks.last() == Some(&last);
        let (mut target, mut source) = (first.b..last.b_end(), first.a..last.a_end());
        if opens && parted.last().is_none_or(|before| before.target.end <= piece.target.start) {
            (target.start, source.start) = (piece.target.start, piece.source.start);
        }
        if closes {
            (target.end, source.end) = (piece.target.end, piece.source.end);
        }
        if let Some(before) = parted.last_mut().filter(|before| before.target.end > target.start) {
            // Its changed words at the end are this one's.
            if let Some(last) = before.blocks.last() {
                (before.target.end, before.source.end) = (last.b_end(), last.a_end());
            }
        }
        let Piece { order, is_quotation, is_moved, .. } = *piece;
        parted.push(Piece { target, source, blocks, order, is_quotation, is_moved });
    }
    parted
}

/// Leaves out short runs that stand alone in a gap.
fn drop_loose(piece: &mut Piece) {
    let blocks = std::mem::take(&mut piece.blocks);
    let is_far = |one: Option<&Block>, next: Option<&Block>| match (one, next) {
        (Some(one), Some(next)) => next.b - one.b_end() >= LEAST,
        _ => false,
    };
    let is_loose = |at: usize| {
        blocks[at].length < RUN
            && is_far(at.checked_sub(1).map(|before| &blocks[before]), blocks.get(at))
            && is_far(blocks.get(at), blocks.get(at + 1))
    };
    piece.blocks = (0..blocks.len()).filter(|at| !is_loose(*at)).map(|at| blocks[at]).collect();
}

/// What is left of an equal run beside those that are taken.
fn cut_out(taken: &BTreeMap<u32, u32>, block: Block) -> Vec<Block> {
    let mut left = Vec::new();
    let mut at = block.b;
    let first = taken.range(..=at).next_back().map_or(at, |(start, _)| *start);
    for (start, end) in taken.range(first..block.b_end()) {
        if *start > at {
            left.push(Block { a: block.a + (at - block.b), b: at, length: start - at });
        }
        at = at.max(*end);
    }
    if at < block.b_end() {
        left.push(Block { a: block.a + (at - block.b), b: at, length: block.b_end() - at });
    }
    left
}

/// Groups pieces into passages, and those of a passage that follow each other in the source into one.
///
/// A piece belongs to an earlier one that is near it in the source and, but for pieces between, in the target; so do the
/// pieces between: what was moved there stands in the passage.
fn link(pieces: Vec<Piece>, theirs: &[u32], ours: &[u32]) -> Vec<Vec<Piece>> {
    // The number of the first piece of each passage.
    let mut firsts: Vec<usize> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        let mut between = 0;
        let mut joins = None;
        for before in (number.saturating_sub(LOOK_BACK)..number).rev() {
            let earlier = &pieces[before];
            let in_target = piece.target.start.saturating_sub(earlier.target.end + between);
            if is_near(in_target, distance(&earlier.source, &piece.source)) {
                joins = Some(before);
            }
            between += earlier.target.len() as u32;
        }
        match joins {
            Some(before) => firsts.truncate(firsts.partition_point(|first| *first <= before)),
            None => firsts.push(number),
        }
    }
    let mut groups: Vec<Vec<Piece>> = Vec::with_capacity(firsts.len());
    for (number, piece) in pieces.into_iter().enumerate() {
        if firsts.binary_search(&number).is_ok() {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(piece);
        }
    }
    let mut groups: Vec<Vec<Piece>> = groups.into_iter().map(|group| unite(group, theirs, ours)).collect();
    mark_moved(&mut groups);
    groups
}

/// Makes one piece of those that follow each other, unless what lies between them in the source stands elsewhere in the
/// passage.
fn unite(pieces: Vec<Piece>, theirs: &[u32], ours: &[u32]) -> Vec<Piece> {
    let mut starts: Vec<u32> = pieces.iter().map(|piece| piece.source.start).collect();
    starts.sort_unstable();
    let mut united: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let is_free = |last: &Piece| {
            let first = starts.partition_point(|start| *start < last.source.end);
            starts.get(first).is_none_or(|start| *start >= piece.source.start)
        };
        match united.last_mut().filter(|last| follows(last, &piece) && is_free(last)) {
            Some(last) => bridge(last, piece, theirs, ours),
            None => united.push(piece),
        }
    }
    united
}

/// Whether two pieces that lie so far apart on both sides are one passage.
fn is_near(in_target: u32, in_source: u32) -> bool {
    let (shorter, longer) = (in_target.min(in_source), in_target.max(in_source));
    longer <= NEAR || (shorter <= CLOSE && longer <= PARAGRAPH)
}

/// Tokens between two stretches; none if they meet.
fn distance(one: &Range<u32>, other: &Range<u32>) -> u32 {
    other.start.saturating_sub(one.end).max(one.start.saturating_sub(other.end))
}

/// Whether a piece goes on where another one ends, in the source too.
fn follows(last: &Piece, next: &Piece) -> bool {
    next.source.start >= last.source.end
        && is_near(next.target.start - last.target.end, next.source.start - last.source.end)
}

/// Appends a piece to the one that it follows, with the equal words between.
fn bridge(last: &mut Piece, next: Piece, theirs: &[u32], ours: &[u32]) {
    let (from_a, from_b) = (last.source.end, last.target.end);
    let gap_a = &theirs[from_a as usize..next.source.start as usize];
    let gap_b = &ours[from_b as usize..next.target.start as usize];
    let between = Alignment::between(gap_a, gap_b).blocks.into_iter();
    last.blocks.extend(between.map(|block| Block { a: from_a + block.a, b: from_b + block.b, ..block }));
    last.blocks.extend(next.blocks);
    last.target.end = next.target.end;
    last.source.end = next.source.end;
    last.order = last.order.min(next.order);
    last.is_quotation &= next.is_quotation;
}

/// Marks the pieces that stand in another order than most: those that are not in the heaviest sequence that ascends in
/// the source.
fn mark_moved(groups: &mut [Vec<Piece>]) {
    let mut pieces: Vec<&mut Piece> = groups.iter_mut().flatten().collect();
    // The best sequence that ends at each piece. Few pieces: the plain quadratic way, over a bounded number of them.
    const SEQUENCE: usize = 256;
    let mut best: Vec<(u64, Option<usize>)> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let before =
            (at.saturating_sub(SEQUENCE)..at).filter(|before| pieces[*before].source.end <= piece.source.start);
        let from = before.max_by_key(|before| (best[*before].0, usize::MAX - before));
        let weight = piece.blocks.iter().map(|block| u64::from(block.length)).sum::<u64>();
        best.push((weight + from.map_or(0, |from| best[from].0), from));
    }
    let mut at = (0..pieces.len()).max_by_key(|at| (best[*at].0, usize::MAX - at));
    let mut in_order = vec![false; pieces.len()];
    while let Some(index) = at {
        in_order[index] = true;
        at = best[index].1;
    }
    let in_sequence = pieces.iter().zip(&in_order).filter(|(_, in_order)| **in_order);
    let said: Vec<Block> = in_sequence.flat_map(|(piece, _)| piece.blocks.iter().copied()).collect();
    for (piece, in_order) in pieces.iter_mut().zip(in_order) {
        // What the target says twice was not moved. The equal runs of those in order ascend in the source.
        let next = said.partition_point(|block| block.a_end() <= piece.source.start);
        let again = said[next..].iter().take_while(|block| block.a < piece.source.end);
        let again: u32 = again.map(|block| block.a_end().min(piece.source.end) - block.a.max(piece.source.start)).sum();
        piece.is_moved = !in_order && u64::from(again) * 2 < piece.source.len() as u64;
    }
}

/// Tells passages in bytes.
struct Teller<'a> {
    corpus: &'a Corpus,
    layouts: &'a [Layout],
    target: u32,
    wording: Wording,
}

impl Teller<'_> {
    fn span(&self, place: &Place) -> Span {
        let layout = &self.layouts[place.document as usize];
        layout.span(&self.corpus.documents[place.document as usize].text, place.tokens())
    }

    fn tell(&self, source: u32, pieces: Vec<Piece>) -> Joined {
        let place = |document: u32, tokens: &Range<u32>| Place { document, start: tokens.start, end: tokens.end };
        let mut counts = Counts::default();
        let (mut parts, mut notables) = (Vec::with_capacity(pieces.len()), Vec::new());
        let mut end: Option<u32> = None;
        for piece in &pieces {
            let (ours, theirs) = (place(self.target, &piece.target), place(source, &piece.source));
            let relative =
                |block: &Block| Block { a: block.a - theirs.start, b: block.b - ours.start, length: block.length };
            let blocks = piece.blocks.iter().map(relative).collect();
            let alignment = Alignment::of(blocks, theirs.length(), ours.length());
            counts.same += alignment.same();
            for (in_source, in_target) in alignment.gaps() {
                let (old, new) = (in_source.len() as u32, in_target.len() as u32);
                counts.changed += old.min(new);
                counts.deleted += old.saturating_sub(new);
                counts.inserted += new.saturating_sub(old);
            }
            counts.inserted += end.map_or(0, |end| piece.target.start - end);
            end = Some(piece.target.end);
            notables.extend(changes::find(self.corpus, self.layouts, &self.wording, &alignment, &theirs, &ours));
            parts.push(Part {
                target_span: self.span(&ours),
                source_span: self.span(&theirs),
                is_moved: piece.is_moved,
                edits: edits::describe(self.corpus, self.layouts, &alignment, &theirs, &ours),
            });
        }
        let around = |spans: &mut dyn Iterator<Item = Span>| {
            spans.reduce(|one, other| Span { start: one.start.min(other.start), end: one.end.max(other.end) })
        };
        let none = Span { start: 0, end: 0 };
        let passage = Passage {
            source,
            target_span: around(&mut parts.iter().map(|part| part.target_span)).unwrap_or(none),
            source_span: around(&mut parts.iter().map(|part| part.source_span)).unwrap_or(none),
            is_quotation: pieces.iter().all(|piece| piece.is_quotation),
            counted: 0,
            counts,
            parts,
            notables,
        };
        let order = pieces.iter().map(|piece| piece.order).min().unwrap_or(0);
        Joined { passage, pieces, order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(target: Range<u32>, source: Range<u32>) -> Piece {
        let blocks = vec![Block { a: source.start, b: target.start, length: target.len() as u32 }];
        Piece { target, source, blocks, order: 0, is_quotation: false, is_moved: false }
    }

    fn link_all(pieces: Vec<Piece>) -> Vec<Vec<(Range<u32>, bool)>> {
        let (ours, theirs): (Vec<u32>, Vec<u32>) = ((0..2000).collect(), (5000..7000).collect());
        let told = |group: &Vec<Piece>| group.iter().map(|piece| (piece.target.clone(), piece.is_moved)).collect();
        link(part(pieces), &theirs, &ours).iter().map(told).collect()
    }

    #[test]
    fn near_pieces_are_one_passage_and_far_ones_two() {
        assert_eq!(link_all(vec![piece(0..50, 0..50), piece(60..100, 70..110)]), [[(0..100, false)]]);
        let apart = link_all(vec![piece(0..50, 0..50), piece(90..130, 90..130)]);
        assert_eq!(apart, [[(0..50, false)], [(90..130, false)]]);
        // A paragraph was put in.
        assert_eq!(link_all(vec![piece(0..50, 0..50), piece(150..200, 50..100)]), [[(0..200, false)]]);
    }

    #[test]
    fn swapped_paragraphs_are_one_passage_of_two_parts() {
        let swapped = link_all(vec![piece(0..40, 60..100), piece(40..100, 0..60)]);
        assert_eq!(swapped, [[(0..40, true), (40..100, false)]]);
    }

    #[test]
    fn what_stands_elsewhere_in_the_passage_is_not_left_out() {
        // The second paragraph of the source comes last.
        let moved = link_all(vec![piece(0..40, 0..40), piece(40..90, 70..120), piece(90..120, 40..70)]);
        assert_eq!(moved, [[(0..40, false), (40..90, false), (90..120, true)]]);
    }

    #[test]
    fn a_piece_in_the_gap_of_another_parts_it() {
        let mut outer = piece(0..100, 0..100);
        outer.blocks = vec![Block { a: 0, b: 0, length: 40 }, Block { a: 60, b: 60, length: 40 }];
        let parted = part(vec![outer, piece(42..58, 300..316)]);
        let targets: Vec<Range<u32>> = parted.iter().map(|piece| piece.target.clone()).collect();
        assert_eq!(targets, [0..40, 42..58, 60..100]);
    }

    #[test]
    fn pieces_within_others_say_nothing_and_overlaps_are_cut() {
        assert_eq!(link_all(vec![piece(0..100, 0..100), piece(20..40, 320..340)]), [[(0..100, false)]]);
        let cut = part(vec![piece(0..50, 0..50), piece(40..90, 340..390)]);
        assert_eq!((cut[1].target.clone(), cut[1].source.clone()), (50..90, 350..390));
    }
}
