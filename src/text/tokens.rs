//! Tokens: the words of UAX #29, and single characters in scripts that are written without spaces.
//!
//! A token is a segment between word boundaries that holds a letter or a digit; symbols and emoji are none. In Han,
//! Hiragana, Thai, Lao, Khmer, Myanmar and their neighbours, where a dictionary would be needed to find words, each
//! character with its marks is a token. UAX #29 cuts these scripts so already; a segmenter that finds longer runs there
//! is cut down to characters here. Katakana words and Hangul stay whole, as UAX #29 has them.
//!
//! A word that a hyphen breaks at the end of a line is one token, and is compared without the break: *north-⏎ern* is
//! *northern*. It is taken for broken where letters stand on both sides, the second ones in lower case or all in
//! capitals. A compound that was broken at its own hyphen (*state-⏎owned*) is joined too, and differs from the same
//! compound inside a line.
//!
//! **Idea.** The blocks of a text are many and small. So many lines are cut as one [`STRETCH`], in a few long loops, and
//! each block is given what lies in it: no word crosses the end of a line. Where a block begins or ends within what
//! would be one word of the stretch (a mark that joins a blank or a bullet before it), the block is cut by itself.
//!
//! **Cost.** Linear. While a text is cut, 16 bytes for each token of a stretch, or of a longer block.

use std::ops::Range;

use super::folding::{SimplyFolded, fingerprint_ascii, fingerprint_short, fingerprint_token, fold, is_character};
use super::glossary::Glossary;
use super::properties::{Properties, Word};
use super::words::{Places, first_word, words};

/// How many bytes are cut at once, and the rest of the line. (Tests should meet many stretches.)
const STRETCH: usize = if cfg!(test) { 1 << 6 } else { 1 << 16 };

/// The tokens of a text, asked for part by part. Keeps its memory from one text to the next.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    stretch: Cut,
    /// Where the stretch ends.
    reached: usize,
    /// How many of its tokens stand before the next part.
    passed: usize,
    /// The tokens of a part that are not those of the stretch.
    part: Cut,
    workshop: Workshop,
}

/// Tokens in order: where they stand, and their fingerprints.
#[derive(Debug, Default)]
struct Cut {
    places: Places,
    fingerprints: Vec<u32>,
}

/// The tokens of a part of a text in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'t> {
    pub(super) starts: &'t [u32],
    pub(super) ends: &'t [u32],
    pub(super) fingerprints: &'t [u32],
}

/// What is needed to cut, and is of no use afterwards.
#[derive(Debug, Default)]
struct Workshop {
    glossary: Glossary,
    /// Room for the numbers of the words that the glossary doesn't have.
    others: Vec<u32>,
    /// The words, while tokens are made of them.
    words: Cut,
    folded: SimplyFolded,
    scratch: String,
}

/// Stands for a word that is to be cut to pieces: no fingerprint of a word is odd. (A character may have this one; it
/// is then cut to one piece.)
const UNKNOWN: u32 = 1;

impl Tokens {
    /// Begins with another text.
    pub(super) fn begin(&mut self) {
        self.reached = 0;
    }

    /// The tokens of a part of the text, which begins where the part before ends or further on.
    ///
    /// `may_be_broken` tells whether a hyphen stands at the end of a line in it.
    pub(super) fn part(&mut self, text: &str, part: Range<usize>, may_be_broken: bool) -> Part<'_> {
        if part.end > self.reached {
            self.cut_stretch(text, &part);
        }
        let Tokens { stretch, passed, part: own, workshop, .. } = self;
        *passed += count_before(&stretch.places.starts[*passed..], part.start);
        let first = *passed;
        *passed += count_before(&stretch.places.starts[first..], part.end);
        let tokens = first..*passed;
        if is_apart(text, &part, stretch.places.ends[..*passed].last()) {
            if !may_be_broken {
                return stretch.part(tokens);
            }
            own.copy(stretch.part(tokens));
        } else {
            own.cut(text, part.clone(), workshop);
        }
        if may_be_broken {
            own.join_broken(text, part, workshop);
        }
        own.part(0..own.fingerprints.len())
    }

    /// Cuts a part of the text and the lines behind it.
    fn cut_stretch(&mut self, text: &str, part: &Range<usize>) {
        let least = part.end.max(part.start + STRETCH).min(text.len());
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[least..]);
        self.reached = line_end.map_or(text.len(), |rest| least + rest);
        self.passed = 0;
        self.stretch.cut(text, part.start..self.reached, &mut self.workshop);
    }
}

/// How many of some ascending places lie before one.
#[inline]
pub(super) fn count_before(places: &[u32], end: usize) -> usize {
    let end = end as u32;
    let before = |places: &[u32]| places.iter().map(|place| u32::from(*place < end)).sum::<u32>() as usize;
    // Eight at a time, without a branch for each.
    let (eights, rest) = places.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let count = before(eight);
        if count < 8 {
            return 8 * number + count;
        }
    }
    places.len() - rest.len() + before(rest)
}

