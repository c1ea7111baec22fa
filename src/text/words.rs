//! Words: the segments between word boundaries of UAX #29 that hold a letter or a digit.
//!
//! **Idea.** No word crosses a blank, so a text is cut at its blanks into *fields*, and each field is a problem of its
//! own. Nearly all fields are plain: letters, digits and underscores in runs, marks between letters (`don't`) or
//! digits (`1.5`) that join two runs, and marks upon letters. Of 64 bytes at a time it is noted in one machine word
//! for each kind which bytes are letters, digits, marks (see [`lanes`](super::lanes)); then shifts and ands tell where
//! all words begin and end at once. Characters beyond ASCII that are plain take part, each looked up; a field with any
//! other (a joiner, Han, Katakana, Hebrew) is cut by the rules as they are written, one character after the other.
//!
//! **Cost.** O(bytes), whatever the text; no memory but the words.
//!
//! **Source.** UAX #29, *Unicode Text Segmentation*, rules WB1 to WB999. The twin in the tests is
//! `unicode-segmentation`.

use std::ops::Range;

use super::properties::{Plain, Properties, Word as Kind};
use crate::lanes::{LANES, Lanes, Task, lowest, run};

/// Where words stand, in order: the first begins at the first of the starts and ends at the first of the ends.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) starts: Vec<u32>,
    pub(super) ends: Vec<u32>,
}

impl Places {
    pub(super) fn clear(&mut self) {
        self.truncate(0);
    }

    /// Keeps the first of them.
    pub(super) fn truncate(&mut self, count: usize) {
        self.starts.truncate(count);
        self.ends.truncate(count);
    }

    #[inline]
    pub(super) fn push(&mut self, start: u32, end: u32) {
        self.starts.push(start);
        self.ends.push(end);
    }
}

/// Finds the words of a part of a text by UAX #29 (segments that hold a letter or a digit), in order.
pub(super) fn words(text: &str, part: Range<usize>, found: &mut Places) {
    found.clear();
    run(Fields {
        found,
        text: &text[..part.end],
        bytes: text.as_bytes(),
        begin: part.start,
        at: part.start,
        has_connectors: false,
        before: Before::default(),
        spill: Spill::default(),
    });
}

/// Drops the words that are nothing but underscores.
fn drop_connectors(text: &[u8], found: &mut Places) {
    let mut kept = 0;
    for word in 0..found.starts.len() {
        let (start, end) = (found.starts[word], found.ends[word]);
        let bytes = &text[start as usize..end as usize];
        (found.starts[kept], found.ends[kept]) = (start, end);
        kept += usize::from(bytes[0] != b'_' || bytes.iter().any(|byte| *byte != b'_'));
    }
    found.truncate(kept);
}

/// Appends the places of the bits of a block, eight at a time: how many there are is not known before, and to guess it
/// wrong costs more than to write a few in vain.
#[inline(always)]
fn append(places: &mut Vec<u32>, block: usize, mut bits: u64) {
    let count = places.len() + bits.count_ones() as usize;
    while bits != 0 {
        places.extend_from_slice(&std::array::from_fn::<u32, 8, _>(|_| {
            let place = block as u32 + bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
            place
        }));
    }
    places.truncate(count);
}

/// The first segment of a text by the word rules of UAX #29, whatever it holds; empty for an empty text.
///
/// Takes time in proportion to the segment, not to the text.
pub(super) fn first_word(text: &str) -> &str {
    &text[..segment(text, 0).end]
}

/// A blank as the word rules know it: narrower than what is seen as room.
fn is_space(character: char) -> bool {
    Properties::of(character).word() == Kind::Space
}

/// Which of 64 bytes are of a kind; the lowest bit is the first byte.
#[derive(Debug, Clone, Copy, Default)]
struct Masks {
    letters: u64,
    digits: u64,
    connectors: u64,
    /// Marks of ASCII that may join what stands on both sides.
    marks: u64,
    /// Characters beyond ASCII that do.
    joined: u64,
}

impl Masks {
    /// What the ASCII characters are.
    #[inline(always)]
    fn of(lanes: impl Lanes) -> Self {
        Masks {
            letters: lanes.letters(),
            digits: lanes.within(b'0', b'9'),
            connectors: lanes.any_of([b'_']),
            marks: lanes.any_of([b'.', b'\'', b',', b':', b';']),
            joined: 0,
        }
    }

