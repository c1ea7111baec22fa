//! A file written anew with some rows dropped, or some texts changed, or notes beside the rows.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::cells::{Cell, Column};
use super::columns::{Columns, Wanted};
use super::copying::{Chunk, Lane, Sink, append_columns, by_type, create, liken, liken_notes, unwritable};
use super::footer::{Opened, open};
use super::shelter::{shelter, word};
use super::undo::{MetadataUndo, RewriteError, RowGroupUndo, Run, SortingUndo, TextUndo, to_base64};
use crate::input::fields::Plan;

/// Metadata that says what the columns are, to Arrow; it must be silent about a column that was added.
const ARROW_SCHEMA: &str = "ARROW:schema";

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::input) enum Change {
    /// It goes.
    Drop,
    /// It has another text.
    Text(String),
    /// It has a note, in the column that is added.
    Note(String),
}

/// Writes a file anew; `notes` is the name of the column for notes. `changes` name rows from 1, in order, each at most once; notes and other changes are not made
/// together. `undo` is told of each row group of the file, in order, when it has been written.
pub(in crate::input) fn rewrite(
    source: std::fs::File,
    plan: &Plan,
    changes: &[(u64, Change)],
    notes: Option<&str>,
    out: impl Write + Send,
    undo: &mut dyn FnMut(RowGroupUndo) -> io::Result<()>,
) -> Result<(), RewriteError> {
    rewrite_any(source, plan, changes, notes, out, undo)
}

/// Writes anew what can be read at any place.
pub(super) fn rewrite_any<R: ChunkReader + 'static, W: Write + Send>(
    source: R,
    plan: &Plan,
    changes: &[(u64, Change)],
    notes: Option<&str>,
    out: W,
    undo: &mut dyn FnMut(RowGroupUndo) -> io::Result<()>,
) -> Result<(), RewriteError> {
    let opened = open(source, true).map_err(RewriteError::Unreadable)?;
    opened.check().map_err(RewriteError::Unreadable)?;
    check(&opened, changes, notes.is_some())?;
    let file = opened.metadata.file_metadata();
    let columns = Columns::find(file.schema_descr(), plan);
    let mut metadata = file.key_value_metadata().cloned();
    let mut common = RowGroupUndo { has_notes: notes.is_some(), ..RowGroupUndo::default() };
    let mut schema = file.schema_descr().root_schema_ptr();
    // Without a row group there is no entry that could say so for undoing; and there is nothing to note.
    if let Some(name) = notes
        && opened.metadata.num_row_groups() > 0
    {
        schema = add_notes(&schema, name)?;
        common.left_out = leave_out_arrow(&mut metadata);
    }
    let sorting = sorting_of(&opened);
    common.sorting = sorting.iter().map(SortingUndo::from).collect();
    let is_sorted_by_text = columns.texts().iter().any(|text| sorting.iter().any(|by| text_is(text, by)));
    let has_texts = changes.iter().any(|(_, change)| matches!(change, Change::Text(_)));
    let kept = if is_sorted_by_text && has_texts { Vec::new() } else { sorting };
    let mut writer = create(&opened, schema, metadata, kept, out)?;
    let mut rewriting = Rewriting { opened: &opened, columns: &columns, common: &common };
    let (mut first, mut rest) = (1_u64, changes);
    for (number, group) in opened.metadata.row_groups().iter().enumerate() {
        let rows = group.num_rows().unsigned_abs();
        let end = rest.partition_point(|(row, _)| row - first < rows);
        let (here, after) = rest.split_at(end);
        let done = if notes.is_some() {
            rewriting.note(number, first, here, &mut writer)
        } else {
            rewriting.change(number, first, here, &mut writer)
        };
        undo(done?).map_err(RewriteError::Undo)?;
        rest = after;
        first = first.saturating_add(rows);
    }
    shelter(|| writer.close()).map_err(unwritable)?;
    Ok(())
}

fn text_is(text: &Wanted<'_>, by: &SortingColumn) -> bool {
    usize::try_from(by.column_idx).is_ok_and(|column| column == text.leaf)
}

