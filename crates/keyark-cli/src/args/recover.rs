//! What can be asked of the search for what a damaged backup has lost.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use keyark::phrase::Language;
use keyark::recovery::{Bounds, Damage, Shard};

use super::{NetworkArg, Out, parse_language};

pub(super) const RECOVER_EXAMPLES: &str = "\
Examples:
  keyark recover phrase --phrase-file words.txt --address 0x…
  keyark recover path --phrase-file words.txt --address bc1q…
  keyark recover keystore account.json --password-pattern-file pattern.txt";

const PHRASE_EXAMPLES: &str = "\
The words, as you have them:
  ?             a lost word
  licen?e lic*  a word of which a letter, or any number of letters, cannot be read
  one|two       a word that is one of several
  lisence       a word that is in no list stands for those near it

Examples:
  keyark recover phrase --phrase-file words.txt --address 0x…
  keyark recover phrase --phrase-file eleven.txt --damage one-too-few --address bc1q…
  keyark recover phrase --phrase-file words.txt --damage swapped --damage one-wrong --fingerprint 73c5da0a
  keyark recover phrase --phrase-file words.txt --passphrase-pattern-file pattern.txt --address 0x…
  keyark recover phrase --phrase-file two-lost.txt --address 0x… --max-time 2d --checkpoint search.json
  keyark recover phrase --phrase-file two-lost.txt --address 0x… --shard 1/8";

const PATH_EXAMPLES: &str = "\
Examples:
  keyark recover path --phrase-file words.txt --address bc1q…
  keyark recover path --phrase-file words.txt --address 0x… --passphrases-file guesses.txt --indexes 20";

const KEYSTORE_EXAMPLES: &str = "\
In a pattern, ?d is a digit, ?l a small letter, ?u a capital, ?s a special
character, ?a any of these, [abc] one of these three, ?? a question mark.

Examples:
  keyark recover keystore account.json --passwords-file guesses.txt
  keyark recover keystore account.json --password-pattern-file pattern.txt --max-time 1d --checkpoint search.json";

#[derive(Subcommand)]
pub(crate) enum RecoverCommand {
    /// Words of which some are lost, doubtful, misspelt or swapped, or whose passphrase is forgotten
    #[command(after_help = PHRASE_EXAMPLES)]
    Phrase(Box<RecoverPhrase>),
    /// Which wallet is this? The chain, the address kind, the path and the passphrase of words that are right
    #[command(after_help = PATH_EXAMPLES)]
    Path(Box<RecoverPath>),
    /// The password of a keystore file, among guesses
    #[command(after_help = KEYSTORE_EXAMPLES)]
    Keystore(RecoverKeystore),
}

#[derive(Args)]
pub(crate) struct RecoverPhrase {
    /// A file with the words as you have them, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) phrase_file: Option<PathBuf>,
    /// The language of the words, where it cannot be told from them
    #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, value_parser = parse_language)]
    pub(crate) language: Option<Language>,
    /// What may have happened besides what is marked; give it several times to try several
    #[arg(long = "damage", value_name = "DAMAGE", value_enum)]
    damages: Vec<DamageName>,
    #[command(flatten)]
    pub(crate) known: KnownArgs,
    /// Nothing is known: list every phrase with a right checksum
    #[arg(long, conflicts_with_all = ["address", "addresses_file", "xpub", "fingerprint"], help_heading = "What is known of the wallet")]
    pub(crate) checksum_only: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How many accounts of each kind to look at
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 1, help_heading = "Where it may be")]
    pub(crate) accounts: u32,
    /// How many addresses of each account to look at
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 1, help_heading = "Where it may be")]
    pub(crate) indexes: u32,
    /// Look at change addresses too
    #[arg(long, help_heading = "Where it may be")]
    pub(crate) change: bool,
    #[command(flatten)]
    pub(crate) passphrases: PassphraseArgs,
    /// Go on after the first match, and find all that fit
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) effort: Effort,
    #[command(flatten)]
    pub(crate) out: Out,
}

impl RecoverPhrase {
    pub(crate) fn damages(&self) -> Vec<Damage> {
        self.damages.iter().map(|name| name.damage()).collect()
    }

    pub(crate) fn bounds(&self) -> Bounds {
        let Self { accounts, indexes: indices, change, .. } = *self;
        Bounds { kinds: self.place.kinds.clone(), accounts, indices, change }
    }
}

#[derive(Args)]
pub(crate) struct RecoverPath {
    /// A file with the words, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) phrase_file: Option<PathBuf>,
    /// The language of the words, where it cannot be told from them
    #[arg(long, value_name = "LANGUAGE", value_hint = ValueHint::Other, value_parser = parse_language)]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) known: KnownArgs,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How many accounts of each kind to look at
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 10, help_heading = "Where it may be")]
    pub(crate) accounts: u32,
    /// How many addresses of each account to look at, change addresses too
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, default_value_t = 100, help_heading = "Where it may be")]
    pub(crate) indexes: u32,
    #[command(flatten)]
    pub(crate) passphrases: PassphraseArgs,
    #[command(flatten)]
    pub(crate) effort: Effort,
    #[command(flatten)]
    pub(crate) out: Out,
}

impl RecoverPath {
    pub(crate) fn bounds(&self) -> Bounds {
        let Self { accounts, indexes: indices, .. } = *self;
        Bounds { kinds: self.place.kinds.clone(), accounts, indices, change: true }
    }
}

#[derive(Args)]
pub(crate) struct RecoverKeystore {
    /// The keystore file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) passwords: PasswordArgs,
    #[command(flatten)]
    pub(crate) effort: Effort,
    #[command(flatten)]
    pub(crate) out: Out,
}

