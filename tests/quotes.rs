//! `dittograph quotes`, as a user meets it: files in, reports out.
//!
//! **Gold.** `seeds/quotations.tsv` has every quotation of the five articles, as a reader finds them: kind, words, speaker,
//! and which of them are one thing said. `quotes/edits.tsv` has pairs of paragraphs with what was done to a quotation
//! between them, to the byte. Both were written from the texts, not from a report. Where the program is still wrong, the
//! line says why, and the test fails when that is mended: so the line is mended too.
//!
//! **Promises.** JSON is as its schema says and has nothing that the schema doesn't name; tables say what JSON says, one
//! line each, whatever stands in names; no format depends on threads or order; the human report keeps to its width and
//! lets no control character through; time is linear in texts that are made to be hard.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use cli_support::cleaning::{Invention, folder};
use cli_support::quotations::{
    Edited, FACTS, corpora, edited, edited_corpus, hostile_corpus, lines, list, number, pair, print, read_gold, report,
    seed, seed_corpus, text,
};
use cli_support::{assert_exit, json, run, run_in, stderr, stdout};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

const FORMATS: [&str; 5] = ["human", "json", "quotations", "utterances", "speakers"];

/// Where the words of a quotation stand, from its first piece to its last.
fn place(quotation: &Value) -> (&str, usize, usize) {
    let pieces = list(&quotation["pieces"]);
    let (first, last) = (&pieces[0], &pieces[pieces.len() - 1]);
    (text(&quotation["document"]), number(&first["start"]), number(&last["end"]))
}

#[test]
fn every_quotation_of_the_seeds_is_found_and_none_more() {
    let output = run("quotes -q --format json seeds");
    assert_exit(&output, 0);
    let report = json(&output);
    let found: BTreeMap<(&str, usize, usize), &Value> = list(&report["quotations"])
        .iter()
        .map(|quotation| {
            let (document, start, end) = place(quotation);
            ((document.strip_prefix("seeds/").unwrap(), start, end), quotation)
        })
        .collect();
    let gold = read_gold();
    let wanted: BTreeSet<_> = gold.iter().map(|read| read.place).collect();
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), wanted);
    // Which utterance of the report each thing said is: the one that its first place has.
    let utterance = |place| found[place]["utterance"].as_str().unwrap_or_default();
    let mut homes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for read in gold.iter().filter(|read| !read.wrong.contains(&"utterance")) {
        homes.entry(read.facts[2]).or_default().push(utterance(&read.place));
    }
    let home_of: BTreeMap<&str, &str> = homes.iter().map(|(name, homes)| (*name, homes[0])).collect();
    assert_eq!(home_of.values().collect::<BTreeSet<_>>().len(), home_of.len(), "two things said are one: {home_of:?}");
    let mut mistaken = Vec::new();
    for read in &gold {
        let quotation = found[&read.place];
        let home = utterance(&read.place);
        let name = home_of.iter().find(|(_, id)| **id == home).map_or("unknown", |(name, _)| *name);
        let told = [text(&quotation["kind"]), quotation["speaker"]["name"].as_str().unwrap_or_default(), name];
        for ((fact, told), right) in FACTS.into_iter().zip(told).zip(read.facts) {
            match (told == right, read.wrong.contains(&fact)) {
                (false, false) => mistaken.push(format!("{:?}: {fact} is {told:?}, not {right:?}", read.place)),
                (true, true) => mistaken.push(format!("{:?}: {fact} is right now: mend the table", read.place)),
                _ => {}
            }
        }
    }
    assert!(mistaken.is_empty(), "{}", mistaken.join("\n"));
}

#[test]
fn what_the_lead_of_an_article_says_without_marks_is_found() {
    let report = report(&[json!({"id": "tass", "text": seed("002_ef0a9a37d5134270.txt")})]);
    let [utterance] = list(&report["utterances"]) else { panic!("one thing said twice: {}", report["utterances"]) };
    let [lead, quotation] = list(&utterance["variants"]) else { panic!("two places: {utterance}") };
    let article = seed("002_ef0a9a37d5134270.txt");
    assert!(lead["quotation"].is_null());
    let words = &article[number(&lead["start"])..number(&lead["end"])];
    assert!(words.contains("their determination to closely cooperate with Russia"), "{words}");
    assert_eq!(utterance["reference"], quotation["quotation"]);
    let kinds: Vec<&str> = list(&lead["edits"]).iter().map(|edit| text(&edit["kind"])).collect();
    assert!(kinds.contains(&"marks dropped"), "{kinds:?}");
    assert_eq!(utterance["altered"], false);
}

