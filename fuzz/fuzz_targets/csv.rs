//! See `milaan_fuzz::csv`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| milaan_fuzz::csv(data));
