//! A check over a corpus that has not changed, against the first one: `cargo bench --bench check [-- FILES [ROUNDS]]`,
//! 10,000 files and 5 rounds by default.
//!
//! Writes pages of invented news, some of them reprinted, a file each, waits until their times can be trusted, and runs
//! `dittograph check` in turns: without a cache, with an empty one, and with that of the run before. Prints the medians and
//! their ratios. Every report has to be the same, and the last kind of run has to take under a fifth of the second, or
//! the bench fails.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench may stop, has to look at the clock, and prints what it measured"
)]

#[path = "../tests/support/corpus/mod.rs"]
mod corpus;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use corpus::language::Language;
use corpus::page::Page;
use corpus::plant::Maker;

/// One page in so many is a reprint.
const REPRINTS: usize = 50;
/// Files of a folder.
const FOLDER: usize = 100;

fn main() {
    // Cargo passes `--bench` along.
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let files = numbers.next().unwrap_or(10_000);
    let rounds = numbers.next().unwrap_or(5).max(1);
    let folder = tempfile::tempdir().unwrap();
    let bytes = write_corpus(folder.path(), files);
    println!("{files} files, {:.1} MB", bytes as f64 / 1e6);
    // A file that was written this moment may be written once more within a tick of the clock: its time tells nothing.
    std::thread::sleep(Duration::from_secs(3));

    let cache = folder.path().join("cache");
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut report: Option<Vec<u8>> = None;
    for _ in 0..rounds {
        let _ = fs::remove_dir_all(&cache);
        for (name, cached) in [("no cache", false), ("first", true), ("second", true)] {
            let (time, output) = check(folder.path(), cached.then_some(&cache));
            assert!(report.get_or_insert_with(|| output.clone()) == &output, "void: another report");
            times.entry(name).or_default().push(time);
        }
    }
    let medians: BTreeMap<&str, f64> = times.into_iter().map(|(name, times)| (name, median(times))).collect();
    for (name, seconds) in &medians {
        println!("{name:<10} {seconds:8.3} s  {:6.3} × first", seconds / medians["first"]);
    }
    assert!(5.0 * medians["second"] < medians["first"], "the second check takes a fifth of the first or more");
}

/// Writes the corpus; gives its bytes.
fn write_corpus(folder: &Path, files: usize) -> u64 {
    let language = Language::new();
    let mut maker = Maker::new(11, &language);
    let mut bytes = 0;
    let mut story = None;
    for number in 0..files {
        let page: Page = if number % REPRINTS == 1 {
            let dispatch = story.get_or_insert_with(|| maker.dispatch(300, files / REPRINTS + 1));
            maker.reprint(dispatch, number / REPRINTS)
        } else {
            maker.unrelated(number)
        };
        let text = page.render().text;
        let place = folder.join(format!("docs/{:03}", number / FOLDER));
        fs::create_dir_all(&place).unwrap();
        bytes += text.len() as u64;
        fs::write(place.join(format!("{number:05}.md")), text).unwrap();
    }
    bytes
}

fn check(folder: &Path, cache: Option<&std::path::PathBuf>) -> (Duration, Vec<u8>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dittograph"));
    command.current_dir(folder).args(["check", "--isolated", "--exit-zero", "-q", "--format", "json", "docs"]);
    match cache {
        Some(cache) => command.arg("--cache-dir").arg(cache),
        None => command.arg("--no-cache"),
    };
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let elapsed = begin.elapsed();
    assert!(output.status.success(), "{command:?} ended with {}", output.status);
    (elapsed, output.stdout)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