/// Whether the changes are in order, of one kind and of rows that there are.
fn check<R>(opened: &Opened<R>, changes: &[(u64, Change)], notes: bool) -> Result<(), RewriteError> {
    let groups = opened.metadata.row_groups().iter();
    let all = groups.map(|group| group.num_rows().unsigned_abs()).fold(0, u64::saturating_add);
    let mut last = 0;
    for (row, change) in changes {
        let reason = if *row <= last {
            "changes are not in order"
        } else if *row > all {
            "the file has no such row"
        } else if notes != matches!(change, Change::Note(_)) {
            "notes and other changes are not made together"
        } else {
            last = *row;
            continue;
        };
        return Err(RewriteError::Unfit { row: *row, reason: reason.to_owned() });
    }
    Ok(())
}

/// How the rows of all groups are sorted, if all are sorted alike.
fn sorting_of<R>(opened: &Opened<R>) -> Vec<SortingColumn> {
    let mut groups = opened.metadata.row_groups().iter().map(|group| group.sorting_columns());
    let first = groups.next().flatten();
    first.filter(|first| groups.all(|other| other == Some(first))).cloned().unwrap_or_default()
}

/// The schema with a column of notes behind all others.
fn add_notes(schema: &TypePtr, name: &str) -> Result<TypePtr, RewriteError> {
    if schema.get_fields().iter().any(|field| field.name() == name) {
        return Err(RewriteError::Unreadable(format!(
            "there is a column `{name}` already: name another with --mark=FIELD"
        )));
    }
    let add = || {
        let notes = Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::String))
            .build()?;
        with_fields(schema, schema.get_fields().iter().cloned().chain([Arc::new(notes)]).collect())
    };
    shelter(add).map_err(unwritable)
}

/// The same root with other fields.
pub(super) fn with_fields(schema: &Type, fields: Vec<TypePtr>) -> Result<TypePtr, ParquetError> {
    let info = schema.get_basic_info();
    let root = Type::group_type_builder(schema.name())
        .with_converted_type(info.converted_type())
        .with_logical_type(info.logical_type_ref().cloned())
        .with_id(info.has_id().then(|| info.id()))
        .with_fields(fields);
    root.build().map(Arc::new)
}

fn leave_out_arrow(metadata: &mut Option<Vec<KeyValue>>) -> Vec<MetadataUndo> {
    let Some(entries) = metadata else { return Vec::new() };
    let mut left_out = Vec::new();
    let (mut at, mut kept) = (0, Vec::new());
    for entry in entries.drain(..) {
        if entry.key == ARROW_SCHEMA {
            left_out.push(MetadataUndo { at, key: entry.key, value: entry.value });
        } else {
            kept.push(entry);
        }
        at += 1;
    }
    *entries = kept;
    left_out
}

struct Rewriting<'a, 'p, R> {
    opened: &'a Opened<R>,
    columns: &'a Columns<'p>,
    /// What the entries of all groups say.
    common: &'a RowGroupUndo,
}

