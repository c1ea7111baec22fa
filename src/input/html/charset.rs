//! The encoding that a page states.
//!
//! **Source.** WHATWG HTML §13.2.3.2 (the prescan, to the letter: with its own, simpler reading of tags, comments and
//! attributes), §4.2.5.5 (the encoding in the content of a `<meta>`); WHATWG MIME Sniffing §4.4 (parameters of a type).
//!
//! **Cost.** The first 1024 bytes are read once.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use super::text::is_space;

/// How far a page is read for it.
const PRESCANNED: usize = 1024;

/// The encoding that a page states in its first bytes. A byte order mark wins over it, and so does an HTTP header.
pub(in crate::input) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = bytes.get(..PRESCANNED).unwrap_or(bytes);
    prescan(bytes).or_else(|| xml_encoding(bytes))
}

/// The encoding in a `Content-Type` header.
pub(in crate::input) fn encoding_of_content_type(value: &str) -> Option<&'static Encoding> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ';']);
        let end = rest.find([';', '='])?;
        let (name, behind) = rest.split_at(end);
        let Some(behind) = behind.strip_prefix('=') else {
            rest = behind;
            continue;
        };
        let parameter;
        if let Some(quoted) = behind.strip_prefix('"') {
            let mut unquoted = String::new();
            let mut characters = quoted.chars();
            loop {
                match characters.next() {
                    None | Some('"') => break,
                    Some('\\') => unquoted.push(characters.next().unwrap_or('\\')),
                    Some(character) => unquoted.push(character),
                }
            }
            parameter = unquoted;
            // Whatever else stands before the next parameter is passed over.
            rest = characters.as_str();
            rest = rest.find(';').and_then(|next| rest.get(next..)).unwrap_or_default();
        } else {
            let end = behind.find(';').unwrap_or(behind.len());
            let (unquoted, behind) = behind.split_at(end);
            parameter = unquoted.to_owned();
            rest = behind;
        }
        if name.eq_ignore_ascii_case("charset") && !parameter.is_empty() {
            return Encoding::for_label(parameter.as_bytes());
        }
    }
}

/// The encoding that a `<meta>` states, and nothing else that looks like one.
fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    let mut scan = Scan { bytes, at: 0 };
    loop {
        let rest = scan.rest();
        match rest {
            [] => return None,
            [b'<', b'!', b'-', b'-', ..] => {
                // The two dashes at the end may be the two at the beginning.
                let end = rest.windows(3).skip(2).position(|window| window == b"-->")?;
                scan.at += 2 + end + 3;
                continue;
            }
            [b'<', m, e, t, a, space, ..]
                if [*m, *e, *t, *a].eq_ignore_ascii_case(b"meta") && (is_space(*space) || *space == b'/') =>
            {
                scan.at += 5;
                if let Some(encoding) = meta(&mut scan)? {
                    return Some(encoding);
                }
            }
            [b'<', b'/', letter, ..] | [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                scan.skip_until(|byte| is_space(byte) || byte == b'>')?;
                while scan.attribute()?.is_some() {}
            }
            [b'<', b'!' | b'/' | b'?', ..] => scan.skip_until(|byte| byte == b'>')?,
            _ => {}
        }
        scan.at += 1;
    }
}

/// What a `<meta>` states; the outer `None` where the bytes end within it.
fn meta(scan: &mut Scan) -> Option<Option<&'static Encoding>> {
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let (mut is_content_type, mut needs_content_type, mut encoding) = (false, None, None);
    while let Some((name, value)) = scan.attribute()? {
        if seen.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => is_content_type |= value == b"content-type",
            b"content" if needs_content_type.is_none() => {
                if let Some(found) = encoding_in_content(&value) {
                    encoding = Some(found);
                    needs_content_type = Some(true);
                }
            }
            b"charset" => {
                encoding = Encoding::for_label(&value);
                needs_content_type = Some(false);
            }
            _ => {}
        }
        seen.push(name);
    }
    let counts = match needs_content_type {
        None => false,
        Some(needed) => !needed || is_content_type,
    };
    Some(encoding.filter(|_| counts).map(|encoding| as_ascii(encoding, true)))
}

