//! The planted corpora, and the record of what was planted: places in texts that repeat each other, and pairs of texts.
//!
//! Kinds of repetition live in pages of their own (hosts of sentences, doubled pages, pages of sites, stories with
//! versions, one story a thousand times, pages that repeat nothing), but in one corpus: what is common in one kind
//! must not be taken for furniture, family or candidate in another.

use std::ops::Range;

use super::change;
use super::language::{Language, capitalise};
use super::page::{Block, Document, Page, Part, Placed};
use super::prose::{Sentence, Writer};
use super::random::Random;

/// What was done to a passage that stands in two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A sentence of 8 words and more, word for word in another text.
    Exact,
    /// A sentence of 20 words with so many edits, in another text.
    Edited(usize),
    /// A sentence made into two.
    Split,
    /// Two sentences made into one.
    Merged,
    /// A sentence that changed its place within a paragraph.
    Moved,
    /// 8 to 14 words of a sentence inside another sentence.
    Half,
    /// A body that stands twice in one text.
    DoubledExact,
    /// The same, with one word changed in each of three sentences of the second copy.
    DoubledEdited,
    /// The same, word for word, with other text between the copies.
    DoubledApart,
}

/// A place in a text: sentences that follow each other, or a run of words of one sentence.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) document: usize,
    numbers: Vec<u32>,
    words: Option<Range<usize>>,
}

impl Place {
    /// The byte span, from the first word's first byte to the last word's last.
    pub(crate) fn span(&self, documents: &[Document]) -> Range<usize> {
        let words = &documents[self.document].words;
        let first = &words[&self.numbers[0]];
        let last = &words[&self.numbers[self.numbers.len() - 1]];
        match &self.words {
            Some(range) => first[range.start].start..first[range.end - 1].end,
            None => first[0].start..last[last.len() - 1].end,
        }
    }
}

/// Two places that repeat each other.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) kind: Kind,
    pub(crate) places: [Place; 2],
}

/// How two texts relate as wholes, as far as it was planned; how much they cover each other is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// Versions of one story, most of it in both.
    Versions,
    /// A first version and an update that holds it and much more.
    Update,
    /// Two texts with a part in common, too little to be one.
    Neighbours,
}

/// A corpus with its record.
#[derive(Default)]
pub(crate) struct Planted {
    pub(crate) documents: Vec<Document>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) pairs: Vec<(Relation, [usize; 2])>,
    /// The reprints of the one story.
    pub(crate) reprints: Vec<usize>,
    /// Texts that share nothing with any other.
    pub(crate) unrelated: Vec<usize>,
}

/// How much of each kind to plant.
#[derive(Clone, Copy)]
pub(crate) struct Amounts {
    pub(crate) hosts: usize,
    /// Instances of each kind that is planted in hosts.
    pub(crate) per_kind: usize,
    /// Instances of each kind of doubled body.
    pub(crate) doubled: usize,
    pub(crate) sites: usize,
    /// Pairs of versions, and of neighbours (half as many).
    pub(crate) versions: usize,
    pub(crate) updates: usize,
    pub(crate) reprints: usize,
    pub(crate) unrelated: usize,
}

impl Amounts {
    /// What the planted truth is judged on.
    pub(crate) const FULL: Amounts = Amounts {
        hosts: 1200,
        per_kind: 300,
        doubled: 200,
        sites: 50,
        versions: 400,
        updates: 250,
        reprints: 1000,
        unrelated: 1000,
    };
    /// The same in small, for what compares outputs rather than counts findings.
    pub(crate) const SMALL: Amounts = Amounts {
        hosts: 60,
        per_kind: 10,
        doubled: 8,
        sites: 3,
        versions: 16,
        updates: 10,
        reprints: 40,
        unrelated: 40,
    };
}

