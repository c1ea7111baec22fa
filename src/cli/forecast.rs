//! `--plan`: what a scan would take, told before it is done.
#![allow(clippy::disallowed_methods, reason = "a part of the corpus is scanned to see how long it takes")]

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use dittograph::finding::{Rule, Scan};
use dittograph::plan::{Plan, megabytes};
use dittograph::progress::Silent;
use dittograph::storage::Storage;

use super::appearance;
use super::exit::Exit;
use super::inspection::PLAIN;
use super::job::Job;
use super::messages::{grouped, plural};

/// Bytes of the sample.
const SAMPLE: u64 = 12_000_000;

/// Plans a scan, and tells.
pub(crate) fn tell(job: &Job) -> anyhow::Result<Exit> {
    let (stages, pool) = (job.stages(), job.pool()?);
    let begun = Instant::now();
    let corpus = job.read(&pool, &stages)?;
    let reading = begun.elapsed();
    job.messages.tell_of_input(&corpus);
    let plan = pool.install(|| Plan::of(&corpus, &job.settings));
    let sample = pool.install(|| corpus.draw_sample(SAMPLE));
    let of_sample: u64 = sample.documents.iter().map(|document| document.text.len() as u64).sum();
    let begun = Instant::now();
    let scan = pool.install(|| dittograph::scan_within(&Storage::default(), &sample, &job.settings, &Silent))?;
    let time = begun.elapsed().mul_f64(plan.bytes as f64 / of_sample.max(1) as f64) + reading;
    stages.rest();

    let limit = job.memory_limit();
    let words = plan.tokens;
    let mut out = appearance::stdout(appearance::of_stdout(&PLAIN, true));
    let mut row = |name: &str, value: String| writeln!(out, "{name:<16} {value}");
    row(
        "documents",
        format!("{}, {} of text, about {} words", grouped(plan.documents), megabytes(plan.bytes), rounded(words)),
    )?;
    row("time", format!("about {}", lasting(time)))?;
    let memory = plan.memory(limit);
    let beyond =
        if memory > limit { format!(", more than the {} that may be used", megabytes(limit)) } else { String::new() };
    row("memory", format!("about {}{beyond}", megabytes(memory)))?;
    let disk = plan.disk(limit);
    let files = if disk == 0 {
        "none".to_owned()
    } else {
        format!("about {} in {}", megabytes(disk), job.temporary_folder().display())
    };
    row("temporary files", files)?;
    let count = sample.documents.len() as u64;
    let share = count_repeated(&scan) as u64 * 100 / count.max(1);
    row("repeated", format!("{share} % of the documents or more, judged by {}", plural(count, "document")))?;
    out.flush()?;
    Ok(job.end(&corpus))
}

/// How many documents repeat another, or are repeated.
fn count_repeated(scan: &Scan) -> usize {
    let members = scan.clusters.iter().flat_map(|cluster| cluster.members.iter().map(|member| member.document));
    let findings = scan.findings.iter().filter(|finding| finding.rule != Rule::Boilerplate);
    let places = findings.flat_map(|finding| finding.occurrences.iter().map(|place| place.document));
    members.chain(places).collect::<BTreeSet<u32>>().len()
}

/// Two digits of a number tell enough.
fn rounded(number: u64) -> String {
    let unit = 10u64.pow(number.checked_ilog10().unwrap_or(0).saturating_sub(1));
    grouped((number + unit / 2) / unit * unit)
}

fn lasting(time: Duration) -> String {
    match time.as_secs() {
        0 => "a second".to_owned(),
        seconds @ 1..120 => plural(seconds + 1, "second"),
        seconds @ 120..7200 => plural(seconds / 60 + 1, "minute"),
        seconds => plural(seconds / 3600 + 1, "hour"),
    }
}
