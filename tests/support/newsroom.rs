//! A newsroom by the generator: stories that are filed, printed again, updated, cut and quoted, with dates, zones,
//! datelines and credit lines as documents carry them, and the truth about who had what from whom.
//!
//! Each case is a few documents of one story. The truth names pairs: one is the original of the other, or neither had it
//! from the other (both print an agency's text, both quote one speech). What a document says of itself is what the kind
//! of case is about; the rest is left out or given at random.

use super::corpus::change;
use super::corpus::language::Language;
use super::corpus::prose::{Sentence, Writer};
use super::corpus::random::Random;

/// A document as it is filed.
pub(crate) struct Filed {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) date: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
}

impl Filed {
    /// A line of JSON.
    pub(crate) fn line(&self) -> String {
        let mut record = serde_json::json!({ "id": self.id, "text": self.text });
        for (name, value) in [("date", &self.date), ("source", &self.source), ("url", &self.url)] {
            if let Some(value) = value {
                record[name] = value.as_str().into();
            }
        }
        record.to_string()
    }
}

/// What holds between two documents of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// The second has its text from the first, or from what the first has it from.
    Copied,
    /// Neither has it from the other.
    Neither,
}

/// Documents of one story, and the truth about pairs of them.
pub(crate) struct Case {
    pub(crate) documents: Vec<Filed>,
    pub(crate) pairs: Vec<(usize, usize, Truth)>,
}

/// The kinds of cases, each with what it is about.
pub(crate) const KINDS: [(&str, &str); 17] = [
    ("instants", "times in several zones and notations"),
    ("days", "days without times, one to three apart, in any zone"),
    ("one day", "the same day, no times"),
    ("mixed precision", "a day in an unknown zone beside an instant"),
    ("credit, dated", "an agency's dispatch and an outlet that credits it, dates at random"),
    ("credit, undated", "the same without dates"),
    ("both credit", "two outlets print an agency's text that is not there"),
    ("one credits", "an outlet prints an agency's text without credit, another later with credit"),
    ("datelines", "datelines without a year, no dates"),
    ("kept dateline", "a reprint keeps the dateline; the dispatch alone has a date"),
    ("republished", "an outlet names the one it has the text from"),
    ("updates", "a second version of a dispatch, marked as one"),
    ("broken off", "a text that breaks off, no dates"),
    ("round-up", "a page that holds several stories whole, no dates"),
    ("speech", "two outlets quote one speech, dates differ"),
    ("superset", "a cut or a longer version, nothing tells"),
    ("future", "one date in the future, a slip of the year"),
];

