//! What holds of all texts, and how long it takes.

use proptest::prelude::*;

use super::{Quotation, QuotationKind, find};
use crate::finding::Span;

const PIECES: &[&str] = &[
    "\"",
    "“",
    "”",
    "„",
    "«",
    "»",
    "'",
    "‘",
    "’",
    "‹",
    "›",
    "「",
    "」",
    "''",
    "—",
    "–",
    "-",
    ",",
    ", ",
    ".",
    ". ",
    ":",
    ": ",
    "?",
    "!",
    ";",
    "…",
    "(",
    ")",
    "[",
    "=",
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\u{a0}",
    "said",
    "said",
    "told",
    "saying",
    "according",
    "to",
    "he",
    "She",
    "Khan",
    "Ada",
    "the",
    "word",
    "so-called",
    "film",
    "called",
    "and",
    "who",
    "Khan's",
    "his",
    "claim",
    "dit-il",
    "a-t-elle",
    "déclaré",
    "сказал",
    "он",
    "sagte",
    "dijo",
    "说",
    "磨坊",
    "は",
    "と言った",
    "mill",
    "is",
    "shut",
    "é",
    "ß",
    "😀",
    "\u{301}",
    "s'",
    "l'",
    "5",
    "Mr.",
    "I",
    "*",
    "_",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// With a blank between all pieces, so that words are words.
fn spaced_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.join(" "))
}

fn find_in(text: &str) -> Vec<Quotation> {
    find(text, &crate::text::lay_out(text).units)
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap()
}

fn check(text: &str) {
    let found = find_in(text);
    assert_eq!(found, find_in(text));
    let mut reached = 0;
    for quotation in &found {
        assert!(quotation.whole.start >= reached, "{text:?} {quotation:?}");
        reached = quotation.whole.end;
        slice(text, quotation.whole);
        assert!(!quotation.pieces.is_empty());
        let mut said = quotation.whole.start;
        for piece in &quotation.pieces {
            assert!(piece.start >= said && piece.end <= quotation.whole.end, "{text:?} {quotation:?}");
            said = piece.end;
            let piece = slice(text, *piece);
            assert!(piece == piece.trim() && piece.contains(char::is_alphanumeric), "{text:?} {quotation:?}");
        }
        for span in [quotation.cue, quotation.mention, quotation.addressee].into_iter().flatten() {
            assert!(!slice(text, span).is_empty());
            let is_said = |piece: &Span| span.start < piece.end && piece.start < span.end;
            assert!(!quotation.pieces.iter().any(is_said), "{text:?} {quotation:?}");
        }
        let is_told = quotation.cue.is_some();
        assert!(is_told || (quotation.mention.is_none() && quotation.addressee.is_none()));
        assert!(!is_told || matches!(quotation.kind, QuotationKind::Speech | QuotationKind::Fragment));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, ..ProptestConfig::default() })]

    #[test]
    fn quotations_are_sound(text in text()) {
        check(&text);
    }

    #[test]
    fn quotations_of_words_are_sound(text in spaced_text()) {
        check(&text);
    }

    #[test]
    fn any_text_does(text in "\\PC{0,80}") {
        check(&text);
    }

    #[test]
    fn no_marks_no_quotations(text in "([a-zA-Zéß .:;()0-9]|, ){0,80}") {
        prop_assert_eq!(find_in(&text), vec![]);
    }
}

/// The seconds would be hours if anything were quadratic.
#[test]
fn long_texts_take_linear_time() {
    for piece in [
        "\"a\" ",
        "\"A,\" he said, \"b.\" ",
        "\"A,\" ",
        "said \"a\" ",
        "\"a\n\n",
        "« A, dit-il, b. » ",
        "«a, dit-il, ",
        "(\"",
        "( ",
        "\"a\", ",
        "the word \"a\" ",
        "Ada ",
        "—A —dijo b— c.\n\n",
        "说「磨",
        "a:\n\n\"b\"\n\n",
    ] {
        for start in ["", "\"", "Khan said: ", "« "] {
            find_in(&format!("{start}{}", piece.repeat(100_000)));
        }
    }
}

#[test]
fn a_block_of_ten_megabytes() {
    let words = "said ".repeat(1_000_000);
    assert_eq!(find_in(&format!("\"A b,\" {words} \"c d.\" {words}")).len(), 2);
    let letters = "a".repeat(10_000_000);
    find_in(&format!("\"{letters}\" said {letters}\"b"));
    find_in(&format!("{letters}:\n\n\"{letters}\""));
    find_in(&format!("«{} dit-il.»", "a, ".repeat(3_000_000)));
}

#[test]
fn narrators_words_are_in_the_whole() {
    let text = "“The mill,” she said, “is shut.”";
    let found = find_in(text);
    assert_eq!(found.len(), 1);
    assert_eq!(slice(text, found[0].whole), text);
    assert_eq!(found[0].pieces.len(), 2);
}

#[test]
fn nothing_is_found_in_nothing() {
    for text in ["", "\"", "\"\"", "« »", "\n\n", "'s"] {
        assert_eq!(find_in(text), vec![], "{text:?}");
    }
}
