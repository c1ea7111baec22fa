//! Small pages and their texts.

use super::read;

fn check(cases: &[(&str, &str)]) {
    for (page, text) in cases {
        assert_eq!(read(page).text, *text, "{page}");
    }
}

#[test]
fn blocks_stand_apart() {
    check(&[
        ("", ""),
        (" \n ", ""),
        ("one", "one"),
        (
            "<!DOCTYPE html><html><head><title>T</title></head><body><p>One.</p><p>Two.</p></body></html>",
            "One.\n\nTwo.",
        ),
        ("<p>One.<p>Two.\n<p>Three.", "One.\n\nTwo.\n\nThree."),
        ("<h1>Head</h1>text<h2>Next</h2>", "Head\n\ntext\n\nNext"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        ("<ul><li>a<ul><li>a1<li>a2</ul><li>b</ul>", "a\na1\na2\nb"),
        ("<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td>2</table>z", "C\n\na\nb\n1\n2\n\nz"),
        ("<table><tr><td><p>a</p></td><td>b</td></tr></table>", "a\n\nb"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\n\nb\n\nc\n\nd"),
        ("a<br>b<br/>c<br><br>d<br> <br>e</br>f", "a\nb\nc\n\nd\n\ne\nf"),
        ("a<hr>b", "a\n\nb"),
        ("<div>a</div>b<div><div>c</div></div>", "a\n\nb\n\nc"),
        ("a<div></div>b</p>c</div>d", "a\n\nb\n\ncd"),
        ("<details><summary>More</summary>hidden at first</details>", "More\n\nhidden at first"),
        ("<fieldset><legend>L</legend>x</fieldset>", "L\n\nx"),
        ("<figure><img src=a alt=no><figcaption>Below</figcaption></figure>", "Below"),
        ("<h3><button>What?</button></h3><button>Share</button><button>Print</button>", "What?\n\nShare\nPrint"),
        ("<blockquote>«Да»</blockquote>сказал он", "«Да»\n\nсказал он"),
        ("<p>吾輩は<wbr>猫である。</p><p>名前は\nまだ無い。</p>", "吾輩は猫である。\n\n名前は まだ無い。"),
        ("<p dir=rtl>العربية<p>עברית", "العربية\n\nעברית"),
    ]);
}

#[test]
fn white_space_collapses() {
    check(&[
        ("a \t\r\n\x0c b", "a b"),
        ("a\nb\rc", "a b c"),
        ("a <b> b</b>", "a b"),
        ("a<b> </b>b", "a b"),
        ("<p> a </p> <p> b </p>", "a\n\nb"),
        ("a<!-- x -->b<!-- y --> <!-- z -->c", "ab c"),
        ("a&nbsp;\u{a0} b\u{3000}c", "a\u{a0}\u{a0} b\u{3000}c"),
        ("a&#32;&#x20; &Tab;b", "a b"),
        ("a\0b\0 \0c", "ab c"),
        ("<pre>\n  a\r\n\tb  c\n\n d\n</pre>e", "a\n\tb  c\n\n d\n\ne"),
        ("<pre>a<b>\n</b> b<div>c</div>\r\rd", "a\n b\n\nc\n\nd"),
        ("<xmp>\n<b>&amp;</b>\n</xmp>a", "<b>&amp;</b>\n\na"),
        ("<listing>a\n b</listing>", "a\n b"),
        ("<p>a<plaintext></p>b\n c", "a\n\n</p>b\n c"),
        ("H<sub>2</sub>O, w<span>or</span>d, co&shy;op", "H2O, word, co\u{ad}op"),
    ]);
}

#[test]
fn references_are_decoded() {
    check(&[
        ("&lt;p&gt; &amp;amp; &quot;&#39;", "<p> &amp; \"'"),
        ("&eacute;&Eacute;&euro;&#8364;&#x20AC;&#128;", "éÉ€€€€"),
        (
            "AT&T &notit; &notin; &amp &ampx &copy2 &nosuch; & &; &# &#x &#;",
            "AT&T ¬it; ∉ & &x ©2 &nosuch; & &; &# &#x &#;",
        ),
        ("&nGg;x&fjlig;x&nvlt;x&bne;", "⋙\u{338}xfjx<\u{20d2}x=\u{20e5}"),
        ("&#0;&#xD800;&#x110000;&#99999999999999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ("&#128512&#x1F600;😀", "😀😀😀"),
        ("a &lt b &lt;c &LT;&GT", "a < b <c <>"),
        ("1 < 2 <3 <é> </> x</ y>z <", "1 < 2 <3 <é> xz <"),
        ("&semi;;&#59;&#38;amp;", ";;;&amp;"),
    ]);
}

#[test]
fn what_is_no_text_is_left_out() {
    for hidden in [
        "<script>if (a < b) document.write('<p>x</p>')</script>",
        "<script><!-- <script> </script> --></script>",
        "<style>p { color: red }</style>",
        "<template><p>x</p></template>",
        "<noscript><img src=x>x</noscript>",
        "<title>x</title>",
        "<textarea>x<p>x</textarea>",
        "<select><option>x<option>y</select>",
        "<datalist><option>x</datalist>",
        "<svg><title>x</title><text>x</text><style>x</style><g/></svg>",
        "<svg/>",
        "<svg><foreignObject><p>x</p></foreignObject><![CDATA[ </svg> x]] ]]></svg>",
        "<math><mi>x</mi><annotation>x</annotation></math>",
        "<iframe><p>x</iframe>",
        "<object>x<p>x</object>",
        "<video>x<p>x</p></video>",
        "<audio>x</audio>",
        "<canvas>x</canvas>",
        "<progress>x</progress>",
        "<meter>x</meter>",
        "<noembed>x</noembed>",
        "<noframes>x</noframes>",
        "<!-- x -->",
        "<!-->",
        "<!x>",
        "<?x y?>",
        "</ x>",
        "<span hidden>x</span>",
        "<span HIDDEN=''>x<b>x</b></span>",
        "<div aria-hidden=true><p>x</div>",
        "<span style='color:red; DISPLAY : None !important'>x</span>",
        "<span style=visibility:hidden>x</span>",
        "<input type=hidden value=x>",
        "<dialog>x</dialog>",
        "<ruby hidden>x</ruby>",
        "<rt>x</rt><rp>x</rp>",
        "<applet>x</applet>",
    ] {
        check(&[
            (hidden, ""),
            (&format!("a{hidden}b"), "ab"),
            (&format!("<div>a {hidden} b</div>"), "a b"),
            (&format!("<p>a</p>{hidden}<p>b</p>"), "a\n\nb"),
        ]);
    }
    check(&[
        ("<dialog open>x</dialog>", "x"),
        ("<p style='display:none;display:block'>x", "x"),
        ("<p style='x-display:none'>x", "x"),
        ("<p aria-hidden=false>x", "x"),
        ("<p hidden=until-found>x", "x"),
        ("<body style='display:none' hidden>x", "x"),
        ("<ruby>漢<rp>(<rt>かん<rp>)</rp>字<rt>じ</ruby>だ", "漢字だ"),
    ]);
}

#[test]
fn hidden_parts_end() {
    check(&[
        ("<p hidden>x<p>a", "a"),
        ("<p hidden>x<div>a</div>", "a"),
        ("<ul><li hidden>x<li>a</ul>", "a"),
        ("<ul><li hidden><ul><li>x</ul>x</li><li>a</ul>", "a"),
        ("<dl><dt hidden>x<dd>a<dd hidden>x<dt>b</dl>", "a\n\nb"),
        ("<table><tr hidden><td>x<tr><td>a<td hidden>x<td>b</table>", "a\nb"),
        ("<table><tbody hidden><tr><td>x<tbody><tr><td>a</table>", "a"),
        ("<table><tr><td><div hidden>x<td>a</table>", "a"),
        ("<table><tr><td><b hidden>x</table>a", "a"),
        ("<table hidden><tr><td>x<table>x</table>x</table>a", "a"),
        ("<table hidden><tr><table><tr><td>a</table>", "a"),
        ("<div><span hidden>x</div>a", "a"),
        ("<div><p hidden>x</div>a", "a"),
        ("<div hidden></span></p></b></table></td></li></h1>x</div>a", "a"),
        ("<span hidden><div>x</span>x</div>x</span>a", "a"),
        ("<b hidden><p>x</b>a</p>b", "a\n\nb"),
        ("<p><b hidden>x</p>a", "a"),
        ("<a hidden>x<a>a", "a"),
        ("<h1 hidden>x</h2>a", "a"),
        ("<h1 hidden>x<h2>a", "a"),
        ("<button hidden>x<button>a", "a"),
        ("<svg><g><p>a", "a"),
        ("<svg><g><font size=1>a", "a"),
        ("<svg><font>x</svg>a", "a"),
        ("<div><svg><g></div>a", "a"),
        ("<svg><desc><p>x</p></desc></svg>a", "a"),
        ("<svg><desc><b>x</b></svg>a", "a"),
        ("<select><option>x</select>a", "a"),
        ("<div><select><option>x</div>a", "a"),
        ("<template><div>x</template>a", "a"),
        ("<template><table><tr><td>x</template>a", "a"),
        ("<script>x</script >a", "a"),
        ("<textarea>x</textareas></textarea/>a", "a"),
        ("<my-part hidden>x<my-part>x</my-part>x</my-part>a", "a"),
        ("<section hidden><article>x</section>a", "a"),
        ("<td hidden>a</td><tr hidden>b", "a\nb"),
        ("<div hidden/>x</div>a", "a"),
        ("<p hidden>x</p></p>a", "a"),
        ("<svg hidden><p>a</svg>b", "ab"),
        ("a<!-- x", "a"),
        ("a<script>x", "a"),
        ("a<b title='x", "a"),
    ]);
}
