//! Secure copies are never whole, new words are shown in the backup alone, and what is removed is gone.

use super::*;

/// With --secure-copy no part of what is printed or written is the whole key.
#[test]
fn a_secure_copy_is_never_whole() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    for (chain, format) in [("bitcoin", "wif"), ("ethereum", "hex"), ("solana", "base58-secret")] {
        let whole = key(chain, format);
        for more in [&[][..], &["--json"], &["--out", "copy.out"]] {
            let args = ["export", "key", "kept", "--chain", chain, "--format", format, "--secure-copy"];
            let run = home.keyark(&[&args[..], more].concat()).ok();
            let written = if more.contains(&"--out") { home.read("copy.out") } else { run.out.clone() };
            let part = written
                .split(|mark: char| !mark.is_alphanumeric())
                .filter(|token| whole.contains(token))
                .max_by_key(|token| token.len())
                .unwrap();
            let rest = whole.replacen(part, "", 1);
            assert!(part.len() > 20 && rest.len() >= 6, "{part} of {}", whole.len());
            assert!(run.err.contains(&rest) && !run.err.contains(part), "{}", run.err);
            assert!(!format!("{}{}{written}", run.out, run.err).contains(&whole));
            assert!(!written.contains(&rest), "the part to write down is in {more:?}");
            let _ = std::fs::remove_file(home.path("copy.out"));
        }
    }
}

/// New words are printed nowhere: the backup alone shows them.
#[test]
fn new_words_stay_in_the_vault() {
    let home = VaultHome::new();
    let mut printed = String::new();
    let mut run = |args: &[&str]| {
        let run = home.keyark(args).ok();
        printed += &format!("{}\n{}\n", run.out, run.err);
    };
    run(&[&["new", "one"], &CHEAP[..]].concat());
    run(&["new", "two", "--json"]);
    run(&["new", "three", "--words", "24"]);
    for args in
        [&["list"][..], &["show", "one"], &["show", "two", "--json"], &["rename", "three", "third"], &["repair"]]
    {
        run(args);
    }
    let vault = Vault::find(Arc::new(Folder::new(home.vault()))).unwrap().unwrap();
    let vault = vault.unlock(&Password::new(&support::vault::PASSWORD.into()).unwrap()).unwrap();
    let mut count = 0;
    for entry in vault.wallets().unwrap() {
        let record = vault.record(entry.id).unwrap();
        let WalletSecret::Phrase(phrase) = record.secret() else { panic!("words") };
        let words: Vec<_> = phrase.words().collect();
        count += words.len();
        let shown = printed.split(|mark: char| !mark.is_alphabetic()).collect::<Vec<_>>().join(" ");
        // The messages have a few words that stand in the list as well.
        assert!(words.windows(3).all(|three| !shown.contains(&three.join(" "))), "{printed}");
        let seen = words.iter().filter(|word| shown.split(' ').any(|token| token == **word)).count();
        assert!(seen * 2 < words.len(), "{seen} of {} words are in:\n{printed}", words.len());
    }
    assert_eq!(count, 12 + 12 + 24);
}

/// What is removed is gone with the next change: its record, and so its words.
#[test]
fn removed_wallets_leave() {
    let guarded = Guarded::with_wallets();
    let home = &guarded.home;
    let sealed = home.files("records/").len();
    for wallet in [PRIVATE_NAME, "kept", "ether", "bit"] {
        guarded.ok(&["remove", wallet, "--force"], &[]);
    }
    guarded.ok(&["rename", "sol", "last"], &[]);
    guarded.ok(&["rename", "last", "sol"], &[]);
    assert_eq!(sealed, 5);
    assert!(home.files("records/").len() <= 2, "the last one and the state before: {:?}", home.files("records/"));
    assert_eq!(text(&home.objects(&["list"])[0], "name"), "sol");
}
