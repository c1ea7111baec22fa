//! What people read: the page in a terminal, and Markdown, read back by a parser of its tables.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use super::{PLAIN, clean, crowd, hostile_check, paper, shown, written};
use crate::check::problems::{Budget, BudgetKind, Checked, Place};
use crate::finding::Severity;
use crate::report::Appearance;
use crate::report::check::CheckFormat;
use crate::report::escape::{inert, is_unsafe, visible};

fn human(checked: &Checked, appearance: Appearance) -> String {
    shown(checked, CheckFormat::Human, appearance)
}

#[test]
fn the_page_of_a_paper() {
    let text = human(&paper(), PLAIN);
    let expected = "\
── error · near-duplicate ────────────────────────────────── 18a7bb46c55260d0 ──
  This document of 412 words nearly repeats feeds/wire.jsonl:311 and 11 other
  places
";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("\n  feeds/wire.jsonl:311     wire-2021-04-07 · 2 times in a row\n"), "{text}");
    assert!(text.contains("\n  archive/2011/flood.md:3  to line 9 · for comparison\n"), "{text}");
    assert!(text.contains("\n  and 5 more places; --all shows them\n"), "{text}");
    assert!(text.contains("(copies\n  known: 2, new: 1)\n"), "{text}");
    let end = "
  1 input could not be read:
    feeds/wire.jsonl:19: no field holds a text
  1 comment is not understood:
    guides/new.md:7: no rule is named `shared`
  2 excuses are no longer needed:
    dittograph.toml:31: [[allow]] id = \"c6e4b447\"
    guides/old.md:4: ignore shared-passage
  New errors: 3 (5 allowed)
  Repeated words: 1.5204 % (1 % allowed), exceeded
  Also: 33 findings known to the baseline, 2 excused, 1 input passed over and
  14 repeats of fewer than 20 words (min-words tells of them)
3 errors, 1 warning, 1 note, and a budget is exceeded: the gate trips, and the
check is incomplete · 214 documents checked, compared with 1,020 others
";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn nothing_is_told_in_two_lines() {
    assert_eq!(human(&clean(), PLAIN), "Nothing new: the gate is open.\n214 documents checked.\n");
    let echoes = Checked { echoes: 1, ..clean() };
    assert_eq!(
        human(&echoes, PLAIN),
        "Nothing new: the gate is open.\n214 documents checked; 1 repeat of fewer than 20 words (min-words tells of\nthem).\n"
    );
    let known = Checked { known: 12, ..clean() };
    let told = "Nothing new: the gate is open.\n214 documents checked; 12 findings known to the baseline.\n";
    assert_eq!(human(&known, PLAIN), told);
    let budgets = vec![Budget { kind: BudgetKind::RepeatedWords, allowed: 0, used: 1 }];
    let exceeded = Checked { budgets, ..clean() };
    assert!(
        human(&exceeded, PLAIN)
            .ends_with("\nNothing new, but a budget is exceeded: the gate trips.\n214 documents checked.\n")
    );
    assert!(human(&exceeded, PLAIN).contains("  Repeated words: 0.0001 % (0 % allowed), exceeded\n"));
    assert!(human(&Checked::default(), PLAIN).starts_with("No document was checked: the gate is open.\n"));
}

#[test]
fn everything_is_shown_on_demand() {
    let text = human(&crowd(), PLAIN);
    assert!(text.contains("\n… 280 more problems; --all shows all, --format json has all\n"), "{text}");
    let all = human(&crowd(), Appearance { limit: None, ..PLAIN });
    assert!(all.len() > 4 * text.len() && !all.contains("--all"));
}

/// A page without its colours.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    out + rest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_page_keeps_to_its_width_and_its_places_whole(checked in hostile_check(), width in 30usize..130) {
        let look = Appearance { width, ..PLAIN };
        let text = human(&checked, look);
        prop_assert!(!text.contains(|c| is_unsafe(c) && c != '\n'));
        prop_assert_eq!(&bare(&human(&checked, Appearance { color: true, ..look })), &text);
        let places = || checked.problems.iter().flat_map(|problem| &problem.places);
        for place in places() {
            let name = shown_name(place);
            let name = name.trim_end();
            prop_assert!(text.lines().any(|line| line.strip_prefix("  ").is_some_and(|line| line.starts_with(name))), "{name}");
        }
        for line in text.lines() {
            let is_place = || places().any(|place| line.strip_prefix("  ") == Some(shown_name(place).trim_end()));
            // What a line would begin with is written by its number.
            let more = if line.trim_start().starts_with("\\x3a:") { 3 } else { 0 };
            prop_assert!(line.width() <= width.clamp(40, 120) + more || is_place(), "{line:?}");
        }
        let problems = text.lines().filter(|line| line.starts_with("──")).count();
        prop_assert_eq!(problems, checked.problems.len());
    }

    #[test]
    fn text_in_markdown_is_text(checked in hostile_check()) {
        read_markdown(&checked)?;
    }
}

/// A place as it stands at the beginning of a line.
fn shown_name(place: &Place) -> String {
    inert(&visible(&place.name())).into_owned()
}

