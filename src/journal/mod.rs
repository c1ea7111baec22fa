//! The journal of a cleaning: JSON Lines that say what went, why, and what stays in its place, and hold all that is
//! needed to undo it. Version 1.
//!
//! One object a line, told apart by `type`:
//!
//! - `begin`: the schema, the program, and the parameters that decided what goes.
//! - `file`: a file that was cleaned; what follows, up to its `end-of-file`, is about it, in the order of the file.
//! - `removal`: a document, or a part of one, that went: by which rule, for what reason in words, what stays in its place,
//!   and the evidence. Offsets are bytes of the document's text as it was. In a marked corpus nothing went, and the
//!   removals tell what is marked.
//! - `bytes`: what was in the unpacked file at a place (`at`, counted in the original) and is not any more, and how many
//!   bytes were put there instead.
//! - `row-group`: for a Parquet file, what undoes the changes of one of its row groups: the rows that went, as a small
//!   Parquet file in Base64, and the texts that were changed.
//! - `end-of-file`: how many bytes the file had and has, with their XXH3 (128 bits): restoring checks both.
//! - `end`: what went in all, and the length and XXH3 of all lines before it. A journal without it is not whole.
//!
//! **Restoring** needs no knowledge of formats: the bytes of a cleaned file and those of the journal, put together by
//! their places, are the original. Only of Parquet files the rows are put together, not the bytes. See [`restore`].

mod restore;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

pub use restore::{Cleaned, RestoreError, Restored, restore};

use crate::document::Corpus;
use crate::finding::{Ratio, Span};
use crate::input::{Compression, Digest, Patch};
use crate::removal::{Reason, Removal};
use crate::report::excerpt::clip;

/// The name and version of the format.
pub const SCHEMA: &str = "dittograph.removed.v1";

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Line {
    /// The first line.
    Begin {
        /// [`SCHEMA`].
        schema: String,
        /// The program that wrote it.
        tool: Tool,
        /// What decided which text goes.
        parameters: Parameters,
    },
    /// A file begins.
    File {
        /// As it was reached from the command line.
        path: String,
        /// Where it is below the folder of cleaned files; also its place among restored ones.
        output: String,
        /// Whether it was written; a file whose only document went was not.
        written: bool,
        /// What it holds, such as `jsonl`.
        format: String,
        /// How it is packed; empty if it is not.
        compression: String,
    },
    /// Something that went.
    Removal(Box<RemovalLine>),
    /// Bytes that are not there any more.
    Bytes {
        /// Where they were in the unpacked file.
        at: u64,
        /// The bytes, if they are UTF-8.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        removed: Option<String>,
        /// The bytes in base64, if they are not.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        removed_base64: Option<String>,
        /// How many bytes are there instead.
        #[serde(skip_serializing_if = "is_zero", default)]
        written: u64,
    },
    /// What undoes the changes of a row group of a Parquet file.
    RowGroup {
        /// Rows and values, as the module for that format wrote them.
        undo: serde_json::Value,
    },
    /// The file ends.
    EndOfFile {
        /// The unpacked file as it was.
        original: DigestLine,
        /// The unpacked file as it is.
        cleaned: DigestLine,
    },
    /// The last line.
    End {
        /// What went in all, by rule.
        removed: Vec<Total>,
        /// Documents there were.
        documents: u64,
        /// Documents that went.
        documents_removed: u64,
        /// Bytes of text there were.
        bytes: u64,
        /// Bytes of text that went.
        bytes_removed: u64,
        /// The lines before this one.
        lines: DigestLine,
    },
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The program that wrote a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What decided which text goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Rules that were removed.
    pub remove: Vec<String>,
    /// Which copy stays.
    pub keep: String,
    /// Whether each source keeps one.
    pub keep_per_source: bool,
    /// `none` or `one`.
    pub keep_furniture: String,
    /// The preset.
    pub preset: String,
    /// Shortest passage in words.
    pub min_words: u32,
    /// Resemblance asked of near-duplicates.
    pub similarity: Option<f64>,
    /// Whether text was marked, not removed.
    pub mark: bool,
    /// The form in which documents were written, if it is another than that of their files.
    pub output_format: Option<String>,
}

