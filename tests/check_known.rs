//! What the gate takes for known and what for new, run as a user runs it: `dittograph check` with a baseline, with a
//! revision, with excuses. Each test is named after what a reviewer, or a hostile tester, found it to get wrong.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod check_support;
mod cli_support;

use std::fs;
use std::path::Path;

use check_support::{check, command, folder, found, git, part, put, run, story, told};
use cli_support::{assert_exit, json, stderr};
use serde_json::Value;

fn write_baseline(folder: &Path) {
    assert_exit(&run(folder, "baseline write -q"), 0);
    assert!(told(&check(folder, "", 0)).is_empty());
}

#[test]
fn what_is_doubled_in_one_text_is_new_in_another() {
    let [passage, one, two] = [part(1, 0..3), story(2), story(3)];
    let base = folder(&[("a.md", &format!("{passage}\n\n{one}\n\n{passage}"))]);
    write_baseline(base.path());
    put(base.path(), "n.md", &format!("{two}\n\n{passage}"));
    // Without paths nobody knows which of three copies is new: what they are to each other is told.
    assert_eq!(found(&check(base.path(), "", 1)), ["shared-passage n.md", "doubled-text a.md"]);
    // And the other way round.
    let base = folder(&[("a.md", &format!("{passage}\n\n{one}")), ("b.md", &format!("{passage}\n\n{two}"))]);
    write_baseline(base.path());
    put(base.path(), "a.md", &format!("{passage}\n\n{one}\n\n{passage}"));
    let report = check(base.path(), "", 1);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("a.md") && message.ends_with("(copies known: 2, new: 1)"), "{message}");
}

#[test]
fn a_piece_of_a_known_pair_is_new() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    put(base.path(), "dittograph.toml", "[rules]\nshared-passage = \"off\"\n");
    write_baseline(base.path());
    put(base.path(), "s.md", &part(1, 1..3));
    assert_eq!(found(&check(base.path(), "", 1)), ["contained s.md"]);
}

#[test]
fn a_known_pair_that_is_cut_in_two_is_known() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    write_baseline(base.path());
    fs::remove_file(base.path().join("b.md")).unwrap();
    put(base.path(), "b1.md", &part(1, 0..4));
    put(base.path(), "b2.md", &part(1, 4..6));
    assert!(told(&check(base.path(), "", 0)).is_empty());
}

#[test]
fn an_excused_pair_hides_no_third_copy() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    let id = check(base.path(), "", 1)["problems"][0]["id"].as_str().unwrap().to_owned();
    let allow = format!("[[allow]]\nid = \"{id}\"\nreason = \"a mirror\"\n");
    let new = format!("{}\n\n{}", story(2), part(1, 1..3));
    // Whether it was excused before the baseline was written or after that.
    for is_excused_first in [true, false] {
        let steps: [&dyn Fn(); 2] = [&|| put(base.path(), "dittograph.toml", &allow), &|| {
            assert_exit(&run(base.path(), "baseline write -q"), 0)
        }];
        if is_excused_first {
            steps.iter().for_each(|step| step())
        } else {
            steps.iter().rev().for_each(|step| step())
        }
        check(base.path(), "", 0);
        put(base.path(), "new.md", &new);
        assert_eq!(found(&check(base.path(), "", 1)), ["shared-passage new.md"], "{is_excused_first}");
        for file in ["new.md", "dittograph.toml", "dittograph-baseline.jsonl"] {
            fs::remove_file(base.path().join(file)).unwrap();
        }
    }
}

#[test]
fn wholes_that_overlap_hide_no_other_copy() {
    let base = folder(&[
        ("a.md", &story(1)),
        ("b.md", &story(1)),
        ("l.md", &format!("{}\n\n{}\n\n{}", story(2), story(1), story(3))),
        ("new.md", &format!("{}\n\n{}", story(4), part(1, 1..3))),
    ]);
    put(base.path(), "dittograph.toml", "[rules]\nnear-duplicate = \"note\"\ncontained = \"note\"\n");
    assert_eq!(found(&check(base.path(), "", 1))[0], "shared-passage new.md");
}

