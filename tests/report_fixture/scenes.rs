//! The scenes: small corpora, each with what a report must be able to show.

use std::num::NonZeroU64;

use dittograph::document::{Derivation, Label, Origin, Side};
use dittograph::finding::{Confidence, Role, Rule, Severity};

use super::{Fixture, april};

const HIGH: Confidence = Confidence::High;
const LOW: Confidence = Confidence::Low;

const HARBOUR: &str = "The harbour authority said on Tuesday that the northern quay would stay closed until the end of \
the month, after divers found cracks in four of its twelve piers.\n\nShips bound for the quay have been sent to the \
fishing port, where skippers complain of crowding. \u{201c}We were told a week, and now it is a month,\u{201d} said Ines \
Duarte, who runs two trawlers.\n\nThe authority expects repairs to cost nine million crowns and hopes that the ministry \
will pay half of it.";

const FERRY: &str = "A ferry with 212 passengers on board ran aground off the island of Sund early on Friday. No one was \
hurt, the coast guard said, and the passengers were taken ashore in lifeboats before noon.";

fn titled(title: &str) -> Option<Box<Label>> {
    Some(Box::new(Label { title: Some(title.into()), url: None }))
}

/// What a newsroom sees: a doubled body, an altered echo, shared passages with and without dates, clusters, furniture.
pub(crate) fn newsroom() -> Fixture {
    let mut scene = Fixture::default();
    let wire = scene.document("wire/0402-ferry.txt", april(2), &format!("{FERRY}\n\nThe company that runs the ferry said that its engines had failed twice this year and that it would look into the matter together with the yard that built it."));
    let post = scene.document("post/9912.txt", april(3), &format!("{}\n\nThe company that runs the ferry said that its engines had failed twice this year and that it would look into the matter together with the yard.", FERRY.replace("212 passengers", "more than 200 passengers")));
    let flash = scene.document("radio/flash-17.txt", april(3), FERRY);
    let harbour = scene.document("gazette/harbour.txt", april(6), &format!("Skip to main content\nLatest news\n\nNorthern quay shut for a month\n\n{HARBOUR}\n\nThumbnail\n\nNorthern quay shut for a month\n\n{HARBOUR}\n\nShare this post"));
    let mayor = scene.document("gazette/mayor.txt", april(7), "Skip to main content\n\nMayor asks for patience\n\nThe mayor said that she had been told of the cracks on Monday evening and had asked for a second opinion before the closure.\n\nShe will speak to the council on Thursday.\n\nThe mayor, it emerged, had been told of the cracks late on Monday evening and had asked for a second opinion before any closure.\n\nShare this post");
    let column = scene.document("herald/column.txt", april(9), "What the quay tells us\n\nNobody who has walked there in winter was surprised. Ships bound for the quay have been sent to the fishing port, where skippers complain of crowding, and the fish market has never been so loud.\n\nThe mayor said that she had been told of the cracks on Monday evening, which is two days after everyone else.");
    let letters = scene.document("herald/letters.txt", april(12), "Sir: your columnist says that ships bound for the quay have been sent to the fishing port, where the skippers complain of crowding. They always do.");

    scene.cluster(Rule::NearDuplicate, wire, &[wire, post]);
    scene.cluster(Rule::Contained, wire, &[wire, flash]);
    scene.find(
        Rule::DoubledText,
        Severity::Error,
        HIGH,
        &[
            (harbour, &format!("Northern quay shut for a month\n\n{HARBOUR}"), 0),
            (harbour, &format!("Northern quay shut for a month\n\n{HARBOUR}"), 1),
        ],
    );
    scene.find(Rule::DoubledText, Severity::Warning, HIGH, &[
        (mayor, "The mayor said that she had been told of the cracks on Monday evening and had asked for a second opinion before the closure", 0),
        (mayor, "The mayor, it emerged, had been told of the cracks late on Monday evening and had asked for a second opinion before any closure", 0),
    ]);
    scene.find(
        Rule::Boilerplate,
        Severity::Note,
        LOW,
        &[(harbour, "Skip to main content", 0), (mayor, "Skip to main content", 0)],
    );
    scene.find(
        Rule::Boilerplate,
        Severity::Note,
        LOW,
        &[(harbour, "Share this post", 0), (mayor, "Share this post", 0)],
    );
    scene.find(Rule::Boilerplate, Severity::Note, LOW, &[(harbour, "Latest news", 0)]);
    scene.find(Rule::Boilerplate, Severity::Note, LOW, &[(harbour, "Thumbnail", 0)]);
    scene.find(Rule::SharedPassage, Severity::Warning, HIGH, &[
        (wire, "The company that runs the ferry said that its engines had failed twice this year and that it would look into the matter together with the yard", 0),
        (post, "The company that runs the ferry said that its engines had failed twice this year and that it would look into the matter together with the yard", 0),
    ]);
    scene.find(
        Rule::SharedPassage,
        Severity::Warning,
        HIGH,
        &[
            (
                harbour,
                "Ships bound for the quay have been sent to the fishing port, where skippers complain of crowding",
                0,
            ),
            (
                column,
                "Ships bound for the quay have been sent to the fishing port, where skippers complain of crowding",
                0,
            ),
            (
                letters,
                "ships bound for the quay have been sent to the fishing port, where the skippers complain of crowding",
                0,
            ),
        ],
    );
    scene.find(
        Rule::SharedPassage,
        Severity::Warning,
        HIGH,
        &[
            (mayor, "The mayor said that she had been told of the cracks on Monday evening", 0),
            (column, "The mayor said that she had been told of the cracks on Monday evening", 0),
        ],
    );
    scene.corpus.documents[mayor as usize].label = titled("Mayor asks for patience");
    scene.corpus.documents[mayor as usize].source = Some("gazette.example".into());
    scene.finish()
}

