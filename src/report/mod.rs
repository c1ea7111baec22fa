//! Report: one renderer a format. (Stand-in.)
#![allow(missing_docs)]

use std::io::{self, Write};

use crate::document::Corpus;
use crate::finding::Scan;
use crate::settings::Settings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerChoice {
    All,
    Touched,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Human,
    Json,
    Jsonl,
    Tsv,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Tsv => "tsv",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        [Format::Human, Format::Json, Format::Jsonl, Format::Tsv]
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| format!("unknown format {name:?}"))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Appearance {
    pub width: usize,
    pub color: bool,
    pub unicode: bool,
    pub limit: Option<usize>,
}

pub struct Report<'a> {
    pub corpus: &'a Corpus,
    pub scan: &'a Scan,
    pub settings: &'a Settings,
    pub ledger: LedgerChoice,
}

pub fn write(report: &Report<'_>, format: Format, appearance: Appearance, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {appearance:?} {}", format.name(), report.corpus.documents.len())
}

pub fn explain(report: &Report<'_>, id: u64, _appearance: Appearance, out: &mut dyn Write) -> io::Result<bool> {
    writeln!(out, "{id:016x} {}", report.corpus.documents.len()).map(|()| false)
}

pub fn find_ids(report: &Report<'_>, prefix: &str) -> Vec<u64> {
    let found = report.scan.findings.iter().map(|f| f.id).chain(report.scan.clusters.iter().map(|c| c.id));
    found.filter(|id| format!("{id:016x}").starts_with(prefix)).collect()
}

impl Default for Appearance {
    fn default() -> Self {
        Appearance { width: 80, color: false, unicode: true, limit: Some(20) }
    }
}
