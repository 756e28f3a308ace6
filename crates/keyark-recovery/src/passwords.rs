//! The forgotten password of a keystore file.

use std::fmt;

use keyark_core::{Error, ErrorKind, Result, SecretText};
use keyark_keystore::{Keystore, Opened};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::amount::counted;
use crate::engine::Gauge;
use crate::guesses::Guesses;
use crate::search::Search;
use crate::task::{Amount, Task};

/// A search for the password of a keystore file among guesses.
pub type PasswordSearch = Search<Passwords>;

/// Guesses at the password of a keystore file.
pub struct Passwords {
    keystore: Keystore,
    file: [u8; 32],
    guesses: Guesses,
    count: u64,
}

/// A keystore file with the password that opened it.
#[derive(Debug)]
#[non_exhaustive]
pub struct OpenedWith {
    /// The password.
    pub password: SecretText,
    /// What was in the file: derive its address and compare, by [`Opened::check_address`].
    pub opened: Opened,
    /// How many guesses had been tried.
    pub tried: u64,
}

impl PasswordSearch {
    /// A search for the password of the keystore `file`. A guess costs what the file asks for: a second and 256 MiB for one of the
    /// usual strength, and that much memory for each thread.
    ///
    /// # Errors
    /// What [`Keystore::parse`] says of the file; [`ErrorKind::OutOfBounds`] for 2^64 guesses or more.
    pub fn new(file: &str, guesses: Guesses) -> Result<Self> {
        let keystore = Keystore::parse(file)?;
        match u64::try_from(guesses.count()) {
            Ok(count) if count < u64::MAX => {
                let file = Sha256::digest(file).into();
                Ok(Self::of(Passwords { keystore, file, guesses, count }))
            }
            _ => Err(Error::new(
                ErrorKind::OutOfBounds,
                format!("there are {} passwords to try", counted(guesses.count())),
                "write what you know of the password in place of the marks",
            )),
        }
    }
}

impl Task for Passwords {
    type Found = OpenedWith;

    fn block(&self, block: u64, gauge: &Gauge) -> Result<Option<Vec<OpenedWith>>> {
        let Some(password) = self.guesses.get(u128::from(block)) else { return Ok(Some(Vec::new())) };
        let result = self.keystore.open(&password);
        let tried = gauge.add(1);
        match result {
            Ok(opened) => Ok(Some(vec![OpenedWith { password, opened, tried }])),
            Err(error) if error.kind() == ErrorKind::WrongPassword => Ok(Some(Vec::new())),
            Err(error) => Err(error.with_context("guess", block + 1)),
        }
    }

    fn amount(&self) -> Amount {
        let count = u128::from(self.count);
        Amount { total: count, block: 1, before: count, after: count, exact: true, places: 1 }
    }

    fn open_input(&self, add: &mut dyn FnMut(&[u8])) {
        add(&self.file);
    }

    fn secret_input(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.guesses.identity().to_vec())
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({:?}, {:?})", self.keystore, self.guesses)
    }
}
