//! The report of quotations for people.
//!
//! **Idea.** Whoever follows what people said asks: where else does it stand, and is it still what was said? So each
//! utterance begins with its speaker and its words as they were first quoted in full; then come all its places, document
//! by document, each with what was done to it; changes that may turn the sense are told by themselves, old words and new.
//! What was altered comes first, then what travelled farthest. The other view lists each speaker's quotations. At the end
//! stand counts of all there is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::Appearance;
use super::super::dates;
use super::super::excerpt::clip;
use super::super::human::INDENT;
use super::super::human::layout::{Flow, columns, shorten_name};
use super::super::human::page::Page;
use super::super::human::palette::{Ink, Palette};
use super::super::human::passage::{Piece, compare, marked, short};
use super::super::human::phrase::{count, number, times};
use super::super::human::summary::write_skipped;
use super::{Grouping, QuotesView};
use crate::finding::{Edit, EditKind, Span};
use crate::quotes::{Change, ChangeKind, Quotation, QuotationKind, Utterance, Variant};

/// Lines of an utterance's words.
const ROWS: usize = 4;
/// Places of an utterance that are shown.
const PLACES: usize = 8;
/// Quotations of a speaker that are shown.
const QUOTATIONS: usize = 8;
/// Lines of a quotation in a speaker's list.
const LISTED: usize = 2;
/// Columns of a fragment that is told on the line of its place.
const FRAGMENT: usize = 44;

/// Writes the report.
pub(super) fn write(view: &QuotesView, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = Palette::new(appearance, 8);
    let mut page = Page::new(&palette, out);
    let everything = appearance.limit.is_none();
    let limit = appearance.limit.unwrap_or(usize::MAX);
    let hidden = match view.grouping {
        Grouping::Utterance => {
            let mut utterances: Vec<&Utterance> = view.quotes.utterances.iter().collect();
            utterances.sort_by_key(|utterance| {
                (Reverse(is_altered(utterance)), Reverse(count_documents(utterance)), Reverse(utterance.variants.len()))
            });
            for utterance in utterances.iter().take(limit) {
                write_utterance(view, &mut page, utterance, everything)?;
            }
            count_hidden(utterances.len(), limit, "more utterance")
        }
        Grouping::Speaker => {
            let speakers = view.by_speaker();
            for (name, quotations) in speakers.iter().take(limit) {
                write_speaker(view, &mut page, *name, quotations, everything)?;
            }
            count_hidden(speakers.len(), limit, "more speaker")
        }
    };
    if let Some(more) = hidden {
        page.space()?;
        let ellipsis = page.palette.glyphs.ellipsis;
        page.text(0, &format!("{ellipsis} {more}; --all shows all, --format json has all"), Ink::Strong)?;
    }
    write_summary(view, &mut page)
}

fn count_hidden(all: usize, shown: usize, noun: &str) -> Option<String> {
    (all > shown).then(|| count((all - shown) as u64, noun))
}

fn is_altered(utterance: &Utterance) -> bool {
    utterance.is_altered()
}

fn count_documents(utterance: &Utterance) -> usize {
    utterance.variants.iter().map(|variant| variant.document).collect::<BTreeSet<u32>>().len()
}

fn write_utterance(view: &QuotesView, page: &mut Page, utterance: &Utterance, everything: bool) -> io::Result<()> {
    let Some(reference) = view.quotation(utterance.reference) else { return Ok(()) };
    let palette = page.palette;
    let places = times(utterance.variants.len() as u64);
    let documents = count(count_documents(utterance) as u64, "document");
    let speaker = view.speaker_of(utterance).unwrap_or("Speaker unknown");
    page.space()?;
    page.heading(speaker, &format!("{places} in {documents}"))?;
    let words = view.words(reference);
    // The comma is the narrator's: `"We go," she said.`
    let words = words.trim_end_matches([',', '，']);
    let width = palette.width - INDENT - 4;
    let lines = if everything {
        super::super::human::passage::whole(words, palette, width)
    } else {
        short(words, palette, width, ROWS)
    };
    page.passage(INDENT, &lines)?;
    page.space()?;
    let shown = if everything { usize::MAX } else { PLACES };
    // What was altered is never left out for want of room.
    let mut left = shown;
    let mut document = None;
    let mut hidden = 0;
    for variant in &utterance.variants {
        if left == 0 && !variant.is_altered() {
            hidden += 1;
            continue;
        }
        left = left.saturating_sub(1);
        if document.replace(variant.document) != Some(variant.document) {
            write_document(view, page, variant.document)?;
        }
        write_variant(view, page, utterance, reference, variant, everything)?;
    }
    if hidden > 0 {
        page.text(INDENT, &format!("and {}; --all shows them", count(hidden, "more place")), Ink::Faint)?;
    }
    Ok(())
}

