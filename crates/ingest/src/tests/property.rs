//! Any bytes at all end with counts that add up, or with an error.

use arrow::array::RecordBatch;
use arrow::util::pretty::pretty_format_batches;
use milaan_model::Reading;
use milaan_model::reading::Format;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use super::{dump, landed, wanting};
use crate::{Limits, head, land_with};

/// Pieces of which polluted files are made.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b",".to_vec()),
        Just(b";".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"Total".to_vec()),
        Just(b"Name,Id\n".to_vec()),
        Just(b"1,Ravi\n".to_vec()),
        Just("é,రవి\n".as_bytes().to_vec()),
        Just(b"\xff\xfe".to_vec()),
        Just(b"\x80".to_vec()),
        Just(b"Note: x".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn check(name: &str, bytes: &[u8], reading: &Reading) {
    let folder = tempfile::tempdir().unwrap();
    let file = dump(folder.path(), name, bytes);
    if let Ok((landing, lines)) = landed(&file, reading) {
        let counts = &landing.files[0].counts;
        assert_eq!(landing.rows, counts.iter().map(|counts| counts.rows_landed).sum::<u64>());
        let rejected = counts.iter().map(|counts| counts.rows_rejected).sum::<u64>();
        assert_eq!(landing.rejects.len() as u64, rejected);
        assert_eq!(lines.len() as u64, landing.rows + 1);
        assert_eq!(landing.files[0].bytes, bytes.len() as u64);
    }
    let _ = head(&file, reading, 3);
}

/// Bytes as a file to read.
fn file(bytes: &[u8]) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, bytes).unwrap();
    file
}

/// Pieces of any size give the same rows, rejects and counts.
pub(super) fn check_pieces(bytes: &[u8], piece_bytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let list = [b"Id,Name\n".as_slice(), &b"1,Ravi\n".repeat(60), bytes].concat();
    let files = [dump(folder.path(), "any.csv", &list)];
    let land = |piece_bytes, threads| {
        let limits = Limits { threads, piece_bytes, ..Limits::default() };
        let mut out = Vec::new();
        land_with(&files, &Reading::default(), &limits, &mut out).map(|landing| {
            let mut batches = Vec::new();
            let builder = ParquetRecordBatchReaderBuilder::try_new(file(&out)).unwrap();
            builder.build().unwrap().for_each(|batch| batches.push(batch.unwrap()));
            (landing, batches)
        })
    };
    match (land(1 << 20, 1), land(piece_bytes, 3)) {
        (Ok((whole, a)), Ok((pieces, b))) => {
            assert_eq!(whole, pieces);
            let shown =
                |batches: &[RecordBatch]| pretty_format_batches(batches).unwrap().to_string();
            for (a, b) in shown(&a).lines().zip(shown(&b).lines()) {
                assert_eq!(a, b);
            }
            assert_eq!(a.len(), b.len());
        }
        (Err(whole), Err(pieces)) => assert_eq!(whole.to_string(), pieces.to_string()),
        (whole, pieces) => panic!("{whole:?} {pieces:?}"),
    }
}

/// A small workbook's bytes.
fn workbook() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..20 {
        sheet.write(row, 0, "Name").unwrap();
        sheet.write(row, 1, row).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces(bytes in pieces(), piece_bytes in 1_usize..200) {
        check_pieces(&bytes, piece_bytes);
    }

    #[test]
    fn any_damage_to_a_workbook(
        cut in 0_usize..12_000,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut bytes = workbook();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len().min(cut).max(4));
        check("any.xlsx", &bytes, &Reading::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(bytes in pieces()) {
        check("any.csv", &bytes, &Reading::default());
        check("any.csv", &bytes, &wanting(&["*Name", "Id"]));
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check("any", &bytes, &Reading { format: Some(Format::Csv), ..Reading::default() });
        check("any.xlsx", &bytes, &Reading::default());
    }
}
