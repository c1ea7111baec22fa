//! The files of an older revision, written to a folder: what has to be there to do the same with them as with today's.
//!
//! **Idea.** The walk that reads a corpus follows links, looks into submodules and obeys ignore files, above the corpus
//! too. So the folder holds all of that: the files that are asked for, ignore files wherever they are, submodules that
//! are checked out today, links that lead where they led, and the ignore files above the repository above the folder.
//! Of a repository that holds a handbook beside much else, only the handbook is written.
//!
//! **What it gives up.** Nobody knows where a link leads before it is followed, so where one is among the files all are
//! written. A link through another link that leads out of the repository is followed as it is today.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
#[cfg(unix)]
use dittograph::config;

#[cfg(unix)]
use super::git::physical;
use super::git::{Entry, LINK, Repository, SUBMODULE, path_of, run, told};

/// The names of files that say what a walk passes over.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// A folder that files of a revision are written to.
#[derive(Debug)]
pub(crate) struct Checkout<'a> {
    /// Where they come from.
    repository: &'a Repository,
    /// The folder that stands for its top.
    folder: PathBuf,
    /// Where git's own files for the work lie.
    scratch: &'a Path,
    /// Whether the revision alone decides what was written.
    is_closed: bool,
}

impl<'a> Checkout<'a> {
    /// A checkout in a folder of its own, which is empty.
    pub(crate) fn of(repository: &'a Repository, scratch: &'a Path, respects_ignore: bool) -> anyhow::Result<Self> {
        let above = |folder: &'a Path| folder.ancestors().skip(1).filter(|_| respects_ignore);
        let hiding = above(scratch).flat_map(|folder| IGNORE_FILES.map(|name| folder.join(name)));
        if let Some(file) = hiding.into_iter().find(|file| file.is_file()) {
            bail!(
                "{} might hide files of the revision, which are written to a folder below it: name another one with \
                 --temp-dir",
                file.display()
            );
        }
        // As deep as the repository lies, for what the folders above it say.
        let root = scratch.join("root");
        let mirror = |folder: &Path| {
            folder
                .components()
                .filter(|name| matches!(name, Component::Normal(_)))
                .fold(root.clone(), |to, name| to.join(name))
        };
        let folder = mirror(repository.top());
        fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        let mut is_closed = true;
        for above in above(repository.top()) {
            for name in IGNORE_FILES {
                // What can't be read is told of when today's files are.
                if let Ok(text) = fs::read(above.join(name)) {
                    fs::write(mirror(above).join(name), text)?;
                    is_closed = false;
                }
            }
        }
        Ok(Checkout { repository, folder, scratch, is_closed })
    }

    /// The folder that stands for the top of the repository.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the revision alone decides what was written: no submodule, which may be checked out or not, no link to
    /// somewhere else, no ignore file above the repository.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes the files of a tree that lie in some places, counted from the top.
    pub(crate) fn write(&mut self, tree: &str, places: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
        self.write_below(self.repository, Path::new(""), tree, places)
    }

