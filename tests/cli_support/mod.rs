//! What the tests of the command line share: the built binary in a scrubbed environment, and small corpora.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "each test binary uses its own part")]

pub mod cleaning;
pub mod quotations;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The built binary; nothing of the tester's environment reaches it.
pub fn dittograph() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dittograph"));
    command.env_clear().stdin(Stdio::null());
    // Windows finds its own libraries by this one.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// Runs the binary with these arguments, separated by spaces, in this directory.
pub fn run_in(directory: &Path, arguments: &str) -> Output {
    dittograph().current_dir(directory).args(arguments.split_whitespace()).output().unwrap()
}

/// Runs the binary in the root of the project, where `seeds` is.
pub fn run(arguments: &str) -> Output {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Asserts the exit code, and shows what was said when it is another.
#[track_caller]
pub fn assert_exit(output: &Output, code: i32) {
    assert_eq!(
        output.status.code(),
        Some(code),
        "\n--- stdout\n{}\n--- stderr\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The report that was printed.
#[track_caller]
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}\n--- stdout\n{}\n--- stderr\n{}", String::from_utf8_lossy(&output.stdout), stderr(output))
    })
}

/// Names in a directory, sorted.
pub fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Waits until something holds; a test that would hang fails instead.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("not within ten seconds: {what}");
}

/// Whether whoever runs the tests ignores one of the signals that end a run: then the binary ignores it too, as it
/// should.
#[cfg(unix)]
pub fn signals_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // SIGHUP is 1, SIGINT 2, SIGTERM 15.
    mask & (1 | 1 << 1 | 1 << 14) != 0
}
