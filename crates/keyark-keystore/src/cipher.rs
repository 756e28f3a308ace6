//! The ciphers and the checksum.

use aes::{Aes128, Aes192, Aes256};
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use keyark_core::{Error, ErrorKind, Result};
use sha3::{Digest, Keccak256};

use crate::json::shown;
use crate::kdf::DerivedKey;

/// AES in counter mode. The standard has the first; Trust Wallet writes all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    const ALL: [Self; 3] = [Self::Aes128, Self::Aes192, Self::Aes256];

    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Aes128 => "aes-128-ctr",
            Self::Aes192 => "aes-192-ctr",
            Self::Aes256 => "aes-256-ctr",
        }
    }

    pub(crate) fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.id().eq_ignore_ascii_case(id)).ok_or_else(|| {
            Error::malformed(
                format!("the keystore has an unknown cipher, {}", shown(id)),
                "known ones are: aes-128-ctr, and aes-192-ctr and aes-256-ctr as Trust Wallet writes them",
            )
        })
    }

    const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Encrypts or decrypts in place; in counter mode they are the same.
    pub(crate) fn apply(self, derived: &DerivedKey, iv: &[u8; 16], data: &mut [u8]) -> Result<()> {
        let key = derived.get(..self.key_len()).ok_or_else(faulty)?;
        match self {
            Self::Aes128 => run::<Ctr128BE<Aes128>>(key, iv, data),
            Self::Aes192 => run::<Ctr128BE<Aes192>>(key, iv, data),
            Self::Aes256 => run::<Ctr128BE<Aes256>>(key, iv, data),
        }
    }

    /// The checksum: Keccak-256 of a part of the derived key and the ciphertext.
    ///
    /// The standard takes bytes 16 to 31, "the second-leftmost 16 bytes of the derived key". Trust Wallet takes as
    /// many bytes from the end of the 32 as the cipher's key has, which is the same for AES-128 only.
    pub(crate) fn mac(self, derived: &DerivedKey, ciphertext: &[u8]) -> Result<[u8; 32]> {
        let part = derived.get(derived.len() - self.key_len()..).ok_or_else(faulty)?;
        Ok(Keccak256::new().chain_update(part).chain_update(ciphertext).finalize().into())
    }
}

fn run<C: KeyIvInit + StreamCipher>(key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<()> {
    let mut cipher = C::new_from_slices(key, iv).map_err(|_| faulty())?;
    cipher.try_apply_keystream(data).map_err(|_| faulty())
}

fn faulty() -> Error {
    Error::new(ErrorKind::Internal, "AES refused its key", "report this to the authors of keyark")
}

#[cfg(test)]
mod tests {
    use keyark_core::hex;

    use super::*;

    /// NIST SP 800-38A, sections F.5.1, F.5.3 and F.5.5: the first block of each.
    #[test]
    fn counter_mode_of_sp_800_38a() {
        let iv: [u8; 16] = std::array::from_fn(|at| 0xf0 + at as u8);
        for (cipher, key, expected) in [
            (Cipher::Aes128, "2b7e151628aed2a6abf7158809cf4f3c", "874d6191b620e3261bef6864990db6ce"),
            (Cipher::Aes192, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "1abc932417521ca24f2b0459fe7e6e0b"),
            (
                Cipher::Aes256,
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "601ec313775789a5b7a7f504bbf3d228",
            ),
        ] {
            let key = hex::decode(key).unwrap();
            let mut derived = DerivedKey::default();
            derived[..key.len()].copy_from_slice(&key);
            let mut data = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
            cipher.apply(&derived, &iv, &mut data).unwrap();
            assert_eq!(hex::encode(&data), expected, "{}", cipher.id());
        }
    }
}
