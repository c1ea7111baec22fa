//! Escapes for characters that would drive a terminal or lie about the order of text.
//!
//! A corpus is other people's text: an escape sequence in it could recolour, retitle or overwrite the terminal of
//! whoever reads a report, and bidirectional overrides can make a line read as what it is not (Boucher and Anderson,
//! *Trojan Source*, 2021). So C0 and C1 controls, DEL, the bidirectional embeddings, overrides and isolates, and the
//! Unicode line and paragraph separators are printed as `\u{1b}`, `\u{202e}`, … Marks that ordinary Arabic, Hebrew,
//! Persian and emoji text needs (U+200C..U+200F, U+061C) stay.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character must not reach a terminal as it is.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Appends a character, escaped if it must be.
pub(crate) fn push(out: &mut String, c: char) {
    if is_unsafe(c) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

/// A name (id, path, title) for one line of a terminal: every unsafe character escaped, tabs and line feeds among them.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push(&mut out, c);
    }
    Cow::Owned(out)
}

/// A field of a table of tab-separated values: `\t`, `\n`, `\r`, `\\`, and `\u{…}` for other unsafe characters.
pub(crate) fn field(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c == '\\' || is_unsafe(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            _ => push(&mut out, c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_is_shown_not_obeyed() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{9b}2J\u{7f}\u{202e}x\u{2066}"),
            "a\\u{1b}[31mb\\u{9b}2J\\u{7f}\\u{202e}x\\u{2066}"
        );
        assert_eq!(visible("two\nlines\t."), "two\\u{a}lines\\u{9}.");
        assert!(matches!(visible("می‌خواهم “déjà” 👩‍🚀"), Cow::Borrowed(_)));
        assert_eq!(field("a\tb\nc\r\\d\u{0}"), "a\\tb\\nc\\r\\\\d\\u{0}");
    }

    /// The rule that `docs/formats.md` gives to readers.
    fn unescape(field: &str) -> String {
        let mut out = String::new();
        let mut rest = field.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match rest.next().unwrap() {
                't' => out.push('\t'),
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                'u' => {
                    let hex: String = rest.by_ref().skip(1).take_while(|&c| c != '}').collect();
                    out.push(char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap());
                }
                other => out.push(other),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn fields_can_be_read_back(text in any::<String>()) {
            let written = field(&text);
            prop_assert!(!written.contains(is_unsafe));
            prop_assert_eq!(unescape(&written), text);
        }
    }
}
