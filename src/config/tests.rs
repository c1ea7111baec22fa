//! Faults as data (`cases.txt`), files that extend each other, and where files are looked for.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// A directory with files in it.
pub(super) fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// What is told of an error, without the way to the directory.
fn told(directory: &TempDir, error: &ConfigError) -> String {
    error.to_string().replace(&format!("{}/", directory.path().display()), "")
}

/// What a file of the directory says, or what is told of it.
fn read(directory: &TempDir, name: &str) -> Result<Config, String> {
    load(&directory.path().join(name)).map_err(|error| told(directory, &error))
}

pub(super) fn read_text(text: &str) -> Result<Config, String> {
    read(&directory(&[("dittograph.toml", text)]), "dittograph.toml")
}

fn values(places: &[Located]) -> Vec<&str> {
    places.iter().map(Located::value).collect()
}

/// The files of a configuration, without the way to the directory.
fn names(directory: &TempDir, config: &Config) -> Vec<String> {
    let name = |path: &PathBuf| path.strip_prefix(directory.path()).unwrap().display().to_string();
    config.files.iter().map(name).collect()
}

#[test]
fn faults_are_told_with_their_place() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config/cases.txt");
    let kept = fs::read_to_string(&path).unwrap();
    let mut now = String::new();
    for case in kept.split("=== ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let text = rest.split_once("---\n").map_or(rest, |(text, _)| text);
        let file = if name.starts_with("pyproject.toml") { "pyproject.toml" } else { "dittograph.toml" };
        let told = read(&directory(&[(file, text)]), file).expect_err(name);
        now.push_str(&format!("=== {name}\n{text}---\n{told}\n"));
    }
    kept_as(&path, &now);
}

/// Compares a text with what is kept in a file; writes it instead when `UPDATE_SNAPSHOTS` is set.
pub(super) fn kept_as(path: &Path, now: &str) {
    #[allow(clippy::disallowed_methods, reason = "a test may read its own switch")]
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        fs::write(path, now).unwrap();
        return;
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    let line = kept.lines().zip(now.lines()).take_while(|(old, new)| old == new).count();
    assert!(
        kept == now,
        "{} differs at line {}:\n  was: {:?}\n  now: {:?}\nIf that is meant: UPDATE_SNAPSHOTS=1 cargo test --lib config",
        path.display(),
        line + 1,
        kept.lines().nth(line),
        now.lines().nth(line),
    );
}

#[test]
fn every_key_is_taken() {
    let text = r#"
        paths = ["articles", "./b//*.md"]
        ignore = ["**/drafts/**"]
        references = ["/srv/archive"]
        known-text = ["legal.txt"]
        baseline = "known.jsonl"
        hidden = true
        no-ignore = false
        text-field = "article.body"
        id-field = "a"
        source-field = "b"
        date-field = "c"
        url-field = "d"
        title-field = "e"
        preset = "strict"
        min-words = 1_000
        similarity = 0.85
        rules.contained = "off"
        rules.boilerplate = "note"
        budget = { findings = 3, repeated-words = 0.012345 }
        groups = [{ name = "wire", paths = ["wire/**"] }]
        [[allow]]
        id = "3F9A52C1D0E4B786"
        reason = "quoted on purpose"
    "#;
    let directory = directory(&[("dittograph.toml", text)]);
    let config = read(&directory, "dittograph.toml").unwrap();
    let name = |text: &str| Some(text.to_owned());
    let mut rules = Levels::default();
    rules.set(Rule::Contained, Level::Off);
    rules.set(Rule::Boilerplate, Level::At(Severity::Note));
    let root = directory.path();
    let at = |value: &str| Located::new(root, value);
    let expected = Config {
        root: root.to_owned(),
        files: vec![root.join("dittograph.toml")],
        paths: vec![at("articles"), at("b/*.md")],
        preset: Some(Preset::Strict),
        min_words: Some(1000),
        similarity: Some(850),
        rules,
        ignore: vec![at("**/drafts/**")],
        known_text: vec![at("legal.txt")],
        references: vec![at("/srv/archive")],
        budget: Budgets { findings: Some(3), repeated_words: Some(12_345) },
        baseline: Some(at("known.jsonl")),
        groups: vec![Group { name: "wire".to_owned(), paths: vec![at("wire/**")] }],
        allow: vec![Allowance {
            id: 0x3f9a_52c1_d0e4_b786,
            reason: "quoted on purpose".to_owned(),
            path: root.join("dittograph.toml"),
            line: 22,
        }],
        fields: FieldNames {
            text: name("article.body"),
            id: name("a"),
            source: name("b"),
            date: name("c"),
            url: name("d"),
            title: name("e"),
        },
        hidden: Some(true),
        no_ignore: Some(false),
    };
    assert_eq!(config, expected);
    assert_eq!(config.references[0].path(), Path::new("/srv/archive"));
    assert_eq!(config.paths[1].argument(), root.join("b/*.md").display().to_string());
}

