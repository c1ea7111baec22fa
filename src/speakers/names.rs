//! Names: where persons, and what is named like them, are mentioned by name.
//!
//! **Idea.** A name is a run of words with capitals, with particles between them (*Ludwig van Beethoven*); what stands
//! before it of titles and offices is cut off and kept, with or without capitals (*Prime Minister Imran Khan*, *foreign
//! minister Ann Lee*), with what they are of (*Envoy for Iron Trade Ann Lee*), and so is the office in an apposition (*Ann
//! Lee, the finance minister,*). A capital says nothing
//! where a sentence begins: there a word counts that is a given name or a title, or that stands elsewhere with a capital
//! inside sentences and not more often without one. In a language that capitalises its nouns a run must hold a given name,
//! follow a title, or repeat a word of such a run or of the words beside a quotation.
//!
//! **Cost.** Two passes over the words, one more for such languages; a set of the words seen, 48 bytes a mention.
//!
//! **Gives up.** Whether a name is a person's: see [persons](super::persons). Names in headings, and in
//! lines written like headings. Names of more than
//! [eight](LONGEST) words.

use std::ops::Range;

use ahash::{AHashMap, AHashSet};

use super::lexicon::{Lexicon, Meaning};
use super::words::{Looks, Word, slice};
use crate::finding::Span;
use crate::quotations::is_said;

/// Words of a name at most.
const LONGEST: usize = 8;
/// A name stands inside sentences once at least for so many times that it begins one.
const FIRSTS: u32 = 6;
/// Words at most of the office that stands beside a name.
const LONGEST_ROLE: usize = 6;

/// A place where a name stands.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// The words of the name, without title and office.
    pub(super) words: Range<usize>,
    /// From the first title to the end of the name.
    pub(super) span: Span,
    /// What its titles and offices mean together.
    pub(super) titles: Meaning,
    /// The words of its office.
    pub(super) role: Option<Range<usize>>,
    /// Whether it stands in speech.
    pub(super) is_spoken: bool,
    /// Whether it may be the subject of its sentence: neither behind a preposition nor a genitive.
    pub(super) is_subject: bool,
    /// Whether the person is spoken to: *Come in, Tom.*
    pub(super) is_addressed: bool,
}

/// Finds all names, in the order of the text.
pub(super) fn find(text: &str, words: &[Word], lexicon: Lexicon) -> Vec<Mention> {
    let mut finder = Finder { text, words, seen: AHashMap::new(), small: AHashMap::new(), borne: AHashSet::new() };
    for word in words {
        if !word.is(Looks::CAPITAL) {
            *finder.small.entry(word.of(text)).or_default() += 1;
        } else if word.is(Looks::CALLED) || !word.is(Looks::HEADING) {
            let seen = finder.seen.entry(word.of(text)).or_default();
            let is_first = word.is(Looks::OPENS) && !word.is(Looks::CALLED);
            *(if is_first { &mut seen.first } else { &mut seen.inner }) += 1;
        }
    }
    let runs = finder.runs();
    if !lexicon.capitalises_nouns() {
        return runs.into_iter().filter_map(|run| finder.mention(run)).collect();
    }
    let certain = |run: &Range<usize>| finder.certain(run.clone());
    let borne = runs.iter().filter_map(certain).flat_map(|run| &words[run]).map(|word| word.of(text)).collect();
    finder.borne = borne;
    let known = |run: Range<usize>| {
        finder.certain(run.clone()).or_else(|| {
            let is_borne = |word: &usize| finder.borne.contains(words[*word].of(text));
            let first = run.clone().find(is_borne)?;
            let last = (first..run.end).take_while(is_borne).last()?;
            Some(first..last + 1)
        })
    };
    runs.into_iter().filter_map(known).filter_map(|run| finder.mention(run)).collect()
}

/// How often a word with a capital stands first in a sentence, and inside.
#[derive(Default)]
struct Seen {
    first: u32,
    inner: u32,
}

struct Finder<'t> {
    text: &'t str,
    words: &'t [Word],
    /// How often words with a capital stand where.
    seen: AHashMap<&'t str, Seen>,
    /// How often words begin with a small letter.
    small: AHashMap<&'t str, u32>,
    /// Words of names, where nouns have capitals too.
    borne: AHashSet<&'t str>,
}

