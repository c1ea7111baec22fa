//! Arguments as typed.
//!
//! What clap is told, and the parsing of single values; nothing here looks at files, the terminal or the environment.
//! The first sentence of each comment is the line of `-h`, which stays within one screen; `--help` prints the whole.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dittograph::finding::Rule;
use dittograph::input::Kind;
use dittograph::removal::Keep;
use dittograph::report::quotes::{Grouping, QuotesFormat};
use dittograph::report::trace::TraceFormat;
use dittograph::report::{Format, LedgerChoice};
use dittograph::settings::Preset;

use super::outputs::OutputRequest;

mod check;

pub(crate) use check::{BaselineAction, BaselineArguments, CheckArguments, ProjectArguments};

const FORMATS: [Format; 4] = [Format::Human, Format::Json, Format::Jsonl, Format::Tsv];

/// Finds what a corpus says more than once, and proves it: doubled text, boilerplate, near-duplicate documents and
/// shared passages, each with exact places and exact figures.
#[derive(Debug, Parser)]
#[command(name = "dittograph", version, max_term_width = 80, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dittograph scan articles/                 what is repeated, to read
  dittograph scan --files articles/         what would be read
  dittograph explain 3f9a articles/         the evidence of one finding
  dittograph trace --from wire/ articles/   what each article took from whom
  dittograph dedup articles/ -o clean/      the corpus without its repeats
  dittograph check                          fail on what is new (for CI)

`dittograph COMMAND -h` fits on a screen, `--help` says more.
Exit codes: 0 done, 1 a check tripped, 2 the job or a document failed,
130 interrupted.";

const SCAN_EXAMPLES: &str = "\
Rules: doubled-text, boilerplate, shared-passage, reused-quote, altered-quote,
near-duplicate, contained.

Examples:
  dittograph scan articles/
  dittograph scan --format json crawl.jsonl.gz > report.json
  dittograph scan -o json=report.json -o human=report.txt crawl.jsonl
  zcat *.gz | dittograph scan --text-field body --only near-duplicate -";

const DEDUP_EXAMPLES: &str = "\
Examples:
  dittograph dedup --dry-run articles/
  dittograph dedup articles/ -o clean/ --removed removed.jsonl
  dittograph dedup crawl.jsonl.zst -o clean.jsonl.zst --remove near-duplicate
  dittograph dedup today/ --against archive/ -o new/";

const RESTORE_EXAMPLES: &str = "\
Examples:
  dittograph restore clean/ --removed removed.jsonl -o articles/";

const TRACE_EXAMPLES: &str = "\
Examples:
  dittograph trace --from wire/ articles/
  dittograph trace --wire \"City News Service\" articles.jsonl
  dittograph trace --from wire.jsonl today.jsonl -o json=t.json -o matrix=m.tsv";

const QUOTES_EXAMPLES: &str = "\
Examples:
  dittograph quotes articles/
  dittograph quotes --from speeches/ articles/   what the articles quote of the speeches
  dittograph quotes articles.jsonl -o json=quotes.json";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  dittograph explain 3f9a articles/
  dittograph explain 3f9a52c1d0e4b786 --preset web crawl.jsonl";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<ScanArguments>),
    Dedup(Box<DedupArguments>),
    Restore(RestoreArguments),
    Trace(Box<TraceArguments>),
    Quotes(Box<QuotesArguments>),
    Check(Box<CheckArguments>),
    Baseline(BaselineArguments),
    Explain(Box<ExplainArguments>),
    /// Print what a shell needs to complete commands and options.
    Completions {
        /// bash, elvish, fish, powershell or zsh.
        #[arg(value_name = "SHELL", hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    /// Print the manual as a man page (roff).
    Man,
}

/// Find everything that a corpus says more than once.
///
/// Findings go to standard output, everything else to standard error. The exit code is 0 whether or not anything is
/// found, and 2 when a document could not be read (the others are done all the same).
#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub(crate) struct ScanArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) rules: RuleArguments,
    #[command(flatten)]
    pub(crate) report: ReportArguments,
    #[command(flatten)]
    pub(crate) looks: LooksArguments,
    #[command(flatten)]
    pub(crate) inspection: InspectionArguments,
    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// Write a corpus without its repeats.
