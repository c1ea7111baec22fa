//! `dittograph check` and `dittograph baseline`, as a team meets them: a repository, pull requests, codes.
//!
//! **Promises.** What copies text trips the gate, what moves it or adds other text does not. A baseline knows text by its
//! words. What is excused is not told, and what excuses nothing is. Codes are those of the table in `docs/ci.md`. The cache
//! changes nothing but the time. No format depends on the order of the input or the number of threads.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod check_support;
mod cli_support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use check_support::{check, command, folder, git, put, run, story, told};
use cli_support::{assert_exit, json, stderr, stdout};
use serde_json::Value;

const FORMATS: [&str; 7] = ["human", "json", "github", "sarif", "junit", "gitlab", "markdown"];

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

/// The manuals of two packages, committed.
fn manuals() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manuals"), &folder.path().join("docs"));
    git(folder.path(), "init -q");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m base");
    folder
}

const BEES: &str = "<html><body><h1>Keeping bees</h1><p>A hive stands best where the morning sun reaches it and the wind does \
                    not. In spring the keeper looks whether the queen lays, and adds a box when seven frames are full of \
                    brood.</p><p>Honey is taken in July, when the cells are capped; what is taken too early ferments.</p>";

#[test]
fn five_pull_requests_over_real_manuals() {
    let base = manuals();
    let folder = base.path();
    let known = tempfile::tempdir().unwrap();
    let known = known.path().join("known.jsonl");
    assert_exit(&run(folder, &format!("baseline write -q --baseline {}", known.display())), 0);
    let page = "docs/docutils/howto/security.html";
    let lightly =
        |text: &str| text.replace("security", "safety").replace(" must ", " should ").replace("disable", "turn off");
    // What it does, doing it, and the file that trips the gate.
    type Request<'r> = (&'r str, &'r dyn Fn(), Option<&'r str>);
    let requests: [Request; 5] = [
        (
            "a copy",
            &|| fs::copy(folder.join(page), folder.join("docs/copied.html")).map(drop).unwrap(),
            Some("docs/copied.html"),
        ),
        (
            "a copy edited lightly",
            &|| {
                let text = fs::read_to_string(folder.join(page)).unwrap();
                put(folder, "docs/edited.html", &lightly(&text));
            },
            Some("docs/edited.html"),
        ),
        (
            "files moved",
            &|| {
                fs::rename(folder.join("docs/docutils/howto"), folder.join("docs/how")).unwrap();
                fs::rename(folder.join("docs/jansson/index.html"), folder.join("docs/a.html")).unwrap();
            },
            None,
        ),
        ("other text", &|| put(folder, "docs/bees.html", BEES), None),
        ("a file before all others", &|| put(folder, "docs/0.html", BEES), None),
    ];
    for (what, make, trips) in requests {
        git(folder, "checkout -q -B request main");
        make();
        git(folder, "add -A");
        git(folder, "commit -q -m request");
        for known in [format!("--baseline {}", known.display()), "--baseline-from main".to_owned()] {
            let report = check(folder, &known, i32::from(trips.is_some()));
            let problems = report["problems"].as_array().unwrap();
            let Some(path) = trips else {
                assert!(problems.is_empty(), "{what} {known}: {:?}", told(&report));
                continue;
            };
            assert_eq!(problems.len(), 1, "{what} {known}: {:?}", told(&report));
            assert_eq!(problems[0]["rule"], "near-duplicate");
            let paths: Vec<&str> =
                problems[0]["places"].as_array().unwrap().iter().map(|place| place["path"].as_str().unwrap()).collect();
            assert!(paths.contains(&path) && paths.contains(&page), "{what}: {paths:?}");
            // What a revision has is not what has to be mended.
            assert!(known.contains("jsonl") || paths[0] == path, "{what}: {paths:?}");
        }
        let changed = run(folder, "check -q --no-cache --changed-only main --format json");
        let changed = json(&changed);
        assert_eq!(
            !changed["problems"].as_array().unwrap().is_empty(),
            trips.is_some(),
            "{what}: {:?}",
            told(&changed)
        );
        git(folder, "checkout -q main");
    }
    // Two chapters of one page that are the same since long are nobody's news.
    let all = check(folder, "--exit-zero", 0);
    assert!(!all["problems"].as_array().unwrap().is_empty());
}

