//! No explosion: corpora made to blow up whoever compares all with all. Memory, the size of the report, and the
//! counts of candidates and links stay in proportion to the input; the time is printed, not judged.
//!
//! By default the corpora are a tenth of the size that the promise is about, for the sake of test builds that are
//! hardly optimised. With `DITTOGRAPH_FULL=1` (and `--release`) they are the real thing.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use support::corpus::language::Language;
use support::corpus::page::{Block, Page};
use support::corpus::plant::Maker;
use support::corpus::random::Random;
use support::program::{self, Outcome, statistic};
use support::report::Report;

const MEGABYTE: u64 = 1_000_000;

fn is_full() -> bool {
    std::env::var_os("DITTOGRAPH_FULL").is_some_and(|value| value == "1")
}

/// The promised size, or a tenth of it.
fn size(promised: usize) -> usize {
    if is_full() { promised } else { promised / 10 }
}

/// The memory promised for an input: three times its size and 100 MB. In small a tenth of the 100 MB, or they would
/// hide everything, and 22 MB for the program itself, which does not shrink: its code, and what the allocator keeps of
/// what was freed. Following quotations after the passages holds less than they did, but in other pieces.
fn memory(input: u64) -> u64 {
    3 * input + if is_full() { 100 * MEGABYTE } else { 32 * MEGABYTE }
}

struct Case {
    name: String,
    input: u64,
    report: Report,
    outcome: Outcome,
}

fn scan(name: &str, path: &Path) -> Case {
    // Two threads: each has a heap of its own, and the promise is not about the number of cores.
    let options = ["--stats", "--threads", "2"].map(AsRef::as_ref);
    let run = || program::scan([path.as_os_str()].into_iter().chain(options));
    let (report, mut outcome) = run();
    // What else the system keeps of a process differs by two megabytes from run to run: the least of three is its need.
    for _ in 0..2 {
        if outcome.peak.is_some_and(|peak| peak > memory(fs::metadata(path).unwrap().len())) {
            outcome.peak = outcome.peak.min(run().1.peak);
        }
    }
    let case = Case { name: name.to_owned(), input: fs::metadata(path).unwrap().len(), report, outcome };
    case.stay_in_proportion();
    case
}

impl Case {
    fn counted(&self, name: &str) -> u64 {
        statistic(&self.outcome.stderr, name)
            .unwrap_or_else(|| panic!("--stats does not tell {name:?}:\n{}", self.outcome.stderr))
    }

    /// What holds for every corpus, however it repeats itself.
    fn stay_in_proportion(&self) {
        let Case { name, input, report, outcome } = self;
        let json = outcome.stdout.len() as u64;
        println!(
            "{name}: input {:.1} MB, {} tokens, report {:.2} MB, peak {:.1} MB, {:.1?}",
            *input as f64 / 1e6,
            report.corpus.tokens,
            json as f64 / 1e6,
            outcome.peak.unwrap_or(0) as f64 / 1e6,
            outcome.elapsed
        );
        println!("{}", outcome.stderr.trim_end());
        // Linux tells; elsewhere there is nothing to judge.
        if cfg!(target_os = "linux") || outcome.peak.is_some() {
            let peak = outcome.peak.unwrap();
            assert!(peak <= memory(*input), "{name}: {peak} bytes of memory for {input} of input");
        }
        assert!(json <= 3 * input, "{name}: {json} bytes of report for {input} of input");
        let (tokens, units, documents) = (report.corpus.tokens, report.corpus.units, report.corpus.documents);
        // A unit is compared with some tens of others at most (rows of one form come nearest to it), a document with
        // some tens, and a place is linked with 64 others at most. A partner brings words that no other did.
        for (what, most) in [
            ("unit candidates", 4 * tokens),
            ("unit pairs verified", 8 * units),
            ("document candidates", 128 * documents),
            ("document pairs verified", 64 * documents),
            ("anchors", 2 * tokens),
            ("links", 64 * tokens),
            ("pairs chained", 64 * documents + tokens / 8),
            ("matches", tokens),
        ] {
            let counted = self.counted(what);
            assert!(counted <= most, "{name}: {counted} {what}, of {tokens} tokens {most} at most");
        }
    }
}

