//! Changes: what a variant does to the words of the reference, each change by its name.
//!
//! **Idea.** The gaps of the alignment are the changes. What stands at a gap names it: words that are missing where the
//! variant has dots were left out and the reader is told (*ellipsis*); where it has a bracket they were explained
//! (*gloss*); without either they were *cut*, or, if they are whole sentences in the middle, what stood apart was *joined*.
//! Words that were put otherwise are a *number*, a *negation* or another *word changed*.
//!
//! A change *alters* the quotation if it may change what is said: numbers, negations, names, and what may, can or must
//! be; and so does another speaker.
//!
//! **Cost.** Linear in the words of both.
//!
//! **Gives up.** What [`sense`](crate::sense) gives up. An irony, an order of words that turns the sense.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::words::{Looks, Sign, SignKind, Words, ends_sentence};
use crate::alignment::{Alignment, Block};
use crate::finding::Span;
use crate::sense::Wording;

/// Words at an end, on both sides, that were put otherwise rather than cut.
const TAIL: u32 = 3;
/// Words at an end that a bracket stands for.
const EXPLAINED: usize = 3;
/// Words beside a change among which a number is looked for that was moved.
const BESIDE: u32 = 6;
/// Bytes to either side of a word that tell whether it is a name: an article's worth.
const NEAR: usize = 1 << 14;
/// Words of a change, on either side, up to which single words stand opposite each other.
const SMALL: usize = 12;

/// What was done to a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Words were left out, and nothing says so.
    Cut,
    /// Words were left out where dots say so.
    Ellipsis,
    /// Words between brackets were put in or for others.
    Gloss,
    /// Words were replaced or put in.
    WordChanged,
    /// A number is another one.
    NumberChanged,
    /// A negation came or went.
    NegationChanged,
    /// What stood apart, with whole sentences between, was run on.
    Joined,
    /// It stands without quotation marks.
    MarksDropped,
    /// Somebody else is said to have said it.
    SpeakerChanged,
}

impl ChangeKind {
    /// Every kind, in the order of reports.
    pub const ALL: [ChangeKind; 9] = [
        ChangeKind::Cut,
        ChangeKind::Ellipsis,
        ChangeKind::Gloss,
        ChangeKind::WordChanged,
        ChangeKind::NumberChanged,
        ChangeKind::NegationChanged,
        ChangeKind::Joined,
        ChangeKind::MarksDropped,
        ChangeKind::SpeakerChanged,
    ];

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Cut => "cut",
            ChangeKind::Ellipsis => "ellipsis",
            ChangeKind::Gloss => "gloss",
            ChangeKind::WordChanged => "word changed",
            ChangeKind::NumberChanged => "number changed",
            ChangeKind::NegationChanged => "negation changed",
            ChangeKind::Joined => "joined",
            ChangeKind::MarksDropped => "marks dropped",
            ChangeKind::SpeakerChanged => "speaker changed",
        }
    }
}

/// One change that leads from the reference to a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// Whether it may change what is said.
    pub alters: bool,
    /// The bytes in the reference's document (empty, at the place, where words were put in).
    pub reference: Span,
    /// The bytes in the variant's document (empty, at the place, where words are missing).
    pub variant: Span,
}

/// Words with the text that they stand in.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) text: &'a str,
    pub(crate) words: &'a Words,
}

impl<'a> Side<'a> {
    fn count(&self) -> u32 {
        self.words.spans.len() as u32
    }

    /// The bytes of some words; of none, where they would stand.
    pub(crate) fn locate(&self, words: &Range<u32>) -> Span {
        let spans = &self.words.spans;
        let (start, end) = (words.start as usize, words.end as usize);
        match (spans.get(start), spans.get(end.wrapping_sub(1))) {
            (Some(first), Some(last)) if start < end => Span { start: first.start, end: last.end },
            (_, Some(before)) if start == end => Span { start: before.end, end: before.end },
            (Some(next), _) => Span { start: next.start, end: next.start },
            _ => Span { start: 0, end: 0 },
        }
    }

