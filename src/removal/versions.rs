//! Subjects: versions of one text, told from texts of one mould about different things.
//!
//! **Idea.** When a story is printed again, words are added, left out, and now and then put otherwise. When a text is
//! made into another about another thing, a word is *exchanged*: wherever one text says *parser* the other says
//! *template*, *header* and *footer*, *Tuesday's* rates and *Wednesday's*. So two texts that are aligned are about
//! different things if the same word stands opposite the same other one again and again. Both words have to be more
//! frequent on their own side, and no spellings of one (*organise*, *organize*).
//!
//! In a [short](SHORT) text a thing is named once. There, what differs is what it is about: a short text is a version of
//! another only if nine tokens of ten of it stand there.
//!
//! **Cost.** One [alignment](crate::alignment) of the two.
//!
//! **Gives up.** A house style that puts one word for another throughout (*militants* for *terrorists*) looks like another subject;
//! so two versions stay apart that are one. A subject that is named once in a long text is missed.

use crate::alignment::Alignment;
use crate::finding::Ratio;

/// Tokens of a short text, at most.
const SHORT: usize = 150;
/// Least coverage, in thousandths, of a version of a short text.
const LEAST_OF_SHORT: u32 = 900;
/// Longest stretch whose words are exchanged one by one, in tokens.
const LONGEST_STRETCH: usize = 4;
/// Times that one word stands opposite the same other one at least.
const LEAST_TIMES: usize = 2;
/// Letters of a word at least that one letter makes no other word.
const SHORTEST_SPELLED: usize = 4;
/// Of so many tokens one is exchanged at least, where the subject is another.
const TOKENS_FOR_AN_EXCHANGE: usize = 75;

/// Whether one text, as far as it stands in the other, is a version of it, or about something else. `covered` is the
/// share of the first that stands in the second; `words` tell the folded words at tokens of both.
pub(super) fn is_version(
    one: &[u32],
    other: &[u32],
    covered: Ratio,
    words: (impl Fn(usize) -> String, impl Fn(usize) -> String),
) -> bool {
    let alignment = Alignment::between(one, other);
    if one.len() <= SHORT {
        let in_order = Ratio::new(u64::from(alignment.same()), one.len() as u64);
        if in_order.thousandths().max(covered.thousandths()) < LEAST_OF_SHORT {
            return false;
        }
    }
    count_exchanged(one, other, &alignment, words) * TOKENS_FOR_AN_EXCHANGE < one.len()
}

/// Two tokens that stand opposite each other, and where.
type Pair = ((u32, u32), (usize, usize));

/// How many tokens are exchanged for the same other ones again and again.
fn count_exchanged(
    one: &[u32],
    other: &[u32],
    alignment: &Alignment,
    (word, opposite_word): (impl Fn(usize) -> String, impl Fn(usize) -> String),
) -> usize {
    let mut opposite: Vec<Pair> = Vec::new();
    for (one_gap, other_gap) in alignment.gaps() {
        if one_gap.len() == other_gap.len() && one_gap.len() <= LONGEST_STRETCH {
            let places = one_gap.zip(other_gap).map(|(place, opposite)| (place as usize, opposite as usize));
            opposite.extend(places.map(|(place, opposite)| ((one[place], other[opposite]), (place, opposite))));
        }
    }
    opposite.sort_unstable();
    let is_exchanged = |times: &&[Pair]| {
        let (tokens, (place, opposite)) = times[0];
        times.len() >= LEAST_TIMES
            && is_more_frequent(tokens, one, other)
            && !are_spellings(&word(place), &opposite_word(opposite))
    };
    opposite.chunk_by(|pair, next| pair.0 == next.0).filter(is_exchanged).map(<[Pair]>::len).sum()
}

/// Whether each of two tokens is more frequent on its own side.
fn is_more_frequent((token, opposite): (u32, u32), one: &[u32], other: &[u32]) -> bool {
    let count = |tokens: &[u32], token: u32| tokens.iter().filter(|other| **other == token).count();
    count(one, token) > count(other, token) && count(other, opposite) > count(one, opposite)
}

