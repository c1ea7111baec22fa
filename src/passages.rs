//! Passages: matches grouped, so that one repeated text is one thing with all its occurrences.
//!
//! **Idea.** The two places of every match are intervals of documents. Nearly equal intervals of one document (each
//! covers [`ALIKE`] of the other) are one *node*, matches are edges, and the nodes that hang together may be one
//! passage. A representative is chosen (well connected, then the earliest by date, then the commonest
//! wording), and every other node is aligned with it anew: it is an occurrence if both are [one text](crate::likeness)
//! and no mere [mould](crate::moulds). Matches that no passage holds yet
//! start over with a representative of their own, so there are no transitive joins, and one that no representative
//! explains is a passage as it was found.
//!
//! **Nested passages.** When A holds a text and B and C hold a longer one around it, B and C match each other, and
//! one of them matches A. The short passage is completed by *projection*: where one of its occurrences lies inside an
//! occurrence of a longer passage, the other occurrences of that one hold it too; each is verified like all others. A
//! passage whose occurrences longer passages link with each other says nothing new and is dropped, unless a document
//! holds it twice and no longer passage twice; so is a long passage that is nothing but copies of a shorter one.
//!
//! **Cost.** O(matches · log matches), a few alignments an unequal occurrence, at most [`PROJECTED`] projections a
//! passage: the number of passages and occurrences stays linear in the matches, and so in the text.
//!
//! **Gives up.** After [`ROUNDS`] representatives of one component, the rest are kept as the pairs they were found as.
//! Projections beyond PROJECTED a passage, or from a longer passage of more than PROJECTED occurrences, are left out:
//! those places are reported inside the longer passage only.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::alignment::{Alignment, Block};
use crate::connected::Connected;
use crate::document::Document;
use crate::finding::Ratio;
use crate::hash::{Purpose, hash_sequence};
use crate::likeness::{ALIKE, Likeness};
use crate::matches::{Match, Matches, Place, Run};
use crate::moulds::Moulds;
use crate::nesting::{Containers, link};
use crate::settings::Settings;
use crate::text::Layout;

/// Representatives tried for one component.
const ROUNDS: usize = 16;
/// Projections tried for one passage.
pub(crate) const PROJECTED: usize = 64;

/// One place of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Where; all copies of a run.
    pub(crate) place: Place,
    /// Adjacent copies in it.
    pub(crate) count: u32,
    /// Against the representative (one copy of it); `None` for the representative and for equal texts.
    pub(crate) alignment: Option<Alignment>,
    /// Occurrences of one group lie in corresponding places of longer passages, which say what they have in common.
    pub(crate) group: u32,
    /// Occurrences of one document and one doubling lie in corresponding places of longer texts that the document
    /// holds more than once: those say that it repeats this. What links places of one document by way of another
    /// document's only place says no such thing.
    pub(crate) doubling: u32,
}

impl Occurrence {
    /// The first copy.
    pub(crate) fn first_copy(&self) -> Place {
        Place { end: self.place.start + self.place.length() / self.count, ..self.place }
    }

    /// Where one of its tokens falls in the representative.
    pub(crate) fn locate(&self, token: u32) -> u32 {
        let offset = (token - self.place.start) % self.first_copy().length();
        self.alignment.as_ref().map_or(offset, |alignment| alignment.project_back(offset))
    }
}

/// A text with all its occurrences, ordered by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) representative: usize,
    pub(crate) occurrences: Vec<Occurrence>,
}

impl Passage {
    pub(crate) fn length(&self) -> u32 {
        self.occurrences[self.representative].first_copy().length()
    }
}

