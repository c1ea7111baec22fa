//! Speech: paragraphs that a dash opens, as in Spanish, French, Portuguese, Polish and Russian.
//!
//! **Idea.** A dash at the beginning of a paragraph may as well make a list. What no list has is a narrator who cuts in:
//! `—Sí —dijo ella—. Vamos.`, `— Да, — сказал он. — Идём.`, `— Oui, dit-il.` Such a paragraph is speech for sure, and
//! his words are left out of it. One without a narrator is speech if it begins like a sentence and ends like one, and
//! the text has the habit: two sure ones in the same style, or a sure one in the same row of such paragraphs.
//!
//! The narrator is known by a verb of saying, from a short table; in Russian by the comma and the small letter.
//!
//! Linear: words are looked up at dashes and points only, and no longer than the longest verb.
//!
//! **Gives up.** Where a narrator who was set off by a comma stops, the next point decides: of `dit-il en riant, et puis
//! en pleurant` all behind the comma is taken for speech.

use std::ops::Range;

use super::{Block, MarkKind, Marked, Span};

/// Verbs by which a narrator tells that somebody speaks; sorted.
const VERBS: &[&str] = &[
    "acrescentou",
    "afirmou",
    "aggiunse",
    "ajouta",
    "bąknął",
    "chiese",
    "concluiu",
    "continua",
    "continuou",
    "cria",
    "demanda",
    "dice",
    "dijeron",
    "dijo",
    "disse",
    "disseram",
    "dit",
    "dodał",
    "dodała",
    "domandò",
    "esclamò",
    "exclamou",
    "explicou",
    "fece",
    "fit",
    "gridò",
    "gritou",
    "insistiu",
    "interrompit",
    "krzyknął",
    "krzyknęła",
    "mormorò",
    "mruknął",
    "murmura",
    "murmurou",
    "mówi",
    "observa",
    "observou",
    "odezwał",
    "odparł",
    "odparła",
    "odpowiedział",
    "odpowiedziała",
    "odrzekł",
    "odrzekła",
    "perguntou",
    "poursuivit",
    "powiedział",
    "powiedziała",
    "pregunta",
    "replicò",
    "reprit",
    "responde",
    "respondeu",
    "respondieron",
    "retorquiu",
    "rispose",
    "rzekł",
    "rzekła",
    "rzuciła",
    "répliqua",
    "répondit",
    "soggiunse",
    "soupira",
    "spytał",
    "spytała",
    "stwierdził",
    "stwierdziła",
    "sussurrou",
    "szepnął",
    "szepnęła",
    "zapytał",
    "zapytała",
    "zawołał",
    "zawołała",
    "écria",
];

/// How long the longest verb is, in characters.
const LONGEST: usize = 14;

/// How the dash at the beginning of a paragraph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    dash: char,
    /// Whether the first word follows it without a blank.
    is_glued: bool,
}

/// A paragraph that may be speech.
#[derive(Debug)]
struct Candidate {
    block: usize,
    style: Style,
    /// What is said, without what the narrator says.
    pieces: Vec<Marked>,
    is_sure: bool,
    /// Whether it begins and ends like sentences.
    is_sentence: bool,
}

/// Adds the paragraphs that are speech to the list. `opened` gives for each block the range of its stretches in the
/// list.
pub(super) fn find(blocks: &[Block], opened: &[Range<usize>], found: &mut Vec<Marked>) {
    let mut candidates = Vec::new();
    for (number, (block, range)) in blocks.iter().zip(opened).enumerate() {
        let marked = found.get(range.clone()).unwrap_or_default();
        candidates.extend(examine(number, block, marked));
    }
    // There are five styles at most.
    let mut sure_by_style: Vec<(Style, usize)> = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.is_sure) {
        match sure_by_style.iter_mut().find(|(style, _)| *style == candidate.style) {
            Some((_, count)) => *count += 1,
            None => sure_by_style.push((candidate.style, 1)),
        }
    }
    let mut speech = Vec::new();
    for row in candidates.chunk_by(|one, next| one.style == next.style && one.block + 1 == next.block) {
        let is_usual =
            |first: &Candidate| sure_by_style.iter().any(|(style, count)| *style == first.style && *count >= 2);
        let has_habit = row.iter().any(|candidate| candidate.is_sure) || row.first().is_some_and(is_usual);
        for candidate in row {
            if candidate.is_sure || (has_habit && candidate.is_sentence) {
                speech.extend_from_slice(&candidate.pieces);
            }
        }
    }
    if !speech.is_empty() {
        found.append(&mut speech);
        // Two ascending rows: merged in linear time.
        found.sort_by_key(|marked| (marked.whole.start, std::cmp::Reverse(marked.whole.end)));
    }
}

