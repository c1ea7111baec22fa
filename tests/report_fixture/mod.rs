//! Corpora and scans made by hand, so that renderers are tested without an engine.
//!
//! The builder takes texts and says where passages stand (by the words themselves); spans, edits (a plain longest
//! common subsequence of tokens), measures, roles and ledgers are worked out from that by the definitions, the slow
//! way.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub(crate) mod scenes;

use std::collections::BTreeSet;

use dittograph::date::PublicationDate;
use dittograph::document::{Corpus, Document, Origin, Skipped};
use dittograph::finding::{
    Cluster, Confidence, Edit, EditKind, Finding, Ledger, Member, Occurrence, Ratio, Role, Rule, Scan, Severity, Span,
};
use dittograph::report::{Appearance, Format, LedgerChoice, Report, explain, write};
use dittograph::settings::Settings;
use unicode_segmentation::UnicodeSegmentation;

/// A day in April 2021.
pub(crate) fn april(day: i64) -> Option<PublicationDate> {
    let earliest = 1_617_235_200 + (day - 1) * 86_400;
    Some(PublicationDate { earliest, latest: earliest + 86_400, has_zone: false })
}

/// A corpus, what is found in it, and the settings: all that a report needs.
#[derive(Default)]
pub(crate) struct Fixture {
    pub(crate) corpus: Corpus,
    pub(crate) scan: Scan,
    pub(crate) settings: Settings,
}

/// Where a passage stands: rank, its words there, which of their appearances (0 is the first).
pub(crate) type At<'a> = (u32, &'a str, usize);

