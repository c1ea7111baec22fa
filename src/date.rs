//! Publication dates with the precision they were given in.
//!
//! A date decides which of two copies came first, so what matters is not only *when* but *how exactly it is known*.
//! `2021-04` may mean any instant of that April. A [`PublicationDate`] is therefore the half-open interval of instants
//! that the written date may mean, and one date is [certainly before](PublicationDate::certainly_before) another only
//! if the intervals do not meet: two stories of one day, with no times given, stay undecided.
//!
//! **What is understood.** RFC 3339 and ISO 8601 (`2021-04-07T12:30:45+02:00`, a space for the `T`, `+0200`, `/` for
//! `-`, no seconds, no time, no day, no month; the basic forms `20210407` and `20210407T123045Z`), RFC 2822
//! (`Wed, 07 Apr 2021 12:30:45 +0200`), dates in English words (`21 February 2018`, `Feb. 21st, 2018, 5:04 PM`),
//! C's `asctime` and Twitter's variant of it, and Unix time in seconds, milliseconds, microseconds or nanoseconds,
//! told apart by size. Times without a zone are taken as UTC.
//!
//! **What is given up.** `04/07/2021` is two dates and is not guessed at. A zone known by letters only (`IST`: India,
//! Israel or Ireland) leaves the day, taken as a day of UTC. Years outside 1000 to 2999 are taken for fillers
//! (`0001-01-01`), Unix times within about three years of 1970 likewise. A day without a zone is a day of UTC.
//!
//! Reading a date is linear in its length and allocates nothing; texts over 80 bytes are no dates.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const LONGEST: usize = 80;

/// A date, its precision, and an order: earlier dates first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationDate {
    /// First instant that the date may mean, in seconds since 1970-01-01T00:00:00Z.
    pub earliest: i64,
    /// First instant that it can no longer mean; `latest - earliest` is the precision (1 s, a minute, a day, a month, a
    /// year).
    pub latest: i64,
    /// Whether the zone is known: it is written, or the date is Unix time. Days, months and years have none; days, and
    /// times without a zone, are taken for those of UTC.
    pub has_zone: bool,
}

impl PublicationDate {
    /// Reads a date as found in feeds and pages; `None` if it is in none of the forms that the module describes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return None;
        }
        parse_digits(text).or_else(|| parse_iso(text)).or_else(|| parse_words(text))
    }

    /// Reads a bare number: a year (`2021`), a day (`20210407`), or Unix time in seconds to nanoseconds, by its size.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1000..=2999 => Self::year(number),
            10_000_101..=29_991_231 => Self::day(civil(number / 10_000, number / 100 % 100, number % 100)?),
            _ => Self::from_unix(number),
        }
    }

    /// Whether every instant that this date may mean lies before every instant that `other` may mean.
    pub fn certainly_before(&self, other: &Self) -> bool {
        self.latest <= other.earliest
    }

    fn from_unix(number: i64) -> Option<Self> {
        // Each scale covers the years 1973 to 5138; the year check below cuts off what is no date of a text.
        let seconds = match number.unsigned_abs() {
            0..100_000_000 => return None,
            100_000_000..100_000_000_000 => number,
            100_000_000_000..100_000_000_000_000 => number.div_euclid(1000),
            100_000_000_000_000..100_000_000_000_000_000 => number.div_euclid(1_000_000),
            _ => number.div_euclid(1_000_000_000),
        };
        let year = i64::from(jiff::Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).year());
        known_year(year).then_some(PublicationDate { earliest: seconds, latest: seconds + 1, has_zone: true })
    }

    fn year(year: i64) -> Option<Self> {
        Self::days(civil(year, 1, 1)?, civil_unbounded(year + 1, 1)?)
    }

    fn month(year: i64, month: i64) -> Option<Self> {
        let first = civil(year, month, 1)?;
        let next = if month == 12 { civil_unbounded(year + 1, 1)? } else { civil_unbounded(year, month + 1)? };
        Self::days(first, next)
    }

    fn day(date: Date) -> Option<Self> {
        let earliest = start(date)?;
        Some(PublicationDate { earliest, latest: earliest + DAY, has_zone: false })
    }

    fn instant(date: Date, time: Time) -> Option<Self> {
        let Some(offset) = time.offset else { return Self::day(date) };
        let earliest = start(date)? + time.seconds - offset;
        Some(PublicationDate { earliest, latest: earliest + time.precision, has_zone: time.has_zone })
    }

    /// From one day to another, which is no more part of it.
    fn days(first: Date, next: Date) -> Option<Self> {
        Some(PublicationDate { earliest: start(first)?, latest: start(next)?, has_zone: false })
    }
}

