//! Lexicon: near-equal words get one key, as near-equal sentences do.
//!
//! **Idea.** A typing error, a misread letter, a spelling of one's own makes a word that stands nowhere else. So
//! words are counted over the whole corpus, and a *rare* one (at most [`RARE`] times) that is [near](is_near) a
//! word that is more frequent, or as frequent, counts as that word while passages are looked for: anchors, chains
//! and alignments all see through the error at once, where it would break a run of words in two. Of several near
//! words the most frequent wins, of equals the one with the smaller fingerprint; a near word may itself be near
//! another, and then all count as the last one.
//!
//! **Evidence stays exact.** The words are [restored](restore) before anything is reported: identity, edits and ids
//! speak of the texts as they are. Whole documents are compared by exact words throughout.
//!
//! Words of fewer than [`SHORTEST`] letters have too many neighbours, and what holds a digit is a fact: neither is
//! touched.
//!
//! **Proposing**: two words with one edit between them have an equal form when the right letter is left out of each (or
//! of one). All such forms of all words are hashed, sorted and grouped, so no error is missed; comparing the letters
//! decides.
//!
//! **Cost.** O(letters of distinct words) a pass, since the hash of a form takes a step from that of the word; 4 bytes a
//! form, since an eighth of them is sorted at a time, and joined before; some 60 bytes a distinct word.
//!
//! **Source.** Mor, Fraenkel, *A hash code method for detecting and correcting spelling errors*, CACM 1982 (deletion
//! forms).
//!
//! **Gives up.** Two errors in one word, errors in short words, and errors that make another word of the language. In a
//! group of more than [`GROUP`] words with one form the most frequent are compared only.

use std::cmp::Reverse;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::document::Document;
use crate::hash::{Purpose, permute};
use crate::text::{Layout, fold_token, is_character};

/// Most occurrences of a word that may be an error.
const RARE: u32 = 2;
/// Fewest letters of a word that is looked at.
const SHORTEST: usize = 5;
/// Most letters of such a word.
const LONGEST: usize = 40;
/// Forms that are few enough to be sorted at once; more are sorted in [`PASSES`] passes.
const FORMS: usize = 1 << 16;
/// Passes by key range.
const PASSES: u64 = 8;
/// Words of one form that others are compared with.
const GROUP: usize = 32;

/// What was replaced: `(document, token, fingerprint)`.
pub(crate) type Replaced = Vec<(u32, u32, u32)>;

/// A distinct word: how often it occurs, and its first and last place.
#[derive(Debug, Clone, Copy)]
struct Word {
    fingerprint: u32,
    count: u32,
    first: (u32, u32),
    last: (u32, u32),
}

impl Word {
    /// Of near words the greatest is the one that the others count as.
    fn rank(&self) -> (u32, Reverse<u32>) {
        (self.count, Reverse(self.fingerprint))
    }
}

/// Gives rare words the fingerprint of the frequent word that they are near.
#[inline(never)] // counted by itself
pub(crate) fn merge(documents: &[Document], layouts: &mut [Layout]) -> Replaced {
    let words = count_words(layouts);
    let spellings = Spellings::of(&words, documents, layouts);
    let passes = if spellings.letters + words.len() > FORMS { PASSES } else { 1 };
    // For each word, the word that it counts as.
    let mut target: Vec<u32> = (0..words.len() as u32).collect();
    for pass in 0..passes {
        for (word, near) in propose(&words, &spellings, pass, passes) {
            let known = target[word as usize];
            if known == word || words[near as usize].rank() > words[known as usize].rank() {
                target[word as usize] = near;
            }
        }
    }
    let mut replaced = Replaced::new();
    for (index, word) in words.iter().enumerate() {
        let mut last = index;
        while target[last] as usize != last {
            last = target[last] as usize;
        }
        if last == index {
            continue;
        }
        for (document, token) in [word.first, word.last] {
            let fingerprint = &mut layouts[document as usize].fingerprints[token as usize];
            // A word that stands once has one place.
            if *fingerprint == word.fingerprint {
                replaced.push((document, token, word.fingerprint));
                *fingerprint = words[last].fingerprint;
            }
        }
    }
    replaced
}

/// Puts the words back.
pub(crate) fn restore(layouts: &mut [Layout], replaced: Replaced) {
    for (document, token, fingerprint) in replaced {
        layouts[document as usize].fingerprints[token as usize] = fingerprint;
    }
}

