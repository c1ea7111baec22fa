//! What the gate makes of a repository: revisions, changes, links, submodules, hooks. Each test is named after what a
//! reviewer, or a hostile tester, found it to get wrong.

#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod check_support;
mod cli_support;

use std::fs;

use check_support::{check, command, commit, folder, found, git, put, run, story, told};
use cli_support::{assert_exit, stderr};

#[test]
fn a_revision_is_compared_where_the_work_left_it() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1)), ("c.md", &story(2))]);
    let folder = base.path();
    git(folder, "init -q");
    commit(folder, "first");
    git(folder, "checkout -q -b work");
    put(folder, "d.md", &story(3));
    commit(folder, "work");
    git(folder, "checkout -q main");
    fs::remove_file(folder.join("b.md")).unwrap();
    commit(folder, "mended");
    git(folder, "checkout -q work");
    assert!(told(&check(folder, "--baseline-from main", 0)).is_empty());
    // Kept, and asked again.
    for _ in 0..2 {
        let output = run(folder, "check -q --format json --baseline-from main");
        assert_exit(&output, 0);
    }
    put(folder, "e.md", &story(2));
    assert_eq!(found(&check(folder, "--baseline-from main", 1)), ["near-duplicate e.md"]);
    assert_exit(&run(folder, "check -q --format json --baseline-from main"), 1);
    // A baseline that was committed is no text of the revision.
    put(folder, "dittograph.toml", "min-words = 8\nbaseline = \"known.jsonl\"\n");
    fs::remove_file(folder.join("e.md")).unwrap();
    let sentence = "A sentence of nine plain words that two have.";
    put(folder, "x.md", &format!("{}\n\n{sentence}\n", story(5)));
    put(folder, "y.md", &format!("{}\n\n{sentence}\n", story(6)));
    assert_exit(&run(folder, "baseline write -q"), 0);
    commit(folder, "known");
    put(folder, "z.md", &format!("{}\n\n{sentence}\n", story(7)));
    for arguments in ["", "--baseline-from HEAD"] {
        assert_eq!(found(&check(folder, arguments, 1)), ["shared-passage z.md"], "{arguments}");
    }
    // Two past that have nothing in common, as in a shallow clone: said, and compared as it is.
    git(folder, "checkout -q --orphan other");
    commit(folder, "other");
    let output = run(folder, "check --no-cache --format json --baseline-from main --changed-only main");
    assert_exit(&output, 1);
    assert!(stderr(&output).contains("no common past"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn links_lead_where_they_lead() {
    use std::os::unix::fs::symlink;
    let base = folder(&[("r/docs/a.md", &story(1)), ("shared/s.md", &story(2)), ("r/docs/t.md", &story(2))]);
    let folder = base.path().join("r");
    symlink("../../shared/s.md", folder.join("docs/s.md")).unwrap();
    git(&folder, "init -q");
    commit(&folder, "first");
    // What a link out of the repository leads to is there in the revision too.
    assert!(told(&check(&folder, "--baseline-from HEAD", 0)).is_empty());
    symlink(&folder, base.path().join("lnk")).unwrap();
    put(&folder, "docs/b.md", &story(1));
    for option in ["--baseline-from HEAD", "--changed-only HEAD", "--baseline-from HEAD --temp-dir ../shared"] {
        for path in ["docs", "../lnk/docs"] {
            let report = check(&folder, &format!("{option} {path}"), 1);
            assert!(told(&report).iter().any(|told| told.contains("b.md")), "{option} {path}: {report:#}");
        }
        let output = run(&folder, &format!("check -q --no-cache {option} ../shared"));
        assert_exit(&output, 2);
        assert!(stderr(&output).contains("lies outside the repository"), "{}", stderr(&output));
    }
}

#[test]
fn submodules_have_a_past_and_changes() {
    let base = folder(&[("lib/a.md", &story(1)), ("lib/b.md", &story(1)), ("r/c.md", &story(2))]);
    let (lib, folder) = (base.path().join("lib"), base.path().join("r"));
    git(&lib, "init -q");
    commit(&lib, "first");
    git(&folder, "init -q");
    git(&folder, "-c protocol.file.allow=always submodule --quiet add ../lib sub");
    commit(&folder, "first");
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert!(told(&check(&folder, option, 0)).is_empty(), "{option}");
    }
    put(&folder, "sub/d.md", &story(2));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert_eq!(found(&check(&folder, option, 1)), ["near-duplicate sub/d.md"], "{option}");
    }
}

