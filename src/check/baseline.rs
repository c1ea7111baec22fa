//! Baseline: the repetition that a team knows of and lives with.
//!
//! **Idea.** A finding is known by its words, not by where it stands: of each finding a baseline keeps its
//! runs of three tokens (`runs`), and how many copies (`copies`) there were; of documents that repeat each other as
//! wholes, the runs that two of them have, for what one alone says is repeated nowhere yet. Moving, renaming and reordering
//! files changes neither. A new copy raises the count. An edit takes away the few runs that it touches, and so does
//! whatever cuts a passage shorter, or in two. A text is **known** if at least half of its runs stand in the baseline with as
//! many copies as there are now, whatever it was found as: a passage may have been part of a whole copy.
//!
//! Of a long text a line holds a sample. A text is asked for in all lines up to some level, at that level, and is known if
//! any level says so. Where lines are sampled thinner than the text, half is not enough: a handful of runs may agree by
//! chance, so that eight are asked for at least, and of `n` as many as half and half the square root of `n`.
//!
//! **Format.** JSON Lines, UTF-8: a head (`{"schema": "dittograph.baseline.v1"}`), then one finding a line, ordered by id,
//! rule and runs, so that two branches that add findings merge line by line. A line for each document that lies inside
//! another. `id` and the beginning of the text (`text`) are there for readers; only `copies`, `level` and `runs` (sorted
//! 32-bit hashes, big-endian, in Base64 without padding) decide anything, and of `rule` whether it is `altered-quote`, which
//! no other vouches for, or `boilerplate`, which may stand on any number of pages as long as it is boilerplate.
//!
//! **Cost.** Linear in the words of findings and baseline; a line has 5,600 bytes at most.
//!
//! **Gives up.** A passage of which more than half was rewritten in all of its copies is new. A passage put together of
//! two known ones that have as many copies is known. A short piece of a long known text may be new, where too few of
//! its runs were sampled.

use std::collections::{BTreeMap, BTreeSet};

use ahash::AHashMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::runs::Sample;
use crate::finding::Rule;

/// Runs that have to be compared where a line's sample is thinner than the text's.
const FEWEST: usize = 8;
/// The name of the format.
const SCHEMA: &str = "dittograph.baseline.v1";
/// How its names begin, of any version.
const BEGINNING: &str = "dittograph.baseline.";

/// Why a baseline could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BaselineError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, and how to mend it.
    pub reason: String,
}

/// A finding as a baseline knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The finding's id.
    pub id: u64,
    /// Its rule.
    pub rule: Rule,
    /// How many copies there were.
    pub copies: u64,
    /// Its words.
    pub words: u32,
    /// The beginning of its text.
    pub text: String,
    pub(super) sample: Sample,
}

/// A line as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    rule: Rule,
    copies: u64,
    words: u32,
    level: u32,
    runs: String,
    text: String,
}

/// The head of the file.
#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
}

/// What is known, by id, rule and words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    entries: BTreeMap<(u64, Rule, Sample), Entry>,
}