///
/// Of every story exactly one copy stays. Text goes in whole sentences, headings and lines; every other byte of the
/// files stays as it is. Pages of one mould about two things both stay. The output appears whole or not at all, and the
/// input is never touched. With --removed all can be looked at and put back (see `restore`). The exit code is 2 when a
/// document could not be read (the others are done all the same) or nothing was written.
#[derive(Debug, Args)]
#[command(after_help = DEDUP_EXAMPLES)]
pub(crate) struct DedupArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// Clean against these too; they stay as they are.
    ///
    /// What stands in them goes from the others. Files, directories and globs; repeat the option for more.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(crate) against: Vec<String>,

    /// Where it goes: a new folder, a file, or `-`.
    ///
    /// In a folder each file has its place below the folder that all inputs have in common. For a single input file this
    /// may be a file. `-` is standard output, not packed; of several files only JSON Lines make a stream.
    #[arg(short, long, value_name = "OUT", required_unless_present = "dry_run", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write what was removed, why, and how to undo it.
    ///
    /// JSON Lines: every removed document and part with its rule, reason, evidence and what stays in its place, and the
    /// bytes themselves.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) removed: Option<PathBuf>,

    /// Write jsonl, csv, tsv or text instead.
    ///
    /// Without this option each file stays what it is, with all its other fields. With it a document's id, source, date,
    /// address, title and text are written, and what was removed cannot be put back.
    #[arg(long, value_name = "FORMAT", value_parser = output_kind_parser(), hide_possible_values = true, help_heading = "Output")]
    pub(crate) output_format: Option<Kind>,

    /// Mark repeats, remove nothing.
    ///
    /// JSON Lines get a field (`dittograph` if no other is named) with what would go and why, tables a column. Other files
    /// have no place for marks.
    #[arg(long, value_name = "FIELD", num_args = 0..=1, require_equals = true, default_missing_value = "dittograph", value_parser = NonEmptyStringValueParser::new(), help_heading = "Output")]
    pub(crate) mark: Option<String>,

    /// Show what would go, and write nothing.
    #[arg(long, conflicts_with_all = ["output", "removed", "mark", "output_format"], help_heading = "Output")]
    pub(crate) dry_run: bool,

    /// With --dry-run: name everything that would go.
    #[arg(hide_short_help = true, long, requires = "dry_run", help_heading = "Output")]
    pub(crate) all: bool,

    /// What goes, separated by commas (see --help).
    ///
    /// near-duplicate, contained, doubled-text and boilerplate by default; shared-passage on request. The first two alone
    /// make a much faster run.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule_parser(), hide_possible_values = true, help_heading = "What to remove")]
    pub(crate) remove: Vec<Rule>,

    /// earliest, longest, first or prefer=SOURCE,...
    ///
    /// Which copy of a story stays: the earliest by date (the default), the longest, the first by path and line, or that of the source
    /// named first. Where this does not tell, the earlier date decides, then the longer text, then the id.
    #[arg(long, value_name = "WHICH", value_parser = parse_keep, default_value = "earliest", hide_default_value = true, help_heading = "What to remove")]
    pub(crate) keep: Keep,

    /// Keep one copy in each source.
    #[arg(long, help_heading = "What to remove")]
    pub(crate) keep_per_source: bool,

    /// none or one: how much boilerplate stays [default: none].
    ///
    /// It belongs to pages and not to stories, so it goes everywhere; with `one` a single place of each piece stays.
    #[arg(
        hide_short_help = true,
        long,
        value_name = "HOW",
        default_value = "none",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "What to remove"
    )]
    pub(crate) keep_furniture: FurnitureArgument,

    #[command(flatten)]
    pub(crate) habits: HabitArguments,
    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// Put a corpus back from its clean files and the record of removals.
///
/// Checks first that the clean files are those that were written, and then that what is put back is what was there. The
/// contents of files come back byte for byte; packed files are packed anew.
#[derive(Debug, Args)]
#[command(after_help = RESTORE_EXAMPLES)]
pub(crate) struct RestoreArguments {
    /// The clean corpus: what --output of `dedup` named, or `-`.
    #[arg(value_name = "CLEAN")]
    pub(crate) clean: PathBuf,

    /// The record that `dedup --removed` wrote.
    #[arg(long, value_name = "FILE")]
    pub(crate) removed: PathBuf,

