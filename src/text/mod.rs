//! Text: blocks, units, tokens. (Stand-in.)
#![allow(missing_docs)]

#[derive(Debug, Clone, Copy)]
pub enum UnitKind {
    Line,
}

impl UnitKind {
    pub fn name(self) -> &'static str {
        "line"
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Unit {
    pub start: u32,
    pub end: u32,
    pub first_token: u32,
    pub kind: UnitKind,
    pub opens_block: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub starts: Vec<u32>,
    pub fingerprints: Vec<u64>,
    pub units: Vec<Unit>,
}

pub fn lay_out(text: &str) -> Layout {
    let mut layout = Layout::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            layout.units.push(Unit {
                start,
                end: start + line.trim_end().len() as u32,
                first_token: layout.starts.len() as u32,
                kind: UnitKind::Line,
                opens_block: true,
            });
            layout.starts.extend(line.split_whitespace().map(|_| start));
        }
        start += line.len() as u32;
    }
    layout
}
