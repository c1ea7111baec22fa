//! What a scan reports: findings, clusters, ledgers, statistics. The one vocabulary between the engine and the
//! renderers.
//!
//! Spans are half-open byte ranges of a document's own UTF-8 text. Documents are named by their rank in the
//! [`Corpus`](crate::document::Corpus). Ratios are kept as integers ([`Ratio`]), so that no decision and no printed
//! figure depends on the order in which floating-point numbers were added.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What kind of repetition a finding or a cluster reports. New ones are added at the end: ids are made of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Text that one document holds more than once.
    DoubledText,
    /// Text that belongs to the pages of a source, not to a story.
    Boilerplate,
    /// A passage that two or more documents share.
    SharedPassage,
    /// Documents that cover each other (clusters).
    NearDuplicate,
    /// Documents that lie inside a longer one (clusters).
    Contained,
    /// Something said that two or more documents quote.
    ReusedQuote,
    /// The same, and what is said may have been changed.
    AlteredQuote,
}

impl Rule {
    /// Every rule, in the order of reports.
    pub const ALL: [Rule; 7] = [
        Rule::DoubledText,
        Rule::Boilerplate,
        Rule::SharedPassage,
        Rule::ReusedQuote,
        Rule::AlteredQuote,
        Rule::NearDuplicate,
        Rule::Contained,
    ];

    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Rule::DoubledText => "doubled-text",
            Rule::Boilerplate => "boilerplate",
            Rule::SharedPassage => "shared-passage",
            Rule::ReusedQuote => "reused-quote",
            Rule::AlteredQuote => "altered-quote",
            Rule::NearDuplicate => "near-duplicate",
            Rule::Contained => "contained",
        }
    }

    /// Whether it speaks of whole documents, not of parts of them.
    pub fn is_of_documents(self) -> bool {
        matches!(self, Rule::NearDuplicate | Rule::Contained)
    }
}

/// How much a finding asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing: furniture, short echoes.
    Note,
    /// Worth acting on: a doubled paragraph, a shared passage.
    Warning,
    /// A defect of the text: a doubled body.
    Error,
}

impl Severity {
    /// The name used in reports (SARIF's levels).
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// How sure the verdict is (the evidence itself is always exact).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Told by shape and wording alone.
    Low,
    /// Told by repetition that was verified.
    High,
}

impl Confidence {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::High => "high",
        }
    }
}

/// Which of the occurrences came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The first, by date or by place in the document.
    Original,
    /// A later one.
    Copy,
    /// Nothing known tells.
    Undecided,
}

impl Role {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Role::Original => "original",
            Role::Copy => "copy",
            Role::Undecided => "undecided",
        }
    }
}

/// A half-open byte range `[start, end)` of a document's text, at character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// An exact ratio of two counts, 0 to 1; `0/0` counts as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// Counted part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
}

impl Ratio {
    /// A ratio of two counts.
    pub const fn new(part: u64, whole: u64) -> Self {
        Ratio { part, whole }
    }

    /// The whole of something.
    pub const ONE: Ratio = Ratio { part: 1, whole: 1 };

    /// The ratio rounded down to thousandths, as an integer: what decisions compare.
    pub fn thousandths(self) -> u32 {
        if self.whole == 0 { 0 } else { (u128::from(self.part) * 1000 / u128::from(self.whole)) as u32 }
    }

    /// The ratio rounded to four decimals, for printing.
    pub fn value(self) -> f64 {
        if self.whole == 0 {
            return 0.0;
        }
        let scaled = (u128::from(self.part) * 20_000 / u128::from(self.whole)).div_ceil(2);
        scaled as f64 / 10_000.0
    }
}

/// One change that leads from the representative's text to an occurrence's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// What was done.
    pub kind: EditKind,
    /// The bytes in the representative's document (empty, at the place, for an insertion).
    pub representative: Span,
    /// The bytes in the occurrence's document (empty, at the place, for a deletion).
    pub occurrence: Span,
}

/// What an edit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// Tokens were replaced by others.
    Changed,
    /// Tokens were added.
    Inserted,
    /// Tokens were left out.
    Deleted,
}

impl EditKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            EditKind::Changed => "changed",
            EditKind::Inserted => "inserted",
            EditKind::Deleted => "deleted",
        }
    }
}

