//! Phrases: numbers, counts and shares in words that a person would use.

use super::super::excerpt::clip;
use super::palette::Palette;
use crate::finding::Ratio;
pub(in crate::report) use crate::report::group_thousands as number;

/// A number of things: `1 word`, `2,402 words`. The number and the thing stay on one line.
pub(in crate::report) fn count(value: u64, thing: &str) -> String {
    format!("{}\u{a0}{}", number(value), plural(value, thing))
}

/// The thing's name for so many of it.
pub(in crate::report) fn plural(value: u64, thing: &str) -> String {
    if value == 1 {
        return thing.to_owned();
    }
    match thing {
        "is" => "are".to_owned(),
        "copy" => "copies".to_owned(),
        _ => format!("{thing}s"),
    }
}

/// How often: `once`, `twice`, `3 times`.
pub(in crate::report) fn times(value: u64) -> String {
    match value {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{}\u{a0}times", number(value)),
    }
}

/// A share in whole per cent. Nought means none and a hundred means all: what is next to them is `<1 %` or `>99 %`.
pub(in crate::report) fn percent(share: Ratio) -> String {
    if share.part == 0 || share.whole == 0 {
        return "0\u{a0}%".to_owned();
    }
    if share.part >= share.whole {
        return "100\u{a0}%".to_owned();
    }
    let rounded = (u128::from(share.part) * 200 / u128::from(share.whole)).div_ceil(2);
    match rounded {
        0 => "<1\u{a0}%".to_owned(),
        100.. => ">99\u{a0}%".to_owned(),
        _ => format!("{rounded}\u{a0}%"),
    }
}

/// A share in tenths of a per cent, as honest at the ends.
pub(in crate::report) fn percent_in_tenths(share: Ratio) -> String {
    if share.part == 0 || share.whole == 0 {
        return "0.0\u{a0}%".to_owned();
    }
    if share.part >= share.whole {
        return "100.0\u{a0}%".to_owned();
    }
    let rounded = (u128::from(share.part) * 2000 / u128::from(share.whole)).div_ceil(2);
    match rounded {
        0 => "<0.1\u{a0}%".to_owned(),
        1000.. => ">99.9\u{a0}%".to_owned(),
        _ => format!("{}.{}\u{a0}%", rounded / 10, rounded % 10),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(in crate::report) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// An excerpt in about so many columns.
pub(in crate::report) fn excerpt(text: &str, columns: usize, palette: &Palette) -> String {
    // `clip` keeps the whole where that takes four columns more than the ends.
    let kept = columns.saturating_sub(palette.glyphs.ellipsis.chars().count().max(2) + 2);
    let tail = kept / 3;
    clip(text, kept - tail, tail).join(&format!(" {} ", palette.glyphs.ellipsis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let written = [0, 7, 999, 1_000, 12_345, 1_000_000, u64::MAX].map(number);
        assert_eq!(written, ["0", "7", "999", "1,000", "12,345", "1,000,000", "18,446,744,073,709,551,615"]);
        assert_eq!(
            [count(1, "word"), count(0, "word"), count(2, "copy")],
            ["1\u{a0}word", "0\u{a0}words", "2\u{a0}copies"]
        );
        assert_eq!([times(1), times(2), times(3_000)], ["once", "twice", "3,000\u{a0}times"]);
    }

    #[test]
    fn shares_are_honest_at_the_ends() {
        let written = |part, whole| percent(Ratio::new(part, whole)).replace('\u{a0}', " ");
        assert_eq!(written(0, 0), "0 %");
        assert_eq!(written(0, 5), "0 %");
        assert_eq!(written(1, 1_000), "<1 %");
        assert_eq!(written(1, 200), "1 %");
        assert_eq!(written(2, 3), "67 %");
        assert_eq!(written(999, 1_000), ">99 %");
        assert_eq!(written(5, 5), "100 %");
        let written = |part, whole| percent_in_tenths(Ratio::new(part, whole)).replace('\u{a0}', " ");
        assert_eq!([written(0, 5), written(1, 9_999), written(2, 3)], ["0.0 %", "<0.1 %", "66.7 %"]);
        assert_eq!([written(9_999, 10_000), written(5, 5)], [">99.9 %", "100.0 %"]);
    }

    #[test]
    fn lists() {
        let list = |items: &[&str]| super::list(&items.iter().map(|&item| item.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            [list(&[]), list(&["a"]), list(&["a", "b"]), list(&["a", "b", "c"])],
            ["", "a", "a and b", "a, b and c"]
        );
    }
}
