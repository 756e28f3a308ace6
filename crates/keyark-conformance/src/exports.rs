//! What leaves comes back as the same key; what is denied is refused with its reason.

use keyark_core::{Address, AddressKind, KeySource, ParsedAddress, PathTemplate};
use keyark_core::{
    Capabilities, Chain, ChainInfo, ChainKey, Curve, Cut, ErrorKind, ExportItem, ExportPermit, ExportPolicy,
    Exportable, ImportedKey, KeyFormat, KeyLocation, KeyScope, KeystoreCost, KeystoreSecret, Network, PrivateKey,
    PrivateKeyExport, PublicKey, Result, SecretText, Seed, complete,
};

use crate::{Vector, new_keys, new_seed};

fn denial(chain: &dyn Chain, item: ExportItem) -> Option<&'static str> {
    match chain.info().capabilities.get(item) {
        Exportable::Denied { reason } => Some(reason),
        _ => None,
    }
}

/// Every form of a private key is read again, and is the same key with the same address.
pub fn come_back_as_the_same_key(chain: &'static dyn Chain, _: &[Vector]) {
    let policy = ExportPolicy::advertised();
    if denial(chain, ExportItem::PrivateKey).is_some() {
        return;
    }
    for (kind, key) in new_keys(chain) {
        for format in chain.info().key_formats {
            let exported = key.export_private_key(&policy, Some(format.id)).unwrap();
            let (imported, found, _) = ChainKey::import(chain, &exported.text, Some(key.network())).unwrap();
            assert_eq!(found.id, format.id);
            assert_eq!(imported.public_key(), key.public_key());
            assert_eq!(imported.address(kind).unwrap(), key.address(kind).unwrap());
            let again = imported.export_private_key(&policy, Some(format.id)).unwrap();
            assert_eq!(again.text, exported.text);
        }
    }
}

/// Whatever the scope of a key, what its chain denies is refused with the chain's own words, and the master key never
/// leaves.
pub fn are_refused_with_their_reason(chain: &'static dyn Chain, _: &[Vector]) {
    let policy = ExportPolicy::advertised();
    let master = KeyLocation::Path("m".parse().unwrap());
    let master = ChainKey::derive(chain, &new_seed(), master, chain.info().networks[0]).unwrap();
    assert_eq!(master.scope(), KeyScope::Master);
    for key in new_keys(chain).into_iter().map(|(_, key)| key).chain([master]) {
        for item in ExportItem::ALL {
            let error = policy.allows(&key, item).err();
            match denial(chain, item) {
                Some(reason) => {
                    let error = error.unwrap();
                    assert_eq!((error.kind(), error.remedy()), (ErrorKind::Refused, reason));
                }
                None if key.scope() == KeyScope::Master => assert_eq!(error.unwrap().kind(), ErrorKind::Refused),
                None if !item.is_extended() => assert!(error.is_none(), "{item} of {:?}", key.location()),
                None => {}
            }
        }
    }
}

/// A wallet can allow less than the chain, and says why.
pub fn obey_a_narrower_policy(chain: &'static dyn Chain, _: &[Vector]) {
    let reason = "keys stay on this device";
    for policy in [
        ExportPolicy::advertised().deny(ExportItem::PrivateKey, reason),
        ExportPolicy::advertised().deny_on(chain.info(), ExportItem::PrivateKey, reason),
    ] {
        for (_, key) in new_keys(chain) {
            let error = key.export_private_key(&policy, None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused);
            let expected = denial(chain, ExportItem::PrivateKey).unwrap_or(reason);
            assert!(format!("{error} {}", error.remedy()).contains(expected));
        }
    }
    let other = ExportPolicy::advertised().deny_on(&STRANGER_INFO, ExportItem::PrivateKey, reason);
    let (_, key) = new_keys(chain).remove(0);
    assert_eq!(other.permit(&key).is_ok(), denial(chain, ExportItem::PrivateKey).is_none());
}

