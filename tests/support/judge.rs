//! A report against the record of what was planted: what was found, and whether what was reported is true.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::corpus::page::Document;
use super::corpus::plant::{Instance, Planted};
use super::naive;
use super::report::{Cluster, Finding, Occurrence, Report};

/// A report, indexed by document.
pub(crate) struct Judge<'a> {
    documents: &'a [Document],
    numbers: BTreeMap<&'a str, usize>,
    report: &'a Report,
    /// Per document: each occurrence in it, as (span, finding, occurrence), by start.
    places: Vec<Vec<(Range<usize>, usize, usize)>>,
    /// Per document: the clusters that it is a member of.
    clusters: Vec<BTreeSet<usize>>,
}

/// A share counted: so many of so many.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: usize,
    pub(crate) whole: usize,
}

impl Share {
    pub(crate) fn add(&mut self, is_part: bool) {
        self.whole += 1;
        self.part += usize::from(is_part);
    }

    /// In percent; 100 of nothing.
    pub(crate) fn percent(self) -> f64 {
        if self.whole == 0 { 100.0 } else { self.part as f64 * 100.0 / self.whole as f64 }
    }
}

/// What the pairs of occurrences of a rule turned out to be.
#[derive(Default, Debug)]
pub(crate) struct Verdicts {
    /// Of one origin, for half of the occurrence's bytes and more.
    pub(crate) planted: usize,
    /// Of different origin, but sharing a run of eight words and more, word for word.
    pub(crate) chance: usize,
    /// Neither: a false pair, shown.
    pub(crate) wrong: Vec<String>,
}

impl Verdicts {
    pub(crate) fn precision(&self) -> Share {
        let part = self.planted + self.chance;
        Share { part, whole: part + self.wrong.len() }
    }
}

impl<'a> Judge<'a> {
    /// Panics where the report names a document that does not exist.
    pub(crate) fn new(documents: &'a [Document], report: &'a Report) -> Self {
        let numbers: BTreeMap<&str, usize> =
            documents.iter().enumerate().map(|(number, document)| (document.id.as_str(), number)).collect();
        let mut places = vec![Vec::new(); documents.len()];
        for (index, finding) in report.findings.iter().enumerate() {
            for (place, occurrence) in finding.occurrences.iter().enumerate() {
                let document = numbers[occurrence.document.as_str()];
                places[document].push((occurrence.start..occurrence.end, index, place));
            }
        }
        for places in &mut places {
            places.sort_by_key(|place| (place.0.start, place.0.end));
        }
        let mut clusters = vec![BTreeSet::new(); documents.len()];
        for (index, cluster) in report.clusters.iter().enumerate() {
            for member in &cluster.members {
                clusters[numbers[member.document.as_str()]].insert(index);
            }
        }
        Judge { documents, numbers, report, places, clusters }
    }

    /// Occurrences of findings of the rules that touch a span: by finding, what they cover of it, and whether one of
    /// them stands for several adjacent copies.
    fn touching(&self, document: usize, span: &Range<usize>, rules: &[&str]) -> BTreeMap<usize, Vec<Range<usize>>> {
        let mut touching: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
        for (place, finding, _) in &self.places[document] {
            if naive::overlap(place, span) > 0 && rules.contains(&self.report.findings[*finding].rule.as_str()) {
                let clipped = place.start.max(span.start)..place.end.min(span.end);
                touching.entry(*finding).or_default().push(clipped);
            }
        }
        touching
    }

