//! What every report must keep, whatever it is about: spans that can be cut, figures that can be worked out again from
//! texts and spans, ledgers that add up, names that are unique.

use std::collections::{BTreeMap, BTreeSet};

use super::naive;
use super::report::{Cluster, Finding, Occurrence, Report};

/// Four decimals are printed.
const ROUNDING: f64 = 0.0001;
/// Longest passage, in words, whose best alignment is worked out again.
const ALIGNED_WORDS: usize = 400;

/// Every broken promise, in words. `texts` are all documents of the scan by id, as the report names them.
pub(crate) fn broken(report: &Report, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut broken = Vec::new();
    if report.schema != "dittograph.report.v1" {
        broken.push(format!("the schema is {:?}", report.schema));
    }
    check_totals(report, texts, &mut broken);
    check_ledgers(report, texts, &mut broken);
    let ids =
        report.findings.iter().map(|finding| &finding.id).chain(report.clusters.iter().map(|cluster| &cluster.id));
    let mut seen = BTreeSet::new();
    for id in ids {
        if id.len() != 16 || !id.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()) {
            broken.push(format!("the id {id:?} is not 16 hex digits"));
        }
        if !seen.insert(id) {
            broken.push(format!("the id {id} is given twice"));
        }
    }
    for finding in &report.findings {
        check_finding(finding, texts, &mut broken);
    }
    check_clusters(report, texts, &mut broken);
    broken
}

fn check_totals(report: &Report, texts: &BTreeMap<String, String>, broken: &mut Vec<String>) {
    let bytes: usize = texts.values().map(String::len).sum();
    let totals = &report.corpus;
    if (totals.documents, totals.bytes) != (texts.len() as u64, bytes as u64) {
        broken.push(format!(
            "{} documents of {bytes} bytes are told as {} of {}",
            texts.len(),
            totals.documents,
            totals.bytes
        ));
    }
    if totals.distinct_units > totals.units {
        broken.push(format!("{} distinct units among {}", totals.distinct_units, totals.units));
    }
}

fn check_ledgers(report: &Report, texts: &BTreeMap<String, String>, broken: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    let mut tokens = 0;
    for ledger in &report.documents {
        let name = &ledger.document;
        if !texts.contains_key(name) || !seen.insert(name) {
            broken.push(format!("the ledger of {name:?} is of no document, or there are two"));
        }
        let reused: u64 = ledger.reused.iter().map(|entry| entry.tokens).sum();
        let sum = ledger.original + ledger.doubled + ledger.boilerplate + ledger.quoted + ledger.shared + reused;
        if sum != ledger.tokens {
            broken.push(format!("the ledger of {name:?} adds up to {sum} of {} tokens", ledger.tokens));
        }
        for entry in &ledger.reused {
            if !texts.contains_key(&entry.from) || &entry.from == name {
                broken.push(format!("{name:?} reuses {:?}", entry.from));
            }
        }
        tokens += ledger.tokens;
    }
    if report.documents.len() == texts.len() && tokens != report.corpus.tokens {
        broken.push(format!("ledgers hold {tokens} tokens, the corpus {}", report.corpus.tokens));
    }
}

/// The text of an occurrence, where its span can be cut.
fn cut<'a>(occurrence: &Occurrence, texts: &'a BTreeMap<String, String>) -> Option<&'a str> {
    let text = texts.get(&occurrence.document)?.get(occurrence.start..occurrence.end)?;
    (!text.is_empty()).then_some(text)
}

fn check_finding(finding: &Finding, texts: &BTreeMap<String, String>, broken: &mut Vec<String>) {
    let mut complain = |what: String| broken.push(format!("{} {}: {what}", finding.rule, finding.id));
    let copies: u64 = finding.occurrences.iter().map(|occurrence| occurrence.count).sum();
    if copies < 2 && finding.rule != "boilerplate" {
        complain(format!("{copies} copies are no repetition"));
    }
    if finding.occurrences.iter().filter(|occurrence| occurrence.role == "original").count() > 1 {
        complain("two originals".to_owned());
    }
    let mut by_document: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for occurrence in &finding.occurrences {
        by_document.entry(&occurrence.document).or_default().push((occurrence.start, occurrence.end));
    }
    for (document, spans) in &mut by_document {
        spans.sort_unstable();
        if spans.windows(2).any(|pair| pair[0].1 > pair[1].0) {
            complain(format!("occurrences in {document} overlap: {spans:?}"));
        }
    }
    let is_across = by_document.len() > 1;
    if (finding.rule == "shared-passage" && !is_across) || (finding.rule == "doubled-text" && is_across) {
        complain(format!("occurrences in {} documents", by_document.len()));
    }
    let Some(representative) = finding.occurrences.get(finding.representative) else {
        complain(format!("no occurrence {} for a representative", finding.representative));
        return;
    };
    let Some(representative_text) = cut(representative, texts) else {
        complain("the representative's span cannot be cut".to_owned());
        return;
    };
    let model = naive::words(representative_text);
    if representative.count == 1 && model.len() as u64 != finding.tokens {
        complain(format!("{} tokens are told as {}", model.len(), finding.tokens));
    }
    for occurrence in &finding.occurrences {
        let place = format!("{} {}..{}", occurrence.document, occurrence.start, occurrence.end);
        let Some(text) = cut(occurrence, texts) else {
            complain(format!("{place} cannot be cut"));
            continue;
        };
        let line = 1 + texts[&occurrence.document][..occurrence.start].matches('\n').count();
        let end_line = line + text.trim_end().matches('\n').count();
        if (occurrence.line, occurrence.end_line) != (line, end_line) {
            complain(format!(
                "{place} is on lines {line} to {end_line}, told as {} to {}",
                occurrence.line, occurrence.end_line
            ));
        }
        if occurrence.count == 1 && representative.count == 1 {
            for what in wrong_figures(occurrence, &naive::words(text), &model) {
                complain(format!("{place} {what}"));
            }
        }
    }
}

