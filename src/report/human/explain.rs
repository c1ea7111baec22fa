//! Explain: all the evidence for one finding or cluster. Nothing is left out, nothing is shortened.

use std::io;

use super::super::Appearance;
use super::super::json::compose::{EDIT, short};
use super::super::names::hex;
use super::super::view::{View, decimal};
use super::layout::columns;
use super::page::Page;
use super::palette::{Ink, Palette};
use super::passage::{marked, pieces, whole};
use super::phrase::{count, number};
use super::places::{date, spans};
use super::{INDENT, clusters, documents};
use crate::finding::{Cluster, Edit, EditKind, Finding, Occurrence, Ratio, Span};

/// Writes everything that has this id. Returns whether anything has.
pub(in crate::report) fn explain(
    view: &View,
    id: u64,
    appearance: Appearance,
    out: &mut dyn io::Write,
) -> io::Result<bool> {
    let palette = Palette::new(appearance, 16);
    let mut page = Page::new(&palette, out);
    let mut found = false;
    for finding in view.scan.findings.iter().filter(|finding| finding.id == id) {
        write_finding(view, &mut page, finding)?;
        found = true;
    }
    for cluster in view.scan.clusters.iter().filter(|cluster| cluster.id == id) {
        write_cluster(view, &mut page, cluster)?;
        found = true;
    }
    Ok(found)
}

fn write_finding(view: &View, page: &mut Page, finding: &Finding) -> io::Result<()> {
    let palette = page.palette;
    page.space()?;
    page.heading(&hex(finding.id), finding.rule.name())?;
    page.space()?;
    let label = documents::label(finding.rule);
    page.text(0, &format!("{label}: {}.", documents::sentence(view, finding)), Ink::Strong)?;
    let facts = format!(
        "severity {}, confidence {}, {}, {}",
        finding.severity.name(),
        finding.confidence.name(),
        count(u64::from(finding.tokens), "token"),
        count(finding.occurrences.len() as u64, "place"),
    );
    page.text(0, &facts, Ink::Faint)?;

    let Some(representative) = view.representative(finding) else { return Ok(()) };
    page.space()?;
    page.passage(INDENT, &whole(view.one_copy(representative), palette, palette.width - INDENT - 2))?;
    for (index, occurrence) in finding.occurrences.iter().enumerate() {
        page.space()?;
        let is_representative = index == finding.representative as usize;
        write_occurrence(view, page, index, occurrence, is_representative, representative)?;
    }
    Ok(())
}

fn write_occurrence(
    view: &View,
    page: &mut Page,
    index: usize,
    occurrence: &Occurrence,
    is_representative: bool,
    representative: &Occurrence,
) -> io::Result<()> {
    let palette = page.palette;
    let place = spans(view, occurrence.document, std::iter::once(&occurrence.span), 1, palette);
    let index = number(index as u64 + 1);
    page.line(&format!(
        "{index}. {}",
        palette.paint(&name(view, occurrence.document, columns(&index) + 2, palette), Ink::Strong)
    ))?;
    let indent = columns(&index) + 2;
    let mut facts = vec![
        date(view, occurrence.document),
        place,
        format!(
            "bytes\u{a0}{}{}{}",
            number(occurrence.span.start.into()),
            palette.glyphs.to,
            number(occurrence.span.end.into())
        ),
        count(occurrence.tokens.into(), "token"),
    ];
    if occurrence.count > 1 {
        facts.push(format!("{} in a row", count(occurrence.count.into(), "copy")));
    }
    facts.retain(|fact| !fact.is_empty());
    page.text(indent, &facts.join(", "), Ink::Plain)?;
    page.text(indent, &verdict(occurrence.role.name(), occurrence.reason, is_representative), Ink::Plain)?;
    if is_representative {
        return Ok(());
    }
    let [contained_in, contains] = occurrence.containment;
    let measures = format!(
        "identity\u{a0}{}, resemblance\u{a0}{}, containment\u{a0}{} in the representative and\u{a0}{} of it",
        figure(occurrence.identity),
        figure(occurrence.resemblance),
        figure(contained_in),
        figure(contains),
    );
    page.text(indent, &measures, Ink::Faint)?;
    if occurrence.edits.is_empty() {
        return Ok(());
    }
    page.space()?;
    let text = pieces(view, representative, occurrence);
    page.passage(indent, &marked(&text, palette, palette.width - indent - 2, None))?;
    page.space()?;
    for edit in &occurrence.edits {
        page.text(indent, &change(view, representative, occurrence, edit, palette), Ink::Plain)?;
    }
    Ok(())
}

