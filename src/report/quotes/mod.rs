//! Reports of quotations: what was said, by whom, and how it travelled.
//!
//! As with [reports of a scan](crate::report), nothing is decided here. [`QuotesFormat::Human`] is for eyes; the others
//! are for programs and spreadsheets, documented in `docs/formats.md`; JSON has a schema, `docs/quotes.v1.schema.json`.

mod json;

use std::fmt;
use std::io;
use std::str::FromStr;

use super::Appearance;
use super::view::Texts;
use crate::document::Corpus;
use crate::hash::{Purpose, hash_text};
use crate::quotes::{Quotation, Quotes, Utterance};

/// Everything that a report of quotations is made from.
#[derive(Debug, Clone, Copy)]
pub struct QuotesReport<'a> {
    /// What was read.
    pub corpus: &'a Corpus,
    /// What was found.
    pub quotes: &'a Quotes,
}

/// A way to write a report of quotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotesFormat {
    /// For people at a terminal, in a pipe or in a file.
    #[default]
    Human,
    /// One JSON object, `dittograph.quotes.v1`.
    Json,
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is named `{0}`; there are human and json")]
pub struct UnknownQuotesFormat(pub String);

impl QuotesFormat {
    /// Every format, the default first.
    pub const ALL: [QuotesFormat; 2] = [QuotesFormat::Human, QuotesFormat::Json];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            QuotesFormat::Human => "human",
            QuotesFormat::Json => "json",
        }
    }
}

impl FromStr for QuotesFormat {
    type Err = UnknownQuotesFormat;

    fn from_str(name: &str) -> Result<Self, UnknownQuotesFormat> {
        let found = QuotesFormat::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownQuotesFormat(name.to_owned()))
    }
}

impl fmt::Display for QuotesFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Writes a report in a format. `appearance` matters to [`QuotesFormat::Human`] only. Output is buffered here and
/// flushed.
///
/// # Errors
/// Whatever `out` returns, with its kind.
pub fn write(
    report: &QuotesReport,
    format: QuotesFormat,
    _appearance: Appearance,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = QuotesView { texts: Texts::of(report.corpus), quotes: report.quotes };
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match format {
        QuotesFormat::Human | QuotesFormat::Json => json::write(&view, &mut out)?,
    }
    io::Write::flush(&mut out)
}

/// A report with its texts.
struct QuotesView<'a> {
    texts: Texts<'a>,
    quotes: &'a Quotes,
}

impl<'a> QuotesView<'a> {
    /// The id of a quotation: a hash of its document's id and of its place there.
    fn id(&self, quotation: &Quotation) -> u64 {
        hash_text(&format!("{}\n{}", self.texts.id(quotation.document), quotation.whole.start), Purpose::Finding)
    }

    /// The words of a quotation as they are written, its pieces set apart by a space.
    fn words(&self, quotation: &Quotation) -> String {
        let pieces: Vec<&str> =
            quotation.pieces.iter().map(|piece| self.texts.text(quotation.document, *piece).trim()).collect();
        pieces.join(" ")
    }

    fn quotation(&self, number: u32) -> Option<&'a Quotation> {
        self.quotes.quotations.get(number as usize)
    }

    fn utterance(&self, number: u32) -> Option<&'a Utterance> {
        self.quotes.utterances.get(number as usize)
    }
}
