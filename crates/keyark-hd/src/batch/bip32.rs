//! BIP-32 on secp256k1, many at once.
//!
//! An answer is `None` where BIP-32 has no key, which happens to one in 2^127.

use std::ops::Range;

use keyark_core::{ChildNumber, DerivationPath, Error, ErrorKind, Result, Seed};
use keyark_lanes::CodePath;
use keyark_lanes::secp256k1::{NoKey, Parents, add_mul_base_vartime, add_scalars, mul_base_vartime};
use zeroize::{Zeroize, Zeroizing};

use super::Point;
use super::codes::{Codes, Message, Secrets, hardened, message, split_common};
use crate::bip32::{ExtendedPrivateKey, ExtendedPublicKey};

/// The public keys at `at` of the wallets with these seeds.
#[must_use]
pub fn public_keys_vartime(path: CodePath, seeds: &[Seed], at: &DerivationPath) -> Vec<Option<Point>> {
    let mut nodes = Nodes::masters(path, seeds);
    for step in at.steps() {
        nodes.step(&vec![Some(*step); seeds.len()]);
    }
    nodes.public_keys()
}

/// The public keys at many paths of the wallet with this seed. What the paths have in common from their start on is derived once.
///
/// # Errors
/// As [`ExtendedPrivateKey::derive`], for what they have in common.
pub fn public_keys_at_vartime(path: CodePath, seed: &Seed, paths: &[DerivationPath]) -> Result<Vec<Option<Point>>> {
    let (common, more) = split_common(paths);
    let trunk = ExtendedPrivateKey::from_seed(seed)?.derive(&DerivationPath::new(common.to_vec())?)?;
    let steps_at = |depth: usize| -> Vec<_> { more.iter().map(|steps| steps.get(depth).copied()).collect() };
    let mut nodes = Nodes::below(path, &trunk, &steps_at(0));
    let depth = more.iter().map(|steps| steps.len()).max().unwrap_or_default();
    for depth in 1..depth {
        nodes.step(&steps_at(depth));
    }
    Ok(nodes.public_keys())
}

/// The public children of `parent` in a range of steps that are not hardened (BIP-32, "Public parent key → public child key").
///
/// # Errors
/// [`ErrorKind::OutOfBounds`] when the range goes beyond 2^31, or below a depth of 255.
pub fn public_children(path: CodePath, parent: &ExtendedPublicKey, range: Range<u32>) -> Result<Vec<Option<Point>>> {
    let Some(last) = range.end.checked_sub(1).filter(|last| range.contains(last)) else { return Ok(Vec::new()) };
    parent.child(ChildNumber::normal(last)?)?; // all that can be wrong with one of them
    let point = Point::from_compressed(parent.as_bytes())
        .ok_or_else(|| Error::new(ErrorKind::Internal, "an extended key is no point", "report this"))?;
    let messages: Vec<_> = range.map(|step| message(parent.as_bytes(), ChildNumber::from_raw(step))).collect();
    let codes = Codes::of_siblings(path, parent.chain_code().expose(), &messages);
    let mut points = vec![Err(NoKey::Zero); messages.len()];
    add_mul_base_vartime(path, Parents::Shared(&point), &codes.lefts(), &mut points);
    Ok(points.into_iter().map(Result::ok).collect())
}

/// Private keys with their chain codes, side by side.
struct Nodes {
    path: CodePath,
    keys: Secrets,
    chain_codes: Secrets,
    /// Those of which BIP-32 has none: a 1 stands in their place.
    lost: Vec<bool>,
}

const ONE: [u8; 32] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

impl Nodes {
    /// The same one so many times.
    fn repeat(path: CodePath, key: &[u8; 32], chain_code: &[u8; 32], count: usize) -> Self {
        Self {
            path,
            keys: Zeroizing::new(vec![*key; count]),
            chain_codes: Zeroizing::new(vec![*chain_code; count]),
            lost: vec![false; count],
        }
    }

    /// BIP-32, "Master key generation".
    fn masters(path: CodePath, seeds: &[Seed]) -> Self {
        let mut nodes = Self::repeat(path, &[0; 32], &[0; 32], seeds.len()); // what is added to zero is itself
        nodes.take(&Codes::of_seeds(path, b"Bitcoin seed", seeds), |_| true);
        nodes
    }

