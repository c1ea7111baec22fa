//! `dittograph trace`: ledgers, passages, edits, directions and outputs, as a user meets them.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::collections::BTreeMap;
use std::fs;

use cli_support::cleaning::{Invention, folder};
use cli_support::{assert_exit, json, run, run_in, stderr, stdout};
use dittograph::text::{Layout, lay_out};
use proptest::prelude::*;
use serde_json::{Value, json};

fn lines(documents: &[Value]) -> Vec<u8> {
    documents.iter().map(|document| document.to_string() + "\n").collect::<String>().into_bytes()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Traces documents among themselves; the targets by id.
fn trace(documents: &[Value]) -> BTreeMap<String, Value> {
    let directory = folder(&[("all.jsonl", lines(documents))]);
    let output = run_in(directory.path(), "trace -q --format json all.jsonl");
    assert_exit(&output, 0);
    targets(&json(&output))
}

/// Traces documents against sources.
fn trace_from(sources: &[Value], documents: &[Value]) -> BTreeMap<String, Value> {
    let directory = folder(&[("wire.jsonl", lines(sources)), ("all.jsonl", lines(documents))]);
    let output = run_in(directory.path(), "trace -q --format json --from wire.jsonl all.jsonl");
    assert_exit(&output, 0);
    targets(&json(&output))
}

fn targets(report: &Value) -> BTreeMap<String, Value> {
    list(&report["targets"])
        .iter()
        .map(|target| (target["document"].as_str().unwrap().to_owned(), target.clone()))
        .collect()
}

fn targets_of(output: &std::process::Output) -> BTreeMap<String, Value> {
    assert_exit(output, 0);
    targets(&json(output))
}

/// The role of a target towards another document, if they share something.
fn role<'v>(target: &'v Value, source: &str) -> Option<(&'v str, &'v str)> {
    let relation = list(&target["relations"]).iter().find(|relation| relation["source"] == source)?;
    Some((relation["role"].as_str()?, relation["reason"].as_str()?))
}

fn taken(target: &Value) -> usize {
    list(&target["reused"]).iter().map(|entry| number(&entry["tokens"])).sum()
}

/// The tokens of a span.
fn tokens(layout: &Layout, start: usize, end: usize) -> &[u32] {
    let from = layout.starts.partition_point(|at| (*at as usize) < start);
    let until = layout.starts.partition_point(|at| (*at as usize) < end);
    &layout.fingerprints[from..until]
}

/// Everything that must hold of a target, whatever the texts.
fn check_target(target: &Value, texts: &BTreeMap<String, String>) {
    let name = target["document"].as_str().unwrap();
    let parts = ["original", "doubled", "boilerplate", "quoted", "shared"];
    let sum: usize = parts.iter().map(|part| number(&target[*part])).sum::<usize>() + taken(target);
    assert_eq!(sum, number(&target["tokens"]), "{name}: the ledger does not add up");
    let text = &texts[name];
    let layout = lay_out(text);
    assert_eq!(layout.starts.len(), number(&target["tokens"]));
    let passages = list(&target["passages"]);
    let counted: usize = passages.iter().map(|passage| number(&passage["counted"])).sum();
    assert_eq!(counted, taken(target) + number(&target["shared"]) + number(&target["quoted"]), "{name}: passages");
    let counted: usize = list(&target["relations"]).iter().map(|relation| number(&relation["counted"])).sum();
    assert_eq!(counted, taken(target) + number(&target["shared"]) + number(&target["quoted"]), "{name}: relations");
    let mut last = 0;
    for passage in passages {
        let source = passage["source"].as_str().unwrap();
        assert_ne!(source, name, "a document is no source of itself");
        let source_layout = lay_out(&texts[source]);
        let (start, end) = (number(&passage["start"]), number(&passage["end"]));
        assert!(start >= last, "{name}: passages are in reading order");
        last = start;
        assert!(
            text.get(start..end).is_some()
                && texts[source].get(number(&passage["source_start"])..number(&passage["source_end"])).is_some()
        );
        let [same, changed, inserted, deleted] =
            ["same", "changed", "inserted", "deleted"].map(|count| number(&passage[count]));
        assert_eq!(same + changed + inserted, tokens(&layout, start, end).len(), "{name}: {start}..{end}");
        let mut of_parts = 0;
        for part in list(&passage["parts"]) {
            let own = tokens(&layout, number(&part["start"]), number(&part["end"]));
            let their = tokens(&source_layout, number(&part["source_start"]), number(&part["source_end"]));
            of_parts += their.len();
            // The edits make the target's words of the source's.
            let (mut made, mut at) = (Vec::new(), number(&part["source_start"]));
            for edit in list(&part["edits"]) {
                let span = |side: &str| (number(&edit[side][0]), number(&edit[side][1]));
                let ((from, until), (own_from, own_until)) = (span("source"), span("target"));
                made.extend_from_slice(tokens(&source_layout, at, from));
                made.extend_from_slice(tokens(&layout, own_from, own_until));
                at = until;
            }
            made.extend_from_slice(tokens(&source_layout, at, number(&part["source_end"])));
            assert!(made == own, "{name}: the edits of {start}..{end} do not make the target's words");
        }
        assert!(number(&passage["counted"]) <= same, "{name}: {start}..{end} counts more than it says");
        assert_eq!(same + changed + deleted, of_parts, "{name}: {start}..{end} in the source");
    }
}

