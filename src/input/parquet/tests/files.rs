//! Files to test with: rows of all physical types, nested and repeated, written in many manners; and what is in a
//! file, read without any code of this module.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::reader::ColumnReader;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{AsBytes, ByteArray, FixedLenByteArray, Int96};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::super::restoring::restore_any;
use super::super::rewriting::rewrite_any;
use super::super::{Change, RowGroupUndo};
use crate::input::fields::{FieldNames, Plan};

pub(super) const SCHEMA: &str = "message doc {
    optional binary text (STRING) = 1;
    required int64 id = 2;
    optional group meta = 3 { optional int32 date (DATE) = 4; optional binary source (STRING) = 5; }
    optional boolean flag;
    optional int96 old;
    optional float ratio;
    required double score;
    optional fixed_len_byte_array(4) code;
    optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
    repeated int32 numbers;
    optional binary body (STRING);
    optional int64 seen (TIMESTAMP(MICROS,true));
}";

/// A value in a row of a column: its levels and its bytes.
pub(super) type Slot = (i16, i16, Option<Vec<u8>>);

/// One row: for each column its slots.
pub(super) type Row = Vec<Vec<Slot>>;

/// Numbers that look random.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn word(&mut self) -> Vec<u8> {
        let words = ["", "the", "quick", "brown fox", "jümps", "over a lazy dog and goes on for a while"];
        let word = words[self.roll(6) as usize];
        if self.roll(4) == 0 { word.repeat(self.roll(40) as usize).into_bytes() } else { word.as_bytes().to_vec() }
    }

    fn maybe(&mut self, highest: i16, value: impl FnOnce(&mut Dice) -> Vec<u8>) -> Vec<Slot> {
        let level = if self.roll(4) == 0 { self.roll(highest as u64) as i16 } else { highest };
        vec![(0, level, (level == highest).then(|| value(self)))]
    }

    pub(super) fn row(&mut self) -> Row {
        let bytes = |count: usize| move |dice: &mut Dice| (0..count).map(|_| dice.roll(256) as u8).collect::<Vec<u8>>();
        let small = |dice: &mut Dice| (dice.roll(20_000) as i32).to_le_bytes().to_vec();
        let (text, body) = (self.maybe(1, Dice::word), self.maybe(1, Dice::word));
        let id = vec![(0, 0, Some(self.roll(u64::MAX).to_le_bytes().to_vec()))];
        let has_meta = self.roll(5) > 0;
        let no_meta = || vec![(0, 0, None)];
        let within = |dice: &mut Dice, value: &dyn Fn(&mut Dice) -> Vec<u8>| match dice.roll(3) {
            0 => vec![(0, 1, None)],
            _ => vec![(0, 2, Some(value(dice)))],
        };
        let date = if has_meta { within(self, &small) } else { no_meta() };
        let source = if has_meta { within(self, &Dice::word) } else { no_meta() };
        let flag = self.maybe(1, |dice| vec![dice.roll(2) as u8]);
        let tags = match self.roll(6) {
            0 => vec![(0, 0, None)],
            1 => vec![(0, 1, None)],
            count => (0..count)
                .map(|at| {
                    let value = (self.roll(3) > 0).then(|| self.word());
                    (i16::from(at > 0), 2 + i16::from(value.is_some()), value)
                })
                .collect(),
        };
        let numbers = match self.roll(5) {
            0 => vec![(0, 0, None)],
            count => (0..count).map(|at| (i16::from(at > 0), 1, Some(small(self)))).collect(),
        };
        let real = |dice: &mut Dice| (dice.roll(1000) as f64 / 8.0).to_le_bytes().to_vec();
        let score = vec![(0, 0, Some(real(self)))];
        let ratio = self.maybe(1, |dice| (dice.roll(1000) as f32 / 8.0).to_le_bytes().to_vec());
        let (old, code, seen) = (self.maybe(1, bytes(12)), self.maybe(1, bytes(4)), self.maybe(1, bytes(7)));
        let seen = seen.into_iter().map(|(r, d, v)| (r, d, v.map(|v| [v, vec![0]].concat()))).collect();
        vec![text, id, date, source, flag, old, ratio, score, code, tags, numbers, body, seen]
    }
}

/// How a file is written.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) version: WriterVersion,
    pub(super) codec: Compression,
    pub(super) dictionary: bool,
    pub(super) delta: bool,
    pub(super) statistics: EnabledStatistics,
    pub(super) bloom: bool,
}

impl Manner {
    pub(super) fn plain() -> Self {
        Manner {
            version: WriterVersion::PARQUET_1_0,
            codec: Compression::UNCOMPRESSED,
            dictionary: false,
            delta: false,
            statistics: EnabledStatistics::Chunk,
            bloom: false,
        }
    }