/// Plants everything in one corpus.
pub(crate) fn planted(seed: u64, amounts: Amounts, language: &Language) -> Planted {
    let mut maker = Maker::new(seed, language);
    let mut corpus = Planted::default();
    maker.hosts(amounts.hosts, amounts.per_kind, &mut corpus);
    maker.doubled(amounts.doubled, &mut corpus);
    maker.sites(amounts.sites, &mut corpus);
    maker.versions(amounts.versions, &mut corpus);
    maker.updates(amounts.updates, &mut corpus);
    maker.reprints(amounts.reprints, &mut corpus);
    for number in 0..amounts.unrelated {
        let page = maker.unrelated(number);
        corpus.unrelated.push(corpus.documents.len());
        corpus.documents.push(page.render());
    }
    corpus
}

/// Makes pages, and numbers what it writes.
pub(crate) struct Maker<'a> {
    pub(crate) language: &'a Language,
    pub(crate) random: Random,
    written: u32,
    stories: u32,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(seed: u64, language: &'a Language) -> Self {
        Maker { language, random: Random::new(seed), written: 0, stories: 0 }
    }

    pub(crate) fn writer(&mut self) -> Writer<'a> {
        Writer::new(self.language, &mut self.random)
    }

    pub(super) fn number(&mut self) -> u32 {
        self.written += 1;
        self.written
    }

    pub(crate) fn story(&mut self) -> u32 {
        self.stories += 1;
        self.stories
    }

    /// A sentence that stands nowhere else, with an origin of its own.
    pub(crate) fn fresh(&mut self, sentence: Sentence) -> Placed {
        let number = self.number();
        let part = Part { from: 0, to: sentence.words.len(), origin: number };
        Placed { number, sentence, parts: vec![part] }
    }

    /// A sentence made from another: a new place, the old origin.
    pub(super) fn derived(&mut self, from: &Placed, sentence: Sentence) -> Placed {
        let part = Part { from: 0, to: sentence.words.len(), origin: from.parts[0].origin };
        Placed { number: self.number(), sentence, parts: vec![part] }
    }

    /// The same sentences in another place.
    pub(crate) fn again(&mut self, paragraphs: &[Vec<Placed>]) -> Vec<Vec<Placed>> {
        paragraphs
            .iter()
            .map(|sentences| {
                sentences.iter().map(|placed| Placed { number: self.number(), ..placed.clone() }).collect()
            })
            .collect()
    }

    pub(crate) fn edited(&mut self, placed: &Placed, edits: usize) -> Placed {
        let sentence = change::edit(&placed.sentence, edits, self.language, &mut self.random);
        self.derived(placed, sentence)
    }

    pub(crate) fn fresh_sentence(&mut self, writer: &Writer<'_>) -> Placed {
        let sentence = writer.sentence(&mut self.random);
        self.fresh(sentence)
    }

    pub(crate) fn headline(&mut self, writer: &Writer<'_>) -> Placed {
        let headline = writer.headline(&mut self.random);
        self.fresh(headline)
    }

    /// `count` fresh sentences in paragraphs of one to four.
    pub(crate) fn paragraphs(&mut self, count: usize, writer: &Writer<'_>) -> Vec<Vec<Placed>> {
        let mut paragraphs = Vec::new();
        let mut left = count;
        while left > 0 {
            let length = self.random.between(1, 4).min(left);
            paragraphs.push((0..length).map(|_| self.fresh_sentence(writer)).collect());
            left -= length;
        }
        paragraphs
    }

    pub(super) fn day(&mut self) -> u32 {
        self.random.below(900) as u32
    }

    /// A page of fresh text.
    pub(crate) fn unrelated(&mut self, number: usize) -> Page {
        let writer = self.writer();
        let mut blocks = vec![Block::Paragraph(vec![self.headline(&writer)])];
        let count = self.random.between(4, 24);
        blocks.extend(self.paragraphs(count, &writer).into_iter().map(Block::Paragraph));
        let source = Some(format!("outlet-{:02}", self.random.below(40)));
        Page { id: format!("unrelated-{number:05}"), source, day: self.day(), blocks, story: None }
    }

    /// Pages with sentences of each other in them.
    fn hosts(&mut self, count: usize, per_kind: usize, corpus: &mut Planted) {
        let first = corpus.documents.len();
        let writers: Vec<Writer<'_>> = (0..count).map(|_| self.writer()).collect();
        // Each host is a list of paragraphs, each paragraph a list of groups that nothing may be put into.
        let mut hosts: Vec<Vec<Vec<Vec<Placed>>>> = Vec::with_capacity(count);
        for writer in &writers {
            let sentences = self.random.between(10, 15);
            let paragraphs = self.paragraphs(sentences, writer);
            hosts.push(
                paragraphs.into_iter().map(|paragraph| paragraph.into_iter().map(|one| vec![one]).collect()).collect(),
            );
        }
        let mut kinds = vec![Kind::Exact, Kind::Split, Kind::Merged, Kind::Moved, Kind::Half];
        kinds.extend((1..=5).map(Kind::Edited));
        let mut turn = 0;
        for _ in 0..per_kind {
            for &kind in &kinds {
                let source = turn % count;
                turn += 1;
                // Never the same two hosts often: the partner's distance grows with each round.
                let target = (source + 1 + (turn * 7 + turn / count) % (count - 1)) % count;
                let (original, copy, places) = self.passage(kind, &writers[source], &writers[target]);
                self.put(&mut hosts[source], original, kind);
                self.put(&mut hosts[target], copy, kind);
                let [(from_numbers, from_words), (to_numbers, to_words)] = places;
                corpus.instances.push(Instance {
                    kind,
                    places: [
                        Place { document: first + source, numbers: from_numbers, words: from_words },
                        Place { document: first + target, numbers: to_numbers, words: to_words },
                    ],
                });
            }
        }
        for (number, (host, writer)) in hosts.into_iter().zip(&writers).enumerate() {
            let mut blocks = vec![Block::Paragraph(vec![self.headline(writer)])];
            blocks
                .extend(host.into_iter().map(|paragraph| Block::Paragraph(paragraph.into_iter().flatten().collect())));
            let source = Some(format!("outlet-{:02}", self.random.below(40)));
            let page = Page { id: format!("host-{number:05}"), source, day: self.day(), blocks, story: None };
            corpus.documents.push(page.render());
        }
    }

    /// Puts a group of sentences somewhere into a host; a moved sentence's paragraph stays a paragraph.
    fn put(&mut self, host: &mut Vec<Vec<Vec<Placed>>>, group: Vec<Placed>, kind: Kind) {
        if kind == Kind::Moved {
            let place = self.random.between(0, host.len());
            host.insert(place, vec![group]);
        } else {
            let paragraph = self.random.between(0, host.len() - 1);
            let place = self.random.between(0, host[paragraph].len());
            host[paragraph].insert(place, group);
        }
    }

    /// An original, a copy of the kind, and where the repetition lies in each: sentence numbers and a run of words.
    #[allow(clippy::type_complexity, reason = "taken apart at once by the one caller")]
    fn passage(
        &mut self,
        kind: Kind,
        writer: &Writer<'_>,
        elsewhere: &Writer<'_>,
    ) -> (Vec<Placed>, Vec<Placed>, [(Vec<u32>, Option<Range<usize>>); 2]) {
        let numbers = |group: &[Placed]| group.iter().map(|placed| placed.number).collect::<Vec<u32>>();
        let (original, copy) = match kind {
            Kind::Edited(edits) => {
                // 20 words are to be 20 tokens, so that an edit is an edit of one.
                let mut sentence = writer.sentence_of(20, &mut self.random);
                while sentence.words.iter().any(|word| word.text.contains('-')) {
                    sentence = writer.sentence_of(20, &mut self.random);
                }
                let original = self.fresh(sentence);
                let copy = self.edited(&original, edits);
                (vec![original], vec![copy])
            }
            Kind::Split => {
                let length = self.random.between(22, 34);
                let sentence = writer.sentence_of(length, &mut self.random);
                let original = self.fresh(sentence);
                let at = self.random.between(9, length - 9);
                let copy = change::split(&original.sentence, at).map(|half| self.derived(&original, half));
                (vec![original], copy.to_vec())
            }
            Kind::Merged => {
                let lengths = [self.random.between(8, 16), self.random.between(8, 16)];
                let original = lengths.map(|length| {
                    let sentence = writer.sentence_of(length, &mut self.random);
                    self.fresh(sentence)
                });
                let (sentence, border) = change::merge(&original[0].sentence, &original[1].sentence);
                let parts = vec![
                    Part { from: 0, to: border, origin: original[0].parts[0].origin },
                    Part { from: border, to: sentence.words.len(), origin: original[1].parts[0].origin },
                ];
                let copy = Placed { number: self.number(), sentence, parts };
                (original.to_vec(), vec![copy])
            }
            Kind::Moved => {
                let original: Vec<Placed> = (0..5)
                    .map(|_| {
                        let length = self.random.between(10, 24);
                        let sentence = writer.sentence_of(length, &mut self.random);
                        self.fresh(sentence)
                    })
                    .collect();
                let mut copy: Vec<Placed> =
                    original.iter().map(|placed| self.derived(placed, placed.sentence.clone())).collect();
                copy.rotate_left(1);
                let places = [(vec![original[0].number], None), (vec![copy[4].number], None)];
                return (original, copy, places);
            }
            Kind::Half => {
                let length = self.random.between(18, 30);
                let sentence = writer.sentence_of(length, &mut self.random);
                let original = self.fresh(sentence);
                let run = if self.random.chance(1, 3) { 8 } else { self.random.between(9, 14) };
                let from = match self.random.below(3) {
                    0 => 0,
                    1 => length - run,
                    _ => self.random.between(1, length - run - 1),
                };
                let (copy, at) = self.inlay(&original, from..from + run, elsewhere);
                let places = [(vec![original.number], Some(from..from + run)), (vec![copy.number], Some(at..at + run))];
                return (vec![original], vec![copy], places);
            }
            _ => {
                // Shorter ones are not reported across documents.
                let length = self.random.between(8, 35);
                let sentence = writer.sentence_of(length, &mut self.random);
                let original = self.fresh(sentence);
                let copy = self.derived(&original, original.sentence.clone());
                (vec![original], vec![copy])
            }
        };
        let places = [(numbers(&original), None), (numbers(&copy), None)];
        (original, copy, places)
    }

    /// A fresh sentence with a run of another's words inside, and the place of the run.
    fn inlay(&mut self, from: &Placed, run: Range<usize>, writer: &Writer<'_>) -> (Placed, usize) {
        let length = self.random.between(8, 16);
        let around = writer.sentence_of(length, &mut self.random);
        let at = self.random.between(3, length - 2);
        let mut words = around.words[..at].to_vec();
        words.extend(from.sentence.words[run.clone()].iter().cloned());
        words.extend(around.words[at..].iter().cloned());
        let number = self.number();
        let parts = vec![
            Part { from: 0, to: at, origin: number },
            Part { from: at, to: at + run.len(), origin: from.parts[0].origin },
            Part { from: at + run.len(), to: words.len(), origin: number },
        ];
        (Placed { number, sentence: Sentence { words, end: around.end }, parts }, at)
    }

    /// Pages whose body stands twice.
    fn doubled(&mut self, per_kind: usize, corpus: &mut Planted) {
        for number in 0..per_kind {
            for kind in [Kind::DoubledExact, Kind::DoubledEdited, Kind::DoubledApart] {
                let writer = self.writer();
                let headline = self.headline(&writer);
                let count = self.random.between(5, 14);
                let body = self.paragraphs(count, &writer);
                let mut copy = self.again(&body);
                if kind == Kind::DoubledEdited {
                    // Inside sentences, so that the borders of the copies stay to be found.
                    for place in self.random.sample(count, 3) {
                        let placed = copy.iter_mut().flatten().nth(place).expect("the body has so many sentences");
                        placed.sentence = change::substitute(&placed.sentence, 1, 2, self.language, &mut self.random);
                    }
                }
                let between = if kind == Kind::DoubledApart {
                    let count = self.random.between(1, 6);
                    self.paragraphs(count, &writer)
                } else {
                    Vec::new()
                };
                // A headline that comes back before the copy belongs to what is doubled.
                let headlines = [headline.clone(), Placed { number: self.number(), ..headline }];
                let comes_back = self.random.chance(1, 2);
                let places = [0, 1].map(|side| {
                    let body = if side == 0 { &body } else { &copy };
                    let headline = comes_back.then_some(headlines[side].number);
                    let numbers = headline.into_iter().chain(body.iter().flatten().map(|placed| placed.number));
                    Place { document: corpus.documents.len(), numbers: numbers.collect(), words: None }
                });
                let [first_headline, second_headline] = headlines;
                let mut blocks = vec![Block::Paragraph(vec![first_headline])];
                blocks.extend(body.into_iter().chain(between).map(Block::Paragraph));
                if comes_back {
                    blocks.push(Block::Paragraph(vec![second_headline]));
                }
                blocks.extend(copy.into_iter().map(Block::Paragraph));
                let source = Some(format!("outlet-{:02}", self.random.below(40)));
                let id = format!("doubled-{number:04}-{kind:?}");
                corpus.documents.push(Page { id, source, day: self.day(), blocks, story: None }.render());
                corpus.instances.push(Instance { kind, places });
            }
        }
    }

    /// Sites of 8 to 12 pages each, every page with the site's lines above and below its own story.
    fn sites(&mut self, count: usize, corpus: &mut Planted) {
        for site in 0..count {
            let header_lines = self.random.between(3, 6);
            let footer_lines = self.random.between(4, 8);
            let header: Vec<String> = (0..header_lines).map(|_| self.furniture_line()).collect();
            let footer: Vec<String> = (0..footer_lines).map(|_| self.furniture_line()).collect();
            for page in 0..self.random.between(8, 12) {
                let writer = self.writer();
                let mut blocks: Vec<Block> = header.iter().cloned().map(Block::Furniture).collect();
                blocks.push(Block::Paragraph(vec![self.headline(&writer)]));
                let byline =
                    format!("By {} {}", self.language.name(&mut self.random), self.language.name(&mut self.random));
                blocks.push(Block::Neutral(byline));
                let sentences = self.random.between(4, 16);
                blocks.extend(self.paragraphs(sentences, &writer).into_iter().map(Block::Paragraph));
                blocks.extend(footer.iter().cloned().map(Block::Furniture));
                let source = Some(format!("site-{site:02}.example"));
                let id = format!("site-{site:02}-{page:02}");
                corpus.documents.push(Page { id, source, day: self.day(), blocks, story: None }.render());
            }
        }
    }

    /// A line such as sites have: a menu, a bar, a notice, an invitation, a copyright.
    fn furniture_line(&mut self) -> String {
        match self.random.below(6) {
            0 => self.menu_word(),
            1 => (0..4).map(|_| self.menu_word()).collect::<Vec<_>>().join(" | "),
            2 => format!("{} {} {}", self.menu_word(), self.menu_word(), self.menu_word()),
            3 => {
                let year = self.random.between(2015, 2024);
                format!("© {year} {} {} Media. All rights reserved.", self.menu_word(), self.menu_word())
            }
            _ => {
                let writer = self.writer();
                let length = self.random.between(8, 24);
                let sentence = writer.sentence_of(length, &mut self.random);
                sentence.render()
            }
        }
    }

    fn menu_word(&mut self) -> String {
        capitalise(self.language.word(&mut self.random))
    }
}
