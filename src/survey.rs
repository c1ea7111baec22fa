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
//! **Cost.** 8 bytes a unit; 64 bytes a document for its bands, and 4 for each sample, one in 16 tokens; in a
//! [storage](crate::storage), document by document in the order of reading. Who asks for them is shown all, again and
//! again.
//!
//! **Source.** Bloom 1970, with both bits of a key in one word (Putze, Sanders, Singler 2007).

use std::cell::RefCell;
use std::ops::Range;

use rayon::prelude::*;

use crate::census::{Census, Verdict, judge_alone, story_tokens};
use crate::hash::{Purpose, permute};
use crate::progress::Progress;
use crate::reading::Reading;
use crate::sketches::{BANDS, ROWS, Shingles, band_keys};
use crate::storage::{Sequence, Storage};
use crate::text::Layout;

/// Documents of fewer bytes leave questions.
const SHORT: usize = 2048;

/// What the polynomial of a unit's tokens is evaluated at: odd, without a pattern.
const BASE: u64 = 0xc2b2_ae3d_27d4_eb4f;

/// What was kept of all documents.
pub(crate) struct Survey {
    /// Tokens of each document, by rank.
    pub(crate) tokens: Vec<u32>,
    /// Units of each document that are furniture by wording or shape, if it is judged by itself, by rank.
    pub(crate) alone: Vec<u32>,
    /// What was read, in order.
    entries: Vec<Entry>,
    /// Keys of the units, entry by entry.
    units: Sequence<u64>,
    /// Keys of the bands, entry by entry.
    bands: Sequence<u32>,
    /// Sampled shingles, entry by entry. Of each, 32 bits are kept, none of which decide whether it is sampled.
    samples: Sequence<u32>,
    /// Number of entries in the first look; documents that follow were sketched anew.
    first_look: usize,
    /// Whether a document was sketched anew, by rank; empty if none was.
    renewed: Vec<bool>,
    /// What short documents ask for.
    questions: Filter,
}

/// A document that was read.
#[derive(Debug, Clone, Copy)]
struct Entry {
    rank: u32,
    units: u32,
    samples: u32,
}

/// Entries that are looked at together.
const BLOCK: usize = 2048;

/// Some entries, and where their units and samples begin.
#[derive(Debug, Clone, Default)]
struct Block {
    entries: Range<usize>,
    units: Range<usize>,
    samples: Range<usize>,
}

thread_local! {
    /// The shingles of the document at hand.
    static SHINGLES: RefCell<Shingles> = RefCell::default();
}

/// What is noted of a stretch of documents.
#[derive(Default)]
struct Part {
    entries: Vec<Entry>,
    /// Of each document its tokens, and how many units are furniture if it is judged by itself.
    counts: Vec<(u32, u32)>,
    units: Vec<u64>,
    bands: Vec<u32>,
    samples: Vec<u32>,
    questions: Vec<u64>,
}

impl Survey {
    /// Looks at every document.
    #[inline(never)] // counted by itself
    pub(crate) fn take(reading: &Reading, storage: &Storage, progress: &dyn Progress) -> Self {
        let documents = reading.documents;
        let is_short = |rank: u32| documents[rank as usize].text.len() < SHORT;
        let mut survey = Survey {
            tokens: vec![0; documents.len()],
            alone: vec![0; documents.len()],
            entries: Vec::with_capacity(documents.len()),
            units: storage.sequence(),
            bands: storage.sequence(),
            samples: storage.sequence(),
            first_look: 0,
            renewed: Vec::new(),
            questions: Filter::default(),
        };
        // Without a long document nobody would answer.
        let asks = (0..documents.len() as u32).any(|rank| !is_short(rank));
        let look = |part: &mut Part, rank: u32, text: &str, layout: &Layout, questions: Questions| {
            progress.advance(1);
            let is_unknown = documents[rank as usize].source.is_none();
            let verdicts = judge_alone(text, layout);
            let alone = verdicts.iter().flatten().filter(|verdict| **verdict != Verdict::Story).count();
            part.entries.push(Entry { rank, units: layout.units.len() as u32, samples: 0 });
            part.counts.push((layout.fingerprints.len() as u32, alone as u32));
            part.units
                .extend((0..layout.units.len()).map(|unit| name_unit(&layout.fingerprints[layout.unit_tokens(unit)])));
            match verdicts.filter(|_| is_unknown) {
                Some(verdicts) => part.sketch(&story_tokens(&verdicts, layout), questions),
                None => part.sketch(&layout.fingerprints, questions),
            }
        };
        let mut questions = storage.sequence();
        reading.visit_in_order(
            is_short,
            |part, rank, text, layout| {
                look(part, rank, text, layout, if asks { Questions::Left } else { Questions::None });
            },
            |part| {
                questions.push(&part.questions);
                survey.add(&part);
            },
        );
        let questions = Filter::of(&questions);
        reading.visit_in_order(
            |rank| !is_short(rank),
            |part, rank, text, layout| look(part, rank, text, layout, Questions::Answered(&questions)),
            |part| survey.add(&part),
        );
        (survey.questions, survey.first_look) = (questions, survey.entries.len());
        survey
    }

