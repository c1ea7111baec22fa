//! Encodings that pages and headers state.

use proptest::prelude::*;

use super::{declared_encoding, encoding_of_content_type};

#[test]
fn pages_state_their_encoding() {
    for (page, encoding) in [
        ("", None),
        ("<p>text", None),
        ("<meta charset=utf-8>", Some("UTF-8")),
        ("<META CHARSET = 'Shift_JIS' />", Some("Shift_JIS")),
        ("<meta/charset=\" koi8-r \">", Some("KOI8-R")),
        ("<meta charset=latin1>", Some("windows-1252")),
        ("<meta charset=utf-16>", Some("UTF-8")),
        ("<meta charset=x-user-defined>", Some("windows-1252")),
        ("<meta charset=nonsense><meta charset=big5>", Some("Big5")),
        ("<metacharset=big5>", None),
        ("<meta charset=big5", None),
        ("<meta http-equiv=Content-Type content='text/html; charset=euc-jp'>", Some("EUC-JP")),
        ("<meta content='text/html; charset = \"gbk\"' http-equiv='Content-Type'>", Some("GBK")),
        ("<meta http-equiv=content-type content='charset charset=windows-1251;x'>", Some("windows-1251")),
        ("<meta http-equiv=content-type content=\"charset='koi8-r\">", None),
        ("<meta http-equiv=refresh content='charset=big5'>", None),
        ("<meta content='charset=big5'>", None),
        ("<!-- <meta charset=big5> --><meta charset=gbk>", Some("GBK")),
        ("<!--><meta charset=gbk>", Some("GBK")),
        ("<!-- <meta charset=big5>", None),
        ("<a title='<meta charset=big5>'><meta charset=gbk>", Some("GBK")),
        ("</a title='<meta charset=big5>'><meta charset=gbk>", Some("GBK")),
        ("<!x <meta charset=big5><meta charset=gbk>", Some("GBK")),
        ("<meta charset=big5 charset=gbk>", Some("Big5")),
        ("<html><head><title>x</title><meta name=a content=b><meta charset=gbk>", Some("GBK")),
        ("<script>'<meta charset=big5>'</script>", Some("Big5")),
        ("<?xml version='1.0' encoding='iso-8859-2'?><html>", Some("ISO-8859-2")),
        ("<?xml version='1.0' encoding = \"utf-16\"?>", Some("UTF-8")),
        ("<?xml version='1.0' encoding='iso-8859-2'?><meta charset=gbk>", Some("GBK")),
        (" <?xml encoding='iso-8859-2'?>", None),
        ("<\0?\0x\0", Some("UTF-16LE")),
        ("\0<\0?\0x", Some("UTF-16BE")),
        ("<meta charset=\"big5", None),
        ("<meta =a charset=gbk>", Some("GBK")),
        ("<meta charset>", None),
        ("<meta charset=>", None),
    ] {
        let found = declared_encoding(page.as_bytes()).map(|encoding| encoding.name());
        assert_eq!(found, encoding, "{page}");
        for end in 0..page.len() {
            declared_encoding(&page.as_bytes()[..end]);
        }
    }
    let late = format!("{}<meta charset=gbk>", " ".repeat(1020));
    assert_eq!(declared_encoding(late.as_bytes()), None);
}

#[test]
fn headers_state_an_encoding() {
    for (header, encoding) in [
        ("text/html", None),
        ("text/html; charset=utf-8", Some("UTF-8")),
        ("text/html;CHARSET=\"ISO-8859-1\"", Some("windows-1252")),
        ("text/html; a=\"x; charset=gbk\"; charset=big5", Some("Big5")),
        ("text/html; a; charset=big5", Some("Big5")),
        ("text/html; charset=; charset=big5", Some("Big5")),
        ("text/html; charset=nonsense", None),
        ("text/html; charset=\"\\b\\ig5", Some("Big5")),
        ("text/html; charset = big5", None),
        (";;;=;", None),
    ] {
        assert_eq!(encoding_of_content_type(header).map(|encoding| encoding.name()), encoding, "{header}");
    }
}

proptest! {
    #[test]
    fn anything_may_state_one(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20),
        bytes in any::<Vec<u8>>(),
        header in any::<String>(),
    ) {
        declared_encoding(&bytes);
        let mut page = pieces.concat();
        declared_encoding(&page);
        // What stands first counts.
        page.splice(..0, *b"<meta charset=koi8-r>");
        prop_assert_eq!(declared_encoding(&page).map(|encoding| encoding.name()), Some("KOI8-R"));
        encoding_of_content_type(&header);
        encoding_of_content_type(&String::from_utf8_lossy(&page));
    }
}

const PIECES: &[&[u8]] = &[
    b"<meta ",
    b"charset",
    b"=",
    b"big5",
    b"'",
    b"\"",
    b">",
    b"/",
    b" ",
    b"<!--",
    b"-->",
    b"<",
    b"</a",
    b"<?xml",
    b"content",
    b"http-equiv=content-type ",
    b";",
    b"\\",
    b"encoding",
    b"\xff",
    b"\0",
];
