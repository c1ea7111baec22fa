//! Furniture: which boilerplate goes.
//!
//! What stands on many pages goes. What stands in one place only, a line of links that differs from page to page or a
//! standing phrase, is told by its looks alone, and nothing says it again: it goes only from a page that has furniture
//! told by repetition too, and only if it is [short](LONGEST_LONE). The synopsis of a command, a table of key words or a
//! list of acronyms may look like furniture; they are longer, or stand on pages that nothing else tells of.

use std::collections::{BTreeMap, BTreeSet};

use super::Policy;
use crate::finding::{Confidence, Finding, Occurrence, Rule, Scan, Span};
use crate::text::Layout;

/// Longest piece that goes though it stands in one place only, in tokens. Lists of links at the side of a page, which
/// differ from page to page, reach this length.
const LONGEST_LONE: u32 = 160;

/// The furniture that goes.
pub(super) struct Furniture<'a> {
    /// Documents with furniture that was told by repetition.
    proved: BTreeSet<u32>,
    findings: Vec<&'a Finding>,
    /// What goes from each document, if all of it goes.
    spans: BTreeMap<u32, Vec<Span>>,
}

impl<'a> Furniture<'a> {
    pub(super) fn of(scan: &'a Scan, policy: &Policy) -> Self {
        let mut furniture = Furniture { proved: BTreeSet::new(), findings: Vec::new(), spans: BTreeMap::new() };
        if !policy.rules.contains(&Rule::Boilerplate) {
            return furniture;
        }
        furniture.findings = scan.findings.iter().filter(|finding| finding.rule == Rule::Boilerplate).collect();
        let proved = furniture.findings.iter().filter(|finding| finding.confidence == Confidence::High);
        furniture.proved = proved.flat_map(|finding| &finding.occurrences).map(|place| place.document).collect();
        if !policy.keeps_furniture {
            for finding in &furniture.findings {
                for place in finding.occurrences.iter().filter(|place| goes(&furniture.proved, finding, place)) {
                    furniture.spans.entry(place.document).or_default().push(place.span);
                }
            }
        }
        furniture.spans.values_mut().for_each(|spans| spans.sort_unstable());
        furniture
    }

    /// All boilerplate that was found.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Finding> + '_ {
        self.findings.iter().copied()
    }

    /// Whether an occurrence may go.
    pub(super) fn goes(&self, finding: &Finding, place: &Occurrence) -> bool {
        goes(&self.proved, finding, place)
    }

    /// Whether nothing of a document is left once its furniture has gone.
    pub(super) fn is_all_of(&self, document: u32, lay_out: impl FnOnce() -> Layout) -> bool {
        let spans = self.spans.get(&document).map_or(&[][..], Vec::as_slice);
        // Both stand in order: how far the spans reach that begin up to a token.
        let (mut rest, mut reach) = (spans.iter().peekable(), 0);
        let mut is_within = |start: &u32| {
            while let Some(span) = rest.next_if(|span| span.start <= *start) {
                reach = reach.max(span.end);
            }
            *start < reach
        };
        !spans.is_empty() && lay_out().starts.iter().all(&mut is_within)
    }
}

fn goes(proved: &BTreeSet<u32>, finding: &Finding, place: &Occurrence) -> bool {
    finding.occurrences.len() > 1 || (finding.tokens <= LONGEST_LONE && proved.contains(&place.document))
}