#[test]
fn of_a_revision_only_what_is_checked_is_written() {
    let base = folder(&[("docs/a.md", &story(1)), ("docs/b.md", &story(1)), ("other/c.md", &story(2))]);
    git(base.path(), "init -q");
    // Whoever writes the other files has to fetch them first, which fails.
    put(base.path(), ".gitattributes", "other/* filter=stored\n");
    git(base.path(), "config filter.stored.clean cat");
    git(base.path(), "config filter.stored.smudge false");
    git(base.path(), "config filter.stored.required true");
    // What is ignored at the top is ignored in the folder.
    put(base.path(), ".gitignore", "draft*\n");
    put(base.path(), "docs/draft.md", &story(1));
    git(base.path(), "add -A --force");
    git(base.path(), "commit -q -m first");
    for paths in ["docs", "docs/*.md", "docs/a.md docs/b.md"] {
        check(base.path(), &format!("--baseline-from HEAD {paths}"), 0);
    }
    let output = run(base.path(), "check -q --no-cache --baseline-from HEAD");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("smudge filter stored failed"), "{}", stderr(&output));
    put(base.path(), "docs/c.md", &story(1));
    assert_eq!(found(&check(base.path(), "--baseline-from HEAD docs", 1)), ["near-duplicate docs/c.md"]);
    // A link may lead anywhere, so all is written for one.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../other/c.md", base.path().join("docs/l.md")).unwrap();
        git(base.path(), "config filter.stored.smudge cat");
        commit(base.path(), "second");
        put(base.path(), "docs/d.md", &story(2));
        assert_eq!(found(&check(base.path(), "--baseline-from HEAD docs", 1)), ["near-duplicate docs/d.md"]);
        fs::remove_file(base.path().join("docs/d.md")).unwrap();
        check(base.path(), "--baseline-from HEAD docs other", 0);
    }
}

#[test]
fn files_that_git_ignores_have_changed() {
    let base = folder(&[("a.md", &story(1)), (".gitignore", "gen\n")]);
    git(base.path(), "init -q");
    commit(base.path(), "first");
    put(base.path(), "gen/g.md", &story(1));
    assert_eq!(found(&check(base.path(), "--changed-only HEAD a.md gen/g.md", 1)), ["near-duplicate gen/g.md"]);
}

#[test]
fn what_was_changed_is_the_place_to_act_on() {
    let base = folder(&[("small.md", &story(1)), ("other.md", &story(2))]);
    git(base.path(), "init -q");
    commit(base.path(), "first");
    put(base.path(), "big.md", &format!("{}\n\n{}\n\n{}", story(3), story(1), story(4)));
    let report = check(base.path(), "--baseline-from HEAD", 1);
    assert_eq!(found(&report), ["contained big.md"]);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("holds all of small.md:1"), "{message}");
}

#[test]
fn what_an_older_revision_did_not_have_is_not_missed_in_it() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    git(base.path(), "init -q");
    commit(base.path(), "one");
    // A pattern, a folder and a file that came since: what was known stays known.
    put(base.path(), "LICENSE", &story(2));
    put(base.path(), "old/a.md", &story(3));
    put(base.path(), "new/c.md", &story(4));
    let config =
        "paths = [\"a.md\", \"b.md\", \"new\", \"n*/*.md\"]\nreferences = [\"old\"]\nknown-text = [\"LICEN?E\"]\n";
    put(base.path(), "dittograph.toml", config);
    check(base.path(), "--baseline-from HEAD", 0);
    put(base.path(), "new/d.md", &story(4));
    assert_eq!(found(&check(base.path(), "--baseline-from HEAD", 1)), ["near-duplicate new/d.md"]);
}

