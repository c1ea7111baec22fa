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
//! **Ledger.** Each token is counted once: furniture before doubled text, doubled text before text of other documents,
//! the longest passage first. So the fields add up.
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
use crate::families::{count_shared, feature_set, resemblance};
use crate::finding::{
    Cluster, Confidence, Edit, EditKind, Finding, Ledger, Member, Occurrence, Ratio, Role, Rule, Severity, Span,
};
use crate::hash::{Purpose, hash_sequence, permute};
use crate::likeness::Likeness;
use crate::matches::Place;
use crate::passages::{self, Passage, find_likest, says_news};
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
    pub(crate) fn judge(&self, passages: &[Passage], furniture: &[(Passage, Confidence)]) -> Vec<Finding> {
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
            .filter(|of_document| copies(of_document) > 1 && says_news(*of_document))
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
            .filter(|of_document| copies(of_document) > 1)
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
            Rule::SharedPassage => roles_across(self.corpus, &documents),
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
            edits: alignment.map_or_else(Vec::new, |alignment| self.edits(alignment, chosen, own)),
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

    /// The gaps of an alignment as byte spans.
    fn edits(&self, alignment: &Alignment, a: &Place, b: &Place) -> Vec<Edit> {
        let bytes = |place: &Place, tokens: std::ops::Range<u32>| {
            let layout = &self.layouts[place.document as usize];
            let text = &self.document(place).text;
            let token = |number: u32| layout.token_span(text, number as usize);
            let (start, end) = (place.start + tokens.start, place.start + tokens.end);
            if start < end {
                Span { start: token(start).start, end: token(end - 1).end }
            } else {
                let at = if start < place.end { token(start).start } else { token(start - 1).end };
                Span { start: at, end: at }
            }
        };
        alignment
            .gaps()
            .map(|(in_a, in_b)| Edit {
                kind: match (in_a.is_empty(), in_b.is_empty()) {
                    (true, _) => EditKind::Inserted,
                    (_, true) => EditKind::Deleted,
                    _ => EditKind::Changed,
                },
                representative: bytes(a, in_a),
                occurrence: bytes(b, in_b),
            })
            .collect()
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
            _ => Severity::Note,
        }
    }

    /// Accounts for every token of every document; `tokens` tells how many each has.
    pub(crate) fn ledgers(
        &self,
        tokens: &[u32],
        passages: &[Passage],
        furniture: &[(Passage, Confidence)],
    ) -> Vec<Ledger> {
        // Claims on tokens: (document, order of precedence, place, creditor), one a repeated place.
        let mut claims: Vec<Claim> = Vec::new();
        for (passage, _) in furniture {
            claims.extend(
                passage.occurrences.iter().map(|occurrence| Claim::new(Precedence::Furniture, occurrence.place)),
            );
        }
        for passage in passages {
            let firsts: Vec<u32> = passage
                .occurrences
                .chunk_by(|one, other| one.place.document == other.place.document)
                .filter_map(|of_document| of_document.first())
                .map(|occurrence| occurrence.place.document)
                .collect();
            let roles = roles_across(self.corpus, &firsts);
            let original = firsts.iter().copied().min();
            let mut first_of = roles.into_iter();
            let mut last = None;
            for (occurrence, parts) in passage.occurrences.iter().zip(repeated_parts(passage)) {
                let (whole, copy) = (occurrence.place, occurrence.first_copy());
                if copy != whole {
                    claims.push(Claim::new(Precedence::Doubled, Place { start: copy.end, ..whole }));
                }
                let claim = if last == Some(whole.document) {
                    Some((Precedence::Doubled, None))
                } else {
                    let is_long = count_words(self.tokens(&copy)) >= self.settings.min_words;
                    match first_of.next() {
                        Some((Role::Copy, _)) if firsts.len() > 1 && is_long => Some((Precedence::Elsewhere, original)),
                        Some((Role::Undecided, _)) if firsts.len() > 1 && is_long => {
                            Some((Precedence::Elsewhere, None))
                        }
                        _ => None,
                    }
                };
                last = Some(whole.document);
                if let Some((precedence, from)) = claim {
                    claims.extend(parts.into_iter().map(|place| Claim { from, ..Claim::new(precedence, place) }));
                }
            }
        }
        claims.par_sort_unstable();
        let mut ledgers: Vec<Ledger> =
            tokens.iter().map(|tokens| Ledger { tokens: *tokens, original: *tokens, ..Ledger::default() }).collect();
        for of_document in claims.chunk_by(|one, other| one.document == other.document) {
            settle(of_document, &mut ledgers[of_document[0].document as usize]);
        }
        ledgers
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

/// Copies in some occurrences, adjacent ones counted.
fn copies(occurrences: &[passages::Occurrence]) -> u64 {
    occurrences.iter().map(|occurrence| u64::from(occurrence.count)).sum()
}

/// The stretches of each occurrence that the ledger may count: of a document's first one, what another document says in
/// the same words; of its further ones, what any other occurrence says. What was added in between stands nowhere else,
/// and the ledger leaves it to its document. Linear in the tokens of all occurrences.
fn repeated_parts(passage: &Passage) -> Vec<Vec<Place>> {
    let blocks = |occurrence: &passages::Occurrence| match &occurrence.alignment {
        Some(alignment) => alignment.blocks.clone(),
        None => vec![Block { a: 0, b: 0, length: occurrence.first_copy().length() }],
    };
    let length = passage.occurrences[passage.representative].first_copy().length() as usize;
    let groups = || passage.occurrences.chunk_by(|one, other| one.place.document == other.place.document);
    let mark = |of_document: &[passages::Occurrence]| {
        let mut said = vec![false; length];
        for block in of_document.iter().flat_map(blocks) {
            said[block.a as usize..block.a_end() as usize].fill(true);
        }
        said
    };
    // For each token of the representative, how many documents and how many occurrences say it.
    let (mut documents, mut occurrences) = (vec![0u32; length], vec![0u32; length]);
    for of_document in groups() {
        documents.iter_mut().zip(mark(of_document)).for_each(|(count, said)| *count += u32::from(said));
        for block in of_document.iter().flat_map(blocks) {
            occurrences[block.a as usize..block.a_end() as usize].iter_mut().for_each(|count| *count += 1);
        }
    }
    let mut parts = Vec::with_capacity(passage.occurrences.len());
    for of_document in groups() {
        let own = mark(of_document);
        for (at, occurrence) in of_document.iter().enumerate() {
            let is_repeated = |token: usize| {
                if at == 0 { documents[token] > u32::from(own[token]) } else { occurrences[token] > 1 }
            };
            let start = occurrence.place.start;
            let mut stretches: Vec<Place> = Vec::new();
            for block in blocks(occurrence) {
                for offset in (0..block.length).filter(|offset| is_repeated((block.a + offset) as usize)) {
                    let token = start + block.b + offset;
                    match stretches.last_mut() {
                        Some(last) if last.end == token => last.end += 1,
                        _ => stretches.push(Place { start: token, end: token + 1, ..occurrence.place }),
                    }
                }
            }
            parts.push(stretches);
        }
    }
    parts
}

/// Which claim on a token comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Precedence {
    Furniture,
    Doubled,
    Elsewhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    document: u32,
    precedence: Precedence,
    /// Longest first.
    shortness: u32,
    start: u32,
    end: u32,
    from: Option<u32>,
}

