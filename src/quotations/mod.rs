//! Stub until the real one comes.

use std::ops::Range;

use crate::finding::Span;
use crate::marks;
use crate::text::Unit;

/// What is between quotation marks, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotationKind {
    /// Words that somebody said.
    Speech,
    /// Part of a clause of the reporter's.
    Fragment,
    /// Words held at a distance.
    Scare,
    /// The title of a work.
    Title,
    /// A word that is spoken of, or a nickname.
    Term,
}

impl QuotationKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            QuotationKind::Speech => "speech",
            QuotationKind::Fragment => "fragment",
            QuotationKind::Scare => "scare",
            QuotationKind::Title => "title",
            QuotationKind::Term => "term",
        }
    }
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quotation {
    pub(crate) kind: QuotationKind,
    pub(crate) whole: Span,
    pub(crate) pieces: Vec<Span>,
    pub(crate) cue: Option<Span>,
    pub(crate) mention: Option<Span>,
    pub(crate) addressee: Option<Span>,
}

pub(crate) fn find(text: &str, units: &[Unit]) -> Vec<Quotation> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for unit in units {
        match blocks.last_mut().filter(|_| !unit.opens_block) {
            Some(block) => block.end = unit.end as usize,
            None => blocks.push(unit.start as usize..unit.end as usize),
        }
    }
    let mut found: Vec<Quotation> = Vec::new();
    let mut continues = false;
    for marked in marks::find(text, &blocks).iter().filter(|marked| marked.depth == 0) {
        match found.last_mut().filter(|_| continues) {
            Some(last) => {
                last.pieces.push(marked.inside);
                last.whole.end = marked.whole.end;
            }
            None => found.push(Quotation {
                kind: QuotationKind::Speech,
                whole: marked.whole,
                pieces: vec![marked.inside],
                cue: None,
                mention: None,
                addressee: None,
            }),
        }
        continues = marked.continues;
    }
    found
}
