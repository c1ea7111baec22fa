//! Damaged files: an error or a right answer, never a panic.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::file::metadata::{ParquetMetaDataWriter, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterVersion};

use super::super::Change;
use super::super::footer::open;
use super::super::reading::read_any;
use super::super::rewriting::rewrite_any;
use super::files::{Dice, Manner, plan, write};
use crate::document::Side;
use crate::input::corpus::Part;
use crate::input::rows::Table;

fn small(manner: &Manner) -> Bytes {
    let dice = &mut Dice(11);
    let groups: Vec<Vec<_>> = [6, 2].into_iter().map(|size| (0..size).map(|_| dice.row()).collect()).collect();
    write(&groups, manner)
}

fn read(bytes: Bytes) -> Part {
    let (path, plan): (Arc<str>, _) = ("a".into(), plan());
    let mut part = Part::default();
    read_any(bytes, Table { path: &path, plan: &plan, noun: "row", side: Side::Subject }, true, &mut part);
    part
}

fn rewrite(bytes: Bytes) {
    let changes = [(2, Change::Drop), (7, Change::Drop)];
    _ = rewrite_any(bytes, &plan(), &changes, None, Vec::new(), &mut |_| Ok(()));
}

fn manners() -> [Manner; 3] {
    let version = WriterVersion::PARQUET_2_0;
    [
        Manner { dictionary: true, codec: Compression::SNAPPY, bloom: true, ..Manner::plain() },
        Manner { version, delta: true, statistics: EnabledStatistics::Page, ..Manner::plain() },
        Manner { version, dictionary: true, ..Manner::plain() },
    ]
}

#[test]
fn a_truncated_file_is_an_error() {
    let whole = small(&Manner::plain());
    for length in 0..whole.len() {
        let part = read(whole.slice(..length));
        assert!(part.documents.is_empty());
        assert_eq!(part.skipped.len(), 1, "{length}");
        let reason = &part.skipped[0].reason;
        assert!(
            ["not a Parquet file: ", "the file is cut off"].iter().any(|start| reason.starts_with(start)),
            "{reason}"
        );
        rewrite(whole.slice(..length));
    }
}

#[test]
fn a_byte_that_flipped_is_no_panic() {
    for manner in manners() {
        let whole = small(&manner);
        for at in 0..whole.len() {
            let mut bytes = whole.to_vec();
            bytes[at] ^= [0xff, 0x01, 0x80][at % 3];
            read(bytes.clone().into());
            if at % 4 == 0 {
                rewrite(bytes.into());
            }
        }
    }
}

#[test]
fn bytes_that_are_missing_or_too_many_are_no_panic() {
    let whole = small(&manners()[0]);
    for at in (0..whole.len()).step_by(5) {
        let (before, after) = whole.split_at(at);
        for bytes in [[before, &after[1..]].concat(), [before, &[0x7f, 0xff], after].concat()] {
            read(bytes.clone().into());
            rewrite(bytes.into());
        }
    }
}

#[test]
fn rows_before_a_damaged_page_are_read_and_the_lost_ones_told() {
    let dice = &mut Dice(12);
    let mut rows: Vec<_> = (0..40).map(|_| dice.row()).collect();
    for (number, row) in rows.iter_mut().enumerate() {
        row[0] = vec![(0, 1, Some(format!("text number {number}").into_bytes()))];
    }
    let (codec, statistics) = (Compression::SNAPPY, EnabledStatistics::Page);
    let whole = write(&[rows.clone(), rows], &Manner { codec, statistics, ..Manner::plain() });
    assert_eq!(read(whole.clone()).documents.len(), 80);
    let opened = open(whole.clone(), true).unwrap();
    let indexes = opened.metadata.page_index_for_row_group(0);
    let page = &indexes.page_locations(0).unwrap()[2];
    let (start, first) = (page.offset as usize, page.first_row_index as u64 + 1);
    let mut bytes = whole.to_vec();
    bytes[start + page.compressed_page_size as usize - 30..start + page.compressed_page_size as usize].fill(0xff);
    let part = read(bytes.into());
    let lost = &part.skipped[0];
    assert!(first > 1);
    assert_eq!(lost.line, Some(first));
    assert_eq!(part.documents.len() as u64, first - 1 + 40);
    assert!(lost.reason.starts_with("the column `text` cannot be read: "), "{}", lost.reason);
    assert!(lost.reason.ends_with(&format!("; rows {first} to 40 are lost")), "{}", lost.reason);
}

