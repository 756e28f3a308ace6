//! `keyark tour`: the whole job, done for real in a throw-away folder.
//!
//! Each step is a command line as a person would type it; the same words are parsed and run here, and what is shown is
//! what they print.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use keyark::vault::{Folder, NewPassword, Password, Vault, WalletSecret};
use keyark::{Error, ErrorKind, Result};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::args::Cli;
use crate::files;
use crate::interrupt;
use crate::ui::Ui;

pub(super) fn run(ui: &mut Ui<'_>) -> Result<()> {
    let failed = |error: std::io::Error| {
        let problem = format!("the tour's throw-away folder could not be used: {error}");
        Error::new(ErrorKind::Storage, problem, "see whether the disk is full")
    };
    let folder = tempfile::Builder::new().prefix("keyark-tour-").tempdir().map_err(failed)?;
    let cleanup = interrupt::remove_on_interrupt(folder.path());
    let before = std::env::current_dir().map_err(failed)?;
    std::env::set_current_dir(folder.path()).map_err(failed)?;
    ui.text("A throw-away wallet, in a folder that is gone when the tour ends. Put no money on it.")?;
    let result = Tour { ui, step: 0, home: folder.path().join("vault") }.steps();
    std::env::set_current_dir(before).map_err(failed)?;
    folder.close().map_err(failed)?;
    drop(cleanup); // not before the folder is gone: stopped in between, it would stay
    result
}

/// What a step printed.
struct Printed {
    out: Zeroizing<String>,
    err: Zeroizing<String>,
}

struct Tour<'a, 'b> {
    ui: &'a mut Ui<'b>,
    step: usize,
    /// Where the tour's vault is, wherever the person's own may be.
    home: PathBuf,
}

impl Tour<'_, '_> {
    fn steps(&mut self) -> Result<()> {
        self.make_files()?;
        self.wallet()?;
        self.paper()?;
        self.private_key()?;
        self.keystore()?;
        self.cloud()?;
        self.refusals()?;
        self.restore()?;
        self.ui.text(&format!(
            "\n{} steps, each of them checked. Now with a wallet of your own: keyark new NAME",
            self.step
        ))
    }

    /// The passwords that a person would make up.
    fn make_files(&self) -> Result<()> {
        for file in ["password.txt", "new-password.txt", "cloud-password.txt"] {
            let password = Zeroizing::new(format!("{}\n", NewPassword::suggest()?.expose()));
            files::write_new(Path::new(file), &password, false)?;
        }
        files::write_new(Path::new("keystore-password.txt"), "a password for the keystore\n", false)
    }

    fn wallet(&mut self) -> Result<()> {
        let new = "keyark new savings --password-file password.txt --work-factor 14";
        let printed = self.step("Make a wallet, kept under a password (18 is the usual work factor).", new)?;
        self.expect(printed.out.lines().count() >= 3 || self.ui.json, "addresses are missing")?;
        let title = "It is not backed up, and is listed first until it is.";
        let printed = self.step(title, "keyark list --password-file password.txt")?;
        self.expect(printed.out.contains("NO") || printed.out.contains("\"backed_up\":false"), "it is not said")
    }

    fn paper(&mut self) -> Result<()> {
        // The person's sheet of paper: here the tour copies the words from the vault, with the numbers that people write.
        let words = self.words()?;
        let sheet = words.split_whitespace().enumerate().map(|(at, word)| format!("{}. {word}\n", at + 1));
        files::write_new(Path::new("paper.txt"), &Zeroizing::new(sheet.collect::<String>()), false)?;
        let backup = "keyark backup phrase savings --answers-file paper.txt --password-file password.txt";
        self.step("Write the words on paper, and prove it: a quiz, answered from the paper.", backup)?;
        let printed = self.quietly("keyark list --password-file password.txt --json")?;
        self.expect(printed.out.contains("\"backed_up\":true"), "the backup is not noted")?;

        // A slip of the pen in the third word.
        let slip = words.split_whitespace().enumerate().map(|(at, word)| match at {
            2 => format!("{word}q "),
            _ => format!("{word} "),
        });
        files::write_new(Path::new("slip.txt"), &Zeroizing::new(slip.collect::<String>()), false)?;
        let check = "keyark phrase check --phrase-file slip.txt";
        let title = "A slip of the pen is found, and the word that was meant.";
        let printed = self.refused(title, check, ErrorKind::Malformed)?;
        let meant = words.split_whitespace().nth(2).unwrap_or_default();
        self.expect(printed.out.contains(meant), "the slip was not found")
    }