/// Reads a report: nothing but what this format writes, and in its spans what was put in.
fn read_markdown(checked: &Checked) -> Result<(), TestCaseError> {
    let text = written(checked, CheckFormat::Markdown);
    prop_assert!(crate::report::check::is_one(text.as_bytes()));
    let text = text.split_once('\n').map_or("", |(_, rest)| rest);
    let (mut rows, mut cells, mut spans) = (Vec::new(), Vec::new(), Vec::new());
    // A span in `<code>` that is being read.
    let mut open: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::TableRow) => cells.clear(),
            Event::Start(Tag::TableCell) => cells.push(Vec::new()),
            Event::End(TagEnd::TableRow) => rows.push(cells.clone()),
            Event::Code(code) => {
                cells.last_mut().into_iter().for_each(|cell| cell.push(code.to_string()));
                spans.push(code.to_string());
            }
            Event::InlineHtml(tag) if &*tag == "<code>" => open = Some(String::new()),
            Event::InlineHtml(tag) if &*tag == "</code>" => {
                let code = open.take().unwrap();
                cells.last_mut().into_iter().for_each(|cell| cell.push(code.clone()));
                spans.push(code);
            }
            Event::Text(text) => {
                if let Some(code) = &mut open {
                    code.push_str(&text);
                }
            }
            Event::Start(
                Tag::Heading { .. } | Tag::Table(_) | Tag::TableHead | Tag::List(None) | Tag::Item | Tag::Paragraph,
            )
            | Event::End(_) => {}
            other => prop_assert!(false, "{other:?} in {text}"),
        }
    }
    prop_assert_eq!(rows.len(), checked.problems.len().min(50));
    let name = |path: &str, line: Option<u64>| {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        visible(&format!("{path}{line}")).trim().to_owned()
    };
    let mut names = Vec::new();
    for (row, problem) in rows.iter().zip(&checked.problems) {
        prop_assert_eq!(row.len(), 5);
        for (cell, place) in [2, 4].into_iter().zip(&problem.places) {
            let wanted = name(&place.path, Some(place.line));
            prop_assert_eq!(row[cell].first(), Some(&wanted));
            names.push(wanted);
            if place.document != place.path {
                let document = visible(&place.document).trim().to_owned();
                prop_assert_eq!(row[cell].get(1), Some(&document));
                names.push(document);
            }
        }
    }
    let lost = checked.lost().map(|it| (&it.path, it.line, &it.reason));
    let remarks = checked.misunderstood.iter().chain(&checked.unused);
    for (path, line, what) in lost.chain(remarks.map(|it| (&it.path, it.line, &it.what))) {
        names.push(name(path, line));
        names.push(visible(what).trim().to_owned());
    }
    prop_assert_eq!(spans, names, "{}", text);
    // Whatever reads a table: a row has six bars, and no text brings another.
    let bars = text.lines().filter(|line| line.starts_with('|')).map(|line| line.matches('|').count());
    let bars: Vec<usize> = bars.collect();
    prop_assert_eq!(bars, vec![6; if rows.is_empty() { 0 } else { rows.len() + 2 }]);
    Ok(())
}

#[test]
fn the_summary_of_a_paper() {
    let text = written(&paper(), CheckFormat::Markdown);
    let expected = "\
<!-- dittograph.check.v1 -->
### 3 errors, 1 warning, 1 note, and a budget is exceeded: the gate trips, and the check is incomplete

| severity | rule | where | words | also in |
|---|---|---|---:|---|
| error | near-duplicate | `news/2021/flood.md:1` | 412 | `feeds/wire.jsonl:311` `wire-2021-04-07` and 11 more |
| error | doubled-text | `news/2021/harbour.md:3` | 34 | `news/2021/harbour.md:12` and 1 more |
";
    assert!(text.starts_with(expected), "{text}");
    assert!(
        text.contains("\n1 input could not be read:\n\n- `feeds/wire.jsonl:19`: `no field holds a text`\n"),
        "{text}"
    );
    let comment = "\n1 comment is not understood:\n\n- `guides/new.md:7`: `` no rule is named `shared` ``\n";
    assert!(text.contains(comment), "{text}");
    assert!(
        text.contains("\n\nNew errors: 3 (5 allowed) · Repeated words: 1.5204 % (1 % allowed), exceeded.\n"),
        "{text}"
    );
    assert_eq!(
        written(&clean(), CheckFormat::Markdown),
        "<!-- dittograph.check.v1 -->\n### Nothing new: the gate is open\n\n214 documents checked.\n"
    );
}

#[test]
fn a_summary_stays_within_the_limits_of_platforms() {
    let text = written(&crowd(), CheckFormat::Markdown);
    assert!(text.len() < 1 << 16, "{} bytes", text.len());
    assert_eq!(text.lines().filter(|line| line.starts_with("| ")).count(), 51);
    assert!(text.contains("\n… and 250 more problems: `dittograph check --all` prints all of them.\n"), "{text}");
    assert!(text.contains("\n- and 30 more\n"), "{text}");
}

#[test]
fn spans_hold_what_would_end_them() {
    for (text, written) in [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("``a`", "``` ``a` ```"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a\\|<b>`", "<code>a&#92;&#124;&#60;b&#62;&#96;</code>"),
        (" ", "<code></code>"),
    ] {
        assert_eq!(super::super::markdown::code(text, 80), written);
    }
}

#[test]
fn warnings_and_notes_alone_leave_the_gate_open() {
    let mut warned = paper();
    warned.problems.retain(|problem| problem.severity < Severity::Error);
    (warned.budgets, warned.unused, warned.skipped) = (Vec::new(), Vec::new(), Vec::new());
    let text = human(&warned, PLAIN);
    assert!(text.starts_with("── warning · "), "{text}");
    let verdict = text.lines().rev().take(2).collect::<Vec<_>>().join(" ");
    assert!(verdict.contains("1 warning, 1 note: the gate is open"), "{text}");
}
