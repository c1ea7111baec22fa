//! The recall of every step that proposes, measured beside what is computed for it: the tables of `docs/algorithm.md`.
//!
//! ```text
//! cargo test --release --lib recall -- --nocapture
//! ```
//!
//! Each test makes texts of random words with a known likeness, asks one step about them, and compares the share that
//! the step proposed with the formula. Seeds are fixed, so the measured figures are the same everywhere; a row that is
//! not in the document fails the test.

use rayon::prelude::*;

use crate::anchors;
use crate::census::Census;
use crate::document::Document;
use crate::families::Families;
use crate::hash::permute;
use crate::lexicon;
use crate::progress::Silent;
use crate::reading::Reading;
use crate::resemblance::Candidates;
use crate::storage::Storage;
use crate::survey::Survey;
use crate::text::{Layout, fold_token, lay_out};
use crate::units::{Units, UnitsInLayouts};

const DOCUMENTATION: &str = include_str!("../docs/algorithm.md");

/// One row: what was tried, the share that the formula tells (where there is one), and how many of how many were
/// proposed.
#[expect(clippy::print_stdout, reason = "the rows are for the documentation")]
pub(crate) fn tell(what: &str, computed: Option<f64>, met: usize, of: usize) {
    let measured = met as f64 / of as f64;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let row = match computed {
        Some(computed) => format!("| {what} | {} | {} |", percent(computed), percent(measured)),
        None => format!("| {what} | {} |", percent(measured)),
    };
    println!("{row}");
    if let Some(computed) = computed {
        // Four standard deviations of so many tries, and one try.
        let slack = 4.0 * (computed * (1.0 - computed) / of as f64).sqrt() + 1.0 / of as f64;
        assert!(measured >= computed - slack, "fewer are proposed than the formula says: {row}");
    }
    assert!(DOCUMENTATION.contains(&row), "docs/algorithm.md has no such row: {row}");
}

/// Random numbers that depend on nothing but their seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = permute(self.0.wrapping_add(1), 0x7265_6361_6c6c);
        (self.0 % limit as u64) as usize
    }

    /// Words that stand nowhere else.
    pub(crate) fn words(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| format!("x{:x}", self.below(usize::MAX))).collect()
    }
}

struct Texts {
    documents: Vec<Document>,
    layouts: Vec<Layout>,
    units: Units,
    families: Families,
    census: Census,
    candidates: Candidates,
}

impl Texts {
    fn new(texts: Vec<String>) -> Self {
        let documents: Vec<Document> = texts.iter().map(|text| Document::of_text(text)).collect();
        let layouts: Vec<Layout> = documents.par_iter().map(|document| lay_out(&document.text)).collect();
        let units = Units::intern(&layouts);
        let families = Families::group(&UnitsInLayouts(&units, &layouts));
        let (reading, storage) = (Reading::new(&documents), Storage::default());
        let mut survey = Survey::take(&reading, &storage, &Silent);
        let mut census = Census::take(&reading, &storage, &mut survey);
        survey.renew(&reading, &census);
        census.keep_all(&reading);
        let candidates = Candidates::propose(&mut survey, &storage);
        Texts { documents, layouts, units, families, census, candidates }
    }
}

fn sentence(words: &[String]) -> String {
    format!("The {}.", words[1..].join(" "))
}

/// In how many of the pairs of documents (0, 1), (2, 3), … both have a common anchor.
fn count_linked(texts: &Texts) -> usize {
    let anchors = anchors::collect(&texts.layouts, &texts.units, &texts.families, &texts.census);
    let is_linked = |pair: &usize| {
        let (earlier, later) = (2 * pair, 2 * pair + 1);
        anchors.of(later).iter().any(|number| {
            let (first, last) = anchors.earlier(*number);
            first.iter().chain(last).any(|record| record.document as usize == earlier)
        })
    };
    (0..texts.layouts.len() / 2).filter(is_linked).count()
}

#[test]
fn recall_of_winnowing() {
    const PAIRS: usize = 2000;
    let mut random = Random(1);
    for (length, computed) in [(4, 13.0 / 35.0), (5, 0.73), (6, 1.0), (7, 1.0)] {
        let mut texts = Vec::new();
        for _ in 0..PAIRS {
            let run = random.words(length);
            for _ in 0..2 {
                let around = random.words(20);
                texts.push(sentence(&[&around[..10], &run, &around[10..]].concat()));
            }
        }
        tell(&format!("a run of {length}"), Some(computed), count_linked(&Texts::new(texts)), PAIRS);
    }
}

