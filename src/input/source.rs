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
    /// Where comments end.
    comments: Vec<usize>,
}

impl Source {
    /// Reads a page once more, in the encoding that is known by now.
    pub(crate) fn read(location: &Path, compression: Compression, encoding: &str) -> io::Result<Self> {
        let mut bytes = Vec::new();
        stream::open_unpacked(location, compression)?.read_to_end(&mut bytes)?;
        let (page, _) = encoding::spell(&bytes, encoding);
        #[cfg(feature = "html")]
        let (spelling, comments) = {
            let extracted = html::extract(&page);
            (extracted.spelling, extracted.comments)
        };
        // Then nothing was extracted, and nobody asks.
        #[cfg(not(feature = "html"))]
        let (spelling, comments) = (Spelling::default(), Vec::new());
        Ok(Source { page, spelling, comments })
    }

    /// The place in the page that writes a byte of the text.
    pub(crate) fn place_of(&self, byte: u32) -> usize {
        self.spelling.place_of(byte as usize).min(self.page.len())
    }

    /// Whether a comment ends at a place: what looks like one in an attribute or a script does not.
    pub(crate) fn has_comment(&self, end: usize) -> bool {
        self.comments.binary_search(&end).is_ok()
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

    #[test]
    fn comments_are_those_of_the_tokenizer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.html");
        let page = "<p title='<!-- a -->'>A<!-- b --><script>'<!-- c -->'</script><!--d--><!-- e --!><!-- f";
        std::fs::write(&path, page).unwrap();
        let source = Source::read(&path, Compression::None, "utf-8").unwrap();
        let ends = |what: &str| page.find(what).unwrap() + what.len();
        let is_one = ["<!-- a -->", "<!-- b -->", "<!-- c -->", "<!--d-->", "<!-- e --!>", "<!-- f"]
            .map(|comment| source.has_comment(ends(comment)));
        assert_eq!(is_one, [false, true, false, true, true, true]);
    }
}
