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
    /// When a drill found that it does not bring the wallet back; `None` again when a later one finds that it does.
    pub failed: Option<Timestamp>,
    /// What else is to be said of it: `shares 1 to 3, any 2 of them`.
    pub detail: Option<String>,
    /// How many accounts the record had when it was made. Accounts are only ever appended.
    pub accounts: Option<u64>,
    /// The version of the format that it was written in: of the vault, or of the keystore.
    pub format: Option<u32>,
    /// What a guess at its password costs, as a power of two: scrypt's N, or PBKDF2's rounds.
    pub work: Option<u8>,
    /// When the password was set that it was last opened with, of a vault elsewhere.
    pub password_set: Option<Timestamp>,
    /// The epoch in which it is sealed, of a vault elsewhere.
    pub epoch: Option<u32>,
    pub(super) unknown: Unknown,
}

impl Backup {
    /// A backup that has not been verified yet.
    pub fn new(method: BackupMethod, to: Option<String>, made: Timestamp) -> Self {
        let (verified, failed, detail, accounts, format) = (None, None, None, None, None);
        let (work, password_set, epoch) = (None, None, None);
        Self {
            method,
            to,
            made,
            verified,
            failed,
            detail,
            accounts,
            format,
            work,
            password_set,
            epoch,
            unknown: Unknown::new(),
        }
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
        writer.text_if_there("failed", self.failed.map(|time| time.to_string()).as_deref());
        writer.text_if_there("detail", self.detail.as_deref());
        let numbers = [
            ("accounts", self.accounts),
            ("format", self.format.map(u64::from)),
            ("work", self.work.map(u64::from)),
            ("epoch", self.epoch.map(u64::from)),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                writer.number(name, number);
            }
        }
        writer.text_if_there("password_set", self.password_set.map(|time| time.to_string()).as_deref());
        writer.unknown(&self.unknown);
    }

    pub(crate) fn read(mut fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            method: fields.take::<String>("method")?.into(),
            to: fields.take_if_there("to")?,
            made: read_time(&mut fields, "made")?,
            verified: read_time_if_there(&mut fields, "verified")?,
            failed: read_time_if_there(&mut fields, "failed")?,
            detail: fields.take_if_there("detail")?,
            accounts: fields.take_if_there("accounts")?,
            format: fields.take_if_there("format")?,
            work: fields.take_if_there("work")?,
            password_set: read_time_if_there(&mut fields, "password_set")?,
            epoch: fields.take_if_there("epoch")?,
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

    /// The JSON of a backup, read and written again.
    fn again(text: &str) -> Result<(Backup, String)> {
        let backup = Backup::read(Fields::read(text, "a backup")?)?;
        let mut writer = Writer::new();
        backup.write(&mut writer);
        Ok((backup, writer.finish().to_string()))
    }

    #[test]
    fn what_it_is_judged_by_is_kept_and_may_be_missing() {
        let old = r#"{"method":"cloud","to":"box","made":"2026-01-02T03:04:05Z"}"#;
        let (backup, text) = again(old).unwrap();
        assert_eq!(text, old, "a record of before is written as it was");
        let made = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(backup, Backup::new(BackupMethod::Cloud, Some("box".to_owned()), made));

        let new = concat!(
            r#"{"method":"cloud","to":"box","made":"2026-01-02T03:04:05Z","accounts":11,"format":1,"work":18,"#,
            r#""epoch":2,"password_set":"2026-01-01T00:00:00Z","later":{"a":[1]}}"#
        );
        let (backup, text) = again(new).unwrap();
        assert_eq!(text, new, "with what a later version added");
        assert_eq!((backup.accounts, backup.format, backup.work), (Some(11), Some(1), Some(18)));
        assert_eq!((backup.epoch, backup.password_set), (Some(2), "2026-01-01T00:00:00Z".parse().ok()));
        let nulls =
            new.replace(":11,", ":null,").replace(":18,", ":null,").replace(r#""2026-01-01T00:00:00Z""#, "null");
        assert_eq!(again(&nulls).unwrap().0, Backup { accounts: None, work: None, password_set: None, ..backup });
        for (part, bad, named) in [
            (":11,", ":-1,", "accounts"),
            (":11,", ":\"canary\",", "accounts"),
            (r#""format":1"#, r#""format":4294967296"#, "format"),
            (":18,", ":256,", "work"),
            (":2,", ":0.5,", "epoch"),
            ("2026-01-01T00:00:00Z", "canary", "password_set"),
        ] {
            let error = again(&new.replace(part, bad)).unwrap_err();
            assert!(error.problem().contains(named) && !format!("{error:?}").contains("canary"), "{error}");
        }
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
