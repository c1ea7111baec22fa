//! Candidates: for each occurrence of a passage in a document, who else may have said it first.
//!
//! **Idea.** A passage may stand in thousands of documents. Most of them cannot be the source of one that is looked
//! at: they came later. So of each passage a few are kept, one a work: the [`EARLIEST`] by date, as far as dates are
//! believed; the earliest of those from [`AGENCIES`]; then the next by date, and those without one by rank. Every other
//! document is compared with these alone, so that work is linear in the occurrences.
//!
//! **Memory.** An alignment for each occurrence and candidate.
//!
//! **Gives up.** Closeness is compared among [`MOST`] candidates only.

use ahash::AHashSet;
use rayon::prelude::*;

use super::witness::Witnesses;
use crate::alignment::Alignment;
use crate::document::Corpus;
use crate::matches::Place;
use crate::passages::{self, Passage, find_likest};
use crate::text::{Layout, count_words};

/// Candidates that a document is compared with. One more is kept for a passage, since who is a candidate himself is not
/// his own.
pub(super) const MOST: usize = 8;
/// Of those kept the earliest.
const EARLIEST: usize = 5;
/// And of agencies.
const AGENCIES: usize = 3;

/// A place of a target and one of another document that say the same.
#[derive(Debug, Clone)]
pub(super) struct Common {
    /// Number of the passage.
    pub(super) passage: u32,
    pub(super) target: Place,
    pub(super) source: Place,
    /// The source's words (`a`) against the target's (`b`), exactly as they stand.
    pub(super) alignment: Alignment,
}

/// What candidates are looked for in.
pub(super) struct Candidates<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) layouts: &'a [Layout],
    pub(super) works: &'a [u32],
    pub(super) witnesses: &'a Witnesses,
    /// Shortest passage, in words.
    pub(super) min_words: u32,
    /// So many documents, the first, may be sources.
    pub(super) sources: usize,
}

impl Candidates<'_> {
    /// The documents that have something in common with others.
    pub(super) fn involved(passages: &[Passage]) -> Vec<u32> {
        let documents = passages.iter().filter(|passage| {
            let documents = passage.occurrences.iter().map(|occurrence| occurrence.place.document);
            documents.clone().min() != documents.max()
        });
        let mut involved: Vec<u32> = documents
            .flat_map(|passage| passage.occurrences.iter().map(|occurrence| occurrence.place.document))
            .collect();
        involved.par_sort_unstable();
        involved.dedup();
        involved
    }

    /// Everything that targets may have from others, by target, then passage.
    pub(super) fn collect(&self, passages: &[Passage]) -> Vec<Common> {
        let mut common: Vec<Common> = passages
            .par_iter()
            .enumerate()
            .flat_map_iter(|(number, passage)| self.compare(number as u32, passage))
            .collect();
        common.par_sort_by_key(|common| (common.target.document, common.passage, common.source));
        common
    }

    fn tokens(&self, place: &Place) -> &[u32] {
        &self.layouts[place.document as usize].fingerprints[place.tokens()]
    }

    /// The occurrences of a passage against its candidates.
    fn compare(&self, number: u32, passage: &Passage) -> Vec<Common> {
        let representative = &passage.occurrences[passage.representative];
        if count_words(self.tokens(&representative.first_copy())) < self.min_words {
            return Vec::new();
        }
        let of_documents = || passage.occurrences.chunk_by(|one, other| one.place.document == other.place.document);
        let candidates = self.shortlist(of_documents().filter_map(find_likest));
        let mut common = Vec::new();
        for target in of_documents().filter_map(|of_document| of_document.first()) {
            let document = target.place.document as usize;
            if !self.corpus.documents[document].origin.side.is_subject() {
                continue;
            }
            let others =
                candidates.iter().filter(|source| self.works[source.place.document as usize] != self.works[document]);
            common.extend(others.take(MOST).map(|source| {
                let (source, target) = (source.first_copy(), target.first_copy());
                let alignment = Alignment::between(self.tokens(&source), self.tokens(&target));
                Common { passage: number, target, source, alignment }
            }));
        }
        common
    }

    /// The candidates of a passage, one a work.
    fn shortlist<'p>(
        &self,
        occurrences: impl Iterator<Item = &'p passages::Occurrence>,
    ) -> Vec<&'p passages::Occurrence> {
        let may_be_source = |occurrence: &&passages::Occurrence| (occurrence.place.document as usize) < self.sources;
        let mut by_age: Vec<_> = occurrences.filter(may_be_source).collect();
        by_age.sort_by_cached_key(|occurrence| {
            let document = occurrence.place.document;
            let date = self.witnesses.of(document).date.map_or((true, 0), |date| (false, date.latest));
            (date, document)
        });
        let mut works = AHashSet::with_capacity(by_age.len());
        by_age.retain(|occurrence| works.insert(self.works[occurrence.place.document as usize]));
        let mut kept: Vec<_> = by_age.iter().take(EARLIEST).copied().collect();
        let rest = || by_age.iter().skip(EARLIEST).copied();
        let is_of_agency =
            |occurrence: &&passages::Occurrence| self.witnesses.of(occurrence.place.document).agency.is_some();
        kept.extend(rest().filter(is_of_agency).take(AGENCIES));
        let known: Vec<u32> = kept.iter().map(|occurrence| occurrence.place.document).collect();
        let more = rest().filter(|occurrence| !known.contains(&occurrence.place.document));
        kept.extend(more.take((MOST + 1).saturating_sub(known.len())));
        kept
    }
}
