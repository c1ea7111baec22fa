//! Facts: the numbers and names of a text, by which two stories of one mould are told apart.
//!
//! **Idea.** Reports of markets, earnings, weather and results are written into a mould: two of them may say three
//! quarters of their words alike, and what differs is what they are about. In two versions of one story words differ as
//! well, but the facts stay. So where both sides have facts that the other has not, as many on one side as on the
//! other, they differ *in step*, and weigh more than other words.
//!
//! A token is a fact if it begins with a digit, or with a capital letter and is not the first of its unit. Texts
//! without capitals have numbers only; where all nouns have them, nouns are facts too.
//!
//! **Gives up.** Facts in words ("rose", "fell", "three"), and names that open a sentence.

use std::ops::Range;

use crate::text::Layout;

/// Which tokens of some stretches of a text are facts.
pub(crate) fn find_facts(text: &str, layout: &Layout, stretches: &[Range<usize>]) -> Vec<bool> {
    let mut facts = Vec::new();
    for stretch in stretches {
        if stretch.is_empty() {
            continue;
        }
        let mut unit = layout.unit_at(stretch.start);
        for token in stretch.clone() {
            while layout.unit_tokens(unit).end <= token {
                unit += 1;
            }
            let opens = layout.unit_tokens(unit).start == token;
            let start = layout.starts[token] as usize;
            facts.push(match text.as_bytes()[start] {
                b'0'..=b'9' => true,
                b'A'..=b'Z' => !opens,
                0..0x80 => false,
                _ => {
                    let first = text[start..].chars().next();
                    first.is_some_and(|letter| letter.is_numeric() || (letter.is_uppercase() && !opens))
                }
            });
        }
    }
    facts
}

/// How many facts differ in step: of those that the other side does not say, the smaller number of both sides. `in_a`
/// and `in_b` tell which tokens the other side says too.
pub(crate) fn count_in_step(a: &[bool], in_a: &[bool], b: &[bool], in_b: &[bool]) -> u32 {
    let count_own = |facts: &[bool], common: &[bool]| {
        facts.iter().zip(common).filter(|(is_fact, is_common)| **is_fact && !**is_common).count() as u32
    };
    count_own(a, in_a).min(count_own(b, in_b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lay_out;

    fn facts_of(text: &str) -> Vec<&str> {
        let layout = lay_out(text);
        let facts = find_facts(text, &layout, std::slice::from_ref(&(0..layout.starts.len())));
        let span = |token| layout.token_span(text, token);
        let token = |token| &text[span(token).start as usize..span(token).end as usize];
        (0..facts.len()).filter(|number| facts[*number]).map(token).collect()
    }

    #[test]
    fn numbers_and_names_are_facts() {
        assert_eq!(
            facts_of("Shares of Acme rose 3.5 percent. The bank, Örebro, said 12th."),
            ["Acme", "3.5", "Örebro", "12th"]
        );
        assert_eq!(facts_of("nothing but words"), [""; 0]);
    }

    #[test]
    fn facts_of_stretches_only() {
        let text = "One is 1. Two is 2. Three is 3.";
        let layout = lay_out(text);
        assert_eq!(find_facts(text, &layout, &[0..3, 6..9]), [false, false, true, false, false, true]);
    }

    #[test]
    fn what_one_side_only_adds_is_not_in_step() {
        let all = [true; 4];
        assert_eq!(count_in_step(&all, &[true; 4], &all, &[false; 4]), 0);
        assert_eq!(count_in_step(&all, &[true, false, false, true], &all, &[false; 4]), 2);
    }
}
