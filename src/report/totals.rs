//! Totals: all ledgers added up, and how many findings and clusters there are of each rule.

use crate::document::Corpus;
use crate::finding::{Ledger, Ratio, Rule, Scan};

/// Where the tokens of a whole corpus come from; the fields after `tokens` add up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    pub(super) tokens: u64,
    pub(super) original: u64,
    pub(super) doubled: u64,
    pub(super) boilerplate: u64,
    pub(super) quoted: u64,
    pub(super) shared: u64,
    pub(super) reused: u64,
}

impl Totals {
    /// Adds up the ledgers.
    pub(super) fn of(scan: &Scan) -> Totals {
        let mut totals = Totals::default();
        for ledger in &scan.ledgers {
            totals.tokens += u64::from(ledger.tokens);
            totals.original += u64::from(ledger.original);
            totals.doubled += u64::from(ledger.doubled);
            totals.boilerplate += u64::from(ledger.boilerplate);
            totals.quoted += u64::from(ledger.quoted);
            totals.shared += u64::from(ledger.shared);
            totals.reused += reused(ledger);
        }
        totals
    }

    /// Tokens that are not original.
    pub(super) fn repeated(&self) -> u64 {
        self.tokens.saturating_sub(self.original)
    }

    /// Repeated tokens as a share of all.
    pub(super) fn share(&self) -> Ratio {
        Ratio::new(self.repeated(), self.tokens)
    }
}

/// Tokens taken from earlier documents, whichever.
pub(super) fn reused(ledger: &Ledger) -> u64 {
    ledger.reused.iter().map(|&(_, tokens)| u64::from(tokens)).sum()
}

/// How many findings, or clusters, follow a rule.
pub(super) fn count(scan: &Scan, rule: Rule) -> u64 {
    let findings = scan.findings.iter().filter(|finding| finding.rule == rule).count();
    let clusters = scan.clusters.iter().filter(|cluster| cluster.rule == rule).count();
    (findings + clusters) as u64
}

/// Inputs that were not read, and how many of them are errors.
pub(super) fn skipped(corpus: &Corpus) -> (u64, u64) {
    let errors = corpus.skipped.iter().filter(|skipped| skipped.is_error).count();
    (corpus.skipped.len() as u64, errors as u64)
}
