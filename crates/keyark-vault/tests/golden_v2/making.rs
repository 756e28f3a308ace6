//! How the files were made, once.

use keyark_core::{Curve, Fingerprint, Network, PrivateKey};
use keyark_phrase::Phrase;
use keyark_vault::{VaultPolicy, WalletRecord};

use super::*;

/// Made the files; never to be run again for them.
#[test]
#[ignore = "writes tests/golden/v2 where it is missing"]
fn make_version_2() {
    assert!(!golden("v2").exists(), "the golden files are never made again");
    let work = WorkFactor::new(10).unwrap();
    let minute = |minute: i64| Timestamp::from_unix(time("2026-11-21T12:00:00Z").as_unix() + 60 * minute);
    let [first, forgotten, today] = PASSWORDS.map(|text| NewPassword::new(&SecretText::from(text), &[]).unwrap());
    let [old, new] = ["v1-epoch-1", "v1-epoch-2"].map(expected);

    // Epoch 1, sealed anew as epoch 2.
    let memory = Memory::new().without_lock();
    let mut vault = Vault::create(memory.arc(), &first, work, time("2026-01-02T03:04:05Z")).unwrap();
    for record in &old {
        vault.add(&record_of(record), time("2026-01-03T10:00:00Z")).unwrap();
    }
    let late = support::inside::newest(&memory, 1);
    let late = (late.clone(), memory.get(&late));
    vault.rekey(&forgotten, work, time("2026-02-01T00:00:00Z")).unwrap();
    memory.put(&late.0, &late.1);

    // Epoch 3, after a forgotten password, with a recovery code and a device.
    let [mut savings, japan, mut hot] = <[Value; 3]>::try_from(new).unwrap();
    savings["backups"] = json!([]);
    hot["name"] = json!("hot");
    let mut vault = find(&memory).reset(&record_of(&savings), &today, work, minute(0)).unwrap();
    let code = RecoveryCode::generate().unwrap();
    let device = Device::default();
    vault.set_recovery(&code, work).unwrap();
    vault.add_device(&device).unwrap();
    vault.add(&record_of(&japan), minute(30)).unwrap();
    vault.add(&record_of(&hot), minute(31)).unwrap();
    for (name, byte) in [("old", 2), ("gone", 3)] {
        vault.add(&key_wallet(name, byte, minute(32)), minute(32)).unwrap();
    }
    let mut cloud = Backup::new("cloud".to_owned().into(), Some("box".to_owned()), minute(33));
    (cloud.verified, cloud.accounts, cloud.format, cloud.work) = (Some(minute(34)), Some(11), Some(1), Some(18));
    (cloud.epoch, cloud.password_set) = (Some(2), Some(time("2026-10-01T08:00:00Z")));
    note(&mut vault, cloud, minute(34));
    vault.remove(vault.find("old").unwrap().id, Removal::Anyway, minute(40)).unwrap();

    // Two devices go on from here at the same time.
    let [phone, laptop] = [(), ()].map(|()| Memory::of(memory.files()).without_lock());
    let mut vault = unlock(&phone);
    vault.rename(vault.find("hot").unwrap().id, WalletName::new("Oma's \"Sparbuch\"").unwrap(), minute(50)).unwrap();
    let mut travel = record_of(&old[0]);
    travel.name = WalletName::new("trip").unwrap();
    vault.add(&travel, minute(51)).unwrap();
    for name in ["trips", "travel"] {
        vault.rename(travel.id(), WalletName::new(name).unwrap(), minute(52)).unwrap();
    }
    let mut paper = Backup::new("phrase".to_owned().into(), Some("paper".to_owned()), minute(53));
    paper.verified = Some(minute(53));
    note(&mut vault, paper, minute(53));
    vault.set_policy(VaultPolicy::advertised().deny(denial()), minute(54)).unwrap();

    let mut vault = unlock(&laptop);
    vault.set_policy(VaultPolicy::advertised().ask_password(), minute(60)).unwrap();
    vault.add(&key_wallet("Travel", 1, minute(70)), minute(70)).unwrap();
    let mut keystore = Backup::new("keystore".to_owned().into(), Some("usb".to_owned()), minute(75));
    (keystore.detail, keystore.format, keystore.work) = (Some("m/44'/60'/0'/0/0".to_owned()), Some(3), Some(18));
    note(&mut vault, keystore, minute(75));
    for name in ["hot", "gone"] {
        vault.remove(vault.find(name).unwrap().id, Removal::Anyway, minute(90)).unwrap();
    }

    for (name, bytes) in phone.files().into_iter().chain(laptop.files()) {
        let to = golden("v2").join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    fs::write(golden("v2-recovery-code.txt"), format!("{}\n", code.expose())).unwrap();
    let kept = device.0.lock().unwrap();
    let (entry, key) = kept.first_key_value().unwrap();
    fs::write(
        golden("v2-device-key.txt"),
        format!("{}\n{}\n", entry.trim_start_matches("keyark vault "), key.expose()),
    )
    .unwrap();
}

/// Notes a backup of the savings.
fn note(vault: &mut Unlocked, backup: Backup, now: Timestamp) {
    vault
        .update(vault.find("savings").unwrap().id, now, |record| {
            record.record_backup(backup);
            Ok(())
        })
        .unwrap();
}

/// A wallet that is the Ethereum key of this small number.
fn key_wallet(name: &str, number: u8, created: Timestamp) -> WalletRecord {
    let mut key = [0; 32];
    key[31] = number;
    let secret = WalletSecret::PrivateKey {
        chain: "ethereum".to_owned(),
        network: Network::Mainnet,
        key: PrivateKey::new(Curve::Secp256k1, &key),
    };
    let mut record = WalletRecord::new(WalletName::new(name).unwrap(), secret, Passphrase::None, created).unwrap();
    let (address, public_key) = match number {
        1 => (
            "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
            "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        ),
        2 => (
            "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF",
            "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
        ),
        _ => (
            "0x6813Eb9362372EEF6200f3b1dbC3f819671cBA69",
            "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
        ),
    };
    record.accounts.push(Account::new(
        "ethereum",
        Network::Mainnet,
        "bip44",
        None,
        address.to_owned(),
        hex::decode(public_key).unwrap(),
    ));
    record
}

/// A new record with what the text says, but for the id.
fn record_of(value: &Value) -> WalletRecord {
    let secret = &value["secret"];
    let secret = match secret["words"].as_str() {
        Some(words) => WalletSecret::Phrase(Phrase::parse(&SecretText::from(words)).unwrap()),
        None => {
            let key: [u8; 32] = hex::decode(&text(&secret["key"])).unwrap().try_into().unwrap();
            let key = PrivateKey::new(Curve::Secp256k1, &key);
            WalletSecret::PrivateKey { chain: "ethereum".to_owned(), network: Network::Mainnet, key }
        }
    };
    let passphrase = match value["passphrase"]["type"].as_str().unwrap() {
        "kept" => Passphrase::Kept(SecretText::from(text(&value["passphrase"]["text"]).as_str())),
        "noted" => Passphrase::Noted,
        _ => Passphrase::None,
    };
    let name = WalletName::new(value["name"].as_str().unwrap()).unwrap();
    let mut record = WalletRecord::new(name, secret, passphrase, time(value["created"].as_str().unwrap())).unwrap();
    let fingerprint = value["fingerprint"].as_str().map(|print| hex::decode(print).unwrap().try_into().unwrap());
    record.fingerprint = fingerprint.map(Fingerprint);
    for account in value["accounts"].as_array().unwrap() {
        let field = |name: &str| account[name].as_str().map(str::to_owned);
        let [chain, kind, address, public_key] =
            ["chain", "kind", "address", "public_key"].map(|name| field(name).unwrap());
        let public_key = hex::decode(&public_key).unwrap();
        record.accounts.push(Account::new(chain, Network::Mainnet, kind, field("path"), address, public_key));
    }
    record
}
