//! Palette: what the human report draws with. Colours by meaning, glyphs with an ASCII twin each.

use anstyle::{AnsiColor, Effects, Style};

use super::super::Appearance;

/// What a piece of text means, and so how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::report) enum Ink {
    /// Running text.
    #[default]
    Plain,
    /// Names of documents, the headline.
    Strong,
    /// Ids, gutters, remarks.
    Faint,
    /// A defect.
    Error,
    /// Worth acting on.
    Warning,
    /// Worth knowing.
    Note,
    /// Words of the representative that an occurrence lacks.
    Old,
    /// Words of an occurrence that the representative lacks.
    New,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Ink::Plain => Style::new(),
            Ink::Strong => Style::new().bold(),
            Ink::Faint => Style::new().dimmed(),
            Ink::Error => AnsiColor::Red.on_default().bold(),
            Ink::Warning => AnsiColor::Yellow.on_default().bold(),
            Ink::Note => AnsiColor::Cyan.on_default(),
            // Struck and underlined, so that no one needs to tell red from green.
            Ink::Old => AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH),
            Ink::New => AnsiColor::Green.on_default().effects(Effects::UNDERLINE),
        }
    }
}

/// Characters to draw with.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Glyphs {
    pub(in crate::report) ellipsis: &'static str,
    pub(in crate::report) rule: &'static str,
    pub(in crate::report) heavy_rule: &'static str,
    pub(in crate::report) gutter: &'static str,
    pub(in crate::report) dot: &'static str,
    pub(in crate::report) to: &'static str,
    pub(in crate::report) arrow: &'static str,
    pub(in crate::report) from: &'static str,
    pub(in crate::report) open: &'static str,
    pub(in crate::report) close: &'static str,
    /// Stands for a line break within a passage.
    pub(in crate::report) line_break: &'static str,
    /// A bar's parts: an eighth of a column to a whole one.
    pub(in crate::report) bar: &'static [&'static str],
}

const UNICODE: Glyphs = Glyphs {
    ellipsis: "…",
    rule: "─",
    heavy_rule: "━",
    gutter: "│",
    dot: "·",
    to: "–",
    arrow: "→",
    from: "←",
    open: "“",
    close: "”",
    line_break: "¶",
    bar: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
};

const ASCII: Glyphs = Glyphs {
    ellipsis: "...",
    rule: "-",
    heavy_rule: "=",
    gutter: "|",
    dot: "*",
    to: "-",
    arrow: "->",
    from: "<-",
    open: "\"",
    close: "\"",
    line_break: "/",
    bar: &["#"],
};

/// An [`Appearance`], ready to draw.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Palette {
    pub(in crate::report) width: usize,
    pub(in crate::report) color: bool,
    pub(in crate::report) limit: usize,
    pub(in crate::report) glyphs: Glyphs,
    /// Digits of an id that tell all apart.
    pub(in crate::report) digits: usize,
}

impl Palette {
    pub(in crate::report) fn new(appearance: Appearance, digits: usize) -> Palette {
        Palette {
            width: appearance.width.clamp(40, 120),
            color: appearance.color,
            limit: appearance.limit.unwrap_or(usize::MAX),
            glyphs: if appearance.unicode { UNICODE } else { ASCII },
            digits,
        }
    }

    /// The text in an ink.
    pub(in crate::report) fn paint(&self, text: &str, ink: Ink) -> String {
        if !self.color || ink == Ink::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{}{text}{}", style.render(), style.render_reset())
    }

    /// An id, as short as is clear.
    pub(in crate::report) fn id(&self, id: u64) -> String {
        let mut hex = super::super::names::hex(id);
        hex.truncate(self.digits);
        hex
    }

    /// A text between quotation marks.
    pub(in crate::report) fn quoted(&self, text: &str) -> String {
        format!("{}{text}{}", self.glyphs.open, self.glyphs.close)
    }

    /// A bar, as long as `part / whole` of `columns`; something is more than nothing.
    pub(in crate::report) fn bar(&self, part: u64, whole: u64, columns: usize) -> String {
        let steps = self.glyphs.bar.len();
        let all = (columns * steps) as u128;
        let filled =
            if whole == 0 { 0 } else { (u128::from(part) * all).div_ceil(u128::from(whole)).min(all) as usize };
        let full = self.glyphs.bar.last().copied().unwrap_or_default();
        let mut bar = full.repeat(filled / steps);
        if let Some(glyph) = (filled % steps).checked_sub(1).and_then(|index| self.glyphs.bar.get(index)) {
            bar.push_str(glyph);
        }
        bar
    }
}
