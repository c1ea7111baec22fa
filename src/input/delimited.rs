//! Tables as text: CSV (RFC 4180) and TSV, one document a row; the first row names the columns.
//!
//! `csv-core` knows where fields and rows end. The delimiter of a CSV file is the sign among `,` `;` tab and `|` that
//! the first line holds most often outside of quotation marks. A TSV file has quoted fields if every quotation mark that
//! opens one in its beginning is closed before a tab or a line end; if not, quotation marks are text.
//!
//! A row that has not as many fields as the first one is refused, and so is a last one in which a quotation mark is
//! never closed. Names of columns lead to the fields of a document as keys of JSON do; all values are strings.
//!
//! **Cost.** Linear; memory is one row and the documents. Rows are cut one after the other: whether a line break ends a
//! row depends on all before it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::sync::Arc;

use csv_core::{ReadFieldResult, ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::Encoding;
use memchr::memchr_iter;

use super::corpus::Part;
use super::encoding::{self, Opening};
use super::fields::{Field, Node, Plan};
use super::lines::Transcoded;
use super::record::{Record, Value};
use super::rewrite::{Change, Edit, RewriteError, Rewriter, without};
use super::rows::{Rows, Sources, Table, Undecoded};
use super::spelling::Spelling;
use super::stream::{self, Bytes};
use super::{Compression, TOO_LONG, TOO_LONG_REASON};
use crate::document::{Derivation, Origin};

/// How much is asked of the stream at a time, in bytes.
const READ: usize = 256 * 1024;

/// How fields are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Whether fields may be quoted.
    pub(super) quoting: bool,
}

impl Dialect {
    /// Told by the beginning of a file.
    pub(super) fn of(head: &[u8], is_tsv: bool) -> Self {
        if is_tsv {
            return Dialect { delimiter: b'\t', quoting: has_quoted_fields(head) };
        }
        let mut counts = [(0, b','), (0, b';'), (0, b'\t'), (0, b'|')];
        let mut quoted = false;
        for byte in head {
            quoted ^= *byte == b'"';
            if !quoted && *byte == b'\n' {
                break;
            }
            if !quoted {
                counts.iter_mut().filter(|(_, sign)| sign == byte).for_each(|(count, _)| *count += 1);
            }
        }
        // Of equal counts the first wins.
        let best = counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |(_, sign)| *sign);
        Dialect { delimiter: best, quoting: true }
    }

    fn reader(self) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).quoting(self.quoting).build()
    }

    /// A value as a field that reads as that value.
    pub(super) fn write(self, value: &str) -> String {
        let special = |byte: u8| matches!(byte, b'"' | b'\r' | b'\n') || byte == self.delimiter;
        if !self.quoting || !value.bytes().any(special) {
            return value.to_owned();
        }
        format!("\"{}\"", value.replace('"', "\"\""))
    }
}

/// Whether the quotation marks that open fields close them too. The last field of the beginning may be longer.
fn has_quoted_fields(head: &[u8]) -> bool {
    let mut quoted = 0;
    let mut at = 0;
    while at < head.len() {
        if head[at] == b'"' {
            let mut end = at + 1;
            loop {
                let Some(next) = memchr::memchr(b'"', &head[end..]) else {
                    return quoted > 0 || head.len() >= encoding::SAMPLE;
                };
                end += next + 1;
                match head.get(end) {
                    Some(b'"') => end += 1,
                    Some(b'\t' | b'\n' | b'\r') | None => break,
                    Some(_) => return false,
                }
            }
            quoted += 1;
            at = end;
        }
        match memchr::memchr2(b'\t', b'\n', &head[at..]) {
            Some(next) => at += next + 1,
            None => break,
        }
    }
    quoted > 0
}

/// One row as it stands in the file, and its values.
pub(super) struct Row<'r> {
    /// Line breaks and all; blank lines before it are part of it.
    pub(super) bytes: &'r [u8],
    /// The line where it begins, from 1.
    pub(super) line: u64,
    values: &'r [u8],
    ends: &'r [usize],
    /// Whether it ends within quotation marks, at the end of the file.
    pub(super) is_open: bool,
}

impl Row<'_> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn value(&self, field: usize) -> &[u8] {
        let start = field.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(field).and_then(|end| self.values.get(start..*end)).unwrap_or_default()
    }
}

