//! Suppressions: comments in a text that excuse what it repeats.
//!
//! ```text
//! <!-- dittograph: ignore shared-passage because the licence has to be quoted -->
//! <!-- dittograph: ignore-begin because these pages are versions of one --> ... <!-- dittograph: ignore-end -->
//! <!-- dittograph: ignore-file doubled-text, 3f9a52c1d0e4b786 because it is a table -->
//! ```
//!
//! **Idea.** What is excused stands where it is, so that it moves with its text and goes with it. `ignore` speaks of the
//! next paragraph, `ignore-begin` of all up to `ignore-end`, `ignore-file` of the whole text; each of all rules, or of the
//! rules and findings that it names. A rule of whole documents, or a finding, that is named is excused wherever in the
//! document that is said. A reason is asked for: whoever reads it next year has to know whether it still
//! holds. What cannot be understood excuses nothing, and is told.
//!
//! What shows such a comment instead of making one speaks not: in a fenced block of code, or between backticks.
//!
//! A place is excused if it begins where a suppression speaks, or has more than half of itself there. A finding that has
//! no second place left is excused.
//!
//! **Cost.** Linear in the text.

use std::ops::Range;

use crate::finding::{Rule, Span};

/// How a comment of ours begins, behind the opening of the comment; in letters of any case, and with a colon behind it.
const NAME: &str = "dittograph";

/// A comment that is addressed to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comment<'t> {
    /// Where it stands.
    pub(super) place: Range<usize>,
    /// What it says, without the name; or what is wrong with it.
    body: Result<&'t str, &'static str>,
}

/// How a comment is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// In a page of HTML, where every comment is one.
    Page,
    /// In a text or in Markdown, where code may show one.
    Text,
}

/// Whether there may be a comment for this program in a page, in an encoding that has the signs of ASCII.
pub(super) fn may_be_addressed(page: &[u8]) -> bool {
    memchr::memmem::find_iter(page, b"<!--").any(|at| {
        let rest = page[at + 4..].trim_ascii_start();
        rest.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME.as_bytes()))
    })
}

/// Finds the comments of a text that are addressed to this program.
pub(super) fn find(text: &str, writing: Writing) -> Vec<Comment<'_>> {
    let mut comments = Vec::new();
    let mut code = Code::default();
    let mut from = 0;
    while let Some(start) = memchr::memmem::find(&text.as_bytes()[from..], b"<!--").map(|at| from + at) {
        from = start + 4;
        let Some(body) = addressed(&text[from..]) else { continue };
        if writing == Writing::Text && code.holds(text, start) {
            continue;
        }
        let length = memchr::memmem::find(&text.as_bytes()[from..], b"-->");
        let end = length.map_or(text.len(), |length| from + length + 3);
        let body = match (body, length) {
            (_, None) => Err("the comment has no end: `-->`"),
            (None, _) => Err("a colon is missing: `dittograph: ignore ...`"),
            (Some(body), Some(length)) => {
                Ok(body.get(..(from + length).saturating_sub(text.len() - body.len())).unwrap_or_default().trim())
            }
        };
        comments.push(Comment { place: start..end, body });
        from = end;
    }
    comments
}

/// What follows our name in a comment, if it stands there; nothing where it is a command without the colon.
fn addressed(comment: &str) -> Option<Option<&str>> {
    let rest = comment.trim_start();
    let rest = rest.get(NAME.len()..).filter(|_| rest[..NAME.len()].eq_ignore_ascii_case(NAME))?;
    let behind = rest.trim_start();
    match behind.strip_prefix(':') {
        Some(body) => Some(Some(body)),
        None => (behind.len() < rest.len() && behind.starts_with("ignore")).then_some(None),
    }
}

/// Fences of code (CommonMark 0.31, 4.5), read up to some line.
#[derive(Default)]
struct Code<'t> {
    /// Where the lines end that were read.
    read: usize,
    /// The fence that is open.
    fence: Option<&'t str>,
}

impl<'t> Code<'t> {
    /// Whether a place, behind all that were asked for, is shown as code.
    fn holds(&mut self, text: &'t str, place: usize) -> bool {
        for line in text[self.read..place].split_inclusive('\n').take_while(|line| line.ends_with('\n')) {
            self.read += line.len();
            self.read_line(line);
        }
        // A whole span of code has no fence to itself; what follows a backtick at once is in one.
        self.fence.is_some() || text[..place].ends_with('`')
    }

