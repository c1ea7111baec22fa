//! `dedup` and `restore` as a user runs them: every format goes out clean and comes back byte for byte; what stays is
//! what the policy says; whatever goes wrong, nothing is lost and nothing half-written.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod cli_support;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::process::Command;

use cli_support::cleaning::{Invention, dropped, folder, removals};
use cli_support::{assert_exit, dittograph, names, run_in, stderr, stdout};
use serde_json::{Value, json};

/// A document of the corpus that all formats are made of.
struct Article {
    id: String,
    source: &'static str,
    date: &'static str,
    paragraphs: Vec<String>,
}

impl Article {
    fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }
}

/// Twelve stories: two reprinted, one doubled inside, one contained in a longer one. Quotation marks, commas, line
/// breaks and letters beyond ASCII are in them all.
fn articles() -> Vec<Article> {
    let mut invention = Invention(7);
    let mut articles: Vec<Article> = (0..12)
        .map(|number| {
            let mut paragraphs = invention.story();
            paragraphs[1] = format!("“Ça va”, said \"{}\", née Müller. {}", invention.word(), paragraphs[1]);
            Article { id: format!("s{number}"), source: "Alpha", date: "2021-03-01", paragraphs }
        })
        .collect();
    let reprint = |article: &Article, id: &str, source, date, more: Vec<String>| Article {
        id: id.to_owned(),
        source,
        date,
        paragraphs: article.paragraphs.iter().cloned().chain(more).collect(),
    };
    let more = vec![invention.sentence()];
    let copies = [
        reprint(&articles[2], "r2", "Beta", "2021-03-02", vec![]),
        reprint(&articles[5], "r5", "Gamma", "2021-03-03", more),
        reprint(&articles[7], "d7", "Gamma", "2021-02-01", articles[7].paragraphs[..2].to_vec()),
        reprint(
            &articles[9],
            "l9",
            "Beta",
            "2021-03-04",
            invention.story().into_iter().chain(invention.story()).collect(),
        ),
    ];
    articles.remove(7);
    articles.extend(copies);
    articles
}

const DROPPED: [&str; 3] = ["r2", "r5", "s9"];

fn json_lines() -> String {
    let line = |(number, article): (usize, Article)| {
        let object = json!({"z": [1, {"é": null}], "id": article.id, "source": article.source, "date": article.date, "text": article.text(), "n": number});
        let line = object.to_string();
        // Some lines escape all that can be escaped.
        if number % 2 == 0 { line } else { line.chars().map(escape).collect() }
    };
    articles().into_iter().enumerate().map(line).map(|line| line + "\r\n").collect()
}

