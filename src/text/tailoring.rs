//! The table of what news adds to the sentence rules of UAX #29. One test an entry, at the foot of the file.
//!
//! UAX #29 ends a sentence behind every full stop that a capital follows. The table names the full stops that end
//! nothing: of abbreviations, initials, ordinals and datelines. Every rule is decided by a few bytes before the border
//! and the word behind it, so that equal sentences are cut equally wherever they stand.

use super::lines::is_blank;

/// How an abbreviation behaves before a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Abbreviation {
    /// Something always follows it: never ends a sentence.
    Title,
    /// A number follows it: ends a sentence before anything else.
    Numbered,
    /// Stands within and at the end of sentences: ends one before a word that opens sentences.
    Inner,
}

use Abbreviation::{Inner, Numbered, Title};

/// Abbreviations as written, without their last full stop; sorted. Several letters with full stops between them
/// (`U.S.`, `p.m.`, `z.B.`) and single capitals (`J. K.`) count as [`Inner`] without standing here.
const ABBREVIATIONS: &[(&str, Abbreviation)] = &[
    ("Abg", Title),
    ("Abs", Numbered),
    ("Adm", Title),
    ("Apr", Numbered),
    ("Art", Numbered),
    ("Aug", Numbered),
    ("Av", Title),
    ("Ave", Inner),
    ("Bd", Numbered),
    ("Brig", Title),
    ("Bros", Inner),
    ("Capt", Title),
    ("Cmdr", Title),
    ("Co", Inner),
    ("Col", Title),
    ("Corp", Inner),
    ("Cpl", Title),
    ("Dec", Numbered),
    ("Dept", Inner),
    ("Dez", Numbered),
    ("Dr", Title),
    ("Dra", Title),
    ("Feb", Numbered),
    ("Fig", Numbered),
    ("Fr", Title),
    ("Gen", Title),
    ("Gov", Title),
    ("Hon", Title),
    ("Hr", Title),
    ("Inc", Inner),
    ("Insp", Title),
    ("Jan", Numbered),
    ("Jr", Inner),
    ("Jul", Numbered),
    ("Jun", Numbered),
    ("Lt", Title),
    ("Ltd", Inner),
    ("MM", Title),
    ("Maj", Title),
    ("Mar", Numbered),
    ("Messrs", Title),
    ("Mio", Inner),
    ("Mlle", Title),
    ("Mme", Title),
    ("Mr", Title),
    ("Mrd", Inner),
    ("Mrs", Title),
    ("Ms", Title),
    ("Mt", Title),
    ("No", Numbered),
    ("Nos", Numbered),
    ("Nov", Numbered),
    ("Nr", Numbered),
    ("Oct", Numbered),
    ("Okt", Numbered),
    ("Pres", Title),
    ("Prof", Title),
    ("Pte", Title),
    ("Pvt", Title),
    ("Rep", Title),
    ("Reps", Title),
    ("Rev", Title),
    ("Sec", Title),
    ("Sen", Title),
    ("Sens", Title),
    ("Sep", Numbered),
    ("Sept", Numbered),
    ("Sgt", Title),
    ("Sr", Inner),
    ("Sra", Title),
    ("Srta", Title),
    ("St", Title),
    ("Ste", Title),
    ("Str", Inner),
    ("Supt", Title),
    ("Vol", Numbered),
    ("al", Inner),
    ("approx", Title),
    ("bzw", Title),
    ("ca", Title),
    ("cf", Title),
    ("dr", Title),
    ("etc", Inner),
    ("evtl", Title),
    ("ex", Title),
    ("ggf", Title),
    ("inkl", Title),
    ("núm", Numbered),
    ("p", Numbered),
    ("pp", Numbered),
    ("sog", Title),
    ("usw", Inner),
    ("v", Title),
    ("vgl", Title),
    ("viz", Title),
    ("vol", Numbered),
    ("vs", Title),
    ("г", Inner),
    ("гг", Inner),
    ("гр", Title),
    ("д", Numbered),
    ("др", Inner),
    ("им", Title),
    ("млн", Inner),
    ("млрд", Inner),
    ("пл", Title),
    ("пр", Inner),
    ("просп", Title),
    ("руб", Inner),
    ("см", Title),
    ("стр", Numbered),
    ("тыс", Inner),
    ("ул", Title),
];

