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
use crate::check::problems::{Budget, BudgetKind, Checked, Place, Problem, Size, SkippedInput, Suppressed, Unused};
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
    let numbers = (0u64..40, 0u64..40, any::<u16>(), 1u32..4, any::<bool>());
    (hostile(), proptest::option::of(hostile()), numbers).prop_map(|(path, document, numbers)| {
        let (line, end_line, start, count, is_reference) = numbers;
        let document = document.unwrap_or_else(|| path.clone());
        let start = u32::from(start);
        Place { path, document, line: line + 1, end_line: end_line + 1, start, end: start + 9, count, is_reference }
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
    let unused = (hostile(), line(), hostile()).prop_map(|(path, line, what)| Unused { path, line, what });
    let skipped = (hostile(), line(), hostile(), any::<bool>())
        .prop_map(|(path, line, reason, is_error)| SkippedInput { path, line, reason, is_error });
    let suppressed = (hostile_problem(), hostile(), hostile(), line())
        .prop_map(|(problem, reason, path, line)| Suppressed { problem, reason, path, line });
    let budget = (any::<bool>(), 0u64..30_000, 0u64..30_000).prop_map(|(is_share, allowed, used)| {
        let kind = if is_share { BudgetKind::RepeatedWords } else { BudgetKind::Findings };
        Budget { kind, allowed, used }
    });
    let lists = (vec(hostile_problem(), 0..6), vec(suppressed, 0..3), vec(unused, 0..3), vec(skipped, 0..3));
    (lists, vec(budget, 0..3), 0u64..9, 0u64..3).prop_map(|(lists, budgets, documents, known)| {
        let (problems, suppressed, unused, skipped) = lists;
        let size = Size { documents, references: known, tokens: documents * 90, repeated: documents };
        Checked { problems, known, suppressed, unused, budgets, size, skipped }
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_format_prints_what_drives_a_terminal(checked in hostile_check()) {
        for format in CheckFormat::ALL {
            for c in written(&checked, format).chars() {
                prop_assert!(c == '\n' || !crate::report::escape::is_unsafe(c), "{format}: {c:?}");
            }
        }
    }
}
