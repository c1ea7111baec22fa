//! `dittograph trace`: read, trace, report.

use anyhow::Context;
use dittograph::finding::Rule;
use dittograph::report::trace::{self as report, TraceReport};
use dittograph::trace::{self, TraceOptions};

use super::args::{HabitArguments, TraceArguments};
use super::delivery::Delivery;
use super::exit::Exit;
use super::job::Job;
use super::messages::plural;

/// What a trace needs of a scan.
const RULES: [Rule; 3] = [Rule::DoubledText, Rule::Boilerplate, Rule::SharedPassage];

/// Does what the arguments ask for.
pub(crate) fn run(arguments: TraceArguments) -> anyhow::Result<Exit> {
    let habits = HabitArguments { preset: None, min_words: arguments.min_words, similarity: None };
    let mut job = Job::new(arguments.input, &habits, &RULES, &arguments.running);
    let options = TraceOptions { has_sources: !arguments.from.is_empty(), wires: arguments.wire };
    options.check().context("--wire")?;
    job.refer_to(arguments.from)?;
    let delivery = Delivery::prepare(arguments.format, &arguments.output, &arguments.looks, arguments.all)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let mut corpus = delivery.read(&job, &pool, &stages)?;
    trace::arrange(&mut corpus, &options);
    let trace = job.trace(&pool, &corpus, &options, &stages)?;

    let report = TraceReport { corpus: &corpus, trace: &trace, settings: &job.settings, options: &options };
    let delivered = delivery.make(&corpus, &stages, |format, looks, out| report::write(&report, format, looks, out))?;
    delivered.tell(job.messages, format_args!("{} traced", plural(trace.targets.len() as u64, "document")));
    job.tell_of_work(&stages, &trace.statistics);
    delivered.end(job.end(&corpus))
}