impl Baseline {
    /// A baseline of findings; of two with one id and the same words the one with more copies.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut baseline = Baseline::default();
        entries.into_iter().for_each(|entry| baseline.add(entry));
        baseline
    }

    fn add(&mut self, entry: Entry) {
        let key = (entry.id, entry.rule, entry.sample.clone());
        let copies = entry.copies;
        let known = self.entries.entry(key).or_insert(entry);
        known.copies = known.copies.max(copies);
    }

    /// How many findings it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Its findings, in the order of the file.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Whether it has the same line with more copies.
    pub(super) fn has_more(&self, entry: &Entry) -> bool {
        let own = self.entries.get(&(entry.id, entry.rule, entry.sample.clone()));
        own.is_some_and(|own| own.copies > entry.copies)
    }

    /// Both baselines in one.
    #[must_use]
    pub fn with(mut self, other: Baseline) -> Self {
        other.entries.into_values().for_each(|entry| self.add(entry));
        self
    }

    /// Whether a file is a baseline, by how it begins.
    pub fn is_one(text: &[u8]) -> bool {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        // A merge may have left a mark before the head.
        let mut lines = text.split(|byte| *byte == b'\n').take(3);
        let is_head = |line| serde_json::from_slice::<Head>(line).is_ok_and(|head| head.schema.starts_with(BEGINNING));
        lines.any(is_head)
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// If it is no baseline, of a format that is not known, or damaged: nothing is guessed.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let error = |line: usize, reason: String| BaselineError { line, reason };
        let marks = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
        if let Some(at) = text.lines().position(|line| marks.iter().any(|mark| line.starts_with(mark))) {
            let reason = "a merge left its marks here: keep the lines of both sides, take the marks out".to_owned();
            return Err(error(at + 1, reason));
        }
        let mut lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
        let head = lines.next().map(|(_, line)| serde_json::from_str::<Head>(line));
        match head {
            Some(Ok(head)) if head.schema == SCHEMA => {}
            Some(Ok(head)) => {
                let reason = format!(
                    "it is of the format `{}`, this version reads `{SCHEMA}`: write it anew with `dittograph baseline write`",
                    head.schema
                );
                return Err(error(1, reason));
            }
            _ => {
                let reason = format!("this is no baseline: it does not begin with {{\"schema\":\"{SCHEMA}\"}}");
                return Err(error(1, reason));
            }
        }
        let mut baseline = Baseline::default();
        for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line).map_err(|reason| error(number, reason.to_string()))?;
            let entry = line.entry().ok_or_else(|| {
                error(number, "`id`, `level` or `runs` is damaged: write the baseline anew".to_owned())
            })?;
            baseline.add(entry);
        }
        Ok(baseline)
    }

    /// The file.
    pub fn write(&self) -> String {
        let mut text = format!("{{\"schema\":\"{SCHEMA}\"}}\n");
        for entry in self.entries.values() {
            // Strings and numbers are always written.
            text.push_str(&serde_json::to_string(&Line::of(entry)).unwrap_or_default());
            text.push('\n');
        }
        text
    }

    /// An index for questions about texts.
    pub(super) fn index(&self) -> Known {
        Known::of(self.entries.values())
    }

    /// Which of its lines some texts need to be known: those that have a quarter of the runs of one. Where that would
    /// leave a text unknown that is known, all lines with a run of it are needed. Gives the most copies that a text needs
    /// of each line, by the lines' order.
    pub(super) fn needed<'s>(&self, texts: impl IntoIterator<Item = (Rule, &'s Sample, u64)>) -> BTreeMap<usize, u64> {
        let entries: Vec<&Entry> = self.entries.values().collect();
        let mut holders: Vec<(u32, u32)> = Vec::new();
        for (number, entry) in (0u32..).zip(&entries) {
            holders.extend(entry.sample.hashes.iter().map(|hash| (*hash, number)));
        }
        holders.sort_unstable();
        let holding = |hash: u32| {
            let from = holders.partition_point(|holder| holder.0 < hash);
            holders[from..].iter().take_while(move |holder| holder.0 == hash).map(|holder| holder.1 as usize)
        };
        let mut needed: BTreeMap<usize, u64> = BTreeMap::new();
        let mut doubtful = Vec::new();
        for (rule, sample, copies) in texts {
            let mut common: BTreeMap<usize, usize> = BTreeMap::new();
            // A phrase that very many lines have tells of none of them.
            let telling = sample.hashes.iter().filter(|hash| holding(**hash).nth(MANY).is_none());
            telling.flat_map(|hash| holding(*hash)).for_each(|number| *common.entry(number).or_default() += 1);
            for (number, count) in common {
                let Some(entry) = entries.get(number).filter(|entry| Class::of(entry.rule).vouches_for(rule)) else {
                    continue;
                };
                let asked = sample.at_level(entry.sample.level.max(sample.level)).count();
                if 4 * count >= asked {
                    let most = needed.entry(number).or_default();
                    *most = copies.max(*most);
                }
            }
            doubtful.push((rule, sample, copies));
        }
        let all = self.index();
        let kept = Known::of(needed.keys().filter_map(|number| entries.get(*number).copied()));
        doubtful.retain(|(rule, sample, copies)| kept.copies(*rule, sample) < all.copies(*rule, sample).min(*copies));
        for (_, sample, copies) in doubtful {
            for number in sample.hashes.iter().flat_map(|hash| holding(*hash)).collect::<BTreeSet<usize>>() {
                let most = needed.entry(number).or_default();
                *most = copies.max(*most);
            }
        }
        needed
    }
}

