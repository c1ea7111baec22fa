//! Turns: which quotation has whose words, paragraph by paragraph.
//!
//! **Idea.** Whoever is named or pointed at beside a quotation says it. For the others the paragraph tells: in one
//! paragraph one person speaks. A paragraph with nobody named is the next part of what was said before, or an answer to
//! it. Which of both is a question of what kind of text it stands in. In *dialogue* people talk to each other: one speech
//! follows on the other without a word between, they ask, they cry out, they call each other by name. Where a third of
//! the [neighbouring](NEIGHBOURS) speeches do one or the other, and one asks at least, there is dialogue. In a *report*
//! people talk to the reader.
//!
//! In either, whoever the narrator's sentence beside a quotation begins with says it (*Ann looked up. “Yes.”*). Besides, in
//! dialogue two take turns: the speaker is the one before the last one, else the one who was addressed, else somebody of
//! whom was told right before; what is left is filled from behind. Who is spoken to by name is never the speaker. A chain
//! of turns ends at a paragraph without speech.
//!
//! **Cost.** Two passes over the quotations; windows about each.
//!
//! **Gives up.** A dialogue of three without a narrator.

use std::ops::Range;

use crate::text::Unit;

use super::Speaker;
use super::lexicon::{Lexicon, Meaning};
use super::names::Mention;
use super::persons::{PersonId, Persons};
use super::reading::{self, Pronoun, Reading, Role};
use super::rules::Rule;
use super::scene::{self, But, NOBODY, Scene};
use super::words::{Looks, Word, slice};
use crate::finding::Span;
use crate::quotations::{Quotation, QuotationKind};

/// Speeches on each side by which dialogue is told from a report.
const NEIGHBOURS: usize = 4;

/// A text with its names.
pub(super) struct Book<'a> {
    pub(super) text: &'a str,
    pub(super) units: &'a [Unit],
    pub(super) words: &'a [Word],
    pub(super) mentions: &'a [Mention],
    pub(super) of_mentions: &'a [PersonId],
    pub(super) lexicon: Lexicon,
}

/// The speaker of a quotation.
#[derive(Debug, Clone, Copy)]
struct Given {
    person: PersonId,
    span: Span,
    is_resolved: bool,
    rule: Rule,
}

impl Given {
    fn resolved(rule: Rule, (person, span): (PersonId, Span)) -> Self {
        Given { person, span, is_resolved: true, rule }
    }
}

/// A paragraph with speech.
#[derive(Debug, Clone)]
struct Speech {
    /// Its number among all paragraphs, and that of the one where its last quotation ends.
    paragraph: usize,
    last_paragraph: usize,
    start: u32,
    /// Its quotations, in the order of the text.
    quotations: Range<usize>,
    /// Whether it begins with a quotation, whether it is nothing else.
    opens: bool,
    is_all: bool,
    /// Whether nothing follows its last quotation.
    closes: bool,
    /// Whether the last quotation is not closed: the next paragraph goes on with it.
    goes_on: bool,
    /// Whether it asks, cries or addresses somebody.
    is_lively: bool,
    addressed: Option<PersonId>,
}

/// Gives each quotation its speaker, and says what told it.
pub(super) fn assign(book: &Book, persons: Persons, quotations: &[Quotation]) -> Vec<Option<(Speaker, Rule)>> {
    let mut order: Vec<usize> = (0..quotations.len()).collect();
    order.sort_by_key(|number| (quotations[*number].whole.start, u32::MAX - quotations[*number].whole.end));
    let blocks: Vec<u32> = book.units.iter().filter(|unit| unit.opens_block).map(|unit| unit.start).collect();
    let sentences = sentences(book);
    let mut stage = Stage {
        book,
        quotations,
        blocks: &blocks,
        scene: Scene::new(book.text, book.words, (book.mentions, book.of_mentions), &sentences),
        persons,
        given: vec![None; quotations.len()],
        speeches: Vec::new(),
        speakers: Vec::new(),
        last: None,
    };
    let (outer, inner) = stage.part(&order);
    stage.speeches = stage.speeches(&outer);
    stage.forward(&outer);
    stage.backward(&outer);
    for number in inner {
        stage.read_name(number);
    }
    let Stage { persons, given, .. } = stage;
    let speaker = |given: Given| {
        let Given { person, span, is_resolved, rule } = given;
        (Speaker { name: persons.name(person), span, is_resolved, is_named: rule == Rule::Name }, rule)
    };
    given.into_iter().map(|given| given.map(speaker)).collect()
}

