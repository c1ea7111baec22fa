//! Changes of what is said: numbers, negations, and who said it.
//!
//! **Idea.** Most edits of a copied text change nothing of its meaning. Three kinds may: another number, a *not* that
//! came or went, words given to somebody else. They are looked for in the edits of an alignment, in small ones only:
//! where a dozen words were put otherwise, single words do not stand opposite each other any more.
//!
//! - **Number**: an edit replaces words that hold a number by others that do not, there or a few words on, where it may
//!   have been moved to; or a number alone came or went. *2* is *two*, *1,000* is *1000*, *5.50* is *5.5*, *4.2m* is
//!   *4.2 million*. *One* and *first* are numbers only beside *1* and *1st*.
//! - **Negation**: an edit is a negation more or less (*not*, *never*, *-n't*), and at most one other word on each side:
//!   where more was put otherwise, the sense may be the same.
//! - **Attribution**: an edit replaces a name by another one where words of attribution (*said*, *according to*) stand
//!   in it or beside it.
//!
//! Which words matter in which language is [data](crate::sense).
//!
//! **Gives up.** Negation by prefix (*unlikely*), antonyms, numbers in words beyond single ones, scripts without capitals
//! (no names are told there).

use std::ops::Range;

use crate::alignment::Alignment;
use crate::document::Corpus;
use crate::edits;
use crate::finding::Span;
use crate::matches::Place;
use crate::sense::Wording;
use crate::text::Layout;

/// Longest side of an edit that is looked at, in tokens.
const SMALL: usize = 12;
/// Tokens beside an edit in which a moved number, or a word of attribution, is looked for.
const BESIDE: u32 = 6;

/// An edit that may change what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notable {
    /// What changed.
    pub kind: NotableKind,
    /// The words of the source (empty, at the place, where the target added some).
    pub source: Span,
    /// The words of the target.
    pub target: Span,
}

/// What an edit changes of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotableKind {
    /// Another number.
    Number,
    /// A negation that came or went.
    Negation,
    /// Words given to somebody else.
    Attribution,
}

impl NotableKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            NotableKind::Number => "number",
            NotableKind::Negation => "negation",
            NotableKind::Attribution => "attribution",
        }
    }
}

fn word<'t>(text: &'t str, layout: &Layout, token: usize) -> &'t str {
    let span = layout.token_span(text, token);
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// One side of an alignment.
struct Side<'a> {
    text: &'a str,
    layout: &'a Layout,
    place: &'a Place,
}

impl<'a> Side<'a> {
    fn of(corpus: &'a Corpus, layouts: &'a [Layout], place: &'a Place) -> Self {
        let document = place.document as usize;
        Side { text: &corpus.documents[document].text, layout: &layouts[document], place }
    }

    fn words(&self, tokens: Range<u32>) -> impl Iterator<Item = &'a str> {
        let (text, layout, start) = (self.text, self.layout, self.place.start);
        tokens.map(move |token| word(text, layout, (start + token) as usize))
    }

    fn lower(&self, tokens: Range<u32>) -> Vec<String> {
        self.words(tokens).map(str::to_lowercase).collect()
    }

    /// Some tokens with those beside them, within the place.
    fn around(&self, tokens: &Range<u32>) -> Range<u32> {
        tokens.start.saturating_sub(BESIDE)..(tokens.end + BESIDE).min(self.place.length())
    }

    /// Names: words with a capital that do not open a sentence.
    fn names(&self, tokens: Range<u32>) -> Vec<&'a str> {
        let opens = |token: u32| {
            let token = (self.place.start + token) as usize;
            self.layout.units[self.layout.unit_at(token)].first_token as usize == token
        };
        let starts = tokens.start;
        let words = self.words(tokens).zip(starts..);
        words.filter(|(word, at)| word.starts_with(char::is_uppercase) && !opens(*at)).map(|(word, _)| word).collect()
    }
}

/// The changes of what is said in an alignment of a source's place (`a`) and a target's (`b`).
pub(super) fn find(
    corpus: &Corpus,
    layouts: &[Layout],
    wording: &Wording,
    alignment: &Alignment,
    source: &Place,
    target: &Place,
) -> Vec<Notable> {
    let (theirs, ours) = (Side::of(corpus, layouts, source), Side::of(corpus, layouts, target));
    let mut found = Vec::new();
    let mut last_negation = None;
    for (in_source, in_target) in alignment.gaps() {
        if in_source.len() > SMALL || in_target.len() > SMALL {
            continue;
        }
        let (old, new) = (theirs.lower(in_source.clone()), ours.lower(in_target.clone()));
        let mut note = |kind| {
            let side = |place, tokens: &Range<u32>| edits::locate(corpus, layouts, place, tokens.clone());
            found.push(Notable { kind, source: side(source, &in_source), target: side(target, &in_target) });
        };
        let is_replaced = !old.is_empty() && !new.is_empty();
        let is_alone = old.len() + new.len() == 1;
        let around = || (theirs.lower(theirs.around(&in_source)), ours.lower(ours.around(&in_target)));
        let changes_numbers =
            |(theirs, ours): (Vec<String>, Vec<String>)| wording.changes_numbers((&old, &new), (&theirs, &ours));
        if (is_replaced || is_alone) && changes_numbers(around()) {
            note(NotableKind::Number);
        }
        // *Ne … pas* is one negation in two edits.
        let is_new = last_negation.is_none_or(|last: u32| in_source.start > last + BESIDE);
        if is_new && wording.changes_negation(&old, &new) {
            note(NotableKind::Negation);
            last_negation = Some(in_source.end);
        }
        if is_replaced && changes_names(*wording, (&theirs, &in_source), (&ours, &in_target)) {
            note(NotableKind::Attribution);
        }
    }
    found
}

