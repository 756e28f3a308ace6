//! What a wallet is made from, and its BIP-39 passphrase.

use keyark_core::{Curve, Network, PointForm, PrivateKey, Result, SecretText, hex};
use keyark_phrase::{Language, Phrase};
use zeroize::Zeroizing;

use super::{account::read_network, limits::check_text};
use crate::json::{Fields, Writer};

pub(super) const PHRASE: &str = "phrase";
pub(super) const PRIVATE_KEY: &str = "private-key";

const COMPRESSED: &str = "compressed";
const UNCOMPRESSED: &str = "uncompressed";

/// What a wallet is made from. `Debug` shows the kind, not the secret.
#[derive(Clone, Debug)]
pub enum WalletSecret {
    /// A BIP-39 phrase: every chain, every account.
    Phrase(Phrase),
    /// One private key, of one chain.
    PrivateKey {
        /// The id of the chain: `ethereum`.
        chain: String,
        /// The network.
        network: Network,
        /// The key.
        key: PrivateKey,
    },
}

impl WalletSecret {
    /// The stable name of the kind: `phrase`, `private-key`.
    pub fn kind_id(&self) -> &'static str {
        match self {
            Self::Phrase(_) => PHRASE,
            Self::PrivateKey { .. } => PRIVATE_KEY,
        }
    }

    /// Whether both make the same wallet: the same words, or the same key (and form of public key) of the same chain.
    /// The secrets are compared in constant time.
    pub fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Phrase(one), Self::Phrase(other)) => one == other,
            (Self::PrivateKey { chain, key, .. }, Self::PrivateKey { chain: other_chain, key: other_key, .. }) => {
                chain == other_chain && key == other_key
            }
            _ => false,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Phrase(_) => Ok(()),
            Self::PrivateKey { chain, .. } => check_text("chain", chain),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text("type", self.kind_id());
        match self {
            Self::Phrase(phrase) => {
                writer.text("language", phrase.language().id());
                writer.text("words", phrase.to_text().expose());
                writer.text("entropy", &Zeroizing::new(hex::encode(&phrase.entropy())));
            }
            Self::PrivateKey { chain, network, key } => {
                writer.text("chain", chain);
                writer.text("network", network.id());
                writer.text("curve", key.curve().id());
                writer.text("form", if key.form() == PointForm::Compressed { COMPRESSED } else { UNCOMPRESSED });
                writer.text("key", &Zeroizing::new(hex::encode(key.expose())));
            }
        }
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self> {
        match fields.take::<String>("type")?.as_str() {
            PHRASE => read_phrase(fields).map(Self::Phrase),
            PRIVATE_KEY => Ok(Self::PrivateKey {
                chain: fields.take("chain")?,
                network: read_network(fields)?,
                key: read_key(fields)?,
            }),
            _ => Err(unknown(fields, "type")),
        }
    }
}

/// The words are there for people and the entropy for programs; where they differ, neither can be trusted.
fn read_phrase(fields: &mut Fields<'_>) -> Result<Phrase> {
    let language: Language = fields.take::<String>("language")?.parse().map_err(|_| unknown(fields, "language"))?;
    let words = fields.take_secret("words")?;
    let entropy = read_secret_bytes(fields, "entropy")?;
    let phrase =
        Phrase::from_entropy(&entropy, language).map_err(|_| fields.fault("entropy", "has no phrase's length"))?;
    if phrase.to_text() == words { Ok(phrase) } else { Err(fields.fault("words", "does not fit the entropy")) }
}

fn read_key(fields: &mut Fields<'_>) -> Result<PrivateKey> {
    let curve: String = fields.take("curve")?;
    let curve = [Curve::Secp256k1, Curve::Ed25519].into_iter().find(|known| known.id() == curve);
    let curve = curve.ok_or_else(|| unknown(fields, "curve"))?;
    let form = match fields.take::<String>("form")?.as_str() {
        COMPRESSED => PointForm::Compressed,
        UNCOMPRESSED => PointForm::Uncompressed,
        _ => return Err(unknown(fields, "form")),
    };
    let bytes = read_secret_bytes(fields, "key")?;
    let bytes = <&[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| fields.fault("key", "does not have 32 bytes"))?;
    Ok(PrivateKey::new(curve, bytes).with_form(form))
}

