//! Tables of a trace for spreadsheets, `cut`, `awk` and `sort`: passages, targets, sources, and shares of targets by
//! source.
//!
//! Columns are added at the end only. A field that does not apply is empty. Fields are escaped as in the table of a
//! scan; nothing is quoted.

use std::io;

use super::super::dates;
use super::super::escape::field;
use super::super::json::compose::{EXCERPT, short};
use super::super::view::decimal;
use super::{TraceView, by_source, taken, verdict};
use crate::finding::Ratio;

/// Writes a line of fields.
fn write_line(out: &mut dyn io::Write, fields: &[String]) -> io::Result<()> {
    writeln!(out, "{}", fields.join("\t"))
}

fn escaped(text: &str) -> String {
    field(text).into_owned()
}

/// One line a passage, by target, in reading order.
pub(super) fn write_passages(view: &TraceView, out: &mut dyn io::Write) -> io::Result<()> {
    const COLUMNS: [&str; 23] = [
        "target",
        "source",
        "role",
        "reason",
        "quotation",
        "counted",
        "same",
        "changed",
        "inserted",
        "deleted",
        "parts",
        "moved",
        "line",
        "end_line",
        "start",
        "end",
        "source_line",
        "source_end_line",
        "source_start",
        "source_end",
        "changes",
        "target_excerpt",
        "source_excerpt",
    ];
    writeln!(out, "{}", COLUMNS.join("\t"))?;
    for target in &view.trace().targets {
        let relations = by_source(target);
        for passage in &target.passages {
            let (role, reason) = verdict(&relations, passage);
            let lines = view.texts.lines(target.document, passage.target_span);
            let source_lines = view.texts.lines(passage.source, passage.source_span);
            let change = |notable: &crate::trace::Notable| {
                let old = view.texts.text(passage.source, notable.source);
                let new = view.texts.text(target.document, notable.target);
                format!("{}: {old} > {new}", notable.kind.name())
            };
            let changes: Vec<String> = passage.notables.iter().map(change).collect();
            let counts = &passage.counts;
            write_line(
                out,
                &[
                    escaped(view.texts.id(target.document)),
                    escaped(view.texts.id(passage.source)),
                    role.name().to_owned(),
                    reason.to_owned(),
                    if passage.is_quotation { "yes" } else { "no" }.to_owned(),
                    passage.counted.to_string(),
                    counts.same.to_string(),
                    counts.changed.to_string(),
                    counts.inserted.to_string(),
                    counts.deleted.to_string(),
                    passage.parts.len().to_string(),
                    passage.parts.iter().filter(|part| part.is_moved).count().to_string(),
                    lines.0.to_string(),
                    lines.1.to_string(),
                    passage.target_span.start.to_string(),
                    passage.target_span.end.to_string(),
                    source_lines.0.to_string(),
                    source_lines.1.to_string(),
                    passage.source_span.start.to_string(),
                    passage.source_span.end.to_string(),
                    escaped(&changes.join("; ")),
                    escaped(&short(view.texts.text(target.document, passage.target_span), EXCERPT)),
                    escaped(&short(view.texts.text(passage.source, passage.source_span), EXCERPT)),
                ],
            )?;
        }
    }
    Ok(())
}

/// One line a target: its ledger, and what was done to the source that it took most from.
pub(super) fn write_targets(view: &TraceView, out: &mut dyn io::Write) -> io::Result<()> {
    const COLUMNS: [&str; 23] = [
        "target",
        "path",
        "publisher",
        "date",
        "tokens",
        "original",
        "doubled",
        "boilerplate",
        "quoted",
        "shared",
        "taken",
        "taken_share",
        "sources",
        "main_source",
        "role",
        "reason",
        "source_kept",
        "tail_cut",
        "lead_rewritten",
        "moved",
        "attributions",
        "numbers",
        "negations",
    ];
    writeln!(out, "{}", COLUMNS.join("\t"))?;
    for target in &view.trace().targets {
        let ledger = &target.ledger;
        let document = view.texts.document(target.document);
        let mut fields = vec![
            escaped(view.texts.id(target.document)),
            escaped(document.map_or("", |document| &document.origin.path)),
            escaped(document.and_then(|document| document.source.as_deref()).unwrap_or_default()),
            document.and_then(|document| document.date).map(dates::written).unwrap_or_default(),
        ];
        let counts = [ledger.tokens, ledger.original, ledger.doubled, ledger.boilerplate, ledger.quoted, ledger.shared];
        fields.extend(counts.map(|count| count.to_string()));
        fields.push(taken(ledger).to_string());
        fields.push(decimal(Ratio::new(taken(ledger), u64::from(ledger.tokens))).to_string());
        fields.push(ledger.reused.len().to_string());
        match target.relations.first() {
            Some(main) => {
                let anatomy = &main.anatomy;
                fields.extend([
                    escaped(view.texts.id(main.source)),
                    main.role.name().to_owned(),
                    main.reason.text().to_owned(),
                    decimal(Ratio::new(u64::from(anatomy.kept), u64::from(anatomy.story))).to_string(),
                    anatomy.tail_cut.to_string(),
                    if anatomy.is_lead_rewritten { "yes" } else { "no" }.to_owned(),
                ]);
                let counts = [anatomy.moved, anatomy.attributions, anatomy.numbers, anatomy.negations];
                fields.extend(counts.map(|count| count.to_string()));
            }
            None => fields.extend(std::iter::repeat_n(String::new(), 10)),
        }
        write_line(out, &fields)?;
    }
    Ok(())
}

/// One line a source, most copied first.
pub(super) fn write_sources(view: &TraceView, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "source\tpath\tpublisher\tdate\ttaken\ttargets")?;
    for source in &view.trace().sources {
        let document = view.texts.document(source.document);
        write_line(
            out,
            &[
                escaped(view.texts.id(source.document)),
                escaped(document.map_or("", |document| &document.origin.path)),
                escaped(document.and_then(|document| document.source.as_deref()).unwrap_or_default()),
                document.and_then(|document| document.date).map(dates::written).unwrap_or_default(),
                source.taken.to_string(),
                source.targets.to_string(),
            ],
        )?;
    }
    Ok(())
}

/// A line a source that something was taken from, a column a target that took something; shares of the target's tokens.
/// Memory: a line.
pub(super) fn write_matrix(view: &TraceView, out: &mut dyn io::Write) -> io::Result<()> {
    let targets: Vec<_> = view.trace().targets.iter().filter(|target| !target.ledger.reused.is_empty()).collect();
    write!(out, "source")?;
    for target in &targets {
        write!(out, "\t{}", field(view.texts.id(target.document)))?;
    }
    writeln!(out)?;
    for source in &view.trace().sources {
        write!(out, "{}", field(view.texts.id(source.document)))?;
        for target in &targets {
            let reused = &target.ledger.reused;
            let found = reused.binary_search_by_key(&source.document, |entry| entry.0);
            let tokens = found.ok().and_then(|at| reused.get(at)).map_or(0, |entry| entry.1);
            let share = Ratio::new(u64::from(tokens), u64::from(target.ledger.tokens));
            write!(out, "\t{}", decimal(share))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
