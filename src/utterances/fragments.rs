//! Fragments: one to four quoted words, and the quotation of the same document that they are cut from.
//!
//! **Idea.** A story's first lines quote in fragments what it quotes in full further down. Words so few prove nothing
//! across documents, but within one they do: a fragment belongs to the first longer quotation of its document that has
//! its words in a row.
//!
//! **Cost.** A search in the sorted runs of a document's quotations for each fragment.
//!
//! **Gives up.** Fragments whose words were altered.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::LEAST;
use super::words::Words;
use super::{Teller, Utterance};
use crate::alignment::Block;
use crate::hash::{Purpose, hash_sequence};
use crate::text::count_words;

/// Least words of a fragment.
const SHORTEST: u32 = 1;
/// Words from which on common ones will do.
const PLAIN: u32 = 3;

/// Adds each fragment to the utterance of the quotation that it is cut from, or makes one of both.
pub(super) fn attach(teller: &Teller, utterances: &mut Vec<Utterance>) {
    let mut home: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, utterance) in utterances.iter().enumerate() {
        for quotation in utterance.variants.iter().filter_map(|variant| variant.quotation) {
            home.entry(quotation).or_insert(at);
        }
    }
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    let mut first = 0;
    for of_document in teller.quotations.chunk_by(|one, other| one.document == other.document) {
        let numbers = first as u32..(first + of_document.len()) as u32;
        first += of_document.len();
        for (fragment, whole, place) in find(teller, numbers) {
            // It goes on with another part of what is said, and was told as that.
            if home.contains_key(&fragment) {
                continue;
            }
            let Some(added) = (match home.get(&whole) {
                Some(at) => add(teller, &mut utterances[*at], fragment, (whole, place)).then_some(*at),
                None => {
                    let words = &teller.words[whole as usize];
                    let own = Block { a: 0, b: 0, length: words.spans.len() as u32 };
                    let reference = teller.describe(whole, (of_document[0].document, Some(whole)), words, &[own]);
                    let cut = teller.describe_quotation(whole, fragment, &[place]);
                    let mut variants: Vec<_> = reference.into_iter().chain(cut).collect();
                    variants.sort_by_key(|variant| (variant.document, variant.span, variant.quotation));
                    let id = hash_sequence(&words.fingerprints, Purpose::Finding) as u64;
                    utterances.push(Utterance { id, reference: whole, variants });
                    Some(utterances.len() - 1)
                }
            }) else {
                continue;
            };
            touched.insert(added);
            home.insert(fragment, added);
            home.insert(whole, added);
        }
    }
    for at in touched {
        utterances[at].variants.sort_by_key(|variant| (variant.document, variant.span, variant.quotation));
    }
}

/// The fragments of a document's quotations, each with the quotation it is cut from and its place in that.
fn find(teller: &Teller, numbers: std::ops::Range<u32>) -> Vec<(u32, u32, Block)> {
    let is_fragment = |words: &Words| {
        let count = count_words(&words.fingerprints);
        let is_telling = || words.fingerprints.iter().any(|token| !teller.comparison.weights.is_common(*token));
        (SHORTEST..LEAST).contains(&count) && (count >= PLAIN || is_telling())
    };
    let wanted: Vec<u32> = numbers
        .clone()
        .filter(|number| teller.is_followed(*number) && is_fragment(&teller.words[*number as usize]))
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    // The first two words of each fragment, or its only one, in every longer quotation.
    let mut pairs: BTreeMap<[u32; 2], Vec<(u32, u32)>> = BTreeMap::new();
    for number in &wanted {
        pairs.entry(begin(&teller.words[*number as usize].fingerprints)).or_default();
    }
    for number in numbers.filter(|number| teller.is_followed(*number)) {
        let tokens = &teller.words[number as usize].fingerprints;
        if count_words(tokens) < LEAST {
            continue;
        }
        for place in 0..tokens.len() {
            for key in [begin(&tokens[place..]), begin(&tokens[place..=place])] {
                if let Some(places) = pairs.get_mut(&key).filter(|places| places.len() < PLACES) {
                    places.push((number, place as u32));
                }
            }
        }
    }
    let locate = |number: u32| {
        let tokens = &teller.words[number as usize].fingerprints;
        let places = pairs.get(&begin(tokens))?;
        let (whole, place) = places
            .iter()
            .find(|(whole, place)| teller.words[*whole as usize].fingerprints[*place as usize..].starts_with(tokens))?;
        Some((number, *whole, Block { a: *place, b: 0, length: tokens.len() as u32 }))
    };
    wanted.into_iter().filter_map(locate).collect()
}

