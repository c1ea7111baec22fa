//! `dittograph dedup`: the corpus without its repeats.

use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dittograph::cleaning::{Cleaning, Totals};
use dittograph::document::Corpus;
use dittograph::finding::Rule;
use dittograph::input::{Kind, ReadFile};
use dittograph::journal::{Parameters, RemovalLine};
use dittograph::removal::{Keep, Plan, Policy};
use tempfile::NamedTempFile;

use super::appearance;
use super::args::{DedupArguments, FurnitureArgument};
use super::exit::Exit;
use super::inspection::PLAIN;
use super::interrupt;
use super::job::Job;
use super::messages::{grouped, plural, printable, size};
use super::outputs::Sink;
use super::targets::{Named, Target, absolute, below_common};

/// Removals that a dry run names of each rule, unless all are asked for.
const SHOWN: usize = 10;

/// Does what the arguments ask for.
pub(crate) fn run(arguments: DedupArguments) -> anyhow::Result<Exit> {
    let mut policy = Policy {
        rules: if arguments.remove.is_empty() { Policy::RULES.to_vec() } else { arguments.remove.clone() },
        keep: arguments.keep.clone(),
        per_source: arguments.keep_per_source,
        keeps_furniture: arguments.keep_furniture == FurnitureArgument::One,
        ..Policy::default()
    };
    let mut job = Job::new(arguments.input, &arguments.habits, &policy.rules, &arguments.running);
    policy.least_words = job.settings.min_words;
    policy.similarity = job.settings.similarity;
    job.input.references = arguments.against;
    if job.input.references.iter().any(|path| path == "-") {
        bail!("standard input can't be compared with: name a file after --against");
    }
    let written = [arguments.output.as_deref(), arguments.removed.as_deref()];
    let read: Vec<&str> = job.input.paths.iter().chain(&job.input.references).map(String::as_str).collect();
    for output in written.into_iter().flatten() {
        refuse_inputs(output, &read)?;
    }
    if let [Some(output), Some(removed)] = written
        && place_of(output)? == place_of(removed)?
    {
        bail!("{}: the clean corpus and the record can't be one file: name another", output.display());
    }
    // Opened first: a wrong path is told in the first second.
    let journal = arguments.removed.as_deref().map(open_journal).transpose()?;
    let mut target = arguments.output.as_deref().map(|output| open_target(output, &job)).transpose()?;

    let stages = job.stages();
    let pool = job.pool()?;
    let stdin = job.input.paths.iter().any(|path| path == "-").then(|| keep_stdin(&job)).transpose()?;
    let mut corpus = match &stdin {
        Some(kept) => job.read_from(&pool, &stages, &mut kept.reopen()?)?,
        None => job.read(&pool, &stages)?,
    };
    job.messages.tell_of_input(&corpus);
    // Patterns have led to files by now.
    let read: Vec<&str> = corpus.files.iter().map(|file| &*file.path).collect();
    for output in written.into_iter().flatten() {
        refuse_inputs(output, &read)?;
    }
    leave_out_damaged(&mut corpus, &job)?;
    let is_stream = matches!(target, Some(Target::Stdout));
    let names = name_files(&corpus, &job, arguments.output_format, is_stream, arguments.mark.is_some())?;
    let scan = job.scan(&pool, &corpus, &stages)?;
    let plan = pool.install(|| Plan::make(&corpus, &scan, &policy, &stages));
    corpus.check()?;
    if arguments.dry_run {
        stages.rest();
        show(&corpus, &plan, arguments.all)?;
        job.tell_of_work(&stages, &scan.statistics);
        return Ok(job.end(&corpus));
    }

    let (Some(output), Some(target)) = (arguments.output, target.take()) else { bail!("--output is missing") };
    let mut names = names;
    if let (Target::File { .. }, Some(name)) = (&target, output.file_name()) {
        let own = corpus.files.iter().position(|file| file.side.is_subject());
        own.into_iter().for_each(|at| names[at] = name.to_string_lossy().into_owned());
    }
    let mut named = Named { target, names, packed: !is_stream };
    let cleaning = Cleaning {
        corpus: &corpus,
        plan: &plan,
        fields: &job.input.fields,
        mark: arguments.mark.as_deref(),
        stdin: stdin.as_ref().map(|kept| kept.path().to_owned()),
        output_kind: arguments.output_format,
        parameters: parameters(&policy, &job, arguments.mark.is_some(), arguments.output_format),
    };
    let totals = write(&cleaning, &named, journal.as_ref(), &pool, &stages)?;
    stages.rest();
    {
        let mut temporary_files = interrupt::hold();
        named.target.commit(&mut temporary_files)?;
        if let Some(journal) = journal {
            journal.commit(&mut temporary_files)?;
        }
    }
    tell(&totals, arguments.mark.is_some(), &output, arguments.removed.as_deref(), &job);
    job.tell_of_work(&stages, &scan.statistics);
    Ok(job.end(&corpus))
}