#[test]
fn what_a_reporter_put_in_and_left_out_is_set_aside() {
    let article = seed("000_73c84f065c21e561.txt");
    let speech = "We share convergent positions on several issues of our common region, including peace and stability in \
                  Afghanistan";
    let full = format!("“{speech},” Pakistan’s foreign minister, Shah Mahmoud Qureshi, said in Islamabad.");
    let documents = [
        json!({"id": "wire", "date": "2021-04-07", "text": article}),
        json!({"id": "full", "date": "2021-04-06", "text": full}),
    ];
    let report = report(&documents);
    let [utterance] = list(&report["utterances"]) else { panic!("one thing said twice: {}", report["utterances"]) };
    assert_eq!((&utterance["first"]["document"], &utterance["altered"]), (&json!("full"), &json!(false)));
    let variant = &list(&utterance["variants"])[1];
    assert_eq!(variant["document"], "wire");
    let edits: Vec<[&str; 3]> = list(&variant["edits"])
        .iter()
        .map(|edit| [text(&edit["kind"]), &full[pair(&edit["reference"])], &article[pair(&edit["variant"])]])
        .collect();
    assert_eq!(edits, [["gloss", "We", "(Pakistan and Russia)"], ["ellipsis", "of our common region", "…"]]);
    // Everything else is equal: share, convergent … issues, including … Afghanistan.
    assert_eq!(number(&variant["same"]), 12);
}

/// What is not as it should be of a pair of paragraphs.
fn judge(edited: &Edited) -> Result<(), String> {
    let report = report(&edited.documents);
    let [utterance] = list(&report["utterances"]) else { return Err(format!("not one: {}", report["utterances"])) };
    let [first, later] = list(&utterance["variants"]) else { return Err(format!("not two places: {utterance}")) };
    let [one, other] = &edited.documents;
    let told =
        json!([first["document"], later["document"], utterance["first"]["document"], utterance["first"]["date"]]);
    if told != json!([one["id"], other["id"], one["id"], one["date"]]) {
        return Err(format!("the first is not the earliest: {told}"));
    }
    if first["quotation"] != utterance["reference"] || first["edits"] != json!([]) {
        return Err(format!("the first is not the reference: {utterance}"));
    }
    let mut found = Vec::new();
    for edit in list(&later["edits"]) {
        let (before, after) = (pair(&edit["reference"]), pair(&edit["variant"]));
        // Excerpts are shortened from 60 columns on.
        for (words, place, document) in [(&edit["old"], &before, one), (&edit["new"], &after, other)] {
            let there = text(&document["text"]).get(place.clone()).ok_or("an edit cuts a letter")?;
            if place.len() < 40 && text(words).trim() != there.trim() {
                return Err(format!("{words} is not {there:?}"));
            }
        }
        found.push((text(&edit["kind"]).to_owned(), edit["alters"] == true, before, after));
    }
    found.sort_by_key(|(_, _, one, other)| (one.start, other.start));
    if found != edited.edits {
        return Err(format!("found {found:?}\nwanted {:?}", edited.edits));
    }
    let alters = found.iter().any(|(_, alters, ..)| *alters);
    if utterance["altered"] != alters || number(&report["summary"]["altered"]) != usize::from(alters) {
        return Err(format!("altered: {}", utterance["altered"]));
    }
    Ok(())
}

#[test]
fn edits_are_named_and_placed_to_the_byte() {
    let cases = edited();
    let kinds = |language: &str| -> BTreeSet<&str> {
        let edits = cases.iter().filter(|case| case.language == language).flat_map(|case| &case.edits);
        edits.map(|(kind, ..)| kind.as_str()).collect()
    };
    for language in ["en", "de", "fr"] {
        assert_eq!(kinds(language).len(), 9, "{language} has all kinds");
    }
    let mut mistaken = Vec::new();
    for case in &cases {
        match (judge(case), case.is_known_error) {
            (Err(error), false) => {
                mistaken.push(format!("{}\n{}\n{error}\n", case.documents[0]["text"], case.documents[1]["text"]))
            }
            (Ok(()), true) => mistaken.push(format!("{} is right now: mend the table", case.documents[1]["text"])),
            _ => {}
        }
    }
    assert!(mistaken.is_empty(), "{} of {}\n{}", mistaken.len(), cases.len(), mistaken.join("\n"));
}