/// Whether an edit puts one name for another where somebody says something.
fn changes_names(
    wording: Wording,
    (theirs, in_source): (&Side, &Range<u32>),
    (ours, in_target): (&Side, &Range<u32>),
) -> bool {
    let says =
        |side: &Side, tokens: &Range<u32>| side.lower(side.around(tokens)).iter().any(|word| wording.is_said(word));
    let (old, new) = (theirs.names(in_source.clone()), ours.names(in_target.clone()));
    let all_new =
        |names: &[&str], others: &[&str]| !names.is_empty() && names.iter().all(|name| !others.contains(name));
    // *Mr. Khan* for *Imran Khan*: the name goes on behind the edit, and is the same.
    let goes_on = |side: &Side, tokens: &Range<u32>| {
        let next = tokens.end..(tokens.end + 1).min(side.place.length());
        !side.names(next).is_empty()
    };
    all_new(&old, &new)
        && all_new(&new, &old)
        && !(goes_on(theirs, in_source) && goes_on(ours, in_target))
        && says(theirs, in_source)
        && says(ours, in_target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::text::lay_out;

    /// What is told of a target's text against a source's, with the words.
    fn told(source: &str, target: &str) -> Vec<String> {
        let documents = vec![Document::of_text(source), Document::of_text(target)];
        let layouts = [lay_out(source), lay_out(target)];
        let corpus = Corpus { documents, ..Corpus::default() };
        let place =
            |document: usize| Place { document: document as u32, start: 0, end: layouts[document].starts.len() as u32 };
        let alignment = Alignment::between(&layouts[0].fingerprints, &layouts[1].fingerprints);
        let wording = Wording::of(target, &layouts[1]);
        let cut = |text: &str, span: Span| text[span.start as usize..span.end as usize].to_owned();
        find(&corpus, &layouts, &wording, &alignment, &place(0), &place(1))
            .iter()
            .map(|notable| {
                format!("{} {} > {}", notable.kind.name(), cut(source, notable.source), cut(target, notable.target))
            })
            .collect()
    }

    #[test]
    fn numbers() {
        let source = "Officials in the town said that 12 people were hurt when the bridge fell into the river.";
        assert_eq!(told(source, &source.replace("12", "14")), ["number 12 > 14"]);
        assert_eq!(told(source, &source.replace("12", "twelve")), [""; 0]);
        assert_eq!(told(source, &source.replace("12", "several")), ["number 12 > several"]);
        assert_eq!(told(source, &source.replace("that 12 people", "that people, 12 of them,")), [""; 0]);
        assert_eq!(told(source, &source.replace("were hurt", "died")), [""; 0]);
        assert_eq!(told(source, &source.replace("12 people", "people")), ["number 12 > "]);
        let fund =
            "The fund paid 4.2 million crowns to forty-four towns, 5.50 for 12,000 heads, on the 1st and in one week.";
        for same in [
            ("4.2 million", "4.2m"),
            ("4.2 million", "4,200,000"),
            ("forty-four", "44"),
            ("5.50", "5.5"),
            ("12,000", "12 000"),
            ("12,000", "12000"),
            ("1st", "first"),
            ("one week", "1 week"),
            ("one week", "a week"),
        ] {
            assert_eq!(told(fund, &fund.replace(same.0, same.1)), [""; 0], "{same:?}");
        }
        assert_eq!(told(fund, &fund.replace("million", "billion")).len(), 1);
        assert_eq!(told(fund, &fund.replace("forty-four", "45")).len(), 1);
        let sum = "Der Fonds zahlte der Stadt 1.000 Euro für die Brücke und den Hafen.";
        assert_eq!(told(sum, &sum.replace("1.000", "1000")), [""; 0]);
        assert_eq!(told(sum, &sum.replace("1.000", "1.500")), ["number 1.000 > 1.500"]);
    }

    #[test]
    fn negations() {
        let source = "The minister said that the talks had failed and that he would resign in the spring.";
        assert_eq!(told(source, &source.replace("had failed", "had not failed")), ["negation  > not"]);
        assert_eq!(told(source, &source.replace("would resign", "wouldn't resign")), ["negation would > wouldn't"]);
        let french = "Le ministre a dit que la réunion est terminée et que les députés partent.";
        assert_eq!(told(french, &french.replace("partent", "ne partent pas")).len(), 1);
        let sentence = format!("{source} He was not there for questions after it.");
        assert_eq!(told(source, &sentence), [""; 0], "a sentence of its own");
        assert_eq!(told(source, &source.replace("would resign", "would not stay")), ["negation resign > not stay"]);
        assert_eq!(told(source, &source.replace("had failed", "did not come to any end")), [""; 0]);
        assert_eq!(told(source, &source.replace("resign", "leave")), [""; 0]);
    }

    #[test]
    fn attributions() {
        let source = "The plan is sound and will be paid for by the city, said Anna Berg on the steps of the hall.";
        assert_eq!(told(source, &source.replace("Anna Berg", "Carl Holm")), ["attribution Anna Berg > Carl Holm"]);
        assert_eq!(told(source, &source.replace("Anna Berg", "Mayor Berg")), [""; 0], "one name, put otherwise");
        let place = "The plan is sound and will be paid for by the city of Aarhus in the spring of next year.";
        assert_eq!(told(place, &place.replace("Aarhus", "Odense")), [""; 0], "nobody says it");
    }
}
