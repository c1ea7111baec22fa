//! Borders: where sentences end by UAX #29.
//!
//! **Idea.** A sentence ends behind a full stop or its like, or behind a line end, and nowhere else. Where those may
//! stand was noted when the lines were found (see [`signs`](super::signs)), and the rules are asked there only: they
//! look at what stands before the full stop, at the closing marks and blanks behind it, and for the next letter. What
//! they read behind one full stop ends before the next, so all of it together is read at most twice. Of nearly all
//! full stops two bytes behind them tell everything.
//!
//! **Cost.** O(bytes), whatever the text; no memory.
//!
//! **Source.** UAX #29, *Unicode Text Segmentation*, rules SB1 to SB998. The twin in the tests is
//! `unicode-segmentation`.

use super::properties::{Properties, Sentence};
use super::signs::Signs;

/// The places where the sentences of a text end by UAX #29, ascending; the last is its end. None for an empty text.
///
/// The signs are those of a larger text, of which this is the part that begins at `base`; blanks may stand in it where
/// there are others.
pub(super) fn sentence_borders<'t>(text: &'t str, base: usize, signs: &'t Signs) -> SentenceBorders<'t> {
    SentenceBorders { text, base, signs, at: 0 }
}

/// Iterator of [`sentence_borders`].
pub(super) struct SentenceBorders<'t> {
    text: &'t str,
    base: usize,
    signs: &'t Signs,
    at: usize,
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
    fn next_mark(&self, from: usize) -> Option<(usize, Sentence)> {
        let end = self.base + self.text.len();
        let mut from = self.base + from;
        loop {
            let place = self.signs.next_stop(from, end);
            let at = place - self.base;
            let kind = match self.text.as_bytes().get(at)? {
                b'.' => Sentence::Stop,
                b'!' | b'?' => Sentence::End,
                _ => Properties::of(self.text[at..].chars().next()?).sentence(),
            };
            if matches!(kind, Sentence::Stop | Sentence::End | Sentence::LineEnd) {
                return Some((at, kind));
            }
            from = place + 1;
        }
    }
}

/// What a mark that may end a sentence comes to.
enum Behind {
    /// A sentence ends here.
    Border(usize),
    /// It does not; the next mark stands here or further on.
    Nothing(usize),
}

/// Goes on from a mark until the rules tell.
fn walk(text: &str, mark: usize, kind: Sentence) -> Behind {
    let length = text[mark..].chars().next().map_or(1, char::len_utf8);
    if kind == Sentence::LineEnd {
        return Behind::Border(end_of_line(text, mark));
    }
    let is_stop = kind == Sentence::Stop;
    // Nearly all borders are of this kind, and so are nearly all full stops that are none.
    match text.as_bytes()[mark + length..] {
        [] => return Behind::Border(text.len()),
        [b' ', b'A'..=b'Z', ..] => return Behind::Border(mark + length + 1),
        [b' ', b'a'..=b'z', ..] | [b'0'..=b'9' | b'a'..=b'z', ..] if is_stop => return Behind::Nothing(mark + length),
        _ => {}
    }
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
    use super::super::lines::lines;
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn borders(text: &str) -> impl Iterator<Item = usize> {
        let mut signs = Signs::default();
        lines(text, &mut Vec::new(), &mut signs);
        sentence_borders(text, 0, &signs).collect::<Vec<_>>().into_iter()
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
