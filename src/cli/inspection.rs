//! `--files` and `--units`: what would be read, and how it is cut. They answer "why was this not found?" before anybody
//! has to ask.

use std::io::Write;

use dittograph::document::Document;
use dittograph::input;
use dittograph::text;
use memchr::memchr_iter;

use super::appearance;
use super::args::{ColorArgument, LooksArguments};
use super::exit::Exit;
use super::job::Job;
use super::messages::{grouped, plural, printable};

/// Lists the inputs, one a line: format, bytes, path; for what is passed over the reason as well.
pub(crate) fn list_files(job: &Job) -> anyhow::Result<Exit> {
    let listed = input::list(&job.input)?;
    let mut out = appearance::stdout(appearance::of_stdout(&PLAIN, true));
    let mut read: u64 = 0;
    let mut bytes: u64 = 0;
    for file in &listed {
        let path = printable(&file.path);
        let size = grouped(file.bytes);
        match &file.reason {
            None => {
                read += 1;
                bytes += file.bytes;
                // Standard input's type is told by its content.
                let format = file.format.map_or_else(|| "by content".to_owned(), |format| format.to_string());
                writeln!(out, "{format:<14} {size:>14}  {path}")?;
            }
            Some(reason) => {
                writeln!(out, "{:<14} {size:>14}  {path}  ({})", "passed over", printable(reason))?;
            }
        }
    }
    out.flush()?;
    job.messages.note(format_args!(
        "{} to read, {}; {} passed over",
        plural(read, "file"),
        plural(bytes, "byte"),
        grouped(listed.len() as u64 - read),
    ));
    Ok(Exit::Done)
}

/// Shows the units of every document.
pub(crate) fn show_units(job: &Job) -> anyhow::Result<Exit> {
    let stages = job.stages();
    let corpus = job.read(&job.pool()?, &stages)?;
    job.messages.tell_of_input(&corpus);
    let mut out = appearance::stdout(appearance::of_stdout(&PLAIN, true));
    for document in &corpus.documents {
        write_units(document, &mut out)?;
    }
    out.flush()?;
    Ok(job.end(&corpus))
}

pub(crate) const PLAIN: LooksArguments = LooksArguments { width: None, color: ColorArgument::Never };

/// One document: a line about it, then a line a unit; blocks are set apart by an empty line.
fn write_units(document: &Document, out: &mut impl Write) -> std::io::Result<()> {
    let layout = text::lay_out(&document.text);
    writeln!(
        out,
        "{}: {}, {}, {}, {}",
        printable(&document.id),
        document.origin.encoding,
        plural(document.text.len() as u64, "byte"),
        plural(layout.units.len() as u64, "unit"),
        plural(layout.starts.len() as u64, "token"),
    )?;
    // Lines are counted once over the whole text, from one unit's start to the next.
    let mut line = 1;
    let mut counted = 0;
    for (index, unit) in layout.units.iter().enumerate() {
        let (start, end) = (unit.start as usize, unit.end as usize);
        let bytes = document.text.as_bytes();
        line += newlines(bytes, counted, start);
        counted = start;
        let next_token = layout.units.get(index + 1).map_or(layout.starts.len(), |next| next.first_token as usize);
        let tokens = next_token - unit.first_token as usize;
        let last_line = line + newlines(bytes, start, end);
        let lines = if last_line == line { line.to_string() } else { format!("{line}-{last_line}") };
        let text = document.text.get(start..end).unwrap_or_default();
        if unit.opens_block {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{kind:<9} line {lines:<7} bytes {place:<13} {tokens:>3} tokens  {text}",
            kind = unit.kind.name(),
            place = format!("{start}..{end}"),
            text = printable(text),
        )?;
    }
    writeln!(out)
}

fn newlines(bytes: &[u8], from: usize, to: usize) -> u64 {
    bytes.get(from..to).map_or(0, |part| memchr_iter(b'\n', part).count() as u64)
}
