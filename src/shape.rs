//! Shape: where the story of a page begins and ends, told by where its prose stands.
//!
//! **Idea.** With one page of a site nothing repeats, but pages have a shape: menus, share bars, the story, related
//! links, a footer. The story is the stretch of units with the greatest sum when prose counts its words (at most
//! [`CAP`] a sentence), every other line costs [`LABEL`] and a line with a page's wording costs [`MARKER`] more: prose
//! with its headings, lists and captions holds together, a menu does not pay for what lies behind it. What stands
//! before and behind is furniture.
//!
//! **Only pages.** A text of any other kind has the same shape now and then, so the wording must say that this is one:
//! at least [`EVIDENCE`] lines outside of the story are [markers](crate::wording), and the story has at least 2/5 of
//! the prose. On each side the furniture ends with a marker, unless the story is at most [`NEAR`] lines away: longer
//! lists beside the prose belong to it. The headline stays: of the lines above, the one with the most words of the
//! story.
//!
//! Asked only where the census cannot know better: of documents without a source, and of sources with fewer than three.
//! Verdicts carry low confidence.
//!
//! **Cost.** O(tokens of the page), for pages with so many markers.
//!
//! **Source.** Pasternack, Roth, *Extracting article text from the web with maximum subsequence segmentation*, WWW
//! 2009; the weights are ours.
//!
//! **Gives up.** Comments and teasers that outweigh the story; stories in verse or tables; lists of links that are the
//! matter of the page, behind a marker.

use std::ops::Range;

use ahash::AHashSet;

use crate::text::{Layout, UnitKind, count_words};
use crate::wording::Wording;

/// Least words of a sentence of a story.
const PROSE: u32 = 8;
/// Most words that one sentence counts.
const CAP: u32 = 60;
/// What a line that is no prose costs, in words.
const LABEL: i64 = 8;
/// What a marker costs beyond that.
const MARKER: i64 = 30;
/// Markers outside of the story that make a text a page.
const EVIDENCE: usize = 6;
/// Lines between story and furniture that belong to the furniture.
const NEAR: usize = 20;
/// Fewest words of a headline.
const HEADLINE: usize = 3;

/// The units of a page that are not its story, as a flag for each; nothing if the text has not the shape of a page.
pub(crate) fn find_furniture(layout: &Layout, wording: &[Wording]) -> Option<Vec<bool>> {
    let is_marker = |unit: usize| wording[unit] != Wording::Free;
    let markers = |range: Range<usize>| range.filter(|unit| is_marker(*unit)).count();
    let units = layout.units.len();
    if markers(0..units) < EVIDENCE {
        return None;
    }
    let words: Vec<u32> = (0..units).map(|unit| count_words(&layout.fingerprints[layout.unit_tokens(unit)])).collect();
    let is_prose =
        |unit: usize| layout.units[unit].kind == UnitKind::Sentence && words[unit] >= PROSE && !is_marker(unit);
    let story = find_story((0..units).map(|unit| {
        if is_prose(unit) { i64::from(words[unit].min(CAP)) } else { -LABEL - MARKER * i64::from(is_marker(unit)) }
    }));
    let prose = |range: Range<usize>| range.filter(|unit| is_prose(*unit)).map(|unit| words[unit]).sum::<u32>();
    let is_page = !story.is_empty()
        && markers(0..story.start) + markers(story.end..units) >= EVIDENCE
        && prose(story.clone()) * 5 >= prose(0..units) * 2;
    if !is_page {
        return None;
    }
    let head = (0..story.start).rev().find(|unit| is_marker(*unit)).map_or(0, |last| last + 1);
    let head = if head + NEAR > story.start { story.start } else { head };
    let tail = (story.end..units).find(|unit| is_marker(*unit)).unwrap_or(units);
    let tail = if story.end + NEAR > tail { story.end } else { tail };
    let mut furniture: Vec<bool> = (0..units).map(|unit| unit < head || unit >= tail).collect();
    if let Some(headline) = find_headline(layout, &story, |unit| is_prose(unit) || is_marker(unit)) {
        furniture[headline] = false;
    }
    Some(furniture)
}

