//! Judge: what of a scan is a problem for the team whose corpus it is.
//!
//! **Idea.** A scan tells everything; a gate that cries wolf is switched off. So in this order: what is only there to be
//! compared with is nobody's problem; neither is wording that is allowed, nor what documents of one group share; places
//! that a comment or the configuration excuses are left out, and with them a finding that has no second place left.
//! What a baseline knows, with no more copies than now, is counted only. A passage that is there once
//! more because a whole document is, which is told, is not told again. What is left gets the severity that the team gave its rule, and the worst comes first.
//!
//! The baseline is made of the same candidates before the rules' severities are looked at: a passage that is boilerplate
//! today, of which nothing is told, may be a shared passage tomorrow because a page went, and is known then.
//!
//! **Cost.** Linear in the places of all findings, a look-up for each run of their words; a page is read once more if
//! something in it is told, or it holds a comment for this program.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::baseline::{Baseline, Entry, Sample};
use super::pages::Pages;
use super::problems::{Budget, BudgetKind, Checked, Place, Problem, Size, SkippedInput, Suppressed, Unused};
use super::suppressions::{self, Suppression, Writing};
use crate::ScanError;
use crate::document::{Corpus, Document, Side};
use crate::finding::{Role, Rule, Scan, Severity, Span};
use crate::input::show_path;
use crate::report::excerpt::clip;
use crate::report::lines::Lines;
use crate::report::view::Texts;
use crate::text::Cutter;

/// Columns of a problem's excerpt.
const EXCERPT: usize = 150;
/// Words that repeat by nature if they are fewer: a headline, a phrase of a manual, a page that only leads on.
const SHORT: u32 = 20;
/// Columns of the text in a line of a baseline.
const ENTRY_TEXT: usize = 60;

/// What a team wants of its corpus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// What each rule is worth; nothing is told of a rule that is missing here.
    pub severities: BTreeMap<Rule, Severity>,
    /// Whether short echoes, of fewer than 20 words, are worth what their rule is; else they are notes.
    pub counts_echoes: bool,
    /// New errors that are allowed.
    pub findings: Option<u64>,
    /// The share of repeated words that is allowed, in millionths.
    pub repeated_words: Option<u64>,
    /// Findings that are excused.
    pub allowed: Vec<Allowed>,
    /// Paths of documents whose wording is allowed everywhere, as in [`Origin`](crate::document::Origin).
    pub known_text: BTreeSet<String>,
    /// The groups of each path: documents that share one are not compared among themselves.
    pub groups: BTreeMap<String, Vec<u32>>,
    /// Where paths are reached from, and the folder that reports name them from. Both absolute.
    pub here: PathBuf,
    /// See `here`.
    pub root: PathBuf,
    /// Files that were changed, named from the root, if that is known: their places come first.
    pub changed: BTreeSet<String>,
    /// Whether only problems with a place in a changed file are told.
    pub only_changed: bool,
    /// How the baseline's file is called in reports.
    pub baseline: String,
}

/// A finding that is excused by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Its id.
    pub id: u64,
    /// Why.
    pub reason: String,
    /// Where that is written, for a report.
    pub path: String,
    /// Its line.
    pub line: Option<u64>,
}

impl Policy {
    /// The name of a file in reports.
    pub fn name_file(&self, path: &Path) -> String {
        self.name_path(&show_path(path))
    }

    /// The name of a path in reports, given as documents have it: from the root where it lies below it, with `/` between its parts.
    pub fn name_path(&self, path: &str) -> String {
        if path == "-" {
            return path.to_owned();
        }
        let mut whole = PathBuf::new();
        for part in self.here.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    whole.pop();
                }
                part => whole.push(part),
            }
        }
        let from_root = whole.strip_prefix(&self.root).unwrap_or(&whole);
        let name = from_root.to_string_lossy();
        if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
    }
}

