//! Signs: the quotation marks of a block, and which way each of them looks.
//!
//! **Idea.** A mark leans on the word that it encloses: before an opening one stands white space or an opening bracket,
//! behind a closing one white space or a point. Marks that touch each other are judged as one, by what stands before and
//! behind all of them. What this tells is a [`Turn`]; whether a mark does open or close is settled with the open ones
//! in hand, in [`pairing`](super::pairing) and [`singles`](super::singles).
//!
//! What is certainly no mark does not become a sign: the apostrophe inside a word, the Hebrew gershayim, a mark behind a
//! backslash, feet and inches (`5'10"`). What may be none becomes a faint sign.
//!
//! Looks at each byte once, and at a few characters about each mark. 16 bytes a mark.

use super::neighbours;

/// The shape of a mark. What a shape means differs by language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// `"`, the same at both ends.
    Straight,
    /// `״`, the same at both ends.
    Gershayim,
    /// `“`, like 66: opens in English, closes in German.
    Sixes,
    /// `”`, like 99: closes in English, does both in Swedish.
    Nines,
    /// `‟`, opens.
    Reversed,
    /// `„` and `,,`, opens.
    Low,
    /// Two graves, opens.
    Graves,
    /// `''`, closes, rarely opens.
    Apostrophes,
    /// `〝`.
    PrimeOpening,
    /// `〞` and `〟`.
    PrimeClosing,
    /// `«`, opens in French, closes in German.
    GuillemetLeft,
    /// `»`, closes in French, opens in German, does both in Swedish.
    GuillemetRight,
    /// `‹`.
    AngleLeft,
    /// `›`.
    AngleRight,
    /// `「`.
    CornerOpening,
    /// `」`.
    CornerClosing,
    /// `『`.
    WhiteCornerOpening,
    /// `』`.
    WhiteCornerClosing,
    /// `'`, or an apostrophe.
    Apostrophe,
    /// `‘`, like 6.
    Six,
    /// `’`, like 9, or an apostrophe.
    Nine,
    /// `‚`, opens.
    LowSingle,
    /// A grave, opens what `'` closes.
    Grave,
    /// `´`, closes.
    Acute,
}

impl Glyph {
    /// How many shapes there are.
    pub(super) const COUNT: usize = Self::Acute as usize + 1;

    /// Whether it may as well be an apostrophe, so that it is paired after all others.
    pub(super) fn is_single(self) -> bool {
        self as usize >= Self::Apostrophe as usize
    }

    /// Whether it opens where nothing tells otherwise.
    pub(super) fn opens_by_nature(self) -> bool {
        use Glyph::*;
        matches!(
            self,
            Sixes
                | Reversed
                | Low
                | Graves
                | PrimeOpening
                | GuillemetLeft
                | AngleLeft
                | CornerOpening
                | WhiteCornerOpening
                | Six
                | LowSingle
        )
    }

    fn of(mark: char) -> Option<Self> {
        Some(match mark {
            '"' | '＂' => Self::Straight,
            '״' => Self::Gershayim,
            '“' => Self::Sixes,
            '”' => Self::Nines,
            '‟' => Self::Reversed,
            '„' => Self::Low,
            '〝' => Self::PrimeOpening,
            '〞' | '〟' => Self::PrimeClosing,
            '«' => Self::GuillemetLeft,
            '»' => Self::GuillemetRight,
            '‹' => Self::AngleLeft,
            '›' => Self::AngleRight,
            '「' | '﹁' | '｢' => Self::CornerOpening,
            '」' | '﹂' | '｣' => Self::CornerClosing,
            '『' | '﹃' => Self::WhiteCornerOpening,
            '』' | '﹄' => Self::WhiteCornerClosing,
            '\'' | '＇' => Self::Apostrophe,
            '‘' | '‛' => Self::Six,
            '’' => Self::Nine,
            '‚' => Self::LowSingle,
            '`' => Self::Grave,
            '´' => Self::Acute,
            _ => return None,
        })
    }

    /// What two of it side by side are.
    fn doubled(self) -> Option<Self> {
        Some(match self {
            Self::Apostrophe => Self::Apostrophes,
            Self::Six => Self::Sixes,
            Self::Nine | Self::Acute => Self::Nines,
            Self::LowSingle => Self::Low,
            Self::Grave => Self::Graves,
            _ => return None,
        })
    }
}

