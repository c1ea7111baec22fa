//! Arguments of the gate: `check` and `baseline`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dittograph::finding::Rule;
use dittograph::report::check::CheckFormat;

use super::{HabitArguments, InputArguments, LooksArguments, RunningArguments, named, rule_parser};
use crate::cli::outputs::OutputRequest;

const CHECK_EXAMPLES: &str = "\
Examples:
  dittograph check                            what dittograph.toml says
  dittograph check docs/ --baseline known.jsonl
  dittograph check --baseline-from origin/main --format github
  dittograph check -o sarif=dittograph.sarif -o markdown=summary.md
  dittograph check --explain near-duplicate

Exit codes: 0 the gate is open, 1 it tripped, 2 the job or a document failed.";

const BASELINE_EXAMPLES: &str = "\
Examples:
  dittograph baseline write                   what there is now is known
  dittograph baseline update docs/            what came is known too
  dittograph baseline prune                   what went is known no more";

/// Fail when a corpus repeats what it should not.
///
/// The gate for CI: what is new and unwanted is told with its place, and the exit code is 1. `dittograph.toml` (or
/// `.dittograph.toml`, or `[tool.dittograph]` in `pyproject.toml`), the nearest one up the tree, says what is looked at and
/// what each rule is worth. A baseline holds what is known already. See docs/ci.md.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES, mut_arg("paths", |paths| paths.required(false)))]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) project: ProjectArguments,

    /// What is known: a file that `baseline write` made.
    ///
    /// Without this option the one that the configuration names is taken, or dittograph-baseline.jsonl beside it, if there
    /// is one.
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) baseline: Option<PathBuf>,

    /// Take for known what a git revision repeats.
    ///
    /// Those of its files that are checked are written to a temporary folder, with all ignore files (with everything, if a
    /// link or a submodule is among them), and scanned in the same way; what a baseline file holds is known too. Problems
    /// without a place in a file that was changed since then, or was not looked at, are not told.
    #[arg(long, value_name = "REF", help_heading = "Gate")]
    pub(crate) baseline_from: Option<String>,

    /// Tell only of files changed since a git revision.
    ///
    /// All files are compared. Files that were only moved have not changed; new ones that git does not know have.
    #[arg(long, value_name = "REF", help_heading = "Gate")]
    pub(crate) changed_only: Option<String>,

    /// End with 0 though the gate trips.
    ///
    /// What could not be done ends with 2 all the same.
    #[arg(long, help_heading = "Gate")]
    pub(crate) exit_zero: bool,

    /// End with 0 where there is nothing to check.
    ///
    /// Patterns, and folders that are there, may then lead to no file, and others are checked all the same. Files that are named have to be
    /// there, and so has what is compared with.
    #[arg(long, help_heading = "Gate")]
    pub(crate) allow_empty: bool,

    /// Print what the configuration comes to, and stop.
    #[arg(long, help_heading = "Instead of a check", conflicts_with = "explain")]
    pub(crate) dump_config: bool,

    /// Print what a rule means and how to fix it, and stop.
    #[arg(long, value_name = "RULE", value_parser = rule_parser(), hide_possible_values = true, help_heading = "Instead of a check")]
    pub(crate) explain: Option<Rule>,

    /// human, github, sarif, junit, gitlab, markdown, json.
    ///
    /// The form of the report on standard output; human if none is named.
    #[arg(short, long, value_name = "FORMAT", value_parser = named(CheckFormat::ALL, CheckFormat::name), hide_possible_values = true, help_heading = "Report")]
    pub(crate) format: Option<CheckFormat>,

    /// Write a report to a file; repeat for more.
    ///
    /// All files are opened before the work begins and put in place when it has ended well. `-` stands for standard
    /// output.
    #[arg(short, long, value_name = "FORMAT=PATH", help_heading = "Report")]
    pub(crate) output: Vec<OutputRequest<CheckFormat>>,

    /// Print all problems and places of the human report.
    #[arg(long, help_heading = "Report")]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) looks: LooksArguments,

    /// Look at every file anew.
    #[arg(long, help_heading = "Running")]
    pub(crate) no_cache: bool,

    /// Folder of the cache [default: .dittograph_cache].
    ///
    /// The default lies beside the configuration, or where the check runs. It may be deleted at any time.
    #[arg(long, value_name = "DIR", help_heading = "Running", conflicts_with = "no_cache")]
    pub(crate) cache_dir: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// What is checked, and by which configuration.
#[derive(Debug, Args)]
pub(crate) struct ProjectArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// What documents are compared with, never told of.
    ///
    /// Files, directories and globs; repeat the option for more. They come to those of the configuration.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(crate) from: Vec<String>,

    #[command(flatten)]
    pub(crate) habits: HabitArguments,

    /// The configuration [default: the nearest up the tree].
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration.
    #[arg(long, help_heading = "Configuration", conflicts_with = "config")]
    pub(crate) isolated: bool,
}

/// Keep the list of what a corpus is known to repeat.
///
/// A baseline is a file to be committed: one line a finding, by its words, without paths. `check` tells of what it does
/// not know. Moving text changes nothing; a new copy of what is known trips the gate; an edited copy is still known.
#[derive(Debug, Args)]
#[command(after_help = BASELINE_EXAMPLES)]
pub(crate) struct BaselineArguments {
    /// What to do with it.
    #[command(subcommand)]
    pub(crate) action: BaselineAction,
}

/// What is done with a baseline.
#[derive(Debug, Subcommand)]
pub(crate) enum BaselineAction {
    /// Make all that is repeated now known, and nothing else.
    Write(Box<KeepArguments>),
    /// Make what came known too.
    Update(Box<KeepArguments>),
    /// Forget what is repeated no more.
    Prune(Box<KeepArguments>),
}

/// Which baseline, of what.
#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.required(false)))]
pub(crate) struct KeepArguments {
    #[command(flatten)]
    pub(crate) project: ProjectArguments,

    /// The file [default: dittograph-baseline.jsonl].
    ///
    /// The default is what the configuration names, or that file beside it, or where the command runs.
    #[arg(long, value_name = "FILE", help_heading = "Gate")]
    pub(crate) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) running: RunningArguments,
}
