//! Names of chains, address kinds and key formats: an unknown one is an error in one line that lists the known ones.
#![no_main]

use keyark::{Error, ErrorKind, Registry, Result};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|id: &str| {
    let registry = Registry::installed().expect("no id is there twice");
    let known: Vec<_> = registry.iter().map(|chain| chain.info().id).collect();
    check(registry.get(id).map(|chain| chain.info().id), id, &known);
    for chain in registry.iter() {
        let info = chain.info();
        let known: Vec<_> = info.kinds.iter().map(|kind| kind.id).collect();
        check(info.kind(id).map(|kind| kind.id), id, &known);
        let known: Vec<_> = info.key_formats.iter().map(|format| format.id).collect();
        check(info.key_format(id).map(|format| format.id), id, &known);
    }
});

fn check(found: Result<&str>, id: &str, known: &[&str]) {
    match found {
        Ok(found) => assert!(found == id && known.contains(&id)),
        Err(error) => check_error(&error, known),
    }
}

fn check_error(error: &Error, known: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(known.iter().all(|id| error.remedy().contains(id)), "{}", error.remedy());
    let shown = error.to_string();
    assert!(!shown.chars().any(char::is_control), "{shown:?} would move the terminal's cursor");
}