/// Reads a paragraph as speech. `marked` are its stretches between other marks: dashes inside them are not looked at.
fn examine(number: usize, block: &Block, marked: &[Marked]) -> Option<Candidate> {
    let dash = block.text.chars().next().filter(|dash| matches!(dash, '—' | '–' | '―'))?;
    let behind = block.text.get(dash.len_utf8()..)?;
    let is_glued = !behind.starts_with(char::is_whitespace);
    if (is_glued && dash == '–') || marked.iter().any(|marked| !marked.is_closed) {
        return None;
    }
    let first = behind.trim_start().chars().next()?;
    let begins = first.is_alphabetic() || matches!(first, '¿' | '¡' | '«' | '“' | '"' | '…' | '„' | '(');
    if !begins {
        return None;
    }
    let last = block.text.chars().rev().find(|last| !matches!(last, '»' | '”' | '"' | ')' | '“'));
    let is_sentence = !first.is_lowercase() && last.is_some_and(|last| matches!(last, '.' | '!' | '?' | '…'));
    let style = Style { dash, is_glued };
    let mut reader = Reader { block, style, pieces: Vec::new(), is_sure: false };
    reader.read(marked);
    let Reader { pieces, is_sure, .. } = reader;
    (!pieces.is_empty()).then_some(Candidate { block: number, style, pieces, is_sure, is_sentence })
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
enum Voice {
    /// Somebody, from the mark at one place and the first word at another on, counted from the block's start.
    Speaker { mark: usize, word: usize },
    /// The narrator; whether a comma brought him in, not a dash.
    Narrator { by_comma: bool },
}

struct Reader<'a> {
    block: &'a Block<'a>,
    style: Style,
    pieces: Vec<Marked>,
    is_sure: bool,
}

