//! Which encoding bytes are in, and the text that they mean.
//!
//! The order of the questions is the order of certainty:
//!
//! 1. A byte order mark of UTF-8 or UTF-16 decides. (UTF-32's is known, and refused with a reason.)
//! 2. NUL bytes that stand at every other place only are UTF-16 without a mark: nearly all of them for Latin scripts,
//!    the spaces and line ends for others; the latter must also decode to letters without a single error.
//! 3. Bytes of which too many are control characters are no text: a binary file.
//! 4. What is valid UTF-8 is UTF-8 (or ISO-2022-JP, where its escapes stand in pure ASCII).
//! 5. What is not valid is UTF-8 with damage if at least as many multi-byte characters are valid as sequences are not:
//!    in legacy text, two letters that happen to look like one valid sequence are rare. Each damaged sequence becomes
//!    U+FFFD.
//! 6. The rest is what `chardetng` says.
//!
//! Whatever is decided beyond UTF-8 is a warning, for 5 and 6 are guesses. Bytes that are already the text are not
//! copied; decoding holds the bytes and the text at once.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr_iter, memmem};

use super::spelling::Spelling;
use crate::document::Derivation;

/// How many bytes are looked at to tell UTF-16 and binary files: the first 64 KiB.
pub(super) const SAMPLE: usize = 64 * 1024;

/// The text of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// WHATWG name in lower case.
    pub(super) encoding: &'static str,
    pub(super) derivation: Derivation,
    /// What a user should know of it, without the file's name.
    pub(super) notes: Vec<String>,
}

/// What the beginning of a file tells of its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// UTF-8 or something that contains ASCII, after a mark of this many bytes.
    Ascii {
        /// 3 where there is a mark, else 0.
        mark: usize,
    },
    /// UTF-16 in this order, after a mark of this many bytes.
    Utf16 {
        /// The byte order.
        encoding: &'static Encoding,
        /// 2 where there is a mark, else 0.
        mark: usize,
    },
    /// No text; the reason says what it is.
    Binary(&'static str),
}

const BINARY: &str = "binary: too many control bytes for a text";
const UTF_32: &str = "the encoding is UTF-32, which is not read: convert it to UTF-8";

/// The lower-case names of the encodings that can be met.
const NAMES: [&str; 39] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "x-user-defined",
];

/// The WHATWG name of an encoding in lower case.
pub(super) fn name(encoding: &'static Encoding) -> &'static str {
    NAMES.into_iter().find(|name| name.eq_ignore_ascii_case(encoding.name())).unwrap_or(encoding.name())
}

/// Looks at the first bytes of a file ([`SAMPLE`] of them, or all there are).
pub(super) fn examine(sample: &[u8]) -> Opening {
    match sample {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            if is_binary(rest) {
                Opening::Binary(BINARY)
            } else {
                Opening::Ascii { mark: 3 }
            }
        }
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Opening::Binary(UTF_32),
        [0xff, 0xfe, ..] => Opening::Utf16 { encoding: UTF_16LE, mark: 2 },
        [0xfe, 0xff, ..] => Opening::Utf16 { encoding: UTF_16BE, mark: 2 },
        _ => match unmarked_utf_16(sample) {
            Some(encoding) => Opening::Utf16 { encoding, mark: 0 },
            None if is_binary(sample) => Opening::Binary(BINARY),
            None => Opening::Ascii { mark: 0 },
        },
    }
}

/// UTF-16 without a byte order mark, told by the places of NUL bytes.
fn unmarked_utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    let units = sample.len() / 2;
    let nuls = memchr_iter(0, sample);
    let (even, odd) = nuls.fold((0, 0), |(even, odd), at| if at % 2 == 0 { (even + 1, odd) } else { (even, odd + 1) });
    let (encoding, high, low) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    // Two units at least, and no NUL but in the upper bytes: "a\0" alone is rather a text with a NUL.
    if units < 2 || high == 0 || low * 20 > high {
        return None;
    }
    let decoded = || {
        let (text, errors) = encoding.decode_without_bom_handling(sample.get(..units * 2).unwrap_or_default());
        // The last unit of a sample may be half of a pair.
        (!errors || text.chars().filter(|c| *c == '\u{fffd}').count() == 1 && text.ends_with('\u{fffd}'))
            .then_some(text)
    };
    if high * 10 >= units * 6 {
        return decoded().map(|_| encoding);
    }
    if high * 50 < units || !is_binary(sample) {
        return None;
    }
    let text = decoded()?;
    let (mut letters, mut all) = (0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        letters += usize::from(
            c.is_alphanumeric()
                || c.is_whitespace()
                || matches!(c, '!'..='~' | '\u{2010}'..='\u{2026}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff5e}'),
        );
    }
    (letters * 10 >= all * 9).then_some(encoding)
}

