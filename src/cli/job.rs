//! A job ready to be done: the one place where arguments as typed become the library's own terms.
//!
//! What decides results ends up in [`Settings`]; what only decides how the work goes (threads, what is told) stays
//! here, so that it can't reach a report.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use anyhow::{Context, bail};
use dittograph::document::Corpus;
use dittograph::finding::{Rule, Scan, Statistics};
use dittograph::input::{self, Absent, FieldNames, InputOptions};
use dittograph::plan::{Plan, PlanError, megabytes};
use dittograph::quotes::{self, Quotes};
use dittograph::settings::{Preset, Settings};
use dittograph::storage::{self, Storage};
use dittograph::trace::{self, Trace, TraceOptions};

use super::args::{HabitArguments, InputArguments, ProjectArguments, RunningArguments};
use super::exit::Exit;
use super::messages::{Messages, plural};
use super::progress::Stages;
use super::project::Project;
use super::statistics;

/// Bytes of records that are held in any case.
const LEAST_RECORDS: u64 = 64_000_000;

/// Input, settings and manner of a run.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) input: InputOptions,
    pub(crate) settings: Settings,
    pub(crate) messages: Messages,
    /// 0 means one for each core.
    threads: usize,
    max_memory: Option<u64>,
    temp_dir: Option<PathBuf>,
    timings: bool,
    statistics: bool,
}

impl Job {
    /// The only conversion from what was typed.
    pub(crate) fn new(
        input: InputArguments,
        habits: &HabitArguments,
        only: &[Rule],
        running: &RunningArguments,
    ) -> Self {
        Job {
            input: InputOptions {
                paths: input.paths,
                references: Vec::new(),
                allows_both: false,
                kind: input.input_format,
                fields: FieldNames {
                    text: input.text_field,
                    id: input.id_field,
                    source: input.source_field,
                    date: input.date_field,
                    url: input.url_field,
                    title: input.title_field,
                },
                respect_ignore: !input.no_ignore,
                hidden: input.hidden,
                excluded: Vec::new(),
                allows_absent: Absent::Nothing,
            },
            settings: settings(habits, only),
            messages: Messages { quiet: running.quiet },
            threads: running.threads.map_or(0, usize::from),
            max_memory: running.max_memory,
            temp_dir: running.temp_dir.clone(),
            timings: running.timings,
            statistics: running.stats,
        }
    }

    /// The same of a project: its configuration speaks where nothing is typed.
    pub(crate) fn of_project(arguments: &ProjectArguments, project: &Project, running: &RunningArguments) -> Self {
        let config = &project.config;
        let mut input = arguments.input.clone();
        input.paths = project.paths();
        let fields = &config.fields;
        for (typed, own) in [
            (&mut input.text_field, &fields.text),
            (&mut input.id_field, &fields.id),
            (&mut input.source_field, &fields.source),
            (&mut input.date_field, &fields.date),
            (&mut input.url_field, &fields.url),
            (&mut input.title_field, &fields.title),
        ] {
            *typed = typed.take().or_else(|| own.clone());
        }
        input.hidden |= config.hidden.unwrap_or(false);
        input.no_ignore |= config.no_ignore.unwrap_or(false);
        let habits =
            HabitArguments { preset: config.preset, min_words: config.min_words, similarity: config.similarity };
        let mut job = Job::new(input, &habits, &project.rules(), running);
        job.input.references = project.references();
        job.input.allows_both = true;
        job
    }

    /// A watch over the stages, drawn when somebody looks.
    pub(crate) fn stages(&self) -> Stages {
        Stages::new(!self.messages.quiet && std::io::stderr().is_terminal())
    }

    /// The threads that the stages run on.
    pub(crate) fn pool(&self) -> anyhow::Result<rayon::ThreadPool> {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().context("could not start threads")
    }

    /// Reads the corpus. Fails when there is nothing to work on.
    pub(crate) fn read(&self, pool: &rayon::ThreadPool, stages: &Stages) -> anyhow::Result<Corpus> {
        let mut stdin = std::io::stdin();
        if stdin.is_terminal() && self.input.paths.iter().any(|path| path == "-") {
            self.messages.note("reading from the keyboard until the end of input (Ctrl-D)");
        }
        self.read_from(pool, stages, &mut stdin)
    }

    /// The same, with something else for standard input.
    pub(crate) fn read_from(
        &self,
        pool: &rayon::ThreadPool,
        stages: &Stages,
        stdin: &mut (dyn Read + Send),
    ) -> anyhow::Result<Corpus> {
        let corpus = pool.install(|| input::read(&self.input, stdin, stages));
        stages.rest();
        Ok(corpus?)
    }

    /// Scans the corpus within the memory that is allowed, and tells of what goes to temporary files.
    pub(crate) fn scan(&self, pool: &rayon::ThreadPool, corpus: &Corpus, stages: &Stages) -> anyhow::Result<Scan> {
        let storage = self.storage(&pool.install(|| Plan::of(corpus, &self.settings)), true)?;
        let scan = pool.install(|| dittograph::scan_within(&storage, corpus, &self.settings, stages));
        stages.rest();
        Ok(scan?)
    }

    /// Traces the corpus, in the same way.
    pub(crate) fn trace(
        &self,
        pool: &rayon::ThreadPool,
        corpus: &Corpus,
        options: &TraceOptions,
        stages: &Stages,
    ) -> anyhow::Result<Trace> {
        let storage = self.storage(&pool.install(|| Plan::of(corpus, &self.settings)), false)?;
        let trace = pool.install(|| trace::trace(&storage, corpus, &self.settings, options, stages));
        stages.rest();
        Ok(trace?)
    }

