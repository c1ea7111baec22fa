//! Stories: the tokens of documents that are no furniture.

use rayon::prelude::*;

use crate::matches::Place;
use crate::repeats::Repeats;
use crate::text::Layout;

/// Where furniture stands, by document.
pub(super) struct Stories<'a> {
    layouts: &'a [Layout],
    furniture: Vec<Place>,
}

/// The tokens of one document.
pub(super) struct Story {
    /// For each token whether it belongs to the story.
    pub(super) is_story: Vec<bool>,
    /// Those that do.
    pub(super) tokens: Vec<u32>,
}

impl<'a> Stories<'a> {
    pub(super) fn new(repeats: &'a Repeats) -> Self {
        let occurrences = repeats.furniture.iter().flat_map(|(passage, _)| &passage.occurrences);
        let mut furniture: Vec<Place> = occurrences.map(|occurrence| occurrence.place).collect();
        furniture.par_sort_unstable();
        Stories { layouts: &repeats.layouts, furniture }
    }

    pub(super) fn of(&self, document: u32) -> Story {
        let mut is_story = vec![true; self.layouts[document as usize].starts.len()];
        let start = self.furniture.partition_point(|place| place.document < document);
        for place in self.furniture[start..].iter().take_while(|place| place.document == document) {
            is_story[place.tokens()].fill(false);
        }
        let tokens = (0u32..).zip(&is_story).filter(|(_, is_story)| **is_story).map(|(token, _)| token).collect();
        Story { is_story, tokens }
    }
}
