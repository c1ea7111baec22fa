//! The bytes of a file with gzip, zstd, bzip2 and xz undone.
//!
//! All are known by their first bytes, whatever the name says: `curl` and web servers rename and unpack as they like.
//! gzip members and zstd frames may follow one another, as `cat a.gz b.gz` makes them. Zero bytes after the last gzip
//! member are padding (tapes, block devices) and are passed over, as `gzip` does; anything else there is an error.
//!
//! A megabyte can be made to unpack to gigabytes that fill the memory. Text does not shrink that much: a stream that has
//! unpacked to more than [`MOST_UNPACKED`] bytes, and to more than [`MOST_GROWTH`] times what it takes on disk, is an
//! error.

use std::fs;
use std::io::{self, BufRead, BufReader, Cursor, Read};
#[cfg(feature = "parquet")]
use std::io::{Seek as _, Write as _};
use std::mem;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

use super::format::{Compression, Kind, MAGIC};
use crate::progress::{Progress, Silent};

/// Bytes to which any stream may unpack: 256 MB.
const MOST_UNPACKED: u64 = 256_000_000;
/// How many times its size on disk a stream may unpack to beyond that.
const MOST_GROWTH: u64 = 200;

/// How many unpacked bytes tell what a file holds.
const FIRST: u64 = 1024;

/// How much is asked of the system at a time, in bytes.
const READ: usize = 128 * 1024;

/// A file's bytes without compression.
pub(crate) type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// An open input.
pub(super) struct Stream<'a> {
    /// Its bytes, decompressed.
    pub(super) bytes: Bytes<'a>,
    /// What was undone.
    pub(super) compression: Compression,
    /// The first bytes as they are on disk, at most six.
    pub(super) first: Vec<u8>,
}

/// Opens a source, telling `progress` of each byte that is read from it (as stored, compressed or not).
pub(super) fn open<'a>(source: impl Read + Send + 'a, progress: &'a dyn Progress) -> io::Result<Stream<'a>> {
    let stored = Arc::new(AtomicU64::new(0));
    let mut source = Counting { source, progress, stored: Arc::clone(&stored) };
    let mut first = Vec::with_capacity(MAGIC);
    source.by_ref().take(MAGIC as u64).read_to_end(&mut first)?;
    let compression = Compression::of(&first);
    let all = Cursor::new(first.clone()).chain(source);
    let packed = |all| BufReader::with_capacity(READ, all);
    let bytes: Bytes = match compression {
        Compression::None => return Ok(Stream { bytes: Box::new(all), compression, first }),
        Compression::Gzip => Box::new(GzipMembers::new(packed(all))),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed(all))?),
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed(all))),
        Compression::Xz => Box::new(lzma_rust2::XzReader::new(packed(all), true)),
    };
    let bytes = Box::new(Bounded { bytes, unpacked: 0, stored });
    Ok(Stream { bytes, compression, first })
}

/// The compression of a file, told by its first bytes.
pub(super) fn compression_of(path: &Path) -> io::Result<Compression> {
    let mut first = Vec::with_capacity(MAGIC);
    // A pipe would lose what is read from it here.
    if fs::metadata(path)?.is_file() {
        fs::File::open(path)?.take(MAGIC as u64).read_to_end(&mut first)?;
    }
    Ok(Compression::of(&first))
}

/// Opens a file for its unpacked bytes.
pub(crate) fn open_unpacked(path: &Path, compression: Compression) -> io::Result<Bytes<'static>> {
    let file = fs::File::open(path)?;
    match compression {
        // What is left of a text may begin like a packed file.
        Compression::None => Ok(Box::new(file)),
        _ => Ok(open(file, &Silent)?.bytes),
    }
}

/// What a file holds, told by its first bytes, unpacked.
pub(super) fn kind_of(path: &Path) -> Option<Kind> {
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut first = Vec::new();
    let stream = open(fs::File::open(path).ok()?, &Silent).ok()?;
    stream.bytes.take(FIRST).read_to_end(&mut first).ok()?;
    Kind::of(&first)
}

/// A stream as a file that can be read at any place; without a name, and gone with the process.
#[cfg(feature = "parquet")]
pub(super) fn spool(head: Vec<u8>, mut rest: impl Read) -> io::Result<fs::File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(&head)?;
    io::copy(&mut rest, &mut file)?;
    file.rewind()?;
    Ok(file)
}

/// Reads `count` bytes ahead onto `head`, or all there are. An error is kept for whoever reads on.
pub(super) fn read_ahead<'a>(head: &mut Vec<u8>, mut bytes: Bytes<'a>, count: usize) -> Bytes<'a> {
    match bytes.by_ref().take(count as u64).read_to_end(head) {
        Ok(_) => bytes,
        Err(error) => Box::new(Broken { error: Some(error) }),
    }
}

/// A stream that is at its end by an error.
struct Broken {
    error: Option<io::Error>,
}

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or(Ok(0), Err)
    }
}

/// Says what is wrong with a stream.
pub(super) fn describe(error: &io::Error, compression: Compression) -> String {
    if let Some(bomb) = error.get_ref().filter(|inner| inner.is::<Bomb>()) {
        return bomb.to_string();
    }
    match (compression, error.kind()) {
        (Compression::None, _) => format!("cannot be read: {error}"),
        (_, io::ErrorKind::UnexpectedEof) => {
            format!("the {} stream is cut off: its end is missing", compression.name())
        }
        // The system's own errors carry a number, a decoder's do not.
        _ if error.raw_os_error().is_some() => format!("cannot be read: {error}"),
        _ => format!("the {} stream is damaged: {error}", compression.name()),
    }
}

