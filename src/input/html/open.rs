//! The elements that are open, kept only as far as it takes to know where hidden parts and blocks end.
//!
//! **Idea.** No tree is built. Each end tag, and each start tag that ends others, asks "is there an element of this
//! name, and no boundary of that kind above it?" Looking through the stack would be quadratic in pages that are nested
//! deep, so both answers are kept: every entry knows the one of its own name below it, and for each kind of boundary
//! the nearest one at or below itself. A question is then two numbers compared.
//!
//! **Cost.** Constant for each question and each element opened; what is closed was opened once. 48 bytes an open
//! element.
//!
//! **Source.** WHATWG §13.2.4.2 (the stack of open elements and its scopes).

use ahash::AHashMap;

use super::elements::{self, ADDRESS, BUTTON, DIV, KNOWN, Name, OL, P, SCOPE, SPECIAL, TABLE, TEMPLATE, UL};
use super::text::Break;

/// Which rules the content of an element is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Html,
    /// SVG or MathML.
    Foreign,
    /// In SVG or MathML, with HTML inside.
    Integration,
}

/// Kinds of boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    Scope,
    List,
    Button,
    Table,
    Special,
    /// What ends the search for an open list item.
    Item,
    /// What has HTML inside.
    Outer,
    /// What is neither SVG nor MathML.
    Html,
}

const BOUNDARIES: usize = 8;

/// An element to be opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    pub(super) name: Name,
    /// What it breaks before and behind it.
    pub(super) breaks: Break,
    pub(super) hides: bool,
    pub(super) preformatted: bool,
    pub(super) space: Space,
}

/// Depths are counted from one; zero is none.
#[derive(Debug)]
struct Entry {
    element: Element,
    /// The element of the same name below it.
    previous: u32,
    boundaries: [u32; BOUNDARIES],
    /// Already closed, under others that are open still.
    closed: bool,
}

/// The open elements.
#[derive(Debug)]
pub(super) struct Open {
    entries: Vec<Entry>,
    /// The depth of the uppermost element of each name.
    uppermost: Vec<u32>,
    /// Names that are not in the table.
    others: AHashMap<Box<[u8]>, Name>,
    /// How many open elements hide their content.
    hiding: u32,
    preformatted: u32,
    /// What the elements closed since it was last taken break.
    breaks: Break,
    /// The lowest depth since it was last taken.
    lowest: usize,
}

impl Open {
    pub(super) fn new() -> Self {
        Open {
            entries: Vec::new(),
            uppermost: vec![0; KNOWN as usize],
            others: AHashMap::new(),
            hiding: 0,
            preformatted: 0,
            breaks: Break::None,
            lowest: 0,
        }
    }

    /// The number of a name, in the table or not.
    pub(super) fn name(&mut self, name: &[u8]) -> Name {
        if let Some(known) = elements::find(name).or_else(|| self.others.get(name).copied()) {
            return known;
        }
        let number = self.uppermost.len() as Name;
        self.uppermost.push(0);
        self.others.insert(name.into(), number);
        number
    }

    pub(super) fn depth(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hiding > 0
    }

    pub(super) fn is_preformatted(&self) -> bool {
        self.preformatted > 0
    }

    /// What is open at the top.
    pub(super) fn top(&self) -> Option<Name> {
        self.entries.last().map(|entry| entry.element.name)
    }

    /// Which rules what comes next is read by.
    pub(super) fn space(&self) -> Space {
        self.entries.last().map_or(Space::Html, |entry| entry.element.space)
    }

    /// The depth of the uppermost element of a name; zero if there is none.
    pub(super) fn find(&self, name: Name) -> usize {
        self.uppermost.get(name as usize).map_or(0, |depth| *depth as usize)
    }

    /// The depth of the uppermost boundary of a kind; zero if there is none.
    pub(super) fn boundary(&self, kind: Boundary) -> usize {
        self.entries.last().map_or(0, |entry| entry.boundaries[kind as usize] as usize)
    }

    /// The element at a depth.
    pub(super) fn at(&self, depth: usize) -> Option<Name> {
        self.entries.get(depth.checked_sub(1)?).map(|entry| entry.element.name)
    }

    /// The depth of an element that no boundary of a kind stands above; zero if there is none.
    pub(super) fn find_within(&self, name: Name, kind: Boundary) -> usize {
        let depth = self.find(name);
        if depth >= self.boundary(kind) { depth } else { 0 }
    }

    /// Opens an element. What ended before it has been taken.
    pub(super) fn push(&mut self, element: Element) {
        let depth = self.entries.len() as u32 + 1;
        let mut boundaries = self.entries.last().map_or([0; BOUNDARIES], |entry| entry.boundaries);
        for kind in kinds_of(&element) {
            boundaries[*kind as usize] = depth;
        }
        self.hiding += u32::from(element.hides);
        self.preformatted += u32::from(element.preformatted);
        let previous = match self.uppermost.get_mut(element.name as usize) {
            Some(uppermost) => std::mem::replace(uppermost, depth),
            None => 0,
        };
        self.entries.push(Entry { element, previous, boundaries, closed: false });
        self.lowest = self.entries.len();
    }

