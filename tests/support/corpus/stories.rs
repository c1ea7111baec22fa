//! Texts that repeat each other as wholes: versions of a story, updates that hold the first version, reprints by many.

use super::change;
use super::page::{Block, Page, Placed};
use super::plant::{Maker, Planted, Relation};
use super::prose::Writer;

/// A story that is to be reprinted.
pub(crate) struct Dispatch<'a> {
    writer: Writer<'a>,
    headline: Placed,
    paragraphs: Vec<Vec<Placed>>,
    outlets: Vec<String>,
    story: u32,
}

impl<'a> Maker<'a> {
    /// Stories in two versions, one in four in three; and pairs of texts with only a third to a half in common.
    pub(super) fn versions(&mut self, pairs: usize, corpus: &mut Planted) {
        for number in 0..pairs {
            let share = self.random.pick(&[100, 100, 95, 90, 85, 80]);
            let count = self.random.between(3, 25);
            let copies = if self.random.chance(1, 4) { 2 } else { 1 };
            self.family(&format!("version-{number:05}"), count, share, copies, Relation::Versions, corpus);
        }
        for number in 0..pairs / 2 {
            let share = self.random.between(30, 48);
            let count = self.random.between(12, 25);
            self.family(&format!("neighbour-{number:05}"), count, share, 1, Relation::Neighbours, corpus);
        }
    }

    /// A story and copies that keep `share` percent of its sentences, one in seven of these with an edit or two.
    fn family(
        &mut self,
        name: &str,
        count: usize,
        share: usize,
        copies: usize,
        relation: Relation,
        corpus: &mut Planted,
    ) {
        let writer = self.writer();
        let headline = self.headline(&writer);
        let base = self.paragraphs(count, &writer);
        let story = self.story();
        let first = corpus.documents.len();
        let day = self.day();
        for copy in 0..=copies {
            let (headline, mut paragraphs) = if copy == 0 {
                (headline.clone(), base.clone())
            } else {
                let headline = if self.random.chance(1, 2) {
                    self.headline(&writer)
                } else {
                    Placed { number: self.number(), ..headline.clone() }
                };
                (headline, self.version(&base, count * (100 - share) / 100, &writer))
            };
            if copy > 0 && paragraphs.len() > 3 && self.random.chance(1, 8) {
                let last = paragraphs.len() - 1;
                paragraphs.swap(1, last);
            }
            let mut blocks = vec![Block::Paragraph(vec![headline])];
            blocks.extend(paragraphs.into_iter().map(Block::Paragraph));
            let source = Some(format!("outlet-{:02}", self.random.below(40)));
            let day = day + copy as u32;
            let page = Page { id: format!("{name}-{copy}"), source, day, blocks, story: Some(story) };
            corpus.documents.push(page.render());
        }
        for left in 0..=copies {
            for right in left + 1..=copies {
                corpus.pairs.push((relation, [first + left, first + right]));
            }
        }
    }

    /// A copy with `replaced` sentences written afresh and a few others edited.
    fn version(&mut self, base: &[Vec<Placed>], replaced: usize, writer: &Writer<'_>) -> Vec<Vec<Placed>> {
        let mut copy = self.again(base);
        let count = copy.iter().map(Vec::len).sum();
        let gone = self.random.sample(count, replaced);
        for (index, placed) in copy.iter_mut().flatten().enumerate() {
            if gone.binary_search(&index).is_ok() {
                *placed = self.fresh_sentence(writer);
            } else if self.random.chance(1, 7) {
                let edits = self.random.between(1, 2);
                *placed = self.edited(placed, edits);
            }
        }
        copy
    }

