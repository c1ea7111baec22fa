//! Words: the segments between word boundaries of UAX #29 that hold a letter or a digit.
//!
//! **Idea.** No word crosses a blank, so a text is cut at its blanks into *fields*, and each field is a problem of its
//! own. Nearly all fields are plain: letters, digits and underscores in runs, and marks between letters (`don't`) or
//! digits (`1.5`) that join two runs. Of 64 bytes at a time it is noted in one machine word for each kind which bytes
//! are letters, digits, marks; then shifts and ands give the bytes of all words at once. Characters beyond ASCII that
//! are letters, digits or nothing of the kind take part, each looked up; a field with any other (a joiner, a combining
//! mark, Han, Katakana, Hebrew) is cut by the rules as they are written, one character after the other.
//!
//! **Cost.** O(bytes), whatever the text; a buffer of the words of [`CHUNK`] bytes, or of one field where it is longer.
//!
//! **Source.** UAX #29, *Unicode Text Segmentation*, rules WB1 to WB999; Lemire, Langdale, *Parsing Gigabytes of JSON
//! per Second*, VLDB Journal 2019 (bit masks of 64 bytes). The twin in the tests is `unicode-segmentation`.

use super::properties::{Properties, Word};

/// Bytes that are cut at once: the words found wait in a buffer that stays near the processor.
const CHUNK: usize = 1 << 14;

/// The words of a text by UAX #29 (segments that hold a letter or a digit), each with its place.
pub(super) fn words(text: &str) -> Words<'_> {
    Words { text, at: 0, found: Vec::new(), next: 0 }
}

/// The first segment of a text by the word rules of UAX #29, whatever it holds; empty for an empty text.
///
/// Takes time in proportion to the segment, not to the text.
pub(super) fn first_word(text: &str) -> &str {
    &text[..segment(text, 0).end]
}

/// Iterator of [`words`].
pub(super) struct Words<'t> {
    text: &'t str,
    /// Up to where the text is cut.
    at: usize,
    found: Vec<(usize, usize)>,
    next: usize,
}

impl<'t> Iterator for Words<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        while self.next == self.found.len() {
            if self.at == self.text.len() {
                return None;
            }
            self.found.clear();
            self.next = 0;
            let end = end_of_chunk(self.text, self.at);
            cut(&self.text[..end], self.at, &mut self.found);
            self.at = end;
        }
        let (start, end) = self.found[self.next];
        self.next += 1;
        Some((start, &self.text[start..end]))
    }
}

/// Where a chunk ends: where a field begins, or with the text.
fn end_of_chunk(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let Some(chunk) = bytes.get(start..start + CHUNK) else { return text.len() };
    let last = memchr::memrchr(b' ', chunk).map(|blank| begin_field(text, start + blank));
    last.filter(|field| *field > start).unwrap_or_else(|| next_field(text, start + CHUNK))
}

/// The first of the blanks of which one is given: a field begins there. (A mark upon a blank is a word, and all blanks
/// in a row are part of it.)
fn begin_field(text: &str, blank: usize) -> usize {
    text[..blank].trim_end_matches(is_space).len()
}

/// A blank as the word rules know it: narrower than what is seen as room.
fn is_space(character: char) -> bool {
    Properties::of(character).word() == Word::Space
}

/// Where the next field begins, at a place or behind it; the end of the text if none does.
fn next_field(text: &str, place: usize) -> usize {
    let mut from = place;
    while let Some(found) = memchr::memchr(b' ', &text.as_bytes()[from..]) {
        let blank = from + found;
        let field = begin_field(text, blank);
        if field >= place {
            return field;
        }
        // Not each of a million blanks is to look back to the first.
        from = text.len() - text[blank..].trim_start_matches(is_space).len();
    }
    text.len()
}

/// Appends the words of a text from a place where a field begins.
fn cut(text: &str, start: usize, found: &mut Vec<(usize, usize)>) {
    let mut at = start;
    while at < text.len() {
        at = Fields { text, at, field: at, open: None, before: Before::default(), spill: Spill::default() }.cut(found);
    }
}

