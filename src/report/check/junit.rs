//! JUnit's XML, for Jenkins, GitLab and whatever else shows the results of tests.
//!
//! **Standard.** There is none; the nearest to one is `junit-10.xsd` of Jenkins' xUnit plugin, which refuses a file that
//! does not follow it. So a test case has no attributes `file` and `line`, which some tools read and that schema does not
//! know; the place is its name, and begins its text, where such tools look next.
//!
//! **Idea.** A check is one suite. Each rule is a test that passes, so that a clean check has tests and a trend has a
//! constant part; its output lists the notes, which fail nothing. Each error or warning is a test of its own that fails,
//! an excused finding is one that was skipped for the reason that was given, each budget is one, and an input that
//! could not be read is one that ended with an error. Times are 0: reports don't hold times.
//!
//! **Characters.** What XML 1.0 forbids (most controls, U+FFFE, U+FFFF) becomes U+FFFD; what it allows but a viewer of
//! the source, or of a log that it is printed in, may obey is written as a reference.

use std::fmt::Write;
use std::io;

use super::super::escape::{is_blank, is_unsafe, visible};
use super::super::names::hex;
use super::{shown_message, shown_others, shown_place, verdict};
use crate::check::problems::{Budget, Checked, Problem, Suppressed};
use crate::finding::{Rule, Severity};

/// Other places that a text names.
const PLACES: usize = 100;

/// Writes the report.
pub(super) fn write(checked: &Checked, out: &mut impl io::Write) -> io::Result<()> {
    let fails = |problem: &&Problem| problem.severity > Severity::Note;
    let failing = checked.problems.iter().filter(fails).count();
    let failures = failing + checked.budgets.iter().filter(|budget| budget.is_exceeded()).count();
    let errors = checked.lost().count();
    let skipped = checked.suppressed.len();
    let tests = Rule::ALL.len() + failing + skipped + checked.budgets.len() + errors;
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"dittograph\" {counts} time=\"0\">")?;
    writeln!(out, "<testsuite name=\"dittograph check\" {counts} skipped=\"{skipped}\" time=\"0\">")?;
    for rule in Rule::ALL {
        write_rule(out, checked, rule)?;
    }
    for problem in checked.problems.iter().filter(fails) {
        let message = shown_message(problem);
        open(out, problem.rule.name(), &name(problem))?;
        let failure = [("type", problem.severity.name()), ("message", &message)];
        element(out, "failure", &failure, &format!("{}\n{}", head(problem), body(problem)))?;
        close(out)?;
    }
    for suppressed in &checked.suppressed {
        let problem = &suppressed.problem;
        open(out, problem.rule.name(), &name(problem))?;
        let reason = excuse(suppressed);
        element(out, "skipped", &[("type", "excused"), ("message", &reason)], "")?;
        element(out, "system-out", &[], &format!("{}\n{}", head(problem), body(problem)))?;
        close(out)?;
    }
    for budget in &checked.budgets {
        write_budget(out, budget)?;
    }
    for lost in checked.lost() {
        open(out, "input", &shown_place(&lost.path, lost.line))?;
        element(out, "error", &[("type", "not read"), ("message", &visible(&lost.reason))], &verdict::skipped(lost))?;
        close(out)?;
    }
    let mut told = format!("{}\n{}\n", verdict::verdict(checked), verdict::extent(checked));
    let misunderstood = checked.misunderstood.iter().map(|it| format!("Not understood: {}", verdict::idle(it)));
    let unused = checked.unused.iter().map(|it| format!("No longer needed: {}", verdict::idle(it)));
    for line in verdict::others(checked).into_iter().chain(misunderstood).chain(unused) {
        told.push_str(&line);
        told.push('\n');
    }
    element(out, "system-out", &[], &verdict::plain(&told))?;
    writeln!(out, "</testsuite>\n</testsuites>")
}

