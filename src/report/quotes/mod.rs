//! Reports of quotations: what was said, by whom, and how it travelled.
//!
//! As with [reports of a scan](crate::report), nothing is decided here. [`QuotesFormat::Human`] is for eyes; the others
//! are for programs and spreadsheets, documented in `docs/formats.md`; JSON has a schema, `docs/quotes.v1.schema.json`.

mod human;
mod json;
mod tables;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;

use super::Appearance;
use super::view::Texts;
use crate::document::Corpus;
use crate::hash::{Purpose, hash_text};
use crate::quotes::{ChangeKind, Quotation, Quotes, Utterance};

/// Everything that a report of quotations is made from.
#[derive(Debug, Clone, Copy)]
pub struct QuotesReport<'a> {
    /// What was read.
    pub corpus: &'a Corpus,
    /// What was found.
    pub quotes: &'a Quotes,
    /// What [`QuotesFormat::Human`] lists.
    pub grouping: Grouping,
}

/// What the report for people lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// What stands in several places, with all of them.
    #[default]
    Utterance,
    /// Every quotation, by who said it.
    Speaker,
}

impl Grouping {
    /// Every grouping, the default first.
    pub const ALL: [Grouping; 2] = [Grouping::Utterance, Grouping::Speaker];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Grouping::Utterance => "utterance",
            Grouping::Speaker => "speaker",
        }
    }
}

/// A way to write a report of quotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotesFormat {
    /// For people at a terminal, in a pipe or in a file.
    #[default]
    Human,
    /// One JSON object, `dittograph.quotes.v1`.
    Json,
    /// A table with one line a quotation.
    Quotations,
    /// A table with one line a place of an utterance that stands in several.
    Utterances,
    /// A table with one line a speaker.
    Speakers,
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is named `{0}`; there are human, json, quotations, utterances and speakers")]
pub struct UnknownQuotesFormat(pub String);

impl QuotesFormat {
    /// Every format, the default first.
    pub const ALL: [QuotesFormat; 5] = [
        QuotesFormat::Human,
        QuotesFormat::Json,
        QuotesFormat::Quotations,
        QuotesFormat::Utterances,
        QuotesFormat::Speakers,
    ];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            QuotesFormat::Human => "human",
            QuotesFormat::Json => "json",
            QuotesFormat::Quotations => "quotations",
            QuotesFormat::Utterances => "utterances",
            QuotesFormat::Speakers => "speakers",
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
    appearance: Appearance,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = QuotesView { texts: Texts::of(report.corpus), quotes: report.quotes, grouping: report.grouping };
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    match format {
        QuotesFormat::Human => human::write(&view, appearance, &mut out)?,
        QuotesFormat::Json => json::write(&view, &mut out)?,
        QuotesFormat::Quotations => tables::write_quotations(&view, &mut out)?,
        QuotesFormat::Utterances => tables::write_utterances(&view, &mut out)?,
        QuotesFormat::Speakers => tables::write_speakers(&view, &mut out)?,
    }
    io::Write::flush(&mut out)
}

/// A report with its texts.
struct QuotesView<'a> {
    texts: Texts<'a>,
    quotes: &'a Quotes,
    grouping: Grouping,
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

    /// Who said it: the speaker of the reference, else of the first variant that has one.
    fn speaker_of(&self, utterance: &Utterance) -> Option<&'a str> {
        let name = |number: u32| self.quotation(number)?.speaker.as_ref().map(|speaker| speaker.name.as_str());
        let others = || utterance.variants.iter().filter_map(|variant| variant.quotation).find_map(name);
        name(utterance.reference).or_else(others)
    }

    /// Who is said to have said it in a variant, if it is somebody else.
    fn other_speaker(&self, variant: &crate::quotes::Variant) -> Option<&'a str> {
        let changed = variant.changes.iter().any(|change| change.kind == ChangeKind::SpeakerChanged);
        let speaker = self.quotation(variant.quotation.filter(|_| changed)?)?.speaker.as_ref()?;
        Some(&speaker.name)
    }

    /// The quotations of each speaker, by their numbers: who said most comes first, those of nobody last.
    fn by_speaker(&self) -> Vec<(Option<&'a str>, Vec<u32>)> {
        let mut speakers: BTreeMap<Option<&'a str>, Vec<u32>> = BTreeMap::new();
        for (number, quotation) in (0u32..).zip(&self.quotes.quotations) {
            let name = quotation.speaker.as_ref().map(|speaker| speaker.name.as_str());
            speakers.entry(name).or_default().push(number);
        }
        let mut speakers: Vec<(Option<&str>, Vec<u32>)> = speakers.into_iter().collect();
        speakers.sort_by_key(|(name, quotations)| (name.is_none(), Reverse(quotations.len())));
        speakers
    }
}
