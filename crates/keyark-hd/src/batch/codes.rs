//! Keys with their chain codes, side by side, and the codes of HMAC-SHA512 that the next ones are made of.

use keyark_core::{ChildNumber, DerivationPath, Seed};
use keyark_lanes::{CodePath, HmacKey, hmac_sha512, hmac_sha512_one_key};
use zeroize::{Zeroize, Zeroizing};

/// A secret number of 32 bytes for each element.
pub(super) type Secrets = Zeroizing<Vec<[u8; 32]>>;

/// What is authenticated in a step: a key in one of its forms, and the number of the step (BIP-32, "Child key derivation functions").
pub(super) type Message = [u8; 37];

/// HMAC-SHA512 for each element: a left half, which becomes a key, and a right half, a chain code.
pub(super) struct Codes(Zeroizing<Vec<[u8; 64]>>);

impl Codes {
    /// Those of master keys: `curve` is `Bitcoin seed` or `ed25519 seed`.
    pub(super) fn of_seeds(path: CodePath, curve: &[u8], seeds: &[Seed]) -> Self {
        let mut codes = Zeroizing::new(vec![[0; 64]; seeds.len()]);
        let seeds: Vec<_> = seeds.iter().map(Seed::expose).collect();
        hmac_sha512_one_key(path, &HmacKey::new(curve), &seeds, &mut codes);
        Self(codes)
    }

    /// Those of children; each has a parent's chain code.
    pub(super) fn of_children(path: CodePath, chain_codes: &[[u8; 32]], messages: &[Message]) -> Self {
        let mut codes = Zeroizing::new(vec![[0; 64]; messages.len()]);
        hmac_sha512(path, chain_codes, messages, &mut codes);
        Self(codes)
    }

    /// Those of the children of one parent.
    pub(super) fn of_siblings(path: CodePath, chain_code: &[u8; 32], messages: &[Message]) -> Self {
        let mut codes = Zeroizing::new(vec![[0; 64]; messages.len()]);
        hmac_sha512_one_key(path, &HmacKey::new(chain_code), messages, &mut codes);
        Self(codes)
    }

    pub(super) fn lefts(&self) -> Secrets {
        self.halves(|[left, _]| *left)
    }

    pub(super) fn rights(&self) -> Secrets {
        self.halves(|[_, right]| *right)
    }

    fn halves(&self, half: fn(&[[u8; 32]; 2]) -> [u8; 32]) -> Secrets {
        let split = |code: &[u8; 64]| match code.as_chunks() {
            ([left, right], _) => half(&[*left, *right]),
            _ => [0; 32], // not so: 64 bytes are two of them
        };
        Zeroizing::new(self.0.iter().map(split).collect())
    }
}

/// The message of a step that is hardened: of the private key.
pub(super) fn hardened(key: &[u8; 32], step: ChildNumber) -> Message {
    let mut form = [0; 33];
    if let Some(place) = form.last_chunk_mut() {
        *place = *key;
    }
    let message = message(&form, step);
    form.zeroize();
    message
}

/// The message of a step, of the key in the form that the step asks for.
pub(super) fn message(key: &[u8; 33], step: ChildNumber) -> Message {
    let mut message = [0; 37];
    let (form, number) = message.split_at_mut(33);
    form.copy_from_slice(key);
    number.copy_from_slice(&step.to_raw().to_be_bytes());
    message
}

/// What the paths have in common from their start on, and what each has more.
pub(super) fn split_common(paths: &[DerivationPath]) -> (&[ChildNumber], Vec<&[ChildNumber]>) {
    let Some((first, others)) = paths.split_first() else { return (&[], Vec::new()) };
    let shared =
        |path: &DerivationPath| first.steps().iter().zip(path.steps()).take_while(|(one, other)| one == other).count();
    let common = others.iter().map(shared).min().unwrap_or(first.steps().len());
    let rest = |path: &'_ DerivationPath| path.steps().len().min(common);
    let more = paths.iter().map(|path| path.steps().split_at(rest(path)).1).collect();
    (first.steps().split_at(common).0, more)
}
