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
pub mod cleaning;
mod clusters;
mod connected;
mod coverage;
pub mod date;
pub mod document;
mod extension;
mod facts;
mod families;
pub mod finding;
mod findings;
mod frame;
mod furniture;
mod hash;
pub mod input;
pub mod journal;
mod lanes;
mod lexicon;
mod likeness;
mod matches;
mod moulds;
mod passages;
pub mod plan;
mod postings;
pub mod progress;
mod reading;
#[cfg(test)]
mod recall;
pub mod removal;
pub mod report;
mod resemblance;
mod selection;
pub mod settings;
mod shape;
mod sketches;
pub mod storage;
mod survey;
pub mod text;
mod texts;
mod units;
mod wording;

use census::Census;
use document::Corpus;
use families::Families;
use finding::{Rule, Scan, Statistics};
use progress::Progress;
use reading::Reading;
use resemblance::Candidates;
use settings::Settings;
use storage::Storage;
use survey::Survey;
use units::{Units, UnitsInLayouts};

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
    let wants_any = |rules: &[Rule]| rules.iter().any(|rule| settings.wants(*rule));
    let wants_wholes = wants_any(&[Rule::NearDuplicate, Rule::Contained]);
    let wants_passages = wants_any(&[Rule::DoubledText, Rule::SharedPassage]);

    let wants_layouts = wants_passages || settings.wants(Rule::Boilerplate);

    let documents = corpus.documents.len() as u64;
    let mut reading = Reading::new(&corpus.documents);
    if wants_layouts {
        progress.begin("text", documents);
        reading = reading.keep(progress);
    }
    progress.begin("survey", documents);
    let mut survey = Survey::take(&reading, storage, progress);
    check(storage)?;
    progress.begin("census", 0);
    let units = survey.count_units();
    if units > u64::from(u32::MAX) {
        return Err(ScanError::TooLarge(units));
    }
    let mut census = Census::take(&reading, storage, &mut survey);
    let mut statistics = Statistics {
        documents,
        bytes: corpus.documents.iter().map(|document| document.text.len() as u64).sum(),
        tokens: survey.tokens.iter().map(|tokens| u64::from(*tokens)).sum(),
        units,
        distinct_units: census.distinct,
        furniture_units: census.count_furniture(&survey),
        ..Statistics::default()
    };

    let mut clusters = Vec::new();
    if wants_wholes {
        progress.begin("resemblance", 0);
        survey.renew(&reading, &census);
        let candidates = Candidates::propose(&mut survey, storage);
        check(storage)?;
        statistics.document_candidates = candidates.count();
        progress.begin("clusters", 0);
        let groups = clusters::join(&candidates, &reading, &census, settings);
        statistics.document_pairs = groups.verified;
        clusters = findings::judge_groups(corpus, &groups.groups);
    }

    let (mut passages, mut furniture) = (Vec::new(), Vec::new());
    let mut layouts = Vec::new();
    if wants_layouts {
        census.keep_all(&reading);
        layouts = reading.into_layouts();
        progress.begin("units", 0);
        let units = Units::intern(&layouts);
        progress.begin("families", 0);
        let families = Families::group(&UnitsInLayouts(&units, &layouts));
        statistics.unit_candidates = families.candidates;
        statistics.unit_pairs = families.verified;
        statistics.families = families.count();
        if wants_passages {
            progress.begin("lexicon", 0);
            let replaced = lexicon::merge(&corpus.documents, &mut layouts);
            statistics.near_words = replaced.len() as u64;
            progress.begin("anchors", 0);
            let anchors = anchors::collect(&layouts, &units, &families, &census);
            statistics.anchors = anchors.len() as u64;
            progress.begin("matches", documents);
            let weights = extension::Weights::count(&layouts, &units, &families);
            let moulds = moulds::Moulds { layouts: &layouts, weights, min_words: settings.min_words };
            let search = matches::Search {
                documents: &corpus.documents,
                layouts: &layouts,
                segments: &census.segments(&layouts),
                anchors: &anchors,
                moulds: &moulds,
                likeness: likeness::Likeness::of(settings),
                settings,
            };
            let found = search.run(progress);
            statistics.links = found.links;
            statistics.links_thinned = found.links_thinned;
            statistics.chained_pairs = found.pairs;
            statistics.matches = found.matches.len() as u64;
            drop(anchors);
            progress.begin("passages", 0);
            passages = passages::group(found, &corpus.documents, settings, &moulds);
            lexicon::restore(&mut layouts, replaced);
        }
        if settings.wants(Rule::Boilerplate) {
            furniture = furniture::gather(&layouts, &units, &families, &census);
        }
    }
    progress.begin("findings", 0);
    let judge = findings::Judge { corpus, layouts: &layouts, settings };
    let findings = judge.judge(&passages, &furniture);
    let ledgers = judge.ledgers(&survey.tokens, &passages, &furniture);
    check(storage)?;
    match corpus.failure() {
        Some(failure) => Err(ScanError::Changed(failure)),
        None => Ok(Scan { findings, clusters, ledgers, statistics }),
    }
}

/// Fails if records were lost: nothing should be made of the rest.
fn check(storage: &Storage) -> Result<(), ScanError> {
    storage.failure().map_or(Ok(()), |failure| Err(ScanError::Storage(failure)))
}
