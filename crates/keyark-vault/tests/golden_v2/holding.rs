//! That an open vault holds the wallets of another program's list, field by field.

use super::*;

/// A backup's fields, as far as they are there.
fn backup_seen(backup: &Backup) -> Value {
    let mut seen = json!({
        "method": backup.method.id(), "to": backup.to, "made": backup.made.to_string(),
        "verified": backup.verified.map(|time| time.to_string()), "detail": backup.detail,
        "accounts": backup.accounts, "format": backup.format, "work": backup.work, "epoch": backup.epoch,
        "password_set": backup.password_set.map(|time| time.to_string()),
    });
    seen.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    seen
}

/// That the vault has these wallets: words or key, passphrase, addresses and backups of each, and its line in the list.
pub(super) fn assert_holds(unlocked: &Unlocked, records: &[Value]) {
    assert_eq!(names(unlocked), records.iter().map(|record| text(&record["name"])).collect::<Vec<_>>());
    for (entry, right) in unlocked.wallets().unwrap().iter().zip(records) {
        let record = unlocked.record(entry.id).unwrap();
        let (secret, backups) = (&right["secret"], Value::from_iter(record.backups.iter().map(backup_seen)));
        match record.secret() {
            WalletSecret::Phrase(phrase) => {
                assert_eq!(
                    (json!(phrase.language().id()), json!(phrase.to_text().expose())),
                    (secret["language"].clone(), secret["words"].clone())
                );
                assert_eq!(json!(hex::encode(&phrase.entropy())), secret["entropy"]);
            }
            WalletSecret::PrivateKey { chain, network, key } => {
                assert_eq!(
                    (json!(chain), json!(network.id()), json!(hex::encode(key.expose()))),
                    (secret["chain"].clone(), secret["network"].clone(), secret["key"].clone())
                );
            }
        }
        let passphrase = match &record.passphrase {
            Passphrase::None => json!({ "type": "none" }),
            Passphrase::Noted => json!({ "type": "noted" }),
            Passphrase::Kept(text) => json!({ "type": "kept", "text": text.expose() }),
        };
        assert_eq!(
            (passphrase, json!(record.created().to_string())),
            (right["passphrase"].clone(), right["created"].clone())
        );
        assert_eq!(
            (json!(record.id().to_string()), json!(record.revision())),
            (right["id"].clone(), right["revision"].clone())
        );
        assert_eq!(record.fingerprint.map(|print| print.to_string()), right["fingerprint"].as_str().map(str::to_owned));
        let account = |account: &Account| {
            let path = account.path.as_ref().map_or(Value::Null, |path| json!(path));
            [
                json!(account.chain),
                json!(account.kind),
                path,
                json!(account.address),
                json!(hex::encode(&account.public_key)),
            ]
        };
        let right_account =
            |row: &Value| ["chain", "kind", "path", "address", "public_key"].map(|field| row[field].clone());
        let rows: Vec<_> = right["accounts"].as_array().unwrap().iter().map(right_account).collect();
        assert_eq!(record.accounts.iter().map(account).collect::<Vec<_>>(), rows);
        assert_eq!(&backups, right.get("backups").unwrap_or(&json!([])), "{}", entry.name);
        assert_eq!(Value::from_iter(entry.backups.iter().map(backup_seen)), backups, "{}", entry.name);
        assert_eq!((entry.accounts, &entry.secret_kind), (Some(rows.len()), &text(&secret["type"])));
        let (chain, address) = entry.first_address.clone().unwrap();
        assert_eq!([json!(chain), json!(address)], [rows[0][0].clone(), rows[0][3].clone()]);
    }
}