/// Cuts a stream into rows.
pub(super) struct RowCutter<R> {
    input: R,
    dialect: Dialect,
    reader: Reader,
    buffer: Vec<u8>,
    /// Where the next row begins in the buffer.
    start: usize,
    /// How far the reader has come.
    at: usize,
    line: u64,
    ended: bool,
    values: Vec<u8>,
    ends: Vec<usize>,
}

/// Why no more rows can be read.
#[derive(Debug)]
pub(super) enum Stop {
    /// The stream cannot be read any further.
    Stream(io::Error),
    /// A row is longer than any may be.
    LongRow,
}

impl<R: Read> RowCutter<R> {
    /// Rows of what was already read (`head`) and the rest of the stream.
    pub(super) fn new(head: Vec<u8>, input: R, dialect: Dialect) -> Self {
        RowCutter {
            input,
            dialect,
            reader: dialect.reader(),
            buffer: head,
            start: 0,
            at: 0,
            line: 1,
            ended: false,
            values: vec![0; 4096],
            ends: vec![0; 64],
        }
    }

    /// The line where the next row begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// What stands behind the last row: blank lines.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Stop> {
        let (mut written, mut fields) = (0, 0);
        loop {
            if self.at == self.buffer.len() && !self.ended {
                self.read_more()?;
            }
            let (result, read, values, ends) =
                self.reader.read_record(&self.buffer[self.at..], &mut self.values[written..], &mut self.ends[fields..]);
            (self.at, written, fields) = (self.at + read, written + values, fields + ends);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.values.resize(self.values.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => break,
            }
        }
        self.take_line_feed()?;
        let bytes = &self.buffer[self.start..self.at];
        let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let line = self.line + memchr_iter(b'\n', &bytes[..blank]).count() as u64;
        self.line = line + memchr_iter(b'\n', &bytes[blank..]).count() as u64;
        let is_open = self.ended && self.at == self.buffer.len() && is_open(bytes, self.dialect);
        self.start = self.at;
        Ok(Some(Row { bytes, line, values: &self.values[..written], ends: &self.ends[..fields], is_open }))
    }

    /// A row that ends with a carriage return takes the line feed behind it along.
    fn take_line_feed(&mut self) -> Result<(), Stop> {
        if !self.buffer[..self.at].ends_with(b"\r") {
            return Ok(());
        }
        if self.at == self.buffer.len() && !self.ended {
            self.read_more()?;
        }
        if self.buffer.get(self.at) == Some(&b'\n') {
            // The reader passes over it.
            let (_, read, ..) = self.reader.read_record(&self.buffer[self.at..=self.at], &mut [], &mut []);
            self.at += read;
        }
        Ok(())
    }

    fn read_more(&mut self) -> Result<(), Stop> {
        if self.buffer.len() - self.start > TOO_LONG as usize {
            return Err(Stop::LongRow);
        }
        self.buffer.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        let before = self.buffer.len();
        // A long row's buffer is doubled, so that what is moved stays linear.
        let more = READ.max(before) as u64;
        let read = self.input.by_ref().take(more).read_to_end(&mut self.buffer).map_err(Stop::Stream)?;
        self.ended = read == 0;
        Ok(())
    }
}

/// Whether a row goes on behind its end, within quotation marks.
fn is_open(row: &[u8], dialect: Dialect) -> bool {
    let mut reader = dialect.reader();
    let (mut values, mut ends) = (vec![0; row.len() + 2], vec![0; row.len() + 2]);
    let (mut at, mut is_open) = (0, false);
    let row = [row, b"\n"].concat();
    while at < row.len() {
        let (result, read, ..) = reader.read_record(&row[at..], &mut values, &mut ends);
        at += read;
        is_open = result == ReadRecordResult::InputEmpty && !row[..at].iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        if read == 0 {
            break;
        }
    }
    // A blank line behind a whole row leaves the reader between rows.
    is_open && {
        let (result, ..) = reader.read_record(b"\"\n", &mut values, &mut ends);
        result == ReadRecordResult::Record
    }
}

/// A field as it is written in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenField {
    pub(super) value: String,
    /// Where it stands in the row, quotation marks and all.
    pub(super) place: Range<usize>,
}

