//! The lanes give what other libraries give, on every code path that this machine has.
#![no_main]

use ed25519_dalek::hazmat::ExpandedSecretKey;
use hmac::{Hmac, KeyInit, Mac};
use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{ProjectivePoint, Scalar};
use keyark_lanes::secp256k1::{AffinePoint, NoKey, Parents, add_mul_base_vartime, mul_base_vartime};
use keyark_lanes::{CodePath, ed25519, hmac_sha512, sha512};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha512};

fuzz_target!(|data: &[u8]| {
    let (scalars, rest) = data.as_chunks::<32>();
    let scalars = scalars.iter().take(40).copied().collect::<Vec<_>>();
    let messages: Vec<_> = data.chunks(1 + rest.len() * 5).take(20).collect();
    for path in CodePath::available() {
        hashes(path, &messages);
        multiples(path, &scalars);
        keys(path, &scalars);
    }
});

fn hashes(path: CodePath, messages: &[&[u8]]) {
    let mut digests = vec![[0; 64]; messages.len()];
    sha512(path, messages, &mut digests);
    let mut keys = messages.to_vec();
    keys.reverse();
    let mut codes = digests.clone();
    hmac_sha512(path, &keys, messages, &mut codes);
    for (((message, key), digest), code) in messages.iter().zip(keys).zip(digests).zip(codes) {
        assert_eq!(digest, <[u8; 64]>::from(Sha512::digest(message)));
        let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("HMAC takes keys of any length");
        mac.update(message);
        assert_eq!(code, <[u8; 64]>::from(mac.finalize().into_bytes()));
    }
}

fn multiples(path: CodePath, scalars: &[[u8; 32]]) {
    let single = |bytes: &[u8; 32]| Option::<Scalar>::from(Scalar::from_repr((*bytes).into()));
    let compressed = |point: ProjectivePoint| {
        let encoded = point.to_affine().to_sec1_point(true);
        <[u8; 33]>::try_from(encoded.as_bytes()).ok() // none for the point at infinity
    };
    let mut points = vec![Err(NoKey::Zero); scalars.len()];
    mul_base_vartime(path, scalars, &mut points);
    for (scalar, point) in scalars.iter().zip(&points) {
        let expected = single(scalar).and_then(|scalar| compressed(ProjectivePoint::GENERATOR * scalar));
        assert_eq!(point.ok().map(|point| point.to_compressed()), expected);
    }
    // Each plus the next one: where the two are of one point, or opposite, sums meet.
    let parents: Vec<_> = points.iter().map(|point| point.unwrap_or(AffinePoint::GENERATOR)).collect();
    let mut others = scalars.to_vec();
    let by_one = usize::from(!others.is_empty());
    others.rotate_left(by_one);
    let mut sums = vec![Err(NoKey::Zero); scalars.len()];
    add_mul_base_vartime(path, Parents::Each(&parents), &others, &mut sums);
    for ((parent, other), sum) in parents.iter().zip(&others).zip(sums) {
        let parent = k256::PublicKey::from_sec1_bytes(&parent.to_compressed()).expect("a point of ours is a point");
        let expected = single(other)
            .and_then(|scalar| compressed(ProjectivePoint::GENERATOR * scalar + parent.to_projective()));
        assert_eq!(sum.ok().map(|sum| sum.to_compressed()), expected);
    }
}

fn keys(path: CodePath, scalars: &[[u8; 32]]) {
    let mut keys = vec![[0; 32]; scalars.len()];
    ed25519::public_keys_vartime(path, scalars, &mut keys);
    for (scalar, key) in scalars.iter().zip(keys) {
        let mut expanded = [0; 64];
        for (place, byte) in expanded.iter_mut().zip(scalar) {
            *place = *byte;
        }
        let expected = ed25519_dalek::VerifyingKey::from(&ExpandedSecretKey::from_bytes(&expanded));
        assert_eq!(key, expected.to_bytes());
    }
}
