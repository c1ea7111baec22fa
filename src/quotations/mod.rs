//! Quotations: what stands between quotation marks, of which kind it is, and who is said to say it.
//!
//! **Idea.** The marks are found by [`marks`](crate::marks); what is between them is read here by what stands about it.
//! A block (paragraph) becomes a row of [tokens](tokens) in which a stretch between marks is a single one: the narrator's
//! words with holes. In that row an [attribution](attribution) is looked for, a verb of saying and its subject, behind
//! the stretch, before it, or by a noun; an ordered list of rules tells the [kinds](kinds) apart; and stretches that the
//! narrator only interrupts are put together as one [utterance](utterances).
//!
//! *Speech* is what stands as sentences of its own, or is all that its verb introduces (`said: "We go."`, `chanted "no
//! war"`). A *fragment* is part of a clause of the narrator's (`said the plan was "a ruin"`). This is the line between
//! direct and mixed quotations of Pareti (2015). Scare quotes, titles and terms are said by nobody.
//!
//! A quotation that the narrator interrupts inside a sentence is one, in several pieces: `"We," she said, "go."` One that
//! goes on with a new sentence is two: `"We go," she said. "Now."` The second then has no mention: whose it is follows
//! from the order of speakers, which is not looked at here. Nor are pronouns resolved: a mention is given as written.
//!
//! The words that tell all this are data, for all languages at once ([`words`]); the text's language is not asked for.
//!
//! **Sources.** The patterns of attribution are those of Elson & McKeown (2010) and of the first sieves of Muzny et al.
//! (2017). Where they choose by learned weights, the nearest verb is taken here.
//!
//! **Time and memory.** Linear in the text, whatever it holds: each stretch looks at a bounded number of tokens on
//! either side. 24 bytes a word of one block, which is read in parts if it is very long, besides the list that is given
//! back.
//!
//! **Gives up.** Quotations without marks, but for those behind a dash that the marks find. Attributions whose verb is
//! not in the table, or stands in another sentence. Whether somebody is said to have said a thing or not (`he might have
//! said "no"`). Titles in a script without capitals.

mod attribution;
mod kinds;
mod mentions;
mod narrators;
mod tokens;
mod utterances;
mod words;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

use crate::text::Unit;

use crate::finding::Span;
use crate::marks;
use utterances::{Block, Finder};

/// What is between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotationKind {
    /// Words that somebody says: whole sentences, or all that the verb of saying introduces.
    Speech,
    /// Somebody's words as part of a clause of the narrator's.
    Fragment,
    /// Words that the narrator keeps his distance from; nobody is said to have said them.
    Scare,
    /// The title of a work.
    Title,
    /// A word that is spoken of as a word, or a nickname.
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
    /// What it is.
    pub(crate) kind: QuotationKind,
    /// By which rule.
    pub(crate) rule: &'static str,
    /// From the first opening mark to the last closing mark, narrator's words in between included.
    pub(crate) whole: Span,
    /// The words said, without marks and outer white space; one per piece and paragraph.
    pub(crate) pieces: Vec<Span>,
    /// What tells that it is said: *said*, *according to*, the colon behind a name.
    pub(crate) cue: Option<Span>,
    /// The words that name the speaker, as written: *Mr. Khan*, *she*, *a spokesman for the ministry*.
    pub(crate) mention: Option<Span>,
    /// The words that name who listens: *Reuters* in *he told Reuters*.
    pub(crate) addressee: Option<Span>,
}

/// Whether a word in small letters is a verb of saying in some language.
pub(crate) fn is_said(small: &str) -> bool {
    words::roles(small).has(words::Roles::CUE)
}

/// All quotations of a text, in its order. `units` are those of its layout.
#[inline(never)] // counted by itself
pub(crate) fn find(text: &str, units: &[Unit]) -> Vec<Quotation> {
    let blocks: Vec<Block> = units.chunk_by(|_, next| !next.opens_block).filter_map(Block::of).collect();
    let ranges: Vec<_> = blocks.iter().map(|block| block.span.start as usize..block.span.end as usize).collect();
    let mut marked = marks::find(text, &ranges);
    marked.retain(|marked| marked.depth == 0);
    let mut finder = Finder::new(text);
    let mut rest = marked.as_slice();
    let mut before: Option<Block> = None;
    for block in blocks.iter().flat_map(|block| block.parts(&marked)) {
        let count = rest.iter().take_while(|marked| marked.whole.start < block.span.end).count();
        let (here, later) = rest.split_at(count);
        rest = later;
        if !here.is_empty() {
            finder.read_block(&block, before.as_ref(), here);
        }
        before = Some(block);
    }
    finder.found
}
