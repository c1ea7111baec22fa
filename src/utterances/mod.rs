//! Utterances: what was said once, with all the forms in which it was printed.
//!
//! **Idea.** Quotations are texts like others, only short, and what a reporter does to them has names. Their words are
//! read with dots and brackets set aside (`words`); equal ones are one text, and texts that say the same in part are
//! paired by runs of equal words, chains and an alignment (`pairs`). Around the text that has most in common with others
//! an utterance is gathered, all of it aligned with that one (`groups`); then the same words are looked for where no
//! quotation marks stand (`unmarked`), and short fragments in what their own document quotes in full (`fragments`). Each
//! difference gets its name (`changes`).
//!
//! **Cost.** Linear in the words of all quotations, and one look at every other word.
//!
//! **Gives up.** Quotations that were put into other words, or another language. Two texts of one speech that are
//! variants of different utterances are not compared once more.

mod changes;
mod fragments;
mod gaps;
mod groups;
mod pairs;
mod parts;
mod stock;
#[cfg(test)]
pub(crate) mod tests;
mod unmarked;
mod words;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

pub use changes::{Change, ChangeKind};

use crate::alignment::Block;
use crate::chains::{Extent, extent_of};
use crate::document::Corpus;
use crate::extension::Weights;
use crate::finding::Span;
use crate::hash::{Purpose, hash_sequence};
use crate::quotes::Quotation;
use crate::sense::Wording;
use crate::speakers::Speaker;
use crate::text::Layout;
use changes::Side;
use groups::Group;
use pairs::{Comparison, TextId, Texts};
use unmarked::{Haystack, Unmarked};
use words::Words;

/// One thing said, with all the forms in which it stands in the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Hash of the reference's folded words.
    pub id: u64,
    /// The quotation that the others are told against, by its number.
    pub reference: u32,
    /// All places, the reference among them, in the order of the corpus: the first was seen first, as far as dates tell.
    pub variants: Vec<Variant>,
}

/// One place where an utterance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Rank of the document.
    pub document: u32,
    /// The quotation, by its number; `None` where the words stand without quotation marks.
    pub quotation: Option<u32>,
    /// The words that the reference has too, from the first to the last.
    pub span: Span,
    /// The same in the reference's document.
    pub said: Span,
    /// Equal words (tokens).
    pub equal: u32,
    /// What leads from the reference's words to these, in their order.
    pub changes: Vec<Change>,
}

impl Utterance {
    /// Whether a variant changed something that may change what is said.
    pub fn is_altered(&self) -> bool {
        self.variants.iter().any(Variant::is_altered)
    }
}

impl Variant {
    /// Whether something was changed that may change what is said.
    pub fn is_altered(&self) -> bool {
        self.changes.iter().any(|change| change.alters)
    }
}

/// Gathers the utterances of a corpus.
#[inline(never)] // counted by itself
pub(crate) fn gather(
    corpus: &Corpus,
    layouts: &[Layout],
    weights: &Weights,
    quotations: &[Quotation],
) -> Vec<Utterance> {
    if !quotations.iter().any(is_followed) {
        return Vec::new();
    }
    let wordings = Wordings::new(corpus, layouts);
    let words: Vec<Words> = quotations
        .par_iter()
        .map(|quotation| {
            let document = quotation.document as usize;
            words::read(
                &corpus.documents[document].text,
                &layouts[document],
                &quotation.pieces,
                wordings.of(quotation.document),
            )
        })
        .collect();
    let (texts, text_of) = Texts::intern(words.iter());
    let marked = mark(quotations, layouts.len());
    let haystack = Haystack::new(&texts, layouts, &marked);
    let stock = haystack.find_stock(&texts);
    let comparison = Comparison { weights, stock: &stock };
    let mut sayings: Vec<Vec<u32>> = vec![Vec::new(); texts.len()];
    for (number, text) in (0u32..).zip(&text_of) {
        if is_followed(&quotations[number as usize]) {
            sayings[*text as usize].push(number);
        }
    }
    let is_said = |text: TextId| !sayings[text as usize].is_empty();
    let mut pairs = pairs::find(&texts, &comparison);
    // A title would hide what is said if it became the reference.
    pairs.retain(|pair| is_said(pair.a) && is_said(pair.b));
    let mut groups = groups::join(&pairs, texts.len());
    let mut homes = vec![0u32; texts.len()];
    groups
        .iter()
        .flat_map(|group| group.others.iter().chain([&group.reference]))
        .for_each(|text| homes[*text as usize] += 1);
    groups.par_iter_mut().for_each(|group| {
        prefer_earliest(group, &texts, &homes, &comparison);
        prefer_whole(group, &texts, &homes, &comparison);
    });
    // What is said again word for word, or without marks, needs no pair.
    let mut is_grouped = vec![false; texts.len()];
    for group in &groups {
        is_grouped[group.reference as usize] = true;
        group.others.iter().for_each(|other| is_grouped[*other as usize] = true);
    }
    let alone = (0..texts.len() as TextId)
        .filter(|text| !is_grouped[*text as usize] && is_said(*text) && comparison.is_telling(texts.get(*text)));
    groups.extend(alone.map(|reference| Group { reference, others: Vec::new() }));

    let references: Vec<TextId> = groups.iter().map(|group| group.reference).collect();
    let unmarked = haystack.find(&wordings, &texts, &references, &comparison);
    let mut without: BTreeMap<TextId, Vec<Unmarked>> = BTreeMap::new();
    for place in unmarked {
        without.entry(place.text).or_default().push(place);
    }
    let teller =
        Teller { corpus, wordings: &wordings, quotations, words: &words, texts: &texts, sayings: &sayings, comparison };
    let mut utterances: Vec<Utterance> = groups
        .par_iter()
        .filter_map(|group| teller.tell(group, without.get(&group.reference).map_or(&[][..], Vec::as_slice)))
        .collect();
    fragments::attach(&teller, &mut utterances);
    utterances.sort_by_key(|utterance| (utterance.variants[0].document, utterance.variants[0].span, utterance.id));
    utterances
}

