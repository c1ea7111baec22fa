//! The pairing against a slow twin that says the same without counts, walls and looking back; and what holds of all
//! texts.

#![allow(clippy::string_slice)]

use proptest::prelude::*;

use super::pairing::{Act, Around, Pairs, act, is_doubtful, may_measure, reopens, shape_of};
use super::signs::{Force, Glyph, Sign, Turn, read};
use super::singles::{self, Ahead, Room, is_too_far, may_close, may_open};
use super::{MarkKind, Marked, find, holds, pairing};

/// Pairs all marks but single ones; quadratic.
fn pair_slowly(signs: &[Sign], around: Around) -> Pairs {
    let mut closing = vec![None; signs.len()];
    // What is open: sign, shape, and whether a pair of the same shape stands right inside.
    let mut open: Vec<(usize, Glyph, bool)> = Vec::new();
    for (number, sign) in signs.iter().enumerate().filter(|(_, sign)| !sign.glyph.is_single()) {
        let glyph = shape_of(sign, around.carried);
        let mut later = signs[number + 1..].iter().filter(|later| may_measure(later.glyph) && !is_doubtful(later));
        let closes_later = later.next().is_some_and(|later| later.turn == Turn::Closes);
        let (shapes, is_quotation) =
            match act(sign, glyph, closes_later, |glyph| open.iter().any(|open| open.1 == glyph)) {
                Act::Pass => continue,
                Act::Open => {
                    open.push((number, glyph, false));
                    continue;
                }
                Act::Close(shapes) => (shapes, true),
                Act::Fell(shapes) => (shapes, false),
            };
        let place = open.iter().rposition(|open| shapes.contains(&open.1)).unwrap();
        let (opening, glyph, _) = open[place];
        open.truncate(place);
        if is_quotation {
            closing[opening] = Some(number as u32);
            if let Some(outer) = open.last_mut()
                && outer.1 == glyph
            {
                outer.2 = true;
            }
        }
    }
    let believable: Vec<(usize, Glyph)> = open
        .iter()
        .filter(|(_, glyph, holds)| !holds && open.iter().filter(|other| other.1 == *glyph).count() == 1)
        .map(|(sign, glyph, _)| (*sign, *glyph))
        .collect();
    let leading = believable.iter().find(|(sign, _)| signs[*sign].leads);
    let going_on = believable.iter().rfind(|(_, glyph)| around.next.is_some_and(|next| reopens(*glyph, next)));
    Pairs { closing, unclosed: leading.or(going_on).map(|(sign, _)| *sign) }
}

/// The opening sign of the innermost pair about a sign, of those that are given.
fn room_of(number: usize, pairs: &Pairs) -> Option<usize> {
    let encloses = |(opening, closing): &(usize, &Option<u32>)| {
        *opening < number
            && match closing {
                Some(closing) => (*closing as usize) > number,
                None => pairs.unclosed == Some(*opening),
            }
    };
    pairs.closing.iter().enumerate().filter(encloses).map(|(opening, _)| opening).next_back()
}

/// Pairs the single marks; quadratic and worse.
fn pair_singles_slowly(signs: &[Sign], around: Around, pairs: &mut Pairs) -> Option<usize> {
    let doubles = pairs.clone();
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    for (number, sign) in signs.iter().enumerate().filter(|(_, sign)| sign.glyph.is_single()) {
        let room = room_of(number, &doubles);
        let mut ahead = Ahead::default();
        for (other, later) in signs.iter().enumerate().skip(number + 1) {
            if !later.glyph.is_single() || room_of(other, &doubles) != room {
                continue;
            }
            if may_open(later) {
                break;
            }
            if may_close(later) {
                ahead.best = ahead.best.max(Some(later.force));
                ahead.count += u32::from(later.force != Force::Faint);
            }
        }
        let here: Vec<usize> = open.iter().filter(|(_, other)| *other == room).map(|(sign, _)| *sign).collect();
        let is_open = |glyph: Glyph| here.iter().any(|sign| signs[*sign].glyph == glyph);
        let is_swedish = room.is_some_and(|opening| signs[opening].glyph == Glyph::Nines);
        let last = here.last().map(|sign| signs[*sign].glyph);
        let (shapes, is_quotation) = match singles::act(sign, ahead, &Room { last, is_open: &is_open, is_swedish }) {
            Act::Pass => continue,
            Act::Open => {
                open.push((number, room));
                continue;
            }
            Act::Close(shapes) => (shapes, true),
            Act::Fell(shapes) => (shapes, false),
        };
        let opening = *here.iter().rfind(|sign| shapes.contains(&signs[**sign].glyph)).unwrap();
        let is_near = !is_quotation || !is_too_far(signs, opening, number);
        // Those above fall anyway.
        open.retain(|(sign, other)| *other != room || *sign < opening || (*sign == opening && !is_near));
        if is_quotation && is_near {
            pairs.closing[opening] = Some(number as u32);
        }
    }
    let (first, _) = open.into_iter().find(|(_, room)| room.is_none())?;
    let glyph = signs[first].glyph;
    let goes_on = around.next == Some(glyph) || around.carried == Some(glyph);
    (signs[first].is_first && !signs[first].opens_faintly && goes_on).then_some(first)
}

