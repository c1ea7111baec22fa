//! Who had it from whom: verdicts of `trace` on stories of which the truth is known.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop and show figures")]

mod support;

use support::newsroom::KINDS;
use support::verdicts::{Score, score_kinds};

#[test]
fn verdicts_are_hardly_ever_wrong() {
    let scores = score_kinds(60);
    let mut all = Score::default();
    for ((kind, _), score) in KINDS.iter().zip(scores) {
        println!("{kind}: {score:?}");
        // Where evidence is clear it is used, and nowhere else.
        let is_clear = !["one day", "mixed precision", "kept dateline", "superset", "future"].contains(kind);
        assert!(!is_clear || score.right * 10 >= score.pairs() * 9, "{kind}: {score:?}");
        assert_eq!(score.missing, 0, "{kind}");
        all = all.plus(score);
    }
    println!("all: {all:?}");
    assert!(all.wrong * 100 <= all.pairs(), "more than one verdict of a hundred is wrong: {all:?}");
}
