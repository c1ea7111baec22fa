//! GitLab: as documented, with fingerprints that are different, and last.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{clean, errors, hostile_check, paper, parsed, validator, written};
use crate::check::problems::{Checked, SkippedInput};
use crate::report::check::CheckFormat;
use crate::report::escape::visible;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    validator(&serde_json::from_str(include_str!("../../../../tests/schemas/gitlab-code-quality.schema.json")).unwrap())
});

fn fingerprints(checked: &Checked) -> Vec<String> {
    let report = parsed(checked, CheckFormat::Gitlab);
    report.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_report_of_a_paper() {
    let report = parsed(&paper(), CheckFormat::Gitlab);
    assert_eq!(errors(&SCHEMA, &report), [] as [String; 0]);
    // What could not be read is the first.
    let lost = &report[0];
    assert_eq!((&lost["check_name"], &lost["severity"]), (&json!("not-read"), &json!("major")));
    assert_eq!(lost["description"], "Could not be read: no field holds a text");
    assert_eq!(lost["location"], json!({"path": "feeds/wire.jsonl", "lines": {"begin": 19, "end": 19}}));
    let issue = &report[2];
    assert_eq!(issue["check_name"], "doubled-text");
    assert_eq!(issue["location"], json!({"path": "news/2021/harbour.md", "lines": {"begin": 3, "end": 4}}));
    let description = issue["description"].as_str().unwrap();
    assert!(
        description.starts_with("34 words that this document also has on lines 12, 30: “The river"),
        "{description}"
    );
    let severities: Vec<&Value> = report.as_array().unwrap().iter().map(|issue| &issue["severity"]).collect();
    assert_eq!(severities, ["major", "major", "major", "major", "minor", "info"]);
    assert_eq!(written(&clean(), CheckFormat::Gitlab), "[]\n");
}

#[test]
fn fingerprints_outlast_moves_and_tell_copies_apart() {
    let mut checked = paper();
    checked.problems.push(checked.problems[0].clone());
    let before = fingerprints(&checked);
    // Two lines of one file.
    checked.skipped.push(SkippedInput { line: Some(40), ..checked.skipped[0].clone() });
    let before = {
        let now = fingerprints(&checked);
        assert!(before.iter().all(|fingerprint| now.contains(fingerprint)));
        now
    };
    checked.skipped.iter_mut().for_each(|lost| lost.line = lost.line.map(|line| line + 7));
    for problem in &mut checked.problems {
        problem.places.iter_mut().for_each(|place| (place.line, place.end_line) = (place.line + 7, place.end_line + 7));
    }
    assert_eq!(fingerprints(&checked), before);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    // One more elsewhere changes none.
    checked.problems.remove(1);
    assert!(fingerprints(&checked).iter().all(|fingerprint| before.contains(fingerprint)));
}

#[test]
fn paths_are_of_the_repository() {
    for (path, wanted) in
        [("a.md", "a.md"), ("./a.md", "a.md"), ("././a", "a"), ("/a/b", "a/b"), ("", "."), ("../a", "../a")]
    {
        assert_eq!(super::super::gitlab::relative(path), wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_that_was_put_in_comes_out(checked in hostile_check()) {
        let report = parsed(&checked, CheckFormat::Gitlab);
        prop_assert_eq!(errors(&SCHEMA, &report), [] as [String; 0]);
        let issues = report.as_array().unwrap();
        let lost: Vec<&SkippedInput> = checked.lost().collect();
        prop_assert_eq!(issues.len(), lost.len() + checked.problems.len());
        let mut names = BTreeSet::new();
        for (issue, lost) in issues.iter().zip(&lost) {
            let path = issue["location"]["path"].as_str().unwrap();
            prop_assert!(path == "." || lost.path.ends_with(path));
            prop_assert_eq!(issue["description"].as_str().unwrap(), format!("Could not be read: {}", visible(&lost.reason)));
            prop_assert!(names.insert(issue["fingerprint"].as_str().unwrap()));
        }
        for (issue, problem) in issues.iter().skip(lost.len()).zip(&checked.problems) {
            let path = issue["location"]["path"].as_str().unwrap();
            prop_assert!(path == "." || problem.places[0].path.ends_with(path));
            let told = problem.tell(|_, name| visible(name).into_owned());
            prop_assert!(issue["description"].as_str().unwrap().starts_with(&told));
            prop_assert!(names.insert(issue["fingerprint"].as_str().unwrap()));
            prop_assert!(issue["location"]["lines"]["begin"].as_u64() <= issue["location"]["lines"]["end"].as_u64());
        }
    }
}