#[test]
fn the_first_place_is_the_earliest_by_date() {
    let full = "“The bridge will be closed in May and for at least twelve weeks,” said Ana Ribeiro.";
    let part = "Ana Ribeiro said that “the bridge will be closed in May” if money came.";
    let documents = [
        json!({"id": "a", "date": "2024-05-08", "text": full}),
        json!({"id": "b", "text": part}),
        json!({"id": "c", "source": "The Post", "date": "2024-05-06", "text": part}),
        json!({"id": "d", "date": "2024-05-07", "text": part}),
    ];
    let report = report(&documents);
    let [utterance] = list(&report["utterances"]) else { panic!("one thing said: {}", report["utterances"]) };
    // What has no date comes behind what has one.
    let order: Vec<&str> = list(&utterance["variants"]).iter().map(|variant| text(&variant["document"])).collect();
    assert_eq!(order, ["c", "d", "a", "b"]);
    let first = json!({"document": "c", "path": "all.jsonl", "source": "The Post", "date": "2024-05-06", "line": 1});
    assert_eq!(utterance["first"], first);
}

#[test]
fn json_is_as_the_schema_says() {
    let mut schema: Value = serde_json::from_str(include_str!("../docs/quotes.v1.schema.json")).unwrap();
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
    let mut reports: Vec<(&str, Value)> =
        corpora().into_iter().map(|(name, documents)| (name, report(&documents))).collect();
    let directory = folder(&[("a.txt", b"\"We go,\" said Ana Ribeiro.".to_vec()), ("bad.jsonl", b"{\n{".to_vec())]);
    let output = run_in(directory.path(), "quotes -q --format json a.txt bad.jsonl");
    assert_exit(&output, 2);
    reports.push(("bad", json(&output)));
    for (name, report) in &reports {
        let errors: Vec<String> =
            validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    // A schema that lets everything through would prove nothing.
    let (_, mut wrong) = reports.swap_remove(0);
    wrong["quotations"][0]["mood"] = "glad".into();
    assert!(!validator.is_valid(&wrong));
}

/// Corpora of which the program tells a quotation, or an utterance, twice: a known error. Where one reference is put in
/// place of another, it may be a variant, or the reference, of another utterance.
const TOLD_TWICE: [&str; 1] = ["edits"];

/// Whether no two utterances have one id.
fn has_own_ids(report: &Value) -> bool {
    let utterances = list(&report["utterances"]);
    utterances.iter().map(|utterance| text(&utterance["id"])).collect::<BTreeSet<_>>().len() == utterances.len()
}

#[test]
fn counts_and_references_of_json_agree() {
    for (name, documents) in corpora() {
        let report = report(&documents);
        let (quotations, utterances) = (list(&report["quotations"]), list(&report["utterances"]));
        let counts =
            ["documents", "quotations", "utterances", "altered"].map(|count| number(&report["summary"][count]));
        let altered = utterances.iter().filter(|utterance| utterance["altered"] == true).count();
        assert_eq!(counts, [documents.len(), quotations.len(), utterances.len(), altered], "{name}");
        let ids: BTreeMap<&str, &Value> =
            quotations.iter().map(|quotation| (text(&quotation["id"]), quotation)).collect();
        assert_eq!(ids.len(), quotations.len(), "{name}: an id twice");
        let texts: BTreeMap<&str, &str> =
            documents.iter().map(|document| (text(&document["id"]), text(&document["text"]))).collect();
        for quotation in quotations {
            let written = texts[text(&quotation["document"])];
            let pieces = list(&quotation["pieces"]).iter();
            let pieces: Vec<&str> =
                pieces.map(|piece| &written[number(&piece["start"])..number(&piece["end"])]).collect();
            assert_eq!(pieces.join(" "), text(&quotation["text"]), "{name}");
            for cited in ["cue", "addressee"].map(|key| &quotation[key]).into_iter().filter(|cited| !cited.is_null()) {
                assert_eq!(&written[number(&cited["start"])..number(&cited["end"])], text(&cited["text"]), "{name}");
            }
        }
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut is_repeated = false;
        for utterance in utterances {
            let variants = list(&utterance["variants"]);
            assert!(variants.len() > 1, "{name}: {utterance}");
            assert!(
                variants.iter().any(|variant| variant["quotation"] == utterance["reference"]),
                "{name}: {utterance}"
            );
            let alters = variants.iter().flat_map(|variant| list(&variant["edits"])).any(|edit| edit["alters"] == true);
            assert_eq!(utterance["altered"], alters, "{name}: {utterance}");
            for variant in variants {
                let Some(id) = variant["quotation"].as_str() else { continue };
                assert_eq!(ids[id]["document"], variant["document"], "{name}");
                // A quotation is told once, and knows where.
                is_repeated |= !told.insert(id);
                assert!(!ids[id]["utterance"].is_null(), "{name}: {id}");
            }
        }
        for quotation in quotations.iter().filter(|quotation| !quotation["utterance"].is_null()) {
            assert!(told.contains(text(&quotation["id"])), "{name}: {quotation}");
        }
        is_repeated |= !has_own_ids(&report);
        assert_eq!(is_repeated, TOLD_TWICE.contains(&name), "{name}: a quotation or an utterance is told twice");
    }
}

/// A field as `docs/formats.md` says it is written.
fn escaped(field: &str) -> String {
    let escape = |letter: char| match letter {
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\\' => "\\\\".to_owned(),
        _ if is_unsafe(letter) => format!("\\u{{{:x}}}", u32::from(letter)),
        _ => letter.to_string(),
    };
    field.chars().map(escape).collect()
}

/// Controls, bidirectional controls and line separators.
fn is_unsafe(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The rows of a table, each field by its column.
fn table(documents: &[Value], format: &str) -> Vec<BTreeMap<String, String>> {
    let printed = String::from_utf8(print(documents, &format!("-f {format}"))).unwrap();
    assert!(printed.ends_with('\n'));
    assert_eq!(printed.chars().find(|letter| is_unsafe(*letter) && !matches!(letter, '\n' | '\t')), None);
    let mut rows = printed.trim_end_matches('\n').split('\n').map(|line| line.split('\t').collect::<Vec<&str>>());
    let header = rows.next().unwrap();
    let row = |fields: Vec<&str>| {
        assert_eq!(fields.len(), header.len(), "{fields:?}");
        header.iter().map(|column| (*column).to_owned()).zip(fields.into_iter().map(str::to_owned)).collect()
    };
    rows.map(row).collect()
}

/// A value of JSON as a field: nothing for null.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escaped(text),
        Value::Bool(holds) => (if *holds { "yes" } else { "no" }).to_owned(),
        other => other.to_string(),
    }
}

