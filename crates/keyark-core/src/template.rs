//! Path templates: the paths of an address kind with the account, change and index left open.

use std::fmt;

use crate::{ChildNumber, DerivationPath, Error, ErrorKind, Result};

/// One step of a [`PathTemplate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A fixed hardened step: `84'`.
    Hardened(u32),
    /// A fixed step that is not hardened: `0`.
    Normal(u32),
    /// The coin type of the network, hardened (BIP-44, "Coin type").
    Coin,
    /// The account, hardened (BIP-44, "Account").
    Account,
    /// 0 for receiving, 1 for change (BIP-44, "Change").
    Change,
    /// The address within the account (BIP-44, "Index").
    Index,
}

/// Where in a wallet an address stands. What a template has no place for stays 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Position {
    /// The account, below 2^31.
    pub account: u32,
    /// 0 for receiving, 1 for change.
    pub change: u32,
    /// The address within the account, below 2^31.
    pub index: u32,
}

/// The paths of an address kind: `m/84'/{coin}'/{account}'/{change}/{index}`.
///
/// ```
/// use keyark_core::{PathTemplate, Position, Step};
///
/// let bip84 = PathTemplate::new(&[
///     Step::Hardened(84), Step::Coin, Step::Account, Step::Change, Step::Index,
/// ]);
/// let path = bip84.fill(0, Position { index: 7, ..Position::default() })?;
/// assert_eq!(path.to_string(), "m/84'/0'/0'/0/7");
/// assert_eq!(bip84.for_coin(0).to_string(), "m/84'/0'/{account}'/{change}/{index}");
/// # Ok::<(), keyark_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathTemplate(&'static [Step]);

impl PathTemplate {
    /// A template from its steps.
    pub const fn new(steps: &'static [Step]) -> Self {
        Self(steps)
    }

    /// The steps from the master key.
    pub const fn steps(&self) -> &'static [Step] {
        self.0
    }

    /// Whether `step` occurs: whether the kind has accounts, change addresses, or many addresses.
    pub fn has(&self, step: Step) -> bool {
        self.0.contains(&step)
    }

    /// The path of the address at `position`, for the coin type `coin`.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for a number of 2^31 or more;
    /// [`ErrorKind::Usage`] for a number above 0 that the template has no place for.
    pub fn fill(&self, coin: u32, position: Position) -> Result<DerivationPath> {
        for (step, number, name) in [
            (Step::Account, position.account, "account"),
            (Step::Change, position.change, "change"),
            (Step::Index, position.index, "index"),
        ] {
            if number != 0 && !self.has(step) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("the paths {} have no {name}", self.for_coin(coin)),
                    format!("leave the {name} at 0, or choose another address kind"),
                ));
            }
        }
        self.up_to(coin, position, self.0.len())
    }

    /// The path of the account node: all hardened steps up to and with `{account}`. `None` where the
    /// template has no accounts.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfBounds`] for an account of 2^31 or more.
    pub fn account_path(&self, coin: u32, account: u32) -> Result<Option<DerivationPath>> {
        let Some(at) = self.0.iter().position(|step| *step == Step::Account) else {
            return Ok(None);
        };
        self.up_to(coin, Position { account, ..Position::default() }, at + 1).map(Some)
    }

    fn up_to(&self, coin: u32, position: Position, steps: usize) -> Result<DerivationPath> {
        let steps = self.0.iter().take(steps).map(|step| match *step {
            Step::Hardened(number) => ChildNumber::hardened(number),
            Step::Normal(number) => ChildNumber::normal(number),
            Step::Coin => ChildNumber::hardened(coin),
            Step::Account => ChildNumber::hardened(position.account),
            Step::Change => ChildNumber::normal(position.change),
            Step::Index => ChildNumber::normal(position.index),
        });
        DerivationPath::new(steps.collect::<Result<_>>()?)
    }

    /// Where `path` stands in this template, if it is one of its paths, for one of the `coins`.
    pub fn position_of(&self, coins: &[u32], path: &DerivationPath) -> Option<Position> {
        (path.steps().len() == self.0.len()).then(|| self.position_of_prefix(coins, path))?
    }

    /// Whether `path` is the account node of this template, for one of the `coins`.
    pub fn is_account(&self, coins: &[u32], path: &DerivationPath) -> bool {
        self.position_of_account(coins, path).is_some()
    }

    /// The position of the first address below `path`, if that is the account node of this template, for one of the `coins`.
    pub fn position_of_account(&self, coins: &[u32], path: &DerivationPath) -> Option<Position> {
        let account = self.0.iter().position(|step| *step == Step::Account)?;
        (path.steps().len() == account + 1).then(|| self.position_of_prefix(coins, path))?
    }

    /// Whether `path` is on the way to the accounts of this template, for one of the `coins`: everything hangs on it.
    pub fn is_above_accounts(&self, coins: &[u32], path: &DerivationPath) -> bool {
        let account = self.0.iter().position(|step| *step == Step::Account).unwrap_or(self.0.len().saturating_sub(1));
        path.steps().len() <= account && self.position_of_prefix(coins, path).is_some()
    }

    /// Whether `path` is below an account node of this template, for one of the `coins`.
    pub fn is_within_account(&self, coins: &[u32], path: &DerivationPath) -> bool {
        let Some(account) = self.0.iter().position(|step| *step == Step::Account) else { return false };
        match path.steps().get(..=account) {
            Some(prefix) if prefix.len() < path.steps().len() => {
                DerivationPath::new(prefix.to_vec()).is_ok_and(|prefix| self.is_account(coins, &prefix))
            }
            _ => false,
        }
    }

    fn position_of_prefix(&self, coins: &[u32], path: &DerivationPath) -> Option<Position> {
        let mut position = Position::default();
        for (step, given) in self.0.iter().zip(path.steps()) {
            let index = given.index();
            let (hardened, fits) = match *step {
                Step::Hardened(number) => (true, index == number),
                Step::Normal(number) => (false, index == number),
                Step::Coin => (true, coins.contains(&index)),
                Step::Account => (true, true),
                Step::Change => (false, index <= 1),
                Step::Index => (false, true),
            };
            if !fits || hardened != given.is_hardened() {
                return None;
            }
            match step {
                Step::Account => position.account = index,
                Step::Change => position.change = index,
                Step::Index => position.index = index,
                _ => {}
            }
        }
        Some(position)
    }

    /// The template as text, with the coin type filled in.
    pub fn for_coin(&self, coin: u32) -> impl fmt::Display {
        Shown { template: *self, coin }
    }
}