    fn add(&mut self, part: &Part) {
        for (entry, (tokens, alone)) in part.entries.iter().zip(&part.counts) {
            self.tokens[entry.rank as usize] = *tokens;
            self.alone[entry.rank as usize] = *alone;
        }
        self.entries.extend_from_slice(&part.entries);
        self.units.push(&part.units);
        self.bands.push(&part.bands);
        self.samples.push(&part.samples);
    }

    /// Sketches the stories anew of documents in which the census found furniture.
    pub(crate) fn renew(&mut self, reading: &Reading, census: &Census) {
        let is_wanted = |rank: u32| census.has_furniture(rank);
        let documents = reading.documents;
        let questions = std::mem::take(&mut self.questions);
        reading.visit_in_order(
            is_wanted,
            |part: &mut Part, rank, text, layout| {
                part.entries.push(Entry { rank, units: 0, samples: 0 });
                let verdicts = census.judge(rank, text, layout);
                let is_long = documents[rank as usize].text.len() >= SHORT;
                let questions = if is_long { Questions::Answered(&questions) } else { Questions::None };
                part.sketch(&story_tokens(&verdicts, layout), questions);
            },
            |part| self.add(&part),
        );
        if self.entries.len() > self.first_look {
            self.renewed = (0..documents.len() as u32).map(is_wanted).collect();
        }
    }

    /// How many units all documents have together.
    pub(crate) fn count_units(&self) -> u64 {
        self.units.len() as u64
    }

    /// Hands `look` each document with the keys of its units, and the state of its block; gives the states, in order.
    pub(crate) fn visit_units<S: Default + Send>(&self, look: impl Fn(&mut S, u32, &[u64]) + Sync) -> Vec<S> {
        let visit = |block: Block| {
            let (mut state, mut buffer) = (S::default(), Vec::new());
            let mut rest = self.units.read(block.units, &mut buffer);
            for entry in &self.entries[block.entries] {
                let (own, others) = rest.split_at(entry.units as usize);
                look(&mut state, entry.rank, own);
                rest = others;
            }
            state
        };
        self.blocks().collect::<Vec<_>>().into_par_iter().map(visit).collect()
    }

    /// Hands `look` the keys of all units, many at once.
    pub(crate) fn each_unit(&self, mut look: impl FnMut(&[u64])) {
        let mut buffer = Vec::new();
        self.blocks().for_each(|block| look(self.units.read(block.units, &mut buffer)));
    }

    /// Forgets the keys of units.
    pub(crate) fn forget_units(&mut self) {
        self.units.clear();
        self.entries.iter_mut().for_each(|entry| entry.units = 0);
    }

    /// How many samples all documents have together.
    pub(crate) fn count_all_samples(&self) -> u64 {
        self.samples.len() as u64
    }

    /// How many samples each document has, by rank.
    pub(crate) fn count_samples(&self) -> Vec<u32> {
        let mut counts = vec![0; self.tokens.len()];
        for (_, entry) in self.entries.iter().enumerate().filter(|(number, entry)| self.is_valid(*number, entry)) {
            counts[entry.rank as usize] = entry.samples;
        }
        counts
    }