fn columns<const N: usize>(row: &BTreeMap<String, String>, names: [&str; N]) -> [String; N] {
    names.map(|name| row[name].clone())
}

#[test]
fn the_table_of_quotations_says_what_json_says() {
    for (name, documents) in corpora() {
        let report = report(&documents);
        let quotations = list(&report["quotations"]);
        let table = table(&documents, "quotations");
        assert_eq!(table.len(), quotations.len(), "{name}");
        for (row, quotation) in table.iter().zip(quotations) {
            for column in ["id", "document", "line", "end_line", "kind", "utterance", "text"] {
                assert_eq!(row[column], field(&quotation[column]), "{name}: {column}");
            }
            let speaker = &quotation["speaker"];
            assert_eq!(columns(row, ["speaker", "resolved"]), [field(&speaker["name"]), field(&speaker["resolved"])]);
            assert_eq!(
                columns(row, ["cue", "addressee"]),
                ["cue", "addressee"].map(|key| field(&quotation[key]["text"]))
            );
            // With its marks.
            let (_, start, end) = place(quotation);
            let [from, until] = columns(row, ["start", "end"]).map(|column| column.parse::<usize>().unwrap());
            assert!(from < start && end < until, "{name}: {row:?}");
        }
    }
}

#[test]
fn the_table_of_utterances_says_what_json_says() {
    for (name, documents) in corpora() {
        let report = report(&documents);
        let by_id: BTreeMap<&str, &Value> =
            documents.iter().map(|document| (text(&document["id"]), document)).collect();
        let speaker = |id: &Value| {
            let quotation = list(&report["quotations"]).iter().find(|quotation| quotation["id"] == *id);
            quotation.map_or(String::new(), |quotation| field(&quotation["speaker"]["name"]))
        };
        let mut table = table(&documents, "utterances").into_iter();
        for utterance in list(&report["utterances"]) {
            for (at, variant) in list(&utterance["variants"]).iter().enumerate() {
                let row = table.next().unwrap();
                for column in ["document", "line", "end_line", "start", "end", "quotation", "same"] {
                    assert_eq!(row[column], field(&variant[column]), "{name}: {column}");
                }
                let document = by_id[text(&variant["document"])];
                // An empty source is none.
                assert_eq!(
                    columns(&row, ["publisher", "date"]),
                    ["source", "date"].map(|key| field(&document[key])),
                    "{name}"
                );
                let edits = list(&variant["edits"]);
                let changes: Vec<&str> = edits.iter().map(|edit| text(&edit["kind"])).collect();
                let said = [field(&utterance["id"]), speaker(&variant["quotation"]), changes.join(", ")];
                assert_eq!(columns(&row, ["utterance", "speaker", "changes"]), said, "{name}");
                let holds = [
                    at == 0,
                    variant["quotation"] == utterance["reference"],
                    edits.iter().any(|edit| edit["alters"] == true),
                ];
                assert_eq!(
                    columns(&row, ["first", "reference", "altered"]),
                    holds.map(|holds| field(&holds.into())),
                    "{name}"
                );
                let words = &text(&document["text"])[number(&variant["start"])..number(&variant["end"])];
                assert_eq!(row["text"], escaped(words), "{name}");
            }
        }
        assert_eq!(table.next(), None, "{name}");
    }
}

