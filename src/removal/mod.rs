//! Removal: what may go from a corpus, why, and what stays in its place.
//!
//! **Idea.** A scan says what is repeated; here it is decided which of the places goes. The decisions are made one after
//! the other, and each looks at what the ones before it have left standing:
//!
//! 1. *Near-duplicates.* Of each cluster the document that the policy prefers stays. Of the others those go of whose
//!    words [most](LEAST_ALIKE) stand in it and that say it of the same thing (see `versions`): a report asks for less,
//!    but what is removed is lost. Of those that are left another stays, and so on.
//! 2. *Contained documents* go by the same rule, with another [share](LEAST_CONTAINED). If the document that holds one
//!    went for a near-duplicate, the contained one is compared with that. A document that others went
//!    for stays in any case: it is the copy that they were told to have.
//! 3. *Boilerplate* goes everywhere: it belongs to pages, not to stories. What stands in one place only is told by its
//!    looks; it goes from pages that show by repetition what their furniture is, if it is short (see `furniture`).
//! 4. *Shared passages, then doubled text*, the most repeated words first. Of the places of a passage one is kept, and from then
//!    on protected: no later decision may take from it. Nor does a passage go from a document that others went for, unless
//!    it stands in that a second time. From the others go whole sentences, headings and lines, and of
//!    those only what the kept place says in all but the same words: see `repeated`. A place that lies in what has gone keeps
//!    nothing alive, and is passed over.
//!
//! So each removal but boilerplate names what stays in its place, and that stands at the end. A document with no word left
//! goes as a whole. Documents to compare with ([`Side::Reference`](crate::document::Side)) are never touched, and
//! are preferred to all others as the copy that stays.
//!
//! **Which copy stays** ([`Keep`]). Where the policy does not tell two documents apart, the earlier date decides, then the
//! longer text, then the id, then the path and line: one rule, whatever order the documents came in. Inside a document it
//! is the first place.
//!
//! **Cost.** Documents that lose passages are cut into units once more; a place is compared with the kept one by greedy
//! tiling, linear but for rare cases.
//!
//! **Gives up.** A repeat that is a part of a sentence stays, and so does a sentence that was changed in more than one
//! word of ten or in any figure: [`Plan::left`] counts the places from which nothing could go.

mod furniture;
mod passages;
mod repeated;
mod versions;
mod wholes;

use std::cmp::Ordering;

use crate::document::{Corpus, Document};
use crate::finding::{Ratio, Rule, Scan, Span};
use crate::progress::Progress;
use crate::settings::Settings;

/// Share of a near-duplicate, in thousandths, that has to stand in what stays.
pub const LEAST_ALIKE: u32 = 800;
/// Share of a contained document, in thousandths, that has to stand in what stays. Of pairs of news that were aligned
/// word by word, those that share less are often two stories with the same quotations.
pub const LEAST_CONTAINED: u32 = 850;

/// What is to go, and which copy stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What is removed. The scan must have looked for these rules.
    pub rules: Vec<Rule>,
    /// Which copy stays.
    pub keep: Keep,
    /// Whether each source keeps a copy of its own. Documents without a source count as one source.
    pub per_source: bool,
    /// Whether one place of each piece of boilerplate stays.
    pub keeps_furniture: bool,
    /// Words of one sentence, heading or line at least that repeated parts in a row must hold.
    pub least_words: u32,
    /// Resemblance that near-duplicates must have, in thousandths, instead of the share that stands in what stays.
    pub similarity: Option<u32>,
}

impl Policy {
    /// The rules that are removed if nobody says otherwise.
    pub const RULES: [Rule; 4] = [Rule::DoubledText, Rule::Boilerplate, Rule::NearDuplicate, Rule::Contained];
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            rules: Policy::RULES.to_vec(),
            keep: Keep::Earliest,
            per_source: false,
            keeps_furniture: false,
            least_words: Settings::default().min_words,
            similarity: None,
        }
    }
}

/// Which copy of a story, or of a passage that several documents share, stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// The first by path and place in the file.
    First,
    /// The longest, in bytes of text.
    Longest,
    /// The earliest by date; documents without one come last.
    Earliest,
    /// That of the source named first; of sources that are not named, last.
    Prefer(Vec<String>),
}

/// Why a document, or a part of it, goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Rank of the document.
    pub document: u32,
    /// What goes: a part, or the whole document.
    pub span: Option<Span>,
    /// By which rule.
    pub reason: Reason,
    /// Tokens that go.
    pub tokens: u32,
}

