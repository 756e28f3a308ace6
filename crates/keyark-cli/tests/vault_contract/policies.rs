//! A vault allows what the chains allow, or less.

use super::*;

const KEY_OF: [&str; 3] = ["export", "key", "savings"];

#[test]
fn a_vault_allows_what_the_chains_allow() {
    let home = VaultHome::with_wallets();
    assert_eq!(home.object(&["policy", "show"]), json!({ "denied": [], "ask_password": false }));
    assert!(home.keyark(&["policy", "show"]).ok().out.contains("keyark chains"));
}

#[test]
fn it_can_allow_less() {
    let home = VaultHome::with_wallets();
    let reason = "keys stay on this computer";
    let set = ["policy", "set", "--deny", "private-key", "--chain", "bitcoin", "--reason", reason];
    let object = home.object(&set);
    let denial = json!({ "item": "private_key", "chain": "bitcoin", "reason": reason });
    assert_eq!(object, json!({ "denied": [denial], "ask_password": false }));
    assert_eq!(home.object(&["policy", "show"]), object);
    assert!(home.keyark(&["policy", "show"]).ok().out.contains(reason));

    let failure = home.fails(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat(), 5);
    failure.says("refused", reason);
    home.keyark(&[&KEY_OF[..], &["--chain", "ethereum"]].concat()).ok();
    home.keyark(&["export", "xpub", "savings"]).ok();

    let set = ["policy", "set", "--deny", "private-key", "--deny", "keystore", "--deny", "extended-public-key"];
    home.keyark(&set).ok();
    for args in [
        &["export", "key", "savings", "--chain", "solana"][..],
        &["export", "key", "hot", "--chain", "ethereum"],
        &["export", "xpub", "savings"],
        &["export", "descriptor", "savings"],
        &[
            "export",
            "keystore",
            "hot",
            "--chain",
            "ethereum",
            "--keystore-password-file",
            "other-password.txt",
            "--out",
            "x.json",
        ],
    ] {
        assert_eq!(home.fails(args, 5).kind, "refused", "{args:?}");
    }
    home.keyark(&["policy", "reset"]).ok();
    assert_eq!(home.object(&["policy", "show"]), json!({ "denied": [], "ask_password": false }));
    home.keyark(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat()).ok();
}

#[test]
fn what_cannot_be_set() {
    let home = VaultHome::with_wallets();
    home.fails(&["policy", "set"], 2).says("usage", "--deny");
    home.fails(&["policy", "set", "--deny", "everything"], 2).says("usage", "private-key");
    home.fails(&["policy", "set", "--deny", "keystore", "--chain", "dogecoin"], 7).says("not-found", "bitcoin");
    home.fails(&["policy", "set", "--reason", "because"], 2).says("usage", "--deny");
    home.fails(&["policy", "set", "--chain", "bitcoin", "--ask-password"], 2).says("usage", "--deny");
}

/// From a file the password can be read again; standard input cannot, and there is nobody to ask.
#[test]
fn the_password_again_before_each_export() {
    let home = VaultHome::with_wallets();
    home.keyark(&["policy", "set", "--ask-password"]).ok();
    assert_eq!(home.object(&["policy", "show"])["ask_password"], true);
    let exports = [
        &["export", "key", "savings", "--chain", "bitcoin"][..],
        &["export", "xpub", "savings"],
        &["export", "descriptor", "savings"],
    ];
    for export in exports {
        home.keyark(export).ok();
        let args = [export, &["--home", "vault", "--password-file", "-", "--json"]].concat();
        home.run_with(&args, PASSWORD).only_error(2).says("usage", "standard input gave it once");
    }
    // What does not leave is not asked about.
    home.run_with(&["show", "savings", "--home", "vault", "--password-file", "-"], PASSWORD).ok();
}

/// Who takes the newest manifest away brings no wider policy back.
#[test]
fn an_older_manifest_does_not_widen_it() {
    let home = VaultHome::with_wallets();
    home.keyark(&["policy", "set", "--deny", "private-key"]).ok();
    let newest = home.manifests().remove(0);
    std::fs::remove_file(newest).unwrap();
    let run = home.json(&[&KEY_OF[..], &["--chain", "bitcoin"]].concat());
    assert!(run.out.is_empty() && run.code != Some(0), "{}{}", run.out, run.err);
    assert!(run.err.contains("repair"), "{}", run.err);
}