const AGENCIES: [(&str, &str, &str); 4] = [
    ("Reuters", "Reuters", "https://www.reuters.com/world/"),
    ("AFP", "AFP", "https://www.afp.com/en/"),
    ("TASS", "TASS", "https://tass.com/world/"),
    ("dpa", "dpa", "https://www.dpa.com/de/"),
];
const CITIES: [&str; 6] = ["ISLAMABAD", "VIENNA", "NAIROBI", "NEW DELHI", "BOGOTA", "SEOUL"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// 1 January 2015 to 2022.
const FIRST: i64 = 1_420_070_400;
const YEARS: u64 = 7 * 365;

/// Year, month and day of a number of days since 1970 (Hinnant, *chrono-compatible low-level date algorithms*).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// An instant as written somewhere east of Greenwich.
struct Local {
    seconds: i64,
    zone: i64,
}

impl Local {
    fn at(instant: i64, zone: i64) -> Self {
        Local { seconds: instant + zone * HOUR, zone }
    }

    fn day(&self) -> String {
        let (year, month, day) = civil(self.seconds.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `January 30`.
    fn dateline(&self) -> String {
        let (_, month, day) = civil(self.seconds.div_euclid(DAY));
        format!("{} {day}", MONTHS[month as usize - 1])
    }

    fn written(&self, random: &mut Random) -> String {
        let (year, month, day) = civil(self.seconds.div_euclid(DAY));
        let time = self.seconds.rem_euclid(DAY);
        let (hour, minute, second) = (time / HOUR, time / 60 % 60, time % 60);
        let sign = if self.zone < 0 { '-' } else { '+' };
        let zone = self.zone.abs();
        match random.below(4) {
            0 => format!("{}T{hour:02}:{minute:02}:{second:02}{sign}{zone:02}:00", self.day()),
            1 => format!("{}T{hour:02}:{minute:02}{sign}{zone:02}:00", self.day()),
            2 => {
                let weekday = WEEKDAYS[self.seconds.div_euclid(DAY).rem_euclid(7) as usize];
                let month = &MONTHS[month as usize - 1][..3];
                format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} {sign}{zone:02}00")
            }
            _ => (self.seconds - self.zone * HOUR).to_string(),
        }
    }
}

/// Writes cases.
pub(crate) struct Newsroom<'a> {
    language: &'a Language,
    random: Random,
    count: usize,
}

impl<'a> Newsroom<'a> {
    pub(crate) fn new(seed: u64, language: &'a Language) -> Self {
        Newsroom { language, random: Random::new(seed), count: 0 }
    }

    /// A story in paragraphs of one to three sentences.
    fn story(&mut self) -> Vec<Vec<Sentence>> {
        let writer = Writer::new(self.language, &mut self.random);
        let paragraphs = self.random.between(4, 9);
        (0..paragraphs)
            .map(|_| (0..self.random.between(1, 3)).map(|_| writer.sentence(&mut self.random)).collect())
            .collect()
    }

    /// The same with an editor's hand in it: some sentences changed in a word or two.
    fn edited(&mut self, story: &[Vec<Sentence>]) -> Vec<Vec<Sentence>> {
        let random = &mut self.random;
        let mut edit = |sentence: &Sentence| {
            if random.chance(1, 4) {
                let count = random.between(1, 2);
                change::edit(sentence, count, self.language, random)
            } else {
                sentence.clone()
            }
        };
        story.iter().map(|paragraph| paragraph.iter().map(&mut edit).collect()).collect()
    }

    fn instant(&mut self) -> i64 {
        FIRST + self.random.below(YEARS) as i64 * DAY + self.random.below(DAY as u64) as i64
    }

    fn zone(&mut self) -> i64 {
        self.random.between(0, 23) as i64 - 11
    }

    fn outlet(&mut self) -> String {
        format!(
            "{} {}",
            self.language.name(&mut self.random).to_owned(),
            self.random.pick(&["Herald", "Post", "Courier"])
        )
    }

    fn city(&mut self) -> &'static str {
        self.random.pick(&CITIES)
    }

    fn filed(&mut self, text: String) -> Filed {
        self.count += 1;
        Filed {
            id: format!("doc-{:05}", self.random.below(90_000) * 100 + self.count as u64 % 100),
            text,
            date: None,
            source: None,
            url: None,
        }
    }

    /// One case of a kind.
    pub(crate) fn case(&mut self, kind: &str) -> Case {
        let story = self.story();
        let copy = self.edited(&story);
        let (one, other) = (render(&story), render(&copy));
        let instant = self.instant();
        let (zone, other_zone) = (self.zone(), self.zone());
        let copied = vec![(0, 1, Truth::Copied)];
        let agency = self.random.pick(&AGENCIES);
        let mut documents = match kind {
            "instants" => {
                let later = instant + 120 + self.random.below(3 * DAY as u64) as i64;
                let mut pair = [self.filed(one), self.filed(other)];
                pair[0].date = Some(Local::at(instant, zone).written(&mut self.random));
                pair[1].date = Some(Local::at(later, other_zone).written(&mut self.random));
                pair.into()
            }
            "days" => {
                // Who prints a dispatch does so a good day after it, wherever he is.
                let later = instant + DAY + self.random.below(2 * DAY as u64) as i64;
                let mut pair = [self.filed(one), self.filed(other)];
                pair[0].date = Some(Local::at(instant, zone).day());
                pair[1].date = Some(Local::at(later, other_zone).day());
                pair.into()
            }
            "one day" => {
                let mut pair = [self.filed(one), self.filed(other)];
                let day = Local::at(instant, zone).day();
                pair.iter_mut().for_each(|filed| filed.date = Some(day.clone()));
                pair.into()
            }
            "mixed precision" => {
                let later = instant + HOUR + self.random.below(3 * DAY as u64) as i64;
                let mut pair = [self.filed(one), self.filed(other)];
                let is_first = self.random.chance(1, 2);
                let (first, second) = (Local::at(instant, zone), Local::at(later, other_zone));
                pair[0].date = Some(if is_first { first.day() } else { first.written(&mut self.random) });
                pair[1].date = Some(if is_first { second.written(&mut self.random) } else { second.day() });
                pair.into()
            }
            "credit, dated" | "credit, undated" => {
                self.credited(kind == "credit, dated", (&one, &other), agency, instant)
            }
            "both credit" => {
                let texts = [&one, &other].map(|text| self.with_credit(text, agency.1));
                let mut pair = texts.map(|text| self.filed(text));
                pair[0].source = Some(self.outlet());
                pair[1].source = Some(self.outlet());
                pair[0].date = Some(Local::at(instant, zone).written(&mut self.random));
                pair[1].date = Some(Local::at(instant + 5 * HOUR, other_zone).written(&mut self.random));
                return Case { documents: pair.into(), pairs: vec![(0, 1, Truth::Neither)] };
            }
            "one credits" => {
                let credited = self.with_credit(&other, agency.1);
                let mut pair = [self.filed(one), self.filed(credited)];
                pair[0].source = Some(self.outlet());
                pair[1].source = Some(self.outlet());
                pair[0].date = Some(Local::at(instant, zone).written(&mut self.random));
                pair[1].date = Some(Local::at(instant + 3 * HOUR, other_zone).written(&mut self.random));
                return Case { documents: pair.into(), pairs: vec![(0, 1, Truth::Neither)] };
            }
            "datelines" => {
                let later = instant + 2 * DAY + self.random.below(3 * DAY as u64) as i64;
                let (first, second) = (Local::at(instant, zone).dateline(), Local::at(later, other_zone).dateline());
                let (here, there) = (self.city(), self.city());
                let dash = self.random.pick(&["–", "-", "—"]);
                let lines = [(here, first, &one), (there, second, &other)];
                lines.map(|(city, day, text)| self.filed(format!("{city}, {day} {dash} {text}"))).into()
            }
            "kept dateline" => {
                let local = Local::at(instant, zone);
                let line = format!("{}, {} ({}) -- ", self.city(), local.dateline(), agency.1);
                let mut pair = [self.filed(format!("{line}{one}")), self.filed(format!("{line}{other}"))];
                pair[0].date = Some(local.written(&mut self.random));
                pair.into()
            }
            "republished" => {
                let name = self.outlet();
                let credit = self.random.pick(&[
                    "This article was originally published by {}.",
                    "This story first appeared in {}.",
                    "Originally published in {}.",
                ]);
                let mut pair = [
                    self.filed(one),
                    self.filed(format!("{other}\n\n{}", credit.replace("{}", &format!("The {name}")))),
                ];
                pair[0].source = Some(name);
                pair[1].source = Some(self.outlet());
                pair.into()
            }
            "updates" => {
                let more = self.story();
                let number = self.random.between(1, 3);
                let headline = "Talks end without a result in the capital";
                let mut pair = [
                    self.filed(format!("{headline}\n\n{one}")),
                    self.filed(format!("UPDATE {number}-{headline}\n\n{other}\n\n{}", render(&more[..2]))),
                ];
                pair.iter_mut().for_each(|filed| filed.source = Some(agency.0.to_owned()));
                pair.into()
            }
            "broken off" => {
                let mut at = one.len() * self.random.between(30, 80) / 100;
                while !one.is_char_boundary(at) {
                    at -= 1;
                }
                let end = self.random.pick(&[" …", "...", " […]\n\nRead more"]);
                let cut = one[..at]
                    .trim_end()
                    .rsplit_once(' ')
                    .map_or("", |(head, _)| head)
                    .trim_end_matches([',', '.', ';']);
                vec![self.filed(one.clone()), self.filed(format!("{cut}{end}"))]
            }
            "round-up" => {
                let third = render(&self.story());
                let own = render(&self.story()[..1]);
                let documents = vec![
                    self.filed(one.clone()),
                    self.filed(third.clone()),
                    self.filed(format!("{own}\n\n{one}\n\n{third}")),
                ];
                return Case { documents, pairs: vec![(0, 2, Truth::Copied), (1, 2, Truth::Copied)] };
            }
            "speech" => {
                let writer = Writer::new(self.language, &mut self.random);
                let said =
                    writer.sentence_of(self.random.between(24, 45), &mut self.random).render().replace(['“', '”'], "");
                let quote = |head: &str, tail: &str| format!("{head}\n\n“{said}” she told the assembly.\n\n{tail}");
                let [own, theirs, more] = [(); 3].map(|()| render(&self.story()));
                let mut pair = [quote(&one, &own), quote(&theirs, &more)].map(|text| self.filed(text));
                pair[0].date = Some(Local::at(instant, zone).written(&mut self.random));
                pair[1].date = Some(Local::at(instant + 20 * HOUR, other_zone).written(&mut self.random));
                return Case { documents: pair.into(), pairs: vec![(0, 1, Truth::Neither)] };
            }
            "superset" => {
                let keeps = story.len() - 1;
                let shorter = render(&copy[..keeps.max(2)]);
                vec![self.filed(one), self.filed(shorter)]
            }
            _ => {
                // The original's year is a slip; three more documents of the corpus have dates.
                let mut documents = vec![self.filed(one), self.filed(other)];
                let (year, rest) = ("2038", Local::at(instant, zone).day());
                documents[0].date = Some(format!("{year}{}", &rest[4..]));
                documents[1].date = Some(Local::at(instant + DAY, other_zone).day());
                for days in 2..5 {
                    let story = render(&self.story());
                    let mut more = self.filed(story);
                    more.date = Some(Local::at(instant + days * DAY, zone).day());
                    documents.push(more);
                }
                documents
            }
        };
        // Ids are no evidence: whichever comes first.
        if self.random.chance(1, 2) {
            let (first, second) = (documents[0].id.clone(), documents[1].id.clone());
            (documents[0].id, documents[1].id) = (second, first);
        }
        Case { documents, pairs: copied }
    }

    /// A text with a credit line of one of the usual forms.
    fn with_credit(&mut self, text: &str, agency: &str) -> String {
        let city = self.city();
        match self.random.below(4) {
            0 => format!("{city} ({agency}) – {text}"),
            1 => format!("{text}\n\n{agency} contributed to this report."),
            2 => format!("By Jane Miller, {agency}\n\n{text}"),
            _ => format!("{text}\n\nSource: {agency}"),
        }
    }

    /// A dispatch of an agency, and an outlet that credits it. The one that is there may be a later version, so dates
    /// prove nothing.
    fn credited(
        &mut self,
        dated: bool,
        (one, other): (&str, &str),
        agency: (&str, &str, &str),
        instant: i64,
    ) -> Vec<Filed> {
        let credited = self.with_credit(other, agency.1);
        let mut pair = [self.filed(one.to_owned()), self.filed(credited)];
        if self.random.chance(1, 2) {
            pair[0].source = Some(agency.0.to_owned());
        } else {
            pair[0].url = Some(format!("{}{}", agency.2, pair[0].id));
        }
        pair[1].source = Some(self.outlet());
        if dated {
            let zone = self.zone();
            let shift = self.random.below(DAY as u64) as i64 - DAY / 3;
            pair[0].date = Some(Local::at(instant, zone).written(&mut self.random));
            pair[1].date = Some(Local::at(instant + shift, zone).written(&mut self.random));
        }
        pair.into()
    }
}

fn render(story: &[Vec<Sentence>]) -> String {
    let paragraphs: Vec<String> =
        story.iter().map(|paragraph| paragraph.iter().map(Sentence::render).collect::<Vec<_>>().join(" ")).collect();
    paragraphs.join("\n\n")
}
