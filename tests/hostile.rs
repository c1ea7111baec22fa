//! Texts that once were judged wrong or broke a stage: each case is named after what went wrong.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::fmt::Write as _;

use support::program::scan_content as scan;

/// Numbers below a bound from a fixed stream.
fn stream(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

#[test]
fn few_words_in_any_order_end_no_run() {
    for seed in 0..30 {
        let mut next = stream(seed);
        let vocabulary = 2 + seed % 7;
        let text: Vec<String> = (0..400).map(|_| format!("word{}", next(vocabulary))).collect();
        scan("few.txt", &text.join(" "));
    }
}

#[test]
fn shared_runs_between_other_words_are_cut_without_recursion() {
    let mut lines = String::new();
    for document in 0..2 {
        let text: Vec<String> = (0..20_000u32)
            .map(|place| if place % 16 < 6 { format!("same{place}") } else { format!("d{document}x{place}") })
            .collect();
        writeln!(lines, "{{\"id\":\"{document}\",\"text\":\"{}\"}}", text.join(" ")).unwrap();
    }
    let report = scan("between.jsonl", &lines);
    assert_eq!(report["clusters"].as_array().unwrap().len(), 0);
}

#[test]
fn a_document_that_holds_many_holds_them_whatever_its_name() {
    for holder in ["a", "z"] {
        let mut next = stream(7);
        let parts: Vec<String> =
            (0..200).map(|_| (0..24).map(|_| format!("w{} ", next(1_000_000))).collect::<String>()).collect();
        let mut lines = String::new();
        for (number, part) in parts.iter().enumerate() {
            writeln!(lines, "{{\"id\":\"m{number:03}\",\"text\":\"{part}\"}}").unwrap();
        }
        writeln!(lines, "{{\"id\":\"{holder}\",\"text\":\"{}\"}}", parts.concat()).unwrap();
        let report = scan("holder.jsonl", &lines);
        let clusters = report["clusters"].as_array().unwrap();
        assert_eq!(clusters.len(), 1, "holder {holder}");
        assert_eq!(clusters[0]["rule"], "contained");
        assert_eq!(clusters[0]["members"].as_array().unwrap().len(), 201, "holder {holder}");
    }
}

/// Documents as JSON Lines.
fn documents(texts: &[(&str, &str)]) -> String {
    texts.iter().map(|(id, text)| serde_json::json!({ "id": id, "text": text }).to_string() + "\n").collect()
}

#[test]
fn a_quotation_set_off_by_a_wide_gap_stands_for_itself() {
    let quote = "I'm just not ready to do that at this point";
    let gap = "the speaker told a friendly host of the evening news about his long promised support";
    let report = scan(
        "gap.jsonl",
        &documents(&[
            ("a", &format!("Well, to be candid with you, {quote}, {gap}. I'm not there right now.")),
            ("b", &format!("As he put it: {quote}. I'm not there right now, the man said on television.")),
        ]),
    );
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["words"], 10);
}

#[test]
fn equal_copies_are_shown_as_equal_though_another_is_altered() {
    let common = "The bridge over the river will be closed to all cars from the first of May.";
    let altered = "The bridge over the river will be shut to all cars from the tenth of May.";
    for names in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]] {
        let report = scan("copies.jsonl", &documents(&[(names[0], common), (names[1], altered), (names[2], common)]));
        let occurrences = report["findings"][0]["occurrences"].as_array().unwrap();
        let identity = |name: &str| {
            occurrences.iter().find(|occurrence| occurrence["document"] == name).unwrap()["identity"].as_f64().unwrap()
        };
        assert_eq!((identity(names[0]), identity(names[2])), (1.0, 1.0), "{names:?}");
        assert!(identity(names[1]) < 1.0);
    }
}

#[test]
fn words_that_no_other_document_says_are_not_shared() {
    let twice = "Council closes the old bridge over the river to all cars from the first of May on.";
    let elsewhere = "Council closes the new bridge over the river to all cars from the first of June on.";
    let text = format!("{twice}\n\nNothing else was said that day about anything at all.\n\n{twice}");
    let report = scan("ledger.jsonl", &documents(&[("doubled", &text), ("other", elsewhere)]));
    let documents = report["documents"].as_array().unwrap();
    let ledger = documents.iter().find(|document| document["document"] == "doubled").unwrap();
    assert_eq!((&ledger["doubled"], &ledger["shared"]), (&serde_json::json!(17), &serde_json::json!(15)), "{ledger}");
}

#[test]
fn a_doubled_body_is_doubled_though_a_copy_of_the_document_is_there() {
    let mut next = stream(3);
    let mut words = |count: usize| (0..count).map(|_| format!("w{}", next(1_000_000))).collect::<Vec<_>>().join(" ");
    let (body, between) = (words(50), words(50));
    let text = format!("{body}\n\n{between}\n\n{body}");
    let report = scan("copies.jsonl", &documents(&[("a", &text), ("b", &text)]));
    let rules: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"doubled-text") && rules.contains(&"shared-passage"), "{rules:?}");
}

#[test]
fn the_place_that_is_shown_is_the_one_most_like_the_others() {
    let verbatim = "The bridge over the river will be closed to all cars from the first of May.";
    let altered = "The bridge over the river will be shut to all cars from the tenth of May.";
    let text = format!("{altered}\n\nNothing else was said that day.\n\n{verbatim}");
    let report = scan("best.jsonl", &documents(&[("a", verbatim), ("b", &text)]));
    let shared = &report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "shared-passage");
    let occurrences = shared.unwrap()["occurrences"].as_array().unwrap();
    assert!(occurrences.iter().all(|occurrence| occurrence["identity"] == 1), "{occurrences:?}");
}

#[test]
fn spans_end_with_the_block_though_it_ends_in_a_hyphen() {
    let text = |word: &str| format!("They went to the harbour and looked {word} north-\nern lights");
    let report = scan("hyphen.jsonl", &documents(&[("a", &text("long")), ("b", &text("often"))]));
    for finding in report["findings"].as_array().unwrap() {
        for occurrence in finding["occurrences"].as_array().unwrap() {
            let end = occurrence["end"].as_u64().unwrap();
            for edit in occurrence["edits"].as_array().into_iter().flatten() {
                assert!(edit["b"]["end"].as_u64().is_none_or(|edit| edit <= end), "{edit}");
            }
        }
    }
}

#[test]
fn templates_are_not_walked_from_each_of_their_lines() {
    let mut next = stream(9);
    let lines: Vec<String> = (0..4_000)
        .map(|line| {
            let (host, port) = (next(9), next(65_536));
            format!("{line} host{host} daemon: connection from {} port {port} closed by the remote user", next(1 << 31))
        })
        .collect();
    let report = scan("log.txt", &lines.join("\n"));
    assert!(report["findings"].as_array().unwrap().len() < 4_000);
}
