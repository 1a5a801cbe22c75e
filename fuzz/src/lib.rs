//! What the fuzz targets do, as plain functions: any bytes end in rows or an error, and the counts add up.

use milaan_ingest::{DumpFile, Error, Landing, land_csv};
use milaan_model::Reading;
use milaan_model::reading::Format;

/// Any bytes as delimited text.
pub fn csv(data: &[u8]) {
    land("any.csv", data, &Reading { format: Some(Format::Csv), ..Reading::default() });
    land("any", data, &Reading::default());
}

/// Any bytes under the names of workbooks.
pub fn workbook(data: &[u8]) {
    for name in ["any.xlsx", "any.xlsb", "any.xls", "any.ods"] {
        land(name, data, &Reading::default());
    }
}

/// Any text as a source file.
pub fn source_toml(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = milaan_manifest::parse_source(text, std::path::Path::new("any.toml"));
    }
}

fn land(name: &str, data: &[u8], reading: &Reading) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join(name);
    if std::fs::write(&path, data).is_err() {
        return;
    }
    let file = DumpFile { path, name: name.to_owned() };
    match land_csv(&file, reading, Vec::new()) {
        Ok(landing) => add_up(&landing),
        Err(Error::CountsDisagree { .. }) => panic!("the counts disagree"),
        Err(_) => {}
    }
}

/// Rows read are landed, rejected or skipped, in every table.
fn add_up(landing: &Landing) {
    let counts = || landing.files.iter().flat_map(|file| &file.counts);
    assert!(counts().all(milaan_model::FileCounts::adds_up));
    assert_eq!(counts().map(|counts| counts.rows_landed).sum::<u64>(), landing.rows);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_bytes() {
        for data in [&b""[..], b"a,b\n1,2\n", b"PK\x03\x04", b"\xff\xfe", b"\"", b"id = 1"] {
            csv(data);
            workbook(data);
            source_toml(data);
        }
    }
}
