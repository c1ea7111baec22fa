//! An answer against the truth.

use std::fs;
use std::path::Path;

use ahash::AHashMap;
use serde::Deserialize;

use crate::truth::Truth;

#[derive(Deserialize)]
struct Report {
    clusters: Vec<Cluster>,
}

#[derive(Deserialize)]
struct Cluster {
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    document: String,
}

#[derive(Clone, Copy)]
pub(crate) struct Score {
    /// The share of true pairs that are in one cluster.
    pub(crate) recall: f64,
    /// The share of the pairs in one cluster that belong to one family.
    pub(crate) precision: f64,
    /// The share of the pairs planted below the threshold that are in one cluster.
    pub(crate) border: f64,
}

/// The clusters of a report of `dittograph`.
pub(crate) fn read_report(path: &Path) -> Result<Vec<Vec<usize>>, String> {
    let report = fs::read(path).map_err(|error| error.to_string())?;
    let report: Report = serde_json::from_slice(&report).map_err(|error| error.to_string())?;
    let clusters = report.clusters.into_iter();
    clusters.map(|cluster| cluster.members.iter().map(|member| number(&member.document)).collect()).collect()
}

/// The clusters that a driver wrote.
pub(crate) fn read_lines(path: &Path) -> Result<Vec<Vec<usize>>, String> {
    let lines = fs::read_to_string(path).map_err(|error| error.to_string())?;
    lines.lines().map(|line| line.split_whitespace().map(number).collect()).collect()
}

fn number(document: &str) -> Result<usize, String> {
    document.parse().map_err(|_| format!("no document is called {document}"))
}

pub(crate) fn judge(clusters: &[Vec<usize>], truth: &Truth) -> Score {
    // A document may be in two clusters: one of near-duplicates, one of what it contains.
    let mut places: AHashMap<usize, Vec<usize>> = AHashMap::new();
    let (mut pairs, mut right) = (0, 0);
    for (place, cluster) in clusters.iter().enumerate() {
        let mut families: AHashMap<usize, usize> = AHashMap::new();
        for &document in cluster {
            places.entry(document).or_default().push(place);
            if let Some(&family) = truth.family.get(&document) {
                *families.entry(family).or_default() += 1;
            }
        }
        pairs += count_pairs(cluster.len());
        right += families.into_values().map(count_pairs).sum::<usize>();
    }
    let is_joined = |pair: &&[usize; 2]| {
        let [left, right] = pair.map(|document| places.get(&document).map_or(&[][..], Vec::as_slice));
        left.iter().any(|place| right.contains(place))
    };
    let share = |wanted: &[[usize; 2]]| ratio(wanted.iter().filter(is_joined).count(), wanted.len());
    Score { recall: share(&truth.pairs), precision: ratio(right, pairs), border: share(&truth.border) }
}

fn count_pairs(members: usize) -> usize {
    members * members.saturating_sub(1) / 2
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
