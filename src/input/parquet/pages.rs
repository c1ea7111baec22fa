//! Pages of a column chunk, each looked at before the crate decodes it.
//!
//! Decoders of the crate believe what a page says of itself: they reserve memory for as many values as it promises,
//! cut where it tells them to, and expect a dictionary to be there. What a page of that size cannot hold is an error
//! here. The pages that went by are counted, so that it is known which rows came before a damaged one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::{ChunkReader, SerializedPageReader};
use parquet::schema::types::ColumnDescPtr;

use super::footer::varint;

/// How far the pages of a chunk have been handed out, in values and nulls: rows, in a column that does not repeat.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Before the page that is being decoded, or that could not be had.
    before: AtomicU64,
    /// With that page.
    after: AtomicU64,
}

impl Progress {
    /// How many came before what went wrong.
    pub(super) fn sound(&self) -> u64 {
        self.before.load(Ordering::Relaxed)
    }
}

/// The pages of a chunk.
pub(super) struct Pages<R: ChunkReader> {
    inner: SerializedPageReader<R>,
    descriptor: ColumnDescPtr,
    has_dictionary: bool,
    progress: Arc<Progress>,
}

impl<R: ChunkReader + 'static> Pages<R> {
    /// The pages of a column of a row group.
    pub(super) fn new(source: &Arc<R>, group: &RowGroupMetaData, column: usize) -> Result<Self, ParquetError> {
        let chunk = group.column(column);
        let properties = ReaderProperties::builder().set_read_page_statistics(true).build();
        let rows = usize::try_from(group.num_rows())?;
        let inner =
            SerializedPageReader::new_with_properties(Arc::clone(source), chunk, rows, None, Arc::new(properties))?;
        let progress = Arc::new(Progress::default());
        Ok(Pages { inner, descriptor: chunk.column_descr_ptr(), has_dictionary: false, progress })
    }

    pub(super) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    fn look_at(&mut self, page: &Page) -> Result<(), ParquetError> {
        let fits = match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                self.has_dictionary = true;
                let least = match self.descriptor.physical_type() {
                    Type::BOOLEAN => return Err(ParquetError::General("a dictionary of true and false".to_owned())),
                    Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
                    Type::INT64 | Type::DOUBLE => 8,
                    Type::INT96 => 12,
                    // Nothing at all can be there many times, but not more often than a page has room for elsewhere.
                    Type::FIXED_LEN_BYTE_ARRAY => u64::try_from(self.descriptor.type_length()).unwrap_or(0),
                };
                u64::from(*num_values).checked_mul(least.max(1)).is_some_and(|bytes| bytes <= buf.len() as u64)
                    || least == 0
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, .. } => {
                let levels = [
                    (self.descriptor.max_rep_level(), *rep_level_encoding),
                    (self.descriptor.max_def_level(), *def_level_encoding),
                ];
                let mut values = Some(buf.clone());
                for (highest, encoding) in levels.into_iter().filter(|(highest, _)| *highest > 0) {
                    values = values.and_then(|rest| after_levels(&rest, highest, encoding, *num_values));
                }
                values.is_some_and(|values| self.may_hold(*encoding, &values, *num_values))
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
                usize::try_from(levels)
                    .is_ok_and(|at| at <= buf.len() && self.may_hold(*encoding, &buf.slice(at..), *num_values))
            }
        };
        if fits { Ok(()) } else { Err(ParquetError::General("the page is damaged".to_owned())) }
    }

    /// Whether these bytes can be values of an encoding, at most so many.
    fn may_hold(&self, encoding: Encoding, values: &[u8], most: u32) -> bool {
        match encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => self.has_dictionary,
            Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                values.is_empty() || measure_deltas(values).is_some_and(|(count, _)| count <= u64::from(most))
            }
            Encoding::DELTA_BYTE_ARRAY => {
                let suffixes = |(count, rest): (u64, _)| Some((count, measure_deltas(rest)?.0));
                let both = measure_deltas(values).and_then(suffixes);
                values.is_empty() || both.is_some_and(|(prefixes, suffixes)| prefixes.max(suffixes) <= u64::from(most))
            }
            _ => true,
        }
    }
}

/// What follows the levels of a page of the first version.
fn after_levels(page: &Bytes, highest: i16, encoding: Encoding, values: u32) -> Option<Bytes> {
    let end = if encoding == Encoding::RLE {
        let size: [u8; 4] = page.get(..4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(size)).ok()?.checked_add(4)?
    } else {
        // Only the oldest writers packed levels as bits, without a length before them.
        let bits = u64::from(16 - u16::try_from(highest).ok()?.leading_zeros());
        usize::try_from((u64::from(values) * bits).div_ceil(8)).ok()?
    };
    (end <= page.len()).then(|| page.slice(end..))
}

/// How many numbers a run of packed differences is said to hold, and the bytes after it.
fn measure_deltas(mut rest: &[u8]) -> Option<(u64, &[u8])> {
    let [block, parts, count, _] = [varint(&mut rest)?, varint(&mut rest)?, varint(&mut rest)?, varint(&mut rest)?];
    if parts == 0 || block == 0 || block % parts != 0 || block / parts % 8 != 0 {
        return None;
    }
    let part = block / parts;
    let mut left = count.saturating_sub(1);
    while left > 0 {
        varint(&mut rest)?;
        let widths = rest.get(..usize::try_from(parts).ok()?)?;
        rest = rest.get(widths.len()..)?;
        for width in widths {
            if left == 0 {
                break;
            }
            let bytes = (part / 8).checked_mul(u64::from(*width))?;
            // The last part may be cut off behind its last number.
            rest = rest.get(usize::try_from(bytes).ok()?..).unwrap_or_default();
            left = left.saturating_sub(part);
        }
    }
    Some((count, rest))
}

impl<R: ChunkReader + 'static> PageReader for Pages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        let after = self.progress.after.load(Ordering::Relaxed);
        self.progress.before.store(after, Ordering::Relaxed);
        let page = self.inner.get_next_page()?;
        if let Some(page) = &page {
            self.look_at(page)?;
            if page.is_data_page() {
                self.progress.after.store(after.saturating_add(page.num_values().into()), Ordering::Relaxed);
            }
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        self.inner.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool, ParquetError> {
        self.inner.at_record_boundary()
    }
}

impl<R: ChunkReader + 'static> Iterator for Pages<R> {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