fn create(folder: &Path, name: &str) -> (PathBuf, BufWriter<File>) {
    let path = folder.join(name);
    let file = BufWriter::new(File::create(&path).unwrap());
    (path, file)
}

#[test]
fn many_documents_that_share_one_line() {
    let count = size(100_000);
    let language = Language::new();
    let mut maker = Maker::new(1, &language);
    let folder = tempfile::tempdir().unwrap();
    let (path, mut file) = create(folder.path(), "one-line.jsonl");
    let line = "Sign up for our newsletter and get the best of the week in your mailbox every Saturday.";
    for number in 0..count {
        let writer = maker.writer();
        let mut blocks: Vec<Block> = (0..3).map(|_| Block::Paragraph(vec![maker.fresh_sentence(&writer)])).collect();
        let place = maker.random.between(0, 3);
        blocks.insert(place, Block::Furniture(line.to_owned()));
        let page = Page { id: format!("d{number:06}"), source: None, day: number as u32 % 900, blocks, story: None };
        writeln!(file, "{}", page.render().json_line()).unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("documents that share one line", &path);
    let found: Vec<_> = case.report.findings_of("boilerplate").collect();
    assert_eq!(found.len(), 1, "one boilerplate finding");
    assert_eq!(found[0].occurrences.len(), count);
    assert!(case.report.clusters.is_empty());
    let passages: usize = case.report.findings_of("shared-passage").map(|finding| finding.occurrences.len()).sum();
    println!("shared by chance: {passages} occurrences");
    assert!(passages * 1000 < count * 5, "documents with one line in common share {passages} passages");
}

#[test]
fn a_document_of_equal_lines() {
    let count = size(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let sentence = "The council will meet on Monday to talk about the new bridge over the river.";
    for (name, line, end) in [("equal-lines", sentence, "\n"), ("equal-lines-apart", sentence, "\n\n")] {
        let (path, mut file) = create(folder.path(), &format!("{name}.txt"));
        for _ in 0..count {
            file.write_all(line.as_bytes()).unwrap();
            file.write_all(end.as_bytes()).unwrap();
        }
        file.into_inner().unwrap();
        let case = scan(name, &path);
        assert!(case.outcome.stdout.len() as u64 <= MEGABYTE * count as u64 / 1_000_000 + 4000);
        assert_eq!(case.report.findings.len(), 1, "one finding");
        let finding = &case.report.findings[0];
        assert_eq!(finding.rule, "doubled-text");
        let copies: u64 = finding.occurrences.iter().map(|occurrence| occurrence.count).sum();
        assert_eq!(copies, count as u64);
    }
    // Of single words nothing is promised but the proportion.
    let (path, mut file) = create(folder.path(), "equal-words.txt");
    for _ in 0..count {
        file.write_all(b"Sport\n").unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("equal lines of one word", &path);
    assert!(case.report.findings.len() <= 1);
}

#[test]
fn many_reprints_of_one_story() {
    let count = size(10_000);
    let language = Language::new();
    for (name, is_exact) in [("reprints-exact", true), ("reprints-edited", false)] {
        let mut maker = Maker::new(2, &language);
        let dispatch = maker.dispatch(500, count);
        let folder = tempfile::tempdir().unwrap();
        let (path, mut file) = create(folder.path(), &format!("{name}.jsonl"));
        for number in 0..count {
            // The first reprint is the dispatch as it was sent.
            let page = maker.reprint(&dispatch, if is_exact { 0 } else { number });
            let page = Page { id: format!("r{number:06}"), ..page };
            writeln!(file, "{}", page.render().json_line()).unwrap();
        }
        file.into_inner().unwrap();
        let case = scan(name, &path);
        let sizes: Vec<usize> =
            case.report.clusters_of("near-duplicate").map(|cluster| cluster.members.len()).collect();
        assert_eq!(sizes, [count], "{name}: one cluster of all");
        // Outlets' names may be called furniture; the story never. The longest line of a head has a few words.
        let longest = case.report.findings_of("boilerplate").map(|finding| finding.tokens).max().unwrap_or(0);
        assert!(longest <= 5, "{name}: a run of {longest} tokens of the story is called furniture");
    }
}

#[test]
fn one_very_long_line() {
    let bytes = size(50_000_000);
    let language = Language::new();
    let folder = tempfile::tempdir().unwrap();
    let mut maker = Maker::new(3, &language);

    let (path, mut file) = create(folder.path(), "sentences.txt");
    let mut written = 0;
    let mut writer = maker.writer();
    while written < bytes {
        if maker.random.chance(1, 20) {
            writer = maker.writer();
        }
        let sentence = writer.sentence(&mut maker.random).render();
        written += sentence.len() + 1;
        write!(file, "{sentence} ").unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("one line of sentences", &path);
    println!("{} findings by chance", case.report.findings.len());

    let path = folder.path().join("word.txt");
    fs::write(&path, "again ".repeat(bytes / 6)).unwrap();
    let case = scan("one line of one word", &path);
    assert_eq!(case.report.findings.len(), 1, "one finding");
    let copies: u64 = case.report.findings[0].occurrences.iter().map(|occurrence| occurrence.count).sum();
    assert_eq!(copies, bytes as u64 / 6);

    let path = folder.path().join("letter.txt");
    fs::write(&path, "a".repeat(bytes)).unwrap();
    let case = scan("one token of one letter", &path);
    assert_eq!((case.report.findings.len(), case.report.corpus.tokens), (0, 1));

    let mut random = Random::new(4);
    let letters: String = (0..bytes).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
    let path = folder.path().join("letters.txt");
    fs::write(&path, letters).unwrap();
    let case = scan("one token of many letters", &path);
    assert_eq!((case.report.findings.len(), case.report.corpus.tokens), (0, 1));
}

#[test]
fn rows_of_one_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(5);
    let name = |random: &mut Random| -> String { (0..7).map(|_| char::from(b'a' + random.below(16) as u8)).collect() };

    // A log: every line has the form of every other, and other figures.
    let (path, mut file) = create(folder.path(), "log.txt");
    for _ in 0..size(80_000) {
        let figures = [24, 60, 60, 4, 9000, 256, 256, 256, 256, 64000].map(|bound| random.below(bound));
        let [hour, minute, second, host, process, a, b, c, d, port] = figures;
        writeln!(
            file,
            "Nov 22 {hour:02}:{minute:02}:{second:02} host{host} sshd[{process}]: connection from {a}.{b}.{c}.{d} \
             port {port} closed by the remote user"
        )
        .unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("a log", &path);
    println!("{} findings by chance", case.report.findings.len());
    assert!(case.outcome.stdout.len() as u64 * 20 <= case.input);

    // Two documents with a table each.
    let (path, mut file) = create(folder.path(), "tables.jsonl");
    for number in 0..2 {
        let rows: Vec<String> = (0..size(25_000))
            .map(|_| format!("{} {} {} pounds net", name(&mut random), name(&mut random), random.below(10_000)))
            .collect();
        writeln!(file, "{}", serde_json::json!({ "id": number.to_string(), "text": rows.join("\n") })).unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("two tables", &path);
    println!("{} findings by chance", case.report.findings.len());
    assert!(case.outcome.stdout.len() as u64 * 20 <= case.input);

    // Many documents with a list each, of sentences.
    let (path, mut file) = create(folder.path(), "prices.jsonl");
    for number in 0..size(500) {
        let rows: Vec<String> = (0..250)
            .map(|_| {
                let (one, other) = (name(&mut random), name(&mut random));
                format!("The price of {one} {other} is {} crowns a pound.", random.below(1000))
            })
            .collect();
        writeln!(file, "{}", serde_json::json!({ "id": format!("{number:03}"), "text": rows.join("\n\n") })).unwrap();
    }
    file.into_inner().unwrap();
    let case = scan("lists of prices", &path);
    println!("{} findings by chance", case.report.findings.len());
}
