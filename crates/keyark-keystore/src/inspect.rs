//! What a file says without its password, and how well it is protected.

use keyark_core::Warning;

use crate::dialect::Content;
use crate::params::Kdf;
use crate::parse::Keystore;
use crate::seal::{PBKDF2_STANDARD_ROUNDS, SCRYPT_STANDARD};

/// What a keystore file says of itself. None of it is authenticated: it is what the file claims.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inspection {
    /// The format: `web3-v3`.
    pub format: &'static str,
    /// The program that wrote it, where the file carries that program's own fields.
    pub writer: Option<&'static str>,
    /// Whether it holds a key or a phrase.
    pub content: Content,
    /// The cipher, as the file names it: `aes-128-ctr`.
    pub cipher: &'static str,
    /// The key derivation function with its cost.
    pub kdf: Kdf,
    /// How well it resists guessing, for a password that resists at all.
    pub strength: Strength,
    /// One sentence with the numbers behind [`strength`](Self::strength).
    pub strength_note: String,
    /// The address that it names, in lower-case hexadecimal without 0x where it has that form, as found otherwise.
    pub address: Option<String>,
    /// What is weak or unusual about it.
    pub warnings: Vec<Warning>,
}

/// What a guess at the password costs, beside what it costs for a file that [`seal`](crate::seal) writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// More than sixteen times less; for PBKDF2, fewer than 100,000 rounds; or a file without salt.
    Weak,
    /// Two to sixteen times less; for PBKDF2, fewer than 600,000 rounds.
    Light,
    /// About as much, or more.
    Standard,
}

impl Strength {
    /// The stable name, as it stands in JSON: `weak`, `light`, `standard`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Light => "light",
            Self::Standard => "standard",
        }
    }
}

impl Keystore {
    /// What the file says. Needs no password and costs nothing.
    pub fn inspect(&self) -> Inspection {
        let (strength, strength_note) = self.strength();
        Inspection {
            format: crate::FORMAT,
            writer: self.writer,
            content: self.content,
            cipher: self.cipher.id(),
            kdf: self.kdf,
            strength,
            strength_note,
            address: self.address.clone(),
            warnings: self.warnings(),
        }
    }

    /// What was noted while reading, and the strength where it is not the standard's.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = self.notes.clone();
        let (strength, note) = self.strength();
        match strength {
            Strength::Standard => {}
            Strength::Light => warnings.push(Warning::new("light-kdf", format!("lightly protected: {note}"))),
            Strength::Weak => warnings.push(Warning::new("weak-kdf", format!("weakly protected: {note}"))),
        }
        warnings
    }

    fn strength(&self) -> (Strength, String) {
        let (strength, note) = self.kdf.strength();
        if self.salt.is_empty() {
            (Strength::Weak, format!("{note}; and it has no salt, so that one list of guesses serves for many files"))
        } else {
            (strength, note)
        }
    }
}

impl Kdf {
    pub(crate) fn strength(self) -> (Strength, String) {
        match self {
            Self::Scrypt { n, r, p } => {
                let (sn, sr, sp) = SCRYPT_STANDARD;
                let steps = |n: u32, r: u32, p: u32| u64::from(n) * u64::from(r) * u64::from(p);
                let (work, standard) = (steps(n, r, p), steps(sn, sr, sp));
                let note = format!(
                    "compared with the standard N={sn}, r={sr}, p={sp}, a guess at the password takes {} and {}",
                    compare(work, standard, "work"),
                    compare(steps(n, r, 1), steps(sn, sr, 1), "memory"),
                );
                (grade(work, standard / 16, standard / 2), note)
            }
            Self::Pbkdf2 { rounds } => {
                let note = format!(
                    "compared with the standard {PBKDF2_STANDARD_ROUNDS} rounds, a guess at the password takes {}, \
                     and like all PBKDF2 no memory, so that graphics cards guess fast",
                    compare(u64::from(rounds), u64::from(PBKDF2_STANDARD_ROUNDS), "work"),
                );
                // 600,000 is what OWASP's password storage cheat sheet asks for (2023).
                (grade(u64::from(rounds), 100_000, 600_000), note)
            }
        }
    }
}

fn grade(cost: u64, light: u64, standard: u64) -> Strength {
    if cost >= standard {
        Strength::Standard
    } else if cost >= light {
        Strength::Light
    } else {
        Strength::Weak
    }
}

/// `32 times less work`, to one decimal below ten.
fn compare(cost: u64, standard: u64, what: &str) -> String {
    let (more, less, word) = if cost < standard { (standard, cost, "less") } else { (cost, standard, "more") };
    let tenths = more.saturating_mul(10) / less.max(1);
    match (tenths, tenths % 10) {
        (10, _) => format!("the same {what}"),
        (..100, 1..) => format!("{}.{} times {word} {what}", tenths / 10, tenths % 10),
        _ => format!("{} times {word} {what}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strength_is_told_in_numbers() {
        let scrypt = |n, r, p| Kdf::Scrypt { n, r, p }.strength();
        let (strength, note) = scrypt(262_144, 8, 1);
        assert_eq!(strength, Strength::Standard);
        assert!(note.ends_with("takes the same work and the same memory"), "{note}");
        for (n, r, p, strength, ending) in [
            (262_144, 1, 8, Strength::Standard, "the same work and 8 times less memory"), // the official vector
            (131_072, 8, 1, Strength::Standard, "2 times less work and 2 times less memory"), // ethers
            (1_048_576, 8, 1, Strength::Standard, "4 times more work and 4 times more memory"),
            (16_384, 8, 4, Strength::Light, "4 times less work and 16 times less memory"), // Trust Wallet
            (4096, 8, 6, Strength::Light, "10 times less work and 64 times less memory"),  // geth, light
            (8192, 8, 1, Strength::Weak, "32 times less work and 32 times less memory"),   // cast
        ] {
            let (found, note) = scrypt(n, r, p);
            assert_eq!(found, strength, "{n} {r} {p}");
            assert!(note.ends_with(&format!("takes {ending}")), "{note}");
        }
    }

    #[test]
    fn pbkdf2_is_told_in_rounds() {
        for (rounds, strength, part) in [
            (1_000_000, Strength::Standard, "the same work"),
            (262_144, Strength::Light, "3.8 times less work"),
            (10_240, Strength::Weak, "97 times less work"),
            (1, Strength::Weak, "1000000 times less work"),
        ] {
            let (found, note) = Kdf::Pbkdf2 { rounds }.strength();
            assert_eq!(found, strength, "{rounds}");
            assert!(note.contains(part), "{note}");
        }
    }
}
