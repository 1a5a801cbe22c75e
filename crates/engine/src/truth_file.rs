//! What a truth file looks like, so that `eval` takes nothing else and a run never takes one for a dump.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::error::Error;
use crate::session;

/// The columns of a truth file, in order.
pub(crate) const COLUMNS: [&str; 6] =
    ["source_id", "file", "sheet", "row", "resident_ref", "cases"];
/// The columns of `flat/truth.parquet`, which `synth --flat` makes for peers.
const FLAT_COLUMNS: [&str; 2] = ["dept_id", "reg_id"];
/// A header is not longer than this.
const HEADER_BYTES_MAX: u64 = 1 << 10;

/// Whether a file is a truth as `eval` reads it.
pub(crate) fn is_truth(path: &Path) -> Result<bool, Error> {
    Ok(first_line(path)?.split(',').eq(COLUMNS))
}

/// Whether a file has the header of a truth, however it is called, quoted and delimited.
pub(crate) fn looks_like_truth(path: &Path) -> Result<bool, Error> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
        // One that cannot be read is told of when it is landed.
        return Ok(session::parquet_schema(path).is_ok_and(|schema| {
            let columns = || schema.fields().iter().map(|field| field.name().as_str());
            columns().eq(COLUMNS) || columns().eq(FLAT_COLUMNS)
        }));
    }
    let line = first_line(path)?;
    let unquoted = |cell: &str| cell.trim().trim_matches('"').to_owned();
    Ok([',', ';', '\t', '|'].iter().any(|delimiter| {
        let cells: Vec<String> = line.split(*delimiter).map(unquoted).collect();
        cells == COLUMNS || cells == FLAT_COLUMNS
    }))
}

fn first_line(path: &Path) -> Result<String, Error> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut bytes = Vec::new();
    file.take(HEADER_BYTES_MAX).read_to_end(&mut bytes).map_err(Error::io("cannot read", path))?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    Ok(line.trim().to_owned())
}