    /// Where the corpus is put back: a new folder, or a file if there was one.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// No notes; errors only.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Print the evidence of one finding or cluster.
///
/// Scans the same paths again and prints the whole evidence of the finding, or cluster, whose id begins with ID. Give
/// the same paths and the same options as to `scan`. The exit code is 2 when no id, or more than one, begins with ID.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArguments {
    /// An id as a report prints it, or its first digits.
    #[arg(value_name = "ID", value_parser = parse_id_prefix)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) input: InputArguments,
    #[command(flatten)]
    pub(crate) rules: RuleArguments,
    #[command(flatten)]
    pub(crate) looks: LooksArguments,
    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// Tell what each document took, from which other, and what it changed.
///
/// Every word of a document is original, doubled, boilerplate, a quotation that stands elsewhere too, taken from exactly
/// one source, or shared with another where nothing tells who was first. Dates, credit lines and what holds what decide
/// the direction. Documents under one address are versions of one work, and take nothing from each other. The exit code
/// is 2 when a document could not be read (the others are done all the same).
#[derive(Debug, Args)]
#[command(after_help = TRACE_EXAMPLES)]
pub(crate) struct TraceArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// What documents may have taken text from.
    ///
    /// Files, directories and globs; repeat the option for more. Without it any document may be the source of any. What
    /// is named as both is both, and never its own source.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(crate) from: Vec<String>,

    /// An agency beside those that are known.
    ///
    /// Its name as datelines, credit lines and source fields have it; repeat the option for more.
    #[arg(long, value_name = "NAME", help_heading = "What to look for")]
    pub(crate) wire: Vec<String>,

    /// Shortest passage, in words.
    ///
    /// 8 when it is not given. Two characters of a script written without spaces count as one word.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "What to look for")]
    pub(crate) min_words: Option<u32>,

    /// human, json, passages, targets, sources, matrix.
    ///
    /// The form of the report on standard output; human if none is named. The last four are tables, separated by tabs:
    /// one line a passage, a target, a source; and shares of targets by source.
    #[arg(short, long, value_name = "FORMAT", value_parser = trace_format_parser(), hide_possible_values = true, help_heading = "Report")]
    pub(crate) format: Option<TraceFormat>,

    /// Write a report to a file; repeat for more.
    ///
    /// All files are opened before the work begins and put in place when it has ended well. `-` stands for standard
    /// output.
    #[arg(short, long, value_name = "FORMAT=PATH", help_heading = "Report")]
    pub(crate) output: Vec<OutputRequest<TraceFormat>>,

    /// Print all documents and passages of the human report.
    #[arg(long, help_heading = "Report")]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) looks: LooksArguments,
    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// Tell what was said, by whom, and how it travelled.
///
/// Quotations are found by their marks, in any script and style, and told apart from titles and words held at a distance;
/// each is given to its speaker. Then every quotation is looked for in all documents, with marks and without: all
/// variants of one utterance are told with what was done to each (cut, ellipsis, gloss, word, number or negation changed,
/// joined, marks dropped, speaker changed). The exit code is 2 when a document could not be read (the others are done all
/// the same).
#[derive(Debug, Args)]
#[command(after_help = QUOTES_EXAMPLES)]
pub(crate) struct QuotesArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// Where quotations may come from.
    ///
    /// Files, directories and globs; repeat the option for more. What the other documents quote is looked for in these,
    /// between quotation marks and without. Without it all documents are compared with all.
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(crate) from: Vec<String>,

    /// What the human report lists.
    ///
    /// utterance: what stands in several places, with all of them; it is the default. speaker: every quotation, by who
    /// said it.
    #[arg(long, value_name = "WHAT", value_parser = grouping_parser(), hide_possible_values = true, help_heading = "Report")]
    pub(crate) by: Option<Grouping>,

    /// human, json, quotations, utterances, speakers.
    ///
    /// The form of the report on standard output; human if none is named. The last three are tables, separated by tabs:
    /// one line a quotation, a place of an utterance, a speaker.
    #[arg(short, long, value_name = "FORMAT", value_parser = quotes_format_parser(), hide_possible_values = true, help_heading = "Report")]
    pub(crate) format: Option<QuotesFormat>,

    /// Write a report to a file; repeat for more.
    ///
    /// All files are opened before the work begins and put in place when it has ended well. `-` stands for standard
    /// output.
    #[arg(short, long, value_name = "FORMAT=PATH", help_heading = "Report")]
    pub(crate) output: Vec<OutputRequest<QuotesFormat>>,

