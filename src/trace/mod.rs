//! Trace: what each document took, from which other, and how it changed it.
//!
//! **Idea.** The stages find passages with all their occurrences (`repeats`), nested ones included, so that a part which
//! a third document said first is known as a passage of its own. For each occurrence in a target a few others may be its source (`candidates`); each is aligned with it word by word. What a target and a candidate have
//! in common in all is judged once, by dates, credit lines and what holds what (`direction`). Then every token of
//! the target goes to one claim: furniture, doubled text, and what stands elsewhere, of which a source that is credited
//! comes first, then the earliest, then the closest, then the longest. What nobody claims is the target's own. So the
//! [`Ledger`] adds up.
//!
//! The pieces that one target has from one source and that lie near each other in both are one passage
//! (`joining`), swapped paragraphs too; its edits are told word by word, and those that change what is said
//! (numbers, negations, who said it) by themselves (`changes`). What was done to the whole is its [`Anatomy`].
//!
//! **Versions.** Documents under one address, or given twice, are one work: none is the source of another.
//!
//! **Cost.** For each occurrence at most `candidates::MOST` alignments; the rest is linear in these and in the tokens.
//!
//! **Memory.** What a scan for passages needs, and those alignments.
//!
//! **Gives up.** Of more candidates than that, those from agencies and the earliest are looked at only. Where neither
//! dates nor credits tell, direction is left undecided: it is not guessed from wording.

mod anatomy;
mod candidates;
mod changes;
mod direction;
mod joining;
mod stories;
mod witness;
mod works;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

pub use changes::{Notable, NotableKind};
pub use direction::Reason;

use crate::ScanError;
use crate::document::Corpus;
use crate::finding::{Edit, Ledger, Role, Span, Statistics};
use crate::imprint::Agencies;
pub use crate::imprint::AgencyError;
use crate::ledger::{self, Claim, Precedence};
use crate::matches::Place;
use crate::progress::Progress;
use crate::quotes::{self, QuotationKind, Quotes, Variant};
use crate::repeats::{self, Repeats, Scope};
use crate::sense::Wording;
use crate::settings::Settings;
use crate::storage::Storage;
use candidates::{Candidates, Common};
use direction::{Judge, Verdict};
use joining::Joined;
use stories::Stories;
use witness::Witnesses;

/// What decides a trace beside the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceOptions {
    /// Whether references are what targets took from; else any document may be the source of any.
    pub has_sources: bool,
    /// Names of agencies beside those that are known.
    pub wires: Vec<String>,
}

impl TraceOptions {
    /// Fails if the name of an agency cannot be used.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub fn check(&self) -> Result<(), AgencyError> {
        Agencies::new(&self.wires).map(|_| ())
    }
}

/// Why a trace came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// The repeats could not be found.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// A name of an agency cannot be used.
    #[error(transparent)]
    Agency(#[from] AgencyError),
}

/// What all targets took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// By rank of the document.
    pub targets: Vec<Target>,
    /// What was taken from each source, most first.
    pub sources: Vec<Source>,
    /// Counts of the work.
    pub statistics: Statistics,
}

/// What one document took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Rank of the document.
    pub document: u32,
    /// Where its tokens come from; `reused` names the sources, `shared` counts what stands elsewhere too, direction
    /// undecided.
    pub ledger: Ledger,
    /// What it has in common with others, each place with one source, in reading order. What others took from it is told
    /// of them, unless the sources were named.
    pub passages: Vec<Passage>,
    /// The documents that it has something in common with, most tokens first.
    pub relations: Vec<Relation>,
    /// What it quotes, however short.
    pub quotations: Quotations,
}

/// Quotations of a target, counted as [`quotes`] finds them: speech and fragments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotations {
    /// All.
    pub all: u32,
    /// Those that stand in another document too; in a source, if sources were named.
    pub reused: u32,
    /// Those of them of which one form or the other may say something else.
    pub altered: u32,
}

/// A target and one other document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Rank of the other document.
    pub source: u32,
    /// Whether the target is a copy of the other, the original, or whether nothing tells.
    pub role: Role,
    /// Why.
    pub reason: Reason,
    /// The line that the reason is taken from, if there is one: rank of the document and place in it.
    pub evidence: Option<(u32, Span)>,
    /// Tokens of the target that the ledger puts down to it (taken, shared or quoted).
    pub counted: u32,
    /// Tokens of the target that the other says too, whoever they are put down to.
    pub same: u32,
    /// What was done to the original's text by the copy: to the target's, if it is the original; to the other's, if
    /// nothing tells.
    pub anatomy: Anatomy,
}

