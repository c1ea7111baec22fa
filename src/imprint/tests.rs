//! Cases as data: what is read of a text, in short, and the text.

use proptest::prelude::*;

use super::*;

/// What is expected, and the text with `\n` for line breaks.
const CASES: &str = include_str!("cases.tsv");

fn known() -> Agencies {
    Agencies::new(&["Musterdienst".to_owned()]).unwrap()
}

fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// All that was read, in one line. Credits of the dateline are left out, and names of agencies, unless others are named.
fn summarise(text: &str, imprint: &Imprint, agencies: &Agencies) -> String {
    let mut parts = Vec::new();
    let name = |agency: Option<Agency>| agency.map_or("-", |agency| agencies.name(agency)).to_owned();
    if let Some(dateline) = imprint.dateline {
        let day = dateline.day.map_or("-".to_owned(), |day| {
            let year = day.year.map_or(String::new(), |year| format!("{year}-"));
            format!("{year}{:02}-{:02}", day.month, day.day)
        });
        parts.push(format!("dateline {} {day}", name(dateline.agency)));
    }
    for credit in &imprint.credits {
        if imprint.dateline.is_some_and(|dateline| dateline.span == credit.span) {
            continue;
        }
        let named = credit.name.map(|span| slice(text, span));
        let is_agency = credit.agency.is_some()
            && named.is_none_or(|named| agencies.of_source(named).is_some() || agencies.of_address(named).is_some());
        let shown = if is_agency { String::new() } else { named.map_or(String::new(), |named| format!(":{named}")) };
        parts.push(format!("{:?}:{}{shown}", credit.kind, name(credit.agency)));
    }
    if let Some(update) = imprint.update {
        parts.push(update.number.map_or("update".to_owned(), |number| format!("update {number}")));
    }
    for date in &imprint.dates {
        parts.push(format!("{} {}", if date.is_update { "revised-date" } else { "date" }, slice(text, date.span)));
    }
    if imprint.is_cut_off {
        parts.push("cut".to_owned());
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}

#[test]
fn cases() {
    let agencies = known();
    let mut wrong = Vec::new();
    for row in CASES.lines() {
        let (expected, text) = row.split_once('\t').unwrap();
        let text = text.replace("\\n", "\n");
        let found = summarise(&text, &read(&text, &agencies), &agencies);
        if found != expected {
            wrong.push(format!("{text:?}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn spans_of_the_parts() {
    let agencies = known();
    let text = "UPDATE 2-Old bridge\n\n  **LONDON, Jan 30 (Reuters)** - The council met and agreed.\n\
                Much was said.\n(Reporting by Jane Doe; Editing by Max Muster)\n";
    let imprint = read(text, &agencies);
    let dateline = imprint.dateline.unwrap();
    assert_eq!(slice(text, dateline.span), "LONDON, Jan 30 (Reuters)** -");
    assert_eq!(dateline.day, Day::new(None, 1, 30));
    assert_eq!(slice(text, imprint.credits[0].name.unwrap()), "Reuters");
    assert_eq!(slice(text, imprint.credits[1].span), "Reporting by Jane Doe; Editing by Max Muster");
    assert_eq!(slice(text, imprint.credits[1].name.unwrap()), "Jane Doe");
    assert_eq!(imprint.credits[1].agency, dateline.agency);
    assert_eq!(slice(text, imprint.update.unwrap().span), "UPDATE 2");
}

#[test]
fn added_agencies_are_read() {
    let agencies = known();
    for text in [
        "WIEN (Musterdienst) - Der Rat tagte und fasste einen Beschluss.",
        "Brücke\nDer Rat tagte.\nQuelle: Musterdienst",
    ] {
        let agency = read(text, &agencies).credits[0].agency.unwrap();
        assert_eq!(agencies.name(agency), "Musterdienst");
    }
}

#[test]
fn days_are_of_the_calendar() {
    for (month, day, is_day) in
        [(2, 29, true), (2, 30, false), (4, 31, false), (13, 1, false), (0, 1, false), (1, 0, false)]
    {
        assert_eq!(Day::new(None, month, day).is_some(), is_day, "{month} {day}");
    }
    assert!(Day::new(Some(2021), 2, 29).is_none() && Day::new(Some(2020), 2, 29).is_some());
    let agencies = known();
    for text in ["LONDON, Feb 30 (Reuters) - The council met.", "LONDON, 31.04.2019 (Reuters) - The council met."] {
        assert!(read(text, &agencies).dateline.is_none_or(|dateline| dateline.day.is_none()), "{text}");
    }
}

#[test]
fn the_middle_of_a_long_line_is_not_looked_at() {
    let agencies = known();
    let middle = "(With inputs from AFP) The road went on. ".repeat(1000);
    let text =
        format!("LONDON (Reuters) - The council met and agreed. {} —dpa", "The road went on. ".repeat(2000) + &middle);
    let kinds: Vec<&str> =
        read(&text, &agencies).credits.iter().map(|credit| agencies.name(credit.agency.unwrap())).collect();
    assert_eq!(kinds.first(), Some(&"Reuters"));
    assert_eq!(kinds.last(), Some(&"dpa"));
    assert!(kinds.len() < 200);
}

/// Pieces from which hostile texts are put together.
fn piece() -> impl Strategy<Value = String> {
    const SET: &[&str] = &[
        "(",
        ")",
        "[",
        "/",
        "—",
        " - ",
        "\n",
        "\n\n",
        " ",
        ".",
        "©",
        "2021",
        "30",
        "Jan",
        "января",
        "月",
        "日",
        "Reuters",
        "AP",
        "dpa",
        "新华社",
        "电",
        "By",
        "Source:",
        "LONDON",
        "Berlin",
        "é",
        "\u{301}",
        "İ",
        "ß",
        "UPDATE",
        "Updated",
        "contributed to this report",
        "With inputs from",
        "Reporting by",
        "originally published by",
        "The",
        "Copyright",
        "Read more",
        "...",
        "|",
        "*",
        "\u{feff}",
        "１",
    ];
    prop_oneof![4 => proptest::sample::select(SET).prop_map(str::to_owned), 1 => any::<String>()]
}

fn spans_of(imprint: &Imprint) -> Vec<Span> {
    let mut spans: Vec<Span> =
        imprint.credits.iter().flat_map(|credit| credit.name.into_iter().chain([credit.span])).collect();
    spans.extend(imprint.dateline.map(|dateline| dateline.span));
    spans.extend(imprint.update.map(|update| update.span));
    spans.extend(imprint.dates.iter().map(|date| date.span));
    spans
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_of_the_text(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        let agencies = known();
        let imprint = read(&text, &agencies);
        for span in spans_of(&imprint) {
            let shown = text.get(span.start as usize..span.end as usize);
            prop_assert!(shown.is_some_and(|shown| !shown.is_empty()), "{:?}", span);
        }
        if let Some(dateline) = imprint.dateline {
            let before = &text[..dateline.span.start as usize];
            let line = before.rsplit('\n').next().unwrap();
            prop_assert!(line.chars().all(words::is_markup), "{:?}", line);
        }
        prop_assert!(imprint.credits.is_sorted_by_key(|credit| credit.span));
    }

    #[test]
    fn sources_never_fail(source in any::<String>(), host in "[a-z./:@?#-]{0,40}") {
        let agencies = known();
        let _ = (agencies.of_source(&source), agencies.of_address(&source), agencies.of_source(&host));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between the lines that are looked at, anything may stand.
    #[test]
    fn the_middle_changes_nothing(
        head in proptest::collection::vec(piece(), 0..12),
        tail in proptest::collection::vec(piece(), 0..12),
        middle in proptest::collection::vec(piece(), 0..12),
    ) {
        let agencies = known();
        let plain = |count: usize| "Nothing is said here of anybody at all.\n".repeat(count);
        let [head, tail, middle] = [head, tail, middle].map(|pieces| pieces.concat());
        let without = format!("{head}\n{}{}{tail}", plain(300), plain(300));
        let with = format!("{head}\n{}{middle}\n{}{tail}", plain(300), plain(300));
        prop_assert_eq!(
            summarise(&without, &read(&without, &agencies), &agencies),
            summarise(&with, &read(&with, &agencies), &agencies)
        );
    }
}
