//! What goes and what stays: each rule of the choice as a user meets it, and promises that hold for any corpus.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use cli_support::cleaning::{Invention, dropped, folder, removals};
use cli_support::{assert_exit, names, run_in, stderr, stdout};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One object a line.
fn lines(documents: &[(&str, String)]) -> Vec<u8> {
    let line = |(id, text): &(&str, String)| json!({"id": id, "text": text}).to_string() + "\n";
    documents.iter().map(line).collect::<String>().into_bytes()
}

/// Cleans documents; gives the ids that went and the texts that stay.
fn clean(documents: &[(&str, String)], options: &str) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let directory = folder(&[("a.jsonl", lines(documents))]);
    let at = directory.path();
    assert_exit(&run_in(at, &format!("dedup a.jsonl -o b.jsonl --removed r.jsonl {options}")), 0);
    let gone = dropped(&at.join("r.jsonl"));
    (gone, texts(&at.join("b.jsonl")))
}

fn texts(path: &Path) -> BTreeMap<String, String> {
    let cleaned = fs::read_to_string(path).unwrap();
    let read = |line: &str| {
        let object: Value = serde_json::from_str(line).unwrap();
        (object["id"].as_str().unwrap().to_owned(), object["text"].as_str().unwrap().to_owned())
    };
    cleaned.lines().map(read).collect()
}

