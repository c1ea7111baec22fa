//! The pages of rules.

use crate::config::Level;
use crate::finding::Rule;
use crate::report::check::explain;
use crate::report::check::explain::descriptions;

#[test]
fn every_rule_has_a_page() {
    for rule in Rule::ALL {
        let page = explain(rule);
        assert!(page.starts_with(&format!("# {}\n\n", rule.name())), "{page}");
        for heading in ["## Example", "## How to fix it", "## How to excuse it"] {
            assert_eq!(page.lines().filter(|line| *line == heading).count(), 1, "{}: {heading}", rule.name());
        }
        assert!(page.contains(&format!("<!-- dittograph: ignore {} because ", rule.name())));
        for word in ["ignore-begin", "ignore-end", "ignore-file", "[[allow]]\nid = \"", "\nreason = \""] {
            assert!(page.contains(word), "{}: {word}", rule.name());
        }
        let severity = Level::usual(rule).name();
        assert!(page.contains(&format!("\nSeverity, where nothing else is configured: {severity}.\n")));
    }
}

#[test]
fn the_id_of_an_excuse_is_the_one_that_the_example_shows() {
    for rule in Rule::ALL {
        let (_, after) = explain(rule).split_once("[[allow]]\nid = \"").unwrap();
        let (id, _) = after.split_once('"').unwrap();
        let (example, _) = explain(rule).split_once("## How to fix it").unwrap();
        assert!(id.len() == 16 && example.contains(&format!("  {}\n", &id[..8])), "{}: {id}", rule.name());
    }
}

#[test]
fn descriptions_are_sentences() {
    for rule in Rule::ALL {
        let (short, full) = descriptions(rule);
        assert!(short.ends_with('.') && !short.contains('\n') && short.len() < 90, "{short}");
        assert!(full.ends_with('.') && full.len() > 100 && full.len() < 1024, "{full}");
        assert!(!full.contains("Severity") && !full.contains('#') && !full.contains('`'), "{full}");
    }
}
