//! Where words and sentences end by UAX #29: the only place that knows the segmenter.
//!
//! [`words`], [`first_word`] and [`sentence_borders`] are the reference, made with `unicode-segmentation`. Whatever is
//! to be faster replaces the bodies of these functions and has to equal them; all tailoring is built on top and does
//! not change.
//!
//! The segmenter's words are linear in the text. Its sentences are not: rule SB8 looks ahead from *every* character of
//! `ATerm Close* Sp*` for the next letter, which is quadratic in a long run of blanks, brackets or combining marks
//! after a full stop. So the text is handed over in pieces: a full stop followed by [`LONGEST_LULL`] such characters
//! ends its sentence, whatever comes next. What that gives up: a sentence that goes on in lower case behind so wide a
//! gap is cut.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::{USentenceBoundIndices, UnicodeSegmentation};

/// Characters that are neither letter nor digit, after a full stop, that end a sentence for certain.
const LONGEST_LULL: usize = 16;

/// The words of a text by UAX #29 (segments that hold a letter or a digit), each with its place.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.unicode_word_indices()
}

/// The first segment of a text by the word rules of UAX #29, whatever it holds; empty for an empty text.
///
/// Takes time in proportion to the segment, not to the text.
pub(super) fn first_word(text: &str) -> &str {
    text.split_word_bounds().next().unwrap_or("")
}

/// The places where sentences end by UAX #29, ascending; the last is the end of the text. None for an empty text.
pub(super) fn sentence_borders(text: &str) -> SentenceBorders<'_> {
    SentenceBorders { text, piece_start: 0, piece_end: 0, piece: "".split_sentence_bound_indices() }
}

/// Iterator of [`sentence_borders`].
pub(super) struct SentenceBorders<'t> {
    text: &'t str,
    piece_start: usize,
    piece_end: usize,
    piece: USentenceBoundIndices<'t>,
}

impl Iterator for SentenceBorders<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            if let Some((at, sentence)) = self.piece.next() {
                return Some(self.piece_start + at + sentence.len());
            }
            if self.piece_end == self.text.len() {
                return None;
            }
            self.piece_start = self.piece_end;
            let rest = &self.text[self.piece_start..];
            let length = end_of_piece(rest);
            self.piece_end += length;
            self.piece = rest[..length].split_sentence_bound_indices();
        }
    }
}

/// How much of the text may be given to the segmenter at once.
fn end_of_piece(text: &str) -> usize {
    let mut lull: Option<usize> = None;
    for (at, character) in text.char_indices() {
        match (character, &mut lull) {
            ('.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}', _) => lull = Some(0),
            (_, None) => {}
            (_, Some(_)) if speaks(character) => lull = None,
            (_, Some(length)) if *length < LONGEST_LULL => *length += 1,
            _ => return at,
        }
    }
    text.len()
}

/// Whether a character ends the run `Close* Sp*` (with any marks in it) after a full stop.
fn speaks(character: char) -> bool {
    // Marks may be alphabetic and yet extend what stands before them, as do half-width voiced sound marks.
    character.is_alphanumeric() && !is_combining_mark(character) && !matches!(character, '\u{ff9e}' | '\u{ff9f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &str) -> Vec<usize> {
        text.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.len()).collect()
    }

    #[test]
    fn a_long_lull_ends_a_sentence() {
        let text = format!("One.{}two.", " ".repeat(40));
        assert_eq!(sentence_borders(&text).next(), Some(4 + LONGEST_LULL));
        assert_eq!(sentence_borders("One. two.").collect::<Vec<_>>(), [9]);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        // Each would take hours if it were quadratic.
        for pattern in
            [".", " ", ". ", ")", "\u{301}", "\u{93e}", "\u{ff9e}", "\u{ad}", "1", "\"", "?", "a.", ".1", "。"]
        {
            for head in ["", "a.", "a. ", "?"] {
                let text = format!("{head}{}", pattern.repeat(300_000));
                assert!(sentence_borders(&text).last() == Some(text.len()));
                assert!(words(&text).count() <= text.len());
            }
        }
    }

    proptest! {
        #[test]
        fn borders_equal_the_segmenter_where_there_is_no_lull(text in "([a-zA-Z]{1,3}[.?!…。 \"')(,1éЖ中ก\n\u{301}\u{ad}]{0,9}){0,20}") {
            prop_assert_eq!(sentence_borders(&text).collect::<Vec<_>>(), naive(&text));
        }

        #[test]
        fn the_first_word_is_the_segment_that_the_words_have(text in "\\PC{0,40}") {
            for (at, word) in words(&text) {
                prop_assert_eq!(first_word(&text[at..]), word);
            }
        }
    }
}
