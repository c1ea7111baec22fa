//! Clusters: whole documents that cover each other, or lie inside a longer one.
//!
//! **Verdicts**, on the tokens of the story (furniture left out; a document of nothing but furniture is compared
//! whole). With *coverage* as in [`coverage`](crate::coverage) and the setting c (0.70):
//!
//! - `near-duplicate`: both documents are covered ≥ c, a [fact](crate::facts) that differs in step counting for one
//!   word and a half (or, under `--similarity s`, their resemblance is ≥ s);
//! - `contained`: one document of at least `min_words` words is covered ≥ c in the same way, the other is not.
//!
//! Under `--similarity`, two documents that cover each other but resemble too little are neither.
//!
//! **Joining.** Verified pairs are taken strongest first. Two clusters join by such a pair if every member of the one
//! that loses its representative still reaches [`LEAST_TO_REPRESENTATIVE`] with the representative that remains, the
//! earliest document (or a quarter of the resemblance asked for). So one chance pair does not chain strangers together, and versions of a story that grew apart
//! step by step are not split needlessly.
//!
//! **Contained.** A contained document goes to the longest verified document that holds it (the earliest of equals).
//!
//! **Looking.** Every document looks at its candidates, the most promising first, until it has found [`ENOUGH`]
//! near-duplicates; all at the same time. In the next round it goes on with those that are not yet connected with it
//! over near-duplicates: the copies that it found first may all be copies of each other, and the rest of the family
//! comes later. So it goes on until a round finds none.
//!
//! **Cost.** Some 64 candidates a document, and most are settled by an upper bound; a document that has found ENOUGH
//! near-duplicates and holders looks at no longer ones but those of about its length. The full evidence is made once a member.
//!
//! **Gives up.** Pairs of connected documents are not looked at.

use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::census::{Census, story_segments, story_tokens};
use crate::connected::Connected;
use crate::coverage::{Grams, coverage, tile};
use crate::facts::{count_in_step, find_facts};
use crate::families::resemblance;
use crate::finding::{Ratio, Rule};
use crate::hash::{Purpose, hash_sequence};
use crate::reading::Reading;
use crate::resemblance::Candidates;
use crate::settings::Settings;
use crate::sketches::shingle_set;
use crate::text::{Layout, count_words};

/// Least coverage, both ways, between a member and its cluster's representative, in thousandths.
const LEAST_TO_REPRESENTATIVE: u32 = 500;
/// Near-duplicates after which a document stops looking for a round, and partners after which it looks for no holders.
const ENOUGH: usize = 2;

/// Documents that belong together, by rank; `representative` is one of them.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) rule: Rule,
    pub(crate) representative: u32,
    /// Hash of the representative's tokens, furniture and all.
    pub(crate) name: u128,
    pub(crate) members: Vec<Evidence>,
}

/// A member's exact evidence against the representative.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) document: u32,
    pub(crate) coverage: [Ratio; 2],
    pub(crate) resemblance: Ratio,
    /// The tokens that were compared, if they are not all.
    pub(crate) story: Box<[Range<u32>]>,
}

/// All groups, and how many pairs were verified.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    pub(crate) groups: Vec<Group>,
    pub(crate) verified: u64,
}

/// A verified pair of documents, `one < other` by rank.
#[derive(Debug, Clone, Copy)]
struct Edge {
    one: u32,
    other: u32,
    kind: EdgeKind,
}

/// How far a document has got with its candidates.
#[derive(Debug, Default)]
struct Look {
    passed: usize,
    /// Near-duplicates that were found, and documents that hold it.
    partners: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EdgeKind {
    /// Near-duplicates, with their strength in thousandths.
    Alike(u32),
    /// The first is contained in the second.
    InOther,
    /// The second is contained in the first.
    InOne,
}

/// Verifies candidates and joins them into clusters.
///
/// Documents that candidates connect, over any number of steps, are read together, each once.
#[inline(never)] // counted by itself
pub(crate) fn join(candidates: &Candidates, reading: &Reading, census: &Census, settings: &Settings) -> Groups {
    let joined: Vec<Groups> = candidates
        .connected()
        .into_par_iter()
        .map(|documents| Joining::read(documents, candidates, reading, census, settings).join())
        .collect();
    let mut all = Groups::default();
    for groups in joined {
        all.groups.extend(groups.groups);
        all.verified += groups.verified;
    }
    all.groups.sort_by_key(|group: &Group| (Reverse(group.members.len()), group.rule, group.representative));
    all
}

/// Connected documents, by rank.
struct Joining<'a> {
    stories: Vec<Story>,
    candidates: &'a Candidates,
    reading: &'a Reading<'a>,
    census: &'a Census,
    settings: &'a Settings,
}

