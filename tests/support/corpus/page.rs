//! From stories to texts: rendering, with the byte span of every word and the origin of every part.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::prose::Sentence;

/// A sentence in its place: its own number, and the origin of each run of its words.
#[derive(Clone)]
pub(crate) struct Placed {
    /// Names this very place; no two sentences of a corpus have one number.
    pub(crate) number: u32,
    pub(crate) sentence: Sentence,
    /// Runs of words that cover the sentence, in order, each with its origin.
    pub(crate) parts: Vec<Part>,
}

/// Words `from..to` of a sentence that come from one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) origin: u32,
}

/// One block of a page.
#[derive(Clone)]
pub(crate) enum Block {
    /// Sentences on one line.
    Paragraph(Vec<Placed>),
    /// A line that belongs to the site.
    Furniture(String),
    /// A line that may be called furniture or not: a byline, a dateline.
    Neutral(String),
}

/// A page before it is rendered.
#[derive(Clone, Default)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) source: Option<String>,
    /// Day, counted from the first of January 2021.
    pub(crate) day: u32,
    pub(crate) blocks: Vec<Block>,
    /// Pages with one story repeat each other, more or less; no others do as wholes.
    pub(crate) story: Option<u32>,
}

/// A run of bytes with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) origin: u32,
}

/// A text with the record of what stands where in it.
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) source: Option<String>,
    pub(crate) date: String,
    pub(crate) text: String,
    pub(crate) story: Option<u32>,
    /// Parts by place, disjoint and ascending.
    pub(crate) marks: Vec<Mark>,
    /// The byte span of every word of every sentence, by the sentence's number; marks around words are left out.
    pub(crate) words: BTreeMap<u32, Vec<Range<usize>>>,
    pub(crate) furniture: Vec<Range<usize>>,
    pub(crate) neutral: Vec<Range<usize>>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    date: &'a str,
    text: &'a str,
}

impl Document {
    /// The document as a line of JSON, without the line's end.
    pub(crate) fn json_line(&self) -> String {
        let line = Line { id: &self.id, source: self.source.as_deref(), date: &self.date, text: &self.text };
        serde_json::to_string(&line).expect("strings always serialise")
    }
}

/// Texts as JSON Lines, in their order.
pub(crate) fn json_lines(documents: &[Document]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for document in documents {
        bytes.extend_from_slice(document.json_line().as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

impl Page {
    /// The text: blocks parted by an empty line, furniture lines by a line's end.
    pub(crate) fn render(self) -> Document {
        let mut document = Document {
            id: self.id,
            source: self.source,
            date: date(self.day),
            text: String::new(),
            story: self.story,
            marks: Vec::new(),
            words: BTreeMap::new(),
            furniture: Vec::new(),
            neutral: Vec::new(),
        };
        let mut after_furniture = false;
        for block in &self.blocks {
            let is_furniture = matches!(block, Block::Furniture(_));
            if !document.text.is_empty() {
                document.text.push_str(if is_furniture && after_furniture { "\n" } else { "\n\n" });
            }
            after_furniture = is_furniture;
            match block {
                Block::Paragraph(sentences) => {
                    for (index, placed) in sentences.iter().enumerate() {
                        if index > 0 {
                            document.text.push(' ');
                        }
                        document.push_sentence(placed);
                    }
                }
                Block::Furniture(line) => {
                    let span = document.push_line(line);
                    document.furniture.push(span);
                }
                Block::Neutral(line) => {
                    let span = document.push_line(line);
                    document.neutral.push(span);
                }
            }
        }
        document.text.push('\n');
        document
    }
}

impl Document {
    fn push_line(&mut self, line: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(line);
        start..self.text.len()
    }

    fn push_sentence(&mut self, placed: &Placed) {
        let mut spans: Vec<Range<usize>> = Vec::with_capacity(placed.sentence.words.len());
        for (index, word) in placed.sentence.words.iter().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word.before);
            let start = self.text.len();
            self.text.push_str(&word.text);
            spans.push(start..self.text.len());
            self.text.push_str(word.after);
        }
        self.text.push_str(placed.sentence.end);
        for part in &placed.parts {
            if part.from < part.to {
                let (start, end) = (spans[part.from].start, spans[part.to - 1].end);
                self.marks.push(Mark { start, end, origin: part.origin });
            }
        }
        self.words.insert(placed.number, spans);
    }
}

/// A date of 2021 or later as `YYYY-MM-DD`, with months of 28 days: dates need to be right, not to follow each other.
fn date(day: u32) -> String {
    format!("{}-{:02}-{:02}", 2021 + day / 336, day % 336 / 28 + 1, day % 28 + 1)
}
