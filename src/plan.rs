//! The plan of a scan: what it will need, told from a small part of the corpus before the work begins.
//!
//! **Memory.** What is held of every document, and of the texts if passages are looked for, can be counted; the number
//! of records that stages keep (see [`storage`](crate::storage)) is estimated from some documents spread over
//! the corpus. Under a limit the records that do not fit go to temporary files; what is held is not to be saved on.
//!
//! **Sample.** For the time, and for the share of documents that repeat each other, a part of the corpus is scanned. It
//! must have both copies of a text or none. So a document is drawn by its content: by the least hash of its runs of some
//! words, which two documents share with the probability that is their resemblance (Broder 1997). Copies that are less
//! alike are missed, so the share is a lower bound.
//!
//! **Cost.** The sample reads all texts once, and hashes them; nothing is kept but the documents drawn.

use std::cmp::Reverse;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::document::{Corpus, Document};
use crate::finding::Rule;
use crate::hash::{Purpose, hash_bytes, hash_text, permute};
use crate::reading::Reading;
use crate::settings::Settings;
use crate::storage::Storage;
use crate::text::lay_out;

/// Documents whose units and tokens are counted.
const LOOKED_AT: usize = 128;
/// Bytes of such a document that are looked at.
const MOST_OF_TEXT: usize = 1 << 16;
/// Bytes of the runs of text that a document is drawn by: some five words.
const RUN: usize = 32;
/// Memory of the program itself, and of each thread.
const ITSELF: u64 = 20_000_000;
const THREAD: u64 = 6_000_000;
/// What is held of each document beside itself: numbers of the stages, and its share of the filter of questions.
const NUMBERS: u64 = 100;
/// Bytes that a thread needs for each byte of a text while it is cut and compared.
const LONGEST: u64 = 6;
/// Bytes that are held for each byte of text if passages are looked for: texts, layouts, anchors.
const PASSAGES: f64 = 3.6;
/// Memory for records at which a scan still goes well, or half of what they take.
const RECORDS: u64 = 16_000_000;

/// What a scan will need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Documents.
    pub documents: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Tokens, estimated.
    pub tokens: u64,
    /// Bytes of memory that are held in any case, estimated.
    pub held: u64,
    /// Bytes of records, which may go to temporary files, estimated.
    pub records: u64,
    /// Whether passages or boilerplate are looked for, which are found in memory alone.
    pub needs_passages: bool,
}

/// Why a scan cannot be done within a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// More is held than that.
    #[error("this scan needs about {} of memory, more than the {} that it is allowed", megabytes(*.needed), megabytes(*.limit))]
    TooMuch {
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are allowed.
        limit: u64,
        /// Whether it would need less if no passages were looked for.
        passages: bool,
    },
}

