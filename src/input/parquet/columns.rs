//! Which columns of a schema are wanted, and what their values mean.
//!
//! A column is wanted where its path leads to a node of the plan, as the keys of a JSON object would: `meta.date` is
//! the column `date` of the group `meta`, or a column of the root with that very name. What stands in lists and maps
//! is not read; it is known to be there, so that a row can say that its text is an array.

use std::collections::BTreeSet;

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor, Type};

use crate::input::fields::{Field, Node, Plan, Target};

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Integer,
    Unsigned,
    Float,
    /// Days since 1970.
    Date,
    /// Since 1970; so many a second.
    Timestamp(u32),
    /// A number with so many digits behind the point, as an integer or as bytes.
    Decimal(u32),
    /// Nanoseconds of a day and the day, as old writers have it.
    OldTimestamp,
    /// An identifier of 16 bytes.
    Uuid,
    /// What no document has a use for.
    Other(&'static str),
}

/// A column that is read.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'p> {
    /// Its number among all columns.
    pub(super) leaf: usize,
    pub(super) node: &'p Node,
    pub(super) form: Form,
    pub(super) descriptor: ColumnDescPtr,
}

/// What a schema has of what is wanted.
#[derive(Debug, Default)]
pub(super) struct Columns<'p> {
    /// In the order of the schema.
    pub(super) wanted: Vec<Wanted<'p>>,
    /// Fields that are there and are no single value, and what they are.
    pub(super) unusable: Vec<(&'p Node, &'static str)>,
}

impl<'p> Columns<'p> {
    pub(super) fn find(schema: &SchemaDescriptor, plan: &'p Plan) -> Self {
        let mut columns = Columns::default();
        columns.descend(schema, schema.root_schema(), &plan.root, &mut 0);
        columns
    }

    fn descend(&mut self, schema: &SchemaDescriptor, group: &Type, node: &'p Node, leaf: &mut usize) {
        let mut names = BTreeSet::new();
        for field in group.get_fields() {
            // Of two fields with one name the first counts: no reader gives access to the second by its name.
            let wanted = node.child(field.name()).filter(|_| names.insert(field.name()));
            let Some(node) = wanted else {
                *leaf += count_leaves(field);
                continue;
            };
            let info = field.get_basic_info();
            let is_repeated = info.has_repetition() && info.repetition() == Repetition::REPEATED;
            if is_repeated || is_list(field) {
                self.unusable.push((node, "an array"));
                *leaf += count_leaves(field);
            } else if field.is_group() {
                self.unusable.push((node, "an object"));
                self.descend(schema, field, node, leaf);
            } else {
                if let Some(descriptor) = schema.columns().get(*leaf).filter(|_| !node.targets.is_empty()) {
                    let form = form_of(descriptor.self_type());
                    self.wanted.push(Wanted { leaf: *leaf, node, form, descriptor: descriptor.clone() });
                }
                *leaf += 1;
            }
        }
    }

    /// The columns that may hold a row's text, the earliest choice first: a row's text is the first that is not null.
    pub(super) fn texts(&self) -> Vec<&Wanted<'p>> {
        let early = |wanted: &&Wanted<'p>| text_target(wanted.node).map(|target| target.priority);
        let is_text = |wanted: &&Wanted<'p>| wanted.form == Form::Text && early(wanted).is_some();
        let mut texts: Vec<&Wanted<'p>> = self.wanted.iter().filter(is_text).collect();
        texts.sort_by_key(early);
        texts
    }
}

/// Whether, and how early, a node is tried for the text.
pub(super) fn text_target(node: &Node) -> Option<Target> {
    node.targets.iter().filter(|target| target.field == Field::Text).min_by_key(|target| target.priority).copied()
}

/// Names of the fields of the root, sorted.
pub(super) fn names(schema: &SchemaDescriptor) -> BTreeSet<String> {
    schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect()
}

fn count_leaves(field: &Type) -> usize {
    if field.is_group() { field.get_fields().iter().map(|field| count_leaves(field)).sum() } else { 1 }
}

/// Lists and maps are groups around what is repeated.
fn is_list(field: &Type) -> bool {
    let info = field.get_basic_info();
    field.is_group()
        && (matches!(info.logical_type_ref(), Some(LogicalType::List | LogicalType::Map))
            || matches!(info.converted_type(), ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE))
}

fn form_of(column: &Type) -> Form {
    let info = column.get_basic_info();
    let (physical, converted) = (column.get_physical_type(), info.converted_type());
    let is_bytes = matches!(physical, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY);
    let is_integer = matches!(physical, Physical::INT32 | Physical::INT64);
    let is_number = is_bytes || is_integer;
    match info.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) if is_number => {
            return u32::try_from(decimal.scale).map_or(Form::Other("a number"), Form::Decimal);
        }
        Some(LogicalType::Date) if is_integer => return Form::Date,
        Some(LogicalType::Timestamp(timestamp)) if physical == Physical::INT64 => {
            return Form::Timestamp(match timestamp.unit {
                TimeUnit::MILLIS => 1000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            });
        }
        Some(LogicalType::Time(_)) => return Form::Other("a time of day"),
        Some(LogicalType::Integer(integer)) if is_integer && !integer.is_signed => return Form::Unsigned,
        Some(LogicalType::Uuid) if physical == Physical::FIXED_LEN_BYTE_ARRAY && column_length(column) == 16 => {
            return Form::Uuid;
        }
        Some(
            LogicalType::Bson
            | LogicalType::Float16
            | LogicalType::Variant(_)
            | LogicalType::Geometry(_)
            | LogicalType::Geography(_),
        ) => return Form::Other("binary"),
        _ => {}
    }
    match converted {
        ConvertedType::DECIMAL if is_number => {
            u32::try_from(column.get_scale()).map_or(Form::Other("a number"), Form::Decimal)
        }
        ConvertedType::DATE if is_integer => Form::Date,
        ConvertedType::TIMESTAMP_MILLIS if is_integer => Form::Timestamp(1000),
        ConvertedType::TIMESTAMP_MICROS if is_integer => Form::Timestamp(1_000_000),
        ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS => Form::Other("a time of day"),
        ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
            if is_integer =>
        {
            Form::Unsigned
        }
        ConvertedType::BSON => Form::Other("binary"),
        ConvertedType::INTERVAL => Form::Other("a span of time"),
        _ => match physical {
            Physical::BOOLEAN => Form::Other("true or false"),
            Physical::INT32 | Physical::INT64 => Form::Integer,
            Physical::INT96 => Form::OldTimestamp,
            Physical::FLOAT | Physical::DOUBLE => Form::Float,
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Form::Text,
        },
    }
}

fn column_length(column: &Type) -> i32 {
    match column {
        Type::PrimitiveType { type_length, .. } => *type_length,
        Type::GroupType { .. } => -1,
    }
}
