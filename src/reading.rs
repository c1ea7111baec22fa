//! Reading: the documents of a corpus with their texts cut into units and tokens, many at a time.
//!
//! **Idea.** To cut a text a second time costs less than to keep what was cut: a layout takes more memory than its
//! text, and memory that is touched for the first time is slow. So a stage *visits* the documents: it is handed each
//! text with its layout in buffers that serve the next document too, and keeps what little it needs. Stages that ask
//! for any document at any time (passages) have all layouts kept, and are served from them.
//!
//! **Order.** Documents are visited in the order in which they stand in their files, [`STRETCH`] bytes of a file at a
//! time, in parallel. What a stage makes of a stretch is handed to it in that order; nothing depends on threads.
//!
//! **Cost.** Linear in the bytes of the files; one stretch and the longest text for each thread, and
//! what was made of a few stretches for each.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use rayon::prelude::*;

use crate::document::Document;
use crate::progress::Progress;
use crate::text::{Cutter, Layout, lay_out};
use crate::texts::InFile;

/// Bytes of a file that are read at once.
const STRETCH: u64 = 1 << 18;

/// Stretches that are read before anybody is handed what was made of them, at least; a few for each thread.
const AT_ONCE: usize = 32;

/// The documents of a corpus, ready to be read.
pub(crate) struct Reading<'a> {
    pub(crate) documents: &'a [Document],
    /// Ranks in the order of files and places.
    order: Vec<u32>,
    /// All layouts, by rank, if they are kept.
    kept: Option<Vec<Layout>>,
}

/// Buffers of one thread.
#[derive(Default)]
struct Buffers {
    stored: Vec<u8>,
    text: String,
    cutter: Cutter,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

impl<'a> Reading<'a> {
    /// Reads each text when it is asked for.
    pub(crate) fn new(documents: &'a [Document]) -> Self {
        let place = |rank: u32| documents[rank as usize].text.place().map(|place| (place.file.number(), place.start));
        let mut order: Vec<u32> = (0..documents.len() as u32).collect();
        order.par_sort_unstable_by_key(|rank| (place(*rank), *rank));
        Reading { documents, order, kept: None }
    }

    /// Cuts all texts now, and keeps their layouts.
    #[inline(never)] // counted by itself
    pub(crate) fn keep(mut self, progress: &dyn Progress) -> Self {
        let stretches = self.visit(
            |_| true,
            |made: &mut Vec<(u32, Layout)>, rank, _, layout| {
                made.push((rank, layout.clone()));
                progress.advance(1);
            },
        );
        let mut layouts = vec![Layout::default(); self.documents.len()];
        for (rank, layout) in stretches.into_iter().flatten() {
            layouts[rank as usize] = layout;
        }
        self.kept = Some(layouts);
        self
    }

    /// The layouts, if they are kept, by rank.
    pub(crate) fn layouts(&self) -> Option<&[Layout]> {
        self.kept.as_deref()
    }

    /// The layouts that are kept, by rank; none if none are.
    pub(crate) fn into_layouts(self) -> Vec<Layout> {
        self.kept.unwrap_or_default()
    }

    /// Hands `look` each wanted document with its text and layout, and the state of its stretch. Gives the states, in
    /// order.
    pub(crate) fn visit<S: Default + Send>(
        &self,
        is_wanted: impl Fn(u32) -> bool,
        look: impl Fn(&mut S, u32, &str, &Layout) + Sync,
    ) -> Vec<S> {
        let mut states = Vec::new();
        self.visit_in_order(is_wanted, look, |state| states.push(state));
        states
    }

    /// Does the same, and hands the states to `take`, in order: those of some [`AT_ONCE`] stretches are
    /// there at once.
    pub(crate) fn visit_in_order<S: Default + Send>(
        &self,
        is_wanted: impl Fn(u32) -> bool,
        look: impl Fn(&mut S, u32, &str, &Layout) + Sync,
        mut take: impl FnMut(S),
    ) {
        let wanted: Vec<u32> = self.order.iter().copied().filter(|rank| is_wanted(*rank)).collect();
        let visit = |stretch: &Range<usize>| {
            let mut state = S::default();
            self.visit_stretch(&wanted[stretch.clone()], |rank, text, layout| look(&mut state, rank, text, layout));
            state
        };
        for stretches in self.cut(&wanted).chunks(AT_ONCE.max(4 * rayon::current_num_threads())) {
            let states: Vec<S> = stretches.par_iter().map(visit).collect();
            states.into_iter().for_each(&mut take);
        }
    }