/// Lines that have one run, beyond which it tells nothing.
const MANY: usize = 1000;

impl Line {
    fn of(entry: &Entry) -> Self {
        let bytes: Vec<u8> = entry.sample.hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect();
        Line {
            id: format!("{:016x}", entry.id),
            rule: entry.rule,
            copies: entry.copies,
            words: entry.words,
            level: entry.sample.level,
            runs: STANDARD_NO_PAD.encode(bytes),
            text: entry.text.clone(),
        }
    }

    fn entry(self) -> Option<Entry> {
        let id = u64::from_str_radix(&self.id, 16).ok().filter(|_| self.id.len() == 16)?;
        let bytes = STANDARD_NO_PAD.decode(&self.runs).ok().filter(|bytes| bytes.len() % 4 == 0)?;
        let hashes: Vec<u32> = bytes.as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes)).collect();
        let is_sound = self.level < 32
            && hashes.is_sorted_by(|one, next| one < next)
            && hashes.iter().all(|hash| hash.leading_zeros() >= self.level);
        let sample = Sample { level: self.level, hashes };
        let Line { rule, copies, words, text, .. } = self;
        is_sound.then_some(Entry { id, rule, copies, words, text, sample })
    }
}

/// Findings that know each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    /// What was altered: its words alone say nothing.
    Altered,
    /// Furniture, of which a page more is nothing new.
    Furniture,
    Other,
}

impl Class {
    fn of(rule: Rule) -> Self {
        match rule {
            Rule::AlteredQuote => Class::Altered,
            Rule::Boilerplate => Class::Furniture,
            _ => Class::Other,
        }
    }

    /// Whether a line of this class may make a finding known.
    fn vouches_for(self, rule: Rule) -> bool {
        (self == Class::Altered) == (rule == Rule::AlteredQuote)
    }
}

/// What is known of each run: the most copies, by class and level of the lines that have it.
#[derive(Default)]
pub(super) struct Known {
    runs: AHashMap<u32, Vec<(Class, u32, u64)>>,
    /// The levels that lines have, ascending.
    levels: Vec<u32>,
}