    /// Print all utterances, places and quotations of the human report.
    #[arg(long, help_heading = "Report")]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) looks: LooksArguments,
    #[command(flatten)]
    pub(crate) running: RunningArguments,
}

/// Where documents come from.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArguments {
    /// Files, directories, globs, or `-` for standard input.
    ///
    /// Text, Markdown and HTML files are one document each, JSON Lines, CSV and TSV files one a line or row, WARC and WET
    /// files one a record (Parquet one a row, if built with it); all may be packed with gzip, zstd, bzip2 or xz.
    /// Directories are searched to the bottom, ignore files respected.
    #[arg(value_name = "PATH", required = true, help_heading = None::<&str>)]
    pub(crate) paths: Vec<String>,

    /// What files hold: text, markdown, jsonl, csv, tsv, parquet, html or warc.
    ///
    /// Without this option the name tells, and the content where the name does not. With it all files are taken for what
    /// is said, those without a known ending among them.
    #[arg(long, value_name = "FORMAT", value_parser = kind_parser(), hide_possible_values = true, hide_short_help = true)]
    pub(crate) input_format: Option<Kind>,

    /// The field or column of the text (for others: --help).
    ///
    /// A dot leads into an object: `article.body`. Without this option the usual names are tried.
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Option<String>,

    /// The field of the document's own id.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) id_field: Option<String>,

    /// The field of the source (outlet or site).
    ///
    /// Documents of one source share their boilerplate.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) source_field: Option<String>,

    /// The field of the publication date.
    ///
    /// Dates tell originals from copies.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) date_field: Option<String>,

    /// The field of the page's address.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) url_field: Option<String>,

    /// The field of the title.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) title_field: Option<String>,

    /// Read what ignore files (.gitignore, .ignore) exclude.
    #[arg(long)]
    pub(crate) no_ignore: bool,

    /// Read what has a name that begins with a dot.
    #[arg(long)]
    pub(crate) hidden: bool,
}

/// What decides what is looked for and found.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to look for")]
pub(crate) struct RuleArguments {
    #[command(flatten)]
    pub(crate) habits: HabitArguments,

    /// Look for these rules only, separated by commas.
    ///
    /// The rules are doubled-text, boilerplate, shared-passage, reused-quote, altered-quote, near-duplicate and
    /// contained. The last two alone make a much faster scan.
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule_parser(), hide_possible_values = true)]
    pub(crate) only: Vec<Rule>,
}

/// What decides what counts as a repeat.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to look for")]
pub(crate) struct HabitArguments {
    /// Habits for a corpus: news, web or strict [default: news].
    ///
    /// news: articles, passages of 8 words and more. web: scraped pages, passages of 12 words and more. strict: 12
    /// words and more, and documents that repeat each other almost word for word.
    #[arg(long, value_name = "NAME", value_parser = preset_parser(), hide_possible_values = true)]
    pub(crate) preset: Option<Preset>,

    /// Shortest passage across documents, in words.
    ///
    /// The preset decides when it is not given. Two characters of a script written without spaces count as one word.
    /// Inside one document shorter repeats are reported too. Shared runs of 6 words and more are found for certain;
    /// below that some may be missed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) min_words: Option<u32>,

    /// Ask this resemblance of near-duplicates (0 to 1).
    ///
    /// Without it, documents are near-duplicates when each covers most of the other. With it they are when the sets of
    /// their 5-word sequences have this Jaccard resemblance, say 0.8. Three decimals count.
    #[arg(long, value_name = "X", value_parser = parse_thousandths)]
    pub(crate) similarity: Option<u32>,
}

/// Where reports go, and in which form.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArguments {
    /// human, json, jsonl or tsv [default: human].
    ///
    /// The form of the report on standard output. When only --output is given, standard output stays empty.
    #[arg(short, long, value_name = "FORMAT", value_parser = format_parser(), hide_possible_values = true)]
    pub(crate) format: Option<Format>,

    /// Write a report to a file; repeat for more.
    ///
    /// All files are opened before the work begins and put in place when it has ended well, so that a file is never
    /// half-written. `-` stands for standard output.
    #[arg(short, long, value_name = "FORMAT=PATH")]
    pub(crate) output: Vec<OutputRequest<Format>>,

    /// Documents in json, jsonl: all, touched, none.
    ///
    /// The ledger tells for each document how many of its tokens are original, doubled, boilerplate, shared or taken
    /// from which other document. touched leaves out documents in which nothing is repeated [default: all].
    #[arg(long, value_name = "WHICH", default_value = "all", hide_default_value = true, hide_possible_values = true)]
    pub(crate) ledger: LedgerArgument,

    /// Print all blocks of the human report.
    ///
    /// Without it the worst are printed and the others counted.
    #[arg(long)]
    pub(crate) all: bool,
}

