//! Cleaning: the files of a corpus written anew without what goes, and the journal of it.
//!
//! **Idea.** What goes is decided for documents ([`removal`](crate::removal)); files are written anew one by one
//! ([`RewriteJob`]). Here each file is given what goes from its documents, and what comes of it
//! is put into the journal in the order of the files. Small files are written side by side, their parts of the journal
//! held until it is their turn; a large one alone, straight through.
//!
//! **Memory.** The journal's parts of as many small files as have 64 MB.

use std::borrow::Cow;
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::path::PathBuf;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::document::Corpus;
use crate::finding::Rule;
use crate::input::{
    Change, Compression, Digest, Digester, Digesting, FieldNames, Kind, Packer, ReadFile, RewriteError, RewriteJob,
    Rewritten, Told, begin_documents, cut, write_document,
};
use crate::journal::{DigestLine, Line, Parameters, RemovalLine, SCHEMA, Tool, Total};
use crate::progress::Progress;
use crate::removal::{Plan, Removal, is_dropped};

/// Bytes of files that are written side by side.
const AT_ONCE: u64 = 64 << 20;

/// Where cleaned files go.
pub trait Outputs: Sync {
    /// The name of a file below the folder of cleaned files.
    fn name(&self, file: usize) -> String;
    /// Opens what a file becomes.
    ///
    /// # Errors
    /// If it cannot be opened.
    fn open(&self, file: usize) -> io::Result<Box<dyn Write + Send + '_>>;
    /// Whether files are packed as they were; a stream of several is not.
    fn are_packed(&self) -> bool;
}

/// What is to be done with a corpus.
pub struct Cleaning<'a> {
    /// The corpus.
    pub corpus: &'a Corpus,
    /// What goes from it.
    pub plan: &'a Plan,
    /// Names of fields, as when it was read.
    pub fields: &'a FieldNames,
    /// The field for marks, if text is marked and not removed.
    pub mark: Option<&'a str>,
    /// Where standard input was kept, if it was read.
    pub stdin: Option<PathBuf>,
    /// The form in which documents are written, if it is another.
    pub output_kind: Option<Kind>,
    /// What the journal says of how it was decided.
    pub parameters: Parameters,
}

/// What went in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Documents there were, without those to compare with.
    pub documents: u64,
    /// Documents that went.
    pub documents_removed: u64,
    /// Bytes of text there were.
    pub bytes: u64,
    /// Bytes of text that went.
    pub bytes_removed: u64,
    /// By rule, in the order of rules, those without documents and parts left out.
    pub removed: Vec<Total>,
}

impl Totals {
    /// Counts what goes.
    pub fn count(corpus: &Corpus, plan: &Plan) -> Self {
        let own = corpus.documents.iter().filter(|document| document.origin.side.is_subject());
        let mut totals = Totals::default();
        for document in own {
            totals.documents += 1;
            totals.bytes += document.text.len() as u64;
        }
        let names = Rule::ALL.into_iter().map(Rule::name).chain(["emptied"]);
        let mut by_name: Vec<Total> = names.map(|name| Total { rule: name.to_owned(), ..Total::default() }).collect();
        for (rank, removals) in plan.by_document() {
            let length = corpus.documents[rank as usize].text.len() as u64;
            let mut left = length;
            for removal in removals {
                let Some(total) = by_name.iter_mut().find(|total| total.rule == removal.reason.name()) else {
                    continue;
                };
                let bytes = removal.span.map_or(left, |span| u64::from(span.end - span.start));
                left -= bytes.min(left);
                total.bytes += bytes;
                total.tokens += u64::from(removal.tokens);
                match removal.span {
                    Some(_) => total.parts += 1,
                    None => total.documents += 1,
                }
            }
            totals.documents_removed += u64::from(is_dropped(removals));
            totals.bytes_removed += length - left;
        }
        by_name.retain(|total| total.documents + total.parts > 0);
        totals.removed = by_name;
        totals
    }
}

/// The documents of a file that change: record and rank.
type Changes = Vec<(Option<NonZeroU64>, u32)>;