    /// The children of one key, in a step each; itself where there is none.
    fn below(path: CodePath, parent: &ExtendedPrivateKey, steps: &[Option<ChildNumber>]) -> Self {
        let (key, chain_code) = (parent.private_key(), parent.chain_code().expose());
        let mut nodes = Self::repeat(path, key.expose(), chain_code, steps.len());
        let public = parent.public();
        let messages = steps.iter().map(|step| message_of(*step, key.expose(), public.as_bytes()));
        let messages: Zeroizing<Vec<Message>> = Zeroizing::new(messages.collect());
        nodes.take(&Codes::of_siblings(path, chain_code, &messages), |at| takes(steps, at));
        nodes
    }

    /// Each to its child, in a step of its own (BIP-32, "Private parent key → private child key"); it stays where there is none.
    fn step(&mut self, steps: &[Option<ChildNumber>]) {
        let public = self.compressed_where(steps, |step| !step.is_hardened());
        let messages = steps.iter().zip(self.keys.iter()).zip(&public);
        let messages = messages.map(|((step, key), public)| message_of(*step, key, public));
        let messages: Zeroizing<Vec<Message>> = Zeroizing::new(messages.collect());
        self.take(&Codes::of_children(self.path, &self.chain_codes, &messages), |at| takes(steps, at));
    }

    /// The compressed public keys of those whose step wants them; zeros for the others.
    fn compressed_where(&self, steps: &[Option<ChildNumber>], wants: fn(ChildNumber) -> bool) -> Vec<[u8; 33]> {
        let wants = |step: &Option<ChildNumber>| step.is_some_and(wants);
        let keys = steps.iter().zip(self.keys.iter()).filter(|(step, _)| wants(step)).map(|(_, key)| *key);
        let mut wanted: Secrets = Zeroizing::new(Vec::with_capacity(steps.len())); // it must not grow: it would leave keys behind
        wanted.extend(keys);
        let mut points = multiply(self.path, &wanted).into_iter();
        let mut next = || points.next().flatten().map(|point| point.to_compressed());
        steps.iter().map(|step| if wants(step) { next().unwrap_or([0; 33]) } else { [0; 33] }).collect()
    }

    /// parse256(IL) + kpar mod n, and IR, for those that are `taken`.
    fn take(&mut self, codes: &Codes, taken: impl Fn(usize) -> bool) {
        let mut sums = vec![Err(NoKey::Zero); self.keys.len()];
        add_scalars(self.path, &codes.lefts(), &self.keys, &mut sums);
        let chain_codes = codes.rights();
        let nodes = self.keys.iter_mut().zip(self.chain_codes.iter_mut()).zip(&mut self.lost);
        let children = sums.iter().zip(chain_codes.iter()).enumerate();
        for (((key, chain_code), lost), (_, (sum, new))) in nodes.zip(children).filter(|(_, (at, _))| taken(*at)) {
            *chain_code = *new;
            match sum {
                Ok(sum) => *key = *sum,
                Err(_) => (*key, *lost) = (ONE, true),
            }
        }
        sums.iter_mut().flatten().for_each(Zeroize::zeroize);
    }

    fn public_keys(&self) -> Vec<Option<Point>> {
        let points = multiply(self.path, &self.keys).into_iter().zip(&self.lost);
        points.map(|(point, lost)| point.filter(|_| !lost)).collect()
    }
}

/// Whether the element takes a step.
fn takes(steps: &[Option<ChildNumber>], at: usize) -> bool {
    steps.get(at).is_some_and(Option::is_some)
}

/// What is authenticated in a step; nothing of importance where there is none.
fn message_of(step: Option<ChildNumber>, key: &[u8; 32], public: &[u8; 33]) -> Message {
    match step {
        Some(step) if step.is_hardened() => hardened(key, step),
        Some(step) => message(public, step),
        None => [0; 37],
    }
}

fn multiply(path: CodePath, keys: &[[u8; 32]]) -> Vec<Option<Point>> {
    let mut points = vec![Err(NoKey::Zero); keys.len()];
    mul_base_vartime(path, keys, &mut points);
    points.into_iter().map(Result::ok).collect()
}
