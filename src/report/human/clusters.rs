//! Clusters on the page: one block each, the first document first, then who covers how much of it.

use std::io;

use super::super::view::View;
use super::layout::columns;
use super::page::Page;
use super::palette::{Ink, Palette};
use super::phrase::{count, number, percent};
use super::places::{MOST, Row, date, table};
use super::{INDENT, measure::Measure};
use crate::finding::{Cluster, Member, Ratio, Role, Rule};

/// Writes one cluster; `within` shared passages are explained by it.
pub(super) fn write(view: &View, page: &mut Page, cluster: &Cluster, within: u64) -> io::Result<()> {
    let palette = page.palette;
    let (label, sentence) = sentence(cluster);
    page.space()?;
    page.head(0, label, Ink::Warning, &sentence, cluster.id)?;

    let first = |member: &Member| member.role != Role::Original && member.document != cluster.representative;
    let mut shown: Vec<&Member> = cluster.members.iter().filter(|member| !first(member)).take(MOST).collect();
    shown.sort_by_key(|member| member.role != Role::Original);
    let room = MOST.saturating_sub(shown.len());
    shown.extend(cluster.members.iter().filter(|member| first(member)).take(room));
    let rows: Vec<Row> = shown.iter().map(|member| row(view, cluster, member)).collect();
    page.lines(INDENT, &table(&rows, palette.width - INDENT, palette))?;

    let left = (cluster.members.len() - shown.len()) as u64;
    if left > 0 {
        page.text(INDENT, &format!("and {} more", number(left)), Ink::Faint)?;
    }
    if within > 0 {
        let note = format!("{} within this cluster not shown", count(within, "shared passage"));
        page.text(INDENT, &note, Ink::Faint)?;
    }
    Ok(())
}

/// What the cluster is, in words.
pub(super) fn sentence(cluster: &Cluster) -> (&'static str, String) {
    let others = cluster.members.iter().filter(|member| member.document != cluster.representative);
    let least = others.clone().map(|member| member.coverage[0]).min_by_key(|coverage| coverage.thousandths());
    let least = least.unwrap_or(Ratio::ONE);
    let extent = |members: u64| match (members, least.part >= least.whole) {
        (_, true) => "all".to_owned(),
        (1, false) => percent(least),
        (_, false) => format!("at least {}", percent(least)),
    };
    if cluster.rule == Rule::Contained {
        let inside = others.count() as u64;
        let (lie, each) = if inside == 1 { ("lies", "it") } else { ("lie", "each") };
        let sentence = format!("{} {lie} inside a longer one, {} of {each}", count(inside, "document"), extent(inside));
        return ("Contained", sentence);
    }
    let members = cluster.members.len() as u64;
    let sentence = format!("{} with the same text, {} of each", count(members, "document"), extent(members));
    ("Near-duplicates", sentence)
}

fn row(view: &View, cluster: &Cluster, member: &Member) -> Row {
    let tokens = u64::from(view.ledger_of(member.document).tokens);
    let noun = Measure::of_text(view.whole(member.document)).noun();
    let remark = if member.document != cluster.representative {
        format!("{} covered", percent(member.coverage[0]))
    } else if cluster.rule == Rule::Contained {
        "holds the rest".to_owned()
    } else {
        String::new()
    };
    let remark = match (member.role, member.reason, remark.as_str()) {
        (Role::Original, reason, "") => reason.to_owned(),
        (Role::Original, reason, _) if columns(reason) > 0 => format!("{remark}; {reason}"),
        _ => remark,
    };
    Row {
        role: member.role.name().to_owned(),
        name: view.id(member.document).to_owned(),
        date: date(view, member.document),
        figure: if tokens > 0 { count(tokens, noun) } else { String::new() },
        remark,
    }
}

/// The rows of every member, for `explain`.
pub(super) fn all_rows(view: &View, cluster: &Cluster, palette: &Palette) -> Vec<String> {
    let rows: Vec<Row> = cluster.members.iter().map(|member| row(view, cluster, member)).collect();
    table(&rows, palette.width - INDENT, palette)
}
