//! Days: dates as datelines and page heads write them, in many languages.
//!
//! **Idea.** A table of month names decides: a number of at most two figures next to the name of a month is a day,
//! whichever comes first. Figures alone are read where only one reading is possible: `30.01.2019` (with full stops the
//! day stands first everywhere), `2019-01-30`, `30/01/2019` but not `03/04/2019`, `1月30日`.
//!
//! **Gives up.** Names that are two months (`listopada` is November in Polish and October in Croatian: it is read as
//! Polish), calendars other than the Gregorian, and days without a month.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use ahash::AHashMap;

use super::words::{Cursor, is_word_character};

/// Names of the months: number, then names and short forms in small letters.
const MONTHS: &str = include_str!("months.tsv");
/// Names of the days of the week, in small letters.
const WEEKDAYS: &str = include_str!("weekdays.txt");
/// Years that are taken for years.
const YEARS: RangeInclusive<u32> = 1900..=2099;

/// A day as a dateline writes it; the year is mostly left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day {
    /// The year, if it is written, 1900 to 2099.
    pub(crate) year: Option<i16>,
    /// The month, 1 to 12.
    pub(crate) month: i8,
    /// The day of the month, 1 to 31.
    pub(crate) day: i8,
}

impl Day {
    /// A day that is in the calendar: 30 February is none; 29 February is one where no year is given.
    pub(crate) fn new(year: Option<i16>, month: i8, day: i8) -> Option<Self> {
        let is_leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Day { year, month, day })
    }

    fn from_numbers(year: Option<u32>, month: u32, day: u32) -> Option<Self> {
        if year.is_some_and(|year| !YEARS.contains(&year)) {
            return None;
        }
        let year = year.and_then(|year| i16::try_from(year).ok());
        Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    }
}

static MONTH_OF: LazyLock<AHashMap<&str, u32>> = LazyLock::new(|| {
    let rows = MONTHS.lines().filter_map(|row| row.split_once('\t'));
    let months = rows.filter_map(|(number, names)| Some((number.parse().ok()?, names)));
    months.flat_map(|(number, names): (u32, &str)| names.split(';').map(move |name| (name, number))).collect()
});

static WEEKDAY: LazyLock<ahash::AHashSet<&str>> = LazyLock::new(|| WEEKDAYS.split_whitespace().collect());

/// Whether a word is the name of a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    WEEKDAY.contains(word.to_lowercase().as_str())
}

/// The day at the start of a text, perhaps behind the day of the week, and where it ends.
pub(super) fn read_day(text: &str) -> Option<(Day, usize)> {
    let mut cursor = Cursor::new(text);
    let before = cursor.at;
    if is_weekday(cursor.letters()) {
        cursor.eat(|sign| sign == '.');
        cursor.skip(is_loose);
        cursor.eat_word(&["the", "den", "le", "el", "dem"]);
        cursor.skip(is_loose);
    } else {
        cursor.at = before;
    }
    let day = if cursor.peek()?.is_numeric() { read_figures(&mut cursor) } else { read_month_first(&mut cursor) }?;
    // `30 Mayors` is no day; a full stop after a month's short form is part of it.
    (!cursor.peek().is_some_and(is_word_character)).then_some((day, cursor.at))
}

/// How long the time of day is that follows a date: `, 14:05 GMT`, ` at 5:15 a.m. EST`, `T14:05:00Z`; 0 if none does.
pub(super) fn time_length(text: &str) -> usize {
    let mut cursor = Cursor::new(text);
    if !cursor.eat(|sign| sign == 'T') {
        cursor.skip(is_loose);
        if cursor.eat_word(&["at", "um", "à", "alle", "às", "kl", "om", "в", "a"]) {
            cursor.skip(is_loose);
        }
    }
    let is_time = cursor.number(2).is_some_and(|(hour, _)| hour < 25)
        && cursor.eat(|sign| matches!(sign, ':' | '.'))
        && cursor.number(2).is_some_and(|(minute, figures)| figures == 2 && minute < 60);
    if !is_time {
        return 0;
    }
    if cursor.peek() == Some(':') {
        cursor.at += 1;
        cursor.number(2);
    }
    let mut end = cursor.at;
    cursor.skip(|sign| sign == ' ');
    for halves in ["am", "pm", "a.m.", "p.m.", "uhr"] {
        let next = cursor.rest().get(..halves.len()).unwrap_or_default();
        let rest = cursor.rest().get(halves.len()..).unwrap_or_default();
        if next.eq_ignore_ascii_case(halves) && !rest.starts_with(is_word_character) {
            cursor.at += halves.len();
            end = cursor.at;
            cursor.skip(|sign| sign == ' ');
            break;
        }
    }
    let zone = cursor.letters();
    if matches!(zone.len(), 1..=5) && zone.bytes().all(|letter| letter.is_ascii_uppercase()) {
        end = cursor.at;
    } else {
        cursor.at = end;
    }
    if cursor.eat(|sign| matches!(sign, '+' | '-')) && cursor.number(4).is_some_and(|(_, figures)| figures % 2 == 0) {
        end = cursor.at;
        if cursor.eat(|sign| sign == ':') && cursor.number(2).is_some() {
            end = cursor.at;
        }
    }
    end
}