/// One place where a passage stands, with exact evidence against the passage's representative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Rank of the document.
    pub document: u32,
    /// Where in its text.
    pub span: Span,
    /// How many adjacent copies the span holds (1 almost always).
    pub count: u32,
    /// Tokens in the span.
    pub tokens: u32,
    /// Original, copy or undecided.
    pub role: Role,
    /// Why that role, in a few words.
    pub reason: &'static str,
    /// Equal tokens / columns of the alignment with the representative.
    pub identity: Ratio,
    /// Jaccard of the sets of 1- and 2-token shingles.
    pub resemblance: Ratio,
    /// Share of the occurrence's shingles that the representative has, and of the representative's that it has.
    pub containment: [Ratio; 2],
    /// The changes, in text order; empty when all tokens are equal.
    pub edits: Vec<Edit>,
}

/// One passage that stands in two or more places (or is furniture by its wording), with all its occurrences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Hash of the rule and of the representative's folded text: no path, line or order changes it.
    pub id: u64,
    /// What kind of repetition.
    pub rule: Rule,
    /// How much it asks for attention.
    pub severity: Severity,
    /// How sure the verdict is.
    pub confidence: Confidence,
    /// Tokens in one copy of the representative.
    pub tokens: u32,
    /// Words in one copy of the representative (two characters of a script without spaces make a word).
    pub words: u32,
    /// Index of the representative in `occurrences`.
    pub representative: u32,
    /// All places, ordered by document rank, then start.
    pub occurrences: Vec<Occurrence>,
}

/// One document of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Rank of the document.
    pub document: u32,
    /// Original, copy or undecided.
    pub role: Role,
    /// Why that role, in a few words.
    pub reason: &'static str,
    /// Share of its tokens covered by the representative, and of the representative's covered by it.
    pub coverage: [Ratio; 2],
    /// Jaccard of the sets of 5-token shingles, against the representative.
    pub resemblance: Ratio,
    /// The tokens that were compared, those that are no furniture; empty if all were.
    pub story: Box<[Range<u32>]>,
}

/// Whole documents that repeat each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Hash of the rule and of the representative's folded text.
    pub id: u64,
    /// `NearDuplicate` or `Contained`.
    pub rule: Rule,
    /// Rank of the representative (for `Contained`: the document that holds the others).
    pub representative: u32,
    /// All members with the representative among them, by document rank.
    pub members: Vec<Member>,
}

/// Where a document's tokens come from; the fields add up to `tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// All tokens of the document.
    pub tokens: u32,
    /// Tokens in nothing repeated.
    pub original: u32,
    /// Tokens in a second or later copy within the document.
    pub doubled: u32,
    /// Tokens of furniture.
    pub boilerplate: u32,
    /// Tokens of reused quotations.
    pub quoted: u32,
    /// Tokens that also stand in another document, direction undecided.
    pub shared: u32,
    /// Tokens taken from an earlier document: its rank, and how many; by rank.
    pub reused: Vec<(u32, u32)>,
}

/// Counts of what a scan did; they depend on corpus and settings alone, never on threads or time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Documents.
    pub documents: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Tokens.
    pub tokens: u64,
    /// Units (sentences, headings, lone lines).
    pub units: u64,
    /// Units with different folded text.
    pub distinct_units: u64,
    /// Distinct units judged to be furniture.
    pub furniture_units: u64,
    /// Pairs of distinct units proposed by min-keys, and verified as near-equal.
    pub unit_candidates: u64,
    /// Verified near-equal pairs of units.
    pub unit_pairs: u64,
    /// Families with two members or more.
    pub families: u64,
    /// Pairs of documents proposed, as wholes.
    pub document_candidates: u64,
    /// Pairs of documents verified, as wholes.
    pub document_pairs: u64,
    /// Places where a rare word was taken for a frequent one that it is near.
    pub near_words: u64,
    /// Anchors kept (keys that occur more than once).
    pub anchors: u64,
    /// Links considered.
    pub links: u64,
    /// Links not considered because their key is frequent.
    pub links_thinned: u64,
    /// Pairs of documents (a document with itself among them) that were chained.
    pub chained_pairs: u64,
    /// Aligned matches found.
    pub matches: u64,
}

/// The result of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// Findings, worst first: by rule, then repeated tokens (descending), then id.
    pub findings: Vec<Finding>,
    /// Clusters of whole documents, largest first.
    pub clusters: Vec<Cluster>,
    /// One ledger a document, by rank.
    pub ledgers: Vec<Ledger>,
    /// Counts.
    pub statistics: Statistics,
}
