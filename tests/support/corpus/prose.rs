//! Sentences, headlines and stories in the invented language, of a length to order.
//!
//! A grammar of phrases (noun, verb, preposition, clause, attribution) gives the shape of news: names that come back
//! within a story, quotations with a cue, figures, possessives, hyphenated words, abbreviations with a point inside a
//! sentence. Words are kept apart from the marks around them, so that an edit of words leaves a sentence well-formed.

use super::language::{Language, capitalise};
use super::random::Random;

/// A word and the marks that lean on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) before: &'static str,
    pub(crate) text: String,
    pub(crate) after: &'static str,
}

impl Word {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Word { before: "", text: text.into(), after: "" }
    }
}

/// Words with a mark at the end (none for a headline).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) words: Vec<Word>,
    pub(crate) end: &'static str,
}

/// What a story is about: the words and names that come back in it.
pub(crate) struct Topic {
    words: Vec<String>,
    people: Vec<[String; 2]>,
    places: Vec<String>,
}

impl Topic {
    pub(crate) fn new(language: &Language, random: &mut Random) -> Self {
        let words = (0..30).map(|_| language.word(random).to_owned()).collect();
        let people = (0..random.between(2, 5))
            .map(|_| [language.name(random).to_owned(), language.name(random).to_owned()])
            .collect();
        let places = (0..3).map(|_| language.name(random).to_owned()).collect();
        Topic { words, people, places }
    }
}

impl Sentence {
    /// The sentence as text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        for (index, word) in self.words.iter().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(word.before);
            text.push_str(&word.text);
            text.push_str(word.after);
        }
        text.push_str(self.end);
        text
    }
}

const DETERMINERS: [&str; 16] = [
    "the", "the", "the", "the", "the", "a", "a", "a", "its", "their", "this", "some", "another", "several", "his",
    "each",
];
const PREPOSITIONS: [&str; 18] = [
    "of", "of", "of", "in", "in", "to", "for", "on", "with", "at", "from", "after", "over", "under", "near", "during",
    "between", "against",
];
const AUXILIARIES: [&str; 12] =
    ["has", "had", "was", "were", "will", "would", "could", "may", "should", "is", "must", "can"];