impl Reader<'_> {
    fn read(&mut self, marked: &[Marked]) {
        let text = self.block.text;
        let start = self.style.dash.len_utf8();
        let mut voice = Voice::Speaker { mark: 0, word: start };
        let mut spans = marked.iter().map(|marked| marked.whole.end as usize - self.block.start).peekable();
        let mut starts = marked.iter().map(|marked| marked.whole.start as usize - self.block.start).peekable();
        let mut skipped = 0;
        // The last character that is no blank, and the last of all.
        let (mut solid, mut before) = (self.style.dash, self.style.dash);
        for (at, letter) in text.char_indices().skip(1) {
            while starts.next_if(|start| *start <= at).is_some() {
                skipped = skipped.max(spans.next().unwrap_or_default());
            }
            if at >= skipped {
                voice = self.hear(voice, at, letter, before, solid);
            }
            before = letter;
            if !letter.is_whitespace() {
                solid = letter;
            }
        }
        self.say(voice, text.len());
    }

    /// Who speaks behind a character.
    fn hear(&mut self, voice: Voice, at: usize, letter: char, before: char, solid: char) -> Voice {
        let text = self.block.text;
        let is_dash = letter == self.style.dash;
        if !is_dash && !matches!(letter, '.' | ',' | ';' | ':' | '!' | '?' | '…') {
            return voice;
        }
        let behind = text.get(at + letter.len_utf8()..).unwrap_or_default();
        let next = behind.chars().next();
        let is_blank_before = before.is_whitespace();
        let is_blank_behind = next.is_none_or(char::is_whitespace);
        match voice {
            Voice::Speaker { .. } if is_dash => {
                if is_blank_before && self.cuts_in(behind, solid, is_blank_behind) {
                    self.say(voice, at);
                    return Voice::Narrator { by_comma: false };
                }
            }
            Voice::Speaker { .. } => {
                if matches!(letter, ',' | '!' | '?' | '…') && is_blank_behind && is_verb(behind) {
                    self.is_sure = true;
                    self.say(voice, at + letter.len_utf8());
                    return Voice::Narrator { by_comma: true };
                }
            }
            Voice::Narrator { .. } if is_dash => {
                let ends = is_blank_behind || (!is_blank_before && next.is_some_and(|next| !next.is_alphanumeric()));
                if ends {
                    return Voice::Speaker { mark: at, word: at + letter.len_utf8() };
                }
            }
            Voice::Narrator { by_comma } => {
                if by_comma && is_blank_behind {
                    let place = at + letter.len_utf8();
                    return Voice::Speaker { mark: usize::MAX, word: place };
                }
            }
        }
        voice
    }

    /// Whether a narrator cuts in behind a dash. `solid` is the last character before it that is no blank.
    fn cuts_in(&mut self, behind: &str, solid: char, is_blank_behind: bool) -> bool {
        let first = behind.trim_start().chars().next();
        let is_russian = first.is_some_and(|first| matches!(first, 'а'..='я' | 'ё' | 'і' | 'ї' | 'є'));
        let is_behind_point = matches!(solid, ',' | '!' | '?' | '…');
        let is_preterite = self.style.is_glued && !is_blank_behind && ends_in_preterite(behind);
        if is_verb(behind) || is_preterite || (is_russian && is_blank_behind && is_behind_point) {
            self.is_sure = true;
            return true;
        }
        // `—Sí. —Ella calló.`
        let is_sentence = matches!(solid, '.' | '!' | '?' | '…') && first.is_some_and(char::is_uppercase);
        self.style.is_glued && !is_blank_behind && is_sentence
    }

    /// Ends what a speaker says.
    fn say(&mut self, voice: Voice, end: usize) {
        let Voice::Speaker { mark, word } = voice else { return };
        let is_first = mark == 0;
        let Some(said) = self.block.text.get(word..end) else { return };
        let is_edge = |letter: char| letter.is_whitespace() || letter == ',';
        let said = said.trim_end_matches(is_edge);
        let size = said.len();
        // Behind a narrator a point may stand that ends what was said before.
        let said = if is_first {
            said.trim_start()
        } else {
            let is_point = |letter: char| letter.is_whitespace() || matches!(letter, '.' | ',' | ';' | ':' | '!' | '?');
            said.trim_start_matches(is_point)
        };
        if !said.chars().any(char::is_alphanumeric) {
            return;
        }
        let place = |at: usize| (self.block.start + at) as u32;
        let inside = Span { start: place(word + size - said.len()), end: place(word + size) };
        let whole = Span { start: if mark == usize::MAX { inside.start } else { place(mark) }, end: inside.end };
        self.pieces.push(Marked { whole, inside, depth: 0, is_closed: true, continues: false, kind: MarkKind::Dash });
    }
}

/// The first word of a text, if it is no longer than a verb, and whether it is written small.
fn first_word(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let size: usize =
        text.chars().take(LONGEST + 1).take_while(|letter| letter.is_alphabetic()).map(char::len_utf8).sum();
    let word = text.get(..size)?;
    match (word, text.get(size..)) {
        ("s", Some(rest)) => {
            // `s'écria`
            let rest = rest.strip_prefix(['\'', '’'])?;
            let size: usize =
                rest.chars().take(LONGEST + 1).take_while(|letter| letter.is_alphabetic()).map(char::len_utf8).sum();
            rest.get(..size)
        }
        _ => Some(word),
    }
}

fn is_verb(behind: &str) -> bool {
    first_word(behind).is_some_and(|word| VERBS.contains(&word))
}

/// Whether a text begins with a Spanish verb of the past tense: `preguntó`.
fn ends_in_preterite(behind: &str) -> bool {
    first_word(behind).is_some_and(|word| {
        word.ends_with('ó') && word.chars().count() > 3 && word.chars().next().is_some_and(char::is_lowercase)
    })
}