/// Which of 64 bytes are of a kind; the lowest bit is the first byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Masks {
    letters: u64,
    digits: u64,
    connectors: u64,
    /// Marks that join letters.
    between_letters: u64,
    /// Marks that join digits.
    between_digits: u64,
    blanks: u64,
    beyond_ascii: u64,
}

/// What the last byte of the block before was.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    letter: bool,
    digit: bool,
    word: bool,
}

/// What a character begun in the block before says of the first bytes of this one.
#[derive(Debug, Clone, Copy, Default)]
struct Spill {
    letters: u64,
    digits: u64,
    joined: u64,
}

/// The plain way through the fields of a text.
struct Fields<'t> {
    text: &'t str,
    at: usize,
    /// Where the field begins that `at` is in.
    field: usize,
    /// Where a word begins that is not at its end yet.
    open: Option<usize>,
    before: Before,
    spill: Spill,
}

impl Fields<'_> {
    /// Cuts fields up to the end of the text or of the first field that is not plain; gives where that is.
    fn cut(mut self, found: &mut Vec<(usize, usize)>) -> usize {
        while self.at < self.text.len() {
            let bytes = &self.text.as_bytes()[self.at..];
            let mut masks = match bytes.first_chunk() {
                Some(block) => Masks::of(block),
                None => {
                    let mut block = [b' '; 64];
                    block[..bytes.len()].copy_from_slice(bytes);
                    Masks::of(&block)
                }
            };
            let mut joined = self.spill.joined;
            let spill = std::mem::take(&mut self.spill);
            masks.letters |= spill.letters;
            masks.digits |= spill.digits;
            if masks.beyond_ascii != 0
                && let Err(place) = self.look_up(&mut masks, &mut joined)
            {
                return self.leave(masks, joined, place, found);
            }
            self.emit(masks, joined, found);
            if masks.blanks != 0 {
                self.field = self.at + 63 - masks.blanks.leading_zeros() as usize;
            }
            self.at += 64;
        }
        // A block that the text does not fill ends with blanks, a full one may not.
        found.extend(self.open.map(|start| (start, self.text.len())).filter(|word| is_word(self.text, *word)));
        self.text.len()
    }

    /// Notes the characters beyond ASCII of a block; fails at one that is not plain, with its place in the block.
    fn look_up(&mut self, masks: &mut Masks, joined: &mut u64) -> Result<(), u32> {
        let bytes = self.text.as_bytes();
        let mut rest = masks.beyond_ascii;
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest - 1;
            let start = self.at + place as usize;
            if bytes[start] & 0xc0 == 0x80 {
                continue;
            }
            let Some(character) = self.text[start..].chars().next() else { break };
            let length = character.len_utf8() as u32;
            let properties = Properties::of(character);
            let bits = ((1u128 << length) - 1) << place;
            let (here, beyond) = (bits as u64, (bits >> 64) as u64);
            match (properties.word(), properties.is_alphanumeric()) {
                (Word::Letter, true) => {
                    masks.letters |= here;
                    self.spill.letters |= beyond;
                }
                (Word::Digit, true) => {
                    masks.digits |= here;
                    self.spill.digits |= beyond;
                }
                (Word::Other | Word::LineEnd | Word::Space, false) => {}
                (kind @ (Word::MidLetter | Word::MidDigit | Word::MidBoth), false) => {
                    let is_before = |mask: u64, carried: bool| match place.checked_sub(1) {
                        Some(last) => mask >> last & 1 == 1,
                        None => carried,
                    };
                    let behind = self.kind_at(start + length as usize);
                    let letters = kind != Word::MidDigit
                        && is_before(masks.letters, self.before.letter)
                        && behind == Some(Word::Letter);
                    let digits = kind != Word::MidLetter
                        && is_before(masks.digits, self.before.digit)
                        && behind == Some(Word::Digit);
                    if letters || digits {
                        *joined |= here;
                        self.spill.joined |= beyond;
                    }
                }
                _ => return Err(place),
            }
        }
        Ok(())
    }

    /// The kind of the character at a place.
    fn kind_at(&self, place: usize) -> Option<Word> {
        match self.text.as_bytes().get(place)? {
            byte if byte.is_ascii_alphabetic() => Some(Word::Letter),
            byte if byte.is_ascii_digit() => Some(Word::Digit),
            0..0x80 => None,
            _ => self.text[place..].chars().next().map(|character| Properties::of(character).word()),
        }
    }

    /// Appends the words that end in a block, and notes what goes on in the next.
    fn emit(&mut self, masks: Masks, mut joined: u64, found: &mut Vec<(usize, usize)>) {
        let Masks { letters, digits, connectors, between_letters, between_digits, .. } = masks;
        let behind = |mask: u64, kind: Word| {
            let next = (mask >> 63 == 1).then(|| self.kind_at(self.at + 64) == Some(kind));
            u64::from(next.unwrap_or(false)) << 63
        };
        joined |= between_letters
            & (letters << 1 | u64::from(self.before.letter))
            & (letters >> 1 | behind(between_letters, Word::Letter));
        joined |= between_digits
            & (digits << 1 | u64::from(self.before.digit))
            & (digits >> 1 | behind(between_digits, Word::Digit));
        let words = letters | digits | connectors | joined;
        let shifted = words << 1 | u64::from(self.before.word);
        let (mut starts, mut ends) = (words & !shifted, shifted & !words);
        while ends != 0 {
            let end = self.at + ends.trailing_zeros() as usize;
            ends &= ends - 1;
            let start = self.open.take().unwrap_or_else(|| {
                let start = self.at + starts.trailing_zeros() as usize;
                starts &= starts - 1;
                start
            });
            if is_word(self.text, (start, end)) {
                found.push((start, end));
            }
        }
        if starts != 0 {
            self.open = Some(self.at + starts.trailing_zeros() as usize);
        }
        self.before = Before { letter: letters >> 63 == 1, digit: digits >> 63 == 1, word: words >> 63 == 1 };
    }

    /// Cuts the field that holds a place of a block, at which no plain character stands, by the rules; gives its end.
    fn leave(mut self, mut masks: Masks, joined: u64, place: u32, found: &mut Vec<(usize, usize)>) -> usize {
        let bytes = self.text.as_bytes();
        let place = self.at + place as usize;
        let blank = memchr::memrchr(b' ', &bytes[self.at..place]).map_or(self.field, |blank| self.at + blank);
        let field = begin_field(self.text, blank);
        if field >= self.at {
            // The fields before it are plain.
            let plain = (1u64 << (field - self.at)) - 1;
            masks.letters &= plain;
            masks.digits &= plain;
            masks.connectors &= plain;
            masks.between_letters &= plain;
            masks.between_digits &= plain;
            self.emit(masks, joined & plain, found);
        }
        while found.last().is_some_and(|word| word.0 >= field) {
            found.pop();
        }
        let end = next_field(self.text, place);
        let mut at = field;
        while at < end {
            let segment = segment(&self.text[..end], at);
            if segment.is_word {
                found.push((at, segment.end));
            }
            at = segment.end;
        }
        end
    }
}

