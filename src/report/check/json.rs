//! JSON, `dittograph.check.v1`: one object, streamed, one problem a line; everything that a check tells.
//!
//! The structs are frozen and belong to this format alone: a field may be added; none may be renamed, retyped, removed
//! or given another meaning. `docs/formats.md` says what each means, `docs/check.v1.schema.json` says it to validators.

use std::io;

use serde::Serialize;

use super::super::json::{array, compose, formatter::write_value, member};
use super::super::names::hex;
use crate::check::problems::{self, Checked};

const SCHEMA: &str = "dittograph.check.v1";

#[derive(Serialize)]
struct Place<'c> {
    path: &'c str,
    document: &'c str,
    line: u64,
    end_line: u64,
    start: u32,
    end: u32,
    count: u32,
    reference: bool,
    holder: bool,
}

#[derive(Serialize)]
struct Problem<'c> {
    id: String,
    rule: &'static str,
    severity: &'static str,
    words: u32,
    copies: u64,
    known: u64,
    message: String,
    excerpt: &'c str,
    places: Vec<Place<'c>>,
}

#[derive(Serialize)]
struct Suppressed<'c> {
    #[serde(flatten)]
    problem: Problem<'c>,
    reason: &'c str,
    path: &'c str,
    line: Option<u64>,
}

#[derive(Serialize)]
struct Unused<'c> {
    path: &'c str,
    line: Option<u64>,
    what: &'c str,
}

#[derive(Serialize)]
struct Budget {
    kind: &'static str,
    allowed: u64,
    used: u64,
    exceeded: bool,
}

#[derive(Serialize)]
struct Skipped<'c> {
    path: &'c str,
    line: Option<u64>,
    reason: &'c str,
    error: bool,
}

#[derive(Serialize)]
struct Size {
    documents: u64,
    references: u64,
    tokens: u64,
    repeated: u64,
}

/// Writes the report as one JSON object.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(b"{\n")?;
    member(out, "schema", &SCHEMA)?;
    member(out, "tool", &compose::tool())?;
    member(out, "verdict", &checked.verdict().name())?;
    array(out, "problems", checked.problems.iter().map(describe))?;
    array(out, "suppressed", checked.suppressed.iter().map(excused))?;
    member(out, "known", &checked.known)?;
    member(out, "echoes", &checked.echoes)?;
    array(out, "unused", checked.unused.iter().map(idle))?;
    array(out, "misunderstood", checked.misunderstood.iter().map(idle))?;
    array(out, "budgets", checked.budgets.iter().map(account))?;
    array(out, "skipped", checked.skipped.iter().map(skip))?;
    out.write_all(b"\"size\":")?;
    let problems::Size { documents, references, tokens, repeated } = checked.size;
    write_value(out, &Size { documents, references, tokens, repeated })?;
    out.write_all(b"\n}\n")
}

fn describe(problem: &problems::Problem) -> Problem<'_> {
    Problem {
        id: hex(problem.id),
        rule: problem.rule.name(),
        severity: problem.severity.name(),
        words: problem.words,
        copies: problem.copies(),
        known: problem.known,
        message: problem.message(),
        excerpt: &problem.excerpt,
        places: problem.places.iter().map(place).collect(),
    }
}

fn place(place: &problems::Place) -> Place<'_> {
    Place {
        path: &place.path,
        document: &place.document,
        line: place.line,
        end_line: place.end_line,
        start: place.start,
        end: place.end,
        count: place.count,
        reference: place.is_reference,
        holder: place.is_holder,
    }
}

fn excused(suppressed: &problems::Suppressed) -> Suppressed<'_> {
    Suppressed {
        problem: describe(&suppressed.problem),
        reason: &suppressed.reason,
        path: &suppressed.path,
        line: suppressed.line,
    }
}

fn idle(unused: &problems::Unused) -> Unused<'_> {
    Unused { path: &unused.path, line: unused.line, what: &unused.what }
}

fn account(budget: &problems::Budget) -> Budget {
    Budget { kind: budget.kind.name(), allowed: budget.allowed, used: budget.used, exceeded: budget.is_exceeded() }
}

fn skip(skipped: &problems::SkippedInput) -> Skipped<'_> {
    Skipped { path: &skipped.path, line: skipped.line, reason: &skipped.reason, error: skipped.is_error }
}
