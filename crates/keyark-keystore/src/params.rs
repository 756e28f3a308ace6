//! The key derivation functions and their bounds.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, Warning};

use crate::json::{Fields, shown};
use crate::limits::{
    MAX_DERIVED_KEY, MAX_PBKDF2_ROUNDS, MAX_SALT, MAX_SCRYPT_MEMORY, MAX_SCRYPT_R_P, MAX_SCRYPT_WORK, MIN_DERIVED_KEY,
};

/// A key derivation function with its cost. Only costs within [`limits`](crate::limits) come out of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kdf {
    /// scrypt (RFC 7914).
    Scrypt {
        /// The cost in work and memory, a power of two.
        n: u32,
        /// The block size.
        r: u32,
        /// How often all is repeated.
        p: u32,
    },
    /// PBKDF2 with HMAC-SHA-256 (RFC 8018, section 5.2).
    Pbkdf2 {
        /// How many rounds: `c` in the file.
        rounds: u32,
    },
}

impl Kdf {
    /// The name in the file: `scrypt`, `pbkdf2`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Scrypt { .. } => "scrypt",
            Self::Pbkdf2 { .. } => "pbkdf2",
        }
    }
}

impl fmt::Display for Kdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scrypt { n, r, p } => write!(f, "scrypt, N={n}, r={r}, p={p}"),
            Self::Pbkdf2 { rounds } => write!(f, "PBKDF2-HMAC-SHA-256, c={rounds}"),
        }
    }
}

/// The function and its salt, from the fields `kdf` and `kdfparams`.
pub(crate) fn read(crypto: Fields<'_>, notes: &mut Vec<Warning>) -> Result<(Kdf, Vec<u8>)> {
    let name = crypto.text("kdf", notes)?;
    let params = crypto.object("kdfparams", "crypto.kdfparams", notes)?;
    let (kdf, has_salt) = if name.eq_ignore_ascii_case("scrypt") {
        let n = params.number("n", notes)?;
        let r = params.number("r", notes)?;
        let p = params.number("p", notes)?;
        // Trust Wallet's files of 2021 to 2024 have an empty salt, and some have none.
        (scrypt(n, r, p)?, params.get("salt", notes)?.is_some())
    } else if name.eq_ignore_ascii_case("pbkdf2") {
        check_prf(params, notes)?;
        (pbkdf2(params.number("c", notes)?)?, true)
    } else {
        return Err(Error::malformed(
            format!("the keystore has an unknown key derivation function, {}", shown(name)),
            "known ones are: scrypt, pbkdf2",
        ));
    };
    check_derived_key(params.number("dklen", notes)?, notes)?;
    let salt = if has_salt { params.hex("salt", notes)? } else { Vec::new() };
    check_salt(&salt, notes)?;
    Ok((kdf, salt))
}

fn scrypt(n: u64, r: u64, p: u64) -> Result<Kdf> {
    for (name, value) in [("r", r), ("p", p)] {
        if value == 0 {
            return Err(out_of_bounds(format!("scrypt's {name} is 0, and must be at least 1")));
        }
        if value > MAX_SCRYPT_R_P {
            return Err(out_of_bounds(format!(
                "scrypt's {name} is {value}, and keyark allows at most {MAX_SCRYPT_R_P}"
            )));
        }
    }
    if n < 2 {
        return Err(out_of_bounds(format!("scrypt's N is {n}, and must be at least 2")));
    }
    if !n.is_power_of_two() {
        return Err(Error::malformed(
            format!("scrypt's N is {n}, which is not a power of two"),
            "the file is damaged or was written by a faulty program; use another copy of it",
        ));
    }
    // In 128 bits: N has up to 64, and r has 8.
    let memory = 128 * u128::from(n) * u128::from(r);
    if memory > u128::from(MAX_SCRYPT_MEMORY) {
        return Err(out_of_bounds(format!(
            "scrypt with N={n} and r={r} takes {} MiB of memory, and keyark allows at most {} MiB",
            memory >> 20,
            MAX_SCRYPT_MEMORY >> 20
        )));
    }
    let work = u128::from(n) * u128::from(r) * u128::from(p);
    if work > u128::from(MAX_SCRYPT_WORK) {
        return Err(out_of_bounds(format!(
            "scrypt with N={n}, r={r} and p={p} takes N*r*p = {work} steps, and keyark allows at most {MAX_SCRYPT_WORK}"
        )));
    }
    match (u32::try_from(n), u32::try_from(r), u32::try_from(p)) {
        (Ok(n), Ok(r), Ok(p)) => Ok(Kdf::Scrypt { n, r, p }),
        _ => Err(out_of_bounds(format!("scrypt's N is {n}, and keyark allows at most {MAX_SCRYPT_WORK}"))),
    }
}

fn pbkdf2(rounds: u64) -> Result<Kdf> {
    match u32::try_from(rounds) {
        Ok(0) => Err(out_of_bounds("PBKDF2's c is 0, and must be at least 1".to_owned())),
        Ok(rounds) if u64::from(rounds) <= MAX_PBKDF2_ROUNDS => Ok(Kdf::Pbkdf2 { rounds }),
        _ => Err(out_of_bounds(format!("PBKDF2's c is {rounds}, and keyark allows at most {MAX_PBKDF2_ROUNDS}"))),
    }
}

fn check_prf(params: Fields<'_>, notes: &mut Vec<Warning>) -> Result<()> {
    if params.get("prf", notes)?.is_none() {
        let message = "the file does not say which hash PBKDF2 uses; hmac-sha256 is taken, as Trust Wallet does";
        notes.push(Warning::new("no-prf", message));
        return Ok(());
    }
    let prf = params.text("prf", notes)?;
    if prf.eq_ignore_ascii_case("hmac-sha256") {
        return Ok(());
    }
    Err(Error::malformed(
        format!("the keystore uses PBKDF2 with an unknown function, {}", shown(prf)),
        "the only known one is: hmac-sha256",
    ))
}

fn check_derived_key(length: u64, notes: &mut Vec<Warning>) -> Result<()> {
    if length < MIN_DERIVED_KEY {
        return Err(out_of_bounds(format!("the derived key has {length} bytes, and needs at least {MIN_DERIVED_KEY}")));
    }
    if length > MAX_DERIVED_KEY {
        return Err(out_of_bounds(format!(
            "the derived key has {length} bytes, and keyark allows at most {MAX_DERIVED_KEY}"
        )));
    }
    if length != MIN_DERIVED_KEY {
        let message = format!("the derived key has {length} bytes instead of {MIN_DERIVED_KEY}; the rest is unused");
        notes.push(Warning::new("unusual-dklen", message));
    }
    Ok(())
}

fn check_salt(salt: &[u8], notes: &mut Vec<Warning>) -> Result<()> {
    if salt.len() > MAX_SALT {
        return Err(out_of_bounds(format!("the salt has {} bytes, and keyark allows at most {MAX_SALT}", salt.len())));
    }
    if salt.is_empty() {
        notes.push(Warning::new(
            "empty-salt",
            "the file has no salt, as Trust Wallet's of 2021 to 2024: one list of guesses serves for all such files",
        ));
    }
    Ok(())
}

fn out_of_bounds(problem: String) -> Error {
    Error::new(ErrorKind::OutOfBounds, problem, "the file is damaged or was made to do harm; use another copy of it")
}
