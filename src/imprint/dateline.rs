//! Datelines: the place, day and agency that a wire story begins with.
//!
//! **Idea.** A dateline stands at the start of a line: `ISLAMABAD, January 30. /TASS/.`, `WASHINGTON (Reuters) -`,
//! `Berlin (dpa) -`, `МОСКВА, 30 янв — РИА Новости.`, `(ANSA) - ROMA, 30 GEN -`, `新华社北京1月30日电`. No list of
//! places is needed. What is read is a place (words with capital letters), a day, a mark with an agency, and the dash,
//! colon or full stop that closes it, in almost any order; and then the signs have to suffice:
//!
//! - an agency with a place or a day, or an agency in brackets that opens the line;
//! - or a day with a place, a closing dash or colon, and prose behind it;
//! - or a place in capitals alone, a closing dash or colon, and prose behind it. Labels (`NOTE:`, `WATCH:`) are none,
//!   and where several lines have this form it is a conversation, whose speakers are no places.
//!
//! The first of the first two kinds is taken, else the first of the third.
//!
//! **Cost.** A bounded stretch of each of the first lines is read once.
//!
//! **Gives up.** Datelines behind a byline on one line; places in small letters; a place in capitals that is an
//! organisation's name and no label.

use super::agencies::Agencies;
use super::day::{Day, read_day, time_length};
use super::marks::{Named, read_mark};
use super::phrases::{is_label, is_of_picture, is_particle};
use super::words::{
    Cursor, closing_bracket, enclosed, is_capitalised, is_caseless, is_dash, is_in_capitals, is_markup, next_word,
    word_end, words,
};

/// Bytes of a dateline at most.
const LONGEST: usize = 200;
/// Bytes of a place at most.
const LONGEST_PLACE: usize = 70;
/// Words of a place at most.
const WORDS_OF_PLACE: usize = 7;
/// Bytes between brackets at most.
const LONGEST_MARK: usize = 60;
/// Bytes of prose that are looked at.
const PROSE: usize = 400;
/// Words of prose at least, and of prose that does not end with a full stop.
const LEAST_WORDS: usize = 5;
const LEAST_WORDS_OF_OPEN: usize = 9;
/// Letters of a place at least that stands alone.
const LEAST_LETTERS: usize = 3;

/// A dateline of a line, in bytes of the line.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) day: Option<Day>,
    pub(super) agency: Option<Named>,
    /// Whether it is a place in capitals only.
    pub(super) is_weak: bool,
}

/// The dateline among the first lines of a text, and the number of its line.
pub(super) fn find<'a>(lines: impl Iterator<Item = &'a str>, agencies: &Agencies) -> Option<(usize, Found)> {
    let mut weak = Vec::new();
    let mut lines = lines.enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        match read(line, lines.peek().map_or("", |(_, next)| next), agencies) {
            Some(found) if !found.is_weak => return Some((number, found)),
            Some(found) => weak.push((number, found)),
            None => {}
        }
    }
    if weak.len() > 1 {
        return None;
    }
    weak.pop()
}

/// The dateline that a line begins with; prose may begin in the next one.
pub(super) fn read(line: &str, next: &str, agencies: &Agencies) -> Option<Found> {
    let start = line.len() - line.trim_start_matches(is_markup).len();
    let rest = line.get(start..)?;
    let read = read_unspaced(rest, agencies).or_else(|| Reader::new(rest, next, agencies).read())?;
    let agency = read.agency.map(|(agency, name)| (agency, start + name.start..start + name.end));
    Some(Found { start, end: start + read.end, agency, ..read })
}

/// `新华社北京1月30日电`, `中新社北京1月30日电（记者 …）`.
fn read_unspaced(text: &str, agencies: &Agencies) -> Option<Found> {
    let mention = agencies.read_unspaced(text)?;
    let rest = text.get(mention.end..)?;
    let (mut day, mut end) = (None, None);
    for (place, sign) in rest.char_indices().take(30) {
        if sign.is_numeric() && day.is_none() {
            day = read_day(rest.get(place..)?).map(|(day, _)| day);
        }
        if matches!(sign, '电' | '電' | '讯' | '訊') {
            end = Some(mention.end + place + sign.len_utf8());
            break;
        }
    }
    Some(Found { start: 0, end: end?, day, agency: Some((mention.agency, 0..mention.end)), is_weak: false })
}

