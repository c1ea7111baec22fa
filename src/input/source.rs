//! Source: the page that a text was taken from, for whoever has to show a place in the file.
//!
//! **Idea.** Spans speak of what a reader sees of a page. An editor, or a reviewer's tool, opens the file. The page is read
//! once more when a place in it is asked for, which is seldom, and its [spelling](super::spelling) leads from the one to
//! the other, both ways.
//!
//! Of texts that are their files nothing is needed: their lines are the file's.

use std::io::{self, Read as _};
use std::path::Path;

use super::format::Compression;
#[cfg(feature = "html")]
use super::html;
use super::spelling::Spelling;
use super::{encoding, stream};

/// A page as it is written, decoded.
#[derive(Debug)]
pub(crate) struct Source {
    /// Tags and all.
    pub(crate) page: String,
    spelling: Spelling,
}

impl Source {
    /// Reads a page once more, in the encoding that is known by now.
    pub(crate) fn read(location: &Path, compression: Compression, encoding: &str) -> io::Result<Self> {
        let mut bytes = Vec::new();
        stream::open_unpacked(location, compression)?.read_to_end(&mut bytes)?;
        let (page, _) = encoding::spell(&bytes, encoding);
        #[cfg(feature = "html")]
        let spelling = html::extract(&page).spelling;
        // Then nothing was extracted, and nobody asks.
        #[cfg(not(feature = "html"))]
        let spelling = Spelling::default();
        Ok(Source { page, spelling })
    }

    /// The place in the page that writes a byte of the text.
    pub(crate) fn place_of(&self, byte: u32) -> usize {
        self.spelling.place_of(byte as usize).min(self.page.len())
    }

    /// The first byte of the text that is written at some place of the page or behind it.
    pub(crate) fn text_behind(&self, place: usize) -> u32 {
        self.spelling.text_behind(place) as u32
    }
}

#[cfg(all(test, feature = "html"))]
mod tests {
    use super::*;

    #[test]
    fn places_lead_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        let page = "<html><body>\n<p>Fish &amp;\nchips</p>\n<!-- here -->\n\n<p>Peas</p>\n";
        std::fs::write(&path, page).unwrap();
        let source = Source::read(&path, Compression::None, "utf-8").unwrap();
        let text = html::extract(page).text;
        assert_eq!(text, "Fish & chips\n\nPeas");
        for word in ["Fish", "chips", "Peas"] {
            assert_eq!(source.place_of(text.find(word).unwrap() as u32), page.find(word).unwrap());
        }
        assert_eq!(source.place_of(u32::MAX), page.rfind("</p>").unwrap());
        let behind = |what: &str| &text[source.text_behind(page.find(what).unwrap()) as usize..];
        assert_eq!(behind("<!--").trim_start(), "Peas");
        assert_eq!(behind("&amp;"), "& chips\n\nPeas");
        assert_eq!(source.text_behind(0), 0);
    }
}
