//! Pairs: which texts of quotations say the same in part, and how they correspond.
//!
//! **Idea.** As with documents: equal runs of [`GRAM`] words propose, chains join them, an alignment decides. Here every
//! run is a key, not some of them: one word changed in eight leaves four in a row, and quotations are few beside the text
//! around them. Equal texts are one text ([`Texts`]), so that what a thousand outlets print alike is compared once.
//!
//! **What is a pair**: [`LEAST`] equal words or more, which are [`LONG`] or make up [`SHARE`] of the shorter text; at least
//! [`DENSITY`] of the words between the first and the last of them, on both sides, words aside that a sign says were left
//! out; and among them some that the corpus is not full of.
//!
//! **Cost.** A key shows a text the [`FIRST`](crate::postings::FIRST) and the [`LAST`](crate::postings::LAST) texts that have
//! it before; a text is compared with the [`PARTNERS`] that it shares most keys with. So the work is linear in the words
//! of all quotations.
//!
//! **Gives up.** Pairs of which no four words in a row are equal.

use std::cmp::Reverse;
use std::ops::Range;

use ahash::AHashMap;
use rayon::prelude::*;

use super::gaps;
use super::stock::Stock;
use super::words::{Looks, Words};
use crate::alignment::{Alignment, Block};
use crate::chains::join_blocks;
use crate::extension::{Weights, extend_backward, extend_forward};
use crate::hash::{Purpose, hash_run, hash_sequence};
use crate::postings::{Postings, Record, SeenAgain};
use crate::text::count_words;

/// Words of a run that proposes a pair.
const GRAM: usize = 3;
/// Least equal words of two texts that say the same.
pub(crate) const LEAST: u32 = 5;
/// So many equal words are enough, however long the texts are.
const LONG: u32 = 8;
/// So many of them are nobody else's.
const OWN: u32 = 2;
/// Share of the shorter text that is equal, in thousandths, if fewer are.
const SHARE: u32 = 800;
/// Share of equal words between the first and the last, in thousandths.
const DENSITY: u32 = 700;
/// Texts that each is compared with, at most.
const PARTNERS: usize = 64;

/// Words before the first equal run, or behind the last one, among which all equal ones are looked for.
const NEAR: u32 = 8;

/// Places of one run within a text that are looked at.
const REPEATS: usize = 4;

/// The number of a distinct text.
pub(crate) type TextId = u32;

/// The distinct texts of quotations, in the order in which they come first.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    tokens: Vec<u32>,
    looks: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    /// Interns the words of all quotations; gives the text of each.
    pub(crate) fn intern<'w>(quotations: impl Iterator<Item = &'w Words>) -> (Self, Vec<TextId>) {
        let mut texts = Texts::default();
        let mut map: AHashMap<u128, TextId> = AHashMap::new();
        let ids = quotations
            .map(|words| {
                let next = texts.len() as TextId;
                let id = *map.entry(hash_sequence(&words.fingerprints, Purpose::Unit)).or_insert(next);
                if id == next {
                    texts.tokens.extend_from_slice(&words.fingerprints);
                    texts.looks.extend_from_slice(&words.looks);
                    texts.ends.push(texts.tokens.len());
                } else {
                    let known = texts.range(id);
                    texts.looks[known].iter_mut().zip(&words.looks).for_each(|(known, looks)| *known |= looks);
                }
                id
            })
            .collect();
        (texts, ids)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Words of all.
    pub(crate) fn count_words(&self) -> usize {
        self.tokens.len()
    }

    /// One of them.
    pub(crate) fn get(&self, text: TextId) -> Text<'_> {
        let range = self.range(text);
        Text { tokens: &self.tokens[range.clone()], looks: &self.looks[range] }
    }

    fn range(&self, text: TextId) -> Range<usize> {
        let text = text as usize;
        text.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[text]
    }
}

/// The words of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// What each is compared by.
    pub(crate) tokens: &'a [u32],
    /// How each stands, by [`Looks`].
    pub(crate) looks: &'a [u8],
}

impl Text<'_> {
    /// Whether a word stands so.
    pub(crate) fn is(&self, word: u32, looks: u8) -> bool {
        self.looks.get(word as usize).is_some_and(|own| own & looks != 0)
    }

    /// Its words.
    pub(crate) fn count(&self) -> u32 {
        self.tokens.len() as u32
    }
}

/// Two texts that say the same in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The text that comes first.
    pub(crate) a: TextId,
    /// The other one.
    pub(crate) b: TextId,
    /// Equal words of both.
    pub(crate) equal: u32,
}

