//! The manual in the forms that systems want it in: a man page, completions for shells. Both are made of the arguments as
//! they are defined, so that they are never out of date.

use std::io::Write as _;

use anyhow::Context;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Arguments;
use super::exit::Exit;

/// Prints what a shell needs to complete commands and options.
pub(crate) fn complete(shell: Shell) -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "dittograph", &mut page);
    show(&page)
}

/// Prints the man page: the program, then each command.
pub(crate) fn print() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for part in command.get_subcommands() {
        let man = clap_mangen::Man::new(part.clone());
        man.render_name_section(&mut page)?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    show(&page)
}

/// Prints a page.
pub(crate) fn show(page: &[u8]) -> anyhow::Result<Exit> {
    let mut out = std::io::stdout().lock();
    out.write_all(page).and_then(|()| out.flush()).context("can't write to standard output")?;
    Ok(Exit::Done)
}
