//! Plan: what the human report shows, in which order, and what it only counts.
//!
//! Clusters come first. Then documents, worst first: those with a defect before the others, then by tokens repeated
//! (furniture counts last), then by rank. Each passage is told once, in the worst document that took it, with its other
//! places beside it. What a cluster of whole documents already says is not said again passage by passage. Furniture
//! known by repetition has a list of its own; furniture known by its wording alone is gathered document by document.

use super::super::totals;
use super::super::view::View;
use super::palette::Palette;
use crate::finding::{Cluster, Confidence, Finding, Role, Rule, Severity};

/// What to show. Numbers are indices into the scan.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Clusters.
    pub(super) clusters: Vec<usize>,
    /// For each cluster of the scan, shared passages that lie wholly among its members.
    pub(super) within: Vec<u64>,
    /// Documents with something to say.
    pub(super) pages: Vec<Page>,
    /// Furniture known by repetition.
    pub(super) furniture: Vec<usize>,
    /// Furniture known by its wording alone that stands on no page.
    pub(super) wording: Vec<usize>,
    /// Clusters, and findings outside of clusters and furniture, that are not shown anywhere.
    pub(super) hidden: (u64, u64),
}

/// One document's part.
#[derive(Debug)]
pub(super) struct Page {
    /// Rank.
    pub(super) document: u32,
    /// Findings to show.
    pub(super) findings: Vec<usize>,
    /// Findings that there is no room for.
    pub(super) hidden: u64,
    /// Furniture known by its wording alone.
    pub(super) wording: Vec<usize>,
}

impl Plan {
    pub(super) fn new(view: &View, palette: &Palette) -> Plan {
        let mut plan = Plan { within: vec![0; view.scan.clusters.len()], ..Plan::default() };
        let places = places(view);
        let clusters_of = clusters_of(view);

        let mut told: Vec<(u32, usize)> = Vec::new();
        let mut worded: Vec<(u32, usize)> = Vec::new();
        for (index, finding) in view.scan.findings.iter().enumerate() {
            match (finding.rule, finding.confidence) {
                (Rule::Boilerplate, Confidence::High) => plan.furniture.push(index),
                (Rule::Boilerplate, Confidence::Low) => {
                    let mut last = None;
                    for occurrence in &finding.occurrences {
                        if last.replace(occurrence.document) != Some(occurrence.document) {
                            worded.push((place(&places, occurrence.document), index));
                        }
                    }
                }
                _ => match cluster_around(finding, &clusters_of, &view.scan.clusters) {
                    Some(cluster) => {
                        if let Some(count) = plan.within.get_mut(cluster) {
                            *count += 1;
                        }
                    }
                    None => told.push((home(finding, &places), index)),
                },
            }
        }
        told.sort_unstable();
        worded.sort_unstable();

        let room = palette.limit;
        let homes = told.chunk_by(|a, b| a.0 == b.0).count();
        let clusters = view.scan.clusters.len().min(room.saturating_sub(homes.min(room / 2)));
        plan.clusters = (0..clusters).collect();
        plan.hidden.0 = (view.scan.clusters.len() - clusters) as u64;
        plan.fill(view, &told, &worded, room - clusters);
        plan
    }

