//! Talk: what a speaker says, as words that know what they are to the sentence.
//!
//! A clause is a subject, a modal, a verb and an object, with further phrases behind. Every word has its [`Role`], so that
//! an edit finds a number, a name or a negation to change without reading the sentence; and words know what begins with
//! them, since reporters cut where something begins. A speaker has a topic, whose words come back, and pet phrases,
//! which come back too: two speeches of one speaker have much in common, and are two.

use std::ops::RangeInclusive;

use super::super::corpus::language::{Language, capitalise};
use super::super::corpus::random::Random;
use super::tongue::Tongue;

/// What a word is to its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Articles, prepositions, stock phrases.
    Glue,
    Noun,
    Verb,
    Adjective,
    Pronoun,
    Modal,
    Negation,
    Figure,
    Numeral,
    Name,
}

/// What begins with a word, as far as one may cut there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Opening {
    #[default]
    Nothing,
    /// A phrase that the clause cannot do without.
    Phrase,
    /// One that it can.
    Addition,
    Sentence,
}

/// A word that was said.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) role: Role,
    /// What leans on its end: a comma, a full stop, what a reporter puts in.
    pub(crate) after: String,
    pub(crate) opens: Opening,
    /// Whether it is written with a capital, as the first word of a sentence.
    pub(crate) is_raised: bool,
    /// Whether an edit was planted here.
    pub(crate) is_edited: bool,
}

impl Word {
    fn new(text: impl Into<String>, role: Role) -> Self {
        let (text, after) = (text.into(), String::new());
        Word { text, role, after, opens: Opening::Nothing, is_raised: false, is_edited: false }
    }

    /// Whether a sentence ends with it.
    pub(crate) fn ends_sentence(&self) -> bool {
        self.after == "."
    }
}

/// The words as they are printed.
pub(crate) fn spell(words: &[Word]) -> String {
    let spelled = words.iter().map(|word| {
        let text = if word.is_raised { capitalise_word(&word.text) } else { word.text.clone() };
        text + &word.after
    });
    spelled.collect::<Vec<_>>().join(" ")
}

/// In upper case, behind a bracket too.
fn capitalise_word(text: &str) -> String {
    text.strip_prefix('[').map_or_else(|| capitalise(text), |held| format!("[{}", capitalise(held)))
}

/// Somebody who speaks, on one topic.
pub(crate) struct Speaker<'a> {
    pub(crate) tongue: &'static Tongue,
    pub(crate) name: [String; 2],
    language: &'a Language,
    topic: Vec<String>,
    people: Vec<String>,
    lead: &'static str,
    tail: &'static str,
}

impl<'a> Speaker<'a> {
    pub(crate) fn new(tongue: &'static Tongue, language: &'a Language, random: &mut Random) -> Self {
        let mut name = || tongue.spell(language.name(random));
        let (own, people) = ([name(), name()], (0..4).map(|_| name()).collect());
        let topic = (0..20).map(|_| tongue.spell(language.word(random))).collect();
        let (lead, tail) = (random.pick(tongue.leads), random.pick(tongue.tails));
        Speaker { tongue, name: own, language, topic, people, lead, tail }
    }

    /// A word of a role that is open to new ones.
    pub(crate) fn word(&self, role: Role, random: &mut Random) -> Word {
        let tongue = self.tongue;
        let text = match role {
            Role::Name if random.chance(1, 2) => random.pick(&self.people),
            Role::Name => tongue.spell(self.language.name(random)),
            Role::Modal => random.pick(tongue.modals).to_owned(),
            Role::Numeral => random.pick(tongue.numerals).to_owned(),
            Role::Figure => self.figure(random),
            _ => {
                let stem = if random.chance(1, 5) {
                    random.pick(&self.topic)
                } else {
                    tongue.spell(self.language.word(random))
                };
                match role {
                    Role::Verb => stem + tongue.verb_ending,
                    Role::Noun if tongue.has_capital_nouns => capitalise(&stem),
                    _ => stem,
                }
            }
        };
        Word::new(text, role)
    }

    fn figure(&self, random: &mut Random) -> String {
        match random.below(5) {
            0 => format!("{}{}{}", random.between(1, 99), self.tongue.decimal_mark, random.between(1, 9)),
            1 => format!("{}%", random.between(2, 99)),
            2 => random.between(1950, 2024).to_string(),
            _ => random.between(2, 900).to_string(),
        }
    }