/// The range with the greatest sum; of equal ones the first.
fn find_story(values: impl Iterator<Item = i64>) -> Range<usize> {
    let (mut best, mut greatest) = (0..0, 0);
    let (mut start, mut sum) = (0, 0);
    for (at, value) in values.enumerate() {
        if sum <= 0 {
            (start, sum) = (at, 0);
        }
        sum += value;
        if sum > greatest {
            (best, greatest) = (start..at + 1, sum);
        }
    }
    best
}

/// The line above the story of whose words the story has most and lacks least; the nearest of equals.
fn find_headline(layout: &Layout, story: &Range<usize>, is_other: impl Fn(usize) -> bool) -> Option<usize> {
    let first = layout.unit_tokens(story.start).start;
    let told: AHashSet<u32> =
        layout.fingerprints[first..layout.unit_tokens(story.end - 1).end].iter().copied().collect();
    let score = |unit: usize| {
        let tokens = &layout.fingerprints[layout.unit_tokens(unit)];
        let common = tokens.iter().filter(|token| told.contains(token)).count();
        if tokens.len() < HEADLINE { 0 } else { (2 * common).saturating_sub(tokens.len()) }
    };
    (0..story.start)
        .filter(|unit| !is_other(*unit))
        .map(|unit| (score(unit), unit))
        .filter(|(score, _)| *score > 0)
        .max()
        .map(|(_, unit)| unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lay_out;
    use crate::wording;
    use proptest::prelude::*;

    const MENU: &[&str] = &["Skip to main content", "Home", "Markets", "Sports", "Subscribe", "Log in", "Search"];
    const FOOTER: &[&str] = &[
        "Share this",
        "Related stories",
        "Bread is dear",
        "Rain falls",
        "Contact us",
        "© 2020 The Paper",
        "Privacy policy",
    ];
    const STORY: &[&str] = &[
        "The council met on Monday to talk about the bridge over the river.",
        "It will be closed to cars from the first of May, the mayor told the paper.",
        "What it costs",
        "Two million, said the treasurer, and half of it is paid by the county.",
    ];

    /// The lines of a page that are left.
    fn left(page: &[&[&str]]) -> Vec<String> {
        let text = page.concat().join("\n\n");
        let layout = lay_out(&text);
        let span = |unit: &crate::text::Unit| &text[unit.start as usize..unit.end as usize];
        let wording: Vec<Wording> = layout.units.iter().map(|unit| wording::tell(span(unit), unit.kind)).collect();
        let furniture = find_furniture(&layout, &wording).unwrap_or(vec![false; layout.units.len()]);
        let kept = layout.units.iter().zip(furniture).filter(|(_, is_furniture)| !is_furniture);
        kept.map(|(unit, _)| span(unit).to_owned()).collect()
    }

    #[test]
    fn a_page_has_a_story_and_its_headline() {
        let headline: &[&str] = &["Bridge over the river to be closed"];
        let byline: &[&str] = &["By A. Writer", "12 March 2020", "Share"];
        assert_eq!(left(&[MENU, headline, byline, STORY, FOOTER]), [headline, STORY].concat());
    }

    #[test]
    fn a_text_with_few_markers_is_no_page() {
        let page: &[&[&str]] = &[&["Contents", "Search", "Costs"], STORY, &["Bread", "Butter", "Share this"]];
        assert_eq!(left(page), page.concat());
    }

    #[test]
    fn a_long_list_beside_the_prose_belongs_to_it() {
        let tour: Vec<String> = (1..=30).map(|day| format!("{day} May: Town {day}, Hall")).collect();
        let tour: Vec<&str> = tour.iter().map(String::as_str).collect();
        let kept = left(&[MENU, STORY, &tour, FOOTER]);
        assert_eq!(kept, [STORY, &tour].concat());
    }

    #[test]
    fn lists_and_tables_alone_stay() {
        let list: Vec<String> = (1..=200).map(|row| format!("Row {row} of the table")).collect();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let page: &[&[&str]] = &[MENU, &list, FOOTER];
        assert_eq!(left(page), page.concat());
    }

    proptest! {
        #[test]
        fn the_story_is_the_greatest_sum(values in prop::collection::vec(-9i64..10, 0..40)) {
            let sum = |range: Range<usize>| values[range].iter().sum::<i64>();
            let all = (0..values.len()).flat_map(|start| (start..values.len()).map(move |end| start..end + 1));
            let greatest = all.map(sum).max().unwrap_or(0).max(0);
            prop_assert_eq!(sum(find_story(values.iter().copied())), greatest);
        }
    }
}
