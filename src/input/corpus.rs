//! From files to a corpus: reading in parallel, the one order of documents, and ids told apart.

use std::cmp::Ordering;
use std::fs;
use std::io::Read;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use ahash::AHashSet;
use ecow::{EcoString, eco_format};
use rayon::prelude::*;

use super::encoding::{self, Opening};
use super::fields::Plan;
use super::jsonl::Reader;
use super::record::Record;
use super::rows::Table;
use super::stream::Bytes;
use super::walk::{self, File, cannot_be_opened};
use super::{Compression, Format, InputError, InputOptions, Kind, TOO_LONG, TOO_LONG_REASON, delimited, plain, stream};
use crate::document::{Corpus, Document, Side, Skipped};
use crate::hash::{Purpose, hash_text};
use crate::progress::Progress;
use crate::texts::{Stamp, TextFile};

/// A file that documents were read from.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// As reached from the command line; `-` for standard input.
    pub path: Arc<str>,
    /// Where it is opened; `None` for standard input.
    pub location: Option<PathBuf>,
    /// What it holds, and how it is packed.
    pub format: Format,
    /// What it is there for.
    pub side: Side,
    /// Whether it could be read to its end.
    pub is_whole: bool,
    /// What it was when it was opened.
    pub(crate) stamp: Option<Stamp>,
}

impl ReadFile {
    /// Its size on disk; 0 where unknown.
    pub fn bytes(&self) -> u64 {
        self.stamp.map_or(0, |stamp| stamp.length)
    }
}

/// What the documents of a file are called.
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Warc => "record",
        Kind::Parquet => "row",
        _ => "line",
    }
}

impl File {
    fn table<'a>(&'a self, plan: &'a Plan) -> Table<'a> {
        Table { path: &self.path, plan, noun: noun(self.kind), side: self.side }
    }
}

/// Stored bytes from which a file of JSON Lines is read by itself, with its lines parsed in parallel.
const LARGE: u64 = 16 * 1024 * 1024;

/// Ids that are warned of one by one; the rest of them is counted.
const NAMED_IDS: usize = 20;

/// Reads everything that the options name into a corpus.
///
/// `stdin` is read if `-` is among the paths. `progress` is told of one stage, `input`, whose steps are stored bytes.
/// The result depends on the files alone: not on the order of the paths, the number of threads or the time. Files
/// and lines that cannot be read are in [`Corpus::skipped`].
///
/// # Errors
///
/// If there is nothing to go on with: no path, only bad ones, nothing of a known type in them, a pattern that cannot be
/// understood, or an empty name for a field.
#[inline(never)] // counted by itself
pub fn read(
    options: &InputOptions,
    stdin: &mut (dyn Read + Send),
    progress: &dyn Progress,
) -> Result<Corpus, InputError> {
    let plan = Plan::new(&options.fields)?;
    let mut found = walk::find(options)?;
    let total = if found.stdin { 0 } else { found.files.iter().map(|file| file.bytes).sum() };
    progress.begin("input", total);
    let (skipped, warnings) = (mem::take(&mut found.skipped), mem::take(&mut found.warnings));
    let mut part = Part { skipped, warnings, ..Part::default() };
    if found.stdin {
        let read = read_stdin(stdin, options.kind, &plan, progress, &mut part);
        if !read && found.files.is_empty() && !part.skipped.iter().any(|skipped| skipped.is_error) {
            let hint = Some("standard input is empty".to_owned());
            return Err(InputError::NothingFound { paths: options.paths.clone(), hint });
        }
    }
    // Small files side by side, each by one thread; large ones one by one, each by all threads.
    let (large, small): (Vec<&File>, Vec<&File>) = found.files.iter().partition(|file| is_large(file));
    let read = |mut part: Part, file: &&File| {
        read_file(file, &plan, None, progress, &mut part);
        part
    };
    part = part.and(small.par_iter().fold(Part::default, read).reduce(Part::default, Part::and));
    for (number, file) in large.into_iter().enumerate() {
        read_file(file, &plan, Some(number), progress, &mut part);
    }
    Ok(part.into_corpus())
}

fn is_large(file: &File) -> bool {
    let least = if file.promised == Compression::None { LARGE } else { LARGE / 4 };
    file.kind == Kind::JsonLines && file.bytes >= least
}

