//! The export policy, enforced here and nowhere else.
//!
//! A chain says what may leave ([`Capabilities`](crate::Capabilities)); a wallet may say less
//! ([`ExportPolicy`]). Only [`ExportPolicy::permit`] makes an [`ExportPermit`], after it has checked both
//! against the scope of the key; and a chain's export methods cannot be called without one.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::{
    ChainInfo, ChainKey, Error, ErrorKind, Export, ExportItem, Exportable, KeyExtension, KeyLocation, KeyScope,
    PrivateKey, PrivateKeyExport, Result, SecretExport,
};

/// What may leave this wallet: what each chain advertises, or less. It can be narrowed, never widened.
///
/// ```
/// use keyark_core::{ExportItem, ExportPolicy};
///
/// // No private key leaves this device, whatever the chain says.
/// let policy = ExportPolicy::advertised()
///     .deny(ExportItem::PrivateKey, "your organisation keeps private keys on this device")
///     .deny(ExportItem::Keystore, "your organisation keeps private keys on this device");
/// ```
#[derive(Clone, Debug, Default)]
pub struct ExportPolicy {
    denials: Vec<Denial>,
    guards: Vec<Guard>,
}

/// Is asked before each export that the policy allows otherwise: whether the person who asks is the one who may.
pub trait ExportGuard: Send + Sync {
    /// Returns when `key` may leave as `item`, this once.
    ///
    /// # Errors
    /// What the person is told when it may not: [`ErrorKind::WrongPassword`], [`ErrorKind::Refused`].
    fn allow(&self, key: &ChainKey, item: ExportItem) -> Result<()>;
}

#[derive(Clone)]
struct Guard(Arc<dyn ExportGuard>);

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

#[derive(Clone, Debug)]
struct Denial {
    item: ExportItem,
    chain: Option<&'static str>,
    reason: String,
}

impl ExportPolicy {
    /// What each chain advertises.
    pub fn advertised() -> Self {
        Self::default()
    }

    /// The same policy without `item`, on every chain, for this reason.
    #[must_use]
    pub fn deny(mut self, item: ExportItem, reason: impl Into<String>) -> Self {
        self.denials.push(Denial { item, chain: None, reason: reason.into() });
        self
    }

    /// The same policy without `item` on `chain`, for this reason.
    #[must_use]
    pub fn deny_on(mut self, chain: &ChainInfo, item: ExportItem, reason: impl Into<String>) -> Self {
        self.denials.push(Denial { item, chain: Some(chain.id), reason: reason.into() });
        self
    }

    /// The same policy, in which `guard` is asked before each single export.
    #[must_use]
    pub fn ask_before_each(mut self, guard: Arc<dyn ExportGuard>) -> Self {
        self.guards.push(Guard(guard));
        self
    }

    /// A permit to take `key` out as a private key. Keystores and extended keys have calls of their own
    /// ([`ChainKey::export_keystore`], [`ChainKey::export_account`]), so that their permits reach chains only.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] with the reason, the chain's or the wallet's.
    pub fn permit<'k>(&self, key: &'k ChainKey) -> Result<ExportPermit<'k, PrivateKeyExport>> {
        self.permit_for(key)
    }

    pub(crate) fn permit_for<'k, E: Export>(&self, key: &'k ChainKey) -> Result<ExportPermit<'k, E>> {
        self.allows(key, E::ITEM)?;
        self.guards.iter().try_for_each(|guard| guard.0.allow(key, E::ITEM))?;
        Ok(ExportPermit { key, item: PhantomData })
    }

    /// Whether `key` may leave as `item`, if the guards agree, who are not asked here.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] with the reason, the chain's or the wallet's.
    pub fn allows(&self, key: &ChainKey, item: ExportItem) -> Result<()> {
        let info = key.chain().info();
        check_chain(info, item, key.scope()).map_err(|error| at(error, key))?;
        self.check_wallet(info, item)
    }

    /// Whether `item` could leave `chain` for some key: to say "no" before a password is asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] with the reason, the chain's or the wallet's.
    pub fn check(&self, chain: &ChainInfo, item: ExportItem) -> Result<()> {
        if let Exportable::Denied { reason } = chain.capabilities.get(item) {
            return Err(denied(chain, item, reason));
        }
        self.check_wallet(chain, item)
    }

    fn check_wallet(&self, chain: &ChainInfo, item: ExportItem) -> Result<()> {
        let applies = |denial: &&Denial| denial.item == item && denial.chain.is_none_or(|id| id == chain.id);
        match self.denials.iter().find(applies) {
            None => Ok(()),
            Some(denial) => Err(Error::new(
                ErrorKind::Refused,
                format!("this wallet lets no {item} of {} leave: {}", chain.name, denial.reason),
                "ask whoever set this wallet's policy",
            )),
        }
    }
}

