//! The report of GitLab's Code Quality, which merge requests show: a JSON array with an object for each problem.
//!
//! **Standard.** GitLab's documentation of the format, a part of Code Climate's: `description`, `check_name`,
//! `fingerprint`, `severity` (`info` for notes, `minor` for warnings, `major` for errors) and `location`. No byte order
//! mark; `[]` where there is nothing. The fingerprint tells which problems of two reports are one: it is made of the
//! finding's id, the path, and which of several equal ones it is, not of lines, so it lasts while a text moves. An input
//! that could not be read is an issue too, the first of all: where there is none, the page says that all is well.
//!
//! **What it gives up.** The format knows of files in the repository only: `./` and leading slashes are taken off paths,
//! and budgets, excuses and comments that are not understood have no place in it. The exit code has the verdict.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::super::escape::visible;
use super::super::json::formatter::write_value;
use super::super::names::hex;
use super::{Ordinals, lines, shown_message};
use crate::check::problems::{Checked, Problem, SkippedInput};
use crate::finding::Severity;
use crate::hash::{Purpose, hash_text};

#[derive(Serialize)]
struct Issue<'c> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'c>,
}

#[derive(Serialize)]
struct Location<'c> {
    path: &'c str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
    end: u64,
}

/// Writes the report.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    let mut ordinals = Ordinals::default();
    let mut of_path: BTreeMap<&str, u64> = BTreeMap::new();
    let lost = checked.lost().map(|lost| {
        let ordinal = of_path.entry(&lost.path).or_default();
        *ordinal += 1;
        tell_lost(lost, *ordinal)
    });
    let problems = checked.problems.iter().map(|problem| describe(problem, ordinals.next(problem)));
    let mut before: &[u8] = b"[";
    for issue in lost.chain(problems) {
        out.write_all(before)?;
        out.write_all(b"\n")?;
        write_value(out, &issue)?;
        before = b",";
    }
    out.write_all(if before == b"[" { b"[]\n" } else { b"\n]\n" })
}

/// An input that could not be read. Which one of its file it is outlasts a line that is put in before it.
fn tell_lost(lost: &SkippedInput, ordinal: u64) -> Issue<'_> {
    let line = lost.line.unwrap_or(1).max(1);
    Issue {
        description: format!("Could not be read: {}", visible(&lost.reason)),
        check_name: "not-read",
        fingerprint: hex(hash_text(&format!("not read\n{}\n{ordinal}", lost.path), Purpose::Finding)),
        severity: "major",
        location: Location { path: relative(&lost.path), lines: Lines { begin: line, end: line } },
    }
}

fn describe(problem: &Problem, ordinal: u64) -> Issue<'_> {
    let place = problem.places.first();
    let path = place.map_or("", |place| place.path.as_str());
    let (begin, end) = place.map_or((1, 1), lines);
    let name = format!("{}\n{path}\n{ordinal}", hex(problem.id));
    let excerpt = visible(&problem.excerpt);
    let excerpt = if excerpt.is_empty() { String::new() } else { format!(": “{excerpt}”") };
    Issue {
        description: format!("{}{excerpt}", shown_message(problem)),
        check_name: problem.rule.name(),
        fingerprint: hex(hash_text(&name, Purpose::Finding)),
        severity: match problem.severity {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        location: Location { path: relative(path), lines: Lines { begin, end } },
    }
}

/// A path as the format wants it: from the root, without `./`.
pub(super) fn relative(path: &str) -> &str {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./").or_else(|| rest.strip_prefix('/')) {
        rest = shorter;
    }
    if rest.is_empty() { "." } else { rest }
}
