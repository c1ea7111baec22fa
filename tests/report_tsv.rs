//! Tab-separated values: stable columns, one line an occurrence or member, fields that can be read back.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod report_fixture;

use std::collections::BTreeMap;

use dittograph::report::{Appearance, Format};
use report_fixture::{Fixture, assert_snapshot, scenes};

fn rows(scene: &Fixture) -> Vec<BTreeMap<String, String>> {
    let text = scene.written(Format::Tsv, Appearance::default());
    let mut lines = text.split_terminator('\n');
    let header: Vec<String> = lines.next().unwrap().split('\t').map(str::to_owned).collect();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), header.len(), "{line}");
        header.iter().cloned().zip(fields.into_iter().map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

#[test]
fn the_table_of_a_newsroom() {
    assert_snapshot("report_newsroom.tsv", &scenes::newsroom().written(Format::Tsv, Appearance::default()));
}

#[test]
fn one_line_each() {
    for (name, scene) in scenes::all() {
        let occurrences: usize = scene.scan.findings.iter().map(|finding| finding.occurrences.len()).sum();
        let members: usize = scene.scan.clusters.iter().map(|cluster| cluster.members.len()).sum();
        let rows = rows(&scene);
        assert_eq!(rows.len(), occurrences + members, "{name}");
        for row in &rows {
            let document = scene.corpus.documents.iter().find(|document| document.id == row["document"]);
            let Some(document) = document else { continue };
            let (start, end): (usize, usize) = (row["start"].parse().unwrap(), row["end"].parse().unwrap());
            assert!(document.text.get(start..end).is_some(), "{name}: {row:?}");
            assert_eq!(row["kind"] == "cluster", row["identity"].is_empty(), "{name}: {row:?}");
            assert_eq!(row["kind"] == "finding", row["coverage"].is_empty(), "{name}: {row:?}");
        }
    }
}

#[test]
fn fields_are_escaped() {
    let scene = scenes::hostile();
    let text = scene.written(Format::Tsv, Appearance::default());
    assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    let row = &rows(&scene)[0];
    assert_eq!(row["document"], "bad\\u{1b}]0;owned\\u{7}\\nname.txt");
    assert!(row["excerpt"].contains("rang\\ttwice"));
}

#[test]
fn nothing_found_is_a_header() {
    assert_eq!(rows(&scenes::empty()), []);
}