#[test]
fn each_code_of_the_table() {
    let [one, two] = [story(1), story(2)];
    let base = folder(&[("a.txt", &one), ("b.txt", &one), ("c.txt", &two)]);
    let folder = base.path();
    let code = |arguments: &str, code: i32| assert_exit(&run(folder, arguments), code);
    code("check -q", 1);
    code("check -q --exit-zero", 0);
    code("check -q c.txt", 0);
    // Bad arguments, and what cannot be done.
    code("check --formt json", 2);
    code("check --format xml", 2);
    code("check -q missing.txt", 2);
    code("check -q --exit-zero missing.txt", 2);
    code("check -q --baseline missing.jsonl", 2);
    code("check -q --config missing.toml", 2);
    code("check -q --baseline-from main", 2);
    code("check -q --changed-only main", 2);
    put(folder, "bad.jsonl", "{\"schema\":\"dittograph.baseline.v1\"}\n{}\n");
    code("check -q --baseline bad.jsonl a.txt", 2);
    fs::remove_file(folder.join("bad.jsonl")).unwrap();
    put(folder, "dittograph.toml", "min-word = 3\n");
    code("check -q", 2);
    code("check -q --isolated", 1);
    // Budgets.
    put(folder, "dittograph.toml", "[budget]\nfindings = 1\n");
    code("check -q", 0);
    put(folder, "dittograph.toml", "[budget]\nfindings = 0\n");
    code("check -q", 1);
    put(folder, "dittograph.toml", "[rules]\nnear-duplicate = \"warning\"\n");
    code("check -q", 0);
    put(folder, "dittograph.toml", "[rules]\nnear-duplicate = \"warning\"\n[budget]\nrepeated-words = 0.5\n");
    code("check -q", 1);
    put(folder, "dittograph.toml", "[rules]\nnear-duplicate = \"warning\"\n[budget]\nrepeated-words = 0.7\n");
    code("check -q", 0);
    fs::remove_file(folder.join("dittograph.toml")).unwrap();
    // A document that cannot be read: the rest is done.
    put(folder, "d.jsonl", "{\"text\": \"a\"}\n{broken\n");
    code("check -q --exit-zero", 2);
    fs::remove_file(folder.join("d.jsonl")).unwrap();
    // Nothing to check.
    fs::create_dir(folder.join("empty")).unwrap();
    code("check -q empty", 2);
    code("check -q --allow-empty empty", 0);
    put(folder, "dittograph.toml", "ignore = [\"*.txt\"]\n");
    code("check -q", 2);
    code("check -q --allow-empty", 0);
    for explained in ["doubled-text", "altered-quote"] {
        code(&format!("check --explain {explained}"), 0);
    }
}

