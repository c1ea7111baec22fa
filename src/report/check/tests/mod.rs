//! The formats of a check, each read back by a parser of its own and held against its definition: what was put in comes
//! out, as text, whatever it holds.

mod code_quality;
mod commands;
mod explained;
mod json;
mod junit;
mod pages;
mod sarif;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use super::{CheckFormat, write};
use crate::check::problems::{
    Budget, BudgetKind, Checked, Place, Problem, Size, SkippedInput, Suppressed, Unused, Verdict,
};
use crate::finding::{Rule, Severity};
use crate::report::Appearance;

pub(super) const PLAIN: Appearance = Appearance { width: 80, color: false, unicode: true, limit: Some(20) };
const SEVERITIES: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];

pub(super) fn written(checked: &Checked, format: CheckFormat) -> String {
    shown(checked, format, PLAIN)
}

pub(super) fn shown(checked: &Checked, format: CheckFormat, appearance: Appearance) -> String {
    let mut out = Vec::new();
    write(checked, format, appearance, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn parsed(checked: &Checked, format: CheckFormat) -> Value {
    serde_json::from_str(&written(checked, format)).unwrap()
}

/// A schema, which must be one, with the formats of strings that it asks for.
pub(super) fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema));
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// Errors of a document.
pub(super) fn errors(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

pub(super) fn place(path: &str, line: u64, end_line: u64) -> Place {
    Place {
        path: path.to_owned(),
        document: path.to_owned(),
        line,
        end_line,
        start: 40 * line as u32,
        end: 40 * end_line as u32 + 60,
        count: 1,
        is_reference: false,
        is_holder: false,
    }
}

pub(super) fn problem(id: u64, rule: Rule, severity: Severity, words: u32, places: Vec<Place>) -> Problem {
    let excerpt = "The river rose to four metres and twenty on the night of the second of February, higher than \
                   anyone living had seen it, and stood in the cellars for…";
    Problem { id, rule, severity, words, known: 0, places, excerpt: excerpt.to_owned() }
}

/// A check of a small paper that has something of everything.
pub(super) fn paper() -> Checked {
    let feed = Place { document: "wire-2021-04-07".to_owned(), count: 2, ..place("feeds/wire.jsonl", 311, 311) };
    let archive =
        (1..=11).map(|year| Place { is_reference: true, ..place(&format!("archive/{}/flood.md", 2010 + year), 3, 9) });
    let near = problem(0x18a7_bb46_c552_60d0, Rule::NearDuplicate, Severity::Error, 412, {
        [place("news/2021/flood.md", 1, 40), feed].into_iter().chain(archive).collect()
    });
    let doubled = problem(0x5393_efe9_0000_0001, Rule::DoubledText, Severity::Error, 34, {
        vec![
            place("news/2021/harbour.md", 3, 4),
            place("news/2021/harbour.md", 12, 13),
            place("news/2021/harbour.md", 30, 31),
        ]
    });
    let grown = problem(0x0000_0000_00c0_ffee, Rule::SharedPassage, Severity::Error, 21, {
        vec![place("guides/install.md", 14, 18), place("guides/upgrade.md", 6, 10), place("README.md", 90, 94)]
    });
    let grown = Problem { known: 2, excerpt: "Download the archive for your system.".to_owned(), ..grown };
    let altered = problem(0xd6ee_3cc1_1519_2909, Rule::AlteredQuote, Severity::Warning, 17, {
        vec![place("news/2021/school.md", 8, 9), place("news/2021/weekend.md", 2, 3)]
    });
    let reused = problem(0xb18f_9668_f4da_a895, Rule::ReusedQuote, Severity::Note, 16, {
        vec![place("news/2021/school.md", 20, 20), place("news/2021/weekend.md", 14, 14)]
    });
    let imprint = problem(0x2461_ae7d_e4c8_074b, Rule::Boilerplate, Severity::Note, 9, vec![place("about.md", 40, 40)]);
    let excused = problem(0x00aa, Rule::SharedPassage, Severity::Error, 55, {
        vec![place("legal/terms.md", 2, 6), place("legal/privacy.md", 2, 6)]
    });
    Checked {
        problems: vec![near, doubled, grown, altered, reused],
        known: 33,
        echoes: 14,
        suppressed: vec![
            Suppressed {
                problem: excused,
                reason: "both have to say it in full".to_owned(),
                path: "legal/privacy.md".to_owned(),
                line: Some(1),
            },
            Suppressed {
                problem: imprint,
                reason: "the law asks for it".to_owned(),
                path: "dittograph.toml".to_owned(),
                line: None,
            },
        ],
        unused: vec![
            Unused {
                path: "dittograph.toml".to_owned(),
                line: Some(31),
                what: "[[allow]] id = \"c6e4b447\"".to_owned(),
            },
            Unused { path: "guides/old.md".to_owned(), line: Some(4), what: "ignore shared-passage".to_owned() },
        ],
        misunderstood: vec![Unused {
            path: "guides/new.md".to_owned(),
            line: Some(7),
            what: "no rule is named `shared`".to_owned(),
        }],
        budgets: vec![
            Budget { kind: BudgetKind::Findings, allowed: 5, used: 3 },
            Budget { kind: BudgetKind::RepeatedWords, allowed: 10_000, used: 15_204 },
        ],
        size: Size { documents: 214, references: 1_020, tokens: 58_120, repeated: 884 },
        skipped: vec![
            SkippedInput {
                path: "feeds/wire.jsonl".to_owned(),
                line: Some(19),
                reason: "no field holds a text".to_owned(),
                is_error: true,
            },
            SkippedInput {
                path: "logo.png".to_owned(),
                line: None,
                reason: "unknown type".to_owned(),
                is_error: false,
            },
        ],
    }
}

/// A check that has nothing to tell.
pub(super) fn clean() -> Checked {
    Checked { size: Size { documents: 214, ..Size::default() }, ..Checked::default() }
}

/// More of everything than any format has room for.
pub(super) fn crowd() -> Checked {
    let mut checked = paper();
    let long = |number: u64| format!("{}/{number}: 100 %, really.md", "deep folder/".repeat(400));
    let of = |number: u64| {
        let severity = SEVERITIES[2 - number as usize / 100];
        // Few of them have many places: their names are long.
        let places =
            (0..if number < 3 { 250 } else { 10 }).map(|other| place(&long(number * 1000 + other), 1, 2)).collect();
        Problem { excerpt: "% , : ".repeat(26), ..problem(number, Rule::SharedPassage, severity, 30, places) }
    };
    checked.problems = (0..300).map(of).collect();
    let lost = |number: u64| SkippedInput {
        path: long(number),
        line: None,
        reason: "a reason of some length, ".repeat(400),
        is_error: true,
    };
    checked.skipped = (0..40).map(lost).collect();
    let unused = |number: u64| Unused { path: long(number), line: None, what: "ignore-file ".repeat(300) };
    checked.unused = (0..40).map(unused).collect();
    checked
}

/// Text as somebody writes it who means harm, or never thought of it.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "news/a.md",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\"",
        "'",
        "%",
        "%0A",
        "::",
        "::error file=x::y",
        "##[error]",
        "###[",
        "##vso[",
        "]]>",
        "<script>alert(1)</script>",
        "<!--",
        "-->",
        "&amp;",
        "&",
        "|",
        "\\|",
        "\\\\|",
        "\\",
        "`",
        "``",
        "```",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{9b}2J",
        "\u{202e}",
        "\u{2066}",
        "\u{2028}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{feff}",
        "[x](1)",
        "[",
        "]",
        "(",
        ")",
        "@team",
        "#1",
        "https://example.org/",
        "*b*",
        "_",
        "~~",
        "$",
        "^",
        "!",
        ",",
        ":",
        ";",
        "=",
        "./",
        "../",
        "/",
        "C:/",
        "é",
        "e\u{301}",
        "新闻",
        "😀",
        "۱",
        "\u{a0}",
        "\u{3000}",
        "–",
        "“",
        "…",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat())
}