    fn spell(&self, words: &Range<u32>) -> impl Iterator<Item = &'a str> {
        let text = self.text;
        let spans = self.words.spans.get(words.start as usize..words.end as usize).unwrap_or_default();
        spans.iter().map(move |span| text.get(span.start as usize..span.end as usize).unwrap_or_default())
    }

    fn lower(&self, words: &Range<u32>) -> Vec<String> {
        self.spell(words).map(str::to_lowercase).collect()
    }

    fn around(&self, words: &Range<u32>) -> Range<u32> {
        words.start.saturating_sub(BESIDE)..(words.end + BESIDE).min(self.count())
    }

    /// What stands between a word and the one before it.
    fn before(&self, word: u32) -> &'a str {
        let spans = &self.words.spans;
        let (Some(last), Some(next)) = (spans.get((word as usize).wrapping_sub(1)), spans.get(word as usize)) else {
            return "";
        };
        self.text.get(last.end as usize..next.start as usize).unwrap_or_default()
    }

    /// Whether a sentence, or the quotation, begins with a word.
    fn opens(&self, word: u32) -> bool {
        word == 0 || word >= self.count() || ends_sentence(self.before(word))
    }

    /// The text around a word, [`NEAR`] bytes to either side.
    fn text_around(&self, word: u32) -> &'a str {
        let place = self.words.spans.get(word as usize).map_or(0, |span| span.start as usize);
        let floor = |at: usize| (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let start = floor(place.saturating_sub(NEAR));
        let end = floor((place + NEAR).min(self.text.len()));
        self.text.get(start..end).unwrap_or_default()
    }

    /// Those of some words that have a capital, without the ending of a genitive.
    fn capitals(&self, words: &Range<u32>) -> Vec<&'a str> {
        let words = self.spell(words).filter(|word| word.starts_with(char::is_uppercase));
        words.map(strip_genitive).collect()
    }

    /// The signs among some words, and at either end of them.
    fn signs(&self, words: &Range<u32>) -> &'a [Sign] {
        let signs = &self.words.signs;
        let first = signs.partition_point(|sign| sign.at < words.start);
        let end = signs.partition_point(|sign| sign.at <= words.end);
        signs.get(first..end).unwrap_or_default()
    }

    fn sign(&self, words: &Range<u32>) -> Option<SignKind> {
        self.signs(words).iter().map(|sign| sign.kind).max()
    }

    /// Some words in small letters, and those between brackets beside them.
    fn explained(&self, words: &Range<u32>) -> Vec<String> {
        let glosses = self.signs(words).iter().filter(|sign| sign.kind == SignKind::Gloss);
        self.lower(words).into_iter().chain(glosses.flat_map(|sign| self.put_in(sign))).collect()
    }

    /// The words between a sign's brackets, in small letters.
    fn put_in(&self, sign: &Sign) -> Vec<String> {
        let inside = self.text.get(sign.span.start as usize..sign.span.end as usize).unwrap_or_default();
        inside.unicode_words().map(str::to_lowercase).collect()
    }
}

/// A word without the ending of an English genitive.
fn strip_genitive(word: &str) -> &str {
    let bare = word.strip_suffix("'s").or(word.strip_suffix("’s"));
    bare.unwrap_or_else(|| word.trim_end_matches(['\'', '’']))
}

/// Names the changes from the reference's words to a variant's, of which `blocks` are equal, in order.
pub(crate) fn name(wording: Wording, reference: Side, variant: Side, blocks: &[Block]) -> Vec<Change> {
    let naming = Naming { wording, reference, variant };
    let alignment = Alignment::of(blocks.to_vec(), reference.count(), variant.count());
    let mut changes = Vec::new();
    let mut signs_told: BTreeSet<u32> = BTreeSet::new();
    for (old, new) in alignment.gaps() {
        let is_end = old.start == 0 && new.start == 0 || old.end == reference.count() && new.end == variant.count();
        let Some((kind, alters)) = naming.judge(&old, &new, is_end) else { continue };
        if kind != ChangeKind::Cut {
            signs_told.extend(variant.signs(&new).iter().map(|sign| sign.at));
        }
        let mut in_variant = variant.locate(&new);
        if let Some(sign) = variant.signs(&new).first().filter(|_| new.is_empty() && kind != ChangeKind::Cut) {
            in_variant = sign.span;
        }
        changes.push(Change { kind, alters, reference: reference.locate(&old), variant: in_variant });
    }
    // Brackets that only add something.
    for sign in variant.words.signs.iter().filter(|sign| sign.kind == SignKind::Gloss && !signs_told.contains(&sign.at))
    {
        let at = alignment.project_back(sign.at);
        let beside = reference.signs(&(at.saturating_sub(1)..at + 1));
        let is_known = beside.iter().any(|own| own.kind == SignKind::Gloss);
        if !is_known {
            let place = reference.locate(&(at..at));
            let is_negated = wording.changes_negation(&[], &variant.put_in(sign));
            let kind = if is_negated { ChangeKind::NegationChanged } else { ChangeKind::Gloss };
            changes.push(Change { kind, alters: is_negated, reference: place, variant: sign.span });
        }
    }
    changes.sort_by_key(|change| (change.reference, change.variant));
    changes
}

