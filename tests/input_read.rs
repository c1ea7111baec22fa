//! The input stage from outside: what is read from which files, and what is said of the rest.

#![allow(clippy::unwrap_used)] // the helpers of these tests, too

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use dittograph::document::{Corpus, Derivation, Document};
use dittograph::input::{self, FieldNames, InputError, InputOptions};
use dittograph::progress::Silent;
use proptest::prelude::*;
use tempfile::TempDir;

/// A directory of files made for one test.
struct Files {
    directory: TempDir,
}

impl Files {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let files_of_test = Files { directory: TempDir::new().unwrap() };
        for (name, bytes) in files {
            files_of_test.add(name, bytes);
        }
        files_of_test
    }

    fn add(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Options for paths within the directory (`-` stays).
    fn options(&self, paths: &[&str]) -> InputOptions {
        let path =
            |name: &&str| if *name == "-" { "-".to_owned() } else { self.path(name).to_str().unwrap().to_owned() };
        InputOptions { paths: paths.iter().map(path).collect(), ..InputOptions::default() }
    }

    fn read(&self, paths: &[&str]) -> Corpus {
        self.read_with(&self.options(paths), b"").unwrap()
    }

    fn error(&self, paths: &[&str]) -> String {
        self.short(&self.read_with(&self.options(paths), b"").unwrap_err().to_string())
    }

    fn read_with(&self, options: &InputOptions, mut stdin: &[u8]) -> Result<Corpus, InputError> {
        input::read(options, &mut stdin, &Silent)
    }

    /// A text without the name of the directory.
    fn short(&self, text: &str) -> String {
        let directory = self.directory.path().to_str().unwrap();
        text.replace(&format!("{directory}/"), "").replace(directory, ".")
    }

    fn ids(&self, corpus: &Corpus) -> Vec<String> {
        corpus.documents.iter().map(|document| self.short(&document.id)).collect()
    }

    /// `path:line: reason`, with a `!` before errors.
    fn skipped(&self, corpus: &Corpus) -> Vec<String> {
        let shown = corpus.skipped.iter().map(|skipped| {
            let line = skipped.line.map(|line| format!(":{line}")).unwrap_or_default();
            let mark = if skipped.is_error { "!" } else { "" };
            self.short(&format!("{mark}{}{line}: {}", skipped.path, skipped.reason))
        });
        shown.collect()
    }

    fn warnings(&self, corpus: &Corpus) -> Vec<String> {
        corpus.warnings.iter().map(|warning| self.short(warning)).collect()
    }
}

fn texts(corpus: &Corpus) -> Vec<&str> {
    corpus.documents.iter().map(|document| &*document.text).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Text that does not compress to nothing.
fn long_lines(lines: usize) -> String {
    let mut state = 1_u64;
    let mut text = String::new();
    for line in 0..lines {
        text.push_str(&format!("{{\"id\":{line},\"text\":\""));
        for _ in 0..40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(&format!("{:x} ", state >> 40));
        }
        text.push_str("\"}\n");
    }
    text
}

#[test]
fn a_directory_is_walked_and_each_known_type_read() {
    let files = Files::new(&[
        ("b/two.md", b"# Two"),
        ("a.txt", b"one"),
        ("a.text", b"one b"),
        ("c.jsonl", b"{\"text\":\"three\"}\n\n{\"text\":\"four\",\"id\":\"x\"}"),
        ("d.txt.gz", &gzip(b"five")),
        ("e.ndjson.zst", &zstd(b"{\"text\":\"six\"}\n")),
        ("f.markdown", b"seven"),
        ("really_gzip.txt", &gzip(b"eight")),
        ("not_gzip.txt.gz", b"nine"),
        ("photo.jpg", b"\xff\xd8"),
        ("README", b"ten"),
    ]);
    let corpus = files.read(&[""]);
    assert_eq!(
        files.ids(&corpus),
        [
            "a.text",
            "a.txt",
            "b/two.md",
            "c.jsonl#1",
            "d.txt.gz",
            "e.ndjson.zst#1",
            "f.markdown",
            "not_gzip.txt.gz",
            "really_gzip.txt",
            "x"
        ]
    );
    assert_eq!(texts(&corpus), ["one b", "one", "# Two", "three", "five", "six", "seven", "nine", "eight", "four"]);
    assert_eq!(files.skipped(&corpus), ["README: unknown type", "photo.jpg: unknown type"]);
    assert_eq!(corpus.warnings, Vec::<String>::new());
    let last = corpus.documents.last().unwrap();
    // A document with an id of its own is not named by its line.
    assert_eq!((last.line(), files.short(&last.origin.path)), (None, "c.jsonl".to_owned()));
}

