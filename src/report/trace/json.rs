//! JSON, `dittograph.trace.v1`: one object, streamed, one target a line.
//!
//! The structs are frozen and belong to this format alone: a field may be added; none may be renamed, retyped, removed
//! or given another meaning. `docs/formats.md` says what each means, `docs/trace.v1.schema.json` says it to validators.

use std::io;
use std::num::NonZeroU64;

use serde::Serialize;

use super::super::dates;
use super::super::json::compose::{self, EDIT, EXCERPT, short};
use super::super::json::{array, formatter::write_value, member, v1};
use super::super::totals;
use super::{TraceView, by_source, taken, verdict};
use crate::finding::{Ratio, Role, Span};
use crate::trace;

const SCHEMA: &str = "dittograph.trace.v1";

#[derive(Serialize)]
struct Parameters<'a> {
    preset: &'static str,
    min_words: u32,
    /// Whether the sources were named.
    from: bool,
    wires: &'a [String],
}

#[derive(Serialize)]
struct Target<'a> {
    document: &'a str,
    path: &'a str,
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    encoding: &'static str,
    text: &'static str,
    tokens: u32,
    original: u32,
    doubled: u32,
    boilerplate: u32,
    quoted: u32,
    shared: u32,
    reused: Vec<v1::Reused<'a>>,
    quotations: Quotations,
    relations: Vec<Relation<'a>>,
    passages: Vec<Passage<'a>>,
}

#[derive(Serialize)]
struct Quotations {
    all: u64,
    reused: u64,
    altered: u64,
}

#[derive(Serialize)]
struct Relation<'a> {
    source: &'a str,
    role: &'static str,
    reason: &'static str,
    evidence: Option<Evidence<'a>>,
    counted: u32,
    same: u32,
    anatomy: Anatomy,
}

#[derive(Serialize)]
struct Evidence<'a> {
    document: &'a str,
    start: u32,
    end: u32,
    line: u64,
    text: String,
}

#[derive(Serialize)]
struct Anatomy {
    kept: u32,
    story: u32,
    tail_cut: u32,
    lead_rewritten: bool,
    moved: u32,
    attributions: u32,
    numbers: u32,
    negations: u32,
}

#[derive(Serialize)]
struct Passage<'a> {
    source: &'a str,
    start: u32,
    end: u32,
    line: u64,
    end_line: u64,
    source_start: u32,
    source_end: u32,
    source_line: u64,
    source_end_line: u64,
    role: &'static str,
    quotation: bool,
    counted: u32,
    same: u32,
    changed: u32,
    inserted: u32,
    deleted: u32,
    parts: Vec<Part>,
    changes: Vec<Change>,
    excerpt: String,
}

#[derive(Serialize)]
struct Part {
    start: u32,
    end: u32,
    source_start: u32,
    source_end: u32,
    moved: bool,
    edits: Vec<Change>,
}

/// An edit, or a change of what is said.
#[derive(Serialize)]
struct Change {
    kind: &'static str,
    source: [u32; 2],
    target: [u32; 2],
    old: String,
    new: String,
}

#[derive(Serialize)]
struct Source<'a> {
    document: &'a str,
    path: &'a str,
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    taken: u64,
    targets: u32,
}

#[derive(Serialize)]
struct Summary {
    documents: u64,
    targets: u64,
    sources: u64,
    passages: u64,
    empty: u64,
    skipped: u64,
    errors: u64,
    warnings: u64,
    tokens: u64,
    original: u64,
    doubled: u64,
    boilerplate: u64,
    quoted: u64,
    shared: u64,
    reused: u64,
    share: v1::Decimal,
    quotations: Quotations,
}

/// Writes the report as one JSON object.
pub(super) fn write(view: &TraceView, out: &mut impl io::Write) -> io::Result<()> {
    let report = view.report;
    out.write_all(b"{\n")?;
    member(out, "schema", &SCHEMA)?;
    member(out, "tool", &compose::tool())?;
    let parameters = Parameters {
        preset: report.settings.preset.name(),
        min_words: report.settings.min_words,
        from: report.options.has_sources,
        wires: &report.options.wires,
    };
    member(out, "parameters", &parameters)?;
    member(out, "corpus", &compose::corpus(report.corpus, &report.trace.statistics))?;
    array(out, "targets", report.trace.targets.iter().map(|target| describe_target(view, target)))?;
    array(out, "sources", report.trace.sources.iter().map(|source| describe_source(view, source)))?;
    array(out, "skipped", compose::skipped(report.corpus))?;
    out.write_all(b"\"summary\":")?;
    write_value(out, &summarize(view))?;
    out.write_all(b"\n}\n")
}

