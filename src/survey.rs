//! The survey: one look at every document, and what is kept of it: the keys of its units, and its sketch.
//!
//! **Idea.** Whole documents are compared by their [sketches](crate::sketches), of the story without its furniture;
//! what is furniture is not known before all units of all documents have been counted. But most documents have none.
//! So every text is read once, unit keys and sketch are made together, and only documents in which the
//! [census](crate::census) finds furniture are read and sketched again.
//!
//! **Questions.** A short document that lies in a long one shares few of the long one's samples. So short documents,
//! those under [`SHORT`] bytes, come first, and those of their samples that no long document would sample go into a
//! filter as questions. A long document samples those of its shingles, too, that were asked for.
//!
//! **Cost.** 8 bytes a unit; 64 bytes a document for its bands, and 4 for each sample, one in 16 tokens.
//!
//! **Source.** Bloom 1970, with both bits of a key in one word (Putze, Sanders, Singler 2007).

use std::cell::RefCell;

use rayon::prelude::*;

use crate::census::{Census, Verdict, judge_alone, story_tokens};
use crate::hash::{Purpose, permute};
use crate::progress::Progress;
use crate::reading::Reading;
use crate::sketches::{BANDS, ROWS, Shingles, band_keys};
use crate::text::Layout;

/// Documents of fewer bytes leave questions.
const SHORT: usize = 2048;

/// What the polynomial of a unit's tokens is evaluated at: odd, without a pattern.
const BASE: u64 = 0xc2b2_ae3d_27d4_eb4f;

/// What was kept of all documents.
#[derive(Default)]
pub(crate) struct Survey {
    /// Tokens of each document, by rank.
    pub(crate) tokens: Vec<u32>,
    /// Ranks in the order in which the units stand.
    pub(crate) order: Vec<u32>,
    /// Where the units of each document of `order` begin; one more entry than documents.
    pub(crate) offsets: Vec<usize>,
    /// Keys of all units.
    pub(crate) units: Vec<u64>,
    /// Units of each document that are furniture by wording or shape, if it is judged by itself, by rank.
    pub(crate) alone: Vec<u32>,
    /// Keys of the bands of each document, by rank.
    pub(crate) bands: Vec<[u32; BANDS]>,
    /// Sampled shingles, in parts.
    pub(crate) samples: Vec<Samples>,
    /// What short documents ask for.
    questions: Filter,
}

thread_local! {
    /// The shingles of the document at hand.
    static SHINGLES: RefCell<Shingles> = RefCell::default();
}

/// What is kept of a stretch of documents.
#[derive(Default)]
struct Part {
    documents: Vec<Entry>,
    units: Vec<u64>,
    samples: Samples,
    questions: Vec<u64>,
}

/// Sampled shingles of some documents. Of each, 32 bits are kept, none of which decide whether it is sampled.
#[derive(Default)]
pub(crate) struct Samples {
    /// Ranks, with the number of each document's samples.
    pub(crate) documents: Vec<(u32, u32)>,
    keys: Vec<u32>,
}

impl Samples {
    /// Shows all samples, each with its document.
    pub(crate) fn each(&self, mut look: impl FnMut(u32, u32)) {
        let mut rest = self.keys.as_slice();
        for (rank, count) in &self.documents {
            let (own, others) = rest.split_at(*count as usize);
            own.iter().for_each(|key| look(*key, *rank));
            rest = others;
        }
    }

    fn push(&mut self, shingle: u64) {
        self.keys.push(shingle as u32);
        if let Some((_, count)) = self.documents.last_mut() {
            *count += 1;
        }
    }

    /// Forgets the samples of all other documents.
    fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        if self.documents.iter().all(|(rank, _)| is_kept(*rank)) {
            return;
        }
        let mut kept = Vec::new();
        self.each(|key, rank| {
            if is_kept(rank) {
                kept.push(key);
            }
        });
        self.keys = kept;
        self.documents.retain(|(rank, _)| is_kept(*rank));
    }
}

struct Entry {
    rank: u32,
    tokens: u32,
    units: u32,
    alone: u32,
    bands: [u32; BANDS],
}

impl Survey {
    /// Looks at every document.
    pub(crate) fn take(reading: &Reading, progress: &dyn Progress) -> Self {
        let documents = reading.documents;
        let is_short = |rank: u32| documents[rank as usize].text.len() < SHORT;
        let mut survey = Survey {
            tokens: vec![0; documents.len()],
            alone: vec![0; documents.len()],
            bands: vec![[0; BANDS]; documents.len()],
            offsets: vec![0],
            ..Survey::default()
        };
        // Without a long document nobody would answer.
        let asks = (0..documents.len() as u32).any(|rank| !is_short(rank));
        let look = |part: &mut Part, rank: u32, text: &str, layout: &Layout, questions: Questions| {
            progress.advance(1);
            let is_unknown = documents[rank as usize].source.is_none();
            let verdicts = judge_alone(text, layout);
            part.documents.push(Entry {
                rank,
                tokens: layout.fingerprints.len() as u32,
                units: layout.units.len() as u32,
                alone: verdicts.iter().flatten().filter(|verdict| **verdict != Verdict::Story).count() as u32,
                bands: [0; BANDS],
            });
            part.units
                .extend((0..layout.units.len()).map(|unit| name_unit(&layout.fingerprints[layout.unit_tokens(unit)])));
            match verdicts.filter(|_| is_unknown) {
                Some(verdicts) => part.sketch(rank, &story_tokens(&verdicts, layout), questions),
                None => part.sketch(rank, &layout.fingerprints, questions),
            }
        };
        let short = reading.visit(is_short, |part: &mut Part, rank, text, layout| {
            look(part, rank, text, layout, if asks { Questions::Left } else { Questions::None });
        });
        survey.questions = Filter::of(short.iter().flat_map(|part| &part.questions));
        survey.add(short);
        let long = reading.visit(
            |rank| !is_short(rank),
            |part: &mut Part, rank, text, layout| {
                look(part, rank, text, layout, Questions::Answered(&survey.questions));
            },
        );
        survey.add(long);
        survey
    }