#[test]
fn a_file_reached_twice_is_read_once_whatever_the_order() {
    let files = Files::new(&[("d/a.txt", b"one"), ("d/b.txt", b"two")]);
    let once = files.read(&["d"]);
    for paths in [["d", "d/a.txt", "d/./a.txt"], ["d/../d", "d/b.txt", "d"], ["d/*.txt", "d//a.txt", "d"]] {
        for turn in 0..3 {
            let mut paths = paths;
            paths.rotate_left(turn);
            let corpus = files.read(&paths);
            assert_eq!(texts(&corpus), texts(&once), "{paths:?}");
        }
    }
    let named_twice = files.read(&["d/a.txt", "d", "d/b.txt"]);
    assert_eq!(named_twice.documents, once.documents);
}

#[test]
fn globs_are_expanded() {
    let files = Files::new(&[
        ("d/a.txt", b"1"),
        ("d/b.txt", b"2"),
        ("d/deep/c.txt", b"3"),
        ("d/deep/deeper/d.md", b"4"),
        ("d/x.xyz", b"5"),
        ("d/we[i]rd.txt", b"6"),
    ]);
    assert_eq!(files.ids(&files.read(&["d/[ab].txt"])), ["d/a.txt", "d/b.txt"]);
    assert_eq!(files.ids(&files.read(&["d/**/*.md"])), ["d/deep/deeper/d.md"]);
    assert_eq!(files.ids(&files.read(&["d/{a,deep/c}.txt"])), ["d/a.txt", "d/deep/c.txt"]);
    // A directory that matches is taken whole; a type that is not known is passed over as on a walk.
    let all = files.read(&["d/*"]);
    assert_eq!(files.ids(&all), ["d/a.txt", "d/b.txt", "d/deep/c.txt", "d/deep/deeper/d.md", "d/we[i]rd.txt"]);
    assert_eq!(files.skipped(&all), ["d/x.xyz: unknown type"]);
    assert_eq!(files.ids(&files.read(&["d/we[i]rd.txt"])), ["d/we[i]rd.txt"]);
    assert_eq!(files.error(&["d/*.nothing"]), "d/*.nothing: the pattern matches no file");
    assert!(files.error(&["d/[a"]).starts_with("d/[a: not a valid pattern: "));
}

#[test]
fn ignore_files_are_respected_and_a_hint_given_when_nothing_is_left() {
    let files = Files::new(&[
        (".gitignore", b"*.md\nout/\n"),
        ("a.md", b"1"),
        ("out/b.txt", b"2"),
        ("out/c.txt", b"3"),
        (".hidden/d.txt", b"4"),
        ("sub/.ignore", b"e.txt\n"),
        ("sub/e.txt", b"5"),
    ]);
    let expected = "nothing to read in : 4 files were passed over because of .gitignore or .ignore (use --no-ignore); 1 hidden file was passed over (use --hidden)";
    assert_eq!(files.error(&[""]), expected);
    files.add("f.txt", b"6");
    assert_eq!(files.ids(&files.read(&[""])), ["f.txt"]);
    // What is named is read.
    assert_eq!(files.ids(&files.read(&["a.md"])), ["a.md"]);
    let all = InputOptions { respect_ignore: false, ..files.options(&[""]) };
    let corpus = files.read_with(&all, b"").unwrap();
    assert_eq!(files.ids(&corpus), ["a.md", "f.txt", "out/b.txt", "out/c.txt", "sub/e.txt"]);
    let hidden = InputOptions { hidden: true, ..files.options(&[""]) };
    assert_eq!(files.ids(&files.read_with(&hidden, b"").unwrap()), [".hidden/d.txt", "f.txt"]);
    assert!(files.error(&["*.md"]).ends_with("(use --no-ignore)"));
}

#[test]
fn there_has_to_be_something_to_read() {
    let files = Files::new(&[("d/a.xyz", b"1"), ("d/b", b"2"), ("e/x", b""), ("f.txt", b"text")]);
    fs::create_dir(files.path("void")).unwrap();
    assert!(matches!(files.read_with(&files.options(&[]), b""), Err(InputError::NoPaths)));
    assert_eq!(files.error(&["void"]), "nothing to read in void");
    assert!(files.error(&["d"]).starts_with("nothing to read in d: 2 files are of no known type (known: .txt "));
    assert_eq!(files.error(&["gone.txt"]), "gone.txt: no such file or directory");
    assert_eq!(files.error(&["f.txt/x"]), "f.txt/x: no such file or directory");
    assert!(files.error(&["d/a.xyz"]).starts_with("d/a.xyz: not a known type of file (known: .txt "));
    assert_eq!(
        files.error(&["void", "gone.txt", "also_gone"]),
        "also_gone: no such file or directory\ngone.txt: no such file or directory"
    );
    assert_eq!(files.error(&["-"]), "nothing to read in -: standard input is empty");
    let bad = InputOptions {
        fields: FieldNames { id: Some(String::new()), ..FieldNames::default() },
        ..files.options(&["d"])
    };
    assert!(matches!(files.read_with(&bad, b""), Err(InputError::BadField { .. })));
}

