//! `dittograph scan`: read, scan, report.

use dittograph::report::{self, Report};

use super::appearance;
use super::args::ScanArguments;
use super::delivery::Delivery;
use super::exit::Exit;
use super::forecast;
use super::inspection;
use super::job::Job;
use super::messages::plural;

/// Does what the arguments ask for.
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

    let delivery = Delivery::prepare(reports.format, &reports.output, &looks, reports.all)?;
    let stages = job.stages();
    let pool = job.pool()?;
    let corpus = delivery.read(&job, &pool, &stages)?;
    let scan = job.scan(&pool, &corpus, &stages)?;

    let report = Report { corpus: &corpus, scan: &scan, settings: &job.settings, ledger: reports.ledger.into() };
    let delivered = delivery.make(&corpus, &stages, |format, looks, out| report::write(&report, format, looks, out))?;
    let documents = plural(corpus.documents.len() as u64, "document");
    let findings = plural(scan.findings.len() as u64, "finding");
    let clusters = plural(scan.clusters.len() as u64, "cluster");
    delivered.tell(job.messages, format_args!("{documents}, {findings}, {clusters}"));
    job.tell_of_work(&stages, &scan.statistics);
    delivered.end(job.end(&corpus))
}
