//! Credits: set phrases by which a text says whose it is, wholly or in part, or where it was printed before.
//!
//! **Idea.** A phrase of the table counts in its position only: at the start of a sentence, a line or a bracket, or where
//! it and the name are all that stands there. The name is looked for on the side where the phrase has it, within the
//! sentence: all agencies there, or else a run of words with capital letters. What speaks of pictures is none.
//!
//! Reporters and editors of a sign-off (*Reporting by …; Editing by …*) are nobody's by themselves: several agencies
//! have it. It counts for the one that the text names elsewhere.
//!
//! **Cost.** One look-up a word, and for each phrase one reading of its sentence, of bounded length.
//!
//! **Gives up.** Phrases that are not in the table; outlets whose names are in small letters and no domain.

use std::ops::Range;

use super::agencies::{Agencies, Agency};
use super::bylines::{read_byline, read_last_word};
use super::marks::Named;
use super::phrases::{self, Meaning, NamePlace, Phrase, Position, is_desk, is_of_picture, is_particle};
use super::words::{closing_bracket, is_capitalised, is_caseless, is_dash, is_markup, near_word, next_word, words};
use super::{Credit, CreditKind, Line, Span, floor};

/// Bytes of a sentence that are looked at before and behind a phrase.
const REACH: usize = 400;
/// Bytes of a name at most.
const LONGEST_NAME: usize = 100;
/// Words in small letters at most beside the agencies of a credit.
const SMALL_WORDS: usize = 3;
/// Words at most behind the name of an outlet.
const WORDS_BEHIND: usize = 12;
/// Words that end the name of an outlet.
const ENDS_OF_OUTLET: [&str; 14] =
    ["on", "in", "at", "by", "as", "am", "im", "en", "em", "auf", "op", "under", "with", "for"];

/// A credit within a line, in bytes of it.
struct Found {
    span: Range<usize>,
    kind: CreditKind,
    agency: Option<Agency>,
    name: Option<Range<usize>>,
    is_sign_off: bool,
}

/// Adds the credits of some lines to those that are known; behind the dateline only, in the line that has one.
pub(super) fn read(lines: &[Line], agencies: &Agencies, dateline: Option<Span>, credits: &mut Vec<Credit>) {
    let mut signed_off = Vec::new();
    for line in lines {
        let after = dateline.map_or(0, |span| (span.end as usize).saturating_sub(line.start));
        let from = if after < line.text.len() && dateline.is_some_and(|span| span.start as usize >= line.start) {
            after
        } else {
            0
        };
        for found in read_line(line, from, agencies) {
            let name = found.name.map(|name| line.span(name));
            let credit = Credit { span: line.span(found.span), kind: found.kind, agency: found.agency, name };
            if found.is_sign_off {
                signed_off.push(credits.len());
            }
            credits.push(credit);
        }
    }
    let mut written =
        credits.iter().filter(|credit| credit.kind == CreditKind::Written).filter_map(|credit| credit.agency);
    let first = written.next();
    let agency = first.filter(|first| written.all(|other| other == *first));
    for number in signed_off {
        if let Some(credit) = credits.get_mut(number) {
            credit.agency = credit.agency.or(agency);
        }
    }
    credits.sort_by_key(|credit| (credit.span, credit.kind, credit.name));
    // A long line may have been read twice, and a phrase within another.
    credits.dedup_by(|next, kept| {
        let is_within = next.span.end <= kept.span.end;
        is_within && next.agency == kept.agency && next.kind == kept.kind && next.name == kept.name
    });
}

fn read_line(line: &Line, from: usize, agencies: &Agencies) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(word) = next_word(line.text, at) {
        at = word.end;
        let rest = line.text.get(word.start..).unwrap_or_default();
        let Some((phrase, length)) = phrases::read(rest, |phrase| kind_of(phrase).is_some()) else { continue };
        let place = Place { line, from, phrase, range: word.start..word.start + length };
        let credits = place.read(agencies);
        at = credits.iter().fold(at, |at, credit| at.max(credit.span.end));
        found.extend(credits);
    }
    found.extend(read_copyright(line, from, agencies));
    let whole = if from == 0 { read_byline(line, agencies) } else { None };
    let last = if found.is_empty() {
        whole.or_else(|| read_last_word(line, agencies))
    } else {
        read_last_word(line, agencies)
    };
    if let Some((span, (agency, name))) = last
        && !found.iter().any(|credit| credit.span.end > span.start)
    {
        let (kind, agency, name) = (CreditKind::Written, Some(agency), Some(name));
        found.push(Found { span, kind, agency, name, is_sign_off: false });
    }
    found
}

