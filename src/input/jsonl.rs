//! A file of many documents: JSON Lines, one object a line.
//!
//! The file is read in batches of whole lines. A batch is cut into pieces that are parsed in parallel, while the next
//! batch is read and decompressed. Nothing in the result depends on where batches and pieces end: what they find is
//! merged in the order of the lines.
//!
//! Of a large file that is not packed, texts are not kept but their places: see [`texts`](crate::texts).
//!
//! A line that is not valid UTF-8 cannot be decoded before the whole file has been seen, for the encoding is decided
//! once a file. Such lines are kept as bytes until the end; in a file that is UTF-8 there are none, and in a legacy
//! file they are the texts, held once.

use std::io::{Cursor, Read};
use std::num::NonZeroU64;
use std::sync::Arc;

use ahash::AHashMap;
use ecow::{EcoString, eco_format};
use encoding_rs::Encoding;
use once_cell::race::OnceBox;
use rayon::prelude::*;

use super::corpus::Part;
use super::encoding::{self, Opening, Sequences};
use super::fields::{Field, Plan};
use super::lines::{Batch, Batches, Cause, Transcoded, numbered, pieces};
use super::record::{Record, Value};
use super::stream::{self, Bytes};
use super::{Compression, TOO_LONG, TOO_LONG_REASON};
use crate::date::PublicationDate;
use crate::document::{Derivation, Document, Label, Origin, Skipped, Text};
use crate::texts::{InFile, TextFile, hash_stored};

/// Bytes of a batch whose lines are parsed in parallel.
const WIDE: usize = 2 * 1024 * 1024;
/// Bytes of a batch where whole files are read in parallel.
const NARROW: usize = 1024 * 1024;
/// Bytes of a piece of a batch.
const PIECE: usize = 128 * 1024;
/// Bad lines of a file that are named one by one; the rest of them is counted.
const NAMED: usize = 1000;

/// What is the same for all lines of a file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The file.
    pub(super) path: &'a Arc<str>,
    /// The fields that are wanted.
    pub(super) plan: &'a Plan,
    /// Whether the lines are parsed in parallel.
    pub(super) wide: bool,
    /// The file, if texts may be left in it.
    pub(super) file: Option<&'a Arc<TextFile>>,
}

