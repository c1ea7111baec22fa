//! One JSON object read for the fields that make a document, everything else skipped unread.
//!
//! `serde_json` drives a visitor down the tree of wanted keys. Strings without escapes are borrowed from the line, the
//! others are decoded once. Of several names for one field the earliest with a usable value wins, whatever the order of
//! the keys; a key that is there twice counts by its last value, as in most readers of JSON.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use serde_json::value::RawValue;

use super::fields::{Field, Node, Plan, TEXT_FIELDS, Target};
use super::flat;

/// A value that a document can use.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Integer(i128),
    Float(f64),
}

/// The fields of one object, by [`Field::ALL`].
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// The earliest usable value, and how early it is tried.
    usable: [Option<(u16, Value<'a>)>; 6],
    /// The earliest name with a value that cannot be used, and what it is.
    unusable: [Option<(u16, &'static str)>; 6],
    /// Where in the line the text stands, as it is written there, if that is known.
    place: Option<Range<usize>>,
}

impl<'a> Record<'a> {
    /// Reads one line; the reason if it is no JSON object.
    pub(super) fn read(line: &'a str, plan: &Plan) -> Result<Self, String> {
        flat::read(line, plan).map_or_else(|| Record::read_any(line, plan), Ok)
    }

    /// The way through any line.
    pub(super) fn read_any(line: &'a str, plan: &Plan) -> Result<Self, String> {
        let mut record = Record::default();
        let mut json = serde_json::Deserializer::from_str(line);
        let top = Top { node: &plan.root, record: &mut record };
        top.deserialize(&mut json).and_then(|()| json.end()).map_err(|error| explain(&error, line))?;
        Ok(record)
    }

    /// Takes the text, or says why there is none; then the names of all fields are asked for.
    pub(super) fn take_text(
        &mut self,
        plan: &Plan,
        names: impl FnOnce() -> BTreeSet<String>,
    ) -> Result<Cow<'a, str>, String> {
        if let Some((_, Value::Text(text))) = self.usable[Field::Text as usize].take() {
            return Ok(text);
        }
        let (chosen, unusable) = (plan.chosen(Field::Text), self.unusable[Field::Text as usize]);
        Err(match (chosen, unusable) {
            (None, None) => format!(
                "no text field (tried: {}; there are: {}); name it with --text-field",
                TEXT_FIELDS.join(", "),
                list(&names())
            ),
            (Some(name), None) => format!("no text field `{name}` (there are: {})", list(&names())),
            (chosen, Some((priority, kind))) => {
                let tried = TEXT_FIELDS.get(usize::from(priority / 2)).copied();
                let name = chosen.or(tried).unwrap_or("text");
                if kind == NULL {
                    format!("the text field `{name}` is null")
                } else {
                    format!("the text field `{name}` is {kind}, not a string")
                }
            }
        })
    }

    /// Takes any other field.
    pub(super) fn take(&mut self, field: Field) -> Option<Value<'a>> {
        self.usable[field as usize].take().map(|(_, value)| value)
    }

    /// Whether a field has a usable value that was not taken yet.
    pub(super) fn has(&self, field: Field) -> bool {
        self.usable[field as usize].is_some()
    }

    /// What stands at a field and cannot be used; nothing if it is missing, empty or null.
    pub(super) fn unusable(&self, field: Field) -> Option<&'static str> {
        self.unusable[field as usize].map(|(_, kind)| kind).filter(|kind| *kind != NULL)
    }

    /// Where in the line the text stands, as it is written there, if that is known.
    pub(super) fn place(&self) -> Option<Range<usize>> {
        self.place.clone()
    }

    /// Whether a string at a node would be the earliest for one of its fields.
    pub(super) fn wants_any(&self, node: &Node) -> bool {
        node.targets.iter().any(|target| self.wants(*target))
    }

    /// Takes a string with its place in the line.
    pub(super) fn put_string(&mut self, node: &Node, value: Value<'a>, place: Range<usize>) {
        if node.targets.iter().any(|target| target.field == Field::Text && self.wants(*target)) {
            self.place = Some(place);
        }
        self.put(node, value);
    }

    pub(super) fn put(&mut self, node: &Node, value: Value<'a>) {
        let mut value = Some(value);
        let mut targets = node.targets.iter().peekable();
        while let Some(target) = targets.next() {
            // One value rarely serves two fields; a long text is never copied otherwise.
            let Some(value) = (if targets.peek().is_some() { value.clone() } else { value.take() }) else { return };
            let usable = match (target.field, &value) {
                (Field::Text, Value::Text(_)) => true,
                (Field::Text, _) => false,
                // An empty id or date is none.
                (_, Value::Text(text)) => !text.trim().is_empty(),
                (_, Value::Integer(_)) => true,
                (_, Value::Float(_)) => target.field == Field::Date,
            };
            if !usable {
                self.refuse_one(*target, if matches!(value, Value::Text(_)) { NULL } else { "a number" });
            } else if self.wants(*target) {
                self.usable[target.field as usize] = Some((target.priority, value));
            }
        }
    }

    /// Whether no earlier name has given a usable value.
    fn wants(&self, target: Target) -> bool {
        self.usable[target.field as usize].as_ref().is_none_or(|(priority, _)| target.priority <= *priority)
    }

    /// All that can be seen of it, for comparison.
    #[cfg(test)]
    pub(super) fn seen(&self) -> impl fmt::Debug + use<'a> {
        let of = |field: Field| {
            let text = self.usable[field as usize].clone();
            let unusable = self.unusable(field).filter(|_| text.is_none());
            (text, unusable)
        };
        Field::ALL.map(of)
    }

    /// Notes that what stands at a node cannot be used.
    pub(super) fn refuse(&mut self, node: &Node, kind: &'static str) {
        for target in &node.targets {
            self.refuse_one(*target, kind);
        }
    }

    fn refuse_one(&mut self, target: Target, kind: &'static str) {
        let Target { field, priority } = target;
        // Of a key that is there twice the last one counts.
        if self.usable[field as usize].as_ref().is_some_and(|(usable, _)| *usable == priority) {
            self.usable[field as usize] = None;
        }
        let slot = &mut self.unusable[field as usize];
        if slot.is_none_or(|(earlier, _)| priority <= earlier) {
            *slot = Some((priority, kind));
        }
    }
}

