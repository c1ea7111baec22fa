//! Report: one renderer a format.
