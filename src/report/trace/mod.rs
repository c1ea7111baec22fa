//! Reports of a trace: who took what from whom, and what was changed.
//!
//! As with [reports of a scan](crate::report), nothing is decided here. [`TraceFormat::Human`] is for eyes; the others
//! are for programs and spreadsheets, documented in `docs/formats.md`; JSON has a schema, `docs/trace.v1.schema.json`.

mod human;
mod json;
mod tables;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;

use super::Appearance;
use super::view::Texts;
use crate::document::Corpus;
use crate::finding::{Ledger, Role};
use crate::settings::Settings;
use crate::trace::{Passage, Reason, Relation, Target, Trace, TraceOptions};

/// Everything that a report of a trace is made from.
#[derive(Debug, Clone, Copy)]
pub struct TraceReport<'a> {
    /// What was read, [arranged](crate::trace::arrange).
    pub corpus: &'a Corpus,
    /// What was found.
    pub trace: &'a Trace,
    /// What decided the result.
    pub settings: &'a Settings,
    /// What else did.
    pub options: &'a TraceOptions,
}

/// A way to write a report of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TraceFormat {
    /// For people at a terminal, in a pipe or in a file.
    #[default]
    Human,
    /// One JSON object, `dittograph.trace.v1`.
    Json,
    /// A table with one line a passage.
    Passages,
    /// A table with one line a target: its ledger.
    Targets,
    /// A table with one line a source: what was taken from it.
    Sources,
    /// A table of sources by targets: shares of the target taken from the source.
    Matrix,
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is named `{0}`; there are human, json, passages, targets, sources and matrix")]
pub struct UnknownTraceFormat(pub String);

impl TraceFormat {
    /// Every format, the default first.
    pub const ALL: [TraceFormat; 6] = [
        TraceFormat::Human,
        TraceFormat::Json,
        TraceFormat::Passages,
        TraceFormat::Targets,
        TraceFormat::Sources,
        TraceFormat::Matrix,
    ];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            TraceFormat::Human => "human",
            TraceFormat::Json => "json",
            TraceFormat::Passages => "passages",
            TraceFormat::Targets => "targets",
            TraceFormat::Sources => "sources",
            TraceFormat::Matrix => "matrix",
        }
    }
}

impl FromStr for TraceFormat {
    type Err = UnknownTraceFormat;

    fn from_str(name: &str) -> Result<Self, UnknownTraceFormat> {
        let found = TraceFormat::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownTraceFormat(name.to_owned()))
    }
}

impl fmt::Display for TraceFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Writes a report in a format. `appearance` matters to [`TraceFormat::Human`] only. Output is buffered here and flushed.
///
/// # Errors
/// Whatever `out` returns, with its kind.
pub fn write(
    report: &TraceReport,
    format: TraceFormat,
    appearance: Appearance,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = TraceView { texts: Texts::of(report.corpus), report };
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match format {
        TraceFormat::Human => human::write(&view, appearance, &mut out)?,
        TraceFormat::Json => json::write(&view, &mut out)?,
        TraceFormat::Passages => tables::write_passages(&view, &mut out)?,
        TraceFormat::Targets => tables::write_targets(&view, &mut out)?,
        TraceFormat::Sources => tables::write_sources(&view, &mut out)?,
        TraceFormat::Matrix => tables::write_matrix(&view, &mut out)?,
    }
    io::Write::flush(&mut out)
}

/// A report with its texts.
struct TraceView<'a> {
    texts: Texts<'a>,
    report: &'a TraceReport<'a>,
}

impl<'a> TraceView<'a> {
    fn trace(&self) -> &'a Trace {
        self.report.trace
    }
}

/// The relations of a target by their source.
fn by_source(target: &Target) -> BTreeMap<u32, &Relation> {
    target.relations.iter().map(|relation| (relation.source, relation)).collect()
}

/// The verdict on a passage and its reason: that on its source, but a quotation alone proves nothing.
fn verdict(relations: &BTreeMap<u32, &Relation>, passage: &Passage) -> (Role, &'static str) {
    match relations.get(&passage.source) {
        Some(relation) if !passage.is_quotation => (relation.role, relation.reason.text()),
        Some(_) => (Role::Undecided, Reason::Quotation.text()),
        None => (Role::Undecided, ""),
    }
}

/// Tokens taken from others, whichever.
fn taken(ledger: &Ledger) -> u64 {
    super::totals::reused(ledger)
}
