//! `dittograph scan`: read, scan, report.

use std::path::PathBuf;

use dittograph::document::Corpus;
use dittograph::finding::Scan;
use dittograph::progress::Progress;
use dittograph::report::{self, Format, Report};

use super::appearance;
use super::args::ScanArguments;
use super::exit::Exit;
use super::forecast;
use super::inspection;
use super::job::Job;
use super::messages::{Messages, plural};
use super::outputs::{self, Destinations, Outputs};

/// Does what the arguments ask for.
///
/// Files of `--output` are opened first and written first: when the reader of standard output goes away in the middle,
/// they are complete.
pub(crate) fn run(arguments: ScanArguments) -> anyhow::Result<Exit> {
    let ScanArguments { input, rules, report: reports, looks, inspection, running } = arguments;
    appearance::choose_color(looks.color);
    let job = Job::new(input, &rules.habits, &rules.only, &running);
    if inspection.files {
        return inspection::list_files(&job);
    }
    if inspection.units {
        return inspection::show_units(&job);
    }
    if inspection.plan {
        return forecast::tell(&job);
    }

    let Destinations { files, stdout } = Destinations::of(reports.format, &reports.output)?;
    let mut outputs = Outputs::open(files)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let mut corpus = job.read(&pool, &stages)?;
    outputs.refuse_inputs(&corpus)?;
    corpus.skipped.retain(|skipped| !outputs.owns(&skipped.path));
    job.messages.tell_of_input(&corpus);
    let scan = job.scan(&pool, &corpus, &stages)?;

    stages.begin("report", 0);
    let report = Report { corpus: &corpus, scan: &scan, settings: &job.settings, ledger: reports.ledger.into() };
    let in_files = appearance::of_file(&looks, reports.all);
    outputs.write(|format, out| report::write(&report, format, in_files, out))?;
    corpus.check()?;
    let written = outputs.commit()?;
    let outcome = stdout.map_or(Ok(()), |format| {
        stages.rest();
        stages.begin("report", 0);
        appearance::print(&looks, reports.all, |appearance, out| report::write(&report, format, appearance, out))
    });
    stages.rest();
    // Told even when nobody read the report: the files are there, and the times were asked for.
    tell_of_files(job.messages, &written, &corpus, &scan);
    job.tell_of_work(&stages, &scan.statistics);
    outcome?;
    corpus.check()?;
    Ok(job.end(&corpus))
}

/// One line that says what happened, for whoever sees no report.
fn tell_of_files(messages: Messages, written: &[(Format, PathBuf)], corpus: &Corpus, scan: &Scan) {
    if written.is_empty() {
        return;
    }
    messages.note(format_args!(
        "{}, {}, {} written to {}",
        plural(corpus.documents.len() as u64, "document"),
        plural(scan.findings.len() as u64, "finding"),
        plural(scan.clusters.len() as u64, "cluster"),
        outputs::list(written),
    ));
}
