//! Ledger: where each token of a document comes from, so that the fields add up.
//!
//! **Idea.** Everything that repeats lays [claims](Claim) on tokens: furniture, the second copy of a text within its
//! document, what another document says too. Claims are put in order, and each token goes to the first that asks for it:
//! furniture before doubled text, doubled text before what stands elsewhere; of equals the claim with the smaller order
//! (for a scan, of the longest passage). What nobody claims is original.
//!
//! Only equal words are claimed. What was added in between stands nowhere else and stays with its document.
//!
//! **Cost.** O(claims log claims), and the tokens of all occurrences once.

use rayon::prelude::*;

use crate::alignment::Block;
use crate::finding::{Confidence, Ledger};
use crate::matches::Place;
use crate::passages::{Occurrence, Passage};

/// Which claim on a token comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precedence {
    /// Furniture.
    Furniture,
    /// A second copy within a document.
    Doubled,
    /// Text that another document has too: taken from it, if it is named.
    Elsewhere,
    /// A quotation that another document has too.
    Quoted,
}

/// A wish for some tokens of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub(crate) document: u32,
    pub(crate) precedence: Precedence,
    /// Of equal precedence the smallest comes first.
    pub(crate) order: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The document that the tokens were taken from.
    pub(crate) from: Option<u32>,
}

impl Claim {
    /// A claim that comes the earlier, the longer it is.
    pub(crate) fn new(precedence: Precedence, place: Place) -> Self {
        let Place { document, start, end } = place;
        Claim { document, precedence, order: u32::MAX - (end - start), start, end, from: None }
    }
}

/// What furniture claims.
pub(crate) fn claim_furniture(furniture: &[(Passage, Confidence)]) -> impl Iterator<Item = Claim> {
    let occurrences = furniture.iter().flat_map(|(passage, _)| &passage.occurrences);
    occurrences.map(|occurrence| Claim::new(Precedence::Furniture, occurrence.place))
}

/// What a passage claims: further copies in one document as doubled; each document's first one as `elsewhere` says,
/// which is asked in their order.
pub(crate) fn claim_passage(
    passage: &Passage,
    mut elsewhere: impl FnMut(&Occurrence) -> Option<(Precedence, Option<u32>)>,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut last = None;
    for (occurrence, parts) in passage.occurrences.iter().zip(repeated_parts(passage)) {
        let (whole, copy) = (occurrence.place, occurrence.first_copy());
        if copy != whole {
            claims.push(Claim::new(Precedence::Doubled, Place { start: copy.end, ..whole }));
        }
        let is_first = last.replace(whole.document) != Some(whole.document);
        let wish = if is_first { elsewhere(occurrence) } else { Some((Precedence::Doubled, None)) };
        if let Some((precedence, from)) = wish {
            claims.extend(parts.into_iter().map(|place| Claim { from, ..Claim::new(precedence, place) }));
        }
    }
    claims
}

/// Makes the ledgers of all documents; `tokens` tells how many each has.
pub(crate) fn settle(mut claims: Vec<Claim>, tokens: &[u32]) -> Vec<Ledger> {
    claims.par_sort_unstable();
    let mut ledgers: Vec<Ledger> =
        tokens.iter().map(|tokens| Ledger { tokens: *tokens, original: *tokens, ..Ledger::default() }).collect();
    for of_document in claims.chunk_by(|one, other| one.document == other.document) {
        settle_document(of_document, &mut ledgers[of_document[0].document as usize]);
    }
    ledgers
}

/// Gives each token of a document to the first claim on it; tells how many each claim gained.
pub(crate) fn settle_document(claims: &[Claim], ledger: &mut Ledger) -> Vec<u32> {
    let mut taken = vec![false; ledger.tokens as usize];
    let mut gains = Vec::with_capacity(claims.len());
    for claim in claims {
        let free = taken[claim.start as usize..claim.end as usize].iter_mut();
        let gained = free.map(|token| u32::from(!std::mem::replace(token, true))).sum::<u32>();
        gains.push(gained);
        if gained == 0 {
            continue;
        }
        ledger.original -= gained;
        match (claim.precedence, claim.from) {
            (Precedence::Furniture, _) => ledger.boilerplate += gained,
            (Precedence::Doubled, _) => ledger.doubled += gained,
            (Precedence::Elsewhere, None) => ledger.shared += gained,
            (Precedence::Quoted, _) => ledger.quoted += gained,
            (Precedence::Elsewhere, Some(from)) => match ledger.reused.binary_search_by_key(&from, |entry| entry.0) {
                Ok(at) => ledger.reused[at].1 += gained,
                Err(at) => ledger.reused.insert(at, (from, gained)),
            },
        }
    }
    gains
}

/// The stretches of each occurrence that the ledger may count: of a document's first one, what another document says in
/// the same words; of its further ones, what any other occurrence says. What was added in between stands nowhere else,
/// and the ledger leaves it to its document. Linear in the tokens of all occurrences.
fn repeated_parts(passage: &Passage) -> Vec<Vec<Place>> {
    let blocks = |occurrence: &Occurrence| match &occurrence.alignment {
        Some(alignment) => alignment.blocks.clone(),
        None => vec![Block { a: 0, b: 0, length: occurrence.first_copy().length() }],
    };
    let length = passage.occurrences[passage.representative].first_copy().length() as usize;
    let groups = || passage.occurrences.chunk_by(|one, other| one.place.document == other.place.document);
    let mark = |of_document: &[Occurrence]| {
        let mut said = vec![false; length];
        for block in of_document.iter().flat_map(blocks) {
            said[block.a as usize..block.a_end() as usize].fill(true);
        }
        said
    };
    // For each token of the representative, how many documents and how many occurrences say it.
    let (mut documents, mut occurrences) = (vec![0u32; length], vec![0u32; length]);
    for of_document in groups() {
        documents.iter_mut().zip(mark(of_document)).for_each(|(count, said)| *count += u32::from(said));
        for block in of_document.iter().flat_map(blocks) {
            occurrences[block.a as usize..block.a_end() as usize].iter_mut().for_each(|count| *count += 1);
        }
    }
    let mut parts = Vec::with_capacity(passage.occurrences.len());
    for of_document in groups() {
        let own = mark(of_document);
        for (at, occurrence) in of_document.iter().enumerate() {
            let is_repeated = |token: usize| {
                if at == 0 { documents[token] > u32::from(own[token]) } else { occurrences[token] > 1 }
            };
            let start = occurrence.place.start;
            let mut stretches: Vec<Place> = Vec::new();
            for block in blocks(occurrence) {
                for offset in (0..block.length).filter(|offset| is_repeated((block.a + offset) as usize)) {
                    let token = start + block.b + offset;
                    match stretches.last_mut() {
                        Some(last) if last.end == token => last.end += 1,
                        _ => stretches.push(Place { start: token, end: token + 1, ..occurrence.place }),
                    }
                }
            }
            parts.push(stretches);
        }
    }
    parts
}
