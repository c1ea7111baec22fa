//! Git, asked by its own program: which files changed, and what stood in a revision.
//!
//! The program is there wherever a repository is checked, and knows of work trees, filters, and sparse and partial clones
//! what no library does all of. Names of revisions are resolved before they are used, so that none is taken for an
//! option; paths come and go between NUL bytes, whatever they hold. Nothing is written to the repository but what git
//! itself notes of files that look changed and are not. Submodules that are checked out are looked into.

use std::collections::{BTreeMap, BTreeSet};
#[cfg(unix)]
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, bail};

/// What git tells its hooks of the repository that they run in, and would take for that of a submodule too.
const SURROUNDINGS: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A repository, by the top of its work tree.
#[derive(Debug)]
pub(crate) struct Repository {
    top: PathBuf,
}

impl Repository {
    /// The repository that a folder lies in.
    pub(crate) fn of(folder: &Path) -> anyhow::Result<Self> {
        let output = run(git(folder).args(["rev-parse", "--show-toplevel"]))?;
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

    pub(super) fn git(&self) -> Command {
        git(&self.top)
    }

    /// Files that git knows and leaves out of the work tree, as in a sparse checkout.
    pub(super) fn absent(&self) -> anyhow::Result<BTreeSet<PathBuf>> {
        let listed = self.ask(&["ls-files", "-z", "-t"])?;
        let absent = listed.split(|byte| *byte == 0).filter_map(|entry| entry.strip_prefix(b"S "));
        Ok(absent.map(path_of).collect())
    }

    /// What decides, beside a tree, which of its files are written and what stands in them.
    pub(crate) fn surroundings(&self) -> anyhow::Result<(BTreeSet<PathBuf>, String)> {
        let filters = run(self.git().args(["config", "--get-regexp", r"^filter\."]))?;
        Ok((self.absent()?, String::from_utf8_lossy(&filters.stdout).into_owned()))
    }

    /// The repository of a submodule, if it is checked out.
    pub(super) fn submodule(&self, path: &Path) -> Option<Repository> {
        let top = self.top.join(path);
        top.join(".git").exists().then_some(Repository { top })
    }

    /// The tree of files that a revision names.
    pub(crate) fn tree(&self, revision: &str) -> anyhow::Result<String> {
        self.resolve(revision, "tree")
    }

    /// The object of a kind that a revision names.
    pub(super) fn resolve(&self, revision: &str, kind: &str) -> anyhow::Result<String> {
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
        let mut changes = Changes { top: fs::canonicalize(&self.top)?, ..Changes::default() };
        self.compare(commit, Path::new(""), &mut changes)?;
        Ok(changes)
    }

    /// Adds what differs from a commit, and all that git knows of, named from a place.
    fn compare(&self, commit: &str, place: &Path, changes: &mut Changes) -> anyhow::Result<()> {
        // Submodules are looked into, whatever git is told to tell of them.
        let options = ["-z", "--find-renames=100%", "--diff-filter=d", "--ignore-submodules=all"];
        let differing = self.ask(&[&["diff", "--name-status"], &options[..], &[commit, "--"]].concat())?;
        let mut fields = differing.split(|byte| *byte == 0).filter(|field| !field.is_empty());
        while let Some(status) = fields.next() {
            let Some(path) = fields.next() else { break };
            if matches!(status.first(), Some(b'R' | b'C')) {
                let Some(new) = fields.next() else { break };
                // Copies are no moves.
                if status.first() == Some(&b'C') || status != b"R100" {
                    changes.differing.insert(place.join(path_of(new)));
                }
            } else {
                changes.differing.insert(place.join(path_of(path)));
            }
        }
        let listed = self.ask(&["ls-files", "-z", "--stage"])?;
        let mut submodules = Vec::new();
        for entry in listed.split(|byte| *byte == 0).filter_map(Entry::of) {
            let path = path_of(entry.name);
            if let Some(submodule) = self.submodule(&path).filter(|_| entry.mode == SUBMODULE) {
                submodules.push((path.clone(), submodule));
            }
            changes.tracked.insert(place.join(path));
        }
        if submodules.is_empty() {
            return Ok(());
        }
        let listed = self.ask(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let entries = listed.split(|byte| *byte == 0).filter_map(Entry::of).filter(|entry| entry.mode == SUBMODULE);
        let commits: BTreeMap<PathBuf, &str> = entries.map(|entry| (path_of(entry.name), entry.object())).collect();
        for (path, submodule) in submodules {
            let place = place.join(&path);
            match commits.get(&path).and_then(|commit| submodule.resolve(commit, "commit").ok()) {
                Some(commit) => submodule.compare(&commit, &place, changes)?,
                // It was not there, or has lost its past.
                None => {
                    changes.differing.insert(place);
                }
            }
        }
        Ok(())
    }

    pub(super) fn ask(&self, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
        let output = run(self.git().args(arguments))?;
        if !output.status.success() {
            bail!("git {} failed: {}", arguments.first().copied().unwrap_or_default(), told(&output));
        }
        Ok(output.stdout)
    }
}

/// The modes of entries that are no files.
pub(super) const LINK: &str = "120000";
pub(super) const SUBMODULE: &str = "160000";

/// A file that git knows, a link or a submodule.
pub(super) struct Entry<'a> {
    pub(super) mode: &'a str,
    /// Its path, from the top.
    pub(super) name: &'a [u8],
    /// What else is said of it.
    about: &'a str,
}

impl<'a> Entry<'a> {
    /// From what `git ls-tree` and `git ls-files --stage` print of it: the mode and more, then a tab and the path.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let (mode, about) = std::str::from_utf8(&line[..tab]).ok()?.split_once(' ')?;
        Some(Entry { mode, name: &line[tab + 1..], about })
    }

