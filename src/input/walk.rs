//! From arguments to files: directories, globs, links, ignore files; each file once, in one order.
//!
//! Arguments are sorted first and files afterwards, by the bytes of their paths, so that neither the order of the
//! arguments nor that of a directory can be seen later. Whether two paths lead to one file is asked of the system
//! (canonical paths), and only where it can happen: with several arguments or links.
//!
//! A glob is walked from its literal part. A directory that matches stands for all that is in it, as if the shell had
//! expanded the pattern; below the depth of a pattern without `**` nothing else is entered.

use std::collections::hash_map::Entry;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ahash::AHashMap;
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

use super::format::{self, Compression, Format, KNOWN_TYPES, Kind};
use super::path::{display, is_pattern, literal, split_pattern};
use super::{Absent, InputError, InputOptions, stream};
use crate::document::{Side, Skipped};

/// A file to be read.
#[derive(Debug)]
pub(super) struct File {
    /// As reached from the command line.
    pub(super) path: Arc<str>,
    /// Where it is opened.
    pub(super) location: PathBuf,
    /// What its name says it holds.
    pub(super) kind: Kind,
    /// The compression that its name promises.
    pub(super) promised: Compression,
    /// Its size on disk.
    pub(super) bytes: u64,
    /// Whether it was named itself, not met on a walk.
    pub(super) is_named: bool,
    /// What its documents are there for.
    pub(super) side: Side,
    is_link: bool,
}

/// All that the arguments lead to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files of known types, each once, by path.
    pub(super) files: Vec<File>,
    /// Whether standard input was named.
    pub(super) stdin: bool,
    /// What was passed over.
    pub(super) skipped: Vec<Skipped>,
    /// Ignore files that could not be understood.
    pub(super) warnings: Vec<String>,
    links: bool,
}

/// One line of a listing: what would be read, or why it is passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedInput {
    /// The path as reached from the command line; `-` for standard input.
    pub path: String,
    /// What it holds; `None` where it is passed over, and for standard input, whose type is told by its content.
    pub format: Option<Format>,
    /// Size on disk in bytes; 0 where unknown.
    pub bytes: u64,
    /// Why it is passed over; `None` if it would be read.
    pub reason: Option<String>,
}

/// Lists what [`read`](super::read) would read and what it would pass over, sorted by path. Opens files for their
/// first bytes only.
///
/// # Errors
///
/// As [`read`](super::read) where nothing can be read.
pub fn list(options: &InputOptions) -> Result<Vec<ListedInput>, InputError> {
    let found = find(options)?;
    let mut listed = Vec::new();
    if found.stdin {
        listed.push(ListedInput { path: "-".to_owned(), format: None, bytes: 0, reason: None });
    }
    for file in &found.files {
        let (format, reason) = match stream::compression_of(&file.location) {
            Ok(compression) => (Some(Format { kind: file.kind, compression }), None),
            Err(error) => (None, Some(cannot_be_opened(&error))),
        };
        listed.push(ListedInput { path: file.path.to_string(), format, bytes: file.bytes, reason });
    }
    for skipped in found.skipped {
        let bytes = fs::symlink_metadata(&skipped.path).map_or(0, |metadata| metadata.len());
        listed.push(ListedInput { path: skipped.path, format: None, bytes, reason: Some(skipped.reason) });
    }
    listed.sort();
    Ok(listed)
}

/// A file that would be read, by what the system knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStamp {
    /// The path as reached from the command line.
    pub path: String,
    /// Where it is opened.
    pub location: PathBuf,
    /// Its size on disk in bytes.
    pub bytes: u64,
    /// When it was written last, or what the system knows of it (as when a time is set by hand), if the system tells.
    pub modified: Option<SystemTime>,
}

/// The files that [`read`](super::read) would read, sorted by path, and what it would pass over. Opens none of them.
///
/// # Errors
///
/// As [`read`](super::read) where nothing can be read.
pub fn stamp(options: &InputOptions) -> Result<(Vec<FileStamp>, Vec<Skipped>), InputError> {
    let found = find(options)?;
    let stamps = found.files.into_iter().map(|file| FileStamp {
        path: file.path.to_string(),
        bytes: file.bytes,
        modified: fs::metadata(&file.location).ok().and_then(|known| changed_last(&known)),
        location: file.location,
    });
    Ok((stamps.collect(), found.skipped))
}

