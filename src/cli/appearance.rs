//! What a report looks like where it goes: width, colour, ornaments.
//!
//! The terminal and the environment are consulted for a terminal only. In a pipe or a file a report has the same bytes
//! on every machine: 80 columns, no colour unless asked for, ornaments in Unicode as the texts themselves are.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use dittograph::report::Appearance;

use super::args::{ColorArgument, LooksArguments};

/// Makes `--color` known to everything that writes to a terminal.
pub(crate) fn choose_color(argument: ColorArgument) {
    match argument {
        ColorArgument::Auto => ColorChoice::Auto,
        ColorArgument::Always => ColorChoice::Always,
        ColorArgument::Never => ColorChoice::Never,
    }
    .write_global();
}

/// The appearance on standard output.
pub(crate) fn of_stdout(looks: &LooksArguments, all: bool) -> Appearance {
    let default = Appearance::default();
    let stdout = io::stdout();
    let terminal = stdout.is_terminal();
    let columns = || {
        let of_terminal = terminal.then(|| terminal_size::terminal_size_of(&stdout)).flatten();
        of_terminal.map_or(default.width, |(width, _)| usize::from(width.0))
    };
    Appearance {
        width: looks.width.map_or_else(columns, usize::from),
        color: AutoStream::choice(&stdout) != ColorChoice::Never,
        unicode: !terminal || speaks_unicode(|name| std::env::var_os(name)?.into_string().ok()),
        limit: default.limit.filter(|_| !all),
    }
}

/// The appearance in a file.
pub(crate) fn of_file(looks: &LooksArguments, all: bool) -> Appearance {
    let default = Appearance::default();
    Appearance {
        width: looks.width.map_or(default.width, usize::from),
        color: false,
        unicode: true,
        limit: default.limit.filter(|_| !all),
    }
}

/// Standard output, locked and buffered, with colours made to work where a console needs help with them.
pub(crate) fn stdout(appearance: Appearance) -> impl Write {
    let raw = io::stdout().lock();
    // Without colour there is nothing to translate, and a large report shall not be parsed for it.
    let stream = if appearance.color { AutoStream::always(raw) } else { AutoStream::always_ansi(raw) };
    io::BufWriter::with_capacity(1 << 17, stream)
}

/// Prints a report to its end.
pub(crate) fn print(
    looks: &LooksArguments,
    all: bool,
    write: impl FnOnce(Appearance, &mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let appearance = of_stdout(looks, all);
    let mut out = stdout(appearance);
    write(appearance, &mut out).and_then(|()| out.flush()).context("can't write to standard output")
}

/// Whether the terminal can be trusted with more than ASCII: it can, unless the locale names another character set.
fn speaks_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        return true;
    }
    if matches!(variable("TERM").as_deref(), Some("dumb" | "linux")) {
        return false;
    }
    // POSIX: the first that is set and not empty counts.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_set_decides() {
        let speaks = |set: &[(&str, &str)]| {
            speaks_unicode(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(speaks(&[]));
        assert!(speaks(&[("LANG", "en_GB.UTF-8")]));
        assert!(speaks(&[("LC_ALL", ""), ("LANG", "de_AT.utf8")]));
        assert!(speaks(&[("LC_ALL", "C.UTF-8"), ("LANG", "C")]));
        if cfg!(unix) {
            assert!(!speaks(&[("LANG", "C")]));
            assert!(!speaks(&[("LC_ALL", "POSIX"), ("LANG", "en_GB.UTF-8")]));
            assert!(!speaks(&[("LANG", "de_DE.ISO-8859-1")]));
            assert!(!speaks(&[("TERM", "dumb"), ("LANG", "en_GB.UTF-8")]));
        }
    }
}
