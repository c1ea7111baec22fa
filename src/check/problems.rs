//! Problems: what a check tells of a corpus, in the words of its reports.
//!
//! Everything here is text and numbers: paths, lines, excerpts. So a report can be written without the corpus, and kept
//! for the next run if nothing changes until then.

use serde::{Deserialize, Serialize};

use crate::finding::{Rule, Severity};

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checked {
    /// What is new, worst first: by severity, then words in all copies (descending), then rule, then id.
    pub problems: Vec<Problem>,
    /// Findings that a baseline knows.
    pub known: u64,
    /// New repeats of fewer than 20 words, which are counted and not told of.
    pub echoes: u64,
    /// Findings that somebody excused.
    pub suppressed: Vec<Suppressed>,
    /// Suppressions that excuse nothing, and baseline lines that nothing needs: to be taken out.
    pub unused: Vec<Unused>,
    /// Comments for this program that say nothing it understands: whoever wrote one means something to be excused.
    pub misunderstood: Vec<Unused>,
    /// Budgets that were set, whether or not they are kept.
    pub budgets: Vec<Budget>,
    /// How much was looked at.
    pub size: Size,
    /// Inputs that could not be read, or were passed over.
    pub skipped: Vec<SkippedInput>,
}

/// One finding that the team has to act on, or to know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The finding's id: a hash of its rule and its folded text.
    pub id: u64,
    /// What kind of repetition.
    pub rule: Rule,
    /// What the team's configuration makes of it.
    pub severity: Severity,
    /// Words in one copy (of whole documents: in the one that is told of).
    pub words: u32,
    /// Copies that a baseline knows; 0 if all of it is new.
    pub known: u64,
    /// Where it stands: first the place to act on, then the others; two at least, but for furniture.
    pub places: Vec<Place>,
    /// The beginning of its text, on one line, at most 160 characters; with `…` if there is more.
    pub excerpt: String,
}

/// One place of a problem.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The file, relative to the project's root where it lies inside, with `/` between its parts. May hold any
    /// character but NUL; what is no UTF-8 is written as `\xff`.
    pub path: String,
    /// The document's id: its path, or what names it inside a file of many.
    pub document: String,
    /// First line of the file (from 1) that it stands in; of a file of many documents, the record.
    pub line: u64,
    /// Last line.
    pub end_line: u64,
    /// First byte in the document's text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Copies that stand here side by side: 1 almost always.
    pub count: u32,
    /// Whether it is only there to be compared with.
    pub is_reference: bool,
    /// Of whole documents of which one lies inside another: whether this is the one that holds the others.
    pub is_holder: bool,
}

/// A finding that somebody excused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The problem that it would be.
    pub problem: Problem,
    /// Why it is excused.
    pub reason: String,
    /// The file that excuses it: with a comment, or as the configuration.
    pub path: String,
    /// The line (from 1), where it is known.
    pub line: Option<u64>,
}

/// Something that excuses nothing: nothing needs it any more, or it can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unused {
    /// Where it stands.
    pub path: String,
    /// Its line (from 1), where there is one.
    pub line: Option<u64>,
    /// What it is, in words.
    pub what: String,
}

/// A budget and what was used of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// What is counted.
    pub kind: BudgetKind,
    /// What is allowed: a number of findings, or repeated words in a million.
    pub allowed: u64,
    /// What was counted, in the same unit.
    pub used: u64,
}

/// What a budget counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BudgetKind {
    /// New findings that are errors.
    Findings,
    /// The share of repeated words, in millionths.
    RepeatedWords,
}

impl BudgetKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            BudgetKind::Findings => "findings",
            BudgetKind::RepeatedWords => "repeated-words",
        }
    }
}

impl Budget {
    /// Whether more was used than is allowed.
    pub fn is_exceeded(&self) -> bool {
        self.used > self.allowed
    }
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing stands against the change.
    Open,
    /// The gate trips.
    Tripped,
    /// An input could not be read, so nobody knows what stands in it: whatever was found, this is no pass.
    Incomplete,
}

impl Verdict {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Open => "open",
            Verdict::Tripped => "tripped",
            Verdict::Incomplete => "incomplete",
        }
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Size {
    /// Documents that are checked.
    pub documents: u64,
    /// Documents that they are compared with.
    pub references: u64,
    /// Tokens of the checked documents.
    pub tokens: u64,
    /// Of these, tokens that repeat others.
    pub repeated: u64,
}

