//! Judge: what of a scan is a problem for the team whose corpus it is.
//!
//! **Idea.** A scan tells everything; a gate that cries wolf is switched off. So in this order: what is only there to be
//! compared with is nobody's problem; neither is wording that is allowed, nor what documents of one group share; places
//! that a comment or the configuration excuses are left out, and with them a finding that has no second place left.
//! What is left is counted in the corpus (`copies`), and is known if a [baseline](super::baseline) has as
//! many copies. What stands there once more because a whole document does, of which it is told, is not told again. What
//! is new gets the severity that the team gave its rule, and the worst comes first.
//!
//! The baseline is made of the same candidates before the rules' severities are looked at: a passage that is boilerplate
//! today, of which nothing is told, may be a shared passage tomorrow because a page went, and is known then.
//!
//! **Cost.** Linear in the corpus, whose runs are counted, and in the places of all findings; a page is read once more if
//! something in it is told, or it holds a comment for this program.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::baseline::{Baseline, Entry, Known};
use super::candidates::{Candidate, Selection, Sides, Spot, Subject, select};
use super::copies::{Copies, Ties};
use super::excuses::{Excuse, Excuses};
use super::pages;
use super::problems::{Budget, BudgetKind, Checked, Place, Problem, Size, SkippedInput, Suppressed, Unused};
use super::runs::Sample;
use crate::ScanError;
use crate::config::tidy;
use crate::document::Corpus;
use crate::finding::{Role, Rule, Scan, Severity, Span};
use crate::input::show_path;
use crate::report::excerpt::clip;
use crate::report::view::Texts;
use crate::text::Cutter;

/// Columns of a problem's excerpt.
const EXCERPT: usize = 150;
/// Columns of the text in a line of a baseline.
const ENTRY_TEXT: usize = 60;

/// What a team wants of its corpus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// What each rule is worth; nothing is told of a rule that is missing here.
    pub severities: BTreeMap<Rule, Severity>,
    /// Whether short echoes, of fewer than 20 words, are told of; else they are counted only.
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
    /// Paths of documents that changed since what is known stood there, or that were not looked at then, if that is asked:
    /// their places come first, and problems without one are none. What stands in others stood there before.
    pub changed: Option<BTreeSet<String>>,
    /// Whether this is a part of what is checked at other times: nothing is told of what it does not need.
    pub is_a_part: bool,
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
        let whole = tidy(&self.here.join(path));
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
    let court = Court::open(corpus, scan, policy, kept)?;
    let Selection { excused, used, dismissed, .. } = &court.selection;
    let known = kept.clone().with(base.clone()).index();
    let mut checked = Checked::default();
    let (told, ties) = court.sift(&known, &mut checked);
    let excused: Vec<&(Candidate, Excuse)> =
        excused.iter().filter(|(candidate, _)| court.would_be_told(candidate, &ties)).collect();
    let lines = court.find_lines(told.iter().map(|told| told.0).chain(excused.iter().map(|excused| &excused.0)))?;
    for (candidate, news) in &told {
        checked.problems.push(court.describe(candidate, news, &lines));
    }
    for (candidate, excuse) in excused {
        let problem = court.describe(candidate, &News::default(), &lines);
        let (reason, path, line) = court.excuses.tell(*excuse);
        checked.suppressed.push(Suppressed { problem, reason, path, line });
    }
    let order = |problem: &Problem| {
        (Reverse(problem.severity), Reverse(u64::from(problem.words) * problem.copies()), problem.rule, problem.id)
    };
    checked.problems.sort_by_cached_key(order);
    checked.suppressed.sort_by_cached_key(|suppressed| order(&suppressed.problem));
    checked.misunderstood.clone_from(&court.excuses.misunderstood);
    if !policy.is_a_part {
        checked.unused = court.excuses.unused(used);
        checked.unused.extend(court.find_unneeded(kept));
        checked.unused.sort();
    }
    checked.size = court.measure(dismissed);
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

/// What becomes of a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// It is what there is now.
    Write,
    /// It keeps what it has, and gets what is new.
    Update,
    /// It loses what nothing needs, and gets nothing.
    Prune,
}

/// Brings a baseline up to date.
///
/// # Errors
/// If a page was changed since it was read.
pub fn keep(
    corpus: &Corpus,
    scan: &Scan,
    policy: &Policy,
    old: &Baseline,
    upkeep: Upkeep,
) -> Result<Baseline, ScanError> {
    let court = Court::open(corpus, scan, policy, old)?;
    Ok(match upkeep {
        Upkeep::Write => court.record(&Known::default()),
        Upkeep::Update => old.clone().with(court.record(&old.index())),
        Upkeep::Prune => court.prune(old),
    })
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

/// What of a candidate is new.
#[derive(Default)]
struct News<'c> {
    /// The texts that are not known.
    subjects: Vec<&'c Subject>,
    /// The most copies of one that are known.
    known: u64,
}

