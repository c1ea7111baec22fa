//! Configuration: what a team has agreed on for `dittograph check`, in a file beside its texts.
//!
//! **Idea.** One table of keys (`keys`) says of each key its name, meaning, default, type and the field of [`Config`]
//! that it sets. Reading (`reading`), [`dump`] and [`schema`] walk that table, so they cannot disagree, and a key that
//! is added is known to all three. A file is read by setting fields, one after the other: one that extends another sets
//! them over those of its base, so there are no rules of merging beside those of setting. A scalar or a list replaces
//! what was there, a key of `[rules]` or `[budget]` sets itself and no other, an entry of `[[groups]]` or `[[allow]]` is
//! added.
//!
//! **Where files are.** [`find`] goes up from a directory to the first that holds `dittograph.toml`, `.dittograph.toml`
//! or a `pyproject.toml` with a table `[tool.dittograph]`, in this order (`files`). What is below is never merged with
//! what is above; `extend` does that, where somebody has written it.
//!
//! **What a path is relative to.** To the file that it is written in. All paths and globs are carried over to the
//! directory of the nearest file when they are read ([`Located`]), so that nothing later has to know which file they
//! came from. Files are reached as the start was given: a relative start makes relative paths, which do not tell of the
//! machine in a report.
//!
//! **What goes wrong** is told with file, line and column, the line itself with carets, and the nearest name that there
//! is (`faults`). All faults of a file are told at once.
//!
//! **Cost.** Linear in the files, which may have 4 MB each. A file that extends others is read with them, 32 at most.
//!
//! **Gives up.** `..` is resolved by the names alone: behind a link to a directory it leads to where the link stands.
//! Whether paths exist, and which files globs match, is for those to say who read them. Comments and the order of keys
//! are not kept: [`dump`] writes its own.

mod dump;
mod faults;
mod files;
mod keys;
mod located;
mod numbers;
#[cfg(test)]
mod promises;
mod reading;
mod schema;
mod snippet;
#[cfg(test)]
mod tests;
mod unfit;

use std::path::{Path, PathBuf};

pub use dump::dump;
pub use faults::{ConfigError, Fault, FaultKind};
pub use files::{find, load};
pub use located::{Located, tidy};
pub use schema::schema;

use crate::finding::{Rule, Severity};
use crate::input::FieldNames;
use crate::settings::Preset;

/// What a configuration says. `None` and empty lists stand for what it leaves open, so that a command line can say it.
///
/// All places in it have [`root`](Config::root) as their base. The default is what holds where no file says anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The directory of the nearest file, as it was reached; `.` if there is none.
    pub root: PathBuf,
    /// The files that were read, as they were reached: the nearest, then what it extends, and so on.
    pub files: Vec<PathBuf>,
    /// What is checked when nothing is named: files, directories, globs.
    pub paths: Vec<Located>,
    /// The job whose habits are taken.
    pub preset: Option<Preset>,
    /// Shortest passage reported across documents, in words.
    pub min_words: Option<u32>,
    /// The resemblance asked of near-duplicates, in thousandths.
    pub similarity: Option<u32>,
    /// What is made of the findings of each rule.
    pub rules: Levels,
    /// Globs of files that are not read.
    pub ignore: Vec<Located>,
    /// Files, directories and globs whose wording is allowed everywhere.
    pub known_text: Vec<Located>,
    /// What is compared with and never reported: files, directories, globs.
    pub references: Vec<Located>,
    /// How much is allowed.
    pub budget: Budgets,
    /// The file of the findings that are known.
    pub baseline: Option<Located>,
    /// Documents that are not compared among themselves; of several files, the base's first.
    pub groups: Vec<Group>,
    /// Findings that are excused; of several files, the base's first.
    pub allow: Vec<Allowance>,
    /// The fields and columns that make a document.
    pub fields: FieldNames,
    /// Whether walks take names that begin with a dot.
    pub hidden: Option<bool>,
    /// Whether walks take what ignore files exclude.
    pub no_ignore: Option<bool>,
}

impl Default for Config {
    fn default() -> Self {
        Config::at(Path::new("."))
    }
}

impl Config {
    /// The default, for files below a directory.
    pub fn at(root: &Path) -> Self {
        Config {
            root: root.to_owned(),
            files: Vec::new(),
            paths: Vec::new(),
            preset: None,
            min_words: None,
            similarity: None,
            rules: Levels::default(),
            ignore: Vec::new(),
            known_text: Vec::new(),
            references: Vec::new(),
            budget: Budgets::default(),
            baseline: None,
            groups: Vec::new(),
            allow: Vec::new(),
            fields: FieldNames::default(),
            hidden: None,
            no_ignore: None,
        }
    }
}

/// What is made of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// They are not reported.
    Off,
    /// They are reported as this.
    At(Severity),
}

impl Level {
    /// Every level, from nothing to the gravest.
    pub const ALL: [Level; 4] =
        [Level::Off, Level::At(Severity::Note), Level::At(Severity::Warning), Level::At(Severity::Error)];

    /// The name used in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::At(severity) => severity.name(),
        }
    }

    /// What is made of a rule's findings where nobody says otherwise.
    ///
    /// A repeat that somebody should remove is an error; a quotation may well stand in two texts, and boilerplate is on
    /// every page.
    pub fn usual(rule: Rule) -> Self {
        match rule {
            Rule::DoubledText | Rule::SharedPassage | Rule::NearDuplicate | Rule::Contained => {
                Level::At(Severity::Error)
            }
            Rule::AlteredQuote => Level::At(Severity::Warning),
            Rule::ReusedQuote => Level::At(Severity::Note),
            Rule::Boilerplate => Level::Off,
        }
    }
}

/// A level for each rule. The default is [`Level::usual`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels([Level; Rule::ALL.len()]);

impl Default for Levels {
    fn default() -> Self {
        Levels(Rule::ALL.map(Level::usual))
    }
}

impl Levels {
    /// The level of a rule.
    pub fn of(&self, rule: Rule) -> Level {
        self.iter().find(|&(known, _)| known == rule).map_or(Level::Off, |(_, level)| level)
    }

    /// Sets the level of a rule.
    pub fn set(&mut self, rule: Rule, level: Level) {
        for (known, slot) in Rule::ALL.into_iter().zip(&mut self.0) {
            if known == rule {
                *slot = level;
            }
        }
    }

    /// Every rule with its level, in the order of [`Rule::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Rule, Level)> + '_ {
        Rule::ALL.into_iter().zip(self.0)
    }
}

/// How much is allowed before a check fails. Where nothing is said, no new error is, and any share of repeated words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budgets {
    /// New findings that are errors.
    pub findings: Option<u32>,
    /// The share of repeated words, in millionths.
    pub repeated_words: Option<u32>,
}

/// Documents that are not compared among themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// Globs of its files, one at least.
    pub paths: Vec<Located>,
}

/// A finding that somebody excused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allowance {
    /// The finding's id.
    pub id: u64,
    /// Why it is excused.
    pub reason: String,
    /// The file that says so, as it was reached.
    pub path: PathBuf,
    /// The line of that file where it begins, from 1.
    pub line: u64,
}
