//! What is known of elements by their names.
//!
//! The table follows the WHATWG standard (§13.1.2 for void and raw elements, §13.2.4.2 for what is special or a scope,
//! §13.2.6.4.7 for what closes a paragraph, §13.2.6.5 for what leaves SVG and MathML) and, for what begins a block,
//! what browsers do (§15.3). Elements that are not in it are inline and without rules.
//!
//! **Text or not.** Left out are programs and styles, what stands in for media, and form controls whose text is no
//! reading: the choices of a list (`select`, `datalist`), what is for the reader to write (`textarea`), the stand-ins
//! of `meter` and `progress`. A `button` is text, on a line of its own: the questions of many pages are buttons in
//! headings, and "Share" and "Print" are furniture that a corpus repeats like any other. `noscript` is for readers that
//! are rarely there, and mostly doubles images. `rt` and `rp` (how a word is read, above it) would tear the words that
//! they stand over: 漢字 would become 漢かん字じ. Captions, summaries and the closed parts of `details` are text.

/// A name: its place in the table, or a number beyond it for names that are not there.
pub(super) type Name = u32;

/// Has no content.
pub(super) const VOID: u32 = 1;
/// Begins and ends a paragraph.
pub(super) const PARAGRAPH: u32 = 1 << 1;
/// Begins and ends a line.
pub(super) const LINE: u32 = 1 << 2;
/// Its content is no text.
pub(super) const HIDDEN: u32 = 1 << 3;
/// White space in it counts.
pub(super) const PREFORMATTED: u32 = 1 << 4;
/// Other end tags do not reach across it.
pub(super) const SPECIAL: u32 = 1 << 5;
/// A scope: no end tag reaches across it.
pub(super) const SCOPE: u32 = 1 << 6;
/// Its end tag takes it away from under blocks that are still open.
pub(super) const FORMATTING: u32 = 1 << 7;
/// Its start tag ends an open `p`.
pub(super) const ENDS_P: u32 = 1 << 8;
/// `h1` to `h6`.
pub(super) const HEADING: u32 = 1 << 9;
/// Its start tag ends SVG and MathML.
pub(super) const LEAVES_FOREIGN: u32 = 1 << 10;
/// Its content is text with character references and without tags.
pub(super) const REFERENCES_ONLY: u32 = 1 << 11;
/// Its content is text without tags.
pub(super) const RAW: u32 = 1 << 12;
/// Its content is a program.
pub(super) const PROGRAM: u32 = 1 << 13;
/// All that follows is text.
pub(super) const ENDLESS: u32 = 1 << 14;

const BLOCK: u32 = PARAGRAPH | SPECIAL | ENDS_P;
const INLINE: u32 = FORMATTING | LEAVES_FOREIGN;

