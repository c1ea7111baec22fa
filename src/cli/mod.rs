//! The modules of the binary: one a concern, none of them known to the library.

pub(crate) mod appearance;
pub(crate) mod args;
pub(crate) mod cache;
pub(crate) mod check;
pub(crate) mod checkout;
pub(crate) mod dedup;
pub(crate) mod delivery;
pub(crate) mod exit;
pub(crate) mod explain;
pub(crate) mod forecast;
pub(crate) mod git;
pub(crate) mod inspection;
pub(crate) mod interrupt;
pub(crate) mod job;
pub(crate) mod manual;
pub(crate) mod matching;
pub(crate) mod messages;
pub(crate) mod outputs;
pub(crate) mod progress;
pub(crate) mod project;
pub(crate) mod quotes;
pub(crate) mod restore;
pub(crate) mod scan;
pub(crate) mod statistics;
pub(crate) mod targets;
pub(crate) mod trace;
