//! Quotes: what was said, by whom, and how it travelled.
//!
//! **Idea.** Each document's quotations are found and judged by themselves (`quotations`), and given to their speakers
//! (`speakers`). Then all of them are followed through the corpus (`utterances`).
//!
//! **Memory.** The layouts, 8 bytes a token and 16 a unit; of each quotation about 150 bytes, and 40 for each of its words
//! while it is followed; while a document is read, what its longest part needs.
//!
//! **Gives up.** Speakers of a text longer than any novel are named part by part: somebody who is named in one part only
//! is not known in the next.

use rayon::prelude::*;

use crate::ScanError;
use crate::document::{Corpus, Side};
use crate::extension::Weights;
use crate::finding::{Span, Statistics};
use crate::progress::Progress;
use crate::quotations;
pub use crate::quotations::QuotationKind;
use crate::reading::Reading;
use crate::speakers;
pub use crate::speakers::Speaker;
use crate::text::{Layout, Unit};
use crate::units::Units;
use crate::utterances;
pub use crate::utterances::{Change, ChangeKind, Utterance, Variant};

/// All quotations of a corpus, and how they travelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quotes {
    /// By document, then by place.
    pub quotations: Vec<Quotation>,
    /// What stands in two places or more, by the first place.
    pub utterances: Vec<Utterance>,
    /// Counts of the work.
    pub statistics: Statistics,
}

/// What somebody said, or what else stands between quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// Rank of the document.
    pub document: u32,
    /// What it is.
    pub kind: QuotationKind,
    /// By which rule.
    pub rule: &'static str,
    /// From its first mark to its last one.
    pub whole: Span,
    /// The words between the marks, in order, without the narrator's.
    pub pieces: Vec<Span>,
    /// The words that say that somebody says it.
    pub cue: Option<Span>,
    /// To whom it was said.
    pub addressee: Option<Span>,
    /// Who said it.
    pub speaker: Option<Speaker>,
    /// The utterance that it is a variant of, by its number, if it stands elsewhere too.
    pub utterance: Option<u32>,
}

/// Finds the quotations of a corpus and follows them.
///
/// If some documents are references ([`Side`]), what the others quote is looked for in these:
/// an utterance has a variant in both, and the quotations are those of the others and of such utterances.
///
/// # Errors
/// If a file that texts were left in was changed, or cannot be read any more.
pub fn find(corpus: &Corpus, progress: &dyn Progress) -> Result<Quotes, ScanError> {
    let documents = corpus.documents.len() as u64;
    progress.begin("text", documents);
    let layouts = Reading::new(&corpus.documents).keep(progress).into_layouts();
    let units = Units::intern(&layouts);
    let weights = Weights::count_distinct(&layouts, &units);
    let mut quotes = follow(corpus, &layouts, &weights, progress);
    if corpus.documents.iter().any(|document| document.origin.side.is_reference()) {
        quotes = against_references(corpus, quotes);
    }
    quotes.statistics = Statistics {
        documents,
        bytes: corpus.documents.iter().map(|document| document.text.len() as u64).sum(),
        tokens: layouts.iter().map(|layout| layout.starts.len() as u64).sum(),
        units: layouts.iter().map(|layout| layout.units.len() as u64).sum(),
        distinct_units: units.distinct() as u64,
        ..Statistics::default()
    };
    corpus.check()?;
    Ok(quotes)
}

/// What is said of the documents that are no mere references, and of these with them.
fn against_references(corpus: &Corpus, mut quotes: Quotes) -> Quotes {
    let side = |document: u32| corpus.documents[document as usize].origin.side;
    let has = |utterance: &Utterance, wanted: fn(Side) -> bool| {
        utterance.variants.iter().any(|variant| wanted(side(variant.document)))
    };
    // What is named as both is compared with others, not with itself.
    let travels = |utterance: &Utterance| {
        let first = utterance.variants.first().map(|variant| variant.document);
        utterance.variants.iter().any(|variant| Some(variant.document) != first)
    };
    quotes.utterances.retain(|utterance| {
        has(utterance, Side::is_subject) && has(utterance, Side::is_reference) && travels(utterance)
    });
    let mut is_kept: Vec<bool> =
        quotes.quotations.iter().map(|quotation| side(quotation.document).is_subject()).collect();
    for variant in quotes.utterances.iter().flat_map(|utterance| &utterance.variants) {
        variant.quotation.into_iter().for_each(|quotation| is_kept[quotation as usize] = true);
    }
    // How many are kept before each.
    let numbers: Vec<u32> =
        is_kept.iter().scan(0, |kept, is_kept| Some(std::mem::replace(kept, *kept + u32::from(*is_kept)))).collect();
    for utterance in &mut quotes.utterances {
        utterance.reference = numbers[utterance.reference as usize];
        for variant in &mut utterance.variants {
            variant.quotation = variant.quotation.map(|quotation| numbers[quotation as usize]);
        }
    }
    let mut is_kept = is_kept.into_iter();
    quotes.quotations.retain(|_| is_kept.next().unwrap_or(false));
    number_utterances(&mut quotes);
    quotes
}

