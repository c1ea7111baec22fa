//! Utterances: stretches between marks put together to quotations, block by block.
//!
//! **Idea.** Two stretches are one utterance if a paragraph ended between them and the marks say that the first goes on,
//! or if only a narrator stands between them who breaks into a sentence: his clause ends in a comma or a dash, or what
//! follows begins with a small letter, and no other verb of saying introduces it.
//!
//! A speaker may be announced by the block before: `Khan went on:`.

use crate::text::Unit;

use super::attribution::{self, Attribution, Found};
use super::kinds::{self, Scene};
use super::mentions::Reading;
use super::narrators;
use super::tokens::{self, Token, TokenKind};
use super::words::Roles;
use super::{Quotation, QuotationKind};
use crate::finding::Span;
use crate::marks::{MarkKind, Marked};

/// How many tokens the narrator's words between two pieces of a quotation may have.
const NEAR: usize = 32;

/// Sentences of a paragraph that are read at once, if no quotation is open where they end.
const PART: usize = 1024;

/// A paragraph: its bytes and its units.
pub(super) struct Block<'u> {
    pub(super) span: Span,
    units: &'u [Unit],
}

impl<'u> Block<'u> {
    pub(super) fn of(units: &'u [Unit]) -> Option<Self> {
        Some(Self { span: Span { start: units.first()?.start, end: units.last()?.end }, units })
    }

    /// It in parts, so that memory does not grow with a paragraph that goes on for a whole book. `marked` are the
    /// outermost stretches of the text: none is cut.
    pub(super) fn parts(&self, marked: &[Marked]) -> impl Iterator<Item = Block<'u>> {
        let units = self.units;
        let mut last = 0;
        let is_cut = move |unit: &Unit| {
            let open = marked.partition_point(|marked| marked.whole.start < unit.start).checked_sub(1);
            open.and_then(|open| marked.get(open)).is_some_and(|open| unit.start < open.whole.end)
        };
        let mut number = 0;
        units
            .chunk_by(move |_, next| {
                number += 1;
                let ends = number >= last + PART && !is_cut(next);
                if ends {
                    last = number;
                }
                !ends
            })
            .filter_map(Block::of)
    }
}

/// Reads block after block.
pub(super) struct Finder<'t> {
    text: &'t str,
    pub(super) found: Vec<Quotation>,
    /// The block at hand: its tokens, where its sentences begin, its stretches.
    tokens: Vec<Token>,
    openings: Vec<u32>,
    quoted: Vec<Span>,
    /// For tokens of other texts than the block's narration.
    buffer: Vec<Token>,
    /// Whether the last quotation goes on with the next stretch.
    goes_on: bool,
}

/// The stretch before the one at hand.
struct Last {
    at: usize,
    kind: QuotationKind,
    ahead: Option<Found>,
}