/// Words that open a sentence, and seldom stand behind an abbreviation within one; sorted.
const OPENERS: &[&str] = &[
    "A",
    "According",
    "After",
    "Also",
    "An",
    "And",
    "Another",
    "As",
    "At",
    "Aber",
    "Als",
    "Am",
    "Auch",
    "Auf",
    "Bei",
    "Before",
    "Both",
    "But",
    "By",
    "Das",
    "Der",
    "Despite",
    "Die",
    "During",
    "Each",
    "Ein",
    "Eine",
    "El",
    "Elle",
    "En",
    "Er",
    "Es",
    "Few",
    "For",
    "From",
    "Für",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
    "Il",
    "Ils",
    "Im",
    "In",
    "It",
    "Its",
    "La",
    "Las",
    "Last",
    "Le",
    "Les",
    "Los",
    "Many",
    "Meanwhile",
    "Mit",
    "More",
    "Most",
    "My",
    "Nach",
    "Neither",
    "No",
    "Not",
    "Now",
    "On",
    "One",
    "Only",
    "Other",
    "Others",
    "Our",
    "Por",
    "She",
    "Sie",
    "Since",
    "So",
    "Some",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "To",
    "Today",
    "Two",
    "Un",
    "Una",
    "Under",
    "Une",
    "Until",
    "We",
    "Wenn",
    "What",
    "When",
    "Where",
    "While",
    "Who",
    "Why",
    "Wir",
    "With",
    "Yet",
    "You",
    "В",
    "Во",
    "Его",
    "Ее",
    "Если",
    "И",
    "Их",
    "К",
    "Как",
    "Когда",
    "Кроме",
    "Мы",
    "На",
    "Но",
    "Об",
    "Он",
    "Она",
    "Они",
    "Оно",
    "По",
    "После",
    "При",
    "С",
    "Также",
    "Так",
    "Это",
    "Этот",
    "Я",
];

/// Names of months behind a day that is written with a full stop (German, Danish, Norwegian, Czech, Finnish, Turkish
/// are alike enough), and behind a dateline's city.
const MONTHS: &[&str] = &[
    "Jan",
    "Januar",
    "Jänner",
    "January",
    "Feb",
    "Februar",
    "February",
    "Mar",
    "März",
    "March",
    "Apr",
    "April",
    "Mai",
    "May",
    "Jun",
    "Juni",
    "June",
    "Jul",
    "Juli",
    "July",
    "Aug",
    "August",
    "Sep",
    "Sept",
    "September",
    "Oct",
    "October",
    "Okt",
    "Oktober",
    "Nov",
    "November",
    "Dec",
    "December",
    "Dez",
    "Dezember",
    "янв",
    "января",
    "фев",
    "февраля",
    "мар",
    "марта",
    "апр",
    "апреля",
    "мая",
    "июн",
    "июня",
    "июл",
    "июля",
    "авг",
    "августа",
    "сен",
    "сентября",
    "окт",
    "октября",
    "ноя",
    "ноября",
    "дек",
    "декабря",
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// German articles and the like, which tell an ordinal (`der 2. Weltkrieg`) from the end of a sentence.
const ARTICLES: &[&str] = &["am", "beim", "das", "dem", "den", "der", "des", "die", "im", "vom", "zum", "zur"];

/// Agencies whose names stand in datelines with small letters.
const AGENCIES: &[&str] = &[
    "Agence",
    "France-Presse",
    "Interfax",
    "Reuters",
    "Sputnik",
    "Xinhua",
    "Интерфакс",
    "Новости",
    "Рейтер",
    "Синьхуа",
];

/// Longest word looked at, in bytes.
const WORD: usize = 40;

/// Longest dateline, in bytes.
const DATELINE: usize = 120;

/// Full stops and their like, in all scripts: the characters that `Sentence_Break` calls `ATerm` or `STerm`, and the
/// ellipsis.
pub(super) fn is_stop(character: char) -> bool {
    match character {
        '.' | '!' | '?' => true,
        '\0'..='\u{588}' => false,
        '։' | '؝' | '؞' | '؟' | '۔' | '܀'..='܂' | '߹' | '।' | '॥' | '၊' | '။' | '።' | '፧' | '፨' => {
            true
        }
        '᙮' | '។' | '៕' | '᠃' | '᠉' | '‼' | '‽' | '⁇'..='⁉' | '…' | '․' | '⸮' | '。' | '꓿' => {
            true
        }
        '꘎' | '꘏' | '꛳' | '꛷' | '︒' | '﹒' | '﹖' | '﹗' | '！' | '．' | '？' | '｡' => true,
        _ => false,
    }
}

/// Marks that close a quotation, a bracket or emphasis wherever they stand.
fn closes(character: char) -> bool {
    matches!(
        character,
        '"' | '\''
            | '”'
            | '’'
            | '“'
            | '‘'
            | '»'
            | '«'
            | '›'
            | '‹'
            | ')'
            | ']'
            | '}'
            | '*'
            | '_'
            | '」'
            | '』'
            | '】'
            | '》'
            | '〉'
            | '）'
            | '］'
            | '〕'
            | '＂'
            | '＇'
    )
}

/// Whether a text ends with a full stop or its like, behind which only closing marks stand.
pub(super) fn ends_with_stop(text: &str) -> bool {
    text.trim_end_matches(|character| is_blank(character) || closes(character)).ends_with(is_stop)
}

/// A border that UAX #29 sees, as the table looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Border<'t> {
    /// The sentence up to its full stop and closing marks.
    pub(super) before: &'t str,
    /// What follows, from its first character on.
    pub(super) after: &'t str,
    /// Whether the sentence is the first of its block.
    pub(super) is_first: bool,
}

