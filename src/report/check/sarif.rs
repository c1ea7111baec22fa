//! SARIF 2.1.0, for code scanning and editors.
//!
//! **Standard.** OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0* with Errata 01, held against
//! its schema in the tests; within it, what GitHub's code scanning documents of its subset: rules with help, levels and
//! tags, one location a result, fingerprints, at most 25,000 results a run (5,000 are shown) and 100 related locations.
//!
//! **Idea.** The result stands where somebody has to act. The other places are related locations, and the message links
//! to them: `[b.md:12](1)`. `primaryLocationLineHash` is what the platform tells alerts of two runs apart by, together
//! with rule and path: it is made of the finding's id and of which of several equal ones in the file it is, so an alert
//! stays the same one while its text moves, which a hash of the line would not tell of two copies. Excused findings are
//! counted in the properties of the run and are no results: code scanning would show them as open alerts, whatever their
//! `suppressions` say. What could not be read are notifications of the run; comments that are not understood and excuses
//! that are no longer needed are notifications about the configuration.
//!
//! **What it gives up.** Paths are URIs from `%SRCROOT%`, which whoever reads the file puts in, or absolute ones. A path
//! that is no UTF-8 is written as reports write it (`\xff`), and opens nothing. GitHub's upload action remarks that it would have computed
//! other fingerprints.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

use serde::Serialize;

use super::super::escape::visible;
use super::super::human::phrase::count;
use super::super::json::formatter::write_value;
use super::super::json::{array, member};
use super::super::names::hex;
use super::explain;
use super::{Ordinals, lines, verdict};
use crate::check::problems::{Checked, Place, Problem, SkippedInput, Unused};
use crate::config::Level;
use crate::finding::{Rule, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Results that GitHub takes: it refuses a file with more.
const RESULTS: usize = 25_000;
/// Related locations that GitHub keeps of a result.
const RELATED: usize = 100;
/// Where the project lives, if its package says so.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Text,
    full_description: Text,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 3],
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'c> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'c>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    properties: ResultProperties,
}

#[derive(Serialize)]
struct ResultProperties {
    words: u32,
    copies: u64,
    known: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'c> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'c>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    end_line: u64,
}

#[derive(Serialize)]
struct LogicalLocation<'c> {
    name: &'c str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'c> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'c>>,
    tool_configuration_notifications: Vec<Notification<'c>>,
}

#[derive(Serialize)]
struct Notification<'c> {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'c>>,
}

#[derive(Serialize)]
struct RunProperties {
    verdict: &'static str,
    known: u64,
    echoes: u64,
    suppressed: usize,
    documents: u64,
    references: u64,
    tokens: u64,
    repeated: u64,
    budgets: Vec<String>,
}

/// Writes the report.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    out.write_all(b"{\n")?;
    member(out, "$schema", &SCHEMA)?;
    member(out, "version", &"2.1.0")?;
    out.write_all(b"\"runs\":[{\n\"tool\":{\"driver\":")?;
    write_value(out, &driver())?;
    out.write_all(b"},\n")?;
    let more = checked.problems.len().saturating_sub(RESULTS) as u64;
    member(out, "invocations", &[invocation(checked, more)])?;
    member(out, "columnKind", &"unicodeCodePoints")?;
    let mut ordinals = Ordinals::default();
    let results = checked.problems.iter().take(RESULTS);
    array(out, "results", results.map(|problem| describe(problem, ordinals.next(problem))))?;
    out.write_all(b"\"properties\":")?;
    let size = checked.size;
    let properties = RunProperties {
        verdict: checked.verdict().name(),
        known: checked.known,
        echoes: checked.echoes,
        suppressed: checked.suppressed.len(),
        documents: size.documents,
        references: size.references,
        tokens: size.tokens,
        repeated: size.repeated,
        budgets: checked.budgets.iter().map(|budget| verdict::plain(&verdict::budget(budget))).collect(),
    };
    write_value(out, &properties)?;
    out.write_all(b"\n}]\n}\n")
}

fn driver() -> Driver {
    Driver {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: (!REPOSITORY.is_empty()).then_some(REPOSITORY),
        rules: Rule::ALL.map(rule).into(),
    }
}

fn rule(rule: Rule) -> Descriptor {
    let usual = Level::usual(rule);
    let level = if let Level::At(severity) = usual { severity } else { Severity::Note };
    let page = explain::explain(rule);
    let (short, full) = explain::descriptions(rule);
    Descriptor {
        id: rule.name(),
        name: name(rule),
        short_description: Text { text: short },
        full_description: Text { text: full },
        // Markdown reads as text where nothing renders it.
        help: Help { text: page, markdown: page },
        help_uri: (!REPOSITORY.is_empty()).then(|| format!("{REPOSITORY}/blob/HEAD/docs/rules/{}.md", rule.name())),
        default_configuration: Configuration { enabled: usual != Level::Off, level: level.name() },
        properties: RuleProperties {
            tags: ["documentation", "duplication", "maintainability"],
            precision: match rule {
                Rule::DoubledText => "very-high",
                Rule::NearDuplicate | Rule::Contained | Rule::SharedPassage | Rule::ReusedQuote => "high",
                Rule::AlteredQuote | Rule::Boilerplate => "medium",
            },
            severity: match level {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
        },
    }
}

/// A name that is read by people. It must not be the id in other letters (SARIF, 3.49.7), so single words get a noun.
fn name(rule: Rule) -> &'static str {
    match rule {
        Rule::DoubledText => "DoubledText",
        Rule::Boilerplate => "BoilerplateText",
        Rule::SharedPassage => "SharedPassage",
        Rule::ReusedQuote => "ReusedQuote",
        Rule::AlteredQuote => "AlteredQuote",
        Rule::NearDuplicate => "NearDuplicate",
        Rule::Contained => "ContainedDocument",
    }
}

