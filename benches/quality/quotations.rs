//! What `quotes` says of a set, in the scorers' words, and who is right about speakers.
//!
//! **Extraction**: the pieces of what is called speech, for the kind `direct`; for `marked`, those of fragments too.
//!
//! **Quotations that travel**: of each utterance every two quotations of different documents, as far as both have the
//! same words of the reference, five or more. The edits, each with its places on both sides, lead from the reference's bytes to the
//! variant's: a byte between two edits is as far from the nearer one on both sides.
//!
//! **Speakers**: a quotation of the truth is answered by ours whose piece overlaps its first one by half of what both
//! cover. Where the truth has names, ours is right if, of all names that the truth of this text has, it shares most words
//! with the right one (titles aside, if something else is left; of equals those that share most with titles); *I* is
//! whoever most of what *I* says belongs to. Where the truth has places, ours is right if it overlaps one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Value, json};

use crate::sets;

type Texts = BTreeMap<String, String>;
type Span = Range<u64>;

/// Words that two variants have in common at least, to be a pair.
const LEAST: usize = 5;

/// The pieces of quotations of some kinds.
pub(crate) fn pieces(report: &Value, kinds: &[&str]) -> Vec<String> {
    let quotations = list(&report["quotations"]).iter().filter(|quotation| kinds.contains(&text(&quotation["kind"])));
    let line = |quotation: &Value| {
        let spans: Vec<[u64; 2]> = list(&quotation["pieces"]).iter().map(|piece| [start(piece), end(piece)]).collect();
        json!({ "doc": quotation["document"], "spans": spans }).to_string()
    };
    quotations.map(line).collect()
}

/// All pairs of places of different documents that are variants of one utterance.
pub(crate) fn travels(report: &Value, texts: &Texts) -> Vec<String> {
    let quotations = list(&report["quotations"]).iter();
    let document_of: BTreeMap<&str, &str> =
        quotations.map(|quotation| (text(&quotation["id"]), text(&quotation["document"]))).collect();
    let mut lines = BTreeSet::new();
    for utterance in list(&report["utterances"]) {
        let said = &texts[document_of[text(&utterance["reference"])]];
        let variants: Vec<&Value> =
            list(&utterance["variants"]).iter().filter(|variant| !variant["quotation"].is_null()).collect();
        for (number, one) in variants.iter().enumerate() {
            for other in variants[number + 1..].iter().filter(|other| other["document"] != one["document"]) {
                let (a, b) = (pair(&one["reference"]), pair(&other["reference"]));
                let common = a.start.max(b.start)..a.end.min(b.end);
                let words = said.get(common.start as usize..common.end as usize).unwrap_or_default();
                if words.split_whitespace().count() < LEAST {
                    continue;
                }
                let [a, b] = [one, other].map(|variant| project(variant, common.start)..project(variant, common.end));
                if common.start < common.end && a.start < a.end && b.start < b.end {
                    let line = json!({
                        "a": one["document"], "b": other["document"],
                        "a_start": a.start, "a_end": a.end, "b_start": b.start, "b_end": b.end,
                    });
                    lines.insert(line.to_string());
                }
            }
        }
    }
    lines.into_iter().collect()
}

/// Where a byte of the reference falls in a variant.
fn project(variant: &Value, byte: u64) -> u64 {
    let reference = pair(&variant["reference"]);
    let mut marks = vec![(reference.start, start(variant)), (reference.end, end(variant))];
    for edit in list(&variant["edits"]) {
        let (old, new) = (pair(&edit["reference"]), pair(&edit["variant"]));
        let is_of_words = !["marks dropped", "speaker changed"].contains(&text(&edit["kind"]));
        if is_of_words && reference.start < old.end && old.start < reference.end {
            marks.extend([(old.start, new.start), (old.end, new.end)]);
        }
    }
    marks.sort_unstable();
    let around = marks.windows(2).find(|pair| pair[0].0 <= byte && byte <= pair[1].0);
    let Some(&[(before, from), (after, to)]) = around.and_then(|pair| pair.first_chunk::<2>()) else {
        return end(variant);
    };
    if byte - before <= after - byte {
        (from + byte - before).min(to)
    } else {
        to.saturating_sub(after - byte).max(from)
    }
}

/// How many speakers are right, of how many quotations, by the type that the truth tells.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Speakers {
    pub(crate) quotations: u32,
    pub(crate) named: u32,
    pub(crate) right: u32,
}

impl Speakers {
    fn count(&mut self, is_right: Option<bool>) {
        self.quotations += 1;
        self.named += u32::from(is_right.is_some());
        self.right += u32::from(is_right == Some(true));
    }
}

