//! The frozen shape of `dittograph.report.v1`: structs for this format alone, so that no change of the engine's types
//! changes what is written. A field may be added; none may be renamed, retyped, removed or given another meaning.
//! `docs/formats.md` says what each field means, `docs/report.v1.schema.json` says it to validators.

use serde::{Serialize, Serializer};

/// The name of this version, in every report.
pub(in crate::report) const SCHEMA: &str = "dittograph.report.v1";

#[derive(Serialize)]
pub(in crate::report) struct Tool {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct Parameters {
    pub(super) preset: &'static str,
    pub(super) min_words: u32,
    pub(super) coverage: Decimal,
    pub(super) similarity: Option<Decimal>,
    pub(super) only: Vec<&'static str>,
}

#[derive(Serialize)]
pub(in crate::report) struct Corpus {
    pub(super) documents: u64,
    pub(super) bytes: u64,
    pub(super) tokens: u64,
    pub(super) units: u64,
    pub(super) distinct_units: u64,
}

#[derive(Serialize)]
pub(in crate::report) struct Document<'a> {
    pub(super) document: &'a str,
    pub(super) path: &'a str,
    pub(super) line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<String>,
    pub(super) encoding: &'static str,
    pub(super) text: &'static str,
    pub(super) tokens: u32,
    pub(super) original: u32,
    pub(super) doubled: u32,
    pub(super) boilerplate: u32,
    pub(super) quoted: u32,
    pub(super) shared: u32,
    pub(super) reused: Vec<Reused<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct Reused<'a> {
    pub(in crate::report) from: &'a str,
    pub(in crate::report) tokens: u32,
}

/// `occurrences` is written as it is made: a finding with 100,000 of them is never held as a whole.
#[derive(Serialize)]
pub(in crate::report) struct Finding<O: Serialize> {
    pub(super) id: String,
    pub(super) rule: &'static str,
    pub(super) severity: &'static str,
    pub(super) confidence: &'static str,
    pub(super) tokens: u32,
    pub(super) words: u32,
    pub(super) representative: u32,
    pub(super) occurrences: O,
}

#[derive(Serialize)]
pub(in crate::report) struct Occurrence<'a> {
    pub(super) document: &'a str,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) line: u64,
    pub(super) end_line: u64,
    pub(super) count: u32,
    pub(super) role: &'static str,
    pub(super) reason: &'static str,
    pub(super) identity: Decimal,
    pub(super) resemblance: Decimal,
    pub(super) containment: [Decimal; 2],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) edits: Vec<Edit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) excerpt: Option<String>,
}

#[derive(Serialize)]
pub(in crate::report) struct Edit {
    pub(super) kind: &'static str,
    pub(super) representative: [u32; 2],
    pub(super) occurrence: [u32; 2],
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) old: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) new: String,
}

/// `members` is written as it is made.
#[derive(Serialize)]
pub(in crate::report) struct Cluster<'a, M: Serialize> {
    pub(super) id: String,
    pub(super) rule: &'static str,
    pub(super) representative: &'a str,
    pub(super) members: M,
}

#[derive(Serialize)]
pub(in crate::report) struct Member<'a> {
    pub(super) document: &'a str,
    pub(super) role: &'static str,
    pub(super) reason: &'static str,
    pub(super) coverage: [Decimal; 2],
    pub(super) resemblance: Decimal,
}

#[derive(Serialize)]
pub(in crate::report) struct Skipped<'a> {
    pub(super) path: &'a str,
    pub(super) line: Option<u64>,
    pub(super) reason: &'a str,
    pub(super) error: bool,
}

#[derive(Serialize)]
pub(in crate::report) struct Summary {
    pub(super) documents: u64,
    pub(super) empty: u64,
    pub(super) skipped: u64,
    pub(super) errors: u64,
    pub(super) warnings: u64,
    pub(super) findings: FindingCounts,
    pub(super) clusters: ClusterCounts,
    pub(super) tokens: u64,
    pub(super) original: u64,
    pub(super) doubled: u64,
    pub(super) boilerplate: u64,
    pub(super) quoted: u64,
    pub(super) shared: u64,
    pub(super) reused: u64,
    pub(super) repeated: u64,
    pub(super) share: Decimal,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) struct FindingCounts {
    pub(super) doubled_text: u64,
    pub(super) boilerplate: u64,
    pub(super) shared_passage: u64,
    pub(super) reused_quote: u64,
    pub(super) altered_quote: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::report) struct ClusterCounts {
    pub(super) near_duplicate: u64,
    pub(super) contained: u64,
}

/// A share from 0 to 1 with at most four decimals; whole numbers without any.
#[derive(Clone, Copy)]
pub(in crate::report) struct Decimal(pub(super) f64);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 <= 0.0 {
            serializer.serialize_u8(0)
        } else if self.0 >= 1.0 {
            serializer.serialize_u8(1)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}
