//! Agencies: the news agencies of the world, and the names that texts give them.
//!
//! **Idea.** A table lists each agency with its names in many languages and scripts, and its domains. Names are compared
//! word by word. Short forms (*AFP*, *dpa*) have to be written as they are listed, or in capitals; other words may be
//! in any case, but have to begin with a capital letter. Some short forms are common words or stand for other things
//! too (*PA*, *UNI*, *Mehr*): such *marks* count only where nothing but an agency is expected, as between brackets.
//!
//! **Cost.** One look-up a word.
//!
//! **Gives up.** One short form of two agencies belongs to the one that is listed first.

use ahash::AHashMap;
use thiserror::Error;

use super::phrases;
use super::words::{is_capitalised, is_caseless, joined_word, next_word, word_end, words};

/// Name, other names, marks, domains, place; names and domains of one cell are separated by semicolons.
const TABLE: &str = include_str!("agencies.tsv");
/// Letters of a short form at most.
const SHORT: usize = 5;
/// Bytes of an added name at most.
const LONGEST_NAME: usize = 100;
/// Agencies at most that may be added.
const MOST_ADDED: usize = 10_000;
/// Bytes of a host name at most.
const LONGEST_HOST: usize = 253;

/// A news agency of a list of [`Agencies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Agency(u16);

/// Why a name of an agency was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AgencyError {
    /// No letter is in it.
    #[error("the agency name {0:?} has no letters; give the name as texts write it, such as \"PMN\"")]
    Blank(String),
    /// It is too long.
    #[error("the agency name {0:?}… is {1} bytes long; give the name alone, in at most {LONGEST_NAME} bytes")]
    Long(String, usize),
    /// Lines have no place in a name.
    #[error("the agency name {0:?} goes over several lines; give each name by itself")]
    Broken(String),
    /// Too many.
    #[error("{0} agency names were added; at most {MOST_ADDED} are understood: leave out those that you need least")]
    Many(usize),
}

/// The agencies that are known: those of the list, and those that a user adds.
#[derive(Debug, Clone)]
pub(crate) struct Agencies {
    printed: Vec<String>,
    /// Names by their first word in small letters, longest first.
    names: AHashMap<String, Vec<Name>>,
    /// Names in scripts that put no spaces between words, longest first.
    unspaced: Vec<(String, Agency)>,
    domains: AHashMap<String, Agency>,
}

#[derive(Debug, Clone)]
struct Name {
    words: Vec<NameWord>,
    agency: Agency,
    /// Whether the name says too little by itself.
    is_mark: bool,
}

#[derive(Debug, Clone)]
struct NameWord {
    written: String,
    capitals: String,
    small: String,
}

/// A name of an agency that was found at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) agency: Agency,
    /// Where the name ends.
    pub(super) end: usize,
    /// Whether it is a mark, which may mean something else.
    pub(super) is_mark: bool,
}

impl Agencies {
    /// The agencies of the list, and others by their names. A name that is known already changes nothing.
    pub(crate) fn new(added: &[String]) -> Result<Agencies, AgencyError> {
        let mut agencies =
            Agencies { printed: Vec::new(), names: AHashMap::new(), unspaced: Vec::new(), domains: AHashMap::new() };
        for row in TABLE.lines().skip(1) {
            agencies.add_row(row);
        }
        if added.len() > MOST_ADDED {
            return Err(AgencyError::Many(added.len()));
        }
        for name in added {
            let name = name.trim();
            if !name.chars().any(char::is_alphabetic) {
                return Err(AgencyError::Blank(name.chars().take(LONGEST_NAME).collect()));
            }
            if name.len() > LONGEST_NAME {
                return Err(AgencyError::Long(name.chars().take(20).collect(), name.len()));
            }
            if name.contains(char::is_control) {
                return Err(AgencyError::Broken(name.to_owned()));
            }
            if let Some(known) = agencies.of_whole(name) {
                // Whoever names a mark means it: from now on it counts as a name.
                agencies.add_name(name, known, false);
            } else if let Some(agency) = agencies.add_agency(name) {
                agencies.add_name(name, agency, false);
            }
        }
        agencies.unspaced.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Ok(agencies)
    }

    fn add_row(&mut self, row: &str) {
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (printed, names, marks, domains) = (cell(), cell(), cell(), cell());
        let Some(agency) = self.add_agency(printed) else { return };
        for mark in marks.split(';').filter(|mark| !mark.is_empty()) {
            self.add_name(mark, agency, true);
        }
        for name in std::iter::once(printed).chain(names.split(';')).filter(|name| !name.is_empty()) {
            if !marks.split(';').any(|mark| mark == name) {
                self.add_name(name, agency, false);
            }
        }
        for domain in domains.split(';').filter(|domain| !domain.is_empty()) {
            self.domains.entry(domain.to_owned()).or_insert(agency);
        }
    }

