//! Rows as documents.

use std::sync::Arc;

use bytes::Bytes;

use super::super::reading::read_any;
use super::files::{Manner, Row, write_as};
use crate::document::{Derivation, Side};
use crate::input::corpus::Part;
use crate::input::fields::{FieldNames, Plan};
use crate::input::rows::Table;

fn read(bytes: Bytes, names: FieldNames) -> Part {
    let (path, plan): (Arc<str>, _) = ("a.parquet".into(), Plan::new(&names).unwrap());
    let mut part = Part::default();
    read_any(bytes, Table { path: &path, plan: &plan, noun: "row", side: Side::Subject }, true, &mut part);
    part
}

fn some(value: impl AsRef<[u8]>) -> Vec<(i16, i16, Option<Vec<u8>>)> {
    vec![(0, 1, Some(value.as_ref().to_vec()))]
}

fn null() -> Vec<(i16, i16, Option<Vec<u8>>)> {
    vec![(0, 0, None)]
}

fn read_rows(schema: &str, rows: Vec<Row>) -> Part {
    let groups: Vec<Vec<Row>> = rows.chunks(2).map(<[Row]>::to_vec).collect();
    read(write_as(schema, &groups, &Manner::plain()), FieldNames::default())
}

#[test]
fn columns_are_fields_and_rows_are_numbered_through() {
    let schema = "message doc { optional binary text (STRING); optional binary content (STRING); optional binary id;
        optional group meta { optional int32 date (DATE); } optional binary title (STRING); }";
    let date = |day: i32| vec![(0, 2, Some(day.to_le_bytes().to_vec()))];
    let part = read_rows(
        schema,
        vec![
            vec![some("one"), some("no"), some("x"), date(18724), some("T")],
            vec![null(), some("two"), null(), vec![(0, 1, None)], null()],
            vec![some("three"), null(), some(" "), null(), null()],
            vec![null(), null(), some("y"), date(0), null()],
        ],
    );
    let texts: Vec<&str> = part.documents.iter().map(|document| &*document.text).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    let ids: Vec<&str> = part.documents.iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids, ["x", "a.parquet#2", "a.parquet#3"]);
    assert_eq!(part.documents[0].date.unwrap().to_string(), "2021-04-07");
    assert_eq!((part.documents[1].date, part.documents[0].title()), (None, Some("T")));
    assert_eq!(part.documents[2].record.unwrap().get(), 3);
    assert_eq!((part.skipped.len(), part.skipped[0].line), (1, Some(4)));
    assert_eq!(part.skipped[0].reason, "the text field `text` is null");
    assert!(part.warnings.is_empty(), "{:?}", part.warnings);
}

#[test]
fn every_form_of_date_is_understood() {
    let int64 = |number: i64| some(number.to_le_bytes());
    let seconds = 1_617_798_645;
    for (kind, value, expected) in [
        ("int32 date (DATE)", some(18_724_i32.to_le_bytes()), "2021-04-07"),
        ("int64 date (TIMESTAMP(MILLIS,true))", int64(seconds * 1000 + 5), "2021-04-07T12:30:45Z"),
        ("int64 date (TIMESTAMP(MICROS,false))", int64(seconds * 1_000_000), "2021-04-07T12:30:45Z"),
        ("int64 date (TIMESTAMP(NANOS,true))", int64(seconds * 1_000_000_000 + 7), "2021-04-07T12:30:45Z"),
        ("int64 date (TIMESTAMP_MILLIS)", int64(seconds * 1000), "2021-04-07T12:30:45Z"),
        ("int64 date", int64(seconds), "2021-04-07T12:30:45Z"),
        ("double date", some((seconds as f64 + 0.5).to_le_bytes()), "2021-04-07T12:30:45Z"),
        ("binary date (STRING)", some("April 2021"), "2021-04"),
        ("int32 date", some(20_210_407_i32.to_le_bytes()), "2021-04-07"),
        (
            "int96 date",
            some([45_045_000_000_000_u64.to_le_bytes().as_slice(), &2_459_312_u32.to_le_bytes()].concat()),
            "2021-04-07T12:30:45Z",
        ),
    ] {
        let schema = format!("message doc {{ optional binary text; optional {kind}; }}");
        let part = read_rows(&schema, vec![vec![some("t"), value]]);
        assert_eq!(part.documents[0].date.map(|date| date.to_string()).as_deref(), Some(expected), "{kind}");
    }
    let schema = "message doc { optional binary text; optional int64 date (TIMESTAMP(MILLIS,true)); }";
    let part = read_rows(schema, vec![vec![some("t"), int64(i64::MAX)]]);
    assert_eq!(part.documents[0].date, None);
    assert_eq!(part.warnings.len(), 1);
}