fn check_chain(chain: &ChainInfo, item: ExportItem, scope: KeyScope) -> Result<()> {
    let allowed = match chain.capabilities.get(item) {
        Exportable::Denied { reason } => return Err(denied(chain, item, reason)),
        // An extended key is exported at the account's own node: higher would be everything, lower is not a thing
        // that other programs read. A single key must be the chain's own: at another path it may be another chain's
        // account key, which that chain would not give away.
        Exportable::Account if item.is_extended() => scope == KeyScope::Account,
        Exportable::Account => matches!(scope, KeyScope::Account | KeyScope::WithinAccount | KeyScope::ChildAddress),
        Exportable::ChildAddress => scope == KeyScope::ChildAddress,
    };
    if allowed {
        return Ok(());
    }
    let wanted = match chain.capabilities.get(item) {
        Exportable::ChildAddress => "only the keys of child addresses leave",
        _ if item.is_extended() => "only the keys of accounts leave",
        _ => "only the keys of accounts and addresses leave",
    };
    Err(Error::new(
        ErrorKind::Refused,
        format!("on {} {wanted}, and this is {scope}", chain.name),
        match chain.kinds.iter().find_map(|kind| kind.default.then(|| kind.template())?) {
            Some(template) if item.is_extended() => {
                format!(
                    "name the account and the address kind; the account's node is the start of {}",
                    template.for_coin(chain.coin_type)
                )
            }
            Some(template) => format!("choose one address, as in {}", template.for_coin(chain.coin_type)),
            None => "choose one address".to_owned(),
        },
    ))
}

fn denied(chain: &ChainInfo, item: ExportItem, reason: &'static str) -> Error {
    Error::new(ErrorKind::Refused, format!("no {item} leaves {}", chain.name), reason)
}

fn at(error: Error, key: &ChainKey) -> Error {
    match key.location() {
        Some(KeyLocation::Path(path)) => error.with_context("path", path),
        _ => error,
    }
}

/// The proof that one key may leave as `E`. Only [`ExportPolicy::permit`] makes it.
#[derive(Debug)]
pub struct ExportPermit<'k, E: Export> {
    key: &'k ChainKey,
    item: PhantomData<E>,
}

impl<'k, E: Export> ExportPermit<'k, E> {
    /// The key that the permit is for, without its secret.
    pub fn key(&self) -> &'k ChainKey {
        self.key
    }

    fn check(&self, chain: &ChainInfo) -> Result<()> {
        let own = self.key.chain().info();
        if own.id == chain.id {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            format!("a permit for a key of {} was handed to {}", own.name, chain.name),
            "call the export of the chain that the key belongs to",
        ))
    }
}

impl<'k, E: SecretExport> ExportPermit<'k, E> {
    /// The secret, for the chain that the permit was made for.
    ///
    /// A permit for an extended public key gives none:
    ///
    /// ```compile_fail,E0599
    /// # use keyark_core::{ChainInfo, ExportPermit, ExtendedPublicKeyExport, PrivateKey, Result};
    /// fn leak<'k>(permit: &ExportPermit<'k, ExtendedPublicKeyExport>, chain: &ChainInfo) -> Result<&'k PrivateKey> {
    ///     permit.private_key(chain)
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when `chain` is another one.
    pub fn private_key(&self, chain: &ChainInfo) -> Result<&'k PrivateKey> {
        self.check(chain)?;
        Ok(self.key.private_key())
    }
}

impl<'k> ExportPermit<'k, crate::ExtendedPublicKeyExport> {
    /// What makes the key an extended key, for the chain that the permit was made for.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when `chain` is another one, or the key was not made by [`ChainKey::account`].
    pub fn extension(&self, chain: &ChainInfo) -> Result<&'k KeyExtension> {
        self.check(chain)?;
        self.key.extension().ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "there is no chain code with this key, so there is no extended key of it",
                "make it from the words of the wallet, as an account",
            )
        })
    }
}
