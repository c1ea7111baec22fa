//! Which open elements a tag ends.
//!
//! The rules of the standard's tree construction, as far as they move the end of an element: tags that were left out,
//! tags that belong to nothing, and tags that cross. What they do beyond that (moving text out of tables, opening
//! formatting elements again, empty paragraphs) is given up; so a formatting element that hides its text ends with the
//! block around it.
//!
//! **Source.** WHATWG §13.2.6.4.7 ("in body"), §13.2.6.4.9 to 15 (tables), §13.2.6.5 (foreign content).

use super::elements::{
    A, BR, BUTTON, CAPTION, DD, DT, ENDS_P, FORMATTING, H1, H6, HEADING, LEAVES_FOREIGN, LI, Name, OPTGROUP, OPTION, P,
    RB, RP, RT, RTC, SPECIAL, TABLE, TBODY, TD, TEMPLATE, TFOOT, TH, THEAD, TR, traits,
};
use super::open::{Boundary, Open, Space};

/// Ends what the start tag of an HTML element ends. False if the tag counts for nothing.
pub(super) fn begin(open: &mut Open, name: Name) -> bool {
    match name {
        TD | TH => return clear_table(open, &[TR, TBODY, THEAD, TFOOT]),
        TR => return clear_table(open, &[TBODY, THEAD, TFOOT]),
        TBODY | THEAD | TFOOT | CAPTION => return clear_table(open, &[]),
        TABLE => {
            // A table that begins in another one, but not in a cell, is its neighbour.
            let table = open.boundary(Boundary::Table);
            let cell = [TD, TH, CAPTION].into_iter().map(|name| open.find(name)).max();
            if open.at(table) == Some(TABLE) && cell.unwrap_or(0) < table {
                open.end(table);
            }
        }
        LI | DD | DT => {
            let item = open.boundary(Boundary::Item);
            let is_sibling = match open.at(item) {
                Some(LI) => name == LI,
                Some(DD | DT) => name != LI,
                _ => false,
            };
            if is_sibling {
                open.end(item);
            }
        }
        A => end(open, A),
        BUTTON => open.end(open.find_within(BUTTON, Boundary::Scope)),
        OPTION => end_top(open, &[OPTION]),
        OPTGROUP => end_top(open, &[OPTION, OPTGROUP]),
        RB | RP | RT | RTC => end_top(open, &[RB, RP, RT, RTC]),
        _ => {}
    }
    if traits(name) & ENDS_P != 0 || matches!(name, LI | DD | DT) {
        open.end(open.find_within(P, Boundary::Button));
    }
    if traits(name) & HEADING != 0 && open.top().is_some_and(|top| traits(top) & HEADING != 0) {
        open.end(open.depth());
    }
    true
}

/// Ends what the end tag of an HTML element ends.
pub(super) fn end(open: &mut Open, name: Name) {
    let traits = traits(name);
    let depth = match name {
        TD | TH | TR | TBODY | THEAD | TFOOT | CAPTION | TABLE => open.find_within(name, Boundary::Table),
        P => open.find_within(P, Boundary::Button),
        LI => open.find_within(LI, Boundary::List),
        TEMPLATE => open.find(TEMPLATE),
        _ if traits & HEADING != 0 => {
            // Any heading is ended by the end of any other.
            (H1..=H6).map(|heading| open.find_within(heading, Boundary::Scope)).max().unwrap_or(0)
        }
        _ if traits & FORMATTING != 0 => {
            let depth = open.find_within(name, Boundary::Scope);
            if open.boundary(Boundary::Special) > depth {
                // Blocks that begin in it go on behind it.
                open.end_under(depth);
                return;
            }
            depth
        }
        _ if traits & SPECIAL != 0 => open.find_within(name, Boundary::Scope),
        _ => open.find_within(name, Boundary::Special),
    };
    open.end(depth);
}

/// Leaves SVG or MathML for a start tag that cannot be in it. False if it can.
pub(super) fn leave_foreign(open: &mut Open, name: Name, is_styled_font: bool) -> bool {
    let leaves = traits(name) & LEAVES_FOREIGN != 0 || is_styled_font;
    if leaves {
        open.cut(open.boundary(Boundary::Outer));
    }
    leaves
}

/// An end tag in SVG or MathML. False if it is to be read as one of HTML.
pub(super) fn end_foreign(open: &mut Open, name: Name) -> bool {
    if open.space() == Space::Html {
        return false;
    }
    let depth = open.find(name);
    if depth > open.boundary(Boundary::Html) {
        open.end(depth);
        return true;
    }
    if matches!(name, P | BR) {
        open.cut(open.boundary(Boundary::Outer));
    }
    false
}

/// Ends what is open in a table above the uppermost of some of its parts, or above the table. False outside of tables.
fn clear_table(open: &mut Open, parts: &[Name]) -> bool {
    let table = open.boundary(Boundary::Table);
    if table == 0 {
        return false;
    }
    open.cut(parts.iter().map(|part| open.find(*part)).max().unwrap_or(0).max(table));
    true
}

/// Ends the innermost elements for as long as they are some of these.
fn end_top(open: &mut Open, names: &[Name]) {
    while open.top().is_some_and(|top| names.contains(&top)) {
        open.end(open.depth());
    }
}
