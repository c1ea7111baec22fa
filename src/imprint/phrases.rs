//! Phrases: the set forms by which texts say where they come from, as a table.
//!
//! **Idea.** A phrase is a row: what it says, where the name stands that goes with it, where in a line it may stand, and
//! its words. A word may have alternatives (`story|article`), and may be missing (`first?`); a colon at the end has to
//! be there. Phrases are looked up by their first word; of several the longest is taken.
//!
//! **Cost.** One look-up a word; the table is read once.
//!
//! **Gives up.** A word that may be missing is taken wherever it fits: there is no going back.

use std::ops::Range;
use std::sync::LazyLock;

use ahash::{AHashMap, AHashSet};

use super::words::{Cursor, joined_word, word_end};

/// Meaning, place of the name, position, words.
const TABLE: &str = include_str!("phrases.tsv");
/// Words that are no places, words of pictures, words of agencies' desks.
const LABELS: &str = include_str!("labels.tsv");

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The text is an agency's.
    Written,
    /// Part of it is.
    Contributed,
    /// It was taken from somewhere.
    Republished,
    /// It is a later version.
    Revised,
    /// A later version, whose number or headline follows: `UPDATE 2-`.
    Numbered,
    /// A date of a later version follows.
    Updated,
    /// The date of the text follows.
    Published,
    /// It goes on elsewhere.
    Cut,
    /// The author follows.
    Byline,
}

/// Where the name stands that a phrase speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamePlace {
    /// Behind the phrase.
    After,
    /// Before it, in the same sentence.
    Before,
    /// Before it, and it has to be an agency that opens the sentence.
    AgencyBefore,
    /// Behind it, up to the end of the bracket: a list of the people who made the text.
    SignOff,
    /// The phrase itself is what is named.
    Itself,
    /// It names nobody.
    Nowhere,
}

/// Where in a line a phrase may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Everywhere.
    Anywhere,
    /// At the start of a line, a sentence or a bracket.
    Opening,
    /// With its name it is all of a line or bracket.
    Alone,
}

/// A phrase of the table.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) meaning: Meaning,
    pub(super) name: NamePlace,
    pub(super) position: Position,
    words: Vec<Slot>,
    has_colon: bool,
}

/// A word of a phrase.
#[derive(Debug)]
struct Slot {
    forms: Vec<&'static str>,
    may_miss: bool,
}

static PHRASES: LazyLock<AHashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: AHashMap<&str, Vec<Phrase>> = AHashMap::new();
    for row in TABLE.lines().skip(1).filter(|row| !row.is_empty()) {
        let first = row.rsplit('\t').next().and_then(|words| words.split([' ', ':']).next()).unwrap_or_default();
        for form in first.split('|') {
            phrases.entry(form).or_default().extend(read_row(row));
        }
    }
    phrases
});

static WORDS: LazyLock<AHashMap<&'static str, AHashSet<&'static str>>> = LazyLock::new(|| {
    let rows = LABELS.lines().filter_map(|row| row.split_once('\t'));
    rows.map(|(kind, words)| (kind, words.split(';').collect())).collect()
});

fn read_row(row: &'static str) -> Option<Phrase> {
    let mut cells = row.split('\t');
    let meaning = match cells.next()? {
        "written" => Meaning::Written,
        "contributed" => Meaning::Contributed,
        "republished" => Meaning::Republished,
        "revised" => Meaning::Revised,
        "numbered" => Meaning::Numbered,
        "updated" => Meaning::Updated,
        "published" => Meaning::Published,
        "cut" => Meaning::Cut,
        "byline" => Meaning::Byline,
        _ => return None,
    };
    let name = match cells.next()? {
        "after" => NamePlace::After,
        "before" => NamePlace::Before,
        "agency before" => NamePlace::AgencyBefore,
        "sign-off" => NamePlace::SignOff,
        "itself" => NamePlace::Itself,
        "nowhere" => NamePlace::Nowhere,
        _ => return None,
    };
    let position = match cells.next()? {
        "anywhere" => Position::Anywhere,
        "opening" => Position::Opening,
        "alone" => Position::Alone,
        _ => return None,
    };
    let words = cells.next()?;
    let has_colon = words.ends_with(':');
    let slot = |word: &'static str| {
        let stem = word.trim_end_matches('?');
        Slot { forms: stem.split('|').collect(), may_miss: stem.len() < word.len() }
    };
    let words = words.trim_end_matches(':').split(' ').map(slot).collect();
    Some(Phrase { meaning, name, position, words, has_colon })
}

