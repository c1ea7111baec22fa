//! Shelter from panics of the crate, which asserts where a damaged file should be an error.
//!
//! What is known to panic is looked at before (see `footer` and `pages`); this is for what is not known. A panic in
//! here becomes an error, and is not printed: the hook that prints panics is asked to be silent on this thread for as
//! long as the shelter stands, and does what it did before on all others.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use parquet::errors::ParquetError;

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Does something with the crate; a panic becomes an error. What was being worked on is not used after an error.
pub(super) fn shelter<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !SILENT.get() {
                before(panic);
            }
        }));
    });
    let was_silent = SILENT.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    SILENT.set(was_silent);
    done.unwrap_or_else(|_| Err(ParquetError::General("not well formed".to_owned())))
}

/// The words of an error, without the name of the crate and of its kind.
pub(super) fn word(error: &ParquetError) -> String {
    match error {
        ParquetError::General(message) => message.clone(),
        ParquetError::NYI(message) => format!("not supported: {message}"),
        ParquetError::EOF(message) => format!("it ends too early ({message})"),
        ParquetError::External(error) => error.to_string(),
        error => error.to_string(),
    }
}
