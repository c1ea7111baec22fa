//! How a text is written in the bytes that it was read from: escapes, doubled quotation marks, entities, tags between
//! the words, another encoding.
//!
//! **Idea.** Whoever removes a part of a text from a file has to know which bytes write it. All formats are alike in
//! this: a text is a row of runs, each written by bytes of its own, in the same order. In a *literal* run each byte of
//! the text is written by one byte, so that it can be cut anywhere; any other run (an escape, an entity, a character of
//! another encoding) goes whole or not at all. Bytes between two runs belong to no text (tags, say) and always stay;
//! text that no bytes write (the line break between two blocks of a page) goes without a trace.
//!
//! **Cost.** One run for each change between literal bytes and others. Cutting is linear in runs and spans.

use std::ops::Range;

/// Where the pieces of a text stand in bytes. The text's offsets are those of its UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    runs: Vec<Run>,
    /// Bytes of text so far.
    length: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    text: Range<usize>,
    bytes: Range<usize>,
}

impl Run {
    fn is_literal(&self) -> bool {
        self.text.len() == self.bytes.len()
    }
}

impl Spelling {
    /// The spelling of a text that is written as it is, from some byte on.
    #[cfg(test)]
    pub(super) fn literal(start: usize, length: usize) -> Self {
        let mut spelling = Spelling::default();
        spelling.push_literal(start, length);
        spelling
    }

    /// Bytes of text that are spelled.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The next bytes of the text are written as they are.
    pub(super) fn push_literal(&mut self, start: usize, length: usize) {
        if let Some(last) = self.runs.last_mut()
            && last.is_literal()
            && last.bytes.end == start
        {
            last.text.end += length;
            last.bytes.end += length;
        } else if length > 0 {
            self.runs.push(Run { text: self.length..self.length + length, bytes: start..start + length });
        }
        self.length += length;
    }

    /// The next bytes of the text, as many as `length`, are written by these bytes together; by none if the range is
    /// empty.
    pub(super) fn push(&mut self, length: usize, bytes: Range<usize>) {
        if length == bytes.len() && length == 1 {
            return self.push_literal(bytes.start, length);
        }
        self.runs.push(Run { text: self.length..self.length + length, bytes });
        self.length += length;
    }

    /// Where a byte of the text is written; the end of the bytes for the end of the text.
    pub(super) fn place_of(&self, byte: usize) -> usize {
        let run = self.runs.partition_point(|run| run.text.end <= byte);
        match self.runs.get(run) {
            Some(run) if run.is_literal() => run.bytes.start + byte.saturating_sub(run.text.start),
            Some(run) => run.bytes.start,
            None => self.runs.last().map_or(0, |last| last.bytes.end),
        }
    }

    /// The first byte of the text that is written at some place or behind it.
    pub(super) fn text_behind(&self, place: usize) -> usize {
        let run = self.runs.partition_point(|run| run.bytes.end <= place);
        match self.runs.get(run) {
            Some(run) if run.is_literal() => run.text.start + place.saturating_sub(run.bytes.start),
            Some(run) => run.text.start,
            None => self.length,
        }
    }

    /// The bytes that write some parts of the text, given and returned in order and apart from each other. Parts begin
    /// and end at characters.
    pub(super) fn locate(&self, parts: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut located: Vec<Range<usize>> = Vec::new();
        let mut from = 0;
        for part in parts {
            // Runs are in order, and so are parts.
            from += self.runs[from..].partition_point(|run| run.text.end <= part.start);
            for run in self.runs[from..].iter().take_while(|run| run.text.start < part.end) {
                let bytes = if run.is_literal() {
                    let start = part.start.max(run.text.start) - run.text.start;
                    let end = part.end.min(run.text.end) - run.text.start;
                    run.bytes.start + start..run.bytes.start + end
                } else {
                    run.bytes.clone()
                };
                match located.last_mut() {
                    Some(last) if last.end >= bytes.start => last.end = last.end.max(bytes.end),
                    _ if bytes.is_empty() => {}
                    _ => located.push(bytes),
                }
            }
        }
        located
    }
}

/// The bytes that write some parts of a text that is written in another one, and so on: the innermost spelling first.
pub(super) fn locate_through(spellings: &[Spelling], parts: &[Range<usize>]) -> Vec<Range<usize>> {
    spellings.iter().fold(parts.to_vec(), |parts, spelling| spelling.locate(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "a list of one part")]
    fn escapes_go_whole_and_what_is_between_stays() {
        // `a&amp;b<p>cd`, whose text is `a&b\ncd`.
        let mut spelling = Spelling::literal(0, 1);
        spelling.push(1, 1..6);
        spelling.push_literal(6, 1);
        spelling.push(1, 10..10);
        spelling.push_literal(10, 2);
        assert_eq!(spelling.len(), 6);
        assert_eq!(spelling.locate(&[1..2]), [1..6]);
        assert_eq!(spelling.locate(&[0..5]), [0..7, 10..11]);
        assert_eq!(spelling.locate(&[0..1, 4..6]), [0..1, 10..12]);
        assert!(spelling.locate(&[3..4]).is_empty());
    }

    proptest! {
        /// The twin: every byte of text with the bytes that write it.
        #[test]
        fn what_is_located_writes_the_parts(
            runs in prop::collection::vec((0usize..4, 1usize..5, any::<bool>(), 0usize..3), 0..30),
            cuts in prop::collection::btree_set(0usize..120, 0..8),
        ) {
            let (mut spelling, mut twin, mut at) = (Spelling::default(), Vec::new(), 0);
            for (gap, length, literal, written) in runs {
                at += gap;
                if literal {
                    spelling.push_literal(at, length);
                    twin.extend((at..at + length).map(|byte| byte..byte + 1));
                    at += length;
                } else {
                    // One character.
                    let written = written * 3;
                    spelling.push(1, at..at + written);
                    twin.push(at..at + written);
                    at += written;
                }
            }
            prop_assert_eq!(spelling.len(), twin.len());
            let cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut <= twin.len()).collect();
            let parts: Vec<Range<usize>> = cuts.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
            let mut expected: Vec<usize> = parts.iter().flat_map(|part| twin[part.clone()].iter().cloned().flatten()).collect();
            expected.sort_unstable();
            let located: Vec<usize> = spelling.locate(&parts).into_iter().flatten().collect();
            prop_assert_eq!(located, expected);
        }
    }
}
