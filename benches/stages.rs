//! Each stage on its own, on 2,000 planted documents: `cargo bench --bench stages [-- STAGE]`.
//!
//! The stages inside the engine are not public, and a bench should not make them so. [`scan`] announces each stage as
//! it begins; a stage's time is the time from its announcement to the next one's. So one bench a stage runs whole
//! scans and counts only its own stage. Every scan's answer is checked: a stage that is fast because it finds nothing
//! does not count. Runs on one thread: the sum over stages, not the machine's number of cores, is what is compared.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a bench may stop, and has to look at the clock")]

#[path = "../tests/support/corpus/mod.rs"]
mod corpus;

use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use corpus::language::Language;
use corpus::page::json_lines;
use corpus::plant::{Amounts, planted};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use dittograph::document::{Corpus, Document, Origin};
use dittograph::finding::Scan;
use dittograph::input::{InputOptions, read};
use dittograph::progress::{Progress, Silent};
use dittograph::report::{self, Appearance, Format, LedgerChoice, Report};
use dittograph::scan;
use dittograph::settings::Settings;
use dittograph::text::lay_out;

const AMOUNTS: Amounts = Amounts {
    hosts: 400,
    per_kind: 80,
    doubled: 60,
    sites: 20,
    versions: 120,
    updates: 80,
    reprints: 300,
    unrelated: 300,
};

/// The stages of a scan, by the names that it announces.
const STAGES: [&str; 10] =
    ["text", "units", "families", "census", "resemblance", "clusters", "anchors", "matches", "passages", "findings"];

/// Notes when each stage began.
#[derive(Default)]
struct Stopwatch(Mutex<Vec<(&'static str, Instant)>>);

impl Progress for Stopwatch {
    fn begin(&self, stage: &'static str, _total: u64) {
        self.0.lock().unwrap().push((stage, Instant::now()));
    }

    fn advance(&self, _steps: u64) {}
}

impl Stopwatch {
    /// Time from the stage's beginning to the next one's, or to the end.
    fn time_of(self, stage: &str, end: Instant) -> Duration {
        let begun = self.0.into_inner().unwrap();
        let place = begun.iter().position(|(name, _)| *name == stage).unwrap_or_else(|| panic!("no stage {stage:?}"));
        begun.get(place + 1).map_or(end, |next| next.1) - begun[place].1
    }
}

fn corpus() -> Corpus {
    let mut documents: Vec<Document> = planted(5, AMOUNTS, &Language::new())
        .documents
        .into_iter()
        .map(|document| Document {
            id: document.id.into(),
            origin: Origin::plain("planted.jsonl"),
            record: None,
            source: document.source.map(Into::into),
            date: None,
            label: None,
            text: document.text.into(),
        })
        .collect();
    documents.sort_by(|one, other| one.id.cmp(&other.id));
    Corpus { documents, ..Corpus::default() }
}

/// Panics when a scan missed what cannot be missed.
fn check(scan: &Scan) {
    let largest = scan.clusters.first().map_or(0, |cluster| cluster.members.len());
    assert_eq!(largest, AMOUNTS.reprints, "the reprints are one cluster");
    assert!(scan.findings.len() > AMOUNTS.doubled * 3 + AMOUNTS.per_kind * 4, "{} findings", scan.findings.len());
}

fn benches(criterion: &mut Criterion) {
    let corpus = corpus();
    let settings = Settings::default();
    let bytes: u64 = corpus.documents.iter().map(|document| document.text.len() as u64).sum();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();

    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group.bench_function("lay_out", |bencher| {
        bencher.iter(|| {
            corpus.documents.iter().map(|document| black_box(lay_out(&document.text)).units.len()).sum::<usize>()
        });
    });
    for stage in STAGES {
        group.bench_function(stage, |bencher| {
            bencher.iter_custom(|rounds| {
                (0..rounds)
                    .map(|_| {
                        let stopwatch = Stopwatch::default();
                        let result = pool.install(|| scan(&corpus, &settings, &stopwatch).unwrap());
                        let end = Instant::now();
                        check(&result);
                        stopwatch.time_of(stage, end)
                    })
                    .sum()
            });
        });
    }
    group.bench_function("scan", |bencher| {
        bencher.iter(|| pool.install(|| scan(&corpus, &settings, &Silent).unwrap()));
    });
    ends(&mut group, &corpus, &settings);
    group.finish();
}

/// The stages before and after a scan: reading JSON Lines, writing reports.
fn ends(group: &mut BenchmarkGroup<'_, WallTime>, corpus: &Corpus, settings: &Settings) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("planted.jsonl");
    std::fs::write(&path, json_lines(&planted(5, AMOUNTS, &Language::new()).documents)).unwrap();
    let options = InputOptions { paths: vec![path.to_string_lossy().into_owned()], ..InputOptions::default() };
    group.bench_function("input", |bencher| {
        bencher.iter(|| {
            let read = read(&options, &mut std::io::empty(), &Silent).unwrap();
            assert_eq!(read.documents.len(), corpus.documents.len());
            read
        });
    });
    let result = scan(corpus, settings, &Silent).unwrap();
    let told = Report { corpus, scan: &result, settings, ledger: LedgerChoice::All };
    for (name, format) in
        [("human", Format::Human), ("json", Format::Json), ("jsonl", Format::Jsonl), ("tsv", Format::Tsv)]
    {
        group.bench_function(format!("report {name}"), |bencher| {
            bencher.iter(|| {
                let mut out = Vec::new();
                report::write(&told, format, Appearance { limit: None, ..Appearance::default() }, &mut out).unwrap();
                assert!(out.len() > 10_000, "a report with something in it");
                out
            });
        });
    }
}

criterion_group!(stages, benches);
criterion_main!(stages);
