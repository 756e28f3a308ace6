//! The backups that were made of a wallet.

use std::fmt;

use keyark_core::Result;

use super::{limits::check_text, read_time, read_time_if_there};
use crate::Timestamp;
use crate::json::{Fields, Unknown, Writer};

/// How a backup was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BackupMethod {
    /// The words were written down.
    Phrase,
    /// The private key was written down or copied.
    PrivateKey,
    /// A keystore file was made.
    Keystore,
    /// The record was copied to a vault elsewhere.
    Cloud,
    /// A sheet was printed.
    Sheet,
    /// The secret was split into shares.
    Shares,
    /// A method of a later version, by its id.
    Other(String),
}

impl BackupMethod {
    const KNOWN: [Self; 6] = [Self::Phrase, Self::PrivateKey, Self::Keystore, Self::Cloud, Self::Sheet, Self::Shares];

    /// The stable name: `private-key`.
    pub fn id(&self) -> &str {
        match self {
            Self::Phrase => "phrase",
            Self::PrivateKey => "private-key",
            Self::Keystore => "keystore",
            Self::Cloud => "cloud",
            Self::Sheet => "sheet",
            Self::Shares => "shares",
            Self::Other(id) => id,
        }
    }
}

/// The method of this id; [`BackupMethod::Other`] for one that is not known.
impl From<String> for BackupMethod {
    fn from(id: String) -> Self {
        Self::KNOWN.into_iter().find(|method| method.id() == id).unwrap_or(Self::Other(id))
    }
}

/// Displays the stable name.
impl fmt::Display for BackupMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A backup of a wallet. Its texts have at most 1,000 characters; more is refused where the record is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// How it was made.
    pub method: BackupMethod,
    /// Where it is, as the owner knows it: `paper`, the name of a cloud vault, a file.
    pub to: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was last read back and compared; `None` for never.
    pub verified: Option<Timestamp>,
    /// What else is to be said of it: `shares 1 to 3, any 2 of them`.
    pub detail: Option<String>,
    pub(super) unknown: Unknown,
}

impl Backup {
    /// A backup that has not been verified yet.
    pub fn new(method: BackupMethod, to: Option<String>, made: Timestamp) -> Self {
        Self { method, to, made, verified: None, detail: None, unknown: Unknown::new() }
    }

    /// Whether a whole wallet comes back from it, whose secret is of this kind
    /// ([`WalletSecret::kind_id`](crate::WalletSecret::kind_id)). A private key and a keystore bring back one address of
    /// a phrase, not the wallet. What is not known restores nothing.
    pub fn restores_all(&self, secret_kind: &str) -> bool {
        match self.method {
            BackupMethod::Phrase | BackupMethod::Cloud | BackupMethod::Sheet | BackupMethod::Shares => true,
            BackupMethod::PrivateKey | BackupMethod::Keystore => secret_kind == super::secret::PRIVATE_KEY,
            BackupMethod::Other(_) => false,
        }
    }

    /// Whether both are the same method to the same place, so that the newer takes the older one's place.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        self.method.id() == other.method.id() && self.to == other.to
    }

    pub(super) fn check(&self) -> Result<()> {
        check_text("method", self.method.id())?;
        check_text("place", self.to.as_deref().unwrap_or_default())?;
        check_text("detail", self.detail.as_deref().unwrap_or_default())
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.text("method", self.method.id());
        writer.text_if_there("to", self.to.as_deref());
        writer.text("made", &self.made.to_string());
        writer.text_if_there("verified", self.verified.map(|time| time.to_string()).as_deref());
        writer.text_if_there("detail", self.detail.as_deref());
        writer.unknown(&self.unknown);
    }

    pub(crate) fn read(mut fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            method: fields.take::<String>("method")?.into(),
            to: fields.take_if_there("to")?,
            made: read_time(&mut fields, "made")?,
            verified: read_time_if_there(&mut fields, "verified")?,
            detail: fields.take_if_there("detail")?,
            unknown: fields.rest(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_read_again() {
        let ids = ["phrase", "private-key", "keystore", "cloud", "sheet", "shares"];
        for (method, id) in BackupMethod::KNOWN.into_iter().zip(ids) {
            assert_eq!((method.id(), method.to_string().as_str()), (id, id));
            assert_eq!(BackupMethod::from(id.to_owned()), method);
        }
        let later = BackupMethod::from("engraved".to_owned());
        assert_eq!((later.id(), &later), ("engraved", &BackupMethod::Other("engraved".to_owned())));
    }

    #[test]
    fn a_key_restores_a_wallet_that_is_one_key_only() {
        let restores =
            |method: &BackupMethod, kind| Backup::new(method.clone(), None, Timestamp::from_unix(0)).restores_all(kind);
        for method in BackupMethod::KNOWN {
            let of_one_key = matches!(method, BackupMethod::PrivateKey | BackupMethod::Keystore);
            assert!(restores(&method, "private-key"), "{method}");
            assert_eq!(restores(&method, "phrase"), !of_one_key, "{method}");
        }
        let later = BackupMethod::Other("engraved".to_owned());
        assert!(!restores(&later, "phrase") && !restores(&later, "private-key"));
    }
}
