//! The report of GitLab's Code Quality, which merge requests show: a JSON array with an object for each problem.
//!
//! **Standard.** GitLab's documentation of the format, a part of Code Climate's: `description`, `check_name`,
//! `fingerprint`, `severity` (`info` for notes, `minor` for warnings, `major` for errors) and `location`. No byte order
//! mark; `[]` where there is nothing. The fingerprint tells which problems of two reports are one: it is made of the
//! finding's id, the path, and which of several equal ones it is, not of lines, so it lasts while a text moves.
//!
//! **What it gives up.** The format knows of files in the repository only: `./` and leading slashes are taken off paths,
//! and budgets, excuses and inputs that could not be read have no place in it. The exit code has the verdict.

use std::io;

use serde::Serialize;

use super::super::escape::visible;
use super::super::json::formatter::write_value;
use super::super::names::hex;
use super::{Ordinals, lines, shown_message};
use crate::check::problems::{Checked, Problem};
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
    out.write_all(b"[")?;
    for (index, problem) in checked.problems.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        write_value(out, &describe(problem, ordinals.next(problem)))?;
    }
    out.write_all(if checked.problems.is_empty() { b"]\n" } else { b"\n]\n" })
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
