//! `milaan new source`: a first source file for a dump.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::land::{dump, refused};
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Look at a dump and write a first source file, with a comment on each guess
    Source(SourceArgs),
}

#[derive(Debug, Args)]
struct SourceArgs {
    /// The dump
    file: PathBuf,
    /// The pipeline's folder: the file is written to its `sources/` [default: to stdout]
    #[arg(long)]
    pipeline: Option<PathBuf>,
    /// Where the dumps lie; the dump's path is written relative to it [default: the dump's folder]
    #[arg(long)]
    data: Option<PathBuf>,
    /// The sheet of a workbook [default: its main sheet and those with the same columns]
    #[arg(long)]
    sheet: Option<String>,
    /// The environment variable that holds a workbook's password
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
}

pub(crate) fn new(args: &NewArgs) -> Result<(), Failure> {
    match &args.what {
        What::Source(args) => source(args),
    }
}

fn source(args: &SourceArgs) -> Result<(), Failure> {
    let (file, reading) = dump(&args.file, args.sheet.as_deref(), args.password_env.as_deref());
    let path = relative(&args.file, args.data.as_deref())?;
    let profile = milaan_ingest::profile_alike(&file, &reading).map_err(|error| refused(&error))?;
    let draft = milaan_ingest::draft(&profile, &path);
    let Some(pipeline) = &args.pipeline else { return ui::data(&draft.toml) };
    let target = pipeline.join("sources").join(format!("{}.toml", draft.id));
    if target.exists() {
        let message = format!("`{}` is there already", target.display());
        let hint = "rename it, or leave `--pipeline` out and take what you need from stdout";
        return Err(Failure::usage(message, Some(hint.to_owned())));
    }
    std::fs::write(&target, &draft.toml).map_err(|error| {
        Failure::environment(format!("`{}` cannot be written", target.display()), &error)
    })?;
    ui::data(&format!("{}\n", target.display()))
}

/// The dump's path below the data folder, `/` between the parts.
fn relative(file: &Path, data: Option<&Path>) -> Result<String, Failure> {
    let below = match data {
        None => file.file_name().map(PathBuf::from).unwrap_or_default(),
        Some(data) => {
            let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if let Ok(below) = whole(file).strip_prefix(whole(data)) {
                below.to_owned()
            } else {
                let message =
                    format!("`{}` does not lie below `{}`", file.display(), data.display());
                return Err(Failure::usage(message, None));
            }
        }
    };
    let parts = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(parts.collect::<Vec<_>>().join("/"))
}
