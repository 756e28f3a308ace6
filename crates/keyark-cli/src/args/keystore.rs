//! What can be asked of keystore files and of cut keys.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use keyark::KeystoreCost;

use super::{Effort, NetworkArg, Out, Words};

#[derive(Subcommand)]
pub(crate) enum KeystoreCommand {
    /// What a keystore file says, how strong it is and what is unusual about it; needs no password
    #[command(after_help = "Example:\n  keyark keystore inspect UTC--2026-01-01.json")]
    Inspect {
        /// The keystore file
        file: PathBuf,
    },
    /// Open a keystore file and show its private key
    #[command(
        after_help = "Examples:\n  keyark keystore open account.json\n  keyark keystore open account.json --keystore-password-file password.txt --out key.txt"
    )]
    Open {
        /// The keystore file
        file: PathBuf,
        /// A file with the password, or - for standard input; without it the terminal asks
        #[arg(long, value_name = "FILE")]
        keystore_password_file: Option<PathBuf>,
        /// Leave off a part of the private key, to be written down by hand (see `keyark complete`)
        #[arg(long)]
        secure_copy: bool,
        #[command(flatten)]
        out: Out,
    },
    /// Make a keystore file of one private key
    #[command(after_help = KEYSTORE_MAKE_EXAMPLES)]
    Make(KeystoreMake),
}

const KEYSTORE_MAKE_EXAMPLES: &str = "\
Examples:
  keyark keystore make --chain ethereum --key-file key.txt --out account.json
  keyark keystore make --chain ethereum --phrase-file words.txt --index 1 --out account.json";

#[derive(Args)]
pub(crate) struct KeystoreMake {
    /// The chain
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: String,
    /// A file with the private key, or - for standard input; without it, and without words, the terminal asks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["phrase_file", "passphrase_file", "ask_passphrase", "language"])]
    pub(crate) key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) words: Words,
    /// With words: the address kind [default: the chain's own]
    #[arg(long, value_name = "KIND", value_hint = ValueHint::Other, requires = "phrase_file", conflicts_with = "key_file")]
    pub(crate) kind: Option<String>,
    /// With words: the account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0, requires = "phrase_file", conflicts_with = "key_file")]
    pub(crate) account: u32,
    /// With words: the address within the account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0, requires = "phrase_file", conflicts_with = "key_file")]
    pub(crate) index: u32,
    /// A file with the new password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore_password_file: Option<PathBuf>,
    /// The keystore file to write; it never replaces another one unasked
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    pub(crate) force: bool,
    /// How the password is hardened
    #[arg(long, value_enum, default_value = "scrypt")]
    kdf: KdfName,
    /// How much a guess at the password costs; light is for old machines and is many times easier to guess at
    #[arg(long, value_enum, default_value = "standard")]
    profile: Profile,
}

impl KeystoreMake {
    pub(crate) fn cost(&self) -> KeystoreCost {
        match (self.kdf, self.profile) {
            (KdfName::Scrypt, Profile::Standard) => KeystoreCost::ScryptStandard,
            (KdfName::Scrypt, Profile::Light) => KeystoreCost::ScryptLight,
            (KdfName::Pbkdf2, Profile::Standard) => KeystoreCost::Pbkdf2Standard,
            (KdfName::Pbkdf2, Profile::Light) => KeystoreCost::Pbkdf2Light,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum KdfName {
    Scrypt,
    Pbkdf2,
}

#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    Standard,
    Light,
}

pub(super) const COMPLETE_EXAMPLES: &str = "\
Examples:
  keyark complete --chain ethereum --key-file part.txt --address 0x…
  keyark complete --chain bitcoin --key-file part.txt --rest-file rest.txt --out key.txt
  keyark complete --chain bitcoin --key-file blots.txt           KyZp?DKnfs94…, with a ? for each unknown character";

#[derive(Args)]
pub(crate) struct Complete {
    /// The chain
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: String,
    /// A file with the copied part, or with the whole key and a ? for each unknown character, or - for standard input; without
    /// it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// A file with the part written down by hand, or -; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) rest_file: Option<PathBuf>,
    /// The address that the key must have
    #[arg(long, value_name = "ADDRESS", value_hint = ValueHint::Other)]
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    #[command(flatten)]
    pub(crate) effort: Effort,
    #[command(flatten)]
    pub(crate) out: Out,
}
