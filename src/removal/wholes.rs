//! Whole documents: which of them go, for which that stays.
//!
//! A scan compares the members of a cluster with its representative; here each is compared once more with the document
//! that stays, whichever the policy chose. It goes if most of it stands there ([`LEAST_ALIKE`], [`LEAST_CONTAINED`])
//! and it is a version of it ([`versions`](super::versions)). Of the members that are left another stays, and so on.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ahash::AHashMap;
use rayon::prelude::*;

use super::versions::is_version;
use super::{Choice, LEAST_ALIKE, LEAST_CONTAINED, Reason, Removal};
use crate::coverage::coverage;
use crate::families::resemblance;
use crate::finding::{Cluster, Member, Ratio, Rule, Scan};
use crate::sketches::shingle_set;
use crate::text::{Layout, fold, lay_out};

/// Documents of one cluster that may stay for others, beyond which only equal ones go.
const MOST_KEPT: usize = 16;

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

    /// Notes that a document goes. Nothing may have gone for it.
    pub(super) fn insert(&mut self, removal: Removal) {
        if let Reason::Document { kept, .. } = removal.reason {
            self.kept.insert(kept);
        }
        self.removals.insert(removal.document, removal);
    }

    /// Whether others went for a document: what it says has to stay in it.
    pub(super) fn stands_for_others(&self, document: u32) -> bool {
        self.kept.contains(&document)
    }

    /// The document that stays for one that goes; itself if it does not go.
    fn survivor(&self, document: u32) -> u32 {
        match self.removals.get(&document) {
            Some(Removal { reason: Reason::Document { kept, .. }, .. }) => *kept,
            _ => document,
        }
    }

    pub(super) fn into_removals(self) -> impl Iterator<Item = Removal> {
        self.removals.into_values()
    }
}

/// Decides which documents go.
pub(super) fn drop_documents(choice: &Choice<'_>, scan: &Scan) -> Gone {
    let members = scan.clusters.iter().flat_map(|cluster| &cluster.members);
    let wholes = Wholes { choice, stories: members.map(|member| (member.document, &*member.story)).collect() };
    let of_rule = |rule: Rule| scan.clusters.iter().filter(move |cluster| cluster.rule == rule);
    let mut gone = Gone::default();
    if choice.removes(Rule::NearDuplicate) {
        let clusters: Vec<&Cluster> = of_rule(Rule::NearDuplicate).collect();
        let removals: Vec<Vec<Removal>> = clusters.par_iter().map(|cluster| wholes.drop_alike(cluster)).collect();
        removals.into_iter().flatten().for_each(|removal| gone.insert(removal));
    }
    if choice.removes(Rule::Contained) {
        let mut clusters: Vec<&Cluster> = of_rule(Rule::Contained).collect();
        // What holds others may be held itself, by a longer one: that is known before.
        let length = |cluster: &Cluster| choice.document(cluster.representative).text.len();
        clusters.sort_by_key(|cluster| (Reverse(length(cluster)), cluster.representative));
        clusters.into_iter().for_each(|cluster| wholes.drop_contained(cluster, &mut gone));
    }
    gone
}

/// The members of all clusters.
struct Wholes<'a> {
    choice: &'a Choice<'a>,
    /// Which tokens of each are its story.
    stories: AHashMap<u32, &'a [Range<u32>]>,
}

