//! Candidates: for each occurrence of a passage in a document, who else may have said it first.
//!
//! **Idea.** A passage may stand in thousands of documents. Most of them cannot be the source of one that is looked
//! at: they came later. So of each passage a few are kept, one a work: those of agencies first, then the earliest by
//! date, then those without a date, by rank. Every other document is compared with these alone, so that work is linear
//! in the occurrences.
//!
//! **Gives up.** Closeness is compared among [`MOST`] candidates only.

use rayon::prelude::*;

use crate::alignment::Alignment;
use crate::document::Corpus;
use crate::imprint::Agencies;
use crate::matches::Place;
use crate::passages::{self, Passage, find_likest};
use crate::text::{Layout, count_words};

/// Candidates that are kept for a passage, and one for whoever is a candidate himself.
pub(super) const MOST: usize = 8;

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
    pub(super) agencies: &'a Agencies,
    /// Shortest passage, in words.
    pub(super) min_words: u32,
    /// So many documents, the first, may be sources.
    pub(super) sources: usize,
}

impl Candidates<'_> {
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

    /// The candidates of a passage, best first, one a work.
    fn shortlist<'p>(
        &self,
        occurrences: impl Iterator<Item = &'p passages::Occurrence>,
    ) -> Vec<&'p passages::Occurrence> {
        let may_be_source = |occurrence: &&passages::Occurrence| (occurrence.place.document as usize) < self.sources;
        let mut candidates: Vec<_> = occurrences.filter(may_be_source).collect();
        candidates.sort_by_cached_key(|occurrence| {
            let document = &self.corpus.documents[occurrence.place.document as usize];
            let is_of_agency = document.source.as_deref().is_some_and(|name| self.agencies.of_source(name).is_some())
                || document.url().is_some_and(|address| self.agencies.of_address(address).is_some());
            let date = document.date.map_or((true, 0), |date| (false, date.latest));
            (!is_of_agency, date, occurrence.place.document)
        });
        let mut taken = Vec::with_capacity(MOST + 1);
        candidates.retain(|occurrence| {
            let work = self.works[occurrence.place.document as usize];
            let is_kept = taken.len() <= MOST && !taken.contains(&work);
            if is_kept {
                taken.push(work);
            }
            is_kept
        });
        candidates
    }
}