    fn read_line(&mut self, line: &'t str) {
        // A list or a quotation may stand before it.
        let line = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']).trim_end();
        let sign = if line.starts_with('~') { '~' } else { '`' };
        let (fence, rest) = line.split_at(line.len() - line.trim_start_matches(sign).len());
        match self.fence {
            Some(open) if fence.starts_with(open) && rest.trim().is_empty() => self.fence = None,
            None if fence.len() >= 3 && !(sign == '`' && rest.contains('`')) => self.fence = Some(fence),
            _ => {}
        }
    }
}

/// What a suppression excuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suppression {
    /// Where in its text it speaks.
    pub(super) region: Span,
    /// Where its comment stands, in what it was found in.
    pub(super) comment: usize,
    /// The rules; all if neither rules nor ids are named.
    rules: Vec<Rule>,
    /// Ids of findings.
    ids: Vec<u64>,
    /// Why.
    pub(super) reason: String,
}

impl Suppression {
    /// Whether it speaks of a finding at some place.
    pub(super) fn excuses(&self, rule: Rule, id: u64, span: Span) -> bool {
        let is_named =
            self.rules.is_empty() && self.ids.is_empty() || self.rules.contains(&rule) || self.ids.contains(&id);
        // What is named speaks of its document: the one finding, or the document as a whole.
        if self.ids.contains(&id) || rule.is_of_documents() && self.rules.contains(&rule) {
            return true;
        }
        let common = span.end.min(self.region.end).saturating_sub(span.start.max(self.region.start));
        let begins_here = (self.region.start..self.region.end).contains(&span.start);
        is_named && (begins_here || 2 * u64::from(common) > u64::from(span.end - span.start))
    }

    /// What it excuses, for a report.
    pub(super) fn name(&self) -> String {
        let rules = self.rules.iter().map(|rule| rule.name().to_owned());
        let all: Vec<String> = rules.chain(self.ids.iter().map(|id| format!("{id:016x}"))).collect();
        if all.is_empty() { "all rules".to_owned() } else { all.join(", ") }
    }
}

/// What is wrong with a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// Where its comment stands.
    pub(super) comment: usize,
    /// What is wrong, and how it should be.
    pub(super) what: String,
}

/// Reads the comments of a document. `text` is the document's; `behind` leads from a place beside a comment to the byte of
/// the text that follows it.
pub(super) fn read(
    comments: &[Comment],
    text: &str,
    behind: impl Fn(usize) -> u32,
) -> (Vec<Suppression>, Vec<Mistake>) {
    let (mut suppressions, mut mistakes) = (Vec::new(), Vec::new());
    // What was begun and has no end yet.
    let mut open: Vec<Suppression> = Vec::new();
    let mut last = Span { start: 0, end: 0 };
    for comment in comments {
        let at = comment.place.start;
        let start = behind(comment.place.end);
        let body = match comment.body {
            Ok(body) => body,
            Err(what) => {
                mistakes.push(Mistake { comment: at, what: what.to_owned() });
                continue;
            }
        };
        if body == "ignore-end" {
            match open.pop() {
                Some(begun) => {
                    let region = Span { start: begun.region.start, end: behind(at).max(begun.region.start) };
                    suppressions.push(Suppression { region, ..begun });
                }
                None => mistakes.push(Mistake { comment: at, what: "`ignore-end` without `ignore-begin`".to_owned() }),
            }
            continue;
        }
        match parse(body) {
            Err(what) => mistakes.push(Mistake { comment: at, what }),
            Ok((reach, rules, ids, reason)) => {
                let end = text.len() as u32;
                let region = match reach {
                    Reach::File => Span { start: 0, end },
                    Reach::Paragraph => {
                        last = paragraph(text, start, last);
                        last
                    }
                    Reach::Begin => Span { start, end },
                };
                let suppression = Suppression { region, comment: at, rules, ids, reason };
                if reach == Reach::Begin { &mut open } else { &mut suppressions }.push(suppression);
            }
        }
    }
    for begun in open {
        mistakes.push(Mistake { comment: begun.comment, what: "`ignore-begin` without `ignore-end`".to_owned() });
    }
    suppressions.sort_by_key(|suppression| suppression.comment);
    mistakes.sort_by_key(|mistake| mistake.comment);
    (suppressions, mistakes)
}