    pub(super) fn random(dice: &mut Dice) -> Self {
        let codecs = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(Default::default()),
            Compression::ZSTD(Default::default()),
            Compression::LZ4_RAW,
            Compression::BROTLI(Default::default()),
        ];
        let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
        let statistics = [EnabledStatistics::None, EnabledStatistics::Chunk, EnabledStatistics::Page];
        Manner {
            version: versions[dice.roll(2) as usize],
            codec: codecs[dice.roll(6) as usize],
            dictionary: dice.roll(2) == 0,
            delta: dice.roll(2) == 0,
            statistics: statistics[dice.roll(3) as usize],
            bloom: dice.roll(3) == 0,
        }
    }

    fn properties(&self) -> WriterProperties {
        let metadata = [("ARROW:schema", "xyz"), ("pandas", "{}")];
        let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
        let mut properties = WriterProperties::builder()
            .set_writer_version(self.version)
            .set_compression(self.codec)
            .set_dictionary_enabled(self.dictionary)
            .set_statistics_enabled(self.statistics)
            .set_offset_index_disabled(self.statistics != EnabledStatistics::Page)
            .set_bloom_filter_enabled(self.bloom)
            .set_data_page_row_count_limit(7)
            .set_write_batch_size(5)
            .set_created_by("a test".to_owned())
            .set_key_value_metadata(Some(metadata.to_vec()));
        if self.delta {
            let path = |names: &[&str]| ColumnPath::new(names.iter().map(|name| (*name).to_owned()).collect());
            properties = properties
                .set_column_encoding(path(&["text"]), Encoding::DELTA_BYTE_ARRAY)
                .set_column_encoding(path(&["body"]), Encoding::DELTA_LENGTH_BYTE_ARRAY)
                .set_column_encoding(path(&["id"]), Encoding::DELTA_BINARY_PACKED)
                .set_column_encoding(path(&["numbers"]), Encoding::DELTA_BINARY_PACKED)
                .set_column_encoding(path(&["score"]), Encoding::BYTE_STREAM_SPLIT);
        }
        properties.build()
    }
}

/// Writes row groups of [`SCHEMA`].
pub(super) fn write(groups: &[Vec<Row>], manner: &Manner) -> Bytes {
    write_as(SCHEMA, groups, manner)
}

pub(super) fn write_as(schema: &str, groups: &[Vec<Row>], manner: &Manner) -> Bytes {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(manner.properties())).unwrap();
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        let mut number = 0;
        while let Some(mut column) = group.next_column().unwrap() {
            let slots = || rows.iter().flat_map(|row| &row[number]);
            let definition: Vec<i16> = slots().map(|slot| slot.1).collect();
            let repetition: Vec<i16> = slots().map(|slot| slot.0).collect();
            let bytes = || slots().filter_map(|slot| slot.2.as_deref());
            let (def, rep) = (Some(definition.as_slice()), Some(repetition.as_slice()));
            macro_rules! put {
                ($writer:ident, $of:expr) => {{
                    let values: Vec<_> = bytes().map($of).collect();
                    let def = def.filter(|_| $writer.get_descriptor().max_def_level() > 0);
                    let rep = rep.filter(|_| $writer.get_descriptor().max_rep_level() > 0);
                    $writer.write_batch(&values, def, rep).unwrap();
                }};
            }
            match column.untyped() {
                ColumnWriter::BoolColumnWriter(writer) => put!(writer, |bytes| bytes[0] != 0),
                ColumnWriter::Int32ColumnWriter(writer) => {
                    put!(writer, |bytes| i32::from_le_bytes(bytes.try_into().unwrap()))
                }
                ColumnWriter::Int64ColumnWriter(writer) => {
                    put!(writer, |bytes| i64::from_le_bytes(bytes.try_into().unwrap()))
                }
                ColumnWriter::Int96ColumnWriter(writer) => put!(writer, |bytes| {
                    let part = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
                    let mut value = Int96::new();
                    value.set_data(part(0), part(4), part(8));
                    value
                }),
                ColumnWriter::FloatColumnWriter(writer) => {
                    put!(writer, |bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
                }
                ColumnWriter::DoubleColumnWriter(writer) => {
                    put!(writer, |bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
                }
                ColumnWriter::ByteArrayColumnWriter(writer) => put!(writer, ByteArray::from),
                ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
                    put!(writer, |bytes| FixedLenByteArray::from(bytes.to_vec()))
                }
            }
            column.close().unwrap();
            number += 1;
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap().into()
}

/// All that is in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Content {
    pub(super) schema: String,
    pub(super) version: i32,
    pub(super) created_by: Option<String>,
    pub(super) metadata: Vec<(String, Option<String>)>,
    /// Of each chunk of each group: codec, dictionary, statistics, filter, indexes.
    pub(super) manners: Vec<Vec<String>>,
    pub(super) groups: Vec<Vec<Row>>,
}