/// What a field is that is there without a value.
pub(super) const NULL: &str = "null";

/// The text of a line, and where in the line its value is written, without the quotation marks.
pub(super) fn find_text<'a>(line: &'a str, plan: &Plan) -> Option<(Range<usize>, Cow<'a, str>)> {
    let mut record = Record::read(line, plan).ok()?;
    if let Some(place) = record.place() {
        return Some((place, record.take_text(plan, BTreeSet::new).ok()?));
    }
    // The long way: each value as it is written.
    let mut record = Record::default();
    let whole: &RawValue = serde_json::from_str(line).ok()?;
    put_written(whole.get(), line, &plan.root, &mut record)?;
    Some((record.place()?, record.take_text(plan, BTreeSet::new).ok()?))
}

/// Puts a value, given as it is written in a line, and what is wanted below it. As deep as the names of fields lead.
fn put_written<'a>(written: &'a str, line: &'a str, node: &Node, record: &mut Record<'a>) -> Option<()> {
    match written.bytes().next()? {
        b'{' if !node.is_leaf() => {
            let Members(members) = serde_json::from_str(written).ok()?;
            for (key, value) in members {
                if let Some(child) = node.child(&key) {
                    put_written(value.get(), line, child, record)?;
                }
            }
        }
        b'[' if !node.is_leaf() => {
            let values: Vec<&RawValue> = serde_json::from_str(written).ok()?;
            for (index, value) in values.into_iter().enumerate() {
                if let Some(child) = node.element(index) {
                    put_written(value.get(), line, child, record)?;
                }
            }
        }
        b'"' => {
            let text: Cow<'a, str> = serde_json::from_str::<BorrowedText<'a>>(written).ok()?.0;
            let start = written.as_ptr().addr() - line.as_ptr().addr();
            record.put_string(node, Value::Text(text), start + 1..start + written.len() - 1);
        }
        b'n' => record.refuse(node, NULL),
        _ => record.refuse(node, "something else"),
    }
    Some(())
}

#[derive(Deserialize)]
struct BorrowedText<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in their order, each value as it is written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MemberVisitor;
        impl<'de> Visitor<'de> for MemberVisitor {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MemberVisitor).map(Members)
    }
}

/// The keys of an object.
pub(super) fn keys_of(line: &str) -> BTreeSet<String> {
    serde_json::from_str::<Keys>(line).map(|Keys(keys)| keys).unwrap_or_default()
}

/// Names for a message: at most 12, each at most 40 characters.
fn list(keys: &BTreeSet<String>) -> String {
    if keys.is_empty() {
        return "none".to_owned();
    }
    let short = |key: &String| {
        if key.chars().count() > 40 { key.chars().take(39).chain(['…']).collect() } else { key.clone() }
    };
    let shown = keys.iter().take(12).map(short).collect::<Vec<String>>().join(", ");
    if keys.len() > 12 { format!("{shown} and {} more", keys.len() - 12) } else { shown }
}

