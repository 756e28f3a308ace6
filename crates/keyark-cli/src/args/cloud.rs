//! What can be asked of cloud vaults, and of what comes back from them.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::vault::{VaultPassword, Work};

/// Where the password of a cloud vault is, or the recovery code that opens it instead.
#[derive(Args, Clone)]
pub(crate) struct CloudPassword {
    /// A file with the cloud vault's password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE", help_heading = "The cloud vault")]
    pub(crate) cloud_password_file: Option<PathBuf>,
    /// A file with the recovery code, or -, instead of the password
    #[arg(long, value_name = "FILE", conflicts_with = "cloud_password_file", help_heading = "The cloud vault")]
    pub(crate) recovery_code_file: Option<PathBuf>,
}

/// Where the credentials of the service are.
#[derive(Args, Clone)]
pub(crate) struct Credentials {
    /// A file with the service's credentials, which only you can read [default: the service's usual places]
    #[arg(long, value_name = "FILE", help_heading = "The cloud vault")]
    pub(crate) credentials_file: Option<PathBuf>,
}

/// What is done with a new recovery code.
#[derive(Args, Clone)]
pub(crate) struct RecoveryOut {
    /// Write the new recovery code to this file, which only you can read, instead of showing it
    #[arg(long, value_name = "FILE", help_heading = "The cloud vault")]
    pub(crate) recovery_code_out: Option<PathBuf>,
    /// Make no recovery code: without the password, nothing opens the cloud vault
    #[arg(long, conflicts_with = "recovery_code_out", help_heading = "The cloud vault")]
    pub(crate) no_recovery_code: bool,
}

/// Where the new password of a cloud vault is.
#[derive(Args, Clone)]
pub(crate) struct NewCloudPassword {
    /// A file with the new password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE", help_heading = "The cloud vault")]
    pub(crate) new_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) work: Work,
}

pub(super) const CLOUD_EXAMPLES: &str = "\
Examples:
  keyark cloud init box s3://my-bucket/keyark
  keyark cloud init nas webdav+https://nas.example/dav/keyark
  keyark cloud init usb file:///media/usb/keyark
  keyark cloud list
  keyark backup cloud savings --to box
  keyark restore cloud box --dry-run";

#[derive(Subcommand)]
pub(crate) enum CloudCommand {
    /// Make a vault in a cloud, or take note of one that is there
    #[command(after_help = INIT_EXAMPLES)]
    Init(CloudInit),
    /// The cloud vaults that this computer knows; or the wallets in one of them
    #[command(after_help = "Examples:\n  keyark cloud list\n  keyark cloud list box")]
    List {
        /// The cloud vault whose wallets are listed
        name: Option<String>,
        #[command(flatten)]
        password: CloudPassword,
    },
    /// Put a cloud vault under another password
    #[command(
        after_help = "Examples:\n  keyark cloud change-password box\n  keyark cloud change-password box --recovery-code-file code.txt\n  keyark cloud change-password box --rekey"
    )]
    ChangePassword(CloudChangePassword),
    /// Begin anew under a new password, when the old one is forgotten; older copies stay, readable only with the old one
    #[command(after_help = "Example:\n  keyark cloud forgot-password box")]
    ForgotPassword(CloudForgotPassword),
    /// Take over what is sealed under a password that came back to mind
    #[command(after_help = "Example:\n  keyark cloud merge box")]
    Merge(CloudMerge),
    /// Make a new recovery code, in place of the one before
    #[command(after_help = "Example:\n  keyark cloud recovery-code box")]
    RecoveryCode(CloudRecoveryCode),
    /// Accept a cloud vault in an older state than before, or one whose newest list of wallets is damaged
    #[command(after_help = "Example:\n  keyark cloud repair box")]
    Repair {
        /// The cloud vault
        name: String,
        #[command(flatten)]
        password: CloudPassword,
    },
    /// Forget a cloud vault on this computer, or delete something there
    #[command(after_help = REMOVE_EXAMPLES)]
    Remove(CloudRemove),
}

const INIT_EXAMPLES: &str = "\
Examples:
  keyark cloud init box s3://my-bucket/keyark                 credentials from AWS_* or ~/.aws
  keyark cloud init nas webdav+https://nas.example/keyark     credentials from ~/.netrc
  keyark cloud init drive gdrive://keyark --credentials-file token.json
  keyark cloud init box2 obs://my-bucket --credentials-file key --credentials-keychain
  keyark cloud init sync file://$HOME/Dropbox/keyark          a folder that another program copies";

const REMOVE_EXAMPLES: &str = "\
Examples:
  keyark cloud remove box                        this computer forgets it; the vault stays where it is
  keyark cloud remove box --wallet savings       delete one wallet's copy
  keyark cloud remove box --older                delete what is sealed under older passwords
  keyark cloud remove box --everything           delete the vault";

