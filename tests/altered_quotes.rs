//! Quotations with edits planted: what is found of them, how it is named, and that a worse report is told to be worse.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use serde_json::{Value, json};
use support::corpus::language::Language;
use support::hearings::{Hearing, Score, Share, hear, judge};
use support::speeches::page::Form;
use support::speeches::pen::Edit;
use support::speeches::{Coverage, cover};

const SEED: u64 = 47;
const ROUNDS: usize = 40;

/// Least recall of each row from eight words on, and least share of right names of the pairs found, in thousandths.
const RECALL: u32 = 980;
const NAMES: u32 = 950;
/// Least precision, between marks and without.
const PRECISION: [u32; 2] = [990, 980];

fn print(hearing: &Hearing) {
    let show = |share: Share| format!("{:>4} of {:<4}", share.part, share.whole);
    let row = |name: &str, score: &Score| {
        let [short, long, named, alters] = [score.short, score.long, score.named, score.alters].map(show);
        println!("{name:24} found {short} and {long} named {named} alters {alters}");
    };
    hearing.rows.iter().for_each(|(name, score)| row(name, score));
    row("all", &hearing.total());
    println!("precision {}, without marks {}", show(hearing.precision), show(hearing.bare_precision));
}

#[test]
fn edits_are_found_and_named() {
    let coverage = cover(SEED, ROUNDS, &Language::new());
    let hearing = judge(&coverage, &hear(&coverage));
    print(&hearing);
    for (name, score) in &hearing.rows {
        assert!(score.long.thousandths() >= RECALL, "{name}: {:?}", score.long);
        assert!(score.named.thousandths() >= NAMES, "{name}: {:?}", score.named);
    }
    for (precision, least) in [hearing.precision, hearing.bare_precision].into_iter().zip(PRECISION) {
        assert!(precision.thousandths() >= least, "{precision:?}");
    }
}

/// A report with something done to each utterance.
fn tamper(report: &Value, change: impl Fn(&mut Vec<Value>)) -> Value {
    let mut report = report.clone();
    for utterance in report["utterances"].as_array_mut().unwrap() {
        change(utterance["variants"].as_array_mut().unwrap());
    }
    report
}

#[test]
fn a_worse_report_scores_worse() {
    let coverage = cover(SEED + 1, 4, &Language::new());
    let report = hear(&coverage);
    let judge = |report: &Value| judge(&coverage, report);
    let (fair, total) = (judge(&report), judge(&report).total());

    let forgetful = tamper(&report, |variants| drop(variants.pop()));
    assert!(judge(&forgetful).total().long.part < total.long.part);

    let edit_all = |change: fn(&mut Value)| {
        tamper(&report, |variants| {
            variants.iter_mut().flat_map(|variant| variant["edits"].as_array_mut().unwrap()).for_each(change);
        })
    };
    let misnamed = judge(&edit_all(|edit| edit["kind"] = json!("cut"))).total();
    assert!(misnamed.named.part < total.named.part && misnamed.long == total.long);
    let harmless = judge(&edit_all(|edit| edit["alters"] = json!(false))).total();
    assert!(harmless.alters.part < total.alters.part && harmless.named == total.named);
    let talkative = judge(&tamper(&report, |variants| {
        for variant in variants {
            variant["edits"].as_array_mut().unwrap().push(json!({ "kind": "gloss", "alters": false }));
        }
    }));
    assert!(talkative.total().named.part * 4 < total.named.part, "an edit too many is a wrong name");

    // Two utterances taken for one lose nothing but precision.
    let mut credulous = report.clone();
    let utterances = credulous["utterances"].as_array_mut().unwrap();
    for number in (1..utterances.len()).step_by(2) {
        let more = utterances[number]["variants"].as_array().unwrap().clone();
        utterances[number - 1]["variants"].as_array_mut().unwrap().extend(more);
    }
    let credulous = judge(&credulous);
    assert!(credulous.precision.thousandths() < fair.precision.thousandths().min(700));
    assert!(credulous.total().long.part >= total.long.part);

    let silent = judge(&json!({ "utterances": [] })).total();
    assert_eq!((silent.long.part, silent.short.part, silent.named.whole), (0, 0, 0));
}

/// The letters and figures that stand at a place.
fn read(coverage: &Coverage, (article, place): (usize, usize)) -> String {
    let article = &coverage.articles[article];
    let pieces = article.places[place].pieces.iter().map(|piece| &article.text[piece.clone()]);
    pieces.flat_map(str::chars).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn the_truth_is_what_was_planted() {
    let coverage = cover(SEED, 4, &Language::new());
    let lines = |coverage: &Coverage| coverage.articles.iter().map(|article| article.line()).collect::<Vec<_>>();
    assert_eq!(lines(&coverage), lines(&cover(SEED, 4, &Language::new())), "a seed names a corpus to the byte");
    for pair in &coverage.pairs {
        let variant = read(&coverage, pair.variant);
        let original: String = pair.original.iter().map(|place| read(&coverage, *place)).collect();
        let keeps_words = matches!(
            pair.edit,
            Edit::Verbatim | Edit::Joined | Edit::LetterInBrackets | Edit::MarksDropped | Edit::SpeakerChanged
        );
        assert_eq!(variant == original, keeps_words, "{pair:?}\n{original}\n{variant}");
        assert_eq!(pair.original.len() > 1, pair.edit == Edit::Joined);
        assert_eq!(pair.form == Form::Bare, pair.edit == Edit::MarksDropped);
        assert!(!pair.alters || !pair.kinds.is_empty(), "what alters has a name: {pair:?}");
    }
    for edit in Edit::ALL {
        let lengths: Vec<bool> =
            coverage.pairs.iter().filter(|pair| pair.edit == edit).map(|pair| pair.words >= 8).collect();
        assert!(lengths.contains(&true) && (edit.needs_sentences() || lengths.contains(&false)), "{edit:?}");
    }
}