fn ids(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn a_document_goes_for_the_one_that_stays_not_for_another() {
    // A story; the same with another beginning, longer; the same with another end. Each of the two holds most of the
    // story, and half of each other.
    let mut invention = Invention(21);
    let story: Vec<String> = (0..20).map(|_| invention.paragraph()).collect();
    let more = |invention: &mut Invention, count| (0..count).map(|_| invention.paragraph()).collect::<Vec<_>>();
    let beginning = [more(&mut invention, 6), story[5..].to_vec()].concat().join("\n\n");
    let end = [story[..15].to_vec(), more(&mut invention, 5)].concat().join("\n\n");
    let documents = [("story", story.join("\n\n")), ("beginning", beginning), ("end", end)];
    for keep in ["earliest", "longest", "first"] {
        let (gone, stay) = clean(&documents, &format!("--keep {keep}"));
        let all: String = stay.values().cloned().collect();
        let lost = story.iter().filter(|paragraph| !all.contains(paragraph.as_str())).count();
        assert_eq!(lost, 0, "{keep}: {gone:?} went, and paragraphs that all three tell with them");
    }
}

#[test]
fn pages_of_one_mould_about_two_things_stay() {
    let mut invention = Invention(5);
    let frame: Vec<String> = (0..24).map(|_| invention.sentence()).collect();
    let about = |thing: &str| {
        let say = |(at, sentence): (usize, &String)| match at % 4 {
            0 => format!("The {thing} is what this says. {sentence}"),
            _ => sentence.clone(),
        };
        frame.iter().enumerate().map(say).collect::<Vec<_>>().join(" ")
    };
    // Otherwise spelled is not about something else.
    let documents =
        [("p", about("parser")), ("t", about("template")), ("tt", about("template") + " "), ("c", about("parsers"))];
    let (gone, _) = clean(&documents, "");
    assert_eq!(gone.len(), 2, "of two things two pages stay: {gone:?}");
    assert_eq!(gone.intersection(&ids(&["p", "c"])).count(), 1);
    // Who asks for a resemblance gets it.
    let (gone, _) = clean(&documents, "--similarity 0.5");
    assert_eq!(gone.len(), 3);
}

#[test]
fn what_stands_once_is_no_furniture_of_a_page_that_nothing_tells_of() {
    let text = "Opening hours\n\nMonday to Friday 9 to 5\n\nThe mayor said nothing about it when she left the hall at \
                nine in the evening.\n\nSign up for our newsletter\n\nShare this on Facebook\n\nAll rights reserved";
    let (gone, stay) = clean(&[("only", text.to_owned())], "");
    assert!(gone.is_empty());
    assert_eq!(stay["only"], text);
}

#[test]
fn of_a_contained_story_and_its_reprint_one_stays() {
    let mut invention = Invention(8);
    let story = invention.story().join("\n\n");
    let longer = [invention.story().join("\n\n"), story.clone(), invention.story().join("\n\n")].join("\n\n");
    let reprint = story.replacen(' ', "  ", 1);
    let directory = folder(&[("a.jsonl", lines(&[("a", story), ("b", reprint), ("long", longer)]))]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup a.jsonl -o b.jsonl --removed r.jsonl"), 0);
    // The reprint was told that the story stays.
    assert_eq!(dropped(&at.join("r.jsonl")), ids(&["a"]));
    assert_eq!(removals(&at.join("r.jsonl"))[0]["kept"]["document"], "b");
}

#[test]
fn a_body_that_is_doubled_with_its_furniture_is_told_once() {
    let mut invention = Invention(13);
    let button = "Share this story on all networks now";
    let mut documents = Vec::new();
    let names: Vec<String> = (0..8).map(|number| format!("p{number}")).collect();
    for name in &names {
        let mut body = invention.story();
        body.insert(2, button.to_owned());
        documents.push((name.as_str(), body.join("\n\n")));
    }
    let body = documents[3].1.clone();
    documents[3].1 = format!("{body}\n\n{body}");
    let (_, stay) = clean(&documents, "");
    let paragraph = body.split("\n\n").next().unwrap();
    assert_eq!(stay["p3"].matches(paragraph).count(), 1);
}

#[test]
fn signs_beside_figures_are_matter() {
    let sentence = |sign: &str| {
        format!("The price of the yearly ticket for the ferries of the bay would be {sign} 50 a month for all who ask.")
    };
    let (_, stay) = clean(&[("a", format!("{}\n\n{}", sentence("€"), sentence("$")))], "");
    assert!(stay["a"].contains("€ 50") && stay["a"].contains("$ 50"), "{}", stay["a"]);
}

#[test]
fn files_make_a_stream_only_if_it_can_be_read() {
    let object = |text: &str| json!({"text": text}).to_string().into_bytes();
    let files = [
        ("a.jsonl", object("One text of the first file.")),
        ("b.jsonl", object("Another text of the second.")),
        ("a.csv", b"text\nOne text of the third file.\n".to_vec()),
        ("b.csv", b"text\nA text of the last file.\n".to_vec()),
        ("mark.jsonl", [b"\xef\xbb\xbf".to_vec(), object("One more text.")].concat()),
    ];
    let directory = folder(&files);
    let at = directory.path();
    let output = run_in(at, "dedup a.jsonl b.jsonl -o - --removed r.jsonl");
    assert_exit(&output, 0);
    let read: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.len(), 2);
    fs::write(at.join("stream"), &output.stdout).unwrap();
    let restore = format!("{} restore - --removed r.jsonl -o again < stream", env!("CARGO_BIN_EXE_dittograph"));
    let status = std::process::Command::new("sh").arg("-c").arg(&restore).current_dir(at).status().unwrap();
    assert!(status.success());
    for name in ["a.jsonl", "b.jsonl"] {
        assert_eq!(fs::read(at.join("again").join(name)).unwrap(), fs::read(at.join(name)).unwrap());
    }
    for (arguments, told) in [
        ("dedup a.csv b.csv -o -", "make no stream"),
        ("dedup a.jsonl mark.jsonl -o -", "byte order mark"),
        ("dedup a.jsonl b.csv -o -", "make no stream"),
    ] {
        let output = run_in(at, arguments);
        assert_exit(&output, 2);
        assert!(stderr(&output).contains(told), "{arguments}: {}", stderr(&output));
    }
    let output = run_in(at, "dedup a.csv b.csv -o - --output-format csv");
    assert_exit(&output, 0);
    assert_eq!(stdout(&output).lines().count(), 3, "one header: {}", stdout(&output));
}

#[test]
fn marks_take_no_field_that_is_there() {
    let directory = folder(&[
        ("a.jsonl", lines(&[("a", "A text. ".repeat(40)), ("b", "A text. ".repeat(40))])),
        ("a.csv", b"id,text\n1,A text of some words.\n".to_vec()),
    ]);
    for (arguments, told) in [
        ("dedup a.jsonl -o b.jsonl --mark=text", "a field \"text\" already"),
        ("dedup a.csv -o b.csv --mark=id", "a field \"id\" already"),
        ("dedup a.csv -o b.csv --mark=", "value"),
    ] {
        let output = run_in(directory.path(), arguments);
        assert_exit(&output, 2);
        assert!(stderr(&output).contains(told), "{arguments}: {}", stderr(&output));
        assert_eq!(names(directory.path()), ["a.csv", "a.jsonl"], "{arguments}");
    }
}

#[test]
fn half_a_unit_at_the_end_is_told_and_kept() {
    let mut invention = Invention(2);
    let story = invention.story().join(" ");
    let table = format!("id\ttext\n1\t{story}\n2\t{story}\n3\t{}", invention.story().join(" "));
    let mut bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    bytes.push(b'x');
    let directory = folder(&[("a.tsv", bytes.clone())]);
    let at = directory.path();
    for options in ["", "--mark"] {
        let output = run_in(at, &format!("dedup a.tsv -o b.tsv --removed r {options}"));
        assert_exit(&output, 0);
        assert_exit(&run_in(at, "restore b.tsv --removed r -o again.tsv"), 0);
        assert_eq!(fs::read(at.join("again.tsv")).unwrap(), bytes, "{options}");
        for name in ["b.tsv", "r", "again.tsv"] {
            fs::remove_file(at.join(name)).unwrap();
        }
    }
}

#[test]
fn an_empty_folder_takes_the_output() {
    let directory = folder(&[("c/a.txt", b"A text.".to_vec()), ("c/d/b.txt", b"Another text.".to_vec())]);
    let at = directory.path();
    fs::create_dir(at.join("empty")).unwrap();
    std::os::unix::fs::symlink(at.join("empty"), at.join("link")).unwrap();
    assert_exit(&run_in(at, "dedup c -o link"), 0);
    assert_eq!(names(&at.join("empty")), ["a.txt", "d"]);
    fs::create_dir(at.join("here")).unwrap();
    assert_exit(&run_in(&at.join("here"), "dedup ../c -o . --removed ../r"), 0);
    assert_eq!(names(&at.join("here")), ["a.txt", "d"]);
    assert_exit(&run_in(at, "restore here --removed r -o again"), 0);
    assert_eq!(names(&at.join("again")), ["a.txt", "d"]);
}

#[test]
fn names_that_would_meet_are_told_before_the_work() {
    let directory = folder(&[("c/a.txt", b"A text.".to_vec()), ("c/a.md", b"Another text.".to_vec())]);
    let output = run_in(directory.path(), "dedup c -o out --output-format jsonl");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("c/a.md and c/a.txt would both become a.jsonl"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), ["c"]);
}