/// Whether a part of a text has the tokens that stand there in the text as a whole: nothing joins its first character to
/// the one before, nor its last token, of which the end is given, to what follows.
fn is_apart(text: &str, part: &Range<usize>, last_end: Option<&u32>) -> bool {
    let is_joined = |first| matches!(Properties::of(first).word(), Word::Extend | Word::Joiner);
    let is_apart_before =
        text.as_bytes().get(part.start).is_none_or(u8::is_ascii) || !text[part.start..].starts_with(is_joined);
    is_apart_before && last_end.is_none_or(|end| *end as usize <= part.end)
}

impl Cut {
    fn part(&self, tokens: Range<usize>) -> Part<'_> {
        Part {
            starts: &self.places.starts[tokens.clone()],
            ends: &self.places.ends[tokens.clone()],
            fingerprints: &self.fingerprints[tokens],
        }
    }

    fn copy(&mut self, part: Part<'_>) {
        self.places.clear();
        self.places.starts.extend_from_slice(part.starts);
        self.places.ends.extend_from_slice(part.ends);
        self.fingerprints.clear();
        self.fingerprints.extend_from_slice(part.fingerprints);
    }

    /// Cuts a part of a text into its tokens.
    fn cut(&mut self, text: &str, part: Range<usize>, workshop: &mut Workshop) {
        words(text, part, &mut self.places);
        let Workshop { glossary, others, folded, .. } = workshop;
        let Places { starts, ends } = &self.places;
        // Nearly all words are short and ASCII: those first, in a loop that does nothing else.
        let mut all = true;
        for &number in fingerprint_short(text, &self.places, &mut self.fingerprints, others) {
            let number = number as usize;
            let place = starts[number] as usize..ends[number] as usize;
            let word = &text.as_bytes()[place.clone()];
            let found =
                fingerprint_ascii(word).or_else(|| glossary.look_up(word, || folded.fingerprint_word(&text[place])));
            self.fingerprints[number] = found.unwrap_or(UNKNOWN);
            all &= found.is_some();
        }
        if !all {
            self.take_pieces(text, workshop);
        }
    }

    /// Cuts the words that still have no fingerprint into their tokens.
    fn take_pieces(&mut self, text: &str, workshop: &mut Workshop) {
        std::mem::swap(self, &mut workshop.words);
        self.places.clear();
        self.fingerprints.clear();
        let Part { starts, ends, fingerprints } = workshop.words.part(0..workshop.words.fingerprints.len());
        for ((&start, &end), &fingerprint) in starts.iter().zip(ends).zip(fingerprints) {
            if fingerprint != UNKNOWN {
                self.places.push(start, end);
                self.fingerprints.push(fingerprint);
                continue;
            }
            let word = &text[start as usize..end as usize];
            for piece in (Pieces { word, from: 0 }) {
                self.places.push(start + piece.start as u32, start + piece.end as u32);
                let token = &word[piece.start..piece.end];
                self.fingerprints.push(fingerprint_token(token, piece.is_character, &mut workshop.scratch));
            }
        }
    }

    /// Makes one token of those that are one word, broken at the end of a line.
    fn join_broken(&mut self, text: &str, part: Range<usize>, workshop: &mut Workshop) {
        let content = &text[part.clone()];
        let Places { starts, ends } = &mut self.places;
        let mut kept = 0;
        let mut next = 0;
        while next < starts.len() {
            let (start, mut end) = (starts[next], ends[next]);
            let mut fingerprint = self.fingerprints[next];
            next += 1;
            let first = next;
            while let Some(rest) = rest_of_broken(&content[start as usize - part.start..], (end - start) as usize)
                && let Some(&piece) = starts.get(next)
                && piece as usize == start as usize + rest
            {
                end = ends[next];
                next += 1;
            }
            if next > first
                && let Some(whole) = unbroken(&text[start as usize..end as usize])
            {
                fingerprint = fingerprint_token(&whole, is_character(fingerprint), &mut workshop.scratch);
            }
            (starts[kept], ends[kept], self.fingerprints[kept]) = (start, end, fingerprint);
            kept += 1;
        }
        self.places.truncate(kept);
        self.fingerprints.truncate(kept);
    }
}

/// Where the token ends that the text begins with. Takes time in proportion to the token.
pub(super) fn end_of_first(text: &str) -> usize {
    // Most are plain letters before a blank.
    let plain = text.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(text.len());
    if plain > 0 && matches!(text.as_bytes().get(plain), None | Some(b' ')) {
        return plain;
    }
    let first = |text: &str| {
        let word = first_word(text);
        Pieces { word, from: 0 }.next().map_or(word.len(), |piece| piece.end)
    };
    let mut end = first(text);
    while let Some(rest) = rest_of_broken(text, end) {
        end = rest + first(&text[rest..]);
    }
    end
}

