//! An invented language: 60,000 pronounceable words and 12,000 names, used as often as a Zipf-Mandelbrot law says.
//!
//! Real text would bring its own repetition, which nobody has marked; words drawn evenly would make every word rare
//! and every shared word a give-away. Here the commonest content word makes some 1 % of the content words and half of
//! the vocabulary is hardly ever seen, as in a newspaper; function words are real English ones.

use ahash::AHashSet;

use super::random::Random;

const WORDS: usize = 60_000;
const NAMES: usize = 12_000;
/// The offset of the law: flattens its head, where function words would stand.
const OFFSET: u64 = 12;

/// Plain sounds first: what comes early is drawn more often.
const ONSETS: [&str; 42] = [
    "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "ch", "cl", "cr",
    "dr", "fl", "fr", "gl", "gr", "pl", "pr", "qu", "sc", "sh", "sk", "sl", "sm", "sn", "sp", "st", "str", "th", "tr",
    "y",
];
const NUCLEI: [&str; 14] = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ea", "oo", "ou", "au"];
const CODAS: [&str; 16] = ["n", "r", "l", "s", "t", "m", "nd", "nt", "rk", "st", "ck", "ll", "rd", "mp", "rn", "p"];
const ENDINGS: [&str; 14] = ["", "", "", "", "s", "s", "ing", "ed", "er", "ly", "tion", "al", "ment", "ity"];
const NAME_ENDINGS: [&str; 10] = ["", "", "son", "ov", "ini", "ez", "a", "o", "man", "berg"];

/// Words of the function class, and all others that the grammar of [`prose`](super::prose) writes by itself.
pub(crate) const FUNCTION_WORDS: [&str; 96] = [
    "a",
    "about",
    "according",
    "across",
    "after",
    "against",
    "all",
    "although",
    "among",
    "an",
    "and",
    "another",
    "any",
    "are",
    "around",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "behind",
    "being",
    "between",
    "but",
    "by",
    "can",
    "could",
    "did",
    "during",
    "each",
    "every",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "his",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "may",
    "more",
    "most",
    "must",
    "near",
    "no",
    "not",
    "of",
    "off",
    "on",
    "or",
    "our",
    "out",
    "over",
    "said",
    "several",
    "she",
    "should",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "told",
    "under",
    "until",
    "up",
    "was",
    "we",
    "were",
    "when",
    "where",
    "which",
    "while",
    "who",
    "will",
    "with",
    "within",
    "without",
    "would",
];

/// A vocabulary with its law of frequencies.
pub(crate) struct Language {
    words: Vec<String>,
    names: Vec<String>,
    word_weights: Vec<u64>,
    name_weights: Vec<u64>,
}

impl Language {
    /// The one language of all tests.
    pub(crate) fn new() -> Self {
        let mut random = Random::new(0x6c61_6e67_7561_6765);
        let mut taken: AHashSet<String> = FUNCTION_WORDS.iter().map(|word| (*word).to_owned()).collect();
        let words = invent(&mut random, WORDS, &ENDINGS, &mut taken);
        let names =
            invent(&mut random, NAMES, &NAME_ENDINGS, &mut taken).into_iter().map(|name| capitalise(&name)).collect();
        Language { words, names, word_weights: cumulate(WORDS), name_weights: cumulate(NAMES) }
    }

    /// A content word, the commoner the oftener.
    pub(crate) fn word(&self, random: &mut Random) -> &str {
        &self.words[draw(&self.word_weights, random)]
    }

    /// A content word of the rarer nine tenths of the vocabulary.
    pub(crate) fn rare_word(&self, random: &mut Random) -> &str {
        &self.words[random.between(WORDS / 10, WORDS - 1)]
    }

    /// A name of a person, place or body, capitalised.
    pub(crate) fn name(&self, random: &mut Random) -> &str {
        &self.names[draw(&self.name_weights, random)]
    }

    pub(crate) fn size(&self) -> usize {
        self.words.len() + self.names.len()
    }
}

fn invent(random: &mut Random, count: usize, endings: &[&str], taken: &mut AHashSet<String>) -> Vec<String> {
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        // The commoner a word, the shorter, as in a real language.
        let is_common = words.len() < count / 60;
        let syllables = if is_common { 1 } else { random.between(1, 2) + usize::from(random.chance(1, 4)) };
        let mut word = String::new();
        if random.chance(1, 10) {
            word.push_str(random.pick(&["a", "e", "o", "un", "re", "in"]));
        }
        for syllable in 1..=syllables {
            let onsets = if random.chance(2, 3) { &ONSETS[..18] } else { &ONSETS[..] };
            word.push_str(random.pick(onsets));
            word.push_str(random.pick(&NUCLEI));
            if random.chance(if syllable == syllables { 2 } else { 1 }, 4) {
                word.push_str(random.pick(&CODAS));
            }
        }
        if !is_common || random.chance(1, 3) {
            word.push_str(random.pick(endings));
        }
        if word.len() >= 3 && taken.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn cumulate(count: usize) -> Vec<u64> {
    let mut sum = 0;
    (0..count as u64)
        .map(|rank| {
            sum += 1_000_000_000 / (rank + OFFSET);
            sum
        })
        .collect()
}

fn draw(weights: &[u64], random: &mut Random) -> usize {
    let total = weights.last().copied().unwrap_or(0);
    let place = random.below(total);
    weights.partition_point(|&sum| sum <= place)
}

/// The word with its first character in upper case.
pub(crate) fn capitalise(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
