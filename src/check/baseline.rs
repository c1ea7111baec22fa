//! Baseline: the repetition that a team knows of and lives with.
//!
//! **Idea.** A finding is known by its words, not by where it stands: of each finding a baseline keeps hashes of the
//! runs of three tokens in all its places, and how many copies there were. Moving, renaming and reordering files changes neither. A new
//! copy raises the count. An edit takes away the few runs that it touches, and so does whatever cuts a passage
//! shorter, or in two. A finding is **known** if at least half of its runs stand in the baseline with as many copies as
//! there are now.
//!
//! Of a long text a sample is kept: the hashes that begin with `level` zero bits, 256 at most. As levels are nested,
//! two samples are compared at the higher of their levels, where both have all hashes that there are.
//!
//! **Format.** JSON Lines, UTF-8: a head (`{"schema": "dittograph.baseline.v1"}`), then one finding a line, ordered by id
//! and rule, so that two branches that add findings merge line by line. `id` and the beginning of the text (`text`) are
//! there for readers; only `copies`, `level` and `runs` (sorted 32-bit hashes, big-endian, in Base64 without padding)
//! decide anything, and whether a finding speaks of whole documents.
//!
//! **Cost.** Linear in the words of findings and baseline; a line has 1,400 bytes at most.
//!
//! **Gives up.** A passage of which more than half was rewritten in all of its copies is new. A passage put together of
//! two known ones that have as many copies is known.
//!
//! **Source.** Samples by a modulus of the hash: Manber 1994; nested levels: Gibbons 2001.

use std::collections::BTreeMap;

use ahash::AHashMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::finding::Rule;
use crate::hash::{Purpose, hash_run};
use crate::text::Cutter;

/// Tokens of a run.
const RUN: usize = 3;
/// Hashes kept of a finding at most.
const MOST: usize = 256;
/// The name of the format.
const SCHEMA: &str = "dittograph.baseline.v1";

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
    pub(crate) sample: Sample,
}

/// Hashes of the runs of a text, all that begin with so many zero bits; ascending, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sample {
    level: u32,
    hashes: Vec<u32>,
}

impl Sample {
    /// The sample of some texts, all their runs together.
    pub(crate) fn of<'t>(texts: impl IntoIterator<Item = &'t str>, cutter: &mut Cutter) -> Self {
        let mut sample = Sample::default();
        for text in texts {
            let tokens = cutter.tokens(text);
            let hash = |run: &[u32]| (hash_run(run, Purpose::Finding) >> 32) as u32;
            let level = sample.level;
            let is_kept = |hash: &u32| hash.leading_zeros() >= level;
            if tokens.len() < RUN {
                sample.hashes.extend(Some(hash(tokens)).filter(is_kept));
            } else {
                sample.hashes.extend(tokens.windows(RUN).map(hash).filter(is_kept));
            }
            sample.hashes.sort_unstable();
            sample.hashes.dedup();
            while sample.hashes.len() > MOST {
                sample = sample.at_level(sample.level + 1);
            }
        }
        sample
    }

    /// Those of its hashes that a higher level keeps.
    fn at_level(&self, level: u32) -> Self {
        let hashes = self.hashes.iter().copied().filter(|hash| hash.leading_zeros() >= level).collect();
        Sample { level, hashes }
    }
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

/// What is known, by id and rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    entries: BTreeMap<(u64, Rule), Entry>,
}

impl Baseline {
    /// A baseline of findings; of two with one id the one with more copies.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut baseline = Baseline::default();
        entries.into_iter().for_each(|entry| baseline.add(entry));
        baseline
    }

    fn add(&mut self, entry: Entry) {
        let known = self.entries.entry((entry.id, entry.rule)).or_insert_with(|| entry.clone());
        known.copies = known.copies.max(entry.copies);
    }

    /// How many findings it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Both baselines in one.
    #[must_use]
    pub fn with(mut self, other: Baseline) -> Self {
        other.entries.into_values().for_each(|entry| self.add(entry));
        self
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// If it is no baseline, of a format that is not known, or damaged: nothing is guessed.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
        let error = |line: usize, reason: String| BaselineError { line, reason };
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
            if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
                let reason = "a merge left its marks here: keep the lines of both sides, take the marks out".to_owned();
                return Err(error(number, reason));
            }
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

    /// An index for questions about findings.
    pub(crate) fn index(&self) -> Known<'_> {
        Known::of(self.entries.values())
    }

    /// This baseline with what findings have now: `update` keeps what is there and raises what grew, `prune` keeps only
    /// what is needed and raises nothing.
    #[must_use]
    pub fn update(self, now: &Baseline) -> Self {
        let news: Vec<Entry> = {
            let known = self.index();
            let is_new = |entry: &&Entry| known.copies(entry.rule, &entry.sample) < entry.copies;
            now.entries.values().filter(is_new).cloned().collect()
        };
        self.with(Baseline::of(news))
    }

    /// The lines that findings of now need, with no more copies than there are.
    #[must_use]
    pub fn prune(self, now: &Baseline) -> Self {
        let current = now.index();
        let kept = self.entries.values().filter_map(|entry| {
            // The most copies of anything that has a run of it.
            let needed = current.most_copies(entry.rule, &entry.sample)?;
            Some(Entry { copies: entry.copies.min(needed), ..entry.clone() })
        });
        Baseline::of(kept.collect::<Vec<Entry>>())
    }

    /// How many lines nothing needs.
    pub(crate) fn count_unneeded(&self, now: &Baseline) -> usize {
        let current = now.index();
        self.entries.values().filter(|entry| current.most_copies(entry.rule, &entry.sample).is_none()).count()
    }
}

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

