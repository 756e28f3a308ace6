//! Which chains this program has. Each chain's crate registers itself at link time, with `inventory`.

use std::sync::OnceLock;

use crate::{Chain, Error, ErrorKind, Result};

/// One registered chain. Made by [`register_chain!`](crate::register_chain).
#[derive(Clone, Copy)]
pub struct Registration(&'static dyn Chain);

impl Registration {
    #[doc(hidden)]
    pub const fn new(chain: &'static dyn Chain) -> Self {
        Self(chain)
    }
}

inventory::collect!(Registration);

/// Registers a chain's static, so that every program which links its crate has it.
///
/// The linker drops a crate that no code names, and with it the registration, silently: name the static
/// somewhere (`pub use`), as the facade `keyark` does under each chain's feature.
///
/// ```ignore
/// pub static BITCOIN: Bitcoin = Bitcoin;
/// keyark_core::register_chain!(BITCOIN);
/// ```
#[macro_export]
macro_rules! register_chain {
    ($chain:path) => {
        $crate::inventory::submit! { $crate::Registration::new(&$chain) }
    };
}

/// The chains of this program, sorted by id.
pub struct Registry {
    chains: Vec<&'static dyn Chain>,
}

impl Registry {
    /// The chains that have registered themselves.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when two chains have the same id.
    pub fn installed() -> Result<&'static Self> {
        static INSTALLED: OnceLock<Result<Registry>> = OnceLock::new();
        INSTALLED
            .get_or_init(|| Self::new(inventory::iter::<Registration>.into_iter().map(|registration| registration.0)))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// These chains, for a program that does without registration.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when two chains have the same id.
    pub fn new(chains: impl IntoIterator<Item = &'static dyn Chain>) -> Result<Self> {
        let mut chains: Vec<_> = chains.into_iter().collect();
        chains.sort_by_key(|chain| chain.info().id); // the order of registration changes with the linker's options
        for pair in chains.windows(2) {
            if let [first, second] = pair
                && first.info().id == second.info().id
            {
                return Err(Error::new(
                    ErrorKind::Internal,
                    format!(
                        "two chains have the id {}: {} and {}",
                        first.info().id,
                        first.info().name,
                        second.info().name
                    ),
                    "build with only one of them",
                ));
            }
        }
        Ok(Self { chains })
    }

    /// The chain called `id`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], listing the chains that there are.
    pub fn get(&self, id: &str) -> Result<&'static dyn Chain> {
        self.iter().find(|chain| chain.info().id == id).ok_or_else(|| {
            let known: Vec<_> = self.iter().map(|chain| chain.info().id).collect();
            let remedy = match known.as_slice() {
                [] => "this program was built without any chain; switch one on".to_owned(),
                known => format!("use one of: {}", known.join(", ")),
            };
            Error::new(ErrorKind::NotFound, "there is no such chain here", remedy)
                .with_context("given", id.escape_debug())
        })
    }

    /// All of them, sorted by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static dyn Chain> {
        self.chains.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chains.len()
    }

    /// Whether there are none, which means that no chain's crate was linked.
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|chain| chain.info().id)).finish()
    }
}
