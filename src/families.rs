//! Families: distinct units that are nearly equal, each verified.
//!
//! **Idea.** The shingles of a unit are its words and its pairs of neighbouring words (1-grams ∪ 2-grams): a 20-word
//! sentence with one word changed keeps a resemblance of 0.81 on these, and of 0.52 on 5-grams. Min-keys propose,
//! the exact shingle sets decide.
//!
//! **Min-keys.** Under each of [`BANDS`] permutations the two smallest shingle hashes of a unit form a key. Two units of
//! resemblance J share one key with probability about J², so they are proposed with probability 1 − (1 − J²)^BANDS:
//! 99.0 % at J = 0.5, 99.96 % at 0.62, certain for all purposes above.
//!
//! **Deciding.** Units with one key are compared with at most [`REPRESENTATIVES`] representatives of that key, so a
//! bucket of m units costs O(m). A unit joins a family when its resemblance with the family's *leader* is at least
//! one half: there are no transitive joins, so families do not drift.
//!
//! **Cost.** One band at a time: 12 bytes a distinct unit, O(BANDS · tokens) hashing.
//!
//! **Source.** Broder 1997 (resemblance, MinHash); Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*, ch. 3 (bands).
//!
//! **Gives up.** Units of fewer than [`SHORTEST`] tokens are compared exactly only (by their unit id): one edit in
//! five words is another heading more often than a variant of it. A unit near two leaders belongs to one family.

use rayon::prelude::*;

use crate::finding::Ratio;
use crate::hash::{Purpose, hash_run, permute, row_seed};
use crate::text::Layout;
use crate::units::{UnitId, Units};

/// Permutations that propose pairs.
const BANDS: usize = 16;
/// Representatives of one key that a unit is compared with.
const REPRESENTATIVES: usize = 8;
/// Least number of tokens of a unit with a family.
const SHORTEST: usize = 6;
/// Least resemblance with a family's leader, in thousandths.
const NEAR: u32 = 500;

/// The family of each distinct unit, named by its leader.
#[derive(Debug)]
pub(crate) struct Families {
    leader: Vec<UnitId>,
    /// Distinct units in each family, by leader.
    size: Vec<u32>,
    /// Pairs proposed by min-keys.
    pub(crate) candidates: u64,
    /// Pairs verified as near-equal.
    pub(crate) verified: u64,
}

impl Families {
    /// Groups all distinct units.
    pub(crate) fn group(units: &Units, layouts: &[Layout]) -> Self {
        let distinct = units.distinct();
        let mut families =
            Families { leader: (0..distinct as UnitId).collect(), size: vec![1; distinct], candidates: 0, verified: 0 };
        let long: Vec<UnitId> =
            (0..distinct as UnitId).filter(|unit| units.tokens(*unit, layouts).len() >= SHORTEST).collect();
        for band in 0..BANDS {
            let mut keys: Vec<(u64, UnitId)> =
                long.par_iter().map(|unit| (min_key(units.tokens(*unit, layouts), band), *unit)).collect();
            keys.par_sort_unstable();
            let buckets: Vec<&[(u64, UnitId)]> =
                keys.chunk_by(|one, other| one.0 == other.0).filter(|bucket| bucket.len() > 1).collect();
            let compared: Vec<(Vec<(UnitId, UnitId)>, u64)> =
                buckets.par_iter().map(|bucket| families.compare(bucket, units, layouts)).collect();
            for (pairs, candidates) in compared {
                families.candidates += candidates;
                families.verified += pairs.len() as u64;
                for (one, other) in pairs {
                    families.join(one, other, units, layouts);
                }
            }
        }
        families
    }

    /// The near-equal pairs of one bucket, and the number of pairs compared.
    fn compare(&self, bucket: &[(u64, UnitId)], units: &Units, layouts: &[Layout]) -> (Vec<(UnitId, UnitId)>, u64) {
        let mut representatives: Vec<(UnitId, Vec<u64>)> = Vec::new();
        let mut pairs = Vec::new();
        let mut candidates = 0;
        for (_, unit) in bucket {
            if representatives.iter().any(|(known, _)| self.leader[*known as usize] == self.leader[*unit as usize]) {
                continue;
            }
            let features = feature_set(units.tokens(*unit, layouts));
            let mut matched = false;
            for (known, known_features) in &representatives {
                candidates += 1;
                if resemblance(known_features, &features).thousandths() >= NEAR {
                    pairs.push((*known, *unit));
                    matched = true;
                    break;
                }
            }
            if !matched && representatives.len() < REPRESENTATIVES {
                representatives.push((*unit, features));
            }
        }
        (pairs, candidates)
    }

    /// Joins two near-equal units if the later family's leader is near the earlier family's leader too.
    fn join(&mut self, one: UnitId, other: UnitId, units: &Units, layouts: &[Layout]) {
        let (one, other) = (self.leader[one as usize], self.leader[other as usize]);
        let (early, late) = (one.min(other), one.max(other));
        // Only a unit that leads nobody else can follow: its followers were verified against it alone.
        if early == late || self.size[late as usize] > 1 {
            return;
        }
        let near = resemblance(&feature_set(units.tokens(early, layouts)), &feature_set(units.tokens(late, layouts)));
        if near.thousandths() >= NEAR {
            self.leader[late as usize] = early;
            self.size[early as usize] += 1;
        }
    }

    /// The leader of a unit's family (the unit itself where it has no kin).
    pub(crate) fn leader(&self, unit: UnitId) -> UnitId {
        self.leader[unit as usize]
    }

    /// Whether a unit has near-equal, unequal kin.
    pub(crate) fn has_kin(&self, unit: UnitId) -> bool {
        self.size[self.leader(unit) as usize] > 1
    }

    /// Families with two members or more.
    pub(crate) fn count(&self) -> u64 {
        self.size.iter().filter(|size| **size > 1).count() as u64
    }
}

/// The set of 1- and 2-token shingles, sorted.
pub(crate) fn feature_set(tokens: &[u32]) -> Vec<u64> {
    let mut features: Vec<u64> = features(tokens).collect();
    features.sort_unstable();
    features.dedup();
    features
}

fn features(tokens: &[u32]) -> impl Iterator<Item = u64> + '_ {
    let words = tokens.windows(1).map(|run| hash_run(run, Purpose::Feature));
    words.chain(tokens.windows(2).map(|run| hash_run(run, Purpose::Feature)))
}

/// The two smallest shingle hashes under a permutation, as one key.
fn min_key(tokens: &[u32], band: usize) -> u64 {
    let seed = row_seed(band);
    let (mut least, mut second) = (u64::MAX, u64::MAX);
    for feature in features(tokens) {
        let value = permute(feature, seed);
        if value < least {
            (least, second) = (value, least);
        } else if value > least && value < second {
            second = value;
        }
    }
    permute(least, second.rotate_left(32))
}

/// |A ∩ B| of two sorted sets.
pub(crate) fn count_shared(one: &[u64], other: &[u64]) -> u64 {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    shared
}

/// Jaccard of two sorted sets.
pub(crate) fn resemblance(one: &[u64], other: &[u64]) -> Ratio {
    let shared = count_shared(one, other);
    Ratio::new(shared, (one.len() + other.len()) as u64 - shared)
}