    fn add_agency(&mut self, printed: &str) -> Option<Agency> {
        let agency = Agency(u16::try_from(self.printed.len()).ok()?);
        self.printed.push(printed.to_owned());
        Some(agency)
    }

    fn add_name(&mut self, name: &str, agency: Agency, is_mark: bool) {
        if name.chars().all(is_caseless) && name.chars().any(is_unspaced) {
            self.unspaced.push((name.to_owned(), agency));
        }
        let word = |place: std::ops::Range<usize>| {
            let written = name.get(place).unwrap_or_default().to_owned();
            NameWord { capitals: written.to_uppercase(), small: written.to_lowercase(), written }
        };
        let words: Vec<NameWord> = words(name).map(word).collect();
        let Some(first) = words.first() else { return };
        let names = self.names.entry(first.small.clone()).or_default();
        // Longer names before shorter ones, names before marks; otherwise the order of the list stays.
        let rank = (std::cmp::Reverse(words.len()), is_mark);
        let place = names.partition_point(|name| (std::cmp::Reverse(name.words.len()), name.is_mark) <= rank);
        names.insert(place, Name { words, agency, is_mark });
    }

    /// The name of an agency as it is printed: `Reuters`, `AP`, `dpa`.
    #[cfg(test)]
    pub(crate) fn name(&self, agency: Agency) -> &str {
        self.printed.get(usize::from(agency.0)).map_or("", String::as_str)
    }

    /// The agency that the name of a source, an outlet or an address belongs to: `Reuters`, `The Associated Press`,
    /// `AP News`, `tass.com`.
    pub(crate) fn of_source(&self, source: &str) -> Option<Agency> {
        let source = source.trim();
        if source.contains("://") || (source.contains('.') && !source.contains(char::is_whitespace)) {
            return self.of_address(source).or_else(|| self.of_whole(source));
        }
        self.of_whole(source)
    }

    /// The agency that an address belongs to, by its host: the domain of an agency, or one below it.
    pub(crate) fn of_address(&self, url: &str) -> Option<Agency> {
        let url = url.trim();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let authority = rest.split(['/', '?', '#', '\\']).next()?;
        let host = authority.rsplit('@').next()?.split(':').next()?.trim_end_matches('.');
        if host.len() > LONGEST_HOST {
            return None;
        }
        let host = host.to_ascii_lowercase();
        let mut domain = host.as_str();
        loop {
            if let Some(agency) = self.domains.get(domain) {
                return Some(*agency);
            }
            domain = domain.split_once('.')?.1;
        }
    }

    /// The agency that a text names and says nothing besides, but for articles and words such as *news*.
    fn of_whole(&self, text: &str) -> Option<Agency> {
        let text = text.get(..text.len().min(2 * LONGEST_NAME)).unwrap_or_default();
        let first = next_word(text, 0)?;
        let start = match text.get(first.clone())?.to_lowercase().as_str() {
            "the" => next_word(text, first.end)?.start,
            _ => first.start,
        };
        let found = |rest: &str, is_loose: bool| {
            let mention = self.matching(rest, is_loose)?;
            let is_desk = |word: std::ops::Range<usize>| phrases::is_desk(rest.get(word).unwrap_or_default());
            words(rest).skip_while(|word| word.start < mention.end).all(is_desk).then_some(mention.agency)
        };
        found(text.get(start..)?, false).or_else(|| found(text.get(start..)?, true))
    }

    /// The longest name at the start of a text, which has to begin with a word.
    pub(super) fn read(&self, text: &str) -> Option<Mention> {
        self.matching(text, false)
    }

    /// As [`Agencies::read`]; names, but no marks, may be written in small letters if `is_loose`.
    fn matching(&self, text: &str, is_loose: bool) -> Option<Mention> {
        let first = text.get(..word_end(text, 0)).filter(|first| !first.is_empty())?;
        let small = first.to_lowercase();
        self.names.get(small.as_str())?.iter().find_map(|name| {
            let mut end = 0;
            for (number, word) in name.words.iter().enumerate() {
                let place = if number == 0 { 0..first.len() } else { joined_word(text, end)? };
                if !word.admits(text.get(place.clone())?, is_loose && !name.is_mark) {
                    return None;
                }
                end = place.end;
            }
            Some(Mention { agency: name.agency, end, is_mark: name.is_mark })
        })
    }

    /// The agency whose name, in a script without spaces, begins a text.
    pub(super) fn read_unspaced(&self, text: &str) -> Option<Mention> {
        let (name, agency) = self.unspaced.iter().find(|(name, _)| text.starts_with(name.as_str()))?;
        Some(Mention { agency: *agency, end: name.len(), is_mark: false })
    }

    /// The agency whose name, in a script without spaces, ends a text; the name begins where the mention ends.
    pub(super) fn read_unspaced_end(&self, text: &str) -> Option<Mention> {
        let (name, agency) = self.unspaced.iter().find(|(name, _)| text.ends_with(name.as_str()))?;
        Some(Mention { agency: *agency, end: text.len() - name.len(), is_mark: false })
    }
}

