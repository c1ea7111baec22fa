//! What the proofs share: the generator, the program run as a user runs it, its report as a reader of JSON sees it,
//! naive twins of what is claimed, and the judges.

#![allow(dead_code, reason = "each test crate uses its own part")]

pub(crate) mod corpus;
pub(crate) mod gold;
pub(crate) mod hearings;
pub(crate) mod judge;
pub(crate) mod naive;
pub(crate) mod newsroom;
pub(crate) mod program;
pub(crate) mod promise;
pub(crate) mod reference;
pub(crate) mod report;
pub(crate) mod speeches;
pub(crate) mod verdicts;
