//! Publication dates with the precision they were given in.

/// A date, its precision, and an order: earlier dates first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationDate {
    /// First instant that the date may mean, in seconds since 1970-01-01T00:00:00Z.
    pub earliest: i64,
    /// First instant that it can no longer mean; `latest - earliest` is the precision (1 s, a minute, a day, a month, a year).
    pub latest: i64,
}

impl PublicationDate {
    /// Whether this date is before the other whatever the precision leaves open.
    pub fn certainly_before(&self, other: &Self) -> bool {
        self.latest <= other.earliest
    }
}
