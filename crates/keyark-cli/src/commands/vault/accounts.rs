//! `keyark add-account`: further accounts of a wallet are recorded, so that they are shown and that every drill compares them.

use keyark::Result;
use keyark::vault::{Action, Further, Timestamp, extend_accounts};

use super::list::{clouds, command};
use super::{AccountRow, Home, account_table, passphrase_of};
use crate::args::AddAccount;
use crate::ui::Ui;

pub(in crate::commands) fn add(args: &AddAccount, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    let further = Further { chain: args.chain.as_deref(), kind: args.kind.as_deref(), account: args.account };
    further.check()?; // before anything is asked for
    let mut local = home.unlock(&args.vault, ui)?;
    let record = local.unlocked.record(local.unlocked.find(&args.wallet)?.id)?;
    let passphrase = passphrase_of(&record, args.passphrase_file.as_deref())?;
    let (id, now) = (record.id(), Timestamp::now());
    let mut added = Vec::new();
    local.unlocked.update(id, now, |record| {
        let count = extend_accounts(record, passphrase.as_ref(), further)?;
        added.extend(record.accounts.iter().rev().take(count).rev().cloned());
        Ok(())
    })?;
    if ui.json {
        added.iter().try_for_each(|account| ui.result(&AccountRow::of(account), ""))?;
    } else {
        ui.text(&account_table(&added, ui.width()))?;
    }
    // The words bring these accounts back; copies that list the accounts do not list them yet.
    let clouds = clouds(home, ui);
    let entry = local.unlocked.find(&id.to_string())?;
    let ledger = entry.ledger(&clouds, now);
    for remedy in ledger.backups.iter().filter_map(|judged| judged.remedy()) {
        if remedy.action == Action::BackUpAgain {
            ui.note(&format!("a backup was made before and does not list what is new:\n  {}", command(entry, &remedy)));
        }
    }
    Ok(())
}