/// A page whose tags could be read is in no encoding of two bytes a character, whatever it says.
fn as_ascii(encoding: &'static Encoding, in_meta: bool) -> &'static Encoding {
    if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else if encoding == X_USER_DEFINED && in_meta {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// The encoding in `text/html; charset=…`, by the rules for `<meta>`.
fn encoding_in_content(content: &[u8]) -> Option<&'static Encoding> {
    let mut rest = content;
    loop {
        let at = rest.windows(7).position(|window| window.eq_ignore_ascii_case(b"charset"))?;
        rest = without_spaces(rest.get(at + 7..)?);
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = without_spaces(value);
        let label = match value.first()? {
            quote @ (b'"' | b'\'') => {
                let value = value.get(1..)?;
                value.get(..value.iter().position(|byte| byte == quote)?)?
            }
            _ => {
                let end = value.iter().position(|byte| is_space(*byte) || *byte == b';');
                value.get(..end.unwrap_or(value.len()))?
            }
        };
        return Encoding::for_label(label);
    }
}

/// The encoding in an XML declaration.
fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let declaration = bytes.get(..bytes.iter().position(|byte| *byte == b'>')?)?;
    if !declaration.starts_with(b"<?xml") {
        return None;
    }
    let at = declaration.windows(8).position(|window| window == b"encoding")?;
    let blank = |bytes: &'_ [u8]| bytes.iter().position(|byte| *byte > b' ');
    let rest = declaration.get(at + 8..)?;
    let rest = rest.get(blank(rest)?..)?.strip_prefix(b"=")?;
    let rest = rest.get(blank(rest)?..)?;
    let (quote, rest) = rest.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let label = rest.get(..rest.iter().position(|byte| byte == quote)?)?;
    if label.iter().any(|byte| *byte <= b' ') {
        return None;
    }
    Encoding::for_label(label).map(|encoding| as_ascii(encoding, false))
}

fn without_spaces(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.iter().take_while(|byte| is_space(**byte)).count()..).unwrap_or_default()
}

/// Name and value, in lower case.
type NamedValue = (Vec<u8>, Vec<u8>);

/// The bytes, and how far they are read. Functions return `None` where the bytes end too early.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Scan<'b> {
    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_until(&mut self, ends: impl Fn(u8) -> bool) -> Option<()> {
        self.at += self.rest().iter().position(|byte| ends(*byte))?;
        Some(())
    }

    /// "Get an attribute": the next one of the tag, or `Some(None)` at its end.
    fn attribute(&mut self) -> Option<Option<NamedValue>> {
        self.skip_until(|byte| !is_space(byte) && byte != b'/')?;
        if self.byte()? == b'>' {
            return Some(None);
        }
        let (mut name, mut value) = (Vec::new(), Vec::new());
        loop {
            match self.byte()? {
                b'=' if !name.is_empty() => break,
                byte if is_space(byte) => {
                    self.skip_until(|byte| !is_space(byte))?;
                    if self.byte()? != b'=' {
                        return Some(Some((name, value)));
                    }
                    break;
                }
                b'/' | b'>' => return Some(Some((name, value))),
                byte => name.push(byte.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip_until(|byte| !is_space(byte))?;
        match self.byte()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                let start = self.at;
                self.skip_until(|byte| byte == quote)?;
                value.extend(self.bytes.get(start..self.at)?.to_ascii_lowercase());
                self.at += 1;
            }
            b'>' => {}
            _ => {
                let start = self.at;
                self.skip_until(|byte| is_space(byte) || byte == b'>')?;
                value.extend(self.bytes.get(start..self.at)?.to_ascii_lowercase());
            }
        }
        Some(Some((name, value)))
    }
}