fn describe_target<'a>(view: &TraceView<'a>, target: &'a trace::Target) -> Target<'a> {
    let ledger = &target.ledger;
    let relations = by_source(target);
    let id = |rank: u32| view.texts.id(rank);
    let document = view.texts.document(target.document);
    let reused = ledger.reused.iter().map(|&(from, tokens)| v1::Reused { from: id(from), tokens }).collect();
    let relation = |relation: &trace::Relation| Relation {
        source: id(relation.source),
        role: relation.role.name(),
        reason: relation.reason.text(),
        evidence: relation.evidence.map(|(document, span)| Evidence {
            document: id(document),
            start: span.start,
            end: span.end,
            line: view.texts.lines(document, span).0,
            text: short(view.texts.text(document, span), EDIT),
        }),
        counted: relation.counted,
        same: relation.same,
        anatomy: Anatomy {
            kept: relation.anatomy.kept,
            story: relation.anatomy.story,
            tail_cut: relation.anatomy.tail_cut,
            lead_rewritten: relation.anatomy.is_lead_rewritten,
            moved: relation.anatomy.moved,
            attributions: relation.anatomy.attributions,
            numbers: relation.anatomy.numbers,
            negations: relation.anatomy.negations,
        },
    };
    Target {
        document: id(target.document),
        path: document.map_or("", |document| &document.origin.path),
        line: document.and_then(|document| document.line()).map(NonZeroU64::get),
        source: document.and_then(|document| document.source.as_deref()),
        date: document.and_then(|document| document.date).map(dates::written),
        encoding: document.map_or("", |document| document.origin.encoding),
        text: document.map_or("", |document| document.origin.derivation.name()),
        tokens: ledger.tokens,
        original: ledger.original,
        doubled: ledger.doubled,
        boilerplate: ledger.boilerplate,
        quoted: ledger.quoted,
        shared: ledger.shared,
        reused,
        quotations: count_quotations(std::slice::from_ref(target)),
        relations: target.relations.iter().map(relation).collect(),
        passages: target
            .passages
            .iter()
            .map(|passage| describe_passage(view, target.document, verdict(&relations, passage).0, passage))
            .collect(),
    }
}

fn describe_passage<'a>(view: &TraceView<'a>, target: u32, role: Role, passage: &trace::Passage) -> Passage<'a> {
    let change = |kind: &'static str, source: Span, own: Span| Change {
        kind,
        source: [source.start, source.end],
        target: [own.start, own.end],
        old: short(view.texts.text(passage.source, source), EDIT),
        new: short(view.texts.text(target, own), EDIT),
    };
    let part = |part: &trace::Part| Part {
        start: part.target_span.start,
        end: part.target_span.end,
        source_start: part.source_span.start,
        source_end: part.source_span.end,
        moved: part.is_moved,
        edits: part.edits.iter().map(|edit| change(edit.kind.name(), edit.representative, edit.occurrence)).collect(),
    };
    let (line, end_line) = view.texts.lines(target, passage.target_span);
    let (source_line, source_end_line) = view.texts.lines(passage.source, passage.source_span);
    Passage {
        source: view.texts.id(passage.source),
        start: passage.target_span.start,
        end: passage.target_span.end,
        line,
        end_line,
        source_start: passage.source_span.start,
        source_end: passage.source_span.end,
        source_line,
        source_end_line,
        role: role.name(),
        quotation: passage.is_quotation,
        counted: passage.counted,
        same: passage.counts.same,
        changed: passage.counts.changed,
        inserted: passage.counts.inserted,
        deleted: passage.counts.deleted,
        parts: passage.parts.iter().map(part).collect(),
        changes: passage
            .notables
            .iter()
            .map(|notable| change(notable.kind.name(), notable.source, notable.target))
            .collect(),
        excerpt: short(view.texts.text(target, passage.target_span), EXCERPT),
    }
}

fn describe_source<'a>(view: &TraceView<'a>, source: &trace::Source) -> Source<'a> {
    let document = view.texts.document(source.document);
    Source {
        document: view.texts.id(source.document),
        path: document.map_or("", |document| &document.origin.path),
        line: document.and_then(|document| document.line()).map(NonZeroU64::get),
        source: document.and_then(|document| document.source.as_deref()),
        date: document.and_then(|document| document.date).map(dates::written),
        taken: source.taken,
        targets: source.targets,
    }
}

fn summarize(view: &TraceView) -> Summary {
    let report = view.report;
    let targets = &report.trace.targets;
    let (skipped, errors) = totals::skipped(report.corpus);
    let sum =
        |count: fn(&crate::finding::Ledger) -> u64| targets.iter().map(|target| count(&target.ledger)).sum::<u64>();
    let tokens = sum(|ledger| u64::from(ledger.tokens));
    let reused = sum(taken);
    Summary {
        documents: report.corpus.documents.len() as u64,
        targets: targets.len() as u64,
        sources: report.trace.sources.len() as u64,
        passages: targets.iter().map(|target| target.passages.len() as u64).sum(),
        empty: report.corpus.empty,
        skipped,
        errors,
        warnings: report.corpus.warnings.len() as u64,
        tokens,
        original: sum(|ledger| u64::from(ledger.original)),
        doubled: sum(|ledger| u64::from(ledger.doubled)),
        boilerplate: sum(|ledger| u64::from(ledger.boilerplate)),
        quoted: sum(|ledger| u64::from(ledger.quoted)),
        shared: sum(|ledger| u64::from(ledger.shared)),
        reused,
        share: Ratio::new(reused, tokens).into(),
        quotations: count_quotations(targets),
    }
}

fn count_quotations(targets: &[trace::Target]) -> Quotations {
    let sum =
        |part: fn(&trace::Quotations) -> u32| targets.iter().map(|target| u64::from(part(&target.quotations))).sum();
    Quotations {
        all: sum(|quotations| quotations.all),
        reused: sum(|quotations| quotations.reused),
        altered: sum(|quotations| quotations.altered),
    }
}
