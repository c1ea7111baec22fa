//! Mentions: the words that name a speaker, beside a verb.
//!
//! **Idea.** Without a grammar, a noun phrase is told by what it cannot hold: going away from the verb it ends at a
//! point, at a word that begins a clause, at another verb of the table. Before the verb stands the subject (*the former
//! minister also said*: what may stand between is passed over; so is an apposition, *Smith, a professor at Leeds,
//! said*); behind it the subject of an inverted clause (*said the minister on Monday*: a preposition ends it, but for
//! *of*, *for* and the like). At most [`REACH`] tokens are looked at, so that a block is read in linear time.
//!
//! **Gives up.** Verbs that the table does not know may be taken into a phrase; a list of three speakers gives one.

use super::tokens::Token;
use super::words::Roles;
use crate::finding::Span;

/// How many tokens a phrase may have, with an apposition that is passed over.
const REACH: usize = 28;

/// How many characters the topic of a Japanese sentence has at most.
const LONGEST_TOPIC: usize = 12;

/// The tokens of a block, with the text that they are of.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
}

impl<'a> Reading<'a> {
    pub(super) fn get(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    /// Whether a token has one of some roles.
    pub(super) fn has(&self, at: usize, roles: Roles) -> bool {
        self.get(at).is_some_and(|token| token.has(roles))
    }

    /// Whether a token is one of some words in small letters.
    pub(super) fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        let word = self.get(at).map(|token| token.text(self.text)).unwrap_or_default();
        words.iter().any(|other| other.chars().eq(word.chars().flat_map(char::to_lowercase)))
    }

    /// The bytes from the first to the last of some tokens, a possessive's ending left out.
    fn span(&self, from: usize, to: usize) -> Option<Span> {
        let (first, last) = (self.get(from)?, self.get(to.checked_sub(1)?)?);
        let word = last.text(self.text);
        let bare = ["'s", "’s", "'", "’"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        (from < to).then_some(Span { start: first.start, end: last.end - (word.len() - bare.len()) as u32 })
    }

    /// Whether a word is one that may stand between a subject and its verb.
    pub(super) fn is_filler(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| {
            let is_adverb = || {
                let word = token.text(self.text);
                !token.is_capital && word.len() > 4 && (word.ends_with("ly") || word.ends_with("ment"))
            };
            token.is_word() && !token.has(Roles::PRONOUN) && (token.has(Roles::FILLER) || is_adverb())
        })
    }

    /// The subject whose verb begins at `end`; nothing before `least` is looked at.
    pub(super) fn subject_before(&self, least: usize, end: usize) -> Option<Span> {
        let least = least.max(end.saturating_sub(REACH));
        let mut end = end;
        loop {
            while end > least && self.is_filler(end - 1) {
                end -= 1;
            }
            // `Khan, who said`.
            if end > least && self.has(end - 1, Roles::RELATIVE) {
                end -= 1;
            }
            let is_comma = |at: usize| self.get(at).is_some_and(|token| token.is_comma() || token.is_dash());
            if end <= least || !is_comma(end - 1) {
                break;
            }
            // An apposition: it begins behind another comma.
            match (least..end - 1).rev().find(|at| is_comma(*at)) {
                Some(comma) if comma > least => end = comma,
                _ => end -= 1,
            }
        }
        let last = self.get(end.checked_sub(1)?)?;
        if end <= least || !last.is_word() {
            return None;
        }
        if last.has(Roles::PRONOUN) && !(last.is_capital && end > least + 1 && self.get(end - 2)?.is_capital) {
            return self.span(end - 1, end);
        }
        let mut start = end;
        while start > least && self.is_of_subject(start - 1, end) {
            start -= 1;
            if self.get(start)?.opens_sentence {
                break;
            }
        }
        // *She paused, then said*: a verb that the table does not know, and its subject.
        let is_noun = |at: usize| {
            self.get(at).is_some_and(|token| token.is_capital && !token.opens_sentence || token.has(Roles::ARTICLE))
        };
        if start > least && self.is_pronoun(start - 1) && !(start..end).any(is_noun) {
            return self.span(start - 1, start);
        }
        self.trim_subject(start, end)
    }

