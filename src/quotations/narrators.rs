//! Narrators: the narrator's words inside the marks, as in French, Italian and Russian.
//!
//! **Idea.** `«Venez, dit-elle, il est tard.»`, `«Идём, — сказал он, — пора.»`: marks enclose the narrator too. He is known
//! by a verb of saying right behind a comma, a dash or a point, whose subject follows it: no speaker puts words so. What
//! stands from that point to the next is cut out, and two pieces are left.
//!
//! Reads each stretch once, and at most [`LONGEST`] tokens of each clause.
//!
//! **Gives up.** Narrators whose verb stands last or is not in the table.

use super::attribution::Attribution;
use super::mentions::Reading;
use super::tokens::{self, Token, TokenKind, is_stop};
use super::words::Roles;
use crate::finding::Span;
use crate::marks::MarkKind;

/// How many tokens a narrator's clause has at most.
const LONGEST: usize = 16;

/// What is left of a stretch.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub(super) pieces: Vec<Span>,
    pub(super) attribution: Attribution,
}

/// Cuts a narrator's words out of what stands between marks, if there are any. `openings` is where sentences begin.
pub(super) fn cut(text: &str, inside: Span, kind: MarkKind, openings: &[u32], buffer: &mut Vec<Token>) -> Option<Cut> {
    if !matches!(kind, MarkKind::Guillemets | MarkKind::Double) {
        return None;
    }
    tokens::read(text, inside, &[], openings, buffer);
    let reading = Reading { text, tokens: buffer };
    let mut found = Cut::default();
    let mut from = inside.start;
    let mut at = 1;
    while at < buffer.len() {
        let Some(verb) = verb_of_clause(reading, at, kind) else {
            at += 1;
            continue;
        };
        let Some(end) = clause_end(reading, verb + 1) else { break };
        // The comma and the dash before a clause are the narrator's.
        let is_narrators = |token: &&Token| token.is_comma() || token.is_dash();
        let signs = buffer.get(..at).unwrap_or_default().iter().rev().take_while(is_narrators).count();
        found.pieces.push(Span { start: from, end: buffer.get(at - signs).map_or(inside.end, |sign| sign.start) });
        if found.attribution.cue.is_none() {
            let cue = buffer.get(verb).map(|verb| Span { start: verb.start, end: verb.end });
            let mention = subject_of(reading, at, verb);
            found.attribution = Attribution { cue, mention, addressee: None };
        }
        from = buffer.get(end).map_or(inside.end, |next| next.start);
        at = end.max(at + 1);
    }
    if found.pieces.is_empty() {
        return None;
    }
    found.pieces.push(Span { start: from, end: inside.end });
    Some(found)
}

/// The verb of a narrator's clause that begins at a token.
fn verb_of_clause(reading: Reading, at: usize, kind: MarkKind) -> Option<usize> {
    let sign = reading.get(at - 1)?;
    let is_opened = match sign.kind {
        TokenKind::Point(sign) => matches!(sign, ',' | '!' | '?' | '…') || tokens::is_dash(sign),
        _ => false,
    };
    let first = reading.get(at).filter(|first| is_opened && first.is_word() && !first.is_capital)?;
    // `a-t-il dit`, `s'est-il écrié`, `a déclaré Luc`: an auxiliary opens the clause.
    let is_passed = |at: &usize| reading.get(*at).is_some_and(|token| token.has(Roles::AUXILIARY | Roles::PRONOUN));
    let verb = (at..at + 4).take_while(|at| *at < reading.tokens.len()).find(|at| !is_passed(at))?;
    let word = reading.get(verb).filter(|verb| verb.has(Roles::VERB) && !verb.is_capital)?;
    let is_auxiliary = verb > at;
    let has_pronoun = |at: usize| {
        let pronoun = reading.get(at).filter(|token| token.has(Roles::PRONOUN));
        let verb = at.checked_sub(1).and_then(|verb| reading.get(verb));
        pronoun.zip(verb).is_some_and(|(pronoun, verb)| {
            pronoun.start == verb.end + 1 && {
                reading.text.get(verb.end as usize..pronoun.start as usize) == Some("-")
            }
        })
    };
    let is_tied = has_pronoun(verb + 1) || (is_auxiliary && (at + 1..verb).any(has_pronoun));
    let next = reading.get(verb + 1).filter(|next| next.is_word());
    let has_subject = next.is_some_and(|next| next.is_capital || next.has(Roles::ARTICLE | Roles::PRONOUN));
    let is_cyrillic = word.text(reading.text).starts_with(|letter: char| ('\u{400}'..'\u{530}').contains(&letter));
    let is_fit = match kind {
        // Between marks that other languages have as well, only what is tied by a hyphen.
        MarkKind::Double => is_tied,
        _ if is_cyrillic => sign.is_dash() && first.has(Roles::VERB),
        _ => is_tied || (has_subject && (!is_auxiliary || !first.has(Roles::PRONOUN))),
    };
    is_fit.then_some(verb)
}

/// Where the words that somebody says go on behind a narrator's clause.
fn clause_end(reading: Reading, from: usize) -> Option<usize> {
    for at in from..from + LONGEST {
        let Some(token) = reading.get(at) else { return Some(at) };
        let TokenKind::Point(sign) = token.kind else { continue };
        if matches!(sign, ',' | ';' | ':') || is_stop(sign) || tokens::is_dash(sign) {
            let more = (at + 1..).take_while(|at| reading.get(*at).is_some_and(Token::is_dash)).count();
            return Some(at + 1 + more);
        }
    }
    None
}

fn subject_of(reading: Reading, first: usize, verb: usize) -> Option<Span> {
    let pronoun = (first..verb).filter_map(|at| reading.get(at)).find(|token| token.has(Roles::PRONOUN));
    let before = pronoun.map(|pronoun| Span { start: pronoun.start, end: pronoun.end });
    before.or_else(|| reading.phrase_after(verb + 1))
}
