//! Text: a document cut into blocks, units and tokens, with a way back to the exact bytes.
//!
//! What is compared later are tokens: words by UAX #29, folded (see [`fold`]). What is counted, named and shown are
//! units: sentences, headings and lines of their own. Both refer to the document's own bytes; no folded copy is kept. A
//! token is 8 bytes (where it starts, its fingerprint), a unit 16, and the end of a token is found again when it is
//! asked for, by cutting the text anew from the token's start.
//!
//! - `lines`, `blocks`: line ends, blank lines, Markdown's marks, and whether a text is hard-wrapped.
//! - `signs`: where full stops and quotation marks may stand, noted while the lines are found.
//! - `properties`, `words`, `borders`: what UAX #29 asks of a character, and the word and sentence borders it has.
//! - `sentences`, `tailoring`: what news adds to them: quotation marks, and a table of abbreviations, initials,
//!   datelines.
//! - `tokens`, `folding`, `hashing`, `glossary`: words and characters, what they are compared by, the number that stands
//!   for them, and a memory of such numbers.
//! - `layout`: all that put together.
//!
//! Everything is linear in the text, whatever the text. What it gives up: words of scripts written without spaces are
//! single characters, Thai has no sentences but blocks, and an abbreviation that the table doesn't know ends a
//! sentence. None of these loses a repeat, for equal text is cut equally.

mod blocks;
mod borders;
mod folding;
mod glossary;
mod hashing;
mod layout;
mod lines;
mod properties;
mod sentences;
mod signs;
mod tailoring;
mod tokens;
mod words;

pub(crate) use folding::push_small;
pub use folding::{count_words, fingerprint, fold, is_character};
pub use layout::{Cutter, LONGEST_UNIT, Layout, Unit, UnitKind, lay_out};
pub(crate) use properties::is_symbol;
pub(crate) use tokens::fold_token;

#[cfg(test)]
mod tests;
