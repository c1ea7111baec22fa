//! Storage: sequences of records that are held in memory, and go on in a temporary file where they would be too many.
//!
//! **Idea.** What is kept of each document between two stages (keys of its units, its sketch) is small, but there may be
//! millions of documents. It is written once, in the order of the work, and read again as a whole, a few times: so what
//! would go beyond the limit is appended to a file, and read from there. Who needs records sorted takes those of one
//! range of keys after the other instead of sorting on disk.
//!
//! What is held lies in chunks that are asked of the system one by one, and given back to it: records of one kind are
//! gone before those of the next are made, and an allocator would rather keep what it once had.
//!
//! **Results** are the same wherever a record is.
//!
//! **Errors.** If a file cannot be written or read, its records are taken for zeros, and the failure is noted; whoever
//! makes results of them asks for [`Storage::failure`] first. The file has no name where the system allows that, and is
//! gone with the process, however that ends.
//!
//! **Cost.** One call to the system for what is written or read at once; as much disk as there are bytes beyond half
//! of the limit: the other half is for what is made of the records.

use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytemuck::{Pod, cast_slice, cast_slice_mut};
use memmap2::MmapMut;

/// Bytes that are gathered at once for one range of keys, at least.
const LEAST_RANGE: u64 = 4 << 20;
/// Ranges there are at most, if memory allows.
const MOST_RANGES: u64 = 32;

/// Pairs of documents are shown in so many parts, at most, if memory allows.
const MOST_PASSES: u64 = 8;
/// Pairs that are at hand at once, at least, if memory allows: 16 bytes each while they are sorted.
const LEAST_VOTES: u64 = 1 << 16;

/// Where records are kept.
#[derive(Debug, Clone)]
pub struct Storage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Bytes that may be in use.
    limit: u64,
    folder: PathBuf,
    held: AtomicU64,
    written: AtomicU64,
    failure: OnceLock<String>,
}

impl Default for Storage {
    /// Everything is held.
    fn default() -> Self {
        Storage::new(u64::MAX, PathBuf::new())
    }
}

impl Storage {
    /// Storage that uses so many bytes of memory for records, and has the rest in files in a folder.
    pub fn new(limit: u64, folder: PathBuf) -> Self {
        let (held, written) = (AtomicU64::new(0), AtomicU64::new(0));
        Storage(Arc::new(Inner { limit, folder, held, written, failure: OnceLock::new() }))
    }

    /// Why records were lost, if some were.
    pub fn failure(&self) -> Option<String> {
        self.0.failure.get().cloned()
    }

    /// Bytes that were written to files.
    pub fn written(&self) -> u64 {
        self.0.written.load(Ordering::Relaxed)
    }

    /// How many of all pairs of documents are to be at hand at once.
    pub(crate) fn votes(&self, all: u64) -> u64 {
        let most = (self.0.limit / 4 / 16).max(LEAST_VOTES / 2);
        LEAST_VOTES.max(all / MOST_PASSES).min(most)
    }

    /// In how many ranges of keys so many bytes of records are gathered, if each of the threads is at one: a small part
    /// of the limit, but as few as is good for the cache.
    pub(crate) fn ranges(&self, bytes: u64) -> u64 {
        let threads = rayon::current_num_threads() as u64;
        let most = (self.0.limit / 4 / threads).max(1 << 20);
        bytes.div_ceil(LEAST_RANGE.max(bytes / MOST_RANGES).min(most)).max(1)
    }

    /// How many threads may gather so many bytes each.
    pub(crate) fn at_once(&self, bytes: u64) -> u64 {
        (self.0.limit / 4 / bytes.max(1)).clamp(1, rayon::current_num_threads() as u64)
    }

    /// Room for records.
    pub(crate) fn sequence<T: Pod>(&self) -> Sequence<T> {
        Sequence { storage: self.clone(), chunks: Vec::new(), held: 0, file: None, count: 0, records: PhantomData }
    }

    fn fail(&self, what: &str, error: &io::Error) {
        let folder = self.0.folder.display();
        let advice = "name another folder with --temp-dir, or allow more with --max-memory";
        // The first reason tells most.
        let _ = self.0.failure.set(format!("a temporary file in {folder} {what}: {error}; {advice}"));
    }
}

/// Records in a row: the first are held, the rest may be in a file.
#[derive(Debug)]
pub(crate) struct Sequence<T> {
    storage: Storage,
    chunks: Vec<MmapMut>,
    /// How many are held.
    held: usize,
    /// Made when the first record does not fit.
    file: Option<File>,
    count: usize,
    records: PhantomData<T>,
}

impl<T: Pod> Sequence<T> {
    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Appends records.
    pub(crate) fn push(&mut self, records: &[T]) {
        let bytes = size_of_val(records) as u64;
        let inner = Arc::clone(&self.storage.0);
        let may_hold = self.held == self.count && {
            let held = inner.held.fetch_add(bytes, Ordering::Relaxed) + bytes;
            let may_hold = held <= inner.limit / 2 && self.make_room(records.len()).is_ok();
            if !may_hold {
                inner.held.fetch_sub(bytes, Ordering::Relaxed);
            }
            may_hold
        };
        if may_hold {
            self.hold(records);
        } else if !records.is_empty() {
            inner.written.fetch_add(bytes, Ordering::Relaxed);
            self.write(records);
        }
        self.count += records.len();
    }

    /// Makes room for more held records.
    fn make_room(&mut self, more: usize) -> io::Result<()> {
        while self.chunks.len() * Self::CHUNK < self.held + more {
            self.chunks.push(MmapMut::map_anon(Self::CHUNK * size_of::<T>())?);
        }
        Ok(())
    }

