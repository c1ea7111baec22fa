//! What is wrong with a configuration: what, where, and how to mend it.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::snippet::{Position, position, snippet};
use crate::report::{escape, excerpt};

/// Why there is no configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file that is not there, or cannot be read.
    #[error("{}: {reason}", shown(path))]
    Unreadable {
        /// The file, as it was reached.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A `pyproject.toml` that was named and says nothing of dittograph.
    #[error("{}: {NO_TABLE}: add one, or name another file", shown(path))]
    NoTable {
        /// The file, as it was reached.
        path: PathBuf,
    },
    /// What a file says cannot be taken.
    #[error("{}", listed(faults, *more))]
    Faulty {
        /// What is wrong, in the order of the file; one at least, and not more than ten.
        faults: Vec<Fault>,
        /// How many faults there are beside these.
        more: usize,
    },
}

/// Why a `pyproject.toml` says nothing.
pub(super) const NO_TABLE: &str = "there is no table `[tool.dittograph]` in it";

/// Faults of one file that are told.
const TOLD: usize = 10;

/// Columns that a line of names may have, about.
const LINE: usize = 90;

/// One thing that is wrong, at one place of a file. Displayed as a line that says so, and the line it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// The file, as it was reached.
    pub path: PathBuf,
    /// Its line, from 1.
    pub line: u64,
    /// The character of that line, from 1.
    pub column: u64,
    /// What is wrong.
    pub kind: FaultKind,
    /// The line, with carets under what is meant: three lines, for a font of one width.
    pub snippet: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { path, line, column, kind, snippet } = self;
        write!(out, "{}:{line}:{column}: {kind}\n{snippet}", shown(path))?;
        if let Some(known) = kind.known() {
            let gutter = " ".repeat(line.to_string().len());
            for (sign, names) in std::iter::once("= there are ").chain(std::iter::repeat("  ")).zip(lines(known)) {
                write!(out, "\n{gutter} {sign}{names}")?;
            }
        }
        Ok(())
    }
}

/// What can be wrong at a place of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// It is no TOML.
    #[error("not valid TOML: {reason}")]
    Syntax {
        /// What the parser says.
        reason: String,
    },
    /// It is no UTF-8.
    #[error("the byte {byte:#04x} is no UTF-8: save the file as UTF-8")]
    NotUtf8 {
        /// The first byte that is none.
        byte: u8,
    },
    /// What should be the table of a `pyproject.toml` is something else.
    #[error("`{name}` must be a table: write `[{name}]`")]
    NoTable {
        /// The table.
        name: String,
    },
    /// A key that nothing knows.
    #[error("there is no {noun} `{}`{}{}", quoted(name), inside(table.as_deref()), meant(*near))]
    Unknown {
        /// What it should be: a key, a rule, a level, a preset.
        noun: &'static str,
        /// What is written.
        name: String,
        /// The table that it stands in, such as `[budget]`, if it has to be told.
        table: Option<String>,
        /// The name that is nearest, if one is near.
        near: Option<&'static str>,
        /// Every name that there is.
        known: Vec<&'static str>,
    },
    /// A key that belongs elsewhere.
    #[error("`{name}` does not belong here, but {place}")]
    Elsewhere {
        /// The key.
        name: &'static str,
        /// Where it belongs, in words.
        place: String,
    },
    /// A value of a wrong type, or out of bounds.
    #[error("`{key}` must be {wanted}, not {found}{}", hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default())]
    Unfit {
        /// The key.
        key: &'static str,
        /// What it takes, in words.
        wanted: String,
        /// What is written, in words.
        found: String,
        /// How it is likely meant.
        hint: Option<String>,
    },
    /// A key that an entry must have.
    #[error("this `{table}` has no `{key}`: add one")]
    Missing {
        /// How the entry begins.
        table: String,
        /// The key.
        key: &'static str,
    },
    /// A glob that cannot be understood.
    #[error("not a valid glob: {reason}; a sign that stands for itself is written in brackets, such as `[*]`")]
    BadGlob {
        /// What is wrong with it.
        reason: String,
    },
    /// A glob of what is not read that means to take something back.
    #[error(
        "a `!` makes no exception here: name what is not read more narrowly; a name that begins with the sign itself is written with `{{!}}` for it"
    )]
    NoException,
    /// The file that is extended cannot be read.
    #[error("{} cannot be extended: {reason}", shown(path))]
    Base {
        /// That file, as it was reached.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Files that extend each other.
    #[error(
        "these files extend each other: {}; take out one `extend`",
        files.iter().map(|path| shown(path)).collect::<Vec<_>>().join(" → ")
    )]
    Cycle {
        /// The files on the way round, the first one again at the end.
        files: Vec<PathBuf>,
    },
    /// Too many files extend each other.
    #[error("{files} files extend one another before this one, and more are not read: put some of them together")]
    TooDeep {
        /// How many.
        files: usize,
    },
}