impl<'t> Finder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Finder {
            text,
            found: Vec::new(),
            tokens: Vec::new(),
            openings: Vec::new(),
            quoted: Vec::new(),
            buffer: Vec::new(),
            goes_on: false,
        }
    }

    /// Adds the quotations of a block. `marked` are its outermost stretches.
    pub(super) fn read_block(&mut self, block: &Block, before: Option<&Block>, marked: &[Marked]) {
        self.openings.clear();
        self.openings.extend(block.units.iter().map(|unit| unit.start));
        self.quoted.clear();
        self.quoted.extend(marked.iter().map(|marked| marked.whole));
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens::read(self.text, block.span, &self.quoted, &self.openings, &mut tokens);
        let reading = Reading { text: self.text, tokens: &tokens };
        let places = tokens.iter().enumerate().filter(|(_, token)| token.is_quote()).map(|(at, _)| at);
        let mut last = None;
        for (at, marked) in places.zip(marked) {
            match self.trim(marked.inside) {
                Some(piece) if !self.is_markup(marked.whole) => {
                    let announced = || before.filter(|_| at == 0);
                    last = Some(self.read_stretch(reading, at, marked, piece, last.as_ref(), announced()));
                    self.goes_on = marked.continues;
                }
                _ => self.goes_on &= marked.continues,
            }
        }
        self.tokens = tokens;
    }

    /// Adds a stretch to the list, or to the last quotation. `before` is the block before, if it may announce a speaker.
    fn read_stretch(
        &mut self,
        reading: Reading,
        at: usize,
        marked: &Marked,
        piece: Span,
        last: Option<&Last>,
        before: Option<&Block>,
    ) -> Last {
        let between = last.and_then(|last| reading.tokens.get(last.at + 1..=at)).unwrap_or_default();
        let is_near = (1..NEAR).contains(&between.len()) && !between.iter().any(|token| token.opens_sentence);
        let last = last.filter(|_| is_near);
        let inside = self.text.get(piece.start as usize..piece.end as usize).unwrap_or_default();
        let scene = Scene::read(reading, at, inside, last.map(|last| last.kind));
        let (mut kind, rule) = kinds::judge(&scene);
        let is_dash = marked.kind == MarkKind::Dash;
        if is_dash || marked.continues || self.goes_on {
            kind = QuotationKind::Speech;
        }
        let mut attribution = attribute(&scene, kind);
        if attribution.cue.is_none() && kind == QuotationKind::Speech && !self.goes_on {
            attribution = before.and_then(|before| self.read_announcement(before)).unwrap_or_default();
        }
        let (pieces, narrated) = self.cut(piece, marked.kind);
        if let Some(narrated) = narrated {
            kind = QuotationKind::Speech;
            attribution = if attribution.cue.is_none() { narrated } else { attribution };
        }
        let is_interrupted =
            || kind == QuotationKind::Speech && last.is_some_and(|last| is_interrupted(last, between, &scene, is_dash));
        match self.found.last_mut() {
            Some(quotation) if self.goes_on || is_interrupted() => {
                quotation.pieces.extend(pieces);
                quotation.whole.end = marked.whole.end;
                if quotation.cue.is_none() {
                    attribution.set(quotation);
                }
            }
            _ => {
                let whole = marked.whole;
                let mut quotation = Quotation { kind, rule, whole, pieces, cue: None, mention: None, addressee: None };
                attribution.set(&mut quotation);
                self.found.push(quotation);
            }
        }
        Last { at, kind, ahead: scene.ahead }
    }

    /// Whether marks enclose an attribute's value: `href="…"`.
    fn is_markup(&self, whole: Span) -> bool {
        self.text.get(..whole.start as usize).is_some_and(|before| before.ends_with('='))
    }

    /// The pieces of a stretch, and what a narrator inside it tells.
    fn cut(&mut self, piece: Span, kind: MarkKind) -> (Vec<Span>, Option<Attribution>) {
        let first = self.openings.partition_point(|opening| *opening < piece.start);
        let openings = self.openings.get(first..).unwrap_or_default();
        let Some(cut) = narrators::cut(self.text, piece, kind, openings, &mut self.buffer) else {
            return (vec![piece], None);
        };
        let pieces: Vec<Span> = cut.pieces.iter().filter_map(|piece| self.trim(*piece)).collect();
        if pieces.is_empty() { (vec![piece], None) } else { (pieces, Some(cut.attribution)) }
    }

    /// Who is announced to speak by a block, if it ends in a colon.
    fn read_announcement(&mut self, block: &Block) -> Option<Attribution> {
        let unit = block.units.last()?;
        // What the narrator says there, behind the last quotation.
        let said = self.found.last().map_or(0, |last| last.whole.end);
        let span = Span { start: unit.start.max(said), end: unit.end };
        if !self.text.get(span.start as usize..span.end as usize)?.ends_with([':', '：']) {
            return None;
        }
        tokens::read(self.text, span, &[], &[span.start], &mut self.buffer);
        let reading = Reading { text: self.text, tokens: &self.buffer };
        let end = self.buffer.len();
        let found = attribution::look_for_name(reading, end).or_else(|| attribution::look_back(reading, end, true))?;
        Some(found.attribution)
    }

    /// A stretch without outer white space; nothing if there is no word in it.
    fn trim(&self, span: Span) -> Option<Span> {
        let inside = self.text.get(span.start as usize..span.end as usize)?;
        let start = span.end - inside.trim_start().len() as u32;
        let end = span.start + inside.trim_end().len() as u32;
        inside.contains(char::is_alphanumeric).then_some(Span { start, end })
    }
}

impl Attribution {
    fn set(self, quotation: &mut Quotation) {
        (quotation.cue, quotation.mention, quotation.addressee) = (self.cue, self.mention, self.addressee);
    }
}

/// Who says a stretch, by what stands in its block.
fn attribute(scene: &Scene, kind: QuotationKind) -> Attribution {
    let found = match kind {
        // `Khan said: "…," adding that`: the verb that has a subject.
        QuotationKind::Speech => match (scene.ahead, scene.back) {
            (Some(ahead), Some(back)) if ahead.attribution.mention.is_none() => Some(back),
            // `李明说：“…”王红表示：`: a colon binds more than what follows without a sign.
            (Some(_), Some(back)) if scene.follows_wide_colon() && back.attribution.mention.is_some() => Some(back),
            (ahead, back) => ahead.or(back),
        },
        QuotationKind::Fragment => scene.told_far(),
        _ => None,
    };
    found.map(|found| found.attribution).unwrap_or_default()
}

/// Whether the narrator only interrupts a sentence that somebody says. `between` are his words, and the stretch.
fn is_interrupted(last: &Last, between: &[Token], scene: &Scene, is_dash: bool) -> bool {
    let is_other_verb = match (scene.back, last.ahead) {
        (Some(back), Some(ahead)) => back.at != ahead.at,
        (back, _) => back.is_some(),
    };
    let cue = last.ahead.and_then(|ahead| scene.reading.get(ahead.at));
    let is_participle = cue.is_some_and(|cue| cue.has(Roles::PARTICIPLE));
    if last.kind != QuotationKind::Speech || is_other_verb || is_participle {
        return false;
    }
    let is_small = !scene.is_capital;
    match between.len().checked_sub(2).and_then(|at| between.get(at)) {
        Some(sign) if sign.is_comma() || sign.is_dash() => last.ahead.is_some() || is_small,
        // The marks of speech behind dashes hold the dash.
        Some(sign) => is_small && (is_dash || sign.kind == TokenKind::Point(';')),
        None => false,
    }
}
