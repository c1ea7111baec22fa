//! The JSON formats: real output against the schema, the texts and each other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod report_fixture;

use std::num::NonZeroU64;

use dittograph::document::Origin;
use dittograph::finding::Rule;
use dittograph::report::{Appearance, Format, LedgerChoice, Report, write};
use report_fixture::{Fixture, assert_snapshot, scenes};
use serde_json::{Map, Value, json};

const LOOK: Appearance = Appearance { width: 80, color: false, unicode: true, limit: None };

fn schema() -> Value {
    serde_json::from_str(include_str!("../docs/report.v1.schema.json")).unwrap()
}

/// The schema without room for fields that it does not name.
fn closed() -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(map) = value {
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("allOf") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.iter_mut().for_each(|(_, value)| close(value));
        } else if let Value::Array(items) = value {
            items.iter_mut().for_each(close);
        }
    }
    let mut schema = schema();
    close(&mut schema["$defs"]);
    schema
}

fn check(schema: &Value, definition: &str, value: &Value) {
    let mut schema = schema.clone();
    let root = schema.as_object_mut().unwrap();
    for key in ["if", "then", "else"] {
        root.remove(key);
    }
    root.insert("$ref".to_owned(), json!(format!("#/$defs/{definition}")));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{definition}: {errors:#?}");
}

fn report(scene: &Fixture) -> Value {
    serde_json::from_str(&scene.written(Format::Json, LOOK)).unwrap()
}

fn events(scene: &Fixture) -> Vec<Value> {
    scene.written(Format::Jsonl, LOOK).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_schema_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
    // It can say no.
    let validator = jsonschema::validator_for(&schema()).unwrap();
    assert!(validator.is_valid(&report(&scenes::newsroom())));
    for (pointer, wrong) in [
        ("/findings/0/id", json!("xyz")),
        ("/findings/0/rule", json!("near-duplicate")),
        ("/findings/0/occurrences/0/identity", json!(1.5)),
        ("/findings/0/occurrences/0/line", json!(0)),
        ("/clusters/0/members/0/coverage", json!([1])),
        ("/summary/tokens", json!("1")),
        ("/schema", json!("dittograph.report.v2")),
    ] {
        let mut report = report(&scenes::newsroom());
        *report.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&report), "{pointer}");
    }
    assert!(!validator.is_valid(&json!({"type": "finding"})));
    assert!(!validator.is_valid(&json!({"type": "other"})));
}

#[test]
fn every_report_and_event_fits_the_schema() {
    let (open, closed) = (schema(), closed());
    let validator = jsonschema::validator_for(&open).unwrap();
    for (_, scene) in scenes::all() {
        check(&closed, "report", &report(&scene));
        for mut event in events(&scene) {
            assert!(validator.is_valid(&event), "{event}");
            let Some(Value::String(kind)) = event.as_object_mut().unwrap().remove("type") else { panic!("{event}") };
            check(&closed, &kind, &event);
        }
    }
}

#[test]
fn the_report_of_a_newsroom() {
    assert_snapshot("report_newsroom.json", &scenes::newsroom().written(Format::Json, LOOK));
    assert_snapshot("report_unrepeated.jsonl", &scenes::unrepeated().written(Format::Jsonl, LOOK));
}

#[test]
fn events_hold_what_the_report_holds() {
    for (name, scene) in scenes::all() {
        let whole = report(&scene);
        let mut rebuilt = Map::new();
        for list in ["documents", "findings", "clusters", "skipped"] {
            rebuilt.insert(list.to_owned(), json!([]));
        }
        let events = events(&scene);
        assert_eq!(events.first().unwrap()["type"], "begin");
        assert_eq!(events.last().unwrap()["type"], "summary");
        for mut event in events {
            let Some(Value::String(kind)) = event.as_object_mut().unwrap().remove("type") else { panic!("{event}") };
            match kind.as_str() {
                "begin" => rebuilt.extend(event.as_object().unwrap().clone()),
                "summary" => drop(rebuilt.insert(kind, event)),
                "skipped" => rebuilt["skipped"].as_array_mut().unwrap().push(event),
                _ => rebuilt[&format!("{kind}s")].as_array_mut().unwrap().push(event),
            }
        }
        assert_eq!(Value::Object(rebuilt), whole, "{name}");
    }
}

