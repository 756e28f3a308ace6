//! The memory that a list of addresses takes, as the system sees it.

use std::fs::{File, read_to_string};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use keyark::{AddressRange, BITCOIN, Chain, Network, Position};

/// Lists so many addresses of an extended public key into nothing, on so many cores.
pub(crate) fn measure(addresses: u32, cores: NonZeroUsize) {
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let xpub = keyark_benches::xpub().unwrap();
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub).unwrap();
    let (network, start) = (Network::Mainnet, Position::default());
    let range = AddressRange { chain: &BITCOIN, kind, network, start, range: 0..addresses };
    let mut out = BufWriter::new(File::create("/dev/null").unwrap());
    let mut written = 0_u32;
    range
        .of_account(watched.as_ref(), cores, |one| {
            writeln!(out, "{},{}", one.at, one.found.address).unwrap();
            written += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(written, addresses);
    println!(
        r#"{{"addresses":{addresses},"kilobytes":{}}}"#,
        peak().map_or("null".to_owned(), |peak| peak.to_string())
    );
}

/// The most memory that this process has had, in kB; Linux says it.
fn peak() -> Option<u64> {
    let status = read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
