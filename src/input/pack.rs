//! Compression on the way out: what [`stream`](super::stream) undoes.
//!
//! Each at its program's default level. Times and names are left out of headers, so that equal contents give equal files.

use std::io::{self, Write};

use super::format::Compression;

/// Packs what is written to it.
pub(crate) struct Packer<W: Write> {
    state: State<W>,
}

enum State<W: Write> {
    Plain(W),
    Gzip(flate2::write::GzEncoder<W>),
    Zstd(zstd::stream::write::Encoder<'static, W>),
    Bzip2(bzip2::write::BzEncoder<W>),
    Xz(Box<lzma_rust2::XzWriter<W>>),
    /// Between two gzip members: the next begins when something is written.
    Between(W),
    /// After a failure.
    #[cfg_attr(not(feature = "warc"), allow(dead_code, reason = "for web archives"))]
    Empty,
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(out: W, compression: Compression) -> io::Result<Self> {
        let state = match compression {
            Compression::None => State::Plain(out),
            Compression::Gzip => State::Gzip(gzip(out)),
            Compression::Zstd => State::Zstd(zstd::stream::write::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            Compression::Bzip2 => State::Bzip2(bzip2::write::BzEncoder::new(out, bzip2::Compression::best())),
            Compression::Xz => {
                State::Xz(Box::new(lzma_rust2::XzWriter::new(out, lzma_rust2::XzOptions::with_preset(6))?))
            }
        };
        Ok(Packer { state })
    }

    /// Ends a gzip member; nothing in other forms. Readers of web archives go to a record by the
    /// place of its member.
    #[cfg_attr(not(feature = "warc"), allow(dead_code, reason = "for web archives"))]
    pub(super) fn end_member(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.state, State::Empty) {
            State::Gzip(encoder) => self.state = State::Between(encoder.finish()?),
            other => self.state = other,
        }
        Ok(())
    }

    /// Writes what is left, and gives back where it went.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self.state {
            State::Plain(out) | State::Between(out) => Ok(out),
            State::Gzip(encoder) => encoder.finish(),
            State::Zstd(encoder) => encoder.finish(),
            State::Bzip2(encoder) => encoder.finish(),
            State::Xz(encoder) => encoder.finish(),
            State::Empty => Err(failed()),
        }
    }
}

fn gzip<W: Write>(out: W) -> flate2::write::GzEncoder<W> {
    flate2::GzBuilder::new().mtime(0).write(out, flate2::Compression::default())
}

fn failed() -> io::Error {
    io::Error::other("an earlier write failed")
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if matches!(self.state, State::Between(_))
            && let State::Between(out) = std::mem::replace(&mut self.state, State::Empty)
        {
            self.state = State::Gzip(gzip(out));
        }
        match &mut self.state {
            State::Plain(out) | State::Between(out) => out.write(bytes),
            State::Gzip(encoder) => encoder.write(bytes),
            State::Zstd(encoder) => encoder.write(bytes),
            State::Bzip2(encoder) => encoder.write(bytes),
            State::Xz(encoder) => encoder.write(bytes),
            State::Empty => Err(failed()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Plain(out) | State::Between(out) => out.flush(),
            // What a packer holds back belongs to it until the end.
            _ => Ok(()),
        }
    }
}
