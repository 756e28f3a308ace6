//! A long list of addresses of one extended public key.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use bitcoin::bip32::{ChildNumber, Xpub};
use bitcoin::secp256k1::Secp256k1;
use bitcoin::{Address, CompressedPublicKey};
use criterion::Criterion;
use keyark::{AddressKind, AddressRange, BITCOIN, Chain, Network, Position, WatchAccount, all_cores};
use keyark_benches::Work;

const ADDRESSES: u32 = 100_000;
/// How many keyark is asked for at a time.
const BLOCK: usize = 2048;

pub(crate) fn all(criterion: &mut Criterion) {
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let xpub = keyark_benches::xpub().unwrap();
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub).unwrap();
    let one_core = || on_one_core(watched.as_ref(), kind);
    let (context, parsed): (_, Xpub) = (Secp256k1::verification_only(), xpub.parse().unwrap());
    let peer = || -> Vec<String> {
        let branch = parsed.ckd_pub(&context, ChildNumber::Normal { index: 0 }).unwrap();
        let address = |index| {
            let key = branch.ckd_pub(&context, ChildNumber::Normal { index }).unwrap().public_key;
            Address::p2wpkh(&CompressedPublicKey(key), bitcoin::Network::Bitcoin).to_string()
        };
        (0..ADDRESSES).map(address).collect()
    };

    let expected = one_core();
    Work::new(criterion, "xpub to 100,000 addresses (P2WPKH)", expected.clone())
        .slow()
        .contender("keyark", one_core, |all| all)
        .contender("bitcoin", peer, |all| all)
        .finish();
    if all_cores().get() > 1 {
        Work::new(criterion, "xpub to 100,000 addresses on two cores", expected)
            .slow()
            .contender("keyark", || on_two_cores(watched.as_ref(), kind), |all| all)
            .contender("keyark on one core", one_core, |all| all)
            .finish();
    }
}

/// Without any thread, which would be a second core's.
fn on_one_core(watched: &dyn WatchAccount, kind: &AddressKind) -> Vec<String> {
    let block = |start| {
        let range = start..ADDRESSES.min(start + BLOCK as u32);
        watched.addresses(kind, Network::Mainnet, 0, range).unwrap()
    };
    (0..ADDRESSES).step_by(BLOCK).flat_map(block).map(|found| found.unwrap().address.to_string()).collect()
}

fn on_two_cores(watched: &dyn WatchAccount, kind: &AddressKind) -> Vec<String> {
    let (network, start) = (Network::Mainnet, Position::default());
    let range = AddressRange { chain: &BITCOIN, kind, network, start, range: 0..ADDRESSES };
    let mut all = Vec::with_capacity(ADDRESSES as usize);
    let each = |one: keyark::RangeAddress| {
        all.push(one.found.address.to_string());
        ControlFlow::Continue(())
    };
    range.of_account(watched, NonZeroUsize::new(2).unwrap(), each).unwrap();
    all
}
