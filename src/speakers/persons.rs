//! Persons: which mentions name the same one, and what the text tells of them.
//!
//! **Idea.** Names with the same first and last word are one person's. A name of one word belongs to the person last
//! mentioned with that word in the name whose gender does not contradict the title (*Mrs. Khan* is not *Imran Khan*), to
//! the first one to come if none was mentioned before, else to a person of its own. A gender is a matter of votes: a
//! title or an office (*spokeswoman*) outweighs a given name, and that the pronouns which follow where nobody else is
//! mentioned. That somebody is a person at all needs a sign: a title, an office, a given name, an age, being spoken to,
//! or words said. Pronouns go to persons only, so that *he* is never *Moscow*.
//!
//! **Cost.** Two passes over the mentions and one over the words; some look-ups a mention, however many bear a name.
//!
//! **Gives up.** Two persons of one full name. Names by which somebody goes besides (*Ronaldo*). That *the Khans* are
//! several.

use ahash::{AHashMap, AHashSet};

use super::lexicon::{Gender, Meaning};
use super::names::Mention;
use super::words::{Looks, Word, slice};
use crate::finding::Span;

/// Weights of what tells a gender.
const BY_TITLE: i64 = 1 << 40;
const BY_GIVEN_NAME: i64 = 1 << 20;
const BY_PRONOUN: i64 = 1;
/// Of two persons with one word in the name, one is rare that is named in full less often than the other by this factor.
const RARE: u32 = 2;
/// Bytes of a name at most that is taken from the words beside a quotation.
const LONGEST_NAME: usize = 200;

/// A person, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PersonId(u32);

/// Somebody (or something) who may speak.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The fullest form of the name, or the role of somebody without one.
    name: Span,
    /// Words of it; 0 of a role.
    length: usize,
    /// The title, if only one is ever used.
    title: Option<Span>,
    /// Votes for a man, less those for a woman.
    votes: i64,
    pub(super) is_plural: bool,
    /// Whether it is an organisation, a document, a place ...
    pub(super) is_body: bool,
    /// Whether anything tells that it is a person.
    has_sign: bool,
    /// How often it is named in full.
    mentions: u32,
    /// Whether it said something.
    has_spoken: bool,
}

impl Person {
    /// Whether it is a person for sure.
    pub(super) fn is_certain(&self) -> bool {
        self.votes != 0 || self.has_spoken
    }

    pub(super) fn gender(&self) -> Option<Gender> {
        match self.votes {
            0 => None,
            votes if votes > 0 => Some(Gender::Male),
            _ => Some(Gender::Female),
        }
    }

    /// Whether a pronoun for one person may stand for it.
    pub(super) fn is_person(&self) -> bool {
        !self.is_body && !self.is_plural && self.has_sign
    }
}

/// All persons of a text.
pub(super) struct Persons<'t> {
    text: &'t str,
    persons: Vec<Person>,
    /// By the words of the role, in small letters, or the name in a script without capitals.
    unnamed: AHashMap<String, PersonId>,
    /// Names that several have: the title tells them apart.
    shared: AHashMap<String, u32>,
    /// The narrator, who says *I*.
    narrator: Option<PersonId>,
}

/// Those who bear a word in their name: the last one mentioned of any gender, of men, of women.
#[derive(Debug, Clone, Copy, Default)]
struct Bearers([Option<PersonId>; 3]);

impl Bearers {
    fn note(&mut self, person: PersonId, gender: Option<Gender>) {
        for fitting in [None, gender] {
            self.0[index(fitting)] = Some(person);
        }
    }

    fn note_first(&mut self, person: PersonId, gender: Option<Gender>) {
        for fitting in [None, gender] {
            self.0[index(fitting)].get_or_insert(person);
        }
    }
}

fn index(gender: Option<Gender>) -> usize {
    gender.map_or(0, |gender| if gender == Gender::Male { 1 } else { 2 })
}

