//! What is kept of a file so that its rewriting can be undone: one entry for each of its row groups.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parquet::file::metadata::{KeyValue, SortingColumn};
use serde::{Deserialize, Serialize};

/// What was done to a row group, with all that is needed to undo it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowGroupUndo {
    /// Rows that it had.
    pub(super) rows: u64,
    /// Rows that were dropped, as first and end, counted from 0 within the group; in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) dropped: Vec<(u64, u64)>,
    /// Those rows: a file of its own with the same schema and one row group, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dropped_rows: Option<String>,
    /// Texts that were changed; in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) texts: Vec<TextUndo>,
    /// Whether a column of notes was added to the file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_notes: bool,
    /// Metadata of the file that was left out: where it stood among all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<MetadataUndo>,
    /// How the rows of all groups are sorted, if they say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sorting: Vec<SortingUndo>,
}

/// A text that was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TextUndo {
    /// Counted from 0 within the group.
    pub(super) row: u64,
    /// The number of its column among all.
    pub(super) column: usize,
    /// What stood there, in Base64: it need not be UTF-8.
    pub(super) original: String,
}

/// An entry of the metadata of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MetadataUndo {
    pub(super) at: usize,
    pub(super) key: String,
    pub(super) value: Option<String>,
}

/// A column by which rows are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SortingUndo {
    pub(super) column: i32,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

impl From<&SortingColumn> for SortingUndo {
    fn from(sorting: &SortingColumn) -> Self {
        let SortingColumn { column_idx, descending, nulls_first } = *sorting;
        SortingUndo { column: column_idx, descending, nulls_first }
    }
}

impl From<&SortingUndo> for SortingColumn {
    fn from(sorting: &SortingUndo) -> Self {
        let SortingUndo { column, descending, nulls_first } = *sorting;
        SortingColumn { column_idx: column, descending, nulls_first }
    }
}

impl From<&MetadataUndo> for KeyValue {
    fn from(entry: &MetadataUndo) -> Self {
        KeyValue { key: entry.key.clone(), value: entry.value.clone() }
    }
}

/// Rows that follow each other and have the same fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// So many stay.
    Kept(u64),
    /// So many are dropped.
    Dropped(u64),
    /// One has another text: which one of [`RowGroupUndo::texts`].
    Text(usize),
}

impl RowGroupUndo {
    /// How many rows were dropped.
    pub(super) fn dropped_count(&self) -> u64 {
        self.dropped.iter().map(|(first, end)| end.saturating_sub(*first)).fold(0, u64::saturating_add)
    }

    /// Whether nothing is left of the group.
    pub(super) fn is_left_out(&self) -> bool {
        self.rows > 0 && self.dropped_count() == self.rows
    }

    /// Whether values of the group are as they were.
    pub(super) fn is_untouched(&self) -> bool {
        self.dropped.is_empty() && self.texts.is_empty()
    }

    /// All rows of the group, in order; nothing if the entry contradicts itself.
    pub(super) fn runs(&self) -> Option<Vec<Run>> {
        let dropped = self.dropped.iter().map(|(first, end)| (*first, *end, None));
        let texts = (0..).zip(&self.texts).map(|(number, text)| (text.row, text.row.saturating_add(1), Some(number)));
        let mut places: Vec<(u64, u64, Option<usize>)> = dropped.chain(texts).collect();
        places.sort_unstable();
        let mut runs = Vec::new();
        let mut passed = 0;
        for (first, end, text) in places {
            if first < passed || end <= first || end > self.rows {
                return None;
            }
            if first > passed {
                runs.push(Run::Kept(first - passed));
            }
            runs.push(text.map_or(Run::Dropped(end - first), Run::Text));
            passed = end;
        }
        if self.rows > passed {
            runs.push(Run::Kept(self.rows - passed));
        }
        Some(runs)
    }
}

pub(super) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RewriteError {
    /// The file that is read, or a part of it.
    #[error("{0}")]
    Unreadable(String),
    /// A change that cannot be made.
    #[error("row {row}: {reason}")]
    Unfit {
        /// From 1.
        row: u64,
        /// Why not.
        reason: String,
    },
    /// The new file.
    #[error("cannot be written: {0}")]
    Unwritable(String),
    /// What is kept for undoing: it cannot be written or read.
    #[error("what is kept for undoing: {0}")]
    Undo(io::Error),
    /// What is kept for undoing does not belong to this file.
    #[error("what is kept for undoing does not fit the file: {0}")]
    Foreign(String),
}
