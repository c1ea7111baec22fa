//! The cases of `cases.tsv`: texts of many languages, with what stands between their marks.

use super::{Marked, find};

/// A text, its blocks, and the same with brackets about what was found.
struct Case {
    name: String,
    text: String,
    blocks: Vec<std::ops::Range<usize>>,
    expected: String,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, about, marked] = fields[..] else { panic!("three fields: {line}") };
            let bare = marked.replace(['⟦', '⟧', '⌋', '⇣'], "");
            let (mut text, mut blocks) = (String::new(), Vec::new());
            for block in bare.split('¶') {
                let start = text.len();
                text.push_str(block);
                blocks.push(start..text.len());
                text.push('\n');
            }
            Case { name: format!("{language}: {about}"), text, blocks, expected: marked.replace('¶', "\n") + "\n" }
        })
        .collect()
}

/// The text with brackets.
fn bracket(text: &str, found: &[Marked]) -> String {
    let mut brackets: Vec<(u32, bool, u32, char)> = Vec::new();
    for (number, marked) in found.iter().enumerate() {
        let number = number as u32;
        let end = match (marked.is_closed, marked.continues) {
            (true, false) => '⟧',
            (false, false) => '⌋',
            (false, true) => '⇣',
            (true, true) => panic!("closed and goes on"),
        };
        let is_empty = marked.inside.start == marked.inside.end;
        brackets.push((marked.inside.start, true, number, '⟦'));
        // Inner ones end first, but what is empty ends behind its start.
        brackets.push((marked.inside.end, is_empty, if is_empty { number } else { u32::MAX - number }, end));
    }
    brackets.sort_by_key(|(at, opens, number, _)| (*at, *opens, *number));
    let (mut written, mut reached) = (String::new(), 0);
    for (at, _, _, bracket) in brackets {
        written.push_str(&text[reached..at as usize]);
        written.push(bracket);
        reached = at as usize;
    }
    written + &text[reached..]
}

#[test]
fn every_case_is_found() {
    let cases = cases();
    assert!(cases.len() >= 150, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let found = bracket(&case.text, &find(&case.text, &case.blocks));
        if found != case.expected {
            wrong.push(format!("{}\n  expected {:?}\n  found    {:?}", case.name, case.expected, found));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn languages_are_many() {
    let mut languages: Vec<String> =
        cases().iter().filter_map(|case| case.name.split(':').next().map(str::to_owned)).collect();
    languages.dedup();
    assert!(languages.len() >= 10);
}
