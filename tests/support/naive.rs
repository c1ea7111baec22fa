//! Naive twins: the claims of a report worked out again from texts and spans, in the plainest way there is.

use std::collections::BTreeMap;
use std::ops::Range;

use ahash::{AHashMap, AHashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::corpus::page::Document;

/// A word folded for comparison: compatibility forms, case, apostrophes, soft hyphens.
pub(crate) fn fold(word: &str) -> String {
    word.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&character| character != '\u{ad}')
        .map(|character| if matches!(character, '’' | '‘' | 'ʼ' | '´' | '`') { '\'' } else { character })
        .collect()
}

/// The folded words of a text by UAX #29, each with its byte span.
pub(crate) fn words_with_spans(text: &str) -> Vec<(Range<usize>, String)> {
    text.unicode_word_indices().map(|(start, word)| (start..start + word.len(), fold(word))).collect()
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.unicode_words().map(fold).collect()
}

/// Length of the longest run of words that both lists hold.
pub(crate) fn longest_common_run(left: &[String], right: &[String]) -> usize {
    let mut best = 0;
    let mut above = vec![0; right.len() + 1];
    for word in left {
        let mut row = vec![0; right.len() + 1];
        for (index, other) in right.iter().enumerate() {
            if word == other {
                row[index + 1] = above[index] + 1;
                best = best.max(row[index + 1]);
            }
        }
        above = row;
    }
    best
}

