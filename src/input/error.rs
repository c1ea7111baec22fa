//! Why there is nothing to go on with: what, where, and how to mend it.

use super::format::KNOWN_TYPES;

/// Nothing can be read, or an argument makes no sense.
///
/// A bad argument beside good ones is no `InputError`: it becomes a [`Skipped`](crate::document::Skipped) with the same
/// words, and the rest is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// No path was given at all.
    #[error("no input was named: name files, directories or globs, or `-` for standard input")]
    NoPaths,
    /// The paths exist, but nothing in them is of a known type.
    #[error("nothing to read in {}{}", named(paths), hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default())]
    NothingFound {
        /// What was named on the command line.
        paths: Vec<String>,
        /// What was passed over and how to have it read, where that is the reason.
        hint: Option<String>,
    },
    /// A path that does not exist.
    #[error("{path}: no such file or directory")]
    PathMissing {
        /// The path as given.
        path: String,
    },
    /// A glob that matches no file.
    #[error("{pattern}: the pattern matches no file{}", hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default())]
    NoMatch {
        /// The pattern as given.
        pattern: String,
        /// What was passed over and how to have it read, where that is the reason.
        hint: Option<String>,
    },
    /// What documents are to be compared with leads to no file. Without it too much would be taken for their own.
    #[error("{path}: there is nothing in it to compare with{}", hint.as_deref().map(|hint| format!(": {hint}")).unwrap_or_default())]
    NoReferences {
        /// The path or pattern as given.
        path: String,
        /// What was passed over and how to have it read, where that is the reason.
        hint: Option<String>,
    },
    /// A file named on the command line whose name ends in nothing that is known.
    #[error(
        "{path}: not a known type of file (known: {KNOWN_TYPES}); rename it, or pipe it into standard input, where the type is told by its content: `... - < {path}`"
    )]
    UnknownType {
        /// The path as given.
        path: String,
    },
    /// A pattern that cannot be understood.
    #[error("{pattern}: not a valid pattern: {reason}")]
    BadGlob {
        /// The pattern as given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A path that is there but cannot be looked at.
    #[error("{path}: cannot be opened: {reason}")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A name for a field that names nothing.
    #[error("`{name}` does not name a field: write `name`, or `outer.inner` for a nested one")]
    BadField {
        /// The name as given.
        name: String,
    },
    /// Several bad arguments and no good one.
    #[error("{}", all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several {
        /// One error an argument, in the order of the paths' bytes.
        all: Vec<InputError>,
    },
}

impl InputError {
    /// The path or pattern that is at fault, as it was given; `None` where it is no single one.
    pub fn argument(&self) -> Option<&str> {
        match self {
            InputError::PathMissing { path }
            | InputError::UnknownType { path }
            | InputError::Unreadable { path, .. }
            | InputError::NoReferences { path, .. } => Some(path),
            InputError::NoMatch { pattern, .. } | InputError::BadGlob { pattern, .. } => Some(pattern),
            InputError::NoPaths
            | InputError::NothingFound { .. }
            | InputError::BadField { .. }
            | InputError::Several { .. } => None,
        }
    }
}

/// At most three names, and how many more there are.
fn named(paths: &[String]) -> String {
    let mut text = paths.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    if paths.len() > 3 {
        text.push_str(&format!(" and {} more", paths.len() - 3));
    }
    text
}
