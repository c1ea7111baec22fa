//! Pairing: which double marks, guillemets and corners belong together.
//!
//! **Idea.** A stack of open marks. Each sign, by its shape, its turn and what is open, opens, closes or is nothing: the
//! table is [`act`]. A closing mark goes with the last open one of the shapes that it closes best, wherever that stands
//! in the stack; those above it were odd and fall. How many of each shape are open is counted, so that a mark that fits
//! nothing costs nothing: each sign is pushed and popped once at most.
//!
//! Single marks are left out: they may be apostrophes, and must not spoil this.

use super::signs::{Force, Glyph, Sign, Turn};

/// What a sign does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// It opens.
    Open,
    /// It closes the last open mark of these shapes.
    Close(&'static [Glyph]),
    /// It takes down the last open mark of this shape and what is above it; no quotation.
    Fell(&'static [Glyph]),
    /// It is no mark.
    Pass,
}

/// What the marks of a block came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pairs {
    /// For each sign the one that closes it.
    pub(super) closing: Vec<Option<u32>>,
    /// The opening sign that the block ends before, if it is to be believed.
    pub(super) unclosed: Option<usize>,
}

/// What is known about the blocks before and behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Around {
    /// The shape of a quotation that the block before left open.
    pub(super) carried: Option<Glyph>,
    /// The shape of the mark that the next block begins with.
    pub(super) next: Option<Glyph>,
}

struct Open {
    sign: usize,
    glyph: Glyph,
    /// Whether a quotation between marks of the same shape stands right inside it: then, if it is not closed, its
    /// closing mark was forgotten somewhere before that one.
    holds_alike: bool,
}

/// Pairs all marks but single ones.
pub(super) fn pair(signs: &[Sign], around: Around) -> Pairs {
    let mut closing = vec![None; signs.len()];
    let mut stack: Vec<Open> = Vec::new();
    let mut counts = [0usize; Glyph::COUNT];
    let closing_later = find_closing_later(signs);
    for (number, sign) in signs.iter().enumerate() {
        if sign.glyph.is_single() {
            continue;
        }
        let glyph = shape_of(sign, around.carried);
        let closes_later = closing_later.get(number).copied().unwrap_or_default();
        let is_open = |glyph: Glyph| counts.get(glyph as usize).is_some_and(|count| *count > 0);
        let (shapes, is_quotation) = match act(sign, glyph, closes_later, is_open) {
            Act::Pass => continue,
            Act::Open => {
                stack.push(Open { sign: number, glyph, holds_alike: false });
                if let Some(count) = counts.get_mut(glyph as usize) {
                    *count += 1;
                }
                continue;
            }
            Act::Close(shapes) => (shapes, true),
            Act::Fell(shapes) => (shapes, false),
        };
        while let Some(open) = stack.pop() {
            if let Some(count) = counts.get_mut(open.glyph as usize) {
                *count -= 1;
            }
            if !shapes.contains(&open.glyph) {
                continue;
            }
            if is_quotation && let Some(place) = closing.get_mut(open.sign) {
                *place = Some(number as u32);
                if let Some(outer) = stack.last_mut()
                    && outer.glyph == open.glyph
                {
                    outer.holds_alike = true;
                }
            }
            break;
        }
    }
    let is_believable =
        |open: &&Open| !open.holds_alike && counts.get(open.glyph as usize).is_some_and(|count| *count == 1);
    let leads = |open: &&Open| signs.get(open.sign).is_some_and(|sign| sign.leads);
    let goes_on = |open: &&Open| around.next.is_some_and(|next| reopens(open.glyph, next));
    let mut unclosed = stack.iter().filter(is_believable).find(leads);
    if unclosed.is_none() {
        unclosed = stack.iter().rev().filter(is_believable).find(goes_on);
    }
    Pairs { closing, unclosed: unclosed.map(|open| open.sign) }
}

/// The shape that a sign stands for. Where a block goes on with what the one before left open, some write the closing
/// guillemet before it.
pub(super) fn shape_of(sign: &Sign, carried: Option<Glyph>) -> Glyph {
    match (sign.glyph, carried) {
        (Glyph::GuillemetRight, Some(Glyph::GuillemetLeft)) if sign.is_first => Glyph::GuillemetLeft,
        (Glyph::AngleRight, Some(Glyph::AngleLeft)) if sign.is_first => Glyph::AngleLeft,
        (glyph, _) => glyph,
    }
}

/// Whether a quotation opened by one shape goes on in a block that begins with the other.
pub(super) fn reopens(open: Glyph, next: Glyph) -> bool {
    open == next
        || matches!((open, next), (Glyph::GuillemetLeft, Glyph::GuillemetRight) | (Glyph::AngleLeft, Glyph::AngleRight))
}

/// The shape of the mark that a block begins with, if it may open.
pub(super) fn first_shape(signs: &[Sign]) -> Option<Glyph> {
    let first = signs.first().filter(|sign| sign.is_first && !sign.opens_faintly)?;
    let may_open = first.turn == Turn::Opens
        || first.glyph.opens_by_nature()
        || matches!(first.glyph, Glyph::GuillemetRight | Glyph::AngleRight);
    may_open.then_some(first.glyph)
}

/// For each sign, whether a closing one of those shapes that are also written for inches follows before any other of
/// them; those behind numbers are not looked at.
fn find_closing_later(signs: &[Sign]) -> Vec<bool> {
    let mut all = vec![false; signs.len()];
    let mut closes_later = false;
    for (sign, place) in signs.iter().zip(&mut all).rev() {
        *place = closes_later;
        if may_measure(sign.glyph) && !is_doubtful(sign) {
            closes_later = sign.turn == Turn::Closes;
        }
    }
    all
}

