//! What the tests of the gate share: invented articles, folders of them, and runs of the binary.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]
#![allow(dead_code, reason = "not every test file needs all of it")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::cli_support::{assert_exit, dittograph, json};

/// A story of its own for each number: long enough to be told of, and with no run of words in common with others.
pub(crate) fn story(number: u32) -> String {
    let words = |sentence: u32| -> Vec<String> {
        (0..11).map(|word| format!("w{}", (number * 1000 + sentence * 20 + word) * 7919 % 999_983)).collect()
    };
    (0..6).map(|sentence| format!("The {} was there.", words(sentence).join(" "))).collect::<Vec<_>>().join("\n\n")
}

/// A folder of files.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(folder.path(), path, text);
    }
    folder
}

pub(crate) fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs the binary in a folder; git is to be found.
pub(crate) fn run(folder: &Path, arguments: &str) -> Output {
    command(folder, arguments).output().unwrap()
}

pub(crate) fn command(folder: &Path, arguments: &str) -> Command {
    let mut command = dittograph();
    command.env("PATH", std::env::var_os("PATH").unwrap()).current_dir(folder).args(arguments.split_whitespace());
    command
}

/// A check as JSON, with the code that it ends with.
#[track_caller]
pub(crate) fn check(folder: &Path, arguments: &str, code: i32) -> Value {
    let output = run(folder, &format!("check -q --no-cache --format json {arguments}"));
    assert_exit(&output, code);
    json(&output)
}

/// Rule and first place of each problem.
pub(crate) fn told(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap();
    let tell = |problem: &Value| {
        let place = &problem["places"][0];
        format!("{} {}:{}", problem["rule"].as_str().unwrap(), place["path"].as_str().unwrap(), place["line"])
    };
    problems.iter().map(tell).collect()
}

pub(crate) fn git(folder: &Path, arguments: &str) {
    let config = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"];
    let output =
        Command::new("git").current_dir(folder).args(config).args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Rule and file of each problem, each once.
pub(crate) fn found(report: &Value) -> Vec<String> {
    let mut all = told(report);
    all.iter_mut().for_each(|told| told.truncate(told.rfind(':').unwrap()));
    all.dedup();
    all
}

/// Adds everything and commits it.
pub(crate) fn commit(folder: &Path, message: &str) {
    git(folder, "add -A");
    git(folder, &format!("commit -q -m {message}"));
}

/// Some paragraphs of a story.
pub(crate) fn part(number: u32, paragraphs: std::ops::Range<usize>) -> String {
    let story = story(number);
    story.split("\n\n").collect::<Vec<_>>()[paragraphs].join("\n\n")
}