    /// What the screen shows that a person copies.
    fn words(&self) -> Result<Zeroizing<String>> {
        let missing = || self.mismatch("the wallet is not in the vault");
        let password = files::read_text(Path::new("password.txt"), 4096)?;
        let password = Password::new(&password.trim_end().into())?;
        let vault = Vault::find(Arc::new(Folder::new(&self.home)))?.ok_or_else(missing)?.unlock(&password)?;
        match vault.record(vault.find("savings")?.id)?.secret() {
            WalletSecret::Phrase(phrase) => Ok(Zeroizing::new(phrase.to_text().expose().to_owned())),
            _ => Err(missing()),
        }
    }

    fn private_key(&mut self) -> Result<()> {
        let plain = "keyark export key savings --chain bitcoin --password-file password.txt --json";
        let whole = self.quietly(plain)?;
        let (address, key) = (field(&whole.out, "address")?, field(&whole.out, "private_key")?);
        let copy = "keyark export key savings --chain bitcoin --secure-copy --password-file password.txt";
        let title = "Take a private key out, with its end left off, so that the clipboard never holds all of it.";
        let printed = self.step(title, copy)?;
        let shown = match self.ui.json {
            true => field(&printed.out, "private_key")?,
            false => printed.out.trim_end().to_owned(),
        };
        let by_hand = printed.err.lines().find_map(|line| line.strip_prefix("write down by hand, for "));
        let by_hand = by_hand.and_then(|line| line.split(": ").nth(1)).unwrap_or_default();
        files::write_new(Path::new("part.txt"), &shown, false)?;
        files::write_new(Path::new("rest.txt"), by_hand, false)?;
        let complete =
            format!("keyark complete --chain bitcoin --key-file part.txt --rest-file rest.txt --address {address}");
        let printed = self.step("Join the two parts, and check the address.", &complete)?;
        self.expect(printed.out.contains(&key), "the two parts gave another key")?;
        let title = "For a watch-only wallet: the output descriptor of an account.";
        self.step(title, "keyark export descriptor savings --password-file password.txt")?;
        Ok(())
    }

    fn keystore(&mut self) -> Result<()> {
        let plain = self.quietly("keyark export key savings --chain ethereum --password-file password.txt --json")?;
        let key = field(&plain.out, "private_key")?;
        let make = "keyark export keystore savings --chain ethereum --keystore-password-file keystore-password.txt --out account.json --password-file password.txt";
        self.step("A keystore file, which other Ethereum wallets open.", make)?;
        self.step("What it says without its password.", "keyark keystore inspect account.json")?;
        let open = "keyark keystore open account.json --keystore-password-file keystore-password.txt";
        let printed = self.step("Open it: the key comes back, and its address is checked.", open)?;
        self.expect(printed.out.contains(&key), "the keystore gave another key")
    }

    /// A copy elsewhere: here a folder, for a person perhaps `s3://bucket/folder`.
    fn cloud(&mut self) -> Result<()> {
        let before = self.quietly("keyark show savings --password-file password.txt --json")?.out;
        let init = "keyark cloud init box file://$PWD/cloud --cloud-password-file cloud-password.txt --recovery-code-out recovery-code.txt --work-factor 14";
        self.step("A vault in a cloud, under a password of its own (yours may be at s3://bucket/folder).", init)?;
        let backup = "keyark backup cloud savings --to box --password-file password.txt --cloud-password-file cloud-password.txt";
        self.step("Copy the wallet there. It is read back from the cloud, and every address derived again.", backup)?;
        let title = "A new computer: the address of the cloud and its password are enough.";
        let restore = "keyark restore cloud file://$PWD/cloud --home new-computer --password-file new-password.txt --cloud-password-file cloud-password.txt --work-factor 14";
        self.step(title, restore)?;
        let there = "keyark show savings --home new-computer --password-file new-password.txt --json";
        let there = self.quietly(there)?.out;
        self.expect(*before == *there, "the wallet came back with other addresses")?;
        let list = "keyark list --home new-computer --password-file new-password.txt";
        let printed = self.step("What is backed up, and when that was last proved.", list)?;
        let dated = printed.out.contains("cloud");
        self.expect(dated, "the backup is not noted")
    }

    fn refusals(&mut self) -> Result<()> {
        let make = "keyark export keystore savings --chain solana --out solana.json --password-file password.txt";
        self.refused("What a chain does not have is refused, with the reason.", make, ErrorKind::Refused)?;
        let deny = "keyark policy set --deny private-key --password-file password.txt";
        self.step("Allow less: from now on no private key leaves this vault.", deny)?;
        let key = "keyark export key savings --chain ethereum --password-file password.txt";
        self.refused("So it is refused, whatever the chain allows.", key, ErrorKind::Refused)?;
        Ok(())
    }

