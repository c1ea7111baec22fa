//! Moulds: wording that stories and tables of one kind share, filled with different matter.
//!
//! **Idea.** *4.63 dlrs a share as compared to last year* stands in a thousand reports, each time with another number:
//! eight equal words, and nobody's copy. Two corresponding stretches are one mould if both have words that the other
//! lacks, and hardly any of their equal words is *telling*: all but fewer than `min_words` / 4, or than an eighth of
//! them, are [common](Weights) ones that the whole corpus is full of. What is equal throughout is never a mould.
//!
//! **Cost.** O(equal words).
//!
//! **Gives up.** Moulds with more telling words. Rows of tables within one document, which are asked for more equality
//! instead (see [`likeness`](crate::likeness)).

use crate::alignment::Block;
use crate::extension::Weights;
use crate::matches::Place;
use crate::text::Layout;

/// What the question needs to know.
pub(crate) struct Moulds<'a> {
    pub(crate) layouts: &'a [Layout],
    pub(crate) weights: Weights,
    pub(crate) min_words: u32,
}

impl Moulds<'_> {
    /// Whether two places that correspond in these blocks (in tokens of their documents) have no more in common than a
    /// mould.
    pub(crate) fn is_mould(&self, a: &Place, b: &Place, blocks: &[Block]) -> bool {
        let tokens = &self.layouts[a.document as usize].fingerprints;
        let equal = || blocks.iter().flat_map(|block| &tokens[block.a as usize..block.a_end() as usize]);
        let (all, telling) = (equal().count(), equal().filter(|token| !self.weights.is_common(**token)).count());
        let is_plain = telling * 4 < self.min_words as usize || telling * 8 < all;
        is_plain && all < a.length().min(b.length()) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::Families;
    use crate::text::lay_out;
    use crate::units::{Units, UnitsInLayouts};

    #[test]
    fn few_telling_words_and_other_matter_are_a_mould() {
        // Rows of one form, with so many words of their own that they are no family, and two with rare words in common.
        let row = |number: usize| {
            let own: String = (0..8).map(|word| format!("w{number}x{word} ")).collect();
            format!("The price of {own}is given in crowns a pound.")
        };
        let mut texts: Vec<String> = (0..40).map(row).collect();
        let gold = "Rare gold leaf beaten thin by patient hands in Augsburg";
        texts.push(format!("{gold} one two."));
        texts.push(format!("{gold} three four."));
        let layouts: Vec<Layout> = texts.iter().map(|text| lay_out(text)).collect();
        let units = Units::intern(&layouts);
        let weights = Weights::count(&layouts, &units, &Families::group(&UnitsInLayouts(&units, &layouts)));
        let moulds = Moulds { layouts: &layouts, weights, min_words: 8 };
        let place = |document: u32, end: u32| Place { document, start: 0, end };
        let blocks = [Block { a: 0, b: 0, length: 3 }, Block { a: 11, b: 11, length: 6 }];
        assert!(moulds.is_mould(&place(0, 17), &place(1, 17), &blocks));
        let blocks = [Block { a: 0, b: 0, length: 10 }];
        assert!(!moulds.is_mould(&place(40, 12), &place(41, 12), &blocks), "telling words are equal");
        let blocks = [Block { a: 11, b: 11, length: 6 }];
        let [tail, other] = [0, 1].map(|document| Place { document, start: 11, end: 17 });
        assert!(!moulds.is_mould(&tail, &other, &blocks), "what is equal throughout is no mould");
    }
}