/// The chain gives nothing for a permit that was made for a key of another chain.
pub fn refuse_a_permit_of_another_chain(chain: &'static dyn Chain, _: &[Vector]) {
    let policy = ExportPolicy::advertised();
    let stranger =
        ChainKey::from_private_key(&STRANGER, PrivateKey::new(Curve::Secp256k1, &[1; 32]), Network::Mainnet).unwrap();
    let permit = policy.permit(&stranger).unwrap();
    let error = chain.export_key(&permit, &chain.info().key_formats[0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

/// The shown part of a secure copy is no key, and both parts give the key of the address.
pub fn survive_a_secure_copy(chain: &'static dyn Chain, _: &[Vector]) {
    let policy = ExportPolicy::advertised();
    for (kind, key) in new_keys(chain) {
        for format in chain.info().key_formats {
            let exported = key.export_private_key(&policy, Some(format.id)).unwrap();
            let parts = match format.cut.split(&exported.text) {
                Ok(parts) => parts,
                Err(error) => {
                    assert!(matches!(format.cut, Cut::Never { .. }) && error.kind() == ErrorKind::Refused);
                    continue;
                }
            };
            assert!(chain.import_key(&parts.shown).is_err(), "the shown part is a key by itself");
            let address = key.address(kind).unwrap();
            let network = Some(key.network());
            let whole = complete(chain, &parts.shown, &parts.withheld, Some(address.as_str()), network).unwrap();
            assert_eq!(whole.key.public_key(), key.public_key());
            let (_, other) = new_keys(chain).remove(0);
            let other = other.address(chain.info().default_kind().unwrap()).unwrap();
            let error = complete(chain, &parts.shown, &parts.withheld, Some(other.as_str()), network).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Mismatch);
        }
    }
}

/// A keystore opens with its password to the same key, and with no other password.
pub fn open_their_own_keystores(chain: &'static dyn Chain, _: &[Vector]) {
    let Some(support) = chain.keystore() else { return };
    let (kind, key) = new_keys(chain).remove(0);
    let password = SecretText::from("correct horse");
    let sealed = key.export_keystore(&ExportPolicy::advertised(), &password, KeystoreCost::ScryptLight).unwrap();
    let opened = support.open(&sealed.text, &password).unwrap();
    let KeystoreSecret::Key(private_key) = opened.secret else { panic!("a keystore of ours holds a key") };
    let again = ChainKey::from_private_key(chain, private_key, key.network()).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert_eq!(opened.address, Some(key.address(kind).unwrap()));
    let error = support.open(&sealed.text, &"correct horsf".into()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongPassword);
}

/// The extended public key of an account gives the addresses that the words give.
pub fn give_accounts_that_can_be_watched(chain: &'static dyn Chain, _: &[Vector]) {
    let Some(support) = chain.extended_keys() else { return };
    let info = chain.info();
    for kind in info.kinds {
        for &network in info.networks {
            let seed = new_seed();
            let account = ChainKey::account(chain, &seed, kind, 2, network).unwrap();
            assert_eq!(account.scope(), KeyScope::Account);
            let export = account.export_account(&ExportPolicy::advertised(), kind).unwrap();
            assert!(!export.warnings.is_empty(), "an extended public key leaves with a warning");
            for text in [Some(&export.xpub), export.slip132.as_ref()].into_iter().flatten() {
                let watched = support.read_public(text).unwrap();
                assert!(watched.networks().contains(&network));
                let found = watched.addresses(kind, network, 1, 5..40).unwrap();
                assert_eq!(found.len(), 35);
                for (index, found) in (5..).zip(found) {
                    let found = found.unwrap();
                    let position = keyark_core::Position { account: 2, change: 1, index };
                    let key = ChainKey::at(chain, &seed, kind, position, network).unwrap();
                    assert_eq!((*key.public_key(), key.address(kind).unwrap()), (found.key, found.address));
                }
            }
        }
    }
}

/// A chain that is not registered, for permits that the chain under test must refuse.
struct Stranger;

static STRANGER: Stranger = Stranger;

static STRANGER_INFO: ChainInfo = ChainInfo {
    id: "stranger",
    name: "Stranger",
    coin_type: 1,
    curve: Curve::Secp256k1,
    networks: &[Network::Mainnet],
    kinds: &[AddressKind {
        id: "only",
        source: KeySource::Path(PathTemplate::new(&[])),
        default: true,
        used_by: &["nobody"],
    }],
    key_formats: &[],
    capabilities: Capabilities {
        private_key: Exportable::Account,
        keystore: Exportable::Account,
        extended_private_key: Exportable::Account,
        extended_public_key: Exportable::Account,
    },
};

fn not_asked<T>() -> Result<T> {
    Err(keyark_core::Error::new(ErrorKind::Internal, "the stranger is never asked", "report this"))
}

impl Chain for Stranger {
    fn info(&self) -> &'static ChainInfo {
        &STRANGER_INFO
    }

    fn derive(&self, _: &Seed, _: &KeyLocation) -> Result<PrivateKey> {
        not_asked()
    }

    fn public_key(&self, _: &PrivateKey) -> Result<PublicKey> {
        PublicKey::new(Curve::Secp256k1, &[2; 33])
    }

    fn address(&self, _: &PublicKey, _: &AddressKind, _: Network) -> Result<Address> {
        not_asked()
    }

    fn parse_address(&self, _: &str) -> Result<ParsedAddress> {
        not_asked()
    }

    fn export_key(&self, _: &ExportPermit<'_, PrivateKeyExport>, _: &KeyFormat) -> Result<SecretText> {
        not_asked()
    }

    fn import_key(&self, _: &SecretText) -> Result<ImportedKey> {
        not_asked()
    }
}
