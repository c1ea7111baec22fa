//! Attribution: who said what stands between marks, by the verb beside it.
//!
//! **Idea.** Three patterns cover nearly all of news and fiction, in all languages of the table (Elson & McKeown 2010
//! call them the syntactic categories of quotations; Muzny et al. 2017 find them by ordered sieves, as here). Behind the
//! quotation: `"…," said Khan`, `"…," Khan told Reuters`. Before it: `Khan said: "…"`, `according to Khan, "…"`, `endorsed
//! him, saying "…"`. By a noun: `Khan's claim that "…"`. The nearest verb wins; a sentence is never left.
//!
//! At most [`REACH`] tokens are looked at on either side: linear in the number of quotations.
//!
//! **Gives up.** Who speaks where nothing beside the quotation tells; pronouns are left as they are.

use super::mentions::Reading;
use super::tokens::{Token, TokenKind};
use super::words::Roles;
use crate::finding::Span;

/// How many tokens off a verb may stand.
const REACH: usize = 24;

/// What is known of who says a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Attribution {
    pub(super) cue: Option<Span>,
    pub(super) mention: Option<Span>,
    pub(super) addressee: Option<Span>,
}

/// What kind of word attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CueKind {
    /// A verb of saying.
    Say,
    /// A verb of naming.
    Call,
    /// *According to*.
    Source,
    /// *Statement*, *slogan*.
    Noun,
    /// The colon of a name.
    Colon,
}

/// An attribution, and where its cue stands among the tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) attribution: Attribution,
    pub(super) kind: CueKind,
    pub(super) at: usize,
}

/// Where the sentence of a token begins; not farther off than twice the reach.
pub(super) fn sentence_start(reading: Reading, at: usize) -> usize {
    let least = at.saturating_sub(2 * REACH);
    (least..=at).rev().find(|at| reading.get(*at).is_some_and(|token| token.opens_sentence)).unwrap_or(least)
}

fn span_of(token: &Token) -> Span {
    Span { start: token.start, end: token.end }
}

/// Whether a word of the table is a verb where it stands: not behind an article or a possessive.
fn is_verb_here(reading: Reading, at: usize) -> bool {
    let Some(token) = reading.get(at) else { return false };
    if !token.has(Roles::CUE) {
        return false;
    }
    let Some(before) = at.checked_sub(1).and_then(|before| reading.get(before)) else { return true };
    let is_pronoun = before.has(Roles::PRONOUN) && !before.has(Roles::PREPOSITION);
    let is_noun = before.has(Roles::ARTICLE) && !is_pronoun && !before.has(Roles::AUXILIARY);
    let is_owned = before.is_possessive && !before.has(Roles::PRONOUN);
    let is_object = before.has(Roles::PREPOSITION) && !before.has(Roles::AUXILIARY) && !token.has(Roles::PARTICIPLE);
    !(before.is_word() && (is_noun || is_owned || is_object)) && (!token.is_capital || token.opens_sentence)
}

fn cue_kind(token: &Token) -> CueKind {
    if token.has(Roles::CALL) { CueKind::Call } else { CueKind::Say }
}

/// Looks for a verb behind a quotation, in the clause that goes on there.
pub(super) fn look_ahead(reading: Reading, quote: usize) -> Option<Found> {
    let is_sign = |token: &Token| token.is_comma() || token.is_dash();
    let signs = (quote + 1..).take_while(|at| reading.get(*at).is_some_and(is_sign)).count();
    let first = quote + 1 + signs;
    let is_clause = |at: &usize| {
        let is_end =
            |token: &Token| matches!(token.kind, TokenKind::Point(';' | ':' | '.' | '!' | '?')) || token.is_quote();
        reading.get(*at).is_some_and(|token| !is_end(token) && (*at == first || !token.opens_sentence))
    };
    look_for_signature(reading, quote + 1).or_else(|| find_behind(reading, quote, first, is_clause))
}

/// Looks for a verb in the rest of a quotation's sentence, past other quotations.
pub(super) fn look_far_ahead(reading: Reading, quote: usize) -> Option<Found> {
    find_behind(reading, quote, quote + 1, |at| reading.get(*at).is_some_and(|token| !token.opens_sentence))
}

