#![allow(dead_code, unused)]
use crate::finding::Span;
pub struct Marked { pub whole: Span, pub inside: Span, pub depth: u32 }
pub fn find(_: &str, _: &[std::ops::Range<usize>]) -> Vec<Marked> { vec![] }
