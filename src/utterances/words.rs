//! Words: what of a quotation is compared, with the way back to the text.
//!
//! **Idea.** The pieces of a quotation are one text, whatever the narrator put between them. What the reporter put in
//! is set aside: a gloss between brackets, an ellipsis. Both leave a [`Sign`] at their place, which later tells why words
//! are missing there. A letter between brackets is part of its word: `[t]he` is *the*.
//!
//! **Cost.** Linear in the text of the quotation; 13 bytes for each of its words.
//!
//! **Gives up.** Brackets that a speech itself has are taken for glosses: they are set aside on both sides.

use super::pairs::Text;
use crate::finding::Span;
use crate::sense::Wording;
use crate::text::{Layout, fingerprint, fold, is_character};

/// Words between brackets that are a gloss at most; more is part of what was said.
const LONGEST_GLOSS: usize = 12;

/// What the reporter did at a place of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignKind {
    /// Left words out, and says so.
    Ellipsis,
    /// Put words between brackets.
    Gloss,
}

/// A place where the reporter left words out or put some in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sign {
    /// So many words of the quotation stand before it.
    pub(crate) at: u32,
    /// What it is.
    pub(crate) kind: SignKind,
    /// The dots, or the brackets with what they hold.
    pub(crate) span: Span,
}

/// How a word stands, as a set.
pub(crate) struct Looks;

impl Looks {
    /// It is a name: it has a capital and opens no sentence.
    pub(crate) const NAME: u8 = 1;
    /// A sentence begins with it.
    pub(crate) const OPENS: u8 = 1 << 1;
    /// A sign stands before it.
    pub(crate) const SIGN: u8 = 1 << 2;
}

/// The words of a quotation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// What each is compared by.
    pub(crate) fingerprints: Vec<u32>,
    /// Where each stands in the document.
    pub(crate) spans: Vec<Span>,
    /// How each stands.
    pub(crate) looks: Vec<u8>,
    /// What was left out or put in, in order.
    pub(crate) signs: Vec<Sign>,
}

impl Words {
    /// Them as a text to compare.
    pub(crate) fn text(&self) -> Text<'_> {
        Text { tokens: &self.fingerprints, looks: &self.looks }
    }
}

/// Reads the words of some pieces of a text, given in order.
pub(crate) fn read(text: &str, layout: &Layout, pieces: &[Span], wording: Wording) -> Words {
    let mut words = Words::default();
    for piece in pieces {
        let first = layout.starts.partition_point(|start| *start < piece.start);
        let last = layout.starts.partition_point(|start| *start < piece.end).max(first);
        Piece { text, layout, words: &mut words, gloss: None }.read(*piece, first..last);
    }
    words.looks = look_at(text, &words.spans, wording);
    for sign in &words.signs {
        if let Some(looks) = words.looks.get_mut(sign.at as usize) {
            *looks |= Looks::SIGN;
        }
    }
    words
}

/// How words in a row stand.
pub(crate) fn look_at(text: &str, spans: &[Span], wording: Wording) -> Vec<u8> {
    let cut = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or_default();
    let mut reached = None;
    let look = |span: &Span| {
        let word = cut(span.start, span.end);
        let opens = reached.replace(span.end).is_none_or(|reached| ends_sentence(cut(reached, span.start)));
        // *I* has a capital of its own, and so have words of one letter at the beginning of a title.
        let is_name = !opens && word.len() > 1 && word.starts_with(char::is_uppercase) && !wording.has_capital_nouns();
        (u8::from(is_name) * Looks::NAME) | (u8::from(opens) * Looks::OPENS)
    };
    spans.iter().map(look).collect()
}

/// Whether a sentence ends in what stands between two words.
pub(crate) fn ends_sentence(between: &str) -> bool {
    between.contains(['.', '!', '?', '…', ':', '\n', '。', '！', '？'])
}

/// A bracket that is open.
#[derive(Debug, Clone, Copy)]
struct Bracket {
    closing: u8,
    start: u32,
    /// Words before it.
    words: usize,
}

struct Piece<'a> {
    text: &'a str,
    layout: &'a Layout,
    words: &'a mut Words,
    gloss: Option<Bracket>,
}

impl<'a> Piece<'a> {
    fn read(mut self, piece: Span, tokens: std::ops::Range<usize>) {
        let mut reached = piece.start;
        for token in tokens {
            let span = self.layout.token_span(self.text, token);
            let gap = self.between(reached, span.start);
            let is_joined = reached > piece.start && (gap == "[" || gap == "]");
            if is_joined {
                self.gloss = None;
                self.join(span);
            } else {
                self.look(reached, span.start);
                self.words.fingerprints.push(self.layout.fingerprints[token]);
                self.words.spans.push(span);
            }
            reached = span.end;
        }
        self.look(reached, piece.end);
    }

    fn between(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Makes one word of the last one and a token behind a bracket.
    fn join(&mut self, span: Span) {
        let (Some(last), Some(place)) = (self.words.fingerprints.last_mut(), self.words.spans.last_mut()) else {
            return;
        };
        place.end = span.end;
        let letters = self.text[place.start as usize..place.end as usize].chars();
        let spelled: String = letters.filter(|letter| !matches!(letter, '[' | ']')).collect();
        *last = fingerprint(&fold(&spelled), is_character(*last));
    }

    /// Looks for brackets and ellipses between two words.
    fn look(&mut self, start: u32, end: u32) {
        let gap = self.between(start, end).as_bytes();
        let mut at = 0;
        while at < gap.len() {
            let dots = gap[at..].iter().take_while(|byte| matches!(byte, b'.' | b' ')).count();
            let count = gap[at..at + dots].iter().filter(|byte| **byte == b'.').count();
            let place = start + at as u32;
            if count >= 3 || gap[at..].starts_with("…".as_bytes()) {
                let length = if count >= 3 { dots } else { "…".len() };
                self.note(SignKind::Ellipsis, Span { start: place, end: place + length as u32 });
                at += length;
                continue;
            }
            match gap[at] {
                opening @ (b'[' | b'(') if self.gloss.is_none() => {
                    let closing = if opening == b'[' { b']' } else { b')' };
                    self.gloss = Some(Bracket { closing, start: place, words: self.words.fingerprints.len() });
                }
                byte => {
                    if let Some(bracket) = self.gloss.filter(|bracket| bracket.closing == byte) {
                        self.gloss = None;
                        self.close(bracket, place + 1);
                    }
                }
            }
            at += dots.max(1);
        }
    }

    /// Sets aside what stands between brackets.
    fn close(&mut self, bracket: Bracket, end: u32) {
        let held = self.words.spans.get(bracket.words..).unwrap_or_default();
        // `[A] spokesman` has another letter, not another word.
        let is_letter = || matches!(held, [word] if self.between(word.start, word.end).chars().nth(1).is_none());
        if (1..=LONGEST_GLOSS).contains(&held.len()) && !is_letter() {
            self.words.fingerprints.truncate(bracket.words);
            self.words.spans.truncate(bracket.words);
            self.words.signs.retain(|sign| sign.span.start < bracket.start);
            self.note(SignKind::Gloss, Span { start: bracket.start, end });
        }
    }

    fn note(&mut self, kind: SignKind, span: Span) {
        self.words.signs.push(Sign { at: self.words.fingerprints.len() as u32, kind, span });
    }
}
