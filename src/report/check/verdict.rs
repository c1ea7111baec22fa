//! Verdict: what all formats say alike. Numbers keep to their nouns by no-break spaces; [`plain`] takes them out where
//! nothing wraps lines.

use super::super::human::phrase::{count, list, number};
use super::shown_place;
use crate::check::problems::{Budget, BudgetKind, Checked, SkippedInput, Unused, Verdict};
use crate::finding::Severity;

/// *3 errors, 1 warning: the gate trips*; *Nothing new: the gate is open*; where an input was lost, *Nothing new in what
/// was read: the check is incomplete*.
pub(super) fn verdict(checked: &Checked) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts = severities.map(|severity| (checked.count(severity), severity.name()));
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, name)| count(*number, name));
    let mut told = counts.collect::<Vec<String>>().join(", ");
    let is_exceeded = checked.budgets.iter().any(Budget::is_exceeded);
    match (told.is_empty(), is_exceeded) {
        (true, false) if checked.size.documents == 0 => told.push_str("No document was checked"),
        (true, false) if checked.verdict() == Verdict::Incomplete => told.push_str("Nothing new in what was read"),
        (true, false) => told.push_str("Nothing new"),
        (true, true) => told.push_str("Nothing new, but a budget is exceeded"),
        (false, true) => told.push_str(", and a budget is exceeded"),
        (false, false) => {}
    }
    let outcome = match checked.verdict() {
        Verdict::Open => "the gate is open",
        Verdict::Tripped => "the gate trips",
        Verdict::Incomplete if checked.trips() => "the gate trips, and the check is incomplete",
        Verdict::Incomplete => "the check is incomplete",
    };
    format!("{told}: {outcome}")
}

/// *214 documents checked, compared with 1,020 others*.
pub(super) fn extent(checked: &Checked) -> String {
    let documents = format!("{} checked", count(checked.size.documents, "document"));
    match checked.size.references {
        0 => documents,
        references => format!("{documents}, compared with {}", count(references, "other")),
    }
}

/// *12 findings known to the baseline, 3 excused and 1 input passed over*: what is no problem; nothing if there is none.
pub(super) fn others(checked: &Checked) -> Option<String> {
    let excused = checked.suppressed.len() as u64;
    let passed = checked.skipped.iter().filter(|skipped| !skipped.is_error).count() as u64;
    let mut parts = Vec::new();
    if checked.known > 0 {
        parts.push(format!("{} known to the baseline", count(checked.known, "finding")));
    }
    if excused > 0 {
        let noun = if checked.known > 0 { number(excused) } else { count(excused, "finding") };
        parts.push(format!("{noun} excused"));
    }
    if passed > 0 {
        parts.push(format!("{} passed over", count(passed, "input")));
    }
    if checked.echoes > 0 {
        parts
            .push(format!("{} of fewer than 20\u{a0}words (min-words tells of them)", count(checked.echoes, "repeat")));
    }
    (!parts.is_empty()).then(|| list(&parts))
}

/// *New errors: 6 (5 allowed), exceeded*.
pub(super) fn budget(budget: &Budget) -> String {
    let exceeded = if budget.is_exceeded() { ", exceeded" } else { "" };
    match budget.kind {
        BudgetKind::Findings => {
            format!("New errors: {} ({}\u{a0}allowed){exceeded}", number(budget.used), number(budget.allowed))
        }
        BudgetKind::RepeatedWords => {
            format!(
                "Repeated words: {} ({}\u{a0}allowed){exceeded}",
                millionths(budget.used),
                millionths(budget.allowed)
            )
        }
    }
}

/// Millionths in per cent, to the last digit: `1.52 %`. A budget is kept or not by its last digit.
fn millionths(value: u64) -> String {
    let (whole, rest) = (value / 10_000, value % 10_000);
    let digits = format!("{rest:04}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("{}{point}{digits}\u{a0}%", number(whole))
}

/// *2 inputs could not be read*.
pub(super) fn lost(checked: &Checked) -> Option<String> {
    let lost = checked.lost().count() as u64;
    (lost > 0).then(|| format!("{} could not be read", count(lost, "input")))
}

/// *2 excuses are no longer needed*.
pub(super) fn unused(checked: &Checked) -> Option<String> {
    match checked.unused.len() as u64 {
        0 => None,
        1 => Some("1\u{a0}excuse is no longer needed".to_owned()),
        more => Some(format!("{} are no longer needed", count(more, "excuse"))),
    }
}

/// *1 comment is not understood*.
pub(super) fn misunderstood(checked: &Checked) -> Option<String> {
    match checked.misunderstood.len() as u64 {
        0 => None,
        1 => Some("1\u{a0}comment is not understood".to_owned()),
        more => Some(format!("{} are not understood", count(more, "comment"))),
    }
}

/// Where an input was skipped, and why: *a.md:3: not UTF-8*.
pub(super) fn skipped(skipped: &SkippedInput) -> String {
    format!("{}: {}", shown_place(&skipped.path, skipped.line), super::visible(&skipped.reason))
}

/// Where something excuses nothing, and what it is, or what is wrong with it.
pub(super) fn idle(unused: &Unused) -> String {
    format!("{}: {}", shown_place(&unused.path, unused.line), super::visible(&unused.what))
}

/// A sentence with ordinary spaces.
pub(super) fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}
