//! Git, asked by its own program: which files changed, and what stood in a revision.
//!
//! The program is there wherever a repository is checked, and knows of work trees, filters, and sparse and partial clones
//! what no library does all of. Names of revisions are resolved before they are used, so that none is taken for an
//! option; paths come and go between NUL bytes, whatever they hold. Nothing of the repository is written to.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};

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
                "there is no revision {revision:?} in {}; fetch it first (`git fetch origin {revision}`)",
                self.top.display()
            );
        }
        Ok(name)
    }

    /// Files that were added or changed since the work left a revision, those among them that git does not know yet.
    /// A file that was only moved has not changed.
    pub(crate) fn changed_since(&self, revision: &str) -> anyhow::Result<BTreeSet<PathBuf>> {
        let commit = self.resolve(revision, "commit")?;
        let output = run(self.git().args(["merge-base", &commit, "HEAD"]))?;
        if !output.status.success() {
            bail!("{revision} and HEAD have no common past here; a shallow clone? fetch all of it (`fetch-depth: 0`)");
        }
        let base = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let differing =
            self.ask(&["diff", "--name-status", "-z", "--find-renames=100%", "--diff-filter=d", &base, "--"])?;
        let mut changed = BTreeSet::new();
        let mut fields = differing.split(|byte| *byte == 0).filter(|field| !field.is_empty());
        while let Some(status) = fields.next() {
            let Some(path) = fields.next() else { break };
            if matches!(status.first(), Some(b'R' | b'C')) {
                let Some(new) = fields.next() else { break };
                // Copies are no moves.
                if status.first() == Some(&b'C') || status != b"R100" {
                    changed.insert(self.top.join(path_of(new)));
                }
            } else {
                changed.insert(self.top.join(path_of(path)));
            }
        }
        let unknown = self.ask(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        let unknown = unknown.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        changed.extend(unknown.map(|path| self.top.join(path_of(path))));
        Ok(changed)
    }

    /// Writes all files of a tree below a folder.
    pub(crate) fn check_out(&self, tree_name: &str, folder: &Path) -> anyhow::Result<()> {
        let index = folder.join("index");
        let tree = folder.join("tree");
        std::fs::create_dir(&tree).with_context(|| format!("{}", tree.display()))?;
        let mut prefix = tree.into_os_string();
        prefix.push("/");
        let mut option = OsStr::new("--prefix=").to_owned();
        option.push(prefix);
        for command in [
            self.git().env("GIT_INDEX_FILE", &index).args(["read-tree", tree_name]),
            self.git()
                .env("GIT_INDEX_FILE", &index)
                .args(["checkout-index", "--all", "--force", "--quiet"])
                .arg(option),
        ] {
            let output = run(command)?;
            if !output.status.success() {
                bail!("git could not check out {tree_name}: {}", told(&output));
            }
        }
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
