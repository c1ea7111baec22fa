//! Documents on the page: what is known of each, where its words come from, and what it repeats.

use std::io;

use super::super::totals;
use super::super::view::View;
use super::measure::Measure;
use super::page::Page;
use super::palette::{Ink, Palette};
use super::passage::{marked, pieces, short};
use super::phrase::{count, number, percent, plural, times};
use super::places::{MOST, alike, date, rows, spans, table};
use super::{INDENT, plan};
use crate::finding::{Finding, Ledger, Occurrence, Ratio, Rule, Severity};

/// Lines of a passage, and of each altered form of it.
const PASSAGE: usize = 3;
/// Altered forms shown.
const FORMS: usize = 3;

/// Writes one document's part.
pub(super) fn write(view: &View, page: &mut Page, part: &plan::Page) -> io::Result<()> {
    let ledger = view.ledger_of(part.document);
    let noun = Measure::of_text(view.whole(part.document)).noun();
    let tokens = u64::from(ledger.tokens);
    let repeated = tokens.saturating_sub(u64::from(ledger.original));
    let figures = if tokens == 0 {
        String::new()
    } else {
        format!("{}, {} repeated", count(tokens, noun), percent(Ratio::new(repeated, tokens)))
    };
    page.space()?;
    page.heading(view.id(part.document), &figures)?;
    let dot = format!(" {} ", page.palette.glyphs.dot);
    let (mut facts, sources) = (facts(view, part.document, page.palette), sources(view, ledger));
    let dated = date(view, part.document);
    facts.extend(Some(dated).filter(|date| !date.is_empty()));
    // A lone date goes with the figures.
    if facts.len() == 1 && repeated > 0 && sources.len() < 4 {
        facts.extend(sources);
        page.text(INDENT, &facts.join(&dot), Ink::Faint)?;
    } else {
        page.text(INDENT, &facts.join(&dot), Ink::Faint)?;
        if repeated > 0 {
            page.text(INDENT, &sources.join(&dot), Ink::Faint)?;
        }
    }
    for finding in part.findings.iter().filter_map(|&index| view.scan.findings.get(index)) {
        page.space()?;
        write_finding(view, page, finding, part.document)?;
    }
    if part.hidden > 0 {
        page.space()?;
        let note = format!("and {} in this document", count(part.hidden, "more finding"));
        page.text(INDENT, &note, Ink::Faint)?;
    }
    if !part.wording.is_empty() {
        page.space()?;
        super::boilerplate::write_wording(view, page, INDENT, &part.wording)?;
    }
    Ok(())
}

/// Title, source and place of a document, as far as its id does not tell.
fn facts(view: &View, rank: u32, palette: &Palette) -> Vec<String> {
    let Some(document) = view.document(rank) else { return Vec::new() };
    let mut facts = Vec::new();
    if let Some(title) = document.title().filter(|title| !title.trim().is_empty()) {
        facts.push(palette.quoted(&super::phrase::excerpt(title, palette.width - INDENT - 2, palette)));
    }
    facts.extend(document.source.as_deref().map(str::to_owned));
    if !document.id.contains(&*document.origin.path) {
        facts.push(match document.line() {
            Some(line) => format!("{}:{line}", document.origin.path),
            None => document.origin.path.to_string(),
        });
    }
    facts
}

/// Where the words come from: `original 227`, `doubled 237`, `11 from wire/0415.txt`.
fn sources(view: &View, ledger: &Ledger) -> Vec<String> {
    let parts = [
        ("original", ledger.original),
        ("doubled", ledger.doubled),
        ("boilerplate", ledger.boilerplate),
        ("quoted", ledger.quoted),
        ("also elsewhere", ledger.shared),
    ];
    let mut sources: Vec<String> = Vec::new();
    for (name, tokens) in parts.into_iter().filter(|&(_, tokens)| tokens > 0) {
        sources.push(format!("{}\u{a0}{}", number(u64::from(tokens)), name.replace(' ', "\u{a0}")));
    }
    let mut from: Vec<(u32, u32)> = ledger.reused.clone();
    from.sort_by_key(|&(rank, tokens)| (std::cmp::Reverse(tokens), rank));
    for &(rank, tokens) in from.iter().take(2) {
        sources.push(format!("{}\u{a0}from\u{a0}{}", number(u64::from(tokens)), view.id(rank)));
    }
    let rest: Ledger = Ledger { reused: from.split_off(from.len().min(2)), ..Ledger::default() };
    if !rest.reused.is_empty() {
        let documents = count(rest.reused.len() as u64, "more document");
        sources.push(format!("{}\u{a0}from\u{a0}{documents}", number(totals::reused(&rest))));
    }
    sources
}

