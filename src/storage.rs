//! Storage: runs of records that are held in memory, or in a temporary file where they would be too many.
//!
//! **Idea.** What is kept of each document between two stages (keys of its units, its sketch) is small, but there may be
//! millions of documents. It is written once, in the order of the work, and read again as a whole, a few times: so a run
//! that would go beyond the limit is appended to one file, and read from there. Who needs records sorted takes those of
//! one range of keys after the other (see [`Storage::ranges`]) instead of sorting on disk.
//!
//! **Results** are the same wherever a run is.
//!
//! **Errors.** If the file cannot be written or read, the run is taken for empty, and the failure is noted; whoever
//! makes results of runs asks for [`Storage::failure`] first. The file has no name where the system allows that, and is
//! gone with the process, however that ends.
//!
//! **Cost.** One call to the system for each run that is written or read; as much disk as there are bytes beyond the
//! limit.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytemuck::Pod;

/// Bytes that are gathered at once for one range of keys, at least.
const LEAST_RANGE: u64 = 4 << 20;
/// A range has at most this part of all, or it would take too many.
const MOST_RANGES: u64 = 32;

/// Pairs that are at hand at once: 16 bytes each while they are sorted.
const MOST_VOTES: u64 = 1 << 19;

/// Where records are kept.
#[derive(Debug, Clone)]
pub struct Storage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Bytes that may be held.
    limit: u64,
    folder: PathBuf,
    held: AtomicU64,
    /// Made when it is needed first.
    file: OnceLock<Option<File>>,
    /// Where the next run begins in the file.
    end: AtomicU64,
    failure: OnceLock<String>,
}

impl Default for Storage {
    /// Everything is held.
    fn default() -> Self {
        Storage::new(u64::MAX, PathBuf::new())
    }
}

impl Storage {
    /// Storage that holds so many bytes of records, and has the rest in a file in a folder.
    pub fn new(limit: u64, folder: PathBuf) -> Self {
        Storage(Arc::new(Inner {
            limit,
            folder,
            held: AtomicU64::new(0),
            file: OnceLock::new(),
            end: AtomicU64::new(0),
            failure: OnceLock::new(),
        }))
    }

    /// Why records were lost, if some were.
    pub fn failure(&self) -> Option<String> {
        self.0.failure.get().cloned()
    }

    /// Bytes that were written to the file.
    pub fn written(&self) -> u64 {
        self.0.end.load(Ordering::Relaxed)
    }

    /// Keeps some records.
    pub(crate) fn keep<T: Pod>(&self, records: &[T]) -> Run<T> {
        let inner = &self.0;
        let bytes = size_of_val(records) as u64;
        if inner.held.fetch_add(bytes, Ordering::Relaxed) + bytes <= inner.limit / 2 {
            return Run { form: Form::Held(records.into()), storage: self.clone() };
        }
        inner.held.fetch_sub(bytes, Ordering::Relaxed);
        let start = inner.end.fetch_add(bytes, Ordering::Relaxed);
        let written = match inner.file.get_or_init(|| inner.create()) {
            Some(file) => write_all_at(file, start, bytemuck::cast_slice(records)),
            None => Ok(()),
        };
        if let Err(error) = written {
            inner.fail("cannot be written", &error);
        }
        Run { form: Form::InFile { start, count: records.len() }, storage: self.clone() }
    }

    /// How many pairs of documents may be at hand at once.
    pub(crate) fn votes(&self) -> u64 {
        (self.0.limit / 4 / 16).clamp(1 << 17, MOST_VOTES)
    }

    /// In how many ranges of keys so many bytes of records are gathered, if each of the threads is at one: a small part
    /// of the limit, but as few as is good for the cache.
    pub(crate) fn ranges(&self, bytes: u64) -> u64 {
        let threads = rayon::current_num_threads() as u64;
        let most = (self.0.limit / 4 / threads).max(1 << 20);
        bytes.div_ceil(LEAST_RANGE.max(bytes / MOST_RANGES).min(most)).max(1)
    }
}

impl Inner {
    fn create(&self) -> Option<File> {
        let file = tempfile::tempfile_in(&self.folder);
        file.map_err(|error| self.fail("cannot be made", &error)).ok()
    }

    fn fail(&self, what: &str, error: &io::Error) {
        let folder = self.folder.display();
        let advice = "name another folder with --temp-dir, or allow more with --max-memory";
        // The first reason tells most.
        let _ = self.failure.set(format!("a temporary file in {folder} {what}: {error}; {advice}"));
    }
}

/// Records that are kept.
#[derive(Debug)]
pub(crate) struct Run<T> {
    form: Form<T>,
    storage: Storage,
}

#[derive(Debug)]
enum Form<T> {
    Held(Box<[T]>),
    InFile { start: u64, count: usize },
}

impl<T: Pod> Run<T> {
    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        match &self.form {
            Form::Held(records) => records.len(),
            Form::InFile { count, .. } => *count,
        }
    }

    /// The records; a buffer takes them if they are not held.
    pub(crate) fn read<'r>(&'r self, buffer: &'r mut Vec<T>) -> &'r [T] {
        self.read_part(0, self.len(), buffer)
    }

    /// Some of the records in a row.
    pub(crate) fn read_part<'r>(&'r self, first: usize, count: usize, buffer: &'r mut Vec<T>) -> &'r [T] {
        match &self.form {
            Form::Held(records) => &records[first..first + count],
            Form::InFile { start, .. } => {
                buffer.resize(count, T::zeroed());
                let inner = &self.storage.0;
                let place = start + (first * size_of::<T>()) as u64;
                if let Some(Some(file)) = inner.file.get()
                    && let Err(error) = read_exact_at(file, place, bytemuck::cast_slice_mut(buffer))
                {
                    inner.fail("cannot be read", &error);
                }
                buffer
            }
        }
    }
}

impl<T> Drop for Run<T> {
    fn drop(&mut self) {
        if let Form::Held(records) = &self.form {
            self.storage.0.held.fetch_sub(size_of_val::<[T]>(records) as u64, Ordering::Relaxed);
        }
    }
}

/// Where temporary files go if nobody says otherwise.
pub fn default_folder() -> PathBuf {
    Path::new(&std::env::temp_dir()).to_owned()
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
        fn runs_are_read_as_they_were_kept(
            runs in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..50), 0..20),
            limit in 0u64..4000,
            first in 0usize..50,
        ) {
            let storage = Storage::new(limit, default_folder());
            let kept: Vec<Run<u64>> = runs.iter().map(|run| storage.keep(run)).collect();
            let mut buffer = Vec::new();
            for (run, kept) in runs.iter().zip(&kept) {
                prop_assert_eq!(run.as_slice(), kept.read(&mut buffer));
                let first = first.min(run.len());
                prop_assert_eq!(&run[first..], kept.read_part(first, run.len() - first, &mut buffer));
            }
            let bytes: usize = runs.iter().map(|run| 8 * run.len()).sum();
            prop_assert!(storage.written() <= bytes as u64 && storage.written() + limit / 2 >= bytes as u64);
            drop(kept);
            prop_assert_eq!(storage.0.held.load(Ordering::Relaxed), 0);
            prop_assert_eq!(storage.failure(), None);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let storage = Storage::new(0, "/no/such/folder".into());
        let run = storage.keep(&[1u32]);
        assert_eq!(run.read(&mut Vec::new()), [0]);
        let failure = storage.failure().unwrap();
        assert!(failure.starts_with("a temporary file in /no/such/folder cannot be made: "), "{failure}");
    }
}
