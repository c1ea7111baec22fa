//! Workflow commands: `::error file=a.md,line=4,endLine=9,title=…::message`, which GitHub Actions shows as annotations
//! at the lines of a change.
//!
//! **Standard.** The command syntax of GitHub's documentation, escaped as the actions toolkit does and the runner undoes:
//! `%`, CR and LF as `%25`, `%0D`, `%0A`; in properties also `:` as `%3A` and `,` as `%2C`.
//!
//! **Limits.** Of a step the platform keeps 10 errors, 10 warnings and 10 notices, and of a message 4 kB, silently; so
//! this format writes at most so many, worst first, and one notice among them that counts the rest. Messages are kept
//! to 1,500 bytes, so that all of the output stays under 64 kB.
//!
//! **Injection.** The runner obeys every line that begins with `::` and, in an older syntax, any `##[` within a line. No
//! text from outside begins a line here: control characters are shown as `\u{a}`, and `##[` as `##\x5b`. A path
//! that can't be written so and still be the path (with other control characters, or `##[`) is told in the message
//! instead. The last line is no command: the verdict, for whoever reads the log.
//!
//! **What it gives up.** What is excused or known, and inputs passed over, are not told.

use std::io;

use super::super::escape::{is_unsafe, opens_command, visible};
use super::super::excerpt::clip;
use super::super::human::phrase::{count, list};
use super::super::names::hex;
use super::{lines, shown_message, shown_others, shown_place, verdict};
use crate::check::problems::{Budget, Checked, Problem, Unused};
use crate::finding::Severity;

/// Annotations of one level that the platform keeps.
const MOST: usize = 10;
/// Bytes of a message, and of a path, escaped.
const MESSAGE: usize = 1_500;
const FILE: usize = 400;
/// Other places, and lost inputs, that a message names; columns of the reason of one.
const NAMED: usize = 5;
const REASON: usize = 150;

struct Annotation {
    level: &'static str,
    /// The file, its first and its last line.
    place: Option<(String, u64, u64)>,
    title: String,
    message: String,
}

/// Writes the report.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    let of =
        |severity: Severity| checked.problems.iter().filter(move |problem| problem.severity == severity).map(annotate);
    let exceeded = || checked.budgets.iter().filter(|budget| budget.is_exceeded());
    let lost = tell_lost(checked);
    let first_errors = u64::from(lost.is_some()) + exceeded().count() as u64;
    let all = [
        first_errors + checked.count(Severity::Error),
        checked.count(Severity::Warning) + checked.misunderstood.len() as u64,
        checked.count(Severity::Note) + checked.unused.len() as u64,
    ];
    let is_whole = all.iter().all(|&all| all <= MOST as u64);
    // The notice that counts the rest takes the place of one.
    let room = [MOST, MOST, if is_whole { MOST } else { MOST - 1 }];
    let [errors, warnings, notices] = room;
    for annotation in lost.into_iter().chain(exceeded().map(tell_budget)).chain(of(Severity::Error)).take(errors) {
        write_annotation(out, &annotation)?;
    }
    for annotation in of(Severity::Warning).chain(checked.misunderstood.iter().map(tell_misunderstood)).take(warnings) {
        write_annotation(out, &annotation)?;
    }
    for annotation in of(Severity::Note).chain(checked.unused.iter().map(tell_unused)).take(notices) {
        write_annotation(out, &annotation)?;
    }
    if !is_whole {
        let nouns = ["more error", "more warning", "more notice"];
        let left = all.iter().zip(room).zip(nouns).map(|((&all, room), noun)| (all.saturating_sub(room as u64), noun));
        let left: Vec<String> = left.filter(|(left, _)| *left > 0).map(|(left, noun)| count(left, noun)).collect();
        let message = format!(
            "{} found no room here. dittograph check prints all of them with --all, and writes them with --format json or sarif.",
            verdict::plain(&list(&left))
        );
        write_annotation(out, &Annotation { level: "notice", place: None, title: "dittograph".to_owned(), message })?;
    }
    let told = verdict::plain(&format!("{} ({})", verdict::verdict(checked), verdict::extent(checked)));
    writeln!(out, "dittograph: {told}")
}

