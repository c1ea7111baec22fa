//! The same corpus gives the same bytes: whatever the number of threads, the order of arguments, the order of lines,
//! and however often it is scanned.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::corpus::language::Language;
use support::corpus::plant::{Amounts, Planted, planted};
use support::corpus::random::Random;
use support::gold;
use support::program::{Outcome, run_in, scan_bytes};

fn corpus() -> Planted {
    planted(31, Amounts::SMALL, &Language::new())
}

fn write_lines(folder: &Path, lines: &[String]) {
    fs::write(folder.join("corpus.jsonl"), lines.concat()).unwrap();
}

/// Scans `corpus.jsonl` of a folder from inside it, so that no path differs between folders.
fn scan_lines(folder: &Path, more: &[&str]) -> Outcome {
    let outcome = run_in(folder, [&["scan", "--format", "json", "corpus.jsonl"], more].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    outcome
}

/// Where two outputs part, for a test that fails; whole reports are too long to show.
fn assert_same(left: &[u8], right: &[u8], what: &str) {
    if left == right {
        return;
    }
    let at = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let near = |bytes: &[u8]| {
        String::from_utf8_lossy(&bytes[at.saturating_sub(200).min(bytes.len())..(at + 200).min(bytes.len())])
            .into_owned()
    };
    panic!("{what}: outputs part at byte {at}\n--- one\n{}\n--- other\n{}", near(left), near(right));
}

#[test]
fn threads_and_repetition_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = corpus().documents.iter().map(|document| document.json_line() + "\n").collect();
    write_lines(folder.path(), &lines);
    let one = scan_lines(folder.path(), &["--threads", "1"]).stdout;
    assert!(one.len() > 10_000, "a report with something in it");
    for threads in ["1", "2", "8"] {
        assert_same(&one, &scan_lines(folder.path(), &["--threads", threads]).stdout, &format!("{threads} threads"));
    }
    assert_same(&one, &scan_lines(folder.path(), &[]).stdout, "threads left to the program");
}

#[test]
fn the_order_of_lines_changes_nothing() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut lines: Vec<String> = corpus().documents.iter().map(|document| document.json_line() + "\n").collect();
    write_lines(folder.path(), &lines);
    let before = scan_lines(folder.path(), &[]).stdout;
    for seed in 0..3 {
        Random::new(seed).shuffle(&mut lines);
        write_lines(other.path(), &lines);
        assert_same(&before, &scan_lines(other.path(), &[]).stdout, "shuffled lines");
    }
}

#[test]
fn the_order_of_arguments_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths: Vec<PathBuf> = Vec::new();
    for document in &corpus().documents {
        let path = folder.path().join(format!("{}.txt", document.id));
        fs::write(&path, &document.text).unwrap();
        paths.push(path);
    }
    paths.extend(gold::read_seeds().keys().map(|name| gold::seeds_folder().join(name)));
    let before = scan_bytes(&paths).stdout;
    for seed in 0..3 {
        Random::new(seed).shuffle(&mut paths);
        assert_same(&before, &scan_bytes(&paths).stdout, "shuffled arguments");
    }
}

#[test]
fn clusters_alone_are_the_clusters_of_a_full_scan() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = corpus().documents.iter().map(|document| document.json_line() + "\n").collect();
    write_lines(folder.path(), &lines);
    let clusters = |more: &[&str]| -> Value {
        let report: Value = serde_json::from_slice(&scan_lines(folder.path(), more).stdout).unwrap();
        if !more.is_empty() {
            assert_eq!(report["findings"], Value::Array(Vec::new()), "only clusters were asked for");
        }
        report["clusters"].clone()
    };
    let full = clusters(&[]);
    assert!(full.as_array().is_some_and(|clusters| clusters.len() > 10), "a corpus with clusters in it");
    assert_eq!(full, clusters(&["--only", "near-duplicate,contained"]));
    let near_duplicates: Vec<&Value> =
        full.as_array().unwrap().iter().filter(|cluster| cluster["rule"] == "near-duplicate").collect();
    let only = clusters(&["--only", "near-duplicate"]);
    assert_eq!(near_duplicates, only.as_array().unwrap().iter().collect::<Vec<_>>());
}