/// A body three times over, and a heading four times, no dates.
pub(crate) fn tripled() -> Fixture {
    let mut scene = Fixture::default();
    let body = "The committee met for nine hours and decided nothing. It will meet again.";
    let text = format!(
        "Committee meets\n{body}\n\nCommittee meets\n{body}\n\nCommittee meets\n{body}\n\nCommittee meets\nMore follows.\n"
    );
    let page = scene.document("page.txt", None, &text);
    scene.document("other.txt", None, "An article of its own words.");
    let whole = format!("Committee meets\n{body}");
    scene.find(Rule::DoubledText, Severity::Error, HIGH, &[(page, &whole, 0), (page, &whole, 1), (page, &whole, 2)]);
    scene.find(
        Rule::DoubledText,
        Severity::Note,
        HIGH,
        &[
            (page, "Committee meets", 0),
            (page, "Committee meets", 1),
            (page, "Committee meets", 2),
            (page, "Committee meets", 3),
        ],
    );
    scene.finish()
}

/// One line, a million times.
pub(crate) fn million() -> Fixture {
    let mut scene = Fixture::default();
    let page = scene.document("log.txt", None, &"connection lost, trying again in five seconds\n".repeat(1_000_000));
    scene.find_run(page, "connection lost, trying again in five seconds", 1_000_000);
    scene.finish()
}

/// Chinese, Arabic and Japanese.
pub(crate) fn scripts() -> Fixture {
    let mut scene = Fixture::default();
    let passage = "外交部发言人星期三在例行记者会上表示，双方将继续就地区局势保持密切沟通，共同推动和平进程，并希望有关各方保持克制，通过对话解决分歧，维护地区的和平与稳定。";
    let altered = "外交部发言人星期四在例行记者会上表示，双方将就地区局势保持密切沟通，共同推动和平进程，并希望有关各方保持最大克制，通过对话解决分歧，维护地区的和平与稳定。";
    let first = scene.document("新华/0407.txt", april(7), &format!("{passage}会谈持续了两个小时。"));
    let second = scene.document("日报/0408.txt", april(8), &format!("据报道，{altered}"));
    let arabic = "قال وزير الخارجية إن الطرفين اتفقا على مواصلة المحادثات الأسبوع المقبل في العاصمة.";
    let third = scene.document("arabic.txt", april(8), &format!("{arabic}\nوأضاف أن الاجتماع كان مفيدا.\n{arabic}"));
    let menu = scene.document("menu.txt", None, "ホーム\n本日のニュースをお届けします。\nホーム\n");
    scene.find(Rule::DoubledText, Severity::Error, HIGH, &[(third, arabic, 0), (third, arabic, 1)]);
    scene.find(Rule::DoubledText, Severity::Note, HIGH, &[(menu, "ホーム", 0), (menu, "ホーム", 1)]);
    scene.find(Rule::SharedPassage, Severity::Warning, HIGH, &[(first, passage, 0), (second, altered, 0)]);
    scene.finish()
}

