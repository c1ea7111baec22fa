//! A configuration written out: every key with its meaning, and its value or what holds without one.
//!
//! What is not set is written as a comment, so that the file says the same when it is read again: a preset that is
//! chosen later still decides what it is left to decide.

use std::fmt::Write;

use super::faults::shown;
use super::keys::{self, Key, Kind, Otherwise};
use super::{Config, Located, numbers};
use crate::report::escape::{Log, is_unsafe};
use crate::settings::{Preset, Settings};

/// Columns of a comment.
const WIDTH: usize = 100;

/// Writes a configuration as the text of a `dittograph.toml`.
///
/// In the directory [`Config::root`] that file says the same as the configuration: it makes an equal one, but for where
/// things are written ([`Config::files`], and the place of each [`Allowance`](super::Allowance)). All paths and globs
/// must start from the root, as those of a configuration that was read do.
pub fn dump(config: &Config) -> String {
    let mut dump = Dump { out: String::new(), config };
    dump.comment("The configuration of dittograph that is in effect.");
    if !config.files.is_empty() {
        let files: Vec<String> = config.files.iter().map(|path| shown(path)).collect();
        dump.comment(&format!("Made of: {}", files.join(", ")));
    }
    // The table of keys tells where a value is to be put, so a copy is what values are taken from.
    let mut source = config.clone();
    for key in keys::keys() {
        dump.key(&key, &mut source);
    }
    dump.out
}

struct Dump<'a> {
    out: String,
    config: &'a Config,
}

impl Dump<'_> {
    fn key<T>(&mut self, key: &Key<T>, owner: &mut T) {
        self.line("");
        self.comment(key.meaning);
        match &key.kind {
            Kind::Table(keys) => {
                self.line(&format!("[{}]", key.name));
                keys.iter().for_each(|key| self.key(key, owner));
            }
            Kind::Groups(field) => self.entries(key.name, &keys::group(), field(owner)),
            Kind::Allowances(field) => self.entries(key.name, &keys::allowance(), field(owner)),
            Kind::Base if self.config.files.len() > 1 => {
                self.comment(&format!("{} is left out: all that it brings is written here.", key.name));
            }
            kind => match written(kind, owner) {
                Some(value) => self.line(&format!("{} = {value}", key.name)),
                None => self.comment(&self.unset(key)),
            },
        }
    }

    /// The tables of a list; its keys are explained once.
    fn entries<T>(&mut self, name: &str, keys: &[Key<T>], entries: &mut [T]) {
        for key in keys {
            self.comment(&format!("- {}: {}", key.name, key.meaning));
        }
        if entries.is_empty() {
            self.comment(&format!("There are no [[{name}]]."));
        }
        for entry in entries {
            self.line("");
            self.line(&format!("[[{name}]]"));
            for key in keys {
                if let Some(value) = written(&key.kind, entry) {
                    self.line(&format!("{} = {value}", key.name));
                }
            }
        }
    }

    /// What holds where a key is not set.
    fn unset<T>(&self, key: &Key<T>) -> String {
        let name = key.name;
        match &key.otherwise {
            Otherwise::Unset(words) => format!("{name} is not set: {words}."),
            Otherwise::Name(value) => format!("{name} = \"{value}\""),
            Otherwise::False => format!("{name} = false"),
            Otherwise::OfPreset(value) => {
                let preset = self.config.preset.unwrap_or(Preset::News);
                format!("{name} = {}", value(&Settings::preset(preset)))
            }
            Otherwise::None | Otherwise::Empty => format!("{name} is not set."),
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// A comment, wrapped between words.
    fn comment(&mut self, text: &str) {
        let mut line = "#".to_owned();
        for word in text.split(' ') {
            if line.len() > 1 && line.len() + 1 + word.len() > WIDTH {
                self.line(&line);
                line = "#".to_owned();
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(&line);
    }
}

/// A value as TOML. `None` if it is not set.
fn written<T>(kind: &Kind<T>, owner: &mut T) -> Option<String> {
    match kind {
        Kind::Flag(field) => field(owner).map(|flag| flag.to_string()),
        Kind::Whole { field, .. } => field(owner).map(|number| number.to_string()),
        Kind::Fraction { places, field, .. } => field(owner).map(|number| numbers::written(number, *places)),
        Kind::Preset(field) => field(owner).map(|preset| string(preset.name())),
        Kind::Level(rule, field) => Some(string(field(owner).of(*rule).name())),
        Kind::Name(field) => field(owner).as_deref().map(string),
        Kind::Place(field) => field(owner).as_ref().map(|place| string(place.value())),
        Kind::Places { field, .. } => Some(list(field(owner))),
        Kind::Words(field) => Some(string(field(owner))),
        Kind::Id(field) => Some(format!("\"{:016x}\"", field(owner))),
        Kind::Base | Kind::Table(_) | Kind::Groups(_) | Kind::Allowances(_) => None,
    }
}

/// A list on one line if it has one element, else with a line for each.
fn list(places: &[Located]) -> String {
    match places {
        [] => "[]".to_owned(),
        [place] => format!("[{}]", string(place.value())),
        places => {
            let lines: String = places.iter().map(|place| format!("    {},\n", string(place.value()))).collect();
            format!("[\n{lines}]")
        }
    }
}

/// A string of TOML on one line.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    let mut log = Log::default();
    for c in text.chars() {
        match c {
            _ if log.obeys(c) => out.push_str("\\u005B"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Beside what TOML forbids, what a terminal would obey.
            _ if is_unsafe(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
