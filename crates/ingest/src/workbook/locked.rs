//! Workbooks with a password: the container that Excel 2010 and later put around an XLSX or XLSB file
//! (MS-OFFCRYPTO 2.3.4.10, "agile" encryption), opened into a file that only its owner can read, gone when it is read.
//!
//! The package's sum (its `dataIntegrity`) is not looked at: the zip file within has sums of its own.

use std::fs::File;
use std::io::{self, Read, Write};

use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use milaan_model::Reading;
use sha2::Digest;
use tempfile::TempPath;

use super::book::guarded;
use super::xml::{Attributes, Token, Xml};
use crate::error::Error;
use crate::limits::DumpFile;

/// Bytes that say how the package is locked.
const INFO_BYTES_MAX: u64 = 1 << 20;
/// Bytes that are locked together, with a start of their own.
const SEGMENT_BYTES: usize = 4096;
/// Bytes of a block of AES.
const BLOCK_BYTES: usize = 16;
/// Rounds that a key may take: the standard's own bound.
const SPINS_MAX: u32 = 10_000_000;
/// What a short salt is filled up with.
const FILLER: u8 = 0x36;
/// For what a key is made, as the standard numbers it: to look whether the password is right, and to get the package's key.
const VERIFIER_INPUT: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const VERIFIER_VALUE: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const PACKAGE_KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// Opens a workbook that is locked; `None`: it is not.
pub(crate) fn unlocked(file: &DumpFile, reading: &Reading) -> Result<Option<TempPath>, Error> {
    guarded(file, || {
        let mut input = crate::source::open(file)?;
        if !crate::container::ends(&mut input) {
            return Ok(None);
        }
        // A container that is damaged is the reader's to refuse.
        let Ok(mut container) = cfb::CompoundFile::open(input) else { return Ok(None) };
        let mut info = Vec::new();
        match container.open_stream("EncryptionInfo") {
            Ok(stream) => {
                let failed = |error| Error::unreadable(&file.path, error);
                stream.take(INFO_BYTES_MAX).read_to_end(&mut info).map_err(failed)?;
            }
            Err(_) => return Ok(None),
        }
        let Some(password) = &reading.password else {
            let variable = reading.password_env.clone();
            return Err(Error::Encrypted { file: file.name.clone(), variable });
        };
        let unknown = || Error::UnknownLock { file: file.name.clone() };
        let lock = Lock::read(&info).ok_or_else(unknown)?;
        let wrong = || Error::WrongPassword { file: file.name.clone() };
        let key = lock.key(password.reveal()).ok_or_else(wrong)?;
        let cipher = Cipher::new(&key).ok_or_else(unknown)?;
        let package = container.open_stream("EncryptedPackage");
        let opened = package.and_then(|package| lock.open(&cipher, package));
        opened.map(Some).map_err(|error| Error::unreadable(&file.path, error))
    })
}

/// A function of the standard's that sums bytes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"SHA1" | b"SHA-1" => Some(Self::Sha1),
            b"SHA256" | b"SHA-256" => Some(Self::Sha256),
            b"SHA384" | b"SHA-384" => Some(Self::Sha384),
            b"SHA512" | b"SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn of(self, first: &[u8], second: &[u8]) -> Vec<u8> {
        fn sum<D: Digest>(first: &[u8], second: &[u8]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Self::Sha1 => sum::<sha1::Sha1>(first, second),
            Self::Sha256 => sum::<sha2::Sha256>(first, second),
            Self::Sha384 => sum::<sha2::Sha384>(first, second),
            Self::Sha512 => sum::<sha2::Sha512>(first, second),
        }
    }
}

/// How one thing is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    hash: Hash,
    salt: Vec<u8>,
    key_bytes: usize,
}

impl Part {
    /// `None`: not by AES with chained blocks.
    fn read(attributes: &Attributes<'_>) -> Option<Self> {
        let is = |name: &[u8], value: &[u8]| attributes.get(name) == Some(value);
        let number = |name: &[u8]| number(attributes.get(name)?);
        let known = is(b"cipherAlgorithm", b"AES")
            && is(b"cipherChaining", b"ChainingModeCBC")
            && number(b"blockSize") == Some(BLOCK_BYTES as u32);
        let bits = number(b"keyBits").filter(|bits| known && matches!(bits, 128 | 192 | 256))?;
        Some(Self {
            hash: Hash::named(attributes.get(b"hashAlgorithm")?)?,
            salt: base64(attributes.get(b"saltValue")?)?,
            key_bytes: bits as usize / 8,
        })
    }

