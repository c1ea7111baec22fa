//! Web archives: WARC files of crawled pages, and WET files of their texts (ISO 28500, versions 1.0 and 1.1).
//!
//! A document is a response with status 200 that is HTML or plain text, a resource of these types, or a conversion to
//! plain text. All other records (requests, metadata, images, redirects) are passed over, and their blocks are not held.
//! `httparse` reads the head of a response. A body may be packed or sent in chunks; some crawlers undo that and keep the
//! header that tells of it, so a body that does not fit such a header is taken as it stands.
//!
//! The date of a record is that of the crawl, which says nothing of who wrote first: only a date that the page states is
//! taken. The document's source is the site that the page states, else the host of its address.
//!
//! **A wrong length** cannot be mended: the record is refused, and reading goes on at the next line that begins a record.
//!
//! **Writing anew.** A part of a page goes from the body; the lengths in both heads follow, and digests go, for they are
//! not true any more. A packed body is written unpacked, without the headers that told of it.

use std::borrow::Cow;
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::ops::Range;

use ecow::{EcoString, eco_format};
use encoding_rs::Encoding;

use super::corpus::Part;
use super::rewrite::{Change, Edit, RewriteError, Rewriter, cut, is_same_but_for_space, without};
use super::rows::{Rows, Table};
use super::spelling::locate_through;
use super::stream::{self, Bytes};
use super::{Compression, TOO_LONG, TOO_LONG_REASON, encoding, html, page};
use crate::document::{Derivation, Document};

/// How much is asked of the stream at a time, in bytes.
const READ: usize = 128 * 1024;
/// The longest head of a record, in bytes.
const LONGEST_HEAD: usize = 1 << 20;
/// How a record begins.
const MAGIC: &[u8] = b"WARC/";

/// A header: its name in lower case, its value, and its line in the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    name: String,
    value: String,
    line: Range<usize>,
    /// Where the value stands.
    place: Range<usize>,
}

fn find<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
}

/// The headers between a first line and an empty one; lines that go on an earlier one are left out.
fn headers(head: &[u8], mut at: usize) -> Vec<Header> {
    let mut headers = Vec::new();
    while let Some(end) = memchr::memchr(b'\n', &head[at..]).map(|next| at + next + 1) {
        let line = &head[at..end];
        if let Some(colon) = memchr::memchr(b':', line)
            && !line.starts_with(b" ")
            && !line.starts_with(b"\t")
        {
            let value = &line[colon + 1..];
            let start = at + colon + 1 + (value.len() - value.trim_ascii_start().len());
            let trimmed = value.trim_ascii();
            headers.push(Header {
                name: String::from_utf8_lossy(line[..colon].trim_ascii()).to_ascii_lowercase(),
                value: String::from_utf8_lossy(trimmed).into_owned(),
                line: at..end,
                place: start..start + trimmed.len(),
            });
        }
        at = end;
    }
    headers
}

/// Cuts a stream into records.
struct RecordCutter<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where what was not read yet begins in the buffer.
    at: usize,
    ended: bool,
    number: u64,
}

/// The head of a record.
struct Head {
    number: u64,
    /// The bytes from the record's beginning to its block.
    bytes: Vec<u8>,
    headers: Vec<Header>,
    /// Bytes of the block; none if that is not known.
    length: Option<u64>,
}

impl<R: Read> RecordCutter<R> {
    fn new(head: Vec<u8>, input: R) -> Self {
        RecordCutter { input, buffer: head, at: 0, ended: false, number: 0 }
    }

    /// What is there and was not read yet.
    fn ahead(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Reads on until there are so many bytes, or all.
    fn fill(&mut self, count: usize) -> io::Result<()> {
        while self.ahead().len() < count && !self.ended {
            self.buffer.drain(..self.at);
            self.at = 0;
            let read = self.input.by_ref().take(READ as u64).read_to_end(&mut self.buffer)?;
            self.ended = read == 0;
        }
        Ok(())
    }

    /// Takes bytes that are there.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.buffer[self.at..self.at + count].to_vec();
        self.at += count;
        taken
    }

