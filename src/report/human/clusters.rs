//! Clusters on the page: one block each, the first document first, then who covers how much of it.

use std::io;

use super::super::view::View;
use super::layout::{columns, pad_left};
use super::page::Page;
use super::palette::Ink;
use super::phrase::{count, number, percent};
use super::places::{MOST, Row, date, table};
use super::{INDENT, measure::Measure};
use crate::finding::{Cluster, Member, Ratio, Role, Rule};

/// Writes one cluster; `within` shared passages are explained by it.
pub(super) fn write(view: &View, page: &mut Page, cluster: &Cluster, within: u64) -> io::Result<()> {
    let palette = page.palette;
    let (label, sentence) = sentence(cluster);
    page.space()?;
    page.head(INDENT, label, Ink::Warning, &sentence, cluster.id)?;

    let is_other = |member: &Member| member.role != Role::Original && member.document != cluster.representative;
    let mut shown: Vec<&Member> = cluster.members.iter().filter(|member| !is_other(member)).take(MOST).collect();
    shown.sort_by_key(|member| member.role != Role::Original);
    let room = MOST.saturating_sub(shown.len());
    shown.extend(cluster.members.iter().filter(|member| is_other(member)).take(room));
    let mut rows: Vec<Row> = shown.iter().map(|member| row(view, cluster, member)).collect();
    let widest = rows.iter().map(|row| columns(&row.figure)).max().unwrap_or(0);
    for row in &mut rows {
        row.figure = pad_left(&row.figure, widest);
    }
    page.lines(INDENT + 2, &table(&rows, palette.width - INDENT - 2, palette))?;

    let left = (cluster.members.len() - shown.len()) as u64;
    if left > 0 {
        page.text(INDENT + 2, &format!("and {} more", number(left)), Ink::Faint)?;
    }
    if within > 0 {
        let note = format!("{} within this cluster not shown", count(within, "shared passage"));
        page.text(INDENT + 2, &note, Ink::Faint)?;
    }
    Ok(())
}

/// What the cluster is, in words.
pub(super) fn sentence(cluster: &Cluster) -> (&'static str, String) {
    let others = || cluster.members.iter().filter(|member| member.document != cluster.representative);
    let least = others().map(|member| covered(cluster, member)).min_by_key(|share| share.thousandths());
    let least = least.unwrap_or(Ratio::ONE);
    let all = least.part >= least.whole;
    if cluster.rule == Rule::Contained {
        let inside = others().count() as u64;
        let lie = if inside == 1 { "lies" } else { "lie" };
        let documents = count(inside, "document");
        let sentence = match (all, inside) {
            (true, _) => format!("{documents} {lie} wholly inside a longer one"),
            (false, 1) => format!("{documents} {lie} inside a longer one ({} of it)", percent(least)),
            (false, _) => format!("{documents} {lie} inside a longer one ({} or more)", percent(least)),
        };
        return ("Contained", sentence);
    }
    let documents = count(cluster.members.len() as u64, "document");
    let sentence = match (all, cluster.members.len()) {
        (true, _) => format!("{documents} with the same text"),
        (false, 2) => format!("{documents}, {} the same", percent(least)),
        (false, _) => format!("{documents}, at least {} the same", percent(least)),
    };
    ("Near-duplicates", sentence)
}

/// How much a member and the representative have in common: of near-duplicates, the smaller of both coverages; of a
/// contained document, its own.
fn covered(cluster: &Cluster, member: &Member) -> Ratio {
    let [of_it, of_representative] = member.coverage;
    if cluster.rule == Rule::NearDuplicate && of_representative.thousandths() < of_it.thousandths() {
        of_representative
    } else {
        of_it
    }
}

fn row(view: &View, cluster: &Cluster, member: &Member) -> Row {
    let tokens = u64::from(view.ledger_of(member.document).tokens);
    let noun = Measure::of_text(view.whole(member.document)).noun();
    let remark = if member.document != cluster.representative {
        let share = percent(covered(cluster, member));
        if cluster.rule == Rule::Contained { format!("{share} inside") } else { format!("{share} the same") }
    } else if cluster.rule == Rule::Contained {
        "holds the rest".to_owned()
    } else if member.role == Role::Original {
        member.reason.to_owned()
    } else {
        "the representative".to_owned()
    };
    Row {
        role: member.role.name().to_owned(),
        name: view.id(member.document).to_owned(),
        date: date(view, member.document),
        figure: if tokens > 0 { count(tokens, noun) } else { String::new() },
        remark,
    }
}
