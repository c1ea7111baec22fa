//! The report of a trace for people.
//!
//! **Idea.** A newsroom asks of each article: how much is taken, from what, who was first, what was changed? So each
//! target begins with where its words come from; then one line for each document that it shares text with, with the
//! verdict, its reason and what was done to the whole; then its passages in reading order, changed words marked, and
//! under each the changes of what is said. Wide terminals show source and target side by side. Targets that took most
//! come first; those that share nothing are counted. At the end stand the most copied sources and the least original
//! targets.

use std::cmp::Reverse;
use std::io;

use super::super::Appearance;
use super::super::dates;
use super::super::excerpt::clip;
use super::super::human::INDENT;
use super::super::human::layout::{Flow, columns, pad, pad_left, shorten_name};
use super::super::human::measure::Measure;
use super::super::human::page::Page;
use super::super::human::palette::{Ink, Palette};
use super::super::human::passage::{Piece, compare, marked, short};
use super::super::human::phrase::{count, number, percent};
use super::super::human::summary::{write_bars, write_skipped};
use super::{TraceView, taken};
use crate::finding::{Ledger, Ratio, Role, Span};
use crate::trace::{Anatomy, NotableKind, Part, Passage, Quotations, Reason, Relation, Target};

/// Columns from which source and target stand side by side.
const WIDE: usize = 100;
/// Passages of a target that are shown.
const PASSAGES: usize = 8;
/// Relations of a target that are shown.
const RELATIONS: usize = 5;
/// Lines of a passage.
const ROWS: usize = 5;
/// Lines of one that stayed as it was.
const UNALTERED: usize = 3;
/// Changes of what is said that are shown under a passage.
const CHANGES: usize = 6;
/// Sources and targets in the tables at the end.
const RANKED: usize = 5;
/// Columns of unchanged text that stand around a change, side by side.
const CONTEXT: usize = 60;

/// Writes the report.
pub(super) fn write(view: &TraceView, appearance: Appearance, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = Palette::new(appearance, 8);
    let mut page = Page::new(&palette, out);
    let mut targets: Vec<&Target> = view.trace().targets.iter().filter(|target| has_news(target)).collect();
    targets.sort_by_key(|target| (Reverse(share_elsewhere(&target.ledger).thousandths()), target.document));
    let everything = appearance.limit.is_none();
    let shown = targets.len().min(appearance.limit.unwrap_or(usize::MAX));
    for target in targets.iter().take(shown) {
        write_target(view, &mut page, target, everything)?;
    }
    if targets.len() > shown {
        page.space()?;
        let more = count((targets.len() - shown) as u64, "more document");
        let ellipsis = page.palette.glyphs.ellipsis;
        page.text(
            0,
            &format!("{ellipsis} {more} with passages; --all shows them, --format json has all"),
            Ink::Strong,
        )?;
    }
    write_summary(view, &mut page)
}

/// Whether there is something to tell of a target.
fn has_news(target: &Target) -> bool {
    !target.passages.is_empty() || target.ledger.doubled > 0
}

/// What stands elsewhere too, as a share.
fn share_elsewhere(ledger: &Ledger) -> Ratio {
    Ratio::new(taken(ledger) + u64::from(ledger.shared) + u64::from(ledger.quoted), u64::from(ledger.tokens))
}

fn write_target(view: &TraceView, page: &mut Page, target: &Target, everything: bool) -> io::Result<()> {
    let ledger = &target.ledger;
    let tokens = u64::from(ledger.tokens);
    let noun = Measure::of_text(view.texts.whole(target.document)).noun();
    let told = [
        (taken(ledger), "taken"),
        (u64::from(ledger.shared), "shared"),
        (u64::from(ledger.quoted), "quoted"),
        (u64::from(ledger.doubled), "doubled"),
    ];
    let (part, what) = told.into_iter().find(|(part, _)| *part > 0).unwrap_or((0, "taken"));
    let figures = format!("{}, {} {what}", count(tokens, noun), percent(Ratio::new(part, tokens)));
    page.space()?;
    page.heading(view.texts.id(target.document), &figures)?;
    let dot = format!(" {} ", page.palette.glyphs.dot);
    page.text(INDENT, &describe(view, target.document, page.palette).join(&dot), Ink::Faint)?;
    page.text(INDENT, &account(ledger).join(&dot), Ink::Plain)?;
    let relations = if everything { usize::MAX } else { RELATIONS };
    if !target.relations.is_empty() {
        page.space()?;
    }
    for relation in target.relations.iter().take(relations) {
        write_relation(view, page, target, relation)?;
    }
    if target.relations.len() > relations {
        let more = count((target.relations.len() - relations) as u64, "more document");
        page.text(INDENT, &format!("and passages with {more}"), Ink::Faint)?;
    }
    let passages = if everything { usize::MAX } else { PASSAGES };
    for passage in target.passages.iter().take(passages) {
        page.space()?;
        write_passage(view, page, target, passage, everything)?;
    }
    if target.passages.len() > passages {
        page.space()?;
        let more = count((target.passages.len() - passages) as u64, "more passage");
        page.text(INDENT, &format!("and {more} in this document; --all shows them"), Ink::Faint)?;
    }
    Ok(())
}

