//! Layout: text set in lines by the columns it takes on a terminal, whatever its script.
//!
//! A [`Flow`] takes pieces of text, each in an ink, cuts them into atoms that must not be broken, and sets the atoms in
//! lines. Lines break at spaces, and before or after a character two columns wide (Chinese, Japanese, Korean) unless
//! that would put closing punctuation first or opening punctuation last: UAX #14 in its simplest useful form. An atom
//! wider than a line is cut between grapheme clusters. A no-break space joins, and is printed as a space.
//!
//! Text from a corpus enters through [`Flow::push`], which escapes what would drive a terminal, makes one space of any
//! white space, and shows a line break as a faint mark.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::super::escape::{self, Log};
use super::palette::{Ink, Palette};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Belongs to what stands before.
    Glued,
    /// A line may break here.
    Break,
    /// A space, or the end of a line.
    Space,
}

#[derive(Debug, Clone)]
struct Atom {
    text: String,
    columns: usize,
    ink: Ink,
    gap: Gap,
}

/// Running text that waits to be set in lines.
#[derive(Debug)]
pub(in crate::report) struct Flow<'p> {
    palette: &'p Palette,
    atoms: Vec<Atom>,
    /// What the next atom is parted by; `None` where it goes on in the last one.
    gap: Option<Gap>,
    /// Whether a line must not break before the next character though it is wide.
    held: bool,
    /// Reads along for what a log would obey.
    log: Log,
}

impl<'p> Flow<'p> {
    pub(in crate::report) fn new(palette: &'p Palette) -> Self {
        Flow { palette, atoms: Vec::new(), gap: None, held: false, log: Log::default() }
    }

    /// Appends a piece of text.
    pub(in crate::report) fn push(&mut self, text: &str, ink: Ink) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if is_space(first) {
                self.log = Log::default();
                let end = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
                let (white, after) = rest.split_at(end);
                if white.contains(['\n', '\u{2028}', '\u{2029}']) && !self.atoms.is_empty() && !after.is_empty() {
                    self.space();
                    let mark = self.palette.glyphs.line_break;
                    self.atom(mark, Ink::Faint);
                }
                self.space();
                rest = after;
            } else {
                let end = rest.find(is_space).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                for grapheme in word.graphemes(true) {
                    self.grapheme(grapheme, ink);
                }
                rest = after;
            }
        }
    }

    /// A space, unless the flow begins here.
    pub(in crate::report) fn space(&mut self) {
        self.gap = Some(Gap::Space);
    }

    /// A space where the words of two texts would run into each other: between two characters that are not wide and not
    /// punctuation that leans on its neighbour.
    pub(in crate::report) fn space_between(&mut self, before: &str, after: &str) {
        let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return };
        let leans = is_space(last) || is_space(first) || is_closing(first) || is_opening(last);
        let unspaced = is_wide(last) && is_wide(first);
        if !leans && !unspaced {
            self.space();
        }
    }

    /// Appends a changed piece: in colour where there is one, else between marks.
    pub(in crate::report) fn push_marked(&mut self, text: &str, ink: Ink) {
        let (open, close) = match ink {
            _ if self.palette.color => ("", ""),
            Ink::Old => ("[-", "-]"),
            Ink::New => ("{+", "+}"),
            _ => ("", ""),
        };
        self.push(open, ink);
        self.held = !open.is_empty();
        self.push(text, ink);
        self.held = !close.is_empty();
        self.push(close, ink);
        self.held = false;
    }

    fn grapheme(&mut self, grapheme: &str, ink: Ink) {
        let mut shown = escape::visible(grapheme);
        // All of it is read, also behind what is found.
        if grapheme.chars().filter(|c| self.log.obeys(*c)).count() > 0 {
            shown = shown.replace('[', "\\x5b").into();
        }
        let first = shown.chars().next().unwrap_or(' ');
        let held = std::mem::take(&mut self.held);
        if self.gap.is_none()
            && !held
            && let Some(before) = self.atoms.last().and_then(|atom| atom.text.chars().next_back())
            && (is_wide(before) || is_wide(first))
            && !is_closing(first)
            && !is_opening(before)
        {
            self.gap = Some(Gap::Break);
        }
        self.atom(&shown.replace('\u{a0}', " "), ink);
    }

    /// Appends to the last atom, or begins another.
    fn atom(&mut self, text: &str, ink: Ink) {
        let gap = self.gap.take();
        match self.atoms.last_mut() {
            Some(last) if gap.is_none() && last.ink == ink => {
                last.text.push_str(text);
                last.columns += text.width();
            }
            _ => {
                let gap = if self.atoms.is_empty() { Gap::Glued } else { gap.unwrap_or(Gap::Glued) };
                self.atoms.push(Atom { text: text.to_owned(), columns: text.width(), ink, gap });
            }
        }
    }

    /// The text in lines of at most `width` columns, painted. No text makes no line.
    pub(in crate::report) fn lines(self, width: usize) -> Vec<String> {
        self.set(width).into_iter().map(|(line, _)| line).collect()
    }

    /// The same, each line with the columns that it takes.
    pub(in crate::report) fn set(self, width: usize) -> Vec<(String, usize)> {
        let width = width.max(8);
        let mut setter = Setter { palette: self.palette, width, lines: Vec::new(), line: Vec::new(), used: 0 };
        let mut atoms = self.atoms.into_iter().peekable();
        while let Some(first) = atoms.next() {
            let mut group = vec![first];
            while let Some(next) = atoms.next_if(|atom| atom.gap == Gap::Glued) {
                group.push(next);
            }
            setter.set(group);
        }
        setter.finish()
    }
}