fn kind_of(phrase: &Phrase) -> Option<CreditKind> {
    match phrase.meaning {
        Meaning::Written => Some(CreditKind::Written),
        Meaning::Contributed => Some(CreditKind::Contributed),
        Meaning::Republished => Some(CreditKind::Republished),
        _ => None,
    }
}

/// A phrase in a line.
struct Place<'a> {
    line: &'a Line<'a>,
    /// Where the line is read from.
    from: usize,
    phrase: &'static Phrase,
    range: Range<usize>,
}

impl Place<'_> {
    fn read(&self, agencies: &Agencies) -> Vec<Found> {
        let text = self.line.text;
        let sentence = self.sentence();
        let is_opening = self.is_opening();
        if self.phrase.position != Position::Anywhere && !is_opening {
            return Vec::new();
        }
        if self.phrase.name != NamePlace::SignOff && speaks_of_pictures(text, sentence.clone()) {
            return Vec::new();
        }
        let behind = self.range.end..sentence.end.max(self.range.end);
        match self.phrase.name {
            NamePlace::Nowhere => vec![self.found(self.range.start..sentence.end.max(self.range.end), None, None)],
            NamePlace::Itself => self.read_itself(behind, agencies),
            NamePlace::SignOff => self.read_sign_off(agencies),
            NamePlace::Before | NamePlace::AgencyBefore => self.read_before(sentence, agencies),
            NamePlace::After if self.phrase.meaning == Meaning::Contributed => self.read_all(behind, agencies),
            NamePlace::After if self.phrase.meaning == Meaning::Written => {
                let named = agencies_within(text, behind, agencies).into_iter().next();
                named
                    .map(|named| self.found(self.range.start..named.1.end, Some(named.0), Some(named.1)))
                    .into_iter()
                    .collect()
            }
            NamePlace::After => self.read_outlet(behind, agencies).into_iter().collect(),
        }
    }

    fn found(&self, span: Range<usize>, agency: Option<Agency>, name: Option<Range<usize>>) -> Found {
        // A phrase without a meaning for credits was not looked for.
        let kind = kind_of(self.phrase).unwrap_or(CreditKind::Written);
        Found { span, kind, agency, name, is_sign_off: self.phrase.name == NamePlace::SignOff }
    }

    /// What stands before the phrase, without markup, quotation marks and dashes.
    fn before(&self) -> &str {
        let before = self.line.text.get(self.from..self.range.start).unwrap_or_default();
        before.trim_end_matches(|sign| is_markup(sign) || is_dash(sign) || matches!(sign, '"' | '“' | '„' | '«' | '\''))
    }

    fn is_opening(&self) -> bool {
        let before = self.before();
        match before.chars().next_back() {
            None => self.line.has_start || self.from > 0,
            Some(last) => {
                closing_bracket(last).is_some()
                    || matches!(
                        last,
                        '.' | '!' | '?' | '…' | '|' | ')' | ']' | '。' | '！' | '？' | '।' | '۔' | '”' | '"'
                    )
            }
        }
    }

    fn is_in_bracket(&self) -> bool {
        self.before().ends_with(|last| closing_bracket(last).is_some())
    }

    /// The sentence around the phrase, or what the bracket holds that it opens.
    fn sentence(&self) -> Range<usize> {
        let text = self.line.text;
        let least = self.from.max(floor(text, self.range.start.saturating_sub(REACH)));
        let before = text.get(least..self.range.start).unwrap_or_default();
        let mut start = least;
        for (place, sign) in before.char_indices() {
            if closing_bracket(sign).is_some() || ends_sentence_at(before, place, sign) {
                start = least + place + sign.len_utf8();
            }
        }
        let most = floor(text, self.range.end + REACH);
        let behind = text.get(self.range.end..most).unwrap_or_default();
        let mut depth = 0_usize;
        let is_enclosed = self.is_in_bracket();
        let end = behind.char_indices().find(|(place, sign)| {
            if closing_bracket(*sign).is_some() {
                depth += 1;
            }
            if matches!(sign, ')' | ']' | '）' | '］' | '】') {
                if depth == 0 {
                    return true;
                }
                depth -= 1;
            }
            !is_enclosed && (*sign == '|' || ends_sentence_at(behind, *place, *sign))
        });
        let end = self.range.end + end.map_or(behind.len(), |(place, _)| place);
        start + (text.get(start..end).map_or(0, |text| text.len() - text.trim_start().len()))..end
    }

    /// `Agencies` alone, or a phrase that names an agency itself.
    fn read_itself(&self, behind: Range<usize>, agencies: &Agencies) -> Vec<Found> {
        let text = self.line.text;
        if self.phrase.position == Position::Alone {
            let is_alone = text.get(behind.clone()).is_some_and(|rest| !rest.contains(char::is_alphanumeric));
            let opens = self.before().is_empty() || self.is_in_bracket();
            let ends = self.is_in_bracket() || text.get(behind.end..).is_some_and(|rest| rest.len() <= 2);
            let is_taken = is_alone && opens && ends;
            return if is_taken {
                vec![self.found(self.range.clone(), None, Some(self.range.clone()))]
            } else {
                Vec::new()
            };
        }
        let named = agencies_within(text, self.range.clone(), agencies).into_iter().next();
        let (agency, name) = named.map_or((None, self.range.clone()), |(agency, name)| (Some(agency), name));
        vec![self.found(self.range.clone(), agency, Some(name))]
    }

    /// The people of a sign-off: up to the end of the bracket or line.
    fn read_sign_off(&self, agencies: &Agencies) -> Vec<Found> {
        let text = self.line.text;
        let most = floor(text, self.range.end + REACH);
        let behind = text.get(self.range.end..most).unwrap_or_default();
        let close = if self.is_in_bracket() { behind.find([')', ']', '）']) } else { None };
        let end = self.range.end + close.unwrap_or(behind.len());
        let people = text.get(self.range.end..end).unwrap_or_default();
        let first = people.split([';', '.', '|']).next().unwrap_or_default();
        let start = self.range.end + first.len() - first.trim_start_matches([' ', ':']).len();
        let name = start..(self.range.end + first.trim_end().len()).max(start);
        // Sentences such as *Reporting by a newspaper found that …* are none.
        let opens = first.trim_start_matches([' ', ':']).starts_with(is_capitalised_letter);
        let is_list = self.is_in_bracket() || small_words(text, name.clone()) <= SMALL_WORDS;
        if !opens || !is_list || name.is_empty() {
            return Vec::new();
        }
        let agency = agencies_within(text, self.range.end..end, agencies).into_iter().next().map(|(agency, _)| agency);
        vec![self.found(self.range.start..end, agency, Some(name))]
    }

    /// Names before the phrase: all agencies of the sentence, or whoever it is.
    fn read_before(&self, sentence: Range<usize>, agencies: &Agencies) -> Vec<Found> {
        let text = self.line.text;
        let before = sentence.start..self.range.start;
        let span = sentence.start..self.range.end;
        let named = agencies_within(text, before.clone(), agencies);
        let behind = text.get(self.range.end..sentence.end).unwrap_or_default();
        let ends = behind.trim().is_empty();
        if self.phrase.name == NamePlace::AgencyBefore {
            let opens = |name: &Range<usize>| {
                let first = text.get(before.start..name.start).unwrap_or_default();
                words(first).all(|word| is_particle(first.get(word).unwrap_or_default())) && first.len() < 20
            };
            let is_taken = named.first().is_some_and(|(_, name)| opens(name)) && (ends || self.phrase.has_words(2));
            if !is_taken {
                return Vec::new();
            }
        }
        if named.is_empty() {
            let start = before.start;
            let end = start + text.get(before).unwrap_or_default().trim_end().len();
            let is_name = ends && start < end && end - start <= 2 * LONGEST_NAME;
            return if is_name { vec![self.found(span, None, Some(start..end))] } else { Vec::new() };
        }
        named.into_iter().map(|(agency, name)| self.found(span.clone(), Some(agency), Some(name))).collect()
    }

    /// Names behind the phrase: all agencies, or a name of any kind.
    fn read_all(&self, behind: Range<usize>, agencies: &Agencies) -> Vec<Found> {
        let text = self.line.text;
        let named = agencies_within(text, behind.clone(), agencies);
        let small = small_words(text, behind.clone());
        let ends_line = text.get(behind.end..).is_some_and(|rest| rest.trim_end_matches(is_markup).len() <= 3);
        if self.phrase.position == Position::Alone {
            let covered: usize =
                named.iter().map(|(_, name)| words(text.get(name.clone()).unwrap_or("")).count()).sum();
            let rest = text.get(behind.clone()).unwrap_or_default();
            let loose = words(rest).filter(|word| {
                let word = rest.get(word.clone()).unwrap_or_default();
                is_desk(word) || is_particle(word)
            });
            let is_covered = covered + loose.count() >= words(rest).count();
            if !is_covered || named.is_empty() || !(self.is_in_bracket() || ends_line) {
                return Vec::new();
            }
        }
        let start = self.range.start;
        if !named.is_empty() {
            let last = named.last().map_or(behind.end, |(_, name)| name.end);
            let is_list = small <= SMALL_WORDS || self.is_in_bracket();
            let all = named.into_iter().map(|(agency, name)| self.found(start..last, Some(agency), Some(name)));
            return if is_list { all.collect() } else { Vec::new() };
        }
        let first = text.get(behind.clone()).and_then(|names| names.split(';').next()).map_or(0, str::len);
        let Some(name) = trim(text, behind.start..behind.start + first) else { return Vec::new() };
        let is_name = name.len() <= LONGEST_NAME && (small == 0 || self.is_in_bracket() && small <= SMALL_WORDS);
        if is_name && ends_line { vec![self.found(start..name.end, None, Some(name))] } else { Vec::new() }
    }

    /// The outlet behind the phrase: an agency, a domain, or words with capital letters.
    fn read_outlet(&self, behind: Range<usize>, agencies: &Agencies) -> Option<Found> {
        let text = self.line.text;
        let name = trim(text, behind.clone())?;
        let start = self.range.start;
        let is_label = text.get(self.range.clone())?.ends_with([':', '：', '=']);
        let rest = text.get(name.clone())?;
        let near = words(rest).take(3);
        let agency =
            near.map(|word| name.start + word.start).find_map(|place| agency_at(text, place, name.end, agencies));
        if let Some((agency, name)) = agency
            && (is_label || small_words(text, name.end..behind.end) <= WORDS_BEHIND)
        {
            return Some(self.found(start..name.end, Some(agency), Some(name)));
        }
        let token = rest.split(|sign: char| sign.is_whitespace() || matches!(sign, ')' | ']' | ',' | ';')).next()?;
        let token = token.trim_end_matches(['.', ':']);
        if is_domain(token) {
            let name = name.start..name.start + token.len();
            return Some(self.found(start..name.end, agencies.of_address(token), Some(name)));
        }
        let length = outlet_length(rest)?;
        let outlet = name.start..name.start + length;
        let follows = text.get(outlet.end..behind.end)?;
        let follows = follows.trim_start_matches(['"', '”', '’', '»', '*', '_', '“', ']', ' ']);
        let ends = if is_label {
            follows.trim().is_empty() || follows.starts_with(['/', ',', ';'])
        } else {
            let next = next_word(follows, 0).and_then(|word| follows.get(word)).unwrap_or_default().to_lowercase();
            let is_soft = follows.is_empty() || !follows.starts_with(char::is_alphanumeric);
            (is_soft || ENDS_OF_OUTLET.contains(&next.as_str()) && next != "by" || next == "and")
                && words(follows).take(WORDS_BEHIND + 1).count() <= WORDS_BEHIND
        };
        ends.then(|| self.found(start..outlet.end, None, Some(outlet)))
    }
}