fn write(
    cleaning: &Cleaning<'_>,
    named: &Named,
    journal: Option<&Sink>,
    pool: &rayon::ThreadPool,
    stages: &super::progress::Stages,
) -> anyhow::Result<Totals> {
    let mut journal = journal.map(Sink::reopen).transpose()?.map(|file| BufWriter::with_capacity(1 << 17, file));
    let totals = {
        let journal = journal.as_mut().map(|journal| journal as &mut (dyn Write + Send));
        pool.install(|| cleaning.write(named, journal, stages))?
    };
    if let Some(mut journal) = journal {
        journal.flush().context("can't write the record of removals")?;
    }
    Ok(totals)
}

/// Fails if the output would lie in what is read, or be it.
fn refuse_inputs(output: &Path, inputs: &[&str]) -> anyhow::Result<()> {
    if output.as_os_str() == "-" {
        return Ok(());
    }
    let real = |path: &Path| path.canonicalize().or_else(|_| absolute(path));
    let target = place_of(output)?;
    for input in inputs.iter().filter(|input| **input != "-") {
        let input = Path::new(input);
        let is_in = real(input).is_ok_and(|input| target.starts_with(input));
        if is_in {
            let how = if input.is_dir() { "lies in" } else { "is" };
            bail!("{}: the output {how} the input {}: name another", output.display(), input.display());
        }
    }
    Ok(())
}

/// Where a path leads; what is not there yet lies where its folder does.
fn place_of(path: &Path) -> io::Result<PathBuf> {
    if let Ok(place) = path.canonicalize() {
        return Ok(place);
    }
    let whole = absolute(path)?;
    let parent = whole.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    Ok(match parent {
        Some((folder, real)) => real.join(whole.strip_prefix(folder).unwrap_or(&whole)),
        None => whole,
    })
}

fn open_journal(path: &Path) -> anyhow::Result<Sink> {
    if path.as_os_str() == "-" {
        bail!("the record of removals goes to a file: name one after --removed");
    }
    if path.metadata().is_ok_and(|found| found.is_file() && found.len() > 0) {
        bail!("{}: it is there already, and may be what undoes an earlier run: name another record", path.display());
    }
    Sink::open(path).with_context(|| format!("can't write {}", path.display()))
}

/// Standard input is read twice, so it is kept.
fn keep_stdin(job: &Job) -> anyhow::Result<NamedTempFile> {
    let folder = job.temporary_folder();
    let context = || format!("can't keep standard input in {}: name another folder with --temp-dir", folder.display());
    let mut stdin = io::stdin();
    if stdin.is_terminal() {
        job.messages.note("reading from the keyboard until the end of input (Ctrl-D)");
    }
    let mut kept = {
        let mut temporary_files = interrupt::hold();
        let kept = NamedTempFile::new_in(&folder).with_context(context)?;
        temporary_files.insert(kept.path().to_owned());
        kept
    };
    io::copy(&mut stdin, &mut kept).with_context(context)?;
    kept.rewind().with_context(context)?;
    Ok(kept)
}