/// Whether too many bytes are control characters: three in ten where all is valid UTF-8, three in a hundred where not
/// (random bytes have one in ten). NUL bytes here and there leave a text a text.
fn is_binary(sample: &[u8]) -> bool {
    let controls = sample.iter().filter(|byte| matches!(byte, 0..=7 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)).count();
    if controls == 0 {
        return false;
    }
    let valid = match std::str::from_utf8(sample) {
        Ok(_) => true,
        // The sample may end within a character.
        Err(error) => error.error_len().is_none(),
    };
    if valid { controls * 10 > sample.len() * 3 } else { controls >= 3 && controls * 100 > sample.len() * 3 }
}

/// Counts of multi-byte sequences, by which damaged UTF-8 is told from legacy encodings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sequences {
    /// Valid characters of two bytes and more.
    pub(super) valid: u64,
    /// Invalid sequences; each becomes one U+FFFD if the bytes are taken for UTF-8.
    pub(super) invalid: u64,
    /// Where the first invalid one is.
    pub(super) first_invalid: Option<u64>,
}

impl Sequences {
    /// Counts them.
    pub(super) fn count(bytes: &[u8]) -> Self {
        let mut sequences = Sequences::default();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            sequences.valid += multi_byte_characters(chunk.valid());
            at += chunk.valid().len() as u64;
            if !chunk.invalid().is_empty() {
                sequences.invalid += 1;
                sequences.first_invalid.get_or_insert(at);
                at += chunk.invalid().len() as u64;
            }
        }
        sequences
    }

    /// Whether bytes with these sequences are UTF-8 with some damage.
    pub(super) fn are_utf_8(&self) -> bool {
        self.valid >= self.invalid
    }
}

/// Characters of two bytes and more.
pub(super) fn multi_byte_characters(text: &str) -> u64 {
    // Sums of so few fit a byte, and are made many at a time.
    let count = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte >= 0xc0)).sum::<u8>();
    text.as_bytes().chunks(192).map(|bytes| u64::from(count(bytes))).sum()
}

/// The legacy encoding that bytes are most likely in.
///
/// The detector runs 27 decoders side by side, at a few megabytes a second, and is sure long before the end of a long
/// file. So it is fed the lines that are not ASCII, in the order given, until [`ENOUGH`] or [`MOST`] is reached.
pub(super) fn guess<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut telling, mut fed) = (0, 0);
    let lines = pieces.into_iter().flat_map(|piece| piece.split(|byte| *byte == b'\n'));
    for line in lines {
        let Some(first) = line.iter().position(|byte| !byte.is_ascii()) else { continue };
        // A letter or two before the first one that tells something are context to the detector.
        let line = line.get(first.saturating_sub(8)..).unwrap_or_default();
        if let Some(part) = line.get(..MOST - fed) {
            // Cut anywhere, perhaps within a character: the detector is not told that the text ends there.
            detector.feed(part, false);
            return detector.guess(None, Utf8Detection::Deny);
        }
        detector.feed(line, false);
        detector.feed(b"\n", false);
        fed += line.len();
        telling += line.iter().filter(|byte| !byte.is_ascii()).count();
        if telling >= ENOUGH {
            break;
        }
    }
    detector.feed(b"", true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Bytes other than ASCII after which the detector is asked.
const ENOUGH: usize = 64 * 1024;

/// Bytes after which it is asked in any case.
const MOST: usize = 1024 * 1024;

/// Decodes a whole file; the reason if it is no text.
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<Decoded, &'static str> {
    let mark = match examine(bytes.get(..SAMPLE).unwrap_or(&bytes)) {
        Opening::Binary(reason) => return Err(reason),
        Opening::Utf16 { encoding, mark } => {
            return Ok(convert(bytes.get(mark..).unwrap_or_default(), encoding));
        }
        Opening::Ascii { mark } => mark,
    };
    bytes.drain(..mark);
    if bytes.is_ascii() && (memmem::find(&bytes, b"\x1b$B").is_some() || memmem::find(&bytes, b"\x1b$@").is_some()) {
        let decoded = convert(&bytes, ISO_2022_JP);
        if !decoded.text.contains('\u{fffd}') {
            return Ok(decoded);
        }
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            text.shrink_to_fit();
            let derivation = if mark == 0 { Derivation::Original } else { Derivation::Decoded };
            let notes = nul_note(&text).into_iter().collect();
            Ok(Decoded { text, encoding: "utf-8", derivation, notes })
        }
        Err(error) => {
            let bytes = error.into_bytes();
            let sequences = Sequences::count(&bytes);
            if !sequences.are_utf_8() {
                return Ok(convert(&bytes, guess([bytes.as_slice()])));
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let first = sequences.first_invalid.unwrap_or(0) + mark as u64;
            let mut notes = vec![format!(
                "{} replaced by U+FFFD, the first at byte {first}",
                counted(sequences.invalid, "invalid UTF-8 sequence")
            )];
            notes.extend(nul_note(&text));
            Ok(Decoded { text, encoding: "utf-8", derivation: Derivation::Decoded, notes })
        }
    }
}

