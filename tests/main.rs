//! The tests that need the whole house, in one executable: the runner, and with `MILAAN_AS_CLI` set the program under test.

#![allow(clippy::disallowed_methods, reason = "a test reads its environment")]

mod bad_input;
mod benefits;
mod cells;
mod cheats;
mod cli;
mod consumers;
mod docs;
mod expectations;
mod functions;
mod harness;
mod invented;
mod judging;
mod layers;
mod nightly;
mod peers;
mod planted;
mod reviewing;
mod sample;
mod secrecy;
mod sharing;
mod slt;
mod sop;
mod tables;
mod tidy;
mod twin;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if std::env::var_os(harness::AS_CLI).is_some() {
        return milaan_cli::main();
    }
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    for tests in [
        bad_input::TESTS,
        benefits::TESTS,
        cells::TESTS,
        cheats::TESTS,
        cli::TESTS,
        consumers::TESTS,
        docs::TESTS,
        expectations::TESTS,
        functions::TESTS,
        invented::TESTS,
        judging::TESTS,
        layers::TESTS,
        nightly::TESTS,
        peers::TESTS,
        planted::TESTS,
        reviewing::TESTS,
        sample::TESTS,
        secrecy::TESTS,
        tables::TESTS,
        sharing::TESTS,
        sop::TESTS,
        tidy::TESTS,
        twin::TESTS,
    ] {
        trials.extend(tests.iter().map(|(name, test)| {
            let test = *test;
            Trial::test(*name, move || {
                test();
                Ok(())
            })
        }));
    }
    trials.extend(slt::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}
