//! Scene: who was mentioned up to a place, and whom a pronoun or a role there stands for.
//!
//! **Idea.** One rule of salience: go back sentence by sentence, and within a sentence take those who may be its subject
//! before the others, in the order of the text; the first one who fits in gender and number is meant. That is what
//! remains of Hobbs's algorithm (1978) without a parse: near sentences first, subjects first, left to right. Words in
//! speech mention nobody for a pronoun outside; who speaks counts as mentioned where they speak, and whoever the
//! narrator's *he* or *she* stands for counts as mentioned there, so that a person stays at hand while told of. Those of
//! whom a gender is known, or who said something, come before names that may be anybody's; the narrator (*I*) is nobody's
//! *he*. A role (*the minister*) is the last person who bore it beside the name, if every word of the one role is in the
//! other.
//!
//! **Cost.** Windows of [so many](WINDOW) mentions and [so many](SENTENCES) sentences back.
//!
//! **Gives up.** Pronouns that come before their name. Meaning: in *Ann told Eve that she would win* both fit.

use std::ops::Range;

use super::lexicon::Meaning;
use super::names::Mention;
use super::persons::{PersonId, Persons};
use super::reading::{Pronoun, Role};
use super::words::{Looks, Word};
use crate::finding::Span;

/// Mentions at most that are looked at for a pronoun, or for a role.
const WINDOW: usize = 48;
/// Sentences at most that are gone back, outside speech.
const SENTENCES: u32 = 8;
/// Words back at most in which *a clerk* brings *the clerk* in, and words of such a phrase.
const INTRODUCTION: usize = 400;
const NOUN_PHRASE: usize = 6;
/// Sentences at most since somebody was told of who talks with another one.
const NEAR: u32 = 4;
/// Letters that two forms of a word have in common: *Norway's*, *Norwegian*.
const STEM: usize = 4;

/// Those who cannot be meant: who spoke last, who is spoken to.
pub(super) type But = [Option<PersonId>; 2];

/// Nobody who cannot be meant.
pub(super) const NOBODY: But = [None; 2];

/// Somebody mentioned.
#[derive(Debug, Clone, Copy)]
struct Mentioned {
    person: PersonId,
    /// Where: of a pronoun its first byte.
    at: u32,
    /// The mention, or the one that a pronoun stands for.
    span: Span,
    /// The number of the sentence.
    sentence: u32,
    is_subject: bool,
}

