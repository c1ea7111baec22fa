//! Bad input beside good: it is named with its place and reason, the rest is done with findings unchanged, and the exit
//! code is 2 only where a document was lost.
//!
//! Every test puts one bad thing into a directory with the five articles of `seeds`, scans the directory with the built
//! binary, and compares the findings with those of the five articles alone.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use cli_support::{assert_exit, dittograph, json, run_in, stderr, stdout};
use serde_json::Value;
use tempfile::TempDir;

/// A directory with the five articles in `corpus`.
fn articles() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let corpus = directory.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            fs::copy(&path, corpus.join(path.file_name().unwrap())).unwrap();
        }
    }
    directory
}

/// What a scan says of the articles with something bad beside them.
struct Told {
    output: Output,
    report: Value,
    /// Documents beyond the five articles.
    more_documents: u64,
}

impl Told {
    /// Some line of standard error has all of these.
    #[track_caller]
    fn names(&self, parts: &[&str]) {
        let told = stderr(&self.output);
        let named = told.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(named, "no line names {parts:?}:\n{told}");
    }

    /// The report lists it as skipped.
    #[track_caller]
    fn skips(&self, path: &str, line: Option<u64>) {
        let skipped = self.report["skipped"].as_array().unwrap();
        let listed = skipped.iter().any(|entry| entry["path"] == path && entry["line"].as_u64() == line);
        assert!(listed, "{path} {line:?} is not in {skipped:?}");
    }
}

/// Scans the articles, then the articles with what `spoil` adds to `corpus`; findings must be the same.
#[track_caller]
fn scan_with(spoil: impl FnOnce(&Path)) -> Told {
    scan_with_options("", spoil)
}

#[track_caller]
fn scan_with_options(options: &str, spoil: impl FnOnce(&Path)) -> Told {
    let directory = articles();
    let clean = json(&run_in(directory.path(), "scan --format json corpus"));
    spoil(&directory.path().join("corpus"));
    let output = run_in(directory.path(), &format!("scan --format json {options} corpus"));
    let report = json(&output);
    for part in ["findings", "clusters"] {
        assert!(clean[part].is_array());
        assert_eq!(report[part], clean[part], "{part} changed");
    }
    let documents = |report: &Value| report["corpus"]["documents"].as_u64().unwrap();
    let more_documents = documents(&report) - documents(&clean);
    Told { output, report, more_documents }
}

#[test]
fn the_articles_alone_are_read_without_a_word() {
    let directory = articles();
    let output = run_in(directory.path(), "scan --format json corpus");
    assert_exit(&output, 0);
    assert_eq!(stderr(&output), "");
    let report = json(&output);
    assert_eq!(report["corpus"]["documents"], 5);
    // Else no test here could tell that findings stay the same.
    assert!(report["findings"].as_array().unwrap().len() >= 5);
}

#[test]
fn invalid_utf_8_is_decoded_and_said_so() {
    let told = scan_with(|corpus| {
        fs::write(corpus.join("latin.txt"), b"Caf\xe9 cr\xe8me br\xfbl\xe9e, gar\xe7on, s'il vous pla\xeet.\n")
            .unwrap();
    });
    assert_exit(&told.output, 0);
    told.names(&["warning", "corpus/latin.txt", "windows-1252"]);
    assert_eq!(told.more_documents, 1);
    let documents = told.report["documents"].as_array().unwrap();
    let document = documents.iter().find(|document| document["path"] == "corpus/latin.txt").unwrap();
    assert_eq!((&document["encoding"], &document["text"]), (&"windows-1252".into(), &"decoded".into()));
}

#[test]
fn damaged_utf_8_is_repaired_and_said_so() {
    let told = scan_with(|corpus| {
        fs::write(corpus.join("damaged.txt"), b"na\xc3\xafve fa\xc3\xa7ade \xff d\xc3\xa9j\xc3\xa0 vu\n").unwrap();
    });
    assert_exit(&told.output, 0);
    told.names(&["warning", "corpus/damaged.txt"]);
    assert_eq!(told.more_documents, 1);
}

#[test]
fn a_lone_nul_is_a_character_like_any_other() {
    let told = scan_with(|corpus| {
        let text = "Some quite ordinary sentence about nothing in particular, and one odd \0 byte within it.\n";
        fs::write(corpus.join("nul.txt"), text).unwrap();
    });
    assert_exit(&told.output, 0);
    assert_eq!(told.more_documents, 1);
}

