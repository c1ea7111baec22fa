//! The cases of `cases.tsv`: texts of many languages, with what is quoted in them, who says it and how that is told.

use std::collections::BTreeSet;

use super::kinds::RULES;
use super::{Quotation, QuotationKind, find};
use crate::finding::Span;

/// The signs that a case is marked with.
const SIGNS: &[char] = &['⟦', '⟧', '⟨', '⟩', '⟪', '⟫', '⟅', '⟆', '⦃', '⦄', '⌊', '⌋', '⌈', '⌉', '⎡', '⎦', '+'];

struct Case {
    language: &'static str,
    name: String,
    text: String,
    expected: String,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, about, marked] = fields[..] else { panic!("three fields: {line}") };
            let expected = marked.replace('¶', "\n\n");
            Case { language, name: format!("{language}: {about}"), text: expected.replace(SIGNS, ""), expected }
        })
        .collect()
}

fn brackets(kind: QuotationKind) -> [&'static str; 2] {
    match kind {
        QuotationKind::Speech => ["⟦", "⟧"],
        QuotationKind::Fragment => ["⟨", "⟩"],
        QuotationKind::Scare => ["⟪", "⟫"],
        QuotationKind::Title => ["⟅", "⟆"],
        QuotationKind::Term => ["⦃", "⦄"],
    }
}

/// The text with brackets about all that was found.
fn bracket(text: &str, found: &[Quotation]) -> String {
    let mut signs: BTreeSet<(u32, bool, String)> = BTreeSet::new();
    let mut put = |span: Span, [open, close]: [&str; 2], further: &str| {
        signs.insert((span.start, true, format!("{open}{further}")));
        signs.insert((span.end, false, close.to_owned()));
    };
    for quotation in found {
        for (number, piece) in quotation.pieces.iter().enumerate() {
            put(*piece, brackets(quotation.kind), if number > 0 { "+" } else { "" });
        }
        quotation.cue.into_iter().for_each(|cue| put(cue, ["⌊", "⌋"], ""));
        quotation.mention.into_iter().for_each(|mention| put(mention, ["⌈", "⌉"], ""));
        quotation.addressee.into_iter().for_each(|addressee| put(addressee, ["⎡", "⎦"], ""));
    }
    let (mut written, mut reached) = (String::new(), 0);
    for (at, _, sign) in signs {
        written.push_str(&text[reached..at as usize]);
        written.push_str(&sign);
        reached = at as usize;
    }
    written + &text[reached..]
}

fn find_in(text: &str) -> Vec<Quotation> {
    find(text, &crate::text::lay_out(text).units)
}

#[test]
fn every_case_is_found() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let found = bracket(&case.text, &find_in(&case.text));
        if found != case.expected {
            wrong.push(format!("{}\n  expected {:?}\n  found    {:?}", case.name, case.expected, found));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_cases_in_four_languages() {
    for rule in RULES {
        let has_rule = |case: &&Case| find_in(&case.text).iter().any(|quotation| quotation.rule == rule.name);
        let languages: BTreeSet<&str> = cases().iter().filter(has_rule).map(|case| case.language).collect();
        assert!(languages.len() >= 4, "{}: {languages:?}", rule.name);
    }
}

#[test]
fn languages_are_many() {
    let languages: BTreeSet<&str> = cases().iter().map(|case| case.language).collect();
    assert!(languages.len() >= 14, "{languages:?}");
}
