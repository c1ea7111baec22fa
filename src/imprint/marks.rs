//! Marks: agencies named between brackets or slashes, as in `(Reuters)`, `/TASS/`, `(dpa/tmn)`, `【北京共同】`.
//!
//! **Idea.** What stands between is split at slashes, commas and the like. A part that is the name of an agency, with a
//! few words about its desk at most, makes a mark. A word of pictures anywhere makes it a photo credit, which is none.
//!
//! **Cost.** Linear in the mark, which is short.
//!
//! **Gives up.** Further agencies of one mark: the first counts.

use std::ops::Range;

use super::agencies::{Agencies, Agency};
use super::phrases::{is_desk, is_of_picture};
use super::words::{is_dash, next_word, words};

/// Words at most that follow an agency's name within its part: *Life!*, *Breakingviews*, *infocom*.
const WORDS_OF_DESK: usize = 3;

/// An agency, and where in the text its name stands.
pub(super) type Named = (Agency, Range<usize>);

/// The agency that a mark names: what stands at a range of a text, inside brackets or slashes.
pub(super) fn read_mark(text: &str, inside: Range<usize>, agencies: &Agencies) -> Option<Named> {
    let content = text.get(inside.clone())?;
    if words(content).any(|word| is_of_picture(content.get(word).unwrap_or_default())) {
        return None;
    }
    for part in parts(content) {
        let within = content.get(part.clone()).unwrap_or_default();
        let shift = inside.start + part.start;
        if let Some((agency, name)) = read_part(within, agencies) {
            return Some((agency, shift + name.start..shift + name.end));
        }
        // 【北京共同】, ［東京　３０日　ロイター］
        if let Some(mention) = agencies.read_unspaced_end(within.trim_end()) {
            return Some((mention.agency, shift + mention.end..shift + within.trim_end().len()));
        }
    }
    None
}

/// The parts that a mark or a byline consists of: what stands between commas, slashes, bars and the like.
pub(super) fn parts(content: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let from = start?;
        let rest = content.get(from..)?;
        let sign = rest.char_indices().find(|(place, sign)| {
            matches!(sign, '/' | ',' | ';' | '&' | '|' | '+' | '=' | '·' | '•' | '、' | '，')
                || (is_dash(*sign) && rest.get(..*place).is_some_and(|before| before.ends_with(' ')))
        });
        let end = sign.map_or(content.len(), |(place, _)| from + place);
        start = sign.map(|(place, sign)| from + place + sign.len_utf8());
        Some(from..end)
    })
}

/// The agency that a part is: its name, perhaps behind an article, and little after it.
pub(super) fn read_part(part: &str, agencies: &Agencies) -> Option<Named> {
    let mut word = next_word(part, 0)?;
    let mut mention = agencies.read(part.get(word.start..)?);
    if mention.is_none() && is_desk(part.get(word.clone())?) {
        word = next_word(part, word.end)?;
        mention = agencies.read(part.get(word.start..)?);
    }
    let mention = mention?;
    let name = word.start..word.start + mention.end;
    let is_little = words(part.get(name.end..)?).take(WORDS_OF_DESK + 1).count() <= WORDS_OF_DESK;
    is_little.then_some((mention.agency, name))
}
