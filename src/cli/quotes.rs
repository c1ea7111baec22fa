//! `dittograph quotes`: read, find what was said and how it travelled, report.

use std::io::Write;

use dittograph::progress::Progress;
use dittograph::report::quotes::{self as report, QuotesReport};

use super::appearance;
use super::args::{HabitArguments, QuotesArguments};
use super::exit::Exit;
use super::job::Job;
use super::messages::plural;
use super::outputs::{self, Destinations, Outputs};

/// Does what the arguments ask for.
pub(crate) fn run(arguments: QuotesArguments) -> anyhow::Result<Exit> {
    appearance::choose_color(arguments.looks.color);
    let habits = HabitArguments { preset: None, min_words: None, similarity: None };
    let mut job = Job::new(arguments.input, &habits, &[], &arguments.running);
    job.refer_to(arguments.from)?;
    let Destinations { files, stdout } = Destinations::of(arguments.format, &arguments.output)?;
    let mut outputs = Outputs::open(files)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let mut corpus = job.read(&pool, &stages)?;
    outputs.refuse_inputs(&corpus)?;
    corpus.skipped.retain(|skipped| !outputs.owns(&skipped.path));
    job.messages.tell_of_input(&corpus);
    let quotes = job.quotes(&pool, &corpus, &stages)?;

    stages.begin("report", 0);
    let report = QuotesReport { corpus: &corpus, quotes: &quotes, grouping: arguments.by.unwrap_or_default() };
    let in_files = appearance::of_file(&arguments.looks, arguments.all);
    outputs.write(|format, out| report::write(&report, format, in_files, out))?;
    corpus.check()?;
    let written = outputs.commit()?;
    let outcome = stdout.map_or(Ok(()), |format| {
        stages.rest();
        let write = |appearance, out: &mut dyn Write| report::write(&report, format, appearance, out);
        appearance::print(&arguments.looks, arguments.all, write)
    });
    stages.rest();
    if !written.is_empty() {
        let quotations = plural(quotes.quotations.len() as u64, "quotation");
        job.messages.note(format_args!("{quotations} found; written to {}", outputs::list(&written)));
    }
    job.tell_of_work(&stages, &quotes.statistics);
    outcome?;
    corpus.check()?;
    Ok(job.end(&corpus))
}
