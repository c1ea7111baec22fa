//! The rules of `docs/algorithm.md` that decide small things, each held by texts on both sides of it.

#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::program::scan_content;

/// Scans documents of `(id, text)`, of one source or of none.
fn scan(source: Option<&str>, documents: &[(String, String)]) -> Value {
    let lines: String = documents
        .iter()
        .map(|(id, text)| json!({ "id": id, "text": text, "source": source }).to_string() + "\n")
        .collect();
    scan_content("documents.jsonl", &lines)
}

/// Scans two documents, "a" and "b".
fn compare(a: &str, b: &str) -> Value {
    scan(None, &[("a".into(), a.into()), ("b".into(), b.into())])
}

/// What the two documents share: the text of each passage as "a" has it, in the order of the text.
fn shared(a: &str, b: &str) -> Vec<String> {
    let report = compare(a, b);
    let findings = report["findings"].as_array().unwrap().iter();
    let mut spans: Vec<(usize, usize)> = findings
        .flat_map(|finding| finding["occurrences"].as_array().unwrap())
        .filter(|occurrence| occurrence["document"] == "a")
        .map(|occurrence| ["start", "end"].map(|end| occurrence[end].as_u64().unwrap() as usize).into())
        .collect();
    spans.sort_unstable();
    spans.into_iter().map(|(start, end)| a[start..end].to_owned()).collect()
}

/// Tokens of furniture of each page of one source, which `page` writes by number; equal ones are given once.
fn furniture(source: Option<&str>, pages: usize, page: impl Fn(usize) -> String) -> Vec<u64> {
    let documents: Vec<(String, String)> = (0..pages).map(|number| (format!("{number:02}"), page(number))).collect();
    let report = scan(source, &documents);
    let ledgers = report["documents"].as_array().unwrap().iter();
    let mut tokens: Vec<u64> = ledgers.map(|ledger| ledger["boilerplate"].as_u64().unwrap()).collect();
    tokens.dedup();
    tokens
}

/// So many words that stand nowhere else.
fn words(name: &str, count: usize) -> String {
    (0..count).map(|number| format!("{name}{number}")).collect::<Vec<_>>().join(" ")
}

/// A sentence that stands nowhere else; it has a capital, so that the one before it ends there.
fn story(name: impl std::fmt::Display) -> String {
    format!("The{}.", words(&format!("{name}x"), 30))
}

/// A text with a word of its own for each `_`.
fn fill(text: &str, name: &str) -> String {
    let mut parts = text.split('_');
    let first = parts.next().unwrap().to_owned();
    parts.enumerate().fold(first, |filled, (number, part)| format!("{filled}{name}{number}{part}"))
}

#[test]
fn reports_of_one_mould_with_other_figures_are_no_near_duplicates() {
    let mould = "The harbour office said that in the first week of the month _ _ ships with grain, _ _ barrels of oil, \
                 _ _ bales of wool and _ _ crates came in.";
    let count = |a: &str, b: &str| compare(&fill(mould, a), &fill(mould, b))["clusters"].as_array().unwrap().len();
    // Eight of 32 words differ: words that are no facts leave enough, facts weigh one and a half.
    assert_eq!((count("some", "many"), count("1", "2")), (1, 0));
}

#[test]
fn parts_with_rewritten_text_between_them_are_one_passage_if_they_correspond() {
    let text =
        |name: &str, between: usize| format!("{} {} {}", words("one", 40), words(name, between), words("two", 12));
    let parts = |between: usize| shared(&text("mine", 36), &text("other", between));
    assert_eq!(parts(36), [text("mine", 36)]);
    // What one text has between them the other has not, or it is too far.
    for between in [1, 44] {
        assert_eq!(parts(between), [words("one", 40), words("two", 12)], "{between}");
    }
}

#[test]
fn lines_of_a_mould_are_no_furniture_unless_some_are_equal() {
    let of_pages = |wordings: usize| {
        furniture(None, 20, |page| {
            format!("Profit a share {} cents for the quarter up from year\n\n{}", page % wordings, story(page))
        })
    };
    assert_eq!(of_pages(20), [0]);
    assert_eq!(of_pages(4), [11]);
}

#[test]
fn short_lines_in_the_middle_of_pages_stay() {
    let of_pages = |line: &str| {
        furniture(Some("town"), 12, |page| format!("{}\n\n{line}\n\n{}", story(page), story(format!("more{page}"))))
    };
    assert_eq!(of_pages("What the neighbours say about"), [0]);
    assert_eq!(of_pages("What the neighbours say about it"), [6]);
}

