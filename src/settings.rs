//! What decides results, and nothing else: no paths, no threads, no looks.

use crate::finding::Rule;

/// Settings of a scan. Everything here is written into the report, and equal settings give equal reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The job whose habits were chosen.
    pub preset: Preset,
    /// Shortest passage reported across documents, in words (two characters of a script without spaces make a word).
    pub min_words: u32,
    /// Share of a document (in thousandths) that must be covered for `near-duplicate` and `contained`.
    pub coverage: u32,
    /// Ask for this resemblance of 5-token shingles (in thousandths) instead of coverage.
    pub similarity: Option<u32>,
    /// The rules to look for; all of them by default.
    pub only: Vec<Rule>,
}

/// Habits for a kind of corpus, named after the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// News and magazine articles, the default.
    News,
    /// Scraped pages: furniture is expected everywhere, longer passages only.
    Web,
    /// Nothing that is not nearly verbatim.
    Strict,
}

impl Preset {
    /// Every preset, the default first.
    pub const ALL: [Preset; 3] = [Preset::News, Preset::Web, Preset::Strict];

    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Preset::News => "news",
            Preset::Web => "web",
            Preset::Strict => "strict",
        }
    }
}

impl Settings {
    /// The settings of a preset, with every rule on.
    pub fn preset(preset: Preset) -> Self {
        let (min_words, coverage) = match preset {
            Preset::News => (8, 700),
            Preset::Web => (12, 700),
            Preset::Strict => (12, 900),
        };
        Settings { preset, min_words, coverage, similarity: None, only: Rule::ALL.to_vec() }
    }

    /// Whether quotations are to be followed.
    pub(crate) fn wants_quotes(&self) -> bool {
        self.wants(Rule::ReusedQuote) || self.wants(Rule::AlteredQuote)
    }

    /// Whether findings of this rule are asked for.
    pub fn wants(&self, rule: Rule) -> bool {
        self.only.contains(&rule)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings::preset(Preset::News)
    }
}
