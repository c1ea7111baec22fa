//! What is rewritten is what a plain model says; what is restored is what it was.

use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterVersion};
use proptest::prelude::*;

use super::super::Change;
use super::super::rewriting::rewrite_any;
use super::super::undo::RewriteError;
use super::files::{self, Content, Dice, Manner, Row, plan, read, restore, rewrite, write};

/// The columns from which a text is read, in the order in which they are tried.
const TEXTS: [usize; 2] = [0, 11];

fn make_groups(dice: &mut Dice, sizes: &[usize]) -> Vec<Vec<Row>> {
    sizes.iter().map(|size| (0..*size).map(|_| dice.row()).collect()).collect()
}

fn column_of_text(row: &Row) -> Option<usize> {
    TEXTS.into_iter().find(|column| row[*column][0].2.is_some())
}

/// Random changes: rows are dropped one by one and in stretches, and texts are changed where there are any.
fn make_changes(dice: &mut Dice, groups: &[Vec<Row>]) -> Vec<(u64, Change)> {
    let share = 1 + dice.roll(6);
    let mut stretch = false;
    let mut changes = Vec::new();
    for (number, row) in (1..).zip(groups.iter().flatten()) {
        if dice.roll(8) == 0 {
            stretch = !stretch;
        }
        if stretch && dice.roll(share) > 0 {
            changes.push((number, Change::Drop));
        } else if dice.roll(4) == 0 && column_of_text(row).is_some() {
            changes.push((number, Change::Text(format!("changed {}", dice.roll(3)))));
        }
    }
    changes
}

/// What a file is to hold after changes.
fn model(groups: &[Vec<Row>], changes: &[(u64, Change)]) -> Vec<Vec<Row>> {
    let mut number = 0;
    let mut changed = Vec::new();
    for rows in groups {
        let mut kept = Vec::new();
        for row in rows {
            number += 1;
            let mut row = row.clone();
            match changes.iter().find(|(changed, _)| *changed == number) {
                Some((_, Change::Drop)) => continue,
                Some((_, Change::Text(text))) => {
                    let column = column_of_text(&row).unwrap();
                    row[column][0].2 = Some(text.clone().into_bytes());
                }
                _ => {}
            }
            kept.push(row);
        }
        if !kept.is_empty() || rows.is_empty() {
            changed.push(kept);
        }
    }
    changed
}

fn check(groups: &[Vec<Row>], changes: &[(u64, Change)], manner: &Manner) {
    let source = write(groups, manner);
    let before = read(&source);
    assert_eq!(before.groups, groups);
    let (cleaned, undo) = rewrite(&source, changes, false);
    assert_eq!(undo.len(), groups.len());
    let after = read(&cleaned);
    assert_eq!(after.groups, model(groups, changes));
    let frame = |content: &Content| Content { manners: Vec::new(), groups: Vec::new(), ..content.clone() };
    assert_eq!(frame(&after), frame(&before));
    let restored = read(&restore(&cleaned, &undo));
    assert_eq!(restored.groups, before.groups);
    assert_eq!(frame(&restored), frame(&before));
}

#[test]
fn rows_are_dropped_and_texts_changed_in_every_manner_and_all_comes_back() {
    let dice = &mut Dice(1);
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
    ] {
        for (dictionary, delta) in [(false, false), (true, false), (false, true)] {
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                let manner = Manner { version, codec, dictionary, delta, ..Manner::plain() };
                let groups = make_groups(dice, &[40, 0, 25, 1]);
                let changes = make_changes(dice, &groups);
                check(&groups, &changes, &manner);
            }
        }
    }
}

#[test]
fn a_group_without_rows_is_left_out_and_untouched_ones_are_copied_as_they_are() {
    let dice = &mut Dice(2);
    let groups = make_groups(dice, &[10, 10, 10]);
    let manner = Manner { statistics: EnabledStatistics::Page, bloom: true, ..Manner::plain() };
    let changes: Vec<(u64, Change)> = (11..=20).map(|row| (row, Change::Drop)).chain([(30, Change::Drop)]).collect();
    check(&groups, &changes, &manner);
    let source = write(&groups, &manner);
    let (cleaned, undo) = rewrite(&source, &changes, false);
    assert!(undo[0].is_untouched() && undo[1].is_left_out());
    let (before, after, restored) = (read(&source), read(&cleaned), read(&restore(&cleaned, &undo)));
    assert_eq!(after.groups.len(), 2);
    assert_eq!((&before.manners[0], &before.manners[2]), (&after.manners[0], &after.manners[1]));
    assert_eq!(before.manners, restored.manners);
}

#[test]
fn a_chunk_is_written_as_it_was() {
    let dice = &mut Dice(3);
    for _ in 0..20 {
        let manner = Manner::random(dice);
        let groups = make_groups(dice, &[60]);
        let source = write(&groups, &manner);
        let (cleaned, undo) = rewrite(&source, &[(3, Change::Drop)], false);
        assert_eq!(read(&source).manners, read(&cleaned).manners, "{manner:?}");
        assert_eq!(read(&source).manners, read(&restore(&cleaned, &undo)).manners, "{manner:?}");
    }
}

