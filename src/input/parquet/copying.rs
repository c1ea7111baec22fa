//! Chunks of columns copied: whole, without being decoded, or row by row.
//!
//! A row of a column is one value, or a null, or a list of them at any depth; the levels of definition and repetition
//! say which, and are copied as they are. A chunk that is written anew is written in the manner of the old one: with
//! its codec, its encodings, its version of pages, and statistics, filters and indexes if it had them.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, PageType, Type};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::column::writer::{ColumnCloseResult, ColumnWriterImpl};
use parquet::data_type::{
    AsBytes, BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr, WriterVersion};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, TypePtr};

use super::footer::Opened;
use super::pages::Pages;
use super::shelter::{shelter, word};
use super::undo::RewriteError;

/// Rows that are copied at once.
const BATCH: u64 = 1024;

/// Does the same for whichever type the values of a column have.
macro_rules! by_type {
    ($physical:expr, $name:ident => $body:expr) => {{
        use parquet::basic::Type;
        use parquet::data_type::*;
        match $physical {
            Type::BOOLEAN => {
                type $name = BoolType;
                $body
            }
            Type::INT32 => {
                type $name = Int32Type;
                $body
            }
            Type::INT64 => {
                type $name = Int64Type;
                $body
            }
            Type::INT96 => {
                type $name = Int96Type;
                $body
            }
            Type::FLOAT => {
                type $name = FloatType;
                $body
            }
            Type::DOUBLE => {
                type $name = DoubleType;
                $body
            }
            Type::BYTE_ARRAY => {
                type $name = ByteArrayType;
                $body
            }
            Type::FIXED_LEN_BYTE_ARRAY => {
                type $name = FixedLenByteArrayType;
                $body
            }
        }
    }};
}
pub(super) use by_type;

/// A type of values, some of which can be made of bytes.
pub(super) trait Physical: DataType {
    /// A value of these bytes, if there is one for any.
    fn of_bytes(_bytes: Vec<u8>) -> Option<Self::T> {
        None
    }
}

impl Physical for BoolType {}
impl Physical for Int32Type {}
impl Physical for Int64Type {}
impl Physical for Int96Type {}
impl Physical for FloatType {}
impl Physical for DoubleType {}
impl Physical for ByteArrayType {
    fn of_bytes(bytes: Vec<u8>) -> Option<ByteArray> {
        Some(bytes.into())
    }
}
impl Physical for FixedLenByteArrayType {
    fn of_bytes(bytes: Vec<u8>) -> Option<FixedLenByteArray> {
        Some(bytes.into())
    }
}

/// A column of a row group, read row by row.
pub(super) struct Lane<T: DataType> {
    reader: ColumnReaderImpl<T>,
    descriptor: ColumnDescPtr,
    definition: Vec<i16>,
    repetition: Vec<i16>,
    values: Vec<T::T>,
}

impl<T: Physical> Lane<T> {
    pub(super) fn open<R: ChunkReader + 'static>(
        opened: &Opened<R>,
        group: usize,
        column: usize,
    ) -> Result<Self, ParquetError> {
        let group = opened.metadata.row_group(group);
        let descriptor = group.column(column).column_descr_ptr();
        let pages = Pages::new(&opened.source, group, column)?;
        Ok(Lane {
            reader: ColumnReaderImpl::new(descriptor.clone(), Box::new(pages)),
            descriptor,
            definition: Vec::new(),
            repetition: Vec::new(),
            values: Vec::new(),
        })
    }

    /// Reads the next rows, at most so many.
    fn read(&mut self, rows: u64) -> Result<u64, ParquetError> {
        self.definition.clear();
        self.repetition.clear();
        self.values.clear();
        let rows = usize::try_from(rows.min(BATCH))?;
        let (definition, repetition, values) = (&mut self.definition, &mut self.repetition, &mut self.values);
        let (read, ..) = self.reader.read_records(rows, Some(definition), Some(repetition), values)?;
        Ok(read as u64)
    }

    /// Reads so many rows, and writes them if there is a place for them.
    pub(super) fn pass(&mut self, rows: u64, mut sink: Option<&mut Sink<'_, T>>) -> Result<(), ParquetError> {
        let mut passed = 0;
        while passed < rows {
            let read = self.read(rows - passed)?;
            if read == 0 {
                return Err(ParquetError::General("it has fewer rows than the group".to_owned()));
            }
            if let Some(sink) = &mut sink {
                let nullable = (self.descriptor.max_def_level() > 0).then_some(self.definition.as_slice());
                let repeated = (self.descriptor.max_rep_level() > 0).then_some(self.repetition.as_slice());
                sink.writer.write_batch(&self.values, nullable, repeated)?;
            }
            passed += read;
        }
        Ok(())
    }

    /// Reads one row of a column that does not repeat, and takes the bytes of its value, if it is not null.
    pub(super) fn take(&mut self) -> Result<Option<Vec<u8>>, ParquetError> {
        if self.read(1)? == 0 {
            return Err(ParquetError::General("it has fewer rows than the group".to_owned()));
        }
        Ok(self.values.first().map(|value| value.as_bytes().to_vec()))
    }

    /// Fails if there are more rows.
    pub(super) fn finish(&mut self) -> Result<(), ParquetError> {
        match self.read(1)? {
            0 => Ok(()),
            _ => Err(ParquetError::General("it has more rows than the group".to_owned())),
        }
    }
}