    fn hold(&mut self, mut records: &[T]) {
        while !records.is_empty() {
            let (chunk, first) = (self.held / Self::CHUNK, self.held % Self::CHUNK);
            let (here, rest) = records.split_at(records.len().min(Self::CHUNK - first));
            cast_slice_mut(&mut self.chunks[chunk])[first..first + here.len()].copy_from_slice(here);
            self.held += here.len();
            records = rest;
        }
    }

    fn write(&mut self, records: &[T]) {
        if self.file.is_none() {
            let file = tempfile::tempfile_in(&self.storage.0.folder);
            self.file = file.map_err(|error| self.storage.fail("cannot be made", &error)).ok();
        }
        let place = ((self.count - self.held) * size_of::<T>()) as u64;
        if let Some(file) = &self.file
            && let Err(error) = write_all_at(file, place, cast_slice(records))
        {
            self.storage.fail("cannot be written", &error);
        }
    }

    /// Some records; a buffer takes them if they do not lie side by side in memory.
    pub(crate) fn read<'r>(&'r self, range: Range<usize>, buffer: &'r mut Vec<T>) -> &'r [T] {
        let in_chunk = |at: usize, end: usize| -> &'r [T] {
            let (chunk, first) = (at / Self::CHUNK, at % Self::CHUNK);
            &cast_slice(&self.chunks[chunk])[first..(first + end - at).min(Self::CHUNK)]
        };
        let end = range.end.min(self.held);
        if !range.is_empty() && end == range.end && in_chunk(range.start, end).len() == range.len() {
            return in_chunk(range.start, end);
        }
        buffer.clear();
        let mut at = range.start;
        while at < end {
            let here = in_chunk(at, end);
            buffer.extend_from_slice(here);
            at += here.len();
        }
        let from = buffer.len();
        buffer.resize(range.len(), T::zeroed());
        if at < range.end
            && let Some(file) = &self.file
            && let Err(error) =
                read_exact_at(file, ((at - self.held) * size_of::<T>()) as u64, cast_slice_mut(&mut buffer[from..]))
        {
            self.storage.fail("cannot be read", &error);
        }
        buffer
    }

    /// Forgets all records.
    pub(crate) fn clear(&mut self) {
        self.release();
        (self.chunks, self.held, self.file, self.count) = (Vec::new(), 0, None, 0);
    }
}

impl<T> Sequence<T> {
    /// Records of a chunk. (Tests should meet many.)
    const CHUNK: usize = if cfg!(test) { 1 << 7 } else { 1 << 20 } / size_of::<T>();

    fn release(&self) {
        self.storage.0.held.fetch_sub((self.held * size_of::<T>()) as u64, Ordering::Relaxed);
    }
}

impl<T> Drop for Sequence<T> {
    fn drop(&mut self) {
        self.release();
    }
}

/// Where temporary files go if nobody says otherwise.
pub fn default_folder() -> PathBuf {
    std::env::temp_dir()
}

#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(unix)]
fn write_all_at(file: &File, start: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, start)
}

#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut start: u64, mut bytes: &mut [u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, start)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        start += count as u64;
        bytes = &mut bytes[count..];
    }
    Ok(())
}

#[cfg(windows)]
fn write_all_at(file: &File, mut start: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_write(file, bytes, start)?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        start += count as u64;
        bytes = &bytes[count..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_are_read_as_they_were_kept(
            pieces in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..50), 0..20),
            limit in 0u64..9000,
            ranges in prop::collection::vec((0usize..900, 0usize..300), 10),
        ) {
            let storage = Storage::new(limit, default_folder());
            let (mut sequence, mut other) = (storage.sequence(), storage.sequence());
            for piece in &pieces {
                sequence.push(piece);
                other.push(&[7u32]);
            }
            let all = pieces.concat();
            prop_assert_eq!(sequence.len(), all.len());
            let mut buffer = Vec::new();
            for (start, count) in ranges {
                let start = start.min(all.len());
                let end = (start + count).min(all.len());
                prop_assert_eq!(&all[start..end], sequence.read(start..end, &mut buffer));
            }
            let mut sevens = Vec::new();
            prop_assert_eq!(other.read(0..pieces.len(), &mut sevens), vec![7; pieces.len()]);
            prop_assert!(storage.0.held.load(Ordering::Relaxed) <= limit / 2);
            let bytes = 8 * all.len() + 4 * pieces.len();
            prop_assert_eq!(storage.written() + storage.0.held.load(Ordering::Relaxed), bytes as u64);
            sequence.clear();
            prop_assert_eq!(sequence.len(), 0);
            drop(other);
            prop_assert_eq!(storage.0.held.load(Ordering::Relaxed), 0);
            prop_assert_eq!(storage.failure(), None);
        }
    }

    #[test]
    fn held_records_of_two_chunks_are_read_though_there_is_a_file() {
        let storage = Storage::new(400, default_folder());
        let mut sequence = storage.sequence();
        sequence.push(&[1u64; 24]);
        sequence.push(&[2u64; 24]);
        assert_eq!((sequence.held, sequence.len()), (24, 48));
        assert_eq!(sequence.read(15..17, &mut Vec::new()), [1; 2]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let storage = Storage::new(0, "/no/such/folder".into());
        let mut sequence = storage.sequence();
        sequence.push(&[1u32]);
        assert_eq!(sequence.read(0..1, &mut Vec::new()), [0]);
        let failure = storage.failure().unwrap();
        assert!(failure.starts_with("a temporary file in /no/such/folder cannot be made: "), "{failure}");
    }
}