/// What was done to an original's text as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anatomy {
    /// Tokens of the original's story that stand in the copy.
    pub kept: u32,
    /// Tokens of the original's story.
    pub story: u32,
    /// Tokens at the end of the original that are missing, if the end was cut off; 0 if nothing tells which is the
    /// original.
    pub tail_cut: u32,
    /// Whether the copy begins in words of its own, where the original's beginning is missing.
    pub is_lead_rewritten: bool,
    /// Parts that stand in another order.
    pub moved: u32,
    /// Changes of who says something.
    pub attributions: u32,
    /// Changes of numbers.
    pub numbers: u32,
    /// Changes of negation.
    pub negations: u32,
}

/// One passage that a target and a source have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Rank of the source.
    pub source: u32,
    /// Where in the target.
    pub target_span: Span,
    /// Where in the source.
    pub source_span: Span,
    /// Whether it stands between quotation marks in both, so that both may have it from who said it.
    pub is_quotation: bool,
    /// Tokens that the ledger puts down to it.
    pub counted: u32,
    /// How many tokens stayed, changed, came and went.
    pub counts: Counts,
    /// Its parts, in the order of the target; several where the order differs.
    pub parts: Vec<Part>,
    /// Changes of what is said, in the order of the target.
    pub notables: Vec<Notable>,
}

/// A part of a passage, in one order on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where in the target.
    pub target_span: Span,
    /// Where in the source.
    pub source_span: Span,
    /// Whether it stands in another order than the rest.
    pub is_moved: bool,
    /// What leads from the source's words to the target's; `representative` is the source's side.
    pub edits: Vec<Edit>,
}

/// Tokens of a passage. `same + changed + inserted` are those of the target's span, `same + changed + deleted` those
/// of the source's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Equal on both sides.
    pub same: u32,
    /// Replaced, one for one.
    pub changed: u32,
    /// Only in the target.
    pub inserted: u32,
    /// Only in the source.
    pub deleted: u32,
}

/// What others took from a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Rank of the document.
    pub document: u32,
    /// Tokens that targets took from it.
    pub taken: u64,
    /// Targets that took something.
    pub targets: u32,
}

/// Puts a corpus into the order that [`trace`] asks for: references first, if they are the sources.
pub fn arrange(corpus: &mut Corpus, options: &TraceOptions) {
    if options.has_sources {
        corpus.documents.sort_by_key(|document| !document.origin.side.is_reference());
    }
}

/// Finds what each target took. The corpus must have been [arranged](arrange).
///
/// # Errors
/// As [`scan`](crate::scan), or if the name of an agency cannot be used.
pub fn trace(
    storage: &Storage,
    corpus: &Corpus,
    settings: &Settings,
    options: &TraceOptions,
    progress: &dyn Progress,
) -> Result<Trace, TraceError> {
    let agencies = Agencies::new(&options.wires)?;
    let references = corpus.documents.iter().take_while(|document| document.origin.side.is_reference()).count();
    let sources = if options.has_sources { references } else { corpus.documents.len() };
    let scope = Scope { sources, keeps_implied: true };
    let repeats = repeats::find(storage, corpus, settings, scope, progress)?;
    progress.begin("trace", 0);
    let tracer = Tracer { corpus, repeats: &repeats, stories: Stories::new(&repeats), settings, options, sources };
    let mut trace = tracer.trace(&agencies);
    if let Some(weights) = &repeats.weights {
        let quotes = quotes::follow(corpus, &repeats.layouts, weights, progress);
        let counts = count_quotations(&quotes, corpus.documents.len(), sources);
        for target in &mut trace.targets {
            target.quotations = counts[target.document as usize];
        }
    }
    corpus.check()?;
    Ok(trace)
}

/// Counts the quotations of each document; the first `sources` documents are those that quotations may come from.
fn count_quotations(quotes: &Quotes, documents: usize, sources: usize) -> Vec<Quotations> {
    let mut counts = vec![Quotations::default(); documents];
    let is_said = |kind| matches!(kind, QuotationKind::Speech | QuotationKind::Fragment);
    for quotation in quotes.quotations.iter().filter(|quotation| is_said(quotation.kind)) {
        let count = &mut counts[quotation.document as usize];
        count.all += 1;
        let Some(utterance) = quotation.utterance.and_then(|number| quotes.utterances.get(number as usize)) else {
            continue;
        };
        let is_elsewhere =
            |variant: &Variant| variant.document != quotation.document && (variant.document as usize) < sources;
        count.reused += u32::from(utterance.variants.iter().any(is_elsewhere));
        let is_altered = utterance.variants.iter().any(Variant::is_altered);
        count.altered += u32::from(is_altered && utterance.variants.iter().any(is_elsewhere));
    }
    counts
}