#[test]
fn a_binary_file_with_the_name_of_a_text_is_an_error() {
    let told = scan_with(|corpus| {
        let bytes: Vec<u8> = (0..4096_u32).map(|index| (index * 37 % 29) as u8).collect();
        fs::write(corpus.join("picture.txt"), bytes).unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/picture.txt", "binary"]);
    told.skips("corpus/picture.txt", None);
    assert_eq!(told.more_documents, 0);
}

#[test]
fn an_empty_file_is_counted_and_no_error() {
    let told = scan_with(|corpus| {
        fs::write(corpus.join("empty.txt"), "").unwrap();
        fs::write(corpus.join("blank.txt"), " \n\n\t\n").unwrap();
    });
    assert_exit(&told.output, 0);
    told.names(&["no text in corpus/blank.txt", "1 more"]);
    assert_eq!(told.more_documents, 2);
}

#[test]
fn files_of_one_character_are_documents() {
    let told = scan_with(|corpus| {
        for (name, text) in
            [("a", "a"), ("b", "."), ("c", "\u{4e2d}"), ("d", "\u{1f600}"), ("e", "\n"), ("f", "\u{feff}")]
        {
            fs::write(corpus.join(name).with_extension("txt"), text).unwrap();
        }
    });
    assert_exit(&told.output, 0);
    assert_eq!(told.more_documents, 6);
}

#[test]
fn a_truncated_gzip_is_an_error() {
    let told = scan_with(|corpus| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        for line in 0..2000 {
            writeln!(encoder, "Line {line} of a text that is packed and cut off.").unwrap();
        }
        let packed = encoder.finish().unwrap();
        fs::write(corpus.join("cut.txt.gz"), &packed[..packed.len() / 2]).unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/cut.txt.gz", "gzip", "cut off"]);
    told.skips("corpus/cut.txt.gz", None);
}

#[test]
fn a_broken_json_line_is_an_error_and_the_others_are_read() {
    let told = scan_with(|corpus| {
        let lines = "{\"id\": \"x1\", \"text\": \"An apple a day.\"}\n{\"id\": \"x2\", \"text\": \"unfin\n\n\
                     {\"id\": \"x3\", \"text\": \"Every cloud has its lining.\"}\n[1]\n";
        fs::write(corpus.join("some.jsonl"), lines).unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/some.jsonl:2:"]);
    told.names(&["error", "corpus/some.jsonl:5:"]);
    told.skips("corpus/some.jsonl", Some(2));
    assert_eq!(told.more_documents, 2);
}

#[test]
fn a_missing_text_field_is_an_error_that_tells_of_the_option() {
    let told = scan_with(|corpus| {
        fs::write(corpus.join("some.jsonl"), "{\"id\": \"x1\", \"wording\": \"An apple a day.\"}\n").unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/some.jsonl:1:", "--text-field"]);
    assert_eq!(told.more_documents, 0);

    let told = scan_with_options("--text-field wording", |corpus| {
        fs::write(corpus.join("some.jsonl"), "{\"id\": \"x1\", \"wording\": \"An apple a day.\"}\n").unwrap();
    });
    assert_exit(&told.output, 0);
    assert_eq!(told.more_documents, 1);
}

#[test]
fn a_duplicate_id_is_told_apart_and_said_so() {
    let told = scan_with(|corpus| {
        let line = |text| format!("{{\"id\": \"same\", \"text\": \"{text}\"}}\n");
        fs::write(corpus.join("one.jsonl"), line("An apple a day keeps them away.")).unwrap();
        fs::write(corpus.join("two.jsonl"), line("Every cloud has a lining of its own.")).unwrap();
    });
    assert_exit(&told.output, 0);
    told.names(&["warning", "same"]);
    assert_eq!(told.more_documents, 2);
    let ids: Vec<&str> =
        told.report["documents"].as_array().unwrap().iter().filter_map(|d| d["document"].as_str()).collect();
    for id in ["corpus/one.jsonl#same", "corpus/two.jsonl#same"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_directory_loop_is_not_entered() {
    let told = scan_with(|corpus| {
        fs::create_dir(corpus.join("below")).unwrap();
        std::os::unix::fs::symlink("..", corpus.join("below/loop")).unwrap();
    });
    assert_exit(&told.output, 0);
    told.names(&["corpus/below/loop", "link"]);
    assert_eq!(told.more_documents, 0);
}

#[cfg(unix)]
#[test]
fn a_dangling_link_is_an_error() {
    let told = scan_with(|corpus| {
        std::os::unix::fs::symlink("nowhere.txt", corpus.join("dangling.txt")).unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/dangling.txt"]);
    told.skips("corpus/dangling.txt", None);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_an_error() {
    use std::os::unix::fs::PermissionsExt;

    // Whoever may read everything can't be kept out by a mode; the dangling link stands for it there.
    let probe = tempfile::NamedTempFile::new().unwrap();
    fs::set_permissions(probe.path(), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(probe.path()).is_ok() {
        return;
    }
    let told = scan_with(|corpus| {
        fs::write(corpus.join("secret.txt"), "Nobody may read this.\n").unwrap();
        fs::set_permissions(corpus.join("secret.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    });
    assert_exit(&told.output, 2);
    told.names(&["error", "corpus/secret.txt", "denied"]);
    told.skips("corpus/secret.txt", None);
}

#[test]
fn a_file_of_no_known_type_is_passed_over_on_a_walk_and_an_error_when_named() {
    let told = scan_with(|corpus| fs::write(corpus.join("program.exe"), [0x4d, 0x5a, 0, 1]).unwrap());
    assert_exit(&told.output, 0);
    told.names(&["note", "corpus/program.exe"]);

    let directory = articles();
    fs::write(directory.path().join("program.exe"), [0x4d, 0x5a, 0, 1]).unwrap();
    let output = run_in(directory.path(), "scan --format json corpus program.exe");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("program.exe"), "{}", stderr(&output));
    assert_eq!(json(&output)["corpus"]["documents"], 5);
}

#[test]
fn a_path_that_leads_nowhere_is_an_error_and_the_others_are_read() {
    let directory = articles();
    let output = run_in(directory.path(), "scan --format json corpus missing.txt nothing/*.txt");
    assert_exit(&output, 2);
    for name in ["missing.txt", "nothing/*.txt"] {
        assert!(stderr(&output).contains(name), "{}", stderr(&output));
    }
    let clean = run_in(directory.path(), "scan --format json corpus");
    assert_eq!(json(&output)["findings"], json(&clean)["findings"]);
}

#[test]
fn no_input_at_all_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("empty")).unwrap();
    for arguments in ["scan empty", "scan missing.txt", "scan empty/*.txt", "scan --files empty", "scan --units empty"]
    {
        let output = run_in(directory.path(), arguments);
        assert_exit(&output, 2);
        assert_eq!(stdout(&output), "", "{arguments}");
        assert!(stderr(&output).starts_with("error: "), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn when_everything_is_ignored_a_hint_says_how_to_read_it() {
    let directory = articles();
    fs::write(directory.path().join("corpus/.ignore"), "*.txt\n").unwrap();
    let output = run_in(directory.path(), "scan corpus");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("--no-ignore"), "{}", stderr(&output));
    let output = run_in(directory.path(), "scan --format json --no-ignore corpus");
    assert_exit(&output, 0);
    assert_eq!(json(&output)["corpus"]["documents"], 5);
}

#[test]
fn all_of_it_at_once_is_named_and_the_findings_stay() {
    let told = scan_with(|corpus| {
        fs::write(corpus.join("latin.txt"), b"Caf\xe9 cr\xe8me br\xfbl\xe9e, gar\xe7on.\n").unwrap();
        fs::write(corpus.join("empty.txt"), "").unwrap();
        fs::write(corpus.join("one.txt"), "x").unwrap();
        fs::write(corpus.join("cut.txt.gz"), [0x1f, 0x8b, 8, 0, 0, 0]).unwrap();
        fs::write(corpus.join("bad.jsonl"), "{\n{\"wording\": 1}\n{\"text\": \"Two words.\"}\n").unwrap();
    });
    assert_exit(&told.output, 2);
    let places = ["latin.txt", "empty.txt", "cut.txt.gz", "bad.jsonl:1:", "bad.jsonl:2:"];
    places.into_iter().for_each(|place| told.names(&[place]));
    assert_eq!(told.more_documents, 4);
    assert!(stderr(&told.output).ends_with("3 inputs could not be read; the rest was done: 9 documents\n"));
}

#[test]
fn a_broken_line_on_standard_input_has_its_place() {
    let mut child = dittograph()
        .args(["scan", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = b"{\"text\": \"An apple a day.\"}\n{\"text\": 7}\n";
    child.stdin.take().unwrap().write_all(lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("-:2: "), "{}", stderr(&output));
    assert_eq!(json(&output)["corpus"]["documents"], 1);
}

#[test]
fn an_error_is_told_even_when_the_report_goes_to_a_file() {
    let directory = articles();
    fs::write(directory.path().join("corpus/bad.jsonl"), "nothing\n").unwrap();
    let output = run_in(directory.path(), "scan --quiet -o json=report.json corpus");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("corpus/bad.jsonl:1:"), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&fs::read(directory.path().join("report.json")).unwrap()).unwrap();
    assert_eq!(report["skipped"][0]["path"], "corpus/bad.jsonl");
}