/// An input that was not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedInput {
    /// The file.
    pub path: String,
    /// The line (from 1) where the trouble was, if it is one line's.
    pub line: Option<u64>,
    /// What was wrong.
    pub reason: String,
    /// Whether a document was lost for it.
    pub is_error: bool,
}

impl Checked {
    /// Whether the gate trips: a budget is exceeded, or, where none is set for findings, any problem is an error.
    pub fn trips(&self) -> bool {
        let has_allowance = self.budgets.iter().any(|budget| budget.kind == BudgetKind::Findings);
        let has_error = self.problems.iter().any(|problem| problem.severity == Severity::Error);
        self.budgets.iter().any(Budget::is_exceeded) || has_error && !has_allowance
    }

    /// What it comes to. What was lost comes first: with it the gate may trip too, or not, and the exit code is the same.
    pub fn verdict(&self) -> Verdict {
        match self.lost().next() {
            Some(_) => Verdict::Incomplete,
            None if self.trips() => Verdict::Tripped,
            None => Verdict::Open,
        }
    }

    /// Problems of a severity.
    pub fn count(&self, severity: Severity) -> u64 {
        self.problems.iter().filter(|problem| problem.severity == severity).count() as u64
    }

    /// Inputs that a document was lost with.
    pub fn lost(&self) -> impl Iterator<Item = &SkippedInput> {
        self.skipped.iter().filter(|skipped| skipped.is_error)
    }
}

impl Problem {
    /// What the rule found, in one sentence without a full stop: *34 words that also stand in a.md:12 and 2 other places*.
    /// Paths are as they are; whoever prints it escapes it.
    pub fn message(&self) -> String {
        self.tell(|_, name| name.to_owned())
    }

    /// The same, with each place that it names written by `name`, which is given the index in `places` and the plain
    /// name: *a.md:12*, or, in a document told of already, the line alone, *12*.
    pub fn tell(&self, name: impl Fn(usize, &str) -> String) -> String {
        let [own, others @ ..] = self.places.as_slice() else { return self.rule.name().to_owned() };
        let words = plural(u64::from(self.words), "word");
        // What lies inside another document is told with that one, wherever it stands among the places.
        let holder = others.iter().position(|other| other.is_holder).filter(|_| self.rule == Rule::Contained);
        let named = holder.unwrap_or(0);
        let more = match (others.get(named), others.len().saturating_sub(1)) {
            (None, _) => String::new(),
            (Some(other), 0) => name(named + 1, &other.name()),
            (Some(other), rest) => {
                format!("{} and {}", name(named + 1, &other.name()), plural(rest as u64, "other place"))
            }
        };
        let told = match self.rule {
            Rule::DoubledText if others.is_empty() => format!("{words} stand {} times in a row", self.copies()),
            Rule::DoubledText => {
                let named = others.iter().zip(1..).take(3);
                let lines: Vec<String> = named.map(|(other, index)| name(index, &other.line.to_string())).collect();
                let (noun, more) = (if lines.len() > 1 { "lines" } else { "line" }, others.len() - lines.len());
                let more = if more > 0 { format!(" and {} more", plural(more as u64, "place")) } else { String::new() };
                format!("{words} that this document also has on {noun} {}{more}", lines.join(", "))
            }
            Rule::Boilerplate if others.is_empty() => format!("{words} of boilerplate"),
            Rule::Boilerplate => format!("{words} of boilerplate, also in {more}"),
            Rule::SharedPassage => format!("{words} that also stand in {more}"),
            Rule::NearDuplicate => format!("This document of {words} nearly repeats {more}"),
            Rule::Contained if own.is_holder => format!("This document of {words} holds all of {more}"),
            Rule::Contained => format!("This document of {words} lies inside a longer one, {more}"),
            Rule::ReusedQuote => format!("A quotation of {words} that also stands in {more}"),
            Rule::AlteredQuote => format!("A quotation of {words} that reads otherwise in {more}"),
        };
        // The known ones may stand elsewhere.
        match (self.known, self.copies().saturating_sub(self.known).max(1)) {
            (0, _) => told,
            (known, new) => format!("{told} (copies known: {known}, new: {new})"),
        }
    }

    /// Copies in all places.
    pub fn copies(&self) -> u64 {
        self.places.iter().map(|place| u64::from(place.count)).sum()
    }
}

impl Place {
    /// The path and the line: *a.md:12*; of a document with a name of its own also that.
    pub fn name(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