    fn is_pronoun(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| {
            token.has(Roles::PRONOUN) && !token.has(Roles::ARTICLE | Roles::SUBORDINATOR | Roles::PREPOSITION)
        })
    }

    /// Whether a word goes on, to the left, with a subject that ends at `end`.
    fn is_of_subject(&self, at: usize, end: usize) -> bool {
        let Some(token) = self.get(at) else { return false };
        let next_is_capital = self.get(at + 1).is_some_and(|next| next.is_capital);
        if !token.is_word() {
            return false;
        }
        if self.has(at, Roles::AND) {
            let before = at.checked_sub(1).and_then(|before| self.get(before));
            return at + 1 < end
                && next_is_capital
                && before.is_some_and(|before| before.is_word() && before.is_capital);
        }
        if token.is_capital && !token.opens_sentence {
            return true;
        }
        let before = at.checked_sub(1).and_then(|before| self.get(before));
        let is_noun = before.is_some_and(|before| before.has(Roles::ARTICLE) || before.is_possessive);
        let is_verb = token.has(Roles::CUE) && !next_is_capital && !is_noun;
        let is_auxiliary = token.has(Roles::AUXILIARY) && !token.has(Roles::ARTICLE);
        let is_pronoun = token.has(Roles::PRONOUN) && !token.has(Roles::ARTICLE);
        // `of` and the like begin no clause, whatever they are in other languages.
        let is_border = token.has(Roles::SUBORDINATOR) && !token.has(Roles::ARTICLE);
        !(is_verb || is_auxiliary || is_pronoun || is_border)
    }

    /// Leaves out what stands before a subject: *On Monday Khan*, *Later the minister*.
    fn trim_subject(&self, start: usize, end: usize) -> Option<Span> {
        let mut start = start;
        while start < end && self.is_filler(start) {
            start += 1;
        }
        let first = self.get(start).filter(|_| start < end)?;
        if !first.has(Roles::PREPOSITION) || first.has(Roles::ARTICLE) {
            return self.span(start, end);
        }
        let is_name = |at: &usize| self.get(*at).is_some_and(|token| token.is_capital && !token.has(Roles::ADVERB));
        let names = (start + 1..end).rev().take_while(is_name).last();
        let article = || (start + 1..end).rev().find(|at| self.get(*at).is_some_and(|token| token.has(Roles::ARTICLE)));
        self.span(names.or_else(article)?, end)
    }

    /// The noun phrase that begins at a token.
    pub(super) fn phrase_after(&self, start: usize) -> Option<Span> {
        let first = self.get(start).filter(|token| token.is_word() && !token.opens_sentence)?;
        if first.has(Roles::PRONOUN) && !first.has(Roles::ARTICLE) {
            return self.span(start, start + 1);
        }
        let is_closed = Roles::PREPOSITION | Roles::SUBORDINATOR | Roles::FILLER;
        if first.has(is_closed) && !first.has(Roles::ARTICLE) && !(first.is_capital && self.is_name(start + 1)) {
            return None;
        }
        let mut end = start + 1;
        while end < start + REACH && self.is_of_phrase(end) {
            end += 1;
        }
        self.span(start, end)
    }

    /// Who listens, named at a token.
    pub(super) fn listener_after(&self, start: usize) -> Option<Span> {
        let first = self.get(start).filter(|first| !first.opens_sentence)?;
        if first.has(Roles::LISTENER) && !self.is_name(start) {
            return self.span(start, start + 1);
        }
        let is_word = first.text(self.text).starts_with(char::is_alphabetic);
        let phrase = self.phrase_after(start).filter(|_| is_word)?;
        // `told that`, `told a "friend"`
        let is_whole = phrase.end > first.end || !first.has(Roles::ARTICLE | Roles::SUBORDINATOR);
        is_whole.then_some(phrase)
    }

    /// Whether nothing tells that a word in small letters is a noun: no article, no name behind it, no end of a plural.
    pub(super) fn is_bare(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| {
            let tells = Roles::ARTICLE | Roles::PRONOUN | Roles::LISTENER;
            let word = token.text(self.text);
            let is_cased = word.starts_with(char::is_lowercase);
            is_cased && !self.is_name(at + 1) && !token.has(tells) && (token.has(Roles::NOUN) || !word.ends_with('s'))
        })
    }

    fn is_name(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.is_word() && token.is_capital && !token.has(Roles::ADVERB))
    }

    fn is_of_phrase(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else { return false };
        if !token.is_word() || token.opens_sentence {
            return false;
        }
        if self.has(at, Roles::AND) {
            return self.is_name(at + 1) && self.is_name(at - 1);
        }
        // `sagte Anna Richter der Zeitung`: behind a full name this begins the listener.
        let is_full = || at >= 2 && self.is_name(at - 1) && self.is_name(at - 2) && !self.has(at - 2, Roles::SOURCE);
        if self.is_one_of(at, &["der", "dem"]) && is_full() {
            return false;
        }
        if self.has(at, Roles::LINK) {
            return self.get(at + 1).is_some_and(|next| next.is_word() && !next.has(Roles::CUE | Roles::PRONOUN));
        }
        let closed = Roles::PREPOSITION
            | Roles::SUBORDINATOR
            | Roles::FILLER
            | Roles::PRONOUN
            | Roles::PARTICIPLE
            | Roles::SOURCE;
        let is_weekday = token.has(Roles::ADVERB);
        if token.is_capital && !is_weekday {
            return true;
        }
        // `dijo el ministro el lunes`.
        if token.has(Roles::ARTICLE) && !self.has(at - 1, Roles::LINK) {
            return false;
        }
        let is_verb = token.has(Roles::VERB) && !token.is_capital;
        !token.has(closed) && !is_verb && !self.is_filler(at)
    }

    /// The first noun phrase of a sentence: the subject of what comes later in it.
    pub(super) fn subject_of_sentence(&self, start: usize, end: usize) -> Option<Span> {
        let mut at = start;
        // `In a statement, Khan …`: the phrase behind the comma.
        let opens_aside = self.get(at)?.has(Roles::PREPOSITION | Roles::SUBORDINATOR | Roles::PARTICIPLE);
        if opens_aside && !self.get(at)?.has(Roles::ARTICLE) {
            at = (at..end).find(|at| self.get(*at).is_some_and(Token::is_comma)).unwrap_or(at) + 1;
        }
        while at < end && (self.is_filler(at) || !self.get(at)?.is_word()) {
            at += 1;
        }
        let first = self.get(at).filter(|_| at < end)?;
        if first.has(Roles::PRONOUN) && !first.has(Roles::ARTICLE) {
            return self.span(at, at + 1);
        }
        let mut last = at + 1;
        if first.has(Roles::ARTICLE) || !first.is_capital {
            while last < end.min(at + 8) && self.is_of_phrase(last) && !self.looks_like_verb(last) {
                last += 1;
            }
        } else {
            while last < end && (self.is_name(last) || (self.has(last, Roles::LINK) && self.is_name(last + 1))) {
                last += 1;
            }
        }
        self.span(at, last)
    }

    fn looks_like_verb(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| !token.is_capital && token.text(self.text).ends_with("ed"))
    }

    /// Whose words a noun speaks of: *Khan's claim*, *his slogan*, *the claim by Khan*.
    pub(super) fn owner_of(&self, noun: usize, least: usize) -> Option<Span> {
        let before = (least..noun)
            .rev()
            .take(4)
            .find(|at| self.get(*at).is_some_and(|token| token.is_possessive || self.has(*at, Roles::OWNER)));
        match before {
            Some(owner) if self.get(owner)?.is_possessive => self.subject_before(least, owner + 1),
            Some(owner) => self.span(owner, owner + 1),
            None if self.is_one_of(noun + 1, &["by", "from", "of", "de", "von"]) => self.phrase_after(noun + 2),
            None => None,
        }
    }

    /// What a Japanese sentence is about, before a quotation: `太郎は「…」と言った`.
    pub(super) fn topic_before(&self, quote: usize) -> Option<Span> {
        let comma = quote.checked_sub(1).filter(|before| self.get(*before).is_some_and(Token::is_comma));
        let token = self.get(comma.unwrap_or(quote).checked_sub(1)?).filter(|token| token.is_word())?;
        let topic = token.text(self.text).strip_suffix(['は', 'が', 'も'])?;
        let start = topic.char_indices().rev().take(LONGEST_TOPIC).last()?.0 as u32;
        Some(Span { start: token.start + start, end: token.start + topic.len() as u32 })
    }
}