/// Writes one finding as told in the document `home`.
fn write_finding(view: &View, page: &mut Page, finding: &Finding, home: u32) -> io::Result<()> {
    let palette = page.palette;
    let alone = finding.occurrences.iter().all(|occurrence| occurrence.document == home);
    let ink = match finding.severity {
        Severity::Error => Ink::Error,
        Severity::Warning => Ink::Warning,
        Severity::Note => Ink::Note,
    };
    page.head(INDENT, label(finding.rule), ink, &sentence(view, finding), finding.id)?;
    let indent = INDENT + 2;
    let width = palette.width - indent;
    let altered: Vec<&Occurrence> =
        finding.occurrences.iter().filter(|occurrence| !occurrence.edits.is_empty()).take(FORMS + 1).collect();
    if alone {
        let mut places =
            spans(view, home, finding.occurrences.iter().map(|occurrence| &occurrence.span), MOST, palette);
        if let [one] = altered.as_slice() {
            let place = spans(view, home, std::iter::once(&one.span), MOST, palette);
            places = format!("{places}; {place} is altered, {}", alike(one));
        }
        page.text(indent, &places, Ink::Plain)?;
    } else {
        let (rows, left) = rows(view, finding, home, palette);
        page.lines(indent, &table(&rows, width, palette))?;
        if left > 0 {
            page.text(indent, &format!("and {}", count(left, "more document")), Ink::Faint)?;
        }
    }
    write_passage(view, page, finding, &altered)
}

/// Writes the passage; one altered form of it is marked in the passage itself, several are shown under it.
fn write_passage(view: &View, page: &mut Page, finding: &Finding, altered: &[&Occurrence]) -> io::Result<()> {
    let Some(representative) = view.representative(finding) else { return Ok(()) };
    let palette = page.palette;
    let indent = INDENT + 2;
    let width = palette.width - indent - 2;
    if let [one] = altered {
        return page.passage(indent, &marked(&pieces(view, representative, one), palette, width, Some(PASSAGE + 1)));
    }
    page.passage(indent, &short(view.one_copy(representative), palette, width, PASSAGE))?;
    for form in altered.iter().take(FORMS) {
        let place = spans(view, form.document, std::iter::once(&form.span), MOST, palette);
        let alone = finding.occurrences.iter().all(|occurrence| occurrence.document == form.document);
        let place = if alone { place } else { format!("{}, {place}", view.id(form.document)) };
        page.text(indent, &format!("{place}, {}:", alike(form)), Ink::Faint)?;
        page.passage(indent, &marked(&pieces(view, representative, form), palette, width, Some(2)))?;
    }
    if altered.len() > FORMS {
        let all = finding.occurrences.iter().filter(|occurrence| !occurrence.edits.is_empty()).count();
        let note = format!("and {}", count((all - FORMS) as u64, "more altered form"));
        page.text(indent, &note, Ink::Faint)?;
    }
    Ok(())
}

/// What the rule is called in print.
pub(super) fn label(rule: Rule) -> &'static str {
    match rule {
        Rule::DoubledText => "Doubled text",
        Rule::Boilerplate => "Boilerplate",
        Rule::SharedPassage => "Shared passage",
        Rule::ReusedQuote => "Reused quotation",
        Rule::AlteredQuote => "Altered quotation",
        Rule::NearDuplicate => "Near-duplicates",
        Rule::Contained => "Contained",
    }
}

/// What the finding is, in words.
pub(super) fn sentence(view: &View, finding: &Finding) -> String {
    let text = view.representative(finding).map_or("", |representative| view.one_copy(representative));
    let length = count(u64::from(finding.tokens), Measure::of_text(text).noun());
    let standing: u64 = finding.occurrences.iter().map(|occurrence| u64::from(occurrence.count)).sum();
    let documents = finding.occurrences.chunk_by(|a, b| a.document == b.document).count() as u64;
    let altered = finding.occurrences.iter().filter(|occurrence| !occurrence.edits.is_empty()).count() as u64;
    let mut clauses = Vec::new();
    if documents > 1 {
        let often = if standing > documents { format!(", {} in all", times(standing)) } else { String::new() };
        clauses.push(format!("{length} in {}{often}", count(documents, "document")));
    } else {
        let running = matches!(finding.occurrences.as_slice(), [one] if one.count > 1);
        clauses.push(format!("{length} {}{}", times(standing), if running { " in a row" } else { "" }));
    }
    if altered > 0 {
        clauses.push(match (documents, altered) {
            (1, 1) => "once altered".to_owned(),
            (1, _) => format!("{} altered", number(altered)),
            (_, 1) => "altered in one".to_owned(),
            (_, _) => format!("altered in {}", number(altered)),
        });
    }
    let mut sentence = clauses.join(", ");
    if documents == 1 && finding.rule == Rule::DoubledText {
        let rank = finding.occurrences.first().map_or(0, |occurrence| occurrence.document);
        let tokens: u64 = finding.occurrences.iter().map(|occurrence| u64::from(occurrence.tokens)).sum();
        let copies =
            Ratio::new(tokens.saturating_sub(u64::from(finding.tokens)), u64::from(view.ledger_of(rank).tokens));
        if copies.whole > 0 && standing > 1 {
            let n = standing - 1;
            let are = format!("the {} {} {} of the document", plural(n, "copy"), plural(n, "is"), percent(copies));
            sentence = format!("{sentence}; {are}");
        }
    }
    sentence
}
