//! What a page says of itself: title, address, site and date of publication.
//!
//! **Idea.** Pages say each of these in several ways, some of them more carefully than others. Each way has a rank, the
//! best one that says something usable counts, and of one rank the first in the page:
//!
//! - *title*: `og:title` (the headline, where `<title>` mostly adds the site), `<title>`, the first `h1` with text;
//! - *address*: `<link rel=canonical>`, `og:url`, JSON-LD; only absolute ones, as what others are relative to is not
//!   known here;
//! - *site*: `og:site_name`, the publisher in JSON-LD, `application-name`, the host of the address;
//! - *date*: `datePublished` in JSON-LD, `article:published_time`, the names of Dublin Core and others in `<meta>`,
//!   `itemprop=datePublished`, `<time pubdate>`, and `<time>` if all of them in the page say the same. Only dates that
//!   can be read count, and dates of change never.
//!
//! **Cost.** Linear; one string for each rank.

use std::collections::BTreeSet;

use crate::date::PublicationDate;

use super::linked;
use super::text::is_space;
use super::tokens::{Attribute, Attributes};

/// Names of `<meta>` that tell the date of publication, in lower case, ascending.
const DATE_NAMES: [&str; 36] = [
    "article.created",
    "article.published",
    "article:published",
    "article_date_original",
    "bepress_citation_date",
    "bt:pubdate",
    "citation_date",
    "citation_online_date",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "date",
    "date.created",
    "date.issued",
    "datepublished",
    "dc.date",
    "dc.date.created",
    "dc.date.issued",
    "dc.date.published",
    "dc:date",
    "dcterms.created",
    "dcterms.date",
    "dcterms.issued",
    "eprints.date",
    "og:published_time",
    "originalpublicationdate",
    "parsely-pub-date",
    "prism.publicationdate",
    "pub_date",
    "pubdate",
    "publication-date",
    "publication_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "rnews:datepublished",
    "sailthru.date",
];

/// Ranks of titles.
const TITLES: usize = 3;
/// Ranks of addresses.
const URLS: usize = 3;
/// Ranks of sites.
const SITES: usize = 4;
/// Ranks of dates.
const DATES: usize = 6;

/// What was found so far, by rank.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    titles: [Option<String>; TITLES],
    urls: [Option<String>; URLS],
    sites: [Option<String>; SITES],
    dates: [Option<String>; DATES],
    linked: linked::Linked,
    /// Different dates of `<time>`, two at most.
    times: BTreeSet<String>,
}

impl Metadata {
    pub(super) fn has_title(&self) -> bool {
        self.titles[1].is_some()
    }

    pub(super) fn add_title(&mut self, title: &str) {
        put(&mut self.titles[1], line_of(title));
    }

    pub(super) fn add_heading(&mut self, heading: &str) {
        put(&mut self.titles[2], line_of(heading));
    }

    pub(super) fn add_linked(&mut self, data: &str) {
        self.linked.add(data);
    }

    pub(super) fn add_link(&mut self, attributes: &Attributes) {
        let relation = attributes.get(Attribute::Rel).unwrap_or_default();
        if relation.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical")) {
            put(&mut self.urls[0], attributes.get(Attribute::Href).and_then(address_of));
        }
    }

    pub(super) fn add_meta(&mut self, attributes: &Attributes) {
        let Some(content) = attributes.get(Attribute::Content) else { return };
        // Pages mix up the two attributes.
        for name in [Attribute::Property, Attribute::Name] {
            let Some(name) = attributes.get(name) else { continue };
            match name.trim().to_ascii_lowercase().as_str() {
                "og:title" => put(&mut self.titles[0], line_of(content)),
                "og:url" => put(&mut self.urls[1], address_of(content)),
                "og:site_name" => put(&mut self.sites[0], line_of(content)),
                "application-name" => put(&mut self.sites[2], line_of(content)),
                "article:published_time" | "og:article:published_time" => put(&mut self.dates[1], date_of(content)),
                name if DATE_NAMES.binary_search(&name).is_ok() => put(&mut self.dates[2], date_of(content)),
                _ => {}
            }
        }
    }

    /// A date marked as that of publication.
    pub(super) fn add_marked_date(&mut self, date: &str) {
        put(&mut self.dates[3], date_of(date));
    }

    /// The date of a `<time>`.
    pub(super) fn add_time(&mut self, date: &str, of_publication: bool) {
        if of_publication {
            put(&mut self.dates[4], date_of(date));
        }
        if self.times.len() < 2
            && let Some(date) = date_of(date)
        {
            self.times.insert(date);
        }
    }

    /// Title, address, site and date.
    pub(super) fn finish(mut self) -> [Option<String>; 4] {
        let (date, url, site) = self.linked.finish();
        put(&mut self.dates[0], date);
        put(&mut self.urls[2], url);
        put(&mut self.sites[1], site);
        if self.times.len() == 1 {
            self.dates[5] = self.times.pop_first();
        }
        let url = self.urls.into_iter().flatten().next();
        self.sites[3] = url.as_deref().and_then(host_of).map(str::to_owned);
        [
            self.titles.into_iter().flatten().next(),
            url,
            self.sites.into_iter().flatten().next(),
            self.dates.into_iter().flatten().next(),
        ]
    }
}

fn put(place: &mut Option<String>, value: Option<String>) {
    if place.is_none() {
        *place = value;
    }
}

/// A name in one line, if anything is in it.
pub(super) fn line_of(text: &str) -> Option<String> {
    let mut line = String::new();
    let words = text.split(|c: char| c.is_ascii() && is_space(c as u8)).filter(|word| !word.is_empty());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    (!line.is_empty()).then_some(line)
}

/// A date, if it can be read.
pub(super) fn date_of(text: &str) -> Option<String> {
    let text = text.trim();
    PublicationDate::parse(text).map(|_| text.to_owned())
}

/// An address, if it is an absolute one of the web.
pub(super) fn address_of(text: &str) -> Option<String> {
    let text = text.trim();
    host_of(text)?;
    (!text.contains(|c: char| c.is_whitespace() || c.is_control())).then(|| text.to_owned())
}

/// The host in an absolute address of the web, without `www.`.
fn host_of(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') { host } else { host.split(':').next()? };
    let host = match host.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("www.") => host.get(4..)?,
        _ => host,
    };
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_in_order() {
        assert!(DATE_NAMES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn hosts_are_cut_out() {
        for (address, host) in [
            ("https://www.example.org/a?b#c", Some("example.org")),
            ("HTTP://WWW.Example.org", Some("Example.org")),
            ("https://me:secret@example.org:8080/", Some("example.org")),
            ("https://[2001:db8::1]:80/", Some("[2001:db8::1]:80")),
            ("https://пример.рф/статья", Some("пример.рф")),
            ("https://wwwé/", Some("wwwé")),
            ("//example.org/", None),
            ("/a", None),
            ("ftp://example.org/", None),
            ("https://", None),
            ("https://www.", None),
            ("", None),
        ] {
            assert_eq!(host_of(address), host, "{address}");
        }
        assert_eq!(address_of(" https://example.org/a "), Some("https://example.org/a".to_owned()));
        assert_eq!(address_of("https://example.org/a b"), None);
    }
}
