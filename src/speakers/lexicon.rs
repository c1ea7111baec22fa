//! Lexicon: what single words say of the persons of a text: pronouns, titles, roles, given names.
//!
//! **Idea.** Three tables of words, by language. What a word means in the text's own language counts, since *on* is a
//! preposition here and *he* there; titles, particles and given names go with their bearers through all languages. The
//! language is the one of which the text has the most function words; a text without any is read by all tables at once.
//!
//! **Cost.** One look-up a word, besides a few endings of compounds where the language makes them.
//!
//! **Gives up.** Texts in two languages are read as one. A word is what it mostly is: *Will* as a name needs a surname.

use std::ops::{BitOr, BitOrAssign};
use std::sync::{LazyLock, OnceLock};

use ahash::AHashMap;

/// Language, kind, words.
const TABLES: [&str; 3] = [include_str!("grammar.tsv"), include_str!("titles.tsv"), include_str!("given.tsv")];
/// The language of words that count in all texts.
const ANY: &str = "*";
/// Words of a text by which its language is told.
const SAMPLE: usize = 1000;

/// What a word may be, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Meaning(u32);

impl Meaning {
    pub(super) const NOTHING: Self = Meaning(0);
    pub(super) const FUNCTION: Self = Meaning(1);
    pub(super) const DETERMINER: Self = Meaning(1 << 1);
    pub(super) const PREPOSITION: Self = Meaning(1 << 2);
    pub(super) const CALENDAR: Self = Meaning(1 << 3);
    pub(super) const PARTICLE: Self = Meaning(1 << 4);
    pub(super) const SUFFIX: Self = Meaning(1 << 5);
    pub(super) const GIVEN: Self = Meaning(1 << 6);
    pub(super) const TITLE: Self = Meaning(1 << 7);
    pub(super) const ROLE: Self = Meaning(1 << 8);
    /// An organisation, or what it publishes.
    pub(super) const BODY: Self = Meaning(1 << 9);
    pub(super) const FEMALE: Self = Meaning(1 << 10);
    pub(super) const MALE: Self = Meaning(1 << 11);
    pub(super) const PLURAL: Self = Meaning(1 << 12);
    pub(super) const HE: Self = Meaning(1 << 13);
    pub(super) const SHE: Self = Meaning(1 << 14);
    pub(super) const IT: Self = Meaning(1 << 15);
    pub(super) const THEY: Self = Meaning(1 << 16);
    pub(super) const FIRST: Self = Meaning(1 << 17);
    pub(super) const RELATIVE: Self = Meaning(1 << 18);
    /// An article that names somebody new.
    pub(super) const INDEFINITE: Self = Meaning(1 << 19);
    /// *His*, *her* ...
    pub(super) const POSSESSIVE: Self = Meaning(1 << 20);
    /// A noun for any man, woman or child, which tells nobody from others.
    pub(super) const HUMAN: Self = Meaning(1 << 21);
    /// The pronouns that stand for somebody else.
    pub(super) const PRONOUN: Self = Meaning(Self::HE.0 | Self::SHE.0 | Self::IT.0 | Self::THEY.0);
    /// What stands before a name and says who bears it.
    pub(super) const OFFICE: Self = Meaning(Self::TITLE.0 | Self::ROLE.0);

    /// Whether it may be one of some kinds.
    pub(super) fn is(self, kinds: Self) -> bool {
        self.0 & kinds.0 != 0
    }

    /// Its gender, if it tells one.
    pub(super) fn gender(self) -> Option<Gender> {
        match (self.is(Self::FEMALE), self.is(Self::MALE)) {
            (true, false) => Some(Gender::Female),
            (false, true) => Some(Gender::Male),
            _ => None,
        }
    }

    /// The gender of a pronoun for one person, if it tells one.
    pub(super) fn pronoun_gender(self) -> Option<Gender> {
        match (self.is(Self::HE), self.is(Self::SHE)) {
            _ if self.is(Self::THEY) => None,
            (true, false) => Some(Gender::Male),
            (false, true) => Some(Gender::Female),
            _ => None,
        }
    }

    /// Whether it is a pronoun for the narrator alone: *I*.
    pub(super) fn is_narrator(self) -> bool {
        self.is(Self::FIRST) && !self.is(Self::PLURAL)
    }

    /// The meaning that a table's second column gives.
    fn of_kind(kind: &str) -> Self {
        let (kind, gender) = match kind.split_once('-') {
            Some((kind, "he")) => (kind, Self::MALE),
            Some((kind, "she")) => (kind, Self::FEMALE),
            Some((kind, "plural")) => (kind, Self::PLURAL),
            _ => (kind, Self::NOTHING),
        };
        gender
            | match kind {
                "determiner" => Self::DETERMINER | Self::FUNCTION,
                "indefinite" => Self::INDEFINITE | Self::DETERMINER | Self::FUNCTION,
                "possessive" => Self::POSSESSIVE | Self::DETERMINER | Self::FUNCTION,
                "preposition" => Self::PREPOSITION | Self::FUNCTION,
                "calendar" => Self::CALENDAR,
                "particle" => Self::PARTICLE,
                "suffix" => Self::SUFFIX,
                "given" => Self::GIVEN,
                "title" => Self::TITLE,
                "role" => Self::ROLE,
                "human" => Self::HUMAN | Self::ROLE,
                "body" => Self::BODY,
                "he" => Self::HE | Self::FUNCTION,
                "she" => Self::SHE | Self::FUNCTION,
                "it" => Self::IT | Self::FUNCTION,
                "they" => Self::THEY | Self::FUNCTION,
                "first" => Self::FIRST | Self::FUNCTION,
                "relative" => Self::RELATIVE | Self::FUNCTION,
                _ => Self::FUNCTION,
            }
    }
}

