#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| shikaku_fuzz::picture(data));