#[derive(Args)]
pub(crate) struct CloudInit {
    /// What to call it: a short name
    pub(crate) name: String,
    /// Where it is: `file:///dir`, `s3://bucket/prefix`, `webdav+https://host/path`, `gdrive://folder`, `obs://bucket/prefix`, …
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
    /// Keep what the credentials file holds in the system's keychain: the file is not needed any more
    #[arg(long, requires = "credentials_file", help_heading = "The cloud vault")]
    pub(crate) credentials_keychain: bool,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    #[command(flatten)]
    pub(crate) recovery: RecoveryOut,
    #[command(flatten)]
    pub(crate) work: Work,
}

#[derive(Args)]
pub(crate) struct CloudChangePassword {
    /// The cloud vault
    pub(crate) name: String,
    /// Seal every wallet anew: who knows the old password and has the files of today opens nothing that is written from now on
    #[arg(long)]
    pub(crate) rekey: bool,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    #[command(flatten)]
    pub(crate) new: NewCloudPassword,
    #[command(flatten)]
    pub(crate) recovery: RecoveryOut,
}

#[derive(Args)]
pub(crate) struct CloudForgotPassword {
    /// The cloud vault
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) new: NewCloudPassword,
    #[command(flatten)]
    pub(crate) recovery: RecoveryOut,
}

#[derive(Args)]
pub(crate) struct CloudMerge {
    /// The cloud vault
    pub(crate) name: String,
    /// A file with the old password, or - for standard input; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) old_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
}

#[derive(Args)]
pub(crate) struct CloudRecoveryCode {
    /// The cloud vault
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    /// Write the new recovery code to this file, which only you can read, instead of showing it
    #[arg(long, value_name = "FILE", help_heading = "The cloud vault")]
    pub(crate) recovery_code_out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) work: Work,
}

#[derive(Args)]
pub(crate) struct CloudRemove {
    /// The cloud vault
    pub(crate) name: String,
    /// Delete the copy of this wallet
    #[arg(long, value_name = "WALLET")]
    pub(crate) wallet: Option<String>,
    /// Delete what is sealed under older passwords
    #[arg(long, conflicts_with = "wallet")]
    pub(crate) older: bool,
    /// Delete the whole vault
    #[arg(long, conflicts_with_all = ["wallet", "older"])]
    pub(crate) everything: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
}

pub(super) const BACKUP_CLOUD_EXAMPLES: &str = "\
Examples:
  keyark backup cloud savings --to box
  keyark backup cloud --all --to box";

#[derive(Args)]
pub(crate) struct BackupCloud {
    /// The wallets, by name or id
    #[arg(conflicts_with = "all")]
    pub(crate) wallets: Vec<String>,
    /// Every wallet
    #[arg(long)]
    pub(crate) all: bool,
    /// The cloud vault that they are copied to
    #[arg(long, value_name = "NAME")]
    pub(crate) to: String,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}

pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  keyark verify savings                     every copy of it in a cloud
  keyark verify --from box                  every wallet that is backed up there
  keyark verify                             all that can be read without paper
  keyark verify savings --from account.json --keystore-password-file pw.txt";

#[derive(Args)]
pub(crate) struct Verify {
    /// The wallet, by its name or id [default: every wallet that has such a backup]
    pub(crate) wallet: Option<String>,
    /// The cloud vault, or a keystore file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) from: Option<String>,
    /// Every backup of every wallet that can be read without paper: as without a wallet and --from
    #[arg(long, conflicts_with_all = ["wallet", "from"])]
    pub(crate) all: bool,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// A file with the keystore's password, or -; without it the terminal asks
    #[arg(long, value_name = "FILE")]
    pub(crate) keystore_password_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
}

pub(super) const RESTORE_EXAMPLES: &str = "\
Examples:
  keyark restore cloud box --dry-run
  keyark restore cloud box savings
  keyark restore cloud s3://my-bucket/keyark           on a new computer: the address is enough
  keyark restore cloud box --recovery-code-file code.txt";

#[derive(Subcommand)]
pub(crate) enum RestoreCommand {
    /// Wallets from a cloud vault
    #[command(after_help = RESTORE_EXAMPLES)]
    Cloud(RestoreCloud),
}

#[derive(Args)]
pub(crate) struct RestoreCloud {
    /// The cloud vault, by its name here or its URL
    #[arg(value_name = "NAME|URL", value_hint = ValueHint::Url)]
    pub(crate) from: String,
    /// The wallets, by their names there or ids [default: all]
    pub(crate) wallets: Vec<String>,
    /// Only show what would be restored
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What to call the wallet here, when it is one
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) as_name: Option<String>,
    /// A file with the BIP-39 passphrase, or -, for a wallet whose passphrase the vault does not keep
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
    #[command(flatten)]
    pub(crate) password: CloudPassword,
    #[command(flatten)]
    pub(crate) vault: VaultPassword,
    #[command(flatten)]
    pub(crate) work: Work,
}