/// A number of bytes as people say it.
pub fn megabytes(bytes: u64) -> String {
    match bytes {
        ..10_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        10_000_000..10_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

impl Plan {
    /// Plans a scan on the current rayon pool.
    pub fn of(corpus: &Corpus, settings: &Settings) -> Self {
        let documents = &corpus.documents;
        let step = documents.len().div_ceil(LOOKED_AT).max(1);
        let looked_at: Vec<&Document> = documents.iter().step_by(step).collect();
        let found: Vec<[u64; 4]> = looked_at
            .par_iter()
            .map(|document| {
                let text = Reading::text_of(document);
                let text = begin_of(&text);
                let layout = lay_out(text);
                let tokens = layout.fingerprints.len() as u64;
                // Of a short document 32 shingles are sampled, and as many that it asks for.
                [text.len() as u64, tokens, layout.units.len() as u64, (tokens / 12).max(48)]
            })
            .collect();
        let sum = |at: usize| found.iter().map(|counts| counts[at]).sum::<u64>();
        let bytes: u64 = documents.iter().map(|document| document.text.len() as u64).sum();
        let scaled = |count: u64| (count as f64 / sum(0).max(1) as f64 * bytes as f64) as u64;
        let count = documents.len() as u64;
        let needs_passages =
            [Rule::DoubledText, Rule::SharedPassage, Rule::Boilerplate].iter().any(|rule| settings.wants(*rule));
        let of_passages = if needs_passages { (bytes as f64 * PASSAGES) as u64 } else { 0 };
        let threads = rayon::current_num_threads() as u64;
        // Every thread may be at a long text.
        let mut lengths: Vec<u64> = documents.iter().map(|document| document.text.len() as u64).collect();
        lengths.sort_unstable_by_key(|length| Reverse(*length));
        let longest: u64 = lengths.iter().take(threads as usize).sum();
        Plan {
            documents: count,
            bytes,
            tokens: scaled(sum(1)),
            held: ITSELF + THREAD * threads + corpus.memory() + NUMBERS * count + LONGEST * longest + of_passages,
            // Keys of units, of bands, of samples and of the groups that these fall into.
            records: 8 * scaled(sum(2)) + 64 * count + 6 * scaled(sum(3)),
            needs_passages,
        }
    }

    /// Bytes of memory without which a scan is refused.
    pub fn least_memory(&self) -> u64 {
        self.held + RECORDS.min(self.records / 2)
    }

    /// Bytes of memory within a limit.
    pub fn memory(&self, limit: u64) -> u64 {
        (self.held + self.records).min(limit).max(self.least_memory())
    }

    /// Bytes of temporary files within a limit of memory.
    pub fn disk(&self, limit: u64) -> u64 {
        self.records.saturating_sub(limit.saturating_sub(self.held) / 2)
    }

    /// Room for the records of a scan within a limit of memory; temporary files go to a folder.
    ///
    /// # Errors
    /// If what is held in any case is more than the limit.
    pub fn storage(&self, limit: u64, folder: PathBuf) -> Result<Storage, PlanError> {
        let needed = self.least_memory();
        if needed > limit {
            return Err(PlanError::TooMuch { needed, limit, passages: self.needs_passages });
        }
        Ok(Storage::new(limit - self.held, folder))
    }
}

/// As much of a text as is looked at.
fn begin_of(text: &str) -> &str {
    let end = (0..=text.len().min(MOST_OF_TEXT)).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

impl Corpus {
    /// Bytes of memory that the documents take, with the texts that are held.
    pub fn memory(&self) -> u64 {
        let of_label = |label: &Option<Box<str>>| label.as_ref().map_or(0, |label| label.len() + 16);
        let of_document = |document: &Document| {
            let id = if document.id.len() > 15 { document.id.len() + 24 } else { 0 };
            let label = document.label.as_ref();
            let label = label.map_or(0, |label| 48 + of_label(&label.url) + of_label(&label.title));
            size_of::<Document>() + id + label + document.text.held().map_or(0, |text| text.len() + 16)
        };
        self.documents.iter().map(|document| of_document(document) as u64).sum()
    }

    /// A part of the corpus, of about so many bytes, that has both of two documents that repeat each other, or none.
    pub fn draw_sample(&self, bytes: u64) -> Corpus {
        let all: u64 = self.documents.iter().map(|document| document.text.len() as u64).sum();
        if all <= bytes {
            return Corpus { documents: self.documents.clone(), ..Corpus::default() };
        }
        let key = |document: &Document| permute(least_hash(&Reading::text_of(document)), 0);
        let keys: Vec<u64> = self.documents.par_iter().map(key).collect();
        let mut drawn: Vec<usize> = (0..keys.len()).collect();
        drawn.sort_unstable_by_key(|number| (keys[*number], *number));
        let mut sum = 0;
        let is_full = |number: &usize| {
            let is_full = sum >= bytes;
            sum += self.documents[*number].text.len() as u64;
            is_full
        };
        // One at least, however large.
        drawn.truncate(drawn.iter().position(is_full).unwrap_or(drawn.len()));
        drawn.sort_unstable();
        let documents = drawn.into_iter().map(|number| self.documents[number].clone()).collect();
        Corpus { documents, ..Corpus::default() }
    }
}

/// The least hash of a text's runs of [`RUN`] bytes that begin with a word, or with a character of a script without
/// spaces; that of the text as a whole if it has none.
fn least_hash(text: &str) -> u64 {
    let begins = |pair: &[u8]| pair[0] == b' ' && pair[1] != b' ' || pair[1] >= 0xe3;
    let runs = text.as_bytes().windows(RUN).filter(|run| begins(run));
    runs.map(|run| hash_bytes(run, Purpose::Shingle)).min().unwrap_or_else(|| hash_text(text, Purpose::Shingle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::Random;

    fn sentence(random: &mut Random) -> String {
        (0..12).map(|_| format!("word{} ", random.below(1000))).collect::<String>().trim_end().to_owned() + ". "
    }

    #[test]
    fn copies_are_drawn_together() {
        let mut random = Random(3);
        let mut documents = Vec::new();
        for _ in 0..1000 {
            let body: Vec<String> = (0..8).map(|_| sentence(&mut random)).collect();
            documents.push(Document::of_text(&body.concat()));
            documents.push(Document::of_text(&format!("REUTERS - {}", body[1..].concat())));
        }
        let corpus = Corpus { documents, ..Corpus::default() };
        let bytes: usize = corpus.documents.iter().map(|document| document.text.len()).sum();
        let sample = corpus.draw_sample(bytes as u64 / 10).documents;
        assert!((120..=280).contains(&sample.len()), "{}", sample.len());
        let texts: Vec<&str> = sample.iter().map(|document| &*document.text).collect();
        let both = texts.windows(2).filter(|pair| pair[0][200..] == pair[1][pair[1].len() + 200 - pair[0].len()..]);
        assert!(both.count() * 10 >= 4 * sample.len(), "most have their copy beside them");
        assert_eq!(corpus.draw_sample(u64::MAX).documents.len(), 2000);
        assert_eq!(corpus.draw_sample(1).documents.len(), 1, "one at least");
        let one_story = Corpus { documents: vec![corpus.documents[0].clone(); 100], ..Corpus::default() };
        let of_ten = 10 * one_story.documents[0].text.len() as u64;
        assert_eq!(one_story.draw_sample(of_ten).documents.len(), 10, "no more, though all are equal");
    }

    #[test]
    fn limits_are_kept_or_told() {
        let corpus = Corpus { documents: vec![Document::of_text("One two three."); 1000], ..Corpus::default() };
        let only = vec![Rule::NearDuplicate];
        let plan = Plan::of(&corpus, &Settings { only, ..Settings::default() });
        assert_eq!((plan.documents, plan.bytes, plan.tokens, plan.needs_passages), (1000, 14_000, 3000, false));
        assert!(plan.records >= 72_000);
        let none = plan.storage(1_000_000, PathBuf::new()).unwrap_err().to_string();
        assert!(none.ends_with("more than the 1.0 MB that it is allowed"), "{none}");
        let least = plan.least_memory();
        for limit in [least - 1, least, least + 1, plan.held + plan.records, 1 << 30] {
            assert_eq!(plan.storage(limit, PathBuf::new()).is_ok(), plan.memory(limit) <= limit, "{limit}");
        }
        assert_eq!((plan.disk(u64::MAX), plan.disk(plan.held)), (0, plan.records));
    }
}
