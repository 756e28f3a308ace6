//! Derivation paths (BIP-32, "The key tree"): absolute ones, from the master key, and relative ones,
//! from an extended key, are different types.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, Result};

/// The first index that is hardened: 2^31 (BIP-32, "Extended keys").
const HARDENED: u32 = 1 << 31;

/// One step of a path: an index below 2^31, hardened or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChildNumber(u32);

impl ChildNumber {
    /// A step that is not hardened: `0`.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for an index of 2^31 or more.
    pub fn normal(index: u32) -> Result<Self> {
        if index < HARDENED { Ok(Self(index)) } else { Err(index_too_large(index)) }
    }

    /// A hardened step: `0'`.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for an index of 2^31 or more.
    pub fn hardened(index: u32) -> Result<Self> {
        Self::normal(index).map(|step| Self(step.0 | HARDENED))
    }

    /// The step as BIP-32 serialises it: the highest bit is set when it is hardened.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The step as BIP-32 serialises it: the highest bit is set when it is hardened.
    pub const fn to_raw(self) -> u32 {
        self.0
    }

    /// The index, without the mark of hardening.
    pub const fn index(self) -> u32 {
        self.0 & !HARDENED
    }

    /// Whether it can only be derived from a private key.
    pub const fn is_hardened(self) -> bool {
        self.0 & HARDENED != 0
    }
}

fn index_too_large(index: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::OutOfBounds,
        format!("the path index {index} is not below 2^31"),
        "an index goes up to 2147483647; write a hardened step with ' or h behind it, as in 0'",
    )
}

/// Displays as `44'`, with `{:#}` as `44h`.
impl fmt::Display for ChildNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match (self.is_hardened(), f.alternate()) {
            (false, _) => "",
            (true, false) => "'",
            (true, true) => "h",
        };
        write!(f, "{}{mark}", self.index())
    }
}

impl fmt::Debug for ChildNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `44`, `44'`, `44h` and `44H`.
impl FromStr for ChildNumber {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let digits = text.strip_suffix(['\'', 'h', 'H']);
        let hardened = digits.is_some();
        let digits = digits.unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::malformed(
                "a step of the path is not a number",
                "write a path as m/44'/60'/0'/0/0; ' and h both mark a hardened step",
            ));
        }
        let index = digits.parse().map_err(|_| index_too_large("given"))?;
        if hardened { Self::hardened(index) } else { Self::normal(index) }
    }
}

/// A path from the master key: `m/44'/60'/0'/0/0`.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DerivationPath(Vec<ChildNumber>);

/// A path from some extended key: `0/5`.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelativePath(Vec<ChildNumber>);

/// The depth of an extended key is one byte (BIP-32, "Serialization format").
const MAX_DEPTH: usize = 255;

fn parse_steps(text: &str) -> Result<Vec<ChildNumber>> {
    let steps: Vec<_> = text.split('/').map(str::parse).collect::<Result<_>>()?;
    check_depth(steps)
}

fn check_depth(steps: Vec<ChildNumber>) -> Result<Vec<ChildNumber>> {
    if steps.len() > MAX_DEPTH {
        return Err(Error::new(
            ErrorKind::OutOfBounds,
            format!("the path has {} steps, more than the {MAX_DEPTH} of BIP-32", steps.len()),
            "wallets use up to six steps; check the path",
        ));
    }
    Ok(steps)
}

impl DerivationPath {
    /// A path from its steps.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for more than 255 steps.
    pub fn new(steps: Vec<ChildNumber>) -> Result<Self> {
        check_depth(steps).map(Self)
    }

    /// The steps from the master key; none for the master key itself.
    pub fn steps(&self) -> &[ChildNumber] {
        &self.0
    }
}

impl RelativePath {
    /// A path from its steps.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for more than 255 steps.
    pub fn new(steps: Vec<ChildNumber>) -> Result<Self> {
        check_depth(steps).map(Self)
    }

    /// The steps from the extended key; none for that key itself.
    pub fn steps(&self) -> &[ChildNumber] {
        &self.0
    }
}

