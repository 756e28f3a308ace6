//! The policy: kept, sealed anew with the rest, and not to be had back by taking a file away.

use keyark_core::ExportItem;
use keyark_vault::VaultDenial;

use super::*;

#[test]
fn the_policy_is_kept_and_travels_with_a_rekey() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let denial = |item, chain: Option<&str>, reason: &str| VaultDenial {
        item,
        chain: chain.map(str::to_owned),
        reason: reason.to_owned(),
    };
    let policy = VaultPolicy::advertised()
        .deny(denial(ExportItem::PrivateKey, None, "first reason"))
        .deny(denial(ExportItem::PrivateKey, Some("bitcoin"), "another"))
        .deny(denial(ExportItem::PrivateKey, None, "second reason"))
        .ask_password();
    let kept = [
        denial(ExportItem::PrivateKey, Some("bitcoin"), "another"),
        denial(ExportItem::PrivateKey, None, "second reason"),
    ];
    assert_eq!(policy.denials(), kept, "the same thing is denied once");
    vault.set_policy(policy, at(5)).unwrap();
    vault.rename(vault.find("a").unwrap().id, name("b"), at(6)).unwrap();
    for rekeyed in [false, true] {
        if rekeyed {
            vault.rekey(&new_password(NEW), work(), at(7)).unwrap();
        }
        let again = open(memory.arc(), if rekeyed { NEW } else { OLD }).unwrap();
        for vault in [&vault, &again] {
            assert_eq!(vault.policy().denials(), kept);
            assert!(vault.policy().asks_password());
        }
    }
    vault.set_policy(VaultPolicy::advertised(), at(8)).unwrap();
    let policy = open(memory.arc(), NEW).unwrap().policy().clone();
    assert!(policy.denials().is_empty() && !policy.asks_password());
}

#[test]
fn a_new_policy_is_in_both_manifests_that_are_kept() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    vault.set_policy(VaultPolicy::advertised().ask_password(), at(5)).unwrap();
    memory.take(&newest(&memory, 1));
    let previous = open(memory.arc(), OLD).unwrap();
    assert!(previous.policy().asks_password(), "taking the newest one away brings the older policy back");
}
