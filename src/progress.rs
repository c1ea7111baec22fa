//! How a long scan tells that it moves. The library calls; what is drawn, timed or ignored is the caller's business.

/// Receives the stages of a scan as they begin and go on. Never influences a result.
pub trait Progress: Sync {
    /// A stage begins; `total` steps are expected (0 where unknown).
    fn begin(&self, stage: &'static str, total: u64);
    /// Steps of the current stage that are done since the last call. May be called from any thread.
    fn advance(&self, steps: u64);
}

/// Ignores everything.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _stage: &'static str, _total: u64) {}
    fn advance(&self, _steps: u64) {}
}
