//! Families: distinct units that are nearly equal, each verified.
//!
//! **Idea.** The shingles of a unit are its words and its pairs of neighbouring words (1-grams ∪ 2-grams): a 20-word
//! sentence with one word changed keeps a resemblance of 0.86 on these, and of 0.52 on 5-grams. Min-keys propose,
//! the exact shingle sets decide.
//!
//! **Min-keys.** A unit has a [signature](crate::sketches::sign) of its shingles, two values for each of [`BANDS`] keys.
//! Two units of resemblance J share one key with probability about J², so they are proposed with probability 1 − (1 −
//! J²)^BANDS: 93.9 % at J = 0.4, 99.0 % at 0.5, 99.96 % at 0.62.
//!
//! **Deciding.** Units with one key are compared with at most [`REPRESENTATIVES`] representatives of that key, so a
//! bucket of m units costs O(m); an exact bound on 128 bits of each unit turns away most before their sets are made. A
//! unit joins a family when its resemblance with the family's *leader* is at least 0.4 (four words of twenty changed
//! leave 0.4 to 0.6): there are no transitive joins, so families do not drift.
//!
//! **Cost.** O(tokens) hashing, and 96 bytes a distinct unit while they are grouped; keys are sorted one band at a
//! time, and only those that stand twice.
//!
//! **Source.** Broder 1997 (resemblance, MinHash); Leskovec, Rajaraman, Ullman, *Mining of Massive Datasets*, ch. 3
//! (bands).
//!
//! **Gives up.** Units of fewer than [`SHORTEST`] tokens are compared exactly only (by their unit id): one edit in
//! five words is another heading more often than a variant of it. A unit near two leaders belongs to one family.

use rayon::prelude::*;

use crate::finding::Ratio;
use crate::hash::{Purpose, permute};
use crate::lanes::{Lanes, Task, run};
use crate::postings::SeenAgain;
use crate::sketches::sign;
use crate::units::UnitId;

/// Keys that propose pairs.
const BANDS: usize = 16;
/// Representatives of one key that a unit is compared with.
const REPRESENTATIVES: usize = 32;
/// Least number of tokens of a unit with a family.
const SHORTEST: usize = 6;
/// Least resemblance with a family's leader, in thousandths.
const NEAR: u32 = 400;

/// Distinct units with their tokens.
pub(crate) trait UnitTokens: Sync {
    /// How many there are.
    fn distinct(&self) -> usize;
    /// The token fingerprints of one of them.
    fn tokens(&self, unit: UnitId) -> &[u32];
}

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
    #[inline(never)] // counted by itself
    pub(crate) fn group(units: &impl UnitTokens) -> Self {
        let distinct = units.distinct();
        let mut families =
            Families { leader: (0..distinct as UnitId).collect(), size: vec![1; distinct], candidates: 0, verified: 0 };
        let long: Vec<Long> = (0..distinct as UnitId)
            .into_par_iter()
            .map_init(Features::default, |features, unit| {
                let tokens = units.tokens(unit);
                (tokens.len() >= SHORTEST).then(|| Long::of(unit, tokens, features))
            })
            .filter_map(|long| long)
            .collect();
        for band in 0..BANDS {
            let seen = SeenAgain::with_capacity(long.len());
            let key = |unit: &Long| u64::from(unit.keys[band]);
            long.par_iter().with_min_len(4096).for_each(|unit| seen.mark(key(unit)));
            let again = long.iter().enumerate().filter(|(_, unit)| seen.again(key(unit)));
            let mut numbers: Vec<u64> = again.map(|(number, unit)| key(unit) << 32 | number as u64).collect();
            numbers.par_sort_unstable();
            let buckets: Vec<&[u64]> =
                numbers.chunk_by(|one, other| one >> 32 == other >> 32).filter(|bucket| bucket.len() > 1).collect();
            let compared: Vec<(Vec<(UnitId, UnitId)>, u64)> = buckets
                .par_iter()
                .map_init(Features::default, |features, bucket| {
                    run(Comparison { families: &families, long: &long, bucket, units, features })
                })
                .collect();
            for (pairs, candidates) in compared {
                families.candidates += candidates;
                families.verified += pairs.len() as u64;
                for (one, other) in pairs {
                    families.join(one, other, units);
                }
            }
        }
        families
    }

    /// Joins two near-equal units if the later family's leader is near the earlier family's leader too.
    fn join(&mut self, one: UnitId, other: UnitId, units: &impl UnitTokens) {
        let verified = (one.min(other), one.max(other));
        let (one, other) = (self.leader[one as usize], self.leader[other as usize]);
        let (early, late) = (one.min(other), one.max(other));
        // Only a unit that leads nobody else can follow: its followers were verified against it alone.
        if early == late || self.size[late as usize] > 1 {
            return;
        }
        if (early, late) == verified || are_near(units.tokens(early), units.tokens(late)) {
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

/// A unit that may have a family.
struct Long {
    unit: UnitId,
    outline: Outline,
    keys: [u32; BANDS],
}

impl Long {
    /// A unit's shingles are put into a set on the way.
    fn of(unit: UnitId, tokens: &[u32], features: &mut Features) -> Self {
        features.take(tokens);
        let signature: [u64; 2 * BANDS] = sign(&features.distinct);
        let key = |band: usize| permute(signature[2 * band], signature[2 * band + 1].rotate_left(32)) as u32;
        Long { unit, outline: Outline::of(tokens, features), keys: std::array::from_fn(key) }
    }
}

/// The units of one bucket, each to be compared with those before it.
struct Comparison<'a, U> {
    families: &'a Families,
    long: &'a [Long],
    /// Numbers in `long`, below the key.
    bucket: &'a [u64],
    units: &'a U,
    features: &'a mut Features,
}

impl<U: UnitTokens> Task for Comparison<'_, U> {
    /// The near-equal pairs, and the number of pairs whose shingle sets were compared.
    type Answer = (Vec<(UnitId, UnitId)>, u64);

    #[inline(always)]
    fn run<L: Lanes>(self) -> Self::Answer {
        let Comparison { families, long, bucket, units, features } = self;
        let mut representatives: Vec<(UnitId, &Long)> = Vec::new();
        let mut pairs = Vec::new();
        let mut candidates = 0;
        // What is far apart in memory is fetched at once.
        let members: Vec<(UnitId, &Long)> = bucket
            .iter()
            .map(|number| {
                let own = &long[*number as u32 as usize];
                (families.leader(own.unit), own)
            })
            .collect();
        for (leader, own) in members {
            if representatives.iter().any(|(known, _)| *known == leader) {
                continue;
            }
            let mut is_taken = false;
            let mut near = None;
            for (_, known) in &representatives {
                if !own.outline.may_be_near(&known.outline) {
                    continue;
                }
                if !is_taken {
                    features.take(units.tokens(own.unit));
                    is_taken = true;
                }
                candidates += 1;
                if features.resemblance(units.tokens(known.unit), known.outline.features).thousandths() >= NEAR {
                    near = Some(known.unit);
                    break;
                }
            }
            match near {
                Some(known) => pairs.push((known, own.unit)),
                None if representatives.len() < REPRESENTATIVES => representatives.push((leader, own)),
                None => {}
            }
        }
        (pairs, candidates)
    }
}

