//! JSON Lines: the records of `dittograph.report.v1` as a stream of events, for pipes that cannot wait for the end.
//!
//! One object a line, `type` first: `begin`, then every `document`, `finding`, `cluster` and `skipped`, then `summary`.
//! A stream without a `summary` was cut off.

use std::io;

use serde::Serialize;

use super::json::compose;
use super::json::formatter::write_value;
use super::json::v1;
use super::view::View;

/// What stands in front of a record.
#[derive(Serialize)]
struct Event<T: Serialize> {
    r#type: &'static str,
    #[serde(flatten)]
    record: T,
}

#[derive(Serialize)]
struct Begin {
    schema: &'static str,
    tool: v1::Tool,
    parameters: v1::Parameters,
    corpus: v1::Corpus,
}

/// Writes the report as events.
pub(super) fn write(view: &View, out: &mut impl io::Write) -> io::Result<()> {
    let begin = Begin {
        schema: v1::SCHEMA,
        tool: compose::tool(),
        parameters: compose::parameters(view),
        corpus: compose::corpus(view.corpus, &view.scan.statistics),
    };
    event(out, "begin", begin)?;
    for document in compose::documents(view) {
        event(out, "document", document)?;
    }
    for finding in compose::findings(view) {
        event(out, "finding", finding)?;
    }
    for cluster in compose::clusters(view) {
        event(out, "cluster", cluster)?;
    }
    for skipped in compose::skipped(view.corpus) {
        event(out, "skipped", skipped)?;
    }
    event(out, "summary", compose::summary(view))
}

fn event(out: &mut impl io::Write, name: &'static str, record: impl Serialize) -> io::Result<()> {
    write_value(out, &Event { r#type: name, record })?;
    out.write_all(b"\n")
}