fn is_loose(sign: char) -> bool {
    sign == ' ' || sign == '\u{a0}' || sign == ','
}

/// Dates that begin with figures.
fn read_figures(cursor: &mut Cursor) -> Option<Day> {
    let (first, figures) = cursor.number(4)?;
    match cursor.peek() {
        Some('年' | '년') => {
            cursor.eat(|_| true);
            cursor.skip(char::is_whitespace);
            let (month, _) = cursor.number(2)?;
            return read_signed_day(cursor, Some(first), month);
        }
        Some('月' | '월') => return read_signed_day(cursor, None, first),
        Some(sign @ ('-' | '/' | '.')) if figures == 4 => {
            cursor.eat(|_| true);
            let (month, _) = cursor.number(2)?;
            cursor.eat(|next| next == sign).then_some(())?;
            let (day, _) = cursor.number(2)?;
            // A time may follow at once: `2021-01-30T14:05`.
            let has_time = time_length(cursor.rest()) > 0;
            let date = Day::from_numbers(Some(first), month, day)?;
            if has_time && cursor.peek() == Some('T') {
                cursor.at += time_length(cursor.rest());
            }
            return Some(date);
        }
        Some(sign @ ('.' | '/')) if figures <= 2 => {
            let mut ahead = cursor.clone();
            ahead.eat(|_| true);
            if let Some((second, _)) = ahead.number(2) {
                let mut year = None;
                let mut further = ahead.clone();
                if further.eat(|next| next == sign) {
                    year = further.number(4).filter(|(_, figures)| *figures == 4).map(|(year, _)| year);
                    if year.is_some() || sign == '.' {
                        ahead = if year.is_some() { further } else { ahead };
                    }
                }
                *cursor = ahead;
                return match sign {
                    '.' => Day::from_numbers(year, second, first),
                    _ if first > 12 => Day::from_numbers(year, second, first),
                    _ if second > 12 => Day::from_numbers(year, first, second),
                    _ => None,
                };
            }
        }
        _ => {}
    }
    if figures > 2 {
        return None;
    }
    eat_ordinal(cursor);
    cursor.skip(|sign| is_loose(sign) || matches!(sign, '.' | '-' | '–'));
    if cursor.eat_word(&["de", "of", "den", "d", "di"]) {
        cursor.skip(|sign| is_loose(sign) || matches!(sign, '\'' | '’'));
    }
    let month = *MONTH_OF.get(cursor.letters().to_lowercase().as_str())?;
    eat_full_stop(cursor);
    let year = read_year(cursor);
    Day::from_numbers(year, month, first)
}

/// `Jan. 30, 2019`, `January 30th`.
fn read_month_first(cursor: &mut Cursor) -> Option<Day> {
    let month = *MONTH_OF.get(cursor.letters().to_lowercase().as_str())?;
    eat_full_stop(cursor);
    if cursor.skip(|sign| is_loose(sign) || sign == '-').is_empty() {
        return None;
    }
    let (day, _) = cursor.number(2)?;
    // `May 3:15 p.m.` names no day.
    if cursor.peek() == Some(':') && cursor.rest().get(1..).is_some_and(|rest| rest.starts_with(char::is_numeric)) {
        return None;
    }
    eat_ordinal(cursor);
    let year = read_year(cursor);
    Day::from_numbers(year, month, day)
}

/// What is left of `1月30日`.
fn read_signed_day(cursor: &mut Cursor, year: Option<u32>, month: u32) -> Option<Day> {
    cursor.eat(|sign| matches!(sign, '月' | '월')).then_some(())?;
    cursor.skip(char::is_whitespace);
    let (day, _) = cursor.number(2)?;
    cursor.eat(|sign| matches!(sign, '日' | '일' | '号'));
    let date = Day::from_numbers(year, month, day)?;
    // `30日电`: the word goes on, the day does not.
    let end = cursor.at;
    *cursor = Cursor { text: cursor.text.get(..end)?, at: end };
    Some(date)
}

fn eat_ordinal(cursor: &mut Cursor) {
    let _ = cursor.eat_word(&["st", "nd", "rd", "th", "er", "º", "ª", "e", "re"]);
    cursor.eat(|sign| matches!(sign, '°' | 'º'));
}

/// The full stop of a short form, where more follows at once or after a space.
fn eat_full_stop(cursor: &mut Cursor) {
    cursor.eat(|sign| sign == '.');
}

/// A year of four figures after a day; nothing is passed over where none follows.
fn read_year(cursor: &mut Cursor) -> Option<u32> {
    let before = cursor.at;
    cursor.skip(|sign| is_loose(sign) || sign == '-');
    if cursor.eat_word(&["de", "del", "of"]) {
        cursor.skip(is_loose);
    }
    let year = cursor.number(4).filter(|(year, figures)| *figures == 4 && YEARS.contains(year)).map(|(year, _)| year);
    if year.is_none() {
        cursor.at = before;
    }
    year
}
