//! Line numbers of byte offsets, for many offsets in any order.
//!
//! **Idea.** Counting line feeds from the top of the text for every offset is quadratic for a long document with many
//! occurrences. Instead the number of line feeds before every 4 KiB block is noted, once for a document and only when
//! it is first asked for; an offset then costs one look-up and a count (`memchr`, vectorised) inside its block.
//!
//! **Complexity.** One pass a document, then at most 4 KiB of counting an offset. **Memory** 4 bytes for every 4 KiB of
//! those documents. A document under 4 KiB needs no notes at all.
//!
//! A line ends with a line feed (so CR LF ends one line); lone carriage returns end none, as in most editors and tools.

use std::cell::RefCell;
use std::rc::Rc;

use ahash::AHashMap;

const BLOCK: usize = 4096;

/// Line numbers for the texts of one corpus.
#[derive(Default)]
pub(crate) struct Lines {
    marks: RefCell<AHashMap<u32, Rc<[u32]>>>,
}

impl Lines {
    /// The line (1-based) that the byte at `offset` of this document stands in. Offsets past the end count as the end.
    pub(crate) fn line(&self, document: u32, text: &str, offset: u32) -> u64 {
        let bytes = text.as_bytes();
        let offset = (offset as usize).min(bytes.len());
        let block = offset / BLOCK;
        let before = if block == 0 {
            0
        } else {
            let marks = self.marks(document, bytes);
            marks.get(block).map_or(0, |&count| u64::from(count))
        };
        1 + before + count(bytes.get(block * BLOCK..offset).unwrap_or_default())
    }

    fn marks(&self, document: u32, bytes: &[u8]) -> Rc<[u32]> {
        if let Some(marks) = self.marks.borrow().get(&document) {
            return Rc::clone(marks);
        }
        let mut feeds = 0;
        let mut marks = Vec::with_capacity(bytes.len() / BLOCK + 2);
        marks.push(0);
        for block in bytes.chunks(BLOCK) {
            feeds += count(block) as u32;
            marks.push(feeds);
        }
        let marks: Rc<[u32]> = marks.into();
        self.marks.borrow_mut().insert(document, Rc::clone(&marks));
        marks
    }
}

fn count(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(text: &str, offset: u32) -> u64 {
        1 + text.bytes().take(offset as usize).filter(|&b| b == b'\n').count() as u64
    }

    #[test]
    fn block_borders() {
        let text = "x\n".repeat(BLOCK);
        let lines = Lines::default();
        for offset in (0..=text.len() as u32).rev() {
            assert_eq!(lines.line(0, &text, offset), 1 + u64::from(offset / 2), "{offset}");
        }
        assert_eq!(lines.line(0, &text, u32::MAX), BLOCK as u64 + 1);
    }

    #[test]
    fn documents_are_told_apart() {
        let (long, other) = ("\n".repeat(10_000), "x".repeat(10_000));
        let lines = Lines::default();
        assert_eq!(lines.line(0, &long, 9_000), 9_001);
        assert_eq!(lines.line(1, &other, 9_000), 1);
        assert_eq!(lines.line(0, &long, 5_000), 5_001);
    }

    proptest! {
        #[test]
        fn same_as_counting(
            pieces in prop::collection::vec(("[a-zé\r]{0,40}", 0usize..200), 0..200),
            offsets in prop::collection::vec(any::<prop::sample::Index>(), 1..50),
        ) {
            let text: String = pieces.iter().map(|(word, feeds)| format!("{word}{}", "\n".repeat(*feeds))).collect();
            let lines = Lines::default();
            for offset in offsets {
                let offset = offset.index(text.len() + 1) as u32;
                prop_assert_eq!(lines.line(7, &text, offset), naive(&text, offset));
            }
        }
    }
}
