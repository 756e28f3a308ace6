//! An asynchronous wallet app that keeps a copy of its wallets in a cloud of its own, under a password of its own: set up, back up, change the
//! password, forget it, restore on a new phone.
//!
//! `cargo run -p keyark --example cloud_app --features async`
//!
//! The cloud is a map behind an asynchronous lock, where a real app has its HTTP client. The person is a script, where a real app has screens.
#![allow(clippy::print_stdout)] // it is an app, not a library

use std::collections::BTreeMap;
use std::sync::Arc;

use keyark::cloud::{Answer, AsyncStorage, AsyncVault, Blocking, run};
use keyark::phrase::{Language, Phrase, WordCount};
use keyark::vault::{
    KeepPassphrase, NewPassword, Password, RecoveryCode, Restore, Storage, Timestamp, Unlocked, Vault, WalletId,
    WalletName, WorkFactor, back_up, phrase_record, verify,
};
use keyark::{Error, ErrorKind, Result, SecretText};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

/// The app's own cloud. Two phones may write at once: nothing here keeps them apart, and the vault does not need it.
#[derive(Clone, Default)]
struct MyCloud(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl AsyncStorage for MyCloud {
    fn read<'a>(&'a self, name: &'a str, limit: usize) -> Answer<'a, Vec<u8>> {
        Box::pin(async move {
            let files = self.0.lock().await;
            let bytes = files.get(name).ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file", "look again"))?;
            if bytes.len() > limit {
                return Err(Error::new(ErrorKind::OutOfBounds, "the file is too large", "use another copy"));
            }
            Ok(bytes.clone())
        })
    }

    fn write_new<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Answer<'a, ()> {
        self.replace(name, bytes) // names are drawn at random: that is enough
    }

    fn replace<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Answer<'a, ()> {
        Box::pin(async move {
            self.0.lock().await.insert(name.to_owned(), bytes.to_vec());
            Ok(())
        })
    }

    fn list<'a>(&'a self, folder: &'a str) -> Answer<'a, Vec<String>> {
        Box::pin(async move {
            let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let inside = |name: &String| {
                let rest = name.strip_prefix(&start)?;
                Some(rest.split_once('/').map_or_else(|| rest.to_owned(), |(folder, _)| format!("{folder}/")))
            };
            let mut names: Vec<_> = self.0.lock().await.keys().filter_map(inside).collect();
            names.dedup();
            Ok(names)
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            self.0.lock().await.remove(name);
            Ok(())
        })
    }

    fn side_by_side(&self) -> usize {
        8
    }
}

/// What the cloud is called in the app's list of backups.
const PLACE: &str = "my cloud";

