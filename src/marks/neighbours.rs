//! Neighbours: what the characters about a mark tell about it.
//!
//! Everything here looks at a bounded number of characters.

use super::signs::{Force, Turn};

/// How many bytes of dressing are looked through on a side.
pub(super) const REACH: usize = 8;

/// What stands on one side of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// White space, or the end of the block.
    Blank,
    /// An opening bracket and the like.
    Opening,
    /// A dash or hyphen.
    Dash,
    /// A letter or digit.
    Word,
    /// A letter of a script without blanks, or one whose words take endings and prefixes behind and before a mark.
    Unspaced,
    /// Any other sign.
    Point,
}

/// Whether a character is looked through: signs of emphasis in marked-up text, and of direction.
pub(super) fn is_dressing(letter: char) -> bool {
    matches!(letter, '*' | '_' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text without a little dressing at its end.
pub(super) fn undress_end(text: &str) -> &str {
    let bare = text.char_indices().rev().take(REACH).take_while(|(_, letter)| is_dressing(*letter)).last();
    bare.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The text without a little dressing at its start.
pub(super) fn undress_start(text: &str) -> &str {
    let size: usize = text.chars().take(REACH).take_while(|letter| is_dressing(*letter)).map(char::len_utf8).sum();
    text.get(size..).unwrap_or(text)
}

fn side(letter: Option<char>) -> Side {
    let Some(letter) = letter else { return Side::Blank };
    match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Side::Word,
        ' ' | '\n' | '\t' | '\u{200b}' | '\u{feff}' => Side::Blank,
        '(' | '[' | '{' | '<' | '=' | '¿' | '¡' | '（' | '［' | '｛' | '【' | '〔' | '《' | '〈' => {
            Side::Opening
        }
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '⸺' => Side::Dash,
        // Danda.
        '\u{964}' | '\u{965}' => Side::Point,
        // Vowel signs that are no letters, in Indian scripts; accents that stand alone; Hebrew and Arabic vowels.
        '\u{900}'..='\u{dff}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' => Side::Word,
        '\u{64b}'..='\u{65f}'
        | '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Side::Unspaced,
        '\u{620}'..='\u{6ff}' if letter.is_alphanumeric() => Side::Unspaced,
        _ if letter.is_whitespace() => Side::Blank,
        _ if letter.is_alphanumeric() => Side::Word,
        _ => Side::Point,
    }
}

/// Whether white space stands on both sides of a mark.
pub(super) fn is_blank_between(before: &str, behind: &str) -> bool {
    side(before.chars().next_back()) == Side::Blank && side(behind.chars().next()) == Side::Blank
}

/// Which way the marks between two texts look.
pub(super) fn turn(before: &str, behind: &str) -> Turn {
    let mut following = behind.chars();
    let (first, second) = (following.next(), following.next());
    let (left, right) = (side(before.chars().next_back()), side(first));
    match (left, right) {
        (Side::Blank | Side::Opening, Side::Blank) => Turn::Either,
        (Side::Blank | Side::Opening, Side::Point) => {
            let trails_off = first == Some('…') || (first == Some('.') && second == Some('.'));
            match side(second) {
                Side::Blank | Side::Point if !trails_off => Turn::Either,
                _ => Turn::Opens,
            }
        }
        (Side::Blank | Side::Opening, _) => Turn::Opens,
        (Side::Dash | Side::Point, Side::Word | Side::Unspaced | Side::Opening) => Turn::Either,
        (Side::Word, Side::Word) => within(before, behind),
        (Side::Unspaced, Side::Word | Side::Unspaced | Side::Opening) | (Side::Word, Side::Unspaced) => Turn::Either,
        _ => Turn::Closes,
    }
}

/// Which way a mark inside a word looks. In Hebrew it may stand behind a prefix of one letter: `ב"הארץ"`; but before the
/// last letter it makes an abbreviation: `צה"ל`.
fn within(before: &str, behind: &str) -> Turn {
    let is_hebrew = |letter: char| matches!(letter, 'א'..='ת');
    let is_prefix = |letter: char| matches!(letter, 'ו' | 'ב' | 'ה' | 'ל' | 'מ' | 'כ' | 'ש');
    let mut preceding = before.chars().rev();
    let has_prefix = preceding.next().is_some_and(is_prefix) && !preceding.next().is_some_and(is_hebrew);
    let has_word = behind.chars().take(2).filter(|letter| is_hebrew(*letter)).count() == 2;
    if has_prefix && has_word { Turn::Either } else { Turn::Within }
}

/// Whether a mark between these texts is one of feet and inches for certain: `5'10"`, `6' 2"`, `12°30'45"`; or the
/// gershayim of a Hebrew abbreviation.
pub(super) fn is_measure(before: &str, behind: &str) -> bool {
    is_behind_feet(before) || is_before_inches(before, behind) || is_gershayim(before, behind)
}

fn is_gershayim(before: &str, behind: &str) -> bool {
    let is_hebrew = |letter: char| matches!(letter, 'א'..='ת');
    before.chars().next_back().is_some_and(is_hebrew)
        && behind.chars().next().is_some_and(is_hebrew)
        && within(before, behind) == Turn::Within
}

fn is_feet_mark(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '′')
}

fn is_number(letter: char) -> bool {
    letter.is_numeric() || matches!(letter, '.' | ',')
}

fn is_behind_feet(before: &str) -> bool {
    let mut preceding = before.chars().rev().take(9).peekable();
    if !preceding.next().is_some_and(char::is_numeric) {
        return false;
    }
    while preceding.next_if(|letter| is_number(*letter)).is_some() {}
    preceding.next_if(|letter| side(Some(*letter)) == Side::Blank);
    preceding.next().is_some_and(is_feet_mark) && preceding.next().is_some_and(char::is_numeric)
}

fn is_before_inches(before: &str, behind: &str) -> bool {
    if !before.chars().next_back().is_some_and(char::is_numeric) {
        return false;
    }
    let mut following = behind.chars().take(8).peekable();
    following.next_if(|letter| side(Some(*letter)) == Side::Blank);
    if !following.next().is_some_and(char::is_numeric) {
        return false;
    }
    while following.next_if(|letter| is_number(*letter)).is_some() {}
    match following.next() {
        Some('"' | '”' | '″') => true,
        Some(mark) => is_feet_mark(mark) && following.next() == Some(mark),
        None => false,
    }
}

/// How sure it is that a double mark behind this text closes: not, if it may be one of inches.
pub(super) fn double_force(before: &str) -> Force {
    match before.chars().next_back() {
        Some(last) if last.is_numeric() => Force::Faint,
        _ => Force::Plain,
    }
}

/// Words that lose their last letters before an apostrophe, and accents that some write as one.
const CLIPPED_ENDS: &[&str] = &[
    "an", "ca", "cap", "cha", "da", "de", "di", "e", "fa", "fo", "lil", "lo", "mo", "o", "ol", "ole", "po", "sta",
    "th", "tha", "va", "wi", "wit",
];

/// How sure it is that a single mark between these texts closes, if it does not open.
pub(super) fn single_force(before: &str, behind: &str) -> Force {
    let Some(last) = before.chars().next_back() else { return Force::Plain };
    if last.is_numeric() {
        return Force::Faint;
    }
    match side(Some(last)) {
        Side::Word | Side::Unspaced => (),
        Side::Blank | Side::Dash | Side::Opening => return Force::Plain,
        Side::Point => return Force::Firm,
    }
    // A possessive needs something to possess.
    let mut following = behind.chars();
    let has_more = following.next().is_some_and(|blank| side(Some(blank)) == Side::Blank)
        && following.next().is_some_and(char::is_alphanumeric);
    if has_more && matches!(last, 's' | 'S' | 'x' | 'z' | 'ß') {
        return Force::Faint;
    }
    let mut letters = before.chars().rev().take(5);
    let mut word = ['\0'; 4];
    let mut length = 0;
    for (place, letter) in word.iter_mut().rev().zip(letters.by_ref().take_while(|letter| letter.is_alphanumeric())) {
        *place = letter.to_ascii_lowercase();
        length += 1;
    }
    let word = word.get(4 - length..).unwrap_or_default();
    let is_clipped = match word {
        // `goin'`, but not `in`.
        [.., _, 'i', 'n'] => true,
        [_] => true,
        _ => CLIPPED_ENDS.iter().any(|end| end.chars().eq(word.iter().copied())) && length < 4,
    };
    if is_clipped { Force::Faint } else { Force::Plain }
}

/// Words that lose their first letters behind an apostrophe; sorted.
const CLIPPED_STARTS: &[&str] = &[
    "appen", "ard", "ave", "bout", "cause", "cept", "cos", "coz", "cross", "cuz", "d", "ead", "ee", "ell", "ello",
    "em", "ep", "er", "ere", "fraid", "gainst", "im", "is", "k", "kay", "ll", "m", "mongst", "n", "ne", "neath", "nen",
    "nother", "nough", "nuff", "ome", "ouse", "ow", "pon", "re", "round", "s", "scuse", "sup", "t", "til", "till",
    "tis", "tisn", "tude", "twas", "tween", "twere", "twill", "twixt", "twould", "um", "un", "ve", "way",
];

/// Whether a text begins with what an apostrophe may have cut short: `'em`, `'90s`, `'98`.
pub(super) fn begins_clipped(behind: &str) -> bool {
    let mut word = String::new();
    for letter in behind.chars().take(7).take_while(|letter| letter.is_alphanumeric()) {
        word.extend(letter.to_lowercase());
    }
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    match digits {
        2 => matches!(word.get(2..), Some("" | "s" | "er" | "ers")),
        _ => CLIPPED_STARTS.contains(&word.as_str()),
    }
}

/// Whether a text ends in a letter.
pub(super) fn ends_in_letter(before: &str) -> bool {
    before.chars().next_back().is_some_and(char::is_alphabetic)
}
