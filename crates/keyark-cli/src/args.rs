//! What can be asked of the command. The doc comments are its help and its man pages.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use keyark::phrase::{Language, WordCount};
use keyark::{KeystoreCost, Network};

/// Backs up crypto wallets: words, private keys and keystores, on every chain.
///
/// keyark never asks anyone to send anything. Nobody who asks for your words or keys is from keyark.
#[derive(Parser)]
#[command(name = "keyark", version, arg_required_else_help = true, max_term_width = 100, after_help = TOP_EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const TOP_EXAMPLES: &str = "\
Examples:
  keyark tour                                    see the whole job done in a throw-away folder
  keyark phrase new --out words.txt              make words, into a file that only you can read
  keyark derive --phrase-file words.txt          their addresses on every chain
  keyark help derive                             more about one command

Exit codes:
  0 done   1 a fault of keyark   2 usage   3 malformed or out of bounds   4 wrong password
  5 refused by the export policy   6 the storage failed   7 no such thing, or it exists
  8 a verification did not match";

/// What each exit code means, for the man pages and the help.
pub(crate) const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done"),
    (1, "a fault of keyark"),
    (2, "usage"),
    (3, "the input is malformed or out of bounds"),
    (4, "wrong password"),
    (5, "refused by the export policy"),
    (6, "the storage failed"),
    (7, "no such thing, or it exists already"),
    (8, "a verification did not match"),
    (130, "stopped by the person"),
];

