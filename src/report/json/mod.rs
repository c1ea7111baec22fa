//! JSON, `dittograph.report.v1`: one object, streamed, one top-level array element a line.
//!
//! Line by line it diffs and greps like text, and `jq` reads it as JSON. Records are made one at a time from the
//! frozen structs of [`v1`]; a finding's occurrences are made one at a time within it. Memory: one occurrence.

pub(super) mod compose;
pub(super) mod formatter;
pub(super) mod v1;

use std::io;

use serde::Serialize;

use super::view::View;
use formatter::write_value;

/// Writes the report as one JSON object.
pub(super) fn write(view: &View, out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(b"{\n")?;
    member(out, "schema", &v1::SCHEMA)?;
    member(out, "tool", &compose::tool())?;
    member(out, "parameters", &compose::parameters(view))?;
    member(out, "corpus", &compose::corpus(view.corpus, &view.scan.statistics))?;
    array(out, "documents", compose::documents(view))?;
    array(out, "findings", compose::findings(view))?;
    array(out, "clusters", compose::clusters(view))?;
    array(out, "skipped", compose::skipped(view.corpus))?;
    out.write_all(b"\"summary\":")?;
    write_value(out, &compose::summary(view))?;
    out.write_all(b"\n}\n")
}

pub(super) fn member(out: &mut impl io::Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "\"{name}\":")?;
    write_value(out, value)?;
    out.write_all(b",\n")
}

pub(super) fn array(
    out: &mut impl io::Write,
    name: &str,
    items: impl Iterator<Item = impl Serialize>,
) -> io::Result<()> {
    write!(out, "\"{name}\":[")?;
    let mut empty = true;
    for item in items {
        out.write_all(if empty { b"\n" } else { b",\n" })?;
        write_value(out, &item)?;
        empty = false;
    }
    out.write_all(if empty { b"],\n" } else { b"\n],\n" })
}
