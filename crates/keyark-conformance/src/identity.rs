//! The chain's data is sound, and the registry has it.

use keyark_core::{Chain, Cut, ExportItem, Exportable, Position, Registry};

use crate::Vector;

/// The registry, which is not empty, has this chain under its id.
pub fn is_registered(chain: &'static dyn Chain, _: &[Vector]) {
    let registry = Registry::installed().unwrap();
    assert!(!registry.is_empty(), "no chain is registered");
    let found = registry.get(chain.info().id).unwrap();
    assert_eq!(found.info().name, chain.info().name);
}

/// Ids are stable names, kinds and formats are unique, one kind is the default, templates give paths.
pub fn has_sound_data(chain: &'static dyn Chain, _: &[Vector]) {
    let info = chain.info();
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    assert!(is_id(info.id), "{} is no id: lower-case letters, digits and -", info.id);
    assert!(!info.networks.is_empty() && !info.key_formats.is_empty());
    assert_eq!(info.kinds.iter().filter(|kind| kind.default).count(), 1, "one kind is the default");
    let ids: Vec<_> = info.kinds.iter().map(|kind| kind.id).chain(info.key_formats.iter().map(|f| f.id)).collect();
    for (at, id) in ids.iter().enumerate() {
        assert!(is_id(id), "{id} is no id");
        assert!(!ids[..at].contains(id), "{id} is there twice");
    }
    for kind in info.kinds {
        assert!(!kind.used_by.is_empty(), "say which wallets use {}", kind.id);
        if let Some(template) = kind.template() {
            let path = template.fill(info.coin_type, Position::default()).unwrap();
            assert_eq!(template.position_of(&[info.coin_type], &path), Some(Position::default()));
        }
    }
}

/// An optional part is there exactly where the capability is not denied, and a denial has a reason.
pub fn advertises_what_it_has(chain: &'static dyn Chain, _: &[Vector]) {
    let says = |item| !matches!(chain.info().capabilities.get(item), Exportable::Denied { .. });
    assert_eq!(says(ExportItem::Keystore), chain.keystore().is_some());
    assert_eq!(says(ExportItem::ExtendedPublicKey), chain.extended_keys().is_some());
    for item in ExportItem::ALL {
        if let Exportable::Denied { reason } = chain.info().capabilities.get(item) {
            assert!(reason.split(' ').count() > 5, "the reason against {item} is too short to help: {reason}");
        }
    }
    for format in chain.info().key_formats {
        match format.cut {
            Cut::End { hidden_bits, .. } | Cut::Start { hidden_bits, .. } => {
                assert!(hidden_bits >= 24, "a secure copy of {} hides too little", format.id);
            }
            Cut::Never { reason } => assert!(reason.split(' ').count() > 5),
            _ => {}
        }
    }
}