/// Groups matches into passages, ordered by their first occurrence; those that longer ones imply are kept or dropped.
#[inline(never)] // counted by itself
pub(crate) fn group(
    found: Matches,
    documents: &[Document],
    settings: &Settings,
    moulds: &Moulds,
    keeps_implied: bool,
) -> Vec<Passage> {
    let mut generations: Vec<u32> = Vec::with_capacity(documents.len());
    for document in 0..documents.len() {
        let last = document.checked_sub(1).map(|last| (generations[last], documents[last].date));
        generations.push(last.map_or(0, |(number, date)| number + u32::from(date != documents[document].date)));
    }
    let grouping = Grouping { layouts: moulds.layouts, generations, likeness: Likeness::of(settings), moulds };
    let (nodes, edges) = grouping.build_nodes(&found.matches, &found.runs);
    let components = split_components(nodes.len(), &edges);
    let mut passages: Vec<Passage> = components
        .into_par_iter()
        .flat_map_iter(|component| grouping.resolve(component, &nodes, &found.matches))
        .collect();
    drop(found);
    passages.sort_by_key(sort_key);
    grouping.project(&mut passages);
    drop_composite(&mut passages);
    if !keeps_implied {
        grouping.drop_implied(&mut passages);
    }
    passages.sort_by_key(sort_key);
    passages
}

fn sort_key(passage: &Passage) -> (Place, usize, u32) {
    (passage.occurrences[0].place, passage.occurrences.len(), passage.length())
}

/// An interval of a document that matches end at.
#[derive(Debug, Clone, Copy)]
struct Node {
    place: Place,
    count: u32,
    /// Matches that end here.
    degree: u32,
}

/// A match between two nodes.
#[derive(Debug, Clone, Copy)]
struct Edge {
    one: u32,
    other: u32,
    /// Index of the match.
    number: u32,
}

struct Component {
    nodes: Vec<u32>,
    edges: Vec<Edge>,
}

struct Grouping<'a> {
    layouts: &'a [Layout],
    /// Documents of one date, or of none, are one generation.
    generations: Vec<u32>,
    likeness: Likeness,
    moulds: &'a Moulds<'a>,
}

