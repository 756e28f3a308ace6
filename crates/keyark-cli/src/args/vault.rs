//! What can be asked of the vault.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use keyark::phrase::{Language, WordCount};
use keyark::{ExportItem, vault::WorkFactor};

use super::cloud::{BACKUP_CLOUD_EXAMPLES, BackupCloud};
use super::{NetworkArg, Words, parse_language, parse_words};

/// Where the vault's password is.
#[derive(Args, Clone)]
pub(crate) struct VaultPassword {
    /// A file with the vault's password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE", help_heading = "The vault")]
    pub(crate) password_file: Option<PathBuf>,
}

/// How a new password is set.
#[derive(Args, Clone)]
pub(crate) struct NewPasswordArgs {
    /// A file with the new password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE", help_heading = "The vault")]
    pub(crate) new_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) work: Work,
}

/// How much a guess at the password costs.
#[derive(Args, Clone, Copy)]
pub(crate) struct Work {
    /// How much a guess at a new password costs: 18 is a second and 256 MiB, and each step doubles both
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value = "18", value_parser = parse_work, help_heading = "The vault")]
    pub(crate) work_factor: WorkFactor,
}

pub(super) const NEW_EXAMPLES: &str = "\
Examples:
  keyark new savings
  keyark new savings --words 24 --password-file password.txt --json";

#[derive(Args)]
pub(crate) struct NewWallet {
    /// What to call it
    pub(crate) name: String,
    /// How many words: 12, 15, 18, 21 or 24
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value = "12", value_parser = parse_words)]
    pub(crate) words: WordCount,
    /// The language of the words
    #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, default_value = "english", value_parser = parse_language)]
    pub(crate) language: Language,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
    #[command(flatten)]
    pub(crate) work: Work,
}

pub(super) const IMPORT_EXAMPLES: &str = "\
Examples:
  keyark import old                                    asks for the words
  keyark import old --phrase-file words.txt --ask-passphrase --note-passphrase
  keyark import hot --chain ethereum                   asks for the private key
  keyark import hot --keystore account.json";

#[derive(Args)]
pub(crate) struct Import {
    /// What to call it
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) words: Words,
    /// Do not keep the BIP-39 passphrase: only note that there is one, and know it when it is typed
    #[arg(long)]
    pub(crate) note_passphrase: bool,
    /// A file with a private key, or - for standard input
    #[arg(long, value_name = "FILE", requires = "chain", conflicts_with_all = ["phrase_file", "passphrase_file", "ask_passphrase", "language", "note_passphrase", "keystore"])]
    pub(crate) key_file: Option<PathBuf>,
    /// The chain of the private key; without --key-file the terminal asks for the key
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: Option<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    /// A keystore file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["phrase_file", "passphrase_file", "ask_passphrase", "language", "note_passphrase"])]
    pub(crate) keystore: Option<PathBuf>,
    /// A file with the keystore's password, or -; without it the terminal asks
    #[arg(long, value_name = "FILE", requires = "keystore")]
    pub(crate) keystore_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
    #[command(flatten)]
    pub(crate) work: Work,
}

/// One address of a wallet.
#[derive(Args)]
pub(crate) struct OneAddress {
    /// The wallet, by its name or id
    pub(crate) wallet: String,
    /// The chain
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: String,
    /// The address kind [default: the chain's own]
    #[arg(long, value_name = "KIND", value_hint = ValueHint::Other)]
    pub(crate) kind: Option<String>,
    /// The account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0)]
    pub(crate) account: u32,
    /// 0 for receiving addresses, 1 for change
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1))]
    pub(crate) change: u32,
    /// The address within the account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0)]
    pub(crate) index: u32,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

pub(super) const ADD_ACCOUNT_EXAMPLES: &str = "\
Examples:
  keyark add-account savings --chain bitcoin --account 1
  keyark add-account savings --chain bitcoin --kind p2tr --account 1
  keyark add-account savings                 what a newer keyark knows and the wallet lacks";

#[derive(Args)]
pub(crate) struct AddAccount {
    /// The wallet, by its name or id
    pub(crate) wallet: String,
    /// The chain [default: every kind of every chain that the wallet lacks]
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: Option<String>,
    /// The address kind [default: the chain's own]
    #[arg(long, value_name = "KIND", value_hint = ValueHint::Other, requires = "chain")]
    pub(crate) kind: Option<String>,
    /// The account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0)]
    pub(crate) account: u32,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}

