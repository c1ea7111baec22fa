//! The quick way through a flat object: strings are found by their quotation marks, many bytes at a time.
//!
//! Most lines are objects of strings and small integers. Those are read here; at anything else that is wanted, at a key
//! with escapes, and at whatever is no valid JSON, this way gives up, and the line is read by
//! [`Record::read_any`](super::record::Record::read_any), whose twin it is. Values that nobody asked for are skipped,
//! objects and arrays among them by `serde_json`.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::fields::{Node, Plan};
use super::record::{Record, Value};
use crate::texts::unescape;

/// Reads a line; nothing if it takes more than this.
pub(super) fn read<'a>(line: &'a str, plan: &Plan) -> Option<Record<'a>> {
    let mut record = Record::default();
    let bytes = line.as_bytes();
    let mut at = skip_blanks(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = skip_blanks(bytes, at + 1);
    let mut is_first = true;
    loop {
        match bytes.get(at)? {
            b'}' if is_first => break,
            b'"' => {}
            _ => return None,
        }
        is_first = false;
        let key = find_string(bytes, at)?;
        if key.is_escaped {
            return None;
        }
        at = skip_blanks(bytes, key.next());
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = read_value(line, skip_blanks(bytes, at + 1), plan.root.child(&line[key.range]), &mut record)?;
        at = skip_blanks(bytes, at);
        match bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b'}' => break,
            _ => return None,
        }
    }
    (skip_blanks(bytes, at + 1) == bytes.len()).then_some(record)
}

/// Reads or skips the value at a place, and gives where it ends.
fn read_value<'a>(line: &'a str, at: usize, node: Option<&Node>, record: &mut Record<'a>) -> Option<usize> {
    let bytes = line.as_bytes();
    match bytes.get(at)? {
        b'"' => {
            let string = find_string(bytes, at)?;
            let content = &line[string.range.clone()];
            match node.filter(|node| record.wants_any(node)) {
                Some(node) if string.is_escaped => {
                    let mut text = String::with_capacity(content.len());
                    if !unescape(content, &mut text) {
                        return None;
                    }
                    record.put_string(node, Value::Text(Cow::Owned(text)), string.range.clone());
                }
                Some(node) => record.put_string(node, Value::Text(Cow::Borrowed(content)), string.range.clone()),
                None if string.is_escaped && !has_sound_escapes(content) => return None,
                None => {}
            }
            Some(string.next())
        }
        b'-' | b'0'..=b'9' => {
            let length = bytes[at..].iter().take_while(|byte| matches!(byte, b'-' | b'0'..=b'9')).count();
            let digits = &line[at..at + length];
            let (sign, rest) = digits.split_at(usize::from(digits.starts_with('-')));
            // Zeros before others are not JSON; fractions, exponents and great numbers are not for here.
            let is_plain = (1..=18).contains(&rest.len())
                && !rest.contains('-')
                && (rest.len() == 1 || !rest.starts_with('0'))
                && !matches!(bytes.get(at + length), Some(b'.' | b'e' | b'E'))
                && (sign.is_empty() || rest != "0");
            if !is_plain {
                return None;
            }
            if let Some(node) = node {
                record.put(node, Value::Integer(digits.parse().ok()?));
            }
            Some(at + length)
        }
        _ if node.is_some() => None,
        b't' => line[at..].starts_with("true").then_some(at + 4),
        b'f' => line[at..].starts_with("false").then_some(at + 5),
        b'n' => line[at..].starts_with("null").then_some(at + 4),
        b'{' | b'[' => {
            let mut values = serde_json::Deserializer::from_str(&line[at..]).into_iter::<IgnoredAny>();
            values.next()?.ok()?;
            Some(at + values.byte_offset())
        }
        _ => None,
    }
}

/// A string of a line.
struct Found {
    /// What stands between the quotation marks.
    range: Range<usize>,
    is_escaped: bool,
}

impl Found {
    /// Behind its closing mark.
    fn next(&self) -> usize {
        self.range.end + 1
    }
}