/// Text that would like to drive the terminal, in every place where text is shown.
pub(crate) fn hostile() -> Fixture {
    let mut scene = Fixture::default();
    let line = "\u{1b}[31mRed alert\u{1b}[0m \u{9b}2J said \u{202e}the\u{2069} bell\u{7} rang\ttwice for everyone here";
    let page =
        scene.document("bad\u{1b}]0;owned\u{7}\nname.txt", None, &format!("{line}\r\nSomething else.\r\n{line}\r\n"));
    scene.document("back\\slash\ttab.txt", None, "nothing here");
    scene.corpus.documents[0].label = titled("\u{1b}[2Jtitle\u{85}");
    scene.find(Rule::DoubledText, Severity::Warning, HIGH, &[(page, line, 0), (page, line, 1)]);
    scene.find(Rule::Boilerplate, Severity::Note, LOW, &[(page, "Something else", 0)]);
    scene.skip("evil\u{1b}[1m.txt", Some(3), "not \u{202e}JSON", true);
    scene.finish()
}

/// Nothing read.
pub(crate) fn empty() -> Fixture {
    Fixture::default().finish()
}

/// Documents without repeats, one of them without text, and inputs that were not read.
pub(crate) fn unrepeated() -> Fixture {
    let mut scene = Fixture::default();
    scene.document("a.txt", None, "Four words stand here.");
    scene.document("b.txt", None, "Others stand over there.");
    scene.document("blank.txt", None, " \n");
    scene.skip("cut.jsonl.gz", None, "the gzip stream ends early: fetch the file again", true);
    scene.skip("feed.jsonl", Some(12), "not JSON: expected `,` or `}` at column 80", true);
    scene.skip("feed.jsonl", Some(40), "no field `text`: name another with --text-field", true);
    scene.skip("locked.txt", None, "permission denied", true);
    scene.skip("photo.png", None, "no known type", false);
    scene.corpus.warnings.push("b.txt: decoded from windows-1252".to_owned());
    let path = scene.corpus.documents[1].origin.path.clone();
    scene.corpus.documents[1].origin =
        Origin { path, encoding: "windows-1252", derivation: Derivation::Decoded, side: Side::Subject }.into();
    scene.finish()
}

/// Whole documents only, as `--only near-duplicate,contained` finds them.
pub(crate) fn wholes() -> Fixture {
    let mut scene = Fixture::default();
    let texts: Vec<String> = (0..9).map(|n| FERRY.replace("212", &(200 + n).to_string())).collect();
    let ranks: Vec<u32> = texts
        .iter()
        .enumerate()
        .map(|(n, text)| {
            scene.document(
                &format!("reprints/outlet-{n}/2021/04/a-ferry-ran-aground-off-the-island-of-sund.html.txt"),
                None,
                text,
            )
        })
        .collect();
    scene.document("alone.txt", None, "A text of its own.");
    scene.cluster(Rule::NearDuplicate, 3, &ranks);
    scene.settings.only = vec![Rule::Contained, Rule::NearDuplicate];
    scene.finish()
}

/// Pages of one site: furniture known by repetition, and more findings than a page of report holds.
pub(crate) fn site() -> Fixture {
    let mut scene = Fixture::default();
    let ranks: Vec<u32> = (0..40)
        .map(|n| {
            let line = format!("Line {n} of the minutes says what was said before by member {n} of the board of works.");
            let text = format!("Subscribe to our newsletter for the best of the week\n{line}\nIn between stands something about {n}.\n{line}\nAll rights reserved. No part of this page may be copied\n");
            scene.document(&format!("site.jsonl#{}", n + 1), None, &text)
        })
        .collect();
    for &rank in &ranks {
        let document = &mut scene.corpus.documents[rank as usize];
        document.origin = Origin {
            path: "site.jsonl".into(),
            encoding: "utf-8",
            derivation: Derivation::Decoded,
            side: Side::Subject,
        }
        .into();
        document.record = NonZeroU64::new(u64::from(rank) + 1);
        let line = document.text.lines().nth(1).unwrap().to_owned();
        scene.find(Rule::DoubledText, Severity::Warning, HIGH, &[(rank, &line, 0), (rank, &line, 1)]);
    }
    for words in [
        "Subscribe to our newsletter for the best of the week",
        "All rights reserved. No part of this page may be copied",
    ] {
        let places: Vec<_> = ranks.iter().map(|&rank| (rank, words, 0)).collect();
        scene.find(Rule::Boilerplate, Severity::Note, HIGH, &places);
    }
    let places: Vec<_> = ranks.iter().map(|&rank| (rank, "In between stands something about", 0)).collect();
    scene.find(Rule::SharedPassage, Severity::Note, HIGH, &places);
    scene.finish()
}

