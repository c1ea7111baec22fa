//! Words: a text as names are looked for in it.
//!
//! **Idea.** A word is a run of letters and figures. A hyphen between letters belongs to it (*Jean-Luc*, *al-Assad*), an
//! apostrophe only in a name (*O’Brien*): elsewhere it parts an article from a noun (*l’homme*) or a verb's rest from a
//! pronoun (*he’s*). The genitive's *’s* is cut off and noted. Each word knows what the [lexicon](super::lexicon) says of
//! it, and how it stands: at the beginning of a sentence, in speech, in a heading (or what is written like one), and
//! whether it goes on from the word before without a sign between them, as the parts of a name do.
//!
//! **Cost.** One pass over the text; 16 bytes a word.
//!
//! **Gives up.** Scripts without spaces make one word of a phrase: names there are known only from quotations.

use super::lexicon::{Lexicon, Meaning};
use crate::finding::Span;
use crate::text::{Unit, UnitKind, push_small};

/// Bytes of a word at most that may be part of a name.
const LONGEST: usize = 64;
/// Bytes of white space at most inside a name, which may go over the end of a line.
const WIDEST_GAP: usize = 12;

/// Letters of a word that has a capital in titles.
const LONG: usize = 4;
/// Such words at least that make a title.
const TITLED: usize = 5;

/// How a word stands, as a set.
pub(super) struct Looks;

impl Looks {
    /// It begins with a capital letter.
    pub(super) const CAPITAL: u8 = 1;
    /// All of its letters are capitals, two at least.
    pub(super) const CAPITALS: u8 = 1 << 1;
    /// A sentence may begin with it, so that its capital says nothing.
    pub(super) const OPENS: u8 = 1 << 2;
    /// It is said by somebody.
    pub(super) const SPOKEN: u8 = 1 << 3;
    /// *’s* was cut off.
    pub(super) const POSSESSIVE: u8 = 1 << 4;
    /// It goes on from the word before.
    pub(super) const JOINED: u8 = 1 << 5;
    /// It stands in a heading, where capitals say nothing.
    pub(super) const HEADING: u8 = 1 << 6;
    /// It is part of the words beside a quotation that name the speaker.
    pub(super) const CALLED: u8 = 1 << 7;
}

/// A word of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) meaning: Meaning,
    looks: u8,
}

impl Word {
    pub(super) fn is(&self, looks: u8) -> bool {
        self.looks & looks != 0
    }

    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        slice(text, self.start as usize, self.end as usize)
    }
}

/// A piece of the text, or nothing where it cuts a character.
pub(super) fn slice(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// What is laid over a text: which parts are said, and which name a speaker. Both ascending.
pub(super) struct Overlay<'a> {
    pub(super) spoken: &'a [Span],
    pub(super) called: &'a [Span],
}

/// Cuts what some units of a text hold into words.
pub(super) fn cut(text: &str, units: &[Unit], overlay: &Overlay) -> (Vec<Word>, Lexicon) {
    let (first, last) = (units.first().map_or(0, |unit| unit.start), units.last().map_or(0, |unit| unit.end));
    let text = slice(text, 0, last as usize);
    let places = || Places { text, at: first as usize };
    let lexicon = Lexicon::of_text(places().map(|place| slice(text, place.start, place.end)));
    let unit_spans: Vec<Span> = units.iter().map(|unit| Span { start: unit.start, end: unit.end }).collect();
    let (mut unit, mut spoken, mut called) =
        (Cursor::new(&unit_spans), Cursor::new(overlay.spoken), Cursor::new(overlay.called));
    let mut words: Vec<Word> = Vec::new();
    let mut small = String::new();
    let mut before = Before::default();
    let mut is_heading = false;
    for place in places() {
        let written = slice(text, place.start, place.end);
        let (unit, spoken, called) = (unit.at(place.start), spoken.at(place.start), called.at(place.start));
        if unit.is_new {
            let unit = unit.number.and_then(|number| units.get(number));
            is_heading = unit.is_some_and(|unit| {
                let written = slice(text, unit.start as usize, unit.end as usize);
                unit.kind == UnitKind::Heading || is_titled(written)
            });
        }
        let is_short = written.len() <= LONGEST;
        let is_capital = is_short && has_capital(written, lexicon);
        small.clear();
        if is_short {
            push_small(written, &mut small);
        }
        let gap = slice(text, before.end, place.start);
        let is_within_name = before.is_abbreviation && joins(gap, true);
        let opens = unit.is_new && !is_within_name || spoken.is_new || opens_sentence(gap, before.is_abbreviation);
        let looks = [
            (Looks::CAPITAL, is_capital),
            (Looks::CAPITALS, is_capital && is_in_capitals(written)),
            (Looks::OPENS, opens),
            (Looks::SPOKEN, spoken.number.is_some()),
            (Looks::POSSESSIVE, place.whole_end > place.end),
            (Looks::JOINED, !opens && joins(gap, before.is_abbreviation)),
            (Looks::HEADING, is_heading),
            (Looks::CALLED, called.number.is_some()),
        ];
        let looks = looks.iter().filter(|(_, is)| *is).fold(0, |looks, (look, _)| looks | look);
        let meaning = lexicon.meaning(&small);
        words.push(Word { start: place.start as u32, end: place.end as u32, meaning, looks });
        let is_initial = is_capital && written.chars().nth(1).is_none();
        let is_abbreviation = is_initial || is_capital && meaning.is(Meaning::TITLE | Meaning::SUFFIX);
        before = Before { end: place.whole_end, is_abbreviation };
    }
    (words, lexicon)
}

