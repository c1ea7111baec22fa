//! A seeded generator of news-like text with planted repetition, and the record of what was planted where.
//!
//! Everything here is integer arithmetic on a pinned random stream, so a seed names a corpus to the byte, on any
//! machine. [`random`] is the stream; [`language`] an invented vocabulary with Zipf-like frequencies; [`prose`] writes
//! sentences, headlines and stories in it; [`change`] edits sentences as an editor's hand would; [`page`] renders
//! stories into text with the byte span of every word and the *origin* of every part; [`plant`] and [`stories`] make
//! the corpora of the tests.
//!
//! The record rests on one notion. Each freshly written sentence gets an origin, a number of its own; a planted copy,
//! cut or changed, keeps the origin of what it was made from. So two places are truly related if, and only if, they
//! share an origin, and no other book-keeping is needed to tell a true finding from a false one.

#![allow(dead_code, reason = "each test crate and each bench uses its own part")]

pub(crate) mod change;
pub(crate) mod language;
pub(crate) mod page;
pub(crate) mod plant;
pub(crate) mod prose;
pub(crate) mod random;
pub(crate) mod stories;