impl<R: ChunkReader + 'static> Rewriting<'_, '_, R> {
    /// Writes a group whose first row has this number, with notes.
    fn note<W: Write + Send>(
        &mut self,
        number: usize,
        first: u64,
        notes: &[(u64, Change)],
        writer: &mut SerializedFileWriter<W>,
    ) -> Result<RowGroupUndo, RewriteError> {
        let metadata = self.opened.metadata.row_group(number);
        let rows = metadata.num_rows().unsigned_abs();
        let descriptor = writer.schema_descr().columns().last().cloned();
        let mut group = shelter(|| writer.next_row_group()).map_err(unwritable)?;
        append_columns(self.opened, number, metadata.num_columns(), &mut group)?;
        if let Some(descriptor) = descriptor {
            let encode = || {
                Chunk::encode(descriptor, &liken_notes(self.opened, number), |sink| {
                    write_notes(rows, first, notes, sink)
                })
            };
            shelter(encode).map_err(unwritable)?.append(&mut group)?;
        }
        shelter(|| group.close()).map_err(unwritable)?;
        Ok(RowGroupUndo { rows, ..self.common.clone() })
    }

    /// Writes a group whose first row has this number, without some rows or with other texts.
    fn change<W: Write + Send>(
        &mut self,
        number: usize,
        first: u64,
        changes: &[(u64, Change)],
        writer: &mut SerializedFileWriter<W>,
    ) -> Result<RowGroupUndo, RewriteError> {
        let metadata = self.opened.metadata.row_group(number);
        let columns = metadata.num_columns();
        let mut undo = RowGroupUndo { rows: metadata.num_rows().unsigned_abs(), ..self.common.clone() };
        let mut texts = Vec::new();
        for (row, change) in changes {
            let row = row - first;
            match change {
                Change::Drop => match undo.dropped.last_mut().filter(|(_, end)| *end == row) {
                    Some((_, end)) => *end += 1,
                    None => undo.dropped.push((row, row + 1)),
                },
                Change::Text(text) => {
                    undo.texts.push(TextUndo { row, ..TextUndo::default() });
                    texts.push(text.as_str());
                }
                Change::Note(_) => {}
            }
        }
        if undo.is_untouched() {
            let mut group = shelter(|| writer.next_row_group()).map_err(unwritable)?;
            append_columns(self.opened, number, columns, &mut group)?;
            shelter(|| group.close()).map_err(unwritable)?;
            return Ok(undo);
        }
        let schema = self.opened.metadata.file_metadata().schema_descr().root_schema_ptr();
        let mut aside = create(self.opened, schema, None, Vec::new(), Vec::new())?;
        if undo.is_left_out() {
            let mut group = shelter(|| aside.next_row_group()).map_err(unwritable)?;
            append_columns(self.opened, number, columns, &mut group)?;
            shelter(|| group.close()).map_err(unwritable)?;
        } else {
            self.find_texts(number, first, &mut undo)?;
            let runs = undo.runs().unwrap_or_default();
            let mut group = shelter(|| writer.next_row_group()).map_err(unwritable)?;
            let mut dropped = if undo.dropped.is_empty() {
                None
            } else {
                Some(shelter(|| aside.next_row_group()).map_err(unwritable)?)
            };
            for column in 0..columns {
                let mut part = Part { number, column, first, runs: &runs, texts: &texts, undo: &mut undo };
                let (kept, gone) = self.part(&mut part, dropped.is_some())?;
                kept.append(&mut group)?;
                if let Some((dropped, gone)) = dropped.as_mut().zip(gone) {
                    gone.append(dropped)?;
                }
            }
            shelter(|| group.close()).map_err(unwritable)?;
            if let Some(dropped) = dropped {
                shelter(|| dropped.close()).map_err(unwritable)?;
            }
        }
        if !undo.dropped.is_empty() {
            undo.dropped_rows = Some(to_base64(&shelter(|| aside.into_inner()).map_err(unwritable)?));
        }
        Ok(undo)
    }

    /// Parts the rows of a column into those that stay and those that go.
    fn part(&self, part: &mut Part<'_>, has_dropped: bool) -> Result<(Chunk, Option<Chunk>), RewriteError> {
        let descriptor = self.opened.metadata.row_group(part.number).column(part.column).column_descr_ptr();
        let mut unfit = None;
        let parted = shelter(|| {
            let like = liken(self.opened, part.number, part.column)?;
            by_type!(descriptor.physical_type(), T => {
                let mut lane = Lane::<T>::open(self.opened, part.number, part.column)?;
                let mut gone = None;
                let kept = Chunk::encode::<T>(descriptor.clone(), &like, |kept| {
                    if !has_dropped {
                        return part.deal(&mut lane, kept, None, &mut unfit);
                    }
                    let deal = |gone: &mut Sink<'_, T>| part.deal(&mut lane, kept, Some(gone), &mut unfit);
                    gone = Some(Chunk::encode::<T>(descriptor.clone(), &like, deal)?);
                    Ok(())
                })?;
                Ok((kept, gone))
            })
        });
        parted.map_err(|error| unfit.unwrap_or_else(|| unreadable(self.opened, part.number, part.column, &error)))
    }

    /// Finds the column from which each changed text was read.
    fn find_texts(&self, number: usize, first: u64, undo: &mut RowGroupUndo) -> Result<(), RewriteError> {
        let candidates = self.columns.texts();
        let mut open: Vec<&mut TextUndo> = undo.texts.iter_mut().collect();
        let metadata = self.opened.metadata.row_group(number);
        for wanted in candidates {
            if open.is_empty() {
                break;
            }
            let damaged = |reason: String| describe(self.opened, number, wanted.leaf, &reason);
            let mut column = Column::open(wanted, &self.opened.source, metadata).map_err(damaged)?;
            let (mut start, mut left) = (0_u64, Vec::new());
            let mut texts = open.into_iter().peekable();
            while texts.peek().is_some() {
                column.fill(1024).map_err(damaged)?;
                let rows = column.rows() as u64;
                if rows == 0 {
                    return Err(damaged("it has fewer rows than the group".to_owned()));
                }
                while let Some(text) = texts.next_if(|text| text.row < start + rows) {
                    let cell = column.cell(usize::try_from(text.row - start).unwrap_or(usize::MAX));
                    if cell == Cell::Null {
                        left.push(text);
                    } else {
                        text.column = wanted.leaf;
                    }
                }
                start += rows;
            }
            open = left;
        }
        match open.first() {
            None => Ok(()),
            Some(text) => {
                Err(RewriteError::Unfit { row: first + text.row, reason: "it has no text to be changed".to_owned() })
            }
        }
    }
}