/// What every command takes.
#[derive(Args, Clone)]
pub(crate) struct Global {
    /// Machine output: one JSON object a line on stdout, errors as one object on stderr
    #[arg(long, global = true, help_heading = "For every command", display_order = 900)]
    pub(crate) json: bool,
    /// No progress on the terminal
    #[arg(long, global = true, help_heading = "For every command", display_order = 900)]
    pub(crate) quiet: bool,
    /// Where the local vault lives; accepted everywhere, so that scripts can say it once
    #[arg(long, global = true, value_name = "DIR", env = "KEYARK_HOME", hide = true)]
    pub(crate) home: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The whole job in a minute, without a question, in a throw-away folder
    #[command(after_help = "Example:\n  keyark tour")]
    Tour,
    /// The chains, their address kinds and default paths, and what may leave
    #[command(after_help = "Examples:\n  keyark chains\n  keyark chains --json")]
    Chains,
    /// Addresses, public keys and, under the export policy, private keys
    #[command(after_help = DERIVE_EXAMPLES)]
    Derive(Derive),
    /// An account's extended public key and output descriptors, for watch-only wallets
    #[command(after_help = ACCOUNT_EXAMPLES)]
    Account(Account),
    /// Make words, check them, or be asked for them
    #[command(after_help = "Examples:\n  keyark phrase new\n  keyark phrase check\n  keyark help phrase quiz")]
    Phrase {
        #[command(subcommand)]
        command: PhraseCommand,
    },
    /// Password-protected key files: look into them, open them, make them
    #[command(after_help = "Examples:\n  keyark keystore inspect account.json\n  keyark help keystore make")]
    Keystore {
        #[command(subcommand)]
        command: KeystoreCommand,
    },
    /// Join a securely copied private key with the part written down by hand
    #[command(after_help = COMPLETE_EXAMPLES)]
    Complete(Complete),
    /// Completions for a shell, on stdout
    #[command(after_help = "Example:\n  keyark completions bash > ~/.local/share/bash-completion/completions/keyark")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Manual pages, into a folder
    #[command(after_help = "Example:\n  keyark man --out ~/.local/share/man/man1")]
    Man {
        /// The folder; it is made if it does not exist
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

const DERIVE_EXAMPLES: &str = "\
Examples:
  keyark derive --phrase-file words.txt
  keyark derive --phrase-file words.txt --chain bitcoin --kind p2tr --range 0..20
  keyark derive --phrase-file - --chain solana --private --secure-copy < words.txt
  keyark derive --xpub zpub6r… --change 1 --range 0..20 --json";

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

/// Where the words are.
#[derive(Args)]
pub(crate) struct Words {
    /// A file with the words, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) phrase_file: Option<PathBuf>,
    /// A file with the BIP-39 passphrase, or -
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Ask for a BIP-39 passphrase on the terminal
    #[arg(long, conflicts_with = "passphrase_file")]
    pub(crate) ask_passphrase: bool,
    /// The language of the words, where it cannot be told from them
    #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, value_parser = parse_language)]
    pub(crate) language: Option<Language>,
}

#[derive(Args)]
pub(crate) struct Out {
    /// Write to this file, which only you can read, instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite the file if it exists
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

#[derive(Args)]
pub(crate) struct NetworkArg {
    /// The network
    #[arg(long, value_name = "NETWORK", value_hint = ValueHint::Other, value_enum)]
    network: Option<NetworkName>,
}

impl NetworkArg {
    pub(crate) fn get(&self) -> Option<Network> {
        self.network.map(|name| match name {
            NetworkName::Mainnet => Network::Mainnet,
            NetworkName::Testnet => Network::Testnet,
            NetworkName::Signet => Network::Signet,
            NetworkName::Regtest => Network::Regtest,
        })
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum NetworkName {
    Mainnet,
    Testnet,
    Signet,
    Regtest,
}

const ACCOUNT_EXAMPLES: &str = "\
Examples:
  keyark account --phrase-file words.txt --chain bitcoin
  keyark account --phrase-file words.txt --chain bitcoin --kind p2tr --account 1 --json";

#[derive(Args)]
pub(crate) struct Account {
    #[command(flatten)]
    pub(crate) words: Words,
    /// The chain
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: String,
    /// The address kind [default: the chain's own]
    #[arg(long, value_name = "KIND", value_hint = ValueHint::Other)]
    pub(crate) kind: Option<String>,
    /// The account
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 0)]
    pub(crate) account: u32,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
    #[command(flatten)]
    pub(crate) out: Out,
}

#[derive(Subcommand)]
pub(crate) enum PhraseCommand {
    /// Make new words from the operating system's randomness
    #[command(
        after_help = "Examples:\n  keyark phrase new\n  keyark phrase new --words 24 --language japanese --out words.txt"
    )]
    New {
        /// How many words: 12, 15, 18, 21 or 24
        #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value = "12", value_parser = parse_words)]
        words: WordCount,
        /// The language of the words
        #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, default_value = "english", value_parser = parse_language)]
        language: Language,
        #[command(flatten)]
        out: Out,
    },
    /// Check words and name every problem
    #[command(after_help = "Examples:\n  keyark phrase check\n  keyark phrase check --phrase-file words.txt --json")]
    Check {
        /// A file with the words, or - for standard input; without it the terminal asks
        #[arg(long, value_name = "FILE")]
        phrase_file: Option<PathBuf>,
        /// The language of the words, where it cannot be told from them
        #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, value_parser = parse_language)]
        language: Option<Language>,
    },
    /// Be asked for words by position, to prove that they were written down
    #[command(
        after_help = "Examples:\n  keyark phrase quiz --phrase-file words.txt\n  keyark phrase quiz --phrase-file words.txt --answers-file sheet.txt"
    )]
    Quiz {
        /// A file with the words, or - for standard input; without it the terminal asks
        #[arg(long, value_name = "FILE")]
        phrase_file: Option<PathBuf>,
        /// The language of the words, where it cannot be told from them
        #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, value_parser = parse_language)]
        language: Option<Language>,
        /// How many words to ask for [default: all]
        #[arg(long, value_name = "N", value_hint = ValueHint::Other)]
        questions: Option<usize>,
        /// A file with the words as written down, in order, to answer from; without it the terminal asks
        #[arg(long, value_name = "FILE")]
        answers_file: Option<PathBuf>,
    },
}

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

const COMPLETE_EXAMPLES: &str = "\
Examples:
  keyark complete --chain ethereum --key-file part.txt --address 0x…
  keyark complete --chain bitcoin --key-file part.txt --rest-file rest.txt --out key.txt";

#[derive(Args)]
pub(crate) struct Complete {
    /// The chain
    #[arg(long, value_name = "CHAIN", value_hint = ValueHint::Other)]
    pub(crate) chain: String,
    /// A file with the copied part, or - for standard input; without it the terminal asks
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
    pub(crate) out: Out,
}

fn parse_words(text: &str) -> Result<WordCount, String> {
    let count: usize = text.parse().map_err(|_| "a phrase has 12, 15, 18, 21 or 24 words".to_owned())?;
    WordCount::try_from(count).map_err(|error| error.to_string())
}

fn parse_language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|error: keyark::Error| error.remedy().to_owned())
}
