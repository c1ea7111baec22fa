//! Parquet: rows as documents, files written anew without some of them, and put back.
//!
//! **Idea.** A Parquet file is a row of *row groups*; a group holds one *chunk* for each column, a chunk is cut into
//! *pages*, and the footer says where all of them are. A value of a nested or repeated column comes with two levels:
//! how much of its path is there (definition) and where in the lists a new element begins (repetition). Reading takes
//! only the columns whose paths lead to a wanted field, a batch of rows at a time. Rewriting takes each chunk of a
//! group that changes apart into its rows, levels and all, and puts them together again without those that go; a
//! group that does not change is copied byte by byte, with its statistics, filters and indexes. What goes is kept: as
//! a small file of the same schema for each group, so that every type, level and bit of it comes back.
//!
//! **The way of a file.** `footer` opens it and distrusts it; `columns` says which columns are wanted and what their
//! values mean; `pages` looks at each page before it is decoded; `cells` are values as documents use them; `reading`
//! makes documents. `copying` moves rows from chunk to chunk; `rewriting` and `restoring` decide which; `undo` is what
//! passes between the two. `shelter` turns panics of the crate into errors.
//!
//! **Cost.** Reading is linear in the wanted chunks: no other column is decoded. Memory is a page of each wanted column,
//! a batch of 1,024 rows and the texts. Rewriting decodes and encodes the groups that change; memory is one chunk,
//! encoded twice at most (rows that stay, rows that go), and what goes from one group.
//!
//! **Source.** The format: <https://github.com/apache/parquet-format>. Records as levels: Melnik and others, *Dremel:
//! Interactive Analysis of Web-Scale Datasets*, VLDB 2010. Pages and codecs are the crate `parquet`, without Arrow.
//!
//! **What is given up.** Values in lists and maps are not read (`authors.0` leads nowhere here). Encrypted files and
//! LZO are named, not read. A damaged page costs the rest of its row group, also where the page is not one of texts.
//! Chunks that are written anew have pages of the crate's making: the same values, seldom the same bytes; counts of
//! distinct values and notes of other writers in the footer of a chunk are lost. How rows are sorted is said only if it
//! is said alike for all groups. A page may promise two thousand million equal levels in a few bytes, and a row of a
//! list that many elements: time, and for lists memory, are what such a file says, not what it is.

mod cells;
mod columns;
mod copying;
mod footer;
mod pages;
mod reading;
mod restoring;
mod rewriting;
mod shelter;
mod undo;

pub(super) use reading::read;
pub(crate) use restoring::restore;
pub(super) use rewriting::{Change, rewrite};
pub(crate) use undo::{RewriteError, RowGroupUndo};
#[cfg(test)]
mod tests;
