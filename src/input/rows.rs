//! Rows: what a file of many documents gives, line by line or row by row, whatever its format.
//!
//! A row's fields become a [`Document`]; what cannot be used is counted and told once a file, with the first place. Rows
//! of pieces that were read side by side are put together in the order of the file.
//!
//! A row that is not valid UTF-8 cannot be decoded before the whole file has been seen, for the encoding is decided once
//! a file. Such rows are kept as bytes until the end; in a file that is UTF-8 there are none, and in a legacy file they
//! are the texts, held once.

use std::num::NonZeroU64;
use std::sync::Arc;

use ahash::AHashMap;
use ecow::{EcoString, eco_format};
use rayon::prelude::*;

use super::corpus::Part;
use super::encoding::{self, Sequences};
use super::fields::{Field, Plan};
use super::record::{Record, Value};
use crate::date::PublicationDate;
use crate::document::{Derivation, Document, Label, Origin, Side, Skipped, Text};

/// Bad rows of a file that are named one by one; the rest of them is counted.
const NAMED: usize = 1000;

/// What is the same for all rows of a file.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    /// The file.
    pub(super) path: &'a Arc<str>,
    /// What its documents are there for.
    pub(super) side: Side,
    /// The fields that are wanted.
    pub(super) plan: &'a Plan,
    /// What a row is called: a line, a row.
    pub(super) noun: &'static str,
}

impl Table<'_> {
    /// What documents of this file say of where they come from.
    pub(super) fn origin(self, encoding: &'static str, derivation: Derivation) -> Arc<Origin> {
        Arc::new(Origin { path: Arc::clone(self.path), encoding, derivation, side: self.side })
    }
}

/// A string, or the digits of an integer.
fn written(value: &Value<'_>) -> EcoString {
    match value {
        Value::Text(text) => text.trim().into(),
        Value::Integer(number) => eco_format!("{number}"),
        Value::Float(number) => eco_format!("{number}"),
    }
}

/// A value for a message, at most 40 characters of it.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
    }
}

fn date_of(value: &Value<'_>) -> Option<PublicationDate> {
    match value {
        Value::Text(text) => PublicationDate::parse(text),
        Value::Integer(number) => PublicationDate::from_number(i64::try_from(*number).ok()?),
        // Seconds with a fraction. Beyond 2^53 a float is no count of anything; it must not saturate to a date.
        Value::Float(number) if number.abs() < 9_007_199_254_740_992.0 => {
            PublicationDate::from_number(number.floor() as i64)
        }
        Value::Float(_) => None,
    }
}

/// Names of outlets, each held once.
#[derive(Default)]
pub(super) struct Sources {
    names: AHashMap<Box<str>, Arc<str>>,
}

impl Sources {
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(shared) = self.names.get(name) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = name.into();
        self.names.insert(name.into(), Arc::clone(&shared));
        shared
    }
}

/// How often something was met, and the first time.
#[derive(Debug, Default)]
struct Tally {
    count: u64,
    first: Option<(u64, String)>,
}

impl Tally {
    fn add(&mut self, line: u64, what: String) {
        self.append(Tally { count: 1, first: Some((line, what)) });
    }

    fn append(&mut self, other: Tally) {
        self.count += other.count;
        let earlier = match (&self.first, &other.first) {
            (Some((mine, _)), Some((theirs, _))) => theirs < mine,
            (None, _) => true,
            (_, None) => false,
        };
        if earlier {
            self.first = other.first;
        }
    }
}

/// What some rows gave.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// In the order of the file.
    pub(super) documents: Vec<Document>,
    /// The first [`NAMED`] rows that gave no document.
    refused: Vec<Skipped>,
    /// How many more there are, and the first of them.
    unnamed: Tally,
    odd_dates: Tally,
    odd_ids: Tally,
    /// Fields that some row has.
    seen: [bool; 6],
}

impl Rows {
    /// Puts the rows that follow behind these.
    pub(super) fn append(&mut self, mut other: Rows) {
        if self.documents.is_empty() {
            std::mem::swap(&mut self.documents, &mut other.documents);
        }
        self.documents.append(&mut other.documents);
        for skipped in other.refused {
            self.name(skipped);
        }
        self.unnamed.append(other.unnamed);
        self.odd_dates.append(other.odd_dates);
        self.odd_ids.append(other.odd_ids);
        for (mine, theirs) in self.seen.iter_mut().zip(other.seen) {
            *mine |= theirs;
        }
    }

    /// Adds the document that a row's fields and its text make.
    pub(super) fn push(
        &mut self,
        table: Table<'_>,
        number: u64,
        mut record: Record<'_>,
        text: Text,
        origin: &Arc<Origin>,
        sources: &mut Sources,
    ) {
        for (field, tally) in [(Field::Id, &mut self.odd_ids), (Field::Date, &mut self.odd_dates)] {
            if let Some(kind) = record.unusable(field)
                && !record.has(field)
            {
                tally.add(number, kind.to_owned());
            }
        }
        for field in Field::ALL {
            self.seen[field as usize] |= record.has(field);
        }
        let date = record.take(Field::Date).and_then(|value| {
            let date = date_of(&value);
            if date.is_none() {
                self.odd_dates.add(number, shown(&value));
            }
            date
        });
        let [url, title] =
            [Field::Url, Field::Title].map(|field| record.take(field).map(|value| written(&value).as_str().into()));
        self.documents.push(Document {
            id: record.take(Field::Id).map_or_else(|| eco_format!("{}#{number}", table.path), |id| written(&id)),
            origin: Arc::clone(origin),
            record: NonZeroU64::new(number),
            source: record.take(Field::Source).map(|value| sources.share(&written(&value))),
            date,
            label: (url.is_some() || title.is_some()).then(|| Box::new(Label { url, title })),
            text,
        });
    }