    /// How much of two places is covered by findings that join them, as the smaller of two shares. A finding joins
    /// them when it has an occurrence at each (or one occurrence of several adjacent copies over both).
    pub(crate) fn joined(&self, places: &[(usize, Range<usize>); 2], rules: &[&str]) -> f64 {
        let [left, right] = [0, 1].map(|side| self.touching(places[side].0, &places[side].1, rules));
        let mut covered = [Vec::new(), Vec::new()];
        for (finding, spans) in &left {
            let Some(others) = right.get(finding) else { continue };
            if !self.stands_at_both(*finding, places) {
                continue;
            }
            covered[0].extend(spans.iter().cloned());
            covered[1].extend(others.iter().cloned());
        }
        [0, 1]
            .map(|side| union(&mut covered[side]) as f64 / places[side].1.len() as f64)
            .into_iter()
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether different occurrences, or one of several copies, stand at the two places.
    fn stands_at_both(&self, finding: usize, places: &[(usize, Range<usize>); 2]) -> bool {
        let at = |side: usize| {
            let (document, span) = &places[side];
            self.places[*document]
                .iter()
                .filter(move |(place, index, _)| *index == finding && naive::overlap(place, span) > 0)
                .map(|(_, _, occurrence)| *occurrence)
        };
        let copies = |occurrence: usize| self.report.findings[finding].occurrences[occurrence].count;
        places[0].0 != places[1].0 || at(0).any(|left| at(1).any(|right| left != right || copies(left) > 1))
    }

    pub(crate) fn is_found(&self, instance: &Instance) -> bool {
        let places = instance.places.each_ref().map(|place| (place.document, place.span(self.documents)));
        self.joined(&places, &["shared-passage", "doubled-text"]) >= 0.5
    }

    /// An instance and what findings touch its places, for whoever has to find out why it was missed.
    pub(crate) fn show(&self, instance: &Instance, what: &str) -> String {
        let mut shown = format!("  {what}: {:?}", instance.kind);
        for place in &instance.places {
            let (document, span) = (&self.documents[place.document], place.span(self.documents));
            let text: String = document.text[span.clone()].chars().take(200).collect();
            shown.push_str(&format!("\n    {} {span:?} “{text}”", document.id));
            for (found, finding, _) in &self.places[place.document] {
                if naive::overlap(found, &span) > 0 {
                    let finding = &self.report.findings[*finding];
                    shown.push_str(&format!("\n      {} {} {found:?}", finding.rule, finding.id));
                }
            }
        }
        shown
    }

    /// Whether one finding has two occurrences that are the two places, but for marks at the borders.
    pub(crate) fn is_exact(&self, instance: &Instance) -> bool {
        let spans = instance.places.each_ref().map(|place| (place.document, place.span(self.documents)));
        let equals = |side: usize| -> BTreeSet<usize> {
            let (document, span) = &spans[side];
            let text = &self.documents[*document].text;
            let bare = |from: usize, to: usize| !text[from.min(to)..from.max(to)].chars().any(char::is_alphanumeric);
            self.places[*document]
                .iter()
                .filter(|(place, _, _)| bare(place.start, span.start) && bare(place.end, span.end))
                .map(|(_, finding, _)| *finding)
                .collect()
        };
        equals(0).intersection(&equals(1)).next().is_some()
    }

    /// Every occurrence of the rule's findings against its finding's representative.
    pub(crate) fn verdicts(&self, rule: &str) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for finding in self.report.findings_of(rule) {
            let representative = finding.representative();
            for (index, occurrence) in finding.occurrences.iter().enumerate() {
                if index != finding.representative {
                    self.judge_pair(finding, representative, occurrence, &mut verdicts);
                }
            }
        }
        verdicts
    }

    fn judge_pair(&self, finding: &Finding, left: &Occurrence, right: &Occurrence, verdicts: &mut Verdicts) {
        let place = |occurrence: &Occurrence| {
            (&self.documents[self.numbers[occurrence.document.as_str()]], occurrence.start..occurrence.end)
        };
        let ((left_document, left_span), (right_document, right_span)) = (place(left), place(right));
        if naive::related_share((left_document, &left_span), (right_document, &right_span)) >= 0.5 {
            verdicts.planted += 1;
            return;
        }
        let (left_text, right_text) =
            (&left_document.text[left_span.clone()], &right_document.text[right_span.clone()]);
        let (left_words, right_words) = (naive::words(left_text), naive::words(right_text));
        // Between documents eight words in a row; inside one, where shorter echoes are reported, all of the words.
        let is_chance = naive::longest_common_run(&left_words, &right_words) >= 8
            || (finding.rule == "doubled-text" && left_words == right_words);
        if is_chance {
            verdicts.chance += 1;
        } else {
            verdicts.wrong.push(format!(
                "{} {}: {} {left_span:?} “{left_text}” / {} {right_span:?} “{right_text}”",
                finding.rule, finding.id, left_document.id, right_document.id
            ));
        }
    }