    /// With what the first block is mixed.
    fn start(&self, segment: Option<u32>) -> [u8; BLOCK_BYTES] {
        let from = match segment {
            Some(segment) => self.hash.of(&self.salt, &segment.to_le_bytes()),
            None => self.salt.clone(),
        };
        let mut start = [FILLER; BLOCK_BYTES];
        let length = from.len().min(BLOCK_BYTES);
        start[..length].copy_from_slice(&from[..length]);
        start
    }
}

/// All that is said of a lock.
struct Lock {
    package: Part,
    password: Part,
    spins: u32,
    input: Vec<u8>,
    value: Vec<u8>,
    key: Vec<u8>,
}

impl Lock {
    fn read(info: &[u8]) -> Option<Self> {
        // Version 4.4, then flags.
        let mut part = Xml::new(info.strip_prefix(&[4, 0, 4, 0])?.get(4..)?);
        let mut package = None;
        loop {
            match part.next().ok()? {
                Token::Start { name: b"keyData", attributes, .. } => {
                    package = Some(Part::read(&attributes)?);
                }
                Token::Start { name: b"encryptedKey", attributes, .. } => {
                    let bytes = |name: &[u8]| base64(attributes.get(name)?);
                    return Some(Self {
                        package: package?,
                        password: Part::read(&attributes)?,
                        spins: number(attributes.get(b"spinCount")?)
                            .filter(|spins| *spins <= SPINS_MAX)?,
                        input: bytes(b"encryptedVerifierHashInput")?,
                        value: bytes(b"encryptedVerifierHashValue")?,
                        key: bytes(b"encryptedKeyValue")?,
                    });
                }
                Token::Eof => return None,
                _ => {}
            }
        }
    }

    /// The package's key; `None`: the password is another.
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        let part = &self.password;
        let typed: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut turned = part.hash.of(&part.salt, &typed);
        for spin in 0..self.spins {
            turned = part.hash.of(&spin.to_le_bytes(), &turned);
        }
        let open = |purpose: &[u8; 8], locked: &[u8]| {
            let mut key = part.hash.of(&turned, purpose);
            key.resize(part.key_bytes, FILLER);
            let mut opened = locked.to_vec();
            Cipher::new(&key)?.open(part.start(None), &mut opened);
            Some(opened)
        };
        let mut input = open(&VERIFIER_INPUT, &self.input)?;
        input.truncate(part.salt.len());
        let sum = part.hash.of(&input, &[]);
        let is_right = open(&VERIFIER_VALUE, &self.value)?.starts_with(&sum);
        let mut key = open(&PACKAGE_KEY, &self.key).filter(|_| is_right)?;
        key.truncate(self.package.key_bytes);
        Some(key)
    }

    /// Writes what is in the package.
    fn open(&self, cipher: &Cipher, mut package: cfb::Stream<File>) -> io::Result<TempPath> {
        let mut length = [0; 8];
        package.read_exact(&mut length)?;
        let mut left = u64::from_le_bytes(length);
        let opened = tempfile::NamedTempFile::new()?;
        let mut output = io::BufWriter::with_capacity(64 << 10, opened);
        let mut segment = vec![0; SEGMENT_BYTES];
        for number in 0_u32.. {
            if left == 0 {
                break;
            }
            let filled = crate::source::fill_from(&mut package, &mut segment)?;
            cipher.open(self.package.start(Some(number)), &mut segment[..filled]);
            let whole = filled - filled % BLOCK_BYTES;
            let count = left.min(whole as u64);
            if count == 0 || (count < left && filled < SEGMENT_BYTES) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            output.write_all(&segment[..count as usize])?;
            left -= count;
        }
        let opened = output.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(opened.into_temp_path())
    }
}

enum Cipher {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Cipher {
    /// `None`: no key of AES has this length.
    fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Self::Aes128),
            24 => Aes192::new_from_slice(key).ok().map(Self::Aes192),
            32 => Aes256::new_from_slice(key).ok().map(Self::Aes256),
            _ => None,
        }
    }

    /// Opens chained blocks; bytes behind the last whole one stay as they are.
    fn open(&self, start: [u8; BLOCK_BYTES], bytes: &mut [u8]) {
        let mut before = start;
        for place in bytes.as_chunks_mut::<BLOCK_BYTES>().0 {
            let locked = *place;
            let mut block = aes::Block::from(locked);
            match self {
                Self::Aes128(cipher) => cipher.decrypt_block(&mut block),
                Self::Aes192(cipher) => cipher.decrypt_block(&mut block),
                Self::Aes256(cipher) => cipher.decrypt_block(&mut block),
            }
            for ((into, opened), mixed) in place.iter_mut().zip(block).zip(before) {
                *into = opened ^ mixed;
            }
            before = locked;
        }
    }
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Bytes written in base 64; `None`: they are not.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for &sign in text.iter().filter(|sign| !sign.is_ascii_whitespace() && **sign != b'=') {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}
