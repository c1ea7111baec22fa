//! `dittograph check` and `dittograph baseline`: the gate, and what it is known to let through.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dittograph::check::baseline::Baseline;
use dittograph::check::judge::{self, Upkeep};
use dittograph::check::problems::Checked;
use dittograph::config;
use dittograph::document::{Corpus, Side};
use dittograph::finding::{Scan, Statistics};
use dittograph::input::{self, Absent, InputError, InputOptions};
use dittograph::report::check::{self as report, CheckFormat};

use super::args::{BaselineAction, BaselineArguments, CheckArguments, ProjectArguments, RunningArguments};
use super::cache::{Cache, Recalled, Record};
use super::checkout::Checkout;
use super::delivery::Delivery;
use super::exit::Exit;
use super::git::Repository;
use super::interrupt;
use super::job::Job;
use super::manual;
use super::messages::plural;
use super::outputs::{self, Sink};
use super::past::{Holdings, Past};
use super::progress::Stages;
use super::project::Project;

/// Checks, or tells of the check.
pub(crate) fn run(arguments: CheckArguments) -> anyhow::Result<Exit> {
    if let Some(rule) = arguments.explain {
        return manual::show(report::explain(rule).as_bytes());
    }
    let project = Project::of(&arguments.project)?;
    if arguments.dump_config {
        return manual::show(config::dump(&project.config).as_bytes());
    }
    let is_named = arguments.baseline.is_some() || project.config.baseline.is_some();
    let baseline_file = arguments.baseline.clone().unwrap_or_else(|| project.nearest_baseline());
    let cache_folder = arguments.cache_dir.clone().unwrap_or_else(|| project.cache());
    let cache_folder = (!arguments.no_cache).then_some(cache_folder.as_path());
    if let Some(file) = cache_folder.filter(|place| place.exists() && !place.is_dir()) {
        bail!("{}: the cache can't be kept there, for it is no folder (--cache-dir names one)", file.display());
    }
    let delivery = Delivery::prepare(arguments.format, &arguments.output, &arguments.looks, arguments.all)?;
    // What this program writes is no document.
    let own: Vec<&Path> = delivery.paths().chain(cache_folder).collect();
    let known = read_baseline(&baseline_file, is_named)?;
    let mut gate = Gate::new(&arguments.project, &arguments.running, project, &baseline_file, &own)?;
    if arguments.allow_empty {
        gate.job.input.allows_absent = Absent::Matches;
    }
    gate.refuse_outputs(&delivery, &baseline_file)?;
    let (past, base) = gate.look_back(&arguments, cache_folder)?;
    let question = Question { known, base, past, baseline_file };
    // Nobody knows what standard input will say.
    let cache_folder = cache_folder.filter(|_| !gate.job.input.paths.iter().any(|path| path == "-"));
    let cache = cache_folder.map(|folder| Cache::of(folder, &gate.spell(&question)));
    let recalled = cache.as_ref().and_then(|cache| cache.recall(&gate.job.input));
    let stages = gate.job.stages();
    let Answer { checked, corpus, statistics } = match recalled {
        Some(Recalled { checked, told }) => Answer { checked, corpus: told, statistics: Statistics::default() },
        None => gate.answer(&question, cache.as_ref(), &stages)?,
    };
    let corpus = delivery.tell_of_input(corpus, gate.job.messages);
    let delivered =
        delivery.make(&corpus, &stages, |format, looks, out| report::write(&checked, format, looks, out))?;
    delivered.tell(gate.job.messages, format_args!("{} found", plural(checked.problems.len() as u64, "problem")));
    gate.job.tell_of_work(&stages, &statistics);
    delivered.end(match gate.job.end(&corpus) {
        Exit::Done if checked.trips() && !arguments.exit_zero => Exit::Tripped,
        exit => exit,
    })
}

/// What decides the outcome of a check beside the corpus.
struct Question {
    /// The baseline of the file.
    known: Baseline,
    /// That of a revision.
    base: Baseline,
    /// What the work is compared with, if it is.
    past: Option<Past>,
    baseline_file: PathBuf,
}

/// The outcome of a check.
struct Answer {
    checked: Checked,
    /// What was read.
    corpus: Corpus,
    statistics: Statistics,
}