/// What is known of a dateline while it is read.
struct Reader<'a> {
    cursor: Cursor<'a>,
    /// The next line.
    next: &'a str,
    agencies: &'a Agencies,
    place: Option<Place>,
    day: Option<Day>,
    agency: Option<Named>,
    /// Whether the agency stood in brackets, which need no dash behind them.
    is_marked: bool,
    /// Whether a bracket named somebody else.
    has_other_mark: bool,
    /// Whether a bracket with an agency opens the line.
    opens_marked: bool,
    closing: Closing,
}

/// What stood last between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    Nothing,
    Loose,
    Stop,
    Dash,
    Colon,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    in_capitals: bool,
    letters: usize,
    words: usize,
    has_label: bool,
    is_of_picture: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, next: &'a str, agencies: &'a Agencies) -> Self {
        let (place, day, agency) = (None, None, None);
        let (is_marked, has_other_mark, opens_marked, closing) = (false, false, false, Closing::Nothing);
        let cursor = Cursor::new(text);
        Reader { cursor, next, agencies, place, day, agency, is_marked, has_other_mark, opens_marked, closing }
    }

    fn read(mut self) -> Option<Found> {
        self.opens_marked = self.take_mark();
        if !self.opens_marked && self.cursor.peek().is_some_and(|sign| closing_bracket(sign).is_some()) {
            return None;
        }
        if self.opens_marked {
            self.take_gap();
        }
        let opened = (self.cursor.at, self.closing);
        if !self.take_day() {
            self.place = self.take_place();
        }
        if self.place.is_none() && self.day.is_none() {
            (self.cursor.at, self.closing) = opened;
            return self.finish();
        }
        while self.cursor.at < LONGEST {
            self.take_gap();
            if !(self.take_day() || self.take_mark() || self.take_bare() || self.take_other_mark()) {
                break;
            }
            self.closing = Closing::Nothing;
        }
        // Behind `(ANSA) -`, only a place that is closed again, as in `ROMA, 30 GEN -`, belongs to the dateline.
        let is_closed = self.day.is_some() || matches!(self.closing, Closing::Dash | Closing::Colon);
        if self.opens_marked && !(is_closed && self.place.is_none_or(|place| place.in_capitals)) {
            (self.cursor.at, self.closing) = opened;
            self.place = None;
        }
        self.finish()
    }

    /// Passes over what stands between two parts, and notes the strongest of it.
    fn take_gap(&mut self) {
        self.closing = Closing::Nothing;
        while let Some(sign) = self.cursor.peek() {
            let closing = match sign {
                _ if is_dash(sign) => Closing::Dash,
                ':' | '：' | '=' => Closing::Colon,
                '.' | '。' | '|' | '│' => Closing::Stop,
                ',' | '，' | '、' | ';' | '،' | '*' | '_' | '\u{200b}'..='\u{200f}' => Closing::Loose,
                _ if sign.is_whitespace() => Closing::Loose,
                _ => break,
            };
            self.cursor.at += sign.len_utf8();
            let rank = |closing: Closing| closing as u8;
            if rank(closing) > rank(self.closing) {
                self.closing = closing;
            }
        }
    }

    fn take_day(&mut self) -> bool {
        let Some((day, length)) = read_day(self.cursor.rest()).filter(|_| self.day.is_none()) else { return false };
        self.day = Some(day);
        self.cursor.at += length;
        self.cursor.at += time_length(self.cursor.rest());
        true
    }

    /// `(Reuters)`, `/TASS/`, `[AFP]`.
    fn take_mark(&mut self) -> bool {
        let Some(inside) = enclosed(self.cursor.text, self.cursor.at, LONGEST_MARK) else { return false };
        let Some(agency) = read_mark(self.cursor.text, inside.clone(), self.agencies) else { return false };
        if self.agency.is_some() {
            return false;
        }
        self.day = self.day.or_else(|| self.day_within(inside.clone()));
        self.agency = Some(agency);
        self.is_marked = true;
        self.cursor.at = inside.end;
        self.cursor.eat(|_| true);
        true
    }

    /// `[Reuters, 30 January]`
    fn day_within(&self, inside: std::ops::Range<usize>) -> Option<Day> {
        let content = self.cursor.text.get(inside)?;
        words(content).find_map(|word| read_day(content.get(word.start..)?)).map(|(day, _)| day)
    }

    /// `— РИА Новости.`, `- ANSA -`, ` AFP -`: a name with no brackets needs a sign behind it.
    fn take_bare(&mut self) -> bool {
        if self.agency.is_some() || self.closing == Closing::Nothing {
            return false;
        }
        let Some(mention) = self.agencies.read(self.cursor.rest()).filter(|mention| !mention.is_mark) else {
            return false;
        };
        let behind = self.cursor.rest().get(mention.end..).unwrap_or_default();
        let mut after = behind.chars();
        let closes = match (after.next(), after.next()) {
            (Some(' ' | '\u{a0}'), Some(sign)) => is_dash(sign),
            (Some('.' | ':'), _) => true,
            (Some(','), _) => matches!(self.closing, Closing::Dash),
            (Some(sign), _) => is_dash(sign),
            (None, _) => true,
        };
        if closes {
            self.agency = Some((mention.agency, self.cursor.at..self.cursor.at + mention.end));
            self.cursor.at += mention.end;
        }
        closes
    }

    /// `(Staff Report)`, `(Dunya News)`.
    fn take_other_mark(&mut self) -> bool {
        let Some(inside) = enclosed(self.cursor.text, self.cursor.at, LONGEST_MARK) else { return false };
        let content = self.cursor.text.get(inside.clone()).unwrap_or_default();
        let is_name = words(content).next().is_some_and(|word| is_capitalised(content.get(word).unwrap_or_default()));
        let is_picture = words(content).any(|word| is_of_picture(content.get(word).unwrap_or_default()));
        let is_other = is_name && !is_picture && !self.has_other_mark && words(content).count() <= 5;
        if is_other {
            self.has_other_mark = true;
            self.cursor.at = inside.end;
            self.cursor.eat(|_| true);
        }
        is_other
    }

    /// Words with capital letters: the place, with its region behind a comma and further places behind a slash.
    fn take_place(&mut self) -> Option<Place> {
        let text = self.cursor.text;
        let begin = self.cursor.at;
        let mut place = Place { in_capitals: true, letters: 0, words: 0, has_label: false, is_of_picture: false };
        let mut is_first_part = true;
        let mut end = begin;
        let mut at = begin;
        while place.words < WORDS_OF_PLACE && at - begin < LONGEST_PLACE {
            let rest = text.get(at..)?;
            if place.words > 0 && self.stops_place(at, end) {
                break;
            }
            let word_end = word_end(text, at);
            let word = text.get(at..word_end)?;
            let is_named = is_capitalised(word);
            let is_joining = place.words > 0 && is_particle(word) && self.joins_place(word_end);
            if word.is_empty() || word.contains(char::is_numeric) || !(is_named || is_joining) {
                break;
            }
            if is_first_part && is_named {
                // `McALLEN`, `DeKALB`: one small letter or two do not make a word of small letters.
                let small = word.chars().filter(|letter| letter.is_lowercase()).count();
                let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
                place.in_capitals &= capitals > 0 && (small == 0 || (small < 3 && capitals > 2 * small));
                place.letters += word.chars().count();
            }
            // `STRATFORD-ON-AVON` has no label in it.
            place.has_label |= is_label(word) && (place.words == 0 || !is_particle(word));
            place.is_of_picture |= is_of_picture(word);
            place.words += 1;
            end = word_end;
            // A short form keeps its full stop: `ST. LOUIS`, `D.C.`
            let mut behind = word_end;
            let is_short = word.chars().count() <= 4 && !word.chars().any(is_caseless);
            let follows = rest.get(word.len()..).unwrap_or_default();
            if is_short && follows.starts_with('.') && !self.stops_after_full_stop(behind + 1) {
                behind += 1;
                end = behind;
            }
            let follows = text.get(behind..)?;
            let gap = follows.len() - follows.trim_start_matches(joins_words).len();
            let gap_text = follows.get(..gap)?;
            if gap == 0 && end == word_end {
                break;
            }
            if gap_text.chars().filter(|sign| !sign.is_whitespace()).count() > 1 || gap > 4 {
                break;
            }
            // A dash with a space before it closes; a hyphen joins.
            if gap_text.contains(is_dash) && gap_text.contains(char::is_whitespace) {
                break;
            }
            is_first_part &= !gap_text.contains([',', '،', '|']);
            at = behind + gap;
        }
        if place.words == 0 {
            return None;
        }
        self.cursor.at = end;
        Some(place)
    }

    /// Whether a day, a mark or an agency begins at a byte, so that the place has ended at `end`.
    fn stops_place(&self, at: usize, end: usize) -> bool {
        let text = self.cursor.text;
        let rest = text.get(at..).unwrap_or_default();
        let between = text.get(end..at).unwrap_or_default();
        let slash = between.contains('/').then(|| end + between.find('/').unwrap_or(0));
        let is_marked = slash
            .and_then(|slash| enclosed(text, slash, LONGEST_MARK))
            .is_some_and(|inside| read_mark(text, inside, self.agencies).is_some());
        let names_agency = || {
            let mention = self.agencies.read(rest).filter(|mention| !mention.is_mark);
            mention.is_some_and(|mention| {
                let behind = rest.get(mention.end..).unwrap_or_default().trim_start();
                behind.starts_with(is_dash) || behind.starts_with(['.', ':'])
            })
        };
        is_marked || read_day(rest).is_some() || names_agency()
    }

    /// Whether the place ends with the full stop before a byte: a day or an agency follows.
    fn stops_after_full_stop(&self, at: usize) -> bool {
        let rest = self.cursor.text.get(at..).unwrap_or_default().trim_start();
        !rest.starts_with(',') && (rest.is_empty() || read_day(rest).is_some())
    }

    /// Whether a particle is followed by a word of the place.
    fn joins_place(&self, end: usize) -> bool {
        let text = self.cursor.text;
        let Some(next) = next_word(text, end).filter(|next| next.start - end <= 2) else { return false };
        let next = text.get(next).unwrap_or_default();
        is_capitalised(next) || is_particle(next)
    }

    /// Whether what was read suffices.
    fn finish(self) -> Option<Found> {
        let text = self.cursor.text;
        let rest = text.get(self.cursor.at..)?;
        let is_closed = matches!(self.closing, Closing::Dash | Closing::Colon);
        let place = self.place;
        let in_capitals = place.is_some_and(|place| place.in_capitals && place.letters >= LEAST_LETTERS);
        if place.is_some_and(|place| place.is_of_picture) {
            return None;
        }
        let is_at_end = rest.trim().is_empty();
        let has_day = self.day.is_some();
        let (is_dateline, is_weak) = if self.agency.is_some() {
            let suffices = match place {
                Some(place) if place.has_label && !place.in_capitals && !has_day => false,
                _ if self.opens_marked => (is_closed || has_day || place.is_some() || starts_prose(rest)) && !is_at_end,
                None => has_day && (is_closed || self.is_marked),
                Some(_) if has_day || is_closed => true,
                // `ISLAMABAD (Reuters) Pakistan said`
                Some(place) => in_capitals && place.words <= 3 && self.is_marked && starts_prose(rest),
            };
            (suffices, false)
        } else {
            let has_label = place.is_none_or(|place| place.has_label);
            let is_old_web = in_capitals
                && is_at_end
                && self.day.is_some_and(|day| day.year.is_some())
                && text.get(..self.cursor.at).is_some_and(|line| line.contains('|'));
            // `HFCS-55`, `U.S. M-1`: a hyphen joins, a dash has space behind it.
            let is_apart = text.get(..self.cursor.at)?.ends_with(|sign: char| sign.is_whitespace() || sign == '—');
            let ends_with_dash = is_at_end && self.closing == Closing::Dash;
            let is_apart = is_apart || ends_with_dash;
            let prose = if ends_with_dash { self.next } else { rest };
            let has_prose = is_closed && is_apart && !has_label && starts_prose(prose);
            (has_prose && (has_day || in_capitals) || is_old_web && !has_label, !has_day)
        };
        // Spaces behind the dash are no part of the dateline.
        let end = text.get(..self.cursor.at)?.trim_end_matches(is_markup).len();
        is_dateline.then_some(Found { start: 0, end, day: self.day, agency: self.agency, is_weak })
    }
}

