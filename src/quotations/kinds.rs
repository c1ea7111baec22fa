//! Kinds: what is between marks, by an ordered list of rules.
//!
//! **Idea.** The first rule that speaks decides. Most of them ask how the stretch is fitted into the narrator's sentence:
//! speech begins where a sentence or a clause may begin, and nothing of the narrator's hangs on it but the verb that
//! tells of it; a fragment completes a clause of his. What is said by nobody is told by what stands beside it: *the film*,
//! *so-called*, a first name and a last name. What no rule knows is in scare quotes.
//!
//! Looks at [`MOST_WORDS`] words of a stretch, and at the tokens that an attribution looks at.
//!
//! **Gives up.** Whether a short stretch in a sentence without a verb of saying is somebody's word or the narrator's
//! distance: the same words do for both (*his "reform"*). A title in small letters with no noun beside it.

use super::QuotationKind;
use super::attribution::{CueKind, Found, look_ahead, look_back, look_far_ahead, look_for_last_name, look_for_name};
use super::mentions::Reading;
use super::tokens::{self, Token, TokenKind, is_stop};
use super::words::Roles;

/// How many words of a stretch are looked at.
const MOST_WORDS: usize = 16;

/// How a stretch stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// A sentence begins with it.
    Sentence,
    /// Behind a comma, a dash, a bracket.
    Comma,
    Colon,
    /// In the middle of a clause.
    Word,
}

/// How a stretch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Like a sentence.
    Stop,
    Comma,
    /// The clause goes on.
    Open,
}

/// A stretch with what stands about it.
pub(super) struct Scene<'a> {
    pub(super) reading: Reading<'a>,
    /// Its token.
    pub(super) at: usize,
    /// What stands between the marks, trimmed.
    pub(super) inside: &'a str,
    pub(super) start: Start,
    pub(super) end: End,
    /// How many words it has; [`MOST_WORDS`] if more.
    pub(super) words: usize,
    /// Whether it begins with a capital letter, or one without case.
    pub(super) is_capital: bool,
    /// Whether speech stands before it in the same sentence.
    pub(super) goes_on: bool,
    /// The verb of the clause that goes on behind it.
    pub(super) ahead: Option<Found>,
    /// The verb, noun or name that introduces it.
    pub(super) back: Option<Found>,
}

impl<'a> Scene<'a> {
    /// Reads what stands about a stretch. `last` is what stands before it in the same sentence, between other marks.
    pub(super) fn read(reading: Reading<'a>, at: usize, inside: &'a str, last: Option<QuotationKind>) -> Self {
        let mut scene = Scene {
            reading,
            at,
            inside,
            start: Start::Word,
            end: End::Open,
            words: inside.split_whitespace().take(MOST_WORDS).count(),
            is_capital: inside
                .chars()
                .find(|sign| sign.is_alphanumeric())
                .is_some_and(|first| first.is_alphabetic() && !first.is_lowercase()),
            goes_on: last == Some(Speech),
            ahead: None,
            back: None,
        };
        scene.start = scene.read_start();
        scene.end = scene.read_end();
        scene.ahead = scene.read_ahead();
        let crosses = last.is_some_and(|last| last != Speech);
        scene.back = look_for_name(reading, at)
            .or_else(|| look_back(reading, at, crosses))
            .or_else(|| look_for_last_name(reading, at));
        scene
    }

