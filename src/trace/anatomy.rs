//! Anatomy: what was done to a source's text as a whole.
//!
//! - The **tail was cut** if the source goes on behind the last words that stand in the target, for a twentieth of its
//!   story and [`TAIL`] tokens at least, and most of what stands before is there ([`BODY`] tokens at least): wire copy is
//!   cut from the end.
//! - The **lead was rewritten** if the first [`LEAD`] tokens of the source's story are missing for the most part while
//!   what follows is there, and the target begins with as many words of its own.
//! - **Parts were moved** if they stand in another order than most of the rest.

use super::Anatomy;
use super::changes::NotableKind;
use super::joining::{Joined, Piece};
use super::stories::Stories;

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

/// Describes what was done to a source, of which these passages stand in a target.
pub(super) fn describe(stories: &Stories, source: u32, target: u32, joined: &[&Joined]) -> Anatomy {
    let story = stories.of(source);
    let own = stories.of(target);
    let pieces = || joined.iter().flat_map(|joined| &joined.pieces);
    let mut kept = vec![false; story.is_story.len()];
    let mut taken = vec![false; own.is_story.len()];
    for block in pieces().flat_map(|piece| &piece.blocks) {
        kept[block.a as usize..block.a_end() as usize].fill(true);
        taken[block.b as usize..block.b_end() as usize].fill(true);
    }
    let count = |story: &[u32], kept: &[bool]| story.iter().filter(|token| kept[**token as usize]).count() as u32;
    let all = story.tokens.len() as u32;
    let notables =
        |kind| joined.iter().flat_map(|joined| &joined.passage.notables).filter(|one| one.kind == kind).count();
    let last = story.tokens.iter().rposition(|token| kept[*token as usize]).map_or(0, |last| last + 1);
    let missing = all - last as u32;
    let has_most_before = count(&story.tokens[..last], &kept) as usize * 2 >= last;
    let kept_of_story = count(&story.tokens, &kept);
    let is_cut = missing >= TAIL && missing * TAIL_SHARE >= all && has_most_before && kept_of_story >= BODY;
    let lead = story.tokens.len().min(LEAD as usize);
    let behind = &story.tokens[lead..(2 * lead).min(story.tokens.len())];
    let own_lead = own.tokens.len().min(LEAD as usize);
    let is_lead_rewritten = lead == LEAD as usize
        && count(&story.tokens[..lead], &kept) * 2 < LEAD
        && count(behind, &kept) as usize * 2 >= behind.len().max(1)
        && count(&own.tokens[..own_lead], &taken) * 2 < LEAD;
    let is_moved = |piece: &&Piece| piece.is_moved && piece.target.len() as u32 >= PART;
    Anatomy {
        kept: kept_of_story,
        story: all,
        tail_cut: if is_cut { missing } else { 0 },
        is_lead_rewritten,
        moved: pieces().filter(is_moved).count() as u32,
        attributions: notables(NotableKind::Attribution) as u32,
        numbers: notables(NotableKind::Number) as u32,
        negations: notables(NotableKind::Negation) as u32,
    }
}
