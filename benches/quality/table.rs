//! `docs/accuracy.md`: the tables, and how to make them again.

use std::fmt::Write as _;

use serde_json::Value;

use crate::quotations::Speakers;
use crate::sets::Set;
use crate::support::hearings::{Hearing, Score as Heard, Share};
use crate::support::verdicts::Score;

pub(crate) struct Table {
    reference: Vec<String>,
    duplicates: String,
    reuse: String,
    levels: String,
    passages: String,
    blocks: String,
    directions: String,
    extraction: String,
    speakers: String,
    travels: String,
    quotations: String,
}

const INTRODUCTION: &str = "# Accuracy

How right the program is on real texts, with its default settings: one setting for all sets. This page is made by

```text
cargo bench --bench quality -- FOLDER
```

from a folder of evaluation sets and their scorers (`FOLDER/eval`), which are not part of the project: most of their texts may not be given away. The
halves that rules were developed on are scored here.

`plain` is the baseline that `eval/selftest.py` prints for the set.

Passages of listed pairs are those of `trace --from`. Who had it from whom is asked of stories that the tests generate, with the truth known
(`tests/support/newsroom.rs`): wrong is a verdict that names the copy the original, or a copy where neither is one; where nothing tells who was
first, undecided is all that can be said.

Of quotations found, speech is scored for `direct`, and speech and fragments for `marked`: what is between marks, titles, terms and words held at a
distance aside. In quotes-polnear quotations between two apostrophes on either side are no marks for the truth of `marked`, though they are direct ones in the other. A
speaker is right whose name shares more words with the true one than with any other name of the truth for this text (*I*: whose most quotations of *I*
are), or, where the truth has places, who is named at one of them. Quotations that travel are the pairs of quotations in different documents that one
utterance holds, five words or more; the truth lists some pairs of documents, and `all` counts those in other pairs as wrong, though many are true.

Quotations are altered by the tests too (`tests/support/speeches`), one edit each if nothing else is said, in English and four other languages, and
`quotes` is asked for them. A pair of a variant and its original is found if one utterance holds both; recall is told by the words of the variant as
it is printed. Of pairs found, the names are right if the edits have the kinds that were planted and no others, and *alters* is right if an edit is
said to alter just where one may change what is said. Those that a narrator interrupts, or that go over two paragraphs, have rows of their own,
whatever their edit. Precision is told of all pairs of quotations in different documents that one utterance holds, and of all words without marks
that are taken for those of a quotation; decoys have the phrases that everybody uses.
";

impl Table {
    pub(crate) fn new(reference: Vec<String>) -> Self {
        Table {
            reference,
            duplicates: String::new(),
            reuse: String::new(),
            levels: String::new(),
            passages: String::new(),
            blocks: String::new(),
            directions: String::new(),
            extraction: String::new(),
            speakers: String::new(),
            travels: String::new(),
            quotations: String::new(),
        }
    }

    pub(crate) fn add_duplicates(&mut self, set: &Set, score: &Value) {
        let plain = self.plain(set, &["exact 5-word"], &["F1", "ARI"]);
        let row = [&score["precision"], &score["recall"], &score["f1"], &score["ari"], &score["fp"], &score["fn"]];
        let _ = writeln!(self.duplicates, "| {} | {} | {plain} |", set.label(), cells(&row));
        self.add_levels(set, "near-duplicate", score);
    }

    pub(crate) fn add_reuse(&mut self, set: &Set, score: &Value) {
        let plain = self.plain(set, &["reuse, "], &["F1"]);
        let row = [&score["precision"], &score["recall"], &score["f1"], &score["fp"], &score["fn"]];
        let _ = writeln!(self.reuse, "| {} | {} | {plain} |", set.label(), cells(&row));
        self.add_levels(set, "reuse", score);
    }

    fn add_levels(&mut self, set: &Set, task: &str, score: &Value) {
        let levels = score["recall_by_level"].as_object().unwrap();
        if levels.len() < 2 {
            return;
        }
        let list: Vec<String> = levels
            .iter()
            .map(|(level, share)| format!("{level} {}", share.as_str().unwrap().replace('=', " = ")))
            .collect();
        let _ = writeln!(self.levels, "| {} | {task} | {} |", set.label(), list.join(", "));
    }

