//! What can be exported from the vault.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::vault::{OneAddress, VaultPassword};
use super::{NetworkArg, Out};

pub(super) const EXPORT_EXAMPLES: &str = "\
Examples:
  keyark export key savings --chain bitcoin --index 3
  keyark export key savings --chain ethereum --secure-copy
  keyark export keystore savings --chain ethereum --out account.json
  keyark export xpub savings --chain bitcoin
  keyark export descriptor savings";

#[derive(Subcommand)]
pub(crate) enum ExportCommand {
    /// The private key of one address
    #[command(
        after_help = "Examples:\n  keyark export key savings --chain bitcoin --index 3\n  keyark export key savings --chain ethereum --secure-copy"
    )]
    Key(ExportKey),
    /// A password-protected file with the private key of one address
    #[command(after_help = "Example:\n  keyark export keystore savings --chain ethereum --out account.json")]
    Keystore(ExportKeystore),
    /// An account's extended public key
    #[command(after_help = "Example:\n  keyark export xpub savings --chain bitcoin")]
    Xpub(ExportAccount),
    /// An account's output descriptor
    #[command(after_help = "Example:\n  keyark export descriptor savings")]
    Descriptor(ExportAccount),
}

#[derive(Args)]
pub(crate) struct ExportKey {
    #[command(flatten)]
    pub(crate) address: OneAddress,
    /// The text form; `keyark chains` lists them
    #[arg(long, value_name = "FORMAT", value_hint = ValueHint::Other)]
    pub(crate) format: Option<String>,
    /// Leave off a part of the key, to be written down by hand (see `keyark complete`)
    #[arg(long)]
    pub(crate) secure_copy: bool,
    #[command(flatten)]
    pub(crate) out: Out,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}

#[derive(Args)]
pub(crate) struct ExportKeystore {
    #[command(flatten)]
    pub(crate) address: OneAddress,
    /// A file with the keystore's password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore_password_file: Option<PathBuf>,
    /// The keystore file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}

#[derive(Args)]
pub(crate) struct ExportAccount {
    /// The wallet, by its name or id
    pub(crate) wallet: String,
    /// The chain [default: the one that has extended public keys]
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: Option<String>,
    /// The address kind [default: the chain's own]
    #[arg(long, value_name = "KIND", value_hint = ValueHint::Other)]
    pub(crate) kind: Option<String>,
    /// The account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0)]
    pub(crate) account: u32,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) out: Out,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}
