//! Changes of what is said: numbers, negations, and who said it.
//!
//! **Idea.** Most edits of a copied text change nothing of its meaning. Three kinds may: another number, a *not* that
//! came or went, words given to somebody else. They are looked for in the edits of an alignment, in small ones only:
//! where a dozen words were put otherwise, single words do not stand opposite each other any more.
//!
//! - **Number**: an edit replaces words that hold a number by others that do not, there or a few words on, where it may
//!   have been moved to; or a number alone came or went. *2* is *two*, *1,000* is *1000*, *5.50* is *5.5*, *4.2m* is
//!   *4.2 million*. *One* and *first* are numbers only beside *1* and *1st*.
//! - **Negation**: an edit is a negation more or less (*not*, *never*, *-n't*), and at most one other word on each side:
//!   where more was put otherwise, the sense may be the same.
//! - **Attribution**: an edit replaces a name by another one where words of attribution (*said*, *according to*) stand
//!   in it or beside it.
//!
//! The words are data (`wording.tsv`), by language; the language of a target is that of which most function words stand in
//! its beginning.
//!
//! **Gives up.** Negation by prefix (*unlikely*), antonyms, numbers in words beyond single ones, scripts without capitals
//! (no names are told there).

use std::ops::Range;
use std::sync::LazyLock;

use ahash::{AHashMap, AHashSet};

use crate::alignment::Alignment;
use crate::document::Corpus;
use crate::edits;
use crate::finding::Span;
use crate::matches::Place;
use crate::text::Layout;

/// Longest side of an edit that is looked at, in tokens.
const SMALL: usize = 12;
/// Longest edit, in tokens, by which a negation alone comes or goes.
const NEGATION: usize = 3;
/// Tokens beside an edit in which a moved number, or a word of attribution, is looked for.
const BESIDE: u32 = 6;
/// Tokens of a target's beginning that tell its language.
const SAMPLE: usize = 600;

/// An edit that may change what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notable {
    /// What changed.
    pub kind: NotableKind,
    /// The words of the source (empty, at the place, where the target added some).
    pub source: Span,
    /// The words of the target.
    pub target: Span,
}

/// What an edit changes of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotableKind {
    /// Another number.
    Number,
    /// A negation that came or went.
    Negation,
    /// Words given to somebody else.
    Attribution,
}

impl NotableKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            NotableKind::Number => "number",
            NotableKind::Negation => "negation",
            NotableKind::Attribution => "attribution",
        }
    }
}

/// The words of one language that matter.
#[derive(Debug, Default)]
struct Language {
    function: AHashSet<&'static str>,
    negation: AHashSet<&'static str>,
    number: AHashMap<&'static str, u64>,
    /// Words that are numbers only beside figures.
    soft: AHashMap<&'static str, u64>,
    said: AHashSet<&'static str>,
}

static LANGUAGES: LazyLock<Vec<(&'static str, Language)>> = LazyLock::new(|| {
    let mut languages: Vec<(&str, Language)> = Vec::new();
    for line in include_str!("wording.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(name), Some(kind), Some(words)) = (columns.next(), columns.next(), columns.next()) else { continue };
        if languages.last().is_none_or(|(last, _)| *last != name) {
            languages.push((name, Language::default()));
        }
        let Some((_, language)) = languages.last_mut() else { continue };
        let words = words.split(' ');
        match kind {
            "function" => language.function.extend(words),
            "negation" => language.negation.extend(words),
            "said" => language.said.extend(words),
            _ => {
                let numbers = if kind == "soft" { &mut language.soft } else { &mut language.number };
                let named = words.filter_map(|word| word.split_once('='));
                numbers.extend(named.filter_map(|(word, value)| Some((word, value.parse().ok()?))));
            }
        }
    }
    languages
});

/// The wording of the language that a text is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wording(usize);

