//! Findings: what is reported, judged from passages, furniture and groups; and the ledger of each document.
//!
//! **Rules.** A passage that one document holds twice is `doubled-text` (all documents that do so are occurrences of
//! the one finding); a passage that stands in two documents or more is a `shared-passage`, with its first place in
//! each. Furniture is `boilerplate`. Groups of documents are clusters.
//!
//! **Direction.** Within a document the first place is the original. Across documents only dates decide: the document
//! that is certainly earlier, by the precision its date was given in, than the one beside it. Otherwise "undecided" is
//! the verdict.
//!
//! **Ledgers**: see [`ledger`](crate::ledger).
//!
//! **Ids** are XXH3 hashes of the rule and the folded tokens of the representative: paths, lines and order don't enter.
//! Should two findings of one rule have equal representatives, the ids of the later ones (in the order of the
//! report) are permuted until they differ.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::alignment::{Alignment, Block};
use crate::clusters::Group;
use crate::document::{Corpus, Document};
use crate::edits;
use crate::families::{count_shared, feature_set, resemblance};
use crate::finding::{Cluster, Confidence, Finding, Ledger, Member, Occurrence, Ratio, Role, Rule, Severity, Span};
use crate::hash::{Purpose, hash_sequence, permute};
use crate::ledger::{self, Claim, Precedence};
use crate::likeness::Likeness;
use crate::matches::Place;
use crate::passages::{self, Passage, are_doubled, find_likest};
use crate::settings::Settings;
use crate::text::{Layout, count_words};

/// Judges everything that was found. Findings come by rule, then by repeated tokens (most first), then by id.
pub(crate) struct Judge<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) layouts: &'a [Layout],
    pub(crate) settings: &'a Settings,
}

