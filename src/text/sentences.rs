//! Sentences: the borders of UAX #29, put to the right side of quotation marks, those left out that the table joins.
//!
//! For each border that the segmenter reports, the marks behind the full stop are walked: closing marks belong to the
//! sentence before, from the first opening mark on all is the next one's. UAX #29 gives both kinds to the sentence
//! before and stops at a blank, which is wrong in `。“我们`, `said. " We` and `. *`. A straight mark tells its side by the
//! blanks about it; where they don't, it closes what is open and opens what is not. To know what is open, the block's
//! marks are scanned from its start, in step with the borders. Then [`tailoring`](super::tailoring) may join the two
//! sides. An ellipsis before a capital ends a sentence as three full stops do.
//!
//! One pass, linear, no allocation.

use super::borders::{SentenceBorders, sentence_borders};
use super::lines::{is_blank, trim_end};
use super::signs::Signs;
use super::tailoring::{Border, joins};

/// The places where the sentences of a block end, counted from its start, ascending; the last is its end. The block is
/// given as one line, with the place where it begins in the text that the signs are of.
pub(super) fn sentences<'t>(text: &'t str, base: usize, signs: &'t Signs) -> Sentences<'t> {
    let mut marks = Marks { text, base, signs, at: 0, next: 0, straight: false, low: false, guillemet: None };
    marks.next = marks.find(0);
    let ellipsis = marks.next_ellipsis(0);
    let borders = sentence_borders(text, base, signs);
    Sentences { text, start: 0, is_first: true, borders, next_border: None, ellipsis, marks }
}

/// Iterator of [`sentences`].
pub(super) struct Sentences<'t> {
    text: &'t str,
    start: usize,
    is_first: bool,
    borders: SentenceBorders<'t>,
    next_border: Option<usize>,
    ellipsis: usize,
    marks: Marks<'t>,
}

impl Iterator for Sentences<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.start == self.text.len() {
            return None;
        }
        while let Some(border) = self.candidate() {
            if border <= self.start || border < self.marks.at {
                continue;
            }
            if border == self.text.len() && self.text.ends_with(is_plain) {
                break;
            }
            let (stop, at) = self.settle(border);
            if at >= self.text.len() {
                break;
            }
            if at <= self.start {
                continue;
            }
            let before = trim_end(&self.text[self.start..stop]);
            if !joins(Border { before, after: &self.text[at..], is_first: self.is_first }) {
                self.is_first = false;
                self.start = at;
                return Some(at);
            }
        }
        self.start = self.text.len();
        Some(self.text.len())
    }
}

impl Sentences<'_> {
    /// The next place where a sentence may end.
    fn candidate(&mut self) -> Option<usize> {
        let border = self.next_border.take().or_else(|| self.borders.next());
        match border {
            Some(border) if border <= self.ellipsis => Some(border),
            _ if self.ellipsis < self.text.len() => {
                self.next_border = border;
                let at = self.ellipsis;
                self.ellipsis = self.marks.next_ellipsis(at);
                Some(at)
            }
            border => border,
        }
    }

    /// Walks the marks about a border: where the sentence before ends (with its closing marks), and where the next
    /// begins.
    fn settle(&mut self, border: usize) -> (usize, usize) {
        // Nearly all borders look so: a full stop, a blank, a letter.
        if let (before @ [.., stop, b' '], [next, ..]) = self.text.as_bytes().split_at(border)
            && is_plain(char::from(*stop))
            && is_plain(char::from(*next))
            && before.len() >= self.marks.at + 2
        {
            self.marks.advance(border - 1);
            self.marks.at = border;
            return (border - 1, border);
        }
        let head =
            self.text[self.marks.at..border].trim_end_matches(|character| is_blank(character) || is_mark(character));
        let tail = self.marks.at + head.len();
        self.marks.advance(tail);
        let mut stop = tail;
        let mut rest = self.text[tail..].chars();
        loop {
            let at = self.text.len() - rest.as_str().len();
            let Some(character) = rest.next() else { return (stop, self.text.len()) };
            if is_blank(character) {
                self.marks.at = self.marks.at.max(at + character.len_utf8());
                continue;
            }
            let note = if at == tail { footnote(&self.text[at..]) } else { 0 };
            if note > 0 {
                stop = at + note;
                self.marks.advance(stop);
                rest = self.text[stop..].chars();
            } else if is_mark(character) && self.marks.closes(at, character) {
                stop = at + character.len_utf8();
                self.marks.advance(stop);
            } else {
                return (stop, at);
            }
        }
    }
}

/// Whether a character of ASCII is a full stop or its like, a letter or a digit; no mark, and no blank.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '!' | '?')
}

/// The length of a note's number in brackets (`[12]`), if the text begins with one.
fn footnote(text: &str) -> usize {
    let Some(inner) = text.strip_prefix('[') else { return 0 };
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) && inner[digits..].starts_with(']') { digits + 2 } else { 0 }
}

/// Quotation marks, brackets and marks of emphasis.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '*' | '_' | '«' | '»' | '‘'..='‟' | '‹' | '›' | '〈'..='】' | '〔'
            ..='〟' | '（' | '）' | '［' | '］' | '｛' | '｝' | '＂' | '＇' | '｢' | '｣' | '﴾' | '﴿'
    )
}

/// The quotation marks of a block, scanned from its start on.
struct Marks<'t> {
    text: &'t str,
    /// Where it begins in the text that the signs are of.
    base: usize,
    signs: &'t Signs,
    /// How far the scan is.
    at: usize,
    /// The next place where a mark may stand.
    next: usize,
    /// Whether a straight quotation is open.
    straight: bool,
    /// Whether a quotation opened by a low mark („) is open.
    low: bool,
    /// The guillemet that opened the open quotation.
    guillemet: Option<char>,
}