impl Wording {
    /// Tells the language of a text; the first of the list where nothing tells.
    pub(super) fn of(text: &str, layout: &Layout) -> Self {
        let mut counts = vec![0u32; LANGUAGES.len()];
        for token in 0..layout.starts.len().min(SAMPLE) {
            let word = word(text, layout, token).to_lowercase();
            for (count, (_, language)) in counts.iter_mut().zip(LANGUAGES.iter()) {
                *count += u32::from(language.function.contains(word.as_str()));
            }
        }
        let best = (0..counts.len()).max_by_key(|at| (counts[*at], usize::MAX - at));
        Wording(best.unwrap_or(0))
    }

    fn language(self) -> Option<&'static Language> {
        LANGUAGES.get(self.0).map(|(_, language)| language)
    }

    /// Whether an edit is a negation more or less, and hardly anything else.
    fn changes_negation(self, old: &[String], new: &[String]) -> bool {
        let Some(language) = self.language() else { return false };
        let is_negation =
            |word: &String| language.negation.contains(word.as_str()) || word.ends_with("n't") || word.ends_with("n’t");
        let count = |words: &[String]| words.iter().filter(|word| is_negation(word)).count();
        let (before, after) = (count(old), count(new));
        let is_small = |words: &[String], negations: usize| words.len() <= negations.min(1) + 1;
        let is_alone = old.is_empty() || new.is_empty();
        before != after
            && if is_alone { old.len() + new.len() <= NEGATION } else { is_small(old, before) && is_small(new, after) }
    }

    /// The numbers that words in a row hold.
    fn numbers(self, words: &[String]) -> Vec<Number> {
        let Some(language) = self.language() else { return Vec::new() };
        let mut numbers: Vec<Number> = Vec::new();
        // Whether the last number goes on: *12 000*, *forty-four*, *4.2 million*.
        let mut open: Option<Open> = None;
        for word in words {
            let scale = language.number.get(word.as_str()).filter(|value| **value >= 100).copied();
            let named = || language.number.get(word.as_str()).or(language.soft.get(word.as_str()));
            let read = if word.starts_with(|first: char| first.is_ascii_digit()) {
                read_figures(word)
            } else {
                named().map(|value| (u128::from(*value) * UNIT, language.soft.contains_key(word.as_str())))
            };
            let Some((value, is_soft)) = read else {
                open = None;
                continue;
            };
            let is_group = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
            let grown = match (open, numbers.last().map(|last| last.value), scale) {
                (Some(Open::Figures), Some(last), _) if is_group => {
                    Some(last.saturating_mul(1000).saturating_add(value))
                }
                (Some(_), Some(last), Some(scale)) => Some(last.saturating_mul(u128::from(scale))),
                (Some(Open::Tens), Some(last), _) if value < 10 * UNIT => Some(last.saturating_add(value)),
                _ => None,
            };
            match (grown, numbers.last_mut()) {
                (Some(grown), Some(last)) => last.value = grown,
                _ => numbers.push(Number { value, is_soft }),
            }
            let is_figures = word.bytes().all(|byte| byte.is_ascii_digit());
            open = Some(match value / UNIT {
                _ if is_figures && word.len() <= 3 => Open::Figures,
                20..=90 if !is_figures => Open::Tens,
                _ => Open::Other,
            });
        }
        numbers
    }

    fn is_said(self, word: &str) -> bool {
        self.language().is_some_and(|language| language.said.contains(word))
    }
}

/// A number that words hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number {
    /// In units of 1 / [`UNIT`].
    value: u128,
    /// Whether it is one only beside figures.
    is_soft: bool,
}

/// How a number may go on.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// One to three figures: by three more.
    Figures,
    /// *forty*: by *four*.
    Tens,
    /// By *million*.
    Other,
}

/// Parts that a one is counted in, for decimals.
const UNIT: u128 = 1_000_000;

