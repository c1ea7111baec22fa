//! The examples of `docs/rules` are true: the texts that a page shows, given to the program, make it print what the page
//! shows.
//!
//! A block whose mark names a file (`markdown harbour.md`) is that file. A block marked `console` has one command after
//! `$`; other lines are its output, in order; `...` stands for any number of lines left out.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::fs;
use std::path::Path;

use cli_support::{assert_exit, json, run_in, stdout};
use dittograph::finding::Rule;
use dittograph::report::check::explain;
use serde_json::Value;

/// The fenced blocks of a page: their marks and their texts.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("```").collect();
    assert_eq!(parts.len() % 2, 1, "a block is not closed");
    parts.iter().skip(1).step_by(2).map(|part| part.split_once('\n').unwrap()).collect()
}

fn prove(rule: Rule, directory: &Path) {
    let mut ran = 0;
    for (mark, text) in blocks(explain(rule)) {
        if let Some((_, name)) = mark.split_once(' ') {
            fs::write(directory.join(name), text).unwrap();
        }
        if mark != "console" {
            continue;
        }
        let (command, shown) = text.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ dittograph ").unwrap();
        let output = run_in(directory, arguments);
        assert_exit(&output, 0);
        let printed = stdout(&output);
        let mut rest = printed;
        for part in shown.split("...\n").filter(|part| !part.is_empty()) {
            let at =
                rest.find(part).unwrap_or_else(|| panic!("`{command}` does not print\n{part}\n--- but\n{printed}"));
            assert!(at == 0 || rest[..at].ends_with('\n'));
            rest = &rest[at + part.len()..];
        }
        ran += 1;
    }
    assert_eq!(ran, 1, "{}", rule.name());
}

/// `check --explain RULE` prints a page as it is, and a terminal may have 80 columns.
#[test]
fn no_line_of_a_page_is_wider_than_a_terminal() {
    for rule in Rule::ALL {
        let wide = explain(rule).lines().find(|line| unicode_width::UnicodeWidthStr::width(*line) > 80);
        assert_eq!(wide, None, "{}", rule.name());
    }
}

#[test]
fn the_example_of_every_rule_is_what_the_program_prints() {
    for rule in Rule::ALL {
        prove(rule, tempfile::tempdir().unwrap().path());
    }
}

/// The comment, or the lines of the configuration, by which a page says that a finding is excused.
fn excuse<'p>(page: &'p str, begin: &str) -> &'p str {
    blocks(page).into_iter().map(|(_, text)| text).find(|text| text.starts_with(begin)).unwrap()
}

/// Puts a comment before the paragraph that a line (from 1) stands in.
fn put_before(path: &Path, line: usize, comment: &str) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let paragraph = lines[..line].iter().rposition(|line| line.trim().is_empty()).map_or(0, |at| at + 1);
    lines.insert(paragraph, comment.trim());
    lines.insert(paragraph + 1, "");
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn what_a_page_says_of_excuses_excuses() {
    for rule in Rule::ALL {
        let directory = tempfile::tempdir().unwrap();
        let page = explain(rule);
        for (mark, text) in blocks(page) {
            if let Some((_, name)) = mark.split_once(' ') {
                fs::write(directory.path().join(name), text).unwrap();
            }
        }
        // What a passage says too is told as a passage.
        let words = if rule == Rule::ReusedQuote { 20 } else { 8 };
        let config = format!("min-words = {words}\n[rules]\n{} = \"error\"\n", rule.name());
        fs::write(directory.path().join("dittograph.toml"), &config).unwrap();
        let check = || json(&run_in(directory.path(), "check -q --no-cache --format json"));
        let count = |report: &Value, list: &str| {
            report[list].as_array().unwrap().iter().filter(|problem| problem["rule"] == rule.name()).count()
        };
        let report = check();
        assert!(count(&report, "problems") > 0, "{}: {report:#}", rule.name());
        // By its id, where a page says so and in a file of many.
        let problems = report["problems"].as_array().unwrap().iter().filter(|problem| problem["rule"] == rule.name());
        let allowed = problems.clone().map(|problem| {
            let id = problem["id"].as_str().unwrap();
            let shown = excuse(page, "[[allow]]");
            let at = shown.find("id = \"").unwrap() + 6;
            shown.replacen(&shown[at..at + 16], id, 1)
        });
        fs::write(directory.path().join("dittograph.toml"), config.clone() + &allowed.collect::<String>()).unwrap();
        let by_id = check();
        assert!(count(&by_id, "problems") == 0 && count(&by_id, "suppressed") > 0, "{}: {by_id:#}", rule.name());
        fs::write(directory.path().join("dittograph.toml"), &config).unwrap();
        // By a comment, at the place that is told of.
        let place = &problems.clone().next().unwrap()["places"][0];
        let path = place["path"].as_str().unwrap();
        if !path.ends_with(".md") && !path.ends_with(".txt") {
            continue;
        }
        let line = place["line"].as_u64().unwrap() as usize;
        put_before(&directory.path().join(path), line, excuse(page, "<!-- dittograph: ignore"));
        let by_comment = check();
        assert!(count(&by_comment, "suppressed") > 0, "{}: {by_comment:#}", rule.name());
        assert_eq!(by_comment["unused"].as_array().unwrap().len(), 0, "{}: {by_comment:#}", rule.name());
    }
}
