//! Signs: where full stops and quotation marks may stand in a text.
//!
//! **Idea.** The lines of a text are found by a look at all of its bytes. In the same look it is noted, one bit a byte,
//! where a sentence may end and where a quotation may begin or end; whoever cuts sentences goes from bit to bit, and
//! asks there what the character is. Of ASCII the bits are exact. Of other characters they stand at the first byte,
//! and wherever that byte and what follows it leave a doubt: letters of the larger scripts leave none.
//!
//! **Cost.** Two bits for a byte of text, and some 30 instructions for 64 bytes.

use crate::lanes::{LANES, Lanes, lowest};

/// The signs of a text. Keeps its memory from one text to the next.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// What may end a sentence: a bit for each byte of 64.
    stops: Vec<u64>,
    /// What may be a quotation mark or an ellipsis.
    marks: Vec<u64>,
}

impl Signs {
    /// Forgets all, and makes room for a text of so many bytes.
    pub(super) fn clear(&mut self, length: usize) {
        for signs in [&mut self.stops, &mut self.marks] {
            signs.clear();
            signs.reserve(length.div_ceil(LANES));
        }
    }

    /// Notes the signs among the next 64 bytes, of which the line ends of ASCII are given. Tells which bytes may be the
    /// last ones of other line ends, which are signs too.
    #[inline(always)]
    pub(super) fn note(&mut self, lanes: impl Lanes, line_ends: u64) -> u64 {
        let (mut stops, mut marks) = (lanes.any_of([b'.', b'!', b'?']) | line_ends, lanes.any_of([b'"']));
        let before = self.stops.last().map_or(0, |before| before >> (LANES - 2));
        let mut last_bytes = before | before >> 1;
        if lanes.beyond_ascii() != 0 {
            let beyond_ascii = stops_beyond_ascii(lanes);
            last_bytes |= beyond_ascii << 1 | beyond_ascii << 2;
            stops |= beyond_ascii;
            marks |= marks_beyond_ascii(lanes);
        }
        self.stops.push(stops);
        self.marks.push(marks);
        last_bytes
    }

    /// The next place that may hold a stop, at a place or behind it; the end if none does before.
    #[inline]
    pub(super) fn next_stop(&self, from: usize, end: usize) -> usize {
        next(&self.stops, from, end)
    }

    /// The next place that may hold a quotation mark or an ellipsis, at a place or behind it; the end if none does
    /// before.
    #[inline]
    pub(super) fn next_mark(&self, from: usize, end: usize) -> usize {
        next(&self.marks, from, end)
    }
}

#[inline]
fn next(signs: &[u64], from: usize, end: usize) -> usize {
    let mut block = from / LANES;
    let mut bits = signs.get(block).map_or(0, |bits| bits & !lowest(from % LANES));
    while bits == 0 {
        block += 1;
        if block * LANES >= end {
            return end;
        }
        bits = signs[block];
    }
    end.min(block * LANES + bits.trailing_zeros() as usize)
}

/// Those of some bytes behind which others follow; what follows the block is not known, and may be any.
#[inline(always)]
fn before(bytes: u64, distance: u32, following: u64) -> u64 {
    bytes & (following >> distance | !(u64::MAX >> distance))
}

/// The first bytes of what may be a stop or a line end: of all characters that lie where `Sentence_Break` has one, and
/// where no letters of a large script lie.
#[inline(always)]
fn stops_beyond_ascii(lanes: impl Lanes) -> u64 {
    let is = |byte| lanes.any_of([byte]);
    // Nothing from U+00C0 to U+057F; no letter of Han or Hangul. The Arabic ones are the commonest of two bytes.
    let mut stops = before(is(0xc2), 1, is(0x85));
    let two = lanes.within(0xd6, 0xdf);
    if two != 0 {
        stops |= before(two, 1, lanes.within(0x80, 0x82) | lanes.any_of([0x89, 0x94, 0xb9]) | lanes.within(0x9d, 0x9f));
    }
    // Behind U+2000 mostly dashes and quotation marks.
    let general = is(0xe2);
    if general != 0 {
        let harmless = lanes.within(0x90, 0xa3) | is(0xa6);
        let is_harmless = general & is(0x80) >> 1 & harmless >> 2;
        stops |= general & !is_harmless;
    }
    let larger = lanes.within(0xe0, 0xf4) & !lanes.within(0xe4, 0xe9) & !lanes.within(0xeb, 0xed) & !general;
    if larger != 0 {
        // Of India's scripts, Thai and Lao only those with a danda; of U+3000 to U+3FFF the first 64.
        let indic = is(0xe0);
        let danda = lanes.within(0xa4, 0xa5);
        let rest = indic & !(danda | lanes.within(0xb8, 0xbb)) >> 1;
        stops |= larger & !indic & !is(0xe3) & !is(0xea);
        stops |= rest | before(indic & (is(0xa5) >> 1 | 1 << 63), 2, danda);
        stops |= before(is(0xe3), 1, is(0x80)) | before(is(0xea), 1, lanes.within(0x80, 0xaf));
    }
    stops
}

/// The first bytes of what may be `…`, `“`, `”`, `„`, `«`, `»` or `＂`.
#[inline(always)]
fn marks_beyond_ascii(lanes: impl Lanes) -> u64 {
    let is = |byte| lanes.any_of([byte]);
    let guillemets = before(is(0xc2), 1, lanes.any_of([0xab, 0xbb]));
    let curly = before(before(is(0xe2), 1, is(0x80)), 2, lanes.within(0x9c, 0x9e) | is(0xa6));
    guillemets | curly | before(is(0xef), 1, is(0xbc))
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::properties::{Properties, Sentence};
    use super::*;

    fn signs(text: &str) -> Signs {
        let mut signs = Signs::default();
        lines(text, &mut Vec::new(), &mut signs);
        signs
    }

    /// Every character that ends a sentence or a line, or is a mark, wherever it stands in a block.
    #[test]
    fn no_sign_is_missed() {
        let is_stop = |character: char| {
            matches!(Properties::of(character).sentence(), Sentence::Stop | Sentence::End | Sentence::LineEnd)
        };
        for character in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let is_mark = "…“”„«»＂\"".contains(character);
            if !is_mark && !is_stop(character) {
                continue;
            }
            for lead in 0..2 * LANES {
                let text = format!("{}{character}{character}b", "a".repeat(lead));
                let signs = signs(&text);
                for place in [lead, lead + character.len_utf8()] {
                    assert!(!is_stop(character) || signs.next_stop(place, text.len()) == place, "{text:?}");
                    assert!(!is_mark || signs.next_mark(place, text.len()) == place, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn letters_are_no_signs() {
        for text in ["plain", "größer", "Москва", "ελληνικά", "हिन्दी", "ไม่มี", "俄罗斯", "ロシア", "러시아", "it’s —"]
        {
            let text = format!("{text} ").repeat(20);
            let signs = signs(&text);
            // At the end of a block, what follows is not known.
            let stops: Vec<usize> = (0..text.len()).filter(|&at| signs.next_stop(at, text.len()) == at).collect();
            assert!(stops.iter().all(|at| at % LANES >= LANES - 2), "{text:?} {stops:?}");
        }
    }
}
