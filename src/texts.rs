//! Texts: those of a corpus that are held in memory, and those that stay in their file until they are read again.
//!
//! **Idea.** A corpus may be larger than memory, and memory that is touched for the first time costs more than reading
//! a file twice. So of a document in a large file only its place is kept: file, offset, length, and whether it is
//! written with the escapes of JSON. Texts that cannot be found again so easily (packed, in another encoding, from
//! standard input) and those of small files are held, and so is a text from the moment on that somebody asks for it
//! alone; [`reading`](crate::reading) asks for many and holds none.
//!
//! **Errors.** A file that cannot be read a second time, or is not what it was (of each text a hash is kept), fails the
//! run as a whole: the failure is noted at the file, and [`TextFile::failure`] is asked before anything is reported.
//! Until then blanks stand for the text, as many as it had bytes: what was noted of its places still lies in it.
//!
//! **Cost.** 40 bytes a text; reading one is one call to the system, and linear.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use once_cell::race::OnceBox;

use crate::hash::{Purpose, hash_bytes};
use crate::storage::read_exact_at;

/// The text of a document.
#[derive(Clone)]
pub struct Text(Form);

#[derive(Clone)]
enum Form {
    Held(Box<str>),
    InFile(InFile),
}

/// A text at its place in a file.
#[derive(Clone)]
pub(crate) struct InFile {
    pub(crate) file: Arc<TextFile>,
    /// First byte in the file.
    pub(crate) start: u64,
    /// Bytes in the file.
    pub(crate) stored: u32,
    /// Bytes of the text.
    pub(crate) length: u32,
    /// Hash of what stands in the file.
    pub(crate) hash: u32,
    /// Whether it is blank.
    pub(crate) is_blank: bool,
    /// The text, once it was asked for.
    pub(crate) held: OnceBox<Box<str>>,
}

impl Text {
    /// A text that was left in its file.
    pub(crate) fn in_file(place: InFile) -> Self {
        Text(Form::InFile(place))
    }

    /// Its length in bytes.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Held(text) => text.len(),
            Form::InFile(place) => place.length as usize,
        }
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether nothing but white space is in it.
    pub fn is_blank(&self) -> bool {
        match &self.0 {
            Form::Held(text) => text.trim().is_empty(),
            Form::InFile(place) => place.is_blank,
        }
    }

    /// The text, not held from now on if it was not before.
    pub(crate) fn read(&self) -> Cow<'_, str> {
        match (self.held(), self.place()) {
            (None, Some(place)) => Cow::Owned(place.read()),
            (held, _) => Cow::Borrowed(held.unwrap_or_default()),
        }
    }

    /// The text if it is held.
    pub(crate) fn held(&self) -> Option<&str> {
        match &self.0 {
            Form::Held(text) => Some(text),
            Form::InFile(place) => place.held.get().map(|text| &**text),
        }
    }

    /// Where the text is if it was left in its file.
    pub(crate) fn place(&self) -> Option<&InFile> {
        match &self.0 {
            Form::Held(_) => None,
            Form::InFile(place) => Some(place),
        }
    }
}

/// The text itself: read from its file when it is asked for the first time, and held from then on. Blank if it cannot
/// be read, which [`Corpus::failure`](crate::document::Corpus::failure) then tells.
impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Form::Held(text) => text,
            Form::InFile(place) => place.held.get_or_init(|| Box::new(place.read().into_boxed_str())),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Form::Held(text.into_boxed_str()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(Form::Held(text.into()))
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && **self == **other
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// The hash of what stands in a file.
pub(crate) fn hash_stored(stored: &[u8]) -> u32 {
    hash_bytes(stored, Purpose::Text) as u32
}

impl InFile {
    /// The text, read from the file.
    pub(crate) fn read(&self) -> String {
        let (mut stored, mut text) = (vec![0; self.stored as usize], String::new());
        if self.file.fill(self.start, &mut stored) {
            self.decode(&stored, &mut text);
        } else {
            self.blank(&mut text);
        }
        text
    }

    /// Blanks that stand for a text which is not there any more.
    pub(crate) fn blank(&self, text: &mut String) {
        text.clear();
        text.extend(std::iter::repeat_n(' ', self.length as usize));
    }

    /// Decodes what stands in the file into a buffer, which is emptied first.
    pub(crate) fn decode(&self, stored: &[u8], text: &mut String) {
        text.clear();
        let is_sound = match std::str::from_utf8(stored) {
            // Every escape is longer than what it stands for.
            Ok(plain) if self.stored == self.length => {
                text.push_str(plain);
                true
            }
            Ok(escaped) => unescape(escaped, text) && text.len() == self.length as usize,
            Err(_) => false,
        };
        if !is_sound || hash_stored(stored) != self.hash {
            self.blank(text);
            self.file.fail("it was changed while it was being read".to_owned());
        }
    }
}

/// A file that texts were left in.
pub(crate) struct TextFile {
    /// The path, as in reports.
    path: Arc<str>,
    file: File,
    /// Its length and time of change when it was opened.
    stamp: Option<Stamp>,
    /// Files in the order in which they were opened; it decides in which order texts are read, and nothing else.
    number: usize,
    failure: OnceLock<String>,
}

/// By what a file is known to be what it was: its length, and when it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(crate) fn of(file: &File) -> Option<Self> {
        let known = file.metadata().ok()?;
        Some(Stamp { length: known.len(), modified: known.modified().ok() })
    }
}