fn read_secret_bytes(fields: &mut Fields<'_>, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
    let text = fields.take_secret(name)?;
    let fault = |fields: &Fields<'_>| fields.fault(name, "is not hexadecimal");
    if !text.expose().bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fault(fields)); // before a part of it is decoded and left behind
    }
    hex::decode(text.expose()).map(Zeroizing::new).map_err(|_| fault(fields))
}

fn unknown(fields: &Fields<'_>, name: &str) -> keyark_core::Error {
    fields.fault(name, "is not one that this keyark knows")
}

/// The BIP-39 passphrase of a wallet. `Debug` shows whether there is one, not the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Passphrase {
    /// There is none.
    #[default]
    None,
    /// It is kept in the record.
    Kept(SecretText),
    /// There is one, and it is not kept: it is asked for when it is needed. The record's fingerprint is the check value,
    /// which the words and the right passphrase give.
    Noted,
}

impl Passphrase {
    pub(super) fn write(&self, writer: &mut Writer) {
        match self {
            Self::None => writer.text("type", "none"),
            Self::Noted => writer.text("type", "noted"),
            Self::Kept(text) => {
                writer.text("type", "kept");
                writer.text("text", text.expose());
            }
        }
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self> {
        match fields.take::<String>("type")?.as_str() {
            "kept" => fields.take_secret("text").map(Self::Kept),
            // A text that is there all the same would be lost or written twice later.
            "none" | "noted" if fields.take_if_there::<String>("text")?.map(SecretText::new).is_some() => {
                Err(fields.fault("text", "is there although no passphrase is kept"))
            }
            "none" => Ok(Self::None),
            "noted" => Ok(Self::Noted),
            _ => Err(unknown(fields, "type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(entropy: u8, language: Language) -> WalletSecret {
        WalletSecret::Phrase(Phrase::from_entropy(&[entropy; 16], language).unwrap())
    }

    fn key(byte: u8, chain: &str, network: Network) -> WalletSecret {
        WalletSecret::PrivateKey {
            chain: chain.to_owned(),
            network,
            key: PrivateKey::new(Curve::Secp256k1, &[byte; 32]),
        }
    }

    #[test]
    fn the_same_secret_is_the_same_wallet() {
        let one = phrase(1, Language::English);
        assert!(one.same_as(&one.clone()));
        assert!(!one.same_as(&phrase(2, Language::English)));
        assert!(!one.same_as(&phrase(1, Language::French)));

        let single = key(1, "ethereum", Network::Mainnet);
        assert!(single.same_as(&key(1, "ethereum", Network::Testnet)));
        assert!(!single.same_as(&key(2, "ethereum", Network::Mainnet)));
        assert!(!single.same_as(&key(1, "bitcoin", Network::Mainnet)));
        let WalletSecret::PrivateKey { chain, network, key } = single.clone() else { panic!("it is a key") };
        let key = key.with_form(PointForm::Uncompressed); // another address
        assert!(!single.same_as(&WalletSecret::PrivateKey { chain, network, key }));

        assert!(!one.same_as(&single) && !single.same_as(&one));
        assert_eq!((one.kind_id(), single.kind_id()), ("phrase", "private-key"));
    }

    #[test]
    fn the_same_words_in_both_chinese_lists_are_one_wallet() {
        // The lists share characters at the same places; a phrase of these has one seed.
        let same = |byte| {
            let in_list = |language| Phrase::from_entropy(&[byte; 16], language).unwrap();
            in_list(Language::ChineseSimplified).words().eq(in_list(Language::ChineseTraditional).words())
        };
        let byte = (0..=255).find(|byte| same(*byte)).unwrap();
        assert!(phrase(byte, Language::ChineseSimplified).same_as(&phrase(byte, Language::ChineseTraditional)));
    }

    #[test]
    fn debug_shows_kinds_only() {
        let shown = format!(
            "{:?} {:?} {:?}",
            phrase(0, Language::English),
            key(0x5a, "ethereum", Network::Mainnet),
            Passphrase::Kept("canary".into())
        );
        for secret in ["abandon", "about", "canary", "5a5a", "90, 90"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("12 words") && shown.contains("ethereum"), "{shown}");
    }
}
