//! The reporter's pen: one edit of a quotation at a time, by its name.
//!
//! What is planted is unambiguous, so that the truth has one name for it: a silent cut within a quotation stays within a
//! sentence (a whole sentence that is gone is another edit), a new number is none of those around, and two edits of one
//! quotation keep some words apart. An edit that a speech gives no room for is not planted, and the speech is made anew.

use std::ops::Range;

use super::super::corpus::random::Random;
use super::talk::{Opening, Role, Speaker, Word, negate};

/// What a reporter does to a quotation; a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edit {
    Verbatim,
    CutStart,
    CutEnd,
    CutMiddle,
    SentenceLeftOut,
    Joined,
    EllipsisMiddle,
    EllipsisEnd,
    GlossInserted,
    GlossForPronoun,
    LetterInBrackets,
    WordChanged,
    WordInserted,
    FigureChanged,
    NumeralChanged,
    NegationDropped,
    NegationAdded,
    ModalChanged,
    NameChanged,
    MarksDropped,
    SpeakerChanged,
    Two,
}

impl Edit {
    /// All, in the order of the table.
    pub(crate) const ALL: [Edit; 22] = [
        Edit::Verbatim,
        Edit::CutStart,
        Edit::CutEnd,
        Edit::CutMiddle,
        Edit::SentenceLeftOut,
        Edit::Joined,
        Edit::EllipsisMiddle,
        Edit::EllipsisEnd,
        Edit::GlossInserted,
        Edit::GlossForPronoun,
        Edit::LetterInBrackets,
        Edit::WordChanged,
        Edit::WordInserted,
        Edit::FigureChanged,
        Edit::NumeralChanged,
        Edit::NegationDropped,
        Edit::NegationAdded,
        Edit::ModalChanged,
        Edit::NameChanged,
        Edit::MarksDropped,
        Edit::SpeakerChanged,
        Edit::Two,
    ];

    /// The first and the second of two edits: one of words, and one more of any kind that leaves these alone.
    pub(crate) const PAIRED: [&[Edit]; 2] = [
        &[
            Edit::GlossInserted,
            Edit::WordChanged,
            Edit::FigureChanged,
            Edit::NumeralChanged,
            Edit::NegationDropped,
            Edit::NegationAdded,
            Edit::ModalChanged,
            Edit::NameChanged,
        ],
        &[Edit::CutStart, Edit::CutEnd, Edit::EllipsisMiddle, Edit::EllipsisEnd, Edit::WordChanged],
    ];

    /// What the table calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Edit::Verbatim => "none",
            Edit::CutStart => "cut at the start",
            Edit::CutEnd => "cut at the end",
            Edit::CutMiddle => "cut in the middle",
            Edit::SentenceLeftOut => "a sentence left out",
            Edit::Joined => "two quotations joined",
            Edit::EllipsisMiddle => "ellipsis in the middle",
            Edit::EllipsisEnd => "ellipsis at the end",
            Edit::GlossInserted => "gloss inserted",
            Edit::GlossForPronoun => "gloss for a pronoun",
            Edit::LetterInBrackets => "letter in brackets",
            Edit::WordChanged => "word changed",
            Edit::WordInserted => "word inserted",
            Edit::FigureChanged => "figure changed",
            Edit::NumeralChanged => "number in words changed",
            Edit::NegationDropped => "negation dropped",
            Edit::NegationAdded => "negation added",
            Edit::ModalChanged => "modal changed",
            Edit::NameChanged => "name changed",
            Edit::MarksDropped => "marks dropped",
            Edit::SpeakerChanged => "speaker changed",
            Edit::Two => "two edits",
        }
    }

    /// What the report has to call it; nothing where nothing was done to the words, and of two edits what each is called.
    pub(crate) fn kind(self) -> Option<&'static str> {
        match self {
            Edit::Verbatim | Edit::LetterInBrackets | Edit::Two => None,
            Edit::CutStart | Edit::CutEnd | Edit::CutMiddle => Some("cut"),
            Edit::SentenceLeftOut | Edit::Joined => Some("joined"),
            Edit::EllipsisMiddle | Edit::EllipsisEnd => Some("ellipsis"),
            Edit::GlossInserted | Edit::GlossForPronoun => Some("gloss"),
            Edit::WordChanged | Edit::WordInserted | Edit::ModalChanged | Edit::NameChanged => Some("word changed"),
            Edit::FigureChanged | Edit::NumeralChanged => Some("number changed"),
            Edit::NegationDropped | Edit::NegationAdded => Some("negation changed"),
            Edit::MarksDropped => Some("marks dropped"),
            Edit::SpeakerChanged => Some("speaker changed"),
        }
    }

    /// Whether it may change what is said.
    pub(crate) fn alters(self) -> bool {
        matches!(
            self,
            Edit::FigureChanged
                | Edit::NumeralChanged
                | Edit::NegationDropped
                | Edit::NegationAdded
                | Edit::ModalChanged
                | Edit::NameChanged
                | Edit::SpeakerChanged
        )
    }

    /// Whether words are left out.
    pub(crate) fn leaves_out(self) -> bool {
        matches!(self.kind(), Some("cut" | "ellipsis")) || self == Edit::Two
    }

    /// Whether it takes several sentences.
    pub(crate) fn needs_sentences(self) -> bool {
        matches!(self, Edit::SentenceLeftOut | Edit::Joined)
    }
}

