//! The past of a corpus: which of its files are not what they were in a revision.
//!
//! A file that git calls unchanged may be new to the corpus all the same: it was moved to where it is looked at, it was
//! ignored, it was compared with and is checked now. So what the corpus held is kept beside what it repeated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dittograph::check::judge::Policy;
use dittograph::document::{Corpus, Side};
use serde::{Deserialize, Serialize};

use super::git::Changes;
use super::project::inside;

/// The files of a corpus by what they are there for, named from the top of their repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holdings {
    checked: BTreeSet<String>,
    compared: BTreeSet<String>,
    /// Whose wording is allowed everywhere.
    known_text: BTreeSet<String>,
}

impl Holdings {
    /// What a corpus holds.
    pub(crate) fn of(corpus: &Corpus, policy: &Policy, top: &Path) -> Self {
        let origins = corpus.documents.iter().map(|document| &document.origin);
        let sides: BTreeMap<&str, Side> = origins.map(|origin| (&*origin.path, origin.side)).collect();
        let mut holdings = Holdings::default();
        for file in &corpus.files {
            let Some((location, side)) = file.location.as_deref().zip(sides.get(&*file.path)) else { continue };
            let name = name(location, top);
            if policy.known_text.contains(&*file.path) {
                holdings.known_text.insert(name.clone());
            }
            if *side != Side::Subject {
                holdings.compared.insert(name.clone());
            }
            if side.is_subject() {
                holdings.checked.insert(name);
            }
        }
        holdings
    }
}

/// What a corpus is compared with.
#[derive(Debug)]
pub(crate) struct Past {
    /// What differs since then.
    pub(crate) changes: Changes,
    /// The top of the repository.
    pub(crate) top: PathBuf,
    /// What the corpus held, if it is known what it repeated.
    pub(crate) held: Option<Holdings>,
}

impl Past {
    /// Paths of documents in files that differ, or that were not held for the same. If other text than then is allowed
    /// everywhere, any text may be told of for the first time, and all are meant.
    pub(crate) fn changed(&self, corpus: &Corpus, policy: &Policy) -> BTreeSet<String> {
        let now = Holdings::of(corpus, policy, &self.top);
        let differs = |location: Option<&Path>| location.is_some_and(|location| self.changes.hold(location));
        let is_known_text = |path: &str| policy.known_text.contains(path);
        let allows_other = self.held.as_ref().is_some_and(|held| {
            let mut known_text = corpus.files.iter().filter(|file| is_known_text(&file.path));
            held.known_text != now.known_text || known_text.any(|file| differs(file.location.as_deref()))
        });
        let was_held = |location: Option<&Path>| {
            let Some((held, location)) = self.held.as_ref().zip(location) else { return true };
            let name = name(location, &self.top);
            let as_now = |then: &BTreeSet<String>, now: &BTreeSet<String>| then.contains(&name) || !now.contains(&name);
            as_now(&held.checked, &now.checked) && as_now(&held.compared, &now.compared)
        };
        let files = corpus.files.iter().filter(|file| {
            let location = file.location.as_deref();
            allows_other || differs(location) || !was_held(location)
        });
        files.map(|file| file.path.to_string()).collect()
    }
}

fn name(location: &Path, top: &Path) -> String {
    let whole = std::path::absolute(location).unwrap_or_else(|_| location.to_owned());
    inside(&whole, top).unwrap_or(whole).to_string_lossy().into_owned()
}
