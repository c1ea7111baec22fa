//! `dittograph quotes`: read, find what was said and how it travelled, report.

use dittograph::report::quotes::{self as report, QuotesReport};

use super::args::{HabitArguments, QuotesArguments};
use super::delivery::Delivery;
use super::exit::Exit;
use super::job::Job;
use super::messages::plural;

/// Does what the arguments ask for.
pub(crate) fn run(arguments: QuotesArguments) -> anyhow::Result<Exit> {
    let habits = HabitArguments { preset: None, min_words: None, similarity: None };
    let mut job = Job::new(arguments.input, &habits, &[], &arguments.running);
    job.refer_to(arguments.from)?;
    let delivery = Delivery::prepare(arguments.format, &arguments.output, &arguments.looks, arguments.all)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let corpus = delivery.read(&job, &pool, &stages)?;
    let quotes = job.quotes(&pool, &corpus, &stages)?;

    let report = QuotesReport { corpus: &corpus, quotes: &quotes, grouping: arguments.by.unwrap_or_default() };
    let delivered = delivery.make(&corpus, &stages, |format, looks, out| report::write(&report, format, looks, out))?;
    delivered.tell(job.messages, format_args!("{} found", plural(quotes.quotations.len() as u64, "quotation")));
    job.tell_of_work(&stages, &quotes.statistics);
    delivered.end(job.end(&corpus))
}
