//! Borders: where sentences end by UAX #29.
//!
//! **Idea.** A sentence ends behind a full stop or its like, or behind a line end, and nowhere else. So the text is
//! searched for those, and the rules are asked there only: they look at what stands before the full stop, at the
//! closing marks and blanks behind it, and for the next letter. What they read behind one full stop ends before the
//! next, so all of it together is read at most twice.
//!
//! **Cost.** O(bytes), whatever the text; no memory.
//!
//! **Source.** UAX #29, *Unicode Text Segmentation*, rules SB1 to SB998. The twin in the tests is
//! `unicode-segmentation`.

use std::ops::Range;

use super::lanes::{LANES, Lanes, lowest};
use super::properties::{Properties, Sentence};

/// The places where the sentences of a part of a text end by UAX #29, counted from its start, ascending; the last is
/// its end. None for an empty part.
pub(super) fn sentence_borders(whole: &str, part: Range<usize>) -> SentenceBorders<'_> {
    let bytes = &whole.as_bytes()[part.start..];
    let mut borders = SentenceBorders { text: &whole[part], bytes, at: 0, block: 0, marks: 0 };
    borders.look_at(0);
    borders
}

/// Iterator of [`sentence_borders`].
pub(super) struct SentenceBorders<'t> {
    text: &'t str,
    /// The same, and what follows: 64 bytes can be read at once nearly everywhere.
    bytes: &'t [u8],
    at: usize,
    /// The 64 bytes that were looked at last, and which of them may be marks and were not passed yet.
    block: usize,
    marks: u64,
}

impl Iterator for SentenceBorders<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.at == self.text.len() {
            return None;
        }
        let mut place = self.at;
        self.at = loop {
            let Some((mark, kind)) = self.next_mark(place) else { break self.text.len() };
            match walk(self.text, mark, kind) {
                Behind::Border(border) => break border,
                Behind::Nothing(next) => place = next,
            }
        };
        Some(self.at)
    }
}

impl SentenceBorders<'_> {
    /// The next full stop, its like, or line end.
    fn next_mark(&mut self, from: usize) -> Option<(usize, Sentence)> {
        if from >= self.block + LANES {
            self.look_at(from);
        } else {
            self.marks &= !lowest(from - self.block);
        }
        while self.block < self.text.len() {
            while self.marks != 0 {
                let at = self.block + self.marks.trailing_zeros() as usize;
                self.marks &= self.marks - 1;
                if MAY_BE_MARK[usize::from(self.bytes[at])]
                    && let Some(character) = self.text[at..].chars().next()
                    && let kind @ (Sentence::Stop | Sentence::End | Sentence::LineEnd) =
                        Properties::of(character).sentence()
                {
                    return Some((at, kind));
                }
            }
            self.look_at(self.block + LANES);
        }
        None
    }

    /// Notes what may be a mark among the 64 bytes at a place.
    fn look_at(&mut self, block: usize) {
        let lanes = Lanes::at(self.bytes, block);
        let mut marks = lanes.any_of([b'.', b'!', b'?', b'\n', b'\r']);
        if lanes.beyond_ascii() != 0 {
            marks |= lanes.within(0xc2, 0xf4);
        }
        self.block = block;
        self.marks = marks & lowest(self.text.len().saturating_sub(block));
    }
}

/// What a mark that may end a sentence comes to.
enum Behind {
    /// A sentence ends here.
    Border(usize),
    /// It does not; the next mark stands here or further on.
    Nothing(usize),
}

/// Which bytes may begin a mark. Nothing between U+00C0 and U+057F is one, nor a letter of Han or Hangul.
const MAY_BE_MARK: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0xd6;
    while byte < 256 {
        // U+4000 to U+9FFF, U+B000 to U+DFFF.
        table[byte] = !matches!(byte, 0xe4..=0xe9 | 0xeb..=0xed);
        byte += 1;
    }
    table[0xc2] = true;
    table[b'.' as usize] = true;
    table[b'!' as usize] = true;
    table[b'?' as usize] = true;
    table[b'\n' as usize] = true;
    table[b'\r' as usize] = true;
    table
};

