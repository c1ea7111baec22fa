#[path = "../../tests/support/corpus/mod.rs"]
mod corpus;
mod news;
mod truth;
use std::io::Write;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let language = corpus::language::Language::new();
    let t = std::time::Instant::now();
    let corpus = news::Corpus::new(1, n, &language);
    let path = std::env::args().nth(2).unwrap();
    let mut out = std::io::BufWriter::with_capacity(1<<20, std::fs::File::create(&path).unwrap());
    corpus.write(&mut out).unwrap();
    out.flush().unwrap();
    println!("written {:?} {}", t.elapsed(), std::fs::metadata(&path).unwrap().len());
    let t = std::time::Instant::now();
    let truth = truth::Truth::of(&corpus);
    println!("truth {:?} families {} pairs {} below {} members {}", t.elapsed(), corpus.families.len(), truth.pairs.len(), truth.below.len(), truth.family.len());
    let t = std::time::Instant::now();
    println!("chance {} {:?}", truth::chance(&corpus), t.elapsed());
    let mut f = std::fs::File::create(format!("{path}.truth")).unwrap();
    for [a,b] in &truth.pairs { writeln!(f, "{a} {b} 1").unwrap(); }
    for [a,b] in &truth.below { writeln!(f, "{a} {b} 0").unwrap(); }
}
