//! What every renderer looks through: documents by rank, texts by span, lines by offset, without a panic on any input.
//!
//! A rank or span that a scan got wrong shows up as an empty text, never as a crash of the report that would reveal it.

use crate::document::{Corpus, Document};
use crate::finding::{Finding, Ledger, Occurrence, Ratio, Scan, Span};
use crate::settings::Settings;

use super::lines::Lines;
use super::{LedgerChoice, Report};

/// The texts of a corpus with their line numbers.
pub(crate) struct Texts<'a> {
    pub(crate) corpus: &'a Corpus,
    lines: Lines,
}

/// A report with its texts.
pub(super) struct View<'a> {
    pub(super) texts: Texts<'a>,
    pub(super) corpus: &'a Corpus,
    pub(super) scan: &'a Scan,
    pub(super) settings: &'a Settings,
    pub(super) ledger: LedgerChoice,
}

static NO_LEDGER: Ledger =
    Ledger { tokens: 0, original: 0, doubled: 0, boilerplate: 0, quoted: 0, shared: 0, reused: Vec::new() };

impl<'a> Texts<'a> {
    pub(crate) fn of(corpus: &'a Corpus) -> Self {
        Texts { corpus, lines: Lines::default() }
    }

    pub(crate) fn document(&self, rank: u32) -> Option<&'a Document> {
        self.corpus.documents.get(rank as usize)
    }

    /// The id of a document.
    pub(crate) fn id(&self, rank: u32) -> &'a str {
        self.document(rank).map_or("", |document| &document.id)
    }

    /// The whole text of a document.
    pub(crate) fn whole(&self, rank: u32) -> &'a str {
        self.document(rank).map_or("", |document| &document.text)
    }

    /// The text of a span.
    pub(crate) fn text(&self, rank: u32, span: Span) -> &'a str {
        self.whole(rank).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// First and last line (1-based) of a span. The last is the line of the span's last byte.
    pub(crate) fn lines(&self, rank: u32, span: Span) -> (u64, u64) {
        let text = self.whole(rank);
        let first = self.lines.line(rank, text, span.start);
        let last = self.lines.line(rank, text, span.end.saturating_sub(1).max(span.start));
        (first, last)
    }
}

impl<'a> View<'a> {
    pub(super) fn new(report: &Report<'a>) -> View<'a> {
        View {
            texts: Texts::of(report.corpus),
            corpus: report.corpus,
            scan: report.scan,
            settings: report.settings,
            ledger: report.ledger,
        }
    }

    pub(super) fn document(&self, rank: u32) -> Option<&'a Document> {
        self.texts.document(rank)
    }

    /// See [`Texts::id`].
    pub(super) fn id(&self, rank: u32) -> &'a str {
        self.texts.id(rank)
    }

    /// See [`Texts::whole`].
    pub(super) fn whole(&self, rank: u32) -> &'a str {
        self.texts.whole(rank)
    }

    /// See [`Texts::text`].
    pub(super) fn text(&self, rank: u32, span: Span) -> &'a str {
        self.texts.text(rank, span)
    }

    /// The text of an occurrence; of its first copy where it is a run of adjacent ones.
    ///
    /// A span does not tell where one copy of a run ends. The copies are equal but for what stands between them, so the
    /// first ends within span / count, rounded up; less the space after it, and drawn out to the end of a word.
    pub(super) fn one_copy(&self, occurrence: &Occurrence) -> &'a str {
        let all = self.text(occurrence.document, occurrence.span);
        if occurrence.count < 2 {
            return all;
        }
        let mut end = all.len().div_ceil(occurrence.count as usize);
        while end < all.len() && !all.is_char_boundary(end) {
            end += 1;
        }
        let (first, rest) = all.split_at(end.min(all.len()));
        let inside = first.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
        if inside && let Some(more) = rest.find(|c: char| !c.is_alphanumeric()).filter(|&more| more < 24) {
            return all.get(..end + more).unwrap_or(first);
        }
        first.trim_end()
    }

    /// The representative of a finding.
    pub(super) fn representative<'f>(&self, finding: &'f Finding) -> Option<&'f Occurrence> {
        finding.occurrences.get(finding.representative as usize)
    }

    /// See [`Texts::lines`].
    pub(super) fn lines(&self, rank: u32, span: Span) -> (u64, u64) {
        self.texts.lines(rank, span)
    }

    /// The ledger of a document; an empty one where the scan has none.
    pub(super) fn ledger_of(&self, rank: u32) -> &'a Ledger {
        self.scan.ledgers.get(rank as usize).unwrap_or(&NO_LEDGER)
    }

    /// For each document, whether the choice of ledgers lists it.
    pub(super) fn listed(&self) -> Vec<bool> {
        let documents = self.corpus.documents.len();
        match self.ledger {
            LedgerChoice::All => vec![true; documents],
            LedgerChoice::None => vec![false; documents],
            LedgerChoice::Touched => {
                let repeats =
                    |rank: usize| self.scan.ledgers.get(rank).is_some_and(|ledger| ledger.original < ledger.tokens);
                let mut listed: Vec<bool> = (0..documents).map(repeats).collect();
                let in_findings = self
                    .scan
                    .findings
                    .iter()
                    .flat_map(|finding| finding.occurrences.iter().map(|place| place.document));
                let in_clusters =
                    self.scan.clusters.iter().flat_map(|cluster| cluster.members.iter().map(|member| member.document));
                for rank in in_findings.chain(in_clusters) {
                    if let Some(listed) = listed.get_mut(rank as usize) {
                        *listed = true;
                    }
                }
                listed
            }
        }
    }
}

