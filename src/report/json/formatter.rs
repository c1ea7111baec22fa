//! Compact JSON that is safe to print: `serde_json` escapes the C0 controls, this also the C1 controls, DEL, and what
//! [`escape`](super::super::escape) lists beside them, as `\u009b` and the like, and the bracket of `##[`, which a log
//! would obey. It reads back as the same string.

use std::io;

use serde_json::ser::Formatter;

use super::super::escape::{Log, is_unsafe};

pub(in crate::report) struct Safe;

impl Formatter for Safe {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all names and numbers; the C0 controls don't come here.
        if fragment.bytes().all(|byte| byte < 0x7f && byte != b'#') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        let mut log = Log::default();
        for (at, c) in fragment.char_indices().filter(|&(_, c)| log.obeys(c) || is_unsafe(c)) {
            writer.write_all(fragment.get(written..at).unwrap_or_default().as_bytes())?;
            // All of these lie in the basic plane: four digits do.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            written = at + c.len_utf8();
        }
        writer.write_all(fragment.get(written..).unwrap_or_default().as_bytes())
    }
}

/// Writes one value as compact JSON.
pub(in crate::report) fn write_value<T: serde::Serialize>(out: &mut impl io::Write, value: &T) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Safe);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_back_and_is_safe(text in any::<String>(), more in "([\u{7f}-\u{a0}\u{2020}-\u{2070}\\\\\"#\\[a]|##\\[){0,20}") {
            let text = text + &more;
            let mut out = Vec::new();
            write_value(&mut out, &text).unwrap();
            let written = String::from_utf8(out).unwrap();
            prop_assert!(!written.contains(is_unsafe) && !written.contains("##["));
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
