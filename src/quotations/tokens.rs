//! Tokens: the narration of a block as words and points, with a placeholder for each stretch between marks.
//!
//! **Idea.** Who says something and how is told by the words about it. So a block is read once as a row of tokens, in
//! which what stands between marks is one token, whatever its length. Each word is looked up in the table of
//! [`words`](super::words); a phrase of the table becomes one token. What a reader passes over is left out: brackets
//! (`Rep. Khan (D-Holm) said`), signs of emphasis, and full stops that end no sentence (`Mr.`); where sentences end
//! has been found by the layout.
//!
//! Looks at each byte of the narration once. 24 bytes a word, for one block at a time.

use super::words::{self, Roles};
use crate::finding::Span;
use crate::text::push_small;

/// How far behind an opening bracket, in bytes, its closing one may stand, for both to be passed over.
const LONGEST_BRACKET: usize = 60;

/// Bytes of a word at most that is looked up; more is no word of any language's table.
const LONGEST_WORD: usize = 64;

/// Prefixes that are cut off one word at most: `qu'd'autres`.
const ELISIONS: usize = 3;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    /// Any sign that is part of no word.
    Point(char),
    /// What stands between marks: its number among the stretches of the block.
    Quote(u32),
}

/// A word, a point or a stretch between marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: TokenKind,
    pub(super) roles: Roles,
    /// Whether it begins a sentence by the layout.
    pub(super) opens_sentence: bool,
    /// Whether it begins with a capital letter.
    pub(super) is_capital: bool,
    /// Whether it ends in an English possessive.
    pub(super) is_possessive: bool,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    pub(super) fn is_quote(&self) -> bool {
        matches!(self.kind, TokenKind::Quote(_))
    }

    pub(super) fn is_comma(&self) -> bool {
        matches!(self.kind, TokenKind::Point(',' | '，' | '、' | '،'))
    }

    pub(super) fn is_colon(&self) -> bool {
        matches!(self.kind, TokenKind::Point(':' | '：'))
    }

    pub(super) fn is_dash(&self) -> bool {
        matches!(self.kind, TokenKind::Point(sign) if is_dash(sign))
    }

    /// Whether it is a word with one of some roles.
    pub(super) fn has(&self, roles: Roles) -> bool {
        self.roles.has(roles)
    }

    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

pub(super) fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '‒' | '–' | '—' | '―')
}

