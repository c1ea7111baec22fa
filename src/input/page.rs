//! A page of HTML as a document: its bytes decoded, and what a reader sees of it.
//!
//! The encoding is that of a byte order mark, else what was said with the page (HTTP), else what the page says, else what
//! its bytes look like. Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever is said: other texts hardly ever are.

use std::borrow::Cow;
use std::sync::Arc;

use ecow::EcoString;
use encoding_rs::{Encoding, UTF_8};

use super::corpus::Part;
use super::encoding;
use super::html::{self, Page};
use super::rows::Table;
use super::spelling::Spelling;
use super::{TOO_LONG, TOO_LONG_REASON};
use crate::date::PublicationDate;
use crate::document::{Derivation, Document, Label};

/// What a page says, and the encoding that it is in.
pub(super) struct DecodedPage {
    pub(super) page: Page,
    pub(super) encoding: &'static str,
    /// What a user should know of it.
    pub(super) notes: Vec<String>,
}

/// Decodes a page; `said` is the encoding that came with it.
pub(super) fn decode(bytes: Cow<'_, [u8]>, said: Option<&'static Encoding>) -> Result<DecodedPage, &'static str> {
    let stated = said.or_else(|| html::declared_encoding(&bytes)).filter(|encoding| *encoding != UTF_8);
    let stated = stated.filter(|_| Encoding::for_bom(&bytes).is_none() && std::str::from_utf8(&bytes).is_err());
    if let Some(stated) = stated {
        let (text, _) = encoding::spell(&bytes, stated.name());
        return Ok(DecodedPage { page: html::extract(&text), encoding: encoding::name(stated), notes: Vec::new() });
    }
    let decoded = encoding::decode(bytes.into_owned())?;
    Ok(DecodedPage { page: html::extract(&decoded.text), encoding: decoded.encoding, notes: decoded.notes })
}

/// The text of a page in a known encoding, and how it is written: in the decoded page, and that in its bytes.
pub(super) fn spell(bytes: &[u8], encoding: &str) -> (String, Vec<Spelling>) {
    let (decoded, outer) = encoding::spell(bytes, encoding);
    let page = html::extract(&decoded);
    (page.text, vec![page.spelling, outer])
}

/// Reads a file that is a page.
pub(super) fn read(table: Table<'_>, bytes: Vec<u8>, part: &mut Part) {
    let path = table.path;
    let DecodedPage { page, encoding, notes } = match decode(Cow::Owned(bytes), None) {
        Ok(decoded) => decoded,
        Err(reason) => return part.skip(path, None, reason),
    };
    if page.text.len() as u64 > TOO_LONG {
        return part.skip(path, None, TOO_LONG_REASON);
    }
    for note in notes {
        part.warn(path, &note);
    }
    part.documents.push(document(
        EcoString::from(&**path),
        page,
        table.origin(encoding, Derivation::Extracted),
        None,
        None,
    ));
}

/// The document that a page is; its address is that given, if it does not say one itself.
pub(super) fn document(
    id: EcoString,
    page: Page,
    origin: Arc<crate::document::Origin>,
    record: Option<std::num::NonZeroU64>,
    address: Option<&str>,
) -> Document {
    let Page { text, title, url, site, date, .. } = page;
    let url = url.or_else(|| address.map(str::to_owned));
    let source = site.or_else(|| url.as_deref().and_then(host).map(str::to_owned));
    let [url, title] = [url, title].map(|value| value.map(String::into_boxed_str));
    Document {
        id,
        origin,
        record,
        source: source.map(Arc::from),
        date: date.as_deref().and_then(PublicationDate::parse),
        label: (url.is_some() || title.is_some()).then(|| Box::new(Label { url, title })),
        text: text.into(),
    }
}

/// The host of an address, without `www.`.
pub(super) fn host(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}
