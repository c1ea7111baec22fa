//! How right the program is on real texts: `cargo bench --bench quality -- FOLDER [SET...]`.
//!
//! FOLDER holds evaluation sets, one folder each, and their scorers in `eval/` (Python 3.11 and its standard library).
//! Every set is scanned with the built program and its default settings, the report is turned into the predictions that
//! the scorers read, and the scorers' figures go into `docs/accuracy.md`, beside what `eval/selftest.py` prints as a
//! plain reference. With sets named, only these are scored, and the tables are printed rather than written.
//!
//! Who had what from whom is scored on generated stories, the set `newsroom`; what is found of quotations with edits
//! planted, and how it is named, on generated speeches, the set `altered`. Neither needs files.
//!
//! What a set asks for is told by its files, not by its name: see [`sets`]. What a report says about pairs of
//! documents, passages and blocks: see [`predictions`]; about quotations: [`quotations`]. `FOLDER` is never written to; predictions stay in
//! `target/quality`.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench may stop at what it did not expect, and prints what it measured"
)]

mod predictions;
mod quotations;
mod reuse;
mod scorers;
mod sets;
#[path = "../../tests/support/mod.rs"]
mod support;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use scorers::Scorers;
use serde_json::Value;
use sets::Task;
use support::corpus::language::Language;
use table::Table;

/// Generated cases of each kind of direction.
const CASES: usize = 200;
/// Quotations with each edit planted, of each length of an original.
const ROUNDS: usize = 60;
/// Sets that are generated.
const GENERATED: [&str; 2] = ["newsroom", "altered"];

fn main() {
    // Cargo passes `--bench` along.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        println!("quality: no folder of evaluation sets given, nothing scored");
        return;
    };
    let chosen: Vec<String> = arguments.collect();
    let sets = sets::find(&folder, &chosen);
    let is_generated = |name: &String| GENERATED.contains(&name.as_str());
    assert!(
        !sets.is_empty() || chosen.iter().any(is_generated),
        "{}: no evaluation set of that name",
        folder.display()
    );
    let scratch = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/quality");
    fs::create_dir_all(&scratch).unwrap();
    let scorers = Scorers { folder: folder.join("eval") };

    let reference = if chosen.is_empty() { scorers.reference() } else { Vec::new() };
    let mut table = Table::new(reference);
    for set in &sets {
        let write = |task: &str, lines: Vec<String>| {
            let path = scratch.join(format!("{}.{task}.jsonl", set.label()));
            fs::write(&path, lines.join("\n") + "\n").unwrap();
            path
        };
        match &set.task {
            Task::Pairs { truth } => {
                let report = predictions::scan(&set.documents, &[]);
                let duplicates = write("dup", predictions::duplicates(&report));
                table.add_duplicates(set, &scorers.pairs(set, truth, &duplicates, "dup"));
                let reused = write("reuse", predictions::reused(&report, &set.texts()));
                table.add_reuse(set, &scorers.pairs(set, truth, &reused, "reuse"));
            }
            Task::Passages { truth } => {
                let lines = predictions::passages(&set.texts(), &sets::listed_pairs(truth), &scratch);
                let path = write("passages", lines);
                table.add_passages(set, &scorers.passages(set, truth, &path));
            }
            Task::Travels { truth } => {
                let path = write("travels", quotations::travels(&predictions::quotes(&set.documents), &set.texts()));
                let [listed, open] = [false, true].map(|is_open| scorers.travels(set, truth, &path, is_open));
                table.add_travels(set, &listed, &open);
            }
            Task::Quotations { truth, marked } => {
                let report = predictions::quotes(&set.documents);
                let direct = write("direct", quotations::pieces(&report, &["speech"]));
                table.add_extraction(set, "direct", &scorers.quotations(set, truth, &direct, "direct"));
                if let Some(marked) = marked {
                    let path = write("marked", quotations::pieces(&report, &["speech", "fragment"]));
                    table.add_extraction(set, "marked", &scorers.quotations(set, marked, &path, "marked"));
                }
                let truth: Vec<Value> = sets::records(truth).collect();
                table.add_speakers(set, &quotations::speakers(&report, &truth, &set.texts()));
            }
            Task::Blocks => {
                let report = predictions::scan(&set.documents, &["--source-field", "site"]);
                let path = write("blocks", predictions::blocks(&report));
                table.add_blocks(set, &scorers.blocks(set, &path));
            }
        }
        println!("{}", set.label());
    }
    let is_chosen = |set: &str| chosen.is_empty() || chosen.iter().any(|name| name == set);
    if is_chosen("newsroom") {
        table.add_directions(&support::newsroom::KINDS, &support::verdicts::score_kinds(CASES));
    }
    if is_chosen("altered") {
        let coverage = support::speeches::cover(53, ROUNDS, &Language::new());
        table.add_quotations(&support::hearings::judge(&coverage, &support::hearings::hear(&coverage)));
    }
    let page = table.render();
    println!("{page}");
    if chosen.is_empty() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/accuracy.md");
        fs::write(&path, page).unwrap();
        println!("written: docs/accuracy.md");
    }
}