#[test]
fn odd_names_of_folders_are_no_patterns() {
    let base = folder(&[("a [b] {c,d} !x/docs/a.md", &story(1)), ("a [b] {c,d} !x/docs/b.md", &story(1))]);
    let folder = base.path().join("a [b] {c,d} !x");
    put(&folder, "dittograph.toml", "paths = [\"docs/*.md\"]\nignore = [\"docs/no*\", \"{!}x.md\"]\n");
    git(&folder, "init -q");
    commit(&folder, "first");
    put(&folder, "docs/no.md", &story(1));
    put(&folder, "docs/!x.md", &story(1));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert!(told(&check(&folder, option, 0)).is_empty(), "{option}");
    }
    put(&folder, "docs/c.md", &story(1));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert_eq!(found(&check(&folder, option, 1)), ["near-duplicate docs/c.md"], "{option}");
    }
}

#[test]
fn hidden_files_are_as_hidden_in_a_revision_as_today() {
    // The repository lies below a hidden folder, which hides nothing of it.
    let base = folder(&[(".work/r/a.md", &story(1)), (".work/r/.b.md", &story(1))]);
    let folder = base.path().join(".work/r");
    git(&folder, "init -q");
    commit(&folder, "first");
    put(&folder, "c.md", &story(1));
    for paths in [".", "*.md", "**/*.md"] {
        let report = check(&folder, &format!("--baseline-from HEAD {paths}"), 1);
        assert_eq!(found(&report), ["near-duplicate c.md"], "{paths}");
        assert_eq!(report["size"]["documents"], 2, "{paths}");
        let report = check(&folder, &format!("--baseline-from HEAD --hidden {paths}"), 1);
        assert_eq!((found(&report).len(), &report["size"]["documents"]), (1, &3.into()), "{paths}");
    }
    // Whatever the folders are called that it lies in.
    let odd = base.path().join("o[x] {y}");
    fs::create_dir(&odd).unwrap();
    fs::rename(base.path().join(".work"), odd.join(".work")).unwrap();
    let folder = odd.join(".work/r");
    for arguments in ["*.md", "--baseline-from HEAD *.md"] {
        assert_eq!(check(&folder, arguments, 1)["size"]["documents"], 2, "{arguments}");
    }
    // What git keeps for itself is nobody's text, hidden files or not.
    put(&folder, ".git/d.md", &story(1));
    assert_eq!(check(&folder, "--hidden", 1)["size"]["documents"], 3);
}

