//! What `--stats` and `--timings` tell, on standard error: never part of a report, which must be the same for any
//! machine and any day.

use std::io::Write;

use dittograph::finding::Statistics;
use unicode_width::UnicodeWidthStr;

use super::messages::grouped;

/// The counts of a scan with their names, and the peak memory where the system tells it.
pub(crate) fn counts(statistics: &Statistics) -> Vec<(String, String)> {
    // Taken apart by name, so that a count added there can't be forgotten here.
    let &Statistics {
        documents,
        bytes,
        tokens,
        units,
        distinct_units,
        furniture_units,
        unit_candidates,
        unit_pairs,
        families,
        document_candidates,
        document_pairs,
        near_words,
        anchors,
        links,
        links_thinned,
        chained_pairs,
        matches,
    } = statistics;
    let mut rows: Vec<(String, String)> = [
        ("documents", documents),
        ("bytes", bytes),
        ("tokens", tokens),
        ("units", units),
        ("distinct units", distinct_units),
        ("furniture units", furniture_units),
        ("unit candidates", unit_candidates),
        ("unit pairs verified", unit_pairs),
        ("families", families),
        ("document candidates", document_candidates),
        ("document pairs verified", document_pairs),
        ("near words", near_words),
        ("anchors", anchors),
        ("links", links),
        ("links thinned", links_thinned),
        ("pairs chained", chained_pairs),
        ("matches", matches),
    ]
    .map(|(name, count)| (name.to_owned(), grouped(count)))
    .into();
    if let Some(kibibytes) = peak_memory() {
        rows.push(("peak memory".to_owned(), format!("{} KiB", grouped(kibibytes))));
    }
    rows
}

/// Prints rows of a name and a figure, figures flush right.
pub(crate) fn tell(rows: &[(String, String)]) {
    let name_width = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let figure_width = rows.iter().map(|(_, figure)| figure.width()).max().unwrap_or(0);
    let mut stderr = anstream::stderr().lock();
    for (name, figure) in rows {
        let _ = writeln!(stderr, "{name:name_width$}  {figure:>figure_width$}");
    }
}

/// The largest resident set so far, in KiB: Linux tells.
fn peak_memory() -> Option<u64> {
    parse_peak(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// Bytes of memory that may still be used, where the system tells.
pub(crate) fn free_memory() -> Option<u64> {
    let known = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = known.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

fn parse_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_found_in_the_status_file() {
        assert_eq!(parse_peak("Name:\tx\nVmPeak:\t  99 kB\nVmHWM:\t    5120 kB\nVmRSS:\t 1 kB\n"), Some(5120));
        assert_eq!(parse_peak("Name:\tx\n"), None);
        if cfg!(target_os = "linux") {
            assert!(peak_memory().is_some_and(|kibibytes| kibibytes > 100));
        }
    }
}