fn changed_last(known: &fs::Metadata) -> Option<SystemTime> {
    let modified = known.modified().ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let since = u64::try_from(known.ctime()).ok().zip(u32::try_from(known.ctime_nsec()).ok());
        let changed = since.map(|(seconds, nanoseconds)| Duration::new(seconds, nanoseconds));
        Some(changed.map_or(modified, |since| modified.max(SystemTime::UNIX_EPOCH + since)))
    }
    #[cfg(not(unix))]
    Some(modified)
}

/// The words for a file that the system does not let us read.
pub(super) fn cannot_be_opened(error: &io::Error) -> String {
    format!("cannot be opened: {error}")
}

/// Finds everything that the arguments lead to.
pub(super) fn find(options: &InputOptions) -> Result<Found, InputError> {
    let mut arguments = options.paths.clone();
    arguments.sort();
    arguments.dedup();
    if arguments.is_empty() {
        return Err(InputError::NoPaths);
    }
    let excluded = exclude(&options.excluded)?;
    let mut found = Found::default();
    let mut problems = Vec::new();
    // Whether there was anything before it was excluded.
    let mut finds_any = false;
    let references = options.references.iter().map(|argument| (argument, true));
    for (argument, is_reference) in arguments.iter().map(|argument| (argument, false)).chain(references) {
        let mut part = Found::default();
        // What is named to be compared with is text, whatever it is called: `LICENSE`.
        let fallback = is_reference.then_some(Kind::Text);
        match follow(argument, fallback, options, &mut part) {
            Err(problem) if may_be_absent(&problem, is_reference, options.allows_absent) => {}
            Err(problem) if is_reference || matches!(problem, InputError::BadGlob { .. }) => return Err(problem),
            Err(problem) => problems.push((argument, problem)),
            Ok(()) => {}
        }
        if is_reference {
            part.files.iter_mut().for_each(|file| file.side = Side::Reference);
        } else {
            finds_any |= part.finds_any();
        }
        part.leave_out(&excluded);
        // What is to be compared with must be there: without it too much would be kept.
        if is_reference && !part.finds_any() && options.allows_absent != Absent::Anything {
            let hint = passed_over(std::slice::from_ref(argument), options, &part);
            return Err(InputError::NoReferences { path: argument.clone(), hint });
        }
        found.join(part);
    }
    if !finds_any && !found.finds_any() {
        let mut all: Vec<InputError> = problems.into_iter().map(|(_, problem)| problem).collect();
        return Err(match all.len() {
            0 => InputError::NothingFound { hint: passed_over(&arguments, options, &found), paths: arguments },
            1 => all.swap_remove(0),
            _ => InputError::Several { all },
        });
    }
    for (argument, problem) in problems {
        let text = problem.to_string();
        let reason = text.strip_prefix(argument.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
        found.skip(argument.clone(), reason, true);
    }
    if arguments.len() + options.references.len() > 1 || found.links {
        found.keep_each_file_once(options.allows_both);
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.keep_each_name_once();
    found.tell_nothing_of_what_is_read();
    Ok(found)
}

/// Whether that an argument leads nowhere is no trouble.
fn may_be_absent(problem: &InputError, is_reference: bool, allowed: Absent) -> bool {
    match (problem, allowed) {
        // Told of as that there are no references.
        (InputError::NoMatch { .. }, Absent::Nothing) => is_reference,
        (InputError::NoMatch { .. }, _) => true,
        // A file that says nothing yet may be of no type.
        (InputError::PathMissing { .. } | InputError::UnknownType { .. }, Absent::Anything) => true,
        _ => false,
    }
}

/// The globs of what is passed over.
fn exclude(patterns: &[String]) -> Result<GlobSet, InputError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad =
            |error: globset::Error| InputError::BadGlob { pattern: pattern.clone(), reason: error.kind().to_string() };
        set.add(GlobBuilder::new(pattern).literal_separator(true).build().map_err(bad)?);
    }
    set.build().map_err(|error| InputError::BadGlob { pattern: patterns.join(", "), reason: error.to_string() })
}

impl Found {
    /// Whether something can be read, or is lost.
    fn finds_any(&self) -> bool {
        !self.files.is_empty() || self.stdin || self.skipped.iter().any(|skipped| skipped.is_error)
    }

    fn join(&mut self, other: Found) {
        self.files.extend(other.files);
        self.skipped.extend(other.skipped);
        self.warnings.extend(other.warnings);
        self.stdin |= other.stdin;
        self.links |= other.links;
    }

