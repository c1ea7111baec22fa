//! `--max-memory`, `--temp-dir` and `--plan`: the same report within any limit, files that leave nothing behind, and a
//! clear word where a limit cannot be kept.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use support::corpus::random::Random;
use support::program::{self, Outcome};

const CLUSTERS: [&str; 3] = ["--only", "near-duplicate,contained", "-j2"];

/// Stories of some length, each sixth of them a reprint with a few words changed; large enough to stay in its file.
fn write_corpus(folder: &Path) -> PathBuf {
    let mut random = Random::new(11);
    let mut lines = String::new();
    let mut last: Vec<String> = Vec::new();
    for number in 0..9000 {
        if number % 6 == 5 {
            for _ in 0..3 {
                let place = random.between(0, last.len() - 1);
                last[place] = "altered".to_owned();
            }
        } else {
            last = (0..320).map(|_| format!("word{}", random.below(40_000))).collect();
        }
        let sentences: Vec<String> = last.chunks(18).map(|words| format!("The {}.", words.join(" "))).collect();
        writeln!(lines, "{{\"id\":\"d{number:05}\",\"text\":\"{}\"}}", sentences.join(" ")).unwrap();
    }
    assert!(lines.len() > 17 << 20, "{}", lines.len());
    let path = folder.join("stories.jsonl");
    fs::write(&path, lines).unwrap();
    path
}

fn scan(path: &Path, more: &[&str]) -> Outcome {
    let mut arguments = vec!["scan", "--format", "json", path.to_str().unwrap()];
    arguments.extend(CLUSTERS);
    arguments.extend(more);
    program::run(arguments)
}

/// The least limit, as the error names it that refuses a smaller one.
fn least_limit(path: &Path) -> String {
    let refused = scan(path, &["--max-memory", "1MB"]);
    assert_eq!(refused.code, Some(2));
    let megabytes = refused.stderr.split("--max-memory ").nth(1).unwrap().trim().strip_suffix("MB").unwrap().to_owned();
    // It was rounded down.
    format!("{}MB", megabytes.parse::<u64>().unwrap() + 1)
}

#[test]
fn any_limit_gives_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_corpus(folder.path());
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let free = scan(&path, &[]);
    assert_eq!((free.code, free.stderr.as_str()), (Some(0), ""));
    let least = least_limit(&path);
    for limit in [least.as_str(), "0.09GB", "4GiB"] {
        let bound = scan(&path, &["--max-memory", limit, "--temp-dir", temporary.to_str().unwrap(), "--stats"]);
        assert_eq!(bound.code, Some(0), "{}", bound.stderr);
        assert!(bound.stdout == free.stdout, "--max-memory {limit} gives another report");
        let is_tight = limit == least;
        assert_eq!(bound.stderr.contains("go to a temporary file in "), is_tight, "{limit}: {}", bound.stderr);
        println!("--max-memory {limit}: peak {} MB", bound.peak.unwrap_or(0) / 1_000_000);
        if is_tight && cfg!(target_os = "linux") {
            let megabytes: u64 = limit.trim_end_matches("MB").parse().unwrap();
            assert!(bound.peak.unwrap() <= megabytes * 1_000_000, "{} bytes for {limit}", bound.peak.unwrap());
        }
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "nothing is left behind");
    }
}

#[test]
fn what_cannot_be_kept_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_corpus(folder.path());
    let least = least_limit(&path);
    for (arguments, code, told) in [
        (vec!["--max-memory", "10MB"], 2, "of memory, more than the 10 MB that it is allowed: allow --max-memory "),
        (vec!["--max-memory", "much"], 2, "expected a size such as 500MB, 2GB or 1GiB"),
        (vec!["--max-memory", "0"], 2, "expected a size such as 500MB, 2GB or 1GiB"),
        (vec!["--max-memory", &least, "--temp-dir", "/no/such"], 2, "a temporary file in /no/such cannot be made: "),
    ] {
        let outcome = scan(&path, &arguments);
        assert_eq!(outcome.code, Some(code), "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(told), "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stdout.is_empty());
    }
    let all = program::run(["scan", "--max-memory", "50MB", path.to_str().unwrap()]);
    assert_eq!(all.code, Some(2));
    assert!(all.stderr.contains(", or scan with --only near-duplicate,contained"), "{}", all.stderr);
}

#[test]
fn a_plan_tells_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_corpus(folder.path());
    let mut arguments = vec!["scan", "--plan", "--max-memory", "50MB", path.to_str().unwrap()];
    arguments.extend(CLUSTERS);
    let plan = program::run(arguments);
    assert_eq!((plan.code, plan.stderr.as_str()), (Some(0), ""));
    let told = String::from_utf8(plan.stdout).unwrap();
    let names: Vec<&str> = told.lines().map(|line| line[..17].trim_end()).collect();
    assert_eq!(names, ["documents", "time", "memory", "temporary files", "repeated"], "{told}");
    assert!(told.starts_with("documents        9,000, "), "{told}");
    let share: u32 = told.split("repeated").nth(1).unwrap().trim().split(' ').next().unwrap().parse().unwrap();
    assert!((20..=45).contains(&share), "a third of the documents: {told}");
}
