//! Which fields of a JSON object make a document, as a tree that one visit of the object follows.
//!
//! A name is tried as a literal key first and as a path of keys second: `meta.id` is the key `meta.id` if there is one,
//! else the key `id` of the object `meta`, else nothing; a number steps into an array (`authors.0`). All names, of all
//! fields, are put into one tree of keys, so that an object is visited once and whatever no name leads to is skipped
//! unread.

use super::InputError;

/// Names of fields; `None` stands for the defaults of that field, tried in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldNames {
    /// The text (default [`TEXT_FIELDS`]).
    pub text: Option<String>,
    /// The id (default [`ID_FIELDS`]).
    pub id: Option<String>,
    /// The outlet or site (default [`SOURCE_FIELDS`]).
    pub source: Option<String>,
    /// The date of publication (default [`DATE_FIELDS`]).
    pub date: Option<String>,
    /// The address (default [`URL_FIELDS`]).
    pub url: Option<String>,
    /// The title (default [`TITLE_FIELDS`]).
    pub title: Option<String>,
}

/// Default names of the text, in the order in which they are tried.
pub const TEXT_FIELDS: &[&str] = &[
    "text",
    "content",
    "body",
    "article",
    "raw_content",
    "maintext",
    "article_text",
    "article_body",
    "articleBody",
    "full_text",
    "fulltext",
    "content_text",
    "document",
];

/// Default names of the id.
pub const ID_FIELDS: &[&str] = &[
    "id",
    "_id",
    "doc_id",
    "docid",
    "document_id",
    "article_id",
    "uid",
    "uuid",
    "guid",
    "_id.$oid",
    "meta.id",
    "metadata.id",
];

/// Default names of the outlet or site.
pub const SOURCE_FIELDS: &[&str] = &[
    "source",
    "source.name",
    "publisher",
    "publisher.name",
    "outlet",
    "publication",
    "newspaper",
    "site",
    "site_name",
    "domain",
    "source_domain",
    "meta.source",
    "metadata.source",
];

/// Default names of the date of publication. Dates of crawling are not among them: they prove no direction.
pub const DATE_FIELDS: &[&str] = &[
    "date",
    "published",
    "published_at",
    "publishedAt",
    "publish_date",
    "date_published",
    "date_publish",
    "datePublished",
    "pub_date",
    "pubDate",
    "pubdate",
    "publication_date",
    "date.$date",
    "meta.date",
    "metadata.date",
];

/// Default names of the address.
pub const URL_FIELDS: &[&str] = &["url", "link", "uri", "permalink", "canonical_url", "meta.url", "metadata.url"];

/// Default names of the title.
pub const TITLE_FIELDS: &[&str] = &["title", "headline", "meta.title", "metadata.title"];

/// What a value of an object can be to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Text,
    Id,
    Source,
    Date,
    Url,
    Title,
}

impl Field {
    pub(super) const ALL: [Field; 6] = [Field::Text, Field::Id, Field::Source, Field::Date, Field::Url, Field::Title];

    /// The word for it in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Field::Text => "text",
            Field::Id => "id",
            Field::Source => "source",
            Field::Date => "date",
            Field::Url => "url",
            Field::Title => "title",
        }
    }
}

/// A value that is wanted: for which field, and how early it is tried (0 first).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) field: Field,
    pub(super) priority: u16,
}

/// A key of the tree: what is wanted at it, and below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) targets: Vec<Target>,
    /// Sorted by key.
    children: Vec<(String, Node)>,
}

impl Node {
    /// What is wanted at a key of this object.
    pub(super) fn child(&self, key: &str) -> Option<&Node> {
        let at = self.children.binary_search_by(|(name, _)| name.as_str().cmp(key)).ok()?;
        self.children.get(at).map(|(_, node)| node)
    }

    /// What is wanted at an index of this array.
    pub(super) fn element(&self, index: usize) -> Option<&Node> {
        if self.children.is_empty() { None } else { self.child(&index.to_string()) }
    }

    /// What is wanted in a column of a table: its name is taken as one key first, and as a path of keys second.
    pub(super) fn column(&self, name: &str) -> Option<&Node> {
        let is_wanted = |node: &&Node| !node.targets.is_empty();
        self.child(name)
            .filter(is_wanted)
            .or_else(|| name.split('.').try_fold(self, |node, key| node.child(key)).filter(is_wanted))
    }

    /// Whether nothing is wanted below.
    pub(super) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    fn insert<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>, target: Target) {
        let mut node = self;
        for key in keys {
            let at = node.children.binary_search_by(|(name, _)| name.as_str().cmp(key)).unwrap_or_else(|at| {
                node.children.insert(at, (key.to_owned(), Node::default()));
                at
            });
            node = &mut node.children[at].1;
        }
        node.targets.push(target);
    }
}

/// All names as one tree.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// The tree, at an object as a whole.
    pub(super) root: Node,
    /// The names that were chosen, where not the defaults, by [`Field::ALL`].
    chosen: [Option<String>; 6],
}

impl Plan {
    /// Makes the tree; a name without a letter is an error.
    pub(super) fn new(names: &FieldNames) -> Result<Self, InputError> {
        let mut root = Node::default();
        let mut chosen: [Option<String>; 6] = Default::default();
        for (field, slot) in Field::ALL.into_iter().zip(&mut chosen) {
            let (name, defaults) = match field {
                Field::Text => (&names.text, TEXT_FIELDS),
                Field::Id => (&names.id, ID_FIELDS),
                Field::Source => (&names.source, SOURCE_FIELDS),
                Field::Date => (&names.date, DATE_FIELDS),
                Field::Url => (&names.url, URL_FIELDS),
                Field::Title => (&names.title, TITLE_FIELDS),
            };
            *slot = name.clone();
            let tried = match name {
                Some(name) if name.is_empty() => return Err(InputError::BadField { name: name.clone() }),
                Some(name) => vec![name.as_str()],
                None => defaults.to_vec(),
            };
            for (priority, name) in (0..).step_by(2).zip(tried) {
                root.insert([name], Target { field, priority });
                if name.contains('.') {
                    root.insert(name.split('.'), Target { field, priority: priority + 1 });
                }
            }
        }
        Ok(Plan { root, chosen })
    }

    /// The name that was chosen for a field, if it was.
    pub(super) fn chosen(&self, field: Field) -> Option<&str> {
        self.chosen[field as usize].as_deref()
    }
}