    /// The next head; `None` at the end.
    fn next(&mut self) -> io::Result<Option<Head>> {
        self.fill(MAGIC.len())?;
        if self.ahead().is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let mut wanted = 4096;
        let end = loop {
            self.fill(wanted)?;
            let ahead = &self.buffer[self.at..];
            let crlf = memchr::memmem::find(ahead, b"\r\n\r\n").map(|at| at + 4);
            let lf = memchr::memmem::find(ahead, b"\n\n").map(|at| at + 2);
            let end = crlf.into_iter().chain(lf).min();
            if end.is_some() || self.ended || wanted >= LONGEST_HEAD {
                break end;
            }
            wanted *= 2;
        };
        let is_record = self.ahead().starts_with(MAGIC);
        let bytes = self.take(end.filter(|_| is_record).unwrap_or(0));
        let first = memchr::memchr(b'\n', &bytes).map_or(0, |at| at + 1);
        let headers = headers(&bytes, first);
        let length = find(&headers, "content-length").and_then(|length| length.parse().ok());
        Ok(Some(Head { number: self.number, bytes, headers, length }))
    }

    /// Passes a block on in pieces; `false` if it is cut off.
    fn pass_block(&mut self, length: u64, mut with: impl FnMut(&[u8])) -> io::Result<bool> {
        let mut left = length;
        while left > 0 {
            self.fill(1)?;
            let here = (self.ahead().len() as u64).min(left) as usize;
            if here == 0 {
                return Ok(false);
            }
            with(&self.buffer[self.at..self.at + here]);
            self.at += here;
            left -= here as u64;
        }
        Ok(true)
    }

    /// The line breaks behind a block.
    fn end(&mut self) -> io::Result<Vec<u8>> {
        self.fill(4)?;
        let count = match self.ahead() {
            [b'\r', b'\n', b'\r', b'\n', ..] => 4,
            [b'\n', b'\n', ..] => 2,
            ahead if ahead.len() < 4 => ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count(),
            _ => 0,
        };
        Ok(self.take(count))
    }

    /// Whether a record, or the end, follows.
    fn is_between(&mut self) -> io::Result<bool> {
        self.fill(MAGIC.len())?;
        Ok(self.ahead().is_empty() || self.ahead().starts_with(MAGIC))
    }

    /// Passes on what stands before the next line that begins a record, or the end.
    fn pass_to_next(&mut self, mut with: impl FnMut(&[u8])) -> io::Result<()> {
        loop {
            self.fill(2 * MAGIC.len() + 1)?;
            let ahead = self.ahead();
            // The first byte is not a record's: the last one ended here, or this would be between records.
            let found = memchr::memmem::find(ahead, b"\nWARC/").map(|at| at + 1);
            let count = match found {
                Some(at) => at,
                None if self.ended => ahead.len(),
                None => ahead.len() - MAGIC.len(),
            };
            with(&self.buffer[self.at..self.at + count]);
            self.at += count;
            if found.is_some() || self.ended {
                return Ok(());
            }
        }
    }
}

/// Why a record gives no document, where it should have.
const WRONG_LENGTH: &str =
    "its length is wrong: no record ends where it says; what follows up to the next one is not read";
const NO_RECORD: &str = "no record of a web archive begins here; what follows up to the next one is not read";

/// What the block of a record is.
enum Content {
    /// A response with its HTTP head.
    Response,
    /// A page.
    Html,
    /// A text.
    Text,
}

/// What kind of document a record may be, told by its head.
fn content_of(head: &Head) -> Option<Content> {
    let content_type = find(&head.headers, "content-type").unwrap_or_default().to_ascii_lowercase();
    match find(&head.headers, "warc-type")? {
        "response" if content_type.starts_with("application/http") || content_type.is_empty() => {
            Some(Content::Response)
        }
        "resource" | "conversion" | "response" => content_named(&content_type),
        _ => None,
    }
}

