//! Measure: what a number of tokens is called. A token is a word, but a character in scripts written without spaces,
//! and "1,200 words" would be wrong of a Chinese page. A sample of the text decides the noun; the number is always
//! tokens.

use crate::document::Corpus;

/// The nouns for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Measure {
    Words,
    Characters,
    Both,
}

const SAMPLE: usize = 1024;
const DOCUMENTS: usize = 256;

impl Measure {
    /// For one text.
    pub(in crate::report) fn of_text(text: &str) -> Measure {
        let (words, characters) = sample(text);
        if characters > words { Measure::Characters } else { Measure::Words }
    }

    /// For a corpus: both where each is a tenth at least. Looks at 256 documents, evenly spread.
    pub(in crate::report) fn of_corpus(corpus: &Corpus) -> Measure {
        let documents = &corpus.documents;
        let step = (documents.len() / DOCUMENTS).max(1);
        let (mut words, mut characters) = (0, 0);
        for document in documents.iter().step_by(step) {
            let (more_words, more_characters) = sample(&document.text);
            words += more_words;
            characters += more_characters;
        }
        let tenth = (words + characters) / 10;
        match (words > tenth, characters > tenth) {
            (true, true) => Measure::Both,
            (false, true) => Measure::Characters,
            _ => Measure::Words,
        }
    }

    /// The noun for one.
    pub(in crate::report) fn noun(self) -> &'static str {
        match self {
            Measure::Words => "word",
            Measure::Characters => "character",
            Measure::Both => "words and character",
        }
    }
}

/// Words, and characters of scripts without spaces, at the start of a text.
fn sample(text: &str) -> (usize, usize) {
    let (mut words, mut characters, mut inside) = (0, 0, false);
    for c in text.chars().take(SAMPLE) {
        if is_unspaced(c) {
            characters += 1;
            inside = false;
        } else {
            let letter = c.is_alphanumeric();
            words += usize::from(letter && !inside);
            inside = letter;
        }
    }
    (words, characters)
}

/// Letters of Thai, Lao, Burmese, Khmer, kana and Han.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_have_their_nouns() {
        assert_eq!(Measure::of_text("It was the first time."), Measure::Words);
        assert_eq!(Measure::of_text("قال وزير الخارجية"), Measure::Words);
        assert_eq!(Measure::of_text("외교부 장관은"), Measure::Words);
        assert_eq!(Measure::of_text("外交部发言人 Hua"), Measure::Characters);
        assert_eq!(Measure::of_text("รัฐมนตรี"), Measure::Characters);
        assert_eq!(Measure::of_text(""), Measure::Words);
    }
}