fn hostile_place() -> impl Strategy<Value = Place> {
    let numbers = (0u64..40, 0u64..40, any::<u16>(), 1u32..4, any::<bool>(), any::<bool>());
    (hostile(), proptest::option::of(hostile()), numbers).prop_map(|(path, document, numbers)| {
        let (line, end_line, start, count, is_reference, is_holder) = numbers;
        let document = document.unwrap_or_else(|| path.clone());
        let (start, end) = (u32::from(start), u32::from(start) + 9);
        let (line, end_line) = (line + 1, end_line + 1);
        Place { path, document, line, end_line, start, end, count, is_reference, is_holder }
    })
}

fn hostile_problem() -> impl Strategy<Value = Problem> {
    let rule = proptest::sample::select(&Rule::ALL[..]);
    let severity = proptest::sample::select(&SEVERITIES[..]);
    let numbers = (0u64..4, any::<u16>(), 0u64..3);
    let places = proptest::collection::vec(hostile_place(), 1..5);
    (rule, severity, numbers, places, hostile()).prop_map(|(rule, severity, numbers, places, excerpt)| {
        let (id, words, known) = numbers;
        Problem { id, rule, severity, words: u32::from(words), known, places, excerpt }
    })
}

/// A check in which every text is hostile.
pub(super) fn hostile_check() -> impl Strategy<Value = Checked> {
    use proptest::collection::vec;
    let line = || proptest::option::of(1u64..40);
    let unused = || (hostile(), line(), hostile()).prop_map(|(path, line, what)| Unused { path, line, what });
    let skipped = (hostile(), line(), hostile(), any::<bool>())
        .prop_map(|(path, line, reason, is_error)| SkippedInput { path, line, reason, is_error });
    let suppressed = (hostile_problem(), hostile(), hostile(), line())
        .prop_map(|(problem, reason, path, line)| Suppressed { problem, reason, path, line });
    let budget = (any::<bool>(), 0u64..30_000, 0u64..30_000).prop_map(|(is_share, allowed, used)| {
        let kind = if is_share { BudgetKind::RepeatedWords } else { BudgetKind::Findings };
        Budget { kind, allowed, used }
    });
    let remarks = (vec(unused(), 0..3), vec(unused(), 0..3));
    let lists = (vec(hostile_problem(), 0..6), vec(suppressed, 0..3), remarks, vec(skipped, 0..3));
    (lists, vec(budget, 0..3), 0u64..9, 0u64..3).prop_map(|(lists, budgets, documents, known)| {
        let (problems, suppressed, (unused, misunderstood), skipped) = lists;
        let size = Size { documents, references: known, tokens: documents * 90, repeated: documents };
        Checked { problems, known, echoes: known, suppressed, unused, misunderstood, budgets, size, skipped }
    })
}

