//! `dittograph` beside its peers: `cargo bench --bench peers [-- [DOCUMENTS...] [--rounds N] [--only RUN]...]`.
//!
//! Makes a corpus of news-like documents with planted reprints for each size (10,000 and 100,000 documents by default),
//! installs the peers from the index of Python packages into environments of their own, runs everything in turns,
//! judges every answer by pairs whose resemblance was counted exactly, and writes medians into `docs/performance.md`.
//! With `--only` the tables are printed, not written. Without Python 3.11 or a network, what is missing is said in the
//! table, and `dittograph` and `wc` are measured all the same.
//!
//! What is run is declared in [`runs`], what the texts are in [`news`], what is to be found in [`truth`]. Everything is
//! kept in `target/peers`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench may stop, has to look at the clock, and prints what it measured"
)]

#[path = "../../tests/support/corpus/mod.rs"]
mod corpus;
mod environment;
mod judge;
mod news;
mod process;
mod runs;
mod table;
mod truth;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use corpus::language::Language;
use judge::Score;
use news::Corpus;
use process::Cost;
use runs::{Program, RUNS, Run};
use table::{Outcome, Results};
use truth::Truth;

const SEED: u64 = 1;
const SIZES: [usize; 2] = [10_000, 100_000];
const ROUNDS: usize = 3;
/// Beyond this many documents there is one round: it is long, and a passing disturbance small beside it.
const LARGE: usize = 10_000;

struct Options {
    sizes: Vec<usize>,
    rounds: usize,
    only: Vec<String>,
}

fn main() {
    let options = parse(std::env::args().skip(1));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    fs::create_dir_all(&folder).unwrap();
    let language = Language::new();
    let mut all = Vec::new();
    for &size in &options.sizes {
        let corpus = Corpus::new(SEED, size, &language);
        let path = folder.join("corpus.jsonl");
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
        corpus.write(&mut file).unwrap();
        file.flush().unwrap();
        let truth = Truth::of(&corpus);
        let chance = truth::chance(&corpus);
        assert!(chance < 0.02, "{chance}: unrelated documents share too much by chance");
        all.push(Results {
            documents: size,
            bytes: fs::metadata(&path).unwrap().len(),
            families: corpus.families.len(),
            pairs: truth.pairs.len(),
            border: truth.border.len(),
            chance,
            outcomes: measure(&options, size, &path, &truth, &folder),
        });
        publish(&all, &options);
    }
}

/// Prints what is measured so far, and writes it into the page.
fn publish(all: &[Results<'_>], options: &Options) {
    let tables = table::render(all);
    println!("{tables}");
    if options.only.is_empty() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
        let page = table::put(&fs::read_to_string(&path).unwrap(), &tables).expect("the page has the marks");
        fs::write(path, page).unwrap();
        println!("written: docs/performance.md");
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Options {
    let mut options = Options { sizes: Vec::new(), rounds: ROUNDS, only: Vec::new() };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // Cargo passes it along.
            "--bench" => {}
            "--rounds" => {
                options.rounds = arguments.next().and_then(|rounds| rounds.parse::<usize>().ok()).unwrap().max(1)
            }
            "--only" => options.only.extend(arguments.next()),
            size => options.sizes.push(size.parse().expect("a number of documents")),
        }
    }
    if options.sizes.is_empty() {
        options.sizes = SIZES.to_vec();
    }
    options
}

