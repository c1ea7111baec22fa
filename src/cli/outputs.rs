//! Reports in files: opened before the work, in place when it has ended well, never half-written.
//!
//! A report goes to a temporary file in the directory of its target, and is renamed when all reports are complete: a
//! wrong path is told in the first second and not after an hour, and whoever reads the target sees the old report or
//! the new one. Targets that are no regular files (`/dev/null`, a named pipe) are written directly. What this gives up:
//! links to the old file keep the old content, and a kill that can't be caught leaves a `.dittograph-*.tmp` behind.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use dittograph::document::Corpus;
use dittograph::report::Format;
use dittograph::report::check::CheckFormat;
use dittograph::report::quotes::QuotesFormat;
use dittograph::report::trace::TraceFormat;
use tempfile::NamedTempFile;

use super::interrupt;

/// How the names of temporary files begin.
pub(crate) const PREFIX: &str = ".dittograph-";
/// How they end.
pub(crate) const SUFFIX: &str = ".tmp";

/// A form of report, by name.
pub(crate) trait Form: Copy + Default + FromStr {
    /// All names, for messages.
    const NAMES: &'static str;

    /// Its name.
    fn name(self) -> &'static str;
}

impl Form for Format {
    const NAMES: &'static str = "human, json, jsonl or tsv";

    fn name(self) -> &'static str {
        Format::name(self)
    }
}

impl Form for TraceFormat {
    const NAMES: &'static str = "human, json, passages, targets, sources or matrix";

    fn name(self) -> &'static str {
        TraceFormat::name(self)
    }
}

impl Form for CheckFormat {
    const NAMES: &'static str = "human, json, github, sarif, junit, gitlab or markdown";

    fn name(self) -> &'static str {
        CheckFormat::name(self)
    }
}

impl Form for QuotesFormat {
    const NAMES: &'static str = "human, json, quotations, utterances or speakers";

    fn name(self) -> &'static str {
        QuotesFormat::name(self)
    }
}

/// `FORMAT=PATH`, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutputRequest<F> {
    pub(crate) format: F,
    pub(crate) destination: Destination,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
}

impl<F: Form> FromStr for OutputRequest<F> {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let Some((format, path)) = typed.split_once('=') else {
            return Err("expected FORMAT=PATH, such as json=report.json".to_owned());
        };
        let format = format.parse().map_err(|_| format!("unknown format {format:?}: {}", F::NAMES))?;
        let destination = match path {
            "" => return Err("the path is missing".to_owned()),
            "-" => Destination::Stdout,
            path => Destination::File(path.into()),
        };
        Ok(OutputRequest { format, destination })
    }
}

/// The reports to make.
pub(crate) struct Destinations<F> {
    pub(crate) files: Vec<(F, PathBuf)>,
    pub(crate) stdout: Option<F>,
}

impl<F: Form> Destinations<F> {
    /// Where reports go. Without `--output` there is always one on standard output; with it, only when it is asked for.
    pub(crate) fn of(format: Option<F>, requests: &[OutputRequest<F>]) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        let mut stdout = format;
        for OutputRequest { format, destination } in requests {
            match destination {
                Destination::File(path) => files.push((*format, path.clone())),
                Destination::Stdout if stdout.is_some() => bail!("two reports are to be written to standard output"),
                Destination::Stdout => stdout = Some(*format),
            }
        }
        if requests.is_empty() {
            stdout = stdout.or(Some(F::default()));
        }
        Ok(Destinations { files, stdout })
    }
}

/// All files of a run. Dropped before [`Outputs::commit`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Outputs<F> {
    files: Vec<OutputFile<F>>,
}

#[derive(Debug)]
struct OutputFile<F> {
    format: F,
    /// As typed, for messages.
    path: PathBuf,
    sink: Sink,
}

/// A file that is written.
#[derive(Debug)]
pub(crate) enum Sink {
    /// Written beside the target and renamed.
    Replacing { temporary: NamedTempFile, target: PathBuf },
    /// Not a regular file.
    Direct(File),
}