/// Whether a border that UAX #29 sees ends no sentence.
pub(super) fn joins(border: Border<'_>) -> bool {
    goes_on_in_lower_case(border) || !ends_plainly(border) && is_in_table(border)
}

/// Whether a sentence ends in a way that the table has nothing to say of: nearly all do. Behind `?` or `!`, or behind a
/// word in small letters that is no abbreviation, unless the sentence may be a dateline.
fn ends_plainly(border: Border<'_>) -> bool {
    match border.before.as_bytes() {
        [.., b'?' | b'!'] => true,
        [b'a'..=b'z', head @ .., b'.'] | [b'A'..=b'Z', b'a'..=b'z', head @ .., b'.'] => {
            let letters = head.iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
            let is_whole = head[..head.len() - letters].ends_with(b" ");
            let word = &border.before[border.before.len() - 1 - letters..border.before.len() - 1];
            is_whole && letters > 1 && look_up(word).is_none()
        }
        _ => false,
    }
}

fn is_in_table(border: Border<'_>) -> bool {
    is_japanese_quotation(border)
        || is_abbreviation(border)
        || is_ordinal(border)
        || (border.is_first && (is_list_number(border) || is_dateline(border)))
}

/// `“Why?” he said`, `Yahoo! shares`: a small letter goes on with the sentence.
fn goes_on_in_lower_case(border: Border<'_>) -> bool {
    match border.after.as_bytes() {
        [first @ ..0x80, ..] => first.is_ascii_lowercase(),
        _ => border.after.starts_with(char::is_lowercase),
    }
}

/// `「…。」と述べた`: the particle goes on behind the quotation.
fn is_japanese_quotation(border: Border<'_>) -> bool {
    border.before.ends_with(['」', '』'])
        && border.after.starts_with(['と', 'っ', 'な', 'の', 'は', 'が', 'を', 'に', 'で', 'も'])
}

/// `Mr. Khan`, `No. 5`, `the U.S. President`, `George W. Bush`.
fn is_abbreviation(border: Border<'_>) -> bool {
    let before = border.before.trim_end_matches([')', ']']);
    let is_bare = before.len() == border.before.len();
    let Some(head) = before.strip_suffix('.') else { return false };
    let word = last_word(head);
    if word.is_empty() || word.ends_with('.') {
        return false;
    }
    let part = word.rsplit('-').next().unwrap_or(word);
    let kind = look_up(word).or_else(|| look_up(part)).or_else(|| is_initials(part).then_some(Inner));
    match kind {
        Some(Title) => is_bare,
        Some(Numbered) => border.after.starts_with(char::is_numeric),
        Some(Inner) => !opens_sentence(border.after),
        None => false,
    }
}

