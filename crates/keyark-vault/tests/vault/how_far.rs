//! How far a vault had come, as who remembers notes it.

use keyark_vault::Seen;

use super::*;

#[test]
fn a_note_of_how_far_it_had_come_is_text() {
    let memory = Memory::new();
    let mut vault = vault(memory.arc(), &["a"]);
    let seen = vault.seen();
    assert_eq!(seen.to_string().parse::<Seen>().unwrap(), seen);
    vault.add(&wallet("b", 2), at(5)).unwrap();
    assert_ne!(vault.seen(), seen);
    vault.compare(&seen);
    assert!(vault.broken().is_none() && vault.findings().is_empty());
    for bad in ["", "keyark-seen-1 vault=x epoch=1", "keyark-seen-2 vault=x epoch=1 generation=1"] {
        assert_eq!(bad.parse::<Seen>().unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
    }
    for bad in ["keyark-seen-1 vault=x epoch=01 generation=1", "keyark-seen-1 vault=x epoch=1 generation=1\n"] {
        assert_eq!(bad.parse::<Seen>().unwrap_err().kind(), ErrorKind::Malformed, "{bad}");
    }
}