/// How far a suppression speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Paragraph,
    Begin,
    File,
}

fn parse(body: &str) -> Result<(Reach, Vec<Rule>, Vec<u64>, String), String> {
    let (command, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
    let reach = match command {
        "ignore" => Reach::Paragraph,
        "ignore-begin" => Reach::Begin,
        "ignore-file" => Reach::File,
        _ => return Err(format!("`{}` is none of ignore, ignore-begin, ignore-end and ignore-file", excerpt(command))),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let because = words.iter().position(|word| *word == "because");
    let Some(because) = because.filter(|because| because + 1 < words.len()) else {
        return Err(format!("a reason is missing: `{command} ... because REASON`"));
    };
    let (mut rules, mut ids) = (Vec::new(), Vec::new());
    let named = words[..because].iter().flat_map(|word| word.split(',')).filter(|word| !word.is_empty());
    for name in named {
        let rule = Rule::ALL.into_iter().find(|rule| rule.name() == name);
        let is_id = name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        match (rule, u64::from_str_radix(name, 16)) {
            (Some(rule), _) => rules.push(rule),
            (None, Ok(id)) if is_id => ids.push(id),
            _ => return Err(format!("`{}` is neither a rule nor the 16 digits of a finding", excerpt(name))),
        }
    }
    Ok((reach, rules, ids, words[because + 1..].join(" ")))
}

fn excerpt(word: &str) -> String {
    word.chars().take(40).collect()
}

/// The paragraph that begins at a byte, or behind it: up to a line without a word in it. `last` is one that began before.
fn paragraph(text: &str, from: u32, last: Span) -> Span {
    let rest = text.get(from as usize..).unwrap_or_default();
    let start = (text.len() - rest.trim_start().len()) as u32;
    if (last.start..last.end).contains(&start) {
        return Span { start, end: last.end };
    }
    let mut end = start as usize;
    for line in text[end..].split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    Span { start, end: end as u32 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What each suppression of a text speaks of, and the mistakes.
    fn tell(text: &str) -> (Vec<String>, Vec<String>) {
        let comments = find(text, Writing::Text);
        let (suppressions, mistakes) = read(&comments, text, |place| place as u32);
        let said = suppressions.iter().map(|own| {
            let region = &text[own.region.start as usize..own.region.end as usize];
            format!("{} [{}] {}", own.name(), region.trim(), own.reason)
        });
        (said.collect(), mistakes.into_iter().map(|mistake| mistake.what).collect())
    }

    #[test]
    fn each_kind_speaks_where_it_should() {
        let text = "One.\n\n<!-- dittograph: ignore because it is so -->\nTwo\nthree.\n\nFour.\n\n\
                    <!--dittograph: ignore-begin doubled-text,shared-passage because of that-->Five.\n\nSix.\
                    <!-- dittograph: ignore-end --> Seven.\n<!-- other --> <!-- dittograph: ignore 0123456789abcdef \
                    because\nwhy -->\n\n\n Eight.";
        let (said, mistakes) = tell(text);
        assert_eq!(
            said,
            [
                "all rules [Two\nthree.] it is so",
                "doubled-text, shared-passage [Five.\n\nSix.] of that",
                "0123456789abcdef [Eight.] why",
            ]
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let file = "A.\n\nB. <!-- dittograph: ignore-file contained because x -->";
        assert_eq!(tell(file).0, [format!("contained [{file}] x")]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (body, told) in [
            ("ignore", "a reason is missing: `ignore ... because REASON`"),
            ("ignore because", "a reason is missing: `ignore ... because REASON`"),
            ("ignore-file doubled-text", "a reason is missing: `ignore-file ... because REASON`"),
            ("ignore doubled because x", "`doubled` is neither a rule nor the 16 digits of a finding"),
            ("ignore abc because x", "`abc` is neither a rule nor the 16 digits of a finding"),
            ("skip", "`skip` is none of ignore, ignore-begin, ignore-end and ignore-file"),
            ("", "`` is none of ignore, ignore-begin, ignore-end and ignore-file"),
            ("ignore-end", "`ignore-end` without `ignore-begin`"),
            ("ignore-begin because x", "`ignore-begin` without `ignore-end`"),
        ] {
            let (said, mistakes) = tell(&format!("A. <!-- dittograph: {body} --> B."));
            assert_eq!((said.len(), mistakes), (0, vec![told.to_owned()]), "{body}");
        }
        assert_eq!(tell("A. <!-- dittograph: ignore because x").1, ["the comment has no end: `-->`"]);
        assert_eq!(tell("<!-- dittograph ignore because x -->").1, ["a colon is missing: `dittograph: ignore ...`"]);
        assert_eq!(
            tell("<!--DittoGraph : ignore-file because x-->").0,
            ["all rules [<!--DittoGraph : ignore-file because x-->] x"]
        );
        assert_eq!(tell("<!-- dittograph is fine --> <!-- dittographs: ignore -->").1, [""; 0]);
    }

    #[test]
    fn code_that_shows_a_comment_excuses_nothing() {
        let comment = "<!-- dittograph: ignore-file because x -->";
        let said = |text: &str| tell(text).0.len();
        for fence in ["```", "~~~~", "```html", "- ```", "> ```"] {
            let close = fence.trim_matches(|sign| sign != '`' && sign != '~');
            assert_eq!(said(&format!("A.\n\n{fence}\n{comment}\n{close}\nB.")), 0, "{fence}");
            assert_eq!(said(&format!("A.\n\n{fence}\nx\n{close}\n\n{comment}\nB.")), 1, "{fence}");
            assert_eq!(said(&format!("{comment}\n{fence}\n{comment}\n{close} x\n{comment}\n{close}\n{comment}")), 2);
        }
        assert_eq!(said(&format!("Write `{comment}` there. ```x``` {comment}")), 1);
        assert_eq!(said(&format!("``` x ``` y\n{comment}")), 1, "a span of code is no fence");
        assert_eq!(find(&format!("```\n{comment}"), Writing::Page).len(), 1);
    }

    #[test]
    fn a_place_is_excused_by_its_beginning_or_its_bulk() {
        let text = "x".repeat(100);
        let comment = |place, body| Comment { place, body: Ok(body) };
        let comments = [comment(0..0, "ignore-begin shared-passage because x"), comment(40..40, "ignore-end")];
        let (suppressions, _) = read(&comments, &text, |place| place as u32);
        let excuses = |start: u32, end: u32| suppressions[0].excuses(Rule::SharedPassage, 1, Span { start, end });
        assert!(excuses(0, 90) && excuses(39, 90) && excuses(10, 30));
        assert!(!excuses(40, 50));
        assert!(!suppressions[0].excuses(Rule::DoubledText, 1, Span { start: 0, end: 9 }));
    }

    #[test]
    fn what_is_named_is_excused_wherever_that_is_said() {
        let text =
            "Title\n\n<!-- dittograph: ignore near-duplicate, 00000000000000ff because x -->\n\nA b c.\n\nD e f.";
        let (suppressions, _) = read(&find(text, Writing::Text), text, |place| place as u32);
        let whole = Span { start: 0, end: text.len() as u32 };
        let excuses = |rule, id| suppressions[0].excuses(rule, id, whole);
        assert!(excuses(Rule::NearDuplicate, 1) && excuses(Rule::SharedPassage, 255));
        assert!(!excuses(Rule::Contained, 1) && !excuses(Rule::SharedPassage, 1));
    }

    #[test]
    fn paragraphs_of_many_comments_take_linear_time() {
        let text = "<!-- dittograph: ignore because x -->word\n".repeat(50_000);
        assert_eq!(read(&find(&text, Writing::Text), &text, |place| place as u32).0.len(), 50_000);
    }

    proptest! {
        #[test]
        fn any_text_does(text in "(<!--|-->|dittograph:|ignore|ignore-end|ignore-begin|because| |é|\n|a){0,30}") {
            let comments = find(&text, Writing::Text);
            let (suppressions, mistakes) = read(&comments, &text, |place| place as u32);
            prop_assert!(suppressions.len() + mistakes.len() <= comments.len());
            for own in suppressions {
                prop_assert!(text.get(own.region.start as usize..own.region.end as usize).is_some());
            }
        }
    }
}