/// Whether two speakers are certainly not the same: both are called by names beside their quotations, and no word of
/// these is the same.
fn are_two(one: &Speaker, other: &Speaker) -> bool {
    let words = |speaker: &Speaker| -> Vec<String> {
        speaker.name.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect()
    };
    let others = words(other);
    one.is_named && other.is_named && words(one).iter().all(|word| !others.contains(word))
}

/// Whether it is looked for elsewhere: titles and terms repeat by nature.
fn is_followed(quotation: &Quotation) -> bool {
    use crate::quotations::QuotationKind::{Fragment, Scare, Speech};
    matches!(quotation.kind, Speech | Fragment | Scare)
}

/// Puts the earliest variant that says all of the reference in its place.
///
/// `homes` counts the utterances of each text: what belongs to several stays a variant, or two had one reference.
fn prefer_earliest(group: &mut Group, texts: &Texts, homes: &[u32], comparison: &Comparison) {
    let old = group.reference;
    let says_all = |text: TextId| {
        let (a, b) = (texts.get(old), texts.get(text));
        let blocks = comparison.align_all(a, b);
        let gaps = blocks.windows(2).map(|pair| pair[1].a - pair[0].a_end());
        let says_ends = |(in_a, _): Extent| in_a.start <= MISSING && a.tokens.len() as u32 - in_a.end <= MISSING;
        extent_of(&blocks).is_some_and(says_ends)
            && gaps.max().unwrap_or(0) <= MISSING
            && comparison.accepts(a, b, &blocks)
    };
    let mut earlier = group.others.iter().copied().take_while(|text| *text < old);
    let Some(new) = earlier.find(|text| homes[*text as usize] == 1 && says_all(*text)) else { return };
    // What the old one says more is no part of what was said first: nobody may be lost for it.
    if group.others.iter().any(|text| comparison.align_all(texts.get(new), texts.get(*text)).is_empty()) {
        return;
    }
    group.others.retain(|text| *text != new);
    group.others.push(old);
    group.others.sort_unstable();
    group.reference = new;
}

/// Of two texts, if the first is but a piece of the other, puts the other in its place: what was said is what the piece
/// was cut from, whoever printed it first.
fn prefer_whole(group: &mut Group, texts: &Texts, homes: &[u32], comparison: &Comparison) {
    let [other] = group.others[..] else { return };
    let (own, longer) = (texts.get(group.reference), texts.get(other));
    let is_piece = || match comparison.align_all(own, longer)[..] {
        [block] => block.length as usize == own.tokens.len(),
        _ => false,
    };
    if homes[other as usize] == 1 && own.tokens.len() < longer.tokens.len() && is_piece() {
        group.others[0] = group.reference;
        group.reference = other;
    }
}

/// Words in a row that a text may lack and still say all of another.
const MISSING: u32 = 3;