/// Documents of a file that could not be read to its end are left out: they could not be written, and must not stand for
/// others that can.
///
/// What others are compared with has to be whole: without it too much would be kept.
fn leave_out_damaged(corpus: &mut Corpus, job: &Job) -> anyhow::Result<()> {
    if let Some(file) = corpus.files.iter().find(|file| file.side.is_reference() && !file.is_whole) {
        bail!("{}: not whole, so nothing can be compared with it: nothing is written", printable(&file.path));
    }
    let damaged: Vec<String> =
        corpus.files.iter().filter(|file| !file.is_whole).map(|file| file.path.to_string()).collect();
    if damaged.is_empty() {
        return Ok(());
    }
    corpus.documents.retain(|document| !damaged.iter().any(|path| **path == *document.origin.path));
    corpus.files.retain(|file| file.is_whole);
    for path in damaged {
        job.messages.error(format_args!("{}: not whole, so nothing is written of it", printable(&path)));
    }
    Ok(())
}

/// Opens a folder, or for a single file that was named itself, a file.
fn open_target(output: &Path, job: &Job) -> anyhow::Result<Target> {
    let is_file = matches!(job.input.paths.as_slice(), [path] if path == "-" || Path::new(path).is_file());
    let wants_folder = output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/");
    match () {
        () if output.as_os_str() == "-" => Ok(Target::Stdout),
        () if is_file && !wants_folder => Target::file(output),
        () => Target::folder(output),
    }
}

/// The place of each file below the folder of clean files.
fn name_files(
    corpus: &Corpus,
    job: &Job,
    kind: Option<Kind>,
    is_stream: bool,
    is_marked: bool,
) -> anyhow::Result<Vec<String>> {
    let own: Vec<_> = corpus.files.iter().filter(|file| file.side.is_subject()).collect();
    let paths: Vec<&str> = corpus.files.iter().map(|file| &*file.path).collect();
    let roots: Vec<PathBuf> = job.input.paths.iter().filter(|path| *path != "-").map(|path| root(path)).collect();
    let mut names = below_common(&paths, &roots)?;
    let is_odd = |file: &&&ReadFile| file.location.as_deref().is_some_and(|location| location.to_str().is_none());
    if let Some(file) = own.iter().find(|file| !is_stream && is_odd(file)) {
        let count = plural(own.iter().filter(is_odd).count() as u64, "file");
        let path = printable(&file.path);
        job.messages
            .warning(format_args!("{count} with names that are no UTF-8 are written as they are shown: {path}"));
    }
    if let Some((at, file)) = corpus.files.iter().enumerate().find(|(_, file)| &*file.path == "-") {
        names[at] = file.format.rename("stdin", file.format.kind);
    }
    let Some(kind) = kind else {
        let joins = |file: &&&ReadFile| file.format.kind == Kind::JsonLines;
        if let Some(file) = own.iter().find(|file| is_stream && own.len() > 1 && !joins(file)) {
            let (path, kind) = (printable(&file.path), file.format.kind.name());
            bail!("{path}: {kind} files make no stream: name a folder with --output, or add --output-format jsonl");
        }
        if let Some(file) = own.iter().find(|file| is_marked && !file.format.kind.has_fields()) {
            let (path, kind) = (printable(&file.path), file.format.kind.name());
            bail!("{path}: a {kind} file has no place for marks: add --output-format jsonl");
        }
        return Ok(names);
    };
    if kind == Kind::Text && own.iter().any(|file| !file.format.kind.is_one_document()) {
        bail!("files of many documents can't be written as text: choose --output-format jsonl");
    }
    for (name, file) in names.iter_mut().zip(&corpus.files) {
        *name = file.format.rename(name, kind);
    }
    let mut named: Vec<(&str, &str)> = names
        .iter()
        .zip(&corpus.files)
        .filter(|(_, file)| file.side.is_subject())
        .map(|(name, file)| (name.as_str(), &*file.path))
        .collect();
    named.sort_unstable();
    if let Some(pair) = named.windows(2).find(|pair| !is_stream && pair[0].0 == pair[1].0) {
        let (one, other) = (printable(pair[0].1), printable(pair[1].1));
        bail!("{one} and {other} would both become {}: clean them one by one", printable(pair[0].0));
    }
    Ok(names)
}

