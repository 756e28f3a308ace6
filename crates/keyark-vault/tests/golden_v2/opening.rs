//! Every way into the files, and what each shows.

use keyark_core::ErrorKind;
use sha2::{Digest, Sha256};

use super::*;
use holding::assert_holds;

#[test]
fn the_files_have_not_been_touched() {
    let mut digest = Sha256::new();
    for (name, bytes) in golden_files() {
        digest.update(format!("{name} {}\n", hex::encode(&Sha256::digest(bytes))));
    }
    assert_eq!(hex::encode(&digest.finalize()), "703ebca5ef629c4b5feaef462b0a2aaf97313bab47a407261a049678785e7c50");
}

#[test]
fn every_way_in_shows_what_both_devices_wrote() {
    let vault = find(&copy());
    let epochs: Vec<_> = vault.epochs().iter().map(|epoch| (epoch.number, epoch.password_set)).collect();
    // Of epoch 1, which was sealed anew, a manifest came back from a late device. It does not count.
    assert_eq!(epochs, [(2, Some(time("2026-02-01T00:00:00Z"))), (3, Some(time("2026-11-21T12:00:00Z")))]);
    let (code, device) = other_ways();
    for unlocked in [
        vault.unlock(&password(PASSWORDS[2])).unwrap(),
        vault.unlock(&password(DECOMPOSED)).unwrap(),
        vault.unlock_with_recovery(&code).unwrap(),
        vault.unlock_with_device(&device).unwrap(),
    ] {
        assert_holds(&unlocked, &expected("v2-epoch-3"));
        assert!(unlocked.is_current() && unlocked.findings().is_empty() && unlocked.broken().is_none());
        assert_eq!((unlocked.epoch(), unlocked.written()), (3, time("2026-11-21T13:30:00Z")));
        assert_eq!(unlocked.sealed_epochs().map(|epoch| epoch.number).collect::<Vec<_>>(), [2]);
        assert_eq!((unlocked.policy().denials(), unlocked.policy().asks_password()), (&[denial()][..], true));
    }
    let other = RecoveryCode::generate().unwrap();
    assert_eq!(vault.unlock_with_recovery(&other).unwrap_err().kind(), ErrorKind::WrongPassword);
    assert_eq!(vault.unlock(&password(PASSWORDS[0])).unwrap_err().kind(), ErrorKind::WrongPassword);
}

#[test]
fn what_stock_age_sealed_opens_too() {
    let memory = copy();
    let mut sealed = Files::new();
    files_of(&golden("v2-age"), "epochs/3/", &mut sealed);
    assert_eq!(sealed.len(), 2);
    for (name, bytes) in sealed {
        assert!(memory.take(&name) != bytes);
        memory.put(&name, &bytes);
    }
    let (code, device) = other_ways();
    assert_holds(&find(&memory).unlock_with_recovery(&code).unwrap(), &expected("v2-epoch-3"));
    assert_holds(&find(&memory).unlock_with_device(&device).unwrap(), &expected("v2-epoch-3"));
}

#[test]
fn the_forgotten_password_opens_its_epoch() {
    let unlocked = find(&copy()).unlock(&password(PASSWORDS[1])).unwrap();
    assert_holds(&unlocked, &expected("v2-epoch-2"));
    assert!(!unlocked.is_current() && unlocked.findings().is_empty() && unlocked.sealed_epochs().next().is_none());
}

#[test]
fn each_device_alone_shows_its_own() {
    let phone = (["savings", "日本 😀", "Oma's \"Sparbuch\"", "gone", "travel"].as_slice(), false);
    let laptop = (["savings", "日本 😀", "Travel"].as_slice(), true);
    for (head, (right, asks)) in heads(&golden_files()).iter().zip([phone, laptop]) {
        let memory = copy();
        for file in manifests(&memory.files(), 3).iter().filter(|file| *file != head) {
            memory.take(file);
        }
        let unlocked = unlock(&memory);
        assert_eq!(
            (names(&unlocked), unlocked.policy().asks_password()),
            (right.iter().map(|name| (*name).to_owned()).collect(), asks)
        );
        assert!(unlocked.findings().is_empty());
    }
}