/// Prints the date at the precision it has: `2021`, `2021-04`, `2021-04-07`, `2021-04-07T12:30Z`,
/// `2021-04-07T12:30:00Z`; an interval of another length is printed as its two ends.
impl fmt::Display for PublicationDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Ok(earliest), Ok(latest)) =
            (jiff::Timestamp::from_second(self.earliest), jiff::Timestamp::from_second(self.latest))
        else {
            return write!(f, "{}/{}", self.earliest, self.latest);
        };
        let at = earliest.to_zoned(TimeZone::UTC);
        let (year, month, day) = (at.year(), at.month(), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        if Self::year(year.into()) == Some(*self) {
            write!(f, "{year:04}")
        } else if Self::month(year.into(), month.into()) == Some(*self) {
            write!(f, "{year:04}-{month:02}")
        } else if self.latest - self.earliest == DAY && (hour, minute, second) == (0, 0, 0) {
            write!(f, "{year:04}-{month:02}-{day:02}")
        } else if self.latest - self.earliest == MINUTE && second == 0 {
            write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
        } else if self.latest - self.earliest == 1 {
            write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
        } else {
            write!(f, "{earliest}/{latest}")
        }
    }
}

fn known_year(year: i64) -> bool {
    (1000..=2999).contains(&year)
}

fn civil(year: i64, month: i64, day: i64) -> Option<Date> {
    if !known_year(year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The first of a month that may lie just after the last year that is accepted.
fn civil_unbounded(year: i64, month: i64) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()
}

fn start(date: Date) -> Option<i64> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// A time of day: seconds since midnight, how exact they are, and seconds east of Greenwich (`None`: zone not
/// understood).
struct Time {
    seconds: i64,
    precision: i64,
    offset: Option<i64>,
    /// Whether the zone was written.
    has_zone: bool,
}

/// All digits: a year, a day, a day with a time (14 digits), or Unix time, perhaps with a fraction, which is dropped.
fn parse_digits(text: &str) -> Option<PublicationDate> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    // `2021.04` is no number of seconds: a fraction makes sense from nine digits on.
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || (digits.contains('.') && whole.len() < 9) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    if negative {
        // A fraction of a negative time lies before the whole second.
        let fraction = i64::from(fraction.bytes().any(|byte| byte != b'0'));
        return PublicationDate::from_unix(-number - fraction);
    }
    if whole.len() == 14
        && let Some(date) = civil(number / 10_000_000_000, number / 100_000_000 % 100, number / 1_000_000 % 100)
        && let Some(seconds) = seconds_of_day(number / 10_000 % 100, number / 100 % 100, number % 100)
    {
        return PublicationDate::instant(date, Time { seconds, precision: 1, offset: Some(0), has_zone: false });
    }
    PublicationDate::from_number(number)
}

/// `2021-04-07T12:30:45.5+02:00` and what is left of it when parts are missing.
fn parse_iso(text: &str) -> Option<PublicationDate> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let basic = text.bytes().take_while(u8::is_ascii_digit).count() == 8;
    let year = cursor.number(4, 4)?;
    let mut separator = None;
    if !basic {
        separator = Some([b'-', b'/', b'.'].into_iter().find(|byte| cursor.eat(*byte))?);
    }
    let month = cursor.number(if basic { 2 } else { 1 }, 2)?;
    if cursor.rest.is_empty() {
        return PublicationDate::month(year, month);
    }
    if let Some(separator) = separator
        && !cursor.eat(separator)
    {
        return None;
    }
    let date = civil(year, month, cursor.number(if basic { 2 } else { 1 }, 2)?)?;
    if cursor.rest.is_empty() {
        return PublicationDate::day(date);
    }
    if !(cursor.eat(b'T') || cursor.eat(b't') || cursor.skip_separators()) {
        return None;
    }
    let time = if basic && cursor.rest.get(2).is_some_and(u8::is_ascii_digit) {
        cursor.basic_time()?
    } else {
        cursor.time()?
    };
    cursor.finished().then(|| PublicationDate::instant(date, time))?
}