/// Reads `m`, `m/44'/60'`, `M/44h`; the slash at the end that some programs write is accepted.
impl FromStr for DerivationPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let rest = text.strip_prefix(['m', 'M']).ok_or_else(|| {
            Error::malformed(
                "the path does not start at the master key",
                "write it from the start, as in m/44'/60'/0'/0/0",
            )
        })?;
        match rest {
            "" | "/" => Ok(Self::default()),
            _ => {
                let steps = rest.strip_prefix('/').ok_or_else(|| {
                    Error::malformed("the path has no / behind the m", "write it as in m/44'/60'/0'/0/0")
                })?;
                parse_steps(steps.strip_suffix('/').unwrap_or(steps)).map(Self)
            }
        }
    }
}

/// Reads `0/5`; the empty text is the key itself.
impl FromStr for RelativePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.starts_with(['m', 'M']) {
            return Err(Error::malformed(
                "this path starts at the master key, but only the steps below an extended key fit here",
                "leave off the m and the steps up to the account, as in 0/5",
            ));
        }
        parse_steps(text).map(Self)
    }
}

fn write_steps(f: &mut fmt::Formatter<'_>, steps: &[ChildNumber], mut separator: &'static str) -> fmt::Result {
    for step in steps {
        f.write_str(separator)?;
        fmt::Display::fmt(step, f)?;
        separator = "/";
    }
    Ok(())
}

/// Displays as `m/44'/60'`, with `{:#}` as `m/44h/60h`.
impl fmt::Display for DerivationPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("m")?;
        write_steps(f, &self.0, "/")
    }
}

/// Displays as `0/5'`, with `{:#}` as `0/5h`.
impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_steps(f, &self.0, "")
    }
}

impl fmt::Debug for DerivationPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_notations_are_one_path() {
        let path: DerivationPath = "m/44'/60h/0H/0/7".parse().unwrap();
        assert_eq!(path.to_string(), "m/44'/60'/0'/0/7");
        assert_eq!(format!("{path:#}"), "m/44h/60h/0h/0/7");
        assert_eq!("m".parse::<DerivationPath>().unwrap().steps(), []);
        assert_eq!("m/".parse::<DerivationPath>().unwrap().steps(), []);
    }

    #[test]
    fn what_is_not_a_path_says_why() {
        for text in ["", "44'/0'", "m44'", "m//0", "m/x", "m/-1", "m/+1", "m/0''", "m/ 0", "m/'", "m/0'/ "] {
            assert_eq!(text.parse::<DerivationPath>().unwrap_err().kind(), ErrorKind::Malformed, "{text}");
        }
        for text in ["m/2147483648", "m/2147483648'", "m/4294967296", "m/99999999999999999999"] {
            assert_eq!(text.parse::<DerivationPath>().unwrap_err().kind(), ErrorKind::OutOfBounds, "{text}");
        }
        let deep = "m".to_owned() + &"/0".repeat(256);
        assert_eq!(deep.parse::<DerivationPath>().unwrap_err().kind(), ErrorKind::OutOfBounds);
        assert_eq!("m/0".parse::<RelativePath>().unwrap_err().kind(), ErrorKind::Malformed);
    }

    proptest! {
        #[test]
        fn text_round_trips(raw in proptest::collection::vec(any::<u32>(), 0..12)) {
            let path = DerivationPath::new(raw.into_iter().map(ChildNumber::from_raw).collect()).unwrap();
            prop_assert_eq!(&path.to_string().parse::<DerivationPath>().unwrap(), &path);
            prop_assert_eq!(&format!("{path:#}").parse::<DerivationPath>().unwrap(), &path);
            let relative = RelativePath::new(path.steps().to_vec()).unwrap();
            prop_assert_eq!(&relative.to_string().parse::<RelativePath>().unwrap(), &relative);
        }

        #[test]
        fn hostile_text_never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<DerivationPath>();
            let _ = format!("m/{text}").parse::<DerivationPath>();
        }
    }
}
