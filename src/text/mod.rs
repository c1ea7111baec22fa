//! Text: blocks, units, tokens.