#[test]
fn one_copy_is_told_once() {
    let base = folder(&[
        ("a.md", &story(1)),
        ("b.md", &format!("<!-- dittograph: ignore near-duplicate because it is a mirror -->\n\n{}", story(1))),
    ]);
    check(base.path(), "", 0);
    put(base.path(), "c.md", &story(1));
    assert_eq!(found(&check(base.path(), "", 1)), ["near-duplicate c.md"]);
}

#[test]
fn a_baseline_forgets_what_was_mended() {
    let phrase = "It is one of the many that were there.";
    let with_phrase = |number: u32| format!("{phrase} {}", part(number, 0..3));
    let base = folder(&[
        ("a.md", &format!("{}\n\n{}", with_phrase(1), story(11))),
        ("b.md", &format!("{}\n\n{}", with_phrase(1), story(12))),
        ("c.md", &format!("{}\n\n{}", with_phrase(2), story(13))),
        ("d.md", &format!("{}\n\n{}", with_phrase(2), story(14))),
        ("e.md", &format!("{}\n\n{}", with_phrase(2), story(15))),
    ]);
    write_baseline(base.path());
    let lines = || fs::read_to_string(base.path().join("dittograph-baseline.jsonl")).unwrap().lines().count();
    let told_unused = |report: &Value| -> String { report["unused"].to_string() };
    let before = lines();
    put(base.path(), "b.md", &story(12));
    let report = check(base.path(), "", 0);
    assert!(told_unused(&report).contains("lines that nothing needs any more"), "{report:#}");
    assert_exit(&run(base.path(), "baseline prune -q"), 0);
    assert!(lines() < before, "{} of {before}", lines());
    assert!(report_is_clean(&check(base.path(), "", 0)));
    put(base.path(), "b.md", &format!("{}\n\n{}", with_phrase(1), story(12)));
    check(base.path(), "", 1);
    put(base.path(), "b.md", &story(12));
    // Of three copies one went: a new third one is new.
    put(base.path(), "e.md", &story(15));
    let report = check(base.path(), "", 0);
    assert!(told_unused(&report).contains("allow more copies than there are"), "{report:#}");
    assert_exit(&run(base.path(), "baseline prune -q"), 0);
    assert!(report_is_clean(&check(base.path(), "", 0)));
    put(base.path(), "e.md", &format!("{}\n\n{}", with_phrase(2), story(15)));
    check(base.path(), "", 1);
    // What is not there is not brought up to date.
    for action in ["update", "prune"] {
        assert_exit(&run(base.path(), &format!("baseline {action} -q --baseline typo.jsonl")), 2);
    }
}

fn report_is_clean(report: &Value) -> bool {
    report["problems"].as_array().unwrap().is_empty() && report["unused"].as_array().unwrap().is_empty()
}

#[test]
fn files_of_this_program_are_no_documents() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1)), ("sub/c.md", &story(2))]);
    for file in ["known.jsonl", "sub/dittograph-baseline.jsonl", "dittograph-baseline.jsonl"] {
        assert_exit(&run(base.path(), &format!("baseline write -q --baseline {file}")), 0);
    }
    let report = check(base.path(), "--baseline known.jsonl", 0);
    assert_eq!(report["size"]["documents"], 3, "{report:#}");
    assert_exit(&run(base.path(), "scan -q ."), 0);
    assert_exit(&run(base.path(), "scan -q known.jsonl"), 2);
    // A summary of an earlier run neither.
    assert_exit(&run(base.path(), "check -q --isolated --no-cache -o markdown=summary.md -o json=r.json"), 0);
    assert_eq!(check(base.path(), "", 0)["size"]["documents"], 3);
}

#[test]
fn nothing_of_anybody_is_replaced_or_removed() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1)), ("data/x.json", "{}")]);
    let output = run(base.path(), "check -q --no-cache a.md b.md -o markdown=b.md");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("would replace what is checked"), "{}", stderr(&output));
    assert_exit(&run(base.path(), "check -q --no-cache -o markdown=b.md"), 2);
    for action in ["write", "update", "prune"] {
        assert_exit(&run(base.path(), &format!("baseline {action} -q --baseline a.md")), 2);
    }
    assert_eq!(fs::read_to_string(base.path().join("a.md")).unwrap(), story(1));
    assert_eq!(fs::read_to_string(base.path().join("b.md")).unwrap(), story(1));
    // A folder of somebody's as the cache: their files stay, and git sees them.
    for number in 0..40 {
        put(base.path(), &format!("data/f{number}.json"), "{}");
        assert_exit(&run(base.path(), &format!("check -q --cache-dir data --min-words {} a.md", number + 5)), 0);
    }
    let all = fs::read_dir(base.path().join("data")).unwrap().map(|entry| entry.unwrap().file_name());
    let own = all.filter(|name| name.to_string_lossy().len() < 12).count();
    assert_eq!(own, 41);
    assert!(!base.path().join("data/.gitignore").exists());
}