impl Marks<'_> {
    /// Scans up to a place.
    fn advance(&mut self, to: usize) {
        while self.next < to {
            self.note(self.next);
            self.next = self.find(self.next + 1);
        }
        self.at = self.at.max(to);
    }

    /// Where the next character may stand that opens or closes, at a place or behind it.
    #[inline]
    fn find(&self, place: usize) -> usize {
        self.signs.next_mark(self.base + place, self.base + self.text.len()) - self.base
    }

    /// The capital behind the next ellipsis that is followed by a blank and a capital; the end of the text if there is
    /// none.
    fn next_ellipsis(&self, from: usize) -> usize {
        let mut at = self.find(from);
        while at < self.text.len() {
            let Some(rest) = self.text[at..].strip_prefix('…') else {
                at = self.find(at + 1);
                continue;
            };
            let behind = rest.trim_start_matches(|character| is_blank(character) || is_mark(character));
            let gap = &rest[..rest.len() - behind.len()];
            at = self.text.len() - behind.len();
            if gap.contains(is_blank) && behind.starts_with(char::is_uppercase) {
                return at;
            }
            at = self.find(at);
        }
        at
    }

    /// Notes what the character at a place opens or closes, up to which all is scanned.
    fn note(&mut self, at: usize) {
        let Some(mark @ ('"' | '＂' | '„' | '“' | '”' | '«' | '»')) = self.text[at..].chars().next() else {
            return;
        };
        let closes = self.closes(at, mark);
        match mark {
            '"' | '＂' => self.straight = !closes,
            '„' => self.low = true,
            '«' | '»' => self.guillemet = if closes { None } else { self.guillemet.or(Some(mark)) },
            _ => self.low &= !closes,
        }
    }

    /// Whether the mark at a place, up to which all is scanned, closes.
    fn closes(&self, at: usize, mark: char) -> bool {
        let blank_before = self.text[..at].chars().next_back().is_none_or(is_blank);
        let after = self.text[at + mark.len_utf8()..].chars().next();
        let blank_after = after.is_none_or(is_blank);
        match mark {
            ')' | ']' | '}' | '”' | '›' | '」' | '』' | '】' | '》' | '〉' | '）' | '］' | '｝' | '〕' | '〗'
            | '〙' | '〛' | '〞' | '〟' | '｣' | '﴾' => true,
            // German „…“ closes with what opens elsewhere.
            '“' => self.low,
            '‘' => false,
            '’' => !blank_before || blank_after,
            '«' | '»' => self.guillemet.is_some_and(|opening| opening != mark),
            '"' | '＂' if blank_before == blank_after => self.straight,
            '"' | '＂' | '\'' | '＇' | '*' | '_' => !blank_before || blank_after,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;
    use proptest::prelude::*;

    fn signs(text: &str) -> Signs {
        let mut signs = Signs::default();
        lines(text, &mut Vec::new(), &mut signs);
        signs
    }

    fn cut(text: &str) -> Vec<&str> {
        let mut start = 0;
        let mut found = Vec::new();
        for end in sentences(text, 0, &signs(text)) {
            found.push(text[start..end].trim_matches(is_blank));
            start = end;
        }
        found
    }

    /// Cases stand in a file, one a line: the sentences of a text, with `¦` between them.
    #[test]
    fn cases() {
        let mut wrong = Vec::new();
        for case in include_str!("sentences.txt").lines().filter(|line| !line.is_empty() && !line.starts_with("## ")) {
            let expected: Vec<&str> = case.split('¦').map(|sentence| sentence.trim_matches(is_blank)).collect();
            let text = case.replace('¦', "");
            if cut(&text) != expected {
                wrong.push(cut(&text).join(" ¦ "));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// The plain twin of the scan for marks: one character after the other.
    fn advance_plainly(marks: &mut Marks, to: usize) {
        let text = marks.text;
        let from = marks.at.min(to);
        for (at, _) in text[from..to].char_indices() {
            marks.note(from + at);
        }
        marks.at = marks.at.max(to);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for pattern in ["\"", ". \"", ".\" ", "…", "… ", "…)", "A. ", "?)", "« ", ".»", "! [1]", "1. ", "MOSCOW. ", "“"]
        {
            let text = pattern.repeat(300_000);
            assert_eq!(sentences(&text, 0, &signs(&text)).last(), Some(text.len()));
        }
    }

    proptest! {
        #[test]
        fn marks_are_noted_as_by_the_plain_twin(text in "([a-c]{0,70}[\"“”„«»＂’é中 …]{1,3}){0,12}", step in 1usize..90) {
            let signs = signs(&text);
            let marks = || Marks { text: &text, base: 0, signs: &signs, at: 0, next: 0, straight: false, low: false, guillemet: None };
            let (mut fast, mut plain) = (marks(), marks());
            for to in (0..=text.len()).step_by(step).filter(|to| text.is_char_boundary(*to)) {
                fast.advance(to);
                advance_plainly(&mut plain, to);
                prop_assert_eq!((fast.at, fast.straight, fast.low, fast.guillemet), (plain.at, plain.straight, plain.low, plain.guillemet));
            }
        }

        #[test]
        fn borders_ascend_to_the_end(text in "\\PC{0,60}|([a-cA-C]{0,3}[.?!…。“”\"'«»()*\\[\\]1 \u{a0}の」]{0,4}){0,12}") {
            let borders: Vec<usize> = sentences(&text, 0, &signs(&text)).collect();
            prop_assert!(borders.is_sorted_by(|one, next| one < next));
            prop_assert_eq!(borders.last().copied(), (!text.is_empty()).then_some(text.len()));
            prop_assert!(borders.iter().all(|&border| text.is_char_boundary(border)));
        }
    }
}