/// The name of a document, with outlet and date where they are known.
fn write_document(view: &QuotesView, page: &mut Page, rank: u32) -> io::Result<()> {
    let palette = page.palette;
    let mut facts = Vec::new();
    if let Some(document) = view.texts.document(rank) {
        facts.extend(document.source.as_deref().map(str::to_owned));
        facts.extend(document.date.map(dates::written));
    }
    let facts = facts.join(&format!(" {} ", palette.glyphs.dot));
    let name = shorten_name(
        view.texts.id(rank),
        (palette.width - INDENT).saturating_sub(columns(&facts) + 2).max(20),
        palette,
    );
    let mut flow = Flow::new(palette);
    flow.push(&name, Ink::Strong);
    if !facts.is_empty() {
        flow.space();
        flow.push(&facts, Ink::Faint);
    }
    page.lines(INDENT, &flow.lines(palette.width - INDENT))
}

fn write_variant(
    view: &QuotesView,
    page: &mut Page,
    utterance: &Utterance,
    reference: &Quotation,
    variant: &Variant,
    everything: bool,
) -> io::Result<()> {
    let palette = page.palette;
    let line = view.texts.lines(variant.document, variant.span).0;
    let is_reference = variant.quotation == Some(utterance.reference);
    let is_cut = variant.changes.iter().any(|change| change.kind == ChangeKind::Cut);
    let is_first = utterance.variants.first().is_some_and(|first| std::ptr::eq(first, variant));
    let mut flow = Flow::new(palette);
    flow.push(&format!("line\u{a0}{line}"), Ink::Plain);
    let mut fact = |text: &str, ink: Ink| {
        flow.space();
        flow.push(palette.glyphs.dot, Ink::Faint);
        flow.space();
        flow.push(text, ink);
    };
    if is_first {
        fact("first\u{a0}seen", Ink::Note);
    }
    let told = if is_reference { "as above".to_owned() } else { tell_changes(view, variant) };
    fact(&told, if variant.is_altered() { Ink::Error } else { Ink::Plain });
    if let Some(speaker) = view.other_speaker(variant) {
        fact(&format!("said\u{a0}by {speaker}"), Ink::Error);
    }
    let (span, edits) = edits_of(variant);
    let text = view.texts.text(variant.document, span);
    let is_shown = !is_reference && (is_cut || !edits.is_empty());
    let is_short = edits.is_empty() && columns(text) <= FRAGMENT && !text.contains('\n');
    if is_shown && is_short {
        fact(&palette.quoted(text), Ink::Plain);
    }
    page.lines(INDENT + 2, &flow.lines(palette.width - INDENT - 2))?;
    if !is_shown || is_short {
        return Ok(());
    }
    let pieces = compare(&view.texts, reference.document, (variant.document, span), &edits);
    let width = palette.width - INDENT - 6;
    let lines = match (pieces.as_slice(), everything) {
        ([Piece::Same(text)], false) => short(text, palette, width, 1),
        _ => marked(&pieces, palette, width, (!everything).then_some(ROWS)),
    };
    page.passage(INDENT + 2, &lines)
}

/// What a variant does to the words, in a few of them: the names of its changes, each once, in the order of the kinds.
fn tell_changes(view: &QuotesView, variant: &Variant) -> String {
    let kinds: BTreeSet<ChangeKind> = variant.changes.iter().map(|change| change.kind).collect();
    let names: Vec<&str> = kinds.into_iter().map(ChangeKind::name).collect();
    let quotation = variant.quotation.and_then(|number| view.quotation(number));
    let is_fragment = quotation.is_some_and(|quotation| quotation.kind != QuotationKind::Speech);
    match names[..] {
        [] => "word for word".to_owned(),
        // Nobody takes a few words in a sentence of the narrator's for all that was said.
        ["cut"] if is_fragment => "fragment".to_owned(),
        _ => names.join(", "),
    }
}

/// The changes of words as edits of the variant's text, and the span of it that shows them. What was left out at an end
/// lies beyond what the variant has; what was altered there is shown.
fn edits_of(variant: &Variant) -> (Span, Vec<Edit>) {
    let is_of_words = |change: &&Change| !matches!(change.kind, ChangeKind::MarksDropped | ChangeKind::SpeakerChanged);
    let is_inside = |change: &&Change| {
        variant.said.start < change.reference.start
            && change.reference.end < variant.said.end
            && variant.span.start <= change.variant.start
            && change.variant.end <= variant.span.end
    };
    let changes = || variant.changes.iter().filter(is_of_words);
    let mut span = variant.span;
    for change in changes().filter(|change| change.alters) {
        span = Span { start: span.start.min(change.variant.start), end: span.end.max(change.variant.end) };
    }
    let mut at = span.start;
    let mut edits = Vec::new();
    for change in changes().filter(|change| change.alters || is_inside(change)) {
        let kind = match (change.variant.start == change.variant.end, change.reference.start == change.reference.end) {
            (true, _) => EditKind::Deleted,
            (_, true) => EditKind::Inserted,
            _ => EditKind::Changed,
        };
        if change.variant.start >= at {
            edits.push(Edit { kind, representative: change.reference, occurrence: change.variant });
            at = change.variant.end;
        }
    }
    (span, edits)
}

