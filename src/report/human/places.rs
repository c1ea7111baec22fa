//! Places: where an occurrence stands, in lines where lines tell, in bytes where they do not; and tables of places in
//! several documents.

use super::super::dates;
use super::super::view::View;
use super::layout::{Flow, columns, pad, shorten_names};
use super::palette::{Ink, Palette};
use super::phrase::{list, number, percent};
use crate::finding::{Finding, Occurrence, Role, Span};

/// Places or documents listed before "and 37 more".
pub(super) const MOST: usize = 5;
/// The same in one cell of a table.
const IN_TABLES: usize = 2;
/// A name that is shorter than this tells nothing.
const NAME: usize = 10;

/// `lines 4–18 and 21–35`, `line 9`; `bytes 0–44 and 60–104` where several stand in one line. Spans in text order; the
/// first `most` are named, the rest counted (a rest of one is named too).
pub(super) fn spans<'s>(
    view: &View,
    document: u32,
    spans: impl Iterator<Item = &'s Span>,
    most: usize,
    palette: &Palette,
) -> String {
    let mut named: Vec<Span> = Vec::with_capacity(most + 1);
    let mut more = 0;
    for &span in spans {
        if named.len() <= most { named.push(span) } else { more += 1 }
    }
    if more > 0 {
        named.truncate(most);
        more += 1;
    }
    let lines: Vec<(u64, u64)> = named.iter().map(|&span| view.lines(document, span)).collect();
    let crowded = lines.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first == second));
    let range = |first: u64, last: u64| {
        if first == last { number(first) } else { format!("{}{}{}", number(first), palette.glyphs.to, number(last)) }
    };
    let (noun, mut items): (&str, Vec<String>) = if crowded {
        ("byte", named.iter().map(|span| range(u64::from(span.start), u64::from(span.end))).collect())
    } else {
        ("line", lines.iter().map(|&(first, last)| range(first, last)).collect())
    };
    let one = matches!(lines.as_slice(), [(first, last)] if first == last) && more == 0 && !crowded;
    if more > 0 {
        items.push(format!("{} more", number(more)));
    }
    format!("{noun}{}\u{a0}{}", if one { "" } else { "s" }, list(&items))
}

/// One line of a table of places.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) role: String,
    pub(super) name: String,
    pub(super) date: String,
    pub(super) figure: String,
    pub(super) remark: String,
}

/// The rows as aligned lines of at most `width` columns. Names give way first, then remarks, then dates; where there is
/// still no room for names, figures stand on lines of their own.
pub(super) fn table(rows: &[Row], width: usize, palette: &Palette) -> Vec<String> {
    let widest = |cell: fn(&Row) -> &String| rows.iter().map(|row| columns(cell(row))).max().unwrap_or(0);
    let gap = |width: usize| if width == 0 { 0 } else { width + 2 };
    let role = widest(|row| &row.role);
    let (mut date, mut figure) = (widest(|row| &row.date), widest(|row| &row.figure));
    if gap(role) + gap(date) + gap(figure) + NAME > width {
        date = 0;
    }
    let stacked = gap(role) + gap(figure) + NAME > width;
    if stacked {
        figure = 0;
    }
    let room = width.saturating_sub(gap(role) + gap(date) + gap(figure));
    let name = widest(|row| &row.name).min(room.saturating_sub(gap(widest(|row| &row.remark))).max(room.min(2 * NAME)));
    let remark = room.saturating_sub(name + 2);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let names = shorten_names(&names, name, palette);
    let mut lines = Vec::with_capacity(rows.len());
    for (row, shown) in rows.iter().zip(&names) {
        let mut line = String::new();
        let mut cell = |text: String, ink: Ink, width: usize| {
            if width > 0 {
                line.push_str(&palette.paint(&text, ink));
                line.push_str("  ");
            }
        };
        let role_ink = if row.role == Role::Original.name() { Ink::Note } else { Ink::Plain };
        cell(pad(&row.role, role), role_ink, role);
        cell(pad(shown, name), Ink::Strong, name);
        cell(pad(&row.date, date), Ink::Faint, date);
        cell(pad(&row.figure, figure), Ink::Plain, figure);
        if columns(&row.remark) <= remark {
            cell(row.remark.clone(), Ink::Faint, columns(&row.remark));
        }
        lines.push(line.replace('\u{a0}', " ").trim_end().to_owned());
        if stacked {
            let mut flow = Flow::new(palette);
            flow.push(&row.figure, Ink::Plain);
            lines.extend(flow.lines(width.saturating_sub(2)).iter().map(|line| format!("  {line}")));
        }
    }
    lines
}

/// The documents that a finding stands in, as rows: the original and `home` for certain, `MOST` in all; and how many
/// documents are left out.
pub(super) fn rows(view: &View, finding: &Finding, home: u32, palette: &Palette) -> (Vec<Row>, u64) {
    let documents = || finding.occurrences.chunk_by(|a, b| a.document == b.document);
    let is_original = |places: &[Occurrence]| places.iter().any(|place| place.role == Role::Original);
    let mut chosen: Vec<(usize, &[Occurrence])> = Vec::new();
    let mut all = 0;
    for (index, places) in documents().enumerate() {
        all += 1;
        let wanted = is_original(places) || places.first().is_some_and(|place| place.document == home);
        if chosen.len() < MOST {
            chosen.push((index, places));
        } else if wanted {
            let replaced = chosen.iter().rposition(|&(_, places)| {
                !is_original(places) && places.first().is_none_or(|place| place.document != home)
            });
            if let Some(slot) = replaced.and_then(|at| chosen.get_mut(at)) {
                *slot = (index, places);
            }
        }
    }
    chosen.sort_by_key(|&(index, places)| (!is_original(places), index));
    let left = all - chosen.len() as u64;
    (chosen.iter().map(|&(_, places)| row(view, places, palette)).collect(), left)
}

fn row(view: &View, places: &[Occurrence], palette: &Palette) -> Row {
    let Some(first) = places.first() else { return Row::default() };
    let role = places.iter().map(|place| place.role).min().unwrap_or(Role::Undecided);
    let lines = spans(view, first.document, places.iter().map(|place| &place.span), IN_TABLES, palette);
    Row {
        role: role.name().to_owned(),
        name: view.id(first.document).to_owned(),
        date: date(view, first.document),
        figure: lines,
        remark: if role == Role::Original { first.reason.to_owned() } else { likeness(places) },
    }
}

/// `94 % the same` for altered places; nothing for equal ones.
fn likeness(places: &[Occurrence]) -> String {
    let altered = places.iter().filter(|place| !place.edits.is_empty());
    altered.min_by_key(|place| place.identity.thousandths()).map_or_else(String::new, alike)
}

/// How alike an altered occurrence is.
pub(super) fn alike(occurrence: &Occurrence) -> String {
    format!("{} the same", percent(occurrence.identity))
}

/// The date of a document, if it has one.
pub(super) fn date(view: &View, rank: u32) -> String {
    view.document(rank).and_then(|document| document.date).map(dates::written).unwrap_or_default()
}
