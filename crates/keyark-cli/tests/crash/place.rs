//! A folder with a vault in it, and what the command finds there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use keyark::vault::{Account, Folder, Password, Unlocked, Vault, VaultDenial, WalletRecord, WalletSecret, wallet_of};
use keyark::{ErrorKind, SecretText};
use tempfile::TempDir;

use crate::support::{Run, WORDS, files_below, finish, text};

/// The files with the vault's passwords: that of the beginning, and the one that it gets.
pub(crate) const OLD: &str = "password.txt";
pub(crate) const NEW: &str = "new-password.txt";

/// The wallet whose words are random.
pub(crate) const RANDOM: &str = "random";
/// The wallet that comes into the vault afterwards.
const NEXT: &str = "next";

/// A folder with a vault in `home` and all that commands are given beside it.
pub(crate) struct Place {
    path: PathBuf,
    /// Removed when the place is.
    _folder: Option<TempDir>,
}

impl Place {
    /// A new place in memory, if the system has such a folder: what a killed process has written is the same on every disk.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        Self { path: folder.path().to_owned(), _folder: Some(folder) }
    }

    /// A place in a folder that is there.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), _folder: None }
    }

    pub(crate) fn with_inputs() -> Self {
        let place = Self::new();
        for (name, content) in [
            (OLD, "quiet otter painting the seventh lighthouse"),
            (NEW, "nine copper kettles under a violet umbrella"),
            ("keystore-password.txt", "a keystore has one of its own"),
            ("words.txt", WORDS),
            ("more-words.txt", "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"),
            ("next-key.txt", "0xc87509a1c067bbde78beb793e6fa76530b6382a4c0241e5e4a9ec0a0f44dc0d3"),
            ("key.txt", "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727"),
            ("more-key.txt", "0x4646464646464646464646464646464646464646464646464646464646464646"),
        ] {
            std::fs::write(place.path(name), content).unwrap();
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Copies all of it into another place.
    pub(crate) fn copy_to(&self, other: &Self) {
        for file in files_below(&self.path) {
            let to = other.path.join(&file);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(self.path.join(&file), to).unwrap();
        }
    }

    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        self.copy_to(&copy);
        copy
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyark"));
        command.args(["--json", "--home", "home"]).args(args).current_dir(&self.path);
        command.env("HOME", &self.path).env("TMPDIR", &self.path).env_remove("KEYARK_HOME");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), "")
    }

    /// What each password opens, and the warnings of `keyark list`, which must say the same.
    pub(crate) fn state(&self) -> (State, Vec<String>) {
        let (mut state, mut said) = (State::new(), Vec::new());
        let Some(vault) = Vault::find(Arc::new(Folder::new(self.path("home")))).unwrap() else {
            let list = self.run(&["list", "--password-file", OLD]);
            list.only_error(7).says("not-found", "there is no vault");
            return (state, said);
        };
        for password in [OLD, NEW] {
            let unlocked = match vault.unlock(&self.password(password)) {
                Err(error) if error.kind() == ErrorKind::WrongPassword => continue,
                unlocked => unlocked.unwrap(),
            };
            let view = View::of(&unlocked);
            let list = self.run(&["list", "--password-file", password]).ok();
            said.extend(list.err.lines().filter(|line| line.starts_with("warning:")).map(str::to_owned));
            let listed: BTreeSet<_> = list.objects().iter().map(|entry| text(entry, "name").to_owned()).collect();
            assert_eq!(listed, view.names());
            state.insert(password, view);
        }
        (state, said)
    }

    fn password(&self, file: &str) -> Password {
        Password::new(&SecretText::from(std::fs::read_to_string(self.path(file)).unwrap())).unwrap()
    }

    /// Has the command show all of a state: addresses, descriptors, policy.
    pub(crate) fn show_all(&self, state: &State) {
        for (password, view) in state {
            for wallet in &view.wallets {
                let shown = self.run(&["show", &wallet.name, "--password-file", password]).ok().objects();
                let shown: Vec<_> = shown.iter().map(|row| text(row, "address").to_owned()).collect();
                assert!(wallet.name == RANDOM || shown == wallet.addresses, "{shown:?}");
                let export = self.run(&["export", "descriptor", &wallet.name, "--password-file", password]);
                match export.code {
                    Some(2) if !wallet.has_words => _ = export.only_error(2),
                    // Before a repair nothing leaves: an older state may have had another policy.
                    Some(3) if !view.sound => assert!(export.err.contains("keyark repair"), "{}", export.err),
                    _ => assert!(view.sound && text(&export.object(), "descriptor").starts_with("wpkh(")),
                }
            }
            self.run(&["policy", "show", "--password-file", password]).ok();
        }
    }

    /// Takes one more wallet into the vault, which is repaired first if it says that it has to be, or made if there is none.
    pub(crate) fn change(&self, password: &str) {
        let import = [
            "import",
            NEXT,
            "--key-file",
            "next-key.txt",
            "--chain",
            "ethereum",
            "--work-factor",
            "1",
            "--password-file",
            password,
        ];
        let first = self.run(&import);
        if first.code != Some(3) {
            first.ok();
            return;
        }
        first.only_error(3);
        assert!(first.err.contains("keyark repair"), "{}", first.err);
        self.run(&["repair", "--password-file", password]).ok();
        self.run(&import).ok();
    }

    /// The names of the wallets without [`NEXT`], which must be there; and nothing may be wrong any more.
    pub(crate) fn names_after_change(&self, password: &str) -> Vec<String> {
        let list = self.run(&["list", "--password-file", password]).ok();
        assert!(!list.err.contains("warning:"), "{}", list.err);
        let names: Vec<_> = list.objects().iter().map(|entry| text(entry, "name").to_owned()).collect();
        assert!(names.iter().any(|name| name == NEXT), "the change is lost: {names:?}");
        names.into_iter().filter(|name| name != NEXT).collect()
    }

    /// How many files of each kind there are.
    pub(crate) fn census(&self) -> Census {
        let mut census = Census::new();
        for file in files_below(&self.path) {
            let name = file.file_name().unwrap().to_str().unwrap();
            let kind = match name {
                _ if name.starts_with(".tmp-") => "unfinished",
                _ if name.starts_with(".keyark-") => "unfinished note",
                _ if name.starts_with("manifest-") => "manifest",
                _ if name.starts_with("identity.") => "identity",
                _ if file.parent().is_some_and(|folder| folder.ends_with("records")) => "record",
                "keyark-vault.json" | "lock" | ".last-seen" => "header, lock, note",
                _ if file.starts_with("home") => panic!("what is {name}?"),
                _ => "outside",
            };
            *census.entry(kind).or_default() += 1;
        }
        census
    }
}

