//! Words: what of a quotation is compared, with the way back to the text.
//!
//! **Idea.** The pieces of a quotation are one text, whatever the narrator put between them. What the reporter put in
//! is set aside: a gloss between brackets, an ellipsis. Both leave a [`Sign`] at their place, which later tells why words
//! are missing there. A letter between brackets is part of its word: `[t]he` is *the*. A bracket is closed by the first
//! that fits it, in the same piece.
//!
//! **Cost.** Linear in the text of the quotation; 13 bytes for each of its words.
//!
//! **Gives up.** Brackets that a speech itself has are taken for glosses: they are set aside on both sides.

use super::pairs::Text;
use crate::finding::Span;
use crate::sense::Wording;
use crate::text::{Layout, fingerprint, fold, is_character};

/// Words between brackets that are a gloss at most; more is part of what was said.
const LONGEST_GLOSS: usize = 12;

/// What the reporter did at a place of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignKind {
    /// Left words out, and says so.
    Ellipsis,
    /// Put words between brackets.
    Gloss,
}

/// A place where the reporter left words out or put some in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sign {
    /// So many words of the quotation stand before it.
    pub(crate) at: u32,
    /// What it is.
    pub(crate) kind: SignKind,
    /// The dots, or the brackets with what they hold.
    pub(crate) span: Span,
}

/// How a word stands, as a set.
pub(crate) struct Looks;

impl Looks {
    /// It is a name: it has a capital and opens no sentence.
    pub(crate) const NAME: u8 = 1;
    /// A sentence begins with it.
    pub(crate) const OPENS: u8 = 1 << 1;
    /// A sign stands before it.
    pub(crate) const SIGN: u8 = 1 << 2;
}

/// The words of a quotation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// What each is compared by.
    pub(crate) fingerprints: Vec<u32>,
    /// Where each stands in the document.
    pub(crate) spans: Vec<Span>,
    /// How each stands.
    pub(crate) looks: Vec<u8>,
    /// What was left out or put in, in order.
    pub(crate) signs: Vec<Sign>,
}

impl Words {
    /// Them as a text to compare.
    pub(crate) fn text(&self) -> Text<'_> {
        Text { tokens: &self.fingerprints, looks: &self.looks }
    }
}

/// Reads the words of some pieces of a text, given in order.
pub(crate) fn read(text: &str, layout: &Layout, pieces: &[Span], wording: Wording) -> Words {
    let mut words = Words::default();
    for piece in pieces {
        let first = layout.starts.partition_point(|start| *start < piece.start);
        let last = layout.starts.partition_point(|start| *start < piece.end).max(first);
        Piece { text, layout, words: &mut words, gloss: None }.read(*piece, first..last);
    }
    words.looks = look_at(text, &words.spans, wording);
    for sign in &words.signs {
        if let Some(looks) = words.looks.get_mut(sign.at as usize) {
            *looks |= Looks::SIGN;
        }
    }
    words
}

/// How words in a row stand.
pub(crate) fn look_at(text: &str, spans: &[Span], wording: Wording) -> Vec<u8> {
    let cut = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or_default();
    let mut reached = None;
    let look = |span: &Span| {
        let word = cut(span.start, span.end);
        let opens = reached.replace(span.end).is_none_or(|reached| ends_sentence(cut(reached, span.start)));
        // *I* has a capital of its own, and so have words of one letter at the beginning of a title.
        let is_name = !opens && word.len() > 1 && word.starts_with(char::is_uppercase) && !wording.has_capital_nouns();
        (u8::from(is_name) * Looks::NAME) | (u8::from(opens) * Looks::OPENS)
    };
    spans.iter().map(look).collect()
}

/// Whether a sentence ends in what stands between two words.
pub(crate) fn ends_sentence(between: &str) -> bool {
    between.contains(['.', '!', '?', '…', ':', '\n', '。', '！', '？'])
}

/// A bracket that is open.
#[derive(Debug, Clone, Copy)]
struct Bracket {
    closing: u8,
    start: u32,
    /// Words before it.
    words: usize,
}

struct Piece<'a> {
    text: &'a str,
    layout: &'a Layout,
    words: &'a mut Words,
    gloss: Option<Bracket>,
}

