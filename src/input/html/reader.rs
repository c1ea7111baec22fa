//! Reads the tokens of a page into its text and what it says of itself.

use std::ops::Range;

use html5gum::State;

use super::elements::{
    self, BODY, BR, COLGROUP, DIALOG, DIR, ENDLESS, FONT, FRAMESET, H1, HEAD, HIDDEN, HTML, LI, LINE, LINK, MATH, MENU,
    META, Name, OL, P, PARAGRAPH, PREFORMATTED, PROGRAM, RAW, REFERENCES_ONLY, SCRIPT, SVG, TEMPLATE, TIME, TITLE, UL,
    VOID,
};
use super::metadata::Metadata;
use super::nesting;
use super::open::{Boundary, Element, Open, Space};
use super::text::{Break, Text};
use super::tokens::{Attribute, Attributes, Reading};

/// What the content of an element without tags in it is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aside {
    Title,
    Linked,
}

/// An element whose text is also something that the page says of itself.
#[derive(Debug, Clone, Copy)]
struct Watched {
    depth: usize,
    /// Where in the text it begins.
    start: usize,
}

/// A page as far as it was read.
#[derive(Debug)]
pub(super) struct Reader<'p> {
    page: &'p str,
    pub(super) text: Text<'p>,
    pub(super) metadata: Metadata,
    /// Where comments end.
    pub(super) comments: Vec<usize>,
    open: Open,
    aside: Option<(Aside, String)>,
    heading: Option<Watched>,
    date: Option<Watched>,
}

impl<'p> Reader<'p> {
    pub(super) fn new(page: &'p str) -> Self {
        Reader {
            page,
            text: Text::new(page),
            metadata: Metadata::default(),
            comments: Vec::new(),
            open: Open::new(),
            aside: None,
            heading: None,
            date: None,
        }
    }

    /// The page ends, and with it all that is open.
    pub(super) fn finish(&mut self) {
        self.open.cut(0);
        self.note_closed();
    }

    /// Tells the text what ended, and takes what ended elements said.
    fn note_closed(&mut self) {
        let (breaks, lowest) = self.open.take_closed();
        self.text.end_block(breaks);
        if let Some(heading) = self.heading.take_if(|heading| heading.depth > lowest) {
            self.metadata.add_heading(self.text.since(heading.start));
        }
        if let Some(date) = self.date.take_if(|date| date.depth > lowest) {
            self.metadata.add_marked_date(self.text.since(date.start));
        }
    }

    fn break_visible(&mut self, breaks: Break) {
        if !self.open.is_hidden() {
            self.text.end_block(breaks);
        }
    }

    /// What a tag says of the page.
    fn note(&mut self, name: Name, attributes: &Attributes) {
        // What is in templates is not in the page.
        if self.open.find(TEMPLATE) > 0 {
            return;
        }
        match name {
            META => self.metadata.add_meta(attributes),
            LINK => self.metadata.add_link(attributes),
            _ => {}
        }
        let marked = attributes.get(Attribute::ItemProp).is_some_and(|properties| {
            properties.split_ascii_whitespace().any(|property| property.eq_ignore_ascii_case("datePublished"))
        });
        if name == TIME
            && let Some(date) = attributes.get(Attribute::DateTime)
        {
            self.metadata.add_time(date, attributes.has(Attribute::PubDate));
        }
        if marked {
            match attributes.get(Attribute::Content).or_else(|| attributes.get(Attribute::DateTime)) {
                Some(date) => self.metadata.add_marked_date(date),
                None if elements::traits(name) & VOID == 0 && self.date.is_none() => {
                    self.date = Some(Watched { depth: self.open.depth() + 1, start: self.text.len() });
                }
                None => {}
            }
        }
        if name == H1 && self.heading.is_none() {
            self.heading = Some(Watched { depth: self.open.depth() + 1, start: self.text.len() });
        }
    }

    /// A start tag in SVG or MathML.
    fn start_foreign(&mut self, name: Name, spelled: &[u8], self_closing: bool) {
        const WITH_HTML: [&[u8]; 8] = [b"foreignobject", b"desc", b"title", b"mi", b"mo", b"mn", b"ms", b"mtext"];
        if !self_closing {
            let space = if WITH_HTML.contains(&spelled) { Space::Integration } else { Space::Foreign };
            self.open.push(Element { name, breaks: Break::None, hides: false, preformatted: false, space });
        }
    }

    /// How far an element stands apart from what is around it.
    fn breaks(&self, name: Name, traits: u32) -> Break {
        let is_list = matches!(name, OL | UL | DIR | MENU);
        if is_list && self.open.find_within(LI, Boundary::List) > 0 {
            // A list in an item goes on with the lines around it.
            Break::Line
        } else if traits & PARAGRAPH != 0 {
            Break::Paragraph
        } else if traits & LINE != 0 {
            Break::Line
        } else {
            Break::None
        }
    }
}