struct Keys(BTreeSet<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = BTreeSet::new();
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.insert(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(KeyVisitor)
    }
}

/// Words an error of `serde_json` for someone who looks at the line.
fn explain(error: &serde_json::Error, line: &str) -> String {
    if error.is_data() {
        // The visitor refuses nothing but a line that is no object; the message of `serde_json` would quote the line.
        let found = match line.trim_start().bytes().next() {
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        };
        return format!("not a JSON object but {found}: JSON Lines has one object a line");
    }
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    let column = error.column();
    if message.contains("surrogate") || message == "unexpected end of hex escape" {
        return format!(
            "not valid JSON: half of a surrogate pair is escaped (\\ud800 to \\udfff alone) at column {column}, which is no character"
        );
    }
    if error.is_eof() {
        return format!("not valid JSON: the line ends too early, at column {column} ({message})");
    }
    format!("not valid JSON: {message} at column {column}")
}

/// The object as a whole: nothing else may stand in a line.
struct Top<'n, 'r, 'a> {
    node: &'n Node,
    record: &'r mut Record<'a>,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        visit_object(self.node, self.record, map)
    }
}

fn visit_object<'de, A: MapAccess<'de>>(node: &Node, record: &mut Record<'de>, mut map: A) -> Result<(), A::Error> {
    while let Some(child) = map.next_key_seed(Key { node })? {
        match child {
            Some(node) => map.next_value_seed(At { node, record: &mut *record })?,
            None => {
                map.next_value::<IgnoredAny>()?;
            }
        }
    }
    Ok(())
}

/// A key, looked up without being kept.
struct Key<'n> {
    node: &'n Node,
}

impl<'de, 'n> DeserializeSeed<'de> for Key<'n> {
    type Value = Option<&'n Node>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for Key<'n> {
    type Value = Option<&'n Node>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.node.child(key))
    }
}