#[test]
fn the_table_of_speakers_says_what_json_says() {
    for (name, documents) in corpora() {
        let report = report(&documents);
        let altered: BTreeSet<&str> = list(&report["utterances"])
            .iter()
            .filter(|one| one["altered"] == true)
            .map(|one| text(&one["id"]))
            .collect();
        let mut speakers: BTreeMap<String, [BTreeSet<&str>; 4]> = BTreeMap::new();
        for quotation in list(&report["quotations"]) {
            let sets = speakers.entry(field(&quotation["speaker"]["name"])).or_default();
            sets[0].insert(text(&quotation["id"]));
            sets[1].insert(text(&quotation["document"]));
            sets[2].extend(quotation["utterance"].as_str());
            sets[3].extend(quotation["utterance"].as_str().filter(|id| altered.contains(id)));
        }
        let table = table(&documents, "speakers");
        let told: BTreeMap<String, [usize; 4]> = table
            .iter()
            .map(|row| {
                let counts = columns(row, ["quotations", "documents", "utterances", "altered"]);
                (row["speaker"].clone(), counts.map(|count| count.parse().unwrap()))
            })
            .collect();
        if !has_own_ids(&report) {
            // Utterances can't be counted by their ids: told of above.
            let quoted: BTreeMap<String, usize> =
                speakers.into_iter().map(|(name, sets)| (name, sets[0].len())).collect();
            assert_eq!(told.into_iter().map(|(name, counts)| (name, counts[0])).collect::<BTreeMap<_, _>>(), quoted);
            continue;
        }
        let wanted = speakers.into_iter().map(|(name, sets)| (name, sets.map(|set| set.len()))).collect();
        assert_eq!((told.len(), &told), (table.len(), &wanted), "{name}");
        // Who said most comes first, and nobody known last.
        let order: Vec<(bool, i64)> =
            table.iter().map(|row| (row["speaker"].is_empty(), -row["quotations"].parse::<i64>().unwrap())).collect();
        assert!(order.is_sorted(), "{name}: {order:?}");
    }
}

/// Runs that write every format at once, in a folder that holds nothing else that they read.
fn write_all(directory: &Path, arguments: &str) -> Vec<Vec<u8>> {
    let outputs: String = FORMATS.iter().map(|format| format!("-o {format}=out.{format} ")).collect();
    assert_exit(&run_in(directory, &format!("quotes -q {outputs} {arguments}")), 0);
    let mut written: Vec<Vec<u8>> =
        FORMATS.iter().map(|format| fs::read(directory.join(format!("out.{format}"))).unwrap()).collect();
    let by_speaker = run_in(directory, &format!("quotes -q --by speaker {arguments}"));
    assert_exit(&by_speaker, 0);
    written.push(by_speaker.stdout);
    written
}

