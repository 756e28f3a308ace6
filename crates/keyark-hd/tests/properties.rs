//! What holds for every seed and path.

use keyark_core::{ChildNumber, DerivationPath, RelativePath, Seed};
use keyark_hd::bip32::{self, ExtendedPrivateKey, ExtendedPublicKey, Version};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_short_way_and_the_long_way_give_one_key(seed in proptest::collection::vec(any::<u8>(), 16..=64),
        raw in proptest::collection::vec(any::<u32>(), 0..6)) {
        let seed = Seed::new(&seed).unwrap();
        let path = DerivationPath::new(raw.into_iter().map(ChildNumber::from_raw).collect()).unwrap();
        let master = ExtendedPrivateKey::from_seed(&seed).unwrap();
        let step_by_step = path.steps().iter().try_fold(master.clone(), |key, step| key.child(*step)).unwrap();
        let at_once = master.derive(&path).unwrap();
        prop_assert_eq!(at_once.to_text(Version::XPUB), step_by_step.to_text(Version::XPUB));
        prop_assert_eq!(bip32::derive(&seed, &path).unwrap(), at_once.private_key());
    }

    #[test]
    fn public_and_private_derivation_meet(seed in any::<[u8; 32]>(), raw in proptest::collection::vec(0u32..1 << 31, 0..4)) {
        let key = ExtendedPrivateKey::from_seed(&Seed::new(&seed).unwrap()).unwrap();
        let path = RelativePath::new(raw.into_iter().map(ChildNumber::from_raw).collect()).unwrap();
        let private = key.derive_relative(&path).unwrap();
        let public = key.public().derive(&path).unwrap();
        prop_assert_eq!(&private.public(), &public);
        prop_assert_eq!(public.public_key(), bip32::public_key(&private.private_key()).unwrap());
    }

    #[test]
    fn a_changed_character_of_an_extended_key_is_found(seed in any::<[u8; 16]>(), at in 0usize..111) {
        let text = ExtendedPrivateKey::from_seed(&Seed::new(&seed).unwrap()).unwrap().public().to_text(Version::XPUB);
        let mut changed = text.into_bytes();
        changed[at] = if changed[at] == b'2' { b'3' } else { b'2' };
        prop_assert!(ExtendedPublicKey::parse(std::str::from_utf8(&changed).unwrap()).is_err());
    }

    #[test]
    fn hostile_text_never_panics(text in "\\PC{0,120}") {
        let _ = ExtendedPublicKey::parse(&text);
        let _ = ExtendedPrivateKey::parse(&text.as_str().into());
    }
}
