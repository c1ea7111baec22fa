//! Reading: what the words beside a quotation say of its speaker.
//!
//! **Idea.** They are a pronoun (*she*), a name with whatever stands about it (*Prime Minister Imran Khan*, *the
//! minister, Ann Lee*), or a role without a name (*a spokesman for the ministry*). A name behind a preposition or in the
//! genitive is not the speaker's: *a spokesman for Ann Lee*, *Ann Lee's lawyer*. Of organisations all words count:
//! *Norway's foreign ministry*. A name may follow a role behind a
//! comma (*the minister, Ann Lee,*) or an organisation behind an office (*Foreign Ministry official Ann Lee*). In a script without capitals the words are the name as they stand.
//!
//! **Cost.** Linear in the words read, [so many](LONGEST) at most.
//!
//! **Gives up.** Several speakers of one quotation: the first one named is taken.

use std::ops::Range;

use super::lexicon::{Gender, Lexicon, Meaning};
use super::names::Mention;
use super::words::{Looks, Word, slice};
use crate::finding::Span;

/// Who is said not to have said it.
const NOBODY: &[&str] =
    &["nobody", "no one", "no-one", "none", "niemand", "keiner", "personne", "nadie", "nessuno", "ninguém", "никто"];

/// Bytes of an office at most that stands before the name in an apposition.
const LONGEST_OFFICE: usize = 40;
/// Bytes of a mention at most.
const LONGEST: u32 = 300;

/// What the words beside a quotation are.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// A name, by the number of its mention.
    Name(usize),
    /// A name that is known from these words alone.
    Caseless,
    /// The narrator.
    First,
    /// *He*, *she*, *it*, *they*, or *who*.
    Pronoun(Pronoun),
    /// Somebody without a name.
    Role(Role),
}

/// What a pronoun may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pronoun {
    /// Somebody, of a gender if one is told; *who* and the verb without a subject tell none.
    One(Option<Gender>),
    /// *Who*: the one named right before.
    Relative,
    /// *It*.
    Thing,
    /// *They*.
    Several,
}

/// A role.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Role {
    /// Its words, but for articles.
    pub(super) words: Range<usize>,
    /// The noun that says what it is.
    pub(super) head: Option<usize>,
    pub(super) meaning: Meaning,
    /// Whether it may be somebody known: *the minister*, not *a minister* or *his mother*.
    pub(super) is_definite: bool,
}

/// Reads the words beside a quotation. `cue` is the verb, whose form may tell what *sie* leaves open.
pub(super) fn read(
    text: &str,
    words: &[Word],
    mentions: &[Mention],
    span: Span,
    cue: Option<Span>,
    lexicon: Lexicon,
) -> Option<Reading> {
    let span = Span { start: span.start, end: span.end.min(span.start.saturating_add(LONGEST)) };
    let start = words.partition_point(|word| word.end <= span.start);
    let end = words.partition_point(|word| word.start < span.end);
    let within = words.get(start..end).filter(|within| !within.is_empty())?;
    if NOBODY.contains(&slice(text, span.start as usize, span.end as usize).to_lowercase().as_str()) {
        return None;
    }
    let all = within.iter().fold(Meaning::NOTHING, |all, word| all | word.meaning);
    // A pronoun may be tied to the verb: *a-t-elle*, *他说*.
    let tied = lexicon.meaning(&slice(text, span.start as usize, span.end as usize).to_lowercase());
    let first = within[0].meaning | tied;
    if tied.is(Meaning::FUNCTION) || within.iter().all(|word| word.meaning.is(Meaning::FUNCTION)) {
        if first.is(Meaning::PRONOUN | Meaning::RELATIVE) {
            return Some(Reading::Pronoun(pronoun(
                first,
                cue.map(|cue| slice(text, cue.start as usize, cue.end as usize)),
            )));
        }
        if first.is(Meaning::FIRST) {
            return Some(Reading::First);
        }
    }
    let named = named(words, mentions, start..end);
    if let Some(name) = named {
        let is_body = words[mentions[name].words.clone()].iter().any(|word| word.meaning.is(Meaning::BODY));
        if !is_body {
            return Some(Reading::Name(name));
        }
    }
    let written = |word: &Word| word.of(text).chars().next();
    let is_caseless =
        written(&within[0]).is_some_and(|sign| sign.is_alphabetic() && !sign.is_lowercase() && !sign.is_uppercase());
    if is_caseless {
        return Some(Reading::Caseless);
    }
    // The role ends where *for*, *of* begin, and what follows only tells it from others.
    let own = within
        .iter()
        .take_while(|word| !word.meaning.is(Meaning::PREPOSITION) || word.meaning.is(Meaning::DETERMINER))
        .count();
    let head = (start..start + own).rev().find(|word| words[*word].meaning.is(Meaning::ROLE | Meaning::BODY));
    if head.is_none() && within.iter().all(|word| word.is(Looks::CAPITAL)) {
        return Some(Reading::Caseless);
    }
    // *She paused, then said*: a verb. Where nouns have articles, one without is a name, an office or a plural.
    let is_noun = |word: &Word| {
        word.is(Looks::CAPITAL)
            || word.meaning.is(Meaning::DETERMINER | Meaning::PLURAL)
            || word.of(text).ends_with('s')
    };
    if head.is_none() && lexicon.has_articles() && !within.iter().any(is_noun) {
        return None;
    }
    let is_article = |word: &&Word| word.meaning.is(Meaning::DETERMINER) && !word.is(Looks::POSSESSIVE);
    let articles = within.iter().take_while(is_article).count();
    let is_definite = !within[..articles].iter().any(|word| word.meaning.is(Meaning::INDEFINITE | Meaning::POSSESSIVE));
    let meaning = head.map_or(all, |head| words[head].meaning);
    let behind = appositive(text, mentions, span.end, is_definite);
    let behind = behind.or_else(|| borne(words, mentions, end).filter(|_| is_definite));
    if let Some(name) = behind {
        return Some(Reading::Name(name));
    }
    Some(Reading::Role(Role {
        words: start + articles..end,
        head,
        meaning,
        is_definite: is_definite && !meaning.is(Meaning::PLURAL | Meaning::BODY),
    }))
}

