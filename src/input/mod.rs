//! Input: walk, decompress, decode, parse into documents; and the same files written anew.
//!
//! [`read`] turns what was named on the command line into a [`Corpus`](crate::document::Corpus); [`list`] tells what it
//! would read, and why the rest is passed over; a [`RewriteJob`] writes a file once more without some of its text. Nothing
//! downstream knows of compression, encodings or formats.
//!
//! # The way of the bytes
//!
//! ```text
//! arguments ─► walk ─► files ─► stream ─► lines ─► record ─► documents ─► corpus
//!                               (gzip,    rows,    (fields   (one order,
//!                                zstd,    records   of one    ids told apart)
//!                                ...)                object)
//!                                  └──► encoding ──► html
//! ```
//!
//! - **walk** expands directories, globs and `-`. Directories are walked under `.gitignore` and `.ignore` (of the
//!   directory, those below and those above it; the user's global rules are left out, so that a corpus is the same
//!   corpus on every machine). Links to files are followed, links to directories are not, so no loop is ever entered;
//!   each is named. A file reached twice, by whatever path, is read once.
//! - **stream** undoes gzip, zstd, bzip2 and xz, which it knows by their first bytes whatever the name says, with any
//!   number of members or frames. **pack** is the way back.
//! - **encoding** decides once a file. Text that is valid UTF-8 is taken as it is; UTF-16 is known by its mark or by
//!   where its NUL bytes stand; what is left is UTF-8 with damage or a legacy encoding, told apart by how many
//!   multi-byte sequences are valid, and then by `chardetng`, the detector of Firefox.
//! - **lines** cuts JSON Lines into batches of about 8 MB at line ends; a batch is parsed in parallel while the next
//!   one is read. **record** visits one object and keeps nothing but the fields that were asked for.
//! - **delimited**, **parquet**, **warc** and **html** cut other files into rows, records and blocks of text; **rows** is
//!   what lines, rows and records have in common.
//! - **spelling** knows which bytes write which part of a text, in all of these; **rewrite** leaves bytes out.
//! - **corpus** sorts the documents into the order that every later decision uses and tells equal ids apart.
//!
//! # What is a document
//!
//! Texts, Markdown files and pages are one document each; JSON Lines, tables and web archives hold one a line, row or
//! record; see `docs/formats.md`. Other files are passed over on a walk, and an error where they are named, unless their
//! content tells what they are.
//!
//! # What goes wrong
//!
//! A bad file or line never stops a run: it becomes a [`Skipped`](crate::document::Skipped) with its place and reason.
//! `is_error` is set wherever something that looked like a document was lost: an unreadable or binary file of a known
//! type, a damaged stream, a broken line, an argument that leads to nothing. It is not set for files of unknown type
//! and links to directories met on a walk. Of a damaged JSON Lines stream the complete lines before the damage are
//! kept; a damaged text is skipped whole. A file with more than 1,000 bad lines has the rest of them counted in one
//! entry. An [`InputError`] is returned only where there is nothing to go on with.
//!
//! # Cost
//!
//! Time is linear in the bytes, and parallel over files (or over the lines of a large file). Memory is the texts
//! themselves, two batches a large file, and one file's bytes where it has to be decoded; a line is held up to three
//! times while it is parsed.
//!
//! # What is given up
//!
//! Legacy encodings are guessed, which short texts may mislead; each guess is a warning. UTF-32 is named, not read. A
//! text, or a line, of 4 GiB or more is skipped: spans are 32-bit offsets.

mod convert;
mod corpus;
mod delimited;
mod encoding;
mod error;
mod fields;
mod flat;
mod format;
#[cfg(feature = "html")]
mod html;
mod jsonl;
mod lines;
mod pack;
#[cfg(feature = "html")]
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod plain;
mod record;
mod rewrite;
mod rows;
mod source;
mod spelling;
mod stream;
mod walk;
#[cfg(feature = "warc")]
mod warc;

pub(crate) use convert::{begin as begin_documents, write as write_document};
pub use corpus::{ReadFile, read};
/// Rows of Parquet files put back.
#[cfg(feature = "parquet")]
pub(crate) mod parquet_rows {
    pub(crate) use super::parquet::{RewriteError, RowGroupUndo, restore};
}
pub use error::InputError;
pub use fields::{DATE_FIELDS, FieldNames, ID_FIELDS, SOURCE_FIELDS, TEXT_FIELDS, TITLE_FIELDS, URL_FIELDS};
pub use format::{Compression, Format, Kind};
pub(crate) use pack::Packer;
pub(crate) use path::display as show_path;
pub use path::is_pattern;
pub use rewrite::{Change, Digest, Job as RewriteJob, Patch, RewriteError, Rewritten, Tell, Told};
pub(crate) use rewrite::{Digester, Digesting, cut};
pub(crate) use source::Source;
pub(crate) use stream::open_unpacked;
pub use walk::{FileStamp, ListedInput, list, stamp};

/// What to read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputOptions {
    /// Files, directories, globs (`*`, `?`, `[...]`, `{...}`; `**` crosses directories) and `-` for standard input, in
    /// any order.
    pub paths: Vec<String>,
    /// The same, of what is there to be compared with.
    pub references: Vec<String>,
    /// Whether a file may be named as both, and is then both.
    pub allows_both: bool,
    /// What all files hold, whatever their names say.
    pub kind: Option<Kind>,
    /// The fields of JSON Lines and the columns of tables that make a document.
    pub fields: FieldNames,
    /// Whether walks pass over what `.gitignore` and `.ignore` files name. Default: yes.
    pub respect_ignore: bool,
    /// Whether walks take files and directories whose names begin with a dot. Default: no. None takes `.git`.
    pub hidden: bool,
    /// Globs of absolute paths of files and directories that are passed over, wherever they are met.
    pub excluded: Vec<String>,
    /// What may be missing of what is named. Default: nothing.
    pub allows_absent: Absent,
}

/// What may be missing of what [`InputOptions`] name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// Nothing: a path that is not there, and a pattern that matches no file, is told as an error.
    #[default]
    Nothing,
    /// Patterns of what is read may match no file. Whatever it is compared with has to be there.
    Matches,
    /// Whatever is named may be missing, and what it is compared with too: so with the files of an older day.
    Anything,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions {
            paths: Vec::new(),
            references: Vec::new(),
            allows_both: false,
            kind: None,
            fields: FieldNames::default(),
            respect_ignore: true,
            hidden: false,
            excluded: Vec::new(),
            allows_absent: Absent::Nothing,
        }
    }
}

/// Why files of a kind are passed over that this build was made without.
#[cfg(not(all(feature = "parquet", feature = "warc")))]
fn missing_feature(kind: Kind) -> String {
    let name = kind.name();
    format!("{name} files are not read by this build: `cargo install dittograph --features {name}` makes one that does")
}

/// Size from which a document is too long for 32-bit offsets, in bytes.
const TOO_LONG: u64 = u32::MAX as u64;

/// Why a report, a record or a baseline is passed over.
const OWN_REASON: &str = "written by dittograph itself";

/// Why a document of [`TOO_LONG`] bytes or more is skipped.
const TOO_LONG_REASON: &str = "4 GiB or more; a document must be shorter: split it";