impl Reading for Reader<'_> {
    fn comment(&mut self, end: usize) {
        self.comments.push(end);
    }

    fn literal(&mut self, place: Range<usize>) {
        if let Some((_, aside)) = &mut self.aside {
            aside.push_str(self.page.get(place).unwrap_or_default());
        } else if !self.open.is_hidden() {
            self.text.write(place, self.open.is_preformatted());
        }
    }

    fn reference(&mut self, text: &str, place: Range<usize>) {
        if let Some((_, aside)) = &mut self.aside {
            aside.push_str(text);
        } else if !self.open.is_hidden() {
            self.text.write_reference(text, place, self.open.is_preformatted());
        }
    }

    fn start(&mut self, spelled: &[u8], attributes: &Attributes, self_closing: bool) -> Option<State> {
        let name = self.open.name(spelled);
        if self.open.space() == Space::Foreign {
            let is_styled_font = name == FONT
                && [Attribute::Color, Attribute::Face, Attribute::Size].into_iter().any(|at| attributes.has(at));
            if !nesting::leave_foreign(&mut self.open, name, is_styled_font) {
                self.start_foreign(name, spelled, self_closing);
                return None;
            }
        }
        let traits = elements::traits(name);
        if matches!(name, HTML | HEAD | BODY | FRAMESET) {
            // Wherever they stand, they open nothing; and a page that hides all of itself shows itself later.
            self.break_visible(Break::Paragraph);
            return None;
        }
        let counts = nesting::begin(&mut self.open, name);
        self.note_closed();
        let breaks = self.breaks(name, traits);
        let hides = counts && (traits & HIDDEN != 0 || hides_itself(name, attributes));
        self.break_visible(if hides { Break::None } else { breaks });
        self.note(name, attributes);
        if name == BR && !self.open.is_hidden() {
            self.text.end_line();
        }
        if !counts || traits & VOID != 0 || name == COLGROUP {
            return None;
        }
        let is_foreign = matches!(name, SVG | MATH);
        if is_foreign && self_closing {
            return None;
        }
        self.open.push(Element {
            name,
            breaks,
            hides,
            preformatted: traits & PREFORMATTED != 0,
            space: if is_foreign { Space::Foreign } else { Space::Html },
        });
        let in_page = self.open.find(TEMPLATE) == 0;
        if name == TITLE && in_page && !self.metadata.has_title() {
            self.aside = Some((Aside::Title, String::new()));
        } else if name == SCRIPT && in_page && is_linked_data(attributes) {
            self.aside = Some((Aside::Linked, String::new()));
        }
        match traits {
            _ if traits & REFERENCES_ONLY != 0 => Some(State::RcData),
            _ if traits & RAW != 0 => Some(State::RawText),
            _ if traits & PROGRAM != 0 => Some(State::ScriptData),
            _ if traits & ENDLESS != 0 => Some(State::PlainText),
            _ => None,
        }
    }

    fn end(&mut self, spelled: &[u8]) {
        match self.aside.take() {
            Some((Aside::Title, title)) => self.metadata.add_title(&title),
            Some((Aside::Linked, data)) => self.metadata.add_linked(&data),
            None => {}
        }
        let name = self.open.name(spelled);
        if !nesting::end_foreign(&mut self.open, name) {
            match name {
                HTML | HEAD | BODY => self.break_visible(Break::Paragraph),
                BR if !self.open.is_hidden() => self.text.end_line(),
                BR => {}
                P if self.open.find_within(P, Boundary::Button) == 0 => self.break_visible(Break::Paragraph),
                _ => nesting::end(&mut self.open, name),
            }
        }
        self.note_closed();
    }

    fn is_foreign(&self) -> bool {
        self.open.space() != Space::Html
    }
}

fn is_linked_data(attributes: &Attributes) -> bool {
    attributes.get(Attribute::Type).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/ld+json")
    })
}

/// Whether an element is hidden by what its tag says, whatever its name.
fn hides_itself(name: Name, attributes: &Attributes) -> bool {
    let is =
        |attribute, wanted: &str| attributes.get(attribute).is_some_and(|is| is.trim().eq_ignore_ascii_case(wanted));
    // What is hidden until it is found can be found: as good as the closed part of `details`.
    attributes.has(Attribute::Hidden) && !is(Attribute::Hidden, "until-found")
        || is(Attribute::AriaHidden, "true")
        || name == DIALOG && !attributes.has(Attribute::Open)
        || attributes.get(Attribute::Style).is_some_and(is_hiding_style)
}

/// Whether an inline style hides the element: of several declarations of one property the last counts.
fn is_hiding_style(style: &str) -> bool {
    let (mut displayed, mut visible) = (true, true);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.split('!').next().unwrap_or_default().trim();
        let property = property.trim();
        if property.eq_ignore_ascii_case("display") {
            displayed = !value.eq_ignore_ascii_case("none");
        } else if property.eq_ignore_ascii_case("visibility") {
            visible = !value.eq_ignore_ascii_case("hidden") && !value.eq_ignore_ascii_case("collapse");
        }
    }
    !(displayed && visible)
}