impl Grouping<'_> {
    fn tokens(&self, place: &Place) -> &[u32] {
        &self.layouts[place.document as usize].fingerprints[place.tokens()]
    }

    /// Makes nodes of the places of all matches, and edges of the matches.
    fn build_nodes(&self, matches: &[Match], runs: &[Run]) -> (Vec<Node>, Vec<Edge>) {
        // (place, run count, match number * 2 + side); runs come first among equals, so that their node carries the
        // count.
        let mut sides: Vec<(Place, u32, usize)> = Vec::with_capacity(matches.len() * 2 + runs.len());
        for run in runs {
            sides.push((run.first, run.count, usize::MAX));
        }
        for (number, pair) in matches.iter().enumerate() {
            sides.push((pair.a, 1, number * 2));
            sides.push((pair.b, 1, number * 2 + 1));
        }
        sides.par_sort_unstable_by_key(|(place, count, side)| {
            (place.document, u32::MAX - place.length(), place.start, u32::MAX - count, *side)
        });
        let mut nodes: Vec<Node> = Vec::new();
        let mut node_of = vec![0u32; matches.len() * 2];
        for of_document in sides.chunk_by(|one, other| one.0.document == other.0.document) {
            // Nodes of this document by start: alike intervals start within a quarter of their length of each other.
            let mut by_start: BTreeMap<(u32, u32), u32> = BTreeMap::new();
            for (place, count, side) in of_document {
                let reach = place.length() / 4 + 1;
                let range = (place.start.saturating_sub(reach), 0)..(place.start + reach + 1, 0);
                let known = by_start
                    .range(range)
                    .map(|(_, node)| *node)
                    .find(|node| are_alike(&nodes[*node as usize].place, place) && *count == 1);
                let node = known.unwrap_or_else(|| {
                    let node = nodes.len() as u32;
                    nodes.push(Node { place: *place, count: *count, degree: 0 });
                    by_start.insert((place.start, node), node);
                    node
                });
                nodes[node as usize].degree += 1;
                if *side != usize::MAX {
                    node_of[*side] = node;
                }
            }
        }
        let edge =
            |number: usize| Edge { one: node_of[number * 2], other: node_of[number * 2 + 1], number: number as u32 };
        let edges = (0..matches.len()).map(edge).collect();
        (nodes, edges)
    }

    /// Splits a component into passages, each occurrence verified against its passage's representative. A match is
    /// *open* until both its nodes are explained: a passage holds them, or, in two documents, what they overlap. One
    /// whose nodes do not correspond (its places were taken for longer or shorter ones that are nearly the same) is a
    /// passage by itself, so that none is lost; a place may stand in several passages.
    fn resolve(&self, component: Component, nodes: &[Node], matches: &[Match]) -> Vec<Passage> {
        let mut passages = Vec::new();
        let Component { nodes: mut rest, edges: mut open } = component;
        let mut alone: Vec<Edge> = Vec::new();
        for _ in 0..ROUNDS {
            let Some(chosen) = self.choose(&rest, nodes) else { break };
            let representative = nodes[chosen as usize].place;
            let mut verified: Vec<(u32, Occurrence)> = rest
                .par_iter()
                .filter_map(|number| {
                    let node = &nodes[*number as usize];
                    Some((*number, self.verify(&representative, node.place, node.count)?))
                })
                .collect();
            self.keep_repeats(&mut verified);
            let names = |verified: &[(u32, Occurrence)]| verified.iter().map(|(node, _)| *node).collect();
            let explained: BTreeSet<u32> = names(&verified);
            keep_disjoint(&mut verified, &representative);
            let held: BTreeSet<u32> = names(&verified);
            passages.extend(assemble(representative, verified.into_iter().map(|(_, occurrence)| occurrence).collect()));
            // A place that overlaps an occurrence says nothing more of other documents, but the two copies in one do.
            let is_open = |edge: &Edge| {
                let [one, other] = [edge.one, edge.other].map(|node| nodes[node as usize].place.document);
                let done = if one == other { &held } else { &explained };
                !done.contains(&edge.one) || !done.contains(&edge.other)
            };
            open.retain(is_open);
            let is_chosen = |edge: &Edge| edge.one == chosen || edge.other == chosen;
            alone.extend(open.iter().filter(|edge| is_chosen(edge)));
            open.retain(|edge| !is_chosen(edge));
            rest = open.iter().flat_map(|edge| [edge.one, edge.other]).collect();
            rest.sort_unstable();
            rest.dedup();
        }
        for edge in alone.into_iter().chain(open) {
            let Match { a, b, alignment } = &matches[edge.number as usize];
            let occurrence = |place: Place, alignment| Occurrence { place, count: 1, alignment, group: 0, doubling: 0 };
            let altered = (self.tokens(a) != self.tokens(b)).then(|| alignment.clone());
            passages.extend(assemble(*a, vec![occurrence(*a, None), occurrence(*b, altered)]));
        }
        passages
    }

    /// The representative of some nodes: well connected, so that most occurrences are near it; of those the earliest by
    /// date, which is mostly the original; where no date tells, the wording that most have, so that equal texts are
    /// shown as equal. Of wordings that are equally common a hash decides and not the order of the documents, so that a
    /// finding's id does not change with the name of a file; of several places in one document the first.
    fn choose(&self, rest: &[u32], nodes: &[Node]) -> Option<u32> {
        let most = rest.iter().map(|node| nodes[*node as usize].degree).max()?;
        let rank = |node: &u32| {
            let node = &nodes[*node as usize];
            (node.count > 1, node.degree * 2 >= most, Reverse(self.generations[node.place.document as usize]))
        };
        let best = rest.iter().map(rank).max()?;
        let mut wordings: Vec<(u128, u32)> = rest
            .iter()
            .filter(|node| rank(node) == best)
            .map(|node| (hash_sequence(self.tokens(&nodes[*node as usize].place), Purpose::Finding), *node))
            .collect();
        wordings.sort_unstable();
        let same_wording = |one: &(u128, u32), other: &(u128, u32)| one.0 == other.0;
        let most_common = wordings.chunk_by(same_wording).map(<[_]>::len).max()?;
        let place = |node: u32| nodes[node as usize].place;
        let equals = || wordings.chunk_by(same_wording).filter(|same| same.len() == most_common).flatten();
        let document = equals().map(|(name, node)| (*name, place(*node).document)).min()?.1;
        equals().map(|(_, node)| *node).filter(|node| place(*node).document == document).min_by_key(|node| place(*node))
    }

    /// A place as an occurrence of a representative, if both correspond.
    fn verify(&self, representative: &Place, place: Place, count: u32) -> Option<Occurrence> {
        let whole = Run { first: place, count }.whole();
        let (a, b) = (self.tokens(representative), self.tokens(&place));
        if a == b {
            return Some(Occurrence { place: whole, count, alignment: None, group: 0, doubling: 0 });
        }
        let alignment = Alignment::between(a, b);
        let within = representative.document == place.document;
        let in_documents =
            |block: &Block| Block { a: representative.start + block.a, b: place.start + block.b, length: block.length };
        let is_mould = || {
            let blocks: Vec<Block> = alignment.blocks.iter().map(in_documents).collect();
            !within && self.moulds.is_mould(representative, &place, &blocks)
        };
        (self.likeness.holds_for(&alignment, within) && !is_mould()).then_some(Occurrence {
            place: whole,
            count,
            alignment: Some(alignment),
            group: 0,
            doubling: 0,
        })
    }

    /// Keeps the occurrences that [repeat](Self::mark_repeats) their document's likest.
    fn keep_repeats(&self, verified: &mut Vec<(u32, Occurrence)>) {
        let mut kept = self.mark_repeats(verified.iter().map(|(_, occurrence)| occurrence)).into_iter();
        verified.retain(|_| kept.next().unwrap_or(false));
    }

    /// Of the places in one document, tells those that are one text with the one most like the representative: two
    /// that are each like a third in another document need not repeat each other. Occurrences are ordered by document.
    fn mark_repeats<'o>(&self, occurrences: impl IntoIterator<Item = &'o Occurrence>) -> Vec<bool> {
        let occurrences: Vec<&Occurrence> = occurrences.into_iter().collect();
        let mut marks = Vec::with_capacity(occurrences.len());
        for of_document in occurrences.chunk_by(|one, other| one.place.document == other.place.document) {
            let Some(likest) = find_likest(of_document.iter().copied()) else { continue };
            let likest = likest.first_copy();
            marks.extend(of_document.iter().map(|occurrence| {
                let place = occurrence.first_copy();
                place == likest || self.verify(&likest, place, 1).is_some()
            }));
        }
        marks
    }

    /// Completes short passages with the places that longer ones around them imply.
    fn project(&self, passages: &mut [Passage]) {
        let index = Containers::build(passages);
        let additions: Vec<Vec<Occurrence>> = (0..passages.len())
            .into_par_iter()
            .map(|number| {
                let passage = &passages[number];
                let mut tried = 0;
                let mut added: Vec<Occurrence> = Vec::new();
                let representative = passage.occurrences[passage.representative].first_copy();
                for occurrence in &passage.occurrences {
                    for (outer, outer_occurrence) in index.around(&occurrence.place, number) {
                        let outer = &passages[outer];
                        if outer.occurrences.len() > PROJECTED || outer.length() <= passage.length() {
                            continue;
                        }
                        let from = &outer.occurrences[outer_occurrence];
                        for to in &outer.occurrences {
                            if std::ptr::eq(from, to) || from.count > 1 || to.count > 1 || tried >= PROJECTED {
                                continue;
                            }
                            let is_known = stands_in(&passage.occurrences, &to.place)
                                || added.iter().any(|known| overlaps(&known.place, &to.place));
                            if is_known {
                                continue;
                            }
                            tried += 1;
                            let place = self.carry(&occurrence.place, from.place, to.place);
                            added.extend(place.and_then(|place| self.verify(&representative, place, 1)));
                        }
                    }
                }
                added
            })
            .collect();
        for (passage, added) in passages.iter_mut().zip(additions) {
            if added.is_empty() {
                continue;
            }
            let representative = passage.occurrences[passage.representative].place;
            passage.occurrences.extend(added);
            passage.occurrences.sort_by_key(|occurrence| occurrence.place);
            passage.representative =
                passage.occurrences.iter().position(|occurrence| occurrence.place == representative).unwrap_or(0);
        }
    }

    /// Groups the occurrences that longer passages link, and drops the passages that longer ones imply: if two occurrences
    /// lie in corresponding places of two occurrences of one longer passage, that passage says what they have in common,
    /// and if all occurrences are linked by such steps, nothing is left to say; but that a document holds the text twice
    /// only a longer text says which that document holds twice.
    fn drop_implied(&self, passages: &mut Vec<Passage>) {
        let index = Containers::build(passages);
        // A longer passage says that a document holds a text twice of those of its places there that repeat each other.
        let repeats: Vec<Vec<bool>> =
            passages.par_iter().map(|passage| self.mark_repeats(&passage.occurrences)).collect();
        let groups: Vec<Vec<(u32, u32)>> =
            (0..passages.len()).into_par_iter().map(|number| link(passages, number, &index, &repeats)).collect();
        for (passage, groups) in passages.iter_mut().zip(groups) {
            for (occurrence, (group, doubling)) in passage.occurrences.iter_mut().zip(groups) {
                (occurrence.group, occurrence.doubling) = (group, doubling);
            }
        }
        passages.retain(says_news);
    }

    /// Where a part of one place falls in a corresponding place.
    fn carry(&self, part: &Place, from: Place, to: Place) -> Option<Place> {
        let (start, end) = (part.start - from.start, part.end - from.start);
        let (from_tokens, to_tokens) = (self.tokens(&from), self.tokens(&to));
        let (start, end) = if from_tokens == to_tokens {
            (start, end)
        } else {
            let alignment = Alignment::between(from_tokens, to_tokens);
            // The end follows the last token: measured from the block behind it, it would take in what was inserted
            // there.
            (alignment.project(start), alignment.project(end - 1) + 1)
        };
        let place = Place { document: to.document, start: to.start + start, end: (to.start + end).min(to.end) };
        (place.start < place.end).then_some(place)
    }
}

