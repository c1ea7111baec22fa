//! What a person is told while the work goes on: errors, warnings, notes. All of it on standard error.
//!
//! Styles are written always and taken out by `anstream` where the stream, `NO_COLOR` or `--color` says so. A failure
//! to write a message is ignored on purpose: there is no better place left to report it, and it must not end the work.
//!
//! Names and reasons are other people's text: nothing in a message drives a terminal, or is a command to whatever reads the
//! log of a build.

pub(crate) use dittograph::report::group_thousands as grouped;
use dittograph::report::inert;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use dittograph::document::{Corpus, Skipped};
use dittograph::plan::megabytes;

/// Warnings shown before the rest is only counted.
const WARNINGS_SHOWN: usize = 10;
/// Errors shown of one file, and in all, before the rest is only counted: one broken file of a million lines must not
/// hide the others.
const ERRORS_SHOWN_PER_FILE: usize = 10;
const ERRORS_SHOWN: usize = 200;

/// Writes messages; when quiet, errors only.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Messages {
    /// Leave out everything but errors.
    pub(crate) quiet: bool,
}

impl Messages {
    /// Something that could not be done.
    pub(crate) fn error(self, text: impl Display) {
        line("error", AnsiColor::Red.on_default().bold(), text);
    }

    /// Errors, one a line, each with its label once. What is indented below an error, or shows a line of a file with its
    /// number and a bar, belongs to it; empty lines part errors of several lines.
    pub(crate) fn errors(self, text: &str) {
        apart(text).iter().for_each(|error| self.error(error));
    }

    /// Something that a user should know, and that loses nothing.
    pub(crate) fn warning(self, text: impl Display) {
        if !self.quiet {
            line("warning", AnsiColor::Yellow.on_default().bold(), text);
        }
    }

    /// What to do about an error.
    pub(crate) fn hint(self, text: impl Display) {
        line("hint", AnsiColor::Green.on_default().bold(), text);
    }

    /// A remark.
    pub(crate) fn note(self, text: impl Display) {
        if !self.quiet {
            line("note", AnsiColor::Cyan.on_default().bold(), text);
        }
    }

    /// Tells what could not be read, what was passed over and what was found odd about the input.
    pub(crate) fn tell_of_input(self, corpus: &Corpus) {
        let errors: Vec<&Skipped> = corpus.skipped.iter().filter(|skipped| skipped.is_error).collect();
        self.name_errors(&errors);
        for warning in corpus.warnings.iter().take(WARNINGS_SHOWN) {
            self.warning(printable(warning));
        }
        if let Some(more) = corpus.warnings.len().checked_sub(WARNINGS_SHOWN).filter(|&more| more > 0) {
            self.warning(format_args!("and {more} more of this kind"));
        }
        self.count_passed_over(corpus);
        if corpus.empty > 0 {
            let first = corpus.documents.iter().find(|document| document.text.is_blank());
            let first = first.map_or("a document", |document| document.id.as_str());
            let rest = match corpus.empty - 1 {
                0 => String::new(),
                others => format!(", nor in {} more", grouped(others)),
            };
            self.note(format_args!("no text in {}{rest}", printable(first)));
        }
    }

    /// What was passed over and is no error, counted by reason: a walk may meet thousands of one kind.
    fn count_passed_over(self, corpus: &Corpus) {
        let mut by_reason: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        for skipped in corpus.skipped.iter().filter(|skipped| !skipped.is_error) {
            by_reason.entry(&skipped.reason).or_insert((&skipped.path, 0)).1 += 1;
        }
        let more = by_reason.len().saturating_sub(WARNINGS_SHOWN);
        for (reason, (first, count)) in by_reason.into_iter().take(WARNINGS_SHOWN) {
            let (reason, first) = (printable(reason), printable(first));
            let rest = if count == 1 { String::new() } else { format!(", and {} more", grouped(count - 1)) };
            self.note(format_args!("passed over {first}{rest}: {reason}"));
        }
        if more > 0 {
            self.note(format_args!(
                "and passed over more for {}; --files names all",
                plural(more as u64, "other reason")
            ));
        }
    }