struct Tracer<'a> {
    corpus: &'a Corpus,
    repeats: &'a Repeats,
    stories: Stories<'a>,
    settings: &'a Settings,
    options: &'a TraceOptions,
    /// So many documents, the first, may be sources.
    sources: usize,
}

impl Tracer<'_> {
    fn trace(&self, agencies: &Agencies) -> Trace {
        let works = works::number(&self.corpus.documents);
        let witnesses = Witnesses::read(
            self.corpus,
            &self.repeats.layouts,
            &self.stories,
            agencies,
            Candidates::involved(&self.repeats.passages),
            self.options.has_sources,
        );
        let candidates = Candidates {
            corpus: self.corpus,
            layouts: &self.repeats.layouts,
            works: &works,
            witnesses: &witnesses,
            min_words: self.settings.min_words,
            sources: self.sources,
        };
        let common = candidates.collect(&self.repeats.passages);
        let judge = Judge::new(
            self.corpus,
            &self.repeats.layouts,
            &witnesses,
            &common,
            self.options.has_sources,
            2 * self.settings.min_words,
        );
        let mut within: Vec<Claim> = ledger::claim_furniture(&self.repeats.furniture).collect();
        for passage in &self.repeats.passages {
            within.extend(ledger::claim_passage(passage, |_| None));
        }
        within.par_sort_unstable();
        let subjects = (0u32..).zip(&self.corpus.documents).filter(|(_, document)| document.origin.side.is_subject());
        let subjects: Vec<u32> = subjects.map(|(rank, _)| rank).collect();
        let targets: Vec<Target> = subjects
            .into_par_iter()
            .map(|document| {
                let own = |claims: &[Claim]| {
                    let start = claims.partition_point(|claim| claim.document < document);
                    start..start + claims[start..].partition_point(|claim| claim.document == document)
                };
                let start = common.partition_point(|common| common.target.document < document);
                let end = start + common[start..].partition_point(|common| common.target.document == document);
                self.trace_one(document, &within[own(&within)], &common[start..end], &judge)
            })
            .collect();
        let sources = total(&targets);
        Trace { targets, sources, statistics: self.repeats.statistics.clone() }
    }

    /// One target: its passages are put together, then every token is given to one claim. `within` is what its furniture
    /// and its own repeats claim.
    fn trace_one(&self, document: u32, within: &[Claim], common: &[Common], judge: &Judge) -> Target {
        let verdicts: BTreeMap<u32, Verdict> = judge.judge_target(document);
        let chosen = self.choose(common, &verdicts, judge);
        let text = &self.corpus.documents[document as usize].text;
        let wording = Wording::of(text, &self.repeats.layouts[document as usize]);
        let join = |common: &[&Common]| {
            let is_quotation = |common: &Common| judge.is_quotation(common, &verdicts[&common.source.document]);
            joining::join(self.corpus, &self.repeats.layouts, (document, wording), common.iter().copied(), is_quotation)
        };
        let mut joined = join(&chosen);
        // Of the best passage first.
        let mut ranked: Vec<usize> = (0..joined.len()).collect();
        ranked.sort_by_key(|number| joined[*number].order);
        let mut claims = within.to_vec();
        for (order, number) in (0u32..).zip(&ranked) {
            let Joined { passage, pieces, .. } = &joined[*number];
            let role = verdicts[&passage.source].role;
            let precedence = match role {
                Role::Original => continue,
                _ if passage.is_quotation => Precedence::Quoted,
                _ => Precedence::Elsewhere,
            };
            let from = (role == Role::Copy).then_some(passage.source);
            claims.extend(pieces.iter().flat_map(|piece| &piece.blocks).map(|block| {
                let place = Place { document, start: block.b, end: block.b_end() };
                Claim { order, from, ..Claim::new(precedence, place) }
            }));
        }
        claims.sort_unstable();
        let tokens = self.repeats.tokens[document as usize];
        let mut ledger = Ledger { tokens, original: tokens, ..Ledger::default() };
        let gains = ledger::settle_document(&claims, &mut ledger);
        for (claim, gained) in claims.iter().zip(gains) {
            if matches!(claim.precedence, Precedence::Elsewhere | Precedence::Quoted) {
                joined[ranked[claim.order as usize]].passage.counted += gained;
            }
        }
        let passages: Vec<Passage> = joined.into_iter().map(|joined| joined.passage).collect();
        let relations = self.relate(document, common, &passages, &verdicts, judge, join);
        Target { document, ledger, passages, relations, quotations: Quotations::default() }
    }

    /// Of what a target has in common with others, for each occurrence the best source; best first. What was taken comes
    /// before what is undecided, a source that is credited before others, the earliest before later ones, then the closest,
    /// then the longest; then the source that has most in common with the target in all. What others took from it is told
    /// there, unless the sources were named.
    fn choose<'c>(&self, common: &'c [Common], verdicts: &BTreeMap<u32, Verdict>, judge: &Judge) -> Vec<&'c Common> {
        let age = judge.rank_by_age(verdicts.keys().copied());
        let rank = |one: &Common| {
            let source = one.source.document;
            let verdict = &verdicts[&source];
            let decided = match (verdict.role, verdict.reason) {
                (Role::Copy, Reason::CreditsSource) => 0,
                (Role::Copy, _) => 1,
                (Role::Undecided, _) => 2,
                (Role::Original, _) => 3,
            };
            let closeness = one.alignment.identity().thousandths().min(VERBATIM) / CLOSENESS;
            let total = judge.overlap(one.target.document, source).same[0];
            (decided, age[&source], Reverse(closeness), Reverse(one.alignment.same()), Reverse(total), source)
        };
        let mut chosen: Vec<(_, &Common)> = Vec::new();
        for of_passage in common.chunk_by(|one, other| one.passage == other.passage) {
            let ranked = of_passage.iter().map(|one| (rank(one), one));
            chosen.extend(ranked.min_by_key(|(rank, _)| *rank));
        }
        chosen.retain(|(_, one)| self.options.has_sources || verdicts[&one.source.document].role != Role::Original);
        chosen.sort_by_key(|(rank, one)| (*rank, one.target, one.source));
        chosen.into_iter().map(|(_, one)| one).collect()
    }

    /// What a target has to do with each document that it has something in common with, chosen or not.
    fn relate(
        &self,
        target: u32,
        common: &[Common],
        passages: &[Passage],
        verdicts: &BTreeMap<u32, Verdict>,
        judge: &Judge,
        join: impl Fn(&[&Common]) -> Vec<Joined>,
    ) -> Vec<Relation> {
        let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
        for passage in passages {
            *counted.entry(passage.source).or_default() += passage.counted;
        }
        let mut of_source: BTreeMap<u32, Vec<&Common>> = BTreeMap::new();
        for one in common {
            of_source.entry(one.source.document).or_default().push(one);
        }
        let mut relations: Vec<Relation> = of_source
            .into_iter()
            .map(|(source, common)| {
                let verdict = &verdicts[&source];
                let joined = join(&common);
                Relation {
                    source,
                    role: verdict.role,
                    reason: verdict.reason,
                    evidence: verdict.evidence,
                    counted: counted.get(&source).copied().unwrap_or(0),
                    same: judge.overlap(target, source).same[0],
                    anatomy: anatomy::describe(&self.stories, (source, target), verdict.role, &joined, judge),
                }
            })
            .collect();
        relations.sort_by_key(|relation| (Reverse(relation.counted), Reverse(relation.same), relation.source));
        relations
    }
}

/// Identity, in thousandths, from which two texts are equally close: a letter or a word more says nothing of the source.
const VERBATIM: u32 = 900;
/// Steps in which closeness is compared, in thousandths.
const CLOSENESS: u32 = 100;

/// What was taken from each source.
fn total(targets: &[Target]) -> Vec<Source> {
    let mut totals: BTreeMap<u32, Source> = BTreeMap::new();
    for (document, tokens) in targets.iter().flat_map(|target| &target.ledger.reused) {
        let source = totals.entry(*document).or_insert(Source { document: *document, taken: 0, targets: 0 });
        source.taken += u64::from(*tokens);
        source.targets += 1;
    }
    let mut sources: Vec<Source> = totals.into_values().collect();
    sources.sort_by_key(|source| (Reverse(source.taken), source.document));
    sources
}