/// `Wed, 07 Apr 2021 12:30:45 GMT`, `February 21st, 2018`, `April 2021`, `Wed Apr  7 12:30:45 2021`.
fn parse_words(text: &str) -> Option<PublicationDate> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let mut word = cursor.word();
    if is_weekday(word) {
        cursor.skip_separators();
        word = cursor.word();
    }
    let mut day = None;
    if word.is_empty() {
        day = Some(cursor.day_of_month()?);
        cursor.skip_separators();
        word = cursor.word();
    }
    let month = month_of(word)?;
    cursor.skip_separators();
    let mut time = None;
    if day.is_none() && cursor.digits() <= 2 {
        day = Some(cursor.day_of_month()?);
        cursor.skip_separators();
        // The order of `asctime`: the time stands before the year.
        if cursor.rest.get(cursor.digits()) == Some(&b':') {
            time = Some(cursor.time()?);
            cursor.skip_separators();
        }
    }
    let year = cursor.number(4, 4)?;
    let Some(day) = day else {
        return cursor.finished().then(|| PublicationDate::month(year, month))?;
    };
    let date = civil(year, month, day)?;
    if time.is_none() && !cursor.finished() {
        cursor.skip_separators();
        if cursor.eat_word("at") {
            cursor.skip_separators();
        }
        time = Some(cursor.time()?);
    }
    if !cursor.finished() {
        return None;
    }
    match time {
        Some(time) => PublicationDate::instant(date, time),
        None => PublicationDate::day(date),
    }
}

fn is_weekday(word: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    word.len() >= 3 && DAYS.iter().any(|day| starts_ignoring_case(day, word))
}

fn month_of(word: &[u8]) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word.len() < 3 {
        return None;
    }
    (1..).zip(MONTHS).find(|(_, name)| starts_ignoring_case(name, word)).map(|(month, _)| month)
}