fn are_near(one: &[u32], other: &[u32]) -> bool {
    let [mut one_set, mut other_set] = [Features::default(), Features::default()];
    one_set.take(one);
    other_set.take(other);
    one_set.resemblance(other, other_set.distinct.len() as u32).thousandths() >= NEAR
}

/// The set of shingles of a unit: a table with open addressing, at least half of it free.
#[derive(Default)]
struct Features {
    distinct: Vec<u64>,
    /// Numbers in `distinct`, counted from one; 0 is free.
    slots: Vec<u32>,
    /// Of each shingle, with how many others' the set had been compared when it was last met.
    met: Vec<u32>,
    compared: u32,
}

impl Features {
    /// Takes the shingles of a unit instead of those that it holds.
    fn take(&mut self, tokens: &[u32]) {
        self.distinct.clear();
        self.slots.clear();
        self.slots.resize((4 * tokens.len() + 2).next_power_of_two(), 0);
        for feature in features(tokens) {
            if let Err(slot) = self.find(feature) {
                self.distinct.push(feature);
                self.slots[slot] = self.distinct.len() as u32;
            }
        }
        self.met.clear();
        self.met.resize(self.distinct.len(), 0);
        self.compared = 0;
    }

    /// The number of a shingle, or the free slot where it would be.
    #[inline]
    fn find(&self, feature: u64) -> Result<usize, usize> {
        let last = self.slots.len() - 1;
        let mut slot = feature as usize & last;
        loop {
            match self.slots[slot] {
                0 => return Err(slot),
                number if self.distinct[number as usize - 1] == feature => return Ok(number as usize - 1),
                _ => slot = (slot + 1) & last,
            }
        }
    }

    /// The resemblance with a unit of which the number of distinct shingles is known.
    fn resemblance(&mut self, other: &[u32], distinct: u32) -> Ratio {
        self.compared += 1;
        let mut shared = 0;
        for feature in features(other) {
            if let Ok(number) = self.find(feature) {
                shared += u64::from(self.met[number] != self.compared);
                self.met[number] = self.compared;
            }
        }
        Ratio::new(shared, self.distinct.len() as u64 + u64::from(distinct) - shared)
    }
}