/// Bytes of the outlet's name that begins a text: words with capital letters and what joins them.
fn outlet_length(text: &str) -> Option<usize> {
    let mut end = None;
    let mut last = 0;
    for word in words(text) {
        let written = text.get(word.clone())?;
        let between = text.get(last..word.start)?;
        let is_joined = last == 0
            || between == "."
            || between.chars().all(|sign| sign == ' ' || is_dash(sign) || matches!(sign, '\'' | '’' | '&' | '\u{a0}'));
        let small = written.to_lowercase();
        if !is_joined || word.end > LONGEST_NAME || ENDS_OF_OUTLET.contains(&small.as_str()) && !is_capitalised(written)
        {
            break;
        }
        if is_capitalised(written) || (end.is_some() && written.starts_with(char::is_numeric)) || between == "." {
            end = Some(word.end);
        } else if !is_particle(written) {
            break;
        }
        last = word.end;
    }
    end
}

fn is_domain(token: &str) -> bool {
    let host = token.split_once("://").map_or(token, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let mut labels = host.split('.');
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-');
    host.contains('.')
        && host.len() <= LONGEST_NAME
        && labels.clone().all(is_label)
        && labels.next_back().is_some_and(|last| last.len() >= 2 && last.chars().all(char::is_alphabetic))
}

/// All agencies that are named within a range.
fn agencies_within(text: &str, range: Range<usize>, agencies: &Agencies) -> Vec<Named> {
    let mut named = Vec::new();
    let mut at = range.start;
    while let Some(word) = next_word(text, at).filter(|word| word.end <= range.end) {
        at = word.end;
        if let Some((agency, name)) = agency_at(text, word.start, range.end, agencies) {
            at = name.end;
            named.push((agency, name));
        }
    }
    named
}

fn agency_at(text: &str, at: usize, end: usize, agencies: &Agencies) -> Option<Named> {
    let rest = text.get(at..end)?;
    let mention = agencies.read(rest).or_else(|| agencies.read_unspaced(rest))?;
    Some((mention.agency, at..at + mention.end))
}

/// Words in small letters within a range that neither join names nor speak of an agency's desk.
fn small_words(text: &str, range: Range<usize>) -> usize {
    let part = text.get(range).unwrap_or_default();
    let is_small = |word: Range<usize>| {
        let word = part.get(word).unwrap_or_default();
        word.starts_with(char::is_lowercase) && !is_particle(word) && !is_desk(word) && word != "our"
    };
    words(part).filter(|word| is_small(word.clone())).count()
}

fn speaks_of_pictures(text: &str, range: Range<usize>) -> bool {
    let part = text.get(range).unwrap_or_default();
    words(part).any(|word| is_of_picture(part.get(word).unwrap_or_default()))
}

/// A range without the signs around it that are no part of a name.
fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let is_around = |sign: char| !sign.is_alphanumeric();
    let start = part.len() - part.trim_start_matches(is_around).len();
    let end = part.trim_end_matches(is_around).len();
    (start < end).then(|| range.start + start..range.start + end)
}

