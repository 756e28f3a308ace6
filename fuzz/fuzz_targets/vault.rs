//! The vault's outside: the one file in the clear, sealed files that are not, names, passwords and notes that were typed or found.
#![no_main]

use std::sync::Arc;

use keyark::vault::{Password, Seen, Storage, Timestamp, Vault, WalletId, WalletName};
use keyark::{Error, ErrorKind, Result, SecretText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    typed(&String::from_utf8_lossy(data));
    let Some((names, files)) = data.split_first() else { return };
    let storage = Arc::new(Hostile { names: *names, file: files.to_vec() });
    if let Ok(Some(vault)) = Vault::find(storage) {
        assert!(!vault.epochs().is_empty(), "a vault has an epoch");
        for epoch in vault.epochs().iter().take(3) {
            let password = Password::new(&"password".into()).expect("it is plain text");
            assert!(vault.unlock_epoch(epoch.number, &password).is_err(), "nobody sealed this");
        }
    }
});

/// What a person types, and what a program finds.
fn typed(text: &str) {
    if let Ok(name) = WalletName::new(text) {
        assert!(WalletName::new(name.as_str()).expect("a name is a name").same_as(&name));
    }
    if let Ok(seen) = text.parse::<Seen>() {
        assert_eq!(seen.to_string(), text);
    }
    if let Ok(id) = text.parse::<WalletId>() {
        assert_eq!(id.to_string().parse::<WalletId>().expect("an id is an id"), id);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse::<Timestamp>().expect("a time is a time"), time);
    }
    let _ = Password::new(&SecretText::from(text));
}

/// A storage in which every file holds the same bytes, and the folders are as the first byte says.
struct Hostile {
    names: u8,
    file: Vec<u8>,
}

impl Storage for Hostile {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        if self.file.len() > limit || (self.names & 1 == 1 && name.ends_with(".json")) {
            return Err(Error::new(ErrorKind::NotFound, "no such file", "look again"));
        }
        // As in a stolen folder: a file that begins as age's do.
        let start: &[u8] = if self.names & 2 == 2 && name.ends_with(".age") { b"age-encryption.org/v1\n" } else { b"" };
        Ok([start, &self.file].concat())
    }

    fn write_new(&self, _: &str, _: &[u8]) -> Result<()> {
        unreachable!("reading writes nothing")
    }

    fn replace(&self, _: &str, _: &[u8]) -> Result<()> {
        unreachable!("reading writes nothing")
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let text = String::from_utf8_lossy(&self.file).into_owned();
        let own = match folder {
            "epochs" => "1/",
            _ => "manifest-1.age",
        };
        Ok([own.to_owned()].into_iter().chain(text.split('\n').map(str::to_owned)).take(20).collect())
    }

    fn delete(&self, _: &str) -> Result<()> {
        unreachable!("reading deletes nothing")
    }
}