    fn name_errors(self, errors: &[&Skipped]) {
        let mut shown = 0;
        let mut of_file = 0;
        let mut file = None;
        for error in errors {
            if file != Some(&error.path) {
                file = Some(&error.path);
                of_file = 0;
            }
            if of_file < ERRORS_SHOWN_PER_FILE && shown < ERRORS_SHOWN {
                self.error(place_and_reason(error));
                shown += 1;
            }
            of_file += 1;
        }
        if shown < errors.len() {
            self.error(format_args!(
                "and {} more that could not be read; --format json lists all",
                errors.len() - shown
            ));
        }
    }
}

/// Tells what is wrong with the arguments.
pub(crate) fn refuse(told: &clap::Error) {
    let _ = write!(anstream::stderr(), "{}", inert(&told.render().ansi().to_string()));
}

fn line(label: &str, style: Style, text: impl Display) {
    let text = text.to_string();
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(printable).collect();
    let _ = writeln!(anstream::stderr(), "{style}{label}:{style:#} {}", lines.join("\n"));
}

/// The errors of a text of several, with the lines that belong to each.
fn apart(text: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    for line in text.lines() {
        match errors.last_mut() {
            Some(last) if line.is_empty() || line.starts_with(' ') || is_of_file(line) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => errors.push(line.to_owned()),
        }
    }
    errors
}

/// Whether a line is one of a file that is shown: `12 | text`.
fn is_of_file(line: &str) -> bool {
    let rest = line.trim_start_matches(|sign: char| sign.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(" |")
}

fn place_and_reason(skipped: &Skipped) -> String {
    let path = printable(&skipped.path);
    let reason = printable(&skipped.reason);
    match skipped.line {
        Some(line) => format!("{path}:{line}: {reason}"),
        None => format!("{path}: {reason}"),
    }
}

/// The text with control characters escaped, so that a file's name can't move the cursor or fake a line, and with what a
/// log would obey, so that it is no command either.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return inert(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if character.is_control() {
            // Writing to a string can't fail.
            let _ = write!(escaped, "{}", character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(inert(&escaped).into_owned())
}

/// A number of bytes in the unit that suits it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        ..10_000 => plural(bytes, "byte"),
        10_000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => megabytes(bytes),
    }
}

/// A count with its noun: `1 document`, `2,000 documents`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let cases = [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (123_456, "123,456"), (1_000_000, "1,000,000")];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn control_characters_are_escaped_and_nothing_else_is() {
        assert_eq!(printable("a\u{1b}[31mb\n"), "a\\u{1b}[31mb\\n");
        assert!(matches!(printable("Überblick – \"x\""), Cow::Borrowed(_)));
        assert_eq!(printable("::error::a\n##[b]"), "\\x3a:error::a\\n##\\x5bb]");
    }

    #[test]
    fn an_error_keeps_its_lines_and_has_one_label() {
        let fault = "a.toml:2:1: no\n  |\n2 | x = 1\n  | ^\n  = there are `a`,\n    `b`";
        assert_eq!(
            apart(&format!("{fault}\n\n{fault}\n\nand 1 more")),
            [format!("{fault}\n"), format!("{fault}\n"), "and 1 more".to_owned()]
        );
        assert_eq!(apart("a: not there\nb: not there"), ["a: not there", "b: not there"]);
        assert_eq!(apart(""), [] as [&str; 0]);
    }

    #[test]
    fn a_place_has_its_line_where_there_is_one() {
        let mut skipped = Skipped { path: "a.jsonl".into(), line: Some(3), reason: "bad".into(), is_error: true };
        assert_eq!(place_and_reason(&skipped), "a.jsonl:3: bad");
        skipped.line = None;
        assert_eq!(place_and_reason(&skipped), "a.jsonl: bad");
    }
}
