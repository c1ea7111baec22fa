//! The corpus of the comparison: news-like stories in the invented language, some of them published again.
//!
//! Every document is a function of the seed and its place in the plan, so a corpus of any size is written as a stream
//! and is the same bytes on every machine. Words are letters only, parted by single blanks and, where a sentence or a
//! paragraph ends or a comma stands, by a mark that leans on the word before it; copies keep the marks and capitals of
//! what they copy. So whoever splits at blanks, at what is no letter, or by Unicode's rules sees the same sets of
//! 5-word sequences up to names, and no tool is wronged by another's notion of a word.

use std::io::{self, Write};

use crate::corpus::language::{FUNCTION_WORDS, Language, capitalise};
use crate::corpus::random::Random;

/// Documents of a hundred that belong to families of reprints, and to pairs just below the threshold.
const REPRINTED: usize = 15;
const BORDERING: usize = 2;

/// As many documents as a family has, the small ones oftener.
const SIZES: [usize; 16] = [2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 12, 20];

/// Function words as often as in English prose, roughly; the other half of them comes evenly from the whole list.
const COMMON: [&str; 16] =
    ["the", "the", "the", "the", "of", "of", "to", "to", "and", "and", "a", "a", "in", "in", "for", "was"];

/// Wordings that everybody uses, as "in a statement on the": unrelated texts share runs of words by chance, as in news.
const PHRASES: usize = 400;
/// One sentence in so many holds one.
const SENTENCES_PER_PHRASE: u64 = 25;

/// A document's place in the plan.
#[derive(Clone, Copy)]
enum Place {
    Unrelated(usize),
    Member { family: usize, copy: usize },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Reprints,
    /// Two documents whose resemblance is a little below 0.8.
    Border,
}

/// Documents made of one story.
pub(crate) struct Family {
    pub(crate) kind: Kind,
    /// The lines of its documents in the file, from 0, by copy.
    pub(crate) lines: Vec<usize>,
}

pub(crate) struct Corpus<'a> {
    seed: u64,
    language: &'a Language,
    phrases: Vec<Sentence<'a>>,
    places: Vec<Place>,
    pub(crate) families: Vec<Family>,
}

#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    has_comma: bool,
}

type Sentence<'a> = Vec<Word<'a>>;

/// A headline and paragraphs.
#[derive(Clone)]
struct Story<'a> {
    headline: Sentence<'a>,
    paragraphs: Vec<Vec<Sentence<'a>>>,
}

impl<'a> Corpus<'a> {
    /// Plans a corpus: which documents are related, and on which lines they stand.
    pub(crate) fn new(seed: u64, documents: usize, language: &'a Language) -> Self {
        let mut random = Random::new(seed);
        let mut families = Vec::new();
        let mut places = Vec::with_capacity(documents);
        for (kind, share) in [(Kind::Reprints, REPRINTED), (Kind::Border, BORDERING)] {
            let end = places.len() + documents * share / 100;
            while places.len() + 2 <= end {
                let size = if kind == Kind::Border { 2 } else { random.pick(&SIZES).min(end - places.len()) };
                places.extend((0..size).map(|copy| Place::Member { family: families.len(), copy }));
                families.push(Family { kind, lines: vec![0; size] });
            }
        }
        places.extend((places.len()..documents).map(Place::Unrelated));
        random.shuffle(&mut places);
        for (line, place) in places.iter().enumerate() {
            if let Place::Member { family, copy } = *place {
                families[family].lines[copy] = line;
            }
        }
        let mut corpus = Corpus { seed, language, phrases: Vec::new(), places, families };
        corpus.phrases = (0..PHRASES).map(|_| corpus.run(random.between(5, 9), &mut random)).collect();
        corpus
    }

    pub(crate) fn documents(&self) -> usize {
        self.places.len()
    }

    /// The lines of documents that have no relative.
    pub(crate) fn unrelated(&self) -> impl Iterator<Item = usize> {
        let lines = self.places.iter().enumerate();
        lines.filter(|(_, place)| matches!(place, Place::Unrelated(_))).map(|(line, _)| line)
    }

    /// The text of the document on a line.
    pub(crate) fn text(&self, line: usize) -> String {
        let mut text = String::with_capacity(6000);
        self.story(self.places[line]).render("\n\n", &mut text);
        text
    }

