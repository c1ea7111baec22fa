//! The table of keys as a JSON Schema, for editors that complete and check TOML files by one.
//!
//! **Gives up.** What a schema says clumsily or editors check inexactly is left to the reading: decimals of a fraction,
//! globs, blank strings of white space.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::keys::{self, Key, Kind, Otherwise};
use super::{Allowance, Group, Level};
use crate::settings::Preset;

/// The JSON Schema (draft 2020-12) of configuration files, as text. It is that of `docs/config.v1.schema.json`.
pub fn schema() -> String {
    let mut members = vec![
        ("$schema", Node::text("https://json-schema.org/draft/2020-12/schema")),
        ("$id", Node::text("urn:dittograph:config:v1")),
        ("title", Node::text("dittograph configuration, version 1")),
        (
            "description",
            Node::text(
                "dittograph.toml, .dittograph.toml, or the table tool.dittograph of a pyproject.toml. \
                 docs/configuration.md says more of each key.",
            ),
        ),
    ];
    members.extend(object(&keys::keys()));
    // Neither strings nor numbers can fail to be written.
    let text = serde_json::to_string_pretty(&Node::Object(members)).unwrap_or_default();
    text + "\n"
}

/// A value of JSON whose members stay in the order in which they were put.
enum Node {
    Text(String),
    Number(u32),
    Flag(bool),
    List(Vec<Node>),
    Object(Members),
}

type Members = Vec<(&'static str, Node)>;

impl Node {
    fn text(text: &str) -> Self {
        Node::Text(text.to_owned())
    }

    fn texts(texts: &[&str]) -> Self {
        Node::List(texts.iter().map(|text| Node::text(text)).collect())
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Text(text) => serializer.serialize_str(text),
            Node::Number(number) => serializer.serialize_u32(*number),
            Node::Flag(flag) => serializer.serialize_bool(*flag),
            Node::List(list) => list.serialize(serializer),
            Node::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// What is asked of a table.
fn object<T>(keys: &[Key<T>]) -> Members {
    let needed: Vec<&str> =
        keys.iter().filter(|key| matches!(key.otherwise, Otherwise::None)).map(|key| key.name).collect();
    let mut members = vec![("type", Node::text("object")), ("additionalProperties", Node::Flag(false))];
    if !needed.is_empty() {
        members.push(("required", Node::texts(&needed)));
    }
    let properties = keys.iter().map(|key| (key.name, Node::Object(property(key)))).collect();
    members.push(("properties", Node::Object(properties)));
    members
}

fn property<T>(key: &Key<T>) -> Members {
    let mut members = vec![("description", Node::text(key.meaning))];
    members.extend(value(&key.kind));
    match key.otherwise {
        Otherwise::Name(name) => members.push(("default", Node::text(name))),
        Otherwise::False => members.push(("default", Node::Flag(false))),
        Otherwise::None | Otherwise::Unset(_) | Otherwise::Empty | Otherwise::OfPreset(_) => {}
    }
    members
}

fn value<T>(kind: &Kind<T>) -> Members {
    let words = || vec![("type", Node::text("string")), ("minLength", Node::Number(1))];
    let entries = |entry: Members| vec![("type", Node::text("array")), ("items", Node::Object(entry))];
    match kind {
        Kind::Base | Kind::Name(_) | Kind::Place(_) | Kind::Words(_) => words(),
        Kind::Flag(_) => vec![("type", Node::text("boolean"))],
        Kind::Whole { least, most, .. } => {
            let mut members = vec![("type", Node::text("integer")), ("minimum", Node::Number(*least))];
            members.push(("maximum", Node::Number(*most)));
            members
        }
        Kind::Fraction { takes_zero, .. } => {
            let least = if *takes_zero { "minimum" } else { "exclusiveMinimum" };
            vec![("type", Node::text("number")), (least, Node::Number(0)), ("maximum", Node::Number(1))]
        }
        Kind::Preset(_) => vec![("enum", Node::texts(&Preset::ALL.map(Preset::name)))],
        Kind::Level(..) => vec![("enum", Node::texts(&Level::ALL.map(Level::name)))],
        Kind::Places { least, .. } => {
            let mut members = entries(words());
            if *least > 0 {
                members.push(("minItems", Node::Number(1)));
            }
            members
        }
        Kind::Id(_) => vec![("type", Node::text("string")), ("pattern", Node::text("^[0-9A-Fa-f]{16}$"))],
        Kind::Table(keys) => object(keys),
        Kind::Groups(_) => entries(object::<Group>(&keys::group())),
        Kind::Allowances(_) => entries(object::<Allowance>(&keys::allowance())),
    }
}
