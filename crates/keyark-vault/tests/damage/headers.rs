//! A header that is damaged, lost or behind, and a vault that is away.

use super::*;

#[test]
fn a_lost_header_is_found_again() {
    let files = three().files();
    let bad =
        [None, Some(Vec::new()), Some(b"{".to_vec()), Some(b"{\"format\":\"keyark-vault\",\"version\":1}".to_vec())];
    for bytes in bad {
        let memory = damaged(&files, HEADER, bytes);
        let mut vault = open(memory.arc(), OLD).unwrap();
        assert!(find_warning(&vault, "header-lost").unwrap().message().contains(HEADER));
        assert_eq!(contents(&vault).len(), 3);
        vault.repair(at(9)).unwrap();
        let again = open(memory.arc(), OLD).unwrap();
        assert!(again.findings().is_empty() && contents(&again).len() == 3);
    }
}

/// The header is in the clear and authenticated by nothing: what a flipped bit makes of it must be noticed, or harm nothing.
#[test]
fn no_bit_of_the_header_keeps_the_wallets_away() {
    let files = three().files();
    let header = &files[HEADER];
    let mut kept_away = Vec::new();
    for bit in 0..header.len() * 8 {
        let mut changed = header.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let memory = damaged(&files, HEADER, Some(changed.clone()));
        let opened = Vault::find(memory.arc()).and_then(|found| found.unwrap().unlock(&password(OLD)));
        match opened {
            Ok(vault) => assert_eq!(contents(&vault).len(), 3),
            // Another version than this program knows is left alone.
            Err(error) if error.problem().contains("version") => {}
            Err(error) => kept_away.push((String::from_utf8_lossy(&changed).into_owned(), error.to_string())),
        }
    }
    assert!(kept_away.is_empty(), "{kept_away:#?}");
}

#[test]
fn an_epoch_that_the_header_does_not_list_and_a_lost_header_cost_no_wallet() {
    let memory = three();
    // What a rekey leaves that was stopped before its header.
    let fault =
        support::memory::Fault { at: 6, changes_only: true, place: support::memory::Where::Before, stops: true };
    let faulty = memory.with_fault(fault);
    assert!(open(faulty.arc(), OLD).unwrap().rekey(&new_password(NEW), work(), at(8)).is_err());
    assert!(!memory.names("epochs/2/manifest").is_empty(), "{:?}", memory.files().keys());
    // It counts from its manifest on, whatever the header says, and also where there is none any more.
    for header_lost in [false, true] {
        if header_lost {
            memory.take(HEADER);
        }
        let mut older = open(memory.arc(), OLD).unwrap();
        assert_eq!((older.is_current(), contents(&older).len()), (false, 3));
        assert_eq!(older.add(&wallet("d", 4), at(9)).unwrap_err().kind(), ErrorKind::Locked);
        let today = open(memory.arc(), NEW).unwrap();
        assert_eq!((today.is_current(), contents(&today).len()), (true, 3));
        assert_eq!(find_warning(&today, "header-lost").is_some(), header_lost);
    }
    let mut today = open(memory.arc(), NEW).unwrap();
    today.add(&wallet("d", 4), at(10)).unwrap();
    assert_eq!(contents(&open(memory.arc(), NEW).unwrap()).len(), 4);
}

#[test]
fn a_vault_that_is_away_is_not_said_to_be_sealed_anew() {
    let memory = Memory::new();
    let mut open = vault(memory.arc(), &["a"]);
    for name in memory.files().into_keys() {
        memory.take(&name);
    }
    let error = open.rename(open.find("a").unwrap().id, name("b"), at(9)).unwrap_err();
    assert_eq!((error.kind(), error.problem()), (ErrorKind::NotFound, "there is no vault here any more"));
}
