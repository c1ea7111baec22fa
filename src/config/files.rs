//! Files: which one is nearest, what it extends, and its text.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::faults::{ConfigError, FaultKind, Faults, NO_TABLE};
use super::located::{moved, tidy};
use super::reading::{self, Reader, TOOL};

/// The files of which a directory may hold one, the first that is there counts.
const NAMES: [&str; 2] = ["dittograph.toml", ".dittograph.toml"];

/// The file of Python projects, which counts behind these if it has our table.
const PYPROJECT: &str = "pyproject.toml";

/// Bytes that a file may have.
const LARGEST: u64 = 4_000_000;

/// Files that may extend one another.
const DEEPEST: usize = 32;

/// Reads the configuration that is nearest to a directory, in it or above it.
///
/// In each directory `dittograph.toml` comes first, then `.dittograph.toml`, then a `pyproject.toml` with a table
/// `[tool.dittograph]`. One without it is passed over, and so is one that is broken, as long as no line of it begins
/// that table. `None` if there is no file up to the root of the file system.
///
/// Paths of the result are relative if `start` is. Links are not resolved: what is above is told by the names.
///
/// # Errors
/// If a file is there and cannot be read, or what it says cannot be taken; and the same of the files it extends.
pub fn find(start: &Path) -> Result<Option<Config>, ConfigError> {
    for directory in upwards(start)? {
        for name in NAMES {
            let path = below(&directory, name);
            // A link to nothing is there too, and told of.
            if path.symlink_metadata().is_ok() {
                return load(&path).map(Some);
            }
        }
        let path = below(&directory, PYPROJECT);
        if path.is_file() && read(&path).is_ok_and(|bytes| is_ours(&bytes)) {
            return load(&path).map(Some);
        }
    }
    Ok(None)
}

/// Reads a file, and what it extends. Of a `pyproject.toml` the table `[tool.dittograph]` is read.
///
/// # Errors
/// If a file cannot be read, or what it says cannot be taken.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let path = tidy(path);
    let bytes = read(&path).map_err(|reason| ConfigError::Unreadable { path: path.clone(), reason })?;
    let root = path.parent().map_or_else(|| tidy(Path::new(".")), tidy);
    let mut way = Way { root: &root, files: Vec::new() };
    way.follow(path, ".", bytes)
}

/// The directory and those above it, the nearest first, as they are reached from it.
fn upwards(start: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let mut directory = tidy(start);
    let absolute = std::path::absolute(&directory).map_err(|error| ConfigError::Unreadable {
        path: directory.clone(),
        reason: format!("the directories above it cannot be told: {error}"),
    })?;
    let depth = tidy(&absolute).components().filter(|component| matches!(component, Component::Normal(_))).count();
    let mut directories = vec![directory.clone()];
    for _ in 0..depth {
        directory = tidy(&directory.join(".."));
        directories.push(directory.clone());
    }
    Ok(directories)
}

/// A file of a directory, without a `.` before it.
fn below(directory: &Path, name: &str) -> PathBuf {
    tidy(&directory.join(name))
}

/// The bytes of a file, or why there are none.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("cannot be opened: {error}");
    if fs::metadata(path).map_err(cannot)?.is_dir() {
        return Err("this is a directory: name the file in it".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("more than {} MB are too much for a configuration", LARGEST / 1_000_000));
    }
    Ok(bytes)
}

/// Whether a `pyproject.toml` says something of dittograph, or would if it were not broken.
fn is_ours(bytes: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(document) = DeTable::parse(text)
    {
        return ours(document.get_ref()).is_some();
    }
    let name = TOOL.join(".");
    bytes.split(|&byte| byte == b'\n').any(|line| {
        let rest = line.trim_ascii_start().strip_prefix(b"[").and_then(|rest| rest.strip_prefix(name.as_bytes()));
        rest.is_some_and(|rest| !rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)))
    })
}

/// The value of `tool.dittograph`.
fn ours<'t, 'i>(document: &'t DeTable<'i>) -> Option<&'t Spanned<DeValue<'i>>> {
    let [tool, name] = TOOL;
    document.get(tool)?.get_ref().as_table()?.get(name)
}

