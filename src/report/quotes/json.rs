//! JSON, `dittograph.quotes.v1`: one object, streamed, one quotation or utterance a line.
//!
//! The structs are frozen and belong to this format alone: a field may be added; none may be renamed, retyped, removed
//! or given another meaning. `docs/formats.md` says what each means, `docs/quotes.v1.schema.json` says it to validators.

use std::io;

use serde::Serialize;

use super::super::dates;
use super::super::json::compose::{self, EDIT, short};
use super::super::json::{array, formatter::write_value, member};
use super::super::names::hex;
use super::super::totals;
use super::QuotesView;
use crate::finding::Span;
use crate::quotes;

const SCHEMA: &str = "dittograph.quotes.v1";

#[derive(Serialize)]
struct Place {
    start: u32,
    end: u32,
}

#[derive(Serialize)]
struct Cited<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct Speaker<'a> {
    name: &'a str,
    start: u32,
    end: u32,
    resolved: bool,
}

#[derive(Serialize)]
struct Quotation<'a> {
    id: String,
    document: &'a str,
    kind: &'static str,
    reason: &'static str,
    line: u64,
    end_line: u64,
    pieces: Vec<Place>,
    text: String,
    cue: Option<Cited<'a>>,
    speaker: Option<Speaker<'a>>,
    addressee: Option<Cited<'a>>,
    utterance: Option<String>,
}

#[derive(Serialize)]
struct First<'a> {
    document: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    line: u64,
}

#[derive(Serialize)]
struct Edit {
    kind: &'static str,
    alters: bool,
    reference: [u32; 2],
    variant: [u32; 2],
    old: String,
    new: String,
}

#[derive(Serialize)]
struct Variant<'a> {
    quotation: Option<String>,
    document: &'a str,
    start: u32,
    end: u32,
    line: u64,
    end_line: u64,
    reference: [u32; 2],
    same: u32,
    edits: Vec<Edit>,
}

#[derive(Serialize)]
struct Utterance<'a> {
    id: String,
    reference: String,
    altered: bool,
    first: First<'a>,
    variants: Vec<Variant<'a>>,
}

#[derive(Serialize)]
struct Summary {
    documents: u64,
    quotations: u64,
    utterances: u64,
    altered: u64,
    empty: u64,
    skipped: u64,
    errors: u64,
    warnings: u64,
}

/// Writes the report as one JSON object.
pub(super) fn write(view: &QuotesView, out: &mut impl io::Write) -> io::Result<()> {
    let corpus = view.texts.corpus;
    out.write_all(b"{\n")?;
    member(out, "schema", &SCHEMA)?;
    member(out, "tool", &compose::tool())?;
    member(out, "corpus", &compose::corpus(corpus, &view.quotes.statistics))?;
    array(out, "quotations", view.quotes.quotations.iter().map(|quotation| describe_quotation(view, quotation)))?;
    array(out, "utterances", view.quotes.utterances.iter().map(|utterance| describe_utterance(view, utterance)))?;
    array(out, "skipped", compose::skipped(corpus))?;
    out.write_all(b"\"summary\":")?;
    write_value(out, &summarize(view))?;
    out.write_all(b"\n}\n")
}

fn describe_quotation<'a>(view: &QuotesView<'a>, quotation: &'a quotes::Quotation) -> Quotation<'a> {
    let cite = |span: Span| Cited { start: span.start, end: span.end, text: view.texts.text(quotation.document, span) };
    let (line, end_line) = view.texts.lines(quotation.document, quotation.whole);
    Quotation {
        id: hex(view.id(quotation)),
        document: view.texts.id(quotation.document),
        kind: quotation.kind.name(),
        reason: quotation.rule,
        line,
        end_line,
        pieces: quotation.pieces.iter().map(|piece| Place { start: piece.start, end: piece.end }).collect(),
        text: view.words(quotation),
        cue: quotation.cue.map(cite),
        speaker: quotation.speaker.as_ref().map(|speaker| Speaker {
            name: &speaker.name,
            start: speaker.span.start,
            end: speaker.span.end,
            resolved: speaker.is_resolved,
        }),
        addressee: quotation.addressee.map(cite),
        utterance: quotation.utterance.and_then(|number| view.utterance(number)).map(|utterance| hex(utterance.id)),
    }
}

fn describe_utterance<'a>(view: &QuotesView<'a>, utterance: &'a quotes::Utterance) -> Utterance<'a> {
    let quotation = |number: u32| view.quotation(number).map(|quotation| hex(view.id(quotation)));
    let origin = view.quotation(utterance.reference).map_or(0, |reference| reference.document);
    let edit = |document: u32, change: &quotes::Change| Edit {
        kind: change.kind.name(),
        alters: change.alters,
        reference: [change.reference.start, change.reference.end],
        variant: [change.variant.start, change.variant.end],
        old: short(view.texts.text(origin, change.reference), EDIT),
        new: short(view.texts.text(document, change.variant), EDIT),
    };
    let variant = |variant: &'a quotes::Variant| {
        let (line, end_line) = view.texts.lines(variant.document, variant.span);
        Variant {
            quotation: variant.quotation.and_then(quotation),
            document: view.texts.id(variant.document),
            start: variant.span.start,
            end: variant.span.end,
            line,
            end_line,
            reference: [variant.said.start, variant.said.end],
            same: variant.equal,
            edits: variant.changes.iter().map(|change| edit(variant.document, change)).collect(),
        }
    };
    let first = &utterance.variants[0];
    let document = view.texts.document(first.document);
    Utterance {
        id: hex(utterance.id),
        reference: quotation(utterance.reference).unwrap_or_default(),
        altered: utterance.is_altered(),
        first: First {
            document: view.texts.id(first.document),
            path: document.map_or("", |document| &document.origin.path),
            source: document.and_then(|document| document.source.as_deref()),
            date: document.and_then(|document| document.date).map(dates::written),
            line: view.texts.lines(first.document, first.span).0,
        },
        variants: utterance.variants.iter().map(variant).collect(),
    }
}

fn summarize(view: &QuotesView) -> Summary {
    let corpus = view.texts.corpus;
    let (skipped, errors) = totals::skipped(corpus);
    let utterances = &view.quotes.utterances;
    let is_altered = |utterance: &&quotes::Utterance| utterance.is_altered();
    Summary {
        documents: corpus.documents.len() as u64,
        quotations: view.quotes.quotations.len() as u64,
        utterances: utterances.len() as u64,
        altered: utterances.iter().filter(is_altered).count() as u64,
        empty: corpus.empty,
        skipped,
        errors,
        warnings: corpus.warnings.len() as u64,
    }
}
