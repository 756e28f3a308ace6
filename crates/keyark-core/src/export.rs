//! Taking things out, under the policy: the calls that wallets make.

use crate::{
    AccountExport, Address, AddressKind, Chain, ChainKey, Error, ErrorKind, ExportItem, ExportPolicy, Exportable,
    KeyFormat, KeyLocation, KeystoreCost, Network, Result, SealedKeystore, SecretText, Warning,
};

/// A private key as text, with what the person must be told before it leaves.
#[derive(Debug)]
pub struct ExportedKey {
    /// The key.
    pub text: SecretText,
    /// The form that it is in.
    pub format: &'static KeyFormat,
    /// What the person must be told.
    pub warnings: Vec<Warning>,
}

impl ChainKey {
    /// The private key in the text form called `format`, or in the chain's first one.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] by the policy; [`ErrorKind::NotFound`] for an unknown form.
    pub fn export_private_key(&self, policy: &ExportPolicy, format: Option<&str>) -> Result<ExportedKey> {
        let permit = policy.permit(self)?;
        let info = self.chain().info();
        let format = match (format, info.key_formats.first()) {
            (Some(id), _) => info.key_format(id)?,
            (None, Some(first)) => first,
            (None, None) => {
                return Err(Error::new(
                    ErrorKind::Internal,
                    format!("the chain {} has no text form of a private key", info.id),
                    "report this to the authors of the chain",
                ));
            }
        };
        let text = self.chain().export_key(&permit, format)?;
        Ok(ExportedKey { text, format, warnings: self.child_key_warning().into_iter().collect() })
    }

    /// The private key in a keystore file under `password`.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] by the policy, with the chain's reason where it has no keystores.
    pub fn export_keystore(
        &self,
        policy: &ExportPolicy,
        password: &SecretText,
        cost: KeystoreCost,
    ) -> Result<SealedKeystore> {
        let permit = policy.permit_for(self)?;
        let support = self.chain().keystore().ok_or_else(|| advertised_but_absent(self.chain()))?;
        support.seal(&permit, password, cost)
    }

    /// The extended public key and the output descriptors of an account made by [`ChainKey::account`].
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] by the policy, with the chain's reason where it has no extended public keys.
    pub fn export_account(&self, policy: &ExportPolicy, kind: &AddressKind) -> Result<AccountExport> {
        let permit = policy.permit_for(self)?;
        let support = self.chain().extended_keys().ok_or_else(|| advertised_but_absent(self.chain()))?;
        support.export_public(&permit, kind)
    }

    /// A child key and the extended public key above it give the private key above it (BIP-32, "Security"), so where
    /// extended public keys are shared, the export of a child key says so.
    fn child_key_warning(&self) -> Option<Warning> {
        let Some(KeyLocation::Path(path)) = self.location() else { return None };
        let shared = self.chain().info().capabilities.get(ExportItem::ExtendedPublicKey);
        let normal = path.steps().last().is_some_and(|step| !step.is_hardened());
        (normal && !matches!(shared, Exportable::Denied { .. })).then(|| {
            Warning::new(
                "child-private-key",
                "together with the account's extended public key, this one private key gives every private key of the \
                 account: never give both to anyone or to the same program",
            )
        })
    }
}

fn advertised_but_absent(chain: &dyn Chain) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("the chain {} advertises an export that it does not have", chain.info().id),
        "report this to the authors of the chain",
    )
}

/// A key that a secure copy had cut in two, joined again.
#[derive(Debug)]
pub struct CompletedKey {
    /// The key.
    pub key: ChainKey,
    /// The form that it is in.
    pub format: &'static KeyFormat,
    /// Its address, where one was given to compare with.
    pub address: Option<(&'static AddressKind, Address)>,
    /// What is unusual, and what could not be checked.
    pub warnings: Vec<Warning>,
}

/// Joins the parts of a secure copy and checks the key, against `address` if there is one.
///
/// # Errors
/// [`ErrorKind::Malformed`] when the parts give no key, [`ErrorKind::Mismatch`] when they give the key of another address.
pub fn complete(
    chain: &'static dyn Chain,
    shown: &SecretText,
    withheld: &SecretText,
    address: Option<&str>,
    network: Option<Network>,
) -> Result<CompletedKey> {
    let trimmed = |text: &SecretText| SecretText::from(text.expose().trim());
    let (shown, withheld) = (trimmed(shown), trimmed(withheld));
    let expected = address.map(|text| chain.parse_address(text)).transpose()?;
    if withheld.is_empty() {
        return check(chain, &shown, expected.as_ref().map(|expected| &expected.address), network); // nothing was left off
    }
    let orders = [(&shown, &withheld, false), (&withheld, &shown, true)];
    let formats = chain.info().key_formats.iter();
    let tries = orders.iter().flat_map(|order| formats.clone().map(move |format| (format.cut, *order)));
    let mut errors = Vec::new();
    for (cut, (copied, by_hand, swapped)) in tries {
        // Other wallets leave off other numbers of characters, but never most of them. The wrong way round, the length must
        // tell: joined so, many texts are the key of somebody else.
        let length = by_hand.expose().chars().count();
        let fits = cut.characters() == Some(length) || (!swapped && length < copied.expose().chars().count());
        let Some(text) = cut.join(copied, by_hand).filter(|_| fits) else { continue };
        match check(chain, &text, expected.as_ref().map(|expected| &expected.address), network) {
            Ok(mut whole) => {
                if swapped {
                    let message = "the two parts were given the wrong way round, and fit the other way";
                    whole.warnings.push(Warning::new("parts-swapped", message));
                }
                return Ok(whole);
            }
            Err(error) => errors.push(error),
        }
    }
    // A key of another address says more than a text that is no key.
    let worst = errors.iter().position(|error| error.kind() == ErrorKind::Mismatch).unwrap_or(0);
    Err(if errors.is_empty() {
        let lengths: Vec<_> = chain.info().key_formats.iter().filter_map(|format| format.cut.characters()).collect();
        let lengths = lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        Error::malformed(
            format!(
                "the part written by hand has {} characters, and {lengths} are missing",
                withheld.expose().chars().count()
            ),
            "compare it with the paper, character by character",
        )
    } else {
        errors.swap_remove(worst)
    })
}

/// Reads joined text and compares its key with the address.
fn check(
    chain: &'static dyn Chain,
    text: &SecretText,
    expected: Option<&Address>,
    network: Option<Network>,
) -> Result<CompletedKey> {
    let (key, format, mut warnings) = ChainKey::import(chain, text, network)?;
    let address = expected.map(|expected| address_of(&key, expected)).transpose()?;
    if address.is_none() {
        warnings.push(Warning::new(
            "address-not-checked",
            "no address was given to compare with; compare the key's address with yours",
        ));
    }
    Ok(CompletedKey { key, format, address, warnings })
}

/// The kind under which `key` has `address`.
fn address_of(key: &ChainKey, address: &Address) -> Result<(&'static AddressKind, Address)> {
    let kinds = key.chain().info().kinds.iter();
    let networks = key.chain().info().networks.iter();
    for (kind, network) in kinds.flat_map(|kind| networks.clone().map(move |network| (kind, *network))) {
        match key.chain().address(key.public_key(), kind, network) {
            Ok(derived) if derived == *address => return Ok((kind, derived)),
            _ => {}
        }
    }
    Err(Error::new(
        ErrorKind::Mismatch,
        "the two parts give a private key, but not the key of that address",
        "compare both parts and the address with what was written down",
    ))
}
