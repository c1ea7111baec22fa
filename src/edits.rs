//! Edits: the gaps of an alignment as byte spans of both texts.

use std::ops::Range;

use crate::alignment::Alignment;
use crate::document::Corpus;
use crate::finding::{Edit, EditKind, Span};
use crate::matches::Place;
use crate::text::Layout;

/// What leads from one place's words to another's, in order. The first is the representative's side.
pub(crate) fn describe(corpus: &Corpus, layouts: &[Layout], alignment: &Alignment, a: &Place, b: &Place) -> Vec<Edit> {
    alignment
        .gaps()
        .map(|(in_a, in_b)| Edit {
            kind: match (in_a.is_empty(), in_b.is_empty()) {
                (true, _) => EditKind::Inserted,
                (_, true) => EditKind::Deleted,
                _ => EditKind::Changed,
            },
            representative: locate(corpus, layouts, a, in_a),
            occurrence: locate(corpus, layouts, b, in_b),
        })
        .collect()
}

/// The bytes of some tokens of a place; of none, where they would stand.
pub(crate) fn locate(corpus: &Corpus, layouts: &[Layout], place: &Place, tokens: Range<u32>) -> Span {
    let layout = &layouts[place.document as usize];
    let text = &corpus.documents[place.document as usize].text;
    let token = |number: u32| layout.token_span(text, number as usize);
    let (start, end) = (place.start + tokens.start, place.start + tokens.end);
    if start < end {
        Span { start: token(start).start, end: token(end - 1).end }
    } else {
        let at = if start < place.end { token(start).start } else { token(start - 1).end };
        Span { start: at, end: at }
    }
}
