//! Tongues: what a speech needs of a language, as data.
//!
//! Function words, modals, negations and numerals are real, since these are what an edit of a quotation turns on;
//! everything else is of the [invented language](super::super::corpus::language), given the ending, the capitals or the
//! letters of the tongue. *Leads*, *heads* and *tails* are phrases that everybody uses: what they have in common makes no
//! two quotations one.

/// A language that people are quoted in.
pub(crate) struct Tongue {
    pub(crate) articles: &'static [&'static str],
    pub(crate) prepositions: &'static [&'static str],
    pub(crate) connectives: &'static [&'static str],
    /// Who does it, where no name is needed; all go with the modals.
    pub(crate) pronouns: &'static [&'static str],
    pub(crate) modals: &'static [&'static str],
    /// Negations before the modal and behind it; one of each, where there are any.
    pub(crate) negations: [&'static [&'static str]; 2],
    /// Modals with a negation in them.
    pub(crate) contractions: &'static [(&'static str, &'static str)],
    pub(crate) numerals: &'static [&'static str],
    /// Phrases before a verb, before a noun, and at the end of a clause.
    pub(crate) leads: &'static [&'static str],
    pub(crate) heads: &'static [&'static str],
    pub(crate) tails: &'static [&'static str],
    pub(crate) explanations: &'static [&'static str],
    pub(crate) marks: &'static [[&'static str; 2]],
    /// Whether the comma before an attribution stands between the marks.
    pub(crate) is_comma_inside: bool,
    /// What follows a closing mark with its comma, before the attribution.
    pub(crate) dash: &'static str,
    pub(crate) said: &'static [&'static str],
    /// Attributions behind a quotation, before it, and before words without marks.
    pub(crate) behind: &'static [&'static str],
    pub(crate) before: &'static [&'static str],
    pub(crate) without: &'static [&'static str],
    /// A sentence that brings the speaker in.
    pub(crate) entrance: &'static str,
    pub(crate) verb_ending: &'static str,
    pub(crate) has_verb_last: bool,
    pub(crate) has_capital_nouns: bool,
    pub(crate) is_cyrillic: bool,
    pub(crate) decimal_mark: char,
}

impl Tongue {
    /// An invented word in the letters of the tongue.
    pub(crate) fn spell(&self, word: &str) -> String {
        if self.is_cyrillic { word.chars().map(to_cyrillic).collect() } else { word.to_owned() }
    }
}

fn to_cyrillic(letter: char) -> char {
    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
    const CYRILLIC: &str = "абкдефгхижклмнопкрстувшзыз";
    let small = letter.to_ascii_lowercase();
    let Some(twin) = LATIN.find(small).and_then(|place| CYRILLIC.chars().nth(place)) else { return letter };
    if letter.is_uppercase() { twin.to_uppercase().next().unwrap_or(twin) } else { twin }
}

/// The one that most quotations are in, and four more.
pub(crate) const TONGUES: [Tongue; 5] = [ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN];

