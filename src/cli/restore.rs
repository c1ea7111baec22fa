//! `dittograph restore`: a corpus put back from its clean files and the record of removals.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use anyhow::{Context, bail};
use dittograph::journal::{self, Cleaned};

use super::args::RestoreArguments;
use super::exit::Exit;
use super::interrupt;
use super::messages::{Messages, plural, size};
use super::targets::Target;

/// Does what the arguments ask for.
pub(crate) fn run(arguments: &RestoreArguments) -> anyhow::Result<Exit> {
    let RestoreArguments { clean, removed, output, quiet } = arguments;
    let opened = File::open(removed).with_context(|| format!("can't read {}", removed.display()))?;
    let mut journal = BufReader::with_capacity(1 << 17, opened);
    let mut stdin = io::stdin();
    let cleaned = if clean.as_os_str() == "-" {
        Cleaned::Stream(&mut stdin)
    } else if clean.is_file() || !clean.exists() {
        // A file whose only document went was not written.
        Cleaned::File(clean)
    } else {
        clean.read_dir().with_context(|| format!("can't read {}", clean.display()))?;
        Cleaned::Folder(clean)
    };
    if output.as_os_str() == "-" {
        bail!("restore writes files: name one, or a folder, with --output");
    }
    // One file becomes one file.
    let is_file = matches!(cleaned, Cleaned::File(_));
    let is_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
    let output = match clean.file_name() {
        Some(name) if is_file && is_folder => &output.join(name),
        _ => output,
    };
    let mut target = Target::folder(output)?;
    let folder = target.folder_path().unwrap_or(Path::new(".")).to_owned();
    let only = is_file.then(|| folder.join("restored"));
    let restored = journal::restore(&mut journal, cleaned, &folder, only.as_deref())?;
    let mut temporary_files = interrupt::hold();
    match only {
        Some(only) => {
            std::fs::rename(only, output).with_context(|| format!("can't write {}", output.display()))?;
        }
        None => target.commit(&mut temporary_files)?,
    }
    drop(temporary_files);
    Messages { quiet: *quiet }.note(format_args!(
        "{}, {} put back in {}",
        plural(restored.files, "file"),
        size(restored.bytes),
        output.display()
    ));
    Ok(Exit::Done)
}