/// Which way a mark looks, by what stands about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It leans on what follows.
    Opens,
    /// It leans on what stands before.
    Closes,
    /// Nothing tells: white space on both sides, or a script without blanks.
    Either,
    /// It stands between two letters or digits.
    Within,
}

/// How sure it is that a mark closes, if it does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Force {
    /// It is likely something else: a possessive, a clipped word, inches.
    Faint,
    /// Behind a word.
    Plain,
    /// Behind a point.
    Firm,
}

/// A quotation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// Where it begins in the text, in bytes.
    pub(super) start: u32,
    /// Where it ends.
    pub(super) end: u32,
    pub(super) glyph: Glyph,
    pub(super) turn: Turn,
    pub(super) force: Force,
    /// Whether, if it opens, it is likely something else: a word clipped at its front, a decade.
    pub(super) opens_faintly: bool,
    /// Whether it is the first thing of its block.
    pub(super) is_first: bool,
    /// Whether a quotation is to be expected behind it: it is the first thing, or stands behind a comma or colon,
    /// or at the beginning of a sentence.
    pub(super) leads: bool,
    /// Whether it has the spaces of a French opening mark: behind a colon, or before a no-break space.
    pub(super) is_set_apart: bool,
    /// Whether a small letter follows, past other marks.
    pub(super) before_small: bool,
}

/// The marks of a block, in their order. `base` is where the block begins in the text.
pub(super) fn read(block: &str, base: usize) -> Vec<Sign> {
    let mut signs = list(block);
    let mut from = 0;
    while let Some(rest) = signs.get_mut(from..)
        && !rest.is_empty()
    {
        let length = run_length(block, rest);
        if let Some(run) = rest.get_mut(..length) {
            judge(block, run);
        }
        from += length;
    }
    signs.retain(is_mark);
    let base = base as u32;
    for sign in &mut signs {
        sign.start += base;
        sign.end += base;
    }
    signs
}

/// Where marks stand, and of which shape; doubled ones are joined.
fn list(block: &str) -> Vec<Sign> {
    let bytes = block.as_bytes();
    let mut signs: Vec<Sign> = Vec::new();
    let mut at = 0;
    while let Some(offset) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| may_begin_mark(*byte))) {
        at += offset;
        let Some(mark) = block.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let end = at + mark.len_utf8();
        if mark == ',' {
            // Two commas are a low mark only where they lean on a word: `,,so''`.
            let behind = bytes.get(end..).unwrap_or_default();
            let leans = !matches!(
                at.checked_sub(1).and_then(|before| bytes.get(before)),
                Some(b',' | b'0'..=b'9' | b'a'..=b'z')
            );
            if leans && behind.first() == Some(&b',') && behind.get(1).is_some_and(|next| is_letter_byte(*next)) {
                signs.push(blank_sign(at, end + 1, Glyph::Low));
                at = end + 1;
                continue;
            }
        } else if let Some(glyph) = Glyph::of(mark) {
            match glyph.doubled() {
                None => signs.push(blank_sign(at, end, glyph)),
                Some(doubled) => {
                    at = push_run(block, at, mark, glyph, doubled, &mut signs);
                    continue;
                }
            }
        }
        at = end;
    }
    signs
}

/// Adds the signs of a run of equal single marks, and gives its end. Two are one double mark. Three curly ones are a
/// double mark and a single one inside it; of others (`'''`, three graves) and of longer runs nobody can tell.
fn push_run(block: &str, start: usize, mark: char, glyph: Glyph, doubled: Glyph, signs: &mut Vec<Sign>) -> usize {
    let size = mark.len_utf8();
    let rest = block.get(start..).unwrap_or_default();
    let count = rest.chars().take_while(|next| *next == mark).count();
    let end = start + count * size;
    match (count, glyph) {
        (1, _) => signs.push(blank_sign(start, end, glyph)),
        (2, _) => signs.push(blank_sign(start, end, doubled)),
        (3, Glyph::Six) => {
            signs.push(blank_sign(start, start + 2 * size, doubled));
            signs.push(blank_sign(start + 2 * size, end, glyph));
        }
        (3, Glyph::Nine) => {
            signs.push(blank_sign(start, start + size, glyph));
            signs.push(blank_sign(start + size, end, doubled));
        }
        _ => (),
    }
    end
}

fn blank_sign(start: usize, end: usize, glyph: Glyph) -> Sign {
    Sign {
        start: start as u32,
        end: end as u32,
        glyph,
        turn: Turn::Within,
        force: Force::Plain,
        opens_faintly: false,
        is_first: false,
        leads: false,
        is_set_apart: false,
        before_small: false,
    }
}