    fn add(&mut self, parts: Vec<Part>) {
        self.units.reserve_exact(parts.iter().map(|part| part.units.len()).sum());
        for part in parts {
            let mut end = self.units.len();
            for entry in part.documents {
                let rank = entry.rank as usize;
                self.tokens[rank] = entry.tokens;
                self.alone[rank] = entry.alone;
                self.bands[rank] = entry.bands;
                end += entry.units as usize;
                self.order.push(entry.rank);
                self.offsets.push(end);
            }
            self.units.extend(part.units);
            let mut samples = part.samples;
            samples.keys.shrink_to_fit();
            self.samples.push(samples);
        }
    }

    /// Sketches the stories anew of documents in which the census found furniture.
    pub(crate) fn renew(&mut self, reading: &Reading, census: &Census) {
        let is_wanted = |rank: u32| census.has_furniture(rank);
        self.samples.par_iter_mut().for_each(|part| part.retain(|rank| !is_wanted(rank)));
        let (documents, questions) = (reading.documents, &self.questions);
        let parts = reading.visit(is_wanted, |part: &mut Part, rank, text, layout| {
            part.documents.push(Entry { rank, tokens: 0, units: 0, alone: 0, bands: [0; BANDS] });
            let verdicts = census.judge(rank, text, layout);
            let is_long = documents[rank as usize].text.len() >= SHORT;
            let questions = if is_long { Questions::Answered(questions) } else { Questions::None };
            part.sketch(rank, &story_tokens(&verdicts, layout), questions);
        });
        for part in parts {
            for entry in part.documents {
                self.bands[entry.rank as usize] = entry.bands;
            }
            self.samples.push(part.samples);
        }
    }
}

/// What a document does with questions.
#[derive(Clone, Copy)]
enum Questions<'a> {
    None,
    /// A short one leaves them.
    Left,
    /// A long one answers them.
    Answered(&'a Filter),
}

impl Part {
    /// Draws the sketch of the last document.
    fn sketch(&mut self, rank: u32, story: &[u32], asked: Questions) {
        let Part { documents, samples, questions, .. } = self;
        samples.documents.push((rank, 0));
        let mut signature = [u64::MAX; ROWS];
        SHINGLES.with_borrow_mut(|shingles| {
            shingles.cut(story, |window| {
                signature.iter_mut().zip(window.sign()).for_each(|(least, value)| *least = value.min(*least));
                window.each_sample(|shingle, is_common| {
                    samples.push(shingle);
                    if !is_common && matches!(asked, Questions::Left) {
                        questions.push(shingle);
                    }
                });
                if let Questions::Answered(asked) = asked {
                    let known = window.all().iter().filter(|shingle| asked.holds(**shingle));
                    known.for_each(|shingle| samples.push(*shingle));
                }
            });
        });
        if let Some(entry) = documents.last_mut() {
            entry.bands = band_keys(&signature);
        }
    }
}

/// The bits of a unit's key that tell its length.
pub(crate) const LENGTH: u64 = 15;

/// The key of a unit: equal for equal tokens. Its lowest bits are the number of tokens, [`LENGTH`] for more.
pub(crate) fn name_unit(tokens: &[u32]) -> u64 {
    let sum =
        tokens.iter().fold(tokens.len() as u64, |sum, token| sum.wrapping_mul(BASE).wrapping_add(u64::from(*token)));
    permute(sum, Purpose::Unit as u64) & !LENGTH | (tokens.len() as u64).min(LENGTH)
}

/// A set of shingles that may hold a few more than were put into it.
#[derive(Default)]
struct Filter {
    words: Vec<u64>,
}

impl Filter {
    /// Sixteen bits a key, two of them set.
    fn of<'a>(keys: impl Iterator<Item = &'a u64> + Clone) -> Self {
        let count = keys.clone().count();
        if count == 0 {
            return Filter::default();
        }
        let mut filter = Filter { words: vec![0; (count / 4).next_power_of_two()] };
        for key in keys {
            let (word, bits) = filter.place(*key);
            filter.words[word] |= bits;
        }
        filter
    }

    fn holds(&self, key: u64) -> bool {
        let (word, bits) = self.place(key);
        self.words.get(word).is_some_and(|word| word & bits == bits)
    }

    fn place(&self, key: u64) -> (usize, u64) {
        let word = (key >> 12) as usize & self.words.len().saturating_sub(1);
        (word, 1 << (key & 63) | 1 << (key >> 6 & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::Random;

    #[test]
    fn filters_hold_what_was_put_in_and_little_more() {
        let mut random = Random(4);
        let keys: Vec<u64> = (0..20_000).map(|_| random.below(usize::MAX) as u64).collect();
        let filter = Filter::of(keys[..10_000].iter());
        assert!(keys[..10_000].iter().all(|key| filter.holds(*key)));
        let others = keys[10_000..].iter().filter(|key| filter.holds(**key)).count();
        assert!(others < 500, "{others} of 10,000");
        assert!(!Filter::default().holds(7));
    }
}
