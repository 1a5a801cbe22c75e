//! All output: data on stdout, everything else on stderr; progress as bars, lines or JSON.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use milaan_engine::Observer;
use milaan_engine::receipt::StageReceipt;

use crate::failure::{Exit, Failure, Problem};

/// Writes data to stdout. A reader that has gone is no fault.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::BrokenPipe),
        Err(error) => Err(Failure::environment("stdout cannot be written", &error)),
    }
}

/// A line for people, on stderr.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says what went wrong and gives the exit code.
pub(crate) fn show_failure(failure: &Failure) -> ExitCode {
    match failure {
        Failure::BrokenPipe => ExitCode::SUCCESS,
        Failure::Problems(exit, problems) => {
            for problem in problems {
                show_problem(problem);
            }
            ExitCode::from(*exit as u8)
        }
    }
}

/// One problem: `error:` / `caused by:` / `hint:`.
pub(crate) fn show_problem(problem: &Problem) {
    line(&format!("error: {}", problem.message));
    for cause in &problem.causes {
        line(&format!("  caused by: {cause}"));
    }
    if let Some(hint) = &problem.hint {
        line(&format!("hint: {hint}"));
    }
}

/// Clap's own words: help and version are data, the rest is a usage error.
pub(crate) fn show_usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(Exit::Usage as u8) } else { ExitCode::SUCCESS }
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ProgressMode {
    /// Bars on a terminal, lines otherwise.
    Auto,
    /// One line a stage.
    Plain,
    /// One JSON object a line.
    Json,
    /// Nothing but notices.
    None,
}

/// Shows a run's progress.
#[derive(Debug)]
pub(crate) struct Progress {
    mode: ProgressMode,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub(crate) fn new(mode: ProgressMode) -> Self {
        let mode = match mode {
            ProgressMode::Auto if std::io::stderr().is_terminal() => ProgressMode::Auto,
            ProgressMode::Auto => ProgressMode::Plain,
            other => other,
        };
        Self { mode, bar: Mutex::new(None) }
    }

    fn with_bar(&self, change: impl FnOnce(&mut Option<ProgressBar>)) {
        if let Ok(mut bar) = self.bar.lock() {
            change(&mut bar);
        }
    }
}

impl Observer for Progress {
    fn stage_started(&self, stage: &str, steps: Option<u64>) {
        match self.mode {
            ProgressMode::Auto => self.with_bar(|bar| {
                let template = "{prefix:>12} [{bar:30}] {pos}/{len} {msg}";
                let style = ProgressStyle::with_template(template)
                    .unwrap_or_else(|_| ProgressStyle::default_bar())
                    .progress_chars("=> ");
                let new = ProgressBar::new(steps.unwrap_or(1)).with_style(style);
                new.set_prefix(stage.to_owned());
                *bar = Some(new);
            }),
            ProgressMode::Json => {
                line(
                    &serde_json::json!({"event": "stage_started", "stage": stage, "steps": steps})
                        .to_string(),
                );
            }
            ProgressMode::Plain | ProgressMode::None => {}
        }
    }

    fn step_done(&self, stage: &str, step: &str) {
        match self.mode {
            ProgressMode::Auto => self.with_bar(|bar| {
                if let Some(bar) = bar {
                    bar.set_message(step.to_owned());
                    bar.inc(1);
                }
            }),
            ProgressMode::Json => {
                line(
                    &serde_json::json!({"event": "step_done", "stage": stage, "step": step})
                        .to_string(),
                );
            }
            ProgressMode::Plain | ProgressMode::None => {}
        }
    }

    fn stage_finished(&self, receipt: &StageReceipt) {
        self.with_bar(|bar| {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        });
        match self.mode {
            ProgressMode::Auto | ProgressMode::Plain => line(&format!(
                "{:>12}  {} rows in, {} out, {:.1} s",
                receipt.name, receipt.rows_in, receipt.rows_out, receipt.wall_s
            )),
            ProgressMode::Json => line(
                &serde_json::json!({"event": "stage_finished", "stage": receipt.name, "rows_in": receipt.rows_in,
                    "rows_out": receipt.rows_out, "wall_s": receipt.wall_s, "cpu_s": receipt.cpu_s})
                .to_string(),
            ),
            ProgressMode::None => {}
        }
    }

    fn notice(&self, text: &str) {
        if self.mode == ProgressMode::Json {
            line(&serde_json::json!({"event": "notice", "text": text}).to_string());
        } else {
            line(&format!("notice: {text}"));
        }
    }
}