    pub(crate) fn add_passages(&mut self, set: &Set, score: &Value) {
        let plain = self.plain(set, &["5-word runs"], &["'plagdet':"]);
        let clean = score["clean_pairs_with_a_detection"].as_str().unwrap();
        let mut row = |name: &str, score: &Value, plain: &str, clean: &str| {
            let figures = [&score["precision"], &score["recall"], &score["granularity"], &score["plagdet"]];
            let cases = &score["cases"];
            let _ = writeln!(self.passages, "| {name} | {cases} | {} | {clean} | {plain} |", cells(&figures));
        };
        row(&set.label(), &score["all"], &plain, clean);
        for (name, of_type) in score["by_type"].as_object().into_iter().flatten() {
            if of_type["cases"] != 0 {
                row(&format!("– {name}"), of_type, "", "");
            }
        }
    }

    pub(crate) fn add_blocks(&mut self, set: &Set, score: &Value) {
        let plain = self.plain(set, &["pages of the site"], &["word F1"]);
        let word = &score["word"];
        let row = [
            &word["precision"],
            &word["recall"],
            &word["f1"],
            &score["block"]["f1"],
            &score["char"]["f1"],
            &score["macro_word_f1_over_sites"],
        ];
        let _ = writeln!(self.blocks, "| {} | {} | {plain} |", set.label(), cells(&row));
    }

    /// What was found between marks, of one kind.
    pub(crate) fn add_extraction(&mut self, set: &Set, kind: &str, score: &Value) {
        let plain = self.plain(set, &["regex"], &["exact"]);
        let plain = if kind == "direct" { plain } else { "–".to_owned() };
        let (exact, overlap) = (&score["exact"], &score["overlap"]);
        let row = [&exact["precision"], &exact["recall"], &exact["f1"], &overlap["f1"], &exact["fp"], &exact["fn"]];
        let _ = writeln!(self.extraction, "| {} | {kind} | {} | {plain} |", set.label(), cells(&row));
    }

    /// Who is right about speakers.
    pub(crate) fn add_speakers(&mut self, set: &Set, rows: &[(String, Speakers)]) {
        for (name, score) in rows {
            let share = |part: u32, whole: u32| format!("{:.3}", f64::from(part) / f64::from(whole.max(1)));
            let name = if name.is_empty() { set.label() } else { name.clone() };
            let [given, all, right] = [
                share(score.named, score.quotations),
                share(score.right, score.quotations),
                share(score.right, score.named),
            ];
            let _ = writeln!(self.speakers, "| {name} | {} | {given} | {all} | {right} |", score.quotations);
        }
    }

    /// Quotations that documents share, of the pairs that are listed and of all.
    pub(crate) fn add_travels(&mut self, set: &Set, listed: &Value, open: &Value) {
        let mut row = |name: &str, pairs: &str, score: &Value| {
            let figures = [&score["precision"], &score["recall"], &score["granularity"], &score["plagdet"]];
            let _ = writeln!(self.travels, "| {name} | {pairs} | {} | {} |", score["cases"], cells(&figures));
        };
        row(&set.label(), "listed", &listed["all"]);
        for (name, of_type) in listed["by_type"].as_object().into_iter().flatten() {
            if of_type["cases"] != 0 {
                row(&format!("– {name}"), "listed", of_type);
            }
        }
        row(&set.label(), "all", &open["all"]);
    }

    /// Verdicts on generated stories, by kind and in all.
    pub(crate) fn add_directions(&mut self, kinds: &[(&str, &str)], scores: &[Score]) {
        let mut row = |name: &str, about: &str, score: Score| {
            let percent = |part: u32| format!("{:.1} %", f64::from(part) * 100.0 / f64::from(score.pairs().max(1)));
            let [right, wrong, undecided] = [score.right, score.wrong, score.undecided + score.missing].map(percent);
            let _ =
                writeln!(self.directions, "| {name} | {about} | {} | {right} | {wrong} | {undecided} |", score.pairs());
        };
        for ((name, about), score) in kinds.iter().zip(scores) {
            row(name, about, *score);
        }
        row("all", "", scores.iter().copied().fold(Score::default(), Score::plus));
    }

