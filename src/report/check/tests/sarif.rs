//! SARIF: held against the schema of OASIS, and read back: URIs, links in messages, fingerprints.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{clean, crowd, errors, hostile_check, paper, parsed, place, validator};
use crate::check::problems::{Checked, Place, Problem};
use crate::finding::Rule;
use crate::report::check::CheckFormat;
use crate::report::escape::visible;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../../tests/schemas/sarif-schema-2.1.0.json")).unwrap();
    // Its pattern for languages, which are not written here, has a bracket too many: no regular expression of ECMAScript.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    validator(&schema)
});

fn run(checked: &Checked) -> Value {
    parsed(checked, CheckFormat::Sarif)["runs"][0].clone()
}

fn results(run: &Value) -> &[Value] {
    run["results"].as_array().unwrap()
}

/// The path that a location names.
fn path(location: &Value) -> String {
    let artifact = &location["physicalLocation"]["artifactLocation"];
    let uri = artifact["uri"].as_str().unwrap();
    let rest = match artifact["uriBaseId"].as_str() {
        Some(base) => {
            assert_eq!(base, "%SRCROOT%");
            uri
        }
        // A drive has a slash before it that is none of its path.
        None => {
            let rest = uri.strip_prefix("file://").unwrap();
            rest.strip_prefix('/').filter(|rest| rest.get(1..2) == Some(":")).unwrap_or(rest)
        }
    };
    let mut bytes = Vec::new();
    let mut rest = rest.bytes();
    while let Some(byte) = rest.next() {
        assert!(byte.is_ascii_graphic(), "{uri}");
        if byte == b'%' {
            let hex = String::from_utf8(rest.by_ref().take(2).collect()).unwrap();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A message as a viewer shows it, and the locations that it links to (SARIF, 3.11.6).
fn shown(message: &str) -> (String, Vec<u64>) {
    let (mut text, mut links, mut is_open) = (String::new(), Vec::new(), false);
    let mut rest = message.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.push(rest.next().filter(|c| matches!(c, '[' | ']' | '\\')).unwrap()),
            '[' => {
                assert!(!is_open, "{message}");
                is_open = true;
            }
            ']' => {
                assert!(std::mem::take(&mut is_open) && rest.next() == Some('('), "{message}");
                links.push(rest.by_ref().take_while(|c| *c != ')').collect::<String>().parse().unwrap());
            }
            _ => text.push(c),
        }
    }
    assert!(!is_open, "{message}");
    (text, links)
}

#[test]
fn the_schema_can_say_no() {
    let log = parsed(&paper(), CheckFormat::Sarif);
    assert_eq!(errors(&SCHEMA, &log), [] as [String; 0]);
    for (pointer, wrong) in [
        ("/version", json!("2.0.0")),
        ("/$schema", json!("not a uri")),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/message", json!("text")),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", json!("a b|c")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/invocations/0", json!({})),
    ] {
        let mut wronged = log.clone();
        *wronged.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(errors(&SCHEMA, &wronged), [] as [String; 0], "{pointer}");
    }
}

#[test]
fn the_rules() {
    let run = run(&clean());
    assert_eq!(results(&run), [] as [Value; 0]);
    let driver = &run["tool"]["driver"];
    assert_eq!(
        (&driver["name"], &driver["semanticVersion"]),
        (&json!("dittograph"), &json!(env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(driver.get("informationUri").is_some(), !env!("CARGO_PKG_REPOSITORY").is_empty());
    let rules = driver["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Rule::ALL.len());
    for (rule, told) in Rule::ALL.into_iter().zip(rules) {
        assert_eq!(told["id"], rule.name());
        let name = told["name"].as_str().unwrap();
        assert!(name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphabetic()));
        assert!(name.to_lowercase().starts_with(&rule.name().replace('-', "")) && name.to_lowercase() != rule.name());
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(told.pointer(text).unwrap().as_str().unwrap().ends_with(['.', '\n']), "{text}");
        }
        assert!(told["properties"]["tags"].as_array().unwrap().len() <= 10);
    }
    let levels: Vec<&Value> = rules.iter().map(|rule| &rule["defaultConfiguration"]["level"]).collect();
    assert_eq!(levels, ["error", "note", "error", "note", "warning", "error", "error"]);
    assert_eq!(rules[1]["defaultConfiguration"]["enabled"], false);
}

#[test]
fn the_results_of_a_paper() {
    let run = run(&paper());
    let results = results(&run);
    assert_eq!(results.len(), paper().problems.len());
    let near = &results[0];
    assert_eq!(near["ruleId"], run["tool"]["driver"]["rules"][near["ruleIndex"].as_u64().unwrap() as usize]["id"]);
    let text = near["message"]["text"].as_str().unwrap();
    let told = "This document of 412 words nearly repeats [feeds/wire.jsonl:311](1) and 11 other places: “The river";
    assert!(text.starts_with(told), "{text}");
    let related = near["relatedLocations"].as_array().unwrap();
    assert_eq!((related.len(), &related[0]["id"]), (12, &json!(1)));
    assert_eq!(related[0]["logicalLocations"], json!([{"name": "wire-2021-04-07"}]));
    let doubled = &results[1];
    assert!(doubled["message"]["text"].as_str().unwrap().contains("on lines [12](1), [30](2): “"));
    assert_eq!(
        doubled["locations"],
        json!([{"physicalLocation": {
            "artifactLocation": {"uri": "news/2021/harbour.md", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "endLine": 4},
        }}])
    );
    assert_eq!(
        doubled["partialFingerprints"],
        json!({"primaryLocationLineHash": "5393efe900000001:1", "dittographFindingId/v1": "5393efe900000001"})
    );
    // What is excused is counted.
    assert!(results.iter().all(|result| result.get("suppressions").is_none()));
    assert_eq!(run["properties"]["suppressed"], paper().suppressed.len());
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let skipped = &invocation["toolExecutionNotifications"];
    assert_eq!((&skipped[0]["level"], &skipped[1]["level"]), (&json!("error"), &json!("note")));
    assert_eq!(skipped[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 19);
    let configuration = invocation["toolConfigurationNotifications"].as_array().unwrap();
    let told: Vec<&str> = configuration.iter().map(|it| it["message"]["text"].as_str().unwrap()).collect();
    assert_eq!((told.len(), told[0]), (3, "Not understood: no rule is named `shared`"));
    assert!(told[1].starts_with("No longer needed: "), "{told:?}");
    assert_eq!((&run["properties"]["verdict"], &run["properties"]["echoes"]), (&json!("incomplete"), &json!(14)));
}

#[test]
fn limits_of_the_platform() {
    let mut checked = crowd();
    checked.problems.truncate(3);
    let long = run(&checked);
    let result = &results(&long)[0];
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 100);
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.ends_with("(with 149 more places than are listed here)"), "{text}");
    // One that holds the others, and is not among the related ones, is named and not linked to.
    let mut held = checked.clone();
    held.problems.truncate(1);
    held.problems[0].rule = Rule::Contained;
    held.problems[0].places[200] = Place { is_holder: true, ..place("long.md", 1, 9) };
    let held = run(&held);
    let text = results(&held)[0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("a longer one, long.md:1 and 248 other places"), "{text}");
    let few =
        |id: u64| Problem { id, places: vec![place("a.md", 1, 1), place("b.md", 1, 1)], ..checked.problems[0].clone() };
    let mut checked = clean();
    checked.problems = (0..25_001).map(few).collect();
    let many = run(&checked);
    assert_eq!(results(&many).len(), 25_000);
    let told = many["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.starts_with("1 result left out"), "{told}");
}

#[test]
fn fingerprints_outlast_moves_and_tell_copies_apart() {
    let mut checked = paper();
    checked.problems.push(checked.problems[1].clone());
    let names = |checked: &Checked| -> Vec<Value> {
        results(&run(checked))
            .iter()
            .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].clone())
            .collect()
    };
    let before = names(&checked);
    assert_eq!((&before[1], &before[5]), (&json!("5393efe900000001:1"), &json!("5393efe900000001:2")));
    for problem in &mut checked.problems {
        problem.places.iter_mut().for_each(|place| (place.line, place.end_line) = (place.line + 7, place.end_line + 7));
    }
    assert_eq!(names(&checked), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_that_was_put_in_comes_out(checked in hostile_check()) {
        let log = parsed(&checked, CheckFormat::Sarif);
        prop_assert_eq!(errors(&SCHEMA, &log), [] as [String; 0]);
        let run = &log["runs"][0];
        prop_assert_eq!(results(run).len(), checked.problems.len());
        let mut names = BTreeSet::new();
        for (result, problem) in results(run).iter().zip(&checked.problems) {
            prop_assert_eq!(path(&result["locations"][0]), problem.places[0].path.clone());
            let related: Vec<&Value> = result["relatedLocations"].as_array().into_iter().flatten().collect();
            prop_assert_eq!(related.len(), problem.places.len() - 1);
            for (location, place) in related.iter().zip(&problem.places[1..]) {
                prop_assert_eq!(path(location), place.path.clone());
                prop_assert_eq!(shown(location["message"]["text"].as_str().unwrap()).0, visible(&place.name()).into_owned());
            }
            let (text, links) = shown(result["message"]["text"].as_str().unwrap());
            let told = problem.tell(|_, name| visible(name).into_owned());
            let excerpt = if problem.excerpt.is_empty() { String::new() } else { format!(": “{}”", visible(&problem.excerpt)) };
            prop_assert_eq!(text, format!("{told}{excerpt}"));
            prop_assert!(links.iter().all(|link| related.iter().any(|location| location["id"] == *link)));
            let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned();
            prop_assert!(names.insert((problem.places[0].path.clone(), hash)));
        }
        let notices = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        for (notice, skipped) in notices.iter().zip(&checked.skipped) {
            prop_assert_eq!(shown(notice["message"]["text"].as_str().unwrap()).0, visible(&skipped.reason));
            prop_assert_eq!(path(&notice["locations"][0]), skipped.path.clone());
        }
    }
}