pub(super) fn read(bytes: &Bytes) -> Content {
    let reader = SerializedFileReader::new(bytes.clone()).unwrap();
    let file = reader.metadata().file_metadata();
    let mut groups = Vec::new();
    let mut manners = Vec::new();
    for (number, metadata) in reader.metadata().row_groups().iter().enumerate() {
        let group = reader.get_row_group(number).unwrap();
        let mut rows: Vec<Row> = vec![Vec::new(); metadata.num_rows() as usize];
        for column in 0..metadata.num_columns() {
            for (row, slots) in rows.iter_mut().zip(read_column(group.get_column_reader(column).unwrap())) {
                row.push(slots);
            }
        }
        assert!(rows.iter().all(|row| row.len() == metadata.num_columns()));
        groups.push(rows);
        let manner = metadata.columns().iter().map(|chunk| {
            let has = [
                chunk.dictionary_page_offset().is_some(),
                chunk.statistics().is_some(),
                chunk.bloom_filter_offset().is_some(),
                chunk.column_index_offset().is_some(),
                chunk.offset_index_offset().is_some(),
            ];
            format!("{} {has:?}", chunk.compression())
        });
        manners.push(manner.collect());
    }
    let metadata = file.key_value_metadata().into_iter().flatten();
    Content {
        schema: format!("{:?}", file.schema()),
        version: file.version(),
        created_by: file.created_by().map(str::to_owned),
        metadata: metadata.map(|entry| (entry.key.clone(), entry.value.clone())).collect(),
        manners,
        groups,
    }
}

fn read_column(reader: ColumnReader) -> Vec<Vec<Slot>> {
    let (mut definition, mut repetition) = (Vec::new(), Vec::new());
    macro_rules! all {
        ($reader:ident) => {{
            let (mut reader, mut values) = ($reader, Vec::new());
            while reader.read_records(1000, Some(&mut definition), Some(&mut repetition), &mut values).unwrap().0 > 0 {}
            values.iter().map(|value| value.as_bytes().to_vec()).collect::<Vec<Vec<u8>>>()
        }};
    }
    let values = match reader {
        ColumnReader::BoolColumnReader(reader) => all!(reader),
        ColumnReader::Int32ColumnReader(reader) => all!(reader),
        ColumnReader::Int64ColumnReader(reader) => all!(reader),
        ColumnReader::Int96ColumnReader(reader) => all!(reader),
        ColumnReader::FloatColumnReader(reader) => all!(reader),
        ColumnReader::DoubleColumnReader(reader) => all!(reader),
        ColumnReader::ByteArrayColumnReader(reader) => all!(reader),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => all!(reader),
    };
    let highest = definition.iter().copied().max().unwrap_or(0);
    let count = if definition.is_empty() { values.len() } else { definition.len() };
    let mut values = values.into_iter();
    let nulls = count - values.len();
    let mut rows: Vec<Vec<Slot>> = Vec::new();
    for at in 0..count {
        let (rep, def) = (repetition.get(at).copied().unwrap_or(0), definition.get(at).copied().unwrap_or(0));
        // A column of nulls only has no highest level to know its values by.
        let value = (nulls < count && def == highest).then(|| values.next().unwrap());
        if rep == 0 {
            rows.push(Vec::new());
        }
        rows.last_mut().unwrap().push((rep, def, value));
    }
    rows
}

pub(super) fn plan() -> Plan {
    Plan::new(&FieldNames::default()).unwrap()
}

/// Rewrites a file in memory.
pub(super) fn rewrite(source: &Bytes, changes: &[(u64, Change)], notes: bool) -> (Bytes, Vec<RowGroupUndo>) {
    let (mut out, mut undo) = (Vec::new(), Vec::new());
    let mut keep = |entry| {
        undo.push(entry);
        Ok(())
    };
    rewrite_any(source.clone(), &plan(), changes, notes.then_some("dittograph"), &mut out, &mut keep).unwrap();
    (out.into(), undo)
}

/// Restores a file in memory, through what the entries look like as JSON.
pub(super) fn restore(cleaned: &Bytes, undo: &[RowGroupUndo]) -> Bytes {
    let lines: Vec<String> = undo.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
    let mut entries = lines.iter().map(|line| serde_json::from_str(line).unwrap());
    let mut out = Vec::new();
    restore_any(cleaned.clone(), &mut || Ok(entries.next()), &mut out).unwrap();
    out.into()
}
