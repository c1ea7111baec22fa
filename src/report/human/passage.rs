//! Passages on the page: the text itself, long ones with their middles left out, changed words marked.

use super::super::excerpt::{Clip, clip, columns};
use super::super::view::{Texts, View};
use super::layout::Flow;
use super::palette::{Ink, Palette};
use crate::finding::{Edit, Occurrence, Span};

/// Columns of unchanged text shown on either side of a change.
const CONTEXT: usize = 36;
/// Columns of the start and end of one changed piece.
const CHANGE: (usize, usize) = (60, 30);

/// A stretch of an altered occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Piece<'a> {
    /// Equal in both.
    Same(&'a str),
    /// Only the representative has it.
    Old(&'a str),
    /// Only the occurrence has it.
    New(&'a str),
}

/// A stretch of a document as its text with the changes that lead to it from another document's.
pub(in crate::report) fn compare<'a>(
    texts: &Texts<'a>,
    from: u32,
    (document, span): (u32, Span),
    edits: &[Edit],
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::with_capacity(edits.len() * 3 + 1);
    let mut push = |piece: Piece<'a>| {
        let (Piece::Same(text) | Piece::Old(text) | Piece::New(text)) = piece;
        if !text.is_empty() {
            pieces.push(piece);
        }
    };
    let mut at = span.start;
    for edit in edits {
        push(Piece::Same(texts.text(document, Span { start: at, end: edit.occurrence.start })));
        push(Piece::Old(texts.text(from, edit.representative)));
        push(Piece::New(texts.text(document, edit.occurrence)));
        at = edit.occurrence.end;
    }
    push(Piece::Same(texts.text(document, Span { start: at, end: span.end })));
    pieces
}

/// An altered occurrence as its text with the changes that lead to it.
pub(in crate::report) fn pieces<'a>(
    view: &View<'a>,
    representative: &Occurrence,
    occurrence: &Occurrence,
) -> Vec<Piece<'a>> {
    let place = (occurrence.document, occurrence.span);
    compare(&view.texts, representative.document, place, &occurrence.edits)
}

/// A passage in at most `rows` lines or so.
pub(in crate::report) fn short(text: &str, palette: &Palette, width: usize, rows: usize) -> Vec<String> {
    let mut flow = Flow::new(palette);
    let room = width * rows;
    push_clip(&mut flow, palette, clip(text, room * 3 / 5, room * 2 / 5 - width / 4));
    flow.lines(width)
}

/// A passage as it stands, line for line.
pub(in crate::report) fn whole(text: &str, palette: &Palette, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(chunk(rest));
            let mut flow = Flow::new(palette);
            flow.push(part, Ink::Plain);
            lines.extend(flow.lines(width));
            rest = after;
        }
        if line.trim().is_empty() {
            lines.push(String::new());
        }
    }
    lines
}

/// Bytes of a line to set at a time: a line of 50 MB is not cut into words all at once.
fn chunk(line: &str) -> usize {
    const MOST: usize = 1 << 16;
    let Some(mut end) = Some(MOST).filter(|&most| most < line.len()) else { return line.len() };
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).and_then(|part| part.rfind(char::is_whitespace)).filter(|&space| space > 0).unwrap_or(end)
}

/// An altered occurrence in about `rows` lines: every change with what stands around it; all of it where `rows` is
/// `None`.
pub(in crate::report) fn marked(pieces: &[Piece], palette: &Palette, width: usize, rows: Option<usize>) -> Vec<String> {
    let room = rows.map_or(usize::MAX, |rows| width.saturating_mul(rows));
    let length: usize = pieces.iter().map(|(Piece::Same(text) | Piece::Old(text) | Piece::New(text))| text.len()).sum();
    let all = rows.is_none() || length <= room;
    let mut flow = Flow::new(palette);
    let mut used = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if used > room {
            let left = pieces.iter().skip(index).filter(|piece| !matches!(piece, Piece::Same(_))).count();
            if left > 0 {
                flow.space();
                flow.push(palette.glyphs.ellipsis, Ink::Faint);
            }
            break;
        }
        let before = index.checked_sub(1).and_then(|before| pieces.get(before)).copied();
        match (before, *piece) {
            // What was left out leaves no space of its own in the occurrence's text.
            (Some(Piece::Old(_)), Piece::New(_)) => flow.space(),
            (Some(Piece::Old(before)), Piece::Same(text)) | (Some(Piece::Same(before)), Piece::Old(text)) => {
                flow.space_between(before, text);
            }
            _ => {}
        }
        match *piece {
            Piece::Same(text) if all => flow.push(text, Ink::Plain),
            Piece::Same(text) => {
                let first = if index == 0 { CONTEXT / 2 } else { CONTEXT };
                let last = if index + 1 == pieces.len() { CONTEXT / 2 } else { CONTEXT };
                let part = clip(text, first, last);
                used += shown(part);
                if text.starts_with(char::is_whitespace) {
                    flow.space();
                }
                push_clip(&mut flow, palette, part);
                if text.ends_with(char::is_whitespace) {
                    flow.space();
                }
            }
            Piece::Old(text) => used += push_change(&mut flow, palette, text, Ink::Old, all),
            Piece::New(text) => used += push_change(&mut flow, palette, text, Ink::New, all),
        }
    }
    flow.lines(width)
}

fn push_change(flow: &mut Flow, palette: &Palette, text: &str, ink: Ink, all: bool) -> usize {
    let part = if all { Clip::Whole(text) } else { clip(text, CHANGE.0, CHANGE.1) };
    flow.push_marked(&part.join(&format!(" {} ", palette.glyphs.ellipsis)), ink);
    shown(part) + if palette.color { 0 } else { 4 }
}

fn push_clip(flow: &mut Flow, palette: &Palette, part: Clip) {
    match part {
        Clip::Whole(text) => flow.push(text, Ink::Plain),
        Clip::Ends(head, tail) => {
            flow.push(head, Ink::Plain);
            flow.space();
            flow.push(palette.glyphs.ellipsis, Ink::Faint);
            flow.space();
            flow.push(tail, Ink::Plain);
        }
    }
}

fn shown(part: Clip) -> usize {
    match part {
        Clip::Whole(text) => columns(text),
        Clip::Ends(head, tail) => columns(head) + columns(tail) + 3,
    }
}
