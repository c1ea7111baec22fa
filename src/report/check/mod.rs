//! Reports of a check: what a team has to act on, in the formats of the places where it looks.
//!
//! **Idea.** A check is read in a terminal, by a script, and on the pages of the platform that ran it. Each of these has
//! a format of its own with limits of its own, so each is a renderer of its own, over the same [`Checked`]: nothing is
//! decided here, nothing is ordered anew, and what a format has no room for is counted in it. What the formats say
//! alike they say in the same words (`verdict`). [`CheckFormat::Json`] has everything; it is documented in
//! `docs/formats.md` and has a schema, `docs/check.v1.schema.json`.
//!
//! **Trust.** Paths, excerpts and reasons are other people's text. Every format escapes them by its own rules, so that
//! they stay text: no markup, no link, no command of a platform, no escape sequence of a terminal. Where a text is only
//! shown, control characters and bidirectional controls appear as `\u{1b}` (`escape`); where it is data, such as a path
//! that a platform opens, it is kept to the character, unless the format can't hold it.
//!
//! **What it gives up.** Platforms show a part of what they are given; what is left out is told beside it, but only JSON
//! and the human report with `--all` are whole.

mod explain;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod sarif;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;

use super::Appearance;
use super::escape::visible;
use crate::check::problems::{Checked, Place, Problem};

pub use explain::explain;

/// A way to write a report of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CheckFormat {
    /// For people at a terminal, in a pipe or in a file.
    #[default]
    Human,
    /// One JSON object, `dittograph.check.v1`.
    Json,
    /// Workflow commands, which GitHub Actions shows as annotations of a change.
    Github,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// JUnit's XML, for whatever shows the results of tests.
    Junit,
    /// The report of GitLab's Code Quality.
    Gitlab,
    /// A summary for the page of a job, or for a comment.
    Markdown,
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is named `{0}`; there are human, json, github, sarif, junit, gitlab and markdown")]
pub struct UnknownCheckFormat(pub String);

impl CheckFormat {
    /// Every format, the default first.
    pub const ALL: [CheckFormat; 7] = [
        CheckFormat::Human,
        CheckFormat::Json,
        CheckFormat::Github,
        CheckFormat::Sarif,
        CheckFormat::Junit,
        CheckFormat::Gitlab,
        CheckFormat::Markdown,
    ];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            CheckFormat::Human => "human",
            CheckFormat::Json => "json",
            CheckFormat::Github => "github",
            CheckFormat::Sarif => "sarif",
            CheckFormat::Junit => "junit",
            CheckFormat::Gitlab => "gitlab",
            CheckFormat::Markdown => "markdown",
        }
    }
}

impl FromStr for CheckFormat {
    type Err = UnknownCheckFormat;

    fn from_str(name: &str) -> Result<Self, UnknownCheckFormat> {
        let found = CheckFormat::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownCheckFormat(name.to_owned()))
    }
}

impl fmt::Display for CheckFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The first line of a report in Markdown, by which it is known.
const MARK: &str = "<!-- dittograph.check.v1 -->";

/// Whether a text is a report in Markdown.
pub fn is_one(text: &[u8]) -> bool {
    text.starts_with(MARK.as_bytes())
}

/// Writes a report in a format. `appearance` matters to [`CheckFormat::Human`] only. Output is buffered here and
/// flushed.
///
/// # Errors
/// Whatever `out` returns, with its kind.
pub fn write(
    checked: &Checked,
    format: CheckFormat,
    appearance: Appearance,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match format {
        CheckFormat::Human => human::write(checked, appearance, &mut out)?,
        CheckFormat::Json => json::write(checked, &mut out)?,
        CheckFormat::Github => github::write(checked, &mut out)?,
        CheckFormat::Sarif => sarif::write(checked, &mut out)?,
        CheckFormat::Junit => junit::write(checked, &mut out)?,
        CheckFormat::Gitlab => gitlab::write(checked, &mut out)?,
        CheckFormat::Markdown => markdown::write(checked, &mut out)?,
    }
    io::Write::flush(&mut out)
}

/// The message of a problem, to be shown: its paths can't drive a terminal or turn the order of a line.
fn shown_message(problem: &Problem) -> String {
    problem.tell(|_, name| visible(name).into_owned())
}

/// Other places of a problem, to be shown: at most so many, and how many are left.
fn shown_others(problem: &Problem, most: usize) -> (Vec<String>, u64) {
    let others = problem.places.get(1..).unwrap_or_default();
    let shown = others.iter().take(most).map(|place| visible(&place.name()).into_owned()).collect();
    (shown, others.len().saturating_sub(most) as u64)
}

/// A path with a line where there is one, to be shown.
fn shown_place(path: &str, line: Option<u64>) -> String {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}", visible(path))
}

/// The lines that a place is in, as formats want them: from 1, the last not before the first.
fn lines(place: &Place) -> (u64, u64) {
    let first = place.line.max(1);
    (first, place.end_line.max(first))
}

/// Counts problems of one id in one file: the first is 1. So two of them have names that stay when lines move.
#[derive(Default)]
struct Ordinals<'c>(BTreeMap<(u64, &'c str), u64>);

impl<'c> Ordinals<'c> {
    fn next(&mut self, problem: &'c Problem) -> u64 {
        let path = problem.places.first().map_or("", |place| place.path.as_str());
        let ordinal = self.0.entry((problem.id, path)).or_default();
        *ordinal += 1;
        *ordinal
    }
}
