//! Furniture told by shape and wording: what is left to go by when a single page is all there is.
//!
//! **Idea.** The language of page furniture is small and has no news in it: *Skip to main content*, *Share this post*,
//! *Read more*, *Photo courtesy of …*. A short unit is furniture when **all** its words belong to that vocabulary and
//! at least one of them is telling by itself, or when it opens like a credit or a legal line. Verdicts carry low
//! confidence.
//!
//! A shorter look finds *markers*: lines of at most [`MARKED`] words with one word of the table or of a second one, and
//! lines with ©. They are no verdict, but many of them make a text a [page](crate::shape).
//!
//! **Gives up.** Furniture that names its own matter ("More about Afghanistan"), and languages outside the tables; one
//! word of news in a line saves it, since to lose a line of a story is worse than to keep a line of a page.

use std::sync::LazyLock;

use ahash::AHashSet;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Layout, UnitKind, fold, lay_out};

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

/// Words that no furniture is told by, but that stand in the short lines of pages more than elsewhere.
const HINTS: &[&str] = &[
    "abo",
    "abonnement",
    "advertise",
    "agb",
    "anúncio",
    "archiv",
    "archives",
    "buscar",
    "careers",
    "categories",
    "contacto",
    "contatti",
    "contato",
    "datenschutzerklärung",
    "disclaimer",
    "feed",
    "feedback",
    "feeds",
    "flickr",
    "google",
    "hledat",
    "imprint",
    "jobs",
    "kategorien",
    "kommentar",
    "kontakt",
    "kontakty",
    "mediadaten",
    "mentions",
    "menú",
    "menü",
    "pesquisa",
    "pingback",
    "přihlásit",
    "privacy",
    "recherche",
    "rechercher",
    "reddit",
    "register",
    "registrieren",
    "regulamin",
    "reklama",
    "suche",
    "suchen",
    "szukaj",
    "tags",
    "tiktok",
    "trackback",
    "tumblr",
    "udostępnij",
    "vk",
    "werbung",
    "xing",
    "zaloguj",
    "вход",
    "войти",
    "контакты",
    "меню",
    "поиск",
    "регистрация",
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

/// Longest unit, in words and in tokens, that wording can tell.
const LONGEST: usize = 12;
/// Longest unit, in words, that one word marks.
const MARKED: usize = 4;

/// What the wording of a unit tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    /// Nothing.
    Free,
    /// That pages have such lines more than other texts: evidence, but no verdict.
    Marker,
    /// That it is furniture.
    Furniture,
}

/// What the wording of each unit of a document tells; nothing if it tells nothing of any.
pub(crate) fn tell_all(text: &str, layout: &Layout) -> Option<Vec<Wording>> {
    let mut all: Option<Vec<Wording>> = None;
    let (anywhere, wholes) = (&*ANYWHERE, &*WHOLES);
    let has_sign = memchr::memmem::find(text.as_bytes(), "©".as_bytes()).is_some();
    for (at, unit) in layout.units.iter().enumerate() {
        let line = &text[unit.start as usize..unit.end as usize];
        let tokens = &layout.fingerprints[layout.unit_tokens(at)];
        let may_tell = || anywhere.holds_any(tokens) || wholes.begin(tokens) || (has_sign && line.contains('©'));
        if tokens.len() > LONGEST || line.len() > LONGEST_LINE || !may_tell() {
            continue;
        }
        let wording = tell(line, unit.kind);
        if wording != Wording::Free {
            all.get_or_insert_with(|| vec![Wording::Free; layout.units.len()])[at] = wording;
        }
    }
    all
}

/// Tokens of the tables: without one of them (and without a ©) a line tells nothing.
struct Vocabulary {
    /// A bit for each of a few thousand remainders of the fingerprints, to turn away most words at once.
    outline: [u64; 64],
    tokens: AHashSet<u32>,
}

impl Vocabulary {
    fn of<'a>(entries: impl Iterator<Item = &'a str>) -> Self {
        Vocabulary::of_tokens(entries.flat_map(|entry| lay_out(entry).fingerprints))
    }

    fn of_tokens(tokens: impl Iterator<Item = u32>) -> Self {
        let mut vocabulary = Vocabulary { outline: [0; 64], tokens: AHashSet::new() };
        for token in tokens {
            let (word, bit) = Vocabulary::place(token);
            vocabulary.outline[word] |= bit;
            vocabulary.tokens.insert(token);
        }
        vocabulary
    }

    fn holds(&self, token: u32) -> bool {
        let (word, bit) = Vocabulary::place(token);
        self.outline[word] & bit != 0 && self.tokens.contains(&token)
    }

    fn holds_any(&self, tokens: &[u32]) -> bool {
        tokens.iter().any(|token| self.holds(*token))
    }

    /// The lowest bit of a fingerprint tells a character from a word.
    fn place(token: u32) -> (usize, u64) {
        ((token >> 7) as usize % 64, 1 << (token >> 1 & 63))
    }
}