    /// Only the bytes of some lanes.
    #[inline(always)]
    fn only(self, lanes: u64) -> Self {
        Masks {
            letters: self.letters & lanes,
            digits: self.digits & lanes,
            connectors: self.connectors & lanes,
            marks: self.marks & lanes,
            joined: self.joined & lanes,
        }
    }
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

/// The way through the fields of a text.
struct Fields<'t, 'f> {
    found: &'f mut Places,
    /// Up to where it is cut.
    text: &'t str,
    /// The same, and what follows: 64 bytes can be read at once nearly everywhere.
    bytes: &'t [u8],
    /// From where on it is cut.
    begin: usize,
    at: usize,
    /// Whether an underscore was seen.
    has_connectors: bool,
    before: Before,
    spill: Spill,
}

impl Task for Fields<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn run<L: Lanes>(mut self) {
        while self.at < self.text.len() {
            self.cut::<L>();
        }
        if self.has_connectors {
            drop_connectors(self.bytes, self.found);
        }
    }
}

impl Fields<'_, '_> {
    /// Cuts fields up to the end of the text, or past the first field that is not plain.
    #[inline(always)]
    fn cut<L: Lanes>(&mut self) {
        while self.at < self.text.len() {
            let lanes = L::at(self.bytes, self.at);
            let mut masks = Masks::of(lanes);
            let mut beyond_ascii = lanes.beyond_ascii();
            let rest = self.text.len() - self.at;
            if rest < LANES {
                masks = masks.only(lowest(rest));
                beyond_ascii &= lowest(rest);
            }
            let spill = std::mem::take(&mut self.spill);
            masks.letters |= spill.letters;
            masks.digits |= spill.digits;
            masks.joined |= spill.joined;
            if beyond_ascii != 0
                && let Err(place) = self.look_up(beyond_ascii & !lanes.within(0x80, 0xbf), &mut masks)
            {
                self.leave(masks, place);
                return;
            }
            self.emit(masks);
            self.at += LANES;
        }
        // A block that the text does not fill ends with nothing, a full one may not.
        if self.found.ends.len() < self.found.starts.len() {
            self.found.ends.push(self.text.len() as u32);
        }
    }

