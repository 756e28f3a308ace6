//! SLIP-10 on Ed25519, many at once: every step is hardened.

use keyark_core::{ChildNumber, DerivationPath, Result, Seed};
use keyark_lanes::{CodePath, ed25519, sha512};
use zeroize::Zeroizing;

use super::codes::{Codes, Message, Secrets, hardened, split_common};
use crate::slip10::check_hardened;

/// The public keys at `at` of the wallets with these seeds.
///
/// # Errors
/// As [`slip10::derive`](crate::slip10::derive).
pub fn public_keys_vartime(path: CodePath, seeds: &[Seed], at: &DerivationPath) -> Result<Vec<[u8; 32]>> {
    check_hardened(at)?;
    let mut nodes = Nodes::masters(path, seeds);
    for step in at.steps() {
        nodes.step(&vec![Some(*step); seeds.len()]);
    }
    Ok(of_secrets_vartime(path, &nodes.keys))
}

/// The public keys at many paths of the wallet with this seed. What the paths have in common from their start on is derived once.
///
/// # Errors
/// As [`slip10::derive`](crate::slip10::derive), for the first path that is wrong.
pub fn public_keys_at_vartime(path: CodePath, seed: &Seed, paths: &[DerivationPath]) -> Result<Vec<[u8; 32]>> {
    paths.iter().try_for_each(check_hardened)?;
    let (common, more) = split_common(paths);
    let mut trunk = Nodes::masters(path, std::slice::from_ref(seed));
    for step in common {
        trunk.step(&[Some(*step)]);
    }
    let steps_at = |depth: usize| -> Vec<_> { more.iter().map(|steps| steps.get(depth).copied()).collect() };
    let mut nodes = trunk.repeat(paths.len());
    let depth = more.iter().map(|steps| steps.len()).max().unwrap_or_default();
    for depth in 0..depth {
        nodes.step(&steps_at(depth));
    }
    Ok(of_secrets_vartime(path, &nodes.keys))
}

/// The public keys of secret keys of 32 bytes (RFC 8032, section 5.1.5).
#[must_use]
pub fn of_secrets_vartime(path: CodePath, secrets: &[[u8; 32]]) -> Vec<[u8; 32]> {
    let mut digests = Zeroizing::new(vec![[0; 64]; secrets.len()]);
    sha512(path, secrets, &mut digests);
    let lower = |digest: &[u8; 64]| digest.first_chunk().copied().unwrap_or_default();
    let scalars: Secrets = Zeroizing::new(digests.iter().map(lower).collect());
    let mut keys = vec![[0; 32]; secrets.len()];
    ed25519::public_keys_vartime(path, &scalars, &mut keys);
    keys
}

/// Private keys with their chain codes, side by side.
struct Nodes {
    path: CodePath,
    keys: Secrets,
    chain_codes: Secrets,
}

impl Nodes {
    /// SLIP-10, "Master key generation".
    fn masters(path: CodePath, seeds: &[Seed]) -> Self {
        let codes = Codes::of_seeds(path, b"ed25519 seed", seeds);
        Self { path, keys: codes.lefts(), chain_codes: codes.rights() }
    }

    /// The first one so many times.
    fn repeat(&self, count: usize) -> Self {
        let first = |secrets: &Secrets| Zeroizing::new(vec![secrets.first().copied().unwrap_or_default(); count]);
        Self { path: self.path, keys: first(&self.keys), chain_codes: first(&self.chain_codes) }
    }

    /// Each to its child, in a step of its own (SLIP-10, "Private parent key → private child key"); it stays where there is none.
    fn step(&mut self, steps: &[Option<ChildNumber>]) {
        let message = |(step, key): (&Option<ChildNumber>, &[u8; 32])| step.map_or([0; 37], |step| hardened(key, step));
        let messages: Zeroizing<Vec<Message>> =
            Zeroizing::new(steps.iter().zip(self.keys.iter()).map(message).collect());
        let codes = Codes::of_children(self.path, &self.chain_codes, &messages);
        let (lefts, rights) = (codes.lefts(), codes.rights());
        let nodes = self.keys.iter_mut().zip(self.chain_codes.iter_mut());
        for ((key, chain_code), ((left, right), step)) in nodes.zip(lefts.iter().zip(rights.iter()).zip(steps)) {
            if step.is_some() {
                (*key, *chain_code) = (*left, *right);
            }
        }
    }
}
