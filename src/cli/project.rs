//! A project: what is checked, with what, by which rules. Arguments and configuration become the library's terms here.
//!
//! All paths of a project are absolute, so that the same project can be looked for in another place: in the files of an
//! older revision ([`Project::moved`]).

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dittograph::check::judge::{Allowed, Policy};
use dittograph::config::{self, Config, Level, Located};
use dittograph::document::Corpus;
use dittograph::finding::Rule;
use dittograph::input::is_pattern;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::args::ProjectArguments;
use super::git::{Changes, Repository, physical};

/// The baseline where nothing names one.
const BASELINE: &str = "dittograph-baseline.jsonl";
/// The folder of the cache where nothing names one.
const CACHE: &str = ".dittograph_cache";

/// What is checked, with what, by which rules.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) config: Config,
    /// What is checked: files, folders and globs.
    pub(crate) paths: Vec<String>,
    /// Whether they were typed.
    has_typed_paths: bool,
    /// What it is compared with.
    pub(crate) references: Vec<String>,
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
        let typed = |path: &String| if path == "-" { path.clone() } else { Located::new(&here, path).argument() };
        let has_typed_paths = !arguments.input.paths.is_empty();
        if has_typed_paths {
            config.paths = arguments.input.paths.iter().map(|path| Located::new(&here, path)).collect();
        }
        let written = |path: &Located| if path.value() == "-" { "-".to_owned() } else { path.argument() };
        let mut paths: Vec<String> = config.paths.iter().map(written).collect();
        if paths.is_empty() {
            paths.push(config.root.to_string_lossy().into_owned());
        }
        let of_config = config.references.iter().chain(&config.known_text).map(Located::argument);
        let references = arguments.from.iter().map(typed).chain(of_config).collect();
        let repository = config.root.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        let root = repository.unwrap_or_else(|| config.root.clone());
        Ok(Project { config, paths, has_typed_paths, references, root, here })
    }

    /// Fails if something that is checked lies outside a repository: what is not in its past cannot be compared with it.
    pub(crate) fn lies_in(&self, repository: &Repository) -> anyhow::Result<()> {
        let top = physical(repository.top());
        match self.paths.iter().find(|path| *path == "-" || !physical(Path::new(path)).starts_with(&top)) {
            Some(path) => bail!("{path} lies outside the repository {}, whose past is asked for", top.display()),
            None => Ok(()),
        }
    }

    /// Who named a path or pattern: the key of the configuration and its file. `None` if it was typed.
    pub(crate) fn who_named(&self, argument: &str) -> Option<String> {
        let Config { paths, references, known_text, files, .. } = &self.config;
        let own = [("paths", paths), ("references", references), ("known-text", known_text)];
        let mut own = own.into_iter().skip(usize::from(self.has_typed_paths));
        let (key, _) = own.find(|(_, all)| all.iter().any(|one| one.argument() == argument))?;
        Some(format!("`{key}` of {}", files.first()?.display()))
    }

    /// Where, below a folder, everything lies that is checked or compared with; counted from there.
    pub(crate) fn places_in(&self, folder: &Path) -> Vec<PathBuf> {
        let folder = physical(folder);
        let place = |path: &String| {
            let literal = path.split_inclusive('/').take_while(|name| !is_pattern(name)).collect::<String>();
            physical(Path::new(&literal)).strip_prefix(&folder).map(Path::to_owned).ok()
        };
        self.paths.iter().chain(&self.references).filter_map(place).collect()
    }

    /// Whether all that is compared with lies below a folder.
    pub(crate) fn has_references_in(&self, folder: &Path) -> bool {
        let folder = physical(folder);
        self.references.iter().all(|path| physical(Path::new(path)).starts_with(&folder))
    }

    /// The same project among other files: what lies below `from` is looked for below `to`.
    pub(crate) fn moved(&self, from: &Path, to: &Path) -> Self {
        let from = physical(from);
        let place = |path: &Path| match physical(path).strip_prefix(&from) {
            Ok(rest) => to.join(rest),
            Err(_) => path.to_owned(),
        };
        let text = |path: &String| place(Path::new(path)).to_string_lossy().into_owned();
        let located = |all: &[Located]| -> Vec<Located> {
            all.iter().map(|one| Located::new(&place(one.base()), one.value())).collect()
        };
        let mut config = self.config.clone();
        config.root = place(&config.root);
        config.ignore = located(&config.ignore);
        config.known_text = located(&config.known_text);
        config.groups.iter_mut().for_each(|group| group.paths = located(&group.paths));
        let all = |paths: &[String]| paths.iter().map(text).collect();
        Project {
            paths: all(&self.paths),
            has_typed_paths: self.has_typed_paths,
            references: all(&self.references),
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
        self.config.ignore.iter().flat_map(globs).chain(own).collect()
    }

    /// What is made of the findings in a corpus.
    pub(crate) fn policy(&self, corpus: &Corpus, changes: &Changes) -> anyhow::Result<Policy> {
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
        let known = Matcher::of(&self.config.known_text)?;
        let groups =
            self.config.groups.iter().map(|group| Matcher::of(&group.paths)).collect::<anyhow::Result<Vec<_>>>()?;
        for file in &corpus.files {
            let Some(location) = file.location.as_ref().and_then(|path| std::path::absolute(path).ok()) else {
                continue;
            };
            if changes.hold(&location) {
                policy.changed.insert(file.path.to_string());
            }
            if known.takes(&location) {
                policy.known_text.insert(file.path.to_string());
            }
            let of: Vec<u32> =
                (0..).zip(&groups).filter(|(_, group)| group.takes(&location)).map(|(at, _)| at).collect();
            if !of.is_empty() {
                policy.groups.insert(file.path.to_string(), of);
            }
        }
        Ok(policy)
    }
}

/// Paths and globs of a configuration as globs of absolute paths. A name without a slash is met in any folder.
fn globs(located: &Located) -> Vec<String> {
    let is_glob = is_pattern(located.value());
    let whole = if is_glob { located.argument() } else { globset::escape(&located.path().to_string_lossy()) };
    let name = if is_glob { located.value().to_owned() } else { globset::escape(located.value()) };
    let base = globset::escape(&located.base().to_string_lossy());
    let anywhere = (!located.value().contains('/')).then(|| format!("{base}/**/{name}"));
    std::iter::once(whole).chain(anywhere).collect()
}

/// Files that paths and globs name.
struct Matcher(GlobSet);

impl Matcher {
    fn of(all: &[Located]) -> anyhow::Result<Self> {
        let mut set = GlobSetBuilder::new();
        for located in all {
            for glob in globs(located) {
                let glob = GlobBuilder::new(&glob).literal_separator(true).build();
                set.add(glob.with_context(|| format!("the pattern {:?} of the configuration", located.value()))?);
            }
        }
        Ok(Matcher(set.build()?))
    }

    /// Whether it names a file, or a folder that it lies in.
    fn takes(&self, location: &Path) -> bool {
        location.ancestors().any(|part| self.0.is_match(part))
    }
}
