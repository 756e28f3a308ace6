//! A storage that stops or fails at every single operation: afterwards there is the old state or the new one, and all of it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // in helpers of tests

#[path = "../support"]
mod support {
    pub(crate) mod fixture;
    pub(crate) mod inside;
    pub(crate) mod memory;
}

mod broken_promises;
mod cases;
mod every_operation;
mod going_on;
mod merges;
mod undeletable;

use keyark_core::{ErrorKind, ExportItem, Result};
use keyark_vault::{Removal, Unlocked, Vault, VaultDenial, VaultPolicy};
use support::fixture::*;
use support::inside::{newest, record_file, unlisted};
use support::memory::{Fault, Memory, Where};

/// What can be had with each of the two passwords, everything that is listed having been opened.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    old: Option<State>,
    new: Option<State>,
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    wallets: Vec<(String, String, usize)>,
    denials: Vec<VaultDenial>,
    current: bool,
    broken: bool,
    sealed: usize,
}

impl State {
    fn of(vault: &Unlocked) -> Self {
        Self {
            wallets: contents(vault),
            denials: vault.policy().denials().to_vec(),
            current: vault.is_current(),
            broken: vault.broken().is_some(),
            sealed: vault.sealed_epochs().count(),
        }
    }
}

impl Shown {
    fn of(memory: &Memory) -> Self {
        let state = |with: &str| {
            let vault = Vault::find(memory.arc()).unwrap()?;
            match vault.unlock(&password(with)) {
                Ok(vault) => Some(State::of(&vault)),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::WrongPassword, "{error:?}");
                    None
                }
            }
        };
        Self { old: state(OLD), new: state(NEW) }
    }

    /// The password that opens the current epoch.
    fn current(&self) -> Option<&'static str> {
        let is = |state: &Option<State>| state.as_ref().is_some_and(|state| state.current);
        is(&self.new).then_some(NEW).or(is(&self.old).then_some(OLD))
    }
}

/// Wallets a and b, of which b has been changed; what was there before has been retired.
fn two_wallets() -> Memory {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a", "b"]);
    let b = vault.find("b").unwrap().id;
    vault.update(b, at(3), back_up).unwrap();
    memory
}

/// An older epoch with a and b, and the current one with mine, under the new password.
fn two_epochs() -> Memory {
    let memory = two_wallets();
    let found = Vault::find(memory.arc()).unwrap().unwrap();
    found.reset(&wallet("mine", 7), &new_password(NEW), work(), at(4)).unwrap();
    memory
}

/// The newest manifest is damaged, which alone lists c.
fn damaged() -> Memory {
    let memory = two_wallets();
    open(memory.arc(), OLD).unwrap().add(&wallet("c", 3), at(4)).unwrap();
    let newest = newest(&memory, 1);
    memory.put(&newest, b"age-encryption.org/v1\n");
    memory
}

fn old(memory: &Memory) -> Unlocked {
    open(memory.arc(), OLD).unwrap()
}

fn denying() -> VaultPolicy {
    let denial = VaultDenial { item: ExportItem::PrivateKey, chain: None, reason: "of the test".to_owned() };
    VaultPolicy::advertised().deny(denial)
}

/// A change of a vault that stays unlocked.
type Change = fn(&mut Unlocked) -> Result<()>;
