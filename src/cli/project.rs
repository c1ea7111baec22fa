//! A project: what is checked, with what, by which rules. Arguments and configuration become the library's terms here.
//!
//! All paths of a project are absolute, so that the same project can be looked for in another place: in the files of an
//! older revision ([`Project::moved`]).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dittograph::check::judge::{Allowed, Policy};
use dittograph::config::{self, Config, Level, Located};
use dittograph::document::Corpus;
use dittograph::finding::Rule;
use dittograph::input::{InputError, is_pattern};

use super::args::ProjectArguments;
use super::git::{Repository, physical};
use super::matching::{Matching, globs};
use super::outputs;
use super::past::Past;

/// The baseline where nothing names one.
const BASELINE: &str = "dittograph-baseline.jsonl";
/// The folder of the cache where nothing names one.
const CACHE: &str = ".dittograph_cache";

/// What is checked, with what, by which rules.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) config: Config,
    /// What is checked: files, folders and globs.
    paths: Vec<Located>,
    /// Whether they were typed.
    has_typed_paths: bool,
    /// What is checked where nothing is typed.
    whole: Vec<Located>,
    /// What it is compared with.
    references: Vec<Located>,
    /// Where reports name paths from: the top of the repository, else the folder of the configuration.
    pub(crate) root: PathBuf,
    /// Where paths are reached from.
    here: PathBuf,
}

