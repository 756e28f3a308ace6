//! A wallet app on keyark: it keeps its vault in a storage of its own, and asks in its own way.
//!
//! `cargo run -p keyark --example wallet_app --features vault`
//!
//! The storage is a map in memory, where a real app has its database. The person is a script, where a real app has screens.
#![allow(clippy::print_stdout)] // it is an app, not a library

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keyark::phrase::{Answer, Language, Phrase, Quiz, WordCount};
use keyark::vault::{
    AskPassword, Backup, BackupMethod, KeepPassphrase, NewPassword, Password, Storage, Timestamp, Unlocked, Vault,
    VaultPolicy, WalletName, WalletSecret, WorkFactor, phrase_record, wallet_of,
};
use keyark::{Error, ErrorKind, Network, Position, Registry, Result, SecretText};

/// The app's own storage. A map changes whole or not at all, so the promises of [`Storage`] are easy to keep.
#[derive(Default)]
struct Database(Mutex<BTreeMap<String, Vec<u8>>>);

impl Database {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Storage for Database {
    fn read(&self, name: &str, limit: usize) -> Result<Vec<u8>> {
        let files = self.files();
        let bytes = files.get(name).ok_or_else(|| Error::new(ErrorKind::NotFound, "no such file", "look again"))?;
        if bytes.len() > limit {
            let problem = format!("{name} has {} bytes, and at most {limit} are read", bytes.len());
            return Err(Error::new(ErrorKind::OutOfBounds, problem, "use another copy"));
        }
        Ok(bytes.clone())
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut files = self.files();
        if files.contains_key(name) {
            return Err(Error::new(ErrorKind::AlreadyExists, "there is such a file", "choose another name"));
        }
        files.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.files().insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let inside = |name: &String| {
            let rest = name.strip_prefix(&start)?;
            Some(rest.split_once('/').map_or_else(|| rest.to_owned(), |(folder, _)| format!("{folder}/")))
        };
        let mut names: Vec<_> = self.files().keys().filter_map(inside).collect();
        names.dedup(); // the map is sorted, so the files of a folder stand together
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.files().remove(name);
        Ok(())
    }
}

/// The person at the app's password prompt.
struct Person {
    password: SecretText,
}

impl AskPassword for Person {
    fn ask(&self, why: &str) -> Result<SecretText> {
        println!("   [the app asks for the password: {why}]");
        Ok(self.password.clone())
    }
}

fn main() -> Result<()> {
    let database: Arc<Database> = Arc::default();

    println!("1. The first start: a password, a wallet.");
    let password = NewPassword::suggest()?; // shown on a screen, to be written down
    let mut vault = Vault::create(database.clone(), &password, WorkFactor::DEFAULT, Timestamp::now())?;
    let phrase = Phrase::generate(WordCount::Words12, Language::English)?;
    let none = SecretText::from("");
    let record = phrase_record(WalletName::new("savings")?, &phrase, &none, KeepPassphrase::Kept, Timestamp::now())?;
    vault.add(&record, Timestamp::now())?;
    for account in &record.accounts {
        println!("   {:9} {:13} {}", account.chain, account.kind, account.address);
    }
    drop(vault); // the keys are erased

    println!(
        "2. Another day: one password derivation, then as much as the person likes, until ten minutes without use."
    );
    let person = Arc::new(Person { password: SecretText::from(password.expose()) });
    let vault = Vault::find(database.clone())?.ok_or_else(gone)?;
    let mut vault = vault.unlock(&Password::new(&person.password)?)?;
    vault.lock_after(Some(Duration::from_secs(600)));
    remind(&vault)?;

    println!("3. The person writes the words down and passes the quiz.");
    back_up(&mut vault, "savings")?;
    remind(&vault)?;

    println!("4. Exports ask for the password again, because this vault wants it so.");
    vault.set_policy(VaultPolicy::advertised().ask_password(), Timestamp::now())?;
    let policy = vault.export_policy(Some(person))?;
    let wallet = wallet_of(&vault.record(vault.find("savings")?.id)?, None)?;
    let ethereum = Registry::installed()?.get("ethereum")?;
    let kind = ethereum.info().default_kind()?;
    let key = wallet.key(ethereum, kind, Position::default(), Network::Mainnet)?;
    let exported = key.export_private_key(&policy, None)?;
    let parts = exported.format.cut.split(&exported.text)?;
    println!("   to the clipboard: all of the key of {} but {} bits", key.address(kind)?, parts.hidden_bits);
    println!("   {} files in the app's database, all of them sealed but one", database.files().len());
    Ok(())
}

/// What the app's front page says.
fn remind(vault: &Unlocked) -> Result<()> {
    for wallet in vault.wallets()? {
        let state = if wallet.is_backed_up() { "backed up" } else { "NOT BACKED UP: tap here" };
        println!("   {}: {state}", wallet.name);
    }
    Ok(())
}

/// The app's backup flow: the words on a screen, then the quiz.
fn back_up(vault: &mut Unlocked, name: &str) -> Result<()> {
    let record = vault.record(vault.find(name)?.id)?;
    let WalletSecret::Phrase(phrase) = record.secret() else { return Ok(()) };
    let mut quiz = Quiz::new(phrase, 4)?;
    while let Some(question) = quiz.next_question() {
        let Some(on_paper) = phrase.words().nth(question.position() - 1) else { break };
        assert_eq!(quiz.answer(&on_paper.into()), Answer::Right); // here the person types
    }
    let proof = quiz.result().filter(|result| result.passed()).ok_or_else(gone)?;
    let now = Timestamp::now();
    vault.update(record.id(), now, |record| {
        let mut backup = Backup::new(BackupMethod::Phrase, Some("paper".to_owned()), now);
        backup.verified = Some(now);
        backup.detail = Some(proof.to_text());
        record.record_backup(backup);
        Ok(())
    })
}

fn gone() -> Error {
    Error::new(ErrorKind::NotFound, "there is no vault", "make one")
}