/// Title, publisher and date of a document.
fn describe(view: &TraceView, rank: u32, palette: &Palette) -> Vec<String> {
    let Some(document) = view.texts.document(rank) else { return Vec::new() };
    let mut facts = Vec::new();
    if let Some(title) = document.title().filter(|title| !title.trim().is_empty()) {
        facts.push(palette.quoted(&super::super::human::phrase::excerpt(title, palette.width - INDENT - 2, palette)));
    }
    facts.extend(document.source.as_deref().map(str::to_owned));
    facts.extend(document.date.map(dates::written));
    facts
}

/// Where the words of a target come from: parts that add up to all.
fn account(ledger: &Ledger) -> Vec<String> {
    let parts = [
        ("original", u64::from(ledger.original)),
        ("taken", taken(ledger)),
        ("shared, direction undecided", u64::from(ledger.shared)),
        ("quoted elsewhere too", u64::from(ledger.quoted)),
        ("doubled", u64::from(ledger.doubled)),
        ("boilerplate", u64::from(ledger.boilerplate)),
    ];
    let whole = u64::from(ledger.tokens);
    let told = parts.into_iter().filter(|(_, tokens)| *tokens > 0);
    told.map(|(name, tokens)| {
        format!("{}\u{a0}{} ({})", number(tokens), name.replace(' ', "\u{a0}"), percent(Ratio::new(tokens, whole)))
    })
    .collect()
}

/// One document that a target shares text with: verdict, reason, and what was done to the whole.
fn write_relation(view: &TraceView, page: &mut Page, target: &Target, relation: &Relation) -> io::Result<()> {
    // Of what others took from it, and of what it has from elsewhere, nothing is put down to them.
    let is_put_down = relation.counted > 0;
    let (label, ink) = match (relation.role, relation.reason) {
        (Role::Copy | Role::Undecided, _) if !is_put_down => ("Also in", Ink::Faint),
        (Role::Copy, _) => ("Copy of", Ink::Warning),
        (Role::Original, _) => ("Original of", Ink::Note),
        (Role::Undecided, Reason::Quotation) => ("Quotes shared with", Ink::Note),
        (Role::Undecided, _) => ("Shared with", Ink::Note),
    };
    let palette = page.palette;
    let id = shorten_name(view.texts.id(relation.source), palette.width.saturating_sub(INDENT + 24), palette);
    let words = if is_put_down { relation.counted } else { relation.same };
    let share = percent(Ratio::new(u64::from(words), u64::from(target.ledger.tokens)));
    let words = count(u64::from(words), "word");
    let mut flow = Flow::new(palette);
    flow.push(label, ink);
    flow.space();
    flow.push(&id, Ink::Strong);
    flow.push(&format!(": {words}, {share}"), Ink::Plain);
    flow.push(&format!(" ({})", relation.reason.text()), Ink::Plain);
    let lines = flow.lines(palette.width - INDENT);
    for (index, line) in lines.iter().enumerate() {
        page.lines(if index == 0 { INDENT } else { INDENT + 2 }, std::slice::from_ref(line))?;
    }
    if let Some((document, span)) = relation.evidence {
        let line = view.texts.lines(document, span).0;
        let whose = if document == target.document { String::new() } else { format!("{}, ", view.texts.id(document)) };
        let text = clip(view.texts.text(document, span), 40, 16).join(&format!(" {} ", palette.glyphs.ellipsis));
        page.text(INDENT + 2, &format!("{whose}line {line}: {}", palette.quoted(&text)), Ink::Faint)?;
    }
    let told = tell_anatomy(&relation.anatomy, relation.role);
    let is_told = is_put_down || relation.role == Role::Original;
    if is_told && relation.reason != Reason::Quotation && !told.is_empty() {
        page.text(INDENT + 2, &told, Ink::Plain)?;
    }
    Ok(())
}