#[test]
fn an_empty_file_leaves_everything_open() {
    for text in ["", "\u{feff}", "# nothing\r\n", "[rules]\n[budget]\n"] {
        let config = read_text(text).unwrap();
        let default = Config { root: config.root.clone(), files: config.files.clone(), ..Config::default() };
        assert_eq!(config, default, "{text:?}");
    }
    let levels: Vec<(Rule, Level)> = Levels::default().iter().collect();
    assert_eq!(
        levels.iter().map(|(rule, level)| format!("{} {}", rule.name(), level.name())).collect::<Vec<_>>(),
        [
            "doubled-text error",
            "boilerplate off",
            "shared-passage error",
            "reused-quote note",
            "altered-quote warning",
            "near-duplicate error",
            "contained error"
        ]
    );
}

#[test]
fn places_behind_a_byte_order_mark_and_carriage_returns_are_right() {
    let told = read_text("\u{feff}a-b = 1\r\nmin-word = 8\r\n").unwrap_err();
    assert!(told.starts_with("dittograph.toml:1:1: there is no key `a-b`"), "{told}");
    assert!(told.ends_with("  |\n2 | min-word = 8\n  | ^^^^^^^^"), "{told}");
}

#[test]
fn of_many_faults_ten_are_told() {
    let text: String = (0..25).map(|number| format!("key{number} = 1\n")).collect();
    let told = read_text(&text).unwrap_err();
    assert_eq!(told.matches("there is no key").count(), 10);
    assert!(told.ends_with("\n\nand 15 more like these"), "{told}");
}

