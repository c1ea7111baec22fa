//! The text of a page as it grows: words and white space in, blocks and their spelling out.
//!
//! **Idea.** White space and ends of blocks are written late, before the next word, so that neither stands at the edge
//! of a block. Of white space in a row, the first run is written as one space and spelled by the whole of it; what
//! follows behind a tag is dropped, as in CSS.
//!
//! **Cost.** Linear; the white space that waits in preformatted text is held once more.
//!
//! **Source.** CSS Text 3 §4 (white space processing).

use std::ops::Range;

use super::super::spelling::Spelling;

/// What stands between two pieces of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    None,
    Line,
    Paragraph,
}

/// Text, and where in the page it is written.
#[derive(Debug)]
pub(super) struct Text<'p> {
    page: &'p str,
    text: String,
    spelling: Spelling,
    /// Where the bytes that write the last of the text end.
    end: usize,
    /// What comes before the next word.
    breaks: Break,
    /// The last thing was a `<br>`: another one makes a blank line.
    after_br: bool,
    /// White space before the next word, and how it is spelled.
    space: String,
    space_runs: Vec<(usize, Range<usize>)>,
}

/// White space of HTML.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

impl<'p> Text<'p> {
    pub(super) fn new(page: &'p str) -> Self {
        Text {
            page,
            text: String::new(),
            spelling: Spelling::default(),
            end: 0,
            breaks: Break::None,
            after_br: false,
            space: String::new(),
            space_runs: Vec::new(),
        }
    }

    /// Bytes so far, without what waits.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written since there were so many bytes.
    pub(super) fn since(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    pub(super) fn finish(self) -> (String, Spelling) {
        (self.text, self.spelling)
    }

    /// A block ends, or begins.
    pub(super) fn end_block(&mut self, breaks: Break) {
        if breaks != Break::None {
            self.forget_space();
            self.breaks = self.breaks.max(breaks);
            self.after_br = false;
        }
    }

    /// A `<br>`. Two of them make a paragraph, as those who write them mean it.
    pub(super) fn end_line(&mut self) {
        self.end_block(if self.after_br { Break::Paragraph } else { Break::Line });
        self.after_br = true;
    }

    /// Text that is written as it stands, but for its white space.
    pub(super) fn write(&mut self, place: Range<usize>, preformatted: bool) {
        let page = self.page;
        let mut rest = page.get(place.clone()).unwrap_or_default();
        let mut at = place.start;
        while let Some(first) = rest.as_bytes().first() {
            let length = if *first == 0 {
                // The tree construction of the standard drops NUL.
                1
            } else if !is_space(*first) {
                let ends = |byte: u8| byte == 0 || is_space(byte);
                let length = rest.bytes().position(ends).unwrap_or(rest.len());
                self.write_word(rest.get(..length).unwrap_or_default(), at);
                length
            } else if !preformatted {
                let length = rest.bytes().position(|byte| !is_space(byte)).unwrap_or(rest.len());
                self.write_space(at..at + length);
                length
            } else if rest.starts_with("\r\n") {
                self.write_spaces("\n", at..at + 2);
                2
            } else {
                let space = if *first == b'\r' { "\n" } else { rest.get(..1).unwrap_or_default() };
                self.write_spaces(space, at..at + 1);
                1
            };
            at += length;
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// Text that is written as a character reference.
    pub(super) fn write_reference(&mut self, text: &str, place: Range<usize>, preformatted: bool) {
        if text.bytes().all(is_space) {
            if preformatted {
                self.write_spaces(text, place)
            } else {
                self.write_space(place)
            }
            return;
        }
        self.begin_word();
        self.text.push_str(text);
        self.end = place.end;
        match text.chars().next() {
            // A run of as many bytes as it is written by would be taken for a literal one. Only references to two
            // characters are that short (`&nGg;`), so the second one goes unwritten, and with the first.
            Some(first) if text.len() == place.len() && first.len_utf8() < text.len() => {
                self.spelling.push(first.len_utf8(), place.clone());
                self.spelling.push(text.len() - first.len_utf8(), place.end..place.end);
            }
            _ => self.spelling.push(text.len(), place),
        }
    }

    fn write_word(&mut self, word: &str, at: usize) {
        self.begin_word();
        self.text.push_str(word);
        self.spelling.push_literal(at, word.len());
        self.end = at + word.len();
    }

    fn begin_word(&mut self) {
        self.after_br = false;
        let separator = match std::mem::replace(&mut self.breaks, Break::None) {
            Break::None => {
                self.text.push_str(&self.space);
                self.space.clear();
                for (length, bytes) in self.space_runs.drain(..) {
                    if length == bytes.len() {
                        self.spelling.push_literal(bytes.start, length);
                    } else {
                        self.spelling.push(length, bytes);
                    }
                }
                return;
            }
            _ if self.text.is_empty() => return,
            Break::Line => "\n",
            Break::Paragraph => "\n\n",
        };
        self.text.push_str(separator);
        self.spelling.push(separator.len(), self.end..self.end);
    }

    /// White space that becomes one space.
    fn write_space(&mut self, place: Range<usize>) {
        if self.is_at_start() {
            return;
        }
        match self.space_runs.last_mut() {
            None => {
                self.space.push(' ');
                self.space_runs.push((1, place));
            }
            Some((_, last)) if last.end == place.start => last.end = place.end,
            Some(_) => {}
        }
    }

    /// White space that stays as it is.
    fn write_spaces(&mut self, spaces: &str, place: Range<usize>) {
        if self.is_at_start() {
            return;
        }
        self.space.push_str(spaces);
        match self.space_runs.last_mut() {
            Some((length, last)) if last.end == place.start && *length == last.len() && spaces.len() == place.len() => {
                *length += spaces.len();
                last.end = place.end;
            }
            _ => self.space_runs.push((spaces.len(), place)),
        }
    }

    /// Whether no word of the block is written yet.
    fn is_at_start(&self) -> bool {
        self.breaks != Break::None || self.text.is_empty()
    }

    fn forget_space(&mut self) {
        self.space.clear();
        self.space_runs.clear();
    }
}