fn check_all(targets: &BTreeMap<String, Value>, documents: &[Value]) {
    let text =
        |document: &Value| (document["id"].as_str().unwrap().to_owned(), document["text"].as_str().unwrap().to_owned());
    let texts: BTreeMap<String, String> = documents.iter().map(text).collect();
    targets.values().for_each(|target| check_target(target, &texts));
}

/// Another version of a text in paragraphs, made by dice.
fn altered(story: &[String], invention: &mut Invention) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for paragraph in story {
        match invention.number(8) {
            0 => {}
            1 => paragraphs.push(invention.paragraph()),
            2 => paragraphs.push(format!("{} {paragraph}", invention.sentence())),
            3 | 4 => {
                let mut words: Vec<&str> = paragraph.split(' ').collect();
                let at = invention.number(words.len() as u64) as usize;
                let word = invention.word();
                match invention.number(3) {
                    0 => words[at] = &word,
                    1 => words.insert(at, &word),
                    _ => drop(words.remove(at)),
                }
                paragraphs.push(words.join(" "));
            }
            _ => paragraphs.push(paragraph.clone()),
        }
    }
    if invention.number(3) == 0 && paragraphs.len() > 2 {
        paragraphs.swap(0, 1);
    }
    paragraphs.join("\n\n")
}

/// A corpus of stories and versions of them, some dated, some quoting each other.
fn corpus(seed: u64) -> Vec<Value> {
    let mut invention = Invention(seed);
    let mut documents = Vec::new();
    for story in 0..1 + invention.number(4) {
        let paragraphs: Vec<String> = (0..3 + invention.number(6)).map(|_| invention.paragraph()).collect();
        let quote = invention.sentence();
        for version in 0..1 + invention.number(4) {
            let mut text = altered(&paragraphs, &mut invention);
            if invention.number(3) == 0 {
                text = format!("{text}\n\n“{quote}” she said.\n\n{text}");
            }
            let mut document = json!({ "id": format!("{story}-{version}"), "text": text });
            match invention.number(3) {
                0 => document["date"] = format!("2021-04-{:02}", 1 + invention.number(9)).into(),
                1 => document["source"] = "Reuters".into(),
                _ => {}
            }
            documents.push(document);
        }
    }
    documents
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn ledgers_add_up_and_edits_lead_from_the_source_to_the_target(seed in any::<u64>()) {
        let documents = corpus(seed);
        let targets = trace(&documents);
        check_all(&targets, &documents);
        // What one has from the other, the other has not from it.
        for (id, target) in &targets {
            for relation in list(&target["relations"]) {
                let back = role(&targets[relation["source"].as_str().unwrap()], id);
                let turned = match relation["role"].as_str() {
                    Some("copy") => "original",
                    Some("original") => "copy",
                    _ => "undecided",
                };
                prop_assert!(back.is_none_or(|(back, _)| back == turned), "{} {:?}", relation, back);
            }
        }
        let (sources, own) = documents.split_at(documents.len() / 2);
        if !sources.is_empty() && !own.is_empty() {
            let targets = trace_from(sources, own);
            prop_assert_eq!(targets.len(), own.len());
            check_all(&targets, &documents);
        }
    }
}

