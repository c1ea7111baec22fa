//! Updates: words by which a text says that it is a later version, the dates of its page, and whether it breaks off.
//!
//! **Idea.** Agencies put `UPDATE 2-` before a headline and `(Adds details, quotes)` behind it. Pages say *Updated 21
//! February 2018*. A date counts as the page's own if such a phrase stands before it, or if a line says nothing else,
//! and only with its year.
//!
//! **Cost.** One look-up a word.
//!
//! **Gives up.** Dates without a year, such as *Updated 3 hours ago*; they say little later on.

use std::ops::Range;

use super::day::{Day, read_day, time_length};
use super::phrases::{self, Meaning, Phrase};
use super::words::{Cursor, closing_bracket, is_dash, is_in_capitals, is_markup, joined_word, words};
use super::{Line, PrintedDate, Update};

/// Lines at the start of which one may say that the text is a later version, or give a date and nothing else.
const LINES: usize = 12;
/// Bytes of a line at most that gives a date.
const LONGEST: usize = 200;
/// The greatest number of an update.
const MOST_UPDATES: u32 = 99;
/// Words at least of a line that breaks off: *Poll loading …* does not.
const LEAST_WORDS: usize = 4;
/// Bytes of a phrase such as *Read more* at most, with signs around it.
const LONGEST_CUT: usize = 80;

/// The sign of a later version that a line has.
pub(super) fn read_update(line: &Line) -> Option<Update> {
    if line.number? < LINES
        && let Some((span, number)) = numbered(line.text).or_else(|| Some((revised(line.text)?, None)))
    {
        return Some(Update { span: line.span(span), number });
    }
    let (phrase, date, _) = dates(line.text).find(|(phrase, ..)| says_update(*phrase))?;
    let start = phrase.map_or(date.start, |(_, start)| start);
    Some(Update { span: line.span(start..date.end), number: None })
}

/// The dates that a line gives as the page's own.
pub(super) fn read_dates<'a>(line: &'a Line<'a>) -> impl Iterator<Item = PrintedDate> + 'a {
    // Further down, and before a full stop, a date is what is left of a sentence that was broken into lines.
    let may_stand_alone = line.number.is_some_and(|number| number < LINES) && !line.text.ends_with('.');
    let is_own = move |(phrase, ..): &Dated| phrase.is_some() || may_stand_alone;
    dates(line.text).filter(is_own).map(|(phrase, date, day)| PrintedDate {
        span: line.span(date),
        day,
        is_update: says_update(phrase),
    })
}

