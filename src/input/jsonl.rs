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
use std::sync::Arc;

use encoding_rs::Encoding;
use once_cell::race::OnceBox;
use rayon::prelude::*;

use super::corpus::Part;
use super::encoding::{self, Opening, Sequences};
use super::fields::Plan;
use super::lines::{Batch, Batches, Cause, Transcoded, numbered, pieces};
use super::record::{Record, keys_of};
use super::rows::{Rows, Sources, Table};
use super::stream::{self, Bytes};
use super::{Compression, TOO_LONG, TOO_LONG_REASON};
use crate::document::{Derivation, Origin, Text};
use crate::texts::{InFile, TextFile, hash_stored};

/// Bytes of a batch whose lines are parsed in parallel.
const WIDE: usize = 2 * 1024 * 1024;
/// Bytes of a batch where whole files are read in parallel.
const NARROW: usize = 1024 * 1024;
/// Bytes of a piece of a batch.
const PIECE: usize = 128 * 1024;

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
        lines.rows.report(self.table(), part);
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
            lines.rows.documents.iter_mut().for_each(|document| document.origin = Arc::clone(&origin));
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
        let read = read.and_then(|mut record| record.take_text(self.plan, || keys_of(line)).map(|text| (record, text)));
        let (record, text) = match read {
            Ok(read) => read,
            Err(reason) => return lines.rows.refuse(self.path, number, reason),
        };
        if text.len() as u64 > TOO_LONG {
            return lines.rows.refuse(self.path, number, TOO_LONG_REASON.to_owned());
        }
        let text = match stands.zip(record.place()) {
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
        };
        lines.rows.push(self.table(), number, record, text, origin, sources);
    }

    fn table(&self) -> Table<'_> {
        Table { path: self.path, plan: self.plan, noun: "line" }
    }
}

/// What some lines gave.
#[derive(Debug, Default)]
struct Lines {
    rows: Rows,
    /// Lines that are not valid UTF-8.
    undecoded: Vec<(u64, Vec<u8>)>,
    /// Of the lines that are.
    sequences: Sequences,
}

impl Lines {
    fn and(mut self, other: Lines) -> Lines {
        self.append(other);
        self
    }

    fn append(&mut self, mut other: Lines) {
        self.rows.append(other.rows);
        self.undecoded.append(&mut other.undecoded);
        self.sequences.valid += other.sequences.valid;
    }
}
