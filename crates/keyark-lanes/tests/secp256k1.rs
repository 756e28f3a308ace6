//! Batches on secp256k1 against k256 and secp256k1, on every code path of the machine.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

use keyark_lanes::CodePath;
use keyark_lanes::secp256k1::{AffinePoint, NoKey, Parents, add_mul_base_vartime, add_scalars, mul_base_vartime};
use proptest::prelude::*;
use secp256k1::{PublicKey, Scalar, Secp256k1, SecretKey};

type Key = Result<AffinePoint, NoKey>;

const SIZES: [usize; 14] = [0, 1, 2, 7, 8, 9, 15, 16, 17, 19, 64, 1023, 1024, 1025];

/// n - 1 with the last byte left to choose: `order(0x41)` is n.
fn order(last: u8) -> [u8; 32] {
    let mut bytes = k256_bytes(&-k256::Scalar::ONE);
    bytes[31] = last;
    bytes
}

fn small(value: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = value;
    bytes
}

fn k256_bytes(scalar: &k256::Scalar) -> [u8; 32] {
    scalar.to_bytes().into()
}

fn mul_base(path: CodePath, scalars: &[[u8; 32]]) -> Vec<Key> {
    let mut out = vec![Err(NoKey::Zero); scalars.len()];
    mul_base_vartime(path, scalars, &mut out);
    out
}

fn add_mul_base(path: CodePath, parents: Parents<'_>, scalars: &[[u8; 32]]) -> Vec<Key> {
    let mut out = vec![Err(NoKey::Zero); scalars.len()];
    add_mul_base_vartime(path, parents, scalars, &mut out);
    out
}

fn compressed(keys: &[Key]) -> Vec<Result<[u8; 33], NoKey>> {
    keys.iter().map(|key| key.map(|point| point.to_compressed())).collect()
}

/// k·G by the C library.
fn peer_mul(scalar: &[u8; 32]) -> Result<[u8; 33], NoKey> {
    match SecretKey::from_slice(scalar) {
        Ok(key) => Ok(PublicKey::from_secret_key(&Secp256k1::signing_only(), &key).serialize()),
        Err(_) if scalar == &[0; 32] => Err(NoKey::Zero),
        Err(_) => Err(NoKey::AboveOrder),
    }
}

/// K + k·G by the C library.
fn peer_add(parent: &[u8; 33], scalar: &[u8; 32]) -> Result<[u8; 33], NoKey> {
    let parent = PublicKey::from_slice(parent).unwrap();
    let scalar = Scalar::from_be_bytes(*scalar).map_err(|_| NoKey::AboveOrder)?;
    let secp = Secp256k1::verification_only();
    parent.add_exp_tweak(&secp, &scalar).map(|key| key.serialize()).map_err(|_| NoKey::Zero)
}

/// Scalars that look random and are the same in every run.
fn scalars(count: usize, seed: u64) -> Vec<[u8; 32]> {
    use sha2::{Digest, Sha256};
    (0..count as u64).map(|at| Sha256::digest([seed.to_le_bytes(), at.to_le_bytes()].concat()).into()).collect()
}

fn edge_scalars() -> Vec<[u8; 32]> {
    let mut all: Vec<[u8; 32]> = (0..=20).map(small).collect();
    all.extend((0x30..=0x50).map(order));
    all.push([0xff; 32]);
    let half = k256::Scalar::from(2_u64).invert().unwrap();
    let mut halved = k256::Scalar::from(3_u64);
    // One bit, all bits below it, and what is halved over and over.
    for bit in 0..256 {
        let mut power = [0; 32];
        power[31 - bit / 8] = 1 << (bit % 8);
        all.push(power);
        let mut ones = [0; 32];
        (0..bit).for_each(|bit| ones[31 - bit / 8] |= 1 << (bit % 8));
        all.push(ones);
        halved *= half;
        all.push(k256_bytes(&halved));
    }
    all
}

#[test]
fn multiples_are_the_peers() {
    let mut all = edge_scalars();
    all.extend(scalars(500, 1));
    let expected: Vec<_> = all.iter().map(peer_mul).collect();
    for path in CodePath::available() {
        assert_eq!(compressed(&mul_base(path, &all)), expected, "{}", path.id());
        for (scalar, expected) in all.iter().zip(&expected).step_by(7) {
            assert_eq!(compressed(&mul_base(path, &[*scalar])), [*expected], "{} alone", path.id());
        }
    }
}