#[test]
fn a_file_extends_another() {
    let directory = directory(&[
        (
            "shared/[house]/base.toml",
            "extend = '../root.toml'\nignore = ['*.tmp', '../x/*', '/srv/*']\nknown-text = ['legal.txt']\nmin-words = 10\n\
             baseline = 'known.jsonl'\n[rules]\ncontained = 'off'\nboilerplate = 'note'\n[budget]\nfindings = 3\n\
             [[groups]]\nname = 'a'\npaths = ['a*']\n",
        ),
        (
            "shared/root.toml",
            "preset = 'web'\nmin-words = 9\nhidden = true\npaths = ['deep']\n[rules]\nreused-quote = 'off'\n\
             [budget]\nrepeated-words = 0.5\n[[allow]]\nid = '0000000000000001'\nreason = 'r'\n",
        ),
        (
            "site/dittograph.toml",
            "extend = '../shared/[house]/base.toml'\npaths = ['articles']\nmin-words = 11\n[rules]\ncontained = 'warning'\n\
             [[groups]]\nname = 'b'\npaths = ['b*']\n[[allow]]\nid = '0000000000000002'\nreason = 's'\n",
        ),
    ]);
    let config = read(&directory, "site/dittograph.toml").unwrap();
    assert_eq!(names(&directory, &config), ["site/dittograph.toml", "shared/[house]/base.toml", "shared/root.toml"]);
    assert_eq!(config.root, directory.path().join("site"));
    // A scalar: the nearest file that has it. A list replaces.
    assert_eq!((config.preset, config.min_words, config.hidden), (Some(Preset::Web), Some(11), Some(true)));
    assert_eq!(values(&config.paths), ["articles"]);
    // Key by key.
    assert_eq!(config.rules.of(Rule::Contained), Level::At(Severity::Warning));
    assert_eq!(config.rules.of(Rule::Boilerplate), Level::At(Severity::Note));
    assert_eq!(config.rules.of(Rule::ReusedQuote), Level::Off);
    assert_eq!(config.budget, Budgets { findings: Some(3), repeated_words: Some(500_000) });
    // Added.
    assert_eq!(config.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(config.allow.iter().map(|allowed| (allowed.id, allowed.line)).collect::<Vec<_>>(), [(1, 9), (2, 9)]);
    assert_eq!(config.allow[0].path, directory.path().join("shared/root.toml"));
    // Each place from where it is written, seen from the nearest file; a bracket in a name is none in a glob.
    assert_eq!(values(&config.ignore), ["../shared/[[]house[]]/*.tmp", "../shared/x/*", "/srv/*"]);
    assert_eq!(values(&config.groups[0].paths), ["../shared/[[]house[]]/a*"]);
    assert_eq!(config.baseline.unwrap().path(), directory.path().join("shared/[house]/known.jsonl"));
    assert!(config.ignore.iter().all(|place| place.base() == config.root));
}

#[test]
fn a_pyproject_can_be_extended() {
    let directory = directory(&[
        ("pyproject.toml", "[tool.dittograph]\nmin-words = 9\npaths = ['texts']\n"),
        ("other/pyproject.toml", "[tool.ruff]\n"),
        ("site/dittograph.toml", "extend = '../pyproject.toml'\n"),
        ("site/b.toml", "extend = '../other/pyproject.toml'\n"),
    ]);
    let config = read(&directory, "site/dittograph.toml").unwrap();
    assert_eq!((config.min_words, values(&config.paths)), (Some(9), vec!["../texts"]));
    assert_eq!(
        read(&directory, "site/b.toml").unwrap_err(),
        "site/b.toml:1:10: other/pyproject.toml cannot be extended: there is no table `[tool.dittograph]` in it\n  |\n\
         1 | extend = '../other/pyproject.toml'\n  |          ^^^^^^^^^^^^^^^^^^^^^^^^^"
    );
}

#[test]
fn files_that_extend_each_other_are_named() {
    let directory = directory(&[
        ("self.toml", "extend = 'self.toml'"),
        ("a.toml", "\nextend = 'sub/b.toml'"),
        ("sub/b.toml", "extend = '../c.toml'"),
        ("c.toml", "extend = 'sub/b.toml'"),
    ]);
    assert_eq!(
        read(&directory, "self.toml").unwrap_err(),
        "self.toml:1:10: these files extend each other: self.toml → self.toml; take out one `extend`\n  |\n\
         1 | extend = 'self.toml'\n  |          ^^^^^^^^^^^"
    );
    assert_eq!(
        read(&directory, "a.toml").unwrap_err(),
        "c.toml:1:10: these files extend each other: sub/b.toml → c.toml → sub/b.toml; take out one `extend`\n  |\n\
         1 | extend = 'sub/b.toml'\n  |          ^^^^^^^^^^^^"
    );
}

#[cfg(unix)]
#[test]
fn a_circle_through_links_is_a_circle() {
    let directory = directory(&[("dittograph.toml", "extend = 'link/dittograph.toml'")]);
    std::os::unix::fs::symlink(".", directory.path().join("link")).unwrap();
    let told = read(&directory, "dittograph.toml").unwrap_err();
    assert!(told.contains("extend each other: dittograph.toml → link/dittograph.toml;"), "{told}");
}

#[test]
fn a_chain_ends_somewhere() {
    let files: Vec<(String, String)> =
        (0..40).map(|number| (format!("{number}.toml"), format!("extend = '{}.toml'", number + 1))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let directory = directory(&files);
    fs::write(directory.path().join("40.toml"), "").unwrap();
    assert_eq!(read(&directory, "9.toml").unwrap().files.len(), 32);
    let told = read(&directory, "8.toml").unwrap_err();
    assert!(told.starts_with("39.toml:1:10: 32 files extend one another before this one"), "{told}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let directory = directory(&[
        ("missing.toml", "min-words = 8\nextend = '../nothing/base.toml'"),
        ("folder.toml", "extend = '.'"),
        ("faulty.toml", "extend = 'base.toml'\npaths = 1"),
        ("base.toml", "min-words = 0"),
    ]);
    let told = read(&directory, "missing.toml").unwrap_err();
    assert!(told.starts_with("missing.toml:2:10: ") && told.contains("base.toml cannot be extended: cannot be opened"));
    assert!(told.ends_with("2 | extend = '../nothing/base.toml'\n  |          ^^^^^^^^^^^^^^^^^^^^^^"), "{told}");
    let told = read(&directory, "folder.toml").unwrap_err();
    assert!(told.contains("cannot be extended: this is a directory: name the file in it\n"), "{told}");
    let told = read(&directory, "faulty.toml").unwrap_err();
    assert!(told.starts_with("base.toml:1:13: `min-words` must be"), "the base is read first: {told}");

    let told = read(&directory, "nothing.toml").unwrap_err();
    assert!(told.starts_with("nothing.toml: cannot be opened: "), "{told}");
    let error = load(directory.path()).unwrap_err();
    assert!(error.to_string().ends_with(": this is a directory: name the file in it"), "{error}");
    fs::write(directory.path().join("large.toml"), vec![b'#'; 4_000_001]).unwrap();
    assert_eq!(
        read(&directory, "large.toml").unwrap_err(),
        "large.toml: more than 4 MB are too much for a configuration"
    );
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let directory = directory(&[]);
    fs::write(directory.path().join("a.toml"), b"# \xc3\xa9\nname = \"\xe9t\xe9\"\n").unwrap();
    assert_eq!(
        read(&directory, "a.toml").unwrap_err(),
        "a.toml:2:9: the byte 0xe9 is no UTF-8: save the file as UTF-8\n  |\n2 | name = \"\u{fffd}t\u{fffd}\"\n  |         ^"
    );
    fs::write(directory.path().join("b.toml"), b"\xff\xfea\0 \0=\0 \x001\0").unwrap();
    let told = read(&directory, "b.toml").unwrap_err();
    assert!(told.starts_with("b.toml:1:1: the byte 0xff is no UTF-8"), "{told}");
}

#[test]
fn the_nearest_file_is_found() {
    let directory = directory(&[
        ("dittograph.toml", "min-words = 1"),
        ("a/.dittograph.toml", "min-words = 2"),
        ("a/b/dittograph.toml", "min-words = 3"),
        ("a/b/.dittograph.toml", "min-words = 4"),
        ("a/b/pyproject.toml", "[tool.dittograph]\nmin-words = 5"),
        ("c/pyproject.toml", "[tool.dittograph]\nmin-words = 6"),
        ("c/.dittograph.toml", "min-words = 7"),
        ("d/pyproject.toml", "[tool.dittograph.rules]\ncontained = 'off'"),
        ("e/pyproject.toml", "[tool.ruff]\nline-length = 100"),
        ("f/pyproject.toml", "[tool.dittographer]\n[project"),
        ("g/file.txt", ""),
    ]);
    let found = |start: &str| find(&directory.path().join(start)).unwrap().unwrap().min_words;
    for (start, words) in [
        (".", Some(1)),
        ("a", Some(2)),
        ("a/b", Some(3)),
        ("a/b/not/there/yet", Some(3)),
        ("a/b/..", Some(2)),
        ("c", Some(7)),
        ("d", None),
        ("e", Some(1)),
        ("f", Some(1)),
        ("g", Some(1)),
        ("g/file.txt", Some(1)),
    ] {
        assert_eq!(found(start), words, "{start}");
    }
    let config = find(&directory.path().join("d")).unwrap().unwrap();
    assert_eq!(config.root, directory.path().join("d"));
    assert_eq!(config.rules.of(Rule::Contained), Level::Off);
}

#[test]
fn a_pyproject_that_is_ours_and_broken_is_an_error() {
    let cases = [
        ("[tool.dittograph]\n[project", true),
        ("  [tool.dittograph.rules]\n[project", true),
        ("[[tool.dittograph.allow]]\n[project", false),
        ("[project\n# [tool.dittograph]", false),
        ("[tool.dittograph-other]\n[project", false),
        ("tool = 3", false),
        ("tool.dittograph = 3", true),
    ];
    for (text, is_error) in cases {
        let directory = directory(&[("dittograph.toml", ""), ("a/pyproject.toml", text)]);
        assert_eq!(find(&directory.path().join("a")).is_err(), is_error, "{text}");
    }
    let directory = directory(&[("dittograph.toml", ""), ("a/pyproject.toml", "")]);
    for (bytes, is_error) in [(&b"\xff\n[tool.dittograph]\n"[..], true), (b"\xff", false)] {
        fs::write(directory.path().join("a/pyproject.toml"), bytes).unwrap();
        assert_eq!(find(&directory.path().join("a")).is_err(), is_error);
    }
}

#[test]
fn a_file_of_ours_that_is_no_file_is_an_error() {
    let directory = directory(&[("dittograph.toml/a", ""), ("b/c", "")]);
    let error = find(directory.path()).unwrap_err();
    assert_eq!(told(&directory, &error), "dittograph.toml: this is a directory: name the file in it");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nothing", directory.path().join("b/dittograph.toml")).unwrap();
        let error = find(&directory.path().join("b")).unwrap_err();
        assert!(told(&directory, &error).starts_with("b/dittograph.toml: cannot be opened"), "{error}");
    }
}