impl Reader<'_> {
    /// Reads all documents from what was already read (`head`, at least [`encoding::SAMPLE`] bytes or all) and the
    /// rest.
    pub(super) fn read(self, mut head: Vec<u8>, rest: Bytes<'_>, compression: Compression, part: &mut Part) {
        let size = if self.wide { WIDE } else { NARROW };
        let lines = match encoding::examine(head.get(..encoding::SAMPLE).unwrap_or(&head)) {
            Opening::Binary(reason) => return part.skip(self.path, None, reason),
            Opening::Ascii { mark } => {
                head.drain(..mark);
                let batches = Batches::new(head, mark as u64, rest, size, TOO_LONG);
                self.read_batches(batches, &self.origin("utf-8", Derivation::Original), compression, part)
            }
            Opening::Utf16 { encoding, mark } => {
                head.drain(..mark);
                let input = Transcoded::new(Cursor::new(head).chain(rest), encoding);
                let batches = Batches::new(Vec::new(), 0, input, size, TOO_LONG);
                let name = encoding::name(encoding);
                part.warn(self.path, &format!("decoded from {name}"));
                let reader = Reader { file: None, ..self };
                reader.read_batches(batches, &self.origin(name, Derivation::Decoded), compression, part)
            }
        };
        lines.report(self, part);
    }

    fn read_batches<R: Read + Send>(
        self,
        mut batches: Batches<R>,
        origin: &Arc<Origin>,
        compression: Compression,
        part: &mut Part,
    ) -> Lines {
        let mut lines = Lines::default();
        let mut current = batches.next();
        while let Some(batch) = current {
            let (next, more) = if self.wide {
                rayon::join(|| batches.next(), || self.parse_batch(&batch, origin))
            } else {
                let more = self.parse_batch(&batch, origin);
                (batches.next(), more)
            };
            lines.append(more);
            if let Some(damage) = batch.damage {
                let reason = match damage.cause {
                    Cause::Stream(error) => stream::describe(&error, compression),
                    Cause::LongLine => TOO_LONG_REASON.to_owned(),
                };
                part.skip(self.path, Some(damage.line), format!("{reason}; this line and all after it are lost"));
            }
            current = next;
        }
        self.decode_rest(&mut lines, part);
        lines
    }

    /// What documents of this file say of where they come from.
    fn origin(self, encoding: &'static str, derivation: Derivation) -> Arc<Origin> {
        Arc::new(Origin { path: Arc::clone(self.path), encoding, derivation })
    }

    fn parse_batch(self, batch: &Batch, origin: &Arc<Origin>) -> Lines {
        let pieces = pieces(&batch.bytes, batch.first_line, PIECE);
        if self.wide {
            let parsed: Vec<Lines> =
                pieces.into_par_iter().map(|(first, piece)| self.parse_piece(first, piece, batch, origin)).collect();
            parsed.into_iter().fold(Lines::default(), Lines::and)
        } else {
            let parsed = pieces.into_iter().map(|(first, piece)| self.parse_piece(first, piece, batch, origin));
            parsed.fold(Lines::default(), Lines::and)
        }
    }

    fn parse_piece(self, first: u64, piece: &[u8], batch: &Batch, origin: &Arc<Origin>) -> Lines {
        let mut lines = Lines::default();
        let mut sources = Sources::default();
        for (number, line) in numbered(piece, first) {
            match std::str::from_utf8(line) {
                Ok(line) => {
                    lines.sequences.valid += encoding::multi_byte_characters(line);
                    let start = batch.start + (line.as_ptr().addr() - batch.bytes.as_ptr().addr()) as u64;
                    let stands = self.file.map(|file| (file, start));
                    self.parse_line(number, line, stands, origin, &mut sources, &mut lines);
                }
                Err(_) => lines.undecoded.push((number, line.to_vec())),
            }
        }
        lines
    }

    /// Parses the lines that are not valid UTF-8, now that the whole file has been seen.
    fn decode_rest(self, lines: &mut Lines, part: &mut Part) {
        let undecoded = std::mem::take(&mut lines.undecoded);
        if undecoded.is_empty() {
            return;
        }
        let mut sequences = lines.sequences;
        for (_, line) in &undecoded {
            let counted = Sequences::count(line);
            sequences.valid += counted.valid;
            sequences.invalid += counted.invalid;
        }
        let first = undecoded.first().map_or(0, |(number, _)| *number);
        let legacy = (!sequences.are_utf_8()).then(|| {
            // In an order of their own, so that the order of the lines decides nothing.
            let mut bytes: Vec<&[u8]> = undecoded.iter().map(|(_, line)| line.as_slice()).collect();
            bytes.sort_unstable();
            encoding::guess(bytes)
        });
        let Some(legacy) = legacy else {
            let count = sequences.invalid;
            let were = if count == 1 { "invalid UTF-8 sequence was" } else { "invalid UTF-8 sequences were" };
            part.warn(self.path, &format!("{count} {were} replaced by U+FFFD, the first in line {first}"));
            return lines.append(self.parse_decoded(undecoded, None));
        };
        let name = encoding::name(legacy);
        if sequences.valid == 0 {
            // What has been read is ASCII, which is the same text in that encoding.
            part.warn(self.path, &format!("decoded from {name}"));
            let origin = self.origin(name, Derivation::Original);
            lines.documents.iter_mut().for_each(|document| document.origin = Arc::clone(&origin));
        } else {
            let were = if undecoded.len() == 1 { "line was" } else { "lines were" };
            let count = undecoded.len();
            part.warn(self.path, &format!("{count} {were} decoded from {name}, the first is line {first}"));
        }
        let decoded = self.parse_decoded(undecoded, Some(legacy));
        lines.append(decoded);
    }

    fn parse_decoded(self, undecoded: Vec<(u64, Vec<u8>)>, legacy: Option<&'static Encoding>) -> Lines {
        let origin = self.origin(legacy.map_or("utf-8", encoding::name), Derivation::Decoded);
        let parse = |(number, line): (u64, Vec<u8>)| {
            let text = match legacy {
                Some(legacy) => legacy.decode_without_bom_handling(&line).0,
                None => String::from_utf8_lossy(&line),
            };
            let mut lines = Lines::default();
            self.parse_line(number, &text, None, &origin, &mut Sources::default(), &mut lines);
            lines
        };
        if self.wide {
            undecoded.into_par_iter().map(parse).reduce(Lines::default, Lines::and)
        } else {
            undecoded.into_iter().map(parse).fold(Lines::default(), Lines::and)
        }
    }

    /// Parses a line; `stands` tells the file in which it stands as it is, and where.
    fn parse_line(
        self,
        number: u64,
        line: &str,
        stands: Option<(&Arc<TextFile>, u64)>,
        origin: &Arc<Origin>,
        sources: &mut Sources,
        lines: &mut Lines,
    ) {
        if line.trim_ascii().is_empty() {
            return;
        }
        let read = Record::read(line, self.plan);
        let read = read.and_then(|mut record| record.take_text(line, self.plan).map(|text| (record, text)));
        let (mut record, text) = match read {
            Ok(read) => read,
            Err(reason) => return lines.refuse(self.path, number, reason),
        };
        if text.len() as u64 > TOO_LONG {
            return lines.refuse(self.path, number, TOO_LONG_REASON.to_owned());
        }
        let place = record.place();
        for (field, tally) in [(Field::Id, &mut lines.odd_ids), (Field::Date, &mut lines.odd_dates)] {
            if let Some(kind) = record.unusable(field)
                && !record.has(field)
            {
                tally.add(number, kind.to_owned());
            }
        }
        for field in Field::ALL {
            lines.seen[field as usize] |= record.has(field);
        }
        let date = record.take(Field::Date).and_then(|value| {
            let date = date_of(&value);
            if date.is_none() {
                lines.odd_dates.add(number, shown(&value));
            }
            date
        });
        let [url, title] =
            [Field::Url, Field::Title].map(|field| record.take(field).map(|value| written(&value).as_str().into()));
        lines.documents.push(Document {
            id: record.take(Field::Id).map_or_else(|| eco_format!("{}#{number}", self.path), |id| written(&id)),
            origin: Arc::clone(origin),
            line: NonZeroU64::new(number),
            source: record.take(Field::Source).map(|value| sources.share(&written(&value))),
            date,
            label: (url.is_some() || title.is_some()).then(|| Box::new(Label { url, title })),
            text: match stands.zip(place) {
                Some(((file, start), place)) => Text::in_file(InFile {
                    file: Arc::clone(file),
                    start: start + place.start as u64,
                    stored: place.len() as u32,
                    length: text.len() as u32,
                    hash: hash_stored(&line.as_bytes()[place.clone()]),
                    is_blank: text.trim().is_empty(),
                    held: OnceBox::new(),
                }),
                None => text.into_owned().into(),
            },
        });
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
struct Sources {
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

/// What some lines gave.
#[derive(Debug, Default)]
struct Lines {
    documents: Vec<Document>,
    /// The first [`NAMED`] lines that gave no document.
    refused: Vec<Skipped>,
    /// How many more there are, and the first of them.
    unnamed: Tally,
    /// Lines that are not valid UTF-8.
    undecoded: Vec<(u64, Vec<u8>)>,
    /// Of the lines that are.
    sequences: Sequences,
    odd_dates: Tally,
    odd_ids: Tally,
    /// Fields that some line has.
    seen: [bool; 6],
}

impl Lines {
    fn and(mut self, other: Lines) -> Lines {
        self.append(other);
        self
    }

    fn append(&mut self, mut other: Lines) {
        if self.documents.is_empty() {
            std::mem::swap(&mut self.documents, &mut other.documents);
        }
        self.documents.append(&mut other.documents);
        for skipped in other.refused {
            self.name(skipped);
        }
        self.unnamed.append(other.unnamed);
        self.undecoded.append(&mut other.undecoded);
        self.sequences.valid += other.sequences.valid;
        self.odd_dates.append(other.odd_dates);
        self.odd_ids.append(other.odd_ids);
        for (mine, theirs) in self.seen.iter_mut().zip(other.seen) {
            *mine |= theirs;
        }
    }

    fn refuse(&mut self, path: &str, line: u64, reason: String) {
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
    fn report(mut self, reader: Reader<'_>, part: &mut Part) {
        let Reader { path, plan, .. } = reader;
        if let Some((line, reason)) = self.unnamed.first {
            let reason = match self.unnamed.count {
                1 => reason,
                count => format!("and {count} more lines that could not be read; this one: {reason}"),
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
            part.warn(path, &format!("{dates} as unknown, the first in line {line}: {what}"));
        }
        if let Some((line, what)) = self.odd_ids.first {
            let ids = if self.odd_ids.count == 1 {
                "1 id is neither a string nor an integer; the line's number serves".to_owned()
            } else {
                format!("{} ids are neither strings nor integers; the lines' numbers serve", self.odd_ids.count)
            };
            part.warn(path, &format!("{ids} instead, the first in line {line}: {what}"));
        }
        if !self.documents.is_empty() {
            for field in Field::ALL {
                if let Some(name) = plan.chosen(field)
                    && !self.seen[field as usize]
                    && field != Field::Text
                {
                    part.warn(path, &format!("no line has the {} field `{name}`", field.name()));
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