/// Ascending by name.
const KNOWN_NAMES: [(&str, u32); 120] = [
    ("a", FORMATTING),
    ("address", BLOCK),
    ("applet", HIDDEN | SPECIAL | SCOPE),
    ("area", VOID | SPECIAL),
    ("article", BLOCK),
    ("aside", BLOCK),
    ("audio", HIDDEN),
    ("b", INLINE),
    ("base", VOID | SPECIAL),
    ("basefont", VOID | SPECIAL),
    ("bgsound", VOID | SPECIAL),
    ("big", INLINE),
    ("blockquote", BLOCK | LEAVES_FOREIGN),
    ("body", PARAGRAPH | LEAVES_FOREIGN),
    ("br", VOID | SPECIAL | LEAVES_FOREIGN),
    ("button", LINE | SPECIAL),
    ("canvas", HIDDEN),
    ("caption", PARAGRAPH | SPECIAL | SCOPE),
    ("center", BLOCK | LEAVES_FOREIGN),
    ("code", INLINE),
    ("col", VOID | SPECIAL),
    ("colgroup", VOID | SPECIAL),
    ("datalist", HIDDEN),
    ("dd", PARAGRAPH | SPECIAL | LEAVES_FOREIGN),
    ("details", BLOCK),
    ("dialog", BLOCK),
    ("dir", BLOCK),
    ("div", BLOCK | LEAVES_FOREIGN),
    ("dl", BLOCK | LEAVES_FOREIGN),
    ("dt", PARAGRAPH | SPECIAL | LEAVES_FOREIGN),
    ("em", INLINE),
    ("embed", VOID | SPECIAL | LEAVES_FOREIGN),
    ("fieldset", BLOCK),
    ("figcaption", BLOCK),
    ("figure", BLOCK),
    ("font", FORMATTING),
    ("footer", BLOCK),
    ("form", BLOCK),
    ("frame", VOID | SPECIAL),
    ("frameset", PARAGRAPH),
    ("h1", BLOCK | HEADING | LEAVES_FOREIGN),
    ("h2", BLOCK | HEADING | LEAVES_FOREIGN),
    ("h3", BLOCK | HEADING | LEAVES_FOREIGN),
    ("h4", BLOCK | HEADING | LEAVES_FOREIGN),
    ("h5", BLOCK | HEADING | LEAVES_FOREIGN),
    ("h6", BLOCK | HEADING | LEAVES_FOREIGN),
    ("head", PARAGRAPH | LEAVES_FOREIGN),
    ("header", BLOCK),
    ("hgroup", BLOCK),
    ("hr", VOID | BLOCK | LEAVES_FOREIGN),
    ("html", PARAGRAPH),
    ("i", INLINE),
    ("iframe", HIDDEN | RAW | SPECIAL),
    ("image", VOID | SPECIAL),
    ("img", VOID | SPECIAL | LEAVES_FOREIGN),
    ("input", VOID | SPECIAL),
    ("keygen", VOID | SPECIAL),
    ("legend", PARAGRAPH),
    ("li", LINE | SPECIAL | LEAVES_FOREIGN),
    ("link", VOID | SPECIAL),
    ("listing", BLOCK | PREFORMATTED | LEAVES_FOREIGN),
    ("main", BLOCK),
    ("marquee", LINE | SPECIAL | SCOPE),
    ("math", HIDDEN),
    ("menu", BLOCK | LEAVES_FOREIGN),
    ("meta", VOID | SPECIAL | LEAVES_FOREIGN),
    ("meter", HIDDEN),
    ("nav", BLOCK),
    ("nobr", INLINE),
    ("noembed", HIDDEN | RAW | SPECIAL),
    ("noframes", HIDDEN | RAW | SPECIAL),
    ("noscript", HIDDEN | RAW | SPECIAL),
    ("object", HIDDEN | SPECIAL | SCOPE),
    ("ol", BLOCK | LEAVES_FOREIGN),
    ("optgroup", LINE),
    ("option", LINE),
    ("p", BLOCK | LEAVES_FOREIGN),
    ("param", VOID | SPECIAL),
    ("plaintext", BLOCK | PREFORMATTED | ENDLESS),
    ("pre", BLOCK | PREFORMATTED | LEAVES_FOREIGN),
    ("progress", HIDDEN),
    ("rb", 0),
    ("rp", HIDDEN),
    ("rt", HIDDEN),
    ("rtc", HIDDEN),
    ("ruby", LEAVES_FOREIGN),
    ("s", INLINE),
    ("script", HIDDEN | PROGRAM | SPECIAL),
    ("search", BLOCK),
    ("section", BLOCK),
    ("select", HIDDEN | SPECIAL),
    ("small", INLINE),
    ("source", VOID | SPECIAL),
    ("span", LEAVES_FOREIGN),
    ("strike", INLINE),
    ("strong", INLINE),
    ("style", HIDDEN | RAW | SPECIAL),
    ("sub", LEAVES_FOREIGN),
    ("summary", BLOCK),
    ("sup", LEAVES_FOREIGN),
    ("svg", HIDDEN),
    ("table", BLOCK | SCOPE | LEAVES_FOREIGN),
    ("tbody", LINE | SPECIAL),
    ("td", LINE | SPECIAL | SCOPE),
    ("template", HIDDEN | SPECIAL | SCOPE),
    ("textarea", HIDDEN | REFERENCES_ONLY | SPECIAL),
    ("tfoot", LINE | SPECIAL),
    ("th", LINE | SPECIAL | SCOPE),
    ("thead", LINE | SPECIAL),
    ("time", 0),
    ("title", HIDDEN | REFERENCES_ONLY | SPECIAL),
    ("tr", LINE | SPECIAL),
    ("track", VOID | SPECIAL),
    ("tt", INLINE),
    ("u", INLINE),
    ("ul", BLOCK | LEAVES_FOREIGN),
    ("var", LEAVES_FOREIGN),
    ("video", HIDDEN),
    ("wbr", VOID | SPECIAL),
    ("xmp", BLOCK | PREFORMATTED | RAW),
];

