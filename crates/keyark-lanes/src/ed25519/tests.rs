use ed25519_dalek::VerifyingKey;
use ed25519_dalek::hazmat::ExpandedSecretKey;

use super::digits::{Digits, HALF, TOP_WIDTH, WIDTH, WINDOWS, sign_and_index};
use super::public_keys_vartime;
use crate::CodePath;

/// The scalar with these digits.
fn scalar(top: usize, digit: usize) -> [u8; 32] {
    let mut bytes = [0; 32];
    let bits = |value: usize, width: usize| (0..width).map(move |bit| u8::from(value >> bit & 1 == 1));
    let all = (0..WINDOWS).flat_map(|_| bits(digit, WIDTH)).chain(bits(top, TOP_WIDTH));
    for (at, bit) in all.enumerate() {
        bytes[(at + 3) / 8] |= bit << ((at + 3) % 8);
    }
    bytes
}

#[test]
fn digits_are_bits() {
    for (top, digit) in [(0, 0), (1, 1), (5, 700), ((1 << TOP_WIDTH) - 1, (1 << WIDTH) - 1)] {
        let digits = Digits::of(&scalar(top, digit));
        assert_eq!((usize::from(digits.top), digits.windows.map(usize::from)), (top, [digit; WINDOWS]));
    }
}

#[test]
fn digits_stand_for_odd_halves() {
    for digit in 0..1 << WIDTH {
        let (negative, index) = sign_and_index(digit);
        let odd = 2 * index as i32 + 1;
        assert_eq!(if negative { -odd } else { odd }, 2 * i32::from(digit) - ((1 << WIDTH) - 1));
        assert!(index < HALF);
    }
}

/// Every entry of every table, with both signs.
#[test]
fn all_entries() {
    let scalars: Vec<[u8; 32]> = (0..1 << TOP_WIDTH).map(|top| scalar(top, top % (1 << WIDTH))).collect();
    let key = |scalar: &[u8; 32]| {
        let mut expanded = [0; 64];
        expanded[..32].copy_from_slice(scalar);
        VerifyingKey::from(&ExpandedSecretKey::from_bytes(&expanded)).to_bytes()
    };
    let expected: Vec<[u8; 32]> = scalars.iter().map(key).collect();
    for path in CodePath::available() {
        let mut keys = vec![[0; 32]; scalars.len()];
        public_keys_vartime(path, &scalars, &mut keys);
        assert!(keys == expected, "{}", path.id());
    }
}
