//! From the rows of a file to documents.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;

use super::cells::{Cell, Column};
use super::columns::{self, Columns, Form};
use super::footer::{Opened, open};
use crate::document::{Derivation, Origin};
use crate::input::corpus::Part;
use crate::input::fields::Field;
use crate::input::record::{NULL, Record, Value};
use crate::input::rows::{Rows, Sources, Table};
use crate::input::{TOO_LONG, TOO_LONG_REASON};

/// Rows of a batch: enough that a batch costs little beside its rows, few enough that long texts fill no memory.
const BATCH: usize = 1024;

/// Reads all rows of a file into documents.
pub(in crate::input) fn read(source: std::fs::File, table: Table<'_>, is_named: bool, part: &mut Part) {
    read_any(source, table, is_named, part);
}

/// Reads from whatever bytes can be read at any place.
pub(super) fn read_any<R: ChunkReader + 'static>(source: R, table: Table<'_>, is_named: bool, part: &mut Part) {
    let opened = match open(source, false) {
        Ok(opened) => opened,
        Err(reason) => return part.lose_rest(table.path, None, reason),
    };
    let schema = opened.metadata.file_metadata().schema_descr();
    let columns = Columns::find(schema, table.plan);
    if columns.texts().is_empty() {
        if opened.metadata.row_groups().iter().any(|group| group.num_rows() > 0) {
            // Beside texts there may be tables about them.
            let is_error = is_named || table.plan.chosen(Field::Text).is_some();
            part.pass_over(table.path, why_no_text(&columns, &opened, table), is_error);
        }
        return;
    }
    let origin = |derivation| table.origin("utf-8", derivation);
    let mut reader = Reader {
        table,
        opened: &opened,
        columns: &columns,
        rows: Rows::default(),
        sources: Sources::default(),
        origin: origin(Derivation::Original),
        decoded: origin(Derivation::Decoded),
        damaged: (0, 0),
    };
    let mut first = 1_u64;
    for (number, group) in opened.metadata.row_groups().iter().enumerate() {
        let rows = first..first.saturating_add(group.num_rows().unsigned_abs());
        match opened.group(number) {
            Ok(group) => reader.read_group(group, first, part),
            Err(reason) => reader.lose(&reason, rows, part),
        }
        first = first.saturating_add(group.num_rows().unsigned_abs());
    }
    let (count, row) = reader.damaged;
    if count > 0 {
        let texts = if count == 1 { "1 text is".to_owned() } else { format!("{count} texts are") };
        let note = "what is invalid was replaced by U+FFFD, the first in row";
        part.warn(table.path, &format!("{texts} not valid UTF-8; {note} {row}"));
    }
    reader.rows.report(table, part);
}

/// What a row would say, once for all of them.
fn why_no_text<R>(columns: &Columns<'_>, opened: &Opened<R>, table: Table<'_>) -> String {
    let mut record = Record::default();
    for (node, kind) in &columns.unusable {
        record.refuse(node, kind);
    }
    for wanted in &columns.wanted {
        record.refuse(wanted.node, kind_of(wanted.form));
    }
    let names = || columns::names(opened.metadata.file_metadata().schema_descr());
    record.take_text(table.plan, names).err().unwrap_or_default()
}

/// What a value of a form is, in messages.
fn kind_of(form: Form) -> &'static str {
    match form {
        Form::Text => "a string",
        Form::Integer | Form::Unsigned | Form::Float | Form::Decimal(_) => "a number",
        Form::Date | Form::Timestamp(_) | Form::OldTimestamp => "a date",
        Form::Uuid => "binary",
        Form::Other(kind) => kind,
    }
}

struct Reader<'a, 'p, R> {
    table: Table<'a>,
    opened: &'a Opened<R>,
    columns: &'a Columns<'p>,
    rows: Rows,
    sources: Sources,
    origin: Arc<Origin>,
    decoded: Arc<Origin>,
    /// Texts that are not valid UTF-8, and the first row with one.
    damaged: (u64, u64),
}

impl<R: ChunkReader + 'static> Reader<'_, '_, R> {
    /// Reads a row group whose first row has this number.
    fn read_group(&mut self, group: &RowGroupMetaData, first: u64, part: &mut Part) {
        let all = group.num_rows().unsigned_abs();
        let mut columns = Vec::new();
        for wanted in &self.columns.wanted {
            match Column::open(wanted, &self.opened.source, group) {
                Ok(column) => columns.push(column),
                Err(reason) => return self.lose(&of_column(group, wanted.leaf, &reason), first..first + all, part),
            }
        }
        let mut passed = 0;
        while passed < all {
            let batch = usize::try_from(all - passed).unwrap_or(BATCH).min(BATCH);
            let mut failure = None;
            let mut rows = batch;
            for column in &mut columns {
                let read = column.fill(batch);
                if column.rows() < rows {
                    rows = column.rows();
                    let reason = read.err().unwrap_or_else(|| "it has fewer values than its row group".to_owned());
                    failure = Some((column.wanted.leaf, reason));
                } else if let Err(reason) = read {
                    failure = failure.or(Some((column.wanted.leaf, reason)));
                }
            }
            for row in 0..rows {
                self.read_row(&columns, row, first + passed + row as u64);
            }
            passed += rows as u64;
            if let Some((leaf, reason)) = failure {
                return self.lose(&of_column(group, leaf, &reason), first + passed..first + all, part);
            }
        }
    }

    fn read_row(&mut self, columns: &[Column<'_, '_>], row: usize, number: u64) {
        let mut record = Record::default();
        for (node, kind) in &self.columns.unusable {
            record.refuse(node, kind);
        }
        for column in columns {
            let node = column.wanted.node;
            let is_no_text = || column.wanted.form != Form::Text && columns::text_target(node).is_some();
            match column.cell(row) {
                Cell::Null => record.refuse(node, NULL),
                Cell::Unusable(kind) => record.refuse(node, kind),
                // A date is written as a string here, and is none in the file.
                Cell::Usable(Value::Text(_)) if is_no_text() => record.refuse(node, kind_of(column.wanted.form)),
                Cell::Usable(value) => record.put(node, value),
            }
        }
        let names = || columns::names(self.opened.metadata.file_metadata().schema_descr());
        let text = match record.take_text(self.table.plan, names) {
            Ok(text) => text,
            Err(reason) => return self.rows.refuse(self.table.path, number, reason),
        };
        if text.len() as u64 > TOO_LONG {
            return self.rows.refuse(self.table.path, number, TOO_LONG_REASON.to_owned());
        }
        let origin = match text {
            Cow::Borrowed(_) => &self.origin,
            // Only what had to be decoded is not borrowed.
            Cow::Owned(_) => {
                let (count, first) = self.damaged;
                self.damaged = (count + 1, if count == 0 { number } else { first });
                &self.decoded
            }
        };
        self.rows.push(self.table, number, record, text.into_owned().into(), origin, &mut self.sources);
    }

    /// Tells which rows cannot be read, and why.
    fn lose(&self, reason: &str, lost: Range<u64>, part: &mut Part) {
        let rows = match lost.end.saturating_sub(lost.start) {
            0 => "no row is lost".to_owned(),
            1 => "this row is lost".to_owned(),
            _ => format!("rows {} to {} are lost", lost.start, lost.end - 1),
        };
        part.lose_rest(self.table.path, Some(lost.start), format!("{reason}; {rows}"));
    }
}

/// Says of which column something is.
fn of_column(group: &RowGroupMetaData, leaf: usize, reason: &str) -> String {
    format!("the column `{}` cannot be read: {reason}", group.column(leaf).column_path().string())
}
