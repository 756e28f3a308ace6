//! Accounts for watch-only wallets: extended public keys and output descriptors, and addresses from them.

use std::ops::Range;

use keyark_core::{
    AccountExport, AddressKind, ChainCode, ChildNumber, DerivationPath, Error, ErrorKind, ExportPermit,
    ExtendedKeySupport, ExtendedPublicKeyExport, Fingerprint, KeyAddress, KeyExtension, KeyLocation, Network, Result,
    Seed, Warning, WatchAccount,
};
use keyark_hd::batch::{CodePath, bip32};
use keyark_hd::bip32::{ExtendedPrivateKey, ExtendedPublicKey, ScriptHint, Version};
use miniscript::descriptor::checksum::Engine;

use crate::chain::INFO;
use crate::{Bitcoin, address, batch};

impl ExtendedKeySupport for Bitcoin {
    fn extension(&self, seed: &Seed, path: &DerivationPath) -> Result<KeyExtension> {
        let master = ExtendedPrivateKey::from_seed(seed)?;
        let key = master.derive(path)?;
        let chain_code = ChainCode::new(key.chain_code().expose());
        Ok(KeyExtension { chain_code, parent: key.parent_fingerprint(), master: master.fingerprint() })
    }

    fn export_public(
        &self,
        permit: &ExportPermit<'_, ExtendedPublicKeyExport>,
        kind: &AddressKind,
    ) -> Result<AccountExport> {
        let extension = permit.extension(&INFO)?;
        let key = permit.key();
        let Some(KeyLocation::Path(path)) = key.location() else { return Err(not_an_account(kind)) };
        let coin = [INFO.coin_on(key.network())];
        let (Some(last), true) =
            (path.steps().last(), kind.template().is_some_and(|template| template.is_account(&coin, path)))
        else {
            return Err(not_an_account(kind));
        };
        let depth = u8::try_from(path.steps().len()).map_err(|_| not_an_account(kind))?;
        let chain_code = ChainCode::new(extension.chain_code.expose());
        let account = ExtendedPublicKey::new(key.public_key(), chain_code, depth, extension.parent, *last)?;
        let test = key.network() != Network::Mainnet;
        let xpub = account.to_text(if test { Version::TPUB } else { Version::XPUB });
        let origin = format!("[{}{}]{xpub}", extension.master, format!("{path:#}").trim_start_matches('m'));
        Ok(AccountExport {
            slip132: slip132(kind, test).map(|version| account.to_text(version)),
            receive_descriptor: descriptor(kind, &format!("{origin}/0/*"))?,
            change_descriptor: descriptor(kind, &format!("{origin}/1/*"))?,
            descriptor: descriptor(kind, &format!("{origin}/<0;1>/*"))?,
            xpub,
            warnings: vec![Warning::new(
                "extended-public-key",
                "whoever has this sees every address and payment of the account; and together with the private key of \
                 any one address it gives every private key of the account, so never let both out",
            )],
        })
    }

    fn read_public(&self, text: &str) -> Result<Box<dyn WatchAccount>> {
        let (key, version) = ExtendedPublicKey::parse(text)?;
        let kind = match version.hint {
            ScriptHint::Any => None,
            ScriptHint::P2shP2wpkh => Some(INFO.kind("p2sh-p2wpkh")?),
            ScriptHint::P2wpkh => Some(INFO.kind("p2wpkh")?),
            _ => {
                return Err(Error::malformed(
                    "this extended public key is one of several signers' (a multisig wallet)",
                    "its addresses need the keys of all signers; open it in the wallet that made it",
                ));
            }
        };
        Ok(Box::new(Watch { key, kind, test: version.test }))
    }
}

fn not_an_account(kind: &AddressKind) -> Error {
    Error::new(
        ErrorKind::Usage,
        format!("this key is not an account of the kind {}", kind.id),
        "name the kind that the account was made for",
    )
}

fn slip132(kind: &AddressKind, test: bool) -> Option<Version> {
    match (kind.id, test) {
        ("p2sh-p2wpkh", false) => Some(Version::YPUB),
        ("p2sh-p2wpkh", true) => Some(Version::UPUB),
        ("p2wpkh", false) => Some(Version::ZPUB),
        ("p2wpkh", true) => Some(Version::VPUB),
        _ => None, // SLIP-132 has none for P2PKH but BIP-32's own, and none for P2TR
    }
}

/// The output descriptor of `kind` over `key`, with its checksum (BIP-380 to BIP-386).
fn descriptor(kind: &AddressKind, key: &str) -> Result<String> {
    let text = match kind.id {
        "p2pkh" => format!("pkh({key})"),
        "p2sh-p2wpkh" => format!("sh(wpkh({key}))"),
        "p2wpkh" => format!("wpkh({key})"),
        "p2tr" => format!("tr({key})"),
        _ => return Err(not_an_account(kind)),
    };
    // The checksum over our own text, and not `Descriptor`'s, which marks hardened steps with ': a descriptor is pasted
    // into shells, and Bitcoin Core writes h too.
    let mut checksum = Engine::new();
    checksum.input(&text).map_err(|error| {
        Error::new(ErrorKind::Internal, format!("the descriptor has no checksum: {error}"), "report this")
    })?;
    Ok(format!("{text}#{}", checksum.checksum()))
}

/// An account of which only the extended public key is known.
struct Watch {
    key: ExtendedPublicKey,
    kind: Option<&'static AddressKind>,
    test: bool,
}

impl WatchAccount for Watch {
    fn kind(&self) -> Option<&'static AddressKind> {
        self.kind
    }

    fn networks(&self) -> &'static [Network] {
        if self.test { &[Network::Testnet, Network::Signet, Network::Regtest] } else { &[Network::Mainnet] }
    }

    fn fingerprint(&self) -> Fingerprint {
        self.key.fingerprint()
    }

    fn depth(&self) -> u8 {
        self.key.depth()
    }

    fn addresses(
        &self,
        kind: &AddressKind,
        network: Network,
        change: u32,
        range: Range<u32>,
    ) -> Result<Vec<Result<KeyAddress>>> {
        let branch = self.key.child(ChildNumber::normal(change)?)?;
        let points = bip32::public_children(CodePath::best(), &branch, range.clone())?;
        let found = batch::addresses(&points, kind, network).into_iter().chain(std::iter::repeat(None));
        // The single operations say why there is none.
        let single = |index| {
            let key = branch.child(ChildNumber::normal(index)?)?.public_key();
            Ok(KeyAddress { address: address::of(&key, kind, network)?, key })
        };
        Ok(range.zip(found).map(|(index, found)| found.map_or_else(|| single(index), Ok)).collect())
    }
}