/// A file whose footer was changed.
fn with_footer(whole: &Bytes, change: impl Fn(&RowGroupMetaData) -> RowGroupMetaData) -> Bytes {
    let metadata = open(whole.clone(), false).unwrap().metadata;
    let mut groups = metadata.row_groups().to_vec();
    groups[0] = change(&groups[0]);
    let metadata = metadata.into_builder().set_row_groups(groups).build();
    let size = whole[whole.len() - 8..whole.len() - 4].iter().rev().fold(0, |size, byte| size << 8 | *byte as usize);
    let mut bytes = whole[..whole.len() - 8 - size].to_vec();
    ParquetMetaDataWriter::new(&mut bytes, &metadata).finish().unwrap();
    bytes.into()
}

#[test]
fn columns_that_disagree_cost_their_row_group_only() {
    let dice = &mut Dice(13);
    let mut rows: Vec<_> = (0..4).map(|_| dice.row()).collect();
    for row in &mut rows {
        row[0] = vec![(0, 1, Some(b"text".to_vec()))];
    }
    let whole = write(&[rows[..2].to_vec(), rows[2..].to_vec()], &Manner::plain());
    let said = with_footer(&whole, |group| group.clone().into_builder().set_num_rows(5).build().unwrap());
    let part = read(said.clone());
    let numbers: Vec<u64> = part.documents.iter().map(|document| document.record.unwrap().get()).collect();
    assert_eq!(numbers, [6, 7]);
    let expected =
        "row group 1 cannot be read: its columns disagree: `text` has 2 values for 5 rows; rows 1 to 5 are lost";
    assert_eq!((part.skipped[0].line, part.skipped[0].reason.as_str()), (Some(1), expected));
    rewrite(said);
    // The same in the pages only.
    let hidden = with_footer(&whole, |group| {
        let columns = group.columns().iter().cloned();
        let columns = columns.map(|column| column.into_builder().set_num_values(5).build().unwrap());
        group.clone().into_builder().set_num_rows(5).set_column_metadata(columns.collect()).build().unwrap()
    });
    let part = read(hidden.clone());
    let numbers: Vec<u64> = part.documents.iter().map(|document| document.record.unwrap().get()).collect();
    assert_eq!(numbers, [1, 2, 6, 7]);
    let expected = "the column `text` cannot be read: it has fewer values than its row group; rows 3 to 5 are lost";
    assert_eq!((part.skipped[0].line, part.skipped[0].reason.as_str()), (Some(3), expected));
    rewrite(hidden);
}

#[test]
fn encrypted_columns_are_told_from_damaged_ones() {
    let whole = small(&Manner::plain());
    let size = whole[whole.len() - 8..whole.len() - 4].iter().rev().fold(0, |size, byte| size << 8 | *byte as usize);
    // The last field of the footer is the seventh; the eighth, an empty structure here, says how all is encrypted.
    let mut bytes = whole[..whole.len() - 9].to_vec();
    bytes.extend([0x1c, 0, 0]);
    bytes.extend((size as u32 + 2).to_le_bytes());
    bytes.extend(b"PAR1");
    assert_eq!(read(bytes.into()).skipped[0].reason, "the file is encrypted");
}

#[test]
fn a_schema_too_deep_is_an_error() {
    // Version 1, then as many groups as there is room for, each with one child.
    let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
    let groups = 200_000_u32;
    let mut count = groups;
    while count >= 128 {
        footer.push(count as u8 | 128);
        count >>= 7;
    }
    footer.push(count as u8);
    for _ in 0..groups {
        footer.extend([0x35, 0x00, 0x18, 0x01, b'a', 0x15, 0x02, 0x00]);
    }
    footer.push(0);
    let size = footer.len() as u32;
    let bytes = [b"PAR1".as_slice(), &footer, &size.to_le_bytes(), b"PAR1"].concat();
    let part = read(bytes.into());
    assert_eq!(part.skipped[0].reason, "the schema has more than 100 groups within groups");
}