    /// Notes that a row gave no document.
    pub(super) fn refuse(&mut self, path: &str, line: u64, reason: String) {
        self.name(Skipped { path: path.to_owned(), line: Some(line), reason, is_error: true });
    }

    fn name(&mut self, skipped: Skipped) {
        if self.refused.len() < NAMED {
            self.refused.push(skipped);
        } else {
            self.unnamed.add(skipped.line.unwrap_or(0), skipped.reason);
        }
    }

    /// Hands everything on.
    pub(super) fn report(mut self, table: Table<'_>, part: &mut Part) {
        let Table { path, plan, noun, .. } = table;
        if let Some((line, reason)) = self.unnamed.first {
            let reason = match self.unnamed.count {
                1 => reason,
                count => format!("and {count} more {noun}s that could not be read; this one: {reason}"),
            };
            part.skip(path, Some(line), reason);
        }
        part.skipped.append(&mut self.refused);
        if let Some((line, what)) = self.odd_dates.first {
            let dates = if self.odd_dates.count == 1 {
                "1 date was not understood and counts".to_owned()
            } else {
                format!("{} dates were not understood and count", self.odd_dates.count)
            };
            part.warn(path, &format!("{dates} as unknown, the first in {noun} {line}: {what}"));
        }
        if let Some((line, what)) = self.odd_ids.first {
            let ids = if self.odd_ids.count == 1 {
                format!("1 id is neither a string nor an integer; the {noun}'s number serves")
            } else {
                format!("{} ids are neither strings nor integers; the {noun}s' numbers serve", self.odd_ids.count)
            };
            part.warn(path, &format!("{ids} instead, the first in {noun} {line}: {what}"));
        }
        if !self.documents.is_empty() {
            for field in Field::ALL {
                if let Some(name) = plan.chosen(field)
                    && !self.seen[field as usize]
                    && field != Field::Text
                {
                    part.warn(path, &format!("no {noun} has the {} field `{name}`", field.name()));
                }
            }
        }
        // The first file's documents are not copied: they may be all there are.
        if part.documents.is_empty() {
            std::mem::swap(&mut part.documents, &mut self.documents);
        }
        part.documents.append(&mut self.documents);
    }
}

/// Rows that are not valid UTF-8, as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct Undecoded {
    /// With their numbers.
    pub(super) rows: Vec<(u64, Vec<u8>)>,
    /// Of the rows that are valid.
    pub(super) sequences: Sequences,
}

impl Undecoded {
    /// Decodes and parses them, now that the whole file has been seen.
    pub(super) fn settle(
        self,
        table: Table<'_>,
        rows: &mut Rows,
        part: &mut Part,
        parse: impl Fn(u64, &str, &Arc<Origin>) -> Rows + Sync,
    ) {
        let Undecoded { rows: undecoded, mut sequences } = self;
        if undecoded.is_empty() {
            return;
        }
        for (_, row) in &undecoded {
            let counted = Sequences::count(row);
            sequences.valid += counted.valid;
            sequences.invalid += counted.invalid;
        }
        let noun = table.noun;
        let first = undecoded.first().map_or(0, |(number, _)| *number);
        let legacy = (!sequences.are_utf_8()).then(|| {
            // In an order of their own, so that the order of the rows decides nothing.
            let mut bytes: Vec<&[u8]> = undecoded.iter().map(|(_, row)| row.as_slice()).collect();
            bytes.sort_unstable();
            encoding::guess(bytes)
        });
        match legacy {
            None => {
                let count = sequences.invalid;
                let were = if count == 1 { "invalid UTF-8 sequence was" } else { "invalid UTF-8 sequences were" };
                part.warn(table.path, &format!("{count} {were} replaced by U+FFFD, the first in {noun} {first}"));
            }
            Some(legacy) if sequences.valid == 0 => {
                // What has been read is ASCII, which is the same text in that encoding.
                let name = encoding::name(legacy);
                part.warn(table.path, &format!("decoded from {name}"));
                let origin = table.origin(name, Derivation::Original);
                rows.documents.iter_mut().for_each(|document| document.origin = Arc::clone(&origin));
            }
            Some(legacy) => {
                let were = if undecoded.len() == 1 { format!("{noun} was") } else { format!("{noun}s were") };
                let (count, name) = (undecoded.len(), encoding::name(legacy));
                part.warn(table.path, &format!("{count} {were} decoded from {name}, the first is {noun} {first}"));
            }
        }
        let origin = table.origin(legacy.map_or("utf-8", encoding::name), Derivation::Decoded);
        let decode = |(number, row): &(u64, Vec<u8>)| {
            let text = match legacy {
                Some(legacy) => legacy.decode_without_bom_handling(row).0,
                None => String::from_utf8_lossy(row),
            };
            parse(*number, &text, &origin)
        };
        // Small files are read side by side, and then this is one of many.
        let decoded: Vec<Rows> = undecoded.par_iter().map(decode).collect();
        decoded.into_iter().for_each(|more| rows.append(more));
    }
}