/// A corpus with what is said of it.
struct Court<'a> {
    policy: &'a Policy,
    scan: &'a Scan,
    sides: Sides<'a>,
    texts: Texts<'a>,
    excuses: Excuses<'a>,
    selection: Selection,
    /// Copies of the subjects, and of the lines of a baseline.
    copies: Copies,
}

impl<'a> Court<'a> {
    fn open(corpus: &'a Corpus, scan: &'a Scan, policy: &'a Policy, kept: &Baseline) -> Result<Self, ScanError> {
        let (sides, texts) = (Sides { corpus, policy }, Texts::of(corpus));
        let excuses = Excuses::read(corpus, &texts, policy)?;
        let mut selection = select(&sides, scan, &excuses);
        let copies = selection.count(&sides, &excuses, kept.entries().map(|entry| &entry.sample));
        Ok(Court { policy, scan, sides, texts, excuses, selection, copies })
    }

    /// What is told of, with what of it is new, and which documents count as one since that is told. Counts the rest.
    fn sift(&self, known: &Known, checked: &mut Checked) -> (Vec<(&Candidate, News<'_>)>, Ties) {
        let mut ties = self.sides.ties();
        let excused = self.selection.excused.iter().filter(|(candidate, _)| candidate.rule.is_of_documents());
        for (candidate, _) in excused {
            let copies = candidate.subjects.iter().map(|subject| known.copies(candidate.rule, &subject.sample));
            ties.tie(candidate.documents.iter().copied(), copies.max().unwrap_or(0));
        }
        let mut told = Vec::new();
        for candidate in &self.selection.candidates {
            if !self.policy.severities.contains_key(&candidate.rule) {
                continue;
            }
            let Some(news) = self.find_news(candidate, known, &ties) else {
                let mut subjects = candidate.subjects.iter();
                let is_known = subjects.any(|subject| known.copies(candidate.rule, &subject.sample) > 0);
                checked.known += u64::from(is_known);
                continue;
            };
            if candidate.rule.is_of_documents() {
                // What these documents share is told with this.
                let inside = news.subjects.iter().map(|subject| subject.spot.document);
                match candidate.holder() {
                    Some(holder) => ties.tie(inside.chain([holder]), news.known),
                    None => ties.tie(candidate.documents.iter().copied(), news.known),
                }
            }
            if !self.is_of_change(candidate) {
                continue;
            }
            if candidate.is_echo && !self.policy.counts_echoes {
                checked.echoes += 1;
            } else {
                told.push((candidate, news));
            }
        }
        (told, ties)
    }

    /// Whether a candidate would be told of if nothing excused it.
    fn would_be_told(&self, candidate: &Candidate, ties: &Ties) -> bool {
        let is_of_documents = candidate.rule.is_of_documents();
        self.policy.severities.contains_key(&candidate.rule)
            && (is_of_documents || self.find_news(candidate, &Known::default(), ties).is_some())
    }

    /// What of a candidate is new, if anything is.
    fn find_news<'c>(&self, candidate: &'c Candidate, known: &Known, ties: &Ties) -> Option<News<'c>> {
        if candidate.is_inside(ties, &self.sides) {
            return None;
        }
        let least = candidate.least(&self.sides);
        let mut news = News::default();
        for subject in &candidate.subjects {
            let copies = candidate.copies(subject, ties, &self.sides);
            let of_known = known.copies(candidate.rule, &subject.sample);
            if copies > of_known.max(least) {
                news.subjects.push(subject);
                news.known = news.known.max(of_known);
            }
        }
        Some(news).filter(|news| !news.subjects.is_empty())
    }

    /// Candidates that are not known, as a baseline.
    fn record(&self, known: &Known) -> Baseline {
        let mut cutter = Cutter::default();
        let ties = self.lasting_ties();
        let mut entries = Vec::new();
        for candidate in &self.selection.candidates {
            let Some(news) = self.find_news(candidate, known, &ties) else { continue };
            for subject in news.subjects {
                let document = subject.spot.document as usize;
                let of_document = || self.scan.ledgers.get(document).map(|ledger| ledger.tokens);
                let words = candidate.holder().and_then(|_| of_document()).unwrap_or(candidate.words);
                entries.push(Entry {
                    id: candidate.id,
                    rule: candidate.rule,
                    copies: candidate.copies(subject, &ties, &self.sides),
                    words,
                    text: excerpt(self.sides.text(subject.spot), ENTRY_TEXT),
                    sample: self.sample_for_record(candidate, subject, &mut cutter),
                });
            }
        }
        Baseline::of(entries)
    }

    /// The runs of all copies, whichever of them stands for all next time; where they are too many, or one document holds
    /// others, those of the subject. Of whole documents what one alone says is no copy, and has to be new where it becomes
    /// one.
    fn sample_for_record(&self, candidate: &Candidate, subject: &Subject, cutter: &mut Cutter) -> Sample {
        let texts = || candidate.places.iter().map(|spot| self.sides.text(*spot));
        let all = Some(candidate).filter(|candidate| candidate.holder().is_none()).map(|_| Sample::of(texts(), cutter));
        let sample = all.filter(|all| all.level == subject.sample.level).unwrap_or_else(|| subject.sample.clone());
        if !candidate.rule.is_of_documents() {
            return sample;
        }
        match candidate.holder() {
            Some(holder) => {
                let of_both = |spot: &&Spot| spot.document == holder || spot.document == subject.spot.document;
                let texts = candidate.places.iter().filter(of_both).map(|spot| self.sides.text(*spot));
                sample.shared(texts, cutter)
            }
            None => sample.shared(texts(), cutter),
        }
    }

    /// Ties that hold whatever is known: those of groups, and of whole documents that are excused.
    fn lasting_ties(&self) -> Ties {
        let mut ties = self.sides.ties();
        let excused = self.selection.excused.iter().filter(|(candidate, _)| candidate.rule.is_of_documents());
        excused.for_each(|(candidate, _)| ties.tie(candidate.documents.iter().copied(), 0));
        ties
    }

    /// A baseline without what nothing needs: lines that no finding needs, and copies that are there no more.
    fn prune(&self, old: &Baseline) -> Baseline {
        let ties = self.lasting_ties();
        let subjects = self.selection.candidates.iter().flat_map(|candidate| {
            candidate
                .subjects
                .iter()
                .map(|subject| (candidate.rule, &subject.sample, candidate.copies(subject, &ties, &self.sides)))
        });
        let needed = old.needed(subjects);
        let kept = old.entries().enumerate().filter_map(|(number, entry)| {
            let most = (*needed.get(&number)?).max(ties.sum(self.copies.of(&entry.sample), false));
            Some(Entry { copies: entry.copies.min(most), ..entry.clone() })
        });
        Baseline::of(kept)
    }

    /// Lines of a baseline that nothing needs, and such as know too much.
    fn find_unneeded(&self, kept: &Baseline) -> Vec<Unused> {
        // Most checks have no baseline.
        if kept.is_empty() {
            return Vec::new();
        }
        let pruned = self.prune(kept);
        let gone = kept.len() - pruned.len();
        let is_lower = |entry: &&Entry| entry.rule != Rule::Boilerplate && kept.has_more(entry);
        let lower = pruned.entries().filter(is_lower).count();
        let tell = |what: String| Unused { path: self.policy.baseline.clone(), line: None, what };
        let gone =
            (gone > 0).then(|| tell(format!("lines that nothing needs any more: {gone}; `dittograph baseline prune`")));
        let lower = (lower > 0).then(|| {
            tell(format!("lines that allow more copies than there are: {lower}; `dittograph baseline prune`"))
        });
        gone.into_iter().chain(lower).collect()
    }

    /// Whether some place, be it of what is compared with only, stands in a file that was changed, if that is asked.
    fn is_of_change(&self, candidate: &Candidate) -> bool {
        self.policy.changed.is_none() || candidate.places.iter().any(|spot| self.is_changed(spot.document))
    }

    fn is_changed(&self, rank: u32) -> bool {
        self.policy.changed.as_ref().is_some_and(|changed| changed.contains(self.sides.path(rank)))
    }

    /// The lines in their files of all places in pages.
    fn find_lines<'c>(
        &self,
        candidates: impl Iterator<Item = &'c Candidate>,
    ) -> Result<BTreeMap<(u32, u32), u64>, ScanError> {
        let mut asked: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for spot in candidates.flat_map(|candidate| &candidate.places) {
            asked.entry(spot.document).or_default().extend([spot.span.start, last_byte(spot.span)]);
        }
        pages::lines(self.sides.corpus, &asked)
    }

    fn describe(&self, candidate: &Candidate, news: &News, lines: &BTreeMap<(u32, u32), u64>) -> Problem {
        let mut spots: Vec<Spot> = candidate.places.clone();
        // First the place to act on: one that was changed, else one that is new, else a copy; of equals the last one in
        // the corpus.
        let weight = |spot: &Spot| {
            let is_new = news.subjects.iter().any(|subject| subject.spot.document == spot.document);
            let is_holder = candidate.holder() == Some(spot.document);
            (
                self.sides.is_own(spot.document),
                self.is_changed(spot.document),
                !is_holder,
                is_new && candidate.holder().is_some(),
                spot.role != Role::Original,
                spot.document,
                spot.span,
            )
        };
        if let Some(first) = (0..spots.len()).max_by_key(|at| spots.get(*at).map(weight)) {
            spots[..=first].rotate_right(1);
        }
        let words = match spots.first() {
            Some(first) if candidate.rule.is_of_documents() => {
                self.scan.ledgers.get(first.document as usize).map_or(candidate.words, |ledger| ledger.tokens)
            }
            _ => candidate.words,
        };
        let places: Vec<Place> = spots.iter().map(|spot| self.place(spot, candidate, lines)).collect();
        Problem {
            id: candidate.id,
            rule: candidate.rule,
            severity: self.policy.severities.get(&candidate.rule).copied().unwrap_or(Severity::Note),
            words,
            known: news.known,
            excerpt: excerpt(self.sides.text(candidate.representative), EXCERPT),
            places,
        }
    }

    fn place(&self, spot: &Spot, candidate: &Candidate, lines: &BTreeMap<(u32, u32), u64>) -> Place {
        let Some(document) = self.texts.document(spot.document) else { return Place::default() };
        let path = self.policy.name_path(&document.origin.path);
        let of_page = |byte: u32| lines.get(&(spot.document, byte)).copied();
        let (line, end_line) = match document.record {
            Some(record) => (record.get(), record.get()),
            None => of_page(spot.span.start)
                .zip(of_page(last_byte(spot.span)))
                .unwrap_or_else(|| self.texts.lines(spot.document, spot.span)),
        };
        // What is named by its place is named from the root too.
        let named = document.id.strip_prefix(&*document.origin.path).filter(|_| document.own_id().is_none());
        let id = named.map_or_else(|| document.id.to_string(), |rest| format!("{path}{rest}"));
        Place {
            path,
            document: id,
            line,
            end_line: end_line.max(line),
            start: spot.span.start,
            end: spot.span.end,
            count: spot.count,
            is_reference: !self.sides.is_own(spot.document),
            is_holder: candidate.holder() == Some(spot.document),
        }
    }

    /// How much was looked at, and how much of it repeats other text that is somebody's concern.
    fn measure(&self, dismissed: &[Spot]) -> Size {
        let mut size = Size::default();
        let aside = self.count_dismissed(dismissed);
        for (rank, ledger) in (0u32..).zip(&self.scan.ledgers) {
            if self.sides.is_own(rank) {
                size.documents += 1;
                size.tokens += u64::from(ledger.tokens);
                let repeated = u64::from(ledger.tokens - ledger.original.min(ledger.tokens));
                size.repeated += repeated.saturating_sub(aside.get(&rank).copied().unwrap_or(0));
            } else {
                size.references += 1;
            }
        }
        size
    }

    /// Tokens by document that stand in nothing but dismissed places.
    fn count_dismissed(&self, dismissed: &[Spot]) -> BTreeMap<u32, u64> {
        let mut borders: BTreeMap<u32, Vec<(u32, bool, bool)>> = BTreeMap::new();
        let is_own = |spot: &&Spot| self.sides.is_own(spot.document);
        for spot in dismissed.iter().filter(is_own) {
            let of_document = borders.entry(spot.document).or_default();
            of_document.extend([(spot.span.start, true, true), (spot.span.end, true, false)]);
        }
        for spot in self.selection.candidates.iter().flat_map(|candidate| &candidate.places).filter(is_own) {
            if let Some(of_document) = borders.get_mut(&spot.document) {
                of_document.extend([(spot.span.start, false, true), (spot.span.end, false, false)]);
            }
        }
        let mut cutter = Cutter::default();
        let mut tokens = BTreeMap::new();
        for (document, mut borders) in borders {
            borders.sort_unstable();
            let (mut open, mut from, mut count) = ([0i64; 2], 0, 0);
            for (at, is_dismissed, begins) in borders {
                if open[1] > 0 && open[0] == 0 && at > from {
                    let text = self.texts.text(document, Span { start: from, end: at });
                    count += cutter.tokens(text).len() as u64;
                }
                open[usize::from(is_dismissed)] += if begins { 1 } else { -1 };
                from = at;
            }
            tokens.insert(document, count);
        }
        tokens
    }
}

fn last_byte(span: Span) -> u32 {
    span.end.saturating_sub(1).max(span.start)
}

/// The first words of a text, on one line.
fn excerpt(text: &str, columns: usize) -> String {
    let line = text.split_whitespace().take(columns).collect::<Vec<&str>>().join(" ");
    clip(&line, columns, 0).join("…")
}