fn escape(character: char) -> String {
    if character.is_ascii() {
        return character.to_string();
    }
    let mut units = [0; 2];
    character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

fn table(delimiter: char) -> String {
    let quote = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
    let row = |(number, article): (usize, Article)| {
        let text = quote(&article.text());
        [number.to_string(), article.id, text, article.source.to_owned(), article.date.to_owned(), quote("a,\tb")]
            .join(&delimiter.to_string())
    };
    let header = ["n", "id", "text", "source", "date", "rest"].join(&delimiter.to_string());
    let rows: Vec<String> = articles().into_iter().enumerate().map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

fn page(article: &Article) -> String {
    let paragraphs = article.paragraphs.iter().map(|text| {
        let text = text.replace('é', "&eacute;").replace('"', "&quot;");
        format!("<p class=x>{}</p>\n<!-- note -->", text.replacen(' ', " <b>x</b> ", 1).replace("<b>x</b> ", "<i></i>"))
    });
    format!(
        "<!DOCTYPE html><html><head><title>{}</title><meta name=date content={}><script>var a = \"<p>\";</script></head>\n<body>{}</body></html>\n",
        article.id,
        article.date,
        paragraphs.collect::<String>()
    )
}

fn archive() -> Vec<u8> {
    let mut archive = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n".to_vec();
    for (number, article) in articles().iter().enumerate() {
        let page = page(article);
        let (head, body) = match number % 3 {
            0 => ("Content-Type: text/html; charset=utf-8\r\n".to_owned(), page.clone().into_bytes()),
            1 => ("Content-Type: text/html\r\nContent-Encoding: gzip\r\n".to_owned(), gzip(page.as_bytes())),
            _ => {
                let chunks = format!("{:x}\r\n{page}\r\n0\r\n\r\n", page.len());
                (
                    "Content-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n".to_owned(),
                    chunks.into_bytes(),
                )
            }
        };
        let head = format!("HTTP/1.1 200 OK\r\n{head}Content-Length: {}\r\n\r\n", body.len());
        let length = head.len() + body.len();
        let warc = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{}>\r\nWARC-Target-URI: https://www.{}.example/{number}\r\n\
             WARC-Payload-Digest: sha1:X\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n",
            article.id, article.source
        );
        archive.extend([warc.as_bytes(), head.as_bytes(), &body, b"\r\n\r\n"].concat());
    }
    archive
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

/// Cleans a file and puts it back; gives the record's ids of dropped documents and the cleaned bytes.
fn round_trip(name: &str, bytes: &[u8]) -> (BTreeSet<String>, Vec<u8>) {
    let directory = folder(&[(name, bytes.to_vec())]);
    let at = directory.path();
    let output = run_in(at, &format!("dedup {name} -o clean-{name} --removed removed.jsonl"));
    assert_exit(&output, 0);
    assert_eq!(fs::read(at.join(name)).unwrap(), bytes, "the input stays as it is");
    let cleaned = fs::read(at.join(format!("clean-{name}"))).unwrap();
    let output = run_in(at, &format!("restore clean-{name} --removed removed.jsonl -o again"));
    assert_exit(&output, 0);
    let again = fs::read(at.join("again")).unwrap();
    assert!(again == bytes, "{name}: what comes back is what was there");
    let mut expected = vec![name.to_owned(), format!("clean-{name}"), "again".to_owned(), "removed.jsonl".to_owned()];
    expected.sort();
    assert_eq!(names(at), expected, "nothing else is left behind");
    (dropped(&at.join("removed.jsonl")), cleaned)
}

fn ids(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn json_lines_come_back_and_keep_all_else() {
    let lines = json_lines();
    let (gone, cleaned) = round_trip("a.jsonl", lines.as_bytes());
    assert_eq!(gone, ids(&DROPPED));
    let cleaned = String::from_utf8(cleaned).unwrap();
    let was: Vec<&str> = lines.split_inclusive('\n').collect();
    let mut changed = 0;
    for line in cleaned.split_inclusive('\n') {
        if was.contains(&line) {
            continue;
        }
        changed += 1;
        let (is, had): (Value, Value) = (
            serde_json::from_str(line).unwrap(),
            was.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|had| had["id"] == "d7").unwrap(),
        );
        assert!(line.ends_with("\r\n"));
        for field in ["z", "id", "source", "date", "n"] {
            assert_eq!(is[field], had[field]);
        }
        assert_eq!(
            is["text"],
            articles().iter().find(|article| article.id == "d7").unwrap().paragraphs[..4].join("\n\n")
        );
    }
    assert_eq!(changed, 1, "of d7 the doubled paragraphs went");
    assert_eq!(cleaned.lines().count(), was.len() - DROPPED.len());
}

#[test]
fn tables_come_back_in_any_dialect_and_encoding() {
    for (name, bytes) in [
        ("a.csv", table(',').into_bytes()),
        ("a.tsv", table('\t').into_bytes()),
        ("semicolons.csv", table(';').into_bytes()),
        ("crlf.csv", table(',').replace('\n', "\r\n").into_bytes()),
        ("mark.csv", [b"\xef\xbb\xbf".to_vec(), table(',').into_bytes()].concat()),
        ("utf16.csv", utf_16(&table(','))),
        ("latin.csv", encoding_rs::WINDOWS_1252.encode(&table(',')).0.into_owned()),
    ] {
        let (gone, cleaned) = round_trip(name, &bytes);
        assert_eq!(gone, ids(&DROPPED), "{name}");
        assert!(cleaned.len() < bytes.len() * 9 / 10, "{name}");
    }
    let (gone, _) = round_trip("utf16.jsonl", &utf_16(&json_lines()));
    assert_eq!(gone, ids(&DROPPED));
}

#[test]
fn packed_files_come_back() {
    let lines = json_lines().into_bytes();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    bzip2.write_all(&lines).unwrap();
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    xz.write_all(&lines).unwrap();
    for (name, bytes) in [
        ("a.jsonl.gz", gzip(&lines)),
        ("a.jsonl.zst", zstd::encode_all(lines.as_slice(), 1).unwrap()),
        ("a.jsonl.bz2", bzip2.finish().unwrap()),
        ("a.jsonl.xz", xz.finish().unwrap()),
    ] {
        let directory = folder(&[(name, bytes)]);
        let at = directory.path();
        fs::create_dir(at.join("c")).unwrap();
        assert_exit(&run_in(at, &format!("dedup {name} -o c/{name} --removed removed.jsonl")), 0);
        assert_eq!(dropped(&at.join("removed.jsonl")), ids(&DROPPED), "{name}");
        // What was written is packed as its name says, and reads as what is left.
        assert_exit(&run_in(at, &format!("dedup c/{name} -o plain.jsonl --output-format jsonl")), 0);
        assert_exit(&run_in(at, &format!("restore c/{name} --removed removed.jsonl -o {name}.again")), 0);
        fs::rename(at.join(format!("{name}.again")), at.join(format!("again.{name}"))).unwrap();
        let same = run_in(at, &format!("dedup again.{name} -o - --remove shared-passage --mark"));
        assert_exit(&same, 0);
        let without_marks: Vec<&str> =
            stdout(&same).lines().map(|line| line.split(",\"dittograph\"").next().unwrap()).collect();
        let was = String::from_utf8(lines.clone()).unwrap();
        assert_eq!(without_marks.len(), was.lines().count());
        assert!(
            without_marks.iter().zip(was.lines()).all(|(is, was)| was.starts_with(is.trim_end_matches(['}', '\r'])))
        );
    }
}

#[test]
fn texts_and_pages_come_back_from_folders() {
    let articles = articles();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for article in &articles {
        files.push((format!("corpus/{}/{}.txt", article.source, article.id), article.text().into_bytes()));
    }
    files.push(("corpus/empty.txt".to_owned(), Vec::new()));
    files.push((
        "corpus/Beta/latin.md".to_owned(),
        encoding_rs::WINDOWS_1252.encode(&articles[0].text()).0.into_owned(),
    ));
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let directory = folder(&files);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup corpus -o clean --removed removed.jsonl --keep longest"), 0);
    assert_eq!(at.join("clean/Beta/r2.txt").exists() as u8 + at.join("clean/Alpha/s2.txt").exists() as u8, 1);
    assert_exit(&run_in(at, "restore clean --removed removed.jsonl -o again"), 0);
    for (name, bytes) in &files {
        let again = at.join(name.replacen("corpus", "again", 1));
        assert_eq!(&fs::read(again).unwrap(), bytes, "{name}");
    }

    let pages: Vec<(String, Vec<u8>)> =
        articles.iter().map(|article| (format!("pages/{}.html", article.id), page(article).into_bytes())).collect();
    let pages: Vec<(&str, Vec<u8>)> = pages.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let directory = folder(&pages);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup pages -o clean --removed removed.jsonl"), 0);
    let gone: BTreeSet<String> = DROPPED.iter().map(|id| format!("pages/{id}.html")).collect();
    assert_eq!(dropped(&at.join("removed.jsonl")), gone);
    let cleaned = fs::read_to_string(at.join("clean/d7.html")).unwrap();
    let was = page(articles.iter().find(|article| article.id == "d7").unwrap());
    assert_eq!(cleaned.matches('<').count(), was.matches('<').count(), "markup stays");
    assert!(cleaned.len() < was.len() * 8 / 10);
    assert_exit(&run_in(at, "restore clean --removed removed.jsonl -o again"), 0);
    for (name, bytes) in &pages {
        assert_eq!(&fs::read(at.join(name.replacen("pages", "again", 1))).unwrap(), bytes, "{name}");
    }
}

#[cfg(feature = "warc")]
#[test]
fn web_archives_come_back_and_stay_archives() {
    let archive = archive();
    let (gone, cleaned) = round_trip("a.warc", &archive);
    let gone: Vec<&str> = gone.iter().map(|id| id.trim_start_matches("urn:")).collect();
    assert_eq!(gone, DROPPED);
    // What is left is an archive with the other documents, none of them repeated.
    let directory = folder(&[("b.warc", cleaned)]);
    let output = run_in(directory.path(), "dedup b.warc -o - --output-format jsonl");
    assert_exit(&output, 0);
    assert_eq!(stdout(&output).lines().count(), articles().len() - DROPPED.len());
    // Packed, each record is a member of its own.
    let directory = folder(&[("a.warc.gz", gzip(&archive))]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup a.warc.gz -o clean.warc.gz --removed removed.jsonl"), 0);
    let packed = fs::read(at.join("clean.warc.gz")).unwrap();
    let members = packed.windows(4).filter(|bytes| *bytes == [0x1f, 0x8b, 8, 0]).count();
    assert!(members > articles().len() - DROPPED.len(), "{members}");
    assert_exit(&run_in(at, "restore clean.warc.gz --removed removed.jsonl -o again"), 0);
    assert_eq!(gunzip(&fs::read(at.join("again")).unwrap()), archive);
}

#[cfg(feature = "parquet")]
mod columns {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    fn file() -> Vec<u8> {
        let schema = "message m { REQUIRED BINARY id (UTF8); OPTIONAL BINARY text (UTF8); REQUIRED INT64 n; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
        for group in articles().chunks(5) {
            let mut rows = writer.next_row_group().unwrap();
            let strings = |of: fn(&Article) -> String| -> Vec<ByteArray> {
                group.iter().map(|article| ByteArray::from(of(article).into_bytes())).collect()
            };
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&strings(|article| article.id.clone()), None, None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            let levels = vec![1; group.len()];
            column.typed::<ByteArrayType>().write_batch(&strings(Article::text), Some(&levels), None).unwrap();
            column.close().unwrap();
            let mut column = rows.next_column().unwrap().unwrap();
            let numbers: Vec<i64> = (0..group.len() as i64).collect();
            column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap();
            column.close().unwrap();
            rows.close().unwrap();
        }
        writer.close().unwrap();
        bytes
    }

    fn rows(path: &std::path::Path) -> Vec<String> {
        let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
    }

    #[test]
    fn rows_come_back() {
        let directory = folder(&[("a.parquet", file())]);
        let at = directory.path();
        assert_exit(&run_in(at, "dedup a.parquet -o clean.parquet --removed removed.jsonl"), 0);
        // Without dates and sources the id decides between texts of one length.
        assert_eq!(dropped(&at.join("removed.jsonl")), ids(&["s2", "s5", "s9"]));
        let (was, is) = (rows(&at.join("a.parquet")), rows(&at.join("clean.parquet")));
        assert_eq!(is.len(), was.len() - DROPPED.len());
        assert_eq!(is.iter().filter(|row| !was.contains(row)).count(), 1, "of d7 the doubled paragraphs went");
        assert_exit(&run_in(at, "restore clean.parquet --removed removed.jsonl -o again.parquet"), 0);
        assert_eq!(rows(&at.join("again.parquet")), was);
    }

    #[test]
    fn damage_is_told_and_nothing_is_written() {
        let whole = file();
        for cut in [whole.len() - 1, whole.len() - 200, 10] {
            let directory =
                folder(&[("a.parquet", whole[..cut].to_vec()), ("b.txt", b"Another text of its own.".to_vec())]);
            let at = directory.path();
            let output = run_in(at, "dedup a.parquet b.txt -o clean --removed removed.jsonl");
            assert_exit(&output, 2);
            assert!(stderr(&output).contains("a.parquet"), "{}", stderr(&output));
            assert_eq!(names(&at.join("clean")), ["b.txt"]);
        }
        // A page in the middle.
        let mut damaged = whole.clone();
        let middle = whole.len() / 3;
        damaged[middle..middle + 400].fill(0xff);
        let directory = folder(&[("a.parquet", damaged)]);
        let output = run_in(directory.path(), "dedup a.parquet -o clean.parquet");
        assert!(matches!(output.status.code(), Some(0 | 2)), "{}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

#[test]
fn the_copy_that_stays_is_the_one_that_was_asked_for() {
    let directory = folder(&[("a.jsonl", json_lines().into_bytes())]);
    let at = directory.path();
    for (keep, gone) in [
        ("earliest", ["r2", "r5", "s9"]),
        ("longest", ["r2", "s5", "s9"]),
        ("first", ["r2", "r5", "s9"]),
        ("prefer=gamma,beta", ["s2", "s5", "s9"]),
    ] {
        let _ = fs::remove_file(at.join("r.jsonl"));
        assert_exit(&run_in(at, &format!("dedup a.jsonl -o - --removed r.jsonl --keep {keep}")), 0);
        let went = dropped(&at.join("r.jsonl"));
        assert_eq!(went, ids(&gone), "{keep}");
        for removal in removals(&at.join("r.jsonl")) {
            let kept = removal["kept"]["document"].as_str().unwrap();
            assert!(!went.contains(kept), "{keep}: {removal} names one that went");
        }
    }
    // Each outlet keeps its copy, and no second one.
    let mut second: Value = serde_json::from_str(json_lines().lines().nth(2).unwrap()).unwrap();
    second["id"] = "second".into();
    second["date"] = "2021-03-09".into();
    fs::write(at.join("b.jsonl"), json_lines() + &second.to_string()).unwrap();
    assert_exit(&run_in(at, "dedup b.jsonl -o - --removed per.jsonl --keep-per-source"), 0);
    assert_eq!(dropped(&at.join("per.jsonl")), ids(&["second"]));
}

#[test]
fn what_stands_in_the_old_corpus_goes_from_the_new_one() {
    let lines = json_lines();
    let lines: Vec<&str> = lines.split_inclusive('\n').collect();
    let (old, new) = lines.split_at(6);
    let directory = folder(&[("old.jsonl", old.concat().into_bytes()), ("new.jsonl", new.concat().into_bytes())]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup new.jsonl --against old.jsonl -o clean.jsonl --removed r.jsonl --keep longest"), 0);
    assert_eq!(dropped(&at.join("r.jsonl")), ids(&DROPPED), "the old one stays whatever is longer");
    assert_eq!(fs::read(at.join("old.jsonl")).unwrap(), old.concat().into_bytes());
    let missing = run_in(at, "dedup new.jsonl --against no.jsonl -o other.jsonl");
    assert_exit(&missing, 2);
    assert!(!at.join("other.jsonl").exists());
}

#[test]
fn furniture_joins_no_stories_and_parts_none() {
    let mut invention = Invention(11);
    let site = |invention: &mut Invention| -> (Vec<String>, Vec<String>) {
        ((0..4).map(|_| invention.sentence()).collect(), (0..4).map(|_| invention.sentence()).collect())
    };
    let mut lines = Vec::new();
    let story = invention.story();
    for number in 0..50 {
        let (head, foot) = site(&mut invention);
        for page in 0..6 {
            let body = if page == 0 && number < 2 { story.clone() } else { invention.story() };
            let text = [head.clone(), body, foot.clone()].concat().join("\n\n");
            lines.push(
                json!({"id": format!("{number}/{page}"), "source": format!("site{number}"), "text": text}).to_string(),
            );
        }
    }
    let directory = folder(&[("sites.jsonl", lines.join("\n").into_bytes())]);
    let at = directory.path();
    let output = run_in(at, "dedup sites.jsonl -o clean.jsonl --removed r.jsonl");
    assert_exit(&output, 0);
    assert_eq!(
        dropped(&at.join("r.jsonl")),
        ids(&["0/0"]),
        "the same story under two sites' furniture, and nothing else"
    );
    let furniture = removals(&at.join("r.jsonl")).iter().filter(|removal| removal["rule"] == "boilerplate").count();
    assert!(furniture > 50, "{furniture}");
    let one = run_in(at, "dedup sites.jsonl -o one.jsonl --removed r1.jsonl --keep-furniture one");
    assert_exit(&one, 0);
    assert!(fs::metadata(at.join("one.jsonl")).unwrap().len() > fs::metadata(at.join("clean.jsonl")).unwrap().len());
}

#[test]
fn marks_remove_nothing() {
    let directory = folder(&[("a.jsonl", json_lines().into_bytes()), ("b.csv", table(',').into_bytes())]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup a.jsonl b.csv -o marked --mark=repeat --removed r.jsonl"), 0);
    let marked = fs::read_to_string(at.join("marked/a.jsonl")).unwrap();
    assert_eq!(marked.lines().count(), articles().len());
    let marks =
        marked.lines().filter(|line| serde_json::from_str::<Value>(line).unwrap()["repeat"][0]["rule"].is_string());
    assert!(marks.count() >= DROPPED.len());
    let header = fs::read_to_string(at.join("marked/b.csv")).unwrap();
    assert!(header.lines().next().unwrap().ends_with(",rest,repeat"));
    assert_exit(&run_in(at, "restore marked --removed r.jsonl -o again"), 0);
    assert_eq!(fs::read(at.join("again/a.jsonl")).unwrap(), json_lines().into_bytes());
    assert_eq!(fs::read(at.join("again/b.csv")).unwrap(), table(',').into_bytes());
    let text = folder(&[("a.txt", b"A text.\n\nA text.\n".to_vec())]);
    let output = run_in(text.path(), "dedup a.txt -o b.txt --mark");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("--output-format jsonl"), "{}", stderr(&output));
    assert_eq!(names(text.path()), ["a.txt"]);
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let directory = folder(&[("a.jsonl", json_lines().into_bytes())]);
    let output = run_in(directory.path(), "dedup a.jsonl --dry-run");
    assert_exit(&output, 0);
    let told = stdout(&output);
    assert!(told.starts_with("3 of 15 documents"), "{told}");
    assert!(told.contains("near-duplicate") && told.contains("  r2\n    100 % of it stands in s2\n    │ "), "{told}");
    assert_eq!(names(directory.path()), ["a.jsonl"]);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let files: Vec<(String, Vec<u8>)> =
        articles().iter().map(|article| (format!("corpus/{}.txt", article.id), article.text().into_bytes())).collect();
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    let directory = folder(&files);
    let at = directory.path();
    let mut all = BTreeSet::new();
    for threads in 1..5 {
        assert_exit(&run_in(at, &format!("dedup corpus -o c{threads} --removed r{threads} -j {threads}")), 0);
        all.insert(fs::read(at.join(format!("r{threads}"))).unwrap());
    }
    assert_eq!(all.len(), 1);
}

#[test]
fn rows_that_are_no_documents_stay_where_they_are() {
    let table =
        "id,text,n\na,\"One text that is read\",1\nragged,row\nb,too,many,fields\nc,Another text that is read,2\n";
    let directory = folder(&[("a.csv", table.as_bytes().to_vec())]);
    let output = run_in(directory.path(), "dedup a.csv -o b.csv");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("a.csv:3: the row has 2 fields, the first row 3"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(directory.path().join("b.csv")).unwrap(), table);
    let open = "id,text\na,\"never closed\nb,c\n";
    let directory = folder(&[("a.csv", open.as_bytes().to_vec())]);
    let output = run_in(directory.path(), "dedup a.csv -o b.csv");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("never closed"), "{}", stderr(&output));
}

#[cfg(feature = "warc")]
#[test]
fn an_archive_with_a_wrong_length_is_told_and_copied() {
    let text = String::from_utf8_lossy(&archive()).into_owned();
    for (from, to) in
        [("Content-Length: 4\r\n", "Content-Length: 3\r\n"), ("Content-Length: 4\r\n", "Content-Length: 999999999\r\n")]
    {
        let broken = archive();
        let at = text.find(from).unwrap();
        let broken = [&broken[..at], to.as_bytes(), &broken[at + from.len()..]].concat();
        let directory = folder(&[("a.warc", broken)]);
        let at = directory.path();
        let output = run_in(at, "dedup a.warc -o b.warc --removed r");
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("a.warc:1: "), "{}", stderr(&output));
        if at.join("b.warc").exists() {
            assert_exit(&run_in(at, "restore b.warc --removed r -o again.warc"), 0);
            assert!(fs::read(at.join("again.warc")).unwrap() == fs::read(at.join("a.warc")).unwrap());
        }
    }
}

#[test]
fn a_bomb_is_refused_and_a_deep_page_read() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![b'a'; 1 << 20];
    (0..300).for_each(|_| bomb.write_all(&piece).unwrap());
    let deep = "<div>".repeat(100_000) + "A text that lies very deep." + &"</div>".repeat(100_000);
    let directory = folder(&[("c/bomb.txt.gz", bomb.finish().unwrap()), ("c/deep.html", deep.clone().into_bytes())]);
    let at = directory.path();
    let output = run_in(at, "dedup c -o clean");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("unpacks to more than 256 MB"), "{}", stderr(&output));
    assert_eq!(names(&at.join("clean")), ["deep.html"]);
    assert_eq!(fs::read_to_string(at.join("clean/deep.html")).unwrap(), deep);
}

#[test]
fn outputs_that_would_destroy_something_are_refused() {
    let directory = folder(&[("c/a.txt", b"A text.".to_vec()), ("full/x", b"x".to_vec())]);
    let at = directory.path();
    fs::create_dir(at.join("link")).unwrap();
    std::os::unix::fs::symlink(at.join("c"), at.join("link/c")).unwrap();
    for (arguments, told) in [
        ("dedup c -o c", "lies in the input"),
        ("dedup c -o c/clean", "lies in the input"),
        ("dedup c -o link/c/clean", "lies in the input"),
        ("dedup c/a.txt -o c/a.txt", "is the input"),
        ("dedup c/a.txt -o ok --removed c/a.txt", "is the input"),
        ("dedup c/*.txt -o c/a.txt", "file of this name"),
        ("dedup full --against c/a.txt -o c/a.txt", "is the input"),
        ("dedup c -o ok --removed ok", "can't be one file"),
        ("dedup c -o full", "is not empty"),
        ("dedup c -o full/x", "file of this name"),
        ("dedup c -o ok --removed no/such/folder/r", "can't write"),
        ("dedup c -o ok --removed full/x", "is there already"),
        ("dedup c -o ok --removed -", "goes to a file"),
        ("dedup c --against - -o ok", "standard input"),
        ("dedup c -o /proc/none", "can't write"),
    ] {
        let output = run_in(at, arguments);
        assert_exit(&output, 2);
        assert!(stderr(&output).contains(told), "{arguments}: {}", stderr(&output));
        assert_eq!(names(at), ["c", "full", "link"], "{arguments}");
        assert_eq!(names(&at.join("c")), ["a.txt"], "{arguments}");
    }
}

/// A limit on the size of files stands for a full disk.
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let mut invention = Invention(3);
    let lines: String =
        (0..400).map(|n| json!({"id": n, "text": invention.story().join("\n\n")}).to_string() + "\n").collect();
    let directory = folder(&[("a.jsonl", lines.into_bytes())]);
    let at = directory.path();
    for arguments in
        ["dedup a.jsonl -o b.jsonl --remove near-duplicate", "dedup a.jsonl -o out/ --remove near-duplicate"]
    {
        let script = format!("ulimit -f 16; trap '' XFSZ; exec {} {arguments}", env!("CARGO_BIN_EXE_dittograph"));
        let output = Command::new("sh").arg("-c").arg(script).current_dir(at).output().unwrap();
        assert_exit(&output, 2);
        assert!(stderr(&output).to_lowercase().contains("file too large"), "{}", stderr(&output));
        assert_eq!(names(at), ["a.jsonl"], "{arguments}");
    }
}

#[test]
fn restoring_checks_what_it_is_given() {
    let directory = folder(&[("a.jsonl", json_lines().into_bytes())]);
    let at = directory.path();
    assert_exit(&run_in(at, "dedup a.jsonl -o b.jsonl --removed r.jsonl"), 0);
    let journal = fs::read_to_string(at.join("r.jsonl")).unwrap();
    let cleaned = fs::read_to_string(at.join("b.jsonl")).unwrap();
    let last = &journal[journal.trim_end().rfind('\n').unwrap() + 1..];
    let cases: [(&str, String, String); 8] = [
        ("not the file that was written", journal.clone(), cleaned.replacen('a', "b", 1)),
        ("not the file that was written", journal.clone(), cleaned.clone() + "\n"),
        ("its end is missing", journal.lines().take(4).map(|line| format!("{line}\n")).collect(), cleaned.clone()),
        ("line 1 of the record", "nonsense\n".to_owned(), cleaned.clone()),
        ("the record was changed", journal.replacen("\"tokens\":", "\"tokens\":1", 1), cleaned.clone()),
        ("the record was changed", journal.clone() + "{}\n", cleaned.clone()),
        ("the record was changed", [&journal[..journal.find('\n').unwrap() + 1], last].concat(), cleaned.clone()),
        (
            "leads out of the folder",
            journal.replacen("\"output\":\"b.jsonl\"", "\"output\":\"../b.jsonl\"", 1),
            cleaned,
        ),
    ];
    for (told, journal, cleaned) in cases {
        fs::write(at.join("r2.jsonl"), journal).unwrap();
        fs::write(at.join("b2.jsonl"), cleaned).unwrap();
        let output = run_in(at, "restore b2.jsonl --removed r2.jsonl -o again.jsonl");
        assert!(stderr(&output).contains(told), "{told}: {}", stderr(&output));
        assert_exit(&output, 2);
        assert!(!at.join("again.jsonl").exists());
    }
}

#[test]
fn standard_input_and_output_make_a_filter() {
    let directory = folder(&[("a.jsonl", json_lines().into_bytes())]);
    let at = directory.path();
    let mut command = dittograph();
    let input = fs::File::open(at.join("a.jsonl")).unwrap();
    let output =
        command.current_dir(at).args(["dedup", "-", "-o", "-", "--removed", "r.jsonl"]).stdin(input).output().unwrap();
    assert_exit(&output, 0);
    assert_eq!(stdout(&output).lines().count(), articles().len() - DROPPED.len());
    let mut command = dittograph();
    fs::write(at.join("cleaned"), &output.stdout).unwrap();
    let input = fs::File::open(at.join("cleaned")).unwrap();
    let output = command
        .current_dir(at)
        .args(["restore", "-", "--removed", "r.jsonl", "-o", "again"])
        .stdin(input)
        .output()
        .unwrap();
    assert_exit(&output, 0);
    assert_eq!(fs::read(at.join("again/stdin.jsonl")).unwrap(), json_lines().into_bytes());
}
