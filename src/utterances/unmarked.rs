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

use super::pairs::{Comparison, Text, TextId, Texts};
use super::stock::{Stock, read_places};
use super::words::{Words, look_at};
use crate::alignment::Block;
use crate::anchors::GRAM;
use crate::chains::extent_of;
use crate::document::Corpus;
use crate::finding::Span;
use crate::hash::hash_gram;
use crate::postings::SeenAgain;
use crate::sense::Wording;
use crate::text::{Layout, count_words};

/// References of one run that are looked at.
const TEXTS: usize = 16;
/// Least equal words without marks.
const LEAST: u32 = 6;
/// Least words among them that are part of no phrase that everybody uses.
const OWN: u32 = 3;
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

/// All words of the corpus that stand outside quotation marks.
pub(crate) struct Haystack<'a> {
    layouts: &'a [Layout],
    /// The byte ranges of each document's quotations, in order.
    marked: &'a [Vec<Span>],
    /// Runs of words that quotations have.
    runs: SeenAgain,
}

impl<'a> Haystack<'a> {
    pub(crate) fn new(texts: &Texts, layouts: &'a [Layout], marked: &'a [Vec<Span>]) -> Self {
        let runs = SeenAgain::with_capacity(texts.count_words());
        (0..texts.len() as TextId).into_par_iter().for_each(|text| {
            for (_, run) in read_runs(texts.get(text).tokens) {
                // Twice, so that it counts as seen again.
                runs.mark(run);
                runs.mark(run);
            }
        });
        Haystack { layouts, marked, runs }
    }

    /// The phrases of quotations that everybody uses.
    pub(crate) fn find_stock(&self, texts: &Texts) -> Stock {
        let quoted = (0..texts.len() as TextId).into_par_iter();
        let quoted = quoted.flat_map_iter(|text| read_places(texts.get(text).tokens));
        let others = self.layouts.par_iter().zip(self.marked).flat_map_iter(|(layout, marked)| {
            let stretches = between(layout, marked).into_iter();
            let places = stretches.flat_map(|stretch| read_places(&layout.fingerprints[stretch]));
            places.filter(|(run, _)| self.runs.again(*run))
        });
        Stock::of(quoted.chain(others).collect())
    }

    /// Finds the words of some texts.
    pub(crate) fn find(
        &self,
        corpus: &Corpus,
        wordings: &[Wording],
        texts: &Texts,
        wanted: &[TextId],
        comparison: &Comparison,
    ) -> Vec<Unmarked> {
        let mut keys: Vec<(u64, TextId, u32)> = wanted
            .par_iter()
            .flat_map_iter(|text| read_runs(texts.get(*text).tokens).map(|(position, key)| (key, *text, position)))
            .collect();
        keys.par_sort_unstable();
        let index = Index { texts, keys, runs: &self.runs, comparison };
        let documents = self.layouts.par_iter().zip(self.marked).zip(&corpus.documents).zip(wordings).enumerate();
        documents
            .flat_map_iter(|(rank, (((layout, marked), document), wording))| {
                index.look_up(rank as u32, layout, &document.text, *wording, marked)
            })
            .collect()
    }
}

/// The runs of a text by which it is looked for, each with its place.
fn read_runs(tokens: &[u32]) -> impl Iterator<Item = (u32, u64)> {
    (0u32..).zip(tokens.windows(GRAM).filter_map(|gram| gram.first_chunk()).map(hash_gram))
}

struct Index<'a> {
    texts: &'a Texts,
    keys: Vec<(u64, TextId, u32)>,
    runs: &'a SeenAgain,
    comparison: &'a Comparison<'a>,
}

impl Index<'_> {
    fn look_up(&self, document: u32, layout: &Layout, text: &str, wording: Wording, marked: &[Span]) -> Vec<Unmarked> {
        let mut found = Vec::new();
        for stretch in between(layout, marked) {
            let tokens = &layout.fingerprints[stretch.clone()];
            let mut links: Vec<(TextId, u32, u32)> = Vec::new();
            for (place, key) in read_runs(tokens).filter(|(_, key)| self.runs.again(*key)) {
                let first = self.keys.partition_point(|entry| entry.0 < key);
                let entries = self.keys[first..].iter().take_while(|entry| entry.0 == key).take(TEXTS);
                links.extend(entries.map(|(_, text, position)| (*text, *position, place)));
            }
            links.sort_unstable();
            let mut matches: Vec<(u32, TextId, Range<u32>)> = Vec::new();
            for links in links.chunk_by(|one, other| one.0 == other.0) {
                let (id, places) = (links[0].0, links.iter().map(|link| (link.1, link.2)));
                let blocks = self.comparison.align(self.texts.get(id), Text { tokens, looks: &[] }, places);
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
                let looks = look_at(text, &spans, wording);
                let words = Words { fingerprints, looks, spans, signs: Vec::new() };
                found.push(Unmarked { document, text: id, words });
                taken.push(place);
            }
        }
        found
    }

    /// The equal words, and the place of those of a match that is one.
    fn judge(&self, text: TextId, tokens: &[u32], blocks: &[Block]) -> Option<(u32, Range<u32>)> {
        let (own, other) = (self.texts.get(text), Text { tokens, looks: &[] });
        let (_, place) = extent_of(blocks)?;
        let equal = blocks.iter().flat_map(|block| block.a as usize..block.a_end() as usize);
        let words = count_words(&equal.clone().map(|at| own.tokens[at]).collect::<Vec<u32>>());
        // Judged by the quotation's names: those of the second text are not known yet.
        let swapped: Vec<Block> = blocks.iter().map(|block| Block { a: block.b, b: block.a, ..*block }).collect();
        let is_pair = words >= LEAST
            && self.comparison.count_telling(own, equal) >= TELLING
            && self.comparison.stock.count_own(tokens, blocks) >= OWN
            && self.comparison.accepts(other, own, &swapped);
        is_pair.then_some((words, place))
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
