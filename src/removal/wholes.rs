//! Whole documents: which of them go, for which that stays.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Choice, LEAST_CONTAINED, Reason, Removal};
use crate::coverage::coverage;
use crate::families::resemblance;
use crate::finding::{Cluster, Member, Ratio, Rule, Scan};
use crate::sketches::shingle_set;
use crate::text::{Cutter, lay_out};

/// Documents that go, with the one that stays for each.
#[derive(Debug, Default)]
pub(super) struct Gone {
    removals: BTreeMap<u32, Removal>,
    /// Documents that others went for.
    kept: BTreeSet<u32>,
}

impl Gone {
    pub(super) fn contains(&self, document: u32) -> bool {
        self.removals.contains_key(&document)
    }

    pub(super) fn insert(&mut self, removal: Removal) {
        if let Reason::Document { kept, .. } = removal.reason {
            self.kept.insert(kept);
        }
        self.removals.insert(removal.document, removal);
    }

    /// Whether others went for a document.
    fn stands_for_others(&self, document: u32) -> bool {
        self.kept.contains(&document)
    }

    /// The document that stays for one that goes; itself if it does not go.
    fn survivor(&self, document: u32) -> u32 {
        let mut survivor = document;
        while let Some(Removal { reason: Reason::Document { kept, .. }, .. }) = self.removals.get(&survivor) {
            survivor = *kept;
        }
        survivor
    }

    pub(super) fn into_removals(self) -> impl Iterator<Item = Removal> {
        self.removals.into_values()
    }
}

/// Decides which documents go.
pub(super) fn drop_documents(choice: &Choice<'_>, scan: &Scan) -> Gone {
    let mut gone = Gone::default();
    let of_rule = |rule: Rule| scan.clusters.iter().filter(move |cluster| cluster.rule == rule);
    if choice.removes(Rule::NearDuplicate) {
        for cluster in of_rule(Rule::NearDuplicate) {
            drop_all_but_one(choice, cluster, &mut gone);
        }
    }
    if choice.removes(Rule::Contained) {
        let mut held: Vec<(&Cluster, &Member)> = of_rule(Rule::Contained)
            .flat_map(|cluster| cluster.members.iter().map(move |member| (cluster, member)))
            .filter(|(cluster, member)| member.document != cluster.representative)
            .collect();
        // Who holds others is longer than they are: its own fate is known before theirs is asked.
        let length = |document: u32| choice.document(document).text.len();
        held.sort_by_key(|(cluster, member)| (Reverse(length(member.document)), member.document, cluster.id));
        for (cluster, member) in held {
            drop_contained(choice, cluster, member, &mut gone);
        }
    }
    gone
}

fn drop_all_but_one(choice: &Choice<'_>, cluster: &Cluster, gone: &mut Gone) {
    let members: Vec<&Member> = cluster.members.iter().collect();
    for group in choice.share_out(members, |member| member.document) {
        let Some(kept) = choice.choose(group.iter().map(|member| member.document)) else { continue };
        for member in group {
            if member.document != kept && !choice.is_reference(member.document) {
                gone.insert(Removal {
                    document: member.document,
                    span: None,
                    tokens: count_tokens(choice, member.document),
                    reason: justify(choice, cluster, member, kept),
                });
            }
        }
    }
}

fn drop_contained(choice: &Choice<'_>, cluster: &Cluster, member: &Member, gone: &mut Gone) {
    let document = member.document;
    let kept = gone.survivor(cluster.representative);
    let source = |rank: u32| choice.document(rank).source.as_deref();
    let is_apart = choice.policy.per_source && source(document) != source(kept);
    if gone.contains(document)
        || gone.stands_for_others(document)
        || choice.is_reference(document)
        || kept == document
        || is_apart
    {
        return;
    }
    let reason = justify(choice, cluster, member, kept);
    if matches!(&reason, Reason::Document { coverage: [of_it, _], .. } if of_it.thousandths() >= LEAST_CONTAINED) {
        gone.insert(Removal { document, span: None, tokens: count_tokens(choice, document), reason });
    }
}

/// The evidence against the document that stays: that of the scan where it is the representative of the cluster.
fn justify(choice: &Choice<'_>, cluster: &Cluster, member: &Member, kept: u32) -> Reason {
    let (coverage, resemblance) = if kept == cluster.representative {
        (member.coverage, member.resemblance)
    } else {
        compare(choice, member.document, kept)
    };
    Reason::Document { rule: cluster.rule, cluster: cluster.id, kept, coverage, resemblance }
}

/// Exact evidence of two documents, furniture and all.
fn compare(choice: &Choice<'_>, one: u32, other: u32) -> ([Ratio; 2], Ratio) {
    let tokens = |rank: u32| lay_out(&choice.document(rank).text).fingerprints;
    let (one, other) = (tokens(one), tokens(other));
    (coverage(&one, &other), resemblance(&shingle_set(&one), &shingle_set(&other)))
}

fn count_tokens(choice: &Choice<'_>, document: u32) -> u32 {
    Cutter::default().tokens(&choice.document(document).text).len() as u32
}