fn shuffle<T>(items: &mut [T], invention: &mut Invention) {
    for at in (1..items.len()).rev() {
        items.swap(at, invention.number(at as u64 + 1) as usize);
    }
}

#[test]
fn threads_and_the_order_of_lines_change_nothing() {
    let mut documents = edited_corpus();
    documents.extend(seed_corpus());
    documents.extend(hostile_corpus());
    let mut invention = Invention(11);
    let mut first = None;
    for round in 0..=10 {
        let threads = [1, 2, 8][round % 3];
        let directory = folder(&[("all.jsonl", lines(&documents))]);
        let written = write_all(directory.path(), &format!("-j{threads} all.jsonl"));
        let first = first.get_or_insert_with(|| written.clone());
        for (at, (one, other)) in first.iter().zip(&written).enumerate() {
            assert!(one == other, "{:?} differs, round {round}", FORMATS.get(at));
        }
        shuffle(&mut documents, &mut invention);
    }
    // There was something to be put in another order.
    assert!(first.unwrap().iter().all(|written| written.len() > 100));
}

#[test]
fn the_order_of_arguments_changes_nothing() {
    let documents = [edited_corpus(), seed_corpus()].concat();
    let files: Vec<(String, Vec<u8>)> = (0..)
        .zip(&documents)
        .map(|(name, document)| (format!("{name}.txt"), text(&document["text"]).as_bytes().to_vec()))
        .collect();
    let borrowed: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let directory = folder(&borrowed);
    let mut names: Vec<&str> = borrowed.iter().map(|(name, _)| *name).collect();
    let mut invention = Invention(13);
    let before = write_all(directory.path(), &names.join(" "));
    for threads in [1, 2, 8] {
        shuffle(&mut names, &mut invention);
        let after = write_all(directory.path(), &format!("-j{threads} {}", names.join(" ")));
        assert!(before == after, "{threads} threads");
    }
}

#[test]
fn no_line_is_wider_than_asked_and_no_control_reaches_the_terminal() {
    for (name, documents) in corpora() {
        for width in [40, 80, 120] {
            for view in ["--by utterance", "--by speaker", "--all", "--by speaker --all"] {
                let page = String::from_utf8(print(&documents, &format!("--width {width} {view}"))).unwrap();
                for line in page.lines() {
                    assert!(line.width() <= width, "{name} {view} at {width}: {} {line:?}", line.width());
                }
                let raw = page.chars().find(|letter| is_unsafe(*letter) && *letter != '\n');
                assert_eq!(raw, None, "{name} {view}: {page}");
                if name == "hostile" {
                    assert!(page.contains("\\u{1b}"), "shown instead: {page}");
                }
            }
        }
    }
}

#[test]
fn both_views_show_what_they_promise() {
    for (name, documents) in corpora() {
        let report = report(&documents);
        let page = |arguments: &str| String::from_utf8(print(&documents, &format!("--width 120 {arguments}"))).unwrap();
        assert_eq!(page("--by utterance"), page(""), "{name}: the default");
        let headings = |page: &str| page.lines().filter(|line| line.starts_with("── ")).count();
        let places = |page: &str| page.lines().filter(|line| line.trim_start().starts_with("line")).count();
        let utterances = list(&report["utterances"]);
        let by_utterance = page("--all");
        let all: usize = utterances.iter().map(|utterance| list(&utterance["variants"]).len()).sum();
        assert_eq!((headings(&by_utterance), places(&by_utterance)), (utterances.len(), all), "{name}\n{by_utterance}");
        let speakers: BTreeSet<&str> = list(&report["quotations"])
            .iter()
            .map(|quotation| quotation["speaker"]["name"].as_str().unwrap_or_default())
            .collect();
        let by_speaker = page("--by speaker --all");
        let all = list(&report["quotations"]).len();
        assert_eq!((headings(&by_speaker), places(&by_speaker)), (speakers.len(), all), "{name}\n{by_speaker}");
    }
}

