//! Reading, dump, schema and page say the same, for whatever a file says.

use std::path::Path;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, Kind, Otherwise, allowance, group, keys};
use super::tests::{directory, kept_as, read_text};
use super::*;

const PAGE: &str = include_str!("../../docs/configuration.md");

/// A configuration without what tells where it is written.
fn said(mut config: Config) -> Config {
    let here = |place: &Located| Located::new(Path::new("."), place.value());
    let all = |places: &mut Vec<Located>| *places = places.iter().map(here).collect();
    config.root = PathBuf::from(".");
    config.files.clear();
    [&mut config.paths, &mut config.ignore, &mut config.known_text, &mut config.references].into_iter().for_each(all);
    config.baseline = config.baseline.as_ref().map(here);
    config.groups.iter_mut().for_each(|group| all(&mut group.paths));
    for allowed in &mut config.allow {
        (allowed.path, allowed.line) = (PathBuf::new(), 0);
    }
    config
}

/// A document as the JSON that a validator sees. Dates have no like in JSON.
fn as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX).into(),
        DeValue::Float(number) => number.as_str().parse::<f64>().unwrap().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(_) => Value::Null,
        DeValue::Array(list) => list.iter().map(|value| as_json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            table.iter().map(|(name, value)| (name.get_ref().to_string(), as_json(value.get_ref()))).collect()
        }
    }
}

fn json_of(text: &str) -> Value {
    as_json(&DeValue::Table(DeTable::parse(text).unwrap().into_inner()))
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap()
}

#[test]
fn the_schema_is_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/config.v1.schema.json");
    kept_as(&path, &schema());
    assert!(jsonschema::meta::is_valid(&serde_json::from_str(&schema()).unwrap()));
}

#[test]
fn the_schema_says_no() {
    let validator = validator();
    for text in [
        "min-word = 8",
        "min-words = 0",
        "min-words = 1.5",
        "similarity = 0",
        "similarity = 1.1",
        "preset = 'blog'",
        "paths = 'articles'",
        "paths = ['']",
        "[rules]\ncontained = 'fatal'",
        "[rules]\nplagiarism = 'error'",
        "[budget]\nwords = 1",
        "[[groups]]\nname = 'a'",
        "[[groups]]\nname = 'a'\npaths = []",
        "[[allow]]\nid = '0123'\nreason = 'r'",
        "[[allow]]\nid = '0123456789abcdef'\nreason = 'r'\nuntil = 'May'",
        "hidden = 'yes'",
    ] {
        assert!(!validator.is_valid(&json_of(text)), "{text}");
    }
}

#[test]
fn the_page_tells_of_every_key() {
    fn row<T>(key: &Key<T>) {
        let start = format!("| `{}` |", key.name);
        let row = PAGE.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no row `{start}`"));
        let default = match key.otherwise {
            Otherwise::Name(name) => format!("| `\"{name}\"` |"),
            Otherwise::False => "| `false` |".to_owned(),
            _ => String::new(),
        };
        assert!(row.ends_with(&default), "the default of {}: {row}", key.name);
    }
    for key in keys() {
        let heading = format!("\n### `{}`\n", key.name);
        match &key.kind {
            Kind::Table(keys) => {
                assert!(PAGE.contains(&heading), "{heading}");
                keys.iter().for_each(row);
            }
            Kind::Groups(_) => group().iter().for_each(row),
            Kind::Allowances(_) => allowance().iter().for_each(row),
            _ => row(&key),
        }
        assert!(!matches!(key.kind, Kind::Groups(_) | Kind::Allowances(_)) || PAGE.contains(&heading), "{heading}");
    }
}

#[test]
fn what_the_page_shows_can_be_taken() {
    let validator = validator();
    let examples: Vec<&str> = PAGE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() >= 8);
    for example in examples {
        let is_pyproject = example.contains("[tool.dittograph]");
        let name = if is_pyproject { "pyproject.toml" } else { "dittograph.toml" };
        let directory = directory(&[("base.toml", ""), (&format!("site/{name}"), example)]);
        load(&directory.path().join("site").join(name)).unwrap_or_else(|error| panic!("{error}"));
        let json = json_of(example);
        let json = if is_pyproject { &json["tool"]["dittograph"] } else { &json };
        assert!(validator.is_valid(json), "{example}");
    }
    let told = read_text("# 1\n# 2\nmin-word = 8\n").unwrap_err();
    assert!(PAGE.contains(&format!("```\n{told}\n```")), "{told}");
}