impl Judge<'_> {
    /// Makes findings of passages and furniture.
    pub(crate) fn judge(
        &self,
        passages: &[Passage],
        furniture: &[(Passage, Confidence)],
        quoted: &[(Rule, Passage)],
    ) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        if self.settings.wants(Rule::DoubledText) {
            findings.par_extend(passages.par_iter().filter_map(|passage| self.judge_doubled(passage)));
        }
        if self.settings.wants(Rule::SharedPassage) {
            findings.par_extend(passages.par_iter().filter_map(|passage| self.judge_shared(passage)));
        }
        if self.settings.wants(Rule::Boilerplate) {
            findings.par_extend(furniture.par_iter().filter_map(|(passage, confidence)| {
                let occurrences: Vec<&passages::Occurrence> = passage.occurrences.iter().collect();
                self.describe(Rule::Boilerplate, passage, &occurrences, *confidence)
            }));
        }
        findings.par_extend(quoted.par_iter().filter(|(rule, _)| self.settings.wants(*rule)).filter_map(
            |(rule, passage)| {
                let occurrences: Vec<&passages::Occurrence> = passage.occurrences.iter().collect();
                self.describe(*rule, passage, &occurrences, Confidence::High)
            },
        ));
        findings
            .sort_by_key(|finding| (finding.rule, Reverse(repeated_tokens(finding)), finding.id, first_place(finding)));
        name_apart(&mut findings);
        findings
    }

    fn judge_doubled(&self, passage: &Passage) -> Option<Finding> {
        let original = &passage.occurrences[passage.representative];
        let kept: Vec<&passages::Occurrence> = passage
            .occurrences
            .chunk_by(|one, other| one.place.document == other.place.document)
            // Where longer passages say that this document repeats it, its parts are not reported again.
            .filter(|of_document| are_doubled(of_document))
            .flatten()
            .collect();
        if kept.is_empty() || kept.iter().any(|occurrence| std::ptr::eq(*occurrence, original)) {
            return self.describe(Rule::DoubledText, passage, &kept, Confidence::High);
        }
        // The representative stands in a document that holds one copy only: of the kept the one most like it stands in
        // for it, and the others are verified against that.
        let stand_in = find_likest(kept.iter().copied())?.first_copy();
        let verified: Vec<passages::Occurrence> =
            kept.par_iter().filter_map(|occurrence| self.verify(&stand_in, occurrence)).collect();
        let occurrences: Vec<passages::Occurrence> = verified
            .chunk_by(|one, other| one.place.document == other.place.document)
            .filter(|of_document| are_doubled(of_document))
            .flatten()
            .cloned()
            .collect();
        let representative = occurrences.iter().position(|occurrence| occurrence.first_copy() == stand_in)?;
        let passage = Passage { representative, occurrences };
        let kept: Vec<&passages::Occurrence> = passage.occurrences.iter().collect();
        self.describe(Rule::DoubledText, &passage, &kept, Confidence::High)
    }

    /// An occurrence against another representative.
    fn verify(&self, representative: &Place, occurrence: &passages::Occurrence) -> Option<passages::Occurrence> {
        let (a, b) = (self.tokens(representative), self.tokens(&occurrence.first_copy()));
        let alignment = (a != b).then(|| Alignment::between(a, b));
        let is_occurrence =
            alignment.as_ref().is_none_or(|alignment| Likeness::of(self.settings).holds_for(alignment, true));
        is_occurrence.then(|| passages::Occurrence { alignment, ..occurrence.clone() })
    }

    fn judge_shared(&self, passage: &Passage) -> Option<Finding> {
        let original = &passage.occurrences[passage.representative];
        let kept: Vec<&passages::Occurrence> = passage
            .occurrences
            .chunk_by(|one, other| one.place.document == other.place.document)
            .filter_map(|of_document| {
                let representative = of_document.iter().find(|occurrence| std::ptr::eq(*occurrence, original));
                representative.or_else(|| find_likest(of_document))
            })
            .collect();
        if kept.len() < 2 || links_all_documents(passage, kept.len()) {
            return None;
        }
        let finding = self.describe(Rule::SharedPassage, passage, &kept, Confidence::High)?;
        (finding.words >= self.settings.min_words).then_some(finding)
    }

    /// Describes some occurrences of a passage, the representative among them, with evidence against it.
    fn describe(
        &self,
        rule: Rule,
        passage: &Passage,
        kept: &[&passages::Occurrence],
        confidence: Confidence,
    ) -> Option<Finding> {
        let original = &passage.occurrences[passage.representative];
        let representative = kept.iter().position(|occurrence| std::ptr::eq(*occurrence, original))?;
        let chosen = kept[representative].first_copy();
        let text = self.tokens(&chosen);
        let features = feature_set(text);
        let documents: Vec<u32> = kept.iter().map(|occurrence| occurrence.place.document).collect();
        let roles = match rule {
            Rule::DoubledText => roles_within(&documents),
            Rule::SharedPassage | Rule::ReusedQuote | Rule::AlteredQuote => roles_across(self.corpus, &documents),
            _ => vec![(Role::Undecided, "furniture"); documents.len()],
        };
        let occurrences: Vec<Occurrence> = kept
            .par_iter()
            .zip(roles)
            .map(|(occurrence, (role, reason))| {
                let own = occurrence.first_copy();
                let exact = self.align_exactly(&chosen, &own, occurrence.alignment.as_ref());
                let evidence = self.weigh(&chosen, &own, &features, exact.as_deref());
                Occurrence {
                    document: occurrence.place.document,
                    span: self.span(&occurrence.place),
                    count: occurrence.count,
                    tokens: occurrence.place.length(),
                    role,
                    reason,
                    ..evidence
                }
            })
            .collect();
        let words = count_words(text);
        Some(Finding {
            id: identify(rule, hash_sequence(text, Purpose::Finding)),
            rule,
            severity: self.severity(rule, words, &occurrences),
            confidence,
            tokens: chosen.length(),
            words,
            representative: representative as u32,
            occurrences,
        })
    }

    /// The alignment of the words as they stand: passages take near-equal words for equal, evidence does not. None if
    /// all are equal.
    fn align_exactly<'p>(&self, a: &Place, b: &Place, known: Option<&'p Alignment>) -> Option<Cow<'p, Alignment>> {
        let (a, b) = (self.tokens(a), self.tokens(b));
        if a == b {
            return None;
        }
        let is_equal =
            |block: &Block| a[block.a as usize..block.a_end() as usize] == b[block.b as usize..block.b_end() as usize];
        let exact = known.filter(|known| known.blocks.iter().all(is_equal)).map(Cow::Borrowed);
        exact.or_else(|| Some(Cow::Owned(Alignment::between(a, b))))
    }

    /// The evidence that `own` corresponds to the representative; without an alignment, both are equal.
    fn weigh(&self, chosen: &Place, own: &Place, features: &[u64], alignment: Option<&Alignment>) -> Occurrence {
        let (identity, near, containment) = match alignment {
            None => {
                let (length, all) = (u64::from(own.length()), features.len() as u64);
                (Ratio::new(length, length), Ratio::new(all, all), [Ratio::new(all, all); 2])
            }
            Some(alignment) => {
                let own_features = feature_set(self.tokens(own));
                let shared = count_shared(features, &own_features);
                let shares = [own_features.len(), features.len()].map(|all| Ratio::new(shared, all as u64));
                (alignment.identity(), resemblance(features, &own_features), shares)
            }
        };
        Occurrence {
            document: own.document,
            span: self.span(own),
            count: 1,
            tokens: own.length(),
            role: Role::Undecided,
            reason: "",
            identity,
            resemblance: near,
            containment,
            edits: alignment
                .map_or_else(Vec::new, |alignment| edits::describe(self.corpus, self.layouts, alignment, chosen, own)),
        }
    }

    fn tokens(&self, place: &Place) -> &[u32] {
        &self.layouts[place.document as usize].fingerprints[place.tokens()]
    }

    fn document(&self, place: &Place) -> &Document {
        &self.corpus.documents[place.document as usize]
    }

    fn span(&self, place: &Place) -> Span {
        self.layouts[place.document as usize].span(&self.document(place).text, place.tokens())
    }

    fn severity(&self, rule: Rule, words: u32, occurrences: &[Occurrence]) -> Severity {
        match rule {
            Rule::DoubledText => {
                let most = occurrences
                    .iter()
                    .map(|occurrence| {
                        let all = self.layouts[occurrence.document as usize].fingerprints.len() as u64;
                        Ratio::new(u64::from(occurrence.tokens), all).thousandths()
                    })
                    .max()
                    .unwrap_or(0);
                match (most, words) {
                    (300.., 20..) => Severity::Error,
                    (_, 8..) => Severity::Warning,
                    _ => Severity::Note,
                }
            }
            Rule::SharedPassage if words >= 20 => Severity::Warning,
            Rule::AlteredQuote => Severity::Warning,
            _ => Severity::Note,
        }
    }

    /// Accounts for every token of every document; `tokens` tells how many each has.
    pub(crate) fn ledgers(
        &self,
        tokens: &[u32],
        passages: &[Passage],
        furniture: &[(Passage, Confidence)],
        quoted: &[(Rule, Passage)],
    ) -> Vec<Ledger> {
        let mut claims: Vec<Claim> = ledger::claim_furniture(furniture).collect();
        for (_, passage) in quoted {
            // Whoever said it first, it was the speaker.
            claims.extend(ledger::claim_passage(passage, |_| Some((Precedence::Quoted, None))));
        }
        for passage in passages {
            let firsts: Vec<u32> = passage
                .occurrences
                .chunk_by(|one, other| one.place.document == other.place.document)
                .filter_map(|of_document| of_document.first())
                .map(|occurrence| occurrence.place.document)
                .collect();
            let original = firsts.iter().copied().min();
            let mut roles = roles_across(self.corpus, &firsts).into_iter();
            claims.extend(ledger::claim_passage(passage, |first| {
                let role = roles.next().map(|(role, _)| role);
                let is_long = count_words(self.tokens(&first.first_copy())) >= self.settings.min_words;
                match role.filter(|_| firsts.len() > 1 && is_long) {
                    Some(Role::Copy) => Some((Precedence::Elsewhere, original)),
                    Some(Role::Undecided) => Some((Precedence::Elsewhere, None)),
                    _ => None,
                }
            }));
        }
        ledger::settle(claims, tokens)
    }
}

