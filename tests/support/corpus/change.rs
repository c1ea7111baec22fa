//! An editor's hand: sentences with words changed, cut in two, joined, cut short.
//!
//! One edit is a word replaced, added, left out, or changed places with its neighbour; each costs an alignment one
//! equal word at most. Words added or put in place are rare ones, so that no edit undoes another by chance.

use super::language::Language;
use super::prose::{Sentence, Word, begin_upper};
use super::random::Random;

/// The sentence with `count` edits at different places, none of them next to another. Kinds are mixed evenly.
pub(crate) fn edit(sentence: &Sentence, count: usize, language: &Language, random: &mut Random) -> Sentence {
    let mut words = sentence.words.clone();
    // From the back, so that the places in front keep their numbers.
    for place in spread(words.len(), count, random).into_iter().rev() {
        match random.below(4) {
            0 => words[place].text = language.rare_word(random).to_owned(),
            1 => words.insert(place, Word::plain(language.rare_word(random))),
            2 if words.len() > 1 => {
                let gone = words.remove(place);
                keep_quotation_mark(&mut words, place, &gone);
            }
            3 if place + 1 < words.len() && words[place].text != words[place + 1].text => {
                let (left, right) = words.split_at_mut(place + 1);
                std::mem::swap(&mut left[place].text, &mut right[0].text);
            }
            _ => words[place].text = language.rare_word(random).to_owned(),
        }
    }
    begin_upper(&mut words);
    Sentence { words, end: sentence.end }
}

/// The sentence with `count` words replaced by rare ones, at different places, the outermost `margin` words left alone.
pub(crate) fn substitute(
    sentence: &Sentence,
    count: usize,
    margin: usize,
    language: &Language,
    random: &mut Random,
) -> Sentence {
    let mut words = sentence.words.clone();
    let inner = words.len().saturating_sub(2 * margin);
    for place in random.sample(inner, count) {
        words[place + margin].text = language.rare_word(random).to_owned();
    }
    Sentence { words, end: sentence.end }
}

/// `count` of `length` places, no two neighbours while there is room.
fn spread(length: usize, count: usize, random: &mut Random) -> Vec<usize> {
    let count = count.min(length.div_ceil(2));
    // Choose among the places that are left when each chosen one takes its right neighbour away, then put them back.
    random.sample(length + 1 - count, count).into_iter().enumerate().map(|(before, place)| place + before).collect()
}

/// A word that goes takes its comma with it, but leaves a quotation mark to its neighbour.
fn keep_quotation_mark(words: &mut [Word], place: usize, gone: &Word) {
    if gone.before == "“"
        && let Some(next) = words.get_mut(place)
    {
        next.before = "“";
    }
    if gone.after.contains('”')
        && let Some(previous) = place.checked_sub(1).and_then(|before| words.get_mut(before))
    {
        previous.after = gone.after;
    }
}

/// The two halves as sentences of their own, cut after `at` words.
pub(crate) fn split(sentence: &Sentence, at: usize) -> [Sentence; 2] {
    let (head, tail) = sentence.words.split_at(at);
    let mut tail = tail.to_vec();
    let mut head = head.to_vec();
    if let Some(last) = head.last_mut() {
        last.after = if last.after.contains('”') { "”" } else { "" };
    }
    begin_upper(&mut tail);
    [Sentence { words: head, end: "." }, Sentence { words: tail, end: sentence.end }]
}

/// Both sentences as one, joined by a comma and "and".
pub(crate) fn merge(first: &Sentence, second: &Sentence) -> (Sentence, usize) {
    let mut words = first.words.clone();
    if let Some(last) = words.last_mut()
        && last.after.is_empty()
    {
        last.after = ",";
    }
    words.push(Word::plain("and"));
    let border = words.len();
    words.extend(second.words.iter().cloned());
    (Sentence { words, end: second.end }, border)
}
