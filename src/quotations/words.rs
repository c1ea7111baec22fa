//! Words: what the words about a quotation are for, as a table.
//!
//! **Idea.** A row of `words.tsv` gives a language, a role and words that have it; a word may be several (`according
//! to`). The languages are looked up together: the role of a word is what it may be in any of them. Words of two
//! languages that would disturb each other are left out of one (French *fit*, German *bat*), or told apart by how they
//! are written (`fit-il`).
//!
//! **Cost.** One look-up a word, at most [`LONGEST`] where a phrase may begin. The table is read once.

use std::sync::LazyLock;

use ahash::AHashMap;

const TABLE: &str = include_str!("words.tsv");

/// How many words the longest phrase has.
pub(super) const LONGEST: usize = 4;

/// What a word may be, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

impl Roles {
    /// A verb of saying with a subject of its own: *said*, *répondit*.
    pub(super) const VERB: Self = Self(1);
    /// One without: *adding*, *disant*.
    pub(super) const PARTICIPLE: Self = Self(1 << 1);
    /// A verb of naming: *called*, *nannte*.
    pub(super) const CALL: Self = Self(1 << 2);
    /// A noun for words: *statement*, *slogan*.
    pub(super) const NOUN: Self = Self(1 << 3);
    /// What the source follows: *according to*, *laut*.
    pub(super) const SOURCE: Self = Self(1 << 4);
    /// A noun for what has a title: *book*, *Lied*.
    pub(super) const WORK: Self = Self(1 << 5);
    /// What a word follows that is spoken of as a word: *so-called*, *Begriff*.
    pub(super) const TERM: Self = Self(1 << 6);
    /// A pronoun that may be a subject.
    pub(super) const PRONOUN: Self = Self(1 << 7);
    /// An article, or what stands for one.
    pub(super) const ARTICLE: Self = Self(1 << 8);
    pub(super) const PREPOSITION: Self = Self(1 << 9);
    /// What begins a clause.
    pub(super) const SUBORDINATOR: Self = Self(1 << 10);
    pub(super) const AUXILIARY: Self = Self(1 << 11);
    pub(super) const ADVERB: Self = Self(1 << 12);

    /// What goes on with a name or an office: *minister of trade*, *a spokesman for the club*.
    pub(super) const LINK: Self = Self(1 << 13);
    /// What stands before who listens: *to*, *à*.
    pub(super) const TOWARDS: Self = Self(1 << 14);
    /// A verb whose object is who listens: *told*.
    pub(super) const TELLING: Self = Self(1 << 15);
    /// *And*.
    pub(super) const AND: Self = Self(1 << 16);
    /// *Who*.
    pub(super) const RELATIVE: Self = Self(1 << 17);
    /// *His*, *her*.
    pub(super) const OWNER: Self = Self(1 << 18);
    /// What stands before the name of a programme, a paper, a house: *on*, *in*.
    pub(super) const PLACE: Self = Self(1 << 19);

    /// A pronoun for who listens: *them*.
    pub(super) const LISTENER: Self = Self(1 << 20);

    /// What attributes: a verb of saying or naming.
    pub(super) const CUE: Self = Self(Self::VERB.0 | Self::PARTICIPLE.0 | Self::CALL.0);
    /// What may stand between a subject and its verb.
    pub(super) const FILLER: Self = Self(Self::AUXILIARY.0 | Self::ADVERB.0);

    /// Whether it has one of some roles.
    pub(super) fn has(self, roles: Roles) -> bool {
        self.0 & roles.0 != 0
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "verb" => Self::VERB,
            "participle" => Self::PARTICIPLE,
            "call" => Self::CALL,
            "noun" => Self::NOUN,
            "source" => Self::SOURCE,
            "work" => Self::WORK,
            "term" => Self::TERM,
            "pronoun" => Self::PRONOUN,
            "article" => Self::ARTICLE,
            "preposition" => Self::PREPOSITION,
            "subordinator" => Self::SUBORDINATOR,
            "auxiliary" => Self::AUXILIARY,
            "adverb" => Self::ADVERB,
            "link" => Self::LINK,
            "towards" => Self::TOWARDS,
            "telling" => Self::TELLING,
            "and" => Self::AND,
            "relative" => Self::RELATIVE,
            "owner" => Self::OWNER,
            "place" => Self::PLACE,
            "listener" => Self::LISTENER,
            _ => return None,
        })
    }
}

impl std::ops::BitOr for Roles {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Debug, Default)]
struct Entry {
    roles: Roles,
    /// Whether a phrase begins with it.
    begins_phrase: bool,
}

static WORDS: LazyLock<AHashMap<&'static str, Entry>> = LazyLock::new(|| {
    let mut words: AHashMap<&str, Entry> = AHashMap::new();
    for (role, word) in rows() {
        let entry = words.entry(word).or_default();
        entry.roles = entry.roles | role;
        if let Some((first, _)) = word.split_once(' ') {
            words.entry(first).or_default().begins_phrase = true;
        }
    }
    words
});

fn rows() -> impl Iterator<Item = (Roles, &'static str)> {
    TABLE.lines().filter(|row| !row.starts_with('#')).flat_map(|row| {
        let mut cells = row.split('\t').skip(1);
        let role = cells.next().and_then(Roles::named);
        let words = cells.next().unwrap_or_default().split(';');
        role.into_iter().flat_map(move |role| words.clone().map(move |word| (role, word)))
    })
}

/// What a word or a phrase in small letters may be.
pub(super) fn roles(small: &str) -> Roles {
    WORDS.get(small).map(|entry| entry.roles).unwrap_or_default()
}

/// Whether a phrase begins with a word in small letters.
pub(super) fn begins_phrase(small: &str) -> bool {
    WORDS.get(small).is_some_and(|entry| entry.begins_phrase)
}

/// The verbs of saying of scripts without blanks.
pub(super) static UNSPACED_VERBS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let is_unspaced = |word: &&str| word.chars().next().is_some_and(super::tokens::is_unspaced);
    rows().filter(|(role, _)| *role == Roles::VERB).map(|(_, word)| word).filter(is_unspaced).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_read() {
        for row in TABLE.lines().filter(|row| !row.starts_with('#')) {
            let cells: Vec<&str> = row.split('\t').collect();
            assert!(cells.len() == 3 && Roles::named(cells[1]).is_some(), "{row}");
            assert_eq!(row, row.to_lowercase());
            assert!(cells[2].split(';').all(|word| !word.is_empty() && word.split(' ').count() <= LONGEST), "{row}");
        }
    }

    #[test]
    fn roles_add_up() {
        assert!(roles("said").has(Roles::VERB) && !roles("said").has(Roles::NOUN));
        assert!(roles("according to").has(Roles::SOURCE) && begins_phrase("according"));
        assert_eq!(roles("xyzzy"), Roles::default());
    }
}
