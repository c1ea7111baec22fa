//! Parts: quotations of one document that say together what the reference says at once.
//!
//! **Idea.** *"We are late," she said. "We will go."* are two quotations, and neither is cut: what each lacks, the other
//! says. So what stands in the next variant of the same document is not told as missing, and a neighbour of a part that
//! is too short to be found by its words alone is a part too, if it goes on where that one ends. Where an earlier document
//! has such parts with more than a narrator's clause between them, it is the reference that *joined* them.
//!
//! **Cost.** Linear in the variants, and in the words of their neighbours.

use super::changes::{Change, ChangeKind};
use super::pairs::LEAST;
use super::words::ends_sentence;
use super::{Teller, Utterance, Variant};
use crate::alignment::Block;
use crate::finding::Span;
use crate::text::count_words;

/// Words of a narrator's sentence at most between two parts that belong together: *He paused.*
const STORY: usize = 3;

/// Puts the parts of an utterance's variants together. They are in the order of their places.
pub(super) fn join(teller: &Teller, utterance: &mut Utterance) {
    let neighbours: Vec<Variant> =
        utterance.variants.iter().filter_map(|variant| find_neighbour(teller, utterance, variant)).collect();
    if !neighbours.is_empty() {
        utterance.variants.extend(neighbours);
        utterance.variants.sort_by_key(|variant| (variant.document, variant.span, variant.quotation));
        utterance.variants.dedup_by_key(|variant| (variant.document, variant.span, variant.quotation));
    }
    let origin = teller.quotations[utterance.reference as usize].document;
    let text = &*teller.corpus.documents[origin as usize].text;
    let mut joined: Vec<u32> = Vec::new();
    for at in 1..utterance.variants.len() {
        let (head, tail) = utterance.variants.split_at_mut(at);
        let (Some(before), Some(after)) = (head.last_mut(), tail.first_mut()) else { continue };
        if before.document != after.document || !is_silent(text, before.said.end, after.said.start) {
            continue;
        }
        let (end, start) = (before.said.end, after.said.start);
        before.changes.retain(|change| change.kind != ChangeKind::Cut || change.reference.start < end);
        after.changes.retain(|change| change.kind != ChangeKind::Cut || change.reference.end > start);
        if before.document < origin && stand_apart(teller, before, after) {
            joined.push(start);
        }
    }
    let own = utterance.variants.iter_mut().find(|variant| variant.quotation == Some(utterance.reference));
    if let Some(own) = own {
        joined.sort_unstable();
        joined.dedup();
        own.changes.extend(joined.into_iter().map(|at| {
            let place = Span { start: at, end: at };
            Change { kind: ChangeKind::Joined, alters: false, reference: place, variant: place }
        }));
    }
}

/// Whether no word of the reference stands between two places.
fn is_silent(text: &str, from: u32, to: u32) -> bool {
    text.get(from as usize..to as usize).is_some_and(|between| !between.contains(char::is_alphanumeric))
}

/// Whether a narrator tells something else between two parts than who says them.
fn stand_apart(teller: &Teller, before: &Variant, after: &Variant) -> bool {
    let text = &*teller.corpus.documents[before.document as usize].text;
    let cue = |part: &Variant| teller.quotations[part.quotation? as usize].cue;
    let cues = [cue(before), cue(after)];
    let narrated = text.get(before.span.end as usize..after.span.start as usize).unwrap_or_default();
    let mut end = before.span.end;
    narrated.split_inclusive(|sign: char| ends_sentence(sign.encode_utf8(&mut [0; 4]))).any(|sentence| {
        let start = end;
        end += sentence.len() as u32;
        let tells_who = cues.iter().flatten().any(|cue| start <= cue.start && cue.start < end);
        !tells_who && sentence.split_whitespace().count() > STORY
    })
}

/// The quotation behind a variant, if it is short and goes on with what the variant lacks.
fn find_neighbour(teller: &Teller, utterance: &Utterance, variant: &Variant) -> Option<Variant> {
    let number = variant.quotation? + 1;
    teller.quotations.get(number as usize).filter(|next| next.document == variant.document)?;
    let tokens = &teller.words[number as usize].fingerprints;
    let is_short = (1..LEAST).contains(&count_words(tokens));
    if !is_short || !teller.is_followed(number) || number == utterance.reference {
        return None;
    }
    let reference = &teller.words[utterance.reference as usize];
    let place = reference.spans.partition_point(|span| span.start < variant.said.end);
    if !reference.fingerprints[place..].starts_with(tokens) {
        return None;
    }
    let block = Block { a: place as u32, b: 0, length: tokens.len() as u32 };
    teller.describe_quotation(utterance.reference, number, &[block])
}