#[test]
fn what_varies_in_the_frame_of_a_source_goes_with_it() {
    // Of each page four tokens above and four below repeat; the rest of what is counted stood in a slot.
    let museum = |pages: usize, page: &dyn Fn(usize) -> String| furniture(Some("museum"), pages, page);
    let (above, below) = ("Harbour Museum Reading Room", "Shelf of all tales");
    let opened = museum(6, &|page| format!("{above}\n\nNext\n\nTale of t{page}\n\n{below}\n\n{}", story(page)));
    assert_eq!(opened, [12], "a label opens the slot");
    let new = museum(6, &|page| format!("{above}\n\nTale of t{page}\n\n{below}\n\n{}", story(page)));
    assert_eq!(new, [4], "a new line above the story may be its headline");
    let again = museum(6, &|page| {
        let chapter = format!("Chapter c{page}");
        format!("{above}\n\n{chapter}\n\n{below}\n\n{}\n\n{chapter}\n\n{}", story(page), story(format!("more{page}")))
    });
    assert_eq!(again, [10], "the page says it again");
    let elsewhere = museum(42, &|page| format!("{above}\n\nChapter c{}\n\n{below}\n\n{}", page / 3, story(page)));
    assert_eq!(elsewhere, [10], "three pages of the source say it");
    let behind = museum(6, &|page| {
        format!("{}\n\nStories beside this one\n\nOf m{page} and n{page}\n\nOf o{page}\n\n{below}", story(page))
    });
    assert_eq!(behind, [14], "below the story");
    let short =
        museum(6, &|page| format!("{above}\n\nNext\n\n{}\n\n{below}\n\nShort p{page}", words(&format!("t{page}x"), 9)));
    assert_eq!(short, [5], "more varies than is left of the page");
}

#[test]
fn a_passage_ends_with_the_sentence_if_few_words_are_missing() {
    let among = |sentence: &str, name: &str| {
        format!("{} {sentence} {}", story(format!("before{name}")), story(format!("behind{name}")))
    };
    let passage = |mine: &str, other: &str| shared(&among(mine, "mine"), &among(other, "other"));
    let (seven, twenty) = (words("seven", 7), words("twenty", 20));
    // Four words, and five; and more than a third of what is there.
    for (common, own, is_taken) in [(&twenty, 1, true), (&twenty, 4, true), (&twenty, 5, false), (&seven, 3, false)] {
        let end = |name: &str| format!("All {common} {}.", words(name, own));
        let start = |name: &str| format!("{} {common} all.", words(name, own));
        let [whole_end, whole_start] = [end("Mine"), start("Mine")];
        let [cut_end, cut_start] = [format!("All {common}"), format!("{common} all.")];
        let expected = if is_taken { [whole_end.clone(), whole_start.clone()] } else { [cut_end, cut_start] };
        assert_eq!(passage(&whole_end, &end("Other")), expected[..1], "{common} and {own} behind");
        assert_eq!(passage(&whole_start, &start("Other")), expected[1..], "{common} and {own} before");
    }
}

#[test]
fn an_altered_passage_has_the_borders_of_sentences() {
    let altered = |name: &str| fill("Small boats _ _ lie along the quay _ _ until the tide _ comes back again.", name);
    let like = |common: usize, name: &str| (words("Like", common), words(name, 13 - common));
    for (common, is_taken) in [(5, false), (7, true)] {
        let behind = |name: &str| {
            let (like, own) = like(common, name);
            (format!("{} {} ", story(name), altered(name)), format!("{like} {own}."))
        };
        let before = |name: &str| {
            let (like, own) = like(common, name);
            (format!("{own} {like}."), format!(" {} {}", altered(name), story(name)))
        };
        let expected = |whole: String| if is_taken { whole } else { altered("Mine") };
        let join = |parts: (String, String)| parts.0 + &parts.1;
        let next = behind("Mine").1;
        let whole = expected(format!("{} {next}", altered("Mine")));
        assert_eq!(shared(&join(behind("Mine")), &join(behind("Other"))), [whole], "{common} behind");
        let last = before("Mine").0;
        let whole = expected(format!("{last} {}", altered("Mine")));
        assert_eq!(shared(&join(before("Mine")), &join(before("Other"))), [whole], "{common} before");
    }
}

