//! What is to be found, by definition and not by any tool.
//!
//! A word is a longest run of letters and digits, in lower case; a document is the set of its 5-word sequences, which
//! run across the ends of sentences and paragraphs; the resemblance of two documents is the size of the intersection of
//! their sets over the size of the union (Broder 1997). It is counted for every pair of every family, in whole numbers.

use ahash::{AHashMap, AHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::news::{Corpus, Kind};

const SHINGLE: usize = 5;
/// Words in a run that unrelated documents should hardly ever share.
const RUN: usize = 6;
/// Unrelated documents in which such runs are counted; they are looked for in the whole corpus.
const SAMPLE: usize = 1000;

pub(crate) struct Truth {
    /// The family of each document of one, by line.
    pub(crate) family: AHashMap<usize, usize>,
    /// Pairs of lines that resemble each other by 0.8 and more.
    pub(crate) pairs: Vec<[usize; 2]>,
    /// Pairs planted below that. To join them is no mistake, for nothing else is as like; it tells where a tool cuts.
    pub(crate) border: Vec<[usize; 2]>,
}

impl Truth {
    pub(crate) fn of(corpus: &Corpus<'_>) -> Self {
        let mut truth = Truth { family: AHashMap::new(), pairs: Vec::new(), border: Vec::new() };
        for (number, family) in corpus.families.iter().enumerate() {
            let mut numbers = AHashMap::new();
            let sets: Vec<_> = family.lines.iter().map(|&line| shingles(&corpus.text(line), &mut numbers)).collect();
            for (left, &line) in family.lines.iter().enumerate() {
                truth.family.insert(line, number);
                for right in left + 1..family.lines.len() {
                    let common = sets[left].intersection(&sets[right]).count();
                    let all = sets[left].len() + sets[right].len() - common;
                    let pair = [line, family.lines[right]];
                    if common * 10 >= all * 8 {
                        truth.pairs.push(pair);
                    } else if family.kind == Kind::Border {
                        truth.border.push(pair);
                    }
                }
            }
        }
        truth
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The set of 5-word sequences, words as numbers.
fn shingles(text: &str, numbers: &mut AHashMap<String, usize>) -> AHashSet<[usize; SHINGLE]> {
    let mut number = |word| {
        let next = numbers.len();
        *numbers.entry(word).or_insert(next)
    };
    let words: Vec<usize> = words(text).map(&mut number).collect();
    words.windows(SHINGLE).filter_map(|window| window.try_into().ok()).collect()
}

/// The share of words of unrelated documents that lie in a run of 6 words found in another document too.
pub(crate) fn chance(corpus: &Corpus<'_>) -> f64 {
    let sample: Vec<usize> = corpus.unrelated().take(SAMPLE).collect();
    // The last document that holds the run, and whether another does.
    let mut holders: AHashMap<u64, (usize, bool)> = AHashMap::new();
    for &line in &sample {
        for run in runs(&corpus.text(line)) {
            let (holder, is_shared) = holders.entry(run).or_insert((line, false));
            *is_shared |= *holder != line;
        }
    }
    for line in 0..corpus.documents() {
        for run in runs(&corpus.text(line)) {
            if let Some((holder, is_shared)) = holders.get_mut(&run) {
                *is_shared |= *holder != line;
            }
        }
    }
    let (mut covered, mut all) = (0, 0);
    for &line in &sample {
        let runs = runs(&corpus.text(line));
        let mut end = 0;
        for (start, run) in runs.iter().enumerate() {
            if holders[run].1 {
                covered += start + RUN - end.max(start);
                end = start + RUN;
            }
        }
        all += runs.len() + RUN - 1;
    }
    covered as f64 / all.max(1) as f64
}

fn runs(text: &str) -> Vec<u64> {
    let hashes: Vec<u64> = words(text).map(|word| xxh3_64(word.as_bytes())).collect();
    let mix = |sum: u64, hash: &u64| sum.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hash;
    hashes.windows(RUN).map(|window| window.iter().fold(0, mix)).collect()
}
