//! A batch of a column's values, and each of them as what a document can use.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{AsBytes, ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;

use super::columns::{Form, Wanted};
use super::pages::{Pages, Progress};
use super::shelter::{shelter, word};
use crate::input::record::Value;

/// What stands in a row of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Usable(Value<'a>),
    Unusable(&'static str),
}

enum Values {
    #[allow(dead_code, reason = "a flag is no value of a document, but it is passed over like one")]
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// A column of a row group that is read batch by batch. It does not repeat: a value or a null is a row.
pub(super) struct Column<'w, 'p> {
    pub(super) wanted: &'w Wanted<'p>,
    reader: ColumnReader,
    progress: std::sync::Arc<Progress>,
    values: Values,
    /// For each row of the batch the number of its value, if it is not null.
    places: Vec<Option<usize>>,
    /// Rows of the batches before.
    passed: u64,
}

impl<'w, 'p> Column<'w, 'p> {
    pub(super) fn open<R: ChunkReader + 'static>(
        wanted: &'w Wanted<'p>,
        source: &std::sync::Arc<R>,
        group: &RowGroupMetaData,
    ) -> Result<Self, String> {
        let open = || {
            let pages = Pages::new(source, group, wanted.leaf)?;
            let progress = pages.progress();
            Ok((get_column_reader(wanted.descriptor.clone(), Box::new(pages)), progress))
        };
        let (reader, progress) = shelter(open).map_err(|error| word(&error))?;
        Ok(Column { wanted, reader, progress, values: Values::Bool(Vec::new()), places: Vec::new(), passed: 0 })
    }

    /// Reads the next rows, at most so many. What is damaged ends the batch, which has the rows before; then this is
    /// not called again.
    pub(super) fn fill(&mut self, rows: usize) -> Result<(), String> {
        self.passed += self.places.len() as u64;
        let mut levels = Vec::new();
        let (reader, most) = (&mut self.reader, self.wanted.descriptor.max_def_level());
        self.values = Values::Bool(Vec::new());
        macro_rules! read {
            ($($reader:ident => $values:ident,)*) => {
                match reader {
                    $(ColumnReader::$reader(reader) => {
                        let mut values = Vec::new();
                        let read = read(reader, rows, &mut levels, &mut values);
                        (read, values.len(), Values::$values(values))
                    })*
                }
            };
        }
        let (read, held, values) = read! {
            BoolColumnReader => Bool,
            Int32ColumnReader => Int32,
            Int64ColumnReader => Int64,
            Int96ColumnReader => Int96,
            FloatColumnReader => Float,
            DoubleColumnReader => Double,
            ByteArrayColumnReader => Bytes,
            FixedLenByteArrayColumnReader => Fixed,
        };
        self.values = values;
        let sound = match &read {
            Ok(rows) => *rows,
            // Of what was read into this batch only whole pages can be trusted.
            Err(_) => usize::try_from(self.progress.sound().saturating_sub(self.passed)).unwrap_or(0).min(rows),
        };
        self.places.clear();
        if most == 0 {
            self.places.extend((0..held.min(sound)).map(Some));
        } else {
            let mut next = 0;
            for level in levels.iter().take(sound) {
                let place = (*level == most).then_some(next);
                next += usize::from(place.is_some());
                self.places.push(place);
            }
        }
        read.map(|_| ())
    }

    /// Rows of the batch.
    pub(super) fn rows(&self) -> usize {
        self.places.len()
    }

