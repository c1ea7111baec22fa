//! Markdown: a summary for the page of a job (`$GITHUB_STEP_SUMMARY`) or a comment on a change.
//!
//! **Standard.** GitHub Flavored Markdown, of which GitLab's and others' are dialects: a heading, a table, a list.
//!
//! **Injection.** A comment is written in the name of whoever runs the check, so no text from outside may be markup, a
//! link, or a mention that sends mail. All of it stands in code spans, where nothing is any of these; a span opens with
//! more backticks than its text holds in a row. A bar would end a cell even there, and how a backslash before it is to be
//! read is not agreed on: a text with a bar stands in `<code>`, every sign in it as a reference.
//!
//! **Limits.** GitHub takes 1 MiB of a summary and 65,536 characters of a comment. 50 rows, with names cut to 200
//! columns, stay below both; the rest is counted.
//!
//! **What it gives up.** Excerpts: the place is a click away, and a table of them can't be read.

use std::io;

use super::super::escape::visible;
use super::super::excerpt::clip;
use super::super::human::phrase::{count, number};
use super::{MARK, verdict};
use crate::check::problems::{Checked, Place, Problem};

/// Problems in the table; excuses and inputs in a list.
const ROWS: usize = 50;
const LISTED: usize = 10;
/// Columns of a name, and of a reason.
const NAME: usize = 200;
const REASON: usize = 300;

/// Writes the report.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    // By this a later run knows that it is no text of anybody.
    writeln!(out, "{MARK}")?;
    writeln!(out, "### {}", verdict::plain(&verdict::verdict(checked)))?;
    if !checked.problems.is_empty() {
        writeln!(out, "\n| severity | rule | where | words | also in |\n|---|---|---|---:|---|")?;
    }
    for problem in checked.problems.iter().take(ROWS) {
        write_row(out, problem)?;
    }
    let left = checked.problems.len().saturating_sub(ROWS) as u64;
    if left > 0 {
        let left = verdict::plain(&count(left, "more problem"));
        writeln!(out, "\n… and {left}: `dittograph check --all` prints all of them.")?;
    }
    let lost = checked.lost().map(|lost| (at(&lost.path, lost.line), lost.reason.as_str()));
    write_list(out, verdict::lost(checked), lost)?;
    let misunderstood = checked.misunderstood.iter().map(|it| (at(&it.path, it.line), it.what.as_str()));
    write_list(out, verdict::misunderstood(checked), misunderstood)?;
    let unused = checked.unused.iter().map(|unused| (at(&unused.path, unused.line), unused.what.as_str()));
    write_list(out, verdict::unused(checked), unused)?;
    let budgets: Vec<String> = checked.budgets.iter().map(verdict::budget).collect();
    if !budgets.is_empty() {
        writeln!(out, "\n{}.", verdict::plain(&budgets.join(" · ")))?;
    }
    let others = verdict::others(checked).map(|others| format!("; {others}")).unwrap_or_default();
    writeln!(out, "\n{}.", verdict::plain(&format!("{}{others}", verdict::extent(checked))))
}

fn write_row(out: &mut impl io::Write, problem: &Problem) -> io::Result<()> {
    let mut places = problem.places.iter().map(name);
    let (first, other) = (places.next().unwrap_or_default(), places.next().unwrap_or_default());
    let more = match problem.places.len().saturating_sub(2) as u64 {
        0 => String::new(),
        more => format!(" and {} more", number(more)),
    };
    let (severity, rule, words) = (problem.severity.name(), problem.rule.name(), number(u64::from(problem.words)));
    writeln!(out, "| {severity} | {rule} | {first} | {words} | {other}{more} |")
}

/// A place, and the document's name where the file holds several.
fn name(place: &Place) -> String {
    let at = at(&place.path, Some(place.line));
    if place.document == place.path { at } else { format!("{at} {}", code(&place.document, NAME)) }
}

fn at(path: &str, line: Option<u64>) -> String {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    code(&format!("{path}{line}"), NAME)
}

fn write_list<'c>(
    out: &mut impl io::Write,
    title: Option<String>,
    items: impl Iterator<Item = (String, &'c str)>,
) -> io::Result<()> {
    let Some(title) = title else { return Ok(()) };
    writeln!(out, "\n{}:\n", verdict::plain(&title))?;
    let mut left = 0;
    for (index, (place, what)) in items.enumerate() {
        if index >= LISTED {
            left += 1;
            continue;
        }
        writeln!(out, "- {place}: {}", code(what, REASON))?;
    }
    if left > 0 { writeln!(out, "- and {} more", number(left)) } else { Ok(()) }
}

/// A text from outside, in at most so many columns: its end is kept, as names differ there.
pub(super) fn code(text: &str, most: usize) -> String {
    let text = visible(text);
    let text = clip(&text, most / 3, most - most / 3).join("…");
    if text.trim().is_empty() {
        // Nothing makes a code span of no text.
        return "<code></code>".to_owned();
    }
    if text.contains('|') {
        let signs =
            text.chars().map(|c| if c.is_ascii_punctuation() { format!("&#{};", u32::from(c)) } else { c.to_string() });
        return format!("<code>{}</code>", signs.collect::<String>());
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_bare = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']);
    let space = if is_bare { "" } else { " " };
    format!("{fence}{space}{text}{space}{fence}")
}
