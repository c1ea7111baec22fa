//! The scorers of the folder, run as they are: the figures are theirs, not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::reuse::REUSED;
use crate::sets::Set;

pub(crate) struct Scorers {
    pub(crate) folder: PathBuf,
}

impl Scorers {
    pub(crate) fn pairs(&self, set: &Set, truth: &Path, predictions: &Path, task: &str) -> Value {
        self.run(
            "score_pairs.py",
            &[
                ("--docs", &set.documents),
                ("--truth", truth),
                ("--pred", predictions),
                ("--task", Path::new(task)),
                ("--min-score", Path::new(REUSED)),
            ],
        )
    }

    pub(crate) fn passages(&self, set: &Set, truth: &Path, predictions: &Path) -> Value {
        self.run(
            "score_align.py",
            &[("--docs", &set.documents), ("--truth", truth), ("--pred", predictions), ("--unit", Path::new("byte"))],
        )
    }

    /// Quotations that documents share; `is_open`: every pair that is not listed is wrong.
    pub(crate) fn travels(&self, set: &Set, truth: &Path, predictions: &Path, is_open: bool) -> Value {
        let none = Path::new("");
        let mut arguments = vec![
            ("--docs", &*set.documents),
            ("--truth", truth),
            ("--pred", predictions),
            ("--unit", Path::new("byte")),
            ("--unordered", none),
        ];
        arguments.extend(is_open.then_some(("--open", none)));
        self.run("score_align.py", &arguments)
    }

    /// What is between quotation marks, of one kind.
    pub(crate) fn quotations(&self, set: &Set, truth: &Path, predictions: &Path, kind: &str) -> Value {
        self.run(
            "score_quotes.py",
            &[
                ("--docs", &set.documents),
                ("--truth", truth),
                ("--pred", predictions),
                ("--kind", Path::new(kind)),
                ("--unit", Path::new("byte")),
            ],
        )
    }

    pub(crate) fn blocks(&self, set: &Set, predictions: &Path) -> Value {
        self.run(
            "score_blocks.py",
            &[("--docs", &set.documents), ("--pred", predictions), ("--unit", Path::new("byte"))],
        )
    }

    /// The lines that the self-test prints about plain baselines (they are indented; its checks are not).
    pub(crate) fn reference(&self) -> Vec<String> {
        let output = Command::new("python3").arg(self.folder.join("selftest.py")).output().unwrap();
        assert!(output.status.success(), "selftest.py: {}", String::from_utf8_lossy(&output.stdout));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| line.starts_with(' ')).map(|line| line.trim().to_owned()).collect()
    }

    fn run(&self, script: &str, arguments: &[(&str, &Path)]) -> Value {
        let mut command = Command::new("python3");
        command.arg(self.folder.join(script));
        for (name, value) in arguments {
            command.arg(name);
            // A switch has no value.
            command.args(Some(value).filter(|value| !value.as_os_str().is_empty()));
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}