/// All distinct words, by fingerprint.
fn count_words(layouts: &[Layout]) -> Vec<Word> {
    let merge = |known: &mut Word, word: Word| {
        known.count += word.count;
        known.first = known.first.min(word.first);
        known.last = known.last.max(word.last);
    };
    // One map a thread, not one for each piece of work that rayon makes.
    let share = layouts.len().div_ceil(rayon::current_num_threads()).max(1);
    let counts = layouts
        .par_chunks(share)
        .enumerate()
        .map(|(chunk, layouts)| {
            let mut counts: AHashMap<u32, Word> = AHashMap::new();
            for (document, layout) in layouts.iter().enumerate() {
                for (token, fingerprint) in layout.fingerprints.iter().enumerate() {
                    if !is_character(*fingerprint) {
                        let place = ((chunk * share + document) as u32, token as u32);
                        let word = Word { fingerprint: *fingerprint, count: 1, first: place, last: place };
                        counts.entry(*fingerprint).and_modify(|known| merge(known, word)).or_insert(word);
                    }
                }
            }
            counts
        })
        .reduce(AHashMap::new, |one, other| {
            let (mut large, small) = if one.len() < other.len() { (other, one) } else { (one, other) };
            small.into_values().for_each(|word| {
                large.entry(word.fingerprint).and_modify(|known| merge(known, word)).or_insert(word);
            });
            large
        });
    let mut words: Vec<Word> = counts.into_values().collect();
    words.par_sort_unstable_by_key(|word| word.fingerprint);
    words
}

/// The letters of all words, folded; of a word that is not looked at, none.
struct Spellings {
    all: String,
    /// Where those of each word end.
    ends: Vec<usize>,
    /// How many letters there are.
    letters: usize,
}

impl Spellings {
    fn of(words: &[Word], documents: &[Document], layouts: &[Layout]) -> Self {
        let share = words.len().div_ceil(8 * rayon::current_num_threads()).max(1);
        let parts: Vec<(String, Vec<usize>, usize)> = words
            .par_chunks(share)
            .map(|words| {
                let (mut all, mut ends, mut letters) = (String::new(), Vec::with_capacity(words.len()), 0);
                for word in words {
                    if let Some((spelling, count)) = spell(documents, layouts, word) {
                        all.push_str(&spelling);
                        letters += count;
                    }
                    ends.push(all.len());
                }
                (all, ends, letters)
            })
            .collect();
        let mut spellings = Spellings { all: String::new(), ends: Vec::with_capacity(words.len()), letters: 0 };
        spellings.all.reserve_exact(parts.iter().map(|(all, ..)| all.len()).sum());
        for (all, ends, letters) in parts {
            let start = spellings.all.len();
            spellings.all.push_str(&all);
            spellings.ends.extend(ends.into_iter().map(|end| start + end));
            spellings.letters += letters;
        }
        spellings
    }

    /// The letters of a word.
    fn letters(&self, word: usize) -> impl Iterator<Item = char> {
        let start = if word == 0 { 0 } else { self.ends[word - 1] };
        self.all[start..self.ends[word]].chars()
    }
}

/// The folded letters of a word and their number, if it has neither too few nor too many and nothing else.
fn spell(documents: &[Document], layouts: &[Layout], word: &Word) -> Option<(String, usize)> {
    let (document, token) = (word.first.0 as usize, word.first.1 as usize);
    let text = &documents[document].text;
    let span = layouts[document].token_span(text, token);
    let token = &text[span.start as usize..span.end as usize];
    if token.len() < SHORTEST || token.len() > 4 * LONGEST {
        return None;
    }
    let spelling = fold_token(token);
    let letters = spelling.chars().count();
    let is_plain = (SHORTEST..=LONGEST).contains(&letters) && spelling.chars().all(char::is_alphabetic);
    is_plain.then_some((spelling, letters))
}

/// What the polynomial of a form's letters is evaluated at: odd, without a pattern.
const BASE: u64 = 0x9fb2_1c65_1e98_df25;