/// The number that a word begins with in figures, and whether it says no more than a word does (*1st*).
fn read_figures(word: &str) -> Option<(u128, bool)> {
    let end = word.find(|letter: char| letter.is_alphabetic() || letter == '%').unwrap_or(word.len());
    let (figures, suffix) = word.split_at(end);
    let figures = figures.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let last = figures.rfind(|letter: char| !letter.is_ascii_digit());
    let mark = last.and_then(|last| figures[last..].chars().next());
    // The last mark sets decimals apart unless three figures follow and no other mark came before it.
    let decimals = last.zip(mark).filter(|(last, mark)| {
        let before = &figures[..*last];
        let other = before.chars().any(|letter| !letter.is_ascii_digit() && letter != *mark);
        figures.len() - last - mark.len_utf8() != 3 || (other && !before.contains(*mark))
    });
    let (whole, fraction) = match decimals {
        Some((last, mark)) => (&figures[..last], &figures[last + mark.len_utf8()..]),
        None => (figures, ""),
    };
    let mut value: u128 = 0;
    for digit in whole.bytes().filter(u8::is_ascii_digit) {
        value = value.checked_mul(10)?.checked_add(u128::from(digit - b'0'))?;
    }
    value = value.checked_mul(UNIT)?;
    let mut part = UNIT / 10;
    for digit in fraction.bytes() {
        value = value.checked_add(u128::from(digit - b'0') * part)?;
        part /= 10;
    }
    let scale = match suffix {
        "k" => 1_000,
        "m" | "mn" | "mln" => 1_000_000,
        "bn" | "b" => 1_000_000_000,
        "tn" | "trn" => 1_000_000_000_000,
        _ => 1,
    };
    Some((value.checked_mul(scale)?, false))
}

fn word<'t>(text: &'t str, layout: &Layout, token: usize) -> &'t str {
    let span = layout.token_span(text, token);
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// One side of an alignment.
struct Side<'a> {
    text: &'a str,
    layout: &'a Layout,
    place: &'a Place,
}

impl<'a> Side<'a> {
    fn of(corpus: &'a Corpus, layouts: &'a [Layout], place: &'a Place) -> Self {
        let document = place.document as usize;
        Side { text: &corpus.documents[document].text, layout: &layouts[document], place }
    }

    fn words(&self, tokens: Range<u32>) -> impl Iterator<Item = &'a str> {
        let (text, layout, start) = (self.text, self.layout, self.place.start);
        tokens.map(move |token| word(text, layout, (start + token) as usize))
    }

    fn lower(&self, tokens: Range<u32>) -> Vec<String> {
        self.words(tokens).map(str::to_lowercase).collect()
    }

    /// Some tokens with those beside them, within the place.
    fn around(&self, tokens: &Range<u32>) -> Range<u32> {
        tokens.start.saturating_sub(BESIDE)..(tokens.end + BESIDE).min(self.place.length())
    }

    /// Names: words with a capital that do not open a sentence.
    fn names(&self, tokens: Range<u32>) -> Vec<&'a str> {
        let opens = |token: u32| {
            let token = (self.place.start + token) as usize;
            self.layout.units[self.layout.unit_at(token)].first_token as usize == token
        };
        let starts = tokens.start;
        let words = self.words(tokens).zip(starts..);
        words.filter(|(word, at)| word.starts_with(char::is_uppercase) && !opens(*at)).map(|(word, _)| word).collect()
    }
}

