//! Repeats: the stages from texts to passages, run one after the other.
//!
//! What comes of them is judged elsewhere: [findings](crate::findings) tell what a corpus says more than once,
//! [trace](crate::trace) tells what each document took from which.

use crate::census::Census;
use crate::clusters;
use crate::document::Corpus;
use crate::extension::Weights;
use crate::families::Families;
use crate::finding::{Cluster, Confidence, Rule, Statistics};
use crate::passages::{self, Passage};
use crate::progress::Progress;
use crate::reading::Reading;
use crate::resemblance::Candidates;
use crate::settings::Settings;
use crate::storage::Storage;
use crate::survey::Survey;
use crate::text::Layout;
use crate::units::{Units, UnitsInLayouts};
use crate::{ScanError, anchors, findings, furniture, lexicon, likeness, matches, moulds};

/// What repeats are looked for for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    /// So many documents, the first, are what others may have text in common with.
    pub(crate) sources: usize,
    /// Whether passages are kept that longer ones imply: they tell who said a part of those first.
    pub(crate) keeps_implied: bool,
}

impl Scope {
    /// All that is repeated, each thing said once.
    pub(crate) const SCAN: Scope = Scope { sources: usize::MAX, keeps_implied: false };
}

/// What a corpus repeats, before it is judged.
pub(crate) struct Repeats {
    /// Tokens of each document.
    pub(crate) tokens: Vec<u32>,
    /// Documents that repeat each other as wholes; judged at once, since groups take more room.
    pub(crate) clusters: Vec<Cluster>,
    /// Units and tokens of each document; empty if nothing was looked for that needs them.
    pub(crate) layouts: Vec<Layout>,
    pub(crate) passages: Vec<Passage>,
    pub(crate) furniture: Vec<(Passage, Confidence)>,
    /// Which words are common; of a corpus without layouts none.
    pub(crate) weights: Option<Weights>,
    pub(crate) statistics: Statistics,
}

/// Finds what the settings ask for.
pub(crate) fn find(
    storage: &Storage,
    corpus: &Corpus,
    settings: &Settings,
    scope: Scope,
    progress: &dyn Progress,
) -> Result<Repeats, ScanError> {
    let wants_any = |rules: &[Rule]| rules.iter().any(|rule| settings.wants(*rule));
    let wants_wholes = wants_any(&[Rule::NearDuplicate, Rule::Contained]);
    let wants_passages = wants_any(&[Rule::DoubledText, Rule::SharedPassage]);

    let wants_layouts = wants_passages || settings.wants_quotes() || settings.wants(Rule::Boilerplate);

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

    let mut judged = Vec::new();
    if wants_wholes {
        progress.begin("resemblance", 0);
        survey.renew(&reading, &census);
        let candidates = Candidates::propose(&mut survey, storage);
        check(storage)?;
        statistics.document_candidates = candidates.count();
        progress.begin("clusters", 0);
        let groups = clusters::join(&candidates, &reading, &census, settings);
        statistics.document_pairs = groups.verified;
        judged = findings::judge_groups(corpus, &groups.groups);
    }

    let (mut passages, mut furniture) = (Vec::new(), Vec::new());
    let mut weights = None;
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
            let counted = Weights::count(&layouts, &units, &families);
            let moulds = moulds::Moulds { layouts: &layouts, weights: counted, min_words: settings.min_words };
            let search = matches::Search {
                documents: &corpus.documents,
                layouts: &layouts,
                segments: &census.segments(&layouts),
                anchors: &anchors,
                moulds: &moulds,
                likeness: likeness::Likeness::of(settings),
                settings,
                sources: scope.sources,
            };
            let found = search.run(progress);
            statistics.links = found.links;
            statistics.links_thinned = found.links_thinned;
            statistics.chained_pairs = found.pairs;
            statistics.matches = found.matches.len() as u64;
            drop(anchors);
            progress.begin("passages", 0);
            passages = passages::group(found, &corpus.documents, settings, &moulds, scope.keeps_implied);
            weights = Some(moulds.weights);
            lexicon::restore(&mut layouts, replaced);
        }
        if settings.wants_quotes() && weights.is_none() {
            weights = Some(Weights::count(&layouts, &units, &families));
        }
        if settings.wants(Rule::Boilerplate) {
            furniture = furniture::gather(&layouts, &units, &families, &census);
        }
    }
    check(storage)?;
    Ok(Repeats { tokens: survey.tokens, clusters: judged, layouts, passages, furniture, weights, statistics })
}

/// Fails if records were lost: nothing should be made of the rest.
fn check(storage: &Storage) -> Result<(), ScanError> {
    storage.failure().map_or(Ok(()), |failure| Err(ScanError::Storage(failure)))
}