/// Of verified occurrences that overlap keeps the representative, else the longer.
fn keep_disjoint(verified: &mut Vec<(u32, Occurrence)>, representative: &Place) {
    verified.sort_by_key(|(_, occurrence)| {
        let place = occurrence.place;
        (place.document, occurrence.first_copy() != *representative, u32::MAX - place.length(), place.start)
    });
    let mut taken: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    verified.retain(|(_, Occurrence { place, .. })| {
        let before = taken.range(..(place.document, place.end)).next_back();
        let is_free = before.is_none_or(|((document, _), end)| *document != place.document || *end <= place.start);
        if is_free {
            taken.insert((place.document, place.start), place.end);
        }
        is_free
    });
}

/// Makes a passage of verified occurrences, which are disjoint: at least two copies in all.
fn assemble(representative: Place, mut occurrences: Vec<Occurrence>) -> Option<Passage> {
    occurrences.sort_by_key(|occurrence| occurrence.place);
    let copies: u64 = occurrences.iter().map(|occurrence| u64::from(occurrence.count)).sum();
    let representative = occurrences.iter().position(|occurrence| occurrence.first_copy() == representative)?;
    (copies >= 2).then_some(Passage { representative, occurrences })
}

fn overlaps(one: &Place, other: &Place) -> bool {
    one.document == other.document && one.start < other.end && other.start < one.end
}