/// Writes a baseline, or brings it up to date.
pub(crate) fn keep(arguments: BaselineArguments) -> anyhow::Result<Exit> {
    let (arguments, upkeep) = match arguments.action {
        BaselineAction::Write(arguments) => (arguments, Upkeep::Write),
        BaselineAction::Update(arguments) => (arguments, Upkeep::Update),
        BaselineAction::Prune(arguments) => (arguments, Upkeep::Prune),
    };
    let project = Project::of(&arguments.project)?;
    if upkeep == Upkeep::Prune && project.is_a_part() {
        bail!(
            "a baseline is pruned by all that it is for: type no paths, or the whole of what the configuration names"
        );
    }
    let usual = || if upkeep == Upkeep::Write { project.baseline() } else { project.nearest_baseline() };
    let file = arguments.baseline.clone().unwrap_or_else(usual);
    // What is replaced need not be sound, but it has to be a baseline.
    let old = match read_baseline(&file, upkeep != Upkeep::Write) {
        Err(_) if upkeep == Upkeep::Write => {
            refuse_others(&file)?;
            Baseline::default()
        }
        old => old?,
    };
    let cache = project.cache();
    let gate = Gate::new(&arguments.project, &arguments.running, project, &file, &[&cache])?;
    let stages = gate.job.stages();
    let corpus = gate.read(&stages)?;
    gate.job.messages.tell_of_input(&corpus);
    if gate.job.end(&corpus) != Exit::Done {
        bail!(
            "no baseline is made of a part of a corpus: mend what could not be read, or let the configuration ignore it"
        );
    }
    let scan = gate.scan(&corpus, &stages)?;
    let before = old.len() as u64;
    let policy = gate.project.policy(&corpus, None)?;
    let new = gate.pool.install(|| judge::keep(&corpus, &scan, &policy, &old, upkeep))?;
    let sink = Sink::open(&file).with_context(|| format!("can't write {}", file.display()))?;
    sink.reopen()?.write_all(new.write().as_bytes()).with_context(|| format!("can't write {}", file.display()))?;
    sink.commit(&mut super::interrupt::hold())?;
    gate.job.messages.note(format_args!(
        "{} known to {} ({before} before)",
        plural(new.len() as u64, "finding"),
        file.display()
    ));
    Ok(Exit::Done)
}

/// A corpus that is checked, and how.
struct Gate {
    project: Project,
    job: Job,
    pool: rayon::ThreadPool,
}

impl Gate {
    fn new(
        arguments: &ProjectArguments,
        running: &RunningArguments,
        project: Project,
        baseline: &Path,
        own: &[&Path],
    ) -> anyhow::Result<Self> {
        let mut job = Job::of_project(arguments, &project, running);
        let own = own.iter().copied().chain([baseline]).map(std::path::absolute);
        job.input.excluded = project.excluded(&own.collect::<std::io::Result<Vec<PathBuf>>>()?);
        let pool = job.pool()?;
        Ok(Gate { project, job, pool })
    }

    /// Everything that decides the outcome beside the files, as text.
    fn spell(&self, question: &Question) -> String {
        let Question { known, base, past, baseline_file } = question;
        let Gate { project, job, .. } = self;
        let decided = (project, &job.settings, &job.input, past, baseline_file);
        format!("{decided:?}\n{}{}", known.write(), base.write())
    }

    /// Checks the corpus, and keeps the outcome.
    fn answer(&self, question: &Question, cache: Option<&Cache>, stages: &Stages) -> anyhow::Result<Answer> {
        let stamps = cache.and_then(|_| input::stamp(&self.job.input).ok());
        let corpus = self.read(stages)?;
        let scan = self.scan(&corpus, stages)?;
        let mut policy = self.project.policy(&corpus, question.past.as_ref())?;
        policy.baseline = policy.name_file(&question.baseline_file);
        let judge = || judge::judge(&corpus, &scan, &policy, &question.known, &question.base);
        let checked = self.pool.install(judge)?;
        corpus.check()?;
        if let Some((cache, (stamps, _))) = cache.zip(stamps)
            && let Err(error) = self.pool.install(|| cache.keep(&self.job.input, &stamps, &corpus, &checked))
        {
            self.job.messages.warning(format_args!("nothing is kept for the next check: {error} (--no-cache)"));
        }
        Ok(Answer { checked, corpus, statistics: scan.statistics })
    }