/// Who is known by which word.
#[derive(Default)]
struct Register<'t> {
    /// Persons with two names and more, as they come first in the text.
    first: AHashMap<&'t str, Bearers>,
    /// Everybody, as they were mentioned last.
    last: AHashMap<&'t str, Bearers>,
    /// Those who are known by title and surname only.
    titled: AHashMap<&'t str, Bearers>,
    /// How often a word stands alone as a name.
    alone: AHashMap<&'t str, u32>,
    /// How often the person of whom this is most often has the word in a full name.
    most: AHashMap<&'t str, u32>,
    /// Words behind a given name.
    surnames: AHashSet<&'t str>,
}

impl<'t> Register<'t> {
    /// Whether somebody is named in full often enough to be meant by one word: a name in a heading, or run together with
    /// a word before it, comes up once.
    fn is_established(&self, word: &str, person: &Person, text: &str) -> bool {
        // *Khan Academy* is not meant by *Khan*, if there is an *Imran Khan*.
        let name = slice(text, person.name.start as usize, person.name.end as usize);
        let is_first = name.starts_with(word) && self.surnames.contains(word);
        !is_first && RARE * person.mentions >= self.most.get(word).copied().unwrap_or(0)
    }

    /// Who is meant by one word of a name, with a title that tells a gender or without.
    fn bearer(&self, word: &str, title: Option<Gender>, persons: &Persons) -> Option<PersonId> {
        let titled = self.titled.get(word).and_then(|bearers| bearers.0[index(title)]);
        if title.is_some() && titled.is_some() {
            return titled;
        }
        // *Mr. Khan* is not Imran Khan, if that one goes by the given name.
        let fits = |person: &PersonId| {
            let person = persons.get(*person);
            let is_other = title.zip(person.gender()).is_some_and(|(one, other)| one != other);
            !is_other && (title.is_none() || !self.goes_by_given_name(person, persons.text))
        };
        let among = |bearers: &AHashMap<&str, Bearers>| {
            let bearers = bearers.get(word)?;
            bearers.0[index(title)].filter(fits).or(bearers.0[0].filter(fits))
        };
        among(&self.last).or_else(|| among(&self.first)).or(titled)
    }

    fn goes_by_given_name(&self, person: &Person, text: &str) -> bool {
        let name = slice(text, person.name.start as usize, person.name.end as usize);
        let count = |word: Option<&str>| word.and_then(|word| self.alone.get(word)).copied().unwrap_or(0);
        count(name.split_whitespace().next()) > count(name.split_whitespace().next_back())
    }
}

impl<'t> Persons<'t> {
    /// Tells persons apart. Gives the person of each mention.
    pub(super) fn of(text: &'t str, words: &[Word], mentions: &[Mention]) -> (Self, Vec<PersonId>) {
        let mut persons =
            Persons { text, persons: Vec::new(), unnamed: AHashMap::new(), shared: AHashMap::new(), narrator: None };
        let mut register = Register::default();
        let mut by_ends: AHashMap<(&str, &str), PersonId> = AHashMap::new();
        let mut whole: Vec<Option<PersonId>> = Vec::with_capacity(mentions.len());
        for mention in mentions {
            let mut parts = parts(mention, words).map(|word| word.of(text));
            let (given, surname) = (parts.next().unwrap_or_default(), parts.last());
            let Some(surname) = surname else {
                if mention.titles.gender().is_none() {
                    *register.alone.entry(given).or_default() += 1;
                }
                whole.push(None);
                continue;
            };
            if self::parts(mention, words).next().is_some_and(|word| word.meaning.is(Meaning::GIVEN)) {
                register.surnames.insert(surname);
            }
            let person = *by_ends.entry((given, surname)).or_insert_with(|| persons.add(mention));
            persons.note(person, mention, words);
            let times = &mut persons.persons[person.0 as usize].mentions;
            *times += 1;
            for word in self::parts(mention, words) {
                let most = register.most.entry(word.of(text)).or_default();
                *most = (*most).max(*times);
            }
            whole.push(Some(person));
        }
        for (mention, person) in mentions.iter().zip(&whole) {
            let Some(person) = *person else { continue };
            let gender = persons.get(person).gender();
            for word in parts(mention, words).map(|word| word.of(text)) {
                if register.is_established(word, persons.get(person), text) {
                    register.first.entry(word).or_default().note_first(person, gender);
                }
            }
        }
        let mut found = Vec::with_capacity(mentions.len());
        for (mention, whole) in mentions.iter().zip(whole) {
            let title = mention.titles.gender();
            let alone = parts(mention, words).next().map(|word| word.of(text)).unwrap_or_default();
            let person = whole.or_else(|| register.bearer(alone, title, &persons)).unwrap_or_else(|| {
                let person = persons.add(mention);
                if title.is_some() {
                    register.titled.entry(alone).or_default().note(person, title);
                }
                person
            });
            if whole.is_none() {
                persons.note(person, mention, words);
            }
            let gender = persons.get(person).gender();
            let is_titled = |word| register.titled.get(word).is_some_and(|bearers| bearers.0.contains(&Some(person)));
            if !is_titled(alone) {
                for word in parts(mention, words).map(|word| word.of(text)) {
                    if whole.is_none() || register.is_established(word, persons.get(person), text) {
                        register.last.entry(word).or_default().note(person, gender);
                    }
                }
            }
            found.push(person);
        }
        persons.read_pronouns(words, mentions, &found);
        for person in 0..persons.persons.len() {
            let name = persons.bare_name(PersonId(person as u32));
            *persons.shared.entry(name).or_default() += 1;
        }
        // *J’ai*: what is cut off from a verb is no name for the narrator.
        let is_whole = |word: &&Word| !slice(text, word.end as usize, text.len()).starts_with(['\'', '’']);
        let is_told = |word: &&Word| !word.is(Looks::SPOKEN | Looks::HEADING);
        let narrator = words.iter().filter(is_told).filter(|word| word.meaning.is_narrator()).find(is_whole);
        if let Some(word) = narrator {
            let span = Span { start: word.start, end: word.end };
            persons.narrator = Some(persons.unnamed(span, Meaning::NOTHING, true));
        }
        (persons, found)
    }

