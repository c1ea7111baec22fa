//! Verdicts on who had what from whom, held against the truth of a [newsroom](super::newsroom).

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::corpus::language::Language;
use super::newsroom::{Case, Filed, KINDS, Newsroom, Truth};
use super::program;

/// Scores of some cases of every kind, in the order of kinds.
pub(crate) fn score_kinds(cases: usize) -> Vec<Score> {
    let language = Language::new();
    let score = |(number, (kind, _)): (u64, &(&str, &str))| {
        let mut newsroom = Newsroom::new(41 + number, &language);
        let all: Vec<Case> = (0..cases).map(|_| newsroom.case(kind)).collect();
        // A slip of the year shows within a corpus: each such case is one of its own.
        let together = if *kind == "future" { 1 } else { cases };
        all.chunks(together).map(judge).fold(Score::default(), Score::plus)
    };
    (0..).zip(&KINDS).map(score).collect()
}

/// Verdicts on pairs of a kind.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) right: u32,
    pub(crate) wrong: u32,
    pub(crate) undecided: u32,
    /// The two share nothing, by the report.
    pub(crate) missing: u32,
}

/// Traces cases in one corpus, and judges the verdicts.
fn judge(cases: &[Case]) -> Score {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stories.jsonl");
    let lines: Vec<String> = cases.iter().flat_map(|case| &case.documents).map(Filed::line).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    let outcome = program::run(["trace", "-q", "--format", "json", path.to_str().unwrap()]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let report: Value = serde_json::from_slice(&outcome.stdout).unwrap();
    let mut roles: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for target in report["targets"].as_array().unwrap() {
        for relation in target["relations"].as_array().unwrap() {
            let pair = (target["document"].as_str().unwrap(), relation["source"].as_str().unwrap());
            roles.insert(pair, relation["role"].as_str().unwrap());
        }
    }
    let mut score = Score::default();
    for case in cases {
        for (original, copy, truth) in &case.pairs {
            let (original, copy) = (case.documents[*original].id.as_str(), case.documents[*copy].id.as_str());
            let told = [roles.get(&(copy, original)), roles.get(&(original, copy))];
            // Both have to tell the same story.
            let says = |role: &str, turned: &str| (told[0], told[1]) == (Some(&role), Some(&turned));
            let (is_copy, is_turned) = (says("copy", "original"), says("original", "copy"));
            let agrees = is_copy || is_turned || says("undecided", "undecided");
            match truth {
                _ if told.contains(&None) => score.missing += 1,
                _ if !agrees => score.wrong += 1,
                Truth::Copied if is_turned => score.wrong += 1,
                Truth::Copied if is_copy => score.right += 1,
                Truth::Copied => score.undecided += 1,
                Truth::Neither if is_copy || is_turned => score.wrong += 1,
                Truth::Neither => score.right += 1,
            }
        }
    }
    score
}

impl Score {
    pub(crate) fn plus(self, other: Score) -> Score {
        Score {
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            undecided: self.undecided + other.undecided,
            missing: self.missing + other.missing,
        }
    }

    /// Pairs in all.
    pub(crate) fn pairs(self) -> u32 {
        self.right + self.wrong + self.undecided + self.missing
    }
}
