//! `repair` writes again what was lost, and names what it cannot.

use super::*;

#[test]
fn a_whole_vault_stays_as_it_is() {
    let home = VaultHome::with_wallets();
    let before = home.state();
    let object = home.object(&["repair"]);
    assert_eq!(object, json!({ "repaired": false, "found": [], "wallets": 2, "damaged": [] }));
    home.assert_state(&before, "repair");
}

#[test]
fn a_lost_header_is_written_again() {
    let home = VaultHome::with_wallets();
    let header = home.vault().join("keyark-vault.json");
    for broken in [None, Some(""), Some("{"), Some("{\"format\":\"other\"}")] {
        match broken {
            None => std::fs::remove_file(&header).unwrap(),
            Some(text) => std::fs::write(&header, text).unwrap(),
        }
        let run = home.json(&["list"]).ok();
        assert_eq!(run.objects().len(), 2);
        assert!(run.err.contains("keyark-vault.json"), "{}", run.err);
        assert_eq!(home.object(&["repair"])["repaired"], true);
        let run = home.json(&["list", "--quiet"]).ok();
        assert!(!run.err.contains("warning"), "{}", run.err);
    }
}

/// The newest list of wallets is damaged: the one before it is shown, nothing is written, and the repair finds the wallet
/// that only the newest one had.
#[test]
fn a_damaged_manifest() {
    let home = VaultHome::with_wallets();
    home.keyark(&["import", "third", "--phrase-file", "other-words.txt"]).ok();
    let newest = home.manifests().remove(0);
    let mut bytes = std::fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&newest, bytes).unwrap();

    let run = home.json(&["list"]).ok();
    assert_eq!(column(&run.objects(), "name"), ["savings", "hot"]);
    assert!(run.err.contains("manifest-") && run.err.contains("keyark repair"), "{}", run.err);
    home.fails(&["rename", "hot", "warm"], 3).says("malformed", "manifest-");
    home.fails(&["export", "key", "hot", "--chain", "ethereum"], 3).says("malformed", "manifest-");

    assert_eq!(home.object(&["repair"]), json!({ "repaired": true, "found": ["third"], "wallets": 3, "damaged": [] }));
    assert_eq!(column(&home.objects(&["list"]), "name"), ["savings", "hot", "third"]);
    home.keyark(&["rename", "hot", "warm"]).ok();
}

#[test]
fn a_damaged_record_is_named_and_the_others_open() {
    let home = VaultHome::with_wallets();
    let record = home.files("records/").remove(0);
    std::fs::write(&record, "gone").unwrap();
    let name = record.file_name().unwrap().to_str().unwrap();
    let run = home.json(&["repair"]);
    run.error(3).says("malformed", "1 of 2 wallets cannot be opened");
    let damaged = run.objects()[0]["damaged"].as_array().unwrap().clone();
    assert!(damaged.len() == 1 && damaged[0].as_str().unwrap().contains(name), "{damaged:?}");
    let codes: Vec<_> = ["savings", "hot"].map(|wallet| home.keyark(&["show", wallet]).code.unwrap()).into();
    assert!(codes == [0, 3] || codes == [3, 0], "{codes:?}");
    home.keyark(&["list"]).ok();
}

/// Of the identity there are two files, either of which is enough.
#[test]
fn a_damaged_identity() {
    for file in ["identity.password.age", "identity.password.copy.age"] {
        let home = VaultHome::with_wallets();
        let path = home.files(file).remove(0);
        let good = std::fs::read(&path).unwrap();
        for bad in [None, Some(&b""[..]), Some(&good[..good.len() - 1]), Some(b"not age")] {
            match bad {
                None => std::fs::remove_file(&path).unwrap(),
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            }
            let run = home.json(&["list"]).ok();
            assert!(run.objects().len() == 2 && run.err.contains(file), "{}", run.err);
            home.object(&["repair"]);
            assert_eq!(std::fs::read(&path).unwrap(), good, "{bad:?}");
        }
    }
}