    /// Closes all elements above a depth.
    pub(super) fn cut(&mut self, depth: usize) {
        while self.entries.len() > depth {
            let Some(entry) = self.entries.pop() else { return };
            if !entry.closed {
                self.close(&entry.element, entry.previous);
            }
        }
        self.lowest = self.lowest.min(depth);
    }

    /// Closes the element at a depth, and all above it; nothing if the depth is zero.
    pub(super) fn end(&mut self, depth: usize) {
        if let Some(below) = depth.checked_sub(1) {
            self.cut(below);
        }
    }

    /// Closes the uppermost element of its name under others that stay open.
    pub(super) fn end_under(&mut self, depth: usize) {
        let Some(entry) = depth.checked_sub(1).and_then(|at| self.entries.get_mut(at)) else { return };
        if !entry.closed {
            entry.closed = true;
            let (element, previous) = (entry.element, entry.previous);
            self.close(&element, previous);
        }
    }

    fn close(&mut self, element: &Element, previous: u32) {
        // What is shown breaks; all that it stands in is still open.
        if self.hiding == 0 {
            self.breaks = self.breaks.max(element.breaks);
        }
        self.hiding -= u32::from(element.hides);
        self.preformatted -= u32::from(element.preformatted);
        if let Some(uppermost) = self.uppermost.get_mut(element.name as usize) {
            *uppermost = previous;
        }
    }

    /// What was broken by elements that ended since this was last asked, and the lowest depth since then.
    pub(super) fn take_closed(&mut self) -> (Break, usize) {
        let closed = (self.breaks, self.lowest);
        self.breaks = Break::None;
        self.lowest = self.entries.len();
        closed
    }
}

/// The kinds of boundaries that an element is.
fn kinds_of(element: &Element) -> &'static [Boundary] {
    use Boundary::{Button, Html, Item, List, Outer, Scope, Special, Table};
    match element.space {
        Space::Foreign => return &[],
        Space::Integration => return &[Scope, List, Button, Special, Item, Outer],
        Space::Html => {}
    }
    let traits = elements::traits(element.name);
    match element.name {
        TABLE | TEMPLATE => &[Scope, List, Button, Table, Special, Item, Outer, Html],
        OL | UL => &[List, Special, Item, Outer, Html],
        BUTTON => &[Button, Special, Item, Outer, Html],
        ADDRESS | DIV | P => &[Special, Outer, Html],
        _ if traits & SCOPE != 0 => &[Scope, List, Button, Special, Item, Outer, Html],
        _ if traits & SPECIAL != 0 => &[Special, Item, Outer, Html],
        _ => &[Outer, Html],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::input::html::elements::{A, LI, SVG, TD};

    const KINDS: [Boundary; BOUNDARIES] = [
        Boundary::Scope,
        Boundary::List,
        Boundary::Button,
        Boundary::Table,
        Boundary::Special,
        Boundary::Item,
        Boundary::Outer,
        Boundary::Html,
    ];

    /// The twin of `find_within`: looks down the stack, as the standard says it.
    fn search(open: &Open, name: Name, kind: Boundary) -> usize {
        for (at, entry) in open.entries.iter().enumerate().rev() {
            if entry.element.name == name && !entry.closed {
                return at + 1;
            }
            if kinds_of(&entry.element).contains(&kind) {
                return 0;
            }
        }
        0
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_search_finds(
            steps in prop::collection::vec((0_usize..12, 0_usize..3, any::<bool>(), 0_usize..40), 0..40),
        ) {
            let mut open = Open::new();
            let other = open.name(b"x-y");
            let names = [A, LI, OL, UL, BUTTON, TABLE, TD, P, DIV, SVG, TEMPLATE, other];
            for (name, space, hides, depth) in steps {
                match depth {
                    0..6 => open.cut(depth),
                    6..10 => open.end_under(open.find(names[name])),
                    _ => open.push(Element {
                        name: names[name],
                        breaks: Break::Line,
                        hides,
                        preformatted: !hides,
                        space: [Space::Html, Space::Foreign, Space::Integration][space],
                    }),
                }
                let alive = || open.entries.iter().filter(|entry| !entry.closed).map(|entry| entry.element);
                prop_assert_eq!(open.is_hidden(), alive().any(|element| element.hides));
                prop_assert_eq!(open.is_preformatted(), alive().any(|element| element.preformatted));
                for name in names {
                    for kind in KINDS {
                        prop_assert_eq!(open.find_within(name, kind), search(&open, name, kind));
                    }
                }
            }
        }
    }
}
