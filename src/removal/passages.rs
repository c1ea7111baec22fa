//! Parts of documents: which of them go, and which place of each passage is kept for it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::repeated::{Repeated, extent, find_repeated, signs, tokens_within, units_within};
use super::wholes::Gone;
use super::{Choice, Reason, Removal};
use crate::finding::{Finding, Occurrence, Ratio, Rule, Scan, Span};
use crate::text::{Layout, count_words, lay_out};

/// Sentences in the midst of a paragraph go as doubled text only if they have so many times the least words.
const LONG_ROW: u32 = 4;

/// Decides what goes from the documents that stay; those that lose all go too. Gives the removals, and in how many
/// places something had to be left.
pub(super) fn cut_passages(choice: &Choice<'_>, scan: &Scan, gone: &mut Gone) -> (Vec<Removal>, u64) {
    let mut cutting = Cutting { choice, gone, pages: BTreeMap::new(), reasons: Vec::new(), left: 0 };
    let of_rule = |rule: Rule| scan.findings.iter().filter(move |finding| finding.rule == rule && choice.removes(rule));
    for finding in choice.furniture.findings() {
        cutting.cut_furniture(finding);
    }
    // Between documents first: of what one of them holds twice as well, no copy has to stay for the other's sake.
    for finding in of_rule(Rule::SharedPassage) {
        cutting.cut_shared(finding);
    }
    for finding in of_rule(Rule::DoubledText) {
        for of_document in finding.occurrences.chunk_by(|one, other| one.document == other.document) {
            cutting.cut_doubled(finding, of_document);
        }
    }
    let left = cutting.left;
    (cutting.finish(), left)
}

/// A document from which something may go.
struct Page {
    layout: Layout,
    /// For each unit why it goes, if it does: the number of the reason, and how many tokens stand in the kept place.
    cut: Vec<Option<(usize, u32)>>,
    /// Units that go as furniture.
    furniture: Vec<bool>,
    /// Units that something was removed for.
    protected: Vec<bool>,
}

impl Page {
    /// Whether nothing of some tokens was removed but furniture, and something stands.
    fn stands(&self, tokens: &Range<usize>) -> bool {
        let mut units = self.units_of(tokens);
        units.clone().any(|unit| self.cut[unit].is_none())
            && units.all(|unit| self.cut[unit].is_none() || self.furniture[unit])
    }

    /// Of some tokens those that were not removed, and the signs of each of their units.
    fn standing(&self, text: &str, tokens: &Range<usize>) -> (Vec<u32>, BTreeSet<String>) {
        let units: Vec<usize> = self.units_of(tokens).filter(|unit| self.cut[*unit].is_none()).collect();
        let signs = units.iter().map(|unit| signs(text, &self.layout, *unit)).collect();
        let within = |unit: usize| {
            let of_unit = self.layout.unit_tokens(unit);
            of_unit.start.max(tokens.start)..of_unit.end.min(tokens.end)
        };
        (units.into_iter().flat_map(|unit| &self.layout.fingerprints[within(unit)]).copied().collect(), signs)
    }

    /// The units that hold some of the tokens.
    fn units_of(&self, tokens: &Range<usize>) -> Range<usize> {
        if tokens.is_empty() {
            return 0..0;
        }
        self.layout.unit_at(tokens.start)..self.layout.unit_at(tokens.end - 1) + 1
    }
}

/// A copy of a passage.
#[derive(Debug, Clone)]
struct Place {
    document: u32,
    tokens: Range<usize>,
}

struct Cutting<'a> {
    choice: &'a Choice<'a>,
    gone: &'a mut Gone,
    pages: BTreeMap<u32, Page>,
    reasons: Vec<Reason>,
    left: u64,
}

