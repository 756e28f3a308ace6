//! Every command that writes, the vault that it finds, and what it may leave behind when it is stopped.

use super::place::{NEW, OLD, Place, RANDOM, State};

/// A command that writes.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) args: &'static [&'static str],
    /// Whether it takes a second, because it makes a keystore.
    pub(crate) slow: bool,
    /// What was done before it.
    pub(crate) prepare: fn(&Place),
    /// Whether a state may be seen that is neither the old one (first) nor the new one (second).
    pub(crate) between: fn(&State, &State, &State) -> bool,
    /// What may be said in warnings until the next change.
    pub(crate) said: &'static [&'static str],
    /// Whether it may still say that nothing was changed when something was, because the disk was full half-way: to be
    /// corrected, and then to go.
    pub(crate) says_too_much: bool,
    /// How many files of a kind may be left when it was killed, after the next change too. They do no harm.
    pub(crate) left: &'static [(&'static str, usize)],
}

/// `.last-seen` is written beside its place. The next change leaves a file of a writer that was killed there where it is.
const NOTE: (&str, usize) = ("unfinished note", 1);
/// A record that was written, and no manifest listed it.
const RECORD: (&str, usize) = ("record", 1);

fn never(_: &State, _: &State, _: &State) -> bool {
    false
}

/// One that adds, replaces or leaves out one wallet.
const CHANGE: Scene = Scene {
    name: "",
    args: &[],
    slow: false,
    prepare: two_wallets,
    between: never,
    said: &[],
    says_too_much: false,
    left: &[NOTE, RECORD],
};

/// The slowest first.
pub(crate) const SCENES: &[Scene] = &[
    Scene {
        name: "export keystore",
        args: &[
            "export",
            "keystore",
            "savings",
            "--chain",
            "ethereum",
            "--keystore-password-file",
            "keystore-password.txt",
            "--out",
            "account.json",
            "--password-file",
            OLD,
        ],
        slow: true,
        // The keystore may be there, whole, without being noted; and one that was not finished, sealed under its password.
        left: &[("unfinished note", 1), RECORD, ("outside", 1)],
        ..CHANGE
    },
    Scene {
        name: "new, the first",
        slow: false,
        args: &["new", RANDOM, "--work-factor", "1", "--password-file", OLD],
        prepare: |_| {},
        between: |state, _, _| state.get(OLD).is_some_and(|view| view.wallets.is_empty()),
        said: &["keyark-vault.json is missing"],
        says_too_much: false,
        // An epoch that never began to count. The next vault takes the next number.
        left: &[NOTE, RECORD, ("identity", 2)],
    },
    Scene { name: "new, the second", args: &["new", RANDOM, "--password-file", OLD], ..CHANGE },
    Scene {
        name: "import words",
        args: &["import", "more", "--phrase-file", "more-words.txt", "--password-file", OLD],
        ..CHANGE
    },
    Scene {
        name: "import key",
        args: &["import", "more", "--key-file", "more-key.txt", "--chain", "ethereum", "--password-file", OLD],
        ..CHANGE
    },
    Scene { name: "rename", args: &["rename", "savings", "spendings", "--password-file", OLD], ..CHANGE },
    Scene { name: "remove", args: &["remove", "savings", "--force", "--password-file", OLD], left: &[NOTE], ..CHANGE },
    Scene {
        name: "backup phrase",
        args: &["backup", "phrase", "savings", "--answers-file", "words.txt", "--password-file", OLD],
        ..CHANGE
    },
    Scene {
        name: "password change",
        args: &["password", "change", "--work-factor", "1", "--password-file", OLD, "--new-password-file", NEW],
        // The identity is kept in two files. Between their writing each password opens one of them.
        between: |state, before, after| {
            state.get(OLD) == before.get(OLD) && state.get(NEW) == after.get(NEW) && state.len() == 2
        },
        said: &["was not finished; its twin is good"],
        says_too_much: false,
        left: &[NOTE],
        ..CHANGE
    },
    Scene {
        name: "password change --rekey",
        args: &[
            "password",
            "change",
            "--rekey",
            "--work-factor",
            "1",
            "--password-file",
            OLD,
            "--new-password-file",
            NEW,
        ],
        // The new epoch counts from its manifest on. Until the header says so, the old password opens the old one, to be read; the next change ends that.
        between: |state, before, after| {
            let wallets = |state: &State| state.get(OLD).map(|view| view.wallets.clone());
            state.get(NEW) == after.get(NEW) && wallets(state) == wallets(before) && state.len() == 2
        },
        // An epoch that never began to count.
        left: &[NOTE, ("identity", 2), ("record", 2), ("manifest", 1)],
        ..CHANGE
    },
    Scene {
        name: "password reset",
        args: &[
            "password",
            "reset",
            "again",
            "--phrase-file",
            "words.txt",
            "--work-factor",
            "1",
            "--new-password-file",
            NEW,
        ],
        // As above.
        left: &[NOTE, RECORD, ("identity", 2), ("manifest", 1)],
        ..CHANGE
    },
    Scene {
        name: "password merge",
        args: &["password", "merge", "--old-password-file", OLD, "--password-file", NEW],
        prepare: |place| {
            two_wallets(place);
            place
                .run(&[
                    "password",
                    "reset",
                    "again",
                    "--phrase-file",
                    "words.txt",
                    "--work-factor",
                    "1",
                    "--new-password-file",
                    NEW,
                ])
                .ok();
        },
        ..CHANGE
    },
    Scene {
        name: "policy set",
        args: &["policy", "set", "--deny", "private-key", "--reason", "keys stay", "--password-file", OLD],
        says_too_much: false,
        left: &[NOTE],
        ..CHANGE
    },
    Scene {
        name: "repair",
        args: &["repair", "--password-file", OLD],
        prepare: |place| {
            two_wallets(place);
            let newest = |epoch: &std::path::Path| {
                let files = std::fs::read_dir(epoch).unwrap().map(|entry| entry.unwrap().path());
                files.filter(|file| file.to_str().unwrap().contains("manifest-")).max().unwrap()
            };
            let newest = newest(&place.path("home/epochs/1"));
            let sealed = std::fs::read(&newest).unwrap();
            std::fs::write(newest, &sealed[..sealed.len() / 2]).unwrap();
        },
        said: &["What is shown is the state of"],
        left: &[NOTE],
        ..CHANGE
    },
];

/// Two wallets, with generations and a record that are due to be removed.
fn two_wallets(place: &Place) {
    let make = ["import", "savings", "--phrase-file", "words.txt", "--work-factor", "1", "--password-file", OLD];
    place.run(&make).ok();
    place.run(&["import", "hot", "--key-file", "key.txt", "--chain", "ethereum", "--password-file", OLD]).ok();
    place.run(&["rename", "hot", "warm", "--password-file", OLD]).ok();
}
