//! From the tables of a file to fields: each key is looked up, its value checked, its field set.
//!
//! A fault does not end the reading, so all of a file are known at the end; what is set until then is thrown away.

use std::ops::Range;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::faults::{FaultKind, Faults, nearest};
use super::keys::{self, Field, Key, Kind, Otherwise};
use super::located::moved;
use super::numbers::fraction;
use super::unfit::{found, hint, wanted};
use super::{Allowance, Config, Group, Level, Located};
use crate::input::is_pattern;
use crate::settings::Preset;

/// The tables of a `pyproject.toml` in which the keys stand.
pub(super) const TOOL: [&str; 2] = ["tool", "dittograph"];

/// A value, and where it stands.
type Value<'i> = Spanned<DeValue<'i>>;

/// A file whose values are read.
pub(super) struct Reader<'a> {
    /// The file, as it was reached.
    pub(super) path: &'a Path,
    /// The directory that paths end up relative to.
    pub(super) root: &'a Path,
    /// The file's own directory, from there.
    pub(super) directory: &'a str,
    /// Whether the keys stand in the table of a `pyproject.toml`.
    pub(super) is_pyproject: bool,
    /// What is wrong with it.
    pub(super) faults: Faults<'a>,
}

/// The table that keys stand in, by how it begins; `None` is the whole.
type Place<'a> = Option<&'a str>;

/// The file that is extended, as it is written. What is no path is a fault that is told with the others.
pub(super) fn base<'t>(table: &'t DeTable<'_>) -> Option<(&'t str, Range<usize>)> {
    let value = table.get("extend")?;
    Some((path(value)?, value.span()))
}

