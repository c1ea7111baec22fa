//! Speakers: who says a quotation.
//!
//! **Idea.** Beside most quotations stands somebody: a name, a role, a pronoun. A sieve of rules, the surest first, makes
//! a speaker of that (the manner of Muzny, Fang, Chang and Jurafsky 2017, whose sieves these are not):
//!
//! 1. *Name.* The name beside the quotation, in the fullest form that the text has for this person.
//! 2. *Role.* A definite role is the person who bore it beside the name before. In a report one that tells nothing but an
//!    office (*the diplomat*) is also whoever spoke last, unless somebody new was brought in with it. Any other role is its
//!    own name, and so are nouns for anybody (*the woman*): guessed, they are wrong three times out of four.
//! 3. *Pronoun.* The nearest fitting mention before ([`scene`]); in dialogue not the one who spoke last. Behind a fragment
//!    not what its own sentence tells of.
//! 4. *Paragraph.* A quotation with nobody beside it has the speaker of the one before it in its paragraph, else of the
//!    one behind it, else whoever the narrator's sentence beside it begins with.
//! 5. *Continuation.* A paragraph that is all quotation goes on with the speaker of the one before: where that was not
//!    closed, and in reports in any case.
//! 6. *Turns.* In dialogue two speakers take turns, whoever is addressed answers, and whoever was just told of talks with
//!    the one who spoke last ([`turns`]).
//!
//! What no rule tells has no speaker, and neither has a quotation beside which somebody stands whom no rule knows. Rules
//! 2 to 6 mark a person whom they give as resolved.
//!
//! **Time and memory.** n log n in the words, the quotations and their pieces: windows bound every look back. Some 16
//! bytes a word, 80 a name, 40 a quotation.
//!
//! **Gives up.** Quotations inside quotations, unless somebody is named beside them. A text's meaning, wherever grammar
//! leaves two open. More than two who take turns without a word of the narrator.

mod lexicon;
mod names;
mod persons;
mod reading;
mod rules;
mod scene;
#[cfg(test)]
mod tests;
mod turns;
mod words;

use crate::text::Unit;

use crate::finding::Span;
use crate::quotations::Quotation;
use rules::Rule;

/// Who said something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The name as fully as the text has it, without title and role, unless the title alone tells two persons apart. Of
    /// a role that nobody bears by name, the role.
    pub name: String,
    /// Where the text names the speaker: the mention beside the quotation, else the one that it was resolved to.
    pub span: Span,
    /// Whether a rule was needed beyond reading the mention beside the quotation.
    pub is_resolved: bool,
    /// Whether it is the name beside the quotation.
    pub(crate) is_named: bool,
}

/// Finds the speaker of each quotation. `units` are those of the text, or of the part of it that holds the quotations and
/// is to be read by itself. Of a text over 4 GiB nothing is found.
#[inline(never)] // counted by itself
pub(crate) fn name_speakers(text: &str, units: &[Unit], quotations: &[Quotation]) -> Vec<Option<Speaker>> {
    name_by_rules(text, units, quotations).into_iter().map(|named| named.map(|(speaker, _)| speaker)).collect()
}

/// Finds the speakers, and says by which rule.
fn name_by_rules(text: &str, units: &[Unit], quotations: &[Quotation]) -> Vec<Option<(Speaker, Rule)>> {
    // Most texts have no quotation, and need none of what follows.
    if quotations.is_empty() || u32::try_from(text.len()).is_err() {
        return vec![None; quotations.len()];
    }
    let spoken = ascending(quotations.iter().flat_map(|quotation| &quotation.pieces).copied());
    let called = ascending(quotations.iter().filter_map(|quotation| quotation.mention));
    let (words, lexicon) = words::cut(text, units, &words::Overlay { spoken: &spoken, called: &called });
    let mentions = names::find(text, &words, lexicon);
    let (persons, of_mentions) = persons::Persons::of(text, &words, &mentions);
    let book = turns::Book { text, units, words: &words, mentions: &mentions, of_mentions: &of_mentions, lexicon };
    turns::assign(&book, persons, quotations)
}

/// Spans in order, those that overlap made one.
fn ascending(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.filter(|span| span.start < span.end).collect();
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, before| {
        let overlaps = next.start < before.end;
        if overlaps {
            before.end = before.end.max(next.end);
        }
        overlaps
    });
    spans
}