/// Makes clusters of groups of documents.
pub(crate) fn judge_groups(corpus: &Corpus, groups: &[Group]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = groups
        .iter()
        .map(|group| {
            let documents: Vec<u32> = group.members.iter().map(|member| member.document).collect();
            let roles = roles_across(corpus, &documents);
            let members = group
                .members
                .iter()
                .zip(roles)
                .map(|(member, (role, reason))| Member {
                    document: member.document,
                    role,
                    reason,
                    coverage: member.coverage,
                    resemblance: member.resemblance,
                    story: member.story.clone(),
                })
                .collect();
            Cluster {
                id: identify(group.rule, group.name),
                rule: group.rule,
                representative: group.representative,
                members,
            }
        })
        .collect();
    clusters.sort_by_key(|cluster| (Reverse(cluster.members.len()), cluster.rule, cluster.id, cluster.representative));
    let mut taken = BTreeSet::new();
    for cluster in &mut clusters {
        while !taken.insert(cluster.id) {
            cluster.id = permute(cluster.id, 1);
        }
    }
    clusters
}

/// Who came first across documents, as far as dates tell.
fn roles_across(corpus: &Corpus, documents: &[u32]) -> Vec<(Role, &'static str)> {
    let date = |document: u32| corpus.documents[document as usize].date;
    // Documents are ranked by date: the first is the only one that can be certainly before another.
    let first = documents.iter().copied().min().unwrap_or(0);
    let Some(earliest) = date(first) else { return vec![(Role::Undecided, "no date"); documents.len()] };
    let is_later = |document: u32| date(document).is_some_and(|other| earliest.certainly_before(&other));
    let leads = documents.iter().any(|document| is_later(*document));
    let rivals =
        documents.iter().any(|document| *document != first && !is_later(*document) && date(*document).is_some());
    documents
        .iter()
        .map(|document| {
            if *document == first {
                if leads && !rivals {
                    (Role::Original, "earliest date")
                } else {
                    (Role::Undecided, "no date is certainly earlier")
                }
            } else if date(*document).is_none() {
                (Role::Undecided, "no date")
            } else if is_later(*document) {
                (Role::Copy, "later date")
            } else {
                (Role::Undecided, "no date is certainly earlier")
            }
        })
        .collect()
}

