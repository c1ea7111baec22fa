//! Unmarked: where the words of a quotation stand without quotation marks.
//!
//! **Idea.** The references of all utterances, and quotations made only once, are a small index of runs of words; every
//! run of words outside quotation marks is looked up in it. What is proposed is aligned and judged as a pair of
//! quotations is, and more strictly: five common words in a row stand anywhere.
//!
//! **Cost.** One look at two bitmaps for each word of the corpus, and a search in a sorted list for those that pass.
//!
//! **Gives up.** Of a run that more than [`TEXTS`] references have, those that come later. The second time that one
//! stretch between quotations says the same.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::pairs::{Comparison, TextId, Texts};
use super::words::{Words, find_names};
use crate::alignment::Block;
use crate::anchors::GRAM;
use crate::chains::extent_of;
use crate::finding::Span;
use crate::hash::hash_gram;
use crate::postings::SeenAgain;
use crate::text::{Layout, count_words};

/// References of one run that are looked at.
const TEXTS: usize = 16;
/// Least equal words without marks.
const LEAST: u32 = 6;
/// Least words among them that the corpus is not full of.
const TELLING: usize = 2;

/// Words of a document that are those of a quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unmarked {
    pub(crate) document: u32,
    /// The quotation's text.
    pub(crate) text: TextId,
    /// The words, from the first that is equal to the last.
    pub(crate) words: Words,
}

/// Finds the words of some texts in documents; `marked` tells the byte ranges of each document's quotations, in order.
pub(crate) fn find(
    texts: &Texts,
    wanted: &[TextId],
    comparison: &Comparison,
    documents: &[(&Layout, &str)],
    marked: &[Vec<Span>],
) -> Vec<Unmarked> {
    let mut keys: Vec<(u64, TextId, u32)> = wanted
        .par_iter()
        .flat_map_iter(|text| {
            let grams = texts.tokens(*text).windows(GRAM).filter_map(|gram| gram.first_chunk()).map(hash_gram);
            (0u32..).zip(grams).map(|(position, key)| (key, *text, position))
        })
        .collect();
    keys.par_sort_unstable();
    let filter = SeenAgain::with_capacity(keys.len());
    for (key, _, _) in &keys {
        // Twice, so that it counts as seen again.
        filter.mark(*key);
        filter.mark(*key);
    }
    let index = Index { texts, keys, filter, comparison };
    let found = documents.par_iter().zip(marked).enumerate();
    found.flat_map_iter(|(rank, ((layout, text), marked))| index.look_up(rank as u32, layout, text, marked)).collect()
}

struct Index<'a> {
    texts: &'a Texts,
    keys: Vec<(u64, TextId, u32)>,
    filter: SeenAgain,
    comparison: &'a Comparison<'a>,
}

impl Index<'_> {
    fn look_up(&self, document: u32, layout: &Layout, text: &str, marked: &[Span]) -> Vec<Unmarked> {
        let mut found = Vec::new();
        for stretch in between(layout, marked) {
            let tokens = &layout.fingerprints[stretch.clone()];
            let mut links: Vec<(TextId, u32, u32)> = Vec::new();
            for (place, gram) in (0u32..).zip(tokens.windows(GRAM)) {
                let Some(key) = gram.first_chunk().map(hash_gram).filter(|key| self.filter.again(*key)) else {
                    continue;
                };
                let first = self.keys.partition_point(|entry| entry.0 < key);
                let entries = self.keys[first..].iter().take_while(|entry| entry.0 == key).take(TEXTS);
                links.extend(entries.map(|(_, text, position)| (*text, *position, place)));
            }
            links.sort_unstable();
            let mut matches: Vec<(u32, TextId, Range<u32>)> = Vec::new();
            for links in links.chunk_by(|one, other| one.0 == other.0) {
                let (id, places) = (links[0].0, links.iter().map(|link| (link.1, link.2)));
                let blocks = self.comparison.align(self.texts.tokens(id), tokens, places);
                if let Some((equal, place)) = self.judge(id, tokens, &blocks) {
                    matches.push((equal, id, place));
                }
            }
            // Of references that claim one place, the one that explains most of it.
            matches.sort_by_key(|(equal, id, _)| (Reverse(*equal), *id));
            let mut taken: Vec<Range<u32>> = Vec::new();
            for (_, id, place) in matches {
                if taken.iter().any(|other| other.start < place.end && place.start < other.end) {
                    continue;
                }
                let tokens = stretch.start + place.start as usize..stretch.start + place.end as usize;
                let fingerprints = layout.fingerprints[tokens.clone()].to_vec();
                let spans: Vec<Span> = tokens.map(|token| layout.token_span(text, token)).collect();
                let words = Words { fingerprints, named: find_names(text, &spans), spans, signs: Vec::new() };
                found.push(Unmarked { document, text: id, words });
                taken.push(place);
            }
        }
        found
    }

    /// The equal words, and the place of those of a match that is one.
    fn judge(&self, text: TextId, tokens: &[u32], blocks: &[Block]) -> Option<(u32, Range<u32>)> {
        let (own, named) = (self.texts.tokens(text), self.texts.named(text));
        let (_, place) = extent_of(blocks)?;
        let common = || blocks.iter().flat_map(|block| block.a as usize..block.a_end() as usize);
        let equal: Vec<u32> = common().map(|at| own[at]).collect();
        let telling = self.comparison.count_telling(common().map(|at| (&own[at], &named[at])));
        let words = count_words(&equal);
        // Judged by the quotation's names: those of the second text are not known yet.
        let swapped: Vec<Block> = blocks.iter().map(|block| Block { a: block.b, b: block.a, ..*block }).collect();
        let is_pair = || self.comparison.accepts(tokens, own, named, &swapped);
        (words >= LEAST && telling >= TELLING && is_pair()).then_some((words, place))
    }
}

/// The tokens of a document between its quotations.
fn between(layout: &Layout, marked: &[Span]) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = 0;
    for span in marked {
        let first = layout.starts.partition_point(|token| *token < span.start);
        let last = layout.starts.partition_point(|token| *token < span.end);
        if first >= start + GRAM {
            stretches.push(start..first);
        }
        start = last.max(start);
    }
    if layout.starts.len() >= start + GRAM {
        stretches.push(start..layout.starts.len());
    }
    stretches
}
