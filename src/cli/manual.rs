//! The manual in the forms that systems want it in: a man page, completions for shells. Both are made of the arguments as
//! they are defined, so that they are never out of date.

use std::io::Write as _;

use anyhow::Context;
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Arguments;
use super::exit::Exit;

/// Prints what a shell needs to complete commands and options.
pub(crate) fn complete(shell: Shell) -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "dittograph", &mut page);
    show(&page)
}

/// Prints the man page: the program, then each command, then what each command can do.
pub(crate) fn print() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    Man::new(command.clone()).render(&mut page)?;
    describe(&command, &mut page)?;
    show(&page)
}

/// The sections of each command below one, and of those below them.
fn describe(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        let man = Man::new(part.clone());
        man.render_name_section(page)?;
        man.render_synopsis_section(page)?;
        man.render_description_section(page)?;
        man.render_options_section(page)?;
        if part.has_subcommands() {
            man.render_subcommands_section(page)?;
        }
        // Examples and exit codes.
        if part.get_after_help().is_some() || part.get_after_long_help().is_some() {
            man.render_extra_section(page)?;
        }
        describe(part, page)?;
    }
    Ok(())
}

/// Prints a page.
pub(crate) fn show(page: &[u8]) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    out.write_all(page).and_then(|()| out.flush()).context("can't write to standard output")?;
    Ok(Exit::Done)
}
