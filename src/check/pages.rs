//! Pages: the files that texts were extracted from, read once more for the places in them.
//!
//! Most pages are never asked for: those are that something is told of, and those with a comment for this program, for
//! which the bytes of every page are looked through. [`KEPT`] of them are held at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::rc::Rc;

use super::suppressions;
use crate::ScanError;
use crate::document::{Corpus, Derivation, Document};
use crate::input::{Compression, Source, open_unpacked};

/// Pages kept at a time.
const KEPT: usize = 64;

/// The pages of a corpus.
pub(super) struct Pages {
    files: BTreeMap<String, (PathBuf, Compression)>,
    read: RefCell<BTreeMap<String, Rc<Source>>>,
}

impl Pages {
    pub(super) fn of(corpus: &Corpus) -> Self {
        let located = corpus
            .files
            .iter()
            .filter_map(|file| Some((file.path.to_string(), (file.location.clone()?, file.format.compression))));
        Pages { files: located.collect(), read: RefCell::default() }
    }

    fn file(&self, document: &Document) -> Option<&(PathBuf, Compression)> {
        let is_page = document.record.is_none() && document.origin.derivation == Derivation::Extracted;
        self.files.get(&*document.origin.path).filter(|_| is_page)
    }

    /// The page that a document was taken from, if it is one.
    pub(super) fn of_document(&self, document: &Document) -> Result<Option<Rc<Source>>, ScanError> {
        let Some((location, compression)) = self.file(document) else { return Ok(None) };
        let path = &*document.origin.path;
        if let Some(page) = self.read.borrow().get(path) {
            return Ok(Some(Rc::clone(page)));
        }
        let page = Source::read(location, *compression, document.origin.encoding);
        let page = Rc::new(page.map_err(|error| changed(path, &error))?);
        let mut read = self.read.borrow_mut();
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(path.to_owned(), Rc::clone(&page));
        Ok(Some(page))
    }

    /// The same, if there is a comment for this program in it.
    pub(super) fn with_comments(&self, document: &Document) -> Result<Option<Rc<Source>>, ScanError> {
        let Some((location, compression)) = self.file(document) else { return Ok(None) };
        let mut bytes = Vec::new();
        let read = open_unpacked(location, *compression).and_then(|mut opened| opened.read_to_end(&mut bytes));
        read.map_err(|error| changed(&document.origin.path, &error))?;
        let is_addressed = memchr::memmem::find(&bytes, suppressions::NAME.as_bytes()).is_some();
        if is_addressed { self.of_document(document) } else { Ok(None) }
    }
}

fn changed(path: &str, error: &io::Error) -> ScanError {
    ScanError::Changed(format!("{path}: {error}"))
}