/// The folder that an argument is about.
fn root(argument: &str) -> PathBuf {
    let path = Path::new(argument);
    if path.is_dir() {
        return path.to_owned();
    }
    let mut folder = path.parent().unwrap_or(Path::new("")).to_owned();
    while !path.exists() && dittograph::input::is_pattern(&folder.to_string_lossy()) {
        folder.pop();
    }
    folder
}

fn parameters(policy: &Policy, job: &Job, mark: bool, output_kind: Option<Kind>) -> Parameters {
    Parameters {
        remove: Rule::ALL
            .into_iter()
            .filter(|rule| policy.rules.contains(rule))
            .map(|rule| rule.name().to_owned())
            .collect(),
        keep: match &policy.keep {
            Keep::First => "first".to_owned(),
            Keep::Longest => "longest".to_owned(),
            Keep::Earliest => "earliest".to_owned(),
            Keep::Prefer(sources) => format!("prefer={}", sources.join(",")),
        },
        keep_per_source: policy.per_source,
        keep_furniture: if policy.keeps_furniture { "one" } else { "none" }.to_owned(),
        preset: job.settings.preset.name().to_owned(),
        min_words: job.settings.min_words,
        similarity: job.settings.similarity.map(|similarity| f64::from(similarity) / 1000.0),
        mark,
        output_format: output_kind.map(|kind| kind.name().to_owned()),
    }
}

/// What would go: the totals, and of each rule the first.
fn show(corpus: &Corpus, plan: &Plan, all: bool) -> anyhow::Result<()> {
    let totals = Totals::count(corpus, plan);
    let mut out = appearance::stdout(appearance::of_stdout(&PLAIN, true));
    writeln!(out, "{}", summarize(&totals, "would go"))?;
    for total in &totals.removed {
        writeln!(out, "\n{}", describe(total))?;
        let of_rule = plan.removals.iter().filter(|removal| removal.reason.name() == total.rule);
        let shown = if all { usize::MAX } else { SHOWN };
        for removal in of_rule.clone().take(shown) {
            let line = RemovalLine::of(removal, corpus);
            let place = match (line.start, line.end) {
                (Some(start), Some(end)) => format!(", bytes {start}..{end}"),
                _ => String::new(),
            };
            writeln!(out, "  {}{place}", printable(&line.document))?;
            writeln!(out, "    {}", printable(&line.reason))?;
            writeln!(out, "    │ {}", printable(&line.excerpt))?;
        }
        let more = of_rule.count().saturating_sub(shown);
        if more > 0 {
            writeln!(out, "  and {} more; --all names them", grouped(more as u64))?;
        }
    }
    if plan.left > 0 {
        let places = plural(plan.left, "place");
        writeln!(out, "\nOf {places} some would stay: parts of sentences, and sentences that were changed.")?;
    }
    out.flush()?;
    Ok(())
}

/// One line: how much goes.
fn summarize(totals: &Totals, verb: &str) -> String {
    let share = (totals.bytes_removed * 1000).checked_div(totals.bytes).unwrap_or(0);
    format!(
        "{} of {} and {} of {} of text {verb} ({}.{} %)",
        grouped(totals.documents_removed),
        plural(totals.documents, "document"),
        size(totals.bytes_removed),
        size(totals.bytes),
        share / 10,
        share % 10,
    )
}

/// One line: how much goes by a rule.
fn describe(total: &dittograph::journal::Total) -> String {
    let counts = [(total.documents, "document"), (total.parts, "part")];
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| plural(count, noun)).collect();
    format!("{:<15} {}, {}", total.rule, counts.join(", "), size(total.bytes))
}

fn tell(totals: &Totals, mark: bool, output: &Path, journal: Option<&Path>, job: &Job) {
    job.messages.note(summarize(totals, if mark { "marked" } else { "removed" }));
    for total in &totals.removed {
        job.messages.note(format_args!("  {}", describe(total)));
    }
    if output.as_os_str() != "-" {
        job.messages.note(format_args!("written to {}", output.display()));
    }
    if let Some(journal) = journal {
        job.messages.note(format_args!("the record of it, to undo it with `restore`: {}", journal.display()));
    }
}
