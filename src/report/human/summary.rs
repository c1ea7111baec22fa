//! Summary: how much of this corpus is repetition?

use std::io;

use super::super::totals::{self, Totals};
use super::super::view::View;
use super::layout::{columns, pad, pad_left};
use super::measure::Measure;
use super::page::Page;
use super::palette::Ink;
use super::phrase::{count, list, number, percent, percent_in_tenths};
use super::{INDENT, plan::Plan};
use crate::document::Corpus;
use crate::finding::{Ratio, Rule};

/// Skipped inputs named before the rest is counted.
const NAMED: usize = 3;

/// Writes the end of the report.
pub(super) fn write(view: &View, page: &mut Page, plan: &Plan) -> io::Result<()> {
    write_hidden(page, plan)?;
    page.space()?;
    let rule = page.palette.glyphs.heavy_rule.repeat(page.palette.width);
    page.line(&page.palette.paint(&rule, Ink::Faint))?;

    let documents = view.corpus.documents.len() as u64;
    let found = !view.scan.findings.is_empty() || !view.scan.clusters.is_empty();
    if documents == 0 {
        page.text(0, "No documents were read.", Ink::Strong)?;
    } else if !found {
        write_nothing(view, page)?;
    } else {
        write_share(view, page)?;
        write_counts(view, page)?;
    }
    write_skipped(view.corpus, page)
}

fn write_hidden(page: &mut Page, plan: &Plan) -> io::Result<()> {
    let (clusters, findings) = plan.hidden;
    let mut hidden = Vec::new();
    if clusters > 0 {
        hidden.push(count(clusters, "more cluster"));
    }
    if findings > 0 {
        hidden.push(count(findings, "more finding"));
    }
    if hidden.is_empty() {
        return Ok(());
    }
    page.space()?;
    let ellipsis = page.palette.glyphs.ellipsis;
    page.text(0, &format!("{ellipsis} {}; --format json has all", list(&hidden)), Ink::Strong)
}

/// Whether the scan looked inside documents at all, so that its ledgers speak of passages.
fn has_passages(view: &View) -> bool {
    Rule::ALL.into_iter().any(|rule| !rule.is_of_documents() && view.settings.wants(rule))
}

fn write_nothing(view: &View, page: &mut Page) -> io::Result<()> {
    let documents = view.corpus.documents.len() as u64;
    let totals = Totals::of(view.scan);
    let size = if totals.tokens > 0 {
        format!("{}, {}", count(documents, "document"), count(totals.tokens, Measure::of_corpus(view.corpus).noun()))
    } else {
        count(documents, "document")
    };
    page.text(0, &format!("{size}: nothing is repeated."), Ink::Strong)?;
    let wanted: Vec<String> =
        Rule::ALL.into_iter().filter(|&rule| view.settings.wants(rule)).map(|rule| rule.name().to_owned()).collect();
    let length = count(u64::from(view.settings.min_words), "word");
    let looked = if wanted.len() == Rule::ALL.len() {
        format!("Every rule was looked for; across documents, passages of {length} and more.")
    } else {
        format!("Looked for: {}.", list(&wanted))
    };
    page.text(INDENT, &looked, Ink::Faint)
}

fn write_share(view: &View, page: &mut Page) -> io::Result<()> {
    let documents = view.corpus.documents.len() as u64;
    let totals = Totals::of(view.scan);
    if !has_passages(view) || totals.tokens == 0 {
        return page.text(0, &copies(view), Ink::Strong);
    }
    let parts = [
        ("original", totals.original),
        ("doubled", totals.doubled),
        ("boilerplate", totals.boilerplate),
        ("quoted", totals.quoted),
        ("reused", totals.reused),
        ("shared", totals.shared),
    ];
    let share = |tokens: u64| percent(Ratio::new(tokens, totals.tokens));
    let named: Vec<String> = parts
        .iter()
        .skip(1)
        .filter(|&&(_, tokens)| tokens > 0)
        .map(|&(name, tokens)| format!("{}\u{a0}{name}", share(tokens)))
        .collect();
    let mut headline = format!(
        "{}, {}: {} repeated",
        count(documents, "document"),
        count(totals.tokens, Measure::of_corpus(view.corpus).noun()),
        percent(totals.share())
    );
    if !named.is_empty() {
        headline = format!("{headline} ({})", named.join(", "));
    }
    page.text(0, &headline, Ink::Strong)?;
    page.space()?;

    write_bars(page, &parts, totals.tokens)
}

