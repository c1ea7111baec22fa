//! Corpora that are cleaned, and what the record says of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

/// Invented words, always the same.
pub struct Invention(pub u64);

impl Invention {
    pub fn number(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    pub fn word(&mut self) -> String {
        let syllables = 2 + self.number(3);
        (0..syllables)
            .map(|_| {
                let consonant = b"bdfgklmnprstvz"[self.number(14) as usize] as char;
                let vowel = b"aeiou"[self.number(5) as usize] as char;
                format!("{consonant}{vowel}")
            })
            .collect()
    }

    pub fn sentence(&mut self) -> String {
        let words: Vec<String> = (0..8 + self.number(8)).map(|_| self.word()).collect();
        let sentence = words.join(" ");
        sentence[..1].to_uppercase() + &sentence[1..] + "."
    }

    pub fn paragraph(&mut self) -> String {
        (0..3).map(|_| self.sentence()).collect::<Vec<_>>().join(" ")
    }

    pub fn story(&mut self) -> Vec<String> {
        (0..4).map(|_| self.paragraph()).collect()
    }
}

pub fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    directory
}

pub fn removals(path: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(path).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["type"] == "removal").collect()
}

/// Ids of documents that went as wholes.
pub fn dropped(path: &Path) -> BTreeSet<String> {
    let removals = removals(path);
    let wholes = removals.iter().filter(|removal| removal["start"].is_null());
    wholes.map(|removal| removal["document"].as_str().unwrap().to_owned()).collect()
}
