//! Works: documents that are one thing in several versions.
//!
//! A page that is fetched every hour is one work, and so is a document that is named twice. Versions repeat each other
//! and take nothing. Two documents are one work if they have one address, or one id of their own and the same text.
//!
//! **Addresses** are compared without scheme, `www.` (`m.`, `amp.`), fragment, trailing slash and what only counts
//! readers (`utm_source` and the like). The address of a home page names no article.

use ahash::AHashMap;

use crate::document::Document;
use crate::hash::{Purpose, hash_text};

/// For each document the number of its work: the rank of the first document of it.
pub(super) fn number(documents: &[Document]) -> Vec<u32> {
    let mut of_address: AHashMap<String, u32> = AHashMap::new();
    let mut of_id: AHashMap<(&str, u64), u32> = AHashMap::new();
    let mut works: Vec<u32> = (0..documents.len() as u32).collect();
    for (rank, document) in (0u32..).zip(documents) {
        let address = document.url().and_then(normalize);
        let by_address = address.map(|address| *of_address.entry(address).or_insert(rank));
        let name = document.own_id().map(|id| (id, hash_text(&document.text, Purpose::Text)));
        let by_id = name.map(|name| *of_id.entry(name).or_insert(rank));
        for earlier in [by_address, by_id].into_iter().flatten() {
            let (one, other) = (find(&works, rank), find(&works, earlier));
            works[one.max(other) as usize] = one.min(other);
        }
    }
    // Each work is led by its first document, and what leads comes before what it leads.
    for rank in 0..works.len() {
        works[rank] = works[works[rank] as usize];
    }
    works
}

/// The first document of the work that one belongs to.
fn find(works: &[u32], mut document: u32) -> u32 {
    while works[document as usize] != document {
        document = works[document as usize];
    }
    document
}

/// What an address comes to; none if it names no article.
fn normalize(address: &str) -> Option<String> {
    let rest = address.trim().split('#').next().unwrap_or_default();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.to_ascii_lowercase();
    let host = ["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host);
    let mut kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !counts_readers(pair)).collect();
    kept.sort_unstable();
    let path = path.trim_end_matches('/');
    if host.is_empty() || (path.is_empty() && kept.is_empty()) {
        return None;
    }
    Some(format!("{host}/{path}?{}", kept.join("&")))
}

fn counts_readers(pair: &str) -> bool {
    const NAMES: [&str; 12] =
        ["fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ref", "cmp", "cmpid", "ocid", "amp"];
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_or_one_id_with_one_text_makes_one_work() {
        use crate::document::Label;
        let document = |id: &str, url: &str, text: &str| {
            let label = Label { url: Some(url.into()), title: None };
            Document { id: id.into(), label: Some(Box::new(label)), ..Document::of_text(text) }
        };
        let documents = [
            document("a", "https://one.example/x", "text"),
            document("b", "https://two.example/x", "text"),
            document("a", "https://two.example/x", "text"),
            document("a", "https://three.example/x", "another text"),
        ];
        assert_eq!(number(&documents), [0, 0, 0, 3]);
    }

    #[test]
    fn addresses_of_one_page_are_equal() {
        let page = normalize("https://www.example.org/world/a-story/");
        for same in [
            "http://example.org/world/a-story",
            "example.org/world/a-story#comments",
            "https://m.example.org/world/a-story/?utm_source=feed&fbclid=1",
            " HTTPS://EXAMPLE.ORG/world/a-story ",
        ] {
            assert_eq!(normalize(same), page, "{same}");
        }
        for other in ["https://example.org/world/another", "https://example.org/world/a-story?page=2"] {
            assert_ne!(normalize(other), page, "{other}");
        }
        for home in ["https://example.org", "https://example.org/", "", "#top", "https://example.org/?utm_medium=x"] {
            assert_eq!(normalize(home), None, "{home}");
        }
    }
}