    /// First versions, and updates that hold them with as much again, or nearly twice as much, around them.
    pub(super) fn updates(&mut self, count: usize, corpus: &mut Planted) {
        for number in 0..count {
            let writer = self.writer();
            let headline = self.headline(&writer);
            let sentences = self.random.between(5, 12);
            let base = self.paragraphs(sentences, &writer);
            let mut held = self.again(&base);
            for _ in 0..self.random.between(0, 2) {
                let index = self.random.between(0, sentences - 1);
                let placed = held.iter_mut().flatten().nth(index).expect("the story has so many sentences");
                *placed = self.edited(placed, 1);
            }
            let more = self.random.between(sentences + 2, sentences * 9 / 5 + 2);
            let mut added = self.paragraphs(more, &writer);
            let paragraphs = match self.random.below(3) {
                0 => held.into_iter().chain(added).collect::<Vec<_>>(),
                1 => added.into_iter().chain(held).collect(),
                _ => {
                    let at = self.random.between(0, added.len());
                    let tail = added.split_off(at);
                    added.into_iter().chain(held).chain(tail).collect()
                }
            };
            let (story, day) = (self.story(), self.day());
            let again = Placed { number: self.number(), ..headline.clone() };
            let first = corpus.documents.len();
            for (version, (headline, paragraphs)) in [(headline, base), (again, paragraphs)].into_iter().enumerate() {
                let mut blocks = vec![Block::Paragraph(vec![headline])];
                blocks.extend(paragraphs.into_iter().map(Block::Paragraph));
                let source = Some(format!("outlet-{:02}", number % 40));
                let id = format!("update-{number:05}-{version}");
                let page = Page { id, source, day: day + version as u32, blocks, story: Some(story) };
                corpus.documents.push(page.render());
            }
            corpus.pairs.push((Relation::Update, [first, first + 1]));
        }
    }

    /// One story of 500 words in many copies.
    pub(super) fn reprints(&mut self, count: usize, corpus: &mut Planted) {
        let dispatch = self.dispatch(500, count.div_ceil(2));
        for number in 0..count {
            let page = self.reprint(&dispatch, number);
            corpus.reprints.push(corpus.documents.len());
            corpus.documents.push(page.render());
        }
    }

    /// A story of at least `words` words, and the outlets that will print it.
    pub(crate) fn dispatch(&mut self, words: usize, outlets: usize) -> Dispatch<'a> {
        let writer = self.writer();
        let headline = self.headline(&writer);
        let mut paragraphs: Vec<Vec<Placed>> = Vec::new();
        let mut written = 0;
        while written < words {
            let mut more = self.paragraphs(2, &writer);
            written += more.iter().flatten().map(|placed| placed.sentence.words.len()).sum::<usize>();
            paragraphs.append(&mut more);
        }
        let outlets = (0..outlets)
            .map(|_| {
                let kind = self.random.pick(&["Gazette", "Herald", "Post", "Courier", "Times", "Tribune"]);
                format!("The {} {kind}", self.language.name(&mut self.random))
            })
            .collect();
        Dispatch { writer, headline, paragraphs, outlets, story: self.story() }
    }

    /// A copy under the outlet's own head: none to six words changed, at times a new headline, or the last sentences
    /// cut. The first copy is the earliest, and unchanged.
    pub(crate) fn reprint(&mut self, dispatch: &Dispatch<'a>, number: usize) -> Page {
        let mut paragraphs = self.again(&dispatch.paragraphs);
        let mut headline = Placed { number: self.number(), ..dispatch.headline.clone() };
        let mut day = 400;
        if number > 0 {
            day += 1 + self.random.below(30) as u32;
            let sentences = paragraphs.iter().map(Vec::len).sum::<usize>();
            for _ in 0..self.random.between(0, 6) {
                let index = self.random.between(0, sentences - 1);
                if let Some(placed) = paragraphs.iter_mut().flatten().nth(index) {
                    let margin = 2.min(placed.sentence.words.len() / 3);
                    placed.sentence = change::substitute(&placed.sentence, 1, margin, self.language, &mut self.random);
                }
            }
            if self.random.chance(1, 4) {
                paragraphs.pop();
            }
            if self.random.chance(1, 3) {
                headline = self.headline(&dispatch.writer);
            }
        }
        let outlet = self.random.pick(&dispatch.outlets);
        let mut blocks = vec![Block::Neutral(outlet.clone()), Block::Paragraph(vec![headline])];
        blocks.extend(paragraphs.into_iter().map(Block::Paragraph));
        let id = format!("reprint-{number:05}");
        Page { id, source: Some(outlet), day, blocks, story: Some(dispatch.story) }
    }
}
