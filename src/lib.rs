//! dittograph finds what a corpus says more than once, and proves it.
//!
//! The modules are the stages, in the order in which the data goes:
//!
//! ```text
//!  input ─► reading ─► survey ─► census ─┬─► resemblance ─► clusters ───────────────────────────────┐
//!           (text)    (sketches) (frame, │                 (coverage, facts)                        ├─► findings ─► report
//!                                 shape) └─► units ─► families ─► lexicon ─► anchors ─► matches ─► passages
//!                                                              (chains, extension, alignment)
//! ```
//!
//! [`input::read`] makes a [`Corpus`] of files, [`scan`] finds what it repeats, [`report::write`] tells it. The library
//! never prints, exits, or reads the clock or the environment; equal corpora and settings give equal results to the
//! byte.

mod alignment;
mod anchors;
mod census;
mod chains;
pub mod check;
pub mod cleaning;
mod clusters;
pub mod config;
mod connected;
mod coverage;
pub mod date;
pub mod document;
mod edits;
mod extension;
mod facts;
mod families;
pub mod finding;
mod findings;
mod frame;
mod furniture;
mod hash;
mod imprint;
pub mod input;
pub mod journal;
mod lanes;
mod ledger;
mod lexicon;
mod likeness;
mod marks;
mod matches;
mod moulds;
mod nesting;
mod passages;
pub mod plan;
mod postings;
pub mod progress;
mod quotations;
mod quoted;
pub mod quotes;
mod reading;
#[cfg(test)]
mod recall;
pub mod removal;
mod repeats;
pub mod report;
mod resemblance;
mod selection;
mod sense;
pub mod settings;
mod shape;
mod sketches;
mod speakers;
pub mod storage;
mod survey;
pub mod text;
mod texts;
pub mod trace;
mod units;
mod utterances;
mod wording;

use document::Corpus;
use finding::Scan;
use progress::Progress;
use repeats::Scope;
use settings::Settings;
use storage::Storage;

/// Why a scan came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Texts that were left in their file could not be read again.
    #[error("{0}; nothing can be said of a corpus that changes: scan it again")]
    Changed(String),
    /// A temporary file could not be written or read.
    #[error("{0}")]
    Storage(String),
    /// There are more sentences, headings and lines than can be numbered.
    #[error("the corpus has {0} sentences and lines, more than the {max} that can be numbered: scan it in parts", max = u32::MAX)]
    TooLarge(u64),
}

/// Finds everything that the corpus says more than once.
///
/// Runs on the current rayon pool; the result does not depend on its size. The documents must be in the order of
/// [`Corpus::documents`]; only the rules in [`Settings::only`] are looked for, and the ledgers speak of those alone.
///
/// # Errors
/// If a file that texts were left in was changed, or cannot be read any more.
pub fn scan(corpus: &Corpus, settings: &Settings, progress: &dyn Progress) -> Result<Scan, ScanError> {
    scan_within(&Storage::default(), corpus, settings, progress)
}

/// Does the same, and keeps in memory, of what it notes of each document, no more than a storage allows.
///
/// The result is the same for any limit. What passages need is held in any case, if they are looked for.
///
/// # Errors
/// As [`scan`], or if a temporary file cannot be written or read.
pub fn scan_within(
    storage: &Storage,
    corpus: &Corpus,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Scan, ScanError> {
    let repeats = repeats::find(storage, corpus, settings, Scope::SCAN, progress)?;
    let judge = findings::Judge { corpus, layouts: &repeats.layouts, settings };
    let quoted = match repeats.weights.as_ref().filter(|_| settings.wants_quotes()) {
        Some(weights) => quoted::gather(&quotes::follow(corpus, &repeats.layouts, weights, progress), &repeats.layouts),
        None => Vec::new(),
    };
    progress.begin("findings", 0);
    let ledgers = judge.ledgers(&repeats.tokens, &repeats.passages, &repeats.furniture, &quoted);
    let quoted = quoted::leave_news(quoted, &repeats.passages);
    let findings = judge.judge(&repeats.passages, &repeats.furniture, &quoted);
    corpus.check()?;
    Ok(Scan { findings, clusters: repeats.clusters, ledgers, statistics: repeats.statistics })
}
