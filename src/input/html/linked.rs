//! JSON-LD: what pages say of themselves for search engines.
//!
//! **Idea.** A page may describe many things: itself, its site, the way to it, comments, images. What is at the top,
//! in an array or in `@graph`, or is the main thing of such, may be the page; what stands deeper is something else. Of
//! those, a date of an article or page is better than that of another thing, and only those two have the address.
//! The publisher may be named in another place, and be referred to by `@id`.
//!
//! **Cost.** Linear in the data, and its tree is held while it is read. Data that nest deeper than 128 levels, or are
//! no JSON, are passed over.
//!
//! **Source.** schema.org, JSON-LD 1.1 (only the forms that pages use; contexts are not looked at).

use ahash::AHashMap;
use serde_json::{Map, Value};

use super::metadata::{address_of, date_of, line_of};

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Linked {
    /// The date of an article or page, and of another thing.
    dates: [Option<String>; 2],
    url: Option<String>,
    publisher: Option<Publisher>,
    /// The name of a `WebSite`.
    site: Option<String>,
    /// Names of things by `@id`.
    names: AHashMap<String, String>,
}

#[derive(Debug)]
enum Publisher {
    Named(String),
    Elsewhere(String),
}

impl Linked {
    /// Reads the content of one `<script>`.
    pub(super) fn add(&mut self, data: &str) {
        let Ok(data) = serde_json::from_str::<Value>(data.trim()) else { return };
        // The first thing first: what is to be read is on a stack, last to first.
        let mut things = vec![&data];
        while let Some(thing) = things.pop() {
            match thing {
                Value::Array(inner) => things.extend(inner.iter().rev()),
                Value::Object(object) => {
                    self.add_thing(object);
                    let inner = ["mainEntityOfPage", "mainEntity", "@graph"];
                    things.extend(inner.into_iter().filter_map(|key| object.get(key)));
                }
                _ => {}
            }
        }
    }

    fn add_thing(&mut self, thing: &Map<String, Value>) {
        let is = |wanted: fn(&str) -> bool| strings(thing.get("@type")).any(wanted);
        let is_page = is(|kind| kind.ends_with("Page"));
        let is_article = is(|kind| {
            kind.ends_with("Article") || kind.ends_with("Posting") || matches!(kind, "Report" | "CreativeWork" | "Book")
        }) || thing.contains_key("headline");
        let is_beside =
            is(|kind| matches!(kind, "Comment" | "Review" | "Answer" | "Claim") || kind.ends_with("Object"));

        if let Some(date) = strings(thing.get("datePublished")).find_map(date_of)
            && !is_beside
        {
            self.dates[usize::from(!(is_page || is_article))].get_or_insert(date);
        }
        if is_page || is_article {
            let of_page = thing.get("mainEntityOfPage");
            let url = strings(of_page)
                .chain(objects(of_page).flat_map(|page| strings(page.get("@id")).chain(strings(page.get("url")))))
                .chain(strings(thing.get("url")))
                .find_map(address_of);
            if self.url.is_none() {
                self.url = url;
            }
        }
        if self.publisher.is_none() {
            self.publisher = publisher_of(thing);
        }
        if let Some(name) = strings(thing.get("name")).find_map(line_of) {
            if is(|kind| kind == "WebSite") {
                self.site.get_or_insert_with(|| name.clone());
            }
            if let Some(id) = strings(thing.get("@id")).next() {
                self.names.entry(id.to_owned()).or_insert(name);
            }
        }
    }

    /// Date, address and site.
    pub(super) fn finish(self) -> (Option<String>, Option<String>, Option<String>) {
        let site = match self.publisher {
            Some(Publisher::Named(name)) => Some(name),
            Some(Publisher::Elsewhere(id)) => self.names.get(&id).cloned(),
            None => None,
        };
        (self.dates.into_iter().flatten().next(), self.url, site.or(self.site))
    }
}

fn publisher_of(thing: &Map<String, Value>) -> Option<Publisher> {
    let publisher = thing.get("publisher");
    let named = strings(publisher).chain(objects(publisher).flat_map(|object| strings(object.get("name"))));
    if let Some(name) = named.filter(|name| address_of(name).is_none()).find_map(line_of) {
        return Some(Publisher::Named(name));
    }
    let id = objects(publisher).flat_map(|object| strings(object.get("@id"))).next()?;
    Some(Publisher::Elsewhere(id.to_owned()))
}

/// The values of a property, which may be one or an array of them.
fn values(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (one, many) = match value {
        Some(Value::Array(values)) => (None, values.as_slice()),
        one => (one, [].as_slice()),
    };
    one.into_iter().chain(many)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    values(value).filter_map(Value::as_str)
}

fn objects(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    values(value).filter_map(Value::as_object)
}