    /// Whether some cluster of one of the rules holds both documents.
    pub(crate) fn is_clustered(&self, documents: [usize; 2], rules: &[&str]) -> bool {
        self.clusters[documents[0]]
            .intersection(&self.clusters[documents[1]])
            .any(|&cluster| rules.contains(&self.report.clusters[cluster].rule.as_str()))
    }

    /// Members of clusters that do not tell their representative's story, shown.
    pub(crate) fn false_members(&self) -> Vec<String> {
        let story = |id: &str| self.documents[self.numbers[id]].story;
        let mut wrong = Vec::new();
        for cluster in &self.report.clusters {
            let told = story(&cluster.representative);
            for member in &cluster.members {
                if member.document != cluster.representative && (told.is_none() || story(&member.document) != told) {
                    wrong.push(format!(
                        "{} {}: {} in {}",
                        cluster.rule, cluster.id, member.document, cluster.representative
                    ));
                }
            }
        }
        wrong
    }

    /// The cluster that holds most of the documents, and how many of them it holds.
    pub(crate) fn largest_cluster_of(&self, documents: &[usize]) -> Option<(&'a Cluster, usize)> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for &document in documents {
            for &cluster in &self.clusters[document] {
                *counts.entry(cluster).or_default() += 1;
            }
        }
        let (cluster, count) =
            counts.into_iter().max_by_key(|&(cluster, count)| (count, std::cmp::Reverse(cluster)))?;
        Some((&self.report.clusters[cluster], count))
    }

    /// Furniture by bytes that are not white space: (recall, precision). Lines that may be called either are left out.
    pub(crate) fn furniture(&self) -> (Share, Share) {
        let (mut recall, mut precision) = (Share::default(), Share::default());
        for (number, document) in self.documents.iter().enumerate() {
            let mut truth = vec![0_u8; document.text.len()];
            let paint = |truth: &mut Vec<u8>, spans: &[Range<usize>], colour: u8| {
                spans.iter().for_each(|span| truth[span.clone()].fill(colour));
            };
            paint(&mut truth, &document.furniture, 1);
            paint(&mut truth, &document.neutral, 2);
            let mut found = vec![false; document.text.len()];
            for (place, finding, _) in &self.places[number] {
                if self.report.findings[*finding].rule == "boilerplate" {
                    found[place.clone()].fill(true);
                }
            }
            for ((byte, &truth), &found) in document.text.bytes().zip(&truth).zip(&found) {
                if byte.is_ascii_whitespace() || truth == 2 {
                    continue;
                }
                if truth == 1 {
                    recall.add(found);
                }
                if found {
                    precision.add(truth == 1);
                }
            }
        }
        (recall, precision)
    }

    /// Boilerplate findings that touch the words of any of the documents' sentences, shown.
    pub(crate) fn boilerplate_in_sentences(&self, documents: &[usize]) -> Vec<String> {
        let mut wrong = Vec::new();
        for &number in documents {
            let document = &self.documents[number];
            for (place, finding, _) in &self.places[number] {
                let touches = document.marks.iter().any(|mark| naive::overlap(&(mark.start..mark.end), place) > 0);
                if touches && self.report.findings[*finding].rule == "boilerplate" {
                    wrong.push(format!("{} {place:?} “{}”", document.id, &document.text[place.clone()]));
                }
            }
        }
        wrong
    }
}

/// How many bytes the spans cover together.
fn union(spans: &mut [Range<usize>]) -> usize {
    spans.sort_by_key(|span| (span.start, span.end));
    let (mut covered, mut reached) = (0, 0);
    for span in spans {
        covered += span.end.saturating_sub(span.start.max(reached));
        reached = reached.max(span.end);
    }
    covered
}

/// Documents by id, for the promises.
pub(crate) fn texts(planted: &Planted) -> BTreeMap<String, String> {
    planted.documents.iter().map(|document| (document.id.clone(), document.text.clone())).collect()
}
