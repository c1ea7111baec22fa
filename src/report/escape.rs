//! Escapes for characters that would drive a terminal or lie about the order of text.
//!
//! A corpus is other people's text: an escape sequence in it could recolour, retitle or overwrite the terminal of
//! whoever reads a report, and bidirectional overrides can make a line read as what it is not (Boucher and Anderson,
//! *Trojan Source*, 2021). So C0 and C1 controls, DEL, the bidirectional embeddings, overrides and isolates, and the
//! Unicode line and paragraph separators are printed as `\u{1b}`, `\u{202e}`, … Marks that ordinary Arabic, Hebrew,
//! Persian and emoji text needs (U+200C..U+200F, U+061C) stay.
//!
//! A log has readers that obey it too. GitHub's runner takes a line of standard output or error that begins with `::` for a
//! command, and, in an older syntax, any `##[` within a line; Azure's takes `##vso[`, TeamCity's `##teamcity[`. A file
//! of that name must not become one, so `##[` is shown as `##\x5b` wherever text is shown, and what a line would begin with
//! as `\x3a:` where lines are written ([`inert`]). This looks at no environment: the same input has the same bytes
//! everywhere.

use std::borrow::Cow;
use std::fmt::Write;

use memchr::memmem;

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

/// A name (id, path, title) for one line of a terminal: every unsafe character escaped, tabs and line feeds among them,
/// and the bracket of what a log obeys.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) && !may_open(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut log = Log::default();
    for c in text.chars() {
        match log.obeys(c) {
            true => out.push_str("\\x5b"),
            false => push(&mut out, c),
        }
    }
    Cow::Owned(out)
}

/// Text that is to be written, of one line or more, with nothing in it that a log obeys. Colours, and other sequences
/// that may be taken out on the way, stay what they are: they are looked through.
pub fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") && !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut log = Log::default();
    let mut is_beginning = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let text = skip_sequences(rest);
        if text.len() < rest.len() {
            out.push_str(rest.get(..rest.len() - text.len()).unwrap_or_default());
            rest = text;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match (log.obeys(c), is_beginning && c == ':' && skip_sequences(rest).starts_with(':')) {
            (true, _) => out.push_str("\\x5b"),
            (_, true) => out.push_str("\\x3a"),
            _ => out.push(c),
        }
        // A carriage return may end a line too.
        is_beginning = matches!(c, '\n' | '\r') || is_beginning && is_blank(c);
    }
    Cow::Owned(out)
}

/// What may stand before a command: what the runner trims from a line, and what shows nothing.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// The text behind the control sequences that it begins with, such as `ESC [ 1 m` (ECMA-48, 5.4).
fn skip_sequences(text: &str) -> &str {
    let mut rest = text;
    while let Some(body) = rest.strip_prefix("\u{1b}[") {
        let end = body.trim_start_matches(|c: char| matches!(c, ' '..='?'));
        let Some(after) = end.strip_prefix(|c: char| matches!(c, '@'..='~')) else { break };
        rest = after;
    }
    rest
}

/// Whether a text may hold what [`Log`] finds. Nearly none does.
fn may_open(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"##").is_some()
}

/// Whether a text holds what opens a command within a line.
pub(crate) fn opens_command(text: &str) -> bool {
    let mut log = Log::default();
    may_open(text) && text.chars().any(|c| log.obeys(c))
}

/// Reads along, and finds what opens a command within a line: `##`, perhaps a word, and `[`.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Log {
    hashes: u32,
}

impl Log {
    /// Whether a character, after those before it, opens a command.
    pub(crate) fn obeys(&mut self, c: char) -> bool {
        let is_open = self.hashes >= 2;
        self.hashes = match c {
            '#' => self.hashes.saturating_add(1).min(2),
            // `##vso[`: a word may stand between, and a sign after it begins anew.
            c if is_open && c.is_ascii_alphabetic() => self.hashes,
            _ => 0,
        };
        is_open && c == '['
    }
}

/// A field of a table of tab-separated values: `\t`, `\n`, `\r`, `\\`, and `\u{…}` for other unsafe characters and for
/// what a log would obey.
pub(crate) fn field(text: &str) -> Cow<'_, str> {
    let is_command = text.trim_start_matches(is_blank).starts_with("::");
    if !is_command && !text.contains(|c| c == '\\' || is_unsafe(c)) && !may_open(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut log = Log::default();
    let mut is_beginning = is_command;
    for c in text.chars() {
        let is_obeyed = log.obeys(c) || is_beginning && c == ':';
        is_beginning &= is_blank(c);
        match c {
            _ if is_obeyed => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
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

    #[test]
    fn no_log_obeys_what_is_shown() {
        for (text, shown) in [
            ("##[error]a", "##\\x5berror]a"),
            ("x ##[a]##[b]", "x ##\\x5ba]##\\x5bb]"),
            ("###[", "###\\x5b"),
            ("##vso[task.complete]", "##vso\\x5btask.complete]"),
            ("##teamcity[a", "##teamcity\\x5ba"),
            ("# [a] #[b] ## [c] ##a-[d] ## heading", "# [a] #[b] ## [c] ##a-[d] ## heading"),
        ] {
            assert_eq!((visible(text), inert(text)), (shown.into(), shown.into()));
        }
        for (text, written) in [
            ("::error::a", "\\x3a:error::a"),
            (" \u{3000}\u{feff}::a", " \u{3000}\u{feff}\\x3a:a"),
            ("a::b\n  ::c\r::d", "a::b\n  \\x3a:c\r\\x3a:d"),
            (":::a", "\\x3a::a"),
            (":a ::b", ":a ::b"),
            ("\u{1b}[1m\u{1b}[31;1m::a\u{1b}[0m", "\u{1b}[1m\u{1b}[31;1m\\x3a:a\u{1b}[0m"),
            ("  \u{1b}[1m:\u{1b}[0m:a", "  \u{1b}[1m\\x3a\u{1b}[0m:a"),
            ("##\u{1b}[1m[a", "##\u{1b}[1m\\x5ba"),
            ("\u{1b}[2J\u{7}::a", "\u{1b}[2J\u{7}\\x3a:a"),
            ("\u{1b}[::a", "\u{1b}[::a"),
        ] {
            assert_eq!(inert(text), written);
            assert_eq!(inert(written), written, "what is inert stays as it is");
        }
        assert_eq!(field("::a\t##[b"), "\\u{3a}:a\\t##\\u{5b}b");
        assert_eq!(field(" ::"), " \\u{3a}:");
        assert_eq!((field("a::b"), field("# [")), ("a::b".into(), "# [".into()));
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
        fn fields_can_be_read_back(text in "(\\PC|[\\x00-\\x1f:#\\[ ]|::|##\\[){0,24}") {
            let written = field(&text);
            prop_assert_eq!(&inert(&written), &written);
            prop_assert!(!written.contains(is_unsafe));
            prop_assert_eq!(unescape(&written), text);
        }
    }
}
