//! Tab-separated values: one line an occurrence, one a member of a cluster, for spreadsheets, `cut`, `awk` and `sort`.
//!
//! Columns are added at the end only. A field that does not apply is empty. Tabs, line feeds, carriage returns and
//! backslashes in fields are escaped as `\t`, `\n`, `\r`, `\\`, other controls as `\u{…}`; nothing is quoted.

use std::io;

use super::escape::field;
use super::json::compose::{EXCERPT, short};
use super::names::hex;
use super::view::{View, decimal};
use crate::finding::{Ratio, Span};

/// The header, in the order of the columns.
const COLUMNS: [&str; 24] = [
    "rule",
    "id",
    "kind",
    "severity",
    "confidence",
    "representative",
    "document",
    "path",
    "document_line",
    "line",
    "end_line",
    "start",
    "end",
    "count",
    "tokens",
    "role",
    "reason",
    "identity",
    "resemblance",
    "containment_in_representative",
    "containment_of_representative",
    "coverage",
    "coverage_of_representative",
    "excerpt",
];

/// Writes findings, then clusters, each in the order of the report.
pub(super) fn write(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join("\t"))?;
    for finding in &view.scan.findings {
        let id = hex(finding.id);
        for (index, occurrence) in finding.occurrences.iter().enumerate() {
            let row = Row {
                rule: finding.rule.name(),
                id: &id,
                kind: "finding",
                severity: finding.severity.name(),
                confidence: finding.confidence.name(),
                representative: index == finding.representative as usize,
                document: occurrence.document,
                span: occurrence.span,
                count: occurrence.count,
                tokens: occurrence.tokens,
                role: occurrence.role.name(),
                reason: occurrence.reason,
                identity: Some(occurrence.identity),
                resemblance: occurrence.resemblance,
                containment: Some(occurrence.containment),
                coverage: None,
                excerpt: view.one_copy(occurrence),
            };
            row.write(view, out)?;
        }
    }
    for cluster in &view.scan.clusters {
        let id = hex(cluster.id);
        for member in &cluster.members {
            let text = view.whole(member.document);
            let row = Row {
                rule: cluster.rule.name(),
                id: &id,
                kind: "cluster",
                severity: "",
                confidence: "",
                representative: member.document == cluster.representative,
                document: member.document,
                span: Span { start: 0, end: text.len() as u32 },
                count: 1,
                tokens: view.ledger_of(member.document).tokens,
                role: member.role.name(),
                reason: member.reason,
                identity: None,
                resemblance: member.resemblance,
                containment: None,
                coverage: Some(member.coverage),
                excerpt: text,
            };
            row.write(view, out)?;
        }
    }
    Ok(())
}

struct Row<'a> {
    rule: &'static str,
    id: &'a str,
    kind: &'static str,
    severity: &'static str,
    confidence: &'static str,
    representative: bool,
    document: u32,
    span: Span,
    count: u32,
    tokens: u32,
    role: &'static str,
    reason: &'static str,
    identity: Option<Ratio>,
    resemblance: Ratio,
    containment: Option<[Ratio; 2]>,
    coverage: Option<[Ratio; 2]>,
    excerpt: &'a str,
}

impl Row<'_> {
    fn write(&self, view: &View, out: &mut dyn io::Write) -> io::Result<()> {
        let document = view.document(self.document);
        let path = document.map_or("", |document| &*document.origin.path);
        let document_line =
            document.and_then(|document| document.line()).map(|line| line.to_string()).unwrap_or_default();
        let (line, end_line) = view.lines(self.document, self.span);
        let number = |ratio: Option<Ratio>| ratio.map(|ratio| decimal(ratio).to_string()).unwrap_or_default();
        let [contained_in, contained_of] = [0, 1].map(|side: usize| number(self.containment.map(|both| both[side])));
        let [coverage, coverage_of] = [0, 1].map(|side: usize| number(self.coverage.map(|both| both[side])));
        write!(out, "{}\t{}\t{}\t{}\t{}\t", self.rule, self.id, self.kind, self.severity, self.confidence)?;
        write!(out, "{}\t", if self.representative { "yes" } else { "no" })?;
        write!(out, "{}\t{}\t{document_line}\t", field(view.id(self.document)), field(path))?;
        write!(out, "{line}\t{end_line}\t{}\t{}\t", self.span.start, self.span.end)?;
        write!(out, "{}\t{}\t{}\t{}\t", self.count, self.tokens, self.role, field(self.reason))?;
        write!(out, "{}\t{}\t", number(self.identity), number(Some(self.resemblance)))?;
        write!(out, "{contained_in}\t{contained_of}\t{coverage}\t{coverage_of}\t")?;
        writeln!(out, "{}", field(&short(self.excerpt, EXCERPT)))
    }
}
