//! Files made with the crate's own writer, read, rewritten and restored.

mod files;
mod hostile;
mod reading;
mod round_trips;