#[test]
fn every_element_has_a_line() {
    for (name, scene) in scenes::all() {
        let text = scene.written(Format::Json, LOOK);
        let whole = report(&scene);
        let elements: usize = ["documents", "findings", "clusters", "skipped"]
            .iter()
            .map(|list| whole[list].as_array().unwrap().len())
            .sum();
        let records = text.lines().filter(|line| line.starts_with('{') && line.len() > 1).count();
        assert_eq!(records, elements, "{name}");
        assert!(text.ends_with("}\n}\n"), "{name}");
    }
}

/// Whether an excerpt (none for no text) is of this text.
fn shows(excerpt: &Value, text: &str) -> bool {
    match excerpt.as_str().map(|excerpt| excerpt.split_once(" … ").ok_or(excerpt)) {
        None => text.is_empty(),
        Some(Err(whole)) => whole == text,
        Some(Ok((head, tail))) => {
            text.starts_with(head) && text.ends_with(tail) && text.len() > head.len() + tail.len()
        }
    }
}

#[test]
fn numbers_follow_from_the_texts() {
    for (name, scene) in scenes::all() {
        let whole = report(&scene);
        let texts: std::collections::BTreeMap<&str, &str> =
            scene.corpus.documents.iter().map(|document| (&*document.id, &*document.text)).collect();
        for finding in whole["findings"].as_array().unwrap() {
            let occurrences = finding["occurrences"].as_array().unwrap();
            let representative = &occurrences[finding["representative"].as_u64().unwrap() as usize];
            assert!(representative["excerpt"].is_string(), "{name}");
            let span = |place: &Value| {
                let text = texts[place["document"].as_str().unwrap()];
                let number = |key: &str| place[key].as_u64().unwrap() as usize;
                (text, &text[number("start")..number("end")], number("start"), number("end"))
            };
            for place in occurrences {
                let (text, own, start, end) = span(place);
                let line = |offset: usize| 1 + text.bytes().take(offset).filter(|&b| b == b'\n').count() as u64;
                assert_eq!(place["line"], line(start), "{name}");
                assert_eq!(place["end_line"], line(end - 1), "{name}");
                // An occurrence without an excerpt has the representative's text; one with another has its own.
                let differs = own != span(representative).1;
                assert_eq!(place["excerpt"].is_string(), differs || place == representative, "{name}: {place}");
                for edit in place["edits"].as_array().into_iter().flatten() {
                    let cut = |text: &str, side: &str| {
                        let at = |n: usize| edit[side][n].as_u64().unwrap() as usize;
                        text[at(0)..at(1)].to_owned()
                    };
                    assert!(shows(&edit["old"], &cut(span(representative).0, "representative")), "{name}: {edit}");
                    assert!(shows(&edit["new"], &cut(text, "occurrence")), "{name}: {edit}");
                }
            }
        }
        let sum =
            |key: &str| whole["documents"].as_array().unwrap().iter().map(|it| it[key].as_u64().unwrap()).sum::<u64>();
        for key in ["tokens", "original", "doubled", "boilerplate", "quoted", "shared"] {
            assert_eq!(whole["summary"][key], sum(key), "{name}: {key}");
        }
        let summary = |key: &str| whole["summary"][key].as_u64().unwrap();
        let parts = ["original", "doubled", "boilerplate", "quoted", "shared", "reused"].map(summary);
        assert_eq!(parts.iter().sum::<u64>(), summary("tokens"), "{name}");
        assert_eq!(summary("repeated"), summary("tokens") - summary("original"), "{name}");
    }
}