    /// Notes the characters beyond ASCII of a block; fails at one that is not plain, with its place in the block.
    fn look_up(&mut self, leads: u64, masks: &mut Masks) -> Result<(), u32> {
        let mut rest = leads;
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest - 1;
            let start = self.at + place as usize;
            let Some(character) = self.text[start..].chars().next() else { break };
            let length = character.len_utf8() as u32;
            let bits = (1u64 << length) - 1;
            let here = bits << place;
            let beyond = if place + length > LANES as u32 { bits >> (LANES as u32 - place) } else { 0 };
            let is_before = |mask: u64, carried: bool| match place.checked_sub(1) {
                Some(last) => mask >> last & 1 == 1,
                None => carried,
            };
            let properties = Properties::of(character);
            match properties.plain() {
                Plain::Letter => {
                    masks.letters |= here;
                    self.spill.letters |= beyond;
                }
                Plain::Digit => {
                    masks.digits |= here;
                    self.spill.digits |= beyond;
                }
                Plain::Nothing => {}
                Plain::Extender if is_before(masks.letters, self.before.letter) => {
                    masks.letters |= here;
                    self.spill.letters |= beyond;
                }
                Plain::Extender if is_before(masks.digits, self.before.digit) => {
                    masks.digits |= here;
                    self.spill.digits |= beyond;
                }
                Plain::Mark => {
                    let kind = properties.word();
                    let behind = self.kind_at(start + length as usize);
                    let letters = kind != Kind::MidDigit
                        && behind == Some(Kind::Letter)
                        && is_before(masks.letters, self.before.letter);
                    let digits = kind != Kind::MidLetter
                        && behind == Some(Kind::Digit)
                        && is_before(masks.digits, self.before.digit);
                    if letters || digits {
                        masks.joined |= here;
                        self.spill.joined |= beyond;
                    }
                }
                Plain::Extender | Plain::Not => return Err(place),
            }
        }
        Ok(())
    }

    /// The kind of the character at a place.
    fn kind_at(&self, place: usize) -> Option<Kind> {
        match self.text.as_bytes().get(place)? {
            byte if byte.is_ascii_alphabetic() => Some(Kind::Letter),
            byte if byte.is_ascii_digit() => Some(Kind::Digit),
            0..0x80 => None,
            _ => self.text[place..].chars().next().map(|character| Properties::of(character).word()),
        }
    }

    /// Appends where words begin and end in a block, and notes what goes on in the next.
    #[inline(always)]
    fn emit(&mut self, masks: Masks) {
        let Masks { letters, digits, connectors, marks, mut joined } = masks;
        let before = (letters | digits) << 1 | u64::from(self.before.letter | self.before.digit);
        let mut between = marks & before & ((letters | digits) >> 1 | 1 << 63);
        while between != 0 {
            joined |= self.join(between.trailing_zeros(), letters, digits);
            between &= between - 1;
        }
        let words = letters | digits | connectors | joined;
        let shifted = words << 1 | u64::from(self.before.word);
        append(&mut self.found.starts, self.at, words & !shifted);
        append(&mut self.found.ends, self.at, shifted & !words);
        self.has_connectors |= connectors != 0;
        self.before = Before { letter: letters >> 63 == 1, digit: digits >> 63 == 1, word: words >> 63 == 1 };
    }

    /// The bit of a mark of ASCII if it joins what stands on both sides, which are letters or digits.
    fn join(&self, place: u32, letters: u64, digits: u64) -> u64 {
        let at = self.at + place as usize;
        let is_before = |mask: u64, carried: bool| if place == 0 { carried } else { mask >> (place - 1) & 1 == 1 };
        let joins = match (self.kind_at(at + 1), self.bytes[at]) {
            (Some(Kind::Letter), b'.' | b'\'' | b':') => is_before(letters, self.before.letter),
            (Some(Kind::Digit), b'.' | b'\'' | b',' | b';') => is_before(digits, self.before.digit),
            _ => false,
        };
        u64::from(joins) << place
    }

    /// Cuts the field that holds a place of a block, at which no plain character stands, by the rules, and goes on
    /// behind it.
    fn leave(&mut self, masks: Masks, place: u32) {
        let place = self.at + place as usize;
        let blank = memchr::memrchr(b' ', &self.bytes[self.begin..place]);
        let field = self.begin_field(blank.map_or(self.begin, |blank| self.begin + blank));
        if field >= self.at {
            // The fields before it are plain.
            self.emit(masks.only(lowest(field - self.at)));
        }
        let behind = self.found.starts.iter().rev().take_while(|start| **start as usize >= field).count();
        self.found.truncate(self.found.starts.len() - behind);
        let end = self.next_field(place);
        cut_by_rules(&self.text[..end], field, self.found);
        self.begin = end;
        self.at = end;
        self.before = Before::default();
        self.spill = Spill::default();
    }

    /// The first of the blanks of which one is given: a field begins there. (A mark upon a blank is a word, and all
    /// blanks in a row are part of it.)
    fn begin_field(&self, blank: usize) -> usize {
        self.begin + self.text[self.begin..blank].trim_end_matches(is_space).len()
    }

    /// Where the next field begins, at a place or behind it; the end of the text if none does.
    fn next_field(&self, place: usize) -> usize {
        let mut from = place;
        while let Some(found) = memchr::memchr(b' ', &self.text.as_bytes()[from..]) {
            let blank = from + found;
            let field = self.begin_field(blank);
            if field >= place {
                return field;
            }
            // Not each of a million blanks is to look back to the first.
            from = self.text.len() - self.text[blank..].trim_start_matches(is_space).len();
        }
        self.text.len()
    }
}