/// A column of a group that is parted.
struct Part<'a> {
    number: usize,
    column: usize,
    first: u64,
    runs: &'a [Run],
    /// As they shall be.
    texts: &'a [&'a str],
    undo: &'a mut RowGroupUndo,
}

impl Part<'_> {
    fn deal<T: super::copying::Physical>(
        &mut self,
        lane: &mut Lane<T>,
        kept: &mut Sink<'_, T>,
        mut gone: Option<&mut Sink<'_, T>>,
        unfit: &mut Option<RewriteError>,
    ) -> Result<(), ParquetError> {
        for run in self.runs {
            match *run {
                Run::Kept(rows) => lane.pass(rows, Some(kept))?,
                Run::Dropped(rows) => lane.pass(rows, gone.as_deref_mut())?,
                Run::Text(text) => {
                    let new = self.texts.get(text).copied().unwrap_or_default();
                    let Some(text) = self.undo.texts.get_mut(text).filter(|text| text.column == self.column) else {
                        lane.pass(1, Some(kept))?;
                        continue;
                    };
                    text.original = to_base64(&lane.take()?.unwrap_or_default());
                    if !kept.put(new.as_bytes().to_vec())? {
                        let reason = "its column holds texts of one length only".to_owned();
                        *unfit = Some(RewriteError::Unfit { row: self.first + text.row, reason });
                        return Err(ParquetError::General("a text does not fit".to_owned()));
                    }
                }
            }
        }
        lane.finish()
    }
}

fn write_notes(
    rows: u64,
    first: u64,
    notes: &[(u64, Change)],
    sink: &mut Sink<'_, ByteArrayType>,
) -> Result<(), ParquetError> {
    const NULLS: [i16; 1024] = [0; 1024];
    let mut passed = 0;
    let mut fill = |sink: &mut Sink<'_, ByteArrayType>, until: u64| {
        while passed < until {
            let nulls = NULLS.get(..usize::try_from(until - passed)?).unwrap_or(&NULLS);
            sink.write(&[], nulls)?;
            passed += nulls.len() as u64;
        }
        passed += 1;
        Ok::<(), ParquetError>(())
    };
    for (row, change) in notes {
        if let Change::Note(note) = change {
            fill(sink, row - first)?;
            sink.write(&[ByteArray::from(note.as_str())], &[1])?;
        }
    }
    fill(sink, rows)
}

pub(super) fn unreadable<R>(opened: &Opened<R>, group: usize, column: usize, error: &ParquetError) -> RewriteError {
    describe(opened, group, column, &word(error))
}

fn describe<R>(opened: &Opened<R>, group: usize, column: usize, reason: &str) -> RewriteError {
    let name = opened.metadata.row_group(group).column(column).column_path().string();
    RewriteError::Unreadable(format!("the column `{name}` cannot be read in row group {}: {reason}", group + 1))
}