/// Least words that are left of a quotation, and on each side of what is left out in the middle.
const LEAST: usize = 5;
const SIDE: usize = 3;
/// Words between two edits.
const APART: usize = 3;
const DOTS: [&str; 7] = ["…", " …", " ...", "...", " [...]", " […]", " (...)"];

/// The words with an edit planted, if they give room for it. Edits that leave the words alone are planted by the page.
pub(crate) fn plant(edit: Edit, words: &[Word], speaker: &Speaker<'_>, random: &mut Random) -> Option<Vec<Word>> {
    let mut sheet = Sheet { words: words.to_vec(), speaker, random };
    match edit {
        Edit::Verbatim | Edit::MarksDropped | Edit::SpeakerChanged | Edit::Joined | Edit::Two => Some(()),
        Edit::CutStart => sheet.cut_start(),
        Edit::CutEnd => sheet.cut_end(&["."]),
        Edit::EllipsisEnd => sheet.cut_end(&DOTS),
        Edit::CutMiddle => sheet.cut_middle(),
        Edit::EllipsisMiddle => sheet.leave_out(),
        Edit::SentenceLeftOut => sheet.leave_out_sentence(),
        Edit::GlossInserted => sheet.explain(),
        Edit::GlossForPronoun => sheet.replace_pronoun(),
        Edit::LetterInBrackets => sheet.bracket_letter(0),
        Edit::WordChanged => sheet.replace(&[Role::Noun, Role::Verb, Role::Adjective]),
        Edit::WordInserted => sheet.insert_word(),
        Edit::FigureChanged => sheet.replace(&[Role::Figure]),
        Edit::NumeralChanged => sheet.replace(&[Role::Numeral]),
        Edit::ModalChanged => sheet.replace(&[Role::Modal]),
        Edit::NameChanged => sheet.replace(&[Role::Name]),
        Edit::NegationDropped => sheet.drop_negation(),
        Edit::NegationAdded => sheet.add_negation(),
    }?;
    Some(sheet.words)
}

/// A quotation under the pen.
struct Sheet<'a, 'r> {
    words: Vec<Word>,
    speaker: &'a Speaker<'a>,
    random: &'r mut Random,
}

impl Sheet<'_, '_> {
    /// Whether no edit was planted in or near some words.
    fn is_free(&self, places: &Range<usize>) -> bool {
        let near = places.start.saturating_sub(APART)..(places.end + APART).min(self.words.len());
        self.words[near].iter().all(|word| !word.is_edited)
    }

    /// One of the ranges that are free.
    fn choose(&mut self, ranges: impl Iterator<Item = Range<usize>>) -> Option<Range<usize>> {
        let free: Vec<Range<usize>> = ranges.filter(|range| self.is_free(range)).collect();
        (!free.is_empty()).then(|| self.random.pick(&free))
    }