    /// Leaves out what is excluded: a file that matches, or that lies in a directory that does.
    fn leave_out(&mut self, excluded: &GlobSet) {
        if excluded.is_empty() {
            return;
        }
        let is_excluded = |location: &Path| {
            let whole = std::path::absolute(location).unwrap_or_else(|_| location.to_owned());
            whole.ancestors().any(|part| excluded.is_match(part))
        };
        self.files.retain(|file| !is_excluded(&file.location));
        self.skipped.retain(|skipped| !is_excluded(Path::new(&skipped.path)));
    }

    fn skip(&mut self, path: String, reason: impl Into<String>, is_error: bool) {
        self.skipped.push(Skipped { path, line: None, reason: reason.into(), is_error });
    }

    /// What one argument passes over may be what another one names.
    fn tell_nothing_of_what_is_read(&mut self) {
        let files = &self.files;
        let is_read = |path: &str| files.binary_search_by(|file| (*file.path).cmp(path)).is_ok();
        self.skipped.retain(|skipped| skipped.is_error || !is_read(&skipped.path));
    }

    /// Adds a file if it is of a known type: that which is insisted on, or that of its name, or if it was named itself,
    /// that of its content, or what is fallen back on.
    fn add(&mut self, location: PathBuf, is_link: bool, is_named: bool, bytes: u64, types: Types) -> bool {
        let path = display(&location);
        let by_name = format::by_name(&path);
        let promised = by_name.map_or(Compression::None, |(_, promised)| promised);
        let of_content = || is_named.then(|| stream::kind_of(&location)).flatten();
        let of_name = || by_name.map(|(kind, _)| kind);
        let Some(kind) = types.insisted.or_else(of_name).or_else(of_content).or(types.fallback) else { return false };
        self.links |= is_link;
        let side = Side::Subject;
        self.files.push(File { path: path.into(), location, kind, promised, bytes, is_named, side, is_link });
        true
    }

    /// Of several paths to one file, the one that is no link is kept, and of those the first. If it was named as both, it
    /// is both, or that is an error.
    fn keep_each_file_once(&mut self, allows_both: bool) {
        self.files.sort_by(|a, b| (a.is_link, &a.path).cmp(&(b.is_link, &b.path)));
        let mut seen: AHashMap<PathBuf, usize> = AHashMap::with_capacity(self.files.len());
        let mut kept: Vec<File> = Vec::with_capacity(self.files.len());
        let mut both = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let place = fs::canonicalize(&file.location).unwrap_or_else(|_| file.location.clone());
            match seen.entry(place) {
                Entry::Vacant(entry) => {
                    entry.insert(kept.len());
                    kept.push(file);
                }
                Entry::Occupied(entry) => {
                    let first = &mut kept[*entry.get()];
                    if first.side != file.side && !allows_both {
                        both.push(file.path.to_string());
                    } else if first.side != file.side {
                        first.side = Side::Both;
                    }
                }
            }
        }
        self.files = kept;
        for path in both {
            self.skip(path, "named to be cleaned and to be compared with: name it once", true);
        }
        // The same holds for what was passed over: it was said once.
        self.skipped.sort();
        self.skipped.dedup();
    }

    /// A path is an id, so two files must not be shown alike (a name with the bytes `\xff` and one with those letters).
    fn keep_each_name_once(&mut self) {
        let mut alike = Vec::new();
        self.files.dedup_by(|next, kept| {
            let same = next.path == kept.path;
            if same {
                alike.push(next.path.to_string());
            }
            same
        });
        for path in alike {
            self.skip(path, "another file's name is written alike: rename one of them", true);
        }
    }
}

/// The type of files whose names do not decide.
#[derive(Clone, Copy)]
struct Types {
    /// The type of all, whatever their names say.
    insisted: Option<Kind>,
    /// The type of those whose names say nothing.
    fallback: Option<Kind>,
}