#[test]
fn a_dump_explains_itself() {
    let text = dump(&Config { preset: Some(Preset::Web), ..Config::default() });
    for expected in [
        "# Shortest passage across documents, in words.\n# min-words = 12\n",
        "# hidden = false\n",
        "\npreset = \"web\"\n",
        "\npaths = []\n",
        "\n[rules]\n\n# Text that one document holds more than once.\ndoubled-text = \"error\"\n",
        "# similarity is not set: each must cover most of the other.\n",
        "# - id: The finding's id: 16 digits, as reports print it.\n",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    fn says<T>(text: &str, key: &Key<T>) {
        let name = key.name;
        let ways = [format!("\n{name} = "), format!("\n# {name} "), format!("\n# - {name}: ")];
        assert!(ways.iter().any(|way| text.contains(way)), "{name}");
    }
    for key in keys() {
        match &key.kind {
            Kind::Table(keys) => keys.iter().for_each(|key| says(&text, key)),
            Kind::Groups(_) => group().iter().for_each(|key| says(&text, key)),
            Kind::Allowances(_) => allowance().iter().for_each(|key| says(&text, key)),
            _ => says(&text, &key),
        }
    }
}

/// Paths and globs, with names that must be written with care.
fn places(root: &'static str, most: usize) -> impl Strategy<Value = Vec<Located>> {
    let name =
        select(&["a", "b c", "*.md", "**", "[[]x", "..", "{d,e}", "新聞", "\"", "e\\\\f", "\u{202e}", "'", "{!}g"]);
    let value = vec(name, 1..4).prop_map(move |names| Located::new(Path::new(root), &names.join("/")));
    vec(value, 1..=most)
}

/// Any text with something in it.
fn words() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| format!("{text}x"))
}

fn configurations(root: &'static str) -> impl Strategy<Value = Config> {
    let level = || select(&Level::ALL[..]);
    let some_places = move || prop_oneof![Just(Vec::new()), places(root, 3)];
    let fields = || option::of(words());
    let group = (words(), places(root, 3)).prop_map(|(name, paths)| Group { name, paths });
    let allowance = (any::<u64>(), words());
    let allowance = allowance.prop_map(|(id, reason)| Allowance { id, reason, ..Allowance::default() });
    let lists = (some_places(), some_places(), some_places(), some_places(), option::of(places(root, 1)));
    let numbers = (
        option::of(select(&Preset::ALL[..])),
        option::of(1u32..=1_000_000),
        option::of(1u32..=1000),
        option::of(any::<u32>()),
        option::of(0u32..=1_000_000),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
    );
    let names = (fields(), fields(), fields(), fields(), fields(), fields());
    let entries = (vec(level(), Rule::ALL.len()), vec(group, 0..3), vec(allowance, 0..3));
    (lists, numbers, names, entries).prop_map(move |(lists, numbers, names, entries)| {
        let mut config = Config::at(Path::new(root));
        let baseline;
        (config.paths, config.ignore, config.known_text, config.references, baseline) = lists;
        config.baseline = baseline.and_then(|mut places| places.pop());
        (config.preset, config.min_words, config.similarity, ..) = numbers;
        let (.., findings, repeated_words, hidden, no_ignore) = numbers;
        config.budget = Budgets { findings, repeated_words };
        (config.hidden, config.no_ignore) = (hidden, no_ignore);
        let (text, id, source, date, url, title) = names;
        config.fields = FieldNames { text, id, source, date, url, title };
        let (levels, groups, allow) = entries;
        Rule::ALL.into_iter().zip(levels).for_each(|(rule, level)| config.rules.set(rule, level));
        (config.groups, config.allow) = (groups, allow);
        config
    })
}

/// Values of every type, those that some key takes and some that none does.
const VALUES: [&str; 27] = [
    "1",
    "0",
    "-1",
    "8",
    "1000001",
    "0x10",
    "0.5",
    "1.0",
    "1.001",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"off\"",
    "\"error\"",
    "\"news\"",
    "\"0123456789abcdef\"",
    "[]",
    "[\"a\"]",
    "[\"a\", 1]",
    "[[]]",
    "{}",
    "{ findings = 1 }",
    "{ id = 1 }",
    "[{ name = \"a\", paths = [\"b\"] }]",
    "[{ id = \"0123456789ABCDEF\", reason = \"c\" }]",
    "[{ name = \"a\" }]",
];

/// Lines of a file: keys and headers that are there and some that are not, values that fit and some that don't.
fn files() -> impl Strategy<Value = String> {
    let mut names: Vec<&'static str> = vec!["extends", "min_words", "name", "id", "reason"];
    fn add<T>(names: &mut Vec<&'static str>, keys: &[Key<T>]) {
        for key in keys {
            match &key.kind {
                Kind::Table(keys) => add(names, keys),
                Kind::Base => {}
                _ => names.push(key.name),
            }
        }
    }
    add(&mut names, &keys());
    let line = (select(names), select(&VALUES[..])).prop_map(|(name, value)| format!("{name} = {value}"));
    let header = select(&["[rules]", "[budget]", "[[groups]]", "[[allow]]", "[rule]", "[groups]"][..]);
    vec(prop_oneof![3 => line, 1 => header.prop_map(str::to_owned)], 0..5).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn a_dump_says_the_same(config in configurations(".")) {
        let text = dump(&config);
        let read = read_text(&text).map_err(TestCaseError::fail)?;
        prop_assert_eq!(said(read), config, "{}", text);
        prop_assert!(validator().is_valid(&json_of(&text)), "{}", text);
    }

    #[test]
    fn reading_and_schema_agree(text in files()) {
        if DeTable::parse(&text).is_ok() {
            let read = read_text(&text);
            prop_assert_eq!(read.is_ok(), validator().is_valid(&json_of(&text)), "{}\n{:?}", text, read);
            if let Ok(config) = read {
                let again = read_text(&dump(&config)).map_err(TestCaseError::fail)?;
                prop_assert_eq!(said(again), said(config));
            }
        }
    }
}
