//! Input: walk, decompress, decode, parse into documents.
