//! A file written anew, without some of its text: every other byte as it was, in its order.
//!
//! **Idea.** The file is read a second time, record by record (the whole file, a line, a row, a record of a crawl). A
//! record of which nothing goes is copied as it stands. In another one it is looked up which bytes write the text
//! ([`spelling`](super::spelling)), and those that write what goes are left out: so escapes, quotation marks, markup and other fields stay
//! to the byte. What was left out or put in is told as [`Patch`]es, by which the file can be put back.
//!
//! Each changed record is read once more as it will be read from the new file: its text must be what was to stay. Where
//! that fails (a field of CSV that begins with a quotation mark only now) the format may write the text another way.
//!
//! **Cost.** One more pass over the file, whose memory is a record (a UTF-16 file of many records is held whole). Of
//! changed records the text is read and spelled again.

use std::fs;
use std::io::{self, Read, Write};
use std::num::NonZeroU64;
use std::ops::Range;
use std::path::Path;

use encoding_rs::Encoding;
use xxhash_rust::xxh3::Xxh3;

use super::corpus::ReadFile;
use super::encoding::{self, Opening};
use super::fields::Plan;
use super::format::{Compression, Kind};
use super::pack::Packer;
use super::spelling::{Spelling, locate_through};
use super::{FieldNames, InputError, delimited, jsonl, stream};
use crate::document::{Corpus, Document};
use crate::progress::Progress;
use crate::texts::Stamp;

/// What becomes of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It goes.
    Drop,
    /// Some parts of its text go, in order and apart from each other.
    Cut(Vec<Range<usize>>),
    /// It stays, with a note in a field of its own, as JSON.
    Note(String),
}

/// Bytes that were put in the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Where they were in the unpacked file.
    pub at: u64,
    /// The bytes that were there.
    pub old: Vec<u8>,
    /// How many bytes are there now.
    pub new: u64,
}

/// A number of bytes and their XXH3 (128 bits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    /// How many.
    pub bytes: u64,
    /// Their hash.
    pub hash: u128,
}

/// Counts and hashes bytes as they come.
#[derive(Default)]
pub(crate) struct Digester {
    bytes: u64,
    hash: Xxh3,
}

impl Digester {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest { bytes: self.bytes, hash: self.hash.digest128() }
    }
}

/// What a file was, and what was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewritten {
    /// Unpacked.
    pub original: Digest,
    /// Before it was packed.
    pub cleaned: Digest,
}

/// Why a file could not be written anew.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RewriteError {
    /// It could not be read a second time.
    #[error("{path}: {reason}")]
    Read {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// It is not what it was when its documents were read.
    #[error(
        "{path}: it was changed while it was being read; nothing can be said of a corpus that changes: start again"
    )]
    Changed {
        /// The file.
        path: String,
    },
    /// A text could not be written without a part of it.
    #[error("{path}: what is to stay of {document} cannot be written in this place; please report this")]
    Spelling {
        /// The file.
        path: String,
        /// The document.
        document: String,
    },
    /// Notes have no place in the file.
    #[error("{path}: a {kind} file has no place for marks: add --output-format jsonl")]
    NoPlaceForNotes {
        /// The file.
        path: String,
        /// What it holds.
        kind: &'static str,
    },
    /// The field for notes is there already.
    #[error("{path}: there is a field {field:?} already: name another with --mark=FIELD")]
    NoteFieldTaken {
        /// The file.
        path: String,
        /// The field.
        field: String,
    },
    /// It cannot be joined with others to one stream.
    #[error(
        "{path}: in UTF-16, or with a byte order mark, so other files cannot stand before or after it: name a folder with --output"
    )]
    NoStream {
        /// The file.
        path: String,
    },
    /// The fields were not understood.
    #[error(transparent)]
    Input(#[from] InputError),
    /// What was made could not be written.
    #[error("what is to stay, or the record of what goes, cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// A file and what is to become of its documents.
pub struct Job<'a> {
    /// The file.
    pub file: &'a ReadFile,
    /// Where the file is read from again: where it was, or where standard input was kept.
    pub location: &'a Path,
    /// The documents.
    pub corpus: &'a Corpus,
    /// The documents of this file that change: record and rank, in the order of records.
    pub changes: &'a [(Option<NonZeroU64>, u32)],
    /// What becomes of a document.
    pub change: &'a (dyn Fn(u32) -> Change + Sync),
    /// Names of fields, as when the documents were read.
    pub fields: &'a FieldNames,
    /// The name of the field for notes, if notes are written.
    pub note_field: Option<&'a str>,
    /// Whether other files are written after it to the same stream.
    pub is_joined: bool,
}