#[test]
fn every_batch_size_gives_the_same() {
    let all = scalars(5000, 2);
    let portable = mul_base(CodePath::Portable, &all);
    let parent = portable[0].unwrap();
    let parents: Vec<AffinePoint> = portable.iter().rev().map(|key| key.unwrap()).collect();
    for path in CodePath::available() {
        for size in SIZES.into_iter().chain(1..70).chain([2051, 5000]) {
            let (part, expected) = (&all[all.len() - size..], &portable[all.len() - size..]);
            assert_eq!(mul_base(path, part), expected, "{} of {size}", path.id());
        }
        for size in SIZES.into_iter().chain([2051]) {
            let shared = add_mul_base(path, Parents::Shared(&parent), &all[..size]);
            let each = add_mul_base(path, Parents::Each(&parents[..size]), &all[..size]);
            for at in (0..size).step_by(1 + size / 40) {
                assert_eq!(compressed(&shared)[at], peer_add(&parent.to_compressed(), &all[at]), "{}", path.id());
                assert_eq!(compressed(&each)[at], peer_add(&parents[at].to_compressed(), &all[at]), "{}", path.id());
            }
        }
    }
}

#[test]
fn children_of_edge_scalars_are_the_peers() {
    let all = edge_scalars();
    for path in CodePath::available() {
        for parent in [small(1), small(2), order(0x40), order(0x3f), scalars(1, 3)[0]] {
            let parent = mul_base(path, &[parent])[0].unwrap();
            let expected: Vec<_> = all.iter().map(|scalar| peer_add(&parent.to_compressed(), scalar)).collect();
            let keys = add_mul_base(path, Parents::Shared(&parent), &all);
            assert_eq!(compressed(&keys), expected, "{}", path.id());
            for at in (0..all.len()).step_by(5) {
                let key = add_mul_base(path, Parents::Each(&[parent]), &all[at..=at]);
                assert_eq!(compressed(&key), expected[at..=at], "{}", path.id());
            }
        }
    }
}

#[test]
fn points_that_meet() {
    let all = scalars(1100, 4);
    let negative = |scalar: &[u8; 32]| {
        let scalar: Option<k256::Scalar> = k256::elliptic_curve::PrimeField::from_repr((*scalar).into()).into();
        k256_bytes(&-scalar.unwrap())
    };
    for path in CodePath::available() {
        let points: Vec<AffinePoint> = mul_base(path, &all).into_iter().map(|key| key.unwrap()).collect();
        // All of them double; all of them vanish.
        let doubled = add_mul_base(path, Parents::Each(&points), &all);
        let vanished: Vec<[u8; 32]> = all.iter().map(negative).collect();
        assert_eq!(add_mul_base(path, Parents::Each(&points), &vanished), vec![Err(NoKey::Zero); all.len()]);
        for at in (0..all.len()).step_by(31) {
            assert_eq!(compressed(&doubled)[at], peer_add(&points[at].to_compressed(), &all[at]));
            assert_eq!(add_mul_base(path, Parents::Shared(&points[at]), &all[at..=at]), doubled[at..=at]);
            assert_eq!(add_mul_base(path, Parents::Shared(&points[at]), &vanished[at..=at]), [Err(NoKey::Zero)]);
        }
        // One of a batch does, and the others are as if it did not.
        for at in [0, 1, 7, 8, 1023, 1024, 1099] {
            let mut mixed = all.clone();
            mixed[at] = vanished[5];
            let keys = add_mul_base(path, Parents::Shared(&points[5]), &mixed);
            assert_eq!(keys[at], Err(NoKey::Zero));
            assert_eq!(keys[5], if at == 5 { keys[at] } else { doubled[5] });
            let other = (at + 100) % 1100;
            assert_eq!(compressed(&keys)[other], peer_add(&points[5].to_compressed(), &all[other]));
        }
    }
}

