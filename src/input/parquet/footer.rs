//! A file opened: its footer read, and everything in it that is relied on later looked at first.
//!
//! The crate trusts a footer more than a stranger's file deserves: it asserts that offsets are positive, and descends
//! into the schema once for each level of nesting. So the depth of the schema is counted in the bytes of the footer
//! before the crate sees them, and the offsets of a row group are held against the length of the file before it is
//! read.

use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;

use super::shelter::{shelter, word};

/// Groups within groups that a schema may have. Real ones have a dozen.
const DEEPEST: usize = 100;

/// Bytes of a footer that are looked at for its schema. A longer schema has no reader.
const LONGEST: u64 = 256 * 1024 * 1024;

/// A file whose footer is understood.
pub(super) struct Opened<R> {
    pub(super) source: Arc<R>,
    length: u64,
    pub(super) metadata: ParquetMetaData,
}

/// Reads a footer, with the indexes of pages where they are asked for; the reason if it cannot be used.
pub(super) fn open<R: ChunkReader + 'static>(source: R, with_indexes: bool) -> Result<Opened<R>, String> {
    let length = source.len();
    if length == 0 {
        return Err("not a Parquet file: the file is empty".to_owned());
    }
    let ends = shelter(|| {
        if length < 12 {
            return Ok(None);
        }
        Ok(Some((source.get_bytes(0, 4)?, source.get_bytes(length - 8, 8)?)))
    });
    let (first, last) = match ends {
        Ok(Some(ends)) => ends,
        Ok(None) => return Err("not a Parquet file: too short to be one".to_owned()),
        Err(error) => return Err(format!("the file cannot be read: {}", word(&error))),
    };
    let (size, magic) = last.split_at(4);
    if magic == b"PARE" || first == "PARE" {
        return Err("the file is encrypted".to_owned());
    }
    match (first == "PAR1", magic == b"PAR1") {
        (false, false) => return Err("not a Parquet file: it does not begin and end with `PAR1`".to_owned()),
        (true, false) => return Err("the file is cut off or damaged: it does not end with a footer".to_owned()),
        _ => {}
    }
    let size = size.iter().rev().fold(0_u64, |size, byte| size << 8 | u64::from(*byte));
    if size > length - 12 {
        return Err("the footer is damaged: it would be longer than the file".to_owned());
    }
    if size > LONGEST {
        return Err("the footer is damaged: it is longer than any schema needs".to_owned());
    }
    let damaged = |error: &ParquetError| format!("the footer is damaged: {}", word(error));
    let footer = shelter(|| source.get_bytes(length - 8 - size, size as usize)).map_err(|error| damaged(&error))?;
    match (Thrift { rest: &footer }).survey() {
        Some((_, true)) => return Err("the file is encrypted".to_owned()),
        Some((depth, _)) if depth <= DEEPEST => {}
        Some(_) => return Err(format!("the schema has more than {DEEPEST} groups within groups")),
        None => return Err("the footer is damaged: it is not well formed".to_owned()),
    }
    let parse = |policy| {
        let reader = ParquetMetaDataReader::new().with_page_index_policy(policy);
        shelter(|| reader.parse_and_finish(&source))
    };
    let parsed = if with_indexes { parse(PageIndexPolicy::Optional) } else { parse(PageIndexPolicy::Skip) };
    // Indexes of pages only help to find things faster: a file with damaged ones is worth as much without.
    let parsed = if with_indexes { parsed.or_else(|_| parse(PageIndexPolicy::Skip)) } else { parsed };
    let metadata = parsed.map_err(|error| damaged(&error))?;
    if metadata.row_groups().iter().any(|group| group.num_rows() < 0) {
        return Err("the footer is damaged: a number of rows is negative".to_owned());
    }
    Ok(Opened { source: Arc::new(source), length, metadata })
}

impl<R> Opened<R> {
    /// The row group of this number, if what it promises can be true.
    pub(super) fn group(&self, number: usize) -> Result<&RowGroupMetaData, String> {
        let columns = self.metadata.file_metadata().schema_descr().num_columns();
        let cannot = |reason: String| format!("row group {} cannot be read: {reason}", number + 1);
        let groups = self.metadata.row_groups();
        let group = groups.get(number).ok_or_else(|| cannot("there is none".to_owned()))?;
        check(group, columns, self.length).map_err(cannot)?;
        Ok(group)
    }

    /// Fails if there is a group that promises what cannot be true.
    pub(super) fn check(&self) -> Result<(), String> {
        (0..self.metadata.num_row_groups()).try_for_each(|number| self.group(number).map(|_| ()))
    }
}

