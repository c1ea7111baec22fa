//! The report of a check for people.
//!
//! **Idea.** Whoever meets this report has to act: at each problem, worst first, stand what it is, the first words of
//! its text, and its places, the one to act on before the others. A place is `path:line` from the root of the project,
//! alone at the beginning of its line and never cut or wrapped, because terminals and editors open it where it is
//! whole: this is the one thing that may be wider than the page. Then comes what is no problem but should be known, in a
//! line each, and as the last line, where a log ends, the verdict.
//!
//! **What it gives up.** It shows 20 problems with 8 places each, unless told otherwise, and counts the rest. Whoever
//! wants to see the texts beside each other asks `explain`.

use std::io;

use super::super::Appearance;
use super::super::escape::{inert, visible};
use super::super::excerpt::clip;
use super::super::human::INDENT;
use super::super::human::layout::{Flow, columns};
use super::super::human::page::Page;
use super::super::human::palette::{Ink, Palette};
use super::super::human::phrase::{count, number};
use super::super::names::hex;
use super::{shown_message, verdict};
use crate::check::problems::{Checked, Place, Problem, Verdict};
use crate::finding::Severity;

/// Places of a problem that are shown.
const PLACES: usize = 8;
/// Lines of a problem's text.
const ROWS: usize = 2;
/// Excuses and inputs named before the rest is counted.
const NAMED: usize = 5;
/// Columns of a document's name beside its file, and of a reason.
const NAME: usize = 40;
const REASON: usize = 240;

/// Writes the report.
pub(super) fn write(checked: &Checked, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = Palette::new(appearance, 16);
    let mut page = Page::new(&palette, out);
    let everything = appearance.limit.is_none();
    for problem in checked.problems.iter().take(palette.limit) {
        write_problem(&mut page, problem, everything)?;
    }
    let hidden = checked.problems.len().saturating_sub(palette.limit) as u64;
    if hidden > 0 {
        page.space()?;
        let more = count(hidden, "more problem");
        let told = format!("{} {more}; --all shows all, --format json has all", palette.glyphs.ellipsis);
        page.text(0, &told, Ink::Strong)?;
    }
    write_rest(&mut page, checked, everything)?;
    write_verdict(&mut page, checked)
}

fn write_problem(page: &mut Page, problem: &Problem, everything: bool) -> io::Result<()> {
    let palette = page.palette;
    let (ink, id) = (ink(problem.severity), hex(problem.id));
    let name = format!("{} {} {}", problem.severity.name(), palette.glyphs.dot, problem.rule.name());
    page.space()?;
    // The id is what an excuse is written with: it is never shortened.
    if columns(&name) + columns(&id) + 12 <= palette.width {
        page.heading_in(&name, ink, &id)?;
    } else {
        page.heading_in(&name, ink, "")?;
        page.text(INDENT, &id, Ink::Faint)?;
    }
    page.text(INDENT, &shown_message(problem), Ink::Plain)?;
    let width = palette.width - INDENT - 2;
    let room = if everything { usize::MAX - 4 } else { width * ROWS - width / 4 };
    let mut flow = Flow::new(palette);
    flow.push(&clip(&problem.excerpt, room, 0).join(palette.glyphs.ellipsis), Ink::Plain);
    page.passage(INDENT, &flow.lines(width))?;
    let shown = if everything { usize::MAX } else { PLACES };
    let widest = problem.places.iter().take(shown).map(|place| columns(&written(place))).max().unwrap_or(0);
    for (index, place) in problem.places.iter().take(shown).enumerate() {
        write_place(page, place, if index == 0 { Ink::Strong } else { Ink::Plain }, widest)?;
    }
    let hidden = problem.places.len().saturating_sub(shown) as u64;
    if hidden > 0 {
        page.text(INDENT, &format!("and {}; --all shows them", count(hidden, "more place")), Ink::Faint)?;
    }
    Ok(())
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Error,
        Severity::Warning => Ink::Warning,
        Severity::Note => Ink::Note,
    }
}

/// A place as it stands at the beginning of a line.
fn written(place: &Place) -> String {
    inert(&visible(&place.name())).into_owned()
}

