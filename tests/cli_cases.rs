//! Cases of the command line as data: the console blocks of `tests/cmd/*.md`.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

#[test]
fn cases_print_what_they_say() {
    let cases = trycmd::TestCases::new();
    for name in ["NO_COLOR", "TERM", "COLUMNS", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        // An empty value counts as none for each of them.
        cases.env(name, if name == "NO_COLOR" { "1" } else { "" });
    }
    cases.case("tests/cmd/*.md");
}
