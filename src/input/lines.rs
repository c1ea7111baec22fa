//! Batches of whole lines from a stream of bytes, and the lines of a batch.
//!
//! A batch is as many bytes as were asked for, cut after the last line end among them; what follows the cut begins the
//! next batch. A line longer than a batch makes the batch grow (by doubling, and only the new bytes are searched), so a
//! line of any length is read in linear time, and memory is one batch or one line, whichever is more.

use std::io::{self, Cursor, Read};
use std::mem;

use encoding_rs::{CoderResult, Decoder, Encoding};
use memchr::{memchr, memchr_iter, memrchr};

/// The least that is asked of the stream at a time, in bytes.
const LEAST: usize = 64 * 1024;

/// The most that a long line's batch grows by at a time, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// Some whole lines.
#[derive(Debug)]
pub(super) struct Batch {
    /// The lines with their ends; the last one of the stream may have none.
    pub(super) bytes: Vec<u8>,
    /// Where they stand in the stream.
    pub(super) start: u64,
    /// The number of the first line, from 1.
    pub(super) first_line: u64,
    /// Why nothing follows although the stream has not come to its end.
    pub(super) damage: Option<Damage>,
}

/// Why a stream of lines stops early.
#[derive(Debug)]
pub(super) struct Damage {
    /// The line that is lost, or the first of those that are.
    pub(super) line: u64,
    /// What happened.
    pub(super) cause: Cause,
}

/// What happened to a stream of lines.
#[derive(Debug)]
pub(super) enum Cause {
    /// The stream cannot be read any further.
    Stream(io::Error),
    /// A line is longer than any may be.
    LongLine,
}

/// Cuts a stream into batches.
pub(super) struct Batches<R> {
    input: R,
    carry: Vec<u8>,
    size: usize,
    longest: u64,
    start: u64,
    line: u64,
    finished: bool,
}

impl<R: Read> Batches<R> {
    /// Batches of about `size` bytes from what was already read (`head`, which stands at `start`) and the rest of the
    /// stream.
    pub(super) fn new(head: Vec<u8>, start: u64, input: R, size: usize, longest: u64) -> Self {
        Batches { input, carry: head, size: size.max(1), longest, start, line: 1, finished: false }
    }

    /// The next batch; `None` after the last one.
    pub(super) fn next(&mut self) -> Option<Batch> {
        if self.finished {
            return None;
        }
        let mut bytes = mem::take(&mut self.carry);
        let mut cut = memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
        let mut cause = None;
        while bytes.len() < self.size || cut == 0 {
            if (bytes.len() - cut) as u64 > self.longest {
                cause = Some(Cause::LongLine);
                self.finished = true;
                break;
            }
            let before = bytes.len();
            let wanted = self.size.saturating_sub(before).max(before.min(MOST)).max(LEAST);
            // Nothing is reserved for a stream that turns out to be short: `read_to_end` grows with what comes.
            let result = self.input.by_ref().take(wanted as u64).read_to_end(&mut bytes);
            if let Some(at) = bytes.get(before..).and_then(|new| memrchr(b'\n', new)) {
                cut = before + at + 1;
            }
            match result {
                Ok(0) => {
                    cut = bytes.len();
                    self.finished = true;
                    break;
                }
                Ok(_) => {}
                Err(error) => {
                    cause = Some(Cause::Stream(error));
                    self.finished = true;
                    break;
                }
            }
        }
        if !self.finished {
            self.carry = bytes.split_off(cut);
        } else {
            bytes.truncate(cut);
        }
        let (start, first_line) = (self.start, self.line);
        self.start += bytes.len() as u64;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        let damage = cause.map(|cause| Damage { line: self.line, cause });
        (!bytes.is_empty() || damage.is_some()).then_some(Batch { bytes, start, first_line, damage })
    }
}

/// Cuts whole lines into pieces of about `size` bytes, each with the number of its first line.
pub(super) fn pieces(bytes: &[u8], first_line: u64, size: usize) -> Vec<(u64, &[u8])> {
    let mut pieces = Vec::with_capacity(bytes.len() / size.max(1) + 1);
    let mut rest = bytes;
    let mut line = first_line;
    while !rest.is_empty() {
        let least = size.clamp(1, rest.len());
        let cut = rest.get(least - 1..).and_then(|tail| memchr(b'\n', tail)).map_or(rest.len(), |at| least + at);
        let (piece, after) = rest.split_at(cut);
        pieces.push((line, piece));
        line += memchr_iter(b'\n', piece).count() as u64;
        rest = after;
    }
    pieces
}

/// The lines of a piece with their numbers, without their ends.
pub(super) fn numbered(piece: &[u8], first_line: u64) -> impl Iterator<Item = (u64, &[u8])> {
    let mut rest = Some(piece).filter(|piece| !piece.is_empty());
    (first_line..).map_while(move |number| {
        let bytes = rest?;
        let (line, after) = match memchr(b'\n', bytes) {
            Some(at) => (bytes.get(..at), bytes.get(at + 1..)),
            None => (Some(bytes), None),
        };
        rest = after.filter(|after| !after.is_empty());
        line.map(|line| (number, line))
    })
}