/// What was done to an original's text, in words.
fn tell_anatomy(anatomy: &Anatomy, role: Role) -> String {
    let (whose, place) = if role == Role::Original { ("this", "there") } else { ("its", "here") };
    let mut told = Vec::new();
    if anatomy.story > 0 {
        let kept = percent(Ratio::new(u64::from(anatomy.kept), u64::from(anatomy.story)));
        told.push(format!("{kept} of {whose} story stands {place}"));
    }
    if anatomy.is_lead_rewritten {
        told.push("lead rewritten".to_owned());
    }
    if anatomy.tail_cut > 0 {
        told.push(format!("last {} cut", count(u64::from(anatomy.tail_cut), "word")));
    }
    let changes = [
        (anatomy.moved, "part", "moved"),
        (anatomy.numbers, "number", "changed"),
        (anatomy.negations, "negation", "changed"),
        (anatomy.attributions, "attribution", "changed"),
    ];
    for (times, thing, what) in changes.into_iter().filter(|(times, ..)| *times > 0) {
        told.push(format!("{} {what}", count(u64::from(times), thing)));
    }
    told.join(", ")
}

fn lines_of(view: &TraceView, document: u32, span: Span, palette: &Palette) -> String {
    let (first, last) = view.texts.lines(document, span);
    if first == last { format!("line\u{a0}{first}") } else { format!("lines\u{a0}{first}{}{last}", palette.glyphs.to) }
}

fn write_passage(
    view: &TraceView,
    page: &mut Page,
    target: &Target,
    passage: &Passage,
    everything: bool,
) -> io::Result<()> {
    let palette = page.palette;
    let own = lines_of(view, target.document, passage.target_span, palette);
    let their = lines_of(view, passage.source, passage.source_span, palette);
    let mut sentence = vec![format!("{} the same", number(u64::from(passage.counts.same)))];
    let counts =
        [(passage.counts.changed, "changed"), (passage.counts.inserted, "added"), (passage.counts.deleted, "left out")];
    sentence.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    let moved = passage.parts.iter().filter(|part| part.is_moved).count() as u64;
    if moved > 0 {
        sentence.push(format!("{} moved", count(moved, "part")));
    }
    if passage.is_quotation {
        sentence.push("a quotation".to_owned());
    }
    let source = if target.relations.len() > 1 {
        format!("{} {their}", shorten_name(view.texts.id(passage.source), 40, palette))
    } else {
        their
    };
    let mut flow = Flow::new(palette);
    flow.push(&own, Ink::Strong);
    flow.push(&format!(" {} {source}: {}", palette.glyphs.from, sentence.join(", ")), Ink::Plain);
    page.lines(INDENT, &flow.lines(palette.width - INDENT))?;
    let rows = (!everything).then_some(ROWS);
    for part in &passage.parts {
        let pieces = compare(&view.texts, passage.source, (target.document, part.target_span), &part.edits);
        if palette.width >= WIDE {
            write_beside(view, page, passage.source, part, &pieces, rows)?;
        } else {
            let width = palette.width - INDENT - 4;
            let lines = match (pieces.as_slice(), everything) {
                ([Piece::Same(text)], false) => short(text, palette, width, UNALTERED),
                _ => marked(&pieces, palette, width, rows),
            };
            page.passage(INDENT + 2, &lines)?;
        }
    }
    write_changes(view, page, target, passage, everything)
}

