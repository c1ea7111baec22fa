//! Git, asked by its own program: which files changed, and what stood in a revision.
//!
//! The program is there wherever a repository is checked, and knows of work trees, filters, and sparse and partial clones
//! what no library does all of. Names of revisions are resolved before they are used, so that none is taken for an
//! option; paths come and go between NUL bytes, whatever they hold. Nothing of the repository is written to. Submodules
//! that are checked out are looked into.

use std::collections::BTreeSet;
#[cfg(unix)]
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};
#[cfg(unix)]
use dittograph::config;

/// A repository, by the top of its work tree.
#[derive(Debug)]
pub(crate) struct Repository {
    top: PathBuf,
}

impl Repository {
    /// The repository that a folder lies in.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Self> {
        let output = run(Command::new("git").arg("-C").arg(folder).args(["rev-parse", "--show-toplevel"]))?;
        if !output.status.success() {
            bail!("{} is in no git repository: {}", folder.display(), told(&output));
        }
        let top = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
        Ok(Repository { top: path_of(top) })
    }

    /// The folder of its work tree.
    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    fn git(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.top);
        command
    }

    /// The tree of files that a revision names.
    pub(crate) fn tree(&self, revision: &str) -> anyhow::Result<String> {
        self.resolve(revision, "tree")
    }

    /// The object of a kind that a revision names.
    fn resolve(&self, revision: &str, kind: &str) -> anyhow::Result<String> {
        let object = format!("{revision}^{{{kind}}}");
        let output = run(self.git().args(["rev-parse", "--verify", "--quiet", "--end-of-options"]).arg(object))?;
        let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || name.is_empty() {
            bail!(
                "there is no revision {revision:?} in {}: a name that is not known here, or a clone without the past \
                 (`git fetch origin`, `git fetch --unshallow`; in GitHub's checkout `fetch-depth: 0`)",
                self.top.display()
            );
        }
        Ok(name)
    }

    /// Where the work left a revision: the last commit that both have. Without a common past, as in a shallow clone, it
    /// is the revision itself, and `false`.
    pub(crate) fn base(&self, revision: &str) -> anyhow::Result<(String, bool)> {
        let commit = self.resolve(revision, "commit")?;
        let output = run(self.git().args(["merge-base", &commit, "HEAD"]))?;
        let base = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(if output.status.success() && !base.is_empty() { (base, true) } else { (commit, false) })
    }

    /// What differs from a commit. A file that was only moved does not.
    pub(crate) fn changes(&self, commit: &str) -> anyhow::Result<Changes> {
        let differing =
            self.ask(&["diff", "--name-status", "-z", "--find-renames=100%", "--diff-filter=d", commit, "--"])?;
        let mut changes = Changes { top: fs::canonicalize(&self.top)?, ..Changes::default() };
        let mut fields = differing.split(|byte| *byte == 0).filter(|field| !field.is_empty());
        while let Some(status) = fields.next() {
            let Some(path) = fields.next() else { break };
            if matches!(status.first(), Some(b'R' | b'C')) {
                let Some(new) = fields.next() else { break };
                // Copies are no moves.
                if status.first() == Some(&b'C') || status != b"R100" {
                    changes.differing.insert(path_of(new));
                }
            } else {
                changes.differing.insert(path_of(path));
            }
        }
        let tracked = self.ask(&["ls-files", "-z", "--recurse-submodules"])?;
        let tracked = tracked.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        changes.tracked = tracked.map(path_of).collect();
        Ok(changes)
    }

    /// Writes the files of a tree that lie in some places, counted from the top, below a folder, which is made, and what
    /// decides which of them are read; those of submodules too, where they are checked out. Of a repository that holds a
    /// handbook beside much else, only the handbook is written.
    pub(crate) fn check_out(&self, tree: &str, places: &[PathBuf], folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
        let beside = |ending: &str| {
            let mut path = folder.as_os_str().to_owned();
            path.push(ending);
            PathBuf::from(path)
        };
        let listed = self.ask(&["ls-tree", "-r", "-z", "--full-tree", tree])?;
        let mut entries: Vec<Entry> = listed.split(|byte| *byte == 0).filter_map(Entry::of).collect();
        let is_wanted = |entry: &Entry| entry.is_in(places) || entry.is_ignore_file();
        // Nobody knows where a link leads before it is followed.
        if !entries.iter().any(|entry| is_wanted(entry) && entry.mode == LINK) {
            entries.retain(is_wanted);
        }
        let (index, names) = (beside(".index"), beside(".names"));
        let written = entries.iter().filter(|entry| entry.mode != SUBMODULE).flat_map(|entry| [entry.name, b"\0"]);
        fs::write(&names, written.collect::<Vec<&[u8]>>().concat()).with_context(|| format!("{}", names.display()))?;
        for command in [
            self.git().env("GIT_INDEX_FILE", &index).args(["read-tree", tree]),
            self.git()
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
        for entry in &entries {
            match entry.mode {
                LINK => self.mend_link(&path_of(entry.name), folder)?,
                SUBMODULE => self.check_out_submodule(entry, folder)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn check_out_submodule(&self, entry: &Entry<'_>, folder: &Path) -> anyhow::Result<()> {
        let path = &path_of(entry.name);
        let own = self.top.join(path);
        // What is not checked out is not checked.
        if !own.join(".git").exists() {
            return Ok(());
        }
        let submodule = Repository::of(&own)?;
        let commit = submodule.resolve(entry.object, "commit");
        let commit = commit.with_context(|| format!("in submodule {}", path.display()))?;
        submodule.check_out(&commit, &[PathBuf::new()], &folder.join(path))
    }

    /// A link that leads out of the repository leads to the same place from elsewhere.
    #[cfg(unix)]
    fn mend_link(&self, path: &Path, folder: &Path) -> anyhow::Result<()> {
        let link = folder.join(path);
        let Ok(target) = fs::read_link(&link) else { return Ok(()) };
        let own = self.top.join(path);
        let Some(leads_to) = own.parent().map(|parent| config::tidy(&parent.join(&target))) else { return Ok(()) };
        if target.is_relative() && !leads_to.starts_with(&self.top) {
            fs::remove_file(&link)?;
            std::os::unix::fs::symlink(leads_to, &link)?;
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn mend_link(&self, _: &Path, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn ask(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = run(self.git().args(arguments))?;
        if !output.status.success() {
            bail!("git {} failed: {}", arguments.first().copied().unwrap_or_default(), told(&output));
        }
        Ok(output.stdout)
    }
}

/// The modes of a tree's entries that are no files.
const LINK: &str = "120000";
const SUBMODULE: &str = "160000";

/// A file of a tree, a link or a submodule.
struct Entry<'a> {
    mode: &'a str,
    object: &'a str,
    /// Its path, from the top.
    name: &'a [u8],
}

impl<'a> Entry<'a> {
    /// From a line of `git ls-tree`: mode, kind and object, then a tab and the path.
    fn of(line: &'a [u8]) -> Option<Self> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let mut about = std::str::from_utf8(&line[..tab]).ok()?.split(' ');
        Some(Entry { mode: about.next()?, object: about.nth(1)?, name: &line[tab + 1..] })
    }

    /// Whether it lies in one of the places, or, as a link or a submodule, one of them in it.
    fn is_in(&self, places: &[PathBuf]) -> bool {
        let path = path_of(self.name);
        places.iter().any(|place| path.starts_with(place) || place.starts_with(&path))
    }

    /// Whether it says what a walk passes over, in its own folder and below.
    fn is_ignore_file(&self) -> bool {
        let file_name = self.name.rsplit(|byte| *byte == b'/').next();
        matches!(file_name, Some(b".gitignore" | b".ignore"))
    }
}

/// What differs from a commit, in a work tree.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// The top of the work tree.
    top: PathBuf,
    /// Files, and submodules, that differ. From the top.
    differing: BTreeSet<PathBuf>,
    /// All that git knows of.
    tracked: BTreeSet<PathBuf>,
}

impl Changes {
    /// Whether a file has changed. One that git does not know has.
    pub(crate) fn hold(&self, location: &Path) -> bool {
        // Most checks compare with no commit.
        if self.tracked.is_empty() && self.differing.is_empty() {
            return false;
        }
        let place = physical(location);
        let Ok(path) = place.strip_prefix(&self.top) else { return false };
        !self.tracked.contains(path) || path.ancestors().any(|part| self.differing.contains(part))
    }
}

/// A path without links in its directories. What is not there stays as it is, and so does a file that is a link.
pub(crate) fn physical(path: &Path) -> PathBuf {
    if path.is_dir() {
        return fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    }
    let mut rest = Vec::new();
    let mut known = path;
    while let (Some(parent), Some(name)) = (known.parent(), known.file_name()) {
        rest.push(name);
        known = parent;
        if let Ok(folder) = fs::canonicalize(if known.as_os_str().is_empty() { Path::new(".") } else { known }) {
            return rest.iter().rev().fold(folder, |whole, name| whole.join(name));
        }
    }
    path.to_owned()
}

fn run(command: &mut Command) -> anyhow::Result<Output> {
    command.output().context("git can't be run: is it installed?")
}

/// What git said, in one line.
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
