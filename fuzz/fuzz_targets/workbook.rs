//! See `milaan_fuzz::workbook`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| milaan_fuzz::workbook(data));
