//! `dittograph trace`: read, trace, report.

use std::io::Write;

use anyhow::Context;
use dittograph::finding::Rule;
use dittograph::progress::Progress;
use dittograph::report::trace::{self as report, TraceReport};
use dittograph::trace::{self, TraceOptions};

use super::appearance;
use super::args::{HabitArguments, TraceArguments};
use super::exit::Exit;
use super::job::Job;
use super::messages::plural;
use super::outputs::{self, Destinations, Outputs};

/// What a trace needs of a scan.
const RULES: [Rule; 3] = [Rule::DoubledText, Rule::Boilerplate, Rule::SharedPassage];

/// Does what the arguments ask for.
pub(crate) fn run(arguments: TraceArguments) -> anyhow::Result<Exit> {
    appearance::choose_color(arguments.looks.color);
    let habits = HabitArguments { preset: None, min_words: arguments.min_words, similarity: None };
    let mut job = Job::new(arguments.input, &habits, &RULES, &arguments.running);
    let options = TraceOptions { has_sources: !arguments.from.is_empty(), wires: arguments.wire };
    options.check().context("--wire")?;
    job.refer_to(arguments.from)?;
    let Destinations { files, stdout } = Destinations::of(arguments.format, &arguments.output)?;
    let mut outputs = Outputs::open(files)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let mut corpus = job.read(&pool, &stages)?;
    outputs.refuse_inputs(&corpus)?;
    corpus.skipped.retain(|skipped| !outputs.owns(&skipped.path));
    job.messages.tell_of_input(&corpus);
    trace::arrange(&mut corpus, &options);
    let trace = job.trace(&pool, &corpus, &options, &stages)?;

    stages.begin("report", 0);
    let report = TraceReport { corpus: &corpus, trace: &trace, settings: &job.settings, options: &options };
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
        let targets = plural(trace.targets.len() as u64, "document");
        job.messages.note(format_args!("{targets} traced; written to {}", outputs::list(&written)));
    }
    job.tell_of_work(&stages, &trace.statistics);
    outcome?;
    corpus.check()?;
    Ok(job.end(&corpus))
}