#[test]
fn what_standard_input_said_is_not_remembered() {
    let base = folder(&[]);
    let passage = part(1, 0..3);
    let ask = |text: &str| {
        put(base.path(), "in", text);
        let file = fs::File::open(base.path().join("in")).unwrap();
        let mut command = command(base.path(), "check -q --isolated --format json -");
        json(&command.stdin(file).output().unwrap())["verdict"].clone()
    };
    assert_eq!(ask(&story(2)), "open");
    assert_eq!(ask(&format!("{passage}\n\n{}\n\n{passage}", story(2))), "tripped");
    assert_eq!(ask(&story(2)), "open");
}

#[test]
fn a_baseline_that_the_configuration_names_has_to_be_there() {
    let base = folder(&[("a.md", &story(1)), ("dittograph.toml", "baseline = \"no.jsonl\"\n")]);
    let output = run(base.path(), "check -q --no-cache");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("there is no such baseline"), "{}", stderr(&output));
    assert_exit(&run(base.path(), "baseline write -q"), 0);
    check(base.path(), "", 0);
}

#[test]
fn the_baseline_of_the_repository_holds_below_its_top() {
    let base = folder(&[("docs/a.md", &story(1)), ("docs/b.md", &story(1))]);
    git(base.path(), "init -q");
    write_baseline(base.path());
    check(&base.path().join("docs"), "", 0);
}

#[test]
fn known_text_is_text_whatever_it_is_called() {
    let licence = part(9, 0..4);
    let base = folder(&[
        ("LICENSE", &story(9)),
        ("a.md", &format!("{}\n\n{licence}", story(1))),
        ("b.md", &format!("{}\n\n{licence}", story(2))),
    ]);
    check(base.path(), "", 1);
    for pattern in ["LICENSE*", "LICENSE"] {
        put(
            base.path(),
            "dittograph.toml",
            &format!("known-text = [\"{pattern}\"]\n[budget]\nrepeated-words = 0.05\n"),
        );
        let report = check(base.path(), "", 0);
        assert_eq!(report["skipped"].as_array().unwrap().len(), 0, "{report:#}");
        assert_eq!((&report["size"]["documents"], &report["size"]["repeated"]), (&2.into(), &0.into()), "{pattern}");
    }
}

#[test]
fn budgets_count_what_is_somebodys_concern() {
    let base = folder(&[("v1/a.md", &story(1)), ("v2/a.md", &story(1)), ("b.md", &story(2))]);
    let group = "[budget]\nrepeated-words = 0.01\n[[groups]]\nname = \"versions\"\npaths = [\"v*\"]\n";
    put(base.path(), "dittograph.toml", group);
    check(base.path(), "", 0);
    // A version more is no copy more.
    put(base.path(), "v3/a.md", &story(1));
    check(base.path(), "", 0);
    put(base.path(), "c.md", &story(2));
    check(base.path(), "", 1);
}