/// The text of bytes in an encoding that is known by now, and how it is written in them. A byte order mark writes none.
pub(super) fn spell(bytes: &[u8], encoding: &str) -> (String, Spelling) {
    let (mut text, mut spelling) = (String::with_capacity(bytes.len()), Spelling::default());
    let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
    let mark = match Encoding::for_bom(bytes) {
        Some((of_mark, length)) if of_mark == encoding => length,
        _ => 0,
    };
    if encoding == UTF_8 {
        let mut at = mark;
        for chunk in bytes[mark..].utf8_chunks() {
            spelling.push_literal(at, chunk.valid().len());
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                spelling.push('\u{fffd}'.len_utf8(), at..at + chunk.invalid().len());
                text.push('\u{fffd}');
                at += chunk.invalid().len();
            }
        }
        return (text, spelling);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 64];
    let mut first = mark;
    for at in mark..=bytes.len() {
        let is_last = at == bytes.len();
        let next = if is_last { &[][..] } else { &bytes[at..=at] };
        let (.., written, _) = decoder.decode_to_utf8(next, &mut buffer, is_last);
        if written == 0 {
            continue;
        }
        let end = (at + 1).min(bytes.len());
        text.push_str(&String::from_utf8_lossy(&buffer[..written]));
        spelling.push(written, first..end);
        first = end;
    }
    (text, spelling)
}

/// Decodes bytes that are known, or guessed, to be in an encoding other than UTF-8.
fn convert(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, errors) = encoding.decode_without_bom_handling(bytes);
    let mut text = text.into_owned();
    text.shrink_to_fit();
    let mut notes = vec![format!("decoded from {}", name(encoding))];
    if errors {
        let count = text.matches('\u{fffd}').count() as u64;
        notes.push(format!("{} replaced by U+FFFD", counted(count, "invalid sequence")));
    }
    notes.extend(nul_note(&text));
    debug_assert!(encoding != UTF_8);
    Decoded { text, encoding: name(encoding), derivation: Derivation::Decoded, notes }
}

fn nul_note(text: &str) -> Option<String> {
    let count = memchr_iter(0, text.as_bytes()).count() as u64;
    (count > 0).then(|| format!("{} kept in the text", counted(count, "NUL byte")))
}

