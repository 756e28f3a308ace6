//! A long list of addresses of one extended public key.

use bitcoin::bip32::{ChildNumber, Xpub};
use bitcoin::secp256k1::Secp256k1;
use bitcoin::{Address, CompressedPublicKey};
use criterion::Criterion;
use keyark::{BITCOIN, Chain};
use keyark_benches::Work;

const ADDRESSES: u32 = 100_000;
/// How many keyark is asked for at a time.
const BLOCK: u32 = 2048;

pub(crate) fn all(criterion: &mut Criterion) {
    let kind = BITCOIN.info().kind("p2wpkh").unwrap();
    let xpub = keyark_benches::xpub().unwrap();
    let watched = BITCOIN.extended_keys().unwrap().read_public(&xpub).unwrap();
    let keyark = || -> Vec<String> {
        let all = keyark_benches::addresses(watched.as_ref(), kind, ADDRESSES, BLOCK).unwrap();
        all.iter().map(ToString::to_string).collect()
    };
    let (context, parsed): (_, Xpub) = (Secp256k1::verification_only(), xpub.parse().unwrap());
    let peer = || -> Vec<String> {
        let branch = parsed.ckd_pub(&context, ChildNumber::Normal { index: 0 }).unwrap();
        let address = |index| {
            let key = branch.ckd_pub(&context, ChildNumber::Normal { index }).unwrap().public_key;
            Address::p2wpkh(&CompressedPublicKey(key), bitcoin::Network::Bitcoin).to_string()
        };
        (0..ADDRESSES).map(address).collect()
    };

    Work::new(criterion, "xpub to 100,000 addresses (P2WPKH)", keyark())
        .slow()
        .contender("keyark", keyark, |all| all)
        .contender("bitcoin", peer, |all| all)
        .finish();
}