/// Judges a scan. `kept` is the baseline that the team keeps, of which lines that nothing needs are told; `base` is known
/// beside it.
///
/// # Errors
/// If a page was changed since it was read.
pub fn judge(
    corpus: &Corpus,
    scan: &Scan,
    policy: &Policy,
    kept: &Baseline,
    base: &Baseline,
) -> Result<Checked, ScanError> {
    let court = Court::open(corpus, policy)?;
    let Selection { candidates, excused, used } = court.select(scan);
    let baseline = kept.clone().with(base.clone());
    let known = baseline.index();
    let mut cutter = Cutter::default();
    let mut checked = Checked { unused: court.find_unused(&used), ..Checked::default() };
    // Documents that a problem of whole documents holds together, or one that is excused.
    let mut wholes: Vec<BTreeSet<u32>> = excused
        .iter()
        .filter(|(candidate, _)| candidate.is_whole())
        .map(|(candidate, _)| candidate.documents())
        .collect();
    for candidate in &candidates {
        if !policy.severities.contains_key(&candidate.rule) {
            continue;
        }
        let copies = known.copies(candidate.rule, &Sample::of([court.text_of(candidate)], &mut cutter));
        if copies >= candidate.own {
            checked.known += 1;
            continue;
        }
        let apart = candidate.copies_apart(&wholes);
        // One place is no repetition, but for what others have that it is compared with. What was altered is told always.
        let least = u64::from(!candidate.places.iter().any(|spot| !court.is_own(spot.document)));
        let may_be_told = matches!(candidate.rule, Rule::SharedPassage | Rule::ReusedQuote);
        if may_be_told && apart < candidate.own && copies.max(least) >= apart {
            continue;
        }
        if candidate.is_whole() {
            wholes.push(candidate.documents());
        }
        if court.is_of_change(candidate) {
            checked.problems.push(court.describe(scan, candidate, copies)?);
        }
    }
    for (candidate, excuse) in &excused {
        let is_told = !candidate.is_whole() && wholes.iter().any(|whole| candidate.documents().is_subset(whole));
        if policy.severities.contains_key(&candidate.rule) && !is_told {
            checked.suppressed.push(court.describe_excused(scan, candidate, *excuse)?);
        }
    }
    let order = |problem: &Problem| {
        (Reverse(problem.severity), Reverse(u64::from(problem.words) * problem.copies()), problem.rule, problem.id)
    };
    // Most checks have no baseline, and need no sample of every finding.
    let unneeded = if kept.is_empty() { 0 } else { kept.count_unneeded(&court.record(&candidates)) };
    if unneeded > 0 {
        let what = format!("lines that nothing needs any more: {unneeded}; `dittograph baseline prune`");
        checked.unused.push(Unused { path: policy.baseline.clone(), line: None, what });
    }
    checked.problems.sort_by_cached_key(order);
    checked.suppressed.sort_by_cached_key(|suppressed| order(&suppressed.problem));
    checked.size = court.measure(scan);
    checked.budgets = budgets(policy, &checked);
    checked.skipped = corpus
        .skipped
        .iter()
        .map(|skipped| SkippedInput {
            path: policy.name_path(&skipped.path),
            line: skipped.line,
            reason: skipped.reason.clone(),
            is_error: skipped.is_error,
        })
        .collect();
    Ok(checked)
}

/// What there is now, as a baseline.
///
/// # Errors
/// If a page was changed since it was read.
pub fn record(corpus: &Corpus, scan: &Scan, policy: &Policy) -> Result<Baseline, ScanError> {
    let court = Court::open(corpus, policy)?;
    Ok(court.record(&court.select(scan).candidates))
}

fn budgets(policy: &Policy, checked: &Checked) -> Vec<Budget> {
    let Size { tokens, repeated, .. } = checked.size;
    // Rounded up: a hair over is over.
    let share = (repeated * 1_000_000)
        .checked_div(tokens)
        .map_or(0, |share| share + u64::from(share * tokens < repeated * 1_000_000));
    let findings = policy.findings.map(|allowed| Budget {
        kind: BudgetKind::Findings,
        allowed,
        used: checked.count(Severity::Error),
    });
    let words = policy.repeated_words.map(|allowed| Budget { kind: BudgetKind::RepeatedWords, allowed, used: share });
    findings.into_iter().chain(words).collect()
}