/// The wordings of documents, each told when it is first asked for: few documents say what others do.
struct Wordings<'a> {
    corpus: &'a Corpus,
    layouts: &'a [Layout],
    told: Vec<OnceLock<Wording>>,
}

impl<'a> Wordings<'a> {
    fn new(corpus: &'a Corpus, layouts: &'a [Layout]) -> Self {
        Wordings { corpus, layouts, told: layouts.iter().map(|_| OnceLock::new()).collect() }
    }

    fn of(&self, document: u32) -> Wording {
        let document = document as usize;
        *self.told[document].get_or_init(|| Wording::of(&self.corpus.documents[document].text, &self.layouts[document]))
    }
}

/// The places of each document's quotations.
fn mark(quotations: &[Quotation], documents: usize) -> Vec<Vec<Span>> {
    let mut marked: Vec<Vec<Span>> = vec![Vec::new(); documents];
    for quotation in quotations {
        marked[quotation.document as usize].extend_from_slice(&quotation.pieces);
    }
    marked
}

/// Tells the variants of utterances.
struct Teller<'a> {
    corpus: &'a Corpus,
    wordings: &'a Wordings<'a>,
    quotations: &'a [Quotation],
    words: &'a [Words],
    texts: &'a Texts,
    /// The quotations of each text.
    sayings: &'a [Vec<u32>],
    comparison: Comparison<'a>,
}

impl Teller<'_> {
    fn is_followed(&self, number: u32) -> bool {
        is_followed(&self.quotations[number as usize])
    }

    fn describe_quotation(&self, reference: u32, number: u32, blocks: &[Block]) -> Option<Variant> {
        let document = self.quotations[number as usize].document;
        self.describe(reference, (document, Some(number)), &self.words[number as usize], blocks)
    }

    /// The utterance of a group, if it stands in two places or more.
    fn tell(&self, group: &Group, unmarked: &[Unmarked]) -> Option<Utterance> {
        let sayings = |text: TextId| &self.sayings[text as usize];
        let reference = *sayings(group.reference).first()?;
        let own = self.texts.get(group.reference);
        let mut variants = Vec::new();
        for text in std::iter::once(&group.reference).chain(&group.others) {
            let other = self.texts.get(*text);
            let blocks = if *text == group.reference {
                vec![Block { a: 0, b: 0, length: own.tokens.len() as u32 }]
            } else {
                self.comparison.align_all(own, other)
            };
            let told = sayings(*text).iter().map(|number| self.describe_quotation(reference, *number, &blocks));
            variants.extend(told.flatten());
        }
        for place in unmarked {
            let blocks = self.comparison.align_all(own, place.words.text());
            variants.extend(self.describe(reference, (place.document, None), &place.words, &blocks));
        }
        variants.sort_by_key(|variant| (variant.document, variant.span, variant.quotation));
        let id = hash_sequence(own.tokens, Purpose::Finding) as u64;
        let mut utterance = Utterance { id, reference, variants };
        parts::join(self, &mut utterance);
        (utterance.variants.len() > 1).then_some(utterance)
    }

    fn describe(
        &self,
        reference: u32,
        (document, quotation): (u32, Option<u32>),
        words: &Words,
        blocks: &[Block],
    ) -> Option<Variant> {
        let side = |document: u32, words| Side { text: &self.corpus.documents[document as usize].text, words };
        let origin = self.quotations[reference as usize].document;
        let (theirs, ours) = (side(origin, &self.words[reference as usize]), side(document, words));
        let (in_reference, in_variant) = extent_of(blocks)?;
        let mut changes = changes::name(self.wordings.of(document), theirs, ours, blocks);
        let (said, span) = (theirs.locate(&in_reference), ours.locate(&in_variant));
        let own = quotation.and_then(|number| self.quotations[number as usize].speaker.as_ref());
        let their = self.quotations[reference as usize].speaker.as_ref();
        if let (Some(own), Some(their)) = (own, their)
            && are_two(own, their)
        {
            let (reference, variant) = (their.span, own.span);
            changes.push(Change { kind: ChangeKind::SpeakerChanged, alters: true, reference, variant });
        }
        if quotation.is_none() {
            changes.push(Change { kind: ChangeKind::MarksDropped, alters: false, reference: said, variant: span });
        }
        let equal = blocks.iter().map(|block| block.length).sum();
        Some(Variant { document, quotation, span, said, equal, changes })
    }
}