impl<'a> Piece<'a> {
    fn read(mut self, piece: Span, tokens: std::ops::Range<usize>) {
        let mut reached = piece.start;
        for token in tokens {
            let span = self.layout.token_span(self.text, token);
            let gap = self.between(reached, span.start);
            // A character of a script written without spaces is a word of its own, whatever stands beside it.
            let is_letter = |fingerprint: &u32| !is_character(*fingerprint);
            let is_joined = reached > piece.start
                && (gap == "[" || gap == "]")
                && is_letter(&self.layout.fingerprints[token])
                && self.words.fingerprints.last().is_some_and(is_letter);
            if is_joined {
                self.gloss = None;
                self.join(span);
            } else {
                self.look(reached, span.start);
                self.words.fingerprints.push(self.layout.fingerprints[token]);
                self.words.spans.push(span);
            }
            reached = span.end;
        }
        self.look(reached, piece.end);
    }

    fn between(&self, start: u32, end: u32) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Makes one word of the last one and a token behind a bracket.
    fn join(&mut self, span: Span) {
        let (Some(last), Some(place)) = (self.words.fingerprints.last_mut(), self.words.spans.last_mut()) else {
            return;
        };
        place.end = span.end;
        let letters = self.text[place.start as usize..place.end as usize].chars();
        let spelled: String = letters.filter(|letter| !matches!(letter, '[' | ']')).collect();
        *last = fingerprint(&fold(&spelled), false);
    }

    /// Looks for brackets and ellipses between two words.
    fn look(&mut self, start: u32, end: u32) {
        let gap = self.between(start, end).as_bytes();
        let mut at = 0;
        while at < gap.len() {
            if gap[at] == b' ' {
                at += 1;
                continue;
            }
            let dots = gap[at..].iter().take_while(|byte| matches!(byte, b'.' | b' '));
            // Up to the last dot, without the spaces behind it.
            let dots = dots.enumerate().filter(|(_, byte)| **byte == b'.').map(|(place, _)| place + 1);
            let (count, dots) = (dots.clone().count(), dots.last().unwrap_or(0));
            let place = start + at as u32;
            if count >= 3 || gap[at..].starts_with("…".as_bytes()) {
                let length = if count >= 3 { dots } else { "…".len() };
                self.note(SignKind::Ellipsis, Span { start: place, end: place + length as u32 });
                at += length;
                continue;
            }
            match gap[at] {
                opening @ (b'[' | b'(') if self.gloss.is_none() => {
                    let closing = if opening == b'[' { b']' } else { b')' };
                    self.gloss = Some(Bracket { closing, start: place, words: self.words.fingerprints.len() });
                }
                byte => {
                    if let Some(bracket) = self.gloss.filter(|bracket| bracket.closing == byte) {
                        self.gloss = None;
                        self.close(bracket, place + 1);
                    }
                }
            }
            at += dots.max(1);
        }
    }

    /// Sets aside what stands between brackets.
    fn close(&mut self, bracket: Bracket, end: u32) {
        let held = self.words.spans.get(bracket.words..).unwrap_or_default();
        // `[A] spokesman` has another letter, not another word.
        let is_letter = || matches!(held, [word] if self.between(word.start, word.end).chars().nth(1).is_none());
        if (1..=LONGEST_GLOSS).contains(&held.len()) && !is_letter() {
            self.words.fingerprints.truncate(bracket.words);
            self.words.spans.truncate(bracket.words);
            self.words.signs.retain(|sign| sign.span.start < bracket.start);
            self.note(SignKind::Gloss, Span { start: bracket.start, end });
        }
    }