#[test]
fn bad_arguments_beside_good_ones_are_named_and_the_rest_is_read() {
    let files = Files::new(&[("a.txt", b"one"), ("b.xyz", b"two")]);
    let corpus = files.read(&["b.xyz", "gone", "a.txt", "*.none"]);
    assert_eq!(texts(&corpus), ["one"]);
    let skipped = files.skipped(&corpus);
    assert_eq!(skipped[0], "!*.none: the pattern matches no file");
    assert!(skipped[1].starts_with("!b.xyz: not a known type of file"));
    assert_eq!(skipped[2], "!gone: no such file or directory");
    assert_eq!(skipped.len(), 3);
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed_and_loops_are_named() {
    use std::os::unix::fs::symlink;
    let files = Files::new(&[("d/a.txt", b"one"), ("elsewhere/b.txt", b"two"), ("c.txt", b"three")]);
    symlink("..", files.path("d/up")).unwrap();
    symlink("self", files.path("d/self")).unwrap();
    symlink("self.txt", files.path("d/self.txt")).unwrap();
    symlink("../elsewhere", files.path("d/side")).unwrap();
    symlink("../c.txt", files.path("d/link.txt")).unwrap();
    symlink("a.txt", files.path("d/Again.txt")).unwrap();
    symlink("gone.txt", files.path("d/dangling.txt")).unwrap();
    let corpus = files.read(&["d"]);
    assert_eq!(files.ids(&corpus), ["d/a.txt", "d/link.txt"]);
    let skipped = files.skipped(&corpus);
    assert_eq!(skipped[0], "!d/dangling.txt: a link to nothing");
    assert_eq!(skipped[1], "d/self: unknown type");
    assert!(skipped[2].starts_with("!d/self.txt: cannot be opened: "), "{}", skipped[2]);
    assert_eq!(skipped[3], "d/side: a link to a directory: not followed on a walk; name it to have it read");
    assert_eq!(skipped[4], "d/up: a link back to a directory that it lies in (a loop): not followed");
    assert_eq!(skipped.len(), 5);
    // Named, a link to a directory is walked; the file itself is preferred to a link to it.
    assert_eq!(files.ids(&files.read(&["d/side"])), ["d/side/b.txt"]);
    assert_eq!(files.ids(&files.read(&["d/link.txt", "c.txt"])), ["c.txt"]);
    assert_eq!(files.error(&["d/dangling.txt"]), "d/dangling.txt: cannot be opened: it is a link to nothing");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_read_and_shown() {
    use std::os::unix::ffi::OsStrExt;
    let files = Files::new(&[]);
    let odd = files.directory.path().join(std::ffi::OsStr::from_bytes(b"a\xff.txt"));
    if fs::write(odd, b"text").is_ok() {
        files.add("a\\xff.txt", b"other");
        let corpus = files.read(&[""]);
        assert_eq!(files.ids(&corpus), ["a\\xff.txt"]);
        assert_eq!(files.skipped(&corpus), ["!a\\xff.txt: another file's name is written alike: rename one of them"]);
    }
}

#[test]
fn a_cut_gzip_keeps_the_complete_lines_of_json_and_no_text() {
    let lines = long_lines(2000);
    let (packed, text) = (gzip(lines.as_bytes()), gzip(long_lines(300).as_bytes()));
    let files = Files::new(&[
        ("a.jsonl.gz", &packed[..packed.len() / 2]),
        ("b.txt.gz", &text[..text.len() / 2]),
        ("c.txt", b"fine"),
        ("d.txt.gz", b""),
        ("e.jsonl.zst", &zstd(lines.as_bytes())[..20_000]),
    ]);
    let corpus = files.read(&["a.jsonl.gz"]);
    let kept = corpus.documents.len();
    assert!((500..1500).contains(&kept), "{kept}");
    let whole: Vec<&str> = lines.lines().take(kept).collect();
    for (number, line) in whole.into_iter().enumerate() {
        let document = corpus.documents.iter().find(|document| document.id == number.to_string()).unwrap();
        assert!(line.contains(&*document.text));
    }
    let lost = "the gzip stream is cut off: its end is missing";
    assert_eq!(
        files.skipped(&corpus),
        [format!("!a.jsonl.gz:{}: {lost}; this line and all after it are lost", kept + 1)]
    );
    let corpus = files.read(&["b.txt.gz", "c.txt", "d.txt.gz"]);
    assert_eq!(texts(&corpus), ["fine"]);
    let empty = "!d.txt.gz: the gzip stream is cut off: the file is empty";
    assert_eq!(files.skipped(&corpus), [format!("!b.txt.gz: {lost}"), empty.to_owned()]);
    let corpus = files.read(&["e.jsonl.zst"]);
    assert!(
        files.skipped(&corpus)[0].contains("the zstd stream is cut off: its end is missing; this line and all after")
    );
}

#[test]
fn several_members_are_one_file() {
    let (first, second) = ("{\"text\":\"on", "e\"}\n{\"text\":\"two\"}\n");
    let packed = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let frames = [zstd(first.as_bytes()), zstd(second.as_bytes())].concat();
    let files = Files::new(&[("a.jsonl.gz", &packed), ("b.jsonl.zst", &frames), ("c.jsonl", &frames)]);
    assert_eq!(texts(&files.read(&[""])), ["one", "two", "one", "two", "one", "two"]);
}

#[test]
fn encodings_are_decoded_and_said() {
    let russian = "{\"text\":\"Министр заявил\"}\n{\"text\":\"plain\"}\n";
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
    let files = Files::new(&[
        ("a.txt", b"\xef\xbb\xbfmarked"),
        ("b.txt", b"caf\xe9 cr\xe8me"),
        ("c.txt", &utf_16("\u{feff}sixteen")),
        ("d.txt", &utf_16("no mark here")),
        ("e.txt", "naïve \u{201c}é\u{201d}".as_bytes()),
        ("f.txt", b"na\xc3\xafve \xff \xc3\xa9"),
        ("g.jsonl", &[b"\xef\xbb\xbf", russian.as_bytes()].concat()),
        ("h.jsonl", &cyrillic),
        ("i.jsonl", &utf_16(russian)),
        ("j.jsonl", "{\"text\":\"naïve é\"}\n{\"text\":\"X\"}\n{\"text\":\"b\"}\n".replace('X', "\u{0}").as_bytes()),
        ("k.txt", b"a\0b text that goes on"),
        ("l.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa"),
        ("m.jsonl", b"{\"text\":\"na\xc3\xafve\"}\n{\"text\":\"bad \xff\"}\n{\"text\":\"b\"}\n"),
    ]);
    let corpus = files.read(&[""]);
    let seen: Vec<(String, &str, &str, Derivation)> = corpus
        .documents
        .iter()
        .map(|document| {
            (files.short(&document.id), &*document.text, document.origin.encoding, document.origin.derivation)
        })
        .collect();
    let expected = [
        ("a.txt", "marked", "utf-8", Derivation::Decoded),
        ("b.txt", "café crème", "windows-1252", Derivation::Decoded),
        ("c.txt", "sixteen", "utf-16le", Derivation::Decoded),
        ("d.txt", "no mark here", "utf-16le", Derivation::Decoded),
        ("e.txt", "naïve \u{201c}é\u{201d}", "utf-8", Derivation::Original),
        ("f.txt", "naïve \u{fffd} é", "utf-8", Derivation::Decoded),
        ("g.jsonl#1", "Министр заявил", "utf-8", Derivation::Original),
        ("g.jsonl#2", "plain", "utf-8", Derivation::Original),
        ("h.jsonl#1", "Министр заявил", "windows-1251", Derivation::Decoded),
        ("h.jsonl#2", "plain", "windows-1251", Derivation::Original),
        ("i.jsonl#1", "Министр заявил", "utf-16le", Derivation::Decoded),
        ("i.jsonl#2", "plain", "utf-16le", Derivation::Decoded),
        ("j.jsonl#1", "naïve é", "utf-8", Derivation::Original),
        ("j.jsonl#3", "b", "utf-8", Derivation::Original),
        ("k.txt", "a\0b text that goes on", "utf-8", Derivation::Original),
        ("m.jsonl#1", "naïve", "utf-8", Derivation::Original),
        ("m.jsonl#2", "bad \u{fffd}", "utf-8", Derivation::Decoded),
        ("m.jsonl#3", "b", "utf-8", Derivation::Original),
    ];
    assert_eq!(seen, expected.map(|(id, text, encoding, derivation)| (id.to_owned(), text, encoding, derivation)));
    assert_eq!(
        files.warnings(&corpus),
        [
            "b.txt: decoded from windows-1252",
            "c.txt: decoded from utf-16le",
            "d.txt: decoded from utf-16le",
            "f.txt: 1 invalid UTF-8 sequence was replaced by U+FFFD, the first at byte 7",
            "h.jsonl: decoded from windows-1251",
            "i.jsonl: decoded from utf-16le",
            "k.txt: 1 NUL byte was kept in the text",
            "m.jsonl: 1 invalid UTF-8 sequence was replaced by U+FFFD, the first in line 2",
        ]
    );
    assert_eq!(
        files.skipped(&corpus),
        [
            "!j.jsonl:2: not valid JSON: control character (\\u0000-\\u001F) found while parsing a string at column 10",
            "!l.txt: binary: too many control bytes for a text",
        ]
    );
}

#[test]
fn lines_of_two_encodings_are_decoded_each_in_its_own() {
    let lines = b"{\"text\":\"na\xc3\xafve\"}\n{\"text\":\"caf\xe9 cr\xe8me\"}\n{\"text\":\"gar\xe7on\"}\n{\"text\":\"plain\"}\n";
    let files = Files::new(&[("a.jsonl", lines)]);
    let corpus = files.read(&[""]);
    assert_eq!(texts(&corpus), ["naïve", "café crème", "garçon", "plain"]);
    let encodings: Vec<&str> = corpus.documents.iter().map(|document| document.origin.encoding).collect();
    assert_eq!(encodings, ["utf-8", "windows-1252", "windows-1252", "utf-8"]);
    assert_eq!(files.warnings(&corpus), ["a.jsonl: 2 lines were decoded from windows-1252, the first is line 2"]);
}

#[test]
fn bad_lines_are_named_by_place_and_the_rest_is_read() {
    let lines = b"{\"text\":\"one\"}\r\n\n  \t\n{\"text\":\"broken\n{\"id\":1}\n[1]\n{\"text\":null}\n{\"text\":7}\n{\"text\":\"\\ud800\"}\n{\"text\":\"last\"}";
    let files = Files::new(&[("a.jsonl", lines)]);
    let corpus = files.read(&[""]);
    assert_eq!(texts(&corpus), ["one", "last"]);
    assert_eq!(files.ids(&corpus), ["a.jsonl#1", "a.jsonl#10"]);
    let skipped = files.skipped(&corpus);
    let starts = [
        "!a.jsonl:4: not valid JSON: the line ends too early, at column 15",
        "!a.jsonl:5: no text field (tried: text, content,",
        "!a.jsonl:6: not a JSON object but an array",
        "!a.jsonl:7: the text field `text` is null",
        "!a.jsonl:8: the text field `text` is a number, not a string",
        "!a.jsonl:9: not valid JSON: half of a surrogate pair",
    ];
    assert_eq!(skipped.len(), starts.len());
    for (skipped, start) in skipped.iter().zip(starts) {
        assert!(skipped.starts_with(start), "{skipped}");
    }
}

#[test]
fn a_thousand_bad_lines_are_named_and_the_rest_counted() {
    let mut lines = "{}\n".repeat(5000);
    lines.push_str("{\"text\":\"fine\"}\n");
    let files = Files::new(&[("a.jsonl", lines.as_bytes())]);
    let corpus = files.read(&[""]);
    assert_eq!(texts(&corpus), ["fine"]);
    let skipped = files.skipped(&corpus);
    assert_eq!(skipped.len(), 1001);
    assert!(
        skipped[1000].starts_with("!a.jsonl:1001: and 4000 more lines that could not be read; this one: no text field")
    );
}

#[test]
fn fields_are_found_by_default_and_by_name() {
    let line = br#"{"content":"the text","doc_id":12,"publisher":"Daily","published_at":"2021-04-07","url":"http://x/","headline":"H","meta":{"t":"other","when":1617798645.5,"who":{"name":"N"}},"dotted.key":"D"}"#;
    let files = Files::new(&[("a.jsonl", line)]);
    let corpus = files.read(&[""]);
    let document = &corpus.documents[0];
    let (Document { id, source, date, text, .. }, line) = (document, document.line());
    assert_eq!((id.as_str(), line, &**text), ("12", None, "the text"));
    assert_eq!((source.as_deref(), document.url(), document.title()), (Some("Daily"), Some("http://x/"), Some("H")));
    assert_eq!(date.unwrap().to_string(), "2021-04-07");
    let name = |name: &str| Some(name.to_owned());
    let fields = FieldNames {
        text: name("meta.t"),
        id: name("dotted.key"),
        source: name("meta.who.name"),
        date: name("meta.when"),
        url: name("no.such"),
        title: None,
    };
    let corpus = files.read_with(&InputOptions { fields, ..files.options(&[""]) }, b"").unwrap();
    let document = &corpus.documents[0];
    let Document { id, source, date, text, .. } = document;
    assert_eq!((id.as_str(), source.as_deref(), document.url(), &**text), ("D", Some("N"), None, "other"));
    assert_eq!(date.unwrap().to_string(), "2021-04-07T12:30:45Z");
    assert_eq!(files.warnings(&corpus), ["a.jsonl: no line has the url field `no.such`"]);
}

#[test]
fn odd_dates_and_ids_are_warned_of_once_a_file() {
    let lines = r#"{"text":"a","date":"yesterday","id":1.5}
{"text":"b","date":"04/07/2021","id":[1]}
{"text":"c","date":{"y":1},"id":"ok"}
{"text":"d","date":null,"id":null}
{"text":"e","date":"","id":""}
"#;
    let files = Files::new(&[("a.jsonl", lines.as_bytes())]);
    let corpus = files.read(&[""]);
    assert_eq!(files.ids(&corpus), ["a.jsonl#1", "a.jsonl#2", "a.jsonl#4", "a.jsonl#5", "ok"]);
    assert!(corpus.documents.iter().all(|document| document.date.is_none()));
    assert_eq!(
        files.warnings(&corpus),
        [
            "a.jsonl: 2 ids are neither strings nor integers; the lines' numbers serve instead, the first in line 1: a number",
            "a.jsonl: 3 dates were not understood and count as unknown, the first in line 1: \"yesterday\"",
        ]
    );
}

#[test]
fn documents_are_ordered_by_date_then_id() {
    let lines = r#"{"text":"e","id":"b"}
{"text":"d","id":"a"}
{"text":"c","id":"0","date":"2021-04-08"}
{"text":"b","id":"9","date":"2021-04-07T00:00:01Z"}
{"text":"a","id":"z","date":"2021-04"}
"#;
    let files = Files::new(&[("a.jsonl", lines.as_bytes()), ("Z.txt", b"f")]);
    let corpus = files.read(&["a.jsonl"]);
    assert_eq!(texts(&corpus), ["a", "b", "c", "d", "e"]);
}

#[test]
fn equal_ids_are_told_apart() {
    let files = Files::new(&[
        ("a.jsonl", b"{\"id\":\"x\",\"text\":\"1\"}\n{\"id\":\"y\",\"text\":\"2\"}\n{\"id\":\"y\",\"text\":\"3\"}\n"),
        ("b.jsonl", b"{\"id\":\"x\",\"text\":\"4\"}\n{\"id\":\"z\",\"text\":\"5\"}\n"),
    ]);
    let corpus = files.read(&[""]);
    let told: Vec<(String, &str)> = files.ids(&corpus).into_iter().zip(texts(&corpus)).collect();
    let expected = [("a.jsonl#2", "2"), ("a.jsonl#3", "3"), ("a.jsonl#x", "1"), ("b.jsonl#x", "4"), ("z", "5")];
    assert_eq!(told, expected.map(|(id, text)| (id.to_owned(), text)));
    assert_eq!(
        files.warnings(&corpus),
        [
            "the id \"x\" is given to 2 documents; they are told apart as a.jsonl#x, b.jsonl#x",
            "the id \"y\" is given to 2 documents; they are told apart as a.jsonl#2, a.jsonl#3",
        ]
    );
}

#[test]
fn ids_that_look_like_places_stay_unique() {
    let files = Files::new(&[("b.txt", b"5")]);
    let [json, text] = [files.path("a.jsonl"), files.path("b.txt")].map(|path| path.to_str().unwrap().to_owned());
    let lines = format!(
        "{{\"id\":\"{json}#2\",\"text\":\"1\"}}\n{{\"text\":\"2\"}}\n{{\"id\":\"{text}\",\"text\":\"3\"}}\n{{\"id\":\"{json}#{text}\",\"text\":\"4\"}}\n"
    );
    files.add("a.jsonl", lines.as_bytes());
    let corpus = files.read(&[""]);
    let told: Vec<(String, &str)> = files.ids(&corpus).into_iter().zip(texts(&corpus)).collect();
    let expected = [
        // The fourth line's own id is what the third one's is first told apart as.
        ("a.jsonl#a.jsonl#b.txt", "4"),
        ("a.jsonl#a.jsonl#2", "1"),
        ("a.jsonl#2", "2"),
        ("a.jsonl#3", "3"),
        ("b.txt", "5"),
    ];
    assert_eq!(told, expected.map(|(id, text)| (id.to_owned(), text)));
}

#[test]
fn many_equal_ids_are_counted() {
    let lines: String = (0..200).map(|n| format!("{{\"id\":{},\"text\":\"t\"}}\n", n / 2)).collect();
    let files = Files::new(&[("a.jsonl", lines.as_bytes())]);
    let corpus = files.read(&[""]);
    assert_eq!(corpus.documents.len(), 200);
    assert_eq!(corpus.warnings.len(), 21);
    assert!(corpus.warnings.last().unwrap().contains("80 more ids"));
}

#[test]
fn standard_input_is_told_by_its_first_line() {
    let files = Files::new(&[("a.txt", b"file")]);
    let read = |bytes: &[u8]| files.read_with(&files.options(&["-"]), bytes).unwrap();
    type Case = (&'static [u8], &'static [(&'static str, &'static str)]);
    let cases: [Case; 7] = [
        (b"plain text\n{\"text\":1}", &[("-", "plain text\n{\"text\":1}")]),
        (b"\n  {\"text\":\"one\"}\n{\"text\":\"two\",\"id\":\"x\"}\n", &[("-#2", "one"), ("x", "two")]),
        (b"{\"text\":\"only\"}", &[("-#1", "only")]),
        (b"{not json}\nat all", &[("-", "{not json}\nat all")]),
        (b" \n\n", &[("-", " \n\n")]),
        (b"\xef\xbb\xbf{\"text\":\"one\"}\n", &[("-#1", "one")]),
        (b"[1]", &[("-", "[1]")]),
    ];
    for (plain, expected) in cases {
        for bytes in [plain.to_vec(), gzip(plain), zstd(plain)] {
            let corpus = read(&bytes);
            let seen: Vec<(&str, &str)> =
                corpus.documents.iter().map(|document| (document.id.as_str(), &*document.text)).collect();
            assert_eq!(seen, expected);
            assert!(corpus.documents.iter().all(|document| &*document.origin.path == "-"));
            assert_eq!(corpus.warnings.len(), usize::from(plain.starts_with(b"{not")));
        }
    }
    let json = utf_16("{\"text\":\"sixteen\"}\n{\"text\":\"bits\"}\n");
    assert_eq!(texts(&read(&json)), ["sixteen", "bits"]);
    assert!(read(b"{not json}\nat all").warnings[0].starts_with("-: read as one text: it begins with `{`"));
    let with_file = files.read_with(&files.options(&["-", "a.txt", "-"]), b"piped").unwrap();
    assert_eq!(texts(&with_file), ["piped", "file"]);
    let empty = files.read_with(&files.options(&["-", "a.txt"]), b"").unwrap();
    assert_eq!(files.skipped(&empty), ["-: standard input is empty"]);
    let long = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"b\"}}", "a".repeat(1_000_000));
    assert_eq!(read(long.as_bytes()).documents.len(), 2);
}

#[test]
fn odd_and_empty_texts_stay_documents() {
    let files = Files::new(&[
        ("a.txt", b""),
        ("b.txt", b" \n\t\n"),
        ("c.txt", b"x"),
        ("d.jsonl", b""),
        ("e.jsonl", b"{\"text\":\"\"}\n"),
        ("f.md", "\u{3000}".as_bytes()),
        ("g.txt", b"\n"),
    ]);
    let corpus = files.read(&[""]);
    assert_eq!(files.ids(&corpus), ["a.txt", "b.txt", "c.txt", "e.jsonl#1", "f.md", "g.txt"]);
    assert_eq!((corpus.empty, corpus.skipped.len()), (5, 0));
    // A file of no lines is a file, and no documents are no error.
    assert_eq!(files.read(&["d.jsonl"]).documents.len(), 0);
}

#[test]
fn listing_shows_what_would_be_read_and_why_the_rest_is_not() {
    let files = Files::new(&[
        ("b.txt", b"text"),
        ("a.jsonl", &gzip(b"{}")),
        ("c.md.zst", &zstd(b"x")),
        ("d.xyz", b"1,2"),
        (".gitignore", b"e.txt\n"),
        ("e.txt", b"ignored"),
    ]);
    let listed = input::list(&files.options(&["", "-"])).unwrap();
    let shown: Vec<String> = listed
        .iter()
        .map(|input| {
            let format = input.format.map_or("?".to_owned(), |format| format.to_string());
            let known = if format.contains('+') { "" } else { &input.bytes.to_string() };
            files.short(&format!("{} {format} {known} {}", input.path, input.reason.as_deref().unwrap_or("read")))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "- ? 0 read",
            "a.jsonl jsonl+gzip  read",
            "b.txt text 4 read",
            "c.md.zst markdown+zstd  read",
            "d.xyz ? 3 unknown type"
        ]
    );
    assert!(input::list(&files.options(&["gone"])).is_err());
}

#[test]
fn an_unreadable_file_is_named() {
    let files = Files::new(&[("a.txt", b"one"), ("inner/b.txt/c.md", b"two")]);
    // A directory with the name of a text is a directory.
    assert_eq!(texts(&files.read(&["", "inner/b.txt"])), ["one", "two"]);
    // A file that disappears, or cannot be read, after it was found is seen by whoever opens it.
    #[cfg(unix)]
    {
        let memory = Path::new("/proc/self/mem");
        if memory.exists() {
            std::os::unix::fs::symlink(memory, files.path("m.txt")).unwrap();
            let corpus = files.read(&[""]);
            assert_eq!(texts(&corpus), ["one", "two"]);
            assert!(files.skipped(&corpus)[0].starts_with("!m.txt: cannot be "), "{:?}", files.skipped(&corpus));
        }
    }
}

#[test]
fn large_files_are_read_like_small_ones() {
    // Larger than several batches: parsed in parallel, with a line longer than a batch in the middle.
    let mut lines = long_lines(60_000);
    let long = format!("{{\"id\":\"long\",\"text\":\"{}\\n\"}}\n", "long ".repeat(4_000_000));
    lines.insert_str(lines.find("{\"id\":30000,").unwrap(), &long);
    let broken = lines.find("{\"id\":50000,").unwrap();
    lines.replace_range(broken..broken + 1, "?");
    assert!(lines.len() > 3 * 8 * 1024 * 1024);
    let files = Files::new(&[("a.jsonl", lines.as_bytes())]);
    let corpus = files.read(&[""]);
    assert_eq!(corpus.documents.len(), 60_000);
    assert_eq!(files.skipped(&corpus), ["!a.jsonl:50002: not valid JSON: expected value at column 1"]);
    let find = |id: &str| corpus.documents.iter().find(|document| document.id == id).unwrap();
    assert_eq!(find("long").text.len(), 20_000_001);
    // The same lines through a small file's path.
    let small: String = lines.lines().take(100).map(|line| format!("{line}\n")).collect();
    let small_files = Files::new(&[("a.jsonl", small.as_bytes())]);
    for document in &small_files.read(&[""]).documents {
        assert_eq!(document.text, find(&document.id).text);
    }
}

fn line_of(id: u32, date: Option<u8>, text: &str) -> String {
    let date = date.map(|day| format!("\"date\":\"2021-04-{:02}\",", day % 28 + 1)).unwrap_or_default();
    format!("{{{date}\"id\":\"{id}\",\"text\":{}}}", serde_json::to_string(text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn shuffled_lines_give_equal_corpora(
        documents in prop::collection::btree_map(0_u32..1000, (any::<Option<u8>>(), "\\PC{0,30}"), 1..40),
        seed: u64,
        cut in 0_usize..40,
    ) {
        let lines: Vec<String> = documents.iter().map(|(id, (date, text))| line_of(*id, *date, text)).collect();
        let mut shuffled = lines.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let whole = Files::new(&[("a.jsonl", lines.join("\n").as_bytes())]);
        let parts = Files::new(&[("a.jsonl", first.join("\n").as_bytes()), ("b.jsonl", second.join("\r\n").as_bytes())]);
        let strip = |corpus: Corpus| -> Vec<(String, Option<String>, String)> {
            let strip = |document: Document| (document.id.to_string(), document.date.map(|date| date.to_string()), document.text.to_string());
            corpus.documents.into_iter().map(strip).collect()
        };
        let read = strip(whole.read(&[""]));
        prop_assert_eq!(&read, &strip(parts.read(&["b.jsonl", "a.jsonl"])));
        // The naive reading of the same.
        let mut naive: Vec<(bool, Option<String>, String, String)> = documents
            .into_iter()
            .map(|(id, (date, text))| {
                let date = date.map(|day| format!("2021-04-{:02}", day % 28 + 1));
                (date.is_none(), date, id.to_string(), text)
            })
            .collect();
        naive.sort();
        let naive: Vec<_> = naive.into_iter().map(|(_, date, id, text)| (id, date, text)).collect();
        prop_assert_eq!(read, naive);
    }

    #[test]
    fn any_bytes_under_any_name_are_read_or_named(bytes in prop::collection::vec(any::<u8>(), 0..200), name in 0..4_usize) {
        let name = ["a.txt", "a.jsonl", "a.md.gz", "a.ndjson.zst"][name];
        let files = Files::new(&[(name, &bytes)]);
        let corpus = files.read(&[""]);
        if name.starts_with("a.txt") {
            prop_assert_eq!(corpus.documents.len() + corpus.skipped.len(), 1);
        }
        prop_assert!(corpus.skipped.iter().all(|skipped| skipped.is_error));
    }
}