#[test]
fn the_order_of_lines_and_the_number_of_threads_change_nothing() {
    let mut documents: Vec<Value> = (0..6)
        .flat_map(|seed| {
            corpus(seed).into_iter().map(move |mut document| {
                document["id"] = format!("{seed}-{}", document["id"].as_str().unwrap()).into();
                document
            })
        })
        .collect();
    let write = |documents: &[Value], threads: &str, format: &str| {
        let directory = folder(&[("all.jsonl", lines(documents))]);
        let output = run_in(directory.path(), &format!("trace -q {threads} --format {format} all.jsonl"));
        assert_exit(&output, 0);
        output.stdout
    };
    for format in ["human", "json", "passages", "targets", "sources", "matrix"] {
        let first = write(&documents, "-j1", format);
        documents.reverse();
        documents.rotate_left(3);
        assert!(write(&documents, "-j3", format) == first, "{format} differs");
    }
}

#[test]
fn the_seeds_have_a_ledger_each_and_no_copy_among_them() {
    let output = run("trace --format json seeds");
    assert_exit(&output, 0);
    let report = json(&output);
    let text = |id: &str| fs::read_to_string(format!("{}/{id}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let targets = targets(&report);
    assert_eq!(targets.len(), 5);
    let texts = targets.keys().map(|id| (id.clone(), text(id))).collect();
    for (id, target) in &targets {
        check_target(target, &texts);
        assert!(list(&target["reused"]).is_empty(), "{id} copies nothing");
        assert!(list(&target["relations"]).iter().all(|relation| relation["role"] == "undecided"));
    }
    let doubled = &targets["seeds/001_5fa3ebf7e6de87f1.txt"];
    assert!(number(&doubled["doubled"]) * 100 > number(&doubled["tokens"]) * 45);
}

#[test]
fn each_word_goes_to_the_earliest_source_then_the_closest() {
    let mut invention = Invention(3);
    let (first, second) = (invention.paragraph(), invention.paragraph());
    let reprint = format!("{first}\n\n{second}");
    let documents = [
        json!({"id": "dispatch", "date": "2021-04-01", "text": format!("{first}\n\n{}", invention.paragraph())}),
        json!({"id": "reprint", "date": "2021-04-03", "text": reprint}),
        json!({"id": "target", "date": "2021-04-05", "text": format!("{reprint}\n\n{}", invention.paragraph())}),
    ];
    let targets = trace(&documents);
    check_all(&targets, &documents);
    let words = |text: &str| lay_out(text).starts.len();
    let expected = json!([
        {"from": "dispatch", "tokens": words(&first)},
        {"from": "reprint", "tokens": words(&second)},
    ]);
    assert_eq!(targets["target"]["reused"], expected);
    assert_eq!(role(&targets["target"], "dispatch"), Some(("copy", "dated later")));
    assert_eq!(taken(&targets["dispatch"]), 0);
}

#[test]
fn the_earliest_source_is_found_among_many_and_a_credit_comes_before_age() {
    let mut invention = Invention(41);
    let story = invention.story().join("\n\n");
    let mut documents = vec![json!({"id": "real", "date": "2021-01-01", "text": story})];
    let agencies = ["Reuters", "AFP", "TASS", "dpa", "EFE", "ANSA", "Xinhua", "Kyodo", "Yonhap", "PTI"];
    documents.extend(agencies.map(|name| json!({"id": name, "source": name, "date": "2021-03-01", "text": story})));
    documents.extend(
        (0..20)
            .map(|day| json!({"id": format!("late{day}"), "date": format!("2021-04-{:02}", 1 + day), "text": story})),
    );
    documents.push(json!({"id": "target", "date": "2021-02-01", "text": story}));
    let targets = trace(&documents);
    assert_eq!(targets["target"]["reused"][0]["from"], "real");
    assert_eq!(targets["late9"]["reused"][0]["from"], "real");
    // The dispatch has no date, and another printed it before.
    let documents = [
        json!({"id": "dispatch", "source": "Reuters", "text": story}),
        json!({"id": "print", "source": "Gazette", "date": "2021-01-03", "text": story}),
        json!({"id": "target", "source": "Courier", "date": "2021-01-05", "text": format!("{story}\n\n(Reuters)")}),
    ];
    assert_eq!(trace(&documents)["target"]["reused"][0]["from"], "dispatch");
}

#[test]
fn naming_sources_is_no_evidence_against_dates_and_credits() {
    let mut invention = Invention(43);
    let story = invention.story().join("\n\n");
    // Both print an agency's text; the target came first.
    let outlet =
        |id: &str, date: &str| json!({"id": id, "source": id, "date": date, "text": format!("{story}\n\nReuters")});
    let targets = trace_from(&[outlet("Gazette", "2024-05-09")], &[outlet("Courier", "2024-05-08")]);
    let told = role(&targets["Courier"], "Gazette");
    assert_eq!(told, Some(("undecided", "both credit one agency: shared source possible")));
    // Named both ways, naming tells nothing.
    let directory = folder(&[("a.txt", story.clone().into_bytes()), ("b.txt", story.clone().into_bytes())]);
    let output = run_in(directory.path(), "trace -q --format json --from . .");
    let targets = targets_of(&output);
    assert!(targets.values().all(|target| target["relations"][0]["role"] == "undecided"));
    // Each credits the other.
    let documents = [
        json!({"id": "a", "source": "Daily Globe", "text": format!("{story}\n\nThe Associated Press contributed to this report.")}),
        json!({"id": "b", "source": "AP", "text": format!("{story}\n\nThis article was originally published by Daily Globe.")}),
    ];
    let targets = trace(&documents);
    assert_eq!(role(&targets["a"], "b").unwrap().0, "undecided");
}

#[test]
fn times_without_a_zone_may_be_meant_anywhere() {
    let mut invention = Invention(47);
    let story = invention.story().join("\n\n");
    let judge = |one: &str, other: &str| {
        let documents =
            [json!({"id": "a", "date": one, "text": story}), json!({"id": "b", "date": other, "text": story})];
        role(&trace(&documents)["a"], "b").map(|(role, _)| role.to_owned()).unwrap()
    };
    assert_eq!(judge("2021-04-07 20:00", "2021-04-07T13:00:00Z"), "undecided");
    assert_eq!(judge("2021-04-07T20:00:00+08:00", "2021-04-07T13:00:00Z"), "original");
    assert_eq!(judge("2021-04-07 20:00", "2021-04-07 13:00"), "copy");
    assert_eq!(judge("1970-01-01T00:00:00Z", "2021-04-07 13:00"), "undecided");
}

#[test]
fn what_the_original_shows_is_what_was_done_to_it() {
    let mut invention = Invention(53);
    let story: Vec<String> = (0..8).map(|_| invention.paragraph()).collect();
    let sign_off = "(Reporting by Jane Doe in Lisbon and Rui Alves in Porto; Writing by Ana Berg; Editing by John Roe and Mary Major; Additional reporting by Carl Holm)";
    let documents = [
        json!({"id": "wire", "date": "2021-01-01", "text": format!("{}\n\n{sign_off}", story.join("\n\n"))}),
        json!({"id": "whole", "date": "2021-01-02", "text": story.join("\n\n")}),
        json!({"id": "cut", "date": "2021-01-03", "text": story[..5].join("\n\n")}),
        json!({"id": "longer", "date": "2021-01-04", "text": format!("{}\n\n{}", story.join("\n\n"), invention.story().join("\n\n"))}),
    ];
    let targets = trace(&documents);
    check_all(&targets, &documents);
    let wire = &targets["wire"];
    assert!(list(&wire["passages"]).is_empty() && taken(wire) == 0);
    let cut = |target: &str, source: &str| {
        let relations = list(&targets[target]["relations"]);
        number(&relations.iter().find(|relation| relation["source"] == source).unwrap()["anatomy"]["tail_cut"])
    };
    let tail = lay_out(&story[5..].join("\n\n")).starts.len();
    assert_eq!([cut("wire", "whole"), cut("whole", "wire")], [0, 0], "only the credit line went");
    assert_eq!([cut("wire", "cut"), cut("cut", "wire")], [tail, tail]);
    assert_eq!([cut("wire", "longer"), cut("longer", "wire")], [0, 0], "what was added was not cut");
}

#[test]
fn changed_numbers_negations_and_speakers_are_listed() {
    let source = "The bridge in the old town will be closed for 12 weeks, the council said on Monday. \
                  Repairs have begun and the ferry will run at night. \
                  “We are ready for this,” said Anna Berg of the harbour office, who had warned of it in the spring.";
    let copy = source
        .replace("12 weeks", "14 weeks")
        .replace("have begun", "have not begun")
        .replace("Anna Berg", "Carl Holm");
    let sources = [json!({"id": "s", "text": source})];
    let targets = trace_from(&sources, &[json!({"id": "t", "text": copy})]);
    let passages = list(&targets["t"]["passages"]);
    assert_eq!(passages.len(), 1);
    let change = |change: &Value| {
        format!(
            "{}: {} > {}",
            change["kind"].as_str().unwrap(),
            change["old"].as_str().unwrap(),
            change["new"].as_str().unwrap()
        )
    };
    let changes: Vec<String> = list(&passages[0]["changes"]).iter().map(change).collect();
    assert_eq!(changes, ["number: 12 > 14", "negation:  > not", "attribution: Anna Berg > Carl Holm"]);
    let anatomy = &targets["t"]["relations"][0]["anatomy"];
    assert_eq!([&anatomy["numbers"], &anatomy["negations"], &anatomy["attributions"]], [1, 1, 1]);
    assert_eq!(role(&targets["t"], "s"), Some(("copy", "named as a source")));
}

#[test]
fn what_a_careful_reader_calls_one_passage_is_one() {
    let mut invention = Invention(5);
    let story: Vec<String> = (0..4).map(|_| invention.paragraph()).collect();
    let whole = story.join("\n\n");
    let words: Vec<&str> = whole.split(' ').collect();
    let sentence = invention.sentence();
    let cut: Vec<&str> = words[..words.len() / 2 - 8].iter().chain(&words[words.len() / 2 + 8..]).copied().collect();
    let forms = [
        ("as it is", whole.clone()),
        ("a sentence put in", [&story[0], &sentence, &story[1], &story[2], &story[3]].map(String::as_str).join("\n\n")),
        ("words cut", cut.join(" ")),
        ("paragraphs swapped", [&story[0], &story[2], &story[1], &story[3]].map(String::as_str).join("\n\n")),
    ];
    for (what, text) in forms {
        let (before, behind) = (invention.story().join("\n\n"), invention.story().join("\n\n"));
        let sources =
            [json!({"id": "s", "text": format!("{}\n\n{whole}\n\n{}", invention.paragraph(), invention.paragraph())})];
        let documents = [json!({"id": "t", "text": format!("{before}\n\n{text}\n\n{behind}")})];
        let targets = trace_from(&sources, &documents);
        let passages = list(&targets["t"]["passages"]);
        assert_eq!(passages.len(), 1, "{what}");
        let start = before.len() + 2;
        assert_eq!((number(&passages[0]["start"]), number(&passages[0]["end"])), (start, start + text.len()), "{what}");
        let moved = list(&passages[0]["parts"]).iter().filter(|part| part["moved"] == true).count();
        assert_eq!(moved, usize::from(what == "paragraphs swapped"), "{what}");
        check_all(&targets, &[sources.as_slice(), &documents].concat());
    }
}

#[test]
fn paragraphs_of_any_length_may_change_places() {
    for words in [20, 30, 45, 90] {
        let mut invention = Invention(words);
        let mut paragraph = || {
            let text: Vec<String> = (0..words).map(|_| invention.word()).collect();
            format!("{}{}.", text[0][..1].to_uppercase(), &text.join(" ")[1..])
        };
        let story: Vec<String> = (0..8).map(|_| paragraph()).collect();
        let order =
            |numbers: &[usize]| numbers.iter().map(|number| story[*number].as_str()).collect::<Vec<_>>().join("\n\n");
        let sources = [json!({"id": "s", "text": story.join("\n\n")})];
        for (numbers, moved) in
            [([0, 1, 6, 2, 3, 4, 5, 7], 1), ([0, 2, 1, 3, 4, 5, 6, 7], 1), ([1, 2, 3, 4, 5, 6, 7, 0], 1)]
        {
            let documents = [json!({"id": "t", "text": order(&numbers)})];
            let targets = trace_from(&sources, &documents);
            let target = &targets["t"];
            assert_eq!(taken(target), number(&target["tokens"]), "{words} words, {numbers:?}");
            assert_eq!(list(&target["passages"]).len(), 1, "{words} words, {numbers:?}");
            let anatomy = &target["relations"][0]["anatomy"];
            assert_eq!(
                (number(&anatomy["moved"]), number(&anatomy["tail_cut"])),
                (moved, 0),
                "{words} words, {numbers:?}"
            );
            check_all(&targets, &[sources.as_slice(), &documents].concat());
        }
    }
}

#[test]
fn the_anatomy_tells_what_was_done_to_the_whole() {
    let mut invention = Invention(9);
    let story: Vec<String> = (0..10).map(|_| invention.paragraph()).collect();
    let sources = [json!({"id": "s", "text": story.join("\n\n")})];
    let own_lead = format!("{} {}", invention.sentence(), invention.sentence());
    let mut rewritten = story.clone();
    rewritten[0].clone_from(&own_lead);
    let documents = [
        json!({"id": "whole", "text": story.join("\n\n")}),
        json!({"id": "cut", "text": story[..7].join("\n\n")}),
        json!({"id": "lead", "text": rewritten.join("\n\n")}),
    ];
    let targets = trace_from(&sources, &documents);
    let anatomy = |id: &str| targets[id]["relations"][0]["anatomy"].clone();
    let words = |texts: &[String]| lay_out(&texts.join("\n\n")).starts.len();
    assert_eq!(
        (anatomy("whole")["tail_cut"].clone(), anatomy("whole")["lead_rewritten"].clone()),
        (json!(0), json!(false))
    );
    assert_eq!(anatomy("whole")["kept"], words(&story));
    assert_eq!(anatomy("cut")["tail_cut"], words(&story[7..]));
    assert_eq!(
        (anatomy("lead")["lead_rewritten"].clone(), anatomy("lead")["tail_cut"].clone()),
        (json!(true), json!(0))
    );
}

#[test]
fn two_who_quote_one_speech_share_a_source() {
    let mut invention = Invention(11);
    let speech = invention.paragraph();
    let mut story = |date: &str, id: &str| {
        let text = format!("{}\n\n“{speech}” the minister said.\n\n{}", invention.paragraph(), invention.paragraph());
        json!({"id": id, "date": date, "text": text})
    };
    let documents = [story("2021-04-01", "a"), story("2021-04-03", "b")];
    let targets = trace(&documents);
    check_all(&targets, &documents);
    // Who said it is part of it.
    let spoken = lay_out(&speech).starts.len() + "the minister said".split(' ').count();
    for (own, other) in [("a", "b"), ("b", "a")] {
        assert_eq!(role(&targets[own], other), Some(("undecided", "only quotations: shared source possible")));
        assert_eq!((number(&targets[own]["quoted"]), taken(&targets[own])), (spoken, 0));
    }
}

#[test]
fn versions_under_one_address_are_no_copies_however_many() {
    let mut invention = Invention(13);
    let story = invention.story();
    let count = 10_000;
    let documents: Vec<Value> = (0..count)
        .map(|version| {
            let mut text = story.clone();
            text.push(format!("Version {version} of the page was saved by the archive at night."));
            json!({"id": format!("v{version:05}"), "url": "https://www.example.org/news/story", "text": text.join("\n\n"), "date": 1_600_000_000 + version})
        })
        .collect();
    let targets = trace(&documents);
    assert_eq!(targets.len(), count);
    for (id, target) in &targets {
        assert_eq!((taken(target), number(&target["shared"])), (0, 0), "{id}");
        assert!(list(&target["relations"]).is_empty());
    }
}

#[test]
fn what_is_source_and_target_is_never_its_own_source() {
    let mut invention = Invention(17);
    let (story, other) = (invention.story().join("\n\n"), invention.story().join("\n\n"));
    let directory = folder(&[
        ("wire/story.txt", story.clone().into_bytes()),
        ("wire/other.txt", other.into_bytes()),
        ("copy.txt", story.into_bytes()),
    ]);
    // A file of the sources, a folder in the sources, and everything.
    for (arguments, count) in [
        ("--from wire wire/story.txt copy.txt", 2),
        ("--from wire wire copy.txt", 3),
        ("--from . .", 3),
        ("--from wire/story.txt wire/story.txt", 1),
    ] {
        let output = run_in(directory.path(), &format!("trace -q --format json {arguments}"));
        assert_exit(&output, 0);
        let report = json(&output);
        let targets = targets(&report);
        assert_eq!(targets.len(), count, "{arguments}");
        for (id, target) in &targets {
            assert!(list(&target["relations"]).iter().all(|relation| relation["source"] != id.as_str()), "{arguments}");
        }
    }
    // One record in two files is one document, given twice.
    let record = lines(&[
        json!({"id": "17", "text": "One record of the archive that was given as source and as target, word for word."}),
    ]);
    let directory = folder(&[("archive.jsonl", record.clone()), ("today.jsonl", record)]);
    let output = run_in(directory.path(), "trace -q --format json --from archive.jsonl today.jsonl");
    let report = json(&output);
    assert_eq!(taken(&report["targets"][0]), 0, "{}", report["targets"][0]);
}

#[test]
fn dates_that_cannot_be_are_told_and_not_used() {
    let mut invention = Invention(19);
    let story = invention.story().join("\n\n");
    let mut documents = vec![
        json!({"id": "a", "date": "2021-02-30", "text": story}),
        json!({"id": "b", "date": "2021-03-05", "text": story}),
        json!({"id": "c", "text": story}),
    ];
    let directory = folder(&[("all.jsonl", lines(&documents))]);
    let output = run_in(directory.path(), "trace --format json all.jsonl");
    assert_exit(&output, 0);
    assert!(stderr(&output).contains("2021-02-30"), "{}", stderr(&output));
    assert!(targets(&json(&output)).values().all(|target| taken(target) == 0), "nothing tells who was first");
    // The year of one is a slip: it lies years after all others, and proves nothing.
    documents = vec![
        json!({"id": "slip", "date": "2031-03-04", "text": story}),
        json!({"id": "copy", "date": "2021-03-05", "text": story}),
    ];
    documents.extend((1..5).map(
        |day| json!({"id": format!("other{day}"), "date": format!("2021-03-0{day}"), "text": invention.paragraph()}),
    ));
    let targets = trace(&documents);
    assert_eq!(role(&targets["slip"], "copy").unwrap().0, "undecided");
}

#[test]
fn agencies_are_known_and_others_can_be_added() {
    let mut invention = Invention(23);
    let story = invention.story().join("\n\n");
    let pair = |agency: &str| {
        [
            json!({"id": "dispatch", "source": agency, "text": story}),
            json!({"id": "print", "source": "The Gazette", "text": format!("LONDON ({agency}) – {story}")}),
        ]
    };
    assert_eq!(role(&trace(&pair("Reuters"))["print"], "dispatch"), Some(("copy", "credits the source")));
    let directory = folder(&[("all.jsonl", lines(&pair("Harbour News")))]);
    let told = |arguments: &str| {
        let output = run_in(directory.path(), &format!("trace -q --format json all.jsonl {arguments}"));
        assert_exit(&output, 0);
        let targets = targets(&json(&output));
        role(&targets["print"], "dispatch").map(|(role, _)| role.to_owned())
    };
    assert_eq!(told("").as_deref(), Some("undecided"));
    let output = cli_support::dittograph()
        .current_dir(directory.path())
        .args(["trace", "-q", "--format", "json", "--wire", "Harbour News", "all.jsonl"])
        .output()
        .unwrap();
    assert_exit(&output, 0);
    assert_eq!(role(&targets(&json(&output))["print"], "dispatch"), Some(("copy", "credits the source")));
}

#[test]
fn a_source_without_a_publisher_is_the_dispatch_of_its_dateline() {
    let mut invention = Invention(61);
    let story = invention.story().join("\n\n");
    for dateline in ["LISBON (Reuters) – ", "LISBON, April 15 (Reuters) - "] {
        let sources = [json!({"id": "s", "text": format!("{dateline}{story}")})];
        let documents = [json!({"id": "t", "text": format!("{story}\n\nWith material from Reuters.")})];
        let targets = trace_from(&sources, &documents);
        assert_eq!(role(&targets["t"], "s"), Some(("copy", "credits the source")), "{dateline}");
    }
}

#[test]
fn bad_arguments_get_clear_errors() {
    let directory = folder(&[("a.txt", b"Some words in a file that is there.".to_vec())]);
    for (arguments, told) in [
        ("trace --from missing.txt a.txt", "missing.txt"),
        ("trace --from - a.txt", "standard input can't be a source"),
        ("trace --wire= a.txt", "--wire"),
        ("trace --format xml a.txt", "matrix"),
        ("trace -o xml=t.xml a.txt", "unknown format \"xml\""),
        ("trace", "PATH"),
    ] {
        let output = run_in(directory.path(), arguments);
        assert_exit(&output, 2);
        assert!(stderr(&output).contains(told), "{arguments}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments}");
    }
}

#[test]
fn no_report_replaces_what_is_read() {
    let directory = folder(&[("a.jsonl", lines(&corpus(59)))]);
    for command in ["trace", "scan"] {
        let output = run_in(directory.path(), &format!("{command} a.jsonl -o json=./a.jsonl"));
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("would replace an input"), "{}", stderr(&output));
    }
    assert_eq!(fs::read(directory.path().join("a.jsonl")).unwrap(), lines(&corpus(59)));
}

#[test]
fn tables_say_what_json_says() {
    let documents: Vec<Value> = corpus(29)
        .into_iter()
        .chain(corpus(31).into_iter().map(|mut document| {
            document["id"] = format!("more\t{}", document["id"].as_str().unwrap()).into();
            document
        }))
        .collect();
    let directory = folder(&[("all.jsonl", lines(&documents))]);
    let outputs =
        "trace -q all.jsonl -o json=t.json -o passages=p.tsv -o targets=t.tsv -o sources=s.tsv -o matrix=m.tsv";
    let output = run_in(directory.path(), outputs);
    assert_exit(&output, 0);
    assert_eq!(stdout(&output), "");
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("t.json")).unwrap();
    let table = |name: &str| -> Vec<Vec<String>> {
        let text = read(name);
        let rows: Vec<Vec<String>> = text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{name}: ragged");
        rows
    };
    let targets = list(&report["targets"]);
    let passages: usize = targets.iter().map(|target| list(&target["passages"]).len()).sum();
    assert_eq!(table("p.tsv").len(), passages + 1);
    assert_eq!(table("t.tsv").len(), targets.len() + 1);
    assert_eq!(table("s.tsv").len(), list(&report["sources"]).len() + 1);
    let matrix = table("m.tsv");
    let takers: Vec<&Value> = targets.iter().filter(|target| !list(&target["reused"]).is_empty()).collect();
    assert_eq!((matrix.len(), matrix[0].len()), (list(&report["sources"]).len() + 1, takers.len() + 1));
    for (column, target) in takers.iter().enumerate() {
        let shares: f64 = matrix[1..].iter().map(|row| row[column + 1].parse::<f64>().unwrap()).sum();
        let taken = taken(target) as f64 / number(&target["tokens"]) as f64;
        assert!((shares - taken).abs() < 0.001, "{}: {shares} {taken}", target["document"]);
    }
}

