//! Solana's keys, addresses and text forms, beside `solana-keypair`, and the bridge to Solana's own types.

use keyark::phrase::{Language, Phrase};
use keyark::solana::bridge;
use keyark::{ChainKey, ExportPolicy, KeyLocation, Network, Position, SOLANA, SecretText, Seed};
use proptest::prelude::*;
use solana_derivation_path::DerivationPath;
use solana_keypair::{
    Keypair, keypair_from_seed, keypair_from_seed_phrase_and_passphrase, read_keypair, write_keypair,
};
use solana_seed_derivable::SeedDerivable;
use solana_signer::Signer;

use crate::{address_of, cases, index, key_of, text_of};

fn their_key(seed: &[u8], path: DerivationPath) -> Keypair {
    Keypair::from_seed_and_derivation_path(seed, Some(path)).unwrap()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn keys_are_those_of_solana_keypair(seed in prop::collection::vec(any::<u8>(), 64), account in index()) {
        let position = Position { account, ..Position::default() };
        let none = Position::default();
        for (kind, position, theirs) in [
            ("bip44-change", position, their_key(&seed, DerivationPath::new_bip44(Some(account), Some(0)))),
            ("bip44", position, their_key(&seed, DerivationPath::new_bip44(Some(account), None))),
            ("root", none, their_key(&seed, DerivationPath::new_bip44(None, None))),
            ("seed", none, keypair_from_seed(&seed).unwrap()),
        ] {
            let ours = key_of(&SOLANA, &seed, kind, position, Network::Mainnet);
            prop_assert_eq!(address_of(&ours, kind), theirs.pubkey().to_string());
            prop_assert_eq!(text_of(&ours, "base58-keypair"), theirs.to_base58_string());
        }
    }

    #[test]
    fn other_hardened_paths_are_those_of_solana_keypair(seed: [u8; 64], steps in prop::collection::vec(index(), 0..=4)) {
        let below: String = steps.iter().map(|step| format!("/{step}'")).collect();
        let path = format!("m/44'/501'{below}");
        let theirs = their_key(&seed, DerivationPath::from_absolute_path_str(&path).unwrap());
        let location = KeyLocation::Path(path.parse().unwrap());
        let ours = ChainKey::derive(&SOLANA, &Seed::new(&seed).unwrap(), location, Network::Mainnet).unwrap();
        prop_assert_eq!(address_of(&ours, "bip44"), theirs.pubkey().to_string());
    }

    #[test]
    fn words_give_the_key_of_solana_keygen(entropy: [u8; 32], passphrase in "[ -~]{0,12}") {
        let phrase = Phrase::from_entropy(&entropy, Language::English).unwrap();
        let theirs = keypair_from_seed_phrase_and_passphrase(phrase.to_text().expose(), &passphrase).unwrap();
        let seed = phrase.to_seed(&SecretText::from(passphrase)).unwrap();
        let ours = key_of(&SOLANA, seed.expose(), "seed", Position::default(), Network::Mainnet);
        prop_assert_eq!(address_of(&ours, "seed"), theirs.pubkey().to_string());
    }

    #[test]
    fn text_forms_are_read_both_ways(secret: [u8; 32]) {
        let theirs = Keypair::new_from_array(secret);
        let mut id_json = Vec::new();
        write_keypair(&theirs, &mut id_json).unwrap();
        let id_json = String::from_utf8(id_json).unwrap();
        for (text, format) in [(id_json, "id-json"), (theirs.to_base58_string(), "base58-keypair")] {
            let (ours, found, _) = ChainKey::import(&SOLANA, &SecretText::from(text.as_str()), None).unwrap();
            prop_assert_eq!(found.id, format);
            prop_assert_eq!(&text_of(&ours, format), &text);
            let again = match format {
                "id-json" => read_keypair(&mut text_of(&ours, format).as_bytes()).unwrap(),
                _ => Keypair::try_from_base58_string(&text_of(&ours, format)).unwrap(),
            };
            prop_assert_eq!(again.secret_bytes(), &secret);
        }
    }

    #[test]
    fn a_key_becomes_a_keypair_and_comes_back(seed: [u8; 64], account in index()) {
        let position = Position { account, ..Position::default() };
        let key = key_of(&SOLANA, &seed, "bip44-change", position, Network::Mainnet);
        let keypair = bridge::to_keypair(&ExportPolicy::advertised().permit(&key).unwrap()).unwrap();
        prop_assert_eq!(keypair.pubkey().to_string(), address_of(&key, "bip44-change"));
        let again = bridge::from_keypair(&keypair).unwrap();
        prop_assert_eq!(again.public_key(), key.public_key());
        prop_assert_eq!(bridge::to_pubkey(key.public_key()).unwrap(), keypair.pubkey());
        prop_assert_eq!(&bridge::from_pubkey(&keypair.pubkey()).unwrap(), key.public_key());
    }
}
