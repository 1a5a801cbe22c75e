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
/// A title and a header are not longer than this.
const HEADER_BYTES_MAX: u64 = 4 << 10;
const HEADER_LINES_MAX: usize = 20;

/// Whether a file is a truth as `eval` reads it.
pub(crate) fn is_truth(path: &Path) -> Result<bool, Error> {
    Ok(first_line(path)?.split(',').eq(COLUMNS))
}

/// Whether a file has the header of a truth, however it is called, quoted and delimited.
pub(crate) fn looks_like_truth(path: &Path) -> Result<bool, Error> {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
        // One that cannot be read is told of when it is landed.
        return Ok(session::parquet_schema(path).is_ok_and(|schema| {
            let columns: Vec<String> =
                schema.fields().iter().map(|field| field.name().clone()).collect();
            holds_truth(&columns)
        }));
    }
    let unquoted = |cell: &str| cell.trim().trim_matches('"').to_owned();
    let is_header = |line: &str| {
        [',', ';', '\t', '|'].iter().any(|delimiter| {
            let cells: Vec<String> = line.split(*delimiter).map(unquoted).collect();
            holds_truth(&cells)
        })
    };
    // Below a title the header stands further down.
    Ok(beginning(path)?.lines().take(HEADER_LINES_MAX).any(is_header))
}

/// Whether these columns tell which resident a row of a dump is: in any order, with others left out or beside them. The flat
/// truth's two names may well be a department's own, so there they count alone.
fn holds_truth(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let places = ["file", "row", "cases"].iter().filter(|name| has(name)).count();
    (has("resident_ref") && places >= 2) || columns == FLAT_COLUMNS
}

fn first_line(path: &Path) -> Result<String, Error> {
    Ok(beginning(path)?.lines().next().unwrap_or_default().trim().to_owned())
}

fn beginning(path: &Path) -> Result<String, Error> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut bytes = Vec::new();
    file.take(HEADER_BYTES_MAX).read_to_end(&mut bytes).map_err(Error::io("cannot read", path))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