/// Adds what one argument leads to.
fn follow(argument: &str, fallback: Option<Kind>, options: &InputOptions, found: &mut Found) -> Result<(), InputError> {
    if argument == "-" {
        found.stdin = true;
        return Ok(());
    }
    let unreadable =
        |error: &io::Error| InputError::Unreadable { path: argument.to_owned(), reason: error.to_string() };
    let location = Path::new(argument);
    let is_link = match fs::symlink_metadata(location) {
        Ok(metadata) => metadata.file_type().is_symlink(),
        Err(_) if is_pattern(argument) => return expand(argument, fallback, options, found),
        Err(error) if is_missing(&error) => return Err(InputError::PathMissing { path: argument.to_owned() }),
        Err(error) => return Err(unreadable(&error)),
    };
    match fs::metadata(location) {
        Ok(metadata) if metadata.is_dir() => {
            walk(location, None, None, options, found);
            Ok(())
        }
        Ok(metadata) => {
            let types = Types { insisted: options.kind, fallback };
            let known = found.add(location.to_owned(), is_link, true, metadata.len(), types);
            if known { Ok(()) } else { Err(InputError::UnknownType { path: argument.to_owned() }) }
        }
        Err(error) if is_missing(&error) => {
            let reason = "it is a link to nothing".to_owned();
            // Where anything may be missing, it is as if the link were.
            Err(match options.allows_absent {
                Absent::Anything => InputError::PathMissing { path: argument.to_owned() },
                _ => InputError::Unreadable { path: argument.to_owned(), reason },
            })
        }
        Err(error) => Err(unreadable(&error)),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Adds what a glob matches.
fn expand(argument: &str, fallback: Option<Kind>, options: &InputOptions, found: &mut Found) -> Result<(), InputError> {
    let pattern = Pattern::new(argument)?;
    let before = (found.files.len(), found.skipped.len());
    if pattern.root.is_dir() {
        walk(&pattern.root.clone(), Some(&pattern), fallback, options, found);
    }
    if before == (found.files.len(), found.skipped.len()) {
        let hint = passed_over(&[argument.to_owned()], options, found);
        return Err(InputError::NoMatch { pattern: argument.to_owned(), hint });
    }
    Ok(())
}

/// A glob, and where and how deep it has to be looked for.
#[derive(Clone)]
struct Pattern {
    matcher: GlobMatcher,
    root: PathBuf,
    /// Names in a path that the pattern matches; `None` if it crosses directories.
    depth: Option<usize>,
    /// Whether it names hidden files itself.
    hidden: bool,
}

impl Pattern {
    fn new(argument: &str) -> Result<Self, InputError> {
        let (pattern, root) = split_pattern(argument);
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        let glob = glob
            .map_err(|error| InputError::BadGlob { pattern: argument.to_owned(), reason: error.kind().to_string() })?;
        // Braces may hold slashes, so their depth is not looked into.
        let crosses = pattern.contains("**") || pattern.contains('{');
        Ok(Pattern {
            matcher: glob.compile_matcher(),
            root: PathBuf::from(root),
            depth: (!crosses).then(|| plain(Path::new(&pattern)).components().count()),
            // The folders that it lies in, wherever that is, are nothing that it asks for.
            hidden: pattern.split('/').skip_while(|part| literal(part).is_some()).any(|part| part.starts_with('.')),
        })
    }

    /// Whether the path, or a directory that it lies in, matches.
    fn takes(&self, path: &Path) -> bool {
        plain(path).ancestors().any(|part| self.matcher.is_match(part))
    }

    /// Whether something below the directory can match.
    fn enters(&self, directory: &Path) -> bool {
        self.depth.is_none_or(|depth| plain(directory).components().count() < depth) || self.takes(directory)
    }
}

/// The path without `.` names.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|component| *component != Component::CurDir).collect()
}

fn walker(root: &Path, pattern: Option<&Pattern>, respect_ignore: bool, hidden: bool) -> ignore::Walk {
    let mut builder = ignore::WalkBuilder::new(root);
    builder
        .standard_filters(false)
        .hidden(!(hidden || pattern.is_some_and(|pattern| pattern.hidden)))
        .parents(respect_ignore)
        .ignore(respect_ignore)
        .git_ignore(respect_ignore)
        .require_git(false)
        .follow_links(false)
        .sort_by_file_name(OsStr::cmp);
    let pattern = pattern.cloned();
    builder.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        // What git keeps for itself is nobody's text.
        let is_git = entry.depth() > 0 && entry.file_name() == ".git";
        !is_git && (!is_folder || pattern.as_ref().is_none_or(|pattern| pattern.enters(entry.path())))
    });
    builder.build()
}

