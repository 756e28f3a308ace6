//! Many keys at once.

use bitcoin::hashes::{Hash, HashEngine};
use bitcoin::{PubkeyHash, ScriptBuf, TapTweakHash, WPubkeyHash, WitnessProgram, WitnessVersion};
use keyark_core::{Address, AddressKind, BatchSupport, DerivationPath, KeyAddress, Network, PublicKey, Seed};
use keyark_hd::batch::{CodePath, Point, add_base_multiples_vartime, bip32, hash160};

use crate::address::to_bitcoin;
use crate::chain::Bitcoin;

impl BatchSupport for Bitcoin {
    fn of_seeds_vartime(
        &self,
        seeds: &[Seed],
        path: &DerivationPath,
        kind: &AddressKind,
        network: Network,
    ) -> Vec<Option<KeyAddress>> {
        addresses(&bip32::public_keys_vartime(CodePath::best(), seeds, path), kind, network)
    }

    fn of_paths_vartime(
        &self,
        seed: &Seed,
        paths: &[DerivationPath],
        kind: &AddressKind,
        network: Network,
    ) -> Vec<Option<KeyAddress>> {
        let points = bip32::public_keys_at_vartime(CodePath::best(), seed, paths);
        points.map(|points| addresses(&points, kind, network)).unwrap_or_default()
    }
}

/// The addresses of points; nothing for a kind or network that is not Bitcoin's.
pub(crate) fn addresses(points: &[Option<Point>], kind: &AddressKind, network: Network) -> Vec<Option<KeyAddress>> {
    let Ok(network) = to_bitcoin(network) else { return Vec::new() };
    // In the place of a point that is not there stands another one, whose address is left out.
    let whole: Vec<_> = points.iter().map(|point| point.unwrap_or(Point::GENERATOR)).collect();
    let of_hashes = |text: fn([u8; 20], bitcoin::Network) -> Option<String>| -> Vec<_> {
        hash160(CodePath::best(), &whole).into_iter().map(|hash| text(hash, network)).collect()
    };
    let texts = match kind.id {
        "p2pkh" => of_hashes(|hash, network| {
            Some(bitcoin::Address::p2pkh(PubkeyHash::from_byte_array(hash), network).to_string())
        }),
        "p2sh-p2wpkh" => of_hashes(|hash, network| {
            let script = ScriptBuf::new_p2wpkh(&WPubkeyHash::from_byte_array(hash));
            Some(bitcoin::Address::p2sh(&script, network).ok()?.to_string())
        }),
        "p2wpkh" => of_hashes(|hash, network| witness(WitnessVersion::V0, &hash, network)),
        "p2tr" => taproot_keys(&whole).iter().map(|key| witness(WitnessVersion::V1, key.as_ref()?, network)).collect(),
        _ => Vec::new(),
    };
    let found = points.iter().zip(texts).map(|(point, text)| {
        Some(KeyAddress { key: PublicKey::compressed((*point)?.to_compressed()), address: Address::new(text?) })
    });
    found.collect()
}

fn witness(version: WitnessVersion, program: &[u8], network: bitcoin::Network) -> Option<String> {
    let program = WitnessProgram::new(version, program).ok()?;
    Some(bitcoin::Address::from_witness_program(program, network).to_string())
}

/// The output keys of keys that stand alone, with no script path (BIP-86; BIP-341, "Constructing and spending Taproot outputs").
fn taproot_keys(points: &[Point]) -> Vec<Option<[u8; 32]>> {
    let internal: Vec<_> = points.iter().map(|point| point.with_even_y()).collect();
    let tweak = |point: &Point| {
        let mut engine = TapTweakHash::engine();
        engine.input(&point.to_x_only());
        TapTweakHash::from_engine(engine).to_byte_array()
    };
    let tweaks: Vec<_> = internal.iter().map(tweak).collect();
    let outputs = add_base_multiples_vartime(CodePath::best(), &internal, &tweaks);
    outputs.into_iter().map(|point| Some(point?.to_x_only())).collect()
}
