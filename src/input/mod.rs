//! Input: walk, decompress, decode, parse into documents. (Stand-in.)
#![allow(missing_docs)]

use std::io::Read;

use crate::document::{Corpus, Derivation, Document, Skipped};
use crate::progress::Progress;

#[derive(Debug, Clone, Default)]
pub struct FieldNames {
    pub text: Option<String>,
    pub id: Option<String>,
    pub source: Option<String>,
    pub date: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct InputOptions {
    pub paths: Vec<String>,
    pub fields: FieldNames,
    pub respect_ignore: bool,
    pub hidden: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Format {
    Text,
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad("text")
    }
}

#[derive(Debug, Clone)]
pub struct ListedInput {
    pub path: String,
    pub format: Option<Format>,
    pub bytes: u64,
    pub reason: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("no input found")]
    NothingFound,
}

pub fn list(options: &InputOptions) -> Result<Vec<ListedInput>, InputError> {
    let mut listed = Vec::new();
    for path in &options.paths {
        let mut push = |path: String, bytes| {
            let known = path.ends_with(".txt") || path.ends_with(".md");
            listed.push(ListedInput {
                path,
                format: known.then_some(Format::Text),
                bytes,
                reason: (!known).then(|| "no known type".to_owned()),
            });
        };
        match std::fs::read_dir(path) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    push(entry.path().display().to_string(), entry.metadata().map_or(0, |m| m.len()));
                }
            }
            Err(_) => push(path.clone(), std::fs::metadata(path).map_or(0, |m| m.len())),
        }
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    if listed.is_empty() { Err(InputError::NothingFound) } else { Ok(listed) }
}

pub fn read(
    options: &InputOptions,
    stdin: &mut (dyn Read + Send),
    progress: &dyn Progress,
) -> Result<Corpus, InputError> {
    let mut corpus = Corpus::default();
    let listed = list(options)?;
    progress.begin("read", listed.len() as u64);
    for input in listed {
        let mut bytes = Vec::new();
        let outcome = if input.path == "-" {
            stdin.read_to_end(&mut bytes).map(drop)
        } else if input.format.is_none() {
            Err(std::io::Error::other("no known type"))
        } else {
            std::fs::read(&input.path).map(|read| bytes = read)
        };
        progress.advance(1);
        match outcome {
            Ok(()) => corpus.documents.push(Document {
                id: input.path.clone(),
                path: input.path.into(),
                line: None,
                source: None,
                date: None,
                url: None,
                title: None,
                text: String::from_utf8_lossy(&bytes).into_owned(),
                encoding: "utf-8",
                derivation: Derivation::Original,
            }),
            Err(error) => corpus.skipped.push(Skipped {
                is_error: input.format.is_some() || options.paths.contains(&input.path),
                path: input.path,
                line: None,
                reason: error.to_string(),
            }),
        }
    }
    Ok(corpus)
}