/// The set of 1- and 2-token shingles, sorted.
pub(crate) fn feature_set(tokens: &[u32]) -> Vec<u64> {
    let mut features: Vec<u64> = features(tokens).collect();
    features.sort_unstable();
    features.dedup();
    features
}

/// One or two fingerprints fit 64 bits, so a bijection of them names each shingle without any collision of its own.
fn features(tokens: &[u32]) -> impl Iterator<Item = u64> + '_ {
    let words = tokens.iter().map(|token| permute(u64::from(*token), Purpose::Unit as u64));
    let pairs = tokens.windows(2).map(|pair| u64::from(pair[0]) << 32 | u64::from(pair[1]));
    words.chain(pairs.map(|pair| permute(pair, Purpose::Feature as u64)))
}

/// What a unit's tokens leave in 128 bits, to turn away most unlike pairs before their shingle sets are made.
#[derive(Debug, Clone, Copy)]
struct Outline {
    /// Two halves, since a whole would take half as much memory again to stand even.
    bits: [u64; 2],
    /// How many bits are set.
    words: u32,
    features: u32,
}

impl Outline {
    /// The outline of a unit with these shingles.
    fn of(tokens: &[u32], features: &Features) -> Self {
        let mut bits = [0u64; 2];
        for token in tokens {
            let place = permute(u64::from(*token), 0) % 128;
            bits[place as usize / 64] |= 1 << (place % 64);
        }
        let words = bits[0].count_ones() + bits[1].count_ones();
        Outline { bits, words, features: features.distinct.len() as u32 }
    }

    /// False only if the resemblance is certainly below [`NEAR`]: J of two sets takes J / (1 + J) of both sets
    /// together.
    #[inline(always)]
    fn may_be_near(&self, other: &Outline) -> bool {
        (1000 + NEAR) * self.most_shared(other) >= NEAR * (self.features + other.features)
    }

    /// No more shingles than this are shared. Each bit that one side alone has is a word of that side only; with it go
    /// its 1-gram and, unless it ends the unit, a 2-gram that it begins.
    #[inline(always)]
    fn most_shared(&self, other: &Outline) -> u32 {
        let common = (self.bits[0] & other.bits[0]).count_ones() + (self.bits[1] & other.bits[1]).count_ones();
        let most = |side: &Outline| (side.features + 1).saturating_sub(2 * (side.words - common));
        most(self).min(most(other))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recall::{Random, tell};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn outlines_turn_away_no_near_pair(
            base in prop::collection::vec(0u32..40, 6..40),
            edits in prop::collection::vec((0usize..40, 0u32..200), 0..8),
        ) {
            let mut other = base.clone();
            for (place, token) in edits {
                let place = place % other.len();
                other[place] = token;
            }
            let mut set = Features::default();
            let [one, two] = [&base, &other].map(|tokens| Long::of(0, tokens, &mut set).outline);
            let (features, other_features) = (feature_set(&base), feature_set(&other));
            let naive = resemblance(&features, &other_features);
            // The set holds the other one's shingles; what was met before does not count.
            prop_assert_eq!(set.resemblance(&other, two.features).thousandths(), 1000);
            prop_assert_eq!(set.resemblance(&base, one.features), naive);
            let shared = count_shared(&features, &other_features) as u32;
            prop_assert!(shared <= one.most_shared(&two) && one.most_shared(&two) == two.most_shared(&one));
            if naive.thousandths() >= NEAR {
                prop_assert!(one.may_be_near(&two));
            }
        }
    }

    fn keys(tokens: &[u32]) -> [u32; BANDS] {
        Long::of(0, tokens, &mut Features::default()).keys
    }

    #[test]
    fn recall_of_min_keys() {
        const PAIRS: usize = 2000;
        let mut random = Random(5);
        for tokens in [10, 20, 30] {
            for edits in (1..=6).filter(|edits| edits * 3 < tokens && edits * 10 >= tokens) {
                let mut met = 0;
                for _ in 0..PAIRS {
                    let base: Vec<u32> = (0..tokens).map(|_| random.below(1 << 31) as u32).collect();
                    let mut edited = base.clone();
                    // Inner words that are no neighbours.
                    for edit in 0..edits {
                        edited[1 + edit * ((tokens - 2) / edits)] = random.below(1 << 31) as u32;
                    }
                    let keys = keys(&base).into_iter().zip(keys(&edited));
                    met += usize::from(keys.into_iter().any(|(one, other)| one == other));
                }
                let (shared, all) = ((2 * tokens - 1 - 3 * edits) as f64, (2 * tokens - 1 + 3 * edits) as f64);
                let one = shared * (shared - 1.0) / (all * (all - 1.0));
                let what = format!("{tokens} | {edits} | {:.2}", shared / all);
                tell(&what, Some(1.0 - (1.0 - one).powi(BANDS as i32)), met, PAIRS);
            }
        }
    }
}
