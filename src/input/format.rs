//! Types of files, told by their names.

use std::fmt;

/// The endings that are known, for messages.
pub(super) const KNOWN_TYPES: &str = ".txt .text .md .markdown .jsonl .ndjson, each also with .gz or .zst";

/// What a file holds, told by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One document of plain text.
    Text,
    /// One document of Markdown, taken as plain text.
    Markdown,
    /// One document a line, each a JSON object.
    JsonLines,
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
    /// The name used in listings.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Markdown => "markdown",
            Kind::JsonLines => "jsonl",
        }
    }
}

impl Compression {
    /// The name used in listings; empty where there is no compression.
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }

    /// Told by the first bytes. Zstandard streams may begin with a skippable frame.
    pub(super) fn of(first: &[u8]) -> Self {
        match first {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
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

/// The kind of file that a name promises, and the compression that it promises; endings are compared without case.
pub(super) fn by_name(name: &str) -> Option<(Kind, Compression)> {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let (stem, compression) = if let Some(stem) = name.strip_suffix(".gz") {
        (stem, Compression::Gzip)
    } else if let Some(stem) = name.strip_suffix(".zst") {
        (stem, Compression::Zstd)
    } else {
        (name.as_str(), Compression::None)
    };
    let kind = match stem.rsplit_once('.')?.1 {
        "txt" | "text" => Kind::Text,
        "md" | "markdown" => Kind::Markdown,
        "jsonl" | "ndjson" => Kind::JsonLines,
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
        for unknown in ["a", "txt", "a.gz", "a.csv.gz", "a.json", "a.txt.bz2", "a.txt~", ""] {
            assert_eq!(kind(unknown), None, "{unknown}");
        }
    }
}