/// A place of a candidate.
#[derive(Debug, Clone, Copy)]
struct Spot {
    document: u32,
    span: Span,
    count: u32,
    role: Role,
}

/// A finding, or a cluster, that may be a problem.
struct Candidate {
    id: u64,
    rule: Rule,
    words: u32,
    /// Whose words stand for all.
    representative: Spot,
    /// Places that count, by document and place.
    places: Vec<Spot>,
    /// Copies in documents that are checked, not only compared with.
    own: u64,
    /// Whether it is short.
    is_echo: bool,
}

impl Candidate {
    fn is_whole(&self) -> bool {
        matches!(self.rule, Rule::NearDuplicate | Rule::Contained)
    }

    fn documents(&self) -> BTreeSet<u32> {
        self.places.iter().map(|spot| spot.document).collect()
    }

    /// Copies in checked documents, those in documents that a problem holds together as wholes counted once.
    fn copies_apart(&self, wholes: &[BTreeSet<u32>]) -> u64 {
        let more = |whole: &BTreeSet<u32>| {
            let held =
                || self.places.iter().filter(|spot| whole.contains(&spot.document)).map(|spot| u64::from(spot.count));
            held().sum::<u64>() - held().max().unwrap_or(0)
        };
        self.own.saturating_sub(wholes.iter().map(more).sum())
    }
}

/// What was found, sorted.
#[derive(Default)]
struct Selection {
    candidates: Vec<Candidate>,
    /// With what excuses it.
    excused: Vec<(Candidate, Excuse)>,
    /// What excused any place.
    used: BTreeSet<Excuse>,
}

/// A comment that excuses something.
struct Comment {
    /// Its line in the file.
    line: u64,
    says: Suppression,
}

/// What excuses: a comment, by document and number in it, or one of the configuration's allowances, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Excuse {
    Comment(u32, usize),
    Allowed(usize),
}

/// A corpus with what is said of it.
struct Court<'a> {
    policy: &'a Policy,
    texts: Texts<'a>,
    /// Comments that excuse something, by document.
    comments: BTreeMap<u32, Vec<Comment>>,
    /// Findings that the configuration allows, with the number of what says so.
    allowed: BTreeMap<u64, usize>,
    /// What is wrong with comments.
    mistakes: Vec<Unused>,
    pages: Pages,
    /// Of the pages.
    page_lines: Lines,
}

impl<'a> Court<'a> {
    fn open(corpus: &'a Corpus, policy: &'a Policy) -> Result<Self, ScanError> {
        let mut court = Court {
            policy,
            texts: Texts::of(corpus),
            comments: BTreeMap::new(),
            // Of two that allow one finding the first counts.
            allowed: policy.allowed.iter().enumerate().rev().map(|(number, one)| (one.id, number)).collect(),
            mistakes: Vec::new(),
            pages: Pages::of(corpus),
            page_lines: Lines::default(),
        };
        for (rank, document) in (0u32..).zip(&corpus.documents) {
            court.read_comments(rank, document)?;
        }
        Ok(court)
    }