/// Where the sentences begin that are not all speech.
fn sentences(book: &Book) -> Vec<u32> {
    let mut words = book.words.iter().peekable();
    let mut sentences = Vec::new();
    for (number, unit) in book.units.iter().enumerate() {
        let end = book.units.get(number + 1).map_or(u32::MAX, |next| next.start);
        let mut is_told = false;
        while let Some(word) = words.next_if(|word| word.start < end) {
            is_told |= !word.is(Looks::SPOKEN);
        }
        if is_told {
            sentences.push(unit.start);
        }
    }
    sentences
}

/// The quotations of a text, while speakers are looked for.
struct Stage<'a> {
    book: &'a Book<'a>,
    quotations: &'a [Quotation],
    /// First bytes of the paragraphs.
    blocks: &'a [u32],
    scene: Scene<'a>,
    persons: Persons<'a>,
    given: Vec<Option<Given>>,
    speeches: Vec<Speech>,
    /// Of each speech, as far as it is known.
    speakers: Vec<Option<Given>>,
    /// Who said something last, and in which paragraph.
    last: Option<(PersonId, usize)>,
}

impl Stage<'_> {
    fn paragraph(&self, at: u32) -> usize {
        self.blocks.partition_point(|start| *start <= at)
    }

    /// Parts the quotations from those that stand inside others.
    fn part(&self, order: &[usize]) -> (Vec<usize>, Vec<usize>) {
        let mut reached = 0;
        order.iter().partition(|number| {
            let whole = self.quotations[**number].whole;
            let is_outer = whole.start >= reached;
            reached = reached.max(whole.end);
            is_outer
        })
    }

    /// Puts the speech of each paragraph together.
    fn speeches(&self, outer: &[usize]) -> Vec<Speech> {
        let mut speeches: Vec<Speech> = Vec::new();
        for (place, number) in outer.iter().enumerate() {
            let quotation = &self.quotations[*number];
            if quotation.kind != QuotationKind::Speech {
                continue;
            }
            let paragraph = self.paragraph(quotation.whole.start);
            let last_paragraph = self.paragraph(quotation.whole.end.saturating_sub(1));
            let goes_on = self.is_unclosed(quotation.whole);
            let addressed = self.addressed(quotation);
            let is_lively = addressed.is_some() || quotation.pieces.iter().any(|piece| self.is_cried(*piece));
            match speeches.last_mut().filter(|speech| speech.paragraph == paragraph) {
                Some(speech) => {
                    speech.quotations.end = place + 1;
                    speech.last_paragraph = last_paragraph;
                    speech.goes_on = goes_on;
                    speech.is_lively |= is_lively;
                    speech.addressed = addressed.or(speech.addressed);
                }
                None => {
                    let start = self.blocks.get(paragraph.wrapping_sub(1)).copied().unwrap_or(0);
                    let (opens, closes, is_all) = self.fills(start, paragraph);
                    let quotations = place..place + 1;
                    speeches.push(Speech {
                        paragraph,
                        last_paragraph,
                        start,
                        quotations,
                        opens,
                        closes,
                        is_all,
                        goes_on,
                        is_lively,
                        addressed,
                    });
                }
            }
        }
        speeches
    }

    /// Whether a paragraph begins with speech, whether it ends with it, and whether it is nothing else.
    fn fills(&self, start: u32, paragraph: usize) -> (bool, bool, bool) {
        let end = self.blocks.get(paragraph).copied().unwrap_or(u32::MAX);
        let from = self.book.words.partition_point(|word| word.start < start);
        let words = self.book.words[from..].iter().take_while(|word| word.start < end);
        let mut is_spoken = words.map(|word| word.is(Looks::SPOKEN)).peekable();
        let opens = is_spoken.peek().copied().unwrap_or(false);
        is_spoken.fold((opens, false, true), |(opens, _, is_all), spoken| (opens, spoken, is_all && spoken))
    }

    /// Whether a quotation begins with a mark and does not end with one.
    fn is_unclosed(&self, whole: Span) -> bool {
        let text = slice(self.book.text, whole.start as usize, whole.end as usize);
        let is_mark = |sign: char| "\"'“”„‘’‚«»‹›「」『』".contains(sign);
        text.starts_with(is_mark) && !text.ends_with(is_mark)
    }

    /// Whether somebody asks or cries.
    fn is_cried(&self, piece: Span) -> bool {
        let said = slice(self.book.text, piece.start as usize, piece.end as usize);
        let last =
            said.trim_end_matches(|sign: char| sign.is_whitespace() || "\"'“”‘’«»_".contains(sign)).chars().next_back();
        last.is_some_and(|last| matches!(last, '?' | '!' | '？' | '！'))
    }

    /// Who is spoken to by name.
    fn addressed(&self, quotation: &Quotation) -> Option<PersonId> {
        quotation.pieces.iter().find_map(|piece| {
            let from = self.book.mentions.partition_point(|mention| mention.span.start < piece.start);
            let within = self.book.mentions[from..].iter().zip(&self.book.of_mentions[from..]);
            let mut within = within.take_while(|(mention, _)| mention.span.end <= piece.end);
            within.find(|(mention, _)| mention.is_addressed).map(|(_, person)| *person)
        })
    }

    /// Whether a speech stands among people who talk to each other.
    fn is_dialogue(&self, speech: usize) -> bool {
        let from = speech.saturating_sub(NEIGHBOURS);
        let to = (speech + NEIGHBOURS + 1).min(self.speeches.len());
        let lively = (from..to).filter(|speech| self.speeches[*speech].is_lively).count();
        let answers = (from..to).filter(|speech| self.is_answer(*speech)).count();
        lively > 0 && lively + answers > 1 && 3 * (lively + answers) >= to - from
    }

    /// Whether nothing stands between a speech and the one before, which was closed.
    fn is_answer(&self, speech: usize) -> bool {
        let before = self.before(speech).map(|before| &self.speeches[before]);
        self.speeches[speech].opens && before.is_some_and(|before| before.closes && !before.goes_on)
    }

    /// The speech in the paragraph before.
    fn before(&self, speech: usize) -> Option<usize> {
        let before = speech.checked_sub(1)?;
        (self.speeches[before].last_paragraph + 1 == self.speeches[speech].paragraph).then_some(before)
    }

    fn speaker(&self, speech: Option<usize>) -> Option<Given> {
        self.speakers.get(speech?).copied().flatten()
    }

    /// Who spoke last but one, if the last one was somebody else.
    fn turn_before(&self, speech: usize) -> Option<Given> {
        let before = self.before(speech)?;
        let given = self.speaker(self.before(before))?;
        let other = self.speaker(Some(before));
        other.is_none_or(|other| other.person != given.person).then_some(given)
    }

    /// Finds speakers from the beginning to the end.
    fn forward(&mut self, outer: &[usize]) {
        let mut done = 0;
        for number in 0..self.speeches.len() {
            let speech = self.speeches[number].clone();
            for quotation in &outer[done..speech.quotations.start] {
                self.read(*quotation, NOBODY, None);
            }
            done = speech.quotations.end;
            let is_dialogue = self.is_dialogue(number);
            let before = self.speaker(self.before(number));
            let last = before.filter(|_| is_dialogue && speech.opens).map(|before| before.person);
            let but = [last, speech.addressed];
            let other = self.answering(number).filter(|_| is_dialogue && speech.opens);
            let quotations = &outer[speech.quotations.clone()];
            for quotation in quotations {
                self.read(*quotation, but, other);
            }
            let given = |stage: &Self| quotations.iter().find_map(|quotation| stage.given[*quotation]);
            let is_open = quotations.iter().all(|quotation| self.is_open(*quotation));
            let found = given(self).or_else(|| if is_open { self.infer(number, is_dialogue, but) } else { None });
            self.spread(quotations, found);
            if let (Some(Given { person, .. }), Some(last)) = (found, quotations.last()) {
                let whole = self.quotations[*last].whole;
                self.scene.advance(whole.end, &self.persons);
                self.scene.note_speaker(person, whole);
                self.last = Some((person, self.paragraph(whole.start)));
            }
            self.speakers.push(found);
        }
        for quotation in &outer[done..] {
            self.read(*quotation, NOBODY, None);
        }
    }

    /// Whether nobody stands beside a speech. Where somebody does who is not known, nobody else is meant.
    fn is_open(&self, quotation: usize) -> bool {
        let quotation = &self.quotations[quotation];
        quotation.kind == QuotationKind::Speech && quotation.mention.is_none() && quotation.cue.is_none()
    }

    /// Gives the quotations of a paragraph that have no speaker that of the one before, or else the one found.
    fn spread(&mut self, quotations: &[usize], found: Option<Given>) {
        let is_read = quotations.iter().any(|quotation| self.given[*quotation].is_some());
        let again = |given: Given, rule: Rule| Given { is_resolved: true, rule, ..given };
        let mut at_hand = found.map(|found| again(found, if is_read { Rule::Paragraph } else { found.rule }));
        for quotation in quotations {
            match self.given[*quotation] {
                Some(given) => at_hand = Some(again(given, Rule::Paragraph)),
                None if self.is_open(*quotation) => self.given[*quotation] = at_hand,
                None => {}
            }
        }
    }

    /// Finds the speaker of a paragraph in which nobody stands beside the quotations.
    fn infer(&mut self, number: usize, is_dialogue: bool, but: But) -> Option<Given> {
        let speech = self.speeches[number].clone();
        let before = self.before(number);
        let goes_on = before.is_some_and(|before| self.speeches[before].goes_on);
        if speech.opens && goes_on || speech.is_all && !is_dialogue {
            return self.speaker(before).map(|before| Given { rule: Rule::Continuation, ..before });
        }
        if !speech.is_all
            && let Some(told) = self.subject_beside(number, but)
        {
            return Some(told);
        }
        if !is_dialogue || !speech.opens {
            return None;
        }
        self.answering(number).or_else(|| self.partner(number))
    }

    /// Whose turn it is: of the one who spoke last but one, else of the one who was addressed.
    fn answering(&self, number: usize) -> Option<Given> {
        let addressed = self.speeches[number].addressed;
        let may = |given: &Given| addressed != Some(given.person);
        let turn = self.turn_before(number).map(|turn| Given { rule: Rule::Turns, ..turn });
        turn.filter(may).or_else(|| self.addressee(self.before(number)?).filter(may))
    }

    /// Who talks with the one who spoke last: whoever was told of.
    fn partner(&self, number: usize) -> Option<Given> {
        let last = self.speaker(self.before(number))?.person;
        let Speech { start, addressed, .. } = self.speeches[number];
        let other = self.scene.other_than([Some(last), addressed], start, &self.persons)?;
        Some(Given::resolved(Rule::Partner, other))
    }

    fn addressee(&self, speech: usize) -> Option<Given> {
        let Speech { addressed, start, .. } = self.speeches[speech];
        addressed.map(|person| Given::resolved(Rule::Addressed, (person, Span { start, end: start })))
    }

    /// Who stands first in the narrator's sentence beside the first quotation of a paragraph: *Ann looked up. “Yes.”*
    fn subject_beside(&mut self, number: usize, but: But) -> Option<Given> {
        let Book { words, mentions, of_mentions, .. } = *self.book;
        let speech = &self.speeches[number];
        let end = self.blocks.get(speech.paragraph).copied().unwrap_or(u32::MAX);
        let first = words.partition_point(|word| word.start < speech.start);
        let last = words.partition_point(|word| word.start < end);
        let is_told = |word: &usize| !words[*word].is(Looks::SPOKEN);
        let begin = if speech.opens {
            (first..last).find(is_told)?
        } else {
            let spoken = (first..last).find(|word| !is_told(word)).unwrap_or(last);
            (first..spoken).rev().find(|word| words[*word].is(Looks::OPENS)).unwrap_or(first)
        };
        let start = words.get(begin)?.start;
        let mut next = mentions.partition_point(|mention| mention.span.end <= start);
        for (place, word) in (begin..last).take_while(is_told).enumerate() {
            if place > 0 && words[word].is(Looks::OPENS) {
                return None;
            }
            let word = words[word];
            while mentions.get(next).is_some_and(|mention| mention.span.end <= word.start) {
                next += 1;
            }
            let named = mentions.get(next).filter(|mention| mention.span.start <= word.start && mention.is_subject);
            if let Some(mention) = named {
                let person = of_mentions[next];
                if self.persons.get(person).is_person() {
                    return Some(Given::resolved(Rule::Sentence, (person, mention.span)));
                }
            }
            if word.meaning.is_narrator() && place < 2 {
                let span = Span { start: word.start, end: word.end };
                return self.persons.narrator().map(|person| Given::resolved(Rule::Sentence, (person, span)));
            }
            if let Some(gender) = word.meaning.pronoun_gender() {
                self.scene.advance(word.start, &self.persons);
                let found = self.scene.stand_in(Pronoun::One(Some(gender)), word.start, &self.persons, but)?;
                return Some(Given::resolved(Rule::Sentence, found));
            }
        }
        None
    }

    /// Fills from behind what dialogue has left open.
    fn backward(&mut self, outer: &[usize]) {
        for number in (0..self.speeches.len().saturating_sub(1)).rev() {
            let next = number + 1;
            if self.speakers[number].is_some() || self.before(next) != Some(number) || !self.is_dialogue(number) {
                continue;
            }
            let answer = self.speaker(Some(next));
            let after = (next + 1 < self.speeches.len()).then_some(next + 1);
            let other = self.speaker(after.filter(|after| self.before(*after) == Some(next)));
            let other = other.filter(|other| answer.is_none_or(|answer| answer.person != other.person));
            let found = other.or_else(|| self.addressee(next)).map(|found| Given { rule: Rule::Behind, ..found });
            let quotations = outer[self.speeches[number].quotations.clone()].to_vec();
            self.spread(&quotations, found);
            self.speakers[number] = found;
        }
    }

    /// Gives a quotation the speaker by the words beside it. `but` spoke last, `other` before that.
    fn read(&mut self, number: usize, but: But, other: Option<Given>) {
        let quotation = &self.quotations[number];
        let Some(span) = quotation.mention.or(quotation.cue) else { return };
        let Book { text, words, mentions, of_mentions, lexicon, .. } = *self.book;
        let reading = match (quotation.mention, quotation.cue) {
            (Some(mention), cue) => reading::read(text, words, mentions, mention, cue, lexicon),
            (None, Some(cue)) => Some(Reading::Pronoun(reading::read_verb(text, cue))),
            (None, None) => None,
        };
        let own = |rule: Rule, person: PersonId| Given { person, span, is_resolved: false, rule };
        self.scene.advance(span.start, &self.persons);
        let given = match reading {
            Some(Reading::Name(mention)) => Some(own(Rule::Name, of_mentions[mention])),
            Some(Reading::Caseless) => Some(own(Rule::Name, self.persons.unnamed(span, Meaning::NOTHING, true))),
            Some(Reading::First) => Some(own(Rule::First, self.persons.unnamed(span, Meaning::NOTHING, true))),
            Some(Reading::Role(role)) => Some(match self.bearer(&role, span.start, but) {
                Some((rule, person)) => Given { is_resolved: true, ..own(rule, person) },
                None => {
                    let rule = if role.meaning.is(Meaning::BODY) { Rule::Body } else { Rule::UnknownRole };
                    own(rule, self.persons.unnamed(span, role.meaning, false))
                }
            }),
            Some(Reading::Pronoun(pronoun)) => {
                let found = self.stand_in(pronoun, quotation, span, but, other);
                found.map(|(person, antecedent)| {
                    let rule = match pronoun {
                        Pronoun::One(_) if quotation.mention.is_none() => Rule::NoSubject,
                        Pronoun::One(_) if self.is_past(quotation, span) => Rule::Fragment,
                        Pronoun::One(_) => Rule::Pronoun,
                        Pronoun::Relative => Rule::Relative,
                        Pronoun::Thing => Rule::It,
                        Pronoun::Several => Rule::They,
                    };
                    Given::resolved(rule, (person, quotation.mention.unwrap_or(antecedent)))
                })
            }
            None => None,
        };
        if let Some(Given { person, .. }) = given {
            self.persons.note_speech(person);
            self.scene.note_speaker(person, span);
            self.last = Some((person, self.paragraph(span.start)));
        }
        self.given[number] = given;
    }

    /// Who bears a role: by the text, else who spoke last, in a report, if the role tells nothing else.
    fn bearer(&self, role: &Role, at: u32, but: But) -> Option<(Rule, PersonId)> {
        let head = role.head.filter(|_| role.is_definite && !role.meaning.is(Meaning::HUMAN))?;
        if let Some((person, _)) = self.scene.bearer(role, at) {
            return Some((Rule::Role, person));
        }
        let says_more = |word: &Word| {
            let is_name = word.is(Looks::CAPITAL) && !self.book.lexicon.capitalises_nouns();
            is_name || word.meaning.is(Meaning::FUNCTION)
        };
        let is_plain = self.book.words.get(role.words.clone()).is_some_and(|words| !words.iter().any(says_more));
        let (person, paragraph) = self.last?;
        let fits = scene::fits(Pronoun::One(role.meaning.gender()), &self.persons, person);
        let is_near = but[0].is_none() && paragraph + 1 >= self.paragraph(at);
        let may = is_plain && is_near && fits && !self.scene.is_introduced(head);
        may.then_some((Rule::RoleAtHand, person))
    }

    /// Whether a pronoun ends the sentence of a fragment. What is told before it there is said by whoever it stands for:
    /// *Lee's words “are no help,” she said*.
    fn is_past(&self, quotation: &Quotation, span: Span) -> bool {
        quotation.kind != QuotationKind::Speech && span.start > quotation.whole.start
    }

    /// Whom a pronoun beside a quotation stands for.
    fn stand_in(
        &self,
        pronoun: Pronoun,
        quotation: &Quotation,
        span: Span,
        but: But,
        other: Option<Given>,
    ) -> Option<(PersonId, Span)> {
        let stand_in = |at: u32, but: But| self.scene.stand_in(pronoun, at, &self.persons, but);
        let before = Some(self.scene.sentence_start(span.start)).filter(|_| self.is_past(quotation, span));
        if let Some(found) = before.and_then(|before| stand_in(before, but)) {
            return Some(found);
        }
        let near = stand_in(span.start, but);
        let start = self.blocks.get(self.paragraph(span.start).wrapping_sub(1)).copied().unwrap_or(0);
        if near.is_some_and(|(_, span)| span.start >= start) {
            return near;
        }
        let may = |person: PersonId| !but.contains(&Some(person)) && scene::fits(pronoun, &self.persons, person);
        let turn = other.map(|other| (other.person, other.span)).filter(|(person, _)| may(*person));
        turn.or(near).or_else(|| stand_in(span.start, NOBODY))
    }

    /// Gives a quotation inside another one its speaker, if somebody is named beside it.
    fn read_name(&mut self, number: usize) {
        let Some(span) = self.quotations[number].mention else { return };
        let Book { text, words, mentions, of_mentions, lexicon, .. } = *self.book;
        if let Some(Reading::Name(mention)) = reading::read(text, words, mentions, span, None, lexicon) {
            let person = of_mentions[mention];
            self.given[number] = Some(Given { person, span, is_resolved: false, rule: Rule::Name });
        }
    }
}