#[test]
fn what_was_altered_comes_first_and_says_how() {
    let page = String::from_utf8(print(&edited_corpus(), "--all --width 120")).unwrap();
    let report = report(&edited_corpus());
    let altered = number(&report["summary"]["altered"]);
    let blocks: Vec<&str> = page.split("── ").filter(|block| block.contains(" line ")).collect();
    assert_eq!(blocks.len(), number(&report["summary"]["utterances"]), "{page}");
    let turns = ["number changed", "negation changed", "speaker changed"];
    let (first, rest) = blocks.split_at(altered);
    let may_turn = |block: &&str| turns.iter().any(|kind| block.contains(kind));
    assert!(first.iter().all(|block| may_turn(block) || block.contains("word changed")), "{page}");
    assert!(!rest.is_empty() && !rest.iter().any(may_turn), "{page}");
    for (kind, ..) in edited().iter().flat_map(|case| &case.edits) {
        assert!(page.contains(kind), "{kind} is not told of");
    }
}

#[test]
fn nothing_is_said_where_nothing_is_found() {
    // Exit codes are those of the README: nothing found is done, nothing read is failed.
    let directory = folder(&[
        ("mute.txt", b"Nobody says a word.\n".to_vec()),
        ("empty.txt", Vec::new()),
        ("once.txt", b"\"We wait,\" said Ana Ribeiro.\n".to_vec()),
        ("void/.keep", Vec::new()),
    ]);
    let headers = |format: &str| match format {
        "quotations" => {
            "id\tdocument\tline\tend_line\tstart\tend\tkind\tspeaker\tresolved\tcue\taddressee\tutterance\ttext"
        }
        "utterances" => {
            "utterance\tdocument\tpublisher\tdate\tline\tend_line\tstart\tend\tquotation\tfirst\treference\tspeaker\tsame\tchanges\taltered\ttext"
        }
        _ => "speaker\tquotations\tdocuments\tutterances\taltered",
    };
    for file in ["mute.txt", "empty.txt"] {
        for format in FORMATS {
            let output = run_in(directory.path(), &format!("quotes -q -f {format} {file}"));
            assert_exit(&output, 0);
            match format {
                "human" => assert!(stdout(&output).contains("No quotation in 1 document."), "{}", stdout(&output)),
                "json" => assert_eq!(json(&output)["quotations"], json!([])),
                _ => assert_eq!(stdout(&output), format!("{}\n", headers(format))),
            }
        }
        let page = run_in(directory.path(), &format!("quotes -q {file}"));
        assert!(!stdout(&page).contains("──"), "nobody is named: {}", stdout(&page));
    }
    let once = run_in(directory.path(), "quotes -q once.txt");
    assert_exit(&once, 0);
    assert!(stdout(&once).contains("1 quotation in 1 document") && !stdout(&once).contains("──"), "{}", stdout(&once));
    for arguments in ["void", "missing.txt", "once.txt missing.txt", "-f tsv once.txt", "--by document once.txt"] {
        let output = run_in(directory.path(), &format!("quotes {arguments}"));
        assert_exit(&output, 2);
        assert!(!stderr(&output).is_empty(), "{arguments}: a failure says why");
    }
}