#[test]
fn comments_for_this_program_are_nobodys_text() {
    let comment = "<!-- dittograph: ignore doubled-text because this long and careful reason stands in each of the pages of \
                   the handbook that the team keeps for the people who come new to it every year -->";
    let page = |number: u32| format!("{comment}\n\n{}", story(number));
    let base = folder(&[("a.md", &page(1)), ("b.md", &page(2)), ("c.md", &page(3))]);
    put(base.path(), "dittograph.toml", "min-words = 8\n");
    let report = check(base.path(), "", 0);
    assert!(report["problems"].as_array().unwrap().is_empty(), "{report:#}");
    assert_eq!(report["unused"].as_array().unwrap().len(), 3);
    // Two on one line: each answers for itself.
    let two =
        "<!-- dittograph: ignore boilerplate because never --><!-- dittograph: ignore near-duplicate because so -->";
    let base = folder(&[("a.md", &story(1)), ("b.md", &format!("{two}\n\n{}", story(1)))]);
    let report = check(base.path(), "", 0);
    assert_eq!(report["unused"][0]["what"], "a comment that excuses nothing (boilerplate)", "{report:#}");
    assert_eq!(report["suppressed"][0]["line"], 1);
    // In pages of any encoding; not in what only looks like a comment.
    let page =
        |comment: &str| format!("<html><body>{comment}<p>{}</p></body></html>", story(1).replace("\n\n", "</p><p>"));
    let excuse = "<!-- dittograph: ignore-file because it is a mirror -->";
    let utf_16: Vec<u8> =
        std::iter::once(0xfeff).chain(page(excuse).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let base = folder(&[("a.html", &page(""))]);
    fs::write(base.path().join("b.html"), utf_16).unwrap();
    check(base.path(), "", 0);
    put(base.path(), "b.html", &page(&format!("<i title='{excuse}'>x</i>")));
    check(base.path(), "", 1);
}

#[test]
fn short_repeats_are_counted_only() {
    let short = "Click the green button to go on.";
    let base = folder(&[("a.md", &format!("{}\n\n{short}", story(1))), ("b.md", &format!("{}\n\n{short}", story(2)))]);
    let report = check(base.path(), "", 0);
    assert!(report["problems"].as_array().unwrap().is_empty(), "{report:#}");
    put(base.path(), "dittograph.toml", "min-words = 5\n");
    assert_eq!(found(&check(base.path(), "", 1)), ["shared-passage b.md"]);
}

#[test]
fn nothing_is_let_pass_for_what_else_is_not_there() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    // A pattern without a file beside one with: the others are checked.
    check(base.path(), "*.md none/*.md", 2);
    check(base.path(), "*.md none/*.md --allow-empty", 1);
    check(base.path(), "more/*.md none/*.md --allow-empty", 0);
    check(base.path(), "*.md none.md --allow-empty", 2);
    // Without what they are compared with nobody knows what is theirs.
    fs::create_dir(base.path().join("empty")).unwrap();
    for (key, place) in [("known-text", "LICEN?E"), ("references", "old/*.md"), ("references", "empty")] {
        put(base.path(), "dittograph.toml", &format!("{key} = [\"{place}\"]\n"));
        for arguments in ["check", "check --allow-empty", "baseline write"] {
            let output = run(base.path(), arguments);
            assert_exit(&output, 2);
            let told = stderr(&output);
            assert!(told.contains(place) && told.contains("nothing in it to compare with"), "{told}");
            assert!(told.contains(&format!("`{key}` of the configuration")), "{told}");
        }
    }
}

#[test]
fn what_is_compared_with_has_to_be_there_after_ignoring() {
    let base = folder(&[("a.md", &story(1)), ("old/b.md", &story(1))]);
    put(base.path(), "dittograph.toml", "references = [\"old\"]\n");
    check(base.path(), "", 1);
    put(base.path(), "dittograph.toml", "references = [\"old\"]\nignore = [\"old/b.md\"]\n");
    let output = run(base.path(), "check");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("nothing in it to compare with"), "{}", stderr(&output));
}

#[test]
fn a_report_replaces_nothing_that_the_check_goes_by() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    put(base.path(), "dittograph.toml", "min-words = 8\n");
    assert_exit(&run(base.path(), "baseline write -q"), 0);
    for file in ["dittograph.toml", "dittograph-baseline.jsonl", "./a.md"] {
        let before = fs::read(base.path().join(file)).unwrap();
        let output = run(base.path(), &format!("check --no-cache -o json={file}"));
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("the report would replace what"), "{}", stderr(&output));
        assert_eq!(fs::read(base.path().join(file)).unwrap(), before, "{file}");
    }
    // Its own last one it does replace, and reads it never.
    put(base.path(), "dittograph.toml", "paths = [\".\"]\n");
    let report = |run: u32| {
        assert_exit(&command(base.path(), "check -q --no-cache --hidden -o json=.report.json").output().unwrap(), 0);
        (run, fs::read_to_string(base.path().join(".report.json")).unwrap()).1
    };
    assert_eq!(report(1), report(2));
}

