//! Quoted: utterances that travelled, as the passages that findings and ledgers are made of.
//!
//! **Idea.** A scan tells of a quotation what it tells of any passage: where it stands, word for word or altered. Of each
//! document the first place is taken, or the first that is altered, and of the reference's own document the reference.
//! Within one document a quotation stands twice because the story cuts fragments from it, which is no repetition to act
//! on; so two documents are needed. What a longer passage says already in every place is not said again, unless it was
//! altered: that is told nowhere else.
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
    // Whether any place is altered, and whether the last one is.
    let (mut is_altered, mut is_last_altered) = (false, false);
    for variant in &utterance.variants {
        let place = locate(&layouts[variant.document as usize], variant.document, variant.span);
        let is_reference = variant.quotation == Some(utterance.reference);
        let is_short = place.start >= place.end || count_words(tokens(&place)) < LEAST;
        if is_short || (variant.document == reference && !is_reference) {
            continue;
        }
        if places.last().is_some_and(|last| last.document == variant.document) {
            // What is told as altered has to be shown.
            if is_last_altered || !variant.is_altered() {
                continue;
            }
            places.pop();
        }
        if is_reference {
            representative = Some(places.len());
        }
        is_last_altered = variant.is_altered();
        is_altered |= is_last_altered;
        places.push(place);
    }
    let representative = representative.filter(|_| places.len() > 1)?;
    let own = tokens(&places[representative]);
    let describe = |place: &Place| {
        let other = tokens(place);
        let alignment = (own != other).then(|| Alignment::between(own, other));
        Occurrence { place: *place, count: 1, alignment, group: 0, doubling: 0 }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::utterances::tests::follow;

    const SAID: &str = "The old bridge is a danger to 12 mills and to all of us";

    /// The rule of each passage and its places, with `*` the representative.
    fn tell(texts: &[&str]) -> Vec<(Rule, Vec<String>)> {
        let followed = follow(texts);
        let gathered = gather(&followed.quotes, &followed.layouts);
        let cut = |place: &Place| {
            let (text, layout) =
                (&followed.corpus.documents[place.document as usize].text, &followed.layouts[place.document as usize]);
            let span = |token: u32| layout.token_span(text, token as usize);
            text[span(place.start).start as usize..span(place.end - 1).end as usize].to_owned()
        };
        let tell = |(rule, passage): &(Rule, Passage)| {
            let occurrences = passage.occurrences.iter().enumerate().map(|(number, occurrence)| {
                let sign = if number == passage.representative { "*" } else { "" };
                assert_eq!(
                    occurrence.alignment.is_none(),
                    cut(&occurrence.place).to_lowercase()
                        == cut(&passage.occurrences[passage.representative].place).to_lowercase()
                );
                format!("{}{sign} {}", occurrence.place.document, cut(&occurrence.place))
            });
            (*rule, occurrences.collect())
        };
        gathered.iter().map(tell).collect()
    }

    fn quote(said: &str) -> String {
        format!("\"{said},\" she told the council.")
    }

    #[test]
    fn word_for_word_or_altered() {
        let places = |rule: Rule, other: &str| vec![(rule, vec![format!("0* {SAID}"), format!("1 {other}")])];
        for (other, rule) in [
            (SAID.to_owned(), Rule::ReusedQuote),
            (SAID.replace("old", "stone"), Rule::ReusedQuote),
            (SAID.replace("12", "14"), Rule::AlteredQuote),
        ] {
            assert_eq!(tell(&[&quote(SAID), &quote(&other)]), places(rule, &other));
        }
        let bare = format!("The mayor told the council that {SAID}.");
        assert_eq!(tell(&[&quote(SAID), &bare]), places(Rule::ReusedQuote, SAID));
    }

    #[test]
    fn of_each_document_one_place() {
        let altered = SAID.replace("12", "14");
        let twice = |one: &str, other: &str| format!("{}\n\n{}", quote(one), quote(other));
        let places = |rule: Rule, other: &str| vec![(rule, vec![format!("0* {SAID}"), format!("1 {other}")])];
        assert_eq!(tell(&[&quote(SAID), &twice(SAID, SAID)]), places(Rule::ReusedQuote, SAID));
        // What is altered is shown.
        for both in [twice(SAID, &altered), twice(&altered, SAID), twice(&altered, &altered)] {
            assert_eq!(tell(&[&quote(SAID), &both]), places(Rule::AlteredQuote, &altered), "{both}");
        }
        // A story that alters what it quotes itself is no repetition to act on, nor is one that cuts fragments.
        assert_eq!(tell(&[&twice(SAID, &altered), &quote(SAID)]), places(Rule::ReusedQuote, SAID));
        assert!(tell(&[&twice(SAID, SAID)]).is_empty());
        assert!(tell(&[&twice(SAID, &altered)]).is_empty());
        let cut = format!("The mayor said it was \"danger to 12 mills\" on Monday.\n\n{}", quote(SAID));
        assert_eq!(tell(&[&cut, &quote(SAID)]), places(Rule::ReusedQuote, SAID));
        assert!(tell(&[&cut]).is_empty());
    }

    fn passage(places: &[(u32, u32, u32)]) -> Passage {
        let place = |(document, start, length): &(u32, u32, u32)| {
            let place = Place { document: *document, start: *start, end: start + length };
            Occurrence { place, count: 1, alignment: None, group: 0, doubling: 0 }
        };
        Passage { representative: 0, occurrences: places.iter().map(place).collect() }
    }

    fn some_passages() -> impl Strategy<Value = Vec<Passage>> {
        let place = (0u32..3, 0u32..12, 1u32..8);
        let places = prop::collection::vec(place, 1..4);
        prop::collection::vec(places.prop_map(|places| passage(&places)), 0..6)
    }

    proptest! {
        #[test]
        fn news_is_what_no_passage_holds(
            quoted in some_passages(),
            told in some_passages(),
            altered in prop::collection::vec(any::<bool>(), 6),
        ) {
            let rule = |is_altered: &bool| if *is_altered { Rule::AlteredQuote } else { Rule::ReusedQuote };
            let quoted: Vec<(Rule, Passage)> = altered.iter().map(rule).zip(quoted).collect();
            let holds = |inner: &Place| {
                let all = told.iter().flat_map(|passage| &passage.occurrences).map(|occurrence| occurrence.place);
                let mut here = all.filter(|outer| outer.document == inner.document);
                here.any(|outer| outer.start <= inner.start && inner.end <= outer.end)
            };
            let mut expected = quoted.clone();
            expected.retain(|(rule, passage)| {
                *rule == Rule::AlteredQuote || !passage.occurrences.iter().all(|occurrence| holds(&occurrence.place))
            });
            prop_assert_eq!(leave_news(quoted, &told), expected);
        }
    }
}