impl Project {
    /// The project that arguments name, from the folder that the program runs in.
    pub(crate) fn of(arguments: &ProjectArguments) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("the folder that this runs in is gone")?;
        if here.to_str().is_none() {
            bail!(
                "{}: the name of this folder is no UTF-8, and patterns of files are text: run from another one",
                here.display()
            );
        }
        let mut config = match (&arguments.config, arguments.isolated) {
            (Some(path), _) => config::load(&here.join(path))?,
            (None, true) => Config::at(&here),
            (None, false) => config::find(&here)?.unwrap_or_else(|| Config::at(&here)),
        };
        arguments.habits.preset.into_iter().for_each(|preset| config.preset = Some(preset));
        arguments.habits.min_words.into_iter().for_each(|words| config.min_words = Some(words));
        arguments.habits.similarity.into_iter().for_each(|similarity| config.similarity = Some(similarity));
        let has_typed_paths = !arguments.input.paths.is_empty();
        let mut whole = config.paths.clone();
        if whole.is_empty() {
            whole.push(Located::new(&config.root, "."));
        }
        if has_typed_paths {
            config.paths = arguments.input.paths.iter().map(|path| Located::new(&here, path)).collect();
        }
        let paths = if has_typed_paths { config.paths.clone() } else { whole.clone() };
        if arguments.from.iter().any(|path| path == "-") {
            bail!("standard input can't be compared with: name a file after --from");
        }
        let typed = arguments.from.iter().map(|path| Located::new(&here, path));
        let references = typed.chain(config.references.clone()).chain(config.known_text.clone()).collect();
        let repository = config.root.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let root = repository.unwrap_or_else(|| config.root.clone());
        Ok(Project { config, paths, has_typed_paths, whole, references, root, here })
    }

    /// What is checked, as it is read.
    pub(crate) fn paths(&self) -> Vec<String> {
        let argument = |path: &Located| if is_stdin(path) { "-".to_owned() } else { path.argument() };
        self.paths.iter().map(argument).collect()
    }

    /// What it is compared with, as it is read.
    pub(crate) fn references(&self) -> Vec<String> {
        self.references.iter().map(Located::argument).collect()
    }

    /// Whether less was typed than the configuration names, or, where there is none, single files: a look at a part, of
    /// which nobody can say what the whole needs no more.
    pub(crate) fn is_a_part(&self) -> bool {
        let holds = |path: &Located, of_whole: &Located| {
            path == of_whole || !is_pattern(path.value()) && of_whole.split().0.starts_with(path.path())
        };
        let is_typed = |of_whole: &Located| self.paths.iter().any(|path| holds(path, of_whole));
        let is_single = |path: &Located| !is_pattern(path.value()) && path.path().is_file();
        self.has_typed_paths
            && if self.config.files.is_empty() {
                self.paths.iter().any(is_single)
            } else {
                !self.whole.iter().all(is_typed)
            }
    }

    /// Fails if something that is checked lies outside a repository: what is not in its past cannot be compared with it.
    pub(crate) fn lies_in(&self, repository: &Repository) -> anyhow::Result<()> {
        let top = physical(repository.top());
        match self.paths.iter().find(|path| is_stdin(path) || !physical(&path.split().0).starts_with(&top)) {
            Some(path) => {
                bail!("{} lies outside the repository {}, whose past is asked for", path.value(), top.display())
            }
            None => Ok(()),
        }
    }

    /// The key of the configuration under which a path or pattern stands that is at fault. `None` if it was typed.
    pub(crate) fn who_named(&self, error: &InputError) -> Option<String> {
        let argument = error.argument()?;
        let Config { paths, references, known_text, .. } = &self.config;
        let compared = [("references", references), ("known-text", known_text)];
        let checked = [("paths", paths)].into_iter().filter(|_| !self.has_typed_paths);
        let is_compared = matches!(error, InputError::NoReferences { .. });
        let mut keys = checked.filter(|_| !is_compared).chain(compared);
        let (key, _) = keys.find(|(_, all)| all.iter().any(|one| one.argument() == argument))?;
        Some(format!("`{key}` of the configuration"))
    }

    /// Where, counted from the top of a repository, everything lies that is checked or compared with.
    pub(crate) fn places_in(&self, repository: &Repository) -> BTreeSet<PathBuf> {
        let all = self.paths.iter().chain(&self.references);
        all.filter_map(|located| inside(&located.split().0, repository.top())).collect()
    }

    /// Whether all that is compared with lies below a folder.
    pub(crate) fn has_references_in(&self, folder: &Path) -> bool {
        let folder = physical(folder);
        self.references.iter().all(|located| physical(&located.split().0).starts_with(&folder))
    }

    /// The same project among other files: what lies below `from` is looked for below `to`.
    pub(crate) fn moved(&self, from: &Path, to: &Path) -> Self {
        let place = |path: &Path| inside(path, from).map_or_else(|| path.to_owned(), |rest| to.join(rest));
        let located = |all: &[Located]| -> Vec<Located> {
            let moved = |one: &Located| {
                let (root, rest) = one.split();
                Located::new(&place(&root), rest)
            };
            all.iter().map(moved).collect()
        };
        // A name without a slash is met in any folder below its base, and nothing else is.
        let met = |all: &[Located]| -> Vec<Located> {
            let moved = |one: &Located| {
                if inside(one.base(), from).is_some() && !Path::new(one.value()).is_absolute() {
                    return Located::new(&place(one.base()), one.value());
                }
                let (root, rest) = one.split();
                let root = place(&root);
                let whole = if is_pattern(one.value()) {
                    format!("{}/{rest}", globset::escape(&root.to_string_lossy()))
                } else {
                    root.to_string_lossy().into_owned()
                };
                if one.value().contains('/') { Located::new(&root, &whole) } else { one.clone() }
            };
            all.iter().map(moved).collect()
        };
        let mut config = self.config.clone();
        config.root = place(&config.root);
        config.ignore = met(&config.ignore);
        config.known_text = met(&config.known_text);
        config.groups.iter_mut().for_each(|group| group.paths = met(&group.paths));
        Project {
            paths: located(&self.paths),
            has_typed_paths: self.has_typed_paths,
            whole: located(&self.whole),
            references: located(&self.references),
            root: place(&self.root),
            here: place(&self.here),
            config,
        }
    }

    /// The rules to look for. Passages and whole documents are looked for in any case: what is boilerplate today may be a
    /// shared passage tomorrow, and a baseline has to know it.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        let is_quote = |rule: Rule| matches!(rule, Rule::ReusedQuote | Rule::AlteredQuote);
        Rule::ALL.into_iter().filter(|rule| !is_quote(*rule) || self.config.rules.of(*rule) != Level::Off).collect()
    }

    /// The baseline that is written, if nothing else is typed.
    pub(crate) fn baseline(&self) -> PathBuf {
        self.config.baseline.as_ref().map_or_else(|| self.config.root.join(BASELINE), Located::path)
    }

    /// The baseline that holds, if nothing else is typed: the nearest up the tree, to the root.
    pub(crate) fn nearest_baseline(&self) -> PathBuf {
        let folders = self.config.root.ancestors().take_while(|folder| folder.starts_with(&self.root));
        let nearest = folders.map(|folder| folder.join(BASELINE)).find(|file| file.exists());
        nearest.filter(|_| self.config.baseline.is_none()).unwrap_or_else(|| self.baseline())
    }

    /// The folder of the cache, if nothing else is typed.
    pub(crate) fn cache(&self) -> PathBuf {
        self.config.root.join(CACHE)
    }

    /// Globs of what is not read: what the configuration ignores, and what belongs to this program.
    pub(crate) fn excluded(&self, own: &[PathBuf]) -> Vec<String> {
        let own = own.iter().chain(&self.config.files).map(|path| globset::escape(&path.to_string_lossy()));
        let unfinished = format!("**/{}*{}", outputs::PREFIX, outputs::SUFFIX);
        self.config.ignore.iter().flat_map(globs).chain(own).chain([unfinished]).collect()
    }

    /// What is made of the findings in a corpus.
    pub(crate) fn policy(&self, corpus: &Corpus, past: Option<&Past>) -> anyhow::Result<Policy> {
        let severities = self.config.rules.iter().filter_map(|(rule, level)| match level {
            Level::Off => None,
            Level::At(severity) => Some((rule, severity)),
        });
        let mut policy = Policy {
            severities: severities.collect(),
            // Whoever sets a least length means it.
            counts_echoes: self.config.min_words.is_some(),
            findings: self.config.budget.findings.map(u64::from),
            repeated_words: self.config.budget.repeated_words.map(u64::from),
            here: self.here.clone(),
            root: self.root.clone(),
            is_a_part: self.is_a_part(),
            ..Policy::default()
        };
        policy.allowed = self
            .config
            .allow
            .iter()
            .map(|allowance| Allowed {
                id: allowance.id,
                reason: allowance.reason.clone(),
                path: policy.name_file(&allowance.path),
                line: Some(allowance.line),
            })
            .collect();
        // Known text, then the groups.
        let lists = std::iter::once(&self.config.known_text).chain(self.config.groups.iter().map(|group| &group.paths));
        let mut matching = Matching::of(lists.map(Vec::as_slice))?;
        for file in &corpus.files {
            let Some(location) = file.location.as_ref().and_then(|path| std::path::absolute(path).ok()) else {
                continue;
            };
            let lists = matching.lists(&location);
            if lists.contains(&0) {
                policy.known_text.insert(file.path.to_string());
            }
            let groups: Vec<u32> = lists.iter().filter_map(|list| list.checked_sub(1)).collect();
            if !groups.is_empty() {
                policy.groups.insert(file.path.to_string(), groups);
            }
        }
        policy.changed = past.map(|past| past.changed(corpus, &policy));
        Ok(policy)
    }
}

fn is_stdin(path: &Located) -> bool {
    path.value() == "-"
}

/// Where a path lies below a folder: by its names, else, if links lead to it, by the folders that they lead to.
pub(crate) fn inside(path: &Path, folder: &Path) -> Option<PathBuf> {
    let by_name = path.strip_prefix(folder).map(Path::to_owned).ok();
    by_name.or_else(|| physical(path).strip_prefix(physical(folder)).map(Path::to_owned).ok())
}
