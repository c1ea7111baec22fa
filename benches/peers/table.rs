//! The tables, and their place in `docs/performance.md`.

use std::fmt::Write as _;

use crate::environment;
use crate::judge::Score;
use crate::runs::{MEASURE, OURS, Program, Run, THREADS};

const BEGIN: &str = "<!-- written by `cargo bench --bench peers`: begin -->";
const END: &str = "<!-- written by `cargo bench --bench peers`: end -->";

/// What all rounds of a run came to.
pub(crate) enum Outcome<'a> {
    Measured {
        run: &'a Run,
        rounds: usize,
        seconds: f64,
        busy: Option<f64>,
        peak: Option<u64>,
        score: Option<Score>,
    },
    /// Not installed, ended badly, or answered wrongly.
    Void {
        run: &'a Run,
        reason: String,
    },
}

/// The runs on one corpus.
pub(crate) struct Results<'a> {
    pub(crate) documents: usize,
    pub(crate) bytes: u64,
    pub(crate) families: usize,
    pub(crate) pairs: usize,
    pub(crate) border: usize,
    pub(crate) chance: f64,
    pub(crate) outcomes: Vec<Outcome<'a>>,
}

impl Results<'_> {
    fn seconds(&self, wanted: &str) -> Option<f64> {
        self.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Measured { run, seconds, .. } if run.name == wanted => Some(*seconds),
            _ => None,
        })
    }

    fn peak(&self, wanted: &str) -> Option<u64> {
        self.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Measured { run, peak, .. } if run.name == wanted => *peak,
            _ => None,
        })
    }

    fn megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6
    }

    fn render(&self, page: &mut String) {
        let (measure, ours) = (self.seconds(MEASURE), self.seconds(OURS));
        let _ = writeln!(page, "### {} documents\n", grouped(self.documents));
        let _ = writeln!(
            page,
            "{:.1} MB, {} families with {} pairs of 0.8 and more, {} pairs planted just below; {:.2} % of the words of \
             unrelated documents lie in a run of 6 that another document has by chance.\n",
            self.megabytes(),
            grouped(self.families),
            grouped(self.pairs),
            grouped(self.border),
            self.chance * 100.0
        );
        page.push_str("| run | version | parameters | rounds | seconds | CPU s | of `wc` | of dittograph | MB/s | peak, MB | of corpus | recall | precision | below |\n");
        let _ = writeln!(page, "|{}", "---|".repeat(14));
        for outcome in &self.outcomes {
            match outcome {
                Outcome::Measured { run, rounds, seconds, busy, peak, score } => {
                    let times = |other: Option<f64>| cell(other, |other| format!("{:.2}", seconds / other));
                    let peak = peak.map(|peak| peak as f64 / 1e6);
                    let _ = writeln!(
                        page,
                        "| {} | {rounds} | {seconds:.2} | {} | {} | {} | {:.1} | {} | {} | {} | {} | {} |",
                        head(run),
                        cell(*busy, |busy| format!("{busy:.2}")),
                        times(measure),
                        times(ours),
                        self.megabytes() / seconds,
                        cell(peak, |peak| format!("{peak:.0}")),
                        cell(peak, |peak| format!("{:.2}", peak / self.megabytes())),
                        cell(*score, |score| format!("{:.4}", score.recall)),
                        cell(*score, |score| format!("{:.4}", score.precision)),
                        cell(*score, |score| format!("{:.2}", score.border)),
                    );
                }
                Outcome::Void { run, reason } => {
                    let reason = reason.replace(env!("CARGO_MANIFEST_DIR"), ".").replace('|', "/");
                    let _ = writeln!(page, "| {} | {reason}{} |", head(run), " |".repeat(10));
                }
            }
        }
        page.push('\n');
    }
}

/// All tables, between their marks.
pub(crate) fn render(all: &[Results<'_>]) -> String {
    let mut page = format!("{BEGIN}\n\n");
    for results in all {
        results.render(&mut page);
    }
    page.push_str("### Growth, and a second core\n\n");
    page.push_str(
        "| documents | MB | µs a document | peak, MB | of corpus | one thread, s | two threads, s | gain |\n",
    );
    let _ = writeln!(page, "|{}", "---|".repeat(8));
    for results in all {
        let [one, two] = THREADS.map(|name| results.seconds(name));
        let peak = results.peak(OURS).map(|peak| peak as f64 / 1e6);
        let _ = writeln!(
            page,
            "| {} | {:.1} | {} | {} | {} | {} | {} | {} |",
            grouped(results.documents),
            results.megabytes(),
            cell(results.seconds(OURS), |seconds| format!("{:.0}", seconds * 1e6 / results.documents as f64)),
            cell(peak, |peak| format!("{peak:.0}")),
            cell(peak, |peak| format!("{:.2}", peak / results.megabytes())),
            cell(one, |one| format!("{one:.2}")),
            cell(two, |two| format!("{two:.2}")),
            cell(one.zip(two), |(one, two)| format!("{:.2}", one / two)),
        );
    }
    let _ = writeln!(page, "\n{END}");
    page
}

/// The page with the tables in the place of those it has.
pub(crate) fn put(page: &str, tables: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{}{after}", tables.trim_end()))
}

/// Name, version and parameters.
fn head(run: &Run) -> String {
    let (name, version) = match run.program {
        Program::WordCount => ("`wc`".to_owned(), String::new()),
        Program::Dittograph => (format!("dittograph, {}", run.name), env!("CARGO_PKG_VERSION").to_owned()),
        Program::Peer { package, requirements, .. } => {
            (run.name.to_owned(), environment::version(requirements, package))
        }
    };
    format!("{name} | {version} | {}", run.parameters)
}

fn cell<T>(value: Option<T>, write: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), write)
}

/// A number with commas between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
