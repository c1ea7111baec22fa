//! Sense: which words carry it, so that an edit of them may change what is said.
//!
//! **Idea.** Most edits of a copied text change nothing of its meaning. Few words do: numbers, a *not*, what one may, can
//! or must. They are data (`sense.tsv`), by language; the language of a text is that of which most function words
//! stand in its beginning.
//!
//! **Cost.** Linear in the words that are looked at; its language is told by its first [`SAMPLE`] tokens; whether a word may be a name, by
//! the text around it.
//!
//! **Gives up.** Negation by prefix (*unlikely*), antonyms, numbers in words beyond single ones.

use std::sync::LazyLock;

use ahash::{AHashMap, AHashSet};

use crate::text::{Layout, fold};

/// Tokens of a text's beginning that tell its language.
const SAMPLE: usize = 600;
/// Longest edit, in words, by which a negation alone comes or goes.
const NEGATION: usize = 3;

/// The words of one language that matter.
#[derive(Debug, Default)]
struct Language {
    function: Vec<&'static str>,
    negation: AHashSet<&'static str>,
    modal: AHashSet<&'static str>,
    number: AHashMap<&'static str, u64>,
    /// Words that are numbers only beside figures.
    soft: AHashMap<&'static str, u64>,
    said: AHashSet<&'static str>,
    /// Words of grammar that sentences begin with.
    opener: AHashSet<&'static str>,
}

static LANGUAGES: LazyLock<Vec<(&'static str, Language)>> = LazyLock::new(|| {
    let mut languages: Vec<(&str, Language)> = Vec::new();
    for line in include_str!("sense.tsv").lines().filter(|line| !line.starts_with('#')) {
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
            "modal" => language.modal.extend(words),
            "said" => language.said.extend(words),
            "opener" => language.opener.extend(words),
            _ => {
                let numbers = if kind == "soft" { &mut language.soft } else { &mut language.number };
                let named = words.filter_map(|word| word.split_once('='));
                numbers.extend(named.filter_map(|(word, value)| Some((word, value.parse().ok()?))));
            }
        }
    }
    languages
});

/// In which languages a word is a function word.
static FUNCTION_WORDS: LazyLock<AHashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut languages: AHashMap<&str, Vec<usize>> = AHashMap::new();
    for (number, (_, language)) in LANGUAGES.iter().enumerate() {
        for word in language.function.iter().copied() {
            languages.entry(word).or_default().push(number);
        }
    }
    languages
});

/// The wording of the language that a text is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording(usize);

impl Wording {
    /// Tells the language of a text; the first of the list where nothing tells.
    pub(crate) fn of(text: &str, layout: &Layout) -> Self {
        let functions = &*FUNCTION_WORDS;
        let mut counts = vec![0u32; LANGUAGES.len()];
        for token in 0..layout.starts.len().min(SAMPLE) {
            let span = layout.token_span(text, token);
            let word = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let word = fold(word);
            for language in functions.get(&*word).into_iter().flatten() {
                counts[*language] += 1;
            }
        }
        let best = (0..counts.len()).max_by_key(|at| (counts[*at], usize::MAX - at));
        Wording(best.unwrap_or(0))
    }