    /// Reads what is checked. There has to be something, unless nothing is allowed.
    fn read(&self, stages: &Stages) -> anyhow::Result<Corpus> {
        let allows_nothing = self.job.input.allows_absent != Absent::Nothing;
        let corpus = match self.job.read(&self.pool, stages) {
            Ok(corpus) => corpus,
            Err(error) if is_nothing(&error) && allows_nothing => Corpus::default(),
            Err(error) => {
                let hint = if is_nothing(&error) { " (--allow-empty lets that pass)" } else { "" };
                match error.downcast_ref().and_then(|error| self.project.who_named(error)) {
                    Some(who) => bail!("{who}: {error}{hint}"),
                    None => bail!("{error}{hint}"),
                }
            }
        };
        let is_empty = !corpus.documents.iter().any(|document| document.origin.side == Side::Subject);
        let is_lost = corpus.skipped.iter().any(|skipped| skipped.is_error);
        if is_empty && !is_lost && !allows_nothing {
            bail!(
                "nothing to check: all that was found is ignored, or only compared with (--allow-empty lets it pass)"
            );
        }
        Ok(corpus)
    }

    fn scan(&self, corpus: &Corpus, stages: &Stages) -> anyhow::Result<Scan> {
        if corpus.documents.is_empty() { Ok(Scan::default()) } else { self.job.scan(&self.pool, corpus, stages) }
    }

    /// Fails if a report would replace what is to be read.
    fn refuse_outputs(&self, delivery: &Delivery<CheckFormat>, baseline: &Path) -> anyhow::Result<()> {
        let existing: Vec<PathBuf> = delivery.paths().filter_map(|path| fs::canonicalize(path).ok()).collect();
        if existing.is_empty() {
            return Ok(());
        }
        let mut rules = self.project.config.files.iter().map(PathBuf::as_path).chain([baseline]);
        if let Some(file) = rules.find(|file| fs::canonicalize(file).is_ok_and(|place| existing.contains(&place))) {
            bail!("{}: the report would replace what the check goes by: name another file", file.display());
        }
        let everything = InputOptions { excluded: self.project.excluded(&[]), ..self.job.input.clone() };
        let Ok((files, _)) = input::stamp(&everything) else { return Ok(()) };
        let replaced = files.iter().find(|file| {
            let is_one = fs::canonicalize(&file.location).is_ok_and(|place| existing.contains(&place));
            is_one && fs::read(&file.location).is_ok_and(|text| !report::is_one(&text))
        });
        match replaced {
            Some(file) => bail!(
                "{}: the report would replace what is checked: name another file, or let `ignore` name this one",
                file.path
            ),
            None => Ok(()),
        }
    }

    /// The repository whose past is asked for. All that is checked lies in it.
    fn repository(&self) -> anyhow::Result<Repository> {
        let repository = Repository::of(&self.project.root)?;
        self.project.lies_in(&repository)?;
        Ok(repository)
    }

    /// The commit that the work is compared with.
    fn base(&self, repository: &Repository, revision: &str) -> anyhow::Result<String> {
        let (commit, is_common) = repository.base(revision)?;
        if !is_common {
            self.job.messages.note(format_args!(
                "{revision} and HEAD have no common past here (a shallow clone?): compared with {revision} as it is"
            ));
        }
        Ok(commit)
    }

    /// What the past has to say, if it is asked: what changed since, and what a revision repeats.
    fn look_back(
        &mut self,
        arguments: &CheckArguments,
        cache: Option<&Path>,
    ) -> anyhow::Result<(Option<Past>, Baseline)> {
        let (changed_only, baseline_from) = (arguments.changed_only.as_deref(), arguments.baseline_from.as_deref());
        // What a change brought is told first, whichever option names the revision.
        let Some(since) = changed_only.or(baseline_from) else { return Ok(Default::default()) };
        let repository = self.repository()?;
        let commit = self.base(&repository, since)?;
        let changes = repository.changes(&commit)?;
        let mut past = Past { changes, top: repository.top().to_owned(), held: None };
        let Some(revision) = baseline_from else { return Ok((Some(past), Baseline::default())) };
        let commit = if revision == since { commit } else { self.base(&repository, revision)? };
        let Record { known, held } = self.recall_revision(&repository, revision, &commit, cache)?;
        past.held = changed_only.is_none().then_some(held);
        Ok((Some(past), known))
    }

