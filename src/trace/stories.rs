//! Stories: the tokens of documents that are no furniture.

use std::ops::ControlFlow;

use rayon::prelude::*;

use crate::matches::Place;
use crate::repeats::Repeats;
use crate::text::Layout;

/// Where furniture stands, by document.
pub(super) struct Stories<'a> {
    layouts: &'a [Layout],
    /// Disjoint and ascending.
    furniture: Vec<Place>,
}

/// One document's tokens and furniture.
#[derive(Clone, Copy)]
pub(super) struct Story<'a> {
    tokens: u32,
    furniture: &'a [Place],
}

impl<'a> Stories<'a> {
    pub(super) fn new(repeats: &'a Repeats) -> Self {
        let occurrences = repeats.furniture.iter().flat_map(|(passage, _)| &passage.occurrences);
        let mut furniture: Vec<Place> = occurrences.map(|occurrence| occurrence.place).collect();
        furniture.par_sort_unstable();
        furniture.dedup_by(|next, kept| {
            let touches = next.document == kept.document && next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
        Stories { layouts: &repeats.layouts, furniture }
    }

    pub(super) fn of(&self, document: u32) -> Story<'_> {
        let start = self.furniture.partition_point(|place| place.document < document);
        let count = self.furniture[start..].partition_point(|place| place.document == document);
        let tokens = self.layouts[document as usize].starts.len() as u32;
        Story { tokens, furniture: &self.furniture[start..start + count] }
    }
}

impl Story<'_> {
    /// Tokens of the story.
    pub(super) fn count_all(&self) -> u32 {
        self.count_before(self.tokens)
    }

    /// Tokens of the story before a token of the document.
    pub(super) fn count_before(&self, token: u32) -> u32 {
        let furniture = self.furniture.iter().take_while(|place| place.start < token);
        token - furniture.map(|place| place.end.min(token) - place.start).sum::<u32>()
    }

    /// The token of the document behind so many of the story.
    pub(super) fn end_of(&self, count: u32) -> u32 {
        let end = self.furniture.iter().try_fold(count, |end, place| {
            if place.start < end { ControlFlow::Continue(end + place.length()) } else { ControlFlow::Break(end) }
        });
        let (ControlFlow::Continue(end) | ControlFlow::Break(end)) = end;
        end.min(self.tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_not_counted() {
        let furniture = [(2, 4), (6, 7)].map(|(start, end)| Place { document: 0, start, end });
        let story = Story { tokens: 10, furniture: &furniture };
        assert_eq!(story.count_all(), 7);
        assert_eq!(
            (0..=10).map(|token| story.count_before(token)).collect::<Vec<_>>(),
            [0, 1, 2, 2, 2, 3, 4, 4, 5, 6, 7]
        );
        // Behind two of the story furniture begins: it is no part of them.
        assert_eq!((0..=7).map(|count| story.end_of(count)).collect::<Vec<_>>(), [0, 1, 2, 5, 6, 8, 9, 10]);
    }
}
