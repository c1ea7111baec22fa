//! What a report says, in the scorers' words.
//!
//! **Near-duplicates**: the clusters of that rule, every pair inside.
//!
//! **Reuse**: those; every member of a `contained` cluster with the document that holds it; and two documents of which
//! one says to a quarter what the other says in the same words: see [`reuse`].
//!
//! **Passages**: each listed pair is traced by itself, the first document against the second (`trace --from`). Every
//! passage gives a line.
//!
//! **Blocks**: the occurrences of `boilerplate`.
//!
//! **Quotations**: see [`quotations`](crate::quotations).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::reuse;

/// Scans a file with default settings.
pub(crate) fn scan(documents: &Path, more: &[&str]) -> Value {
    run(&[&["scan", "--format", "json"], more].concat(), &[documents])
}

/// Finds the quotations of a file with default settings.
pub(crate) fn quotes(documents: &Path) -> Value {
    run(&["quotes", "--format", "json"], &[documents])
}

/// Runs the program; panics with what it said when it fails.
fn run(arguments: &[&str], paths: &[&Path]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_dittograph"))
        .args(arguments)
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn duplicates(report: &Value) -> Vec<String> {
    let clusters = list(&report["clusters"]).iter().filter(|cluster| cluster["rule"] == "near-duplicate");
    clusters.map(|cluster| json!({ "cluster": members(cluster) }).to_string()).collect()
}

pub(crate) fn reused(report: &Value, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut lines = duplicates(report);
    for cluster in list(&report["clusters"]).iter().filter(|cluster| cluster["rule"] == "contained") {
        let holder = text(&cluster["representative"]);
        let held = members(cluster).into_iter().filter(|member| *member != holder);
        lines.extend(held.map(|member| json!({ "a": member, "b": holder }).to_string()));
    }
    let findings: Vec<&Value> = list(&report["findings"]).iter().filter(|finding| is_passage(finding)).collect();
    let pairs = reuse::pairs(&findings, texts).into_iter();
    lines.extend(pairs.map(|pair| json!({ "a": pair.a, "b": pair.b, "score": pair.share }).to_string()));
    lines
}

pub(crate) fn passages(texts: &BTreeMap<String, String>, pairs: &[(String, String)], scratch: &Path) -> Vec<String> {
    let files = ["target", "source"].map(|name| scratch.join(format!("{name}.jsonl")));
    let mut lines = Vec::new();
    for (a, b) in pairs {
        for (path, id) in files.iter().zip([a, b]) {
            fs::write(path, json!({ "id": id, "text": texts[id] }).to_string() + "\n").unwrap();
        }
        let report = run(&["trace", "--format", "json", "--from"], &[&files[1], &files[0]]);
        for passage in list(&report["targets"][0]["passages"]) {
            let (start, end) = span(passage);
            let line = json!({
                "a": a, "b": b, "a_start": start, "a_end": end,
                "b_start": passage["source_start"], "b_end": passage["source_end"],
            });
            lines.push(line.to_string());
        }
    }
    lines
}

pub(crate) fn blocks(report: &Value) -> Vec<String> {
    let findings = list(&report["findings"]).iter().filter(|finding| finding["rule"] == "boilerplate");
    findings
        .flat_map(|finding| list(&finding["occurrences"]))
        .map(|occurrence| {
            let (start, end) = span(occurrence);
            json!({ "doc": occurrence["document"], "start": start, "end": end }).to_string()
        })
        .collect()
}

fn is_passage(finding: &Value) -> bool {
    finding["rule"] == "shared-passage" || finding["rule"] == "doubled-text"
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn span(occurrence: &Value) -> (u64, u64) {
    (occurrence["start"].as_u64().unwrap(), occurrence["end"].as_u64().unwrap())
}

fn members(cluster: &Value) -> Vec<&str> {
    list(&cluster["members"]).iter().map(|member| text(&member["document"])).collect()
}