/// Whether a rule speaks of whole documents.
fn is_whole(rule: Rule) -> bool {
    matches!(rule, Rule::NearDuplicate | Rule::Contained)
}

/// What is known of each run.
pub(crate) struct Known<'b> {
    entries: Vec<&'b Entry>,
    /// Which entries have a run, by its hash.
    holders: AHashMap<u32, Vec<u32>>,
}

impl<'b> Known<'b> {
    fn of(entries: impl Iterator<Item = &'b Entry>) -> Self {
        let entries: Vec<&Entry> = entries.collect();
        let mut holders: AHashMap<u32, Vec<u32>> = AHashMap::new();
        for (number, entry) in (0u32..).zip(&entries) {
            entry.sample.hashes.iter().for_each(|hash| holders.entry(*hash).or_default().push(number));
        }
        Known { entries, holders }
    }

    /// The entries that have a run, and speak of what a rule speaks of.
    fn holding(&self, rule: Rule, hash: u32) -> impl Iterator<Item = &'b Entry> {
        let holders = self.holders.get(&hash).into_iter().flatten();
        let entries = holders.filter_map(|number| self.entries.get(*number as usize).copied());
        entries.filter(move |entry| is_whole(entry.rule) == is_whole(rule))
    }

    /// How many copies of a text are known: as many as half of its runs have.
    pub(crate) fn copies(&self, rule: Rule, sample: &Sample) -> u64 {
        let levels = sample.hashes.iter().flat_map(|hash| self.holding(rule, *hash)).map(|entry| entry.sample.level);
        let level = levels.max().unwrap_or(0).max(sample.level);
        let common = sample.at_level(level);
        let most = |hash: &u32| self.holding(rule, *hash).map(|entry| entry.copies).max().unwrap_or(0);
        let mut copies: Vec<u64> = common.hashes.iter().map(most).collect();
        // The least that half of them reach.
        copies.sort_unstable_by(|one, other| other.cmp(one));
        copies.get((copies.len().max(1) - 1) / 2).copied().unwrap_or(0)
    }

    /// The most copies that any run of a text has; none if no run of it is there.
    fn most_copies(&self, rule: Rule, sample: &Sample) -> Option<u64> {
        sample.hashes.iter().flat_map(|hash| self.holding(rule, *hash)).map(|entry| entry.copies).max()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(text: &str, copies: u64) -> Entry {
        let sample = Sample::of([text], &mut Cutter::default());
        let id = hash_run(&[sample.hashes.len() as u32, sample.hashes[0]], Purpose::Text);
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
        // Of whole documents nothing is known by passages.
        let sample = Sample::of([words(0..40).as_str()], &mut Cutter::default());
        assert_eq!(baseline.index().copies(Rule::NearDuplicate, &sample), 0);
        // Short ones, and nothing.
        for text in ["", "one", "one two", "one two three"] {
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
    fn it_is_brought_up_to_date() {
        let old = Baseline::of([entry(&words(0..20), 2), entry(&words(50..70), 4), entry(&words(100..120), 2)]);
        let now = Baseline::of([entry(&words(0..20), 3), entry(&words(50..70), 3), entry(&words(200..220), 2)]);
        let updated = old.clone().update(&now);
        assert_eq!(
            updated,
            Baseline::of([
                entry(&words(0..20), 3),
                entry(&words(50..70), 4),
                entry(&words(100..120), 2),
                entry(&words(200..220), 2),
            ])
        );
        assert_eq!(old.count_unneeded(&now), 1);
        assert_eq!(old.prune(&now), Baseline::of([entry(&words(0..20), 2), entry(&words(50..70), 3)]));
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

        #[test]
        fn samples_are_nested(tokens in prop::collection::vec(0u32..5000, 0..3000), level in 0u32..12) {
            let text = tokens.iter().map(|token| format!("w{token}")).collect::<Vec<_>>().join(" ");
            let sample = Sample::of([text.as_str()], &mut Cutter::default());
            // The twin: all runs, of which those are kept that begin with so many zeros.
            let mut cutter = Cutter::default();
            let all: std::collections::BTreeSet<u32> = match cutter.tokens(&text) {
                few if few.len() < RUN => [(hash_run(few, Purpose::Finding) >> 32) as u32].into(),
                many => many.windows(RUN).map(|run| (hash_run(run, Purpose::Finding) >> 32) as u32).collect(),
            };
            let level = level.max(sample.level);
            let expected: Vec<u32> = all.iter().copied().filter(|hash| *hash as u64 >> (32 - level) == 0).collect();
            prop_assert_eq!(sample.at_level(level).hashes, expected);
            prop_assert!(sample.level == 0 || all.iter().filter(|hash| hash.leading_zeros() >= sample.level - 1).count() > MOST);
        }
    }
}