/// Forms that the other scenes lack: several altered copies, copies in one line, more places than are listed, text
/// doubled in more than one document, a long insertion, an original far down the list, two documents within a third.
pub(crate) fn forms() -> Fixture {
    let mut scene = Fixture::default();
    let vow = "We will not leave the valley before the last family has been brought to safety";
    let vows = [
        vow,
        "We will not leave this valley before the last family has been brought to safety",
        "We will never leave the valley before the last family has been brought to full safety",
        "We will not leave before the last family has been brought to safety",
        "We will not leave the valley, where we have lived since the days of our grandmothers and where the river gives us all that we need, before the last family has been brought to safety",
        "We shall not leave the valley before the last family has been brought to safety",
    ];
    let refrain = "and the river ran on";
    let speech =
        scene.document("speech.txt", None, &format!("{}\n{}\n", vows.join(".\n\n"), format!("{refrain}\n").repeat(9)));
    let menu = "Home News Sport Weather. ";
    let line = scene.document("line.txt", None, &format!("{menu}Something happens here. {menu}It goes on. {menu}"));
    let other = scene.document("other-line.txt", None, &format!("{menu}And there. {menu}"));
    let places: Vec<_> = vows.iter().map(|&words| (speech, words, 0)).collect();
    scene.find(Rule::DoubledText, Severity::Warning, HIGH, &places);
    let places: Vec<_> = (0..9).map(|nth| (speech, refrain, nth)).collect();
    scene.find(Rule::DoubledText, Severity::Note, HIGH, &places);
    let menu = menu.trim();
    scene.find(
        Rule::DoubledText,
        Severity::Note,
        HIGH,
        &[(line, menu, 0), (line, menu, 1), (line, menu, 2), (other, menu, 0), (other, menu, 1)],
    );
    let bulletin = "The bridge at Holm is closed to lorries from Monday until further notice";
    let ranks: Vec<u32> = (1..=8)
        .map(|day| {
            let more = "Traffic news. ".repeat(day % 3);
            scene.document(&format!("bulletin/{day}.txt"), april(9 - day as i64 % 9), &format!("{more}{bulletin}."))
        })
        .collect();
    let places: Vec<_> = ranks.iter().map(|&rank| (rank, bulletin, 0)).collect();
    scene.find(Rule::SharedPassage, Severity::Warning, HIGH, &places);
    let finding = scene.scan.findings.last_mut().unwrap();
    for (index, occurrence) in finding.occurrences.iter_mut().enumerate() {
        (occurrence.role, occurrence.reason) =
            if index == 7 { (Role::Original, "first by date") } else { (Role::Copy, "later by date") };
    }
    let whole = scene.document("whole.txt", None, "First half of the story. Second half of the story.");
    let halves = [
        scene.document("half-1.txt", None, "First half of the story."),
        scene.document("half-2.txt", None, "Second half of that story."),
    ];
    scene.cluster(Rule::Contained, whole, &[whole, halves[0], halves[1]]);
    scene.finish()
}

/// Every scene with its name.
pub(crate) fn all() -> Vec<(&'static str, Fixture)> {
    vec![
        ("newsroom", newsroom()),
        ("tripled", tripled()),
        ("million", million()),
        ("scripts", scripts()),
        ("hostile", hostile()),
        ("empty", empty()),
        ("unrepeated", unrepeated()),
        ("wholes", wholes()),
        ("site", site()),
        ("forms", forms()),
    ]
}