/// How many names the table has; every name below is in it.
pub(super) const KNOWN: Name = KNOWN_NAMES.len() as Name;

/// The number of a name that is in the table; only for constants, where a name that is not there fails to compile.
const fn named(name: &str) -> Name {
    let wanted = name.as_bytes();
    let mut at = 0;
    while at < KNOWN_NAMES.len() {
        let known = KNOWN_NAMES[at].0.as_bytes();
        let mut same = 0;
        while same < known.len() && same < wanted.len() && known[same] == wanted[same] {
            same += 1;
        }
        if same == known.len() && same == wanted.len() {
            return at as Name;
        }
        at += 1;
    }
    panic!("no such element")
}

pub(super) const A: Name = named("a");
pub(super) const BODY: Name = named("body");
pub(super) const BR: Name = named("br");
pub(super) const BUTTON: Name = named("button");
pub(super) const CAPTION: Name = named("caption");
pub(super) const COLGROUP: Name = named("colgroup");
pub(super) const DD: Name = named("dd");
pub(super) const DIALOG: Name = named("dialog");
pub(super) const DIR: Name = named("dir");
pub(super) const DIV: Name = named("div");
pub(super) const ADDRESS: Name = named("address");
pub(super) const DT: Name = named("dt");
pub(super) const FONT: Name = named("font");
pub(super) const FRAMESET: Name = named("frameset");
pub(super) const H1: Name = named("h1");
pub(super) const H6: Name = named("h6");
pub(super) const HEAD: Name = named("head");
pub(super) const HTML: Name = named("html");
pub(super) const LI: Name = named("li");
pub(super) const LINK: Name = named("link");
pub(super) const MATH: Name = named("math");
pub(super) const MENU: Name = named("menu");
pub(super) const META: Name = named("meta");
pub(super) const OL: Name = named("ol");
pub(super) const OPTGROUP: Name = named("optgroup");
pub(super) const OPTION: Name = named("option");
pub(super) const P: Name = named("p");
pub(super) const RB: Name = named("rb");
pub(super) const RP: Name = named("rp");
pub(super) const RT: Name = named("rt");
pub(super) const RTC: Name = named("rtc");
pub(super) const SCRIPT: Name = named("script");
pub(super) const SVG: Name = named("svg");
pub(super) const TABLE: Name = named("table");
pub(super) const TBODY: Name = named("tbody");
pub(super) const TD: Name = named("td");
pub(super) const TEMPLATE: Name = named("template");
pub(super) const TFOOT: Name = named("tfoot");
pub(super) const TH: Name = named("th");
pub(super) const THEAD: Name = named("thead");
pub(super) const TIME: Name = named("time");
pub(super) const TITLE: Name = named("title");
pub(super) const TR: Name = named("tr");
pub(super) const UL: Name = named("ul");

/// The number of a name, if it is in the table.
pub(super) fn find(name: &[u8]) -> Option<Name> {
    let at = KNOWN_NAMES.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    Some(at as Name)
}

/// What is known of an element.
pub(super) fn traits(name: Name) -> u32 {
    KNOWN_NAMES.get(name as usize).map_or(0, |(_, traits)| *traits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(KNOWN_NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(find(b"p"), Some(P));
        assert_eq!(find(b"my-p"), None);
        assert_eq!(traits(KNOWN), 0);
        assert_eq!(H6 - H1, 5);
    }
}
