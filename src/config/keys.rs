//! The one table of keys: reading, dump and schema walk it, and the page in `docs/` is held against it.
//!
//! A kind of value names the field that it sets by a function that gives a place for it. So a key whose type is not that
//! of its field does not compile.

use super::{Allowance, Config, Group, Level, Levels, Located};
use crate::finding::Rule;
use crate::settings::{Preset, Settings};

/// The place of a value.
pub(super) type Field<T, V> = fn(&mut T) -> &mut V;

/// One key of a table that becomes a `T`.
pub(super) struct Key<T> {
    pub(super) name: &'static str,
    /// What it says, in a sentence or two.
    pub(super) meaning: &'static str,
    /// What holds where it is not set.
    pub(super) otherwise: Otherwise,
    pub(super) kind: Kind<T>,
}

/// What holds where a key is not set.
pub(super) enum Otherwise {
    /// The key must be set.
    None,
    /// No value at all; what is done then.
    Unset(&'static str),
    /// A value that is a name.
    Name(&'static str),
    /// `false`.
    False,
    /// An empty list, or nothing in the table.
    Empty,
    /// A whole number that the preset decides.
    OfPreset(fn(&Settings) -> u32),
}

/// Which values a key takes, and where they go.
pub(super) enum Kind<T> {
    /// The file that is extended: it is read before all other keys.
    Base,
    /// `true` or `false`.
    Flag(Field<T, Option<bool>>),
    /// A whole number.
    Whole { least: u32, most: u32, field: Field<T, Option<u32>> },
    /// A number up to 1, kept as a whole number of its last decimal place.
    Fraction { places: usize, takes_zero: bool, field: Field<T, Option<u32>> },
    /// The name of a preset.
    Preset(Field<T, Option<Preset>>),
    /// The name of a level.
    Level(Rule, Field<T, Levels>),
    /// The name of a field in the input.
    Name(Field<T, Option<String>>),
    /// The path of a file.
    Place(Field<T, Option<Located>>),
    /// Paths or globs.
    Places { least: usize, field: Field<T, Vec<Located>> },
    /// A text for people.
    Words(Field<T, String>),
    /// The id of a finding.
    Id(Field<T, u64>),
    /// A table of keys that set fields of the same thing.
    Table(Vec<Key<T>>),
    /// A list of tables that are groups.
    Groups(Field<T, Vec<Group>>),
    /// A list of tables that excuse findings.
    Allowances(Field<T, Vec<Allowance>>),
}

/// The shortest passage that can be asked for, and the longest: as `--min-words` has them.
const MIN_WORDS: [u32; 2] = [1, 1_000_000];

/// What is done where no name of a field is set.
const USUAL_NAMES: &str = "the usual names are tried";

/// Every key of a configuration, in the order in which it is written: tables last, as TOML wants it.
pub(super) fn keys() -> Vec<Key<Config>> {
    let mut keys = what_is_read();
    keys.extend(what_is_looked_for());
    keys.extend([
        Key {
            name: "rules",
            meaning: "What is made of the findings of each rule.",
            otherwise: Otherwise::Empty,
            kind: Kind::Table(rules()),
        },
        Key {
            name: "budget",
            meaning: "How much is allowed before the check fails.",
            otherwise: Otherwise::Empty,
            kind: Kind::Table(budget()),
        },
        Key {
            name: "groups",
            meaning: "Documents that are not compared among themselves: versions of a text, translations, a digest and what it \
                      is made of. Entries are added to those of the file that is extended.",
            otherwise: Otherwise::Empty,
            kind: Kind::Groups(|config| &mut config.groups),
        },
        Key {
            name: "allow",
            meaning: "Findings that are excused. Entries are added to those of the file that is extended.",
            otherwise: Otherwise::Empty,
            kind: Kind::Allowances(|config| &mut config.allow),
        },
    ]);
    keys
}

fn what_is_read() -> Vec<Key<Config>> {
    let name =
        |name, meaning, field| Key { name, meaning, otherwise: Otherwise::Unset(USUAL_NAMES), kind: Kind::Name(field) };
    vec![
        Key {
            name: "extend",
            meaning: "A file whose values hold where this file sets none. Its paths stay relative to its own directory.",
            otherwise: Otherwise::Unset("no file is extended"),
            kind: Kind::Base,
        },
        Key {
            name: "paths",
            meaning: "What is checked when the command line names nothing: files, directories, globs.",
            otherwise: Otherwise::Empty,
            kind: Kind::Places { least: 0, field: |config| &mut config.paths },
        },
        Key {
            name: "ignore",
            meaning: "Files that are not read: globs.",
            otherwise: Otherwise::Empty,
            kind: Kind::Places { least: 0, field: |config| &mut config.ignore },
        },
        Key {
            name: "references",
            meaning: "What the documents are compared with, and nothing is reported of: files, directories, globs. Each has to lead to a file.",
            otherwise: Otherwise::Empty,
            kind: Kind::Places { least: 0, field: |config| &mut config.references },
        },
        Key {
            name: "known-text",
            meaning: "Files whose wording is allowed everywhere, such as legal notices: files, directories, globs. Each has to lead to a file.",
            otherwise: Otherwise::Empty,
            kind: Kind::Places { least: 0, field: |config| &mut config.known_text },
        },
        Key {
            name: "baseline",
            meaning: "The file of the findings that are known and not reported again.",
            otherwise: Otherwise::Unset("dittograph-baseline.jsonl up the tree, if it is there"),
            kind: Kind::Place(|config| &mut config.baseline),
        },
        Key {
            name: "hidden",
            meaning: "Whether to read what has a name that begins with a dot.",
            otherwise: Otherwise::False,
            kind: Kind::Flag(|config| &mut config.hidden),
        },
        Key {
            name: "no-ignore",
            meaning: "Whether to read what ignore files (.gitignore, .ignore) exclude.",
            otherwise: Otherwise::False,
            kind: Kind::Flag(|config| &mut config.no_ignore),
        },
        name("text-field", "The field or column of the text; a dot leads into an object.", |config| {
            &mut config.fields.text
        }),
        name("id-field", "The field of the document's own id.", |config| &mut config.fields.id),
        name("source-field", "The field of the source (outlet or site).", |config| &mut config.fields.source),
        name("date-field", "The field of the publication date.", |config| &mut config.fields.date),
        name("url-field", "The field of the page's address.", |config| &mut config.fields.url),
        name("title-field", "The field of the title.", |config| &mut config.fields.title),
    ]
}

fn what_is_looked_for() -> [Key<Config>; 3] {
    let [least, most] = MIN_WORDS;
    [
        Key {
            name: "preset",
            meaning: "Habits for a kind of corpus: news, web or strict.",
            otherwise: Otherwise::Name("news"),
            kind: Kind::Preset(|config| &mut config.preset),
        },
        Key {
            name: "min-words",
            meaning: "Shortest passage across documents, in words.",
            otherwise: Otherwise::OfPreset(|settings| settings.min_words),
            kind: Kind::Whole { least, most, field: |config| &mut config.min_words },
        },
        Key {
            name: "similarity",
            meaning: "The resemblance asked of near-duplicates (above 0, up to 1). Three decimals count.",
            otherwise: Otherwise::Unset("each must cover most of the other"),
            kind: Kind::Fraction { places: 3, takes_zero: false, field: |config| &mut config.similarity },
        },
    ]
}

fn rules() -> Vec<Key<Config>> {
    let rule = |rule: Rule| Key::<Config> {
        name: rule.name(),
        meaning: match rule {
            Rule::DoubledText => "Text that one document holds more than once.",
            Rule::Boilerplate => "Text that belongs to the pages of a source, not to a story.",
            Rule::SharedPassage => "A passage that two or more documents share.",
            Rule::ReusedQuote => "Something said that two or more documents quote.",
            Rule::AlteredQuote => "The same, and what is said may have been changed.",
            Rule::NearDuplicate => "Documents that cover each other.",
            Rule::Contained => "Documents that lie inside a longer one.",
        },
        otherwise: Otherwise::Name(Level::usual(rule).name()),
        kind: Kind::Level(rule, |config| &mut config.rules),
    };
    Rule::ALL.into_iter().map(rule).collect()
}

fn budget() -> Vec<Key<Config>> {
    vec![
        Key {
            name: "findings",
            meaning: "New findings of level error that are allowed.",
            otherwise: Otherwise::Unset("none is allowed"),
            kind: Kind::Whole { least: 0, most: u32::MAX, field: |config| &mut config.budget.findings },
        },
        Key {
            name: "repeated-words",
            meaning: "The share of all words that may be repeated (0 to 1). Six decimals count.",
            otherwise: Otherwise::Unset("any share is allowed"),
            kind: Kind::Fraction { places: 6, takes_zero: true, field: |config| &mut config.budget.repeated_words },
        },
    ]
}

/// The keys of an entry of `[[groups]]`.
pub(super) fn group() -> [Key<Group>; 2] {
    [
        Key {
            name: "name",
            meaning: "What the group is called.",
            otherwise: Otherwise::None,
            kind: Kind::Words(|group| &mut group.name),
        },
        Key {
            name: "paths",
            meaning: "Its files: globs, one at least.",
            otherwise: Otherwise::None,
            kind: Kind::Places { least: 1, field: |group| &mut group.paths },
        },
    ]
}

/// The keys of an entry of `[[allow]]`.
pub(super) fn allowance() -> [Key<Allowance>; 2] {
    [
        Key {
            name: "id",
            meaning: "The finding's id: 16 digits, as reports print it.",
            otherwise: Otherwise::None,
            kind: Kind::Id(|allowance| &mut allowance.id),
        },
        Key {
            name: "reason",
            meaning: "Why it is excused.",
            otherwise: Otherwise::None,
            kind: Kind::Words(|allowance| &mut allowance.reason),
        },
    ]
}
