//! Speeches and what the papers make of them, by the generator: quotations with edits planted, and the truth about each.
//!
//! Somebody says one to four sentences. The first article prints them in full; later ones print them word for word, or
//! with one edit, or two, of known names ([`pen`]), in articles on other things, with the marks, the attributions and
//! the layouts of five languages ([`page`], [`tongue`]). Beside these stand decoys: the same speaker on the same matter
//! with his pet phrases, other people with phrases that everybody uses, and prose that has them without marks.
//!
//! The truth rests on one number: each thing said has one, and all places that print it, whole or cut, altered or not,
//! carry it. Two places are one utterance if, and only if, their numbers are equal.

pub(crate) mod page;
pub(crate) mod pen;
mod talk;
mod tongue;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::corpus::language::Language;
use super::corpus::random::Random;
use page::{Article, Form};
use pen::Edit;
use talk::{Opening, Speaker, Word};
use tongue::TONGUES;

/// A form of something said, held against what was said: the truth.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) edit: Edit,
    pub(crate) form: Form,
    /// Words of the variant, what a reporter put in not counted.
    pub(crate) words: usize,
    /// The names of what was done.
    pub(crate) kinds: BTreeSet<&'static str>,
    /// Whether any of it may change what is said.
    pub(crate) alters: bool,
    /// By article and place: the variant, and all places of the original.
    pub(crate) variant: (usize, usize),
    pub(crate) original: Vec<(usize, usize)>,
}

/// Articles, and the truth about what they quote.
#[derive(Debug)]
pub(crate) struct Coverage {
    pub(crate) articles: Vec<Article>,
    pub(crate) pairs: Vec<Pair>,
}

/// Words of an original, by turns; the longer it is, the more variants it has.
const LENGTHS: [RangeInclusive<usize>; 4] = [5..=7, 8..=12, 13..=25, 26..=60];
/// Words by which it is longer where some are to be left out.
const LEFT_OUT: usize = 4;
/// Speeches made for one case until one has room for all its edits.
const ATTEMPTS: usize = 20_000;

/// Every edit, so many times for each length of an original.
pub(crate) fn cover(seed: u64, rounds: usize, language: &Language) -> Coverage {
    let mut gallery = Gallery {
        language,
        random: Random::new(seed),
        coverage: Coverage { articles: Vec::new(), pairs: Vec::new() },
        sayings: 0,
    };
    for _ in 0..rounds {
        for (number, length) in LENGTHS.iter().enumerate() {
            let fits = |edit: &Edit| *edit != Edit::Joined && (!edit.needs_sentences() || number >= 2);
            let mut edits: Vec<Edit> = Edit::ALL.into_iter().filter(fits).collect();
            gallery.random.shuffle(&mut edits);
            for edits in edits.chunks(number + 1) {
                gallery.follow(edits, length);
            }
            if number >= 2 {
                gallery.follow(&[Edit::Joined], length);
            }
        }
    }
    gallery.coverage
}

/// The press gallery: those who hear speeches and write about them.
struct Gallery<'a> {
    language: &'a Language,
    random: Random,
    coverage: Coverage,
    sayings: u32,
}

/// What is to be printed of a speech.
struct Version {
    edit: Edit,
    /// What was planted: two, if these are two edits.
    planted: Vec<Edit>,
    form: Form,
    words: Vec<Word>,
}

impl<'a> Gallery<'a> {
    /// One speech, its first report, the variants, and decoys.
    fn follow(&mut self, edits: &[Edit], length: &RangeInclusive<usize>) {
        let tongue = &TONGUES[if self.random.chance(3, 5) { 0 } else { self.random.between(1, TONGUES.len() - 1) }];
        let speaker = Speaker::new(tongue, self.language, &mut self.random);
        let (speech, versions) = self.speak(&speaker, edits, length);
        let saying = self.next_saying();
        let day = self.random.below(3000) as u32;
        let mut original = self.begin(day, &speaker);
        let first = original.places.len();
        let reporter = Speaker::new(tongue, self.language, &mut self.random);
        if edits == [Edit::Joined] {
            let parts = split(&speech).map_or([&speech[..], &[]], |(head, tail)| [head, tail]);
            original.quote_apart(parts, saying, &speaker, &reporter, &mut self.random);
        } else {
            original.quote(saying, &speech, Form::Whole, &speaker, &mut self.random);
        }
        let article = self.coverage.articles.len();
        let places: Vec<(usize, usize)> = (first..original.places.len()).map(|place| (article, place)).collect();
        self.end(original, &speaker);
        for (version, days) in versions.into_iter().zip(1..) {
            let other = Speaker::new(tongue, self.language, &mut self.random);
            let said_by = if version.edit == Edit::SpeakerChanged { &other } else { &speaker };
            let mut article = self.begin(day + days, &speaker);
            let place = article.places.len();
            article.quote(saying, &version.words, version.form, said_by, &mut self.random);
            let pair = version.told((self.coverage.articles.len(), place), places.clone());
            self.coverage.pairs.push(pair);
            self.end(article, &speaker);
        }
        if self.random.chance(1, 2) {
            self.deceive(&speaker, day);
        }
    }