/// The guesses at a keystore's password.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct PasswordArgs {
    /// A file with a guess on each line, or -
    #[arg(long, value_name = "FILE")]
    pub(crate) passwords_file: Option<PathBuf>,
    /// A file with a pattern of the password, or -
    #[arg(long, value_name = "FILE")]
    pub(crate) password_pattern_file: Option<PathBuf>,
}

/// What is known of the wallet: one of these.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct KnownArgs {
    /// An address of the wallet, on any chain and of any kind
    #[arg(long, value_name = "ADDRESS", value_hint = ValueHint::Other, help_heading = "What is known of the wallet")]
    pub(crate) address: Option<String>,
    /// A file with an address on each line, of which one suffices
    #[arg(long, value_name = "FILE", help_heading = "What is known of the wallet")]
    pub(crate) addresses_file: Option<PathBuf>,
    /// An extended public key of an account
    #[arg(long, value_name = "XPUB", value_hint = ValueHint::Other, help_heading = "What is known of the wallet")]
    pub(crate) xpub: Option<String>,
    /// The fingerprint of the master key, eight hexadecimal digits, as hardware wallets show it
    #[arg(long, value_name = "HEX", value_hint = ValueHint::Other, help_heading = "What is known of the wallet")]
    pub(crate) fingerprint: Option<String>,
}

/// Where in the wallet it is.
#[derive(Args)]
pub(crate) struct PlaceArgs {
    /// The chain; give it several times for several chains [default: all]
    #[arg(long = "chain", value_name = "CHAIN", value_hint = ValueHint::Other, help_heading = "Where it may be")]
    pub(crate) chains: Vec<String>,
    /// The address kind; `keyark chains` lists them [default: all that the address can be of]
    #[arg(long = "kind", value_name = "KIND", value_hint = ValueHint::Other, help_heading = "Where it may be")]
    pub(crate) kinds: Vec<String>,
    #[command(flatten)]
    pub(crate) network: NetworkArg,
}

/// The BIP-39 passphrase, or guesses at it.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct PassphraseArgs {
    /// A file with the BIP-39 passphrase, or -
    #[arg(long, value_name = "FILE", help_heading = "The BIP-39 passphrase")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// A file with a guess at the passphrase on each line, or -; none is tried too
    #[arg(long, value_name = "FILE", help_heading = "The BIP-39 passphrase")]
    pub(crate) passphrases_file: Option<PathBuf>,
    /// A file with a pattern of the passphrase (see keyark help recover keystore), or -; none is tried too
    #[arg(long, value_name = "FILE", help_heading = "The BIP-39 passphrase")]
    pub(crate) passphrase_pattern_file: Option<PathBuf>,
}

/// How much work a search may be, and how it is kept and shared. It is `complete`'s too, for keys with unknown characters.
#[derive(Args)]
pub(crate) struct Effort {
    /// Do not begin what takes longer: 90s, 10m, 2h, 3d [default: 1h]
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, value_parser = parse_time, help_heading = "The search")]
    pub(crate) max_time: Option<Duration>,
    /// Keep in this file what is done, and go on from it if it is there; it holds no word
    #[arg(long, value_name = "FILE", help_heading = "The search")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Do one share of the work, for several computers: 1/8 is the first of eight
    #[arg(long, value_name = "I/N", value_hint = ValueHint::Other, default_value = "1/1", hide_default_value = true, value_parser = parse_shard, help_heading = "The search")]
    pub(crate) shard: Shard,
    /// How many threads work on it [default: one for each core]
    #[arg(long, value_name = "N", value_hint = ValueHint::Other, value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "The search")]
    pub(crate) threads: Option<u16>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DamageName {
    /// a word is missing, and nobody knows where
    OneTooFew,
    /// one of the words does not belong there
    OneTooMany,
    /// two words have swapped places
    Swapped,
    /// the words are in any order
    AnyOrder,
    /// the words are of another language than it seems
    WrongLanguage,
    /// any one of the words may be another word of the list
    OneWrong,
}

impl DamageName {
    fn damage(self) -> Damage {
        match self {
            Self::OneTooFew => Damage::OneTooFew,
            Self::OneTooMany => Damage::OneTooMany,
            Self::Swapped => Damage::Swapped,
            Self::AnyOrder => Damage::AnyOrder,
            Self::WrongLanguage => Damage::WrongLanguage,
            Self::OneWrong => Damage::OneWrong,
        }
    }
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    text.parse().map_err(|error: keyark::Error| format!("{}: {}", error.problem(), error.remedy()))
}

fn parse_time(text: &str) -> Result<Duration, String> {
    const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];
    let time = UNITS.iter().find_map(|(unit, seconds)| {
        let number = text.strip_suffix(*unit).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
        number.parse::<u64>().ok()?.checked_mul(*seconds)
    });
    time.map(Duration::from_secs).ok_or_else(|| "a time is a number and its unit: 90s, 10m, 2h or 3d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damages_have_the_names_of_the_library() {
        let names: Vec<_> =
            DamageName::value_variants().iter().map(|name| (name.damage(), name.to_possible_value())).collect();
        assert_eq!(names.len() + 1, Damage::ALL.len(), "all but none");
        for (damage, value) in names {
            assert_eq!(value.unwrap().get_name(), damage.id());
        }
    }

    #[test]
    fn times_are_numbers_with_a_unit() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("2h", 7_200), ("3d", 259_200), ("0s", 0)] {
            assert_eq!(parse_time(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in
            ["", "10", "m", "-1m", "1.5h", "1h30m", "10 m", "99999999999999999999d", "999999999999999999d", "1w"]
        {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
