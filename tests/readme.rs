//! README.md is true: every command in it runs and ends as it says, and every line of output that it shows is printed.
//!
//! A block marked `console` or `sh` holds commands after `$`; `? 2` behind one is its exit code if it is not 0, as in
//! `tests/cmd`. Other lines are its output, in order; `...` stands for any number of lines left out. A block whose mark
//! names a file (`json crawl.jsonl`) is that file. `cargo run --release --` is the binary that was built for this test;
//! what goes into `jq` is read here instead.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const README: &str = include_str!("../README.md");

/// A fenced block: its mark and its lines.
struct Block {
    mark: &'static str,
    lines: Vec<&'static str>,
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in README.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(mark), None) => open = Some(Block { mark, lines: Vec::new() }),
            (None, Some(block)) => block.lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// A command with the exit code and the output that README gives it.
struct Shown {
    command: &'static str,
    code: i32,
    output: Vec<&'static str>,
}

fn commands() -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    for block in blocks().iter().filter(|block| matches!(block.mark, "console" | "sh")) {
        let first = commands.len();
        for line in &block.lines {
            if let Some(command) = line.strip_prefix("$ ") {
                commands.push(Shown { command, code: 0, output: Vec::new() });
                continue;
            }
            let shown = commands[first..].last_mut().unwrap_or_else(|| panic!("no command before {line:?}"));
            match line.strip_prefix("? ") {
                Some(code) if shown.output.is_empty() => shown.code = code.parse().unwrap(),
                _ => shown.output.push(line),
            }
        }
    }
    commands
}

fn prepare(directory: &Path) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    fs::create_dir(directory.join("seeds")).unwrap();
    for entry in fs::read_dir(seeds).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), directory.join("seeds").join(entry.file_name())).unwrap();
    }
    for block in blocks() {
        if let Some((_, name)) = block.mark.split_once(' ') {
            fs::write(directory.join(name), block.lines.join("\n") + "\n").unwrap();
        }
    }
}

/// Runs a line of shell in which `dittograph` is the built binary.
fn run(line: &str, directory: &Path) -> std::process::Output {
    let binaries = Path::new(env!("CARGO_BIN_EXE_dittograph")).parent().unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", binaries.display());
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", line]).current_dir(directory).env_clear().env("PATH", path).stdin(Stdio::null());
    shell.output().unwrap()
}

/// Asserts that the lines shown stand in the text in this order, next to each other but for elisions.
fn assert_shown(shown: &Shown, text: &str) {
    let real: Vec<&str> = text.lines().collect();
    let mut at = 0;
    for part in shown.output.split(|line| *line == "...") {
        let part: Vec<&str> = part.to_vec();
        let first = part.iter().take_while(|line| line.is_empty()).count();
        let last = part.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
        let part = &part[first.min(last)..last];
        if part.is_empty() {
            continue;
        }
        let found = (at..=real.len().saturating_sub(part.len())).find(|start| real[*start..].starts_with(part));
        let Some(found) = found else {
            panic!("`{}` does not print\n{}\n--- but\n{text}", shown.command, part.join("\n"));
        };
        at = found + part.len();
    }
}

#[test]
fn every_command_works_and_prints_what_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    prepare(directory.path());
    let mut ran = 0;
    for shown in commands() {
        let command = shown.command.replace("cargo run --release --", "dittograph");
        if matches!(command.as_str(), "cargo test" | "cargo install --path .") {
            assert!(shown.output.is_empty(), "`{command}` is not run here");
            continue;
        }
        assert!(command.contains("dittograph "), "`{command}` is not known here");
        let (line, consumer) = command.split_once(" | jq ").map_or((command.as_str(), None), |(a, b)| (a, Some(b)));
        let output = run(line, directory.path());
        let (text, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(shown.code), "`{command}`\n{told}");
        assert!(shown.code != 0 || !told.contains("error"), "`{command}`\n{told}");
        if consumer.is_some() {
            let values = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
            assert!(values.map(Result::unwrap).count() > 0, "`{command}`");
        }
        assert_shown(&shown, &text);
        ran += 1;
    }
    assert!(ran >= 10, "only {ran} commands were found");
    for report in ["report.json", "report.txt", "report.tsv"] {
        assert!(directory.path().join(report).metadata().unwrap().len() > 0, "{report}");
    }
}

#[test]
fn the_first_screen_has_the_two_commands_of_a_fresh_clone() {
    let commands: Vec<&str> = commands().iter().take(2).map(|shown| shown.command).collect();
    assert_eq!(commands, ["cargo run --release -- scan seeds", "cargo test"]);
}

#[test]
fn the_example_of_the_library_is_this_code() {
    fn example() -> Result<(), Box<dyn std::error::Error>> {
        use dittograph::{input, progress::Silent, settings::Settings};

        let options = input::InputOptions { paths: vec!["seeds".to_owned()], ..Default::default() };
        let corpus = input::read(&options, &mut std::io::empty(), &Silent)?;
        let scan = dittograph::scan(&corpus, &Settings::default(), &Silent)?;
        for finding in &scan.findings {
            println!("{}: {} words, {} places", finding.rule.name(), finding.words, finding.occurrences.len());
        }
        Ok(())
    }
    example().unwrap();
    let code: Vec<&str> = include_str!("readme.rs").lines().map(str::trim).collect();
    let block = blocks().into_iter().find(|block| block.mark == "rust").unwrap();
    let shown: Vec<&str> = block.lines.iter().map(|line| line.trim()).collect();
    assert!(code.windows(shown.len()).any(|lines| lines == shown), "{}", shown.join("\n"));
}

#[test]
fn every_page_that_is_linked_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for link in README.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
        assert!(link.0.starts_with("https://") || root.join(link.0).is_file(), "{}", link.0);
    }
}
