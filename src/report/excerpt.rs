//! Excerpts: the first and last words of a text that may be 50 MB long.
//!
//! Grapheme clusters are walked from either end until their columns are spent, so an excerpt costs as much as it shows,
//! not as much as the text holds. Cuts fall on spaces where there are any near enough (within half of the part kept),
//! and between grapheme clusters where there are none, as in Chinese.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::escape;

/// A text, whole or with its middle left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clip<'a> {
    /// All of it.
    Whole(&'a str),
    /// Its first and last words.
    Ends(&'a str, &'a str),
}

impl Clip<'_> {
    /// As one string, with an ellipsis for what is left out.
    pub(crate) fn join(self, ellipsis: &str) -> String {
        match self {
            Clip::Whole(text) => text.to_owned(),
            Clip::Ends(head, tail) => format!("{head}{ellipsis}{tail}"),
        }
    }
}

/// Columns that a grapheme cluster takes when it is shown.
pub(super) fn columns(grapheme: &str) -> usize {
    if grapheme.contains(escape::is_unsafe) { escape::visible(grapheme).width() } else { grapheme.width() }
}

/// Keeps about `head` columns of the start and `tail` of the end; the whole where that saves next to nothing.
/// Spaces at either end are not kept.
pub(crate) fn clip(text: &str, head: usize, tail: usize) -> Clip<'_> {
    let text = text.trim();
    let most = head + tail + 4;
    let (mut used, mut first) = (0, 0);
    let mut fits = true;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += columns(grapheme);
        if used > most {
            fits = false;
            break;
        }
        if used <= head {
            first = at + grapheme.len();
        }
    }
    if fits {
        return Clip::Whole(text);
    }
    let (mut used, mut last) = (0, text.len());
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += columns(grapheme);
        if used > tail || at < first {
            break;
        }
        last = at;
    }
    let (first_part, last_part) = (text.get(..first).unwrap_or_default(), text.get(last..).unwrap_or_default());
    Clip::Ends(before_cut(text, first_part), after_cut(text, last_part))
}

/// The start of a text, without the word that the cut goes through.
fn before_cut<'a>(text: &str, part: &'a str) -> &'a str {
    let clean = text.get(part.len()..).is_none_or(|rest| rest.starts_with(char::is_whitespace));
    let space = if clean { None } else { part.rfind(char::is_whitespace).filter(|&at| at >= part.len() / 2) };
    part.get(..space.unwrap_or(part.len())).unwrap_or_default().trim_end()
}

/// The end of a text, without the word that the cut goes through.
fn after_cut<'a>(text: &str, part: &'a str) -> &'a str {
    let clean = text.get(..text.len() - part.len()).is_none_or(|rest| rest.ends_with(char::is_whitespace));
    let space = if clean { None } else { part.find(char::is_whitespace).filter(|&at| at <= part.len() / 2) };
    part.get(space.unwrap_or(0)..).unwrap_or_default().trim_start()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_texts_stay_whole() {
        assert_eq!(clip("  a short text \n", 10, 5), Clip::Whole("a short text"));
        assert_eq!(clip("", 10, 5), Clip::Whole(""));
        assert_eq!(clip(" \n ", 0, 0), Clip::Whole(""));
    }

    #[test]
    fn cuts_fall_on_spaces() {
        let text = "The quick brown fox jumps over the lazy dog and then goes home to sleep";
        assert_eq!(clip(text, 22, 14), Clip::Ends("The quick brown fox", "home to sleep"));
        assert_eq!(clip(text, 19, 15).join(" … "), "The quick brown fox … home to sleep");
    }

    #[test]
    fn cuts_fall_between_characters_where_there_are_no_spaces() {
        let text = "外交部发言人表示双方将继续就地区局势保持沟通并推动和平进程";
        assert_eq!(clip(text, 10, 6), Clip::Ends("外交部发言", "平进程"));
        assert_eq!(clip(&"x".repeat(100), 5, 3).join("…"), "xxxxx…xxx");
    }

    #[test]
    fn escapes_take_the_columns_they_show() {
        assert_eq!(columns("\u{1b}"), 6);
        assert_eq!(clip(&"\u{1b}".repeat(30), 12, 6), Clip::Ends("\u{1b}\u{1b}", "\u{1b}"));
    }

    proptest! {
        #[test]
        fn clips_are_ends_of_the_text(text in any::<String>(), head in 0usize..40, tail in 0usize..40) {
            match clip(&text, head, tail) {
                Clip::Whole(whole) => prop_assert_eq!(whole, text.trim()),
                Clip::Ends(first, last) => {
                    prop_assert!(text.trim().starts_with(first) && text.trim().ends_with(last));
                    prop_assert!(first.len() + last.len() <= text.trim().len());
                    let shown: usize = first.graphemes(true).map(columns).sum();
                    prop_assert!(shown <= head);
                }
            }
        }
    }
}
