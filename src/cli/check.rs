//! `dittograph check` and `dittograph baseline`: the gate, and what it is known to let through.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dittograph::check::baseline::Baseline;
use dittograph::check::judge;
use dittograph::check::problems::Checked;
use dittograph::config;
use dittograph::document::{Corpus, Side};
use dittograph::finding::{Scan, Statistics};
use dittograph::input::{self, InputError};
use dittograph::report::check as report;

use super::args::{BaselineAction, BaselineArguments, CheckArguments, ProjectArguments, RunningArguments};
use super::cache::{Cache, Recalled};
use super::delivery::Delivery;
use super::exit::Exit;
use super::git::Repository;
use super::job::Job;
use super::manual;
use super::messages::plural;
use super::outputs::Sink;
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
    let baseline_file = arguments.baseline.clone().unwrap_or_else(|| project.baseline());
    let cache_folder = arguments.cache_dir.clone().unwrap_or_else(|| project.cache());
    let delivery = Delivery::prepare(arguments.format, &arguments.output, &arguments.looks, arguments.all)?;
    // What this program writes is no document.
    let own: Vec<PathBuf> = delivery.paths().map(Path::to_owned).chain([cache_folder.clone()]).collect();
    let known = read_baseline(&baseline_file, arguments.baseline.is_some())?;
    let mut gate = Gate::new(&arguments.project, &arguments.running, project, &baseline_file, &own)?;
    // What a change brought is told first, whichever option names the revision.
    let changed = match arguments.changed_only.as_ref().or(arguments.baseline_from.as_ref()) {
        Some(revision) => Repository::of(&gate.project.root)?.changed_since(revision)?,
        None => BTreeSet::new(),
    };
    let base = match &arguments.baseline_from {
        Some(revision) => gate.recall_revision(revision, (!arguments.no_cache).then_some(cache_folder.as_path()))?,
        None => Baseline::default(),
    };
    let only_changed = arguments.changed_only.is_some();
    let allows_nothing = arguments.allow_empty;
    let question = Question { known, base, changed, only_changed, baseline_file, allows_nothing };
    let cache = (!arguments.no_cache).then(|| Cache::of(&cache_folder, &gate.spell(&question)));
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
    changed: BTreeSet<PathBuf>,
    only_changed: bool,
    baseline_file: PathBuf,
    allows_nothing: bool,
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
    let (arguments, is_new, bring): (_, _, fn(Baseline, &Baseline) -> Baseline) = match arguments.action {
        BaselineAction::Write(arguments) => (arguments, true, |_, now| now.clone()),
        BaselineAction::Update(arguments) => (arguments, false, Baseline::update),
        BaselineAction::Prune(arguments) => (arguments, false, Baseline::prune),
    };
    let project = Project::of(&arguments.project)?;
    let file = arguments.baseline.clone().unwrap_or_else(|| project.baseline());
    // What is replaced need not be sound.
    let old = match read_baseline(&file, false) {
        Err(_) if is_new => Baseline::default(),
        old => old?,
    };
    let cache = project.cache();
    let gate = Gate::new(&arguments.project, &arguments.running, project, &file, &[cache])?;
    let stages = gate.job.stages();
    let corpus = gate.read(false, &stages)?;
    gate.job.messages.tell_of_input(&corpus);
    if gate.job.end(&corpus) != Exit::Done {
        bail!(
            "no baseline is made of a part of a corpus: mend what could not be read, or let the configuration ignore it"
        );
    }
    let scan = gate.scan(&corpus, &stages)?;
    let now = judge::record(&corpus, &scan, &gate.project.policy(&corpus, &BTreeSet::new())?)?;
    let before = old.len() as u64;
    let new = bring(old, &now);
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
        own: &[PathBuf],
    ) -> anyhow::Result<Self> {
        let mut job = Job::of_project(arguments, &project, running);
        let own = own.iter().map(PathBuf::as_path).chain([baseline]).map(std::path::absolute);
        job.input.excluded = project.excluded(&own.collect::<std::io::Result<Vec<PathBuf>>>()?);
        let pool = job.pool()?;
        Ok(Gate { project, job, pool })
    }

    /// Everything that decides the outcome beside the files, as text.
    fn spell(&self, question: &Question) -> String {
        let Question { known, base, changed, only_changed, baseline_file, allows_nothing } = question;
        let Gate { project, job, .. } = self;
        let decided = (project, &job.settings, &job.input, changed, only_changed, baseline_file, allows_nothing);
        format!("{decided:?}\n{}{}", known.write(), base.write())
    }

    /// Checks the corpus, and keeps the outcome.
    fn answer(&self, question: &Question, cache: Option<&Cache>, stages: &Stages) -> anyhow::Result<Answer> {
        let stamps = cache.and_then(|_| input::stamp(&self.job.input).ok());
        let corpus = self.read(question.allows_nothing, stages)?;
        let scan = self.scan(&corpus, stages)?;
        let mut policy = self.project.policy(&corpus, &question.changed)?;
        policy.only_changed = question.only_changed;
        policy.baseline = policy.name_file(&question.baseline_file);
        let checked = judge::judge(&corpus, &scan, &policy, &question.known, &question.base)?;
        corpus.check()?;
        if let Some((cache, (stamps, _))) = cache.zip(stamps)
            && let Err(error) = self.pool.install(|| cache.keep(&self.job.input, &stamps, &corpus, &checked))
        {
            self.job.messages.warning(format_args!("nothing is kept for the next check: {error} (--no-cache)"));
        }
        Ok(Answer { checked, corpus, statistics: scan.statistics })
    }

    /// Reads what is checked. There has to be something, unless nothing is allowed.
    fn read(&self, allows_nothing: bool, stages: &Stages) -> anyhow::Result<Corpus> {
        let corpus = match self.job.read(&self.pool, stages) {
            Ok(corpus) => corpus,
            Err(error) if allows_nothing && is_nothing(&error) => Corpus::default(),
            Err(error) => return Err(error),
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

    /// What a revision repeats, looked at once.
    fn recall_revision(&mut self, revision: &str, cache: Option<&Path>) -> anyhow::Result<Baseline> {
        let repository = Repository::of(&self.project.root)?;
        let tree = repository.tree(revision)?;
        let Gate { project, job, .. } = &self;
        // What lies elsewhere, and is compared with, is not decided by the revision.
        let is_of_tree = project.lies_in(repository.top());
        let question = format!("{tree} {:?}", (project, &job.settings, &job.input));
        let cache = cache.filter(|_| is_of_tree).map(|folder| Cache::of(folder, &question));
        if let Some(record) = cache.as_ref().and_then(Cache::recall_record) {
            return Ok(record);
        }
        let record = self
            .record_revision(&repository, &tree)
            .with_context(|| format!("what revision {revision} repeats can't be told"))?;
        if let Some(Err(error)) = cache.map(|cache| cache.keep_record(&record)) {
            self.job.messages.warning(format_args!("nothing is kept for the next check: {error} (--no-cache)"));
        }
        Ok(record)
    }

    /// What the files of a tree repeat.
    fn record_revision(&mut self, repository: &Repository, tree: &str) -> anyhow::Result<Baseline> {
        let folder = tempfile::Builder::new()
            .prefix("dittograph-")
            .tempdir_in(self.job.temporary_folder())
            .context("no temporary folder can be made")?;
        repository.check_out(tree, folder.path())?;
        let top = fs::canonicalize(repository.top())?;
        let from = if self.project.root.starts_with(repository.top()) { repository.top() } else { &top };
        let project = self.project.moved(from, &folder.path().join("tree"));
        if project.paths.is_empty() {
            return Ok(Baseline::default());
        }
        let mut input = self.job.input.clone();
        (input.paths, input.references) = (project.paths.clone(), project.references.clone());
        input.excluded = project.excluded(&[]);
        let own = std::mem::replace(&mut self.job.input, input);
        let stages = self.job.stages();
        let read = self.job.read(&self.pool, &stages);
        self.job.input = own;
        let corpus = match read {
            Ok(corpus) => corpus,
            Err(error) if is_nothing(&error) => return Ok(Baseline::default()),
            Err(error) => return Err(error),
        };
        let scan = self.scan(&corpus, &stages)?;
        Ok(judge::record(&corpus, &scan, &project.policy(&corpus, &BTreeSet::new())?)?)
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