struct Naming<'a> {
    wording: Wording,
    reference: Side<'a>,
    variant: Side<'a>,
}

impl Naming<'_> {
    /// What a gap of the alignment is, and whether it may change what is said. None if it is nothing that the variant did.
    fn judge(&self, old: &Range<u32>, new: &Range<u32>, is_end: bool) -> Option<(ChangeKind, bool)> {
        let (missing, added) = (old.len(), new.len());
        let sign = self.variant.sign(new);
        if is_end && (missing as u32 > TAIL || added as u32 > TAIL || missing == 0 || added == 0) {
            // Beyond the end of the one there is nothing that the other could have changed.
            return match (missing, sign) {
                (0, _) => None,
                (_, Some(SignKind::Ellipsis)) => Some((ChangeKind::Ellipsis, false)),
                (1..=EXPLAINED, Some(SignKind::Gloss)) => Some((ChangeKind::Gloss, false)),
                _ => Some((ChangeKind::Cut, false)),
            };
        }
        let own_sign = self.reference.sign(old);
        match sign {
            // A bracket or dots excuse no other sense: `I did … say`, `we [can] go` for `we can't go`.
            Some(SignKind::Gloss) if added <= missing.max(1) && own_sign != Some(SignKind::Gloss) => {
                return Some(match self.turns(old, &self.variant.explained(new)) {
                    true => (ChangeKind::NegationChanged, true),
                    false => (ChangeKind::Gloss, false),
                });
            }
            Some(SignKind::Ellipsis) if added == 0 => {
                return Some(match self.turns(old, &[]) || self.takes_from_modal(old) {
                    true => (ChangeKind::NegationChanged, true),
                    false => (ChangeKind::Ellipsis, false),
                });
            }
            _ => {}
        }
        // The reference itself has dots or a bracket where the variant has the words.
        if missing == 0 && own_sign == Some(SignKind::Gloss) {
            let is_turned = self.wording.changes_negation(&self.reference.explained(old), &self.variant.lower(new));
            return is_turned.then_some((ChangeKind::NegationChanged, true));
        }
        if missing == 0 && own_sign.is_some() {
            return None;
        }
        if missing <= SMALL && added <= SMALL {
            let (before, after) = (self.reference.lower(old), self.variant.lower(new));
            let (around_old, around_new) = (self.reference.around(old), self.variant.around(new));
            let beside = (self.reference.lower(&around_old), self.variant.lower(&around_new));
            let counts = (self.wording.count_negations(&beside.0), self.wording.count_negations(&beside.1));
            if counts.0 != counts.1 && self.wording.changes_negation(&before, &after) {
                return Some((ChangeKind::NegationChanged, true));
            }
            let is_told = missing > 0 && added > 0 || missing + added == 1;
            if is_told && self.wording.changes_numbers((&before, &after), (&beside.0, &beside.1)) {
                return Some((ChangeKind::NumberChanged, true));
            }
            if added > 0 {
                let changes_sense = || {
                    self.wording.changes_modals(&before, &after)
                        || self.changes_names((old, new), (&around_old, &around_new))
                };
                return Some((ChangeKind::WordChanged, missing > 0 && changes_sense()));
            }
        }
        if added > 0 {
            return Some((ChangeKind::WordChanged, false));
        }
        let is_whole = self.reference.opens(old.start) && self.reference.opens(old.end);
        Some((if is_whole { ChangeKind::Joined } else { ChangeKind::Cut }, false))
    }

    /// Whether a negation comes or goes with some words of the reference, for which others stand.
    fn turns(&self, old: &Range<u32>, after: &[String]) -> bool {
        self.wording.changes_negation(&self.reference.lower(old), after)
    }

    /// Whether words are left out of which the first is a negation that belongs to the verb before: `will not, for now,`.
    fn takes_from_modal(&self, old: &Range<u32>) -> bool {
        let before = self.reference.lower(&(old.start.saturating_sub(1)..old.start));
        let first = self.reference.lower(&(old.start..old.start + 1));
        self.wording.changes_modals(&before, &[]) && self.wording.count_negations(&first) > 0
    }

    /// Whether both sides name somebody or something, and not the same.
    fn changes_names(&self, (old, new): (&Range<u32>, &Range<u32>), around: (&Range<u32>, &Range<u32>)) -> bool {
        let (before, after) = (self.names(self.reference, old), self.names(self.variant, new));
        let lacks =
            |names: &[&str], others: &[&str]| !names.is_empty() && names.iter().all(|name| !others.contains(name));
        lacks(&before, &self.variant.capitals(around.1)) && lacks(&after, &self.reference.capitals(around.0))
    }

    /// The names among some words, those included that would have a capital in any case.
    fn names<'s>(&self, side: Side<'s>, words: &Range<u32>) -> Vec<&'s str> {
        let is_name = |at: &u32| {
            let is_certain = side.words.looks.get(*at as usize).is_some_and(|looks| looks & Looks::NAME != 0);
            let around = || side.text_around(*at);
            is_certain || side.capitals(&(*at..at + 1)).iter().any(|word| self.wording.may_be_name(around(), word))
        };
        words.clone().filter(is_name).flat_map(|at| side.capitals(&(at..at + 1))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extension::Weights;
    use crate::text::lay_out;
    use crate::utterances::pairs::Comparison;
    use crate::utterances::stock::Stock;
    use crate::utterances::words;

    /// The language of a text is told by more words than one quotation has.
    const STORIES: [(&str, &str); 5] = [
        ("en", "The end of the story was known to all of them, and that is that."),
        ("de", "Das Ende der Geschichte war den meisten von ihnen bekannt, und das ist es auch."),
        ("fr", "La fin de l'histoire est connue de tous dans le village et dans les villes du pays."),
        ("es", "El fin de la historia es conocido por todos en el pueblo y en las ciudades del país."),
        ("ru", "Конец истории известен всем, и это не тайна для людей в деревне и на хуторах."),
    ];

    fn tell(story: &str, reference: &str, variant: &str) -> String {
        let texts = [reference, variant].map(|quotation| format!("{quotation}\n\n{story}"));
        let wording = Wording::of(&texts[1], &lay_out(&texts[1]));
        let words = [0, 1].map(|side| {
            let piece = Span { start: 0, end: [reference, variant][side].len() as u32 };
            words::read(&texts[side], &lay_out(&texts[side]), &[piece], wording)
        });
        let (weights, stock) = (Weights::without_common(), Stock::default());
        let blocks = Comparison { weights: &weights, stock: &stock }.align_all(words[0].text(), words[1].text());
        let sides = [0, 1].map(|side| Side { text: &texts[side], words: &words[side] });
        let cut = |side: usize, span: Span| &texts[side][span.start as usize..span.end as usize];
        let told = name(wording, sides[0], sides[1], &blocks).into_iter().map(|change| {
            let alters = if change.alters { "!" } else { "" };
            format!("{}{alters} ({} > {})", change.kind.name(), cut(0, change.reference), cut(1, change.variant))
        });
        told.collect::<Vec<String>>().join("; ")
    }

    #[test]
    fn changes_are_named() {
        let mut wrong = Vec::new();
        for line in include_str!("changes.tsv").lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [language, about, reference, variant, expected] = fields[..] else { panic!("five fields: {line}") };
            let (_, story) = STORIES.iter().find(|(name, _)| *name == language).unwrap();
            let told = tell(story, reference, variant);
            if told != expected {
                wrong.push(format!("{language}: {about}\n  wanted {expected}\n  told   {told}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn places_between_words() {
        let text = "It was late. Then";
        let layout = lay_out(text);
        let piece = Span { start: 0, end: 12 };
        let words = words::read(text, &layout, &[piece], Wording::of(text, &layout));
        let side = Side { text, words: &words };
        let locate = |start: u32, end: u32| {
            let span = side.locate(&(start..end));
            (span.start, span.end)
        };
        assert_eq!([locate(0, 3), locate(1, 2), locate(2, 3)], [(0, 11), (3, 6), (7, 11)]);
        // None: behind the word before, before the first one.
        assert_eq!([locate(0, 0), locate(1, 1), locate(3, 3)], [(0, 0), (2, 2), (11, 11)]);
        let none = Words::default();
        assert_eq!(Side { text, words: &none }.locate(&(0..0)), Span { start: 0, end: 0 });
    }
}
