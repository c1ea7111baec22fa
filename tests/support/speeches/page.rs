//! Pages: articles with quotations in them, and the place of each.
//!
//! A quotation is printed whole, with the narrator between its parts, or over two paragraphs; its attribution stands
//! behind it or before it. All else on the page is a reporter's prose on something else.

use std::ops::Range;

use super::super::corpus::random::Random;
use super::talk::{Opening, Speaker, Word, spell};
use super::tongue::Tongue;

/// How a quotation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Whole,
    Interrupted,
    Paragraphs,
    /// Without quotation marks.
    Bare,
}

/// Where something said is printed.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What was said; of all places that are forms of it the same.
    pub(crate) saying: u32,
    /// The bytes of its words, in order.
    pub(crate) pieces: Vec<Range<usize>>,
}

/// An article with what is quoted in it.
#[derive(Debug)]
pub(crate) struct Article {
    pub(crate) id: String,
    pub(crate) day: u32,
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

impl Article {
    pub(crate) fn new(id: String, day: u32) -> Self {
        Article { id, day, text: String::new(), places: Vec::new() }
    }

    /// A line of JSON.
    pub(crate) fn line(&self) -> String {
        let (year, month, day) = (2001 + self.day / 336, self.day / 28 % 12 + 1, self.day % 28 + 1);
        let date = format!("{year}-{month:02}-{day:02}");
        serde_json::json!({ "id": self.id, "date": date, "text": self.text }).to_string()
    }

    fn begin_paragraph(&mut self) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
    }

    /// Paragraphs of a reporter's prose.
    pub(crate) fn tell(&mut self, paragraphs: usize, speaker: &Speaker<'_>, random: &mut Random) {
        for _ in 0..paragraphs {
            self.begin_paragraph();
            let sentences: Vec<String> = (0..random.between(1, 3))
                .map(|_| {
                    let least = random.between(8, 22);
                    spell(&speaker.sentence(least, random))
                })
                .collect();
            self.text.push_str(&sentences.join(" "));
        }
    }

    /// What somebody said, in a paragraph of its own, by a form that there are words enough for.
    pub(crate) fn quote(
        &mut self,
        saying: u32,
        words: &[Word],
        form: Form,
        speaker: &Speaker<'_>,
        random: &mut Random,
    ) {
        self.begin_paragraph();
        let tongue = speaker.tongue;
        let mut print = Print { tongue, marks: random.pick(tongue.marks), text: &mut self.text, pieces: Vec::new() };
        let [first, last] = &speaker.name;
        let is_brought_in = form != Form::Bare && random.chance(1, 4);
        if is_brought_in {
            print.text.push_str(&tongue.entrance.replace("{name}", &format!("{first} {last}")));
            print.text.push(' ');
        }
        let name = if is_brought_in { last.clone() } else { format!("{first} {last}") };
        let leads = random.chance(1, 3);
        let mut fill = |templates: &[&str]| {
            random.pick(templates).replace("{name}", &name).replace("{said}", random.pick(tongue.said))
        };
        match form {
            Form::Bare => {
                let cue = fill(tongue.without);
                print.text.push_str(&format!("{cue} "));
                print.run_on(words);
            }
            Form::Interrupted => {
                let (head, tail) = words.split_at(break_in(words));
                print.with_comma(head);
                let cue = fill(tongue.behind);
                let is_within = !head.last().is_some_and(Word::ends_sentence);
                let cue = if is_within { cue.replace('.', ",") } else { cue };
                print.text.push_str(&format!(" {cue} "));
                print.with_point(tail);
            }
            Form::Paragraphs => {
                let (head, tail) = words.split_at(break_in(words));
                print.without_end(head);
                print.text.push_str("\n\n");
                print.with_comma(tail);
                print.text.push_str(&format!(" {}", fill(tongue.behind)));
            }
            Form::Whole if leads => {
                print.text.push_str(&format!("{} ", fill(tongue.before)));
                print.with_point(words);
            }
            Form::Whole => {
                print.with_comma(words);
                print.text.push_str(&format!(" {}", fill(tongue.behind)));
            }
        }
        let pieces = print.pieces;
        self.places.push(Place { saying, pieces });
    }

    /// What one went on to say, as a quotation of its own: a sentence of the reporter's stands between.
    pub(crate) fn quote_apart(
        &mut self,
        sayings: [&[Word]; 2],
        saying: u32,
        speaker: &Speaker<'_>,
        reporter: &Speaker<'_>,
        random: &mut Random,
    ) {
        self.quote(saying, sayings[0], Form::Whole, speaker, random);
        self.text.push_str(&format!(" {}", spell(&reporter.sentence(9, random))));
        self.quote(saying, sayings[1], Form::Whole, speaker, random);
    }
}

/// Whether words can be printed by a form: both parts keep four words, and paragraphs part sentences.
pub(crate) fn suits(form: Form, words: &[Word]) -> bool {
    match form {
        Form::Whole => true,
        Form::Bare => words.iter().all(|word| !word.text.starts_with('[')),
        Form::Interrupted => break_in(words) > 0,
        Form::Paragraphs => {
            let place = break_in(words);
            place > 0 && words[place].opens == Opening::Sentence && words[place - 1].ends_sentence()
        }
    }
}

/// The best place to break words in two: between sentences, or between phrases, near the middle; 0 if there is none.
fn break_in(words: &[Word]) -> usize {
    let fits = |place: &usize| {
        let (before, word) = (&words[place - 1], &words[*place]);
        let is_clean = before.after.is_empty() || before.after == "," || before.ends_sentence();
        word.opens >= Opening::Addition && is_clean && !word.is_edited && !before.is_edited
    };
    let places = (4..words.len().saturating_sub(3)).filter(fits);
    places.min_by_key(|place| (words[*place].opens != Opening::Sentence, place.abs_diff(words.len() / 2))).unwrap_or(0)
}

/// Words on their way into a text.
struct Print<'a> {
    tongue: &'static Tongue,
    marks: [&'static str; 2],
    text: &'a mut String,
    pieces: Vec<Range<usize>>,
}

impl Print<'_> {
    fn push(&mut self, words: &str) {
        let start = self.text.len();
        self.text.push_str(words);
        self.pieces.push(start..self.text.len());
    }

    /// `“Words,”`, or `„Words“,` where the comma stands outside.
    fn with_comma(&mut self, words: &[Word]) {
        let spelled = spell(words);
        let bare = if spelled.ends_with("..") { &spelled } else { spelled.trim_end_matches(['.', ',']) };
        let comma = if bare.ends_with(['.', '…']) { "" } else { "," };
        let [open, close] = self.marks;
        self.text.push_str(open);
        self.push(bare);
        let dash = self.tongue.dash;
        let end = if self.tongue.is_comma_inside { format!("{comma}{close}") } else { format!("{close},{dash}") };
        self.text.push_str(&end);
    }

    fn with_point(&mut self, words: &[Word]) {
        self.without_end(words);
        self.text.push_str(self.marks[1]);
    }

    fn without_end(&mut self, words: &[Word]) {
        self.text.push_str(self.marks[0]);
        self.push(&spell(words));
    }

    /// In the reporter's own sentence.
    fn run_on(&mut self, words: &[Word]) {
        let mut words = words.to_vec();
        words[0].is_raised = false;
        self.push(&spell(&words));
    }
}