/// Calls `take` with the hash of a word and of each form of it that lacks one letter: a polynomial over the letters, put
/// together of what stands before the gap and what stands behind it.
fn each_form(letters: &[char], mut take: impl FnMut(u64)) {
    let add = |sum: u64, letter: char| sum.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1);
    let whole = letters.iter().fold(0, |sum, letter| add(sum, *letter));
    take(permute(whole, Purpose::Word as u64));
    // From the last letter on: the sum of those behind the gap, and the power that those before it are raised by.
    let (mut behind, mut power) = (0u64, 1u64);
    let mut before = whole;
    for letter in letters.iter().rev() {
        // The polynomial of the letters up to this one is that of the letters before it, times BASE, and this one.
        before = before.wrapping_sub(u64::from(*letter) + 1).wrapping_mul(INVERSE);
        take(permute(before.wrapping_mul(power).wrapping_add(behind), Purpose::Word as u64));
        behind = behind.wrapping_add((u64::from(*letter) + 1).wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
}

/// `BASE * INVERSE` is 1: five steps of Newton's from a first guess that has three bits right.
const INVERSE: u64 = {
    let mut inverse = BASE;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(BASE.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
};

/// Rare words with a near word of higher rank, as `(word, near word)`, of the forms of one pass.
fn propose(words: &[Word], spellings: &Spellings, pass: u64, passes: u64) -> Vec<(u32, u32)> {
    let share = words.len().div_ceil(8 * rayon::current_num_threads()).max(1);
    let parts: Vec<Vec<(u64, u32)>> = (0..words.len())
        .into_par_iter()
        .step_by(share)
        .map(|start| {
            let (mut forms, mut letters) = (Vec::new(), Vec::new());
            for word in start..(start + share).min(words.len()) {
                letters.clear();
                letters.extend(spellings.letters(word));
                if !letters.is_empty() {
                    each_form(&letters, |key| {
                        if key % passes == pass {
                            forms.push((key, word as u32));
                        }
                    });
                }
            }
            forms
        })
        .collect();
    let mut forms = parts.concat();
    drop(parts);
    forms.par_sort_unstable();
    forms.dedup();
    let groups: Vec<&[(u64, u32)]> = forms
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|group| group.len() > 1 && group.iter().any(|(_, word)| words[*word as usize].count <= RARE))
        .collect();
    let mut near: Vec<(u32, u32)> = groups
        .into_par_iter()
        .flat_map_iter(|group| {
            let mut members: Vec<u32> = group.iter().map(|(_, word)| *word).collect();
            members.sort_unstable_by_key(|word| Reverse(words[*word as usize].rank()));
            let spelled: Vec<Vec<char>> =
                members.iter().map(|word| spellings.letters(*word as usize).collect()).collect();
            let find = |at: usize| {
                let better = (0..at.min(GROUP)).find(|other| is_near(&spelled[at], &spelled[*other]))?;
                Some((members[at], members[better]))
            };
            let rare = (0..members.len()).filter(|at| words[members[*at] as usize].count <= RARE);
            rare.filter_map(find).collect::<Vec<_>>()
        })
        .collect();
    near.par_sort_unstable();
    near.dedup();
    near
}

/// Whether one edit makes one word of the other: a letter put in, left out or replaced, or two neighbours that change
/// places.
fn is_near(one: &[char], other: &[char]) -> bool {
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - tail], &other[..other.len() - tail]) {
        ([] | [_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lay_out;
    use proptest::prelude::*;

    fn merged(texts: &[&str]) -> (Vec<Layout>, Vec<Layout>, Replaced) {
        let documents: Vec<Document> = texts.iter().map(|text| Document::of_text(text)).collect();
        let exact: Vec<Layout> = texts.iter().map(|text| lay_out(text)).collect();
        let mut layouts = exact.clone();
        let replaced = merge(&documents, &mut layouts);
        (exact, layouts, replaced)
    }

    #[test]
    fn errors_count_as_the_word_that_was_meant() {
        let (exact, mut layouts, replaced) = merged(&[
            "The committee met. The committee left. The committee again, and 12345.",
            "The comnittee met; the commitee left, the comimttee too, and 12346 houses. A house.",
        ]);
        let word = |number: usize, token: usize| layouts[number].fingerprints[token];
        for error in [1, 4, 7] {
            assert_eq!(word(1, error), word(0, 1), "token {error}");
        }
        // A number is a fact; of two words that stand once, one counts as the other.
        assert_ne!(word(1, 10), word(0, 10));
        assert_eq!(word(1, 11), word(1, 13));
        restore(&mut layouts, replaced);
        assert_eq!(layouts, exact);
    }

    /// The nearest words by comparing all with all.
    fn merge_naively(words: &[String]) -> Vec<Option<String>> {
        let counts = |word: &String| words.iter().filter(|other| *other == word).count() as u32;
        let rank = |word: &String| (counts(word), Reverse(crate::text::fingerprint(word, false)));
        let spelled = |word: &String| word.chars().collect::<Vec<char>>();
        words
            .iter()
            .map(|word| {
                let mut last = word.clone();
                loop {
                    let next = words
                        .iter()
                        .filter(|other| counts(&last) <= RARE && rank(other) > rank(&last))
                        .filter(|other| is_near(&spelled(&last), &spelled(other)))
                        .max_by_key(|other| rank(other));
                    match next {
                        Some(next) => last = next.clone(),
                        None => return (last != *word).then_some(last),
                    }
                }
            })
            .collect()
    }

    #[test]
    fn forms_are_hashed_as_words_of_their_own() {
        let hash = |word: &[char]| {
            let mut first = None;
            each_form(word, |key| _ = first.get_or_insert(key));
            first.unwrap_or_default()
        };
        let word: Vec<char> = "größeren".chars().collect();
        let mut found = Vec::new();
        each_form(&word, |key| found.push(key));
        let without = |at: usize| [&word[..at], &word[at + 1..]].concat();
        let expected: Vec<u64> = (0..word.len()).rev().map(|at| hash(&without(at))).collect();
        assert_eq!((found[0], &found[1..]), (hash(&word), expected.as_slice()));
    }

    proptest! {
        #[test]
        fn merging_equals_the_naive_search(words in prop::collection::vec("[ab]{5,7}", 1..40)) {
            let text = words.join(" ");
            let (exact, layouts, _) = merged(&[text.as_str()]);
            for (at, near) in merge_naively(&words).into_iter().enumerate() {
                let expected = near.map_or(exact[0].fingerprints[at], |near| crate::text::fingerprint(&near, false));
                prop_assert_eq!(layouts[0].fingerprints[at], expected, "{}", words[at]);
            }
        }
    }
}
