//! Ctrl-C, and a request to end: nothing half-written stays behind.
//!
//! A signal may come at any moment, and ending the process runs no destructors, so temporary files and folders are listed here as
//! they are made. The handler takes the list's lock, removes the files, and exits. Whoever makes a temporary file, or
//! renames one into its place, holds the same lock meanwhile: a set of outputs is in place as a whole or not at all.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::exit::Exit;
use super::git;

static TEMPORARY_FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The list of temporary files, held still: as long as the guard lives, no interrupt ends the process.
pub(crate) fn hold() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    // A panic elsewhere leaves the list usable: its entries are only paths.
    TEMPORARY_FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs the handler, unless one of the signals is ignored on purpose: `nohup` shields a run from hanging up, a
/// shell shields its background jobs from Ctrl-C, and both must hold. Such a run ends as the system ends it, and a kill
/// may leave temporary files, under names that begin with a dot.
pub(crate) fn install() {
    let _ = ctrlc::try_set_handler(|| {
        let files = hold();
        git::stop();
        for file in files.iter() {
            let _ = if file.is_dir() { std::fs::remove_dir_all(file) } else { std::fs::remove_file(file) };
        }
        let _ = writeln!(anstream::stderr(), "\ndittograph: interrupted");
        std::process::exit(Exit::Interrupted.code().into());
    });
}