/// Reads a file; a large one has a number, and is read by all threads.
fn read_file(file: &File, plan: &Plan, large: Option<usize>, progress: &dyn Progress, part: &mut Part) {
    let path = &file.path;
    let table = file.table(plan);
    let source = fs::File::open(&file.location);
    let stamp = source.as_ref().ok().and_then(Stamp::of);
    // A file that cannot be opened once more, or read at any place, holds its texts like any other.
    let again = large.zip(source.as_ref().ok().and_then(|source| source.try_clone().ok()));
    let is_file = |source: &fs::File| source.metadata().is_ok_and(|known| known.is_file());
    let again = again.filter(|(_, source)| is_file(source));
    let texts = again.map(|(number, source)| Arc::new(TextFile::new(Arc::clone(path), source, number)));
    let opened = source.and_then(|source| stream::open(source, progress));
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return part.skip(path, None, cannot_be_opened(&error)),
    };
    let compression = opened.compression;
    part.files.push(ReadFile {
        path: Arc::clone(path),
        location: Some(file.location.clone()),
        format: Format { kind: file.kind, compression },
        side: file.side,
        is_whole: true,
        stamp,
    });
    if opened.first.is_empty() && file.promised != Compression::None {
        // Not even an empty text compresses to nothing.
        let name = file.promised.name();
        return part.lose_rest(path, None, format!("the {name} stream is cut off: the file is empty"));
    }
    if file.kind == Kind::JsonLines {
        let mut head = Vec::new();
        let rest = stream::read_ahead(&mut head, opened.bytes, encoding::SAMPLE);
        let is_named = file.is_named;
        let file = texts.as_ref().filter(|_| compression == Compression::None);
        return Reader { table, wide: large.is_some(), file }.read(head, rest, compression, is_named, part);
    }
    #[cfg(feature = "parquet")]
    if file.kind == Kind::Parquet
        && compression == Compression::None
        && let Ok(source) = fs::File::open(&file.location)
        && is_file(&source)
    {
        progress.advance(file.bytes);
        return super::parquet::read(source, table, file.is_named, part);
    }
    let mut head = Vec::new();
    if compression == Compression::None && file.kind.is_one_document() {
        if file.bytes > TOO_LONG {
            return part.lose_rest(path, None, TOO_LONG_REASON);
        }
        head.reserve_exact(usize::try_from(file.bytes).unwrap_or(0));
    }
    read_kind(table, file.kind, file.is_named, head, opened.bytes, compression, part);
}

/// Reads a stream of any kind but JSON Lines.
fn read_kind(
    table: Table<'_>,
    kind: Kind,
    is_named: bool,
    mut head: Vec<u8>,
    rest: Bytes<'_>,
    compression: Compression,
    part: &mut Part,
) {
    match kind {
        Kind::Csv | Kind::Tsv => {
            let missing = encoding::SAMPLE.saturating_sub(head.len());
            let rest = stream::read_ahead(&mut head, rest, missing);
            delimited::read(table, kind == Kind::Tsv, is_named, head, rest, compression, part);
        }
        #[cfg(feature = "parquet")]
        Kind::Parquet => match stream::spool(head, rest) {
            Ok(file) => super::parquet::read(file, table, is_named, part),
            Err(error) => part.lose_rest(table.path, None, stream::describe(&error, compression)),
        },
        #[cfg(not(feature = "parquet"))]
        Kind::Parquet => part.pass_over(table.path, super::missing_feature(kind), is_named),
        #[cfg(feature = "warc")]
        Kind::Warc => super::warc::read(table, head, rest, compression, part),
        #[cfg(feature = "html")]
        Kind::Html => {
            if let Some(bytes) = plain::read_whole(table.path, head, rest, compression, part) {
                super::page::read(table, bytes, part);
            }
        }
        #[cfg(not(all(feature = "html", feature = "warc")))]
        Kind::Html | Kind::Warc => {
            part.pass_over(table.path, super::missing_feature(kind), is_named);
        }
        _ => plain::read(table, is_named, head, rest, compression, part),
    }
}

