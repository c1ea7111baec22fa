//! The human report, read as people read it: whole pages kept as snapshots, and promises that hold for any page.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod report_fixture;

use dittograph::finding::Span;
use dittograph::report::{Appearance, Format, find_ids};
use proptest::prelude::*;
use report_fixture::{assert_snapshot, scenes};
use unicode_width::UnicodeWidthStr;

const PLAIN: Appearance = Appearance { width: 80, color: false, unicode: true, limit: Some(20) };

#[test]
fn pages() {
    for (name, scene) in scenes::all() {
        assert_snapshot(&format!("report_{name}.txt"), &scene.written(Format::Human, PLAIN));
    }
}

#[test]
fn looks() {
    let scene = scenes::newsroom();
    let looks = [
        ("ascii", Appearance { unicode: false, ..PLAIN }),
        ("color", Appearance { color: true, ..PLAIN }),
        ("narrow", Appearance { width: 44, ..PLAIN }),
        ("wide", Appearance { width: 110, ..PLAIN }),
        ("limit", Appearance { limit: Some(3), ..PLAIN }),
    ];
    for (name, appearance) in looks {
        assert_snapshot(&format!("report_newsroom_{name}.txt"), &scene.written(Format::Human, appearance));
    }
}

#[test]
fn explanations() {
    for (name, scene) in
        [("newsroom", scenes::newsroom()), ("hostile", scenes::hostile()), ("scripts", scenes::scripts())]
    {
        let clusters = scene.scan.clusters.iter().map(|cluster| cluster.id);
        let findings = scene.scan.findings.iter().map(|finding| finding.id);
        let pages: Vec<String> = clusters.chain(findings).map(|id| scene.explained(id, PLAIN).unwrap()).collect();
        assert_snapshot(&format!("explain_{name}.txt"), &pages.join("\n"));
    }
}

#[test]
fn what_is_not_there_is_not_explained() {
    let scene = scenes::newsroom();
    assert_eq!(scene.explained(1, PLAIN), None);
    let id = scene.scan.findings[0].id;
    assert_eq!(find_ids(&scene.report(), &format!("{id:016x}")[..8]), [id]);
}

#[test]
fn no_line_is_wider_than_asked() {
    for (name, scene) in scenes::all() {
        for width in [1, 40, 51, 80, 100, 120, 400] {
            for unicode in [true, false] {
                let appearance = Appearance { width, unicode, ..PLAIN };
                for line in scene.written(Format::Human, appearance).lines() {
                    assert!(line.width() <= width.clamp(40, 120), "{name} at {width}: {line:?}");
                    assert_eq!(line.trim_end(), line, "{name} at {width}");
                }
            }
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for (name, scene) in scenes::all() {
        // Marks differ: scenes without altered passages must be equal letter for letter.
        if scene.scan.findings.iter().flat_map(|finding| &finding.occurrences).any(|place| !place.edits.is_empty()) {
            continue;
        }
        let painted = scene.written(Format::Human, Appearance { color: true, ..PLAIN });
        assert_eq!(bare(&painted), scene.written(Format::Human, PLAIN), "{name}");
    }
}

/// Without the sequences that set colours.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    out + rest
}

#[test]
fn nothing_from_a_text_reaches_the_terminal_raw() {
    let scene = scenes::hostile();
    let mut pages = vec![scene.written(Format::Human, PLAIN)];
    pages.extend(scene.scan.findings.iter().map(|finding| scene.explained(finding.id, PLAIN).unwrap()));
    for page in pages {
        let raw = page
            .chars()
            .find(|&c| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        assert_eq!(raw, None, "{page}");
        assert!(page.contains("\\u{1b}"), "shown instead: {page}");
    }
}

#[test]
fn a_limit_of_none_shows_all() {
    let scene = scenes::site();
    let page = scene.written(Format::Human, Appearance { limit: None, ..PLAIN });
    assert_eq!(page.matches("Doubled text:").count(), 40);
    assert!(!page.contains("--format json has all"));
    let page = scene.written(Format::Human, Appearance { limit: Some(0), ..PLAIN });
    assert!(!page.contains("Doubled text:"));
    assert!(page.contains("41 more findings; --format json has all"), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// A scan that is wrong makes a wrong report, never a crash that would hide what is wrong.
    #[test]
    fn wrong_scans_are_reported(
        numbers in prop::collection::vec(0u32..400, 60),
        limit in prop::option::of(0usize..9),
        width in 0usize..130,
    ) {
        let mut scene = scenes::newsroom();
        let mut numbers = numbers.into_iter().cycle();
        let mut next = || numbers.next().unwrap();
        for finding in &mut scene.scan.findings {
            finding.representative = next() % 4;
            for place in &mut finding.occurrences {
                place.span = Span { start: next(), end: next() };
                place.document = next() % 9;
                place.count = next() % 5;
                for edit in &mut place.edits {
                    edit.representative = Span { start: next(), end: next() };
                    edit.occurrence = Span { start: next(), end: next() };
                }
            }
        }
        for cluster in &mut scene.scan.clusters {
            cluster.representative = next() % 9;
        }
        scene.scan.ledgers.truncate(next() as usize % 9);
        for format in Format::ALL {
            let page = scene.written(format, Appearance { limit, width, ..PLAIN });
            prop_assert!(!page.is_empty());
        }
        for digit in "0123456789abcdef".split_terminator("").skip(1) {
            for id in find_ids(&scene.report(), digit) {
                prop_assert!(scene.explained(id, PLAIN).is_some());
            }
        }
    }
}