    fn note(&mut self, kind: SignKind, span: Span) {
        self.words.signs.push(Sign { at: self.words.fingerprints.len() as u32, kind, span });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::lay_out;

    /// Reads what stands between `⟦` and `⟧`.
    fn read_marked(marked: &str) -> (String, Words) {
        let (mut text, mut pieces, mut start) = (String::new(), Vec::new(), 0);
        for letter in marked.chars() {
            match letter {
                '⟦' => start = text.len() as u32,
                '⟧' => pieces.push(Span { start, end: text.len() as u32 }),
                letter => text.push(letter),
            }
        }
        let layout = lay_out(&text);
        let words = read(&text, &layout, &pieces, Wording::of(&text, &layout));
        (text, words)
    }

    /// The words in small letters without brackets, and the signs as they stand, between `⟨` and `⟩`.
    fn show(text: &str, words: &Words) -> String {
        let cut = |span: &Span| &text[span.start as usize..span.end as usize];
        let mut shown = Vec::new();
        for at in 0..=words.spans.len() {
            let signs = words.signs.iter().filter(|sign| sign.at as usize == at);
            shown.extend(signs.map(|sign| match sign.kind {
                SignKind::Ellipsis => format!("⟨{}⟩", cut(&sign.span)),
                SignKind::Gloss => format!("⟨gloss {}⟩", cut(&sign.span)),
            }));
            let Some(span) = words.spans.get(at) else { continue };
            let word = cut(span).replace(['[', ']'], "").to_lowercase();
            assert_eq!(words.fingerprints[at], lay_out(&word).fingerprints[0], "{word} is compared as what it is");
            shown.push(word);
        }
        shown.join(" ")
    }

    const CASES: &[(&str, &str)] = &[
        ("He said: ⟦It was late.⟧ It was.", "it was late"),
        // Glosses.
        ("⟦It was [the mayor said] late.⟧", "it was ⟨gloss [the mayor said]⟩ late"),
        ("⟦He [Khan] was (they say) late.⟧", "he ⟨gloss [Khan]⟩ was ⟨gloss (they say)⟩ late"),
        ("⟦[The mill] was late⟧", "⟨gloss [The mill]⟩ was late"),
        ("⟦They close [the mill]⟧", "they close ⟨gloss [the mill]⟩"),
        ("⟦Так [мэр] сказал⟧", "так ⟨gloss [мэр]⟩ сказал"),
        // More words than a gloss has were said.
        ("⟦a1 [b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12] c1⟧", "a1 ⟨gloss [b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12]⟩ c1"),
        ("⟦a1 [b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12 b13] c1⟧", "a1 b1 b2 b3 b4 b5 b6 b7 b8 b9 b10 b11 b12 b13 c1"),
        // Letters between brackets.
        ("⟦[t]he mill⟧", "the mill"),
        ("⟦[T]he mill and th[ese] mills, the[m]selves⟧", "the mill and these mills themselves"),
        ("⟦[A] spokesman came⟧", "a spokesman came"),
        ("⟦[Э]то мельница⟧", "это мельница"),
        ("⟦I want[ed] [the mill]⟧", "i wanted ⟨gloss [the mill]⟩"),
        // Characters of scripts without spaces are words.
        ("⟦[他]说磨坊关了⟧", "他 说 磨 坊 关 了"),
        ("⟦磨坊[今天]关了⟧", "磨 坊 ⟨gloss [今天]⟩ 关 了"),
        // Brackets in brackets, and those that lack another one.
        ("⟦the (old [and] wide) mill⟧", "the ⟨gloss (old [and] wide)⟩ mill"),
        ("⟦the [old [and] wide] mill⟧", "the ⟨gloss [old [and]⟩ wide mill"),
        ("⟦the [old mill) is shut⟧", "the old mill is shut"),
        ("⟦the old] mill (is shut⟧", "the old mill is shut"),
        ("⟦the [] old mill⟧", "the old mill"),
        ("⟦the [old⟧ mill, he said, ⟦yard] is shut⟧", "the old yard is shut"),
        // Ellipses of every form.
        ("⟦it was ... late⟧", "it was ⟨...⟩ late"),
        ("⟦it was...late⟧", "it was ⟨...⟩ late"),
        ("⟦it was . . . late⟧", "it was ⟨. . .⟩ late"),
        ("⟦it was… late⟧", "it was ⟨…⟩ late"),
        ("⟦it was […] late⟧", "it was ⟨…⟩ late"),
        ("⟦it was [...] late⟧", "it was ⟨...⟩ late"),
        ("⟦it was (. . .) late⟧", "it was ⟨. . .⟩ late"),
        ("⟦It was. ... Late⟧", "it was ⟨. ...⟩ late"),
        ("⟦It was.... Late⟧", "it was ⟨....⟩ late"),
        ("⟦… it was late …⟧", "⟨…⟩ it was late ⟨…⟩"),
        ("⟦It was.. late. It was.⟧", "it was late it was"),
        ("⟦the [old … and wide] mill⟧", "the ⟨gloss [old … and wide]⟩ mill"),
        // Pieces are one text.
        ("⟦We are late,⟧ she said, ⟦[and] we go ...⟧ Or so.", "we are late ⟨gloss [and]⟩ we go ⟨...⟩"),
        ("⟦We are ...⟧ she said, ⟦... late⟧", "we are ⟨...⟩ ⟨...⟩ late"),
        ("⟦We are [t]⟧he ⟦[t]he⟧", "we are t the"),
        ("⟦⟧ nothing", ""),
    ];

    #[test]
    fn words_and_signs() {
        for (marked, expected) in CASES {
            let (text, words) = read_marked(marked);
            assert_eq!(show(&text, &words), *expected, "{marked}");
        }
    }

    /// The words that stand so.
    fn look_for(marked: &str, looks: u8) -> Vec<String> {
        let (text, words) = read_marked(marked);
        let such = words.spans.iter().zip(&words.looks).filter(|(_, own)| *own & looks != 0);
        such.map(|(span, _)| text[span.start as usize..span.end as usize].to_owned()).collect()
    }

    #[test]
    fn looks() {
        let text = "⟦Then Ada Khan and I came. She … went: [the mayor] nobody Knew⟧ it was for the end of the mill";
        assert_eq!(look_for(text, Looks::NAME), ["Ada", "Khan", "Knew"]);
        assert_eq!(look_for(text, Looks::OPENS), ["Then", "She", "went", "nobody"]);
        assert_eq!(look_for(text, Looks::SIGN), ["went", "nobody"]);
        // Every noun has a capital there.
        let german =
            "⟦Dann kam Ada Khan in die Stadt.⟧ Das war nicht der Anfang und auch nicht das Ende von der Sache.";
        assert_eq!(look_for(german, Looks::NAME), [""; 0]);
        // Between two pieces the narrator's full stop counts.
        assert_eq!(look_for("⟦We are⟧ he said. ⟦Late⟧ it was the end of it", Looks::OPENS), ["We", "Late"]);
    }

    const PIECES: &[&str] = &[
        "[", "]", "(", ")", "[t]", ".", "...", ". . .", "…", "……", " ", " ", " ", "\n", "the", "Mill", "é", "e\u{301}",
        "1.5", "磨", "坊", "“", "»", ",", "'", "\u{ad}", "👍", "ﬁ",
    ];

    proptest! {
        #[test]
        fn any_text_does(
            parts in prop::collection::vec(prop::sample::select(PIECES), 0..60),
            other in any::<String>(),
            ends in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            for text in [parts.concat(), other] {
                let borders: Vec<u32> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).map(|at| at as u32).collect();
                let mut ends: Vec<u32> = ends.iter().map(|end| borders[end.index(borders.len())]).collect();
                ends.sort_unstable();
                let pieces: Vec<Span> = ends.chunks_exact(2).map(|ends| Span { start: ends[0], end: ends[1] }).collect();
                let layout = lay_out(&text);
                let words = read(&text, &layout, &pieces, Wording::of(&text, &layout));
                let count = words.fingerprints.len();
                prop_assert_eq!((words.spans.len(), words.looks.len()), (count, count));
                let lies = |span: &Span| span.start < span.end && text.get(span.start as usize..span.end as usize).is_some();
                prop_assert!(words.spans.iter().all(lies) && words.signs.iter().all(|sign| lies(&sign.span)));
                prop_assert!(words.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
                let in_a_piece = |word: &Span| pieces.iter().any(|piece| piece.start <= word.start && word.start < piece.end);
                prop_assert!(words.spans.iter().all(in_a_piece));
                prop_assert!(words.signs.is_sorted_by_key(|sign| (sign.at, sign.span)));
                for sign in &words.signs {
                    prop_assert!(sign.at as usize <= count);
                    prop_assert!(words.spans[..sign.at as usize].iter().all(|word| word.start < sign.span.start));
                    prop_assert!(words.spans[sign.at as usize..].iter().all(|word| sign.span.end <= word.start));
                    prop_assert!(pieces.iter().any(|piece| piece.start <= sign.span.start && sign.span.end <= piece.end));
                }
                for (at, looks) in (0u32..).zip(&words.looks) {
                    prop_assert_eq!(looks & Looks::SIGN != 0, words.signs.iter().any(|sign| sign.at == at));
                }
            }
        }
    }
}