    /// What was found of altered quotations, by edit, in all, and how much of what was found is true.
    pub(crate) fn add_quotations(&mut self, hearing: &Hearing) {
        let percent = |share: Share| {
            if share.whole == 0 {
                "–".to_owned()
            } else {
                format!("{:.1} %", f64::from(share.part) * 100.0 / f64::from(share.whole))
            }
        };
        let mut row = |name: &str, score: &Heard| {
            let figures = [score.short, score.long, score.named, score.alters].map(percent).join(" | ");
            let _ = writeln!(self.quotations, "| {name} | {} | {figures} |", score.pairs());
        };
        hearing.rows.iter().for_each(|(name, score)| row(name, score));
        row("all", &hearing.total());
        for (name, share) in
            [("precision, between marks", hearing.precision), ("precision, without marks", hearing.bare_precision)]
        {
            let _ = writeln!(self.quotations, "| {name} | {} | | {} | | |", share.whole, percent(share));
        }
    }

    /// Figures of the reference's line for a set, each behind its name.
    fn plain(&self, set: &Set, holds: &[&str], names: &[&str]) -> String {
        let part = set.part.as_ref().map_or(String::new(), |part| format!("/docs-{part}"));
        let begins = format!("{}{part}", set.name);
        let line = self
            .reference
            .iter()
            .filter(|_| set.side == "dev")
            .find(|line| line.starts_with(&begins) && holds.iter().all(|word| line.contains(word)));
        let figure = |name: &&str| {
            let after = line?.split_once(*name)?.1.trim_start();
            let end = after.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(after.len());
            after[..end].parse::<f64>().ok()
        };
        let figures: Vec<String> =
            names.iter().map(|name| figure(name).map_or("–".to_owned(), |figure| format!("{figure:.3}"))).collect();
        figures.join(", ")
    }

    pub(crate) fn render(&self) -> String {
        let mut page = INTRODUCTION.to_owned();
        let mut section = |title: &str, head: &str, rows: &str| {
            if !rows.is_empty() {
                let columns = head.matches('|').count() - 1;
                let _ = writeln!(page, "\n## {title}\n\n{head}\n|{}\n{}", "---|".repeat(columns), rows.trim_end());
            }
        };
        section(
            "Near-duplicates",
            "| set | precision | recall | F1 | ARI | wrong pairs | missed pairs | plain F1, ARI |",
            &self.duplicates,
        );
        section("Reuse", "| set | precision | recall | F1 | wrong pairs | missed pairs | plain F1 |", &self.reuse);
        section("Recall by label and noise level", "| set | task | found of all |", &self.levels);
        section(
            "Passages of listed pairs",
            "| set | cases | precision | recall | granularity | plagdet | clean pairs hit | plain plagdet |",
            &self.passages,
        );
        section(
            "Boilerplate blocks",
            "| set | word precision | word recall | word F1 | block F1 | character F1 | word F1, mean of sites | plain word F1 |",
            &self.blocks,
        );
        section(
            "Who had it from whom",
            "| kind of story | what it is about | pairs | right | wrong | undecided |",
            &self.directions,
        );
        section(
            "Quotations found",
            "| set | kind | precision | recall | F1, exact | F1, overlap | wrong | missed | plain F1 |",
            &self.extraction,
        );
        section("Speakers", "| set | quotations | given | right of all | right of given |", &self.speakers);
        section(
            "Quotations that travel",
            "| set | pairs | cases | precision | recall | granularity | plagdet |",
            &self.travels,
        );
        section(
            "Altered quotations",
            "| edit | pairs | recall 5-7 words | recall 8+ | name right | alters right |",
            &self.quotations,
        );
        page
    }
}

fn cells(figures: &[&Value]) -> String {
    let cell = |figure: &&Value| match figure.as_u64() {
        Some(count) => count.to_string(),
        None => figure.as_f64().map_or("–".to_owned(), |figure| format!("{figure:.3}")),
    };
    figures.iter().map(cell).collect::<Vec<_>>().join(" | ")
}
