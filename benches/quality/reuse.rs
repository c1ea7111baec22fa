//! Pairs of documents that say the same, from the passages of a report.
//!
//! A passage puts each occurrence opposite its representative, word by word, and tells the edits. So two occurrences
//! say the same where neither has an edit; and what A shares with C in one passage and B shares with C in another, A
//! and B share where the two overlap in C. Equal words stay equal however many steps they take: words that the report
//! puts opposite each other, edits left out, are one *class*, and two documents have in common what lies in common
//! classes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Share of a document that another one says in the same words, from which it counts as reuse. The truth's border lies
/// between 0.20 and 0.30 of the words.
pub(crate) const REUSED: &str = "0.25";
/// Share from which a pair is listed at all, with its share as score.
const LISTED: f64 = 0.05;
/// Words of a stretch that counts, as in the truth.
const RUN: usize = 3;

/// Two documents, and how much of one the other says.
pub(crate) struct Pair<'a> {
    pub(crate) a: &'a str,
    pub(crate) b: &'a str,
    pub(crate) share: f64,
}

/// All pairs of which one document is covered to [`LISTED`] by stretches of [`RUN`] words and more that the other says
/// too.
pub(crate) fn pairs<'a>(findings: &[&Value], texts: &'a BTreeMap<String, String>) -> Vec<Pair<'a>> {
    let mut words = Words::of(texts);
    for finding in findings {
        words.join_occurrences(finding);
    }
    // The documents of each class, and from them the classes that two documents have in common.
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for word in 0..words.class.len() {
        let class = words.find(word);
        members.entry(class).or_default().push(word);
    }
    let mut common: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for class in members.values().filter(|class| class.len() > 1) {
        for (at, one) in class.iter().enumerate() {
            for other in &class[at + 1..] {
                let (a, b) = (words.document(*one), words.document(*other));
                if a != b {
                    common.entry((a, b)).or_default().push((*one, *other));
                }
            }
        }
    }
    let ids: Vec<&String> = texts.keys().collect();
    let pairs = common.into_iter().map(|((a, b), common)| {
        let share = |document: usize, count: usize| {
            let all = words.first[document + 1] - words.first[document];
            count as f64 / all.max(1) as f64
        };
        let (in_a, in_b) = count_in_runs(common);
        Pair { a: ids[a], b: ids[b], share: share(a, in_a).max(share(b, in_b)) }
    });
    pairs.filter(|pair| pair.share >= LISTED).collect()
}

/// How many words of both sides lie in runs of [`RUN`] and more that go on in step.
fn count_in_runs(mut pairs: Vec<(usize, usize)>) -> (usize, usize) {
    pairs.sort_unstable_by_key(|(one, other)| (other - one, *one));
    let in_step = |one: &(usize, usize), next: &(usize, usize)| (one.0 + 1, one.1 + 1) == *next;
    let runs: Vec<&[(usize, usize)]> = pairs.chunk_by(in_step).filter(|run| run.len() >= RUN).collect();
    let count = |side: fn(&(usize, usize)) -> usize| {
        let words: BTreeSet<usize> = runs.iter().flat_map(|run| run.iter().map(side)).collect();
        words.len()
    };
    (count(|pair| pair.0), count(|pair| pair.1))
}

/// The words of all documents, numbered through, and the class of each (a forest of parents).
struct Words<'a> {
    texts: Vec<&'a str>,
    number: BTreeMap<&'a str, usize>,
    /// The first word of each document, and one past the last of all.
    first: Vec<usize>,
    /// Byte ranges in their documents.
    spans: Vec<(usize, usize)>,
    class: Vec<usize>,
}

impl<'a> Words<'a> {
    fn of(texts: &'a BTreeMap<String, String>) -> Self {
        let mut words = Words {
            texts: texts.values().map(String::as_str).collect(),
            number: texts.keys().enumerate().map(|(number, id)| (id.as_str(), number)).collect(),
            first: vec![0],
            spans: Vec::new(),
            class: Vec::new(),
        };
        for text in texts.values() {
            let mut start = None;
            for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
                match (letter.is_alphanumeric(), start) {
                    (true, None) => start = Some(at),
                    (false, Some(begin)) => {
                        words.spans.push((begin, at));
                        start = None;
                    }
                    _ => {}
                }
            }
            words.first.push(words.spans.len());
        }
        words.class = (0..words.spans.len()).collect();
        words
    }

    fn document(&self, word: usize) -> usize {
        self.first.partition_point(|first| *first <= word) - 1
    }

    fn find(&mut self, mut word: usize) -> usize {
        while self.class[word] != word {
            self.class[word] = self.class[self.class[word]];
            word = self.class[word];
        }
        word
    }

    /// Joins the unedited words of each occurrence of a passage with those of its representative.
    fn join_occurrences(&mut self, finding: &Value) {
        let occurrences = finding["occurrences"].as_array().unwrap();
        let representative = &occurrences[finding["representative"].as_u64().unwrap() as usize];
        for occurrence in occurrences {
            if occurrence["count"] != 1 || std::ptr::eq(occurrence, representative) {
                continue;
            }
            let at = |value: &Value| value.as_u64().unwrap() as usize;
            let mut from = (at(&representative["start"]), at(&occurrence["start"]));
            let end = (at(&representative["end"]), at(&occurrence["end"]));
            for edit in occurrence["edits"].as_array().into_iter().flatten() {
                let (one, other) = (&edit["representative"], &edit["occurrence"]);
                let until = (at(&one[0]), at(&other[0]));
                self.join(representative, (from.0, until.0), occurrence, (from.1, until.1));
                from = (at(&one[1]), at(&other[1]));
            }
            self.join(representative, (from.0, end.0), occurrence, (from.1, end.1));
        }
    }

    /// Joins two stretches of equal tokens word by word. What is one word on one side may be two on the other (a word
    /// that a hyphen breaks): it goes with the first of them.
    fn join(&mut self, one: &Value, one_span: (usize, usize), other: &Value, other_span: (usize, usize)) {
        let [(document, ours), (their_document, theirs)] =
            [(one, one_span), (other, other_span)].map(|(occurrence, (start, end))| {
                let document = self.number[occurrence["document"].as_str().unwrap()];
                let words = self.first[document]..self.first[document + 1];
                let spans = &self.spans[words.clone()];
                let from = spans.partition_point(|span| span.0 < start);
                let until = spans.partition_point(|span| span.1 <= end).max(from);
                (document, words.start + from..words.start + until)
            });
        let fold = |words: &Words, document: usize, word: usize| {
            let (start, end) = words.spans[word];
            words.texts[document][start..end].to_lowercase()
        };
        let (mut word, mut their_word) = (ours.start, theirs.start);
        while word < ours.end && their_word < theirs.end {
            let (a, b) = (fold(self, document, word), fold(self, their_document, their_word));
            let (mut steps, mut their_steps) = (1, 1);
            if a != b {
                if word + 1 < ours.end && a + &fold(self, document, word + 1) == b {
                    steps = 2;
                } else if their_word + 1 < theirs.end
                    && b + &fold(self, their_document, their_word + 1) == fold(self, document, word)
                {
                    their_steps = 2;
                } else {
                    (word, their_word) = (word + 1, their_word + 1);
                    continue;
                }
            }
            let (class, their_class) = (self.find(word), self.find(their_word));
            self.class[class.max(their_class)] = class.min(their_class);
            (word, their_word) = (word + steps, their_word + their_steps);
        }
    }
}
