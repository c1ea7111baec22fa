//! Documents and the corpus: what the input stage hands on, and all that later stages know of files.
//!
//! A [`Document`] is one text with what is known about it. A [`Corpus`] is the list of documents in the one order
//! that every later decision uses: by date where one is known (undated documents last), then by id (bytes), then by
//! path and line. So shuffled arguments, or shuffled lines with unique ids, give the same corpus, and a document's
//! *rank* (its place in this order) is a stable integer name for it within a run.

use std::num::NonZeroU64;
use std::sync::Arc;

use ecow::EcoString;

use crate::ScanError;
use crate::date::PublicationDate;
use crate::input::ReadFile;
pub use crate::texts::Text;

/// One text with an id and, where known, its source, date, address and title. There may be millions: 120 bytes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The document's own id where it has one, else its path, else `path#line`; unique within a corpus.
    pub id: EcoString,
    /// Where it was read from, and in which form it was there.
    pub origin: Arc<Origin>,
    /// The line, row or record (from 1) within a file of many documents; `None` where the file is the document.
    pub record: Option<NonZeroU64>,
    /// Outlet or site, where known. Documents with one source share their furniture.
    pub source: Option<Arc<str>>,
    /// Publication date with the precision it was given in.
    pub date: Option<PublicationDate>,
    /// Address and title, if there is either.
    pub label: Option<Box<Label>>,
    /// The text, which all spans refer to by byte offsets. Under 4 GiB.
    pub text: Text,
}

/// Where documents were read from: equal for all of a file, or nearly all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file, as reached from the command line; `-` for standard input.
    pub path: Arc<str>,
    /// Character encoding that the bytes were in, as WHATWG names it in lower case (`utf-8`, `windows-1252`,
    /// `utf-16le`).
    pub encoding: &'static str,
    /// Whether the text is what the file, or the JSON string, holds, or was decoded from other bytes.
    pub derivation: Derivation,
    /// What the documents are there for.
    pub side: Side,
}

/// What stands beside a text and is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// Address of the page.
    pub url: Option<Box<str>>,
    /// Title.
    pub title: Option<Box<str>>,
}

impl Document {
    /// The line, row or record (from 1) where it names the document; `None` where the file is the document, and where
    /// the document has an id of its own, so that shuffled lines give the same report.
    pub fn line(&self) -> Option<NonZeroU64> {
        self.record.filter(|_| self.is_named_by_place())
    }

    /// Whether the id is where the document is.
    fn is_named_by_place(&self) -> bool {
        self.id.strip_prefix(&*self.origin.path).is_some_and(|rest| match self.record {
            Some(record) => rest.strip_prefix('#').is_some_and(|number| *number == *record.to_string()),
            None => rest.is_empty(),
        })
    }

    /// The id that it was given, without what tells it apart from another one of that id.
    pub fn own_id(&self) -> Option<&str> {
        if self.is_named_by_place() {
            return None;
        }
        let rest = self.id.strip_prefix(&*self.origin.path).and_then(|rest| rest.strip_prefix('#'));
        Some(rest.unwrap_or(&self.id))
    }

    /// Address of the page.
    pub fn url(&self) -> Option<&str> {
        self.label.as_ref()?.url.as_deref()
    }

    /// Title given beside the text.
    pub fn title(&self) -> Option<&str> {
        self.label.as_ref()?.title.as_deref()
    }
}

impl Origin {
    /// A file of UTF-8.
    pub fn plain(path: &str) -> Arc<Self> {
        Arc::new(Origin { path: path.into(), encoding: "utf-8", derivation: Derivation::Original, side: Side::Subject })
    }
}

/// What a document is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// To be reported on, cleaned, traced.
    Subject,
    /// To be compared with; nothing is removed from it, and nothing is told of it alone.
    Reference,
    /// It was named as both.
    Both,
}

impl Side {
    /// Whether something is to be told of it.
    pub fn is_subject(self) -> bool {
        self != Side::Reference
    }

    /// Whether others are to be compared with it.
    pub fn is_reference(self) -> bool {
        self != Side::Subject
    }
}

/// How a document's text relates to the bytes that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// The bytes of the file, so that spans can be cut from it; or the value of a JSON string in UTF-8, whose spans
    /// refer to the value (escapes resolved), not to the line that it stands in.
    Original,
    /// Decoded from another encoding, with invalid bytes replaced, or with a byte order mark cut off: spans refer to
    /// the decoded text, and offsets in the file differ.
    Decoded,
    /// What a reader sees of a page: spans refer to that, and the page has markup between.
    Extracted,
}

impl Derivation {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Derivation::Original => "original",
            Derivation::Decoded => "decoded",
            Derivation::Extracted => "extracted",
        }
    }
}

#[cfg(test)]
impl Document {
    /// A text of which nothing else is known.
    pub(crate) fn of_text(text: &str) -> Self {
        Document {
            id: EcoString::new(),
            origin: Origin::plain(""),
            record: None,
            source: None,
            date: None,
            label: None,
            text: text.into(),
        }
    }
}

/// All documents of a run in their fixed order, and what could not be read.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// The files that were read, ordered by path.
    pub files: Vec<ReadFile>,
    /// Documents, ordered by date (undated last), then id, path, line.
    pub documents: Vec<Document>,
    /// Inputs that could not be read, or were passed over, each with its reason; ordered by path and line.
    pub skipped: Vec<Skipped>,
    /// Things a user should know that lose nothing: a decoded encoding, a duplicate id told apart; ordered.
    pub warnings: Vec<String>,
    /// Documents read that have no text in them at all (they stay in `documents`).
    pub empty: u64,
}

impl Corpus {
    /// Why texts that were left in their files could not be read again, if some could not: what was made of this
    /// corpus is worth nothing then.
    pub fn failure(&self) -> Option<String> {
        let mut last = None;
        let files = self.documents.iter().filter_map(|document| document.text.place()).map(|place| &place.file);
        files.filter(|file| last.replace(file.number()) != Some(file.number())).find_map(|file| file.failure())
    }

    /// Fails if they could not.
    ///
    /// # Errors
    /// With what [`failure`](Self::failure) tells.
    pub fn check(&self) -> Result<(), ScanError> {
        self.failure().map_or(Ok(()), |failure| Err(ScanError::Changed(failure)))
    }
}

/// One input that did not become a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file.
    pub path: String,
    /// The line (1-based) where the trouble was, if it is one line's.
    pub line: Option<u64>,
    /// What was wrong, in words, with how to mend it where that is known.
    pub reason: String,
    /// Whether it decides the exit code (a file that could not be read) or is only counted (no known type on a walk).
    pub is_error: bool,
}