/// Reads standard input; `false` if there was nothing in it.
fn read_stdin(
    stdin: &mut (dyn Read + Send),
    insisted: Option<Kind>,
    plan: &Plan,
    progress: &dyn Progress,
    part: &mut Part,
) -> bool {
    let path: Arc<str> = "-".into();
    let opened = match stream::open(stdin, progress) {
        Ok(opened) => opened,
        Err(error) => {
            part.skip(&path, None, cannot_be_opened(&error));
            return true;
        }
    };
    if opened.first.is_empty() {
        let reason = "standard input is empty".to_owned();
        part.skipped.push(Skipped { path: "-".to_owned(), line: None, reason, is_error: false });
        return false;
    }
    let (mut head, mut rest) = (Vec::new(), opened.bytes);
    let compression = opened.compression;
    rest = stream::read_ahead(&mut head, rest, encoding::SAMPLE);
    let kind = insisted.or_else(|| Kind::of(&head));
    let noun = kind.map_or("line", noun);
    let table = Table { path: &path, plan, noun, side: Side::Subject };
    part.files.push(ReadFile {
        path: Arc::clone(&path),
        location: None,
        format: Format { kind: kind.unwrap_or(Kind::Text), compression },
        side: Side::Subject,
        is_whole: true,
        stamp: None,
    });
    if let Some(kind) = kind.filter(|kind| *kind != Kind::JsonLines) {
        read_kind(table, kind, true, head, rest, compression, part);
        return true;
    }
    let content = if kind.is_some() {
        Content::Json
    } else {
        loop {
            let before = head.len();
            rest = stream::read_ahead(&mut head, rest, before.max(encoding::SAMPLE));
            let ended = head.len() < before + before.max(encoding::SAMPLE);
            if let Some(content) = first_line(&head, ended, plan) {
                break content;
            }
        }
    };
    if content == Content::BrokenJson {
        let note = "read as one text: it begins with `{`, but its first line is not a JSON object";
        part.warn(&path, note);
    }
    if content == Content::Json {
        if let Some(file) = part.files.last_mut() {
            file.format.kind = Kind::JsonLines;
        }
        Reader { table, wide: true, file: None }.read(head, rest, compression, true, part);
    } else {
        plain::read(table, true, head, rest, compression, part);
    }
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Json,
    BrokenJson,
    Text,
}

/// What a stream without a name holds, by its first line with something in it; `None` if that is not there yet.
fn first_line(head: &[u8], ended: bool, plan: &Plan) -> Option<Content> {
    let text = match encoding::examine(head.get(..encoding::SAMPLE).unwrap_or(head)) {
        Opening::Binary(_) => return Some(Content::Text),
        Opening::Utf16 { encoding, mark } => {
            encoding.decode_without_bom_handling(head.get(mark..).unwrap_or_default()).0
        }
        Opening::Ascii { mark } => String::from_utf8_lossy(head.get(mark..).unwrap_or_default()),
    };
    let text = text.trim_start();
    if text.is_empty() && !ended {
        return None;
    }
    if !text.starts_with('{') {
        return Some(Content::Text);
    }
    let line = match text.split_once('\n') {
        Some((line, _)) => line,
        None if ended => text,
        None => return None,
    };
    Some(if Record::read(line, plan).is_ok() { Content::Json } else { Content::BrokenJson })
}

/// What some of the files gave.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) files: Vec<ReadFile>,
    pub(super) documents: Vec<Document>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) warnings: Vec<String>,
}

impl Part {
    /// Notes that a document, or more, was lost.
    pub(super) fn skip(&mut self, path: &str, line: Option<u64>, reason: impl Into<String>) {
        self.skipped.push(Skipped { path: path.to_owned(), line, reason: reason.into(), is_error: true });
    }

    /// Notes that the file at hand could not be read to its end.
    pub(super) fn lose_rest(&mut self, path: &str, line: Option<u64>, reason: impl Into<String>) {
        if let Some(file) = self.files.last_mut() {
            file.is_whole = false;
        }
        self.skip(path, line, reason);
    }

    /// Notes a file that gives no document; whether that is an error.
    pub(super) fn pass_over(&mut self, path: &str, reason: impl Into<String>, is_error: bool) {
        self.skipped.push(Skipped { path: path.to_owned(), line: None, reason: reason.into(), is_error });
    }

    /// Notes something that loses nothing.
    pub(super) fn warn(&mut self, path: &str, note: &str) {
        self.warnings.push(format!("{path}: {note}"));
    }

    fn and(mut self, mut other: Part) -> Part {
        if self.documents.is_empty() {
            mem::swap(&mut self.documents, &mut other.documents);
        }
        self.files.append(&mut other.files);
        self.documents.append(&mut other.documents);
        self.skipped.append(&mut other.skipped);
        self.warnings.append(&mut other.warnings);
        self
    }

