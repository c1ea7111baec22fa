//! Pairs: which texts of quotations say the same in part, and how they correspond.
//!
//! **Idea.** As with documents: equal runs of [`GRAM`] words propose, chains join them, an alignment decides. Here every
//! run is a key, not some of them: one word changed in seven leaves three in a row, and quotations are few beside the text
//! around them. Equal texts are one text ([`Texts`]), so that what a thousand outlets print alike is compared once.
//!
//! **What is a pair**: [`LEAST`] equal words or more, which make up [`SHARE`] of the shorter text, or are [`LONG`], of them
//! [`OWN`] in runs of four that are no [stock](super::stock); at least [`DENSITY`] of the words between the first and the
//! last of them, on both sides, words aside that a sign says were left out; and among them some that the corpus is not
//! full of.
//!
//! **Cost.** A key shows a text the [`FIRST`](crate::postings::FIRST) and the [`LAST`](crate::postings::LAST) texts that have
//! it before; a text is compared with the [`PARTNERS`] that it shares most keys with. So the work is linear in the words
//! of all quotations.
//!
//! **Gives up.** Pairs of which no [`GRAM`] words in a row are equal.

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

/// Diagonals of two texts that are looked at: more have only texts that repeat themselves.
const DIAGONALS: usize = 64;

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
    let diagonal = |(in_a, in_b): &(u32, u32)| i64::from(*in_b) - i64::from(*in_a);
    links.sort_unstable_by_key(|link| (diagonal(link), link.0));
    // Of a text that repeats itself every place is linked with every other: the diagonals with most links say enough.
    let mut diagonals: Vec<&[(u32, u32)]> = links.chunk_by(|one, other| diagonal(one) == diagonal(other)).collect();
    if diagonals.len() > DIAGONALS {
        diagonals.sort_by_key(|links| (Reverse(links.len()), diagonal(&links[0])));
        diagonals.truncate(DIAGONALS);
        diagonals.sort_by_key(|links| diagonal(&links[0]));
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (in_a, in_b) in diagonals.into_iter().flatten().copied() {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::utterances::stock::read_places;

    /// Words as letters; one with a capital is a name.
    fn spell(letters: &str) -> Words {
        let letters = || letters.chars().filter(|letter| *letter != ' ');
        let looks = letters().map(|letter| u8::from(letter.is_uppercase()) * Looks::NAME).collect();
        // Even, and not nought, as fingerprints of words are.
        let fingerprints = letters().flat_map(char::to_lowercase).map(|letter| letter as u32 * 2).collect();
        Words { fingerprints, looks, ..Words::default() }
    }

    fn swap(blocks: &[Block]) -> Vec<Block> {
        blocks.iter().map(|block| Block { a: block.b, b: block.a, ..*block }).collect()
    }

    /// Whether two texts are a pair, in a corpus that is full of `c` and `m`.
    fn is_pair(one: &str, other: &str) -> bool {
        let weights = Weights::with_common(&spell("cm").fingerprints);
        let stock = Stock::default();
        let comparison = Comparison { weights: &weights, stock: &stock };
        let (texts, _) = Texts::intern([spell(one), spell(other)].iter());
        let pairs = find(&texts, &comparison);
        let blocks = comparison.align_all(texts.get(0), texts.get(1));
        assert_eq!(!pairs.is_empty(), comparison.accepts(texts.get(0), texts.get(1), &blocks), "{one} / {other}");
        !pairs.is_empty()
    }

    #[test]
    fn what_is_a_pair() {
        let cases = [
            // Five words that are all or most of the shorter text.
            ("abdef", "xabdefy", true),
            ("abde", "xabdey", false),
            ("abdefg", "xabdefy", true),
            ("abdefgh", "xabdefy", false),
            // A part of both is eight words.
            ("abdefghi nopqrst", "uvwxyz abdefghi", true),
            ("abdefgh nopqrst", "uvwxyz abdefgh", false),
            // Some words put otherwise: runs of less than four words are nobody's, and three words in ten are too many.
            ("abdefghijk", "abdefzhijk", true),
            ("abdefghijk", "abdzfgyijk", true),
            ("abdefghijkln", "abdzfgyijxln", false),
            ("abde fg hij kl nop", "abde vw hij xy nop", true),
            ("abde fg hij kl nop qr stu", "abde vw hij xy nop z1 stu", false),
            // No three words in a row.
            ("abdefghijk", "abxefyhizk", false),
            // A sentence left out is one thing done.
            ("abdef ghijklnopq rstuv", "abdef rstuv", true),
            // Names say nothing in a part, but in the whole.
            ("ABDEFGHI nopqrst", "uvwxyz ABDEFGHI", false),
            ("ABDeFGHI nopqrst", "uvwxyz ABDeFGHI", true),
            ("ABDEFGHI", "uvwxyz ABDEFGHI", true),
            // What the corpus is full of says nothing at all.
            ("cmmcccmcm", "x cmmcccmcm", false),
            ("cmmcacmcm", "x cmmcacmcm", true),
        ];
        for (one, other, expected) in cases {
            assert_eq!(is_pair(one, other), expected, "{one} / {other}");
            assert_eq!(is_pair(other, one), expected, "{other} / {one}");
        }
    }

    #[test]
    fn phrases_that_everybody_uses_make_no_pair() {
        let (one, other) = (spell("abdefghi nopqrstvwx"), spell("klyz abdefghi klzy"));
        let weights = Weights::without_common();
        let phrase = spell("abdefghi").fingerprints;
        let uses = |count: u32| -> Stock {
            let sentence = |before: u32| [&[before + 1000; 3], &phrase[..], &[before + 2000; 3]].concat();
            Stock::of((0..count).flat_map(|use_| read_places(&sentence(use_ * 2)).collect::<Vec<_>>()).collect())
        };
        for (count, expected) in [(5, true), (6, false)] {
            let stock = uses(count);
            let comparison = Comparison { weights: &weights, stock: &stock };
            let blocks = comparison.align_all(one.text(), other.text());
            assert_eq!(comparison.accepts(one.text(), other.text(), &blocks), expected, "{count} uses");
            // It is no matter where the whole text is such a phrase.
            let alone = spell("abdefghi");
            let blocks = comparison.align_all(alone.text(), other.text());
            assert!(comparison.accepts(alone.text(), other.text(), &blocks));
        }
    }

    #[test]
    fn equal_texts_are_one() {
        let words = ["abd", "efg", "", "aBd", "ab", ""].map(spell);
        let (texts, ids) = Texts::intern(words.iter());
        assert_eq!(ids, [0, 1, 2, 0, 3, 2]);
        assert_eq!((texts.len(), texts.count_words()), (4, 8));
        assert_eq!(texts.get(2).tokens, &[] as &[u32]);
        // What is a name in one place is one.
        assert_eq!(texts.get(0).looks, [0, Looks::NAME, 0]);
        assert_eq!(texts.get(3).looks, [0, 0]);
    }

    fn assert_valid(a: &[u32], b: &[u32], blocks: &[Block]) {
        let mut at = (0, 0);
        for block in blocks {
            assert!(block.length > 0 && block.a >= at.0 && block.b >= at.1, "{blocks:?}");
            assert_eq!(a[range(block.a, block.a_end())], b[range(block.b, block.b_end())]);
            at = (block.a_end(), block.b_end());
        }
    }

    /// A text of few different words, with looks; often a part of `base` with some words put otherwise.
    fn some_words(base: Vec<u32>) -> impl Strategy<Value = Words> {
        let part =
            (0..base.len(), 0..=base.len(), prop::collection::vec((any::<prop::sample::Index>(), 1u32..20), 0..4));
        let part = part.prop_map(move |(start, length, edits)| {
            let mut part: Vec<u32> = base.iter().copied().skip(start).take(length).collect();
            for (at, token) in edits.into_iter().filter(|_| length > 0 && start < base.len()) {
                let at = at.index(part.len());
                part[at] = token;
            }
            part
        });
        let tokens = prop_oneof![prop::collection::vec(1u32..20, 0..16), part];
        tokens.prop_flat_map(|tokens| {
            let looks = prop::collection::vec(0u8..8, tokens.len());
            looks.prop_map(move |looks| Words {
                fingerprints: tokens.iter().map(|token| token * 2).collect(),
                looks,
                ..Words::default()
            })
        })
    }

    fn some_texts() -> impl Strategy<Value = Vec<Words>> {
        let base = prop::collection::vec(1u32..20, 1..24);
        base.prop_flat_map(|base| prop::collection::vec(some_words(base), 0..12))
    }

    /// All equal runs of two texts.
    fn link_all(a: &[u32], b: &[u32]) -> Vec<(u32, u32)> {
        let all = (0..a.len()).flat_map(|in_a| (0..b.len()).map(move |in_b| (in_a, in_b)));
        let is_run =
            |(in_a, in_b): &(usize, usize)| a[*in_a..].len() >= GRAM && b[*in_b..].starts_with(&a[*in_a..][..GRAM]);
        all.filter(is_run).map(|(in_a, in_b)| (in_a as u32, in_b as u32)).collect()
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_all_finds(words in some_texts(), common in prop::collection::vec(1u32..20, 0..5)) {
            let common: Vec<u32> = common.iter().map(|token| token * 2).collect();
            let weights = Weights::with_common(&common);
            let (texts, ids) = Texts::intern(words.iter());
            let stock = Stock::of(words.iter().flat_map(|words| read_places(&words.fingerprints)).collect());
            let comparison = Comparison { weights: &weights, stock: &stock };
            let mut distinct: Vec<&Words> = Vec::new();
            for (number, words) in ids.iter().zip(&words) {
                if *number as usize == distinct.len() {
                    distinct.push(words);
                }
                prop_assert_eq!(texts.get(*number).tokens, &words.fingerprints);
            }
            // A frequent key hides some of its places.
            let mut counts: BTreeMap<&[u32], usize> = BTreeMap::new();
            distinct.iter().flat_map(|words| words.fingerprints.windows(GRAM)).for_each(|gram| *counts.entry(gram).or_default() += 1);
            prop_assume!(counts.values().all(|count| *count <= crate::postings::FIRST + crate::postings::LAST));
            let mut naive = Vec::new();
            for b in 0..texts.len() as TextId {
                for a in 0..b {
                    let (one, other) = (texts.get(a), texts.get(b));
                    let blocks = comparison.align(one, other, link_all(one.tokens, other.tokens).into_iter());
                    if comparison.accepts(one, other, &blocks) {
                        naive.push(Pair { a, b, equal: blocks.iter().map(|block| block.length).sum() });
                    }
                }
            }
            prop_assert_eq!(find(&texts, &comparison), naive);
        }

        #[test]
        fn alignments_are_valid_whatever_the_links(
            texts in some_texts(),
            links in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
        ) {
            let (weights, stock) = (Weights::without_common(), Stock::default());
            let comparison = Comparison { weights: &weights, stock: &stock };
            for pair in texts.windows(2) {
                let (one, other) = (pair[0].text(), pair[1].text());
                if one.tokens.is_empty() || other.tokens.is_empty() {
                    prop_assert!(comparison.align_all(one, other).is_empty());
                    continue;
                }
                let links = links.iter().map(|(a, b)| (a.index(one.tokens.len()) as u32, b.index(other.tokens.len()) as u32));
                let loose = comparison.align(one, other, links);
                assert_valid(one.tokens, other.tokens, &loose);
                let blocks = comparison.align_all(one, other);
                assert_valid(one.tokens, other.tokens, &blocks);
                // Where no run repeats often, all of them are all.
                let links = link_all(one.tokens, other.tokens);
                prop_assert_eq!(blocks.is_empty(), links.is_empty());
                if links.chunk_by(|link, next| link.0 == next.0).all(|links| links.len() <= REPEATS) {
                    prop_assert_eq!(&blocks, &comparison.align(one, other, links.into_iter()));
                }
                // The other way round the same blocks are judged alike, but for names: those are read in the second text.
                let plain = |text: Text| text.looks.iter().map(|looks| looks & !Looks::NAME).collect::<Vec<u8>>();
                let (looks, others) = (plain(one), plain(other));
                let (one, other) = (Text { looks: &looks, ..one }, Text { looks: &others, ..other });
                let (blocks, swapped) = (comparison.align_all(one, other), swap(&comparison.align_all(one, other)));
                prop_assert_eq!(comparison.accepts(one, other, &blocks), comparison.accepts(other, one, &swapped));
            }
        }

        #[test]
        fn a_text_aligned_with_itself_is_all_equal(words in some_texts()) {
            let (weights, stock) = (Weights::without_common(), Stock::default());
            let comparison = Comparison { weights: &weights, stock: &stock };
            for words in words.iter().filter(|words| words.fingerprints.len() >= GRAM) {
                let whole = Block { a: 0, b: 0, length: words.fingerprints.len() as u32 };
                prop_assert_eq!(comparison.align_all(words.text(), words.text()), [whole]);
            }
        }
    }
}