impl BitOr for Meaning {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Meaning(self.0 | other.0)
    }
}

impl BitOrAssign for Meaning {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// The gender of a person, as far as pronouns know one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

/// The tables of one language.
#[derive(Debug, Default)]
struct Table {
    words: AHashMap<&'static str, Meaning>,
    /// Ends of compounds: *-minister*.
    endings: Vec<(&'static str, Meaning)>,
}

impl Table {
    /// The words of a language, and those that count in all; of [`ANY`] the words of every language.
    fn of(name: &str) -> Self {
        let mut table = Table::default();
        for (_, meaning, words) in rows().filter(|(language, ..)| name == ANY || [name, ANY].contains(language)) {
            for word in words.split(' ') {
                match word.strip_prefix('-') {
                    Some(ending) => table.endings.push((ending, meaning)),
                    None => *table.words.entry(word.trim_end_matches('.')).or_default() |= meaning,
                }
            }
        }
        table
    }
}

/// All languages by their names, each with its table once a text needs it; the last one stands for all of them.
static LANGUAGES: LazyLock<Vec<(&'static str, OnceLock<Table>)>> = LazyLock::new(|| {
    let mut names: Vec<&str> = Vec::new();
    for (language, ..) in rows() {
        if language != ANY && !names.contains(&language) {
            names.push(language);
        }
    }
    names.push(ANY);
    names.into_iter().map(|name| (name, OnceLock::new())).collect()
});

/// In which languages a word is a function word.
static FUNCTION_WORDS: LazyLock<AHashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut languages: AHashMap<&str, Vec<usize>> = AHashMap::new();
    for (of, _, words) in rows().filter(|(_, meaning, _)| meaning.is(Meaning::FUNCTION)) {
        let number = LANGUAGES.iter().position(|(language, _)| *language == of && of != ANY);
        for word in words.split(' ').filter(|word| !word.starts_with('-')) {
            let known = languages.entry(word.trim_end_matches('.')).or_default();
            known.extend(number.filter(|number| !known.contains(number)));
        }
    }
    languages
});

/// The rows of all tables. Given names are at home somewhere, and known everywhere.
fn rows() -> impl Iterator<Item = (&'static str, Meaning, &'static str)> {
    TABLES.iter().flat_map(|table| table.lines()).filter(|row| !row.starts_with('#')).filter_map(|row| {
        let (language, rest) = row.split_once('\t')?;
        let (kind, words) = rest.split_once('\t')?;
        let language = if kind.starts_with("given") { ANY } else { language };
        Some((language, Meaning::of_kind(kind), words))
    })
}

/// The words of one language.
#[derive(Clone, Copy)]
pub(super) struct Lexicon {
    language: &'static str,
    table: &'static Table,
}

impl Lexicon {
    /// The lexicon of the language that a text is written in; in doubt the one that comes first.
    pub(super) fn of_text<'t>(words: impl Iterator<Item = &'t str>) -> Self {
        let languages = LANGUAGES.as_slice();
        let mut votes = vec![0_u32; languages.len()];
        for word in words.take(SAMPLE).map(str::to_lowercase) {
            for language in FUNCTION_WORDS.get(word.as_str()).into_iter().flatten() {
                votes[*language] += 1;
            }
        }
        let most = votes.iter().copied().max().unwrap_or(0);
        // Without any vote the last table, which has the words of all languages.
        let chosen = votes.iter().position(|votes| *votes == most && most > 0);
        let (language, table) = &languages[chosen.unwrap_or(languages.len() - 1)];
        Lexicon { language, table: table.get_or_init(|| Table::of(language)) }
    }

    /// Whether nouns begin with capitals, so that a capital says little.
    pub(super) fn capitalises_nouns(self) -> bool {
        self.language == "de"
    }

    /// Whether nouns have articles.
    pub(super) fn has_articles(self) -> bool {
        matches!(self.language, "en" | "de" | "fr" | "es" | "it" | "pt" | "nl")
    }

    /// What a word means, given in small letters.
    pub(super) fn meaning(self, word: &str) -> Meaning {
        if let Some(meaning) = self.table.words.get(word) {
            return *meaning;
        }
        let ending = self.table.endings.iter().find(|(ending, _)| word.ends_with(ending));
        ending.map_or(Meaning::NOTHING, |(_, meaning)| *meaning)
    }
}