    /// The place of one of the words that are meant.
    fn find(&mut self, is_meant: impl Fn(&[Word], usize) -> bool) -> Option<usize> {
        let places: Vec<usize> = (0..self.words.len()).filter(|place| is_meant(&self.words, *place)).collect();
        self.choose(places.into_iter().map(|place| place..place + 1)).map(|range| range.start)
    }

    /// The places where something begins.
    fn borders(&self, least: Opening) -> Vec<usize> {
        (0..self.words.len()).filter(|place| self.words[*place].opens >= least).collect()
    }

    /// Runs of so many words that a speech can do without, neither at its start nor at its end.
    fn inner_runs(&self, least: usize, most: usize) -> Vec<Range<usize>> {
        let borders = self.borders(Opening::Addition);
        let runs = borders.iter().flat_map(|start| borders.iter().map(move |end| *start..*end));
        let fits = |run: &Range<usize>| {
            (least..=most).contains(&run.len()) && run.start >= SIDE && run.end + SIDE <= self.words.len()
        };
        runs.filter(fits).filter(|run| self.words.len() - run.len() >= LEAST).collect()
    }

    fn cut_start(&mut self) -> Option<()> {
        let (borders, count) = (self.borders(Opening::Phrase), self.words.len());
        let cut = self.choose(borders.into_iter().filter(|at| *at >= 2 && at + LEAST <= count).map(|at| 0..at))?;
        self.words.drain(cut);
        // A new beginning may have a capital, and brackets to say so.
        let has_bracket = self.random.chance(1, 3);
        self.words[0].is_edited = true;
        self.words[0].is_raised |= has_bracket || self.random.chance(1, 2);
        if has_bracket {
            self.bracket_letter(0);
        }
        Some(())
    }

    fn cut_end(&mut self, signs: &[&str]) -> Option<()> {
        let (borders, count) = (self.borders(Opening::Addition), self.words.len());
        let cut = self.choose(borders.into_iter().filter(|at| *at >= LEAST && at + 2 <= count).map(|at| at..count))?;
        self.words.truncate(cut.start);
        let sign = self.random.pick(signs);
        let last = self.words.last_mut()?;
        (last.after, last.is_edited) = (sign.to_owned(), true);
        Some(())
    }

    fn cut_middle(&mut self) -> Option<()> {
        let is_within = |words: &[Word], run: &Range<usize>| {
            let is_inside = words[run.start].opens != Opening::Sentence && !words[run.end - 1].ends_sentence();
            is_inside && !words[run.clone()].iter().any(Word::ends_sentence)
        };
        let runs: Vec<_> = self.inner_runs(2, 6).into_iter().filter(|run| is_within(&self.words, run)).collect();
        let run = self.choose(runs.into_iter())?;
        self.remove(run);
        Some(())
    }

    /// Leaves words out, and says so.
    fn leave_out(&mut self) -> Option<()> {
        let runs = self.inner_runs(3, self.words.len() / 2);
        let run = self.choose(runs.into_iter())?;
        let before = run.start - 1;
        self.remove(run);
        let sign = self.random.pick(&DOTS);
        let last = &mut self.words[before];
        // The point that ends a sentence stays before dots in brackets.
        let point = if last.ends_sentence() && sign.ends_with([']', ')']) { "." } else { "" };
        last.after = format!("{point}{sign}");
        Some(())
    }

    fn leave_out_sentence(&mut self) -> Option<()> {
        let runs = self.inner_runs(LEAST, self.words.len() / 2).into_iter();
        let is_whole = |run: &Range<usize>| {
            let inner = &self.words[run.start..run.end - 1];
            self.words[run.start].opens == Opening::Sentence
                && self.words[run.end - 1].ends_sentence()
                && !inner.iter().any(Word::ends_sentence)
        };
        let runs: Vec<_> = runs.filter(is_whole).collect();
        let run = self.choose(runs.into_iter())?;
        self.remove(run);
        Some(())
    }

