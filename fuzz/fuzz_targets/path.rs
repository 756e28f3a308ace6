//! Derivation paths: what is read is written in either notation and read again as the same path.
#![no_main]

use keyark::{DerivationPath, RelativePath};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(path) = text.parse::<DerivationPath>() {
        for written in [path.to_string(), format!("{path:#}")] {
            assert_eq!(written.parse::<DerivationPath>().expect("a path that was written is read"), path);
        }
    }
    if let Ok(path) = text.parse::<RelativePath>() {
        for written in [path.to_string(), format!("{path:#}")] {
            assert_eq!(written.parse::<RelativePath>().expect("a path that was written is read"), path);
        }
    }
});