/// The keys of all texts.
pub(crate) fn collect_keys(texts: &Texts) -> Postings {
    let ids: Vec<TextId> = (0..texts.len() as TextId).collect();
    let seen = SeenAgain::with_capacity(texts.tokens.len());
    let keys = |text: TextId| texts.get(text).tokens.windows(GRAM).map(|gram| hash_run(gram, Purpose::Gram));
    ids.par_iter().for_each(|text| keys(*text).for_each(|key| seen.mark(key)));
    let records = ids.par_iter().flat_map_iter(|text| {
        (0u32..).zip(keys(*text)).map(|(position, key)| Record { key, document: *text, position })
    });
    Postings::build(records.filter(|record| seen.again(record.key)).collect(), texts.len())
}

/// All pairs of texts, by the later one, then by the earlier one.
pub(crate) fn find(texts: &Texts, comparison: &Comparison) -> Vec<Pair> {
    let keys = collect_keys(texts);
    (0..texts.len() as TextId)
        .into_par_iter()
        .flat_map_iter(|text| {
            let mut links: Vec<(TextId, u32, u32)> = Vec::new();
            for number in keys.of(text as usize) {
                let later = keys.record(*number).position;
                let (first, last) = keys.earlier(*number);
                links.extend(first.iter().chain(last).map(|record| (record.document, record.position, later)));
            }
            links.sort_unstable();
            let mut partners: Vec<&[(TextId, u32, u32)]> = links.chunk_by(|one, other| one.0 == other.0).collect();
            partners.sort_by_key(|links| (Reverse(links.len()), links[0].0));
            partners.truncate(PARTNERS);
            partners.sort_by_key(|links| links[0].0);
            let compare = |links: &&[(TextId, u32, u32)]| {
                let places = links.iter().map(|link| (link.1, link.2));
                let a = links[0].0;
                let (one, other) = (texts.get(a), texts.get(text));
                let blocks = comparison.align(one, other, places);
                let equal = blocks.iter().map(|block| block.length).sum();
                comparison.accepts(one, other, &blocks).then_some(Pair { a, b: text, equal })
            };
            partners.iter().filter_map(compare).collect::<Vec<Pair>>()
        })
        .collect()
}

/// What texts are compared by.
#[derive(Clone, Copy)]
pub(crate) struct Comparison<'a> {
    pub(crate) weights: &'a Weights,
    pub(crate) stock: &'a Stock,
}

impl Comparison<'_> {
    /// The equal words of two texts, around links between equal runs of [`GRAM`] words.
    pub(crate) fn align(&self, one: Text, other: Text, links: impl Iterator<Item = (u32, u32)>) -> Vec<Block> {
        let (a, b) = (one.tokens, other.tokens);
        let chain = join_in_order(gather_blocks(a, b, links));
        let (Some(first), Some(last)) = (chain.first().copied(), chain.last().copied()) else { return Vec::new() };
        let mut blocks = extend_backward(&a[..first.a as usize], &b[..first.b as usize], self.weights, |_| true);
        for block in chain {
            bridge(a, b, &mut blocks, block);
        }
        let (from_a, from_b) = (last.a_end(), last.b_end());
        let beyond = extend_forward(&a[from_a as usize..], &b[from_b as usize..], self.weights, |_| true);
        blocks.extend(beyond.into_iter().map(|block| Block { a: block.a + from_a, b: block.b + from_b, ..block }));
        let mut blocks = Alignment::of(with_ends(a, b, blocks), one.count(), other.count()).blocks;
        gaps::settle(one, other, &mut blocks);
        gaps::trim_ends(one, other, &blocks).to_vec()
    }

    /// The same, around all equal runs.
    pub(crate) fn align_all(&self, one: Text, other: Text) -> Vec<Block> {
        let mut places: AHashMap<&[u32], Vec<u32>> = AHashMap::new();
        for (place, gram) in (0u32..).zip(one.tokens.windows(GRAM)) {
            places.entry(gram).or_default().push(place);
        }
        let links = (0u32..).zip(other.tokens.windows(GRAM)).flat_map(|(in_b, gram)| {
            let in_a = places.get(gram).map_or(&[][..], Vec::as_slice);
            in_a.iter().take(REPEATS).map(move |in_a| (*in_a, in_b))
        });
        self.align(one, other, links)
    }

    /// Whether a text is long enough to be told by its words alone, and not made of common ones and names.
    pub(crate) fn is_telling(&self, text: Text) -> bool {
        count_words(text.tokens) >= LEAST && self.count_telling(text, 0..text.tokens.len()) > 0
    }

    /// Words that the corpus is not full of, and that are no names: these repeat by nature.
    pub(crate) fn count_telling(&self, text: Text, words: impl Iterator<Item = usize>) -> usize {
        let is_telling = |at: &usize| !text.is(*at as u32, Looks::NAME) && !self.weights.is_common(text.tokens[*at]);
        words.filter(is_telling).count()
    }

    /// Whether what two texts have in common is enough.
    pub(crate) fn accepts(&self, one: Text, other: Text, blocks: &[Block]) -> bool {
        let (a, b) = (one.tokens, other.tokens);
        let common = || blocks.iter().flat_map(|block| range(block.b, block.b_end()));
        let equal: Vec<u32> = common().map(|at| b[at]).collect();
        let words = count_words(&equal);
        let shorter = count_words(a).min(count_words(b));
        let is_most = u64::from(words) * 1000 >= u64::from(shorter) * u64::from(SHARE);
        // Titles and names repeat by nature: a part of a quotation has to say more than these.
        let is_telling = |at: usize| (is_most || !other.is(at as u32, Looks::NAME)) && !self.weights.is_common(b[at]);
        words >= LEAST
            && (is_most || words >= LONG && self.stock.count_own(b, blocks) >= OWN)
            && equal.len() as u64 * 1000 >= gaps::count_columns(one, other, blocks) * u64::from(DENSITY)
            && common().any(is_telling)
    }
}