/// What may stand between two words of a place.
fn joins_words(sign: char) -> bool {
    sign.is_whitespace() || (is_dash(sign) && sign != '—') || matches!(sign, '\'' | '’' | '/' | ',' | '،')
}

/// Whether a text reads like the first sentence of a paragraph: it begins as sentences do, most of its words have small
/// letters, and it ends somewhere.
fn starts_prose(text: &str) -> bool {
    let mut stop = text.len().min(PROSE);
    while !text.is_char_boundary(stop) {
        stop -= 1;
    }
    let text = text.get(..stop).unwrap_or_default().trim_start_matches(is_markup);
    let opens = |first: char| !first.is_lowercase() && !matches!(first, ',' | '.' | ';' | ')' | '/');
    if !text.starts_with(opens) {
        return false;
    }
    // Scripts without spaces make few words; their sentences end with a sign of their own.
    if text.starts_with(is_caseless) && text.contains('。') {
        return true;
    }
    let (mut count, mut small) = (0, 0);
    for word in words(text) {
        let word = text.get(word).unwrap_or_default();
        count += 1;
        small += usize::from(!is_in_capitals(word) && !is_capitalised(word) || word.chars().any(is_caseless));
    }
    let ends = text.contains(['.', '!', '?', '…', '”', '।', '。', '،']);
    small * 3 >= count && count >= if ends { LEAST_WORDS } else { LEAST_WORDS_OF_OPEN }
}
