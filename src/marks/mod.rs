//! Marks: what stands between quotation marks, paragraph by paragraph.
//!
//! **Idea.** A quotation mark is told by three things: its shape, which way it leans ([`signs`]), and what is open where
//! it stands. One pass over a block lists its marks. A stack pairs the double ones, the guillemets and the corners
//! ([`pairing`]); then single ones, which may be apostrophes, are paired inside what these enclose ([`singles`]). So a
//! stray apostrophe never spoils a double mark. Which shape closes which follows from all languages at once: `„` is
//! closed by `“` (German) and by `”` (Polish), `»` opens where it leans to the right and nothing else tells (German). A
//! paragraph that a dash opens is speech where a narrator cuts in ([`speech`]).
//!
//! A block never looks further than at the first mark of the next, but for the habit of dashes. A quotation over several
//! paragraphs opens each of them and is closed once; its parts are listed one by one, and each says that it goes on.
//!
//! **Time and memory.** Linear in the text, whatever it holds: each mark is pushed and popped once at most. Some 50
//! bytes a mark, for the marks of one block at a time, besides the list that is given back.
//!
//! **Gives up.** A closing mark that was forgotten, unless the quotation was to be expected where it opens: then the
//! rest of the block is taken. Single marks that could as well be apostrophes. Speech behind a hyphen. Dash dialogue
//! in which no narrator ever speaks.

mod neighbours;
mod pairing;
mod signs;
mod singles;
mod speech;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::finding::Span;
use pairing::{Around, Pairs};
use signs::{Glyph, Sign};

/// Whether one stretch lies inside another.
fn holds(one: Span, other: Span) -> bool {
    one.start <= other.start && other.end <= one.end
}

/// Between which marks a stretch stands, by the one that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MarkKind {
    /// Double marks, straight, curly or low: `"…"`, `“…”`, `„…“`, `,,…''`.
    Double,
    /// Single marks, straight, curly or low: `'…'`, `‘…’`, `‚…‘`.
    Single,
    /// Double guillemets, either way round: `«…»`, `»…«`, `»…»`.
    Guillemets,
    /// Single guillemets, either way round: `‹…›`, `›…‹`.
    SingleGuillemets,
    /// Corner brackets, white or not: `「…」`, `『…』`.
    Corner,
    /// A dash at the beginning of a paragraph, or behind a narrator's words.
    Dash,
}

impl MarkKind {
    fn of(glyph: Glyph) -> Self {
        match glyph {
            Glyph::GuillemetLeft | Glyph::GuillemetRight => Self::Guillemets,
            Glyph::AngleLeft | Glyph::AngleRight => Self::SingleGuillemets,
            Glyph::CornerOpening | Glyph::CornerClosing | Glyph::WhiteCornerOpening | Glyph::WhiteCornerClosing => {
                Self::Corner
            }
            glyph if glyph.is_single() => Self::Single,
            _ => Self::Double,
        }
    }
}

/// One stretch between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Marked {
    /// From the opening mark to behind the closing one. Without a closing one, to the end of the block but for white
    /// space.
    pub(crate) whole: Span,
    /// What stands between the marks, with white space as it is; of speech behind a dash, without.
    pub(crate) inside: Span,
    /// In how many other stretches it stands.
    pub(crate) depth: u32,
    /// Whether both its marks are there: not where the block ended first. Speech behind a dash is always closed.
    pub(crate) is_closed: bool,
    /// Whether it goes on in the next stretch of the list that has depth 0: a quotation over several paragraphs, opened
    /// again at each.
    pub(crate) continues: bool,
    /// Its marks.
    pub(crate) kind: MarkKind,
}

