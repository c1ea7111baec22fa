//! The cases of `cases.tsv`, and what no text may do.

use std::collections::BTreeSet;

use super::*;
use crate::quotations::QuotationKind;

/// A text, its quotations, and what is expected of each.
struct Case {
    line: String,
    text: String,
    quotations: Vec<Quotation>,
    expected: String,
}

/// Reads the inline notation that the head of `cases.tsv` explains.
fn read_case(line: &str) -> Case {
    let fields: Vec<&str> = line.split('\t').collect();
    let [_, _, expected, marked] = fields[..] else { panic!("four fields: {line}") };
    let (mut text, mut open, mut begun) = (String::new(), Vec::new(), 0);
    let mut quotations: Vec<Quotation> = Vec::new();
    let mut beside: Vec<(Span, bool)> = Vec::new();
    let mut signs = marked.chars().peekable();
    while let Some(sign) = signs.next() {
        let here = text.len() as u32;
        match sign {
            '¶' => text.push_str("\n\n"),
            '⟦' => {
                let is_speech = signs.next_if_eq(&'~').is_none();
                let whole = Span { start: here, end: here };
                open.push(quotations.len());
                quotations.push(quotation(whole, Vec::new(), is_speech, None));
            }
            '⟧' => {
                let quotation = &mut quotations[open.pop().unwrap()];
                quotation.whole.end = here;
                quotation.pieces.push(quotation.whole);
            }
            '{' | '<' => begun = here,
            '}' | '>' => beside.push((Span { start: begun, end: here }, sign == '}')),
            sign => text.push(sign),
        }
    }
    for (span, is_mention) in beside {
        let is_of = |quotation: &Quotation| {
            let between = text.get(quotation.whole.end as usize..span.start as usize);
            between.is_some_and(|between| !between.contains(['.', '\n']))
        };
        let number = quotations.iter().rposition(is_of);
        let number = number.or_else(|| quotations.iter().position(|quotation| quotation.whole.start >= span.end));
        let quotation = &mut quotations[number.unwrap()];
        *(if is_mention { &mut quotation.mention } else { &mut quotation.cue }) = Some(span);
    }
    Case { line: line.to_owned(), text, quotations, expected: expected.to_owned() }
}

fn quotation(whole: Span, pieces: Vec<Span>, is_speech: bool, mention: Option<Span>) -> Quotation {
    let kind = if is_speech { QuotationKind::Speech } else { QuotationKind::Fragment };
    Quotation { kind, rule: "", whole, pieces, cue: None, mention, addressee: None }
}

fn name_all(text: &str, quotations: &[Quotation]) -> Vec<Option<Speaker>> {
    name_speakers(text, &crate::text::lay_out(text).units, quotations)
}

fn summarise(speakers: &[Option<Speaker>]) -> String {
    let one = |speaker: &Option<Speaker>| match speaker {
        Some(speaker) => format!("{}{}", if speaker.is_resolved { '≈' } else { '=' }, speaker.name),
        None => "=-".to_owned(),
    };
    speakers.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn cases() -> Vec<Case> {
    include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#')).map(read_case).collect()
}

#[test]
fn every_case_is_right() {
    let cases = cases();
    assert!(cases.len() >= 180, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let found = summarise(&name_all(&case.text, &case.quotations));
        if found != case.expected {
            wrong.push(format!("{}\n  found {found}", case.line));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_cases_in_four_languages() {
    let cases = cases();
    for rule in Rule::ALL {
        let has_rule = |case: &&Case| {
            let named = name_by_rules(&case.text, &crate::text::lay_out(&case.text).units, &case.quotations);
            named.iter().flatten().any(|(_, told)| *told == rule)
        };
        let languages: BTreeSet<&str> = cases.iter().filter(has_rule).map(|case| &case.line[..2]).collect();
        assert!(languages.len() >= 4, "{rule:?}: {languages:?}");
    }
}

#[test]
fn spans_are_mentions() {
    let case = read_case("en\t\t\tAnn Lee came. ⟦“Yes,”⟧ {she} <said>. ⟦“Now.”⟧¶Tom Hale, a clerk, left.¶⟦“No.”⟧");
    let speakers = name_all(&case.text, &case.quotations);
    let span = speakers[0].as_ref().unwrap().span;
    assert_eq!(&case.text[span.start as usize..span.end as usize], "she");
    assert_eq!(speakers[1].as_ref().unwrap().span, span);
    assert_eq!(speakers[2], None);
}

/// A generator of numbers (xorshift), so that the texts are the same at any time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

#[test]
fn no_text_is_too_odd() {
    const PARTS: [&str; 40] = [
        "Ann",
        " Lee",
        "Mr.",
        " Mrs. ",
        "Khan",
        "’s",
        "'s",
        " ",
        " ",
        " ",
        "\n\n",
        "\n",
        ", ",
        ". ",
        "“",
        "”",
        "\"",
        "«",
        "»",
        "he",
        " she ",
        "sie",
        "the minister",
        "Minister",
        "van",
        "de",
        "al-",
        "Jr.",
        "é",
        "你好",
        "أحمد",
        "—",
        "said",
        "I",
        "a",
        "É",
        "?",
        "!",
        ":",
        "\u{301}",
    ];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..4000 {
        let text: String = (0..numbers.below(60)).map(|_| PARTS[numbers.below(PARTS.len())]).collect();
        // Some spans cut a character, lie outside or are upside down.
        let mut span = || {
            let (start, end) = (numbers.below(text.len() + 3) as u32, numbers.below(text.len() + 3) as u32);
            Span { start, end }
        };
        let quotations: Vec<Quotation> = (0..6)
            .map(|number| {
                let (whole, pieces) = (span(), vec![span(), span()]);
                let (cue, mention) = ((number % 2 > 0).then(&mut span), (number % 4 > 0).then(&mut span));
                Quotation { cue, ..quotation(whole, pieces, number % 3 > 0, mention) }
            })
            .collect();
        let once = name_all(&text, &quotations);
        assert_eq!(once.len(), quotations.len());
        assert_eq!(once, name_all(&text, &quotations));
    }
}

/// Many quotations, names and mentions take no more than their share of time.
#[test]
fn work_is_linear() {
    let many = |sentence: &dyn Fn(usize) -> String| {
        let (mut text, mut quotations) = (String::new(), Vec::new());
        for number in 0..40_000 {
            let start = text.len() as u32;
            text.push_str("“Yes,” ");
            let whole = Span { start, end: start + "“Yes,”".len() as u32 };
            text.push_str(&sentence(number));
            let mention = Some(Span { start: whole.end + 1, end: text.len() as u32 });
            text.push_str(" said. ");
            quotations.push(quotation(whole, vec![whole], true, mention));
        }
        assert_eq!(name_all(&text, &quotations).iter().flatten().count(), quotations.len());
    };
    many(&|number| format!("Ann X{number}"));
    many(&|number| format!("Q{number} Khan"));
    many(&|_| "Khan".to_owned());
    many(&|number| (if number == 0 { "Ann Lee" } else { "she" }).to_owned());
    many(&|number| (if number == 0 { "Minister Ann Lee" } else { "the minister" }).to_owned());
}