#[test]
fn ledgers_are_listed_as_chosen() {
    let scene = scenes::newsroom();
    let documents = |ledger| {
        let mut out = Vec::new();
        let report = Report { ledger, ..scene.report() };
        write(&report, Format::Json, LOOK, &mut out).unwrap();
        let whole: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(whole["summary"]["documents"], 7, "the summary counts all");
        whole["documents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["document"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(documents(LedgerChoice::All).len(), 7);
    assert_eq!(documents(LedgerChoice::Touched).len(), 7);
    assert_eq!(documents(LedgerChoice::None), [] as [&str; 0]);
    let scene = scenes::tripled();
    let mut out = Vec::new();
    write(&Report { ledger: LedgerChoice::Touched, ..scene.report() }, Format::Json, LOOK, &mut out).unwrap();
    let whole: Value = serde_json::from_slice(&out).unwrap();
    let touched: Vec<&Value> = whole["documents"].as_array().unwrap().iter().map(|it| &it["document"]).collect();
    assert_eq!(touched, ["page.txt"]);
}

#[test]
fn equal_settings_give_equal_parameters() {
    let mut scene = scenes::wholes();
    let first = scene.written(Format::Json, LOOK);
    scene.settings.only.reverse();
    scene.settings.only.push(Rule::Contained);
    assert_eq!(scene.written(Format::Json, LOOK), first);
    scene.settings.similarity = Some(850);
    assert_eq!(
        report(&scene)["parameters"],
        json!({"preset": "news", "min_words": 8, "coverage": 0.7, "similarity": 0.85, "only": ["near-duplicate", "contained"]})
    );
}

/// 100,000 documents of 150 bytes that share one line: the whole report stays under three times the input, in each
/// format; and 100,000 occurrences in one document take one pass over it.
#[test]
fn reports_stay_in_proportion() {
    let line = "Subscribe to our newsletter and never miss a story";
    let mut scene = Fixture::default();
    let mut bytes = 0;
    for n in 0..100_000 {
        let text = format!(
            "{line}\nStory number {n} is about a thing that happened to person {n}, who lives in house {n} and has told nobody about it."
        );
        bytes += text.len();
        scene.document(&format!("d{n:06}"), report_fixture::april(1 + n % 30), &text);
        let document = scene.corpus.documents.last_mut().unwrap();
        document.origin = Origin::plain("corpus.jsonl");
        document.record = NonZeroU64::new(n as u64 + 1);
    }
    let places: Vec<_> = (0..100_000).map(|rank| (rank, line, 0)).collect();
    scene.find(Rule::Boilerplate, dittograph::finding::Severity::Note, dittograph::finding::Confidence::High, &places);
    let scene = scene.finish();
    for format in [Format::Json, Format::Jsonl, Format::Tsv] {
        let size = scene.written(format, LOOK).len();
        assert!(size < 3 * bytes, "{format}: {size} bytes for {bytes}");
    }
    assert!(scene.written(Format::Human, Appearance::default()).len() < 4_000);

    let mut one = Fixture::default();
    one.document("one.txt", None, &format!("{line}\nand\n").repeat(100_000));
    let mut finding = scene.scan.findings[0].clone();
    let step = line.len() as u32 + 5;
    for (n, occurrence) in (0u32..).zip(&mut finding.occurrences) {
        occurrence.document = 0;
        occurrence.span.start = n * step;
        occurrence.span.end = n * step + line.len() as u32;
    }
    finding.rule = Rule::DoubledText;
    one.scan.findings.push(finding);
    let one = one.finish();
    let whole = report(&one);
    assert_eq!(whole["findings"][0]["occurrences"][99_999]["line"], 199_999);
}

#[test]
fn a_million_copies_make_a_small_report() {
    let scene = scenes::million();
    for format in Format::ALL {
        let text = scene.written(format, LOOK);
        assert!(text.len() < 10_000, "{format}: {}", text.len());
    }
    let whole = report(&scene);
    let place = &whole["findings"][0]["occurrences"][0];
    assert_eq!(place["count"], 1_000_000);
    assert_eq!(place["excerpt"], "connection lost, trying again in five seconds");
}

#[test]
fn a_closed_pipe_stays_a_closed_pipe() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let scene = scenes::site();
    for format in Format::ALL {
        let error = write(&scene.report(), format, LOOK, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{format}");
    }
}
