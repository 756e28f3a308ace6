//! A vault for a test: a home with the files that the commands take, and the vault in `vault/` of it.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Failure, Home, Run};

/// The vault's password, another one that is as strong, and the passphrase of wallets that have one.
pub(crate) const PASSWORD: &str = "seldom whistles under water 7";
pub(crate) const OTHER_PASSWORD: &str = "quiet lanterns over the marsh 3";
pub(crate) const PASSPHRASE: &str = "TREZOR";

/// Other words than [`WORDS`](super::WORDS): the second phrase of BIP-39's vectors.
pub(crate) const OTHER_WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// The first Ethereum key of [`WORDS`](super::WORDS), and its address.
pub(crate) const KEY: &str = "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727";
pub(crate) const KEY_ADDRESS: &str = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94";

/// Makes a vault whose password costs nothing to derive.
pub(crate) const CHEAP: [&str; 2] = ["--work-factor", "2"];

/// A home in which nothing is but the files that the commands take. See [`with_wallets`](Self::with_wallets).
pub(crate) struct VaultHome(Home);

impl Deref for VaultHome {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.0
    }
}

impl VaultHome {
    /// No vault yet.
    pub(crate) fn new() -> Self {
        let home = Home::with_words();
        home.write("other-words.txt", OTHER_WORDS);
        home.write("passphrase.txt", PASSPHRASE);
        home.write("key.txt", KEY);
        home.write("password.txt", PASSWORD);
        home.write("other-password.txt", OTHER_PASSWORD);
        home.write("wrong.txt", "not the password");
        Self(home)
    }

    /// A vault with two wallets: `savings` of [`WORDS`](super::WORDS) and `hot` of [`KEY`].
    pub(crate) fn with_wallets() -> Self {
        let home = Self::new();
        home.keyark(&[&["import", "savings", "--phrase-file", "words.txt"], &CHEAP[..]].concat()).ok();
        home.keyark(&["import", "hot", "--key-file", "key.txt", "--chain", "ethereum"]).ok();
        home
    }

    /// The folder of the vault.
    pub(crate) fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    /// Runs `keyark` on the vault with its password.
    pub(crate) fn keyark(&self, args: &[&str]) -> Run {
        self.run(&with_password(args))
    }

    /// As [`keyark`](Self::keyark), with --json and without a failure.
    #[track_caller]
    pub(crate) fn objects(&self, args: &[&str]) -> Vec<Value> {
        self.json(args).ok().objects()
    }

    /// As [`objects`](Self::objects), of which there is one.
    #[track_caller]
    pub(crate) fn object(&self, args: &[&str]) -> Value {
        self.json(args).object()
    }

    /// As [`keyark`](Self::keyark), with --json.
    pub(crate) fn json(&self, args: &[&str]) -> Run {
        self.keyark(&[args, &["--json"]].concat())
    }

    /// Runs a command that must fail, with the vault's password: see [`fails_alone`](Self::fails_alone).
    #[track_caller]
    pub(crate) fn fails(&self, args: &[&str], code: i32) -> Failure {
        self.fails_alone(&with_password(args), code)
    }

    /// Runs a command that must fail, with --json and without: nothing on stdout, a problem and a remedy, and every file
    /// and folder as it was before.
    #[track_caller]
    pub(crate) fn fails_alone(&self, args: &[&str], code: i32) -> Failure {
        let before = self.state();
        let failure = self.run(&[&["--json"], args].concat()).only_error(code);
        self.assert_state(&before, args);
        let run = self.run(args);
        assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{}\n{}", run.line, run.err);
        let lines: Vec<_> = run.err.lines().collect();
        match lines[..] {
            [.., problem, remedy] => {
                assert!(problem.starts_with("error: ") && remedy.starts_with("  try: "), "{}", run.err);
            }
            _ => panic!("a problem and a remedy, a line each:\n{}", run.err),
        }
        assert_eq!(run.err.matches("error: ").count(), 1, "{}", run.err);
        self.assert_state(&before, args);
        failure
    }

    /// Every file, folder and link below the home, with its mode and what it holds.
    pub(crate) fn state(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut found = BTreeMap::new();
        walk(&self.path(""), &mut |path, mode, content| {
            found.insert(path.strip_prefix(self.path("")).unwrap().display().to_string(), (mode, content));
        });
        found
    }

    /// Asserts that nothing has come, gone or changed.
    #[track_caller]
    pub(crate) fn assert_state(&self, before: &BTreeMap<String, (u32, Vec<u8>)>, what: impl std::fmt::Debug) {
        let now = self.state();
        let names = |state: &BTreeMap<String, (u32, Vec<u8>)>| state.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&now), names(before), "{what:?}");
        for (name, entry) in &now {
            assert!(entry == &before[name], "{name} has changed: {what:?}");
        }
    }

    /// The vault's files of this kind, by their paths, sorted: `manifest-`, `records/`.
    pub(crate) fn files(&self, kind: &str) -> Vec<PathBuf> {
        let mut files: Vec<_> = super::files_below(&self.vault())
            .into_iter()
            .filter(|path| path.display().to_string().contains(kind))
            .map(|path| self.vault().join(path))
            .collect();
        files.sort();
        files
    }

    /// The manifests, the newest first.
    pub(crate) fn manifests(&self) -> Vec<PathBuf> {
        let mut files = self.files("manifest-");
        let number = |path: &PathBuf| {
            let name = path.file_stem().unwrap().to_str().unwrap();
            name.trim_start_matches("manifest-").split('-').next().unwrap().parse::<u64>().unwrap()
        };
        files.sort_by_key(|path| std::cmp::Reverse(number(path)));
        files
    }
}

/// The arguments, the vault and its password.
pub(crate) fn with_password<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &["--home", "vault", "--password-file", "password.txt"]].concat()
}

/// Larger files are told apart by their size alone.
const READ_AT_MOST: u64 = 1 << 24;

fn walk(folder: &Path, found: &mut impl FnMut(&Path, u32, Vec<u8>)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        let mode = metadata.permissions().mode();
        if metadata.is_symlink() {
            found(&path, mode, path.read_link().unwrap().as_os_str().as_bytes().to_vec());
        } else if metadata.is_dir() {
            found(&path, mode, Vec::new());
            walk(&path, found);
        } else if metadata.len() > READ_AT_MOST {
            found(&path, mode, metadata.len().to_be_bytes().to_vec());
        } else {
            found(&path, mode, std::fs::read(&path).unwrap());
        }
    }
}