#[cfg(unix)]
#[test]
fn what_lies_outside_a_repository_is_asked_for_each_time() {
    let base = folder(&[("shared/s.md", &story(2)), ("r/t.md", &story(2)), ("r/a.md", &story(1))]);
    let folder = base.path().join("r");
    std::os::unix::fs::symlink("../shared/s.md", folder.join("s.md")).unwrap();
    git(&folder, "init -q");
    commit(&folder, "first");
    // A third copy is new whatever was kept of an earlier run.
    let arguments = "check -q --format json --baseline-from HEAD";
    assert_exit(&run(&folder, arguments), 0);
    put(&folder, "u.md", &story(2));
    assert_exit(&run(&folder, arguments), 1);
    // With another text behind the link there were never two.
    put(base.path(), "shared/s.md", &story(3));
    put(&folder, "t.md", &story(4));
    put(&folder, "v.md", &story(3));
    let output = run(&folder, arguments);
    assert_exit(&output, 1);
    assert_eq!(found(&cli_support::json(&output)), ["near-duplicate v.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_has_changed_with_what_it_leads_to() {
    use std::os::unix::fs::symlink;
    let base = folder(&[("texts/t.md", &story(1)), ("docs/a.md", &story(2)), ("docs/c.md", &story(3))]);
    let folder = base.path();
    git(folder, "init -q");
    symlink("../texts/t.md", folder.join("docs/relative.md")).unwrap();
    symlink(folder.join("docs/a.md"), folder.join("docs/absolute.md")).unwrap();
    commit(folder, "first");
    // In the revision both led to what they lead to today, as it was.
    check(folder, "--baseline-from HEAD docs", 0);
    put(folder, "texts/t.md", &story(3));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert_eq!(
            found(&check(folder, &format!("{option} docs"), 1)),
            ["near-duplicate docs/relative.md"],
            "{option}"
        );
    }
    put(folder, "docs/a.md", &story(4));
    put(folder, "docs/b.md", &story(4));
    git(folder, "checkout -q texts");
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        let report = check(folder, &format!("{option} docs"), 1);
        assert!(report.to_string().contains("docs/b.md"), "{option}: {report:#}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_ignored_by_the_name_of_a_link_is_ignored_in_a_revision() {
    let base = folder(&[("out/a.md", &story(1)), ("docs/b.md", &story(1))]);
    let folder = base.path();
    std::os::unix::fs::symlink("../out", folder.join("docs/gen")).unwrap();
    put(folder, "dittograph.toml", "paths = [\"docs\"]\nignore = [\"docs/gen\"]\n");
    git(folder, "init -q");
    commit(folder, "first");
    let report = check(folder, "--baseline-from HEAD", 0);
    assert_eq!(report["size"]["documents"], 1);
    put(folder, "docs/c.md", &story(1));
    assert_eq!(found(&check(folder, "--baseline-from HEAD", 1)), ["near-duplicate docs/c.md"]);
}

#[test]
fn where_git_tracks_nothing_everything_has_changed() {
    let base = folder(&[("a.md", &story(1)), ("b.md", &story(1))]);
    git(base.path(), "init -q");
    git(base.path(), "commit -q --allow-empty -m first");
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert_eq!(found(&check(base.path(), option, 1)).len(), 1, "{option}");
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_no_past() {
    let base = folder(&[("in/a.md", &story(1)), ("out/b.md", &story(1)), ("in/c.md", &story(2))]);
    let folder = base.path();
    git(folder, "init -q");
    commit(folder, "first");
    git(folder, "sparse-checkout set in");
    assert!(!folder.join("out/b.md").exists());
    // The only copy here is the one that stood here.
    put(folder, "in/d.md", &story(2));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        let report = check(folder, option, 1);
        assert_eq!(found(&report), ["near-duplicate in/d.md"], "{option}");
        assert_eq!(report["size"]["documents"], 3, "{option}");
    }
}

#[test]
fn no_page_is_blamed_that_a_change_does_not_touch() {
    let base = folder(&[]);
    let folder = base.path();
    // Paragraphs that pages have in common, in another order in each.
    let [one, other] = [1, 2].map(|number| story(number).replace("\n\n", " "));
    let page = |parts: &[&str]| parts.join("\n\n");
    let own: Vec<String> = (3..8).map(|number| story(number).replace("\n\n", " ")).collect();
    put(folder, "x.md", &page(&[&own[0], &one]));
    put(folder, "y.md", &page(&[&one, &other, &own[1]]));
    put(folder, "z.md", &page(&[&one, &own[2], &other]));
    git(folder, "init -q");
    commit(folder, "first");
    put(folder, "y.md", &page(&[&own[1], &other, &one]));
    put(folder, "w.md", &own[3]);
    for arguments in ["--baseline-from HEAD", "--changed-only HEAD --baseline-from HEAD"] {
        let report = check(folder, arguments, 0);
        assert!(told(&report).is_empty(), "{report:#}");
    }
    // A new page that says it too is to blame, and it alone.
    commit(folder, "moved");
    put(folder, "v.md", &page(&[&own[4], &one]));
    let report = check(folder, "--baseline-from HEAD", 1);
    assert!(found(&report).iter().all(|told| told.ends_with(" v.md")), "{report:#}");
    // Nor is a page that says something twice, as it did, for another that says it now.
    fs::remove_file(folder.join("v.md")).unwrap();
    put(folder, "twice.md", &page(&[&own[3], &one, &other, &own[4], &one]));
    commit(folder, "twice");
    put(folder, "u.md", &page(&[&story(9), &one]));
    let report = check(folder, "--baseline-from HEAD", 1);
    assert!(found(&report).iter().all(|told| told.ends_with(" u.md")), "{report:#}");
}

#[test]
fn a_hook_tells_git_of_the_repository_that_it_runs_for() {
    let base = folder(&[("lib/a.md", &story(1)), ("r/c.md", &story(2))]);
    let (lib, folder) = (base.path().join("lib"), base.path().join("r"));
    git(&lib, "init -q");
    commit(&lib, "first");
    git(&folder, "init -q");
    git(&folder, "-c protocol.file.allow=always submodule --quiet add ../lib sub");
    commit(&folder, "first");
    put(&folder, "sub/d.md", &story(2));
    git(&folder, "worktree add -q ../tree HEAD");
    for (folder, others) in [(&folder, [".git", ".git/index"]), (&base.path().join("tree"), ["../r/.git", "none"])] {
        put(folder, "e.md", &story(2));
        for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
            let [directory, index] = others;
            let output = command(folder, &format!("check -q --no-cache --format json {option}"))
                .env("GIT_INDEX_FILE", index)
                .env("GIT_DIR", directory)
                .output()
                .unwrap();
            assert_exit(&output, 1);
            assert!(cli_support::json(&output).to_string().contains("e.md"), "{option}");
        }
    }
}

#[test]
fn ignore_files_above_a_repository_hold_in_a_revision_too() {
    let base = folder(&[(".ignore", "draft*\n"), ("r/a.md", &story(1)), ("r/draft.md", &story(1))]);
    let folder = base.path().join("r");
    git(&folder, "init -q");
    commit(&folder, "first");
    put(&folder, "b.md", &story(1));
    assert_eq!(found(&check(&folder, "--baseline-from HEAD", 1)), ["near-duplicate b.md"]);
    // A folder for temporary files that hides what is written to it would make everything new.
    put(base.path(), "t/.ignore", "*.md\n");
    fs::create_dir(base.path().join("t/mp")).unwrap();
    let output = run(&folder, "check --no-cache --baseline-from HEAD --temp-dir ../t/mp");
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("might hide files of the revision"), "{}", stderr(&output));
}