/// The name behind a role and a comma: *the foreign minister, Ann Lee, said*. What is no one in particular (*a
/// spokeswoman, Ann Lee, said*) has it set off on both sides.
fn appositive(text: &str, mentions: &[Mention], end: u32, is_definite: bool) -> Option<usize> {
    let next = mentions.partition_point(|mention| mention.span.start < end);
    let name = mentions.get(next)?;
    let is_set_off = || slice(text, name.span.end as usize, text.len()).starts_with([',', '.', '—']);
    let between = slice(text, end as usize, name.span.start as usize);
    // *Her opponent, town councillor Ann Lee, said*: an office that no table knows.
    let is_office = || {
        let office = between.strip_prefix(", ").unwrap_or_default();
        office.len() <= LONGEST_OFFICE && office.chars().all(|sign| sign.is_alphabetic() || matches!(sign, ' ' | '-'))
    };
    let stands_there = between == ", " && is_definite || is_set_off() && between.starts_with(", ") && is_office();
    (stands_there && !name.is_spoken).then_some(next)
}

/// The name behind an organisation and its office: *Foreign Ministry official Ann Lee*.
fn borne(words: &[Word], mentions: &[Mention], end: usize) -> Option<usize> {
    let is_office = |word: &Word| word.is(Looks::JOINED) && !word.is(Looks::CAPITAL) && word.meaning.is(Meaning::ROLE);
    let offices = words.get(end..)?.iter().take_while(|word| is_office(word)).count();
    let head = words.get(end + offices).filter(|head| offices > 0 && head.is(Looks::JOINED))?;
    let name = mentions.partition_point(|mention| mention.span.end <= head.start);
    mentions.get(name).filter(|mention| words.get(mention.words.start).is_some_and(|word| word.start <= head.start))?;
    Some(name)
}

/// The name of the speaker, among the words of a mention.
fn named(words: &[Word], mentions: &[Mention], within: Range<usize>) -> Option<usize> {
    let from = mentions.partition_point(|mention| mention.words.end <= within.start);
    for (number, mention) in mentions.iter().enumerate().skip(from) {
        if mention.words.start >= within.end {
            break;
        }
        let is_genitive = words[mention.words.end - 1].is(Looks::POSSESSIVE) && mention.words.end < within.end;
        let head = words.partition_point(|word| word.start < mention.span.start);
        // A comma parts an apposition from what stands before: *the president of Mexico, Ann Lee*.
        let apart = head > within.start && !words[head].is(Looks::JOINED);
        // *The head of the Second Department Ann Lee*: what is governed is the department.
        let is_behind_body =
            mention.words.start > within.start && words[mention.words.start - 1].meaning.is(Meaning::BODY);
        let is_governed = !apart
            && !is_behind_body
            && words
                .get(within.start..head)
                .unwrap_or_default()
                .iter()
                .any(|word| word.meaning.is(Meaning::PREPOSITION));
        // *The Norway correspondent*, *Lee campaign spokesman Max Doe*: the name tells something of what follows.
        let is_attribute = mention.words.end < within.end
            && words.get(mention.words.end).is_some_and(|next| {
                next.is(Looks::JOINED) && !next.is(Looks::CAPITAL) && !next.meaning.is(Meaning::FUNCTION)
            });
        if !is_genitive && !is_governed && !is_attribute {
            return Some(number);
        }
    }
    None
}

/// What a pronoun stands for, with the verb beside it.
fn pronoun(meaning: Meaning, cue: Option<&str>) -> Pronoun {
    let form = cue.map_or(Form::Unknown, form);
    let is = |kind| meaning.is(kind);
    match (is(Meaning::HE), is(Meaning::SHE)) {
        // *Sie sagten*: they.
        (false, true) if is(Meaning::THEY) && form == Form::Several => Pronoun::Several,
        (true, false) => Pronoun::One(Some(Gender::Male)),
        (false, true) => Pronoun::One(Some(Gender::Female)),
        (true, true) => Pronoun::One(None),
        _ if is(Meaning::IT) => Pronoun::Thing,
        _ if is(Meaning::THEY) => Pronoun::Several,
        _ => Pronoun::Relative,
    }
}

/// What the form of a verb tells of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Unknown,
    One(Gender),
    Several,
}

/// Reads the end of a verb: the past of Slavic languages has a gender, that of German a number.
fn form(verb: &str) -> Form {
    let verb = verb.split_whitespace().last().unwrap_or_default().trim_end_matches("сь").trim_end_matches("ся");
    let ends = |endings: &[&str]| endings.iter().any(|ending| verb.ends_with(ending));
    if ends(&["ла", "ła"]) {
        Form::One(Gender::Female)
    } else if ends(&["л", "ł", "в"]) {
        Form::One(Gender::Male)
    } else if ends(&["ли", "ten", "ben", "fen", "chen", "aron", "eron"]) {
        Form::Several
    } else {
        Form::Unknown
    }
}

/// What a verb without a subject says: *dijo*, *сказала*.
pub(super) fn read_verb(text: &str, cue: Span) -> Pronoun {
    match form(slice(text, cue.start as usize, cue.end as usize)) {
        Form::One(gender) => Pronoun::One(Some(gender)),
        Form::Several => Pronoun::Several,
        Form::Unknown => Pronoun::One(None),
    }
}