#[tokio::main]
async fn main() -> Result<()> {
    let home =
        tempfile::tempdir().map_err(|error| Error::new(ErrorKind::Storage, error.to_string(), "free some space"))?;
    let cloud: Arc<dyn Storage> = Arc::new(Blocking::new(MyCloud::default(), Handle::current()));

    println!("1. A phone with a wallet.");
    let wallet_password = NewPassword::suggest()?;
    let folder = Arc::new(keyark::vault::Folder::new(home.path().join("phone")));
    let phone = AsyncVault::create(folder, wallet_password, WorkFactor::DEFAULT, Timestamp::now()).await?;
    let savings = phone.with(|vault| new_wallet(vault, "savings")).await?;

    println!("2. A cloud vault: a password of its own, and a recovery code on paper.");
    let mut password = NewPassword::suggest()?; // shown on a screen, to be written down
    let code = RecoveryCode::generate()?; // shown as well, and typed back
    let backup = AsyncVault::create(cloud.clone(), password.clone(), WorkFactor::DEFAULT, Timestamp::now()).await?;
    let paper = code.clone();
    backup.with(move |vault| vault.set_recovery(&paper, WorkFactor::DEFAULT)).await?;

    println!("3. The backup: copied, read back, derived again, compared.");
    copy(&phone, &backup, vec![savings]).await?;

    println!("4. Another password: one small file is rewritten, and the recovery code still opens the vault.");
    password = NewPassword::suggest()?;
    let new = password.clone();
    backup.with(move |vault| vault.change_password(&new, WorkFactor::DEFAULT, Timestamp::now())).await?;
    drill(&phone, &backup, savings).await?;

    println!("5. The password is forgotten, but the paper with the code is there: nothing is lost.");
    let found = cloud.clone();
    let recovered = run(move || Vault::find(found)?.ok_or_else(gone)?.unlock_with_recovery(&code)).await?;
    println!("   the code shows {} wallet", recovered.wallets()?.len());

    println!(
        "6. Password and paper are lost: the vault begins anew, and what was in it stays sealed under the old password."
    );
    let (found, new) = (cloud.clone(), NewPassword::suggest()?);
    let set = new.clone();
    let anew =
        run(move || Vault::find(found)?.ok_or_else(gone)?.forget_password(&set, WorkFactor::DEFAULT, Timestamp::now()));
    let anew = AsyncVault::new(anew.await?);
    copy(&phone, &anew, vec![savings]).await?;

    println!("7. A new phone: the address of the cloud and the password bring the wallet back.");
    let folder = Arc::new(keyark::vault::Folder::new(home.path().join("new phone")));
    let new_phone = AsyncVault::create(folder, NewPassword::suggest()?, WorkFactor::DEFAULT, Timestamp::now()).await?;
    let typed = Password::new(&SecretText::from(new.expose()))?;
    let from = AsyncVault::unlock(cloud.clone(), typed).await?.ok_or_else(gone)?;
    let restored = new_phone.with_both(&from, |phone, cloud| {
        let all: Vec<WalletId> = cloud.wallets()?.iter().map(|wallet| wallet.id).collect();
        let restore = Restore::read(cloud, &all, Some(phone), &())?;
        for wallet in restore.planned() {
            println!("   found {} with {} addresses", wallet.name, wallet.accounts); // here the person says yes
        }
        restore.take_in(phone, cloud, PLACE, Timestamp::now())
    });
    println!("   restored: {}", restored.await?.added.len());

    println!("8. The old password comes back to mind: what it seals is taken over.");
    let typed = Password::new(&SecretText::from(password.expose()))?;
    let older = run(move || Vault::find(cloud)?.ok_or_else(gone)?.unlock(&typed)).await?;
    let merged = from.with(move |vault| vault.merge(&older, Timestamp::now())).await?;
    println!("   {} known already, {} new", merged.known.len(), merged.added.len());
    Ok(())
}

fn new_wallet(vault: &mut Unlocked, name: &str) -> Result<WalletId> {
    let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
    let (name, none) = (WalletName::new(name)?, SecretText::from(""));
    let record = phrase_record(name, &phrase, &none, KeepPassphrase::Kept, Timestamp::now())?;
    vault.add(&record, Timestamp::now())?;
    Ok(record.id())
}

async fn copy(phone: &AsyncVault, cloud: &AsyncVault, wallets: Vec<WalletId>) -> Result<()> {
    let receipts =
        phone.with_both(cloud, move |phone, cloud| back_up(phone, &wallets, cloud, PLACE, &(), Timestamp::now()));
    for receipt in receipts.await? {
        println!("   {}: {} addresses compared", receipt.name, receipt.result?.compared);
    }
    Ok(())
}

async fn drill(phone: &AsyncVault, cloud: &AsyncVault, wallet: WalletId) -> Result<()> {
    let receipts =
        phone.with_both(cloud, move |phone, cloud| verify(phone, &[wallet], cloud, PLACE, &(), Timestamp::now()));
    for receipt in receipts.await? {
        println!("   drill of {}: {} addresses compared", receipt.name, receipt.result?.compared);
    }
    Ok(())
}

fn gone() -> Error {
    Error::new(ErrorKind::NotFound, "the cloud is empty", "look whether it is the right one")
}