#[test]
fn keys_are_read_and_written_as_the_peers_do() {
    for (scalar, key) in scalars(50, 5).iter().zip(mul_base(CodePath::Portable, &scalars(50, 5))) {
        let key = key.unwrap();
        let peer = PublicKey::from_slice(&peer_mul(scalar).unwrap()).unwrap();
        assert_eq!(key.to_compressed(), peer.serialize());
        assert_eq!(key.to_uncompressed(), peer.serialize_uncompressed());
        assert_eq!(key.to_coordinates(), peer.serialize_uncompressed()[1..]);
        assert_eq!(key.to_x_only(), peer.x_only_public_key().0.serialize());
        assert_eq!(AffinePoint::from_compressed(&key.to_compressed()), Some(key));
        assert_eq!(AffinePoint::from_uncompressed(&key.to_uncompressed()), Some(key));
        assert_eq!(key.negate().to_compressed(), peer.negate(&Secp256k1::new()).serialize());
        assert!(!key.with_even_y().is_y_odd());
    }
}

#[test]
fn what_is_no_point_is_refused() {
    let generator = AffinePoint::GENERATOR;
    for sign in (0..=255).filter(|sign| ![2, 3].contains(sign)) {
        let mut key = generator.to_compressed();
        key[0] = sign;
        assert_eq!(AffinePoint::from_compressed(&key), None);
    }
    let mut uncompressed = generator.to_uncompressed();
    uncompressed[64] ^= 1;
    assert_eq!(AffinePoint::from_uncompressed(&uncompressed), None);
    uncompressed[64] ^= 1;
    uncompressed[0] = 6;
    assert_eq!(AffinePoint::from_uncompressed(&uncompressed), None);
    // p + 1 for x = 1, which is on the curve.
    let mut key = [0xff; 33];
    key[0] = 2;
    key[29..].copy_from_slice(&[0xff, 0xff, 0xfc, 0x30]);
    key[28] = 0xfe;
    assert_eq!(AffinePoint::from_compressed(&key), None);
    for x in 0..=255 {
        let mut key = [0; 33];
        (key[0], key[32]) = (2, x);
        let peer = PublicKey::from_slice(&key).ok().map(|key| key.serialize_uncompressed());
        assert_eq!(AffinePoint::from_compressed(&key).map(|key| key.to_uncompressed()), peer, "{x}");
    }
}

#[test]
fn sums_of_scalars_are_the_peers() {
    let edges = [small(0), small(1), small(2), order(0x40), order(0x3f), order(0x41), order(0x42), [0xff; 32]];
    let random = scalars(40, 6);
    for first in edges.iter().chain(&random) {
        for second in edges.iter().chain(&random) {
            let mut out = [Err(NoKey::Zero)];
            add_scalars(CodePath::Portable, &[*first], &[*second], &mut out);
            let (a, b): (Option<k256::Scalar>, Option<k256::Scalar>) = (
                k256::elliptic_curve::PrimeField::from_repr((*first).into()).into(),
                k256::elliptic_curve::PrimeField::from_repr((*second).into()).into(),
            );
            let expected = match (a, b) {
                (Some(a), Some(b)) if a + b == k256::Scalar::ZERO => Err(NoKey::Zero),
                (Some(a), Some(b)) => Ok(k256_bytes(&(a + b))),
                _ => Err(NoKey::AboveOrder),
            };
            assert_eq!(out, [expected], "{first:02x?} + {second:02x?}");
        }
    }
}

#[test]
#[should_panic(expected = "as many results as scalars")]
fn slices_of_two_lengths_are_refused() {
    mul_base_vartime(CodePath::Portable, &[[1; 32]], &mut []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_batches_are_the_peers(all in prop::collection::vec(any::<[u8; 32]>(), 0..40), parent in any::<[u8; 32]>()) {
        let parent = AffinePoint::from_compressed(&peer_mul(&parent).unwrap()).unwrap();
        for path in CodePath::available() {
            let expected: Vec<_> = all.iter().map(peer_mul).collect();
            prop_assert_eq!(compressed(&mul_base(path, &all)), expected);
            let expected: Vec<_> = all.iter().map(|scalar| peer_add(&parent.to_compressed(), scalar)).collect();
            prop_assert_eq!(compressed(&add_mul_base(path, Parents::Shared(&parent), &all)), expected);
        }
    }
}