struct Shown {
    template: PathTemplate,
    coin: u32,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("m")?;
        for step in self.template.0 {
            match step {
                Step::Hardened(number) => write!(f, "/{number}'")?,
                Step::Normal(number) => write!(f, "/{number}")?,
                Step::Coin => write!(f, "/{}'", self.coin)?,
                Step::Account => f.write_str("/{account}'")?,
                Step::Change => f.write_str("/{change}")?,
                Step::Index => f.write_str("/{index}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIP84: PathTemplate =
        PathTemplate::new(&[Step::Hardened(84), Step::Coin, Step::Account, Step::Change, Step::Index]);
    const ROOT: PathTemplate = PathTemplate::new(&[Step::Hardened(44), Step::Coin]);

    #[test]
    fn a_path_is_found_again() {
        let at = Position { account: 3, change: 1, index: 9 };
        let path = BIP84.fill(1, at).unwrap();
        assert_eq!(path.to_string(), "m/84'/1'/3'/1/9");
        assert_eq!(BIP84.position_of(&[0, 1], &path), Some(at));
        assert_eq!(BIP84.position_of(&[0], &path), None);
        let account = BIP84.account_path(1, 3).unwrap().unwrap();
        assert_eq!(account.to_string(), "m/84'/1'/3'");
        assert!(BIP84.is_account(&[0, 1], &account));
        assert!(!BIP84.is_account(&[0, 1], &path));
        for (text, above) in
            [("m", true), ("m/84'", true), ("m/84'/1'", true), ("m/84'/1'/3'", false), ("m/49'", false)]
        {
            assert_eq!(BIP84.is_above_accounts(&[0, 1], &text.parse().unwrap()), above, "{text}");
        }
        for (text, within) in
            [("m/84'/1'/3'/7", true), ("m/84'/1'/3'", false), ("m/84'/2'/3'/7", false), ("m/84'/1'/3/7", false)]
        {
            assert_eq!(BIP84.is_within_account(&[0, 1], &text.parse().unwrap()), within, "{text}");
        }
    }

    #[test]
    fn paths_of_other_kinds_are_not_found() {
        for text in [
            "m",
            "m/84'/0'",
            "m/84'/0'/0'",
            "m/84'/0'/0'/0",
            "m/84'/0'/0'/2/0",
            "m/84'/0'/0'/0/0'",
            "m/84'/0'/0/0/0",
            "m/44'/0'/0'/0/0",
            "m/84'/0'/0'/0/0/0",
        ] {
            assert_eq!(BIP84.position_of(&[0], &text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_number_without_a_place_is_refused_not_dropped() {
        let error = ROOT.fill(501, Position { index: 1, ..Position::default() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(ROOT.account_path(501, 0).unwrap(), None);
        let large = Position { account: 1 << 31, ..Position::default() };
        assert_eq!(BIP84.fill(0, large).unwrap_err().kind(), ErrorKind::OutOfBounds);
    }
}
