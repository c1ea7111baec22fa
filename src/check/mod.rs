//! Check: which findings of a corpus a team has to act on.

pub mod problems;