    fn before(&self) -> Option<&'a Token> {
        self.reading.get(self.at.checked_sub(1)?)
    }

    fn after(&self) -> Option<&'a Token> {
        self.reading.get(self.at + 1)
    }

    fn read_start(&self) -> Start {
        let Some(before) = self.before() else { return Start::Sentence };
        match before.kind {
            TokenKind::Point(sign) if is_stop(sign) => Start::Sentence,
            TokenKind::Point(':' | '：') => Start::Colon,
            TokenKind::Point(_) => Start::Comma,
            _ if self.reading.get(self.at).is_some_and(|token| token.opens_sentence) => Start::Sentence,
            TokenKind::Quote(_) => Start::Comma,
            TokenKind::Word => Start::Word,
        }
    }

    fn read_end(&self) -> End {
        let last = self.inside.trim_end_matches(is_closing).chars().next_back();
        match self.after().map(|after| (after.kind, after.opens_sentence)) {
            None | Some((_, true)) => return if last == Some(',') { End::Comma } else { End::Stop },
            Some((TokenKind::Point(sign), _)) if is_stop(sign) => return End::Stop,
            Some((TokenKind::Point(',' | '，' | ';' | '；'), _)) => return End::Comma,
            // `"It is"--he coughed--"late."`
            Some((TokenKind::Point(sign), _)) if tokens::is_dash(sign) && self.start == Start::Sentence => {
                return End::Comma;
            }
            _ => (),
        }
        match last {
            Some(sign) if is_stop(sign) => End::Stop,
            Some(',' | '，' | ';' | '-' | '–' | '—') => End::Comma,
            _ => End::Open,
        }
    }

    /// The verb of a clause that goes on behind.
    fn read_ahead(&self) -> Option<Found> {
        let after = self.after()?;
        let last = self.inside.trim_end_matches(is_closing).chars().next_back()?;
        let goes_on = self.end != End::Open || after.is_dash() || tokens::is_unspaced(last);
        // `"No!" Mr. Khan cried`, but not `"No." Mr. Khan cried` nor `"No!" He cried`.
        let is_plain =
            self.start == Start::Sentence && (after.is_capital || after.has(Roles::VERB)) && !after.opens_sentence;
        let goes_on = goes_on || is_plain;
        let is_short = matches!(last, '?' | '!' | ',' | '…' | '—' | '-') && !after.has(Roles::PRONOUN | Roles::ARTICLE);
        let may_open = is_short || after.text(self.reading.text).starts_with(tokens::is_unspaced);
        if !goes_on || (after.opens_sentence && !may_open) {
            return None;
        }
        look_ahead(self.reading, self.at)
    }

    /// Whether the colon of a script without blanks stands before it.
    pub(super) fn follows_wide_colon(&self) -> bool {
        self.before().is_some_and(|before| before.kind == TokenKind::Point('：'))
    }

    /// Whether the verb before it stands right beside it, or before its comma or colon.
    fn is_beside_verb(&self) -> bool {
        let gap = if self.start == Start::Word { 1 } else { 2 };
        self.back.is_some_and(|back| back.at + gap >= self.at)
    }

    /// Whether a comma sets it off from words that tell of it, or it goes on with speech of the same sentence.
    fn follows_told(&self) -> bool {
        self.goes_on || (self.back.is_some() && (self.is_beside_verb() || self.back_is(CueKind::Source)))
    }

    /// The verb that tells of it somewhere in its sentence.
    pub(super) fn told_far(&self) -> Option<Found> {
        let back = || look_back(self.reading, self.at, true);
        self.back.or_else(back).or(self.ahead).or_else(|| look_far_ahead(self.reading, self.at))
    }

    fn before_has(&self, roles: Roles) -> bool {
        self.before().is_some_and(|before| before.is_word() && before.has(roles))
    }

    fn after_has(&self, roles: Roles) -> bool {
        self.after().is_some_and(|after| after.is_word() && !after.opens_sentence && after.has(roles))
    }

    fn back_is(&self, kind: CueKind) -> bool {
        self.back.is_some_and(|back| back.kind == kind)
    }

    /// Whether all its words but small ones begin with capitals, and one at least.
    fn is_in_title_case(&self) -> bool {
        let mut words = self.inside.split_whitespace().take(MOST_WORDS);
        let is_big =
            |word: &str| word.chars().find(|sign| sign.is_alphanumeric()).is_some_and(|first| !first.is_lowercase());
        let is_small = |word: &str| {
            let small: String = word.chars().flat_map(char::to_lowercase).collect();
            super::words::roles(&small).has(Roles::PREPOSITION | Roles::ARTICLE | Roles::SUBORDINATOR)
        };
        words.next().is_some_and(is_big) && words.all(|word| is_big(word) || is_small(word))
    }
}

fn is_closing(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '"' | '\'' | '”' | '’' | '“' | '‘' | '»' | '›' | '」' | '』' | ')' | ']' | '*' | '_')
}

/// A rule: its name, and what it says of a scene.
pub(super) struct Rule {
    pub(super) name: &'static str,
    judge: fn(&Scene) -> Option<QuotationKind>,
}

use QuotationKind::{Fragment, Scare, Speech, Term, Title};

/// The rules, in the order in which they are asked.
pub(super) const RULES: &[Rule] = &[
    Rule { name: "nickname", judge: nickname },
    Rule { name: "title by noun", judge: title_by_noun },
    Rule { name: "word as word", judge: word_as_word },
    Rule { name: "title by place", judge: title_by_place },
    Rule { name: "told behind", judge: told_behind },
    Rule { name: "sentence of its own", judge: sentence_of_its_own },
    Rule { name: "behind a colon", judge: behind_colon },
    Rule { name: "behind a comma", judge: behind_comma },
    Rule { name: "object of the verb", judge: object_of_verb },
    Rule { name: "whole sentence", judge: whole_sentence },
    Rule { name: "told in its sentence", judge: told_in_its_sentence },
    Rule { name: "long", judge: long },
];

/// What is between marks, and by which rule.
pub(super) fn judge(scene: &Scene) -> (QuotationKind, &'static str) {
    let found = RULES.iter().find_map(|rule| Some(((rule.judge)(scene)?, rule.name)));
    found.unwrap_or((Scare, "nothing else"))
}