/// The fields of a row, given with or without its line end.
pub(super) fn written_fields(row: &str, dialect: Dialect) -> Vec<WrittenField> {
    let mut reader = dialect.reader();
    let bytes = row.as_bytes();
    let mut output = vec![0; bytes.len() + 1];
    let mut fields = Vec::new();
    let mut at = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let (mut start, mut written) = (at, 0);
    loop {
        let (result, read, wrote) = reader.read_field(&bytes[at..], &mut output[written..]);
        (at, written) = (at + read, written + wrote);
        match result {
            ReadFieldResult::InputEmpty if read > 0 => {}
            // The end of the input is told by an empty one.
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull | ReadFieldResult::End => break,
            ReadFieldResult::Field { record_end } => {
                let raw = &bytes[start..at];
                let sign = usize::from(raw.last().is_some_and(|last| {
                    if record_end { matches!(last, b'\r' | b'\n') } else { *last == dialect.delimiter }
                }));
                let value = String::from_utf8_lossy(&output[..written]).into_owned();
                fields.push(WrittenField { value, place: start..at - sign });
                (start, written) = (at, 0);
                if record_end {
                    break;
                }
            }
        }
    }
    fields
}

/// How the value of a field is written in its row.
pub(super) fn spell(row: &str, field: &WrittenField, dialect: Dialect) -> Spelling {
    let place = field.place.clone();
    let raw = &row[place.clone()];
    let mut spelling = Spelling::default();
    if !dialect.quoting || !raw.starts_with('"') {
        spelling.push_literal(place.start, raw.len());
        return spelling;
    }
    let mut from = 1;
    let mut inside = true;
    for mark in memchr_iter(b'"', raw.as_bytes()) {
        if mark < from {
            continue;
        }
        spelling.push_literal(place.start + from, mark - from);
        from = mark + 1;
        if inside && raw[from..].starts_with('"') {
            spelling.push(1, place.start + mark..place.start + mark + 2);
            from += 1;
        } else if inside {
            inside = false;
        } else {
            // Behind the closing mark anything is text.
            spelling.push_literal(place.start + mark, 1);
        }
    }
    spelling.push_literal(place.start + from, raw.len() - from);
    spelling
}

/// The columns of a table, by the fields of a document.
pub(super) struct Columns<'p> {
    nodes: Vec<Option<&'p Node>>,
    names: Vec<String>,
}

impl<'p> Columns<'p> {
    pub(super) fn of(names: Vec<String>, plan: &'p Plan) -> Self {
        let nodes = names.iter().map(|name| plan.root.column(name)).collect();
        Columns { nodes, names }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    fn has(&self, field: Field) -> bool {
        self.nodes.iter().flatten().any(|node| node.targets.iter().any(|target| target.field == field))
    }

    fn listed(&self) -> BTreeSet<String> {
        self.names.iter().cloned().collect()
    }

    /// The record that some values make, each with its place.
    pub(super) fn record<'v>(&self, values: impl Iterator<Item = (Cow<'v, str>, Range<usize>)>) -> Record<'v> {
        let mut record = Record::default();
        for (node, (value, place)) in self.nodes.iter().zip(values) {
            if let Some(node) = node {
                record.put_string(node, Value::Text(value), place);
            }
        }
        record
    }
}

/// Reads a table from what was already read (`head`, at least [`encoding::SAMPLE`] bytes or all) and the rest.
pub(super) fn read(
    table: Table<'_>,
    is_tsv: bool,
    is_named: bool,
    mut head: Vec<u8>,
    rest: Bytes<'_>,
    compression: Compression,
    part: &mut Part,
) {
    match encoding::examine(head.get(..encoding::SAMPLE).unwrap_or(&head)) {
        Opening::Binary(reason) => part.skip(table.path, None, reason),
        Opening::Ascii { mark } => {
            head.drain(..mark);
            let dialect = Dialect::of(&head, is_tsv);
            let origin = table.origin("utf-8", Derivation::Original);
            read_rows(table, RowCutter::new(head, rest, dialect), &origin, is_named, compression, part);
        }
        Opening::Utf16 { encoding, mark } => {
            head.drain(..mark);
            let name = encoding::name(encoding);
            part.warn(table.path, &format!("decoded from {name}"));
            let origin = table.origin(name, Derivation::Decoded);
            let mut text = Transcoded::new(Cursor::new(head).chain(rest), encoding);
            let mut head = Vec::new();
            let read = text.by_ref().take(encoding::SAMPLE as u64).read_to_end(&mut head);
            if let Err(error) = read {
                return part.lose_rest(table.path, None, stream::describe(&error, compression));
            }
            let dialect = Dialect::of(&head, is_tsv);
            read_rows(table, RowCutter::new(head, text, dialect), &origin, is_named, compression, part);
        }
    }
}

