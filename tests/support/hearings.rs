//! What the program hears in a [coverage of speeches](super::speeches), held against the truth.
//!
//! The corpus is run once. An entry of a report (a quotation, or words without marks, in an utterance) stands for the
//! place that it overlaps by half of the shorter of both. A pair is *found* if one utterance has an entry for the variant
//! and one for the original; its *names* are right if the kinds of the variant's edits are those that were planted, no
//! fewer and no more; *alters* is right if one of its edits alters just where one of the planted ones does. Names and
//! alters are counted of pairs that were found. Of all quotations of different documents that an utterance has, those
//! pairs are *true* whose places print the same saying; and those words without marks are that print what the reference
//! prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::{AddAssign, Range};

use serde_json::Value;

use super::program;
use super::speeches::page::{Article, Form};
use super::speeches::pen::Edit;
use super::speeches::{Coverage, Pair};

/// Pairs of one kind, and what became of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Score {
    /// Found of all, where the variant has fewer than [`TELLING`] words.
    pub(crate) short: Share,
    /// Found of all the others.
    pub(crate) long: Share,
    /// Rightly named of those found.
    pub(crate) named: Share,
    /// Rightly said to alter, or not to, of those found.
    pub(crate) alters: Share,
}

/// A part of a whole.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: u32,
    pub(crate) whole: u32,
}

/// What a report is worth.
#[derive(Debug)]
pub(crate) struct Hearing {
    /// By edit, for variants that are printed in one piece; then those that aren't, by form.
    pub(crate) rows: Vec<(&'static str, Score)>,
    /// Pairs of quotations in one utterance that are of one saying.
    pub(crate) precision: Share,
    /// Words without marks that are of one saying with the reference of their utterance.
    pub(crate) bare_precision: Share,
}

/// Words from which on a quotation is expected to be told by its words.
const TELLING: usize = 8;

impl Share {
    fn count(&mut self, is_right: bool) {
        self.part += u32::from(is_right);
        self.whole += 1;
    }

    /// In thousandths; all of nothing is all.
    pub(crate) fn thousandths(self) -> u32 {
        (self.part * 1000).checked_div(self.whole).unwrap_or(1000)
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Share) {
        self.part += other.part;
        self.whole += other.whole;
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Score) {
        self.short += other.short;
        self.long += other.long;
        self.named += other.named;
        self.alters += other.alters;
    }
}

impl Score {
    /// Pairs in all.
    pub(crate) fn pairs(self) -> u32 {
        self.short.whole + self.long.whole
    }
}

impl Hearing {
    /// All rows as one.
    pub(crate) fn total(&self) -> Score {
        let mut total = Score::default();
        self.rows.iter().for_each(|(_, score)| total += *score);
        total
    }
}

/// Runs the program on all articles; gives its report.
pub(crate) fn hear(coverage: &Coverage) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("articles.jsonl");
    let lines: Vec<String> = coverage.articles.iter().map(Article::line).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    let outcome = program::run(["quotes", "-q", "--format", "json", path.to_str().unwrap()]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    serde_json::from_slice(&outcome.stdout).unwrap()
}

/// Holds a report against the truth.
pub(crate) fn judge(coverage: &Coverage, report: &Value) -> Hearing {
    let notes = Notes::take(coverage, report);
    let forms = [("narrator between", Form::Interrupted), ("over paragraphs", Form::Paragraphs)];
    let mut rows: Vec<(&str, Score)> = Edit::ALL.iter().map(|edit| (edit.name(), Score::default())).collect();
    rows.extend(forms.iter().map(|(name, _)| (*name, Score::default())));
    for pair in &coverage.pairs {
        let form = forms.iter().position(|(_, form)| *form == pair.form).map(|form| Edit::ALL.len() + form);
        let row = form.or(Edit::ALL.iter().position(|edit| *edit == pair.edit)).unwrap();
        notes.score(pair, &mut rows[row].1);
    }
    Hearing { rows, precision: notes.precision(), bare_precision: notes.bare_precision() }
}

/// A place of an article: article and number.
type PlaceId = (usize, usize);

/// What a report says of places.
struct Notes<'a> {
    coverage: &'a Coverage,
    /// By utterance: its entries, each with the place that it stands for.
    utterances: Vec<Vec<(Entry<'a>, Option<PlaceId>)>>,
    /// The utterances of each place.
    of_place: BTreeMap<PlaceId, Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    article: usize,
    start: usize,
    end: usize,
}

struct Entry<'a> {
    words: Words,
    has_marks: bool,
    is_reference: bool,
    edits: &'a [Value],
}