impl FaultKind {
    /// The names to choose from, where they have to be told: they are few, or none is near to what is written.
    fn known(&self) -> Option<&[&'static str]> {
        match self {
            FaultKind::Unknown { near, known, .. } if near.is_none() || known.len() <= 8 => Some(known),
            _ => None,
        }
    }
}

/// A path on one line of a terminal.
pub(super) fn shown(path: &Path) -> String {
    escape::visible(&path.to_string_lossy()).into_owned()
}

/// Something that is written in the file, short and harmless.
pub(super) fn quoted(text: &str) -> String {
    escape::visible(&excerpt::clip(text, 40, 12).join("…")).into_owned()
}

/// Names separated by commas, some on a line.
fn lines(names: &[&str]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (at, name) in names.iter().enumerate() {
        let end = if at + 1 < names.len() { ", " } else { "" };
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < LINE => line.push_str(&format!("`{name}`{end}")),
            _ => lines.push(format!("`{name}`{end}")),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn inside(table: Option<&str>) -> String {
    table.map(|table| format!(" in `{table}`")).unwrap_or_default()
}

fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

fn listed(faults: &[Fault], more: usize) -> String {
    let mut text = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n");
    if more > 0 {
        text.push_str(&format!("\n\nand {more} more like these"));
    }
    text
}

/// The known name that somebody is likely to have meant. Case and underscores do not count.
pub(super) fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    // Jaro and Winkler's measure takes time by the product of the lengths, and no name is that long.
    if name.len() > 64 {
        return None;
    }
    let name = name.to_lowercase().replace('_', "-");
    let mut best = (0.8, None);
    for &candidate in known {
        let likeness = strsim::jaro_winkler(&name, candidate);
        if likeness > best.0 {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

/// Faults of one file, gathered in any order.
pub(super) struct Faults<'a> {
    path: &'a Path,
    text: &'a str,
    /// Where each line ends.
    ends: Vec<usize>,
    all: Vec<(Range<usize>, FaultKind)>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Faults { path, text, ends: memchr::memchr_iter(b'\n', text.as_bytes()).collect(), all: Vec::new() }
    }

    /// Notes what is wrong with some bytes of the text.
    pub(super) fn add(&mut self, range: Range<usize>, kind: FaultKind) {
        self.all.push((range, kind));
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> u64 {
        self.ends.partition_point(|&end| end < offset) as u64 + 1
    }

    /// What is written there.
    pub(super) fn written(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// An error, if there is any fault.
    pub(super) fn check(mut self) -> Result<(), ConfigError> {
        if self.all.is_empty() {
            return Ok(());
        }
        self.all.sort_by_key(|(range, _)| (range.start, range.end));
        let more = self.all.len().saturating_sub(TOLD);
        let told = self.all.into_iter().take(TOLD).map(|(range, kind)| fault(self.path, self.text, &range, kind));
        Err(ConfigError::Faulty { faults: told.collect(), more })
    }

    /// The error of a single fault.
    pub(super) fn only(path: &Path, text: &str, range: Range<usize>, kind: FaultKind) -> ConfigError {
        ConfigError::Faulty { faults: vec![fault(path, text, &range, kind)], more: 0 }
    }
}

fn fault(path: &Path, text: &str, range: &Range<usize>, kind: FaultKind) -> Fault {
    let Position { line, column } = position(text, range.start);
    Fault { path: path.to_owned(), line, column, kind, snippet: snippet(text, range) }
}