/// Whether a run of letters, digits and underscores holds more than underscores.
fn is_word(text: &str, (start, end): (usize, usize)) -> bool {
    let bytes = &text.as_bytes()[start..end];
    bytes[0] != b'_' || bytes.iter().any(|byte| *byte != b'_')
}

/// In each byte the highest bit.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

impl Masks {
    /// Of a block, eight bytes at a time: every kind is a sum that reaches the highest bit of its byte.
    fn of(block: &[u8; 64]) -> Self {
        let mut masks = Masks::default();
        let (eights, _) = block.as_chunks::<8>();
        for (number, eight) in eights.iter().enumerate() {
            let bytes = u64::from_le_bytes(*eight);
            let low = bytes & !HIGHEST;
            let ascii = !bytes & HIGHEST;
            let all = |byte: u8| u64::from_ne_bytes([byte; 8]);
            let from = |bytes: u64, first: u8| bytes + all(0x80 - first);
            let within = |bytes: u64, first: u8, last: u8| from(bytes, first) & !from(bytes, last + 1) & ascii;
            let equal = |byte: u8| !((low ^ all(byte)) + all(0x7f)) & ascii;
            let mut note = |mask: fn(&mut Masks) -> &mut u64, bits: u64| {
                // The eight highest bits, side by side.
                *mask(&mut masks) |= ((bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (number * 8);
            };
            let both = equal(b'.') | equal(b'\'');
            note(|masks| &mut masks.letters, within(low | all(0x20), b'a', b'z'));
            note(|masks| &mut masks.digits, within(low, b'0', b'9'));
            note(|masks| &mut masks.connectors, equal(b'_'));
            note(|masks| &mut masks.between_letters, both | equal(b':'));
            note(|masks| &mut masks.between_digits, both | equal(b',') | equal(b';'));
            note(|masks| &mut masks.blanks, equal(b' '));
            if bytes & HIGHEST != 0 {
                note(|masks| &mut masks.beyond_ascii, bytes & HIGHEST);
            }
        }
        masks
    }
}

/// One segment.
struct Segment {
    end: usize,
    /// Whether it holds a letter or a digit.
    is_word: bool,
}

/// The segment that begins at a place, which is a word boundary: the rules of UAX #29 as they are written.
fn segment(text: &str, start: usize) -> Segment {
    let mut rest = text[start..].char_indices().map(|(at, character)| (start + at, character)).peekable();
    let Some((_, first)) = rest.next() else { return Segment { end: start, is_word: false } };
    let properties = Properties::of(first);
    let mut is_word = properties.is_alphanumeric();
    // What the last character was that is no extender: rules look past those.
    let mut last = properties.word();
    let mut end = start + first.len_utf8();
    if last == Word::LineEnd {
        let is_pair = first == '\r' && text[end..].starts_with('\n');
        return Segment { end: end + usize::from(is_pair), is_word };
    }
    let mut behind_joiner = last == Word::Joiner;
    let mut is_extended = false;
    let mut flag_is_half = last == Word::Regional;
    if matches!(last, Word::Joiner | Word::Extend) {
        last = Word::Other;
    }
    while let Some((at, character)) = rest.next() {
        let properties = Properties::of(character);
        let next = properties.word();
        let goes_on = match (last, next) {
            (_, Word::Extend | Word::Joiner) => {
                behind_joiner = next == Word::Joiner;
                is_extended = true;
                is_word |= properties.is_alphanumeric();
                end = at + character.len_utf8();
                continue;
            }
            _ if behind_joiner && properties.is_pictographic() => {
                last = Word::Other;
                behind_joiner = false;
                is_word |= properties.is_alphanumeric();
                end = at + character.len_utf8();
                continue;
            }
            (Word::Letter | Word::Hebrew, Word::Letter | Word::Hebrew | Word::Digit | Word::Connector)
            | (Word::Digit, Word::Digit | Word::Letter | Word::Hebrew | Word::Connector)
            | (Word::Katakana, Word::Katakana | Word::Connector)
            | (Word::Connector, Word::Connector | Word::Letter | Word::Hebrew | Word::Digit | Word::Katakana) => true,
            (Word::Space, Word::Space) => !is_extended,
            (Word::Regional, Word::Regional) => std::mem::take(&mut flag_is_half),
            (Word::Letter | Word::Hebrew, Word::MidLetter | Word::MidBoth | Word::SingleQuote)
            | (Word::Digit, Word::MidDigit | Word::MidBoth | Word::SingleQuote)
            | (Word::Hebrew, Word::DoubleQuote) => {
                let mark = next;
                let (kind, past) = look_past(text, at + character.len_utf8());
                let is_letter = matches!(kind, Reached::Kind(Word::Letter | Word::Hebrew));
                let joins = match (last, mark) {
                    (_, Word::DoubleQuote) => kind == Reached::Kind(Word::Hebrew),
                    (Word::Digit, _) => kind == Reached::Kind(Word::Digit),
                    _ => is_letter,
                };
                if joins || kind == Reached::Emoji {
                    // The mark and its extenders; what it joins comes next.
                    is_word |= text[at..past].chars().any(|character| Properties::of(character).is_alphanumeric());
                    while rest.next_if(|(at, _)| *at < past).is_some() {}
                    end = past;
                    behind_joiner = kind == Reached::Emoji;
                    if behind_joiner {
                        last = Word::Other;
                    }
                    continue;
                }
                // Hebrew letters keep a single quote at their end.
                if (last, mark) == (Word::Hebrew, Word::SingleQuote) {
                    return Segment { end: past, is_word };
                }
                false
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        behind_joiner = false;
        is_extended = false;
        last = next;
        is_word |= properties.is_alphanumeric();
        end = at + character.len_utf8();
    }
    Segment { end, is_word }
}

/// What stands behind a mark and its extenders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    End,
    Kind(Word),
    /// Behind a joiner.
    Emoji,
}

/// What stands behind the extenders at a place, and where.
fn look_past(text: &str, place: usize) -> (Reached, usize) {
    let mut behind_joiner = false;
    for (at, character) in text[place..].char_indices() {
        let properties = Properties::of(character);
        match properties.word() {
            kind @ (Word::Extend | Word::Joiner) => behind_joiner = kind == Word::Joiner,
            _ if behind_joiner && properties.is_pictographic() => return (Reached::Emoji, place + at),
            kind => return (Reached::Kind(kind), place + at),
        }
    }
    (Reached::End, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn assert_equal(text: &str) {
        let expected: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        assert!(
            words(text).eq(expected.iter().copied()),
            "{text:?}: {:?}\n{expected:?}",
            words(text).collect::<Vec<_>>()
        );
    }

    /// Every character among letters, digits, marks, extenders, emoji and its like.
    #[test]
    fn every_character_is_as_in_the_reference() {
        let mut text = String::new();
        for character in (0..=char::MAX as u32).filter_map(char::from_u32) {
            text.clear();
            for around in
                ["a|b", "1|2", "|", "a|'b", "א|\"א", "ア|", "_|_", "\u{200d}|\u{301}b", "a'|b", "🇦|🇦", "中| |.5"]
            {
                let (before, behind) = around.split_once('|').unwrap_or_default();
                text.push_str(before);
                text.push(character);
                text.push_str(behind);
                text.push_str(" .\n");
            }
            assert_equal(&text);
        }
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        // Each would take hours if it were quadratic.
        for pattern in [
            ".",
            " ",
            "'",
            "a'",
            "\u{301}",
            "a\u{301}",
            "\u{200d}",
            "1,",
            "_",
            "中",
            "🇦",
            "א\"",
            "a中",
            "é.",
            "\u{2019}é",
        ] {
            for head in ["", "a", "1 ", "中"] {
                let text = format!("{head}{}", pattern.repeat(300_000));
                assert!(words(&text).count() <= text.len());
            }
        }
    }

    /// Pieces of text that meet in all ways, also at the ends of blocks.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            8 => "[a-zA-Z]{1,9}",
            2 => "[0-9]{1,4}",
            6 => Just(" ".to_owned()),
            4 => prop::sample::select(vec![".", "'", ",", ":", ";", "_", "-", "\"", "\n", "\r\n", "(", "’", "‘", "·", "—", "…", "\u{a0}", "\u{3000}"]).prop_map(str::to_owned),
            3 => prop::sample::select(vec!["é", "ß", "ж", "Ω", "٣", "中", "文", "の", "カ", "タ", "א", "ב", "ก", "한", "क", "\u{2c2}"]).prop_map(str::to_owned),
            1 => prop::sample::select(vec!["\u{301}", "\u{ad}", "\u{200d}", "\u{200b}", "😀", "🇦", "❤", "\u{fe0f}", "\u{ff9e}", "\u{2028}", "\u{85}", "𝟘", "𐐀"]).prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn words_equal_the_reference(text in pieces()) {
            assert_equal(&text);
        }

        #[test]
        fn words_of_any_text_equal_the_reference(text in any::<String>()) {
            assert_equal(&text);
        }

        #[test]
        fn the_first_word_is_the_segment_that_the_words_have(text in pieces()) {
            prop_assert_eq!(first_word(&text), text.split_word_bounds().next().unwrap_or(""));
            for (at, word) in words(&text) {
                prop_assert_eq!(first_word(&text[at..]), word);
            }
        }
    }

    #[test]
    fn chunks_end_between_words() {
        let text = "word don't 1.5 naïve ".repeat(5000);
        assert_equal(&text);
        assert_equal(&"x".repeat(3 * CHUNK));
        assert_equal(&format!("{} y", "中".repeat(CHUNK)));
    }
}