/// `1 thing was` or `3 things were`.
fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing} was") } else { format!("{count} {thing}s were") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf_16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn decoded(bytes: &[u8]) -> (String, &'static str, Derivation, Vec<String>) {
        let decoded = decode(bytes.to_vec()).unwrap();
        (decoded.text, decoded.encoding, decoded.derivation, decoded.notes)
    }

    const ENGLISH: &str = "The minister said on Monday that the talks would go on.\nHe gave no date.\n";
    const RUSSIAN: &str = "Министр заявил в понедельник, что переговоры продолжатся.\nДаты он не назвал.\n";
    const JAPANESE: &str =
        "大臣は月曜日に、協議を続けると述べた。\n日付は明らかにしなかった。 (AP)\n大臣は 2 日に会見した。\n";

    #[test]
    fn valid_utf_8_is_kept_as_it_is() {
        for text in ["", "a", "\u{feff}a", ENGLISH, RUSSIAN, JAPANESE, "a\tb\r\nc\u{c}d\u{1b}[1m"] {
            let marked = text.starts_with('\u{feff}');
            let derivation = if marked { Derivation::Decoded } else { Derivation::Original };
            let expected = (text.trim_start_matches('\u{feff}').to_owned(), "utf-8", derivation, vec![]);
            assert_eq!(decoded(text.as_bytes()), expected);
        }
    }

    #[test]
    fn utf_16_is_known_with_and_without_a_mark() {
        for text in [ENGLISH, RUSSIAN, JAPANESE, "ab"] {
            for big in [false, true] {
                let encoding = if big { "utf-16be" } else { "utf-16le" };
                let expected =
                    (text.to_owned(), encoding, Derivation::Decoded, vec![format!("decoded from {encoding}")]);
                assert_eq!(decoded(&utf_16(&format!("\u{feff}{text}"), big)), expected);
                assert_eq!(decoded(&utf_16(text, big)), expected);
            }
        }
    }

    #[test]
    fn unpaired_surrogates_and_half_units_are_replaced() {
        let (text, _, _, notes) = decoded(b"\xff\xfea\0\0\xd8b\0c");
        assert_eq!(text, "a\u{fffd}b\u{fffd}");
        assert_eq!(notes, ["decoded from utf-16le", "2 invalid sequences were replaced by U+FFFD"]);
    }

    #[test]
    fn legacy_encodings_are_guessed_and_said() {
        for (label, text) in [
            ("windows-1252", "The café’s owner, Zoë, said “naïve” things about the façade – £5 worth."),
            ("windows-1251", RUSSIAN),
            ("koi8-u", RUSSIAN),
            ("shift_jis", JAPANESE),
            ("euc-jp", JAPANESE),
            ("gbk", "外交部长星期一表示，会谈将继续进行。他没有给出日期。记者从北京报道说，双方都希望尽快达成协议。"),
            ("euc-kr", "장관은 월요일에 회담이 계속될 것이라고 말했다. 그는 날짜를 밝히지 않았다."),
            ("iso-2022-jp", JAPANESE),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost);
            let expected = (text.to_owned(), label, Derivation::Decoded, vec![format!("decoded from {label}")]);
            assert_eq!(decoded(&bytes), expected);
        }
        assert_eq!(decoded(b"caf\xe9").0, "café");
        // Far more than the detector is fed, in lines and in one line; the telling bytes after much that says nothing.
        for unit in [RUSSIAN.to_owned(), RUSSIAN.replace('\n', " ")] {
            let text = "ascii only\n".repeat(200_000) + &unit.repeat(20_000);
            let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
            let decoded = decoded(&bytes);
            assert_eq!(decoded.1, "windows-1251");
            assert!(decoded.0 == text);
        }
        assert_eq!(decoded(b"caf\xe9 au lait").0, "café au lait");
    }

    #[test]
    fn utf_8_with_a_little_damage_stays_utf_8() {
        let mut bytes = RUSSIAN.as_bytes().to_vec();
        bytes.splice(15..15, *b"\xff");
        bytes.push(0xd0);
        let (text, encoding, derivation, notes) = decoded(&bytes);
        assert_eq!((encoding, derivation), ("utf-8", Derivation::Decoded));
        assert_eq!(text.matches('\u{fffd}').count(), 2);
        assert_eq!(text.replace('\u{fffd}', ""), RUSSIAN);
        assert_eq!(notes, ["2 invalid UTF-8 sequences were replaced by U+FFFD, the first at byte 15"]);
        let marked = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
        assert_eq!(decoded(&marked).3, ["2 invalid UTF-8 sequences were replaced by U+FFFD, the first at byte 18"]);
    }

    #[test]
    fn nul_bytes_are_kept_and_binary_files_are_not() {
        let (text, encoding, derivation, notes) = decoded(b"one\0two three\0");
        assert_eq!((text.as_str(), encoding, derivation), ("one\0two three\0", "utf-8", Derivation::Original));
        assert_eq!(notes, ["2 NUL bytes were kept in the text"]);
        assert_eq!(decoded(b"hello\0world!").0, "hello\0world!");
        let random: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bytes in [b"\0".as_slice(), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", &random] {
            assert_eq!(decode(bytes.to_vec()), Err(BINARY));
        }
        assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0".to_vec()), Err(UTF_32));
    }

    #[test]
    fn every_encoding_has_a_lower_case_name() {
        for label in ["latin1", "utf8", "sjis", "x-sjis", "gb2312", "greek", "cp866", "tis-620", "big5", "koi8-ru"] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            assert_eq!(name(encoding), encoding.name().to_ascii_lowercase());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(decoded) = decode(bytes.clone()) {
                prop_assert_eq!(decoded.derivation == Derivation::Original, decoded.text.as_bytes() == bytes.as_slice());
            }
        }

        #[test]
        fn any_printable_text_is_taken_as_it_is(text in "\\PC{0,200}") {
            prop_assume!(!text.starts_with('\u{feff}'));
            let expected = Decoded { text: text.clone(), encoding: "utf-8", derivation: Derivation::Original, notes: vec![] };
            prop_assert_eq!(decode(text.into_bytes()), Ok(expected));
        }

        #[test]
        fn the_count_of_sequences_is_the_count_of_replacements(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let text = String::from_utf8_lossy(&bytes);
            let sequences = Sequences::count(&bytes);
            prop_assert_eq!(sequences.invalid, text.matches('\u{fffd}').count() as u64);
            prop_assert_eq!(sequences.valid + sequences.invalid, text.chars().filter(|c| c.len_utf8() > 1).count() as u64);
        }
    }
}
