//! Instructions and bytes of the stages, which are the same on a quiet machine and on a busy one:
//! `cargo bench --bench instructions`, with `valgrind` installed.
//!
//! Runs the built program on one thread under `callgrind` and `dhat`, on invented news of a fixed seed, and compares with
//! `benches/instructions.tsv`: a stage that takes a tenth more instructions than there, or a run whose peak on the heap is a
//! tenth higher, fails. `-- --accept` writes the figures of this run into that file, for whoever means the change (and for
//! a new compiler, which moves them by some percent); `-- --program PATH` measures a release build that is there already.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop, and prints what it measured")]

#[path = "../tests/support/corpus/mod.rs"]
mod corpus;
#[allow(dead_code, reason = "the peers ask for more of it")]
#[path = "peers/news.rs"]
mod news;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use corpus::language::Language;

/// Figures that are kept, by the names of run and stage.
type Figures = BTreeMap<String, u64>;

/// A run: its name, how many documents it is given, its arguments, and its stages with the functions that they are.
struct Run {
    name: &'static str,
    documents: usize,
    arguments: &'static [&'static str],
    stages: &'static [(&'static str, &'static str)],
}

const RUNS: [Run; 2] = [
    Run {
        name: "clusters",
        documents: 2000,
        arguments: &["--only", "near-duplicate,contained", "--similarity", "0.8"],
        stages: &[
            ("input", "dittograph::input::corpus::read"),
            ("survey", "dittograph::survey::Survey::take"),
            ("census", "dittograph::census::Census::take"),
            ("resemblance", "dittograph::resemblance::Candidates::propose"),
            ("clusters", "dittograph::clusters::join"),
            ("report", "dittograph::report::write"),
        ],
    },
    Run {
        name: "full",
        documents: 500,
        arguments: &[],
        stages: &[
            ("text", "dittograph::reading::Reading::keep"),
            ("survey", "dittograph::survey::Survey::take"),
            ("census", "dittograph::census::Census::take"),
            ("families", "dittograph::families::Families::group"),
            ("lexicon", "dittograph::lexicon::merge"),
            ("anchors", "dittograph::anchors::collect"),
            ("matches", "dittograph::matches::Search::run"),
            ("passages", "dittograph::passages::group"),
            ("quotations", "dittograph::quotations::find"),
            ("speakers", "dittograph::speakers::name_speakers"),
            ("utterances", "dittograph::utterances::gather"),
            ("report", "dittograph::report::write"),
        ],
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let accepts = arguments.iter().any(|argument| argument == "--accept");
    let mut behind = arguments.iter().skip_while(|argument| *argument != "--program");
    let program = match (behind.next(), behind.next()) {
        (None, _) => PathBuf::from(env!("CARGO_BIN_EXE_dittograph")),
        (Some(_), Some(path)) if !path.starts_with('-') => PathBuf::from(path),
        _ => panic!("--program needs the path of a release build"),
    };
    let folder = tempfile::tempdir().unwrap();
    let mut figures = Figures::new();
    for run in &RUNS {
        let path = folder.path().join(format!("{}.jsonl", run.name));
        let mut file = BufWriter::new(File::create(&path).unwrap());
        news::Corpus::new(1, run.documents, &Language::new()).write(&mut file).unwrap();
        file.flush().unwrap();
        measure(&program, run, &path, folder.path(), &mut figures);
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.tsv");
    if accepts {
        let lines: Vec<String> = figures.iter().map(|(name, figure)| format!("{name}\t{figure}\n")).collect();
        fs::write(&page, lines.concat()).unwrap();
        println!("written: {}", page.display());
        return;
    }
    let kept = read_figures(&fs::read_to_string(&page).unwrap());
    assert!(kept.keys().eq(figures.keys()), "other stages than in {}: run with `-- --accept`", page.display());
    let mut grown = Vec::new();
    for (name, figure) in &figures {
        let share = *figure as f64 / kept[name] as f64;
        println!("{name:<28} {figure:>14}  {:+6.1} %", (share - 1.0) * 100.0);
        if share > 1.1 {
            grown.push(name.as_str());
        }
    }
    assert!(grown.is_empty(), "more than a tenth above {}: {}", page.display(), grown.join(", "));
}

/// Instructions of a run and of its stages, and the most bytes that it has on the heap.
fn measure(program: &Path, run: &Run, path: &Path, folder: &Path, figures: &mut Figures) {
    let counts = folder.join("callgrind");
    valgrind(&["--tool=callgrind", &format!("--callgrind-out-file={}", counts.display())], program, run, path);
    let annotated =
        Command::new("callgrind_annotate").arg("--inclusive=yes").arg("--threshold=100").arg(&counts).output();
    let annotated = String::from_utf8_lossy(&annotated.unwrap().stdout).into_owned();
    let of = |function: &str| {
        // `1,234 (56.78%)  src/file.rs:path::function [program]`: a function has a line for each file inlined into it. A
        // build that knows no lines of source has `???` for the file.
        let counted = annotated.lines().filter(|line| {
            let named = line.split_once(".rs:").or_else(|| line.split_once("???:"));
            named.is_some_and(|(_, rest)| rest.split([' ', '\'']).next() == Some(function))
        });
        let numbers = counted.filter_map(|line| number(line.split_whitespace().next()?));
        numbers.max().unwrap_or_else(|| panic!("{function} is not among the functions counted: was it inlined?"))
    };
    for (stage, function) in run.stages {
        figures.insert(format!("{} {stage}, instructions", run.name), of(function));
    }
    let total = annotated
        .lines()
        .find(|line| line.contains("PROGRAM TOTALS"))
        .and_then(|line| number(line.split_whitespace().next()?));
    figures.insert(format!("{}, instructions", run.name), total.unwrap());
    let told =
        valgrind(&["--tool=dhat", &format!("--dhat-out-file={}", folder.join("dhat").display())], program, run, path);
    let peak = told.lines().find_map(|line| number(line.split_once("At t-gmax:")?.1.split_whitespace().next()?));
    figures.insert(format!("{}, bytes at peak", run.name), peak.unwrap());
}

/// Runs the program under a tool; what the tool says.
fn valgrind(tool: &[&str], program: &Path, run: &Run, path: &Path) -> String {
    let mut command = Command::new("valgrind");
    command.args(tool).arg(program).args(["scan", "--threads", "1", "--format", "json"]).args(run.arguments).arg(path);
    let outcome =
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdout(Stdio::null()).output();
    let outcome = outcome.expect("valgrind is installed");
    let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert!(outcome.status.success(), "{told}");
    told
}

fn read_figures(page: &str) -> Figures {
    page.lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, figure)| (name.to_owned(), figure.parse().unwrap()))
        .collect()
}

/// A number with commas.
fn number(text: &str) -> Option<u64> {
    text.replace(',', "").parse().ok()
}
