//! A file of many documents: JSON Lines, one object a line.
//!
//! The file is read in batches of whole lines. A batch is cut into pieces that are parsed in parallel, while the next
//! batch is read and decompressed. Nothing in the result depends on where batches and pieces end: what they find is
//! merged in the order of the lines.
//!
//! Of a large file that is not packed, texts are not kept but their places: see [`texts`](crate::texts).

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::sync::Arc;

use once_cell::race::OnceBox;
use rayon::prelude::*;
use serde::de::IgnoredAny;

use super::corpus::Part;
use super::encoding::{self, Opening};
use super::lines::{Batch, Batches, Cause, Transcoded, numbered, pieces};
use super::record::{self, Record, keys_of};
use super::rewrite::{Change, Edit, RewriteError, Rewriter, without};
use super::rows::{Rows, Sources, Table, Undecoded};
use super::spelling::Spelling;
use super::stream::{self, Bytes};
use super::{Compression, OWN_REASON, TOO_LONG, TOO_LONG_REASON};
use crate::document::{Derivation, Origin, Text};
use crate::texts::{InFile, TextFile, hash_stored};

/// Bytes of a batch whose lines are parsed in parallel.
const WIDE: usize = 2 * 1024 * 1024;
/// Bytes of a batch where whole files are read in parallel.
const NARROW: usize = 1024 * 1024;
/// Bytes of a piece of a batch.
const PIECE: usize = 128 * 1024;

/// Whether a file is a report, a record or a baseline of this program: such a file names its format first.
fn is_own(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    const BEGINNINGS: [&[u8]; 3] =
        [br#"{"schema":"dittograph."#, br#"{"schema": "dittograph."#, br#"{"type":"begin","schema":"dittograph."#];
    BEGINNINGS.iter().any(|own| text.starts_with(own))
}

/// What is the same for all lines of a file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The file, and the fields that are wanted.
    pub(super) table: Table<'a>,
    /// Whether the lines are parsed in parallel.
    pub(super) wide: bool,
    /// The file, if texts may be left in it.
    pub(super) file: Option<&'a Arc<TextFile>>,
}

impl Reader<'_> {
    /// Reads all documents from what was already read (`head`, at least [`encoding::SAMPLE`] bytes or all) and the
    /// rest.
    pub(super) fn read(
        self,
        mut head: Vec<u8>,
        rest: Bytes<'_>,
        compression: Compression,
        is_named: bool,
        part: &mut Part,
    ) {
        if is_own(&head) {
            return part.pass_over(self.table.path, OWN_REASON, is_named);
        }
        let size = if self.wide { WIDE } else { NARROW };
        let rows = match encoding::examine(head.get(..encoding::SAMPLE).unwrap_or(&head)) {
            Opening::Binary(reason) => return part.skip(self.table.path, None, reason),
            Opening::Ascii { mark } => {
                head.drain(..mark);
                let batches = Batches::new(head, mark as u64, rest, size, TOO_LONG);
                self.read_batches(batches, &self.table.origin("utf-8", Derivation::Original), compression, part)
            }
            Opening::Utf16 { encoding, mark } => {
                head.drain(..mark);
                let input = Transcoded::new(Cursor::new(head).chain(rest), encoding);
                let batches = Batches::new(Vec::new(), 0, input, size, TOO_LONG);
                let name = encoding::name(encoding);
                part.warn(self.table.path, &format!("decoded from {name}"));
                let reader = Reader { file: None, ..self };
                reader.read_batches(batches, &self.table.origin(name, Derivation::Decoded), compression, part)
            }
        };
        rows.report(self.table, part);
    }

    fn read_batches<R: Read + Send>(
        self,
        mut batches: Batches<R>,
        origin: &Arc<Origin>,
        compression: Compression,
        part: &mut Part,
    ) -> Rows {
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
                part.lose_rest(
                    self.table.path,
                    Some(damage.line),
                    format!("{reason}; this line and all after it are lost"),
                );
            }
            current = next;
        }
        let Lines { mut rows, undecoded } = lines;
        undecoded.settle(self.table, &mut rows, part, |number, line, origin| {
            let mut lines = Lines::default();
            self.parse_line(number, line, None, origin, &mut Sources::default(), &mut lines);
            lines.rows
        });
        rows
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
                    lines.undecoded.sequences.valid += encoding::multi_byte_characters(line);
                    let start = batch.start + (line.as_ptr().addr() - batch.bytes.as_ptr().addr()) as u64;
                    let stands = self.file.map(|file| (file, start));
                    self.parse_line(number, line, stands, origin, &mut sources, &mut lines);
                }
                Err(_) => lines.undecoded.rows.push((number, line.to_vec())),
            }
        }
        lines
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
        let read = Record::read(line, self.table.plan);
        let read =
            read.and_then(|mut record| record.take_text(self.table.plan, || keys_of(line)).map(|text| (record, text)));
        let (record, text) = match read {
            Ok(read) => read,
            Err(reason) => return lines.rows.refuse(self.table.path, number, reason),
        };
        if text.len() as u64 > TOO_LONG {
            return lines.rows.refuse(self.table.path, number, TOO_LONG_REASON.to_owned());
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
        lines.rows.push(self.table, number, record, text, origin, sources);
    }
}