/// Who was mentioned, in the order of the text, up to the place at hand.
pub(super) struct Scene<'a> {
    text: &'a str,
    words: &'a [Word],
    mentions: &'a [Mention],
    of_mentions: &'a [PersonId],
    /// First bytes of the sentences in which something is not said.
    sentences: &'a [u32],
    /// The mention that comes next.
    next: usize,
    /// The word that comes next.
    next_word: usize,
    mentioned: Vec<Mentioned>,
    /// Mentions beside an office.
    offices: Vec<usize>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        text: &'a str,
        words: &'a [Word],
        (mentions, of_mentions): (&'a [Mention], &'a [PersonId]),
        sentences: &'a [u32],
    ) -> Self {
        Scene {
            text,
            words,
            mentions,
            of_mentions,
            sentences,
            next: 0,
            next_word: 0,
            mentioned: Vec::new(),
            offices: Vec::new(),
        }
    }

    /// The number of the sentence that holds a byte.
    fn sentence(&self, at: u32) -> u32 {
        self.sentences.partition_point(|start| *start <= at) as u32
    }

    /// Where the sentence begins that holds a byte.
    pub(super) fn sentence_start(&self, at: u32) -> u32 {
        let number = self.sentence(at) as usize;
        number.checked_sub(1).and_then(|number| self.sentences.get(number)).copied().unwrap_or(0)
    }

    /// Whether somebody new was brought in shortly before, by the noun of a role: *a clerk*.
    pub(super) fn is_introduced(&self, head: usize) -> bool {
        let Some(word) = self.words.get(head) else { return false };
        let here = self.sentence(word.start);
        let noun = self.word(head);
        let near = self.words[..head].iter().enumerate().rev();
        let near =
            near.take_while(|(_, word)| here.saturating_sub(self.sentence(word.start)) <= SENTENCES).take(INTRODUCTION);
        let mut near = near.filter(|(_, word)| !word.is(Looks::SPOKEN) && word.meaning.is(Meaning::INDEFINITE));
        near.any(|(article, _)| (article + 1..article + NOUN_PHRASE).any(|other| self.word(other) == noun))
    }

    /// Goes on to a place.
    pub(super) fn advance(&mut self, to: u32, persons: &Persons) {
        while let Some(word) = self.words.get(self.next_word).filter(|word| word.start < to) {
            self.next_word += 1;
            if word.is(Looks::SPOKEN) {
                continue;
            }
            if let Some(narrator) = persons.narrator().filter(|_| word.meaning.is_narrator()) {
                self.pass(word.start);
                let (at, sentence) = (word.start, self.sentence(word.start));
                let span = Span { start: word.start, end: word.end };
                self.mentioned.push(Mentioned { person: narrator, at, span, sentence, is_subject: true });
                continue;
            }
            let Some(gender) = word.meaning.pronoun_gender() else { continue };
            self.pass(word.start);
            if let Some((person, span)) = self.stand_in(Pronoun::One(Some(gender)), word.start, persons, NOBODY) {
                let is_subject = !word.meaning.is(Meaning::POSSESSIVE);
                let sentence = self.sentence(word.start);
                self.mentioned.push(Mentioned { person, at: word.start, span, sentence, is_subject });
            }
        }
        self.pass(to);
    }

    /// Takes in the names up to a place.
    fn pass(&mut self, to: u32) {
        while let Some(mention) = self.mentions.get(self.next).filter(|mention| mention.span.start < to) {
            if !mention.is_spoken {
                let sentence = self.sentence(mention.span.start);
                let (person, is_subject) = (self.of_mentions[self.next], mention.is_subject);
                let at = mention.span.start;
                self.mentioned.push(Mentioned { person, at, span: mention.span, sentence, is_subject });
                if mention.role.is_some() {
                    self.offices.push(self.next);
                }
            }
            self.next += 1;
        }
    }

    /// Notes who speaks at a place.
    pub(super) fn note_speaker(&mut self, person: PersonId, span: Span) {
        let sentence = self.sentence(span.start);
        self.mentioned.push(Mentioned { person, at: span.start, span, sentence, is_subject: true });
    }

    /// Whom a pronoun at a place stands for. `but` is somebody who cannot be meant, if anybody else may be.
    pub(super) fn stand_in(&self, pronoun: Pronoun, at: u32, persons: &Persons, but: But) -> Option<(PersonId, Span)> {
        let here = self.sentence(at);
        let before = self.mentioned.iter().rev().take(WINDOW).filter(|one| one.at < at);
        if pronoun == Pronoun::Relative {
            let near = before.take_while(|one| one.sentence == here).next()?;
            return Some((near.person, near.span));
        }
        let fits = |one: &&Mentioned| fits(pronoun, persons, one.person) && !but.contains(&Some(one.person));
        let near = before.take_while(|one| here.saturating_sub(one.sentence) <= SENTENCES).filter(fits);
        // Who is known as a woman or a man comes before a name of which nothing is known but that it may be a person's.
        let known = near.clone().filter(|one| persons.get(one.person).is_certain());
        let best = most_salient(known).or_else(|| most_salient(near))?;
        Some((best.person, best.span))
    }

    /// The last person mentioned before a place but for some.
    pub(super) fn other_than(&self, but: But, at: u32, persons: &Persons) -> Option<(PersonId, Span)> {
        let here = self.sentence(at);
        let before = self.mentioned.iter().rev().take(WINDOW).filter(|one| one.at < at);
        let mut before = before.take_while(|one| here.saturating_sub(one.sentence) <= NEAR);
        let found = before
            .find(|one| !but.contains(&Some(one.person)) && one.is_subject && persons.get(one.person).is_person())?;
        Some((found.person, found.span))
    }

    /// Who bore a role before a place.
    pub(super) fn bearer(&self, role: &Role, at: u32) -> Option<(PersonId, Span)> {
        let head = self.word(role.head?);
        let is_said = |word: &usize| !self.words[*word].meaning.is(Meaning::FUNCTION);
        let mut wanted = role.words.clone().filter(is_said).filter(|word| Some(*word) != role.head);
        let offices =
            self.offices.iter().rev().take(WINDOW).map(|number| (&self.mentions[*number], self.of_mentions[*number]));
        let mut before = offices.filter(|(mention, _)| mention.span.end <= at);
        before
            .find(|(mention, _)| {
                let borne = mention.role.clone().unwrap_or_default();
                borne.clone().any(|word| self.word(word).ends_with(&head))
                    && wanted.clone().all(|word| self.has_kin(borne.clone(), &self.word(word)))
            })
            .filter(|_| wanted.by_ref().count() <= WINDOW)
            .map(|(mention, person)| (person, mention.span))
    }

    fn word(&self, word: usize) -> String {
        self.words.get(word).map_or(String::new(), |word| word.of(self.text).to_lowercase())
    }

    /// Whether one of some words is a form of another word.
    fn has_kin(&self, among: Range<usize>, word: &str) -> bool {
        let shared = |other: &str| word.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
        among.into_iter().any(|other| {
            let other = self.word(other);
            other == word || shared(&other) >= STEM
        })
    }
}

/// Of those mentioned, the last one first, whoever is salient: in the nearest sentence the subject, of two the one further
/// left.
fn most_salient<'m>(near: impl Iterator<Item = &'m Mentioned>) -> Option<&'m Mentioned> {
    let mut best: Option<&Mentioned> = None;
    for one in near {
        match best {
            Some(best) if best.sentence != one.sentence => break,
            Some(best) if best.is_subject && !one.is_subject => {}
            _ => best = Some(one),
        }
    }
    best
}

/// Whether a pronoun may stand for somebody.
pub(super) fn fits(pronoun: Pronoun, persons: &Persons, person: PersonId) -> bool {
    if persons.narrator() == Some(person) {
        return false;
    }
    let person = persons.get(person);
    match pronoun {
        Pronoun::One(gender) => {
            person.is_person() && (gender.is_none() || person.gender().is_none() || person.gender() == gender)
        }
        Pronoun::Relative => true,
        Pronoun::Thing => person.is_body,
        Pronoun::Several => person.is_plural || person.is_body,
    }
}