/// Whether a mark may be one of inches or seconds.
pub(super) fn is_doubtful(sign: &Sign) -> bool {
    may_measure(sign.glyph) && sign.force == Force::Faint && sign.turn != Turn::Opens
}

/// Whether marks of this shape are also written for inches and seconds.
pub(super) fn may_measure(glyph: Glyph) -> bool {
    matches!(glyph, Glyph::Straight | Glyph::Nines | Glyph::Apostrophes)
}

/// What a sign does, by its shape and what is open. `closes_later` is whether the next such sign but those of
/// inches is a closing one.
pub(super) fn act(sign: &Sign, glyph: Glyph, closes_later: bool, is_open: impl Fn(Glyph) -> bool) -> Act {
    use Glyph::*;
    use Turn::*;
    let turn = sign.turn;
    // The first of the sets that has an open mark.
    let close = |sets: &[&'static [Glyph]]| {
        let fits = |set: &&&'static [Glyph]| set.iter().any(|glyph| is_open(*glyph));
        sets.iter().find(fits).map(|set| Act::Close(set))
    };
    let found = match (glyph, turn) {
        // Inches, as a better one follows.
        _ if closes_later && is_doubtful(sign) => None,
        (Straight, Opens) | (Gershayim, Opens) => Some(Act::Open),
        (Straight, Closes) => close(&[&[Straight], &[Sixes, Nines, Low, Graves, Reversed, PrimeOpening, Gershayim]]),
        (Straight, Either) => close(&[&[Straight]]).or(Some(Act::Open)),
        // `he spoke of"the old house."`: a blank was lost.
        (Straight, Within) => close(&[&[Straight]]).or((closes_later && !is_doubtful(sign)).then_some(Act::Open)),
        (Gershayim, Closes) => close(&[&[Gershayim], &[Straight, Low, Nines]]),
        (Gershayim, Either) => close(&[&[Gershayim]]).or(Some(Act::Open)),
        (Gershayim, Within) => close(&[&[Gershayim]]),

        (Sixes, Opens) => Some(Act::Open),
        (Sixes, Closes) => close(&[&[Low], &[Sixes], &[Straight, Nines, Reversed]]),
        (Sixes, Either | Within) => close(&[&[Low]]).or(Some(Act::Open)),
        (Nines, Opens) => close(&[&[Sixes, Low, Reversed]]).or(Some(Act::Open)),
        (Nines, Closes) => close(&[&[Sixes, Low, Reversed, Nines], &[Straight, Graves, Apostrophes, PrimeOpening]]),
        (Nines, Either | Within) => close(&[&[Sixes, Low, Reversed, Nines]]),
        (Low | Reversed, Closes) => None,
        (Low | Reversed, _) => Some(Act::Open),
        // Graves at both ends enclose code.
        (Graves, Opens) => Some(Act::Open),
        (Graves, _) if is_open(Graves) => Some(Act::Fell(&[Graves])),
        (Graves, Either) => Some(Act::Open),
        (Graves, _) => None,
        (Apostrophes, Opens) => Some(Act::Open),
        (Apostrophes, Closes) => close(&[&[Graves, Low, Apostrophes], &[Sixes, Straight, Nines]]),
        (Apostrophes, Either | Within) => close(&[&[Graves, Low, Apostrophes]]),
        (PrimeOpening, _) => Some(Act::Open),
        (PrimeClosing, _) => close(&[&[PrimeOpening], &[Straight, Sixes, Low]]),

        (GuillemetLeft, _) => opened_left(sign, &[GuillemetRight], &is_open),
        (AngleLeft, _) => opened_left(sign, &[AngleRight], &is_open),
        (GuillemetRight, _) => opened_right(sign, &[GuillemetLeft], &[GuillemetRight], &is_open),
        (AngleRight, _) => opened_right(sign, &[AngleLeft], &[AngleRight], &is_open),
        (CornerOpening | WhiteCornerOpening, _) => Some(Act::Open),
        (CornerClosing, _) => close(&[&[CornerOpening]]),
        (WhiteCornerClosing, _) => close(&[&[WhiteCornerOpening]]),
        (Apostrophe | Six | Nine | LowSingle | Grave | Acute, _) => None,
    };
    found.unwrap_or(Act::Pass)
}

/// What `«` does: it opens, but closes what `»` opened unless it leans on what follows.
fn opened_left(sign: &Sign, reverse: &'static [Glyph], is_open: &impl Fn(Glyph) -> bool) -> Option<Act> {
    match sign.turn {
        Turn::Opens => Some(Act::Open),
        _ if reverse.iter().any(|glyph| is_open(*glyph)) => Some(Act::Close(reverse)),
        Turn::Closes if !sign.is_set_apart => None,
        _ => Some(Act::Open),
    }
}

/// What `»` does: it closes what `«` opened; else, as in Swedish, what `»` did; else it opens, as in German.
fn opened_right(
    sign: &Sign,
    usual: &'static [Glyph],
    own: &'static [Glyph],
    is_open: &impl Fn(Glyph) -> bool,
) -> Option<Act> {
    let has = |set: &[Glyph]| set.iter().any(|glyph| is_open(*glyph));
    match sign.turn {
        _ if has(usual) => Some(Act::Close(usual)),
        Turn::Opens => Some(Act::Open),
        _ if has(own) => Some(Act::Close(own)),
        Turn::Either if sign.is_first => Some(Act::Open),
        _ => None,
    }
}