/// Where a finding is excused, and why.
fn excuse(suppressed: &Suppressed) -> String {
    let Suppressed { path, line, reason, .. } = suppressed;
    format!("Excused in {}: {}", shown_place(path, *line), visible(reason))
}

/// A rule's own test: how many of each severity there are, and the notes.
fn write_rule(out: &mut impl io::Write, checked: &Checked, rule: Rule) -> io::Result<()> {
    let of_rule = || checked.problems.iter().filter(|problem| problem.rule == rule);
    let mut told = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let number = of_rule().filter(|problem| problem.severity == severity).count() as u64;
        if number > 0 {
            let _ = writeln!(told, "{}", super::super::human::phrase::count(number, severity.name()));
        }
    }
    let mut told = verdict::plain(&told);
    for note in of_rule().filter(|problem| problem.severity == Severity::Note) {
        let _ = writeln!(told, "\n{}\n{}", head(note), body(note));
    }
    open(out, rule.name(), "summary")?;
    if !told.is_empty() {
        element(out, "system-out", &[], &told)?;
    }
    close(out)
}

fn write_budget(out: &mut impl io::Write, budget: &Budget) -> io::Result<()> {
    open(out, "budget", budget.kind.name())?;
    let told = verdict::plain(&verdict::budget(budget));
    if budget.is_exceeded() {
        element(out, "failure", &[("type", "budget"), ("message", &told)], &told)?;
    } else {
        element(out, "system-out", &[], &told)?;
    }
    close(out)
}

/// Where a problem is to be acted on.
fn name(problem: &Problem) -> String {
    problem.places.first().map_or_else(|| hex(problem.id), |place| visible(&place.name()).into_owned())
}

/// `a.md:4: 34 words that …`, which tools for compilers know.
fn head(problem: &Problem) -> String {
    format!("{}: {}", name(problem), shown_message(problem))
}

fn body(problem: &Problem) -> String {
    let mut told = format!("“{}”\n", visible(&problem.excerpt));
    let (others, more) = shown_others(problem, PLACES);
    for other in others {
        let _ = writeln!(told, "also in {other}");
    }
    if more > 0 {
        let _ = writeln!(told, "and in {more} more");
    }
    let _ = write!(told, "id {}", hex(problem.id));
    told
}

fn open(out: &mut impl io::Write, class: &str, name: &str) -> io::Result<()> {
    writeln!(out, "<testcase classname=\"{}\" name=\"{}\" time=\"0\">", escape(class), escape(name))
}

fn close(out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "</testcase>")
}

fn element(out: &mut impl io::Write, tag: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    write!(out, "<{tag}")?;
    for (key, value) in attributes {
        write!(out, " {key}=\"{}\"", escape(value))?;
    }
    if text.is_empty() { writeln!(out, "/>") } else { writeln!(out, ">{}</{tag}>", escape_text(text)) }
}

/// The value of an attribute. Line breaks and tabs as references: a parser makes spaces of them.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| push(&mut out, c, false));
    out
}

/// The text of an element: line feeds are what they are. Where a line would begin with what a log obeys, a reference
/// stands for the first sign of it.
pub(super) fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let told = line.trim_start_matches(is_blank);
        let blank = line.get(..line.len() - told.len()).unwrap_or_default();
        blank.chars().for_each(|c| push(&mut out, c, true));
        let rest = told.strip_prefix(':').filter(|rest| rest.starts_with(':'));
        if rest.is_some() {
            out.push_str("&#58;");
        }
        rest.unwrap_or(told).chars().for_each(|c| push(&mut out, c, true));
    }
    out
}

fn push(out: &mut String, c: char, is_text: bool) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        // Also where it ends `]]>`.
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\n' if is_text => out.push(c),
        // The production Char of XML 1.0; surrogates are no characters here.
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        c if is_unsafe(c) => {
            let _ = write!(out, "&#{};", u32::from(c));
        }
        c => out.push(c),
    }
}