/// Adds the files below a directory, those that the pattern takes if there is one.
fn walk(root: &Path, pattern: Option<&Pattern>, fallback: Option<Kind>, options: &InputOptions, found: &mut Found) {
    for entry in walker(root, pattern, options.respect_ignore, options.hidden) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let (path, reason) = explain(&error);
                let path = path.map_or_else(|| display(root), |path| display(&path));
                found.skip(path, format!("cannot be walked: {reason}"), true);
                continue;
            }
        };
        if let Some(error) = entry.error() {
            found.warnings.push(format!("an ignore file is not fully understood: {error}"));
        }
        let Some(kind) = entry.file_type() else { continue };
        if entry.depth() == 0 || kind.is_dir() || pattern.is_some_and(|pattern| !pattern.takes(entry.path())) {
            continue;
        }
        // What the pattern names itself, not what lies in a directory that it names.
        let is_meant = |path: &Path| pattern.is_some_and(|pattern| pattern.matcher.is_match(plain(path)));
        let fallback = fallback.filter(|_| is_meant(entry.path()));
        add_entry(entry.into_path(), kind, Types { insisted: options.kind, fallback }, found);
    }
}

/// Adds something met on a walk that is no directory.
fn add_entry(location: PathBuf, kind: fs::FileType, types: Types, found: &mut Found) {
    let path = display(&location);
    let known = types.insisted.or(types.fallback).is_some() || format::by_name(&path).is_some();
    match fs::metadata(&location) {
        Ok(metadata) if metadata.is_dir() => {
            found.links = true;
            let reason = if leads_upwards(&location) {
                "a link back to a directory that it lies in (a loop): not followed"
            } else {
                "a link to a directory: not followed on a walk; name it to have it read"
            };
            found.skip(path, reason, false);
        }
        _ if !known => found.skip(path, "unknown type", false),
        Ok(metadata) if metadata.is_file() => {
            found.add(location, kind.is_symlink(), false, metadata.len(), types);
        }
        Ok(_) => found.skip(path, "not a regular file", false),
        Err(error) if kind.is_symlink() && is_missing(&error) => found.skip(path, "a link to nothing", true),
        Err(error) => found.skip(path, cannot_be_opened(&error), true),
    }
}

/// Whether a link to a directory leads to a directory above the link itself.
fn leads_upwards(link: &Path) -> bool {
    let parent = link.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(link), fs::canonicalize(parent)) {
        (Ok(target), Ok(parent)) => parent.starts_with(target),
        _ => false,
    }
}

/// The path that an error is about, and the error without it.
fn explain(error: &ignore::Error) -> (Option<PathBuf>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path.clone()), explain(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => explain(err),
        ignore::Error::Loop { child, .. } => (Some(child.clone()), "a directory loop".to_owned()),
        other => (None, other.to_string()),
    }
}

/// Why nothing was found, if it is because files were passed over. Walks again, so it is for the last moment only.
fn passed_over(arguments: &[String], options: &InputOptions, found: &Found) -> Option<String> {
    let count = |respect_ignore, hidden| -> usize {
        arguments.iter().map(|argument| count_known(argument, respect_ignore, hidden)).sum()
    };
    let mut hints = Vec::new();
    if options.respect_ignore {
        let ignored = count(false, options.hidden);
        if ignored > 0 {
            let were = if ignored == 1 { "file was" } else { "files were" };
            hints.push(format!("{ignored} {were} passed over because of .gitignore or .ignore (use --no-ignore)"));
        }
    }
    if !options.hidden {
        let hidden = count(options.respect_ignore, true);
        if hidden > 0 {
            let were = if hidden == 1 { "file was" } else { "files were" };
            hints.push(format!("{hidden} hidden {were} passed over (use --hidden)"));
        }
    }
    let unknown = found.skipped.iter().filter(|skipped| skipped.reason == "unknown type").count();
    if hints.is_empty() && unknown > 0 {
        let are = if unknown == 1 { "file is" } else { "files are" };
        hints.push(format!("{unknown} {are} of no known type (known: {KNOWN_TYPES})"));
    }
    (!hints.is_empty()).then(|| hints.join("; "))
}

fn count_known(argument: &str, respect_ignore: bool, hidden: bool) -> usize {
    let (root, pattern) = if Path::new(argument).is_dir() {
        (PathBuf::from(argument), None)
    } else {
        let Ok(pattern) = Pattern::new(argument) else { return 0 };
        (pattern.root.clone(), Some(pattern))
    };
    if !root.is_dir() {
        return 0;
    }
    let entries = walker(&root, pattern.as_ref(), respect_ignore, hidden).flatten();
    entries
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter(|entry| pattern.as_ref().is_none_or(|pattern| pattern.takes(entry.path())))
        .filter(|entry| format::by_name(&display(entry.path())).is_some())
        .count()
}