/// Whether what a row group promises can be true.
fn check(group: &RowGroupMetaData, columns: usize, length: u64) -> Result<(), String> {
    if group.num_columns() != columns {
        return Err(format!("it has {} columns where the schema has {columns}", group.num_columns()));
    }
    for column in group.columns() {
        let name = column.column_path().string();
        if column.file_path().is_some() {
            return Err(format!("the column `{name}` is in another file"));
        }
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let place = (u64::try_from(start).ok()).zip(u64::try_from(column.compressed_size()).ok());
        let within = place.is_some_and(|(start, size)| {
            let end = start.checked_add(size);
            (start >= 4 || size == 0) && end.is_some_and(|end| end <= length)
        });
        if !within || column.num_values() < 0 {
            return Err(format!("the column `{name}` is said to be where it cannot be"));
        }
        if column.column_descr().max_rep_level() == 0 && column.num_values() != group.num_rows() {
            let (values, rows) = (column.num_values(), group.num_rows());
            return Err(format!("its columns disagree: `{name}` has {values} values for {rows} rows"));
        }
    }
    Ok(())
}

/// Thrift's compact protocol, as far as it takes to see how deep a schema goes, and whether columns are encrypted: the
/// crate would not tell, and take what is encrypted for damaged.
struct Thrift<'a> {
    rest: &'a [u8],
}

impl Thrift<'_> {
    /// The depth of the schema in a footer, and whether anything is encrypted; `None` if it is not well formed.
    fn survey(mut self) -> Option<(usize, bool)> {
        let mut id = 0;
        let mut depth = None;
        loop {
            match (self.field(&mut id)?, id) {
                (0, _) => return depth.map(|depth| (depth, false)),
                (9, 2) => depth = Some(self.schema_depth()?),
                // How it is encrypted.
                (_, 8) => return depth.map(|depth| (depth, true)),
                (kind, _) => self.skip(kind, 0)?,
            }
        }
    }

    /// Reads the list of all elements of the schema, each before its children.
    fn schema_depth(&mut self) -> Option<usize> {
        let (elements, kind) = self.list()?;
        let (mut open, mut deepest) = (Vec::<u64>::new(), 0);
        for _ in 0..elements {
            let children = if kind == 12 { self.children()? } else { return None };
            if children > 0 {
                open.push(children);
                deepest = deepest.max(open.len());
                continue;
            }
            while let Some(left) = open.last_mut() {
                *left -= 1;
                if *left > 0 {
                    break;
                }
                open.pop();
            }
        }
        Some(deepest)
    }

    /// Reads an element of the schema for the number of its children.
    fn children(&mut self) -> Option<u64> {
        let (mut id, mut children) = (0, 0);
        loop {
            match (self.field(&mut id)?, id) {
                (0, _) => return Some(children),
                // Zigzag: an odd number is a negative one.
                (5, 5) => children = self.varint().map(|number| if number % 2 == 0 { number / 2 } else { 0 })?,
                (kind, _) => self.skip(kind, 0)?,
            }
        }
    }

    /// The kind of the next field of a structure, 0 at its end.
    fn field(&mut self, id: &mut u64) -> Option<u8> {
        let head = self.byte()?;
        if head != 0 {
            *id = if head >> 4 == 0 { self.varint()? / 2 } else { *id + u64::from(head >> 4) };
        }
        Some(head & 15)
    }

    /// Elements of a list or set, and their kind.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let elements = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((elements, head & 15))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > 32 {
            return None;
        }
        match kind {
            // A truth value is its kind, but in a list.
            1 | 2 => {}
            3 => self.bytes(1)?,
            4..=6 => _ = self.varint()?,
            7 => self.bytes(8)?,
            8 => {
                let length = self.varint()?;
                self.bytes(length)?;
            }
            9 | 10 => {
                let (elements, kind) = self.list()?;
                for _ in 0..elements {
                    self.element(kind, depth)?;
                }
            }
            11 => {
                let elements = self.varint()?;
                let kinds = if elements == 0 { 0 } else { self.byte()? };
                for _ in 0..elements {
                    self.element(kinds >> 4, depth)?;
                    self.element(kinds & 15, depth)?;
                }
            }
            12 => {
                let mut id = 0;
                loop {
                    match self.field(&mut id)? {
                        0 => break,
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
            }
            13 => self.bytes(16)?,
            _ => return None,
        }
        Some(())
    }

    fn element(&mut self, kind: u8, depth: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.bytes(1) } else { self.skip(kind, depth + 1) }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: u64) -> Option<()> {
        self.rest = self.rest.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        varint(&mut self.rest)
    }
}

/// Takes a number of seven bits a byte, the lowest first.
pub(super) fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(first & 127) << shift;
        if first & 128 == 0 {
            return Some(number);
        }
    }
    None
}
