//! See `milaan_fuzz::source_toml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| milaan_fuzz::source_toml(data));