    /// Compares documents with others, which may be among them.
    pub(crate) fn refer_to(&mut self, sources: Vec<String>) -> anyhow::Result<()> {
        if sources.iter().any(|path| path == "-") {
            bail!("standard input can't be a source: name a file after --from");
        }
        self.input.references = sources;
        self.input.allows_both = true;
        Ok(())
    }

    /// Finds the quotations of what was read.
    pub(crate) fn quotes(&self, pool: &rayon::ThreadPool, corpus: &Corpus, stages: &Stages) -> anyhow::Result<Quotes> {
        let quotes = pool.install(|| quotes::find(corpus, stages));
        stages.rest();
        Ok(quotes?)
    }

    /// Room for the records of a scan; `has_rules` if some of its rules may be left out.
    fn storage(&self, plan: &Plan, has_rules: bool) -> anyhow::Result<Storage> {
        let folder = self.temporary_folder();
        // What nobody set is a precaution, and no reason to refuse anything.
        let Some(limit) = self.max_memory else {
            let limit = self.memory_limit().saturating_sub(plan.held).max(LEAST_RECORDS);
            return Ok(Storage::new(limit, folder));
        };
        let disk = plan.disk(limit);
        let storage = plan.storage(limit, folder.clone()).map_err(|error| {
            let PlanError::TooMuch { needed, passages, .. } = error;
            // Rounded up: what is advised must do.
            let enough = format!("allow --max-memory {}MB", needed.div_ceil(1_000_000));
            let advice = if passages && has_rules {
                format!("{enough}, or scan with --only near-duplicate,contained")
            } else {
                enough
            };
            anyhow::anyhow!("{error}: {advice}")
        });
        if storage.is_ok() && disk > 0 {
            let (disk, folder) = (megabytes(disk), folder.display());
            self.messages
                .note(format_args!("about {disk} go to a temporary file in {folder}, gone when the scan ends"));
        }
        storage
    }

    /// Where temporary files go.
    pub(crate) fn temporary_folder(&self) -> PathBuf {
        self.temp_dir.clone().unwrap_or_else(storage::default_folder)
    }

    /// How much memory may be used: three quarters of what is free if nobody says.
    pub(crate) fn memory_limit(&self) -> u64 {
        self.max_memory.or_else(|| Some(statistics::free_memory()? / 4 * 3)).unwrap_or(u64::MAX)
    }

    /// Tells what `--timings` and `--stats` ask for.
    pub(crate) fn tell_of_work(&self, stages: &Stages, counts: &Statistics) {
        if self.timings {
            statistics::tell(&stages.timings());
        }
        if self.statistics {
            statistics::tell(&statistics::counts(counts));
        }
    }

    /// How a run over this corpus ends, said again at the end when something could not be read: a long report may
    /// have moved the first word of it out of sight.
    pub(crate) fn end(&self, corpus: &Corpus) -> Exit {
        let failed = corpus.skipped.iter().filter(|skipped| skipped.is_error).count() as u64;
        if failed == 0 {
            return Exit::Done;
        }
        self.messages.error(format_args!(
            "{} could not be read; the rest was done: {}",
            plural(failed, "input"),
            plural(corpus.documents.len() as u64, "document"),
        ));
        Exit::Failed
    }
}

fn settings(habits: &HabitArguments, only: &[Rule]) -> Settings {
    let mut settings = Settings::preset(habits.preset.unwrap_or(Preset::News));
    if let Some(words) = habits.min_words {
        settings.min_words = words;
    }
    settings.similarity = habits.similarity;
    if !only.is_empty() {
        // In the order of the rules, not as typed: the report tells the settings, and equal wishes look equal.
        settings.only = Rule::ALL.into_iter().filter(|rule| only.contains(rule)).collect();
    }
    settings
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Arguments, Command};
    use super::*;

    fn job(line: &str) -> Job {
        let Command::Scan(arguments) = Arguments::try_parse_from(line.split(' ')).unwrap().command else {
            panic!("not a scan: {line}");
        };
        Job::new(arguments.input, &arguments.rules.habits, &arguments.rules.only, &arguments.running)
    }

    #[test]
    fn defaults_are_those_of_the_news_preset() {
        let job = job("dittograph scan a");
        assert_eq!(job.settings, Settings::default());
        assert!(job.input.respect_ignore && !job.input.hidden);
        assert_eq!(job.threads, 0);
    }

    #[test]
    fn what_is_typed_overrides_the_preset() {
        let job = job("dittograph scan --preset strict --min-words 20 --similarity 0.75 a b");
        assert_eq!(job.settings.coverage, Settings::preset(Preset::Strict).coverage);
        assert_eq!((job.settings.min_words, job.settings.similarity), (20, Some(750)));
        assert_eq!(job.input.paths, ["a", "b"]);
    }

    #[test]
    fn the_order_and_number_of_rules_typed_does_not_matter() {
        let typed = job("dittograph scan --only contained,near-duplicate --only contained a").settings;
        assert_eq!(typed.only, [Rule::NearDuplicate, Rule::Contained]);
    }

    #[test]
    fn threads_and_looks_are_no_settings() {
        let plain = job("dittograph scan a").settings;
        assert_eq!(job("dittograph scan -j 8 --width 120 --all --stats --timings -q a").settings, plain);
    }

    #[test]
    fn fields_reach_the_input_stage() {
        let fields = job("dittograph scan --text-field t.b --id-field i --source-field s --date-field d \
                          --url-field u --title-field h a")
        .input
        .fields;
        let named = [fields.text, fields.id, fields.source, fields.date, fields.url, fields.title];
        assert_eq!(named.map(Option::unwrap), ["t.b", "i", "s", "d", "u", "h"]);
    }
}