/// What is told of a file while it is written, in its order.
#[derive(Debug)]
pub enum Told<'p> {
    /// Bytes that changed, with the rank of the document if they are one's.
    Patches(Option<u32>, &'p [Patch]),
    /// What undoes the changes of a row group; there is one of each group of a file in columns.
    RowGroup(serde_json::Value),
}

/// Who is told.
pub type Tell<'t> = &'t mut (dyn FnMut(Told<'_>) -> io::Result<()> + 't);

impl Job<'_> {
    /// Writes the file anew, packed as it was or not at all.
    ///
    /// # Errors
    /// If the file cannot be read a second time, is not what it was, or what is made of it cannot be written.
    pub fn write<'t>(
        &self,
        out: &'t mut (dyn Write + Send + 't),
        packed: bool,
        progress: &dyn Progress,
        tell: Tell<'t>,
    ) -> Result<Rewritten, RewriteError> {
        let compression = if packed { self.file.format.compression } else { Compression::None };
        let packer = Packer::new(out, compression)?;
        let source = fs::File::open(self.location).map_err(|error| self.cannot_read(&error))?;
        if self.file.stamp.is_some() && Stamp::of(&source) != self.file.stamp {
            return Err(self.changed());
        }
        let again = source.try_clone().map_err(|error| self.cannot_read(&error))?;
        let opened = stream::open(source, progress).map_err(|error| self.cannot_read(&error))?;
        let plan = Plan::new(self.fields)?;
        let mut rewriter = Rewriter {
            job: self,
            plan: &plan,
            packer,
            original: Digester::default(),
            cleaned: Digester::default(),
            changes: self.changes,
            encoding: None,
            last: b'\n',
            tell,
        };
        let mut bytes = opened.bytes;
        if self.note_field.is_some() && !self.file.format.kind.has_fields() {
            return Err(self.no_place_for_notes());
        }
        match self.file.format.kind {
            #[cfg(feature = "warc")]
            Kind::Warc => super::warc::rewrite(&mut rewriter, Vec::new(), bytes)?,
            #[cfg(not(feature = "warc"))]
            Kind::Warc => rewriter.copy(Vec::new(), bytes)?,
            #[cfg(feature = "parquet")]
            Kind::Parquet => {
                rewriter.rewrite_columns(stream::spool(Vec::new(), bytes).map_err(RewriteError::Write)?)?
            }
            #[cfg(not(feature = "parquet"))]
            Kind::Parquet => rewriter.copy(Vec::new(), bytes)?,
            Kind::Text | Kind::Markdown | Kind::Html => {
                let mut whole = Vec::new();
                bytes.read_to_end(&mut whole).map_err(|error| self.cannot_read(&error))?;
                rewriter.rewrite_document(&whole)?;
            }
            Kind::JsonLines | Kind::Csv | Kind::Tsv => {
                let mut head = Vec::new();
                let rest = stream::read_ahead(&mut head, bytes, encoding::SAMPLE);
                match encoding::examine(head.get(..encoding::SAMPLE).unwrap_or(&head)) {
                    Opening::Utf16 { .. } | Opening::Ascii { mark: 1.. } if self.is_joined => {
                        return Err(RewriteError::NoStream { path: self.path() });
                    }
                    Opening::Utf16 { encoding, mark } => rewriter.rewrite_utf_16(head, rest, encoding, mark)?,
                    Opening::Ascii { mark } => {
                        rewriter.keep(&head[..mark])?;
                        head.drain(..mark);
                        rewriter.rewrite_rows(head, rest)?;
                    }
                    // Then it gave no documents.
                    Opening::Binary(_) => rewriter.copy(head, rest)?,
                }
            }
        }
        if self.file.stamp.is_some() && Stamp::of(&again) != self.file.stamp || !rewriter.changes.is_empty() {
            return Err(self.changed());
        }
        if self.is_joined && rewriter.last != b'\n' {
            rewriter.edit(None, b"", &[(0..0, b"\n".to_vec())])?;
        }
        let rewritten = Rewritten { original: rewriter.original.digest(), cleaned: rewriter.cleaned.digest() };
        rewriter.packer.finish()?.flush()?;
        Ok(rewritten)
    }

    fn path(&self) -> String {
        self.file.path.to_string()
    }

    pub(super) fn cannot_read(&self, error: &io::Error) -> RewriteError {
        let reason = stream::describe(error, self.file.format.compression);
        RewriteError::Read { path: self.path(), reason }
    }

    pub(super) fn changed(&self) -> RewriteError {
        RewriteError::Changed { path: self.path() }
    }

    pub(super) fn no_place_for_notes(&self) -> RewriteError {
        RewriteError::NoPlaceForNotes { path: self.path(), kind: self.file.format.kind.name() }
    }

    pub(super) fn note_field_taken(&self) -> RewriteError {
        let field = self.note_field.unwrap_or_default().to_owned();
        RewriteError::NoteFieldTaken { path: self.path(), field }
    }

    fn document(&self, rank: u32) -> &Document {
        &self.corpus.documents[rank as usize]
    }
}