fn content_named(content_type: &str) -> Option<Content> {
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.as_str() {
        "text/html" | "application/xhtml+xml" => Some(Content::Html),
        "text/plain" => Some(Content::Text),
        _ => None,
    }
}

/// The body of a document in a block.
struct Body<'b> {
    content: Content,
    /// Where it stands in the block, as it is stored.
    place: Range<usize>,
    /// Unpacked.
    bytes: Cow<'b, [u8]>,
    /// The headers of its HTTP head, by their places in the block.
    headers: Vec<Header>,
    said: Option<&'static Encoding>,
}

/// Finds the body of a document; `None` if the block holds none.
fn find_body<'b>(head: &Head, block: &'b [u8]) -> Option<Result<Body<'b>, String>> {
    let content_type = find(&head.headers, "content-type").unwrap_or_default();
    match content_of(head)? {
        Content::Response => find_in_response(block),
        content => Some(Ok(Body {
            content,
            place: 0..block.len(),
            bytes: Cow::Borrowed(block),
            headers: Vec::new(),
            said: html::encoding_of_content_type(content_type),
        })),
    }
}

fn find_in_response(block: &[u8]) -> Option<Result<Body<'_>, String>> {
    let mut parsed = [httparse::EMPTY_HEADER; 256];
    let mut response = httparse::Response::new(&mut parsed);
    let start = match response.parse(block) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Some(Err("the head of the response is cut off".to_owned())),
        Err(error) => return Some(Err(format!("the head of the response is not understood: {error}"))),
    };
    if response.code != Some(200) {
        return None;
    }
    let first = memchr::memchr(b'\n', block).map_or(0, |at| at + 1);
    let headers = headers(&block[..start], first);
    let content_type = find(&headers, "content-type").unwrap_or_default();
    let content = content_named(content_type)?;
    let said = html::encoding_of_content_type(content_type);
    let stored = &block[start..];
    let mut bytes = Cow::Borrowed(stored);
    let is_chunked = find(&headers, "transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    if is_chunked && let Some(joined) = join_chunks(stored) {
        bytes = Cow::Owned(joined);
    }
    let packed = find(&headers, "content-encoding").unwrap_or_default().to_ascii_lowercase();
    let unpacked = match packed.as_str() {
        "gzip" | "x-gzip" => unpack(flate2::read::MultiGzDecoder::new(&*bytes)),
        "deflate" => unpack(flate2::read::ZlibDecoder::new(&*bytes))
            .or_else(|_| unpack(flate2::read::DeflateDecoder::new(&*bytes))),
        "" | "identity" => Ok(None),
        // Unpacked by the crawler, if it is text.
        _ if std::str::from_utf8(&bytes).is_ok() => Ok(None),
        other => return Some(Err(format!("its body is packed with {other}, which is not read"))),
    };
    match unpacked {
        Ok(Some(unpacked)) => bytes = Cow::Owned(unpacked),
        Ok(None) => {}
        Err(error) if error.to_string() == TOO_LONG_REASON => return Some(Err(error.to_string())),
        // The crawler unpacked it and kept the header.
        Err(_) => {}
    }
    Some(Ok(Body { content, place: start..block.len(), bytes, headers, said }))
}

/// Unpacks a body; a bomb is an error.
fn unpack(packed: impl Read) -> io::Result<Option<Vec<u8>>> {
    const LONGEST: u64 = 256_000_000;
    let mut bytes = Vec::new();
    packed.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(TOO_LONG_REASON));
    }
    Ok(Some(bytes))
}