fn find_behind(reading: Reading, quote: usize, first: usize, is_clause: impl Fn(&usize) -> bool) -> Option<Found> {
    for at in (first..first + REACH).take_while(is_clause) {
        let token = reading.get(at)?;
        if token.has(Roles::SOURCE) || names_source(reading, at) {
            let mention = reading.phrase_after(at + 1);
            let attribution = Attribution { cue: Some(span_of(token)), mention, addressee: None };
            return Some(Found { attribution, kind: CueKind::Source, at });
        }
        if !is_verb_here(reading, at) {
            continue;
        }
        if let Some(found) = quoted_or_by(reading, first, at) {
            return Some(found);
        }
        let is_inverted = (first..at).all(|at| reading.is_filler(at));
        let mention = if !is_inverted {
            Some(reading.subject_before(first, at)?)
        } else if token.has(Roles::PARTICIPLE) {
            // `…," adding that`: the subject stands before the quotation.
            None
        } else {
            reading.phrase_after(at + 1).or_else(|| reading.topic_before(quote))
        };
        // `said she to Khan`.
        let behind = mention.filter(|_| is_inverted).map_or(at + 1, |mention| {
            (at..).take_while(|at| reading.get(*at).is_some_and(|token| token.start < mention.end)).count() + at
        });
        let addressee = addressee_of(reading, at, behind);
        let attribution = Attribution { cue: Some(span_of(token)), mention, addressee };
        return Some(Found { attribution, kind: cue_kind(token), at });
    }
    None
}

/// Whether a German *so* names who said it: behind a comma, with nothing but a name or an office before the next point.
fn names_source(reading: Reading, at: usize) -> bool {
    let is_behind_comma = at.checked_sub(1).and_then(|before| reading.get(before)).is_some_and(Token::is_comma);
    if !is_behind_comma || !reading.is_one_of(at, &["so"]) {
        return false;
    }
    let is_named = |at: &usize| {
        reading.get(*at).is_some_and(|token| token.is_word() && (token.is_capital || token.has(Roles::ARTICLE)))
    };
    let named: Vec<usize> = (at + 1..at + REACH).take_while(is_named).collect();
    let ends = |at: usize| {
        reading
            .get(at)
            .is_none_or(|next| matches!(next.kind, TokenKind::Point('.' | ',' | '!' | '?')) || next.opens_sentence)
    };
    named.iter().any(|at| reading.get(*at).is_some_and(|token| token.is_capital)) && ends(at + 1 + named.len())
}

/// Verbs whose object said it: *the paper quoted Khan as saying*.
const QUOTING: &[&str] = &["quoted", "quotes", "quote", "quoting", "cited", "cites", "citing"];

/// Where not the subject speaks: *quoted Khan as saying*, *was told by Khan*. `first` is where the clause begins.
fn quoted_or_by(reading: Reading, first: usize, at: usize) -> Option<Found> {
    let token = reading.get(at)?;
    let is_told = at > first && (first..at).rev().take(2).any(|before| reading.has(before, Roles::AUXILIARY));
    let phrase = if reading.is_one_of(at + 1, &["by"]) && is_told {
        reading.phrase_after(at + 2)
    } else if reading.is_one_of(at, QUOTING) {
        let phrase = reading.phrase_after(at + 1)?;
        let behind = (at + 1..at + REACH).find(|at| reading.get(*at).is_none_or(|token| token.start >= phrase.end))?;
        Some(phrase).filter(|_| reading.is_one_of(behind, &["as"]))
    } else {
        None
    };
    let attribution = Attribution { cue: Some(span_of(token)), mention: Some(phrase?), addressee: None };
    Some(Found { attribution, kind: cue_kind(token), at })
}

/// `"…" — Ada Khan`, and no more in the sentence.
fn look_for_signature(reading: Reading, dash: usize) -> Option<Found> {
    let sign = reading.get(dash).filter(|sign| sign.is_dash())?;
    let names =
        (dash + 1..).take_while(|at| reading.get(*at).is_some_and(|token| token.is_word() && token.is_capital)).count();
    let end = dash + 1 + names;
    let next = if reading.get(end).is_some_and(|token| token.kind == TokenKind::Point('.')) { end + 1 } else { end };
    let is_last = reading.get(next).is_none_or(|token| token.opens_sentence || token.is_quote());
    if !(1..=6).contains(&names) || !is_last {
        return None;
    }
    let mention = Span { start: reading.get(dash + 1)?.start, end: reading.get(end - 1)?.end };
    let attribution = Attribution { cue: Some(span_of(sign)), mention: Some(mention), addressee: None };
    Some(Found { attribution, kind: CueKind::Colon, at: dash })
}

/// Who listens, named at a place behind a verb.
fn addressee_of(reading: Reading, verb: usize, behind: usize) -> Option<Span> {
    if reading.has(behind, Roles::TOWARDS) {
        // `went on to say`, `said to cheers`: a bare word is a listener only in the plural (`said to voters`).
        let is_bare = !reading.has(behind, Roles::ARTICLE) && reading.is_bare(behind + 1);
        return reading.listener_after(behind + 1).filter(|_| !is_bare);
    }
    if behind == verb + 1 && reading.has(verb, Roles::TELLING) { reading.listener_after(behind) } else { None }
}