/// The first two words, or the only one; no word is 0.
fn begin(tokens: &[u32]) -> [u32; 2] {
    [0, 1].map(|at| tokens.get(at).copied().unwrap_or(0))
}

/// Places of two words in the quotations of a document that are looked at.
const PLACES: usize = 64;

/// Adds a fragment to an utterance, if the words stand in a row in its reference.
fn add(teller: &Teller, utterance: &mut Utterance, fragment: u32, (whole, known): (u32, Block)) -> bool {
    let tokens = &teller.words[fragment as usize].fingerprints;
    let reference = &teller.words[utterance.reference as usize].fingerprints;
    let block = if whole == utterance.reference {
        known
    } else {
        let Some(place) = reference.windows(tokens.len()).position(|run| run == tokens) else { return false };
        Block { a: place as u32, b: 0, length: tokens.len() as u32 }
    };
    let cut = teller.describe_quotation(utterance.reference, fragment, &[block]);
    let was = utterance.variants.len();
    utterance.variants.extend(cut);
    utterance.variants.len() > was
}

#[cfg(test)]
mod tests {
    use crate::extension::Weights;
    use crate::text::lay_out;
    use crate::utterances::tests::{follow, follow_among};

    const WHOLE: &str = "The old bridge is a danger to all of us and to the mill";

    /// A story whose first line quotes a fragment, and further down all of it.
    fn story(fragment: &str) -> String {
        format!("The mayor said the bridge was \"{fragment}\" on Monday.\n\n\"{WHOLE},\" she told the council.")
    }

    #[test]
    fn a_fragment_belongs_to_what_it_is_cut_from() {
        let fragments = [
            ("danger", "cut, cut"),
            ("a danger", "cut, cut"),
            ("a danger to all", "cut, cut"),
            ("the mill", "cut"),
            ("the old bridge", "cut"),
        ];
        for (fragment, cuts) in fragments {
            let expected = [[format!("0 {fragment} ({cuts})"), format!("0* {WHOLE}")]];
            assert_eq!(follow(&[&story(fragment)]).tell(), expected, "{fragment}");
        }
        for other in ["peril", "a great danger", "danger a", "the mill and"] {
            assert!(follow(&[&story(other)]).tell().is_empty(), "{other}");
        }
    }

    #[test]
    fn two_words_have_to_tell_something() {
        let weights = Weights::with_common(&lay_out("a to all of us and the").fingerprints);
        let tell = |fragment: &str| follow_among(&[&story(fragment)], &weights).tell().len();
        assert_eq!([tell("a danger"), tell("to all"), tell("to all of")], [1, 0, 1]);
    }

    #[test]
    fn a_fragment_goes_where_the_whole_is() {
        let elsewhere = format!("\"{WHOLE},\" the mayor said.");
        let expected = [[format!("0* {WHOLE}"), "1 a danger (cut, cut)".to_owned(), format!("1 {WHOLE}")]];
        assert_eq!(follow(&[&elsewhere, &story("a danger")]).tell(), expected);
        // Across documents so few words prove nothing.
        let alone = "The mayor said the bridge was \"a danger\" on Monday.";
        assert!(follow(&[&elsewhere, alone]).tell().is_empty());
    }

    #[test]
    fn the_first_whole_is_taken() {
        let text =
            format!("{}\n\n\"Nobody but me ever called it a danger before,\" the miller said.", story("a danger"));
        let told = follow(&[&text]).tell();
        assert_eq!(told, [[String::from("0 a danger (cut, cut)"), format!("0* {WHOLE}")]]);
    }
}