/// Figures of an occurrence that differ from what its words and the representative's give.
fn wrong_figures(occurrence: &Occurrence, words: &[String], model: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_same = words == model;
    if is_same != (occurrence.identity == 1.0) || is_same != occurrence.edits.is_empty() {
        wrong.push(format!(
            "has equal words: {is_same}, identity {}, {} edits",
            occurrence.identity,
            occurrence.edits.len()
        ));
    }
    if !is_same && words.len().max(model.len()) <= ALIGNED_WORDS {
        let equal = naive::common_subsequence(words, model).len();
        let best = equal as f64 / words.len().max(model.len()) as f64;
        if occurrence.identity > best + ROUNDING {
            wrong.push(format!("has identity {} where no alignment gives more than {best:.4}", occurrence.identity));
        }
    }
    let (resemblance, containment) = naive::resemblance(words, model, &[1, 2]);
    let told = [occurrence.resemblance, occurrence.containment[0], occurrence.containment[1]];
    let right = [resemblance, containment[0], containment[1]];
    if told.iter().zip(right).any(|(told, right)| (told - right).abs() > ROUNDING) {
        wrong.push(format!("has resemblance and containment {right:.4?}, told as {told:?}"));
    }
    wrong
}

fn check_clusters(report: &Report, texts: &BTreeMap<String, String>, broken: &mut Vec<String>) {
    let with_furniture: BTreeSet<&str> = report
        .documents
        .iter()
        .filter(|ledger| ledger.boilerplate > 0)
        .map(|ledger| ledger.document.as_str())
        .collect();
    let mut placed: BTreeMap<&str, &str> = BTreeMap::new();
    for cluster in &report.clusters {
        let mut complain = |what: String| broken.push(format!("{} {}: {what}", cluster.rule, cluster.id));
        let members: BTreeSet<&str> = cluster.members.iter().map(|member| member.document.as_str()).collect();
        if members.len() < 2 || members.len() != cluster.members.len() {
            complain(format!("{} members, {} of them different", cluster.members.len(), members.len()));
        }
        if !members.contains(cluster.representative.as_str()) {
            complain("the representative is no member".to_owned());
        }
        if cluster.members.iter().filter(|member| member.role == "original").count() > 1 {
            complain("two originals".to_owned());
        }
        for member in &members {
            if !texts.contains_key(*member) {
                complain(format!("{member} is no document"));
            } else if cluster.rule == "near-duplicate"
                && let Some(other) = placed.insert(member, &cluster.id)
            {
                complain(format!("{member} is also in {other}"));
            }
        }
        check_members(cluster, texts, &with_furniture, &mut complain);
    }
}

fn check_members(
    cluster: &Cluster,
    texts: &BTreeMap<String, String>,
    with_furniture: &BTreeSet<&str>,
    complain: &mut impl FnMut(String),
) {
    let Some(model) = texts.get(&cluster.representative).map(|text| naive::words(text)) else { return };
    for member in &cluster.members {
        let Some(text) = texts.get(&member.document) else { continue };
        if member.coverage.iter().any(|coverage| !(0.0..=1.0).contains(coverage)) {
            complain(format!("{} has coverage {:?}", member.document, member.coverage));
        }
        let words = naive::words(text);
        // Furniture is left out of the comparison, and only the scan knows which words that took away.
        let is_bare =
            ![&member.document, &cluster.representative].iter().any(|id| with_furniture.contains(id.as_str()));
        if is_bare && words.len() >= 5 && model.len() >= 5 {
            let (resemblance, _) = naive::resemblance(&words, &model, &[5]);
            if (resemblance - member.resemblance).abs() > ROUNDING {
                complain(format!(
                    "{} has resemblance {resemblance:.4}, told as {}",
                    member.document, member.resemblance
                ));
            }
            if words == model && member.coverage != [1.0, 1.0] {
                complain(format!("{} is word for word the same and covered {:?}", member.document, member.coverage));
            }
        }
    }
}