fn read_rows<R: Read>(
    table: Table<'_>,
    mut cutter: RowCutter<R>,
    origin: &Arc<Origin>,
    is_named: bool,
    compression: Compression,
    part: &mut Part,
) {
    let mut rows = Rows::default();
    let mut undecoded = Undecoded::default();
    let dialect = cutter.dialect;
    let header = match cutter.next() {
        Ok(Some(header)) => String::from_utf8_lossy(header.bytes).into_owned(),
        Ok(None) => return,
        Err(stop) => return part.lose_rest(table.path, None, describe(stop, compression)),
    };
    let names = written_fields(&header, dialect).into_iter().map(|field| field.value.trim().to_owned()).collect();
    let columns = Columns::of(names, table.plan);
    if !columns.has(Field::Text) {
        let reason = Record::default().take_text(table.plan, || columns.listed()).err().unwrap_or_default();
        return part.pass_over(table.path, reason, is_named || table.plan.chosen(Field::Text).is_some());
    }
    let mut sources = Sources::default();
    loop {
        match cutter.next() {
            Ok(None) => break,
            Ok(Some(row)) => match std::str::from_utf8(row.bytes) {
                Ok(bytes) => {
                    undecoded.sequences.valid += encoding::multi_byte_characters(bytes);
                    add_row(table, &columns, &row, origin, &mut sources, &mut rows);
                }
                Err(_) => undecoded.rows.push((row.line, row.bytes.to_vec())),
            },
            Err(stop) => {
                let line = cutter.line();
                let reason = format!("{}; this row and all after it are lost", describe(stop, compression));
                part.lose_rest(table.path, Some(line), reason);
                break;
            }
        }
    }
    undecoded.settle(table, &mut rows, part, |line, text, origin| {
        let mut rows = Rows::default();
        let mut cutter = RowCutter::new(Vec::new(), text.as_bytes(), dialect);
        if let Ok(Some(row)) = cutter.next() {
            let row = Row { line, ..row };
            add_row(table, &columns, &row, origin, &mut Sources::default(), &mut rows);
        }
        rows
    });
    rows.report(table, part);
}

/// Why a row gives no document, if it is not whole.
pub(super) fn fault(row: &Row<'_>, columns: &Columns<'_>) -> Option<String> {
    if row.is_open {
        return Some("a quotation mark that opens in this row is never closed; all after it is lost".to_owned());
    }
    let (fields, expected) = (row.len(), columns.len());
    let plural = |count: usize| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
    (fields != expected).then(|| format!("the row has {}, the first row {}", plural(fields), expected))
}

fn add_row(
    table: Table<'_>,
    columns: &Columns<'_>,
    row: &Row<'_>,
    origin: &Arc<Origin>,
    sources: &mut Sources,
    rows: &mut Rows,
) {
    if let Some(fault) = fault(row, columns) {
        return rows.refuse(table.path, row.line, fault);
    }
    let values = (0..row.len()).map(|field| (String::from_utf8_lossy(row.value(field)), 0..0));
    let mut record = columns.record(values);
    match record.take_text(table.plan, || columns.listed()) {
        Ok(text) if text.len() as u64 > TOO_LONG => rows.refuse(table.path, row.line, TOO_LONG_REASON.to_owned()),
        Ok(text) => rows.push(table, row.line, record, text.into_owned().into(), origin, sources),
        Err(reason) => rows.refuse(table.path, row.line, reason),
    }
}

fn describe(stop: Stop, compression: Compression) -> String {
    match stop {
        Stop::Stream(error) => stream::describe(&error, compression),
        Stop::LongRow => TOO_LONG_REASON.to_owned(),
    }
}

