//! Texts that once broke the chaining: each case is named after what went wrong.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

fn scan(name: &str, content: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dittograph"))
        .args(["scan", "--quiet", "--format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{:?}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Numbers below a bound from a fixed stream.
fn stream(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

#[test]
fn few_words_in_any_order_end_no_run() {
    for seed in 0..30 {
        let mut next = stream(seed);
        let vocabulary = 2 + seed % 7;
        let text: Vec<String> = (0..400).map(|_| format!("word{}", next(vocabulary))).collect();
        scan("few.txt", &text.join(" "));
    }
}

#[test]
fn shared_runs_between_other_words_are_cut_without_recursion() {
    let mut lines = String::new();
    for document in 0..2 {
        let text: Vec<String> = (0..20_000u32)
            .map(|place| if place % 16 < 6 { format!("same{place}") } else { format!("d{document}x{place}") })
            .collect();
        writeln!(lines, "{{\"id\":\"{document}\",\"text\":\"{}\"}}", text.join(" ")).unwrap();
    }
    let report = scan("between.jsonl", &lines);
    assert_eq!(report["clusters"].as_array().unwrap().len(), 0);
}

#[test]
fn a_document_that_holds_many_holds_them_whatever_its_name() {
    for holder in ["a", "z"] {
        let mut next = stream(7);
        let parts: Vec<String> =
            (0..200).map(|_| (0..24).map(|_| format!("w{} ", next(1_000_000))).collect::<String>()).collect();
        let mut lines = String::new();
        for (number, part) in parts.iter().enumerate() {
            writeln!(lines, "{{\"id\":\"m{number:03}\",\"text\":\"{part}\"}}").unwrap();
        }
        writeln!(lines, "{{\"id\":\"{holder}\",\"text\":\"{}\"}}", parts.concat()).unwrap();
        let report = scan("holder.jsonl", &lines);
        let clusters = report["clusters"].as_array().unwrap();
        assert_eq!(clusters.len(), 1, "holder {holder}");
        assert_eq!(clusters[0]["rule"], "contained");
        assert_eq!(clusters[0]["members"].as_array().unwrap().len(), 201, "holder {holder}");
    }
}