fn annotate(problem: &Problem) -> Annotation {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut message = shown_message(problem);
    if !problem.excerpt.is_empty() {
        message.push_str(&format!("\n“{}”", visible(&problem.excerpt)));
    }
    // One other place is in the first line.
    let (others, more) = shown_others(problem, NAMED);
    if others.len() > 1 {
        message.push_str(&format!("\nAlso in {}", others.join(", ")));
        if more > 0 {
            message.push_str(&format!(" and {more} more"));
        }
    }
    message.push_str(&format!("\nId {}", hex(problem.id)));
    let place = problem.places.first().map(|place| (place.path.clone(), lines(place)));
    annotation(level, place, format!("dittograph: {}", problem.rule.name()), message)
}

/// An annotation at a file, if its path can be written.
fn annotation(level: &'static str, place: Option<(String, (u64, u64))>, title: String, message: String) -> Annotation {
    let Some((path, (first, last))) = place else { return Annotation { level, place: None, title, message } };
    let is_odd = |c: char| is_unsafe(c) && !matches!(c, '\r' | '\n');
    let is_plain = !path.is_empty() && !path.contains(is_odd) && !opens_command(&path);
    if is_plain && escape(&path, true, usize::MAX).len() <= FILE {
        return Annotation { level, place: Some((path, first, last)), title, message };
    }
    let message = format!("{}: {message}", shown_place(&path, Some(first)));
    Annotation { level, place: None, title, message }
}

fn tell_budget(budget: &Budget) -> Annotation {
    let message = verdict::plain(&verdict::budget(budget));
    Annotation { level: "error", place: None, title: "dittograph: budget".to_owned(), message }
}

fn tell_lost(checked: &Checked) -> Option<Annotation> {
    let mut message = format!("{}:", verdict::plain(&verdict::lost(checked)?));
    let all = checked.lost().count();
    for skipped in checked.lost().take(NAMED) {
        // One long reason leaves room for the others.
        let told = clip(&verdict::skipped(skipped), REASON, REASON / 3).join(" … ");
        message.push_str(&format!("\n- {told}"));
    }
    if all > NAMED {
        message.push_str(&format!("\n- and {} more", all - NAMED));
    }
    Some(Annotation { level: "error", place: None, title: "dittograph: not read".to_owned(), message })
}

fn tell_unused(unused: &Unused) -> Annotation {
    let message = format!("No longer needed: {}", visible(&unused.what));
    annotation("notice", place(unused), "dittograph: unused excuse".to_owned(), message)
}

/// A warning: somebody meant to excuse something, and it is not excused.
fn tell_misunderstood(comment: &Unused) -> Annotation {
    let message = format!("Not understood: {}", visible(&comment.what));
    annotation("warning", place(comment), "dittograph: comment".to_owned(), message)
}

fn place(unused: &Unused) -> Option<(String, (u64, u64))> {
    let line = unused.line.unwrap_or(1).max(1);
    Some((unused.path.clone(), (line, line)))
}

fn write_annotation(out: &mut impl io::Write, annotation: &Annotation) -> io::Result<()> {
    let Annotation { level, place, title, message } = annotation;
    write!(out, "::{level} ")?;
    if let Some((path, first, last)) = place {
        write!(out, "file={},line={first},endLine={last},", escape(path, true, FILE))?;
    }
    let message = message.replace("##[", "##\\x5b");
    writeln!(out, "title={}::{}", escape(title, true, FILE), escape(&message, false, MESSAGE))
}

/// A value of a command, or a property of it, in at most so many bytes; what is cut ends with `…`.
fn escape(text: &str, is_property: bool, most: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // Where a cut leaves room for the ellipsis.
    let mut end = 0;
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if is_property => out.push_str("%3A"),
            ',' if is_property => out.push_str("%2C"),
            _ => out.push(c),
        }
        if out.len() > most {
            out.truncate(end);
            out.push('…');
            return out;
        }
        if out.len() + '…'.len_utf8() <= most {
            end = out.len();
        }
    }
    out
}
