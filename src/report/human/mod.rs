//! Human: the report for people, at a terminal, in a pipe or in a file.
//!
//! **Idea.** The reader wants to know what is repeated, where, and how much of everything that is. So: whole documents
//! that repeat each other first, then documents, worst first, each with its passages, then furniture in a few lines,
//! and at the end the share of the corpus that is repetition. Every number is a count of tokens, called words (or
//! characters, in scripts written without spaces); every passage is shown by its first and last words; every change is
//! marked.
//!
//! **What it gives up.** It shows 20 findings and clusters unless told otherwise and says how many it does not show.
//! What needs every occurrence is for `explain` or the machine formats.
//!
//! The parts: [`plan`] chooses what to show; [`page`], [`layout`], [`palette`], [`phrase`] are the craft; `clusters`,
//! `documents`, `boilerplate`, `summary` write one part of the page each; [`explain`](mod@explain) shows one finding
//! whole.

mod boilerplate;
mod clusters;
mod documents;
mod explain;
pub(super) mod layout;
pub(super) mod measure;
pub(super) mod page;
pub(super) mod palette;
pub(super) mod passage;
pub(super) mod phrase;
mod places;
mod plan;
pub(super) mod summary;

use std::io;

use super::Appearance;
use super::names::distinct_digits;
use super::view::View;

pub(super) use explain::explain;

/// Columns that blocks stand in from the left.
pub(super) const INDENT: usize = 2;

/// Writes the report.
pub(super) fn write(view: &View, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = palette::Palette::new(appearance, distinct_digits(view.scan));
    let plan = plan::Plan::new(view, &palette);
    let mut page = page::Page::new(&palette, out);
    if !plan.clusters.is_empty() {
        let all = phrase::count(view.scan.clusters.len() as u64, "cluster");
        page.heading("Repeated documents", &all)?;
    }
    for &index in &plan.clusters {
        if let Some(cluster) = view.scan.clusters.get(index) {
            clusters::write(view, &mut page, cluster, plan.within.get(index).copied().unwrap_or(0))?;
        }
    }
    for part in &plan.pages {
        documents::write(view, &mut page, part)?;
    }
    boilerplate::write(view, &mut page, &plan.furniture, &plan.wording)?;
    summary::write(view, &mut page, &plan)
}