/// Source at the left, target at the right; what only one of them says is marked there.
fn write_beside(
    view: &TraceView,
    page: &mut Page,
    source: u32,
    part: &Part,
    pieces: &[Piece],
    rows: Option<usize>,
) -> io::Result<()> {
    let palette = page.palette;
    let width = (palette.width - INDENT - 7) / 2;
    let is_short = |text: &str| rows.is_none_or(|rows| columns(text) <= width * rows);
    let whole = is_short(view.texts.text(source, part.source_span));
    let ellipsis = format!(" {} ", palette.glyphs.ellipsis);
    let (mut left, mut right) = (Flow::new(palette), Flow::new(palette));
    // Words that only the source has: the target's text around them does not tell where spaces go.
    let mut old = None;
    for (at, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Same(text) => {
                let ends = if at == 0 || at + 1 == pieces.len() { CONTEXT } else { CONTEXT / 2 };
                let shown = if whole { text.to_owned() } else { clip(text, ends, CONTEXT / 2).join(&ellipsis) };
                if let Some(old) = old.take() {
                    left.space_between(old, text);
                }
                for side in [&mut left, &mut right] {
                    if text.starts_with(char::is_whitespace) {
                        side.space();
                    }
                    side.push(&shown, Ink::Plain);
                    if text.ends_with(char::is_whitespace) {
                        side.space();
                    }
                }
            }
            Piece::Old(text) => {
                if let Some(Piece::Same(before)) = at.checked_sub(1).and_then(|before| pieces.get(before)) {
                    left.space_between(before, text);
                }
                left.push_marked(&shorten(text, whole, &ellipsis), Ink::Old);
                old = Some(text);
            }
            Piece::New(text) => right.push_marked(&shorten(text, whole, &ellipsis), Ink::New),
        }
    }
    // Colours take no columns: lines are measured before they are painted.
    let (left, right) = (left.set(width), right.set(width));
    let blank = (String::new(), 0);
    let gutter = palette.paint(palette.glyphs.gutter, Ink::Faint);
    let most = rows.map_or(usize::MAX, |rows| rows * 3);
    for row in 0..left.len().max(right.len()).min(most) {
        let (own, used) = left.get(row).unwrap_or(&blank);
        let (other, _) = right.get(row).unwrap_or(&blank);
        let fill = " ".repeat(width.saturating_sub(*used));
        page.line(&format!("{}{gutter} {own}{fill} {gutter} {other}", " ".repeat(INDENT + 2)))?;
    }
    if left.len().max(right.len()) > most {
        page.text(INDENT + 2, palette.glyphs.ellipsis, Ink::Faint)?;
    }
    Ok(())
}

/// A changed piece, its middle left out if it is long.
fn shorten(text: &str, whole: bool, ellipsis: &str) -> String {
    if whole { text.to_owned() } else { clip(text, 80, 40).join(ellipsis) }
}

/// The changes of what is said: these matter most.
fn write_changes(
    view: &TraceView,
    page: &mut Page,
    target: &Target,
    passage: &Passage,
    everything: bool,
) -> io::Result<()> {
    let palette = page.palette;
    let most = if everything { usize::MAX } else { CHANGES };
    for notable in passage.notables.iter().take(most) {
        let name = match notable.kind {
            NotableKind::Number => "Number changed",
            NotableKind::Negation => "Negation changed",
            NotableKind::Attribution => "Attribution changed",
        };
        let short = |text: &str| clip(text, 30, 12).join(&format!(" {} ", palette.glyphs.ellipsis));
        let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { palette.quoted(&short(text)) };
        let old = quoted(view.texts.text(passage.source, notable.source));
        let new = quoted(view.texts.text(target.document, notable.target));
        let mut flow = Flow::new(palette);
        flow.push(name, Ink::Error);
        flow.push(&format!(": {old} {} {new}", palette.glyphs.arrow), Ink::Plain);
        page.lines(INDENT + 2, &flow.lines(palette.width - INDENT - 2))?;
    }
    if passage.notables.len() > most {
        let more = (passage.notables.len() - most) as u64;
        page.text(INDENT + 2, &format!("and {} of what is said", count(more, "more change")), Ink::Faint)?;
    }
    Ok(())
}

