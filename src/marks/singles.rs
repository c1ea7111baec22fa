//! Singles: which single marks belong together, once the others are paired.
//!
//! **Idea.** Most single marks are apostrophes. A pair of them must lie in one *room*: the same innermost quotation
//! between other marks. In a room a stack works as in [`pairing`](super::pairing), and more is asked of a mark that may
//! be an apostrophe:
//!
//! - Behind `ministers` or `goin` it closes only if no better closing mark follows before the next opening one, and the
//!   opening mark is near.
//! - Before `em` or `98` it opens only where nothing is open and a mark behind a point follows to close it.
//!
//! What stays open is an apostrophe, but for the first mark of a block whose quotation goes on in the next.

use super::pairing::{Act, Around, Pairs};
use super::signs::{Force, Glyph, Sign, Turn};

/// How far behind an opening mark, in bytes, a mark that is likely a possessive may close it.
pub(super) const NEAR: u32 = 80;

/// How many shapes of single marks there are.
const SHAPES: usize = Glyph::COUNT - Glyph::Apostrophe as usize;

/// What closing marks follow a sign in its room before the next opening one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ahead {
    /// The surest of them.
    pub(super) best: Option<Force>,
    /// How many of them are not faint.
    pub(super) count: u32,
}

/// How many marks of each shape are open in a room.
type Counts = [u32; SHAPES];

enum Entry {
    /// The beginning of a room: what was open in the one outside, and whether `”` opened that one.
    Wall { outside: Counts, was_swedish: bool },
    /// An opening mark.
    Open { sign: usize, glyph: Glyph },
}

/// What stands open where a sign is judged.
pub(super) struct Room<'a> {
    /// The last open mark of the room.
    pub(super) last: Option<Glyph>,
    /// Whether a mark of a shape is open in the room.
    pub(super) is_open: &'a dyn Fn(Glyph) -> bool,
    /// Whether `”` opened the quotation that the room is.
    pub(super) is_swedish: bool,
}

/// Pairs the single marks of a block, and adds them to the pairs of the others. Gives the single mark that the block
/// ends before.
pub(super) fn pair(signs: &[Sign], around: Around, pairs: &mut Pairs) -> Option<usize> {
    if !signs.iter().any(|sign| sign.glyph.is_single()) {
        return None;
    }
    let walls = find_walls(signs, pairs);
    let ahead = look_ahead(signs, &walls);
    let mut stack: Vec<Entry> = Vec::new();
    let mut counts: Counts = [0; SHAPES];
    let mut is_swedish = false;
    for (number, (sign, wall)) in signs.iter().zip(&walls).enumerate() {
        match wall {
            Wall::Entrance => {
                stack.push(Entry::Wall { outside: counts, was_swedish: is_swedish });
                (counts, is_swedish) = ([0; SHAPES], sign.glyph == Glyph::Nines);
                continue;
            }
            Wall::Exit => {
                while let Some(entry) = stack.pop() {
                    if let Entry::Wall { outside, was_swedish } = entry {
                        (counts, is_swedish) = (outside, was_swedish);
                        break;
                    }
                }
                continue;
            }
            Wall::None if !sign.glyph.is_single() => continue,
            Wall::None => (),
        }
        let last = match stack.last() {
            Some(Entry::Open { glyph, .. }) => Some(*glyph),
            _ => None,
        };
        let now = counts;
        let is_open = |glyph: Glyph| place_of(glyph).and_then(|place| now.get(place)).is_some_and(|count| *count > 0);
        let room = Room { last, is_open: &is_open, is_swedish };
        let (shapes, is_quotation) = match act(sign, ahead.get(number).copied().unwrap_or_default(), &room) {
            Act::Pass => continue,
            Act::Open => {
                stack.push(Entry::Open { sign: number, glyph: sign.glyph });
                count_of(&mut counts, sign.glyph).into_iter().for_each(|count| *count += 1);
                continue;
            }
            Act::Close(shapes) => (shapes, true),
            Act::Fell(shapes) => (shapes, false),
        };
        // What fits is open in this room: the walls are never reached.
        while let Some(Entry::Open { sign: opening, glyph }) = stack.last() {
            let (opening, glyph) = (*opening, *glyph);
            if shapes.contains(&glyph) && is_quotation && is_too_far(signs, opening, number) {
                break;
            }
            stack.pop();
            count_of(&mut counts, glyph).into_iter().for_each(|count| *count -= 1);
            if shapes.contains(&glyph) {
                if is_quotation && let Some(place) = pairs.closing.get_mut(opening) {
                    *place = Some(number as u32);
                }
                break;
            }
        }
    }
    let Some(Entry::Open { sign: first, glyph }) = stack.first() else { return None };
    let is_first = signs.get(*first).is_some_and(|sign| sign.is_first && !sign.opens_faintly);
    let goes_on = around.next == Some(*glyph) || around.carried == Some(*glyph);
    (is_first && goes_on).then_some(*first)
}

/// Whether a mark that is likely a possessive stands too far behind an opening one to close it.
pub(super) fn is_too_far(signs: &[Sign], opening: usize, closing: usize) -> bool {
    let (Some(opening), Some(closing)) = (signs.get(opening), signs.get(closing)) else { return true };
    closing.force == Force::Faint && closing.start - opening.end > NEAR
}