const CONNECTIVES: [&str; 9] = ["while", "but", "because", "which", "although", "and", "after", "when", "so"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ABBREVIATIONS: [&str; 5] = ["Mr.", "Dr.", "U.S.", "St.", "Gen."];

/// Writes prose on one topic.
pub(crate) struct Writer<'a> {
    pub(crate) language: &'a Language,
    pub(crate) topic: Topic,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(language: &'a Language, random: &mut Random) -> Self {
        Writer { language, topic: Topic::new(language, random) }
    }

    fn content(&self, random: &mut Random) -> String {
        if random.chance(1, 5) { random.pick(&self.topic.words) } else { self.language.word(random).to_owned() }
    }

    fn person(&self, random: &mut Random) -> [String; 2] {
        if random.chance(1, 2) {
            random.pick(&self.topic.people)
        } else {
            [self.language.name(random).to_owned(), self.language.name(random).to_owned()]
        }
    }

    fn noun_phrase(&self, random: &mut Random) -> Vec<Word> {
        let mut words = Vec::new();
        match random.below(12) {
            0 | 1 => {
                let [first, last] = self.person(random);
                if random.chance(1, 12) {
                    words.push(Word::plain(random.pick(&ABBREVIATIONS)));
                } else {
                    words.push(Word::plain(first));
                }
                words.push(Word::plain(last));
            }
            2 => {
                let place = random.pick(&self.topic.places);
                words.push(Word::plain(format!("{place}’s")));
                words.push(Word::plain(self.content(random)));
            }
            3 => {
                words.push(Word::plain(figure(random)));
                words.push(Word::plain(self.content(random)));
            }
            4 => {
                words.push(Word::plain(random.pick(&DETERMINERS)));
                words.push(Word::plain(format!("{}-{}", self.content(random), self.content(random))));
                words.push(Word::plain(self.content(random)));
            }
            5..=8 => {
                words.push(Word::plain(random.pick(&DETERMINERS)));
                words.push(Word::plain(self.content(random)));
                words.push(Word::plain(self.content(random)));
            }
            _ => {
                words.push(Word::plain(random.pick(&DETERMINERS)));
                words.push(Word::plain(self.content(random)));
            }
        }
        words
    }

    fn verb_phrase(&self, random: &mut Random) -> Vec<Word> {
        let mut words = Vec::new();
        if random.chance(2, 5) {
            words.push(Word::plain(random.pick(&AUXILIARIES)));
        }
        words.push(Word::plain(self.content(random)));
        if random.chance(2, 3) {
            words.extend(self.noun_phrase(random));
        }
        words
    }

    fn further_phrase(&self, random: &mut Random) -> Vec<Word> {
        match random.below(10) {
            0 => vec![Word::plain("on"), Word::plain(random.pick(&DAYS))],
            1 => {
                let mut words = vec![Word::plain(random.pick(&CONNECTIVES))];
                words.extend(self.noun_phrase(random));
                words.extend(self.verb_phrase(random));
                words
            }
            2 => {
                let mut words = vec![Word::plain("and")];
                words.extend(self.verb_phrase(random));
                words
            }
            _ => {
                let mut words = vec![Word::plain(random.pick(&PREPOSITIONS))];
                words.extend(self.noun_phrase(random));
                words
            }
        }
    }

    /// Exactly `length` words of running text, with commas here and there.
    fn run(&self, length: usize, random: &mut Random) -> Vec<Word> {
        let mut words = Vec::new();
        words.extend(self.noun_phrase(random));
        words.extend(self.verb_phrase(random));
        words.truncate(length);
        let mut attempts = 0;
        let mut names_day = false;
        while words.len() < length {
            let mut phrase = self.further_phrase(random);
            // One day is enough for a sentence.
            let is_day = phrase.len() == 2 && DAYS.contains(&phrase[1].text.as_str());
            if is_day && std::mem::replace(&mut names_day, true) {
                continue;
            }
            if words.len() + phrase.len() > length {
                attempts += 1;
                if attempts < 4 {
                    continue;
                }
                phrase = vec![Word::plain(self.content(random))];
            }
            if random.chance(1, 6)
                && let Some(last) = words.last_mut()
            {
                last.after = random.pick(&[",", ",", ",", ",", ";", " –"]);
            }
            words.append(&mut phrase);
        }
        words
    }

    /// A sentence of exactly `length` words (6 and more), one in six of them a quotation with its cue.
    pub(crate) fn sentence_of(&self, length: usize, random: &mut Random) -> Sentence {
        if length >= 10 && random.chance(1, 6) {
            return self.quotation(length, random);
        }
        let mut words = self.run(length, random);
        if length >= 12 && random.chance(1, 10) {
            let from = random.between(3, length - 6);
            words[from].before = "“";
            words[from + random.between(1, 3)].after = "”";
        }
        begin_upper(&mut words);
        let end = if random.chance(1, 30) { "?" } else { "." };
        Sentence { words, end }
    }

    fn quotation(&self, length: usize, random: &mut Random) -> Sentence {
        let [first, last] = self.person(random);
        let mut cue = vec![Word::plain(last), Word::plain("said")];
        if random.chance(1, 2) {
            cue.insert(0, Word::plain(first));
        }
        if random.chance(1, 2) {
            cue.rotate_right(1);
        }
        let mut words = self.run(length - cue.len(), random);
        begin_upper(&mut words);
        if let Some(opening) = words.first_mut() {
            opening.before = "“";
        }
        if let Some(closing) = words.last_mut() {
            closing.after = ",”";
        }
        words.append(&mut cue);
        Sentence { words, end: "." }
    }

    /// A sentence of 6 to 35 words, 20 in the mean.
    pub(crate) fn sentence(&self, random: &mut Random) -> Sentence {
        let length = random.between(3, 17) + random.between(3, 18);
        self.sentence_of(length, random)
    }

    /// A headline of 5 to 10 words, most of them capitalised, without a mark at its end.
    pub(crate) fn headline(&self, random: &mut Random) -> Sentence {
        let length = random.between(5, 10);
        let mut words = self.run(length, random);
        for word in &mut words {
            word.after = "";
            if word.text.len() > 3 {
                word.text = capitalise(&word.text);
            }
        }
        begin_upper(&mut words);
        Sentence { words, end: "" }
    }
}

fn figure(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{}.{}", random.between(1, 99), random.between(0, 9)),
        1 => format!("{},{:03}", random.between(1, 999), random.between(0, 999)),
        2 => random.between(2, 999).to_string(),
        _ => format!("{}", random.between(1950, 2024)),
    }
}

/// Puts the first word in upper case, as at the start of a sentence.
pub(crate) fn begin_upper(words: &mut [Word]) {
    if let Some(first) = words.first_mut() {
        first.text = capitalise(&first.text);
    }
}
