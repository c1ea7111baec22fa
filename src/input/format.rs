//! Types of files, told by their names.

use std::fmt;

/// The endings that are known, for messages.
pub(super) const KNOWN_TYPES: &str = ".txt .text .md .markdown .jsonl .ndjson .csv .tsv .parquet .html .htm .xhtml .warc .wet, each also with .gz, .zst, .bz2 or .xz";

/// What a file holds, told by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One document of plain text.
    Text,
    /// One document of Markdown, taken as plain text.
    Markdown,
    /// One document a line, each a JSON object.
    JsonLines,
    /// One document a row, fields separated by commas or the like.
    Csv,
    /// One document a row, fields separated by tabs.
    Tsv,
    /// One document a row, in columns.
    Parquet,
    /// One page.
    Html,
    /// One document a record: pages of a crawl (WARC) or their texts (WET).
    Warc,
}

/// How a file is compressed, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip (RFC 1952), of one member or several.
    Gzip,
    /// Zstandard (RFC 8878), of one frame or several.
    Zstd,
    /// bzip2, of one stream or several.
    Bzip2,
    /// xz, of one stream or several.
    Xz,
}

/// What a file holds and how it is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Format {
    /// What it holds.
    pub kind: Kind,
    /// How it is compressed.
    pub compression: Compression,
}

impl Kind {
    /// Every kind, in the order of messages.
    pub const ALL: [Kind; 8] =
        [Kind::Text, Kind::Markdown, Kind::JsonLines, Kind::Csv, Kind::Tsv, Kind::Parquet, Kind::Html, Kind::Warc];

    /// Whether a file is one document, and not a row of them.
    pub fn is_one_document(self) -> bool {
        matches!(self, Kind::Text | Kind::Markdown | Kind::Html)
    }

    /// Told by the first bytes, where they leave no doubt.
    pub(super) fn of(first: &[u8]) -> Option<Self> {
        if first.starts_with(b"PAR1") {
            return Some(Kind::Parquet);
        }
        if first.starts_with(b"WARC/") {
            return Some(Kind::Warc);
        }
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        let begins = |tag: &[u8]| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        (begins(b"<!doctype html") || begins(b"<html")).then_some(Kind::Html)
    }

    /// Whether a document has fields beside its text, and a file place for another one.
    pub fn has_fields(self) -> bool {
        matches!(self, Kind::JsonLines | Kind::Csv | Kind::Tsv | Kind::Parquet)
    }

    /// The name used in listings.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Markdown => "markdown",
            Kind::JsonLines => "jsonl",
            Kind::Csv => "csv",
            Kind::Tsv => "tsv",
            Kind::Parquet => "parquet",
            Kind::Html => "html",
            Kind::Warc => "warc",
        }
    }
}

impl Compression {
    /// Every one, none first.
    pub const ALL: [Compression; 5] =
        [Compression::None, Compression::Gzip, Compression::Zstd, Compression::Bzip2, Compression::Xz];

    /// The name used in listings; empty where there is no compression.
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Bzip2 => "bzip2",
            Compression::Xz => "xz",
        }
    }

    /// Told by the first bytes. Zstandard streams may begin with a skippable frame.
    pub(super) fn of(first: &[u8]) -> Self {
        match first {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => Compression::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
            _ => Compression::None,
        }
    }
}

/// How many first bytes tell a compression.
pub(super) const MAGIC: usize = 10;

impl Format {
    /// The name of a file that holds something else, packed in the same way.
    pub fn rename(self, name: &str, kind: Kind) -> String {
        let packed = PACKED.into_iter().find(|(_, compression)| *compression == self.compression);
        let packed = packed.map_or("", |(ending, _)| ending);
        let mut stem = name;
        if let Some((known, promised)) = by_name(name) {
            for _ in 0..1
                + usize::from(promised != Compression::None)
                + usize::from(known == Kind::Warc && name.to_ascii_lowercase().contains(".warc.wet"))
            {
                stem = stem.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(stem, |(stem, _)| stem);
            }
        }
        let ending = match kind {
            Kind::Text => "txt",
            Kind::Markdown => "md",
            kind => kind.name(),
        };
        format!("{stem}.{ending}{packed}")
    }
}

/// `text`, `markdown` or `jsonl`, with the compression after a plus: `jsonl+gzip`.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match self.compression {
            Compression::None => Ok(()),
            compression => write!(f, "+{}", compression.name()),
        }
    }
}

/// The endings of names that promise a compression.
const PACKED: [(&str, Compression); 4] =
    [(".gz", Compression::Gzip), (".zst", Compression::Zstd), (".bz2", Compression::Bzip2), (".xz", Compression::Xz)];

/// The kind of file that a name promises, and the compression that it promises; endings are compared without case.
pub(super) fn by_name(name: &str) -> Option<(Kind, Compression)> {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let unpacked = |(ending, compression): (&str, Compression)| Some((name.strip_suffix(ending)?, compression));
    let (stem, compression) = PACKED.into_iter().find_map(unpacked).unwrap_or((&name, Compression::None));
    let kind = match stem.rsplit_once('.')?.1 {
        "txt" | "text" => Kind::Text,
        "md" | "markdown" => Kind::Markdown,
        "jsonl" | "ndjson" => Kind::JsonLines,
        "csv" => Kind::Csv,
        "tsv" | "tab" => Kind::Tsv,
        "parquet" => Kind::Parquet,
        "html" | "htm" | "xhtml" => Kind::Html,
        "warc" | "wet" => Kind::Warc,
        _ => return None,
    };
    Some((kind, compression))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_by_the_ending_of_the_name() {
        let kind = |name| by_name(name).map(|(kind, compression)| Format { kind, compression }.to_string());
        assert_eq!(kind("a.txt").as_deref(), Some("text"));
        assert_eq!(kind("d.jsonl/A.TEXT").as_deref(), Some("text"));
        assert_eq!(kind("a.b.md").as_deref(), Some("markdown"));
        assert_eq!(kind("a.markdown.zst").as_deref(), Some("markdown+zstd"));
        assert_eq!(kind("a.ndjson").as_deref(), Some("jsonl"));
        assert_eq!(kind("a.JSONL.GZ").as_deref(), Some("jsonl+gzip"));
        assert_eq!(kind("a.csv.bz2").as_deref(), Some("csv+bzip2"));
        assert_eq!(kind("CC-MAIN-1.warc.wet.gz").as_deref(), Some("warc+gzip"));
        assert_eq!(kind("a.html.xz").as_deref(), Some("html+xz"));
        for unknown in ["a", "txt", "a.gz", "a.json", "a.txt.lz4", "a.txt~", ""] {
            assert_eq!(kind(unknown), None, "{unknown}");
        }
    }
}