/// Whether two words may be one word, spelled or inflected otherwise: a letter after the first is another, or missing, or two
/// have changed places; or the longer begins with the shorter, and ends soon. Numbers have to be equal.
fn are_spellings(one: &str, other: &str) -> bool {
    let is_figure = |word: &str| word.contains(char::is_numeric);
    if is_figure(one) || is_figure(other) {
        return one == other;
    }
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let is_long = shorter.chars().count() >= SHORTEST_SPELLED;
    let opens_alike = one.chars().next() == other.chars().next();
    is_long && opens_alike && strsim::osa_distance(one, other) <= 1
        || longer.starts_with(shorter) && shorter.len() * 4 >= longer.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::coverage;
    use crate::text::lay_out;

    fn are_versions(one: &str, other: &str) -> bool {
        let layouts = [lay_out(one), lay_out(other)];
        let word = |number: usize, token: usize| {
            let span = layouts[number].token_span([one, other][number], token);
            [one, other][number][span.start as usize..span.end as usize].to_lowercase()
        };
        let [a, b] = [&layouts[0].fingerprints, &layouts[1].fingerprints];
        is_version(a, b, coverage(a, b)[0], (|token| word(0, token), |token| word(1, token)))
    }

    /// A text of many different sentences about a thing, which each fifth of them names.
    fn text_about(thing: &str, sentences: usize) -> String {
        let sentence = |number: usize| match number % 5 {
            0 => format!("Number {number}x says that the {thing} of w{number}a lies in w{number}b and w{number}c. "),
            _ => format!("Here w{number}a went to w{number}b for w{number}c and nobody saw it in w{number}d. "),
        };
        (0..sentences).map(sentence).collect()
    }

    #[test]
    fn a_word_exchanged_throughout_is_another_subject() {
        assert!(!are_versions(&text_about("parser", 25), &text_about("template", 25)));
        assert!(!are_versions(&text_about("header", 25), &text_about("footer", 25)));
        assert!(!are_versions(&text_about("2019", 25), &text_about("2020", 25)));
    }

    #[test]
    fn other_spellings_and_single_changes_are_versions() {
        let text = text_about("centre", 25);
        assert!(are_versions(&text, &text_about("center", 25)));
        assert!(are_versions(&text, &text_about("centres", 25)));
        assert!(are_versions(&text, &text.replacen("w3a", "somebody", 1)));
        assert!(are_versions(&text, &format!("By our reporter. {text}")));
        // Both words stand on both sides.
        let both = |first: &str, second: &str| text_about(first, 25) + &text_about(second, 25).replace("w", "v");
        assert!(are_versions(&both("parser", "template"), &both("parser", "template")));
    }

    #[test]
    fn of_a_short_text_nine_tenths_have_to_stand() {
        let text = text_about("parser", 8);
        let changed =
            |count: usize| (0..count).fold(text.clone(), |text, at| text.replacen(&format!("w{at}b"), "other", 1));
        assert!(are_versions(&changed(2), &text));
        assert!(!are_versions(
            &text_about("parser", 4).replace("nobody saw it in", "all were glad about"),
            &text_about("parser", 4)
        ));
    }

    #[test]
    fn spellings_differ_in_a_letter_or_an_ending() {
        for (one, other) in [("organise", "organize"), ("centre", "center"), ("page", "pages"), ("colour", "color")] {
            assert!(are_spellings(one, other) && are_spellings(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("sin", "tan"),
            ("left", "right"),
            ("header", "footer"),
            ("2019", "2018"),
            ("row", "now"),
            ("lbound", "ubound"),
            ("a1", "a2"),
            ("", "x"),
        ] {
            assert!(!are_spellings(one, other) && !are_spellings(other, one), "{one} {other}");
        }
    }
}