/// Whether a sign ends a sentence.
pub(super) fn is_stop(sign: char) -> bool {
    matches!(sign, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।' | '‽')
}

/// Whether a letter is of a script that has no blanks between words.
pub(super) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What is cut off a word at its front, before an apostrophe: French and Italian.
const ELIDED: &[&str] =
    &["l", "d", "s", "qu", "n", "j", "m", "t", "c", "lorsqu", "puisqu", "dell", "all", "nell", "sull", "dall", "un"];

/// Pronouns behind a verb and a hyphen: French and Portuguese.
const ENCLITICS: &[&str] = &[
    "il", "elle", "ils", "elles", "on", "je", "tu", "nous", "vous", "t-il", "t-elle", "t-on", "t-ils", "t-elles",
    "lhe", "me", "ce", "moi",
];

/// Reads a block. `quoted` are the stretches between marks inside it, ascending and apart; `openings` where its
/// sentences begin.
pub(super) fn read(text: &str, block: Span, quoted: &[Span], openings: &[u32], tokens: &mut Vec<Token>) {
    tokens.clear();
    let mut reader = Reader { text, tokens, openings, small: String::new() };
    let mut at = block.start;
    for (number, span) in quoted.iter().enumerate() {
        reader.read_narration(at, span.start.max(at));
        reader.push(*span, TokenKind::Quote(number as u32), Roles::default());
        at = span.end.max(at);
    }
    reader.read_narration(at, block.end.max(at));
}

/// Reads a piece of narration.
struct Reader<'t, 'o> {
    text: &'t str,
    tokens: &'o mut Vec<Token>,
    /// Where the sentences begin that are not reached yet.
    openings: &'o [u32],
    small: String,
}

impl Reader<'_, '_> {
    /// Adds a token. It opens a sentence if one begins in it or since the last.
    fn push(&mut self, span: Span, kind: TokenKind, roles: Roles) {
        // A sentence that begins inside a quotation is not one of the narrator's.
        let is_quote = matches!(kind, TokenKind::Quote(_));
        let passed = self.openings.iter().take_while(|opening| **opening < span.end).count();
        let opens_sentence =
            self.openings.first().is_some_and(|opening| *opening <= span.start || (!is_quote && *opening < span.end));
        self.openings = self.openings.get(passed..).unwrap_or_default();
        let word = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        self.tokens.push(Token {
            start: span.start,
            end: span.end,
            kind,
            roles,
            opens_sentence,
            is_capital: word.chars().next().is_some_and(char::is_uppercase),
            is_possessive: ["'s", "’s", "s'", "s’"].iter().any(|end| word.ends_with(end) && word.len() > end.len()),
        });
    }

    fn read_narration(&mut self, from: u32, to: u32) {
        let Some(narration) = self.text.get(..to as usize) else { return };
        let first = self.tokens.len();
        let mut at = from as usize;
        while let Some(sign) = narration.get(at..).and_then(|rest| rest.chars().next()) {
            let next = at + sign.len_utf8();
            if is_in_word(sign) {
                let end = word_end(narration, at);
                self.push_word(at, end);
                at = end;
            } else if let Some(end) = bracket_end(narration, at, sign) {
                at = end;
            } else {
                if !sign.is_whitespace() && !matches!(sign, '*' | '_') && !self.is_silent(narration, sign, next) {
                    self.push(Span { start: at as u32, end: next as u32 }, TokenKind::Point(sign), Roles::default());
                }
                at = next;
            }
        }
        self.join_phrases(first);
    }

    /// Whether a full stop ends no sentence: what follows it is of the same one.
    fn is_silent(&self, narration: &str, sign: char, next: usize) -> bool {
        if sign != '.' {
            return false;
        }
        let rest = narration.get(next..).unwrap_or_default();
        let begins = rest.trim_start();
        let at = (narration.len() - begins.len()) as u32;
        !begins.is_empty()
            && self.openings.first().is_none_or(|opening| *opening > at)
            && begins.starts_with(|letter: char| letter.is_alphanumeric() || matches!(letter, ',' | ':' | ';'))
    }

    fn push_word(&mut self, start: usize, end: usize) {
        let Some(word) = self.text.get(start..end) else { return };
        if word.starts_with(is_unspaced) {
            self.push_unspaced(start, end, word);
            return;
        }
        let mut start = start;
        let mut roles = self.look_up(start, end);
        for _ in 0..ELISIONS {
            let word = self.text.get(start..end).unwrap_or_default();
            if word.len() > LONGEST_WORD || roles != Roles::default() {
                break;
            }
            // `dit-il`, `a-t-il`, `s'écria`: two words.
            if let Some((first, rest)) = word.split_once('-')
                && ENCLITICS.contains(&rest.to_lowercase().as_str())
            {
                self.push_known(start, start + first.len());
                self.push(Span { start: (end - rest.len()) as u32, end: end as u32 }, TokenKind::Word, Roles::PRONOUN);
                return;
            }
            let elided = word.split_once(['\'', '’']);
            let elided =
                elided.filter(|(first, rest)| !rest.is_empty() && ELIDED.contains(&first.to_lowercase().as_str()));
            let Some((_, rest)) = elided else { break };
            let rest = end - rest.len();
            self.push_known(start, rest);
            start = rest;
            roles = self.look_up(start, end);
        }
        self.push(Span { start: start as u32, end: end as u32 }, TokenKind::Word, roles);
    }

    /// Adds a run of letters without blanks: a verb of saying at its end is a word of its own, and so is the Japanese
    /// particle before it.
    fn push_unspaced(&mut self, start: usize, end: usize, run: &str) {
        let verb = words::UNSPACED_VERBS.iter().filter(|verb| run.ends_with(**verb)).max_by_key(|verb| verb.len());
        let Some(verb) = verb.map(|verb| end - verb.len()) else {
            self.push_known(start, end);
            return;
        };
        let before = self.text.get(start..verb).unwrap_or_default();
        let span = |start: usize, end: usize| Span { start: start as u32, end: end as u32 };
        if ["と", "って", "などと"].contains(&before) {
            self.push(span(start, verb), TokenKind::Word, Roles::ADVERB);
        } else if !before.is_empty() {
            self.push_known(start, verb);
        }
        self.push(span(verb, end), TokenKind::Word, Roles::VERB);
    }

    fn push_known(&mut self, start: usize, end: usize) {
        let roles = self.look_up(start, end);
        self.push(Span { start: start as u32, end: end as u32 }, TokenKind::Word, roles);
    }

    fn look_up(&mut self, start: usize, end: usize) -> Roles {
        if end - start > LONGEST_WORD {
            return Roles::default();
        }
        words::roles(self.set_small(start, end))
    }

    fn set_small(&mut self, start: usize, end: usize) -> &str {
        self.small.clear();
        let word = self.text.get(start..end).unwrap_or_default();
        push_small(word, &mut self.small);
        &self.small
    }

    /// Joins the phrases of the table among the last tokens; of several the longest.
    fn join_phrases(&mut self, first: usize) {
        let mut read = first;
        let mut written = first;
        while let Some(token) = self.tokens.get(read).copied() {
            let (length, roles) = self.phrase_at(read).unwrap_or((1, token.roles));
            let end = self.tokens.get(read + length - 1).map_or(token.end, |last| last.end);
            if let Some(place) = self.tokens.get_mut(written) {
                *place = Token { end, roles, ..token };
            }
            read += length;
            written += 1;
        }
        self.tokens.truncate(written);
    }

    fn phrase_at(&mut self, at: usize) -> Option<(usize, Roles)> {
        let first = *self.tokens.get(at).filter(|token| token.is_word())?;
        if !words::begins_phrase(self.set_small(first.start as usize, first.end as usize)) {
            return None;
        }
        let mut found = None;
        for length in 2..=words::LONGEST {
            let Some(next) = self.tokens.get(at + length - 1).copied() else { break };
            if !next.is_word() || next.opens_sentence {
                break;
            }
            let word = self.text.get(next.start as usize..next.end as usize).unwrap_or_default();
            self.small.push(' ');
            push_small(word, &mut self.small);
            let roles = words::roles(&self.small);
            if roles != Roles::default() {
                found = Some((length, roles));
            }
        }
        found
    }
}

fn is_in_word(sign: char) -> bool {
    sign.is_alphanumeric()
        || matches!(sign, '@' | '#' | '$' | '%' | '&' | '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
}

/// Where a word ends, with the hyphens and apostrophes inside it and a possessive's behind.
fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut signs = rest.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let goes_on = match sign {
            // `the ministers' words`.
            '\'' | '’' if rest.get(..at).is_some_and(|word| word.ends_with('s')) => {
                signs.peek().is_some_and(|(_, next)| is_in_word(*next) || *next == ' ')
            }
            '-' | '‐' | '‑' | '\'' | '’' | '\u{ad}' => signs.peek().is_some_and(|(_, next)| is_in_word(*next)),
            'a'..='z' => continue,
            _ => is_in_word(sign),
        };
        if !goes_on {
            return start + at;
        }
    }
    text.len()
}

/// Where a short bracket that holds no quotation ends.
fn bracket_end(text: &str, at: usize, open: char) -> Option<usize> {
    let close = match open {
        '(' => ')',
        '[' => ']',
        '（' => '）',
        _ => return None,
    };
    let inside = text.get(at + open.len_utf8()..)?;
    let (length, _) =
        inside.char_indices().take_while(|(at, _)| *at <= LONGEST_BRACKET).find(|(_, sign)| *sign == close)?;
    Some(at + open.len_utf8() + length + close.len_utf8())
}
