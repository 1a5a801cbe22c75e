//! The command line of Milaan: the only crate that prints, reads the environment or looks at the clock.
//!
//! Each command is one file in `commands/`; its arguments, its work and its output are there. stdout carries data alone;
//! everything else goes to stderr through [`ui`]. Exit codes: 0 done; 1 ran, but a check or limit failed; 2 usage or pipeline
//! files; 3 environment or internal ([`failure::Failure`]).

#![expect(clippy::disallowed_methods, reason = "this crate is the one that reads the environment")]

mod commands;
mod failure;
mod ui;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use commands::{Cli, Command};

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    init_logs();
    quiet_guarded_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ui::show_usage(&error),
    };
    let done = match cli.command {
        Command::Run(args) => commands::run::run(&args),
        Command::Check(args) => commands::check::check(&args),
        Command::Land(args) => commands::land::land(&args),
        Command::Profile(args) => commands::profile::profile(&args),
        Command::New(args) => commands::new::new(&args),
        Command::Explain(args) => commands::explain::explain(&args),
        Command::Sql(args) => commands::sql::sql(&args),
        Command::Diff(args) => commands::diff::diff(&args),
        Command::Eval(args) => commands::eval::eval(&args),
        Command::Review(args) => commands::review::review(&args),
        Command::Synth(args) => commands::synth::synth(&args),
        Command::Train(args) => commands::train::train(&args),
        Command::Completions(args) => commands::completions::completions(&args, Cli::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ui::show_failure(&failure),
    }
}

/// A hostile workbook that breaks its reader is an error of that file; the panic itself may quote a cell and is not shown.
fn quiet_guarded_panics() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !milaan_ingest::is_guarded() {
            shown(panic);
        }
    }));
}

/// Logs go to stderr and only where `MILAAN_LOG` asks for them.
fn init_logs() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("MILAAN_LOG") {
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .try_init();
    }
}