/// Joins the chunks of a body; `None` if it is not in chunks.
fn join_chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(body) else { return None };
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            return Some(joined);
        }
        let end = start.checked_add(size)?;
        joined.extend_from_slice(body.get(start..end)?);
        body = body.get(end..)?.strip_prefix(b"\r\n")?;
    }
}

/// Reads an archive from what was already read (`head`) and the rest.
pub(super) fn read(table: Table<'_>, head: Vec<u8>, rest: Bytes<'_>, compression: Compression, part: &mut Part) {
    let mut cutter = RecordCutter::new(head, rest);
    let mut rows = Rows::default();
    loop {
        match read_record(table, &mut cutter, &mut rows) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let reason = stream::describe(&error, compression);
                let reason = format!("{reason}; this record and all after it are lost");
                part.lose_rest(table.path, Some(cutter.number), reason);
                break;
            }
        }
    }
    rows.report(table, part);
}

/// Reads one record; `false` at the end.
fn read_record<R: Read>(table: Table<'_>, cutter: &mut RecordCutter<R>, rows: &mut Rows) -> io::Result<bool> {
    let Some(head) = cutter.next()? else { return Ok(false) };
    let number = head.number;
    let Some(length) = head.length else {
        let reason = if head.bytes.is_empty() { NO_RECORD } else { "its length is missing or no number" };
        rows.refuse(table.path, number, reason.to_owned());
        cutter.pass_to_next(|_| {})?;
        return Ok(true);
    };
    let is_wanted = content_of(&head).is_some();
    let mut block = Vec::new();
    let is_held = is_wanted && length <= TOO_LONG;
    let is_whole = cutter.pass_block(length, |piece| {
        if is_held {
            block.extend_from_slice(piece)
        }
    })?;
    if !is_whole {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    cutter.end()?;
    if !cutter.is_between()? {
        rows.refuse(table.path, number, WRONG_LENGTH.to_owned());
        cutter.pass_to_next(|_| {})?;
        return Ok(true);
    }
    if is_wanted && !is_held {
        rows.refuse(table.path, number, TOO_LONG_REASON.to_owned());
    } else if is_wanted {
        match find_body(&head, &block) {
            None => {}
            Some(Err(reason)) => rows.refuse(table.path, number, reason),
            Some(Ok(body)) => match document_of(table, &head, body) {
                Ok(document) => rows.documents.push(document),
                Err(reason) => rows.refuse(table.path, number, reason),
            },
        }
    }
    Ok(true)
}

fn document_of(table: Table<'_>, head: &Head, body: Body<'_>) -> Result<Document, String> {
    let id = find(&head.headers, "warc-record-id").map(|id| id.trim_matches(['<', '>']));
    let id = id.map_or_else(|| eco_format!("{}#{}", table.path, head.number), EcoString::from);
    let address = find(&head.headers, "warc-target-uri").map(|address| address.trim_matches(['<', '>']));
    let record = NonZeroU64::new(head.number);
    match body.content {
        Content::Text => {
            let decoded = encoding::decode(body.bytes.into_owned())?;
            let origin = table.origin(decoded.encoding, decoded.derivation);
            let page = html::Page { text: decoded.text, ..html::Page::default() };
            Ok(page::document(id, page, origin, record, address))
        }
        _ => {
            let decoded = page::decode(body.bytes, body.said)?;
            let origin = table.origin(decoded.encoding, Derivation::Extracted);
            Ok(page::document(id, decoded.page, origin, record, address))
        }
    }
}

/// Writes the records anew.
pub(super) fn rewrite(rewriter: &mut Rewriter<'_, '_>, head: Vec<u8>, rest: impl Read) -> Result<(), RewriteError> {
    let job = rewriter.job;
    let mut cutter = RecordCutter::new(head, rest);
    let cannot_read = |error: io::Error| job.cannot_read(&error);
    while let Some(head) = cutter.next().map_err(cannot_read)? {
        let change = rewriter.change(Some(head.number));
        let mut failure = None;
        let Some((rank, change)) = change else {
            // Copied in pieces, whatever it is.
            let mut keep = |piece: &[u8]| {
                if failure.is_none() {
                    failure = rewriter.keep(piece).err();
                }
            };
            keep(&head.bytes);
            if let Some(length) = head.length {
                cutter.pass_block(length, &mut keep).map_err(cannot_read)?;
                keep(&cutter.end().map_err(cannot_read)?);
            }
            if head.length.is_none() || !cutter.is_between().map_err(cannot_read)? {
                cutter.pass_to_next(&mut keep).map_err(cannot_read)?;
            }
            failure.map_or(Ok(()), Err)?;
            rewriter.end_record()?;
            continue;
        };
        let mut record = head.bytes.clone();
        cutter.pass_block(head.length.unwrap_or(0), |piece| record.extend_from_slice(piece)).map_err(cannot_read)?;
        let block = head.bytes.len()..record.len();
        record.extend(cutter.end().map_err(cannot_read)?);
        match change {
            Change::Drop => rewriter.drop_record(rank, &record)?,
            Change::Note(_) => return Err(job.no_place_for_notes()),
            Change::Cut(parts) => {
                let edits = cut_record(rewriter, rank, &head, &record[block], &parts)?;
                rewriter.edit(Some(rank), &record, &edits)?;
                rewriter.end_record()?;
            }
        }
    }
    Ok(())
}

/// The edits that take parts of a text from a record.
fn cut_record(
    rewriter: &Rewriter<'_, '_>,
    rank: u32,
    head: &Head,
    block: &[u8],
    parts: &[Range<usize>],
) -> Result<Vec<Edit>, RewriteError> {
    let encoding = rewriter.encoding(rank);
    let Some(Ok(body)) = find_body(head, block) else { return Err(rewriter.job.changed()) };
    let spell = |bytes: &[u8]| match body.content {
        Content::Text => {
            let (text, spelling) = encoding::spell(bytes, encoding);
            (text, vec![spelling])
        }
        _ => page::spell(bytes, encoding),
    };
    let (text, spellings) = spell(&body.bytes);
    rewriter.check(rank, &text)?;
    let located = locate_through(&spellings, parts);
    let cleaned = without(&body.bytes, &located);
    let expected = cut(&text, parts);
    // What stays of a page may be set apart in another way: breaks are made of markup.
    if !is_same_but_for_space(&spell(&cleaned).0, &expected) {
        return Err(rewriter.misspelled(rank));
    }
    let is_packed = matches!(body.bytes, Cow::Owned(_));
    let offset = head.bytes.len();
    let mut edits: Vec<Edit> = Vec::new();
    // Its own head first, then that of the response.
    let mut http: Vec<Edit> = Vec::new();
    for header in &body.headers {
        match header.name.as_str() {
            "content-length" => http.push((header.place.clone(), cleaned.len().to_string().into_bytes())),
            "content-encoding" | "transfer-encoding" if is_packed => http.push((header.line.clone(), Vec::new())),
            _ => {}
        }
    }
    if is_packed {
        http.push((body.place.clone(), cleaned));
    } else {
        let start = body.place.start;
        http.extend(located.into_iter().map(|range| (start + range.start..start + range.end, Vec::new())));
    }
    let grown: usize = http.iter().map(|(_, new)| new.len()).sum();
    let shrunk: usize = http.iter().map(|(range, _)| range.len()).sum();
    let length = block.len() + grown - shrunk;
    for header in &head.headers {
        match header.name.as_str() {
            "content-length" => edits.push((header.place.clone(), length.to_string().into_bytes())),
            "warc-block-digest" | "warc-payload-digest" => edits.push((header.line.clone(), Vec::new())),
            _ => {}
        }
    }
    edits.extend(http.into_iter().map(|(range, new)| (offset + range.start..offset + range.end, new)));
    Ok(edits)
}