#[test]
fn the_sentence_of_one_text_is_the_border_where_the_other_goes_on() {
    let altered = |name: &str| fill("all boats lie _ _ along the old quay until they _ _ come back again", name);
    let whole = format!("{} {} {}", words("Ahead", 9), altered("mine"), words("after", 9));
    let mine = format!("{} {whole}. {}", story("first"), story("second"));
    let other = format!("{} Once {} twice. {}", story("third"), altered("other"), story("fourth"));
    assert_eq!(shared(&mine, &other), [altered("mine")], "it ends with what is equal");
}

#[test]
fn single_words_do_not_count_for_the_length_of_a_passage() {
    let passages = |text: &str| shared(&fill(text, "mine"), &fill(text, "other")).len();
    assert_eq!(passages("small boats lie along _ quay _ until the tide"), 0);
    assert_eq!(passages("small boats lie along _ _ quay until the tide"), 1);
}

#[test]
fn near_equal_words_are_edits_though_they_are_equal_for_the_passage() {
    let report = scan(
        None,
        &[
            ("a".into(), "The council published its annual report about old bridges yesterday evening.".into()),
            ("b".into(), "The council published its annual repport about new bridges yesterday evening.".into()),
            ("c".into(), "Nobody read the report, and the next report was thinner than any other report.".into()),
        ],
    );
    let occurrences = report["findings"][0]["occurrences"].as_array().unwrap();
    let edits: usize = occurrences.iter().filter_map(|occurrence| Some(occurrence["edits"].as_array()?.len())).sum();
    assert_eq!(edits, 2, "{occurrences:?}");
    assert!(occurrences.iter().any(|occurrence| occurrence["identity"] == 0.8182), "{occurrences:?}");
}

#[test]
fn the_heading_of_a_page_stays_though_its_head_names_it_before() {
    // Each page names itself, its neighbours and then its matter.
    let title = |page: usize| format!("Chapter {page}. The p{page}x of p{page}y");
    let page = |own: usize| {
        let neighbours: Vec<String> = (0..6).filter(|page| *page != own).map(title).collect();
        format!(
            "{0}\n\n{0}\n\nOn this page\n\n{1}\n\n{2}",
            title(own),
            story(format!("story{own}")),
            neighbours.join("\n\n")
        )
    };
    let documents: Vec<(String, String)> = (0..6).map(|number| (number.to_string(), page(number))).collect();
    let report = scan(Some("site"), &documents);
    let furniture: Vec<(String, u64)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "boilerplate")
        .flat_map(|finding| finding["occurrences"].as_array().unwrap())
        .map(|place| (place["document"].as_str().unwrap().to_owned(), place["line"].as_u64().unwrap()))
        .collect();
    for (id, _) in &documents {
        let is_furniture = |line: u64| furniture.contains(&(id.clone(), line));
        assert!(is_furniture(1) && !is_furniture(3) && is_furniture(5), "{id}: {furniture:?}");
    }
}

#[test]
fn a_paragraph_doubled_in_a_page_that_stands_elsewhere_too_is_doubled() {
    // What both pages share are long passages that meet in the doubled paragraph, or hold it as an insertion.
    let lengths = [[30; 5], [20, 40, 60, 80, 100], [66, 38, 54, 40, 56]];
    let mut documents = Vec::new();
    for (row, lengths) in lengths.iter().enumerate() {
        for (doubled, before) in (0..5).flat_map(|doubled| (0..=5).map(move |before| (doubled, before))) {
            let name = format!("{row}of{doubled}before{before}");
            let paragraph =
                |number: usize| format!("The {}.", words(&format!("p{name}n{number}x"), lengths[number] - 1));
            let mut page: Vec<String> = (0..5).map(paragraph).collect();
            documents.push((format!("0 once {name}"), page.join("\n\n")));
            page.insert(before, page[doubled].clone());
            documents.push((format!("{} twice {name}", lengths[doubled]), page.join("\n\n")));
        }
    }
    let report = scan(None, &documents);
    let mut findings = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "doubled-text") {
        let [one, other] = &finding["occurrences"].as_array().unwrap()[..] else { panic!("{finding:#}") };
        assert_eq!(one["document"], other["document"]);
        findings.insert(one["document"].as_str().unwrap(), finding["words"].as_u64().unwrap());
    }
    for ledger in report["documents"].as_array().unwrap() {
        let document = ledger["document"].as_str().unwrap();
        let doubled: u64 = document.split(' ').next().unwrap().parse().unwrap();
        assert!(ledger["doubled"].as_u64().unwrap().abs_diff(doubled) <= 1, "{ledger}");
        assert!(findings.remove(document).unwrap_or(0).abs_diff(doubled) <= 1, "{document}");
    }
    assert!(findings.is_empty(), "{findings:?}");
}
