//! What is run, declared: every row of the table stands here with its parameters and the answer that is expected of it.
//!
//! A peer's parameters are those of its documentation where these find the planted pairs, else the nearest that do; the
//! head of its driver says which documentation, and why. Whoever knows better changes a line here.

/// One row of the table.
pub(crate) struct Run {
    /// Unique; what `--only` takes.
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    /// Behind the corpus for `wc` and `dittograph`, behind the corpus and the path of the answer for a driver.
    pub(crate) arguments: &'static [&'static str],
    /// The parameters in words.
    pub(crate) parameters: &'static str,
    /// The largest corpus, in documents, that it is asked to read: the slow ones would take hours.
    pub(crate) most_documents: usize,
    /// Rounds, if the bench has as many.
    pub(crate) most_rounds: usize,
    /// Recall and precision, in thousandths, below which the run is void.
    pub(crate) least: Option<[u32; 2]>,
}

pub(crate) enum Program {
    WordCount,
    Dittograph,
    /// A package of the index of Python packages; its requirements are pinned in a file of this name, its driver is in
    /// `drivers`.
    Peer {
        package: &'static str,
        requirements: &'static str,
        driver: &'static str,
    },
}

/// The answer that is expected of all alike: of a hundred true pairs five may be missed, of a hundred joined one wrong.
const ENOUGH: [u32; 2] = [950, 990];
/// The run that all others are compared with.
pub(crate) const MEASURE: &str = "wc";
/// The run of `dittograph` that asks what the peers ask.
pub(crate) const OURS: &str = "clusters";
/// The same on one thread, and on two.
pub(crate) const THREADS: [&str; 2] = ["clusters, one thread", "clusters, two threads"];

pub(crate) const RUNS: [Run; 11] = [
    Run {
        name: MEASURE,
        program: Program::WordCount,
        arguments: &[],
        parameters: "`LC_ALL=C.UTF-8`: lines, words, bytes",
        most_documents: usize::MAX,
        most_rounds: 9,
        least: None,
    },
    Run {
        name: OURS,
        program: Program::Dittograph,
        arguments: &["--only", "near-duplicate,contained", "--similarity", "0.8"],
        parameters: "`--only near-duplicate,contained --similarity 0.8`",
        most_documents: usize::MAX,
        most_rounds: 9,
        least: Some(ENOUGH),
    },
    Run {
        name: THREADS[0],
        program: Program::Dittograph,
        arguments: &["--only", "near-duplicate,contained", "--similarity", "0.8", "--threads", "1"],
        parameters: "the same, `--threads 1`",
        most_documents: usize::MAX,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: THREADS[1],
        program: Program::Dittograph,
        arguments: &["--only", "near-duplicate,contained", "--similarity", "0.8", "--threads", "2"],
        parameters: "the same, `--threads 2`",
        most_documents: usize::MAX,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: "clusters, default",
        program: Program::Dittograph,
        arguments: &["--only", "near-duplicate,contained"],
        parameters: "`--only near-duplicate,contained`",
        most_documents: 100_000,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: "full",
        program: Program::Dittograph,
        arguments: &[],
        parameters: "all rules, default settings",
        most_documents: 100_000,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: "gaoya",
        program: Program::Peer { package: "gaoya", requirements: "gaoya.txt", driver: "gaoya_clusters.py" },
        arguments: &["16", "8"],
        parameters: "`MinHashStringIndex`, 16 bands of 8, sketches compared with 0.8, all cores",
        most_documents: 100_000,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: "rensa",
        program: Program::Peer { package: "rensa", requirements: "rensa.txt", driver: "rensa_clusters.py" },
        arguments: &["128", "16"],
        parameters: "`RMinHash` 128, `RMinHashLSH` 0.8, 16 bands, all cores",
        most_documents: 100_000,
        most_rounds: 3,
        least: Some(ENOUGH),
    },
    Run {
        name: "datasketch",
        program: Program::Peer {
            package: "datasketch",
            requirements: "datasketch.txt",
            driver: "datasketch_clusters.py",
        },
        arguments: &["128", "0.9"],
        parameters: "`MinHash` 128, `MinHashLSH` 0.8, weights 0.1 and 0.9: 14 bands of 9",
        most_documents: 100_000,
        most_rounds: 1,
        least: Some(ENOUGH),
    },
    Run {
        name: "text-dedup",
        program: Program::Peer {
            package: "text-dedup",
            requirements: "text-dedup.txt",
            driver: "text_dedup_clusters.py",
        },
        arguments: &["128", "16", "8"],
        parameters: "`text_dedup.minhash` 128, 16 bands of 8, xxh3 in 32 bits, all cores",
        most_documents: 100_000,
        most_rounds: 1,
        least: Some(ENOUGH),
    },
    Run {
        name: "datatrove",
        program: Program::Peer { package: "datatrove", requirements: "datatrove.txt", driver: "datatrove_clusters.py" },
        arguments: &["14", "8"],
        parameters: "`MinhashDedup…`, its 14 buckets of 8, xxhash in 64 bits, one worker",
        most_documents: 10_000,
        most_rounds: 1,
        least: Some(ENOUGH),
    },
];
