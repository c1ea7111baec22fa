//! The command line of dittograph.
//!
//! This file is the policy of exit codes and nothing else. Arguments as typed ([`cli::args`]) become a job ready to
//! be done ([`cli::job`]), which the library does; a command says how it ended by an [`Exit`], or fails with an error
//! that is printed here. The library itself never prints, exits, or looks at the clock or the environment.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done, whether or not anything was found; also when the reader of a pipe went away |
//! | 1 | the gate tripped (`check`) |
//! | 2 | the job could not be done, or a document could not be read |
//! | 130 | interrupted |

mod cli;

use std::process::ExitCode;

use clap::Parser;

use cli::args::{Arguments, Command};
use cli::exit::{Exit, is_broken_pipe};
use cli::messages::Messages;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Help and version arrive here too, on standard output. When nobody reads it, nothing is lost.
            if !told.use_stderr() {
                let _ = told.print();
                return Exit::Done.into();
            }
            cli::messages::refuse(&told);
            return Exit::Failed.into();
        }
    };
    cli::interrupt::install();
    let outcome = match arguments.command {
        Command::Scan(scan) => cli::scan::run(*scan),
        Command::Dedup(dedup) => cli::dedup::run(*dedup),
        Command::Restore(restore) => cli::restore::run(&restore),
        Command::Trace(trace) => cli::trace::run(*trace),
        Command::Quotes(quotes) => cli::quotes::run(*quotes),
        Command::Check(check) => cli::check::run(*check),
        Command::Baseline(baseline) => cli::check::keep(baseline),
        Command::Explain(explain) => cli::explain::run(*explain),
        Command::Completions { shell } => cli::manual::complete(shell),
        Command::Man => cli::manual::print(),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            // Several bad arguments, or faults of a configuration, make one error of several lines.
            Messages::default().errors(&format!("{error:#}"));
            Exit::Failed.into()
        }
    }
}
