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
use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::Wordings;
use super::pairs::{Comparison, Text, TextId, Texts};
use super::stock::{Stock, read_places};
use super::words::{Words, look_at};
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
        wordings: &Wordings,
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
        let documents = self.layouts.par_iter().zip(self.marked).enumerate();
        documents
            .flat_map_iter(|(rank, (layout, marked))| index.look_up(rank as u32, layout, wordings, marked))
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
    fn look_up(&self, document: u32, layout: &Layout, wordings: &Wordings, marked: &[Span]) -> Vec<Unmarked> {
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
            let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
            for (_, id, place) in matches {
                if taken.range(..place.end).next_back().is_some_and(|(_, end)| place.start < *end) {
                    continue;
                }
                let tokens = stretch.start + place.start as usize..stretch.start + place.end as usize;
                let fingerprints = layout.fingerprints[tokens.clone()].to_vec();
                let text = &*wordings.corpus.documents[document as usize].text;
                let spans: Vec<Span> = tokens.map(|token| layout.token_span(text, token)).collect();
                let looks = look_at(text, &spans, wordings.of(document));
                let words = Words { fingerprints, looks, spans, signs: Vec::new() };
                found.push(Unmarked { document, text: id, words });
                taken.insert(place.start, place.end);
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
        // As much of the text as the quotation has words, to either side: more changes nothing, and would be counted anew
        // for each quotation.
        let near = (place.start as usize).saturating_sub(own.tokens.len());
        let beyond = (place.end as usize + own.tokens.len()).min(tokens.len());
        let other = Text { tokens: &other.tokens[near..beyond], looks: &[] };
        // Judged by the quotation's names: those of the second text are not known yet.
        let swapped: Vec<Block> =
            blocks.iter().map(|block| Block { a: block.b - near as u32, b: block.a, ..*block }).collect();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Corpus, Document};
    use crate::extension::Weights;
    use crate::sense::Wording;
    use crate::text::lay_out;
    use crate::utterances::words;

    /// Documents in which some words stand between marks.
    struct Scene {
        corpus: Corpus,
        layouts: Vec<Layout>,
        marked: Vec<Vec<Span>>,
        texts: Texts,
    }

    impl Scene {
        /// Of documents as words; what is quoted stands between `⟦` and `⟧`.
        fn of(documents: &[String]) -> Self {
            let (mut plain, mut marked) = (Vec::new(), Vec::new());
            for document in documents {
                let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
                for letter in document.chars() {
                    match letter {
                        '⟦' => start = text.len() as u32,
                        '⟧' => spans.push(Span { start, end: text.len() as u32 }),
                        letter => text.push(letter),
                    }
                }
                plain.push(text);
                marked.push(spans);
            }
            let layouts: Vec<Layout> = plain.iter().map(|text| lay_out(text)).collect();
            let wordings: Vec<Wording> =
                plain.iter().zip(&layouts).map(|(text, layout)| Wording::of(text, layout)).collect();
            let mut quoted = Vec::new();
            for (rank, spans) in marked.iter().enumerate() {
                let read = |span: &Span| words::read(&plain[rank], &layouts[rank], &[*span], wordings[rank]);
                quoted.extend(spans.iter().map(read));
            }
            let (texts, _) = Texts::intern(quoted.iter());
            let documents = plain.iter().map(|text| Document::of_text(text)).collect();
            Scene { corpus: Corpus { documents, ..Corpus::default() }, layouts, marked, texts }
        }

        /// What is found: document, text, and the words.
        fn find(&self, weights: &Weights) -> Vec<(u32, TextId, String)> {
            let haystack = Haystack::new(&self.texts, &self.layouts, &self.marked);
            let stock = haystack.find_stock(&self.texts);
            let comparison = Comparison { weights, stock: &stock };
            let wanted: Vec<TextId> = (0..self.texts.len() as TextId).collect();
            let found = haystack.find(&Wordings::new(&self.corpus, &self.layouts), &self.texts, &wanted, &comparison);
            found
                .into_iter()
                .map(|found| {
                    let (first, last) = (found.words.spans[0], found.words.spans[found.words.spans.len() - 1]);
                    let text = &self.corpus.documents[found.document as usize].text;
                    assert_eq!(
                        found.words.fingerprints,
                        lay_out(&text[first.start as usize..last.end as usize]).fingerprints
                    );
                    (found.document, found.text, text[first.start as usize..last.end as usize].to_owned())
                })
                .collect()
        }

        /// The words of each document that no mark holds, as far as they stand in a row.
        fn stretches(&self, rank: usize) -> Vec<Range<usize>> {
            let is_marked = |token: usize| {
                let start = self.layouts[rank].starts[token];
                self.marked[rank].iter().any(|span| span.start <= start && start < span.end)
            };
            let count = self.layouts[rank].starts.len();
            let mut stretches = Vec::new();
            for start in (0..count).filter(|at| !is_marked(*at) && (*at == 0 || is_marked(*at - 1))) {
                let end = (start..count).find(|at| is_marked(*at)).unwrap_or(count);
                stretches.push(start..end);
            }
            stretches
        }

        fn stock_naively(&self) -> Stock {
            let texts: Vec<&[u32]> = (0..self.texts.len() as TextId).map(|text| self.texts.get(text).tokens).collect();
            let grams: Vec<&[u32]> = texts.iter().flat_map(|tokens| tokens.windows(GRAM)).collect();
            let mut places: Vec<(u64, u64)> = texts.iter().flat_map(|tokens| read_places(tokens)).collect();
            for rank in 0..self.layouts.len() {
                for stretch in self.stretches(rank) {
                    let tokens = &self.layouts[rank].fingerprints[stretch];
                    let of_grams = tokens.windows(GRAM).zip(read_places(tokens));
                    places.extend(of_grams.filter(|(gram, _)| grams.contains(gram)).map(|(_, place)| place));
                }
            }
            Stock::of(places)
        }

        /// Every stretch against every text, without an index.
        fn find_naively(&self, weights: &Weights) -> Vec<(u32, TextId, String)> {
            let stock = self.stock_naively();
            let comparison = Comparison { weights, stock: &stock };
            let mut found = Vec::new();
            for rank in 0..self.layouts.len() {
                for stretch in self.stretches(rank) {
                    let tokens = &self.layouts[rank].fingerprints[stretch.clone()];
                    let mut matches = Vec::new();
                    for id in 0..self.texts.len() as TextId {
                        let own = self.texts.get(id);
                        let mut links = Vec::new();
                        for (in_a, gram) in own.tokens.windows(GRAM).enumerate() {
                            let places = (0u32..).zip(tokens.windows(GRAM)).filter(|(_, other)| *other == gram);
                            links.extend(places.map(|(in_b, _)| (in_a as u32, in_b)));
                        }
                        let blocks = comparison.align(own, Text { tokens, looks: &[] }, links.into_iter());
                        let equal: u32 = blocks.iter().map(|block| block.length).sum();
                        let telling = blocks.iter().flat_map(|block| block.a..block.a_end()).filter(|at| {
                            !own.is(*at, words::Looks::NAME) && !weights.is_common(own.tokens[*at as usize])
                        });
                        let swapped: Vec<Block> =
                            blocks.iter().map(|block| Block { a: block.b, b: block.a, ..*block }).collect();
                        if equal >= LEAST
                            && telling.count() >= TELLING
                            && stock.count_own(tokens, &blocks) >= OWN
                            && comparison.accepts(Text { tokens, looks: &[] }, own, &swapped)
                        {
                            matches.push((Reverse(equal), id, extent_of(&blocks).unwrap().1));
                        }
                    }
                    matches.sort_by_key(|(equal, id, _)| (*equal, *id));
                    let mut free = vec![true; tokens.len()];
                    for (_, id, place) in matches {
                        let place = place.start as usize..place.end as usize;
                        if free[place.clone()].iter().all(|is_free| *is_free) {
                            free[place.clone()].fill(false);
                            let text = &self.corpus.documents[rank].text;
                            let start = self.layouts[rank].token_span(text, stretch.start + place.start).start;
                            let end = self.layouts[rank].token_span(text, stretch.start + place.end - 1).end;
                            found.push((rank as u32, id, text[start as usize..end as usize].to_owned()));
                        }
                    }
                }
            }
            found
        }
    }

    #[test]
    fn words_without_marks() {
        let documents = [
            "⟦The old bridge is a danger to all⟧ she said",
            "The mayor knew that the old bridge is a danger to all of them",
            // One word put otherwise, another left out.
            "The mayor knew that the old bridge is a peril to all of them",
            // Five words are too few, and so is what stands between marks and behind them.
            "The mayor knew that the old bridge is a peril for many",
            "⟦Nobody knows the old bridge is⟧ a danger to all of them",
        ];
        let scene = Scene::of(&documents.map(str::to_owned));
        let found = scene.find(&Weights::without_common());
        assert_eq!(
            found,
            [
                (1, 0, "the old bridge is a danger to all".to_owned()),
                (2, 0, "the old bridge is a peril to all".to_owned()),
            ]
        );
        // Two of the words have to tell something.
        let common = |words: &str| Weights::with_common(&lay_out(words).fingerprints);
        assert_eq!(scene.find(&common("the is a to all danger")).len(), 2);
        assert_eq!(scene.find(&common("the is a to all old bridge danger")).len(), 0);
    }

    #[test]
    fn of_those_that_claim_one_place_the_best_is_told() {
        let documents = [
            "⟦the old bridge is a danger to all⟧ she said ⟦the old bridge is a danger to all of us in the town⟧",
            "They knew that the old bridge is a danger to all of us in the town",
        ];
        let found = Scene::of(&documents.map(str::to_owned)).find(&Weights::without_common());
        assert_eq!(found, [(1, 1, "the old bridge is a danger to all of us in the town".to_owned())]);
    }

    const WORDS: [&str; 12] = ["ab", "Cd", "ef", "gh", "Ij", "kl", "mn", "op", "qr", "st", "uv", "wx"];

    /// Documents of few words that have much in common.
    fn some_documents() -> impl Strategy<Value = Vec<String>> {
        let base = prop::collection::vec(0usize..12, 8..24);
        let piece = (0usize..20, 0usize..16, prop::collection::vec(0usize..12, 0..4), any::<bool>());
        (base, prop::collection::vec(prop::collection::vec(piece, 0..5), 0..6)).prop_map(|(base, documents)| {
            let write = |pieces: Vec<(usize, usize, Vec<usize>, bool)>| {
                let mut written = Vec::new();
                for (start, length, others, is_quoted) in pieces {
                    let words: Vec<&str> =
                        base.iter().skip(start).take(length).chain(&others).map(|word| WORDS[*word]).collect();
                    let words = words.join(" ");
                    written.push(if is_quoted && !words.is_empty() { format!("⟦{words}⟧") } else { words });
                }
                written.join(" ")
            };
            documents.into_iter().map(write).collect()
        })
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_all_finds(documents in some_documents(), common in prop::collection::vec(0usize..12, 0..4)) {
            let scene = Scene::of(&documents);
            prop_assume!(scene.texts.len() <= TEXTS);
            let common: Vec<u32> = common.iter().map(|word| lay_out(WORDS[*word]).fingerprints[0]).collect();
            let weights = Weights::with_common(&common);
            let haystack = Haystack::new(&scene.texts, &scene.layouts, &scene.marked);
            let stock = haystack.find_stock(&scene.texts);
            prop_assert_eq!(format!("{stock:?}"), format!("{:?}", scene.stock_naively()));
            prop_assert_eq!(scene.find(&weights), scene.find_naively(&weights));
        }
    }
}