/// Whether one of these occurrences (sorted, disjoint) touches a place.
fn stands_in(occurrences: &[Occurrence], place: &Place) -> bool {
    let next =
        occurrences.partition_point(|other| (other.place.document, other.place.end) <= (place.document, place.start));
    occurrences.get(next).is_some_and(|other| overlaps(&other.place, place))
}

/// Whether each of two intervals of one document covers most of the other.
fn are_alike(one: &Place, other: &Place) -> bool {
    let shared = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    let longer = one.length().max(other.length());
    Ratio::new(u64::from(shared), u64::from(longer)).thousandths() >= ALIKE
}

/// Groups nodes that edges connect; single nodes that are no run say nothing and are left out.
fn split_components(nodes: usize, edges: &[Edge]) -> Vec<Component> {
    let mut connected = Connected::new(nodes);
    for edge in edges {
        connected.join(edge.one as usize, edge.other as usize);
    }
    connected.settle();
    let mut members: Vec<(u32, u32)> =
        (0..nodes as u32).map(|node| (connected.first(node as usize) as u32, node)).collect();
    members.sort_unstable();
    let mut of_root: Vec<(u32, Edge)> =
        edges.iter().map(|edge| (connected.first(edge.one as usize) as u32, *edge)).collect();
    of_root.sort_unstable_by_key(|(root, edge)| (*root, edge.number));
    let mut at = 0;
    members
        .chunk_by(|one, other| one.0 == other.0)
        .map(|group| {
            let start = at + of_root[at..].partition_point(|edge| edge.0 < group[0].0);
            let end = start + of_root[start..].partition_point(|edge| edge.0 == group[0].0);
            at = end;
            Component {
                nodes: group.iter().map(|(_, node)| *node).collect(),
                edges: of_root[start..end].iter().map(|(_, edge)| *edge).collect(),
            }
        })
        .collect()
}

