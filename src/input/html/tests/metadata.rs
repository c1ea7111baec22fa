//! What pages say of themselves.

use super::read;

/// A page, and its title, address, site and date; `""` is none.
const CASES: &[(&str, [&str; 4])] = &[
    ("<p>a", ["", "", "", ""]),
    ("<title> A\n title &amp; more </title><h1>H</h1>", ["A title & more", "", "", ""]),
    (
        "<h1> </h1><h1 hidden>x</h1><div><h1>The <b>head</b>line<p>x</p></h1></div><h1>B</h1>",
        ["The headline x", "", "", ""],
    ),
    ("<h1>One<h2>Two</h2>", ["One", "", "", ""]),
    ("<svg><title>x</title></svg><title>A</title><title>B</title>", ["A", "", "", ""]),
    ("<title></title><title>A</title>", ["A", "", "", ""]),
    ("<title>A - Site</title><meta property=og:title content='Д&eacute;'>", ["Дé", "", "", ""]),
    (
        "<link rel='nofollow CANONICAL' href=' https://www.Example.org/a?b=1&amp;c=2 '>",
        ["", "https://www.Example.org/a?b=1&c=2", "Example.org", ""],
    ),
    ("<link rel=canonical href=/a><meta name=og:url content=http://a.org/b>", ["", "http://a.org/b", "a.org", ""]),
    (
        "<meta property=OG:Site_Name content='The Paper'><link rel=canonical href=https://a.org>",
        ["", "https://a.org", "The Paper", ""],
    ),
    (
        "<meta name=application-name content=App><link rel=canonical href=https://a.org>",
        ["", "https://a.org", "App", ""],
    ),
    ("<meta property=article:published_time content=2021-04-07T10:00:00Z>", ["", "", "", "2021-04-07T10:00:00Z"]),
    (
        "<meta property=article:published_time content=soon><meta name=DC.Date content=' 2021-04 '>",
        ["", "", "", "2021-04"],
    ),
    ("<meta name=last-modified content=2021-04-07>", ["", "", "", ""]),
    ("<meta itemprop=datePublished content=2020-01-02>", ["", "", "", "2020-01-02"]),
    ("<span itemprop='x datepublished'>7 April 2021</span>", ["", "", "", "7 April 2021"]),
    ("<time itemprop=datePublished datetime=2020-01-02>yesterday</time>", ["", "", "", "2020-01-02"]),
    ("<time datetime=2020-01-02>a</time><time pubdate datetime=2021-01-02>", ["", "", "", "2021-01-02"]),
    ("<time datetime=2020-01-02>a</time><time datetime=PT2H>", ["", "", "", "2020-01-02"]),
    ("<time datetime=2020-01-02>a</time><time datetime=2020-01-02>", ["", "", "", "2020-01-02"]),
    ("<time datetime=2020-01-02>a</time><time datetime=2020-01-03>", ["", "", "", ""]),
    ("<template><meta name=date content=2020-01-01><title>x</title><h1>x</h1></template>", ["", "", "", ""]),
    (
        r#"<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"x",
        "mainEntityOfPage":{"@type":"WebPage","@id":"https://a.org/b"},"datePublished":"2021-04-07T10:00:00+02:00",
        "dateModified":"2022-01-01","publisher":{"@type":"Organization","name":"The  Paper"}}</script>
        <meta name=date content=2019-01-01>"#,
        ["", "https://a.org/b", "The Paper", "2021-04-07T10:00:00+02:00"],
    ),
    (
        r#"<script type="application/LD+JSON; charset=utf-8">[[{"@graph":[
        {"@type":"Organization","@id":"https://a.org/#org","name":"Org","url":"https://a.org/"},
        {"@type":["Thing","BlogPosting"],"publisher":{"@id":"https://a.org/#org"},"datePublished":["2021-04-07"],
         "comment":[{"@type":"Comment","datePublished":"2001-01-01"}],"url":"https://a.org/c"}]}]]</script>"#,
        ["", "https://a.org/c", "Org", "2021-04-07"],
    ),
    (
        r#"<script type=application/ld+json>{"@graph":[{"@type":"Comment","datePublished":"2001-01-01"},
        {"@type":"Product","datePublished":"2002-01-01","url":"https://a.org/x"},{"@type":"WebSite","name":"Site"},
        {"@type":"WebPage","datePublished":"2003-01-01"}]}</script>"#,
        ["", "", "Site", "2003-01-01"],
    ),
    (
        r#"<script type=application/ld+json>{"datePublished": "2001-01-01",</script>
        <script type=application/ld+json>{"datePublished": 5, "publisher": [], "url": {}, "@type": [1]}</script>
        <script>{"datePublished": "2001-01-01"}</script>
        <script type=application/ld+json>"x"</script><script type=application/ld+json></script>"#,
        ["", "", "", ""],
    ),
];

#[test]
fn pages_say_what_they_are() {
    for (page, expected) in CASES {
        let read = read(page);
        let found = [read.title, read.url, read.site, read.date].map(Option::unwrap_or_default);
        assert_eq!(found, *expected, "{page}");
    }
}