/// `original: first by date; the representative`.
fn verdict(role: &str, reason: &str, is_representative: bool) -> String {
    let mut verdict = role.to_owned();
    if !reason.is_empty() {
        verdict = format!("{verdict}: {reason}");
    }
    if is_representative { format!("{verdict}; the representative") } else { verdict }
}

/// `changed “anything” → “nothing” (bytes 12–20 → 30–37)`.
fn change(view: &View, representative: &Occurrence, occurrence: &Occurrence, edit: &Edit, palette: &Palette) -> String {
    let old = palette.quoted(&short(view.text(representative.document, edit.representative), EDIT));
    let new = palette.quoted(&short(view.text(occurrence.document, edit.occurrence), EDIT));
    let (arrow, to) = (palette.glyphs.arrow, palette.glyphs.to);
    let range = |span: Span| format!("{}{to}{}", number(span.start.into()), number(span.end.into()));
    let (from, into) = (range(edit.representative), range(edit.occurrence));
    let place = |span: Span| number(span.start.into());
    let kind = edit.kind.name();
    match edit.kind {
        EditKind::Changed => format!("{kind} {old} {arrow} {new} (bytes\u{a0}{from} {arrow} {into})"),
        EditKind::Inserted => {
            format!("{kind} {new} (bytes\u{a0}{into}, at {} of the representative)", place(edit.representative))
        }
        EditKind::Deleted => {
            format!("{kind} {old} (bytes\u{a0}{from} of the representative, at {})", place(edit.occurrence))
        }
    }
}

fn write_cluster(view: &View, page: &mut Page, cluster: &Cluster) -> io::Result<()> {
    let palette = page.palette;
    page.space()?;
    page.heading(&hex(cluster.id), cluster.rule.name())?;
    page.space()?;
    let (label, sentence) = clusters::sentence(cluster);
    page.text(0, &format!("{label}: {sentence}."), Ink::Strong)?;
    for (index, member) in cluster.members.iter().enumerate() {
        page.space()?;
        let index = number(index as u64 + 1);
        let indent = columns(&index) + 2;
        page.line(&format!("{index}. {}", palette.paint(&name(view, member.document, indent, palette), Ink::Strong)))?;
        let is_representative = member.document == cluster.representative;
        let size = u64::from(view.ledger_of(member.document).tokens);
        let mut facts = vec![date(view, member.document), if size > 0 { count(size, "token") } else { String::new() }];
        facts.retain(|fact| !fact.is_empty());
        page.text(indent, &facts.join(", "), Ink::Plain)?;
        page.text(indent, &verdict(member.role.name(), member.reason, is_representative), Ink::Plain)?;
        if is_representative {
            continue;
        }
        let [of_it, of_representative] = member.coverage;
        let measures = format!(
            "coverage\u{a0}{} of it and\u{a0}{} of the representative, resemblance\u{a0}{}",
            figure(of_it),
            figure(of_representative),
            figure(member.resemblance)
        );
        page.text(indent, &measures, Ink::Faint)?;
    }
    write_shared(view, page, cluster)
}

/// Names the shared passages between members.
fn write_shared(view: &View, page: &mut Page, cluster: &Cluster) -> io::Result<()> {
    let is_member = |rank: u32| cluster.members.binary_search_by_key(&rank, |member| member.document).is_ok();
    let within = view.scan.findings.iter().filter(|finding| {
        finding.rule == crate::finding::Rule::SharedPassage
            && finding.occurrences.iter().all(|occurrence| is_member(occurrence.document))
    });
    let mut begun = false;
    for finding in within {
        if !begun {
            page.space()?;
            page.text(0, "Passages that only its members share:", Ink::Plain)?;
            begun = true;
        }
        let text = view.representative(finding).map_or("", |representative| view.one_copy(representative));
        let words = count(u64::from(finding.tokens), "token");
        let room = page.palette.width.saturating_sub(INDENT + 16 + 2 + columns(&words) + 6);
        let excerpt = page.palette.quoted(&super::phrase::excerpt(text, room, page.palette));
        page.text(INDENT, &format!("{}  {words}  {excerpt}", hex(finding.id)), Ink::Plain)?;
    }
    Ok(())
}

fn name(view: &View, rank: u32, indent: usize, palette: &Palette) -> String {
    super::layout::shorten_name(view.id(rank), palette.width.saturating_sub(indent), palette)
}

/// A ratio with both its sides: `0.9444 (17/18)`.
fn figure(ratio: Ratio) -> String {
    format!("{}\u{a0}({}/{})", decimal(ratio), ratio.part, ratio.whole)
}