/// All marked stretches of a text, in the order of their beginnings, outer ones first. `blocks` are the byte ranges of
/// its paragraphs, ascending and apart; those that are not, or cut a character, are passed over. Of a text over 4 GiB
/// nothing is found.
pub(crate) fn find(text: &str, blocks: &[Range<usize>]) -> Vec<Marked> {
    if u32::try_from(text.len()).is_err() {
        return Vec::new();
    }
    let blocks = trim_blocks(text, blocks);
    let mut found = Vec::new();
    let mut opened = Vec::new();
    let mut carried = None;
    let mut later = blocks.iter().map(|block| signs::read(block.text, block.start));
    let mut next = later.next();
    for block in &blocks {
        let signs = next.take().unwrap_or_default();
        next = later.next();
        let around = Around { carried, next: next.as_ref().and_then(|signs| pairing::first_shape(signs)) };
        let mut pairs = pairing::pair(&signs, around);
        let single = singles::pair(&signs, around, &mut pairs);
        carried = [single, pairs.unclosed]
            .iter()
            .flatten()
            .filter_map(|sign| signs.get(*sign))
            .map(|sign| pairing::shape_of(sign, carried))
            .find(|glyph| around.next.is_some_and(|next| pairing::reopens(*glyph, next)));
        let from = found.len();
        collect(block, &signs, &pairs, single, &mut found);
        opened.push(from..found.len());
    }
    speech::find(&blocks, &opened, &mut found);
    set_depths(&mut found);
    link(&blocks, &mut found);
    found
}

/// A paragraph, without the white space about it.
#[derive(Debug, Clone, Copy)]
struct Block<'t> {
    text: &'t str,
    start: usize,
}

impl Block<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

fn trim_blocks<'t>(text: &'t str, blocks: &[Range<usize>]) -> Vec<Block<'t>> {
    let mut trimmed = Vec::new();
    let mut reached = 0;
    for range in blocks {
        let Some(block) = text.get(range.clone()).filter(|_| range.start >= reached) else { continue };
        reached = range.end;
        let start = range.end - block.trim_start().len();
        let block = block.trim();
        if !block.is_empty() {
            trimmed.push(Block { text: block, start });
        }
    }
    trimmed
}

/// Adds the stretches of a block to the list.
fn collect(block: &Block, signs: &[Sign], pairs: &Pairs, single: Option<usize>, found: &mut Vec<Marked>) {
    let end = block.end() as u32;
    for (number, (sign, closing)) in signs.iter().zip(&pairs.closing).enumerate() {
        let closing = closing.and_then(|closing| signs.get(closing as usize));
        if closing.is_none() && single != Some(number) && pairs.unclosed != Some(number) {
            continue;
        }
        found.push(Marked {
            whole: Span { start: sign.start, end: closing.map_or(end, |closing| closing.end) },
            inside: Span { start: sign.end, end: closing.map_or(end, |closing| closing.start) },
            depth: 0,
            is_closed: closing.is_some(),
            // Whether it may, until the next block is known.
            continues: closing.is_none(),
            kind: MarkKind::of(sign.glyph),
        });
    }
}

/// Sets how deep each stretch stands.
fn set_depths(found: &mut [Marked]) {
    let mut outer: Vec<Span> = Vec::new();
    for marked in found {
        while outer.last().is_some_and(|span| !holds(*span, marked.whole)) {
            outer.pop();
        }
        marked.depth = outer.len() as u32;
        outer.push(marked.whole);
    }
}

/// Sets which stretches go on: those without an end, if the next block begins with the next one, of the same kind.
fn link(blocks: &[Block], found: &mut [Marked]) {
    let mut starts = blocks.iter().map(|block| block.start as u32).peekable();
    let mut open: Option<&mut Marked> = None;
    for marked in found {
        if marked.depth > 0 {
            marked.continues = false;
            continue;
        }
        if let Some(before) = open.take() {
            while starts.next_if(|start| *start < before.whole.end).is_some() {}
            before.continues = starts.peek() == Some(&marked.whole.start) && before.kind == marked.kind;
        }
        if marked.continues {
            open = Some(marked);
        }
    }
    if let Some(last) = open {
        last.continues = false;
    }
}