/// Writes the rows anew.
pub(super) fn rewrite(
    rewriter: &mut Rewriter<'_, '_>,
    is_tsv: bool,
    head: Vec<u8>,
    rest: impl Read,
) -> Result<(), RewriteError> {
    let job = rewriter.job;
    let dialect = Dialect::of(head.get(..encoding::SAMPLE).unwrap_or(&head), is_tsv);
    let mut cutter = RowCutter::new(head, rest, dialect);
    let failed = |stop: Stop| match stop {
        Stop::Stream(error) => job.cannot_read(&error),
        Stop::LongRow => job.changed(),
    };
    let mut columns = None;
    while let Some(row) = cutter.next().map_err(failed)? {
        let Some(columns) = &columns else {
            let header = String::from_utf8_lossy(row.bytes).into_owned();
            let names = written_fields(&header, dialect).into_iter().map(|field| field.value.trim().to_owned());
            let names: Vec<String> = names.collect();
            if job.note_field.is_some_and(|field| names.iter().any(|name| name == field)) {
                return Err(job.note_field_taken());
            }
            columns = Some(Columns::of(names, rewriter.plan));
            let name = job.note_field.map(|name| add_field(row.bytes, name, dialect));
            rewriter.edit(None, row.bytes, name.as_slice())?;
            continue;
        };
        let note = |note: &str| add_field(row.bytes, note, dialect);
        match rewriter.change(Some(row.line)) {
            // A row with too few or too many fields would have others if it had one more.
            None if job.note_field.is_some() && fault(&row, columns).is_none() => {
                rewriter.edit(None, row.bytes, &[note("")])?;
            }
            None => rewriter.keep(row.bytes)?,
            Some((rank, Change::Drop)) => rewriter.drop_record(rank, row.bytes)?,
            Some((rank, Change::Note(text))) => rewriter.edit(Some(rank), row.bytes, &[note(&text)])?,
            Some((rank, Change::Cut(parts))) => cut_row(rewriter, rank, &parts, columns, dialect, row.bytes)?,
        }
    }
    let rest = cutter.rest().to_vec();
    rewriter.keep(&rest)
}

/// Another field at the end of a row.
fn add_field(row: &[u8], value: &str, dialect: Dialect) -> Edit {
    let end = row.len() - row.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut field = vec![dialect.delimiter];
    field.extend_from_slice(dialect.write(value).as_bytes());
    (end..end, field)
}

fn cut_row(
    rewriter: &mut Rewriter<'_, '_>,
    rank: u32,
    parts: &[Range<usize>],
    columns: &Columns<'_>,
    dialect: Dialect,
    bytes: &[u8],
) -> Result<(), RewriteError> {
    let encoding = rewriter.encoding(rank);
    let (row, spelling) = encoding::spell(bytes, encoding);
    let Some((field, text)) = find_text(&row, columns, rewriter.plan, dialect) else {
        return Err(rewriter.job.changed());
    };
    rewriter.check(rank, &text)?;
    let expected = without(text.as_bytes(), parts);
    let is_right = |row: &[u8]| {
        let row = encoding::spell(row, encoding).0;
        find_text(&row, columns, rewriter.plan, dialect).is_some_and(|(_, text)| text.as_bytes() == expected)
    };
    let located = spelling.locate(&spell(&row, &field, dialect).locate(parts));
    if is_right(&without(bytes, &located)) {
        let edits: Vec<Edit> = located.into_iter().map(|range| (range, Vec::new())).collect();
        return rewriter.edit(Some(rank), bytes, &edits);
    }
    // What stays would be read in another way: the field is quoted anew.
    let written = dialect.write(&String::from_utf8_lossy(&expected));
    let written = Encoding::for_label(encoding.as_bytes())
        .map_or_else(|| written.clone().into_bytes(), |encoding| encoding.encode(&written).0.into_owned());
    let place = spelling.locate(std::slice::from_ref(&field.place));
    let [place] = place.as_slice() else { return Err(rewriter.misspelled(rank)) };
    let whole = [&bytes[..place.start], &written, &bytes[place.end..]].concat();
    if !is_right(&whole) {
        return Err(rewriter.misspelled(rank));
    }
    rewriter.edit(Some(rank), bytes, &[(place.clone(), written)])
}

/// The field that holds the text of a row, and the text.
fn find_text(row: &str, columns: &Columns<'_>, plan: &Plan, dialect: Dialect) -> Option<(WrittenField, String)> {
    let fields = written_fields(row, dialect);
    let values = fields.iter().map(|field| (Cow::Borrowed(field.value.as_str()), field.place.clone()));
    let mut record = columns.record(values);
    let place = record.place()?;
    let text = record.take_text(plan, BTreeSet::new).ok()?.into_owned();
    drop(record);
    fields.into_iter().find(|field| field.place == place).map(|field| (field, text))
}