impl TextFile {
    /// A file that was just opened.
    pub(crate) fn new(path: Arc<str>, file: File, number: usize) -> Self {
        let stamp = Stamp::of(&file);
        TextFile { path, file, stamp, number, failure: OnceLock::new() }
    }

    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Reads as many bytes as the buffer has; `false` if that fails, which is noted.
    pub(crate) fn fill(&self, start: u64, bytes: &mut [u8]) -> bool {
        let filled = read_exact_at(&self.file, start, bytes);
        match &filled {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.fail("it was cut off while it was being read".to_owned());
            }
            Err(error) => self.fail(error.to_string()),
            Ok(()) => {}
        }
        filled.is_ok()
    }

    fn fail(&self, reason: String) {
        // The first reason tells most.
        let _ = self.failure.set(reason);
    }

    /// Why the texts in it cannot be trusted, if they cannot: it could not be read again, or was changed.
    pub(crate) fn failure(&self) -> Option<String> {
        let reason = match self.failure.get() {
            Some(reason) => reason.as_str(),
            None if Stamp::of(&self.file) != self.stamp => "it was changed while it was being read",
            None => return None,
        };
        Some(format!("{}: {reason}", self.path))
    }
}

/// Appends the value of a JSON string, given without its quotation marks; `false` if it has an escape that JSON has not
/// (RFC 8259, section 7), or half of a surrogate pair.
pub(crate) fn unescape(escaped: &str, text: &mut String) -> bool {
    let mut rest = escaped;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        let Some(sign) = rest.as_bytes().get(at + 1) else { return false };
        let mut length = 2;
        let character = match sign {
            b'"' | b'\\' | b'/' => *sign as char,
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let Some(first) = four_digits(&rest[at + 2..]) else { return false };
                length = 6;
                let mut code = first;
                if (0xd800..0xdc00).contains(&first) {
                    let second = rest[at + 6..].strip_prefix("\\u").and_then(four_digits);
                    let Some(second @ 0xdc00..0xe000) = second else { return false };
                    length = 12;
                    code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                }
                let Some(character) = char::from_u32(code) else { return false };
                character
            }
            _ => return false,
        };
        text.push(character);
        rest = &rest[at + length..];
    }
    text.push_str(rest);
    true
}

/// The number that the first four characters write in hexadecimal digits.
fn four_digits(text: &str) -> Option<u32> {
    let digits = text.as_bytes().get(..4)?;
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_those_of_json() {
        for (escaped, plain) in [
            (r#"a\nb\t\"\\\/\r\b\f"#, Some("a\nb\t\"\\/\r\u{8}\u{c}")),
            (r"\u00e9\ud834\udd1e\u0000", Some("é𝄞\0")),
            (r"\u00E9", Some("é")),
            ("", Some("")),
            (r"\", None),
            (r"\x", None),
            (r"\u12", None),
            (r"\u12é", None),
            (r"\u+123", None),
            (r"\ud834", None),
            (r"\ud834\u0041", None),
            (r"\ud834\ud834", None),
            (r"\udd1e", None),
        ] {
            let mut text = String::new();
            assert_eq!(unescape(escaped, &mut text).then_some(text.as_str()), plain, "{escaped}");
        }
    }

    proptest! {
        #[test]
        fn escapes_are_read_as_serde_json_does(escaped in r#"(\\["\\/bfnrtux]|\\u[0-9a-fA-F]{4}|\\ud[89a-f][0-9a-f]{2}|[a-zé和]){0,20}"#) {
            let mut text = String::new();
            let read = unescape(&escaped, &mut text).then_some(text);
            let expected: Option<String> = serde_json::from_str(&format!("\"{escaped}\"")).ok();
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn a_file_that_changes_fails_the_run() {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let content = r#""one","t\two""#;
        std::fs::write(&path, content).unwrap();
        let file = Arc::new(TextFile::new("a.jsonl".into(), File::open(&path).unwrap(), 0));
        let place = |start: u64, stored: u32, length| {
            let stored_bytes = &content.as_bytes()[start as usize..][..stored as usize];
            Text::in_file(InFile {
                file: Arc::clone(&file),
                start,
                stored,
                length,
                hash: hash_stored(stored_bytes),
                is_blank: false,
                held: OnceBox::new(),
            })
        };
        assert_eq!((&*place(1, 3, 3), &*place(7, 5, 4)), ("one", "t\two"));
        assert_eq!(place(1, 3, 3), Text::from("one"));
        assert_eq!(file.failure(), None);
        for (changed, reason) in [(r#""owe","t\two""#, "it was changed"), (r#""o"#, "it was cut off")] {
            let file = Arc::new(TextFile::new("a.jsonl".into(), File::open(&path).unwrap(), 0));
            std::fs::write(&path, changed).unwrap();
            let Form::InFile(place) = place(1, 3, 3).0 else { unreachable!() };
            let text = Text::in_file(InFile { file: Arc::clone(&file), ..place });
            assert_eq!(&*text, "   ", "as many blanks");
            let failure = file.failure().unwrap();
            assert!(failure.starts_with("a.jsonl: ") && failure.contains(reason), "{failure}");
            std::fs::write(&path, content).unwrap();
        }
    }
}