impl<'a> Notes<'a> {
    fn take(coverage: &'a Coverage, report: &'a Value) -> Self {
        let numbered = coverage.articles.iter().enumerate();
        let articles: BTreeMap<&str, usize> = numbered.map(|(number, article)| (&*article.id, number)).collect();
        let mut notes = Notes { coverage, utterances: Vec::new(), of_place: BTreeMap::new() };
        for (number, utterance) in report["utterances"].as_array().unwrap().iter().enumerate() {
            let mut entries = Vec::new();
            for variant in utterance["variants"].as_array().unwrap() {
                let byte = |name: &str| variant[name].as_u64().unwrap() as usize;
                let article = articles[variant["document"].as_str().unwrap()];
                let words = Words { article, start: byte("start"), end: byte("end") };
                let place = notes.locate(words);
                if let Some(place) = place {
                    notes.of_place.entry(place).or_default().push(number);
                }
                let (quotation, edits) = (&variant["quotation"], variant["edits"].as_array().unwrap());
                let (has_marks, is_reference) = (quotation.is_string(), *quotation == utterance["reference"]);
                entries.push((Entry { words, has_marks, is_reference, edits }, place));
            }
            notes.utterances.push(entries);
        }
        notes
    }

    /// The place that words stand for.
    fn locate(&self, words: Words) -> Option<PlaceId> {
        let common = |piece: &Range<usize>| piece.end.min(words.end).saturating_sub(piece.start.max(words.start));
        let places = self.coverage.articles[words.article].places.iter().enumerate();
        let overlaps = places.map(|(number, place)| {
            let size: usize = place.pieces.iter().map(Range::len).sum();
            (place.pieces.iter().map(common).sum::<usize>(), size, number)
        });
        let is_enough = |(common, size, _): &(usize, usize, usize)| common * 2 >= *size.min(&(words.end - words.start));
        let (_, _, number) = overlaps.filter(|overlap| overlap.0 > 0).filter(is_enough).max()?;
        Some((words.article, number))
    }

    fn score(&self, pair: &Pair, score: &mut Score) {
        let of = |place: &PlaceId| self.of_place.get(place).map_or(&[][..], Vec::as_slice);
        let homes = of(&pair.variant);
        let shared: BTreeSet<usize> =
            pair.original.iter().flat_map(of).copied().filter(|home| homes.contains(home)).collect();
        let is_found = pair.original.iter().all(|place| of(place).iter().any(|home| shared.contains(home)));
        let recall = if pair.words < TELLING { &mut score.short } else { &mut score.long };
        recall.count(is_found);
        if !is_found {
            return;
        }
        let entries = shared.iter().flat_map(|home| &self.utterances[*home]);
        let own = entries.filter(|(_, place)| *place == Some(pair.variant));
        let edits: Vec<&Value> = own.flat_map(|(entry, _)| entry.edits).collect();
        let kinds: BTreeSet<&str> = edits.iter().map(|edit| edit["kind"].as_str().unwrap()).collect();
        score.named.count(kinds == pair.kinds);
        score.alters.count(edits.iter().any(|edit| edit["alters"] == true) == pair.alters);
    }

    fn is_one_saying(&self, one: Option<PlaceId>, other: Option<PlaceId>) -> bool {
        let saying = |(article, number): PlaceId| self.coverage.articles[article].places[number].saying;
        one.is_some() && one.map(saying) == other.map(saying)
    }

    fn precision(&self) -> Share {
        let mut pairs: BTreeMap<[Words; 2], bool> = BTreeMap::new();
        for entries in &self.utterances {
            let quotations: Vec<_> = entries.iter().filter(|(entry, _)| entry.has_marks).collect();
            for (number, (one, place)) in quotations.iter().enumerate() {
                for (other, theirs) in &quotations[number + 1..] {
                    let mut pair = [one.words, other.words];
                    pair.sort_unstable();
                    if pair[0].article != pair[1].article {
                        pairs.insert(pair, self.is_one_saying(*place, *theirs));
                    }
                }
            }
        }
        let mut share = Share::default();
        pairs.into_values().for_each(|is_true| share.count(is_true));
        share
    }

    /// Not of pairs: a phrase that everybody uses would have them by the square of its places.
    fn bare_precision(&self) -> Share {
        let mut share = Share::default();
        for entries in &self.utterances {
            let reference = entries.iter().find(|(entry, _)| entry.is_reference).and_then(|(_, place)| *place);
            let bare = entries.iter().filter(|(entry, _)| !entry.has_marks);
            bare.for_each(|(_, place)| share.count(self.is_one_saying(*place, reference)));
        }
        share
    }
}