/// Whether longer passages say that all documents of a passage, so many, have it in common.
fn links_all_documents(passage: &Passage, documents: usize) -> bool {
    let mut linked: Vec<(u32, u32)> =
        passage.occurrences.iter().map(|occurrence| (occurrence.group, occurrence.place.document)).collect();
    linked.sort_unstable();
    linked.dedup();
    linked.chunk_by(|one, other| one.0 == other.0).any(|of_group| of_group.len() == documents)
}

/// Within documents the first place is the original.
fn roles_within(documents: &[u32]) -> Vec<(Role, &'static str)> {
    let mut last = None;
    documents
        .iter()
        .map(|document| {
            let is_first = last != Some(*document);
            last = Some(*document);
            if is_first { (Role::Original, "first in the text") } else { (Role::Copy, "repeated in the text") }
        })
        .collect()
}

/// Tokens that would go if one copy of a finding stayed.
fn repeated_tokens(finding: &Finding) -> u64 {
    let all: u64 = finding.occurrences.iter().map(|occurrence| u64::from(occurrence.tokens)).sum();
    all.saturating_sub(u64::from(finding.tokens))
}

fn first_place(finding: &Finding) -> Option<(u32, Span)> {
    finding.occurrences.first().map(|occurrence| (occurrence.document, occurrence.span))
}

/// The id of a rule's finding whose representative has this hash.
fn identify(rule: Rule, name: u128) -> u64 {
    permute((name >> 64) as u64 ^ name as u64, rule as u64 + 1)
}

/// Ids are unique: of equal ones, the later (in the order of the report) are permuted until they are.
fn name_apart(findings: &mut [Finding]) {
    let mut taken = BTreeSet::new();
    for finding in findings {
        while !taken.insert(finding.id) {
            finding.id = permute(finding.id, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_linked_if_one_group_has_a_place_in_each() {
        let links = |places: &[(u32, u32)], documents| {
            let occurrence = |(start, (document, group)): (usize, &(u32, u32))| {
                let start = start as u32 * 10;
                let place = Place { document: *document, start, end: start + 10 };
                passages::Occurrence { place, count: 1, alignment: None, group: *group, doubling: 0 }
            };
            let occurrences = places.iter().enumerate().map(occurrence).collect();
            links_all_documents(&Passage { representative: 0, occurrences }, documents)
        };
        assert!(links(&[(0, 0), (1, 0), (1, 2)], 2), "a second place says nothing more of the two");
        assert!(!links(&[(0, 0), (1, 0), (2, 2)], 3), "the third is linked to none");
        assert!(!links(&[(0, 0), (0, 0), (1, 2)], 2), "two places of one document");
    }
}
