//! Anatomy: what was done to an original's text as a whole.
//!
//! - The **tail was cut** if the original goes on behind the last words that stand in the copy, for a twentieth of its
//!   story and [`TAIL`] tokens at least, and most of what stands before is there ([`BODY`] tokens at least): wire copy is
//!   cut from the end. Credit lines at the end are no part of a story.
//! - The **lead was rewritten** if the first [`LEAD`] tokens of the original's story are missing for the most part while
//!   what follows is there, and a third of the whole, and the copy begins with as many words of its own.
//! - **Parts were moved** if they stand in another order than most of the rest.
//!
//! Where nothing tells which is the original, a missing end may as well have been added: neither tail nor lead is told.
//!
//! **Cost.** O(pieces log pieces), and the places of furniture.

use std::ops::Range;

use super::Anatomy;
use super::changes::NotableKind;
use super::direction::Judge;
use super::joining::{Joined, Piece};
use super::stories::{Stories, Story};
use crate::alignment::Block;
use crate::finding::Role;

/// Tokens that are missing at the end at least.
const TAIL: u32 = 20;
/// Share of a story that is missing at the end at least, as its inverse.
const TAIL_SHARE: u32 = 20;
/// Tokens of the source that are kept at least where its tail counts as cut.
const BODY: u32 = 40;
/// Tokens of a lead: a sentence or so.
const LEAD: u32 = 25;
/// Tokens of a moved part at least.
const PART: u32 = 8;

/// Describes what was done to the original of a source and a target that have these passages in common.
pub(super) fn describe(
    stories: &Stories,
    (source, target): (u32, u32),
    role: Role,
    joined: &[Joined],
    judge: &Judge,
) -> Anatomy {
    let is_turned = role == Role::Original;
    let (original, copy) = if is_turned { (target, source) } else { (source, target) };
    let (story, own) = (stories.of(original), stories.of(copy));
    let pieces = || joined.iter().flat_map(|joined| &joined.pieces);
    let in_source = |block: &Block| block.a..block.a_end();
    let in_target = |block: &Block| block.b..block.b_end();
    let merge_side = |of_target: bool| {
        let blocks = pieces().flat_map(|piece| &piece.blocks);
        merge(blocks.map(|block| if of_target { in_target(block) } else { in_source(block) }).collect())
    };
    let (kept, taken) = (merge_side(is_turned), merge_side(!is_turned));
    let (all, kept_of_story) = (story.count_all(), count_within(&story, &kept, 0..u32::MAX));
    // Furniture that both have is no end of a story.
    let last = kept.iter().rev().find(|range| story.count_before(range.end) > story.count_before(range.start));
    let before = last.map_or(0, |range| story.count_before(range.end));
    let missing = judge.end_of_story(original).map_or(all, |end| story.count_before(end)).saturating_sub(before);
    let is_cut = missing >= TAIL && missing * TAIL_SHARE >= all && kept_of_story * 2 >= before && kept_of_story >= BODY;
    let (lead, behind) = (story.end_of(LEAD), story.end_of(2 * LEAD));
    let is_lead_rewritten = all > LEAD
        && kept_of_story * 3 >= all
        && count_within(&story, &kept, 0..lead) * 2 < LEAD
        && count_within(&story, &kept, lead..behind) * 2 >= (all - LEAD).min(LEAD)
        && count_within(&own, &taken, 0..own.end_of(LEAD)) * 2 < LEAD;
    let count = |kind| joined.iter().flat_map(|joined| &joined.passage.notables).filter(|one| one.kind == kind).count();
    let is_moved = |piece: &&Piece| piece.is_moved && piece.target.len() as u32 >= PART;
    Anatomy {
        kept: kept_of_story,
        story: all,
        tail_cut: if is_cut && role != Role::Undecided { missing } else { 0 },
        is_lead_rewritten: is_lead_rewritten && role != Role::Undecided,
        moved: pieces().filter(is_moved).count() as u32,
        attributions: count(NotableKind::Attribution) as u32,
        numbers: count(NotableKind::Number) as u32,
        negations: count(NotableKind::Negation) as u32,
    }
}

/// Disjoint ranges, ascending.
fn merge(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    ranges
}

/// Tokens of a story in ranges, as far as these lie within another.
fn count_within(story: &Story, ranges: &[Range<u32>], within: Range<u32>) -> u32 {
    let inside = ranges.iter().map(|range| range.start.max(within.start)..range.end.min(within.end));
    inside
        .filter(|range| range.start < range.end)
        .map(|range| story.count_before(range.end) - story.count_before(range.start))
        .sum()
}
