//! Planted truth: a seeded corpus in which everything that repeats is known, and the share of it that a scan finds.
//!
//! Run with `--nocapture` to see the figures. The bars are promises; the figures are measured on every run. The first
//! tests judge the proof itself: that the generator is the one that was pinned, that its background repeats little by
//! accident, and that the judges tell right from wrong on a plain reference.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use support::corpus::language::Language;
use support::corpus::page::json_lines;
use support::corpus::plant::{Amounts, Kind, Maker, Planted, Relation, planted};
use support::corpus::random::Random;
use support::judge::{Judge, Share, texts};
use support::report::Report;
use support::{naive, program, promise, reference};
use xxhash_rust::xxh3::xxh3_64;

const SEED: u64 = 2_026;

#[test]
fn the_generator_is_pinned() {
    let mut random = Random::new(1);
    assert_eq!([random.number(), random.number()], [0xb3f2_af6d_0fc7_10c5, 0x853b_5596_4736_4cea]);
    let language = Language::new();
    assert_eq!(language.size(), 72_000);
    let corpus = planted(SEED, Amounts::SMALL, &language);
    assert_eq!(xxh3_64(&json_lines(&corpus.documents)), 11_931_317_588_576_804_620);
}

#[test]
fn the_background_repeats_little_by_accident() {
    let language = Language::new();
    let mut maker = Maker::new(SEED, &language);
    let texts: Vec<String> = (0..3000).map(|number| maker.unrelated(number).render().text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut lengths: Vec<usize> = Vec::new();
    let writer = maker.writer();
    for _ in 0..10_000 {
        lengths.push(writer.sentence(&mut maker.random).words.len());
    }
    let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
    println!("sentences: {:?} to {:?} words, mean {mean:.1}", lengths.iter().min(), lengths.iter().max());
    for length in [3, 4, 5, 6, 8] {
        let (shared, total) = naive::chance_tokens(&texts, length);
        let percent = shared as f64 * 100.0 / total as f64;
        println!("runs of {length} words shared by chance cover {percent:.3} % of {total} tokens");
        if length == 6 {
            assert!(percent < 2.0, "runs of 6 words shared by chance cover {percent:.2} % of the tokens");
        }
    }
    assert!((18.0..22.0).contains(&mean) && lengths.iter().all(|length| (6..=35).contains(length)));
}

#[test]
fn what_is_recorded_is_what_stands_in_the_texts() {
    let corpus = planted(SEED, Amounts::SMALL, &Language::new());
    for instance in &corpus.instances {
        let [left, right] = instance.places.each_ref().map(|place| {
            let document = &corpus.documents[place.document];
            naive::words(&document.text[place.span(&corpus.documents)])
        });
        let equal = naive::common_subsequence(&left, &right).len();
        let lost = left.len().max(right.len()) - equal;
        match instance.kind {
            // Two words become three or four where a hyphen goes or comes.
            Kind::Edited(edits) => assert!(lost >= 1 && lost <= 2 * edits, "{instance:?} loses {lost} words"),
            Kind::DoubledEdited => assert!((1..=6).contains(&lost), "{instance:?} loses {lost} words"),
            Kind::Merged => assert_eq!(lost, 1, "{instance:?}"),
            _ => assert_eq!(left, right, "{instance:?}"),
        }
        if instance.kind == Kind::Half {
            assert!(left.len() >= 8, "{left:?}");
        }
    }
    for (relation, [left, right]) in &corpus.pairs {
        let [of_left, of_right] = naive::coverage(&corpus.documents[*left], &corpus.documents[*right]);
        match relation {
            Relation::Versions => assert!(of_left > 0.4 && of_right > 0.4, "{of_left} {of_right}"),
            Relation::Update => assert!(of_left > 0.75 && of_right < 0.65, "{of_left} {of_right}"),
            Relation::Neighbours => assert!(of_left < 0.65 && of_right < 0.65, "{of_left} {of_right}"),
        }
    }
}

#[test]
fn the_judges_tell_right_from_wrong() {
    let corpus = planted(SEED, Amounts { reprints: 8, ..Amounts::SMALL }, &Language::new());
    let mut value = reference::scan(&corpus.documents);
    let report = Report::parse(value.to_string().as_bytes()).unwrap();
    assert_eq!(promise::broken(&report, &texts(&corpus)), Vec::<String>::new());
    let judge = Judge::new(&corpus.documents, &report);
    for instance in &corpus.instances {
        match instance.kind {
            Kind::Edited(_) | Kind::DoubledEdited | Kind::Merged => {}
            _ => assert!(judge.is_found(instance), "{instance:?}"),
        }
        if matches!(instance.kind, Kind::DoubledApart) {
            assert!(judge.is_exact(instance), "{instance:?}");
        }
    }
    assert_eq!(judge.verdicts("shared-passage").wrong, Vec::<String>::new());
    assert_eq!(judge.verdicts("doubled-text").wrong, Vec::<String>::new());
    assert_eq!(judge.false_members(), Vec::<String>::new());
    let (recall, precision) = judge.furniture();
    assert!(recall.percent() > 99.0 && precision.percent() > 99.0, "{recall:?} {precision:?}");
    assert!(judge.boilerplate_in_sentences(&corpus.reprints).is_empty());

    // An empty report finds nothing, and a report of a wrong pair is told to be one.
    let empty = Report { findings: Vec::new(), clusters: Vec::new(), ..report.clone() };
    let judge = Judge::new(&corpus.documents, &empty);
    assert!(!corpus.instances.iter().any(|instance| judge.is_found(instance)));
    let mut wrong = report.clone();
    let [stranger, other] = [0, 1].map(|index| corpus.documents[corpus.unrelated[index]].id.clone());
    let finding = wrong.findings.iter_mut().find(|finding| finding.rule == "shared-passage").unwrap();
    finding.occurrences[1].document = stranger.clone();
    (finding.occurrences[1].start, finding.occurrences[1].end) = (0, 40);
    wrong.clusters[0].members[1].document = other;
    let judge = Judge::new(&corpus.documents, &wrong);
    assert_eq!(judge.verdicts("shared-passage").wrong.len(), 1);
    assert_eq!(judge.false_members().len(), 1);

    // Each promise, broken by hand, is told as broken.
    let finding = value["findings"]
        .as_array()
        .unwrap()
        .iter()
        .position(|finding| finding["rule"] == "shared-passage" && finding["tokens"].as_u64() > Some(10))
        .unwrap();
    let start = value["findings"][finding]["occurrences"][1]["start"].as_u64().unwrap();
    let tampered: [(&str, serde_json::Value); 9] = [
        ("/schema", "dittograph.report.v2".into()),
        ("/corpus/bytes", 1.into()),
        ("/documents/0/original", 1.into()),
        (&format!("/findings/{finding}/id"), value["clusters"][0]["id"].clone()),
        (&format!("/findings/{finding}/occurrences/1/start"), (start + 9).into()),
        (&format!("/findings/{finding}/occurrences/1/end"), 9_999_999.into()),
        (&format!("/findings/{finding}/occurrences/1/identity"), 0.99.into()),
        (&format!("/findings/{finding}/occurrences/1/resemblance"), 0.9.into()),
        ("/clusters/0/members/0/resemblance", 0.5.into()),
    ];
    for (pointer, wrong) in tampered {
        let right = std::mem::replace(value.pointer_mut(pointer).unwrap(), wrong);
        let report = Report::parse(value.to_string().as_bytes()).unwrap();
        assert!(!promise::broken(&report, &texts(&corpus)).is_empty(), "{pointer} passes");
        *value.pointer_mut(pointer).unwrap() = right;
    }
}

/// One line of the table: a figure, and the bar that it must reach.
struct Row {
    name: String,
    share: Share,
    bar: Option<f64>,
}

impl Row {
    fn new(name: impl Into<String>, share: Share, bar: impl Into<Option<f64>>) -> Self {
        Row { name: name.into(), share, bar: bar.into() }
    }

    fn print(&self) -> bool {
        let percent = self.share.percent();
        let holds = self.bar.is_none_or(|bar| percent >= bar);
        let bar = self.bar.map_or(String::new(), |bar| format!("{bar:6.1} %"));
        let mark = if holds { "" } else { "  MISSED" };
        println!(
            "{:<52} {:>7} of {:>7}  {percent:7.2} %  {bar:>9}{mark}",
            self.name, self.share.part, self.share.whole
        );
        holds
    }
}

fn passage_rows(corpus: &Planted, judge: &Judge<'_>) -> Vec<Row> {
    let mut kinds: BTreeMap<Kind, Share> = BTreeMap::new();
    let mut exact = Share::default();
    for instance in &corpus.instances {
        let share = kinds.entry(instance.kind).or_default();
        let is_found = judge.is_found(instance);
        share.add(is_found);
        if !is_found && share.whole - share.part <= 3 {
            println!("{}", judge.show(instance, "missed"));
        }
        if matches!(instance.kind, Kind::DoubledExact | Kind::DoubledApart) {
            let is_exact = judge.is_exact(instance);
            exact.add(is_exact);
            if !is_exact && exact.whole - exact.part <= 3 {
                println!("{}", judge.show(instance, "other borders"));
            }
        }
    }
    let mut rows: Vec<Row> = kinds
        .into_iter()
        .map(|(kind, share)| {
            let (name, bar) = match kind {
                Kind::Exact => ("sentence, word for word".to_owned(), Some(100.0)),
                Kind::Edited(edits) => (
                    format!("sentence of 20 words, {edits} edited"),
                    [None, Some(99.0), Some(99.0), Some(95.0), Some(95.0), None][edits],
                ),
                Kind::Split => ("sentence split in two".to_owned(), Some(100.0)),
                Kind::Merged => ("two sentences merged".to_owned(), Some(100.0)),
                Kind::Moved => ("sentence moved in its paragraph".to_owned(), Some(100.0)),
                Kind::Half => ("half a sentence, 8 words and more".to_owned(), Some(100.0)),
                Kind::DoubledExact => ("body doubled".to_owned(), Some(100.0)),
                Kind::DoubledEdited => ("body doubled, three words changed".to_owned(), Some(100.0)),
                Kind::DoubledApart => ("body doubled, text between".to_owned(), Some(100.0)),
            };
            Row::new(name, share, bar)
        })
        .collect();
    rows.push(Row::new("doubled bodies with the very borders", exact, 100.0));
    rows
}

fn document_rows(corpus: &Planted, judge: &Judge<'_>) -> Vec<Row> {
    let (mut near, mut contained, mut apart) = (Share::default(), Share::default(), Share::default());
    for &(relation, pair) in &corpus.pairs {
        let [left, right] = naive::coverage(&corpus.documents[pair[0]], &corpus.documents[pair[1]]);
        if left >= 0.75 && right >= 0.75 {
            near.add(judge.is_clustered(pair, &["near-duplicate"]));
        } else if left.max(right) >= 0.75 && left.min(right) < 0.62 {
            contained.add(judge.is_clustered(pair, &["contained"]));
        } else if relation == Relation::Neighbours && left.max(right) < 0.62 {
            // Of three versions two may be further apart, and still belong together by the third.
            apart.add(!judge.is_clustered(pair, &["near-duplicate", "contained"]));
        }
    }
    let reprints = match judge.largest_cluster_of(&corpus.reprints) {
        Some((cluster, held)) if cluster.rule == "near-duplicate" => held,
        _ => 0,
    };
    vec![
        Row::new("documents covered by 0.75 both ways, clustered", near, 99.5),
        Row::new("first versions contained in updates", contained, 99.0),
        Row::new("documents covered under 0.62 both ways, kept apart", apart, 100.0),
        Row::new("reprints of one story in one cluster", Share { part: reprints, whole: corpus.reprints.len() }, 100.0),
    ]
}

fn truth_rows(corpus: &Planted, report: &Report, judge: &Judge<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let chance = naive::chance_runs(&corpus.documents, 8);
    println!("runs of 8 words shared by chance, by a naive count of the corpus: {}", chance.len());
    for rule in ["shared-passage", "doubled-text"] {
        let verdicts = judge.verdicts(rule);
        println!("{rule}: {} occurrences planted, {} by chance", verdicts.planted, verdicts.chance);
        verdicts.wrong.iter().take(8).for_each(|wrong| println!("  wrong: {wrong}"));
        rows.push(Row::new(format!("{rule}: occurrences that are true"), verdicts.precision(), 100.0));
    }
    let wrong = judge.false_members();
    wrong.iter().take(8).for_each(|wrong| println!("  wrong: {wrong}"));
    let members: usize = report.clusters.iter().map(|cluster| cluster.members.len() - 1).sum();
    rows.push(Row::new("cluster members that are true", Share { part: members - wrong.len(), whole: members }, 100.0));
    let (recall, precision) = judge.furniture();
    rows.push(Row::new("furniture of sites found, bytes", recall, 98.0));
    rows.push(Row::new("what is called furniture and is, bytes", precision, 98.0));
    let called = judge.boilerplate_in_sentences(&corpus.reprints);
    called.iter().take(8).for_each(|wrong| println!("  a story called furniture: {wrong}"));
    rows.push(Row::new(
        "reprints with no furniture in the story",
        {
            let part = corpus.reprints.len().saturating_sub(called.len());
            Share { part, whole: corpus.reprints.len() }
        },
        100.0,
    ));
    rows
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let corpus = planted(SEED, Amounts::FULL, &Language::new());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("planted.jsonl");
    fs::write(&path, json_lines(&corpus.documents)).unwrap();
    let (report, outcome) = program::scan([&path]);
    let judge = Judge::new(&corpus.documents, &report);
    println!(
        "{} documents, {} tokens, {} findings, {} clusters, {:.1?}",
        report.corpus.documents,
        report.corpus.tokens,
        report.findings.len(),
        report.clusters.len(),
        outcome.elapsed
    );
    let mut rows = passage_rows(&corpus, &judge);
    rows.extend(document_rows(&corpus, &judge));
    rows.extend(truth_rows(&corpus, &report, &judge));
    let missed: Vec<&str> = rows.iter().filter(|row| !row.print()).map(|row| row.name.as_str()).collect();
    let broken = promise::broken(&report, &texts(&corpus));
    broken.iter().take(8).for_each(|broken| println!("  broken promise: {broken}"));
    assert!(missed.is_empty() && broken.is_empty(), "under the bar: {missed:?}, {} promises broken", broken.len());
    let first = &corpus.documents[corpus.reprints[0]].id;
    let (cluster, _) = judge.largest_cluster_of(&corpus.reprints).unwrap();
    for member in cluster.members.iter().filter(|member| member.role == "original") {
        assert_eq!(&member.document, first, "the earliest copy of a story is its original");
    }
}