struct Setter<'p> {
    palette: &'p Palette,
    width: usize,
    lines: Vec<(String, usize)>,
    line: Vec<(String, Ink)>,
    used: usize,
}

impl Setter<'_> {
    /// Sets atoms that must stay together, if they can.
    fn set(&mut self, group: Vec<Atom>) {
        let columns: usize = group.iter().map(|atom| atom.columns).sum();
        let gap = group.first().map_or(Gap::Glued, |atom| atom.gap);
        let space = usize::from(gap == Gap::Space && self.used > 0);
        if self.used > 0 && self.used + space + columns > self.width {
            self.end_line();
        } else if space > 0 {
            // A space between two pieces of one ink is part of them: struck words are struck through.
            let ink = match (self.line.last(), group.first()) {
                (Some((_, before)), Some(atom)) if *before == atom.ink => atom.ink,
                _ => Ink::Plain,
            };
            self.put(" ", 1, ink);
        }
        for atom in group {
            if self.used + atom.columns <= self.width {
                self.put(&atom.text, atom.columns, atom.ink);
                continue;
            }
            for grapheme in atom.text.graphemes(true) {
                let columns = grapheme.width();
                if self.used > 0 && self.used + columns > self.width {
                    self.end_line();
                }
                self.put(grapheme, columns, atom.ink);
            }
        }
    }

    fn put(&mut self, text: &str, columns: usize, ink: Ink) {
        self.used += columns;
        match self.line.last_mut() {
            Some((last, last_ink)) if *last_ink == ink => last.push_str(text),
            _ => self.line.push((text.to_owned(), ink)),
        }
    }

    fn end_line(&mut self) {
        let pieces = std::mem::take(&mut self.line);
        let line = pieces.iter().map(|(text, ink)| self.palette.paint(text, *ink)).collect();
        self.lines.push((line, self.used));
        self.used = 0;
    }

    fn finish(mut self) -> Vec<(String, usize)> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.lines
    }
}

fn is_space(c: char) -> bool {
    // A no-break space stays within its atom.
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}')
}

fn is_wide(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | ',' | '.' | ';' | ':' | '!' | '?' | '%' | '”' | '’' | '»' | '،' | '؛' | '؟' | '。')
        || "、，．；：！？）」』】〉》〕］｝・ー…％々ぁぃぅぇぉっゃゅょァィゥェォッャュョ".contains(c)
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '“' | '‘' | '«') || "（「『【〈《〔［｛".contains(c)
}

/// Columns of a text that has no escapes or colours in it.
pub(in crate::report) fn columns(text: &str) -> usize {
    text.width()
}

/// A text with spaces after it, up to `width` columns.
pub(in crate::report) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A text with spaces before it, up to `width` columns.
pub(in crate::report) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Names in at most `width` columns each. Where they do not fit, the folders that all have in common go first, then
/// the middles of the names that are still too long.
pub(in crate::report) fn shorten_names(names: &[&str], width: usize, palette: &Palette) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|name| escape::visible(name).into_owned()).collect();
    let Some(first) = names.first().filter(|_| names.iter().any(|name| columns(name) > width)) else { return names };
    let ellipsis = palette.glyphs.ellipsis;
    let mut shared = names.iter().fold(first.len(), |shared, name| {
        let equal = first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        shared.min(equal)
    });
    while !first.is_char_boundary(shared) {
        shared -= 1;
    }
    let folder = first.get(..shared).and_then(|shared| shared.rfind('/')).unwrap_or(0);
    let shorten = |name: &String| {
        let rest = name.get(folder..).filter(|_| folder > 0);
        let name = rest.map_or_else(|| name.clone(), |rest| format!("{ellipsis}{rest}"));
        let room = width.saturating_sub(columns(ellipsis));
        if columns(&name) <= width {
            return name;
        }
        let head = name.get(..take(name.graphemes(true), room / 2)).unwrap_or_default();
        let end = take(name.graphemes(true).rev(), room.saturating_sub(columns(head)));
        format!("{head}{ellipsis}{}", name.get(name.len() - end..).unwrap_or_default())
    };
    names.iter().map(shorten).collect()
}

/// Bytes of the grapheme clusters that fit.
fn take<'a>(graphemes: impl Iterator<Item = &'a str>, width: usize) -> usize {
    let fits = graphemes.scan(0, |used, grapheme| {
        *used += grapheme.width();
        (*used <= width).then_some(grapheme.len())
    });
    fits.sum()
}

