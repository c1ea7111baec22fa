//! Help, usage errors, exit codes, `--files` and `--units`.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use cli_support::{assert_exit, json, run, run_in, stderr, stdout};

#[test]
fn findings_or_not_the_code_is_0() {
    assert_exit(&run("scan seeds"), 0);
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("one.txt"), "Nothing is said twice here.\n").unwrap();
    assert_exit(&run_in(directory.path(), "scan one.txt"), 0);
}

#[test]
fn bad_usage_is_code_2_and_says_what_would_be_right() {
    let cases = [
        ("", "Usage:"),
        ("scan", "<PATH>"),
        ("scann seeds", "'scan'"),
        ("scan --no-such-option seeds", "--no-such-option"),
        ("scan --format xml seeds", "human, json, jsonl, tsv"),
        ("scan --preset blog seeds", "news, web, strict"),
        ("scan --only doubled seeds", "doubled-text"),
        ("scan --only doubled-text,nothing seeds", "near-duplicate"),
        ("scan --similarity 0 seeds", "above 0 and up to 1"),
        ("scan --similarity 85 seeds", "write 0.85"),
        ("scan --similarity high seeds", "above 0 and up to 1"),
        ("scan --min-words 0 seeds", "1..="),
        ("scan --threads 0 seeds", "1..="),
        ("scan --width 10 seeds", "40..="),
        ("scan --color blue seeds", "auto, always, never"),
        ("scan --ledger some seeds", "all, touched, none"),
        ("scan --output report.json seeds", "json=report.json"),
        ("scan --output xml=report.xml seeds", "unknown format"),
        ("scan --output json= seeds", "path is missing"),
        ("scan --output json=- --output tsv=- seeds", "standard output"),
        ("scan --format human --output json=- seeds", "standard output"),
        ("scan --files --units seeds", "cannot be used with"),
        ("scan --files --output json=x.json seeds", "cannot be used with"),
        ("explain", "<ID>"),
        ("explain 12", "<PATH>"),
        ("explain not-an-id seeds", "16 digits"),
    ];
    for (arguments, expected) in cases {
        let output = run(arguments);
        assert_exit(&output, 2);
        assert_eq!(stdout(&output), "", "{arguments}");
        assert!(stderr(&output).contains(expected), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn help_fits_80_columns_and_the_short_one_a_screen() {
    for command in ["", "scan ", "dedup ", "restore ", "explain "] {
        for option in ["-h", "--help"] {
            let output = run(&format!("{command}{option}"));
            assert_exit(&output, 0);
            let help = stdout(&output);
            let too_wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 80).collect();
            assert_eq!(too_wide, [""; 0], "{command}{option}");
            if option == "-h" {
                assert!(help.lines().count() <= 50, "{command}-h has {} lines", help.lines().count());
            }
            assert!(help.contains("Examples:"), "{command}{option}");
            assert_eq!(stderr(&output), "");
        }
    }
}

#[test]
fn long_help_names_every_rule_preset_and_format() {
    let output = run("scan --help");
    let words =
        ["doubled-text", "boilerplate", "shared-passage", "near-duplicate", "contained", "news", "web", "strict"];
    for word in words.into_iter().chain(["human", "json", "jsonl", "tsv", "touched", "NO_COLOR"]) {
        assert!(stdout(&output).contains(word), "{word}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let output = run("--version");
    assert_exit(&output, 0);
    assert_eq!(stdout(&output), format!("dittograph {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn files_are_listed_and_not_scanned() {
    let output = run("scan --files seeds");
    assert_exit(&output, 0);
    let lines: Vec<&str> = stdout(&output).lines().filter(|line| line.starts_with("text ")).collect();
    assert_eq!(lines.len(), 5);
    // The expected findings beside them are no text, and an ignore file says so.
    assert!(!stdout(&output).contains("gold.json"), "{}", stdout(&output));
    assert!(lines[0].contains("2,593") && lines[0].ends_with("000_73c84f065c21e561.txt"), "{}", lines[0]);
    assert!(stderr(&output).contains("5 files to read, 15,667 bytes"), "{}", stderr(&output));
}

#[test]
fn files_passed_over_are_listed_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.txt"), "text").unwrap();
    std::fs::write(directory.path().join("b.exe"), [0, 1, 2]).unwrap();
    let output = run_in(directory.path(), "scan --files .");
    assert_exit(&output, 0);
    let line = stdout(&output).lines().find(|line| line.contains("b.exe")).unwrap();
    assert!(line.starts_with("passed over") && line.ends_with(')'), "{line}");
    assert!(stderr(&output).contains("1 file to read, 4 bytes; 1 passed over"), "{}", stderr(&output));
}

#[test]
fn units_are_shown_with_places_and_tokens() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.txt"), "The first line stands here.\n\nThe second one too.\n").unwrap();
    let output = run_in(directory.path(), "scan --units a.txt");
    assert_exit(&output, 0);
    let shown = stdout(&output);
    assert!(shown.starts_with("a.txt: utf-8, 49 bytes, 2 units, 9 tokens\n"), "{shown}");
    let second = shown.lines().find(|line| line.ends_with("The second one too.")).unwrap();
    for part in ["line 3", "29..48", "4 tokens"] {
        assert!(second.contains(part), "{second}");
    }
}

#[test]
fn stats_and_timings_go_to_stderr_only() {
    let plain = run("scan --format json seeds");
    let told = run("scan --format json --stats --timings seeds");
    assert_exit(&told, 0);
    assert_eq!(stdout(&told), stdout(&plain));
    for name in ["documents", "links thinned", "in all"] {
        assert!(stderr(&told).lines().any(|line| line.starts_with(name)), "{name}: {}", stderr(&told));
    }
    if cfg!(target_os = "linux") {
        assert!(stderr(&told).contains("peak memory"));
    }
}

#[test]
fn threads_change_nothing() {
    let one = run("scan --format json --threads 1 seeds");
    assert_exit(&one, 0);
    for threads in [2, 8] {
        assert_eq!(stdout(&run(&format!("scan --format json --threads {threads} seeds"))), stdout(&one));
    }
}

#[test]
fn settings_reach_the_report() {
    let output = run("scan --format json --preset strict --min-words 9 --similarity 0.85 --only contained seeds");
    assert_exit(&output, 0);
    let parameters = json(&output)["parameters"].to_string();
    for part in ["strict", "9", "contained"] {
        assert!(parameters.contains(part), "{parameters}");
    }
    assert!(!parameters.contains("boilerplate"), "{parameters}");
}

#[test]
fn an_id_or_its_first_digits_are_explained() {
    let report = json(&run("scan --format json seeds"));
    let id = report["findings"][0]["id"].as_str().expect("the seeds have findings");
    let whole = run(&format!("explain {id} seeds"));
    assert_exit(&whole, 0);
    assert!(stdout(&whole).contains(id), "{}", stdout(&whole));
    let abbreviated = run(&format!("explain {} seeds", id[..12].to_uppercase()));
    assert_eq!(stdout(&abbreviated), stdout(&whole));
}

#[test]
fn an_ambiguous_id_names_its_candidates() {
    let report = json(&run("scan --format json seeds"));
    let mut ids: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    // Of more than sixteen ids two begin alike; of fewer, perhaps none do.
    let Some(pair) = ids.windows(2).find(|pair| pair[0].as_bytes()[0] == pair[1].as_bytes()[0]) else {
        assert!(ids.len() <= 16);
        return;
    };
    let output = run(&format!("explain {} seeds", &pair[0][..1]));
    assert_exit(&output, 2);
    assert!(pair.iter().all(|id| stderr(&output).contains(id)), "{}", stderr(&output));
}

#[test]
fn an_unknown_id_is_an_error_with_a_hint() {
    let output = run("explain 00000000deadbeef seeds");
    assert_exit(&output, 2);
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("error: no id begins with 00000000deadbeef"), "{}", stderr(&output));
    assert!(stderr(&output).contains("hint: give the same paths"), "{}", stderr(&output));
}