    fn remove(&mut self, run: Range<usize>) {
        self.words.drain(run.clone());
        self.words[run.start - 1].is_edited = true;
        self.words[run.start].is_edited = true;
    }

    /// `he [the minister]`
    fn explain(&mut self) -> Option<()> {
        let at = self.find(|words, at| matches!(words[at].role, Role::Noun | Role::Pronoun))?;
        let explanation = self.random.pick(self.speaker.tongue.explanations);
        let [open, close] = if self.random.chance(3, 4) { ["[", "]"] } else { ["(", ")"] };
        let word = &mut self.words[at];
        word.after = format!(" {open}{explanation}{close}{}", word.after);
        word.is_edited = true;
        Some(())
    }

    fn replace_pronoun(&mut self) -> Option<()> {
        let at = self.find(|words, at| words[at].role == Role::Pronoun)?;
        let explanation = self.random.pick(self.speaker.tongue.explanations);
        let word = &mut self.words[at];
        (word.text, word.is_edited) = (format!("[{explanation}]"), true);
        Some(())
    }

    /// `[t]he` where the quotation goes on in the reporter's sentence; `[T]he` where a cut made it a beginning.
    fn bracket_letter(&mut self, at: usize) -> Option<()> {
        let word = &mut self.words[at];
        let mut letters = word.text.chars();
        let first = letters.next().filter(|first| first.is_lowercase())?;
        let first: String = if word.is_edited { first.to_uppercase().collect() } else { first.to_string() };
        word.text = format!("[{first}]{}", letters.as_str());
        (word.is_raised, word.is_edited) = (false, true);
        Some(())
    }

    fn replace(&mut self, roles: &[Role]) -> Option<()> {
        let at = self.find(|words, at| roles.contains(&words[at].role))?;
        let new = self.speaker.word(self.words[at].role, self.random).text;
        if self.words.iter().any(|word| word.text == new) {
            return None;
        }
        let word = &mut self.words[at];
        (word.text, word.is_edited) = (new, true);
        Some(())
    }

    fn insert_word(&mut self) -> Option<()> {
        let at = self.find(|words, at| words[at].role == Role::Noun)?;
        let mut new = self.speaker.word(Role::Adjective, self.random);
        if self.words.iter().any(|word| word.text.eq_ignore_ascii_case(&new.text)) {
            return None;
        }
        let noun = &mut self.words[at];
        (new.opens, new.is_raised) = (std::mem::take(&mut noun.opens), std::mem::take(&mut noun.is_raised));
        new.is_edited = true;
        self.words.insert(at, new);
        Some(())
    }

    fn drop_negation(&mut self) -> Option<()> {
        let is_negation = |words: &[Word], at: usize| words.get(at).is_some_and(|word| word.role == Role::Negation);
        let at = self.find(|words, at| at > 0 && is_negation(words, at) && !is_negation(words, at.wrapping_sub(2)))?;
        // *ne peut pas* loses both.
        let gone = if is_negation(&self.words, at + 2) { vec![at + 2, at] } else { vec![at] };
        for place in gone {
            let opens = self.words.remove(place).opens;
            let next = self.words.get_mut(place)?;
            next.opens = next.opens.max(opens);
        }
        self.words[at - 1].is_edited = true;
        self.words[at].is_edited = true;
        Some(())
    }

    fn add_negation(&mut self) -> Option<()> {
        let is_plain = |words: &[Word], at: usize| {
            let beside = &words[at.saturating_sub(1)..(at + 2).min(words.len())];
            words[at].role == Role::Modal && beside.iter().all(|word| word.role != Role::Negation)
        };
        let at = self.find(is_plain)?;
        let tongue = self.speaker.tongue;
        let short = tongue.contractions.iter().find(|(modal, _)| *modal == self.words[at].text);
        if let Some((_, short)) = short.filter(|_| self.random.chance(1, 3)) {
            let word = &mut self.words[at];
            (word.text, word.is_edited) = ((*short).to_owned(), true);
        } else {
            for place in negate(tongue, &mut self.words, at, self.random) {
                self.words[place].is_edited = true;
            }
        }
        Some(())
    }
}