#[test]
fn names_round_trip() {
    for format in CheckFormat::ALL {
        assert_eq!(format.name().parse(), Ok(format));
        assert_eq!(format.to_string(), format.name());
    }
    assert_eq!(CheckFormat::default(), CheckFormat::ALL[0]);
    let error = "xml".parse::<CheckFormat>().unwrap_err().to_string();
    for format in CheckFormat::ALL {
        assert!(error.contains(format.name()), "{error}");
    }
}

#[test]
fn a_problem_names_its_places_by_number() {
    for problem in paper().problems {
        let told = problem.tell(|index, name| {
            let place = &problem.places[index];
            assert!(name == place.name() || name == place.line.to_string(), "{name}");
            name.to_owned()
        });
        assert_eq!(told, problem.message());
    }
}

#[test]
fn who_lies_inside_whom_is_told_from_both_sides() {
    let of = |places: Vec<Place>| problem(1, Rule::Contained, Severity::Error, 78, places).message();
    let [brief, note] = [place("brief.md", 1, 4), place("note.md", 1, 4)];
    let long = Place { is_holder: true, ..place("long.md", 1, 90) };
    assert_eq!(of(vec![brief.clone(), long.clone()]), "This document of 78 words lies inside a longer one, long.md:1");
    assert_eq!(
        of(vec![brief.clone(), note.clone(), long.clone()]),
        "This document of 78 words lies inside a longer one, long.md:1 and 1 other place"
    );
    assert_eq!(of(vec![long.clone(), brief.clone()]), "This document of 78 words holds all of brief.md:1");
    assert_eq!(
        of(vec![long.clone(), brief.clone(), note.clone(), note.clone()]),
        "This document of 78 words holds all of brief.md:1 and 2 other places"
    );
    // Of no other rule.
    let near = problem(1, Rule::NearDuplicate, Severity::Error, 78, vec![brief, note, long]);
    assert_eq!(near.message(), "This document of 78 words nearly repeats note.md:1 and 1 other place");
}

