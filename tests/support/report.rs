//! The report as a reader of `dittograph.report.v1` sees it: only what the layout promises, and all of it required but
//! what is said to be left out.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Report {
    pub(crate) schema: String,
    pub(crate) corpus: Totals,
    pub(crate) documents: Vec<Ledger>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) skipped: Vec<Skipped>,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Totals {
    pub(crate) documents: u64,
    pub(crate) bytes: u64,
    pub(crate) tokens: u64,
    pub(crate) units: u64,
    pub(crate) distinct_units: u64,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Ledger {
    pub(crate) document: String,
    pub(crate) path: String,
    pub(crate) encoding: String,
    pub(crate) text: String,
    pub(crate) tokens: u64,
    pub(crate) original: u64,
    pub(crate) doubled: u64,
    pub(crate) boilerplate: u64,
    pub(crate) quoted: u64,
    pub(crate) shared: u64,
    pub(crate) reused: Vec<Reused>,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Reused {
    pub(crate) from: String,
    pub(crate) tokens: u64,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) confidence: String,
    pub(crate) tokens: u64,
    pub(crate) representative: usize,
    pub(crate) occurrences: Vec<Occurrence>,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Occurrence {
    pub(crate) document: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: usize,
    pub(crate) end_line: usize,
    pub(crate) count: u64,
    pub(crate) role: String,
    pub(crate) identity: f64,
    pub(crate) resemblance: f64,
    pub(crate) containment: [f64; 2],
    /// Left out where there are none.
    #[serde(default)]
    pub(crate) edits: Vec<Value>,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) representative: String,
    pub(crate) members: Vec<Member>,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Member {
    pub(crate) document: String,
    pub(crate) role: String,
    pub(crate) coverage: [f64; 2],
    pub(crate) resemblance: f64,
}

#[derive(Deserialize, Debug, Clone)]
pub(crate) struct Skipped {
    pub(crate) path: String,
    pub(crate) reason: String,
}

impl Report {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    pub(crate) fn findings_of<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| finding.rule == rule)
    }

    pub(crate) fn clusters_of<'a>(&'a self, rule: &'a str) -> impl Iterator<Item = &'a Cluster> {
        self.clusters.iter().filter(move |cluster| cluster.rule == rule)
    }
}

impl Finding {
    pub(crate) fn representative(&self) -> &Occurrence {
        &self.occurrences[self.representative]
    }
}