fn says_update(phrase: Option<(&'static Phrase, usize)>) -> bool {
    phrase.is_some_and(|(phrase, _)| phrase.meaning == Meaning::Updated)
}

/// `UPDATE 2-Oil prices rise`, `CORRECTED-UPDATE 1-…`: labels before a headline.
fn numbered(line: &str) -> Option<(Range<usize>, Option<u32>)> {
    let start = line.len() - line.trim_start_matches(is_markup).len();
    let mut cursor = Cursor { text: line, at: start };
    let (mut end, mut number) = (None, None);
    while let Some((_, length)) = phrases::read(cursor.rest(), |phrase| phrase.meaning == Meaning::Numbered) {
        if !is_in_capitals(&cursor.rest().get(..length)?.replace(|sign: char| !sign.is_alphabetic(), "")) {
            break;
        }
        cursor.at += length;
        cursor.skip(|sign| sign == ' ');
        // `CORRECTED (OFFICIAL)-`
        if cursor.rest().starts_with("(OFFICIAL)") {
            cursor.at += "(OFFICIAL)".len();
        }
        let found = cursor.number(2).map(|(number, _)| number).filter(|number| *number <= MOST_UPDATES);
        // `UPDATE 6:30pm:` gives a time.
        if cursor.rest().strip_prefix(':').is_some_and(|rest| rest.starts_with(char::is_numeric)) {
            break;
        }
        let label_end = line.get(..cursor.at)?.trim_end().len();
        cursor.skip(|sign| sign == ' ');
        cursor.eat(|sign| is_dash(sign) || sign == ':').then_some(())?;
        cursor.skip(|sign| sign == ' ' || is_dash(sign));
        number = number.or(found);
        end = Some(label_end);
    }
    Some((start..end?, number))
}

/// `(Adds details, quotes)`, `* Recasts`, `Corrects spelling in paragraph 3`: all of a line, or a bracket that opens it or
/// ends a headline.
fn revised(line: &str) -> Option<Range<usize>> {
    let read_at = |at: usize| phrases::read(line.get(at..)?, |phrase| phrase.meaning == Meaning::Revised);
    for (at, sign) in line.char_indices().filter(|(at, sign)| *at < LONGEST && closing_bracket(*sign).is_some()) {
        let inside = at + sign.len_utf8();
        if read_at(inside).is_some() {
            let rest = line.get(inside..)?;
            let close = closing_bracket(sign)?;
            let end = rest.find(close).map_or(line.len(), |place| inside + place + close.len_utf8());
            return Some(at..end);
        }
    }
    // Without brackets such words open sentences of all kinds; only those of an editor's note are taken.
    let start = line.len() - line.trim_start_matches(|sign| is_markup(sign) || sign == '-').len();
    let note = line.get(start..)?;
    let is_note = note.starts_with("Eds:") || note.starts_with("EDS:");
    let at = if is_note { start + 4 + note.get(4..)?.chars().take_while(|sign| *sign == ' ').count() } else { start };
    let (_, length) = read_at(at)?;
    let follows = line.get(at + length..)?;
    let says_where = ["paragraph", "headline", "spelling", "throughout", "details", "quote", "byline", "detail"];
    let is_short = line.len() < LONGEST && words(line).count() < 25;
    let is_editorial = is_note || (is_short && says_where.iter().any(|word| follows.contains(word)));
    is_editorial.then_some(start..line.len())
}

/// A phrase and where it begins; the place of the date; the day.
type Dated = (Option<(&'static Phrase, usize)>, Range<usize>, Day);

/// The dates of a line: behind a phrase, or as all that a part of the line says.
fn dates(line: &str) -> impl Iterator<Item = Dated> + '_ {
    let short = if line.len() <= LONGEST { line } else { "" };
    let mut found: Vec<Dated> = Vec::new();
    let mut from = 0;
    for word in words(short) {
        if word.start < from {
            continue;
        }
        let is_dating = |phrase: &Phrase| matches!(phrase.meaning, Meaning::Updated | Meaning::Published);
        if let Some((phrase, length)) = phrases::read(short.get(word.start..).unwrap_or_default(), is_dating)
            && let Some((date, day)) = date_behind(short, word.start + length)
        {
            from = date.end;
            found.push((Some((phrase, word.start)), date, day));
        }
    }
    if found.is_empty() {
        for part in parts_of(short) {
            found.extend(whole_date(short, part).map(|(date, day)| (None, date, day)));
        }
    }
    found.into_iter()
}

/// Parts of a line between bars and bullets.
fn parts_of(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    line.split(['|', '•', '·', '│']).map(move |part| {
        let range = start..start + part.len();
        // The sign that splits is one of several, so its length is looked up.
        let sign = line.get(range.end..).and_then(|rest| rest.chars().next());
        start = range.end + sign.map_or(0, char::len_utf8);
        range
    })
}

/// The date behind a phrase, with little between them.
fn date_behind(line: &str, at: usize) -> Option<(Range<usize>, Day)> {
    let mut cursor = Cursor { text: line, at };
    cursor.skip(|sign| matches!(sign, ' ' | ':' | '：' | '\u{a0}' | ',' | '*' | '_' | '-' | '–' | '—'));
    // `am`, `le`, `on`: a preposition that the phrase did not have.
    let before = cursor.at;
    if cursor.eat_word(&["on", "am", "vom", "le", "el", "il", "em", "op", "den", "at"]) {
        cursor.skip(|sign| sign == ' ');
    } else {
        cursor.at = before;
    }
    full_date(line, cursor.at)
}

/// A part of a line that is a date and nothing else.
fn whole_date(line: &str, part: Range<usize>) -> Option<(Range<usize>, Day)> {
    let is_loose = |sign: char| is_markup(sign) || matches!(sign, '(' | ')' | '[' | ']' | ',' | '.');
    let text = line.get(part.clone())?;
    let start = part.start + (text.len() - text.trim_start_matches(is_loose).len());
    let (date, day) = full_date(line, start)?;
    let rest = line.get(date.end..part.end.max(date.end))?;
    rest.trim_matches(is_loose).is_empty().then_some((date, day))
}

/// A date with its year, and the time behind it.
fn full_date(line: &str, at: usize) -> Option<(Range<usize>, Day)> {
    let (day, length) = read_day(line.get(at..)?)?;
    day.year?;
    let end = at + length;
    Some((at..end + time_length(line.get(end..)?), day))
}

/// Whether the last line of a text says that it goes on elsewhere.
pub(super) fn is_cut_off(line: &str) -> bool {
    let line = line.trim_end_matches(|sign| is_markup(sign) || matches!(sign, '→' | '»' | '›' | '↓' | '▶' | '⟶'));
    let has_words = words(line).take(LEAST_WORDS).count() == LEAST_WORDS;
    let is_open = (line.ends_with('…') || line.ends_with("...")) && has_words;
    let is_left_out = ["[…]", "[...]", "(…)", "(...)"].iter().any(|sign| line.ends_with(sign));
    if is_open || is_left_out || ends_with_count(line) {
        return true;
    }
    // *Read more* at the end, of the line or behind its last sentence.
    let from = super::floor(line, line.len().saturating_sub(LONGEST_CUT));
    let tail = line.get(from..).unwrap_or_default();
    words(tail).any(|word| {
        let before = tail.get(..word.start).unwrap_or_default().trim_end();
        let opens = if before.is_empty() {
            from == 0
        } else {
            before.ends_with(|sign: char| !sign.is_alphanumeric() && sign != ',')
        };
        let rest = tail.get(word.start..).unwrap_or_default();
        let read = phrases::read(rest, |phrase| phrase.meaning == Meaning::Cut);
        let is_last = |length: usize| {
            let behind = rest.get(length..).unwrap_or_default();
            joined_word(rest, length).is_none() && !behind.contains(char::is_alphanumeric)
        };
        opens && read.is_some_and(|(_, length)| is_last(length))
    })
}

/// `[+1234 chars]`, the end of a text from an index of news.
fn ends_with_count(line: &str) -> bool {
    let inside = line.strip_suffix(" chars]").and_then(|line| line.rsplit_once("[+"));
    inside.is_some_and(|(_, count)| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
}