#[test]
fn ids_are_strings_numbers_and_identifiers() {
    let uuid: Vec<u8> = (0..16).collect();
    for (kind, value, expected) in [
        ("int32 id", some((-5_i32).to_le_bytes()), "-5"),
        ("int32 id (INTEGER(32,false))", some((-1_i32).to_le_bytes()), "4294967295"),
        ("int64 id (INTEGER(64,false))", some((-1_i64).to_le_bytes()), "18446744073709551615"),
        ("fixed_len_byte_array(16) id (UUID)", some(uuid), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ("fixed_len_byte_array(3) id", some("abc"), "abc"),
        ("int32 id (DECIMAL(5,0))", some(7_i32.to_le_bytes()), "7"),
        ("fixed_len_byte_array(2) id (DECIMAL(3,0))", some([0xff, 0xfe]), "-2"),
        ("boolean id", some([1]), "a.parquet#1"),
    ] {
        let schema = format!("message doc {{ optional binary text; optional {kind}; }}");
        let part = read_rows(&schema, vec![vec![some("t"), value]]);
        assert_eq!(part.documents[0].id, expected, "{kind}");
    }
}

#[test]
fn without_a_text_the_columns_are_named_once() {
    let rows = vec![vec![some("x"), some("y")]; 3];
    let part = read_rows("message doc { optional binary headline; optional binary id; }", rows.clone());
    let reason = &part.skipped[0].reason;
    assert_eq!((part.skipped.len(), part.skipped[0].line), (1, None));
    assert!(reason.starts_with("no text field (tried: text, content, body,"), "{reason}");
    assert!(reason.ends_with("there are: headline, id); name it with --text-field"), "{reason}");
    let bytes = write_as("message doc { optional binary a; optional binary b; }", &[rows], &Manner::plain());
    let chosen = |name: &str| FieldNames { text: Some(name.to_owned()), ..FieldNames::default() };
    assert_eq!(read(bytes.clone(), chosen("c")).skipped[0].reason, "no text field `c` (there are: a, b)");
    assert_eq!(&*read(bytes, chosen("b")).documents[0].text, "y");
    let number = vec![vec![some(1_i32.to_le_bytes())]];
    let part = read_rows("message doc { optional int32 text; }", number.clone());
    assert_eq!(part.skipped[0].reason, "the text field `text` is a number, not a string");
    let part = read_rows("message doc { optional int32 text (DATE); }", number);
    assert_eq!(part.skipped[0].reason, "the text field `text` is a date, not a string");
    let part = read_rows("message doc { repeated binary text; }", vec![vec![some("x")]]);
    assert_eq!(part.skipped[0].reason, "the text field `text` is an array, not a string");
    let part = read_rows("message doc { optional binary other; }", vec![]);
    assert!(part.skipped.is_empty() && part.documents.is_empty());
}

#[test]
fn damaged_text_is_decoded_and_told_once() {
    let rows = vec![vec![some("ok")], vec![some(b"a\xffb")], vec![some(b"\xfe")]];
    let part = read_rows("message doc { optional binary text (STRING); }", rows);
    let texts: Vec<&str> = part.documents.iter().map(|document| &*document.text).collect();
    assert_eq!(texts, ["ok", "a\u{fffd}b", "\u{fffd}"]);
    let derivations: Vec<Derivation> = part.documents.iter().map(|document| document.origin.derivation).collect();
    assert_eq!(derivations, [Derivation::Original, Derivation::Decoded, Derivation::Decoded]);
    let expected = "a.parquet: 2 texts are not valid UTF-8; what is invalid was replaced by U+FFFD, the first in row 2";
    assert_eq!(part.warnings, [expected]);
}

#[test]
fn what_is_no_parquet_file_says_so() {
    let reason =
        |bytes: &'static [u8]| read(Bytes::from_static(bytes), FieldNames::default()).skipped[0].reason.clone();
    assert_eq!(reason(b""), "not a Parquet file: the file is empty");
    assert_eq!(reason(b"PAR1"), "not a Parquet file: too short to be one");
    assert_eq!(reason(b"{\"text\":\"not Parquet\"}"), "not a Parquet file: it does not begin and end with `PAR1`");
    assert_eq!(reason(b"PAR1 and then it ends"), "the file is cut off or damaged: it does not end with a footer");
    assert_eq!(reason(b"PARE            PARE"), "the file is encrypted");
    assert_eq!(reason(b"PAR1    \xff\xff\0\0PAR1"), "the footer is damaged: it would be longer than the file");
}