#[test]
fn a_baseline_knows_text_by_its_words() {
    let [one, two] = [story(1), story(2)];
    let base = folder(&[("a.txt", &one), ("b.txt", &one), ("c.txt", &two)]);
    let folder = base.path();
    check(folder, "", 1);
    assert_exit(&run(folder, "baseline write -q"), 0);
    let file = folder.join("dittograph-baseline.jsonl");
    let written = fs::read_to_string(&file).unwrap();
    assert!(!written.contains("a.txt") && !written.contains("b.txt"), "no paths: {written}");
    // The document, and its text as a passage.
    assert_eq!(check(folder, "", 0)["known"], 2);
    // Moved, and put in another order.
    fs::create_dir(folder.join("x")).unwrap();
    fs::rename(folder.join("a.txt"), folder.join("x/0.txt")).unwrap();
    check(folder, "", 0);
    // A line added before it, and a word changed in one copy.
    put(folder, "b.txt", &format!("A new beginning.\n\n{}", one.replacen("was there", "stood there", 1)));
    check(folder, "", 0);
    // A new copy, also with a word changed.
    put(folder, "d.txt", &one);
    let report = check(folder, "", 1);
    let problems = report["problems"].as_array().unwrap();
    assert!(problems.len() == 1 && problems[0]["rule"] == "near-duplicate", "{:?}", told(&report));
    assert_eq!((&report["problems"][0]["known"], &report["problems"][0]["copies"]), (&2.into(), &3.into()));
    put(folder, "d.txt", &one.replacen("was there", "is here", 2));
    check(folder, "", 1);
    // Known from now on, and a second copy of another text.
    assert_exit(&run(folder, "baseline update -q"), 0);
    check(folder, "", 0);
    put(folder, "e.txt", &two);
    check(folder, "", 1);
    fs::remove_file(folder.join("e.txt")).unwrap();
    // What is gone is told, and forgotten.
    for gone in ["d.txt", "b.txt"] {
        fs::remove_file(folder.join(gone)).unwrap();
    }
    let report = check(folder, "", 0);
    let unused = report["unused"].as_array().unwrap();
    assert!(unused[0]["what"].as_str().unwrap().contains("baseline prune"), "{unused:?}");
    assert_exit(&run(folder, "baseline prune -q"), 0);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
    put(folder, "b.txt", &one);
    check(folder, "", 1);
    // Writing twice gives the same bytes, whatever was there.
    put(folder, "dittograph-baseline.jsonl", "{\"schema\":\"dittograph.baseline.v1\"}\ndamaged");
    assert_exit(&run(folder, "baseline update -q"), 2);
    assert_exit(&run(folder, "baseline write -q"), 0);
    let first = fs::read(&file).unwrap();
    assert_exit(&run(folder, "baseline write -q -j 1"), 0);
    assert_eq!(fs::read(&file).unwrap(), first);
}

#[test]
fn what_is_excused_is_not_told_and_what_excuses_nothing_is() {
    let [one, two, three] = [story(1), story(2), story(3)];
    let paragraphs = |text: &str| text.split("\n\n").map(|own| format!("<p>{own}</p>\n")).collect::<String>();
    let base = folder(&[
        ("a.txt", &one),
        ("b.txt", &format!("<!-- dittograph: ignore-file because it is a mirror -->\n\n{one}")),
        ("c.html", &format!("<html><body>\n{}", paragraphs(&two))),
        (
            "d.html",
            &format!(
                "<html><body>\n<!-- dittograph: ignore-begin near-duplicate because of that -->\n{}<!-- dittograph: ignore-end -->",
                paragraphs(&two)
            ),
        ),
        (
            "e.txt",
            &format!(
                "<!-- dittograph: ignore because nothing is repeated -->\n\n{three}\n\n<!-- dittograph: skip -->\n"
            ),
        ),
    ]);
    let folder = base.path();
    let report = check(folder, "", 0);
    let mut suppressed: Vec<&str> =
        report["suppressed"].as_array().unwrap().iter().map(|own| own["reason"].as_str().unwrap()).collect();
    suppressed.sort_unstable();
    assert_eq!(suppressed, ["it is a mirror", "of that"]);
    let all = ["misunderstood", "unused"].into_iter().flat_map(|list| report[list].as_array().unwrap());
    let mut unused: Vec<String> = all
        .map(|own| format!("{}:{} {}", own["path"].as_str().unwrap(), own["line"], own["what"].as_str().unwrap()))
        .collect();
    unused.sort();
    assert_eq!(unused.len(), 2, "{unused:?}");
    assert!(unused[0].starts_with("e.txt:1 a comment that excuses nothing"), "{unused:?}");
    assert!(unused[1].starts_with("e.txt:") && unused[1].contains("`skip`"), "{unused:?}");
    // By its id.
    for path in ["b.txt", "d.html"] {
        put(folder, path, "Nothing.");
    }
    put(folder, "f.txt", &one);
    let report = check(folder, "", 1);
    let id = report["problems"][0]["id"].as_str().unwrap().to_owned();
    put(folder, "dittograph.toml", &format!("[[allow]]\nid = \"{id}\"\nreason = \"the same poem\"\n"));
    let report = check(folder, "", 0);
    assert_eq!(report["suppressed"][0]["reason"], "the same poem");
    put(folder, "f.txt", "Nothing.");
    let report = check(folder, "", 0);
    assert!(
        report["unused"].as_array().unwrap().iter().any(|own| own["path"] == "dittograph.toml" && own["line"] == 1)
    );
}

