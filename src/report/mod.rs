//! Report: one renderer file a format, all writing to any [`io::Write`].
//!
//! **Idea.** A [`Report`] borrows what a scan read, was told and found; a renderer walks it once, in the order in which
//! the engine put it, and writes. Nothing is decided here: no threshold, no order of findings, no verdict. What exists
//! only here is what people and editors need beside the evidence: line numbers (`lines`), short excerpts (`excerpt`),
//! dates with their precision (`dates`) and escapes for characters that would drive a terminal (`escape`).
//!
//! **Formats.** [`Format::Human`] is for eyes; [`Format::Json`], [`Format::Jsonl`] and [`Format::Tsv`] are for programs
//! and documented field by field in `docs/formats.md`; the JSON ones have a schema, `docs/report.v1.schema.json`.
//!
//! **Complexity and memory.** Every machine format streams: one pass, O(1) memory beyond the scan itself (and 4 bytes
//! for every 4 KiB of text whose lines were asked for). A line number costs at most 4 KiB of counting, whatever the
//! document. The human report orders documents, O(n log n) in their number, with some words of memory for each.
//!
//! **What it gives up.** Excerpts are short, so the texts are still needed to see all of a long passage ([`explain`]
//! does).

pub mod check;
mod dates;
pub(crate) mod escape;
pub(crate) mod excerpt;
mod human;
mod json;
mod jsonl;
pub(crate) mod lines;
mod names;
pub mod quotes;
mod totals;
pub mod trace;
mod tsv;
pub(crate) mod view;

use std::io;

use crate::document::Corpus;
use crate::finding::Scan;
use crate::settings::Settings;

pub use escape::inert;
pub use names::{UnknownFormat, UnknownLedgerChoice};

/// Everything that a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was read.
    pub corpus: &'a Corpus,
    /// What was found in it.
    pub scan: &'a Scan,
    /// What decided the result.
    pub settings: &'a Settings,
    /// Which documents' ledgers the JSON formats list.
    pub ledger: LedgerChoice,
}

/// Which documents, with their ledgers, the JSON formats list. Summaries count all of them in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LedgerChoice {
    /// Every document of the corpus.
    #[default]
    All,
    /// Documents that a finding or a cluster names, or whose ledger has anything but original text.
    Touched,
    /// None.
    None,
}

/// A way to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people at a terminal, in a pipe or in a file.
    #[default]
    Human,
    /// One JSON object, `dittograph.report.v1`.
    Json,
    /// The same as a stream of events, one JSON object a line.
    Jsonl,
    /// One line an occurrence and one a member of a cluster, separated by tabs.
    Tsv,
}

/// How the human report looks. Only looks: nothing here changes what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// Columns of the terminal or page. Under 40 counts as 40; text is set no wider than 120.
    pub width: usize,
    /// Whether to write ANSI colours. Without them changed words are marked `[-old-] {+new+}`.
    pub color: bool,
    /// Whether to draw with characters beyond ASCII (the texts themselves are shown as they are).
    pub unicode: bool,
    /// How many findings and clusters to show, worst first; `None` shows all.
    pub limit: Option<usize>,
}

impl Default for Appearance {
    /// 80 columns, no colour, Unicode, 20 findings.
    fn default() -> Self {
        Appearance { width: 80, color: false, unicode: true, limit: Some(20) }
    }
}

/// Writes a report in a format. `appearance` matters to [`Format::Human`] only. Output is buffered here and flushed.
///
/// # Errors
/// Whatever `out` returns, with its kind (a closed pipe stays [`io::ErrorKind::BrokenPipe`]).
#[inline(never)] // counted by itself
pub fn write(report: &Report, format: Format, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<()> {
    let view = view::View::new(report);
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match format {
        Format::Human => human::write(&view, appearance, &mut out)?,
        Format::Json => json::write(&view, &mut out)?,
        Format::Jsonl => jsonl::write(&view, &mut out)?,
        Format::Tsv => tsv::write(&view, &mut out)?,
    }
    io::Write::flush(&mut out)
}

/// Writes the full evidence for a finding or a cluster: every occurrence or member, every measure, every edit.
/// Returns whether there is one with this id.
///
/// # Errors
/// Whatever `out` returns.
pub fn explain(report: &Report, id: u64, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<bool> {
    let view = view::View::new(report);
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let found = human::explain(&view, id, appearance, &mut out)?;
    io::Write::flush(&mut out)?;
    Ok(found)
}

/// The ids of findings and clusters that begin with these hexadecimal digits (either case), ascending, each once.
/// Nothing begins with an empty prefix, or with one that is not hexadecimal.
pub fn find_ids(report: &Report, prefix: &str) -> Vec<u64> {
    names::find_ids(report.scan, prefix)
}

/// A number with its thousands set apart: `1,234,567`.
pub fn group_thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
