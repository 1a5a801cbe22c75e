//! `milaan completions`: a script for a shell.

use clap::Args;
use clap_complete::Shell;

use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(crate) fn completions(
    args: &CompletionsArgs,
    mut command: clap::Command,
) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "milaan", &mut script);
    ui::data(&String::from_utf8_lossy(&script))
}
