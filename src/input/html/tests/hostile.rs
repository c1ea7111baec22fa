//! Pages made to be slow. A way that is quadratic in any of them would not end.

use super::extract;

const MANY: usize = 100_000;

#[test]
fn depth_and_disorder_cost_nothing() {
    let names = ["p", "b", "a", "div", "span", "li", "td", "table", "h1", "button", "x-y", "svg"];
    let deep = "<div>".repeat(MANY);
    let stray: String = (0..MANY).map(|n| format!("</{}>", names[n % names.len()])).collect();
    for name in names {
        let (start, end) = (format!("<{name}>a "), format!("</{name}>"));
        for page in [
            format!("{}{stray}", start.repeat(MANY)),
            format!("{deep}{}", format!("{end}{start}<i>").repeat(MANY)),
            format!("<{name} hidden>{deep}{}", format!("<i hidden>{end}").repeat(MANY)),
        ] {
            extract(&page);
        }
    }
    let page = format!("{deep}a{}", "</div>".repeat(MANY));
    assert_eq!(extract(&page).text, "a");
    let other: String = (0..MANY).map(|n| format!("<n{n}>a</m{n}>")).collect();
    assert_eq!(extract(&other).text.len(), MANY);
}

#[test]
fn a_megabyte_of_one_thing_is_read() {
    const SIZE: usize = 1 << 20;
    for piece in
        ["<", "&", "</", "<!", "&#", "&#x", "&a", "&not", "]]>", "\0", "\r", " ", "<a ", "a=", "'", "<p/", "<?"]
    {
        extract(&piece.repeat(SIZE / piece.len()));
        let page = piece.repeat(SIZE / 8 / piece.len());
        for before in ["<pre>", "<svg>", "<svg><![CDATA[", "<title>", "<p a='", "<p ", "<xmp>", "<script>", "<!--"] {
            extract(&format!("{before}{page}"));
        }
    }
    assert_eq!(extract(&"<".repeat(SIZE)).text.len(), SIZE);
    assert_eq!(extract(&"&".repeat(SIZE)).text.len(), SIZE);
}

#[test]
fn what_is_never_closed_is_read_once() {
    const PART: &str = "x <p> &amp; ";
    for (before, size) in [
        ("a<!--", 10 << 20),
        ("a<script>", 10 << 20),
        ("a<b title=\"", 10 << 20),
        ("a<script type='application/ld+json'>", 1 << 20),
        ("a<title>", 1 << 20),
        ("a<style>", 1 << 20),
        ("a<b ", 1 << 20),
        ("a<svg><![CDATA[", 1 << 20),
    ] {
        let page = format!("{before}{}", PART.repeat(size / PART.len()));
        assert!(extract(&page).text.len() < page.len() / 2, "{before}");
    }
}

#[test]
fn many_attributes_and_data_are_read() {
    let attributes: String = (0..MANY).map(|n| format!(" hidden{n}=a style{n} hidden style=x")).collect();
    assert_eq!(extract(&format!("<p {attributes}>x<p>a")).text, "a");
    let nested = format!("{}{}", "[".repeat(MANY), "]".repeat(MANY));
    let data = format!("<script type=application/ld+json>{nested}</script>");
    let many =
        "<script type=application/ld+json>{\"@graph\":[{\"@id\":\"a\",\"name\":\"b\"}]}</script>".repeat(MANY / 10);
    let times: String = (0..MANY).map(|n| format!("<time datetime=2020-01-01T00:00:00.{n}Z><h1 hidden>x")).collect();
    assert_eq!(extract(&format!("{data}{many}{times}a")).date, None);
}