    fn read_comments(&mut self, rank: u32, document: &Document) -> Result<(), ScanError> {
        let page = self.pages.with_comments(document)?;
        let (comments, (suppressions, mistakes)) = match &page {
            Some(page) => {
                let comments = suppressions::find(&page.page, Writing::Page);
                let read = suppressions::read(&comments, &document.text, |place| page.text_behind(place));
                (comments, read)
            }
            None => {
                let comments = suppressions::find(&document.text, Writing::Text);
                let read = suppressions::read(&comments, &document.text, |place| place as u32);
                (comments, read)
            }
        };
        if comments.is_empty() {
            return Ok(());
        }
        let line = |at: usize| match (document.record, &page) {
            (Some(record), _) => record.get(),
            (None, Some(page)) => self.page_lines.line(rank, &page.page, at as u32),
            (None, None) => self.texts.lines(rank, Span { start: at as u32, end: at as u32 }).0,
        };
        let path = self.policy.name_path(&document.origin.path);
        self.mistakes.extend(mistakes.into_iter().map(|mistake| Unused {
            path: path.clone(),
            line: Some(line(mistake.comment)),
            what: format!("a comment that is not understood: {}", mistake.what),
        }));
        let comments = suppressions.into_iter().map(|says| Comment { line: line(says.comment), says });
        let comments: Vec<Comment> = comments.collect();
        if !comments.is_empty() {
            self.comments.insert(rank, comments);
        }
        Ok(())
    }

    fn side(&self, rank: u32) -> Side {
        self.texts.document(rank).map_or(Side::Reference, |document| document.origin.side)
    }

    /// Whether a document is checked: what is also there to be compared with is not.
    fn is_own(&self, rank: u32) -> bool {
        self.side(rank) == Side::Subject
    }