    fn write_below(
        &mut self,
        repository: &Repository,
        below: &Path,
        tree: &str,
        places: &BTreeSet<PathBuf>,
    ) -> anyhow::Result<()> {
        let folder = self.folder.join(below);
        fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
        let listed = repository.ask(&["ls-tree", "-r", "-z", "--full-tree", tree])?;
        let absent = repository.absent()?;
        let entries = listed.split(|byte| *byte == 0).filter_map(Entry::of);
        let entries: Vec<Entry> = entries.filter(|entry| !absent.contains(&path_of(entry.name))).collect();
        let wanted: Vec<bool> = entries.iter().map(|entry| is_in(&path_of(entry.name), places)).collect();
        // A link, and a submodule that may hold one, can lead to any other file.
        let wants_all = entries.iter().zip(&wanted).any(|(entry, wanted)| *wanted && is_no_file(entry));
        let written = entries.iter().zip(&wanted).filter(|(entry, wanted)| {
            entry.mode != SUBMODULE && (wants_all || **wanted || is_ignore_file(&path_of(entry.name)))
        });
        let (index, names) = (self.scratch.join("index"), self.scratch.join("names"));
        let names_written: Vec<&[u8]> = written.flat_map(|(entry, _)| [entry.name, b"\0"]).collect();
        fs::write(&names, names_written.concat()).with_context(|| format!("{}", names.display()))?;
        for command in [
            repository.git().env("GIT_INDEX_FILE", &index).args(["-c", "core.splitIndex=false", "read-tree", tree]),
            repository
                .git()
                .env("GIT_INDEX_FILE", &index)
                .args(["checkout-index", "--force", "--quiet", "-z", "--stdin", "--prefix"])
                .arg(folder.join(""))
                .stdin(fs::File::open(&names)?),
        ] {
            let output = run(command)?;
            if !output.status.success() {
                bail!("git could not check out {tree}: {}", told(&output));
            }
        }
        fs::remove_file(&index)?;
        for (entry, wanted) in entries.iter().zip(wanted) {
            let path = path_of(entry.name);
            match entry.mode {
                LINK if wants_all => self.mend_link(&repository.top().join(&path), &folder.join(&path))?,
                SUBMODULE if wanted => self.write_submodule(repository, below, entry)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn write_submodule(&mut self, repository: &Repository, below: &Path, entry: &Entry<'_>) -> anyhow::Result<()> {
        self.is_closed = false;
        let path = path_of(entry.name);
        // What is not checked out is not checked.
        let Some(submodule) = repository.submodule(&path) else { return Ok(()) };
        let commit = submodule.resolve(entry.object(), "commit");
        let commit = commit.with_context(|| format!("in submodule {}", path.display()))?;
        self.write_below(&submodule, &below.join(path), &commit, &BTreeSet::from([PathBuf::new()]))
    }

    /// Lets a link lead to the same file as today if that is none of the repository, and else to that of the revision.
    #[cfg(unix)]
    fn mend_link(&mut self, own: &Path, link: &Path) -> anyhow::Result<()> {
        let Ok(target) = fs::read_link(link) else { return Ok(()) };
        let Some(leads_to) = own.parent().map(|parent| config::tidy(&parent.join(&target))) else { return Ok(()) };
        let top = physical(self.repository.top());
        let instead = match physical(&leads_to).strip_prefix(&top) {
            Ok(_) if target.is_relative() => return Ok(()),
            Ok(inside) => self.folder.join(inside),
            Err(_) => {
                self.is_closed = false;
                leads_to
            }
        };
        fs::remove_file(link)?;
        Ok(std::os::unix::fs::symlink(instead, link)?)
    }

    #[cfg(not(unix))]
    fn mend_link(&mut self, _: &Path, _: &Path) -> anyhow::Result<()> {
        self.is_closed = false;
        Ok(())
    }
}

/// Whether a path lies in one of the places, or, as a link or a submodule may, one of them in it.
fn is_in(path: &Path, places: &BTreeSet<PathBuf>) -> bool {
    // Names are compared one by one, so all places in a folder follow it.
    let next = places.range::<Path, _>((Bound::Included(path), Bound::Unbounded)).next();
    next.is_some_and(|place| place.starts_with(path)) || path.ancestors().any(|part| places.contains(part))
}

fn is_no_file(entry: &Entry<'_>) -> bool {
    entry.mode == LINK || entry.mode == SUBMODULE
}

/// Whether it says what a walk passes over, in its own folder and below.
fn is_ignore_file(path: &Path) -> bool {
    path.file_name().is_some_and(|own| IGNORE_FILES.iter().any(|name| own == *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_around_a_path_and_inside_it() {
        let places: BTreeSet<PathBuf> = ["docs", "a/b.md", "lib/x"].map(PathBuf::from).into();
        for path in ["docs", "docs/a.md", "docs/x/y.md", "a/b.md", "a", "lib", "lib/x/y"] {
            assert!(is_in(Path::new(path), &places), "{path}");
        }
        for path in ["docs2/a.md", "a/c.md", "a.md", "li", "lib/y", "a/b.md2"] {
            assert!(!is_in(Path::new(path), &places), "{path}");
        }
        assert!(is_in(Path::new("any"), &BTreeSet::from([PathBuf::new()])));
        assert!(!is_in(Path::new("any"), &BTreeSet::new()));
    }
}
