//! `keyark policy`: what may leave the vault.

use keyark::vault::{Timestamp, VaultDenial, VaultPolicy};
use keyark::{Error, ErrorKind, Registry, Result};
use serde_json::json;

use super::Home;
use crate::args::PolicyCommand;
use crate::ui::{Ui, printable};

pub(in crate::commands) fn run(command: PolicyCommand, home: &Home, ui: &mut Ui<'_>) -> Result<()> {
    match command {
        PolicyCommand::Show { vault } => {
            let local = home.unlock(&vault, ui)?;
            show(local.unlocked.policy(), ui)
        }
        PolicyCommand::Set { deny, chain, reason, ask_password, vault } => {
            if deny.is_empty() && !ask_password {
                let remedy = "say --deny ITEM or --ask-password; `keyark policy reset` allows more again";
                return Err(Error::new(ErrorKind::Usage, "nothing was said that is to be allowed less", remedy));
            }
            if let Some(id) = &chain {
                Registry::installed()?.get(id)?;
            }
            let mut local = home.unlock(&vault, ui)?;
            let reason = reason.unwrap_or_else(|| "its owner wants it so".to_owned());
            let denial = |item| VaultDenial { item, chain: chain.clone(), reason: reason.clone() };
            let before = local.unlocked.policy().clone();
            let mut policy = deny.into_iter().fold(before, |policy, item| policy.deny(denial(item.get())));
            if ask_password {
                policy = policy.ask_password();
            }
            local.unlocked.set_policy(policy, Timestamp::now())?;
            show(local.unlocked.policy(), ui)
        }
        PolicyCommand::Reset { vault } => {
            let mut local = home.unlock_by_password(&vault, ui)?; // whoever the keychain lets in may not allow more
            local.unlocked.set_policy(VaultPolicy::advertised(), Timestamp::now())?;
            show(local.unlocked.policy(), ui)
        }
    }
}

fn show(policy: &VaultPolicy, ui: &mut Ui<'_>) -> Result<()> {
    let denied: Vec<_> = policy
        .denials()
        .iter()
        .map(|denial| json!({ "item": denial.item.id(), "chain": denial.chain, "reason": denial.reason }))
        .collect();
    let object = json!({ "denied": denied, "ask_password": policy.asks_password() });
    let line = |denial: &VaultDenial| {
        let chain = denial.chain.as_deref().map(|id| format!(" of {id}")).unwrap_or_default();
        format!("no {}{chain} leaves: {}", denial.item, printable(&denial.reason))
    };
    let mut lines: Vec<_> = policy.denials().iter().map(line).collect();
    if policy.asks_password() {
        lines.push("the password is asked for again before each export".to_owned());
    }
    if lines.is_empty() {
        lines.push("whatever the chains allow (`keyark chains`) may leave".to_owned());
    }
    ui.result(&object, &lines.join("\n"))
}