impl Cutting<'_> {
    fn open(&mut self, document: u32) -> &mut Page {
        self.pages.entry(document).or_insert_with(|| {
            let layout = lay_out(&self.choice.document(document).text);
            let units = layout.units.len();
            Page { layout, cut: vec![None; units], furniture: vec![false; units], protected: vec![false; units] }
        })
    }

    /// The copies that an occurrence holds.
    fn copies(&mut self, occurrence: &Occurrence) -> Vec<Place> {
        let document = occurrence.document;
        let all = tokens_within(&self.open(document).layout, occurrence.span);
        let (count, length) = (occurrence.count.max(1) as usize, all.len());
        let start = |copy: usize| all.start + copy * length / count;
        (0..count).map(|copy| Place { document, tokens: start(copy)..start(copy + 1) }).collect()
    }

    fn span(&mut self, place: &Place) -> Span {
        let text = &self.choice.document(place.document).text;
        self.open(place.document).layout.span(text, place.tokens.clone())
    }

    fn cut_furniture(&mut self, finding: &Finding) {
        let choice = self.choice;
        let standing: Vec<&Occurrence> = finding
            .occurrences
            .iter()
            .filter(|place| !self.gone.contains(place.document) && choice.furniture.goes(finding, place))
            .collect();
        for group in self.choice.share_out(standing, |occurrence| occurrence.document) {
            let kept = self.choice.policy.keeps_furniture.then(|| {
                let chosen = self.choice.choose(group.iter().map(|occurrence| occurrence.document));
                group.iter().find(|occurrence| Some(occurrence.document) == chosen).copied()
            });
            let kept = kept.flatten();
            let reason = self.reasons.len();
            self.reasons.push(Reason::Boilerplate {
                finding: finding.id,
                kept: kept.map(|kept| (kept.document, kept.span)),
                places: finding.occurrences.len() as u32,
            });
            for occurrence in group {
                let is_kept = kept.is_some_and(|kept| std::ptr::eq(kept, occurrence));
                if !is_kept && !self.choice.is_reference(occurrence.document) {
                    let page = self.open(occurrence.document);
                    let tokens = tokens_within(&page.layout, occurrence.span);
                    let units = units_within(&page.layout, &tokens);
                    let is_whole = units == page.units_of(&tokens);
                    page.furniture[units.clone()].fill(true);
                    page.cut[units].iter_mut().filter(|cut| cut.is_none()).for_each(|cut| *cut = Some((reason, 0)));
                    self.left += u64::from(!is_whole);
                }
            }
        }
    }

    fn cut_doubled(&mut self, finding: &Finding, of_document: &[Occurrence]) {
        let Some(first) = of_document.first() else { return };
        if self.gone.contains(first.document) || self.choice.is_reference(first.document) {
            return;
        }
        let copies: Vec<Place> = of_document.iter().flat_map(|occurrence| self.copies(occurrence)).collect();
        self.keep_one(finding, copies, |copies| copies.first().cloned());
    }

    fn cut_shared(&mut self, finding: &Finding) {
        let standing: Vec<&Occurrence> =
            finding.occurrences.iter().filter(|occurrence| !self.gone.contains(occurrence.document)).collect();
        let copies: Vec<Place> = standing.into_iter().flat_map(|occurrence| self.copies(occurrence)).collect();
        let choice = self.choice;
        for group in choice.share_out(copies, |copy| copy.document) {
            self.keep_one(finding, group, |copies| {
                let chosen = choice.choose(copies.iter().map(|copy| copy.document))?;
                copies.iter().find(|copy| copy.document == chosen).cloned()
            });
        }
    }

    /// Keeps one of the copies that stand whole, furniture apart, and cuts what it says from the others.
    fn keep_one(&mut self, finding: &Finding, copies: Vec<Place>, choose: impl Fn(&[Place]) -> Option<Place>) {
        let stands = |place: &Place| self.pages.get(&place.document).is_some_and(|page| page.stands(&place.tokens));
        let standing: Vec<Place> = copies.iter().filter(|place| stands(place)).cloned().collect();
        let Some(kept) = choose(&standing) else { return };
        let kept_span = self.span(&kept);
        let mut is_needed = false;
        for place in copies {
            let is_kept = place.document == kept.document && place.tokens == kept.tokens;
            let is_needed_there = place.document != kept.document && self.gone.stands_for_others(place.document);
            if !is_kept && !is_needed_there && !self.choice.is_reference(place.document) {
                is_needed |= self.cut(finding, &place, &kept, kept_span);
            }
        }
        if is_needed {
            let page = self.open(kept.document);
            let units = page.units_of(&kept.tokens);
            page.protected[units].fill(true);
        }
    }

    /// Cuts what the kept place says; whether anything was cut.
    fn cut(&mut self, finding: &Finding, place: &Place, kept: &Place, kept_span: Span) -> bool {
        let text = &self.choice.document(place.document).text;
        let (Some(page), Some(kept_page)) = (self.pages.get(&place.document), self.pages.get(&kept.document)) else {
            return false;
        };
        let kept_text = &self.choice.document(kept.document).text;
        let (standing, signs) = kept_page.standing(kept_text, &kept.tokens);
        let repeated = find_repeated(text, &page.layout, &place.tokens, (&standing, &signs));
        let all = page.units_of(&place.tokens).filter(|unit| page.cut[*unit].is_none()).count();
        // A place that overlaps the kept one takes nothing from it.
        let kept_units = kept_page.units_of(&kept.tokens);
        let is_kept = |unit: usize| place.document == kept.document && kept_units.contains(&unit);
        let goes: Vec<_> = repeated
            .into_iter()
            .filter(|repeated| page.cut[repeated.unit].is_none() && !page.protected[repeated.unit])
            .filter(|repeated| !is_kept(repeated.unit))
            .collect();
        let least_words = self.choice.policy.least_words;
        let mut goes = keep_long_rows(&page.layout, goes, least_words);
        if finding.rule == Rule::DoubledText {
            goes = keep_paragraphs(text, &page.layout, goes, LONG_ROW * least_words);
        }
        self.left += u64::from(goes.len() < all);
        if goes.is_empty() {
            return false;
        }
        let reason = self.reasons.len();
        self.reasons.push(Reason::Passage {
            rule: finding.rule,
            finding: finding.id,
            kept: kept.document,
            kept_span,
            coverage: Ratio::ONE,
        });
        let page = self.open(place.document);
        for repeated in goes {
            page.cut[repeated.unit] = Some((reason, repeated.covered));
        }
        true
    }

    /// Makes removals of the units that were cut; a document without any other unit goes.
    fn finish(self) -> Vec<Removal> {
        let mut removals = Vec::new();
        for (document, page) in self.pages {
            let text = &self.choice.document(document).text;
            let mut unit = 0;
            while unit < page.cut.len() {
                let in_row = page.cut[unit..].iter().take_while(|cut| cut.is_some()).count();
                if in_row > 0 {
                    let units = unit..unit + in_row;
                    removals.extend(split(document, text, &page, units, &self.reasons));
                }
                unit += in_row + 1;
            }
            if !page.cut.is_empty() && page.cut.iter().all(Option::is_some) {
                self.gone.insert(Removal { document, span: None, tokens: 0, reason: Reason::Emptied });
            }
        }
        removals
    }
}

