//! Writing on the page: headings across the width, blocks of text, heads of findings with their ids at the right.

use std::io;

use super::super::escape::inert;
use super::layout::{Flow, columns, pad, shorten_name};
use super::palette::{Ink, Palette};

/// Where the human report goes.
pub(in crate::report) struct Page<'p, 'w> {
    pub(in crate::report) palette: &'p Palette,
    out: &'w mut dyn io::Write,
    begun: bool,
}

impl<'p, 'w> Page<'p, 'w> {
    pub(in crate::report) fn new(palette: &'p Palette, out: &'w mut dyn io::Write) -> Self {
        Page { palette, out, begun: false }
    }

    /// One line as it is, but for what a log would obey in it.
    pub(in crate::report) fn line(&mut self, line: &str) -> io::Result<()> {
        self.begun = true;
        writeln!(self.out, "{}", inert(line.trim_end()))
    }

    /// An empty line, unless the page begins here.
    pub(in crate::report) fn space(&mut self) -> io::Result<()> {
        if self.begun { writeln!(self.out) } else { Ok(()) }
    }

    /// Lines behind an indent.
    pub(in crate::report) fn lines(&mut self, indent: usize, lines: &[String]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(&format!("{}{line}", " ".repeat(indent))))
    }

    /// A sentence, wrapped.
    pub(in crate::report) fn text(&mut self, indent: usize, text: &str, ink: Ink) -> io::Result<()> {
        let mut flow = Flow::new(self.palette);
        flow.push(text, ink);
        let lines = flow.lines(self.palette.width.saturating_sub(indent));
        self.lines(indent, &lines)
    }

    /// A passage, beside a line at its left.
    pub(in crate::report) fn passage(&mut self, indent: usize, lines: &[String]) -> io::Result<()> {
        let gutter = self.palette.paint(self.palette.glyphs.gutter, Ink::Faint);
        lines.iter().try_for_each(|line| self.line(&format!("{}{gutter} {line}", " ".repeat(indent))))
    }

    /// A heading: `── name ───────────── figures ──`.
    pub(in crate::report) fn heading(&mut self, name: &str, figures: &str) -> io::Result<()> {
        self.heading_in(name, Ink::Strong, figures)
    }

    /// The same with the name in an ink.
    pub(in crate::report) fn heading_in(&mut self, name: &str, ink: Ink, figures: &str) -> io::Result<()> {
        let palette = self.palette;
        let rule = palette.glyphs.rule;
        let figures = figures.replace('\u{a0}', " ");
        let right = if figures.is_empty() { 0 } else { columns(&figures) + 4 };
        if right > 0 && right + 16 > palette.width && columns(name) + right + 5 > palette.width {
            // No room for both on one line.
            self.heading_in(name, ink, "")?;
            return self.text(super::INDENT, &figures, Ink::Plain);
        }
        let name = shorten_name(name, palette.width.saturating_sub(right + 5), palette);
        let left = 4 + columns(&name);
        let fill = palette.width.saturating_sub(left + right).max(1);
        let faint = |text: String| palette.paint(&text, Ink::Faint);
        let mut line = format!("{} {} ", faint(rule.repeat(2)), palette.paint(&name, ink));
        line.push_str(&faint(rule.repeat(fill)));
        if !figures.is_empty() {
            line.push_str(&format!(" {figures} {}", faint(rule.repeat(2))));
        }
        self.line(&line)
    }

    /// What a finding is, and its id at the right: `Doubled text: 232 words twice    a1b2c3d4`.
    pub(in crate::report) fn head(
        &mut self,
        indent: usize,
        label: &str,
        ink: Ink,
        sentence: &str,
        id: u64,
    ) -> io::Result<()> {
        let palette = self.palette;
        let id = palette.id(id);
        let room = palette.width.saturating_sub(indent + columns(&id) + 2);
        let mut flow = Flow::new(palette);
        flow.push(&label.replace(' ', "\u{a0}"), ink);
        flow.push(":", ink);
        flow.space();
        flow.push(sentence, Ink::Plain);
        // The first line is padded by its plain width: colours take no columns.
        let plain = Palette { color: false, ..*palette };
        let mut twin = Flow::new(&plain);
        twin.push(&format!("{}: {sentence}", label.replace(' ', "\u{a0}")), Ink::Plain);
        let width = twin.lines(room).first().map_or(0, |line| columns(line));
        let lines = flow.lines(room);
        for (index, line) in lines.iter().enumerate() {
            let line = format!("{}{line}", " ".repeat(if index == 0 { indent } else { indent + 2 }));
            if index == 0 {
                let fill = pad("", room.saturating_sub(width) + 2);
                self.line(&format!("{line}{fill}{}", palette.paint(&id, Ink::Faint)))?;
            } else {
                self.line(&line)?;
            }
        }
        Ok(())
    }
}
