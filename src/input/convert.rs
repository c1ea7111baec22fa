//! Documents written in another form than they were read from: what is known of each, and its text.
//!
//! The fields are `id`, `source`, `date`, `url`, `title` and `text`, so that what is written reads as the same documents.
//! A field that is not known is left out of an object, and empty in a table. Texts are set apart by a line of their own.

use std::io::{self, Write};

use serde::Serialize;

use super::delimited::Dialect;
use super::format::Kind;
use crate::document::Document;

/// The columns of a table.
const COLUMNS: [&str; 6] = ["id", "source", "date", "url", "title", "text"];

#[derive(Serialize)]
struct Object<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    text: &'a str,
}

/// Writes what stands before all documents; the name of the field for notes, if there is one.
pub(crate) fn begin(kind: Kind, note_field: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    match dialect(kind) {
        Some(dialect) => write_row(COLUMNS.into_iter().chain(note_field), dialect, out),
        None => Ok(()),
    }
}

/// Writes a document with a text that may be another than its own, and a note (the name of its field, and JSON) if notes
/// are written.
pub(crate) fn write(
    kind: Kind,
    document: &Document,
    text: &str,
    note: Option<(&str, &str)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let date = document.date.map(|date| date.to_string());
    let source = document.source.as_deref();
    let fields = [source, date.as_deref(), document.url(), document.title()];
    if let Some(dialect) = dialect(kind) {
        let [source, date, url, title] = fields.map(Option::unwrap_or_default);
        let note = note.map(|(_, note)| note);
        return write_row([&document.id, source, date, url, title, text].into_iter().chain(note), dialect, out);
    }
    if kind == Kind::JsonLines {
        let [source, date, url, title] = fields;
        let mut object = serde_json::to_string(&Object { id: &document.id, source, date, url, title, text })?;
        if let Some((field, note)) = note.filter(|(_, note)| !note.is_empty()) {
            object.truncate(object.len() - 1);
            object.push_str(&format!(",{}:{note}}}", serde_json::Value::from(field)));
        }
        return writeln!(out, "{object}");
    }
    out.write_all(text.as_bytes())?;
    if text.ends_with('\n') { Ok(()) } else { out.write_all(b"\n") }
}

fn dialect(kind: Kind) -> Option<Dialect> {
    match kind {
        Kind::Csv => Some(Dialect { delimiter: b',', quoting: true }),
        Kind::Tsv => Some(Dialect { delimiter: b'\t', quoting: true }),
        _ => None,
    }
}

fn write_row<'v>(values: impl Iterator<Item = &'v str>, dialect: Dialect, out: &mut dyn Write) -> io::Result<()> {
    let values: Vec<String> = values.map(|value| dialect.write(value)).collect();
    let delimiter = char::from(dialect.delimiter).to_string();
    writeln!(out, "{}", values.join(&delimiter))
}