impl Cleaning<'_> {
    /// Writes all files, and the journal if it is wanted.
    ///
    /// # Errors
    /// If a file cannot be read again or written, or the journal cannot be written.
    pub fn write(
        &self,
        outputs: &dyn Outputs,
        journal: Option<&mut (dyn Write + Send)>,
        progress: &dyn Progress,
    ) -> Result<Totals, RewriteError> {
        let totals = Totals::count(self.corpus, self.plan);
        let mut sink = io::sink();
        let journal: &mut (dyn Write + Send) = match journal {
            Some(journal) => journal,
            None => &mut sink,
        };
        let tool = Tool { name: "dittograph".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        let mut digester = Digester::default();
        let journal = &mut Digesting { out: journal, digester: &mut digester };
        let begin = Line::Begin { schema: SCHEMA.to_owned(), tool, parameters: self.parameters.clone() };
        begin.write(journal)?;
        let removals: AHashMap<u32, &[Removal]> = self.plan.by_document().collect();
        let changes = self.share_out();
        let files: Vec<(usize, &ReadFile)> =
            self.corpus.files.iter().enumerate().filter(|(_, file)| file.side.is_subject()).collect();
        progress.begin("writing", files.iter().map(|(_, file)| file.bytes()).sum());
        if let (Some(kind), false) = (self.output_kind, outputs.are_packed()) {
            // One stream has one header.
            begin_documents(kind, self.mark, &mut outputs.open(0)?)?;
        }
        let mut rest = files.as_slice();
        while let Some((first, _)) = rest.split_first() {
            let mut bytes = 0;
            let fits = |(_, file): &&(usize, &ReadFile)| {
                bytes += file.bytes();
                bytes <= AT_ONCE
            };
            let count = rest.iter().take_while(fits).count();
            if count < 2 || !outputs.are_packed() {
                self.write_file(first.0, &changes[first.0], &removals, outputs, journal, progress)?;
                rest = &rest[1..];
                continue;
            }
            let (together, after) = rest.split_at(count);
            let parts: Vec<Result<Vec<u8>, RewriteError>> = together
                .par_iter()
                .map(|(number, _)| {
                    let mut part = Vec::new();
                    self.write_file(*number, &changes[*number], &removals, outputs, &mut part, progress)?;
                    Ok(part)
                })
                .collect();
            for part in parts {
                journal.write_all(&part?)?;
            }
            rest = after;
        }
        let Totals { documents, documents_removed, bytes, bytes_removed, removed } = totals.clone();
        let lines = DigestLine::from(journal.digester.digest());
        Line::End { removed, documents, documents_removed, bytes, bytes_removed, lines }.write(journal.out)?;
        Ok(totals)
    }

    /// What changes in each file, in the order of its records; in another form every document is written.
    fn share_out(&self) -> Vec<Changes> {
        let numbers: AHashMap<&str, usize> =
            self.corpus.files.iter().enumerate().map(|(number, file)| (&*file.path, number)).collect();
        let mut changes: Vec<Changes> = vec![Vec::new(); self.corpus.files.len()];
        let all = 0..self.corpus.documents.len() as u32;
        let ranks: Vec<u32> = match self.output_kind {
            Some(_) => all.collect(),
            None => self.plan.by_document().map(|(rank, _)| rank).collect(),
        };
        for rank in ranks {
            let document = &self.corpus.documents[rank as usize];
            if let Some(number) = numbers.get(&*document.origin.path) {
                changes[*number].push((document.record, rank));
            }
        }
        changes.iter_mut().for_each(|changes| changes.sort_unstable());
        changes
    }

    fn write_file(
        &self,
        number: usize,
        changes: &Changes,
        removals: &AHashMap<u32, &[Removal]>,
        outputs: &dyn Outputs,
        journal: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<(), RewriteError> {
        let file = &self.corpus.files[number];
        let of = |rank: u32| removals.get(&rank).copied().unwrap_or_default();
        let goes = file.format.kind.is_one_document()
            && self.mark.is_none()
            && changes.iter().any(|(_, rank)| is_dropped(of(*rank)));
        Line::File {
            path: file.path.to_string(),
            output: outputs.name(number),
            written: !goes,
            format: file.format.kind.name().to_owned(),
            compression: file.format.compression.name().to_owned(),
        }
        .write(journal)?;
        if let Some(kind) = self.output_kind {
            // Of a file whose only document goes there is nothing to write but why.
            let outputs = if goes { None } else { Some((kind, outputs)) };
            return self.convert_file(number, outputs, changes, removals, journal, progress);
        }
        let location = file.location.clone().or_else(|| self.stdin.clone()).unwrap_or_default();
        let change = |rank: u32| self.change(of(rank));
        let mut sink = io::sink();
        let mut opened;
        let out: &mut (dyn Write + Send) = if goes {
            &mut sink
        } else {
            opened = outputs.open(number)?;
            &mut opened
        };
        let mut tell = |told: Told<'_>| {
            let (rank, patches) = match told {
                Told::Patches(rank, patches) => (rank, patches),
                Told::RowGroup(undo) => return Line::RowGroup { undo }.write(journal),
            };
            for removal in rank.map(of).unwrap_or_default() {
                Line::Removal(Box::new(RemovalLine::of(removal, self.corpus))).write(journal)?;
            }
            patches.iter().try_for_each(|patch| Line::of_patch(patch).write(journal))
        };
        let job = RewriteJob {
            file,
            location: &location,
            corpus: self.corpus,
            changes,
            change: &change,
            fields: self.fields,
            note_field: self.mark,
            is_joined: !outputs.are_packed()
                && self.corpus.files.iter().filter(|file| file.side.is_subject()).nth(1).is_some(),
        };
        let Rewritten { original, cleaned } = job.write(out, outputs.are_packed(), progress, &mut tell)?;
        // Nothing is left of a file that is not written, whatever its packer would say of nothing.
        let cleaned: Digest = if goes { Digester::default().digest() } else { cleaned };
        Line::EndOfFile { original: DigestLine::from(original), cleaned: DigestLine::from(cleaned) }.write(journal)?;
        Ok(())
    }

    /// Writes what is left of the documents of a file in another form.
    fn convert_file(
        &self,
        number: usize,
        outputs: Option<(Kind, &dyn Outputs)>,
        changes: &Changes,
        removals: &AHashMap<u32, &[Removal]>,
        journal: &mut (dyn Write + Send),
        progress: &dyn Progress,
    ) -> Result<(), RewriteError> {
        let file = &self.corpus.files[number];
        let Some((kind, outputs)) = outputs else {
            let removals = changes.iter().filter_map(|(_, rank)| removals.get(rank)).copied().flatten();
            removals
                .map(|removal| Line::Removal(Box::new(RemovalLine::of(removal, self.corpus))))
                .try_for_each(|line| line.write(journal))?;
            return Ok(());
        };
        let compression = if outputs.are_packed() { file.format.compression } else { Compression::None };
        let mut out = Packer::new(outputs.open(number)?, compression)?;
        if outputs.are_packed() {
            begin_documents(kind, self.mark, &mut out)?;
        }
        for (_, rank) in &changes[..] {
            let document = &self.corpus.documents[*rank as usize];
            let removals = removals.get(rank).copied().unwrap_or_default();
            for removal in removals {
                Line::Removal(Box::new(RemovalLine::of(removal, self.corpus))).write(journal)?;
            }
            let text = document.text.read();
            let (text, note) = match (removals.is_empty(), self.change(removals)) {
                (true, _) => (text, String::new()),
                (_, Change::Drop) => continue,
                (_, Change::Note(note)) => (text, note),
                (_, Change::Cut(parts)) => (Cow::Owned(cut(&text, &parts)), String::new()),
            };
            write_document(kind, document, &text, self.mark.map(|field| (field, note.as_str())), &mut out)?;
        }
        out.finish()?.flush()?;
        progress.advance(file.bytes());
        Ok(())
    }

    fn change(&self, removals: &[Removal]) -> Change {
        if self.mark.is_some() {
            let lines: Vec<RemovalLine> =
                removals.iter().map(|removal| RemovalLine::of(removal, self.corpus)).collect();
            return Change::Note(serde_json::to_string(&lines).unwrap_or_default());
        }
        if is_dropped(removals) {
            return Change::Drop;
        }
        let spans = removals.iter().filter_map(|removal| removal.span);
        Change::Cut(spans.map(|span| span.start as usize..span.end as usize).collect())
    }
}
