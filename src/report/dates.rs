//! Dates as text, no more precise than they were given: `2021`, `2021-04`, `2021-04-07`, `2021-04-07T12:30Z`, `…:05Z`.
//!
//! All in Coordinated Universal Time. A span of time that is none of these (two days, say) is written as its first day.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::date::PublicationDate;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const MONTH: i64 = 28 * DAY;
const YEAR: i64 = 365 * DAY;

/// The date with its precision. Years outside -9999..=9999 are given as seconds since 1970, `@…`.
pub(super) fn written(date: PublicationDate) -> String {
    let Ok(instant) = Timestamp::from_second(date.earliest) else { return format!("@{}", date.earliest) };
    let at = instant.to_zoned(TimeZone::UTC);
    let (year, month, day) = (at.year(), at.month(), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    let precision = date.latest.saturating_sub(date.earliest);
    if precision < MINUTE {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    } else if precision < DAY {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
    } else if precision < MONTH {
        format!("{year:04}-{month:02}-{day:02}")
    } else if precision < YEAR {
        format!("{year:04}-{month:02}")
    } else {
        format!("{year:04}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_kept() {
        // 2021-04-07T12:30:05Z
        let at = 1_617_798_605;
        let text = |earliest, length| written(PublicationDate { earliest, latest: earliest + length, has_zone: true });
        assert_eq!(text(at, 1), "2021-04-07T12:30:05Z");
        assert_eq!(text(at - 5, MINUTE), "2021-04-07T12:30Z");
        assert_eq!(text(at - 12 * 3600 - 30 * 60 - 5, DAY), "2021-04-07");
        assert_eq!(text(1_617_235_200, 30 * DAY), "2021-04");
        assert_eq!(text(1_609_459_200, 365 * DAY), "2021");
        assert_eq!(text(-62_135_596_800, 365 * DAY), "0001");
        assert_eq!(text(i64::MAX - 10, 1), format!("@{}", i64::MAX - 10));
    }
}