    fn language(self) -> Option<&'static Language> {
        LANGUAGES.get(self.0).map(|(_, language)| language)
    }

    /// How many words are negations.
    pub(crate) fn count_negations(self, words: &[String]) -> usize {
        let Some(language) = self.language() else { return 0 };
        let is_negation = |word: &&String| {
            language.negation.contains(word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
        };
        words.iter().filter(is_negation).count()
    }

    /// Whether an edit is a negation more or less, and hardly anything else.
    pub(crate) fn changes_negation(self, old: &[String], new: &[String]) -> bool {
        let (before, after) = (self.count_negations(old), self.count_negations(new));
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
                read_figures(word).map(|value| (value, false))
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

    /// Whether one side of an edit holds a number that the other has not, neither there nor among the words around.
    pub(crate) fn changes_numbers(self, (old, new): (&[String], &[String]), around: (&[String], &[String])) -> bool {
        let lacks = |words: &[String], others: &[String]| {
            let others = self.numbers(others);
            let own = self.numbers(words).into_iter().filter(|number| !number.is_soft);
            own.into_iter().any(|number| others.iter().all(|other| other.value != number.value))
        };
        lacks(old, around.1) || lacks(new, around.0)
    }

    /// Whether one side of an edit says that something may, can or must be, and the other says it otherwise or not.
    pub(crate) fn changes_modals(self, old: &[String], new: &[String]) -> bool {
        let Some(language) = self.language() else { return false };
        let modals = |words: &[String]| -> Vec<String> {
            words.iter().map(|word| uncontract(word)).filter(|word| language.modal.contains(word.as_str())).collect()
        };
        let (mut old, mut new) = (modals(old), modals(new));
        old.sort_unstable();
        new.sort_unstable();
        old != new
    }

    /// Whether every noun of the language has a capital, so that a capital is no sign of a name.
    pub(crate) fn has_capital_nouns(self) -> bool {
        LANGUAGES.get(self.0).is_some_and(|(name, _)| *name == "de")
    }

    /// Whether a word with a capital, which it would have in any case, may be a name: it is no word of grammar, and
    /// nowhere in its text does it begin with a small letter. Where nouns have capitals too, it has to stand beside another
    /// capital somewhere.
    pub(crate) fn may_be_name(self, text: &str, word: &str) -> bool {
        let small = word.to_lowercase();
        // *We're* begins with *we*.
        let bare = small.split(['\'', '’']).next().unwrap_or_default();
        let is_grammar = self.language().is_some_and(|language| language.opener.contains(bare));
        if word.chars().nth(1).is_none() || is_grammar {
            return false;
        }
        let is_letter = |letter: char| letter.is_alphanumeric();
        let around = |(at, found): (usize, &str)| (&text[..at], &text[at + found.len()..]);
        let is_whole = |(before, after): &(&str, &str)| !before.ends_with(is_letter) && !after.starts_with(is_letter);
        if !self.has_capital_nouns() {
            return !text.match_indices(&*small).map(around).any(|around| is_whole(&around));
        }
        text.match_indices(word).map(around).filter(is_whole).any(|(before, after)| {
            let last = before.strip_suffix(' ').and_then(|before| before.rsplit(' ').next()).unwrap_or_default();
            let next = after.strip_prefix(' ').unwrap_or_default();
            last.ends_with(is_letter) && last.starts_with(char::is_uppercase) || next.starts_with(char::is_uppercase)
        })
    }

    /// Whether a word goes with who said something.
    pub(crate) fn is_said(self, word: &str) -> bool {
        self.language().is_some_and(|language| language.said.contains(word))
    }
}

/// The modal that an English contraction holds: of *won't* it is *will*.
fn uncontract(word: &str) -> String {
    let word = word.replace('’', "'");
    let bare = word.strip_suffix("n't");
    match (word.as_str(), bare) {
        ("cannot" | "can't", _) => "can".to_owned(),
        ("won't", _) => "will".to_owned(),
        ("shan't", _) => "shall".to_owned(),
        (_, Some(bare)) => bare.to_owned(),
        _ if word.ends_with("'ll") => "will".to_owned(),
        _ if word.ends_with("'d") => "would".to_owned(),
        _ => word,
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

/// The number that a word begins with in figures.
fn read_figures(word: &str) -> Option<u128> {
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
    value.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lay_out;

    #[test]
    fn languages_are_told_by_their_function_words() {
        let told = |text: &str| LANGUAGES[Wording::of(text, &lay_out(text)).0].0;
        assert_eq!(told("The end of the story was known to all of them."), "en");
        assert_eq!(told("Das Ende der Geschichte war den meisten von ihnen bekannt."), "de");
        assert_eq!(told("La fin de l'histoire est connue de tous dans le village."), "fr");
        assert_eq!(told("El fin de la historia es conocido por todos en el pueblo."), "es");
        assert_eq!(told("Конец истории известен всем, и это не тайна для людей в деревне."), "ru");
    }

    #[test]
    fn modals_are_told_apart() {
        let changes = |old: &str, new: &str| {
            let words = |side: &str| side.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
            Wording(0).changes_modals(&words(old), &words(new))
        };
        assert!(
            changes("may", "will") && changes("must", "") && !changes("will", "will now") && !changes("go", "leave")
        );
    }
}
