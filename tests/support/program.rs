//! The built program, run as a user runs it: arguments in, bytes out, and the most memory it ever held.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::report::Report;

/// What a run gave.
pub(crate) struct Outcome {
    /// Exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    /// Most resident memory in bytes, where the system or the program tells.
    pub(crate) peak: Option<u64>,
    pub(crate) elapsed: Duration,
}

/// A run that takes longer hangs, for all that a test can tell.
const LIMIT: Duration = Duration::from_secs(1800);

/// Runs the program to its end, in a scrubbed environment. Output goes through files: no full pipe can hold it up.
pub(crate) fn run<I, S>(arguments: I) -> Outcome
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    run_in(Path::new("."), arguments)
}

/// The same, from a working directory.
#[allow(clippy::disallowed_methods, reason = "a test may time the program; its own verdicts never depend on it")]
pub(crate) fn run_in<I, S>(directory: &Path, arguments: I) -> Outcome
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let (out, err) = (scratch.path().join("stdout"), scratch.path().join("stderr"));
    let begin = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dittograph"));
    command.env_clear().current_dir(directory).args(arguments).stdin(Stdio::null());
    for kept in ["PATH", "TMPDIR", "SystemRoot", "TEMP"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command.stdout(File::create(&out).expect("a file for stdout"));
    command.stderr(File::create(&err).expect("a file for stderr"));
    let mut child = command.spawn().expect("the program starts");
    let mut peak = None;
    let status = loop {
        peak = peak.max(high_water_mark(child.id()));
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            break status;
        }
        if begin.elapsed() > LIMIT {
            child.kill().expect("the child can be ended");
            child.wait().expect("the child can be waited for");
            panic!("the program ran for more than {LIMIT:?}");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let elapsed = begin.elapsed();
    let stdout = fs::read(&out).expect("stdout is there");
    let stderr = String::from_utf8_lossy(&fs::read(&err).expect("stderr is there")).into_owned();
    let peak = peak.max(statistic(&stderr, "peak memory"));
    Outcome { code: status.code(), stdout, stderr, peak, elapsed }
}

/// Scans with JSON on stdout and takes the report apart; panics with what the program said when that fails.
pub(crate) fn scan<I, S>(arguments: I) -> (Report, Outcome)
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let outcome = scan_bytes(arguments);
    let report = match Report::parse(&outcome.stdout) {
        Ok(report) => report,
        Err(error) => panic!(
            "the report cannot be read: {error}\n{}",
            String::from_utf8_lossy(&outcome.stdout[..outcome.stdout.len().min(2000)])
        ),
    };
    (report, outcome)
}

/// Scans with JSON on stdout; panics unless the program ends with 0.
pub(crate) fn scan_bytes<I, S>(arguments: I) -> Outcome
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut all: Vec<std::ffi::OsString> = ["scan", "--format", "json"].map(Into::into).to_vec();
    all.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
    let outcome = run(&all);
    assert_eq!(outcome.code, Some(0), "{all:?} failed:\n{}", outcome.stderr);
    outcome
}

/// The report on a file of this name and content, as it stands.
pub(crate) fn scan_content(name: &str, content: &str) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("the file can be written");
    serde_json::from_slice(&scan_bytes([path]).stdout).expect("the report is JSON")
}

/// The most memory that a living process ever held, in bytes. The mark only rises, so the last reading before the end
/// is short of the true peak by no more than what the last milliseconds added.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// A figure of `--stats`: the first number on the line that begins with the name, times its unit.
pub(crate) fn statistic(stderr: &str, name: &str) -> Option<u64> {
    stderr.lines().find_map(|line| {
        let line = line.trim().to_lowercase().replace(['_', '-'], " ");
        let rest = line.strip_prefix(name)?.trim_start_matches([' ', '\t', ':', '=', '.']);
        let end = rest.find(|c: char| !c.is_ascii_digit() && !",.'".contains(c)).unwrap_or(rest.len());
        let number: f64 = rest[..end].trim_end_matches('.').replace([',', '\''], "").parse().ok()?;
        let unit = match rest[end..].trim_start().split(|c: char| !c.is_alphabetic()).next() {
            Some("kb") => 1e3,
            Some("mb") => 1e6,
            Some("gb") => 1e9,
            Some("kib") => 1024.0,
            Some("mib") => 1024.0 * 1024.0,
            Some("gib") => 1024.0 * 1024.0 * 1024.0,
            _ => 1.0,
        };
        Some((number * unit) as u64)
    })
}