impl<F: Copy> Outputs<F> {
    /// Opens every file, or none.
    pub(crate) fn open(requests: impl IntoIterator<Item = (F, PathBuf)>) -> anyhow::Result<Self> {
        let mut outputs = Outputs { files: Vec::new() };
        for (format, path) in requests {
            let sink = Sink::open(&path).with_context(|| format!("can't write {}", path.display()))?;
            if outputs.files.iter().any(|file| file.sink.target().is_some_and(|other| Some(other) == sink.target())) {
                bail!("two reports are to be written to {}", path.display());
            }
            outputs.files.push(OutputFile { format, path, sink });
        }
        Ok(outputs)
    }

    /// The files, as typed.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Whether this is a temporary file of ours: a walk over the target's directory meets it and must not tell of it.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let name = Path::new(path).file_name();
        self.files.iter().any(|file| match &file.sink {
            Sink::Replacing { temporary, .. } => temporary.path().file_name() == name,
            Sink::Direct(_) => false,
        })
    }

    /// Fails if a report would replace what was read.
    pub(crate) fn refuse_inputs(&self, corpus: &Corpus) -> anyhow::Result<()> {
        for OutputFile { path, sink, .. } in &self.files {
            let Some(target) = sink.target() else { continue };
            let read = corpus.files.iter().filter_map(|file| file.location.as_deref());
            let mut of_name = read.filter(|location| location.file_name() == target.file_name());
            if of_name.any(|location| location.canonicalize().is_ok_and(|location| location == target)) {
                bail!("{}: the report would replace an input: name another file", path.display());
            }
        }
        Ok(())
    }

    /// Writes every report.
    pub(crate) fn write(&mut self, mut render: impl FnMut(F, &mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        for file in &mut self.files {
            let written = {
                let mut out = BufWriter::with_capacity(1 << 17, file.sink.as_file());
                render(file.format, &mut out).and_then(|()| out.flush())
            };
            written.with_context(|| format!("can't write {}", file.path.display()))?;
        }
        Ok(())
    }

    /// Puts every file in its place; an interrupt comes before or after it, not between. Returns the paths as typed.
    pub(crate) fn commit(mut self) -> anyhow::Result<Vec<(F, PathBuf)>> {
        let mut temporary_files = interrupt::hold();
        let files = std::mem::take(&mut self.files);
        let mut done = Vec::with_capacity(files.len());
        for OutputFile { format, path, sink } in files {
            sink.commit(&mut temporary_files)?;
            done.push((format, path));
        }
        Ok(done)
    }
}

impl<F> Drop for Outputs<F> {
    fn drop(&mut self) {
        let mut temporary_files = interrupt::hold();
        for file in &self.files {
            file.sink.forget(&mut temporary_files);
        }
    }
}

/// The files that were written, for a message.
pub(crate) fn list<F: Form>(written: &[(F, PathBuf)]) -> String {
    let paths: Vec<String> =
        written.iter().map(|(format, path)| format!("{} ({})", path.display(), format.name())).collect();
    paths.join(", ")
}

impl Sink {
    /// Opens it, beside its target.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        match &existing {
            Some(metadata) if metadata.is_dir() => bail!("it is a directory"),
            Some(metadata) if !metadata.is_file() => return Ok(Sink::Direct(File::options().write(true).open(path)?)),
            Some(metadata) if metadata.permissions().readonly() => bail!("it is read-only"),
            _ => {}
        }
        let target = resolve(path, existing.is_some())?;
        let directory = target.parent().context("it has no directory")?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        // As any new file is made: readable as the umask says, not for the owner alone as temporary files are.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = {
            let mut temporary_files = interrupt::hold();
            let temporary = builder.tempfile_in(directory)?;
            temporary_files.insert(temporary.path().to_owned());
            temporary
        };
        if let Some(metadata) = existing {
            temporary.as_file().set_permissions(metadata.permissions())?;
        }
        Ok(Sink::Replacing { temporary, target })
    }

    /// Opens it once more, to write from its beginning.
    pub(crate) fn reopen(&self) -> io::Result<File> {
        match self {
            Sink::Replacing { temporary, .. } => temporary.reopen(),
            Sink::Direct(file) => file.try_clone(),
        }
    }

    /// Puts it in its place. Whoever calls holds interrupts off.
    pub(crate) fn commit(self, temporary_files: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
        if let Sink::Replacing { temporary, target } = self {
            temporary_files.remove(temporary.path());
            temporary.persist(&target).with_context(|| format!("can't write {}", target.display()))?;
        }
        Ok(())
    }

    /// It is about to be removed, and needs no interrupt for it.
    pub(crate) fn forget(&self, temporary_files: &mut BTreeSet<PathBuf>) {
        if let Sink::Replacing { temporary, .. } = self {
            temporary_files.remove(temporary.path());
        }
    }

    fn target(&self) -> Option<&Path> {
        match self {
            Sink::Replacing { target, .. } => Some(target),
            Sink::Direct(_) => None,
        }
    }

    fn as_file(&mut self) -> &mut File {
        match self {
            Sink::Replacing { temporary, .. } => temporary.as_file_mut(),
            Sink::Direct(file) => file,
        }
    }
}

