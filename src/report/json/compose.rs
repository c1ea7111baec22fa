//! From the engine's types to the frozen structs of version 1, one record at a time.

use std::num::NonZeroU64;

use serde::{Serialize, Serializer};

use super::super::excerpt::clip;
use super::super::names::hex;
use super::super::totals::{self, Totals};
use super::super::view::{View, decimal};
use super::super::{dates, excerpt};
use super::v1;
use crate::document::Corpus;
use crate::finding::{self, Ratio, Rule, Statistics};

/// Columns of the start and of the end that an excerpt keeps, and what stands between.
pub(in crate::report) const EXCERPT: (usize, usize) = (100, 50);
pub(in crate::report) const EDIT: (usize, usize) = (40, 20);
pub(in crate::report) const ELLIPSIS: &str = " … ";

impl From<Ratio> for v1::Decimal {
    fn from(ratio: Ratio) -> Self {
        v1::Decimal(decimal(ratio))
    }
}

pub(in crate::report) fn tool() -> v1::Tool {
    v1::Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
}

pub(in crate::report) fn parameters(view: &View) -> v1::Parameters {
    let settings = view.settings;
    let thousandths = |value: u32| v1::Decimal::from(Ratio::new(u64::from(value), 1000));
    v1::Parameters {
        preset: settings.preset.name(),
        min_words: settings.min_words,
        coverage: thousandths(settings.coverage),
        similarity: settings.similarity.map(thousandths),
        // In the order of the rules, however they were given: equal settings, equal bytes.
        only: Rule::ALL.into_iter().filter(|&rule| settings.wants(rule)).map(Rule::name).collect(),
    }
}

pub(in crate::report) fn corpus(corpus: &Corpus, statistics: &Statistics) -> v1::Corpus {
    v1::Corpus {
        documents: corpus.documents.len() as u64,
        bytes: corpus.documents.iter().map(|document| document.text.len() as u64).sum(),
        tokens: statistics.tokens,
        units: statistics.units,
        distinct_units: statistics.distinct_units,
    }
}

/// The documents that the choice of ledgers lists, by rank.
pub(in crate::report) fn documents<'v>(view: &'v View<'_>) -> impl Iterator<Item = v1::Document<'v>> {
    let listed = view.listed();
    let ranks = (0u32..).zip(listed).filter(|&(_, listed)| listed).map(|(rank, _)| rank);
    ranks.filter_map(move |rank| {
        let document = view.document(rank)?;
        let ledger = view.ledger_of(rank);
        let reused = ledger.reused.iter().map(|&(from, tokens)| v1::Reused { from: view.id(from), tokens });
        Some(v1::Document {
            document: &document.id,
            path: &document.origin.path,
            line: document.line().map(NonZeroU64::get),
            source: document.source.as_deref(),
            date: document.date.map(dates::written),
            encoding: document.origin.encoding,
            text: document.origin.derivation.name(),
            tokens: ledger.tokens,
            original: ledger.original,
            doubled: ledger.doubled,
            boilerplate: ledger.boilerplate,
            quoted: ledger.quoted,
            shared: ledger.shared,
            reused: reused.collect(),
        })
    })
}

pub(in crate::report) fn findings<'v>(
    view: &'v View<'_>,
) -> impl Iterator<Item = v1::Finding<impl Serialize + use<'v>>> {
    view.scan.findings.iter().map(move |finding| v1::Finding {
        id: hex(finding.id),
        rule: finding.rule.name(),
        severity: finding.severity.name(),
        confidence: finding.confidence.name(),
        tokens: finding.tokens,
        words: finding.words,
        representative: finding.representative,
        occurrences: Stream(move || occurrences(view, finding)),
    })
}

fn occurrences<'v>(view: &'v View<'_>, finding: &'v finding::Finding) -> impl Iterator<Item = v1::Occurrence<'v>> {
    let representative = view.representative(finding);
    let text = representative.map_or("", |representative| view.one_copy(representative));
    finding.occurrences.iter().enumerate().map(move |(index, occurrence)| {
        let own = view.one_copy(occurrence);
        let excerpted = index == finding.representative as usize || own != text;
        let (line, end_line) = view.lines(occurrence.document, occurrence.span);
        let edit = |edit: &finding::Edit| v1::Edit {
            kind: edit.kind.name(),
            representative: [edit.representative.start, edit.representative.end],
            occurrence: [edit.occurrence.start, edit.occurrence.end],
            old: representative
                .map_or_else(String::new, |place| short(view.text(place.document, edit.representative), EDIT)),
            new: short(view.text(occurrence.document, edit.occurrence), EDIT),
        };
        v1::Occurrence {
            document: view.id(occurrence.document),
            start: occurrence.span.start,
            end: occurrence.span.end,
            line,
            end_line,
            count: occurrence.count,
            role: occurrence.role.name(),
            reason: occurrence.reason,
            identity: occurrence.identity.into(),
            resemblance: occurrence.resemblance.into(),
            containment: occurrence.containment.map(v1::Decimal::from),
            edits: occurrence.edits.iter().map(edit).collect(),
            excerpt: excerpted.then(|| short(own, EXCERPT)),
        }
    })
}

/// An excerpt of a text.
pub(in crate::report) fn short(text: &str, (head, tail): (usize, usize)) -> String {
    excerpt::Clip::join(clip(text, head, tail), ELLIPSIS)
}

pub(in crate::report) fn clusters<'v>(
    view: &'v View<'_>,
) -> impl Iterator<Item = v1::Cluster<'v, impl Serialize + use<'v>>> {
    view.scan.clusters.iter().map(move |cluster| v1::Cluster {
        id: hex(cluster.id),
        rule: cluster.rule.name(),
        representative: view.id(cluster.representative),
        members: Stream(move || {
            cluster.members.iter().map(move |member| v1::Member {
                document: view.id(member.document),
                role: member.role.name(),
                reason: member.reason,
                coverage: member.coverage.map(v1::Decimal::from),
                resemblance: member.resemblance.into(),
            })
        }),
    })
}

pub(in crate::report) fn skipped(corpus: &Corpus) -> impl Iterator<Item = v1::Skipped<'_>> {
    corpus.skipped.iter().map(|skipped| v1::Skipped {
        path: &skipped.path,
        line: skipped.line,
        reason: &skipped.reason,
        error: skipped.is_error,
    })
}

pub(in crate::report) fn summary(view: &View) -> v1::Summary {
    let totals = Totals::of(view.scan);
    let (skipped, errors) = totals::skipped(view.corpus);
    let count = |rule| totals::count(view.scan, rule);
    v1::Summary {
        documents: view.corpus.documents.len() as u64,
        empty: view.corpus.empty,
        skipped,
        errors,
        warnings: view.corpus.warnings.len() as u64,
        findings: v1::FindingCounts {
            doubled_text: count(Rule::DoubledText),
            boilerplate: count(Rule::Boilerplate),
            shared_passage: count(Rule::SharedPassage),
            reused_quote: count(Rule::ReusedQuote),
            altered_quote: count(Rule::AlteredQuote),
        },
        clusters: v1::ClusterCounts { near_duplicate: count(Rule::NearDuplicate), contained: count(Rule::Contained) },
        tokens: totals.tokens,
        original: totals.original,
        doubled: totals.doubled,
        boilerplate: totals.boilerplate,
        quoted: totals.quoted,
        shared: totals.shared,
        reused: totals.reused,
        repeated: totals.repeated(),
        share: totals.share().into(),
    }
}

/// A sequence that is made while it is written.
struct Stream<F>(F);

impl<F, I> Serialize for Stream<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
