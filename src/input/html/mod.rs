//! HTML: from a page to what a reader sees of it, with the place in the page of every piece of text.
//!
//! **Idea.** The tokens of the page are read once. A stack of open elements tells what is hidden and where blocks end;
//! all text that is not hidden is written out, block by block, and each word remembers the bytes that write it. No tree
//! is built, so a page of any size and depth costs its length. Nothing is judged: menus and footers are text, and
//! furniture is known downstream by being repeated.
//!
//! ```text
//! page ─► html5gum ─► tokens ─► reader ─► text ─► text, spelling
//!                                 ├─► nesting, open (what is hidden, where blocks end)
//!                                 └─► metadata, linked ─► title, address, site, date
//! ```
//!
//! # The text
//!
//! Paragraphs, headings and other blocks stand apart by a blank line; items of lists, rows and cells of tables, buttons
//! and what `<br>` parts stand on lines of their own (two `<br>` in a row are a blank line). White space in a block is
//! one space, but in `<pre>` it is kept, and none stands at the edges of a block. Inline elements break nothing: a word
//! in two colours is a word, and so are two words that only a style sheet holds apart. Character references are
//! decoded, no-break spaces and soft hyphens stay. Everything but those separators is written by bytes of the page.
//!
//! What is text is said in `elements`. Hidden is what the tag itself hides: `hidden`, `aria-hidden="true"`, an inline
//! style, a closed `<dialog>`. On `<html>` and `<body>` that is not obeyed: such pages are shown by a script. Texts of
//! attributes (`alt`, `title`, `placeholder`) are left out.
//!
//! # Cost
//!
//! Time is linear in the page, whatever is nested, unclosed or stray in it. Memory is the text, a run of its spelling
//! for each tag or reference within it, 48 bytes for each element that is open, and the longest attribute.
//!
//! # Source
//!
//! WHATWG HTML: §13.2.5 (tokens, by `html5gum`), §13.2.6 (the rules by which elements end, in `nesting`), §13.2.3.2 (the
//! encoding, in `charset`), §15.3 (blocks and what is not rendered). CSS Text 3 §4 for white space.
//!
//! # What is given up
//!
//! Style sheets and scripts: what they hide is text here, and what they show, add or set apart is not. Text that stands
//! in a table outside its cells stays where it is written, where browsers move it before the table. A formatting
//! element (`<b hidden>`) that is never closed ends with the block around it, where browsers open it again in the next.
//! Frames are pages of their own.

mod charset;
mod elements;
mod linked;
mod metadata;
mod nesting;
mod open;
mod reader;
#[cfg(test)]
mod tests;
mod text;
mod tokens;

use html5gum::Tokenizer;

pub(super) use charset::{declared_encoding, encoding_of_content_type};

use super::spelling::Spelling;
use reader::Reader;
use tokens::Tokens;

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// What a reader sees.
    pub(super) text: String,
    /// How that is written in the page.
    pub(super) spelling: Spelling,
    /// Where its comments end, ascending.
    pub(super) comments: Vec<usize>,
    /// In one line.
    pub(super) title: Option<String>,
    /// The address that the page gives itself; absolute.
    pub(super) url: Option<String>,
    /// The name of the site, or else its host.
    pub(super) site: Option<String>,
    /// When it was published, as it says; a [date](crate::date::PublicationDate) can be read from it.
    pub(super) date: Option<String>,
}

/// Reads a page.
pub(super) fn extract(page: &str) -> Page {
    let mut reader = Reader::new(page);
    let Ok(()) = Tokenizer::new_with_emitter(page, Tokens::new(page, &mut reader)).finish();
    reader.finish();
    let comments = std::mem::take(&mut reader.comments);
    let (text, spelling) = reader.text.finish();
    let [title, url, site, date] = reader.metadata.finish();
    Page { text, spelling, comments, title, url, site, date }
}
