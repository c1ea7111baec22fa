//! Check: which findings of a corpus a team has to act on.
//!
//! **Idea.** A scan tells everything that a corpus says more than once; a gate tells what is new and unwanted, and says
//! where. Between the two stand a [policy](judge::Policy), comments in the texts (`suppressions`), and a
//! [baseline](baseline::Baseline) of what is known. What comes out ([problems]) is text and numbers, from which every
//! report is written.

pub mod baseline;
mod candidates;
mod copies;
mod excuses;
pub mod judge;
mod pages;
pub mod problems;
mod runs;
mod suppressions;