#[test]
fn recall_of_anchors_of_edited_sentences() {
    const PAIRS: usize = 1000;
    let mut random = Random(2);
    for (length, counts) in [(10, [1, 2, 3, 4]), (20, [2, 4, 6, 8]), (30, [4, 8, 10, 12])] {
        for edits in counts {
            let mut texts = Vec::new();
            for _ in 0..PAIRS {
                let base = random.words(length);
                let mut edited = base.clone();
                let mut left = edits;
                while left > 0 {
                    let place = random.below(length);
                    if edited[place] == base[place] {
                        edited[place] = random.words(1).remove(0);
                        left -= 1;
                    }
                }
                texts.extend([base.join(" ") + ".", edited.join(" ") + "."]);
            }
            tell(&format!("{length} | {edits}"), None, count_linked(&Texts::new(texts)), PAIRS);
        }
    }
}

#[test]
fn recall_of_samples() {
    let mut random = Random(3);
    // A short document fills up to 32 samples, and the long one answers its questions; a document of 1,000 shingles has
    // its 64 without asking.
    for (tokens, samples, cases, shares) in
        [(100, 32, 400, &[5, 10, 15, 20, 30, 40][..]), (1028, 64, 120, &[5, 10, 15, 20][..])]
    {
        for share in shares {
            // Of each two: a document that says the share among much else; one that is asked.
            let mut texts = Vec::new();
            for _ in 0..cases {
                let asked = random.words(tokens);
                let shared = (tokens - 4) * share / 100 + 4;
                let from = random.below(tokens - shared + 1);
                let around = random.words(tokens * 3);
                texts.push([&around, &asked[from..from + shared]].concat().join(" "));
                texts.push(asked.join(" "));
            }
            let texts = Texts::new(texts);
            let met = (0..cases).filter(|case| texts.candidates.of(2 * *case as u32 + 1).contains(&(2 * *case as u32)));
            let (met, least) = (met.count(), samples / 10);
            // Each shingle that both have is among the samples with the same chance: the binomial distribution below
            // the least number of common ones.
            let (both, sampled) = ((tokens - 4) * share / 100, f64::from(samples) / (tokens - 4) as f64);
            let chance = |common: i32| {
                let ways = (0..common).map(|at| (both as f64 - f64::from(at)) / f64::from(at + 1)).product::<f64>();
                ways * sampled.powi(common) * (1.0 - sampled).powi(both as i32 - common)
            };
            let missed: f64 = (0..least).map(chance).sum();
            tell(&format!("{samples} | {}", *share as f64 / 100.0), Some(1.0 - missed), met, cases);
        }
    }
}

#[test]
fn recall_of_the_lexicon() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let mut texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let mut words: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()))
        .map(fold_token)
        .filter(|word| word.chars().count() >= 3)
        .collect();
    words.sort();
    words.dedup();
    let mut random = Random(4);
    for (name, shortest, longest) in [("3 and 4", 3, 4), ("5 to 7", 5, 7), ("8 and more", 8, 40)] {
        let chosen: Vec<&String> =
            words.iter().filter(|word| (shortest..=longest).contains(&word.chars().count())).collect();
        let wrong: Vec<String> = chosen.iter().map(|word| misspell(word, &mut random)).collect();
        texts.push(chosen.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ") + "\n\n" + &wrong.join(" "));
        let mut read = Texts::new(texts.clone());
        lexicon::merge(&read.documents, &mut read.layouts);
        let last = &read.layouts[read.layouts.len() - 1].fingerprints;
        let (right, wrong) = last.split_at(chosen.len());
        assert_eq!(right.len(), wrong.len());
        let met = right.iter().zip(wrong).filter(|(right, wrong)| right == wrong).count();
        tell(name, None, met, chosen.len());
        texts.pop();
    }
}

/// A word with one error of the hand or of the eye.
fn misspell(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    loop {
        let place = random.below(letters.len() - 1);
        let letter = char::from(b'a' + random.below(26) as u8);
        match random.below(4) {
            0 => letters.insert(place, letter),
            1 => drop(letters.remove(place)),
            2 => letters[place] = letter,
            _ => letters.swap(place, place + 1),
        }
        let wrong: String = letters.iter().collect();
        if wrong != word {
            return wrong;
        }
        letters = word.chars().collect();
    }
}