/// The word before the one at hand.
#[derive(Default)]
struct Before {
    /// Where it ends, its genitive included.
    end: usize,
    /// Whether a full stop behind it ends no sentence.
    is_abbreviation: bool,
}

/// Where a word lies among spans that ascend.
struct Cursor<'a> {
    spans: &'a [Span],
    next: usize,
    last: Option<usize>,
}

struct Lies {
    number: Option<usize>,
    /// Whether the word before lay elsewhere.
    is_new: bool,
}

impl<'a> Cursor<'a> {
    fn new(spans: &'a [Span]) -> Self {
        Cursor { spans, next: 0, last: None }
    }

    fn at(&mut self, place: usize) -> Lies {
        while self.spans.get(self.next).is_some_and(|span| span.end as usize <= place) {
            self.next += 1;
        }
        let number = self.spans.get(self.next).filter(|span| span.start as usize <= place).map(|_| self.next);
        let is_new = number != self.last;
        self.last = number;
        Lies { number, is_new }
    }
}

/// The places of words.
struct Places<'t> {
    text: &'t str,
    at: usize,
}

struct Place {
    start: usize,
    end: usize,
    /// Where it ends with its genitive.
    whole_end: usize,
}

impl Iterator for Places<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let start = next_letter(self.text, self.at)?;
        let is_name = self.text.get(start..)?.starts_with(char::is_uppercase);
        let mut end = run_end(self.text, start);
        let mut whole_end = end;
        let is_link = |sign: &char| matches!(sign, '-' | '\u{2010}' | '\u{2011}' | '\'' | '’');
        while let Some(sign) = slice(self.text, end, self.text.len()).chars().next().filter(is_link) {
            let from = end + sign.len_utf8();
            let next_end = run_end(self.text, from);
            let next = slice(self.text, from, next_end);
            match sign {
                _ if next.is_empty() => break,
                '-' | '\u{2010}' | '\u{2011}' => {}
                _ if next == "s" || next == "S" => {
                    whole_end = next_end;
                    break;
                }
                _ if is_name && !matches!(next, "d" | "m" | "t" | "ll" | "re" | "ve") => {}
                _ => break,
            }
            end = next_end;
            whole_end = end;
        }
        self.at = whole_end;
        Some(Place { start, end, whole_end })
    }
}

/// Whether a character is part of a word. Vowel signs of Indian scripts and combining accents are.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{dff}')
}

/// Where the next letter stands.
fn next_letter(text: &str, start: usize) -> Option<usize> {
    let rest = slice(text, start, text.len());
    // Most characters are of one byte; others are looked at as such.
    let plain = rest.bytes().position(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())?;
    let rest = slice(rest, plain, rest.len());
    if rest.starts_with(|letter: char| letter.is_ascii()) {
        return Some(start + plain);
    }
    Some(start + plain + rest.find(is_letter)?)
}

/// Where the letters that begin at a byte end.
fn run_end(text: &str, start: usize) -> usize {
    let rest = slice(text, start, text.len());
    let plain = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if rest.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return start + plain;
    }
    let rest = slice(rest, plain, rest.len());
    start + plain + rest.find(|character| !is_letter(character)).unwrap_or(rest.len())
}

/// Whether a word begins with a capital, but for a particle that is tied to it: *al-Assad*.
fn has_capital(word: &str, lexicon: Lexicon) -> bool {
    let begins = |word: &str| word.starts_with(char::is_uppercase);
    begins(word)
        || word.split_once('-').is_some_and(|(tied, rest)| lexicon.meaning(tied).is(Meaning::PARTICLE) && begins(rest))
}

/// Whether a unit is written as titles are, all long words with capitals: *Ann Lee Says New Museum Opens*.
fn is_titled(unit: &str) -> bool {
    let words = unit.split(|sign: char| !sign.is_alphanumeric());
    let mut long = words.filter(|word| word.chars().nth(LONG - 1).is_some() && word.chars().all(char::is_alphabetic));
    let mut count = 0;
    long.all(|word| {
        count += 1;
        word.starts_with(char::is_uppercase)
    }) && count >= TITLED
}

fn is_in_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
    letters.clone().nth(1).is_some() && letters.all(char::is_uppercase)
}

/// Whether a sentence may begin behind the signs between two words.
fn opens_sentence(gap: &str, is_abbreviation: bool) -> bool {
    gap.chars().any(|sign| match sign {
        '.' => !is_abbreviation,
        '!' | '?' | ':' | '…' | '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '*' | '•' => true,
        _ => false,
    })
}

/// Whether two words with nothing else between them may be of one name.
fn joins(gap: &str, is_abbreviation: bool) -> bool {
    let space = if is_abbreviation { gap.strip_prefix('.').unwrap_or(gap) } else { gap };
    let is_space = space.len() <= WIDEST_GAP && space.chars().all(char::is_whitespace);
    is_space && !gap.is_empty() && space.matches('\n').count() < 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_of_letters_are_those_of_plain_searches(text in "[a-zA-Z0-9 .'-é漢\u{301}\u{93f}]{0,12}") {
            for start in (0..=text.len()).filter(|start| text.is_char_boundary(*start)) {
                let rest = &text[start..];
                prop_assert_eq!(next_letter(&text, start), rest.find(is_letter).map(|at| start + at));
                let end = rest.find(|character| !is_letter(character)).map_or(text.len(), |at| start + at);
                prop_assert_eq!(run_end(&text, start), end);
            }
        }
    }
}