/// A stream in another encoding, as UTF-8. Malformed sequences become U+FFFD.
pub(super) struct Transcoded<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    ready: Cursor<Vec<u8>>,
    finished: bool,
}

impl<R: Read> Transcoded<R> {
    /// Decodes a stream; a byte order mark is text here, so it has to be cut off before.
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Transcoded { input, decoder, raw: Vec::new(), ready: Cursor::default(), finished: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut text = mem::take(&mut self.ready).into_inner();
        self.raw.clear();
        // What came before an error is decoded first; the error comes again when the stream is asked again, or it was
        // a passing one.
        let count = self.input.by_ref().take(LEAST as u64).read_to_end(&mut self.raw)?;
        self.finished = count == 0;
        // UTF-16 grows by half at most, and the decoder is never left without room.
        text.resize(self.decoder.max_utf8_buffer_length(count).unwrap_or(LEAST * 4), 0);
        let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw, &mut text, self.finished);
        debug_assert!(result == CoderResult::InputEmpty && read == count);
        text.truncate(written);
        self.ready = Cursor::new(text);
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.ready.read(buffer)?;
            if count > 0 || buffer.is_empty() || self.finished {
                return Ok(count);
            }
            self.refill()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_16LE;
    use proptest::prelude::*;

    use super::*;

    /// A stream that gives a few bytes at a time, and perhaps an error at the end.
    struct Drips<'a> {
        bytes: &'a [u8],
        step: usize,
        fails: bool,
    }

    impl Read for Drips<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.bytes.is_empty() && self.fails {
                return Err(io::Error::other("gone"));
            }
            let count = self.step.min(buffer.len()).min(self.bytes.len());
            let (now, later) = self.bytes.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.bytes = later;
            Ok(count)
        }
    }

    type Lines = Vec<(u64, Vec<u8>)>;

    /// All lines by way of batches and pieces, and the line at which the damage begins.
    fn by_batches(input: impl Read, head: &[u8], size: usize, longest: u64) -> (Lines, Option<u64>) {
        let mut batches = Batches::new(head.to_vec(), 0, input, size, longest);
        let (mut lines, mut damage): (Lines, _) = (Vec::new(), None);
        while let Some(batch) = batches.next() {
            assert!(damage.is_none());
            damage = batch.damage.map(|damage| damage.line);
            assert_eq!(batch.start, lines.iter().map(|(_, line)| line.len() as u64 + 1).sum::<u64>());
            for (first, piece) in pieces(&batch.bytes, batch.first_line, size / 3) {
                lines.extend(numbered(piece, first).map(|(number, line)| (number, line.to_vec())));
            }
        }
        (lines, damage)
    }

    /// The lines by the standard library; the bytes after the last line end are no line if the stream broke there.
    fn naively(bytes: &[u8], broken: bool) -> Lines {
        let whole =
            if broken { bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1) } else { bytes.len() };
        let mut lines: Vec<Vec<u8>> = bytes[..whole].split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        if lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        (1..).zip(lines).collect()
    }

    proptest! {
        #[test]
        fn lines_are_the_same_wherever_batches_end(
            bytes in prop::collection::vec(prop_oneof![1 => Just(b'\n'), 4 => any::<u8>()], 0..400),
            size in 1_usize..100, step in 1_usize..50, head in 0_usize..60, fails: bool,
        ) {
            let (head, rest) = bytes.split_at(head.min(bytes.len()));
            let (lines, damage) = by_batches(Drips { bytes: rest, step, fails }, head, size, u64::MAX);
            let expected = naively(&bytes, fails);
            prop_assert_eq!(damage, fails.then_some(expected.len() as u64 + 1));
            prop_assert_eq!(lines, expected);
        }
    }

    #[test]
    fn a_line_that_is_too_long_ends_the_reading() {
        let bytes = [b"one\ntwo\n".to_vec(), vec![b'x'; 500_000], b"\nthree\n".to_vec()].concat();
        let (lines, damage) = by_batches(bytes.as_slice(), b"", 10, 100_000);
        assert_eq!(lines, naively(b"one\ntwo\n", false));
        assert_eq!(damage, Some(3));
        let (lines, damage) = by_batches(bytes.as_slice(), b"", 10, 1_000_000);
        assert_eq!((lines.len(), damage), (4, None));
    }

    #[test]
    fn a_stream_of_utf_16_reads_as_utf_8() {
        let text = "Zoë 𝄞 大臣\n".repeat(20_000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for step in [1, 7, 100_000] {
            let mut read = String::new();
            let input = Drips { bytes: &bytes, step, fails: false };
            Transcoded::new(input, UTF_16LE).read_to_string(&mut read).unwrap();
            assert!(read == text);
        }
        let mut read = Vec::new();
        let input = Drips { bytes: &bytes[..bytes.len() - 1], step: 5, fails: false };
        Transcoded::new(input, UTF_16LE).read_to_end(&mut read).unwrap();
        assert!(read.ends_with("大臣\u{fffd}".as_bytes()));
    }
}