#[test]
fn what_is_compared_with_has_to_be_whole() {
    let text = lines(&[("a", "A text of some words that is told twice, here and there.".to_owned())]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&text.repeat(100)).unwrap();
    let mut packed = packed.finish().unwrap();
    packed.truncate(packed.len() - 10);
    let directory = folder(&[("new.jsonl", text), ("old.jsonl.gz", packed)]);
    let output = run_in(directory.path(), "dedup new.jsonl --against old.jsonl.gz -o out.jsonl");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("nothing can be compared with it"), "{}", stderr(&output));
    assert_eq!(names(directory.path()), ["new.jsonl", "old.jsonl.gz"]);
}

#[test]
fn what_is_left_of_a_text_may_look_packed() {
    let mut invention = Invention(4);
    let twice = invention.paragraph();
    let text = format!("{twice}\n\nBZh91 is a name. {}\n\n{twice}\n", invention.paragraph());
    let other = format!("{twice}\n\n{}", invention.paragraph());
    let directory = folder(&[("c/b.txt", text.clone().into_bytes()), ("c/a.txt", other.into_bytes())]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup c -o o --removed r --remove shared-passage,doubled-text --keep first"), 0);
    assert!(fs::read_to_string(at.join("o/b.txt")).unwrap().starts_with("BZh91"));
    assert_exit(&run_in(at, "restore o --removed r -o again"), 0);
    assert_eq!(fs::read_to_string(at.join("again/b.txt")).unwrap(), text);
}

/// A corpus of stories that share paragraphs in every way.
fn corpora() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(proptest::collection::vec(0u8..12, 1..9), 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_stands_and_all_comes_back(
        corpus in corpora(),
        keep in prop::sample::select(vec!["first", "longest", "earliest"]),
        rules in prop::sample::select(vec![
            "doubled-text", "near-duplicate,contained", "doubled-text,boilerplate,near-duplicate,contained",
            "doubled-text,shared-passage", "near-duplicate,shared-passage",
        ]),
    ) {
        let mut invention = Invention(99);
        let paragraphs: Vec<String> = (0..12).map(|_| invention.paragraph()).collect();
        let names: Vec<String> = (0..corpus.len()).map(|number| format!("d{number}")).collect();
        let text = |numbers: &Vec<u8>| {
            numbers.iter().map(|number| paragraphs[*number as usize].as_str()).collect::<Vec<_>>().join("\n\n")
        };
        let documents: Vec<(&str, String)> = names.iter().map(String::as_str).zip(corpus.iter().map(text)).collect();
        let directory = folder(&[("a.jsonl", lines(&documents))]);
        let at = directory.path();
        let output = run_in(at, &format!("dedup a.jsonl -o b.jsonl --removed r --keep {keep} --remove {rules}"));
        assert_exit(&output, 0);
        let stay = texts(&at.join("b.jsonl"));
        let was: BTreeMap<&str, &String> = documents.iter().map(|(id, text)| (*id, text)).collect();
        for removal in removals(&at.join("r")) {
            let kept = &removal["kept"];
            let Some(id) = kept["document"].as_str() else { continue };
            prop_assert!(stay.contains_key(id), "{} stays for nobody", removal);
            if let (Some(start), Some(end)) = (kept["start"].as_u64(), kept["end"].as_u64()) {
                let said = &was[id][start as usize..end as usize];
                prop_assert!(stay[id].contains(said), "{} is gone as well", removal);
            } else {
                prop_assert!(removal["coverage"][0].as_f64().unwrap() >= 0.8, "{}", removal);
            }
        }
        // Passages lose no paragraph at all; documents may, for one that holds four fifths of them.
        if !rules.contains("contained") && !rules.contains("near-duplicate") {
            let all: String = stay.values().cloned().collect();
            for numbers in &corpus {
                for number in numbers {
                    prop_assert!(all.contains(&paragraphs[*number as usize]));
                }
            }
        }
        assert_exit(&run_in(at, "restore b.jsonl --removed r -o c.jsonl"), 0);
        prop_assert_eq!(fs::read(at.join("c.jsonl")).unwrap(), fs::read(at.join("a.jsonl")).unwrap());
    }
}