/// Goes on from a mark until the rules tell.
fn walk(text: &str, mark: usize, kind: Sentence) -> Behind {
    let length = text[mark..].chars().next().map_or(1, char::len_utf8);
    if kind == Sentence::LineEnd {
        return Behind::Border(end_of_line(text, mark));
    }
    let is_stop = kind == Sentence::Stop;
    let mut closed = false;
    let mut spaced = false;
    let mut goes_on = None;
    for (at, character) in text[mark + length..].char_indices().map(|(at, character)| (mark + length + at, character)) {
        let next = Properties::of(character).sentence();
        if next == Sentence::Extend {
            continue;
        }
        if is_stop {
            let is_direct = !closed && !spaced;
            // SB6, SB7: 3.4, U.S
            if is_direct && (next == Sentence::Digit || (next == Sentence::Upper && is_cased_before(text, mark))) {
                return Behind::Nothing(at);
            }
            // SB8: a small letter comes before any other one. The answer is the same all the way to it.
            if *goes_on.get_or_insert_with(|| goes_on_small(&text[at..])) {
                return Behind::Nothing(at);
            }
        }
        match next {
            // SB8a
            Sentence::Continue | Sentence::Stop | Sentence::End => return Behind::Nothing(at),
            // SB9, SB10
            Sentence::Close if !spaced => closed = true,
            Sentence::Space => spaced = true,
            Sentence::LineEnd => return Behind::Border(end_of_line(text, at)),
            // SB11
            _ => return Behind::Border(at),
        }
    }
    Behind::Border(text.len())
}

/// Behind a line end, both characters of a pair.
fn end_of_line(text: &str, at: usize) -> usize {
    let mut rest = text[at..].chars();
    let is_pair = rest.next() == Some('\r') && rest.as_str().starts_with('\n');
    text.len() - rest.as_str().len() + usize::from(is_pair)
}

/// Whether the letter before a full stop has case.
fn is_cased_before(text: &str, stop: usize) -> bool {
    let kinds = text[..stop].chars().rev().map(|character| Properties::of(character).sentence());
    let before = kinds.into_iter().find(|kind| *kind != Sentence::Extend);
    matches!(before, Some(Sentence::Upper | Sentence::Lower))
}

/// Whether the first of the next letters, marks and line ends is a small letter.
fn goes_on_small(text: &str) -> bool {
    for character in text.chars() {
        match Properties::of(character).sentence() {
            Sentence::Lower => return true,
            Sentence::OtherLetter | Sentence::Upper | Sentence::LineEnd | Sentence::End | Sentence::Stop => {
                return false;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn borders(text: &str) -> SentenceBorders<'_> {
        sentence_borders(text, 0..text.len())
    }

    fn assert_equal(text: &str) {
        let expected = text.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.len());
        assert!(
            borders(text).eq(expected.clone()),
            "{text:?}: {:?}\n{:?}",
            borders(text).collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
    }

    /// Every character before, behind and as a full stop, with and without closing marks and blanks.
    #[test]
    fn every_character_is_as_in_the_reference() {
        let mut text = String::new();
        for character in (0..=char::MAX as u32).filter_map(char::from_u32) {
            text.clear();
            for around in ["a|B", "a.|B", "|.B", "a. |b", "a.|) |B", "a! |\u{301}c", "a.|1 b"] {
                let (before, behind) = around.split_once('|').unwrap_or_default();
                text.push_str(before);
                text.push(character);
                text.push_str(behind);
                text.push('中');
            }
            assert_equal(&text);
        }
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        // Each would take hours if it were quadratic.
        for pattern in
            [".", " ", ". ", ")", "\u{301}", "\u{93e}", "\u{ff9e}", "\u{ad}", "1", "\"", "?", "a.", ".1", "。"]
        {
            for head in ["", "a.", "a. ", "?"] {
                let text = format!("{head}{}", pattern.repeat(300_000));
                assert!(borders(&text).last() == Some(text.len()));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn borders_equal_the_reference(text in "([a-zA-Z]{1,3}[.?!…。 \"')(,1éЖ中ก\n\r\u{85}\u{301}\u{ad}]{0,9}){0,20}") {
            assert_equal(&text);
        }

        #[test]
        fn borders_of_any_text_equal_the_reference(text in any::<String>()) {
            assert_equal(&text);
        }
    }
}
