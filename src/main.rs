use dittograph::*;
fn main() {
    let mut documents: Vec<document::Document> = std::env::args()
        .skip(1)
        .map(|p| document::Document {
            id: p.clone(),
            path: p.as_str().into(),
            line: None,
            source: None,
            date: None,
            url: None,
            title: None,
            text: std::fs::read_to_string(&p).unwrap(),
            encoding: "utf-8",
            derivation: document::Derivation::Original,
        })
        .collect();
    documents.sort_by(|a, b| a.id.cmp(&b.id));
    let corpus = document::Corpus { documents, ..Default::default() };
    let s = scan(&corpus, &settings::Settings::default(), &progress::Silent);
    for f in &s.findings {
        println!(
            "{:016x} {:?} {:?} {:?} tokens {} words {}",
            f.id, f.rule, f.severity, f.confidence, f.tokens, f.words
        );
        for (i, o) in f.occurrences.iter().enumerate() {
            let d = &corpus.documents[o.document as usize];
            let t: String = d.text[o.span.start as usize..o.span.end as usize].chars().take(90).collect();
            println!(
                "   {}{} {}..{} x{} {:?} id {:.3} edits {} | {}",
                if i as u32 == f.representative { "*" } else { " " },
                d.id,
                o.span.start,
                o.span.end,
                o.count,
                o.role,
                o.identity.value(),
                o.edits.len(),
                t.replace('\n', " ")
            );
        }
    }
    for c in &s.clusters {
        println!("{:?} rep {} members {}", c.rule, c.representative, c.members.len());
    }
    for l in &s.ledgers {
        println!("{l:?}");
    }
    println!("{:#?}", s.statistics);
}