#[test]
fn notes_are_a_column_of_their_own_and_go_again() {
    let dice = &mut Dice(4);
    let groups = make_groups(dice, &[1500, 3]);
    let source = write(&groups, &Manner::plain());
    let notes = [(1, "a"), (1400, "b"), (1503, "c")].map(|(row, note)| (row, Change::Note(note.to_owned())));
    let (noted, undo) = rewrite(&source, &notes, true);
    let (before, after) = (read(&source), read(&noted));
    assert_eq!(after.metadata, [("pandas".to_owned(), Some("{}".to_owned()))]);
    assert!(after.schema.contains("\"dittograph\""));
    for (number, (before, after)) in (1..).zip(before.groups.iter().flatten().zip(after.groups.iter().flatten())) {
        let (note, rest) = after.split_last().unwrap();
        assert_eq!(rest, before.as_slice());
        let expected = notes.iter().find(|(row, _)| *row == number).map(|(_, note)| match note {
            Change::Note(note) => note.clone().into_bytes(),
            _ => unreachable!(),
        });
        assert_eq!(*note, [(0, i16::from(expected.is_some()), expected)]);
    }
    assert_eq!(read(&restore(&noted, &undo)), before);
    let twice = rewrite_any(noted, &plan(), &[], Some("dittograph"), Vec::new(), &mut |_| Ok(()));
    assert_eq!(
        twice.unwrap_err().to_string(),
        "there is a column `dittograph` already: name another with --mark=FIELD"
    );
}

#[test]
fn a_file_without_groups_or_changes_is_copied() {
    for groups in [vec![], vec![vec![]], make_groups(&mut Dice(5), &[5])] {
        let source = write(&groups, &Manner::plain());
        let (copy, undo) = rewrite(&source, &[], false);
        assert_eq!(read(&copy), read(&source));
        assert_eq!(read(&restore(&copy, &undo)), read(&source));
    }
}

#[test]
fn changes_that_cannot_be_made_are_named() {
    let mut row = Dice(6).row();
    row[0] = vec![(0, 0, None)];
    row[11] = vec![(0, 0, None)];
    let source = write(&[vec![row]], &Manner::plain());
    let text = || Change::Text("x".to_owned());
    for (changes, expected) in [
        (vec![(1, text())], "row 1: it has no text to be changed"),
        (vec![(2, Change::Drop)], "row 2: the file has no such row"),
        (vec![(0, Change::Drop)], "row 0: changes are not in order"),
        (vec![(1, Change::Drop), (1, text())], "row 1: changes are not in order"),
        (vec![(1, Change::Note(String::new()))], "row 1: notes and other changes are not made together"),
    ] {
        let failed = rewrite_any(source.clone(), &plan(), &changes, None, Vec::new(), &mut |_| Ok(()));
        assert_eq!(failed.unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_text_of_fixed_length_takes_only_that_length() {
    let schema = "message doc { optional fixed_len_byte_array(4) text; }";
    let row = |text: &str| vec![vec![(0, 1, Some(text.as_bytes().to_vec()))]];
    let source = files::write_as(schema, &[vec![row("abcd"), row("efgh")]], &Manner::plain());
    let (cleaned, undo) = rewrite(&source, &[(2, Change::Text("ijkl".to_owned()))], false);
    assert_eq!(read(&cleaned).groups, [[row("abcd"), row("ijkl")]]);
    assert_eq!(read(&restore(&cleaned, &undo)), read(&source));
    let changes = [(2, Change::Text("longer".to_owned()))];
    let failed = rewrite_any(source, &plan(), &changes, None, Vec::new(), &mut |_| Ok(()));
    assert_eq!(failed.unwrap_err().to_string(), "row 2: its column holds texts of one length only");
}

#[test]
fn what_belongs_to_another_file_is_refused() {
    let dice = &mut Dice(7);
    let source = write(&make_groups(dice, &[4, 4]), &Manner::plain());
    let (cleaned, undo) = rewrite(&source, &[(2, Change::Drop)], false);
    let refused = |entries: &[super::super::RowGroupUndo]| {
        let mut entries = entries.iter().cloned();
        super::super::restoring::restore_any(cleaned.clone(), &mut || Ok(entries.next()), Vec::new()).unwrap_err()
    };
    assert!(matches!(refused(&undo[..1]), RewriteError::Foreign(_)));
    assert!(matches!(refused(&[undo[1].clone(), undo[0].clone()]), RewriteError::Foreign(_)));
    let mut broken = undo.clone();
    broken[0].dropped_rows = Some("AAAA".to_owned());
    assert!(matches!(refused(&broken), RewriteError::Foreign(_)));
    broken = undo.clone();
    broken[0].dropped = vec![(3, 9)];
    assert!(matches!(refused(&broken), RewriteError::Foreign(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_rows_with_random_changes_are_as_the_model_says_and_come_back(
        seed: u64,
        sizes in proptest::collection::vec(0_usize..50, 0..4),
    ) {
        let dice = &mut Dice(seed);
        let groups = make_groups(dice, &sizes);
        let (changes, manner) = (make_changes(dice, &groups), Manner::random(dice));
        check(&groups, &changes, &manner);
    }
}