/// What text on standard output looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct LooksArguments {
    /// Columns of the human report.
    ///
    /// By default those of the terminal; 80 in a pipe or a file.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub(crate) width: Option<u16>,

    /// auto, always or never [default: auto].
    ///
    /// auto colours a terminal only, and obeys NO_COLOR and CLICOLOR_FORCE. Files are never coloured.
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub(crate) color: ColorArgument,
}

/// Looks inside, instead of a scan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Instead of a scan")]
pub(crate) struct InspectionArguments {
    /// List what would be read, and stop.
    #[arg(long, conflicts_with_all = ["units", "format", "output"])]
    pub(crate) files: bool,

    /// Tell what a scan would take, and stop.
    ///
    /// Documents and words, and from a sample the time, memory, temporary files and share of repeated documents.
    #[arg(long, conflicts_with_all = ["files", "units", "format", "output"])]
    pub(crate) plan: bool,

    /// Show how each document is cut into units, and stop.
    ///
    /// A unit is a sentence, a heading or a line of its own. Each is printed with its lines, bytes, tokens and text.
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(crate) units: bool,
}

/// How the work is done and what is told of it; none of it changes a report.
#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub(crate) struct RunningArguments {
    /// Threads [default: one for each core].
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// Most memory to use, such as 500MB or 2GiB.
    ///
    /// What stages note of each document goes to temporary files beyond that; the report is the same. Without this
    /// option three quarters of the memory that is free may be used. Passages are looked for in memory alone: a corpus
    /// that is too large for that is refused, and can be scanned with --only near-duplicate,contained.
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) max_memory: Option<u64>,

    /// Folder for temporary files [default: the system's].
    #[arg(long, value_name = "DIR")]
    pub(crate) temp_dir: Option<PathBuf>,

    /// Tell how long each stage took.
    #[arg(long)]
    pub(crate) timings: bool,

    /// Tell what was counted on the way, and peak memory.
    #[arg(long)]
    pub(crate) stats: bool,

    /// No progress, warnings or notes; errors only.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArgument {
    Auto,
    Always,
    Never,
}

/// `--keep-furniture`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FurnitureArgument {
    None,
    One,
}

/// `--ledger`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LedgerArgument {
    All,
    Touched,
    None,
}

impl From<LedgerArgument> for LedgerChoice {
    fn from(argument: LedgerArgument) -> Self {
        match argument {
            LedgerArgument::All => LedgerChoice::All,
            LedgerArgument::Touched => LedgerChoice::Touched,
            LedgerArgument::None => LedgerChoice::None,
        }
    }
}

/// A parser of names that the library gives: a rule or format added there is known here.
fn named<T: Copy + Send + Sync + 'static, const N: usize>(
    values: [T; N],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.map(name)).try_map(move |typed| {
        values.into_iter().find(|&value| name(value) == typed).ok_or_else(|| format!("unknown name {typed:?}"))
    })
}

fn preset_parser() -> impl TypedValueParser<Value = Preset> {
    named(Preset::ALL, Preset::name)
}

fn rule_parser() -> impl TypedValueParser<Value = Rule> {
    named(Rule::ALL, Rule::name)
}

fn output_kind_parser() -> impl TypedValueParser<Value = Kind> {
    named([Kind::JsonLines, Kind::Csv, Kind::Tsv, Kind::Text], Kind::name)
}

/// Which copy stays.
fn parse_keep(typed: &str) -> Result<Keep, String> {
    match typed {
        "first" => Ok(Keep::First),
        "longest" => Ok(Keep::Longest),
        "earliest" => Ok(Keep::Earliest),
        _ => match typed.strip_prefix("prefer=") {
            Some(sources) if sources.split(',').all(|source| !source.trim().is_empty()) => {
                Ok(Keep::Prefer(sources.split(',').map(|source| source.trim().to_owned()).collect()))
            }
            Some(_) => Err("name a source, or several separated by commas: prefer=Reuters,AP".to_owned()),
            None => Err("expected earliest, longest, first, or prefer=SOURCE,...".to_owned()),
        },
    }
}

