//! Addresses of every chain: the normal form of what is read is read as itself.
#![no_main]

use keyark::Registry;
use keyark::hd::base58check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check(&String::from_utf8_lossy(data));
    check(&base58check::encode(data)); // changed text never has a right checksum
});

fn check(text: &str) {
    for chain in Registry::installed().expect("no id is there twice").iter() {
        let Ok(parsed) = chain.parse_address(text) else { continue };
        let again = chain.parse_address(parsed.address.as_str()).expect("the normal form is read");
        assert_eq!(again.address, parsed.address);
        assert_eq!((again.networks, again.kinds), (parsed.networks, parsed.kinds));
    }
}