    /// Gives the room that is left to documents.
    fn fill(&mut self, view: &View, told: &[(u32, usize)], worded: &[(u32, usize)], mut room: usize) {
        let order = order(view);
        let each = if room == usize::MAX { room } else { (room / 4).max(3) };
        let wording_at = |place: u32| {
            let first = worded.partition_point(|&(at, _)| at < place);
            worded
                .get(first..)
                .unwrap_or_default()
                .iter()
                .take_while(move |&&(at, _)| at == place)
                .map(|&(_, index)| index)
        };
        let mut paged: Vec<u32> = Vec::new();
        for chunk in told.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(at, _)) = chunk.first() else { continue };
            let shown = chunk.len().min(each).min(room);
            let Some(&document) = order.get(at as usize).filter(|_| shown > 0) else {
                self.hidden.1 += chunk.len() as u64;
                continue;
            };
            room -= shown;
            paged.push(at);
            self.pages.push(Page {
                document,
                findings: chunk.iter().take(shown).map(|&(_, index)| index).collect(),
                hidden: (chunk.len() - shown) as u64,
                wording: wording_at(at).collect(),
            });
        }
        // Documents with such furniture alone have pages if all of them find room; else the texts are listed together.
        let unpaged = |at: &u32| paged.binary_search(at).is_err();
        let alone =
            || worded.chunk_by(|a, b| a.0 == b.0).filter_map(|chunk| chunk.first()).map(|&(at, _)| at).filter(unpaged);
        if alone().count() <= room {
            let pages = alone().filter_map(|at| {
                let &document = order.get(at as usize)?;
                Some(Page { document, findings: Vec::new(), hidden: 0, wording: wording_at(at).collect() })
            });
            self.pages.extend(pages);
        } else {
            self.wording = worded.iter().filter(|(at, _)| unpaged(at)).map(|&(_, index)| index).collect();
            self.wording.sort_unstable();
            self.wording.dedup();
            let mut told: Vec<usize> = self.pages.iter().flat_map(|page| page.wording.iter().copied()).collect();
            told.sort_unstable();
            self.wording.retain(|index| told.binary_search(index).is_err());
        }
    }
}

/// Ranks, worst document first.
fn order(view: &View) -> Vec<u32> {
    let documents = view.corpus.documents.len();
    let mut broken = vec![false; documents];
    for finding in view.scan.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        for occurrence in &finding.occurrences {
            if let Some(broken) = broken.get_mut(occurrence.document as usize) {
                *broken = true;
            }
        }
    }
    let mut order: Vec<u32> = (0u32..).take(documents).collect();
    order.sort_by_cached_key(|&rank| {
        let ledger = view.ledger_of(rank);
        let repeated =
            u64::from(ledger.doubled) + u64::from(ledger.quoted) + u64::from(ledger.shared) + totals::reused(ledger);
        let sound = !broken.get(rank as usize).copied().unwrap_or(false);
        (sound, std::cmp::Reverse((repeated, ledger.boilerplate)), rank)
    });
    order
}

/// For each rank, its place in that order.
fn places(view: &View) -> Vec<u32> {
    let order = order(view);
    let mut places = vec![0; order.len()];
    for (place, &rank) in (0u32..).zip(&order) {
        if let Some(slot) = places.get_mut(rank as usize) {
            *slot = place;
        }
    }
    places
}

fn place(places: &[u32], rank: u32) -> u32 {
    places.get(rank as usize).copied().unwrap_or(u32::MAX)
}

/// The place of the document that a finding is told in.
fn home(finding: &Finding, places: &[u32]) -> u32 {
    let worst = |originals: bool| {
        let taken = finding.occurrences.iter().filter(|occurrence| originals || occurrence.role != Role::Original);
        taken.map(|occurrence| place(places, occurrence.document)).min()
    };
    worst(false).or_else(|| worst(true)).unwrap_or(u32::MAX)
}

/// For each rank, the clusters that it is a member of, ascending.
fn clusters_of(view: &View) -> Vec<Vec<usize>> {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); view.corpus.documents.len()];
    for (index, cluster) in view.scan.clusters.iter().enumerate() {
        for member in &cluster.members {
            if let Some(of) = of.get_mut(member.document as usize) {
                of.push(index);
            }
        }
    }
    of
}

/// The cluster that says what this shared passage would say: it holds all documents of the passage. Documents contained
/// in a longer one need not share anything with each other, so there the longer one has to be among them.
fn cluster_around(finding: &Finding, clusters_of: &[Vec<usize>], clusters: &[Cluster]) -> Option<usize> {
    if !matches!(finding.rule, Rule::SharedPassage | Rule::ReusedQuote) {
        return None;
    }
    let of = |rank: u32| clusters_of.get(rank as usize).map(Vec::as_slice).unwrap_or_default();
    let first = finding.occurrences.first()?;
    let explains = |&&index: &&usize| {
        let Some(cluster) = clusters.get(index) else { return false };
        let inside = finding.occurrences.iter().all(|occurrence| of(occurrence.document).binary_search(&index).is_ok());
        let told = cluster.rule == Rule::NearDuplicate
            || finding.occurrences.iter().any(|occurrence| occurrence.document == cluster.representative);
        inside && told
    };
    of(first.document).iter().find(explains).copied()
}