#[test]
fn where_no_file_is_there_is_no_configuration() {
    assert_eq!(find(Path::new("/")).unwrap(), None);
}

#[test]
fn paths_are_reached_as_the_start_is() {
    let directory = tempfile::tempdir_in(".").unwrap();
    let relative = Path::new(directory.path().file_name().unwrap());
    let name = relative.display();
    fs::write(directory.path().join("dittograph.toml"), "paths = ['a/*.md', '../b']\nx = 1").unwrap();
    let error = find(&relative.join("sub/../deep")).unwrap_err();
    assert!(error.to_string().starts_with(&format!("{name}/dittograph.toml:2:1: there is no key `x`")), "{error}");
    fs::write(directory.path().join("dittograph.toml"), "paths = ['a/*.md', '../b']").unwrap();
    let config = find(relative).unwrap().unwrap();
    assert_eq!(config.root, relative);
    let arguments: Vec<String> = config.paths.iter().map(Located::argument).collect();
    assert_eq!(arguments, [format!("{name}/a/*.md"), "b".to_owned()]);
}

proptest! {
    #[test]
    fn no_text_makes_a_panic(text in "(\\PC|[\\[\\]=\"'#\\n\\t{}.,\\x1b]){0,80}") {
        if let Err(told) = read_text(&text) {
            prop_assert!(told.starts_with("dittograph.toml:"), "{}", told);
            prop_assert!(!told.contains(|c| c != '\n' && crate::report::escape::is_unsafe(c)), "{:?}", told);
        }
    }
}