/// A document, or a part of one, that went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemovalLine {
    /// Id of the document.
    pub document: String,
    /// Its line, row or record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// What the text is that offsets refer to: `original`, `decoded` or `extracted`.
    pub text: String,
    /// `near-duplicate`, `contained`, `doubled-text`, `shared-passage`, `boilerplate` or `emptied`.
    pub rule: String,
    /// The reason in words.
    pub reason: String,
    /// Id of the cluster or finding.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// First byte of the part; none if the whole document went.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<u32>,
    /// One past its last byte.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<u32>,
    /// First and last words of what went.
    pub excerpt: String,
    /// Tokens that went.
    pub tokens: u32,
    /// What stays.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kept: Option<Kept>,
    /// Share of what went that stands in what stays, and for documents of what stays that stood in what went.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub coverage: Vec<f64>,
    /// Resemblance of the two documents.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resemblance: Option<f64>,
    /// In how many places a piece of boilerplate stands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub places: Option<u32>,
}

/// What stays in the place of what went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Id of the document.
    pub document: String,
    /// First byte of the part; none if it is the whole document.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<u32>,
    /// One past its last byte.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<u32>,
}

/// A number of bytes and their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// How many.
    pub bytes: u64,
    /// XXH3 of 128 bits, as 32 hexadecimal digits.
    pub xxh3: String,
}

/// What went for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// The rule, or `emptied`.
    pub rule: String,
    /// Whole documents.
    pub documents: u64,
    /// Parts of documents.
    pub parts: u64,
    /// Tokens.
    pub tokens: u64,
    /// Bytes of text.
    pub bytes: u64,
}

impl From<Digest> for DigestLine {
    fn from(digest: Digest) -> Self {
        DigestLine { bytes: digest.bytes, xxh3: format!("{:032x}", digest.hash) }
    }
}

impl Line {
    /// The line of a patch.
    pub fn of_patch(patch: &Patch) -> Self {
        let (removed, removed_base64) = match std::str::from_utf8(&patch.old) {
            Ok(text) => (Some(text.to_owned()), None),
            Err(_) => (None, Some(STANDARD.encode(&patch.old))),
        };
        Line::Bytes { at: patch.at, removed, removed_base64, written: patch.new }
    }

    /// Writes it with its line end.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

/// The first and last words of a text, in one line.
fn excerpt(text: &str) -> String {
    let shown = clip(text, 46, 24).join(" … ");
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a compression in a journal.
pub(crate) fn compression_named(name: &str) -> Option<Compression> {
    Compression::ALL.into_iter().find(|compression| compression.name() == name)
}

impl RemovalLine {
    /// Tells of a removal.
    pub fn of(removal: &Removal, corpus: &Corpus) -> Self {
        let document = &corpus.documents[removal.document as usize];
        let id = |rank: u32| corpus.documents[rank as usize].id.to_string();
        let part = |rank: u32, span: Option<Span>| Kept {
            document: id(rank),
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
        };
        let text = document.text.read();
        let part_of_text = match removal.span {
            Some(span) => &text[span.start as usize..span.end as usize],
            None => &text,
        };
        let mut line = RemovalLine {
            document: document.id.to_string(),
            line: document.record.map(u64::from),
            text: document.origin.derivation.name().to_owned(),
            excerpt: excerpt(part_of_text),
            rule: removal.reason.name().to_owned(),
            reason: String::new(),
            id: None,
            start: removal.span.map(|span| span.start),
            end: removal.span.map(|span| span.end),
            tokens: removal.tokens,
            kept: None,
            coverage: Vec::new(),
            resemblance: None,
            places: None,
        };
        let percent = |ratio: Ratio| ratio.thousandths() / 10;
        match &removal.reason {
            Reason::Document { cluster, kept, coverage, resemblance, .. } => {
                line.id = Some(format!("{cluster:016x}"));
                line.kept = Some(part(*kept, None));
                line.coverage = coverage.map(Ratio::value).to_vec();
                line.resemblance = Some(resemblance.value());
                line.reason = format!("{} % of it stands in {}", percent(coverage[0]), id(*kept));
            }
            Reason::Passage { finding, kept, kept_span, coverage, .. } => {
                line.id = Some(format!("{finding:016x}"));
                line.kept = Some(part(*kept, Some(*kept_span)));
                line.coverage = vec![coverage.value()];
                let place =
                    if *kept == removal.document { "elsewhere in it".to_owned() } else { format!("in {}", id(*kept)) };
                line.reason = format!("{} % of these words stand {place}", percent(*coverage));
            }
            Reason::Boilerplate { finding, kept, places } => {
                line.id = Some(format!("{finding:016x}"));
                line.kept = kept.map(|(rank, span)| part(rank, Some(span)));
                line.places = Some(*places);
                line.reason = match places {
                    1 => "a line among what the pages of its source share".to_owned(),
                    _ => format!("text of pages, not of a story: it stands in {places} places"),
                };
            }
            Reason::Emptied => line.reason = "no word of it was left".to_owned(),
        }
        line
    }
}