    /// What a commit repeats, looked at once. `revision` is how it is called.
    fn recall_revision(
        &mut self,
        repository: &Repository,
        revision: &str,
        commit: &str,
        cache: Option<&Path>,
    ) -> anyhow::Result<Record> {
        let tree = repository.tree(commit)?;
        // What lies elsewhere, and is compared with, is not decided by the revision.
        let cache = cache.filter(|_| self.project.has_references_in(repository.top()));
        let question = (repository.surroundings()?, &self.project, &self.job.settings, &self.job.input);
        let question = format!("{tree} {question:?}");
        let cache = cache.map(|folder| Cache::of(folder, &question));
        if let Some(record) = cache.as_ref().and_then(Cache::recall_record) {
            return Ok(record);
        }
        let (record, is_whole) = self
            .record_revision(repository, &tree)
            .with_context(|| format!("what revision {revision} repeats can't be told"))?;
        if let Some(Err(error)) = cache.filter(|_| is_whole).map(|cache| cache.keep_record(&record)) {
            self.job.messages.warning(format_args!("nothing is kept for the next check: {error} (--no-cache)"));
        }
        Ok(record)
    }

    /// What the files of a tree repeat, and whether all of them could be read, and the tree alone decides that.
    fn record_revision(&mut self, repository: &Repository, tree: &str) -> anyhow::Result<(Record, bool)> {
        let temporary = std::path::absolute(self.job.temporary_folder())?;
        if temporary.to_str().is_none() {
            bail!("{}: its name is no UTF-8, and patterns of files are text: use --temp-dir", temporary.display());
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(outputs::PREFIX);
        // Whatever ends the program, nothing stays behind.
        let folder = {
            let mut temporary_files = interrupt::hold();
            let folder = builder.tempdir_in(temporary).context("no temporary folder can be made")?;
            temporary_files.insert(folder.path().to_owned());
            folder
        };
        let record = self.record_tree(repository, tree, folder.path());
        let mut temporary_files = interrupt::hold();
        temporary_files.remove(folder.path());
        drop(folder);
        record
    }

    fn record_tree(&mut self, repository: &Repository, tree: &str, scratch: &Path) -> anyhow::Result<(Record, bool)> {
        let mut checkout = Checkout::of(repository, scratch, self.job.input.respect_ignore)?;
        checkout.write(tree, &self.project.places_in(repository))?;
        let (folder, is_closed) = (checkout.folder(), checkout.is_closed());
        let project = self.project.moved(repository.top(), folder);
        let mut input = self.job.input.clone();
        // What is named today need not have been there.
        input.allows_absent = Absent::Anything;
        (input.paths, input.references) = (project.paths(), project.references());
        input.excluded = project.excluded(&[]);
        let own = std::mem::replace(&mut self.job.input, input);
        let stages = self.job.stages();
        let read = self.job.read(&self.pool, &stages);
        self.job.input = own;
        let corpus = match read {
            Ok(corpus) => corpus,
            Err(error) if is_nothing(&error) => return Ok((Record::default(), is_closed)),
            Err(error) => return Err(error),
        };
        let lost = corpus.skipped.iter().filter(|skipped| skipped.is_error);
        lost.clone().for_each(|skipped| {
            let path = Path::new(&skipped.path).strip_prefix(folder).unwrap_or(Path::new(&skipped.path));
            self.job.messages.warning(format_args!("{} in the revision: {}", path.display(), skipped.reason));
        });
        let is_whole = lost.count() == 0 && is_closed;
        let scan = self.scan(&corpus, &stages)?;
        let policy = project.policy(&corpus, None)?;
        let record = || judge::keep(&corpus, &scan, &policy, &Baseline::default(), Upkeep::Write);
        let known = self.pool.install(record)?;
        Ok((Record { known, held: Holdings::of(&corpus, &policy, folder) }, is_whole))
    }
}

/// Fails if a file is there that is no baseline, of whatever version and however damaged.
fn refuse_others(file: &Path) -> anyhow::Result<()> {
    match fs::read(file) {
        Ok(bytes) if !bytes.is_empty() && !Baseline::is_one(&bytes) => {
            bail!("{}: it is there, and is no baseline: name another file, or remove it", file.display())
        }
        _ => Ok(()),
    }
}

/// Reads a baseline; one that nobody named may be missing.
fn read_baseline(file: &Path, is_named: bool) -> anyhow::Result<Baseline> {
    let text = match fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{}: it is no UTF-8", file.display()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_named => return Ok(Baseline::default()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{}: there is no such baseline; `dittograph baseline write --baseline {0}` makes one", file.display())
        }
        Err(error) => return Err(error).with_context(|| format!("{}", file.display())),
    };
    Baseline::parse(&text).with_context(|| format!("{}", file.display()))
}

/// Whether an error says that there are no documents.
fn is_nothing(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(InputError::NothingFound { .. } | InputError::NoMatch { .. }))
}
