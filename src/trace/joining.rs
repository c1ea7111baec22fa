//! Joining: the pieces that a target has from one source, put together as a careful reader would.
//!
//! **Idea.** Matching is strict: each piece is one text by itself, word against word. A passage that was rewritten in the
//! middle, into which a sentence was put, or of which two paragraphs were swapped, comes in several pieces. Those that
//! lie [near](is_near) each other in the target and in the source are one passage. Pieces that follow each other in both
//! are one [`Part`], with the words between aligned; a swapped one is a part of its own.
//!
//! A piece within another one of the same source says nothing more; where two overlap, the later is cut.
//!
//! **Cost.** O(pieces log pieces), and the alignment of the gaps.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidates::Common;
use super::changes::{self, Wording};
use super::{Counts, Part, Passage};
use crate::alignment::{Alignment, Block};
use crate::document::Corpus;
use crate::edits;
use crate::finding::Span;
use crate::matches::Place;
use crate::text::Layout;

/// Tokens between two pieces, on each side, that are near: a sentence or so.
const NEAR: u32 = 32;
/// Tokens between two pieces on one side that go on without a break.
const CLOSE: u32 = 8;
/// Tokens that were put in, or cut, between two pieces that go on on the other side: a paragraph or so.
const PARAGRAPH: u32 = 120;

/// A passage with the tokens that it is made of.
pub(super) struct Joined {
    pub(super) passage: Passage,
    pub(super) pieces: Vec<Piece>,
}

/// Stretches of a target and a source that correspond in one order.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) target: Range<u32>,
    pub(super) source: Range<u32>,
    /// Equal runs: `a` in the source, `b` in the target, in tokens of the documents.
    pub(super) blocks: Vec<Block>,
    counted: u32,
    is_quotation: bool,
    pub(super) is_moved: bool,
}

/// Joins what was chosen for one target; `counted` tells how many tokens the ledger puts down to each. In reading order.
pub(super) fn join(
    corpus: &Corpus,
    layouts: &[Layout],
    chosen: &[&Common],
    counted: &[u32],
    is_quotation: impl Fn(&Common) -> bool,
) -> Vec<Joined> {
    let mut of_source: BTreeMap<u32, Vec<Piece>> = BTreeMap::new();
    for (common, counted) in chosen.iter().zip(counted) {
        let in_documents = |block: &Block| Block {
            a: common.source.start + block.a,
            b: common.target.start + block.b,
            length: block.length,
        };
        let mut piece = Piece {
            target: common.target.start..common.target.end,
            source: common.source.start..common.source.end,
            blocks: common.alignment.blocks.iter().map(in_documents).collect(),
            counted: *counted,
            is_quotation: is_quotation(common),
            is_moved: false,
        };
        trim(&mut piece);
        of_source.entry(common.source.document).or_default().push(piece);
    }
    let Some(target) = chosen.first().map(|common| common.target.document) else { return Vec::new() };
    let wording = Wording::of(&corpus.documents[target as usize].text, &layouts[target as usize]);
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
    pieces.sort_by_key(|piece| (piece.target.start, u32::MAX - piece.target.end, piece.source.start));
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        if let Some(last) = kept.last_mut().filter(|last| last.target.end > piece.target.start) {
            let end = last.target.end;
            piece.blocks.retain_mut(|block| {
                let passed = end.saturating_sub(block.b).min(block.length);
                (block.a, block.b, block.length) = (block.a + passed, block.b + passed, block.length - passed);
                block.length > 0
            });
            let Some(first) = piece.blocks.first().filter(|_| piece.target.end > end) else {
                last.counted += piece.counted;
                continue;
            };
            (piece.target.start, piece.source.start) = (first.b, first.a);
        }
        kept.push(piece);
    }
    kept
}

/// Groups pieces into passages, and those of a passage that follow each other in the source into one.
fn link(pieces: Vec<Piece>, theirs: &[u32], ours: &[u32]) -> Vec<Vec<Piece>> {
    let mut groups: Vec<(Vec<Piece>, Range<u32>)> = Vec::new();
    for piece in pieces {
        let near = groups.last_mut().filter(|(group, extent)| {
            let end = group.last().map_or(0, |last| last.target.end);
            is_near(piece.target.start - end, distance(extent, &piece.source))
        });
        match near {
            Some((group, extent)) => {
                *extent = extent.start.min(piece.source.start)..extent.end.max(piece.source.end);
                group.push(piece);
            }
            None => {
                let extent = piece.source.clone();
                groups.push((vec![piece], extent));
            }
        }
    }
    let mut groups: Vec<Vec<Piece>> = groups.into_iter().map(|(group, _)| unite(group, theirs, ours)).collect();
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
    last.counted += next.counted;
    last.is_quotation &= next.is_quotation;
}

/// Marks the pieces that stand in another order than most: those that are not in the heaviest sequence that ascends in
/// the source.
fn mark_moved(groups: &mut [Vec<Piece>]) {
    let mut pieces: Vec<&mut Piece> = groups.iter_mut().flatten().collect();
    // The best sequence that ends at each piece. Few pieces: the plain quadratic way, over a bounded number of them.
    const LOOK_BACK: usize = 256;
    let mut best: Vec<(u64, Option<usize>)> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let before =
            (at.saturating_sub(LOOK_BACK)..at).filter(|before| pieces[*before].source.end <= piece.source.start);
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
    for (piece, in_order) in pieces.iter_mut().zip(in_order) {
        piece.is_moved = !in_order;
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
            counted: pieces.iter().map(|piece| piece.counted).sum(),
            counts,
            parts,
            notables,
        };
        Joined { passage, pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(target: Range<u32>, source: Range<u32>) -> Piece {
        let blocks = vec![Block { a: source.start, b: target.start, length: target.len() as u32 }];
        Piece { target, source, blocks, counted: 0, is_quotation: false, is_moved: false }
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
    fn pieces_within_others_say_nothing_and_overlaps_are_cut() {
        assert_eq!(link_all(vec![piece(0..100, 0..100), piece(20..40, 320..340)]), [[(0..100, false)]]);
        let cut = part(vec![piece(0..50, 0..50), piece(40..90, 340..390)]);
        assert_eq!((cut[1].target.clone(), cut[1].source.clone()), (50..90, 350..390));
    }
}