/// All runs on one corpus in turns, so that a busy minute of the machine meets all of them.
fn measure<'a>(options: &Options, size: usize, path: &Path, truth: &Truth, folder: &Path) -> Vec<Outcome<'a>> {
    let is_chosen = |run: &&Run| {
        run.most_documents >= size && (options.only.is_empty() || options.only.iter().any(|name| name == run.name))
    };
    let chosen: Vec<&Run> = RUNS.iter().filter(is_chosen).collect();
    let interpreters: Vec<_> = chosen.iter().map(|run| interpreter(run, folder)).collect();
    let mut tries: Vec<Vec<Result<Try, String>>> = chosen.iter().map(|_| Vec::new()).collect();
    for round in 0..if size > LARGE { 1 } else { options.rounds } {
        for (number, run) in chosen.iter().enumerate() {
            if round < run.most_rounds && tries[number].iter().all(Result::is_ok) {
                let result = interpreters[number].clone().and_then(|python| once(run, &python, path, truth, folder));
                match &result {
                    Ok(done) => println!("{size} documents, round {round}: {} {:.2} s", run.name, done.cost.seconds),
                    Err(reason) => println!("{size} documents, round {round}: {} {reason}", run.name),
                }
                tries[number].push(result);
            }
        }
    }
    chosen.into_iter().zip(tries).map(|(run, tries)| conclude(run, tries)).collect()
}

/// The interpreter of a peer; nothing for the others.
fn interpreter(run: &Run, folder: &Path) -> Result<PathBuf, String> {
    match run.program {
        Program::Peer { requirements, .. } => {
            environment::interpreter(folder, requirements).map_err(|reason| format!("not installed: {reason}"))
        }
        Program::WordCount | Program::Dittograph => Ok(PathBuf::new()),
    }
}

/// One round of one run.
struct Try {
    cost: Cost,
    score: Option<Score>,
}

fn once(run: &Run, python: &Path, corpus: &Path, truth: &Truth, folder: &Path) -> Result<Try, String> {
    let (out, answer) = (folder.join("out"), folder.join("answer"));
    let (cost, clusters) = match run.program {
        Program::WordCount => {
            (process::run(Command::new("wc").env("LC_ALL", "C.UTF-8").arg(corpus), &out)?, Vec::new())
        }
        Program::Dittograph => {
            let mut command = Command::new(env!("CARGO_BIN_EXE_dittograph"));
            command.args(["scan", "--quiet", "--format", "json"]).args(run.arguments).arg(corpus);
            (process::run(&mut command, &out)?, judge::read_report(&out)?)
        }
        Program::Peer { driver, .. } => {
            let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/drivers");
            let _ = fs::remove_file(&answer);
            let mut command = Command::new(python);
            command.env("PYTHONDONTWRITEBYTECODE", "1").arg(drivers.join(driver));
            command.arg(corpus).arg(&answer).args(run.arguments);
            (process::run(&mut command, &out)?, judge::read_lines(&answer)?)
        }
    };
    let Some(least) = run.least else { return Ok(Try { cost, score: None }) };
    let score = judge::judge(&clusters, truth);
    let [recall, precision] = least.map(|least| f64::from(least) / 1000.0);
    if score.recall < recall || score.precision < precision {
        return Err(format!(
            "void: recall {:.4}, precision {:.4}; declared {recall}, {precision}",
            score.recall, score.precision
        ));
    }
    Ok(Try { cost, score: Some(score) })
}

/// Medians of times and memory, if every round went well. The answer is that of the last round.
fn conclude<'a>(run: &'a Run, tries: Vec<Result<Try, String>>) -> Outcome<'a> {
    let tries: Vec<Try> = match tries.into_iter().collect() {
        Ok(tries) => tries,
        Err(reason) => return Outcome::Void { run, reason },
    };
    let mut seconds: Vec<f64> = tries.iter().map(|done| done.cost.seconds).collect();
    let mut peaks: Vec<Option<u64>> = tries.iter().map(|done| done.cost.peak).collect();
    let mut busy: Vec<f64> = tries.iter().filter_map(|done| done.cost.busy).collect();
    seconds.sort_unstable_by(f64::total_cmp);
    busy.sort_unstable_by(f64::total_cmp);
    peaks.sort_unstable();
    let middle = tries.len() / 2;
    let score = tries.last().and_then(|done| done.score);
    Outcome::Measured {
        run,
        rounds: tries.len(),
        seconds: seconds[middle],
        busy: busy.get(middle).copied(),
        peak: peaks[middle],
        score,
    }
}