/// What was lost may hold anything, so no format says that all is well.
#[test]
fn an_input_that_was_lost_leaves_a_check_incomplete() {
    let lost = || vec![paper().skipped[0].clone()];
    let checked = Checked { skipped: lost(), ..clean() };
    assert_eq!((checked.verdict(), checked.trips()), (Verdict::Incomplete, false));
    assert_eq!(
        (clean().verdict(), Checked { skipped: Vec::new(), ..paper() }.verdict()),
        (Verdict::Open, Verdict::Tripped)
    );
    let told = "Nothing new in what was read: the check is incomplete";
    for format in CheckFormat::ALL {
        let text = written(&checked, format);
        assert!(
            !text.contains("is open") && !text.contains("\"open\"") && !text.contains("Nothing new:"),
            "{format}: {text}"
        );
        let is_told = match format {
            CheckFormat::Json | CheckFormat::Sarif => text.contains("\"verdict\":\"incomplete\""),
            CheckFormat::Gitlab => text.contains("\"check_name\":\"not-read\""),
            _ => text.contains(told) && text.contains("no field holds a text"),
        };
        assert!(is_told, "{format}: {text}");
        // Problems are told all the same, and that the gate trips with them.
        let both = written(&paper(), format);
        let trips = "the gate trips, and the check is incomplete";
        let is_line = !matches!(format, CheckFormat::Json | CheckFormat::Sarif | CheckFormat::Gitlab);
        assert!(!is_line || both.split_whitespace().collect::<Vec<_>>().join(" ").contains(trips), "{format}: {both}");
        assert!(both.contains("doubled-text"), "{format}");
    }
    let nothing = Checked { skipped: lost(), ..Checked::default() };
    assert!(written(&nothing, CheckFormat::Human).contains("No document was checked: the check is incomplete.\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_format_prints_what_a_log_obeys(checked in hostile_check()) {
        for format in CheckFormat::ALL {
            let text = written(&checked, format);
            prop_assert!(!text.contains("##[") && !text.contains("##vso["), "{format}: {text}");
            // Of the commands of the format that has some, its own tests know.
            let obeyed = text.lines().find(|line| line.trim_start().starts_with("::"));
            prop_assert!(obeyed.is_none() || format == CheckFormat::Github, "{format}: {obeyed:?}");
        }
    }

    #[test]
    fn no_format_prints_what_drives_a_terminal(checked in hostile_check()) {
        for format in CheckFormat::ALL {
            for c in written(&checked, format).chars() {
                prop_assert!(c == '\n' || !crate::report::escape::is_unsafe(c), "{format}: {c:?}");
            }
        }
    }
}