const ENGLISH: Tongue = Tongue {
    articles: &["the", "the", "the", "a", "this", "our", "their", "every"],
    prepositions: &["of", "in", "for", "on", "with", "at", "from", "after", "against", "under"],
    connectives: &["and", "but", "because", "when", "while", "if"],
    pronouns: &["we", "they", "he", "she", "I", "it"],
    modals: &["will", "can", "must", "should", "may", "would", "could", "might"],
    negations: [&[], &["not", "not", "never"]],
    contractions: &[("can", "can’t"), ("will", "won’t"), ("should", "shouldn’t"), ("would", "wouldn’t")],
    numerals: &["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "forty"],
    leads: &[
        "we are going to",
        "I would like to",
        "it is important to",
        "we have to",
        "what we need is to",
        "I think we ought to",
        "there is no reason to",
        "our first duty is to",
    ],
    heads: &["one of the", "a lot of the", "most of the", "the rest of the", "a part of the", "the future of the"],
    tails: &[
        "as soon as possible",
        "at the end of the day",
        "once and for all",
        "in the long run",
        "for the time being",
        "in the first place",
        "one way or another",
    ],
    explanations: &["the minister", "the company", "the council", "the former mayor", "the new owners"],
    marks: &[["“", "”"], ["“", "”"], ["\"", "\""]],
    is_comma_inside: true,
    dash: "",
    said: &["said", "said", "told reporters", "added", "argued", "insisted", "warned"],
    behind: &["{name} {said}.", "said {name}.", "{name} {said} on Tuesday."],
    before: &["{name} {said}:", "As {name} {said}:", "On Monday {name} {said}:"],
    without: &["{name} {said} that", "According to {name},"],
    entrance: "{name} spoke to the assembly on Monday.",
    verb_ending: "",
    has_verb_last: false,
    has_capital_nouns: false,
    is_cyrillic: false,
    decimal_mark: '.',
};

const GERMAN: Tongue = Tongue {
    articles: &["der", "die", "das", "den", "dem", "eine", "diese", "unsere"],
    prepositions: &["in", "von", "mit", "für", "auf", "nach", "zu", "gegen"],
    connectives: &["und", "aber", "weil", "wenn", "denn"],
    pronouns: &["er", "sie", "es", "man"],
    modals: &["kann", "muss", "soll", "darf", "wird", "könnte", "sollte", "würde"],
    negations: [&[], &["nicht", "nicht", "nie"]],
    contractions: &[],
    numerals: &["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "zehn", "zwölf", "zwanzig"],
    leads: &[
        "ich würde gerne auch",
        "es ist wichtig zu",
        "wir haben die Pflicht zu",
        "uns bleibt nur zu",
        "niemand hindert uns zu",
    ],
    heads: &["einer der", "ein Teil der", "der Rest der"],
    tails: &["so bald wie möglich", "am Ende des Tages", "ein für alle Mal", "auf lange Sicht", "bis auf weiteres"],
    explanations: &["der Minister", "die Firma", "der frühere Leiter"],
    marks: &[["„", "“"], ["„", "“"], ["»", "«"], ["\"", "\""]],
    is_comma_inside: false,
    dash: "",
    said: &["sagte", "erklärte", "betonte", "meinte", "warnte"],
    behind: &["{said} {name}.", "{said} {name} am Dienstag."],
    before: &["{name} {said}:", "Am Montag {said} {name}:"],
    without: &["{name} {said},"],
    entrance: "{name} sprach am Montag im Rat.",
    verb_ending: "en",
    has_verb_last: true,
    has_capital_nouns: true,
    is_cyrillic: false,
    decimal_mark: ',',
};

const FRENCH: Tongue = Tongue {
    articles: &["le", "la", "les", "des", "un", "une", "ce", "notre"],
    prepositions: &["de", "dans", "pour", "par", "sur", "avec", "vers"],
    connectives: &["et", "mais", "parce que", "quand", "donc"],
    pronouns: &["il", "elle", "on", "cela"],
    modals: &["peut", "doit", "pourra", "devra", "pourrait", "devrait"],
    negations: [&["ne"], &["pas", "pas", "jamais"]],
    contractions: &[],
    numerals: &["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "dix", "douze", "vingt"],
    leads: &[
        "nous sommes en train de",
        "il est important de",
        "je voudrais bien",
        "tout le monde veut",
        "il est temps de",
    ],
    heads: &["une grande partie de la", "le reste de la", "un des", "la plupart des"],
    tails: &["dès que possible", "une fois pour toutes", "à la fin du compte", "à long terme"],
    explanations: &["le ministre", "la société", "le nouveau maire"],
    marks: &[["«\u{a0}", "\u{a0}»"], ["« ", " »"], ["“", "”"]],
    is_comma_inside: false,
    dash: "",
    said: &["a déclaré", "a affirmé", "a ajouté", "a expliqué"],
    behind: &["{said} {name}.", "{said} {name} mardi."],
    before: &["{name} {said} :", "Lundi, {name} {said} :"],
    without: &["{name} {said} que", "Selon {name},"],
    entrance: "{name} a parlé lundi devant le conseil.",
    verb_ending: "er",
    has_verb_last: false,
    has_capital_nouns: false,
    is_cyrillic: false,
    decimal_mark: ',',
};

const SPANISH: Tongue = Tongue {
    articles: &["el", "la", "los", "las", "un", "una", "este", "nuestro"],
    prepositions: &["de", "en", "para", "por", "con", "sobre", "contra"],
    connectives: &["y", "pero", "porque", "cuando", "si"],
    pronouns: &["él", "ella", "eso", "esto"],
    modals: &["puede", "debe", "podrá", "deberá", "podría", "debería"],
    negations: [&["no", "no", "nunca"], &[]],
    contractions: &[],
    numerals: &["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "diez", "doce", "veinte"],
    leads: &["lo que vamos a", "es muy importante", "me gustaría también", "ha llegado la hora de", "todos queremos"],
    heads: &["una de las", "la mayoría de los", "el resto de la"],
    tails: &["lo antes posible", "al fin y al cabo", "de una vez por todas", "a largo plazo"],
    explanations: &["el ministro", "la empresa", "el nuevo alcalde"],
    marks: &[["«", "»"], ["“", "”"], ["\"", "\""]],
    is_comma_inside: false,
    dash: "",
    said: &["dijo", "afirmó", "explicó", "señaló", "advirtió"],
    behind: &["{said} {name}.", "{said} {name} el martes."],
    before: &["{name} {said}:", "El lunes {name} {said}:"],
    without: &["{name} {said} que", "Según {name},"],
    entrance: "{name} habló el lunes en el consejo.",
    verb_ending: "ar",
    has_verb_last: false,
    has_capital_nouns: false,
    is_cyrillic: false,
    decimal_mark: ',',
};

const RUSSIAN: Tongue = Tongue {
    articles: &["этот", "наш", "каждый", "новый", "весь"],
    prepositions: &["в", "на", "с", "по", "для", "из", "от", "к"],
    connectives: &["и", "но", "потому что", "когда", "если"],
    pronouns: &["он", "она", "это"],
    modals: &["может", "будет", "должен", "мог"],
    negations: [&["не"], &[]],
    contractions: &[],
    numerals: &["два", "три", "четыре", "пять", "шесть", "семь", "восемь", "десять", "двадцать"],
    leads: &["мы все собираемся", "очень важно сейчас", "я хотел бы", "пришло время", "наша задача сейчас"],
    heads: &["большая часть", "один из", "все остальные из"],
    tails: &["как можно скорее", "раз и навсегда", "в конце концов", "на долгие годы"],
    explanations: &["министр", "эта компания", "новый мэр"],
    marks: &[["«", "»"], ["«", "»"], ["„", "“"]],
    is_comma_inside: false,
    dash: " —",
    said: &["сказал", "заявил", "отметил", "добавил"],
    behind: &["{said} {name}.", "{said} {name} во вторник."],
    before: &["{name} {said}:", "В понедельник {name} {said}:"],
    without: &["{name} {said}, что", "По словам {name},"],
    entrance: "{name} выступил в понедельник в совете.",
    verb_ending: "ать",
    has_verb_last: false,
    has_capital_nouns: false,
    is_cyrillic: true,
    decimal_mark: ',',
};
