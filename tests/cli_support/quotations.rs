//! Quotations: the gold of the five articles, pairs of paragraphs with an edit between them, and corpora made of both.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};

use super::cleaning::{Invention, folder};
use super::{assert_exit, run_in};

pub fn lines(documents: &[Value]) -> Vec<u8> {
    documents.iter().map(|document| document.to_string() + "\n").collect::<String>().into_bytes()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

pub fn pair(value: &Value) -> Range<usize> {
    number(&value[0])..number(&value[1])
}

/// What a run over documents in JSON Lines prints.
pub fn print(documents: &[Value], arguments: &str) -> Vec<u8> {
    let directory = folder(&[("all.jsonl", lines(documents))]);
    let output = run_in(directory.path(), &format!("quotes -q {arguments} all.jsonl"));
    assert_exit(&output, 0);
    output.stdout
}

pub fn report(documents: &[Value]) -> Value {
    serde_json::from_slice(&print(documents, "--format json")).unwrap()
}

pub fn seed(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name)).unwrap()
}

/// The rows of a table of the gold, without its comments.
pub fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect()).collect()
}

/// A quotation that a reader finds.
pub struct Read {
    pub place: (&'static str, usize, usize),
    /// Kind, speaker, and the name of the thing said if it is said elsewhere too.
    pub facts: [&'static str; 3],
    /// Which of the facts the program has wrong.
    pub wrong: Vec<&'static str>,
}

pub const FACTS: [&str; 3] = ["kind", "speaker", "utterance"];

/// Finds each line of the gold in its article, behind the one before.
pub fn read_gold() -> Vec<Read> {
    let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
    let read = |row: Vec<&'static str>| {
        let [document, kind, opening, closing, speaker, utterance, wrong, reason] = row[..] else {
            panic!("eight columns: {row:?}");
        };
        let article = seed(document);
        let from = *reached.get(document).unwrap_or(&0);
        // Words between marks, not the same words without.
        let marked = |at: &usize| article[..*at].ends_with(['“', '‘', '"']);
        let mut starts = article[from..].match_indices(opening).map(|(at, _)| from + at).filter(marked);
        let start = starts.next().unwrap_or_else(|| panic!("{document} does not say {opening:?}"));
        let end = start + article[start..].find(closing).unwrap() + closing.len();
        assert!(article[end..].starts_with(['”', '’', '"']), "{document}: {closing:?} ends no quotation");
        reached.insert(document, end);
        assert_eq!(wrong.is_empty(), reason.is_empty(), "what is wrong has a reason: {row:?}");
        let wrong: Vec<&str> = wrong.split(' ').filter(|fact| !fact.is_empty()).collect();
        assert!(wrong.iter().all(|fact| FACTS.contains(fact)), "{row:?}");
        Read { place: (document, start, end), facts: [kind, speaker, utterance], wrong }
    };
    rows(include_str!("../seeds/quotations.tsv")).into_iter().map(read).collect()
}

/// A paragraph, printed first and printed later, with what was done to it.
pub struct Edited {
    pub language: &'static str,
    pub documents: [Value; 2],
    /// Kind, whether it alters, and the bytes in the first text and in the second.
    pub edits: Vec<(String, bool, Range<usize>, Range<usize>)>,
    pub is_known_error: bool,
}

/// A text without the brackets that mark edits, and the places of these.
pub fn unmark(marked: &str) -> (String, Vec<Range<usize>>) {
    let (mut text, mut places, mut start) = (String::new(), Vec::new(), 0);
    for letter in marked.chars() {
        match letter {
            '⟦' => start = text.len(),
            '⟧' => places.push(start..text.len()),
            _ => text.push(letter),
        }
    }
    (text, places)
}

pub fn edited() -> Vec<Edited> {
    let read = |(case, row): (usize, Vec<&'static str>)| {
        let [language, kinds, first, later, reason] = row[..] else { panic!("five columns: {row:?}") };
        let ((first, in_first), (later, in_later)) = (unmark(first), unmark(later));
        let kinds: Vec<&str> = kinds.split(", ").filter(|kind| !kind.is_empty()).collect();
        assert_eq!((in_first.len(), in_later.len()), (kinds.len(), kinds.len()), "{row:?}");
        let mut edits: Vec<_> = kinds
            .into_iter()
            .zip(in_first.into_iter().zip(in_later))
            .map(|(kind, (one, other))| (kind.trim_end_matches('!').to_owned(), kind.ends_with('!'), one, other))
            .collect();
        edits.sort_by_key(|(_, _, one, other)| (one.start, other.start));
        // The one that was printed first is the last by name.
        let document = |name: &str, day: &str, text: String| json!({"id": format!("{name}{case}"), "source": format!("The {name}"), "date": day, "text": text});
        let documents = [document("z", "2024-05-06", first), document("a", "2024-05-07", later)];
        Edited { language, documents, edits, is_known_error: !reason.is_empty() }
    };
    rows(include_str!("../quotes/edits.tsv")).into_iter().enumerate().map(read).collect()
}

/// Every pair of paragraphs, between paragraphs of their own, in one corpus.
pub fn edited_corpus() -> Vec<Value> {
    let mut invention = Invention(5);
    let pairs = edited().into_iter().flat_map(|case| case.documents);
    pairs
        .map(|mut document| {
            let paragraphs = [&invention.paragraph(), text(&document["text"]), &invention.paragraph()].join("\n\n");
            document["text"] = paragraphs.into();
            document
        })
        .collect()
}

/// Names and texts that would break a table or drive a terminal.
pub fn hostile_corpus() -> Vec<Value> {
    let speech =
        "We shall close\tthe old bridge\u{1b}[31m for \u{202e}twelve weeks\u{7}, and\u{9b}2J nobody will be asked";
    let article = |id: &str, source: &str, day: &str, text: String| json!({"id": id, "source": source, "date": day, "text": text});
    vec![
        article(
            "a\tb\nc\r\u{1b}]0;owned\u{7}\\",
            "The\tPost\n\u{1b}[2J",
            "2024-05-06",
            format!("“{speech},” said Ana\u{1b}[31m\tRibeiro of Tejo\u{85}Bridge."),
        ),
        article(
            "d\u{202e}\u{2028}e",
            "\\t\u{2066}",
            "2024-05-07",
            format!("“{speech},” said\nAna\tRibeiro.\u{0}\n\nHe told the “Evening\tPost\n” so."),
        ),
        article(
            "f",
            "",
            "2024-05-08",
            format!("“{},” said Bruno\u{202e} Costa.", speech.replace("twelve", "fourteen")),
        ),
        article(
            "g",
            "G",
            "2024-05-09",
            "Nobody\u{1b}[0m knows who said “that\u{9b}31m was\\nthe\tend of it” to “Kari\tthe\u{7}Cat” Holm."
                .to_owned(),
        ),
    ]
}

pub fn seed_corpus() -> Vec<Value> {
    let mut names: Vec<&str> = rows(include_str!("../seeds/quotations.tsv")).into_iter().map(|row| row[0]).collect();
    names.dedup();
    names.into_iter().map(|name| json!({"id": name, "text": seed(name)})).collect()
}

/// Everything that reports are made of here, and nothing.
pub fn corpora() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("seeds", seed_corpus()),
        ("edits", edited_corpus()),
        ("hostile", hostile_corpus()),
        ("mute", vec![json!({"id": "a", "text": "Nobody says a word."})]),
        ("empty", vec![json!({"id": "a", "text": ""})]),
    ]
}