fn range(start: u32, end: u32) -> Range<usize> {
    start as usize..end as usize
}

/// Turns links into maximal equal runs.
fn gather_blocks(a: &[u32], b: &[u32], links: impl Iterator<Item = (u32, u32)>) -> Vec<Block> {
    let mut links: Vec<(u32, u32)> = links.collect();
    links.sort_unstable_by_key(|(in_a, in_b)| (i64::from(*in_b) - i64::from(*in_a), *in_a));
    let mut blocks: Vec<Block> = Vec::new();
    for (in_a, in_b) in links {
        let is_known = |block: &Block| {
            i64::from(block.b) - i64::from(block.a) == i64::from(in_b) - i64::from(in_a) && in_a < block.a_end()
        };
        if blocks.last().is_some_and(is_known) {
            continue;
        }
        let before = a[..in_a as usize].iter().rev().zip(b[..in_b as usize].iter().rev());
        let before = before.take_while(|(one, other)| one == other).count() as u32;
        let after = a[in_a as usize..].iter().zip(&b[in_b as usize..]);
        let after = after.take_while(|(one, other)| one == other).count() as u32;
        blocks.push(Block { a: in_a - before, b: in_b - before, length: before + after });
    }
    blocks
}

/// The best chain of blocks, and those before and behind it, however far: a speaker says things in one order, and whole
/// paragraphs may have been left out.
fn join_in_order(blocks: Vec<Block>) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::new();
    for chain in join_blocks(blocks) {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { continue };
        let at = joined.partition_point(|block| block.a < first.a);
        let follows = |before: &Block| before.a_end() <= first.a && before.b_end() <= first.b;
        let leads = |after: &Block| last.a_end() <= after.a && last.b_end() <= after.b;
        if at.checked_sub(1).is_none_or(|before| follows(&joined[before])) && joined.get(at).is_none_or(leads) {
            joined.splice(at..at, chain);
        }
    }
    joined
}

/// Adds the equal words before the first block and behind the last, where both texts end soon: a walk that has to gain at
/// each step does not reach them.
fn with_ends(a: &[u32], b: &[u32], blocks: Vec<Block>) -> Vec<Block> {
    let (Some(first), Some(last)) = (blocks.first().copied(), blocks.last().copied()) else { return blocks };
    let mut all = Vec::with_capacity(blocks.len() + 2);
    if first.a.max(first.b) <= NEAR {
        all.extend(Alignment::between(&a[..first.a as usize], &b[..first.b as usize]).blocks);
    }
    all.extend(blocks);
    let (from_a, from_b) = (last.a_end(), last.b_end());
    let (rest_a, rest_b) = (&a[from_a as usize..], &b[from_b as usize..]);
    if rest_a.len().max(rest_b.len()) <= NEAR as usize {
        let beyond = Alignment::between(rest_a, rest_b).blocks;
        all.extend(beyond.into_iter().map(|block| Block { a: block.a + from_a, b: block.b + from_b, ..block }));
    }
    all
}

/// Appends a block, with the equal words of the gap before it.
fn bridge(a: &[u32], b: &[u32], blocks: &mut Vec<Block>, block: Block) {
    if let Some(last) = blocks.last() {
        let (from_a, from_b) = (last.a_end(), last.b_end());
        let between = Alignment::between(&a[range(from_a, block.a)], &b[range(from_b, block.b)]).blocks;
        blocks.extend(between.into_iter().map(|block| Block { a: block.a + from_a, b: block.b + from_b, ..block }));
    }
    blocks.push(block);
}