fn is_capitalised_letter(letter: char) -> bool {
    letter.is_uppercase() || is_caseless(letter)
}

/// Whether a sentence ends with a sign: white space follows, and it is no full stop of an initial.
fn ends_sentence_at(text: &str, place: usize, sign: char) -> bool {
    if matches!(sign, '。' | '！' | '？' | '।' | '۔') {
        return true;
    }
    if !matches!(sign, '.' | '!' | '?' | '…') {
        return false;
    }
    let behind = text.get(place + sign.len_utf8()..).unwrap_or_default();
    let mut before = text.get(..place).unwrap_or_default().chars().rev();
    let is_initial = sign == '.'
        && before.next().is_some_and(char::is_uppercase)
        && before.next().is_none_or(|letter| !letter.is_alphanumeric());
    (behind.is_empty()
        || behind.starts_with(|next: char| next.is_whitespace() || matches!(next, '"' | '”' | '*' | '_')))
        && !is_initial
}

/// `© 2021 AFP`, `Copyright 2021 The Associated Press.`
fn read_copyright(line: &Line, from: usize, agencies: &Agencies) -> Option<Found> {
    let text = line.text;
    let most = floor(text, from + (8 << 10));
    let signs = text.get(from..most)?.char_indices().filter(|(_, sign)| matches!(sign, '©' | 'C' | 'c' | '('));
    for (place, sign) in signs {
        let start = from + place;
        let rest = text.get(start..)?;
        let opening =
            ["©", "(c)", "(C)", "Copyright", "COPYRIGHT", "copyright"].into_iter().find(|word| rest.starts_with(word));
        let Some(opening) = opening else { continue };
        let is_inside = text.get(..start)?.ends_with(char::is_alphanumeric);
        if is_inside {
            continue;
        }
        let mut at = start + opening.len();
        let mut has_year = false;
        // Years, signs, and words such as *by the*.
        while let Some(word) = near_word(text, at) {
            let written = text.get(word.clone())?;
            let is_year = written.len() == 4 && written.bytes().all(|byte| byte.is_ascii_digit());
            has_year |= is_year;
            let is_passed = ["copyright", "c", "by", "the", "by"].contains(&written.to_lowercase().as_str());
            if !is_year && !is_passed {
                break;
            }
            at = word.end;
        }
        let Some(word) = near_word(text, at) else { continue };
        let Some((agency, name)) = agency_at(text, word.start, text.len(), agencies) else { continue };
        // `© AFP` below a headline, and `© AFP/Jane Doe`, are of pictures.
        let is_of_text = has_year || sign != '©' || line.number_from_end.is_some();
        let sentence = start..floor(text, name.end + LONGEST_NAME).max(name.end);
        let follows = text.get(name.end..)?;
        if is_of_text && !follows.starts_with('/') && !speaks_of_pictures(text, sentence) {
            let (span, kind) = (start..name.end, CreditKind::Written);
            return Some(Found { span, kind, agency: Some(agency), name: Some(name), is_sign_off: false });
        }
    }
    None
}
