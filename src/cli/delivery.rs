//! Delivery: from a report to whoever asked for it, the same way for every command.
//!
//! Files are opened before the work and written before standard output, so that they are complete when its reader goes
//! away in the middle. What was read is never replaced, and a report of what was changed meanwhile is not put in place.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dittograph::document::Corpus;
use dittograph::progress::Progress;
use dittograph::report::Appearance;

use super::appearance;
use super::args::LooksArguments;
use super::exit::{Exit, is_broken_pipe};
use super::job::Job;
use super::messages::Messages;
use super::outputs::{self, Destinations, Form, OutputRequest, Outputs};
use super::progress::Stages;

/// Reports that are to be made.
pub(crate) struct Delivery<'a, F> {
    files: Outputs<F>,
    stdout: Option<F>,
    looks: &'a LooksArguments,
    /// Whether nothing is left out for brevity.
    all: bool,
}

/// Reports that were made.
pub(crate) struct Delivered<F> {
    /// Files, as typed.
    written: Vec<(F, PathBuf)>,
    /// Whether standard output took its report.
    printed: anyhow::Result<()>,
}

impl<'a, F: Form> Delivery<'a, F> {
    /// What was asked for, with all files open.
    pub(crate) fn prepare(
        format: Option<F>,
        requests: &[OutputRequest<F>],
        looks: &'a LooksArguments,
        all: bool,
    ) -> anyhow::Result<Self> {
        appearance::choose_color(looks.color);
        let Destinations { files, stdout } = Destinations::of(format, requests)?;
        Ok(Delivery { files: Outputs::open(files)?, stdout, looks, all })
    }

    /// The files, as typed.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.paths()
    }

    /// Reads the corpus that is reported of, and tells of its inputs.
    pub(crate) fn read(&self, job: &Job, pool: &rayon::ThreadPool, stages: &Stages) -> anyhow::Result<Corpus> {
        let corpus = job.read(pool, stages)?;
        self.files.refuse_inputs(&corpus)?;
        Ok(self.tell_of_input(corpus, job.messages))
    }

    /// Tells of what was read; the files that are being written were met on the way, and are nobody's concern.
    pub(crate) fn tell_of_input(&self, mut corpus: Corpus, messages: Messages) -> Corpus {
        corpus.skipped.retain(|skipped| !self.files.owns(&skipped.path));
        messages.tell_of_input(&corpus);
        corpus
    }

    /// Writes and prints the reports. `corpus` is what they speak of: it must not have changed.
    pub(crate) fn make(
        mut self,
        corpus: &Corpus,
        stages: &Stages,
        write: impl Fn(F, Appearance, &mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<Delivered<F>> {
        stages.begin("report", 0);
        let in_files = appearance::of_file(self.looks, self.all);
        self.files.write(|format, out| write(format, in_files, out))?;
        corpus.check()?;
        let written = self.files.commit()?;
        let printed = self.stdout.map_or(Ok(()), |format| {
            // Nothing is drawn over what is printed.
            stages.rest();
            stages.begin("report", 0);
            appearance::print(self.looks, self.all, |appearance, out| write(format, appearance, out))
        });
        stages.rest();
        // Pages that are read once more for what is shown of them may have changed since the files were written.
        let printed = printed.and_then(|()| Ok(corpus.check()?));
        Ok(Delivered { written, printed })
    }
}

impl<F: Form> Delivered<F> {
    /// One line that says what happened, for whoever sees no report; also where nobody read the one that was printed.
    pub(crate) fn tell(&self, messages: Messages, what: impl Display) {
        if !self.written.is_empty() {
            messages.note(format_args!("{what}; written to {}", outputs::list(&self.written)));
        }
    }

    /// How the run ends: as it would, also where the reader of a pipe went away. Whoever reads no report has to know of
    /// what was lost, or of a gate, all the same.
    pub(crate) fn end(self, exit: Exit) -> anyhow::Result<Exit> {
        match self.printed {
            Err(error) if !is_broken_pipe(&error) => Err(error),
            _ => Ok(exit),
        }
    }
}