/// A document as it is compared.
#[derive(Default)]
struct Story {
    document: u32,
    tokens: Vec<u32>,
    /// Where those tokens stand among all of the document, if they are not all.
    stretches: Box<[Range<u32>]>,
    /// Which tokens are facts; found when they are asked for.
    facts: OnceLock<Vec<bool>>,
    /// The whole document, where the story is but a part of it.
    whole: Option<Whole>,
    shingles: OnceLock<Vec<u64>>,
}

/// A document with its furniture.
#[derive(Clone, Copy)]
struct Whole {
    /// In tokens.
    length: u32,
    name: u128,
}

impl Story {
    fn of(document: u32, text: &str, layout: &Layout, census: &Census) -> Self {
        let verdicts = census.judge(document, text, layout);
        let mut stretches = story_segments(&verdicts, layout);
        if stretches.is_empty() {
            stretches.push(0..layout.starts.len());
        }
        Story {
            document,
            tokens: story_tokens(&verdicts, layout).into_owned(),
            facts: find_facts(text, layout, &stretches).into(),
            stretches: match stretches.as_slice() {
                [all] if *all == (0..layout.starts.len()) => Box::default(),
                some => some.iter().map(|tokens| tokens.start as u32..tokens.end as u32).collect(),
            },
            whole: Some(Whole {
                length: layout.fingerprints.len() as u32,
                name: hash_sequence(&layout.fingerprints, Purpose::Finding),
            }),
            shingles: OnceLock::new(),
        }
    }

    /// Tokens of the document, furniture and all.
    fn length(&self) -> u32 {
        self.whole.map_or(self.tokens.len() as u32, |whole| whole.length)
    }

    /// Hash of those tokens.
    fn name(&self) -> u128 {
        self.whole.map_or_else(|| hash_sequence(&self.tokens, Purpose::Finding), |whole| whole.name)
    }

    fn shingles(&self) -> &[u64] {
        self.shingles.get_or_init(|| shingle_set(&self.tokens))
    }

    fn resemblance(&self, other: &Story) -> Ratio {
        if self.tokens == other.tokens { Ratio::ONE } else { resemblance(self.shingles(), other.shingles()) }
    }

    /// The same, without keeping this side's shingles where nobody asked for them yet.
    fn resemblance_once(&self, other: &Story) -> Ratio {
        match self.shingles.get() {
            None if self.tokens != other.tokens => resemblance(&shingle_set(&self.tokens), other.shingles()),
            _ => self.resemblance(other),
        }
    }
}

impl<'a> Joining<'a> {
    fn read(
        documents: Vec<u32>,
        candidates: &'a Candidates,
        reading: &'a Reading,
        census: &'a Census,
        settings: &'a Settings,
    ) -> Self {
        let mut joining = Joining { stories: Vec::new(), candidates, reading, census, settings };
        joining.stories = documents.into_par_iter().map(|document| joining.read_story(document)).collect();
        joining
    }

    fn read_story(&self, document: u32) -> Story {
        // Under a resemblance few are asked for their facts.
        if self.settings.similarity.is_some() && self.census.is_all_story(document) {
            let tokens = self.reading.tokens(document);
            Story { document, tokens, ..Story::default() }
        } else {
            self.reading.look(document, |text, layout| Story::of(document, text, layout, self.census))
        }
    }