/// Writes parts of a whole as bars, those that are not nothing; all but the first are worth attention.
pub(in crate::report) fn write_bars(page: &mut Page, parts: &[(&str, u64)], whole: u64) -> io::Result<()> {
    let palette = page.palette;
    let shown: Vec<(usize, &str, u64)> =
        parts.iter().enumerate().map(|(at, (name, part))| (at, *name, *part)).filter(|(.., part)| *part > 0).collect();
    let figures = shown.iter().map(|(.., part)| columns(&number(*part))).max().unwrap_or(0);
    let names = "boilerplate".len();
    let room = palette.width.saturating_sub(INDENT + names + figures + 14).min(60);
    for (at, name, part) in shown {
        let bar = palette.bar(part, whole, room);
        let space = " ".repeat(room.saturating_sub(columns(&bar)));
        let ink = if at == 0 { Ink::Note } else { Ink::Warning };
        let tenths = percent_in_tenths(Ratio::new(part, whole)).replace('\u{a0}', " ");
        let line = format!(
            "{}{}  {}{}  {}  {}",
            " ".repeat(INDENT),
            pad(name, names),
            palette.paint(&bar, ink),
            space,
            pad_left(&tenths, 7),
            pad_left(&number(part), figures)
        );
        page.line(&line)?;
    }
    Ok(())
}

/// How many documents repeat another as wholes.
fn copies(view: &View) -> String {
    let mut copies: Vec<u32> = Vec::new();
    for cluster in &view.scan.clusters {
        let others = cluster.members.iter().filter(|member| member.document != cluster.representative);
        copies.extend(others.map(|member| member.document));
    }
    copies.sort_unstable();
    copies.dedup();
    let (copies, documents) = (copies.len() as u64, view.corpus.documents.len() as u64);
    let share = percent(Ratio::new(copies, documents));
    let verb = if copies == 1 { "repeats" } else { "repeat" };
    format!("{} of {} ({share}) {verb} another as a whole", number(copies), count(documents, "document"))
}

fn write_counts(view: &View, page: &mut Page) -> io::Result<()> {
    let counted = |clusters: bool| -> Vec<String> {
        let rules = Rule::ALL.into_iter().filter(|&rule| rule.is_of_documents() == clusters);
        rules
            .map(|rule| (totals::count(view.scan, rule), rule))
            .filter(|&(count, _)| count > 0)
            .map(|(count, rule)| format!("{}\u{a0}{}", number(count), rule.name()))
            .collect()
    };
    page.space()?;
    let (findings, clusters) = (counted(false), counted(true));
    if !findings.is_empty() {
        page.text(INDENT, &format!("Findings: {}", findings.join(", ")), Ink::Plain)?;
    }
    if !clusters.is_empty() {
        let copies = if has_passages(view) { format!("; {}", copies(view)) } else { String::new() };
        page.text(INDENT, &format!("Clusters: {}{copies}", clusters.join(", ")), Ink::Plain)?;
    }
    page.text(INDENT, "All the evidence for one of them: dittograph explain ID PATH...", Ink::Faint)
}

/// Writes what could not be read, and what else there is to know of the input.
pub(in crate::report) fn write_skipped(corpus: &Corpus, page: &mut Page) -> io::Result<()> {
    let (skipped, errors) = totals::skipped(corpus);
    let (empty, warnings) = (corpus.empty, corpus.warnings.len() as u64);
    let mut notes = Vec::new();
    if skipped > errors {
        notes.push(format!("{} passed over", count(skipped - errors, "input")));
    }
    if empty > 0 {
        notes.push(format!("{} without text", count(empty, "document")));
    }
    if warnings > 0 {
        notes.push(count(warnings, "warning"));
    }
    if errors > 0 {
        page.space()?;
        page.text(INDENT, &format!("{} could not be read:", count(errors, "input")), Ink::Error)?;
        for skipped in corpus.skipped.iter().filter(|skipped| skipped.is_error).take(NAMED) {
            let line = skipped.line.map(|line| format!(":{line}")).unwrap_or_default();
            let reason = super::phrase::excerpt(&skipped.reason, 240, page.palette);
            page.text(INDENT + 2, &format!("{}{line}: {reason}", skipped.path), Ink::Plain)?;
        }
        let more = errors.saturating_sub(NAMED as u64);
        if more > 0 {
            page.text(INDENT + 2, &format!("and {} more", number(more)), Ink::Faint)?;
        }
    }
    if !notes.is_empty() {
        page.text(INDENT, &format!("Also: {}", list(&notes)), Ink::Faint)?;
    }
    Ok(())
}