impl Known {
    fn of<'b>(entries: impl Iterator<Item = &'b Entry>) -> Self {
        let mut known = Known { runs: AHashMap::new(), levels: Vec::new() };
        for entry in entries {
            let (class, level, copies) = (Class::of(entry.rule), entry.sample.level, entry.copies);
            if !known.levels.contains(&level) {
                known.levels.push(level);
            }
            for hash in &entry.sample.hashes {
                let of_run = known.runs.entry(*hash).or_default();
                match of_run.iter_mut().find(|own| (own.0, own.1) == (class, level)) {
                    Some(own) => own.2 = own.2.max(copies),
                    None => of_run.push((class, level, copies)),
                }
            }
        }
        known.levels.sort_unstable();
        known
    }

    /// How many copies of a text are known: as many as half of its runs have. Furniture that is known has no number.
    pub(super) fn copies(&self, rule: Rule, sample: &Sample) -> u64 {
        let own = sample.level;
        let at_level = |level: u32| {
            let most = |hash: u32| {
                let of_run = self.runs.get(&hash).into_iter().flatten();
                let fitting = of_run.filter(|(class, of, _)| *of <= level && class.vouches_for(rule));
                let counts = |(class, _, copies): &(Class, u32, u64)| {
                    if *class == Class::Furniture && rule == Rule::Boilerplate { u64::MAX } else { *copies }
                };
                fitting.map(counts).max().unwrap_or(0)
            };
            let mut copies: Vec<u64> = sample.at_level(level).map(most).collect();
            let count = copies.len();
            let enough = if level == own { count.div_ceil(2) } else { count.div_ceil(2) + count.isqrt() / 2 };
            if level > own && count < FEWEST {
                return 0;
            }
            // The least that so many of them reach.
            copies.sort_unstable_by(|one, other| other.cmp(one));
            enough.checked_sub(1).and_then(|at| copies.get(at)).copied().unwrap_or(0)
        };
        let higher = self.levels.iter().copied().filter(|level| *level > own);
        std::iter::once(own).chain(higher).map(at_level).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::runs::MOST;
    use super::*;
    use crate::hash::{Purpose, hash_run};
    use crate::text::Cutter;

    fn entry(text: &str, copies: u64) -> Entry {
        let sample = Sample::of([text], &mut Cutter::default());
        let first = sample.hashes.first().copied().unwrap_or(0);
        let id = hash_run(&[sample.hashes.len() as u32, first], Purpose::Text);
        Entry {
            id,
            rule: Rule::SharedPassage,
            copies,
            words: text.split(' ').count() as u32,
            text: text.to_owned(),
            sample,
        }
    }

    fn copies(baseline: &Baseline, text: &str) -> u64 {
        baseline.index().copies(Rule::SharedPassage, &Sample::of([text], &mut Cutter::default()))
    }

    /// So many words, each another one.
    fn words(range: std::ops::Range<u32>) -> String {
        range.map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_text_is_known_by_its_words() {
        let baseline = Baseline::of([entry(&words(0..40), 2)]);
        assert_eq!(copies(&baseline, &words(0..40)), 2);
        // Written otherwise, cut shorter, or with a word changed.
        assert_eq!(copies(&baseline, &words(0..40).to_uppercase().replace(' ', ",\n")), 2);
        assert_eq!(copies(&baseline, &words(3..17)), 2);
        assert_eq!(copies(&baseline, &words(0..40).replace("w20", "other")), 2);
        // Drawn out by as much again, or another one.
        assert_eq!(copies(&baseline, &words(0..70)), 2);
        assert_eq!(copies(&baseline, &words(0..90)), 0);
        assert_eq!(copies(&baseline, &words(40..80)), 0);
        // Whatever it is found as, but altered; of furniture that is known there may be any number.
        let sample = Sample::of([words(0..40).as_str()], &mut Cutter::default());
        let of_rule = |baseline: &Baseline, rule| baseline.index().copies(rule, &sample);
        assert_eq!(of_rule(&baseline, Rule::NearDuplicate), 2);
        assert_eq!(of_rule(&baseline, Rule::Boilerplate), 2);
        assert_eq!(of_rule(&baseline, Rule::AlteredQuote), 0);
        let furniture = Baseline::of([Entry { rule: Rule::Boilerplate, ..entry(&words(0..40), 2) }]);
        assert_eq!(of_rule(&furniture, Rule::SharedPassage), 2);
        assert_eq!(of_rule(&furniture, Rule::Boilerplate), u64::MAX);
        // Short ones, and nothing.
        for text in ["one", "one two", "one two three"] {
            assert_eq!(copies(&Baseline::of([entry(text, 3)]), text), 3, "{text}");
        }
        assert_eq!(copies(&Baseline::default(), "one two three"), 0);
    }

    #[test]
    fn long_texts_are_known_by_a_sample() {
        let long = entry(&words(0..100_000), 2);
        assert!((MOST / 3..=MOST).contains(&long.sample.hashes.len()), "{}", long.sample.hashes.len());
        let baseline = Baseline::of([long]);
        assert_eq!(copies(&baseline, &words(0..100_000)), 2);
        assert_eq!(copies(&baseline, &words(20_000..60_000)), 2);
        assert_eq!(copies(&baseline, &words(100_000..150_000)), 0);
    }

    #[test]
    fn two_known_passages_make_a_known_one() {
        let baseline = Baseline::of([entry(&words(0..20), 2), entry(&words(20..40), 5)]);
        assert_eq!(copies(&baseline, &words(0..40)), 2);
        assert_eq!(copies(&baseline, &words(18..40)), 5);
    }

    #[test]
    fn a_run_in_common_with_a_long_text_makes_nothing_known() {
        let baseline = Baseline::of([entry(&words(0..100_000), 2)]);
        for start in (0..90_000).step_by(900) {
            let text = format!("{} {}", words(start..start + 18), words(start + 200_000..start + 200_048));
            assert_eq!(copies(&baseline, &text), 0, "{start}");
        }
    }

    #[test]
    fn lines_are_needed_by_what_they_make_known() {
        let old = Baseline::of([entry(&words(0..100), 2), entry(&words(200..220), 4), entry(&words(300..340), 2)]);
        let samples = |texts: &[&str]| -> Vec<Sample> {
            texts.iter().map(|text| Sample::of([*text], &mut Cutter::default())).collect()
        };
        let needed = |texts: &[&str]| -> Vec<(u32, u64)> {
            let samples = samples(texts);
            let asked = samples.iter().map(|sample| (Rule::SharedPassage, sample, 2));
            let entries: Vec<&Entry> = old.entries().collect();
            old.needed(asked).into_iter().map(|(number, copies)| (entries[number].words, copies)).collect()
        };
        assert_eq!(needed(&[]), []);
        // What became of a long passage, of which a piece stands alone now, needs it; a phrase in common does not.
        assert_eq!(needed(&[&words(10..40)]), [(100, 2)]);
        assert_eq!(needed(&[&format!("{} {}", words(10..13), words(500..530))]), []);
        // Two lines make one text known.
        let mut both = needed(&[&format!("{} {}", words(0..20), words(200..220))]);
        both.sort_unstable();
        assert_eq!(both, [(20, 2), (100, 2)]);
    }

    #[test]
    fn what_is_damaged_is_told() {
        let good = Baseline::of([entry(&words(0..9), 2)]).write();
        let tell = |text: &str| Baseline::parse(text).unwrap_err().to_string();
        assert!(tell("").starts_with("line 1: this is no baseline"));
        assert!(tell("{\"a\":1}").starts_with("line 1: this is no baseline"));
        assert!(tell("{\"schema\":\"dittograph.baseline.v9\"}").contains("this version reads"));
        assert!(tell(&good.replace("\"copies\"", "\"copie\"")).starts_with("line 2: unknown field `copie`"));
        assert!(tell(&good.replace("\"level\":0", "\"level\":40")).starts_with("line 2: `id`, `level` or `runs`"));
        assert!(tell(&format!("{good}<<<<<<< ours\n")).starts_with("line 3: a merge left"));
        assert!(tell(&format!("<<<<<<< ours\n{good}||||||| base\n")).starts_with("line 1: a merge left"));
        assert_eq!(Baseline::parse(&format!("\u{feff}{good}")).unwrap().write(), good);
        assert!(Baseline::is_one(good.as_bytes()) && Baseline::is_one(b"{\"schema\":\"dittograph.baseline.v9\"}"));
        assert!(!Baseline::is_one(b"") && !Baseline::is_one(b"{\"schema\":\"dittograph.report.v1\"}"));
        // Lines may end as Windows has it, and blank lines are nothing.
        assert_eq!(Baseline::parse(&good.replace('\n', "\r\n\r\n")).unwrap().write(), good);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec(("[a-d ]{0,40}", 1u64..9), 0..9)) {
            let baseline = Baseline::of(texts.iter().map(|(text, copies)| entry(text, *copies)));
            let written = baseline.write();
            prop_assert_eq!(Baseline::parse(&written).unwrap(), baseline);
            let mut reversed: Vec<&str> = written.lines().skip(1).collect();
            reversed.reverse();
            let head = written.lines().next().unwrap();
            let reversed = std::iter::once(head).chain(reversed).collect::<Vec<_>>().join("\n");
            prop_assert_eq!(Baseline::parse(&reversed).unwrap().write(), written);
        }

        #[test]
        fn no_text_is_misread(text in any::<String>()) {
            let _ = Baseline::parse(&text);
            let _ = Baseline::parse(&format!("{{\"schema\":\"{SCHEMA}\"}}\n{text}"));
        }
    }
}
