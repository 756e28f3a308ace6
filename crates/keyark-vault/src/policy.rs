//! What may leave this vault: less than the chains advertise, as its owner chose. It is sealed inside the manifest.

use std::sync::Arc;

use keyark_core::{ChainKey, Error, ErrorKind, ExportGuard, ExportItem, ExportPolicy, Registry, Result, SecretText};

use crate::json::{Fields, Unknown, Writer};
use crate::seal::Mark;
use crate::{Password, Storage, identity};

/// What may leave a vault.
#[derive(Clone, Debug, Default)]
pub struct VaultPolicy {
    denials: Vec<VaultDenial>,
    ask_password: bool,
    unknown: Unknown,
}

/// One thing that does not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultDenial {
    /// What.
    pub item: ExportItem,
    /// Of which chain, by its id; `None` for all of them.
    pub chain: Option<String>,
    /// Why, in words for the person who asks.
    pub reason: String,
}

impl VaultPolicy {
    /// Whatever the chains advertise.
    pub fn advertised() -> Self {
        Self::default()
    }

    /// The same policy without this.
    #[must_use]
    pub fn deny(mut self, denial: VaultDenial) -> Self {
        self.denials.retain(|known| (known.item, &known.chain) != (denial.item, &denial.chain));
        self.denials.push(denial);
        self
    }

    /// The same policy, under which the password is asked for again before each export.
    #[must_use]
    pub fn ask_password(mut self) -> Self {
        self.ask_password = true;
        self
    }

    /// Both policies: what either of them denies does not leave.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let is_new = |denial: &&VaultDenial| {
            !self.denials.iter().any(|own| (own.item, &own.chain) == (denial.item, &denial.chain))
        };
        let more: Vec<_> = other.denials.iter().filter(is_new).cloned().collect();
        let ask_password = self.ask_password || other.ask_password;
        Self { denials: self.denials.into_iter().chain(more).collect(), ask_password, unknown: self.unknown }
    }

    /// What does not leave.
    pub fn denials(&self) -> &[VaultDenial] {
        &self.denials
    }

    /// Whether the password is asked for again before each export.
    pub fn asks_password(&self) -> bool {
        self.ask_password
    }

    /// The policy as the core enforces it.
    pub(crate) fn to_export_policy(&self, guard: Arc<dyn ExportGuard>) -> Result<ExportPolicy> {
        let registry = Registry::installed()?;
        let policy = self.denials.iter().fold(ExportPolicy::advertised(), |policy, denial| match &denial.chain {
            None => policy.deny(denial.item, denial.reason.as_str()),
            // A chain that this program does not have has no keys here either.
            Some(id) => match registry.get(id) {
                Ok(chain) => policy.deny_on(chain.info(), denial.item, denial.reason.as_str()),
                Err(_) => policy,
            },
        });
        Ok(if self.ask_password { policy.ask_before_each(guard) } else { policy })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.objects("denied", &self.denials, |writer, denial| {
            writer.text("item", denial.item.id());
            writer.text_if_there("chain", denial.chain.as_deref());
            writer.text("reason", &denial.reason);
        });
        writer.flag("ask_password", self.ask_password);
        writer.unknown(&self.unknown);
    }

    pub(crate) fn read(mut fields: Fields<'_>) -> Result<Self> {
        const MOST: usize = 1000;
        let denials = fields.take_objects("denied", "a denial", MOST)?.into_iter().map(|mut denial| {
            let id: String = denial.take("item")?;
            // A denial that is not understood must not be passed over.
            let item = ExportItem::ALL.into_iter().find(|item| item.id() == id);
            let item = item.ok_or_else(|| denial.fault("item", "is not known to this version of keyark"))?;
            Ok(VaultDenial { item, chain: denial.take_if_there("chain")?, reason: denial.take("reason")? })
        });
        let denials = denials.collect::<Result<_>>()?;
        Ok(Self { denials, ask_password: fields.take("ask_password")?, unknown: fields.rest() })
    }
}

/// Asks the person, for a vault that wants its password again.
pub trait AskPassword: Send + Sync {
    /// The password, asked for because of `why`: a line for the person.
    ///
    /// # Errors
    /// Where nobody can be asked, or the person gives up.
    fn ask(&self, why: &str) -> Result<SecretText>;
}

/// Asks before each export, and checks the answer against the identity's file.
pub(crate) struct PasswordGuard {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) epoch: u32,
    /// The keys that the vault was opened with: another identity put in the place of its own does not count.
    pub(crate) keys: Mark,
    pub(crate) ask: Option<Arc<dyn AskPassword>>,
}

impl ExportGuard for PasswordGuard {
    fn allow(&self, key: &ChainKey, item: ExportItem) -> Result<()> {
        let ask = self.ask.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Refused,
                "this vault wants its password again before each export, and nobody can be asked",
                "use a program that asks, or change the vault's policy",
            )
        })?;
        let why = format!("a {item} of {} is about to leave this vault", key.chain().info().name);
        let password = Password::new(&ask.ask(&why)?)?;
        if identity::open(&*self.storage, self.epoch, &password)?.keys.mark() == self.keys {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::WrongPassword,
            "this password opens something else than the vault that is open",
            "another program may have changed the vault: open it again",
        ))
    }
}