/// The reason of a removal, with what justifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Another document says the same, or holds it.
    Document {
        /// `NearDuplicate` or `Contained`.
        rule: Rule,
        /// Id of the cluster.
        cluster: u64,
        /// Rank of the document that stays.
        kept: u32,
        /// Share of its tokens that stand in the kept one, and of the kept one's that stand in it.
        coverage: [Ratio; 2],
        /// Jaccard of the sets of 5-token shingles.
        resemblance: Ratio,
    },
    /// The same is said in another place.
    Passage {
        /// `DoubledText` or `SharedPassage`.
        rule: Rule,
        /// Id of the finding.
        finding: u64,
        /// Rank of the document where it stays.
        kept: u32,
        /// Where it stays.
        kept_span: Span,
        /// Share of the removed tokens that stand there.
        coverage: Ratio,
    },
    /// It belongs to the pages of a source, or looks like it.
    Boilerplate {
        /// Id of the finding.
        finding: u64,
        /// One place of it that stays, if one does.
        kept: Option<(u32, Span)>,
        /// In how many places it stands.
        places: u32,
    },
    /// All its words went for other reasons.
    Emptied,
}

impl Reason {
    /// The rule, or `emptied`.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::Document { rule, .. } | Reason::Passage { rule, .. } => rule.name(),
            Reason::Boilerplate { .. } => Rule::Boilerplate.name(),
            Reason::Emptied => "emptied",
        }
    }
}

/// What goes from a corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// By document; of one document by place, and what says that it goes as a whole at the end. Spans of one document
    /// are apart from each other.
    pub removals: Vec<Removal>,
    /// Places of passages and boilerplate that are not, or not wholly, removed: parts of sentences, changed sentences.
    pub left: u64,
}

impl Plan {
    /// Decides what goes.
    pub fn make(corpus: &Corpus, scan: &Scan, policy: &Policy, progress: &dyn Progress) -> Self {
        progress.begin("removal", 0);
        let furniture = furniture::Furniture::of(scan, policy);
        let choice = Choice { corpus, policy, furniture };
        let mut gone = wholes::drop_documents(&choice, scan);
        let (mut removals, left) = passages::cut_passages(&choice, scan, &mut gone);
        removals.extend(gone.into_removals());
        removals.sort_by_key(|removal| (removal.document, removal.span.is_none(), removal.span));
        Plan { removals, left }
    }

    /// What goes from each document that loses something, by rank.
    pub fn by_document(&self) -> impl Iterator<Item = (u32, &[Removal])> {
        self.removals.chunk_by(|one, other| one.document == other.document).map(|of_one| (of_one[0].document, of_one))
    }
}

/// Whether a document goes as a whole, given all its removals.
pub fn is_dropped(removals: &[Removal]) -> bool {
    removals.last().is_some_and(|removal| removal.span.is_none())
}

/// Who stays.
struct Choice<'a> {
    corpus: &'a Corpus,
    policy: &'a Policy,
    furniture: furniture::Furniture<'a>,
}

impl Choice<'_> {
    fn document(&self, rank: u32) -> &Document {
        &self.corpus.documents[rank as usize]
    }

    fn is_reference(&self, rank: u32) -> bool {
        self.document(rank).origin.side.is_reference()
    }

    fn removes(&self, rule: Rule) -> bool {
        self.policy.rules.contains(&rule)
    }

    /// Splits what lies in documents into the groups of which each keeps one.
    fn share_out<T>(&self, mut items: Vec<T>, rank: impl Fn(&T) -> u32) -> Vec<Vec<T>> {
        if !self.policy.per_source {
            return vec![items];
        }
        let source = |item: &T| self.document(rank(item)).source.as_deref();
        items.sort_by(|one, other| source(one).cmp(&source(other)));
        let mut groups: Vec<Vec<T>> = Vec::new();
        for item in items {
            match groups.last_mut() {
                Some(group) if group.last().is_some_and(|last| source(last) == source(&item)) => group.push(item),
                _ => groups.push(vec![item]),
            }
        }
        groups
    }

    /// The one that stays, of several documents.
    fn choose(&self, ranks: impl IntoIterator<Item = u32>) -> Option<u32> {
        ranks.into_iter().min_by(|one, other| self.compare(*one, *other))
    }

    /// The preferred comes first; no two documents are equal.
    fn compare(&self, one: u32, other: u32) -> Ordering {
        let (one, other) = (self.document(one), self.document(other));
        let by_place = || (&one.origin.path, one.record).cmp(&(&other.origin.path, other.record));
        let by_length = || other.text.len().cmp(&one.text.len());
        let by_date = || (one.date.is_none(), one.date).cmp(&(other.date.is_none(), other.date));
        let by_policy = || match &self.policy.keep {
            Keep::First => by_place(),
            Keep::Longest => by_length(),
            Keep::Earliest => by_date(),
            Keep::Prefer(sources) => {
                let named = |document: &Document| {
                    let source = document.source.as_deref()?;
                    sources.iter().position(|name| name.eq_ignore_ascii_case(source))
                };
                let rank = |document: &Document| named(document).unwrap_or(sources.len());
                rank(one).cmp(&rank(other))
            }
        };
        (other.origin.side.is_reference().cmp(&one.origin.side.is_reference()))
            .then_with(by_policy)
            .then_with(by_date)
            .then_with(by_length)
            .then_with(|| one.id.cmp(&other.id))
            .then_with(by_place)
    }
}