#[derive(Subcommand)]
pub(crate) enum BackupCommand {
    /// Write the words down, and prove it in a quiz: passing it marks the wallet as backed up
    #[command(after_help = "Example:\n  keyark backup phrase savings")]
    Phrase {
        /// The wallet, by its name or id
        wallet: String,
        /// A file with the words as written down, in order, to answer from: nothing is shown then
        #[arg(long, value_name = "FILE")]
        answers_file: Option<PathBuf>,
        /// A file with the BIP-39 passphrase as written down, for a wallet that has one
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// For a wallet that is one private key: write the key down, and prove it by typing it
    #[command(after_help = "Example:\n  keyark backup key hot")]
    Key {
        /// The wallet, by its name or id
        wallet: String,
        /// A file with the key as written down, to answer from: nothing is shown then
        #[arg(long, value_name = "FILE")]
        answers_file: Option<PathBuf>,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Copy wallets into a cloud vault, read them back from there, and compare every address
    #[command(after_help = BACKUP_CLOUD_EXAMPLES)]
    Cloud(BackupCloud),
    /// A backup is lost: forget that it was made, so that the wallet counts as backed up no more than it is
    #[command(
        after_help = "Examples:\n  keyark backup forget savings --to paper      the paper is lost\n  keyark backup forget savings --to box        that cloud vault is gone"
    )]
    Forget {
        /// The wallet, by its name or id
        wallet: String,
        /// Where the backup was: `paper`, a cloud vault, a file, as `keyark list` names it
        #[arg(long, value_name = "PLACE")]
        to: String,
        #[command(flatten)]
        vault: VaultPassword,
    },
}

pub(super) const PASSWORD_EXAMPLES: &str = "\
Examples:
  keyark password change
  keyark password reset savings            when it is forgotten: asks for the words of savings
  keyark password merge                    when it has come back to mind";

#[derive(Subcommand)]
pub(crate) enum PasswordCommand {
    /// Put the vault under another password
    #[command(after_help = "Examples:\n  keyark password change\n  keyark password change --rekey")]
    Change {
        /// Seal every wallet again too, so that the old password opens nothing that is written from now on
        #[arg(long)]
        rekey: bool,
        #[command(flatten)]
        new: NewPasswordArgs,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// When the password is forgotten: seal a wallet under a new one, with its words or its private key as the proof
    #[command(
        after_help = "Examples:\n  keyark password reset savings\n  keyark password reset hot --key-file key.txt --chain ethereum"
    )]
    Reset(Box<PasswordReset>),
    /// When a forgotten password has come back: take over the wallets that are sealed under it
    #[command(after_help = "Example:\n  keyark password merge")]
    Merge {
        /// A file with the old password, or -; without it the terminal asks
        #[arg(long, value_name = "FILE", help_heading = "The vault")]
        old_password_file: Option<PathBuf>,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// The vault's passwords by their dates: the one of today, and forgotten ones that wallets are still sealed under
    #[command(after_help = "Example:\n  keyark password list")]
    List,
    /// Let the system's keychain open the vault on this computer, beside the password, or not any more
    #[command(after_help = "Examples:\n  keyark password keychain on\n  keyark password keychain off")]
    Keychain {
        /// Whether it does
        #[arg(value_enum)]
        state: Switch,
        #[command(flatten)]
        vault: VaultPassword,
    },
}

/// Something that is switched on or off.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Args)]
pub(crate) struct PasswordReset {
    /// What to call the wallet
    pub(crate) wallet: String,
    #[command(flatten)]
    pub(crate) words: Words,
    /// Do not keep the BIP-39 passphrase: only note that there is one, and know it when it is typed
    #[arg(long)]
    pub(crate) note_passphrase: bool,
    /// A file with the private key, or - for standard input, for a wallet that is one
    #[arg(long, value_name = "FILE", requires = "chain", conflicts_with_all = ["phrase_file", "passphrase_file", "ask_passphrase", "language", "note_passphrase"])]
    pub(crate) key_file: Option<PathBuf>,
    /// The chain of the private key; without --key-file the terminal asks for the key
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: Option<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    #[command(flatten)]
    pub(crate) new: NewPasswordArgs,
}

pub(super) const POLICY_EXAMPLES: &str = "\
Examples:
  keyark policy show
  keyark policy set --deny private-key --deny keystore --reason 'keys stay on this computer'
  keyark policy set --ask-password
  keyark policy reset";

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// What may leave the vault
    #[command(after_help = "Example:\n  keyark policy show")]
    Show {
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Allow less
    #[command(after_help = POLICY_EXAMPLES)]
    Set {
        /// What does not leave any more; give it several times for several things
        #[arg(long = "deny", value_name = "ITEM", value_enum)]
        deny: Vec<ItemName>,
        /// Of which chain [default: all]
        #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other, requires = "deny")]
        chain: Option<String>,
        /// Why, for the person who asks
        #[arg(long, value_name = "TEXT", value_hint = ValueHint::Other, requires = "deny")]
        reason: Option<String>,
        /// Ask for the password again before each export
        #[arg(long)]
        ask_password: bool,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Allow again what the chains allow
    #[command(after_help = "Example:\n  keyark policy reset")]
    Reset {
        #[command(flatten)]
        vault: VaultPassword,
    },
}

/// Things that can leave.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ItemName {
    PrivateKey,
    Keystore,
    ExtendedPublicKey,
}

impl ItemName {
    pub(crate) fn get(self) -> ExportItem {
        match self {
            Self::PrivateKey => ExportItem::PrivateKey,
            Self::Keystore => ExportItem::Keystore,
            Self::ExtendedPublicKey => ExportItem::ExtendedPublicKey,
        }
    }
}

fn parse_work(text: &str) -> Result<WorkFactor, String> {
    let log_n = text.parse().map_err(|_| "a work factor is a number from 1 to 20".to_owned())?;
    WorkFactor::new(log_n).map_err(|error| error.to_string())
}