/// `Ada "Dusty" Khan`: between a first and a last name.
fn nickname(scene: &Scene) -> Option<QuotationKind> {
    let is_name = |token: &Token| {
        let is_closed = token.has(Roles::PRONOUN | Roles::PREPOSITION | Roles::CUE | Roles::ARTICLE);
        token.is_word() && token.is_capital && !token.is_possessive && !is_closed
    };
    let is_between = is_name(scene.before()?) && is_name(scene.after().filter(|after| !after.opens_sentence)?);
    (is_between && scene.words <= 3 && scene.is_capital && scene.end == End::Open).then_some(Term)
}

/// `the word "the"`, `so-called "dark web"`.
fn word_as_word(scene: &Scene) -> Option<QuotationKind> {
    (scene.start == Start::Word && scene.words <= 8 && scene.before_has(Roles::TERM)).then_some(Term)
}

/// `the film "Solaris"`, `the "Solaris" soundtrack`, `his new book, "Solaris,"`.
fn title_by_noun(scene: &Scene) -> Option<QuotationKind> {
    // Other languages than English write only the first word of a title with a capital.
    let is_beside = scene.start == Start::Word && scene.before_has(Roles::WORK) && scene.is_capital && scene.words <= 8;
    if !is_beside && (!scene.is_in_title_case() || scene.words > 12) {
        return None;
    }
    let is_before = scene.start != Start::Sentence && scene.end == End::Open && scene.after_has(Roles::WORK);
    let is_apposed = scene.end == End::Comma
        && scene.before().is_some_and(Token::is_comma)
        && scene.at.checked_sub(2).and_then(|at| scene.reading.get(at)).is_some_and(|noun| noun.has(Roles::WORK));
    (is_beside || is_before || is_apposed).then_some(Title)
}

/// `on "Meet the Millers"`, `Holm's "Meet the Millers"`: capitals where a name stands.
fn title_by_place(scene: &Scene) -> Option<QuotationKind> {
    let before = scene.before().filter(|_| scene.start == Start::Word)?;
    let is_place = before.has(Roles::PLACE) || before.is_possessive;
    (is_place && scene.words >= 2 && scene.is_in_title_case()).then_some(Title)
}

/// `"…," said Khan`. What begins inside a clause completes it.
fn told_behind(scene: &Scene) -> Option<QuotationKind> {
    scene.ahead?;
    let is_aside = scene.start == Start::Comma && !scene.is_capital && !scene.follows_told();
    let is_unspaced = || scene.inside.chars().any(tokens::is_unspaced);
    Some(if (scene.start == Start::Word && !is_unspaced()) || is_aside { Fragment } else { Speech })
}

/// Nothing of the narrator's hangs on it.
fn sentence_of_its_own(scene: &Scene) -> Option<QuotationKind> {
    (scene.start == Start::Sentence && scene.end != End::Open).then_some(Speech)
}

/// `Khan said: "…"`; but not `a new word: "gristle."`
fn behind_colon(scene: &Scene) -> Option<QuotationKind> {
    let is_said = scene.is_capital || scene.back.is_some() || scene.words >= 5;
    (scene.start == Start::Colon && is_said && (scene.end != End::Open || scene.words >= 2)).then_some(Speech)
}

/// `Khan said, "…"`, `"…," said Khan, "…"`; but not `he had left, "not for good."`
fn behind_comma(scene: &Scene) -> Option<QuotationKind> {
    let is_said = scene.is_beside_verb() || (scene.is_capital && scene.end == End::Stop) || scene.follows_told();
    let is_apart = scene.end != End::Open || scene.is_beside_verb();
    (scene.start == Start::Comma && is_said && is_apart).then_some(Speech)
}

/// `said "no"`, `chanted "no war" until dawn`; but not `said "no" clerks came`.
fn object_of_verb(scene: &Scene) -> Option<QuotationKind> {
    if scene.start != Start::Word || !scene.is_beside_verb() || scene.back_is(CueKind::Noun) {
        return None;
    }
    let is_whole = scene.words >= 2 && scene.after_has(Roles::PREPOSITION | Roles::SUBORDINATOR);
    (scene.end != End::Open || scene.is_capital || is_whole).then_some(Speech)
}

/// A whole sentence between the marks, whatever stands about them.
fn whole_sentence(scene: &Scene) -> Option<QuotationKind> {
    (scene.words >= 8 && scene.is_capital && scene.end == End::Stop && !scene.is_in_title_case()).then_some(Speech)
}

/// `he called the plan "a wreck"`.
fn told_in_its_sentence(scene: &Scene) -> Option<QuotationKind> {
    scene.told_far().map(|_| Fragment)
}

/// A clause of somebody's.
fn long(scene: &Scene) -> Option<QuotationKind> {
    (scene.words >= 4).then_some(Fragment)
}
