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

use std::cell::{Cell, RefCell};

use rayon::prelude::*;

use crate::census::{Census, Verdict, judge_alone, story_tokens};
use crate::hash::{Purpose, permute};
use crate::progress::Progress;
use crate::reading::Reading;
use crate::sketches::{BANDS, ROWS, Shingles, band_keys};
use crate::storage::{Run, Storage};
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
    /// Units of each document that are furniture by wording or shape, if it is judged by itself, by rank.
    pub(crate) alone: Vec<u32>,
    /// The stretches of documents that were read together, in order.
    stretches: Vec<Stretch>,
    /// Whether a document was sketched anew, by rank; empty if none was.
    renewed: Vec<bool>,
    /// What short documents ask for.
    questions: Filter,
}

/// What is kept of a stretch of documents.
struct Stretch {
    documents: Box<[Entry]>,
    /// Whether these documents were sketched anew.
    is_anew: bool,
    /// Keys of the units, document by document.
    units: Option<Run<u64>>,
    /// Keys of the bands: those of the first band, document by document, then those of the second.
    bands: Option<Run<u32>>,
    /// Sampled shingles, document by document. Of each, 32 bits are kept, none of which decide whether it is sampled.
    samples: Option<Run<u32>>,
}

/// A document of a stretch.
#[derive(Debug, Clone, Copy)]
struct Entry {
    rank: u32,
    units: u32,
    samples: u32,
}

thread_local! {
    /// The shingles of the document at hand.
    static SHINGLES: RefCell<Shingles> = RefCell::default();
    /// Room for the stretch at hand.
    static ROOM: Cell<Option<Box<Part>>> = const { Cell::new(None) };
}

/// What a stretch of documents is put together from.
#[derive(Default)]
struct Part {
    documents: Vec<Entry>,
    /// Of each document its tokens, and how many units are furniture if it is judged by itself.
    counts: Vec<(u32, u32)>,
    units: Vec<u64>,
    /// Of each document.
    bands: Vec<[u32; BANDS]>,
    samples: Vec<u32>,
    questions: Vec<u64>,
}

impl Survey {
    /// Looks at every document.
    pub(crate) fn take(reading: &Reading, storage: &Storage, progress: &dyn Progress) -> Self {
        let documents = reading.documents;
        let is_short = |rank: u32| documents[rank as usize].text.len() < SHORT;
        let mut survey =
            Survey { tokens: vec![0; documents.len()], alone: vec![0; documents.len()], ..Survey::default() };
        // Without a long document nobody would answer.
        let asks = (0..documents.len() as u32).any(|rank| !is_short(rank));
        let look = |part: &mut Part, rank: u32, text: &str, layout: &Layout, questions: Questions| {
            progress.advance(1);
            let is_unknown = documents[rank as usize].source.is_none();
            let verdicts = judge_alone(text, layout);
            let alone = verdicts.iter().flatten().filter(|verdict| **verdict != Verdict::Story).count();
            part.documents.push(Entry { rank, units: layout.units.len() as u32, samples: 0 });
            part.counts.push((layout.fingerprints.len() as u32, alone as u32));
            part.units
                .extend((0..layout.units.len()).map(|unit| name_unit(&layout.fingerprints[layout.unit_tokens(unit)])));
            match verdicts.filter(|_| is_unknown) {
                Some(verdicts) => part.sketch(&story_tokens(&verdicts, layout), questions),
                None => part.sketch(&layout.fingerprints, questions),
            }
        };
        let look_at_short = |part: &mut AtHand, rank: u32, text: &str, layout: &Layout| {
            look(&mut part.0, rank, text, layout, if asks { Questions::Left } else { Questions::None });
        };
        let keep = |part: AtHand| (storage.keep(&part.0.questions), part.0.counts.clone(), part.keep(storage, false));
        let mut questions = Vec::new();
        let mut short = Vec::new();
        for (asked, counts, stretch) in reading.visit(is_short, look_at_short, keep) {
            questions.push(asked);
            short.push((counts, stretch));
        }
        survey.questions = Filter::of(&questions);
        drop(questions);
        survey.add(short);
        let look_at_long = |part: &mut AtHand, rank: u32, text: &str, layout: &Layout| {
            look(&mut part.0, rank, text, layout, Questions::Answered(&survey.questions));
        };
        let long = reading.visit(
            |rank| !is_short(rank),
            look_at_long,
            |part| (part.0.counts.clone(), part.keep(storage, false)),
        );
        survey.add(long);
        survey
    }

    fn add(&mut self, stretches: Vec<(Vec<(u32, u32)>, Stretch)>) {
        for (counts, stretch) in stretches {
            for (entry, (tokens, alone)) in stretch.documents.iter().zip(counts) {
                self.tokens[entry.rank as usize] = tokens;
                self.alone[entry.rank as usize] = alone;
            }
            self.stretches.push(stretch);
        }
    }

    /// How many units all documents have together.
    pub(crate) fn count_units(&self) -> u64 {
        self.stretches.iter().filter_map(|stretch| stretch.units.as_ref()).map(|units| units.len() as u64).sum()
    }

    /// Hands `look` each document with the keys of its units, and the state of its stretch; gives the states, in order.
    pub(crate) fn visit_units<S: Default + Send>(&self, look: impl Fn(&mut S, u32, &[u64]) + Sync) -> Vec<S> {
        self.stretches
            .par_iter()
            .map(|stretch| {
                let (mut state, mut buffer) = (S::default(), Vec::new());
                let mut rest = stretch.units.as_ref().map_or(&[][..], |units| units.read(&mut buffer));
                for entry in &stretch.documents {
                    let (own, others) = rest.split_at((entry.units as usize).min(rest.len()));
                    look(&mut state, entry.rank, own);
                    rest = others;
                }
                state
            })
            .collect()
    }