/// Drops each passage that a shorter one explains: every occurrence of it is made of two or more of the other's. The
/// smallest text that explains all its copies stays.
fn drop_composite(passages: &mut Vec<Passage>) {
    let index = Containers::build(passages);
    // How many tokens of each outer occurrence an inner passage fills: (outer, outer occurrence, inner), tokens.
    let mut filled: Vec<((u32, u32, u32), u32)> = (0..passages.len())
        .into_par_iter()
        .flat_map_iter(|inner| {
            let index = &index;
            let passages = &*passages;
            passages[inner].occurrences.iter().flat_map(move |occurrence| {
                index
                    .around(&occurrence.place, inner)
                    .filter(move |(outer, _)| passages[*outer].length() >= 2 * passages[inner].length())
                    .map(move |(outer, at)| ((outer as u32, at as u32, inner as u32), occurrence.place.length()))
            })
        })
        .collect();
    filled.par_sort_unstable();
    let mut explained: Vec<(u32, u32)> = Vec::new();
    for parts in filled.chunk_by(|one, other| one.0 == other.0) {
        let (outer, at, inner) = parts[0].0;
        let sum: u32 = parts.iter().map(|part| part.1).sum();
        let whole = passages[outer as usize].occurrences[at as usize].place.length();
        if Ratio::new(u64::from(sum), u64::from(whole)).thousandths() >= ALIKE {
            explained.push((outer, inner));
        }
    }
    explained.sort_by_key(|(outer, inner)| (*outer, *inner));
    let mut is_composite = vec![false; passages.len()];
    for same in explained.chunk_by(|one, other| one == other) {
        let outer = same[0].0 as usize;
        is_composite[outer] |= same.len() == passages[outer].occurrences.len();
    }
    let mut is_composite = is_composite.into_iter();
    passages.retain(|_| !is_composite.next().unwrap_or(false));
}

/// Whether a passage says more than longer ones do.
fn says_news(passage: &Passage) -> bool {
    let occurrences = &passage.occurrences;
    occurrences.iter().any(|occurrence| occurrence.group != occurrences[0].group)
        || occurrences.chunk_by(|one, other| one.place.document == other.place.document).any(are_doubled)
}

