//! JSON: as its schema says, and with all that was put in.

use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{clean, errors, hostile_check, paper, parsed, validator, written};
use crate::check::problems::{Checked, Problem, Unused};
use crate::report::check::CheckFormat;

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| validator(&serde_json::from_str(include_str!("../../../../docs/check.v1.schema.json")).unwrap()));

/// What the report says of a problem, written out once more.
fn expected(problem: &Problem) -> Value {
    let place = |place: &crate::check::problems::Place| {
        json!({
            "path": place.path, "document": place.document, "line": place.line, "end_line": place.end_line,
            "start": place.start, "end": place.end, "count": place.count, "reference": place.is_reference,
            "holder": place.is_holder,
        })
    };
    json!({
        "id": format!("{:016x}", problem.id), "rule": problem.rule.name(), "severity": problem.severity.name(),
        "words": problem.words, "copies": problem.copies(), "known": problem.known, "message": problem.message(),
        "excerpt": problem.excerpt, "places": problem.places.iter().map(place).collect::<Vec<Value>>(),
    })
}

fn expected_report(checked: &Checked) -> Value {
    let excused = checked.suppressed.iter().map(|it| {
        let mut problem = expected(&it.problem);
        problem["reason"] = json!(it.reason);
        problem["path"] = json!(it.path);
        problem["line"] = json!(it.line);
        problem
    });
    let idle = |all: &[Unused]| -> Vec<Value> {
        all.iter().map(|it| json!({"path": it.path, "line": it.line, "what": it.what})).collect()
    };
    json!({
        "schema": "dittograph.check.v1",
        "tool": {"name": "dittograph", "version": env!("CARGO_PKG_VERSION")},
        "verdict": match (checked.lost().count(), checked.trips()) {
            (0, false) => "open",
            (0, true) => "tripped",
            _ => "incomplete",
        },
        "problems": checked.problems.iter().map(expected).collect::<Vec<Value>>(),
        "suppressed": excused.collect::<Vec<Value>>(),
        "known": checked.known,
        "echoes": checked.echoes,
        "unused": idle(&checked.unused),
        "misunderstood": idle(&checked.misunderstood),
        "budgets": checked.budgets.iter().map(|it| json!({
            "kind": it.kind, "allowed": it.allowed, "used": it.used, "exceeded": it.used > it.allowed,
        })).collect::<Vec<Value>>(),
        "skipped": checked.skipped.iter().map(|it| json!({
            "path": it.path, "line": it.line, "reason": it.reason, "error": it.is_error,
        })).collect::<Vec<Value>>(),
        "size": checked.size,
    })
}

#[test]
fn the_schema_is_one_and_can_say_no() {
    let report = parsed(&paper(), CheckFormat::Json);
    assert_eq!(errors(&SCHEMA, &report), [] as [String; 0]);
    for (pointer, wrong) in [
        ("/schema", json!("dittograph.check.v2")),
        ("/verdict", json!("closed")),
        ("/problems/0/id", json!("18a7")),
        ("/problems/0/severity", json!("info")),
        ("/problems/0/places/0/line", json!(0)),
        ("/problems/0/places/0/holder", json!(1)),
        ("/misunderstood/0/what", json!(null)),
        ("/echoes", json!(-1)),
        ("/suppressed/0/reason", json!(null)),
        ("/budgets/0/kind", json!("words")),
        ("/size", json!({"documents": 1})),
        ("/skipped/0", json!({"path": "a", "line": null, "reason": "b", "error": false, "more": 1})),
    ] {
        let mut wronged = report.clone();
        *wronged.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(errors(&SCHEMA, &wronged), [] as [String; 0], "{pointer}");
    }
}

#[test]
fn every_problem_has_a_line() {
    let text = written(&paper(), CheckFormat::Json);
    assert_eq!(text.lines().filter(|line| line.starts_with("{\"id\"")).count(), 7);
    assert_eq!(parsed(&clean(), CheckFormat::Json), expected_report(&clean()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_that_was_put_in_comes_out(checked in hostile_check()) {
        let report = parsed(&checked, CheckFormat::Json);
        prop_assert_eq!(errors(&SCHEMA, &report), [] as [String; 0]);
        prop_assert_eq!(report, expected_report(&checked));
    }
}
