//! `dittograph explain`: the whole evidence of one finding or cluster.
//!
//! A report keeps no state on disk that could go stale: the scan is done again over the same paths with the same
//! options, and an id, being a hash of what was found, leads to the same finding.

use std::io::Write;

use anyhow::{Context, bail};
use dittograph::finding::Scan;
use dittograph::report::{self, LedgerChoice, Report};

use super::appearance;
use super::args::ExplainArguments;
use super::exit::Exit;
use super::job::Job;
use super::messages::plural;

/// Ids named when a prefix leads to several.
const SHOWN: usize = 20;

/// Does what the arguments ask for.
pub(crate) fn run(arguments: ExplainArguments) -> anyhow::Result<Exit> {
    let ExplainArguments { id: prefix, input, rules, looks, running } = arguments;
    appearance::choose_color(looks.color);
    let job = Job::new(input, &rules.habits, &rules.only, &running);
    let stages = job.stages();
    let pool = job.pool()?;
    let corpus = job.read(&pool, &stages)?;
    job.messages.tell_of_input(&corpus);
    let scan = job.scan(&pool, &corpus, &stages)?;
    job.tell_of_work(&stages, &scan.statistics);

    let report = Report { corpus: &corpus, scan: &scan, settings: &job.settings, ledger: LedgerChoice::None };
    let id = match report::find_ids(&report, &prefix).as_slice() {
        [id] => *id,
        [] => {
            job.messages.error(format_args!(
                "no id begins with {prefix}, among those of {} and {}",
                plural(scan.findings.len() as u64, "finding"),
                plural(scan.clusters.len() as u64, "cluster"),
            ));
            job.messages
                .hint("give the same paths and options as to the scan that reported it; an edited text has a new id");
            return Ok(Exit::Failed);
        }
        several => {
            job.messages.error(format_args!("{} ids begin with {prefix}; write more digits:", several.len()));
            name_candidates(several, &scan)?;
            return Ok(Exit::Failed);
        }
    };
    let appearance = appearance::of_stdout(&looks, true);
    let mut out = appearance::stdout(appearance);
    let found = report::explain(&report, id, appearance, &mut out)
        .and_then(|found| out.flush().map(|()| found))
        .context("can't write to standard output")?;
    if !found {
        bail!("the finding {id:016x} has no evidence to print");
    }
    Ok(job.end(&corpus))
}

/// The ids with what they stand for, one a line.
fn name_candidates(ids: &[u64], scan: &Scan) -> std::io::Result<()> {
    let mut stderr = anstream::stderr().lock();
    for &id in ids.iter().take(SHOWN) {
        writeln!(stderr, "  {id:016x}  {}", described(id, scan))?;
    }
    if ids.len() > SHOWN {
        writeln!(stderr, "  and {} more", ids.len() - SHOWN)?;
    }
    Ok(())
}

fn described(id: u64, scan: &Scan) -> String {
    let of_finding = scan.findings.iter().find(|finding| finding.id == id).map(|finding| {
        let words = plural(finding.words.into(), "word");
        format!("{}, {words}, {}", finding.rule.name(), plural(finding.occurrences.len() as u64, "occurrence"))
    });
    let of_cluster = || {
        let cluster = scan.clusters.iter().find(|cluster| cluster.id == id)?;
        Some(format!("{}, {}", cluster.rule.name(), plural(cluster.members.len() as u64, "document")))
    };
    of_finding.or_else(of_cluster).unwrap_or_default()
}
