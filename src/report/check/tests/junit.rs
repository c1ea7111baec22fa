//! JUnit: read back by an XML parser, and held against Jenkins' schema, of which as much is read here as it uses.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{clean, hostile_check, paper, written};
use crate::check::problems::Checked;
use crate::finding::{Rule, Severity};
use crate::report::check::CheckFormat;
use crate::report::escape::visible;

const XSD: &str = include_str!("../../../../tests/schemas/junit-10.xsd");

/// An element with what it holds.
#[derive(Debug, Default)]
struct Element {
    tag: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn all<'e>(&'e self, tag: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.tag == tag)
    }

    fn one<'e>(&'e self, tag: &'e str) -> &'e Element {
        let mut found = self.all(tag);
        let (Some(one), None) = (found.next(), found.next()) else { panic!("not one {tag}: {self:?}") };
        one
    }

    fn number(&self, attribute: &str) -> usize {
        self.attributes[attribute].parse().unwrap()
    }
}

fn start(tag: &BytesStart) -> Element {
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        (key, attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
    });
    Element { tag: tag.name().as_ref().to_owned(), attributes: attributes.collect(), ..Element::default() }
}

/// The root of a document.
fn read(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => open.push(start(&tag)),
            Event::Empty(tag) => open.last_mut().unwrap().children.push(start(&tag)),
            Event::End(_) => {
                let element = open.pop().unwrap();
                open.last_mut().unwrap().children.push(element);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let text = match name.strip_prefix('#') {
                    Some(code) => char::from_u32(code.parse().unwrap()).unwrap().to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name).unwrap().to_owned(),
                };
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) => {}
            other => panic!("{other:?}"),
        }
    }
    let [mut document] = <[Element; 1]>::try_from(open).unwrap();
    assert!(document.children.len() == 1, "{document:?}");
    document.children.remove(0)
}

/// What a schema says of an element: its attributes (and whether each is needed), its children, whether it holds text.
#[derive(Debug, Default)]
struct Definition {
    attributes: BTreeMap<String, bool>,
    children: BTreeSet<String>,
    has_text: bool,
}

fn definitions() -> BTreeMap<String, Definition> {
    fn collect(element: &Element, into: &mut Definition) {
        for child in &element.children {
            match child.tag.as_str() {
                "xs:attribute" => {
                    let is_needed = child.attributes.get("use").is_some_and(|it| it == "required");
                    into.attributes.insert(child.attributes["name"].clone(), is_needed);
                }
                "xs:element" => drop(into.children.insert(child.attributes["ref"].clone())),
                "xs:complexType" => into.has_text |= child.attributes.get("mixed").is_some_and(|it| it == "true"),
                _ => {}
            }
            collect(child, into);
        }
    }
    let schema = read(XSD);
    let define = |element: &Element| {
        let mut definition = Definition::default();
        definition.has_text |= element.attributes.get("type").is_some_and(|it| it == "xs:string");
        collect(element, &mut definition);
        (element.attributes["name"].clone(), definition)
    };
    schema.all("xs:element").map(define).collect()
}

/// What is not as the schema has it.
fn violations(element: &Element, definitions: &BTreeMap<String, Definition>) -> Vec<String> {
    let Some(definition) = definitions.get(&element.tag) else { return vec![format!("no element {}", element.tag)] };
    let mut found = Vec::new();
    for (name, value) in &element.attributes {
        if !definition.attributes.contains_key(name) {
            found.push(format!("{} has no attribute {name}", element.tag));
        }
        // SUREFIRE_TIME
        if name == "time" && value.parse::<f64>().is_err() {
            found.push(format!("{value:?} is no time"));
        }
    }
    for (name, is_needed) in &definition.attributes {
        if *is_needed && !element.attributes.contains_key(name) {
            found.push(format!("{} lacks {name}", element.tag));
        }
    }
    if !definition.has_text && !element.text.trim().is_empty() {
        found.push(format!("{} holds text: {:?}", element.tag, element.text));
    }
    for child in &element.children {
        if !definition.children.contains(&child.tag) {
            found.push(format!("{} can't hold {}", element.tag, child.tag));
        }
        found.extend(violations(child, definitions));
    }
    found
}

fn report(checked: &Checked) -> Element {
    let text = written(checked, CheckFormat::Junit);
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{text}");
    assert!(!text.contains("]]>"), "{text}");
    let root = read(&text);
    assert_eq!(violations(&root, &definitions()), [] as [String; 0]);
    root
}

#[test]
fn the_schema_can_say_no() {
    let definitions = definitions();
    assert!(definitions["testcase"].children.contains("failure") && definitions["testcase"].attributes["name"]);
    assert!(definitions["testsuite"].attributes["tests"] && definitions["failure"].has_text);
    for wrong in [
        "<testsuites><testcase name=\"a\"/></testsuites>",
        "<testsuites skipped=\"1\"/>",
        "<testsuite name=\"a\" tests=\"1\" failures=\"0\" errors=\"0\"><testcase name=\"a\" file=\"b\"/></testsuite>",
        "<testcase time=\"0\"/>",
        "<testcase name=\"a\">text</testcase>",
        "<testcase name=\"a\"><failed/></testcase>",
    ] {
        assert_ne!(violations(&read(wrong), &definitions), [] as [String; 0], "{wrong}");
    }
}

