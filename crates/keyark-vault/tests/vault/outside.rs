//! What can be seen from outside: in the files, by their sizes, and by `Debug`.

use keyark_core::SecretText;
use keyark_vault::Account;

use super::*;

#[test]
fn no_file_shows_a_wallet_a_password_or_the_recipient() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["canary name"]);
    let mut key = key_wallet("key canary", 0x5a);
    let address = "0xCanaryCanary".to_owned();
    key.accounts.push(Account::new("ethereum", keyark_core::Network::Mainnet, "eoa", None, address, vec![4; 65]));
    key.record_backup(Backup::new(BackupMethod::Cloud, Some("canary cloud".to_owned()), at(1)));
    vault.add(&key, at(2)).unwrap();
    let mut kept = wallet("third", 3);
    kept.passphrase = Passphrase::Kept(SecretText::from("canary passphrase"));
    vault.add(&kept, at(3)).unwrap();
    vault.change_password(&new_password(NEW), work(), at(4)).unwrap();

    let words = phrase(1, Language::English).to_text();
    let key = "5a".repeat(32);
    let inside = Inside::open(&memory.files(), 1, NEW);
    let recipient = inside.recipient();
    let raw_key = [0x5a; 32];
    let entropy = phrase(1, Language::English).entropy();
    let vault_id = inside.manifest(&memory.get(&newest(&memory, 1)))["vault"].as_str().unwrap().to_owned();
    let ids: Vec<_> = vault.wallets().unwrap().iter().map(|entry| entry.id.to_string()).collect();
    let mut secrets: Vec<&[u8]> =
        vec![b"canary", b"Canary", b"bitcoin", b"ethereum", b"phrase", b"AGE-SECRET", b"age1"];
    secrets.extend([words.expose(), OLD, NEW, &key, &recipient, &vault_id].map(str::as_bytes));
    secrets.extend([&raw_key[..], &entropy]);
    secrets.extend(ids.iter().map(String::as_bytes));
    let words: Vec<_> = words.expose().split(' ').filter(|word| word.len() > 5).collect();
    secrets.extend(words.iter().map(|word| word.as_bytes()));
    for (file, bytes) in memory.files() {
        for secret in &secrets {
            let shown = String::from_utf8_lossy(secret);
            assert!(!bytes.windows(secret.len()).any(|window| window == *secret), "{file} shows {shown}");
            assert!(!file.contains(&*shown), "{file} is called after {shown}");
        }
    }
    let header = String::from_utf8(memory.get("keyark-vault.json")).unwrap();
    let expected =
        r#"{"format":"keyark-vault","version":1,"epochs":[{"epoch":1,"password_set":"2026-11-21T12:04:00Z"}]}"#;
    assert_eq!(header.trim_end(), expected, "the one file in the clear");
}

#[test]
fn sizes_do_not_tell_wallets_apart() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &[]);
    let mut sizes = Vec::new();
    for (entropy, called) in [(vec![1; 16], "twelve"), (vec![2; 32], "twenty-four words and a much longer name")] {
        let secret = WalletSecret::Phrase(Phrase::from_entropy(&entropy, Language::English).unwrap());
        let record = WalletRecord::new(name(called), secret, Passphrase::None, at(0)).unwrap();
        vault.add(&record, at(1)).unwrap();
        sizes.push(memory.get(&record_file(&memory, 1, OLD, called)).len());
        sizes.push(memory.get(&newest(&memory, 1)).len());
    }
    vault.add(&key_wallet("key", 1), at(2)).unwrap();
    sizes.push(memory.get(&record_file(&memory, 1, OLD, "key")).len());
    // age adds a random line of its own ("grease") to the header: sizes are those of one class, not equal.
    let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
    assert!(*least > 4096 && *most < 4096 + 1024, "{sizes:?}");
}

#[test]
fn debug_shows_nothing_secret() {
    let memory = Memory::new();
    let vault = vault(memory.arc(), &["canary name"]);
    let record = vault.record(vault.find("canary name").unwrap().id).unwrap();
    let words = phrase(1, Language::English).to_text();
    let inside = Inside::open(&memory.files(), 1, OLD);
    let shown = format!("{vault:?}");
    for secret in ["canary", OLD, &inside.recipient(), "AGE-SECRET"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let shown = format!("{record:?} {:?} {:?}", vault.policy(), vault.wallets().unwrap());
    let words: Vec<_> = words.expose().split(' ').collect();
    for pair in words.windows(2) {
        assert!(!shown.contains(&pair.join(" ")), "{shown}");
    }
}