impl NameWord {
    fn admits(&self, found: &str, is_loose: bool) -> bool {
        if found == self.written || found == self.capitals {
            return true;
        }
        let mut letters = self.written.chars();
        let opens_with_capital = letters.next().is_some_and(char::is_uppercase);
        let is_plain = opens_with_capital && letters.all(char::is_lowercase);
        let is_short = !is_plain && self.written.chars().count() <= SHORT;
        let is_free = is_loose || !opens_with_capital || is_capitalised(found);
        (is_loose || !is_short) && is_free && found.to_lowercase() == self.small
    }
}

/// Whether a letter is of a script that puts no spaces between words: Han, Kana, Hangul (whose words take endings).
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Agencies {
        Agencies::new(&[]).unwrap()
    }

    #[test]
    fn the_table_is_well_formed() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLE.lines() {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!(cells.len(), 5, "{row}");
            assert!(!cells[0].is_empty() && seen.insert(cells[0]), "{row}");
            for cell in &cells[1..4] {
                let parts: Vec<&str> = cell.split(';').collect();
                assert!(cell.is_empty() || parts.iter().all(|part| !part.is_empty() && part.trim() == *part), "{row}");
            }
            assert!(!cells[3].contains(char::is_uppercase), "{row}");
        }
        assert!(seen.len() > 150);
    }

    #[test]
    fn sources_and_addresses() {
        let agencies = known();
        for (source, name) in [
            ("Reuters", "Reuters"),
            ("reuters", "Reuters"),
            ("reuters.com", "Reuters"),
            ("www.reuters.com", "Reuters"),
            ("https://www.reuters.com/world/asia?x=1", "Reuters"),
            ("HTTPS://user:word@UK.Reuters.COM:443/", "Reuters"),
            ("The Associated Press", "AP"),
            ("associated press", "AP"),
            ("AP News", "AP"),
            ("AP", "AP"),
            ("apnews.com", "AP"),
            ("Thomson Reuters", "Reuters"),
            ("Reuters Staff", "Reuters"),
            ("tass.com", "TASS"),
            ("TASS Russian News Agency", "TASS"),
            ("ТАСС", "TASS"),
            ("РИА Новости", "RIA Novosti"),
            ("Agence France-Presse", "AFP"),
            ("afp", "AFP"),
            ("dpa", "dpa"),
            ("DPA", "dpa"),
            ("Press Trust of India", "PTI"),
            ("新华社", "Xinhua"),
            ("xinhuanet.com", "Xinhua"),
            ("PA", "PA Media"),
            ("Interfax-Ukraine", "Interfax-Ukraine"),
            ("Interfax", "Interfax"),
            ("interfax.com.ua", "Interfax-Ukraine"),
            ("Canadian Press", "Canadian Press"),
            ("Anadolu Agency", "Anadolu"),
            ("//www.ansa.it/", "ANSA"),
        ] {
            assert_eq!(agencies.of_source(source).map(|agency| agencies.name(agency)), Some(name), "{source}");
        }
        for source in [
            "",
            " ",
            "The",
            "The Guardian",
            "Daily Example",
            "notreuters.com",
            "reuters.com.example.org",
            "example.org/reuters.com",
            "pa",
            "uni",
            "spa",
            "Reuters Institute for the Study of Journalism",
            "AP Møller",
            "https://",
            "com",
            "...",
        ] {
            assert_eq!(agencies.of_source(source).map(|agency| agencies.name(agency)), None, "{source}");
        }
    }

    #[test]
    fn names_are_added() {
        let added = ["Nachrichtenagentur Muster", " PMN ", "reuters", "PA", "PMN"].map(str::to_owned);
        let agencies = Agencies::new(&added).unwrap();
        let name = |source: &str| agencies.of_source(source).map(|agency| agencies.name(agency).to_owned());
        assert_eq!(name("Nachrichtenagentur Muster").as_deref(), Some("Nachrichtenagentur Muster"));
        assert_eq!(name("PMN").as_deref(), Some("PMN"));
        assert_eq!(name("Reuters").as_deref(), Some("Reuters"));
        assert_eq!(agencies.printed.len(), known().printed.len() + 2);
    }

    #[test]
    fn what_is_no_name_is_refused_with_a_remedy() {
        for (name, part) in [("", "no letters"), (" \t", "no letters"), ("12", "no letters"), ("a\nb", "several lines")]
        {
            assert!(Agencies::new(&[name.to_owned()]).unwrap_err().to_string().contains(part), "{name:?}");
        }
        let long = Agencies::new(&["é".repeat(2000)]).unwrap_err().to_string();
        assert!(long.contains("4000 bytes") && long.len() < 200, "{long}");
        assert!(Agencies::new(&vec!["x".to_owned(); MOST_ADDED + 1]).is_err());
    }
}