const PIECES: &[&str] = &[
    "\"", "“", "”", "„", "‟", "«", "»", "‹", "›", "'", "‘", "’", "‚", "`", "´", "''", ",,", "``", "״", "「", "」",
    "『", "』", "〝", "〟", "\"", "'", "’", " ", " ", " ", " ", " ", "a", "b", "word", "Word", "s", "em", "90", "5",
    "—", "–", "-", ".", ",", ":", "?", "(", ")", "*", "\\", "\u{a0}", "é", "说", "ש", "צה", "dijo", "dit", "\n", "а",
];

fn block() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = (String, Vec<std::ops::Range<usize>>)> {
    prop::collection::vec(block(), 0..6).prop_map(|blocks| lay(&blocks))
}

/// Blocks as one text, with a line end behind each.
fn lay(blocks: &[String]) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut ranges) = (String::new(), Vec::new());
    for block in blocks {
        ranges.push(text.len()..text.len() + block.len());
        text.push_str(block);
        text.push('\n');
    }
    (text, ranges)
}

fn shape() -> impl Strategy<Value = Option<Glyph>> {
    prop::sample::select(vec![
        None,
        Some(Glyph::Straight),
        Some(Glyph::Sixes),
        Some(Glyph::GuillemetLeft),
        Some(Glyph::GuillemetRight),
        Some(Glyph::Apostrophe),
        Some(Glyph::Six),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn pairs_as_the_slow_twin_does(block in block(), carried in shape(), next in shape()) {
        let signs = read(&block, 7);
        let around = Around { carried, next };
        let mut fast = pairing::pair(&signs, around);
        let mut slow = pair_slowly(&signs, around);
        prop_assert_eq!(&fast, &slow);
        let fast_single = singles::pair(&signs, around, &mut fast);
        let slow_single = pair_singles_slowly(&signs, around, &mut slow);
        prop_assert_eq!(fast, slow);
        prop_assert_eq!(fast_single, slow_single);
    }

    #[test]
    fn stretches_are_sound((text, blocks) in text()) {
        let found = find(&text, &blocks);
        for marked in &found {
            let (whole, inside) = (marked.whole, marked.inside);
            prop_assert!(holds(whole, inside) && inside.start <= inside.end && whole.start < whole.end);
            prop_assert!(text.get(whole.start as usize..whole.end as usize).is_some());
            prop_assert!(text.get(inside.start as usize..inside.end as usize).is_some());
            prop_assert!(blocks.iter().any(|block| block.start <= whole.start as usize && whole.end as usize <= block.end));
            prop_assert!(marked.kind != MarkKind::Dash || marked.is_closed);
            prop_assert!(!marked.continues || (marked.depth == 0 && !marked.is_closed));
        }
        for (number, one) in found.iter().enumerate() {
            let mut depth = 0;
            for (other, marked) in found.iter().enumerate() {
                if other == number {
                    continue;
                }
                let is_apart = one.whole.end <= marked.whole.start || marked.whole.end <= one.whole.start;
                let is_inside = holds(marked.inside, one.whole);
                prop_assert!(is_apart || is_inside || holds(one.inside, marked.whole), "{:?} {:?}", one, marked);
                depth += u32::from(is_inside && !is_apart);
                prop_assert_eq!(number < other, (one.whole.start, u32::MAX - one.whole.end) <= (marked.whole.start, u32::MAX - marked.whole.end));
            }
            prop_assert_eq!(one.depth, depth, "{:?}", one);
            if one.continues {
                let next = found[number + 1..].iter().find(|marked| marked.depth == 0).unwrap();
                prop_assert_eq!(next.kind, one.kind);
                let between = &text[one.whole.end as usize..next.whole.start as usize];
                prop_assert!(between.trim().is_empty());
            }
        }
    }

    #[test]
    fn a_text_before_shifts_what_is_found((text, blocks) in text()) {
        let before = "Nothing but words.\n";
        let shifted = format!("{before}{text}");
        let mut shifted_blocks: Vec<_> = std::iter::once(0..before.len() - 1).collect();
        shifted_blocks.extend(blocks.iter().map(|block| block.start + before.len()..block.end + before.len()));
        let shift = before.len() as u32;
        let back: Vec<Marked> = find(&shifted, &shifted_blocks)
            .into_iter()
            .map(|mut marked| {
                for span in [&mut marked.whole, &mut marked.inside] {
                    span.start -= shift;
                    span.end -= shift;
                }
                marked
            })
            .collect();
        prop_assert_eq!(back, find(&text, &blocks));
    }

    #[test]
    fn no_marks_no_stretches(text in "([a-zA-Zéß说 .:;()0-9-]|, ){0,80}") {
        prop_assert_eq!(find(&text, std::slice::from_ref(&(0..text.len()))), vec![]);
    }

    #[test]
    fn a_block_does_not_look_past_its_neighbours(first in block(), second in block()) {
        let apart = [first.clone(), "Nothing but words.".to_owned(), second.clone()];
        let (text, blocks) = lay(&apart);
        let dashes = |marked: &Marked| marked.kind != MarkKind::Dash;
        let found = find(&text, &blocks).into_iter().filter(dashes).filter(|marked| (marked.whole.start as usize) < first.len()).count();
        let alone = find(&first, std::slice::from_ref(&(0..first.len()))).into_iter().filter(dashes).count();
        prop_assert_eq!(found, alone);
    }

    #[test]
    fn any_text_and_ranges_do(text in ".{0,60}", ranges in prop::collection::vec((0usize..80, 0usize..80), 0..5)) {
        let blocks: Vec<_> = ranges.into_iter().map(|(start, end)| start..end).collect();
        find(&text, &blocks);
    }
}

#[test]
fn a_million_marks_take_linear_time() {
    for piece in [
        "\"",
        "“",
        "”",
        "'",
        "’",
        "‘",
        " '",
        "' ",
        " \"",
        "“ ",
        "«",
        "„",
        "a'a",
        " 'a",
        "s' a ",
        "—",
        " —a ",
        "— ,dit",
        "*\"*",
        "(\"",
        "5' ",
        "''' ",
        "」",
        "「",
        "`",
        "? — ",
        "5\" ",
        "’’’ ",
        ",,a",
    ] {
        for start in ["", "— ", "“", "'a"] {
            let text = format!("{start}{}", piece.repeat(100_000));
            find(&text, std::slice::from_ref(&(0..text.len())));
        }
    }
}

#[test]
fn many_blocks_take_linear_time() {
    for block in ["“a", "—a —dijo b", "— A.", "'a", "“", "— A.\n\nb"] {
        let (text, blocks) = lay(&vec![block.to_owned(); 50_000]);
        find(&text, &blocks);
    }
}

#[test]
fn blocks_out_of_order_are_passed_over() {
    let text = "\"a\" \"b\"";
    assert_eq!(find(text, &[4..7, 0..3]).len(), 1);
    assert_eq!(find(text, &[0..3, 2..7, 4..90]).len(), 1);
    assert_eq!(find(text, &[]), []);
}

#[test]
fn kinds_and_wholes() {
    let text = "—Vi «el ‹día›» —dijo—. Y „la noche“, 'sí', 「あ」.";
    let found = find(text, std::slice::from_ref(&(0..text.len())));
    let told: Vec<_> = found
        .iter()
        .map(|marked| (marked.kind, marked.depth, &text[marked.whole.start as usize..marked.whole.end as usize]))
        .collect();
    assert_eq!(
        told,
        [
            (MarkKind::Dash, 0, "—Vi «el ‹día›»"),
            (MarkKind::Guillemets, 1, "«el ‹día›»"),
            (MarkKind::SingleGuillemets, 2, "‹día›"),
            (MarkKind::Dash, 0, "—. Y „la noche“, 'sí', 「あ」."),
            (MarkKind::Double, 1, "„la noche“"),
            (MarkKind::Single, 1, "'sí'"),
            (MarkKind::Corner, 1, "「あ」"),
        ]
    );
}
