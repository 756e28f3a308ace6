//! What can be asked of derivation.

use clap::{Args, ValueHint};

use super::{NetworkArg, Out, Words};

pub(super) const DERIVE_EXAMPLES: &str = "\
Examples:
  keyark derive --phrase-file words.txt
  keyark derive --phrase-file words.txt --chain bitcoin --kind p2tr --range 0..20
  keyark derive --phrase-file - --chain solana --private --secure-copy < words.txt
  keyark derive --xpub zpub6r… --change 1 --range 0..20 --json
  keyark derive --xpub zpub6r… --range 0..1000000 --out list.csv      # .csv: a table; .jsonl: JSON Lines
  keyark derive --xpub zpub6r… --range 0..1000000 --out list.parquet  # where keyark was built with it";

#[derive(Args)]
pub(crate) struct Derive {
    #[command(flatten)]
    pub(crate) words: Words,
    /// Derive from an extended public key instead of words
    #[arg(long, value_name = "XPUB", value_hint = ValueHint::Other, conflicts_with_all = ["phrase_file", "passphrase_file", "ask_passphrase", "private", "path", "account"])]
    pub(crate) xpub: Option<String>,
    /// The chain; give it several times for several chains [default: all]
    #[arg(long = "chain", value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chains: Vec<String>,
    /// The address kind; `keyark chains` lists them [default: each chain's own]
    #[arg(long = "kind", value_name = "KIND", value_hint = ValueHint::Other)]
    pub(crate) kinds: Vec<String>,
    /// The account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other)]
    pub(crate) account: Option<u32>,
    /// 0 for receiving addresses, 1 for change
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = clap::value_parser!(u32).range(0..=1))]
    pub(crate) change: Option<u32>,
    /// From A up to, not including, B; over accounts where the kind has no index [default: 0..1]
    #[arg(long, value_name = "A..B", value_hint = ValueHint::Other)]
    pub(crate) range: Option<String>,
    /// One path instead of a kind's paths: m/44'/60'/0'/0/0 or m/44h/60h/0h/0/0
    #[arg(long, value_name = "PATH", value_hint = ValueHint::Other, conflicts_with_all = ["account", "change", "range"])]
    pub(crate) path: Option<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    /// Show private keys too, where the export policy allows it
    #[arg(long)]
    pub(crate) private: bool,
    /// The text form of private keys; `keyark chains` lists them
    #[arg(long, value_name = "FORMAT", value_hint = ValueHint::Other, requires = "private")]
    pub(crate) format: Option<String>,
    /// Leave off a part of each private key, to be written down by hand (see `keyark complete`)
    #[arg(long, requires = "private")]
    pub(crate) secure_copy: bool,
    #[command(flatten)]
    pub(crate) out: Out,
}