fn look_up(word: &str) -> Option<Abbreviation> {
    let first = usize::from(*word.as_bytes().first()?);
    // Most words that end a sentence are longer than any abbreviation.
    if word.len() > LONGEST_ABBREVIATION {
        return None;
    }
    let alike = &ABBREVIATIONS[usize::from(FIRST_BYTES[first])..usize::from(FIRST_BYTES[first + 1])];
    alike.iter().find(|(entry, _)| *entry == word).map(|(_, kind)| *kind)
}

/// The bytes of the longest abbreviation.
const LONGEST_ABBREVIATION: usize = {
    let (mut longest, mut at) = (0, 0);
    while at < ABBREVIATIONS.len() {
        if ABBREVIATIONS[at].0.len() > longest {
            longest = ABBREVIATIONS[at].0.len();
        }
        at += 1;
    }
    longest
};

/// How many abbreviations begin with a byte less than each.
const FIRST_BYTES: [u8; 257] = {
    let (mut table, mut at, mut byte) = ([0; 257], 0, 0);
    while byte < 257 {
        while at < ABBREVIATIONS.len() && (ABBREVIATIONS[at].0.as_bytes()[0] as usize) < byte {
            at += 1;
        }
        table[byte] = at as u8;
        byte += 1;
    }
    table
};

/// `J`, `U.S`, `p.m`, `Ph.D`, `т.д`: one capital, or short parts with full stops between them.
fn is_initials(word: &str) -> bool {
    let mut parts = word.split('.');
    match (parts.next(), parts.next()) {
        (Some(only), None) => only.chars().count() == 1 && only.starts_with(char::is_uppercase),
        _ => {
            word.split('.').all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
        }
    }
}

/// Whether the text begins with a word that opens sentences, or with a quotation or bracket.
fn opens_sentence(after: &str) -> bool {
    let word = first_word(after);
    if word.is_empty() {
        return !after.starts_with(['-', '–', '—', '/', '&', ',', ';', ':']);
    }
    // `A.` is an initial; so is `В.`.
    !after[word.len()..].starts_with('.') && OPENERS.contains(&word)
}

/// `am 3. März`, `der 2. Weltkrieg`.
fn is_ordinal(border: Border<'_>) -> bool {
    let Some(head) = border.before.strip_suffix('.') else { return false };
    if !head.ends_with(|character: char| character.is_ascii_digit()) {
        return false;
    }
    let word = last_word(head);
    if !(1..=2).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let article = last_word(head[..head.len() - word.len()].trim_end_matches(is_blank));
    MONTHS.contains(&first_word(border.after)) || ARTICLES.iter().any(|entry| entry.eq_ignore_ascii_case(article))
}

/// `1. The first item`, `47.2. Interface`, `IV. Results`.
fn is_list_number(border: Border<'_>) -> bool {
    let Some(number) = border.before.strip_suffix('.') else { return false };
    let is_number = number.len() <= 10
        && number
            .split('.')
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let is_roman = (1..=4).contains(&number.len()) && number.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    is_number || is_roman
}

/// `ISLAMABAD, January 30. /TASS/. The Pakistani partners`, `МОСКВА, 30 янв — РИА Новости. Россия`, `MOSCOW. Feb 20
/// (Interfax)`.
///
/// A dateline begins with a place in capitals and holds nothing but capitals, numbers, months and agencies: a place and
/// a date, or a place before a date or an agency between slashes.
fn is_dateline(border: Border<'_>) -> bool {
    if border.before.len() > DATELINE || !border.before.ends_with('.') {
        return false;
    }
    let head = border.before.trim_start_matches(|character: char| !character.is_alphanumeric());
    let mut words =
        head.split(|character: char| is_blank(character) || matches!(character, ',' | '.' | '/' | '(' | ')'));
    if !words
        .next()
        .is_some_and(|place| place.chars().filter(|c| c.is_uppercase()).count() >= 3 && is_all_capitals(place))
    {
        return false;
    }
    let mut is_dated = false;
    for word in words {
        if word.starts_with(char::is_numeric) || MONTHS.contains(&word) {
            is_dated = true;
        } else if !is_all_capitals(word) && !AGENCIES.contains(&word) {
            return false;
        }
    }
    is_dated || border.after.starts_with('/') || MONTHS.contains(&first_word(border.after))
}

