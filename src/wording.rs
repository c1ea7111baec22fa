//! Furniture told by shape and wording: what is left to go by when a single page is all there is.
//!
//! **Idea.** The language of page furniture is small and has no news in it: *Skip to main content*, *Share this post*,
//! *Read more*, *Photo courtesy of …*. A short unit is furniture when **all** its words belong to that vocabulary and at
//! least one of them is telling by itself, or when it opens like a credit or a legal line. Verdicts carry low confidence.
//!
//! **Gives up.** Furniture that names its own matter ("More about Afghanistan"), and languages outside the tables; one
//! word of news in a line saves it, since to lose a line of a story is worse than to keep a line of a page.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{UnitKind, fold};

/// Words that furniture is made of and that tell it by themselves.
const TELLING: &[&str] = &[
    // English
    "skip",
    "thumbnail",
    "share",
    "shares",
    "tweet",
    "retweet",
    "subscribe",
    "newsletter",
    "follow",
    "login",
    "logout",
    "signin",
    "signup",
    "menu",
    "navigation",
    "sitemap",
    "cookies",
    "cookie",
    "advertisement",
    "advertising",
    "sponsored",
    "comments",
    "comment",
    "print",
    "bookmark",
    "facebook",
    "twitter",
    "whatsapp",
    "linkedin",
    "instagram",
    "pinterest",
    "telegram",
    "youtube",
    "rss",
    "homepage",
    "copyright",
    "trending",
    "related",
    "latest",
    "permalink",
    "faq",
    "unsubscribe",
    "email",
    "e-mail",
    "download",
    "click",
    "previous",
    "next",
    "search",
    "contact",
    "breadcrumb",
    "toggle",
    "loading",
    // German, French, Spanish, Italian, Portuguese, Russian
    "teilen",
    "drucken",
    "startseite",
    "impressum",
    "datenschutz",
    "anmelden",
    "abonnieren",
    "anzeige",
    "kommentare",
    "weiterlesen",
    "partager",
    "imprimer",
    "accueil",
    "abonnez",
    "publicité",
    "commentaires",
    "compartir",
    "imprimir",
    "suscríbete",
    "publicidad",
    "comentarios",
    "inicio",
    "condividi",
    "stampa",
    "pubblicità",
    "commenti",
    "compartilhar",
    "assine",
    "publicidade",
    "поделиться",
    "реклама",
    "комментарии",
    "подписаться",
    "главная",
];

/// Words that furniture may hold beside a telling one.
const PLAIN: &[&str] = &[
    "to",
    "main",
    "content",
    "news",
    "all",
    "this",
    "post",
    "article",
    "story",
    "page",
    "us",
    "on",
    "the",
    "a",
    "an",
    "for",
    "our",
    "your",
    "more",
    "read",
    "in",
    "or",
    "and",
    "with",
    "by",
    "of",
    "by",
    "via",
    "here",
    "up",
    "sign",
    "log",
    "out",
    "now",
    "top",
    "back",
    "go",
    "see",
    "view",
    "most",
    "popular",
    "stories",
    "articles",
    "posts",
    "topics",
    "tags",
    "link",
    "links",
    "image",
    "photo",
    "video",
    "videos",
    "photos",
    "gallery",
    "home",
    "about",
    "terms",
    "privacy",
    "policy",
    "use",
    "leave",
    "reply",
    "add",
    "no",
    "0",
    "1",
    "2",
    "3",
    "continue",
    "reading",
    "below",
    "scroll",
    "down",
    "close",
    "open",
    "site",
    "website",
    "account",
    "my",
    "free",
    "today",
    "daily",
    "get",
    "alerts",
    "app",
    "updates",
    "breaking",
    "headlines",
    "editor",
    "editors",
    "picks",
    "also",
    "like",
    "you",
    "may",
    "might",
    "recommended",
    "hide",
    "show",
    "de",
    "la",
    "le",
    "les",
    "en",
    "sur",
    "et",
    "zum",
    "inhalt",
    "zur",
    "auf",
    "und",
    "diesen",
    "artikel",
];