/// Of units in a row those rows that hold a long one.
fn keep_long_rows(layout: &Layout, units: Vec<Repeated>, least_words: u32) -> Vec<Repeated> {
    let is_long =
        |repeated: &Repeated| count_words(&layout.fingerprints[layout.unit_tokens(repeated.unit)]) >= least_words;
    let rows = units.chunk_by(|one, other| one.unit + 1 == other.unit);
    rows.filter(|row| row.iter().any(is_long)).flatten().copied().collect()
}

/// Of units in a row those rows that fill their lines, or are long.
fn keep_paragraphs(text: &str, layout: &Layout, units: Vec<Repeated>, long: u32) -> Vec<Repeated> {
    let breaks = |from: usize, to: usize| text[from..to].contains('\n');
    let fills_lines = |row: &[Repeated]| {
        let (first, last) = (row[0].unit, row[row.len() - 1].unit);
        let start = layout.units[first].start as usize;
        let end = layout.units[last].end as usize;
        let opens = first == 0 || breaks(layout.units[first - 1].end as usize, start);
        let closes = layout.units.get(last + 1).is_none_or(|next| breaks(end, next.start as usize));
        opens && closes
    };
    let is_long = |row: &[Repeated]| {
        let tokens = layout.unit_tokens(row[0].unit).start..layout.unit_tokens(row[row.len() - 1].unit).end;
        count_words(&layout.fingerprints[tokens]) >= long
    };
    let rows = units.chunk_by(|one, other| one.unit + 1 == other.unit);
    rows.filter(|row| fills_lines(row) || is_long(row)).flatten().copied().collect()
}

/// Units in a row that go, one removal for each reason in turn. Together they take the extent of the row.
fn split(document: u32, text: &str, page: &Page, units: Range<usize>, reasons: &[Reason]) -> Vec<Removal> {
    let extent = extent(text, &page.layout, units.clone());
    let mut removals = Vec::new();
    let mut first = units.start;
    for of_reason in page.cut[units.clone()].chunk_by(|one, other| one.map(|cut| cut.0) == other.map(|cut| cut.0)) {
        let next = first + of_reason.len();
        let Some((reason, _)) = of_reason[0] else { continue };
        let start = if first == units.start { extent.start } else { page.layout.units[first].start };
        let end = if next == units.end { extent.end } else { page.layout.units[next].start };
        let tokens = page.layout.unit_tokens(next - 1).end - page.layout.units[first].first_token as usize;
        let covered = of_reason.iter().flatten().map(|(_, covered)| u64::from(*covered)).sum();
        let mut reason = reasons[reason].clone();
        if let Reason::Passage { coverage, .. } = &mut reason {
            *coverage = Ratio::new(covered, tokens as u64);
        }
        removals.push(Removal { document, span: Some(Span { start, end }), reason, tokens: tokens as u32 });
        first = next;
    }
    removals
}
