//! Cache: the outcome of a check, kept for the next one over the same corpus.
//!
//! **Idea.** Most checks look at a corpus that has not changed since the last one. So with the outcome stands what decided
//! it: the *question* (settings, configuration, baseline, version), and a fingerprint of each file: its content's hash,
//! and size and time by which the system tells that the content is still that. If every name, size and time is as it was,
//! no file is opened. Where a time differs, as after a fresh checkout, the file is read and its hash decides. If any
//! content differs the corpus is checked anew, all of it: what a document repeats depends on all others.
//!
//! What a git revision repeats never changes, and is kept by its tree, and by what git is told to leave out of it or to
//! send through a filter; unless something else outside the tree has a say in it: a submodule, a link to somewhere else,
//! an ignore file above the repository.
//!
//! **Safety.** An entry is named by the hash of its question, written beside its place and renamed, so that two runs at
//! once leave a whole entry of one of them. Its first line holds a hash of the rest: what is damaged, cut off or of another
//! version is thrown away and made anew. A file that was written in the two seconds before it was looked at may be
//! written once more within the same tick of the clock; its time is not trusted.
//!
//! **Gives up.** Where the system tells only when a file was written: times that were set back by hand, with a content of
//! the same size. Entries of old questions stay until
//! [`MOST`] newer ones are there.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dittograph::check::baseline::Baseline;
use dittograph::check::problems::Checked;
use dittograph::document::{Corpus, Skipped};
use dittograph::input::{self, FileStamp, InputOptions};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::interrupt;
use super::outputs::Sink;
use super::past::Holdings;

/// The name of the format.
const SCHEMA: &str = "dittograph.cache.v1";
/// Entries that are kept.
const MOST: usize = 32;
/// How long after its last change a file's time is trusted.
const TICK: Duration = Duration::from_secs(2);
/// How entries end.
const ENDING: &str = "json";

/// One question's place in a cache.
pub(crate) struct Cache {
    folder: PathBuf,
    entry: PathBuf,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Fingerprint {
    path: String,
    bytes: u64,
    /// Nanoseconds since 1970, if they can be trusted.
    modified: Option<u64>,
    /// Of its content, in 32 hexadecimal digits.
    hash: String,
}

impl Fingerprint {
    fn of(stamp: &FileStamp, now: SystemTime) -> io::Result<Self> {
        let is_settled = |modified: &SystemTime| now.duration_since(*modified).is_ok_and(|age| age > TICK);
        let modified = nanoseconds(stamp.modified.filter(is_settled));
        let (path, bytes) = (stamp.path.clone(), stamp.bytes);
        Ok(Fingerprint { path, bytes, modified, hash: hash_file(&stamp.location)? })
    }
}

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    files: Vec<Fingerprint>,
    /// What was passed over on the way to them: path, line, reason.
    passed_over: Vec<(String, Option<u64>, String)>,
    /// All that was not read, that among it.
    skipped: Vec<(String, Option<u64>, String)>,
    warnings: Vec<String>,
    checked: Checked,
}

#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
    version: String,
    sum: String,
}

/// What a revision repeats.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) known: Baseline,
    /// The files of which that was said.
    pub(crate) held: Holdings,
}

/// An outcome that still holds.
pub(crate) struct Recalled {
    pub(crate) checked: Checked,
    /// What was to be told of the input, without its documents.
    pub(crate) told: Corpus,
}

impl Cache {
    /// The place of a question.
    pub(crate) fn of(folder: &Path, question: &str) -> Self {
        let name = format!("{:032x}", xxh3_128(format!("{} {question}", env!("CARGO_PKG_VERSION")).as_bytes()));
        Cache { folder: folder.to_owned(), entry: folder.join(name).with_extension(ENDING) }
    }

    /// The outcome, if nothing has changed since.
    pub(crate) fn recall(&self, options: &InputOptions) -> Option<Recalled> {
        let entry: Entry = serde_json::from_str(&self.load()?).ok()?;
        let (stamps, skipped) = input::stamp(options).ok()?;
        if entry.passed_over != list(&skipped) || stamps.len() != entry.files.len() {
            return None;
        }
        let now = now();
        let look = |(stamp, known): (&FileStamp, &Fingerprint)| {
            if stamp.path != known.path || stamp.bytes != known.bytes {
                return None;
            }
            if known.modified.is_some() && known.modified == nanoseconds(stamp.modified) {
                return Some(known.clone());
            }
            Fingerprint::of(stamp, now).ok().filter(|fingerprint| fingerprint.hash == known.hash)
        };
        let files: Vec<Fingerprint> = stamps.par_iter().zip(&entry.files).map(look).collect::<Option<_>>()?;
        let entry = if files == entry.files {
            entry
        } else {
            // The next check need not read them again. Where that cannot be written, it will.
            let entry = Entry { files, ..entry };
            if let Ok(body) = serde_json::to_string(&entry) {
                let _ = self.store(&body);
            }
            entry
        };
        let skipped = entry.skipped.into_iter();
        let skipped = skipped.map(|(path, line, reason)| Skipped { path, line, reason, is_error: false });
        let told = Corpus { skipped: skipped.collect(), warnings: entry.warnings, ..Corpus::default() };
        Some(Recalled { checked: entry.checked, told })
    }

