//! Pages: the files that texts were extracted from, read once more for the places in them.
//!
//! Most pages are never asked for: those are that something is told of, and those with a comment for this program, for
//! which the bytes of every page are looked through. Each is read once for all that is asked of it, many at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _};
use std::path::PathBuf;

use rayon::prelude::*;

use super::suppressions;
use crate::ScanError;
use crate::document::{Corpus, Derivation, Document};
use crate::input::{Compression, Source, open_unpacked};
use crate::report::lines::Lines;

/// Where files are, by the path that documents have.
pub(super) type Files = BTreeMap<String, (PathBuf, Compression)>;

/// Where the files of a corpus are.
pub(super) fn locate(corpus: &Corpus) -> Files {
    let located = corpus
        .files
        .iter()
        .filter_map(|file| Some((file.path.to_string(), (file.location.clone()?, file.format.compression))));
    located.collect()
}

/// The file of a document, if that is a page which it was extracted from.
pub(super) fn file<'f>(files: &'f Files, document: &Document) -> Option<&'f (PathBuf, Compression)> {
    let is_page = document.record.is_none() && document.origin.derivation == Derivation::Extracted;
    files.get(&*document.origin.path).filter(|_| is_page)
}

/// The page of a document, if there is a comment for this program in it.
pub(super) fn read_addressed(files: &Files, document: &Document) -> Result<Option<Source>, ScanError> {
    let Some((location, compression)) = file(files, document) else { return Ok(None) };
    let mut bytes = Vec::new();
    let mut opened = open_unpacked(location, *compression).map_err(|error| changed(document, &error))?;
    opened.read_to_end(&mut bytes).map_err(|error| changed(document, &error))?;
    let has_signs_of_ascii = !document.origin.encoding.to_ascii_lowercase().starts_with("utf-16");
    if has_signs_of_ascii && !suppressions::may_be_addressed(&bytes) {
        return Ok(None);
    }
    read(files, document).map(Some)
}

fn read(files: &Files, document: &Document) -> Result<Source, ScanError> {
    let Some((location, compression)) = file(files, document) else {
        return Err(ScanError::Changed(document.origin.path.to_string()));
    };
    Source::read(location, *compression, document.origin.encoding).map_err(|error| changed(document, &error))
}

/// The lines (from 1) in their files of bytes of texts, of those documents that are pages.
pub(super) fn lines(
    corpus: &Corpus,
    asked: &BTreeMap<u32, BTreeSet<u32>>,
) -> Result<BTreeMap<(u32, u32), u64>, ScanError> {
    let files = locate(corpus);
    let of_page = |(rank, bytes): (&u32, &BTreeSet<u32>)| {
        let Some(document) = corpus.documents.get(*rank as usize) else { return Ok(Vec::new()) };
        if file(&files, document).is_none() {
            return Ok(Vec::new());
        }
        let page = read(&files, document)?;
        let lines = Lines::default();
        let line = |byte: &u32| ((*rank, *byte), lines.line(0, &page.page, page.place_of(*byte) as u32));
        Ok(bytes.iter().map(line).collect::<Vec<_>>())
    };
    let found = asked.par_iter().map(of_page).collect::<Result<Vec<_>, ScanError>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn changed(document: &Document, error: &io::Error) -> ScanError {
    ScanError::Changed(format!("{}: {error}", document.origin.path))
}