    /// The narrator, if the text has one who says *I*.
    pub(super) fn narrator(&self) -> Option<PersonId> {
        self.narrator
    }

    pub(super) fn get(&self, person: PersonId) -> &Person {
        // Numbers are given by `add` alone.
        &self.persons[person.0 as usize]
    }

    /// Notes that somebody said something.
    pub(super) fn note_speech(&mut self, person: PersonId) {
        let person = &mut self.persons[person.0 as usize];
        (person.has_sign, person.has_spoken) = (true, true);
    }

    /// Somebody without a known name, by what they are called: a role, or a name in a script without capitals.
    pub(super) fn unnamed(&mut self, called: Span, meaning: Meaning, is_name: bool) -> PersonId {
        let known = slice(self.text, called.start as usize, called.end as usize).to_lowercase();
        *self.unnamed.entry(known).or_insert_with(|| {
            let votes = meaning.gender().map_or(0, |gender| if gender == Gender::Male { BY_TITLE } else { -BY_TITLE });
            self.persons.push(Person {
                name: called,
                length: usize::from(is_name),
                title: None,
                votes,
                is_plural: meaning.is(Meaning::PLURAL),
                is_body: meaning.is(Meaning::BODY),
                has_sign: true,
                mentions: 0,
                has_spoken: false,
            });
            PersonId(self.persons.len() as u32 - 1)
        })
    }

    /// The name, with the title if nothing else tells two persons apart.
    pub(super) fn name(&self, person: PersonId) -> String {
        let name = self.bare_name(person);
        let is_shared = self.shared.get(&name).is_some_and(|bearers| *bearers > 1);
        match self.get(person).title.filter(|_| is_shared) {
            Some(title) => format!("{} {name}", slice(self.text, title.start as usize, title.end as usize)),
            None => name,
        }
    }