/// Looks for a verb before a quotation, in the sentence that it stands in; past other quotations, if it may.
pub(super) fn look_back(reading: Reading, quote: usize, crosses: bool) -> Option<Found> {
    let start = sentence_start(reading, quote);
    if start == quote {
        return None;
    }
    let mut noun = None;
    for at in (start.max(quote.saturating_sub(REACH))..quote).rev() {
        let token = reading.get(at)?;
        if (token.is_quote() && !crosses) || matches!(token.kind, TokenKind::Point(';')) {
            break;
        }
        if token.has(Roles::SOURCE) {
            let mention = reading.phrase_after(at + 1);
            let attribution = Attribution { cue: Some(span_of(token)), mention, addressee: None };
            return Some(Found { attribution, kind: CueKind::Source, at });
        }
        if is_verb_here(reading, at) {
            return Some(found_before(reading, start, at));
        }
        if noun.is_none() && token.has(Roles::NOUN) && quote - at <= 4 {
            noun = Some(at);
        }
    }
    let at = noun?;
    let token = reading.get(at)?;
    let mention = reading.owner_of(at, start);
    let attribution = Attribution { cue: Some(span_of(token)), mention, addressee: None };
    Some(Found { attribution, kind: CueKind::Noun, at })
}

/// The attribution by a verb that stands before a quotation.
fn found_before(reading: Reading, start: usize, at: usize) -> Found {
    // `quoted Khan as saying`: the verb before has the speaker.
    let quoting = (start..at).rev().take(REACH).find(|at| reading.is_one_of(*at, QUOTING));
    let quoting = quoting.filter(|_| at > start && reading.is_one_of(at - 1, &["as"]));
    if let Some(found) = quoting.and_then(|at| quoted_or_by(reading, start, at)) {
        return Found { at, ..found };
    }
    if let Some(found) = quoted_or_by(reading, start, at) {
        return found;
    }
    let token = reading.tokens.get(at);
    let is_infinite = token.is_some_and(|token| token.has(Roles::PARTICIPLE))
        || at.checked_sub(1).is_some_and(|before| before >= start && reading.is_one_of(before, &["to", "zu"]));
    let mention = if is_infinite {
        reading.subject_of_sentence(start, at)
    } else {
        let inverted = || if at == start { reading.phrase_after(at + 1) } else { None };
        // `Khan rose and said`: the subject is that of the sentence.
        reading.subject_before(start, at).or_else(inverted).or_else(|| reading.subject_of_sentence(start, at))
    };
    let addressee = addressee_of(reading, at, at + 1).filter(|addressee| Some(*addressee) != mention);
    let attribution = Attribution { cue: token.map(span_of), mention, addressee };
    Found { attribution, kind: token.map_or(CueKind::Say, cue_kind), at }
}

/// Looks for a name and a colon before a quotation.
pub(super) fn look_for_name(reading: Reading, quote: usize) -> Option<Found> {
    let colon = quote.checked_sub(1)?;
    let sign = reading.get(colon).filter(|token| token.is_colon())?;
    let start = sentence_start(reading, colon);
    let is_short = colon > start && colon - start <= 6;
    let is_name = |at: usize| {
        reading.get(at).is_some_and(|token| {
            token.is_word() && (token.is_capital || token.has(Roles::ARTICLE | Roles::PREPOSITION))
        })
    };
    if !is_short || !(start..colon).all(is_name) {
        return None;
    }
    let mention = Span { start: reading.get(start)?.start, end: reading.get(colon - 1)?.end };
    let attribution = Attribution { cue: Some(span_of(sign)), mention: Some(mention), addressee: None };
    Some(Found { attribution, kind: CueKind::Colon, at: colon })
}

/// Looks for a name and a colon where the sentence has no verb of the table: `no news to the pollster Ada Khan: "…"`.
pub(super) fn look_for_last_name(reading: Reading, quote: usize) -> Option<Found> {
    let colon = quote.checked_sub(1)?;
    let sign = reading.get(colon).filter(|token| token.is_colon())?;
    let is_name = |at: &usize| {
        reading.get(*at).is_some_and(|token| token.is_word() && token.is_capital && !token.has(Roles::ADVERB))
    };
    let start = (colon.saturating_sub(6)..colon).rev().take_while(is_name).last().filter(|start| start + 1 < colon)?;
    let mention = Span { start: reading.get(start)?.start, end: reading.get(colon - 1)?.end };
    let attribution = Attribution { cue: Some(span_of(sign)), mention: Some(mention), addressee: None };
    Some(Found { attribution, kind: CueKind::Colon, at: colon })
}
