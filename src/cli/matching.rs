//! Which lists of paths and globs name a file: known text, and the groups.
//!
//! A list names a file if it names the file or a folder that it lies in. Plain paths are looked up; only what has signs of
//! a glob is matched, and a folder once for all that lies in it. So a list for each text of a corpus costs no more than
//! one for all: expected time is linear in the files, beside the globs that there are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ahash::AHashMap;
use anyhow::Context;
use dittograph::config::Located;
use dittograph::input::is_pattern;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Lists of paths and globs, by their numbers.
#[derive(Default)]
pub(crate) struct Matching {
    paths: AHashMap<PathBuf, Vec<u32>>,
    /// Names that are met in any folder below another.
    names: AHashMap<OsString, Vec<(PathBuf, u32)>>,
    globs: GlobSet,
    /// The list of each glob.
    of_globs: Vec<u32>,
    /// What is known of folders.
    folders: AHashMap<PathBuf, Vec<u32>>,
}

impl Matching {
    pub(crate) fn of<'a>(lists: impl Iterator<Item = &'a [Located]>) -> anyhow::Result<Self> {
        let (mut matching, mut set) = (Matching::default(), GlobSetBuilder::new());
        for (number, located) in (0..).zip(lists).flat_map(|(number, list)| list.iter().map(move |one| (number, one))) {
            if is_pattern(located.value()) {
                for glob in globs(located) {
                    let glob = GlobBuilder::new(&glob).literal_separator(true).build();
                    set.add(glob.with_context(|| format!("the pattern {:?} of the configuration", located.value()))?);
                    matching.of_globs.push(number);
                }
                continue;
            }
            matching.paths.entry(located.path()).or_default().push(number);
            if !located.value().contains('/') {
                let met = matching.names.entry(located.value().into()).or_default();
                met.push((located.base().to_owned(), number));
            }
        }
        matching.globs = set.build()?;
        Ok(matching)
    }

    /// The lists that name a file, in order.
    pub(crate) fn lists(&mut self, location: &Path) -> Vec<u32> {
        let mut lists = self.own(location);
        if let Some(folder) = location.parent() {
            lists.extend(self.of_folder(folder));
        }
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    fn of_folder(&mut self, folder: &Path) -> Vec<u32> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let lists = self.lists(folder);
        self.folders.insert(folder.to_owned(), lists.clone());
        lists
    }

    /// Those that name this very path.
    fn own(&self, path: &Path) -> Vec<u32> {
        let mut lists = self.paths.get(path).cloned().unwrap_or_default();
        let met = path.file_name().and_then(|name| self.names.get(name)).into_iter().flatten();
        lists.extend(met.filter(|(base, _)| path.starts_with(base)).map(|(_, number)| *number));
        lists.extend(self.globs.matches(path).into_iter().map(|glob| self.of_globs[glob]));
        lists
    }
}

/// A path or glob as globs of absolute paths. A name without a slash is met in any folder.
pub(crate) fn globs(located: &Located) -> Vec<String> {
    let is_glob = is_pattern(located.value());
    let whole = if is_glob { located.argument() } else { globset::escape(&located.path().to_string_lossy()) };
    let name = if is_glob { located.value().to_owned() } else { globset::escape(located.value()) };
    let base = globset::escape(&located.base().to_string_lossy());
    let anywhere = (!located.value().contains('/')).then(|| format!("{base}/**/{name}"));
    std::iter::once(whole).chain(anywhere).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_those_that_their_globs_match() {
        let base = Path::new("/r/[x]");
        let written = ["a.md", "docs", "docs/*.md", "*.txt", "**/gen", "docs/b", "*", "../up"];
        let lists: Vec<Vec<Located>> = written.iter().map(|value| vec![Located::new(base, value)]).collect();
        let mut matching = Matching::of(lists.iter().map(Vec::as_slice)).unwrap();
        for path in ["a.md", "docs/a.md", "docs/b/c.txt", "x/docs/y", "x/gen/y/z.md", "docs", "docs.md", "../up/a"] {
            let location = Located::new(base, path).path();
            let naive = |list: &Vec<Located>| {
                globs(&list[0]).iter().any(|glob| {
                    let glob = GlobBuilder::new(glob).literal_separator(true).build().unwrap().compile_matcher();
                    location.ancestors().any(|part| glob.is_match(part))
                })
            };
            let expected: Vec<u32> = (0..).zip(&lists).filter(|(_, list)| naive(list)).map(|(at, _)| at).collect();
            assert_eq!(matching.lists(&location), expected, "{path}");
        }
    }
}
