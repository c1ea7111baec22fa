//! Moulds: wording that stories and tables of one kind share, filled with different facts.
//!
//! **Idea.** *4.63 dlrs a share as compared to last year* stands in a thousand reports, each time with another number:
//! eight equal words, and nobody's copy. Two corresponding stretches are one mould if [facts](crate::facts) differ in
//! step and fewer than `min_words` / 4, or an eighth, of their equal words are *telling*, that is not among the
//! [common](Weights) ones that the whole corpus is full of. Words of which the corpus is not full, equal in one order,
//! are no mould.
//!
//! **Cost.** O(length of the stretches).
//!
//! **Gives up.** Moulds with as many telling words. Rows of tables within one document, which are asked for more
//! equality instead (see [`likeness`](crate::likeness)).

use crate::alignment::Block;
use crate::document::Document;
use crate::extension::Weights;
use crate::facts::{count_in_step, find_facts};
use crate::matches::Place;
use crate::settings::Settings;
use crate::text::Layout;

/// What the question needs to know.
pub(crate) struct Moulds<'a> {
    pub(crate) documents: &'a [Document],
    pub(crate) layouts: &'a [Layout],
    pub(crate) weights: Weights,
    pub(crate) settings: &'a Settings,
}

impl Moulds<'_> {
    /// Whether two places that correspond in these blocks (in tokens of their documents) have no more in common than a
    /// mould.
    pub(crate) fn is_mould(&self, a: &Place, b: &Place, blocks: &[Block]) -> bool {
        let tokens = &self.layouts[a.document as usize].fingerprints;
        let equal = || blocks.iter().flat_map(|block| &tokens[block.a as usize..block.a_end() as usize]);
        let telling = equal().filter(|token| !self.weights.is_common(**token)).count();
        (telling * 4 < self.settings.min_words as usize || telling * 8 < equal().count())
            && self.count_facts_in_step(a, b, blocks) > 0
    }

    /// Facts of the two places that differ in step, outside the blocks.
    fn count_facts_in_step(&self, a: &Place, b: &Place, blocks: &[Block]) -> u32 {
        let facts = |place: &Place| {
            let document = place.document as usize;
            find_facts(&self.documents[document].text, &self.layouts[document], &[place.tokens()])
        };
        let mask = |place: &Place, start: fn(&Block) -> u32| {
            let mut mask = vec![false; place.length() as usize];
            for block in blocks {
                let from = (start(block) - place.start) as usize;
                mask[from..from + block.length as usize].fill(true);
            }
            mask
        };
        count_in_step(&facts(a), &mask(a, |block| block.a), &facts(b), &mask(b, |block| block.b))
    }
}