    /// Cuts documents into stretches: neighbours in one file.
    fn cut(&self, wanted: &[u32]) -> Vec<Range<usize>> {
        let mut stretches = Vec::new();
        let mut at = 0;
        while at < wanted.len() {
            let first = self.span(wanted[at]);
            let more = wanted[at + 1..].iter().take_while(|rank| {
                let next = self.span(**rank);
                next.0 == first.0 && next.2 - first.1 <= STRETCH
            });
            let end = at + 1 + more.count();
            stretches.push(at..end);
            at = end;
        }
        stretches
    }

    /// File, first byte and end of a document. Documents that are held stand one behind the other in a file of their
    /// own, as it were.
    fn span(&self, rank: u32) -> (Option<usize>, u64, u64) {
        let text = &self.documents[rank as usize].text;
        match text.place() {
            Some(InFile { file, start, stored, .. }) => (Some(file.number()), *start, start + u64::from(*stored)),
            None => (None, u64::from(rank) * (STRETCH / 64), u64::from(rank) * (STRETCH / 64) + text.len() as u64),
        }
    }

    fn visit_stretch(&self, ranks: &[u32], mut look: impl FnMut(u32, &str, &Layout)) {
        self.visit_texts(ranks, |rank, text, cutter| match &self.kept {
            Some(kept) => look(rank, text, &kept[rank as usize]),
            // What a long text needs is not kept for all the others.
            None if text.len() as u64 > STRETCH => look(rank, text, &lay_out(text)),
            None => look(rank, text, cutter.lay_out(text)),
        });
    }

    /// Hands `look` each document of a stretch with its text.
    fn visit_texts(&self, ranks: &[u32], mut look: impl FnMut(u32, &str, &mut Cutter)) {
        // A thread that waits for others inside of `look` may begin another stretch: that one has buffers of its own.
        let Buffers { mut stored, mut text, mut cutter } = BUFFERS.take();
        let (file, start, _) = self.span(ranks[0]);
        let is_filled = file.is_some() && {
            let end = self.span(ranks[ranks.len() - 1]).2;
            stored.resize((end - start) as usize, 0);
            let place = self.documents[ranks[0] as usize].text.place();
            place.is_some_and(|place| place.file.fill(start, &mut stored))
        };
        for rank in ranks {
            let document = &self.documents[*rank as usize].text;
            let whole = match (document.held(), document.place()) {
                (Some(whole), _) => whole,
                (None, Some(place)) if is_filled => {
                    let from = (place.start - start) as usize;
                    place.decode(&stored[from..from + place.stored as usize], &mut text);
                    &text
                }
                (None, Some(place)) => {
                    place.blank(&mut text);
                    &text
                }
                (None, None) => "",
            };
            look(*rank, whole, &mut cutter);
        }
        stored.shrink_to(2 * STRETCH as usize);
        text.shrink_to(2 * STRETCH as usize);
        BUFFERS.set(Buffers { stored, text, cutter });
    }

    /// The text of one document, which is not held from then on.
    pub(crate) fn text_of(document: &Document) -> Cow<'_, str> {
        match (document.text.held(), document.text.place()) {
            (Some(held), _) => Cow::Borrowed(held),
            (None, Some(place)) => Cow::Owned(place.read()),
            (None, None) => Cow::Borrowed(""),
        }
    }

    /// Hands `look` one document with its text and layout.
    pub(crate) fn look<T: Default>(&self, rank: u32, look: impl FnOnce(&str, &Layout) -> T) -> T {
        let (mut look, mut found) = (Some(look), T::default());
        self.visit_stretch(&[rank], |_, text, layout| {
            if let Some(look) = look.take() {
                found = look(text, layout);
            }
        });
        found
    }

    /// The fingerprints of all tokens of one document.
    pub(crate) fn tokens(&self, rank: u32) -> Vec<u32> {
        let mut found = Vec::new();
        self.visit_texts(&[rank], |_, text, cutter| {
            found = match &self.kept {
                Some(kept) => kept[rank as usize].fingerprints.clone(),
                None if text.len() as u64 > STRETCH => Cutter::default().tokens(text).to_vec(),
                None => cutter.tokens(text).to_vec(),
            };
        });
        found
    }
}