impl Reader<'_> {
    /// Sets what the file says.
    pub(super) fn read(&mut self, table: &DeTable<'_>, config: &mut Config) {
        self.table(&keys::keys(), table, None, config);
    }

    fn table<T>(&mut self, keys: &[Key<T>], table: &DeTable<'_>, place: Place<'_>, owner: &mut T) {
        for (name, value) in table {
            match keys.iter().find(|key| key.name == name.get_ref()) {
                Some(key) => self.value(key, value, owner),
                None => {
                    let fault = self.unknown(name.get_ref(), place, keys);
                    self.faults.add(name.span(), fault);
                }
            }
        }
    }

    fn value<T>(&mut self, key: &Key<T>, value: &Value<'_>, owner: &mut T) {
        let taken = match &key.kind {
            Kind::Base => path(value).map(|_| ()),
            Kind::Flag(field) => value.get_ref().as_bool().map(|flag| *field(owner) = Some(flag)),
            Kind::Whole { least, most, field } => {
                // To the schema `8.0` is a whole number too.
                let number = decimal(value.get_ref()).and_then(|text| fraction(&text, 0));
                number.filter(|number| (least..=most).contains(&number)).map(|number| *field(owner) = Some(number))
            }
            Kind::Fraction { places, takes_zero, field } => {
                let number = decimal(value.get_ref()).and_then(|text| fraction(&text, *places));
                let least = u32::from(!takes_zero);
                let one = (0..*places).fold(1, |unit, _| unit * 10);
                number.filter(|number| (least..=one).contains(number)).map(|number| *field(owner) = Some(number))
            }
            Kind::Preset(field) => self.choice("preset", &Preset::ALL, Preset::name, value).map(|preset| {
                *field(owner) = preset.or(*field(owner));
            }),
            Kind::Level(rule, field) => self.choice("level", &Level::ALL, Level::name, value).map(|level| {
                level.into_iter().for_each(|level| field(owner).set(*rule, level));
            }),
            Kind::Name(field) => text(value).map(|name| *field(owner) = Some(name.to_owned())),
            Kind::Words(field) => text(value).map(|words| *field(owner) = words.to_owned()),
            Kind::Id(field) => value.get_ref().as_str().and_then(id).map(|id| *field(owner) = id),
            Kind::Place(field) => path(value).map(|path| {
                *field(owner) = Some(Located::new(self.root, &moved(self.directory, path, false)));
            }),
            Kind::Places { least, field } => self.places(key, *least, *field, value, owner),
            Kind::Table(keys) => value.get_ref().as_table().map(|table| {
                let header = self.header(key);
                self.table(keys, table, Some(&header), owner);
            }),
            Kind::Groups(field) => self.entries(key, value, |reader, header, entry, table| {
                let mut group = Group::default();
                reader.entry(&keys::group(), header, entry, table, &mut group);
                field(owner).push(group);
            }),
            Kind::Allowances(field) => self.entries(key, value, |reader, header, entry, table| {
                let (path, line) = (PathBuf::from(reader.path), reader.faults.line(entry.start));
                let mut allowance = Allowance { path, line, ..Allowance::default() };
                reader.entry(&keys::allowance(), header, entry, table, &mut allowance);
                field(owner).push(allowance);
            }),
        };
        if taken.is_none() {
            self.unfit(key, value);
        }
    }

    /// Reads the tables of a list of tables. `None` if it is no list.
    fn entries<T>(
        &mut self,
        key: &Key<T>,
        value: &Value<'_>,
        mut read: impl FnMut(&mut Self, &str, Range<usize>, &DeTable<'_>),
    ) -> Option<()> {
        let header = self.header(key);
        for entry in value.get_ref().as_array()? {
            match entry.get_ref() {
                DeValue::Table(table) => read(self, &header, entry.span(), table),
                _ => self.unfit_element(key, entry),
            }
        }
        Some(())
    }

    /// Reads one of them, which begins at a place of the file.
    fn entry<T>(&mut self, keys: &[Key<T>], header: &str, at: Range<usize>, table: &DeTable<'_>, owner: &mut T) {
        self.table(keys, table, Some(header), owner);
        for key in keys {
            if matches!(key.otherwise, Otherwise::None) && !table.contains_key(key.name) {
                let fault = FaultKind::Missing { table: header.to_owned(), key: key.name };
                self.faults.add(at.clone(), fault);
            }
        }
    }

    /// Replaces a list of places. `None` if it is no list, or too short.
    fn places<T>(
        &mut self,
        key: &Key<T>,
        least: usize,
        field: Field<T, Vec<Located>>,
        value: &Value<'_>,
        owner: &mut T,
    ) -> Option<()> {
        let list = value.get_ref().as_array().filter(|list| list.len() >= least)?;
        let mut places = Vec::with_capacity(list.len());
        for element in list {
            let Some(text) = path(element) else {
                self.unfit_element(key, element);
                continue;
            };
            // In the ignore files of git it would be one.
            if key.name == "ignore" && moved(".", text, true).starts_with('!') {
                self.faults.add(element.span(), FaultKind::NoException);
                continue;
            }
            let text = moved(self.directory, text, true);
            match GlobBuilder::new(&text).literal_separator(true).build() {
                Err(error) if is_pattern(&text) => {
                    self.faults.add(element.span(), FaultKind::BadGlob { reason: error.kind().to_string() });
                }
                _ => places.push(Located::new(self.root, &text)),
            }
        }
        *field(owner) = places;
        Some(())
    }

    /// One of several names: `None` if it is no name at all, `Some(None)` if it is another, which is told.
    fn choice<V: Copy, const N: usize>(
        &mut self,
        noun: &'static str,
        all: &[V; N],
        name: fn(V) -> &'static str,
        value: &Value<'_>,
    ) -> Option<Option<V>> {
        let text = value.get_ref().as_str()?;
        let chosen = all.iter().copied().find(|&one| name(one) == text);
        if chosen.is_none() {
            let known = all.map(name).to_vec();
            let near = nearest(text, &known);
            self.faults.add(value.span(), FaultKind::Unknown { noun, name: text.to_owned(), table: None, near, known });
        }
        Some(chosen)
    }

    /// Notes a value that its key does not take.
    fn unfit<T>(&mut self, key: &Key<T>, value: &Value<'_>) {
        let header = self.header(key);
        let found = found(&key.kind, value.get_ref(), self.faults.written(value.span()));
        let hint = hint(key, value.get_ref(), &header);
        let fault = FaultKind::Unfit { key: key.name, wanted: wanted(&key.kind, &header), found, hint };
        self.faults.add(value.span(), fault);
    }

    /// Notes something in a list that does not belong there.
    fn unfit_element<T>(&mut self, key: &Key<T>, element: &Value<'_>) {
        let found = found(&key.kind, element.get_ref(), self.faults.written(element.span()));
        let wanted = wanted(&key.kind, &self.header(key));
        let found = format!("one with {found} in it");
        self.faults.add(element.span(), FaultKind::Unfit { key: key.name, wanted, found, hint: None });
    }

    /// What is wrong with a name that is no key of a table. It may be one of another: whatever is written below the
    /// header of a table belongs to that table, and is easily meant for the whole.
    fn unknown<T>(&self, name: &str, place: Place<'_>, keys: &[Key<T>]) -> FaultKind {
        let all = keys::keys();
        let above = || match self.is_pyproject {
            true => format!("in `[{}]`", TOOL.join(".")),
            false => "above the first table".to_owned(),
        };
        let top = all.iter().find(|key| place.is_some() && key.name == name).map(|key| (key.name, above()));
        let inner = all.iter().find_map(|table| match &table.kind {
            Kind::Table(keys) => {
                let key = keys.iter().find(|key| key.name == name)?;
                Some((key.name, format!("in `{}`", self.header(table))))
            }
            _ => None,
        });
        if let Some((name, place)) = top.or(inner) {
            return FaultKind::Elsewhere { name, place };
        }
        let known: Vec<&'static str> = keys.iter().map(|key| key.name).collect();
        let near = nearest(name, &known);
        let is_rules = keys.iter().any(|key| matches!(key.kind, Kind::Level(..)));
        let (noun, table) = if is_rules { ("rule", None) } else { ("key", place.map(str::to_owned)) };
        FaultKind::Unknown { noun, name: name.to_owned(), table, near, known }
    }

    /// How the table of a key begins in this file.
    fn header<T>(&self, key: &Key<T>) -> String {
        let name = if self.is_pyproject { format!("{}.{}", TOOL.join("."), key.name) } else { key.name.to_owned() };
        match key.kind {
            Kind::Groups(_) | Kind::Allowances(_) => format!("[[{name}]]"),
            _ => format!("[{name}]"),
        }
    }
}

/// Whether a text can be a path or glob.
pub(super) fn is_path(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('\0')
}

fn path<'t>(value: &'t Value<'_>) -> Option<&'t str> {
    value.get_ref().as_str().filter(|text| is_path(text))
}

/// A text that is not blank.
fn text<'t>(value: &'t Value<'_>) -> Option<&'t str> {
    value.get_ref().as_str().filter(|text| !text.trim().is_empty())
}

/// A whole number, in any notation of TOML.
pub(super) fn whole(number: &DeInteger<'_>) -> Option<u32> {
    u32::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A number as its decimal digits.
fn decimal(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) => whole(number).map(|number| number.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

fn id(text: &str) -> Option<u64> {
    let valid = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if valid { u64::from_str_radix(text, 16).ok() } else { None }
}
