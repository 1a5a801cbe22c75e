//! Workbooks with a password. `locked.xlsx` was made for these tests (openpyxl's bytes, locked by msoffcrypto-tool).

use milaan_model::Reading;
use milaan_model::reading::Secret;

use super::landed;
use crate::{DumpFile, Error};

const LOCKED: &[u8] = include_bytes!("locked.xlsx");
const PASSWORD: &str = "ऊँट-Secret1";

fn with(password: Option<&str>) -> Reading {
    Reading {
        password_env: Some("PENSIONS_PASSWORD".to_owned()),
        password: password.map(Secret::new),
        ..Reading::default()
    }
}

fn read(bytes: &[u8], reading: &Reading) -> Result<Vec<String>, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.xlsx");
    std::fs::write(&path, bytes).unwrap();
    landed(&DumpFile { path, name: "list.xlsx".to_owned() }, reading).map(|(_, lines)| lines)
}

#[test]
fn opened_with_its_password() {
    assert_eq!(read(LOCKED, &with(Some(PASSWORD))).unwrap(), ["id|name", "1|Ravi", "2|Sita"]);
}

/// One clear error, and none of them says the password.
#[test]
fn refused_without() {
    for (reading, said, hint) in [
        (Reading::default(), "is protected by a password", "--password-env NAME"),
        (with(None), "is protected by a password", "`PENSIONS_PASSWORD`"),
        (with(Some("Hunter22")), "the one given is not it", "the password of this very file"),
        (with(Some("")), "the one given is not it", "the password of this very file"),
    ] {
        let error = read(LOCKED, &reading).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert!(error.hint().unwrap().contains(hint), "{error}");
        let all = format!("{error:?} {error} {reading:?}");
        assert!(!all.contains("Hunter22"), "{all}");
    }
}

/// Whatever is done to the file, it is opened or refused.
#[test]
fn damaged() {
    // Fewer rounds, or every change costs a hundred thousand of them; the password is wrong then.
    let spins = LOCKED.windows(18).position(|piece| piece == b"spinCount=\"100000\"").unwrap();
    let mut quick = LOCKED.to_vec();
    quick[spins..spins + 18].copy_from_slice(b"spinCount=\"000007\"");
    for (at, length) in (0..LOCKED.len()).step_by(61).zip([1, 2, 4, 8].into_iter().cycle()) {
        let mut bytes = quick.clone();
        let end = (at + length).min(bytes.len());
        bytes[at..end].fill(0xff);
        let _ = read(&bytes, &with(Some(PASSWORD)));
        let _ = read(&quick[..at], &with(Some(PASSWORD)));
    }
    for at in (512..LOCKED.len()).step_by(997) {
        let mut bytes = LOCKED.to_vec();
        bytes[at] ^= 0x55;
        if let Ok(lines) = read(&bytes, &with(Some(PASSWORD))) {
            assert_eq!(lines[0], "id|name", "{at}");
        }
    }
}
