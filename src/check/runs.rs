//! Runs: the words of a text as hashes of all its runs of three tokens, by which two texts are told to have words in common.
//!
//! Of a long text a **sample** is kept: the hashes that begin with `level` zero bits, [`MOST`] at most. As levels are
//! nested, two samples can be compared at the higher of their levels, where both have all hashes that there are.
//!
//! **Cost.** Linear in the text. **Gives up.** Where in its text a run stands; runs that share their 32 bits of hash.
//!
//! **Source.** Samples by a modulus of the hash: Manber 1994; nested levels: Gibbons 2001.

use crate::hash::{Purpose, hash_run};
use crate::text::Cutter;

/// Tokens of a run.
const RUN: usize = 3;
/// Hashes kept of a text at most.
pub(super) const MOST: usize = 1024;

/// Hashes of the runs of a text, all that begin with so many zero bits; ascending, each once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Sample {
    pub(super) level: u32,
    pub(super) hashes: Vec<u32>,
}

impl Sample {
    /// The sample of some texts, all their runs together.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>, cutter: &mut Cutter) -> Self {
        let mut sample = Sample::default();
        for text in texts {
            let level = sample.level;
            let kept = hashes(cutter.tokens(text)).filter(|hash| hash.leading_zeros() >= level);
            sample.hashes.extend(kept);
            sample.hashes.sort_unstable();
            sample.hashes.dedup();
            while sample.hashes.len() > MOST {
                sample.level += 1;
                sample.hashes.retain(|hash| hash.leading_zeros() >= sample.level);
            }
        }
        sample
    }

    /// Without what only one of some texts has; all of it, if one of them would lose more than a third of its runs.
    pub(super) fn shared<'t>(mut self, texts: impl IntoIterator<Item = &'t str>, cutter: &mut Cutter) -> Self {
        let mut texts_of = vec![0u32; self.hashes.len()];
        let mut runs_of: Vec<Vec<usize>> = Vec::new();
        for text in texts {
            let found = hashes(cutter.tokens(text)).filter_map(|hash| self.hashes.binary_search(&hash).ok());
            let mut found: Vec<usize> = found.collect();
            found.sort_unstable();
            found.dedup();
            found.iter().for_each(|at| texts_of[*at] += 1);
            runs_of.push(found);
        }
        let is_shared = |at: &usize| texts_of[*at] > 1;
        if runs_of.iter().all(|runs| runs.iter().copied().filter(is_shared).count() * 3 >= runs.len() * 2) {
            let mut at = 0..;
            self.hashes.retain(|_| at.next().is_some_and(|at| is_shared(&at)));
        }
        self
    }

    /// Those of its hashes that a level keeps, which is no lower than its own.
    pub(super) fn at_level(&self, level: u32) -> impl Iterator<Item = u32> + Clone {
        self.hashes.iter().copied().filter(move |hash| hash.leading_zeros() >= level)
    }
}

/// The hashes of all runs of a text, in order; a text that is shorter than a run is one.
pub(super) fn hashes(tokens: &[u32]) -> impl Iterator<Item = u32> {
    let short = Some(tokens).filter(|tokens| (1..RUN).contains(&tokens.len()));
    tokens.windows(RUN).chain(short).map(|run| (hash_run(run, Purpose::Finding) >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_are_one_run() {
        let mut cutter = Cutter::default();
        let mut runs = |text: &str| hashes(cutter.tokens(text)).count();
        assert_eq!(["", "one", "one two", "one two three", "one two three four"].map(&mut runs), [0, 1, 1, 1, 2]);
    }

    #[test]
    fn what_two_texts_have_in_common_is_kept() {
        let mut cutter = Cutter::default();
        let common = (0..40).map(|number| format!("c{number}")).collect::<Vec<_>>().join(" ");
        let with = |name: &str, own: u32| {
            let own: Vec<String> = (0..own).map(|number| format!("{name}{number}")).collect();
            format!("{common} {}", own.join(" "))
        };
        let shared = |texts: [&str; 3], cutter: &mut Cutter| Sample::of(texts, cutter).shared(texts, cutter);
        let (one, other, third) = (with("a", 15), with("b", 5), with("c", 0));
        assert_eq!(shared([&one, &other, &third], &mut cutter), Sample::of([common.as_str()], &mut cutter));
        // What has too much of its own, or nothing in common, would not be known any more.
        let own = with("d", 30);
        let all = Sample::of([&own, &other, &third].map(String::as_str), &mut cutter);
        assert_eq!(shared([&own, &other, &third], &mut cutter), all);
    }

    proptest! {
        #[test]
        fn samples_are_nested(words in prop::collection::vec(0u32..9000, 0..6000), level in 0u32..12) {
            let text = words.iter().map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ");
            let mut cutter = Cutter::default();
            let sample = Sample::of([text.as_str()], &mut cutter);
            // The twin: all runs, of which those are kept that begin with so many zeros.
            let all: BTreeSet<u32> = hashes(cutter.tokens(&text)).collect();
            let level = level.max(sample.level);
            let expected: Vec<u32> = all.iter().copied().filter(|hash| u64::from(*hash) >> (32 - level) == 0).collect();
            prop_assert_eq!(sample.at_level(level).collect::<Vec<u32>>(), expected);
            let below = sample.level.saturating_sub(1);
            prop_assert!(sample.level == 0 || all.iter().filter(|hash| hash.leading_zeros() >= below).count() > MOST);
        }
    }
}
