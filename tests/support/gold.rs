//! The gold file of the seeds, and a report held against it, shifted as a disturbance of the texts asks.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::naive;
use super::report::{Finding, Occurrence, Report};

#[derive(Deserialize, Clone)]
pub(crate) struct Gold {
    pub(crate) repeats: Vec<Repeat>,
    pub(crate) furniture: Vec<Spot>,
    pub(crate) furniture_too: Vec<Spot>,
    pub(crate) shared_words: usize,
}

/// One thing that has to be found.
#[derive(Deserialize, Clone)]
pub(crate) struct Repeat {
    pub(crate) name: String,
    pub(crate) rules: Vec<String>,
    #[serde(rename = "match")]
    pub(crate) strictness: Strictness,
    pub(crate) alternatives: Vec<Vec<Spot>>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Strictness {
    Spans,
    Starts,
    Covered,
    Linked,
}

/// A span of a seed.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) document: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Spot {
    fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A seed as it is scanned: its id in the report, its text, and what was done to the original.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    pub(crate) id: String,
    pub(crate) text: String,
    /// Replacements made in the original, as (start, end, bytes put in their place), ascending and disjoint.
    pub(crate) changes: Vec<(usize, usize, usize)>,
}

impl Seed {
    pub(crate) fn new(text: String) -> Self {
        Seed { id: String::new(), text, changes: Vec::new() }
    }

    /// Replaces a span of the text; changes are made from the front to the back of the original.
    pub(crate) fn replace(&mut self, start: usize, end: usize, with: &str) {
        let (from, to) = (self.shifted(start), self.shifted(end));
        self.text.replace_range(from..to, with);
        self.changes.push((start, end, with.len()));
    }

    /// Where a byte of the original is now. A byte at the place of an insertion is moved behind it.
    pub(crate) fn shifted(&self, byte: usize) -> usize {
        let mut now = byte;
        for &(start, end, length) in &self.changes {
            if end <= byte && (start < end || start <= byte) {
                now = now + length + start - end;
            }
        }
        now
    }

    /// The span now; what was inserted at its end stays outside.
    pub(crate) fn shifted_span(&self, span: &Range<usize>) -> Range<usize> {
        self.shifted(span.start)..self.shifted(span.end - 1) + 1
    }
}

/// The seeds by file name.
pub(crate) type Seeds = BTreeMap<String, Seed>;

pub(crate) fn seeds_folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds"))
}

/// The articles as they are.
pub(crate) fn read_seeds() -> Seeds {
    let mut seeds = Seeds::new();
    for entry in std::fs::read_dir(seeds_folder()).expect("the seeds are there") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            seeds.insert(name, Seed::new(std::fs::read_to_string(&path).expect("seeds are UTF-8")));
        }
    }
    seeds
}

pub(crate) fn read_gold() -> Gold {
    let bytes = std::fs::read(seeds_folder().join("gold.json")).expect("the gold file is there");
    serde_json::from_slice(&bytes).expect("the gold file is well-formed")
}

/// Everything in which the report falls short of the gold, in words.
pub(crate) fn shortcomings(gold: &Gold, seeds: &Seeds, report: &Report) -> Vec<String> {
    let mut short = Vec::new();
    for repeat in &gold.repeats {
        let is_found = repeat.alternatives.iter().any(|places| {
            let places: Vec<(&str, Range<usize>)> = places.iter().map(|spot| shift(spot, seeds)).collect();
            report
                .findings
                .iter()
                .filter(|finding| repeat.rules.contains(&finding.rule))
                .any(|finding| matches(finding, &places, repeat.strictness))
        });
        if !is_found {
            short.push(format!("not found: {}", repeat.name));
        }
    }
    check_furniture(gold, seeds, report, &mut short);
    let names: BTreeMap<&str, &str> = seeds.iter().map(|(name, seed)| (seed.id.as_str(), name.as_str())).collect();
    for cluster in &report.clusters {
        let members: Vec<&str> = cluster.members.iter().map(|member| names[member.document.as_str()]).collect();
        short.push(format!("a {} cluster of {members:?}", cluster.rule));
    }
    for finding in report.findings_of("shared-passage") {
        for occurrence in &finding.occurrences {
            let seed = &seeds[names[occurrence.document.as_str()]];
            let words = naive::words(&seed.text[occurrence.start..occurrence.end]).len();
            if words >= gold.shared_words {
                short.push(format!("a shared passage of {words} words in {}", occurrence.document));
            }
        }
    }
    short
}

fn shift<'a>(spot: &Spot, seeds: &'a Seeds) -> (&'a str, Range<usize>) {
    let seed = &seeds[&spot.document];
    (&seed.id, seed.shifted_span(&spot.span()))
}

/// Whether the finding is what stands at the places, as strictly as asked, with an occurrence of its own for each.
fn matches(finding: &Finding, places: &[(&str, Range<usize>)], strictness: Strictness) -> bool {
    let is_at = |occurrence: &Occurrence, (document, place): &(&str, Range<usize>)| {
        if occurrence.document != *document {
            return false;
        }
        let span = occurrence.start..occurrence.end;
        let covers = naive::overlap(&span, place) as f64 / place.len() as f64;
        match strictness {
            Strictness::Spans => span == *place,
            Strictness::Starts => span.start == place.start && covers >= 0.95,
            Strictness::Covered => covers >= 0.95,
            Strictness::Linked => covers >= 0.5 && span.len() < 3 * place.len(),
        }
    };
    let mut used = Vec::new();
    for place in places {
        let found = finding
            .occurrences
            .iter()
            .position(|occurrence| is_at(occurrence, place))
            .filter(|found| !used.contains(found));
        match found {
            Some(found) => used.push(found),
            None => return false,
        }
    }
    strictness != Strictness::Spans || finding.occurrences.len() == places.len()
}

fn check_furniture(gold: &Gold, seeds: &Seeds, report: &Report, short: &mut Vec<String>) {
    for (name, seed) in seeds {
        let mut called = vec![false; seed.text.len()];
        for finding in report.findings_of("boilerplate") {
            for occurrence in finding.occurrences.iter().filter(|occurrence| occurrence.document == seed.id) {
                called[occurrence.start..occurrence.end].fill(true);
            }
        }
        let mut allowed = vec![false; seed.text.len()];
        let spots = |spots: &[Spot]| -> Vec<Range<usize>> {
            spots.iter().filter(|spot| spot.document == *name).map(|spot| seed.shifted_span(&spot.span())).collect()
        };
        for span in spots(&gold.furniture) {
            if called[span.clone()].contains(&false) {
                short.push(format!("{name}: “{}” is not called furniture", &seed.text[span.clone()]));
            }
            allowed[span].fill(true);
        }
        spots(&gold.furniture_too).into_iter().for_each(|span| allowed[span].fill(true));
        for (byte, is_called) in called.iter().enumerate() {
            if *is_called && !allowed[byte] && !seed.text.as_bytes()[byte].is_ascii_whitespace() {
                let end = (byte..=seed.text.len()).find(|&end| end > byte + 40 && seed.text.is_char_boundary(end));
                short.push(format!(
                    "{name}: “{}…” is called furniture",
                    &seed.text[byte..end.unwrap_or(seed.text.len())]
                ));
                break;
            }
        }
    }
}