/// A name in at most `width` columns: what tells names apart stands at their ends, so the start is left out.
pub(in crate::report) fn shorten_name(name: &str, width: usize, palette: &Palette) -> String {
    let name = escape::visible(name);
    if columns(&name) <= width {
        return name.into_owned();
    }
    let ellipsis = palette.glyphs.ellipsis;
    let end = take(name.graphemes(true).rev(), width.saturating_sub(columns(ellipsis)));
    format!("{ellipsis}{}", name.get(name.len() - end..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::Appearance;
    use super::*;

    fn palette() -> Palette {
        Palette::new(Appearance::default(), 8)
    }

    fn set(text: &str, width: usize) -> Vec<String> {
        let palette = palette();
        let mut flow = Flow::new(&palette);
        flow.push(text, Ink::Plain);
        flow.lines(width)
    }

    #[test]
    fn breaks_at_spaces() {
        assert_eq!(set("the quick  brown\tfox", 10), ["the quick", "brown fox"]);
        assert_eq!(set("  one\n\n two  ", 80), ["one ¶ two"]);
        assert_eq!(set("", 80), [] as [&str; 0]);
        assert_eq!(set("a 12\u{a0}% b", 8), ["a 12 % b"]);
        assert_eq!(set("words 12\u{a0}% b", 8), ["words", "12 % b"]);
    }

    #[test]
    fn breaks_between_wide_characters_but_not_before_their_stops() {
        assert_eq!(set("外交部发言人表示。双方", 8), ["外交部发", "言人表", "示。双方"]);
        assert_eq!(set("说「和平进程」后离开", 8), ["说「和平", "进程」后", "离开"]);
    }

    #[test]
    fn what_a_log_would_obey_is_shown() {
        assert_eq!(set("##[error]a ## [b] #[c]", 20), ["##\\x5berror]a ## [b]", "#[c]"]);
        let palette = palette();
        let mut flow = Flow::new(&palette);
        flow.push("##", Ink::Plain);
        flow.push_marked("a", Ink::Old);
        assert_eq!(flow.lines(80), ["##\\x5b-a-]"]);
    }

    #[test]
    fn cuts_what_is_wider_than_a_line() {
        assert_eq!(set("https://example.org/a-long-path yes", 10), ["https://ex", "ample.org/", "a-long-pat", "h yes"]);
    }

    #[test]
    fn spaces_stand_only_between_words() {
        let palette = palette();
        let mut flow = Flow::new(&palette);
        let mut before = "";
        for text in ["said", "not", ", then", "(", "和平", "进程", "（", "x"] {
            flow.space_between(before, text);
            flow.push(text, Ink::Plain);
            before = text;
        }
        assert_eq!(flow.lines(80), ["said not, then (和平进程（x"]);
    }

    #[test]
    fn inks_change_within_a_word() {
        let palette = Palette::new(Appearance { color: true, ..Appearance::default() }, 8);
        let mut flow = Flow::new(&palette);
        flow.push("foot", Ink::Plain);
        flow.push("ball", Ink::New);
        flow.push(" game", Ink::New);
        let lines = flow.lines(9);
        assert_eq!(lines.len(), 2, "glued pieces stay on one line: {lines:?}");
        assert!(lines[0].starts_with("foot\u{1b}["));
    }

    #[test]
    fn names_keep_their_ends() {
        assert_eq!(shorten_name("corpus/2021/04/reuters-0415.txt", 16, &palette()), "…euters-0415.txt");
        assert_eq!(shorten_name("新闻/外交部发言人", 9, &palette()), "…部发言人");
        assert_eq!(shorten_name("a\u{1b}b", 9, &palette()), "a\\u{1b}b");
    }

    #[test]
    fn names_beside_each_other_stay_different() {
        let names = ["site/2021/a/index.html", "site/2021/b/index.html"];
        assert_eq!(shorten_names(&names, 22, &palette()), names);
        assert_eq!(shorten_names(&names, 16, &palette()), ["…/a/index.html", "…/b/index.html"]);
        assert_eq!(shorten_names(&names, 12, &palette()), ["…/a/i…x.html", "…/b/i…x.html"]);
        assert_eq!(shorten_names(&["新闻网站一", "新闻网站二"], 7, &palette()), ["新…站一", "新…站二"]);
        assert_eq!(shorten_names(&[], 12, &palette()), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_nothing_is_lost(text in "[a-z\u{4e00}-\u{4e20}。「」é\u{301} \u{1b}\n]{0,120}", width in 8usize..40) {
            let lines = set(&text, width);
            for line in &lines {
                prop_assert!(columns(line) <= width, "{line:?}");
                prop_assert!(!line.is_empty() && !line.ends_with(' ') && !line.starts_with(' '));
            }
            let kept = |text: &str| text.replace([' ', '¶'], "");
            let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept(&lines.concat()), kept(&escape::visible(&whole)));
        }
    }
}
