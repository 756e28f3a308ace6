//! From a password to the derived key.

use keyark_core::{Error, ErrorKind, Result};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::params::Kdf;

/// The first 32 bytes of the derived key. Both functions give the same ones whatever the length asked for.
pub(crate) type DerivedKey = Zeroizing<[u8; 32]>;

impl Kdf {
    /// Derives the key. The costs were bounded when they were read.
    pub(crate) fn derive(self, password: &[u8], salt: &[u8]) -> Result<DerivedKey> {
        let mut key = DerivedKey::default();
        match self {
            Self::Scrypt { n, r, p } => {
                check_memory(n, r, p)?;
                // N is a power of two, so its zeros are its logarithm, at most 31.
                let params = scrypt::Params::new(n.trailing_zeros() as u8, r, p).map_err(|_| faulty())?;
                scrypt::scrypt(password, salt, &params, key.as_mut_slice()).map_err(|_| faulty())?;
            }
            Self::Pbkdf2 { rounds } => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, key.as_mut_slice()),
        }
        Ok(key)
    }
}

/// Asks for scrypt's memory and gives it back. The library ends the program where memory is missing; asking first
/// makes that an error, and one that nobody can take for a wrong password.
fn check_memory(n: u32, r: u32, p: u32) -> Result<()> {
    let bytes = 128 * u64::from(r) * (u64::from(n) + u64::from(p) + 2);
    let missing = || {
        Error::new(
            ErrorKind::Internal,
            format!("the keystore takes {} MiB of memory to open, and the system has not that much", (bytes >> 20) + 1),
            "close other programs or use a computer with more memory; this says nothing about the password",
        )
    };
    let bytes = usize::try_from(bytes).map_err(|_| missing())?;
    Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| missing())
}

fn faulty() -> Error {
    Error::new(ErrorKind::Internal, "scrypt refused its parameters", "report this to the authors of keyark")
}

#[cfg(test)]
mod tests {
    use keyark_core::hex;

    use super::*;

    #[test]
    fn scrypt_of_rfc_7914_section_12() {
        let key = Kdf::Scrypt { n: 16, r: 1, p: 1 }.derive(b"", b"").unwrap();
        assert_eq!(hex::encode(&key[..]), "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
        let key = Kdf::Scrypt { n: 1024, r: 8, p: 16 }.derive(b"password", b"NaCl").unwrap();
        assert_eq!(hex::encode(&key[..]), "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    }

    #[test]
    fn pbkdf2_of_rfc_7914_section_11() {
        let key = Kdf::Pbkdf2 { rounds: 1 }.derive(b"passwd", b"salt").unwrap();
        assert_eq!(hex::encode(&key[..]), "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
        let key = Kdf::Pbkdf2 { rounds: 80_000 }.derive(b"Password", b"NaCl").unwrap();
        assert_eq!(hex::encode(&key[..]), "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
    }

    #[test]
    fn missing_memory_is_not_a_wrong_password() {
        let error = check_memory(u32::MAX, 1 << 20, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        assert!(error.problem().contains("MiB of memory"), "{error}");
        assert!(error.remedy().contains("nothing about the password"));
        check_memory(262_144, 8, 1).unwrap();
    }
}