impl Fixture {
    pub(crate) fn report(&self) -> Report<'_> {
        Report { corpus: &self.corpus, scan: &self.scan, settings: &self.settings, ledger: LedgerChoice::All }
    }

    pub(crate) fn written(&self, format: Format, appearance: Appearance) -> String {
        let mut out = Vec::new();
        write(&self.report(), format, appearance, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    pub(crate) fn explained(&self, id: u64, appearance: Appearance) -> Option<String> {
        let mut out = Vec::new();
        let found = explain(&self.report(), id, appearance, &mut out).unwrap();
        found.then(|| String::from_utf8(out).unwrap())
    }

    /// Adds a document (a file of its own) and returns its rank. Add them in the order of the corpus.
    pub(crate) fn document(&mut self, id: &str, date: Option<PublicationDate>, text: &str) -> u32 {
        self.corpus.documents.push(Document {
            id: id.into(),
            origin: Origin::plain(id),
            record: None,
            source: None,
            date,
            label: None,
            text: text.into(),
        });
        if text.trim().is_empty() {
            self.corpus.empty += 1;
        }
        self.corpus.documents.len() as u32 - 1
    }

    pub(crate) fn skip(&mut self, path: &str, line: Option<u64>, reason: &str, is_error: bool) {
        self.corpus.skipped.push(Skipped { path: path.to_owned(), line, reason: reason.to_owned(), is_error });
        self.corpus.skipped.sort();
    }

    fn text(&self, rank: u32, span: Span) -> &str {
        &self.corpus.documents[rank as usize].text[span.start as usize..span.end as usize]
    }

    fn span(&self, (rank, words, nth): At) -> Span {
        let text = &self.corpus.documents[rank as usize].text;
        let (start, _) = text.match_indices(words).nth(nth).unwrap_or_else(|| panic!("{rank} lacks {words:?} ({nth})"));
        Span { start: start as u32, end: (start + words.len()) as u32 }
    }

    /// Adds a finding. The first place is the representative.
    pub(crate) fn find(&mut self, rule: Rule, severity: Severity, confidence: Confidence, places: &[At]) -> u64 {
        let first = (places[0].0, self.span(places[0]));
        let tokens = tokens(self.text(first.0, first.1)).len() as u32;
        let mut occurrences: Vec<Occurrence> =
            places.iter().map(|&at| self.occurrence(first, (at.0, self.span(at)))).collect();
        occurrences.sort_by_key(|place| (place.document, place.span));
        self.decide_roles(&mut occurrences);
        let representative = occurrences.iter().position(|place| (place.document, place.span) == first).unwrap() as u32;
        let words = words(self.text(first.0, first.1));
        let id = id(rule, self.text(first.0, first.1));
        self.scan.findings.push(Finding { id, rule, severity, confidence, tokens, words, representative, occurrences });
        id
    }

    /// Adds a run of adjacent copies, the whole text of a document.
    pub(crate) fn find_run(&mut self, rank: u32, copy: &str, count: u32) -> u64 {
        let end = self.corpus.documents[rank as usize].text.trim_end().len() as u32;
        let tokens = tokens(copy).len() as u32;
        let id = id(Rule::DoubledText, copy);
        self.scan.findings.push(Finding {
            id,
            rule: Rule::DoubledText,
            severity: Severity::Error,
            confidence: Confidence::High,
            tokens,
            words: words(copy),
            representative: 0,
            occurrences: vec![Occurrence {
                document: rank,
                span: Span { start: 0, end },
                count,
                tokens: tokens * count,
                role: Role::Original,
                reason: "a run of copies",
                identity: Ratio::ONE,
                resemblance: Ratio::ONE,
                containment: [Ratio::ONE; 2],
                edits: Vec::new(),
            }],
        });
        id
    }

    /// Adds a cluster; members by rank.
    pub(crate) fn cluster(&mut self, rule: Rule, representative: u32, members: &[u32]) -> u64 {
        let whole = |rank: u32| &*self.corpus.documents[rank as usize].text;
        let ours: Vec<&str> = tokens(whole(representative)).into_iter().map(|(_, token)| token).collect();
        let dated = members.iter().all(|&rank| self.corpus.documents[rank as usize].date.is_some());
        let member = |(index, &rank): (usize, &u32)| {
            let theirs: Vec<&str> = tokens(whole(rank)).into_iter().map(|(_, token)| token).collect();
            let common = common(&ours, &theirs).len() as u64;
            let (role, reason) = match (dated, index) {
                (false, _) => (Role::Undecided, "no date tells"),
                (true, 0) => (Role::Original, "first by date"),
                (true, _) => (Role::Copy, "later by date"),
            };
            Member {
                document: rank,
                role,
                reason,
                coverage: [Ratio::new(common, theirs.len() as u64), Ratio::new(common, ours.len() as u64)],
                resemblance: resemblance(&shingles(&ours, 5..=5), &shingles(&theirs, 5..=5)),
                story: Box::default(),
            }
        };
        let members = members.iter().enumerate().map(member).collect();
        let id = id(rule, whole(representative));
        self.scan.clusters.push(Cluster { id, rule, representative, members });
        id
    }

    /// Works out the ledgers and the statistics from the findings: a token counts for the first of doubled,
    /// boilerplate, reused and shared that says so.
    pub(crate) fn finish(mut self) -> Fixture {
        self.scan.ledgers = (0..self.corpus.documents.len() as u32).map(|rank| self.ledger(rank)).collect();
        let statistics = &mut self.scan.statistics;
        statistics.documents = self.corpus.documents.len() as u64;
        statistics.bytes = self.corpus.documents.iter().map(|document| document.text.len() as u64).sum();
        statistics.tokens = self.scan.ledgers.iter().map(|ledger| u64::from(ledger.tokens)).sum();
        statistics.units = self.corpus.documents.iter().map(|document| document.text.lines().count() as u64).sum();
        statistics.distinct_units = statistics.units;
        self
    }

    fn ledger(&self, rank: u32) -> Ledger {
        let text = &self.corpus.documents[rank as usize].text;
        let tokens = tokens(text);
        // Kind 0 doubled, 1 boilerplate, 2 reused, 3 shared, 4 original.
        let mut kinds = vec![(4u8, 0u32); tokens.len()];
        for finding in &self.scan.findings {
            let mut seen = false;
            let first = finding.occurrences.partition_point(|place| place.document < rank);
            for place in finding.occurrences[first..].iter().take_while(|place| place.document == rank) {
                let kind = match finding.rule {
                    Rule::DoubledText if !seen && place.count == 1 => None,
                    Rule::DoubledText => Some((0, 0)),
                    Rule::Boilerplate => Some((1, 0)),
                    _ if place.role == Role::Copy => {
                        let original = finding.occurrences.iter().find(|place| place.role == Role::Original).unwrap();
                        Some((2, original.document))
                    }
                    _ if place.role == Role::Undecided => Some((3, 0)),
                    _ => None,
                };
                let spared = if place.count > 1 { finding.tokens as usize } else { 0 };
                seen = true;
                let Some(kind) = kind else { continue };
                let first = tokens.partition_point(|&(at, _)| at < place.span.start as usize);
                let last = tokens.partition_point(|&(at, _)| at < place.span.end as usize);
                for slot in &mut kinds[first + spared..last] {
                    *slot = kind.min(*slot);
                }
            }
        }
        let count = |kind: u8| kinds.iter().filter(|&&(of, _)| of == kind).count() as u32;
        let from: BTreeSet<u32> = kinds.iter().filter(|&&(kind, _)| kind == 2).map(|&(_, from)| from).collect();
        Ledger {
            tokens: tokens.len() as u32,
            original: count(4),
            doubled: count(0),
            boilerplate: count(1),
            quoted: 0,
            shared: count(3),
            reused: from
                .into_iter()
                .map(|from| (from, kinds.iter().filter(|&&kind| kind == (2, from)).count() as u32))
                .collect(),
        }
    }

    fn occurrence(&self, representative: (u32, Span), (rank, span): (u32, Span)) -> Occurrence {
        let theirs = tokens(self.text(representative.0, representative.1));
        let ours = tokens(self.text(rank, span));
        let plain =
            |tokens: &[(usize, &'_ str)]| tokens.iter().map(|&(_, token)| token.to_lowercase()).collect::<Vec<_>>();
        let (a, b) = (plain(&theirs), plain(&ours));
        let (a, b): (Vec<&str>, Vec<&str>) = (a.iter().map(|t| &**t).collect(), b.iter().map(|t| &**t).collect());
        let equal = common(&a, &b);
        let mut edits = Vec::new();
        let mut columns = equal.len() as u64;
        let (mut i, mut j) = (0, 0);
        for &(next_i, next_j) in equal.iter().chain([&(a.len(), b.len())]) {
            columns += (next_i - i).max(next_j - j) as u64;
            let kind = match (next_i > i, next_j > j) {
                (true, true) => Some(EditKind::Changed),
                (false, true) => Some(EditKind::Inserted),
                (true, false) => Some(EditKind::Deleted),
                (false, false) => None,
            };
            if let Some(kind) = kind {
                let representative = range(&theirs, i..next_i, representative.1);
                edits.push(Edit { kind, representative, occurrence: range(&ours, j..next_j, span) });
            }
            (i, j) = (next_i + 1, next_j + 1);
        }
        let (mine, its) = (shingles(&b, 1..=2), shingles(&a, 1..=2));
        let both = mine.intersection(&its).count() as u64;
        Occurrence {
            document: rank,
            span,
            count: 1,
            tokens: ours.len() as u32,
            role: Role::Undecided,
            reason: "",
            identity: Ratio::new(equal.len() as u64, columns),
            resemblance: resemblance(&mine, &its),
            containment: [Ratio::new(both, mine.len() as u64), Ratio::new(both, its.len() as u64)],
            edits,
        }
    }

    fn decide_roles(&self, places: &mut [Occurrence]) {
        let first = places[0].document;
        let inside = places.iter().all(|place| place.document == first);
        let dates: Vec<_> = places.iter().map(|place| self.corpus.documents[place.document as usize].date).collect();
        let dated = dates.iter().all(Option::is_some) && dates.iter().filter(|&&date| date == dates[0]).count() == 1;
        for (index, place) in places.iter_mut().enumerate() {
            (place.role, place.reason) = match (inside, dated, index) {
                (true, _, 0) => (Role::Original, "first in the document"),
                (true, _, _) => (Role::Copy, "later in the document"),
                (false, true, 0) => (Role::Original, "first by date"),
                (false, true, _) => (Role::Copy, "later by date"),
                (false, false, _) => (Role::Undecided, "no date tells"),
            };
        }
    }
}

fn range(tokens: &[(usize, &str)], of: std::ops::Range<usize>, within: Span) -> Span {
    let start = tokens.get(of.start).map_or((within.end - within.start) as usize, |&(at, _)| at);
    let end = if of.is_empty() { start } else { tokens[of.end - 1].0 + tokens[of.end - 1].1.len() };
    // An empty place stands behind the token before it.
    let (start, end) = match of.start.checked_sub(1).filter(|_| of.is_empty()).map(|before| tokens[before]) {
        Some((at, token)) => (at + token.len(), at + token.len()),
        None => (start, end),
    };
    Span { start: within.start + start as u32, end: within.start + end as u32 }
}

fn id(rule: Rule, text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(format!("{} {}", rule.name(), text.to_lowercase()).as_bytes())
}

pub(crate) fn tokens(text: &str) -> Vec<(usize, &str)> {
    text.unicode_word_indices().collect()
}

fn words(text: &str) -> u32 {
    let tokens = tokens(text);
    let unspaced = tokens.iter().filter(|(_, token)| ('\u{3040}'..'\u{a000}').contains(&token.chars().next().unwrap()));
    let unspaced = unspaced.count() as u32;
    tokens.len() as u32 - unspaced + unspaced.div_ceil(2)
}

fn shingles<'a>(tokens: &[&'a str], lengths: std::ops::RangeInclusive<usize>) -> BTreeSet<Vec<&'a str>> {
    lengths.flat_map(|length| tokens.windows(length).map(<[&str]>::to_vec)).collect()
}

fn resemblance(a: &BTreeSet<Vec<&str>>, b: &BTreeSet<Vec<&str>>) -> Ratio {
    Ratio::new(a.intersection(b).count() as u64, a.union(b).count() as u64)
}

/// Index pairs of a longest common subsequence.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i][j] = if a[i] == b[j] { best[i + 1][j + 1] + 1 } else { best[i + 1][j].max(best[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Compares with a file under `tests/snapshots`; writes it instead when `UPDATE_SNAPSHOTS` is set.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    #[allow(clippy::disallowed_methods, reason = "a test may read its own switch")]
    let update = std::env::var("UPDATE_SNAPSHOTS").is_ok();
    if update {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept == text {
        return;
    }
    let line = kept.lines().zip(text.lines()).take_while(|(old, new)| old == new).count();
    panic!(
        "{name} differs from its snapshot at line {}:\n  was: {:?}\n  now: {:?}\nall of it now:\n{text}\n\
         If that is meant: UPDATE_SNAPSHOTS=1 cargo test --test {}",
        line + 1,
        kept.lines().nth(line),
        text.lines().nth(line),
        env!("CARGO_CRATE_NAME"),
    );
}