/// Words that tell something wherever they stand in a line.
static ANYWHERE: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::of(TELLING.iter().chain(HINTS).copied()));

/// What tells something as a whole: openings, and lines.
struct Wholes {
    first_tokens: Vocabulary,
    /// By their first tokens, in the order of those.
    all: Vec<Vec<u32>>,
}

impl Wholes {
    /// Whether some tokens begin with one of them.
    fn begin(&self, tokens: &[u32]) -> bool {
        self.first_tokens.holds(tokens[0]) && {
            let first = self.all.partition_point(|whole| whole[0] < tokens[0]);
            let of_first = self.all[first..].iter().take_while(|whole| whole[0] == tokens[0]);
            of_first.into_iter().any(|whole| tokens.starts_with(whole))
        }
    }
}

static WHOLES: LazyLock<Wholes> = LazyLock::new(|| {
    let openings = OPENINGS.iter().map(|opening| opening.join(" "));
    let entries = openings.chain(LINES.iter().map(|line| line.to_string()));
    let mut all: Vec<Vec<u32>> = entries.map(|entry| lay_out(&entry).fingerprints).collect();
    all.sort_unstable();
    let first_tokens = Vocabulary::of_tokens(all.iter().map(|whole| whole[0]));
    Wholes { first_tokens, all }
});

/// Bytes of the longest line that tells something: no line of the tables is longer.
const LONGEST_LINE: usize = 160;

/// What the wording of a unit tells.
pub(crate) fn tell(text: &str, kind: UnitKind) -> Wording {
    if text.len() > LONGEST_LINE {
        return Wording::Free;
    }
    let words: Vec<_> = text.unicode_words().take(LONGEST + 1).map(fold).collect();
    if words.is_empty() || words.len() > LONGEST {
        return Wording::Free;
    }
    let opens = |opening: &&[&str]| {
        opening.len() <= words.len() && opening.iter().zip(&words).all(|(expected, word)| *expected == word.as_ref())
    };
    if OPENINGS.iter().any(opens) {
        return Wording::Furniture;
    }
    let is_telling = |word: &str| TELLING.contains(&word);
    // A sentence says something; only a line of its own can be a label.
    if kind != UnitKind::Sentence {
        let line = words.join(" ");
        let is_line = LINES.contains(&line.as_str()) || LINES.contains(&line.replace(' ', "").as_str());
        let is_small = words.len() <= 6 && words.iter().all(|word| is_telling(word) || PLAIN.contains(&word.as_ref()));
        if is_line || (is_small && words.iter().any(|word| is_telling(word))) {
            return Wording::Furniture;
        }
    }
    let hints = words.iter().any(|word| is_telling(word) || HINTS.contains(&word.as_ref()));
    let is_marker = (hints && words.len() <= MARKED) || text.contains('©');
    if is_marker { Wording::Marker } else { Wording::Free }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_tells_is_asked() {
        let entries = TELLING.iter().chain(HINTS).chain(LINES).map(|entry| entry.to_string());
        let openings = OPENINGS.iter().map(|opening| opening.join(" ") + " somebody");
        for line in entries.chain(openings) {
            let layout = lay_out(&line);
            let expected =
                layout.units.iter().map(|unit| tell(&line[unit.start as usize..unit.end as usize], unit.kind));
            let expected: Vec<Wording> = expected.collect();
            let expected = Some(expected).filter(|all| all.iter().any(|wording| *wording != Wording::Free));
            assert_eq!(tell_all(&line, &layout), expected, "{line}");
        }
    }

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
            assert_eq!(tell(line, UnitKind::Line) == Wording::Furniture, expected, "{line}");
        }
    }

    #[test]
    fn credits_are_furniture_even_as_sentences() {
        assert_eq!(tell("(Photo courtesy: social media/Khawaja Asif)", UnitKind::Sentence), Wording::Furniture);
        assert_eq!(tell("Getty Images", UnitKind::Line), Wording::Furniture);
    }

    #[test]
    fn short_lines_with_a_word_of_pages_are_markers() {
        for line in ["Jobs at The Paper", "© 2020 The Paper", "Kontakt", "Search The Paper", "Follow the money"] {
            assert_eq!(tell(line, UnitKind::Line), Wording::Marker, "{line}");
        }
        assert_eq!(tell("Jobs for all, says the minister", UnitKind::Line), Wording::Free);
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
            assert_ne!(tell(line, UnitKind::Line), Wording::Furniture, "{line}");
        }
        assert_ne!(tell("Follow.", UnitKind::Sentence), Wording::Furniture);
    }
}