/// The second reading of a file.
pub(super) struct Rewriter<'a, 't> {
    pub(super) job: &'a Job<'a>,
    pub(super) plan: &'a Plan,
    packer: Packer<&'t mut (dyn Write + Send + 't)>,
    original: Digester,
    cleaned: Digester,
    /// Those that are still to come.
    changes: &'a [(Option<NonZeroU64>, u32)],
    /// The encoding of what is read, where it is another than that of the file.
    encoding: Option<&'static str>,
    /// The last byte that was written.
    last: u8,
    tell: Tell<'t>,
}

/// Bytes of a record, and what is to stand in their place.
pub(super) type Edit = (Range<usize>, Vec<u8>);

impl Rewriter<'_, '_> {
    /// The document of a record, if it changes, and what becomes of it. Records are asked for in order.
    pub(super) fn change(&mut self, record: Option<u64>) -> Option<(u32, Change)> {
        let record = record.and_then(NonZeroU64::new);
        let (next, rest) = self.changes.split_first()?;
        if next.0 != record {
            return None;
        }
        self.changes = rest;
        Some((next.1, (self.job.change)(next.1)))
    }

    /// Copies bytes that stay.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> Result<(), RewriteError> {
        self.original.update(bytes);
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), RewriteError> {
        self.cleaned.update(bytes);
        self.last = bytes.last().copied().unwrap_or(self.last);
        Ok(self.packer.write_all(bytes)?)
    }

    /// Copies all that is left of a stream.
    pub(super) fn copy(&mut self, head: Vec<u8>, mut rest: impl Read) -> Result<(), RewriteError> {
        self.keep(&head)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = rest.read(&mut buffer).map_err(|error| self.job.cannot_read(&error))?;
            if count == 0 {
                return Ok(());
            }
            self.keep(&buffer[..count])?;
        }
    }

    /// Writes a record with edits, given in order.
    pub(super) fn edit(&mut self, rank: Option<u32>, record: &[u8], edits: &[Edit]) -> Result<(), RewriteError> {
        let start = self.original.bytes;
        let mut at = 0;
        let mut patches = Vec::with_capacity(edits.len());
        for (range, new) in edits {
            self.keep(&record[at..range.start])?;
            let old = &record[range.clone()];
            self.original.update(old);
            self.put(new)?;
            patches.push(Patch { at: start + range.start as u64, old: old.to_vec(), new: new.len() as u64 });
            at = range.end;
        }
        self.keep(&record[at..])?;
        Ok((self.tell)(Told::Patches(rank, &patches))?)
    }

    /// Leaves a record out.
    pub(super) fn drop_record(&mut self, rank: u32, record: &[u8]) -> Result<(), RewriteError> {
        self.edit(Some(rank), record, &[(0..record.len(), Vec::new())])
    }

    /// Ends a record that readers go to by its place.
    #[cfg_attr(not(feature = "warc"), allow(dead_code, reason = "for web archives"))]
    pub(super) fn end_record(&mut self) -> Result<(), RewriteError> {
        Ok(self.packer.end_member()?)
    }

    /// Whether a text is the document's.
    pub(super) fn check(&self, rank: u32, text: &str) -> Result<(), RewriteError> {
        let known = &self.job.document(rank).text;
        let is_it = known.len() == text.len() && known.held().is_none_or(|known| known == text);
        if is_it { Ok(()) } else { Err(self.job.changed()) }
    }

    pub(super) fn misspelled(&self, rank: u32) -> RewriteError {
        RewriteError::Spelling { path: self.job.path(), document: self.job.document(rank).id.to_string() }
    }

    /// The name of the encoding that the bytes of a document are in.
    pub(super) fn encoding(&self, rank: u32) -> &'static str {
        self.encoding.unwrap_or(self.job.document(rank).origin.encoding)
    }

    fn rewrite_document(&mut self, whole: &[u8]) -> Result<(), RewriteError> {
        let Some((rank, change)) = self.change(None) else { return self.keep(whole) };
        match change {
            Change::Drop => self.drop_record(rank, whole),
            Change::Note(_) => Err(self.job.no_place_for_notes()),
            Change::Cut(parts) => {
                let encoding = self.encoding(rank);
                let is_page = self.job.file.format.kind == Kind::Html;
                let (text, spellings) = spell_document(whole, encoding, is_page);
                self.check(rank, &text)?;
                let located = locate_through(&spellings, &parts);
                let made = spell_document(&without(whole, &located), encoding, is_page).0;
                let expected = cut(&text, &parts);
                // What stays of a page may be set apart in another way: breaks are made of markup.
                let is_right = if is_page { is_same_but_for_space(&made, &expected) } else { made == expected };
                if !is_right {
                    return Err(self.misspelled(rank));
                }
                let edits: Vec<Edit> = located.into_iter().map(|range| (range, Vec::new())).collect();
                self.edit(Some(rank), whole, &edits)
            }
        }
    }

    /// Files in columns are written anew by their values.
    #[cfg(feature = "parquet")]
    fn rewrite_columns(&mut self, mut source: fs::File) -> Result<(), RewriteError> {
        use super::parquet;

        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = source.read(&mut buffer).map_err(|error| self.job.cannot_read(&error))?;
            if count == 0 {
                break;
            }
            self.original.update(&buffer[..count]);
        }
        let mut changes = Vec::with_capacity(self.changes.len());
        for (record, rank) in std::mem::take(&mut self.changes) {
            (self.tell)(Told::Patches(Some(*rank), &[]))?;
            let change = match (self.job.change)(*rank) {
                Change::Drop => parquet::Change::Drop,
                Change::Note(note) => parquet::Change::Note(note),
                Change::Cut(parts) => {
                    let text = self.job.document(*rank).text.read();
                    parquet::Change::Text(cut(&text, &parts))
                }
            };
            changes.push((record.map_or(0, u64::from), change));
        }
        let Rewriter { job, plan, packer, cleaned, tell, .. } = self;
        let out = Digesting { out: packer, digester: cleaned };
        let mut undo = |undo: parquet::RowGroupUndo| tell(Told::RowGroup(serde_json::to_value(undo)?));
        parquet::rewrite(source, plan, &changes, job.note_field, out, &mut undo).map_err(|error| match error {
            parquet::RewriteError::Undo(error) => RewriteError::Write(error),
            other => RewriteError::Read { path: job.path(), reason: other.to_string() },
        })
    }

    fn rewrite_rows(&mut self, head: Vec<u8>, rest: impl Read) -> Result<(), RewriteError> {
        match self.job.file.format.kind {
            Kind::JsonLines => jsonl::rewrite(self, head, rest),
            kind => delimited::rewrite(self, kind == Kind::Tsv, head, rest),
        }
    }

    /// Rows of UTF-16 are changed as UTF-8, and what was changed is done to the file as it is: a place in it is known by
    /// how many units of two bytes write what stands before.
    fn rewrite_utf_16(
        &mut self,
        mut whole: Vec<u8>,
        mut rest: impl Read,
        encoding: &'static Encoding,
        mark: usize,
    ) -> Result<(), RewriteError> {
        rest.read_to_end(&mut whole).map_err(|error| self.job.cannot_read(&error))?;
        let text = encoding.decode_without_bom_handling(&whole[mark..]).0.into_owned();
        let (mut cleaned, mut told) = (Vec::new(), Vec::new());
        {
            let mut tell = |told_now: Told<'_>| {
                let Told::Patches(rank, patches) = told_now else { return Ok(()) };
                let edits = patches.iter().map(|patch| (patch.at as usize, patch.old.len(), patch.new as usize));
                told.push((rank, edits.collect::<Vec<_>>()));
                Ok(())
            };
            let out: &mut (dyn Write + Send) = &mut cleaned;
            let mut inner = Rewriter {
                job: self.job,
                plan: self.plan,
                packer: Packer::new(out, Compression::None)?,
                original: Digester::default(),
                cleaned: Digester::default(),
                changes: std::mem::take(&mut self.changes),
                encoding: Some("utf-8"),
                last: b'\n',
                tell: &mut tell,
            };
            inner.rewrite_rows(text.as_bytes().to_vec(), io::empty())?;
            self.changes = inner.changes;
        }
        self.keep(&whole[..mark])?;
        let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>() * 2;
        // Where text, file and what was made of the text have come to.
        let (mut at, mut byte, mut made) = (0, mark, 0);
        for (rank, edits) in told {
            let first = byte;
            let mut converted: Vec<Edit> = Vec::with_capacity(edits.len());
            for (edit, old, new) in edits {
                // The replacement character of an odd last byte stands for that byte only.
                let start = (byte + units(&text[at..edit])).min(whole.len());
                let end = (start + units(&text[edit..edit + old])).min(whole.len());
                made += edit - at;
                let put = String::from_utf8_lossy(&cleaned[made..made + new]).into_owned();
                let put = put.encode_utf16().flat_map(|unit| {
                    if encoding == encoding_rs::UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() }
                });
                converted.push((start - first..end - first, put.collect()));
                (at, byte, made) = (edit + old, end, made + new);
            }
            self.edit(rank, &whole[first..byte], &converted)?;
        }
        self.keep(&whole[byte..])
    }
}