    fn bare_name(&self, person: PersonId) -> String {
        let Span { start, end } = self.get(person).name;
        let written = slice(self.text, start as usize, end as usize);
        let mut name = String::with_capacity(written.len().min(LONGEST_NAME));
        for word in written.split_whitespace() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
        }
        name
    }

    fn add(&mut self, mention: &Mention) -> PersonId {
        self.persons.push(Person {
            name: mention.span,
            length: 0,
            title: None,
            votes: 0,
            is_plural: false,
            is_body: false,
            has_sign: false,
            mentions: 0,
            has_spoken: false,
        });
        PersonId(self.persons.len() as u32 - 1)
    }

    /// Learns from a mention.
    fn note(&mut self, person: PersonId, mention: &Mention, words: &[Word]) {
        let text = self.text;
        let (Some(head), Some(tail)) = (words.get(mention.words.start), words.get(mention.words.end - 1)) else {
            return;
        };
        let person = &mut self.persons[person.0 as usize];
        let length = mention.words.len();
        if length > person.length {
            person.name = Span { start: head.start, end: tail.end };
            person.length = length;
        }
        let meanings = words[mention.words.clone()].iter().map(|word| word.meaning);
        person.is_body |=
            meanings.clone().any(|meaning| meaning.is(Meaning::BODY)) || length == 1 && head.is(Looks::CAPITALS);
        let given = meanings.clone().next().unwrap_or_default();
        let vote = |gender: Option<Gender>, weight: i64| match gender {
            Some(Gender::Male) => weight,
            Some(Gender::Female) => -weight,
            None => 0,
        };
        person.votes += vote(mention.titles.gender(), BY_TITLE);
        if given.is(Meaning::GIVEN) {
            person.votes += vote(given.gender(), BY_GIVEN_NAME);
        }
        let is_called = head.is(Looks::CALLED) && mention.is_subject;
        let has_age = has_age(slice(text, tail.end as usize, text.len()));
        person.has_spoken |= is_called;
        person.has_sign |= given.is(Meaning::GIVEN)
            || mention.titles.is(Meaning::OFFICE)
            || mention.is_addressed
            || is_called
            || has_age;
        if person.title.is_none() && mention.span.start < head.start {
            let title = slice(text, mention.span.start as usize, head.start as usize).trim_end();
            if title.split_whitespace().nth(1).is_none() {
                person.title = Some(Span { start: mention.span.start, end: mention.span.start + title.len() as u32 });
            }
        }
    }

    /// Lets each pronoun vote for the person mentioned before, if nobody else is mentioned in between and in that
    /// sentence.
    fn read_pronouns(&mut self, words: &[Word], mentions: &[Mention], found: &[PersonId]) {
        let mut next =
            mentions.iter().zip(found).filter(|(mention, _)| mention.is_subject && !mention.is_spoken).peekable();
        // The person at hand, the sentences begun since, and whether another one is mentioned too.
        let mut at_hand: Option<(PersonId, u32, bool)> = None;
        for (number, word) in words.iter().enumerate().filter(|(_, word)| !word.is(Looks::SPOKEN)) {
            if word.is(Looks::OPENS) {
                at_hand = at_hand.map(|(person, sentences, is_sole)| (person, sentences + 1, is_sole));
            }
            while let Some((_, person)) = next.next_if(|(mention, _)| mention.words.start <= number) {
                at_hand = Some(match at_hand {
                    Some((before, 0, _)) if before != *person => (*person, 0, false),
                    Some((before, 0, is_sole)) => (before, 0, is_sole),
                    _ => (*person, 0, true),
                });
            }
            let vote = match (word.meaning.is(Meaning::HE), word.meaning.is(Meaning::SHE)) {
                (true, false) => BY_PRONOUN,
                (false, true) => -BY_PRONOUN,
                _ => continue,
            };
            if let Some((person, 0 | 1, true)) = at_hand {
                self.persons[person.0 as usize].votes += vote;
            }
        }
    }
}

/// Whether an age follows a name: *Ann Lee, 31, ...*
fn has_age(behind: &str) -> bool {
    let age = behind.strip_prefix(", ").and_then(|rest| rest.split(|sign: char| !sign.is_ascii_digit()).next());
    age.is_some_and(|age| age.len() == 2)
}

/// The words of a name that tell who it is: without particles and *Jr.*
fn parts<'w>(mention: &Mention, words: &'w [Word]) -> impl Iterator<Item = &'w Word> + Clone {
    let is_part = |word: &&Word| !word.meaning.is(Meaning::PARTICLE | Meaning::SUFFIX);
    words.get(mention.words.clone()).unwrap_or_default().iter().filter(is_part)
}
