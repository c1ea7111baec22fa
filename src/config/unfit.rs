//! The words for a value that its key does not take: what is wanted, what is found, and how it is likely meant.

use toml::de::DeValue;

use super::Level;
use super::faults::quoted;
use super::keys::{Key, Kind};
use super::numbers::written;
use super::reading::{is_path, whole};
use crate::settings::Preset;

/// What a kind of value is called. Tables are told by how they begin, which differs by file.
pub(super) fn wanted<T>(kind: &Kind<T>, header: &str) -> String {
    match kind {
        Kind::Base | Kind::Place(_) => "the path of a file".to_owned(),
        Kind::Flag(_) => "true or false".to_owned(),
        Kind::Whole { least, most: u32::MAX, .. } => format!("a whole number, {least} or more"),
        Kind::Whole { least, most, .. } => format!("a whole number from {least} to {most}"),
        Kind::Fraction { places, takes_zero: true, .. } => {
            format!("a number from 0 to 1, of {places} decimals at most")
        }
        Kind::Fraction { places, takes_zero: false, .. } => {
            format!("a number above 0 and up to 1, of {places} decimals at most")
        }
        Kind::Preset(_) => one_of(&Preset::ALL.map(Preset::name)),
        Kind::Level(..) => one_of(&Level::ALL.map(Level::name)),
        Kind::Name(_) => "the name of a field".to_owned(),
        Kind::Places { least: 0, .. } => "a list of paths or globs".to_owned(),
        Kind::Places { .. } => "a list of paths or globs, one at least".to_owned(),
        Kind::Words(_) => "a string with words in it".to_owned(),
        Kind::Id(_) => "a string of 16 digits, 0 to 9 and a to f, as reports print it".to_owned(),
        Kind::Table(_) => format!("a table, `{header}`"),
        Kind::Groups(_) | Kind::Allowances(_) => format!("a list of tables, each of them `{header}`"),
    }
}

/// What a value is, where it is of the wrong type; or the value itself where its type is right. What may be written at
/// length is told in short.
pub(super) fn found<T>(kind: &Kind<T>, value: &DeValue<'_>, written: &str) -> String {
    let is_number = matches!(kind, Kind::Whole { .. } | Kind::Fraction { .. });
    match value {
        DeValue::Boolean(_) => format!("`{written}`"),
        DeValue::Integer(_) | DeValue::Float(_) if is_number => format!("`{}`", quoted(written)),
        DeValue::Integer(_) | DeValue::Float(_) => "a number".to_owned(),
        DeValue::String(text) if text.trim().is_empty() => "an empty string".to_owned(),
        DeValue::String(text) if text.contains('\0') => "a string with the character NUL".to_owned(),
        DeValue::String(text) if matches!(kind, Kind::Id(_)) => format!("`{}`", quoted(text)),
        DeValue::String(_) => "a string".to_owned(),
        DeValue::Datetime(_) => "a date or time".to_owned(),
        DeValue::Array(list) if list.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// How it is likely meant.
pub(super) fn hint<T>(key: &Key<T>, value: &DeValue<'_>, header: &str) -> Option<String> {
    let name = key.name;
    match (&key.kind, value) {
        (Kind::Places { .. }, DeValue::String(text)) if is_path(text) => {
            Some(format!("write `{name} = [\"{}\"]`", quoted(text)))
        }
        (Kind::Flag(_) | Kind::Whole { .. } | Kind::Fraction { .. }, DeValue::String(text)) if is_plain(text) => {
            Some(format!("write `{name} = {}`, without quotation marks", quoted(text)))
        }
        // Percentages are the likely slip.
        (Kind::Fraction { .. }, DeValue::Integer(number)) => {
            let percent = whole(number).filter(|percent| (2..100).contains(percent))?;
            Some(format!("for {percent} % write {}", written(percent, 2)))
        }
        (Kind::Fraction { .. }, DeValue::Float(number)) if number.as_str().contains(['e', 'E']) => {
            Some("write it without an exponent".to_owned())
        }
        (Kind::Level(..), DeValue::Boolean(false)) => Some(format!("write `{name} = \"{}\"`", Level::Off.name())),
        (Kind::Id(_) | Kind::Words(_) | Kind::Name(_), DeValue::Integer(_) | DeValue::Float(_)) => {
            Some("write it between quotation marks".to_owned())
        }
        (Kind::Groups(_) | Kind::Allowances(_), DeValue::Table(_)) | (Kind::Table(_), DeValue::Array(_)) => {
            Some(format!("write `{header}`"))
        }
        _ => None,
    }
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("one of {}", names.join(", "))
}

/// Whether a text is a number, or true or false.
fn is_plain(text: &str) -> bool {
    let value = DeValue::parse(text);
    value.is_ok_and(|value| matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_)))
}