impl Wholes<'_> {
    /// Of a cluster of near-duplicates all go but one, and those that are not held by it well enough.
    fn drop_alike(&self, cluster: &Cluster) -> Vec<Removal> {
        let mut removals = Vec::new();
        let members = cluster.members.iter().filter(|member| !self.is_bare(member.document)).collect();
        for mut left in self.choice.share_out(members, |member: &&Member| member.document) {
            for _ in 0..MOST_KEPT {
                let Some(kept) = self.choice.choose(left.iter().map(|member| member.document)) else { break };
                let story = self.story(kept);
                left.retain(|member| member.document != kept);
                let judge = |member: &&Member| {
                    let known = (kept == cluster.representative).then_some((member.coverage, member.resemblance));
                    self.judge(cluster, &self.story(member.document), &story, known)
                };
                let judged: Vec<Option<Removal>> = left.par_iter().map(judge).collect();
                let mut stay = judged.iter().map(Option::is_none);
                left.retain(|_| stay.next().unwrap_or_default());
                removals.extend(judged.into_iter().flatten());
            }
            removals.extend(self.drop_equal(cluster, &left));
        }
        removals.retain(|removal| !self.choice.is_reference(removal.document));
        removals
    }

    /// Of equal stories all go but one.
    fn drop_equal(&self, cluster: &Cluster, members: &[&Member]) -> Vec<Removal> {
        let mut stories: Vec<Story> = members.par_iter().map(|member| self.story(member.document)).collect();
        stories.sort_by(|one, other| one.tokens.cmp(&other.tokens));
        let mut removals = Vec::new();
        for equal in stories.chunk_by(|one, other| one.tokens == other.tokens) {
            let Some(kept) = self.choice.choose(equal.iter().map(|story| story.document)) else { continue };
            let others = equal.iter().filter(|story| story.document != kept);
            removals.extend(others.map(|story| story.drop_for(kept, cluster, EQUAL)));
        }
        removals
    }

    /// Of a document that holds others, these go.
    fn drop_contained(&self, cluster: &Cluster, gone: &mut Gone) {
        let kept = gone.survivor(cluster.representative);
        if self.is_bare(kept) {
            return;
        }
        let holder = self.story(kept);
        let source = |rank: u32| self.choice.document(rank).source.as_deref();
        let may_go = |document: u32| {
            document != kept
                && !gone.contains(document)
                && !gone.stands_for_others(document)
                && !self.choice.is_reference(document)
                && (!self.choice.policy.per_source || source(document) == source(kept))
        };
        let members = cluster.members.iter().map(|member| member.document);
        let held: Vec<u32> = members.filter(|document| may_go(*document)).collect();
        let judge = |document: u32| self.judge(cluster, &self.story(document), &holder, None);
        let removals: Vec<Option<Removal>> = held.into_par_iter().map(judge).collect();
        removals.into_iter().flatten().for_each(|removal| gone.insert(removal));
    }

    fn story(&self, document: u32) -> Story<'_> {
        Story::of(self.choice, document, self.stories.get(&document).copied().unwrap_or_default())
    }

    /// Whether nothing of a document stays when its furniture goes: others can't go for it.
    fn is_bare(&self, document: u32) -> bool {
        self.choice.furniture.is_all_of(document, || lay_out(&self.choice.document(document).text.read()))
    }

    /// Whether a document goes for one that stays.
    fn judge(&self, cluster: &Cluster, own: &Story, kept: &Story, known: Option<Evidence>) -> Option<Removal> {
        if own.tokens == kept.tokens {
            return Some(own.drop_for(kept.document, cluster, EQUAL));
        }
        let (coverage, resemblance) = known.unwrap_or_else(|| {
            let resemblance = resemblance(&shingle_set(&own.tokens), &shingle_set(&kept.tokens));
            (coverage(&own.tokens, &kept.tokens), resemblance)
        });
        let least = if cluster.rule == Rule::NearDuplicate { LEAST_ALIKE } else { LEAST_CONTAINED };
        let goes = match self.choice.policy.similarity {
            Some(similarity) if cluster.rule == Rule::NearDuplicate => resemblance.thousandths() >= similarity,
            _ => coverage[0].thousandths() >= least && own.is_version(kept, coverage[0]),
        };
        goes.then(|| own.drop_for(kept.document, cluster, (coverage, resemblance)))
    }
}

/// Coverage both ways, and resemblance.
type Evidence = ([Ratio; 2], Ratio);
const EQUAL: Evidence = ([Ratio::ONE; 2], Ratio::ONE);

/// A document without its furniture.
struct Story<'a> {
    document: u32,
    text: Cow<'a, str>,
    layout: Layout,
    /// Where its tokens stand among all.
    places: Vec<usize>,
    tokens: Vec<u32>,
}

impl<'a> Story<'a> {
    /// Takes some stretches of a document, or all of it if there are none.
    fn of(choice: &Choice<'a>, document: u32, stretches: &[Range<u32>]) -> Self {
        // Not held beyond: a cluster may be a large part of a corpus that is left in its file.
        let text = choice.corpus.documents[document as usize].text.read();
        let layout = lay_out(&text);
        let all = layout.fingerprints.len();
        let places: Vec<usize> = match stretches {
            [] => (0..all).collect(),
            // A file that was changed since has other tokens; what is made of it is thrown away.
            some => some.iter().flat_map(|tokens| tokens.start as usize..(tokens.end as usize).min(all)).collect(),
        };
        let tokens = places.iter().map(|place| layout.fingerprints[*place]).collect();
        Story { document, text, layout, places, tokens }
    }

    /// The folded word at a token of the story.
    fn word(&self, token: usize) -> String {
        let span = self.layout.token_span(&self.text, self.places[token]);
        fold(&self.text[span.start as usize..span.end as usize]).into_owned()
    }

    fn is_version(&self, other: &Story<'_>, covered: Ratio) -> bool {
        is_version(&self.tokens, &other.tokens, covered, (|token| self.word(token), |token| other.word(token)))
    }

    fn drop_for(&self, kept: u32, cluster: &Cluster, (coverage, resemblance): Evidence) -> Removal {
        Removal {
            document: self.document,
            span: None,
            tokens: self.layout.fingerprints.len() as u32,
            reason: Reason::Document { rule: cluster.rule, cluster: cluster.id, kept, coverage, resemblance },
        }
    }
}