#[test]
fn json_is_as_the_schema_says() {
    let mut schema: Value = serde_json::from_str(include_str!("../docs/trace.v1.schema.json")).unwrap();
    // Nothing is written that the schema does not name.
    fn close(value: &mut Value) {
        if let Value::Object(map) = value {
            if map.get("properties").is_some_and(Value::is_object) {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.values_mut().for_each(close);
        } else if let Value::Array(items) = value {
            items.iter_mut().for_each(close);
        }
    }
    close(&mut schema["$defs"]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let source =
        "VIENNA (Reuters) – The bridge will be closed for 12 weeks, the council said on Monday, and nobody is glad.";
    let mut documents = corpus(37);
    documents.push(json!({"id": "dispatch", "source": "Reuters", "text": source}));
    documents.push(json!({"id": "print", "source": "Gazette", "date": "2021", "text": source.replace("12", "14")}));
    let directory = folder(&[("all.jsonl", lines(&documents)), ("bad.jsonl", b"{".to_vec())]);
    let output = run_in(directory.path(), "trace -q --format json all.jsonl bad.jsonl");
    assert_exit(&output, 2);
    let report = json(&output);
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(list(&report["targets"]).iter().any(|target| !target["relations"][0]["evidence"].is_null()));
}

#[test]
fn sources_that_hold_nothing_are_told_of() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("empty")).unwrap();
    fs::write(directory.path().join("a.md"), "The mill stands by the river, and nobody has seen it turn.").unwrap();
    for command in ["trace --from empty a.md", "quotes --from empty a.md", "trace --from none/*.md a.md"] {
        let output = run_in(directory.path(), command);
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("nothing in it to compare with"), "{}", stderr(&output));
    }
}