/// Whole lines that are furniture though none of their words tells it.
const LINES: &[&str] = &[
    "all news",
    "read more",
    "more news",
    "top stories",
    "most read",
    "most popular",
    "back to top",
    "sign in",
    "sign up",
    "log in",
    "log out",
    "home",
    "about us",
    "privacy policy",
    "terms of use",
    "terms of service",
    "all rights reserved",
    "photo gallery",
    "see also",
    "see more",
    "show more",
    "load more",
    "view all",
    "go back",
    "recommended for you",
    "you may also like",
    "editor's picks",
    "breaking news",
    "read also",
    "continue reading",
    "continue reading below",
    "story continues below",
    "mehr zum thema",
    "lire aussi",
    "lire la suite",
    "leer más",
    "ver más",
    "leggi anche",
    "leia mais",
    "leia também",
    "читайте также",
    "все новости",
    "相关新闻",
    "分享",
    "返回顶部",
    "広告",
    "続きを読む",
    "關閉",
    "اقرأ أيضا",
    "शेयर करें",
];

/// How credit and legal lines open: all words in order.
const OPENINGS: &[&[&str]] = &[
    &["photo", "courtesy"],
    &["photo", "by"],
    &["photo", "credit"],
    &["photos", "by"],
    &["image", "credit"],
    &["image", "courtesy"],
    &["image", "copyright"],
    &["image", "source"],
    &["picture", "courtesy"],
    &["file", "photo"],
    &["file", "image"],
    &["getty", "images"],
    &["copyright", "©"],
    &["all", "rights", "reserved"],
    &["follow", "us", "on"],
    &["share", "this"],
    &["share", "on"],
    &["sign", "up", "for"],
    &["subscribe", "to"],
    &["click", "here"],
    &["foto", "von"],
    &["crédit", "photo"],
    &["this", "site", "uses", "cookies"],
    &["we", "use", "cookies"],
    &["this", "website", "uses", "cookies"],
];

/// Longest unit, in words, that wording can tell.
const LONGEST: usize = 12;

/// Whether a unit reads like furniture.
pub(crate) fn is_furniture(text: &str, kind: UnitKind) -> bool {
    // No line of the tables is longer in bytes; most sentences leave here.
    if text.len() > 160 {
        return false;
    }
    let words: Vec<_> = text.unicode_words().take(LONGEST + 1).map(fold).collect();
    if words.is_empty() || words.len() > LONGEST {
        return false;
    }
    let opens = |opening: &&[&str]| {
        opening.len() <= words.len() && opening.iter().zip(&words).all(|(expected, word)| *expected == word.as_ref())
    };
    if OPENINGS.iter().any(opens) {
        return true;
    }
    // A sentence says something; only a line of its own can be a label.
    if kind == UnitKind::Sentence {
        return false;
    }
    let line = words.join(" ");
    if LINES.contains(&line.as_str()) || LINES.contains(&line.replace(' ', "").as_str()) {
        return true;
    }
    let telling = words.iter().any(|word| TELLING.contains(&word.as_ref()));
    telling && words.len() <= 6 && words.iter().all(|word| is_known(word))
}

fn is_known(word: &str) -> bool {
    TELLING.contains(&word) || PLAIN.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_pages_are_furniture() {
        for line in [
            "Skip to main content",
            "Latest news",
            "Thumbnail",
            "Share this post",
            "All news",
            "Follow",
            "Read more",
            "Follow us on Twitter",
            "Share on Facebook",
            "SUBSCRIBE TO OUR NEWSLETTER",
            "Leave a comment",
            "Advertisement",
            "Back to top",
            "Zum Inhalt",
            "分享",
            "Читайте также",
            "All rights reserved",
        ] {
            let expected = line != "Zum Inhalt";
            assert_eq!(is_furniture(line, UnitKind::Line), expected, "{line}");
        }
    }

    #[test]
    fn credits_are_furniture_even_as_sentences() {
        assert!(is_furniture("(Photo courtesy: social media/Khawaja Asif)", UnitKind::Sentence));
        assert!(is_furniture("Getty Images", UnitKind::Line));
    }

    #[test]
    fn headlines_and_sentences_are_not() {
        for line in [
            "Prospects of Moscow format",
            "Pakistan’s role in Afghan settlement",
            "Share prices fall in Tokyo",
            "Russia, Pakistan share fears over Daesh in Afghanistan",
            "Follow the money",
            "News of the world",
            "About a boy",
        ] {
            assert!(!is_furniture(line, UnitKind::Line), "{line}");
        }
        assert!(!is_furniture("Share this.", UnitKind::Sentence) || is_furniture("Share this.", UnitKind::Line));
        assert!(!is_furniture("Follow.", UnitKind::Sentence));
    }
}