fn kind_parser() -> impl TypedValueParser<Value = Kind> {
    named(Kind::ALL, Kind::name)
}

fn grouping_parser() -> impl TypedValueParser<Value = Grouping> {
    named(Grouping::ALL, Grouping::name)
}

fn quotes_format_parser() -> impl TypedValueParser<Value = QuotesFormat> {
    named(QuotesFormat::ALL, QuotesFormat::name)
}

fn trace_format_parser() -> impl TypedValueParser<Value = TraceFormat> {
    named(TraceFormat::ALL, TraceFormat::name)
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    named(FORMATS, Format::name)
}

/// A number of bytes, with a unit or without.
fn parse_size(typed: &str) -> Result<u64, String> {
    let expected = || "expected a size such as 500MB, 2GB or 1GiB".to_owned();
    let digits = typed.trim_end_matches(|character: char| character.is_ascii_alphabetic() || character == ' ');
    let unit: u64 = match typed[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err(expected()),
    };
    let number: f64 = digits.parse().map_err(|_| expected())?;
    let size = number * unit as f64;
    if size >= 1.0 && size < u64::MAX as f64 { Ok(size as u64) } else { Err(expected()) }
}

/// A number above 0 and up to 1 as thousandths, read digit by digit: no binary fraction comes near a decision.
fn parse_thousandths(typed: &str) -> Result<u32, String> {
    let expected = || "expected a number above 0 and up to 1, such as 0.8".to_owned();
    let (whole, decimals) = typed.split_once('.').unwrap_or((typed, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + decimals.len() == 0 || !all_digits(whole) || !all_digits(decimals) {
        return Err(expected());
    }
    if decimals.trim_end_matches('0').len() > 3 {
        return Err("three decimals are as fine as it goes".to_owned());
    }
    let units: u32 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| expected())? };
    let decimals = decimals.trim_end_matches('0');
    let thousandths: u32 = format!("{decimals:0<3}").parse().map_err(|_| expected())?;
    match units.saturating_mul(1000).saturating_add(thousandths) {
        0 => Err(expected()),
        value @ 1..=1000 => Ok(value),
        // Percentages are the likely slip.
        1001..=100_000 if decimals.is_empty() => Err(format!("{}; for {typed} % write {}", expected(), percent(units))),
        _ => Err(expected()),
    }
}

fn percent(units: u32) -> String {
    if units == 100 { "1".to_owned() } else { format!("0.{units:02}").trim_end_matches('0').to_owned() }
}

/// The first digits of an id, in lower case.
fn parse_id_prefix(typed: &str) -> Result<String, String> {
    let valid = (1..=16).contains(&typed.len()) && typed.bytes().all(|byte| byte.is_ascii_hexdigit());
    if valid {
        Ok(typed.to_ascii_lowercase())
    } else {
        Err("an id has up to 16 digits, 0 to 9 and a to f, as reports print it".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn clap_finds_no_fault_with_the_definition() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn similarity_is_read_exactly() {
        let good =
            [("1", 1000), ("1.0", 1000), ("0.8", 800), (".85", 850), ("0.8500", 850), ("0.001", 1), ("00.5", 500)];
        for (typed, expected) in good {
            assert_eq!(parse_thousandths(typed), Ok(expected), "{typed}");
        }
        for typed in ["", ".", "0", "0.0", "1.001", "-0.5", "0,8", "1e-1", "nan", "0.0001", "99999999999", "٠.٥"] {
            assert!(parse_thousandths(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_percentage_gets_a_hint() {
        assert!(parse_thousandths("85").is_err_and(|told| told.ends_with("write 0.85")));
        assert!(parse_thousandths("80").is_err_and(|told| told.ends_with("write 0.8")));
        assert!(parse_thousandths("5").is_err_and(|told| told.ends_with("write 0.05")));
        assert!(parse_thousandths("100").is_err_and(|told| told.ends_with("write 1")));
    }

    #[test]
    fn ids_are_hexadecimal_prefixes() {
        assert_eq!(parse_id_prefix("3F9a"), Ok("3f9a".to_owned()));
        for typed in ["", "xyz", "0123456789abcdef0", "3f 9a"] {
            assert!(parse_id_prefix(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn every_option_is_explained() {
        for command in Arguments::command().get_subcommands() {
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
        }
    }
}