/// How many files of each kind there are.
pub(crate) type Census = BTreeMap<&'static str, usize>;

/// What each password opens.
pub(crate) type State = BTreeMap<&'static str, View>;

/// What is seen of a vault with a password.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) wallets: Vec<SeenWallet>,
    denied: Vec<VaultDenial>,
    /// Whether it can be changed, without a repair first.
    pub(crate) sound: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeenWallet {
    pub(crate) name: String,
    pub(crate) has_words: bool,
    backups: Vec<String>,
    /// Of a wallet with random words, the kinds only.
    addresses: Vec<String>,
}

impl View {
    fn of(vault: &Unlocked) -> Self {
        let wallets = vault.wallets().unwrap().iter().map(|entry| SeenWallet::of(&vault.record(entry.id).unwrap()));
        Self { wallets: wallets.collect(), denied: vault.policy().denials().to_vec(), sound: vault.broken().is_none() }
    }

    /// Whether the vault lets private keys out.
    pub(crate) fn may_export_keys(&self) -> bool {
        self.denied.is_empty()
    }

    fn names(&self) -> BTreeSet<String> {
        self.wallets.iter().map(|wallet| wallet.name.clone()).collect()
    }
}

impl SeenWallet {
    fn of(record: &WalletRecord) -> Self {
        let name = record.name.to_string();
        let has_words = matches!(record.secret(), WalletSecret::Phrase(_));
        let wallet = wallet_of(record, None).unwrap();
        if has_words {
            assert_eq!(record.fingerprint, Some(wallet.fingerprint().unwrap()), "the words of {name} are others");
        }
        let address = |account: &Account| if name == RANDOM { account.kind.clone() } else { account.address.clone() };
        Self {
            has_words,
            backups: record.backups.iter().map(|backup| backup.method.id().to_owned()).collect(),
            addresses: record.accounts.iter().map(address).collect(),
            name,
        }
    }
}
