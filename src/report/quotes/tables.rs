//! Tables of quotations for spreadsheets, `cut`, `awk` and `sort`: quotations, variants of utterances, speakers.
//!
//! Columns are added at the end only. A field that does not apply is empty. Fields are escaped as in the table of a
//! scan; nothing is quoted.

use std::collections::BTreeSet;
use std::io;

use super::super::dates;
use super::super::escape::field;
use super::super::names::hex;
use super::QuotesView;
use crate::finding::Span;

/// Writes a line of fields.
fn write_line(out: &mut dyn io::Write, fields: &[String]) -> io::Result<()> {
    let fields: Vec<_> = fields.iter().map(|text| field(text)).collect();
    writeln!(out, "{}", fields.join("\t"))
}

/// One line a quotation, by document, in reading order.
pub(super) fn write_quotations(view: &QuotesView, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "id\tdocument\tline\tend_line\tstart\tend\tkind\tspeaker\tresolved\tcue\taddressee\tutterance\ttext"
    )?;
    for quotation in &view.quotes.quotations {
        let lines = view.texts.lines(quotation.document, quotation.whole);
        let cite = |span: Option<Span>| span.map_or("", |span| view.texts.text(quotation.document, span)).to_owned();
        let speaker = quotation.speaker.as_ref();
        let utterance = quotation.utterance.and_then(|number| view.utterance(number));
        write_line(
            out,
            &[
                hex(view.id(quotation)),
                view.texts.id(quotation.document).to_owned(),
                lines.0.to_string(),
                lines.1.to_string(),
                quotation.whole.start.to_string(),
                quotation.whole.end.to_string(),
                quotation.kind.name().to_owned(),
                speaker.map_or_else(String::new, |speaker| speaker.name.clone()),
                speaker.map_or("", |speaker| if speaker.is_resolved { "yes" } else { "no" }).to_owned(),
                cite(quotation.cue),
                cite(quotation.addressee),
                utterance.map_or_else(String::new, |utterance| hex(utterance.id)),
                view.words(quotation),
            ],
        )?;
    }
    Ok(())
}

/// One line a place of an utterance that stands in several.
pub(super) fn write_utterances(view: &QuotesView, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "utterance\tdocument\tpublisher\tdate\tline\tend_line\tstart\tend\tquotation\tfirst\treference\tspeaker\tsame\tchanges\taltered\ttext"
    )?;
    for utterance in &view.quotes.utterances {
        for (at, variant) in utterance.variants.iter().enumerate() {
            let quotation = variant.quotation.and_then(|number| view.quotation(number));
            let document = view.texts.document(variant.document);
            let lines = view.texts.lines(variant.document, variant.span);
            let yes = |holds: bool| if holds { "yes" } else { "no" }.to_owned();
            let changes: Vec<String> = variant.changes.iter().map(|change| change.kind.name().to_owned()).collect();
            let speaker = quotation.and_then(|quotation| quotation.speaker.as_ref());
            write_line(
                out,
                &[
                    hex(utterance.id),
                    view.texts.id(variant.document).to_owned(),
                    document.and_then(|document| document.source.as_deref()).unwrap_or_default().to_owned(),
                    document.and_then(|document| document.date).map(dates::written).unwrap_or_default(),
                    lines.0.to_string(),
                    lines.1.to_string(),
                    variant.span.start.to_string(),
                    variant.span.end.to_string(),
                    quotation.map_or_else(String::new, |quotation| hex(view.id(quotation))),
                    yes(at == 0),
                    yes(variant.quotation == Some(utterance.reference)),
                    speaker.map_or_else(String::new, |speaker| speaker.name.clone()),
                    variant.equal.to_string(),
                    changes.join(", "),
                    yes(variant.is_altered()),
                    view.texts.text(variant.document, variant.span).to_owned(),
                ],
            )?;
        }
    }
    Ok(())
}

/// One line a speaker: how much, where, and how much of it was altered.
pub(super) fn write_speakers(view: &QuotesView, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "speaker\tquotations\tdocuments\tutterances\taltered")?;
    for (name, numbers) in view.by_speaker() {
        let quotations = || numbers.iter().filter_map(|number| view.quotation(*number));
        let documents: BTreeSet<u32> = quotations().map(|quotation| quotation.document).collect();
        let utterances: BTreeSet<u32> = quotations().filter_map(|quotation| quotation.utterance).collect();
        let altered = utterances.iter().filter_map(|number| view.utterance(*number));
        let altered = altered.filter(|utterance| utterance.is_altered()).count();
        write_line(
            out,
            &[
                name.unwrap_or_default().to_owned(),
                numbers.len().to_string(),
                documents.len().to_string(),
                utterances.len().to_string(),
                altered.to_string(),
            ],
        )?;
    }
    Ok(())
}