    /// Hands `look` the keys of all units of each stretch.
    pub(crate) fn each_unit(&self, mut look: impl FnMut(&[u64])) {
        let mut buffer = Vec::new();
        self.stretches.iter().filter_map(|stretch| stretch.units.as_ref()).for_each(|units| look(units.read(&mut buffer)));
    }

    /// Forgets the keys of units.
    pub(crate) fn forget_units(&mut self) {
        self.stretches.iter_mut().for_each(|stretch| stretch.units = None);
    }

    /// Sketches the stories anew of documents in which the census found furniture.
    pub(crate) fn renew(&mut self, reading: &Reading, storage: &Storage, census: &Census) {
        let is_wanted = |rank: u32| census.has_furniture(rank);
        let (documents, questions) = (reading.documents, &self.questions);
        let stretches = reading.visit(
            is_wanted,
            |part: &mut AtHand, rank, text, layout| {
                let part = &mut part.0;
                part.documents.push(Entry { rank, units: 0, samples: 0 });
                let verdicts = census.judge(rank, text, layout);
                let is_long = documents[rank as usize].text.len() >= SHORT;
                let questions = if is_long { Questions::Answered(questions) } else { Questions::None };
                part.sketch(&story_tokens(&verdicts, layout), questions);
            },
            |part| part.keep(storage, true),
        );
        if !stretches.is_empty() {
            self.renewed = (0..documents.len() as u32).map(is_wanted).collect();
        }
        self.stretches.extend(stretches);
    }

    /// How many samples all documents have together.
    pub(crate) fn count_all_samples(&self) -> u64 {
        self.stretches.iter().flat_map(|stretch| &stretch.documents).map(|entry| u64::from(entry.samples)).sum()
    }

    /// How many samples each document has, by rank.
    pub(crate) fn count_samples(&self) -> Vec<u32> {
        let mut counts = vec![0; self.tokens.len()];
        for stretch in &self.stretches {
            for entry in stretch.documents.iter().filter(|entry| self.is_valid(stretch, entry.rank)) {
                counts[entry.rank as usize] = entry.samples;
            }
        }
        counts
    }

    /// Shows all samples, each with its document.
    pub(crate) fn each_sample(&self, mut look: impl FnMut(u32, u32)) {
        let mut buffer = Vec::new();
        for stretch in &self.stretches {
            let mut rest = stretch.samples.as_ref().map_or(&[][..], |samples| samples.read(&mut buffer));
            for entry in &stretch.documents {
                let (own, others) = rest.split_at((entry.samples as usize).min(rest.len()));
                if self.is_valid(stretch, entry.rank) {
                    own.iter().for_each(|key| look(*key, entry.rank));
                }
                rest = others;
            }
        }
    }

    /// Shows the key of one band of each document that has tokens.
    pub(crate) fn each_band(&self, band: usize, mut look: impl FnMut(u32, u32)) {
        let mut buffer = Vec::new();
        for stretch in &self.stretches {
            let count = stretch.documents.len();
            let keys = stretch.bands.as_ref().map(|bands| bands.read_part(band * count, count, &mut buffer));
            for (entry, key) in stretch.documents.iter().zip(keys.into_iter().flatten()) {
                if self.tokens[entry.rank as usize] > 0 && self.is_valid(stretch, entry.rank) {
                    look(*key, entry.rank);
                }
            }
        }
    }

    /// Forgets all sketches.
    pub(crate) fn forget_sketches(&mut self) {
        self.stretches = Vec::new();
    }

    /// Whether what a stretch has of a document was not made anew in another.
    fn is_valid(&self, stretch: &Stretch, rank: u32) -> bool {
        stretch.is_anew || !self.renewed.get(rank as usize).is_some_and(|renewed| *renewed)
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
        let Part { documents, bands, samples, questions, .. } = self;
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
        bands.push(band_keys(&signature));
        if let Some(entry) = documents.last_mut() {
            entry.samples = (samples.len() - before) as u32;
        }
    }

}

/// The stretch at hand, in room that serves one after the other.
struct AtHand(Box<Part>);

impl Default for AtHand {
    fn default() -> Self {
        AtHand(ROOM.take().unwrap_or_default())
    }
}

impl AtHand {
    /// Keeps what was put together.
    fn keep(mut self, storage: &Storage, is_anew: bool) -> Stretch {
        let part = &mut self.0;
        let bands: Vec<u32> = (0..BANDS).flat_map(|band| part.bands.iter().map(move |bands| bands[band])).collect();
        let stretch = Stretch {
            documents: part.documents.as_slice().into(),
            is_anew,
            units: Some(storage.keep(&part.units)),
            bands: Some(storage.keep(&bands)),
            samples: Some(storage.keep(&part.samples)),
        };
        part.documents.clear();
        part.counts.clear();
        part.units.clear();
        part.bands.clear();
        part.samples.clear();
        part.questions.clear();
        ROOM.set(Some(self.0));
        stretch
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
    fn of(keys: &[Run<u64>]) -> Self {
        let count: usize = keys.iter().map(Run::len).sum();
        if count == 0 {
            return Filter::default();
        }
        let mut filter = Filter { words: vec![0; (count / 4).next_power_of_two()] };
        let mut buffer = Vec::new();
        for run in keys {
            for key in run.read(&mut buffer) {
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
        let filter = Filter::of(&[Storage::default().keep(&keys[..10_000])]);
        assert!(keys[..10_000].iter().all(|key| filter.holds(*key)));
        let others = keys[10_000..].iter().filter(|key| filter.holds(**key)).count();
        assert!(others < 500, "{others} of 10,000");
        assert!(!Filter::default().holds(7));
    }
}
