//! Explain: what each rule means, as a page for people: `docs/rules/RULE.md`, which SARIF carries along too.
//!
//! A page begins with the rule's name, one sentence, and a paragraph that says more; then come an example, made by the
//! program, how to fix it, and how to excuse it.

use crate::finding::Rule;

/// The page of a rule, in Markdown.
pub fn explain(rule: Rule) -> &'static str {
    match rule {
        Rule::DoubledText => include_str!("../../../docs/rules/doubled-text.md"),
        Rule::Boilerplate => include_str!("../../../docs/rules/boilerplate.md"),
        Rule::SharedPassage => include_str!("../../../docs/rules/shared-passage.md"),
        Rule::NearDuplicate => include_str!("../../../docs/rules/near-duplicate.md"),
        Rule::Contained => include_str!("../../../docs/rules/contained.md"),
        Rule::ReusedQuote => include_str!("../../../docs/rules/reused-quote.md"),
        Rule::AlteredQuote => include_str!("../../../docs/rules/altered-quote.md"),
    }
}

/// The first sentence of a rule's page, and the paragraph after it, each on one line.
pub(super) fn descriptions(rule: Rule) -> (String, String) {
    let mut paragraphs = explain(rule).split("\n\n").skip(1).map(|paragraph| paragraph.trim().replace('\n', " "));
    (paragraphs.next().unwrap_or_default(), paragraphs.next().unwrap_or_default())
}