/// A ratio for printing: at most four decimals, and 0 and 1 mean none and all, never "nearly".
pub(super) fn decimal(ratio: Ratio) -> f64 {
    if ratio.part == 0 || ratio.whole == 0 {
        0.0
    } else if ratio.part >= ratio.whole {
        1.0
    } else {
        ratio.value().clamp(0.0001, 0.9999)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Origin;

    fn one_copy(text: &str, count: u32) -> String {
        let document = Document { id: "a".into(), origin: Origin::plain("a"), ..Document::of_text(text) };
        let corpus = crate::document::Corpus { documents: vec![document], ..Default::default() };
        let (scan, settings) = (Scan::default(), Settings::default());
        let view = View::new(&Report { corpus: &corpus, scan: &scan, settings: &settings, ledger: LedgerChoice::All });
        let occurrence = Occurrence {
            document: 0,
            span: Span { start: 0, end: text.len() as u32 },
            count,
            tokens: 0,
            role: crate::finding::Role::Original,
            reason: "",
            identity: Ratio::ONE,
            resemblance: Ratio::ONE,
            containment: [Ratio::ONE; 2],
            edits: Vec::new(),
        };
        view.one_copy(&occurrence).to_owned()
    }

    #[test]
    fn the_first_copy_of_a_run() {
        assert_eq!(one_copy("ha", 1), "ha");
        assert_eq!(one_copy("over and out over and out over and out", 3), "over and out");
        assert_eq!(one_copy("line\n\nline\n\nline\n\nline", 4), "line");
        assert_eq!(one_copy("和平和平和平", 3), "和平");
        assert_eq!(one_copy("first word, first words", 2), "first word,");
        assert_eq!(one_copy("é", 2), "é");
        assert_eq!(one_copy("", 3), "");
    }

    #[test]
    fn wrong_spans_are_empty_texts() {
        let (corpus, scan, settings) = (crate::document::Corpus::default(), Scan::default(), Settings::default());
        let view = View::new(&Report { corpus: &corpus, scan: &scan, settings: &settings, ledger: LedgerChoice::All });
        assert_eq!((view.text(3, Span { start: 9, end: 2 }), view.id(3), view.ledger_of(3).tokens), ("", "", 0));
        assert_eq!(view.lines(3, Span { start: 9, end: 2 }), (1, 1));
    }

    #[test]
    fn decimals_do_not_round_to_certainty() {
        assert_eq!(decimal(Ratio::new(0, 0)), 0.0);
        assert_eq!(decimal(Ratio::new(0, 9)), 0.0);
        assert_eq!(decimal(Ratio::new(9, 9)), 1.0);
        assert_eq!(decimal(Ratio::new(99_999, 100_000)), 0.9999);
        assert_eq!(decimal(Ratio::new(1, 100_000)), 0.0001);
        assert_eq!(decimal(Ratio::new(2, 3)), 0.6667);
        assert_eq!(decimal(Ratio::new(1, 8)), 0.125);
    }
}
