//! The evaluation sets of a folder, told by their files.
//!
//! A set is a folder with `docs.SIDE.jsonl.gz` or `docs-PART.SIDE.jsonl.gz`, where SIDE names the half of the set. What
//! it asks for:
//!
//! | beside the documents | task |
//! |---|---|
//! | `truth.SIDE.tsv` | pairs of documents: near-duplicates, reuse |
//! | `truth.SIDE.jsonl.gz` | passages of listed pairs; in a folder whose name begins with `quote`, quotations that they share |
//! | `quotes.SIDE.jsonl.gz` | quotations, with speakers where it has them; `marked.SIDE.jsonl.gz`: what is between marks |
//! | documents with `blocks` | boilerplate blocks |
//!
//! Anything else (pairs of sentences) is left to the commands that answer it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// One half of one set.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) part: Option<String>,
    pub(crate) side: String,
    pub(crate) documents: PathBuf,
    pub(crate) task: Task,
}

pub(crate) enum Task {
    Pairs { truth: PathBuf },
    Passages { truth: PathBuf },
    Travels { truth: PathBuf },
    Quotations { truth: PathBuf, marked: Option<PathBuf> },
    Blocks,
}

impl Set {
    /// The name in tables and of files: `set`, `set/part`, with the half behind unless it is the one to develop on.
    pub(crate) fn label(&self) -> String {
        let part = self.part.as_ref().map_or(String::new(), |part| format!("-{part}"));
        let side = if self.side == "dev" { String::new() } else { format!(".{}", self.side) };
        format!("{}{part}{side}", self.name)
    }

    /// The texts by id.
    pub(crate) fn texts(&self) -> BTreeMap<String, String> {
        records(&self.documents)
            .map(|record| (record["id"].as_str().unwrap().to_owned(), record["text"].as_str().unwrap().to_owned()))
            .collect()
    }
}

/// All sets below a folder, or the chosen ones.
pub(crate) fn find(folder: &Path, chosen: &[String]) -> Vec<Set> {
    let mut sets = Vec::new();
    for name in names_in(folder) {
        if !chosen.is_empty() && !chosen.contains(&name) {
            continue;
        }
        for file in names_in(&folder.join(&name)) {
            let Some((part, side)) = file
                .strip_prefix("docs")
                .and_then(|rest| rest.strip_suffix(".jsonl.gz"))
                .and_then(|rest| rest.split_once('.'))
            else {
                continue;
            };
            let beside = |file: String| Some(folder.join(&name).join(file)).filter(|path| path.exists());
            let documents = folder.join(&name).join(&file);
            let task = if let Some(truth) = beside(format!("truth.{side}.tsv")) {
                Task::Pairs { truth }
            } else if let Some(truth) = beside(format!("truth.{side}.jsonl.gz")) {
                if name.starts_with("quote") { Task::Travels { truth } } else { Task::Passages { truth } }
            } else if let Some(truth) = beside(format!("quotes.{side}.jsonl.gz")) {
                Task::Quotations { truth, marked: beside(format!("marked.{side}.jsonl.gz")) }
            } else if records(&documents).next().is_some_and(|record| record["blocks"].is_array()) {
                Task::Blocks
            } else {
                continue;
            };
            let part = part.strip_prefix('-').map(str::to_owned);
            sets.push(Set { name: name.clone(), part, side: side.to_owned(), documents, task });
        }
    }
    sets
}

/// The pairs that a truth of passages lists.
pub(crate) fn listed_pairs(truth: &Path) -> Vec<(String, String)> {
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    records(truth).map(|record| (id(&record["a"]), id(&record["b"]))).collect()
}

/// The byte at which each character of a text begins, and its end.
pub(crate) fn bytes(text: &str) -> Vec<u64> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).map(|at| at as u64).collect()
}

/// The lines of a file.
pub(crate) fn records(path: &Path) -> impl Iterator<Item = Value> {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path).unwrap())).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}