#[cfg(test)]
mod tests {
    use crate::utterances::tests::follow;

    const FIRST: &str = "We are late with the old bridge this year";
    const SECOND: &str = "We will go on with it in the spring";

    fn whole() -> String {
        format!("The mayor spoke on Monday. \"{FIRST}. {SECOND},\" she said.")
    }

    /// Both parts, with something between.
    fn parts(between: &str) -> String {
        format!("The mayor spoke on Monday. \"{FIRST}{between}{SECOND}.\"")
    }

    fn tell(one: &str, other: &str) -> Vec<Vec<String>> {
        follow(&[one, other]).tell()
    }

    #[test]
    fn what_the_other_part_says_is_not_missing() {
        let expected = [[format!("0* {FIRST}. {SECOND}"), format!("1 {FIRST}"), format!("1 {SECOND}")]];
        assert_eq!(tell(&whole(), &parts(",\" she said. \"")), expected);
        assert_eq!(tell(&whole(), &parts(",\" she said. The council had met for three hours. \"")), expected);
        // Within one sentence they are one quotation.
        let one = format!("The mayor spoke. \"{FIRST}, and {SECOND},\" she said.");
        let two = format!("The mayor spoke. \"{FIRST},\" she said, \"and {SECOND}.\"");
        let told = tell(&one, &two);
        assert_eq!((told.len(), told[0].len()), (1, 2));
        assert_eq!(told[0][1], format!("1 {FIRST},\" she said, \"and {SECOND}"));
    }

    #[test]
    fn what_no_part_says_is_missing() {
        let said = format!("The mayor spoke. \"{FIRST}. Nobody told us why. {SECOND},\" she said.");
        let expected = [format!("1 {FIRST} (cut)"), format!("1 {SECOND} (cut)")];
        assert_eq!(tell(&said, &parts(",\" she said. \""))[0][1..], expected);
        // One part alone.
        let one = format!("The mayor spoke. \"{FIRST},\" she said.");
        assert_eq!(tell(&whole(), &one)[0][1..], [format!("1 {FIRST} (cut)")]);
    }

    #[test]
    fn what_stood_apart_was_joined() {
        let story = ",\" she said. The council had met for three hours. \"";
        let expected =
            |changes: &str| [[format!("0 {FIRST}"), format!("0 {SECOND}"), format!("1* {FIRST}. {SECOND}{changes}")]];
        assert_eq!(tell(&parts(story), &whole()), expected(" (joined)"));
        // Who says it, and how, is no story.
        assert_eq!(tell(&parts(",\" she said. \""), &whole()), expected(""));
        assert_eq!(tell(&parts(".\" He paused. \""), &whole()), expected(""));
    }

    #[test]
    fn a_short_neighbour_goes_on() {
        let whole = format!("The mayor spoke on Monday. \"{FIRST}. We go on,\" she said.");
        let parts = format!("The mayor spoke on Monday. \"{FIRST},\" she said. \"We go on.\"");
        let expected = [[format!("0* {FIRST}. We go on"), format!("1 {FIRST}"), "1 We go on".to_owned()]];
        assert_eq!(tell(&whole, &parts), expected);
        // It has to be what comes next.
        let other = parts.replace("We go on", "We stop here");
        assert_eq!(tell(&whole, &other)[0][1..], [format!("1 {FIRST} (cut)")]);
    }

    #[test]
    fn a_part_is_told_once() {
        // The short part is a fragment of what the same document quotes at once, too.
        let one = format!("The mayor spoke on Monday. \"{FIRST}. We go on,\" she said.");
        let other = format!(
            "The mayor spoke on Monday. \"{FIRST},\" she said. \"We go on.\"\n\nLater she said: \"{FIRST}. We go on.\""
        );
        let whole = format!("{FIRST}. We go on");
        let expected = [[format!("0* {whole}"), format!("1 {FIRST}"), "1 We go on".to_owned(), format!("1 {whole}")]];
        assert_eq!(tell(&one, &other), expected);
    }
}