/// Counts and hashes what is written.
pub(crate) struct Digesting<'a, W: ?Sized> {
    pub(crate) out: &'a mut W,
    pub(crate) digester: &'a mut Digester,
}

impl<W: Write + ?Sized> Write for Digesting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.digester.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The text of a file that is one document, and how it is written.
fn spell_document(whole: &[u8], encoding: &str, is_page: bool) -> (String, Vec<Spelling>) {
    #[cfg(feature = "html")]
    if is_page {
        return super::page::spell(whole, encoding);
    }
    let _ = is_page;
    let (text, spelling) = encoding::spell(whole, encoding);
    (text, vec![spelling])
}

/// Whether two texts are the same but for white space.
pub(super) fn is_same_but_for_space(one: &str, other: &str) -> bool {
    let is_visible = |character: &char| !character.is_whitespace();
    one.chars().filter(is_visible).eq(other.chars().filter(is_visible))
}

/// A text without some parts of it.
pub(crate) fn cut(text: &str, parts: &[Range<usize>]) -> String {
    String::from_utf8_lossy(&without(text.as_bytes(), parts)).into_owned()
}

/// Bytes without some ranges of them.
pub(super) fn without(bytes: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
    let mut left = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for range in ranges {
        left.extend_from_slice(&bytes[at..range.start]);
        at = range.end;
    }
    left.extend_from_slice(&bytes[at..]);
    left
}