#[test]
fn a_scan_tells_of_quotations_that_travelled() {
    let mut invention = Invention(17);
    let reused = "The bridge will be closed in May and for at least twelve weeks";
    let altered = [
        "We told the ministry in March that it will not last another winter",
        "We told the ministry in March that it will last another winter",
    ];
    let mut article = |id: &str, altered: &str| {
        let [before, between, behind] = [(); 3].map(|()| invention.story().join("\n\n"));
        let text = format!(
            "{before}\n\n\"{reused},\" said Ana Ribeiro.\n\n{between}\n\n\"{altered},\" said Bruno Costa.\n\n{behind}"
        );
        json!({"id": id, "text": text})
    };
    let documents = [article("herald", altered[0]), article("post", altered[1])];
    let directory = folder(&[("all.jsonl", lines(&documents))]);
    let findings = |only: &str| -> Vec<(String, Vec<String>)> {
        let output = run_in(directory.path(), &format!("scan -q --format json {only} all.jsonl"));
        assert_exit(&output, 0);
        let report = json(&output);
        let words = |occurrence: &Value| {
            let document = documents.iter().find(|document| document["id"] == occurrence["document"]).unwrap();
            let words = &text(&document["text"])[number(&occurrence["start"])..number(&occurrence["end"])];
            // A finding begins where its sentence does, with the mark.
            words.trim_matches('"').to_owned()
        };
        let mut findings: Vec<_> = list(&report["findings"])
            .iter()
            .map(|finding| {
                (text(&finding["rule"]).to_owned(), list(&finding["occurrences"]).iter().map(words).collect())
            })
            .collect();
        findings.sort();
        findings
    };
    let told = |rule: &str, words: [&str; 2]| (rule.to_owned(), words.map(str::to_owned).to_vec());
    let [as_altered, as_reused] = [told("altered-quote", altered), told("reused-quote", [reused, reused])];
    assert_eq!(findings("--only reused-quote,altered-quote"), [as_altered.clone(), as_reused.clone()]);
    assert_eq!(findings("--only reused-quote"), std::slice::from_ref(&as_reused));
    assert_eq!(findings("--only altered-quote"), std::slice::from_ref(&as_altered));
    let all = findings("");
    assert!(all.contains(&as_altered), "{all:?}");
    // What a longer passage says in both is not said again.
    let tells_reused = |(rule, words): &(String, Vec<String>)| {
        rule != "altered-quote" && words.iter().all(|words| words.contains(reused))
    };
    assert!(all.iter().any(tells_reused), "{all:?}");
    let others = findings("--only doubled-text,boilerplate,shared-passage,near-duplicate,contained");
    assert!(others.iter().all(|(rule, _)| !rule.ends_with("-quote")), "{others:?}");
}

/// The time that `quotes` takes over a text.
#[allow(clippy::disallowed_methods, reason = "a test may time the program; its verdict has a wide margin")]
fn time(content: &str) -> Duration {
    let directory = folder(&[("text.txt", content.as_bytes().to_vec())]);
    let begin = Instant::now();
    let output = run_in(directory.path(), "quotes -q --format json -o quotations=t.tsv text.txt");
    let taken = begin.elapsed();
    assert_exit(&output, 0);
    taken
}

/// Makes a text of so many quotations, or marks.
type Make = fn(usize) -> String;

#[test]
fn time_is_linear_in_texts_that_are_made_to_be_hard() {
    let hard: [(&str, usize, Make); 10] = [
        ("marks alone, in one block", 100_000, |count| "\"".repeat(count)),
        ("marks about words", 100_000, |count| "word \"word\" ".repeat(count / 2)),
        ("marks within words", 100_000, |count| "word \"word".repeat(count)),
        ("marks that open and never close", 100_000, |count| "word “word ".repeat(count)),
        ("marks within marks", 100_000, |count| "“word ".repeat(count / 2) + &"word” ".repeat(count / 2)),
        ("single marks and apostrophes", 100_000, |count| "don't 'word' ".repeat(count / 3)),
        ("marks of all kinds", 100_000, |count| "“word «word \"word 'word „word ‹word ".repeat(count / 6)),
        ("short quotations, all alike", 10_000, |count| {
            "\"We will not go there again,\" said Ana Ribeiro.\n\n".repeat(count)
        }),
        ("short quotations in one paragraph", 10_000, |count| {
            "\"We will not go there again,\" she said. ".repeat(count)
        }),
        ("quotations that share a phrase", 10_000, |count| {
            let mut invention = Invention(19);
            let mut quote = |_| {
                format!("\"{} at the end of the day {},\" said Ana Ribeiro.\n\n", invention.word(), invention.word())
            };
            (0..count).map(&mut quote).collect()
        }),
    ];
    // Eight times the text is eight times the work if time is linear, and sixty-four times if it is
    // quadratic. The other tests run beside this one, so a time can only be too long: the least of
    // some rounds is compared, and the first round that shows a linear time ends them.
    for (name, count, make) in hard {
        let (short, long) = (make(count / 4), make(2 * count));
        // The start of the program is no time to measure by.
        let mut least = (Duration::MAX, Duration::MAX);
        let is_linear = (0..6).any(|_| {
            least = (least.0.min(time(&short)), least.1.min(time(&long)));
            least.1 < 20 * least.0.max(Duration::from_millis(30))
        });
        assert!(is_linear, "{name}: {:?}, then {:?} for eight times the text", least.0, least.1);
    }
}