    fn noun_phrase(&self, random: &mut Random) -> Vec<Word> {
        let article = |random: &mut Random| stock(random.pick(self.tongue.articles));
        let (mut words, roles): (Vec<Word>, &[Role]) = match random.below(12) {
            0 | 1 => (Vec::new(), &[Role::Name]),
            2 => (Vec::new(), &[Role::Figure, Role::Noun]),
            3 => (Vec::new(), &[Role::Numeral, Role::Noun]),
            4 if random.chance(1, 2) => (stock(random.pick(self.tongue.heads)), &[Role::Noun]),
            5..=7 => (article(random), &[Role::Adjective, Role::Noun]),
            _ => (article(random), &[Role::Noun]),
        };
        words.extend(roles.iter().map(|role| self.word(*role, random)));
        words
    }

    /// A clause, the beginnings of its phrases marked.
    fn clause(&self, random: &mut Random) -> Vec<Word> {
        let tongue = self.tongue;
        let mut phrases: Vec<Vec<Word>> = Vec::new();
        if random.chance(1, 14) {
            let lead = if random.chance(1, 2) { self.lead } else { random.pick(tongue.leads) };
            phrases.push(stock(lead));
        } else {
            phrases.push(match random.below(3) {
                0 => self.noun_phrase(random),
                _ => vec![Word::new(random.pick(tongue.pronouns), Role::Pronoun)],
            });
            let mut verbal = vec![self.word(Role::Modal, random)];
            if random.chance(1, 3) {
                negate(tongue, &mut verbal, 0, random);
            }
            phrases.push(verbal);
        }
        let rest = [vec![self.word(Role::Verb, random)], self.noun_phrase(random)];
        phrases.extend(rest);
        if tongue.has_verb_last {
            let last = phrases.len() - 1;
            phrases.swap(last - 1, last);
        }
        join(phrases)
    }

    /// What a clause can do without.
    fn addition(&self, random: &mut Random) -> Vec<Word> {
        let is_clause = random.chance(1, 3);
        let mut words = stock(random.pick(if is_clause { self.tongue.connectives } else { self.tongue.prepositions }));
        words.extend(if is_clause { self.clause(random) } else { self.noun_phrase(random) });
        words[0].opens = Opening::Addition;
        words
    }

    /// A sentence of so many words or a few more.
    pub(crate) fn sentence(&self, least: usize, random: &mut Random) -> Vec<Word> {
        let mut words = self.clause(random);
        while words.len() < least {
            if let Some(last) = words.last_mut().filter(|_| random.chance(1, 5)) {
                last.after = ",".to_owned();
            }
            words.extend(self.addition(random));
        }
        if random.chance(1, 10) {
            let mut tail = stock(if random.chance(1, 2) { self.tail } else { random.pick(self.tongue.tails) });
            tail[0].opens = Opening::Addition;
            words.append(&mut tail);
        }
        (words[0].opens, words[0].is_raised) = (Opening::Sentence, true);
        if let Some(last) = words.last_mut() {
            last.after = ".".to_owned();
        }
        words
    }

    /// A speech of one to four sentences, of a length in words.
    pub(crate) fn speech(&self, length: &RangeInclusive<usize>, random: &mut Random) -> Vec<Word> {
        loop {
            let words = random.between(*length.start(), *length.end());
            let sentences = random.between(words / 30 + 1, (words / 7).clamp(1, 4));
            let speech: Vec<Word> =
                (0..sentences).flat_map(|_| self.sentence((words / sentences).max(5) - 1, random)).collect();
            if length.contains(&speech.len()) {
                return speech;
            }
        }
    }
}

/// Negates the modal at a place; gives the places of the negation's words.
pub(crate) fn negate(tongue: &Tongue, words: &mut Vec<Word>, modal: usize, random: &mut Random) -> Vec<usize> {
    let opens = std::mem::take(&mut words[modal].opens);
    let is_raised = std::mem::take(&mut words[modal].is_raised);
    let (mut at, mut places) = (modal, Vec::new());
    for (list, shift) in tongue.negations.into_iter().zip(0..) {
        if !list.is_empty() {
            words.insert(at + shift, Word::new(random.pick(list), Role::Negation));
            places.push(at + shift);
            at += 1 - shift;
        }
    }
    // Whichever stands there now.
    (words[modal].opens, words[modal].is_raised) = (opens, is_raised);
    places
}

/// The words of a phrase that is set.
fn stock(phrase: &str) -> Vec<Word> {
    phrase.split(' ').map(|word| Word::new(word, Role::Glue)).collect()
}

/// Phrases as one run of words.
fn join(phrases: impl IntoIterator<Item = Vec<Word>>) -> Vec<Word> {
    let mut words = Vec::new();
    for mut phrase in phrases {
        phrase[0].opens = Opening::Phrase;
        words.append(&mut phrase);
    }
    words
}