/// Where a word goes on in the next line, if it is broken by a hyphen behind its first `end` bytes.
fn rest_of_broken(text: &str, end: usize) -> Option<usize> {
    let behind = &text[end..];
    // Most words end here.
    let hyphen = match behind.as_bytes().first()? {
        b'-' => 1,
        0xe2 if behind.starts_with('\u{2010}') => 3,
        _ => return None,
    };
    let line_end = behind[hyphen..].trim_start_matches([' ', '\t']);
    let next = line_end.strip_prefix("\r\n").or_else(|| line_end.strip_prefix('\n'))?;
    let next = next.trim_start_matches([' ', '\t', '>']);
    let (mut before, mut after) = (text[..end].chars().rev(), next.chars());
    let (last, first) = (before.next()?, after.next()?);
    let is_word = |letter: char| letter.is_alphabetic() && !lacks_spaces(letter);
    let is_capital = |letter: Option<char>| letter.is_some_and(char::is_uppercase);
    let goes_on =
        first.is_lowercase() || (first.is_uppercase() && is_capital(before.next()) && is_capital(after.next()));
    (is_word(last) && is_word(first) && goes_on && last.is_lowercase() == first.is_lowercase())
        .then_some(text.len() - next.len())
}

/// The word as it was before it was broken, if it is.
pub(super) fn unbroken(word: &str) -> Option<String> {
    let mut whole = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('\n') {
        whole.push_str(rest[..at].trim_end().trim_end_matches(['-', '\u{2010}']));
        rest = rest[at..].trim_start_matches(['\n', ' ', '\t', '>']);
    }
    (rest.len() < word.len()).then(|| whole + rest)
}

/// One token of a segment.
struct Piece {
    start: usize,
    end: usize,
    /// Whether it is one character of a script written without spaces.
    is_character: bool,
}

/// The tokens of one segment: itself, or its characters.
struct Pieces<'t> {
    word: &'t str,
    from: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.from;
        let rest = &self.word[start..];
        let lacks_spaces = Properties::of(rest.chars().next()?).lacks_spaces();
        let all = rest.char_indices().map(|(at, character)| (at, Properties::of(character)));
        let mut letters = all.filter(|(_, properties)| properties.begins_token());
        let is_character = letters.next().map_or(lacks_spaces, |(_, first)| first.lacks_spaces());
        let cut = letters.find(|(_, next)| is_character || next.lacks_spaces());
        self.from = cut.map_or(self.word.len(), |(at, _)| start + at);
        Some(Piece { start, end: self.from, is_character })
    }
}

/// Whether a character is a letter of a script that is written without spaces between words.
pub(super) fn lacks_spaces(character: char) -> bool {
    match character {
        '\0'..='\u{dff}' => false,
        // Thai, Lao
        '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ecf}' | '\u{edc}'..='\u{edf}' => true,
        // Myanmar, Khmer
        '\u{1000}'..='\u{103f}' | '\u{1050}'..='\u{108f}' | '\u{109a}'..='\u{109d}' | '\u{1780}'..='\u{17d3}' => true,
        '\u{17d7}' | '\u{17dc}' | '\u{17dd}' | '\u{a9e0}'..='\u{a9ef}' | '\u{a9fa}'..='\u{a9fe}' => true,
        '\u{aa60}'..='\u{aa7f}' => true,
        // Tai Le, New Tai Lue, Tai Tham, Tai Viet, Ahom
        '\u{1950}'..='\u{1974}' | '\u{1980}'..='\u{19c9}' | '\u{1a20}'..='\u{1a7c}' | '\u{1aa7}' => true,
        '\u{aa80}'..='\u{aadf}' | '\u{11700}'..='\u{1172b}' | '\u{11740}'..='\u{11746}' => true,
        // Hiragana
        '\u{3041}'..='\u{309f}' | '\u{1b001}'..='\u{1b11f}' | '\u{1b132}' | '\u{1b150}'..='\u{1b152}' => true,
        // Han
        '\u{2e80}'..='\u{2fd5}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303b}' => true,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => true,
        '\u{20000}'..='\u{3ffff}' => true,
        _ => false,
    }
}

