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

use unicode_normalization::char::is_combining_mark;

use super::folding::fold;
use super::words::{first_word, words};

/// One token: where it stands, and whether it is one character of a script written without spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_character: bool,
    /// Whether a hyphen breaks it at the end of a line.
    pub(super) is_broken: bool,
}

/// The tokens of a text in order. Linear.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut pieces = words(text).flat_map(|(at, word)| Pieces { word, at, from: 0 }).peekable();
    std::iter::from_fn(move || {
        let mut token = pieces.next()?;
        while let Some(rest) = rest_of_broken(&text[token.start..], token.end - token.start) {
            let Some(piece) = pieces.next_if(|piece| piece.start == token.start + rest) else { break };
            token.end = piece.end;
            token.is_broken = true;
        }
        Some(token)
    })
}

/// Where the token ends that the text begins with. Takes time in proportion to the token.
pub(super) fn end_of_first(text: &str) -> usize {
    let first = |text: &str| {
        let word = first_word(text);
        Pieces { word, at: 0, from: 0 }.next().map_or(word.len(), |token| token.end)
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

/// The tokens of one segment: itself, or its characters.
struct Pieces<'t> {
    word: &'t str,
    at: usize,
    from: usize,
}

impl Iterator for Pieces<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = &self.word[self.from..];
        let mut is_character = false;
        let mut length = rest.len();
        if rest.is_ascii() {
            // Empty at the end.
            rest.chars().next()?;
        } else {
            let mut letters = rest.char_indices().filter(|&(_, character)| begins_token(character));
            is_character = letters.next().map_or(lacks_spaces(rest.chars().next()?), |(_, first)| lacks_spaces(first));
            if let Some((at, _)) = letters.find(|&(_, next)| is_character || lacks_spaces(next)) {
                length = at;
            }
        }
        let start = self.at + self.from;
        self.from += length;
        Some(Token { start, end: start + length, is_character, is_broken: false })
    }
}

/// Whether a character is a letter or a digit, and no mark upon one.
fn begins_token(character: char) -> bool {
    character.is_alphanumeric() && !is_combining_mark(character)
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
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        tokens(text).map(|token| &text[token.start..token.end]).collect()
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

    #[test]
    fn longer_runs_are_cut_to_characters() {
        let pieces: Vec<_> = Pieces { word: "ไม่มีab和", at: 5, from: 0 }.map(|token| (token.start, token.end)).collect();
        assert_eq!(pieces, [(5, 8), (8, 14), (14, 20), (20, 22), (22, 25)]);
    }
}
