//! Paths as they are shown, and the literal part of a pattern.

use std::path::{Component, Path};

/// The path as reached from the command line: `/` between names, no `.` names, no doubled slashes; bytes that are not
/// UTF-8 as `\xNN`, so that two names are never shown alike for want of letters.
pub(crate) fn display(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        let name = match component {
            Component::CurDir => continue,
            Component::RootDir => {
                text.push('/');
                continue;
            }
            other => other.as_os_str(),
        };
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        for chunk in name.as_encoded_bytes().utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                text.push_str(&format!("\\x{byte:02x}"));
            }
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

/// Whether an argument has a character that makes it a pattern.
pub fn is_pattern(argument: &str) -> bool {
    argument.contains(['*', '?', '[', '{'])
}

/// A pattern without `.` names and doubled slashes, and the directory from which it has to be walked.
pub(super) fn split_pattern(pattern: &str) -> (String, String) {
    let rooted = pattern.starts_with('/');
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let names: Vec<String> = parts.iter().map_while(|part| literal(part)).collect();
    let start = if rooted { "/" } else { "" };
    let root = format!("{start}{}", names.join("/"));
    (format!("{start}{}", parts.join("/")), if root.is_empty() { ".".to_owned() } else { root })
}

/// The one name that a part of a pattern stands for: it has no signs, or each stands for itself in brackets (`a[[]1[]]`).
pub(super) fn literal(part: &str) -> Option<String> {
    let mut name = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.find(['*', '?', '[', '{']) {
        name.push_str(&rest[..at]);
        let mut signs = rest[at..].chars();
        let (open, sign, close) = (signs.next(), signs.next(), signs.next());
        name.push(sign.filter(|sign| open == Some('[') && close == Some(']') && !matches!(sign, '!' | '^'))?);
        rest = signs.as_str();
    }
    name.push_str(rest);
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_without_what_says_nothing() {
        for (path, shown) in [
            ("./a//b/./c.txt", "a/b/c.txt"),
            ("../a.txt", "../a.txt"),
            ("/a/b", "/a/b"),
            ("a/../b", "a/../b"),
            ("./", "."),
            ("/", "/"),
        ] {
            assert_eq!(display(Path::new(path)), shown);
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown_by_their_values() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(display(Path::new(std::ffi::OsStr::from_bytes(b"a\xffb\xfe.txt"))), "a\\xffb\\xfe.txt");
    }

    #[test]
    fn patterns_are_walked_from_their_literal_part() {
        let split = |pattern| split_pattern(pattern);
        assert_eq!(split("./data//2021/*.txt"), ("data/2021/*.txt".to_owned(), "data/2021".to_owned()));
        assert_eq!(split("*.txt"), ("*.txt".to_owned(), ".".to_owned()));
        assert_eq!(split("/v/{a,b}/c"), ("/v/{a,b}/c".to_owned(), "/v".to_owned()));
        assert_eq!(split("/*"), ("/*".to_owned(), "/".to_owned()));
        assert_eq!(split("../x/**"), ("../x/**".to_owned(), "../x".to_owned()));
        assert_eq!(split("/a[[]1[]]/[{]b/[ab]c/*"), ("/a[[]1[]]/[{]b/[ab]c/*".to_owned(), "/a[1]/{b".to_owned()));
        assert_eq!(split("a]/[!a]/b").1, "a]");
    }
}