    fn facts<'s>(&self, story: &'s Story) -> &'s [bool] {
        story.facts.get_or_init(|| {
            let find =
                |text: &str, layout: &Layout| find_facts(text, layout, std::slice::from_ref(&(0..layout.starts.len())));
            self.reading.look(story.document, find)
        })
    }

    fn join(&self) -> Groups {
        let edges = self.find_edges();
        let mut groups = Vec::new();
        if self.settings.wants(Rule::NearDuplicate) {
            groups.extend(self.join_alike(&edges));
        }
        if self.settings.wants(Rule::Contained) {
            groups.extend(self.gather_contained(&edges));
        }
        Groups { groups, verified: edges.len() as u64 }
    }

    /// The verified pairs of all documents, round by round, until nothing is left to be looked at.
    fn find_edges(&self) -> Vec<Edge> {
        let mut connected = Connected::new(self.stories.len());
        let mut looks: Vec<Look> = self.stories.iter().map(|_| Look::default()).collect();
        let mut edges = Vec::new();
        loop {
            let found: Vec<Vec<Edge>> =
                looks.par_iter_mut().enumerate().map(|(number, look)| self.look_on(number, look, &connected)).collect();
            let mut is_done = true;
            for edge in found.iter().flatten().filter(|edge| matches!(edge.kind, EdgeKind::Alike(_))) {
                connected.join(self.number(edge.one), self.number(edge.other));
                is_done = false;
            }
            connected.settle();
            edges.extend(found.into_iter().flatten());
            if is_done {
                return edges;
            }
        }
    }

    /// Where a document stands among the stories.
    fn number(&self, document: u32) -> usize {
        let found = self.stories.binary_search_by_key(&document, |story| story.document);
        found.unwrap_or_else(|_| unreachable!("candidates are read together"))
    }

    fn story(&self, document: u32) -> &Story {
        &self.stories[self.number(document)]
    }

    /// Goes on with the candidates of a document, and gives its verified pairs, until [`ENOUGH`] of them are
    /// near-duplicates or there are no more.
    fn look_on(&self, number: usize, look: &mut Look, connected: &Connected) -> Vec<Edge> {
        let mut edges = Vec::new();
        let story = &self.stories[number];
        let candidates = self.candidates.of(story.document);
        let grams = LazyCell::new(|| Grams::of(&story.tokens));
        let mut alike = 0;
        while alike < ENOUGH
            && let Some(candidate) = candidates.get(look.passed)
        {
            look.passed += 1;
            let other = self.number(*candidate);
            let one = &self.stories[other];
            // Who has partners enough needs no more holders: of the longer ones only the rest of its family.
            let is_longer = one.tokens.len() > story.tokens.len();
            if connected.are(number, other) || (look.partners >= ENOUGH && is_longer && !self.may_be_alike(one, story))
            {
                continue;
            }
            let Some(kind) = self.judge(one, story, &grams) else { continue };
            edges.push(Edge { one: *candidate, other: story.document, kind });
            match kind {
                EdgeKind::Alike(_) => (alike, look.partners) = (alike + 1, look.partners + 1),
                EdgeKind::InOne => look.partners += 1,
                // A long document may hold any number of short ones.
                EdgeKind::InOther => {}
            }
        }
        edges
    }

    /// Whether two documents are of one size, as far as near-duplicates have to be: in tokens, or in shingles if these
    /// are compared.
    fn may_be_alike(&self, one: &Story, other: &Story) -> bool {
        let (least, sizes) = match self.settings.similarity {
            Some(similarity) => (similarity, [one.shingles().len(), other.shingles().len()]),
            None => (self.settings.coverage, [one.tokens.len(), other.tokens.len()]),
        };
        let (smaller, larger) = (sizes[0].min(sizes[1]) as u64, sizes[0].max(sizes[1]) as u64);
        smaller * 1000 >= larger * u64::from(least)
    }

    fn judge(
        &self,
        one: &Story,
        other: &Story,
        other_grams: &LazyCell<Grams, impl FnOnce() -> Grams>,
    ) -> Option<EdgeKind> {
        let (one_tokens, other_tokens) = (one.tokens.as_slice(), other.tokens.as_slice());
        let shorter = one_tokens.len().min(other_tokens.len()) as u64;
        let least = u64::from(self.settings.coverage);
        if let Some(similarity) = self.settings.similarity {
            let strength = one.resemblance(other).thousandths();
            if strength >= similarity {
                return Some(EdgeKind::Alike(strength));
            }
        }
        if u64::from(other_grams.most_tiled(one_tokens)) * 1000 < least * shorter {
            return None;
        }
        let tiling = tile(one_tokens, other_tokens);
        let tiled = u64::from(tiling.count());
        if tiled * 1000 < least * shorter {
            return None;
        }
        let in_step = count_in_step(self.facts(one), &tiling.in_a, self.facts(other), &tiling.in_b);
        // Twice the words, so that half a word stays an integer.
        let weight = |tokens: &[u32]| 2 * tokens.len() as u64 + u64::from(in_step);
        let covered = |tokens: &[u32]| Ratio::new(2 * tiled, weight(tokens)).thousandths();
        let is_covered = |tokens: &[u32]| covered(tokens) >= self.settings.coverage;
        let is_long = |tokens: &[u32]| count_words(tokens) >= self.settings.min_words;
        match (is_covered(one_tokens), is_covered(other_tokens)) {
            (true, true) if self.settings.similarity.is_none() => {
                Some(EdgeKind::Alike(covered(one_tokens).min(covered(other_tokens))))
            }
            (true, false) if is_long(one_tokens) => Some(EdgeKind::InOther),
            (false, true) if is_long(other_tokens) => Some(EdgeKind::InOne),
            _ => None,
        }
    }

    /// Whether two documents reach the lower bound between a member and its representative.
    fn is_near(&self, one: u32, other: u32) -> bool {
        let (one, other) = (self.story(one), self.story(other));
        match self.settings.similarity {
            Some(similarity) => one.resemblance(other).thousandths() * 4 >= similarity,
            None => {
                coverage(&one.tokens, &other.tokens).iter().all(|share| share.thousandths() >= LEAST_TO_REPRESENTATIVE)
            }
        }
    }

    fn join_alike(&self, edges: &[Edge]) -> Vec<Group> {
        let mut alike: Vec<(u32, u32, u32)> = edges
            .iter()
            .filter_map(|edge| match edge.kind {
                EdgeKind::Alike(strength) => Some((strength, edge.one, edge.other)),
                _ => None,
            })
            .collect();
        alike.sort_unstable_by_key(|(strength, one, other)| (Reverse(*strength), *one, *other));
        let mut representative: BTreeMap<u32, u32> =
            self.stories.iter().map(|story| (story.document, story.document)).collect();
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (_, first, second) in alike {
            let (one, other) = (representative[&first], representative[&second]);
            let (stays, goes) = (one.min(other), one.max(other));
            if stays == goes {
                continue;
            }
            let going = members.remove(&goes).unwrap_or_else(|| vec![goes]);
            // A pair that was verified with the representative itself needs no second look.
            let is_verified = (stays, going.as_slice()) == (first, [second].as_slice());
            if is_verified || going.par_iter().all(|member| self.is_near(stays, *member)) {
                for member in &going {
                    representative.insert(*member, stays);
                }
                members.entry(stays).or_insert_with(|| vec![stays]).extend(going);
            } else if going.len() > 1 {
                members.insert(goes, going);
            }
        }
        members
            .into_iter()
            .map(|(representative, members)| self.describe(Rule::NearDuplicate, representative, members))
            .collect()
    }

    fn gather_contained(&self, edges: &[Edge]) -> Vec<Group> {
        let mut holders: BTreeMap<u32, u32> = BTreeMap::new();
        let length = |document: u32| self.story(document).length();
        for edge in edges {
            let (inner, outer) = match edge.kind {
                EdgeKind::InOther => (edge.one, edge.other),
                EdgeKind::InOne => (edge.other, edge.one),
                EdgeKind::Alike(_) => continue,
            };
            let holder = holders.entry(inner).or_insert(outer);
            if (length(outer), Reverse(outer)) > (length(*holder), Reverse(*holder)) {
                *holder = outer;
            }
        }
        let mut held: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (inner, outer) in holders {
            held.entry(outer).or_insert_with(|| vec![outer]).push(inner);
        }
        held.into_iter().map(|(outer, members)| self.describe(Rule::Contained, outer, members)).collect()
    }

    /// Makes the evidence of all members against the representative.
    fn describe(&self, rule: Rule, representative: u32, mut members: Vec<u32>) -> Group {
        members.sort_unstable();
        let story = self.story(representative);
        let members = members
            .par_iter()
            .map(|member| {
                let own = self.story(*member);
                let (coverage, resemblance) = match *member == representative {
                    true => ([Ratio::ONE; 2], Ratio::ONE),
                    false => (coverage(&own.tokens, &story.tokens), own.resemblance_once(story)),
                };
                Evidence { document: *member, coverage, resemblance, story: own.stretches.clone() }
            })
            .collect();
        Group { rule, representative, name: story.name(), members }
    }
}