/// The one name of a target: a link is followed, so that the file behind it is replaced and not the link.
fn resolve(path: &Path, exists: bool) -> anyhow::Result<PathBuf> {
    if exists {
        return Ok(fs::canonicalize(path)?);
    }
    let name = path.file_name().context("it names no file")?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let directory = fs::canonicalize(directory).with_context(|| format!("directory {}", directory.display()))?;
    Ok(directory.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn requests_are_read() {
        let file = OutputRequest { format: Format::Json, destination: Destination::File("a=b.json".into()) };
        assert_eq!("json=a=b.json".parse(), Ok(file));
        assert_eq!("tsv=-".parse(), Ok(OutputRequest { format: Format::Tsv, destination: Destination::Stdout }));
        for typed in ["", "json", "report.json", "xml=a", "json="] {
            assert!(typed.parse::<OutputRequest<Format>>().is_err(), "{typed}");
        }
    }

    #[test]
    fn the_target_appears_whole_and_at_the_end() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("report.json");
        let mut outputs = Outputs::open([(Format::Json, target.clone())]).unwrap();
        assert!(!target.exists());
        let temporary = names(directory.path());
        assert!(matches!(temporary.as_slice(), [name] if outputs.owns(name)));
        outputs.write(|_, out| out.write_all(b"{}")).unwrap();
        assert!(!target.exists());
        outputs.commit().unwrap();
        assert_eq!(names(directory.path()), ["report.json"]);
        assert_eq!(fs::read(&target).unwrap(), b"{}");
    }

    #[test]
    fn a_failure_leaves_the_old_report_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("report.json");
        fs::write(&target, "old").unwrap();
        let mut outputs = Outputs::open([(Format::Json, target.clone())]).unwrap();
        let failed = outputs.write(|_, out| {
            out.write_all(b"half of it")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        drop(outputs);
        assert_eq!(names(directory.path()), ["report.json"]);
        assert_eq!(fs::read(&target).unwrap(), b"old");
    }

    #[test]
    fn all_are_opened_or_none() {
        let directory = tempfile::tempdir().unwrap();
        let good = directory.path().join("good.json");
        for bad in ["no/such/directory/x.tsv", "."] {
            let bad = directory.path().join(bad);
            assert!(Outputs::open([(Format::Json, good.clone()), (Format::Tsv, bad)]).is_err());
            assert_eq!(names(directory.path()), [""; 0]);
        }
        assert!(Outputs::open([(Format::Json, good.clone()), (Format::Tsv, good)]).is_err());
        assert_eq!(names(directory.path()), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn links_modes_and_devices_are_respected() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let directory = tempfile::tempdir().unwrap();
        let real = directory.path().join("real.json");
        let link = directory.path().join("link.json");
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        let mut outputs = Outputs::open([(Format::Json, link.clone()), (Format::Tsv, "/dev/null".into())]).unwrap();
        outputs.write(|_, out| out.write_all(b"new")).unwrap();
        outputs.commit().unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        fs::set_permissions(&real, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(Outputs::open([(Format::Json, real)]).is_err());
    }
}