/// Appends the words of a text from a place on where a field begins.
fn cut_by_rules(text: &str, field: usize, found: &mut Places) {
    let mut at = field;
    let mut characters = text[field..].chars();
    let mut next = characters.next().map(|character| (character, Properties::of(character)));
    while let Some((character, properties)) = next {
        let behind = at + character.len_utf8();
        let is_alone = properties.word() == Kind::Other && {
            next = characters.next().map(|character| (character, Properties::of(character)));
            next.is_none_or(|(_, next)| !matches!(next.word(), Kind::Extend | Kind::Joiner))
        };
        let segment = if is_alone {
            // Nothing joins such a character to another, and in some scripts all are of that kind.
            Segment { end: behind, is_word: properties.is_alphanumeric() }
        } else {
            let segment = segment(text, at);
            characters = text[segment.end..].chars();
            next = characters.next().map(|character| (character, Properties::of(character)));
            segment
        };
        if segment.is_word {
            found.push(at as u32, segment.end as u32);
        }
        at = segment.end;
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
    if last == Kind::LineEnd {
        let is_pair = first == '\r' && text[end..].starts_with('\n');
        return Segment { end: end + usize::from(is_pair), is_word };
    }
    let mut behind_joiner = last == Kind::Joiner;
    let mut is_extended = false;
    let mut flag_is_half = last == Kind::Regional;
    if matches!(last, Kind::Joiner | Kind::Extend) {
        last = Kind::Other;
    }
    while let Some((at, character)) = rest.next() {
        let properties = Properties::of(character);
        let next = properties.word();
        let goes_on = match (last, next) {
            (_, Kind::Extend | Kind::Joiner) => {
                behind_joiner = next == Kind::Joiner;
                is_extended = true;
                is_word |= properties.is_alphanumeric();
                end = at + character.len_utf8();
                continue;
            }
            _ if behind_joiner && properties.is_pictographic() => {
                last = Kind::Other;
                behind_joiner = false;
                is_word |= properties.is_alphanumeric();
                end = at + character.len_utf8();
                continue;
            }
            (Kind::Letter | Kind::Hebrew, Kind::Letter | Kind::Hebrew | Kind::Digit | Kind::Connector)
            | (Kind::Digit, Kind::Digit | Kind::Letter | Kind::Hebrew | Kind::Connector)
            | (Kind::Katakana, Kind::Katakana | Kind::Connector)
            | (Kind::Connector, Kind::Connector | Kind::Letter | Kind::Hebrew | Kind::Digit | Kind::Katakana) => true,
            (Kind::Space, Kind::Space) => !is_extended,
            (Kind::Regional, Kind::Regional) => std::mem::take(&mut flag_is_half),
            (Kind::Letter | Kind::Hebrew, Kind::MidLetter | Kind::MidBoth | Kind::SingleQuote)
            | (Kind::Digit, Kind::MidDigit | Kind::MidBoth | Kind::SingleQuote)
            | (Kind::Hebrew, Kind::DoubleQuote) => {
                let mark = next;
                let (kind, past) = look_past(text, at + character.len_utf8());
                let is_letter = matches!(kind, Reached::Kind(Kind::Letter | Kind::Hebrew));
                let joins = match (last, mark) {
                    (_, Kind::DoubleQuote) => kind == Reached::Kind(Kind::Hebrew),
                    (Kind::Digit, _) => kind == Reached::Kind(Kind::Digit),
                    _ => is_letter,
                };
                if joins || kind == Reached::Emoji {
                    // The mark and its extenders; what it joins comes next.
                    is_word |= text[at..past].chars().any(|character| Properties::of(character).is_alphanumeric());
                    while rest.next_if(|(at, _)| *at < past).is_some() {}
                    end = past;
                    behind_joiner = kind == Reached::Emoji;
                    if behind_joiner {
                        last = Kind::Other;
                    }
                    continue;
                }
                // Hebrew letters keep a single quote at their end.
                if (last, mark) == (Kind::Hebrew, Kind::SingleQuote) {
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
    Kind(Kind),
    /// Behind a joiner.
    Emoji,
}

/// What stands behind the extenders at a place, and where.
fn look_past(text: &str, place: usize) -> (Reached, usize) {
    let mut behind_joiner = false;
    for (at, character) in text[place..].char_indices() {
        let properties = Properties::of(character);
        match properties.word() {
            kind @ (Kind::Extend | Kind::Joiner) => behind_joiner = kind == Kind::Joiner,
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

    fn cut(text: &str) -> Vec<(usize, &str)> {
        let mut found = Places::default();
        words(text, 0..text.len(), &mut found);
        let places = found.starts.iter().zip(&found.ends);
        places.map(|(&start, &end)| (start as usize, &text[start as usize..end as usize])).collect()
    }

    fn assert_equal(text: &str) {
        assert_eq!(cut(text), text.unicode_word_indices().collect::<Vec<_>>(), "{text:?}");
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
                assert!(cut(&text).len() <= text.len());
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
            for (at, word) in cut(&text) {
                prop_assert_eq!(first_word(&text[at..]), word);
            }
        }
    }

    #[test]
    fn characters_of_every_length_straddle_blocks_at_every_byte() {
        for piece in ["é", "ж", "’s", "हि", "中", "カ", "א", "𝟘", "e\u{301}", "1.5", "a'b", "\u{ad}x", "_", "\u{a0}"]
        {
            for lead in 0..2 * LANES {
                let text = format!("{}{piece}{piece} b{piece} 1{piece}2 c", "a".repeat(lead));
                assert_equal(&text);
                assert_equal(&text.replacen('a', " ", lead / 2));
            }
        }
    }

    proptest! {
        #[test]
        fn a_part_is_cut_as_if_it_were_all(before in pieces(), text in pieces(), behind in pieces()) {
            let whole = format!("{before}{text}{behind}");
            let mut found = Places::default();
            words(&whole, before.len()..before.len() + text.len(), &mut found);
            let shift = before.len();
            let found = found.starts.iter().zip(&found.ends).map(|(start, end)| (*start as usize - shift, *end as usize - shift));
            prop_assert_eq!(found.collect::<Vec<_>>(), cut(&text).iter().map(|(at, word)| (*at, at + word.len())).collect::<Vec<_>>());
        }
    }
}