    /// Shows all samples, document by document.
    pub(crate) fn each_document(&self, mut look: impl FnMut(u32, &[u32])) {
        let mut buffer = Vec::new();
        for block in self.blocks() {
            let mut rest = self.samples.read(block.samples, &mut buffer);
            for number in block.entries {
                let entry = &self.entries[number];
                let (own, others) = rest.split_at(entry.samples as usize);
                if self.is_valid(number, entry) {
                    look(entry.rank, own);
                }
                rest = others;
            }
        }
    }

    /// Shows the key of one band of each document that has tokens.
    pub(crate) fn each_band(&self, band: usize, mut look: impl FnMut(u32, u32)) {
        let mut buffer = Vec::new();
        for block in self.blocks() {
            let keys = self.bands.read(block.entries.start * BANDS..block.entries.end * BANDS, &mut buffer);
            for (number, keys) in block.entries.zip(keys.chunks_exact(BANDS)) {
                let entry = &self.entries[number];
                if self.tokens[entry.rank as usize] > 0 && self.is_valid(number, entry) {
                    look(keys[band], entry.rank);
                }
            }
        }
    }

    /// Forgets the keys of bands.
    pub(crate) fn forget_bands(&mut self) {
        self.bands.clear();
    }

    /// Forgets all but the numbers of tokens.
    pub(crate) fn forget_sketches(&mut self) {
        (self.entries, self.renewed) = (Vec::new(), Vec::new());
        self.bands.clear();
        self.samples.clear();
    }

    /// All entries, some at a time.
    fn blocks(&self) -> impl Iterator<Item = Block> {
        self.entries.chunks(BLOCK).scan(Block::default(), |last, entries| {
            let count = |of: fn(&Entry) -> u32| entries.iter().map(|entry| of(entry) as usize).sum::<usize>();
            *last = Block {
                entries: last.entries.end..last.entries.end + entries.len(),
                units: last.units.end..last.units.end + count(|entry| entry.units),
                samples: last.samples.end..last.samples.end + count(|entry| entry.samples),
            };
            Some(last.clone())
        })
    }

    /// Whether what was noted of a document was not noted anew later.
    fn is_valid(&self, number: usize, entry: &Entry) -> bool {
        number >= self.first_look || !self.renewed.get(entry.rank as usize).is_some_and(|renewed| *renewed)
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
    fn sketch(&mut self, story: &[u32], asked: Questions) {
        let Part { entries, bands, samples, questions, .. } = self;
        let before = samples.len();
        let mut signature = [u64::MAX; ROWS];
        SHINGLES.with_borrow_mut(|shingles| {
            shingles.cut(story, |window| {
                signature.iter_mut().zip(window.sign()).for_each(|(least, value)| *least = value.min(*least));
                window.each_sample(|shingle, is_common| {
                    samples.push(shingle as u32);
                    if !is_common && matches!(asked, Questions::Left) {
                        questions.push(shingle);
                    }
                });
                if let Questions::Answered(asked) = asked {
                    let known = window.all().iter().filter(|shingle| asked.holds(**shingle));
                    samples.extend(known.map(|shingle| *shingle as u32));
                }
            });
        });
        // Windows of one document may share some, and a question may be a sample too.
        let mut own = samples.split_off(before);
        own.sort_unstable();
        own.dedup();
        samples.append(&mut own);
        bands.extend(band_keys(&signature));
        if let Some(entry) = entries.last_mut() {
            entry.samples = (samples.len() - before) as u32;
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
    /// Sixteen bits a key and more, two of them set.
    fn of(keys: &Sequence<u64>) -> Self {
        let count = keys.len();
        if count == 0 {
            return Filter::default();
        }
        let mut filter = Filter { words: vec![0; (count / 4).next_power_of_two()] };
        let mut buffer = Vec::new();
        for start in (0..count).step_by(BLOCK) {
            for key in keys.read(start..(start + BLOCK).min(count), &mut buffer) {
                let (word, bits) = filter.place(*key);
                filter.words[word] |= bits;
            }
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
        let mut sequence = Storage::default().sequence();
        sequence.push(&keys[..10_000]);
        let filter = Filter::of(&sequence);
        assert!(keys[..10_000].iter().all(|key| filter.holds(*key)));
        let others = keys[10_000..].iter().filter(|key| filter.holds(**key)).count();
        assert!(others < 500, "{others} of 10,000");
        assert!(!Filter::default().holds(7));
    }
}
