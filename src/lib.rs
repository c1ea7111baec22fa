//! dittograph finds what a corpus says more than once, and proves it.
//!
//! The modules are the stages, in the order in which the data goes.

pub mod date;
pub mod document;
pub mod finding;
pub mod input;
pub mod progress;
pub mod report;
pub mod settings;
pub mod text;

use document::Corpus;
use finding::Scan;
use progress::Progress;
use settings::Settings;

/// Finds everything that the corpus says more than once.
pub fn scan(corpus: &Corpus, settings: &Settings, progress: &dyn Progress) -> Scan {
    let _ = (corpus, settings, progress);
    Scan::default()
}