fn is_all_capitals(word: &str) -> bool {
    !word.contains(char::is_lowercase)
}

/// The word that a text ends with, full stops within it included; empty if it is long or there is none.
fn last_word(text: &str) -> &str {
    // Most words are letters of ASCII to begin with.
    let letters = text.bytes().rev().take(WORD + 1).take_while(u8::is_ascii_alphanumeric).count();
    let mut start = text.len() - letters;
    if letters > WORD {
        return "";
    }
    for (at, character) in text[..start].char_indices().rev() {
        if !(character.is_alphanumeric() || matches!(character, '.' | '-')) {
            break;
        }
        start = at;
        if text.len() - start > WORD {
            return "";
        }
    }
    text[start..].trim_start_matches(['.', '-'])
}

/// The word that a text begins with; empty if it begins with something else, cut if it is long.
fn first_word(text: &str) -> &str {
    let end = text.char_indices().find(|&(at, character)| !character.is_alphanumeric() || at > WORD);
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::sentences::sentences;
    use super::super::signs::Signs;
    use super::*;

    fn is_one(text: &str) -> bool {
        let mut signs = Signs::default();
        lines(text, &mut Vec::new(), &mut signs);
        sentences(text, 0, &signs).count() == 1
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(ABBREVIATIONS.is_sorted_by(|one, next| one.0 < next.0));
    }

    #[test]
    fn every_abbreviation_is_followed() {
        for (word, kind) in ABBREVIATIONS {
            let (joined, cut) = match kind {
                Title => (format!("Then {word}. Khan spoke."), None),
                Numbered => (format!("Then {word}. 5 Pakistanis spoke."), Some(format!("Then {word}. Khan spoke."))),
                Inner => (format!("Then {word}. Khan spoke."), Some(format!("Then {word}. The end."))),
            };
            assert!(is_one(&joined), "{joined}");
            if let Some(cut) = cut {
                assert!(!is_one(&cut), "{cut}");
            }
        }
    }

    #[test]
    fn every_opener_opens() {
        for word in OPENERS {
            assert!(!is_one(&format!("They left the U.S. {word} Khan spoke.")), "{word}");
        }
    }

    #[test]
    fn every_month_follows_its_day() {
        for month in MONTHS {
            assert!(is_one(&format!("Es war 3. {month} 2018.")), "{month}");
            assert!(is_one(&format!("MOSCOW, 3 {month}. The talks began.")), "{month}");
        }
    }

    #[test]
    fn every_article_makes_an_ordinal() {
        for article in ARTICLES {
            assert!(is_one(&format!("Es war {article} 2. Weltkrieg so.")), "{article}");
        }
        assert!(!is_one("Sie gewann mit 2. Danach ging sie."));
    }

    #[test]
    fn every_agency_stands_in_datelines() {
        for agency in AGENCIES {
            assert!(is_one(&format!("МОСКВА, 30 янв - {agency}. Россия готова.")), "{agency}");
        }
        assert!(!is_one("МОСКВА, 30 янв - Россия готова. Переговоры начались."));
    }

    #[test]
    fn list_numbers_stay_with_their_item() {
        for number in ["1.", "12.", "47.2.", "1.2.3.", "IV."] {
            assert!(is_one(&format!("{number} Interface Support")), "{number}");
        }
        assert!(!is_one("Mix. Then stir."));
        assert!(!is_one("They met in 2018. Then they left."));
    }

    #[test]
    fn stops_in_all_scripts() {
        for stop in [".", "!”", "?»", "。」", "؟", "।", "…", "."] {
            assert!(ends_with_stop(&format!("text{stop} \u{a0}")), "{stop}");
        }
        assert!(!ends_with_stop("(text)"));
    }
}