fn count_of(counts: &mut Counts, glyph: Glyph) -> Option<&mut u32> {
    counts.get_mut(place_of(glyph)?)
}

fn place_of(glyph: Glyph) -> Option<usize> {
    (glyph as usize).checked_sub(Glyph::Apostrophe as usize)
}

/// Where a room begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    None,
    Entrance,
    Exit,
}

/// Which signs are the walls of rooms.
fn find_walls(signs: &[Sign], pairs: &Pairs) -> Vec<Wall> {
    let mut walls = vec![Wall::None; signs.len()];
    for (opening, closing) in pairs.closing.iter().enumerate() {
        let closing = match closing {
            Some(closing) => Some(*closing as usize),
            None if pairs.unclosed == Some(opening) => None,
            None => continue,
        };
        walls.get_mut(opening).into_iter().for_each(|wall| *wall = Wall::Entrance);
        closing.and_then(|closing| walls.get_mut(closing)).into_iter().for_each(|wall| *wall = Wall::Exit);
    }
    walls
}

/// What follows each sign in its room.
fn look_ahead(signs: &[Sign], walls: &[Wall]) -> Vec<Ahead> {
    let mut all = vec![Ahead::default(); signs.len()];
    let mut outside = Vec::new();
    let mut now = Ahead::default();
    for ((sign, wall), ahead) in signs.iter().zip(walls).zip(&mut all).rev() {
        match wall {
            Wall::Exit => outside.push(std::mem::take(&mut now)),
            // An unclosed quotation has no exit: what stands before it sees nothing behind.
            Wall::Entrance => now = outside.pop().unwrap_or_default(),
            Wall::None if !sign.glyph.is_single() => (),
            Wall::None => {
                *ahead = now;
                now = step_back(sign, now);
            }
        }
    }
    all
}

/// What stands ahead of what comes before a sign, by what is ahead of the sign.
pub(super) fn step_back(sign: &Sign, ahead: Ahead) -> Ahead {
    if may_open(sign) {
        return Ahead::default();
    }
    if may_close(sign) {
        let count = ahead.count + u32::from(sign.force > Force::Faint);
        return Ahead { best: ahead.best.max(Some(sign.force)), count };
    }
    ahead
}

/// Whether a mark is one behind which others are no longer for those before it.
pub(super) fn may_open(sign: &Sign) -> bool {
    match sign.glyph {
        Glyph::Apostrophe | Glyph::Grave => sign.turn == Turn::Opens && !sign.opens_faintly,
        Glyph::Six => sign.turn == Turn::Opens && !sign.opens_faintly,
        Glyph::LowSingle => true,
        _ => false,
    }
}

/// Whether a mark may close.
pub(super) fn may_close(sign: &Sign) -> bool {
    sign.glyph != Glyph::LowSingle && sign.turn != Turn::Opens
}

/// What a single mark does.
pub(super) fn act(sign: &Sign, ahead: Ahead, room: &Room<'_>) -> Act {
    use Glyph::*;
    use Turn::*;
    let is_open = room.is_open;
    let close = |sets: &[&'static [Glyph]]| {
        let fits = |set: &&&'static [Glyph]| set.iter().any(|glyph| is_open(*glyph));
        let is_apostrophe = sign.force == Force::Faint && ahead.best > Some(Force::Faint);
        sets.iter().find(fits).filter(|_| !is_apostrophe).map(|set| Act::Close(set))
    };
    // One of the other sort goes for a closing mark only where it hardly is an apostrophe.
    let is_firm = sign.force == Force::Firm;
    let found = match (sign.glyph, sign.turn) {
        (_, Within) => None,
        (Apostrophe | Six | Nine, Opens)
            if sign.opens_faintly && (room.last.is_some() || ahead.best < Some(Force::Firm)) =>
        {
            None
        }
        // `'Get 'im,' he said`: one closing mark is not enough for two opening ones.
        (Apostrophe, Opens) if room.last == Some(Apostrophe) && sign.before_small && ahead.count < 2 => None,
        (Apostrophe, Opens) => Some(Act::Open),
        (Apostrophe, Closes) if is_firm => close(&[&[Apostrophe], &[Six, LowSingle, Grave]]),
        (Apostrophe, Closes) => close(&[&[Apostrophe], &[Grave]]),
        // `Inc.'s`, `mid-'90s`.
        (Apostrophe | Nine, Either) if sign.opens_faintly => None,
        (Apostrophe, Either) => close(&[&[Apostrophe]]).or(Some(Act::Open)),
        (Six, Opens) => Some(Act::Open),
        (Six, Either) => close(&[&[LowSingle]]).or(Some(Act::Open)),
        (Six, Closes) => close(&[&[LowSingle], &[Six]]),
        (Nine, Opens) => room.is_swedish.then_some(Act::Open),
        (Nine, Closes) if is_firm => close(&[&[Six, LowSingle, Nine], &[Apostrophe]]),
        (Nine, Closes | Either) => close(&[&[Six, LowSingle, Nine]]),
        (LowSingle, _) => Some(Act::Open),
        // Graves at both ends enclose code.
        (Grave, Opens) => Some(Act::Open),
        (Grave, _) => is_open(Grave).then_some(Act::Fell(&[Grave])),
        (Acute, Closes) => close(&[&[Grave]]),
        _ => None,
    };
    found.unwrap_or(Act::Pass)
}