/// What some lines gave.
#[derive(Debug, Default)]
struct Lines {
    rows: Rows,
    undecoded: Undecoded,
}

impl Lines {
    fn and(mut self, other: Lines) -> Lines {
        self.append(other);
        self
    }

    fn append(&mut self, mut other: Lines) {
        self.rows.append(other.rows);
        self.undecoded.rows.append(&mut other.undecoded.rows);
        self.undecoded.sequences.valid += other.undecoded.sequences.valid;
    }
}

/// Writes the lines anew.
pub(super) fn rewrite(rewriter: &mut Rewriter<'_, '_>, head: Vec<u8>, rest: impl Read) -> Result<(), RewriteError> {
    let mut batches = Batches::new(head, 0, rest, NARROW, TOO_LONG);
    while let Some(batch) = batches.next() {
        for (number, line) in (batch.first_line..).zip(batch.bytes.split_inclusive(|byte| *byte == b'\n')) {
            match rewriter.change(Some(number)) {
                None => rewriter.keep(line)?,
                Some((rank, Change::Drop)) => rewriter.drop_record(rank, line)?,
                Some((rank, change)) => rewrite_line(rewriter, rank, &change, line)?,
            }
        }
        match batch.damage.map(|damage| damage.cause) {
            None => {}
            Some(Cause::Stream(error)) => return Err(rewriter.job.cannot_read(&error)),
            Some(Cause::LongLine) => return Err(rewriter.job.changed()),
        }
    }
    Ok(())
}

fn rewrite_line(rewriter: &mut Rewriter<'_, '_>, rank: u32, change: &Change, bytes: &[u8]) -> Result<(), RewriteError> {
    let encoding = rewriter.encoding(rank);
    let (line, spelling) = encoding::spell(bytes, encoding);
    let Some((place, text)) = record::find_text(&line, rewriter.plan) else { return Err(rewriter.job.changed()) };
    rewriter.check(rank, &text)?;
    let edits: Vec<Edit> = match change {
        Change::Note(note) => {
            let Some(end) = line.rfind('}') else { return Err(rewriter.job.changed()) };
            let fields: BTreeMap<String, IgnoredAny> =
                serde_json::from_str(&line).map_err(|_| rewriter.job.changed())?;
            if rewriter.job.note_field.is_some_and(|field| fields.contains_key(field)) {
                return Err(rewriter.job.note_field_taken());
            }
            let field = serde_json::Value::from(rewriter.job.note_field.unwrap_or_default());
            // The brace is ASCII: where it is written, there the note goes.
            let brace = spelling.locate(std::slice::from_ref(&(end..end + 1)));
            let note = format!(",{field}:{note}").into_bytes();
            brace.into_iter().map(|brace| (brace.start..brace.start, note.clone())).collect()
        }
        Change::Cut(parts) => {
            let located = spelling.locate(&spell(&line, &place).locate(parts));
            let cleaned = encoding::spell(&without(bytes, &located), encoding).0;
            let expected = without(text.as_bytes(), parts);
            if record::find_text(&cleaned, rewriter.plan).is_none_or(|(_, text)| text.as_bytes() != expected) {
                return Err(rewriter.misspelled(rank));
            }
            located.into_iter().map(|range| (range, Vec::new())).collect()
        }
        Change::Drop => vec![(0..bytes.len(), Vec::new())],
    };
    rewriter.edit(Some(rank), bytes, &edits)
}

/// How the value of a JSON string is written in its line; the place is without the quotation marks.
fn spell(line: &str, place: &Range<usize>) -> Spelling {
    let mut spelling = Spelling::default();
    let raw = &line[place.clone()];
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'\\', &raw.as_bytes()[at..]) {
        spelling.push_literal(place.start + at, next);
        at += next;
        let is_unicode = raw.as_bytes().get(at + 1) == Some(&b'u');
        let digits = |from: usize| u32::from_str_radix(raw.get(from..from + 4)?, 16).ok();
        let (escape, value) = match is_unicode.then(|| digits(at + 2)).flatten() {
            None => (2, 1),
            Some(0xd800..0xe000) => (12, 4),
            Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
        };
        spelling.push(value, place.start + at..place.start + at + escape);
        at += escape;
    }
    spelling.push_literal(place.start + at, raw.len() - at.min(raw.len()));
    spelling
}