/// Whether some occurrences in one document say that it holds a text twice, and no longer ones say so already.
pub(crate) fn are_doubled(of_document: &[Occurrence]) -> bool {
    of_document.iter().any(|occurrence| occurrence.count > 1 || occurrence.doubling != of_document[0].doubling)
}

/// Of some occurrences the one most like the representative; the first of equals.
pub(crate) fn find_likest<'a>(occurrences: impl IntoIterator<Item = &'a Occurrence>) -> Option<&'a Occurrence> {
    let likeness = |occurrence: &Occurrence| {
        occurrence.alignment.as_ref().map_or(1000, |alignment| alignment.identity().thousandths())
    };
    occurrences.into_iter().reduce(|best, next| if likeness(next) > likeness(best) { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alignment::Block;
    use crate::extension::Weights;
    use crate::text::lay_out;

    fn place(document: u32, tokens: std::ops::Range<u32>) -> Place {
        Place { document, start: tokens.start, end: tokens.end }
    }

    /// A passage of equal texts.
    fn passage(places: &[Place]) -> Passage {
        let occurrence = |place: &Place| Occurrence { place: *place, count: 1, alignment: None, group: 0, doubling: 0 };
        Passage { representative: 0, occurrences: places.iter().map(occurrence).collect() }
    }

    /// Calls `check` with a grouping of some texts.
    fn with_grouping(texts: &[String], check: impl FnOnce(&Grouping)) {
        let layouts: Vec<Layout> = texts.iter().map(|text| lay_out(text)).collect();
        let settings = Settings::default();
        let moulds = Moulds { layouts: &layouts, weights: Weights::without_common(), min_words: settings.min_words };
        let likeness = Likeness::of(&settings);
        let generations = vec![0; texts.len()];
        check(&Grouping { layouts: &layouts, generations, likeness, moulds: &moulds });
    }

    /// The groups of the occurrences of the first of some passages, if it stays.
    fn groups_of_first(mut passages: Vec<Passage>) -> Option<Vec<u32>> {
        let first = passages[0].length();
        let texts = ["word ".repeat(60), "word ".repeat(60), "word ".repeat(60)];
        with_grouping(&texts, |grouping| grouping.drop_implied(&mut passages));
        let passage = passages.iter().find(|passage| passage.length() == first)?;
        Some(passage.occurrences.iter().map(|occurrence| occurrence.group).collect())
    }

    #[test]
    fn what_longer_passages_link_step_by_step_is_dropped() {
        let short = passage(&[place(0, 10..20), place(1, 10..20), place(2, 0..10)]);
        let (left, right) =
            (passage(&[place(0, 0..20), place(1, 0..20)]), passage(&[place(1, 10..35), place(2, 0..25)]));
        assert_eq!(groups_of_first(vec![short.clone(), left.clone(), right]), None);
        assert_eq!(groups_of_first(vec![short, left]), Some(vec![0, 0, 2]), "the third is linked to none");
    }

    #[test]
    fn that_a_document_holds_a_text_twice_only_a_longer_one_says_that_it_holds_twice() {
        // The second document holds once what the first holds twice, at the end of one passage and at the head of another.
        let twice = passage(&[place(0, 10..20), place(0, 20..30), place(1, 10..20)]);
        let before = passage(&[place(0, 0..20), place(1, 0..20)]);
        let behind = passage(&[place(0, 20..45), place(1, 10..35)]);
        assert_eq!(groups_of_first(vec![twice.clone(), before, behind]), Some(vec![0, 0, 0]));
        let longer = passage(&[place(0, 8..20), place(0, 18..30), place(1, 8..20)]);
        assert_eq!(groups_of_first(vec![twice, longer]), None);
        // Nor does a passage say it that takes the second time for an insertion.
        let mut around = passage(&[place(0, 0..40), place(1, 0..30)]);
        let blocks = vec![Block { a: 0, b: 0, length: 20 }, Block { a: 30, b: 20, length: 10 }];
        around.occurrences[1].alignment = Some(Alignment::of(blocks, 40, 30));
        let twice = passage(&[place(0, 10..20), place(0, 20..30), place(1, 10..20)]);
        assert!(groups_of_first(vec![twice, around]).is_some());
    }

    #[test]
    fn corresponding_places_are_linked_and_others_only_where_documents_hold_the_text_once() {
        let long = passage(&[place(0, 0..40), place(1, 0..40)]);
        let twice = passage(&[place(0, 0..10), place(0, 20..30), place(1, 0..10), place(1, 20..30)]);
        assert_eq!(groups_of_first(vec![twice, long.clone()]), Some(vec![0, 1, 0, 1]));
        let once = passage(&[place(0, 0..10), place(1, 20..30)]);
        assert_eq!(groups_of_first(vec![once, long]), None);
    }

    #[test]
    fn a_carried_part_leaves_out_what_was_inserted_behind_it() {
        let texts =
            ["one two three four five six seven eight", "one two three four five quite new words six seven eight"];
        with_grouping(&texts.map(str::to_owned), |grouping| {
            let carry = |tokens| grouping.carry(&place(0, tokens), place(0, 0..8), place(1, 0..11));
            assert_eq!(carry(0..5), Some(place(1, 0..5)));
            assert_eq!(carry(5..8), Some(place(1, 8..11)));
        });
    }

    #[test]
    fn matches_whose_nodes_do_not_correspond_are_passages_by_themselves() {
        // More pairs than rounds, of six words each; the last three are equal, and match.
        let pairs = ROUNDS as u32 + 4;
        let text = |name: &str| {
            let pair = |pair| format!("{name}{pair}x {name}{pair}y {name}{pair}z same{pair}x same{pair}y same{pair}z ");
            (0..pairs).map(pair).collect::<String>()
        };
        let node = |pair: u32, document| {
            let place = place(document, pair * 6..pair * 6 + 6);
            Node { place, count: 1, degree: 1 }
        };
        let nodes: Vec<Node> = (0..pairs).flat_map(|pair| [node(pair, 0), node(pair, 1)]).collect();
        let edge = |pair: u32| Edge { one: pair * 2, other: pair * 2 + 1, number: pair };
        let component = Component { nodes: (0..pairs * 2).collect(), edges: (0..pairs).map(edge).collect() };
        let found = |pair: u32| {
            let [a, b] = [0, 1].map(|document| place(document, pair * 6 + 3..pair * 6 + 6));
            Match { a, b, alignment: Alignment::of(vec![Block { a: 0, b: 0, length: 3 }], 3, 3) }
        };
        let found: Vec<Match> = (0..pairs).map(found).collect();
        with_grouping(&[text("mine"), text("other")], |grouping| {
            let mut passages = grouping.resolve(component, &nodes, &found);
            passages.sort_by_key(sort_key);
            let expected: Vec<Passage> = found.iter().map(|found| passage(&[found.a, found.b])).collect();
            assert_eq!(passages, expected);
        });
    }

    #[test]
    fn like_a_third_in_another_document_is_not_yet_repeated() {
        let third = "alpha beta gamma delta epsilon zeta eta theta iota kappa";
        let two = "alpha beta gamma delta epsilon zeta eta one two three. four five six delta epsilon zeta eta theta iota kappa";
        with_grouping(&[third.to_owned(), two.to_owned()], |grouping| {
            let verify = |place| grouping.verify(&self::place(0, 0..10), place, 1).map(|found| (0, found));
            let mut verified: Vec<(u32, Occurrence)> =
                [place(0, 0..10), place(1, 0..10), place(1, 10..20)].into_iter().filter_map(verify).collect();
            assert_eq!(verified.len(), 3);
            grouping.keep_repeats(&mut verified);
            let places: Vec<Place> = verified.into_iter().map(|(_, occurrence)| occurrence.place).collect();
            assert_eq!(places, [place(0, 0..10), place(1, 0..10)]);
        });
    }
}