/// The changes of what is said in an alignment of a source's place (`a`) and a target's (`b`).
pub(super) fn find(
    corpus: &Corpus,
    layouts: &[Layout],
    wording: &Wording,
    alignment: &Alignment,
    source: &Place,
    target: &Place,
) -> Vec<Notable> {
    let (theirs, ours) = (Side::of(corpus, layouts, source), Side::of(corpus, layouts, target));
    let mut found = Vec::new();
    let mut last_negation = None;
    for (in_source, in_target) in alignment.gaps() {
        if in_source.len() > SMALL || in_target.len() > SMALL {
            continue;
        }
        let (old, new) = (theirs.lower(in_source.clone()), ours.lower(in_target.clone()));
        let mut note = |kind| {
            let side = |place, tokens: &Range<u32>| edits::locate(corpus, layouts, place, tokens.clone());
            found.push(Notable { kind, source: side(source, &in_source), target: side(target, &in_target) });
        };
        let is_replaced = !old.is_empty() && !new.is_empty();
        let is_alone = old.len() + new.len() == 1;
        if (is_replaced || is_alone)
            && changes_numbers(*wording, (&old, &new), (&theirs, &in_source), (&ours, &in_target))
        {
            note(NotableKind::Number);
        }
        // *Ne … pas* is one negation in two edits.
        let is_new = last_negation.is_none_or(|last: u32| in_source.start > last + BESIDE);
        if is_new && wording.changes_negation(&old, &new) {
            note(NotableKind::Negation);
            last_negation = Some(in_source.end);
        }
        if is_replaced && changes_names(*wording, (&theirs, &in_source), (&ours, &in_target)) {
            note(NotableKind::Attribution);
        }
    }
    found
}

/// Whether one side of an edit has a number that the other has not, there or beside it.
fn changes_numbers(
    wording: Wording,
    (old, new): (&[String], &[String]),
    (theirs, in_source): (&Side, &Range<u32>),
    (ours, in_target): (&Side, &Range<u32>),
) -> bool {
    let lacks = |words: &[String], side: &Side, tokens: &Range<u32>| {
        let beside = wording.numbers(&side.lower(side.around(tokens)));
        let own = wording.numbers(words).into_iter().filter(|number| !number.is_soft);
        own.into_iter().any(|number| beside.iter().all(|other| other.value != number.value))
    };
    lacks(old, ours, in_target) || lacks(new, theirs, in_source)
}