    fn path(&self, rank: u32) -> &'a str {
        self.texts.document(rank).map_or("", |document| &document.origin.path)
    }

    /// What may be a problem, and what is excused, with the reason. Whole documents first.
    fn select(&self, scan: &Scan) -> Selection {
        let clusters = scan.clusters.iter().map(|cluster| {
            let spot = |document: u32, role: Role| {
                let end = self.texts.whole(document).len() as u32;
                Spot { document, span: Span { start: 0, end }, count: 1, role }
            };
            let places: Vec<Spot> = cluster.members.iter().map(|member| spot(member.document, member.role)).collect();
            let representative = spot(cluster.representative, Role::Undecided);
            let words = scan.ledgers.get(cluster.representative as usize).map_or(0, |ledger| ledger.tokens);
            Candidate {
                id: cluster.id,
                rule: cluster.rule,
                words,
                representative,
                places,
                own: 0,
                is_echo: words < SHORT,
            }
        });
        let findings = scan.findings.iter().filter_map(|finding| {
            let spots = finding.occurrences.iter().map(|occurrence| Spot {
                document: occurrence.document,
                span: occurrence.span,
                count: occurrence.count,
                role: occurrence.role,
            });
            let places: Vec<Spot> = spots.collect();
            let representative = *places.get(finding.representative as usize)?;
            let may_echo = matches!(finding.rule, Rule::DoubledText | Rule::SharedPassage);
            let is_echo = may_echo && finding.words < SHORT;
            let (id, rule, words) = (finding.id, finding.rule, finding.words);
            Some(Candidate { id, rule, words, representative, places, own: 0, is_echo })
        });
        let mut selection = Selection::default();
        for mut candidate in clusters.chain(findings) {
            if !self.concerns(&candidate) {
                continue;
            }
            candidate.places.sort_by_key(|spot| (spot.document, spot.span));
            let all = candidate.places.clone();
            let mut by_comment = None;
            candidate.places.retain(|spot| {
                let comments = self.comments.get(&spot.document).into_iter().flatten().enumerate();
                let mut excusing =
                    comments.filter(|(_, own)| own.says.excuses(candidate.rule, candidate.id, spot.span));
                let Some((number, _)) = excusing.next() else { return true };
                let excuse = Excuse::Comment(spot.document, number);
                selection.used.insert(excuse);
                by_comment.get_or_insert(excuse);
                false
            });
            let copies: u64 = candidate.places.iter().map(|spot| u64::from(spot.count)).sum();
            let is_alone = copies < 2 && candidate.rule != Rule::Boilerplate;
            let own = candidate.places.iter().filter(|spot| self.is_own(spot.document));
            candidate.own = own.map(|spot| u64::from(spot.count)).sum();
            let by_id = self.allowed.get(&candidate.id).map(|number| Excuse::Allowed(*number));
            selection.used.extend(by_id);
            match by_comment.filter(|_| is_alone || candidate.own == 0).or(by_id) {
                Some(excuse) => selection.excused.push((Candidate { places: all, ..candidate }, excuse)),
                None => selection.candidates.push(candidate),
            }
        }
        selection
    }

    /// Whether a finding is anybody's concern: some place of it is checked, its wording is not allowed, and its documents
    /// are of more than one group.
    fn concerns(&self, candidate: &Candidate) -> bool {
        let documents = candidate.documents();
        // A document is not to blame for others that lie inside it.
        let holder = (candidate.rule == Rule::Contained).then_some(candidate.representative.document);
        let is_checked = documents.iter().any(|document| self.is_own(*document) && Some(*document) != holder);
        let is_known = documents.iter().any(|document| self.policy.known_text.contains(self.path(*document)));
        is_checked && !is_known && !(documents.len() > 1 && self.are_of_one_group(&documents))
    }

    fn are_of_one_group(&self, documents: &BTreeSet<u32>) -> bool {
        let groups = |document: &u32| self.policy.groups.get(self.path(*document)).map_or(&[][..], Vec::as_slice);
        let Some((first, rest)) = documents.iter().next().map(|first| (first, documents.iter().skip(1))) else {
            return false;
        };
        groups(first).iter().any(|group| rest.clone().all(|other| groups(other).contains(group)))
    }

    /// Candidates as a baseline.
    fn record(&self, candidates: &[Candidate]) -> Baseline {
        let mut cutter = Cutter::default();
        Baseline::of(candidates.iter().map(|candidate| {
            // Whichever of its places stands for all next time.
            let texts = candidate.places.iter().map(|spot| self.texts.text(spot.document, spot.span));
            Entry {
                id: candidate.id,
                rule: candidate.rule,
                copies: candidate.own,
                words: candidate.words,
                text: excerpt(self.text_of(candidate), ENTRY_TEXT),
                sample: Sample::of(texts, &mut cutter),
            }
        }))
    }

    fn text_of(&self, candidate: &Candidate) -> &'a str {
        let Spot { document, span, .. } = candidate.representative;
        self.texts.text(document, span)
    }

    /// Whether some place that is checked stands in a file that was changed.
    fn is_of_change(&self, candidate: &Candidate) -> bool {
        !self.policy.only_changed
            || candidate.places.iter().any(|spot| self.is_own(spot.document) && self.is_changed(spot.document))
    }

    fn is_changed(&self, rank: u32) -> bool {
        let changed = &self.policy.changed;
        !changed.is_empty() && changed.contains(&self.policy.name_path(self.path(rank)))
    }

    fn describe(&self, scan: &Scan, candidate: &Candidate, known: u64) -> Result<Problem, ScanError> {
        let mut spots: Vec<Spot> = candidate.places.clone();
        // First the place to act on: one that was changed, else a copy; of equals the last one in the corpus.
        let weight = |spot: &Spot| {
            let is_changed = self.is_changed(spot.document);
            let holds_others = candidate.rule == Rule::Contained && spot.document == candidate.representative.document;
            (
                self.is_own(spot.document),
                !holds_others,
                is_changed,
                spot.role != Role::Original,
                spot.document,
                spot.span,
            )
        };
        if let Some(first) = (0..spots.len()).max_by_key(|at| spots.get(*at).map(weight)) {
            spots[..=first].rotate_right(1);
        }
        let places = spots.iter().map(|spot| self.place(spot)).collect::<Result<Vec<Place>, ScanError>>()?;
        let words = match spots.first() {
            Some(first) if candidate.is_whole() => {
                scan.ledgers.get(first.document as usize).map_or(candidate.words, |ledger| ledger.tokens)
            }
            _ => candidate.words,
        };
        let excerpt = excerpt(self.text_of(candidate), EXCERPT);
        let of_rule = self.policy.severities.get(&candidate.rule).copied();
        let is_worth = !candidate.is_echo || self.policy.counts_echoes;
        let severity = of_rule.filter(|_| is_worth).unwrap_or(Severity::Note);
        Ok(Problem { id: candidate.id, rule: candidate.rule, severity, words, known, places, excerpt })
    }

    fn describe_excused(&self, scan: &Scan, candidate: &Candidate, by: Excuse) -> Result<Suppressed, ScanError> {
        let problem = self.describe(scan, candidate, 0)?;
        let of_comment = |rank: u32, number: usize| {
            let own = self.comments.get(&rank)?.get(number)?;
            Some((own.says.reason.clone(), self.policy.name_path(self.path(rank)), Some(own.line)))
        };
        let of_allowed = |number: usize| {
            let own = self.policy.allowed.get(number)?;
            Some((own.reason.clone(), own.path.clone(), own.line))
        };
        let (reason, path, line) = match by {
            Excuse::Comment(rank, number) => of_comment(rank, number),
            Excuse::Allowed(number) => of_allowed(number),
        }
        .unwrap_or_default();
        Ok(Suppressed { problem, reason, path, line })
    }

    fn place(&self, spot: &Spot) -> Result<Place, ScanError> {
        let Some(document) = self.texts.document(spot.document) else { return Err(ScanError::Changed(String::new())) };
        let path = self.policy.name_path(&document.origin.path);
        let (line, end_line) = match document.record {
            Some(record) => (record.get(), record.get()),
            None => match self.pages.of_document(document)? {
                Some(page) => {
                    let last = spot.span.end.saturating_sub(1).max(spot.span.start);
                    let line =
                        |byte| self.page_lines.line(spot.document, &page.page, page.place_of(byte) as u32);
                    (line(spot.span.start), line(last))
                }
                None => self.texts.lines(spot.document, spot.span),
            },
        };
        // What is named by its place is named from the root too.
        let named = document.id.strip_prefix(&*document.origin.path).filter(|_| document.own_id().is_none());
        let id = named.map_or_else(|| document.id.to_string(), |rest| format!("{path}{rest}"));
        Ok(Place {
            path,
            document: id,
            line,
            end_line: end_line.max(line),
            start: spot.span.start,
            end: spot.span.end,
            count: spot.count,
            is_reference: !self.is_own(spot.document),
            is_holder: false,
        })
    }

    /// Suppressions that excuse nothing, and comments that are not understood.
    fn find_unused(&self, used: &BTreeSet<Excuse>) -> Vec<Unused> {
        let mut unused = self.mistakes.clone();
        for (rank, comments) in &self.comments {
            let comments = comments.iter().enumerate();
            let idle = comments.filter(|(number, _)| !used.contains(&Excuse::Comment(*rank, *number)));
            unused.extend(idle.map(|(_, own)| Unused {
                path: self.policy.name_path(self.path(*rank)),
                line: Some(own.line),
                what: format!("a comment that excuses nothing ({})", own.says.name()),
            }));
        }
        let allowed = self.policy.allowed.iter().enumerate();
        let idle = allowed.filter(|(number, _)| !used.contains(&Excuse::Allowed(*number)));
        unused.extend(idle.map(|(_, allowed)| Unused {
            path: allowed.path.clone(),
            line: allowed.line,
            what: format!("an allowed finding that is no more ({:016x})", allowed.id),
        }));
        unused.sort();
        unused
    }

    fn measure(&self, scan: &Scan) -> Size {
        let mut size = Size::default();
        for (rank, ledger) in (0u32..).zip(&scan.ledgers) {
            if self.is_own(rank) {
                size.documents += 1;
                size.tokens += u64::from(ledger.tokens);
                size.repeated += u64::from(ledger.tokens - ledger.original.min(ledger.tokens));
            } else {
                size.references += 1;
            }
        }
        size
    }
}

/// The first words of a text, on one line.
fn excerpt(text: &str, columns: usize) -> String {
    let line = text.split_whitespace().take(columns).collect::<Vec<&str>>().join(" ");
    clip(&line, columns, 0).join("…")
}
