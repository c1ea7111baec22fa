//! Where reports go: files opened first and put in place last, standard output, broken pipes, interrupts, colour.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::fs;
use std::io::Write;
use std::process::{Child, Stdio};

use cli_support::{assert_exit, dittograph, json, names, run, run_in, stderr, stdout, wait_until};

const TEXT: &str = "A line that is said in this place.\n\nA line that is said in this place.\n";

/// Starts a scan of standard input, which stays open: the work can't begin before it is closed.
fn start_reading(directory: &std::path::Path, options: &str) -> Child {
    dittograph()
        .current_dir(directory)
        .arg("scan")
        .args(options.split_whitespace())
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn several_reports_are_written_in_one_run() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    let output = run_in(directory.path(), "scan -o json=r.json -o jsonl=r.jsonl -o tsv=r.tsv -o human=r.out a.txt");
    assert_exit(&output, 0);
    assert_eq!(stdout(&output), "", "with --output alone, standard output stays empty");
    assert!(stderr(&output).contains("1 document") && stderr(&output).contains("r.json (json)"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), ["a.txt", "r.json", "r.jsonl", "r.out", "r.tsv"]);
    for (name, format) in [("r.json", "json"), ("r.jsonl", "jsonl"), ("r.tsv", "tsv"), ("r.out", "human")] {
        let printed = run_in(directory.path(), &format!("scan --format {format} a.txt"));
        assert_eq!(fs::read(directory.path().join(name)).unwrap(), printed.stdout, "{format}");
    }
}

#[test]
fn format_and_output_go_together() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    let output = run_in(directory.path(), "scan --format json -o json=r.json a.txt");
    assert_exit(&output, 0);
    assert_eq!(fs::read(directory.path().join("r.json")).unwrap(), output.stdout);
    let dash = run_in(directory.path(), "scan -o json=- a.txt");
    assert_eq!(dash.stdout, output.stdout);
}

#[test]
fn an_output_in_the_scanned_directory_is_no_input() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    let plain = run_in(directory.path(), "scan --hidden --format json .");
    let output = run_in(directory.path(), "scan --hidden --format json -o json=r.json .");
    assert_exit(&output, 0);
    assert_eq!(stdout(&output), stdout(&plain));
}

#[test]
fn an_unwritable_path_fails_before_the_work_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = start_reading(directory.path(), "-o json=good.json -o tsv=no/such/directory/r.tsv");
    // Standard input is still open: only a run that has not begun to read it can end.
    wait_until("the end of the run", || child.try_wait().unwrap().is_some());
    let output = child.wait_with_output().unwrap();
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("no/such/directory"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), [""; 0]);
}

#[test]
fn two_reports_in_one_file_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let output = run_in(directory.path(), "scan -o json=r -o tsv=./r .");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("two reports"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), [""; 0]);
}

#[test]
fn a_run_that_fails_keeps_the_old_report() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("r.json"), "old").unwrap();
    let output = run_in(directory.path(), "scan -o json=r.json no-such-directory");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("no-such-directory"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), ["r.json"]);
}

#[cfg(unix)]
fn kill(signal: &str, child: &Child) {
    let command = format!("kill -{signal} {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &command]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_interrupt_removes_what_was_begun() {
    if cli_support::signals_are_ignored() {
        return;
    }
    for signal in ["INT", "TERM", "HUP"] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("r.json"), "old").unwrap();
        let mut child = start_reading(directory.path(), "-o json=r.json");
        wait_until("the temporary file", || names(directory.path()).len() == 2);
        kill(signal, &child);
        // Standard input is still open: only the signal can end the run.
        wait_until("the end of the run", || child.try_wait().unwrap().is_some());
        let output = child.wait_with_output().unwrap();
        assert_exit(&output, 130);
        assert_eq!(names(directory.path()), ["r.json"], "{signal}");
        assert_eq!(fs::read(directory.path().join("r.json")).unwrap(), b"old");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_that_is_ignored_on_purpose_stays_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new("sh")
        .current_dir(directory.path())
        .env_clear()
        .args(["-c", "trap '' HUP; exec \"$0\" scan -o json=r.json -", env!("CARGO_BIN_EXE_dittograph")])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("the temporary file", || names(directory.path()).len() == 1);
    kill("HUP", &child);
    child.stdin.take().unwrap().write_all(TEXT.as_bytes()).unwrap();
    assert_exit(&child.wait_with_output().unwrap(), 0);
    assert_eq!(names(directory.path()), ["r.json"]);
}

#[cfg(unix)]
#[test]
fn a_new_report_is_as_readable_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    assert_exit(&run_in(directory.path(), "scan -o json=r.json a.txt"), 0);
    let mode = |name: &str| fs::metadata(directory.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("r.json"), mode("a.txt"));
}

#[test]
fn standard_input_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = start_reading(directory.path(), "--format json");
    child.stdin.take().unwrap().write_all(TEXT.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_exit(&output, 0);
    let report = json(&output);
    assert_eq!(report["corpus"]["documents"], 1);
    assert_eq!(report["corpus"]["bytes"], TEXT.len());
    assert_eq!(report["documents"][0]["path"], "-");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for format in ["human", "json", "jsonl", "tsv"] {
        let directory = tempfile::tempdir().unwrap();
        let mut child = start_reading(directory.path(), &format!("--format {format} -o tsv=whole.tsv"));
        // The pipe is closed for certain before the report begins, which waits for standard input.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(TEXT.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_exit(&output, 0);
        assert!(!stderr(&output).contains("error"), "{}", stderr(&output));
        assert_eq!(names(directory.path()), ["whole.tsv"], "files are complete all the same");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let output = run("scan -o json=/dev/full seeds");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("/dev/full"), "{}", stderr(&output));
}

/// The escape that begins every colour, in a message on standard error and in the human report.
fn colours(set: &[(&str, &str)], option: &str) -> (bool, bool) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    let output = dittograph()
        .current_dir(directory.path())
        .envs(set.iter().copied())
        .args(["scan", option, "a.txt", "missing.txt"])
        .output()
        .unwrap();
    let escaped = |bytes: &[u8]| bytes.contains(&0x1b);
    (escaped(&output.stderr), escaped(&output.stdout))
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    assert_eq!(colours(&[], "--color=auto"), (false, false));
    assert_eq!(colours(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], "--color=auto"), (false, false));
    assert_eq!(colours(&[("CLICOLOR_FORCE", "1")], "--color=never"), (false, false));
    assert!(colours(&[("CLICOLOR_FORCE", "1")], "--color=auto").0);
    assert!(colours(&[], "--color=always").0);
    assert!(colours(&[("NO_COLOR", "1")], "--color=always").0, "what is typed outweighs the environment");
}

#[test]
fn the_human_report_is_coloured_when_asked() {
    assert!(colours(&[], "--color=always").1);
}

#[test]
fn quiet_leaves_errors_only() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.txt"), TEXT).unwrap();
    fs::write(directory.path().join("empty.txt"), "").unwrap();
    fs::write(directory.path().join("b.unknown"), [0, 1]).unwrap();
    let output = run_in(directory.path(), "scan --quiet -o json=r.json .");
    assert_exit(&output, 0);
    assert_eq!(stderr(&output), "");
    let output = run_in(directory.path(), "scan --quiet . missing.txt");
    assert_exit(&output, 2);
    assert!(stderr(&output).lines().all(|line| line.starts_with("error:")), "{}", stderr(&output));
}