/// A value at which, or below which, something is wanted.
struct At<'n, 'r, 'a> {
    node: &'n Node,
    record: &'r mut Record<'a>,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.record.put(self.node, Value::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        // A body with escapes is decoded into a buffer of `serde_json`; it is copied out only if it is the one wanted.
        if self.record.wants_any(self.node) {
            self.record.put(self.node, Value::Text(Cow::Owned(text.to_owned())));
        }
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.record.put(self.node, Value::Integer(number.into()));
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.record.put(self.node, Value::Integer(number.into()));
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.record.put(self.node, Value::Float(number));
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.record.refuse(self.node, "true or false");
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.record.refuse(self.node, NULL);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.record.refuse(self.node, "an object");
        if self.node.is_leaf() {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        visit_object(self.node, self.record, map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.record.refuse(self.node, "an array");
        for index in 0.. {
            let more = match self.node.element(index) {
                Some(node) => elements.next_element_seed(At { node, record: &mut *self.record })?.is_some(),
                None => elements.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::FieldNames;
    use super::*;

    fn plan(text: Option<&str>, id: Option<&str>) -> Plan {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        Plan::new(&FieldNames { text: owned(text), id: owned(id), ..FieldNames::default() }).unwrap()
    }

    fn text_of(line: &str, plan: &Plan) -> Result<String, String> {
        Record::read(line, plan).and_then(|mut record| record.take_text(plan, || keys_of(line)).map(Cow::into_owned))
    }

    fn id_of(line: &str, name: &str) -> Option<String> {
        match Record::read(line, &plan(None, Some(name))).unwrap().take(Field::Id)? {
            Value::Text(text) => Some(text.into_owned()),
            Value::Integer(number) => Some(format!("integer {number}")),
            Value::Float(number) => Some(format!("float {number}")),
        }
    }

    #[test]
    fn the_earliest_name_with_a_usable_value_wins_in_any_order_of_keys() {
        let plan = plan(None, None);
        for line in [
            r#"{"text":"a","content":"b","body":"c"}"#,
            r#"{"body":"c","content":"b","text":"a"}"#,
            r#"{"content":"\u0062","text":"\u0061"}"#,
            r#"{"text":"\u0061","content":"\u0062"}"#,
            r#"{"content":"a","text":null}"#,
            r#"{"text":["x"],"raw_content":"a"}"#,
            r#"{"text":"x","text":"a"}"#,
            r#" {"x":{"text":"no"},"y":[{"text":"no"}],"text" : "a"} "#,
        ] {
            assert_eq!(text_of(line, &plan).as_deref(), Ok("a"), "{line}");
        }
        let line = r#"{"text":"t","_id":7,"id":null,"source":{"name":"BBC","id":3},"title":" "}"#;
        let mut record = Record::read(line, &plan).unwrap();
        assert_eq!(record.take(Field::Id), Some(Value::Integer(7)));
        assert_eq!(record.take(Field::Source), Some(Value::Text("BBC".into())));
        assert_eq!(record.take(Field::Title), None);
        assert_eq!(record.unusable(Field::Title), None);
    }

    #[test]
    fn nested_names_are_followed_and_literal_dots_win() {
        let id_of = |line, name| id_of(line, name).unwrap_or_default();
        assert_eq!(id_of(r#"{"meta":{"id":"x"}}"#, "meta.id"), "x");
        assert_eq!(id_of(r#"{"meta.id":"lit","meta":{"id":"x"}}"#, "meta.id"), "lit");
        assert_eq!(id_of(r#"{"meta":{"id":"x"},"meta.id":"lit"}"#, "meta.id"), "lit");
        assert_eq!(id_of(r#"{"a":[{"b":1},{"b":[5,6]}]}"#, "a.1.b.0"), "integer 5");
        assert_eq!(id_of(r#"{"a":{"1":2}}"#, "a.1"), "integer 2");
        assert_eq!(id_of(r#"{"a":[1]}"#, "a.1"), "");
        assert_eq!(id_of(r#"{"id":"x"}"#, "meta.id"), "");
        assert_eq!(id_of(r#"{"id":18446744073709551615}"#, "id"), "integer 18446744073709551615");
        assert_eq!(id_of(r#"{"id":-3}"#, "id"), "integer -3");
        assert_eq!(id_of(r#"{"id":1.5}"#, "id"), "");
    }

    #[test]
    fn what_gives_no_text_says_why() {
        let (default, chosen) = (plan(None, None), plan(Some("a.b"), None));
        let reason = |line, plan| text_of(line, plan).unwrap_err();
        let missing = reason(r#"{"id":1,"headline":"x"}"#, &default);
        assert!(missing.starts_with("no text field (tried: text, content, body,"), "{missing}");
        assert!(missing.ends_with("there are: headline, id); name it with --text-field"), "{missing}");
        assert_eq!(reason(r#"{"text":null}"#, &default), "the text field `text` is null");
        assert_eq!(reason(r#"{"content":5}"#, &default), "the text field `content` is a number, not a string");
        assert_eq!(reason(r#"{"a":{"b":["x"]}}"#, &chosen), "the text field `a.b` is an array, not a string");
        assert_eq!(reason(r#"{"text":"x"}"#, &chosen), "no text field `a.b` (there are: text)");
        assert_eq!(reason("{}", &chosen), "no text field `a.b` (there are: none)");
        let many: String = (0..20).map(|n| format!(r#""k{n:02}":{n},"#)).collect();
        assert!(reason(&format!("{{{many}\"z\":1}}"), &chosen).ends_with("k11 and 9 more)"));
    }

    #[test]
    fn what_is_no_object_says_where() {
        let plan = plan(None, None);
        let reason = |line: &str| text_of(line, &plan).unwrap_err();
        assert_eq!(reason(r#"["x"]"#), "not a JSON object but an array: JSON Lines has one object a line");
        assert_eq!(reason(r#""x""#), "not a JSON object but a string: JSON Lines has one object a line");
        assert_eq!(reason(r#"{"text":"x"} {}"#), "not valid JSON: trailing characters at column 14");
        assert_eq!(reason(r#"{"text":x}"#), "not valid JSON: expected value at column 9");
        assert_eq!(
            reason(r#"{"text":"x""#),
            "not valid JSON: the line ends too early, at column 11 (EOF while parsing an object)"
        );
        for escape in [r"\ud800", r"\udc00", r"\ud800\n", r"\ud800\u0041"] {
            let line = format!(r#"{{"text":"a {escape} b"}}"#);
            assert!(reason(&line).contains("half of a surrogate pair"), "{}", reason(&line));
            let elsewhere = format!(r#"{{"text":"a","x":"{escape}"}}"#);
            assert_eq!(text_of(&elsewhere, &plan).as_deref(), Ok("a"));
        }
        assert_eq!(text_of(r#"{"text":"\ud834\udd1e"}"#, &plan).as_deref(), Ok("𝄞"));
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!(r#"{{"x":{}{},"text":"a"}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(text_of(&deep, &plan(None, None)).as_deref(), Ok("a"));
    }
}
