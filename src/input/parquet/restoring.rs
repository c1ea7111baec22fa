//! A file that was written anew, put back as it was.

use std::io::{self, Write};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::TypePtr;

use super::copying::{Chunk, Lane, Physical, Sink, append_columns, by_type, create, liken, unwritable};
use super::footer::{Opened, open};
use super::rewriting::{unreadable, with_fields};
use super::shelter::shelter;
use super::undo::{MetadataUndo, RewriteError, RowGroupUndo, Run, from_base64};

/// Writes the file as it was before it was rewritten. `undo` gives what was told of each row group, in order.
pub(crate) fn restore(
    cleaned: std::fs::File,
    undo: &mut dyn FnMut() -> io::Result<Option<RowGroupUndo>>,
    out: impl Write + Send,
) -> Result<(), RewriteError> {
    restore_any(cleaned, undo, out)
}

/// Restores what can be read at any place.
pub(super) fn restore_any<R: ChunkReader + 'static, W: Write + Send>(
    cleaned: R,
    undo: &mut dyn FnMut() -> io::Result<Option<RowGroupUndo>>,
    out: W,
) -> Result<(), RewriteError> {
    let opened = open(cleaned, true).map_err(RewriteError::Unreadable)?;
    opened.check().map_err(RewriteError::Unreadable)?;
    let mut next = || undo().map_err(RewriteError::Undo);
    let mut entry = next()?;
    let file = opened.metadata.file_metadata();
    let mut schema = file.schema_descr().root_schema_ptr();
    let mut metadata = file.key_value_metadata().cloned();
    let mut sorting: Vec<SortingColumn> = Vec::new();
    if let Some(entry) = &entry {
        if entry.has_notes {
            schema = without_notes(&schema)?;
        }
        put_back(&mut metadata, &entry.left_out);
        sorting = entry.sorting.iter().map(SortingColumn::from).collect();
    }
    let mut writer = create(&opened, schema, metadata, sorting, out)?;
    let mut number = 0;
    while let Some(undo) = entry {
        if undo.is_left_out() {
            restore_group(&open_dropped(&undo, &writer)?, 0, &mut writer)?;
        } else {
            let Some(group) = opened.metadata.row_groups().get(number) else {
                return Err(foreign("it has fewer row groups"));
            };
            if Some(group.num_rows().unsigned_abs()) != undo.rows.checked_sub(undo.dropped_count()) {
                return Err(foreign(&format!("row group {} has another number of rows", number + 1)));
            }
            if undo.is_untouched() {
                restore_group(&opened, number, &mut writer)?;
            } else {
                merge_group(&opened, number, &undo, &mut writer)?;
            }
            number += 1;
        }
        entry = next()?;
    }
    if number < opened.metadata.num_row_groups() {
        return Err(foreign("it has more row groups"));
    }
    shelter(|| writer.close()).map_err(unwritable)?;
    Ok(())
}

fn foreign(reason: &str) -> RewriteError {
    RewriteError::Foreign(reason.to_owned())
}

fn without_notes(schema: &TypePtr) -> Result<TypePtr, RewriteError> {
    let mut fields = schema.get_fields().to_vec();
    if fields.pop().is_none_or(|field| field.is_group()) {
        return Err(foreign("it has no column of notes"));
    }
    shelter(|| with_fields(schema, fields)).map_err(unwritable)
}

fn put_back(metadata: &mut Option<Vec<KeyValue>>, left_out: &[MetadataUndo]) {
    if left_out.is_empty() {
        return;
    }
    let entries = metadata.get_or_insert_default();
    for entry in left_out {
        entries.insert(entry.at.min(entries.len()), entry.into());
    }
}

/// Opens the rows that were dropped from a group.
fn open_dropped<W: Write + Send>(
    undo: &RowGroupUndo,
    writer: &SerializedFileWriter<W>,
) -> Result<Opened<Bytes>, RewriteError> {
    let damaged = || foreign("the rows that were dropped are damaged");
    let bytes = undo.dropped_rows.as_deref().and_then(from_base64).ok_or_else(damaged)?;
    let opened = open(Bytes::from(bytes), true).map_err(|_| damaged())?;
    opened.check().map_err(|_| damaged())?;
    let [group] = opened.metadata.row_groups() else { return Err(damaged()) };
    if group.num_rows().unsigned_abs() != undo.dropped_count() {
        return Err(damaged());
    }
    if opened.metadata.file_metadata().schema_descr().columns() != writer.schema_descr().columns() {
        return Err(foreign("the rows that were dropped have other columns"));
    }
    Ok(opened)
}

/// Copies a group as it is, but for the column of notes.
fn restore_group<R: ChunkReader + 'static, W: Write + Send>(
    opened: &Opened<R>,
    number: usize,
    writer: &mut SerializedFileWriter<W>,
) -> Result<(), RewriteError> {
    let columns = writer.schema_descr().num_columns();
    let mut group = shelter(|| writer.next_row_group()).map_err(unwritable)?;
    append_columns(opened, number, columns, &mut group)?;
    shelter(|| group.close()).map_err(unwritable)?;
    Ok(())
}

/// Puts the rows and texts of a group back between those that stayed.
fn merge_group<R: ChunkReader + 'static, W: Write + Send>(
    opened: &Opened<R>,
    number: usize,
    undo: &RowGroupUndo,
    writer: &mut SerializedFileWriter<W>,
) -> Result<(), RewriteError> {
    let runs = undo.runs().ok_or_else(|| foreign("an entry contradicts itself"))?;
    let dropped = if undo.dropped.is_empty() { None } else { Some(open_dropped(undo, writer)?) };
    let columns = writer.schema_descr().columns().to_vec();
    let mut group = shelter(|| writer.next_row_group()).map_err(unwritable)?;
    for (column, descriptor) in columns.iter().enumerate() {
        let merged = shelter(|| {
            let like = liken(opened, number, column)?;
            by_type!(descriptor.physical_type(), T => {
                let mut kept = Lane::<T>::open(opened, number, column)?;
                let mut gone = match &dropped {
                    Some(dropped) => Some(Lane::<T>::open(dropped, 0, column)?),
                    None => None,
                };
                Chunk::encode::<T>(descriptor.clone(), &like, |sink| {
                    merge(undo, column, &runs, &mut kept, gone.as_mut(), sink)
                })
            })
        });
        merged.map_err(|error| unreadable(opened, number, column, &error))?.append(&mut group)?;
    }
    shelter(|| group.close()).map_err(unwritable)?;
    Ok(())
}

fn merge<T: Physical>(
    undo: &RowGroupUndo,
    column: usize,
    runs: &[Run],
    kept: &mut Lane<T>,
    mut gone: Option<&mut Lane<T>>,
    sink: &mut Sink<'_, T>,
) -> Result<(), ParquetError> {
    let unfit = || ParquetError::General("what is kept for undoing does not fit it".to_owned());
    for run in runs {
        match *run {
            Run::Kept(rows) => kept.pass(rows, Some(sink))?,
            Run::Dropped(rows) => gone.as_deref_mut().ok_or_else(unfit)?.pass(rows, Some(sink))?,
            Run::Text(text) => match undo.texts.get(text).filter(|text| text.column == column) {
                None => kept.pass(1, Some(sink))?,
                Some(text) => {
                    kept.pass(1, None)?;
                    let original = from_base64(&text.original).ok_or_else(unfit)?;
                    if !sink.put(original)? {
                        return Err(unfit());
                    }
                }
            },
        }
    }
    kept.finish()?;
    gone.map_or(Ok(()), Lane::finish)
}