    /// A speech that has room for all edits, longer if they leave words out, and its variants.
    fn speak(
        &mut self,
        speaker: &Speaker<'_>,
        edits: &[Edit],
        length: &RangeInclusive<usize>,
    ) -> (Vec<Word>, Vec<Version>) {
        let more = if edits.iter().any(|edit| edit.leaves_out()) { LEFT_OUT } else { 0 };
        let longer = length.start() + more..=length.end() + more;
        // Of a single variant it is known how long it is to be.
        let most = if more > 0 && edits.len() == 1 { *length.end() } else { usize::MAX };
        let fits = |versions: &Vec<Version>| versions.iter().all(|version| version.words.len() <= most);
        for _ in 0..ATTEMPTS {
            let speech = speaker.speech(&longer, &mut self.random);
            let versions: Option<Vec<Version>> = edits.iter().map(|edit| self.print(*edit, &speech, speaker)).collect();
            if let Some(versions) =
                versions.filter(fits).filter(|_| edits != [Edit::Joined] || split(&speech).is_some())
            {
                return (speech, versions);
            }
        }
        panic!("no speech of {length:?} words has room for {edits:?}");
    }

    fn print(&mut self, edit: Edit, speech: &[Word], speaker: &Speaker<'_>) -> Option<Version> {
        let random = &mut self.random;
        let planted =
            if edit == Edit::Two { Edit::PAIRED.map(|edits| random.pick(edits)).to_vec() } else { vec![edit] };
        let words =
            planted.iter().try_fold(speech.to_vec(), |words, edit| pen::plant(*edit, &words, speaker, random))?;
        let form = match (edit, random.below(8)) {
            (Edit::MarksDropped, _) => Form::Bare,
            // With something between it would not be joined.
            (Edit::Joined, _) => Form::Whole,
            (_, 0) => Form::Interrupted,
            (_, 1) => Form::Paragraphs,
            _ => Form::Whole,
        };
        let form = if page::suits(form, &words) { form } else { Form::Whole };
        Some(Version { edit, planted, form, words })
    }

    fn next_saying(&mut self) -> u32 {
        self.sayings += 1;
        self.sayings
    }

    /// An article with prose at its head; now and then it quotes something else first.
    fn begin(&mut self, day: u32, speaker: &Speaker<'_>) -> Article {
        let id = format!("article-{:02}{:05}", self.random.below(100), self.coverage.articles.len());
        let mut article = Article::new(id, day);
        self.report(&mut article, speaker);
        article
    }

    fn end(&mut self, mut article: Article, speaker: &Speaker<'_>) {
        self.report(&mut article, speaker);
        self.coverage.articles.push(article);
    }

    /// Prose on something else, one time in four with what somebody says about it.
    fn report(&mut self, article: &mut Article, speaker: &Speaker<'_>) {
        let other = Speaker::new(speaker.tongue, self.language, &mut self.random);
        let paragraphs = self.random.between(1, 2);
        article.tell(paragraphs, &other, &mut self.random);
        if self.random.chance(1, 4) {
            let by = if self.random.chance(1, 2) { speaker } else { &other };
            self.say_more(article, by);
        }
    }

    fn say_more(&mut self, article: &mut Article, speaker: &Speaker<'_>) {
        let length = self.random.pick(&LENGTHS);
        let words = speaker.speech(&length, &mut self.random);
        let saying = self.next_saying();
        article.quote(saying, &words, Form::Whole, speaker, &mut self.random);
    }

    /// An article on the speaker's matter, in his words, with none of his sentences.
    fn deceive(&mut self, speaker: &Speaker<'_>, day: u32) {
        let later = self.random.below(4) as u32;
        let mut article = self.begin(day + later, speaker);
        for _ in 0..self.random.between(1, 2) {
            article.tell(1, speaker, &mut self.random);
            self.say_more(&mut article, speaker);
        }
        self.end(article, speaker);
    }
}

impl Version {
    /// The truth about it, by where it was printed.
    fn told(&self, variant: (usize, usize), original: Vec<(usize, usize)>) -> Pair {
        let kinds = self.planted.iter().filter_map(|edit| edit.kind()).collect();
        let alters = self.planted.iter().any(|edit| edit.alters());
        Pair { edit: self.edit, form: self.form, words: self.words.len(), kinds, alters, variant, original }
    }
}

/// The two parts of a speech that are quoted apart, cut where sentences meet; each has words enough to be told.
fn split(speech: &[Word]) -> Option<(&[Word], &[Word])> {
    let places = (6..speech.len().saturating_sub(5)).filter(|place| speech[*place].opens == Opening::Sentence);
    let place = places.min_by_key(|place| place.abs_diff(speech.len() / 2))?;
    Some(speech.split_at(place))
}