/// The string whose opening mark is given.
fn find_string(bytes: &[u8], opening: usize) -> Option<Found> {
    let start = opening + 1;
    let mut at = start;
    let mut is_escaped = false;
    loop {
        let is_plain = |byte: &u8| (*byte != b'"') & (*byte != b'\\') & (*byte >= 0x20);
        let rest = bytes.get(at..)?;
        let (chunks, _) = rest.as_chunks::<32>();
        let chunks = chunks.iter().take_while(|chunk| chunk.iter().fold(true, |all, byte| all & is_plain(byte)));
        at += 32 * chunks.count();
        at += bytes[at..].iter().take_while(|byte| is_plain(byte)).count();
        match bytes.get(at)? {
            b'"' => return Some(Found { range: start..at, is_escaped }),
            b'\\' => {
                is_escaped = true;
                at += 2;
            }
            _ => return None,
        }
    }
}

/// Whether every escape of a string that is skipped is one that JSON has; halves of surrogate pairs are let pass, as
/// `serde_json` does.
fn has_sound_escapes(escaped: &str) -> bool {
    let mut rest = escaped.as_bytes();
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let is_hexadecimal = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
        match rest.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'n' | b't' | b'r' | b'b' | b'f') => {}
            Some(b'u') if rest.get(at + 2..at + 6).is_some_and(is_hexadecimal) => {}
            _ => return false,
        }
        rest = &rest[at + 2..];
    }
    true
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let blanks = bytes.get(from..).unwrap_or_default().iter();
    from + blanks.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

#[cfg(test)]
mod tests {
    use super::super::fields::FieldNames;
    use super::*;
    use proptest::prelude::*;

    /// What was read, as far as it can be seen.
    fn shown(record: Record<'_>) -> String {
        format!("{:?}", record.seen())
    }

    fn is_as_any(line: &str, plan: &Plan) -> Result<(), TestCaseError> {
        if let Some(record) = read(line, plan) {
            let expected = Record::read_any(line, plan);
            prop_assert!(expected.is_ok(), "{line}: {expected:?}");
            prop_assert_eq!(shown(record), shown(expected.unwrap_or_default()), "{}", line);
        }
        Ok(())
    }

    #[test]
    fn common_lines_take_the_quick_way() {
        let plan = Plan::new(&FieldNames::default()).unwrap();
        for line in [
            r#"{"id": "b1", "text": "One “two”.\n\nThree \"four\"."}"#,
            r#" { "id" : 7 , "views" : -12 , "text" : "" , "draft" : false , "x" : null } "#,
            r#"{"tags":["a",{"b":1}],"text":"t","meta_":{"k":[1.5e3]}}"#,
            r#"{"html":"<p>\u00e9\/","text":"t"}"#,
            "{}",
        ] {
            assert!(read(line, &plan).is_some(), "{line}");
            is_as_any(line, &plan).unwrap();
        }
        let broken =
            [r#"{"text":"a"#, r#"{"text":"a"}x"#, r#"{"text":"a",}"#, "{\"text\":\"a\tb\"}", r#"{"a":"\x"}"#, "[]", ""];
        for line in broken.into_iter().chain([
            r#"{"a":01}"#,
            r#"{"a":-}"#,
            r#"{"id":1.5}"#,
            r#"{"a":tru}"#,
            r#"{"text":"\ud800"}"#,
        ]) {
            assert!(read(line, &plan).is_none(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_is_the_same_way(
            line in r#"( ?\{ ?("(text|id|source|x|date|content|title)" ?: ?("([a-zé “]|\\[nt"u\\/x]|\\u00[0-9a-f]{2}|\\ud83d\\ude00){0,9}"|-?[0-9]{0,20}|true|null|\[1\]|\{"name":"n"\}|1\.5|0|"[ ]?"),? ?){0,5}\} ?)|\PC{0,20}"#
        ) {
            is_as_any(&line, &Plan::new(&FieldNames::default()).unwrap())?;
        }

        #[test]
        fn long_strings_are_found(length in 0usize..200, place in 0usize..200, sign in "[\"\\\\é\u{1f}]") {
            let mut text = "x".repeat(length);
            text.insert_str(place.min(length), &sign);
            is_as_any(&format!("{{\"text\":\"{text}\"}}"), &Plan::new(&FieldNames::default()).unwrap())?;
        }
    }
}
