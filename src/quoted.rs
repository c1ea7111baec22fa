//! Quoted: utterances that travelled, as the passages that findings and ledgers are made of.
//!
//! **Idea.** A scan tells of a quotation what it tells of any passage: where it stands, word for word or altered. Of each
//! document the first place is taken. Within one document a quotation stands twice because the story cuts fragments from
//! it, which is no repetition to act on; so two documents are needed. What a longer passage says already in every place
//! is not said again, unless it was altered: that is told nowhere else.
//!
//! **Cost.** Linear in the words of the utterances; a binary search for each place.

use rayon::prelude::*;

use crate::alignment::Alignment;
use crate::finding::{Rule, Span};
use crate::matches::Place;
use crate::passages::{Occurrence, Passage};
use crate::quotes::{Quotes, Utterance};
use crate::text::{Layout, count_words};

/// Least equal words of a place that is reported.
const LEAST: u32 = 5;

/// The utterances that stand in several documents, each with the rule that reports it.
pub(crate) fn gather(quotes: &Quotes, layouts: &[Layout]) -> Vec<(Rule, Passage)> {
    quotes.utterances.par_iter().filter_map(|utterance| make_passage(quotes, utterance, layouts)).collect()
}

/// Those that say more than the passages do.
pub(crate) fn leave_news(gathered: Vec<(Rule, Passage)>, passages: &[Passage]) -> Vec<(Rule, Passage)> {
    let told = Told::of(passages);
    let is_news = |(rule, passage): &(Rule, Passage)| {
        *rule == Rule::AlteredQuote || passage.occurrences.iter().any(|occurrence| !told.holds(&occurrence.place))
    };
    gathered.into_iter().filter(is_news).collect()
}

fn make_passage(quotes: &Quotes, utterance: &Utterance, layouts: &[Layout]) -> Option<(Rule, Passage)> {
    let tokens = |place: &Place| &layouts[place.document as usize].fingerprints[place.tokens()];
    let reference = quotes.quotations.get(utterance.reference as usize)?.document;
    let mut places: Vec<Place> = Vec::new();
    let mut representative = None;
    let mut is_altered = false;
    for variant in &utterance.variants {
        let place = locate(&layouts[variant.document as usize], variant.document, variant.span);
        let is_reference = variant.quotation == Some(utterance.reference);
        let is_known = places.last().is_some_and(|last| last.document == variant.document);
        if place.start >= place.end || count_words(tokens(&place)) < LEAST {
            continue;
        }
        is_altered |= variant.is_altered();
        // Of the reference's document it is the reference that counts.
        if is_reference && is_known {
            places.pop();
        } else if is_known || (variant.document == reference && representative.is_some()) {
            continue;
        }
        if is_reference {
            representative = Some(places.len());
        }
        places.push(place);
    }
    let representative = representative.filter(|_| places.len() > 1)?;
    let own = tokens(&places[representative]);
    let describe = |place: &Place| {
        let other = tokens(place);
        let alignment = (own != other).then(|| Alignment::between(own, other));
        Occurrence { place: *place, count: 1, alignment, group: 0 }
    };
    let occurrences = places.iter().map(describe).collect();
    let rule = if is_altered { Rule::AlteredQuote } else { Rule::ReusedQuote };
    Some((rule, Passage { representative, occurrences }))
}

fn locate(layout: &Layout, document: u32, span: Span) -> Place {
    let token = |byte: u32| layout.starts.partition_point(|start| *start < byte) as u32;
    Place { document, start: token(span.start), end: token(span.end) }
}

/// The places of passages, and how far each reaches with those before it.
struct Told {
    places: Vec<(u32, u32)>,
    reach: Vec<u32>,
}

impl Told {
    fn of(passages: &[Passage]) -> Self {
        let occurrences = passages.iter().flat_map(|passage| &passage.occurrences);
        let mut all: Vec<Place> = occurrences.map(|occurrence| occurrence.place).collect();
        all.par_sort_unstable();
        let mut reach: Vec<u32> = Vec::with_capacity(all.len());
        for (at, place) in all.iter().enumerate() {
            let before = at.checked_sub(1).filter(|before| all[*before].document == place.document);
            reach.push(before.map_or(0, |before| reach[before]).max(place.end));
        }
        Told { places: all.iter().map(|place| (place.document, place.start)).collect(), reach }
    }

    /// Whether a passage holds all of a place.
    fn holds(&self, place: &Place) -> bool {
        let after = self.places.partition_point(|known| *known <= (place.document, place.start));
        let before = after.checked_sub(1).filter(|before| self.places[*before].0 == place.document);
        before.is_some_and(|before| self.reach[before] >= place.end)
    }
}