/// A stream unpacks to more than any text would.
#[derive(Debug, thiserror::Error)]
#[error(
    "unpacks to more than {} MB, over {MOST_GROWTH} times its size, as no text does: unpack it yourself if it is one",
    MOST_UNPACKED / 1_000_000
)]
struct Bomb;

/// Unpacked bytes, as long as they are in proportion.
struct Bounded<'a> {
    bytes: Bytes<'a>,
    unpacked: u64,
    stored: Arc<AtomicU64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.unpacked += count as u64;
        if self.unpacked > MOST_UNPACKED && self.unpacked / MOST_GROWTH > self.stored.load(Ordering::Relaxed) {
            return Err(io::Error::other(Bomb));
        }
        Ok(count)
    }
}

/// Tells of bytes as they are read.
struct Counting<'a, R> {
    source: R,
    progress: &'a dyn Progress,
    stored: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.progress.advance(count as u64);
        self.stored.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads gzip members one after another.
struct GzipMembers<R: BufRead> {
    state: Member<R>,
}

enum Member<R: BufRead> {
    Inside(Box<GzDecoder<R>>),
    Between(R),
    Finished,
}

impl<R: BufRead> GzipMembers<R> {
    fn new(source: R) -> Self {
        GzipMembers { state: Member::Inside(Box::new(GzDecoder::new(source))) }
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.state {
                Member::Finished => return Ok(0),
                Member::Inside(decoder) => {
                    let count = decoder.read(buffer)?;
                    if count > 0 {
                        return Ok(count);
                    }
                    if let Member::Inside(decoder) = mem::replace(&mut self.state, Member::Finished) {
                        self.state = Member::Between(decoder.into_inner());
                    }
                }
                Member::Between(source) => {
                    let ahead = source.fill_buf()?;
                    match ahead.first() {
                        None => self.state = Member::Finished,
                        Some(0) => {
                            let padding = ahead.iter().take_while(|byte| **byte == 0).count();
                            source.consume(padding);
                        }
                        Some(0x1f) => {
                            if let Member::Between(source) = mem::replace(&mut self.state, Member::Finished) {
                                self.state = Member::Inside(Box::new(GzDecoder::new(source)));
                            }
                        }
                        Some(_) => {
                            self.state = Member::Finished;
                            return Err(io::Error::new(
                                io::ErrorKind::InvalidData,
                                "something that is not gzip follows a complete member",
                            ));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::progress::Silent;

    /// Compresses in one member.
    pub(in crate::input) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Compresses in one frame.
    pub(in crate::input) fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 3).unwrap()
    }

    /// Reads all; what came before an error, and the error in words.
    fn read(stored: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut stream = open(stored, &Silent).unwrap();
        let mut bytes = Vec::new();
        let error = stream.bytes.read_to_end(&mut bytes).err();
        (bytes, error.map(|error| describe(&error, stream.compression)))
    }

    #[test]
    fn members_and_frames_follow_one_another() {
        for pack in [gzip, zstd] {
            let stored = [pack(b"one "), pack(b""), pack(b"two "), pack(&[b'x'; 100_000])].concat();
            assert_eq!(read(&stored), ([b"one two ".as_slice(), &[b'x'; 100_000]].concat(), None));
        }
        assert_eq!(read(b"plain"), (b"plain".to_vec(), None));
        assert_eq!(read(b""), (Vec::new(), None));
        assert_eq!(read(b"\x1f"), (b"\x1f".to_vec(), None));
    }

    #[test]
    fn padding_after_gzip_is_passed_over_and_other_things_are_named() {
        assert_eq!(read(&[gzip(b"text"), vec![0; 70_000]].concat()), (b"text".to_vec(), None));
        let (bytes, error) = read(&[gzip(b"text"), b"more".to_vec()].concat());
        assert_eq!(bytes, b"text");
        assert_eq!(error.unwrap(), "the gzip stream is damaged: something that is not gzip follows a complete member");
    }

    #[test]
    fn a_cut_or_damaged_stream_is_named() {
        let text: Vec<u8> = (0..50_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for (pack, name) in [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (zstd, "zstd")] {
            let stored = pack(&text);
            let cut = stored.get(..stored.len() / 2).unwrap();
            let (bytes, error) = read(cut);
            assert!(!bytes.is_empty() || name == "zstd");
            assert!(text.starts_with(&bytes));
            assert_eq!(error.unwrap(), format!("the {name} stream is cut off: its end is missing"));
        }
        let mut stored = gzip(&text);
        let checksum = stored.len() - 6;
        stored[checksum] ^= 1;
        assert!(read(&stored).1.unwrap().starts_with("the gzip stream is damaged: "));
        let second_cut = [gzip(b"one"), gzip(b"two")[..9].to_vec()].concat();
        assert_eq!(read(&second_cut), (b"one".to_vec(), Some("the gzip stream is cut off: its end is missing".into())));
    }

    proptest! {
        #[test]
        fn any_split_into_members_reads_as_the_whole(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..6), zstandard: bool) {
            let pack = if zstandard { zstd } else { gzip };
            let stored: Vec<u8> = parts.iter().flat_map(|part| pack(part)).collect();
            prop_assert_eq!(read(&stored), (parts.concat(), None));
        }

        #[test]
        fn any_bytes_are_read_or_named_without_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..300), magic in 0..3) {
            let magic: &[u8] = match magic { 0 => &[], 1 => &[0x1f, 0x8b, 8, 0], _ => &[0x28, 0xb5, 0x2f, 0xfd] };
            bytes.splice(..0, magic.iter().copied());
            let _ = read(&bytes);
        }
    }
}