/// What a token is compared by, as letters: folded, and whole if it is broken.
pub(crate) fn fold_token(token: &str) -> String {
    unbroken(token).map_or_else(|| fold(token).into_owned(), |whole| fold(&whole).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::folding::fingerprint;
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::char::is_combining_mark;
    use unicode_segmentation::UnicodeSegmentation;

    fn cut(text: &str) -> Vec<&str> {
        let mut tokens = Tokens::default();
        tokens.begin();
        let found = tokens.part(text, 0..text.len(), true);
        found.starts.iter().zip(found.ends).map(|(start, end)| &text[*start as usize..*end as usize]).collect()
    }

    #[test]
    fn words_numbers_and_characters() {
        assert_eq!(cut("The U.S.-backed 1.5 don’t 😀 — #tag"), ["The", "U.S", "backed", "1.5", "don’t", "tag"]);
        assert_eq!(cut("俄罗斯和API。"), ["俄", "罗", "斯", "和", "API"]);
        assert_eq!(cut("ロシアのラブロフ外相"), ["ロシア", "の", "ラブロフ", "外", "相"]);
        assert_eq!(cut("ไม่มี"), ["ไ", "ม่", "มี"]);
        assert_eq!(cut("러시아 외무장관"), ["러시아", "외무장관"]);
        assert_eq!(cut("रूस के विदेश"), ["रूस", "के", "विदेश"]);
        assert_eq!(cut("می\u{200c}خواهم رفت"), ["می\u{200c}خواهم", "رفت"]);
    }

    #[test]
    fn broken_words_are_whole() {
        for (text, words) in [
            ("the north-\nern towns", vec!["the", "north-\nern", "towns"]),
            ("the north-  \r\n  > ern towns", vec!["the", "north-  \r\n  > ern", "towns"]),
            ("INTER-\nNATIONAL", vec!["INTER-\nNATIONAL"]),
            ("in-\nter-\nnational", vec!["in-\nter-\nnational"]),
            ("north\u{2010}\nern", vec!["north\u{2010}\nern"]),
            ("Jean-\nPaul, 5-\nfold, A-\nB, no -\nnot", vec!["Jean", "Paul", "5", "fold", "A", "B", "no", "not"]),
            ("north-ern north-\n\nern", vec!["north", "ern", "north", "ern"]),
        ] {
            assert_eq!(cut(text), words);
            assert_eq!(end_of_first(text), cut(text)[0].len());
        }
        assert_eq!(unbroken("in-\nter-  \r\n > national").as_deref(), Some("international"));
        assert_eq!(unbroken("international"), None);
    }

    /// The plain twin: words of the reference, each cut before every letter that is one by itself, folded as a whole.
    fn naive(text: &str) -> Vec<(usize, usize, u32)> {
        let begins_token = |c: char| c.is_alphanumeric() && !is_combining_mark(c);
        let mut found = Vec::new();
        for (at, word) in text.unicode_word_indices() {
            let mut start = 0;
            while start < word.len() {
                let rest = &word[start..];
                let first = rest.chars().find(|c| begins_token(*c)).or(rest.chars().next());
                let is_character = first.is_some_and(lacks_spaces);
                let mut letters = rest.char_indices().filter(|(_, c)| begins_token(*c)).skip(1);
                let end =
                    letters.find(|(_, c)| is_character || lacks_spaces(*c)).map_or(word.len(), |(at, _)| start + at);
                found.push((at + start, at + end, fingerprint(&fold(&word[start..end]), is_character)));
                start = end;
            }
        }
        found
    }

    fn assert_equal(text: &str) {
        let mut tokens = Tokens::default();
        tokens.begin();
        let Part { starts, ends, fingerprints } = tokens.part(text, 0..text.len(), false);
        let found = starts.iter().zip(ends).zip(fingerprints);
        let found = found.map(|((start, end), print)| (*start as usize, *end as usize, *print));
        assert_eq!(found.collect::<Vec<_>>(), naive(text), "{text:?}");
    }

    #[test]
    fn tokens_of_every_length_are_as_in_the_plain_twin() {
        for piece in ["a", "Ab", "É", "’s", "ж", "हि", "ß", "ﬁ", "e\u{301}", "می\u{200c}", "ก", "中", "_", "7"]
        {
            for times in 1..80 {
                assert_equal(&format!("x {} y", piece.repeat(times)));
                assert_equal(&piece.repeat(times));
            }
        }
    }

    proptest! {
        #[test]
        fn tokens_equal_the_plain_twin(text in "([a-zA-Z]{1,20}|[0-9]{1,3}|[ .,'’_-]{1,2}|[éÉßжЖΣς]{1,9}|[中文のカาก々]{1,4}|[e\u{301}\u{323}\u{200d}\u{ad}कि्א״]{1,6}){0,40}") {
            assert_equal(&text);
        }

        #[test]
        fn tokens_of_any_text_equal_the_plain_twin(text in any::<String>()) {
            assert_equal(&text);
        }
    }

    #[test]
    fn longer_runs_are_cut_to_characters() {
        let pieces: Vec<_> = Pieces { word: "ไม่มีab和", from: 0 }.map(|piece| (piece.start, piece.end)).collect();
        assert_eq!(pieces, [(0, 3), (3, 9), (9, 15), (15, 17), (17, 20)]);
    }
}
