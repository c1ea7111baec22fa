//! Numbers of a configuration, read and written digit by digit: no binary fraction comes near a decision.

/// A decimal fraction, 0 or more, in units of its last place: `0.85` with 3 places is 850. `None` for what is no plain
/// number, has more places, or is too large to be near 1.
pub(super) fn fraction(text: &str, places: usize) -> Option<u32> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let decimals = decimals.trim_end_matches('0');
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) || decimals.len() > places {
        return None;
    }
    format!("{whole}{decimals:0<places$}").parse().ok()
}

/// The same number as it is written, with one decimal at least.
pub(super) fn written(value: u32, places: usize) -> String {
    let digits = format!("{value:0>width$}", width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    let decimals = decimals.trim_end_matches('0');
    format!("{whole}.{}", if decimals.is_empty() { "0" } else { decimals })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fractions_are_read_exactly() {
        for (text, expected) in [
            ("0.8", 800),
            ("1", 1000),
            ("1.0", 1000),
            ("0.850", 850),
            ("0.001", 1),
            ("0", 0),
            ("+0.5", 500),
            ("80", 80_000),
        ] {
            assert_eq!(fraction(text, 3), Some(expected), "{text}");
        }
        for text in ["", ".", ".5", "-0.5", "8e-1", "inf", "nan", "0.0001", "99999999999", "0,8"] {
            assert_eq!(fraction(text, 3), None, "{text}");
        }
        assert_eq!(fraction("0.000001", 6), Some(1));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in 0u32..=1_000_000, places in prop::sample::select(&[3usize, 6])) {
            let text = written(value, places);
            prop_assert_eq!(fraction(&text, places), Some(value), "{}", text);
        }
    }
}
