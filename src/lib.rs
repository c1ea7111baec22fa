//! dittograph finds what a corpus says more than once, and proves it.
//!
//! The modules are the stages, in the order in which the data goes:
//!
//! ```text
//!  input ─► text ─► units ─► families ─► census ─┬─► lexicon ─► anchors ─► matches ─► passages ──┐
//!                                (frame, shape) │         (chains, extension, alignment)        ├─► findings ─► report
//!                                                └─► resemblance ─► clusters ────────────────────┘
//!                                                                  (coverage, facts)
//! ```
//!
//! [`input::read`] makes a [`Corpus`] of files, [`scan`] finds what it repeats, [`report::write`] tells it. The library
//! never prints, exits, or reads the clock or the environment; equal corpora and settings give equal results to the
//! byte.

mod alignment;
mod anchors;
mod census;
mod chains;
mod clusters;
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
mod lexicon;
mod likeness;
mod matches;
mod moulds;
mod passages;
mod postings;
pub mod progress;
#[cfg(test)]
mod recall;
pub mod report;
mod resemblance;
pub mod settings;
mod shape;
pub mod text;
mod units;
mod wording;

use rayon::prelude::*;

use document::Corpus;
use finding::{Rule, Scan, Statistics};
use progress::Progress;
use settings::Settings;
use text::{Cutter, Layout};

/// Finds everything that the corpus says more than once.
///
/// Runs on the current rayon pool; the result does not depend on its size. The documents must be in the order of
/// [`Corpus::documents`]; only the rules in [`Settings::only`] are looked for, and the ledgers speak of those alone.
pub fn scan(corpus: &Corpus, settings: &Settings, progress: &dyn Progress) -> Scan {
    let documents = corpus.documents.len() as u64;
    progress.begin("text", documents);
    let mut layouts: Vec<Layout> = corpus
        .documents
        .par_iter()
        .map_init(Cutter::default, |cutter, document| {
            let layout = cutter.lay_out(&document.text).clone();
            progress.advance(1);
            layout
        })
        .collect();
    progress.begin("units", 0);
    let units = units::Units::intern(&layouts);
    progress.begin("families", 0);
    let families = families::Families::group(&units, &layouts);
    progress.begin("census", 0);
    let census = census::Census::take(&corpus.documents, &layouts, &units, &families);
    let mut statistics = Statistics {
        documents,
        bytes: corpus.documents.iter().map(|document| document.text.len() as u64).sum(),
        tokens: layouts.iter().map(|layout| layout.fingerprints.len() as u64).sum(),
        units: units.total() as u64,
        distinct_units: units.distinct() as u64,
        furniture_units: census.furniture,
        unit_candidates: families.candidates,
        unit_pairs: families.verified,
        families: families.count(),
        ..Statistics::default()
    };

    let mut clusters = Vec::new();
    if settings.wants(Rule::NearDuplicate) || settings.wants(Rule::Contained) {
        progress.begin("resemblance", 0);
        let candidates = resemblance::Candidates::propose(&layouts, &census);
        statistics.document_candidates = candidates.count();
        progress.begin("clusters", documents);
        let groups = clusters::join(&candidates, &corpus.documents, &layouts, &census, settings, progress);
        statistics.document_pairs = groups.verified;
        clusters = findings::Judge { corpus, layouts: &layouts, settings }.judge_groups(&groups.groups);
    }

    let mut passages = Vec::new();
    if settings.wants(Rule::DoubledText) || settings.wants(Rule::SharedPassage) {
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
            census: &census,
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
    progress.begin("findings", 0);
    let furniture = if settings.wants(Rule::Boilerplate) {
        furniture::gather(&layouts, &units, &families, &census)
    } else {
        Vec::new()
    };
    let judge = findings::Judge { corpus, layouts: &layouts, settings };
    let findings = judge.judge(&passages, &furniture);
    let ledgers = judge.ledgers(&passages, &furniture);
    Scan { findings, clusters, ledgers, statistics }
}