    fn into_corpus(mut self) -> Corpus {
        tell_apart(&mut self.documents, &mut self.warnings);
        share_sources(&mut self.documents);
        self.documents.par_sort_unstable_by(order);
        self.documents.shrink_to_fit();
        let empty = self.documents.par_iter().filter(|document| document.text.is_blank()).count() as u64;
        self.skipped.sort();
        self.skipped.dedup();
        self.warnings.sort();
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        let Part { files, documents, skipped, warnings } = self;
        Corpus { files, documents, skipped, warnings, empty }
    }
}

/// The order of a corpus: dated documents by date, then undated ones; then id, path, line.
fn order(a: &Document, b: &Document) -> Ordering {
    let undated = (a.date.is_none(), b.date.is_none());
    undated
        .0
        .cmp(&undated.1)
        .then(a.date.cmp(&b.date))
        .then_with(|| (&a.id, &a.origin.path, a.record).cmp(&(&b.id, &b.origin.path, b.record)))
}

/// Holds each name of an outlet once.
fn share_sources(documents: &mut [Document]) {
    let mut names: AHashSet<Arc<str>> = AHashSet::new();
    for source in documents.iter_mut().filter_map(|document| document.source.as_mut()) {
        match names.get(source) {
            Some(name) => *source = Arc::clone(name),
            None => {
                names.insert(Arc::clone(source));
            }
        }
    }
}

/// Where a document is: an id that no other document's place is equal to.
fn place(document: &Document) -> EcoString {
    match document.record {
        Some(record) => eco_format!("{}#{record}", document.origin.path),
        None => EcoString::from(&*document.origin.path),
    }
}

/// Makes ids unique: documents with one id become `path#id`, and by their places where that does not tell them apart.
///
/// Each round moves at least one document of every group of equal ids one step towards its place, and places are
/// unique, so the rounds end. A corpus without equal ids costs one hash a document.
fn tell_apart(documents: &mut [Document], warnings: &mut Vec<String>) {
    let mut with_path: AHashSet<usize> = AHashSet::new();
    let mut named: Vec<(EcoString, Vec<usize>)> = Vec::new();
    let mut unnamed = 0_u64;
    let mut first_round = true;
    while !are_unique(documents) {
        let mut ranks: Vec<usize> = (0..documents.len()).collect();
        let key =
            |rank: &usize| documents.get(*rank).map(|document| (&document.id, &document.origin.path, document.record));
        ranks.par_sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let groups: Vec<Vec<usize>> = ranks
            .chunk_by(|a, b| key(a).map(|key| key.0) == key(b).map(|key| key.0))
            .filter(|group| group.len() > 1)
            .map(<[usize]>::to_vec)
            .collect();
        for group in groups {
            if first_round {
                if named.len() < NAMED_IDS {
                    let id = group.first().and_then(|rank| documents.get(*rank)).map(|document| document.id.clone());
                    named.push((id.unwrap_or_default(), group.clone()));
                } else {
                    unnamed += 1;
                }
            }
            for rank in group {
                let Some(document) = documents.get_mut(rank) else { continue };
                document.id = if with_path.insert(rank) && document.id != place(document) {
                    eco_format!("{}#{}", document.origin.path, document.id)
                } else {
                    place(document)
                };
            }
        }
        first_round = false;
    }
    for (id, group) in named {
        let ids = group.iter().filter_map(|rank| documents.get(*rank)).map(|document| document.id.as_str());
        let shown = ids.take(3).collect::<Vec<_>>().join(", ");
        let more = if group.len() > 3 { ", …" } else { "" };
        warnings
            .push(format!("the id {id:?} is given to {} documents; they are told apart as {shown}{more}", group.len()));
    }
    if unnamed > 0 {
        warnings.push(format!(
            "the ids: {unnamed} more ids are given to several documents each; they are told apart likewise"
        ));
    }
}

fn are_unique(documents: &[Document]) -> bool {
    // Where no two hashes are equal, no two ids are.
    let hash = |document: &Document| hash_text(&document.id, Purpose::Word);
    let mut hashes: Vec<u64> = documents.par_iter().with_min_len(1024).map(hash).collect();
    hashes.par_sort_unstable();
    let may_repeat = hashes.windows(2).any(|pair| pair[0] == pair[1]);
    drop(hashes);
    !may_repeat || {
        let mut seen = AHashSet::with_capacity(documents.len());
        documents.iter().all(|document| seen.insert(document.id.as_str()))
    }
}
