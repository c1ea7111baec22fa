//! GitHub's workflow commands, read by the rules that its runner reads them by.

use proptest::prelude::*;

use super::{clean, crowd, hostile_check, paper, written};
use crate::check::problems::Checked;
use crate::finding::Severity;
use crate::report::check::CheckFormat;
use crate::report::escape::{is_unsafe, opens_command, visible};

#[derive(Debug)]
struct Command {
    level: String,
    properties: Vec<(String, String)>,
    message: String,
}

impl Command {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// As the runner undoes escapes: one after the other, `%25` last.
fn unescape(text: &str, is_property: bool) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    let text = if is_property { text.replace("%3A", ":").replace("%2C", ",") } else { text };
    text.replace("%25", "%")
}

/// A command as the runner reads one; `None` if it takes the line for output.
fn read(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, message) = rest.split_once("::")?;
    let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
    let pairs = properties.trim().split(',').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap();
        (key.to_owned(), unescape(value, true))
    });
    Some(Command { level: level.to_owned(), properties: pairs.collect(), message: unescape(message, false) })
}

/// All commands of a report, whose every line must be one, but for the last.
fn commands(checked: &Checked) -> Vec<Command> {
    let text = written(checked, CheckFormat::Github);
    assert!(!text.contains("##["), "{text}");
    assert!(text.ends_with('\n') && text.len() < 64_000, "{} bytes", text.len());
    let mut lines: Vec<&str> = text.split_terminator(['\n', '\r']).collect();
    let last = lines.pop().unwrap();
    assert!(last.starts_with("dittograph: ") && last.is_ascii(), "{last}");
    let commands: Vec<Command> = lines.iter().map(|line| read(line).unwrap_or_else(|| panic!("{line}"))).collect();
    for command in &commands {
        assert!(["error", "warning", "notice"].contains(&command.level.as_str()), "{command:?}");
        assert!(command.message.len() <= 4096, "{} bytes", command.message.len());
        assert!(command.property("title").unwrap().starts_with("dittograph"));
        for (key, _) in &command.properties {
            assert!(["file", "line", "endLine", "title"].contains(&key.as_str()), "{command:?}");
        }
        assert!(!command.message.contains(|c| is_unsafe(c) && c != '\n'), "{command:?}");
    }
    for level in ["error", "warning", "notice"] {
        assert!(commands.iter().filter(|command| command.level == level).count() <= 10);
    }
    commands
}

#[test]
fn the_annotations_of_a_paper() {
    let text = written(&paper(), CheckFormat::Github);
    let expected = "::error file=news/2021/harbour.md,line=3,endLine=4,title=dittograph%3A doubled-text::34 words that this \
                    document also has on lines 12, 30%0A“The river rose to four metres and twenty on the night of the second of \
                    February, higher than anyone living had seen it, and stood in the cellars for…”%0AAlso in \
                    news/2021/harbour.md:12, news/2021/harbour.md:30%0AId 5393efe900000001\n";
    assert!(text.contains(expected), "{text}");
    let levels: Vec<String> = commands(&paper()).into_iter().map(|command| command.level).collect();
    // One input was lost, one budget is exceeded; one comment is not understood, two excuses are not needed.
    let (warnings, notices) = (["warning"; 2], ["notice"; 3]);
    assert_eq!(levels, [&["error"; 5][..], &warnings, &notices].concat());
    let comment = "::warning file=guides/new.md,line=7,endLine=7,title=dittograph%3A comment::Not understood: no rule is named `shared`\n";
    assert!(text.contains(comment), "{text}");
    assert!(
        text.ends_with(
            "the gate trips, and the check is incomplete (214 documents checked, compared with 1,020 others)\n"
        ),
        "{text}"
    );
    assert_eq!(
        written(&clean(), CheckFormat::Github),
        "dittograph: Nothing new: the gate is open (214 documents checked)\n"
    );
}

#[test]
fn what_has_no_room_is_counted() {
    let checked = crowd();
    let commands = commands(&checked);
    assert_eq!(commands.len(), 30);
    let last = &commands[29];
    assert_eq!(last.level, "notice");
    // 100 errors, the lost inputs and a budget; 100 warnings and a comment; 100 notes and 40 excuses, of which the count
    // itself takes one's place.
    let told = "92 more errors, 91 more warnings and 131 more notices found no room here.";
    assert!(last.message.starts_with(told), "{}", last.message);
    assert!(last.message.contains("--all") && last.property("file").is_none());
    // Ten are not too many.
    let mut ten = paper();
    ten.misunderstood.clear();
    ten.problems = (0..10).map(|number| super::Problem { id: number, ..paper().problems[3].clone() }).collect();
    assert_eq!(self::commands(&ten).iter().filter(|command| command.level == "warning").count(), 10);
    assert!(!written(&ten, CheckFormat::Github).contains("no room"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_is_one_of_ours_and_says_what_was_put_in(checked in hostile_check()) {
        let commands = commands(&checked);
        let exceeded = checked.budgets.iter().filter(|budget| budget.is_exceeded()).count();
        let lost = usize::from(checked.lost().next().is_some());
        let remarks = checked.unused.len() + checked.misunderstood.len();
        prop_assert_eq!(commands.len(), checked.problems.len() + remarks + exceeded + lost);
        let level = |command: &&Command, name: &str| command.level == name;
        for (severity, name) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")] {
            let problems = checked.problems.iter().filter(|problem| problem.severity == severity);
            let first = if severity == Severity::Error { exceeded + lost } else { 0 };
            let found = commands.iter().filter(|command| level(command, name)).skip(first);
            for (problem, command) in problems.zip(found) {
                let place = &problem.places[0];
                let told = problem.tell(|_, name| visible(name).into_owned());
                match command.property("file") {
                    Some(file) => {
                        prop_assert_eq!(file, &place.path);
                        let line = place.line.to_string();
                        prop_assert_eq!(command.property("line"), Some(line.as_str()));
                        prop_assert!(command.message.starts_with(&told), "{} / {}", command.message, told);
                    }
                    None => {
                        let odd = |c: char| is_unsafe(c) && !matches!(c, '\r' | '\n');
                        prop_assert!(place.path.is_empty() || place.path.contains(odd) || opens_command(&place.path));
                        let name = format!("{}:{}: ", visible(&place.path), place.line);
                        prop_assert!(command.message.starts_with(&name), "{} / {name}", command.message);
                        prop_assert!(command.message.contains(&told));
                    }
                }
                prop_assert_eq!(command.property("title").unwrap(), format!("dittograph: {}", problem.rule.name()));
                let id = format!("\nId {:016x}", problem.id);
                prop_assert!(command.message.ends_with(&id));
            }
        }
    }
}
