//! Standardised records kept from night to night: where nothing that they follow from has changed, the last run's are taken over
//! as they are. A survey registry rarely changes, and standardising it is most of the stage.
//!
//! What they follow from: the landed copy's bytes, the SELECTs (columns, layouts, dates of reference), the tables of words and
//! places, the key, and the program itself. One hash over all that names them. In the state:
//! `standardised/<source>.{name,records,issues}`, hard links to the stages' files where the disk has them.

use std::path::{Path, PathBuf};

use milaan_publish::private;
use sha2::{Digest as _, Sha256};

use super::sql::Standardiser;
use crate::error::Error;
use crate::hashes::{hash_of_file, hex};
use crate::land::{LandedSource, parquet_rows};
use crate::run::Run;

/// The part of the state.
pub(crate) const PART: &str = "standardised";
/// The state's files of a source: the hash, the stages `records` (or `registry`) and `value_issues`.
const ENDINGS: [&str; 3] = ["name", "records", "issues"];

/// The names of a source's files in the state.
pub(crate) fn files(source_id: &str) -> [String; 3] {
    ENDINGS.map(|ending| format!("{source_id}.{ending}"))
}

/// Which program this is: another build may standardise otherwise. By its version, and its file's path, size and time of writing,
/// which no two builds share; to read it whole takes longer than a small run.
///
/// # Errors
/// [`Error::Io`] where it cannot be found.
pub(super) fn program() -> Result<String, Error> {
    let own = Path::new("the program's own file");
    let path = std::env::current_exe().map_err(Error::io("cannot find", own))?;
    let about = path.metadata().map_err(Error::io("cannot look at", &path))?;
    let written = about.modified().map_err(Error::io("cannot look at", &path))?;
    Ok(format!("{} {} {} {written:?}", env!("CARGO_PKG_VERSION"), path.display(), about.len()))
}

/// The hash that names a source's standardised records.
///
/// `program` is what [`program`] says, `spellings` the registry's landed copy where its spellings were looked up.
///
/// # Errors
/// [`Error::Io`] where the landed copy cannot be read.
pub(super) fn name(
    run: &Run<'_>,
    standardiser: &Standardiser<'_>,
    one: &LandedSource,
    (program, spellings): (&str, Option<&Path>),
) -> Result<String, Error> {
    let pipeline = run.pipeline;
    let mut parts = vec![
        program.to_owned(),
        run.keyring().key_id().to_owned(),
        hash_of_file(&one.path)?,
        one.source.as_of.clone().unwrap_or_else(|| run.as_of.clone()),
        format!("{:?}", pipeline.words),
        format!("{:?} {:?}", pipeline.places, pipeline.place_corrections),
    ];
    parts.extend(standardiser.steps().into_iter().map(|step| step.sql));
    if let Some(path) = spellings {
        parts.push(hash_of_file(path)?);
    }
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Ok(hex(&hash.finalize()))
}

/// Takes over the last run's records and issues of this name, if it kept them; whether it did.
///
/// # Errors
/// [`Error::Io`]; [`Error::Counts`] where the records kept are not as many as landed.
pub(super) fn take(
    run: &Run<'_>,
    one: &LandedSource,
    name: &str,
    stages: [&Path; 2],
) -> Result<bool, Error> {
    let [named, records, issues] = files(one.source.id.as_str());
    let last = |file: &str| run.state.last(PART, file);
    let (Some(named), Some(records), Some(issues)) = (last(&named), last(&records), last(&issues))
    else {
        return Ok(false);
    };
    if run.order.full || std::fs::read_to_string(&named).ok().as_deref() != Some(name) {
        return Ok(false);
    }
    let rows = parquet_rows(&records)?;
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{}`: {} landed, {rows} kept as standardised",
            one.source.id, one.receipt.records
        )));
    }
    for (kept, stage) in [records, issues].iter().zip(stages) {
        link(kept, stage)?;
    }
    Ok(true)
}

/// Keeps a source's records and issues for the next run.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn keep(
    run: &Run<'_>,
    one: &LandedSource,
    name: &str,
    stages: [&Path; 2],
) -> Result<(), Error> {
    let next = |file: &str| -> Result<PathBuf, Error> { run.state.next(&run.id, PART, file) };
    let [named, records, issues] = files(one.source.id.as_str());
    for (file, stage) in [records, issues].iter().zip(stages) {
        link(stage, &next(file)?)?;
    }
    Ok(private::write_file(&next(&named)?, name.as_bytes())?)
}

/// A second name of a file that nobody writes to any more; a copy where the disk has no such names.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn link(from: &Path, to: &Path) -> Result<(), Error> {
    if let Some(folder) = to.parent() {
        private::create_dir_all(folder)?;
    }
    // What an interrupted run left may be another name of the same file: a copy onto it would empty both.
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::io("cannot write", to)(error));
        }
        _ => {}
    }
    if std::fs::hard_link(from, to).is_err() {
        std::fs::copy(from, to).map_err(Error::io("cannot copy", from))?;
    }
    Ok(())
}