/// A change that git calls none, or that is no document's.
#[test]
fn what_was_not_looked_at_before_is_new_though_git_calls_it_unchanged() {
    let page = |number: u32, notice: &str| format!("{}\n\n{notice}", story(number));
    let notice = story(9).replace("\n\n", " ");
    let files = [
        ("docs/a.md", page(1, &notice)),
        ("docs/b.md", page(2, &notice)),
        ("drafts/x.md", page(1, "")),
        ("docs/hidden.md", page(2, "")),
        ("v1/c.md", story(3)),
        ("v2/c.md", story(3)),
        ("old/d.md", story(4)),
        ("docs/e.md", story(5)),
        ("NOTICE", notice.clone()),
        (".gitignore", "hidden.md\n".to_owned()),
    ];
    let base = folder(&files.each_ref().map(|(path, text)| (*path, text.as_str())));
    let folder = base.path();
    let config = "paths = [\"docs\", \"v*\", \"other\"]\nreferences = [\"old\"]\nknown-text = [\"NOTICE\"]\n[[groups]]\n\
                  name = \"versions\"\npaths = [\"v*\"]\n";
    put(folder, "other/z.md", &story(6));
    put(folder, "dittograph.toml", config);
    git(folder, "init -q");
    git(folder, "add -A --force");
    git(folder, "commit -q -m first");
    let clean = || {
        git(folder, "reset -q --hard");
        git(folder, "clean -q -f -d");
        check(folder, "--baseline-from HEAD", 0);
    };
    clean();
    fs::rename(folder.join("drafts/x.md"), folder.join("docs/x.md")).unwrap();
    git(folder, "add -A");
    assert_eq!(check(folder, "--baseline-from HEAD", 1)["problems"][0]["places"][0]["path"], "docs/x.md");
    clean();
    put(folder, ".gitignore", "");
    assert!(check(folder, "--baseline-from HEAD", 1).to_string().contains("docs/hidden.md"));
    clean();
    fs::rename(folder.join("v2/c.md"), folder.join("other/c.md")).unwrap();
    git(folder, "add -A");
    assert_eq!(found(&check(folder, "--baseline-from HEAD", 1)), ["near-duplicate other/c.md"]);
    clean();
    put(folder, "old/e.md", &story(5));
    assert_eq!(found(&check(folder, "--baseline-from HEAD", 1)), ["near-duplicate docs/e.md"]);
    clean();
    put(folder, "NOTICE", &story(8));
    assert!(!told(&check(folder, "--baseline-from HEAD", 1)).is_empty());
    clean();
}