/// The longest phrase of some kind at the start of a text, which begins with a word, and where it ends.
pub(super) fn read(text: &str, is_wanted: impl Fn(&Phrase) -> bool) -> Option<(&'static Phrase, usize)> {
    let first = 0..word_end(text, 0);
    let small = text.get(first.clone())?.to_lowercase();
    let fits = |phrase: &'static Phrase| Some((phrase, phrase.end_in(text, first.clone(), &small)?));
    let phrases = PHRASES.get(small.as_str())?.iter().filter(|phrase| is_wanted(phrase));
    // Several may fit: the one that reaches furthest.
    phrases.filter_map(fits).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

impl Phrase {
    /// Whether it has so many words at least.
    pub(super) fn has_words(&self, least: usize) -> bool {
        self.words.len() >= least
    }

    fn end_in(&self, text: &str, first: Range<usize>, small: &str) -> Option<usize> {
        let mut end = 0;
        let mut next = Some((first, small.to_owned()));
        for slot in &self.words {
            match &next {
                Some((place, word)) if slot.forms.contains(&word.as_str()) => {
                    end = place.end;
                    next = joined_word(text, end).map(|place| {
                        let word = text.get(place.clone()).unwrap_or_default().to_lowercase();
                        (place, word)
                    });
                }
                _ if slot.may_miss => {}
                _ => return None,
            }
        }
        if self.has_colon {
            let mut cursor = Cursor { text, at: end };
            cursor.skip(|sign| sign == ' ' || sign == '*' || sign == '_');
            cursor.eat(|sign| matches!(sign, ':' | '：' | '=')).then_some(())?;
            end = cursor.at;
        }
        Some(end)
    }
}

fn is_of(kind: &str, word: &str) -> bool {
    WORDS.get(kind).is_some_and(|words| words.contains(word.to_lowercase().as_str()))
}

/// Whether a word is a label that stands in capitals before a text and is no place: *WATCH*, *NOTE*.
pub(super) fn is_label(word: &str) -> bool {
    is_of("label", word)
}

/// Whether a word speaks of a picture: *photo*, *Foto*, *Getty*.
pub(super) fn is_of_picture(word: &str) -> bool {
    is_of("picture", word)
}

/// Whether a word goes with an agency's name and adds nothing: *news*, *staff*, *writer*.
pub(super) fn is_desk(word: &str) -> bool {
    is_of("desk", word)
}

/// Whether a word may stand in small letters inside the name of a place or an outlet: *de*, *am*, *of*.
pub(super) fn is_particle(word: &str) -> bool {
    is_of("particle", word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_read() {
        for row in TABLE.lines().skip(1) {
            assert!(read_row(row).is_some() && row.split('\t').count() == 4, "{row}");
            let words = row.rsplit('\t').next().unwrap();
            assert_eq!(words, words.to_lowercase(), "{row}");
            assert!(!words.split([' ', ':']).next().unwrap().ends_with('?'), "{row}");
        }
        assert!(LABELS.lines().all(|row| row.split('\t').count() == 2 && row == row.to_lowercase()));
    }

    #[test]
    fn words_may_vary_and_miss() {
        let end = |text: &str| read(text, |_| true).map(|(_, end)| end);
        assert_eq!(end("This story was originally published by X"), Some(38));
        assert_eq!(end("This article first appeared in X"), Some(30));
        assert_eq!(end("Source: X"), Some(7));
        assert_eq!(end("Source X"), None);
        assert_eq!(end("This story was red"), None);
    }
}