/// How many of the signs touch each other, from the first on. The stars and underlines of marked-up text and the
/// invisible signs of direction count for nothing.
fn run_length(block: &str, signs: &[Sign]) -> usize {
    let touches = |pair: &[Sign]| match pair {
        [one, next] => {
            let gap = block.get(one.end as usize..next.start as usize).unwrap_or_default();
            gap.len() <= neighbours::REACH && gap.chars().all(neighbours::is_dressing)
        }
        _ => false,
    };
    1 + signs.windows(2).take_while(|pair| touches(pair)).count()
}

/// Tells which way the marks of one run look, and how surely.
fn judge(block: &str, run: &mut [Sign]) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    let before = block.get(..first.start as usize).unwrap_or_default();
    let behind = block.get(last.end as usize..).unwrap_or_default();
    let (before, behind) = (neighbours::undress_end(before), neighbours::undress_start(behind));
    let turn = neighbours::turn(before, behind);
    let is_escaped = before.ends_with('\\');
    let is_first = before.trim_end().is_empty();
    let lead = before.trim_end().chars().next_back();
    let leads = lead.is_none_or(|point| matches!(point, ',' | ':' | '，' | '：' | '、' | '،'));
    let begins_sentence = turn == Turn::Opens
        && lead.is_some_and(|point| matches!(point, '.' | '!' | '?' | '…'))
        && behind.chars().next().is_some_and(char::is_uppercase);
    let is_set_apart = before.ends_with(':') || behind.starts_with(['\u{a0}', '\u{202f}']);
    let before_small = behind.chars().next().is_some_and(char::is_lowercase);
    let is_elided = neighbours::ends_in_letter(before);
    let has_single = run.iter().any(|sign| sign.glyph.is_single());
    let opens_faintly = has_single && neighbours::begins_clipped(behind);
    let single_force = if has_single { neighbours::single_force(before, behind) } else { Force::Plain };
    let double_force = neighbours::double_force(before);
    let is_measure = neighbours::is_measure(before, behind);
    let is_alone = run.len() == 1;
    // `the dogs ' home`, as programs write it that cut words apart.
    let is_adrift = is_alone && turn == Turn::Either && neighbours::is_blank_between(before, behind);
    let mut is_behind_apostrophe = false;
    for (number, sign) in run.iter_mut().enumerate() {
        sign.turn = turn;
        sign.is_first = is_first && number == 0;
        // A mark that opens and nothing else is believed at the beginning of a sentence, too.
        sign.leads = leads || (begins_sentence && sign.glyph.opens_by_nature());
        sign.is_set_apart = is_set_apart;
        sign.before_small = before_small;
        if sign.glyph.is_single() {
            sign.opens_faintly = opens_faintly;
            // Behind another closing mark it is as sure as behind a point.
            sign.force = if number == 0 { single_force } else { Force::Firm };
        } else {
            sign.force = if number == 0 { double_force } else { Force::Plain };
            // `l'"homme"`: the apostrophe is the word's.
            let is_left = matches!(sign.glyph, Glyph::GuillemetLeft | Glyph::AngleLeft);
            if is_behind_apostrophe && is_elided && (is_left || turn == Turn::Within) {
                sign.turn = Turn::Opens;
            }
        }
        is_behind_apostrophe = matches!(sign.glyph, Glyph::Apostrophe | Glyph::Nine);
        if is_escaped || (is_measure && is_alone) || (is_adrift && sign.glyph == Glyph::Apostrophe) {
            // Taken out by `is_mark`.
            sign.start = sign.end;
        }
    }
}

/// Whether a sign may be a mark at all.
fn is_mark(sign: &Sign) -> bool {
    if sign.start == sign.end {
        return false;
    }
    match sign.glyph {
        Glyph::Apostrophe | Glyph::Six | Glyph::Nine | Glyph::Grave | Glyph::Acute => sign.turn != Turn::Within,
        Glyph::LowSingle => matches!(sign.turn, Turn::Opens | Turn::Either),
        Glyph::Low => sign.turn != Turn::Closes,
        _ => true,
    }
}

/// Whether a mark of [`Glyph::of`], or a comma, may begin with this byte.
fn may_begin_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b',' | 0xc2 | 0xd7 | 0xe2 | 0xe3 | 0xef)
}

/// Whether a letter may begin with this byte.
fn is_letter_byte(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}
