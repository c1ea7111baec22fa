//! The examples of `docs/rules` are true: the texts that a page shows, given to the program, make it print what the page
//! shows.
//!
//! A block whose mark names a file (`markdown harbour.md`) is that file. A block marked `console` has one command after
//! `$`; other lines are its output, in order; `...` stands for any number of lines left out.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::fs;
use std::path::Path;

use cli_support::{assert_exit, run_in, stdout};
use dittograph::finding::Rule;
use dittograph::report::check::explain;

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