fn is_pyproject(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PYPROJECT)
}

/// The way from a file to what it extends, and so on.
struct Way<'a> {
    /// The directory of the first file.
    root: &'a Path,
    /// The files so far, and where they really are.
    files: Vec<(PathBuf, PathBuf)>,
}

impl Way<'_> {
    /// Reads a file in a directory, which is told from the root, and first what it extends.
    fn follow(&mut self, path: PathBuf, directory: &str, bytes: Vec<u8>) -> Result<Config, ConfigError> {
        self.files.push((path.clone(), real(&path)));
        let text = decode(&path, bytes)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let document = DeTable::parse(text).map_err(|error| {
            let reason = error.message().to_owned();
            Faults::only(&path, text, error.span().unwrap_or_default(), FaultKind::Syntax { reason })
        })?;
        let is_pyproject = is_pyproject(&path);
        let table = if is_pyproject {
            let Some(value) = ours(document.get_ref()) else { return Err(ConfigError::NoTable { path }) };
            value.get_ref().as_table().ok_or_else(|| {
                let fault = FaultKind::NoTable { name: TOOL.join(".") };
                Faults::only(&path, text, value.span(), fault)
            })?
        } else {
            document.get_ref()
        };
        let mut config = match reading::base(table) {
            None => Config::at(self.root),
            Some((written, range)) => {
                let place = moved(directory, written, false);
                self.extend(&place).map_err(|problem| match problem {
                    Problem::Here(kind) => Faults::only(&path, text, range, kind),
                    Problem::There(error) => error,
                })?
            }
        };
        let faults = Faults::new(&path, text);
        let mut reader = Reader { path: &path, root: self.root, directory, is_pyproject, faults };
        reader.read(table, &mut config);
        reader.faults.check()?;
        config.files.insert(0, path);
        Ok(config)
    }

    /// Reads a file that another one extends.
    fn extend(&mut self, place: &str) -> Result<Config, Problem> {
        let path = tidy(&self.root.join(place));
        let place_of = real(&path);
        if let Some(first) = self.files.iter().position(|(_, known)| *known == place_of) {
            let round = self.files.iter().skip(first).map(|(file, _)| file.clone()).chain([path]).collect();
            return Err(Problem::Here(FaultKind::Cycle { files: round }));
        }
        if self.files.len() >= DEEPEST {
            return Err(Problem::Here(FaultKind::TooDeep { files: self.files.len() }));
        }
        let bytes = match read(&path) {
            Ok(bytes) if is_pyproject(&path) && !is_ours(&bytes) => {
                return Err(Problem::Here(FaultKind::Base { path, reason: NO_TABLE.to_owned() }));
            }
            Ok(bytes) => bytes,
            Err(reason) => return Err(Problem::Here(FaultKind::Base { path, reason })),
        };
        let directory = moved(place, "..", false);
        self.follow(path, &directory, bytes).map_err(Problem::There)
    }
}

/// What keeps a file from being extended.
enum Problem {
    /// To be told at the `extend` that names it.
    Here(FaultKind),
    /// Something in it.
    There(ConfigError),
}

/// Where a file really is, so that one that is reached by two names is known.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The text of a file.
fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, ConfigError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        // Until there both texts are the same.
        let text = String::from_utf8_lossy(error.as_bytes());
        Faults::only(path, &text, at..at + 1, FaultKind::NotUtf8 { byte })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_above_are_reached_as_the_start_is() {
        let relative = upwards(Path::new("./src/config")).unwrap();
        let first = ["src/config", "src", ".", "..", "../.."].map(PathBuf::from);
        let deep = std::path::absolute("src/config").unwrap().components().count();
        assert_eq!(relative.len(), deep, "the root of the file system is the last");
        assert!(relative.iter().zip(first).all(|(directory, expected)| *directory == expected), "{relative:?}");
        assert_eq!(upwards(Path::new("/a/b")).unwrap(), ["/a/b", "/a", "/"].map(PathBuf::from));
        assert_eq!(below(Path::new("."), "dittograph.toml"), Path::new("dittograph.toml"));
        assert_eq!(below(Path::new(".."), "dittograph.toml"), Path::new("../dittograph.toml"));
    }
}
