//! Postings: records with one key side by side, and for each document its own records with their neighbours in view.
//!
//! **Idea.** Sorting puts equal keys together; no hash map, no order that depends on threads. A document looks from
//! each of its records at the *earlier* records of the same key. A rare key shows them all. A frequent key shows a
//! window: the earliest [`FIRST`] and the latest [`LAST`] before it, so the work for a key of n records is O(n), never
//! O(n²), and yet all documents of a key see the same few earliest ones and meet there.
//!
//! **Cost.** 16 bytes a record and 4 for the way from a document to its records; one sort.
//!
//! **Gives up.** What a frequent key's window leaves out; [`Postings::hidden`] counts it.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

/// A key at a place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record {
    pub(crate) key: u64,
    pub(crate) document: u32,
    /// Token position, or any number of the caller's.
    pub(crate) position: u32,
}

/// Earliest records of a frequent key that every later record sees.
pub(crate) const FIRST: usize = 16;
/// Records just before its own that a record of a frequent key sees.
pub(crate) const LAST: usize = 16;

/// Records sorted by key, document, position.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    /// After sorting, `key` holds where the records of that key begin.
    records: Vec<Record>,
    by_document: Vec<u32>,
    offsets: Vec<usize>,
}

impl Postings {
    /// Sorts records; `documents` is the number of documents they come from.
    ///
    /// # Panics
    /// With 2³² records or more, which is far beyond what fits the documents' own limits in memory.
    pub(crate) fn build(mut records: Vec<Record>, documents: usize) -> Self {
        assert!(u32::try_from(records.len()).is_ok(), "more than 2^32 records in one run");
        records.par_sort_unstable();
        records.dedup();
        // The keys have done their work: the start of the group takes their place.
        let mut start = 0;
        let mut key = None;
        for (index, record) in records.iter_mut().enumerate() {
            if key != Some(record.key) {
                key = Some(record.key);
                start = index;
            }
            record.key = start as u64;
        }
        // Counting sort by document; within one, records of equal positions stay in the order of their keys.
        let mut offsets = vec![0; documents + 1];
        records.iter().for_each(|record| offsets[record.document as usize + 1] += 1);
        for document in 0..documents {
            offsets[document + 1] += offsets[document];
        }
        let mut next = offsets.clone();
        let mut by_document = vec![0; records.len()];
        for (index, record) in records.iter().enumerate() {
            let place = &mut next[record.document as usize];
            by_document[*place] = index as u32;
            *place += 1;
        }
        let mut rest = by_document.as_mut_slice();
        let mut of_documents = Vec::with_capacity(documents);
        for ends in offsets.windows(2) {
            let (of_document, others) = rest.split_at_mut(ends[1] - ends[0]);
            of_documents.push(of_document);
            rest = others;
        }
        of_documents.into_par_iter().for_each(|of_document| {
            let position = |index: &u32| records[*index as usize].position;
            if !of_document.is_sorted_by_key(position) {
                of_document.sort_by_key(position);
            }
        });
        Postings { records, by_document, offsets }
    }

    /// Number of records.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The numbers of a document's records, by position.
    pub(crate) fn of(&self, document: usize) -> &[u32] {
        &self.by_document[self.offsets[document]..self.offsets[document + 1]]
    }

    /// A record by its number.
    pub(crate) fn record(&self, number: u32) -> &Record {
        &self.records[number as usize]
    }

    /// The record of the same key just before it, if it is of the same document.
    pub(crate) fn previous_in_document(&self, number: u32) -> Option<&Record> {
        let record = self.record(number);
        let previous = (number as usize).checked_sub(1).filter(|index| *index as u64 >= record.key)?;
        Some(&self.records[previous]).filter(|previous| previous.document == record.document)
    }

    /// Records of the same key in earlier documents, as far as the window shows them: the earliest, then the latest.
    pub(crate) fn earlier(&self, number: u32) -> (&[Record], &[Record]) {
        let (first, last) = self.windows(number);
        (&self.records[first], &self.records[last])
    }

    /// Records of the same key in earlier documents that the window leaves out.
    pub(crate) fn hidden(&self, number: u32) -> u64 {
        let (first, last) = self.windows(number);
        (last.start - first.end) as u64
    }

    fn windows(&self, number: u32) -> (Range<usize>, Range<usize>) {
        let record = self.record(number);
        let start = record.key as usize;
        // The first record of this key and document: they are sorted by document within the key.
        let group = &self.records[start..number as usize];
        let end = match group.last() {
            Some(before) if before.document == record.document => {
                start + group.partition_point(|other| other.document < record.document)
            }
            _ => number as usize,
        };
        let first = start..(start + FIRST).min(end);
        let last = end.saturating_sub(LAST).max(first.end)..end;
        (first, last)
    }
}

/// Which keys stand in more than one place: two bitmaps over the key's low bits. It forgets nothing and depends on no
/// order; a false *again* costs a record and nothing else.
pub(crate) struct SeenAgain {
    once: Vec<AtomicU64>,
    again: Vec<AtomicU64>,
    mask: u64,
}

impl SeenAgain {
    /// For about so many keys; 8 to 16 bits each.
    pub(crate) fn with_capacity(keys: usize) -> Self {
        let bits = (keys * 4).next_power_of_two().max(1 << 10);
        let words = || (0..bits / 64).map(|_| AtomicU64::new(0)).collect();
        SeenAgain { once: words(), again: words(), mask: bits as u64 - 1 }
    }

    /// Notes a key.
    pub(crate) fn mark(&self, key: u64) {
        let (word, bit) = self.place(key);
        // Relaxed suffices: each bit only ever goes up, and the result is read after the parallel pass has ended.
        if self.once[word].fetch_or(bit, Ordering::Relaxed) & bit != 0 {
            self.again[word].fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Whether a key was noted twice or more.
    pub(crate) fn again(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.again[word].load(Ordering::Relaxed) & bit != 0
    }

    fn place(&self, key: u64) -> (usize, u64) {
        let bit = key & self.mask;
        ((bit / 64) as usize, 1 << (bit % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_equal_the_naive_reading(raw in prop::collection::vec((0u64..4, 0u32..90, 0u32..3), 0..300)) {
            let records: Vec<Record> =
                raw.iter().map(|(key, document, position)| Record { key: *key, document: *document, position: *position }).collect();
            let mut naive = records.clone();
            naive.sort_unstable();
            naive.dedup();
            let postings = Postings::build(records, 90);
            prop_assert_eq!(postings.len(), naive.len());
            for document in 0..90u32 {
                for number in postings.of(document as usize) {
                    let record = naive[*number as usize];
                    prop_assert_eq!(record.document, document);
                    let earlier: Vec<(u32, u32)> = naive.iter()
                        .filter(|other| other.key == record.key && other.document < document)
                        .map(|other| (other.document, other.position)).collect();
                    let (first, last) = postings.earlier(*number);
                    let shown: Vec<(u32, u32)> = first.iter().chain(last).map(|other| (other.document, other.position)).collect();
                    prop_assert_eq!(shown.len() as u64 + postings.hidden(*number), earlier.len() as u64);
                    if earlier.len() <= FIRST + LAST {
                        prop_assert_eq!(shown, earlier);
                    } else {
                        prop_assert_eq!(&shown[..FIRST], &earlier[..FIRST]);
                        prop_assert_eq!(&shown[FIRST..], &earlier[earlier.len() - LAST..]);
                    }
                }
            }
        }
    }
}