    /// What stands in a row of the batch.
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        let Some(place) = self.places.get(row).copied().flatten() else { return Cell::Null };
        let cell = match &self.values {
            Values::Bool(_) => None,
            Values::Int32(values) => values.get(place).and_then(|value| self.integer((*value).into(), 32)),
            Values::Int64(values) => values.get(place).and_then(|value| self.integer(*value, 64)),
            Values::Int96(values) => values.get(place).and_then(old_timestamp).map(text),
            Values::Float(values) => values.get(place).map(|value| Value::Float((*value).into())),
            Values::Double(values) => values.get(place).map(|value| Value::Float(*value)),
            Values::Bytes(values) => values.get(place).and_then(|value| self.bytes(value.as_bytes())),
            Values::Fixed(values) => values.get(place).and_then(|value| self.bytes(value.as_bytes())),
        };
        match (cell, self.wanted.form) {
            (Some(value), _) => Cell::Usable(value),
            (None, Form::Other(kind)) => Cell::Unusable(kind),
            (None, _) => Cell::Unusable("out of all bounds"),
        }
    }

    fn integer(&self, value: i64, bits: u32) -> Option<Value<'_>> {
        match self.wanted.form {
            Form::Date => day(value).map(text),
            Form::Timestamp(parts) => timestamp(value, parts).map(text),
            Form::Unsigned if bits == 32 => Some(Value::Integer((value as u32).into())),
            Form::Unsigned => Some(Value::Integer((value as u64).into())),
            Form::Decimal(scale) => Some(decimal(value.into(), scale)),
            Form::Other(_) => None,
            _ => Some(Value::Integer(value.into())),
        }
    }

    fn bytes<'a>(&self, bytes: &'a [u8]) -> Option<Value<'a>> {
        match self.wanted.form {
            Form::Text => Some(Value::Text(String::from_utf8_lossy(bytes))),
            // The highest byte first, and negative if its highest bit is set.
            Form::Decimal(scale) if !bytes.is_empty() && bytes.len() <= 16 => {
                let sign = if bytes.first().is_some_and(|byte| *byte >= 128) { -1 } else { 0 };
                Some(decimal(bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte)), scale))
            }
            Form::Uuid => {
                let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                let part = |from: usize, to: usize| hex.get(from..to).map(<[String]>::concat);
                let parts = [part(0, 4)?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 16)?];
                Some(text(parts.join("-")))
            }
            _ => None,
        }
    }
}

/// Reads rows of a column that does not repeat.
fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<usize, String> {
    let mut read = 0;
    while read < rows {
        let more: Result<_, ParquetError> =
            shelter(|| reader.read_records(rows - read, Some(&mut *levels), None, &mut *values));
        match more {
            Ok((0, ..)) => break,
            Ok((more, ..)) => read += more,
            Err(error) => return Err(word(&error)),
        }
    }
    Ok(read)
}

fn text<'a>(text: String) -> Value<'a> {
    Value::Text(Cow::Owned(text))
}

fn day(days: i64) -> Option<String> {
    let since = SignedDuration::from_hours(days.checked_mul(24)?);
    Some(Date::constant(1970, 1, 1).checked_add(since).ok()?.to_string())
}

fn timestamp(value: i64, parts: u32) -> Option<String> {
    let nanoseconds = i128::from(value) * (1_000_000_000 / i128::from(parts.max(1)));
    Some(Timestamp::from_nanosecond(nanoseconds).ok()?.to_string())
}

/// Nanoseconds since midnight in the lower 64 bits, the day as astronomers count it in the upper 32.
fn old_timestamp(value: &Int96) -> Option<String> {
    let [low, high, day] = value.data() else { return None };
    let since_midnight = i128::from(u64::from(*high) << 32 | u64::from(*low));
    let days = i128::from(*day) - 2_440_588;
    Some(Timestamp::from_nanosecond(days * 86_400_000_000_000 + since_midnight).ok()?.to_string())
}

fn decimal<'a>(number: i128, scale: u32) -> Value<'a> {
    match 10_i128.checked_pow(scale) {
        Some(1) => Value::Integer(number),
        Some(divisor) if number % divisor == 0 => Value::Integer(number / divisor),
        _ => Value::Float(number as f64 / 10_f64.powi(i32::try_from(scale).unwrap_or(i32::MAX))),
    }
}
