//! What is known to go wrong, as `docs/algorithm.md` lists it: each case fails here in the way the page says, so that
//! the page is changed when a failure is mended.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use serde_json::{Value, json};
use support::program::scan_content;

const CASES: &str = include_str!("known_failures.jsonl");
const PAGE: &str = include_str!("../docs/algorithm.md");

#[test]
fn known_failures_are_as_documented() {
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        let texts = case["texts"].as_array().unwrap().iter().enumerate();
        let documents: String =
            texts.map(|(id, text)| json!({ "id": id.to_string(), "text": text }).to_string() + "\n").collect();
        let report = scan_content("case.jsonl", &documents);
        let rules = |list: &Value| {
            let mut rules: Vec<Value> = list.as_array().unwrap().iter().map(|found| found["rule"].clone()).collect();
            rules.dedup();
            Value::Array(rules)
        };
        assert_eq!(rules(&report["findings"]), case["findings"], "{name}");
        assert_eq!(rules(&report["clusters"]), case["clusters"], "{name}");
        assert!(PAGE.contains(&format!("**{name}**")), "docs/algorithm.md does not tell of: {name}");
    }
}
