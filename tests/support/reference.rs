//! A plain reference: maximal equal runs of eight words and more between all texts, by one table of all runs.
//!
//! It stands in for the program where the judges themselves are judged. It knows no edits, no groups and no families:
//! each equal run of two places is a finding of its own. That is enough for every kind that is planted word for word.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Value, json};

use super::corpus::page::Document;
use super::naive;

const RUN: usize = 8;
/// A line on so many pages of one source, and of no other, is furniture.
const PAGES: usize = 5;

struct Words {
    folded: Vec<String>,
    spans: Vec<Range<usize>>,
}

/// An equal run: two documents, a start in each, a length, all in words.
type Match = (usize, usize, usize, usize, usize);

/// The report of a scan of the documents.
pub(crate) fn scan(documents: &[Document]) -> Value {
    let furniture = furniture(documents);
    let words: Vec<Words> = documents
        .iter()
        .map(|document| {
            let (spans, folded) = naive::words_with_spans(&document.text).into_iter().unzip();
            Words { folded, spans }
        })
        .collect();
    let matches = matches(&words);
    let mut findings: Vec<Value> = matches.iter().map(|found| passage(found, documents, &words)).collect();
    findings.extend(furniture.iter().map(|places| boilerplate(places, documents)));
    for (number, finding) in findings.iter_mut().enumerate() {
        finding["id"] = json!(format!("{number:016x}"));
    }
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let tokens: usize = words.iter().map(|words| words.folded.len()).sum();
    let ledgers: Vec<Value> = documents
        .iter()
        .zip(&words)
        .map(|(document, words)| {
            json!({"document": document.id, "path": "-", "line": null, "source": document.source, "date": document.date,
                "encoding": "utf-8", "text": "decoded", "tokens": words.folded.len(), "original": words.folded.len(),
                "doubled": 0, "boilerplate": 0, "quoted": 0, "shared": 0, "reused": []})
        })
        .collect();
    json!({
        "schema": "dittograph.report.v1",
        "corpus": {"documents": documents.len(), "bytes": bytes, "tokens": tokens, "units": 0, "distinct_units": 0},
        "documents": ledgers,
        "findings": findings,
        "clusters": clusters(&matches, documents, &words),
        "skipped": [],
    })
}

fn matches(words: &[Words]) -> BTreeSet<Match> {
    let mut runs: BTreeMap<&[String], Vec<(usize, usize)>> = BTreeMap::new();
    for (document, words) in words.iter().enumerate() {
        for (start, run) in words.folded.windows(RUN).enumerate() {
            runs.entry(run).or_default().push((document, start));
        }
    }
    let mut matches = BTreeSet::new();
    for places in runs.values() {
        for (index, &(left, left_start)) in places.iter().enumerate() {
            for &(right, right_start) in &places[index + 1..] {
                let (one, other) = (&words[left].folded, &words[right].folded);
                let before = (0..left_start.min(right_start))
                    .take_while(|&back| one[left_start - 1 - back] == other[right_start - 1 - back])
                    .count();
                let (from, to) = (left_start - before, right_start - before);
                let mut length = one[from..].iter().zip(&other[to..]).take_while(|(a, b)| a == b).count();
                if left == right {
                    length = length.min(to - from);
                }
                if length >= RUN {
                    matches.insert((left, right, from, to, length));
                }
            }
        }
    }
    matches
}

fn occurrence(document: &Document, span: Range<usize>, role: &str) -> Value {
    let text = &document.text;
    let line = 1 + text[..span.start].matches('\n').count();
    let end_line = line + text[span.clone()].matches('\n').count();
    let words = naive::words(&text[span.clone()]);
    let (resemblance, containment) = naive::resemblance(&words, &words, &[1, 2]);
    json!({"document": document.id, "start": span.start, "end": span.end, "line": line, "end_line": end_line, "count": 1,
        "role": role, "reason": "", "identity": 1.0, "resemblance": resemblance, "containment": containment,
        "edits": [], "excerpt": ""})
}

fn passage(found: &Match, documents: &[Document], words: &[Words]) -> Value {
    let &(left, right, from, to, length) = found;
    let span = |document: usize, start: usize| {
        let spans = &words[document].spans;
        spans[start].start..spans[start + length - 1].end
    };
    json!({
        "rule": if left == right { "doubled-text" } else { "shared-passage" },
        "severity": "warning", "confidence": "high", "tokens": length, "representative": 0,
        "occurrences": [
            occurrence(&documents[left], span(left, from), "undecided"),
            occurrence(&documents[right], span(right, to), "undecided"),
        ],
    })
}

/// A span of a document.
type Spot = (usize, Range<usize>);

/// Places of each line that stands on many pages of its source.
fn furniture(documents: &[Document]) -> Vec<Vec<Spot>> {
    let mut lines: BTreeMap<(&str, &str), Vec<Spot>> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        let Some(source) = &document.source else { continue };
        let mut start = 0;
        for line in document.text.split('\n') {
            if !line.is_empty() {
                lines.entry((source, line)).or_default().push((number, start..start + line.len()));
            }
            start += line.len() + 1;
        }
    }
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    lines.keys().for_each(|(_, line)| *sources.entry(line).or_default() += 1);
    lines.retain(|(_, line), places| {
        let pages: BTreeSet<usize> = places.iter().map(|place| place.0).collect();
        pages.len() >= PAGES && sources[line] == 1
    });
    lines.into_values().collect()
}

fn boilerplate(places: &[Spot], documents: &[Document]) -> Value {
    let occurrences: Vec<Value> =
        places.iter().map(|(number, span)| occurrence(&documents[*number], span.clone(), "undecided")).collect();
    let (number, span) = &places[0];
    json!({"rule": "boilerplate", "severity": "note", "confidence": "high", "representative": 0,
        "tokens": naive::words(&documents[*number].text[span.clone()]).len(), "occurrences": occurrences})
}

/// Stars around the first document of each group: whoever covers it, and is covered by it, to 70 % in equal runs.
fn clusters(matches: &BTreeSet<Match>, documents: &[Document], words: &[Words]) -> Vec<Value> {
    let mut covered: BTreeMap<(usize, usize), [BTreeSet<usize>; 2]> = BTreeMap::new();
    for &(left, right, from, to, length) in matches.iter().filter(|found| found.0 != found.1) {
        let [one, other] = covered.entry((left, right)).or_default();
        one.extend(from..from + length);
        other.extend(to..to + length);
    }
    let mut stars: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for ((left, right), [one, other]) in covered {
        let is_covered = |part: usize, document: usize| part * 10 >= words[document].folded.len() * 7;
        if is_covered(one.len(), left)
            && is_covered(other.len(), right)
            && !taken.contains(&left)
            && taken.insert(right)
        {
            stars.entry(left).or_default().push(right);
        }
    }
    stars
        .into_iter()
        .map(|(first, others)| {
            let member = |number: usize| {
                let (resemblance, _) = naive::resemblance(&words[number].folded, &words[first].folded, &[5]);
                json!({"document": documents[number].id, "role": "undecided", "reason": "",
                    "coverage": [1.0, 1.0], "resemblance": resemblance})
            };
            let members: Vec<Value> = std::iter::once(first).chain(others).map(member).collect();
            json!({"id": format!("c{first:015x}"), "rule": "near-duplicate",
                "representative": documents[first].id, "members": members})
        })
        .collect()
}