/// Whether an edit puts one name for another where somebody says something.
fn changes_names(
    wording: Wording,
    (theirs, in_source): (&Side, &Range<u32>),
    (ours, in_target): (&Side, &Range<u32>),
) -> bool {
    let says =
        |side: &Side, tokens: &Range<u32>| side.lower(side.around(tokens)).iter().any(|word| wording.is_said(word));
    let (old, new) = (theirs.names(in_source.clone()), ours.names(in_target.clone()));
    let all_new =
        |names: &[&str], others: &[&str]| !names.is_empty() && names.iter().all(|name| !others.contains(name));
    // *Mr. Khan* for *Imran Khan*: the name goes on behind the edit, and is the same.
    let goes_on = |side: &Side, tokens: &Range<u32>| {
        let next = tokens.end..(tokens.end + 1).min(side.place.length());
        !side.names(next).is_empty()
    };
    all_new(&old, &new)
        && all_new(&new, &old)
        && !(goes_on(theirs, in_source) && goes_on(ours, in_target))
        && says(theirs, in_source)
        && says(ours, in_target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::text::lay_out;

    /// What is told of a target's text against a source's, with the words.
    fn told(source: &str, target: &str) -> Vec<String> {
        let documents = vec![Document::of_text(source), Document::of_text(target)];
        let layouts = [lay_out(source), lay_out(target)];
        let corpus = Corpus { documents, ..Corpus::default() };
        let place =
            |document: usize| Place { document: document as u32, start: 0, end: layouts[document].starts.len() as u32 };
        let alignment = Alignment::between(&layouts[0].fingerprints, &layouts[1].fingerprints);
        let wording = Wording::of(target, &layouts[1]);
        let cut = |text: &str, span: Span| text[span.start as usize..span.end as usize].to_owned();
        find(&corpus, &layouts, &wording, &alignment, &place(0), &place(1))
            .iter()
            .map(|notable| {
                format!("{} {} > {}", notable.kind.name(), cut(source, notable.source), cut(target, notable.target))
            })
            .collect()
    }

    #[test]
    fn numbers() {
        let source = "Officials in the town said that 12 people were hurt when the bridge fell into the river.";
        assert_eq!(told(source, &source.replace("12", "14")), ["number 12 > 14"]);
        assert_eq!(told(source, &source.replace("12", "twelve")), [""; 0]);
        assert_eq!(told(source, &source.replace("12", "several")), ["number 12 > several"]);
        assert_eq!(told(source, &source.replace("that 12 people", "that people, 12 of them,")), [""; 0]);
        assert_eq!(told(source, &source.replace("were hurt", "died")), [""; 0]);
        assert_eq!(told(source, &source.replace("12 people", "people")), ["number 12 > "]);
        let fund =
            "The fund paid 4.2 million crowns to forty-four towns, 5.50 for 12,000 heads, on the 1st and in one week.";
        for same in [
            ("4.2 million", "4.2m"),
            ("4.2 million", "4,200,000"),
            ("forty-four", "44"),
            ("5.50", "5.5"),
            ("12,000", "12 000"),
            ("12,000", "12000"),
            ("1st", "first"),
            ("one week", "1 week"),
            ("one week", "a week"),
        ] {
            assert_eq!(told(fund, &fund.replace(same.0, same.1)), [""; 0], "{same:?}");
        }
        assert_eq!(told(fund, &fund.replace("million", "billion")).len(), 1);
        assert_eq!(told(fund, &fund.replace("forty-four", "45")).len(), 1);
        let sum = "Der Fonds zahlte der Stadt 1.000 Euro für die Brücke und den Hafen.";
        assert_eq!(told(sum, &sum.replace("1.000", "1000")), [""; 0]);
        assert_eq!(told(sum, &sum.replace("1.000", "1.500")), ["number 1.000 > 1.500"]);
    }

    #[test]
    fn negations() {
        let source = "The minister said that the talks had failed and that he would resign in the spring.";
        assert_eq!(told(source, &source.replace("had failed", "had not failed")), ["negation  > not"]);
        assert_eq!(told(source, &source.replace("would resign", "wouldn't resign")), ["negation would > wouldn't"]);
        let french = "Le ministre a dit que la réunion est terminée et que les députés partent.";
        assert_eq!(told(french, &french.replace("partent", "ne partent pas")).len(), 1);
        let sentence = format!("{source} He was not there for questions after it.");
        assert_eq!(told(source, &sentence), [""; 0], "a sentence of its own");
        assert_eq!(told(source, &source.replace("would resign", "would not stay")), ["negation resign > not stay"]);
        assert_eq!(told(source, &source.replace("had failed", "did not come to any end")), [""; 0]);
        assert_eq!(told(source, &source.replace("resign", "leave")), [""; 0]);
    }

    #[test]
    fn attributions() {
        let source = "The plan is sound and will be paid for by the city, said Anna Berg on the steps of the hall.";
        assert_eq!(told(source, &source.replace("Anna Berg", "Carl Holm")), ["attribution Anna Berg > Carl Holm"]);
        assert_eq!(told(source, &source.replace("Anna Berg", "Mayor Berg")), [""; 0], "one name, put otherwise");
        let place = "The plan is sound and will be paid for by the city of Aarhus in the spring of next year.";
        assert_eq!(told(place, &place.replace("Aarhus", "Odense")), [""; 0], "nobody says it");
    }

    #[test]
    fn languages_are_told_by_their_function_words() {
        let told = |text: &str| LANGUAGES[Wording::of(text, &lay_out(text)).0].0;
        assert_eq!(told("The end of the story was known to all of them."), "en");
        assert_eq!(told("Das Ende der Geschichte war den meisten von ihnen bekannt."), "de");
        assert_eq!(told("La fin de l'histoire est connue de tous dans le village."), "fr");
        assert_eq!(told("El fin de la historia es conocido por todos en el pueblo."), "es");
        assert_eq!(told("Конец истории известен всем, и это не тайна для людей в деревне."), "ru");
    }
}
