//! A command run to its end, with wall time, processor time and peak memory of it and its children.
//!
//! Both are read from `/proc` while the command runs. Memory is the most that it had at once by the kernel's own account, or the
//! most that all processes of its tree had together at a look, whichever is more. Pages that processes share are then
//! counted for each. Processor time tells how much of the wall time was waiting for others on a busy machine. Elsewhere
//! than on Linux there are no such figures.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A command that takes longer is ended.
const LONGEST: Duration = Duration::from_secs(3600);
const TICK: Duration = Duration::from_millis(1);
/// Memory is looked at every so many ticks.
const TICKS_PER_LOOK: u32 = 10;

pub(crate) struct Cost {
    pub(crate) seconds: f64,
    /// Seconds of all processors, to a hundredth.
    pub(crate) busy: Option<f64>,
    /// In bytes.
    pub(crate) peak: Option<u64>,
}

/// Runs a command; standard output goes to `out`. What it says on standard error is kept beside, for the reader.
pub(crate) fn run(command: &mut Command, out: &Path) -> Result<Cost, String> {
    let log = out.with_extension("log");
    let create = |path: &Path| File::create(path).map_err(|error| error.to_string());
    command.stdin(Stdio::null()).stdout(create(out)?).stderr(create(&log)?);
    let begin = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (mut peak, mut busy) = (0, None);
    let mut ticks = 0;
    let status = loop {
        if ticks % TICKS_PER_LOOK == 0 {
            peak = peak.max(memory(child.id()));
        }
        // Just before the look for its end: a process that has ended still shows its times until it is waited for.
        busy = processor_seconds(child.id()).or(busy);
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if begin.elapsed() > LONGEST {
            let _ = child.kill();
        }
        thread::sleep(TICK);
        ticks += 1;
    };
    let seconds = begin.elapsed().as_secs_f64();
    if status.success() {
        return Ok(Cost { seconds, busy, peak: Some(peak).filter(|&peak| peak > 0) });
    }
    let said = fs::read(log).unwrap_or_default();
    Err(String::from_utf8_lossy(&said).lines().last().map_or_else(|| status.to_string(), str::to_owned))
}

/// Processor time of a process and of the children that it waited for. The kernel counts hundredths of a second.
fn processor_seconds(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Fields 14 to 17; the second, a name in brackets, may hold anything.
    let fields = status.rsplit_once(')')?.1.split_whitespace().skip(11).take(4);
    let hundredths: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(hundredths as f64 / 100.0)
}

/// Bytes of memory of a process and all below it.
fn memory(root: u32) -> u64 {
    let mut now = 0;
    let mut waiting = vec![root];
    while let Some(process) = waiting.pop() {
        now += entry(process, "VmRSS:");
        for thread in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            waiting.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    now.max(entry(root, "VmHWM:"))
}

/// A figure of a process's status, in bytes; the kernel gives kilobytes.
fn entry(process: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes: u64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    kilobytes * 1024
}