    fn restore(&mut self) -> Result<()> {
        let show = "keyark show savings --password-file password.txt --json";
        let before = self.quietly(show)?.out;
        let reset = "keyark password reset savings --phrase-file paper.txt --new-password-file new-password.txt --work-factor 14";
        self.step("The password is forgotten: the words on paper set a new one.", reset)?;
        let after = self.quietly("keyark show savings --password-file new-password.txt --json")?.out;
        self.expect(*before == *after, "the wallet came back with other addresses")?;
        let import = "keyark import savings --phrase-file paper.txt --home another-computer --password-file new-password.txt --work-factor 14";
        self.step("The computer is lost: the paper brings the wallet back on another one.", import)?;
        let there =
            self.quietly("keyark show savings --home another-computer --password-file new-password.txt --json")?.out;
        self.expect(*before == *there, "the wallet came back with other addresses")
    }

    /// A step that must succeed.
    fn step(&mut self, title: &str, command: &str) -> Result<Printed> {
        let (printed, result) = self.run(command)?;
        self.show(title, command, &printed, result.as_ref().err())?;
        result.map(|()| printed).map_err(|error| self.mismatch(&error.to_string()))
    }

    /// A step that must fail with an error of this kind, which is shown.
    fn refused(&mut self, title: &str, command: &str, kind: ErrorKind) -> Result<Printed> {
        let (mut printed, result) = self.run(command)?;
        let error = result.as_ref().err();
        if let Some(error) = error {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            self.ui.with(&mut out, &mut err, "the output").error(error);
            printed.err.push_str(&String::from_utf8_lossy(&err));
        }
        self.show(title, command, &printed, error)?;
        self.expect(error.is_some_and(|error| error.kind() == kind), "what should be refused was not")?;
        Ok(printed)
    }

    /// Runs a command line without showing it.
    fn quietly(&mut self, command: &str) -> Result<Printed> {
        let (printed, result) = self.run(command)?;
        result.map(|()| printed).map_err(|error| self.mismatch(&error.to_string()))
    }

    fn run(&mut self, command: &str) -> Result<(Printed, Result<()>)> {
        let here = std::env::current_dir().unwrap_or_default();
        let typed = command.replace("$PWD", &here.display().to_string()); // as a shell does
        let mut cli = Cli::try_parse_from(typed.split(' ')).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("the tour's own command is wrong: {error}"), "report this")
        })?;
        if !command.contains(" --home ") {
            cli.global.home = Some(self.home.clone());
        }
        let (mut out, mut err) = (Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new()));
        let result = {
            let (out, err): (&mut dyn Write, &mut dyn Write) = (&mut *out, &mut *err);
            let mut ui = self.ui.with(out, err, "the output");
            ui.json |= cli.global.json;
            super::run(cli, &mut ui)
        };
        let text = |bytes: &[u8]| Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        Ok((Printed { out: text(&out), err: text(&err) }, result))
    }

    fn show(&mut self, title: &str, command: &str, printed: &Printed, error: Option<&Error>) -> Result<()> {
        self.step += 1;
        let results: Vec<Value> = printed.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let object = json!({
            "step": self.step,
            "title": title,
            "command": command,
            "exit": error.map_or(0, |error| error.kind().code()),
            "results": results,
            "error": error.map(|error| json!({ "kind": error.kind().id(), "message": error.to_string(), "remedy": error.remedy() })),
        });
        let mut text = format!("\n{}\n  $ {command}", self.ui.bold(&format!("{}. {title}", self.step)));
        for line in printed.out.lines().chain(printed.err.lines()) {
            text.push_str("\n  ");
            text.push_str(line);
        }
        self.ui.result(&object, &text)?;
        self.ui.flush() // each step as it happens
    }

    fn expect(&self, right: bool, problem: &'static str) -> Result<()> {
        if right { Ok(()) } else { Err(self.mismatch(problem)) }
    }

    fn mismatch(&self, problem: &str) -> Error {
        let problem = format!("step {} of the tour does not match: {problem}", self.step);
        Error::new(ErrorKind::Mismatch, problem, "this is a fault of keyark; do not trust this build, and report it")
    }
}

/// A field of the first object in JSON Lines.
fn field(lines: &str, name: &str) -> Result<String> {
    let object: Option<Value> = lines.lines().next().and_then(|line| serde_json::from_str(line).ok());
    let text = object.and_then(|object| Some(object.get(name)?.as_str()?.to_owned()));
    text.ok_or_else(|| Error::new(ErrorKind::Internal, format!("a result has no {name}"), "report this"))
}