#[test]
fn lines_of_pages_are_those_of_the_file() {
    let page = |text: &str| {
        format!("<html>\n<head><title>x</title></head>\n<body>\n\n<p>\n{}</p>", text.replace("\n\n", "</p>\n<p>"))
    };
    let base = folder(&[("a.html", &page(&story(1))), ("b.html", &page(&format!("{}\n\n{}", story(2), story(1))))]);
    let report = check(base.path(), "", 1);
    let places = report["problems"][0]["places"].as_array().unwrap();
    for place in places {
        let text = fs::read_to_string(base.path().join(place["path"].as_str().unwrap())).unwrap();
        let first = text.lines().nth(place["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(first.contains("was there"), "{place}: {first}");
    }
}

#[test]
fn the_configuration_says_what_is_looked_at() {
    let [one, two, three, four] = [story(1), story(2), story(3), story(4)];
    let base = folder(&[
        ("text/a.txt", &one),
        ("text/draft/b.txt", &one),
        ("text/old.tmp.txt", &one),
        ("text/c.txt", &two),
        ("upstream/c.txt", &two),
        ("upstream/d.txt", &three),
        ("upstream/e.txt", &three),
        ("text/v1/f.txt", &four),
        ("text/v2/f.txt", &four),
        ("text/LICENSE.txt", &story(5)),
        ("text/g.txt", &format!("{}\n\n{}", story(6), story(5))),
        ("text/h.txt", &format!("{}\n\n{}", story(7), story(5))),
    ]);
    let folder = base.path();
    put(
        folder,
        "dittograph.toml",
        "paths = [\"text\"]\nignore = [\"draft\", \"*.tmp.txt\"]\nreferences = [\"upstream\"]\nknown-text = [\"text/LICENSE.txt\"]\n\
         [[groups]]\nname = \"versions\"\npaths = [\"text/v*/**\"]\n",
    );
    let report = check(folder, "", 1);
    assert_eq!(told(&report), ["near-duplicate text/c.txt:1"], "{report:#}");
    assert_eq!(report["problems"][0]["places"][1]["reference"], true);
    // From below, and from elsewhere.
    assert_eq!(told(&check(&folder.join("text"), "", 1)), ["near-duplicate text/c.txt:1"]);
    let config = format!("--config {}", folder.join("dittograph.toml").display());
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(told(&check(elsewhere.path(), &config, 1)), ["near-duplicate text/c.txt:1"]);
    let dumped = run(folder, "check --dump-config");
    assert_exit(&dumped, 0);
    assert!(stdout(&dumped).contains("known-text"));
    let broken = folder.join("dittograph.toml");
    fs::write(&broken, "pathes = [\"text\"]\n").unwrap();
    let output = run(folder, "check");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("did you mean `paths`") && stderr(&output).contains('^'), "{}", stderr(&output));
}

#[test]
fn every_format_is_the_same_for_any_order_and_number_of_threads() {
    let texts: Vec<String> = (0..24).map(|number| story(number % 9)).collect();
    let base = tempfile::tempdir().unwrap();
    let mut names: Vec<String> = (0..texts.len()).map(|number| format!("{}.txt", number * 7919 % 101)).collect();
    for (name, text) in names.iter().zip(&texts) {
        put(base.path(), name, text);
    }
    // With all that a check can have: what is known, excused, compared with, misunderstood and no longer needed.
    assert_exit(&run(base.path(), &format!("baseline write -q --baseline known.jsonl {}", names[..12].join(" "))), 0);
    put(base.path(), "ref/r.txt", &story(3));
    for (name, comment) in
        [("x.txt", "ignore-file because it is a mirror"), ("y.txt", "ignore"), ("z.txt", "ignore because x")]
    {
        put(base.path(), name, &format!("<!-- dittograph: {comment} -->\n\n{}", story(5)));
        names.push(name.to_owned());
    }
    fs::remove_file(base.path().join(names.remove(0))).unwrap();
    for format in FORMATS {
        let mut first: Option<Vec<u8>> = None;
        for round in 0..30 {
            names.rotate_left(5);
            let last = names.len() - 1;
            names.swap(round % last, last);
            let threads = round * 7 % 8 + 1;
            let output = run(
                base.path(),
                &format!(
                    "check -q --no-cache --baseline known.jsonl --from ref --format {format} -j {threads} {}",
                    names.join(" ")
                ),
            );
            assert_exit(&output, 1);
            assert_eq!(first.get_or_insert_with(|| output.stdout.clone()), &output.stdout, "{format}");
        }
    }
}

#[test]
fn the_cache_changes_nothing_but_the_time() {
    let base = folder(&[("a.txt", &story(1)), ("b.txt", &story(1)), ("c.html", "<p>Fine.</p>"), ("d.bin", "?")]);
    let folder = base.path();
    let cached = |code: i32| {
        let output = run(folder, "check -q --format json");
        assert_exit(&output, code);
        output.stdout
    };
    let plain = || run(folder, "check -q --no-cache --format json").stdout;
    assert_eq!(cached(1), plain());
    assert_eq!(cached(1), plain());
    let entries = || -> Vec<PathBuf> {
        let all = fs::read_dir(folder.join(".dittograph_cache")).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect()
    };
    assert_eq!(entries().len(), 1);
    // A change is seen, also one that keeps the size; so is a file that comes, goes, or is of an unknown type.
    put(folder, "b.txt", &story(2));
    assert_eq!(cached(0), plain());
    put(folder, "b.txt", &story(1));
    assert_eq!(cached(1), plain());
    put(folder, "e.txt", &story(1));
    assert_eq!(cached(1), plain());
    fs::remove_file(folder.join("e.txt")).unwrap();
    fs::remove_file(folder.join("d.bin")).unwrap();
    assert_eq!(cached(1), plain());
    // Damaged, cut off, emptied.
    for damage in [
        |text: &str| text.replace("txt", "tyt"),
        |text: &str| text[..text.len() / 2].to_owned(),
        |_: &str| String::new(),
    ] {
        let entry = &entries()[0];
        let text = fs::read_to_string(entry).unwrap();
        fs::write(entry, damage(&text)).unwrap();
        assert_eq!(cached(1), plain());
        assert_eq!(fs::read_to_string(entry).unwrap().len(), text.len(), "it is made anew");
    }
    // Another question has another answer.
    put(folder, "dittograph.toml", "[rules]\nnear-duplicate = \"note\"\n");
    assert_eq!(cached(0), plain());
    // Many at once.
    fs::remove_dir_all(folder.join(".dittograph_cache")).unwrap();
    let expected = plain();
    let runs: Vec<_> = (0..8)
        .map(|_| {
            command(folder, "check -q --format json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_exit(&output, 0);
        assert_eq!(output.stdout, expected);
    }
}

#[test]
fn several_reports_at_once_and_none_of_them_is_read() {
    let base = folder(&[("a.txt", &story(1)), ("b.txt", &story(1))]);
    for _ in 0..2 {
        let output = run(base.path(), "check -o json=r.json -o markdown=summary.md -o junit=r.xml -o human=-");
        assert_exit(&output, 1);
        assert!(stdout(&output).contains("near-duplicate"));
        let report: Value = serde_json::from_slice(&fs::read(base.path().join("r.json")).unwrap()).unwrap();
        assert_eq!(report["size"]["documents"], 2);
        assert!(fs::read_to_string(base.path().join("summary.md")).unwrap().contains("near-duplicate"));
    }
}

#[cfg(unix)]
#[test]
fn hostile_names_stay_names() {
    use std::os::unix::ffi::OsStrExt as _;
    let base = tempfile::tempdir().unwrap();
    let text = format!("::warning::boo ##[error]boo ##vso[task.complete]\n\n{}", story(1));
    let names: [&[u8]; 9] = [
        b"a b.txt",
        b"\"q'.txt",
        b"x\n::error::owned.txt",
        b"<b>|`&]]>.txt",
        b"caf\xe9.txt",
        b"%0A,title=x::y.txt",
        b"::error file=x::pwned.txt",
        b"##[error]q.txt",
        b"##vso[task.complete]q.txt",
    ];
    for name in names {
        fs::write(base.path().join(std::ffi::OsStr::from_bytes(name)), &text).unwrap();
    }
    for format in FORMATS {
        let output = run(base.path(), &format!("check -q --no-cache --format {format}"));
        assert_exit(&output, 1);
        let printed = std::str::from_utf8(&output.stdout).unwrap();
        assert!(!printed.contains("\n::error::owned"), "{format}:\n{printed}");
        assert!(!matches!(format, "junit" | "markdown") || !printed.contains("<b>|"), "{format}:\n{printed}");
        let is_github = format == "github";
        assert!(is_github || obeyed(printed).is_none(), "{format}:\n{printed}");
        assert!(!printed.contains("##[") && !printed.contains("##vso["), "{format}:\n{printed}");
        match format {
            // What is read has the names as they are.
            "json" => {
                let report: Value = serde_json::from_str(printed).unwrap();
                let places = report["problems"][0]["places"].as_array().unwrap();
                for name in ["::error file=x::pwned.txt", "##[error]q.txt"] {
                    assert!(places.iter().any(|place| place["path"] == name), "{places:?}");
                }
            }
            "sarif" | "gitlab" => assert!(serde_json::from_str::<Value>(printed).is_ok(), "{format}"),
            "github" => {
                let ours = |line: &str| {
                    ["::error ", "::warning ", "::notice ", "dittograph: "].iter().any(|begin| line.starts_with(begin))
                };
                assert!(printed.lines().all(ours), "{printed}");
            }
            _ => {}
        }
    }
    for width in [40, 80] {
        let output = run(base.path(), &format!("check -q --no-cache --width {width}"));
        let printed = std::str::from_utf8(&output.stdout).unwrap();
        assert!(printed.chars().all(|sign| sign == '\n' || !sign.is_control()));
        let wide = printed.lines().find(|line| unicode_width::UnicodeWidthStr::width(*line) > width);
        assert_eq!(wide, None);
        assert!(
            printed.contains("\n  \\x3a:error file=x::pwned.txt:1") && printed.contains("\n  ##\\x5berror]q.txt:1")
        );
        // Colours stand before a name, and hide nothing.
        let output = run(base.path(), &format!("check -q --no-cache --width {width} --color always"));
        let printed = std::str::from_utf8(&output.stdout).unwrap();
        assert!(printed.contains("\u{1b}[") && obeyed(printed).is_none(), "{printed}");
    }
    // Other reports for people, and tables.
    for arguments in ["scan --width 40", "scan --format tsv", "scan --format jsonl", "scan --files", "scan --units"] {
        let output = command(base.path(), arguments).args([".", "::error file=x::pwned.txt"]).output().unwrap();
        assert_exit(&output, 0);
        assert_eq!(obeyed(std::str::from_utf8(&output.stdout).unwrap()), None, "{arguments}");
    }
}

/// A line that somebody who runs a build would obey.
fn obeyed(printed: &str) -> Option<&str> {
    let bare = |line: &str| {
        let mut parts = line.split("\u{1b}[");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |bare, part| bare + part.split_once('m').unwrap().1)
    };
    printed.split(['\n', '\r']).find(|line| {
        let bare = bare(line);
        bare.trim_start().starts_with("::") || bare.contains("##[") || bare.contains("##vso[")
    })
}

#[test]
fn hostile_names_stay_names_in_messages() {
    let base = folder(&[
        ("::error file=x::lost.jsonl", "{\"text\": \"a\"}\n{broken\n"),
        ("##[error]lost.jsonl", "{broken\n"),
        ("::notice::known.bin", "?"),
        ("::warning::empty.txt", ""),
        ("a.txt", "Fine."),
    ]);
    let told = |arguments: &[&str]| {
        let output = command(base.path(), "").args(arguments).output().unwrap();
        assert_exit(&output, 2);
        let told = stderr(&output).to_owned();
        assert_eq!(obeyed(&told), None, "{told}");
        assert!(told.lines().all(|line| !line.starts_with("error: ") || line.len() > 7), "{told}");
        told
    };
    assert!(told(&["check", "--no-cache"]).contains("##\\x5berror]lost.jsonl:1: "));
    assert!(told(&["scan", "."]).contains("lost.jsonl:2: "));
    let missing = told(&["check", "--no-cache", "x\n::error::owned", "y\n  ::error::owned", "##[error]z"]);
    assert!(missing.contains("##\\x5berror]z"), "{missing}");
    told(&["check", "--x\n::error::owned ##[error]"]);
    told(&["check", "--format", "x\r::error::owned"]);
    told(&["check", "--baseline", "x\n::error::owned"]);
    told(&["check", "--config", "x\n ::error::owned"]);
    put(base.path(), "dittograph.toml", "\"::error::owned ##[a\" = 1\n\"x\\n::error::owned\" = 2\n");
    told(&["check"]);
}

#[test]
fn an_input_that_is_lost_opens_no_gate() {
    let base = folder(&[("a.txt", &story(1)), ("b.txt", &story(2)), ("c.jsonl", "{broken\n")]);
    for format in FORMATS {
        let output = run(base.path(), &format!("check -q --no-cache --format {format}"));
        assert_exit(&output, 2);
        assert!(!stdout(&output).contains("the gate is open") && !stdout(&output).contains("\"open\""), "{format}");
        let is_told = ["incomplete", "not-read"].iter().any(|word| stdout(&output).contains(word));
        assert!(is_told, "{format}: {}", stdout(&output));
    }
}

#[test]
fn every_fault_of_a_configuration_has_one_label() {
    let text = "min-wrds = 3\n[rules]\nnear-dup = \"error\"\ndoubled-text = \"loud\"\n[budget]\nbudge = 4\n";
    let base = folder(&[("a.txt", "Fine."), ("dittograph.toml", text)]);
    let output = run(base.path(), "check");
    assert_exit(&output, 2);
    let told = stderr(&output).replace(&format!("{}/", base.path().display()), "");
    let told = told.split("dittograph.toml:").collect::<Vec<_>>().join("");
    let expected = "\
error: 1:1: there is no key `min-wrds`; did you mean `min-words`?
  |
1 | min-wrds = 3
  | ^^^^^^^^

error: 3:1: there is no rule `near-dup`; did you mean `near-duplicate`?
  |
3 | near-dup = \"error\"
  | ^^^^^^^^
  = there are `doubled-text`, `boilerplate`, `shared-passage`, `reused-quote`, `altered-quote`,
    `near-duplicate`, `contained`

error: 4:16: there is no level `loud`
  |
4 | doubled-text = \"loud\"
  |                ^^^^^^
  = there are `off`, `note`, `warning`, `error`

error: 6:1: there is no key `budge` in `[budget]`
  |
6 | budge = 4
  | ^^^^^
  = there are `findings`, `repeated-words`
";
    assert!(told.ends_with(expected), "{told}");
}

#[cfg(unix)]
#[test]
fn nobody_reads_and_the_gate_trips_all_the_same() {
    let base = folder(&[("a.txt", &story(1)), ("b.txt", &story(1))]);
    for format in FORMATS {
        let mut child = command(base.path(), &format!("check -q --no-cache --format {format}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_exit(&child.wait_with_output().unwrap(), 1);
        let closed = Command::new("sh")
            .arg("-c")
            .arg(format!("exec \"$0\" check -q --no-cache --format {format} >&-"))
            .arg(env!("CARGO_BIN_EXE_dittograph"))
            .current_dir(base.path())
            .output()
            .unwrap();
        assert_exit(&closed, 1);
    }
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let output = command(base.path(), "check -q --no-cache").env(name, value).output().unwrap();
        assert_exit(&output, 1);
        assert!(!stdout(&output).contains('\u{1b}'));
    }
}

/// What the action runs, run here: its script, with the environment that the platform gives it.
#[cfg(unix)]
#[test]
fn the_action_runs_the_tool_once_and_hands_its_code_on() {
    let action = include_str!("../action.yml");
    let script: String = {
        let from = action.find("set -uo pipefail").unwrap();
        action[from..].lines().map(|line| format!("{}\n", line.trim_start())).collect()
    };
    assert!(!script.contains("${{"), "nothing from outside stands in the script");
    let base = folder(&[("a b.txt", &story(1)), ("c.txt", &story(1)), ("d.txt", &story(2))]);
    let file = base.path().join("step.sh");
    fs::write(&file, &script).unwrap();
    let binaries = Path::new(env!("CARGO_BIN_EXE_dittograph")).parent().unwrap();
    let path = format!("{}:{}", binaries.display(), std::env::var_os("PATH").unwrap().display());
    for (paths, code) in [("a b.txt\nc.txt\n", 1), ("c.txt\nd.txt", 0), ("", 1), ("missing.txt", 2)] {
        let (summary, outputs) = (base.path().join("summary"), base.path().join("outputs"));
        let output = Command::new("bash")
            // As the platform calls it.
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(&file)
            .current_dir(base.path())
            .env_clear()
            .env("PATH", &path)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_OUTPUT", &outputs)
            .env("CHECK_PATHS", paths)
            .env("CHECK_ARGUMENTS", "--no-cache\n-q")
            .env("CHECK_BASELINE_FROM", "")
            .env("CHECK_SARIF", "report.sarif")
            .output()
            .unwrap();
        assert_exit(&output, code);
        assert!(fs::read_to_string(&outputs).unwrap().ends_with(&format!("exit-code={code}\n")));
        assert_eq!(stdout(&output).contains("::error "), code == 1, "{}", stdout(&output));
        if code < 2 {
            assert!(!fs::read_to_string(&summary).unwrap().is_empty());
            let sarif: Value = serde_json::from_slice(&fs::read(base.path().join("report.sarif")).unwrap()).unwrap();
            assert_eq!(sarif["version"], "2.1.0");
        }
    }
}

#[test]
fn completions_and_the_man_page_name_the_commands() {
    let base = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(base.path(), &format!("completions {shell}"));
        assert_exit(&output, 0);
        assert!(stdout(&output).contains("baseline-from"), "{shell}");
    }
    let output = run(base.path(), "man");
    assert_exit(&output, 0);
    assert!(stdout(&output).starts_with(".ie") || stdout(&output).contains(".TH"));
    assert!(stdout(&output).contains("changed\\-only"));
    for command in ["write", "update", "prune"] {
        let name = format!("dittograph\\-baseline\\-{command} \\- ");
        assert!(stdout(&output).contains(&name), "{name}");
    }
    // What each command says at its end: examples, codes.
    let codes = "Exit codes: 0 the gate is open, 1 it tripped";
    for extra in ["dittograph baseline prune  ", codes, "dittograph restore clean/", "dittograph dedup today/"] {
        assert!(stdout(&output).contains(extra), "{extra}");
    }
}