#[test]
fn a_glob_names_no_more_of_a_revision_than_of_today() {
    let base = folder(&[("docs/sub/a.md", &story(1)), ("docs/sub/b.md", &story(1)), ("docs/c.md", &story(1))]);
    let folder = base.path();
    git(folder, "init -q");
    commit(folder, "first");
    let absolute = folder.canonicalize().unwrap().join("docs/*.md");
    for (pattern, key) in [("docs/*.md", "ignore = "), (absolute.to_str().unwrap(), "ignore = ")]
        .into_iter()
        .chain([("docs/*.md", "[[groups]]\nname = \"top\"\npaths = ")])
    {
        put(folder, "dittograph.toml", &format!("{key}[\"{pattern}\"]\n"));
        put(folder, "docs/sub/a.md", &format!("{}\n\nA line more.\n", story(1)));
        assert!(told(&check(folder, "--baseline-from HEAD", 0)).is_empty(), "{pattern}");
    }
}

#[test]
fn what_was_kept_of_a_revision_holds_for_the_same_checkout_only() {
    let base = folder(&[("in/a.md", &story(1)), ("out/b.md", &story(1)), (".gitattributes", "*.md filter=stub\n")]);
    let folder = base.path();
    git(folder, "init -q");
    git(folder, "config filter.stub.clean cat");
    git(folder, "config filter.stub.smudge cat");
    commit(folder, "first");
    let arguments = "check -q --format json --cache-dir .kept --baseline-from HEAD";
    assert_exit(&run(folder, arguments), 0);
    git(folder, "sparse-checkout set in");
    put(folder, "in/d.md", &story(1));
    assert_exit(&run(folder, arguments), 1);
    fs::remove_file(folder.join("in/d.md")).unwrap();
    git(folder, "sparse-checkout disable");
    // A filter that was not set up yet wrote something else.
    put(folder, "in/a.md", &format!("{}\n\nA line more.\n", story(1)));
    git(folder, "config filter.stub.smudge wc");
    fs::remove_dir_all(folder.join(".kept")).unwrap();
    assert_exit(&run(folder, arguments), 1);
    git(folder, "config filter.stub.smudge cat");
    assert_exit(&run(folder, arguments), 0);
}

#[test]
fn a_submodule_has_changed_whatever_git_is_told_to_tell() {
    let base = folder(&[("lib/a.md", &story(1)), ("r/c.md", &story(2))]);
    let (lib, folder) = (base.path().join("lib"), base.path().join("r"));
    git(&lib, "init -q");
    commit(&lib, "first");
    git(&folder, "init -q");
    git(&folder, "-c protocol.file.allow=always submodule --quiet add ../lib sub");
    git(&folder, "config -f .gitmodules submodule.sub.ignore all");
    git(&folder, "config diff.ignoreSubmodules all");
    commit(&folder, "first");
    put(&folder, "sub/a.md", &story(2));
    for option in ["--baseline-from HEAD", "--changed-only HEAD"] {
        assert_eq!(found(&check(&folder, option, 1)), ["near-duplicate sub/a.md"], "{option}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_led_nowhere_can_be_mended() {
    let base = folder(&[("docs/a.md", &story(1))]);
    let folder = base.path();
    std::os::unix::fs::symlink("nowhere.md", folder.join("docs/l.md")).unwrap();
    put(folder, "dittograph.toml", "paths = [\"docs/a.md\", \"docs/l.md\"]\n");
    git(folder, "init -q");
    commit(folder, "first");
    put(folder, "docs/nowhere.md", &story(2));
    assert!(told(&check(folder, "--baseline-from HEAD", 0)).is_empty());
}