/// Pairs of equal words, one from each list, in one longest common subsequence.
pub(crate) fn common_subsequence(left: &[String], right: &[String]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut table = vec![0_u32; (left.len() + 1) * width];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            table[i * width + j] = if left[i] == right[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < left.len() && j < right.len() {
        if left[i] == right[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Jaccard of the sets of shingles of `lengths` words, and the two containments (of left in right, of right in left).
pub(crate) fn resemblance(left: &[String], right: &[String], lengths: &[usize]) -> (f64, [f64; 2]) {
    let shingles = |words: &[String]| -> AHashSet<Vec<String>> {
        lengths.iter().flat_map(|&length| words.windows(length).map(<[String]>::to_vec)).collect()
    };
    let (left, right) = (shingles(left), shingles(right));
    let both = left.intersection(&right).count() as f64;
    let ratio = |whole: usize| if whole == 0 { 0.0 } else { both / whole as f64 };
    (ratio(left.len() + right.len() - both as usize), [ratio(left.len()), ratio(right.len())])
}

/// A floor of how much two texts cover each other: words in runs of three and more of a longest common subsequence of
/// parts of one origin, as a share of each text's words. What chance adds is left out.
pub(crate) fn coverage(left: &Document, right: &Document) -> [f64; 2] {
    let parts = |document: &Document| -> Vec<(u32, Vec<String>)> {
        document.marks.iter().map(|mark| (mark.origin, words(&document.text[mark.start..mark.end]))).collect()
    };
    let mut by_origin: BTreeMap<u32, Vec<Vec<String>>> = BTreeMap::new();
    for (origin, words) in parts(right) {
        by_origin.entry(origin).or_default().push(words);
    }
    let mut covered = 0;
    for (origin, words) in parts(left) {
        let best = by_origin.get(&origin).into_iter().flatten().map(|other| in_runs(&words, other)).max();
        covered += best.unwrap_or(0);
    }
    [left, right].map(|document| covered as f64 / words(&document.text).len() as f64)
}

/// Words in diagonal runs of three and more along a longest common subsequence.
fn in_runs(left: &[String], right: &[String]) -> usize {
    let pairs = common_subsequence(left, right);
    let mut total = 0;
    for run in pairs.chunk_by(|a, b| a.0 + 1 == b.0 && a.1 + 1 == b.1) {
        if run.len() >= 3 {
            total += run.len();
        }
    }
    total
}

/// The words of a text as numbers with their byte spans: equal numbers, equal folded words.
fn hashed_words(text: &str) -> (Vec<u64>, Vec<Range<usize>>) {
    words_with_spans(text).into_iter().map(|(span, word)| (xxh3_64(word.as_bytes()), span)).unzip()
}

fn run_key(run: &[u64]) -> u128 {
    let bytes: Vec<u8> = run.iter().flat_map(|word| word.to_le_bytes()).collect();
    xxh3_128(&bytes)
}

/// How many tokens of the texts lie in a run of `length` words that another of the texts holds too; and all tokens.
pub(crate) fn chance_tokens(texts: &[&str], length: usize) -> (usize, usize) {
    let texts: Vec<Vec<u64>> = texts.iter().map(|text| hashed_words(text).0).collect();
    // Where a run was first met; `None` once a second text has it too.
    let mut met: AHashMap<u128, Option<usize>> = AHashMap::new();
    for (index, words) in texts.iter().enumerate() {
        for run in words.windows(length) {
            met.entry(run_key(run))
                .and_modify(|first| {
                    if *first != Some(index) {
                        *first = None;
                    }
                })
                .or_insert(Some(index));
        }
    }
    let mut shared = 0;
    let mut total = 0;
    for words in &texts {
        let mut covered = vec![false; words.len()];
        for (start, run) in words.windows(length).enumerate() {
            if met.get(&run_key(run)) == Some(&None) {
                covered[start..start + length].fill(true);
            }
        }
        shared += covered.iter().filter(|&&is_covered| is_covered).count();
        total += words.len();
    }
    (shared, total)
}

/// A run of words that two texts share although nothing was planted there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChanceRun {
    pub(crate) documents: [usize; 2],
    pub(crate) text: String,
}

/// Every run of `length` words that stands in two texts at places of different origin, furniture left out.
pub(crate) fn chance_runs(documents: &[Document], length: usize) -> Vec<ChanceRun> {
    let mut first: AHashMap<u128, (usize, Range<usize>)> = AHashMap::new();
    let mut runs = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let (words, spans) = hashed_words(&document.text);
        for (start, run) in words.windows(length).enumerate() {
            let span = spans[start].start..spans[start + length - 1].end;
            if document.furniture.iter().chain(&document.neutral).any(|line| overlap(line, &span) > 0) {
                continue;
            }
            let (other, place) = first.entry(run_key(run)).or_insert_with(|| (index, span.clone()));
            if *other != index && related_share((&documents[*other], place), (document, &span)) == 0.0 {
                runs.push(ChanceRun { documents: [*other, index], text: document.text[span].to_owned() });
            }
        }
    }
    runs
}

/// Bytes that two spans have in common.
pub(crate) fn overlap(left: &Range<usize>, right: &Range<usize>) -> usize {
    left.end.min(right.end).saturating_sub(left.start.max(right.start))
}

/// The marks of a document that touch a span, each with the bytes of it inside the span.
fn marks_in<'a>(document: &'a Document, span: &'a Range<usize>) -> impl Iterator<Item = (u32, usize)> + 'a {
    let from = document.marks.partition_point(|mark| mark.end <= span.start);
    document.marks[from..]
        .iter()
        .take_while(move |mark| mark.start < span.end)
        .map(move |mark| (mark.origin, overlap(&(mark.start..mark.end), span)))
}

/// Share of the right span's marked bytes whose origin the left span has too.
pub(crate) fn related_share(left: (&Document, &Range<usize>), right: (&Document, &Range<usize>)) -> f64 {
    let origins: Vec<u32> = marks_in(left.0, left.1).map(|(origin, _)| origin).collect();
    let (mut related, mut all) = (0, 0);
    for (origin, bytes) in marks_in(right.0, right.1) {
        all += bytes;
        if origins.contains(&origin) {
            related += bytes;
        }
    }
    if all == 0 { 0.0 } else { related as f64 / all as f64 }
}
