//! Paths and globs of a configuration: text with `/` between names, carried over from one directory to another.
//!
//! A glob must stay text: only its reader knows which of its characters are signs. So `..` and `.` are resolved name by
//! name in that text, and a directory that is put before a glob has its own `*` or `[` escaped.

use std::path::{Component, Path, PathBuf};

use crate::input::is_pattern;

/// A path or glob, and the directory that it starts from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Located {
    base: PathBuf,
    value: String,
}

impl Located {
    /// A path or glob as somebody writes it, in a directory. `.` names and doubled slashes are left out of it.
    pub fn new(base: &Path, value: &str) -> Self {
        Located { base: tidy(base), value: moved(".", value, false) }
    }

    /// The directory that it starts from.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// What is written, relative to the base, or absolute; with `/` between names. Paths below the base that are written
    /// in the same way can be compared with it, or matched if it is a glob.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The last directory, or the file, that it surely names, and what a glob says of what lies below it; `.` if it is no
    /// glob.
    pub fn split(&self) -> (PathBuf, &str) {
        let names = self.value.split_inclusive('/');
        let literal: usize = names.take_while(|name| !is_pattern(name)).map(str::len).sum();
        let (literal, rest) = self.value.split_at(literal);
        (tidy(&self.base.join(literal)), if rest.is_empty() { "." } else { rest })
    }

    /// Where it is, if it is no glob.
    pub fn path(&self) -> PathBuf {
        tidy(&self.base.join(&self.value))
    }

    /// The same as one of [`InputOptions::paths`](crate::input::InputOptions::paths): reached as the base is. A base whose
    /// name is no UTF-8 cannot be said in it.
    pub fn argument(&self) -> String {
        if is_pattern(&self.value) {
            moved(&self.base.to_string_lossy(), &self.value, true)
        } else {
            self.path().to_string_lossy().into_owned()
        }
    }
}

/// A text that starts from `directory`, which is text of the same kind, as one that starts from where that does.
///
/// If it is a pattern, the signs of patterns in the directory are escaped, and `..` behind one of its own signs stays.
pub(super) fn moved(directory: &str, value: &str, is_glob: bool) -> String {
    let is_rooted = |text: &str| text.starts_with('/');
    let is_absolute = is_rooted(value) || Path::new(value).is_absolute();
    let before = if is_absolute { "" } else { directory };
    let rooted = is_rooted(value) || is_rooted(before);
    // Each name with whether it may be left again by `..`.
    let mut names: Vec<(&str, bool)> = Vec::new();
    let mut own = 0;
    for (name, is_own) in before.split('/').map(|name| (name, false)).chain(value.split('/').map(|name| (name, true))) {
        match name {
            "" | "." => continue,
            ".." => match names.last() {
                Some(&(_, true)) => {
                    names.pop();
                    own = own.min(names.len());
                    continue;
                }
                None if rooted => continue,
                _ => names.push((name, false)),
            },
            _ => names.push((name, !(is_own && is_pattern(name)))),
        }
        if !is_own {
            own = names.len();
        }
    }
    let mut out = String::new();
    for (at, (name, _)) in names.iter().enumerate() {
        if at > 0 || rooted {
            out.push('/');
        }
        if is_glob && at < own {
            out.push_str(&globset::escape(name));
        } else {
            out.push_str(name);
        }
    }
    match out.as_str() {
        "" if rooted => "/".to_owned(),
        "" => ".".to_owned(),
        _ => out,
    }
}

/// A path without `.` names and without `..` behind a name; `.` if nothing is left.
pub fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match (component, out.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                out.pop();
            }
            _ => out.push(component),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_move_from_one_directory_to_another() {
        for (directory, value, expected) in [
            (".", "articles", "articles"),
            (".", "./a//b/", "a/b"),
            (".", ".", "."),
            (".", "../a", "../a"),
            ("..", "*.md", "../*.md"),
            ("..", "../*.md", "../../*.md"),
            ("../shared", "../texts/**", "../texts/**"),
            ("a/b", "../../..", ".."),
            ("a/b", "../..", "."),
            ("a", "/srv/*.md", "/srv/*.md"),
            ("/a", "../../b", "/b"),
            ("/a", "..", "/"),
            ("a[1]", "*.md", "a[[]1[]]/*.md"),
            ("a[1]", "../*.md", "*.md"),
            (".", "*/../x", "*/../x"),
            (".", "a/*/../../x", "a/*/../../x"),
        ] {
            assert_eq!(moved(directory, value, true), expected, "{directory} {value}");
        }
        assert_eq!(moved("a[1]", "b", false), "a[1]/b");
        // What is put before is known by its place even after some of it went.
        assert_eq!(moved("a*/b*", "../c*", true), "a[*]/c*");
    }

    #[test]
    fn arguments_are_reached_as_the_base_is() {
        let argument = |base: &str, value: &str| Located::new(Path::new(base), value).argument();
        assert_eq!(argument(".", "articles/*.md"), "articles/*.md");
        assert_eq!(argument("..", "articles"), "../articles");
        assert_eq!(argument("/srv/[site]", "articles"), "/srv/[site]/articles", "found as it is, without a walk");
        assert_eq!(argument("/srv/[site]", "*.md"), "/srv/[[]site[]]/*.md");
        assert_eq!(argument("/srv/site", "../b/*.md"), "/srv/b/*.md");
        assert_eq!(argument(".", "."), ".");
    }

    #[test]
    fn directories_are_resolved_by_their_names() {
        for (path, expected) in [
            ("", "."),
            ("./", "."),
            ("a/..", "."),
            ("a/../..", ".."),
            ("../../a", "../../a"),
            ("/..", "/"),
            ("a/./b", "a/b"),
        ] {
            assert_eq!(tidy(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    proptest! {
        #[test]
        fn a_text_that_was_moved_stays(directory in "[a.*/\\[\\]]{0,8}", value in "[a.*/\\[{]{0,12}") {
            let once = moved(&directory, &value, true);
            prop_assert_eq!(&moved(".", &once, true), &once);
            prop_assert!(!once.is_empty());
        }
    }
}