impl Claim {
    fn new(precedence: Precedence, place: Place) -> Self {
        let Place { document, start, end } = place;
        Claim { document, precedence, shortness: u32::MAX - (end - start), start, end, from: None }
    }
}

/// Gives each token of a document to the first claim on it.
fn settle(claims: &[Claim], ledger: &mut Ledger) {
    let mut taken = vec![false; ledger.tokens as usize];
    for claim in claims {
        let free = taken[claim.start as usize..claim.end as usize].iter_mut();
        let gained = free.map(|token| u32::from(!std::mem::replace(token, true))).sum::<u32>();
        if gained == 0 {
            continue;
        }
        ledger.original -= gained;
        match (claim.precedence, claim.from) {
            (Precedence::Furniture, _) => ledger.boilerplate += gained,
            (Precedence::Doubled, _) => ledger.doubled += gained,
            (Precedence::Elsewhere, None) => ledger.shared += gained,
            (Precedence::Elsewhere, Some(from)) => match ledger.reused.binary_search_by_key(&from, |entry| entry.0) {
                Ok(at) => ledger.reused[at].1 += gained,
                Err(at) => ledger.reused.insert(at, (from, gained)),
            },
        }
    }
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
                passages::Occurrence { place, count: 1, alignment: None, group: *group }
            };
            let occurrences = places.iter().enumerate().map(occurrence).collect();
            links_all_documents(&Passage { representative: 0, occurrences }, documents)
        };
        assert!(links(&[(0, 0), (1, 0), (1, 2)], 2), "a second place says nothing more of the two");
        assert!(!links(&[(0, 0), (1, 0), (2, 2)], 3), "the third is linked to none");
        assert!(!links(&[(0, 0), (0, 0), (1, 2)], 2), "two places of one document");
    }
}