/// Gives what is cut from a longer quotation of its document, and of which nothing tells who said it, to the speaker of
/// that one: *“Growing” threat* in a headline.
fn give_to_speakers(quotes: &mut Quotes) {
    for utterance in &quotes.utterances {
        let Some(whole) = quotes.quotations.get(utterance.reference as usize) else { continue };
        let (document, speaker) = (whole.document, whole.speaker.clone());
        let Some(speaker) = speaker.filter(|_| whole.kind == QuotationKind::Speech) else { continue };
        for number in utterance.variants.iter().filter_map(|variant| variant.quotation) {
            let Some(cut) = quotes.quotations.get_mut(number as usize) else { continue };
            let is_unsaid = matches!(cut.kind, QuotationKind::Scare | QuotationKind::Fragment) && cut.speaker.is_none();
            if is_unsaid && cut.document == document && number != utterance.reference {
                if cut.kind == QuotationKind::Scare {
                    (cut.kind, cut.rule) = (QuotationKind::Fragment, "cut from a quotation");
                }
                cut.speaker = Some(Speaker { is_resolved: true, is_named: false, ..speaker.clone() });
            }
        }
    }
}

/// Tells each quotation which utterance it belongs to: the first that has it.
fn number_utterances(quotes: &mut Quotes) {
    quotes.quotations.iter_mut().for_each(|quotation| quotation.utterance = None);
    for (number, utterance) in (0u32..).zip(&quotes.utterances) {
        for quotation in utterance.variants.iter().filter_map(|variant| variant.quotation) {
            quotes.quotations[quotation as usize].utterance.get_or_insert(number);
        }
    }
}

/// Units of a text at most whose speakers are named at once: a long novel, so that memory is bounded.
const PART: usize = 1 << 14;

/// Names the speakers of a text's quotations.
fn name_speakers(text: &str, units: &[Unit], quotations: &[quotations::Quotation]) -> Vec<Option<Speaker>> {
    let mut rest = quotations;
    let parts = units.chunks(PART).flat_map(|units| {
        let end = units.last().map_or(0, |unit| unit.end);
        let (here, later) = rest.split_at(rest.partition_point(|quotation| quotation.whole.start < end));
        rest = later;
        speakers::name_speakers(text, units, here)
    });
    parts.collect()
}

/// Finds and follows the quotations of texts that were laid out.
pub(crate) fn follow(corpus: &Corpus, layouts: &[Layout], weights: &Weights, progress: &dyn Progress) -> Quotes {
    progress.begin("quotations", corpus.documents.len() as u64);
    let quotations: Vec<Quotation> = corpus
        .documents
        .par_iter()
        .zip(layouts)
        .enumerate()
        .flat_map_iter(|(rank, (document, layout))| {
            let found = quotations::find(&document.text, &layout.units);
            let speakers = name_speakers(&document.text, &layout.units, &found);
            progress.advance(1);
            found.into_iter().zip(speakers).map(move |(found, speaker)| Quotation {
                document: rank as u32,
                kind: found.kind,
                rule: found.rule,
                whole: found.whole,
                pieces: found.pieces,
                cue: found.cue,
                addressee: found.addressee,
                // Nobody says what is no speech.
                speaker: speaker.filter(|_| matches!(found.kind, QuotationKind::Speech | QuotationKind::Fragment)),
                utterance: None,
            })
        })
        .collect();
    progress.begin("utterances", 0);
    let mut quotes = Quotes { quotations, ..Quotes::default() };
    quotes.utterances = utterances::gather(corpus, layouts, weights, &quotes.quotations);
    number_utterances(&mut quotes);
    give_to_speakers(&mut quotes);
    quotes
}
