//! From the callbacks of the tokenizer to text with places, and tags with the attributes that matter.
//!
//! **Idea.** `html5gum` follows the standard state by state and tells, with each piece of text, how far it has read. A
//! piece that equals the bytes between the end of the last one and that place is *literal*; one that does not is a
//! character reference, and those bytes write it. Neighbouring literal pieces are put together, so that characters of
//! several bytes, which the tokenizer may hand over in parts, are whole again. Line ends, which it normalises, are left
//! as the page has them.
//!
//! **Cost.** Linear. Only attributes that are read by somebody are kept, each once, as the standard has it.
//!
//! **Source.** WHATWG §13.2.5 (tokenization).

use std::convert::Infallible;
use std::ops::Range;

use html5gum::{Emitter, Error, State};

/// Attributes that are read by somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    AriaHidden,
    Color,
    Content,
    DateTime,
    Face,
    Hidden,
    Href,
    ItemProp,
    Name,
    Open,
    Property,
    PubDate,
    Rel,
    Size,
    Style,
    Type,
}

const ATTRIBUTES: [(&[u8], Attribute); 16] = [
    (b"aria-hidden", Attribute::AriaHidden),
    (b"color", Attribute::Color),
    (b"content", Attribute::Content),
    (b"datetime", Attribute::DateTime),
    (b"face", Attribute::Face),
    (b"hidden", Attribute::Hidden),
    (b"href", Attribute::Href),
    (b"itemprop", Attribute::ItemProp),
    (b"name", Attribute::Name),
    (b"open", Attribute::Open),
    (b"property", Attribute::Property),
    (b"pubdate", Attribute::PubDate),
    (b"rel", Attribute::Rel),
    (b"size", Attribute::Size),
    (b"style", Attribute::Style),
    (b"type", Attribute::Type),
];

/// The attributes of a start tag.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: Vec<(Attribute, String)>,
}

impl Attributes {
    /// The value of an attribute; empty if it has none.
    pub(super) fn get(&self, attribute: Attribute) -> Option<&str> {
        self.values.iter().find(|(known, _)| *known == attribute).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, attribute: Attribute) -> bool {
        self.get(attribute).is_some()
    }
}

/// What reads the tokens.
pub(super) trait Reading {
    /// Text that is written as it stands, but for its line ends.
    fn literal(&mut self, place: Range<usize>);
    /// Text that is written as a character reference.
    fn reference(&mut self, text: &str, place: Range<usize>);
    /// A start tag, by its name in lower case; and how its content is to be read.
    fn start(&mut self, name: &[u8], attributes: &Attributes, self_closing: bool) -> Option<State>;
    /// An end tag, by its name in lower case.
    fn end(&mut self, name: &[u8]);
    /// Whether the innermost open element is SVG or MathML.
    fn is_foreign(&self) -> bool;
    /// A comment, by where it ends.
    fn comment(&mut self, end: usize);
}

/// The tokenizer's other end.
pub(super) struct Tokens<'r, R> {
    page: &'r str,
    reading: &'r mut R,
    /// How far the tokenizer has read.
    position: usize,
    /// Up to where text was told, or known to be none.
    told: usize,
    /// Literal text that was not handed on yet.
    literal: Range<usize>,
    tag: Vec<u8>,
    tag_is_end: bool,
    self_closing: bool,
    last_start_tag: Vec<u8>,
    attributes: Attributes,
    /// Name and value of the attribute that is read; no name if there is none.
    attribute: Vec<u8>,
    value: Vec<u8>,
}

impl<'r, R: Reading> Tokens<'r, R> {
    pub(super) fn new(page: &'r str, reading: &'r mut R) -> Self {
        Tokens {
            page,
            reading,
            position: 0,
            told: 0,
            literal: 0..0,
            tag: Vec::new(),
            tag_is_end: false,
            self_closing: false,
            last_start_tag: Vec::new(),
            attributes: Attributes::default(),
            attribute: Vec::new(),
            value: Vec::new(),
        }
    }

    fn tell_literal(&mut self) {
        if !self.literal.is_empty() {
            self.reading.literal(self.literal.clone());
        }
        self.literal = self.told..self.told;
    }

    fn finish_attribute(&mut self) {
        if let Ok(at) = ATTRIBUTES.binary_search_by(|(name, _)| (*name).cmp(&self.attribute)) {
            let attribute = ATTRIBUTES[at].1;
            // Of several the first counts.
            if !self.attributes.has(attribute) {
                let value = String::from_utf8_lossy(&self.value).into_owned();
                self.attributes.values.push((attribute, value));
            }
        }
        self.attribute.clear();
        self.value.clear();
    }

    fn begin_tag(&mut self, is_end: bool) {
        self.tag.clear();
        self.tag_is_end = is_end;
        self.self_closing = false;
        self.attribute.clear();
        self.value.clear();
        self.attributes.values.clear();
    }
}

impl<R: Reading> Emitter for Tokens<'_, R> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start_tag.clear();
        self.last_start_tag.extend_from_slice(last_start_tag.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.tell_literal();
    }

    fn emit_error(&mut self, _: Error) {}

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn init_string(&mut self) {
        self.told = self.told.max(self.position);
    }

    fn emit_string(&mut self, piece: &[u8]) {
        if piece.is_empty() {
            return;
        }
        let place = self.told..self.position.max(self.told);
        let bytes = self.page.as_bytes();
        let written = bytes.get(place.clone()).unwrap_or_default();
        let end = if written.starts_with(piece) && (written.len() == piece.len() || !written.starts_with(b"&")) {
            // Where it gives up an end tag, the tokenizer hands over in two pieces what it has read as one.
            place.start + piece.len()
        } else if written == b"\r" && piece == b"\n" {
            // The tokenizer takes a line feed behind it for the same line end.
            place.end + usize::from(bytes.get(place.end) == Some(&b'\n'))
        } else {
            self.told = place.end;
            self.tell_literal();
            if let Ok(text) = std::str::from_utf8(piece) {
                self.reading.reference(text, place);
            }
            return;
        };
        if self.literal.end != place.start {
            self.tell_literal();
            self.literal = place.start..place.start;
        }
        self.literal.end = end;
        self.told = end;
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.finish_attribute();
        self.tell_literal();
        self.told = self.told.max(self.position);
        self.literal = self.told..self.told;
        if self.tag_is_end {
            self.last_start_tag.clear();
            self.reading.end(&self.tag);
            None
        } else {
            self.last_start_tag.clear();
            self.last_start_tag.extend_from_slice(&self.tag);
            self.reading.start(&self.tag, &self.attributes, self.self_closing)
        }
    }

    fn emit_current_comment(&mut self) {
        self.reading.comment(self.position);
    }

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, piece: &[u8]) {
        self.tag.extend_from_slice(piece);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.finish_attribute();
    }

    fn push_attribute_name(&mut self, piece: &[u8]) {
        self.attribute.extend_from_slice(piece);
    }

    fn push_attribute_value(&mut self, piece: &[u8]) {
        self.value.extend_from_slice(piece);
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag_is_end && !self.last_start_tag.is_empty() && self.tag == self.last_start_tag
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.reading.is_foreign()
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