/// Judges the speakers of a report; the first row is of all quotations.
pub(crate) fn speakers(report: &Value, truth: &[Value], texts: &Texts) -> Vec<(String, Speakers)> {
    let mut ours: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for quotation in list(&report["quotations"]) {
        ours.entry(text(&quotation["document"])).or_default().push(quotation);
    }
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in truth {
        names.entry(text(&row["doc"])).or_default().extend(row["speaker"].as_str());
    }
    let bytes: BTreeMap<&str, Vec<u64>> = texts.iter().map(|(id, text)| (&**id, sets::bytes(text))).collect();
    let mut all = Speakers::default();
    let mut by_type: BTreeMap<&str, Speakers> = BTreeMap::new();
    let mut judged: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut narrated: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut answers = Vec::new();
    for row in truth.iter().filter(|row| row["kind"] == "direct") {
        let document = text(&row["doc"]);
        let is_told = row["speaker"].is_string() || row["source"].as_array().is_some_and(|source| !source.is_empty());
        // A quotation in several pieces is one.
        let is_new = row["quote"].as_str().is_none_or(|quote| judged.insert((document, quote)));
        if !is_told || !is_new {
            continue;
        }
        let place = |span: &Value| {
            let span = pair(span);
            bytes[document][span.start as usize]..bytes[document][span.end as usize]
        };
        let wanted = place(&row["spans"][0]);
        let answer = ours.get(document).into_iter().flatten().find(|quotation| {
            list(&quotation["pieces"]).iter().any(|piece| is_half(&(start(piece)..end(piece)), &wanted))
        });
        let speaker = answer.map(|answer| &answer["speaker"]).filter(|speaker| speaker.is_object());
        if let (Some("I"), Some(name)) = (speaker.and_then(|speaker| speaker["name"].as_str()), row["speaker"].as_str())
        {
            *narrated.entry((document, name)).or_default() += 1;
        }
        let sources: Vec<Span> = row["source"].as_array().into_iter().flatten().map(place).collect();
        answers.push((row, speaker, sources));
    }
    for (row, speaker, sources) in answers {
        let document = text(&row["doc"]);
        let narrator = || {
            let of_document = narrated.iter().filter(|((of, _), _)| *of == document);
            of_document.max_by_key(|(_, count)| **count).map(|((_, name), _)| *name)
        };
        let is_right = speaker.map(|speaker| match (row["speaker"].as_str(), text(&speaker["name"])) {
            (Some(name), "I") => narrator() == Some(name),
            (Some(name), own) => most_like(own, &names[document]).contains(name),
            (None, _) => sources.iter().any(|source| overlap(source, &(start(speaker)..end(speaker))) > 0),
        });
        all.count(is_right);
        if let Some(of_type) = row["type"].as_str() {
            by_type.entry(of_type).or_default().count(is_right);
        }
    }
    let rows = by_type.into_iter().map(|(name, score)| (format!("– {name}"), score));
    std::iter::once((String::new(), all)).chain(rows).collect()
}

/// The names that share most words with a name; none if none shares any.
fn most_like<'n>(name: &str, names: &BTreeSet<&'n str>) -> BTreeSet<&'n str> {
    let share = |one: BTreeSet<String>, other: BTreeSet<String>| {
        one.intersection(&other).count() * 1000 / one.union(&other).count().max(1)
    };
    let likeness = |other: &str| (share(core(name), core(other)), share(words(name), words(other)));
    let best = names.iter().map(|name| likeness(name)).max().unwrap_or_default();
    names.iter().copied().filter(|name| best.0 > 0 && likeness(name) == best).collect()
}

/// The words of a name: `Mr_Jack_Durbeyfield-0` has three.
fn words(name: &str) -> BTreeSet<String> {
    let parts = name.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_lowercase).collect()
}

/// Those that are no titles, if there are any.
fn core(name: &str) -> BTreeSet<String> {
    const TITLES: [&str; 14] =
        ["mr", "mrs", "miss", "ms", "dr", "sir", "lady", "lord", "uncle", "aunt", "captain", "father", "mother", "the"];
    let all = words(name);
    let core: BTreeSet<String> = all.iter().filter(|word| !TITLES.contains(&word.as_str())).cloned().collect();
    if core.is_empty() { all } else { core }
}

fn overlap(one: &Span, other: &Span) -> u64 {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// Whether two spans have half of what they cover in common.
fn is_half(one: &Span, other: &Span) -> bool {
    2 * overlap(one, other) >= one.end.max(other.end) - one.start.min(other.start)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn start(value: &Value) -> u64 {
    value["start"].as_u64().unwrap()
}

fn end(value: &Value) -> u64 {
    value["end"].as_u64().unwrap()
}

fn pair(value: &Value) -> Span {
    value[0].as_u64().unwrap()..value[1].as_u64().unwrap()
}