/// A column chunk that is being written.
pub(super) struct Sink<'a, T: DataType> {
    writer: ColumnWriterImpl<'a, T>,
}

impl<T: Physical> Sink<'_, T> {
    /// Writes one row of a column that does not repeat; `false` if the column cannot hold the value.
    pub(super) fn put(&mut self, bytes: Vec<u8>) -> Result<bool, ParquetError> {
        let descriptor = self.writer.get_descriptor();
        let highest = descriptor.max_def_level();
        let has_length = descriptor.physical_type() == Type::FIXED_LEN_BYTE_ARRAY;
        let fits = !has_length || usize::try_from(descriptor.type_length()).is_ok_and(|length| length == bytes.len());
        let Some(value) = T::of_bytes(bytes).filter(|_| fits) else { return Ok(false) };
        self.writer.write_batch(&[value], (highest > 0).then_some(&[highest]), None)?;
        Ok(true)
    }

    /// Writes rows as they are given by their levels.
    pub(super) fn write(&mut self, values: &[T::T], definition: &[i16]) -> Result<(), ParquetError> {
        self.writer.write_batch(values, Some(definition), None).map(|_| ())
    }
}

/// How a chunk is written.
pub(super) struct Likeness {
    properties: WriterPropertiesPtr,
    /// Statistics in the heads of pages come from the same counts as an index of pages, which a file with the one may
    /// not have had.
    has_index: bool,
}

/// A column chunk, encoded.
pub(super) struct Chunk {
    bytes: Bytes,
    close: ColumnCloseResult,
}

impl Chunk {
    /// Encodes what is put into the sink.
    pub(super) fn encode<T: DataType>(
        descriptor: ColumnDescPtr,
        like: &Likeness,
        fill: impl FnOnce(&mut Sink<'_, T>) -> Result<(), ParquetError>,
    ) -> Result<Chunk, ParquetError> {
        let mut buffer = TrackedWrite::new(Vec::new());
        let mut close = {
            let properties = Arc::clone(&like.properties);
            let pages = Box::new(SerializedPageWriter::new(&mut buffer));
            let mut sink = Sink { writer: ColumnWriterImpl::<T>::new(descriptor, properties, pages) };
            fill(&mut sink)?;
            sink.writer.close()?
        };
        close.column_index = close.column_index.filter(|_| like.has_index);
        Ok(Chunk { bytes: buffer.into_inner()?.into(), close })
    }

    /// Writes it as the next column of a row group.
    pub(super) fn append<W: Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), RewriteError> {
        shelter(|| group.append_column(&self.bytes, self.close)).map_err(unwritable)
    }
}

/// Copies the first columns of a row group without decoding them.
pub(super) fn append_columns<R: ChunkReader + 'static, W: Write + Send>(
    opened: &Opened<R>,
    group: usize,
    count: usize,
    out: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), RewriteError> {
    let metadata = opened.metadata.row_group(group);
    let indexes = opened.metadata.page_index_for_row_group(group);
    for (number, column) in metadata.columns().iter().enumerate().take(count) {
        let copy = || {
            // A damaged filter is left out: it only helps to find values faster.
            let bloom_filter = shelter(|| Sbbf::read_from_column_chunk(column, &*opened.source)).ok().flatten();
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: metadata.num_rows().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter,
                column_index: indexes.column_index(number).cloned(),
                offset_index: indexes.offset_index(number).cloned(),
            };
            out.append_column(&*opened.source, close)
        };
        shelter(copy).map_err(unwritable)?;
    }
    Ok(())
}

/// How a file is written: as the source is, but for its metadata.
pub(super) fn create<R, W: Write + Send>(
    source: &Opened<R>,
    schema: TypePtr,
    metadata: Option<Vec<KeyValue>>,
    sorting: Vec<SortingColumn>,
    out: W,
) -> Result<SerializedFileWriter<W>, RewriteError> {
    let file = source.metadata.file_metadata();
    let columns = || source.metadata.row_groups().iter().flat_map(|group| group.columns());
    let mut properties = WriterProperties::builder()
        .set_writer_version(if file.version() < 2 { WriterVersion::PARQUET_1_0 } else { WriterVersion::PARQUET_2_0 })
        .set_key_value_metadata(metadata)
        .set_sorting_columns((!sorting.is_empty()).then_some(sorting))
        .set_offset_index_disabled(!columns().any(|column| column.offset_index_offset().is_some()));
    if let Some(name) = file.created_by() {
        properties = properties.set_created_by(name.to_owned());
    }
    shelter(|| SerializedFileWriter::new(out, schema, Arc::new(properties.build()))).map_err(unwritable)
}

