//! A whole run against `wc`: `cargo bench --bench whole_run [-- MEGABYTES [ROUNDS]]`, 100 MB and 5 rounds by default.
//!
//! Makes a JSON Lines file of unrelated pages with reprinted stories among them, then runs `dittograph scan`,
//! `dittograph scan --only near-duplicate,contained` and `LC_ALL=C.UTF-8 wc` on it in turns, and prints the medians and
//! their ratios. `wc` counts lines, words and bytes of the same file on the same machine at the same time: the ratio
//! travels between machines better than seconds do. Every answer is checked against what was planted, and a run with a
//! wrong one is void: the bench fails.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench may stop, has to look at the clock, and prints what it measured"
)]

#[path = "../tests/support/corpus/mod.rs"]
mod corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use corpus::language::Language;
use corpus::page::Page;
use corpus::plant::Maker;
use serde_json::Value;

/// One story in so many megabytes is reprinted, from 2 to 40 times.
const MEGABYTES_PER_STORY: usize = 1;

fn main() {
    // Cargo passes `--bench` along.
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let megabytes = numbers.next().unwrap_or(100);
    let rounds = numbers.next().unwrap_or(5).max(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.jsonl");
    let planted = write_corpus(&path, megabytes);
    let size = fs::metadata(&path).unwrap().len();
    println!("{:.1} MB, {} documents reprinted of {} stories", size as f64 / 1e6, planted.len(), stories(&planted));

    let out = folder.path().join("out");
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for _ in 0..rounds {
        times.entry("wc").or_default().push(count_words(&path, &out));
        for (name, more) in [("scan", &[][..]), ("clusters", &["--only", "near-duplicate,contained"])] {
            let time = scan(&path, more, &out);
            check(&out, &planted);
            times.entry(name).or_default().push(time);
        }
    }
    let medians: BTreeMap<&str, f64> = times.into_iter().map(|(name, times)| (name, median(times))).collect();
    for (name, seconds) in &medians {
        let speed = size as f64 / 1e6 / seconds;
        println!("{name:<10} {seconds:8.3} s  {speed:8.1} MB/s  {:6.2} × wc", seconds / medians["wc"]);
    }
}

/// Writes the corpus; gives the story of each reprint, by id.
fn write_corpus(path: &Path, megabytes: usize) -> BTreeMap<String, u32> {
    let language = Language::new();
    let mut maker = Maker::new(11, &language);
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut planted = BTreeMap::new();
    let (mut written, mut number, mut next_story) = (0, 0, 0);
    while written < megabytes * 1_000_000 {
        if written >= next_story {
            next_story += MEGABYTES_PER_STORY * 1_000_000;
            let words = maker.random.between(150, 600);
            let copies = maker.random.between(2, 40);
            let dispatch = maker.dispatch(words, copies);
            for copy in 0..copies {
                let id = format!("r{number:07}");
                let page = Page { id: id.clone(), ..maker.reprint(&dispatch, copy) };
                planted.insert(id, page.story.unwrap_or_default());
                written += write_page(&mut file, page);
                number += 1;
            }
        }
        let page = maker.unrelated(number);
        written += write_page(&mut file, page);
        number += 1;
    }
    file.flush().unwrap();
    planted
}

fn write_page(file: &mut impl std::io::Write, page: Page) -> usize {
    let line = page.render().json_line();
    writeln!(file, "{line}").unwrap();
    line.len() + 1
}

fn stories(planted: &BTreeMap<String, u32>) -> usize {
    let mut stories: Vec<u32> = planted.values().copied().collect();
    stories.sort_unstable();
    stories.dedup();
    stories.len()
}

fn time(command: &mut Command, out: &Path) -> Duration {
    command.stdin(Stdio::null()).stdout(File::create(out).unwrap());
    let begin = Instant::now();
    let status = command.status().unwrap();
    let elapsed = begin.elapsed();
    assert!(status.success(), "{command:?} ended with {status}");
    elapsed
}

fn count_words(path: &Path, out: &Path) -> Duration {
    time(Command::new("wc").env("LC_ALL", "C.UTF-8").arg(path), out)
}

fn scan(path: &Path, more: &[&str], out: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dittograph"));
    time(command.args(["scan", "--format", "json"]).args(more).arg(path), out)
}

/// No cluster joins what was not planted together, and of a hundred reprints hardly one is missed. (Copies that were
/// cut hardest lie inside others rather than covering them, so both kinds of cluster count.)
fn check(out: &Path, planted: &BTreeMap<String, u32>) {
    let report: Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for cluster in report["clusters"].as_array().unwrap() {
        let members: Vec<&str> =
            cluster["members"].as_array().unwrap().iter().filter_map(|member| member["document"].as_str()).collect();
        let story = planted.get(members[0]).unwrap_or_else(|| panic!("void: {} was not planted", members[0]));
        assert!(members.iter().all(|member| planted.get(*member) == Some(story)), "void: {members:?} in one cluster");
        found.extend(members);
    }
    let (found, all) = (found.len(), planted.len());
    assert!(found * 1000 >= all * 995, "void: {found} of {all} reprints in a cluster of their story");
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