    /// Keeps an outcome. `before` are the files as they were when the check began; what has changed since is not kept.
    pub(crate) fn keep(
        &self,
        options: &InputOptions,
        before: &[FileStamp],
        corpus: &Corpus,
        checked: &Checked,
    ) -> anyhow::Result<()> {
        let now = now();
        let Ok((after, passed_over)) = input::stamp(options) else { return Ok(()) };
        let is_lost = corpus.skipped.iter().any(|skipped| skipped.is_error);
        if after != before || is_lost {
            return Ok(());
        }
        let fingerprints = before.par_iter().map(|stamp| Fingerprint::of(stamp, now));
        let files: Vec<Fingerprint> = fingerprints.collect::<io::Result<_>>()?;
        let entry = Entry {
            files,
            passed_over: list(&passed_over),
            skipped: list(&corpus.skipped),
            warnings: corpus.warnings.clone(),
            checked: checked.clone(),
        };
        self.store(&serde_json::to_string(&entry)?)
    }

    /// What a revision repeats, if it was asked before.
    pub(crate) fn recall_record(&self) -> Option<Record> {
        let (known, held): (String, Holdings) = serde_json::from_str(&self.load()?).ok()?;
        Some(Record { known: Baseline::parse(&known).ok()?, held })
    }

    /// Keeps what a revision repeats.
    pub(crate) fn keep_record(&self, record: &Record) -> anyhow::Result<()> {
        self.store(&serde_json::to_string(&(record.known.write(), &record.held))?)
    }

    /// What stands in the entry, if it is whole.
    fn load(&self) -> Option<String> {
        let text = fs::read_to_string(&self.entry).ok()?;
        let (head, body) = text.split_once('\n')?;
        let head: Head = serde_json::from_str(head).ok()?;
        let is_sound = head.schema == SCHEMA
            && head.version == env!("CARGO_PKG_VERSION")
            && head.sum == format!("{:032x}", xxh3_128(body.as_bytes()));
        is_sound.then(|| body.to_owned())
    }

    fn store(&self, body: &str) -> anyhow::Result<()> {
        let is_new = !self.folder.exists();
        fs::create_dir_all(&self.folder)?;
        if is_new {
            // What is in here is nobody's text, and nobody's to commit. A folder that somebody made is theirs.
            fs::write(self.folder.join(".gitignore"), "# Made by dittograph: a cache, safe to delete.\n*\n")?;
        }
        let sum = format!("{:032x}", xxh3_128(body.as_bytes()));
        let head = Head { schema: SCHEMA.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), sum };
        let sink = Sink::open(&self.entry)?;
        let mut file = sink.reopen()?;
        writeln!(file, "{}", serde_json::to_string(&head)?)?;
        file.write_all(body.as_bytes())?;
        sink.commit(&mut interrupt::hold())?;
        Ok(self.tidy()?)
    }

    /// Removes the oldest entries where there are too many.
    fn tidy(&self) -> io::Result<()> {
        let mut entries: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_entry = path.extension().is_some_and(|ending| ending == ENDING)
                && path.file_stem().is_some_and(|name| {
                    let name = name.as_encoded_bytes();
                    name.len() == 32 && name.iter().all(u8::is_ascii_hexdigit)
                });
            if let Some(modified) = fs::metadata(&path).and_then(|known| known.modified()).ok().filter(|_| is_entry) {
                entries.push((modified, path));
            }
        }
        entries.sort_unstable();
        let more = entries.len().saturating_sub(MOST);
        for (_, path) in entries.into_iter().take(more) {
            // Another run may have been faster.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

#[allow(clippy::disallowed_methods, reason = "how long ago a file was written decides what is trusted, no outcome")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn list(skipped: &[Skipped]) -> Vec<(String, Option<u64>, String)> {
    skipped.iter().map(|own| (own.path.clone(), own.line, own.reason.clone())).collect()
}

fn nanoseconds(time: Option<SystemTime>) -> Option<u64> {
    u64::try_from(time?.duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()
}

fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hasher, mut buffer) = (Xxh3::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(format!("{:032x}", hasher.digest128())),
            read => hasher.update(&buffer[..read]),
        }
    }
}
