//! Names: formats and ledger choices as the command line spells them, and ids as sixteen hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use crate::finding::Scan;

use super::{Format, LedgerChoice};

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format is named `{0}`; there are human, json, jsonl and tsv")]
pub struct UnknownFormat(pub String);

/// A choice of ledgers that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no choice of ledgers; there are all, touched and none")]
pub struct UnknownLedgerChoice(pub String);

impl Format {
    /// Every format, the default first.
    pub const ALL: [Format; 4] = [Format::Human, Format::Json, Format::Jsonl, Format::Tsv];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Tsv => "tsv",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl LedgerChoice {
    /// Every choice, the default first.
    pub const ALL: [LedgerChoice; 3] = [LedgerChoice::All, LedgerChoice::Touched, LedgerChoice::None];

    /// The name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            LedgerChoice::All => "all",
            LedgerChoice::Touched => "touched",
            LedgerChoice::None => "none",
        }
    }
}

impl FromStr for LedgerChoice {
    type Err = UnknownLedgerChoice;

    fn from_str(name: &str) -> Result<Self, UnknownLedgerChoice> {
        let found = LedgerChoice::ALL.into_iter().find(|choice| choice.name() == name);
        found.ok_or_else(|| UnknownLedgerChoice(name.to_owned()))
    }
}

impl fmt::Display for LedgerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An id as reports print it.
pub(super) fn hex(id: u64) -> String {
    format!("{id:016x}")
}

/// See [`super::find_ids`].
pub(super) fn find_ids(scan: &Scan, prefix: &str) -> Vec<u64> {
    let digits = prefix.len();
    if digits == 0 || digits > 16 || !prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Vec::new();
    }
    let Ok(wanted) = u64::from_str_radix(prefix, 16) else { return Vec::new() };
    let shift = 64 - 4 * digits as u32;
    let mut ids: Vec<u64> = all_ids(scan).filter(|id| id >> shift == wanted).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// How many leading digits tell every id of this scan from every other; 8 at least, as a short name that lasts.
pub(super) fn distinct_digits(scan: &Scan) -> usize {
    let mut ids: Vec<u64> = all_ids(scan).collect();
    ids.sort_unstable();
    ids.dedup();
    let shared = |pair: &[u64]| match pair {
        [a, b] => (a ^ b).leading_zeros() as usize / 4,
        _ => 0,
    };
    ids.windows(2).map(shared).max().unwrap_or(0).saturating_add(1).clamp(8, 16)
}

fn all_ids(scan: &Scan) -> impl Iterator<Item = u64> + '_ {
    scan.clusters.iter().map(|cluster| cluster.id).chain(scan.findings.iter().map(|finding| finding.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Cluster, Rule};

    fn scan(ids: &[u64]) -> Scan {
        let cluster = |&id: &u64| Cluster { id, rule: Rule::Contained, representative: 0, members: Vec::new() };
        Scan { clusters: ids.iter().map(cluster).collect(), ..Scan::default() }
    }

    #[test]
    fn names_round_trip() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        for choice in LedgerChoice::ALL {
            assert_eq!(choice.name().parse(), Ok(choice));
        }
        assert!("xml".parse::<Format>().is_err());
        assert!("".parse::<LedgerChoice>().is_err());
    }

    #[test]
    fn prefixes_find_ids() {
        let scan = scan(&[0xabcd_0000_0000_0001, 0xabce_0000_0000_0002, 0x0000_0000_0000_0003, 0xabcd_0000_0000_0001]);
        assert_eq!(find_ids(&scan, "abc"), [0xabcd_0000_0000_0001, 0xabce_0000_0000_0002]);
        assert_eq!(find_ids(&scan, "ABCD"), [0xabcd_0000_0000_0001]);
        assert_eq!(find_ids(&scan, "0"), [3]);
        assert_eq!(find_ids(&scan, "0000000000000003"), [3]);
        assert_eq!(find_ids(&scan, "00000000000000003"), [] as [u64; 0]);
        for not_hex in ["", "+a", "xyz", "é"] {
            assert_eq!(find_ids(&scan, not_hex), [] as [u64; 0], "{not_hex:?}");
        }
    }

    #[test]
    fn short_ids_stay_distinct() {
        assert_eq!(distinct_digits(&scan(&[])), 8);
        assert_eq!(distinct_digits(&scan(&[1, 1])), 8);
        assert_eq!(distinct_digits(&scan(&[0xabcd_0000_0000_0000, 0xabcd_0000_0001_0000])), 12);
        assert_eq!(distinct_digits(&scan(&[0, 1])), 16);
    }
}
