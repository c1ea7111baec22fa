//! How a run ends: the exit codes, in one place.

use std::io;
use std::process::ExitCode;

/// The ways in which a run ends. Code 1 is for a gate (`check`) alone, so that "found something" and "could not run"
/// never look alike to a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The job was done; something may or may not have been found.
    Done,
    /// A gate tripped: something is there that should not be.
    Tripped,
    /// The job could not be done, or a document could not be read.
    Failed,
    /// Ctrl-C or a request to end.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Tripped => 1,
            Exit::Failed => 2,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Whether the reader of a pipe went away (`dittograph scan . | head`): the end of the work, and no failure.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn codes_are_those_of_the_manual() {
        let all = [Exit::Done, Exit::Tripped, Exit::Failed, Exit::Interrupted];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 130]);
    }

    #[test]
    fn a_broken_pipe_is_seen_below_its_context() {
        let broken: io::Result<()> = Err(io::ErrorKind::BrokenPipe.into());
        assert!(is_broken_pipe(&broken.context("writing").unwrap_err()));
        let full: io::Result<()> = Err(io::ErrorKind::StorageFull.into());
        assert!(!is_broken_pipe(&full.context("writing").unwrap_err()));
    }
}