/// Writes a place, with what else there is to know of it behind: in one column for all, if the widest leaves room.
fn write_place(page: &mut Page, place: &Place, ink: Ink, widest: usize) -> io::Result<()> {
    let palette = page.palette;
    let mut remarks = Vec::new();
    if place.end_line > place.line {
        remarks.push(format!("to line\u{a0}{}", place.end_line));
    }
    if place.document != place.path && !place.document.trim().is_empty() {
        remarks.push(clip(&visible(&place.document), NAME, 0).join(palette.glyphs.ellipsis));
    }
    if place.count > 1 {
        remarks.push(format!("{} times in a row", number(u64::from(place.count))));
    }
    if place.is_holder {
        remarks.push("holds the rest".to_owned());
    }
    if place.is_reference {
        remarks.push("for comparison".to_owned());
    }
    let remarks = remarks.join(&format!(" {} ", palette.glyphs.dot));
    let name = written(place);
    let line = format!("{}{}", " ".repeat(INDENT), palette.paint(&name, ink));
    let room = palette.width.saturating_sub(INDENT + 2 + columns(&remarks));
    if !remarks.is_empty() && columns(&name) <= room {
        let fill = if widest <= room { widest - columns(&name) } else { 0 };
        let remarks = palette.paint(&remarks.replace('\u{a0}', " "), Ink::Faint);
        return page.line(&format!("{line}{}  {remarks}", " ".repeat(fill)));
    }
    page.line(&line)?;
    page.text(INDENT + 2, &remarks, Ink::Faint)
}

/// Writes what is no problem, but should be known.
fn write_rest(page: &mut Page, checked: &Checked, everything: bool) -> io::Result<()> {
    let has_rest = checked.lost().next().is_some()
        || !(checked.problems.is_empty() && checked.budgets.is_empty())
        || !(checked.unused.is_empty() && checked.misunderstood.is_empty());
    if !has_rest {
        return Ok(());
    }
    page.space()?;
    let rule = page.palette.glyphs.heavy_rule.repeat(page.palette.width);
    page.line(&page.palette.paint(&rule, Ink::Faint))?;
    if let Some(lost) = verdict::lost(checked) {
        page.text(INDENT, &format!("{lost}:"), Ink::Error)?;
        write_list(page, checked.lost().map(verdict::skipped), everything)?;
    }
    if let Some(misunderstood) = verdict::misunderstood(checked) {
        page.text(INDENT, &format!("{misunderstood}:"), Ink::Warning)?;
        write_list(page, checked.misunderstood.iter().map(verdict::idle), everything)?;
    }
    if let Some(unused) = verdict::unused(checked) {
        page.text(INDENT, &format!("{unused}:"), Ink::Warning)?;
        write_list(page, checked.unused.iter().map(verdict::idle), everything)?;
    }
    for budget in &checked.budgets {
        let ink = if budget.is_exceeded() { Ink::Error } else { Ink::Plain };
        page.text(INDENT, &verdict::budget(budget), ink)?;
    }
    if let Some(others) = verdict::others(checked).filter(|_| !checked.problems.is_empty()) {
        page.text(INDENT, &format!("Also: {others}"), Ink::Faint)?;
    }
    Ok(())
}

fn write_list(page: &mut Page, items: impl Iterator<Item = String>, everything: bool) -> io::Result<()> {
    let mut more = 0;
    for (index, item) in items.enumerate() {
        if index >= NAMED && !everything {
            more += 1;
            continue;
        }
        let item = clip(&item, REASON, REASON / 3).join(&format!(" {} ", page.palette.glyphs.ellipsis));
        page.text(INDENT + 2, &item, Ink::Plain)?;
    }
    if more > 0 {
        page.text(INDENT + 2, &format!("and {} more", number(more)), Ink::Faint)?;
    }
    Ok(())
}

fn write_verdict(page: &mut Page, checked: &Checked) -> io::Result<()> {
    let (told, extent) = (verdict::verdict(checked), verdict::extent(checked));
    let ink = if checked.verdict() == Verdict::Open { Ink::Strong } else { Ink::Error };
    if checked.problems.is_empty() {
        page.text(0, &format!("{told}."), ink)?;
        let others = verdict::others(checked).map(|others| format!("; {others}")).unwrap_or_default();
        return page.text(0, &format!("{extent}{others}."), Ink::Faint);
    }
    let mut flow = Flow::new(page.palette);
    flow.push(&told, ink);
    flow.space();
    flow.push(page.palette.glyphs.dot, Ink::Faint);
    flow.space();
    flow.push(&extent, Ink::Faint);
    page.lines(0, &flow.lines(page.palette.width))
}