fn starts_ignoring_case(name: &str, word: &[u8]) -> bool {
    name.as_bytes().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn seconds_of_day(hour: i64, minute: i64, second: i64) -> Option<i64> {
    // A leap second is counted with the second before it.
    (hour < 24 && minute < 60 && second <= 60).then(|| hour * 3600 + minute * 60 + second.min(59))
}

/// Seconds east of Greenwich of the zones that RFC 2822 knows by name.
fn named_zone(word: &[u8]) -> Option<i64> {
    const ZONES: [(&str, i64); 12] = [
        ("Z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("UT", 0),
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("MDT", -6),
        ("PST", -8),
        ("PDT", -7),
    ];
    ZONES.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(word)).map(|(_, hours)| hours * 3600)
}

/// What is left of a date to read.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn advance(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.advance(1);
        }
        found
    }

    fn digits(&self) -> usize {
        self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// A run of digits that is between `fewest` and `most` long; at most `most` are taken.
    fn number(&mut self, fewest: usize, most: usize) -> Option<i64> {
        let count = self.digits().min(most);
        if count < fewest {
            return None;
        }
        Some(self.advance(count).iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    fn word(&mut self) -> &'a [u8] {
        self.advance(self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count())
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        if found {
            self.advance(word.len());
        }
        found
    }

    fn skip_separators(&mut self) -> bool {
        let count = self.rest.iter().take_while(|byte| matches!(byte, b' ' | b',' | b'.' | b'-' | b'/')).count();
        !self.advance(count).is_empty()
    }

    fn skip_spaces(&mut self) {
        self.advance(self.rest.iter().take_while(|byte| **byte == b' ').count());
    }

    fn day_of_month(&mut self) -> Option<i64> {
        if self.digits() > 2 {
            return None;
        }
        let day = self.number(1, 2)?;
        let _ = ["st", "nd", "rd", "th"].into_iter().any(|ending| self.eat_word(ending));
        Some(day)
    }

    fn time(&mut self) -> Option<Time> {
        let mut hour = self.number(1, 2)?;
        if !self.eat(b':') {
            return None;
        }
        let minute = self.number(2, 2)?;
        let mut second = 0;
        let mut precision = MINUTE;
        if self.eat(b':') {
            second = self.number(2, 2)?;
            precision = 1;
            if self.eat(b'.') || self.eat(b',') {
                self.number(1, 12)?;
            }
        }
        self.skip_spaces();
        let afternoon = self.eat_word("pm") || self.eat_word("p.m.");
        if afternoon || self.eat_word("am") || self.eat_word("a.m.") {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            self.skip_spaces();
        }
        let seconds = seconds_of_day(hour, minute, second)?;
        let (offset, has_zone) = self.zone()?;
        Some(Time { seconds, precision, offset, has_zone })
    }

    /// `123045`, after a date without hyphens.
    fn basic_time(&mut self) -> Option<Time> {
        let (hour, minute) = (self.number(2, 2)?, self.number(2, 2)?);
        let second = self.number(2, 2);
        let precision = if second.is_some() { 1 } else { MINUTE };
        let seconds = seconds_of_day(hour, minute, second.unwrap_or(0))?;
        let (offset, has_zone) = self.zone()?;
        Some(Time { seconds, precision, offset, has_zone })
    }

    /// The zone after a time, and whether one is written: outer `None` if what stands there is none, inner `None` if it
    /// is one that says too little.
    fn zone(&mut self) -> Option<(Option<i64>, bool)> {
        self.skip_spaces();
        let before = self.rest.len();
        let mut offset = Some(0);
        if self.rest.first().is_some_and(u8::is_ascii_alphabetic) {
            let word = self.word();
            if word.len() > 5 {
                return None;
            }
            offset = named_zone(word);
        }
        let sign = if self.eat(b'+') {
            1
        } else if self.eat(b'-') {
            -1
        } else {
            0
        };
        if sign != 0 {
            let hours = self.number(2, 2)?;
            let colon = self.eat(b':');
            let minutes = if colon || self.digits() >= 2 { self.number(2, 2)? } else { 0 };
            if hours > 23 || minutes > 59 {
                return None;
            }
            offset = Some(sign * (hours * 3600 + minutes * 60));
        }
        let has_zone = self.rest.len() < before;
        // A zone's name after the offset (`[Europe/Paris]`, `(CEST)`) adds nothing.
        self.skip_spaces();
        for (open, close) in [(b'[', b']'), (b'(', b')')] {
            if self.eat(open) {
                let name = self.rest.iter().position(|byte| *byte == close)?;
                self.advance(name + 1);
            }
        }
        Some((offset, has_zone))
    }

    fn finished(&self) -> bool {
        self.rest.iter().all(|byte| matches!(byte, b' ' | b'.'))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        PublicationDate::parse(text).map_or_else(|| "none".to_owned(), |date| date.to_string())
    }

    #[test]
    fn reads_the_forms_found_in_feeds_at_their_precision() {
        for (text, expected) in [
            ("2021", "2021"),
            ("2021-04", "2021-04"),
            ("2021-12", "2021-12"),
            ("2021-04-07", "2021-04-07"),
            ("2021/4/7", "2021-04-07"),
            ("20210407", "2021-04-07"),
            (" 2021-04-07\n", "2021-04-07"),
            ("2021-04-07 12:30", "2021-04-07T12:30Z"),
            ("2021-04-07 12:30:45", "2021-04-07T12:30:45Z"),
            ("2021-04-07T12:30:45Z", "2021-04-07T12:30:45Z"),
            ("2021-04-07t12:30:45z", "2021-04-07T12:30:45Z"),
            ("2021-04-07T12:30:45.678901234Z", "2021-04-07T12:30:45Z"),
            ("2021-04-07T00:30:00+02:00", "2021-04-06T22:30:00Z"),
            ("2021-04-07T22:30:00-0330", "2021-04-08T02:00:00Z"),
            ("2021-04-07T12:30+02", "2021-04-07T10:30Z"),
            ("2021-04-07T12:30:45+02:00[Europe/Paris]", "2021-04-07T10:30:45Z"),
            ("2021-04-07 12:30:45 UTC", "2021-04-07T12:30:45Z"),
            ("2021-04-07 12:30:45 +0000", "2021-04-07T12:30:45Z"),
            ("2021-04-07 12:30:45 IST", "2021-04-07"),
            ("20210407T123045Z", "2021-04-07T12:30:45Z"),
            ("20210407123045", "2021-04-07T12:30:45Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("Wed, 07 Apr 2021 12:30:45 GMT", "2021-04-07T12:30:45Z"),
            ("Wed, 7 Apr 2021 12:30 +0200", "2021-04-07T10:30Z"),
            ("7 Apr 2021 12:30:45 EST", "2021-04-07T17:30:45Z"),
            ("Wed, 07 Apr 2021 12:30:45 +0000 (UTC)", "2021-04-07T12:30:45Z"),
            ("21 February 2018", "2018-02-21"),
            ("February 21, 2018", "2018-02-21"),
            ("Feb. 21st, 2018", "2018-02-21"),
            ("Wednesday, February 21, 2018 at 5:04 PM", "2018-02-21T17:04Z"),
            ("Feb 21, 2018 12:04 a.m. EST", "2018-02-21T05:04Z"),
            ("21-Feb-2018", "2018-02-21"),
            ("Sept 3, 2019", "2019-09-03"),
            ("April 2021", "2021-04"),
            ("Wed Apr  7 12:30:45 2021", "2021-04-07T12:30:45Z"),
            ("Wed Apr 07 12:30:45 +0000 2021", "2021-04-07T12:30:45Z"),
            ("1617798645", "2021-04-07T12:30:45Z"),
            ("1617798645.25", "2021-04-07T12:30:45Z"),
            ("1617798645999", "2021-04-07T12:30:45Z"),
            ("1617798645999000", "2021-04-07T12:30:45Z"),
            ("-600000000", "1950-12-27T13:20:00Z"),
            ("2020-02-29", "2020-02-29"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_date_or_two_dates_is_none() {
        for text in [
            "",
            " ",
            "yesterday",
            "04/07/2021",
            "2021-13",
            "2021-00-10",
            "2021-02-29",
            "2021-04-07T25:00",
            "2021-04-07T12:61",
            "2021-04-07 noon",
            "2021-04-07x",
            "0001-01-01T00:00:00Z",
            "0000-00-00",
            "0",
            "12",
            "99999999",
            "Feb 30, 2018",
            "Monday",
            "Monday 2018",
            "31 Smarch 2018",
            "February 21, 2018 and some more",
            "13:00 PM",
            "Feb 21, 2018 13:00 PM",
            "2021-04-07T12:30:45+99:00",
            "９",
            "é",
            "2021-04-0é",
        ] {
            assert_eq!(shown(text), "none", "{text:?}");
        }
        assert_eq!(PublicationDate::parse(&"2021 ".repeat(30)), None);
    }

    #[test]
    fn numbers_are_years_days_or_unix_time_by_their_size() {
        let shown = |number| PublicationDate::from_number(number).map_or("none".to_owned(), |date| date.to_string());
        assert_eq!(shown(2021), "2021");
        assert_eq!(shown(20210407), "2021-04-07");
        assert_eq!(shown(20211399), "none");
        assert_eq!(shown(1_617_798_645), "2021-04-07T12:30:45Z");
        assert_eq!(shown(1_617_798_645_123_456_789), "2021-04-07T12:30:45Z");
        assert_eq!(shown(0), "none");
        assert_eq!(shown(i64::MIN), "1677-09-21T00:12:43Z");
    }

    #[test]
    fn before_means_before_in_every_reading() {
        let date = |text| PublicationDate::parse(text).unwrap();
        assert!(date("2021-03").certainly_before(&date("2021-04-01")));
        assert!(date("2021-04-06").certainly_before(&date("2021-04-07T00:00:00Z")));
        assert!(!date("2021-04").certainly_before(&date("2021-04-07")));
        assert!(!date("2021-04-07").certainly_before(&date("2021-04")));
        assert!(!date("2021-04-07").certainly_before(&date("2021-04-07")));
        assert!(!date("2021-04-07").certainly_before(&date("2021-04-07T23:59:59Z")));
        assert!(date("2021-04-07").certainly_before(&date("2021-04-07T23:59:59-01:00")));
        assert!(date("2020") < date("2021-04") && date("2021-04") < date("2021-04-02"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            let _ = PublicationDate::parse(&text);
        }

        #[test]
        fn date_like_text_is_read_without_panic(text in "[0-9TZ:/., +apmAprWedthGMT\\[\\]()-]{0,40}") {
            if let Some(date) = PublicationDate::parse(&text) {
                prop_assert!(date.earliest < date.latest);
            }
        }

        #[test]
        fn what_is_printed_is_read_again_as_the_same(seconds in -30_000_000_000_i64..32_000_000_000, kind in 0..5) {
            let at = jiff::Timestamp::from_second(seconds).unwrap().to_zoned(TimeZone::UTC);
            let date = match kind {
                0 => PublicationDate::year(at.year().into()),
                1 => PublicationDate::month(at.year().into(), at.month().into()),
                2 => PublicationDate::day(at.date()),
                3 => Some(PublicationDate { earliest: seconds - seconds.rem_euclid(60), latest: seconds - seconds.rem_euclid(60) + 60, has_zone: true }),
                _ => Some(PublicationDate { earliest: seconds, latest: seconds + 1, has_zone: true }),
            };
            let date = date.unwrap();
            prop_assert_eq!(PublicationDate::parse(&date.to_string()), Some(date));
        }
    }
}