    /// The object of an entry of a tree, of which its kind is told before.
    pub(super) fn object(&self) -> &'a str {
        self.about.rsplit(' ').next().unwrap_or_default()
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
    /// Whether a file has changed, or, if it is a link, what it leads to. One that git does not know has.
    pub(crate) fn hold(&self, location: &Path) -> bool {
        let has_changed = |place: &Path| {
            let Ok(path) = place.strip_prefix(&self.top) else { return false };
            !self.tracked.contains(path) || path.ancestors().any(|part| self.differing.contains(part))
        };
        has_changed(&physical(location)) || fs::canonicalize(location).is_ok_and(|place| has_changed(&place))
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

/// Git, in a folder.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    SURROUNDINGS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.stdin(Stdio::null()).arg("-C").arg(folder);
    command
}

/// Git at its work, if it is.
static AT_WORK: Mutex<Option<Child>> = Mutex::new(None);

fn at_work() -> MutexGuard<'static, Option<Child>> {
    AT_WORK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends git's work: it would go on writing files that nobody removes any more.
pub(crate) fn stop() {
    if let Some(mut child) = at_work().take() {
        let _ = child.kill().and_then(|()| child.wait());
    }
}

/// Runs git to its end.
pub(super) fn run(command: &mut Command) -> anyhow::Result<Output> {
    let (stdout, stderr) = {
        let mut at_work = at_work();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = at_work.insert(child.context("git can't be run: is it installed?")?);
        (child.stdout.take(), child.stderr.take())
    };
    // Both at once: whoever waits for one while git fills the other waits for ever.
    let complaints = thread::spawn(move || read_all(stderr));
    let stdout = read_all(stdout)?;
    let stderr = complaints.join().unwrap_or_else(|_| Ok(Vec::new()))?;
    // Who reads no more from git waits a moment only; if it was stopped, so is this program.
    let status = at_work().take().context("git was stopped")?.wait()?;
    Ok(Output { status, stdout, stderr })
}

fn read_all(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes))?;
    Ok(bytes)
}

/// What git said, in one line.
pub(super) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
