//! The stage as a whole: the seed articles, and what holds for any text.

use proptest::prelude::*;

use super::lines::is_blank;
use super::tokens::fold_token;
use super::*;
use crate::finding::Span;

fn units(text: &str) -> Vec<(&str, UnitKind)> {
    lay_out(text).units.iter().map(|unit| (&text[unit.start as usize..unit.end as usize], unit.kind)).collect()
}

fn bytes(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

const SEEDS: [&str; 5] = [
    include_str!("../../seeds/000_73c84f065c21e561.txt"),
    include_str!("../../seeds/001_5fa3ebf7e6de87f1.txt"),
    include_str!("../../seeds/002_ef0a9a37d5134270.txt"),
    include_str!("../../seeds/003_85bcd7cbb8b03c76.txt"),
    include_str!("../../seeds/004_583fed9f45abe7c0.txt"),
];

/// Holds of any text; every test that lays one out should call it.
fn check(text: &str) -> Layout {
    let layout = lay_out(text);
    assert_eq!(layout, lay_out(text), "the same twice");
    let mut cutter = Cutter::default();
    cutter.lay_out("> “Another text, that was north-\nern”. 中\n\n```\n");
    assert_eq!(&layout, cutter.lay_out(text), "whatever was laid out before");
    assert_eq!(layout.starts.len(), layout.fingerprints.len());
    assert!(layout.starts.is_sorted_by(|one, next| one < next));
    let mut next_byte = 0;
    let mut next_token = 0;
    for (index, unit) in layout.units.iter().enumerate() {
        let span = &text[unit.start as usize..unit.end as usize];
        assert_eq!(span, span.trim_matches(is_blank));
        assert!(next_byte <= unit.start, "units are disjoint and in order");
        assert!(!text[next_byte as usize..unit.start as usize].contains(char::is_alphanumeric));
        let tokens = layout.unit_tokens(index);
        assert_eq!(tokens.start, next_token, "every token is in one unit");
        assert!(!tokens.is_empty() && tokens.len() <= LONGEST_UNIT);
        assert_eq!(layout.span(text, tokens.clone()), Span { start: unit.start, end: unit.end });
        for token in tokens.clone() {
            assert_eq!(layout.unit_at(token), index);
            let span = layout.token_span(text, token);
            assert!(unit.start <= span.start && span.start < span.end && span.end <= unit.end);
            assert!(bytes(text, span).contains(char::is_alphanumeric));
            let found = layout.fingerprints[token];
            assert_eq!(fingerprint(&fold_token(bytes(text, span)), is_character(found)), found);
            let next = layout.starts.get(token + 1).map_or(text.len(), |&start| start as usize);
            assert!(!text[span.end as usize..next].contains(char::is_alphanumeric), "nothing lies between tokens");
        }
        next_token = tokens.end;
        next_byte = unit.end;
    }
    assert_eq!(next_token, layout.starts.len());
    assert!(!text[next_byte as usize..].contains(char::is_alphanumeric));
    layout
}

#[test]
fn seeds_are_cut_where_a_reader_would() {
    let borders =
        |seed: &str| -> Vec<(u32, u32)> { check(seed).units.iter().map(|unit| (unit.start, unit.end)).collect() };
    let second = borders(SEEDS[1]);
    for whole in [(44, 111), (643, 749), (1526, 1593), (1595, 1704)] {
        assert!(second.contains(&whole), "{whole:?}");
    }
    let copy = |from: u32, to: u32| -> Vec<(u32, u32)> {
        second.iter().filter(|unit| from <= unit.0 && unit.1 <= to).map(|unit| (unit.0 - from, unit.1 - from)).collect()
    };
    assert_eq!(copy(113, 1524), copy(1717, 3128));
    assert_eq!(copy(113, 1524).len(), 9);
    assert_eq!((copy(113, 1524)[0].0, copy(113, 1524)[8].1), (0, 1524 - 113));
    assert!(borders(SEEDS[2]).contains(&(280, 605)), "a dateline is part of its sentence");
    assert!(borders(SEEDS[3]).contains(&(218, 352)), "emphasis closes behind the sentence");
    assert!(borders(SEEDS[4]).contains(&(269, 312)), "a credit is a unit of its own");
    assert_eq!(SEEDS.map(|seed| borders(seed).len()), [17, 26, 31, 18, 22]);
}

#[test]
fn seeds_have_headings_and_lines() {
    let kinds = |seed, kind| -> Vec<&str> {
        units(seed).into_iter().filter(|unit| unit.1 == kind).map(|unit| unit.0).collect()
    };
    assert_eq!(kinds(SEEDS[0], UnitKind::Line), ["(Reporting by Charlotte Greenfield; Editing by Robert Birsel)"]);
    assert_eq!(
        kinds(SEEDS[1], UnitKind::Line),
        ["Skip to main content", "Latest news", "Thumbnail", "Thumbnail", "Share this post"]
    );
    assert_eq!(
        kinds(SEEDS[1], UnitKind::Heading),
        ["Russia, Pakistan Have ‘Common Interest’ In Helping Afghan Peace"; 2]
    );
    assert_eq!(
        kinds(SEEDS[2], UnitKind::Heading)[1..],
        ["Pakistan’s role in Afghan settlement", "Prospects of Moscow format"]
    );
    assert_eq!(kinds(SEEDS[4], UnitKind::Line)[2..4], ["Updated 21 February 2018", "Follow"]);
}

#[test]
fn units_stay_small() {
    assert_eq!(std::mem::size_of::<Unit>(), 16);
}

#[test]
fn equal_lines_are_as_many_units() {
    for line in ["the same line stands here again and again, a million times\n", "Again!\n", "和平进程\n"] {
        let layout = lay_out(&line.repeat(100_000));
        assert_eq!(layout.units.len(), 100_000);
        assert!(layout.units.iter().all(|unit| unit.opens_block));
    }
}

#[test]
fn odd_texts() {
    for text in
        ["", " ", "\n\n", "😀", "a", "…", "\0", "\u{feff}", "\u{301}", "\"\"", "---", "\r", "a\0b", "> ", "#", "|"]
    {
        check(text);
    }
    assert_eq!(units("\u{feff}Title\u{a0}\r\n").first(), Some(&("Title", UnitKind::Line)));
    assert_eq!(check("😀 🇵🇰 → ©").units, []);
}

#[test]
fn a_sentence_keeps_its_marks() {
    assert_eq!(
        units("(“Go,” he said.) 😀 *Stay.* — “No!” 😀").iter().map(|unit| unit.0).collect::<Vec<_>>(),
        ["(“Go,” he said.)", "😀 *Stay.*", "— “No!” 😀"]
    );
    let text = "He said: “We go.” Then";
    let layout = check(text);
    assert_eq!(bytes(text, layout.span(text, 0..4)), "He said: “We go.”");
    assert_eq!(bytes(text, layout.span(text, 1..3)), "said: “We");
    assert_eq!(bytes(text, layout.token_span(text, 3)), "go");
}

#[test]
fn long_sentences_are_cut_behind_a_clause() {
    let text = format!("{} so it was, {} the end.", "word ".repeat(230).trim_end(), "more ".repeat(300).trim_end());
    let layout = check(&text);
    let lengths: Vec<usize> = (0..layout.units.len()).map(|unit| layout.unit_tokens(unit).len()).collect();
    assert_eq!(lengths, [233, 256, 46]);
    assert!(units(&text)[0].0.ends_with("so it was,"));
    assert_eq!(layout.units.iter().filter(|unit| unit.opens_block).count(), 1);
    let thai = format!("{} {}", "ก".repeat(200), "ข".repeat(300));
    let layout = check(&thai);
    assert_eq!(layout.unit_tokens(0).len(), 200);
    assert_eq!(check(&"和".repeat(1000)).units.len(), 4);
}

#[test]
fn wrapping_changes_no_token_and_no_sentence() {
    let plain = SEEDS[1];
    let mut wrapped = String::new();
    for line in plain.lines() {
        let mut column = 0;
        for word in line.split(' ') {
            if column > 0 && column + 1 + word.chars().count() > 70 {
                wrapped.push('\n');
                column = 0;
            } else if column > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += word.chars().count();
        }
        wrapped.push('\n');
    }
    let (plain, wrapped) = (check(plain), check(&wrapped));
    assert_eq!(plain.fingerprints, wrapped.fingerprints);
    let tokens = |layout: &Layout| -> Vec<u32> { layout.units.iter().map(|unit| unit.first_token).collect() };
    assert_eq!(tokens(&plain), tokens(&wrapped));
}

#[test]
fn hostile_text_takes_linear_time() {
    let patterns = [
        "a",
        "a\u{301}",
        "\u{301}",
        "1",
        ".",
        " ",
        "a ",
        "A. ",
        "a.\n",
        "\n",
        "\r",
        "> ",
        ">\n",
        "#\n",
        "# ",
        "|",
        "| a |\n",
        "- ",
        "- a\n",
        "```\n",
        "~~~\n",
        "1. ",
        "\"",
        "“",
        "(",
        "中",
        "。",
        "…",
        "… A",
        "\u{ad}",
        "\u{a0}",
        "\u{2028}",
        "\u{ff9e}",
        "the same line stands here again and again and again, a million times\n",
        "MOSCOW, 1. ",
        "[1]",
        "''",
        "カ",
        "กี",
        "\"\n",
        "«",
        "é",
        "’",
        "हि",
        "א״",
        "\0",
        "\u{85}",
        "a-\nb",
        "wrapped at some column by a pro-\ngram that does so, again and again\n",
    ];
    for pattern in patterns {
        for head in ["", "x", "A. "] {
            let text = format!("{head}{}", pattern.repeat(400_000 / pattern.len().min(8)));
            let layout = lay_out(&text);
            assert!(layout.starts.len() <= text.len());
        }
    }
}

/// What is cut is the same wherever the 64 bytes begin that are looked at together.
#[test]
fn blocks_of_64_bytes_are_not_seen() {
    let text = "He said: “We go.” Dr. Ünal’s plan… No. 5!\r\nМосква, 3.5 млн; 和平。हिन्दी का पाठ।\u{2028}ไม่มี カタ\0end";
    let whole = check(text);
    for lead in 0..130 {
        let shifted = format!("{}\n\n{text}", "-".repeat(lead));
        let layout = check(&shifted);
        assert_eq!(layout.fingerprints, whole.fingerprints);
        let shift = (lead + 2) as u32;
        assert!(layout.starts.iter().eq(whole.starts.iter().map(|start| start + shift).collect::<Vec<_>>().iter()));
        let units = layout.units.iter().map(|unit| (unit.start - shift, unit.end - shift, unit.kind));
        assert!(units.eq(whole.units.iter().map(|unit| (unit.start, unit.end, unit.kind))));
    }
}

#[test]
fn one_token_of_any_length() {
    let text = "Aé".repeat(1 << 20);
    let layout = lay_out(&text);
    assert_eq!(layout.starts.len(), 1);
    assert_eq!(layout.token_span(&text, 0), Span { start: 0, end: text.len() as u32 });
    assert_eq!(layout.fingerprints[0], fingerprint(&fold(&text), false));
}

proptest! {
    #[test]
    fn any_text_is_laid_out(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_prose_is_laid_out(text in "([a-cA-CéЖ中とกี1]{0,6}['’.,?!…。“”\"«»()*#>|` \n\r\u{a0}\u{ad}\u{301}\u{200d}-]{1,3}){0,60}") {
        check(&text);
    }

    #[test]
    fn any_text_many_times_over_is_laid_out(text in "[aB1é中ก. ,“\"]{1,8}", times in 1usize..400) {
        check(&text.repeat(times));
    }
}
