//! Where a corpus is written: a folder, a file or standard output; in place as a whole, or not at all.
//!
//! A folder is made beside its target under a name that begins with a dot, and renamed when all is in it. It must not be
//! there before, or be empty: nobody's files are replaced, and what a last run left is not taken for this one's. In an
//! empty folder it is made below, and what is in it is moved up: the folder may be one that cannot be renamed, such as
//! the root of a disk. Each file has in it the place that it has below the folder that all inputs have in common.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use anyhow::{Context, bail};
use dittograph::cleaning::Outputs;
use tempfile::TempDir;

use super::interrupt;
use super::outputs::{self, Sink};

/// A folder, a file or standard output.
pub(crate) enum Target {
    /// `is_there` if the folder was there, and empty.
    Folder {
        temporary: Option<TempDir>,
        target: PathBuf,
        is_there: bool,
    },
    /// `is_used` once something was written to it.
    File {
        sink: Option<Sink>,
        is_used: AtomicBool,
    },
    Stdout,
}

impl Target {
    /// Makes a folder beside the target, or in it if it is there.
    pub(crate) fn folder(path: &Path) -> anyhow::Result<Self> {
        let context = || format!("can't write {}", path.display());
        check_empty(path)?;
        let is_there = path.is_dir();
        let parent = match path.parent() {
            _ if is_there => path,
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).with_context(context)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(outputs::PREFIX).suffix(outputs::SUFFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let mut temporary_files = interrupt::hold();
        let temporary = builder.tempdir_in(parent).with_context(context)?;
        temporary_files.insert(temporary.path().to_owned());
        Ok(Target::Folder { temporary: Some(temporary), target: path.to_owned(), is_there })
    }

    /// Opens a file.
    pub(crate) fn file(path: &Path) -> anyhow::Result<Self> {
        let sink = Sink::open(path).with_context(|| format!("can't write {}", path.display()))?;
        Ok(Target::File { sink: Some(sink), is_used: AtomicBool::new(false) })
    }

    /// Where a file of the folder is made; for others, nothing.
    pub(crate) fn folder_path(&self) -> Option<&Path> {
        match self {
            Target::Folder { temporary, .. } => temporary.as_ref().map(TempDir::path),
            _ => None,
        }
    }

    /// Opens what a file of some name becomes.
    pub(crate) fn open(&self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        match self {
            Target::Stdout => Ok(Box::new(io::stdout())),
            Target::File { sink, is_used } => {
                is_used.store(true, Relaxed);
                let sink = sink.as_ref().ok_or_else(|| io::Error::other("it was put in place"))?;
                Ok(Box::new(BufWriter::with_capacity(1 << 17, sink.reopen()?)))
            }
            Target::Folder { .. } => {
                let path = self.folder_path().unwrap_or(Path::new(".")).join(name);
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                Ok(Box::new(BufWriter::with_capacity(1 << 17, fs::File::create_new(path)?)))
            }
        }
    }

    /// Puts everything in its place; a file that nothing was written to stays what it was. Whoever calls holds interrupts
    /// off.
    pub(crate) fn commit(&mut self, temporary_files: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
        match self {
            Target::Stdout => Ok(()),
            Target::File { is_used, .. } if !is_used.load(Relaxed) => Ok(()),
            Target::File { sink, .. } => sink.take().map_or(Ok(()), |sink| sink.commit(temporary_files)),
            Target::Folder { temporary, target, is_there } => {
                let context = || format!("can't write {}", target.display());
                let Some(made) = temporary.take() else { return Ok(()) };
                if *is_there {
                    for entry in fs::read_dir(made.path()).with_context(context)? {
                        let entry = entry.with_context(context)?;
                        let place = target.join(entry.file_name());
                        if place.symlink_metadata().is_ok() {
                            bail!("{}: it was put there during this run; nothing is replaced", place.display());
                        }
                        fs::rename(entry.path(), place).with_context(context)?;
                    }
                    temporary_files.remove(made.path());
                    return made.close().with_context(context);
                }
                check_empty(target)?;
                fs::rename(made.path(), &*target).with_context(context)?;
                temporary_files.remove(made.path());
                // It is not there any more, and has not to be removed.
                let _ = made.keep();
                Ok(())
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let mut temporary_files = interrupt::hold();
        match self {
            Target::Folder { temporary: Some(temporary), .. } => {
                temporary_files.remove(temporary.path());
            }
            Target::File { sink: Some(sink), .. } => sink.forget(&mut temporary_files),
            _ => {}
        }
    }
}

fn check_empty(path: &Path) -> anyhow::Result<()> {
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            Some(_) => bail!("{}: the folder is not empty: name a new one", path.display()),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            bail!("{}: there is a file of this name: name a new folder", path.display())
        }
        Err(error) => Err(error).with_context(|| format!("can't write {}", path.display())),
    }
}

/// A target with the names of the files that are written to it.
pub(crate) struct Named {
    pub(crate) target: Target,
    pub(crate) names: Vec<String>,
    /// Whether files stay packed.
    pub(crate) packed: bool,
}

impl Outputs for Named {
    fn name(&self, file: usize) -> String {
        self.names.get(file).cloned().unwrap_or_default()
    }

    fn open(&self, file: usize) -> io::Result<Box<dyn Write + Send + '_>> {
        self.target.open(&self.name(file))
    }

    fn are_packed(&self) -> bool {
        self.packed
    }
}

/// A path from the root, without `.` and `..`, links not followed: only for comparing names.
pub(crate) fn absolute(path: &Path) -> io::Result<PathBuf> {
    let mut clean = PathBuf::new();
    // The folder of a bare name is the one at hand.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    for component in std::path::absolute(path)?.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    Ok(clean)
}

/// The place of each path below what the roots have in common.
pub(crate) fn below_common(paths: &[&str], roots: &[PathBuf]) -> io::Result<Vec<String>> {
    let mut common: Option<PathBuf> = None;
    for root in roots {
        let root = absolute(root)?;
        common = Some(match common {
            None => root,
            Some(common) => common
                .components()
                .zip(root.components())
                .take_while(|(one, other)| one == other)
                .map(|(one, _)| one)
                .collect(),
        });
    }
    let common = common.unwrap_or_default();
    let place = |path: &&str| {
        let path = absolute(Path::new(path))?;
        let place = path.strip_prefix(&common).unwrap_or(&path);
        let names = place.components().filter_map(|component| match component {
            Component::Normal(name) => Some(OsStr::to_string_lossy(name)),
            _ => None,
        });
        Ok(names.collect::<Vec<_>>().join("/"))
    };
    paths.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_their_places_below_what_inputs_share() {
        let places = |paths: &[&str], roots: &[&str]| {
            below_common(paths, &roots.iter().map(PathBuf::from).collect::<Vec<_>>()).unwrap()
        };
        assert_eq!(places(&["a/x.txt", "a/b/y.txt"], &["a"]), ["x.txt", "b/y.txt"]);
        assert_eq!(places(&["a/x.txt", "b/x.txt"], &["a", "b"]), ["a/x.txt", "b/x.txt"]);
        assert_eq!(places(&["c/a/x.txt", "c/b/x.txt"], &["c/a", "c/b"]), ["a/x.txt", "b/x.txt"]);
        assert_eq!(places(&["../p/x.txt", "./y.txt"], &["../p", "."]).len(), 2);
        assert!(places(&["../p/x.txt", "y.txt"], &["../p", "."])[0].ends_with("p/x.txt"));
        assert_eq!(places(&["/r/a/../b/x.txt"], &["/r/b"]), ["x.txt"]);
    }
}
