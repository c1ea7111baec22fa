//! Small corpora followed as a whole: what utterances they have.

use super::*;
use crate::document::Document;
use crate::progress::Silent;
use crate::quotes::{self, Quotes};
use crate::text::lay_out;

/// A corpus with its quotations.
pub(crate) struct Followed {
    pub(crate) corpus: Corpus,
    pub(crate) layouts: Vec<Layout>,
    pub(crate) quotes: Quotes,
}

/// Follows the quotations of texts, given from the first to the last, none of whose words are common.
pub(crate) fn follow(texts: &[&str]) -> Followed {
    follow_among(texts, &Weights::without_common())
}

pub(crate) fn follow_among(texts: &[&str], weights: &Weights) -> Followed {
    let documents = texts.iter().map(|text| Document::of_text(text)).collect();
    let corpus = Corpus { documents, ..Corpus::default() };
    let layouts: Vec<Layout> = texts.iter().map(|text| lay_out(text)).collect();
    let quotes = quotes::follow(&corpus, &layouts, weights, &Silent);
    Followed { corpus, layouts, quotes }
}

impl Followed {
    pub(crate) fn cut(&self, document: u32, span: Span) -> &str {
        &self.corpus.documents[document as usize].text[span.start as usize..span.end as usize]
    }

    /// The utterances. Of each place: the document (with `*` that of the reference, with `~` one without marks), the
    /// words, and what was changed, with `!` if it alters.
    pub(crate) fn tell(&self) -> Vec<Vec<String>> {
        let tell = |utterance: &Utterance| {
            let place = |variant: &Variant| {
                let is_reference = variant.quotation == Some(utterance.reference);
                let sign = match variant.quotation {
                    Some(_) if is_reference => "*",
                    Some(_) => "",
                    None => "~",
                };
                let name = |change: &Change| change.kind.name().to_owned() + if change.alters { "!" } else { "" };
                let changes: Vec<String> = variant.changes.iter().map(name).collect();
                let changes = if changes.is_empty() { String::new() } else { format!(" ({})", changes.join(", ")) };
                format!("{}{sign} {}{changes}", variant.document, self.cut(variant.document, variant.span))
            };
            utterance.variants.iter().map(place).collect()
        };
        self.quotes.utterances.iter().map(tell).collect()
    }
}

const SAID: &str = "We are late with the old bridge this year and will go on in spring";

#[test]
fn an_utterance_has_all_its_forms() {
    let texts = [
        format!("The mayor spoke on Monday. \"{SAID},\" she said."),
        format!("\"{SAID},\" the mayor told the council."),
        format!("\"{},\" said the mayor.", SAID.replace("late", "not late")),
        format!("The mayor told them in the hall: {SAID}."),
        "\"Nobody has ever told me why that is so,\" said Khan.".to_owned(),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let expected = [vec![
        format!("0* {SAID}"),
        format!("1 {SAID}"),
        format!("2 {} (negation changed!)", SAID.replace("late", "not late")),
        format!("3~ {SAID} (marks dropped)"),
    ]];
    let followed = follow(&texts);
    assert_eq!(followed.tell(), expected);
    let utterance = &followed.quotes.utterances[0];
    assert_eq!(utterance.variants.iter().map(Variant::is_altered).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(utterance.variants[2].equal, 15);
    let of_quotations: Vec<Option<u32>> = followed.quotes.quotations.iter().map(|own| own.utterance).collect();
    assert_eq!(of_quotations, [Some(0), Some(0), Some(0), None]);
}

#[test]
fn what_is_said_once_is_no_utterance() {
    assert!(follow(&[&format!("\"{SAID},\" she said.")]).tell().is_empty());
    assert!(follow(&[]).tell().is_empty());
    assert!(follow(&["", "\"\" she said.", "\"...\" she said."]).tell().is_empty());
}

#[test]
fn the_earliest_that_says_all_is_the_reference() {
    // What comes first says a word less than those that have most in common.
    let texts = [
        format!("\"{},\" she said.", SAID.replace(" in spring", "")),
        format!("\"{SAID},\" she said."),
        format!("\"{},\" she said.", SAID.replace("old", "stone")),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let told = follow(&texts).tell();
    assert_eq!(told.len(), 1);
    assert!(told[0][0].starts_with("0* "), "{told:?}");
    assert!(told[0][2].ends_with(" (word changed)"), "{told:?}");
    // A part of it does not say all.
    let texts = [format!("\"{},\" she said.", &SAID[..36]), texts[1].to_owned(), texts[2].to_owned()];
    let told = follow(&texts.each_ref().map(String::as_str)).tell();
    assert_eq!(told.len(), 1);
    assert!(told[0][1].starts_with("1* ") && told[0][0].ends_with("(cut)"), "{told:?}");
}

#[test]
fn a_piece_is_told_against_what_it_is_cut_from() {
    let whole = format!("{SAID}, and nobody can help it");
    let texts = [format!("\"{SAID},\" she said."), format!("\"{whole},\" she said.")];
    let told = follow(&texts.each_ref().map(String::as_str)).tell();
    assert_eq!(told, [[format!("0 {SAID} (cut)"), format!("1* {whole}")]]);
    // Who put words in between came later.
    let texts = [texts[0].clone(), texts[0].replace("late", "not late")];
    let told = follow(&texts.each_ref().map(String::as_str)).tell();
    assert!(told[0][0].starts_with("0* ") && told[0][1].ends_with("(negation changed!)"), "{told:?}");
}

#[test]
fn titles_are_not_followed_and_hide_nothing() {
    let title = "The Long Road to the Old Mill";
    let texts = [
        format!("He read the novel \"{title}\" twice."),
        format!("\"{title} is shut,\" she said."),
        format!("\"{title} is open,\" he said."),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let followed = follow(&texts);
    assert_eq!(followed.quotes.quotations[0].kind, crate::quotations::QuotationKind::Title);
    let told = followed.tell();
    assert_eq!(told, [[format!("1* {title} is shut"), format!("2 {title} is (word changed)")]]);
}

#[test]
fn another_speaker_is_told_where_names_are_certain() {
    let texts =
        |first: &str, second: &str| [format!("\"{SAID},\" said {first}."), format!("\"{SAID},\" said {second}.")];
    for (first, second, alters) in [
        ("Ada Khan", "Ben Smith", true),
        ("Ada Khan", "Khan", false),
        ("Ada Khan", "Ada KHAN", false),
        ("Ada Khan", "the mayor", false),
    ] {
        let texts = texts(first, second);
        let told = follow(&texts.each_ref().map(String::as_str)).tell();
        let expected = if alters { " (speaker changed!)" } else { "" };
        assert_eq!(told, [[format!("0* {SAID}"), format!("1 {SAID}{expected}")]], "{first} / {second}");
    }
}
