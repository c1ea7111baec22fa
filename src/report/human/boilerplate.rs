//! Boilerplate on the page: a line for what repeats from page to page, a list for what only reads like it.

use std::io;

use super::super::view::View;
use super::INDENT;
use super::layout::{Flow, columns, pad_left};
use super::page::Page;
use super::palette::Ink;
use super::phrase::{count, excerpt, number};
use crate::finding::Finding;

/// Furniture listed one a line.
const LISTED: usize = 10;
/// Furniture named in one list, and columns of each.
const NAMED: (usize, usize) = (12, 32);

/// Writes the furniture known by repetition, and what furniture of other pages is known by its wording.
pub(super) fn write(view: &View, page: &mut Page, furniture: &[usize], wording: &[usize]) -> io::Result<()> {
    if furniture.is_empty() && wording.is_empty() {
        return Ok(());
    }
    page.space()?;
    page.heading("Boilerplate", &count((furniture.len() + wording.len()) as u64, "passage"))?;
    let listed = if page.palette.limit == usize::MAX { usize::MAX } else { LISTED };
    let shown: Vec<&Finding> =
        furniture.iter().take(listed).filter_map(|&index| view.scan.findings.get(index)).collect();
    let stands: Vec<String> = shown.iter().map(|finding| standing(finding)).collect();
    let widest = stands.iter().map(|stands| columns(stands)).max().unwrap_or(0);
    for (finding, stands) in shown.iter().zip(&stands) {
        let palette = page.palette;
        let text = view.representative(finding).map_or("", |representative| view.one_copy(representative));
        let room = palette.width.saturating_sub(INDENT + widest + palette.digits + 6);
        let mut flow = Flow::new(palette);
        flow.push(&palette.quoted(&excerpt(text, room, palette)).replace(' ', "\u{a0}"), Ink::Plain);
        let quoted = flow.lines(usize::MAX).concat();
        let fill =
            " ".repeat(palette.width.saturating_sub(INDENT + widest + 2 + columns_painted(&quoted) + palette.digits));
        let line = format!(
            "{}{}  {quoted}{fill}{}",
            " ".repeat(INDENT),
            pad_left(stands, widest).replace('\u{a0}', " "),
            palette.paint(&palette.id(finding.id), Ink::Faint)
        );
        page.line(&line)?;
    }
    let more = furniture.len().saturating_sub(shown.len()) as u64;
    if more > 0 {
        page.text(INDENT, &format!("and {} that repeat", count(more, "more passage")), Ink::Faint)?;
    }
    if wording.is_empty() { Ok(()) } else { write_wording(view, page, INDENT, wording) }
}

/// `in 4,312 documents`, `9 times in one document`.
fn standing(finding: &Finding) -> String {
    let documents = finding.occurrences.chunk_by(|a, b| a.document == b.document).count() as u64;
    if documents == 1 {
        let times: u64 = finding.occurrences.iter().map(|occurrence| u64::from(occurrence.count)).sum();
        return format!("{} in one document", super::phrase::times(times));
    }
    format!("in {}", count(documents, "document"))
}

/// Writes furniture that only its wording tells, in a line or two.
pub(super) fn write_wording(view: &View, page: &mut Page, indent: usize, findings: &[usize]) -> io::Result<()> {
    let palette = page.palette;
    let mut items = Vec::new();
    for finding in findings.iter().take(NAMED.0).filter_map(|&index| view.scan.findings.get(index)) {
        let text = view.representative(finding).map_or("", |representative| view.one_copy(representative));
        let line = text.split_whitespace().take(NAMED.1).collect::<Vec<_>>().join("\u{a0}");
        items.push(palette.quoted(&excerpt(&line, NAMED.1, palette)));
    }
    let more = findings.len().saturating_sub(items.len()) as u64;
    if more > 0 {
        items.push(format!("{} more", number(more)));
    }
    let mut flow = Flow::new(palette);
    flow.push("Boilerplate,\u{a0}by shape and wording:", Ink::Note);
    flow.space();
    flow.push(&items.join(", "), Ink::Plain);
    let width = palette.width.saturating_sub(indent + 2);
    let lines = flow.lines(width);
    for (index, line) in lines.iter().enumerate() {
        page.line(&format!("{}{line}", " ".repeat(if index == 0 { indent } else { indent + 2 })))?;
    }
    Ok(())
}

/// Columns of a painted line: escape sequences take none.
fn columns_painted(line: &str) -> usize {
    let mut total = 0;
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        total += columns(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    total + columns(rest)
}
