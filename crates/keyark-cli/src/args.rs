//! What can be asked of the command. The doc comments are its help and its man pages.

mod cloud;
mod derive;
mod export;
mod keystore;
mod recover;
mod vault;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use keyark::Network;
use keyark::phrase::{Language, WordCount};

pub(crate) use cloud::{
    BackupCloud, CloudChangePassword, CloudCommand, CloudForgotPassword, CloudInit, CloudMerge, CloudPassword,
    CloudRecoveryCode, CloudRemove, Credentials, NewCloudPassword, RecoveryOut, RestoreCloud, RestoreCommand, Verify,
};
use cloud::{CLOUD_EXAMPLES, RESTORE_EXAMPLES, VERIFY_EXAMPLES};
use derive::DERIVE_EXAMPLES;
pub(crate) use derive::Derive;
use export::EXPORT_EXAMPLES;
pub(crate) use export::{ExportAccount, ExportCommand, ExportKey, ExportKeystore};
use keystore::COMPLETE_EXAMPLES;
pub(crate) use keystore::{Complete, KeystoreCommand, KeystoreMake};
use recover::RECOVER_EXAMPLES;
pub(crate) use recover::{
    Effort, KnownArgs, PassphraseArgs, PlaceArgs, RecoverCommand, RecoverKeystore, RecoverPath, RecoverPhrase,
};
use vault::{ADD_ACCOUNT_EXAMPLES, IMPORT_EXAMPLES, NEW_EXAMPLES, PASSWORD_EXAMPLES, POLICY_EXAMPLES};
pub(crate) use vault::{
    AddAccount, BackupCommand, Import, NewPasswordArgs, NewWallet, OneAddress, PasswordCommand, PasswordReset,
    PolicyCommand, Switch, VaultPassword,
};

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
  keyark new savings                             make a wallet, kept under a password
  keyark backup phrase savings                   write its words down, and prove that you did
  keyark list                                    your wallets, those without a backup first
  keyark derive --phrase-file words.txt          the addresses of words that are kept elsewhere
  keyark help recover phrase                     when words are lost, wrong or in disorder
  keyark help derive                             more about one command

Exit codes:
  0 done   1 a fault of keyark   2 usage   3 malformed or out of bounds   4 wrong password
  5 refused by the export policy   6 the storage failed   7 no such thing, or it exists
  8 a verification did not match   130 stopped with Ctrl-C";

/// What every command takes.
#[derive(Args, Clone)]
pub(crate) struct Global {
    /// Machine output: one JSON object a line on stdout, errors as one object on stderr
    #[arg(long, global = true, help_heading = "For every command", display_order = 900)]
    pub(crate) json: bool,
    /// No progress on the terminal
    #[arg(long, global = true, help_heading = "For every command", display_order = 900)]
    pub(crate) quiet: bool,
    /// Where the vault is [default: the platform's data folder]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "KEYARK_HOME",
        hide_env_values = true,
        help_heading = "For every command",
        display_order = 900
    )]
    pub(crate) home: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The whole job in a minute, without a question, in a throw-away folder
    #[command(after_help = "Example:\n  keyark tour")]
    Tour,
    /// Make a wallet, kept in the vault on this computer
    #[command(after_help = NEW_EXAMPLES)]
    New(NewWallet),
    /// Take a wallet into the vault: its words, its private key or its keystore file
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(Import),
    /// The wallets in the vault, those without a backup first, then those whose backups are stale
    #[command(
        after_help = "Examples:\n  keyark list\n  keyark list --check --password-file password.txt   for cron: silent where all is well"
    )]
    List {
        /// Exit with code 8 when a wallet is not backed up or a backup is stale, and list only these
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// A wallet's addresses, on every chain
    #[command(after_help = "Example:\n  keyark show savings")]
    Show {
        /// The wallet, by its name or id
        wallet: String,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Record further accounts of a wallet, so that they are shown, and compared when a backup is proved
    #[command(after_help = ADD_ACCOUNT_EXAMPLES)]
    AddAccount(AddAccount),
    /// Give a wallet another name
    #[command(after_help = "Example:\n  keyark rename savings house")]
    Rename {
        /// The wallet, by its name or id
        wallet: String,
        /// The new name
        name: String,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Remove a wallet from the vault
    #[command(after_help = "Example:\n  keyark remove old-wallet")]
    Remove {
        /// The wallet, by its name or id
        wallet: String,
        /// Do not ask, and remove it also when it is not backed up
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        vault: VaultPassword,
    },
    /// Take a key, a keystore file, an extended public key or a descriptor out of a wallet
    #[command(after_help = EXPORT_EXAMPLES)]
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Back a wallet up, and prove that the backup is right
    #[command(after_help = "Example:\n  keyark backup phrase savings")]
    Backup {
        #[command(subcommand)]
        command: BackupCommand,
    },
    /// Vaults in a cloud: make one, change its password, set a new one when it is forgotten
    #[command(after_help = CLOUD_EXAMPLES)]
    Cloud {
        #[command(subcommand)]
        command: CloudCommand,
    },
    /// The drill: read a backup back, derive its addresses again, and compare them
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Bring wallets back from a backup
    #[command(after_help = RESTORE_EXAMPLES)]
    Restore {
        #[command(subcommand)]
        command: RestoreCommand,
    },
    /// Change the vault's password, or set a new one when it is forgotten
    #[command(after_help = PASSWORD_EXAMPLES)]
    Password {
        #[command(subcommand)]
        command: PasswordCommand,
    },
    /// What may leave the vault: less than the chains allow, if you like
    #[command(after_help = POLICY_EXAMPLES)]
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// After damage: accept the vault's last good state and take in what is not listed
    #[command(after_help = "Example:\n  keyark repair")]
    Repair {
        #[command(flatten)]
        vault: VaultPassword,
    },
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
    /// Find what a damaged backup has lost: words, passphrases, paths, passwords
    #[command(after_help = RECOVER_EXAMPLES)]
    Recover {
        #[command(subcommand)]
        command: RecoverCommand,
    },
    /// Join a securely copied private key with the part written down by hand, or find its unreadable characters
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

fn parse_words(text: &str) -> Result<WordCount, String> {
    let count: usize = text.parse().map_err(|_| "a phrase has 12, 15, 18, 21 or 24 words".to_owned())?;
    WordCount::try_from(count).map_err(|_| "a phrase has 12, 15, 18, 21 or 24 words".to_owned())
}

fn parse_language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|error: keyark::Error| error.remedy().to_owned())
}
