//! Random pages: well-formed ones against a naive twin, and soup.

use proptest::prelude::*;

use super::{decoded, read};

/// A page as a tree; only what every parser reads alike.
#[derive(Debug, Clone)]
enum Node {
    Words(String),
    /// A reference.
    Reference(&'static str),
    Comment,
    Br,
    /// Left out, with what is in it.
    Hidden(&'static str, &'static str, Vec<Node>),
    Inline(&'static str, Vec<Node>),
    /// A paragraph.
    Block(&'static str, Vec<Node>),
    /// A list of items.
    List(Vec<Vec<Node>>),
    Table(Vec<Vec<Vec<Node>>>),
}

const LINE: char = '\u{1}';
const PARAGRAPH: char = '\u{2}';
const BR: char = '\u{3}';

/// The page of a tree, and its text with marks where it breaks.
fn render(nodes: &[Node], page: &mut String, text: &mut String) {
    for node in nodes {
        match node {
            Node::Words(words) => {
                page.push_str(&words.replace('&', "&amp;").replace('<', "&lt;"));
                text.push_str(words);
            }
            Node::Reference(reference) => {
                page.push_str(reference);
                text.push_str(&decoded(reference));
            }
            Node::Comment => page.push_str("<!-- x > <p> -->"),
            Node::Br => {
                page.push_str("<br>");
                text.push(BR);
            }
            Node::Hidden(start, end, inner) => {
                page.push_str(start);
                render(inner, page, &mut String::new());
                page.push_str(end);
            }
            Node::Inline(name, inner) => enclose(name, None, inner, page, text),
            Node::Block(name, inner) => enclose(name, Some(PARAGRAPH), inner, page, text),
            Node::List(items) => {
                page.push_str("<ol>");
                text.push(PARAGRAPH);
                items.iter().for_each(|item| enclose("li", Some(LINE), item, page, text));
                page.push_str("</ol>");
                text.push(PARAGRAPH);
            }
            Node::Table(rows) => {
                page.push_str("<table>");
                text.push(PARAGRAPH);
                for row in rows {
                    page.push_str("<tr>");
                    row.iter().for_each(|cell| enclose("td", Some(LINE), cell, page, text));
                    page.push_str("</tr>");
                }
                page.push_str("</table>");
                text.push(PARAGRAPH);
            }
        }
    }
}

fn enclose(name: &str, mark: Option<char>, inner: &[Node], page: &mut String, text: &mut String) {
    page.push_str(&format!("<{name}>"));
    text.extend(mark);
    render(inner, page, text);
    page.push_str(&format!("</{name}>"));
    text.extend(mark);
}

/// Marks and white space in a row as what they come to.
fn settle(marked: &str) -> String {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
    let is_gap = |c: char| is_space(c) || matches!(c, LINE | PARAGRAPH | BR);
    let mut text = String::new();
    let mut rest = marked.trim_matches(is_gap);
    while let Some(at) = rest.find(is_gap) {
        let end = at + rest[at..].find(|c| !is_gap(c)).unwrap();
        let marks: String = rest[at..end].chars().filter(|c| !is_space(*c)).collect();
        text.push_str(&rest[..at]);
        text.push_str(match marks.as_str() {
            "" => " ",
            marks if marks.contains(PARAGRAPH) || marks.contains("\u{3}\u{3}") => "\n\n",
            _ => "\n",
        });
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

const HIDDEN: [(&str, &str); 6] = [
    ("<div hidden>", "</div>"),
    ("<span aria-hidden='true'>", "</span>"),
    ("<b style='display: none'>", "</b>"),
    ("<template>", "</template>"),
    ("<svg><desc>", "</desc></svg>"),
    ("<video>", "</video>"),
];

fn inline() -> impl Strategy<Value = Vec<Node>> {
    let leaf = prop_oneof![
        4 => "[a-zéß漢\u{a0}&<;># \n\t\r]{1,8}".prop_map(Node::Words),
        1 => prop::sample::select(vec!["&eacute;", "&#8364;", "&#32;", "&nGg;", "&shy;", "&lt;", "&notin;", "&#xA;"])
            .prop_map(Node::Reference),
        1 => Just(Node::Comment),
        1 => Just(Node::Br),
    ];
    let node = leaf.prop_recursive(3, 12, 4, |inner| {
        let inner = prop::collection::vec(inner, 0..4);
        prop_oneof![
            3 => (prop::sample::select(vec!["b", "span", "x-y", "sup", "time"]), inner.clone())
                .prop_map(|(name, inner)| Node::Inline(name, inner)),
            1 => (prop::sample::select(HIDDEN[1..3].to_vec()), inner)
                .prop_map(|((start, end), inner)| Node::Hidden(start, end, inner)),
        ]
    });
    prop::collection::vec(node, 0..5)
}

fn blocks() -> impl Strategy<Value = Vec<Node>> {
    let leaf = prop_oneof![
        inline().prop_map(|inner| Node::Inline("i", inner)),
        (prop::sample::select(vec!["p", "h2", "div", "summary"]), inline())
            .prop_map(|(name, inner)| Node::Block(name, inner)),
    ];
    let node = leaf.prop_recursive(3, 24, 4, |inner| {
        let inner = prop::collection::vec(inner, 0..4);
        prop_oneof![
            (prop::sample::select(vec!["div", "section", "blockquote", "main"]), inner.clone())
                .prop_map(|(name, inner)| Node::Block(name, inner)),
            (prop::sample::select(HIDDEN.to_vec()), inner.clone())
                .prop_map(|((start, end), inner)| Node::Hidden(start, end, inner)),
            prop::collection::vec(inline(), 0..4).prop_map(Node::List),
            prop::collection::vec(prop::collection::vec(inner, 0..3), 0..3).prop_map(Node::Table),
        ]
    });
    prop::collection::vec(node, 0..5)
}

/// Pieces of pages, in any order.
const SOUP: &[&str] = &[
    "a",
    "é",
    "漢",
    "word ",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "<",
    ">",
    "&",
    ";",
    "'",
    "\"",
    "=",
    "/",
    "!",
    "-",
    "]]>",
    "&amp;",
    "&amp",
    "&nGg;",
    "&#8364;",
    "&#x",
    "&not",
    "&notit;",
    "&nbsp;",
    "&#10;",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<a href='x'>",
    "</a>",
    "<div>",
    "</div>",
    "<span hidden>",
    "</span>",
    "<p hidden>",
    "<div hidden",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<li hidden>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<td hidden>",
    "</td>",
    "<caption>",
    "<pre>",
    "</pre>",
    "<br>",
    "</br>",
    "<h1>",
    "</h2>",
    "<svg>",
    "</svg>",
    "<svg/>",
    "<math>",
    "<mi>",
    "<desc>",
    "</desc>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<!",
    "<?",
    "</",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<xmp>",
    "</xmp>",
    "<plaintext>",
    "<template>",
    "</template>",
    "<select>",
    "<option>",
    "</select>",
    "<button>",
    "</button>",
    "<x-y>",
    "</x-y>",
    "<body hidden>",
    "<html>",
    "</body>",
    "<dialog>",
    "<ruby>",
    "<rt>",
    "<script type='application/ld+json'>",
    "{\"datePublished\":\"2020-01-01\"}",
    "<time datetime=2020>",
    "<meta name=date content=2020>",
    "<noscript>",
    "</noscript>",
    " style='display:none'",
    " hidden",
    "<!---->",
    "<p/>",
];

/// Tags that hide nothing, in any order.
const VISIBLE: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<a>",
    "</a>",
    "<div>",
    "</div>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th>",
    "<tbody>",
    "</tbody>",
    "<caption>",
    "<h1>",
    "</h1>",
    "<h2>",
    "<br>",
    "</br>",
    "<button>",
    "</button>",
    "<dl>",
    "<dt>",
    "<dd>",
    "</dl>",
    "<form>",
    "</form>",
    "<x-y>",
    "</x-y>",
    "<html>",
    "<head>",
    "<body>",
    "</body>",
    "</html>",
    "<center>",
    "<hr>",
    "<img>",
    "<input>",
    "<pre>",
    "</pre>",
    "<marquee>",
    "</marquee>",
    "<!-- x -->",
    "</>",
    "<?x?>",
    "<option>",
    "<legend>",
    "<details>",
    "<summary>",
    "</details>",
    "<font size=1>",
];

proptest! {
    #[test]
    fn trees_read_as_their_twin(nodes in blocks()) {
        let (mut page, mut marked) = (String::new(), String::new());
        render(&nodes, &mut page, &mut marked);
        prop_assert_eq!(read(&page).text, settle(&marked), "{}", page);
    }

    #[test]
    fn soup_is_spelled_exactly(pieces in prop::collection::vec(prop::sample::select(SOUP), 0..60)) {
        read(&pieces.concat());
    }

    #[test]
    fn any_text_is_read(page in any::<String>()) {
        read(&page);
    }

    #[test]
    fn no_visible_word_is_lost(
        pieces in prop::collection::vec(prop_oneof![prop::sample::select(VISIBLE), Just("ab"), Just("é "), Just(" 1")], 0..60),
    ) {
        let words: String = pieces.iter().filter(|piece| !piece.starts_with('<')).copied().collect();
        let without_space = |text: &str| text.split_ascii_whitespace().collect::<String>();
        prop_assert_eq!(without_space(&read(&pieces.concat()).text), without_space(&words));
    }
}
