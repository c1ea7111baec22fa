//! Putting a corpus back from its cleaned files and the journal.

use std::fs;
#[cfg(feature = "parquet")]
use std::io::Seek as _;
use std::io::{self, BufRead, Read, Write};
use std::path::{Component, Path};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{DigestLine, Line, SCHEMA, compression_named};
use crate::input::{Compression, Digester, Packer, open_unpacked};

/// What was put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Files.
    pub files: u64,
    /// Bytes of them, unpacked.
    pub bytes: u64,
}

/// Why a corpus could not be put back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The journal could not be read.
    #[error("the record cannot be read: {0}")]
    Journal(io::Error),
    /// A line of it was not understood.
    #[error("line {line} of the record is not understood: {reason}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// It has no end.
    #[error("the record is not whole: its end is missing")]
    Incomplete,
    /// It is not as it was written.
    #[error("the record was changed since it was written, so nothing can be put back by it")]
    Damaged,
    /// One file was given for several.
    #[error("the record is of several files: give the folder that they were written to")]
    Several,
    /// There is more than what was written.
    #[error("the cleaned stream goes on after what was written, so it cannot be put back")]
    TooLong,
    /// The documents were written in another form.
    #[error(
        "the clean corpus was written as {format}, without what else the files held: only the input itself has that"
    )]
    Converted {
        /// The form.
        format: String,
    },
    /// A cleaned file could not be read.
    #[error("{path}: cannot be read: {error}")]
    Cleaned {
        /// The file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// A cleaned file is not what was written.
    #[error("{path}: not the file that was written when the corpus was cleaned, so it cannot be put back")]
    Changed {
        /// The file.
        path: String,
    },
    /// A restored file could not be written.
    #[error("{path}: cannot be written: {error}")]
    Write {
        /// The file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Where cleaned files are.
pub enum Cleaned<'a> {
    /// Below a folder, by their places.
    Folder(&'a Path),
    /// The only one.
    File(&'a Path),
    /// One after the other, unpacked.
    Stream(&'a mut dyn Read),
}

/// Puts all files back below a folder; where only one was cleaned, `only` is where it is put.
///
/// # Errors
/// If the journal or a cleaned file cannot be read, one does not fit the other, or a file cannot be written. Files that
/// were written until then are left.
pub fn restore(
    journal: &mut dyn BufRead,
    mut cleaned: Cleaned<'_>,
    folder: &Path,
    only: Option<&Path>,
) -> Result<Restored, RestoreError> {
    let mut lines = Lines { journal, number: 0, digester: Digester::default() };
    match lines.next()? {
        Some(Line::Begin { schema, parameters, .. }) if schema == SCHEMA => {
            if let Some(format) = parameters.output_format {
                return Err(RestoreError::Converted { format });
            }
        }
        Some(Line::Begin { schema, .. }) => {
            return Err(lines.fault(format!("its schema is {schema}; {SCHEMA} is known")));
        }
        _ => return Err(lines.fault("it does not begin as a record of removals".to_owned())),
    }
    let mut restored = Restored::default();
    loop {
        match lines.next()? {
            Some(Line::File { output, written, format, compression, .. }) => {
                let Some(compression) = compression_named(&compression) else {
                    return Err(lines.fault(format!("the compression {compression:?} is not known")));
                };
                if Path::new(&output).components().any(|part| !matches!(part, Component::Normal(_))) {
                    return Err(lines.fault(format!("{output:?} leads out of the folder")));
                }
                let target = only.map_or_else(|| folder.join(&output), Path::to_owned);
                let file = Place { output: &output, written, is_in_columns: format == "parquet", compression };
                if only.is_some() && restored.files > 0 {
                    return Err(RestoreError::Several);
                }
                restored.bytes += restore_file(&mut lines, &mut cleaned, file, &target)?;
                restored.files += 1;
            }
            Some(Line::End { .. }) => {
                if let Cleaned::Stream(stream) = &mut cleaned
                    && stream.read(&mut [0]).map_err(RestoreError::Journal)? > 0
                {
                    return Err(RestoreError::TooLong);
                }
                return Ok(restored);
            }
            Some(_) => return Err(lines.fault("it belongs to a file, and there is none".to_owned())),
            None => return Err(RestoreError::Incomplete),
        }
    }
}

/// What the journal says of a file.
#[derive(Clone, Copy)]
struct Place<'a> {
    output: &'a str,
    written: bool,
    is_in_columns: bool,
    compression: Compression,
}

fn restore_file(
    lines: &mut Lines<'_>,
    cleaned: &mut Cleaned<'_>,
    place: Place<'_>,
    target: &Path,
) -> Result<u64, RestoreError> {
    let Place { output, written, is_in_columns, compression } = place;
    let unwritable = |error: io::Error| RestoreError::Write { path: target.display().to_string(), error };
    let read_from = match cleaned {
        Cleaned::Folder(folder) => folder.join(output).display().to_string(),
        Cleaned::File(file) => file.display().to_string(),
        Cleaned::Stream(_) => "the cleaned stream".to_owned(),
    };
    let unreadable = |error: io::Error| RestoreError::Cleaned { path: read_from.clone(), error };
    let is_stream = matches!(cleaned, Cleaned::Stream(_));
    let mut file;
    let source: &mut dyn Read = match cleaned {
        _ if !written => &mut io::empty(),
        Cleaned::Folder(folder) => {
            file = open_unpacked(&folder.join(output), compression).map_err(unreadable)?;
            &mut file
        }
        Cleaned::File(path) => {
            file = open_unpacked(path, compression).map_err(unreadable)?;
            &mut file
        }
        Cleaned::Stream(stream) => *stream,
    };
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(unwritable)?;
    }
    let out = fs::File::create_new(target).map_err(unwritable)?;
    let packer = Packer::new(io::BufWriter::new(out), compression).map_err(unwritable)?;
    if is_in_columns {
        return restore_columns(lines, source, packer, &read_from, &unreadable, &unwritable);
    }
    let mut joining = Joining {
        source,
        packer,
        original: Digester::default(),
        cleaned: Digester::default(),
        unreadable: &unreadable,
        unwritable: &unwritable,
    };
    let changed = || RestoreError::Changed { path: read_from.clone() };
    loop {
        match lines.next()? {
            Some(Line::Removal(_)) => {}
            Some(Line::Bytes { at, removed, removed_base64, written }) => {
                let bytes = match (removed, removed_base64) {
                    (Some(text), None) => text.into_bytes(),
                    (None, Some(coded)) => STANDARD.decode(coded).map_err(|error| lines.fault(error.to_string()))?,
                    _ => return Err(lines.fault("it must hold `removed` or `removed_base64`".to_owned())),
                };
                let Some(gap) = at.checked_sub(joining.original.digest().bytes) else {
                    return Err(lines.fault("its place is before that of the line before".to_owned()));
                };
                if joining.copy(gap)? < gap {
                    return Err(changed());
                }
                joining.put(&bytes)?;
                if joining.skip(written)? < written {
                    return Err(changed());
                }
            }
            Some(Line::EndOfFile { original, cleaned }) => {
                let left = cleaned.bytes.saturating_sub(joining.cleaned.digest().bytes);
                joining.copy(left)?;
                let is_whole = is_stream || joining.skip(1)? == 0;
                let Joining { packer, original: made, cleaned: read, .. } = joining;
                if !is_whole || DigestLine::from(read.digest()) != cleaned {
                    return Err(changed());
                }
                if DigestLine::from(made.digest()) != original {
                    return Err(lines.fault("what it tells does not make the original".to_owned()));
                }
                packer.finish().and_then(|mut out| out.flush()).map_err(unwritable)?;
                return Ok(original.bytes);
            }
            Some(_) => return Err(lines.fault("a file begins before the last one has ended".to_owned())),
            None => return Err(RestoreError::Incomplete),
        }
    }
}

/// Puts back the rows of a file in columns.
#[cfg(feature = "parquet")]
fn restore_columns<W: Write + Send>(
    lines: &mut Lines<'_>,
    source: &mut dyn Read,
    mut packer: Packer<W>,
    read_from: &str,
    unreadable: &dyn Fn(io::Error) -> RestoreError,
    unwritable: &dyn Fn(io::Error) -> RestoreError,
) -> Result<u64, RestoreError> {
    use crate::input::parquet_rows::{self, RewriteError, RowGroupUndo};

    let mut read = Digester::default();
    let mut file = tempfile::tempfile().map_err(unwritable)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = source.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        read.update(&buffer[..count]);
        file.write_all(&buffer[..count]).map_err(unwritable)?;
    }
    file.rewind().map_err(unwritable)?;
    let (mut end, mut fault) = (None, None);
    let mut undo = || -> io::Result<Option<RowGroupUndo>> {
        loop {
            match lines.next() {
                Ok(Some(Line::Removal(_))) => {}
                Ok(Some(Line::RowGroup { undo })) => return Ok(Some(serde_json::from_value(undo)?)),
                Ok(Some(Line::EndOfFile { original, cleaned })) => {
                    end = Some((original, cleaned));
                    return Ok(None);
                }
                Ok(_) => {
                    fault = Some(lines.fault("it does not belong to a file in columns".to_owned()));
                    return Err(io::ErrorKind::InvalidData.into());
                }
                Err(error) => {
                    fault = Some(error);
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
    };
    let restored = parquet_rows::restore(file, &mut undo, &mut packer);
    if let Some(fault) = fault {
        return Err(fault);
    }
    restored.map_err(|error| match error {
        RewriteError::Undo(error) => RestoreError::Journal(error),
        RewriteError::Foreign(_) | RewriteError::Unreadable(_) => RestoreError::Changed { path: read_from.to_owned() },
        other => unwritable(io::Error::other(other.to_string())),
    })?;
    let Some((original, cleaned)) = end else { return Err(RestoreError::Incomplete) };
    if DigestLine::from(read.digest()) != cleaned {
        return Err(RestoreError::Changed { path: read_from.to_owned() });
    }
    packer.finish().and_then(|mut out| out.flush()).map_err(unwritable)?;
    Ok(original.bytes)
}

/// Says that this build cannot.
#[cfg(not(feature = "parquet"))]
fn restore_columns<W: Write + Send>(
    lines: &mut Lines<'_>,
    _source: &mut dyn Read,
    _packer: Packer<W>,
    _read_from: &str,
    _unreadable: &dyn Fn(io::Error) -> RestoreError,
    _unwritable: &dyn Fn(io::Error) -> RestoreError,
) -> Result<u64, RestoreError> {
    Err(lines.fault("a Parquet file can only be put back by a build with the feature `parquet`".to_owned()))
}

/// A cleaned file on its way back.
struct Joining<'a, W: Write> {
    source: &'a mut dyn Read,
    packer: Packer<W>,
    original: Digester,
    cleaned: Digester,
    unreadable: &'a dyn Fn(io::Error) -> RestoreError,
    unwritable: &'a dyn Fn(io::Error) -> RestoreError,
}

impl<W: Write> Joining<'_, W> {
    /// Copies bytes that stayed; how many there were.
    fn copy(&mut self, count: u64) -> Result<u64, RestoreError> {
        self.pass(count, true)
    }

    /// Passes over bytes that were put in.
    fn skip(&mut self, count: u64) -> Result<u64, RestoreError> {
        self.pass(count, false)
    }

    fn pass(&mut self, count: u64, stays: bool) -> Result<u64, RestoreError> {
        let mut buffer = vec![0; count.min(1 << 16) as usize];
        let mut passed = 0;
        while passed < count {
            let wanted = (count - passed).min(buffer.len() as u64) as usize;
            let read = self.source.read(&mut buffer[..wanted]).map_err(self.unreadable)?;
            if read == 0 {
                break;
            }
            self.cleaned.update(&buffer[..read]);
            if stays {
                self.put(&buffer[..read])?;
            }
            passed += read as u64;
        }
        Ok(passed)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), RestoreError> {
        self.original.update(bytes);
        self.packer.write_all(bytes).map_err(self.unwritable)
    }
}

/// The lines of a journal.
struct Lines<'a> {
    journal: &'a mut dyn BufRead,
    number: u64,
    /// Of the lines that were read.
    digester: Digester,
}

impl Lines<'_> {
    /// The next line. The last one tells whether those before it are as they were written.
    fn next(&mut self) -> Result<Option<Line>, RestoreError> {
        let mut line = String::new();
        self.number += 1;
        if self.journal.read_line(&mut line).map_err(RestoreError::Journal)? == 0 {
            return Ok(None);
        }
        let parsed = serde_json::from_str(&line).map_err(|error| self.fault(error.to_string()))?;
        if let Line::End { lines, .. } = &parsed {
            let is_last = self.journal.fill_buf().map_err(RestoreError::Journal)?.is_empty();
            if !is_last || *lines != DigestLine::from(self.digester.digest()) {
                return Err(RestoreError::Damaged);
            }
        }
        self.digester.update(line.as_bytes());
        Ok(Some(parsed))
    }

    fn fault(&self, reason: String) -> RestoreError {
        RestoreError::Line { line: self.number, reason }
    }
}
