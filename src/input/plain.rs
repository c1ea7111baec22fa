//! A file that is one document: plain text or Markdown, taken as it is.

use std::io::Read;
use std::sync::Arc;

use ecow::EcoString;

use super::corpus::Part;
use super::rows::Table;
use super::stream::{self, Bytes};
use super::{Compression, OWN_REASON, TOO_LONG, TOO_LONG_REASON, encoding};
use crate::document::Document;

/// Reads one document from what was already read (`head`) and the rest of the file. What cannot be read whole is
/// skipped.
pub(super) fn read(
    table: Table<'_>,
    is_named: bool,
    head: Vec<u8>,
    rest: Bytes<'_>,
    compression: Compression,
    part: &mut Part,
) {
    let path = table.path;
    let Some(bytes) = read_whole(path, head, rest, compression, part) else { return };
    // A summary of a check, which names its format first.
    if bytes.starts_with(b"<!-- dittograph.check.") {
        return part.pass_over(path, OWN_REASON, is_named);
    }
    let decoded = match encoding::decode(bytes) {
        Ok(decoded) => decoded,
        Err(reason) => return part.skip(path, None, reason),
    };
    if decoded.text.len() as u64 > TOO_LONG {
        return part.skip(path, None, TOO_LONG_REASON);
    }
    for note in decoded.notes {
        part.warn(path, &note);
    }
    part.documents.push(Document {
        id: EcoString::from(&**path),
        origin: table.origin(decoded.encoding, decoded.derivation),
        record: None,
        source: None,
        date: None,
        label: None,
        text: decoded.text.into(),
    });
}

/// All bytes of a file, unless they are too many or cannot be read, which is noted.
pub(super) fn read_whole(
    path: &Arc<str>,
    head: Vec<u8>,
    rest: Bytes<'_>,
    compression: Compression,
    part: &mut Part,
) -> Option<Vec<u8>> {
    let mut bytes = head;
    let limit = (TOO_LONG + 1).saturating_sub(bytes.len() as u64);
    if let Err(error) = rest.take(limit).read_to_end(&mut bytes) {
        part.lose_rest(path, None, stream::describe(&error, compression));
        return None;
    }
    if bytes.len() as u64 > TOO_LONG {
        part.lose_rest(path, None, TOO_LONG_REASON);
        return None;
    }
    Some(bytes)
}