impl Finder<'_> {
    fn meaning(&self, word: usize) -> Meaning {
        self.words.get(word).map_or(Meaning::NOTHING, |word| word.meaning)
    }

    fn is(&self, word: usize, looks: u8) -> bool {
        self.words.get(word).is_some_and(|word| word.is(looks))
    }

    /// The runs of words that may be names, titles included.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            if !self.may_begin(at) {
                at += 1;
                continue;
            }
            let start = at;
            at += 1;
            while at < start + LONGEST && !self.is(at - 1, Looks::POSSESSIVE) {
                // Particles, of which two may follow each other, count if a name goes on behind them.
                let next = (at..at + 3).find(|word| {
                    !(self.is(*word, Looks::JOINED) && self.meaning(*word).is(Meaning::PARTICLE))
                        || self.may_go_on(*word)
                });
                let Some(next) = next.filter(|next| self.may_go_on(*next)) else { break };
                at = next + 1;
            }
            let run = start..at;
            match runs.pop_if(|before: &mut Range<usize>| self.is_office_of(before, &run)) {
                Some(before) => runs.push(before.start..run.end),
                None => runs.push(run),
            }
        }
        runs
    }

    /// Whether a run names an office, and the next one what it is an office of, and who holds it: *Special Envoy for Iron
    /// Trade Ann Lee*. A name of its own has two words, and what is governed has one at least.
    fn is_office_of(&self, office: &Range<usize>, run: &Range<usize>) -> bool {
        let is_linked = office.end + 1 == run.start
            && self.is(office.end, Looks::JOINED)
            && self.is(run.start, Looks::JOINED)
            && self.meaning(office.end).is(Meaning::PREPOSITION)
            && !self.meaning(office.end).is(Meaning::DETERMINER);
        let is_whole = !run.clone().any(|word| self.meaning(word).is(Meaning::BODY | Meaning::PARTICLE));
        let is_held = run.len() > 2 && !self.is(run.end - 1, Looks::POSSESSIVE);
        is_linked && is_whole && is_held && self.meaning(office.end - 1).is(Meaning::ROLE)
    }

    /// Whether a name may begin with a word.
    fn may_begin(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let is_common = word.meaning.is(Meaning::FUNCTION | Meaning::CALENDAR) && !word.meaning.is(Meaning::GIVEN);
        if !word.is(Looks::CAPITAL) || word.is(Looks::HEADING) || is_common || !self.has_letters(word) {
            return false;
        }
        if !word.is(Looks::OPENS) || word.is(Looks::CALLED) || word.meaning.is(Meaning::GIVEN | Meaning::OFFICE) {
            return true;
        }
        // *Suddenly Tom*: a given name comes first.
        if self.is(at + 1, Looks::JOINED) && self.meaning(at + 1).is(Meaning::GIVEN) {
            return false;
        }
        let written = word.of(self.text);
        let small = self.small.get(written.to_lowercase().as_str()).copied().unwrap_or(0);
        self.seen.get(written).is_some_and(|seen| seen.inner > FIRSTS * small && FIRSTS * seen.inner >= seen.first)
    }

    /// Whether a name that has begun may go on with a word.
    fn may_go_on(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| {
            let is_suffix = word.meaning.is(Meaning::SUFFIX);
            // *May* is a month, but not behind *Theresa*.
            let is_common = word.meaning.is(Meaning::FUNCTION | Meaning::CALENDAR)
                && !word.meaning.is(Meaning::GIVEN | Meaning::PARTICLE)
                && !(at > 0 && self.meaning(at - 1).is(Meaning::GIVEN));
            word.is(Looks::JOINED) && (word.is(Looks::CAPITAL) || is_suffix) && !is_common
        })
    }

    fn has_letters(&self, word: &Word) -> bool {
        word.of(self.text).chars().any(char::is_alphabetic)
    }

    /// The part of a run that is a name for sure, though all nouns have capitals.
    fn certain(&self, run: Range<usize>) -> Option<Range<usize>> {
        let tells =
            |word: &usize| self.meaning(*word).is(Meaning::GIVEN | Meaning::OFFICE) || self.is(*word, Looks::CALLED);
        let start = run.clone().find(tells)?;
        let end = if self.is(start, Looks::CALLED) {
            run.clone().skip_while(|word| *word < start).take_while(|word| self.is(*word, Looks::CALLED)).last()? + 1
        } else {
            run.end
        };
        Some(start..end)
    }

    /// Reads a run as titles, offices and a name.
    fn mention(&self, run: Range<usize>) -> Option<Mention> {
        let is_office = |word: usize| self.meaning(word).is(Meaning::OFFICE) && !self.meaning(word).is(Meaning::GIVEN);
        let is_name = |word: usize| !is_office(word) && !self.meaning(word).is(Meaning::SUFFIX | Meaning::PARTICLE);
        let last = run.clone().rev().find(|word| is_name(*word))?;
        // An office behind the last word of the name is none: *Martin Luther King*.
        let mut first = run.start;
        for word in run.clone().take_while(|word| *word < last) {
            if is_office(word) {
                first = word + 1;
            }
        }
        // *Envoy for Iron Trade Ann Lee*
        let links = |word: usize| {
            let meaning = self.meaning(word);
            meaning.is(Meaning::PREPOSITION) && !meaning.is(Meaning::PARTICLE)
        };
        if run.clone().take_while(|word| *word < last).any(links) {
            first = first.max(last - 1);
        }
        // *Der Sprecher der Stadt*, but *President de Gaulle*.
        let is_role = first > run.start && !self.meaning(first - 1).is(Meaning::TITLE);
        if is_role && self.meaning(first).is(Meaning::PARTICLE) {
            return None;
        }
        // *Second Department Ann Lee*
        let body = (first..last.saturating_sub(1)).rev().find(|word| self.meaning(*word).is(Meaning::BODY));
        first = body.map_or(first, |body| body + 1);
        // What stands before a given name is none of it: *Staff Ann Lee*.
        let is_given = |word: &usize| self.meaning(*word).is(Meaning::GIVEN);
        let is_initial = |word: usize| self.words.get(word).is_some_and(|word| word.end - word.start == 1);
        if let Some(given) = (first..last).find(|word| is_given(word) || is_initial(*word)).filter(is_given) {
            first = given;
        }
        let end = if first == run.start { run.end } else { run.end.max(last + 1) };
        let (before, beside) = self.office_before(run.start);
        let role = if first > run.start && (run.start..first).any(|word| self.meaning(word).is(Meaning::ROLE)) {
            Some(self.office_start(run.start)..first)
        } else {
            before.clone().or(beside).or_else(|| self.office_behind(run.start, end))
        };
        let start = before.map_or(run.start, |before| before.start);
        let titles = (start..first).chain(role.clone().into_iter().flatten());
        let titles = titles.map(|word| self.meaning(word)).fold(Meaning::NOTHING, |all, one| all | one);
        let (head, tail) = (self.words.get(start)?, self.words.get(end - 1)?);
        let is_subject =
            !tail.is(Looks::POSSESSIVE) && (head.is(Looks::OPENS) || start == 0 || !self.governs(start - 1));
        let is_spoken = head.is(Looks::SPOKEN);
        let span = Span { start: head.start, end: tail.end };
        let is_addressed = is_spoken && self.is_addressed(head, span);
        Some(Mention { words: first..end, span, titles, role, is_spoken, is_subject, is_addressed })
    }

    /// Whether a word makes what follows an object.
    fn governs(&self, before: usize) -> bool {
        self.meaning(before).is(Meaning::PREPOSITION)
            || self.meaning(before).is(Meaning::DETERMINER)
                && before > 0
                && self.meaning(before - 1).is(Meaning::PREPOSITION)
    }

    /// The office right before a name (*foreign minister Ann Lee*), and the one that a comma parts from it (*the foreign
    /// minister, Ann Lee*).
    fn office_before(&self, first: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
        let Some(head) = first.checked_sub(1) else { return (None, None) };
        if !self.meaning(head).is(Meaning::OFFICE) || self.is(head, Looks::POSSESSIVE) {
            return (None, None);
        }
        let start = self.office_start(head);
        let gap = slice(self.text, self.words[head].end as usize, self.words[first].start as usize);
        if self.is(first, Looks::JOINED) {
            (Some(head..first), Some(start..first))
        } else if gap.trim() == "," && !self.is(first, Looks::OPENS) {
            (None, Some(start..first))
        } else {
            (None, None)
        }
    }

    /// Where the words about an office begin: *former Russian* minister.
    fn office_start(&self, head: usize) -> usize {
        let mut start = head;
        while start > 0
            && head - start < LONGEST_ROLE
            && self.is(start, Looks::JOINED)
            && !self.meaning(start - 1).is(Meaning::FUNCTION)
            && !self.is(start - 1, Looks::POSSESSIVE)
        {
            start -= 1;
        }
        start
    }

    /// The office that an apposition gives: *Ann Lee, the finance minister*, *Ann Lee, Norway's finance minister*.
    fn office_behind(&self, start: usize, end: usize) -> Option<Range<usize>> {
        // *Envoy for Norway, director of trade*: two offices of somebody else.
        let is_governed =
            start > 1 && self.meaning(start - 1).is(Meaning::PREPOSITION) && self.meaning(start - 2).is(Meaning::ROLE);
        if is_governed {
            return None;
        }
        let gap = slice(self.text, self.words.get(end - 1)?.end as usize, self.words.get(end)?.start as usize);
        if gap.trim() != "," || self.is(end, Looks::OPENS) {
            return None;
        }
        let mut head = None;
        for word in end..end + LONGEST_ROLE {
            let meaning = self.meaning(word);
            let goes_on = word == end || self.is(word, Looks::JOINED);
            if !goes_on || meaning.is(Meaning::FUNCTION) && !meaning.is(Meaning::DETERMINER) {
                break;
            }
            // *…, said Director Max Doe*: somebody else's.
            let written = self.words.get(word).map_or("", |word| word.of(self.text));
            if !meaning.is(Meaning::ROLE) && is_said(written) {
                break;
            }
            if meaning.is(Meaning::ROLE) {
                head = Some(word);
            }
        }
        head.map(|head| end..head + 1)
    }

    /// Whether a name in speech stands between signs, as whoever is spoken to.
    fn is_addressed(&self, head: &Word, span: Span) -> bool {
        let before = slice(self.text, 0, span.start as usize).trim_end().chars().next_back();
        let after = slice(self.text, span.end as usize, self.text.len()).trim_start().chars().next();
        let ends = |sign: Option<char>| sign.is_none_or(|sign| matches!(sign, ',' | '.' | '!' | '?' | ';' | '…'));
        match before {
            Some(',') => ends(after),
            _ => head.is(Looks::OPENS) && matches!(after, Some(',' | '!' | '?')),
        }
    }
}