fn write_speaker(
    view: &QuotesView,
    page: &mut Page,
    name: Option<&str>,
    quotations: &[u32],
    everything: bool,
) -> io::Result<()> {
    let palette = page.palette;
    page.space()?;
    page.heading(name.unwrap_or("Speaker unknown"), &count(quotations.len() as u64, "quotation"))?;
    let shown = if everything { usize::MAX } else { QUOTATIONS };
    let mut document = None;
    for quotation in quotations.iter().take(shown).filter_map(|quotation| view.quotation(*quotation)) {
        if document.replace(quotation.document) != Some(quotation.document) {
            write_document(view, page, quotation.document)?;
        }
        let line = view.texts.lines(quotation.document, quotation.whole).0;
        let mut facts = vec![format!("line {line}")];
        if quotation.kind != QuotationKind::Speech {
            facts.push(quotation.kind.name().to_owned());
        }
        if let Some(speaker) = quotation.speaker.as_ref().filter(|speaker| speaker.is_resolved) {
            let mention = view.texts.text(quotation.document, speaker.span);
            let mention = clip(mention, 24, 8).join(palette.glyphs.ellipsis);
            facts.push(format!(
                "by line {}: {}",
                view.texts.lines(quotation.document, speaker.span).0,
                palette.quoted(&mention)
            ));
        }
        if let Some(addressee) = quotation.addressee {
            facts.push(format!(
                "to {}",
                clip(view.texts.text(quotation.document, addressee), 24, 8).join(palette.glyphs.ellipsis)
            ));
        }
        if let Some(utterance) = quotation.utterance.and_then(|utterance| view.utterance(utterance)) {
            facts.push(format!("stands {}", times(utterance.variants.len() as u64)));
        }
        page.text(INDENT + 2, &facts.join(&format!(" {} ", palette.glyphs.dot)), Ink::Faint)?;
        let width = palette.width - INDENT - 6;
        page.passage(
            INDENT + 2,
            &short(&view.words(quotation), palette, width, if everything { ROWS } else { LISTED }),
        )?;
    }
    if quotations.len() > shown {
        let more = count((quotations.len() - shown) as u64, "more quotation");
        page.text(INDENT, &format!("and {more}; --all shows them"), Ink::Faint)?;
    }
    Ok(())
}

fn write_summary(view: &QuotesView, page: &mut Page) -> io::Result<()> {
    let corpus = view.texts.corpus;
    page.space()?;
    let rule = page.palette.glyphs.heavy_rule.repeat(page.palette.width);
    page.line(&page.palette.paint(&rule, Ink::Faint))?;
    if corpus.documents.is_empty() {
        page.text(0, "No documents were read.", Ink::Strong)?;
        return write_skipped(corpus, page);
    }
    let quotations = &view.quotes.quotations;
    let documents = count(corpus.documents.len() as u64, "document");
    if quotations.is_empty() {
        page.text(0, &format!("No quotation in {documents}."), Ink::Strong)?;
        return write_skipped(corpus, page);
    }
    let headline = format!("{} in {documents}", count(quotations.len() as u64, "quotation"));
    page.text(0, &headline, Ink::Strong)?;
    page.space()?;
    let mut kinds: BTreeMap<QuotationKind, u64> = BTreeMap::new();
    quotations.iter().for_each(|quotation| *kinds.entry(quotation.kind).or_default() += 1);
    let parts: Vec<String> =
        kinds.into_iter().map(|(kind, times)| format!("{} {}", number(times), kind.name())).collect();
    let dot = format!(" {} ", page.palette.glyphs.dot);
    page.text(INDENT, &parts.join(&dot), Ink::Plain)?;
    let named = quotations.iter().filter(|quotation| quotation.speaker.is_some()).count() as u64;
    let resolved = quotations.iter().filter_map(|quotation| quotation.speaker.as_ref());
    let resolved = resolved.filter(|speaker| speaker.is_resolved).count() as u64;
    let speakers = view.by_speaker().iter().filter(|(name, _)| name.is_some()).count() as u64;
    let told = format!(
        "{} of them with a speaker ({} by pronoun, role or neighbour), {} in all",
        number(named),
        number(resolved),
        count(speakers, "speaker"),
    );
    page.text(INDENT, &told, Ink::Plain)?;
    let utterances = &view.quotes.utterances;
    let altered = utterances.iter().filter(|utterance| is_altered(utterance)).count() as u64;
    let travelled = format!(
        "{} printed more than once, {} of them altered",
        count(utterances.len() as u64, "utterance"),
        number(altered)
    );
    page.text(INDENT, &travelled, Ink::Plain)?;
    if view.grouping == Grouping::Utterance {
        page.text(INDENT, "--by speaker lists every quotation", Ink::Faint)?;
    }
    write_skipped(corpus, page)
}