fn write_summary(view: &TraceView, page: &mut Page) -> io::Result<()> {
    let trace = view.trace();
    page.space()?;
    let rule = page.palette.glyphs.heavy_rule.repeat(page.palette.width);
    page.line(&page.palette.paint(&rule, Ink::Faint))?;
    let targets = trace.targets.len() as u64;
    let sum = |part: fn(&Ledger) -> u64| trace.targets.iter().map(|target| part(&target.ledger)).sum::<u64>();
    let tokens = sum(|ledger| u64::from(ledger.tokens));
    let noun = Measure::of_corpus(view.report.corpus).noun();
    if targets == 0 {
        page.text(0, "No documents to trace were read.", Ink::Strong)?;
        return write_skipped(view.report.corpus, page);
    }
    let parts = [
        ("original", sum(|ledger| u64::from(ledger.original))),
        ("taken", sum(taken)),
        ("shared", sum(|ledger| u64::from(ledger.shared))),
        ("quoted", sum(|ledger| u64::from(ledger.quoted))),
        ("doubled", sum(|ledger| u64::from(ledger.doubled))),
        ("boilerplate", sum(|ledger| u64::from(ledger.boilerplate))),
    ];
    let share = percent(Ratio::new(parts[1].1, tokens));
    let from = if view.report.options.has_sources {
        let sources =
            view.report.corpus.documents.iter().filter(|document| document.origin.side.is_reference()).count();
        format!(" against {}", count(sources as u64, "source"))
    } else {
        String::new()
    };
    let headline = format!("{}{from}, {}: {share} taken", count(targets, "document"), count(tokens, noun));
    page.text(0, &headline, Ink::Strong)?;
    page.space()?;
    write_bars(page, &parts, tokens)?;
    write_ranks(view, page)?;
    write_quotations(view, page)?;
    let quiet = trace.targets.iter().filter(|target| target.passages.is_empty()).count() as u64;
    if quiet > 0 {
        page.space()?;
        let nothing = format!("{} of {} share nothing with others", number(quiet), count(targets, "document"));
        let nothing = if quiet == targets { "No document shares anything with others.".to_owned() } else { nothing };
        page.text(INDENT, &nothing, Ink::Faint)?;
    }
    write_skipped(view.report.corpus, page)
}

/// What is quoted, and how much of it stands elsewhere too.
fn write_quotations(view: &TraceView, page: &mut Page) -> io::Result<()> {
    let targets = &view.trace().targets;
    let sum =
        |part: fn(&Quotations) -> u32| targets.iter().map(|target| u64::from(part(&target.quotations))).sum::<u64>();
    let all = sum(|quotations| quotations.all);
    let (reused, altered) = (sum(|quotations| quotations.reused), sum(|quotations| quotations.altered));
    if all == 0 {
        return Ok(());
    }
    let place = if view.report.options.has_sources { "in sources too" } else { "elsewhere too" };
    let told = format!("{}: {} {place}, {} of them altered", count(all, "quotation"), number(reused), number(altered));
    page.space()?;
    page.text(INDENT, &told, Ink::Plain)
}

/// The most copied sources and the least original targets.
fn write_ranks(view: &TraceView, page: &mut Page) -> io::Result<()> {
    let trace = view.trace();
    let sources: Vec<(u32, String)> = trace
        .sources
        .iter()
        .take(RANKED)
        .map(|source| {
            let words = count(source.taken, "word");
            (source.document, format!("{words} in {}", count(u64::from(source.targets), "document")))
        })
        .collect();
    write_rank(view, page, "Most copied", &sources, trace.sources.len())?;
    let mut targets: Vec<&Target> = trace.targets.iter().filter(|target| taken(&target.ledger) > 0).collect();
    if targets.len() < 2 {
        return Ok(());
    }
    targets.sort_by_key(|target| {
        let ledger = &target.ledger;
        (Ratio::new(u64::from(ledger.original), u64::from(ledger.tokens)).thousandths(), target.document)
    });
    let rows: Vec<(u32, String)> = targets
        .iter()
        .take(RANKED)
        .map(|target| {
            let original = Ratio::new(u64::from(target.ledger.original), u64::from(target.ledger.tokens));
            (target.document, format!("{} original", percent(original)))
        })
        .collect();
    write_rank(view, page, "Least original", &rows, targets.len())
}

fn write_rank(view: &TraceView, page: &mut Page, title: &str, rows: &[(u32, String)], all: usize) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let palette = page.palette;
    page.space()?;
    let title = if all > rows.len() { format!("{title} (of {})", number(all as u64)) } else { title.to_owned() };
    page.text(INDENT, &title, Ink::Strong)?;
    let figures = rows.iter().map(|(_, figure)| columns(figure)).max().unwrap_or(0);
    for (document, figure) in rows {
        let room = palette.width.saturating_sub(INDENT + 4 + figures);
        let name = shorten_name(view.texts.id(*document), room, palette);
        let figure = pad_left(&figure.replace('\u{a0}', " "), figures);
        page.line(&format!("{}{} {figure}", " ".repeat(INDENT + 2), pad(&name, room)))?;
    }
    Ok(())
}