    /// Writes JSON Lines. The id of a document is the number of its line, from 0.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut text = String::with_capacity(6000);
        for (line, place) in self.places.iter().enumerate() {
            text.clear();
            // Nothing but letters, blanks, commas and points: nothing else has to be escaped.
            self.story(*place).render("\\n\\n", &mut text);
            writeln!(out, "{{\"id\":\"{line}\",\"text\":\"{text}\"}}")?;
        }
        Ok(())
    }

    fn story(&self, place: Place) -> Story<'a> {
        match place {
            Place::Unrelated(number) => self.fresh_story(&mut self.stream(0, number)),
            Place::Member { family, copy } => {
                let mut story = self.fresh_story(&mut self.stream(1, family));
                if copy > 0 {
                    let mut random = self.stream(2 + copy as u64, family);
                    match self.families[family].kind {
                        Kind::Reprints => self.change(&mut story, &mut random),
                        Kind::Border => {
                            let share = random.between(24, 40);
                            self.replace_words(&mut story, share, &mut random);
                        }
                    }
                }
                story
            }
        }
    }

    /// A stream of its own for every document.
    fn stream(&self, label: u64, number: usize) -> Random {
        Random::new(self.seed ^ (label << 32 | number as u64).wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    fn fresh_story(&self, random: &mut Random) -> Story<'a> {
        let length = random.between(200, 720);
        let headline = self.run(random.between(5, 10), random);
        let mut paragraphs = Vec::new();
        let mut words = headline.len();
        while words < length {
            let paragraph = self.paragraph(random);
            words += paragraph.iter().map(Vec::len).sum::<usize>();
            paragraphs.push(paragraph);
        }
        Story { headline, paragraphs }
    }

    fn paragraph(&self, random: &mut Random) -> Vec<Sentence<'a>> {
        (0..random.between(1, 4)).map(|_| self.sentence(random)).collect()
    }

    /// A sentence of 6 to 35 words, 20 in the mean, with a comma here and there.
    fn sentence(&self, random: &mut Random) -> Sentence<'a> {
        let length = random.between(3, 17) + random.between(3, 18);
        let mut words = self.run(length, random);
        if random.chance(1, SENTENCES_PER_PHRASE) {
            // The lower of two numbers: some wordings are commoner than others.
            let number = random.between(0, PHRASES - 1).min(random.between(0, PHRASES - 1));
            let phrase = &self.phrases[number];
            let at = random.between(0, length.saturating_sub(phrase.len()));
            for (word, of_phrase) in words[at..].iter_mut().zip(phrase) {
                *word = *of_phrase;
            }
        }
        for word in &mut words[2..length - 2] {
            word.has_comma = random.chance(1, 16);
        }
        words
    }

    /// Function words and content words in turns, never three function words together.
    fn run(&self, length: usize, random: &mut Random) -> Sentence<'a> {
        let mut words = Vec::with_capacity(length + 1);
        let mut functions = 0;
        while words.len() < length {
            let text = if functions < 2 && random.chance(9, 20) {
                functions += 1;
                if random.chance(1, 2) { random.pick(&COMMON) } else { random.pick(&FUNCTION_WORDS) }
            } else {
                functions = 0;
                if random.chance(1, 10) { self.language.name(random) } else { self.language.word(random) }
            };
            words.push(Word { text, has_comma: false });
        }
        words
    }

    /// One change that a second publisher makes, at times two.
    fn change(&self, story: &mut Story<'a>, random: &mut Random) {
        for _ in 0..if random.chance(1, 4) { 2 } else { 1 } {
            match random.below(6) {
                0 => {}
                1 => story.trim(random.between(1, 15)),
                2 => {
                    let paragraph = self.paragraph(random);
                    let at = if random.chance(1, 2) { 0 } else { story.paragraphs.len() };
                    story.paragraphs.insert(at, paragraph);
                }
                3 | 4 => {
                    let share = if random.chance(3, 4) { random.between(3, 20) } else { random.between(20, 100) };
                    self.replace_words(story, share, random);
                }
                _ => {
                    for _ in 0..random.between(1, 3) {
                        story.move_sentence(random);
                    }
                }
            }
        }
    }

    /// Puts rare words in the place of `share` words of a thousand, one at least.
    fn replace_words(&self, story: &mut Story<'a>, share: usize, random: &mut Random) {
        let mut words: Vec<&mut Word<'a>> = story.paragraphs.iter_mut().flatten().flatten().collect();
        let count = (words.len() * share / 1000).max(1);
        for place in random.sample(words.len(), count) {
            words[place].text = self.language.rare_word(random);
        }
    }
}

impl Story<'_> {
    /// Cuts `share` words of a hundred off the end, in whole sentences: the last that it would cut into is cut too.
    fn trim(&mut self, share: usize) {
        let all: usize = self.paragraphs.iter().flatten().map(Vec::len).sum();
        let mut cut = 0;
        while cut * 100 < all * share
            && let Some(last) = self.paragraphs.last_mut()
        {
            cut += last.pop().map_or(0, |sentence| sentence.len());
            if last.is_empty() {
                self.paragraphs.pop();
            }
        }
    }

    /// Takes a sentence out and puts it at the end of another paragraph.
    fn move_sentence(&mut self, random: &mut Random) {
        let from = random.between(0, self.paragraphs.len() - 1);
        let to = random.between(0, self.paragraphs.len() - 1);
        if from != to && self.paragraphs[from].len() > 1 {
            let at = random.between(0, self.paragraphs[from].len() - 1);
            let sentence = self.paragraphs[from].remove(at);
            self.paragraphs[to].push(sentence);
        }
    }

    fn render(&self, between: &str, text: &mut String) {
        render_sentence(&self.headline, text);
        for paragraph in &self.paragraphs {
            for (index, sentence) in paragraph.iter().enumerate() {
                text.push_str(if index == 0 { between } else { " " });
                render_sentence(sentence, text);
                text.push('.');
            }
        }
    }
}

fn render_sentence(sentence: &[Word<'_>], text: &mut String) {
    for (index, word) in sentence.iter().enumerate() {
        if index == 0 {
            text.push_str(&capitalise(word.text));
        } else {
            text.push(' ');
            text.push_str(word.text);
        }
        if word.has_comma {
            text.push(',');
        }
    }
}