#[test]
fn the_tests_of_a_paper() {
    let root = report(&paper());
    let suite = root.one("testsuite");
    let counts = ["tests", "failures", "errors", "skipped"].map(|name| suite.number(name));
    // 7 rules, 4 problems that fail, 2 excused findings, 2 budgets of which one is exceeded, 1 input that was lost.
    assert_eq!(counts, [16, 5, 1, 2]);
    let case = suite.all("testcase").find(|case| case.attributes["name"] == "news/2021/harbour.md:3").unwrap();
    assert_eq!(case.attributes["classname"], "doubled-text");
    let failure = case.one("failure");
    assert_eq!(failure.attributes["message"], "34 words that this document also has on lines 12, 30");
    assert!(failure.text.starts_with("news/2021/harbour.md:3: 34 words that"), "{}", failure.text);
    assert!(failure.text.contains("\nalso in news/2021/harbour.md:30\nid 5393efe900000001"), "{}", failure.text);
    let excused = suite.all("testcase").find(|case| case.attributes["name"] == "about.md:40").unwrap();
    assert_eq!(excused.one("skipped").attributes["message"], "Excused in dittograph.toml: the law asks for it");
    let excused = suite.all("testcase").find(|case| case.attributes["name"] == "legal/terms.md:2").unwrap();
    let reason = "Excused in legal/privacy.md:1: both have to say it in full";
    assert_eq!(excused.one("skipped").attributes["message"], reason);
    let told = &suite.one("system-out").text;
    assert!(told.contains("\nNot understood: guides/new.md:7: no rule is named `shared`\n"), "{told}");
    let note = suite.all("testcase").find(|case| case.attributes["classname"] == "reused-quote").unwrap();
    assert!(note.one("system-out").text.starts_with("1 note\n\nnews/2021/school.md:20: A quotation of 16 words"));
    let clean = report(&clean());
    assert_eq!(["tests", "failures", "errors"].map(|name| clean.number(name)), [7, 0, 0]);
}

#[test]
fn what_xml_forbids_is_replaced() {
    let mut checked = paper();
    checked.skipped[0].reason = "a\u{fffe}b".to_owned();
    let root = report(&checked);
    let case = root.one("testsuite").all("testcase").find(|case| case.attributes["classname"] == "input").unwrap();
    assert_eq!(case.one("error").attributes["message"], "a\u{fffd}b");
    let escaped = super::super::junit::escape("\0\u{8}\t\n\u{b}\r\u{1f} \u{7f}\u{9b}<\u{ffff}]]>\"&'");
    assert_eq!(escaped, "\u{fffd}\u{fffd}&#9;&#10;\u{fffd}&#13;\u{fffd} &#127;&#155;&lt;\u{fffd}]]&gt;&quot;&amp;'");
}

#[test]
fn no_line_of_a_text_is_a_command() {
    let escaped = super::super::junit::escape_text("::a\n \t::b::\n:c :: d\n\n:::");
    assert_eq!(escaped, "&#58;:a\n &#9;&#58;:b::\n:c :: d\n\n&#58;::");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn all_that_was_put_in_comes_out(checked in hostile_check()) {
        let shown = |text: &str| visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        let root = report(&checked);
        let suite = root.one("testsuite");
        let cases: Vec<&Element> = suite.all("testcase").collect();
        let holding = |tag: &str| cases.iter().filter(|case| case.all(tag).next().is_some()).count();
        prop_assert_eq!(suite.number("tests"), cases.len());
        for (attribute, tag) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            prop_assert_eq!(suite.number(attribute), holding(tag));
        }
        let failing: Vec<_> = checked.problems.iter().filter(|problem| problem.severity != Severity::Note).collect();
        let problems = failing.iter().copied().chain(checked.suppressed.iter().map(|it| &it.problem));
        for (case, problem) in cases.iter().skip(Rule::ALL.len()).zip(problems) {
            prop_assert_eq!(&case.attributes["name"], &shown(&problem.places[0].name()));
            prop_assert_eq!(&case.attributes["classname"], problem.rule.name());
            let text = case.children.iter().map(|child| child.text.as_str()).collect::<String>();
            prop_assert!(text.contains(&shown(&problem.excerpt)));
            if let Some(failure) = case.all("failure").next() {
                prop_assert_eq!(&failure.attributes["message"], &shown(&problem.tell(|_, name| visible(name).into_owned())));
            }
        }
        for (case, suppressed) in cases.iter().skip(Rule::ALL.len() + failing.len()).zip(&checked.suppressed) {
            let line = suppressed.line.map(|line| format!(":{line}")).unwrap_or_default();
            let reason = format!("Excused in {}{line}: {}", shown(&suppressed.path), shown(&suppressed.reason));
            prop_assert_eq!(&case.one("skipped").attributes["message"], &reason);
        }
    }
}