#[test]
fn the_baseline_that_holds_is_the_one_that_is_renewed() {
    let base = folder(&[("docs/a.md", &story(1)), ("docs/b.md", &story(1))]);
    git(base.path(), "init -q");
    write_baseline(base.path());
    let docs = base.path().join("docs");
    put(&docs, "c.md", &story(2));
    put(&docs, "d.md", &story(2));
    check(&docs, "", 1);
    assert_exit(&run(&docs, "baseline update -q"), 0);
    check(&docs, "", 0);
    fs::remove_file(docs.join("d.md")).unwrap();
    let before = fs::read_to_string(base.path().join("dittograph-baseline.jsonl")).unwrap();
    assert_exit(&run(&docs, "baseline prune -q"), 0);
    let after = fs::read_to_string(base.path().join("dittograph-baseline.jsonl")).unwrap();
    assert!(after.len() < before.len() && !docs.join("dittograph-baseline.jsonl").exists(), "{after}");
}

#[test]
fn a_cache_is_a_folder() {
    let base = folder(&[("a.md", &story(1)), ("kept", "mine")]);
    let output = run(base.path(), "check --cache-dir kept");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("kept"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(base.path().join("kept")).unwrap(), "mine");
}

#[test]
fn a_part_says_nothing_of_the_whole() {
    let base = folder(&[("x/a.md", &story(1)), ("x/b.md", &story(1)), ("y/c.md", &story(2)), ("y/d.md", &story(2))]);
    put(base.path(), "dittograph.toml", "paths = [\"x\", \"y\"]\n");
    write_baseline(base.path());
    for part in ["x", "x/*.md", "x/a.md"] {
        let report = check(base.path(), part, 0);
        assert_eq!(report["unused"].as_array().unwrap().len(), 0, "{part}: {report:#}");
        let output = run(base.path(), &format!("baseline prune {part}"));
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("pruned by all that it is for"), "{}", stderr(&output));
    }
    fs::remove_file(base.path().join("y/c.md")).unwrap();
    for whole in ["", ".", "x y"] {
        let report = check(base.path(), whole, 0);
        assert_eq!(report["unused"].as_array().unwrap().len(), 1, "{whole}: {report:#}");
    }
    assert_exit(&run(base.path(), "baseline prune -q ."), 0);
    assert_eq!(check(base.path(), "", 0)["unused"].as_array().unwrap().len(), 0);
}

#[test]
fn an_exception_is_none_in_what_is_extended_either() {
    let base = folder(&[("a.md", &story(1)), ("shared/base.toml", "ignore = [\"*.md\", \"!a.md\"]\n")]);
    put(base.path(), "dittograph.toml", "extend = \"shared/base.toml\"\n");
    let output = run(base.path(), "check");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("makes no exception here"), "{}", stderr(&output));
}

#[test]
fn what_one_version_alone_says_is_new_when_it_is_copied() {
    // Versions of a page; one of them has a paragraph more.
    let body: Vec<String> = (1..9).map(|number| story(number).replace("\n\n", " ")).collect();
    let own = story(20).replace("\n\n", " ");
    let version = |copies: usize| {
        let mut parts = body.clone();
        (0..copies).for_each(|copy| parts.insert(copy * 3 + 1, own.clone()));
        parts.join("\n\n")
    };
    for versions in [2, 4] {
        let base = folder(&[("v0.md", &version(1))]);
        (1..versions).for_each(|number| put(base.path(), &format!("v{number}.md"), &version(0)));
        git(base.path(), "init -q");
        git(base.path(), "add -A");
        git(base.path(), "commit -q -m first");
        write_baseline(base.path());
        put(base.path(), "v0.md", &version(2));
        for arguments in ["", "--baseline-from HEAD"] {
            let report = check(base.path(), arguments, 1);
            assert_eq!(found(&report), ["doubled-text v0.md"], "{arguments}");
        }
        put(base.path(), "v0.md", &version(1));
        put(base.path(), "new.md", &format!("{}\n\n{own}\n\n{}", story(30), story(31)));
        assert_eq!(found(&check(base.path(), "--baseline-from HEAD", 1)), ["shared-passage new.md"]);
        let report = check(base.path(), "", 1);
        assert!(report["problems"][0].to_string().contains("new.md"), "{report:#}");
        // What was lightly edited since is known all the same, whichever version stands for all.
        fs::remove_file(base.path().join("new.md")).unwrap();
        put(base.path(), "v1.md", &version(0).replace("was there. The", "stood there. A"));
        check(base.path(), "", 0);
    }
}