/// How a chunk is written so that it is like another.
pub(super) fn liken<R: ChunkReader + 'static>(
    opened: &Opened<R>,
    group: usize,
    column: usize,
) -> Result<Likeness, ParquetError> {
    let group = opened.metadata.row_group(group);
    let chunk = group.column(column);
    let mut pages = Pages::new(&opened.source, group, column)?;
    let (mut version, mut first, mut says_statistics) = (WriterVersion::PARQUET_1_0, None, false);
    let mut has_dictionary = false;
    while let Some(page) = pages.get_next_page()? {
        match page {
            Page::DictionaryPage { .. } => {
                has_dictionary = true;
                continue;
            }
            Page::DataPage { encoding, statistics, .. } => {
                (first, says_statistics) = (Some(encoding), statistics.is_some());
            }
            Page::DataPageV2 { encoding, statistics, .. } => {
                version = WriterVersion::PARQUET_2_0;
                (first, says_statistics) = (Some(encoding), statistics.is_some());
            }
        }
        break;
    }
    let is_data = |kind| matches!(kind, PageType::DATA_PAGE | PageType::DATA_PAGE_V2);
    let is_writable = |encoding: &Encoding| can_be_written(*encoding, chunk.column_type());
    let told = chunk.page_encoding_stats().into_iter().flatten();
    // What is not in the dictionary any more when that is full.
    let encoding = first
        .into_iter()
        .chain(told.filter(|told| is_data(told.page_type)).map(|told| told.encoding))
        .find(is_writable);
    let statistics = match (chunk.column_index_offset(), chunk.statistics()) {
        (Some(_), _) => EnabledStatistics::Page,
        (None, Some(_)) if says_statistics => EnabledStatistics::Page,
        (None, Some(_)) => EnabledStatistics::Chunk,
        (None, None) => EnabledStatistics::None,
    };
    let mut properties = WriterProperties::builder()
        .set_writer_version(version)
        .set_compression(Compression::from(chunk.compression_codec()))
        .set_dictionary_enabled(has_dictionary)
        .set_statistics_enabled(statistics)
        .set_write_page_header_statistics(says_statistics)
        .set_offset_index_disabled(chunk.offset_index_offset().is_none())
        .set_bloom_filter_enabled(chunk.bloom_filter_offset().is_some());
    if let Some(encoding) = encoding {
        properties = properties.set_encoding(encoding);
    }
    if chunk.bloom_filter_offset().is_some() {
        properties = properties.set_bloom_filter_max_ndv(chunk.num_values().unsigned_abs().max(1));
    }
    Ok(Likeness { properties: Arc::new(properties.build()), has_index: chunk.column_index_offset().is_some() })
}

/// How a column of notes is written: packed in one way or another, and with indexes if other columns have them.
pub(super) fn liken_notes<R>(opened: &Opened<R>, group: usize) -> Likeness {
    let first = opened.metadata.row_group(group).columns().first();
    let codec = first.map_or(Compression::UNCOMPRESSED, |column| column.compression());
    let codec = if codec == Compression::LZO { Compression::UNCOMPRESSED } else { codec };
    let has_places = first.is_some_and(|column| column.offset_index_offset().is_some());
    let properties = WriterProperties::builder().set_compression(codec).set_offset_index_disabled(!has_places);
    let has_index = first.is_some_and(|column| column.column_index_offset().is_some());
    Likeness { properties: Arc::new(properties.build()), has_index }
}

/// Whether the crate writes values of a type so; what it cannot write so it writes in its own way.
fn can_be_written(encoding: Encoding, physical: Type) -> bool {
    match encoding {
        Encoding::PLAIN => true,
        Encoding::RLE => physical == Type::BOOLEAN,
        Encoding::DELTA_BINARY_PACKED => matches!(physical, Type::INT32 | Type::INT64),
        Encoding::DELTA_LENGTH_BYTE_ARRAY => physical == Type::BYTE_ARRAY,
        Encoding::DELTA_BYTE_ARRAY => matches!(physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY),
        Encoding::BYTE_STREAM_SPLIT => !matches!(physical, Type::BOOLEAN | Type::INT96 | Type::BYTE_ARRAY),
        _ => false,
    }
}

pub(super) fn unwritable(error: ParquetError) -> RewriteError {
    RewriteError::Unwritable(word(&error))
}
