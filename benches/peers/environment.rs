//! Python environments, one a peer, in `target/peers/environments`: made once, and again when a pinned version changes.
//!
//! The requirements name every package, those that a peer needs as well, so they are installed without asking for
//! more: text-dedup would bring Spark and a machine-learning framework along, which its MinHash does not use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/requirements");

/// The interpreter that has a peer's packages, or why there is none.
pub(crate) fn interpreter(folder: &Path, requirements: &str) -> Result<PathBuf, String> {
    let listed = Path::new(REQUIREMENTS).join(requirements);
    let environment = folder.join("environments").join(requirements.trim_end_matches(".txt"));
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = environment.join("installed.txt");
    let wanted = fs::read(&listed).map_err(|error| error.to_string())?;
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("installing {requirements}");
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"];
    run(Command::new(&python).args(pip).arg(&listed))?;
    fs::write(installed, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

/// The version that is pinned for a package.
pub(crate) fn version(requirements: &str, package: &str) -> String {
    let listed = fs::read_to_string(Path::new(REQUIREMENTS).join(requirements)).unwrap_or_default();
    let mut lines = listed.lines().filter_map(|line| line.split_once("=="));
    lines.find(|(name, _)| *name == package).map_or_else(String::new, |(_, version)| version.to_owned())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("no Python: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let message = [output.stdout, output.stderr].concat();
    let message = String::from_utf8_lossy(&message);
    let mut errors = message.lines().filter(|line| line.contains("rror"));
    Err(errors.next_back().or(message.lines().last()).unwrap_or("without a word").to_owned())
}
