//! Excuses: what a team says it wants as it is, in comments and in its configuration, and what came of saying so.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::judge::{Allowed, Policy};
use super::pages;
use super::problems::Unused;
use super::suppressions::{self, Suppression, Writing};
use crate::ScanError;
use crate::document::{Corpus, Document};
use crate::finding::{Rule, Span};
use crate::report::lines::Lines;
use crate::report::view::Texts;

/// What excuses: a comment, by document and number in it, or one of the configuration's allowances, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Excuse {
    Comment(u32, usize),
    Allowed(usize),
}

/// All excuses of a corpus.
#[derive(Debug, Default)]
pub(super) struct Excuses<'a> {
    /// By document.
    comments: BTreeMap<u32, Vec<Comment>>,
    allowed: &'a [Allowed],
    /// Findings that are allowed, with the number of what says so.
    ids: BTreeMap<u64, usize>,
    /// Where comments for this program stand in texts: they are nobody's text.
    pub(super) places: BTreeMap<u32, Vec<Range<usize>>>,
    /// Comments that are not understood.
    pub(super) misunderstood: Vec<Unused>,
}

/// A comment that excuses something.
#[derive(Debug)]
struct Comment {
    path: String,
    /// Its line in the file.
    line: u64,
    says: Suppression,
}

/// What a document says to this program.
#[derive(Default)]
struct Said {
    comments: Vec<Comment>,
    places: Vec<Range<usize>>,
    misunderstood: Vec<Unused>,
}

impl<'a> Excuses<'a> {
    /// Reads the comments of all documents.
    pub(super) fn read(corpus: &Corpus, texts: &Texts, policy: &'a Policy) -> Result<Self, ScanError> {
        // Of two that allow one finding the first counts.
        let ids = policy.allowed.iter().enumerate().rev().map(|(number, one)| (one.id, number));
        let mut excuses = Excuses { allowed: &policy.allowed, ids: ids.collect(), ..Excuses::default() };
        let files = pages::locate(corpus);
        let pages: Vec<(u32, &Document)> =
            (0u32..).zip(&corpus.documents).filter(|(_, document)| pages::file(&files, document).is_some()).collect();
        let of_pages = pages.par_iter().map(|(rank, document)| {
            let said = match pages::read_addressed(&files, document)? {
                Some(page) => {
                    let mut comments = suppressions::find(&page.page, Writing::Page);
                    comments.retain(|comment| page.has_comment(comment.place.end));
                    let lines = Lines::default();
                    let line = |at: usize| lines.line(0, &page.page, at as u32);
                    say(document, policy, &comments, line, |place| page.text_behind(place))
                }
                None => Said::default(),
            };
            Ok((*rank, said))
        });
        let mut all = of_pages.collect::<Result<Vec<(u32, Said)>, ScanError>>()?;
        for (rank, document) in (0u32..).zip(&corpus.documents) {
            if pages::file(&files, document).is_some() {
                continue;
            }
            let comments = suppressions::find(&document.text, Writing::Text);
            if comments.is_empty() {
                continue;
            }
            let line = |at: usize| match document.record {
                Some(record) => record.get(),
                None => texts.lines(rank, Span { start: at as u32, end: at as u32 }).0,
            };
            let mut said = say(document, policy, &comments, line, |place| place as u32);
            said.places = comments.iter().map(|comment| comment.place.clone()).collect();
            all.push((rank, said));
        }
        for (rank, said) in all {
            excuses.misunderstood.extend(said.misunderstood);
            if !said.places.is_empty() {
                excuses.places.insert(rank, said.places);
            }
            if !said.comments.is_empty() {
                excuses.comments.insert(rank, said.comments);
            }
        }
        excuses.misunderstood.sort();
        Ok(excuses)
    }

    /// What excuses a finding at some place.
    pub(super) fn of_place(&self, rule: Rule, id: u64, document: u32, span: Span) -> Option<Excuse> {
        let mut comments = self.comments.get(&document).into_iter().flatten().enumerate();
        let (number, _) = comments.find(|(_, own)| own.says.excuses(rule, id, span))?;
        Some(Excuse::Comment(document, number))
    }

    /// What excuses a finding wherever it stands.
    pub(super) fn of_id(&self, id: u64) -> Option<Excuse> {
        self.ids.get(&id).map(|number| Excuse::Allowed(*number))
    }

    /// Why, and where that is said.
    pub(super) fn tell(&self, excuse: Excuse) -> (String, String, Option<u64>) {
        let told = match excuse {
            Excuse::Comment(document, number) => self
                .comments
                .get(&document)
                .and_then(|comments| comments.get(number))
                .map(|own| (own.says.reason.clone(), own.path.clone(), Some(own.line))),
            Excuse::Allowed(number) => {
                self.allowed.get(number).map(|own| (own.reason.clone(), own.path.clone(), own.line))
            }
        };
        told.unwrap_or_default()
    }

    /// Excuses that excuse nothing.
    pub(super) fn unused(&self, used: &BTreeSet<Excuse>) -> Vec<Unused> {
        let mut unused = Vec::new();
        for (rank, comments) in &self.comments {
            let comments = comments.iter().enumerate();
            let idle = comments.filter(|(number, _)| !used.contains(&Excuse::Comment(*rank, *number)));
            unused.extend(idle.map(|(_, own)| Unused {
                path: own.path.clone(),
                line: Some(own.line),
                what: format!("a comment that excuses nothing ({})", own.says.name()),
            }));
        }
        let allowed = self.allowed.iter().enumerate();
        let idle = allowed.filter(|(number, _)| !used.contains(&Excuse::Allowed(*number)));
        unused.extend(idle.map(|(_, allowed)| Unused {
            path: allowed.path.clone(),
            line: allowed.line,
            what: format!("an allowed finding that is no more ({:016x})", allowed.id),
        }));
        unused.sort();
        unused
    }
}

fn say(
    document: &Document,
    policy: &Policy,
    comments: &[suppressions::Comment],
    line: impl Fn(usize) -> u64,
    behind: impl Fn(usize) -> u32,
) -> Said {
    let path = policy.name_path(&document.origin.path);
    let (suppressions, mistakes) = suppressions::read(comments, &document.text, behind);
    let comments = suppressions.into_iter().map(|says| Comment { path: path.clone(), line: line(says.comment), says });
    let misunderstood = mistakes.into_iter().map(|mistake| Unused {
        path: path.clone(),
        line: Some(line(mistake.comment)),
        what: mistake.what,
    });
    Said { comments: comments.collect(), places: Vec::new(), misunderstood: misunderstood.collect() }
}