fn describe<'c>(problem: &'c Problem, ordinal: u64) -> Found<'c> {
    let others = problem.places.get(1..).unwrap_or_default();
    let related = others.iter().zip(1..).take(RELATED);
    let id = hex(problem.id);
    let fingerprints = [("primaryLocationLineHash", format!("{id}:{ordinal}")), ("dittographFindingId/v1", id)];
    Found {
        rule_id: problem.rule.name(),
        rule_index: Rule::ALL.iter().position(|rule| *rule == problem.rule).unwrap_or_default(),
        level: problem.severity.name(),
        message: Text { text: message(problem) },
        locations: problem.places.first().map(|place| locate(place, None)).into_iter().collect(),
        related_locations: related.map(|(place, id)| locate(place, Some(id))).collect(),
        partial_fingerprints: fingerprints.into(),
        properties: ResultProperties { words: problem.words, copies: problem.copies(), known: problem.known },
    }
}

/// The message, with links to the places that it names. The first sentence says all: it may be all that is shown.
fn message(problem: &Problem) -> String {
    // What a message names are its first places, and one that holds the others, which may be none of the related ones.
    let mut told = problem.tell(|index, name| match (escape(name), index) {
        (name, ..=RELATED) => format!("[{name}]({index})"),
        (name, _) => name,
    });
    if !problem.excerpt.is_empty() {
        let _ = write!(told, ": “{}”", escape(&problem.excerpt));
    }
    let others = problem.places.len().saturating_sub(1);
    if others > RELATED {
        let more = verdict::plain(&count((others - RELATED) as u64, "more place"));
        let _ = write!(told, " (with {more} than are listed here)");
    }
    told
}

fn locate(place: &Place, id: Option<usize>) -> Location<'_> {
    let (start_line, end_line) = lines(place);
    Location {
        id,
        physical_location: PhysicalLocation {
            artifact_location: artifact(&place.path),
            region: Some(Region { start_line, end_line }),
        },
        logical_locations: (place.document != place.path).then_some([LogicalLocation { name: &place.document }]),
        message: id.map(|_| Text { text: escape(&place.name()) }),
    }
}

fn invocation(checked: &Checked, left_out: u64) -> Invocation<'_> {
    let mut execution: Vec<Notification> = checked.skipped.iter().map(tell_skipped).collect();
    if left_out > 0 {
        let left_out = verdict::plain(&count(left_out, "result"));
        let text = format!("{left_out} left out: code scanning takes 25,000. The JSON report has all.");
        execution.push(Notification { level: "warning", message: Text { text }, locations: Vec::new() });
    }
    let misunderstood = checked.misunderstood.iter().map(|comment| remark(comment, "Not understood"));
    let configuration = misunderstood.chain(checked.unused.iter().map(|unused| remark(unused, "No longer needed")));
    Invocation {
        execution_successful: checked.lost().next().is_none(),
        tool_execution_notifications: execution,
        tool_configuration_notifications: configuration.collect(),
    }
}

fn tell_skipped(skipped: &SkippedInput) -> Notification<'_> {
    Notification {
        level: if skipped.is_error { "error" } else { "note" },
        message: Text { text: escape(&skipped.reason) },
        locations: vec![notice(&skipped.path, skipped.line)],
    }
}

/// A remark on something that excuses nothing.
fn remark<'c>(unused: &'c Unused, trouble: &str) -> Notification<'c> {
    Notification {
        level: "warning",
        message: Text { text: format!("{trouble}: {}", escape(&unused.what)) },
        locations: vec![notice(&unused.path, unused.line)],
    }
}

fn notice(path: &str, line: Option<u64>) -> Location<'static> {
    let region = line.map(|line| Region { start_line: line.max(1), end_line: line.max(1) });
    Location {
        id: None,
        physical_location: PhysicalLocation { artifact_location: artifact(path), region },
        logical_locations: None,
        message: None,
    }
}

/// A path as a URI reference (RFC 3986): from the root of the sources, or absolute.
fn artifact(path: &str) -> ArtifactLocation {
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let (scheme, base) = match (drive, path.starts_with('/')) {
        (true, _) => ("file:///", None),
        (_, true) => ("file://", None),
        _ => ("", Some("%SRCROOT%")),
    };
    let mut uri = scheme.to_owned();
    for (index, byte) in path.bytes().enumerate() {
        // A colon in the first part of a relative reference would end a scheme, so it is encoded but behind a drive.
        let is_of_drive = drive && index == 1;
        if is_of_drive || byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    ArtifactLocation { uri, uri_base_id: base }
}

/// Text for a message: what would be a link or an escape is none (SARIF, 3.11.6), and nothing turns the order of a line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
